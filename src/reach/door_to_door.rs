//! Door to door by transit: walk to a stop, ride, walk from a stop, or walk all the way, every minute of a window.
//!
//! In: a [`Raptor`] search; access and egress walks from the street graph. Out: one travel time per departure and
//! destination, percentiles of them, and the last departure that still gets there.

use rayon::prelude::*;

use super::percentiles::{percentile_of_sorted, sort_times};
use super::raptor::{Arrivals, GoOn, Raptor, RaptorScratch, moment, span};
use crate::base::ids::{Id, StopId};
use crate::base::units::{ClockTime, TravelTime};
use crate::network::timetable::{Moment, NEVER};

/// Seconds between the departures of a window.
const STEP_S: u32 = 60;

/// A departure window: every minute from the first, the end left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DepartureWindow {
    /// The first departure.
    pub first: ClockTime,
    /// No departure at or after this.
    pub end: ClockTime,
}

impl DepartureWindow {
    /// How many departures the window has; 0 where it ends before it begins.
    pub fn departures(&self) -> usize {
        self.end.seconds().saturating_sub(self.first.seconds()).div_ceil(STEP_S) as usize
    }

    /// The departure at a position, 0 being the first.
    pub fn departure(&self, index: usize) -> ClockTime {
        self.first.plus_seconds(u32::try_from(index).unwrap_or(u32::MAX).saturating_mul(STEP_S))
    }
}

/// A place to get to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Destination {
    /// The stops from which it is reached on foot, with the time it takes.
    pub egress: Vec<(StopId, TravelTime)>,
    /// The walk all the way from the origin; `None` where that is out of question.
    pub direct: Option<TravelTime>,
}

impl Destination {
    /// The shortest time to it, all the way on foot or with these arrivals.
    fn time(&self, arrivals: Arrivals) -> Option<TravelTime> {
        [self.direct, arrivals.travel_time_via(&self.egress)].into_iter().flatten().min()
    }
}

/// The door-to-door times from one origin to many destinations: for each destination one time per departure of the
/// window, in the order of departures; `None` where the destination is not reached.
pub fn reach_door_to_door(
    raptor: &Raptor,
    scratch: &mut RaptorScratch,
    access: &[(StopId, TravelTime)],
    destinations: &[Destination],
    window: DepartureWindow,
) -> Vec<Vec<Option<TravelTime>>> {
    let departures: Vec<ClockTime> = (0..window.departures()).map(|index| window.departure(index)).collect();
    reach_at_departures(raptor, scratch, access, destinations, &departures)
}

/// As [`reach_door_to_door`], at departures that ascend.
fn reach_at_departures(
    raptor: &Raptor,
    scratch: &mut RaptorScratch,
    access: &[(StopId, TravelTime)],
    destinations: &[Destination],
    departures: &[ClockTime],
) -> Vec<Vec<Option<TravelTime>>> {
    let count = departures.len();
    let mut times: Vec<Vec<Option<TravelTime>>> = destinations.iter().map(|_| vec![None; count]).collect();
    let backwards = departures.iter().rev().map(|&departure| moment(departure));
    let bound = |departure, arrivals: Arrivals| needed_by(destinations, departure, arrivals);
    raptor.reach_in_time_over(scratch, access, backwards, bound, |index, arrivals| {
        let departure = count - 1 - index;
        for (destination, times) in destinations.iter().zip(&mut times) {
            times[departure] = destination.time(arrivals);
        }
        GoOn::Yes
    });
    times
}

/// When the slowest of the destinations is reached with what is known so far: who is still under way then reaches none
/// of them any sooner.
fn needed_by(destinations: &[Destination], departure: Moment, arrivals: Arrivals) -> Moment {
    let mut slowest = TravelTime::ZERO;
    for destination in destinations {
        match destination.time(arrivals) {
            Some(time) => slowest = slowest.max(time),
            None => return NEVER,
        }
    }
    departure.saturating_add(span(slowest))
}

/// An origin of a batch: its access walks, and the places it is to reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The stops reached on foot, with the time it takes.
    pub access: Vec<(StopId, TravelTime)>,
    /// Where it is to get.
    pub destinations: Vec<Destination>,
}

/// Door-to-door times from many origins, pooled over departures and over draws of the timetable.
#[derive(Clone, Debug, Default)]
pub struct PooledTimes {
    /// For each origin, for each of its destinations, one time per departure searched.
    times: Vec<Vec<Vec<Option<TravelTime>>>>,
}

