//! Where streets are: an R-tree over the straight pieces of street segments.
//!
//! In: a street graph. Out: the segments near a point, nearest first.

use geo::Coord;
use rstar::{AABB, PointDistance, RTree, RTreeObject};

use super::streets::StreetGraph;
use crate::base::geometry::{distance_m, nearest_on_segment};
use crate::base::ids::SegmentId;
use crate::sources::osm::records::StreetClass;

/// A straight piece of a line, and what it belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinePiece {
    from: Coord<f64>,
    to: Coord<f64>,
    owner: u32,
    start_m: f64,
}

impl LinePiece {
    /// A piece of the line of `owner` that begins `start_m` metres from the start of that line; `None` unless finite.
    pub fn new(from: Coord<f64>, to: Coord<f64>, owner: u32, start_m: f64) -> Option<Self> {
        let finite = [from.x, from.y, to.x, to.y, start_m].iter().all(|number| number.is_finite());
        finite.then_some(Self { from, to, owner, start_m })
    }

    /// The cosine of the angle to a direction; 0 where either has no length.
    pub fn cosine_to(&self, direction: Coord<f64>) -> f64 {
        let own = self.to - self.from;
        let lengths = own.x.hypot(own.y) * direction.x.hypot(direction.y);
        if lengths > 0.0 { (own.x * direction.x + own.y * direction.y) / lengths } else { 0.0 }
    }
}

impl RTreeObject for LinePiece {
    type Envelope = AABB<[f64; 2]>;
    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners([self.from.x, self.from.y], [self.to.x, self.to.y])
    }
}

impl PointDistance for LinePiece {
    fn distance_2(&self, point: &[f64; 2]) -> f64 {
        let point = Coord { x: point[0], y: point[1] };
        let (place, _) = nearest_on_segment(self.from, self.to, point);
        (place.x - point.x).powi(2) + (place.y - point.y).powi(2)
    }
}

/// A segment near a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearSegment {
    /// The segment.
    pub segment: SegmentId,
    /// Metres from the start of the segment to its place nearest to the point.
    pub along_m: f64,
    /// Straight metres from the point to that place.
    pub away_m: f64,
    /// That place.
    pub point: Coord<f64>,
}

/// The pieces of all segments that a point can be linked to: all but ferries, lifts and gates.
#[derive(Debug)]
pub struct StreetIndex {
    tree: RTree<LinePiece>,
}

impl StreetIndex {
    /// The index of a graph.
    pub fn new(graph: &StreetGraph) -> Self {
        let mut pieces = Vec::with_capacity(graph.segment_count());
        for segment in graph.segments() {
            let is_street = !matches!(graph.segment_class(segment), StreetClass::Ferry | StreetClass::Elevator);
            if !is_street || graph.is_gate(segment) || graph.is_copy(segment) {
                continue;
            }
            let mut start_m = 0.0;
            for pair in graph.segment_line(segment).windows(2) {
                pieces.extend(LinePiece::new(pair[0], pair[1], segment.0, start_m));
                start_m += distance_m(pair[0], pair[1]);
            }
        }
        Self { tree: RTree::bulk_load(pieces) }
    }

    /// The pieces of segments within `max_away_m` of a point, nearest first; a segment of several pieces comes up
    /// several times. Nothing for a point that is not finite.
    pub fn near(&self, point: Coord<f64>, max_away_m: f64) -> Vec<NearSegment> {
        let finite = point.x.is_finite() && point.y.is_finite();
        let place = if finite { [point.x, point.y] } else { [0.0, 0.0] };
        self.tree
            .nearest_neighbor_iter_with_distance_2(&place)
            .take_while(move |(_, squared)| finite && squared.sqrt() <= max_away_m)
            .map(move |(piece, _)| {
                let (nearest, share) = nearest_on_segment(piece.from, piece.to, point);
                NearSegment {
                    segment: SegmentId(piece.owner),
                    along_m: piece.start_m + share * distance_m(piece.from, piece.to),
                    away_m: distance_m(nearest, point),
                    point: nearest,
                }
            })
            .collect()
    }

    /// The nearest segment within `max_away_m` that `accepts`; of equally near ones the lowest id, then the place
    /// nearest to its start.
    pub fn nearest(
        &self,
        point: Coord<f64>,
        max_away_m: f64,
        accepts: impl Fn(SegmentId) -> bool,
    ) -> Option<NearSegment> {
        if !(point.x.is_finite() && point.y.is_finite()) {
            return None;
        }
        let mut best: Option<(f64, NearSegment)> = None;
        for (piece, squared) in self.tree.nearest_neighbor_iter_with_distance_2(&[point.x, point.y]) {
            if squared.sqrt() > max_away_m || best.as_ref().is_some_and(|(least, _)| squared > *least) {
                break;
            }
            let segment = SegmentId(piece.owner);
            if !accepts(segment) {
                continue;
            }
            let (nearest, share) = nearest_on_segment(piece.from, piece.to, point);
            let along_m = piece.start_m + share * distance_m(piece.from, piece.to);
            let found = NearSegment { segment, along_m, away_m: distance_m(nearest, point), point: nearest };
            let is_better = best.as_ref().is_none_or(|(_, best)| {
                (found.segment, found.along_m).partial_cmp(&(best.segment, best.along_m)).is_some_and(|o| o.is_lt())
            });
            if is_better {
                best = Some((squared, found));
            }
        }
        best.map(|(_, found)| found)
    }
}
