//! `chaland access` as somebody with tables of her own calls it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::own_tables::{cell, rows, run_in};
use super::vector_formats::bytes_of;

fn access(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    run_in(folder, "access", arguments)
}

/// The worked example of the methods (100 and 50 people, 10 and 20 beds), and a place that no row of the times names.
fn folder_of_tables() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("homes.csv", "id;nom;habitants;revenu;quartier\nB;Gare;50;20000;Nord\nA;Centre;100;10000;Sud\nC;;25;;\n");
    write("beds.csv", "id,beds,staff\nx,10,1\ny,20,0\n");
    write("times.csv", "from_id,to_id,time_min\nA,x,5\nB,x,15\nA,y,25\nB,y,5\nB,q,1\n");
    folder
}

const FILES: [&str; 8] =
    ["--land-use", "homes.csv", "--people", "habitants", "--destinations", "beds.csv", "--matrix", "times.csv"];

fn numbers(rows: &[Vec<(String, String)>], column: &str) -> Vec<Option<f64>> {
    rows.iter().map(|row| cell(row, column).parse().ok()).collect()
}

fn assert_near(found: &[Option<f64>], expected: &[Option<f64>]) {
    let near = |(found, expected): (&Option<f64>, &Option<f64>)| match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() < 1e-6,
        (found, expected) => found == expected,
    };
    assert!(found.len() == expected.len() && found.iter().zip(expected).all(near), "{found:?} is not {expected:?}");
}

#[test]
fn each_measure_is_a_column_in_the_order_of_the_places() {
    let folder = folder_of_tables();
    let measures =
        "within:20,exponential:0.1,nearest,nearest:2,until:15,2sfca:within:20,e2sfca,3sfca,available:exponential:0.1";
    let asked = ["--offer", "beds", "--measure", measures];
    let (code, stdout, stderr) = access(folder.path(), &[FILES.as_slice(), &asked].concat());
    assert_eq!(code, 0, "{stderr}");
    let found = rows(&stdout);
    let ids: Vec<&str> = found.iter().map(|row| cell(row, "id")).collect();
    assert_eq!((ids, cell(&found[1], "name")), (vec!["B", "A", "C"], "Centre"));
    let weight = |minutes: f64| (-0.1 * minutes).exp();
    for (column, expected) in [
        ("beds_within_20", [30.0, 10.0]),
        ("beds_exponential_0.1", [10.0 * weight(15.0) + 20.0 * weight(5.0), 10.0 * weight(5.0) + 20.0 * weight(25.0)]),
        ("beds_nearest", [5.0, 5.0]),
        ("beds_nearest_2", [15.0, 25.0]),
        ("beds_until_15", [5.0, 25.0]),
        ("beds_2sfca_within_20", [0.466667, 0.066667]),
        ("beds_e2sfca", [0.328524, 0.135738]),
        ("beds_3sfca", [0.381704, 0.109148]),
        ("beds_available_exponential_0.1", [17.293345, 12.706655]),
    ] {
        assert_near(&numbers(&found, column), &[Some(expected[0]), Some(expected[1]), None]);
    }
    assert!(stderr.contains("place_without_times") && stderr.contains("pair_unknown"), "{stderr}");
    assert!(stderr.contains("beds_within_20: mean 16.67") && stderr.contains("nothing is known of 25"), "{stderr}");
}

#[test]
fn how_it_is_spread_is_told_for_all_and_for_groups() {
    let folder = folder_of_tables();
    let asked = [
        "--offer",
        "beds",
        "--measure",
        "within:20,nearest",
        "--group",
        "quartier",
        "--income",
        "revenu",
        "--line",
        "15",
        "--spread-out",
        "spread.csv",
        "--out",
        "access.csv",
        "--format",
        "json",
    ];
    let (code, stdout, stderr) = access(folder.path(), &[FILES.as_slice(), &asked].concat());
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("income_missing"), "{stderr}");
    let facts: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(facts["measures"][0]["people_without"].as_f64(), Some(25.0));
    let found = rows(&fs::read_to_string(folder.path().join("spread.csv")).expect("written"));
    let heads: Vec<(&str, &str)> = found.iter().map(|row| (cell(row, "column"), cell(row, "group"))).collect();
    let of = |column| ["all", "Nord", "Sud", "other"].map(|group| (column, group));
    assert_eq!(heads, [of("beds_within_20"), of("beds_nearest")].concat());
    // 100 people have 10, 50 have 30: the mean is 50/3, and two thirds are below 15 by a third.
    assert_near(&numbers(&found[..1], "mean"), &[Some(50.0 / 3.0)]);
    assert_near(&numbers(&found[..1], "share_below"), &[Some(2.0 / 3.0)]);
    assert_near(&numbers(&found[..1], "shortfall"), &[Some(2.0 / 9.0)]);
    // The poorer two thirds have 40 % of it.
    assert_near(&numbers(&found[..1], "concentration"), &[Some(2.0 / 3.0 - 0.4)]);
    assert_eq!((cell(&found[0], "gini"), cell(&found[0], "theil_within")), (cell(&found[0], "concentration"), "0.0"));
    assert_eq!(
        (cell(&found[3], "people"), cell(&found[3], "people_without"), cell(&found[3], "mean")),
        ("0.0", "25.0", "")
    );
    assert_eq!(
        (cell(&found[4], "share_below"), cell(&found[4], "median")),
        ("", "5.0"),
        "a time below a line is not poor"
    );
}

