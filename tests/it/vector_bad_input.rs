//! What do the readers of Shapefile, FlatGeobuf, GeoParquet and GeoPackage say of damaged and hostile files?

use std::fs;
use std::path::{Path, PathBuf};

use chaland::base::notice::Notices;
use chaland::sources::districts::{DistrictOptions, read_districts};
use chaland::sources::features::{Feature, FeatureOptions, FeaturesError, read_features};

use super::tables_bad_input::assert_told;
use super::vector_formats::{bytes_of, shapefile_as};

/// Reads bytes under a name.
fn read(name: &str, bytes: &[u8]) -> (Result<Vec<Feature>, FeaturesError>, Notices) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("written");
    read_path(&path)
}

fn read_path(path: &Path) -> (Result<Vec<Feature>, FeaturesError>, Notices) {
    let mut notices = Notices::new();
    (read_features(path, &FeatureOptions::default(), &mut notices), notices)
}

/// Reads a Shapefile of which some parts are others than in the sample.
fn read_shapefile(changed: &[(&str, Option<Vec<u8>>)]) -> (Result<Vec<Feature>, FeaturesError>, Notices) {
    let folder =
        shapefile_as(&[("shp", "d.shp"), ("shx", "d.shx"), ("dbf", "d.dbf"), ("cpg", "d.cpg"), ("prj", "d.prj")]);
    for (ending, bytes) in changed {
        let path = folder.path().join(format!("d.{ending}"));
        match bytes {
            Some(bytes) => fs::write(path, bytes).expect("written"),
            None => fs::remove_file(path).expect("removed"),
        }
    }
    read_path(&folder.path().join("d.shp"))
}

/// The null shape of the sample is told in every one of them, beside the code that is asked for.
fn assert_told_beside_the_null_shape(code: &str, changed: &[(&str, Option<Vec<u8>>)]) {
    let (found, notices) = read_shapefile(changed);
    assert!(found.is_ok(), "{code}: {found:?}");
    let codes: Vec<&str> = notices.counts().keys().copied().filter(|&c| c != "geometry_empty").collect();
    assert_eq!(codes, [code], "{:?}", notices.kept());
}

#[test]
fn shapefiles_one_defect_each() {
    let (shp, shx, dbf) = (bytes_of("districts.shp"), bytes_of("districts.shx"), bytes_of("districts.dbf"));
    let with = |bytes: &[u8], at: usize, new: &[u8]| {
        let mut changed = bytes.to_vec();
        changed[at..at + new.len()].copy_from_slice(new);
        Some(changed)
    };
    assert_told_beside_the_null_shape("shapefile_without_table", &[("dbf", None)]);
    assert_told_beside_the_null_shape("shapefile_without_table", &[("dbf", Some(dbf[..40].to_vec()))]);
    assert_told_beside_the_null_shape("shapefile_rows_differ", &[("dbf", with(&dbf, 4, &[2]))]);
    assert_told_beside_the_null_shape("shapefile_index_unusable", &[("shx", with(&shx, 100, &[0x7f]))]);
    assert_told_beside_the_null_shape("shapefile_index_unusable", &[("shx", Some(shx[..110].to_vec()))]);
    let (_, notices) = read_shapefile(&[("prj", Some(b"LOCAL_CS[\"here\"]".to_vec()))]);
    assert_eq!((notices.count("crs_not_understood"), notices.count("crs_guessed")), (1, 1), "{:?}", notices.kept());
    let header = usize::from(u16::from_le_bytes([dbf[8], dbf[9]]));
    assert_told_beside_the_null_shape("feature_deleted", &[("dbf", with(&dbf, header, b"*"))]);
    let cut = shp[..shp.len() - 20].to_vec();
    let (found, notices) = read_shapefile(&[("shp", Some(cut)), ("shx", None)]);
    assert_eq!((found.expect("the first one").len(), notices.count("file_cut_off")), (1, 1), "{:?}", notices.kept());
}

/// A polygon record whose rings are given; the sample's header before it.
fn shp_of(rings: &[&[(f64, f64)]]) -> Vec<u8> {
    let points: Vec<(f64, f64)> = rings.iter().flat_map(|ring| ring.iter().copied()).collect();
    let mut content = 5_i32.to_le_bytes().to_vec();
    content.extend([0; 32]);
    content.extend((rings.len() as u32).to_le_bytes());
    content.extend((points.len() as u32).to_le_bytes());
    let mut start = 0_u32;
    for ring in rings {
        content.extend(start.to_le_bytes());
        start += ring.len() as u32;
    }
    content.extend(points.iter().flat_map(|(x, y)| [x.to_le_bytes(), y.to_le_bytes()].concat()));
    let mut shp = bytes_of("districts.shp")[..100].to_vec();
    shp.extend(1_u32.to_be_bytes());
    shp.extend((content.len() as u32 / 2).to_be_bytes());
    shp.extend(content);
    shp
}

