//! How sure the report is: foot traffic against counts, what became of every row, missing inputs, files, parameters.

use serde::Serialize;

use crate::canvas::feed::{Canvas, FootTrafficFit, FootTrafficScale, InputFile, Parameter};
use crate::canvas::labels::{DASH, Labels};

/// The sections on doubt, sources and method.
#[derive(Serialize)]
pub(crate) struct Doubts {
    fit: Vec<String>,
    sites: Vec<SiteRow>,
    files: Vec<FileRow>,
    notices: Vec<NoticeRow>,
    missing: Vec<MissingRow>,
    sources: Vec<SourceRow>,
    method: String,
    parameters: Vec<ParameterRow>,
}

#[derive(Serialize)]
struct SiteRow {
    name: String,
    counted: String,
    modelled: String,
    days: String,
    health: String,
    reasons: Vec<String>,
}

#[derive(Serialize)]
struct FileRow {
    file: String,
    counts: [String; 4],
}

#[derive(Serialize)]
struct NoticeRow {
    text: String,
    code: String,
    severity: String,
    count: String,
}

#[derive(Serialize)]
struct MissingRow {
    name: String,
    effect: String,
    feeds: String,
}

#[derive(Serialize)]
struct SourceRow {
    kind: String,
    file: String,
    size: String,
    date: String,
    attribution: String,
    sha256: String,
}

#[derive(Serialize)]
struct ParameterRow {
    name: String,
    value: String,
}

/// The sections on doubt, sources and method, filled in.
pub(crate) fn doubts(canvas: &Canvas, labels: &Labels) -> Doubts {
    let whole = |count: u64| labels.number(count as f64, 0);
    let versions =
        [("method", canvas.method_version.as_str().into()), ("schema", canvas.schema_version.as_str().into())];
    Doubts {
        fit: fit(&canvas.foot_traffic, labels),
        sites: sites(&canvas.foot_traffic, labels),
        files: canvas
            .data_quality
            .files
            .iter()
            .map(|(file, t)| FileRow {
                file: file.clone(),
                counts: [whole(t.read), whole(t.used), whole(t.repaired), whole(t.dropped)],
            })
            .collect(),
        notices: notices(canvas, labels),
        missing: missing(canvas, labels),
        sources: canvas.inputs.iter().map(|input| source(input, labels)).collect(),
        method: labels.text_with("method-intro", &versions),
        parameters: canvas
            .parameters
            .iter()
            .map(|(key, p)| ParameterRow {
                name: labels.text_or_key("parameter", key),
                value: parameter_value(p, labels),
            })
            .collect(),
    }
}

/// A parameter's value in its unit.
fn parameter_value(parameter: &Parameter, labels: &Labels) -> String {
    let value = parameter.value;
    let with_unit = |unit: &str| format!("{}\u{a0}{unit}", labels.language().number_trimmed(value, 4));
    match parameter.unit.as_str() {
        "s after midnight" | "clock" => labels.clock(value),
        "share" | "s" | "min" | "m" | "ratio" => labels.evidence_value(value, &parameter.unit),
        "count" | "persons" => labels.language().number_trimmed(value, 2),
        "1/day" | "persons/day" => with_unit(&labels.text("unit-per_day")),
        other => with_unit(other),
    }
}

fn fit(fit: &FootTrafficFit, labels: &Labels) -> Vec<String> {
    let mut sentences = vec![match fit.scale {
        FootTrafficScale::AssumedRates => labels.text("scale-assumed_rates"),
        FootTrafficScale::Calibrated => labels.text("scale-calibrated"),
    }];
    sentences.push(if fit.sites_found == 0 {
        labels.text("doubt-sites-none")
    } else {
        let counts = [("found", fit.sites_found), ("usable", fit.sites_usable), ("linked", fit.sites_linked)];
        labels.text_with("doubt-sites", &counts.map(|(name, count)| (name, (count as f64).into())))
    });
    let numbers = [
        ("doubt-factor", "factor", fit.factor),
        ("doubt-spearman", "value", fit.spearman),
        ("doubt-left-out", "value", fit.left_out_error_factor),
    ];
    for (key, name, value) in numbers {
        if let Some(value) = value {
            sentences.push(labels.text_with(key, &[(name, labels.number(value, 2).into())]));
        }
    }
    sentences
}

fn sites(fit: &FootTrafficFit, labels: &Labels) -> Vec<SiteRow> {
    let number = |value: Option<f64>| value.map_or_else(|| DASH.to_owned(), |v| labels.number(v, 0));
    fit.sites
        .iter()
        .map(|site| SiteRow {
            name: site.name.clone(),
            counted: number(site.aadp),
            modelled: number(site.modelled),
            days: labels.number(site.valid_days as f64, 0),
            health: labels.text_or_key("health", &site.health),
            reasons: site.reasons.iter().map(|reason| labels.text_or_key("notice", reason)).collect(),
        })
        .collect()
}

/// Notices by code, the gravest first, then the most frequent.
fn notices(canvas: &Canvas, labels: &Labels) -> Vec<NoticeRow> {
    let gravity = |severity: &str| match severity {
        "error" => 0,
        "warning" => 1,
        _ => 2,
    };
    let mut all: Vec<_> = canvas.data_quality.notices.iter().collect();
    all.sort_by_key(|(code, n)| (gravity(&n.severity), std::cmp::Reverse(n.count), code.as_str()));
    all.into_iter()
        .map(|(code, notice)| NoticeRow {
            text: labels.text_or_key("notice", code),
            code: code.clone(),
            severity: labels.text_or_key("severity", &notice.severity),
            count: labels.number(notice.count as f64, 0),
        })
        .collect()
}

fn missing(canvas: &Canvas, labels: &Labels) -> Vec<MissingRow> {
    canvas
        .missing_inputs
        .iter()
        .map(|input| {
            let feeds: Vec<String> =
                input.feeds.iter().map(|d| labels.text(&format!("dimension-{}", d.key()))).collect();
            MissingRow {
                name: labels.text_or_key("input", &input.kind),
                effect: labels.find(&format!("input-{}-missing", input.kind)).unwrap_or_default(),
                feeds: if feeds.is_empty() { DASH.to_owned() } else { feeds.join(", ") },
            }
        })
        .collect()
}

fn source(input: &InputFile, labels: &Labels) -> SourceRow {
    let kilobytes = input.bytes as f64 / 1000.0;
    let size = if kilobytes < 1000.0 {
        labels.text_with("value-kilobytes", &[("number", labels.number(kilobytes.ceil(), 0).into())])
    } else {
        labels.text_with("value-megabytes", &[("number", labels.number(kilobytes / 1000.0, 1).into())])
    };
    SourceRow {
        kind: labels.text_or_key("input", &input.kind),
        file: input.file.clone(),
        size,
        date: input.data_date.as_deref().map_or_else(|| DASH.to_owned(), |d| labels.date(d)),
        attribution: input.attribution.clone().unwrap_or_else(|| DASH.to_owned()),
        sha256: input.sha256.clone(),
    }
}
