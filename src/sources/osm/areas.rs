//! Areas in degrees: rings from pieces of ways, holes in their outer rings, square metres, points inside.
//!
//! Knows no element; `shapes` hands over the pieces.

use geo::{BoundingRect, Contains, Coord, InteriorPoint, LineString, MultiPolygon, Point, Polygon};

use crate::base::projection::LonLat;

/// Corners above which a point inside an area is found in one pass; below, in the middle of the area.
const LARGE_AREA: usize = 5000;
/// Comparisons of corners of a hole with corners of a ring, at most, to see whether one lies in the other.
const MOST_CORNER_TESTS: usize = 10_000_000;

/// The area of a relation, and what was missing for it.
#[derive(Clone, Debug)]
pub(super) struct Assembly {
    /// What could be put together.
    pub area: MultiPolygon<f64>,
    /// Member ways that are in no file.
    pub missing_ways: usize,
    /// Member ways of which nodes are in no file.
    pub missing_nodes: usize,
    /// Chains of ways that do not close.
    pub open_rings: usize,
    /// Inner rings that lie in no outer ring.
    pub stray_holes: usize,
}

impl Default for Assembly {
    fn default() -> Self {
        let area = MultiPolygon::new(Vec::new());
        Self { area, missing_ways: 0, missing_nodes: 0, open_rings: 0, stray_holes: 0 }
    }
}

impl Assembly {
    /// Whether something is missing.
    pub fn incomplete(&self) -> bool {
        self.missing_ways + self.missing_nodes + self.open_rings + self.stray_holes > 0
    }

    /// What is missing, in words.
    pub fn lack(&self) -> String {
        let mut lacks = Vec::new();
        for (count, what) in [
            (self.missing_ways, "member ways are not in the file"),
            (self.missing_nodes, "member ways lack nodes"),
            (self.open_rings, "rings do not close"),
            (self.stray_holes, "holes lie outside"),
        ] {
            if count > 0 {
                lacks.push(format!("{count} {what}"));
            }
        }
        lacks.join(", ")
    }
}

/// Metres in one degree of longitude and one of latitude, on the WGS 84 ellipsoid (series of the NGA's length-of-a-degree
/// calculator, good to 0.01 m).
pub(super) fn metres_per_degree(lat: f64) -> (f64, f64) {
    let phi = lat.to_radians();
    let east = 111_412.84 * phi.cos() - 93.5 * (3.0 * phi).cos() + 0.118 * (5.0 * phi).cos();
    let north = 111_132.92 - 559.82 * (2.0 * phi).cos() + 1.175 * (4.0 * phi).cos() - 0.0023 * (6.0 * phi).cos();
    (east, north)
}

/// Puts pieces together to closed rings, by the nodes at their ends. Returns the rings (last node = first) and how many
/// chains stayed open.
pub(super) fn join_rings(pieces: Vec<Vec<u32>>) -> (Vec<Vec<u32>>, usize) {
    let mut ends: Vec<(u32, usize)> = Vec::with_capacity(pieces.len() * 2);
    for (number, piece) in pieces.iter().enumerate() {
        if let (Some(&first), Some(&last)) = (piece.first(), piece.last()) {
            ends.push((first, number));
            ends.push((last, number));
        }
    }
    ends.sort_unstable();
    // Where to look for the next piece at a node: pieces that are used stay used, so none is passed over twice.
    let mut starts: Vec<usize> = (0..ends.len()).collect();
    let mut used = vec![false; pieces.len()];
    let (mut rings, mut open) = (Vec::new(), 0);
    for number in 0..pieces.len() {
        if used[number] || pieces[number].is_empty() {
            continue;
        }
        used[number] = true;
        let mut chain = pieces[number].clone();
        while chain.first() != chain.last() {
            let Some(&end) = chain.last() else { break };
            let from = ends.partition_point(|&(node, _)| node < end);
            let Some(at) = starts.get_mut(from) else { break };
            while ends.get(*at).is_some_and(|&(node, piece)| node == end && used[piece]) {
                *at += 1;
            }
            let Some(&(_, piece)) = ends.get(*at).filter(|&&(node, _)| node == end) else { break };
            used[piece] = true;
            if pieces[piece].first() == Some(&end) {
                chain.extend(&pieces[piece][1..]);
            } else {
                chain.extend(pieces[piece].iter().rev().skip(1));
            }
        }
        if chain.len() >= 4 && chain.first() == chain.last() { rings.push(chain) } else { open += 1 }
    }
    (rings, open)
}

