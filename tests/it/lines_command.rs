//! `chaland flow --network`: flows over lines of one's own, a row per line, ids and order kept.

use std::fs;

use serde_json::{Value, json};

use super::own_tables::run_in;

/// Metres east and north of a place in Belgian Lambert 72.
fn at(x: f64, y: f64) -> Value {
    json!([150_000.0 + x, 170_000.0 + y])
}

fn collection(features: &[Value]) -> String {
    let crs = json!({ "type": "name", "properties": { "name": "urn:ogc:def:crs:EPSG::31370" } });
    json!({ "type": "FeatureCollection", "crs": crs, "features": features }).to_string()
}

fn line(id: &str, points: &[(f64, f64)]) -> Value {
    let points: Vec<Value> = points.iter().map(|&(x, y)| at(x, y)).collect();
    json!({ "type": "Feature", "properties": { "id": id, "flow": "own" }, "geometry": { "type": "LineString", "coordinates": points } })
}

fn point(id: &str, (x, y): (f64, f64), amount: f64) -> Value {
    json!({ "type": "Feature", "properties": { "id": id, "n": amount }, "geometry": { "type": "Point", "coordinates": at(x, y) } })
}

/// methods §7.1: 100 people at O, 100 m to A, from there 200 m to D1 and 300 m to D2; 0.002 per metre: 54.9834 and 45.0166.
#[test]
fn the_worked_example_on_three_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, features: &[Value]| fs::write(folder.path().join(name), collection(features)).expect("written");
    let area = json!({ "type": "Feature", "properties": { "id": "area" }, "geometry": { "type": "Polygon",
        "coordinates": [[at(0.0, 0.0), at(9.0, 0.0), at(9.0, 9.0), at(0.0, 0.0)]] } });
    let lines = [
        line("7", &[(100.0, 0.0), (300.0, 0.0)]),
        area,
        line("3", &[(0.0, 0.0), (100.0, 0.0)]),
        line("5", &[(100.0, 0.0), (100.0, 300.0)]),
        // A bridge over the middle of the first, which it does not touch.
        line("9", &[(200.0, -50.0), (200.0, 50.0)]),
    ];
    write("lines.geojson", &lines);
    write("origins.geojson", &[point("O", (0.0, 0.0), 100.0), point("far", (0.0, 5000.0), 7.0)]);
    write("ends.geojson", &[point("D1", (300.0, 0.0), 1.0), point("D2", (100.0, 300.0), 1.0)]);
    let trips =
        ["--origins", "origins.geojson", "--weight", "n", "--destinations", "ends.geojson", "--attraction", "n"];
    let arguments =
        [&["--network", "lines.geojson", "--out", "flows.geojson", "--format", "json"][..], &trips].concat();
    let (code, stdout, stderr) = run_in(folder.path(), "flow", &arguments);
    assert_eq!(code, 0, "{stderr}");
    let facts: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!((facts["lines"].as_u64(), facts["persons"].as_f64()), (Some(4), Some(100.0)));
    assert!(stderr.contains("feature_not_a_line") && stderr.contains("point_not_linked"), "{stderr}");
    let flows: Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("flows.geojson")).expect("written")).expect("JSON");
    let rows: Vec<&Value> =
        flows["features"].as_array().expect("features").iter().map(|row| &row["properties"]).collect();
    let ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str().expect("an id")).collect();
    assert_eq!(ids, ["7", "3", "5", "9"], "ids and order are kept");
    assert!(rows.iter().all(|row| row["flow_1"] == "own"), "a property of that name is kept beside");
    for (row, expected) in rows.iter().zip([54.9834, 100.0, 45.0166, 0.0]) {
        let flow = row["flow"].as_f64().expect("a number");
        assert!((flow - expected).abs() < 0.05, "{row}");
        assert!((row["flow_most"].as_f64().expect("a number") - expected).abs() < 0.05, "{row}");
    }
    // Of the four junctions and ends those of one line are at its ends; no line lies between two others.
    assert!(rows.iter().all(|row| row["angular_choice"].as_f64() == Some(0.0)));
    let straight = rows[0]["angular_integration"].as_f64().expect("a number");
    assert!((straight - 3f64.powf(1.2) / 3.0).abs() < 0.01, "one straight on, one round a corner: {straight}");
    let (code, stdout, stderr) = run_in(folder.path(), "flow", &["--network", "lines.geojson", "-q"]);
    let alone: Value = serde_json::from_str(&stdout).expect("JSON");
    assert!(code == 0 && alone["features"][0]["properties"]["flow"].is_null(), "{stderr}");
}

#[test]
fn what_is_no_network_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |arguments: &[&str], told: &str| {
        let (code, stdout, stderr) = run_in(folder.path(), "flow", arguments);
        assert!(code > 1 && stdout.is_empty() && stderr.contains(told), "{arguments:?}: {stderr}");
    };
    fs::write(folder.path().join("points.geojson"), collection(&[point("O", (0.0, 0.0), 1.0)])).expect("written");
    fs::write(folder.path().join("lines.geojson"), collection(&[line("1", &[(0.0, 0.0), (9.0, 0.0)])]))
        .expect("written");
    fs::write(folder.path().join("cut.geojson"), "{\"type\": \"FeatureColl").expect("written");
    fs::write(folder.path().join("empty.geojson"), "").expect("written");
    refused(&["--network", "points.geojson"], "holds no lines");
    refused(&["--network", "cut.geojson"], "cut.geojson");
    refused(&["--network", "empty.geojson"], "empty.geojson");
    refused(&["--network", "lines.geojson", "--out", "lines.geojson"], "would be replaced");
    refused(&["--network", "lines.geojson", "--origins", "points.geojson"], "--destinations");
    let trips = ["--origins", "points.geojson", "--destinations", "points.geojson", "--weight", "people"];
    refused(&[&["--network", "lines.geojson"][..], &trips].concat(), "people");
    refused(&[], "<FOLDER>");
}
