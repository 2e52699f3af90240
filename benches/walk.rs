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

/// From nodes all over grid cities of growing size. What a search costs must not grow with the city, only with what it
/// reaches. `CHALAND_LARGE` adds one of ten million nodes, which takes a minute and 7 GB.
fn search(criterion: &mut Criterion) {
    let mut sides = vec![316, 740, 1000];
    if std::env::var_os("CHALAND_LARGE").is_some() {
        sides.push(3162);
    }
    let mut group = criterion.benchmark_group("20 min on foot, one to many");
    group.throughput(Throughput::Elements(1));
    for side in sides {
        let city = GridCity::new(side, side);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        drop(city);
        let mut search = WalkSearch::new(&graph, Profile::Adult);
        let mut origin = 0;
        group.bench_function(format!("grid city, {} nodes", graph.node_count()), |bencher| {
            bencher.iter(|| {
                origin = (origin + 104_729) % graph.node_count() as u32;
                search.from_node(NodeId(origin), TravelTime::from_minutes(20));
                search.settled().len()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, build, search);
criterion_main!(benches);
