//! What all modes need before streets are cut: vertices and the spans between them on the plane, and tags and marks as
//! they hold at the moment of the study.
//!
//! In: [`StreetInputs`]. Out: [`Prepared`], and notices of conditions that could not be read.

use std::ops::Range;
use std::sync::Arc;

use geo::Coord;
use jiff::civil::DateTime;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::access::{mark_now, tags_now};
use super::hilbert_curve::{CurveOrder, along_curve};
use super::hours::Hours;
use super::slope::{Ground, node_heights};
use crate::base::geometry::distance_m;
use crate::base::notice::{Notice, Notices};
use crate::base::projection::Plane;
use crate::sources::car_speeds::CarSpeeds;
use crate::sources::osm::records::{OsmRecords, Street, StreetNodeMark, StreetTags, TurnRestriction, TurnVia};

/// Name of the input in notices.
pub(super) const STREETS: &str = "streets";

/// What street graphs are built from.
#[derive(Clone, Copy)]
pub struct StreetInputs<'a> {
    /// Records of the extracts.
    pub records: &'a OsmRecords,
    /// The plane of the study.
    pub plane: &'a Plane,
    /// Local civil time at which conditional access and opening hours are asked; without one they are not evaluated.
    pub moment: Option<DateTime>,
    /// Heights of the ground; without them all is flat but what `incline` says.
    pub ground: Option<Ground<'a>>,
    /// Measured speeds of cars.
    pub car_speeds: Option<&'a CarSpeeds>,
}

impl<'a> StreetInputs<'a> {
    /// Records on a plane, without moment, heights and measured speeds.
    pub fn plain(records: &'a OsmRecords, plane: &'a Plane) -> Self {
        Self { records, plane, moment: None, ground: None, car_speeds: None }
    }
}

/// Stands for the vertex of a node at which streets only bend.
pub(super) const NO_VERTEX: u32 = u32::MAX;

/// Points, tags and marks as they hold at the moment of the study; made once for all modes.
pub struct Prepared<'a> {
    pub(super) inputs: StreetInputs<'a>,
    /// Where each vertex is. Vertices are the street nodes at which something may happen, whatever the mode, numbered
    /// along a Hilbert curve: what is near on the ground is near in memory.
    pub(super) vertex_points: Vec<Coord<f64>>,
    /// The street node of each vertex.
    vertex_nodes: Vec<u32>,
    /// The vertex of each street node, [`NO_VERTEX`] where streets only bend.
    node_vertices: Vec<u32>,
    /// How far along the curve vertices lie.
    order: CurveOrder,
    /// Where each reference of a street is, and its vertex: in the order in which streets are gone along, which is not
    /// that of their nodes.
    pub(super) course_points: Arc<Vec<Coord<f64>>>,
    course_vertices: Vec<u32>,
    /// The streets from vertex to vertex, one after the other.
    spans: Vec<Span>,
    /// The first span of each street, and the end of all.
    first_spans: Vec<u32>,
    /// The first street of the same name, for each street.
    namesakes: Vec<u32>,
    /// The length of each street, metres; stretches off the plane count nothing.
    lengths_m: Vec<f64>,
    /// The height of each street node, NaN where it is not known; empty without heights of the ground.
    pub(super) node_heights: Vec<f64>,
    /// The tags of those streets of which the hour changes them, by street.
    tags_now: FxHashMap<usize, StreetTags>,
    /// The tags of each walk area.
    pub(super) area_tags: Vec<StreetTags>,
    /// The marks on street nodes, ascending by node.
    pub(super) marks: Vec<StreetNodeMark>,
    /// Whether each turn restriction holds.
    turns_hold: Vec<bool>,
}

