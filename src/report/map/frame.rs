//! From degrees to the paper of a map: projection, clipping, and compact path texts in tenths of a unit.

use std::fmt::Write;

use geo::{Coord, LineString, MultiPolygon, Simplify};

use crate::base::projection::{LonLat, Plane};

/// Detail below this, in units of the paper, is left out.
const TOLERANCE: f64 = 0.4;
/// Points of a line that are simplified at a time.
const SIMPLIFIED_AT_ONCE: usize = 1000;
/// Drawn beyond the edge, so that the ends of strokes stay out of sight.
const MARGIN: f64 = 20.0;

/// A rectangle of the world on paper, north up.
#[derive(Debug)]
pub(crate) struct Frame {
    plane: Plane,
    west: f64,
    north: f64,
    per_metre: f64,
    /// Width of the paper.
    pub(crate) width: f64,
    /// Height of the paper.
    pub(crate) height: f64,
}

/// A rectangle on the metric plane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    pub(crate) west: f64,
    pub(crate) south: f64,
    pub(crate) east: f64,
    pub(crate) north: f64,
}

impl Extent {
    /// The extent between two shares of the coordinates, so that a stray place far away does not shrink the map;
    /// `None` without finite points.
    pub(crate) fn of_most(points: &[Coord<f64>], left_out: f64) -> Option<Self> {
        let bounds = |mut values: Vec<f64>| {
            values.retain(|v| v.is_finite());
            values.sort_by(f64::total_cmp);
            let last = values.len().checked_sub(1)?;
            let skip = (last as f64 * left_out.clamp(0.0, 0.49)) as usize;
            Some((*values.get(skip)?, *values.get(last - skip)?))
        };
        let (west, east) = bounds(points.iter().map(|p| p.x).collect())?;
        let (south, north) = bounds(points.iter().map(|p| p.y).collect())?;
        Some(Self { west, south, east, north })
    }

    /// Wider by a share of its size on each side, and at least so many metres wide and high.
    pub(crate) fn grown(self, share: f64, least_m: f64) -> Self {
        let grow = |low: f64, high: f64| {
            let (middle, half) = ((low + high) / 2.0, ((high - low) * (0.5 + share)).max(least_m / 2.0));
            (middle - half, middle + half)
        };
        let (west, east) = grow(self.west, self.east);
        let (south, north) = grow(self.south, self.north);
        Self { west, south, east, north }
    }
}

impl Frame {
    /// A frame that shows an extent on a paper of this width, its height between the two bounds.
    pub(crate) fn of(centre: LonLat, extent: Extent, width: f64, heights: (f64, f64)) -> Self {
        let (wide, high) = ((extent.east - extent.west).max(1.0), (extent.north - extent.south).max(1.0));
        let height = (width * high / wide).clamp(heights.0, heights.1);
        let per_metre = (width / wide).min(height / high);
        let west = (extent.west + extent.east) / 2.0 - width / per_metre / 2.0;
        let north = (extent.south + extent.north) / 2.0 + height / per_metre / 2.0;
        Self { plane: Plane::centred_on(centre), west, north, per_metre, width, height }
    }

    /// Units of paper per metre.
    pub(crate) fn per_metre(&self) -> f64 {
        self.per_metre
    }

    /// Where a position lies on the paper; infinite for one the plane cannot hold.
    pub(crate) fn place(&self, position: LonLat) -> Coord<f64> {
        let point = self.plane.project(position);
        Coord { x: (point.x - self.west) * self.per_metre, y: (self.north - point.y) * self.per_metre }
    }

    /// Where a position lies, if it is on the paper.
    pub(crate) fn place_inside(&self, position: LonLat) -> Option<Coord<f64>> {
        let point = self.place(position);
        ((0.0..=self.width).contains(&point.x) && (0.0..=self.height).contains(&point.y)).then_some(point)
    }

    /// The parts of a line near the paper, simplified.
    pub(crate) fn line(&self, line: &[LonLat]) -> Vec<Vec<Coord<f64>>> {
        let points: Vec<Coord<f64>> = line.iter().map(|&p| self.place(p)).collect();
        let mut parts: Vec<Vec<Coord<f64>>> = Vec::new();
        let mut open = false;
        for pair in points.windows(2) {
            if !self.near(pair[0], pair[1]) {
                open = false;
                continue;
            }
            if !open {
                parts.push(vec![pair[0]]);
                open = true;
            }
            if let Some(part) = parts.last_mut() {
                part.push(pair[1]);
            }
        }
        parts.into_iter().map(simplified).collect()
    }

