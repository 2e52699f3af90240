//! What does an audit do with damaged files? It says what is wrong, or goes on without; it never panics, and it never
//! turns damage into a silent zero.

use std::fs;
use std::path::{Path, PathBuf};

use chaland::study::progress::Silent;
use chaland::study::{Audit, StudyError, audit, audit_opened, open};

pub fn copy_of_bourg() -> tempfile::TempDir {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/bourg");
    let town = tempfile::tempdir().expect("a temporary folder");
    for entry in fs::read_dir(from).expect("the sample is there") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            fs::copy(&path, town.path().join(path.file_name().expect("a name"))).expect("a file can be copied");
        }
    }
    town
}

fn audit_folder(folder: &Path) -> Result<Audit, StudyError> {
    let opened = open::open(folder)?;
    audit_opened(&opened.manifest, folder, opened.notices, &Silent)
}

/// The data files of the drawn town, without its description.
fn data_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| !["README.md", "planted.csv"].iter().any(|name| path.ends_with(name)))
        .collect();
    files.sort();
    files
}

/// Damages each file in turn and audits: an error must name the file or what is missing; a result must tell.
fn assert_told(damage: impl Fn(&[u8]) -> Vec<u8>, what: &str) {
    let whole = copy_of_bourg();
    for file in data_files(whole.path()) {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        let town = copy_of_bourg();
        let bytes = fs::read(&file).expect("a file can be read");
        fs::write(town.path().join(&name), damage(&bytes)).expect("a file can be written");
        match audit_folder(town.path()) {
            Err(error) => {
                let text = error.to_string();
                assert!(!text.is_empty() && error.help().is_some(), "{name} {what}: {text} without help");
            }
            Ok(result) => {
                let told = result.notices.kept().iter().any(|notice| {
                    notice.file.contains(&name) || notice.problem.contains(&name) || notice.value.contains(&name)
                });
                let missing = result.canvas.missing_inputs.len() > 2;
                assert!(told || missing, "{name} {what}: nothing is said of it");
                assert!(result.notices.tallies().values().all(|tally| tally.balances()), "{name} {what}");
            }
        }
    }
}

#[test]
fn empty_files_are_told() {
    assert_told(|_| Vec::new(), "empty");
}

#[test]
fn files_of_noise_are_told() {
    let noise = |bytes: &[u8]| (0..bytes.len().min(4096)).map(|i| (i * 7919 % 251) as u8).collect();
    assert_told(noise, "noise");
}

#[test]
fn files_cut_in_the_middle_do_not_panic() {
    let whole = copy_of_bourg();
    for file in data_files(whole.path()) {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        let bytes = fs::read(&file).expect("a file can be read");
        for share in [3, 2] {
            let town = copy_of_bourg();
            fs::write(town.path().join(&name), &bytes[..bytes.len() / share]).expect("a file can be written");
            if let Err(error) = audit_folder(town.path()) {
                assert!(error.help().is_some(), "{name}: {error}");
            }
        }
    }
}

/// Districts in the sea: none covers the streets, so the whole study is one district, and that is said.
#[test]
fn districts_outside_the_extract_are_told() {
    let town = copy_of_bourg();
    let file = town.path().join("bourg_districts.geojson");
    let ring = "[[-30.0,45.0],[-29.9,45.0],[-29.9,45.1],[-30.0,45.1],[-30.0,45.0]]";
    let text = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":{{\"code\":\"A\",\"name\":\"Mer\"}},\
         \"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[{ring}]}}}}]}}"
    );
    fs::write(file, text).expect("a file can be written");
    let result = audit_folder(town.path()).expect("the audit goes on");
    let told = ["district_outside", "input_outside_extract", "file_not_used", "no_districts"];
    assert!(told.iter().any(|code| result.notices.count(code) > 0), "{:?}", result.notices.counts());
    assert!(!result.canvas.districts.is_empty());
}

/// A service day long after the feed: no trip runs, so public transport is not scored, and that is said.
#[test]
fn a_feed_that_misses_the_service_day_is_told() {
    let town = copy_of_bourg();
    let mut opened = open::open(town.path()).expect("a study");
    opened.manifest.study.service_date = Some(jiff::civil::date(2031, 3, 4));
    let result = audit(&opened.manifest, town.path(), &Silent).expect("the audit goes on");
    assert!(result.notices.count("feed_misses_service_date") > 0, "{:?}", result.notices.counts());
    let serve = &result.canvas.town.dimensions[2];
    assert_eq!(serve.friction, None, "nothing is known of public transport on that day");
}

/// A centre in Italy for a Belgian town.
#[test]
fn a_centre_far_from_the_town_is_an_error() {
    let town = copy_of_bourg();
    fs::write(town.path().join("study.toml"), manifest_with_centre("lon = 10.0\nlat = 45.0")).expect("written");
    let refused = audit_folder(town.path()).expect_err("the centre is not in the town");
    assert!(matches!(refused, StudyError::CentreOutside { away_km, .. } if away_km > 500.0), "{refused}");
    assert!(refused.help().is_some());
    fs::write(town.path().join("study.toml"), manifest_with_centre("lon = 4.8\nlat = 50.3004")).expect("written");
    audit_folder(town.path()).expect("the market place is in the town");
}

fn manifest_with_centre(centre: &str) -> String {
    format!(
        "[study]\nname = \"Bourg\"\ntime_zone = \"Europe/Brussels\"\n\n[centre]\n{centre}\n\n[inputs]\nstreets = [\"bourg.osm.pbf\"]\n"
    )
}

/// Taking an input away never improves a score: it lowers coverage or takes the score away.
#[test]
fn without_counts_and_parking_less_is_known() {
    let full = audit_folder(copy_of_bourg().path()).expect("the audit goes on");
    let town = copy_of_bourg();
    for name in ["bourg_counts.csv", "bourg_count_sites.csv", "bourg_parking_occupancy.csv"] {
        fs::remove_file(town.path().join(name)).expect("the file is there");
    }
    let less = audit_folder(town.path()).expect("the audit goes on");
    for (more, less) in full.canvas.town.dimensions.iter().zip(&less.canvas.town.dimensions) {
        assert!(less.coverage <= more.coverage, "{:?}", less.dimension);
    }
    assert!(less.canvas.town.dimensions[5].coverage < full.canvas.town.dimensions[5].coverage);
}