impl<'a> Prepared<'a> {
    /// Projects all street nodes and evaluates all conditions.
    pub fn new(inputs: StreetInputs<'a>) -> (Self, Notices) {
        let mut notices = Notices::new();
        let records = inputs.records;
        let mut hours = Hours::at(inputs.moment);
        let mut tell = |hours: &Hours, before: usize, element: String| {
            if hours.unread() > before || inputs.moment.is_none() {
                let notice = Notice::note("conditional_access", STREETS, "a condition on hours cannot be evaluated");
                notices.push(notice.at_element(element).action("unconditional value kept"));
            }
        };
        let mut changed = FxHashMap::default();
        for (at, street) in records.streets.iter().enumerate() {
            if let Some(conditions) = &street.conditions {
                let before = hours.unread();
                changed.insert(at, tags_now(&street.tags, conditions, &mut hours));
                tell(&hours, before, format!("way {}", street.way));
            }
        }
        let mut area_tags: Vec<StreetTags> = records.walk_areas.iter().map(|area| area.tags).collect();
        for (tags, area) in area_tags.iter_mut().zip(&records.walk_areas) {
            if let Some(conditions) = &area.conditions {
                *tags = tags_now(tags, conditions, &mut hours);
            }
        }
        let mut marks = records.street_node_marks.clone();
        for (node, conditions) in &records.street_node_conditions {
            if let Ok(at) = marks.binary_search_by_key(node, |mark| mark.node) {
                let before = hours.unread();
                marks[at] = mark_now(&marks[at], conditions, &mut hours);
                tell(&hours, before, format!("node {}", records.street_node_ids[*node as usize]));
            }
        }
        let holds = |turn: &TurnRestriction| turn.hours.is_empty() || hours.holds(&turn.hours);
        let turns_hold = records.turn_restrictions.iter().map(holds).collect();
        let (points, is_meeting) =
            rayon::join(|| inputs.plane.project_all(&records.street_node_positions), || find_meetings(records));
        let (vertex_nodes, order) = along_curve(&is_meeting, &points);
        let mut node_vertices = vec![NO_VERTEX; points.len()];
        for (vertex, &node) in vertex_nodes.iter().enumerate() {
            node_vertices[node as usize] = vertex as u32;
        }
        let vertex_points = vertex_nodes.iter().map(|&node| points[node as usize]).collect();
        let refs = records.street_refs.par_iter().with_min_len(4096);
        let course_points: Vec<Coord<f64>> = refs.clone().map(|&node| points[node as usize]).collect();
        drop(points);
        let course_vertices: Vec<u32> = refs.map(|&node| node_vertices[node as usize]).collect();
        let (cut, namesakes) =
            rayon::join(|| CutStreets::new(records, &course_points, &course_vertices), || find_namesakes(records));
        let node_heights = inputs.ground.map_or_else(Vec::new, |ground| node_heights(records, ground.height_m));
        let prepared = Self {
            inputs,
            vertex_points,
            vertex_nodes,
            node_vertices,
            order,
            course_points: Arc::new(course_points),
            course_vertices,
            spans: cut.spans,
            first_spans: cut.first,
            namesakes,
            lengths_m: cut.lengths_m,
            node_heights,
            tags_now: changed,
            area_tags,
            marks,
            turns_hold,
        };
        (prepared, notices)
    }

    /// The turn restrictions that hold now and are not excepted.
    pub(super) fn turns_now(&self, is_excepted: impl Fn(&TurnRestriction) -> bool) -> Vec<&'a TurnRestriction> {
        let all = self.inputs.records.turn_restrictions.iter().zip(&self.turns_hold);
        all.filter(|(turn, holds)| **holds && !is_excepted(turn)).map(|(turn, _)| turn).collect()
    }

    /// How many streets there are.
    pub(super) fn street_count(&self) -> usize {
        self.inputs.records.streets.len()
    }

    /// The tags of a street.
    pub(super) fn tags(&self, street: usize) -> &StreetTags {
        let changed = if self.tags_now.is_empty() { None } else { self.tags_now.get(&street) };
        changed.unwrap_or(&self.inputs.records.streets[street].tags)
    }

    /// The mark on a street node.
    pub(super) fn mark_of(&self, node: u32) -> Option<&StreetNodeMark> {
        self.marks.binary_search_by_key(&node, |mark| mark.node).ok().map(|at| &self.marks[at])
    }

    /// Those of `points` that are wanted, along the Hilbert curve: vertices, and what was added after them.
    pub(super) fn along_curve(&self, is_wanted: &[bool], points: &[Coord<f64>]) -> Vec<u32> {
        self.order.wanted(is_wanted, points)
    }

    /// The vertex of a street node, [`NO_VERTEX`] where streets only bend.
    pub(super) fn vertex(&self, node: u32) -> u32 {
        self.node_vertices[node as usize]
    }

    /// The street node of a vertex.
    pub(super) fn node(&self, vertex: u32) -> u32 {
        self.vertex_nodes[vertex as usize]
    }

    /// Where a street node is at which something may happen.
    pub(super) fn meeting_point(&self, node: u32) -> Coord<f64> {
        self.vertex_points[self.vertex(node) as usize]
    }

    /// Where the nodes of a street are.
    pub(super) fn course(&self, street: usize) -> &[Coord<f64>] {
        &self.course_points[self.places(street)]
    }

    /// The places of a street among all, which name them in [`Self::bends`].
    pub(super) fn places(&self, street: usize) -> Range<usize> {
        let refs = &self.inputs.records.streets[street].refs;
        refs.start as usize..refs.end as usize
    }

    /// The points of so many places from one on.
    pub(super) fn bends(&self, first: u32, count: u32) -> &[Coord<f64>] {
        &self.course_points[first as usize..][..count as usize]
    }

    /// The vertices of the nodes of a street, [`NO_VERTEX`] where it only bends: elsewhere streets meet or end, there is a
    /// mark, an outline of a square passes.
    pub(super) fn course_vertices(&self, street: usize) -> &[u32] {
        &self.course_vertices[self.places(street)]
    }

    /// The vertices on a street.
    pub(super) fn vertices(&self, street: usize) -> impl Iterator<Item = u32> {
        self.course_vertices(street).iter().copied().filter(|&vertex| vertex != NO_VERTEX)
    }

    /// The nodes of a street.
    pub(super) fn refs(&self, street: usize) -> &'a [u32] {
        self.inputs.records.refs(&self.inputs.records.streets[street])
    }

    /// Whether a street node lies on a way.
    pub(super) fn is_on_way(&self, node: u32, way: i64) -> bool {
        let records = self.inputs.records;
        // Ascending by way; one that leaves the study area and comes back is several streets.
        let first = records.streets.partition_point(|street| street.way < way);
        let mut parts = records.streets[first..].iter().take_while(|street| street.way == way);
        parts.any(|street| records.refs(street).contains(&node))
    }

    /// A street from vertex to vertex.
    pub(super) fn spans(&self, street: usize) -> &[Span] {
        &self.spans[self.first_spans[street] as usize..self.first_spans[street + 1] as usize]
    }

    /// The first street of the same name.
    pub(super) fn namesake(&self, street: usize) -> u32 {
        self.namesakes[street]
    }

    /// The length of a street, metres; stretches off the plane count nothing.
    pub(super) fn length_m(&self, street: usize) -> f64 {
        self.lengths_m[street]
    }
}