/// A file of one shape alone is told to be without a table; the shape may be told to have something else.
fn told_of_shape(rings: &[&[(f64, f64)]]) -> (usize, Vec<&'static str>) {
    let (found, notices) = read("d.shp", &shp_of(rings));
    assert!(notices.tallies().values().all(|tally| tally.balances()));
    let codes = notices.counts().keys().copied().filter(|&code| code != "shapefile_without_table").collect();
    (found.expect("readable").len(), codes)
}

#[test]
fn shapes_one_defect_each() {
    // The outer ring runs clockwise in a Shapefile.
    let outer = [(5.5, 50.6), (5.5, 50.7), (5.6, 50.7), (5.6, 50.6), (5.5, 50.6)];
    let mut reversed = outer;
    reversed.reverse();
    let hole = [(5.52, 50.62), (5.52, 50.64), (5.54, 50.64), (5.54, 50.62), (5.52, 50.62)];
    let nan = [(5.5, 50.6), (f64::NAN, 50.7), (5.6, 50.7), (5.5, 50.6)];
    assert_eq!(told_of_shape(&[&outer]), (1, vec![]));
    assert_eq!(told_of_shape(&[&reversed, &hole]), (1, vec!["ring_direction"]));
    assert_eq!(told_of_shape(&[&outer[..4]]), (1, vec!["ring_unclosed"]));
    assert_eq!(told_of_shape(&[&outer[..1]]), (1, vec![]), "a ring of one point is left to whoever needs an area");
    assert_eq!(told_of_shape(&[&nan]), (0, vec!["coordinate_not_finite"]));
    assert_eq!(told_of_shape(&[]), (0, vec!["geometry_empty"]));
    let mut shp = shp_of(&[&outer]);
    for (at, number, problem) in [
        (144, i32::MAX, "shape declares 2147483647 parts or points and has 84 bytes left"),
        (144, -1, "shape declares -1 parts or points and has 84 bytes left"),
        (148, i32::MAX, "shape declares 2147483647 parts or points and has 80 bytes left"),
        (148, i32::MIN, "shape declares -2147483648 parts or points and has 80 bytes left"),
        (152, 6, "shape has a part from point 6 to 5 of 5"),
        (152, -1, "shape has a part that starts before its points"),
        (108, 31, "shape is a MultiPatch, a surface in space"),
        (108, 99, "shape is of the unknown kind 99"),
    ] {
        let kept = shp[at..at + 4].to_vec();
        shp[at..at + 4].copy_from_slice(&number.to_le_bytes());
        let (found, notices) = read("d.shp", &shp);
        assert_eq!(found.expect("readable").len(), 0);
        let told = notices.kept().iter().find(|notice| notice.code == "geometry_unreadable").expect("told");
        assert_eq!(told.problem, problem);
        shp[at..at + 4].copy_from_slice(&kept);
    }
}

#[test]
fn an_index_that_lists_one_shape_without_end_is_not_used() {
    let shx = bytes_of("districts.shx");
    let mut long = shx[..100].to_vec();
    (0..100_000).for_each(|_| long.extend_from_slice(&shx[100..108]));
    let (found, notices) = read_shapefile(&[("shx", Some(long))]);
    assert_eq!((found.expect("readable").len(), notices.count("shapefile_index_unusable")), (2, 1));
}

#[test]
fn a_table_that_declares_two_billion_rows_has_those_that_are_there() {
    let mut dbf = bytes_of("districts.dbf");
    dbf[4..8].copy_from_slice(&i32::MAX.to_le_bytes());
    let (found, notices) = read_shapefile(&[("dbf", Some(dbf))]);
    assert_eq!(found.expect("readable")[1].property(&["code"]), Some("062063B"));
    assert_eq!(notices.counts().len(), 1, "the null shape: {:?}", notices.kept());
}

