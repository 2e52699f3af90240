//! Large squares, crossed over a mesh: a constrained Delaunay triangulation of rings, walls and a grid of points inside.
//!
//! In: the rings of an area, its entrances. Out: pairs of vertices. Ways over the mesh are at most a few per cent longer
//! than straight ones: besides the sides of the triangles, the two far corners of neighbours are joined where they see
//! each other.

use geo::Coord;
use spade::{ConstrainedDelaunayTriangulation, Point2, Triangulation};

use super::NEW_VERTEX;
use super::joins::Entrance;
use super::visibility::{Ground, is_inside};

/// How many points of the grid there are along the side of a square as large as the area, about.
const POINTS_PER_SIDE: f64 = 16.0;
/// Bounds of the spacing of the grid, metres.
const SPACING_M: std::ops::RangeInclusive<f64> = 4.0..=60.0;
/// Most points of a grid.
const MOST_POINTS: usize = 2000;

/// The pairs of vertices between which the area is crossed, and the points of new vertices.
pub(super) fn cross(
    rings: &[Vec<Coord<f64>>],
    ground: &Ground<'_>,
    nodes: &[u32],
    entrances: &[Entrance],
) -> (Vec<(u32, u32)>, Vec<Coord<f64>>) {
    let mut mesh = ConstrainedDelaunayTriangulation::<Point2<f64>>::new();
    // The number of each point of the mesh; of two at one place the first.
    let mut numbers: Vec<u32> = Vec::new();
    let mut insert = |mesh: &mut ConstrainedDelaunayTriangulation<Point2<f64>>, point: Coord<f64>, number: u32| {
        let before = mesh.num_vertices();
        let handle = mesh.insert(Point2::new(point.x, point.y)).ok()?;
        if mesh.num_vertices() > before {
            numbers.push(number);
        }
        Some(handle)
    };
    for entrance in entrances {
        insert(&mut mesh, entrance.point, entrance.vertex);
    }
    let mut number = 0;
    for ring in rings {
        let handles: Vec<_> = ring
            .iter()
            .map(|&point| {
                number += 1;
                insert(&mut mesh, point, nodes[number - 1])
            })
            .collect();
        for at in 0..handles.len() {
            if let (Some(from), Some(to)) = (handles[at], handles[(at + 1) % handles.len()])
                && from != to
                && mesh.can_add_constraint(from, to)
            {
                mesh.add_constraint(from, to);
            }
        }
    }
    let inside = grid(rings);
    for (at, &point) in inside.iter().enumerate() {
        insert(&mut mesh, point, NEW_VERTEX + at as u32);
    }
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut join = |a: (Point2<f64>, usize), b: (Point2<f64>, usize)| {
        let (from, to) = (numbers[a.1], numbers[b.1]);
        if from != to && ground.sees(Coord { x: a.0.x, y: a.0.y }, Coord { x: b.0.x, y: b.0.y }) {
            pairs.push((from.min(to), from.max(to)));
        }
    };
    for edge in mesh.undirected_edges() {
        let [a, b] = edge.vertices().map(|vertex| (vertex.position(), vertex.index()));
        join(a, b);
        let directed = edge.as_directed();
        let far = [directed.opposite_vertex(), directed.rev().opposite_vertex()];
        if let [Some(c), Some(d)] = far.map(|vertex| vertex.map(|vertex| (vertex.position(), vertex.index()))) {
            join(c, d);
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    (pairs, inside)
}

/// Points inside, in rows that are set off against each other.
fn grid(rings: &[Vec<Coord<f64>>]) -> Vec<Coord<f64>> {
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for point in rings.iter().flatten() {
        low = [low[0].min(point.x), low[1].min(point.y)];
        high = [high[0].max(point.x), high[1].max(point.y)];
    }
    let (width, height) = (high[0] - low[0], high[1] - low[1]);
    let spacing = ((width * height).sqrt() / POINTS_PER_SIDE).clamp(*SPACING_M.start(), *SPACING_M.end());
    let row_m = spacing * 0.75_f64.sqrt();
    let spread = (width / spacing * height / row_m / MOST_POINTS as f64).max(1.0).sqrt();
    let (spacing, row_m) = (spacing * spread, row_m * spread);
    let mut points = Vec::new();
    let rows = (height / row_m).floor() as usize;
    let columns = (width / spacing).floor() as usize;
    for row in 0..=rows {
        let set_off = if row % 2 == 0 { 0.25 } else { 0.75 };
        for column in 0..=columns {
            let point =
                Coord { x: low[0] + (column as f64 + set_off) * spacing, y: low[1] + (row as f64 + 0.5) * row_m };
            if is_inside(rings, point) {
                points.push(point);
            }
        }
    }
    points
}
