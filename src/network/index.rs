//! Where streets are: an R-tree over the straight pieces of street segments.
//!
//! In: a street graph. Out: the segments near a point, nearest first. The index holds no geometry: it is asked together
//! with the graph it was built over.

use geo::{Coord, Rect};
use rayon::prelude::*;

use super::packed_rtree::PackedRTree;
use super::streets::StreetGraph;
use crate::base::geometry::{distance_m, nearest_on_segment};
use crate::base::ids::SegmentId;
use crate::sources::osm::records::StreetClass;

/// A straight piece of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinePiece {
    from: Coord<f64>,
    to: Coord<f64>,
}

impl LinePiece {
    /// A piece from one point to another; `None` unless finite.
    pub fn new(from: Coord<f64>, to: Coord<f64>) -> Option<Self> {
        let finite = [from.x, from.y, to.x, to.y].iter().all(|number| number.is_finite());
        finite.then_some(Self { from, to })
    }

    /// The box around it.
    pub fn bounds(&self) -> Rect<f64> {
        Rect::new(self.from, self.to)
    }

    /// The square of its distance to a point.
    pub fn distance_2(&self, point: Coord<f64>) -> f64 {
        distance_2_to(self.from, self.to, point)
    }

    /// The cosine of the angle to a direction; 0 where either has no length.
    pub fn cosine_to(&self, direction: Coord<f64>) -> f64 {
        let own = self.to - self.from;
        let lengths = own.x.hypot(own.y) * direction.x.hypot(direction.y);
        if lengths > 0.0 { (own.x * direction.x + own.y * direction.y) / lengths } else { 0.0 }
    }
}

/// The square of the distance between a point and a straight piece.
fn distance_2_to(from: Coord<f64>, to: Coord<f64>, point: Coord<f64>) -> f64 {
    let (place, _) = nearest_on_segment(from, to, point);
    (place.x - point.x).powi(2) + (place.y - point.y).powi(2)
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

/// A straight piece of a segment, by its place in the graph.
#[derive(Clone, Copy, Debug)]
struct Piece {
    segment: u32,
    /// Where its first point stands among the points of all lines of the graph.
    first_point: u32,
    /// Metres from the start of the segment to that point.
    start_m: f64,
}

/// The pieces of all segments that a point can be linked to: all but ferries, lifts, gates and lines across squares.
#[derive(Debug)]
pub struct StreetIndex {
    /// By segment, and along each of them: of equally near pieces the tree tells the first of these first.
    pieces: Vec<Piece>,
    tree: PackedRTree,
}

impl StreetIndex {
    /// The index of a graph.
    pub fn new(graph: &StreetGraph) -> Self {
        let segments = graph.segment_count() as u32;
        let pieces: Vec<Piece> = (0..segments)
            .into_par_iter()
            .with_min_len(4096)
            .flat_map_iter(|segment| pieces_of(graph, SegmentId(segment)))
            .collect();
        let area = |piece: &Piece| {
            let (from, to) = ends(graph, piece);
            Rect::new(from, to)
        };
        let areas: Vec<Rect<f64>> = pieces.par_iter().with_min_len(4096).map(area).collect();
        Self { pieces, tree: PackedRTree::new(&areas) }
    }

    /// The pieces of segments within `max_away_m` of a point, nearest first, equally near ones by segment and along it;
    /// a segment of several pieces comes up several times. Nothing for a point that is not finite.
    ///
    /// `graph` is the one the index was built over.
    pub fn near(&self, graph: &StreetGraph, point: Coord<f64>, max_away_m: f64) -> Vec<NearSegment> {
        let Some(within_2) = square_within(point, max_away_m) else { return Vec::new() };
        let distance_2 = |item: u32| distance_2_of(graph, self.piece(item), point);
        self.tree
            .nearest(point, within_2, distance_2)
            .take_while(|(_, squared)| squared.sqrt() <= max_away_m)
            .map(|(item, _)| near_segment(graph, self.piece(item), point))
            .collect()
    }

    /// The nearest segment within `max_away_m` that `accepts`; of equally near ones the lowest id, then the place
    /// nearest to its start. `graph` is the one the index was built over.
    pub fn nearest(
        &self,
        graph: &StreetGraph,
        point: Coord<f64>,
        max_away_m: f64,
        accepts: impl Fn(SegmentId) -> bool,
    ) -> Option<NearSegment> {
        let distance_2 = |item: u32| {
            let piece = self.piece(item);
            accepts(SegmentId(piece.segment)).then(|| distance_2_of(graph, piece, point))
        };
        let (item, squared) = self.tree.find_nearest(point, square_within(point, max_away_m)?, distance_2)?;
        (squared.sqrt() <= max_away_m).then(|| near_segment(graph, self.piece(item), point))
    }

    fn piece(&self, item: u32) -> &Piece {
        &self.pieces[item as usize]
    }
}

/// The square of a distance and a hair more, so that what is exactly as far is not lost by rounding. `None` for a point
/// that is not finite.
fn square_within(point: Coord<f64>, max_away_m: f64) -> Option<f64> {
    (point.x.is_finite() && point.y.is_finite()).then_some(max_away_m * max_away_m * (1.0 + 1e-12))
}

/// The straight pieces of a segment that a point can be linked to, up to the first that is not finite.
fn pieces_of(graph: &StreetGraph, segment: SegmentId) -> impl Iterator<Item = Piece> + use<'_> {
    let is_street = !matches!(graph.segment_class(segment), StreetClass::Ferry | StreetClass::Elevator);
    let line = if is_street && graph.is_street(segment) { graph.segment_line(segment) } else { &[] };
    let mut next_m = 0.0;
    line.windows(2).zip(graph.lines.first_point(segment)..).map_while(move |(pair, first_point)| {
        let start_m = next_m;
        next_m += distance_m(pair[0], pair[1]);
        let finite = [pair[0].x, pair[0].y, pair[1].x, pair[1].y, start_m].iter().all(|number| number.is_finite());
        finite.then_some(Piece { segment: segment.0, first_point, start_m })
    })
}

