//! What blocks hand over: columns of nodes and ways, area relations, drafts and notices.

use super::drafts::Drafts;
use crate::base::notice::Notices;
use crate::base::projection::LonLat;

/// A position in units of 1e-7 degrees, as OSM itself keeps them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PackedPosition {
    pub lon: i32,
    pub lat: i32,
}

impl From<PackedPosition> for LonLat {
    fn from(packed: PackedPosition) -> Self {
        Self { lon: f64::from(packed.lon) / 1e7, lat: f64::from(packed.lat) / 1e7 }
    }
}

/// Nodes and where they are: columns of equal length. Most lookups are of ids alone.
#[derive(Debug, Default)]
pub(super) struct Nodes {
    pub ids: Vec<i64>,
    pub positions: Vec<PackedPosition>,
}

impl Nodes {
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn reserve(&mut self, more: usize) {
        self.ids.reserve(more);
        self.positions.reserve(more);
    }

    pub fn push(&mut self, id: i64, position: PackedPosition) {
        self.ids.push(id);
        self.positions.push(position);
    }

    /// Puts them in the order of their ids; of several with the same id the first stays.
    pub fn sort(&mut self) {
        if self.ids.is_sorted_by(|a, b| a < b) {
            return;
        }
        let mut rows: Vec<(i64, PackedPosition)> = self.ids.drain(..).zip(self.positions.drain(..)).collect();
        rows.sort_by_key(|(id, _)| *id);
        rows.dedup_by_key(|(id, _)| *id);
        self.ids.extend(rows.iter().map(|(id, _)| id));
        self.positions.extend(rows.iter().map(|(_, position)| position));
    }
}

/// Where the references of a way stand in [`Content::steps`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WayRow {
    pub id: i64,
    pub start: usize,
    /// Bytes.
    pub length: u32,
}

/// A way that is part of a relation's outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub way: i64,
    pub inner: bool,
}

/// A multipolygon or boundary relation.
#[derive(Clone, Debug)]
pub(super) struct AreaRelation {
    pub id: i64,
    pub members: Vec<Member>,
}

/// All that was read from a block, or from all blocks of all files.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub nodes: Nodes,
    pub ways: Vec<WayRow>,
    /// The node ids of the ways, packed as extracts keep them: steps from one id to the next. They are whole.
    pub steps: Vec<u8>,
    pub relations: Vec<AreaRelation>,
    pub drafts: Drafts,
    pub notices: Notices,
    /// Newest change of an element, seconds since 1970.
    pub newest: Option<i64>,
}

impl Content {
    /// Makes room for what so many bytes of extracts mostly hold.
    pub fn reserve(&mut self, bytes: usize) {
        self.nodes.reserve(bytes / 6);
        self.ways.reserve(bytes / 40);
        self.steps.reserve(bytes / 2);
        self.drafts.streets.reserve(bytes / 64);
    }

    /// Adds all of another block after ours.
    pub fn append(&mut self, mut other: Self) {
        let shift = self.steps.len();
        self.nodes.ids.append(&mut other.nodes.ids);
        self.nodes.positions.append(&mut other.nodes.positions);
        self.ways.extend(other.ways.iter().map(|way| WayRow { start: way.start + shift, ..*way }));
        self.steps.append(&mut other.steps);
        self.relations.append(&mut other.relations);
        self.drafts.append(&mut other.drafts);
        self.notices.extend(other.notices);
        self.newest = self.newest.max(other.newest);
    }
}
