//! Where drivers park, and what it costs them: generalised minutes, the choice among places, those that are turned away
//! (methods §8.2, §8.3).
//!
//! # References
//! Axhausen and Polak 1991 (weights of the parts of a parking trip); Ben-Akiva and Lerman 1985 (logsum).

use crate::analysis::parking::erlang_b;

/// What the parts of a stay weigh.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParkingValues {
    /// A minute on foot, in minutes by car (Axhausen and Polak 1991).
    pub walk_weight: f64,
    /// What an hour is worth, in euros.
    pub value_of_time_per_h: f64,
    /// Minutes that it costs to have to leave before the shopping is done (default).
    pub limit_penalty_min: f64,
    /// How sharply the cheaper place is chosen, per minute (methods §8.3).
    pub scale_per_min: f64,
}

impl Default for ParkingValues {
    fn default() -> Self {
        Self { walk_weight: 2.0, value_of_time_per_h: 10.0, limit_penalty_min: 10.0, scale_per_min: 0.1 }
    }
}

/// The parts of a stay at a place to park.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ParkingStay {
    /// The way there by car, minutes.
    pub drive_min: f64,
    /// The search for a free bay, minutes.
    pub search_min: f64,
    /// The walk from there, one way, minutes.
    pub walk_min: f64,
    /// What is paid for the stay, euros.
    pub price: f64,
    /// Whether one has to leave before the stay is over.
    pub is_cut_short: bool,
}

impl ParkingStay {
    /// Generalised minutes: `drive + search + weight × walk + price / value of time + penalty`.
    pub fn generalised_min(&self, values: &ParkingValues) -> f64 {
        let penalty = if self.is_cut_short { values.limit_penalty_min } else { 0.0 };
        let paid = self.price / values.value_of_time_per_h * 60.0;
        self.drive_min + self.search_min + values.walk_weight * self.walk_min + paid + penalty
    }
}

/// Shares of drivers that choose each place, `K exp(-mu GC)` over the sum; costs are in minutes. Empty where no place has a
/// bay.
pub fn choice_shares(places: &[(f64, f64)], scale_per_min: f64) -> Vec<f64> {
    // Beside the cheapest, so that nothing underflows.
    let least = places.iter().map(|(cost, _)| *cost).fold(f64::INFINITY, f64::min);
    let weights: Vec<f64> = places.iter().map(|(cost, bays)| bays * (-scale_per_min * (cost - least)).exp()).collect();
    let whole: f64 = weights.iter().sum();
    if whole > 0.0 { weights.into_iter().map(|weight| weight / whole).collect() } else { Vec::new() }
}

/// What parking costs where drivers have the choice: `-1/mu ln sum K exp(-mu GC)` over places of (minutes, bays), in minutes.
/// More places and more bays make it less, below zero where there are many. `None` without a bay.
pub fn parking_index(places: &[(f64, f64)], scale_per_min: f64) -> Option<f64> {
    let with_bays = places.iter().filter(|(cost, bays)| *bays > 0.0 && cost.is_finite());
    let least = with_bays.clone().map(|(cost, _)| *cost).fold(f64::INFINITY, f64::min);
    let sum: f64 = with_bays.map(|(cost, bays)| bays * (-scale_per_min * (cost - least)).exp()).sum();
    (sum > 0.0).then(|| least - sum.ln() / scale_per_min)
}

/// A place among which drivers choose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParkingPlace {
    /// Generalised minutes over it.
    pub cost_min: f64,
    /// Bays.
    pub bays: f64,
    /// Share of those who come that find it full, 0 to 1.
    pub blocked: f64,
    /// Minutes lost there by those who find it full.
    pub turned_away_min: f64,
}

/// Share of those who come to bays that find them full, where such a share of them is in use (Erlang B).
pub fn blocked_share(bays: f64, occupancy: f64) -> f64 {
    // More bays than this are never full by chance.
    let bays = bays.round().clamp(0.0, 10_000.0);
    erlang_b(occupancy.max(0.0) * bays, bays as u32)
}

