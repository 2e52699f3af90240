//! The order of things along a Hilbert curve: what is near on the ground is near in a column.

use geo::{Coord, Rect};
use rayon::prelude::*;

/// The rectangle around points; `None` without any.
pub(super) fn bounds_of(points: impl Iterator<Item = Coord<f64>>) -> Option<Rect<f64>> {
    points.fold(None, |bounds: Option<Rect<f64>>, point| {
        let (low, high) = bounds.map_or((point, point), |bounds| (bounds.min(), bounds.max()));
        let low = Coord { x: low.x.min(point.x), y: low.y.min(point.y) };
        Some(Rect::new(low, Coord { x: high.x.max(point.x), y: high.y.max(point.y) }))
    })
}

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

/// Vertices along a Hilbert curve.
pub(super) struct CurveOrder {
    curve: HilbertCurve,
    /// How far along the curve each vertex lies, in the upper half, and its number.
    keys: Vec<u64>,
    /// Whether a vertex is among them.
    is_known: Vec<bool>,
}

impl CurveOrder {
    /// The order of those points that are known to be asked for often; points off the plane count for nothing in where
    /// the curve lies.
    pub fn of(is_known: Vec<bool>, points: &[Coord<f64>]) -> Self {
        let vertices: Vec<u32> = (0..points.len() as u32).filter(|&vertex| is_known[vertex as usize]).collect();
        let places = vertices.iter().map(|&vertex| points[vertex as usize]);
        let curve = HilbertCurve::over(bounds_of(places.filter(|at| at.x.is_finite() && at.y.is_finite())));
        let mut keys: Vec<u64> = vertices.par_iter().map(|&vertex| key(&curve, vertex, points)).collect();
        keys.par_sort_unstable();
        Self { curve, keys, is_known }
    }

    /// The points that are wanted, in order; there may be more of them by now.
    pub fn wanted(&self, is_wanted: &[bool], points: &[Coord<f64>]) -> Vec<u32> {
        let is_other = |&vertex: &usize| is_wanted[vertex] && !self.is_known.get(vertex).is_some_and(|known| *known);
        let others = (0..points.len()).filter(is_other);
        let mut others: Vec<u64> = others.map(|vertex| key(&self.curve, vertex as u32, points)).collect();
        others.sort_unstable();
        let mut others = others.into_iter().peekable();
        let mut order = Vec::with_capacity(self.keys.len());
        for &key in self.keys.iter().filter(|&&key| is_wanted[key as u32 as usize]) {
            while let Some(other) = others.next_if(|&other| other < key) {
                order.push(other as u32);
            }
            order.push(key as u32);
        }
        order.extend(others.map(|other| other as u32));
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
    fn later_vertices_come_where_they_lie() {
        let at = |x: f64, y: f64| Coord { x, y };
        let points = [at(0.0, 0.0), at(10.0, 0.0), at(10.0, 10.0), at(0.0, 10.0), at(0.1, 0.0), at(f64::INFINITY, 0.0)];
        let order = CurveOrder::of(vec![true, true, false, true], &points[..4]);
        let all = order.wanted(&[true; 6], &points);
        let mut expected: Vec<u64> = (0..6).map(|vertex| key(&order.curve, vertex, &points)).collect();
        expected.sort_unstable();
        assert_eq!(all, expected.into_iter().map(|key| key as u32).collect::<Vec<u32>>());
        assert_eq!(all.iter().position(|&vertex| vertex == 4), all.iter().position(|&v| v == 0).map(|at| at + 1));
        assert_eq!(order.wanted(&[false, false, true, false, false, false], &points), [2]);
    }
}
