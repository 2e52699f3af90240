//! A grid of numbers that grow away from the streets, and the areas in which they are small enough.
//!
//! In: places and lines from which numbers grow. Out: areas as polygons with holes, valid, each level's in the next one's.
//! Between corners numbers are interpolated (marching squares).

use geo::{BoundingRect, Contains, Coord, LineString, MultiPolygon, Polygon, Rect};

/// A line keeps this share of a cell away from corners, so that no ring touches itself there.
const OFF_CORNER: f64 = 0.01;

/// No crossing follows.
const NONE: u32 = u32::MAX;

/// Numbers at the corners of a grid, row by row from the south-west.
#[derive(Clone, Debug)]
pub(super) struct Field {
    origin: Coord<f64>,
    cell_m: f64,
    columns: usize,
    rows: usize,
    /// Infinite where nothing is near.
    values: Vec<f32>,
    /// By how much numbers grow over a metre, at most.
    slope: f32,
}

impl Field {
    /// A grid around all that lies within `margin_m` of a rectangle, on which nothing is near yet. Its corners lie at whole
    /// cells of the plane: the same street gives the same line, whatever else is drawn.
    pub fn around(bounds: Rect<f64>, cell_m: f64, margin_m: f64, slope: f64) -> Self {
        // One row more on each side, which nothing reaches.
        let margin_m = margin_m + cell_m;
        let low = |value: f64| ((value - margin_m) / cell_m).floor() * cell_m;
        let count = |from: f64, to: f64| ((to + margin_m - from) / cell_m).ceil() as usize + 1;
        let origin = Coord { x: low(bounds.min().x), y: low(bounds.min().y) };
        let (columns, rows) = (count(origin.x, bounds.max().x), count(origin.y, bounds.max().y));
        Self { origin, cell_m, columns, rows, values: vec![f32::INFINITY; columns * rows], slope: slope as f32 }
    }

    /// The corners within a reach of the box between two points, as columns and rows; inclusive.
    fn corners(&self, a: Coord<f64>, b: Coord<f64>, reach_m: f64) -> [(usize, usize); 2] {
        let range = |a: f64, b: f64, origin: f64, count: usize| {
            let first = ((a.min(b) - reach_m - origin) / self.cell_m).ceil().max(0.0);
            let last = ((a.max(b) + reach_m - origin) / self.cell_m).floor();
            (first as usize, (last as usize).min(count - 1))
        };
        [range(a.x, b.x, self.origin.x, self.columns), range(a.y, b.y, self.origin.y, self.rows)]
    }

    /// Around a point with a number, numbers grow by the slope, as far as a reach.
    pub fn grow_from(&mut self, point: Coord<f64>, value: f64, reach_m: f64) {
        let [(west, east), (south, north)] = self.corners(point, point, reach_m);
        let (cell, slope, value) = (self.cell_m as f32, self.slope, value as f32);
        let (x, y) = ((point.x - self.origin.x) as f32, (point.y - self.origin.y) as f32);
        let reach_2 = (reach_m * reach_m) as f32;
        for row in south..=north {
            let away_y = row as f32 * cell - y;
            let own = &mut self.values[row * self.columns..][west..east + 1];
            for (at, known) in own.iter_mut().enumerate() {
                let away_x = (west + at) as f32 * cell - x;
                let away_2 = away_x * away_x + away_y * away_y;
                let grown = value + away_2.sqrt() * slope;
                *known = if away_2 <= reach_2 { known.min(grown) } else { *known };
            }
        }
    }

    /// Around a straight piece of a line numbers are the distances to it times the slope, as far as a reach.
    pub fn grow_along(&mut self, from: Coord<f64>, to: Coord<f64>, reach_m: f64) {
        let [(west, east), (south, north)] = self.corners(from, to, reach_m);
        let (cell, slope) = (self.cell_m as f32, self.slope);
        let (x, y) = ((from.x - self.origin.x) as f32, (from.y - self.origin.y) as f32);
        let (along_x, along_y) = ((to.x - from.x) as f32, (to.y - from.y) as f32);
        let length_2 = along_x * along_x + along_y * along_y;
        let per_length = if length_2 > 0.0 { 1.0 / length_2 } else { 0.0 };
        let reach_2 = (reach_m * reach_m) as f32;
        for row in south..=north {
            let off_y = row as f32 * cell - y;
            let own = &mut self.values[row * self.columns..][west..east + 1];
            for (at, known) in own.iter_mut().enumerate() {
                let off_x = (west + at) as f32 * cell - x;
                let share = ((off_x * along_x + off_y * along_y) * per_length).clamp(0.0, 1.0);
                let (away_x, away_y) = (off_x - share * along_x, off_y - share * along_y);
                let away_2 = away_x * away_x + away_y * away_y;
                *known = if away_2 <= reach_2 { known.min(away_2.sqrt() * slope) } else { *known };
            }
        }
    }

