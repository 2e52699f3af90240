//! Walks between stops, as the street graph gives them and the feeds' transfer rules change them.
//!
//! In: links between stops with their times. Out: for each stop, the stops on foot from it. Knows no street.

use std::collections::BTreeMap;

use crate::base::ids::{Id, StopId};
use crate::base::units::TravelTime;
use crate::sources::gtfs::TransferKind;

use super::Timetable;

/// Walks between stops in compressed rows: for each stop, the stops that can be walked to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Footpaths {
    first: Vec<u32>,
    links: Vec<(StopId, TravelTime)>,
}

impl Footpaths {
    /// No walk between any of this many stops.
    pub fn none(stops: usize) -> Self {
        Self { first: vec![0; stops + 1], links: Vec::new() }
    }

    /// Walks from links `(from, to, time)`; of several between the same stops the shortest counts. Links to oneself
    /// and to stops that do not exist are left out.
    pub fn build(stops: usize, links: impl IntoIterator<Item = (StopId, StopId, TravelTime)>) -> Self {
        let mut shortest = BTreeMap::new();
        for (from, to, time) in links {
            if from != to && from.index() < stops && to.index() < stops {
                shortest
                    .entry((from, to))
                    .and_modify(|known: &mut TravelTime| *known = time.min(*known))
                    .or_insert(time);
            }
        }
        Self::from_shortest(stops, shortest)
    }

    /// Walks from links, changed by the transfer rules of the feeds: a minimum time lengthens a walk, or makes one
    /// where there is none; a forbidden change removes it.
    pub fn build_with_transfers(
        timetable: &Timetable,
        links: impl IntoIterator<Item = (StopId, StopId, TravelTime)>,
    ) -> Self {
        let stops = timetable.stops().len();
        let plain = Self::build(stops, links);
        let mut shortest: BTreeMap<(StopId, StopId), TravelTime> = BTreeMap::new();
        for from in timetable.stops().ids() {
            shortest.extend(plain.from_stop(from).iter().map(|&(to, time)| ((from, to), time)));
        }
        for &(from, to, kind) in timetable.transfers() {
            match kind {
                TransferKind::Possible => {}
                TransferKind::MinimumTime(least) => {
                    let time = shortest.entry((from, to)).or_insert(least);
                    *time = (*time).max(least);
                }
                TransferKind::Impossible => {
                    shortest.remove(&(from, to));
                }
            }
        }
        Self::from_shortest(stops, shortest)
    }

    fn from_shortest(stops: usize, shortest: BTreeMap<(StopId, StopId), TravelTime>) -> Self {
        let mut paths = Self { first: vec![0; stops + 1], links: Vec::with_capacity(shortest.len()) };
        for ((from, to), time) in shortest {
            paths.first[from.index() + 1] += 1;
            paths.links.push((to, time));
        }
        for stop in 0..stops {
            paths.first[stop + 1] += paths.first[stop];
        }
        paths
    }

    /// The stops that can be walked to from a stop, with the time it takes.
    pub fn from_stop(&self, stop: StopId) -> &[(StopId, TravelTime)] {
        match (self.first.get(stop.index()), self.first.get(stop.index() + 1)) {
            (Some(&first), Some(&end)) => &self.links[first as usize..end as usize],
            _ => &[],
        }
    }

    /// How many walks there are.
    pub fn len(&self) -> usize {
        self.links.len()
    }

    /// Whether there is no walk at all.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }
}
