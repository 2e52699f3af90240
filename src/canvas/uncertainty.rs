//! How sure scores and ranks are: what becomes of them when indicators, weights and rules are drawn anew (methods §9.5).
//!
//! In: scored areas. Out: intervals of scores and ranks, by how much ranks move, and what moves them. A score and its
//! interval know the own area alone: the indicators are drawn within their errors, one of them may be left out, and the
//! weights are drawn about those of the profile; the goalposts stay. Ranks know all areas: how indicators are made comparable
//! (goalposts, standard scores, ranks) and how dimensions are put together (geometric, linear) is drawn as well.
//!
//! # References
//! OECD/JRC 2008, Handbook on constructing composite indicators, step 7; Saisana, Saltelli, Tarantola 2005,
//! doi:10.1111/j.1467-985X.2005.00350.x.

use rand_distr::{Distribution, Gamma, StandardNormal};
use rayon::prelude::*;

use crate::analysis::statistics::ranks as ranks_of_values;
use crate::base::mixing::{Mixing, mix};
use crate::canvas::feed::{AreaScore, IndicatorWithout, Interval, RankInterval, RankShiftCause, Sensitivity};
use crate::canvas::indicators::{DEFINITIONS, Dimension, Indicator, Quality, Unit};
use crate::canvas::profile::ScoringProfile;
use crate::canvas::score::{geometric_friction, linear_friction};

/// Draws (methods §9.5: 1000 or more).
pub const DRAWS: usize = 1000;
/// How closely drawn weights keep to those of the profile (methods §9.5: Dirichlet of 20 times the weights).
const WEIGHT_CONCENTRATION: f64 = 20.0;
/// How far an indicator that is observed, inferred or assumed may be off, as a share of the way between its goalposts: one
/// standard deviation (default).
const ERROR_OF_QUALITY: [f64; 3] = [0.05, 0.10, 0.20];
/// Dimensions.
const DIMENSIONS: usize = 11;
/// A number per dimension.
type ByDimension = [f64; DIMENSIONS];
/// Draws that are worked on at once.
const DRAWS_AT_ONCE: usize = 64;

/// What drawing anew tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertainty {
    /// Each area, in the order of the input.
    pub areas: Vec<AreaUncertainty>,
    /// What moves ranks; `None` with fewer than two scored areas.
    pub sensitivity: Option<Sensitivity>,
}

/// How sure an area's scores are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AreaUncertainty {
    /// Of the total; `None` where it has none.
    pub friction: Option<Interval>,
    /// Of the total where indicators alone are drawn within their errors.
    pub of_data: Option<Interval>,
    /// Of each dimension, in their order; `None` where it is not scored.
    pub dimensions: [Option<Interval>; DIMENSIONS],
    /// Its rank among the areas, 1 the least friction; `None` where it is not scored, or alone.
    pub rank: Option<RankInterval>,
}

/// An indicator that counts: its place between the goalposts, not cut off at them.
#[derive(Clone, Copy)]
struct Known {
    indicator: usize,
    dimension: usize,
    /// 0 at good, 1 at bad.
    place: f64,
    error: f64,
    weight: f64,
}

struct Area {
    seed: u64,
    known: Vec<Known>,
    is_total: bool,
}

impl Area {
    fn new(code: &str, score: &AreaScore, profile: &ScoringProfile) -> Self {
        let scored = score.dimensions.iter().filter(|dimension| dimension.friction.is_some());
        let known = scored.flat_map(|dimension| dimension.indicators.iter().map(move |own| (dimension, own)));
        let known = known.filter_map(|(dimension, own)| {
            let (good, bad, weight) = profile.goalposts(own.indicator);
            let (value, quality) = own.value.zip(own.quality)?;
            let apart = bad - good;
            // Of shares in a sample of things, such as shops or hours, what chance does; people are not drawn one by one, and the
            // inputs of a study are no sample.
            let chance = match own.unit {
                Unit::Share if own.indicator != Indicator::KnowledgeCoverage && (0.0..=1.0).contains(&value) => {
                    chance_of(value, own.sample)
                }
                _ => 0.0,
            };
            let error = (ERROR_OF_QUALITY[quality_place(quality)].powi(2) + chance / (apart * apart)).sqrt();
            let (indicator, dimension) = (own.indicator as usize, dimension.dimension as usize);
            (weight > 0.0).then(|| Known { indicator, dimension, place: (value - good) / apart, error, weight })
        });
        let name = code.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| mix(hash ^ u64::from(byte)));
        Self { seed: name, known: known.collect(), is_total: score.friction.is_some() }
    }
}

