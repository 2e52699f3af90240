//! Transit supply at stops: departures and headways, PTAL, the Walloon rule of well-served places, quality classes.
//!
//! In: a timetable, or plain numbers of departures and metres. Out: numbers and classes. All functions are pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::ids::{Id, RouteId, StopId};
use crate::base::kinds::StopMode;
use crate::base::units::ClockTime;
use crate::network::timetable::Timetable;

/// What departs from a stop, or from all platforms of a station, within a window of the service day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StopSupply {
    /// Departures that a passenger can board, of all lines and directions.
    pub departures: usize,
    /// The first of them.
    pub first: Option<ClockTime>,
    /// The last of them.
    pub last: Option<ClockTime>,
    /// The longest time between two of them that follow each other, in seconds; `None` with fewer than two.
    pub largest_gap_s: Option<u32>,
    /// How many lines they are of.
    pub routes: usize,
    /// How many directions of travel, whatever the line: those that the feed gives, and where it gives none the next stops.
    pub directions: usize,
    /// Departures by mode.
    pub by_mode: BTreeMap<StopMode, usize>,
    /// Departures of each line and direction, ascending by line. Where the feed gives no direction, the next stop tells
    /// directions apart.
    pub by_direction: Vec<RouteSupply>,
}

/// Departures of one line in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteSupply {
    /// The line.
    pub route: RouteId,
    /// What runs on it.
    pub mode: StopMode,
    /// Departures within the window.
    pub departures: usize,
}

impl StopSupply {
    /// Mean minutes between departures of one direction, of whatever line: window / (departures / directions) (methods
    /// §5.1); `None` without departures.
    pub fn headway_min(&self, window_min: f64) -> Option<f64> {
        (self.departures > 0).then(|| window_min * self.directions.max(1) as f64 / self.departures as f64)
    }
}

/// How good the supply at every station is from `from` to before `until`: the entry of a station counts all its
/// platforms, that of any other stop is empty.
pub fn measure_stop_supply(timetable: &Timetable, from: ClockTime, until: ClockTime) -> Vec<StopSupply> {
    let mut found: Vec<Vec<(ClockTime, RouteId, u64)>> = vec![Vec::new(); timetable.stops().len()];
    for (stop, record) in timetable.stops().iter() {
        for (time, trip, next) in departures_with_next(timetable, stop) {
            if from <= time && time < until {
                let trip = timetable.trips()[trip];
                // Directions given as 0 and 1; where none is given, the next stop stands for it, above 1.
                let direction = trip.direction.map_or(2 + u64::from(next.0), u64::from);
                found[record.station.index()].push((time, trip.route, direction));
            }
        }
    }
    let mode = |route: RouteId| timetable.routes()[route].mode;
    found.into_iter().map(|departures| summarise(&mode, departures)).collect()
}

fn departures_with_next(
    timetable: &Timetable,
    stop: StopId,
) -> impl Iterator<Item = (ClockTime, crate::base::ids::TripId, StopId)> {
    let mut found = Vec::new();
    for &(pattern, position) in timetable.patterns_at(stop) {
        let (stops, rules) = (timetable.pattern_stops(pattern), timetable.pattern_rules(pattern));
        let position = position as usize;
        let Some(&next) = stops.get(position + 1).filter(|_| rules[position].board) else { continue };
        for (order, &moment) in timetable.departures_at(pattern, position).iter().enumerate() {
            if (0..crate::network::timetable::NEVER).contains(&moment) {
                let time = ClockTime::from_seconds(moment as u32 / 10);
                found.push((time, timetable.trip_of(pattern, order), next));
            }
        }
    }
    found.into_iter()
}

