//! The summary of an audit on stdout.

use serde_json::{Map, Value, json};

use crate::base::notice::Notices;
use crate::canvas::feed::{AreaScore, Canvas, DimensionScore, FrictionPoint};
use crate::canvas::labels::{Labels, Language};
use crate::canvas::numbers::modelled_persons;
use crate::canvas::score::score_of_100;
use crate::study::Audit;

/// Friction points told.
const TOLD_POINTS: usize = 5;
/// Letters of a full bar.
const BAR: usize = 20;

/// For people, in the study's language: the totals, a bar of the centre for each dimension, what costs most, and where the files are.
pub(super) fn text(audit: &Audit, folder: &str, files: &[String]) -> String {
    let canvas = &audit.canvas;
    let language = Language::from_code(&canvas.study.language).unwrap_or(Language::French);
    let labels = Labels::for_language(language);
    let mut lines = header(canvas, &labels);
    lines.extend(bars(&canvas.centre, &labels));
    lines.extend(worst(canvas, &labels));
    if !canvas.missing_inputs.is_empty() {
        let kinds = canvas.missing_inputs.iter().map(|missing| labels.text_or_key("input", &missing.kind));
        let kinds = kinds.collect::<Vec<_>>().join(", ");
        lines.extend([String::new(), labels.text_with("summary-missing", &[("kinds", kinds.into())])]);
    }
    let count: u64 = audit.notices.counts().values().map(|(_, count)| count).sum();
    lines.push(String::new());
    lines.push(labels.text_with("summary-notices", &[("count", (count as f64).into())]));
    lines.push(labels.text_with("summary-results", &[("folder", folder.into()), ("files", files.join(", ").into())]));
    lines.push(String::new());
    lines.join("\n")
}

fn header(canvas: &Canvas, labels: &Labels) -> Vec<String> {
    let study = &canvas.study;
    let score = |area: &AreaScore| {
        area.friction.map_or_else(|| labels.text("not-scored"), |friction| score_of_100(friction).to_string())
    };
    let total = [
        ("name", study.name.as_str().into()),
        ("centre", score(&canvas.centre).into()),
        ("town", score(&canvas.town).into()),
    ];
    let facts = [
        ("shops", (study.shops as f64).into()),
        ("districts", (canvas.districts.len() as f64).into()),
        ("length", labels.length(study.walk_network_km * 1000.0).into()),
    ];
    let mut lines = vec![labels.text_with("summary-total", &total), labels.text_with("summary-facts", &facts)];
    lines.extend(study.residents.map(|n| labels.text_with("summary-residents", &[("count", n.round().into())])));
    lines.push(String::new());
    lines
}

fn bars(area: &AreaScore, labels: &Labels) -> Vec<String> {
    let names: Vec<String> =
        area.dimensions.iter().map(|score| labels.text(&format!("dimension-{}", score.dimension.key()))).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let line = |(score, name): (&DimensionScore, &String)| {
        let label = format!("  {:3} {name:width$}", score.dimension.key());
        match score.friction {
            Some(friction) => format!("{label}  {} {}", bar(friction), score_of_100(friction)),
            None => format!("{label}  {}", labels.text("not-scored")),
        }
    };
    area.dimensions.iter().zip(&names).map(line).collect()
}

fn worst(canvas: &Canvas, labels: &Labels) -> Vec<String> {
    if canvas.friction_points.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), labels.text("summary-worst")];
    for point in canvas.friction_points.iter().take(TOLD_POINTS) {
        lines.extend(point_lines(point, labels));
    }
    let more = canvas.friction_points.len().saturating_sub(TOLD_POINTS);
    if more > 0 {
        lines.push(format!("  {}", labels.text_with("summary-more", &[("count", (more as f64).into())])));
    }
    lines
}

/// The title of a point and the sentence that says who loses how much.
fn point_lines(point: &FrictionPoint, labels: &Labels) -> [String; 2] {
    let named = if point.name.trim().is_empty() { "no" } else { "yes" };
    let cause = point.cause.key();
    let values = [
        ("named", named.into()),
        ("name", point.name.trim().into()),
        ("persons", modelled_persons(point.persons_per_day).into()),
        ("time", labels.duration(point.avoidable_s).into()),
    ];
    let title = labels.text_with(&format!("cause-{cause}"), &values);
    let sentence = labels.text_with(&format!("cause-{cause}-text"), &values);
    [format!("  {}. {title}", point.rank), format!("     {sentence}")]
}

fn bar(friction: f64) -> String {
    let filled = (friction.clamp(0.0, 1.0) * BAR as f64).round() as usize;
    format!("[{}{}]", "#".repeat(filled), ".".repeat(BAR.saturating_sub(filled)))
}

/// For programs.
pub(super) fn json(audit: &Audit, folder: &str, files: &[String]) -> Value {
    let canvas = &audit.canvas;
    let points: Vec<Value> = canvas
        .friction_points
        .iter()
        .take(TOLD_POINTS)
        .map(|point| {
            json!({
                "rank": point.rank,
                "id": point.id,
                "cause": point.cause.key(),
                "name": point.name,
                "person_seconds_per_day": point.person_seconds_per_day,
            })
        })
        .collect();
    json!({
        "name": canvas.study.name,
        "method_version": canvas.method_version,
        "town": area_json(&canvas.town),
        "centre": area_json(&canvas.centre),
        "districts": canvas.districts.len(),
        "friction_points": canvas.friction_points.len(),
        "worst": points,
        "missing_inputs": canvas.missing_inputs.iter().map(|missing| missing.kind.as_str()).collect::<Vec<_>>(),
        "notices": notices_json(&audit.notices),
        "results": folder,
        "files": files,
    })
}

fn area_json(area: &AreaScore) -> Value {
    let dimensions: Map<String, Value> =
        area.dimensions.iter().map(|score| (score.dimension.key().to_owned(), json!(score.friction))).collect();
    json!({ "friction": area.friction, "dimensions": dimensions })
}

/// Notices per code.
pub(super) fn notices_json(notices: &Notices) -> Value {
    let counts = notices
        .counts()
        .iter()
        .map(|(code, (severity, count))| ((*code).to_owned(), json!({ "severity": severity.key(), "count": count })));
    Value::Object(counts.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::feed::NotScored;
    use crate::canvas::indicators::{Indicator, Quality};
    use crate::canvas::score::{Measured, score_area};

    /// Vacancy of 12.5 % lies in the middle of its goalposts, 5 and 20 %: half a bar of twenty.
    #[test]
    fn a_bar_shows_the_friction_and_what_is_not_scored_says_so() {
        let area = score_area(&crate::canvas::profile::ScoringProfile::default(), |indicator| match indicator {
            Indicator::VacancyShare => Measured::new(0.125, Quality::Observed, 40.0),
            _ => Measured::absent(NotScored::MissingInput),
        });
        let lines = bars(&area, &Labels::for_language(Language::English));
        assert_eq!(lines.len(), 11);
        assert!(
            lines[6].starts_with("  D7  Settling") && lines[6].ends_with("[##########..........] 50"),
            "{}",
            lines[6]
        );
        assert!(lines[0].ends_with("  not scored"), "{}", lines[0]);
        assert_eq!(bar(f64::INFINITY).len(), 22);
    }
}
