//! Where streets meet squares: nodes of the outline, places where a street crosses it, ends that touch it or lie inside.
//!
//! In: prepared records, rings of areas. Out: the entrances of each area, and the places to be put into streets and
//! outlines.

use geo::{Coord, Intersects, Rect};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::visibility::is_inside;
use crate::base::geometry::bounds_of;
use crate::base::geometry::{distance_m, nearest_on_segment};
use crate::network::courses::Courses;
use crate::network::packed_rtree::PackedRTree;
use crate::network::prepared::Prepared;
use crate::sources::osm::records::{StreetTags, WalkArea};

/// A street that ends this near to an outline is taken to touch it, metres (default).
const TOUCH_M: f64 = 0.5;
/// Side of the cells in which outlines are looked up, metres.
const CELL_M: f64 = 32.0;
/// Longest stretch that is looked at for places where it crosses an outline, metres: a ferry crosses no square, and what
/// has a longer edge is none.
pub(super) const LONGEST_M: f64 = 2000.0;

/// A place where an area is entered. Here the vertices of outlines and streets still go by the number of their node, and
/// places that are added are numbered after all nodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Entrance {
    pub vertex: u32,
    pub point: Coord<f64>,
}

/// All places where streets and areas meet.
#[derive(Debug, Default)]
pub(super) struct Joins {
    pub points: Vec<Coord<f64>>,
    pub inserted: FxHashMap<u32, Vec<(u32, f64, u32)>>,
    /// How many streets were joined that share no node with an outline.
    pub joined: usize,
    /// Stretches of outlines that a wall crosses: street and stretch.
    pub walled: FxHashSet<(u32, u32)>,
    entrances: Vec<Vec<Entrance>>,
    outlines: Outlines,
}

type Rings = Option<Vec<Vec<Coord<f64>>>>;

/// An edge of an outline.
#[derive(Clone, Copy)]
struct Edge {
    area: u32,
    nodes: [u32; 2],
    points: [Coord<f64>; 2],
}

impl Joins {
    /// Finds all entrances.
    pub fn find(prepared: &Prepared<'_>, courses: &Courses, rings: &[Rings]) -> Self {
        let records = prepared.inputs.records;
        let mut joins = Self { entrances: vec![Vec::new(); rings.len()], ..Self::default() };
        let edges = EdgeGrid::new(&records.walk_areas, rings);
        let is_near = |&at: &usize| {
            courses.of_streets[at].is_some() && !prepared.tags(at).area && edges.are_near(prepared.course(at))
        };
        let streets: Vec<usize> = (0..courses.of_streets.len()).into_par_iter().filter(is_near).collect();
        joins.share_nodes(prepared, &streets, rings);
        let outlines = outline_stretches(prepared, courses);
        for at in streets {
            let (tags, refs, course) = (prepared.tags(at), prepared.refs(at), prepared.course(at));
            let before = joins.points.len();
            let mut touched = false;
            for (place, pair) in refs.windows(2).enumerate() {
                let stretch = [course[place], course[place + 1]];
                joins.cross_outlines((at as u32, place as u32), (pair, stretch, tags), &edges, (records, &outlines));
            }
            for &node in [refs.first(), refs.last()].into_iter().flatten() {
                touched |= joins.end_at(node, prepared.meeting_point(node), tags, &edges, (records, rings, &outlines));
            }
            joins.joined += usize::from(touched || joins.points.len() > before);
        }
        joins.outlines = outlines;
        for list in joins.inserted.values_mut() {
            list.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        }
        for list in &mut joins.entrances {
            list.sort_by_key(|entrance| entrance.vertex);
            list.dedup_by_key(|entrance| entrance.vertex);
        }
        joins
    }