    /// Whether a straight piece may touch the paper.
    fn near(&self, a: Coord<f64>, b: Coord<f64>) -> bool {
        let finite = a.x.is_finite() && a.y.is_finite() && b.x.is_finite() && b.y.is_finite();
        finite
            && a.x.max(b.x) >= -MARGIN
            && a.x.min(b.x) <= self.width + MARGIN
            && a.y.max(b.y) >= -MARGIN
            && a.y.min(b.y) <= self.height + MARGIN
    }

    /// The rings of an area, cut to the paper and simplified; outer rings and holes alike, for the even-odd rule.
    pub(crate) fn rings(&self, area: &MultiPolygon<f64>) -> Vec<Vec<Coord<f64>>> {
        let mut rings = Vec::new();
        for polygon in area {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                let points: Vec<Coord<f64>> =
                    ring.coords().map(|c| self.place(LonLat { lon: c.x, lat: c.y })).collect();
                if points.iter().any(|p| !p.x.is_finite() || !p.y.is_finite()) {
                    continue;
                }
                let cut = self.cut_ring(points);
                let simple = simplified(cut);
                if simple.len() >= 3 {
                    rings.push(simple);
                }
            }
        }
        rings
    }

    /// A ring cut to the paper with its margin (Sutherland and Hodgman 1974).
    fn cut_ring(&self, mut ring: Vec<Coord<f64>>) -> Vec<Coord<f64>> {
        let (right, bottom) = (self.width + MARGIN, self.height + MARGIN);
        type Side = (bool, f64, bool);
        let sides: [Side; 4] =
            [(true, -MARGIN, true), (true, right, false), (false, -MARGIN, true), (false, bottom, false)];
        for (along_x, bound, keep_above) in sides {
            let value = |p: Coord<f64>| if along_x { p.x } else { p.y };
            let inside = |p: Coord<f64>| if keep_above { value(p) >= bound } else { value(p) <= bound };
            let mut cut = Vec::with_capacity(ring.len());
            for place in 0..ring.len() {
                let (from, to) = (ring[(place + ring.len() - 1) % ring.len()], ring[place]);
                if inside(from) != inside(to) {
                    let share = (bound - value(from)) / (value(to) - value(from));
                    cut.push(from + (to - from) * share);
                }
                if inside(to) {
                    cut.push(to);
                }
            }
            ring = cut;
        }
        ring
    }
}

/// A line without detail that would not show (Douglas and Peucker 1973), piece by piece: the algorithm calls itself once
/// for each point that stays, and compares each with all in between.
fn simplified(points: Vec<Coord<f64>>) -> Vec<Coord<f64>> {
    if points.len() <= SIMPLIFIED_AT_ONCE {
        return LineString::new(points).simplify(TOLERANCE).0;
    }
    let mut kept: Vec<Coord<f64>> = Vec::new();
    let mut from = 0;
    while from + 1 < points.len() {
        let to = (from + SIMPLIFIED_AT_ONCE).min(points.len());
        let piece = LineString::new(points[from..to].to_vec()).simplify(TOLERANCE).0;
        kept.extend(piece.into_iter().skip(usize::from(from > 0)));
        from = to - 1; // the next piece begins where this one ends
    }
    kept
}

/// The `d` of a path: absolute start, relative steps, one decimal.
#[derive(Debug, Default)]
pub(crate) struct PathText {
    text: String,
}

impl PathText {
    /// Adds an open line.
    pub(crate) fn add_line(&mut self, points: &[Coord<f64>]) {
        let Some((&first, rest)) = points.split_first() else { return };
        let tenths = |p: Coord<f64>| ((p.x * 10.0).round() as i64, (p.y * 10.0).round() as i64);
        let mut at = tenths(first);
        self.text.push('M');
        push_pair(&mut self.text, at);
        let mut first_step = true;
        for &point in rest {
            let next = tenths(point);
            let step = (next.0 - at.0, next.1 - at.1);
            if step == (0, 0) {
                continue;
            }
            if first_step {
                self.text.push('l');
                first_step = false;
            } else if step.0 >= 0 {
                self.text.push(' ');
            }
            push_pair(&mut self.text, step);
            at = next;
        }
        if first_step {
            // A dot: round line ends show it.
            self.text.push_str("h0");
        }
    }

