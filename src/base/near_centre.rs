//! A smooth projection near its centre, as polynomials: what takes a dozen transcendental functions per position takes
//! a hundred multiplications.
//!
//! In: a centre and the projection. Out: the same metres to a thousandth of a millimetre within [`HALF_LAT`] and
//! [`HALF_LON`] of the centre. Coefficients come from the projection at Chebyshev nodes; where they do not give it back
//! between the nodes there are no polynomials.

use std::f64::consts::PI;

use geo::Coord;

use super::projection::LonLat;

/// Nodes in each direction.
const NODES: usize = 8;
/// Degrees from the centre to the north and south.
const HALF_LAT: f64 = 0.6;
/// Degrees from the centre to the east and west.
const HALF_LON: f64 = 0.9;
/// Metres that the polynomials may differ.
const TOLERANCE_M: f64 = 1e-6;

/// Coefficients of Chebyshev polynomials, by the degree in longitude and in latitude.
type Coefficients = [[f64; NODES]; NODES];

/// The polynomials of a projection near its centre.
#[derive(Debug)]
pub(super) struct NearCentre {
    centre: LonLat,
    x: Coefficients,
    y: Coefficients,
}

impl NearCentre {
    /// The polynomials of a projection; `None` where they do not serve, such as at a pole.
    pub fn of(centre: LonLat, project: impl Fn(LonLat) -> Coord<f64>) -> Option<Self> {
        let node = |at: usize| (PI * (at as f64 + 0.5) / NODES as f64).cos();
        let position = |u: f64, v: f64| LonLat { lon: centre.lon + u * HALF_LON, lat: centre.lat + v * HALF_LAT };
        let mut near = Self { centre, x: [[0.0; NODES]; NODES], y: [[0.0; NODES]; NODES] };
        for (a, b) in pairs() {
            let found = project(position(node(a), node(b)));
            if !(found.x.is_finite() && found.y.is_finite()) {
                return None;
            }
            let (of_lon, of_lat) = (chebyshev(node(a)), chebyshev(node(b)));
            for (i, j) in pairs() {
                let halves = f64::from(1 + u8::from(i > 0)) * f64::from(1 + u8::from(j > 0));
                let weight = halves / (NODES * NODES) as f64 * of_lon[i] * of_lat[j];
                near.x[i][j] += weight * found.x;
                near.y[i][j] += weight * found.y;
            }
        }
        let is_true = |(a, b): (usize, usize)| {
            let between = |at: usize| 0.99 * (1.0 - 2.0 * at as f64 / (NODES - 1) as f64);
            let at = position(between(a), between(b));
            let (found, expected) = (near.project(at), project(at));
            found.is_some_and(|found| (found.x - expected.x).abs().max((found.y - expected.y).abs()) < TOLERANCE_M)
        };
        pairs().all(is_true).then_some(near)
    }

    /// Degrees to metres; `None` too far from the centre.
    pub fn project(&self, position: LonLat) -> Option<Coord<f64>> {
        let u = (position.lon - self.centre.lon) / HALF_LON;
        let v = (position.lat - self.centre.lat) / HALF_LAT;
        if !(u.abs() <= 1.0 && v.abs() <= 1.0) {
            return None;
        }
        let (of_lon, of_lat) = (chebyshev(u), chebyshev(v));
        let sum = |coefficients: &Coefficients| -> f64 {
            let mut sums = [0.0; NODES];
            for (row, &share) in coefficients.iter().zip(&of_lon) {
                for (sum, &coefficient) in sums.iter_mut().zip(row) {
                    *sum += coefficient * share;
                }
            }
            sums.iter().zip(&of_lat).map(|(sum, share)| sum * share).sum()
        };
        Some(Coord { x: sum(&self.x), y: sum(&self.y) })
    }
}

fn pairs() -> impl Iterator<Item = (usize, usize)> {
    (0..NODES * NODES).map(|at| (at / NODES, at % NODES))
}

/// The Chebyshev polynomials at a place between -1 and 1.
fn chebyshev(at: f64) -> [f64; NODES] {
    let mut values = [1.0, at, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    for degree in 2..NODES {
        values[degree] = 2.0 * at * values[degree - 1] - values[degree - 2];
    }
    values
}
