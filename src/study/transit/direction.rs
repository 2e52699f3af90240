//! Which way a line goes from a stop.
//!
//! In: a pattern of the timetable. Out: its direction, as the feed gives it or by the next stop.

use crate::base::ids::{PatternId, StopId};
use crate::network::timetable::Timetable;

/// A direction of a line at a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// `direction_id` of the feed.
    Given(u8),
    /// Where the feed gives none: towards this stop.
    Towards(StopId),
}

/// The direction of a pattern from a position; towards the stop of that position where it is the last.
pub fn direction_of(timetable: &Timetable, pattern: PatternId, position: usize) -> Direction {
    let stops = timetable.pattern_stops(pattern);
    let next = stops.get(position + 1).unwrap_or(&stops[position]);
    timetable.trips()[timetable.trip_of(pattern, 0)].direction.map_or(Direction::Towards(*next), Direction::Given)
}
