//! RAPTOR: the earliest arrival at every stop, for one departure or for all departures of a window.
//!
//! In: a timetable, walks between stops, the stops reached from an origin on foot. Out: arrivals per stop. Reach
//! layer: no I/O, no score; a [`RaptorScratch`] is reused so that the search allocates nothing.
//!
//! A passenger who is at a stop can board a vehicle that departs at least the board wait later; after a ride also the
//! transfer slack and the feed's least change time at that stop must fit in. After a ride one walk between stops may
//! follow. A window is scanned from its last departure to its first, labels kept: a journey of a later departure is
//! also one of an earlier departure, by waiting. A search for known destinations drops what cannot arrive there in time.
//!
//! # References
//! Delling, Pajor, Werneck (2015), Round-based public transit routing, Transportation Science 49(3).

use crate::base::ids::{Id, PatternId, StopId};
use crate::base::units::{ClockTime, TravelTime};
use crate::network::timetable::{Change, Footpaths, Moment, NEVER, Timetable};

/// How passengers board and change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RaptorParameters {
    /// The least time between reaching a stop and the departure of the vehicle boarded there.
    pub board_wait: TravelTime,
    /// What a change between vehicles needs beyond that.
    pub transfer_slack: TravelTime,
    /// The most vehicles boarded on one journey, at least 1.
    pub max_rides: usize,
}

impl Default for RaptorParameters {
    /// Board wait 60 s and no slack, as R5; 5 rides, beyond which hardly any journey gains.
    fn default() -> Self {
        Self { board_wait: TravelTime::from_minutes(1), transfer_slack: TravelTime::ZERO, max_rides: 5 }
    }
}

/// A search over one timetable; shared by all threads.
#[derive(Clone, Copy, Debug)]
pub struct Raptor<'a> {
    timetable: &'a Timetable,
    footpaths: &'a Footpaths,
    board_wait: Moment,
    transfer_slack: Moment,
    rides: usize,
}

/// The labels of a search, one set per thread; made for one timetable and reused from search to search.
#[derive(Clone, Debug)]
pub struct RaptorScratch {
    rides: usize,
    /// Per stop and number of rides: when a vehicle arrives.
    by_vehicle: Vec<Moment>,
    /// Per stop and number of rides: when a passenger is ready to wait for a vehicle.
    ready: Vec<Moment>,
    /// Per stop: the earliest arrival by any means.
    arrival: Vec<Moment>,
    /// Labels at or after this moment are of no use to the search under way.
    bound: Moment,
    touched: Vec<StopId>,
    is_touched: Vec<bool>,
    boarding: Marks,
    alighted: Marks,
    patterns: Vec<PatternId>,
    first_position: Vec<u32>,
}

/// A set of stops that is emptied at the cost of what it holds.
#[derive(Clone, Debug)]
struct Marks {
    stops: Vec<StopId>,
    is_in: Vec<bool>,
}

impl Marks {
    fn new(stops: usize) -> Self {
        Self { stops: Vec::with_capacity(stops), is_in: vec![false; stops] }
    }

    fn add(&mut self, stop: StopId) {
        if !self.is_in[stop.index()] {
            self.is_in[stop.index()] = true;
            self.stops.push(stop);
        }
    }

    fn clear(&mut self) {
        self.stops.drain(..).for_each(|stop| self.is_in[stop.index()] = false);
    }
}

/// Arrivals at all stops for one departure.
#[derive(Clone, Copy, Debug)]
pub struct Arrivals<'a> {
    departure: Moment,
    moments: &'a [Moment],
}

impl Arrivals<'_> {
    /// The time from the departure to the arrival at a stop; `None` where it is not reached.
    pub fn travel_time(&self, stop: StopId) -> Option<TravelTime> {
        let moment = *self.moments.get(stop.index())?;
        (moment < NEVER).then(|| TravelTime::from_deciseconds(moment.saturating_sub(self.departure).max(0) as u32))
    }

    /// The shortest time to the end of a journey, walking on from any of these stops; `None` where none is reached.
    pub fn travel_time_via(&self, egress: &[(StopId, TravelTime)]) -> Option<TravelTime> {
        egress.iter().filter_map(|&(stop, walk)| Some(self.travel_time(stop)? + walk)).min()
    }
}

/// A time of the day as a moment.
pub fn moment(clock: ClockTime) -> Moment {
    Moment::try_from(clock.seconds()).unwrap_or(NEVER).saturating_mul(10)
}

/// A length of time as a difference of moments.
pub(super) fn span(time: TravelTime) -> Moment {
    Moment::try_from(time.deciseconds()).unwrap_or(NEVER)
}

impl<'a> Raptor<'a> {
    /// A search with these parameters.
    pub fn new(timetable: &'a Timetable, footpaths: &'a Footpaths, parameters: RaptorParameters) -> Self {
        Self {
            timetable,
            footpaths,
            board_wait: span(parameters.board_wait),
            transfer_slack: span(parameters.transfer_slack),
            rides: parameters.max_rides.clamp(1, 64),
        }
    }

