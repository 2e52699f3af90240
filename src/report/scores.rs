//! The scores as shown: dimensions of the centre and the town, their indicators, and districts side by side.
//!
//! What is not scored is an empty cell that says why, never a middling number.

use serde::Serialize;

use crate::canvas::feed::{AreaScore, Canvas, DimensionScore, DistrictScore, IndicatorValue, Interval, RankInterval};
use crate::canvas::indicators::{Dimension, Indicator, Unit};
use crate::canvas::labels::{DASH, Labels};
use crate::canvas::score::score_of_100;

/// Share of a district's area below which the page says that only a part of it is drawn.
const WHOLE_DISTRICT: f64 = 0.95;

/// How bad a friction is, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// Below 0.3.
    Low,
    /// 0.3 up to 0.6.
    Moderate,
    /// From 0.6 on, where methods §9.4 names friction points.
    High,
}

impl Level {
    /// The level of a friction, 0 to 1, as it is shown in whole hundredths.
    pub(crate) fn of(friction: f64) -> Self {
        match score_of_100(friction) {
            0..30 => Self::Low,
            30..60 => Self::Moderate,
            _ => Self::High,
        }
    }

    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
        }
    }

    pub(crate) const fn label_key(self) -> &'static str {
        match self {
            Self::Low => "level-low",
            Self::Moderate => "level-moderate",
            Self::High => "level-high",
        }
    }
}

/// The sections on scores.
#[derive(Serialize)]
pub(crate) struct Scores {
    dimensions: Vec<DimensionRow>,
    total: Pair,
    linear: Pair,
    indicator_groups: Vec<IndicatorGroup>,
    columns: Vec<DimensionName>,
    districts: Vec<DistrictRow>,
    coverage: String,
    doubt: Option<String>,
    rank_note: Option<String>,
}

/// The same score for the centre and the town.
#[derive(Serialize)]
struct Pair {
    centre: Gauge,
    town: Gauge,
}

/// A score as a bar; `score` is null where there is none.
#[derive(Serialize)]
struct Gauge {
    score: Option<u32>,
    level: &'static str,
    level_text: String,
    spoken: String,
    /// A step of five for the shade of a cell, 0 to 4.
    shade: u32,
    why_empty: String,
    /// Where nine of ten draws lie, empty where nothing was drawn.
    between: String,
}

#[derive(Serialize)]
struct DimensionRow {
    key: &'static str,
    name: String,
    question: String,
    scores: Pair,
    coverage: String,
}

#[derive(Serialize)]
struct DimensionName {
    key: &'static str,
    name: String,
}

#[derive(Serialize)]
struct IndicatorGroup {
    key: &'static str,
    name: String,
    rows: Vec<IndicatorRow>,
}

#[derive(Serialize)]
struct IndicatorRow {
    name: String,
    text: String,
    centre: String,
    town: String,
    goalposts: String,
    quality: String,
    flags: Vec<String>,
}

#[derive(Serialize)]
struct DistrictRow {
    name: String,
    note: String,
    residents: String,
    shops: String,
    walk: String,
    rank: String,
    friction: Gauge,
    cells: Vec<Gauge>,
}

/// The sections on scores, filled in.
pub(crate) fn scores(canvas: &Canvas, labels: &Labels) -> Scores {
    let name = |d: Dimension| labels.text(&format!("dimension-{}", d.key()));
    Scores {
        dimensions: Dimension::ALL.iter().map(|&d| dimension_row(canvas, d, labels)).collect(),
        total: Pair {
            centre: total_gauge(canvas.centre.friction, canvas.centre.interval_of_data, labels),
            town: total_gauge(canvas.town.friction, canvas.town.interval_of_data, labels),
        },
        linear: Pair {
            centre: total_gauge(canvas.centre.friction_linear, None, labels),
            town: total_gauge(canvas.town.friction_linear, None, labels),
        },
        indicator_groups: Dimension::ALL
            .iter()
            .map(|&d| IndicatorGroup { key: d.key(), name: name(d), rows: indicator_rows(canvas, d, labels) })
            .filter(|group| !group.rows.is_empty())
            .collect(),
        columns: Dimension::ALL.iter().map(|&d| DimensionName { key: d.key(), name: name(d) }).collect(),
        districts: canvas.districts.iter().map(|d| district_row(d, labels)).collect(),
        coverage: labels.percent(canvas.centre.coverage),
        doubt: canvas.town.interval.map(|_| doubt_note(canvas, labels)),
        rank_note: canvas.sensitivity.as_ref().map(|found| {
            let draws = labels.number(found.draws as f64, 0);
            let shift = labels.number(found.mean_rank_shift, 1);
            labels.text_with("districts-rank-note", &[("draws", draws.into()), ("shift", shift.into())])
        }),
    }
}

