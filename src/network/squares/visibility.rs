//! Who sees whom over a square: straight lines that stay on it.
//!
//! In: the rings of an area, walls on it, entrances. Out: pairs of vertices. Shortest ways over a polygon with holes
//! bend only at corners that stick into it, so that straight lines among entrances and those corners hold them all.
//!
//! # References
//! T. Lozano-Pérez, M. Wesley, *An algorithm for planning collision-free paths among polyhedral obstacles*, CACM 22,
//! 1979, doi:10.1145/359156.359164.

use geo::Coord;
use rayon::prelude::*;

use super::joins::Entrance;
use crate::base::geometry::bounds_of;
use crate::base::geometry::distance_m;
use crate::base::projection::{LonLat, Plane};
use crate::network::packed_rtree::PackedRTree;
use crate::sources::osm::records::{BarrierLine, OsmRecords};

/// Metres within which a line and a corner touch.
const TOUCHING_M: f64 = 1e-4;

/// A square to be crossed.
pub(super) struct Ground<'a> {
    rings: &'a [Vec<Coord<f64>>],
    /// Edges of all rings and walls.
    edges: Vec<[Coord<f64>; 2]>,
    /// Whether the edge is a wall, which ends in the open.
    first_wall: usize,
}

impl<'a> Ground<'a> {
    /// A square with its rings and the walls on it.
    pub fn new(rings: &'a [Vec<Coord<f64>>], walls: &[Vec<Coord<f64>>]) -> Self {
        let mut edges: Vec<[Coord<f64>; 2]> = Vec::new();
        for ring in rings {
            edges.extend((0..ring.len()).map(|at| [ring[at], ring[(at + 1) % ring.len()]]));
        }
        let first_wall = edges.len();
        for wall in walls {
            edges.extend(wall.windows(2).map(|pair| [pair[0], pair[1]]));
        }
        Self { rings, edges, first_wall }
    }

    /// The corners at which ways over the square may bend: those that stick into it, and all points of walls on it.
    /// `nodes` names the nodes of the rings, one ring after the other; points of walls get new vertices.
    pub fn corners(&self, nodes: &[u32]) -> Vec<Entrance> {
        let mut corners = Vec::new();
        let mut number = 0;
        for ring in self.rings {
            for at in 0..ring.len() {
                let before = ring[(at + ring.len() - 1) % ring.len()];
                let (here, after) = (ring[at], ring[(at + 1) % ring.len()]);
                if self.sticks_in(before, here, after) {
                    corners.push(Entrance { vertex: nodes[number], point: here });
                }
                number += 1;
            }
        }
        let mut new = super::NEW_VERTEX;
        for &point in self.edges[self.first_wall..].iter().flatten() {
            let known = corners.iter().any(|corner| distance_m(corner.point, point) < TOUCHING_M);
            if !known && is_inside(self.rings, point) {
                corners.push(Entrance { vertex: new, point });
                new += 1;
            }
        }
        corners
    }

    /// Whether the square lies on the outer side of a corner: a little way straight on from either edge is on it.
    fn sticks_in(&self, before: Coord<f64>, here: Coord<f64>, after: Coord<f64>) -> bool {
        let step = |from: Coord<f64>| {
            let length = distance_m(from, here);
            if length == 0.0 {
                return here;
            }
            let share = 0.01 / length;
            Coord { x: here.x + share * (here.x - from.x), y: here.y + share * (here.y - from.y) }
        };
        let turn = (here.x - before.x) * (after.y - here.y) - (here.y - before.y) * (after.x - here.x);
        turn.abs() > 1e-9 && is_inside(self.rings, step(before)) && is_inside(self.rings, step(after))
    }