/// Variance of a share in a sample, with one more of each kind: none of two is not none of all.
fn chance_of(share: f64, sample: f64) -> f64 {
    let sample = sample.max(1.0);
    let share = (sample * share + 1.0) / (sample + 2.0);
    share * (1.0 - share) / sample
}

/// Where a table of three has what is observed, inferred, assumed.
pub(super) fn quality_place(quality: Quality) -> usize {
    match quality {
        Quality::Observed => 0,
        Quality::Inferred => 1,
        Quality::Assumed => 2,
    }
}

/// How indicators are made comparable.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scale {
    Goalposts,
    Standard,
    Ranks,
}

/// The choices of a draw.
#[derive(Clone, Copy)]
struct Choices {
    scale: Scale,
    is_geometric: bool,
    without: Option<usize>,
    weights: ByDimension,
}

impl Choices {
    fn of_method(weights: ByDimension) -> Self {
        Self { scale: Scale::Goalposts, is_geometric: true, without: None, weights }
    }

    fn leaving_out(mut self, indicator: usize) -> Self {
        self.without = Some(indicator);
        self
    }

    /// Scores are those of the method's rules: of these only what the own area tells is drawn.
    fn by_goalposts(mut self) -> Self {
        (self.scale, self.is_geometric) = (Scale::Goalposts, true);
        self
    }

    fn drawn(draw: &mut Mixing, weights: &ByDimension) -> Self {
        let scale = [Scale::Goalposts, Scale::Standard, Scale::Ranks][(draw.draw() % 3) as usize];
        let is_geometric = draw.draw() & 1 == 0;
        let without = (draw.draw() % (DEFINITIONS.len() as u64 + 1)) as usize;
        let sum: f64 = weights.iter().sum();
        let drawn = weights.map(|weight| {
            let shape = WEIGHT_CONCENTRATION * weight / sum;
            // A gamma of each, of which their sum makes shares: Dirichlet. No weight stays none.
            Gamma::new(shape, 1.0).map_or(0.0, |gamma| gamma.sample(draw))
        });
        Self { scale, is_geometric, without: without.checked_sub(1), weights: drawn }
    }
}

/// One draw: totals and dimensions by the goalposts, and ranks.
struct Drawn {
    choices: Choices,
    totals: Vec<Option<f64>>,
    /// Totals by the method's weights, with all indicators.
    totals_of_data: Vec<Option<f64>>,
    dimensions: Vec<[Option<f64>; DIMENSIONS]>,
    ranks: Vec<f64>,
    /// Mean of |rank − rank of the method| over the ranked areas.
    shift: f64,
}