/// Polygons from outer rings and the holes in them. A hole belongs to the smallest outer ring around it; holes outside
/// all rings are counted in `stray`.
pub(super) fn nest_rings(
    outer: Vec<LineString<f64>>,
    inner: Vec<LineString<f64>>,
    stray: &mut usize,
) -> MultiPolygon<f64> {
    let mut polygons: Vec<Polygon<f64>> = outer.into_iter().map(|ring| Polygon::new(ring, Vec::new())).collect();
    let sizes: Vec<f64> = polygons.iter().map(|p| ring_size(p.exterior())).collect();
    let boxes: Vec<Option<geo::Rect<f64>>> = polygons.iter().map(|p| p.exterior().bounding_rect()).collect();
    for hole in inner {
        let hole_box = hole.bounding_rect();
        let may_hold = |number: usize| match (boxes[number], hole_box) {
            (Some(shell), Some(hole)) => {
                shell.min().x <= hole.min().x
                    && shell.min().y <= hole.min().y
                    && shell.max().x >= hole.max().x
                    && shell.max().y >= hole.max().y
            }
            _ => false,
        };
        let around = |polygon: &Polygon<f64>| {
            let shell = Polygon::new(polygon.exterior().clone(), Vec::new());
            let corners = (MOST_CORNER_TESTS / shell.exterior().0.len().max(1)).max(1);
            hole.coords().take(corners).any(|&corner| shell.contains(&Point(corner)))
        };
        let mut best: Option<usize> = None;
        for number in 0..polygons.len() {
            if best.is_none_or(|b| sizes[number] < sizes[b]) && may_hold(number) && around(&polygons[number]) {
                best = Some(number);
            }
        }
        match best {
            Some(number) => polygons[number].interiors_push(hole),
            None => *stray += 1,
        }
    }
    MultiPolygon::new(polygons)
}

/// Twice the area of a ring in square degrees, only to compare sizes.
fn ring_size(ring: &LineString<f64>) -> f64 {
    ring.lines().map(|line| line.start.x * line.end.y - line.end.x * line.start.y).sum::<f64>().abs()
}

/// The largest polygon; the first of equals.
pub(super) fn largest(area: &MultiPolygon<f64>) -> Option<&Polygon<f64>> {
    let mut best: Option<(&Polygon<f64>, f64)> = None;
    for polygon in area {
        let size = ring_size(polygon.exterior());
        if best.is_none_or(|(_, other)| size > other) {
            best = Some((polygon, size));
        }
    }
    best.map(|(polygon, _)| polygon)
}

/// Square metres of an area, holes taken out.
pub(super) fn area_m2(area: &MultiPolygon<f64>) -> f64 {
    let ring = |ring: &LineString<f64>| {
        let points: Vec<LonLat> = ring.coords().map(|c| LonLat { lon: c.x, lat: c.y }).collect();
        ring_area_m2(&points)
    };
    area.iter().map(|p| (ring(p.exterior()) - p.interiors().iter().map(ring).sum::<f64>()).max(0.0)).sum()
}

/// Square metres inside a ring of corners (closed or not). The degree is measured at the ring's mean latitude: good to
/// 1e-5 for a building, 1e-3 for a ring of 30 km.
pub(super) fn ring_area_m2(ring: &[LonLat]) -> f64 {
    let Some(origin) = ring.first() else { return 0.0 };
    let mean = ring.iter().map(|p| p.lat).sum::<f64>() / ring.len() as f64;
    let (east, north) = metres_per_degree(mean);
    let at = |p: &LonLat| ((p.lon - origin.lon) * east, (p.lat - origin.lat) * north);
    let mut twice = 0.0;
    for (number, point) in ring.iter().enumerate() {
        let (a, b) = (at(point), at(&ring[(number + 1) % ring.len()]));
        twice += a.0 * b.1 - b.0 * a.1;
    }
    twice.abs() / 2.0
}

