//! `chaland flow`: foot traffic of each street, and what the counts that it rests on are worth.

use std::borrow::Cow;

use clap::Args;
use serde_json::{Map, Value, json};

use super::arguments::Format;
use super::commands::{outcome, work_with};
use super::failure::CliError;
use super::flow_lines::OwnLines;
use super::plain_file::PlainFile;
use super::progress::Bar;
use super::reach::{LAYER_ENDINGS, LAYER_FORMS, begin, write_layer};
use super::{Outcome, flow_lines, output, summary};
use crate::analysis::direct_demand::{Drawn, Foretelling};
use crate::export::ExportError;
use crate::export::map_layer::{FieldKind, MapGeometry, MapLayer, MapRow};
use crate::export::plain_table::{Cell, CellKind, PlainColumn, PlainTable};
use crate::study::error::StudyError;
use crate::study::flow::{FlowSegment, FlowStudy, LEAST_COUNTERS, Model, TERMS, measure_flow};
use crate::study::open::open;

#[derive(Debug, Args)]
pub(super) struct Flow {
    /// Folder of the study, with or without a study.toml; counts in it, to tell persons
    #[arg(required_unless_present = "network")]
    pub folder: Option<std::path::PathBuf>,
    #[command(flatten)]
    pub lines: OwnLines,
    /// Streets to write, .geojson, .gpkg or .csv
    #[arg(long, value_name = "FILE")]
    pub out: Option<std::path::PathBuf>,
    /// Table of the counters to write, .csv or .parquet: what each counted, and what the others foretell
    #[arg(long, value_name = "FILE")]
    pub sites_out: Option<std::path::PathBuf>,
    /// Form of the result on stdout
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// End with code 1 when a notice is an error; the result is written all the same
    #[arg(long)]
    pub strict: bool,
    /// Threads to work with [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// No progress and no notices on stderr
    #[arg(long, short)]
    pub quiet: bool,
}

/// Columns of the table of counters.
const SITES: [PlainColumn<'static>; 5] = [
    ("name", CellKind::Text),
    ("counted_per_day", CellKind::Number),
    ("foretold_per_day", CellKind::Number),
    ("verdict", CellKind::Text),
    ("reasons", CellKind::Text),
];

pub(super) fn run(arguments: &Flow) -> Result<Outcome, CliError> {
    work_with(arguments.threads)?;
    if let Some(network) = &arguments.lines.network {
        let asked = (arguments.out.as_deref(), arguments.format);
        return flow_lines::run(network, &arguments.lines, asked, (arguments.strict, arguments.quiet));
    }
    let folder = arguments.folder.as_deref().unwrap_or(std::path::Path::new("."));
    let opened = open(folder)?;
    let file = begin(arguments.out.as_deref(), "streets", &LAYER_FORMS, LAYER_ENDINGS)?;
    let inputs: Vec<_> = opened.manifest.inputs.files().into_iter().map(|(_, path)| folder.join(path)).collect();
    let sites_file =
        PlainFile::begin(arguments.sites_out.as_deref(), "a table of counters", &inputs.iter().collect::<Vec<_>>())?;
    if let Some((file, _)) = &file
        && inputs.iter().any(|input| file.replaces(input))
    {
        return Err(StudyError::ReplacesInput { path: file.target().to_owned() }.into());
    }
    let mut notices = opened.notices.clone();
    let bar = Bar::new(arguments.quiet);
    let measured = measure_flow((&opened.manifest, folder), &bar, &mut notices);
    bar.finish();
    let found = measured?;
    if file.is_some() {
        write_layer(&layer(&found), file)?;
    }
    if let Some(file) = sites_file {
        file.write(&SITES, |table| write_sites(&found, table))?;
    }
    if !arguments.quiet {
        output::say(&output::notices_text(&notices));
    }
    let text = match arguments.format {
        Format::Text => text(&found),
        Format::Json => {
            let mut facts = facts(&found);
            facts["notices"] = summary::notices_json(&notices);
            format!("{facts:#}\n")
        }
    };
    output::result(&text).map_err(CliError::Stdout)?;
    Ok(outcome(arguments.strict, &notices))
}

fn layer(found: &FlowStudy) -> MapLayer {
    let graph = &found.town.graph;
    let mut fields: Vec<(Cow<'static, str>, FieldKind)> = [
        ("segment", FieldKind::Integer),
        ("way", FieldKind::Integer),
        ("name", FieldKind::Text),
        ("length_m", FieldKind::Real),
        ("index", FieldKind::Real),
        ("persons_per_day", FieldKind::Real),
        ("low", FieldKind::Real),
        ("high", FieldKind::Real),
        ("basis", FieldKind::Text),
    ]
    .map(|(name, kind)| (Cow::Borrowed(name), kind))
    .to_vec();
    fields.extend(TERMS.map(|term| (Cow::Borrowed(term), FieldKind::Real)));
    fields.push((Cow::Borrowed("angular_integration"), FieldKind::Real));
    let thousandths = |number: f64| Value::from((number * 1000.0).round() / 1000.0);
    let tenths = |number: f64| Value::from((number * 10.0).round() / 10.0);
    let row = |own: &FlowSegment| {
        let estimate = own.estimate;
        let of = |number: Option<f64>| number.map_or(Value::Null, tenths);
        let mut properties: Map<String, Value> = Map::new();
        let values = [
            ("segment", Value::from(own.segment.0)),
            ("way", Value::from(graph.segment_way(own.segment))),
            ("name", Value::from(graph.segment_name(own.segment))),
            ("length_m", tenths(graph.segment_length_m(own.segment))),
            ("index", tenths(own.index)),
            ("persons_per_day", of(estimate.map(|estimate| estimate.persons))),
            ("low", of(estimate.map(|estimate| estimate.interval[0]))),
            ("high", of(estimate.map(|estimate| estimate.interval[1]))),
            ("basis", estimate.map_or(Value::Null, |estimate| estimate.basis.key().into())),
        ];
        properties.extend(values.map(|(name, value)| (name.to_owned(), value)));
        properties.extend(TERMS.iter().zip(own.around).map(|(term, amount)| ((*term).to_owned(), thousandths(amount))));
        properties.insert("angular_integration".to_owned(), thousandths(own.angular_integration));
        let line = graph.segment_line(own.segment).iter().map(|&point| found.town.plane.unproject(point)).collect();
        MapRow { geometry: MapGeometry::Line(line), properties }
    };
    MapLayer { name: "foot_traffic".to_owned(), fields, rows: found.segments.iter().map(row).collect() }
}