    /// Leaves out the stretches of outlines that walls cross.
    pub fn wall_off(&mut self, prepared: &Prepared<'_>, walls: &[Vec<Vec<Coord<f64>>>]) {
        let areas = &prepared.inputs.records.walk_areas;
        for (area, walls) in areas.iter().zip(walls).filter(|(_, walls)| !walls.is_empty()) {
            for ring in area.outer_rings.iter().chain(&area.inner_rings) {
                for place in 0..ring.len() {
                    let nodes = [ring[place], ring[(place + 1) % ring.len()]];
                    let edge = nodes.map(|node| prepared.meeting_point(node));
                    let crosses = |wall: &[Coord<f64>]| {
                        let found = crossing_of(edge, [wall[0], wall[1]]);
                        found.is_some_and(|(share, along)| share > 0.0 && share < 1.0 && along > 0.0 && along < 1.0)
                    };
                    if walls.iter().any(|wall| wall.windows(2).any(crosses)) {
                        let key = (nodes[0].min(nodes[1]), nodes[0].max(nodes[1]));
                        self.walled.extend(self.outlines.stretches.get(&key).map(|found| (found.0, found.1)));
                    }
                }
            }
        }
    }

    /// The entrances of an area.
    pub fn entrances(&self, area: usize) -> &[Entrance] {
        &self.entrances[area]
    }

    /// Nodes of an outline that another area or one of the streets near by uses too.
    fn share_nodes(&mut self, prepared: &Prepared<'_>, streets: &[usize], rings: &[Rings]) {
        let areas = &prepared.inputs.records.walk_areas;
        let mut uses = vec![0_u8; prepared.vertex_points.len()];
        for (area, _) in areas.iter().zip(rings).filter(|(_, rings)| rings.is_some()) {
            let mut nodes: Vec<u32> = nodes_of(area).collect();
            nodes.sort_unstable();
            nodes.dedup();
            for vertex in nodes.into_iter().map(|node| prepared.vertex(node) as usize) {
                uses[vertex] = uses[vertex].saturating_add(1);
            }
        }
        for &at in streets {
            for vertex in prepared.vertices(at).map(|vertex| vertex as usize) {
                uses[vertex] = uses[vertex].saturating_add(1);
            }
        }
        for (at, area) in areas.iter().enumerate().filter(|(at, _)| rings[*at].is_some()) {
            for node in nodes_of(area).filter(|&node| uses[prepared.vertex(node) as usize] >= 2) {
                self.entrances[at].push(Entrance { vertex: node, point: prepared.meeting_point(node) });
            }
        }
    }

    /// Places where a stretch of a street crosses outlines.
    fn cross_outlines(
        &mut self,
        (street, place): (u32, u32),
        (nodes, stretch, tags): (&[u32], [Coord<f64>; 2], &StreetTags),
        edges: &EdgeGrid,
        (records, outlines): (&crate::sources::osm::records::OsmRecords, &Outlines),
    ) {
        let length_m = distance_m(stretch[0], stretch[1]);
        if !(0.0..LONGEST_M).contains(&length_m) || length_m == 0.0 {
            return;
        }
        for edge in edges.near(stretch) {
            if nodes.iter().any(|node| edge.nodes.contains(node)) || !lie_together(tags, &records.walk_areas, edge) {
                continue;
            }
            let Some((share, along)) = crossing_of(stretch, edge.points) else { continue };
            let point = Coord {
                x: stretch[0].x + share * (stretch[1].x - stretch[0].x),
                y: stretch[0].y + share * (stretch[1].y - stretch[0].y),
            };
            // An end that touches is joined as an end.
            if [share * length_m, (1.0 - share) * length_m].into_iter().any(|rest| rest < TOUCH_M) {
                continue;
            }
            let vertex = self.add_point(point, outlines.nodes);
            self.inserted.entry(street).or_default().push((place, share, vertex));
            self.put_into_outline(edge, along, vertex, outlines);
            self.entrances[edge.area as usize].push(Entrance { vertex, point });
        }
    }

