//! `chaland compare`: towns side by side; none changes another's score.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::own_tables::{cell, rows, run_in};

/// The feed of a sample, and where to compare.
fn audited(folder: &Path, town: &str) {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples").join(town);
    let out = folder.join(town);
    let arguments = [".", "--out", &out.to_string_lossy(), "-q"];
    let (code, _, stderr) = run_in(&sample, "audit", &arguments);
    assert_eq!(code, 0, "{stderr}");
}

fn feed(folder: &Path, town: &str) -> Value {
    let text = fs::read_to_string(folder.join(town).join("canvas.json")).expect("a feed");
    serde_json::from_str(&text).expect("JSON")
}

fn compared(folder: &Path, towns: &[&str]) -> Value {
    let (code, stdout, stderr) = run_in(folder, "compare", &[towns, &["--format", "json", "-q"]].concat());
    assert_eq!(code, 0, "{stderr}");
    serde_json::from_str(&stdout).expect("JSON")
}

/// A third town moves ranks, and no score and no interval of the others; the page and the table tell the same.
#[test]
fn another_town_never_changes_a_score() {
    let folder = tempfile::tempdir().expect("a folder");
    let towns = ["bourg", "dublin"];
    towns.iter().for_each(|town| audited(folder.path(), town));
    // A town of the same data but for one dimension at its worst, under another name.
    let mut third = feed(folder.path(), "bourg");
    third["study"]["name"] = "Trois".into();
    for part in ["town", "centre"] {
        let join = &mut third[part]["dimensions"][0];
        join["friction"] = 1.0.into();
        for indicator in join["indicators"].as_array_mut().expect("a list") {
            if !indicator["value"].is_null() {
                indicator["value"] = bad_value(&indicator["indicator"]).into();
            }
        }
    }
    fs::create_dir(folder.path().join("trois")).expect("a folder");
    fs::write(folder.path().join("trois/canvas.json"), third.to_string()).expect("written");
    let (two, three) = (compared(folder.path(), &towns), compared(folder.path(), &["bourg", "dublin", "trois"]));
    for (at, town) in towns.iter().enumerate() {
        let own = feed(folder.path(), town);
        for key in ["friction", "friction_interval", "friction_at_most", "coverage", "dimensions"] {
            assert_eq!(two["towns"][at][key], three["towns"][at][key], "{town} {key}");
        }
        assert_eq!(two["towns"][at]["friction"], own["town"]["friction"], "{town}");
        assert_eq!(two["towns"][at]["friction_interval"], own["town"]["interval"], "{town}");
        assert_eq!(two["towns"][at]["friction_common_interval"], three["towns"][at]["friction_common_interval"]);
    }
    let ranks: Vec<f64> = three["towns"]
        .as_array()
        .expect("towns")
        .iter()
        .map(|town| town["rank"]["rank"].as_f64().expect("ranked"))
        .collect();
    assert!(ranks[2] > ranks[0], "the same but harder to reach: {ranks:?}");
    assert!(three["sensitivity"]["mean_rank_shift"].as_f64().is_some_and(|shift| shift >= 0.0));
    let arguments =
        ["bourg", "dublin", "trois", "--out", "towns.csv", "--report", "towns.html", "--language", "fr", "-q"];
    let (code, stdout, stderr) = run_in(folder.path(), "compare", &arguments);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.starts_with("3 towns, ranked on the "), "{stdout}");
    let table = rows(&fs::read_to_string(folder.path().join("towns.csv")).expect("written"));
    assert_eq!(table.iter().map(|row| cell(row, "rank").parse::<f64>().expect("a rank")).collect::<Vec<_>>(), ranks);
    let page = fs::read_to_string(folder.path().join("towns.html")).expect("written");
    assert!(page.contains("Comparaison de la friction entre villes") && page.contains("Trois"), "{page}");
}

