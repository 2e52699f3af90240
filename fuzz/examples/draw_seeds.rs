//! Draws the seeds that are no texts: `cargo run --example draw_seeds` in the folder `fuzz`.

use std::io::{Cursor, Write};
use std::path::Path;

use chaland::base::projection::LonLat;
use chaland::network::bicycle::BicycleParameters;
use chaland::network::snapshot::write_snapshot;
use chaland::network::streets::{Prepared, StreetInputs, WalkParameters, build_bicycle, build_walk};
use chaland::sources::osm::records::StreetClass;
use chaland::testing::geotiff::GeoTiff;
use chaland::testing::pbf::{Extract, MemberKind};
use chaland::testing::street_sketch::StreetSketch;
use chaland_fuzz::snapshot::key;
use chaland_fuzz::vector::with_geometries;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn main() {
    osm();
    gtfs_zip();
    shapefile_zip();
    geopackage();
    geotiff();
    snapshot();
}

fn write(target: &str, name: &str, bytes: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    std::fs::create_dir_all(&folder).expect("a folder of seeds");
    std::fs::write(folder.join(name), bytes).expect("a seed");
}

fn at(east_m: f64, north_m: f64) -> LonLat {
    LonLat { lon: 5.57 + east_m / 70_737.0, lat: 50.64 + north_m / 111_241.0 }
}

/// A crossing of two streets, a car park and a square with a hole.
fn corner() -> Extract {
    let mut extract = Extract::new();
    extract.replication_timestamp(1_700_000_000);
    extract.node(1, at(-100.0, 0.0), &[]).node(3, at(100.0, 0.0), &[("shop", "bakery"), ("name", "Au Pain")]);
    extract.node(2, at(0.0, 0.0), &[("highway", "crossing"), ("crossing", "marked")]);
    extract.node(4, at(0.0, -100.0), &[("highway", "bus_stop")]).node(5, at(0.0, 100.0), &[]);
    extract.way(10, &[1, 2, 3], &[("highway", "residential"), ("name", "Rue de l'Est"), ("parking:both", "lane")]);
    extract.way(11, &[4, 2, 5], &[("highway", "footway")]);
    for (first, way, low, high, tags) in [
        (20, 12, 10.0, 60.0, [("amenity", "parking"), ("capacity", "12")].as_slice()),
        (30, 13, -90.0, -10.0, &[]),
        (40, 14, -60.0, -40.0, &[]),
    ] {
        for (id, (x, y)) in (first..).zip([(low, low), (high, low), (high, high), (low, high)]) {
            extract.node(id, at(x, y), &[]);
        }
        extract.way(way, &[first, first + 1, first + 2, first + 3, first], tags);
    }
    let square = [("type", "multipolygon"), ("highway", "pedestrian"), ("area", "yes")];
    extract.relation(50, &[(MemberKind::Way, 13, "outer"), (MemberKind::Way, 14, "inner")], &square);
    let members = [(MemberKind::Way, 10, "from"), (MemberKind::Node, 2, "via"), (MemberKind::Way, 11, "to")];
    extract.relation(51, &members, &[("type", "restriction"), ("restriction", "no_left_turn")]);
    extract
}

fn osm() {
    let file = corner().to_bytes();
    write("osm_pbf", "corner", &file);
    write("osm_pbf", "cut", &file[..file.len() - 40]);
    write("osm_pbf", "unsorted", &corner().unsorted().to_bytes());
    // A header that declares a blob of 2 GB, and one of -1 bytes.
    write("osm_pbf", "declares_2_gb", &header_of(&[0xff, 0xff, 0xff, 0xff, 0x07]));
    write(
        "osm_pbf",
        "declares_less_than_nothing",
        &header_of(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]),
    );
    let contents = contents_of(&file);
    for (name, how) in [("corner", 0), ("corner_zlib", 1), ("zlib_one_less", 3), ("zlib_a_million_times_more", 5)] {
        let mut bytes = vec![0];
        for (number, content) in contents.iter().enumerate() {
            bytes.push(if number == 0 { how & 1 | 8 } else { how });
            bytes.extend((content.len() as u16).to_le_bytes());
            bytes.extend(*content);
        }
        write("osm_blocks", name, &bytes);
    }
}