    /// The pairs of entrances and corners that see each other, and the points of new vertices among them.
    pub fn cross(&self, entrances: &[Entrance], corners: &[Entrance]) -> (Vec<(u32, u32)>, Vec<Coord<f64>>) {
        let mut places = entrances.to_vec();
        let fresh: Vec<Entrance> =
            corners.iter().filter(|corner| entrances.iter().all(|e| e.vertex != corner.vertex)).copied().collect();
        places.extend(&fresh);
        let mut pairs = Vec::new();
        for (at, a) in places.iter().enumerate() {
            for b in &places[at + 1..] {
                if self.sees(a.point, b.point) {
                    pairs.push((a.vertex, b.vertex));
                }
            }
        }
        let new = fresh.iter().filter(|corner| corner.vertex >= super::NEW_VERTEX).map(|corner| corner.point).collect();
        (pairs, new)
    }

    /// Whether the straight line between two places stays on the square, crosses no wall, and is no part of an outline.
    pub fn sees(&self, a: Coord<f64>, b: Coord<f64>) -> bool {
        let length = distance_m(a, b);
        if length < TOUCHING_M || self.edges.iter().any(|&edge| blocks([a, b], length, edge)) {
            return false;
        }
        let middle = Coord { x: (a.x + b.x) / 2.0, y: (a.y + b.y) / 2.0 };
        is_inside(self.rings, middle)
    }
}

/// Whether an edge stands in the way of a line: it crosses it, or touches it between its ends.
fn blocks([a, b]: [Coord<f64>; 2], length: f64, [c, d]: [Coord<f64>; 2]) -> bool {
    let apart = |p: f64, q: f64, r: f64, s: f64| p.max(q) + TOUCHING_M < r.min(s) || r.max(s) + TOUCHING_M < p.min(q);
    if apart(a.x, b.x, c.x, d.x) || apart(a.y, b.y, c.y, d.y) {
        return false;
    }
    // Distances of the edge's ends from the line, with the side as sign, and how far along the line they are.
    let place = |p: Coord<f64>| {
        let (dx, dy) = ((b.x - a.x) / length, (b.y - a.y) / length);
        (dx * (p.y - a.y) - dy * (p.x - a.x), dx * (p.x - a.x) + dy * (p.y - a.y))
    };
    let ((side_c, along_c), (side_d, along_d)) = (place(c), place(d));
    let between = |along: f64| along > TOUCHING_M && along < length - TOUCHING_M;
    let touches_c = side_c.abs() <= TOUCHING_M && between(along_c);
    let touches_d = side_d.abs() <= TOUCHING_M && between(along_d);
    if touches_c || touches_d {
        return true;
    }
    if side_c.abs() <= TOUCHING_M && side_d.abs() <= TOUCHING_M {
        // Along the line: the line is a part of the edge.
        return along_c.min(along_d) < TOUCHING_M && along_c.max(along_d) > length - TOUCHING_M;
    }
    if side_c * side_d >= 0.0 {
        return false;
    }
    let along = along_c + (along_d - along_c) * side_c / (side_c - side_d);
    between(along)
}

/// Whether a point lies inside an odd number of rings.
pub(super) fn is_inside(rings: &[Vec<Coord<f64>>], point: Coord<f64>) -> bool {
    let mut inside = false;
    for ring in rings {
        let mut before = match ring.last() {
            Some(&last) => last,
            None => continue,
        };
        for &here in ring {
            if (here.y > point.y) != (before.y > point.y) {
                let share = (point.y - here.y) / (before.y - here.y);
                if point.x < here.x + share * (before.x - here.x) {
                    inside = !inside;
                }
            }
            before = here;
        }
    }
    inside
}

