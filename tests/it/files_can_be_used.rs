//! Whether the files of a study hold what they say, in the shape their standards ask for.

use std::collections::BTreeMap;
use std::fs;

use chaland::base::notice::{Notice, Notices};
use chaland::canvas::feed::Canvas;
use chaland::export::write_files;
use serde_json::Value;

use crate::sample_canvas::{sample_canvas, sample_layers};

fn written(canvas: &Canvas) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut notices = Notices::new();
    notices.push(
        Notice::warning("way_node_missing", "liege.osm.pbf", "names a node that is not there").at_element("way 7"),
    );
    let paths = write_files(&folder.path().join("new"), canvas, &sample_layers(), &notices).expect("written");
    let name = |p: &std::path::PathBuf| p.file_name().expect("a name").to_string_lossy().into_owned();
    paths.iter().map(|p| (name(p), fs::read(p).expect("read back"))).collect()
}

fn json(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Value {
    serde_json::from_slice(&files[name]).expect("JSON")
}

#[test]
fn the_feed_comes_back_as_it_was() {
    let canvas = sample_canvas();
    let files = written(&canvas);
    let back: Canvas = serde_json::from_slice(&files["canvas.json"]).expect("the feed is read back");
    assert_eq!(back, canvas);
    assert_eq!(files, written(&canvas), "the same study gives the same bytes");
}

#[test]
fn the_table_of_districts_has_a_row_each_and_a_column_per_number() {
    let canvas = sample_canvas();
    let files = written(&canvas);
    let mut reader = csv::Reader::from_reader(files["districts.csv"].as_slice());
    let header = reader.headers().expect("a header").clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a row")).collect();
    assert_eq!(rows.len(), 6);
    let column = |name: &str| header.iter().position(|h| h == name).expect("a column");
    let district = &canvas.districts[1];
    assert_eq!(&rows[1][column("code")], "62063A10");
    assert_eq!(rows[1][column("D1_friction")].parse().ok(), district.score.dimensions[0].friction);
    assert_eq!(rows[1][column("D1_coverage")].parse(), Ok(district.score.dimensions[0].coverage));
    assert_eq!(rows[1][column("detour_factor")].parse().ok(), district.score.dimensions[0].indicators[1].value);
    assert_eq!(&rows[4][column("residents")], "", "unknown is empty, not zero");
    assert_eq!(&rows[1][column("full_hours_share")], "");
    let features = json(&files, "districts.geojson");
    let properties = &features["features"][1]["properties"];
    assert_eq!(properties["D1_friction"].as_f64(), district.score.dimensions[0].friction);
    assert_eq!(features["features"][4]["properties"]["residents"], Value::Null);
}

#[test]
fn geojson_is_read_by_the_geojson_crate() {
    let files = written(&sample_canvas());
    for (name, features) in [("districts.geojson", 6), ("friction_points.geojson", 14)] {
        let text = String::from_utf8(files[name].clone()).expect("UTF-8");
        let collection: geojson::FeatureCollection = text.parse().expect("GeoJSON");
        assert_eq!(collection.features.len(), features, "{name}");
        assert!(collection.features.iter().all(|f| f.geometry.is_some()), "{name}");
    }
    let segments = json(&files, "segments.geojson");
    assert_eq!(segments["features"].as_array().map(Vec::len), Some(sample_layers().segments.len()));
    let digits = |value: &Value| value.to_string().split('.').nth(1).map_or(0, str::len);
    for position in segments["features"][0]["geometry"]["coordinates"].as_array().expect("a line") {
        assert!(digits(&position[0]) <= 7 && digits(&position[1]) <= 7, "{position}");
    }
}

#[cfg(feature = "tables")]
#[test]
fn parquet_holds_the_same_table() {
    let files = written(&sample_canvas());
    let bytes = &files["districts.parquet"];
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a-file");
    fs::write(&file, "").expect("written");
    let error =
        write_files(&file, &sample_canvas(), &sample_layers(), &Notices::new()).expect_err("a file is no folder");
    assert!(error.to_string().contains("a-file: cannot be written"), "{error}");
}
