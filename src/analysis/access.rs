//! Accessibility: cumulative, gravity with its decays, dual (methods §4.1).
//!
//! Inputs are opportunities with travel times in minutes; the boundary of a cutoff counts as reached.
//!
//! # References
//! Hansen 1959; Conway, Byrd & van Eggermond 2018; R5 for the logistic form.

use crate::base::units::TravelTime;

/// An opportunity as an origin sees it: how much of it, and how many minutes away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opportunity {
    /// How much there is (shops, jobs, square metres), 0 upwards.
    pub amount: f64,
    /// Travel time in minutes, 0 upwards; infinite where it is not reached.
    pub minutes: f64,
}

/// Travel time in minutes → weight 0 to 1, never rising.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Decay {
    /// `exp(-rate t)`.
    Exponential {
        /// Per minute.
        rate: f64,
    },
    /// `exp(-t² / (2 sigma²))`.
    Gaussian {
        /// Minutes.
        sigma: f64,
    },
    /// `max(0, 1 - t/cutoff)`.
    Linear {
        /// Minutes.
        cutoff: f64,
    },
    /// `1 / (1 + (t/median)^steepness)`.
    LogLogistic {
        /// Minutes at which half counts.
        median: f64,
        /// How sharp the fall is.
        steepness: f64,
    },
    /// `g(0)/g(t)`, `g(t) = 1 + exp((t - mean) pi / (sd sqrt 3))`, as in R5.
    Logistic {
        /// Minutes.
        mean: f64,
        /// Minutes.
        deviation: f64,
    },
    /// `max(t, floor)^-exponent`.
    Power {
        /// How sharp the fall is.
        exponent: f64,
        /// Shorter times count as this, minutes, 1 upwards.
        floor: f64,
    },
    /// `2^(-t/half_life)`.
    HalfLife {
        /// Minutes.
        half_life: f64,
    },
    /// 1 up to a cutoff, boundary included, 0 beyond: cumulative access.
    Within {
        /// Minutes.
        cutoff: f64,
    },
    /// A weight within each of growing limits.
    Steps(StepTable),
}

/// Most steps of a table.
const MOST_STEPS: usize = 8;

/// Weights within growing limits, boundaries included, and 0 beyond the last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepTable {
    /// Limits in minutes with their weights; those that are not used are infinite.
    steps: [(f64, f64); MOST_STEPS],
}

impl StepTable {
    /// The weights of E2SFCA: 1, 0.68 and 0.22 within 10, 20 and 30 min (Luo & Qi 2009).
    pub const ENHANCED: Self = {
        let mut steps = [(f64::INFINITY, 0.0); MOST_STEPS];
        (steps[0], steps[1], steps[2]) = ((10.0, 1.0), (20.0, 0.68), (30.0, 0.22));
        Self { steps }
    };

    /// A table of limits in minutes and weights from 0 to 1: limits grow, weights do not, and there are 1 to 8. `None` where
    /// they are otherwise.
    pub fn new(steps: &[(f64, f64)]) -> Option<Self> {
        let grows = |pair: &[(f64, f64)]| pair[0].0 < pair[1].0 && pair[0].1 >= pair[1].1;
        let is_weight =
            |&(limit, weight): &(f64, f64)| limit.is_finite() && limit >= 0.0 && (0.0..=1.0).contains(&weight);
        let is_table =
            (1..=MOST_STEPS).contains(&steps.len()) && steps.iter().all(is_weight) && steps.windows(2).all(grows);
        is_table.then(|| {
            let mut table = [(f64::INFINITY, 0.0); MOST_STEPS];
            table[..steps.len()].copy_from_slice(steps);
            Self { steps: table }
        })
    }

    /// The weight within the first limit that is not passed.
    fn weight(&self, minutes: f64) -> f64 {
        self.steps.iter().find(|(limit, _)| minutes <= *limit).map_or(0.0, |(_, weight)| *weight)
    }
}