    /// An end of a street that touches an outline, or lies inside an area.
    fn end_at(
        &mut self,
        node: u32,
        point: Coord<f64>,
        tags: &StreetTags,
        edges: &EdgeGrid,
        (records, rings, outlines): (&crate::sources::osm::records::OsmRecords, &[Rings], &Outlines),
    ) -> bool {
        let mut touched = Vec::new();
        let reach = [
            Coord { x: point.x - TOUCH_M, y: point.y - TOUCH_M },
            Coord { x: point.x + TOUCH_M, y: point.y + TOUCH_M },
        ];
        for edge in edges.near(reach) {
            if edge.nodes.contains(&node) {
                touched.push(edge.area);
                continue;
            }
            let (place, share) = nearest_on_segment(edge.points[0], edge.points[1], point);
            let is_new = !touched.contains(&edge.area) && !self.has_entrance(edge.area, node);
            if is_new && distance_m(place, point) <= TOUCH_M && lie_together(tags, &records.walk_areas, edge) {
                touched.push(edge.area);
                self.put_into_outline(edge, share, node, outlines);
                self.entrances[edge.area as usize].push(Entrance { vertex: node, point: place });
            }
        }
        let mut joined = !touched.is_empty() && touched.iter().any(|&area| !is_ring_node(records, area, node));
        for area in edges.areas_around(point) {
            let inside = rings[area as usize].as_ref().is_some_and(|rings| is_inside(rings, point));
            let is_new = !touched.contains(&area) && !self.has_entrance(area, node);
            let area_tags = &records.walk_areas[area as usize].tags;
            if inside && is_new && is_same_height(tags, area_tags) {
                self.entrances[area as usize].push(Entrance { vertex: node, point });
                joined = true;
            }
        }
        joined
    }

    fn has_entrance(&self, area: u32, node: u32) -> bool {
        self.entrances[area as usize].iter().any(|entrance| entrance.vertex == node)
    }

    fn add_point(&mut self, point: Coord<f64>, nodes: usize) -> u32 {
        self.points.push(point);
        (nodes + self.points.len() - 1) as u32
    }

    fn put_into_outline(&mut self, edge: Edge, share: f64, vertex: u32, outlines: &Outlines) {
        let [a, b] = edge.nodes;
        if let Some(&(street, place, is_along)) = outlines.stretches.get(&(a.min(b), a.max(b))) {
            let share = if is_along == (a < b) { share } else { 1.0 - share };
            self.inserted.entry(street).or_default().push((place, share, vertex));
        }
    }
}

fn nodes_of(area: &WalkArea) -> impl Iterator<Item = u32> {
    area.outer_rings.iter().chain(&area.inner_rings).flatten().copied()
}

fn is_ring_node(records: &crate::sources::osm::records::OsmRecords, area: u32, node: u32) -> bool {
    nodes_of(&records.walk_areas[area as usize]).any(|other| other == node)
}

/// Whether a street and the area of an edge lie at the same height, so that they meet where they cross on the map.
fn lie_together(tags: &StreetTags, areas: &[WalkArea], edge: Edge) -> bool {
    is_same_height(tags, &areas[edge.area as usize].tags)
}

fn is_same_height(a: &StreetTags, b: &StreetTags) -> bool {
    let levels_meet = match (a.levels, b.levels) {
        (Some(a), Some(b)) => a.meet(b),
        _ => true,
    };
    a.layer == b.layer && a.bridge == b.bridge && a.tunnel == b.tunnel && levels_meet
}

/// Where two stretches cross: the shares of both; `None` where they do not.
fn crossing_of(first: [Coord<f64>; 2], second: [Coord<f64>; 2]) -> Option<(f64, f64)> {
    let (d, e) = (first[1] - first[0], second[1] - second[0]);
    let determinant = d.x * e.y - d.y * e.x;
    // Parallel ones meet nowhere, or along a whole stretch.
    if determinant.abs() < 1e-9 {
        return None;
    }
    let between = second[0] - first[0];
    let share = (between.x * e.y - between.y * e.x) / determinant;
    let along = (between.x * d.y - between.y * d.x) / determinant;
    ((0.0..=1.0).contains(&share) && (0.0..=1.0).contains(&along)).then_some((share, along))
}