    /// The area in which numbers are at most a level.
    pub fn area_within(&self, level: f64) -> MultiPolygon<f64> {
        let level = level as f32;
        // The crossing after each, along the line with the area on its left. Crossings are numbered by the corner west or
        // south of them: those on the way east first, then those on the way north.
        let count = self.values.len();
        let mut next = vec![NONE; 2 * count];
        for row in 0..self.rows - 1 {
            let [south, north] = [row, row + 1].map(|row| &self.values[row * self.columns..][..self.columns]);
            let cells = south.windows(2).zip(north.windows(2)).enumerate();
            for (column, (south, north)) in cells {
                let corners = [south[0], south[1], north[1], north[0]];
                let inside = corners.map(|value| value <= level);
                if inside != [true; 4] && inside != [false; 4] {
                    let corner = row * self.columns + column;
                    let edges = [corner, count + corner + 1, corner + self.columns, count + corner];
                    join_edges(corners, inside, level, |from, to| next[edges[from]] = edges[to] as u32);
                }
            }
        }
        let mut rings = Vec::new();
        for first in 0..next.len() {
            if next[first] == NONE {
                continue;
            }
            let (mut ring, mut at) = (Vec::new(), first);
            // Every line that enters a cell leaves it, and so comes back to where it began.
            while next[at] != NONE {
                ring.push(self.crossing(at, level));
                at = std::mem::replace(&mut next[at], NONE) as usize;
            }
            ring.push(ring[0]);
            rings.push(LineString(ring));
        }
        polygons_of(rings)
    }

    /// Where a crossing is.
    fn crossing(&self, number: usize, level: f32) -> Coord<f64> {
        let count = self.values.len();
        let (corner, (east, north)) = if number < count { (number, (1, 0)) } else { (number - count, (0, 1)) };
        let (a, b) = (self.values[corner], self.values[corner + east + north * self.columns]);
        let share = |inside: f32, outside: f32| {
            let steepest = self.cell_m as f32 * self.slope;
            let rise = (outside - inside).min(steepest);
            f64::from((level - inside) / rise).clamp(OFF_CORNER, 1.0 - OFF_CORNER)
        };
        let share = if a <= b { share(a, b) } else { 1.0 - share(b, a) };
        Coord {
            x: self.origin.x + ((corner % self.columns) as f64 + share * east as f64) * self.cell_m,
            y: self.origin.y + ((corner / self.columns) as f64 + share * north as f64) * self.cell_m,
        }
    }
}

/// The lines through a cell, from edge to edge; corners and edges are counted against the clock from the south-west corner
/// and the southern edge on.
fn join_edges(corners: [f32; 4], inside: [bool; 4], level: f32, mut join: impl FnMut(usize, usize)) {
    let after = |edge: usize| inside[(edge + 1) % 4];
    let is_saddle = inside[0] == inside[2] && inside[1] == inside[3];
    // With two opposite corners, the area is one band or two ends, as the middle says.
    let is_band = is_saddle && corners.iter().sum::<f32>() / 4.0 <= level;
    for leave in 0..4 {
        // Around the cell against the clock one comes here from the area to what is not. With the area on its left the
        // line runs across the cell to where one comes back: to the next such edge around it, or, where it cuts off one
        // end of two, to the one before.
        if inside[leave] && !after(leave) {
            let comes_back = |steps: usize| {
                let edge = (leave + steps) % 4;
                (!inside[edge] && after(edge)).then_some(edge)
            };
            let enter = if is_saddle && !is_band { comes_back(3) } else { (1..4).find_map(comes_back) };
            join(leave, enter.expect("what is left is entered again"));
        }
    }
}

/// Rings against the clock are outlines, others holes, each of the smallest outline around it.
fn polygons_of(rings: Vec<LineString<f64>>) -> MultiPolygon<f64> {
    let area_2 = |ring: &LineString<f64>| {
        let origin = ring.0[0];
        let cross = |a: Coord<f64>, b: Coord<f64>| a.x * b.y - a.y * b.x;
        ring.0.windows(2).map(|pair| cross(pair[0] - origin, pair[1] - origin)).sum::<f64>()
    };
    let (mut outlines, mut holes) = (Vec::new(), Vec::new());
    for ring in rings {
        let area_2 = area_2(&ring);
        if area_2 > 0.0 {
            let bounds = ring.bounding_rect();
            outlines.push((area_2, bounds, Polygon::new(ring, Vec::new())));
        } else {
            holes.push(ring);
        }
    }
    outlines.sort_by(|a, b| a.0.total_cmp(&b.0));
    for hole in holes {
        let point = hole.0[0];
        let near = |at: &usize| outlines[*at].1.is_some_and(|bounds: Rect<f64>| bounds.contains(&point));
        let mut candidates = (0..outlines.len()).filter(near).peekable();
        // Looking closer costs as much as an outline is long: only where there is a choice.
        let around = loop {
            let Some(at) = candidates.next() else { break None };
            if candidates.peek().is_none() || outlines[at].2.contains(&point) {
                break Some(at);
            }
        };
        if let Some(at) = around {
            outlines[at].2.interiors_push(hole);
        }
    }
    outlines.into_iter().map(|(.., outline)| outline).collect()
}

