//! The order of things along a Hilbert curve: what is near on the ground is near in a column.

use geo::{Coord, Rect};
use rayon::prelude::*;

use crate::base::geometry::bounds_of;

/// A Hilbert curve of order 16 over a rectangle: neighbours on the curve are neighbours on the ground.
pub(super) struct HilbertCurve {
    low: Coord<f64>,
    scale: f64,
}

impl HilbertCurve {
    /// The curve over a rectangle, or over nothing.
    pub fn over(bounds: Option<Rect<f64>>) -> Self {
        let Some(bounds) = bounds else { return Self { low: Coord { x: 0.0, y: 0.0 }, scale: 0.0 } };
        let side = bounds.width().max(bounds.height());
        Self { low: bounds.min(), scale: if side > 0.0 { 65_535.0 / side } else { 0.0 } }
    }

    /// How far along the curve a point of the rectangle lies.
    pub fn position(&self, point: Coord<f64>) -> u32 {
        let cell = |value: f64, low: f64| ((value - low) * self.scale) as u16;
        fast_hilbert::xy2h(cell(point.x, self.low.x), cell(point.y, self.low.y), 16)
    }
}

/// How far along a Hilbert curve vertices lie that are numbered along it.
pub(super) struct CurveOrder {
    curve: HilbertCurve,
    /// Of each vertex, ascending.
    positions: Vec<u32>,
}

/// Those points that are wanted, along a Hilbert curve over them; points that are not finite count for nothing in where
/// the curve lies.
pub(super) fn along_curve(is_wanted: &[bool], points: &[Coord<f64>]) -> (Vec<u32>, CurveOrder) {
    let wanted: Vec<u32> = (0..points.len() as u32).filter(|&at| is_wanted[at as usize]).collect();
    let places = wanted.iter().map(|&at| points[at as usize]);
    let curve = HilbertCurve::over(bounds_of(places.filter(|at| at.x.is_finite() && at.y.is_finite())));
    let mut keys: Vec<u64> = wanted.par_iter().map(|&at| key(&curve, at, points)).collect();
    keys.par_sort_unstable();
    let positions = keys.iter().map(|&key| (key >> 32) as u32).collect();
    (keys.into_iter().map(|key| key as u32).collect(), CurveOrder { curve, positions })
}

impl CurveOrder {
    /// The points that are wanted, in order: vertices, and points that were added after them.
    pub fn wanted(&self, is_wanted: &[bool], points: &[Coord<f64>]) -> Vec<u32> {
        let known = self.positions.len();
        let added = (known..points.len()).filter(|&vertex| is_wanted[vertex]);
        let mut added: Vec<u64> = added.map(|vertex| key(&self.curve, vertex as u32, points)).collect();
        added.sort_unstable();
        let mut added = added.into_iter().peekable();
        let mut order = Vec::with_capacity(known + added.len());
        for (vertex, &position) in self.positions.iter().enumerate().filter(|&(vertex, _)| is_wanted[vertex]) {
            while let Some(other) = added.next_if(|&other| ((other >> 32) as u32) < position) {
                order.push(other as u32);
            }
            order.push(vertex as u32);
        }
        order.extend(added.map(|other| other as u32));
        order
    }
}

fn key(curve: &HilbertCurve, vertex: u32, points: &[Coord<f64>]) -> u64 {
    u64::from(curve.position(points[vertex as usize])) << 32 | u64::from(vertex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_comes_where_it_lies() {
        let at = |x: f64, y: f64| Coord { x, y };
        let mut points = vec![at(0.0, 0.0), at(10.0, 0.0), at(5.0, 5.0), at(10.0, 10.0), at(0.0, 10.0)];
        let (wanted, order) = along_curve(&[true, true, false, true, true], &points);
        let mut sorted = wanted.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 3, 4]);
        points = wanted.iter().map(|&at| points[at as usize]).chain([at(0.1, 0.0), at(f64::INFINITY, 0.0)]).collect();
        let all = order.wanted(&[true; 6], &points);
        let mut expected: Vec<u64> = (0..6).map(|vertex| key(&order.curve, vertex, &points)).collect();
        expected.sort_unstable();
        assert_eq!(all, expected.into_iter().map(|key| key as u32).collect::<Vec<u32>>());
        let first = wanted.iter().position(|&at| at == 0).map(|vertex| vertex as u32);
        assert_eq!(all.iter().position(|&v| v == 4), all.iter().position(|&v| Some(v) == first).map(|at| at + 1));
        assert_eq!(order.wanted(&[false, false, true, false, false, false], &points), [2]);
    }
}