/// Which stretch of which street each edge of an outline is.
#[derive(Debug, Default)]
struct Outlines {
    /// By the lower and the higher node: street, stretch, and whether it goes from the lower to the higher.
    stretches: FxHashMap<(u32, u32), (u32, u32, bool)>,
    /// How many street nodes there are.
    nodes: usize,
}

fn outline_stretches(prepared: &Prepared<'_>, courses: &Courses) -> Outlines {
    let mut stretches = FxHashMap::default();
    for at in (0..prepared.street_count()).filter(|&at| prepared.tags(at).area && courses.of_streets[at].is_some()) {
        for (place, pair) in prepared.refs(at).windows(2).enumerate() {
            let (a, b) = (pair[0], pair[1]);
            stretches.entry((a.min(b), a.max(b))).or_insert((at as u32, place as u32, a < b));
        }
    }
    Outlines { stretches, nodes: prepared.inputs.records.street_node_ids.len() }
}

/// Where areas are, in squares of a hundred metres and more: most streets are near none, which is told at once.
struct Coverage {
    low: Coord<f64>,
    cell_m: f64,
    /// Squares in a row and in a column.
    size: [usize; 2],
    is_covered: Vec<bool>,
}

impl Coverage {
    const LEAST_CELL_M: f64 = 100.0;
    const MOST_CELLS: f64 = 1000.0;

    fn of(bounds: Option<Rect<f64>>, boxes: &[Rect<f64>]) -> Self {
        let Some(bounds) = bounds else {
            return Self { low: Coord { x: 0.0, y: 0.0 }, cell_m: 1.0, size: [0, 0], is_covered: Vec::new() };
        };
        let side = bounds.width().max(bounds.height()) + 2.0 * TOUCH_M;
        let cell_m = (side / Self::MOST_CELLS).max(Self::LEAST_CELL_M);
        let count = |length: f64| ((length + 2.0 * TOUCH_M) / cell_m) as usize + 1;
        let size = [count(bounds.width()), count(bounds.height())];
        let low = bounds.min() - Coord { x: TOUCH_M, y: TOUCH_M };
        let mut all = Self { low, cell_m, size, is_covered: vec![false; size[0] * size[1]] };
        for area in boxes {
            let touch = Coord { x: TOUCH_M, y: TOUCH_M };
            if let Some([columns, rows]) = all.cells(Rect::new(area.min() - touch, area.max() + touch)) {
                for row in rows {
                    all.is_covered[row * size[0]..][columns.clone()].fill(true);
                }
            }
        }
        all
    }

    /// The columns and rows of squares that a box meets.
    fn cells(&self, area: Rect<f64>) -> Option<[std::ops::RangeInclusive<usize>; 2]> {
        let range = |low: f64, high: f64, from: f64, count: usize| {
            let (first, last) = ((low - from) / self.cell_m, (high - from) / self.cell_m);
            // Numbers below zero become 0.
            (count > 0 && last >= 0.0 && first < count as f64).then(|| first as usize..=(last as usize).min(count - 1))
        };
        let columns = range(area.min().x, area.max().x, self.low.x, self.size[0])?;
        Some([columns, range(area.min().y, area.max().y, self.low.y, self.size[1])?])
    }

    /// Whether an area may be within reach of a box.
    fn meets(&self, bounds: Rect<f64>) -> bool {
        let Some([columns, mut rows]) = self.cells(bounds) else { return false };
        rows.any(|row| self.is_covered[row * self.size[0]..][columns.clone()].contains(&true))
    }
}

/// Edges of outlines by the cells they pass.
struct EdgeGrid {
    edges: Vec<Edge>,
    cells: FxHashMap<(i32, i32), Vec<u32>>,
    /// The areas that are open, ascending, and their boxes.
    areas: Vec<(u32, Rect<f64>)>,
    boxes: PackedRTree,
    bounds: Option<Rect<f64>>,
    coverage: Coverage,
}

