//! Rings of a Shapefile → polygons with holes.
//!
//! A Shapefile lists rings without saying which hole lies in which polygon: an outer ring runs clockwise, a hole the
//! other way round (ESRI Shapefile Technical Description, 1998). Where the directions make no sense, as in files of
//! many a program, what lies inside what decides instead.

use geo::coordinate_position::{CoordPos, coord_pos_relative_to_ring};
use geo::{Coord, LineString, Polygon};

/// Most positions that are looked at to sort the rings of one shape.
const MOST_LOOKS: usize = 100_000_000;

/// How the rings of a shape were sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SortedBy {
    /// By their direction.
    Direction,
    /// By what lies inside what: the directions make no sense.
    Nesting,
}

struct Ring {
    line: LineString<f64>,
    /// Signed: negative where the ring runs clockwise.
    area: f64,
    low: Coord<f64>,
    high: Coord<f64>,
}

/// The polygons of closed rings, in the order of their outer rings. `Err` where sorting them would take for ever.
pub(super) fn polygons_of(rings: Vec<LineString<f64>>) -> Result<(Vec<Polygon<f64>>, SortedBy), String> {
    polygons_within(rings, MOST_LOOKS)
}

fn polygons_within(rings: Vec<LineString<f64>>, mut looks: usize) -> Result<(Vec<Polygon<f64>>, SortedBy), String> {
    let finite = |line: &LineString<f64>| line.0.iter().all(|c| c.x.is_finite() && c.y.is_finite());
    if rings.len() == 1 || !rings.iter().all(finite) {
        // What is no number is told by the placement, whatever the rings are.
        let polygons = rings.into_iter().map(|ring| Polygon::new(ring, Vec::new())).collect();
        return Ok((polygons, SortedBy::Direction));
    }
    let rings: Vec<Ring> = rings.into_iter().map(Ring::new).collect();
    let by_direction = by_direction(&rings, &mut looks)?;
    let (containers, sorted_by) = match by_direction {
        Some(containers) => (containers, SortedBy::Direction),
        None => (by_nesting(&rings, &mut looks)?, SortedBy::Nesting),
    };
    let mut polygons: Vec<Polygon<f64>> = Vec::new();
    let mut place = vec![0; rings.len()];
    let mut holes = Vec::new();
    for (index, (ring, container)) in rings.into_iter().zip(containers).enumerate() {
        match container {
            Some(container) => holes.push((container, ring.line)),
            None => {
                place[index] = polygons.len();
                polygons.push(Polygon::new(ring.line, Vec::new()));
            }
        }
    }
    for (container, hole) in holes {
        polygons[place[container]].interiors_push(hole);
    }
    Ok((polygons, sorted_by))
}

impl Ring {
    fn new(line: LineString<f64>) -> Self {
        let first = line.0.first().copied().unwrap_or_default();
        let twice: f64 = line
            .0
            .windows(2)
            .map(|pair| {
                let (a, b) = (pair[0] - first, pair[1] - first);
                a.x * b.y - b.x * a.y
            })
            .sum();
        let (mut low, mut high) = (first, first);
        for c in &line.0 {
            low = Coord { x: low.x.min(c.x), y: low.y.min(c.y) };
            high = Coord { x: high.x.max(c.x), y: high.y.max(c.y) };
        }
        Self { line, area: twice / 2.0, low, high }
    }

    fn is_hole(&self) -> bool {
        self.area > 0.0
    }

    /// Whether another ring lies inside this one: by its first corner that is not on the border.
    fn contains(&self, other: &Self, looks: &mut usize) -> Result<bool, String> {
        let within = self.low.x <= other.low.x
            && self.low.y <= other.low.y
            && self.high.x >= other.high.x
            && self.high.y >= other.high.y;
        spend(looks, 1)?;
        if !within {
            return Ok(false);
        }
        for corner in &other.line.0 {
            spend(looks, self.line.0.len())?;
            match coord_pos_relative_to_ring(*corner, &self.line) {
                CoordPos::Inside => return Ok(true),
                CoordPos::Outside => return Ok(false),
                CoordPos::OnBoundary => {}
            }
        }
        Ok(true)
    }
}

fn spend(looks: &mut usize, count: usize) -> Result<(), String> {
    *looks = looks.checked_sub(count).ok_or("has more rings within rings than any border")?;
    Ok(())
}

/// For each ring the outer ring that it is a hole of. `None` where the directions cannot be right.
fn by_direction(rings: &[Ring], looks: &mut usize) -> Result<Option<Vec<Option<usize>>>, String> {
    let mut outer: Vec<usize> = (0..rings.len()).filter(|&i| !rings[i].is_hole()).collect();
    outer.sort_by(|&a, &b| rings[a].area.abs().total_cmp(&rings[b].area.abs()));
    let mut containers = vec![None; rings.len()];
    for (index, ring) in rings.iter().enumerate().filter(|(_, ring)| ring.is_hole()) {
        for &candidate in &outer {
            if rings[candidate].contains(ring, looks)? {
                containers[index] = Some(candidate);
                break;
            }
        }
        if containers[index].is_none() {
            return Ok(None);
        }
    }
    Ok(Some(containers))
}

