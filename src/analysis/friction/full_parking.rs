//! Parking that is full for hours: the seconds that drivers spend looking for a bay.

use geo::Coord;

use super::{Cause, EvidenceSource, Fact, Finding, Remedy, Who};
use crate::analysis::parameters::Parameters;
use crate::analysis::parking::search_s;
use crate::base::ids::DistrictId;
use crate::base::kinds::Quality;

/// Parking is full when it is above the target for at least this many hours of the day (methods §8.3).
pub const LEAST_FULL_HOURS: usize = 2;

/// A car park with its occupancy through the hours when shops are open.
#[derive(Clone, Debug, PartialEq)]
pub struct ObservedLot {
    /// Name.
    pub name: String,
    /// Where it is.
    pub point: Coord<f64>,
    /// Its district.
    pub district: Option<DistrictId>,
    /// Bays for visitors.
    pub bays: f64,
    /// Longest stay in minutes, where one is set.
    pub maxstay_min: Option<u32>,
    /// Share of bays taken in each hour observed, 0 to 1.
    pub occupancy: Vec<f64>,
}

/// Lots above the occupancy target for two hours or more, with the mean search of those hours.
pub fn find_full_parking(lots: &[ObservedLot], parameters: &Parameters) -> Vec<Finding> {
    lots.iter().filter_map(|lot| describe(lot, parameters)).collect()
}

fn describe(lot: &ObservedLot, parameters: &Parameters) -> Option<Finding> {
    let full: Vec<f64> = lot.occupancy.iter().copied().filter(|&rho| rho > parameters.occupancy_target).collect();
    if full.len() < LEAST_FULL_HOURS || lot.bays <= 0.0 {
        return None;
    }
    let search = |rho: f64| search_s(rho, parameters.bay_spacing_m, parameters.search_speed);
    let mean_search = full.iter().map(|&rho| search(rho)).sum::<f64>() / full.len() as f64;
    let target_search = search(parameters.occupancy_target);
    let stay_hours = lot
        .maxstay_min
        .map_or(parameters.parking_stay.minutes(), |m| parameters.parking_stay.minutes().min(f64::from(m)))
        / 60.0;
    let arrivals: f64 = full.iter().map(|rho| lot.bays * rho / stay_hours.max(0.25)).sum();
    let mean_occupancy = full.iter().sum::<f64>() / full.len() as f64;
    let mut facts = vec![
        Fact::new("bays", lot.bays, "bays", EvidenceSource::Parking),
        Fact::new("occupancy_share", mean_occupancy, "share", EvidenceSource::Occupancy),
        Fact::new("full_hours", full.len() as f64, "count", EvidenceSource::Occupancy),
        Fact::new("search_s", mean_search, "s", EvidenceSource::Occupancy),
    ];
    facts.extend(lot.maxstay_min.map(|m| Fact::new("maxstay_min", f64::from(m), "min", EvidenceSource::Parking)));
    Some(Finding {
        cause: Cause::ParkingFull,
        name: lot.name.clone(),
        point: lot.point,
        district: lot.district,
        who: Who::Drivers,
        persons: arrivals * parameters.persons_per_car,
        avoidable_s: mean_search - target_search,
        quality: Quality::Observed,
        facts,
        remedies: vec![
            Remedy { modification: "reduce_limit", at: vec![lot.point], value: Some(60.0) },
            Remedy { modification: "guide_parking", at: vec![lot.point], value: None },
        ],
        lines: vec![],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lot(occupancy: Vec<f64>) -> ObservedLot {
        let point = Coord { x: 0.0, y: 0.0 };
        ObservedLot {
            name: "Zone bleue".to_owned(),
            point,
            district: None,
            bays: 40.0,
            maxstay_min: Some(120),
            occupancy,
        }
    }

    #[test]
    fn an_always_full_zone_costs_the_search() {
        // rho 0.95: 43.2 s × (1 + 0.10/0.05) = 129.6 s, against 14.4 s at the target: 115.2 s avoidable.
        // Ten hours of 40 × 0.95 bays at 1.5 h stay: 253.33 cars of 1.3 persons.
        let found = find_full_parking(&[lot(vec![0.95; 10])], &Parameters::default());
        assert!((found[0].avoidable_s - 115.2).abs() < 1e-6);
        assert!((found[0].persons - 10.0 * 40.0 * 0.95 / 1.5 * 1.3).abs() < 1e-6);
    }

    #[test]
    fn one_full_hour_or_a_moderate_day_is_no_friction() {
        let parameters = Parameters::default();
        assert!(find_full_parking(&[lot(vec![0.99, 0.6, 0.6])], &parameters).is_empty());
        assert!(find_full_parking(&[lot(vec![0.6; 10]), lot(vec![])], &parameters).is_empty());
    }
}
