//! The timetable of one service day: patterns and their times as columns.
//!
//! In: feeds (see [`build_timetable`]). Out: immutable columns that a search reads. Trips of a line with the same calls that do
//! not overtake each other form a pattern; the times of a pattern lie position by position, so that looking for the
//! first departure after a moment reads one contiguous, ascending slice. Knows no street and no search.

mod accessible;
mod build;
mod feed_calendar;
mod footpaths;
mod reversed;
mod service_days;
mod transfers;

use geo::Coord;
use jiff::civil::Date;

pub use accessible::keep_accessible;
pub use build::{TimetableError, build_timetable};
pub use feed_calendar::{FeedCalendar, ServiceGap, ServiceWeek, count_trips_on, measure_feed_calendar};
pub use footpaths::{Change, Footpaths};
pub use service_days::{DayKind, FeedDay, find_representative_day, trips_per_day};

use crate::base::ids::{Column, Id, PatternId, RouteId, StopId, TripId};
use crate::base::kinds::StopMode;
use crate::base::mixing::mix;
use crate::base::units::{ClockTime, TravelTime};
use crate::sources::gtfs::{CallRules, FeedStopId, FeedTripId, TransferKind};

/// A moment of the service day in deciseconds after its midnight; negative on the day before.
pub type Moment = i32;
/// A moment that never comes: a run that a frequency does not make in this draw.
pub const NEVER: Moment = i32::MAX;

/// A stop of the timetable.
#[derive(Clone, Debug, PartialEq)]
pub struct TimetableStop {
    /// Which of the feeds it is from.
    pub feed: usize,
    /// The row of that feed.
    pub source: FeedStopId,
    /// `stop_id` in that feed.
    pub id: String,
    /// Name, may be empty.
    pub name: String,
    /// Where it is on the study's plane, metres.
    pub position: Coord<f64>,
    /// The station it belongs to, itself where it belongs to none.
    pub station: StopId,
    /// Whether any call of the day is made here.
    pub served: bool,
}

/// A line of the timetable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimetableRoute {
    /// Which of the feeds it is from.
    pub feed: usize,
    /// `route_id` in that feed.
    pub id: String,
    /// Name as passengers know it.
    pub name: String,
    /// What runs on it.
    pub mode: StopMode,
}

/// A run of a vehicle on the service day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimetableTrip {
    /// Which of the feeds it is from.
    pub feed: usize,
    /// The trip of that feed.
    pub source: FeedTripId,
    /// Its line.
    pub route: RouteId,
    /// `direction_id`, where given.
    pub direction: Option<u8>,
    /// It belongs to the service day before and ends after midnight: a search may ride it, the supply of this day
    /// counts its own runs past midnight instead.
    pub of_day_before: bool,
}

/// Where the calls, trips and times of a pattern lie in the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PatternSpan {
    first_call: usize,
    calls: usize,
    first_trip: usize,
    trips: usize,
    first_time: usize,
}

/// A pattern whose trips run at a headway without fixed times; a draw gives it an offset.
#[derive(Clone, Debug, PartialEq)]
struct FrequencyPattern {
    pattern: PatternId,
    start: Moment,
    end: Moment,
    headway: Moment,
    /// Stable from run to run: made of the feed, the trip and the start.
    key: u64,
    /// Arrival and departure at each position, after the departure from the first.
    running_times: Vec<(Moment, Moment)>,
}

impl FrequencyPattern {
    /// When vehicles may depart from a position: from the first moment to before the second.
    fn span_at(&self, position: usize) -> (Moment, Moment) {
        let later = self.running_times.get(position).map_or(0, |times| times.1);
        (self.start.saturating_add(later), self.end.saturating_add(later))
    }
}

/// The timetable of one service day.
#[derive(Clone, Debug)]
pub struct Timetable {
    service_date: Date,
    stops: Column<StopId, TimetableStop>,
    routes: Column<RouteId, TimetableRoute>,
    trips: Column<TripId, TimetableTrip>,
    patterns: Column<PatternId, PatternSpan>,
    call_stops: Vec<StopId>,
    call_rules: Vec<CallRules>,
    arrivals: Vec<Moment>,
    departures: Vec<Moment>,
    first_at_stop: Vec<u32>,
    at_stop: Vec<(PatternId, u32)>,
    /// Per call: where it stands in `at_stop`.
    places_at_stop: Vec<u32>,
    changes: Vec<TravelTime>,
    transfers: Vec<(StopId, StopId, TransferKind)>,
    /// Ascending by pattern.
    frequencies: Vec<FrequencyPattern>,
}