/// Draws anew what the scores rest on, so many times, and tells what becomes of them. The areas are known by their codes: an
/// area has the same interval beside whatever others.
pub fn measure_uncertainty(
    scored: &[(&str, &AreaScore)],
    profile: &ScoringProfile,
    (draws, seed): (usize, u64),
) -> Uncertainty {
    let areas: Vec<Area> = scored.iter().map(|(code, score)| Area::new(code, score, profile)).collect();
    let weights = Dimension::ALL.map(|dimension| profile.dimension_weight(dimension));
    let method = Choices::of_method(weights);
    let places: Vec<Vec<f64>> = areas.iter().map(|area| area.known.iter().map(|own| own.place).collect()).collect();
    let reference = totals_of(&areas, &places, method);
    let reference_ranks = ranks_of(&areas, &reference);
    let drawn: Vec<Drawn> = (0..draws)
        .into_par_iter()
        .with_min_len(DRAWS_AT_ONCE)
        .map(|number| draw_anew(&areas, (&weights, &reference_ranks), mix(seed) ^ mix(number as u64)))
        .collect();
    let ranked = areas.iter().filter(|area| area.is_total).count();
    let of = |at: usize| {
        let area = &areas[at];
        let totals = drawn.iter().filter_map(|draw| draw.totals[at]).collect();
        let of_data = drawn.iter().filter_map(|draw| draw.totals_of_data[at]).collect();
        let dimension = |d: usize| Interval::of(drawn.iter().filter_map(|draw| draw.dimensions[at][d]).collect());
        let rank = || {
            let between = Interval::of(drawn.iter().map(|draw| draw.ranks[at]).collect())?;
            Some(RankInterval { rank: reference_ranks[at], p5: between.p5, p95: between.p95 })
        };
        AreaUncertainty {
            friction: Interval::of(totals).filter(|_| area.is_total),
            of_data: Interval::of(of_data).filter(|_| area.is_total),
            dimensions: std::array::from_fn(dimension),
            rank: rank().filter(|_| area.is_total && ranked > 1),
        }
    };
    let uncertain = (0..areas.len()).map(of).collect();
    let sensitivity = (ranked > 1).then(|| Sensitivity {
        draws: draws as u64,
        areas: ranked as u64,
        mean_rank_shift: mean(drawn.iter().map(|draw| draw.shift)),
        causes: causes_of(&drawn),
        without: without_each(&areas, &places, (method, &reference_ranks)),
    });
    Uncertainty { areas: uncertain, sensitivity }
}

fn draw_anew(areas: &[Area], (weights, reference_ranks): (&ByDimension, &[f64]), seed: u64) -> Drawn {
    let choices = Choices::drawn(&mut Mixing::of(seed), weights);
    let places: Vec<Vec<f64>> = areas
        .iter()
        .map(|area| {
            let mut draw = Mixing::of(seed ^ area.seed);
            let error = |own: &Known| -> f64 {
                let normal: f64 = StandardNormal.sample(&mut draw);
                own.place + own.error * normal
            };
            area.known.iter().map(error).collect()
        })
        .collect();
    let totals = totals_of(areas, &places, choices.by_goalposts());
    let totals_of_data = totals_of(areas, &places, Choices::of_method(*weights));
    let dimensions = areas
        .iter()
        .zip(&places)
        // An indicator more or less is a choice for totals; a dimension is what its own indicators say.
        .map(|(area, places)| of_dimensions(area, &frictions(area, places, None)))
        .collect();
    let ranks = ranks_of(areas, &totals_of(areas, &places, choices));
    let shift = rank_shift(areas, reference_ranks, &ranks);
    Drawn { choices, totals, totals_of_data, dimensions, ranks, shift }
}

/// Mean of |rank − reference| over the ranked areas (methods §9.5).
fn rank_shift(areas: &[Area], reference: &[f64], ranks: &[f64]) -> f64 {
    let ranked = areas.iter().zip(reference.iter().zip(ranks)).filter(|(area, _)| area.is_total);
    mean(ranked.map(|(_, (a, b))| (a - b).abs()))
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    if count > 0 { sum / f64::from(count) } else { 0.0 }
}

/// Friction of each known indicator by the goalposts; `None` for the one left out.
fn frictions(area: &Area, places: &[f64], without: Option<usize>) -> Vec<Option<f64>> {
    let kept = area.known.iter().map(|own| Some(own.indicator) != without);
    places.iter().zip(kept).map(|(place, kept)| kept.then(|| place.clamp(0.0, 1.0))).collect()
}

