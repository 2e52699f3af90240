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

/// Where a way's references stand in [`Content::refs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WayRow {
    pub id: i64,
    pub start: usize,
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
    pub node_ids: Vec<i64>,
    pub node_positions: Vec<PackedPosition>,
    pub ways: Vec<WayRow>,
    /// Ids of the nodes of the ways.
    pub refs: Vec<i64>,
    pub relations: Vec<AreaRelation>,
    pub drafts: Drafts,
    pub notices: Notices,
    /// Newest change of an element, seconds since 1970.
    pub newest: Option<i64>,
}

impl Content {
    /// All blocks in one, in their order.
    pub fn joined(blocks: Vec<Self>) -> Self {
        let mut all = Self::default();
        let total = |count: fn(&Self) -> usize| blocks.iter().map(count).sum();
        all.node_ids.reserve_exact(total(|block| block.node_ids.len()));
        all.node_positions.reserve_exact(total(|block| block.node_positions.len()));
        all.ways.reserve_exact(total(|block| block.ways.len()));
        all.refs.reserve_exact(total(|block| block.refs.len()));
        blocks.into_iter().for_each(|block| all.append(block));
        all
    }

    /// Adds all of another block after ours.
    fn append(&mut self, mut other: Self) {
        let shift = self.refs.len();
        self.node_ids.append(&mut other.node_ids);
        self.node_positions.append(&mut other.node_positions);
        self.ways.extend(other.ways.iter().map(|way| WayRow { start: way.start + shift, ..*way }));
        self.refs.append(&mut other.refs);
        self.relations.append(&mut other.relations);
        self.drafts.append(&mut other.drafts);
        self.notices.extend(other.notices);
        self.newest = self.newest.max(other.newest);
    }
}
