//! RAPTOR: the earliest arrival at every stop, for one departure or for all departures of a window.
//!
//! In: a timetable, walks between stops, the stops reached from an origin on foot. Out: arrivals per stop. Reach
//! layer: no I/O, no score; a [`RaptorScratch`] is reused so that the search allocates nothing.
//!
//! A passenger who is at a stop can board a vehicle that departs at least the board wait later; after a ride also the
//! transfer slack and the feed's least change time at that stop must fit in. After a ride one walk between stops may
//! follow. A window is scanned from its last departure to its first, labels kept: a journey of a later departure is
//! also one of an earlier departure, by waiting. No part of a trip is ridden twice with as many rides: what follows from it is
//! known. A search for known destinations drops what cannot arrive there in time.
//!
//! # References
//! Delling, Pajor, Werneck (2015), Round-based public transit routing, Transportation Science 49(3).

use super::onward_walks::{ArrivalsBy, OnwardWalks};
use crate::base::ids::{Id, PatternId, StopId};
use crate::base::units::{ClockTime, TravelTime};
use crate::network::timetable::{Footpaths, Moment, NEVER, Timetable};

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
#[derive(Clone, Debug)]
pub struct Raptor<'a> {
    timetable: &'a Timetable,
    onward: OnwardWalks,
    board_wait: Moment,
    rides: usize,
    counts: ArrivalsBy,
}

/// The labels of a search, one set per thread; made for one timetable and reused from search to search.
#[derive(Clone, Debug)]
pub struct RaptorScratch {
    rides: usize,
    stops: usize,
    calls: usize,
    /// Per stop the earliest arrival of those that count.
    arrivals: Vec<Moment>,
    /// For 1, 2 … rides, per stop: when a vehicle arrives. A label holds for more rides too.
    by_vehicle: Vec<Moment>,
    /// For 0, 1 … rides, per stop: when a passenger is ready to wait for a vehicle. A label holds for more rides too.
    ready: Vec<Moment>,
    /// Labels at or after this moment are of no use to the search under way.
    bound: Moment,
    /// Stops with labels, some of them several times.
    touched: Vec<StopId>,
    /// Stops whose arrival the last departure improved, some of them several times.
    improved: Vec<StopId>,
    /// Per ride and call, in the order of stops: the first trip that a passenger is aboard of when it leaves there. All that
    /// it and those after it lead to is known.
    taken: Vec<u32>,
    /// Per ride and call: when the last trip leaves that may lead to more; never where nobody has looked.
    last_of_use: Vec<Moment>,
    /// Calls that were looked at, some of them several times.
    seen: Vec<u32>,
    boarding: Marks<StopId>,
    alighted: Marks<StopId>,
    patterns: Marks<PatternId>,
    /// Per pattern the positions to board at, as bits.
    positions: Vec<u64>,
}

/// A set of ids that is emptied at the cost of what it holds.
#[derive(Clone, Debug)]
struct Marks<I> {
    ids: Vec<I>,
    is_in: Vec<bool>,
}

impl<I: Id> Marks<I> {
    fn new(count: usize) -> Self {
        Self { ids: Vec::with_capacity(count), is_in: vec![false; count] }
    }

    fn add(&mut self, id: I) {
        if !self.is_in[id.index()] {
            self.is_in[id.index()] = true;
            self.ids.push(id);
        }
    }

    fn pop(&mut self) -> Option<I> {
        let id = self.ids.pop()?;
        self.is_in[id.index()] = false;
        Some(id)
    }

    fn clear(&mut self) {
        self.ids.drain(..).for_each(|id| self.is_in[id.index()] = false);
    }
}

/// Arrivals at all stops for one departure.
#[derive(Clone, Copy, Debug)]
pub struct Arrivals<'a> {
    departure: Moment,
    scratch: &'a RaptorScratch,
}