impl Timetable {
    /// The day it is for.
    pub fn service_date(&self) -> Date {
        self.service_date
    }

    /// All stops, stations included.
    pub fn stops(&self) -> &Column<StopId, TimetableStop> {
        &self.stops
    }

    /// All lines.
    pub fn routes(&self) -> &Column<RouteId, TimetableRoute> {
        &self.routes
    }

    /// All trips of the day, pattern by pattern.
    pub fn trips(&self) -> &Column<TripId, TimetableTrip> {
        &self.trips
    }

    /// All patterns.
    pub fn patterns(&self) -> impl ExactSizeIterator<Item = PatternId> + use<> {
        self.patterns.ids()
    }

    /// The stops of a pattern, in the order of travel.
    pub fn pattern_stops(&self, pattern: PatternId) -> &[StopId] {
        let span = self.patterns[pattern];
        &self.call_stops[span.first_call..span.first_call + span.calls]
    }

    /// The number of the first call of a pattern among the calls of all patterns.
    pub(crate) fn first_call(&self, pattern: PatternId) -> usize {
        self.patterns[pattern].first_call
    }

    /// How many calls all patterns have.
    pub(crate) fn call_count(&self) -> usize {
        self.call_stops.len()
    }

    /// For each call of a pattern its place among the calls of all patterns in the order of stops.
    pub(crate) fn pattern_places(&self, pattern: PatternId) -> &[u32] {
        let span = self.patterns[pattern];
        &self.places_at_stop[span.first_call..span.first_call + span.calls]
    }

    /// The place of the first of the calls at a stop, in the order of stops.
    pub(crate) fn first_place_at(&self, stop: StopId) -> usize {
        self.first_at_stop[stop.index()] as usize
    }

    /// Boarding and alighting at each position of a pattern.
    pub fn pattern_rules(&self, pattern: PatternId) -> &[CallRules] {
        let span = self.patterns[pattern];
        &self.call_rules[span.first_call..span.first_call + span.calls]
    }

    /// The line of a pattern.
    pub fn route_of(&self, pattern: PatternId) -> RouteId {
        self.trips[self.trip_of(pattern, 0)].route
    }

    /// How many trips a pattern has.
    pub fn trip_count(&self, pattern: PatternId) -> usize {
        self.patterns[pattern].trips
    }

    /// The trip at a place in the order of a pattern's trips.
    pub fn trip_of(&self, pattern: PatternId, order: usize) -> TripId {
        TripId::from_index(self.patterns[pattern].first_trip + order)
    }

    /// Departures of all trips of a pattern from a position, ascending.
    pub fn departures_at(&self, pattern: PatternId, position: usize) -> &[Moment] {
        let span = self.patterns[pattern];
        let first = span.first_time + position * span.trips;
        &self.departures[first..first + span.trips]
    }

    /// Arrivals of all trips of a pattern at a position, ascending.
    pub fn arrivals_at(&self, pattern: PatternId, position: usize) -> &[Moment] {
        let span = self.patterns[pattern];
        let first = span.first_time + position * span.trips;
        &self.arrivals[first..first + span.trips]
    }

    /// The patterns that call at a stop, with the position of the call.
    pub fn patterns_at(&self, stop: StopId) -> &[(PatternId, u32)] {
        let (first, end) = (self.first_at_stop[stop.index()], self.first_at_stop[stop.index() + 1]);
        &self.at_stop[first as usize..end as usize]
    }

    /// The least time for a change between two vehicles at one stop, from the arrival to the departure, by the feed; zero
    /// where it says nothing, [`TravelTime::MAX`] where it forbids the change.
    pub fn change_time(&self, stop: StopId) -> TravelTime {
        self.changes[stop.index()]
    }

    /// Rules of the feeds for changing between two different stops, one for each pair, ascending; those for stations are
    /// spread over their stops.
    pub fn transfers(&self) -> &[(StopId, StopId, TransferKind)] {
        &self.transfers
    }