#[cfg(test)]
mod tests {
    use geo::{Area, Validation};
    use proptest::prelude::*;

    use super::*;
    use crate::base::geometry::bounds_of;

    fn around(points: &[(f64, f64)], cell_m: f64, margin_m: f64, slope: f64) -> Field {
        let bounds = bounds_of(points.iter().map(|&(x, y)| Coord { x, y })).expect("points");
        Field::around(bounds, cell_m, margin_m, slope)
    }

    /// A street of 200 m with 25 m around it: 200 · 50 m² and a circle of 25 m, 11 963.5 m².
    #[test]
    fn around_a_street_lies_a_rectangle_with_round_ends() {
        let (from, to) = (Coord { x: 3.0, y: 7.0 }, Coord { x: 163.0, y: 127.0 });
        let mut field = around(&[(3.0, 7.0), (163.0, 127.0)], 5.0, 25.0, 1.0);
        field.grow_along(from, to, 30.0);
        let area = field.area_within(25.0);
        let expected = 200.0 * 50.0 + std::f64::consts::PI * 625.0;
        assert!((area.unsigned_area() / expected - 1.0).abs() < 2e-3, "{}", area.unsigned_area());
        assert!(area.0.len() == 1 && area.is_valid());
    }

    /// At a second per metre from two places, one of them 10 s later: within 40 s circles of 40 m and 30 m, apart; with a
    /// ring of places around it, a hole.
    #[test]
    fn places_spread_in_circles_and_rings_have_holes() {
        let mut field = around(&[(0.0, 0.0), (100.0, 0.0)], 5.0, 100.0, 1.0);
        field.grow_from(Coord { x: 0.0, y: 0.0 }, 0.0, 100.0);
        field.grow_from(Coord { x: 100.0, y: 0.0 }, 10.0, 100.0);
        let area = field.area_within(40.0);
        let expected = std::f64::consts::PI * (1600.0 + 900.0);
        assert_eq!(area.0.len(), 2);
        assert!((area.unsigned_area() / expected - 1.0).abs() < 5e-3, "{}", area.unsigned_area());
        let mut ring = around(&[(-100.0, -100.0), (100.0, 100.0)], 5.0, 100.0, 1.0);
        for degrees in 0..120 {
            let (y, x) = (f64::from(degrees) * 3.0).to_radians().sin_cos();
            ring.grow_from(Coord { x: 100.0 * x, y: 100.0 * y }, 0.0, 100.0);
        }
        let area = ring.area_within(30.0);
        assert_eq!((area.0.len(), area.0[0].interiors().len()), (1, 1));
        let expected = std::f64::consts::PI * (130.0 * 130.0 - 70.0 * 70.0);
        assert!((area.unsigned_area() / expected - 1.0).abs() < 5e-3, "{}", area.unsigned_area());
    }

    /// A cell of which two opposite corners are in the area is one band where its middle is in it, else two ends.
    #[test]
    fn a_saddle_is_decided_by_its_middle() {
        for (other, parts) in [(1.5, 1), (4.0, 2)] {
            let mut field = around(&[(0.0, 0.0), (1.0, 1.0)], 1.0, 0.0, 1.0);
            field.values.fill(9.0);
            let at = |column: usize, row: usize| row * field.columns + column;
            let corners = [at(1, 1), at(2, 2), at(2, 1), at(1, 2)];
            for (corner, value) in corners.into_iter().zip([0.0, 0.0, other, other]) {
                field.values[corner] = value;
            }
            let area = field.area_within(1.0);
            assert_eq!(area.0.len(), parts, "{area:?}");
            assert!(area.is_valid());
        }
    }

    #[test]
    fn nothing_near_is_no_area() {
        let field = around(&[(0.0, 0.0)], 5.0, 25.0, 1.0);
        assert!(field.area_within(25.0).0.is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn areas_are_valid_and_each_lies_in_the_next(
            places in proptest::collection::vec((0.0..300.0, 0.0..300.0, 0.0..60.0), 1..40),
        ) {
            let points: Vec<(f64, f64)> = places.iter().map(|&(x, y, _): &(f64, f64, f64)| (x, y)).collect();
            let mut field = around(&points, 25.0, 100.0, 1.0);
            for &(x, y, value) in &places {
                field.grow_from(Coord { x, y }, value, 100.0);
            }
            let areas = [20.0, 40.0, 90.0].map(|level| field.area_within(level));
            for area in &areas {
                prop_assert!(area.is_valid(), "{:?}", area.check_validation());
            }
            for pair in areas.windows(2) {
                let both = crate::base::overlay::intersection(&pair[0], &pair[1]).map(|both| both.unsigned_area());
                let area = pair[0].unsigned_area();
                prop_assert!(both.is_some_and(|both| (both - area).abs() <= 1e-6 * area + 1e-3), "{both:?} of {area}");
            }
        }
    }
}
