//! What departs near homes and near the core: the Walloon rule of well-served places, PTAL.
//!
//! In: the town, its timetable. Out: whether each home is well served, the index of the core. Searches no journey.

use std::collections::BTreeMap;

use crate::analysis::transit_supply::{PtalMode, PtalService, measure_ptal, station_radius_m, well_served};
use crate::base::ids::{RouteId, StopId};
use crate::base::kinds::StopMode;
use crate::base::units::{ClockTime, TravelTime};
use crate::network::linkage::LinkedPoint;
use crate::network::streets::WalkProfile;
use crate::network::timetable::{Moment, Timetable};
use crate::reach::raptor::moment;
use crate::reach::walk::WalkSearch;
use crate::study::town::Town;

/// A bus stop serves homes within this distance, metres (IWEPS, methods §5.3).
const BUS_RADIUS_M: f64 = 500.0;
/// The hour in which PTAL counts departures (methods §5.2).
const PTAL_WINDOW: (ClockTime, ClockTime) = (ClockTime::from_hm(8, 15), ClockTime::from_hm(9, 15));

/// The walk of homes around well-served stops, by the Walloon rule (methods §5.3); distances along the streets.
pub fn find_served_homes(town: &Town) -> Vec<bool> {
    let people: f64 = town.homes.iter().map(|home| home.people).sum();
    let area_km2 = geo::Area::unsigned_area(&town.area) / 1e6;
    let density = people / area_km2.max(1e-6);
    let speed = town.graph.speed();
    let mut by_radius: BTreeMap<u32, Vec<(LinkedPoint, TravelTime)>> = BTreeMap::new();
    for stop in &town.stops {
        let (Some(link), Some(departures)) = (stop.link, stop.departures) else { continue };
        let radius_m = if stop.mode == StopMode::Rail { station_radius_m(departures) } else { BUS_RADIUS_M };
        if !well_served(stop.mode, radius_m, departures, density) {
            continue;
        }
        by_radius.entry(radius_m as u32).or_default().push((link, TravelTime::ZERO));
    }
    let mut served = vec![false; town.homes.len()];
    let mut search = WalkSearch::new(&town.graph, WalkProfile::Adult);
    for (radius_m, sources) in by_radius {
        search.from_points(&sources, speed.time_for(f64::from(radius_m)));
        for (home, link) in town.home_links.iter().enumerate() {
            served[home] |= link.as_ref().is_some_and(|link| search.time_to(link).is_some());
        }
    }
    served
}

/// PTAL at the core: of each line its nearest stop and its better direction (methods §5.2).
pub fn ptal_at(timetable: &Timetable, core: &[(StopId, TravelTime)]) -> f64 {
    let hour = (moment(PTAL_WINDOW.0), moment(PTAL_WINDOW.1));
    let mut best: BTreeMap<RouteId, (TravelTime, [f64; 2])> = BTreeMap::new();
    for &(stop, walk) in core {
        for (route, counts) in departures_per_line(timetable, stop, hour) {
            let known = best.entry(route).or_insert((walk, counts));
            // Both directions of a line often stop on two sides of a street: the nearest stop counts, with the better of them.
            known.0 = known.0.min(walk);
            known.1 = [known.1[0].max(counts[0]), known.1[1].max(counts[1])];
        }
    }
    let services: Vec<PtalService> = best
        .iter()
        .map(|(&route, &(walk, counts))| PtalService {
            mode: match timetable.routes()[route].mode {
                StopMode::Rail => PtalMode::Rail,
                StopMode::Bus | StopMode::Tram | StopMode::Other => PtalMode::Bus,
            },
            walk_m: walk.seconds() * 80.0 / 60.0,
            departures_per_hour: counts[0].max(counts[1]),
        })
        .collect();
    measure_ptal(&services)
}

/// Departures from a stop, per line and direction; lines without any are left out.
fn departures_per_line(timetable: &Timetable, stop: StopId, span: (Moment, Moment)) -> BTreeMap<RouteId, [f64; 2]> {
    let mut counts: BTreeMap<RouteId, [f64; 2]> = BTreeMap::new();
    for &(pattern, position) in timetable.patterns_at(stop) {
        let found = timetable.expected_departures(pattern, position as usize, span);
        if found > 0.0 {
            let direction = timetable.trips()[timetable.trip_of(pattern, 0)].direction.unwrap_or(0).min(1);
            counts.entry(timetable.route_of(pattern)).or_default()[usize::from(direction)] += found;
        }
    }
    counts
}
