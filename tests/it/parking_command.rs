//! `chaland parking`: bays and for whom, how full, and what parking costs the customers of each shop.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::audit_bad_input::copy_of_bourg;
use super::own_tables::{cell, rows, run_in};

type Row = Vec<(String, String)>;

fn number(row: &Row, name: &str) -> f64 {
    cell(row, name).parse().unwrap_or_else(|_| panic!("{name} is {:?}", cell(row, name)))
}

fn parking_of(folder: &Path) -> (Value, Vec<Row>, Vec<Row>, Vec<Row>, Vec<Row>) {
    let arguments =
        [".", "--out", "out/lots.csv", "--shops-out", "out/shops.csv", "--districts-out", "out/districts.csv"];
    fs::create_dir_all(folder.join("out")).expect("a folder");
    let rest = ["--hours-out", "out/hours.csv", "--format", "json", "-q"];
    let (code, stdout, stderr) = run_in(folder, "parking", &[&arguments[..], &rest[..]].concat());
    assert_eq!(code, 0, "{stderr}");
    let table = |name: &str| rows(&fs::read_to_string(folder.join("out").join(name)).expect("written"));
    let facts = serde_json::from_str(&stdout).expect("JSON");
    (facts, table("lots.csv"), table("shops.csv"), table("districts.csv"), table("hours.csv"))
}

/// The drawn town: the blue zone is full and its search long, the car park of 220 bays asks for five disabled bays and has six,
/// private bays are for nobody; a shop beside a full car park pays for the search.
#[test]
fn the_drawn_town_has_what_was_drawn() {
    let town = copy_of_bourg();
    let (facts, lots, shops, districts, hours) = parking_of(town.path());
    let lot = |name: &str| lots.iter().find(|row| cell(row, "name") == name).unwrap_or_else(|| panic!("{name}"));
    let church = lot("Parking de l'Église");
    assert!(cell(church, "concerns").contains("full_for_hours") && cell(church, "concerns").contains("long_search"));
    assert!(number(church, "highest_occupancy") > 0.95 && number(church, "longest_search_s") > 180.0);
    // 40 bays, 2 for disabled people, two hours at most, a stay of 90 min: 38 bays, 12 h, 8 stays each.
    assert_eq!((number(church, "visitor_bays"), number(church, "stays_per_day")), (38.0, 304.0));
    let esplanade = lot("Parking de l'Esplanade");
    let disabled = ["disabled", "disabled_required", "disabled_recommended", "disabled_missing"];
    assert_eq!(disabled.map(|column| number(esplanade, column)), [6.0, 5.0, 6.0, 0.0]);
    assert_eq!(number(esplanade, "price_of_stay"), 1.5, "1 euro an hour");
    assert!(!cell(esplanade, "concerns").contains("full"));
    assert_eq!(number(lot("Parking du personnel"), "visitor_bays"), 0.0);
    assert_eq!(cell(lot("Parking du Talus"), "walk_to_core_s"), "", "nobody gets out on foot");
    assert!(!shops.is_empty() && facts["shops"] == shops.len());
    for shop in &shops {
        let has_bay = !cell(shop, "walk_m").is_empty();
        assert_eq!(has_bay, !cell(shop, "cost_min_weekday_14").is_empty(), "{}", cell(shop, "name"));
        if has_bay {
            assert!(number(shop, "walk_m") <= 500.0 && number(shop, "cost_min_weekday_14") > 0.0);
            assert!((0.0..=1.0).contains(&number(shop, "known_share")));
            // More places to choose from never cost more than what is paid in the mean.
            assert!(number(shop, "index_min_weekday_14") < number(shop, "cost_min_weekday_14"));
        }
    }
    let whole = districts.last().expect("all of the town");
    assert_eq!(cell(whole, "code"), "all");
    let sum = |column: &str| districts[..districts.len() - 1].iter().map(|row| number(row, column)).sum::<f64>();
    assert!(
        (sum("visitor_bays") - number(whole, "visitor_bays")).abs() < 1e-6 && sum("shops") == number(whole, "shops")
    );
    assert!(number(whole, "to_core_min_weekday_14") > number(whole, "drive_min"));
    let of = |kind: &str, name: &str, hour: &str, column: &str| {
        let row = hours.iter().find(|row| {
            (cell(row, "kind"), cell(row, "name"), cell(row, "day"), cell(row, "hour")) == (kind, name, "weekday", hour)
        });
        number(row.expect("an hour"), column)
    };
    assert!(of("lot", "Parking de l'Église", "10", "in_use") >= 0.95);
    assert!(of("lot", "Parking de l'Esplanade", "10", "in_use") < 0.7);
}