#[test]
fn flatgeobuf_one_defect_each() {
    let bytes = bytes_of("districts_streamed.fgb");
    let (found, notices) = read("d.fgb", &bytes[..bytes.len() - 300]);
    assert!(found.expect("some are left").len() < 3);
    assert_eq!(notices.count("file_cut_off"), 1, "{:?}", notices.kept());
    // The number of a column of the first feature, before its text, becomes one that does not exist.
    let at = bytes.windows(7).position(|part| part == b"062063A").expect("the code") - 6;
    let mut changed = bytes.clone();
    changed[at] = 99;
    let (found, notices) = read("d.fgb", &changed);
    assert_eq!(
        (found.expect("readable").len(), notices.count("properties_unreadable")),
        (2, 1),
        "{:?}",
        notices.kept()
    );
    for (bytes, reason) in [
        (&b"fgb\x03fgb\x00"[..], "it ends inside its header"),
        (&b"fgb\x02fgb\x00\x00\x00\x00\x00"[..], "it is not of version 3"),
        (&b"fgb\x03fgb\x00\xff\xff\xff\xff"[..], "it ends inside its header"),
        (&b"fgb\x03fgb\x00\x04\x00\x00\x00\xff\xff\xff\x7f"[..], "in its header an offset points outside"),
    ] {
        let error = read("d.fgb", bytes).0.expect_err("damaged").to_string();
        assert_eq!(error, format!("d.fgb: is not a usable FlatGeobuf file: {reason}"));
    }
}

#[test]
fn geoparquet_one_defect_each() {
    let of = |bytes: &[u8]| read("d.parquet", bytes).0.expect_err("refused").to_string();
    let brotli = of(&bytes_of("districts_brotli.parquet"));
    assert!(brotli.ends_with("it is packed with Brotli; save it with Snappy, Zstandard or gzip"), "{brotli}");
    let whole = bytes_of("districts_snappy.parquet");
    let cut = of(&whole[..whole.len() - 9]);
    assert_eq!(
        cut,
        "d.parquet: is not a usable GeoParquet file: it does not end with PAR1; it is cut off, or encrypted"
    );
    let text = |from: &str, to: &str| {
        let mut changed = whole.clone();
        let at = changed.windows(from.len()).rposition(|part| part == from.as_bytes()).expect("there");
        changed[at..at + from.len()].copy_from_slice(to.as_bytes());
        of(&changed)
    };
    let plain = text("\u{3}geo\u{18}", "\u{3}gee\u{18}");
    assert_eq!(plain, "d.parquet: is a Parquet table without a description of geometry (key geo); expected GeoParquet");
    let encoding = text("\"encoding\":\"WKB\"", "\"encoding\":\"XXX\"");
    assert!(encoding.contains("its geometry is encoded as XXX, which is not read; save it as WKB"), "{encoding}");
    let column = text("\"primary_column\":\"geometry\"", "\"primary_column\":\"geometri\"");
    assert!(column.contains("does not describe its column of geometry geometri"), "{column}");
    // A system that is not known: its id and its name, of the same length as before.
    let mut changed = whole.clone();
    for (from, to) in [("\"code\":31370", "\"kode\":31370"), ("BD72 / Belgian Lambert 72", "BD72 / Martian Lambert 72")]
    {
        let at = changed.windows(from.len()).rposition(|part| part == from.as_bytes()).expect("there");
        changed[at..at + from.len()].copy_from_slice(to.as_bytes());
    }
    let (found, notices) = read("d.parquet", &changed);
    assert!(found.is_ok() && notices.count("crs_not_understood") == 1, "{found:?} {:?}", notices.kept());
}

/// 700 000 rows of nothing lie in 4 kB, and would take 170 MB.
#[test]
fn few_bytes_that_stand_for_many_rows_are_refused() {
    let bytes = bytes_of("many_rows.parquet");
    assert!(bytes.len() < 5_000);
    let found = read("d.parquet", &bytes).0;
    assert!(matches!(found, Err(FeaturesError::TooLarge { limit_mb: 32, .. })), "{found:?}");
}

const SAMPLES: [&str; 7] = [
    "districts.fgb",
    "districts_streamed.fgb",
    "districts_snappy.parquet",
    "districts_zstd.parquet",
    "districts_gzip.parquet",
    "points.parquet",
    "points.fgb",
];

/// Either it is read, and all features are accounted for, or it is refused by name.
fn assert_told_or_refused(name: &str, (found, notices): (Result<Vec<Feature>, FeaturesError>, Notices)) {
    match found {
        // The caller tallies what it is given.
        Ok(features) => assert!(features.len() < 100_000),
        Err(error) => assert!(error.to_string().starts_with(&format!("{name}: ")), "{error}"),
    }
    assert!(notices.tallies().values().all(|tally| tally.balances()));
}