#[test]
fn who_reaches_what_is_offered() {
    let folder = folder_of_tables();
    let (code, stdout, stderr) =
        access(folder.path(), &[FILES.as_slice(), &["--passive", "--measure", "within:20,nearest:2"]].concat());
    assert_eq!(code, 0, "{stderr}");
    let found = rows(&stdout);
    assert_eq!((cell(&found[0], "id"), cell(&found[1], "id")), ("x", "y"));
    assert_near(&numbers(&found, "habitants_within_20"), &[Some(150.0), Some(50.0)]);
    assert_near(&numbers(&found, "habitants_nearest_2"), &[Some(15.0), Some(25.0)]);
}

/// Tables of Parquet, with columns of times for percentiles that are measured apart; and its own result read again.
#[test]
fn tables_of_programs_of_analysis_are_read_and_written() {
    let folder = folder_of_tables();
    for name in ["times.parquet", "offer.parquet"] {
        fs::write(folder.path().join(name), bytes_of(name)).expect("written");
    }
    let files = [
        "--land-use",
        "homes.csv",
        "--people",
        "habitants",
        "--destinations",
        "offer.parquet",
        "--matrix",
        "times.parquet",
    ];
    let asked = [
        "--offer",
        "beds",
        "--time",
        "travel_time_p50,travel_time_p95",
        "--unit",
        "min",
        "--measure",
        "within:20,nearest:2",
        "--out",
        "access.parquet",
    ];
    let (code, told, stderr) = access(folder.path(), &[files.as_slice(), &asked].concat());
    assert_eq!(code, 0, "{stderr}");
    assert!(told.contains("beds_within_20_travel_time_p95"), "{told}");
    use polars::prelude::{ParquetReader, SerReader};
    let file = fs::File::open(folder.path().join("access.parquet")).expect("there");
    let frame = ParquetReader::new(file).finish().expect("Parquet");
    let column = |name: &str| frame.column(name).expect(name).f64().expect("numbers").to_vec();
    assert_eq!(column("beds_within_20_travel_time_p50"), [Some(30.0), Some(10.0), None]);
    assert_eq!(column("beds_nearest_2_travel_time_p95"), [Some(20.0), None, None]);
    // What was written can be brought again.
    let again = [
        "--land-use",
        "access.parquet",
        "--people",
        "beds_within_20_travel_time_p50",
        "--destinations",
        "offer.parquet",
    ];
    let rest = ["--matrix", "times.parquet", "--time", "travel_time_p50", "--unit", "min", "--measure", "within:20"];
    let (code, stdout, stderr) = access(folder.path(), &[again.as_slice(), &rest].concat());
    assert_eq!((code, cell(&rows(&stdout)[0], "places_within_20")), (0, "2.0"), "{stderr}");
}

#[test]
fn what_cannot_be_measured_is_told() {
    let folder = folder_of_tables();
    let refused = |arguments: &[&str]| {
        let (code, _, stderr) = access(folder.path(), arguments);
        assert_eq!(code, 2, "{stderr}");
        stderr
    };
    let with = |more: &[&'static str]| [FILES.as_slice(), more].concat();
    assert!(refused(&with(&["--measure", "shops:5"])).contains("within:15"));
    assert!(refused(&with(&[])).contains("--measure"));
    assert!(refused(&with(&["--measure", "within:5", "--group", "quartier"])).contains("--spread-out"));
    assert!(refused(&with(&["--measure", "within:5", "--offer", "toys"])).contains("staff"));
    assert!(refused(&with(&["--measure", "2sfca:within:5", "--passive"])).contains("nobody competes"));
    assert!(refused(&with(&["--measure", "within:5", "--out", "homes.csv"])).contains("homes.csv"));
    let without_people = ["--land-use", "homes.csv", "--matrix", "times.csv", "--measure", "e2sfca"];
    assert!(refused(&without_people).contains("--people"));
    // Who has ways to other places only reaches none of these, which is known.
    fs::write(folder.path().join("elsewhere.csv"), "from_id,to_id,time_min\nA,x,5\nB,q,1\n").expect("written");
    let elsewhere =
        ["--land-use", "homes.csv", "--destinations", "beds.csv", "--matrix", "elsewhere.csv", "--measure", "within:5"];
    let (code, stdout, _) = access(folder.path(), &elsewhere);
    assert_eq!((code, numbers(&rows(&stdout), "places_within_5")), (0, vec![Some(0.0), Some(1.0), None]));
    // A supply that nobody reaches is told, and what it offers is lost for all.
    let (code, _, stderr) = access(folder.path(), &with(&["--measure", "2sfca:within:1", "--offer", "beds"]));
    assert!(code == 0 && stderr.contains("supply_out_of_reach") && stderr.contains("30 of 30 beds"), "{stderr}");
    // A file that is cut off, empty, or stands for more rows than its bytes allow.
    let whole = bytes_of("times.parquet");
    let times = |bytes: &[u8]| {
        fs::write(folder.path().join("cut.parquet"), bytes).expect("written");
        let files =
            ["--land-use", "homes.csv", "--matrix", "cut.parquet", "--time", "travel_time_p50", "--unit", "min"];
        access(folder.path(), &[files.as_slice(), &["--measure", "within:5"]].concat())
    };
    for length in [0, 3, 4, 9, whole.len() / 2, whole.len() - 1] {
        let (code, _, stderr) = times(&whole[..length]);
        assert!(code == 2 && stderr.contains("cut.parquet"), "{length}: {stderr}");
    }
    // A table without a single plain column, and one of endless rows.
    fs::write(folder.path().join("lists.parquet"), bytes_of("only_lists.parquet")).expect("written");
    assert!(
        refused(&["--land-use", "lists.parquet", "--matrix", "times.csv", "--measure", "within:5"])
            .contains("lists.parquet")
    );
    let (code, _, stderr) = times(&bytes_of("many_times.parquet"));
    assert!(code == 2 && stderr.contains("MB of memory"), "{stderr}");
}
