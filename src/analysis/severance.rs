//! Severance: what a railway, river or motorway adds to the walk from one side to the other (methods §2).
//!
//! Along each line, every 25 m, a pair of points 30 m to its left and right is linked to the streets. The walk between
//! them is compared with the straight line; the loss is `walk - straight / speed`. A stretch severs where the loss
//! exceeds two minutes. Where either side has no street within the link limit there is no frontage and no claim.

use geo::Coord;
use rayon::prelude::*;

use crate::base::geometry::{distance_m, length_m, point_along};
use crate::base::units::{Speed, TravelTime};
use crate::network::index::StreetIndex;
use crate::network::linkage::{LinkTo, LinkedPoint, link_points};
use crate::network::streets::{Profile, StreetGraph};
use crate::reach::walk::walk_from_each;

/// Distance between samples along a line, metres (methods §2).
pub const SAMPLE_SPACING_M: f64 = 25.0;
/// Distance of each side's point from the line, metres (methods §2).
pub const OFFSET_M: f64 = 30.0;
/// A side without a street this near to its point has no frontage, metres (default).
pub const FRONTAGE_LIMIT_M: f64 = 60.0;
/// A walk across is searched up to this time; beyond it counts as this long.
pub const SEARCH_LIMIT: TravelTime = TravelTime::from_minutes(30);
/// A crossing that adds more than this severs (methods §2).
pub const SEVERING_LOSS_S: f64 = 120.0;

/// A place on a severing line where people live or walk on both sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrossingSample {
    /// Which line, as a position in the list given.
    pub line: usize,
    /// The place on the line.
    pub point: Coord<f64>,
    /// Metres of line that the sample stands for.
    pub length_m: f64,
    /// Seconds that getting across adds to the straight walk, 0 upwards; [`SEARCH_LIMIT`] where no way was found.
    pub loss_s: f64,
}

/// Samples all lines that have streets on both sides.
pub fn sample_crossings(
    graph: &StreetGraph,
    index: &StreetIndex,
    lines: &[Vec<Coord<f64>>],
    speed: Speed,
) -> Vec<CrossingSample> {
    let pairs = pair_across(lines);
    let side = |of: fn(&Pair) -> Coord<f64>| {
        let points: Vec<Coord<f64>> = pairs.iter().map(of).collect();
        link_points(graph, index, &points, FRONTAGE_LIMIT_M, LinkTo::MainComponents)
    };
    let (left, right) = (side(|p| p.left), side(|p| p.right));
    let linked: Vec<(usize, LinkedPoint, LinkedPoint)> = (0..pairs.len())
        .filter_map(|i| Some((i, left[i]?, right[i]?)))
        .filter(|(i, l, r)| !on_one_side(&pairs[*i], l, r))
        .collect();
    let origins: Vec<LinkedPoint> = linked.iter().map(|(_, l, _)| LinkedPoint { away_m: 0.0, ..*l }).collect();
    let targets: Vec<LinkedPoint> = linked.iter().map(|(_, _, r)| LinkedPoint { away_m: 0.0, ..*r }).collect();
    let walks = walk_from_each(graph, Profile::Adult, &origins, SEARCH_LIMIT, |i, s| s.time_to(&targets[i]));
    linked
        .par_iter()
        .zip(walks)
        .map(|((i, left, right), walk)| {
            let straight_s = speed.time_for(distance_m(left.point, right.point)).seconds();
            let walk_s = walk.unwrap_or(SEARCH_LIMIT).seconds();
            let pair = &pairs[*i];
            CrossingSample {
                line: pair.line,
                point: pair.on,
                length_m: pair.length_m,
                loss_s: (walk_s - straight_s).max(0.0),
            }
        })
        .collect()
}

/// Share of the sampled length where getting across adds more than [`SEVERING_LOSS_S`]; `None` without frontage.
pub fn measure_severance<'a>(samples: impl IntoIterator<Item = &'a CrossingSample>) -> Option<f64> {
    let (mut whole, mut severed) = (0.0, 0.0);
    for sample in samples {
        whole += sample.length_m;
        if sample.loss_s > SEVERING_LOSS_S {
            severed += sample.length_m;
        }
    }
    (whole > 0.0).then(|| severed / whole)
}

