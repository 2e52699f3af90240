//! Where passengers of a vehicle go on foot: to a stop that counts as arrived at, and to one where another vehicle is boarded.
//!
//! In: a timetable and the walks between its stops. Out: rows of stops with the time until passengers are there. A walk to
//! board is left out where each vehicle that it catches is caught with a shorter walk on its way there: along a line in the
//! direction of travel passengers board at the nearest stop, as long as vehicles are faster than they.

use rayon::prelude::*;

use super::raptor::{RaptorParameters, span};
use crate::base::ids::{Id, PatternId, StopId};
use crate::base::units::TravelTime;
use crate::network::timetable::{Change, Footpaths, Moment, NEVER, Timetable};

/// Which arrivals count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ArrivalsBy {
    /// On foot from the origin and from other stops, and by vehicle.
    AnyMeans,
    /// By vehicle, and by a change that the feed alone knows after it.
    Vehicle,
    /// The same backwards: by vehicle, and such a change comes before the first of them.
    VehicleBackwards,
}

/// From the arrival of a vehicle at a stop to all others.
#[derive(Clone, Debug)]
pub(super) struct OnwardWalks {
    /// Until passengers have arrived at other stops.
    arrive: Rows,
    /// Until they are ready to wait for another vehicle at other stops, from the soonest to the latest.
    board: Rows,
    /// Per stop: until they are ready to wait at that very stop.
    stay: Vec<Moment>,
}

/// Other stops with times, per stop.
#[derive(Clone, Debug)]
struct Rows {
    first: Vec<u32>,
    walks: Vec<(StopId, Moment)>,
}

impl Rows {
    fn of(rows: Vec<Vec<(StopId, Moment)>>) -> Self {
        let mut first = vec![0];
        for row in &rows {
            first.push(first[first.len() - 1] + row.len() as u32);
        }
        Self { first, walks: rows.concat() }
    }

    fn row(&self, stop: StopId) -> &[(StopId, Moment)] {
        &self.walks[self.first[stop.index()] as usize..self.first[stop.index() + 1] as usize]
    }
}

impl OnwardWalks {
    /// The walks after a ride with these parameters.
    pub(super) fn new(
        timetable: &Timetable,
        footpaths: &Footpaths,
        parameters: RaptorParameters,
        counts: ArrivalsBy,
    ) -> Self {
        let (slack, board_wait) = (span(parameters.transfer_slack), span(parameters.board_wait));
        // A least change time runs from vehicle to vehicle: the board wait is part of it. One that never ends never does.
        let without_board_wait = |least: TravelTime| match span(least) {
            NEVER => NEVER,
            least => least.saturating_sub(board_wait).max(0),
        };
        let stay: Vec<Moment> =
            timetable.stops().ids().map(|stop| slack.max(without_board_wait(timetable.change_time(stop)))).collect();
        let there = |change: Change| match change {
            Change::Walk(walk) | Change::WalkAtLeast { walk, .. } => span(walk),
            Change::Least(least) => without_board_wait(least),
        };
        let ready = |change: Change| match change {
            Change::Walk(walk) => span(walk).saturating_add(slack),
            Change::WalkAtLeast { walk, least } => span(walk).saturating_add(slack).max(without_board_wait(least)),
            Change::Least(least) => without_board_wait(least).max(slack),
        };
        let counts_at = |change: &Change| counts == ArrivalsBy::AnyMeans || matches!(change, Change::Least(_));
        let along = Along::new(timetable);
        let stops: Vec<StopId> = timetable.stops().ids().collect();
        let rows_from = |scratch: &mut Reachable, &stop: &StopId| {
            let changes = footpaths.changes_from(stop);
            let arrive = changes.filter(|(_, change)| counts_at(change)).map(|(to, change)| (to, there(change)));
            let mut arrive: Vec<_> = arrive.collect();
            arrive.sort_unstable_by_key(|&(to, walk)| (walk, to));
            let mut board: Vec<_> = footpaths.changes_from(stop).map(|(to, change)| (to, ready(change))).collect();
            scratch.keep_needed(timetable, &along, (stop, stay[stop.index()]), &mut board);
            board.sort_unstable_by_key(|&(to, ready)| (ready, to));
            (arrive, board)
        };
        let new = || Reachable::new(timetable);
        let (arrive, board) = stops.par_iter().map_init(new, rows_from).unzip();
        Self { arrive: Rows::of(arrive), board: Rows::of(board), stay }
    }

    /// Until passengers have arrived at other stops.
    pub(super) fn to_arrive(&self, stop: StopId) -> &[(StopId, Moment)] {
        self.arrive.row(stop)
    }

    /// Until passengers are ready to wait for another vehicle at other stops, from the soonest to the latest.
    pub(super) fn to_board(&self, stop: StopId) -> &[(StopId, Moment)] {
        self.board.row(stop)
    }

    /// Until passengers are ready to wait for another vehicle at the stop itself.
    pub(super) fn to_stay(&self, stop: StopId) -> Moment {
        self.stay[stop.index()]
    }
}