fn summarise(mode: &dyn Fn(RouteId) -> StopMode, mut departures: Vec<(ClockTime, RouteId, u64)>) -> StopSupply {
    departures.sort_unstable();
    let mut supply = StopSupply {
        departures: departures.len(),
        first: departures.first().map(|departure| departure.0),
        last: departures.last().map(|departure| departure.0),
        largest_gap_s: departures.windows(2).map(|pair| pair[1].0.seconds() - pair[0].0.seconds()).max(),
        ..StopSupply::default()
    };
    let mut directions: BTreeMap<(RouteId, u64), usize> = BTreeMap::new();
    for &(_, route, direction) in &departures {
        *supply.by_mode.entry(mode(route)).or_default() += 1;
        *directions.entry((route, direction)).or_default() += 1;
    }
    supply.routes = directions.keys().map(|(route, _)| route).collect::<BTreeSet<_>>().len();
    supply.directions = directions.keys().map(|(_, direction)| direction).collect::<BTreeSet<_>>().len();
    let of_direction = |((route, _), departures)| RouteSupply { route, mode: mode(route), departures };
    supply.by_direction = directions.into_iter().map(of_direction).collect();
    supply
}

/// Inhabitants per square kilometre above which a Walloon municipality counts as dense (IWEPS).
pub const DENSE_INHABITANTS_PER_KM2: f64 = 150.0;
/// How near a bus stop must be to serve a place, in metres (IWEPS).
pub const BUS_SERVES_WITHIN_M: f64 = 500.0;

/// How far a railway station serves, in metres, by its train departures per working day (IWEPS).
pub fn station_radius_m(daily_departures: u32) -> f64 {
    match daily_departures {
        0 => 0.0,
        1..=16 => 1000.0,
        17..=66 => 1500.0,
        67.. => 2000.0,
    }
}

/// The least departures per working day, of both directions, that let a bus stop serve a place (IWEPS): two per hour
/// and direction in dense municipalities, one in others.
pub fn bus_departures_needed(inhabitants_per_km2: f64) -> u32 {
    if inhabitants_per_km2 > DENSE_INHABITANTS_PER_KM2 { 34 } else { 17 }
}

/// Whether a stop makes a place well served: a bus or tram stop within 500 m with at least 34 departures per working
/// day of both directions (17 in municipalities of up to 150 inhabitants/km2), or a railway station within its radius.
///
/// # References
/// IWEPS, indicator "part de la population bien desservie par les transports en commun".
pub fn well_served(mode: StopMode, distance_m: f64, daily_departures: u32, inhabitants_per_km2: f64) -> bool {
    match mode {
        StopMode::Rail => daily_departures > 0 && distance_m <= station_radius_m(daily_departures),
        StopMode::Bus | StopMode::Tram | StopMode::Other => {
            distance_m <= BUS_SERVES_WITHIN_M && daily_departures >= bus_departures_needed(inhabitants_per_km2)
        }
    }
}

/// The two kinds of service PTAL tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PtalMode {
    /// Bus, and tram where it runs in the street: 640 m to the stop, 2 min for unreliability.
    Bus,
    /// Rail: 960 m to the station, 0.75 min.
    Rail,
}

/// A line as seen from a place: its nearest stop and its better direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PtalService {
    /// What kind of service it is.
    pub mode: PtalMode,
    /// Metres on foot to its nearest stop.
    pub walk_m: f64,
    /// Vehicles per hour in the better direction.
    pub departures_per_hour: f64,
}

impl PtalService {
    /// Equivalent doorstep frequency: `30 / (walk + 30 / f + K)` with the walk in minutes at 80 m/min; `None` where the
    /// stop is too far or nothing runs.
    pub fn doorstep_frequency(&self) -> Option<f64> {
        let (reach_m, unreliability_min) = match self.mode {
            PtalMode::Bus => (640.0, 2.0),
            PtalMode::Rail => (960.0, 0.75),
        };
        let counts = (0.0..=reach_m).contains(&self.walk_m) && self.departures_per_hour > 0.0;
        counts.then(|| 30.0 / (self.walk_m / 80.0 + 30.0 / self.departures_per_hour + unreliability_min))
    }
}

/// Accessibility index of a place: for each mode the largest doorstep frequency and half of the others, summed over
/// modes; 0 where no line counts.
///
/// # References
/// Transport for London (2010), Measuring public transport accessibility levels: summary.
pub fn measure_ptal(services: &[PtalService]) -> f64 {
    let of_mode = |mode| {
        let found = services.iter().filter(|service| service.mode == mode).filter_map(PtalService::doorstep_frequency);
        let (sum, largest) = found.fold((0.0, 0.0_f64), |(sum, largest), f| (sum + f, largest.max(f)));
        largest + 0.5 * (sum - largest)
    };
    of_mode(PtalMode::Bus) + of_mode(PtalMode::Rail)
}