/// Weighted mean of the indicators of each dimension.
fn of_dimensions(area: &Area, frictions: &[Option<f64>]) -> [Option<f64>; DIMENSIONS] {
    let mut sums = [(0.0, 0.0); DIMENSIONS];
    for (own, friction) in area.known.iter().zip(frictions) {
        if let Some(friction) = friction {
            let sum = &mut sums[own.dimension];
            *sum = (sum.0 + own.weight * friction, sum.1 + own.weight);
        }
    }
    sums.map(|(sum, weight)| (weight > 0.0).then(|| sum / weight))
}

fn total(area: &Area, frictions: &[Option<f64>], choices: Choices) -> Option<f64> {
    if !area.is_total {
        return None;
    }
    let dimensions = of_dimensions(area, frictions);
    let weighted: Vec<(f64, f64)> =
        dimensions.iter().zip(choices.weights).filter_map(|(own, weight)| Some(((*own)?, weight))).collect();
    // With one indicator less a dimension may be gone: what is left makes the total.
    if choices.is_geometric { geometric_friction(&weighted) } else { linear_friction(&weighted) }
}

/// Totals as a choice of rules has them; standard scores and ranks are those of the areas among each other.
fn totals_of(areas: &[Area], places: &[Vec<f64>], choices: Choices) -> Vec<Option<f64>> {
    let mut frictions: Vec<Vec<Option<f64>>> =
        areas.iter().zip(places).map(|(area, places)| frictions(area, places, choices.without)).collect();
    if choices.scale != Scale::Goalposts {
        compare_areas(areas, places, &mut frictions, choices.scale);
    }
    areas.iter().zip(&frictions).map(|(area, frictions)| total(area, frictions, choices)).collect()
}

/// Frictions by where an area stands among the others: by the share of a normal distribution below its standard score, or by
/// the share of areas below it.
fn compare_areas(areas: &[Area], places: &[Vec<f64>], frictions: &mut [Vec<Option<f64>>], scale: Scale) {
    for indicator in 0..DEFINITIONS.len() {
        let of_area = |(at, area): (usize, &Area)| {
            let place = area.known.iter().position(|own| own.indicator == indicator)?;
            frictions[at][place].map(|_| (at, place, places[at][place]))
        };
        let mut found: Vec<(usize, usize, f64)> =
            areas.iter().enumerate().filter(|(_, area)| area.is_total).filter_map(of_area).collect();
        let middle = mean(found.iter().map(|own| own.2));
        let spread = mean(found.iter().map(|own| (own.2 - middle).powi(2))).sqrt();
        found.sort_by(|a, b| a.2.total_cmp(&b.2));
        for (rank, &(at, place, value)) in found.iter().enumerate() {
            let standing = match scale {
                Scale::Ranks => (rank as f64 + 0.5) / found.len() as f64,
                _ if spread > 0.0 => 0.5 * libm::erfc(-(value - middle) / spread * std::f64::consts::FRAC_1_SQRT_2),
                _ => 0.5,
            };
            frictions[at][place] = Some(standing);
        }
    }
}

/// Ranks of the areas that have a total, 1 the least friction, equal ones sharing the mean of theirs; 0 for the others.
fn ranks_of(areas: &[Area], totals: &[Option<f64>]) -> Vec<f64> {
    let ranked: Vec<usize> = (0..areas.len()).filter(|&at| areas[at].is_total).collect();
    let values: Vec<f64> = ranked.iter().map(|&at| totals[at].unwrap_or(1.0)).collect();
    let mut ranks = vec![0.0; areas.len()];
    for (at, rank) in ranked.into_iter().zip(ranks_of_values(&values)) {
        ranks[at] = rank;
    }
    ranks
}

