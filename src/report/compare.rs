//! The page of a comparison: towns side by side, ranks with how sure they are, each dimension in a table; to read or to print
//! on A4.
//!
//! In: the comparison and the labels. Out: one self-contained HTML page.

use serde::Serialize;

use crate::canvas::feed::{Interval, RankInterval, Sensitivity};
use crate::canvas::indicators::Dimension;
use crate::canvas::labels::{DASH, Labels};
use crate::canvas::score::score_of_100;
use crate::report::scores::Level;
use crate::report::{ReportError, render};

/// A town as the page shows it.
#[derive(Clone, Debug)]
pub struct PageTown<'a> {
    /// Its name.
    pub name: &'a str,
    /// Residents, where they are counted.
    pub residents: Option<f64>,
    /// Occupied shop units.
    pub shops: f64,
    /// On the dimensions that all have.
    pub common: Option<f64>,
    /// Within which that lies.
    pub common_interval: Option<Interval>,
    /// Its rank by that.
    pub rank: Option<RankInterval>,
    /// Its own total, on all its dimensions.
    pub own: Option<f64>,
    /// The same if all that is not known were at its worst.
    pub at_most: Option<f64>,
    /// Share of what feeds the total that is known.
    pub coverage: f64,
    /// Each dimension, in order.
    pub dimensions: Vec<Option<f64>>,
}

/// What the page tells.
#[derive(Clone, Debug)]
pub struct PageComparison<'a> {
    /// Towns, in the order in which they were named.
    pub towns: Vec<PageTown<'a>>,
    /// Dimensions that all have.
    pub common: &'a [Dimension],
    /// Whether centres are compared, and not whole towns.
    pub is_of_centres: bool,
    /// Name and version of the goalposts.
    pub scoring: (&'a str, &'a str),
    /// Version of the method.
    pub method_version: &'a str,
    /// How sure ranks are.
    pub sensitivity: Option<&'a Sensitivity>,
}