fn write_sites(found: &FlowStudy, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    for site in &found.sites {
        table.write(&[
            Cell::Text(&site.name),
            Cell::of(site.counted),
            Cell::of(site.foretold),
            Cell::Text(site.verdict),
            Cell::Text(&site.reasons.join(" ")),
        ])?;
    }
    Ok(())
}

fn drawn_json(drawn: Option<Drawn>) -> Value {
    drawn
        .map_or(Value::Null, |drawn| json!({ "value": drawn.value, "p5": drawn.interval[0], "p95": drawn.interval[1] }))
}

fn facts(found: &FlowStudy) -> Value {
    let foretelling = |judged: &Foretelling| {
        json!({
            "counters": judged.sites, "r_squared": drawn_json(judged.r_squared), "spearman": drawn_json(judged.spearman),
            "wape": drawn_json(judged.wape),
        })
    };
    let models: Map<String, Value> = found
        .judged
        .iter()
        .map(|judged| {
            let both =
                json!({ "site_left_out": foretelling(&judged.by_site), "area_left_out": foretelling(&judged.by_area) });
            (judged.model.key().to_owned(), both)
        })
        .collect();
    let weights = |fit: &crate::analysis::direct_demand::DemandFit| -> Value {
        let weights: Map<String, Value> =
            TERMS.iter().zip(&fit.weights).map(|(term, weight)| ((*term).to_owned(), (*weight).into())).collect();
        json!({ "intercept": fit.intercept, "weights": weights, "scatter": fit.scatter, "ridge": fit.ridge })
    };
    let expansion: Vec<Value> = found
        .expansion
        .iter()
        .map(|(days, error)| json!({ "days": days, "mean_absolute_error": error.mean_absolute, "tried": error.tried }))
        .collect();
    let basis =
        |key: &str| found.segments.iter().filter(|own| own.estimate.is_some_and(|e| e.basis.key() == key)).count();
    json!({
        "streets": found.segments.len(), "counters": found.sites.len(), "counters_usable": found.usable,
        "index_only": found.fit.is_none(), "regression": found.fit.as_ref().map(weights), "models": models,
        "regression_beats_all": found.beats_all(), "short_counts": expansion,
        "measured": basis("measured"), "interpolated": basis("interpolated"), "extrapolated": basis("extrapolated"),
    })
}

/// What is known, what it is worth, and what it is not.
fn text(found: &FlowStudy) -> String {
    let mut text = format!(
        "{} streets, {} counters, {} usable at a street\n",
        found.segments.len(),
        found.sites.len(),
        found.usable
    );
    for site in found.sites.iter().filter(|site| !site.reasons.is_empty() || site.verdict != "usable") {
        let reasons = if site.reasons.is_empty() { String::new() } else { format!(" ({})", site.reasons.join(", ")) };
        text.push_str(&format!("  {}: {}{reasons}\n", site.name, site.verdict));
    }
    if found.fit.is_none() {
        text.push_str(&format!(
            "With fewer than {LEAST_COUNTERS} usable counters only an index is told (0 to 100, by laid flow): no persons a day.\n"
        ));
    }
    if !found.judged.is_empty() {
        text.push_str("Counters foretold by the others, with intervals from drawing them anew (p5 to p95):\n");
    }
    let of = |drawn: Option<Drawn>| match drawn {
        Some(drawn) => format!("{:.2} ({:.2} to {:.2})", drawn.value, drawn.interval[0], drawn.interval[1]),
        None => "-".to_owned(),
    };
    for judged in &found.judged {
        for (left_out, told) in [("site", &judged.by_site), ("area", &judged.by_area)] {
            text.push_str(&format!(
                "  {:<18} {left_out} left out, {} counters: R2 {}, Spearman {}, missed share {}\n",
                judged.model.key(),
                told.sites,
                of(told.r_squared),
                of(told.spearman),
                of(told.wape)
            ));
        }
    }
    match found.beats_all() {
        Some(true) => text.push_str(
            "The regression foretells left-out counters better than each of the others, by R2 and by rank.\n",
        ),
        Some(false) => {
            let models = Model::ALL[1..].iter().map(|model| model.key()).collect::<Vec<_>>().join(", ");
            text.push_str(&format!(
                "The regression does NOT foretell left-out counters better than each of {models}: take its numbers as a guess.\n"
            ));
        }
        None => {}
    }
    for (days, error) in &found.expansion {
        text.push_str(&format!(
            "A count of {days} day(s), expanded by the other counters, is off by {:.0} % in the mean ({} tried)\n",
            100.0 * error.mean_absolute,
            error.tried
        ));
    }
    text
}