/// First-order shares of the variance of the rank shift: how much of it each choice explains alone, without what chance does
/// in groups of that size.
fn causes_of(drawn: &[Drawn]) -> Vec<RankShiftCause> {
    let explained = |level: &dyn Fn(&Choices) -> usize, levels: usize| {
        let mut groups = vec![(0.0, 0.0); levels];
        for draw in drawn {
            let group = &mut groups[level(&draw.choices)];
            *group = (group.0 + draw.shift, group.1 + 1.0);
        }
        let all = mean(drawn.iter().map(|draw| draw.shift));
        let whole: f64 = drawn.iter().map(|draw| (draw.shift - all).powi(2)).sum();
        let between: f64 = groups.iter().filter(|(_, n)| *n > 0.0).map(|(sum, n)| n * (sum / n - all).powi(2)).sum();
        let filled = groups.iter().filter(|(_, n)| *n > 0.0).count() as f64;
        let within = (whole - between) / (drawn.len() as f64 - filled).max(1.0);
        if whole > 0.0 { ((between - (filled - 1.0) * within) / (whole + within)).clamp(0.0, 1.0) } else { 0.0 }
    };
    let causes: [(&str, f64); 3] = [
        ("normalisation", explained(&|choices| choices.scale as usize, 3)),
        ("aggregation", explained(&|choices| usize::from(choices.is_geometric), 2)),
        ("indicator_left_out", explained(&|choices| choices.without.map_or(0, |at| at + 1), DEFINITIONS.len() + 1)),
    ];
    let rest = 1.0 - causes.iter().map(|(_, share)| share).sum::<f64>();
    let named = causes.into_iter().chain([("weights_errors_and_joint", rest.max(0.0))]);
    named.map(|(cause, share)| RankShiftCause { cause: cause.to_owned(), share }).collect()
}

/// What becomes of ranks without each indicator that some area has, all else as the method has it.
fn without_each(areas: &[Area], places: &[Vec<f64>], (method, reference): (Choices, &[f64])) -> Vec<IndicatorWithout> {
    let has = |indicator: usize| areas.iter().any(|area| area.known.iter().any(|own| own.indicator == indicator));
    let without = |indicator: usize| {
        let totals = totals_of(areas, places, method.leaving_out(indicator));
        let mean_rank_shift = rank_shift(areas, reference, &ranks_of(areas, &totals));
        IndicatorWithout { indicator: DEFINITIONS[indicator].indicator, mean_rank_shift }
    };
    (0..DEFINITIONS.len()).filter(|&indicator| has(indicator)).map(without).collect()
}

