//! How long it takes from an extract to networks that can be searched, against the bare cost of decoding the same bytes;
//! and from a snapshot to the first answer.

use std::fs;
use std::path::{Path, PathBuf};

use chaland::base::freed_memory::keep_freed_memory;
use chaland::base::projection::{LonLat, Plane};
use chaland::base::units::TravelTime;
use chaland::network::bicycle::BicycleParameters;
use chaland::network::car::CarParameters;
use chaland::network::snapshot::{SnapshotKey, read_snapshot, write_snapshot};
use chaland::network::streets::{
    Prepared, Profile, StreetGraph, StreetInputs, WalkParameters, build_bicycle, build_car, build_walk,
};
use chaland::reach::walk::WalkSearch;
use chaland::sources::osm::records::OsmRecords;
use chaland::sources::osm::{OsmOptions, OsmScope, PlaceRules, read_osm};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use osmpbf::{BlobDecode, BlobReader};
use rayon::prelude::*;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples").join(name)
}

/// The extracts to measure: the samples, and those that `CHALAND_EXTRACTS` names, separated by colons.
fn extracts() -> Vec<PathBuf> {
    let mut paths = vec![sample("dublin/dublin_city_2025-05.osm.pbf"), sample("liege/liege_streets.osm.pbf")];
    if let Some(more) = std::env::var_os("CHALAND_EXTRACTS") {
        paths.extend(std::env::split_paths(&more));
    }
    paths
}

/// Decodes all blobs in parallel with osmpbf and counts the elements: the floor for a reader built on that crate.
fn decode_and_count(path: &Path) -> usize {
    let blobs: Vec<_> = BlobReader::from_path(path).expect("the sample is there").collect();
    blobs
        .par_iter()
        .map(|blob| match blob.as_ref().expect("a blob").decode().expect("a whole blob") {
            BlobDecode::OsmData(block) => block.elements().count(),
            _ => 0,
        })
        .sum()
}

fn read(path: &Path, scope: OsmScope) -> OsmRecords {
    let options = OsmOptions { scope, ..OsmOptions::default() };
    read_osm(&[path], &options, &PlaceRules::default_rules(), &|_, _| {}).expect("an extract").0
}

fn middle(records: &OsmRecords) -> LonLat {
    records.street_node_positions[records.street_node_positions.len() / 2]
}

fn build_all(records: &OsmRecords, plane: &Plane) -> Vec<StreetGraph> {
    let (prepared, _) = Prepared::new(StreetInputs::plain(records, plane));
    let walk = || build_walk(&prepared, &WalkParameters::default()).0;
    let wheels = || {
        let bicycle = build_bicycle(&prepared, &BicycleParameters::default()).0;
        (bicycle, build_car(&prepared, &CarParameters::default()).0)
    };
    let (walk, (bicycle, car)) = rayon::join(walk, wheels);
    vec![walk, bicycle, car]
}

fn import(criterion: &mut Criterion) {
    for path in extracts() {
        keep_freed_memory();
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let mut group = criterion.benchmark_group(name);
        group.sample_size(20);
        group.throughput(Throughput::Bytes(fs::metadata(&path).expect("the extract is there").len()));
        group.bench_function("bare parallel decode (osmpbf)", |bencher| bencher.iter(|| decode_and_count(&path)));
        group.bench_function("read_osm", |bencher| bencher.iter(|| read(&path, OsmScope::Everything)));
        group.bench_function("read_osm, streets only", |bencher| bencher.iter(|| read(&path, OsmScope::Streets)));
        group.bench_function("to the walking network", |bencher| {
            bencher.iter(|| {
                let records = read(&path, OsmScope::Streets);
                let plane = Plane::centred_on(middle(&records));
                let (prepared, _) = Prepared::new(StreetInputs::plain(&records, &plane));
                build_walk(&prepared, &WalkParameters::default()).0
            });
        });
        group.bench_function("to the networks of all modes", |bencher| {
            bencher.iter(|| {
                let records = read(&path, OsmScope::Streets);
                build_all(&records, &Plane::centred_on(middle(&records)))
            });
        });
        group.finish();
    }
}

fn reload(criterion: &mut Criterion) {
    let records = read(&sample("liege/liege_streets.osm.pbf"), OsmScope::Streets);
    let plane = Plane::centred_on(middle(&records));
    let graphs = build_all(&records, &plane);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("network.snapshot");
    let key = SnapshotKey::of(&[("bench", b"liege")]);
    write_snapshot(&path, key, plane.centre(), &graphs.iter().collect::<Vec<_>>()).expect("written");
    let mut group = criterion.benchmark_group("snapshot");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(fs::metadata(&path).expect("written").len()));
    group.bench_function("to the first answer, Liege", |bencher| {
        bencher.iter(|| {
            let snapshot = read_snapshot(&path, key).expect("whole");
            let graph = &snapshot.graphs[0];
            let start = graph.nodes().nth(graph.node_count() / 2).expect("a node");
            let mut search = WalkSearch::new(graph, Profile::Adult);
            search.from_node(start, TravelTime::from_minutes(15));
            search.settled().len()
        });
    });
    group.finish();
}

criterion_group!(benches, import, reload);
criterion_main!(benches);
