//! Where flow and shops meet: busy streets without shops, quiet shops, unseen shops (methods §9, D4 and D5).

use geo::Coord;
use rstar::RTree;

use crate::analysis::statistics::spearman;
use crate::base::geometry::{length_m, point_along};

/// A street segment with what passes and what stands on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SegmentFlow {
    /// Length in metres.
    pub length_m: f64,
    /// Persons per day.
    pub flow: f64,
    /// Share of its length with a shop nearby, 0 to 1.
    pub frontage_share: f64,
    /// Shops on it.
    pub shops: u32,
}

/// The flow from which on a segment belongs to the busiest `share` of the length that carries any flow;
/// infinite where nothing flows.
pub fn busy_threshold(segments: &[SegmentFlow], share: f64) -> f64 {
    threshold(segments, share, |s| s.length_m)
}

/// The flow from which on a segment belongs to those that carry `share` of all distance walked; infinite where nothing
/// flows.
pub fn main_flow_threshold(segments: &[SegmentFlow], share: f64) -> f64 {
    threshold(segments, share, |s| s.length_m * s.flow)
}

fn threshold(segments: &[SegmentFlow], share: f64, size: impl Fn(&SegmentFlow) -> f64) -> f64 {
    let mut flowing: Vec<&SegmentFlow> = segments.iter().filter(|s| s.flow > 0.0).collect();
    flowing.sort_by(|a, b| b.flow.total_cmp(&a.flow));
    let whole: f64 = flowing.iter().map(|s| size(s)).sum();
    let mut taken = 0.0;
    for segment in &flowing {
        taken += size(segment);
        if taken >= share * whole {
            return segment.flow;
        }
    }
    f64::INFINITY
}

/// Share of the length of the busiest fifth of the streets without a shop nearby, 0 to 1; `None` where nothing flows.
pub fn measure_busy_without_shops(segments: &[SegmentFlow]) -> Option<f64> {
    let threshold = busy_threshold(segments, 0.2);
    let (mut whole, mut bare) = (0.0, 0.0);
    for segment in segments.iter().filter(|s| s.flow >= threshold) {
        whole += segment.length_m;
        bare += segment.length_m * (1.0 - segment.frontage_share);
    }
    (whole > 0.0).then(|| bare / whole)
}

/// One minus the rank correlation of flow and shop frontage over segments that carry flow, 0 to 2; `None` for fewer
/// than ten segments.
pub fn measure_flow_shop_mismatch(segments: &[SegmentFlow]) -> Option<f64> {
    let flowing: Vec<&SegmentFlow> = segments.iter().filter(|s| s.flow > 0.0).collect();
    if flowing.len() < 10 {
        return None;
    }
    let flow: Vec<f64> = flowing.iter().map(|s| s.flow).collect();
    let frontage: Vec<f64> = flowing.iter().map(|s| s.frontage_share).collect();
    spearman(&flow, &frontage).map(|rho| 1.0 - rho)
}

/// Points indexed so that the share of a line near any of them can be asked.
pub struct NearPoints {
    tree: RTree<[f64; 2]>,
}

impl NearPoints {
    /// An index over points.
    pub fn new(points: &[Coord<f64>]) -> Self {
        Self { tree: RTree::bulk_load(points.iter().map(|p| [p.x, p.y]).collect()) }
    }

    /// Whether any point lies within `radius_m`.
    pub fn any_within(&self, point: Coord<f64>, radius_m: f64) -> bool {
        self.tree.locate_within_distance([point.x, point.y], radius_m * radius_m).next().is_some()
    }

    /// How many points lie within `radius_m`.
    pub fn count_within(&self, point: Coord<f64>, radius_m: f64) -> usize {
        self.tree.locate_within_distance([point.x, point.y], radius_m * radius_m).count()
    }

    /// Share of a line, sampled every 10 m, with a point within `radius_m`.
    pub fn share_of_line(&self, line: &[Coord<f64>], radius_m: f64) -> f64 {
        let length = length_m(line);
        let samples = (length / 10.0).ceil().max(1.0) as usize;
        let near = (0..samples).filter(|&i| {
            let along = (i as f64 + 0.5) * length / samples as f64;
            point_along(line, along).is_some_and(|p| self.any_within(p, radius_m))
        });
        near.count() as f64 / samples as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(length_m: f64, flow: f64, frontage_share: f64) -> SegmentFlow {
        SegmentFlow { length_m, flow, frontage_share, shops: 0 }
    }

    #[test]
    fn the_busiest_fifth_is_a_fifth_of_the_length() {
        // 1,000 m carry flow; the busiest 200 m are the first two segments, half of whose length has shops.
        let segments = [
            segment(100.0, 900.0, 1.0),
            segment(100.0, 800.0, 0.0),
            segment(800.0, 10.0, 0.0),
            segment(5000.0, 0.0, 0.0),
        ];
        assert_eq!(busy_threshold(&segments, 0.2), 800.0);
        assert_eq!(measure_busy_without_shops(&segments), Some(0.5));
        assert_eq!(measure_busy_without_shops(&segments[3..]), None);
        // Distance walked: 90,000 + 80,000 + 8,000; half of it is reached with the first segment.
        assert_eq!(main_flow_threshold(&segments, 0.5), 900.0);
    }

    #[test]
    fn frontage_is_sampled_along_the_line() {
        let near = NearPoints::new(&[Coord { x: 10.0, y: 5.0 }]);
        let line = [Coord { x: 0.0, y: 0.0 }, Coord { x: 100.0, y: 0.0 }];
        // Samples at 5, 15, … 95 m; those within 20 m of the shop at x = 10: 5, 15, 25.
        assert_eq!(near.share_of_line(&line, 20.0), 0.3);
        assert!(!near.any_within(Coord { x: 200.0, y: 0.0 }, 20.0));
    }
}