/// The total of an area without one of its indicators, all else as the method has it; `None` where it has no total, or not
/// that indicator.
pub fn friction_without(score: &AreaScore, profile: &ScoringProfile, indicator: Indicator) -> Option<f64> {
    let area = Area::new("", score, profile);
    area.known.iter().find(|own| own.indicator == indicator as usize)?;
    let places: Vec<f64> = area.known.iter().map(|own| own.place).collect();
    let weights = Dimension::ALL.map(|dimension| profile.dimension_weight(dimension));
    total(&area, &frictions(&area, &places, Some(indicator as usize)), Choices::of_method(weights))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::score::{Measured, score_area};

    /// An area whose every indicator lies so far between its goalposts, but for one.
    fn area(friction: f64, other: (Indicator, f64), quality: Quality) -> AreaScore {
        score_area(&ScoringProfile::default(), |indicator| {
            let definition = indicator.definition();
            let place = if indicator == other.0 { other.1 } else { friction };
            Measured::new(definition.good + place * (definition.bad - definition.good), quality, 1e9)
        })
    }

    fn towns() -> Vec<(String, AreaScore)> {
        let of = |(at, friction): (usize, f64)| {
            let other = (Indicator::VacancyShare, 0.9 - 0.2 * at as f64);
            (format!("town {at}"), area(friction, other, Quality::Inferred))
        };
        [0.2, 0.35, 0.4, 0.8].into_iter().enumerate().map(of).collect()
    }

    fn measured(towns: &[(String, AreaScore)], seed: u64) -> Uncertainty {
        let scored: Vec<(&str, &AreaScore)> = towns.iter().map(|(code, score)| (code.as_str(), score)).collect();
        measure_uncertainty(&scored, &ScoringProfile::default(), (DRAWS, seed))
    }

    /// methods §9.5: 1, 2, 3, 4 become 2, 1, 3, 4.
    #[test]
    fn two_of_four_that_change_places() {
        let area = || Area { seed: 0, known: Vec::new(), is_total: true };
        let areas = [area(), area(), area(), area()];
        assert_eq!(rank_shift(&areas, &[1.0, 2.0, 3.0, 4.0], &[2.0, 1.0, 3.0, 4.0]), 0.5);
    }

    #[test]
    fn another_town_never_changes_a_score_or_its_interval() {
        let all = measured(&towns(), 1);
        let some = measured(&towns()[1..3], 1);
        for (beside_all, alone) in all.areas[1..3].iter().zip(&some.areas) {
            assert_eq!((beside_all.friction, beside_all.of_data), (alone.friction, alone.of_data));
            assert_eq!(beside_all.dimensions, alone.dimensions);
        }
        assert_eq!(measured(&towns()[..1], 1).sensitivity, None);
        assert_eq!(all, measured(&towns(), 1), "the same seed");
        assert_ne!(all, measured(&towns(), 2));
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
        assert_eq!(one.install(|| measured(&towns(), 1)), all, "on any number of threads");
    }

    #[test]
    fn intervals_hold_the_score_and_ranks_tell_near_from_far() {
        let towns = towns();
        let found = measured(&towns, 1);
        for ((_, score), area) in towns.iter().zip(&found.areas) {
            let (friction, interval) = (score.friction.expect("scored"), area.friction.expect("scored"));
            assert!(interval.p5 < friction && friction < interval.p95, "{friction} {interval:?}");
            let of_data = area.of_data.expect("scored");
            assert!(interval.p5 < of_data.p5 && of_data.p95 < interval.p95, "weights move a score too");
            assert!(of_data.p5 < friction && friction < of_data.p95, "{friction} {of_data:?}");
        }
        let ranks: Vec<RankInterval> = found.areas.iter().map(|area| area.rank.expect("ranked")).collect();
        assert_eq!(ranks.iter().map(|rank| rank.rank).collect::<Vec<_>>(), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!((ranks[3].p5, ranks[3].p95), (4.0, 4.0), "far from the others");
        assert!(ranks[1].p95 > 2.0 && ranks[2].p5 < 3.0, "near each other: {ranks:?}");
        let sensitivity = found.sensitivity.expect("four towns");
        assert!(sensitivity.mean_rank_shift > 0.0);
        let shares: f64 = sensitivity.causes.iter().map(|cause| cause.share).sum();
        assert!((shares - 1.0).abs() < 0.2, "{:?}", sensitivity.causes);
        assert_eq!(sensitivity.without.len(), DEFINITIONS.len());
    }

    #[test]
    fn what_is_assumed_is_less_sure_than_what_is_observed() {
        let width = |quality| {
            let towns = [("a".to_owned(), area(0.5, (Indicator::VacancyShare, 0.5), quality))];
            let interval = measured(&towns, 1).areas[0].dimensions[6].expect("scored");
            interval.p95 - interval.p5
        };
        let (observed, inferred) = (width(Quality::Observed), width(Quality::Inferred));
        // One indicator: 2 × 1.645 standard deviations of 0.05 and 0.10.
        assert!((observed - 0.1645).abs() < 0.02 && (inferred - 0.329).abs() < 0.04, "{observed} {inferred}");
    }

    #[test]
    fn a_total_without_an_indicator() {
        let score = area(0.5, (Indicator::VacancyShare, 0.9), Quality::Observed);
        let without = friction_without(&score, &ScoringProfile::default(), Indicator::VacancyShare).expect("scored");
        assert!((without - 0.5).abs() < 1e-9, "the only one of its dimension, the others are 0.5: {without}");
        let with = score.friction.expect("scored");
        assert!(with > without);
        let nothing =
            score_area(&ScoringProfile::default(), |_| Measured::absent(crate::canvas::feed::NotScored::MissingInput));
        assert_eq!(friction_without(&nothing, &ScoringProfile::default(), Indicator::VacancyShare), None);
    }
}