fn doubt_note(canvas: &Canvas, labels: &Labels) -> String {
    let at_most = |area: &AreaScore| {
        let score = area.friction_at_most.map(|friction| score_of_100(friction).to_string());
        score.unwrap_or_else(|| DASH.to_owned())
    };
    let ends = |area: &AreaScore| area.interval.map_or([0, 0], |own| [own.p5, own.p95].map(score_of_100));
    let ([low, high], [centre_low, centre_high]) = (ends(&canvas.town), ends(&canvas.centre));
    let values = [
        ("centre", at_most(&canvas.centre).into()),
        ("town", at_most(&canvas.town).into()),
        ("low", low.into()),
        ("high", high.into()),
        ("centrelow", centre_low.into()),
        ("centrehigh", centre_high.into()),
    ];
    labels.text_with("score-doubt-note", &values)
}

/// `3 (2 – 5)`.
fn rank_text(rank: RankInterval, labels: &Labels) -> String {
    let place = |rank: f64| labels.language().number_trimmed(rank, 1);
    format!("{} ({} – {})", place(rank.rank), place(rank.p5), place(rank.p95))
}

fn find(area: &AreaScore, dimension: Dimension) -> Option<&DimensionScore> {
    area.dimensions.iter().find(|d| d.dimension == dimension)
}

fn gauge(friction: Option<f64>, interval: Option<Interval>, why_empty: String, labels: &Labels) -> Gauge {
    let friction = friction.filter(|f| f.is_finite());
    let level = Level::of(friction.unwrap_or(0.0));
    let score = friction.map(score_of_100);
    let spoken = score.map_or(String::new(), |s| labels.text_with("score-on-100", &[("score", s.into())]));
    let level_text = labels.text(level.label_key());
    let between = |own: Interval| {
        let values = [("low", score_of_100(own.p5).into()), ("high", score_of_100(own.p95).into())];
        labels.text_with("score-between", &values)
    };
    let between = interval.filter(|_| score.is_some()).map_or_else(String::new, between);
    Gauge { score, level: level.key(), level_text, spoken, shade: score.unwrap_or(0).min(99) / 20, why_empty, between }
}

fn total_gauge(friction: Option<f64>, interval: Option<Interval>, labels: &Labels) -> Gauge {
    gauge(friction, interval, labels.text("not-scored-low_coverage"), labels)
}

fn dimension_gauge(score: Option<&DimensionScore>, labels: &Labels) -> Gauge {
    use crate::canvas::feed::NotScored;
    let why = match score.and_then(|s| s.not_scored) {
        Some(NotScored::MissingInput) => labels.text("not-scored-missing_input"),
        Some(NotScored::LowCoverage) => labels.text("not-scored-low_coverage"),
        Some(NotScored::NothingHere) => labels.text("not-scored-nothing_here"),
        None => labels.text("not-scored"),
    };
    gauge(score.and_then(|s| s.friction), score.and_then(|s| s.interval), why, labels)
}

fn dimension_row(canvas: &Canvas, dimension: Dimension, labels: &Labels) -> DimensionRow {
    let key = dimension.key();
    let (centre, town) = (find(&canvas.centre, dimension), find(&canvas.town, dimension));
    DimensionRow {
        key,
        name: labels.text(&format!("dimension-{key}")),
        question: labels.text(&format!("dimension-{key}-question")),
        scores: Pair { centre: dimension_gauge(centre, labels), town: dimension_gauge(town, labels) },
        coverage: centre.or(town).map_or_else(|| DASH.to_owned(), |d| labels.percent(d.coverage)),
    }
}

