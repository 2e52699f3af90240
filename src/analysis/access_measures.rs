//! Access from ways that are known: each measure for all places at once (methods §4.1, §4.2).
//!
//! In: ways between people and what others offer, how many and how much there is. Out: a number per place of people, `None`
//! where it has none: nothing is reached in any time. To see it from the other side (who reaches a shop), turn the ways.

use super::access::{Decay, Opportunity, measure_dual, measure_gravity};
use super::competition::{Choice, Way, measure_competition};

/// A measure of access.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AccessMeasure {
    /// How much is offered, each weighted by a decay: cumulative and gravity access.
    Weighted(Decay),
    /// Minutes to the nearest that offers something, the second nearest, …; from 1.
    Nearest(usize),
    /// Minutes until so much is within reach.
    Until(f64),
    /// What falls to each head where people compete: floating catchments.
    PerHead(Decay, Choice),
    /// What falls to a place where people compete: spatial availability.
    Available(Decay),
}

impl AccessMeasure {
    /// Whether it tells minutes, of which fewer are better.
    pub fn is_time(&self) -> bool {
        matches!(self, Self::Nearest(_) | Self::Until(_))
    }

    /// Whether it knows how many people there are.
    pub fn needs_people(&self) -> bool {
        matches!(self, Self::PerHead(..) | Self::Available(_))
    }
}

/// What a measure says.
#[derive(Clone, Debug, PartialEq)]
pub struct Accessed {
    /// Per place of people.
    pub values: Vec<Option<f64>>,
    /// What is offered that nobody reaches, where people compete; else 0.
    pub lost_supply: f64,
}

/// Measures the access of all places. `ways` stand in the order of the places of demand; `demand` and `supply` are 0 or more.
pub fn measure_access(measure: AccessMeasure, (demand, supply): (&[f64], &[f64]), ways: &[Way]) -> Accessed {
    let by_place = |value: &dyn Fn(&[Opportunity]) -> Option<f64>| {
        let mut rest = ways;
        let mut reached: Vec<Opportunity> = Vec::new();
        let values = (0..demand.len()).map(|place| {
            let (own, others) = rest.split_at(rest.partition_point(|way| way.demand <= place));
            rest = others;
            reached.clear();
            let offered = own.iter().filter_map(|way| Some((supply.get(way.supply)?, way.minutes)));
            reached.extend(
                offered.filter(|(amount, _)| **amount > 0.0).map(|(&amount, minutes)| Opportunity { amount, minutes }),
            );
            value(&reached)
        });
        Accessed { values: values.collect(), lost_supply: 0.0 }
    };
    match measure {
        AccessMeasure::Weighted(decay) => by_place(&|reached| Some(measure_gravity(reached, decay))),
        AccessMeasure::Nearest(which) => by_place(&|reached| nearest(reached, which)),
        AccessMeasure::Until(amount) => by_place(&|reached| measure_dual(reached, amount)),
        AccessMeasure::PerHead(decay, choice) => {
            let found = measure_competition((demand, supply), ways, |minutes| decay.weight(minutes), choice);
            Accessed { lost_supply: found.lost_supply, values: found.per_head.into_iter().map(Some).collect() }
        }
        AccessMeasure::Available(decay) => {
            let weight = |minutes| decay.weight(minutes);
            let found = measure_competition((demand, supply), ways, weight, Choice::Everything);
            Accessed { lost_supply: found.lost_supply, values: found.available(demand).into_iter().map(Some).collect() }
        }
    }
}

/// Minutes to the nearest, the second nearest, …; from 1.
fn nearest(reached: &[Opportunity], which: usize) -> Option<f64> {
    let mut minutes: Vec<f64> = reached.iter().map(|offer| offer.minutes).collect();
    let place = which.checked_sub(1).filter(|&place| place < minutes.len())?;
    let (_, &mut found, _) = minutes.select_nth_unstable_by(place, f64::total_cmp);
    Some(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::access::StepTable;

    fn way(demand: usize, supply: usize, minutes: f64) -> Way {
        Way { demand, supply, minutes }
    }

    /// Methods §4.1 for the first place (100, 200, 300 at 5, 10, 20 min), one that reaches the third alone, one that reaches
    /// nothing.
    #[test]
    fn each_measure_by_place() {
        let ways = [way(0, 0, 5.0), way(0, 1, 10.0), way(0, 2, 20.0), way(0, 3, 1.0), way(1, 2, 15.0)];
        let supply = [100.0, 200.0, 300.0, 0.0];
        let of = |measure| measure_access(measure, (&[1.0; 3], &supply), &ways).values;
        assert_eq!(of(AccessMeasure::Weighted(Decay::Within { cutoff: 15.0 })), [Some(300.0), Some(300.0), Some(0.0)]);
        let steps = Decay::Steps(StepTable::ENHANCED);
        assert_eq!(of(AccessMeasure::Weighted(steps)), [Some(300.0 + 0.68 * 300.0), Some(0.68 * 300.0), Some(0.0)]);
        // What offers nothing is not the nearest.
        assert_eq!(of(AccessMeasure::Nearest(1)), [Some(5.0), Some(15.0), None]);
        assert_eq!(of(AccessMeasure::Nearest(3)), [Some(20.0), None, None]);
        assert_eq!(of(AccessMeasure::Nearest(0)), [None; 3]);
        assert_eq!(of(AccessMeasure::Until(150.0)), [Some(10.0), Some(15.0), None]);
    }

    /// Methods §4.2.
    #[test]
    fn measures_of_competition_by_place() {
        let ways = [way(0, 0, 5.0), way(0, 1, 25.0), way(1, 0, 15.0), way(1, 1, 5.0)];
        let of = |measure| measure_access(measure, (&[100.0, 50.0], &[10.0, 20.0]), &ways).values;
        let near = |found: Vec<Option<f64>>, expected: [f64; 2]| {
            let both = found.iter().zip(expected);
            assert!(both.clone().all(|(a, b)| (a.expect("a number") - b).abs() < 1e-6), "{found:?}");
        };
        near(of(AccessMeasure::PerHead(Decay::Within { cutoff: 20.0 }, Choice::Everything)), [0.066667, 0.466667]);
        near(of(AccessMeasure::PerHead(Decay::Steps(StepTable::ENHANCED), Choice::ByShare)), [0.109148, 0.381704]);
        near(of(AccessMeasure::Available(Decay::Exponential { rate: 0.1 })), [12.706655, 17.293345]);
    }

    proptest! {
        /// Until everything is in reach it takes as long as to the farthest, and every k-th nearest is within that.
        #[test]
        fn nearest_and_until_agree(times in proptest::collection::vec(0.0..60.0f64, 1..20)) {
            let ways: Vec<Way> = times.iter().enumerate().map(|(at, &minutes)| way(0, at, minutes)).collect();
            let supply = vec![1.0; times.len()];
            let of = |measure| measure_access(measure, (&[1.0], &supply), &ways).values[0];
            for k in 1..=times.len() {
                prop_assert_eq!(of(AccessMeasure::Nearest(k)), of(AccessMeasure::Until(k as f64)));
            }
            prop_assert_eq!(of(AccessMeasure::Nearest(times.len())), times.iter().copied().reduce(f64::max));
        }
    }
}
