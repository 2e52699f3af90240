//! Small feeds in memory, and an oracle that finds earliest arrivals by trying every moment.
//!
//! In: trips written as calls. Out: a [`Feed`], its tables as files, and a brute-force search on the feed itself that
//! shares no code with the search it checks.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use jiff::civil::Date;

use crate::base::ids::{Column, Id, StopId};
use crate::base::kinds::StopMode;
use crate::base::projection::{LonLat, Plane};
use crate::base::units::{ClockTime, TravelTime};
use crate::network::timetable::{Timetable, build_timetable};
use crate::sources::gtfs::{
    CallRules, Feed, FeedRouteId, FeedServiceId, FeedStopId, Frequency, LocationType, Route, Service, Stop, StopTimes,
    Transfer, TransferKind, Trip,
};

/// The service day of toy feeds: a Tuesday.
pub const TOY_DAY: Date = Date::constant(2019, 10, 15);

/// A call of a toy trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToyCall {
    /// Which stop, from 0.
    pub stop: u32,
    /// Arrival, seconds after midnight.
    pub arrival_s: u32,
    /// Departure, seconds after midnight.
    pub departure_s: u32,
    /// Boarding and alighting.
    pub rules: CallRules,
}

impl ToyCall {
    /// A call without dwell time at which passengers may board and alight.
    pub fn at(stop: u32, seconds: u32) -> Self {
        Self { stop, arrival_s: seconds, departure_s: seconds, rules: CallRules { board: true, alight: true } }
    }
}

/// A feed being written.
#[derive(Clone, Debug, Default)]
pub struct ToyFeed {
    /// How many stops there are.
    pub stops: u32,
    /// Trips as their calls; each runs on [`TOY_DAY`] only, or on the day before where said so.
    pub trips: Vec<(ToyDay, Vec<ToyCall>)>,
    /// Headways: trip, start and end in seconds, headway in seconds, whether exact.
    pub frequencies: Vec<(u32, u32, u32, u32, bool)>,
    /// Stops and the stations they belong to, which are stops too.
    pub parents: Vec<(u32, u32)>,
    /// Rules for changing: from, to, what holds.
    pub transfers: Vec<(u32, u32, TransferKind)>,
}

/// On which day a toy trip runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToyDay {
    /// On [`TOY_DAY`].
    Today,
    /// On the day before.
    DayBefore,
}

impl ToyFeed {
    /// A feed with stops and no trip.
    pub fn with_stops(stops: u32) -> Self {
        Self { stops, ..Self::default() }
    }

    /// Adds a trip of today.
    pub fn trip(&mut self, calls: Vec<ToyCall>) -> &mut Self {
        self.trips.push((ToyDay::Today, calls));
        self
    }

    /// Adds a trip through these stops every `headway_min` from the first departure, with the same running time
    /// between stops; departures before `end` only.
    pub fn line(
        &mut self,
        stops: &[u32],
        first: ClockTime,
        end: ClockTime,
        headway_min: u32,
        ride_min: u32,
    ) -> &mut Self {
        let mut start_s = first.seconds();
        while start_s < end.seconds() {
            let calls = (0_u32..).zip(stops).map(|(i, &stop)| ToyCall::at(stop, start_s + i * ride_min * 60));
            self.trip(calls.collect());
            start_s += headway_min.max(1) * 60;
        }
        self
    }