/// The walls on or near each area: those whose box meets the box of the area.
pub(super) fn walls_near(
    records: &OsmRecords,
    plane: &Plane,
    rings: &[Option<Vec<Vec<Coord<f64>>>>],
) -> Vec<Vec<Vec<Coord<f64>>>> {
    // Looked up in degrees: most walls stand far from any square and need no place on the plane.
    let degrees = |position: LonLat| Coord { x: position.lon, y: position.lat };
    let mut areas = Vec::new();
    let mut boxes = Vec::new();
    for (at, area) in records.walk_areas.iter().enumerate().filter(|(at, _)| rings[*at].is_some()) {
        let corners = area.outer_rings.iter().flatten();
        let bounds = bounds_of(corners.map(|&node| degrees(records.street_node_positions[node as usize])));
        areas.extend(bounds.map(|_| at));
        boxes.extend(bounds);
    }
    let tree = PackedRTree::new(&boxes);
    let find = |wall: &BarrierLine| -> Option<(Vec<usize>, Vec<Coord<f64>>)> {
        let own = bounds_of(wall.line.iter().copied().map(degrees))?;
        let mut near: Vec<usize> = tree.within(own).map(|item| areas[item as usize]).collect();
        if near.is_empty() {
            return None;
        }
        near.sort_unstable();
        let line: Vec<Coord<f64>> = wall.line.iter().map(|&at| plane.project(at)).collect();
        line.iter().all(|point| point.x.is_finite() && point.y.is_finite()).then_some((near, line))
    };
    let found: Vec<_> = records.barrier_lines.par_iter().with_min_len(64).filter_map(find).collect();
    let mut walls = vec![Vec::new(); rings.len()];
    for (near, line) in found {
        for at in near {
            walls[at].push(line.clone());
        }
    }
    walls
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(corners: &[(f64, f64)]) -> Vec<Coord<f64>> {
        corners.iter().map(|&(x, y)| Coord { x, y }).collect()
    }

    fn at(x: f64, y: f64) -> Coord<f64> {
        Coord { x, y }
    }

    #[test]
    fn a_square_is_seen_across_and_a_hole_stands_in_the_way() {
        let square = [ring(&[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)])];
        let open = Ground::new(&square, &[]);
        assert!(open.sees(at(0.0, 0.0), at(100.0, 100.0)));
        assert!(!open.sees(at(0.0, 0.0), at(100.0, 0.0)), "the outline is there already");
        assert!(!open.sees(at(0.0, 0.0), at(150.0, 50.0)), "outside");
        let holed = [square[0].clone(), ring(&[(40.0, 40.0), (60.0, 40.0), (60.0, 60.0), (40.0, 60.0)])];
        let ground = Ground::new(&holed, &[]);
        assert!(!ground.sees(at(0.0, 0.0), at(100.0, 100.0)));
        assert!(ground.sees(at(0.0, 0.0), at(60.0, 40.0)));
        let corners = ground.corners(&[1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(corners.iter().map(|c| c.vertex).collect::<Vec<_>>(), [5, 6, 7, 8], "only the hole sticks in");
    }

    #[test]
    fn a_wall_is_walked_around() {
        let square = [ring(&[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)])];
        let wall = [ring(&[(50.0, -10.0), (50.0, 80.0)])];
        let ground = Ground::new(&square, &wall);
        assert!(!ground.sees(at(0.0, 0.0), at(100.0, 50.0)));
        assert!(ground.sees(at(0.0, 90.0), at(100.0, 90.0)));
        let corners = ground.corners(&[1, 2, 3, 4]);
        assert_eq!(corners.len(), 1, "the end inside");
        assert_eq!(corners[0].point, at(50.0, 80.0));
        assert!(ground.sees(at(0.0, 0.0), corners[0].point));
    }

    /// An L: the corner at (50, 50) sticks in, the others do not.
    #[test]
    fn only_corners_that_stick_in_are_bent_at() {
        let shape = [ring(&[(0.0, 0.0), (100.0, 0.0), (100.0, 50.0), (50.0, 50.0), (50.0, 100.0), (0.0, 100.0)])];
        let ground = Ground::new(&shape, &[]);
        let corners = ground.corners(&[1, 2, 3, 4, 5, 6]);
        assert_eq!(corners.iter().map(|c| c.vertex).collect::<Vec<_>>(), [4]);
        assert!(!ground.sees(at(100.0, 25.0), at(25.0, 100.0)), "behind the corner");
        assert!(ground.sees(at(100.0, 25.0), at(50.0, 50.0)));
    }
}
