//! The summary of an audit on stdout.

use serde_json::{Map, Value, json};

use crate::base::notice::Notices;
use crate::canvas::feed::{AreaScore, Canvas, FrictionPoint};
use crate::canvas::indicators::Dimension;

/// Friction points told.
const TOLD_POINTS: usize = 5;
/// Letters of a full bar.
const BAR: usize = 20;

/// For people: the total, a bar for each dimension, what costs most, and where the files are.
pub(super) fn text(canvas: &Canvas, notices: &Notices, folder: &str, files: &[String]) -> String {
    let study = &canvas.study;
    let total = canvas.town.friction.map_or_else(|| "not scored".to_owned(), |n| format!("{n:.2}"));
    let mut text = format!("{}: friction {total} (0 good, 1 bad)\n", study.name);
    text.push_str(&format!("{} shops, {} districts", study.shops, canvas.districts.len()));
    if let Some(residents) = study.residents {
        text.push_str(&format!(", {residents:.0} residents"));
    }
    text.push_str(&format!(", {:.0} km of ways on foot\n\n", study.walk_network_km));
    for score in &canvas.town.dimensions {
        let label = format!("{:3} {:11}", score.dimension.key(), word(score.dimension));
        match score.friction {
            Some(friction) => text.push_str(&format!("  {label} {} {friction:.2}\n", bar(friction))),
            None => text.push_str(&format!("  {label} not scored\n")),
        }
    }
    if !canvas.friction_points.is_empty() {
        text.push_str("\nwhat costs customers most\n");
        for point in canvas.friction_points.iter().take(TOLD_POINTS) {
            text.push_str(&point_text(point));
        }
        let more = canvas.friction_points.len().saturating_sub(TOLD_POINTS);
        if more > 0 {
            text.push_str(&format!("  ... and {more} more\n"));
        }
    }
    if !canvas.missing_inputs.is_empty() {
        let kinds: Vec<&str> = canvas.missing_inputs.iter().map(|missing| missing.kind.as_str()).collect();
        text.push_str(&format!("\nmissing inputs: {} (`chaland check` tells what each costs)\n", kinds.join(", ")));
    }
    let count: u64 = notices.counts().values().map(|(_, count)| count).sum();
    text.push_str(&format!("\n{count} notices; results in {folder}: {}\n", files.join(", ")));
    text
}

fn point_text(point: &FrictionPoint) -> String {
    let name = if point.name.is_empty() { String::new() } else { format!(" at {}", point.name) };
    format!(
        "  {}. {}{name}: {:.0} persons a day lose {:.0} s each\n",
        point.rank,
        point.cause.key().replace('_', " "),
        point.persons_per_day,
        point.avoidable_s,
    )
}

fn bar(friction: f64) -> String {
    let filled = (friction.clamp(0.0, 1.0) * BAR as f64).round() as usize;
    format!("[{}{}]", "#".repeat(filled), ".".repeat(BAR.saturating_sub(filled)))
}

/// A dimension in one word.
const fn word(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Join => "join",
        Dimension::Move => "move",
        Dimension::Serve => "serve",
        Dimension::Capture => "capture",
        Dimension::BeSeen => "be seen",
        Dimension::Park => "park",
        Dimension::Settle => "settle",
        Dimension::Connect => "connect",
        Dimension::Know => "know",
        Dimension::Collect => "collect",
        Dimension::Return => "return",
    }
}

/// For programs.
pub(super) fn json(canvas: &Canvas, notices: &Notices, folder: &str, files: &[String]) -> Value {
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
        "notices": notices_json(notices),
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
