//! How long reading an extract takes, against the bare cost of decoding the same bytes.

use std::fs;
use std::path::{Path, PathBuf};

use chaland::sources::osm::{OsmOptions, PlaceRules, read_osm};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use osmpbf::{BlobDecode, BlobReader};
use rayon::prelude::*;

fn dublin() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/dublin/dublin_city_2025-05.osm.pbf")
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

fn import(criterion: &mut Criterion) {
    let path = dublin();
    let rules = PlaceRules::default_rules();
    let mut group = criterion.benchmark_group("import");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(fs::metadata(&path).expect("the sample is there").len()));
    group.bench_function("bare parallel decode (osmpbf)", |bencher| bencher.iter(|| decode_and_count(&path)));
    group.bench_function("read_osm", |bencher| {
        bencher.iter(|| read_osm(&[&path], &OsmOptions::default(), &rules, &|_, _| {}).expect("Dublin can be read"));
    });
    group.finish();
}

criterion_group!(benches, import);
criterion_main!(benches);