/// A point inside a ring of corners: the centre of gravity where that lies inside.
pub(super) fn point_in_ring(ring: &[LonLat]) -> Option<LonLat> {
    let origin = *ring.first()?;
    let (mut twice, mut x, mut y) = (0.0, 0.0, 0.0);
    for (number, point) in ring.iter().enumerate() {
        let next = ring[(number + 1) % ring.len()];
        let (ax, ay) = (point.lon - origin.lon, point.lat - origin.lat);
        let (bx, by) = (next.lon - origin.lon, next.lat - origin.lat);
        let cross = ax * by - bx * ay;
        twice += cross;
        x += (ax + bx) * cross;
        y += (ay + by) * cross;
    }
    let centre = LonLat { lon: origin.lon + x / (3.0 * twice), lat: origin.lat + y / (3.0 * twice) };
    if centre.lon.is_finite() && centre.lat.is_finite() && ring_holds(ring, centre) {
        return Some(centre);
    }
    let shell = ring.iter().map(|p| Coord { x: p.lon, y: p.lat }).collect();
    point_in_polygon(&Polygon::new(shell, Vec::new()))
}

/// A point inside a polygon and outside its holes.
pub(super) fn point_in_polygon(polygon: &Polygon<f64>) -> Option<LonLat> {
    let corners = polygon.exterior().0.len() + polygon.interiors().iter().map(|ring| ring.0.len()).sum::<usize>();
    if corners > LARGE_AREA {
        return point_halfway_up(polygon);
    }
    let point = polygon.interior_point()?;
    LonLat::new(point.x(), point.y())
}

/// The middle of the widest part of an area halfway up, by the even-odd rule: one pass and a sort, whatever the rings
/// do to each other.
fn point_halfway_up(polygon: &Polygon<f64>) -> Option<LonLat> {
    let extent = polygon.bounding_rect()?;
    let y = extent.min().y + extent.height() / 2.0;
    let lines = std::iter::once(polygon.exterior()).chain(polygon.interiors()).flat_map(|ring| ring.lines());
    let mut crossed: Vec<f64> = lines
        .filter(|line| (line.start.y > y) != (line.end.y > y))
        .map(|line| line.start.x + (y - line.start.y) / (line.end.y - line.start.y) * (line.end.x - line.start.x))
        .collect();
    crossed.sort_by(f64::total_cmp);
    let mut widest: Option<(f64, f64)> = None;
    for pair in crossed.chunks_exact(2) {
        let width = pair[1] - pair[0];
        if widest.is_none_or(|(other, _)| width > other) {
            widest = Some((width, pair[0] + width / 2.0));
        }
    }
    LonLat::new(widest?.1, y)
}