impl Decay {
    /// The weight of something `minutes` away, 0 to 1; 0 where it is not reached.
    pub fn weight(self, minutes: f64) -> f64 {
        if minutes == f64::INFINITY {
            return 0.0;
        }
        match self {
            Self::Exponential { rate } => (-rate * minutes).exp(),
            Self::Gaussian { sigma } => (-minutes * minutes / (2.0 * sigma * sigma)).exp(),
            Self::Linear { cutoff } => (1.0 - minutes / cutoff).max(0.0),
            Self::LogLogistic { median, steepness } => 1.0 / (1.0 + (minutes / median).powf(steepness)),
            Self::Logistic { mean, deviation } => {
                let g = |t: f64| 1.0 + ((t - mean) * std::f64::consts::PI / (deviation * 3f64.sqrt())).exp();
                g(0.0) / g(minutes)
            }
            Self::Power { exponent, floor } => minutes.max(floor).powf(-exponent),
            Self::HalfLife { half_life } => (-minutes / half_life).exp2(),
            Self::Within { cutoff } => f64::from(u8::from(minutes <= cutoff)),
            Self::Steps(table) => table.weight(minutes),
        }
    }
}

/// Cumulative access: how much is reached within the cutoff, boundary included.
pub fn measure_cumulative(opportunities: &[Opportunity], cutoff_min: f64) -> f64 {
    opportunities.iter().filter(|o| o.minutes <= cutoff_min).map(|o| o.amount).sum()
}

/// Gravity access: how much is reached, weighted by a decay.
pub fn measure_gravity(opportunities: &[Opportunity], decay: Decay) -> f64 {
    opportunities.iter().map(|o| o.amount * decay.weight(o.minutes)).sum()
}

/// Dual access: minutes until `amount` is within reach; `None` where it never is.
pub fn measure_dual(opportunities: &[Opportunity], amount: f64) -> Option<f64> {
    let mut sorted: Vec<&Opportunity> = opportunities.iter().filter(|o| o.minutes.is_finite()).collect();
    sorted.sort_by(|a, b| a.minutes.total_cmp(&b.minutes));
    let mut reached = 0.0;
    sorted.into_iter().find_map(|o| {
        reached += o.amount;
        (reached >= amount).then_some(o.minutes)
    })
}

/// What an origin has of a kind of opportunity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KindAccess {
    /// How much within each cutoff, boundary included.
    pub within: Vec<f64>,
    /// The time to the nearest; `None` where none is reached.
    pub nearest: Option<TravelTime>,
}

