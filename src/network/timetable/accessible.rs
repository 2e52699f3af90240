//! What passengers in wheelchairs can ride of a feed.
//!
//! In: a feed, whether what is not told counts as accessible. Out: the same feed, without boarding and alighting where
//! a vehicle or a stop is not accessible. Vehicles still run, so that times and lines stay what they are.
//!
//! # References
//! GTFS Schedule Reference, `stops.wheelchair_boarding` (a platform is as its station where it does not say) and
//! `trips.wheelchair_accessible`.

use crate::base::ids::Id;
use crate::sources::gtfs::{CallRules, Feed, FeedStopId};

/// Forbids boarding and alighting where a wheelchair cannot, or where `unknown_passes` is false and nobody tells.
pub fn keep_accessible(feed: &mut Feed, unknown_passes: bool) {
    let passes = |told: Option<bool>| told.unwrap_or(unknown_passes);
    let told_of = |stop: FeedStopId| {
        let record = &feed.stops[stop];
        record.wheelchair.or_else(|| record.parent.and_then(|station| feed.stops[station].wheelchair))
    };
    let stops: Vec<bool> = feed.stops.ids().map(|stop| passes(told_of(stop))).collect();
    let mut rules = std::mem::take(&mut feed.stop_times.rules);
    for (trip, record) in feed.trips.iter() {
        for call in feed.stop_times.calls(trip) {
            if !passes(record.wheelchair) || !stops[feed.stop_times.stop[call].index()] {
                rules[call] = CallRules { board: false, alight: false };
            }
        }
    }
    feed.stop_times.rules = rules;
}