/// A part of a street between two vertices with nothing but bends between them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub from: u32,
    pub to: u32,
    /// The place of its first bend ([`Prepared::bends`]), or of its end.
    pub first_bend: u32,
    pub bends: u32,
    /// Metres, not finite where a part of it lies off the plane.
    pub length_m: f64,
}

/// Streets as spans.
#[derive(Default)]
struct CutStreets {
    spans: Vec<Span>,
    first: Vec<u32>,
    lengths_m: Vec<f64>,
}

/// How many streets a thread cuts at once.
const STREETS_AT_ONCE: usize = 1024;

impl CutStreets {
    fn new(records: &OsmRecords, points: &[Coord<f64>], vertices: &[u32]) -> Self {
        let cut = |streets: &[Street]| {
            let mut cut = Self::default();
            streets.iter().for_each(|street| cut.push(street, points, vertices));
            cut
        };
        let parts: Vec<Self> = records.streets.par_chunks(STREETS_AT_ONCE).map(cut).collect();
        let mut all = Self::default();
        all.spans.reserve_exact(parts.iter().map(|part| part.spans.len()).sum());
        all.first.reserve_exact(records.streets.len() + 1);
        all.lengths_m.reserve_exact(records.streets.len());
        for part in parts {
            let before = all.spans.len() as u32;
            all.first.extend(part.first.iter().map(|first| first + before));
            all.spans.extend(part.spans);
            all.lengths_m.extend(part.lengths_m);
        }
        all.first.push(all.spans.len() as u32);
        all
    }

    fn push(&mut self, street: &Street, points: &[Coord<f64>], vertices: &[u32]) {
        self.first.push(self.spans.len() as u32);
        let (start, end) = (street.refs.start as usize, street.refs.end as usize);
        let (mut from, mut length_m, mut street_m) = (start, 0.0, 0.0);
        for place in start + 1..end {
            let stretch_m = distance_m(points[place - 1], points[place]);
            length_m += stretch_m;
            street_m += if stretch_m.is_finite() { stretch_m } else { 0.0 };
            if vertices[place] != NO_VERTEX {
                let (bends, first_bend) = ((place - from - 1) as u32, from as u32 + 1);
                self.spans.push(Span { from: vertices[from], to: vertices[place], first_bend, bends, length_m });
                (from, length_m) = (place, 0.0);
            }
        }
        self.lengths_m.push(street_m);
    }
}

fn find_namesakes(records: &OsmRecords) -> Vec<u32> {
    let mut first: FxHashMap<&str, u32> = FxHashMap::default();
    let names = records.streets.iter().enumerate();
    names.map(|(at, street)| *first.entry(street.name.as_str()).or_insert(at as u32)).collect()
}

fn find_meetings(records: &OsmRecords) -> Vec<bool> {
    let nodes = records.street_node_positions.len();
    let (mut is_passed, mut is_meeting) = (vec![false; nodes], vec![false; nodes]);
    for street in &records.streets {
        let refs = records.refs(street);
        for &node in refs {
            is_meeting[node as usize] |= is_passed[node as usize];
            is_passed[node as usize] = true;
        }
        for &end in [refs.first(), refs.last()].into_iter().flatten() {
            is_meeting[end as usize] = true;
        }
    }
    let marked = records.street_node_marks.iter().map(|mark| mark.node);
    let outlines =
        records.walk_areas.iter().flat_map(|area| area.outer_rings.iter().chain(&area.inner_rings)).flatten();
    let turns = records.turn_restrictions.iter().filter_map(|turn| match turn.via {
        TurnVia::Node(node) => Some(node),
        TurnVia::Ways(_) => None,
    });
    for node in marked.chain(outlines.copied()).chain(turns) {
        is_meeting[node as usize] = true;
    }
    is_meeting
}
