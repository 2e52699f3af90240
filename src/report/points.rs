//! Friction points in words: who is hit, how many seconds, on what evidence, and what could be done.

use serde::Serialize;

use crate::canvas::feed::{CandidateAction, Canvas, Evidence, FrictionPoint};
use crate::canvas::labels::{LabelValue, Labels};
use crate::canvas::numbers::{modelled_persons, significant};

/// How many friction points are told in full and numbered on the maps.
pub(crate) const TOLD_POINTS: usize = 12;
/// How many stand in the table.
const LISTED_POINTS: usize = 30;

/// The section on friction points.
#[derive(Serialize)]
pub(crate) struct Points {
    pub(crate) cards: Vec<Card>,
    rows: Vec<Row>,
    more: Option<String>,
}

/// A friction point told in full.
#[derive(Serialize)]
pub(crate) struct Card {
    rank: u32,
    pub(crate) title: String,
    pub(crate) sentence: String,
    detail: String,
    dimension: String,
    district: String,
    quality: String,
    lost: String,
    evidence: Vec<EvidenceRow>,
    actions: Vec<String>,
}

#[derive(Serialize)]
struct Row {
    rank: u32,
    told: bool,
    title: String,
    who: String,
    seconds: String,
    total: String,
    doubt: String,
}

#[derive(Serialize)]
struct EvidenceRow {
    what: String,
    value: String,
    file: String,
    /// What stands where there is no file.
    no_file: String,
    date: String,
}

/// The section on friction points, filled in.
pub(crate) fn points(canvas: &Canvas, labels: &Labels) -> Points {
    let all = &canvas.friction_points;
    let more = all.len().saturating_sub(LISTED_POINTS);
    Points {
        cards: all.iter().take(TOLD_POINTS).map(|p| card(p, canvas, labels)).collect(),
        rows: all.iter().take(LISTED_POINTS).enumerate().map(|(place, p)| row(place, p, labels)).collect(),
        more: (more > 0).then(|| labels.text_with("points-more", &[("count", more.into())])),
    }
}

/// The title of a friction point: its place and its cause.
pub(crate) fn title(point: &FrictionPoint, labels: &Labels) -> String {
    let named = if point.name.trim().is_empty() { "no" } else { "yes" };
    let values = [("named", named.into()), ("name", point.name.trim().into())];
    labels.text_with(&format!("cause-{}", point.cause.key()), &values)
}

fn hours(person_seconds: f64, labels: &Labels) -> String {
    let hours = person_seconds / 3600.0;
    if hours < 9.95 { labels.number(hours, 1) } else { labels.number(significant(hours, 2), 0) }
}

fn total(person_seconds: f64, labels: &Labels) -> String {
    labels.text_with("value-person_hours_per_day", &[("number", hours(person_seconds, labels).into())])
}

fn card(point: &FrictionPoint, canvas: &Canvas, labels: &Labels) -> Card {
    let cause = point.cause.key();
    let mut values: Vec<(&str, LabelValue<'_>)> = vec![
        ("name", point.name.as_str().into()),
        ("persons", modelled_persons(point.persons_per_day).into()),
        ("seconds", point.avoidable_s.round().into()),
        ("time", labels.duration(point.avoidable_s).into()),
    ];
    let sentence = labels.text_with(&format!("cause-{cause}-text"), &values);
    for evidence in &point.evidence {
        values.push((&evidence.key, labels.evidence_value(evidence.value, &evidence.unit).into()));
    }
    let district = point.district.as_ref().and_then(|code| canvas.districts.iter().find(|d| d.code == *code));
    let quality = point.quality.key();
    Card {
        rank: point.rank,
        title: title(point, labels),
        sentence,
        detail: labels.find_with(&format!("cause-{cause}-detail"), &values).unwrap_or_default(),
        dimension: labels.text(&format!("dimension-{}", point.dimension.key())),
        district: district
            .map_or_else(String::new, |d| labels.text_with("points-district", &[("name", d.name.as_str().into())])),
        quality: labels.text_with(
            "points-quality",
            &[
                ("quality", labels.text(&format!("quality-{quality}")).into()),
                ("text", labels.text(&format!("quality-{quality}-text")).into()),
            ],
        ),
        lost: labels.text_with("points-lost", &[("total", total(point.person_seconds_per_day, labels).into())]),
        evidence: point.evidence.iter().map(|e| evidence_row(e, labels)).collect(),
        actions: point.candidate_actions.iter().map(|a| action(a, labels)).collect(),
    }
}

fn row(place: usize, point: &FrictionPoint, labels: &Labels) -> Row {
    Row {
        rank: point.rank,
        told: place < TOLD_POINTS,
        title: title(point, labels),
        who: format!(
            "{} {}",
            labels.number(modelled_persons(point.persons_per_day), 0),
            labels.text_with(
                &format!("who-{}", point.who.key()),
                &[("count", modelled_persons(point.persons_per_day).into())]
            )
        ),
        seconds: labels.duration(point.avoidable_s),
        total: total(point.person_seconds_per_day, labels),
        doubt: doubt(point, labels).unwrap_or_default(),
    }
}

/// Within which the time lost lies.
fn doubt(point: &FrictionPoint, labels: &Labels) -> Option<String> {
    let interval = point.person_seconds_interval?;
    let values = [("low", hours(interval.p5, labels).into()), ("high", total(interval.p95, labels).into())];
    Some(labels.text_with("points-doubt", &values))
}

fn evidence_row(evidence: &Evidence, labels: &Labels) -> EvidenceRow {
    EvidenceRow {
        what: labels.text_or_key("evidence", &evidence.key),
        value: labels.evidence_value(evidence.value, &evidence.unit),
        file: evidence.file.clone(),
        no_file: labels.text(if evidence.key == "closing_time" { "evidence-setting" } else { "evidence-model" }),
        date: evidence.data_date.as_deref().map(|d| labels.date(d)).unwrap_or_default(),
    }
}

fn action(action: &CandidateAction, labels: &Labels) -> String {
    let text = labels.text_or_key("action", &action.modification);
    let with = |key: &str, value: String| format!("{text} {}", labels.text_with(key, &[("value", value.into())]));
    match (action.modification.as_str(), action.value) {
        ("extend_span", Some(seconds)) => with("action-until", labels.clock(seconds)),
        ("reduce_limit", Some(minutes)) => {
            let limit = labels.text_with("action-limit", &[("value", labels.duration(minutes * 60.0).into())]);
            format!("{text} ({limit})")
        }
        _ => text,
    }
}
