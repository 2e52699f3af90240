//! Are the times of a matrix over a real town what single searches find, whatever the mode?

use std::path::Path;

use chaland::base::projection::{LonLat, Plane};
use chaland::base::units::TravelTime;
use chaland::network::bicycle::BicycleParameters;
use chaland::network::car::CarParameters;
use chaland::network::index::StreetIndex;
use chaland::network::linkage::{LinkTo, LinkedPoint, MAX_AWAY_M, link_points};
use chaland::network::streets::{
    Prepared, StreetGraph, StreetInputs, WalkParameters, build_bicycle, build_car, build_walk,
};
use chaland::reach::contraction::{Contraction, Elimination};
use chaland::reach::matrix::ManyToMany;
use chaland::reach::walk::WalkSearch;
use chaland::sources::osm::{OsmOptions, PlaceRules, read_osm};
use geo::Coord;

/// From every 101st place of Dublin to every 11th, for all profiles of all modes: one-way streets, restricted turns and
/// streets without a way through among them.
#[test]
fn dublin_is_crossed_as_single_searches_cross_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/dublin/dublin_city_2025-05.osm.pbf");
    let rules = PlaceRules::default_rules();
    let (records, _) = read_osm(&[path], &OsmOptions::default(), &rules, &|_, _| {}).expect("Dublin can be read");
    let plane = Plane::centred_on(LonLat { lon: -6.26, lat: 53.345 });
    let positions: Vec<LonLat> = records.places.iter().map(|place| place.position).collect();
    let points = plane.project_all(&positions);
    let (prepared, _) = Prepared::new(StreetInputs::plain(&records, &plane));
    let (walk, _) = build_walk(&prepared, &WalkParameters::default());
    let (bicycle, _) = build_bicycle(&prepared, &BicycleParameters::default());
    let (car, _) = build_car(&prepared, &CarParameters::default());
    for graph in [&walk, &bicycle, &car] {
        compare(graph, &points);
    }
}

fn compare(graph: &StreetGraph, points: &[Coord<f64>]) {
    let links = link_points(graph, &StreetIndex::new(graph), points, MAX_AWAY_M, LinkTo::AnyStreet);
    let links: Vec<LinkedPoint> = links.into_iter().flatten().collect();
    let every = |step: usize| -> Vec<LinkedPoint> { links.iter().copied().step_by(step).collect() };
    let (origins, destinations) = (every(101), every(11));
    let elimination = Elimination::new(graph);
    for &profile in graph.mode().profiles() {
        let contraction = Contraction::new(graph, profile, &elimination);
        let matrix = ManyToMany::new(graph, profile, Some(&contraction), &destinations);
        let times = matrix.from_origins(&origins, TravelTime::MAX);
        let mut search = WalkSearch::new(graph, profile);
        let mut reached = 0;
        for (from, origin) in origins.iter().enumerate() {
            search.from_point(origin, TravelTime::MAX);
            for (to, destination) in destinations.iter().enumerate() {
                let expected = search.time_to(destination);
                assert_eq!(times.time(from, to), expected, "{profile:?} {origin:?} {destination:?}");
                reached += usize::from(expected.is_some());
            }
        }
        assert!(reached > 5_000, "{profile:?}: {reached} pairs have a way");
    }
}
