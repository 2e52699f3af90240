//! Nodes, ways and area relations of all files by id: from references to positions.
//!
//! In: the columns of all blocks. Out: positions, lines and areas of elements. Lookups use sorted columns with a
//! bucket table; nothing is hashed.

use std::cmp::Ordering;
use std::ops::Range;

use geo::{Coord, LineString, MultiPolygon};
use rustc_hash::FxHashMap;

use super::areas::{self, Assembly};
use super::content::{AreaRelation, Nodes, PackedPosition, WayRow};
use super::drafts::{Draft, EntranceRank};
use super::error::OsmError;
use super::records::OsmElement;
use super::wire::Numbers;
use crate::base::projection::LonLat;

/// Marks a reference whose node is not in any file.
pub(super) const MISSING: u32 = u32::MAX;

/// All nodes, ways and area relations, ascending by id.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    nodes: NodeTable,
    ways: Vec<WayRow>,
    /// The node ids of the ways, packed ([`super::content::Content::steps`]).
    steps: Vec<u8>,
    relations: Vec<AreaRelation>,
    entrances: Entrances,
}

/// Nodes by which people come into buildings.
#[derive(Debug, Default)]
struct Entrances {
    /// By node.
    ranks: FxHashMap<u32, EntranceRank>,
    /// One bit per node: whether it is among them.
    bits: Vec<u64>,
}

impl Entrances {
    fn insert(&mut self, node: u32, rank: EntranceRank) {
        self.ranks.entry(node).or_insert(rank);
        self.bits[node as usize / 64] |= 1 << (node % 64);
    }

    fn rank(&self, node: u32) -> Option<EntranceRank> {
        let is_one = self.bits.get(node as usize / 64).is_some_and(|bits| bits >> (node % 64) & 1 == 1);
        if is_one { self.ranks.get(&node).copied() } else { None }
    }
}

/// How many elements stood more than once in the files.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Doubles {
    pub nodes: usize,
    pub ways: usize,
    pub relations: usize,
}

/// Where an element lies.
#[derive(Clone, Debug)]
pub(super) struct Located {
    /// The node, or a point inside the area, or the middle node of a line.
    pub position: LonLat,
    /// The entrances on the outline: the main ones, else all.
    pub entrances: Vec<LonLat>,
    /// Corners of the outline, first not repeated; empty for nodes and lines.
    pub outline: Vec<LonLat>,
    /// Area in square metres, for areas.
    pub area_m2: Option<f64>,
    /// Some references led nowhere, or some rings did not close.
    pub incomplete: bool,
}

impl Shapes {
    /// Sorts the columns; of elements with the same id the first stays.
    pub fn build(
        nodes: Nodes,
        mut ways: Vec<WayRow>,
        steps: Vec<u8>,
        mut relations: Vec<AreaRelation>,
    ) -> Result<(Self, Doubles), OsmError> {
        let mut doubles = Doubles { nodes: nodes.len(), ways: ways.len(), relations: relations.len() };
        if doubles.nodes >= MISSING as usize {
            return Err(OsmError::TooMany { what: "nodes", count: doubles.nodes });
        }
        let nodes = NodeTable::build(nodes);
        if !ways.is_sorted_by(|a, b| a.id < b.id) {
            ways.sort_by_key(|way| way.id);
            ways.dedup_by_key(|way| way.id);
        }
        relations.sort_by_key(|relation| relation.id);
        relations.dedup_by_key(|relation| relation.id);
        doubles.nodes -= nodes.ids.len();
        doubles.ways -= ways.len();
        doubles.relations -= relations.len();
        Ok((Self { nodes, ways, steps, relations, entrances: Entrances::default() }, doubles))
    }

    /// Takes the entrances of buildings, which are told with what is located from here on.
    pub fn take_entrances(&mut self, drafts: &[Draft<EntranceRank>]) {
        self.entrances.bits = vec![0; self.node_count().div_ceil(64)];
        for draft in drafts {
            let OsmElement::Node(id) = draft.element else { continue };
            if let Some(node) = self.find_node(id) {
                self.entrances.insert(node, draft.what);
            }
        }
    }

