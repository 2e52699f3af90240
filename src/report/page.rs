//! The page as a whole: the study's facts, the summary in five sentences, and the sections of the other modules.

use serde::Serialize;

use crate::base::units::ClockTime;
use crate::canvas::feed::{Canvas, CentreOrigin, Strength};
use crate::canvas::labels::Labels;
use crate::canvas::layers::Layers;
use crate::canvas::score::score_of_100;
use crate::report::doubts::{Doubts, doubts};
use crate::report::map::{MapDrawing, draw_maps};
use crate::report::points::{Points, points};
use crate::report::scores::{Level, Scores, indicator_value, scores};

/// How many strengths the summary names.
const STRENGTHS_IN_BRIEF: usize = 3;

/// Everything the template shows, as text ready to escape.
#[derive(Serialize)]
pub(crate) struct Page {
    language: &'static str,
    name: String,
    facts: Vec<Fact>,
    brief: Vec<String>,
    scores: Scores,
    maps: Vec<MapDrawing>,
    points: Points,
    strengths: Vec<StrengthRow>,
    survey: Vec<String>,
    doubts: Doubts,
}

/// A fact of the study.
#[derive(Serialize)]
struct Fact {
    label: String,
    value: String,
}

#[derive(Serialize)]
struct StrengthRow {
    dimension: String,
    indicator: String,
    text: String,
    value: String,
}

/// The page of a study.
pub(crate) fn build_page(canvas: &Canvas, layers: &Layers, labels: &Labels) -> Page {
    let points = points(canvas, labels);
    Page {
        language: labels.language().code(),
        name: canvas.study.name.clone(),
        facts: facts(canvas, labels),
        brief: brief(canvas, labels, &points),
        scores: scores(canvas, labels),
        maps: draw_maps(canvas, layers, labels),
        strengths: canvas.strengths.iter().map(|s| strength_row(s, labels)).collect(),
        survey: canvas.needs_survey.iter().map(|key| labels.text_or_key("survey", key)).collect(),
        doubts: doubts(canvas, labels),
        points,
    }
}

fn facts(canvas: &Canvas, labels: &Labels) -> Vec<Fact> {
    let study = &canvas.study;
    let unknown = || labels.text("fact-unknown");
    let closing = study.closing_time.parse::<ClockTime>();
    let core_shops = study.centre.core_shops as f64;
    let origin = match study.centre.origin {
        CentreOrigin::Given => labels.text("origin-given"),
        CentreOrigin::Shops => labels.text_with("origin-shops", &[("shops", core_shops.into())]),
        CentreOrigin::Lots => labels.text("origin-lots"),
        CentreOrigin::Junctions => labels.text("origin-junctions"),
    };
    let day = study.service_date.as_deref().map(|date| labels.date(date));
    let sparse = canvas.missing_inputs.iter().any(|missing| missing.kind == "places");
    let shops = match (study.shops, sparse) {
        (0, true) => labels.text("fact-shops-unmapped"),
        (shops, true) => labels.text_with("fact-shops-sparse", &[("shops", labels.number(shops as f64, 0).into())]),
        (shops, false) => labels.number(shops as f64, 0),
    };
    let rows = [
        ("fact-residents", study.residents.map_or_else(unknown, |n| labels.number(n, 0))),
        ("fact-shops", shops),
        ("fact-area", labels.area(study.area_km2)),
        ("fact-network", labels.length(study.walk_network_km * 1000.0)),
        ("fact-service_day", day.unwrap_or_else(|| labels.text("fact-no_timetable"))),
        ("fact-closing", closing.map_or_else(|_| unknown(), |t| labels.clock(f64::from(t.seconds())))),
        ("fact-centre", origin),
    ];
    rows.into_iter().map(|(key, value)| Fact { label: labels.text(key), value }).collect()
}

/// The summary: the score, the two worst places, what works, what is not known.
fn brief(canvas: &Canvas, labels: &Labels, points: &Points) -> Vec<String> {
    let dimensions = &canvas.centre.dimensions;
    let scored = dimensions.iter().filter(|d| d.friction.is_some()).count();
    let counts = [("scored", scored.into()), ("total", dimensions.len().into())];
    let mut sentences = Vec::new();
    sentences.push(match canvas.centre.friction {
        Some(friction) => {
            let mut values = counts.to_vec();
            values.push(("level", labels.text(Level::of(friction).label_key()).into()));
            values.push(("score", score_of_100(friction).to_string().into()));
            labels.text_with("brief-score-centre", &values)
        }
        None => labels.text_with("brief-score-none", &counts),
    });
    for (card, key) in points.cards.iter().zip(["brief-top", "brief-next"]) {
        let values = [("title", card.title.as_str().into()), ("sentence", card.sentence.as_str().into())];
        sentences.push(labels.text_with(key, &values));
    }
    if points.cards.is_empty() {
        sentences.push(labels.text("brief-no-points"));
    }
    sentences.push(brief_strengths(canvas, labels));
    let missing: Vec<String> = dimensions
        .iter()
        .filter(|d| d.friction.is_none())
        .map(|d| labels.text(&format!("dimension-{}", d.dimension.key())))
        .map(|name| labels.text_with("quoted", &[("text", name.into())]))
        .collect();
    sentences.push(if missing.is_empty() {
        labels.text("brief-complete")
    } else {
        labels.text_with("brief-missing", &[("list", missing.join(", ").into())])
    });
    sentences
}

fn brief_strengths(canvas: &Canvas, labels: &Labels) -> String {
    let list: Vec<String> = canvas
        .strengths
        .iter()
        .take(STRENGTHS_IN_BRIEF)
        .map(|strength| {
            let definition = strength.indicator.definition();
            let indicator = lower_first(&labels.text(&format!("indicator-{}", definition.key)));
            let value = indicator_value(labels, strength.indicator, strength.value);
            let low = if definition.good < definition.bad { "yes" } else { "no" };
            let values = [("indicator", indicator.into()), ("value", value.into()), ("low", low.into())];
            labels.text_with("brief-strength-item", &values)
        })
        .collect();
    if list.is_empty() {
        labels.text("brief-no-strength")
    } else {
        labels.text_with("brief-strength", &[("list", list.join(", ").into())])
    }
}

/// With a small first letter, as inside a sentence; an abbreviation keeps its capitals.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

fn strength_row(strength: &Strength, labels: &Labels) -> StrengthRow {
    let key = strength.indicator.definition().key;
    StrengthRow {
        dimension: labels.text(&format!("dimension-{}", strength.dimension.key())),
        indicator: labels.text(&format!("indicator-{key}")),
        text: labels.text(&format!("indicator-{key}-text")),
        value: indicator_value(labels, strength.indicator, strength.value),
    }
}