fn bad_value(indicator: &Value) -> f64 {
    match indicator.as_str() {
        Some("detour_factor") => 1.8,
        Some("step_free_share") => 0.4,
        _ => 0.3,
    }
}

#[test]
fn towns_of_another_method_or_other_goalposts_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    audited(folder.path(), "bourg");
    let write = |name: &str, change: fn(&mut Value)| {
        let mut other = feed(folder.path(), "bourg");
        change(&mut other);
        fs::write(folder.path().join(name), other.to_string()).expect("written");
    };
    write("older.json", |feed| feed["method_version"] = "2025.1".into());
    write("other.json", |feed| feed["scoring"]["indicators"]["vacancy_share"]["good"] = 0.01.into());
    write("short.json", |feed| {
        feed["town"]["dimensions"].as_array_mut().expect("a list").pop();
    });
    write("faster.json", |feed| feed["parameters"]["walk_speed"]["value"] = 2.0.into());
    write("heavy.json", |feed| feed["scoring"]["dimensions"]["D1"] = (-5.0).into());
    write("twice.json", |feed| {
        let own = feed["town"]["dimensions"][0]["indicators"][0].clone();
        feed["town"]["dimensions"][1]["indicators"].as_array_mut().expect("a list").push(own);
    });
    fs::write(folder.path().join("text.json"), "{\"schema_version\": 1").expect("written");
    for (name, told) in [
        ("older.json", "were audited with another version of the method: 2026.1 and 2025.1"),
        ("other.json", "another goalposts or weights"),
        ("faster.json", "with another parameter: walk_speed"),
        ("heavy.json", "a weight of -5, expected 0 to 1000"),
        ("twice.json", "pedshed_people stands where it cannot"),
        ("short.json", "is no canvas.json of an audit: expected the dimensions D1 to D11"),
        ("text.json", "is no canvas.json of an audit"),
    ] {
        let (code, stdout, stderr) = run_in(folder.path(), "compare", &["bourg", name, "-q"]);
        let plain: String = stderr.split_whitespace().collect::<Vec<_>>().join(" ").replace("│ ", "");
        assert!(code > 1 && stdout.is_empty() && plain.contains(told), "{name}: {plain}");
    }
    assert_eq!(run_in(folder.path(), "compare", &["bourg"]).0, 2, "one town is no comparison");
}

/// A region's goalposts and weights change scores, are told in the feed, and hold for all its towns.
#[test]
fn a_region_publishes_its_goalposts() {
    let folder = tempfile::tempdir().expect("a folder");
    let region =
        "name = \"Région\"\nversion = \"1\"\n[dimensions]\nD7 = 3\n[indicators.vacancy_share]\ngood = 0.0\nbad = 0.1\n";
    fs::write(folder.path().join("region.toml"), region).expect("written");
    audited(folder.path(), "bourg");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/bourg");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let scoring = path("region.toml");
    let (code, _, stderr) = run_in(&sample, "audit", &[".", "--out", &path("regional"), "--scoring", &scoring, "-q"]);
    assert_eq!(code, 0, "{stderr}");
    let (own, regional) = (feed(folder.path(), "bourg"), feed(folder.path(), "regional"));
    assert_eq!(regional["scoring"]["name"], "Région");
    let settle = |feed: &Value| feed["town"]["dimensions"][6]["friction"].as_f64().expect("scored");
    assert!(settle(&regional) > settle(&own));
    assert!(regional["town"]["friction"].as_f64() != own["town"]["friction"].as_f64());
    fs::write(folder.path().join("wrong.toml"), "name = \"R\"\nversion = \"1\"\n[dimensions]\nD12 = 1\n")
        .expect("written");
    let (code, _, stderr) =
        run_in(&sample, "audit", &[".", "--out", &path("wrong"), "--scoring", &path("wrong.toml"), "-q"]);
    assert!(code > 1 && stderr.contains("dimensions.D12 is not known"), "{stderr}");
    assert!(!folder.path().join("wrong").exists(), "nothing is left");
}
