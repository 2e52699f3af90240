//! The sample of Dublin for tests that need a real town: its streets for all modes, and its places.

use std::path::Path;

use chaland::base::projection::{LonLat, Plane};
use chaland::network::bicycle::BicycleParameters;
use chaland::network::car::CarParameters;
use chaland::network::index::StreetIndex;
use chaland::network::linkage::{LinkTo, LinkedPoint, MAX_AWAY_M, link_points};
use chaland::network::streets::{
    Prepared, StreetGraph, StreetInputs, WalkParameters, build_bicycle, build_car, build_walk,
};
use chaland::sources::osm::records::OsmRecords;
use chaland::sources::osm::{OsmOptions, PlaceRules, read_osm};
use geo::Coord;

/// What the extract holds, and a plane over it.
pub fn records() -> (OsmRecords, Plane) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/dublin/dublin_city_2025-05.osm.pbf");
    let rules = PlaceRules::default_rules();
    let (records, _) = read_osm(&[path], &OsmOptions::default(), &rules, &|_, _| {}).expect("Dublin can be read");
    (records, Plane::centred_on(LonLat { lon: -6.26, lat: 53.345 }))
}

/// On foot, by bicycle and by car; and where the places are.
pub fn all_modes() -> ([StreetGraph; 3], Vec<Coord<f64>>) {
    let (records, plane) = records();
    let positions: Vec<LonLat> = records.places.iter().map(|place| place.position).collect();
    let (prepared, _) = Prepared::new(StreetInputs::plain(&records, &plane));
    let (walk, _) = build_walk(&prepared, &WalkParameters::default());
    let (bicycle, _) = build_bicycle(&prepared, &BicycleParameters::default());
    let (car, _) = build_car(&prepared, &CarParameters::default());
    ([walk, bicycle, car], plane.project_all(&positions))
}

/// Points linked to the nearest street, whatever it leads to; those without one left out.
pub fn linked(graph: &StreetGraph, points: &[Coord<f64>]) -> Vec<LinkedPoint> {
    let links = link_points(graph, &StreetIndex::new(graph), points, MAX_AWAY_M, LinkTo::AnyStreet);
    links.into_iter().flatten().collect()
}
