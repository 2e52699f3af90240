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
use crate::network::timetable::{Footpaths, Timetable, build_timetable};
use crate::sources::gtfs::{
    CallRules, Feed, FeedRouteId, FeedServiceId, FeedStopId, Frequency, LocationType, Route, Service, Stop, StopTimes,
    Trip,
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
                row: index as u32 + 2,
            });
        }
        let stop = |index| Stop {
            id: format!("stop{index}"),
            name: String::new(),
            position: LonLat { lon: 5.57 + f64::from(index) * 0.002, lat: 50.64 },
            location_type: LocationType::Stop,
            parent: None,
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
            transfers: Vec::new(),
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
/// A state is a stop, a number of rides, and whether the passenger came by vehicle: only then may one walk follow.
/// For each state only the earliest time is kept, since whatever can be done later can be done from the earlier time.
pub fn brute_force_arrivals(
    toy: &ToyFeed,
    footpaths: &Footpaths,
    access: &[(StopId, TravelTime)],
    departure: ClockTime,
    (board_wait, slack, max_rides): (TravelTime, TravelTime, usize),
) -> Vec<Option<i64>> {
    let at = |time: TravelTime| i64::from(time.deciseconds());
    let leave = i64::from(departure.seconds()) * 10;
    // (stop, rides, by vehicle) → earliest time.
    let mut states: BTreeMap<(usize, usize, bool), i64> = BTreeMap::new();
    for &(stop, walk) in access {
        improve(&mut states, (stop.index(), 0, false), leave + at(walk));
    }
    loop {
        let before = states.clone();
        for (&(stop, rides, by_vehicle), &time) in &before {
            if by_vehicle {
                for &(to, walk) in footpaths.from_stop(StopId::from_index(stop)) {
                    improve(&mut states, (to.index(), rides, false), time + at(walk));
                }
            }
            if rides == max_rides {
                continue;
            }
            let ready = time + at(board_wait) + if rides > 0 { at(slack) } else { 0 };
            for (day, calls) in &toy.trips {
                let shift = if *day == ToyDay::DayBefore { -864_000 } else { 0 };
                for (board, call) in calls.iter().enumerate() {
                    let departs = i64::from(call.departure_s) * 10 + shift;
                    if call.stop as usize != stop || !call.rules.board || departs < ready {
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
    let mut best = vec![None; toy.stops as usize];
    for ((stop, _, _), time) in states {
        best[stop] = Some(best[stop].map_or(time, |known: i64| known.min(time)));
    }
    best
}

fn improve(states: &mut BTreeMap<(usize, usize, bool), i64>, state: (usize, usize, bool), time: i64) {
    states.entry(state).and_modify(|known| *known = time.min(*known)).or_insert(time);
}