/// For each ring the ring that it is a hole of: what lies in an odd number of rings is a hole in the smallest of them.
fn by_nesting(rings: &[Ring], looks: &mut usize) -> Result<Vec<Option<usize>>, String> {
    let mut by_size: Vec<usize> = (0..rings.len()).collect();
    by_size.sort_by(|&a, &b| rings[b].area.abs().total_cmp(&rings[a].area.abs()));
    let mut depth = vec![0_usize; rings.len()];
    let mut containers = vec![None; rings.len()];
    for (rank, &index) in by_size.iter().enumerate() {
        for &larger in by_size[..rank].iter().rev() {
            if rings[larger].contains(&rings[index], looks)? {
                depth[index] = depth[larger] + 1;
                containers[index] = (depth[index] % 2 == 1).then_some(larger);
                break;
            }
        }
    }
    Ok(containers)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square from a corner, clockwise or the other way round.
    fn square(x: f64, y: f64, side: f64, clockwise: bool) -> LineString<f64> {
        let mut ring = vec![(x, y), (x, y + side), (x + side, y + side), (x + side, y), (x, y)];
        if !clockwise {
            ring.reverse();
        }
        LineString::from(ring)
    }

    /// Areas of the polygons, holes taken off.
    fn areas(rings: Vec<LineString<f64>>) -> (Vec<f64>, SortedBy) {
        use geo::Area;
        let (polygons, sorted_by) = polygons_of(rings).expect("sorted");
        (polygons.iter().map(Area::unsigned_area).collect(), sorted_by)
    }

    /// 100 - 16 with a hole of 4 x 4, in which an island of 2 x 2 lies, and 9 for a square beside.
    #[test]
    fn holes_go_into_the_smallest_outer_ring_around_them() {
        let (hole, outer) = (square(3.0, 3.0, 4.0, false), square(0.0, 0.0, 10.0, true));
        let (island, beside) = (square(4.0, 4.0, 2.0, true), square(20.0, 0.0, 3.0, true));
        let rings = vec![hole.clone(), beside.clone(), outer.clone(), island.clone()];
        assert_eq!(areas(rings), (vec![9.0, 84.0, 4.0], SortedBy::Direction), "a hole may come before its polygon");
        let reversed = |line: &LineString<f64>| LineString(line.0.iter().rev().copied().collect());
        let rings = [&hole, &beside, &outer, &island].map(reversed).to_vec();
        assert_eq!(areas(rings), (vec![9.0, 84.0, 4.0], SortedBy::Nesting), "all rings the wrong way round");
        assert_eq!(areas(vec![reversed(&outer), reversed(&beside)]), (vec![100.0, 9.0], SortedBy::Nesting));
        assert_eq!(areas(vec![reversed(&outer)]).0, [100.0], "a single ring is an outer one");
    }

    #[test]
    fn a_hole_that_touches_its_outer_ring_is_a_hole() {
        let hole = LineString::from(vec![(0.0, 0.0), (2.0, 1.0), (1.0, 2.0), (0.0, 0.0)]);
        assert_eq!(areas(vec![square(0.0, 0.0, 10.0, true), hole]).0, [98.5], "a triangle of 1.5");
    }

    #[test]
    fn rings_without_area_or_numbers_do_not_panic() {
        let point = LineString::from(vec![(1.0, 1.0)]);
        let nan = LineString::from(vec![(f64::NAN, 1.0), (2.0, 2.0), (f64::NAN, 1.0)]);
        for rings in [vec![], vec![point.clone()], vec![point.clone(), point.clone()], vec![point, nan]] {
            let count = rings.len();
            assert_eq!(polygons_of(rings).expect("sorted").0.len(), count);
        }
    }

    /// Slivers along one diagonal, none of which holds the squares beside it: each is looked at for each.
    #[test]
    fn rings_that_take_for_ever_to_sort_are_refused() {
        let sliver = |i: u32| {
            let width = 0.01 * f64::from(i + 1);
            LineString::from(vec![(0.0, 0.0), (100.0 - width, 100.0), (100.0, 100.0), (0.0, 0.0)])
        };
        let rings: Vec<_> =
            (0..50).map(sliver).chain((0..50).map(|i| square(80.0, f64::from(i), 0.5, false))).collect();
        // Every second sliver lies within the next wider one as a hole.
        assert_eq!(polygons_within(rings.clone(), MOST_LOOKS).expect("sorted").0.len(), 75);
        let found = polygons_within(rings, 1_000).expect_err("too much work");
        assert_eq!(found, "has more rings within rings than any border");
    }
}
