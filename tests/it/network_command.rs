//! `chaland network`: what it tells, writes and keeps.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use chaland::base::notice::Notices;
use chaland::sources::features::{FeatureOptions, read_features};
use serde_json::Value;

/// A copy of the drawn town's streets, so that the snapshot does not lie among the samples.
fn study() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/bourg");
    for entry in fs::read_dir(sample).expect("the sample") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_owned();
        if path.is_file() {
            fs::copy(&path, folder.path().join(name)).expect("copied");
        }
    }
    folder
}

fn network(folder: &Path, arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_chaland"))
        .arg("network")
        .arg(folder)
        .args(["--format", "json"])
        .args(arguments)
        .assert()
        .success();
    serde_json::from_slice(&output.get_output().stdout).expect("JSON on stdout")
}

fn tells(told: &Value, code: &str) -> bool {
    told["notices"].to_string().contains(&format!("\"{code}\""))
}

#[test]
fn a_second_run_comes_from_the_snapshot_and_tells_the_same() {
    let folder = study();
    let first = network(folder.path(), &[]);
    assert_eq!(first["reloaded"], false);
    let second = network(folder.path(), &[]);
    assert_eq!(second["reloaded"], true);
    assert_eq!(first["networks"], second["networks"]);
    let walk = &first["networks"][0];
    let bytes = first["bytes_per_arc"][0].as_f64().expect("bytes");
    assert!((60.0..100.0).contains(&bytes) && first["bytes_per_arc"] == second["bytes_per_arc"], "{bytes}");
    assert_eq!(walk["mode"], "walk");
    assert!(walk["length_m"].as_f64().is_some_and(|length| length > 10_000.0), "{walk}");
    assert!(walk["crossings"].as_u64().is_some_and(|crossings| crossings > 0), "{walk}");
    assert_eq!(network(folder.path(), &["--rebuild"])["reloaded"], false);
}

#[test]
fn a_damaged_snapshot_and_changed_inputs_are_told_and_built_anew() {
    let folder = study();
    let first = network(folder.path(), &[]);
    let snapshot = folder.path().join(".chaland/network.snapshot");
    let mut bytes = fs::read(&snapshot).expect("a snapshot");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(&snapshot, &bytes).expect("damaged");
    let again = network(folder.path(), &[]);
    assert_eq!((&again["reloaded"], &again["networks"]), (&Value::from(false), &first["networks"]));
    assert!(tells(&again, "snapshot_not_used"), "{again}");
    // Cut to nothing, as by a full disk.
    fs::write(&snapshot, b"").expect("emptied");
    assert!(tells(&network(folder.path(), &[]), "snapshot_not_used"));
    assert_eq!(network(folder.path(), &[])["reloaded"], true, "built anew, it serves again");
}

#[test]
fn layers_can_be_read_by_others() {
    let folder = study();
    let out = folder.path().join("layers");
    let told = network(folder.path(), &["--out", out.to_str().expect("text"), "--links"]);
    assert_eq!(told["files"].as_array().map(Vec::len), Some(2), "{told}");
    let package = out.join("network.gpkg");
    let rows = |layer: &str| {
        let options = FeatureOptions { layer: Some(layer.to_owned()), ..FeatureOptions::default() };
        read_features(&package, &options, &mut Notices::new()).expect("a layer")
    };
    let streets = rows("streets_walk");
    let named = streets.iter().filter(|street| street.property(&["name"]).is_some()).count();
    assert!(streets.len() > 100 && named > 50, "{} streets, {named} named", streets.len());
    assert!(streets.iter().all(|street| street.property(&["wheelchair"]).is_some()));
    assert!(!rows("crossings").is_empty() && !rows("links").is_empty() && !rows("streets_car").is_empty());
    let timetable = fs::read_to_string(out.join("timetable.txt")).expect("the timetable");
    assert!(timetable.starts_with("service day ") && timetable.contains("pattern 0 of line"), "{timetable}");
    // The same streets as GeoJSON.
    network(folder.path(), &["--out", out.to_str().expect("text"), "--layers", "geojson"]);
    let options = FeatureOptions::default();
    let json = read_features(&out.join("streets_walk.geojson"), &options, &mut Notices::new()).expect("GeoJSON");
    assert_eq!(json.len(), streets.len());
}

/// Both index and tables of the GeoPackage hold every row, as `ogrinfo` and QGIS expect.
#[test]
fn the_geopackage_is_one() {
    let folder = study();
    let out = folder.path().join("layers");
    network(folder.path(), &["--out", out.to_str().expect("text")]);
    let package = rusqlite::Connection::open(out.join("network.gpkg")).expect("a database");
    let number = |sql: &str| package.query_row(sql, [], |row| row.get::<_, i64>(0)).expect(sql);
    assert_eq!(number("PRAGMA application_id"), 0x4750_4B47);
    assert_eq!(number("SELECT count(*) FROM gpkg_contents"), 4);
    let rows = number("SELECT count(*) FROM streets_walk");
    assert!(rows > 100);
    assert_eq!(number("SELECT count(*) FROM rtree_streets_walk_geom"), rows);
    assert_eq!(number("SELECT count(*) FROM streets_walk WHERE substr(geom, 1, 2) = CAST('GP' AS BLOB)"), rows);
}
