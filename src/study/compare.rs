//! Several towns side by side, from their audits.
//!
//! In: feeds of audits, each by its file or its study. Out: per town its own scores, which no other town changes, and its rank
//! on the dimensions that all towns have, with how sure it is. Towns of another method, or of other goalposts, are refused.

use std::path::{Path, PathBuf};

use crate::base::notice::Notices;
use crate::canvas::feed::{AreaScore, Canvas, Interval, RankInterval, Sensitivity};
use crate::canvas::indicators::Dimension;
use crate::canvas::labels::Labels;
use crate::canvas::profile::ScoringProfile;
use crate::canvas::score::{LEAST_DIMENSIONS, geometric_friction};
use crate::canvas::uncertainty::{DRAWS, measure_uncertainty};
use crate::report::compare::{PageComparison, PageTown, write_comparison_page};
use crate::sources::regular::read_regular;
use crate::study::audit::audit_opened;
use crate::study::error::StudyError;
use crate::study::open::open;
use crate::study::progress::Progress;

/// Name of the feed in a folder of results.
const FEED: &str = "canvas.json";
/// Folder of the results in that of a study.
const RESULTS: &str = "results";
/// What draws come from.
const SEED: u64 = 1;

/// Which part of each town is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All that was studied.
    Town,
    /// Within ten minutes' walk of the core.
    Centre,
}

/// A town beside others.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedTown {
    /// Its audit.
    pub canvas: Canvas,
    /// What it is told by: its name, with a number where another bears it too.
    pub name: String,
    /// Its total on the dimensions that all have; `None` where these are too few.
    pub friction_common: Option<f64>,
    /// Within which that lies once indicators are drawn within their errors.
    pub interval_common: Option<Interval>,
    /// Its rank by that.
    pub rank: Option<RankInterval>,
}

/// Towns side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The part of each.
    pub part: Part,
    /// The towns, in the order in which they were named.
    pub towns: Vec<ComparedTown>,
    /// Dimensions that are scored in all.
    pub common: Vec<Dimension>,
    /// How sure ranks are; `None` where towns have too few dimensions in common.
    pub sensitivity: Option<Sensitivity>,
}

impl ComparedTown {
    /// Its own scores, of the part that is compared.
    pub fn score(&self, part: Part) -> &AreaScore {
        part_of(&self.canvas, part)
    }
}

fn part_of(canvas: &Canvas, part: Part) -> &AreaScore {
    match part {
        Part::Town => &canvas.town,
        Part::Centre => &canvas.centre,
    }
}

/// The feed of a file, of a folder of results, of a study's folder of results, or of a study that is audited now.
pub fn read_canvas(path: &Path, progress: &dyn Progress, notices: &mut Notices) -> Result<Canvas, StudyError> {
    let feeds = [path.to_owned(), path.join(FEED), path.join(RESULTS).join(FEED)];
    if let Some(feed) = feeds.iter().find(|feed| feed.is_file()) {
        return parse_canvas(feed);
    }
    let opened = open(path)?;
    let audit = audit_opened(&opened.manifest, path, opened.notices, progress)?;
    notices.extend(audit.notices);
    Ok(audit.canvas)
}

fn parse_canvas(path: &Path) -> Result<Canvas, StudyError> {
    let bytes = read_regular(path).map_err(|source| StudyError::FileUnreadable { path: path.to_owned(), source })?;
    let canvas: Canvas = serde_json::from_slice(&bytes)
        .map_err(|error| StudyError::NotAFeed { path: path.to_owned(), reason: error.to_string() })?;
    let is_whole = |score: &AreaScore| {
        score.dimensions.len() == Dimension::ALL.len()
            && score.dimensions.iter().zip(Dimension::ALL).all(|(own, dimension)| own.dimension == dimension)
    };
    let wrong = |reason: String| StudyError::NotAFeed { path: path.to_owned(), reason };
    if !is_whole(&canvas.town) || !is_whole(&canvas.centre) {
        return Err(wrong("expected the dimensions D1 to D11, each once and in order".to_owned()));
    }
    canvas.scoring.check().map_err(wrong)?;
    check_score(&canvas.town).and_then(|()| check_score(&canvas.centre)).map_err(wrong)?;
    Ok(canvas)
}

/// Whether each indicator stands once, in its own dimension, and all numbers are what they can be.
fn check_score(score: &AreaScore) -> Result<(), String> {
    let mut seen = std::collections::BTreeSet::new();
    for dimension in &score.dimensions {
        if dimension.friction.is_some_and(|friction| !(0.0..=1.0).contains(&friction)) {
            return Err(format!("{} has a friction that is none from 0 to 1", dimension.dimension.key()));
        }
        for own in &dimension.indicators {
            let definition = own.indicator.definition();
            let is_own = definition.dimension == dimension.dimension && seen.insert(own.indicator);
            let is_number = own.value.is_none_or(f64::is_finite) && own.sample.is_finite();
            if !is_own || !is_number || own.value.is_some() != own.quality.is_some() {
                return Err(format!("{} stands where it cannot", definition.key));
            }
        }
        let is_known = dimension.indicators.iter().any(|own| own.value.is_some());
        if dimension.friction.is_some() && !is_known {
            return Err(format!("{} has a friction and no indicator", dimension.dimension.key()));
        }
    }
    Ok(())
}

