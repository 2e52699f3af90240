//! A timetable run backwards: who searches it forwards from a place finds when to leave all others to arrive there in time.
//!
//! In: a timetable in its present draw, walks between its stops. Out: the same stops, each trip from its last call to its
//! first, each moment with its sign changed.

use crate::base::ids::{Column, Id, StopId};
use crate::sources::gtfs::CallRules;

use super::build::index_stops;
use super::{Footpaths, Moment, NEVER, PatternSpan, Timetable};

impl Timetable {
    /// This timetable backwards. Arrivals of the result are the departures of this one, less `board_wait`, the time
    /// before them at which passengers have to be at the stop; its departures are the arrivals of this one. Runs that the
    /// present draw does not make are left out, and the result has no draws.
    pub fn reversed(&self, board_wait: Moment) -> Self {
        let mut patterns = Column::default();
        let (mut arrivals, mut departures) = (Vec::new(), Vec::new());
        let (mut call_stops, mut call_rules) = (Vec::new(), Vec::new());
        let mut trips = Column::default();
        for (_, span) in self.patterns.iter() {
            let runs = |&order: &usize| self.departures[span.first_time + order] < NEVER;
            let orders: Vec<usize> = (0..span.trips).rev().filter(runs).collect();
            if orders.is_empty() {
                continue;
            }
            patterns.push(PatternSpan {
                first_call: call_stops.len(),
                first_trip: trips.len(),
                trips: orders.len(),
                first_time: arrivals.len(),
                ..*span
            });
            for position in (0..span.calls).rev() {
                let call = span.first_call + position;
                call_stops.push(self.call_stops[call]);
                let CallRules { board, alight } = self.call_rules[call];
                call_rules.push(CallRules { board: alight, alight: board });
                let first = span.first_time + position * span.trips;
                let ready_by = |&order: &usize| self.departures[first + order].saturating_sub(board_wait);
                arrivals.extend(orders.iter().map(|order| ready_by(order).saturating_neg()));
                departures.extend(orders.iter().map(|&order| self.arrivals[first + order].saturating_neg()));
            }
            for order in orders {
                trips.push(self.trips.values()[span.first_trip + order]);
            }
        }
        let mut reversed = Self {
            patterns,
            trips,
            call_stops,
            call_rules,
            arrivals,
            departures,
            transfers: self.transfers.iter().map(|&(from, to, rule)| (to, from, rule)).collect(),
            frequencies: Vec::new(),
            ..self.clone()
        };
        reversed.transfers.sort_unstable_by_key(|&(from, to, _)| (from, to));
        index_stops(&mut reversed);
        reversed
    }
}

impl Footpaths {
    /// These walks, each from its end to its start.
    pub fn reversed(&self) -> Self {
        let stops = self.stop_count();
        let all = (0..stops).map(StopId::from_index);
        let back = all.flat_map(|from| self.changes_from(from).map(move |(to, change)| ((to, from), change)));
        let mut back: Vec<_> = back.collect();
        back.sort_unstable_by_key(|&(pair, _)| pair);
        Self::from_changes(stops, back)
    }
}