    /// Where the entrances among some nodes are, each once: the main ones, else all.
    fn entrances_among(&self, nodes: &[u32]) -> Vec<LonLat> {
        if self.entrances.ranks.is_empty() {
            return Vec::new();
        }
        let ranked = nodes.iter().filter_map(|&node| Some((self.entrances.rank(node)?, node)));
        let mut found: Vec<(EntranceRank, u32)> = ranked.collect();
        found.sort_unstable();
        found.dedup();
        let best = found.first().map(|(rank, _)| *rank);
        let chosen = found.iter().take_while(|(rank, _)| Some(*rank) == best);
        chosen.map(|&(_, node)| self.position(node)).collect()
    }

    /// How many nodes there are.
    pub fn node_count(&self) -> usize {
        self.nodes.ids.len()
    }

    /// The id of a node.
    pub fn node_id(&self, node: u32) -> i64 {
        self.nodes.ids[node as usize]
    }

    /// The position of a node, as extracts keep it.
    pub fn packed_position(&self, node: u32) -> PackedPosition {
        self.nodes.positions[node as usize]
    }

    /// The position of a node.
    pub fn position(&self, node: u32) -> LonLat {
        self.packed_position(node).into()
    }

    /// The node with this id.
    pub fn find_node(&self, id: i64) -> Option<u32> {
        self.nodes.find(id, &mut 0)
    }

    /// The members of a relation.
    pub fn relation(&self, id: i64) -> Option<&AreaRelation> {
        self.relations.binary_search_by_key(&id, |r| r.id).ok().map(|at| &self.relations[at])
    }

    /// Puts the nodes of a way into `nodes`, with [`MISSING`] where a reference leads nowhere; `false` for an unknown
    /// way.
    pub fn way_nodes(&self, id: i64, nodes: &mut Vec<u32>) -> bool {
        nodes.clear();
        self.add_way_nodes(id, nodes)
    }

    /// As [`Self::way_nodes`], after what is in `nodes`.
    pub fn add_way_nodes(&self, id: i64, nodes: &mut Vec<u32>) -> bool {
        let Ok(at) = self.ways.binary_search_by_key(&id, |way| way.id) else { return false };
        let way = self.ways[at];
        let mut steps = Numbers(&self.steps[way.start..way.start + way.length as usize]);
        let (mut node, mut hint) = (0_i64, 0_u32);
        // The steps were read once: there is no error left in them.
        while let Ok(Some(step)) = steps.read_signed() {
            node = node.wrapping_add(step);
            nodes.push(self.nodes.find(node, &mut hint).unwrap_or(MISSING));
        }
        true
    }

    /// Where an element lies; `None` where nothing of it is in the files.
    pub fn locate(&self, element: OsmElement) -> Option<Located> {
        match element {
            OsmElement::Node(id) => {
                let position = self.position(self.find_node(id)?);
                let (entrances, outline) = (Vec::new(), Vec::new());
                Some(Located { position, entrances, outline, area_m2: None, incomplete: false })
            }
            OsmElement::Way(id) => self.locate_way(id),
            OsmElement::Relation(id) => self.locate_relation(id),
        }
    }

    fn locate_way(&self, id: i64) -> Option<Located> {
        let mut nodes = Vec::new();
        self.way_nodes(id, &mut nodes);
        let all = nodes.len();
        let closed = all >= 4 && nodes.first() == nodes.last();
        nodes.retain(|&node| node != MISSING);
        let incomplete = nodes.len() < all;
        let entrances = self.entrances_among(&nodes);
        let mut points: Vec<LonLat> = nodes.iter().map(|&node| self.position(node)).collect();
        let middle = *points.get(points.len() / 2)?;
        if !closed || incomplete {
            let outline = Vec::new();
            return Some(Located { position: middle, entrances, outline, area_m2: None, incomplete });
        }
        points.pop();
        let position = areas::point_in_ring(&points).unwrap_or(middle);
        let area_m2 = Some(areas::ring_area_m2(&points));
        Some(Located { position, entrances, outline: points, area_m2, incomplete })
    }

