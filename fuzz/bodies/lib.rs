//! What is done with the bytes of a fuzzer: each target reads them as one kind of input, and asks of the answer what
//! must hold for any bytes.
//!
//! The fuzz targets and the test `fuzz_seeds` share this code, so that every seed is run wherever tests are run.

mod answers;
mod counts;
mod elevation;
mod gtfs;
mod hours;
mod osm;
mod pairs;
mod parking;
mod people;
mod points;
pub mod snapshot;
mod split;
pub mod vector;

/// Reads bytes as one kind of input.
type Target = fn(&[u8]);

/// Every target: its name, which is also that of its folder of seeds, and what it does.
pub const TARGETS: &[(&str, Target)] = &[
    ("counts", counts::tables),
    ("flatgeobuf", vector::flatgeobuf),
    ("geojson", vector::geojson),
    ("geopackage", vector::geopackage),
    ("geoparquet", vector::geoparquet),
    ("geotiff", elevation::geotiff),
    ("gtfs_tables", gtfs::tables),
    ("gtfs_zip", gtfs::zip),
    ("hours", hours::texts),
    ("osm_blocks", osm::blocks),
    ("osm_pbf", osm::pbf),
    ("osm_tags", osm::tags),
    ("pairs", pairs::tables),
    ("parking", parking::lots),
    ("points", points::points),
    ("population", people::tables),
    ("shapefile", vector::shapefile),
    ("snapshot", snapshot::forged),
];

/// Runs the target of a name; panics where the answer is not what it must be.
pub fn run(target: &str, bytes: &[u8]) {
    let (_, body) = TARGETS.iter().find(|(name, _)| *name == target).expect("a target of this name");
    body(bytes);
}
