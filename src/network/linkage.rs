//! Points linked to streets: homes, shops, stops, lots, counters.
//!
//! In: points on the plane, a street graph and its index. Out: for each point a place on a segment, or `None`.
//! Points are never added to the graph as nodes. Whoever knows the entrances of a thing links those in its place.

use geo::Coord;
use rayon::prelude::*;

use super::index::StreetIndex;
use super::profiles::Profile;
use super::streets::StreetGraph;
use crate::base::ids::SegmentId;

/// A point's place on a street.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinkedPoint {
    /// The segment.
    pub segment: SegmentId,
    /// Metres from the start of the segment's line.
    pub along_m: f64,
    /// Straight metres between the point and its place on the street.
    pub away_m: f64,
    /// The place on the street.
    pub point: Coord<f64>,
}

/// Which streets points are linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkTo {
    /// Only streets of components that matter: what is linked can reach the town.
    MainComponents,
    /// Only those among them that a profile can go along in one direction at least.
    OpenTo(Profile),
    /// The nearest street, even if it leads nowhere.
    AnyStreet,
}

/// Points farther than this from every street are not linked, in metres (off-network limit of isochrones).
pub const MAX_AWAY_M: f64 = 100.0;

/// Links each point to the nearest street within `max_away_m` metres. Of equally near segments the lowest id wins.
/// `None` where no street is near, and for points that are not finite.
pub fn link_points(
    graph: &StreetGraph,
    index: &StreetIndex,
    points: &[Coord<f64>],
    max_away_m: f64,
    to: LinkTo,
) -> Vec<Option<LinkedPoint>> {
    points.par_iter().with_min_len(64).map(|&point| link_point(graph, index, point, max_away_m, to)).collect()
}

/// The nearest link of each of `count` owners, of equally near ones the first. `owners` tells whose each link is,
/// `accepts` whether the link at a place counts.
pub fn nearest_of_owners(
    links: &[Option<LinkedPoint>],
    (owners, count): (&[usize], usize),
    accepts: impl Fn(usize, &LinkedPoint) -> bool,
) -> Vec<Option<LinkedPoint>> {
    let mut best: Vec<Option<LinkedPoint>> = vec![None; count];
    for (at, (link, &owner)) in links.iter().zip(owners).enumerate() {
        let Some(link) = link else { continue };
        let is_nearer = best[owner].is_none_or(|known| link.away_m < known.away_m);
        if is_nearer && accepts(at, link) {
            best[owner] = Some(*link);
        }
    }
    best
}

/// Links one point; see [`link_points`].
pub fn link_point(
    graph: &StreetGraph,
    index: &StreetIndex,
    point: Coord<f64>,
    max_away_m: f64,
    to: LinkTo,
) -> Option<LinkedPoint> {
    let is_main = |segment| graph.is_main_component(graph.segment_ends(segment).0);
    let accepts = |segment| match to {
        LinkTo::MainComponents => is_main(segment),
        LinkTo::OpenTo(profile) => is_main(segment) && graph.is_open_to(profile, segment),
        LinkTo::AnyStreet => true,
    };
    index.nearest(graph, point, max_away_m, accepts).map(|near| LinkedPoint {
        segment: near.segment,
        along_m: near.along_m.clamp(0.0, graph.segment_length_m(near.segment)),
        away_m: near.away_m,
        point: near.point,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::pace::WalkParameters;
    use crate::network::streets::build_streets;
    use crate::sources::osm::records::StreetClass;
    use crate::testing::grid_city::GridCity;
    use crate::testing::street_sketch::StreetSketch;

    /// A point 30 m along and 10 m beside a block; one in the middle of a block of 100 m is 50 m from four streets.
    #[test]
    fn points_are_linked_to_the_nearest_place_and_ties_to_the_lowest_segment() {
        let city = GridCity::new(3, 3);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let index = StreetIndex::new(&graph);
        let points = [
            Coord { x: 130.0, y: 10.0 },
            Coord { x: 50.0, y: 50.0 },
            Coord { x: 1000.0, y: 0.0 },
            Coord { x: f64::NAN, y: 0.0 },
        ];
        let linked = link_points(&graph, &index, &points, 100.0, LinkTo::MainComponents);
        let first = linked[0].expect("10 m away");
        assert!((first.away_m - 10.0).abs() < 1e-6 && (first.point.x - 130.0).abs() < 1e-6);
        let from_start = if graph.segment_line(first.segment)[0].x < 150.0 { 30.0 } else { 70.0 };
        assert!((first.along_m - from_start).abs() < 1e-6);
        assert!((linked[1].expect("50 m away").away_m - 50.0).abs() < 1e-6);
        assert_eq!(&linked[2..], [None, None]);
        assert_eq!(
            index.near(&graph, points[0], 40.0).len(),
            3,
            "row 0, column 1 above it, and none farther than 40 m"
        );
    }

    /// 2 km of street, and 10 m of path on their own, which hold less than a hundredth of the length.
    #[test]
    fn small_components_are_linked_around() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (2000, 0)], StreetClass::Residential);
        sketch.way(&[(500, 40), (510, 40)], StreetClass::Footway);
        let (graph, notices) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        let index = StreetIndex::new(&graph);
        let shop = Coord { x: 505.0, y: 35.0 };
        let link = |to| link_point(&graph, &index, shop, 100.0, to).expect("streets are near");
        assert!((link(LinkTo::AnyStreet).away_m - 5.0).abs() < 1e-6);
        assert!((link(LinkTo::MainComponents).away_m - 35.0).abs() < 1e-6);
        assert_eq!(notices.count("small_street_component"), 1);
    }

    /// A door 5 m from steps and 20 m from a street: who cannot climb is linked to the street.
    #[test]
    fn a_profile_is_linked_to_what_it_can_go_along() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (200, 0)], StreetClass::Residential);
        sketch.way(&[(100, 0), (100, 50)], StreetClass::Steps);
        let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        let index = StreetIndex::new(&graph);
        let away_m = |to| link_point(&graph, &index, Coord { x: 95.0, y: 20.0 }, 100.0, to).expect("near").away_m;
        assert!((away_m(LinkTo::OpenTo(Profile::Adult)) - 5.0).abs() < 1e-6);
        assert!((away_m(LinkTo::OpenTo(Profile::StepFree)) - 20.0).abs() < 1e-6);
    }
}