/// Reads each of these samples, and each part of the Shapefile, in every way that it is damaged in.
fn assert_damaged_are_told(damages: impl Fn(&[u8]) -> Vec<Vec<u8>>) {
    let folder =
        shapefile_as(&[("shp", "d.shp"), ("shx", "d.shx"), ("dbf", "d.dbf"), ("cpg", "d.cpg"), ("prj", "d.prj")]);
    let file = |ending: &str| folder.path().join(format!("d.{ending}"));
    for sample in SAMPLES {
        for damaged in damages(&bytes_of(sample)) {
            fs::write(file("x"), damaged).expect("written");
            assert_told_or_refused("d.x", read_path(&file("x")));
        }
    }
    for ending in ["shp", "shx", "dbf", "prj"] {
        let whole = bytes_of(&format!("districts.{ending}"));
        for damaged in damages(&whole) {
            fs::write(file(ending), damaged).expect("written");
            assert_told_or_refused("d.shp", read_path(&file("shp")));
        }
        fs::write(file(ending), whole).expect("written");
    }
}

#[test]
fn files_cut_anywhere_are_told() {
    assert_damaged_are_told(|whole| (0..whole.len()).step_by(3).map(|length| whole[..length].to_vec()).collect());
}

/// Each byte in one of five ways, by turns: all ways for each byte take a minute, and found no more.
#[test]
fn files_with_any_byte_changed_are_told() {
    let ways = [|_| 0, |_| 0x7f, |_| 0xff, |byte: u8| byte ^ 1, |byte: u8| byte ^ 0x80];
    assert_damaged_are_told(|whole| {
        let changed = |at: usize| {
            let mut bytes = whole.to_vec();
            bytes[at] = ways[at % ways.len()](bytes[at]);
            bytes
        };
        (0..whole.len()).map(changed).collect()
    });
}

#[test]
fn a_zip_that_is_cut_or_packed_too_densely_is_refused() {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("d.shp", zip::write::SimpleFileOptions::default()).expect("begun");
    let mut shp = bytes_of("districts.shp");
    shp.resize(8 << 20, 0);
    writer.write_all(&shp).expect("written");
    let bytes = writer.finish().expect("closed").into_inner();
    assert!(bytes.len() < 10_000, "a thousandth");
    let error = read("d.zip", &bytes).0.expect_err("too dense").to_string();
    assert!(error.starts_with("d.zip: is not a usable zip file: a part of it unpacks to more than "), "{error}");
    for length in (4..bytes.len()).step_by(97) {
        assert_told_or_refused("d.zip", read("d.zip", &bytes[..length]));
    }
}

/// A GeoPackage with these layers (name, kind of geometry) and rows of a layer and a blob.
fn geopackage(layers: &[(&str, &str)], rows: &[(&str, &[u8])]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("d.gpkg");
    let database = rusqlite::Connection::open(&path).expect("made");
    let mut sql = String::from(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER);
         INSERT INTO gpkg_spatial_ref_sys VALUES (4326, 'EPSG', 4326);
         CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER);
         CREATE TABLE plain (name TEXT);",
    );
    for (name, kind) in layers {
        sql.push_str(&format!("INSERT INTO gpkg_geometry_columns VALUES ('{name}', 'geom', '{kind}', 4326);"));
        sql.push_str(&format!("CREATE TABLE {name} (fid INTEGER PRIMARY KEY, geom BLOB);"));
    }
    database.execute_batch(&sql).expect("run");
    for (layer, blob) in rows {
        database.execute(&format!("INSERT INTO {layer} (geom) VALUES (?1)"), [blob]).expect("a row");
    }
    (folder, path)
}

/// A square with heights and measures after a header with an envelope of this many numbers.
fn square_blob(envelope: u8, numbers: usize) -> Vec<u8> {
    let mut blob = vec![b'G', b'P', 0, 1 | envelope << 1, 0xe6, 0x10, 0, 0];
    blob.extend(std::iter::repeat_n(1.0_f64.to_le_bytes(), numbers).flatten());
    blob.extend([1]);
    blob.extend(3003_u32.to_le_bytes());
    blob.extend(1_u32.to_le_bytes());
    blob.extend(5_u32.to_le_bytes());
    for (x, y) in [(5.5, 50.6), (5.6, 50.6), (5.6, 50.7), (5.5, 50.7), (5.5, 50.6)] {
        blob.extend([x, y, 60.0_f64, 7.0].iter().flat_map(|number| number.to_le_bytes()));
    }
    blob
}