    /// The records a reader would give.
    pub fn feed(&self) -> Feed {
        let yesterday = TOY_DAY.yesterday().expect("the toy day has a day before it");
        let service =
            |id: &str, day| Service { id: id.to_owned(), weekly: None, added: vec![day], removed: Vec::new() };
        let mut stop_times = StopTimes { first: vec![0], ..StopTimes::default() };
        let mut trips = Column::default();
        for (index, (day, calls)) in self.trips.iter().enumerate() {
            for call in calls {
                stop_times.stop.push(FeedStopId(call.stop));
                stop_times.arrival.push(ClockTime::from_seconds(call.arrival_s));
                stop_times.departure.push(ClockTime::from_seconds(call.departure_s));
                stop_times.rules.push(call.rules);
            }
            stop_times.first.push(stop_times.stop.len() as u32);
            trips.push(Trip {
                id: format!("trip{index}"),
                route: FeedRouteId(0),
                service: FeedServiceId(u32::from(*day == ToyDay::DayBefore)),
                direction: None,
                at_headways: self.frequencies.iter().any(|frequency| frequency.0 as usize == index),
                wheelchair: None,
                row: index as u32 + 2,
            });
        }
        let is_station = |index| self.parents.iter().any(|&(_, station)| station == index);
        let parent_of = |index| self.parents.iter().find(|&&(stop, _)| stop == index).map(|&(_, station)| station);
        let transfer = |&(from, to, kind): &(u32, u32, TransferKind)| Transfer {
            from: FeedStopId(from),
            to: FeedStopId(to),
            kind,
        };
        let stop = |index| Stop {
            id: format!("stop{index}"),
            name: String::new(),
            position: LonLat { lon: 5.57 + f64::from(index) * 0.002, lat: 50.64 },
            location_type: if is_station(index) { LocationType::Station } else { LocationType::Stop },
            parent: parent_of(index).map(FeedStopId),
            platform: String::new(),
            wheelchair: None,
        };
        let frequency = |&(trip, start, end, headway_s, exact): &(u32, u32, u32, u32, bool)| Frequency {
            trip: crate::sources::gtfs::FeedTripId(trip),
            start: ClockTime::from_seconds(start),
            end: ClockTime::from_seconds(end),
            headway_s,
            exact,
        };
        let route = Route { id: "line".to_owned(), name: "Line".to_owned(), mode: StopMode::Bus, route_type: 3 };
        Feed {
            file: "toy.zip".to_owned(),
            agencies: Vec::new(),
            stops: (0..self.stops).map(stop).collect(),
            routes: Column::new(vec![route]),
            services: Column::new(vec![service("today", TOY_DAY), service("before", yesterday)]),
            trips,
            stop_times,
            frequencies: self.frequencies.iter().map(frequency).collect(),
            transfers: self.transfers.iter().map(transfer).collect(),
        }
    }

    /// The timetable of [`TOY_DAY`]; stop `i` of the feed is [`StopId`]`(i)`.
    pub fn timetable(&self) -> Timetable {
        let plane = Plane::centred_on(LonLat { lon: 5.57, lat: 50.64 });
        build_timetable(&[self.feed()], TOY_DAY, &plane).expect("a toy feed is small").0
    }
}

/// Writes tables as files into a folder.
pub fn write_tables(folder: &Path, tables: &[(&str, &str)]) -> io::Result<()> {
    tables.iter().try_for_each(|(name, text)| fs::write(folder.join(name), text))
}