impl Arrivals<'_> {
    /// The time from the departure to the arrival at a stop; `None` where it is not reached.
    pub fn travel_time(&self, stop: StopId) -> Option<TravelTime> {
        let moment = *self.scratch.arrivals.get(stop.index())?;
        (moment < NEVER).then(|| TravelTime::from_deciseconds(moment.saturating_sub(self.departure).max(0) as u32))
    }

    /// The stops at which this departure arrives earlier than those after it did, some of them several times.
    pub fn improved(&self) -> &[StopId] {
        &self.scratch.improved
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
    /// A search with these parameters: arrivals count by any means, on foot from the origin or a stop and by vehicle.
    pub fn new(timetable: &'a Timetable, footpaths: &Footpaths, parameters: RaptorParameters) -> Self {
        Self::with_arrivals(ArrivalsBy::AnyMeans, timetable, footpaths, parameters)
    }

    /// The same search for those who go on from their last stop by themselves: arrivals count by vehicle only, or by a
    /// change of which the feed alone knows, after a vehicle.
    pub fn by_vehicle_only(timetable: &'a Timetable, footpaths: &Footpaths, parameters: RaptorParameters) -> Self {
        Self::with_arrivals(ArrivalsBy::Vehicle, timetable, footpaths, parameters)
    }

    /// [`Self::by_vehicle_only`] over a timetable that is [reversed](Timetable::reversed) with the board wait of the
    /// parameters, and walks that are: from where a passenger has to be, at a moment with its sign changed, to where he
    /// may come from.
    pub fn backwards(timetable: &'a Timetable, footpaths: &Footpaths, parameters: RaptorParameters) -> Self {
        let search = Self::with_arrivals(ArrivalsBy::VehicleBackwards, timetable, footpaths, parameters);
        Self { board_wait: 0, ..search }
    }

    fn with_arrivals(
        counts: ArrivalsBy,
        timetable: &'a Timetable,
        footpaths: &Footpaths,
        parameters: RaptorParameters,
    ) -> Self {
        let onward = OnwardWalks::new(timetable, footpaths, parameters, counts);
        let (board_wait, rides) = (span(parameters.board_wait), parameters.max_rides.clamp(1, 64));
        Self { timetable, onward, board_wait, rides, counts }
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
        let (stops, patterns) = (self.timetable.stops().len(), self.timetable.patterns().len());
        let calls = self.timetable.call_count();
        RaptorScratch {
            rides: self.rides,
            stops,
            calls,
            arrivals: vec![NEVER; stops],
            by_vehicle: vec![NEVER; stops * self.rides],
            ready: vec![NEVER; stops * self.rides],
            bound: NEVER,
            touched: Vec::with_capacity(stops),
            improved: Vec::with_capacity(stops),
            taken: vec![u32::MAX; calls * self.rides],
            last_of_use: vec![NEVER; calls * self.rides],
            seen: Vec::new(),
            boarding: Marks::new(stops),
            alighted: Marks::new(stops),
            patterns: Marks::new(patterns),
            positions: vec![0; first_word(PatternId::from_index(patterns), calls)],
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
        self.scan_departure(scratch, access, moment(departure), |_: Arrivals<'_>| NEVER);
        scratch.arrivals(moment(departure))
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
    /// before it are those of [`Self::reach_stops_over`]; later ones tell nothing. For an earlier
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
            self.scan_departure(scratch, access, departure, |arrivals: Arrivals<'_>| bound(departure, arrivals));
            if visit(index, scratch.arrivals(departure)) == GoOn::No {
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
        bound: impl Fn(Arrivals<'_>) -> Moment,
    ) {
        scratch.improved.clear();
        scratch.bound = bound(scratch.arrivals(departure));
        for &(stop, walk) in access {
            if stop.index() < self.timetable.stops().len() {
                let there = departure.saturating_add(span(walk));
                if self.counts == ArrivalsBy::AnyMeans {
                    scratch.improve_arrival(stop, there);
                }
                scratch.improve_ready(stop, 0, there);
                if self.counts == ArrivalsBy::VehicleBackwards {
                    for &(to, walk) in self.onward.to_arrive(stop) {
                        scratch.improve_ready(to, 0, there.saturating_add(walk));
                    }
                }
            }
        }
        for ride in 1..=self.rides {
            if scratch.boarding.ids.is_empty() {
                break;
            }
            scratch.bound = bound(scratch.arrivals(departure));
            self.queue_patterns(scratch, ride);
            while let Some(pattern) = scratch.patterns.pop() {
                self.ride_pattern(scratch, pattern, ride);
            }
            self.walk_on(scratch, ride);
        }
    }

    /// Queues the patterns on which a marked stop may give an earlier trip than is taken already, with the positions.
    fn queue_patterns(&self, scratch: &mut RaptorScratch, ride: usize) {
        while let Some(stop) = scratch.boarding.pop() {
            let least = scratch.ready_with(stop, ride - 1).saturating_add(self.board_wait);
            let places = (ride - 1) * scratch.calls + self.timetable.first_place_at(stop)..;
            for (place, &(pattern, position)) in places.zip(self.timetable.patterns_at(stop)) {
                if scratch.last_of_use[place] >= least {
                    let first = first_word(pattern, self.timetable.first_call(pattern));
                    scratch.positions[first + position as usize / 64] |= 1 << (position % 64);
                    scratch.patterns.add(pattern);
                }
            }
        }
    }

    /// The first trip of a pattern that can be boarded at a call, where it is earlier than the one that a passenger is aboard
    /// of and than the one that is taken there already.
    fn earlier_trip(&self, scratch: &mut RaptorScratch, call: Call, aboard: Option<usize>) -> Option<usize> {
        let Call { pattern, position, place, ride } = call;
        let stop = self.timetable.pattern_stops(pattern)[position];
        let least = scratch.ready_with(stop, ride - 1).saturating_add(self.board_wait);
        let at = (ride - 1) * scratch.calls + place;
        if scratch.last_of_use[at] < least || least == NEVER {
            return None;
        }
        let rules = self.timetable.pattern_rules(pattern);
        if position + 1 == rules.len() || !rules[position].board {
            scratch.see(place, ride, Moment::MIN);
            return None;
        }
        let departures = self.timetable.departures_at(pattern, position);
        let taken = departures.len().min(scratch.taken[at] as usize);
        let first = departures[..taken].partition_point(|&departure| departure < least);
        if first < taken && departures[first] < scratch.bound {
            return (first < aboard.unwrap_or(usize::MAX)).then_some(first);
        }
        // What leaves from here on is taken, or too late for this and for every earlier departure.
        scratch.see(place, ride, before(departures, first));
        None
    }

    /// Rides along a pattern, from each queued position on, with the earliest trip that can be boarded there or before, as
    /// long as it is earlier than the one that is taken already.
    fn ride_pattern(&self, scratch: &mut RaptorScratch, pattern: PatternId, ride: usize) {
        let timetable = self.timetable;
        let stops = timetable.pattern_stops(pattern);
        let (rules, places) = (timetable.pattern_rules(pattern), timetable.pattern_places(pattern));
        let first_word = first_word(pattern, timetable.first_call(pattern));
        let words = first_word..first_word + stops.len().div_ceil(64);
        let mut aboard: Option<usize> = None;
        let mut position = next_bit(&scratch.positions[words.clone()], 0);
        while position < stops.len() {
            if let Some(trip) = aboard {
                let arrival = timetable.arrivals_at(pattern, position)[trip];
                if arrival >= scratch.bound {
                    aboard = None;
                } else if rules[position].alight {
                    scratch.improve_by_vehicle(stops[position], ride, arrival);
                }
            }
            let place = places[position] as usize;
            let is_queued = scratch.positions[first_word + position / 64] >> (position % 64) & 1 == 1;
            if is_queued {
                let earlier = self.earlier_trip(scratch, Call { pattern, position, place, ride }, aboard);
                aboard = earlier.or(aboard);
            }
            let goes_on = aboard.is_some_and(|trip| {
                position + 1 < stops.len()
                    && scratch.take(place, ride, trip, timetable.departures_at(pattern, position))
            });
            if goes_on {
                position += 1;
            } else {
                aboard = None;
                position = next_bit(&scratch.positions[words.clone()], position + 1);
            }
        }
        scratch.positions[words].fill(0);
    }

    /// After a round of rides: gets passengers ready for the next, at the stop itself or after one walk.
    fn walk_on(&self, scratch: &mut RaptorScratch, ride: usize) {
        while let Some(stop) = scratch.alighted.pop() {
            let arrival = scratch.by_vehicle_with(stop, ride);
            scratch.improve_arrival(stop, arrival);
            let in_time = scratch.bound.saturating_sub(arrival);
            if self.counts != ArrivalsBy::VehicleBackwards {
                let walks = self.onward.to_arrive(stop).iter();
                for &(to, walk) in walks.take_while(|walk| walk.1 < in_time) {
                    if arrival + walk < scratch.arrivals[to.index()] {
                        scratch.improve_arrival(to, arrival + walk);
                    }
                }
            }
            if ride < self.rides {
                scratch.improve_ready(stop, ride, arrival.saturating_add(self.onward.to_stay(stop)));
                let first = ride * scratch.stops;
                for &(to, ready) in self.onward.to_board(stop).iter().take_while(|walk| walk.1 < in_time) {
                    // Nearly all walks end here.
                    if arrival + ready < scratch.ready[first + to.index()] {
                        scratch.improve_ready(to, ride, arrival + ready);
                    }
                }
            }
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

/// A call of a pattern, with its place in the order of stops, that is to be left on a ride of this number.
#[derive(Clone, Copy)]
struct Call {
    pattern: PatternId,
    position: usize,
    place: usize,
    ride: usize,
}

/// The departure of the trip before one; long ago where it is the first.
fn before(departures: &[Moment], trip: usize) -> Moment {
    trip.checked_sub(1).map_or(Moment::MIN, |trip| departures[trip])
}

/// Where the bits of a pattern's positions begin, when so many calls come before it. A pattern begins a word of its own.
fn first_word(pattern: PatternId, first_call: usize) -> usize {
    first_call / 64 + pattern.index()
}

/// The first bit that is set from a place on; beyond all where there is none.
fn next_bit(words: &[u64], from: usize) -> usize {
    let mut word = from / 64;
    let mut left = words.get(word).map_or(0, |bits| bits & (u64::MAX << (from % 64)));
    while left == 0 {
        word += 1;
        match words.get(word) {
            Some(&bits) => left = bits,
            None => return usize::MAX,
        }
    }
    word * 64 + left.trailing_zeros() as usize
}

impl RaptorScratch {
    /// Forgets all labels, at the cost of what was touched.
    fn reset(&mut self) {
        for stop in self.touched.drain(..) {
            self.arrivals[stop.index()] = NEVER;
            let labels = (stop.index()..).step_by(self.stops.max(1)).take(self.rides);
            for label in labels {
                self.by_vehicle[label] = NEVER;
                self.ready[label] = NEVER;
            }
        }
        for place in self.seen.drain(..) {
            for known in (place as usize..).step_by(self.calls.max(1)).take(self.rides) {
                self.taken[known] = u32::MAX;
                self.last_of_use[known] = NEVER;
            }
        }
        self.boarding.clear();
        self.alighted.clear();
    }

    fn arrivals(&self, departure: Moment) -> Arrivals<'_> {
        Arrivals { departure, scratch: self }
    }

    fn ready_with(&self, stop: StopId, rides: usize) -> Moment {
        self.ready[rides * self.stops + stop.index()]
    }

    fn by_vehicle_with(&self, stop: StopId, rides: usize) -> Moment {
        self.by_vehicle[(rides - 1) * self.stops + stop.index()]
    }

    /// Notes that a passenger leaves a call aboard of a trip; tells whether that is earlier than any before.
    fn take(&mut self, place: usize, ride: usize, trip: usize, departures: &[Moment]) -> bool {
        let first = (ride - 1) * self.calls + place;
        if trip >= self.taken[first] as usize {
            return false;
        }
        lower(&mut self.taken[first..], self.calls, trip as u32);
        self.see(place, ride, before(departures, trip));
        true
    }

    /// Notes that no trip that leaves a call after a moment leads to more.
    fn see(&mut self, place: usize, ride: usize, last_of_use: Moment) {
        if self.last_of_use[(self.rides - 1) * self.calls + place] == NEVER {
            self.seen.push(place as u32);
        }
        lower(&mut self.last_of_use[(ride - 1) * self.calls + place..], self.calls, last_of_use);
    }

    fn improve_arrival(&mut self, stop: StopId, at: Moment) {
        let known = &mut self.arrivals[stop.index()];
        if at < self.bound && at < *known {
            if *known == NEVER {
                self.touched.push(stop);
            }
            *known = at;
            self.improved.push(stop);
        }
    }

    /// Notes an arrival by vehicle with this number of rides.
    fn improve_by_vehicle(&mut self, stop: StopId, rides: usize, at: Moment) {
        let first = (rides - 1) * self.stops + stop.index();
        if at < self.by_vehicle[first] && at < self.bound {
            if self.by_vehicle[(self.rides - 1) * self.stops + stop.index()] == NEVER {
                self.touched.push(stop);
            }
            lower(&mut self.by_vehicle[first..], self.stops, at);
            self.alighted.add(stop);
        }
    }

    /// Notes readiness to board after this number of rides, and marks the stop for the next round.
    fn improve_ready(&mut self, stop: StopId, rides: usize, at: Moment) {
        let first = rides * self.stops + stop.index();
        if at < self.ready[first] && at < self.bound {
            if self.ready[(self.rides - 1) * self.stops + stop.index()] == NEVER {
                self.touched.push(stop);
            }
            lower(&mut self.ready[first..], self.stops, at);
            self.boarding.add(stop);
        }
    }
}

/// Lowers a label and those for more rides, which are never higher than those before.
fn lower<T: Ord + Copy>(labels: &mut [T], apart: usize, to: T) {
    for label in labels.iter_mut().step_by(apart) {
        if *label <= to {
            break;
        }
        *label = to;
    }
}