fn header_of(size: &[u8]) -> Vec<u8> {
    let header = [b"\x0a\x09OSMHeader\x18", size].concat();
    [&(header.len() as u32).to_be_bytes()[..], &header].concat()
}

/// What the blobs of a drawn file hold: length and header, then key and length of the one field of the blob.
fn contents_of(mut file: &[u8]) -> Vec<&[u8]> {
    let mut contents = Vec::new();
    while let Some((length, rest)) = file.split_first_chunk::<4>() {
        let (header, rest) = rest.split_at(u32::from_be_bytes(*length) as usize);
        let size_key = header.iter().rposition(|&byte| byte == 0x18).expect("a size");
        let (blob, rest) = rest.split_at(varint(&header[size_key + 1..]).0);
        let (length, taken) = varint(&blob[1..]);
        contents.push(&blob[1 + taken..1 + taken + length]);
        file = rest;
    }
    contents
}

fn varint(bytes: &[u8]) -> (usize, usize) {
    let taken = bytes.iter().position(|byte| byte & 0x80 == 0).expect("an end") + 1;
    (bytes[..taken].iter().rev().fold(0, |value, byte| value << 7 | usize::from(byte & 0x7f)), taken)
}

fn zip_of(entries: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in entries {
        writer.start_file(*name, options).expect("an entry");
        writer.write_all(bytes).expect("written");
    }
    writer.finish().expect("closed").into_inner()
}

fn gtfs_zip() {
    let whole = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/gtfs_tables/whole")).expect("a seed");
    let names =
        ["agency", "stops", "routes", "trips", "calendar", "calendar_dates", "stop_times", "frequencies", "transfers"];
    let tables: Vec<(String, &[u8])> = whole
        .split(|&byte| byte == 0x1e)
        .map(|table| (format!("{}.txt", names[usize::from(table[0] - b'0')]), &table[1..]))
        .collect();
    let entries: Vec<(&str, &[u8])> = tables.iter().map(|(name, table)| (name.as_str(), *table)).collect();
    write("gtfs_zip", "stored", &zip_of(&entries, CompressionMethod::Stored));
    write("gtfs_zip", "deflated", &zip_of(&entries, CompressionMethod::Deflated));
    let inside: Vec<(String, &[u8])> = tables.iter().map(|(name, table)| (format!("feed/{name}"), *table)).collect();
    let inside: Vec<(&str, &[u8])> = inside.iter().map(|(name, table)| (name.as_str(), *table)).collect();
    write("gtfs_zip", "in_a_folder", &zip_of(&inside, CompressionMethod::Stored));
    write("gtfs_zip", "outside", &zip_of(&[("../../stops.txt", entries[1].1)], CompressionMethod::Stored));
    let bomb = vec![b'\n'; 4_000_000];
    let with_bomb: Vec<(&str, &[u8])> = entries
        .iter()
        .map(|&(name, table)| (name, if name == "stops.txt" { bomb.as_slice() } else { table }))
        .collect();
    write("gtfs_zip", "bomb", &zip_of(&with_bomb, CompressionMethod::Deflated));
}

fn shapefile_zip() {
    let sample = |name: &str| {
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vector").join(name)).expect("a sample")
    };
    let parts = ["districts.shp", "districts.shx", "districts.dbf", "districts.prj", "districts.cpg"];
    let parts = parts.map(|name| (name, sample(name)));
    let entries: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    write("shapefile", "zip", &zip_of(&entries, CompressionMethod::Stored));
}

/// The header of a geometry in a GeoPackage, and its well-known binary.
fn blob_of(kind: u32, count: u32, rest: &[u8]) -> Vec<u8> {
    [b"GP\x00\x01\xe6\x10\x00\x00", &well_known(kind, count, rest)[..]].concat()
}

fn well_known(kind: u32, count: u32, rest: &[u8]) -> Vec<u8> {
    [&[1], &kind.to_le_bytes()[..], &count.to_le_bytes(), rest].concat()
}