impl EdgeGrid {
    fn new(areas: &[WalkArea], rings: &[Rings]) -> Self {
        let (mut edges, mut cells, mut open) = (Vec::new(), FxHashMap::<_, Vec<u32>>::default(), Vec::new());
        for (at, area) in areas.iter().enumerate() {
            let Some(points) = &rings[at] else { continue };
            open.extend(bounds_of(points.iter().flatten().copied()).map(|bounds| (at as u32, bounds)));
            let all = area.outer_rings.iter().chain(&area.inner_rings);
            for (nodes, points) in all.zip(points) {
                for place in 0..nodes.len() {
                    let next = (place + 1) % nodes.len();
                    let points = [points[place], points[next]];
                    for cell in cells_passed(points) {
                        cells.entry(cell).or_default().push(edges.len() as u32);
                    }
                    edges.push(Edge { area: at as u32, nodes: [nodes[place], nodes[next]], points });
                }
            }
        }
        let boxes: Vec<Rect<f64>> = open.iter().map(|(_, bounds)| *bounds).collect();
        let bounds = bounds_of(boxes.iter().flat_map(|bounds| [bounds.min(), bounds.max()]));
        let coverage = Coverage::of(bounds, &boxes);
        Self { edges, cells, areas: open, boxes: PackedRTree::new(&boxes), bounds, coverage }
    }

    /// The edges that pass the cells of the box around a stretch, each once, in their order.
    fn near(&self, stretch: [Coord<f64>; 2]) -> Vec<Edge> {
        let outside = |a: f64, b: f64, low: f64, high: f64| a.max(b) < low || a.min(b) > high || !(a + b).is_finite();
        let [a, b] = stretch;
        let Some(bounds) = self.bounds else { return Vec::new() };
        let (low, high) = (bounds.min(), bounds.max());
        if outside(a.x, b.x, low.x, high.x) || outside(a.y, b.y, low.y, high.y) {
            return Vec::new();
        }
        let mut found: Vec<u32> = Vec::new();
        for cell in cells_of(stretch) {
            if let Some(edges) = self.cells.get(&cell) {
                found.extend(edges);
            }
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|number| self.edges[number as usize]).collect()
    }

    /// Whether a street comes near any area.
    fn are_near(&self, course: &[Coord<f64>]) -> bool {
        let finite = course.iter().copied().filter(|at| at.x.is_finite() && at.y.is_finite());
        bounds_of(finite).is_some_and(|bounds| self.coverage.meets(bounds))
    }

    /// The areas whose box a point lies in, ascending.
    fn areas_around(&self, point: Coord<f64>) -> Vec<u32> {
        if !(point.x.is_finite() && point.y.is_finite()) {
            return Vec::new();
        }
        let found = self.boxes.within(Rect::new(point, point)).map(|item| self.areas[item as usize]);
        let mut areas: Vec<u32> = found.filter(|(_, bounds)| bounds.intersects(&point)).map(|(area, _)| area).collect();
        areas.sort_unstable();
        areas
    }
}

/// The cells that an edge of at most [`LONGEST_M`] passes, and some beside it: a box around all of a long slanting edge
/// would hold thousands.
fn cells_passed([a, b]: [Coord<f64>; 2]) -> impl Iterator<Item = (i32, i32)> {
    let parts = (distance_m(a, b) / CELL_M).ceil().max(1.0);
    let at = move |part: f64| Coord { x: a.x + (b.x - a.x) * part / parts, y: a.y + (b.y - a.y) * part / parts };
    let ends = move |part: u32| [at(f64::from(part)), at(f64::from(part + 1))];
    (0..parts as u32).flat_map(move |part| cells_of(ends(part)))
}

/// The cells of the box around a stretch; nothing for one off the plane.
fn cells_of([a, b]: [Coord<f64>; 2]) -> impl Iterator<Item = (i32, i32)> {
    let cell = |value: f64| (value / CELL_M).floor() as i32;
    let (low_x, high_x) = (cell(a.x.min(b.x)), cell(a.x.max(b.x)));
    let (low_y, high_y) = (cell(a.y.min(b.y)), cell(a.y.max(b.y)));
    (low_x..=high_x).flat_map(move |x| (low_y..=high_y).map(move |y| (x, y)))
}