/// Whether a point lies in a ring, by the even-odd rule.
fn ring_holds(ring: &[LonLat], point: LonLat) -> bool {
    let mut inside = false;
    for (number, a) in ring.iter().enumerate() {
        let b = &ring[(number + 1) % ring.len()];
        if (a.lat > point.lat) != (b.lat > point.lat)
            && point.lon < (b.lon - a.lon) * (point.lat - a.lat) / (b.lat - a.lat) + a.lon
        {
            inside = !inside;
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_join_in_whatever_direction_they_run() {
        // Square 1-2-3-4 in three pieces, one of them backwards; a triangle; a loose end.
        let pieces = vec![vec![1, 2], vec![4, 3, 2], vec![4, 1], vec![7, 8, 9, 7], vec![20, 21, 22]];
        let (rings, open) = join_rings(pieces);
        assert_eq!(rings, [vec![1, 2, 3, 4, 1], vec![7, 8, 9, 7]]);
        assert_eq!(open, 1);
        assert_eq!(join_rings(vec![vec![], vec![1, 1]]).1, 1);
    }

    fn square(west: f64, south: f64, side: f64) -> LineString<f64> {
        let (east, north) = (west + side, south + side);
        vec![(west, south), (east, south), (east, north), (west, north), (west, south)].into()
    }

    #[test]
    fn a_hole_goes_to_the_smallest_ring_around_it() {
        let mut stray = 0;
        let outer = vec![square(0.0, 50.0, 0.1), square(0.02, 50.02, 0.02)];
        let inner = vec![square(0.025, 50.025, 0.005), square(9.0, 9.0, 0.1)];
        let area = nest_rings(outer, inner, &mut stray);
        assert_eq!(area.0.iter().map(|p| p.interiors().len()).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(stray, 1);
    }

    #[test]
    fn a_point_inside_a_large_area_is_found_in_one_pass() {
        // A comb of 20,000 teeth from 0.1 up to 1: halfway up there are teeth and gaps.
        let teeth = 20_000;
        let mut ring: Vec<(f64, f64)> = vec![(0.0, 0.0)];
        for tooth in 0..teeth {
            let x = f64::from(tooth) * 1e-4;
            ring.extend([(x, 1.0), (x + 4e-5, 1.0), (x + 4e-5, 0.1), (x + 1e-4, 0.1)]);
        }
        ring.extend([(2.0, 0.0), (0.0, 0.0)]);
        let comb = Polygon::new(ring.into(), Vec::new());
        let point = point_in_polygon(&comb).expect("a point");
        assert!(comb.contains(&Point::new(point.lon, point.lat)), "{point:?}");
        let flat: LineString<f64> = (0..6000).map(|x| (f64::from(x) * 1e-3, 1.0)).collect::<Vec<_>>().into();
        assert_eq!(point_in_polygon(&Polygon::new(flat, Vec::new())), None);
    }

    #[test]
    fn pieces_that_all_meet_at_one_node_are_joined_without_looking_at_each_again() {
        // 50,000 rings of nodes 0, a, b, 0, each in two pieces.
        let pieces: Vec<Vec<u32>> =
            (1..=50_000).flat_map(|n| [vec![0, 2 * n, 2 * n + 1], vec![2 * n + 1, 0]]).collect();
        let (rings, open) = join_rings(pieces);
        assert_eq!((rings.len(), open), (50_000, 0));
    }

    #[test]
    fn a_hectare_is_a_hectare() {
        // At 50 degrees north one degree is 71,695.7 m east and 111,229.1 m north on WGS 84.
        let (east, north) = (100.0 / 71_695.7, 100.0 / 111_229.1);
        let ring = [(0.0, 0.0), (east, 0.0), (east, north), (0.0, north)];
        let ring: Vec<LonLat> = ring.iter().map(|&(x, y)| LonLat { lon: 4.0 + x, lat: 50.0 + y }).collect();
        assert!((ring_area_m2(&ring) - 10_000.0).abs() < 1.0, "{}", ring_area_m2(&ring));
        let centre = point_in_ring(&ring).expect("inside");
        assert!((centre.lon - 4.0 - east / 2.0).abs() < 1e-9 && (centre.lat - 50.0 - north / 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_point_inside_a_bent_building_lies_inside() {
        // A thin L: its centre of gravity lies outside.
        let corners = [(0.0, 0.0), (10.0, 0.0), (10.0, 1.0), (1.0, 1.0), (1.0, 10.0), (0.0, 10.0)];
        let ring: Vec<LonLat> = corners.iter().map(|&(x, y)| LonLat { lon: x * 1e-4, lat: y * 1e-4 }).collect();
        assert!(ring_holds(&ring, point_in_ring(&ring).expect("a point")));
        let flat: Vec<LonLat> = (0..4).map(|x| LonLat { lon: f64::from(x), lat: 1.0 }).collect();
        assert_eq!(ring_area_m2(&flat), 0.0);
        let _ = point_in_ring(&flat);
    }
}