    fn locate_relation(&self, id: i64) -> Option<Located> {
        let assembly = self.assemble(id)?;
        let largest = areas::largest(&assembly.area)?;
        let position = areas::point_in_polygon(largest)?;
        let mut outline: Vec<LonLat> = largest.exterior().coords().map(|c| LonLat { lon: c.x, lat: c.y }).collect();
        outline.pop();
        let area_m2 = Some(areas::area_m2(&assembly.area));
        let (mut nodes, incomplete) = (Vec::new(), assembly.incomplete());
        for member in self.relation(id).map_or(&[][..], |relation| &relation.members) {
            self.add_way_nodes(member.way, &mut nodes);
        }
        nodes.retain(|&node| node != MISSING);
        Some(Located { position, entrances: self.entrances_among(&nodes), outline, area_m2, incomplete })
    }

    /// The area of a relation: rings put together from its member ways.
    pub fn assemble(&self, id: i64) -> Option<Assembly> {
        let relation = self.relation(id)?;
        let mut assembly = Assembly::default();
        let (mut outer, mut inner) = (Vec::new(), Vec::new());
        for member in &relation.members {
            let mut nodes = Vec::new();
            if !self.way_nodes(member.way, &mut nodes) {
                assembly.missing_ways += 1;
            } else if nodes.contains(&MISSING) {
                assembly.missing_nodes += 1;
            } else if nodes.len() >= 2 {
                if member.inner { inner.push(nodes) } else { outer.push(nodes) }
            }
        }
        let ring = |nodes: &Vec<u32>| -> LineString<f64> {
            nodes.iter().map(|&node| self.position(node)).map(|p| Coord { x: p.lon, y: p.lat }).collect()
        };
        let (outer, open_outer) = areas::join_rings(outer);
        let (inner, open_inner) = areas::join_rings(inner);
        assembly.open_rings = open_outer + open_inner;
        let outer: Vec<_> = outer.iter().map(ring).collect();
        let inner: Vec<_> = inner.iter().map(ring).collect();
        assembly.area = areas::nest_rings(outer, inner, &mut assembly.stray_holes);
        Some(assembly)
    }

    /// The area of a way or relation for drawing; `None` where it is none or not whole.
    pub fn area(&self, element: OsmElement) -> Option<Assembly> {
        match element {
            OsmElement::Node(_) => None,
            OsmElement::Relation(id) => self.assemble(id),
            OsmElement::Way(_) => {
                let located = self.locate(element)?;
                let mut assembly = Assembly { missing_nodes: usize::from(located.incomplete), ..Assembly::default() };
                if located.outline.len() >= 3 {
                    let ring = located.outline.iter().map(|p| Coord { x: p.lon, y: p.lat }).collect();
                    assembly.area = MultiPolygon::new(vec![geo::Polygon::new(ring, Vec::new())]);
                } else {
                    assembly.open_rings = 1;
                }
                Some(assembly)
            }
        }
    }
}

/// How many rows before and after the last node the next one is looked for first.
const NEAR: usize = 32;

/// Nodes by id.
#[derive(Debug, Default)]
struct NodeTable {
    ids: Vec<i64>,
    positions: Vec<PackedPosition>,
    /// `starts[b]` is the first node whose id lies in bucket `b` or above.
    starts: Vec<u32>,
    shift: u32,
}

impl NodeTable {
    fn build(mut nodes: Nodes) -> Self {
        nodes.sort();
        let Nodes { ids, positions } = nodes;
        let (Some(&first), Some(&last)) = (ids.first(), ids.last()) else { return Self::default() };
        let span = last.wrapping_sub(first) as u64;
        let mut shift = 0;
        while shift < 63 && (span >> shift) >= ids.len() as u64 {
            shift += 1;
        }
        let mut starts = Vec::with_capacity((span >> shift) as usize + 2);
        for (number, &id) in ids.iter().enumerate() {
            let bucket = (id.wrapping_sub(first) as u64 >> shift) as usize;
            while starts.len() <= bucket {
                starts.push(number as u32);
            }
        }
        starts.push(ids.len() as u32);
        Self { ids, positions, starts, shift }
    }

