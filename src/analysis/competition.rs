//! Access where people compete for what there is: floating catchments and spatial availability, as one ratio (methods §4.2).
//!
//! In: people, supply, the minutes between them, a weight of minutes. Out: supply per head. Each supply is shared out among
//! the people who have it within reach, by their weights, so that what all have together is all that anyone reaches.
//!
//! # References
//! W. Luo, F. Wang 2003 (2SFCA), doi:10.1068/b29120 · W. Luo, Y. Qi 2009 (E2SFCA), doi:10.1016/j.healthplace.2009.06.002 ·
//! N. Wan, B. Zou, T. Sternberg 2012 (3SFCA), doi:10.1080/13658816.2011.624987 · A. Soukhov et al. 2023 (spatial
//! availability), doi:10.1371/journal.pone.0278468.

/// A way from people to supply.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// The place of the people among all demand.
    pub demand: usize,
    /// The place of the supply among all supply.
    pub supply: usize,
    /// Travel time in minutes, 0 upwards.
    pub minutes: f64,
}

/// How people divide themselves among the supply they have within reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// Everyone is a customer of everything in reach (2SFCA, E2SFCA, spatial availability).
    #[default]
    Everything,
    /// By the share of a weight among all weights of the same people (3SFCA).
    ByShare,
}

/// Supply per head where people compete.
#[derive(Clone, Debug, PartialEq)]
pub struct Competition {
    /// Per supply how much of it there is per weighted head; `None` where nobody has it within reach.
    pub ratios: Vec<Option<f64>>,
    /// Per demand the supply that falls to each head.
    pub per_head: Vec<f64>,
    /// Supply that nobody has within reach.
    pub lost_supply: f64,
}

impl Competition {
    /// What falls to all people of a place together: its spatial availability.
    pub fn available(&self, demand: &[f64]) -> Vec<f64> {
        self.per_head.iter().zip(demand).map(|(per_head, people)| per_head * people).collect()
    }
}