struct Pair {
    line: usize,
    on: Coord<f64>,
    left: Coord<f64>,
    right: Coord<f64>,
    length_m: f64,
}

/// Whether both links ended on the same side of the line, so that nothing is crossed.
fn on_one_side(pair: &Pair, left: &LinkedPoint, right: &LinkedPoint) -> bool {
    let across = pair.right - pair.left;
    let side = |point: Coord<f64>| (point.x - pair.on.x) * across.x + (point.y - pair.on.y) * across.y;
    side(left.point) >= 0.0 || side(right.point) <= 0.0
}

fn pair_across(lines: &[Vec<Coord<f64>>]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (line, course) in lines.iter().enumerate() {
        let length = length_m(course);
        let count = (length / SAMPLE_SPACING_M).floor() as usize;
        for sample in 0..count {
            let along = (sample as f64 + 0.5) * length / count as f64;
            let (Some(on), Some(before), Some(after)) =
                (point_along(course, along), point_along(course, along - 1.0), point_along(course, along + 1.0))
            else {
                continue;
            };
            let reach = distance_m(before, after);
            if reach == 0.0 {
                continue;
            }
            let (dx, dy) = ((after.x - before.x) / reach, (after.y - before.y) / reach);
            let beside = |sign: f64| Coord { x: on.x - sign * dy * OFFSET_M, y: on.y + sign * dx * OFFSET_M };
            pairs.push(Pair { line, on, left: beside(1.0), right: beside(-1.0), length_m: length / count as f64 });
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::kinds::StreetClass;
    use crate::network::pace::WalkParameters;
    use crate::network::streets::build_streets;
    use crate::testing::street_sketch::StreetSketch;

    /// Methods §2: streets 10 m to each side of a line, 20 m apart, and the way across 150 m away: 150 + 20 + 150 = 320 m,
    /// sixteen times the straight way; 300 m more at 4.8 km/h are 225 s. The line is 25 m long: one sample, in its middle.
    #[test]
    fn a_crossing_150_m_away_adds_225_seconds() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 10), (300, 10)], StreetClass::Residential);
        sketch.way(&[(0, -10), (300, -10)], StreetClass::Residential);
        sketch.way(&[(0, 10), (0, -10)], StreetClass::Footway);
        let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        let line = vec![Coord { x: 137.5, y: 0.0 }, Coord { x: 162.5, y: 0.0 }];
        let samples = sample_crossings(&graph, &StreetIndex::new(&graph), &[line], Speed::WALK);
        assert_eq!(samples.len(), 1);
        let Coord { x, y } = samples[0].point;
        assert!((x - 150.0).abs() < 1e-6 && y.abs() < 1e-6);
        assert!((samples[0].length_m - 25.0).abs() < 1e-6);
        // Walks are whole deciseconds on each of three segments.
        assert!((samples[0].loss_s - 225.0).abs() < 0.2, "{}", samples[0].loss_s);
    }

    #[test]
    fn severance_is_a_share_of_length() {
        let sample = |length_m, loss_s| CrossingSample { line: 0, point: Coord { x: 0.0, y: 0.0 }, length_m, loss_s };
        // More than 120 s severs, 120 s does not: 10 m of 40 m.
        assert_eq!(measure_severance(&[sample(10.0, 120.1), sample(30.0, 120.0)]), Some(0.25));
        assert_eq!(measure_severance(&[]), None);
    }

    #[test]
    fn pairs_stand_across_the_line() {
        let pairs = pair_across(&[vec![Coord { x: 0.0, y: 0.0 }, Coord { x: 100.0, y: 0.0 }]]);
        assert_eq!(pairs.len(), 4);
        assert!((pairs[0].on.x - 12.5).abs() < 1e-9);
        assert!((pairs[0].left.y - 30.0).abs() < 1e-9 && (pairs[0].right.y + 30.0).abs() < 1e-9);
    }
}
