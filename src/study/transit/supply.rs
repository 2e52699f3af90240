//! What departs near homes and near the core: the Walloon rule of well-served places, PTAL.
//!
//! In: the town, its timetable. Out: whether each home is well served, the index of the core. Searches no journey.

use std::collections::BTreeMap;

use crate::analysis::transit_supply::{PtalMode, PtalService, measure_ptal, station_radius_m, well_served};
use crate::base::ids::{RouteId, StopId};
use crate::base::kinds::StopMode;
use crate::base::units::{ClockTime, TravelTime};
use crate::network::linkage::LinkedPoint;
use crate::network::streets::Profile;
use crate::network::timetable::{Moment, Timetable};
use crate::reach::raptor::moment;
use crate::reach::walk::WalkSearch;
use crate::study::town::Town;
use crate::study::transit::direction::{Direction, direction_of};

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
    let mut search = WalkSearch::new(&town.graph, Profile::Adult);
    for (radius_m, sources) in by_radius {
        search.from_points(&sources, speed.time_for(f64::from(radius_m)));
        for (home, link) in town.home_links.iter().enumerate() {
            served[home] |= link.as_ref().is_some_and(|link| search.time_to(link).is_some());
        }
    }
    served
}

/// Departures of each line and direction.
type LineDepartures = BTreeMap<(RouteId, Direction), f64>;

/// PTAL at the core: of each line its nearest station and there its better direction (methods §5.2). All platforms of a
/// station count as one stop.
pub fn ptal_at(timetable: &Timetable, core: &[(StopId, TravelTime)]) -> f64 {
    let hour = (moment(PTAL_WINDOW.0), moment(PTAL_WINDOW.1));
    let mut stations: BTreeMap<StopId, (TravelTime, LineDepartures)> = BTreeMap::new();
    for &(stop, walk) in core {
        let station = stations.entry(timetable.stops()[stop].station).or_insert((walk, LineDepartures::new()));
        station.0 = station.0.min(walk);
        add_departures(timetable, stop, hour, &mut station.1);
    }
    let mut best: BTreeMap<RouteId, (TravelTime, f64)> = BTreeMap::new();
    for (walk, lines) in stations.values() {
        for (&(route, _), &departures) in lines {
            // Both directions of a line often stop on two sides of a street: the nearest counts, with the better of them.
            let known = best.entry(route).or_insert((*walk, departures));
            *known = (known.0.min(*walk), known.1.max(departures));
        }
    }
    let services: Vec<PtalService> = best
        .iter()
        .map(|(&route, &(walk, departures))| PtalService {
            mode: match timetable.routes()[route].mode {
                StopMode::Rail => PtalMode::Rail,
                StopMode::Bus | StopMode::Tram | StopMode::Other => PtalMode::Bus,
            },
            walk_m: walk.seconds() * 80.0 / 60.0,
            departures_per_hour: departures,
        })
        .collect();
    measure_ptal(&services)
}

/// Adds the departures from a stop, per line and direction.
fn add_departures(timetable: &Timetable, stop: StopId, span: (Moment, Moment), counts: &mut LineDepartures) {
    for &(pattern, position) in timetable.patterns_at(stop) {
        let position = position as usize;
        let found = timetable.expected_departures(pattern, position, span);
        if found > 0.0 {
            let key = (timetable.route_of(pattern), direction_of(timetable, pattern, position));
            *counts.entry(key).or_default() += found;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::toy_feed::ToyFeed;

    /// A bus every ten minutes each way past a stop 160 m away, no direction in the feed: six an hour, not twelve.
    /// SWT 5, AWT 7, walk 2 min: EDF 30 / 9 = 3.3333 (methods §5.2).
    #[test]
    fn directions_are_told_apart_where_the_feed_gives_none() {
        let mut toy = ToyFeed::with_stops(3);
        let clock = ClockTime::from_hm;
        toy.line(&[0, 1, 2], clock(6, 0), clock(20, 0), 10, 4).line(&[2, 1, 0], clock(6, 0), clock(20, 0), 10, 4);
        let timetable = toy.timetable();
        let found = ptal_at(&timetable, &[(StopId(1), TravelTime::from_minutes(2))]);
        let mode = match timetable.routes().values()[0].mode {
            StopMode::Rail => PtalMode::Rail,
            _ => PtalMode::Bus,
        };
        let expected = measure_ptal(&[PtalService { mode, walk_m: 160.0, departures_per_hour: 6.0 }]);
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }
}