#[derive(Serialize)]
struct Page {
    language: &'static str,
    title: String,
    facts: Vec<(String, String)>,
    brief: Vec<String>,
    rows: Vec<Row>,
    columns: Vec<(&'static str, String)>,
    has_own: bool,
    method: Vec<String>,
}

#[derive(Serialize)]
struct Row {
    rank: String,
    rank_between: String,
    name: String,
    residents: String,
    shops: String,
    score: String,
    score_between: String,
    /// From 0 to 100: where the dot and the ends of the line stand.
    dot: Option<u32>,
    line: Option<[u32; 2]>,
    own: String,
    at_most: String,
    coverage: String,
    cells: Vec<DimensionCell>,
}

#[derive(Serialize)]
struct DimensionCell {
    score: String,
    shade: &'static str,
    spoken: String,
}

/// The page as text.
pub fn write_comparison_page(comparison: &PageComparison<'_>, labels: &Labels) -> Result<String, ReportError> {
    render("compare.html", build_page(comparison, labels), labels)
}

fn build_page(comparison: &PageComparison<'_>, labels: &Labels) -> Page {
    let mut towns: Vec<&PageTown<'_>> = comparison.towns.iter().collect();
    let rank = |town: &PageTown<'_>| town.rank.map_or(f64::INFINITY, |rank| rank.rank);
    towns.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
    let part = if comparison.is_of_centres { "compare-part-centres" } else { "compare-part-towns" };
    let fact = |key: &str, value: String| (labels.text(key), value);
    let common = comparison.common.len();
    Page {
        language: labels.language().code(),
        title: towns.iter().map(|town| town.name).collect::<Vec<_>>().join(" · "),
        facts: vec![
            fact("compare-fact-towns", labels.number(towns.len() as f64, 0)),
            fact("compare-fact-part", labels.text(part)),
            fact("compare-fact-common", labels.text_with("compare-common-of", &[("count", common.into())])),
            fact("compare-fact-scoring", format!("{} {}", comparison.scoring.0, comparison.scoring.1)),
        ],
        brief: brief(&towns, comparison, labels),
        rows: towns.iter().map(|town| row(town, comparison, labels)).collect(),
        columns: Dimension::ALL.map(|d| (d.key(), labels.text(&format!("dimension-{}", d.key())))).to_vec(),
        has_own: towns.iter().any(|town| town.dimensions.iter().flatten().count() > common),
        method: method(comparison, labels),
    }
}

fn of_100(friction: Option<f64>) -> String {
    friction.map_or_else(|| DASH.to_owned(), |friction| score_of_100(friction).to_string())
}

fn row(town: &PageTown<'_>, comparison: &PageComparison<'_>, labels: &Labels) -> Row {
    let between =
        |low: String, high: String| labels.text_with("compare-between", &[("low", low.into()), ("high", high.into())]);
    let ends = town.common_interval.map(|own| [own.p5, own.p95].map(score_of_100));
    let place = |rank: f64| labels.language().number_trimmed(rank, 1);
    let cell = |(friction, dimension): (&Option<f64>, Dimension)| DimensionCell {
        score: of_100(*friction),
        shade: match friction {
            Some(friction) => Level::of(*friction).key(),
            None => "none",
        },
        spoken: match (friction, comparison.common.contains(&dimension)) {
            (None, _) => labels.text("compare-not-scored"),
            (_, true) => String::new(),
            (_, false) => labels.text("compare-not-common"),
        },
    };
    Row {
        rank: town.rank.map_or_else(|| DASH.to_owned(), |own| place(own.rank)),
        rank_between: town.rank.map_or_else(String::new, |own| between(place(own.p5), place(own.p95))),
        name: town.name.to_owned(),
        residents: town.residents.map_or_else(|| DASH.to_owned(), |residents| labels.number(residents, 0)),
        shops: labels.number(town.shops, 0),
        score: of_100(town.common),
        score_between: ends.map_or_else(String::new, |[low, high]| between(low.to_string(), high.to_string())),
        dot: town.common.map(score_of_100),
        line: ends,
        own: of_100(town.own),
        at_most: of_100(town.at_most),
        coverage: labels.percent(town.coverage),
        cells: town.dimensions.iter().zip(Dimension::ALL).map(cell).collect(),
    }
}

/// What there is to know first: who is first and last, whether that is sure, and where towns differ most.
fn brief(towns: &[&PageTown<'_>], comparison: &PageComparison<'_>, labels: &Labels) -> Vec<String> {
    let ranked: Vec<&&PageTown<'_>> = towns.iter().filter(|town| town.rank.is_some()).collect();
    let (Some(first), Some(last)) = (ranked.first(), ranked.last()) else {
        return vec![labels.text("compare-no-ranks")];
    };
    let values = [
        ("first", first.name.into()),
        ("first_score", of_100(first.common).into()),
        ("last", last.name.into()),
        ("last_score", of_100(last.common).into()),
    ];
    let mut sentences = vec![labels.text_with("compare-brief-ends", &values)];
    let overlap = ranked.windows(2).filter(|pair| {
        let ranks = pair[0].rank.zip(pair[1].rank);
        ranks.is_some_and(|(better, worse)| better.p95 >= worse.p5)
    });
    sentences.push(match overlap.count() {
        0 => labels.text("compare-brief-sure"),
        pairs => labels.text_with("compare-brief-near", &[("count", pairs.into())]),
    });
    let spread = |dimension: &Dimension| {
        let scores: Vec<f64> = towns.iter().filter_map(|town| town.dimensions[*dimension as usize]).collect();
        let (low, high) =
            scores.iter().fold((1.0_f64, 0.0_f64), |(low, high), &score| (low.min(score), high.max(score)));
        high - low
    };
    let widest = comparison.common.iter().max_by(|a, b| spread(a).total_cmp(&spread(b)));
    if let Some(dimension) = widest.filter(|dimension| spread(dimension) > 0.0) {
        let values = [
            ("dimension", labels.text(&format!("dimension-{}", dimension.key())).into()),
            ("points", score_of_100(spread(dimension)).into()),
        ];
        sentences.push(labels.text_with("compare-brief-widest", &values));
    }
    sentences
}

fn method(comparison: &PageComparison<'_>, labels: &Labels) -> Vec<String> {
    let mut sentences = vec![labels.text("compare-method-own"), labels.text("compare-method-common")];
    if let Some(found) = comparison.sensitivity {
        let values = [
            ("draws", labels.number(found.draws as f64, 0).into()),
            ("shift", labels.number(found.mean_rank_shift, 2).into()),
        ];
        sentences.push(labels.text_with("compare-method-draws", &values));
        let told: Vec<String> = found
            .causes
            .iter()
            .map(|own| {
                let key = format!("compare-cause-{}", own.cause.replace('_', "-"));
                format!("{} {}", labels.text(&key), labels.percent(own.share))
            })
            .collect();
        sentences.push(labels.text_with("compare-method-causes", &[("causes", told.join(", ").into())]));
    }
    let values = [("version", comparison.method_version.into())];
    sentences.push(labels.text_with("compare-method-version", &values));
    sentences
}
