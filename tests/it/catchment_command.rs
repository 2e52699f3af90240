//! `chaland catchment` as somebody with tables of her own calls it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::own_tables::{cell, rows, run_in};

fn catchment(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    run_in(folder, "catchment", arguments)
}

/// The worked example of the methods (1000 and 2000 m² at 5 and 10 min, three millions to spend), and a zone with a million that
/// reaches the second alone, one that reaches neither.
fn folder_of_tables() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("zones.csv", "id,name,spend\nz1,Centre,3000000\nz2,=Gare,1000000\nz3,,500\n");
    write("centres.csv", "id;nom;surface\nA;Halle;1000\nB;Parc;2000\n");
    write("times.csv", "origin_id,destination_id,travel_time_s\nz1,A,300\nz1,B,600\nz2,B,60\nz2,A,\nz9,A,5\n");
    folder
}

const FILES: [&str; 10] = [
    "--zones",
    "zones.csv",
    "--customers",
    "spend",
    "--centres",
    "centres.csv",
    "--attraction",
    "surface",
    "--matrix",
    "times.csv",
];

#[test]
fn customers_are_shared_out_by_huff() {
    let folder = folder_of_tables();
    let outputs = ["--zones-out", "z.csv", "--pairs-out", "p.csv", "--out", "c.csv", "--format", "json"];
    let (code, stdout, stderr) = catchment(folder.path(), &[FILES.as_slice(), &outputs].concat());
    assert_eq!(code, 0, "{stderr}");
    let facts: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!((facts["zones"].as_u64(), facts["pairs"].as_u64()), (Some(3), Some(3)));
    for code in ["pair_unknown", "zone_without_centre"] {
        assert!(stderr.contains(code), "{stderr}");
    }
    let table = |name: &str| rows(&fs::read_to_string(folder.path().join(name)).expect("written"));
    let centres = table("c.csv");
    let told = |row: usize, name: &str| cell(&centres[row], name).parse::<f64>().expect("a number");
    assert!((told(0, "customers") - 2e6).abs() < 1.0 && (told(1, "customers") - 2e6).abs() < 1.0, "{centres:?}");
    assert_eq!([0, 1].map(|row| told(row, "zone_customers_mostly_here")), [3e6, 1e6]);
    assert_eq!([0, 1].map(|row| told(row, "zone_customers_nearest")), [3e6, 1e6]);
    // Of B's customers half come from z1, which stands first, a tie that the nearer z2 wins: both count before 60 % are reached.
    assert_eq!(told(1, "customers_primary"), 2e6);
    let zones = table("z.csv");
    let first =
        |row: usize| (cell(&zones[row], "id"), cell(&zones[row], "first_centre"), cell(&zones[row], "first_share"));
    assert_eq!([first(0), first(1), first(2)], [("z1", "A", "0.666667"), ("z2", "B", "1.0"), ("z3", "", "")]);
    assert_eq!(cell(&zones[1], "name"), "'=Gare", "no spreadsheet runs it");
    assert_eq!((cell(&zones[0], "share_elsewhere"), cell(&zones[2], "share_elsewhere")), ("0.0", ""));
    let pairs = table("p.csv");
    assert_eq!(pairs.len(), 3);
    assert_eq!((cell(&pairs[0], "time_min"), cell(&pairs[0], "trade_area")), ("5.0", "primary"));
}

#[test]
fn rules_and_what_goes_elsewhere_are_asked_for() {
    let folder = folder_of_tables();
    let share = |more: &[&str]| -> f64 {
        let (code, stdout, stderr) = catchment(folder.path(), &[FILES.as_slice(), more].concat());
        assert_eq!(code, 0, "{stderr}");
        cell(&rows(&stdout)[0], "customers").parse::<f64>().expect("a number") / 3e6
    };
    // Utilities of 40 and 20, and 60 elsewhere.
    assert!((share(&["--outside", "60"]) - 1.0 / 3.0).abs() < 1e-6);
    let exponential = 1000.0 * (-0.5_f64).exp();
    let expected = exponential / (exponential + 2000.0 * (-1.0_f64).exp());
    assert!((share(&["--decay", "exponential:0.1"]) - expected).abs() < 1e-6);
    // All as attractive: 1/25 against 1/100.
    assert!((share(&["--exponent", "0"]) - 0.8).abs() < 1e-6);
    let summary = catchment(folder.path(), &[FILES.as_slice(), &["--outside", "60"]].concat()).2;
    assert!(summary.contains("Halle: ") && summary.contains("elsewhere: "), "{summary}");
}

#[test]
fn what_cannot_be_shared_out_is_told() {
    let folder = folder_of_tables();
    let refused = |arguments: &[&str]| {
        let (code, _, stderr) = catchment(folder.path(), arguments);
        assert_eq!(code, 2, "{stderr}");
        stderr
    };
    let with = |name: &str, value: &'static str| -> Vec<&str> {
        let mut arguments = FILES.to_vec();
        let at = arguments.iter().position(|argument| *argument == name).expect("an option");
        arguments[at + 1] = value;
        arguments
    };
    let stderr = refused(&with("--customers", "people"));
    assert!(stderr.contains("people") && stderr.contains("spend"), "{stderr}");
    assert!(refused(&with("--matrix", "none.csv")).contains("none.csv"));
    assert!(refused(&with("--matrix", "zones.csv")).contains("zones.csv"));
    for (option, value) in
        [("--decay", "power"), ("--decay", "power:-2"), ("--limits", "80,60,90"), ("--exponent", "-1")]
    {
        assert!(refused(&[FILES.as_slice(), &[option, value]].concat()).contains(option));
    }
    assert!(refused(&[FILES.as_slice(), &["--out", "zones.csv"]].concat()).contains("zones.csv"));
    assert!(fs::read_to_string(folder.path().join("zones.csv")).expect("it is there").contains("z3"));
    fs::write(folder.path().join("empty.csv"), "id,surface\n").expect("written");
    assert!(refused(&with("--centres", "empty.csv")).contains("empty.csv"));
    // Numbers that are none count as 0 and are told; with --strict the program ends with 1.
    fs::write(folder.path().join("odd.csv"), "id,surface\nA,large\nB,2000\n").expect("written");
    let (code, stdout, stderr) =
        catchment(folder.path(), &[with("--centres", "odd.csv").as_slice(), &["--strict"]].concat());
    assert!(code == 1 && stderr.contains("amount_invalid") && stderr.contains("large"), "{stderr}");
    assert_eq!(cell(&rows(&stdout)[0], "customers"), "0.0");
}