/// What an origin has of each kind, from its times to opportunities and their kinds and amounts, both in the same order.
/// Opportunities that are not reached count nowhere.
pub fn access_by_kind(
    times: impl Iterator<Item = Option<TravelTime>>,
    opportunities: &[(usize, f64)],
    kinds: usize,
    cutoffs: &[TravelTime],
) -> Vec<KindAccess> {
    let mut access = vec![KindAccess { within: vec![0.0; cutoffs.len()], nearest: None }; kinds];
    for (time, &(kind, amount)) in times.zip(opportunities) {
        let Some(time) = time else { continue };
        let KindAccess { within, nearest } = &mut access[kind];
        for (&cutoff, sum) in cutoffs.iter().zip(within) {
            *sum += if time <= cutoff { amount } else { 0.0 };
        }
        *nearest = Some(nearest.map_or(time, |known| known.min(time)));
    }
    access
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked example of the methods: 100, 200, 300 at 5, 10, 20 min; within 15 min 300.
    #[test]
    fn amounts_within_each_cutoff_by_kind() {
        let times = [5, 10, 20, 15].map(|minutes| Some(TravelTime::from_minutes(minutes)));
        let opportunities = [(0, 100.0), (0, 200.0), (0, 300.0), (1, 7.0), (1, 1.0)];
        let cutoffs = [15, 5].map(TravelTime::from_minutes);
        let found = access_by_kind(times.into_iter().chain([None]), &opportunities, 3, &cutoffs);
        let nearest = [5, 15].map(|minutes| Some(TravelTime::from_minutes(minutes)));
        assert_eq!(found[0], KindAccess { within: vec![300.0, 100.0], nearest: nearest[0] });
        assert_eq!(found[1], KindAccess { within: vec![7.0, 0.0], nearest: nearest[1] });
        assert_eq!(found[2], KindAccess { within: vec![0.0; 2], nearest: None });
    }
    use proptest::prelude::*;

    fn example() -> [Opportunity; 3] {
        [(100.0, 5.0), (200.0, 10.0), (300.0, 20.0)].map(|(amount, minutes)| Opportunity { amount, minutes })
    }

    fn assert_near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-4 * expected.abs(), "{found} is not {expected}");
    }

    /// Methods §4.1: O = 100, 200, 300 at 5, 10, 20 min.
    #[test]
    fn worked_examples_of_access() {
        assert_eq!(measure_cumulative(&example(), 15.0), 300.0);
        assert_eq!(measure_cumulative(&example(), 20.0), 600.0, "the boundary counts");
        assert_near(measure_gravity(&example(), Decay::Exponential { rate: 0.1 }), 174.8295);
        assert_near(measure_gravity(&example(), Decay::Gaussian { sigma: 10.0 }), 250.1564);
        assert_near(measure_gravity(&example(), Decay::Linear { cutoff: 30.0 }), 316.6667);
        assert_near(measure_gravity(&example(), Decay::LogLogistic { median: 10.0, steepness: 3.0 }), 222.2222);
        assert_near(measure_gravity(&example(), Decay::Power { exponent: 2.0, floor: 1.0 }), 6.75);
        let logistic = Decay::Logistic { mean: 30.0, deviation: 10.0 };
        for (t, expected) in [(15.0, 0.942303), (30.0, 0.502167), (45.0, 0.062031)] {
            assert!((logistic.weight(t) - expected).abs() < 1e-6, "{t}");
        }
        assert!((logistic.weight(60.0) - 0.004333).abs() < 1e-6);
        assert_eq!(Decay::HalfLife { half_life: 10.0 }.weight(20.0), 0.25);
    }

    #[test]
    fn boundaries_of_steps_are_within() {
        let weights = [0.0, 10.0, 10.01, 20.0, 20.01, 30.0, 30.01, f64::INFINITY]
            .map(|t| Decay::Steps(StepTable::ENHANCED).weight(t));
        assert_eq!(weights, [1.0, 1.0, 0.68, 0.68, 0.22, 0.22, 0.0, 0.0]);
        assert_eq!([15.0, 15.1].map(|t| Decay::Within { cutoff: 15.0 }.weight(t)), [1.0, 0.0]);
        assert_eq!(StepTable::new(&[(10.0, 1.0), (20.0, 0.68), (30.0, 0.22)]), Some(StepTable::ENHANCED));
        let wrong: [&[(f64, f64)]; 5] =
            [&[], &[(9.0, 1.1)], &[(9.0, 0.5), (9.0, 0.2)], &[(5.0, 0.2), (9.0, 0.5)], &[(f64::NAN, 0.2)]];
        assert!(wrong.into_iter().all(|steps| StepTable::new(steps).is_none()));
        assert!(StepTable::new(&[(1.0, 0.5); 9]).is_none());
    }

    #[test]
    fn dual_access_is_absent_where_too_little_is_reached() {
        assert_eq!(measure_dual(&example(), 150.0), Some(10.0));
        assert_eq!(measure_dual(&example(), 601.0), None);
        assert_eq!(measure_dual(&[Opportunity { amount: 9.0, minutes: f64::INFINITY }], 1.0), None);
    }

    proptest! {
        #[test]
        fn access_never_falls_as_the_cutoff_grows(times in proptest::collection::vec(0.0..90.0f64, 0..30), a in 0.0..90.0f64, b in 0.0..90.0f64) {
            let opportunities: Vec<Opportunity> = times.iter().map(|&minutes| Opportunity { amount: 1.0, minutes }).collect();
            let (low, high) = (a.min(b), a.max(b));
            prop_assert!(measure_cumulative(&opportunities, low) <= measure_cumulative(&opportunities, high));
            for decay in [Decay::Exponential { rate: 0.1 }, Decay::Gaussian { sigma: 9.0 }, Decay::Linear { cutoff: 30.0 },
                Decay::LogLogistic { median: 10.0, steepness: 3.0 }, Decay::Logistic { mean: 30.0, deviation: 10.0 }, Decay::HalfLife { half_life: 5.0 },
                Decay::Power { exponent: 1.5, floor: 1.0 }, Decay::Within { cutoff: 20.0 }, Decay::Steps(StepTable::ENHANCED)] {
                prop_assert!(decay.weight(high) <= decay.weight(low));
                prop_assert!((0.0..=1.0).contains(&decay.weight(a)));
            }
        }
    }
}
