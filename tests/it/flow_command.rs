//! `chaland flow`: persons a day on each street, and what the counters behind them are worth.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::own_tables::{cell, rows, run_in};

fn sample(town: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples").join(town)
}

/// A study of its own with the files of a sample, so that nothing is written beside them.
fn copy_of(town: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for file in fs::read_dir(sample(town)).expect("there").map(|file| file.expect("a file").path()) {
        if file.is_file() {
            fs::copy(&file, folder.path().join(file.file_name().expect("a name"))).expect("copied");
        }
    }
    folder
}

/// Dublin 2023: the dead counter, the one that counts far too many and the one without a rhythm are found with reasons; each
/// counter is foretold by the others only, beside models that need no regression.
#[test]
fn dublin_is_judged_on_counters_left_out() {
    let town = copy_of("dublin");
    let results = tempfile::tempdir().expect("a folder");
    let result = |name: &str| results.path().join(name).to_string_lossy().into_owned();
    let (streets_file, sites_file) = (result("flow.geojson"), result("sites.csv"));
    let arguments = [".", "--out", &streets_file, "--sites-out", &sites_file, "--format", "json", "-q"];
    let (code, stdout, stderr) = run_in(town.path(), "flow", &arguments);
    assert_eq!(code, 0, "{stderr}");
    let facts: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(facts["index_only"], Value::Bool(false), "{facts:#}");
    let value = |model: &str, left_out: &str, measure: &str| {
        let drawn = &facts["models"][model][left_out][measure];
        let of = |key: &str| drawn[key].as_f64().expect("a number");
        assert!(of("p5") <= of("p95"), "{model} {measure}: {drawn}");
        of("value")
    };
    for model in ["regression", "betweenness_alone", "shops_alone"] {
        assert!(
            value(model, "site_left_out", "spearman").abs() <= 1.0 && value(model, "site_left_out", "r_squared") <= 1.0
        );
    }
    // Left out, a counter never tells its own count: a constant is worse than the mean of all.
    assert!(value("constant", "site_left_out", "r_squared") < 0.0);
    let beats = ["constant", "betweenness_alone", "shops_alone"].iter().all(|other| {
        ["r_squared", "spearman"]
            .iter()
            .all(|measure| value("regression", "site_left_out", measure) > value(other, "site_left_out", measure))
    });
    assert_eq!(facts["regression_beats_all"], Value::Bool(beats), "said plainly");
    let short = facts["short_counts"].as_array().expect("a list");
    let of_days =
        |days: u64| short.iter().find(|short| short["days"] == days).expect("tried")["mean_absolute_error"].as_f64();
    assert!(of_days(7) < of_days(1) && of_days(7) < Some(0.3), "{short:?}");
    let sites = rows(&fs::read_to_string(&sites_file).expect("written"));
    let unusable: Vec<_> = sites.iter().filter(|row| cell(row, "verdict") != "usable").collect();
    assert!(unusable.iter().any(|row| cell(row, "verdict") == "dead"), "{unusable:?}");
    assert!(
        unusable.iter().filter(|row| cell(row, "verdict") == "suspect").all(|row| !cell(row, "reasons").is_empty())
    );
    let streets: Value = serde_json::from_str(&fs::read_to_string(&streets_file).expect("written")).expect("JSON");
    let features = streets["features"].as_array().expect("features");
    let basis = |key: &str| features.iter().filter(|street| street["properties"]["basis"] == key).count() as u64;
    for key in ["measured", "interpolated", "extrapolated"] {
        assert!(basis(key) > 0 && facts[key] == basis(key), "{key}");
    }
    assert!(features.iter().all(|street| {
        let of = |key: &str| street["properties"][key].as_f64().expect("a number");
        of("low") <= of("persons_per_day")
            && of("persons_per_day") <= of("high")
            && (0.0..=100.0).contains(&of("index"))
    }));
    let again = run_in(town.path(), "flow", &[".", "--format", "json", "-q", "--threads", "1"]).1;
    assert_eq!(again, stdout, "the same numbers on one thread");
}

#[test]
fn few_counters_give_an_index_and_say_so() {
    let town = copy_of("bourg");
    let (code, stdout, stderr) = run_in(town.path(), "flow", &[".", "--out", "flow.csv"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("only an index is told"), "{stdout}");
    let streets = rows(&fs::read_to_string(town.path().join("flow.csv")).expect("written"));
    assert!(
        streets.iter().all(|street| cell(street, "persons_per_day").is_empty() && cell(street, "basis").is_empty())
    );
    assert!(streets.iter().any(|street| cell(street, "index").parse::<f64>().expect("a number") > 90.0));
    // A second counter beside the first, which would be foretold by its twin.
    let append = |name: &str, more: &dyn Fn(&str) -> String| {
        let path = town.path().join(name);
        let text = fs::read_to_string(&path).expect("there");
        let added: String = text.lines().filter(|line| line.starts_with("GR1,")).map(more).collect();
        fs::write(&path, text + &added).expect("written");
    };
    append("bourg_counts.csv", &|line| format!("{}\n", line.replacen("GR1", "TW1", 1)));
    append("bourg_count_sites.csv", &|line| format!("{}\n", line.replacen("GR1,Grand-Rue ouest", "TW1,Twin", 1)));
    let (code, _, stderr) = run_in(town.path(), "flow", &["."]);
    assert!(code == 0 && stderr.contains("counters_on_one_street"), "{stderr}");
    for wrong in [["nowhere", "--quiet"], [".", "--out=flow.txt"], [".", "--out=bourg_counts.csv"]] {
        assert_eq!(run_in(town.path(), "flow", &wrong).0, 2, "{wrong:?}");
    }
}
