//! The drawing board: lines in town metres in, one joined network of nodes and ways out.
//!
//! Town metres: x east and y north of the crossing of Rue de la Halle and the axis of the plan. Lines that meet share
//! a node, as in OpenStreetMap. A gentle bend is laid over everything so that no street is ruler-straight.

use std::collections::BTreeMap;

use geo::Coord;

use crate::base::projection::{LonLat, Plane};
use crate::testing::pbf::{Extract, MemberKind};

/// Where the town lies: an invented spot among Walloon coordinates.
pub const CENTRE: LonLat = LonLat { lon: 4.80, lat: 50.30 };
/// Longest stretch without a shape node, metres: the bend needs them.
const STEP_M: f64 = 40.0;
/// A way ends at the first junction after this length, metres, as streets in real data are cut.
const WAY_M: f64 = 150.0;
/// Points nearer than this to a line lie on it, metres.
const TOUCH_M: f64 = 0.3;

/// A point of the plan, metres.
pub type Point = (f64, f64);
/// Tags as written in the plan: `key=value;key=value`.
pub type Tags = String;

/// A line or ring of the plan with its tags.
#[derive(Clone, Debug)]
pub struct Line {
    /// Corners; equal ends make a ring.
    pub points: Vec<Point>,
    /// Tags.
    pub tags: Tags,
}

/// The drawing board.
pub struct Ground {
    plane: Plane,
    extract: Extract,
    joints: BTreeMap<(i64, i64), i64>,
    node_tags: BTreeMap<i64, Tags>,
    positions: BTreeMap<i64, LonLat>,
    next_way: i64,
    next_relation: i64,
}

impl Ground {
    /// An empty board.
    pub fn new() -> Self {
        Self {
            plane: Plane::centred_on(CENTRE),
            extract: Extract::new(),
            joints: BTreeMap::new(),
            node_tags: BTreeMap::new(),
            positions: BTreeMap::new(),
            next_way: 0,
            next_relation: 0,
        }
    }

    /// Degrees of a point of the plan, kept to 1e-7.
    pub fn place(&self, point: Point) -> LonLat {
        let (x, y) = bend(point);
        let position = self.plane.unproject(Coord { x, y });
        LonLat { lon: (position.lon * 1e7).round() / 1e7, lat: (position.lat * 1e7).round() / 1e7 }
    }

    /// The node at a point, the same for all lines that pass through it.
    fn joint(&mut self, point: Point) -> i64 {
        let key = ((point.0 * 10.0).round() as i64, (point.1 * 10.0).round() as i64);
        let next = self.positions.len() as i64 + 1;
        let id = *self.joints.entry(key).or_insert(next);
        if id == next {
            let position = self.place(point);
            self.positions.insert(id, position);
        }
        id
    }

    /// Adds a node of its own, not joined to any line.
    pub fn node(&mut self, point: Point, tags: &str) -> i64 {
        let id = self.positions.len() as i64 + 1;
        let position = self.place(point);
        self.positions.insert(id, position);
        self.node_tags.insert(id, tags.to_owned());
        id
    }

    /// Draws lines that share a node wherever they meet; `marks` are points on them with tags of their own.
    pub fn network(&mut self, lines: &[Line], marks: &[(Point, &str)]) {
        for line in joined(lines, marks) {
            self.line(&line);
        }
        for &(point, tags) in marks {
            let id = self.joint(point);
            self.node_tags.insert(id, tags.to_owned());
        }
    }

    /// Draws one line, or a ring where its ends are equal; returns the way.
    pub fn line(&mut self, line: &Line) -> i64 {
        let mut nodes: Vec<i64> = Vec::new();
        for point in with_shape_points(&line.points) {
            let id = self.joint(point);
            if nodes.last() != Some(&id) {
                nodes.push(id);
            }
        }
        self.next_way += 1;
        self.extract.way(self.next_way, &nodes, &pairs(&line.tags));
        self.next_way
    }

    /// Draws an upright rectangle of `size` around `middle`; returns the way.
    pub fn rectangle(&mut self, middle: Point, size: Point, tags: &str) -> i64 {
        let (x, y, w, h) = (middle.0, middle.1, size.0 / 2.0, size.1 / 2.0);
        let points = vec![(x - w, y - h), (x + w, y - h), (x + w, y + h), (x - w, y + h), (x - w, y - h)];
        self.ring(&points, tags)
    }

    /// Draws a closed ring with nodes of its own; the last point equals the first.
    pub fn ring(&mut self, points: &[Point], tags: &str) -> i64 {
        let mut nodes: Vec<i64> = Vec::new();
        for &point in &points[..points.len() - 1] {
            let id = self.node(point, "");
            nodes.push(id);
        }
        nodes.push(nodes[0]);
        self.next_way += 1;
        self.extract.way(self.next_way, &nodes, &pairs(tags));
        self.next_way
    }

    /// Adds a relation of outer ways.
    pub fn area(&mut self, outer: &[i64], tags: &str) {
        self.next_relation += 1;
        let members: Vec<_> = outer.iter().map(|&way| (MemberKind::Way, way, "outer")).collect();
        self.extract.relation(self.next_relation, &members, &pairs(tags));
    }

