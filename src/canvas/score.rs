//! From indicators to friction: goalposts, weighted means, geometric aggregation, coverage (methods §9).

use crate::analysis::statistics::weighted_mean;
use crate::canvas::feed::{AreaScore, DimensionScore, IndicatorValue, NotScored};
use crate::canvas::indicators::{DEFINITIONS, Dimension, Indicator, Quality};
use crate::canvas::profile::ScoringProfile;

/// Ease never falls below this, so that one hopeless dimension does not hide all others (methods §9.3).
pub const EASE_FLOOR: f64 = 0.01;
/// A dimension is scored from this coverage on (methods §9.6).
pub const LEAST_COVERAGE: f64 = 0.5;
/// A total needs at least this many scored dimensions.
pub const LEAST_DIMENSIONS: usize = 3;

/// An indicator's value as the analysis found it.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Its value in the unit of its definition; `None` when it could not be measured.
    pub value: Option<f64>,
    /// How it is known.
    pub quality: Quality,
    /// How many things it rests on.
    pub sample: f64,
    /// A doubt to show beside it.
    pub flag: Option<&'static str>,
    /// Why there is no value.
    pub absent: Option<NotScored>,
}

impl Measured {
    /// A value with its quality and sample.
    pub fn new(value: f64, quality: Quality, sample: f64) -> Self {
        if value.is_finite() {
            Self { value: Some(value), quality, sample, flag: None, absent: None }
        } else {
            Self::absent(NotScored::NothingHere)
        }
    }

    /// No value, and why.
    pub fn absent(why: NotScored) -> Self {
        Self { value: None, quality: Quality::Assumed, sample: 0.0, flag: None, absent: Some(why) }
    }

    /// With a doubt to show beside it.
    pub fn flagged(mut self, flag: &'static str) -> Self {
        self.flag = Some(flag);
        self
    }
}

/// A friction of 0 to 1 as people are told it: a whole number of 0 to 100.
pub fn score_of_100(friction: f64) -> u32 {
    (friction.clamp(0.0, 1.0) * 100.0).round() as u32
}

/// Friction of a value by its goalposts: 0 at `good`, 1 at `bad`, linear between, clamped.
pub fn friction_of(value: f64, good: f64, bad: f64) -> f64 {
    ((value - good) / (bad - good)).clamp(0.0, 1.0)
}

/// Total friction of scored dimensions with their weights, geometric over the ease scores; `None` without weight.
pub fn geometric_friction(weighted: &[(f64, f64)]) -> Option<f64> {
    let whole: f64 = weighted.iter().map(|(_, weight)| weight).sum();
    let ease = |&(n, weight): &(f64, f64)| (1.0 - n).max(EASE_FLOOR).powf(weight / whole);
    (whole > 0.0).then(|| 1.0 - weighted.iter().map(ease).product::<f64>())
}

/// Total friction of scored dimensions with their weights, linear; `None` without weight.
pub fn linear_friction(weighted: &[(f64, f64)]) -> Option<f64> {
    weighted_mean(weighted)
}

/// Scores an area: `measured` gives each indicator's value there.
pub fn score_area(profile: &ScoringProfile, measured: impl Fn(Indicator) -> Measured) -> AreaScore {
    let dimensions: Vec<DimensionScore> =
        Dimension::ALL.into_iter().map(|dimension| score_dimension(dimension, profile, &measured)).collect();
    let weighted: Vec<(f64, f64)> =
        dimensions.iter().filter_map(|own| Some((own.friction?, profile.dimension_weight(own.dimension)))).collect();
    let enough = weighted.iter().filter(|(_, weight)| *weight > 0.0).count() >= LEAST_DIMENSIONS;
    let friction = geometric_friction(&weighted).filter(|_| enough);
    let at_most = geometric_friction(&at_worst(&dimensions, profile)).filter(|_| enough);
    // A dimension none of whose indicators counts is not to be known.
    let counts = |dimension: Dimension| {
        let own = DEFINITIONS.iter().filter(|definition| definition.dimension == dimension);
        own.map(|definition| profile.goalposts(definition.indicator).2).any(|weight| weight > 0.0)
    };
    let coverages: Vec<(f64, f64)> = dimensions
        .iter()
        .filter(|own| counts(own.dimension))
        .map(|own| (own.coverage, profile.dimension_weight(own.dimension)))
        .collect();
    AreaScore {
        friction,
        friction_linear: linear_friction(&weighted).filter(|_| enough),
        interval: None,
        interval_of_data: None,
        // What is too little known for a score may look better than the others.
        friction_at_most: at_most.zip(friction).map(|(at_most, friction)| at_most.max(friction)),
        coverage: weighted_mean(&coverages).unwrap_or(0.0),
        dimensions,
    }
}

/// Dimensions with their weights, all that could be known and is not at its worst: there an input less never makes a town look
/// better. Where there is nothing to measure, nothing is hidden.
fn at_worst(dimensions: &[DimensionScore], profile: &ScoringProfile) -> Vec<(f64, f64)> {
    let worst = |dimension: &DimensionScore| {
        let frictions: Vec<(f64, f64)> = dimension
            .indicators
            .iter()
            .filter(|own| own.friction.is_some() || own.absent != Some(NotScored::NothingHere))
            .map(|own| (own.friction.unwrap_or(1.0), profile.goalposts(own.indicator).2))
            .collect();
        weighted_mean(&frictions).map(|friction| (friction, profile.dimension_weight(dimension.dimension)))
    };
    dimensions.iter().filter_map(worst).collect()
}