/// Per pattern and position, the longest that vehicles take to get there from the first position, from departure to departure,
/// as the sum of the longest of each leg: between two positions no vehicle takes longer than the difference.
struct Along {
    longest: Vec<i64>,
}

impl Along {
    fn new(timetable: &Timetable) -> Self {
        let mut longest = Vec::with_capacity(timetable.call_count());
        for pattern in timetable.patterns() {
            let mut sum = 0;
            for position in 0..timetable.pattern_stops(pattern).len() {
                if position > 0 {
                    let [from, to] = [position - 1, position].map(|at| timetable.departures_at(pattern, at));
                    let legs = from.iter().zip(to).filter(|&(&from, &to)| from.max(to) < NEVER);
                    sum += legs.map(|(&from, &to)| i64::from(to) - i64::from(from)).max().unwrap_or(0).max(0);
                }
                longest.push(sum);
            }
        }
        Self { longest }
    }
}

/// What a thread works with: which stops are reached from one, and which patterns call there.
struct Reachable {
    ready: Vec<Moment>,
    is_needed: Vec<bool>,
    is_found: Vec<bool>,
    patterns: Vec<PatternId>,
}

impl Reachable {
    fn new(timetable: &Timetable) -> Self {
        let stops = timetable.stops().len();
        Self {
            ready: vec![NEVER; stops],
            is_needed: vec![false; stops],
            is_found: vec![false; timetable.patterns().len()],
            patterns: Vec::new(),
        }
    }

    /// Keeps the walks from a stop after which some vehicle is boarded.
    fn keep_needed(
        &mut self,
        timetable: &Timetable,
        along: &Along,
        own: (StopId, Moment),
        walks: &mut Vec<(StopId, Moment)>,
    ) {
        for &(to, ready) in walks.iter().chain([&own]) {
            self.ready[to.index()] = ready;
        }
        for &(to, _) in walks.iter() {
            for &(pattern, _) in timetable.patterns_at(to) {
                if !std::mem::replace(&mut self.is_found[pattern.index()], true) {
                    self.patterns.push(pattern);
                }
            }
        }
        for pattern in self.patterns.drain(..) {
            self.is_found[pattern.index()] = false;
            let (stops, rules) = (timetable.pattern_stops(pattern), timetable.pattern_rules(pattern));
            let longest = &along.longest[timetable.first_call(pattern)..][..stops.len()];
            // When a vehicle has to leave the first position at the latest that is caught with the best walk so far.
            let mut best = i64::MAX;
            for position in 0..stops.len().saturating_sub(1) {
                let stop = stops[position].index();
                if rules[position].board && self.ready[stop] < NEVER {
                    let caught = i64::from(self.ready[stop]) - longest[position];
                    if caught < best {
                        best = caught;
                        self.is_needed[stop] = true;
                    }
                }
            }
        }
        self.ready[own.0.index()] = NEVER;
        walks.iter().for_each(|(to, _)| self.ready[to.index()] = NEVER);
        walks.retain(|(to, _)| self.is_needed[to.index()]);
        self.is_needed[own.0.index()] = false;
        walks.iter().for_each(|(to, _)| self.is_needed[to.index()] = false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::units::ClockTime;
    use crate::testing::toy_feed::ToyFeed;

    /// From stop 0 one walks to all stops of a line 1, 2, 3, 4 that takes 5 min from each to the next. 3 is the nearest, in
    /// 4 min, and 2 takes 6 min: a vehicle caught at 3 is not always caught at 2, though it gets there sooner. 1 takes
    /// 12 min, and who catches a vehicle there catches it at 2 too, but rides to 2. Nobody boards at the last stop, and at 5,
    /// where nothing calls.
    #[test]
    fn one_walks_only_to_where_a_vehicle_is_caught_that_is_not_before() {
        let needed = |minutes: [u32; 5]| {
            let mut toy = ToyFeed::with_stops(6);
            toy.line(&[1, 2, 3, 4], ClockTime::from_hm(7, 0), ClockTime::from_hm(8, 0), 10, 5);
            let timetable = toy.timetable();
            let walk = |(at, minutes): (usize, u32)| {
                (StopId(0), StopId::from_index(at + 1), TravelTime::from_minutes(minutes))
            };
            let footpaths = Footpaths::build(6, minutes.into_iter().enumerate().map(walk));
            let parameters = RaptorParameters::default();
            let walks = OnwardWalks::new(&timetable, &footpaths, parameters, ArrivalsBy::Vehicle);
            assert!(walks.to_arrive(StopId(0)).is_empty());
            walks.to_board(StopId(0)).iter().map(|&(stop, ready)| (stop.0, ready / 600)).collect::<Vec<_>>()
        };
        assert_eq!(needed([12, 6, 4, 3, 1]), [(3, 4), (2, 6), (1, 12)]);
        assert_eq!(needed([12, 6, 11, 3, 1]), [(2, 6), (1, 12)], "who gets to 3 is aboard since 2");
        assert_eq!(needed([1, 6, 11, 3, 1]), [(1, 1)], "5 and 10 min later the vehicle is there too");
        assert_eq!(needed([1, 5, 11, 3, 1]), [(1, 1), (2, 5)], "a minute before it");
    }
}