impl PooledTimes {
    /// Adds the times at these departures, which must ascend; in parallel over origins, the same ones at every call.
    pub fn add(&mut self, raptor: &Raptor, origins: &[Origin], departures: &[ClockTime]) {
        self.times.resize_with(origins.len(), Vec::new);
        if departures.is_empty() {
            return;
        }
        let add = |scratch: &mut RaptorScratch, (origin, pooled): (&Origin, &mut Vec<Vec<Option<TravelTime>>>)| {
            pooled.resize_with(origin.destinations.len(), Vec::new);
            let found = reach_at_departures(raptor, scratch, &origin.access, &origin.destinations, departures);
            pooled.iter_mut().zip(found).for_each(|(pooled, found)| pooled.extend(found));
        };
        origins.par_iter().zip(&mut self.times).for_each_init(|| raptor.scratch(), add);
    }

    /// For each origin, for each of its destinations, the time at each percentile; see
    /// [`super::percentiles::percentile`].
    pub fn percentiles(mut self, percentiles: &[f64]) -> Vec<Vec<Vec<Option<TravelTime>>>> {
        let of_one = |times: &mut Vec<Option<TravelTime>>| {
            sort_times(times);
            percentiles.iter().map(|&p| percentile_of_sorted(times, p)).collect()
        };
        self.times.par_iter_mut().map(|of_origin| of_origin.iter_mut().map(of_one).collect()).collect()
    }
}

/// For every stop, the last moment at which one can leave the origin and still arrive there by transit, or on foot as
/// far as the access walks go, at `arrive_by` at the latest; `None` where no departure does. Whole seconds, rounded
/// down.
///
/// Every departure that a vehicle at the access stops makes possible is tried, from the last to the first, so that the
/// answer is exact and not bound to a minute grid.
pub fn last_departures(
    raptor: &Raptor,
    scratch: &mut RaptorScratch,
    access: &[(StopId, TravelTime)],
    arrive_by: ClockTime,
) -> Vec<Option<ClockTime>> {
    let latest = moment(arrive_by);
    let mut last = vec![None; raptor.timetable().stops().len()];
    let leave = leave_moments(raptor, access, latest);
    let stops: Vec<StopId> = raptor.timetable().stops().ids().collect();
    raptor.reach_stops_over(scratch, access, leave.iter().copied(), |index, arrivals| {
        let leave_at = leave[index];
        let most = latest.saturating_sub(leave_at).max(0) as u32;
        for &stop in &stops {
            let reached = arrivals.travel_time(stop).is_some_and(|time| time.deciseconds() <= most);
            if last[stop.index()].is_none() && reached {
                last[stop.index()] = Some(ClockTime::from_seconds(leave_at.max(0) as u32 / 10));
            }
        }
        GoOn::Yes
    });
    last
}

/// The last moment at which one can leave the origin and still reach the destination by transit at `arrive_by` at the
/// latest; `None` where no departure does.
pub fn last_departure(
    raptor: &Raptor,
    scratch: &mut RaptorScratch,
    access: &[(StopId, TravelTime)],
    egress: &[(StopId, TravelTime)],
    arrive_by: ClockTime,
) -> Option<ClockTime> {
    let latest = moment(arrive_by);
    let leave = leave_moments(raptor, access, latest);
    let mut last = None;
    raptor.reach_stops_over(scratch, access, leave.iter().copied(), |index, arrivals| {
        let most = latest.saturating_sub(leave[index]).max(0) as u32;
        if arrivals.travel_time_via(egress).is_some_and(|time| time.deciseconds() <= most) {
            last = Some(ClockTime::from_seconds(leave[index].max(0) as u32 / 10));
            return GoOn::No;
        }
        GoOn::Yes
    });
    last
}

/// All moments at which leaving the origin just catches a vehicle at an access stop, and the last at which walking
/// alone still gets there, from the last to the first; none before midnight.
fn leave_moments(raptor: &Raptor, access: &[(StopId, TravelTime)], latest: Moment) -> Vec<Moment> {
    let timetable = raptor.timetable();
    let mut leave = Vec::new();
    for &(stop, walk) in access.iter().filter(|(stop, _)| stop.index() < timetable.stops().len()) {
        let walk = Moment::try_from(walk.deciseconds()).unwrap_or(NEVER);
        leave.push(latest.saturating_sub(walk));
        let before = walk.saturating_add(raptor.board_wait());
        for &(pattern, position) in timetable.patterns_at(stop) {
            let departures = timetable.departures_at(pattern, position as usize);
            let usable = departures.iter().filter(|&&departure| departure < NEVER && departure <= latest);
            leave.extend(usable.map(|&departure| departure.saturating_sub(before)));
        }
    }
    leave.retain(|&moment| moment >= 0);
    leave.sort_unstable_by(|a, b| b.cmp(a));
    leave.dedup();
    leave
}