/// Whether a dimension whose indicators are known that well is scored; `None` for an indicator without a value.
pub fn has_coverage(qualities: &[Option<Quality>]) -> bool {
    let known: f64 = qualities.iter().flatten().map(|quality| quality.weight()).sum();
    known > 0.0 && known / qualities.len() as f64 >= LEAST_COVERAGE
}

fn score_dimension(
    dimension: Dimension,
    profile: &ScoringProfile,
    measured: &impl Fn(Indicator) -> Measured,
) -> DimensionScore {
    let mut indicators = Vec::new();
    let mut absent = Vec::new();
    let (mut sum, mut known, mut coverage, mut total) = (0.0, 0.0, 0.0, 0.0);
    for definition in DEFINITIONS.iter().filter(|d| d.dimension == dimension) {
        let found = measured(definition.indicator);
        let (good, bad, weight) = profile.goalposts(definition.indicator);
        total += weight;
        let friction = found.value.map(|value| friction_of(value, good, bad));
        if let Some(friction) = friction {
            sum += weight * friction;
            known += weight;
            coverage += weight * found.quality.weight();
        }
        absent.extend(found.absent);
        let why_absent = found.absent;
        indicators.push(IndicatorValue {
            indicator: definition.indicator,
            unit: definition.unit,
            value: found.value,
            friction,
            quality: found.value.map(|_| found.quality),
            sample: found.sample,
            flag: found.flag.map(str::to_owned),
            absent: why_absent.filter(|_| found.value.is_none()),
        });
    }
    let coverage = if total > 0.0 { coverage / total } else { 0.0 };
    // An area where an indicator has nothing to measure is not to blame for missing data.
    let not_scored = if known == 0.0 {
        let why =
            if absent.contains(&NotScored::MissingInput) { NotScored::MissingInput } else { NotScored::NothingHere };
        Some(why)
    } else if coverage < LEAST_COVERAGE {
        Some(NotScored::LowCoverage)
    } else {
        None
    };
    let friction = not_scored.is_none().then(|| sum / known);
    DimensionScore { dimension, friction, interval: None, coverage, not_scored, indicators }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-4 * expected.abs(), "{found} is not {expected}");
    }

    #[test]
    fn geometric_and_linear_totals_of_methods_9() {
        let equal = |frictions: [f64; 3]| frictions.map(|friction| (friction, 1.0));
        assert_near(geometric_friction(&equal([0.8, 0.5, 0.2])).expect("some"), 0.569113);
        assert_near(linear_friction(&equal([0.8, 0.5, 0.2])).expect("some"), 0.5);
        assert_near(1.0 - geometric_friction(&equal([0.1, 0.1, 0.9])).expect("some"), 0.432675);
        assert_near(1.0 - linear_friction(&equal([0.1, 0.1, 0.9])).expect("some"), 0.633333);
        assert_near(linear_friction(&[(0.8, 3.0), (0.2, 1.0)]).expect("some"), 0.65);
        assert_near(1.0 - geometric_friction(&[(0.75, 0.5), (0.0, 0.5)]).expect("some"), 0.5);
        assert_eq!(geometric_friction(&[(0.8, 0.0)]), None);
        assert_eq!(geometric_friction(&[]), None);
    }

    #[test]
    fn goalposts_work_in_both_directions() {
        assert!((friction_of(0.125, 0.05, 0.20) - 0.5).abs() < 1e-12);
        assert!((friction_of(0.45, 0.60, 0.30) - 0.5).abs() < 1e-12);
        assert_eq!(friction_of(99.0, 0.0, 1.0), 1.0);
        assert_eq!(friction_of(-99.0, 0.0, 1.0), 0.0);
    }

    #[test]
    fn missing_is_never_neutral() {
        let area = score_area(&ScoringProfile::default(), |indicator| match indicator {
            Indicator::VacancyShare => Measured::new(0.125, Quality::Observed, 40.0),
            // One of three parking indicators, inferred: coverage 1/6, below one half.
            Indicator::FullHoursShare => Measured::new(0.5, Quality::Inferred, 10.0),
            _ => Measured::absent(NotScored::MissingInput),
        });
        let of = |d: Dimension| area.dimensions.iter().find(|s| s.dimension == d).expect("all are there").clone();
        let settle = of(Dimension::Settle).friction.expect("observed");
        assert!((settle - 0.5).abs() < 1e-12);
        assert_eq!(of(Dimension::Park).friction, None);
        assert_eq!(of(Dimension::Park).not_scored, Some(NotScored::LowCoverage));
        assert_eq!(of(Dimension::Serve).not_scored, Some(NotScored::MissingInput));
        assert_eq!(area.friction, None, "one scored dimension makes no total");
    }

    #[test]
    fn dropping_an_indicator_lowers_coverage() {
        let both = score_area(&ScoringProfile::default(), |_| Measured::new(0.5, Quality::Observed, 1.0));
        let one = score_area(&ScoringProfile::default(), |indicator| match indicator {
            Indicator::CarryDistance => Measured::absent(NotScored::MissingInput),
            _ => Measured::new(0.5, Quality::Observed, 1.0),
        });
        assert!(one.dimensions[10].coverage < both.dimensions[10].coverage);
    }
}