    /// The timetable searched.
    pub fn timetable(&self) -> &'a Timetable {
        self.timetable
    }

    /// The least time between reaching a stop and boarding there.
    pub(super) fn board_wait(&self) -> Moment {
        self.board_wait
    }

    /// Labels for this search.
    pub fn scratch(&self) -> RaptorScratch {
        let stops = self.timetable.stops().len();
        let patterns = self.timetable.patterns().len();
        RaptorScratch {
            rides: self.rides,
            by_vehicle: vec![NEVER; stops * (self.rides + 1)],
            ready: vec![NEVER; stops * (self.rides + 1)],
            arrival: vec![NEVER; stops],
            bound: NEVER,
            touched: Vec::with_capacity(stops),
            is_touched: vec![false; stops],
            boarding: Marks::new(stops),
            alighted: Marks::new(stops),
            patterns: Vec::with_capacity(patterns),
            first_position: vec![u32::MAX; patterns],
        }
    }

    /// The earliest arrival at every stop when leaving the origin at `departure`; `access` holds the stops reached from
    /// the origin on foot, with the time it takes.
    pub fn reach_stops<'s>(
        &self,
        scratch: &'s mut RaptorScratch,
        access: &[(StopId, TravelTime)],
        departure: ClockTime,
    ) -> Arrivals<'s> {
        scratch.reset();
        self.scan_departure(scratch, access, moment(departure), |_| NEVER);
        Arrivals { departure: moment(departure), moments: &scratch.arrival }
    }

    /// The earliest arrivals for many departures, which must come from the latest to the earliest. `visit` is called
    /// with the position of each departure and its arrivals; it says whether to go on. The results equal those of
    /// one [`Self::reach_stops`] per departure.
    pub fn reach_stops_over(
        &self,
        scratch: &mut RaptorScratch,
        access: &[(StopId, TravelTime)],
        departures: impl IntoIterator<Item = Moment>,
        visit: impl FnMut(usize, Arrivals) -> GoOn,
    ) {
        self.reach_in_time_over(scratch, access, departures, |_, _| NEVER, visit);
    }

    /// As [`Self::reach_stops_over`] for a search that only wants to get somewhere: `bound` gives, for a departure and
    /// the arrivals known so far, the moment from which on an arrival at any stop is too late to be of use. Arrivals
    /// before it are those of [`Self::reach_stops_over`]; a later one is either the same or missing. For an earlier
    /// departure with arrivals no later, the bound must not be later.
    pub fn reach_in_time_over(
        &self,
        scratch: &mut RaptorScratch,
        access: &[(StopId, TravelTime)],
        departures: impl IntoIterator<Item = Moment>,
        bound: impl Fn(Moment, Arrivals) -> Moment,
        mut visit: impl FnMut(usize, Arrivals) -> GoOn,
    ) {
        scratch.reset();
        let mut last = NEVER;
        for (index, departure) in departures.into_iter().enumerate() {
            // A departure later than the one before would find labels it cannot use.
            if departure > last {
                scratch.reset();
            }
            last = departure;
            let bound = |moments: &[Moment]| bound(departure, Arrivals { departure, moments });
            self.scan_departure(scratch, access, departure, bound);
            if visit(index, Arrivals { departure, moments: &scratch.arrival }) == GoOn::No {
                break;
            }
        }
    }

    /// Improves the labels by all journeys that leave at `departure`, as far as they are before the bound.
    fn scan_departure(
        &self,
        scratch: &mut RaptorScratch,
        access: &[(StopId, TravelTime)],
        departure: Moment,
        bound: impl Fn(&[Moment]) -> Moment,
    ) {
        scratch.bound = bound(&scratch.arrival);
        for &(stop, walk) in access {
            if stop.index() < scratch.arrival.len() {
                let there = departure.saturating_add(span(walk));
                scratch.improve_arrival(stop, there);
                scratch.improve_ready(stop, 0, there);
            }
        }
        for ride in 1..=self.rides {
            if scratch.boarding.stops.is_empty() {
                break;
            }
            scratch.bound = bound(&scratch.arrival);
            self.queue_patterns(scratch);
            scratch.boarding.clear();
            while let Some(pattern) = scratch.patterns.pop() {
                let from = std::mem::replace(&mut scratch.first_position[pattern.index()], u32::MAX);
                self.ride_pattern(scratch, pattern, from as usize, ride);
            }
            self.walk_on(scratch, ride);
        }
        scratch.boarding.clear();
    }

    /// Queues each pattern that can be boarded at a marked stop, with the first such position.
    fn queue_patterns(&self, scratch: &mut RaptorScratch) {
        for &stop in &scratch.boarding.stops {
            for &(pattern, position) in self.timetable.patterns_at(stop) {
                let first = &mut scratch.first_position[pattern.index()];
                if *first == u32::MAX {
                    scratch.patterns.push(pattern);
                }
                *first = (*first).min(position);
            }
        }
    }

    /// Rides along a pattern, at each position with the earliest trip that can be boarded there or before.
    fn ride_pattern(&self, scratch: &mut RaptorScratch, pattern: PatternId, from: usize, ride: usize) {
        let stops = self.timetable.pattern_stops(pattern);
        let rules = self.timetable.pattern_rules(pattern);
        let trips = self.timetable.trip_count(pattern);
        let mut trip = trips;
        for position in from..stops.len() {
            let stop = stops[position];
            if trip < trips && rules[position].alight {
                let arrival = self.timetable.arrivals_at(pattern, position)[trip];
                scratch.improve_by_vehicle(stop, ride, arrival);
            }
            let ready = scratch.ready_with(stop, ride - 1);
            if !rules[position].board || ready == NEVER || position + 1 == stops.len() {
                continue;
            }
            let least = ready.saturating_add(self.board_wait);
            let departures = self.timetable.departures_at(pattern, position);
            if trip == trips {
                trip = departures.partition_point(|&departure| departure < least);
                if trip < trips && departures[trip] == NEVER {
                    trip = trips;
                }
            } else {
                while trip > 0 && departures[trip - 1] >= least {
                    trip -= 1;
                }
            }
        }
    }

    /// After a round of rides: gets passengers ready for the next, at the stop itself or after one walk.
    fn walk_on(&self, scratch: &mut RaptorScratch, ride: usize) {
        for index in 0..scratch.alighted.stops.len() {
            let stop = scratch.alighted.stops[index];
            let arrival = scratch.by_vehicle_with(stop, ride);
            scratch.improve_arrival(stop, arrival);
            let change = self.transfer_slack.max(self.without_board_wait(self.timetable.change_time(stop)));
            scratch.improve_ready(stop, ride, arrival.saturating_add(change));
            for (to, change) in self.footpaths.changes_from(stop) {
                let (walk, ready) = self.change_over(change);
                scratch.improve_arrival(to, arrival.saturating_add(walk));
                scratch.improve_ready(to, ride, arrival.saturating_add(ready));
            }
        }
        scratch.alighted.clear();
    }

    /// From the arrival of a vehicle: when passengers are at the other stop, and when ready to wait there for another.
    fn change_over(&self, change: Change) -> (Moment, Moment) {
        match change {
            Change::Walk(walk) => (span(walk), span(walk).saturating_add(self.transfer_slack)),
            Change::WalkAtLeast { walk, least } => {
                let walk = span(walk);
                (walk, walk.saturating_add(self.transfer_slack).max(self.without_board_wait(least)))
            }
            Change::Least(least) => {
                let there = self.without_board_wait(least);
                (there, there.max(self.transfer_slack))
            }
        }
    }

    /// A least change time runs from vehicle to vehicle: the board wait is part of it. One that never ends never does.
    fn without_board_wait(&self, least: TravelTime) -> Moment {
        match span(least) {
            NEVER => NEVER,
            least => least.saturating_sub(self.board_wait).max(0),
        }
    }
}