/// The oracle: the earliest arrival at every stop, in deciseconds after midnight, by trying every trip from every
/// state again and again until nothing changes.
///
/// A state is a stop, a number of rides, and whether the passenger came by vehicle: only then may a change follow. Its
/// time is the arrival for those who came by vehicle, else the earliest departure they can catch. For each state only
/// the earliest time is kept, since whatever can be done later can be done from the earlier time. `walks` are plain
/// walks: the rules for changing are those of the toy feed. `by_vehicle_only` leaves out arrivals on foot, but for a change
/// of which the feed alone knows.
pub fn brute_force_arrivals(
    toy: &ToyFeed,
    walks: &[(StopId, StopId, TravelTime)],
    access: &[(StopId, TravelTime)],
    departure: ClockTime,
    (board_wait, slack, max_rides): (TravelTime, TravelTime, usize),
    by_vehicle_only: bool,
) -> Vec<Option<i64>> {
    let at = |time: TravelTime| i64::from(time.deciseconds());
    let leave = i64::from(departure.seconds()) * 10;
    let mut best: BTreeMap<usize, i64> = BTreeMap::new();
    let mut states: BTreeMap<(usize, usize, bool), i64> = BTreeMap::new();
    for &(stop, walk) in access {
        if !by_vehicle_only {
            improve(&mut best, stop.index(), leave + at(walk));
        }
        improve(&mut states, (stop.index(), 0, false), leave + at(walk) + at(board_wait));
    }
    loop {
        let before = states.clone();
        for (&(stop, rides, by_vehicle), &time) in &before {
            if by_vehicle {
                improve(&mut best, stop, time);
                for to in 0..toy.stops as usize {
                    let Some((there, catch)) = toy_change(toy, walks, (stop, to), at(board_wait), at(slack)) else {
                        continue;
                    };
                    let is_walk = walks.iter().any(|(a, b, _)| (a.index(), b.index()) == (stop, to));
                    if to == stop || !by_vehicle_only || !is_walk {
                        improve(&mut best, to, time + there);
                    }
                    improve(&mut states, (to, rides, false), time + catch);
                }
                continue;
            }
            if rides == max_rides {
                continue;
            }
            for (day, calls) in &toy.trips {
                let shift = if *day == ToyDay::DayBefore { -864_000 } else { 0 };
                for (board, call) in calls.iter().enumerate() {
                    let departs = i64::from(call.departure_s) * 10 + shift;
                    if call.stop as usize != stop || !call.rules.board || departs < time {
                        continue;
                    }
                    for later in calls[board + 1..].iter().filter(|later| later.rules.alight) {
                        let arrives = i64::from(later.arrival_s) * 10 + shift;
                        improve(&mut states, (later.stop as usize, rides + 1, true), arrives);
                    }
                }
            }
        }
        if states == before {
            break;
        }
    }
    (0..toy.stops as usize).map(|stop| best.get(&stop).copied()).collect()
}

/// A change from one stop to another or to itself, in deciseconds after the arrival of a vehicle: when the passenger is
/// there, and the earliest departure that can be caught. `None` where there is no way or the feed forbids it.
fn toy_change(
    toy: &ToyFeed,
    walks: &[(StopId, StopId, TravelTime)],
    (from, to): (usize, usize),
    board_wait: i64,
    slack: i64,
) -> Option<(i64, i64)> {
    let of_pair = walks.iter().filter(|(a, b, _)| (a.index(), b.index()) == (from, to));
    let walk = if from == to { Some(0) } else { of_pair.map(|(_, _, t)| i64::from(t.deciseconds())).min() };
    let usual = walk.map(|walk| (walk, walk + slack + board_wait));
    let station_of = |stop: usize| toy.parents.iter().find(|(child, _)| *child as usize == stop).map(|link| link.1);
    let is_station = |name: u32| toy.parents.iter().any(|link| link.1 == name);
    // How far from the stop a name is that holds for it: 0 its own, 1 that of its station.
    let names = |name: u32, stop: usize| match is_station(name) {
        true => (station_of(stop) == Some(name)).then_some(1),
        false => (name as usize == stop).then_some(0),
    };
    let rules = toy.transfers.iter().filter_map(|&(a, b, kind)| Some((names(a, from)? + names(b, to)?, kind)));
    let rules: Vec<(u32, TransferKind)> = rules.collect();
    let nearest = rules.iter().map(|rule| rule.0).min();
    let nearest: Vec<TransferKind> = rules.into_iter().filter(|rule| Some(rule.0) == nearest).map(|r| r.1).collect();
    if nearest.contains(&TransferKind::Impossible) {
        return None;
    }
    let least = nearest.iter().filter_map(|kind| match kind {
        TransferKind::MinimumTime(least) => Some(i64::from(least.deciseconds())),
        _ => None,
    });
    match (usual, least.max()) {
        (Some((there, catch)), Some(least)) => Some((there, catch.max(least))),
        (None, Some(least)) => Some(((least - board_wait).max(0), least.max(board_wait + slack))),
        (usual, None) => usual,
    }
}

fn improve<K: Ord>(states: &mut BTreeMap<K, i64>, state: K, time: i64) {
    states.entry(state).and_modify(|known| *known = time.min(*known)).or_insert(time);
}
