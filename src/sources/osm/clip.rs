//! The study area: the box that is read, given or found, so that a ferry line or a stray node cannot stretch a study.

use std::cmp::Ordering;

use super::content::PackedPosition;
use crate::base::projection::LonLat;

/// A box in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StudyArea {
    /// Western limit, degrees.
    pub west: f64,
    /// Southern limit, degrees.
    pub south: f64,
    /// Eastern limit, degrees, above the western one.
    pub east: f64,
    /// Northern limit, degrees, above the southern one.
    pub north: f64,
}

/// The box reaches at least this far beyond the core, degrees (about 2 km north).
const LEAST_MARGIN: f64 = 0.02;
/// From this many nodes on the outermost hundredth says where the town ends; with fewer the quarters must do.
const MANY_NODES: usize = 200;

impl StudyArea {
    /// The box around two boxes.
    pub fn around(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    /// Everywhere.
    pub const GLOBE: Self = Self { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };

    /// A box; `None` unless its limits are on the globe and in order.
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Option<Self> {
        LonLat::new(west, south)?;
        LonLat::new(east, north)?;
        (west < east && south < north).then_some(Self { west, south, east, north })
    }

    /// Whether a position lies inside or on the edge.
    pub fn holds(&self, position: LonLat) -> bool {
        (self.west..=self.east).contains(&position.lon) && (self.south..=self.north).contains(&position.lat)
    }

    /// Whether it has a point in common with the box of these positions.
    pub fn meets(&self, positions: impl Iterator<Item = LonLat>) -> bool {
        let (mut west, mut south, mut east, mut north) = (f64::MAX, f64::MAX, f64::MIN, f64::MIN);
        for position in positions {
            west = west.min(position.lon);
            east = east.max(position.lon);
            south = south.min(position.lat);
            north = north.max(position.lat);
        }
        west <= self.east && east >= self.west && south <= self.north && north >= self.south
    }
}

/// The box of a town from the nodes of its streets; `None` without nodes.
///
/// With 200 nodes or more: from the 1st to the 99th hundredth in each direction, widened on all sides by its own
/// length. A town whose streets thin out towards its edge fits in; a ferry's far end does not. With fewer nodes: the
/// middle half, widened on all sides by six times its length.
pub fn find_core_box(positions: &[LonLat]) -> Option<StudyArea> {
    let lons = positions.iter().map(|p| p.lon).collect();
    let lats = positions.iter().map(|p| p.lat).collect();
    core_box(lons, lats, f64::total_cmp, |degrees| degrees)
}

/// The same from positions as extracts keep them, whose order is told faster.
pub(super) fn find_packed_core_box(positions: &[PackedPosition]) -> Option<StudyArea> {
    let lons = positions.iter().map(|p| p.lon).collect();
    let lats = positions.iter().map(|p| p.lat).collect();
    core_box(lons, lats, i32::cmp, |packed| f64::from(packed) / 1e7)
}

fn core_box<T: Copy + Send>(
    mut lons: Vec<T>,
    mut lats: Vec<T>,
    order: fn(&T, &T) -> Ordering,
    degrees: fn(T) -> f64,
) -> Option<StudyArea> {
    let range = |values: &mut [T]| core_range(values, order, degrees);
    let (lons, lats) = rayon::join(|| range(&mut lons), || range(&mut lats));
    let ((west, east), (south, north)) = (lons?, lats?);
    Some(StudyArea { west: west.max(-180.0), south: south.max(-90.0), east: east.min(180.0), north: north.min(90.0) })
}

fn core_range<T: Copy>(values: &mut [T], order: fn(&T, &T) -> Ordering, degrees: fn(T) -> f64) -> Option<(f64, f64)> {
    let (share, widen) = if values.len() >= MANY_NODES { (0.01, 1.0) } else { (0.25, 6.0) };
    let last = values.len().checked_sub(1)?;
    let low = (last as f64 * share).round() as usize;
    let (_, &mut from, _) = values.select_nth_unstable_by(low, order);
    let (_, &mut to, _) = values.select_nth_unstable_by(last - low, order);
    let (from, to) = (degrees(from), degrees(to));
    let margin = ((to - from) * widen).max(LEAST_MARGIN);
    Some((from - margin, to + margin))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(side: usize, step: f64) -> Vec<LonLat> {
        (0..side * side)
            .map(|n| LonLat { lon: 5.0 + (n % side) as f64 * step, lat: 50.0 + (n / side) as f64 * step })
            .collect()
    }

    #[test]
    fn a_town_fits_in_and_a_stray_node_does_not() {
        for (side, step) in [(4, 0.001), (100, 0.001)] {
            let mut positions = grid(side, step);
            let far = LonLat { lon: 5.9, lat: 50.9 };
            positions.push(far);
            let area = find_core_box(&positions).expect("there are nodes");
            assert!(grid(side, step).iter().all(|&p| area.holds(p)), "{side}");
            assert!(!area.holds(far), "{side}: {area:?}");
        }
        let packed =
            |p: &LonLat| PackedPosition { lon: (p.lon * 1e7).round() as i32, lat: (p.lat * 1e7).round() as i32 };
        let positions: Vec<PackedPosition> = grid(100, 0.001).iter().map(packed).collect();
        let in_degrees: Vec<LonLat> = positions.iter().map(|&position| position.into()).collect();
        assert_eq!(find_packed_core_box(&positions), find_core_box(&in_degrees));
        assert_eq!(find_core_box(&[]), None);
        assert!(find_core_box(&grid(1, 1.0)).expect("one node").holds(LonLat { lon: 5.0, lat: 50.0 }));
    }

    #[test]
    fn boxes_are_checked() {
        assert!(StudyArea::new(5.0, 50.0, 4.0, 51.0).is_none());
        assert!(StudyArea::new(f64::NAN, 50.0, 4.0, 51.0).is_none());
        let area = StudyArea::new(4.0, 50.0, 5.0, 51.0).expect("in order");
        assert!(area.meets([LonLat { lon: 3.0, lat: 49.0 }, LonLat { lon: 6.0, lat: 52.0 }].into_iter()));
        assert!(!area.meets([LonLat { lon: 3.0, lat: 49.0 }].into_iter()));
    }
}