/// Puts towns side by side; each is known by where its feed is.
pub fn compare(towns: Vec<(PathBuf, Canvas)>, part: Part) -> Result<Comparison, StudyError> {
    let mut before: Vec<&(PathBuf, Canvas)> = Vec::new();
    for town in &towns {
        if let Some(first) = before.first() {
            refuse_other_method(first, town)?;
        }
        before.push(town);
    }
    let is_scored = |canvas: &Canvas, at: usize| part_of(canvas, part).dimensions[at].friction.is_some();
    let common: Vec<Dimension> = Dimension::ALL
        .into_iter()
        .enumerate()
        .filter(|(at, _)| towns.iter().all(|(_, canvas)| is_scored(canvas, *at)))
        .map(|(_, dimension)| dimension)
        .collect();
    let profile = towns.first().map_or_else(ScoringProfile::default, |(_, canvas)| canvas.scoring.clone());
    let names = names_of(&towns);
    let shared: Vec<AreaScore> = towns.iter().map(|(_, canvas)| on(part_of(canvas, part), &common, &profile)).collect();
    let scored: Vec<(&str, &AreaScore)> = names.iter().map(String::as_str).zip(&shared).collect();
    // Weights of dimensions that do not count would make the drawn ones of the others scatter more.
    let mut of_common = profile.clone();
    for dimension in Dimension::ALL.into_iter().filter(|dimension| !common.contains(dimension)) {
        of_common.dimensions.insert(dimension.key().to_owned(), 0.0);
    }
    let found = measure_uncertainty(&scored, &of_common, (DRAWS, SEED));
    let towns = towns.into_iter().zip(names).zip(shared.iter().zip(found.areas));
    let towns = towns.map(|(((_, canvas), name), (shared, doubt))| ComparedTown {
        canvas,
        name,
        friction_common: shared.friction,
        interval_common: doubt.of_data,
        rank: doubt.rank,
    });
    Ok(Comparison { part, towns: towns.collect(), common, sensitivity: found.sensitivity })
}

/// The page of a comparison.
pub fn write_comparison(found: &Comparison, labels: &Labels) -> Result<String, StudyError> {
    fn page_town(town: &ComparedTown, part: Part) -> PageTown<'_> {
        let score = town.score(part);
        PageTown {
            name: &town.name,
            residents: town.canvas.study.residents,
            shops: town.canvas.study.shops as f64,
            common: town.friction_common,
            common_interval: town.interval_common,
            rank: town.rank,
            own: score.friction,
            at_most: score.friction_at_most,
            coverage: score.coverage,
            dimensions: score.dimensions.iter().map(|own| own.friction).collect(),
        }
    }
    let first = found.towns.first().map(|town| &town.canvas);
    let page = PageComparison {
        towns: found.towns.iter().map(|town| page_town(town, found.part)).collect(),
        common: &found.common,
        is_of_centres: found.part == Part::Centre,
        scoring: first.map_or(("", ""), |own| (&own.scoring.name, &own.scoring.version)),
        method_version: first.map_or("", |own| &own.method_version),
        sensitivity: found.sensitivity.as_ref(),
    };
    Ok(write_comparison_page(&page, labels)?)
}

/// A score on some of its dimensions.
fn on(score: &AreaScore, dimensions: &[Dimension], profile: &ScoringProfile) -> AreaScore {
    let mut score = score.clone();
    for own in score.dimensions.iter_mut().filter(|own| !dimensions.contains(&own.dimension)) {
        own.friction = None;
    }
    let weighted =
        score.dimensions.iter().filter_map(|own| Some((own.friction?, profile.dimension_weight(own.dimension))));
    let weighted: Vec<(f64, f64)> = weighted.collect();
    score.friction = geometric_friction(&weighted).filter(|_| weighted.len() >= LEAST_DIMENSIONS);
    score
}

/// The names of the towns, the second of a name with a number.
fn names_of(towns: &[(PathBuf, Canvas)]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (_, canvas) in towns {
        let own = &canvas.study.name;
        let alike = |count: &usize| match count {
            1 => own.clone(),
            _ => format!("{own} ({count})"),
        };
        let name =
            (1..).find(|count| !names.contains(&alike(count))).map_or_else(|| own.clone(), |count| alike(&count));
        names.push(name);
    }
    names
}

/// Towns compare under one method and the same goalposts only.
fn refuse_other_method(
    (path, first): &(PathBuf, Canvas),
    (other_path, other): &(PathBuf, Canvas),
) -> Result<(), StudyError> {
    let scoring = |canvas: &Canvas| format!("{} {}", canvas.scoring.name, canvas.scoring.version);
    let differs = |what: &'static str, values: [String; 2]| StudyError::NotComparable {
        what,
        paths: [path.clone(), other_path.clone()],
        values,
    };
    if first.method_version != other.method_version {
        let values = [first.method_version.clone(), other.method_version.clone()];
        return Err(differs("version of the method", values));
    }
    let told = |canvas: &Canvas, key: &str| {
        canvas
            .parameters
            .get(key)
            .map_or_else(|| format!("no {key}"), |own| format!("{key} {} {}", own.value, own.unit))
    };
    let keys = first.parameters.keys().chain(other.parameters.keys());
    // Shops close when they close, and draws are draws.
    let keys = keys.filter(|key| !["closing_time", "seed"].contains(&key.as_str()));
    for key in keys {
        if first.parameters.get(key) != other.parameters.get(key) {
            return Err(differs("parameter", [told(first, key), told(other, key)]));
        }
    }
    if first.scoring != other.scoring {
        return Err(differs("goalposts or weights", [scoring(first), scoring(other)]));
    }
    Ok(())
}
