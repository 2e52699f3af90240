//! What each place to park costs at each hour, but for the ways there and on.

use super::{ASSUMED_OCCUPANCY, ByHour, LEAST_OBSERVED, ParkingLot, ParkingQuestion};
use crate::analysis::parameters::Parameters;
use crate::analysis::parking::{SEARCH_CAP_S, search_s};
use crate::analysis::parking_choice::{ParkingStay, ParkingValues, blocked_share};
use crate::study::town::Town;

/// What each place costs at each hour, but for the ways there and on.
pub(super) struct HourlyCosts {
    pub(super) values: ParkingValues,
    /// Minutes of search, how full, and the share of drivers who find it full: per lot.
    at: Vec<ByHour<(f64, f64, f64)>>,
    /// Euros, and whether the limit cuts the stay short: per lot.
    fixed: Vec<(f64, bool)>,
    /// Minutes lost where a place is full: to pass by its bays.
    pub(super) turned_away_min: Vec<f64>,
    pub(super) target: f64,
}

impl HourlyCosts {
    pub(super) fn new(
        town: &Town,
        lots: &[ParkingLot],
        observed: &ByHour<(Option<f64>, usize)>,
        question: ParkingQuestion,
        parameters: &Parameters,
    ) -> Self {
        let search = |rho: f64| search_s(rho, parameters.bay_spacing_m, parameters.search_speed) / 60.0;
        let usual =
            |(told, count): (Option<f64>, usize)| told.filter(|_| count >= LEAST_OBSERVED).unwrap_or(ASSUMED_OCCUPANCY);
        let of_lot = |lot: &ParkingLot| -> ByHour<(f64, f64, f64)> {
            let at = |day: usize, hour: usize| {
                let rho = lot.occupancy[day][hour].unwrap_or_else(|| usual(observed[day][hour]));
                (search(rho), rho, blocked_share(lot.visitor_bays, rho))
            };
            std::array::from_fn(|day| std::array::from_fn(|hour| at(day, hour)))
        };
        let is_cut_short = |lot: &ParkingLot| {
            let limit = town.lots[lot.lot].maxstay_min;
            limit.is_some_and(|limit| f64::from(limit) < question.stay.minutes())
        };
        let passing_s = |bays: f64| bays * parameters.bay_spacing_m / parameters.search_speed.metres_per_second();
        let longest_min = SEARCH_CAP_S / 60.0;
        Self {
            values: question.values,
            at: lots.iter().map(of_lot).collect(),
            fixed: lots.iter().map(|lot| (lot.price.unwrap_or(0.0), is_cut_short(lot))).collect(),
            turned_away_min: lots.iter().map(|lot| (passing_s(lot.visitor_bays) / 60.0).min(longest_min)).collect(),
            target: parameters.occupancy_target,
        }
    }

    /// Generalised minutes over a lot, with the ways of a trip.
    pub(super) fn cost_min(&self, lot: usize, (day, hour): (usize, usize), (drive_min, walk_min): (f64, f64)) -> f64 {
        let (price, is_cut_short) = self.fixed[lot];
        let search_min = self.at[lot][day][hour].0;
        ParkingStay { drive_min, search_min, walk_min, price, is_cut_short }.generalised_min(&self.values)
    }

    pub(super) fn blocked(&self, lot: usize, (day, hour): (usize, usize)) -> f64 {
        self.at[lot][day][hour].2
    }

    pub(super) fn occupancy(&self, lot: usize, (day, hour): (usize, usize)) -> f64 {
        self.at[lot][day][hour].1
    }
}