/// Whether a scan over departures is to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoOn {
    /// With the next departure.
    Yes,
    /// Not any further.
    No,
}

impl RaptorScratch {
    /// Forgets all labels, at the cost of the stops touched.
    fn reset(&mut self) {
        let labels = self.rides + 1;
        for stop in self.touched.drain(..) {
            let first = stop.index() * labels;
            self.by_vehicle[first..first + labels].fill(NEVER);
            self.ready[first..first + labels].fill(NEVER);
            self.arrival[stop.index()] = NEVER;
            self.is_touched[stop.index()] = false;
        }
        self.boarding.clear();
        self.alighted.clear();
    }

    fn touch(&mut self, stop: StopId) {
        if !self.is_touched[stop.index()] {
            self.is_touched[stop.index()] = true;
            self.touched.push(stop);
        }
    }

    fn ready_with(&self, stop: StopId, rides: usize) -> Moment {
        self.ready[stop.index() * (self.rides + 1) + rides]
    }

    fn by_vehicle_with(&self, stop: StopId, rides: usize) -> Moment {
        self.by_vehicle[stop.index() * (self.rides + 1) + rides]
    }

    fn improve_arrival(&mut self, stop: StopId, at: Moment) {
        if at < self.bound && at < self.arrival[stop.index()] {
            self.touch(stop);
            self.arrival[stop.index()] = at;
        }
    }

    /// Notes an arrival by vehicle with this number of rides. A label holds for more rides too.
    fn improve_by_vehicle(&mut self, stop: StopId, rides: usize, at: Moment) {
        let first = stop.index() * (self.rides + 1);
        if at < self.bound && at < self.by_vehicle[first + rides] {
            self.touch(stop);
            self.alighted.add(stop);
            for label in &mut self.by_vehicle[first + rides..=first + self.rides] {
                *label = at.min(*label);
            }
        }
    }

    /// Notes readiness to board after this number of rides, and marks the stop for the next round.
    fn improve_ready(&mut self, stop: StopId, rides: usize, at: Moment) {
        let first = stop.index() * (self.rides + 1);
        if at < self.bound && at < self.ready[first + rides] {
            self.touch(stop);
            self.boarding.add(stop);
            for label in &mut self.ready[first + rides..=first + self.rides] {
                *label = at.min(*label);
            }
        }
    }
}