    /// Adds a closed ring.
    pub(crate) fn add_ring(&mut self, points: &[Coord<f64>]) {
        self.add_line(points);
        if !points.is_empty() {
            self.text.push('z');
        }
    }

    /// The text of the path, empty where nothing was added.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

fn push_pair(text: &mut String, pair: (i64, i64)) {
    push_tenths(text, pair.0);
    if pair.1 >= 0 {
        text.push(' ');
    }
    push_tenths(text, pair.1);
}

fn push_tenths(text: &mut String, tenths: i64) {
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, rest) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    let written = match (whole, rest) {
        (whole, 0) => write!(text, "{sign}{whole}"),
        (0, rest) => write!(text, "{sign}.{rest}"),
        (whole, rest) => write!(text, "{sign}{whole}.{rest}"),
    };
    written.expect("a text takes all that is written to it");
}

/// A coordinate as an attribute.
pub(crate) fn attribute(value: f64) -> String {
    let mut text = String::new();
    push_tenths(&mut text, (value * 10.0).round() as i64);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        // 1000 m on 1000 units, centred on the plane's origin.
        let extent = Extent { west: -500.0, south: -500.0, east: 500.0, north: 500.0 };
        Frame::of(LonLat { lon: 5.57, lat: 50.64 }, extent, 1000.0, (500.0, 1000.0))
    }

    #[test]
    fn a_path_is_short_and_does_not_drift() {
        let mut path = PathText::default();
        path.add_line(&[Coord { x: 1.04, y: 2.0 }, Coord { x: 1.54, y: -3.0 }, Coord { x: 1.52, y: -3.01 }]);
        path.add_ring(&[Coord { x: 0.0, y: 0.0 }, Coord { x: 10.0, y: 0.0 }, Coord { x: 10.0, y: 10.0 }]);
        path.add_line(&[Coord { x: 5.0, y: 5.0 }]);
        assert_eq!(path.into_text(), "M1 2l.5-5M0 0l10 0 0 10zM5 5h0");
    }

    #[test]
    fn a_line_of_a_hundred_thousand_points_is_simplified_piece_by_piece() {
        // Straight but for the teeth of its second half, which are higher than the tolerance and all stay.
        let tooth = |i: i32| if i >= 50_000 && i % 2 == 0 { 10.0 } else { 0.0 };
        let line: Vec<Coord<f64>> = (0..100_000).map(|i| Coord { x: f64::from(i), y: tooth(i) }).collect();
        let found = simplified(line.clone());
        assert_eq!((found.first(), found.last()), (line.first(), line.last()));
        // 50 pieces of the straight half keep an end each; all 50,000 points of the other half stay.
        assert!((50_000..50_100).contains(&found.len()), "{}", found.len());
    }

    #[test]
    fn north_is_up() {
        let frame = frame();
        let centre = frame.place(LonLat { lon: 5.57, lat: 50.64 });
        assert!((centre.x - 500.0).abs() < 1e-6 && (centre.y - 500.0).abs() < 1e-6, "{centre:?}");
        let north = frame.place(LonLat { lon: 5.57, lat: 50.641 });
        // A thousandth of a degree of latitude is 111.2 m at 50.64 degrees north.
        assert!((500.0 - north.y - 111.2).abs() < 0.2, "{north:?}");
    }

    #[test]
    fn a_ring_larger_than_the_paper_is_cut_to_it() {
        let corner = |x: f64, y: f64| Coord { x, y };
        let ring = vec![corner(-9e3, -9e3), corner(9e3, -9e3), corner(9e3, 9e3), corner(-9e3, 9e3)];
        let cut = frame().cut_ring(ring);
        let area: f64 =
            (0..cut.len()).map(|i| (cut[i], cut[(i + 1) % cut.len()])).map(|(a, b)| a.x * b.y - b.x * a.y).sum();
        assert!((area.abs() / 2.0 - 1040.0 * 1040.0).abs() < 1e-3, "{cut:?}");
        assert!(frame().cut_ring(vec![corner(-9e3, 0.0), corner(-8e3, 0.0), corner(-8e3, 9.0)]).is_empty());
    }

    #[test]
    fn a_line_far_away_is_not_drawn() {
        let far = [LonLat { lon: 6.57, lat: 50.64 }, LonLat { lon: 6.58, lat: 50.64 }];
        assert!(frame().line(&far).is_empty());
        assert!(Extent::of_most(&[Coord { x: f64::NAN, y: 1.0 }], 0.0).is_none());
    }
}