/// The PTAL band of an accessibility index: `0`, `1a`, `1b`, `2` to `5`, `6a`, `6b`.
pub fn ptal_band(index: f64) -> &'static str {
    match index {
        i if i > 40.0 => "6b",
        i if i > 25.0 => "6a",
        i if i > 20.0 => "5",
        i if i > 15.0 => "4",
        i if i > 10.0 => "3",
        i if i > 5.0 => "2",
        i if i > 2.5 => "1b",
        i if i > 0.0 => "1a",
        _ => "0",
    }
}

/// Quality class of public transport at a place, best first.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum QualityClass {
    A,
    B,
    C,
    D,
    E,
    F,
}

impl QualityClass {
    /// Its letter.
    pub fn key(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
            Self::F => "F",
        }
    }
}

/// The longest mean interval of each row of the table of stop categories, in minutes.
const INTERVALS_MIN: [f64; 6] = [5.0, 10.0, 20.0, 40.0, 60.0, 120.0];
/// Hours of the day over which the mean interval is taken, 06:00 to 20:00.
const QUALITY_HOURS: f64 = 14.0;

/// Category of a stop, 1 (best) to 7, by mode and departures of all directions from 06:00 to 20:00; `None` where the mean
/// interval is above two hours.
///
/// # References
/// Bundesamt für Raumentwicklung ARE (2022), ÖV-Güteklassen: Berechnungsmethodik; German adaptation as in GOAT.
pub fn stop_category(mode: StopMode, departures: usize) -> Option<u8> {
    let interval_min = QUALITY_HOURS * 60.0 / (departures as f64 / 2.0);
    let row = INTERVALS_MIN.iter().position(|&longest| interval_min <= longest)?;
    let columns = match mode {
        StopMode::Rail => [1, 1, 2, 3, 4, 5],
        StopMode::Tram | StopMode::Other => [1, 2, 3, 4, 5, 6],
        StopMode::Bus => [2, 3, 4, 5, 6, 7],
    };
    columns.get(row).copied()
}

