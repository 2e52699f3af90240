//! Does the command line say what it does, and end with the exit code that its users rely on?

use std::fs;
use std::path::Path;
use std::process::Stdio;

use assert_cmd::Command;

use crate::recognition::extract_at;

fn chaland(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chaland"));
    command.args(arguments);
    command
}

fn town() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("town.osm.pbf"), extract_at(5.56, 50.63)).expect("written");
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a temporary folder has a plain name")
}

fn stdout(command: &mut Command) -> String {
    String::from_utf8(command.output().expect("runs").stdout).expect("UTF-8")
}

fn stderr(command: &mut Command) -> String {
    String::from_utf8(command.output().expect("runs").stderr).expect("UTF-8")
}

#[test]
fn help_is_a_result_and_wrong_usage_is_not() {
    chaland(&["--help"]).assert().code(0);
    chaland(&["audit", "--help"]).assert().code(0);
    chaland(&["--version"]).assert().code(0);
    for wrong in
        [&[][..], &["audit"], &["dance"], &["audit", "x", "--threads", "0"], &["check", "x", "--format", "xml"]]
    {
        let output = chaland(wrong).output().expect("runs");
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{wrong:?}");
    }
    let help = stdout(&mut chaland(&["--help"]));
    for command in ["init", "check", "audit", "schema"] {
        assert!(help.contains(command), "{help}");
    }
}

#[test]
fn damage_that_the_reader_of_extracts_panics_on_is_told_as_an_error_alone() {
    // The ids of dense nodes are steps: from 1 to the least number is a step that overflows.
    let mut extract = chaland::testing::pbf::Extract::new();
    let position = chaland::base::projection::LonLat { lon: 5.56, lat: 50.63 };
    let bytes = extract.unsorted().node(1, position, &[]).node(i64::MIN, position, &[]).to_bytes();
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("town.osm.pbf"), bytes).expect("written");
    let said = stderr(&mut chaland(&["check", text(folder.path())]));
    assert!(said.contains("town.osm.pbf") && said.contains("damaged"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn a_study_that_cannot_be_opened_says_why_and_what_to_do() {
    let empty = tempfile::tempdir().expect("a folder");
    for command in ["init", "check", "audit"] {
        chaland(&[command, "no/such/folder"]).assert().code(2);
        let said = stderr(&mut chaland(&[command, "no/such/folder"]));
        assert!(said.contains("no/such/folder: does not exist") && said.contains("help: "), "{said}");
        chaland(&[command, text(empty.path())]).assert().code(2);
        let said = stderr(&mut chaland(&[command, text(empty.path())]));
        assert!(said.contains("holds no OpenStreetMap") && said.contains("found no file"), "{said}");
    }
    assert_eq!(fs::read_dir(empty.path()).expect("there").count(), 0, "a failure leaves nothing behind");
}

#[test]
fn check_tells_what_is_there_and_what_is_missing() {
    let town = town();
    let said = stdout(chaland(&["check", text(town.path()), "--language", "en"]).env("NO_COLOR", "1"));
    assert!(said.contains("town.osm.pbf  Streets"), "{said}");
    assert!(said.contains("Pedestrian counts – "), "{said}");
    let json = stdout(&mut chaland(&["check", text(town.path()), "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["files"][0]["kind"], "streets");
    assert_eq!(json["time_zone"], "Europe/Brussels");
    let mut there: Vec<_> =
        fs::read_dir(town.path()).expect("there").map(|entry| entry.expect("an entry").file_name()).collect();
    there.sort();
    assert_eq!(there, ["check", "town.osm.pbf"], "check writes its own folder and nothing else");
}

#[test]
fn strict_ends_with_1_when_something_was_lost() {
    let town = town();
    chaland(&["check", text(town.path()), "--strict"]).assert().code(0);
    fs::write(town.path().join("broken.geojson"), "{\"features\": [").expect("written");
    chaland(&["check", text(town.path())]).assert().code(0);
    chaland(&["check", text(town.path()), "--strict"]).assert().code(1);
    let said = stderr(&mut chaland(&["check", text(town.path()), "--strict"]));
    assert!(said.contains("error: file_unreadable (1)\n  broken.geojson: is damaged JSON"), "{said}");
}

#[test]
fn init_writes_a_manifest_once_and_check_reads_it() {
    let town = town();
    chaland(&["init", text(town.path()), "--language", "en"]).assert().code(0);
    let manifest = fs::read_to_string(town.path().join("study.toml")).expect("written");
    assert!(manifest.contains("language = \"en\"") && manifest.contains("streets = [\"town.osm.pbf\"]"), "{manifest}");
    chaland(&["init", text(town.path())]).assert().code(2);
    assert_eq!(fs::read_to_string(town.path().join("study.toml")).expect("there"), manifest);
    chaland(&["init", text(town.path()), "--force"]).assert().code(0);
    assert!(stdout(&mut chaland(&["check", text(town.path())])).contains("named in study.toml"));
}

#[test]
fn a_wrong_manifest_is_shown_with_its_line() {
    let town = town();
    let manifest = "[study]\nname = \"x\"\ntime_zone = \"UTC\"\n[parameters]\nwalk_speed = 4.8\n";
    fs::write(town.path().join("study.toml"), manifest).expect("written");
    let output = chaland(&["audit", text(town.path())]).output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(said.contains("study.toml line 5: \"4.8\" is not a speed like 4.8km/h"), "{said}");
    assert!(said.contains("walk_speed = 4.8"), "the line itself is shown: {said}");
}

#[test]
fn results_never_replace_a_folder_of_somebody_else() {
    let town = town();
    let letters = tempfile::tempdir().expect("a folder");
    fs::write(letters.path().join("letter.txt"), "dear").expect("written");
    chaland(&["audit", text(town.path()), "--out", text(letters.path())]).assert().code(2);
    assert_eq!(fs::read_to_string(letters.path().join("letter.txt")).expect("there"), "dear");
}

#[test]
fn the_schema_is_that_of_the_feed() {
    let schema = stdout(&mut chaland(&["schema"]));
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/canvas.schema.json");
    let published = fs::read_to_string(published).expect("the schema is published");
    assert_eq!(schema, serde_json::from_str::<serde_json::Value>(&published).expect("JSON"));
    jsonschema::validator_for(&schema).expect("a valid schema");
}

/// `chaland schema | head -1`: the reader goes away before all is written.
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_chaland"))
        .arg("schema")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