#[test]
fn geopackage_headers_of_every_length_are_read_and_empty_ones_told() {
    let envelopes = [(0, 0), (1, 4), (2, 6), (3, 6), (4, 8)].map(|(code, numbers)| square_blob(code, numbers));
    let mut rows: Vec<(&str, &[u8])> = envelopes.iter().map(|blob| ("a", blob.as_slice())).collect();
    rows.push(("a", b"GP\x00\x11\xe6\x10\x00\x00"));
    let (_folder, path) = geopackage(&[("a", "POLYGON")], &rows);
    let mut notices = Notices::new();
    let found = read_features(&path, &FeatureOptions::default(), &mut notices).expect("features");
    assert_eq!((found.len(), notices.count("geometry_empty"), notices.counts().len()), (5, 1, 1));
}

#[test]
fn the_layer_with_the_most_polygons_is_read_unless_one_is_named() {
    let square = square_blob(0, 0);
    let rows: Vec<(&str, &[u8])> =
        ["points", "points", "points", "few", "many", "many"].map(|l| (l, &square[..])).to_vec();
    let (_folder, path) = geopackage(&[("points", "POINT"), ("few", "POLYGON"), ("many", "MULTIPOLYGON")], &rows);
    let read = |layer: Option<&str>| {
        let features = FeatureOptions { layer: layer.map(str::to_owned), ..FeatureOptions::default() };
        read_districts(&path, &DistrictOptions { features, ..DistrictOptions::default() })
    };
    let (districts, notices) = read(None).expect("districts");
    assert_eq!(districts.len(), 2);
    let told = notices.kept().iter().find(|notice| notice.code == "several_layers").expect("told");
    assert_eq!(
        (told.problem.as_str(), told.action.as_str()),
        ("has 3 layers: points, few, many", "layer many is read")
    );
    assert_eq!(read(Some("few")).expect("districts").0.len(), 1);
    let missing = read(Some("plain")).expect_err("a table without geometry").to_string();
    assert_eq!(missing, r#"d.gpkg: has no layer "plain" with geometry; it has: points, few, many"#);
}

#[test]
fn geopackage_geometries_cut_anywhere_are_told() {
    let square = square_blob(1, 4);
    let cut: Vec<&[u8]> = (0..square.len()).map(|length| &square[..length]).collect();
    let rows: Vec<(&str, &[u8])> = cut.iter().map(|blob| ("a", *blob)).collect();
    let (_folder, path) = geopackage(&[("a", "POLYGON")], &rows);
    let mut notices = Notices::new();
    let found = read_features(&path, &FeatureOptions::default(), &mut notices).expect("features");
    assert!(found.is_empty());
    assert_told("geometry_unreadable", square.len() as u64, &notices);
}

/// Counts beyond the bytes, coordinates that are no numbers, collections in collections without end: each is told, and
/// the sound square beside them is read.
#[test]
fn hostile_geometries_of_a_geopackage_are_told_and_the_rest_is_read() {
    let square = square_blob(0, 0);
    let with = |at: usize, new: &[u8]| [&square[..at], new, &square[at + new.len()..]].concat();
    let collection_of = |inside: Vec<u8>| [&[1, 7, 0, 0, 0, 1, 0, 0, 0], &inside[..]].concat();
    let nested = (0..1000).fold(square[8..].to_vec(), |inside, _| collection_of(inside));
    let hostile = [
        with(13, &u32::MAX.to_le_bytes()),
        with(17, &u32::MAX.to_le_bytes()),
        with(21, &f64::NAN.to_le_bytes()),
        [&square[..8], &nested[..]].concat(),
        square.clone(),
    ];
    let rows: Vec<(&str, &[u8])> = hostile.iter().map(|blob| ("a", blob.as_slice())).collect();
    let (_folder, path) = geopackage(&[("a", "POLYGON")], &rows);
    let (found, notices) = read_path(&path);
    assert_eq!(found.expect("features").len(), 1, "the square");
    assert!(notices.tallies().values().all(|tally| tally.balances()));
    let told: Vec<String> = notices.kept().iter().map(|notice| notice.to_string()).collect();
    assert_eq!(told.len(), 4, "{told:?}");
    let expected = [
        "geometry declares 4294967295 parts and has 164 bytes left",
        "geometry declares 4294967295 parts and has 160 bytes left",
        "is not a position",
        "geometries are nested more than 8 deep",
    ];
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.contains(expected), "{told}");
    }
}
