//! Stops of a town, each once: stations of the timetable, listed stations, and what only the map knows.

use geo::Coord;

use crate::base::geometry::distance_m;
use crate::base::ids::{Column, StopId};
use crate::base::kinds::StopMode;
use crate::base::projection::Plane;
use crate::network::timetable::{Moment, NEVER, Timetable};
use crate::study::read::Records;
use crate::study::town::TownStop;

/// A listed or mapped station this near to a known one of its mode is the same, metres (default).
const SAME_STATION_M: f64 = 250.0;
/// Stops farther than this outside the streets are of another town, metres.
const OUTSIDE_M: f64 = 500.0;

/// All moments of the service day.
const WHOLE_DAY: (Moment, Moment) = (0, NEVER);

/// All stops of the study; links are still open.
pub fn gather_stops(records: &Records, timetable: Option<&Timetable>, plane: &Plane) -> Vec<TownStop> {
    let mut stops = timetable.map(timetable_stops).unwrap_or_default();
    for listed in &records.stops {
        let point = plane.project(listed.position);
        match find_same(&stops, point, listed.mode) {
            Some(same) => stops[same].boardings = stops[same].boardings.or(listed.boardings),
            None => {
                let mut stop = stop_at(&listed.name, listed.mode, point);
                stop.boardings = listed.boardings;
                stops.push(stop);
            }
        }
    }
    // The map fills in the modes of which no timetable speaks.
    let known: Vec<StopMode> = stops.iter().map(|stop| stop.mode).collect();
    for mapped in records.osm.stops.iter().filter(|stop| !known.contains(&stop.mode)) {
        stops.push(stop_at(&mapped.name, mapped.mode, plane.project(mapped.position)));
    }
    keep_near(stops, records, plane)
}

fn stop_at(name: &str, mode: StopMode, point: Coord<f64>) -> TownStop {
    let name = name.to_owned();
    TownStop { name, mode, point, link: None, departures: None, boardings: None, district: None }
}

fn find_same(stops: &[TownStop], point: Coord<f64>, mode: StopMode) -> Option<usize> {
    let same_mode = stops.iter().enumerate().filter(|(_, stop)| stop.mode == mode);
    let near = same_mode.map(|(i, stop)| (i, distance_m(stop.point, point))).filter(|(_, m)| *m <= SAME_STATION_M);
    near.min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0))).map(|(index, _)| index)
}

/// Stations that are served on the day, with their departures and the mode that calls most.
fn timetable_stops(timetable: &Timetable) -> Vec<TownStop> {
    let count = timetable.stops().len();
    let mut by_mode: Column<StopId, [f64; 4]> = Column::new(vec![[0.0; 4]; count]);
    for stop in timetable.stops().ids() {
        let station = timetable.stops()[stop].station;
        for &(pattern, position) in timetable.patterns_at(stop) {
            let mode = timetable.routes()[timetable.route_of(pattern)].mode;
            by_mode[station][mode as usize] += timetable.expected_departures(pattern, position as usize, WHOLE_DAY);
        }
    }
    let modes = [StopMode::Bus, StopMode::Tram, StopMode::Rail, StopMode::Other];
    let served = timetable.stops().iter().filter(|(stop, _)| by_mode[*stop].iter().any(|&n| n > 0.0));
    served
        .map(|(id, stop)| {
            let counts = by_mode[id].map(|departures| departures.round() as u32);
            let mode = modes.into_iter().max_by_key(|&mode| (counts[mode as usize], mode == StopMode::Rail));
            let mut found = stop_at(&stop.name, mode.unwrap_or(StopMode::Other), stop.position);
            found.departures = Some(counts.iter().sum());
            found
        })
        .collect()
}

/// Stops within the box of the streets, a margin allowed.
fn keep_near(stops: Vec<TownStop>, records: &Records, plane: &Plane) -> Vec<TownStop> {
    let points = plane.project_all(&records.osm.street_node_positions);
    let low = points.iter().fold([f64::INFINITY; 2], |low, p| [low[0].min(p.x), low[1].min(p.y)]);
    let high = points.iter().fold([f64::NEG_INFINITY; 2], |high, p| [high[0].max(p.x), high[1].max(p.y)]);
    let inside = |p: Coord<f64>| {
        p.x >= low[0] - OUTSIDE_M
            && p.x <= high[0] + OUTSIDE_M
            && p.y >= low[1] - OUTSIDE_M
            && p.y <= high[1] + OUTSIDE_M
    };
    stops.into_iter().filter(|stop| inside(stop.point)).collect()
}
