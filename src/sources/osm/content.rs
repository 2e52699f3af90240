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

/// A node and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeRow {
    pub id: i64,
    pub position: PackedPosition,
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
    pub nodes: Vec<NodeRow>,
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
        self.nodes.append(&mut other.nodes);
        self.ways.extend(other.ways.iter().map(|way| WayRow { start: way.start + shift, ..*way }));
        self.steps.append(&mut other.steps);
        self.relations.append(&mut other.relations);
        self.drafts.append(&mut other.drafts);
        self.notices.extend(other.notices);
        self.newest = self.newest.max(other.newest);
    }
}