/// Shares supply out among the people who reach it. `demand` and `supply` are 0 or more, weights too; ways between places
/// that are not there are left out. With a weight of 1 up to a cutoff this is 2SFCA, with the steps of
/// [`StepTable::ENHANCED`](super::access::StepTable::ENHANCED) E2SFCA, with
/// any decay spatial availability per head.
pub fn measure_competition(
    (demand, supply): (&[f64], &[f64]),
    ways: &[Way],
    weight: impl Fn(f64) -> f64,
    choice: Choice,
) -> Competition {
    let known = ways.iter().filter(|way| way.demand < demand.len() && way.supply < supply.len());
    let weighted: Vec<(&Way, f64)> =
        known.map(|way| (way, weight(way.minutes))).filter(|(_, weight)| *weight > 0.0).collect();
    let mut all_weights = vec![0.0; demand.len()];
    for (way, weight) in &weighted {
        all_weights[way.demand] += weight;
    }
    let pull = |(way, weight): &(&Way, f64)| match choice {
        Choice::Everything => *weight,
        Choice::ByShare => weight * weight / all_weights[way.demand],
    };
    let mut heads = vec![0.0; supply.len()];
    for way in &weighted {
        heads[way.0.supply] += demand[way.0.demand] * pull(way);
    }
    let ratio = |(supply, heads): (&f64, &f64)| (*heads > 0.0).then(|| supply / heads);
    let ratios: Vec<Option<f64>> = supply.iter().zip(&heads).map(ratio).collect();
    let mut per_head = vec![0.0; demand.len()];
    for way in &weighted {
        per_head[way.0.demand] += ratios[way.0.supply].map_or(0.0, |ratio| ratio * pull(way));
    }
    let lost_supply = supply.iter().zip(&ratios).filter(|(_, ratio)| ratio.is_none()).map(|(supply, _)| supply).sum();
    Competition { ratios, per_head, lost_supply }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::access::{Decay, StepTable};

    const PEOPLE: [f64; 2] = [100.0, 50.0];
    const SUPPLY: [f64; 2] = [10.0, 20.0];

    fn ways() -> Vec<Way> {
        let times = [(0, 0, 5.0), (1, 0, 15.0), (0, 1, 25.0), (1, 1, 5.0)];
        times.map(|(demand, supply, minutes)| Way { demand, supply, minutes }).to_vec()
    }

    fn within_20(minutes: f64) -> f64 {
        f64::from(u8::from(minutes <= 20.0))
    }

    fn enhanced_weight(minutes: f64) -> f64 {
        Decay::Steps(StepTable::ENHANCED).weight(minutes)
    }

    fn assert_near(found: &[f64], expected: [f64; 2]) {
        let near = |(found, expected): (&f64, &f64)| (found - expected).abs() < 1e-6;
        assert!(found.len() == 2 && found.iter().zip(&expected).all(near), "{found:?} is not {expected:?}");
    }

    /// Methods §4.2.
    #[test]
    fn worked_examples_of_competition() {
        let measure =
            |weight: &dyn Fn(f64) -> f64, choice| measure_competition((&PEOPLE, &SUPPLY), &ways(), weight, choice);
        let ratios =
            |found: &Competition| found.ratios.iter().map(|ratio| ratio.expect("in reach")).collect::<Vec<f64>>();
        let two_steps = measure(&within_20, Choice::Everything);
        assert_near(&ratios(&two_steps), [0.066667, 0.4]);
        assert_near(&two_steps.per_head, [0.066667, 0.466667]);
        let enhanced = measure(&enhanced_weight, Choice::Everything);
        assert_near(&ratios(&enhanced), [0.074627, 0.277778]);
        assert_near(&enhanced.per_head, [0.135738, 0.328524]);
        assert_near(&measure(&enhanced_weight, Choice::ByShare).per_head, [0.109148, 0.381704]);
        let available = measure(&|minutes| (-0.1 * minutes).exp(), Choice::Everything);
        assert_near(&available.per_head, [0.127067, 0.345867]);
        assert_near(&available.available(&PEOPLE), [12.706655, 17.293345]);
    }

    #[test]
    fn supply_that_nobody_reaches_is_told() {
        let found = measure_competition((&PEOPLE, &[10.0, 20.0, 7.0]), &ways(), |_| 0.0, Choice::ByShare);
        assert_eq!((found.lost_supply, found.ratios, found.per_head), (37.0, vec![None; 3], vec![0.0; 2]));
        // Where nobody lives there are no heads.
        let found = measure_competition((&[0.0, 50.0], &SUPPLY), &ways()[..1], within_20, Choice::Everything);
        assert_eq!((found.lost_supply, found.ratios[0]), (30.0, None));
    }

    proptest! {
        /// Σ people · access = Σ supply that is reached.
        #[test]
        fn all_that_is_reached_is_shared_out(
            people in proptest::collection::vec(0.0..500.0f64, 1..8),
            supply in proptest::collection::vec(0.0..90.0f64, 1..8),
            times in proptest::collection::vec((0..9_usize, 0..9_usize, 0.0..40.0f64), 0..40),
            by_share in any::<bool>(),
        ) {
            let mut ways: Vec<Way> = times.iter().map(|&(demand, supply, minutes)| Way { demand, supply, minutes }).collect();
            ways.sort_by_key(|way| (way.demand, way.supply));
            ways.dedup_by_key(|way| (way.demand, way.supply));
            let choice = if by_share { Choice::ByShare } else { Choice::Everything };
            let found = measure_competition((&people, &supply), &ways, enhanced_weight, choice);
            let shared: f64 = found.available(&people).iter().sum();
            let all: f64 = supply.iter().sum();
            prop_assert!((shared + found.lost_supply - all).abs() <= 1e-9 * (1.0 + all), "{shared} of {all}");
        }
    }
}