    /// The extract, as of 1 June 2024.
    pub fn into_bytes(mut self) -> Vec<u8> {
        for (id, position) in &self.positions {
            let tags = self.node_tags.get(id).map(String::as_str).unwrap_or_default();
            self.extract.node(*id, *position, &pairs(tags));
        }
        // 2024-06-01T00:00:00Z.
        self.extract.replication_timestamp(1_717_200_000).to_bytes()
    }
}

impl Default for Ground {
    fn default() -> Self {
        Self::new()
    }
}

/// The bend laid over the plan: at most 9 m sideways, lengths change by less than 6 %.
pub fn bend((x, y): Point) -> Point {
    (x + 9.0 * (y / 170.0).sin(), y + 7.0 * (x / 190.0 + 0.6).sin())
}

fn pairs(tags: &str) -> Vec<(&str, &str)> {
    tags.split(';').filter_map(|tag| tag.split_once('=')).map(|(key, value)| (key, value.trim())).collect()
}

/// The lines with all points added at which they meet one another or carry a mark.
fn joined(lines: &[Line], marks: &[(Point, &str)]) -> Vec<Line> {
    let mut meetings: Vec<Vec<Vec<Point>>> =
        lines.iter().map(|line| vec![Vec::new(); line.points.len().saturating_sub(1)]).collect();
    for (a, first) in lines.iter().enumerate() {
        for (b, second) in lines.iter().enumerate().skip(a + 1) {
            for (i, one) in first.points.windows(2).enumerate() {
                for (j, other) in second.points.windows(2).enumerate() {
                    if let Some(point) = meeting(one, other) {
                        meetings[a][i].push(point);
                        meetings[b][j].push(point);
                    }
                }
            }
        }
        for (i, segment) in first.points.windows(2).enumerate() {
            let on_it = marks.iter().map(|mark| mark.0).filter(|&mark| distance(mark, segment) < TOUCH_M);
            meetings[a][i].extend(on_it);
        }
    }
    lines.iter().zip(meetings).flat_map(|(line, meetings)| cut(line, meetings)).collect()
}

/// The line with its meetings, cut into ways at meetings; rings stay whole.
fn cut(line: &Line, meetings: Vec<Vec<Point>>) -> Vec<Line> {
    let along = |from: Point, point: Point| (point.0 - from.0).hypot(point.1 - from.1);
    let is_ring = line.points.first() == line.points.last();
    let mut ways = vec![Vec::new()];
    let mut length = 0.0;
    let mut add = |point: Point, may_cut: bool| {
        let way: &mut Vec<Point> = ways.last_mut().expect("there is a first way");
        length += way.last().map_or(0.0, |&last| along(last, point));
        way.push(point);
        if may_cut && length > WAY_M {
            ways.push(vec![point]);
            length = 0.0;
        }
    };
    let last = line.points.last().copied();
    for (segment, mut between) in line.points.windows(2).zip(meetings) {
        add(segment[0], false);
        between.sort_by(|&p, &q| along(segment[0], p).total_cmp(&along(segment[0], q)));
        between.into_iter().for_each(|point| add(point, !is_ring && last.is_some_and(|end| along(end, point) > 30.0)));
    }
    last.into_iter().for_each(|point| add(point, false));
    ways.into_iter().map(|points| Line { points, tags: line.tags.clone() }).collect()
}

/// Where two segments meet: an end of one on the other, or a crossing.
fn meeting(one: &[Point], other: &[Point]) -> Option<Point> {
    let end = other.iter().find(|&&p| distance(p, one) < TOUCH_M);
    if let Some(&point) = end.or_else(|| one.iter().find(|&&p| distance(p, other) < TOUCH_M)) {
        return Some(point);
    }
    let (p, q) = (one[0], other[0]);
    let (u, v) = ((one[1].0 - p.0, one[1].1 - p.1), (other[1].0 - q.0, other[1].1 - q.1));
    let cross = u.0 * v.1 - u.1 * v.0;
    if cross.abs() < 1e-9 {
        return None;
    }
    let t = ((q.0 - p.0) * v.1 - (q.1 - p.1) * v.0) / cross;
    let s = ((q.0 - p.0) * u.1 - (q.1 - p.1) * u.0) / cross;
    ((0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&s)).then_some((p.0 + t * u.0, p.1 + t * u.1))
}

/// Distance of a point from a segment, metres.
pub fn distance(point: Point, segment: &[Point]) -> f64 {
    let (a, b) = (segment[0], segment[1]);
    let (u, w) = ((b.0 - a.0, b.1 - a.1), (point.0 - a.0, point.1 - a.1));
    let length = (u.0 * u.0 + u.1 * u.1).max(1e-9);
    let t = ((u.0 * w.0 + u.1 * w.1) / length).clamp(0.0, 1.0);
    (w.0 - t * u.0).hypot(w.1 - t * u.1)
}

fn with_shape_points(points: &[Point]) -> Vec<Point> {
    let mut shaped = Vec::new();
    for pair in points.windows(2) {
        let (dx, dy) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
        let pieces = (dx.hypot(dy) / STEP_M).ceil().max(1.0) as u32;
        for piece in 0..pieces {
            let t = f64::from(piece) / f64::from(pieces);
            shaped.push((pair[0].0 + t * dx, pair[0].1 + t * dy));
        }
    }
    shaped.extend(points.last());
    shaped
}
