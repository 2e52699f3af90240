//! `chaland counts`: counts of any layout cleaned, judged and brought to the year.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::own_tables::{cell, rows, run_in};

const DUBLIN: [&str; 2] = ["dublin_footfall_2023_hourly.csv", "dublin_footfall_locations.csv"];

fn dublin() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/dublin");
    DUBLIN.iter().for_each(|file| {
        fs::copy(samples.join(file), folder.path().join(file)).expect("copied");
    });
    folder
}

/// Dublin 2023: dead, over-counting and flat counters are found with reasons; hours of the files stay, each once; days and
/// profiles follow from hours.
#[test]
fn dublin_is_cleaned_and_nothing_is_lost() {
    let folder = dublin();
    let arguments: Vec<&str> = DUBLIN
        .into_iter()
        .chain(["--time-zone", "Europe/Dublin", "--out", "sites.csv", "--hours-out", "hours.csv"])
        .chain(["--days-out", "days.csv", "--profile-out", "profile.csv", "--factors-out", "factors.csv"])
        .chain(["--format", "json", "-q"])
        .collect();
    let (code, stdout, stderr) = run_in(folder.path(), "counts", &arguments);
    assert_eq!(code, 0, "{stderr}");
    let facts: Value = serde_json::from_str(&stdout).expect("JSON");
    let table = |name: &str| rows(&fs::read_to_string(folder.path().join(name)).expect("written"));
    let sites = table("sites.csv");
    let count = |verdict: &str| sites.iter().filter(|row| cell(row, "verdict") == verdict).count() as u64;
    for verdict in ["usable", "suspect", "dead"] {
        assert!(count(verdict) > 0 && facts[verdict] == count(verdict), "{verdict}");
    }
    let reasons: Vec<&str> = sites.iter().map(|row| cell(row, "reasons")).collect();
    assert!(reasons.iter().any(|why| why.contains("night_share")), "flat through the night: {reasons:?}");
    assert!(reasons.iter().any(|why| why.contains("directions")), "{reasons:?}");
    let hours = table("hours.csv");
    let header = fs::read_to_string(folder.path().join(DUBLIN[0])).expect("there");
    let lines = header.lines().count() - 1;
    for site in &sites {
        let own: Vec<_> = hours.iter().filter(|row| cell(row, "site_id") == cell(site, "site_id")).collect();
        let counted = own.iter().filter(|row| cell(row, "gap") == "0").count();
        assert!(
            counted <= lines && cell(site, "counted") == if counted > 0 { counted.to_string() } else { String::new() }
        );
        let utc: Vec<&str> = own.iter().map(|row| cell(row, "utc")).collect();
        assert!(utc.windows(2).all(|two| two[0] < two[1]), "in order, each once: {}", cell(site, "name"));
        let of_flat = own.iter().filter(|row| cell(row, "flat_run") == "1").count();
        assert_eq!(cell(site, "flat_run"), if counted > 0 { of_flat.to_string() } else { String::new() });
        let imputed = own.iter().filter(|row| !cell(row, "imputed").is_empty()).count();
        assert_eq!(cell(site, "imputed_hours"), imputed.to_string());
    }
    let number = |row: &[(String, String)], name: &str| cell(row, name).parse::<f64>().expect("a number");
    // The sum of a site's hours is that of its days.
    for site in sites.iter().filter(|row| cell(row, "verdict") == "usable") {
        let of = |table: &[Vec<(String, String)>], column: &str| -> f64 {
            let own = table.iter().filter(|row| cell(row, "site_id") == cell(site, "site_id"));
            own.filter(|row| !cell(row, column).is_empty()).map(|row| number(row, column)).sum()
        };
        assert_eq!(of(&hours, "persons"), of(&table("days.csv"), "persons"));
        assert!(number(site, "aadp") > 100.0 && number(site, "imputed_share") < 0.05);
    }
    // Shares of the hours of a weekday sum to one.
    let factors = table("factors.csv");
    let monday = factors.iter().filter(|row| {
        (cell(row, "pattern"), cell(row, "factor"), cell(row, "weekday")) == ("all", "hour_share", "monday")
    });
    let monday: Vec<f64> = monday.map(|row| number(row, "value")).collect();
    assert!(monday.len() == 24 && (monday.iter().sum::<f64>() - 1.0).abs() < 1e-4);
    assert_eq!(table("profile.csv").len() % 168, 0);
    let week =
        facts["short_counts"].as_array().expect("a list").iter().find(|short| short["days"] == 7).expect("a week");
    assert!(week["mean_absolute_error"].as_f64().is_some_and(|error| error > 0.0 && error < 0.3), "{week}");
}

/// Without `--out` the sites are a table on stdout and the summary is told beside it; a study's folder brings its own files.
#[test]
fn a_study_brings_its_counts() {
    let bourg = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/bourg");
    let (code, stdout, stderr) = run_in(&bourg, "counts", &["."]);
    assert_eq!(code, 0, "{stderr}");
    let sites = rows(&stdout);
    assert_eq!(sites.len(), 8);
    assert_eq!(sites.iter().filter(|row| cell(row, "verdict") == "usable").count(), 7);
    assert!(stderr.contains("8 sites: 7 usable"), "{stderr}");
}

#[test]
fn what_holds_no_counts_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("empty.csv", ""), ("sites.csv", "name,lat,lon\nA,53,-6\n"), ("bytes.csv", "\u{1}\u{2}\u{3}")]
    {
        fs::write(folder.path().join(name), text).expect("written");
        let (code, stdout, stderr) = run_in(folder.path(), "counts", &[name, "--out", "out.csv"]);
        assert!(code > 1 && stdout.is_empty() && !stderr.is_empty(), "{name}: {code} {stderr}");
        assert!(!folder.path().join("out.csv").exists(), "{name}");
    }
    let counts = "time,A\n2023-05-01 10:00,1\n";
    fs::write(folder.path().join("counts.csv"), counts).expect("written");
    let (code, _, stderr) = run_in(folder.path(), "counts", &["counts.csv", "--out", "counts.csv"]);
    assert!(code > 1 && stderr.contains("would be replaced"), "{stderr}");
    let (code, _, stderr) = run_in(folder.path(), "counts", &["counts.csv", "--time-zone", "Europe/Liège"]);
    assert!(code > 1 && stderr.contains("is not a time zone"), "{stderr}");
    let (code, stdout, stderr) = run_in(folder.path(), "counts", &["counts.csv", "-q"]);
    assert_eq!((code, rows(&stdout).len()), (0, 1), "{stderr}");
}
