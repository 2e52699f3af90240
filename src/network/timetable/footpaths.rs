//! Walks between stops, as the street graph gives them and the feeds' transfer rules change them.
//!
//! In: links between stops with their times. Out: for each stop, the stops on foot from it. Knows no street.

use std::collections::BTreeMap;

use crate::base::ids::{Id, StopId};
use crate::base::units::TravelTime;
use crate::sources::gtfs::TransferKind;

use super::Timetable;

/// How passengers change between two vehicles at two stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// On foot, in this time.
    Walk(TravelTime),
    /// On foot, and between the vehicles lies at least the time that the feed asks for, waiting included.
    WalkAtLeast {
        /// Time on foot.
        walk: TravelTime,
        /// From the arrival of the one to the departure of the other.
        least: TravelTime,
    },
    /// By the feed's word alone, no walk being known: from the arrival of the one vehicle to the departure of the other.
    Least(TravelTime),
}

impl Change {
    /// The time on foot; where no walk is known all of the time that the feed asks for.
    fn walk(self) -> TravelTime {
        match self {
            Self::Walk(walk) | Self::WalkAtLeast { walk, .. } | Self::Least(walk) => walk,
        }
    }
}

/// Walks between stops in compressed rows: for each stop, the stops that can be walked to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Footpaths {
    first: Vec<u32>,
    links: Vec<(StopId, TravelTime)>,
    /// How each link serves for a change.
    changes: Vec<Change>,
}

impl Footpaths {
    /// No walk between any of this many stops.
    pub fn none(stops: usize) -> Self {
        Self { first: vec![0; stops + 1], links: Vec::new(), changes: Vec::new() }
    }

    /// Walks from links `(from, to, time)`; of several between the same stops the shortest counts. Links to oneself
    /// and to stops that do not exist are left out.
    pub fn build(stops: usize, links: impl IntoIterator<Item = (StopId, StopId, TravelTime)>) -> Self {
        let shortest = shortest_links(stops, links);
        Self::from_changes(stops, shortest.into_iter().map(|(pair, walk)| (pair, Change::Walk(walk))))
    }

    /// Walks from links, changed by the transfer rules of the feeds: a minimum time keeps the next vehicle from being
    /// boarded earlier, or makes a way where there is none; a forbidden change removes the walk.
    pub fn build_with_transfers(
        timetable: &Timetable,
        links: impl IntoIterator<Item = (StopId, StopId, TravelTime)>,
    ) -> Self {
        let stops = timetable.stops().len();
        let walks = shortest_links(stops, links);
        let mut changes: BTreeMap<(StopId, StopId), Change> =
            walks.into_iter().map(|(pair, walk)| (pair, Change::Walk(walk))).collect();
        for &(from, to, kind) in timetable.transfers() {
            match kind {
                TransferKind::Possible => {}
                TransferKind::MinimumTime(least) => {
                    let walk = changes.get(&(from, to)).copied().map(Change::walk);
                    let change = walk.map_or(Change::Least(least), |walk| Change::WalkAtLeast { walk, least });
                    changes.insert((from, to), change);
                }
                TransferKind::Impossible => {
                    changes.remove(&(from, to));
                }
            }
        }
        Self::from_changes(stops, changes)
    }

    /// Without changes of which no walk is known: a feed does not say whether there are steps. Also how many there were.
    pub fn without_unknown_walks(&self) -> (Self, usize) {
        let stops = self.stop_count();
        let all = (0..stops)
            .map(StopId::from_index)
            .flat_map(|from| self.changes_from(from).map(move |(to, change)| ((from, to), change)));
        let kept: Vec<_> = all.filter(|(_, change)| !matches!(change, Change::Least(_))).collect();
        let left_out = self.links.len() - kept.len();
        (Self::from_changes(stops, kept), left_out)
    }

    pub(super) fn stop_count(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    pub(super) fn from_changes(stops: usize, changes: impl IntoIterator<Item = ((StopId, StopId), Change)>) -> Self {
        let mut paths = Self::none(stops);
        for ((from, to), change) in changes {
            paths.first[from.index() + 1] += 1;
            paths.links.push((to, change.walk()));
            paths.changes.push(change);
        }
        for stop in 0..stops {
            paths.first[stop + 1] += paths.first[stop];
        }
        paths
    }

    fn row(&self, stop: StopId) -> std::ops::Range<usize> {
        match (self.first.get(stop.index()), self.first.get(stop.index() + 1)) {
            (Some(&first), Some(&end)) => first as usize..end as usize,
            _ => 0..0,
        }
    }

    /// The stops that can be walked to from a stop, with the time it takes.
    pub fn from_stop(&self, stop: StopId) -> &[(StopId, TravelTime)] {
        &self.links[self.row(stop)]
    }

    /// The stops at which passengers of a vehicle at this stop can board another.
    pub fn changes_from(&self, stop: StopId) -> impl Iterator<Item = (StopId, Change)> {
        let row = self.row(stop);
        self.links[row.clone()].iter().map(|link| link.0).zip(self.changes[row].iter().copied())
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

/// The shortest of the links between each two different stops that exist.
fn shortest_links(
    stops: usize,
    links: impl IntoIterator<Item = (StopId, StopId, TravelTime)>,
) -> BTreeMap<(StopId, StopId), TravelTime> {
    let mut shortest = BTreeMap::new();
    for (from, to, time) in links {
        if from != to && from.index() < stops && to.index() < stops {
            let known: &mut TravelTime = shortest.entry((from, to)).or_insert(time);
            *known = time.min(*known);
        }
    }
    shortest
}
