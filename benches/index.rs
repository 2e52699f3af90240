//! How long it takes to index the streets of a town, and to link points to them.

use std::path::Path;

use chaland::base::projection::{LonLat, Plane};
use chaland::network::index::StreetIndex;
use chaland::network::linkage::{LinkTo, link_point};
use chaland::network::streets::{StreetGraph, WalkParameters, build_streets};
use chaland::sources::osm::{OsmOptions, PlaceRules, read_osm};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use geo::Coord;

fn dublin() -> StreetGraph {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/dublin/dublin_city_2025-05.osm.pbf");
    let rules = PlaceRules::default_rules();
    let (records, _) = read_osm(&[path], &OsmOptions::default(), &rules, &|_, _| {}).expect("Dublin can be read");
    let plane = Plane::centred_on(LonLat { lon: -6.26, lat: 53.345 });
    build_streets(&records, &plane, &WalkParameters::default()).0
}

/// Straight pieces of the lines of all segments.
fn piece_count(graph: &StreetGraph) -> usize {
    graph.segments().map(|segment| graph.segment_line(segment).len() - 1).sum()
}

/// Places over the middle of the town, the same in every run.
fn places() -> Vec<Coord<f64>> {
    let share = |n: u32, step: f64| (f64::from(n) * step).fract() - 0.5;
    (0..10_000).map(|n| Coord { x: share(n, 0.618_034) * 3000.0, y: share(n, 0.754_878) * 3000.0 }).collect()
}

fn index(criterion: &mut Criterion) {
    let graph = dublin();
    let mut group = criterion.benchmark_group("street index");
    group.throughput(Throughput::Elements(piece_count(&graph) as u64));
    group.bench_function("build, Dublin", |bencher| {
        bencher.iter_batched(|| (), |()| StreetIndex::new(&graph), BatchSize::LargeInput);
    });
    let (index, places) = (StreetIndex::new(&graph), places());
    group.throughput(Throughput::Elements(places.len() as u64));
    group.bench_function("link, Dublin", |bencher| {
        bencher.iter(|| {
            let link = |&place: &Coord<f64>| link_point(&graph, &index, place, 100.0, LinkTo::MainComponents);
            places.iter().filter_map(link).count()
        });
    });
    group.finish();
}

criterion_group!(benches, index);
criterion_main!(benches);
