//! Geometry on the metric plane that more than one layer needs: positions along a line.

use geo::{Coord, Rect};

/// The straight distance between two points, in metres.
pub fn distance_m(a: Coord<f64>, b: Coord<f64>) -> f64 {
    let (x, y) = (a.x - b.x, a.y - b.y);
    // Metres on a plane are far from where squares overflow or vanish: no need of the slower `hypot`.
    (x * x + y * y).sqrt()
}

/// The length of a line, in metres; 0 with fewer than two points.
pub fn length_m(line: &[Coord<f64>]) -> f64 {
    line.windows(2).map(|pair| distance_m(pair[0], pair[1])).sum()
}

/// The place on a line that lies nearest to a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearestOnLine {
    /// The place itself.
    pub point: Coord<f64>,
    /// Metres from the start of the line.
    pub along_m: f64,
    /// Metres between the point asked about and the line.
    pub away_m: f64,
}

/// The place on a segment nearest to `point`: the place and its share of the segment, 0 to 1.
pub fn nearest_on_segment(from: Coord<f64>, to: Coord<f64>, point: Coord<f64>) -> (Coord<f64>, f64) {
    let direction = to - from;
    let squared = direction.x * direction.x + direction.y * direction.y;
    let share = if squared > 0.0 {
        (((point.x - from.x) * direction.x + (point.y - from.y) * direction.y) / squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (Coord { x: from.x + share * direction.x, y: from.y + share * direction.y }, share)
}

/// The place on a line nearest to `point`; the first of equally near places. `None` for a line without points.
pub fn nearest_on_line(line: &[Coord<f64>], point: Coord<f64>) -> Option<NearestOnLine> {
    let first = *line.first()?;
    let mut best = NearestOnLine { point: first, along_m: 0.0, away_m: distance_m(first, point) };
    let mut start_m = 0.0;
    for pair in line.windows(2) {
        let length = distance_m(pair[0], pair[1]);
        let (place, share) = nearest_on_segment(pair[0], pair[1], point);
        let away_m = distance_m(place, point);
        if away_m < best.away_m {
            best = NearestOnLine { point: place, along_m: start_m + share * length, away_m };
        }
        start_m += length;
    }
    Some(best)
}

/// The point `along_m` metres from the start of a line, clamped to its ends. `None` for a line without points.
pub fn point_along(line: &[Coord<f64>], along_m: f64) -> Option<Coord<f64>> {
    let mut left_m = along_m.max(0.0);
    for pair in line.windows(2) {
        let length = distance_m(pair[0], pair[1]);
        if left_m <= length {
            let share = if length > 0.0 { left_m / length } else { 0.0 };
            return Some(Coord {
                x: pair[0].x + share * (pair[1].x - pair[0].x),
                y: pair[0].y + share * (pair[1].y - pair[0].y),
            });
        }
        left_m -= length;
    }
    line.last().copied()
}

/// The part of a line between two distances from its start, with its end points; empty where `from_m >= to_m`.
pub fn part_of_line(line: &[Coord<f64>], from_m: f64, to_m: f64) -> Vec<Coord<f64>> {
    let mut part = Vec::new();
    if from_m >= to_m {
        return part;
    }
    part.extend(point_along(line, from_m));
    let mut at_m = 0.0;
    for pair in line.windows(2) {
        at_m += distance_m(pair[0], pair[1]);
        if at_m > from_m && at_m < to_m {
            part.push(pair[1]);
        }
    }
    part.extend(point_along(line, to_m));
    part
}

/// The rectangle around points; `None` without any.
pub fn bounds_of(points: impl Iterator<Item = Coord<f64>>) -> Option<Rect<f64>> {
    points.fold(None, |bounds: Option<Rect<f64>>, point| {
        let (low, high) = bounds.map_or((point, point), |bounds| (bounds.min(), bounds.max()));
        let low = Coord { x: low.x.min(point.x), y: low.y.min(point.y) };
        Some(Rect::new(low, Coord { x: high.x.max(point.x), y: high.y.max(point.y) }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corner() -> Vec<Coord<f64>> {
        vec![Coord { x: 0.0, y: 0.0 }, Coord { x: 100.0, y: 0.0 }, Coord { x: 100.0, y: 50.0 }]
    }

    #[test]
    fn nearest_place_knows_its_distance_from_the_start() {
        let nearest = nearest_on_line(&corner(), Coord { x: 110.0, y: 20.0 }).expect("a line");
        assert_eq!(nearest.along_m, 120.0);
        assert_eq!(nearest.away_m, 10.0);
        assert_eq!(nearest_on_line(&[], Coord { x: 0.0, y: 0.0 }), None);
    }

    #[test]
    fn a_part_keeps_the_corners_between_its_ends() {
        let part = part_of_line(&corner(), 60.0, 110.0);
        assert_eq!(length_m(&part), 50.0);
        assert_eq!(part.len(), 3);
        assert!(part_of_line(&corner(), 10.0, 10.0).is_empty());
        assert_eq!(point_along(&corner(), 1e9), Some(Coord { x: 100.0, y: 50.0 }));
    }
}
