//! Areas joined and cut, as `geo` does it; its panics on degenerate rings become `None`.
//!
//! Corners are laid on a grid of whole numbers there. Rings whose corners lie closer together than that grid, or
//! farther apart than it reaches, may come out inconsistent.

use geo::{BooleanOps, MultiPolygon};

use super::silence::caught;

/// What lies in one of two areas at least; `None` where it cannot be found.
pub fn union(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    caught(|| a.union(b))
}

/// What lies in both of two areas; `None` where it cannot be found.
pub fn intersection(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    caught(|| a.intersection(b))
}

#[cfg(test)]
mod tests {
    use geo::{Area, LineString, Polygon};

    use super::*;

    fn square(low: f64, side: f64) -> MultiPolygon<f64> {
        let high = low + side;
        let ring = LineString::from(vec![(low, low), (high, low), (high, high), (low, high), (low, low)]);
        MultiPolygon(vec![Polygon::new(ring, Vec::new())])
    }

    #[test]
    fn areas_are_joined_and_cut() {
        let (a, b) = (square(0.0, 2.0), square(1.0, 2.0));
        assert!((union(&a, &b).expect("found").unsigned_area() - 7.0).abs() < 1e-6);
        assert!((intersection(&a, &b).expect("found").unsigned_area() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_panic_becomes_none() {
        assert_eq!(caught::<MultiPolygon<f64>>(|| panic!("a hole without a shape")), None);
    }
}
