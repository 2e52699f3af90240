//! `chaland reach supply --count`: who lives around each station.

use std::fs;

use serde_json::Value;

use super::audit_bad_input::copy_of_bourg;
use super::own_tables::run_in;

/// 40 people live at a bus stop, 7 at the far end of the town: the stop has the former, the whole town each once.
#[test]
fn stations_tell_who_lives_around() {
    let town = copy_of_bourg();
    let stations = |more: &[&str]| -> (Value, Vec<Value>) {
        let arguments = [&["supply", ".", "--out", "supply.geojson", "--format", "json", "-q"], more].concat();
        let (code, stdout, stderr) = run_in(town.path(), "reach", &arguments);
        assert_eq!(code, 0, "{stderr}");
        let text = fs::read_to_string(town.path().join("supply.geojson")).expect("written");
        fs::remove_file(town.path().join("supply.geojson")).expect("removed");
        let layer: Value = serde_json::from_str(&text).expect("JSON");
        let facts = serde_json::from_str(&stdout).expect("JSON");
        (facts, layer["features"].as_array().expect("features").clone())
    };
    let of =
        |rows: &[Value], id: &str| rows.iter().find(|row| row["properties"]["id"] == id).expect("it stops").clone();
    let (facts, plain) = stations(&[]);
    assert!(facts["people_within_reach"].is_null() && plain[0]["properties"]["people"].is_null());
    let at = |id: &str| {
        let place = of(&plain, id)["geometry"]["coordinates"].clone();
        format!("{},{}", place[0], place[1])
    };
    let homes = format!("id,lon,lat,people\nA,{},40\nB,{},7\n", at("ROSEAUX"), at("TRAV"));
    fs::write(town.path().join("homes.csv"), homes).expect("written");
    let (facts, counted) = stations(&["--count", "homes.csv", "--amount", "people"]);
    assert_eq!(facts["people_within_reach"], 47.0, "each once, whatever stops are near");
    let number = |id: &str, column: &str| of(&counted, id)["properties"][column].as_f64().expect("a number");
    assert_eq!((number("ROSEAUX", "people"), number("ROSEAUX", "people_in_circle")), (40.0, 40.0));
    assert!(number("ROSEAUX", "people_weighted") > 35.0 && number("ROSEAUX", "people_weighted") <= 47.0);
    assert_eq!(number("TRAV", "people"), 7.0);
    let (code, _, stderr) = run_in(town.path(), "reach", &["supply", ".", "--count", "homes.csv", "--at", "4.8,50.3"]);
    assert!(code == 2 && stderr.contains("--at"), "{stderr}");
}