    /// Whether some trips run at a headway without fixed times, so that results depend on the draw.
    pub fn has_draws(&self) -> bool {
        !self.frequencies.is_empty()
    }

    /// Gives every trip without fixed times a new offset within its headway, uniform and independent of all others.
    /// The same seed and draw give the same offsets.
    pub fn draw_offsets(&mut self, seed: u64, draw: u32) {
        for frequency in &self.frequencies {
            let mixed = mix(mix(mix(seed) ^ u64::from(draw)) ^ frequency.key);
            let offset = (mixed % (frequency.headway.max(1) as u64)) as Moment;
            let span = self.patterns[frequency.pattern];
            for order in 0..span.trips {
                let steps = frequency.headway.saturating_mul(Moment::try_from(order).unwrap_or(NEVER));
                let start = frequency.start.saturating_add(offset).saturating_add(steps);
                for (position, &(arrival, departure)) in frequency.running_times.iter().enumerate() {
                    let at = span.first_time + position * span.trips + order;
                    let runs = start < frequency.end;
                    self.arrivals[at] = if runs { start.saturating_add(arrival) } else { NEVER };
                    self.departures[at] = if runs { start.saturating_add(departure) } else { NEVER };
                }
            }
        }
    }

    /// The departures of this service day from a position of a pattern that a passenger can board, from `from` to before
    /// `until`: those written down, or for a headway without fixed times the number to expect, whatever the draw. The offset being
    /// uniform, that is the time in which the line runs there, by its headway. 0 at the last call and where boarding
    /// is forbidden.
    pub fn expected_departures(&self, pattern: PatternId, position: usize, (from, until): (Moment, Moment)) -> f64 {
        let rules = self.pattern_rules(pattern);
        if position + 1 >= rules.len() || !rules[position].board {
            return 0.0;
        }
        match self.frequency_of(pattern) {
            Some(_) if self.trips[self.trip_of(pattern, 0)].of_day_before => 0.0,
            Some(frequency) => {
                let (first, end) = frequency.span_at(position);
                let length = i64::from(end.min(until)) - i64::from(first.max(from));
                length.max(0) as f64 / f64::from(frequency.headway.max(1))
            }
            None => {
                let written = self.departures_at(pattern, position);
                let place = |moment| written.partition_point(|&departure| departure < moment);
                let own = |&order: &usize| !self.trips[self.trip_of(pattern, order)].of_day_before;
                (place(from)..place(until)).filter(own).count() as f64
            }
        }
    }

    /// The last departure of this service day from a position of a pattern; for a headway without fixed times the middle of the moments
    /// at which it may fall, whatever the draw. `None` where no passenger can board, or nothing departs on the day.
    pub fn expected_last_departure(&self, pattern: PatternId, position: usize) -> Option<Moment> {
        let day = (0, NEVER);
        if self.expected_departures(pattern, position, day) <= 0.0 {
            return None;
        }
        match self.frequency_of(pattern) {
            Some(frequency) => {
                let (first, end) = frequency.span_at(position);
                Some(first.max(end.saturating_sub(frequency.headway)).midpoint(end))
            }
            None => self.departures_at(pattern, position).last().copied().filter(|&moment| moment < NEVER),
        }
    }

    fn frequency_of(&self, pattern: PatternId) -> Option<&FrequencyPattern> {
        let found = self.frequencies.binary_search_by_key(&pattern, |frequency| frequency.pattern);
        found.ok().map(|index| &self.frequencies[index])
    }

    /// All departures from a stop that a passenger can board in the present draw, ascending in time: not at the last call of a trip and
    /// not where boarding is forbidden. Departures of the day before, past its midnight, are among them; those before
    /// this day's midnight are not.
    pub fn departures_from(&self, stop: StopId) -> Vec<(ClockTime, TripId)> {
        let mut found = Vec::new();
        for &(pattern, position) in self.patterns_at(stop) {
            let position = position as usize;
            let rules = self.pattern_rules(pattern);
            if position + 1 >= rules.len() || !rules[position].board {
                continue;
            }
            for (order, &moment) in self.departures_at(pattern, position).iter().enumerate() {
                if (0..NEVER).contains(&moment) {
                    found.push((ClockTime::from_seconds(moment as u32 / 10), self.trip_of(pattern, order)));
                }
            }
        }
        found.sort_unstable();
        found
    }
}