    /// The node with this id. `hint` is where the last one was found: the next one often lies near it.
    fn find(&self, id: i64, hint: &mut u32) -> Option<u32> {
        let first = *self.ids.first()?;
        let last = *hint as usize;
        if self.ids.get(last + 1) == Some(&id) {
            *hint += 1;
            return Some(*hint);
        }
        let near = last.saturating_sub(NEAR)..(last + NEAR).min(self.ids.len());
        let is_near = self.ids.get(near.clone()).is_some_and(|ids| {
            ids.first().is_some_and(|&first| first <= id) && ids.last().is_some_and(|&last| last >= id)
        });
        let (range, guess) = if is_near {
            (near, last)
        } else {
            if id < first {
                return None;
            }
            let bucket = usize::try_from(id.wrapping_sub(first) as u64 >> self.shift).ok()?;
            let (from, to) = (*self.starts.get(bucket)? as usize, *self.starts.get(bucket + 1)? as usize);
            // Ids come in bursts: one bucket may hold a whole import, whose ids follow each other.
            let ahead = id.saturating_sub(*self.ids.get(from)?).max(0) as u64;
            let guess = from + ahead.min((to - from) as u64) as usize;
            (from..to, guess)
        };
        *hint = self.find_from(guess, range, id)? as u32;
        Some(*hint)
    }

    /// The node with this id among some, looked for from where it is guessed to be, in steps that double.
    fn find_from(&self, guess: usize, range: Range<usize>, id: i64) -> Option<usize> {
        let ids = &self.ids[range.clone()];
        let mut at = (guess - range.start).min(ids.len().checked_sub(1)?);
        let (mut low, mut high) = (0, ids.len());
        let mut step = 1;
        match ids[at].cmp(&id) {
            Ordering::Equal => return Some(range.start + at),
            Ordering::Less => loop {
                low = at + 1;
                at += step;
                step *= 2;
                match ids.get(at) {
                    Some(&other) if other < id => {}
                    Some(_) => break high = at + 1,
                    None => break,
                }
            },
            Ordering::Greater => loop {
                high = at;
                let Some(next) = at.checked_sub(step) else { break };
                at = next;
                step *= 2;
                if ids[at] <= id {
                    break low = at;
                }
            },
        }
        let found = ids.get(low..high)?.binary_search(&id).ok()?;
        Some(range.start + low + found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(rows: &[(i64, i32)]) -> Nodes {
        let mut nodes = Nodes::default();
        rows.iter().for_each(|&(id, lon)| nodes.push(id, PackedPosition { lon, lat: 0 }));
        nodes
    }

    #[test]
    fn nodes_are_found_wherever_their_ids_lie() {
        for ids in [
            vec![5],
            vec![-7, -1, 0, 3, 4, 900, 12_000_000_000],
            vec![i64::MIN, 0, i64::MAX],
            (1..2000).collect(),
            (0..40).chain(1_000_000..1_000_500).chain((0..90).map(|n| 1_000_900 + n * n * n)).collect(),
        ] {
            let table = NodeTable::build(nodes(&ids.iter().map(|&id| (id, 0)).collect::<Vec<_>>()));
            for (number, &id) in ids.iter().enumerate() {
                assert_eq!(table.find(id, &mut 0), Some(number as u32), "{id} in {ids:?}");
                for hint in [0, number / 2, number.saturating_sub(40), number + 40, u32::MAX as usize] {
                    assert_eq!(table.find(id, &mut (hint as u32)), Some(number as u32), "{id} from {hint}");
                }
            }
            for absent in [-3, 2, 1_000_000, i64::MAX - 1] {
                assert_eq!(table.find(absent, &mut 0).is_some(), ids.contains(&absent));
            }
        }
        assert_eq!(NodeTable::default().find(3, &mut 0), None);
    }

    #[test]
    fn of_nodes_with_the_same_id_the_first_stays() {
        let table = NodeTable::build(nodes(&[(9, 1), (4, 2), (9, 3)]));
        let lons: Vec<i32> = table.positions.iter().map(|position| position.lon).collect();
        assert_eq!((table.ids, lons), (vec![4, 9], vec![2, 1]));
    }
}
