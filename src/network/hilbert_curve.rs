//! The order of things along a Hilbert curve: what is near on the ground is near in a column.

use geo::{Coord, Rect};

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