fn ring(points: &[(f64, f64)]) -> Vec<u8> {
    let numbers = points.iter().flat_map(|(x, y)| [x.to_le_bytes(), y.to_le_bytes()].concat());
    (points.len() as u32).to_le_bytes().into_iter().chain(numbers).collect()
}

fn geopackage() {
    let square = [(5.5, 50.6), (5.6, 50.6), (5.6, 50.7), (5.5, 50.7), (5.5, 50.6)];
    let hole = [(5.52, 50.62), (5.54, 50.62), (5.54, 50.64), (5.52, 50.62)];
    let polygon = [ring(&square), ring(&hole)].concat();
    write("geopackage", "polygon", &blob_of(3, 2, &polygon));
    write("geopackage", "multipolygon", &blob_of(6, 1, &well_known(3, 2, &polygon)));
    let several = [blob_of(3, 2, &polygon), vec![0x1e], blob_of(2, 5, &ring(&square)[4..])].concat();
    write("geopackage", "several", &several);
    let nan = [(5.5, 50.6), (f64::NAN, 50.6), (5.6, f64::INFINITY), (5.5, 50.6)];
    write("geopackage", "not_a_number", &blob_of(3, 1, &ring(&nan)));
    write(
        "geopackage",
        "two_billion_points",
        &blob_of(3, 1, &[&(1_u32 << 31).to_le_bytes(), &ring(&square)[4..]].concat()),
    );
    write("geopackage", "four_billion_rings", &blob_of(3, u32::MAX, &ring(&square)));
    let nested = (0..100).fold(well_known(3, 2, &polygon), |inside, _| well_known(7, 1, &inside));
    write("geopackage", "nested", &[b"GP\x00\x01\xe6\x10\x00\x00", &nested[..]].concat());
    write("geopackage", "empty", b"GP\x00\x11\xe6\x10\x00\x00");
    write("geopackage", "file", &with_geometries(&[&blob_of(3, 2, &polygon)]).expect("drawn"));
}

fn geotiff() {
    let small = || {
        GeoTiff::new(4, &[10.0_f32, 11.0, 12.0, 13.0, 10.0, 11.0, 12.0, 13.0]).at(5.56, 50.65, 0.001).in_degrees(4326)
    };
    write("geotiff", "degrees", &small().to_bytes());
    write("geotiff", "tiles", &small().in_tiles_of(16).to_bytes());
    write("geotiff", "without_data", &small().without_data("13").to_bytes());
    let whole = GeoTiff::new(3, &[100_i16, 101, 102, -9999, 101, 102]).at(235_000.0, 148_000.0, 10.0).in_metres(31_370);
    write("geotiff", "metres", &whole.to_bytes());
    let declares = |side: u32| small().longs(256, &[side]).longs(257, &[side]);
    write("geotiff", "two_billion_cells_wide", &declares(0x8000_0000).to_bytes());
    write(
        "geotiff",
        "one_strip_of_8000",
        &declares(8000).longs(278, &[8000]).longs(273, &[8]).longs(279, &[24]).to_bytes(),
    );
}

fn snapshot() {
    let mut sketch = StreetSketch::new();
    sketch.named_way(&[(0, 0), (100, 0), (200, 0)], StreetClass::Residential, "Rue");
    sketch.way(&[(100, 0), (100, 100)], StreetClass::Steps);
    let (records, plane) = (sketch.records(), StreetSketch::plane());
    let (prepared, _) = Prepared::new(StreetInputs::plain(&records, &plane));
    let walk = build_walk(&prepared, &WalkParameters::default()).0;
    let bicycle = build_bicycle(&prepared, &BicycleParameters::default()).0;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("network.snapshot");
    for (name, graphs) in [("walk", vec![&walk]), ("walk_and_bicycle", vec![&walk, &bicycle]), ("empty", vec![])] {
        write_snapshot(&path, key(), LonLat { lon: -30.0, lat: 45.0 }, &graphs).expect("written");
        let bytes = std::fs::read(&path).expect("the file is there");
        write("snapshot", name, &bytes[..bytes.len() - 32]);
    }
}