fn indicator_rows(canvas: &Canvas, dimension: Dimension, labels: &Labels) -> Vec<IndicatorRow> {
    let indicators = |area| find(area, dimension).map(|d| d.indicators.as_slice()).unwrap_or_default();
    let (centre, town) = (indicators(&canvas.centre), indicators(&canvas.town));
    let main = if town.is_empty() { centre } else { town };
    let of = |list: &[IndicatorValue], wanted: Indicator| list.iter().find(|i| i.indicator == wanted).cloned();
    let row = |i: &IndicatorValue| {
        let posts = goalposts(labels, i.indicator, canvas.scoring.goalposts(i.indicator));
        indicator_row(of(centre, i.indicator), of(town, i.indicator), (i.indicator, posts), labels)
    };
    main.iter().map(row).collect()
}

fn indicator_row(
    centre: Option<IndicatorValue>,
    town: Option<IndicatorValue>,
    (indicator, goalposts): (Indicator, String),
    labels: &Labels,
) -> IndicatorRow {
    let definition = indicator.definition();
    let shown = |found: &Option<IndicatorValue>| {
        let value = found.as_ref().and_then(|i| i.value);
        value.map_or_else(|| DASH.to_owned(), |v| indicator_value(labels, indicator, v))
    };
    let both = || [&town, &centre].into_iter().flatten();
    let quality = both().find_map(|i| i.quality);
    let mut flags: Vec<String> = both().filter_map(|i| i.flag.clone()).collect();
    flags.sort();
    flags.dedup();
    IndicatorRow {
        name: labels.text(&format!("indicator-{}", definition.key)),
        text: labels.text(&format!("indicator-{}-text", definition.key)),
        centre: shown(&centre),
        town: shown(&town),
        goalposts,
        quality: quality.map_or_else(|| DASH.to_owned(), |q| labels.text(&format!("quality-{}", q.key()))),
        flags: flags.iter().map(|flag| labels.text_or_key("flag", flag)).collect(),
    }
}

/// An indicator's value as people say it: shares of residents in per cent, though the feed calls them ratios.
pub(crate) fn indicator_value(labels: &Labels, indicator: Indicator, value: f64) -> String {
    match indicator {
        Indicator::PedshedPeople | Indicator::StepFreeShare => labels.percent(value),
        _ => labels.value(value, indicator.definition().unit),
    }
}

/// The good and the bad value, the unit written once.
fn goalposts(labels: &Labels, indicator: Indicator, (good, bad, _): (f64, f64, f64)) -> String {
    let definition = indicator.definition();
    let bad = indicator_value(labels, indicator, bad);
    let good = match definition.unit {
        _ if bad.ends_with('%') => labels.number(good * 100.0, 0),
        Unit::Ratio => labels.number(good, 2),
        _ => labels.language().number_trimmed(good, 1),
    };
    format!("{good} – {bad}")
}

fn district_row(district: &DistrictScore, labels: &Labels) -> DistrictRow {
    let dash = || DASH.to_owned();
    let share = labels.percent(district.covered_share);
    DistrictRow {
        name: if district.name.is_empty() { district.code.clone() } else { district.name.clone() },
        note: if district.covered_share < WHOLE_DISTRICT {
            labels.text_with("districts-partly", &[("share", share.into())])
        } else {
            String::new()
        },
        residents: district.residents.map_or_else(dash, |n| labels.number(n, 0)),
        shops: labels.number(district.shops as f64, 0),
        walk: district.walk_to_core_min.map_or_else(dash, |minutes| labels.minutes(minutes.round())),
        rank: district.rank.map_or_else(String::new, |own| rank_text(own, labels)),
        friction: total_gauge(district.score.friction, district.score.interval_of_data, labels),
        cells: Dimension::ALL.iter().map(|&d| dimension_gauge(find(&district.score, d), labels)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::labels::Language;

    #[test]
    fn a_level_agrees_with_the_number_beside_it() {
        assert_eq!((score_of_100(0.2951), Level::of(0.2951)), (30, Level::Moderate));
        assert_eq!((score_of_100(0.594), Level::of(0.594)), (59, Level::Moderate));
        assert_eq!((score_of_100(7.0), Level::of(7.0)), (100, Level::High));
    }

    #[test]
    fn what_is_not_scored_has_no_number() {
        let empty = dimension_gauge(None, &Labels::for_language(Language::French));
        assert_eq!(empty.score, None);
        assert_eq!(empty.why_empty, "non évalué");
    }
}