/// Minutes that parking costs in the mean: drivers choose by cost, those who find no bay go on to another place by the same rule,
/// and park there. `None` without a bay.
pub fn expected_cost_min(places: &[ParkingPlace], scale_per_min: f64) -> Option<f64> {
    let choices: Vec<(f64, f64)> = places.iter().map(|place| (place.cost_min, place.bays)).collect();
    let shares = choice_shares(&choices, scale_per_min);
    if shares.is_empty() {
        return None;
    }
    let all: f64 = places.iter().zip(&shares).map(|(place, share)| share * place.cost_min).sum();
    let expected = |(place, share): (&ParkingPlace, &f64)| {
        // Of the others each is chosen in proportion to its share.
        let (rest, elsewhere) = (1.0 - share, all - share * place.cost_min);
        // Where there is no other place they wait for a bay here.
        let after = if rest > 1e-9 { elsewhere / rest } else { place.cost_min };
        let blocked = place.blocked;
        share * ((1.0 - blocked) * place.cost_min + blocked * (place.turned_away_min + after))
    };
    Some(places.iter().zip(&shares).map(expected).sum())
}

/// Bays near a shop, each weighing `exp(-0.005 d)` at `d` metres on foot, up to 300 m (methods §8.3).
pub fn bays_near(places: impl Iterator<Item = (f64, f64)>) -> f64 {
    places.filter(|(walk_m, _)| *walk_m <= NEAR_M).map(|(walk_m, bays)| bays * (-NEAR_DECAY_PER_M * walk_m).exp()).sum()
}

/// How far bays are near, metres on foot.
pub const NEAR_M: f64 = 300.0;
/// How fast they lose weight, per metre.
const NEAR_DECAY_PER_M: f64 = 0.005;

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    /// 5 min by car, 1 min of search, 300 m on foot (3.75 min at 80 m/min), 1.5 h at 2 euros: 5 + 1 + 7.5 + 18 = 31.5.
    #[test]
    fn the_parts_of_a_stay_add_up() {
        let stay =
            ParkingStay { drive_min: 5.0, search_min: 1.0, walk_min: 300.0 / 80.0, price: 3.0, is_cut_short: false };
        let values = ParkingValues::default();
        assert_near(stay.walk_min, 3.75);
        assert_near(stay.generalised_min(&values), 31.5);
        assert_near(ParkingStay { is_cut_short: true, ..stay }.generalised_min(&values), 41.5);
    }

    #[test]
    fn the_cheaper_place_is_chosen_more_often() {
        let shares = choice_shares(&[(10.0, 40.0), (20.0, 40.0)], 0.1);
        assert_near(shares[0] / shares[1], std::f64::consts::E);
        assert_near(shares.iter().sum(), 1.0);
        assert!(choice_shares(&[(5.0, 0.0)], 0.1).is_empty());
        // One place of 100 bays at 12 min: 12 - ln(100) / 0.1.
        assert_near(parking_index(&[(12.0, 100.0)], 0.1).expect("bays"), 12.0 - 100f64.ln() * 10.0);
        let (one, two) = (parking_index(&[(12.0, 50.0)], 0.1), parking_index(&[(12.0, 50.0), (12.0, 50.0)], 0.1));
        assert_near(two.expect("bays"), parking_index(&[(12.0, 100.0)], 0.1).expect("bays"));
        assert!(one > two, "more bays cost less");
        assert_eq!(parking_index(&[(f64::INFINITY, 5.0), (3.0, 0.0)], 0.1), None);
    }

    /// Two places alike, ten bays each at an occupancy of 0.9: Erlang B of 9 on 10 bays is 0.167963.
    #[test]
    fn who_is_turned_away_goes_to_the_other_place() {
        let blocked = blocked_share(10.0, 0.9);
        let place = ParkingPlace { cost_min: 10.0, bays: 10.0, blocked, turned_away_min: 2.0 };
        let found = expected_cost_min(&[place, place], 0.1).expect("bays");
        assert!((found - (10.0 + 0.167963 * 2.0)).abs() < 1e-6, "{found}");
        let alone = expected_cost_min(&[place], 0.1).expect("bays");
        assert!((alone - (10.0 + 0.167963 * 2.0)).abs() < 1e-6);
        let empty = ParkingPlace { blocked: blocked_share(10.0, 0.0), ..place };
        assert_near(expected_cost_min(&[empty, empty], 0.1).expect("bays"), 10.0);
        assert_eq!(expected_cost_min(&[], 0.1), None);
        assert!(blocked_share(20_000.0, 0.6) < 1e-9, "a vast place is not full by chance");
    }

    #[test]
    fn bays_lose_weight_with_distance() {
        assert_near(bays_near([(100.0, 10.0), (301.0, 99.0)].into_iter()), 10.0 * (-0.5f64).exp());
    }
}