/// The ends of a piece.
fn ends(graph: &StreetGraph, piece: &Piece) -> (Coord<f64>, Coord<f64>) {
    graph.lines.pair(piece.first_point)
}

/// The square of the distance between a point and a piece.
fn distance_2_of(graph: &StreetGraph, piece: &Piece, point: Coord<f64>) -> f64 {
    let (from, to) = ends(graph, piece);
    distance_2_to(from, to, point)
}

/// A piece as it is seen from a point.
fn near_segment(graph: &StreetGraph, piece: &Piece, point: Coord<f64>) -> NearSegment {
    let (from, to) = ends(graph, piece);
    let (nearest, share) = nearest_on_segment(from, to, point);
    NearSegment {
        segment: SegmentId(piece.segment),
        along_m: piece.start_m + share * distance_m(from, to),
        away_m: distance_m(nearest, point),
        point: nearest,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstar::primitives::GeomWithData;
    use rstar::{AABB, PointDistance, RTree, RTreeObject};

    use super::*;
    use crate::network::pace::WalkParameters;
    use crate::network::streets::build_streets;
    use crate::testing::grid_city::GridCity;
    use crate::testing::street_sketch::StreetSketch;

    impl RTreeObject for LinePiece {
        type Envelope = AABB<[f64; 2]>;
        fn envelope(&self) -> Self::Envelope {
            AABB::from_corners([self.from.x, self.from.y], [self.to.x, self.to.y])
        }
    }

    impl PointDistance for LinePiece {
        fn distance_2(&self, point: &[f64; 2]) -> f64 {
            distance_2_to(self.from, self.to, Coord { x: point[0], y: point[1] })
        }
    }

    /// The same questions answered by a tree of rstar that holds copies of the pieces.
    struct Reference<'a> {
        graph: &'a StreetGraph,
        tree: RTree<GeomWithData<LinePiece, Piece>>,
    }

    impl<'a> Reference<'a> {
        fn new(graph: &'a StreetGraph) -> Self {
            let pieces = graph.segments().flat_map(|segment| pieces_of(graph, segment));
            let copied = pieces.map(|piece| {
                let (from, to) = ends(graph, &piece);
                GeomWithData::new(LinePiece { from, to }, piece)
            });
            Self { graph, tree: RTree::bulk_load(copied.collect()) }
        }

        fn near(&self, point: Coord<f64>, max_away_m: f64) -> Vec<NearSegment> {
            let found = self.tree.nearest_neighbor_iter_with_distance_2(&[point.x, point.y]);
            let mut found: Vec<(f64, Piece)> = found
                .take_while(|(_, squared)| squared.sqrt() <= max_away_m)
                .map(|(piece, squared)| (squared, piece.data))
                .collect();
            let near = |piece: &Piece| near_segment(self.graph, piece, point);
            found.sort_by(|(a_2, a), (b_2, b)| {
                let (near_a, near_b) = (near(a), near(b));
                let ties = near_a.segment.cmp(&near_b.segment).then(near_a.along_m.total_cmp(&near_b.along_m));
                // Where two pieces meet either may be told: both are as near, at the same place.
                a_2.total_cmp(b_2).then(ties).then(a.first_point.cmp(&b.first_point))
            });
            found.iter().map(|(_, piece)| near(piece)).collect()
        }
    }

    fn assert_same(graph: &StreetGraph, points: &[Coord<f64>], max_away_m: f64) {
        let (index, reference) = (StreetIndex::new(graph), Reference::new(graph));
        for &point in points {
            let expected = reference.near(point, max_away_m);
            assert_eq!(index.near(graph, point, max_away_m), expected, "{point:?}");
            for odd in [false, true] {
                let accepts = |segment: SegmentId| !odd || segment.0 % 2 == 1;
                let first = expected.iter().find(|near| accepts(near.segment)).copied();
                assert_eq!(index.nearest(graph, point, max_away_m, accepts), first, "{point:?}");
            }
        }
    }

    /// Junctions, middles of blocks and points between: many streets are equally near.
    #[test]
    fn a_grid_city_is_full_of_ties() {
        let city = GridCity::new(12, 9);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let steps = |count: i32| (-2..count * 4).map(|step| f64::from(step) * 25.0);
        let points: Vec<Coord<f64>> = steps(12).flat_map(|x| steps(9).map(move |y| Coord { x, y })).collect();
        for max_away_m in [0.0, 49.0, 50.0, 130.0] {
            assert_same(&graph, &points, max_away_m);
        }
    }

    #[test]
    fn nothing_is_near_a_point_that_is_nowhere() {
        let city = GridCity::new(3, 3);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let index = StreetIndex::new(&graph);
        for point in [Coord { x: f64::NAN, y: 0.0 }, Coord { x: 0.0, y: f64::INFINITY }] {
            assert!(index.near(&graph, point, 100.0).is_empty());
            assert_eq!(index.nearest(&graph, point, f64::INFINITY, |_| true), None);
        }
        let centre = Coord { x: 100.0, y: 100.0 };
        assert!(index.near(&graph, centre, f64::NAN).is_empty() && index.near(&graph, centre, -1.0).is_empty());
        let far = Coord { x: 1e6, y: -1e6 };
        assert!(index.nearest(&graph, far, f64::INFINITY, |_| true).is_some());
        let empty = StreetSketch::new();
        let (graph, _) = build_streets(&empty.records(), &StreetSketch::plane(), &WalkParameters::default());
        assert!(StreetIndex::new(&graph).near(&graph, centre, f64::INFINITY).is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Winding streets that cross and touch each other.
        #[test]
        fn any_streets_are_found_as_rstar_finds_them(
            lines in proptest::collection::vec(proptest::collection::vec((-400..400, -400..400), 2..7), 1..20),
            points in proptest::collection::vec((-500.0..500.0, -500.0..500.0), 1..10),
            max_away_m in 0.0..300.0,
        ) {
            let mut sketch = StreetSketch::new();
            for line in &lines {
                sketch.way(line, StreetClass::Residential);
            }
            let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
            let points: Vec<Coord<f64>> = points.into_iter().map(|(x, y): (f64, f64)| Coord { x, y }).collect();
            assert_same(&graph, &points, max_away_m);
        }
    }
}