/// Emptier car parks cost less; without what tells how full they are an assumption stands, and that is told.
#[test]
fn an_empty_town_is_cheaper_and_an_unknown_one_says_so() {
    let town = copy_of_bourg();
    let (_, _, full, ..) = parking_of(town.path());
    let occupancy = town.path().join("bourg_parking_occupancy.csv");
    let text = fs::read_to_string(&occupancy).expect("there");
    let mut lines = text.lines();
    let header = lines.next().expect("a header").to_owned();
    let taken: Vec<usize> = header
        .split(';')
        .enumerate()
        .filter(|(_, name)| ["occupes", "taux"].contains(name))
        .map(|(at, _)| at)
        .collect();
    assert_eq!(taken.len(), 2);
    let empty: Vec<String> = lines
        .map(|line| {
            let cells = line.split(';').enumerate().map(|(at, cell)| if taken.contains(&at) { "0" } else { cell });
            cells.collect::<Vec<_>>().join(";")
        })
        .collect();
    fs::write(&occupancy, format!("{header}\n{}\n", empty.join("\n"))).expect("written");
    let (_, _, empty, ..) = parking_of(town.path());
    let costs = |shops: &[Row]| -> Vec<f64> {
        let with_bays = shops.iter().filter(|row| !cell(row, "cost_min_weekday_14").is_empty());
        with_bays.map(|row| number(row, "cost_min_weekday_14")).collect()
    };
    let (before, after) = (costs(&full), costs(&empty));
    assert!(before.len() == after.len() && before.iter().zip(&after).all(|(full, empty)| empty <= full));
    assert!(before.iter().sum::<f64>() > after.iter().sum::<f64>() + 1.0);
    fs::remove_file(&occupancy).expect("removed");
    let (code, stdout, stderr) = run_in(town.path(), "parking", &[".", "-q"]);
    assert!(code == 0 && stdout.contains("Nothing tells how full places are: 70 % is assumed"), "{stdout} {stderr}");
    let (code, _, stderr) = run_in(town.path(), "parking", &[".", "--stay", "90"]);
    assert!(code == 2 && stderr.contains("--stay"), "{stderr}");
    let (code, _, stderr) = run_in(town.path(), "parking", &[".", "--out", "bourg_parking.csv"]);
    assert!(code > 1 && stderr.contains("would be replaced"), "{stderr}");
}

/// Results in the study's own folder are no inputs of the next run.
#[test]
fn results_are_not_taken_for_inputs() {
    let town = copy_of_bourg();
    let tables = ["--out", "a.csv", "--shops-out", "b.csv", "--districts-out", "c.csv", "--hours-out", "d.csv"];
    assert_eq!(run_in(town.path(), "parking", &[&[".", "-q"][..], &tables].concat()).0, 0);
    let counts = [
        "--out",
        "e.csv",
        "--hours-out",
        "f.csv",
        "--days-out",
        "g.csv",
        "--profile-out",
        "h.csv",
        "--factors-out",
        "i.csv",
    ];
    assert_eq!(run_in(town.path(), "counts", &[&[".", "-q"][..], &counts].concat()).0, 0);
    let (code, stdout, stderr) = run_in(town.path(), "init", &["."]);
    assert_eq!(code, 0, "{stderr}");
    for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i"] {
        let told =
            stdout.lines().find(|line| line.trim_start().starts_with(&format!("{name}.csv"))).expect("it is told");
        assert!(told.contains("not recognised"), "{told}");
    }
}
