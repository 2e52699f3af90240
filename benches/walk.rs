//! How long building a walking network and searching on it takes.

use std::path::Path;

use chaland::base::ids::NodeId;
use chaland::base::projection::{LonLat, Plane};
use chaland::base::units::TravelTime;
use chaland::network::streets::{Profile, WalkParameters, build_streets};
use chaland::reach::walk::WalkSearch;
use chaland::sources::osm::{OsmOptions, PlaceRules, read_osm};
use chaland::testing::grid_city::GridCity;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn build(criterion: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/dublin/dublin_city_2025-05.osm.pbf");
    let rules = PlaceRules::default_rules();
    let (records, _) = read_osm(&[path], &OsmOptions::default(), &rules, &|_, _| {}).expect("Dublin can be read");
    let plane = Plane::centred_on(LonLat { lon: -6.26, lat: 53.345 });
    let mut group = criterion.benchmark_group("walking network");
    group.sample_size(10);
    group.throughput(Throughput::Elements(records.streets.len() as u64));
    group.bench_function("Dublin", |bencher| {
        bencher.iter(|| build_streets(&records, &plane, &WalkParameters::default()));
    });
    group.finish();
}

fn search(criterion: &mut Criterion) {
    let city = GridCity::new(740, 740);
    let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
    let mut search = WalkSearch::new(&graph, Profile::Adult);
    let mut group = criterion.benchmark_group("20 min on foot, one to many");
    group.throughput(Throughput::Elements(1));
    let mut origin = 0;
    group.bench_function("grid city, 547 600 nodes", |bencher| {
        bencher.iter(|| {
            origin = (origin + 104_729) % graph.node_count() as u32;
            search.from_node(NodeId(origin), TravelTime::from_minutes(20));
            search.settled().len()
        });
    });
    group.finish();
}

criterion_group!(benches, build, search);
criterion_main!(benches);