/// Quality class at a distance in metres from a stop of a category; `None` where the stop gives none. The caller states
/// whether distances are straight or along the network: both definitions are in use.
pub fn quality_class(category: u8, distance_m: f64) -> Option<QualityClass> {
    use QualityClass::{A, B, C, D, E, F};
    let ring = [300.0, 500.0, 750.0, 1000.0].iter().position(|&longest| distance_m <= longest)?;
    let classes = match category {
        1 => [Some(A), Some(A), Some(B), Some(C)],
        2 => [Some(A), Some(B), Some(C), Some(D)],
        3 => [Some(B), Some(C), Some(D), Some(E)],
        4 => [Some(C), Some(D), Some(E), Some(F)],
        5 => [Some(D), Some(E), Some(F), None],
        6 => [Some(E), Some(F), None, None],
        7 => [Some(F), None, None, None],
        _ => return None,
    };
    classes.get(ring).copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::toy_feed::ToyFeed;

    /// Line 0-1-2 every 20 min from 7:00 to before 9:00 is 6 departures, 7:00 to 8:40 at stop 0; stop 1 is left at 7:05
    /// to 8:45, and in the window to 8:30 at 7:05, 7:25, 7:45, 8:05, 8:25. Stop 2 is the last call: no departure.
    #[test]
    fn departures_are_counted_within_the_window() {
        let mut toy = ToyFeed::with_stops(3);
        toy.line(&[0, 1, 2], ClockTime::from_hm(7, 0), ClockTime::from_hm(9, 0), 20, 5);
        let timetable = toy.timetable();
        let supply = measure_stop_supply(&timetable, ClockTime::from_hm(7, 0), ClockTime::from_hm(8, 30));
        assert_eq!(supply[1].departures, 5);
        assert_eq!(supply[1].first, Some(ClockTime::from_hm(7, 5)));
        assert_eq!(supply[1].last, Some(ClockTime::from_hm(8, 25)));
        assert_eq!(supply[1].largest_gap_s, Some(1200));
        assert_eq!((supply[1].routes, supply[1].directions), (1, 1));
        assert_eq!(supply[1].headway_min(90.0), Some(18.0));
        assert_eq!(supply[2], StopSupply::default());
        assert_eq!(supply[2].headway_min(90.0), None);
    }

    /// Methods §5.1: 3 lines in 2 directions, each with 6 departures in 60 min: 18 a direction, one every 3.33 min.
    #[test]
    fn the_headway_is_that_of_a_direction_whatever_the_line() {
        let departures =
            |route, direction| (0..6).map(move |n| (ClockTime::from_hm(8, n * 10), RouteId(route), direction));
        let all: Vec<_> = (0..3).flat_map(|route| (0..2).flat_map(move |d| departures(route, d))).collect();
        let supply = summarise(&|_| StopMode::Bus, all);
        assert_eq!((supply.departures, supply.routes, supply.directions), (36, 3, 2));
        assert!(supply.headway_min(60.0).is_some_and(|headway| (headway - 60.0 / 18.0).abs() < 1e-9));
        assert_eq!(supply.by_direction.len(), 6);
    }

    /// Methods §5.3.
    #[test]
    fn walloon_rule_by_density_and_trains() {
        assert!(well_served(StopMode::Bus, 450.0, 30, 150.0));
        assert!(!well_served(StopMode::Bus, 450.0, 30, 151.0));
        assert!(!well_served(StopMode::Bus, 501.0, 90, 100.0));
        assert_eq!([0, 16, 17, 66, 67].map(station_radius_m), [0.0, 1000.0, 1500.0, 1500.0, 2000.0]);
        assert!(!well_served(StopMode::Rail, 0.0, 0, 100.0));
    }

    /// Methods §5.2: doorstep frequencies 3.3333, 2.2222, 2.7273 by bus give 3.3333 + (2.2222 + 2.7273) / 2 = 5.80808;
    /// 1.73913 by rail.
    #[test]
    fn ptal_of_the_worked_example() {
        let (bus, rail) = (PtalMode::Bus, PtalMode::Rail);
        let service = |mode, walk_m, departures_per_hour| PtalService { mode, walk_m, departures_per_hour };
        let buses = [service(bus, 160.0, 6.0), service(bus, 320.0, 4.0), service(bus, 480.0, 10.0)];
        let train = service(rail, 720.0, 4.0);
        assert!((measure_ptal(&buses) - 5.80808).abs() < 1e-5);
        assert!((measure_ptal(&[train]) - 1.73913).abs() < 1e-5);
        let all = [buses[0], buses[1], buses[2], train, service(bus, 641.0, 60.0), service(bus, 10.0, 0.0)];
        assert!((measure_ptal(&all) - 7.54721).abs() < 1e-5);
        assert_eq!(ptal_band(measure_ptal(&all)), "2");
        let bands = [0.0, 2.5, 2.6, 5.0, 10.0, 15.0, 20.0, 25.0, 40.0, 40.1].map(ptal_band);
        assert_eq!(bands, ["0", "1a", "1b", "1b", "2", "3", "4", "5", "6a", "6b"]);
    }

    /// Methods §5.4: 56 departures of both directions in 14 h are one every 30 min and direction: category 5.
    #[test]
    fn quality_classes_of_the_worked_example() {
        assert_eq!(stop_category(StopMode::Bus, 56), Some(5));
        let classes = [250.0, 400.0, 700.0, 900.0].map(|distance_m| quality_class(5, distance_m));
        assert_eq!(classes, [Some(QualityClass::D), Some(QualityClass::E), Some(QualityClass::F), None]);
        assert_eq!(stop_category(StopMode::Rail, 336), Some(1));
        assert_eq!(stop_category(StopMode::Bus, 0), None);
        assert!(QualityClass::A < QualityClass::F);
    }
}
