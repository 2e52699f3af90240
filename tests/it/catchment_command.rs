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

/// Eight zones and three centres, and visits by surface^0.8 · bays^0.3 · minutes^-1.5, to a hundredth of a visit.
fn folder_of_visits() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    let centres: [(&str, f64, f64); 3] = [("A", 1000.0, 40.0), ("B", 2500.0, 300.0), ("C", 400.0, 90.0)];
    let mut zones = "id,people\n".to_owned();
    let (mut times, mut visits) = ("zone,centre,minutes\n".to_owned(), "zone;centre;visits\n".to_owned());
    // Totals by surface and minutes alone.
    let mut totals = [0.0; 3];
    for zone in 0..8_u32 {
        let people = f64::from(100 + 50 * zone);
        zones += &format!("z{zone},{people}\n");
        let minutes = [3 + 2 * zone, 17 - zone, 5 + zone * zone % 7].map(f64::from);
        let utility = |at: usize| centres[at].1.powf(0.8) * centres[at].2.powf(0.3) * minutes[at].powf(-1.5);
        let plain = |at: usize| utility(at) / centres[at].2.powf(0.3);
        let [all, all_plain]: [f64; 2] = [[0, 1, 2].map(utility).iter().sum(), [0, 1, 2].map(plain).iter().sum()];
        for (at, (centre, ..)) in centres.iter().enumerate() {
            times += &format!("z{zone},{centre},{}\n", minutes[at]);
            visits += &format!("z{zone};{centre};{:.2}\n", 1000.0 * utility(at) / all);
            totals[at] += people * plain(at) / all_plain;
        }
    }
    let rows = centres.iter().zip(totals).map(|((id, floor, bays), total)| format!("{id},{floor},{bays},{total}\n"));
    write("zones.csv", &zones);
    write("centres.csv", &format!("id,surface,bays,turnover\n{}", rows.collect::<String>()));
    write("times.csv", &times);
    write("visits.csv", &visits);
    folder
}

const OF_VISITS: [&str; 10] = [
    "--zones",
    "zones.csv",
    "--customers",
    "people",
    "--centres",
    "centres.csv",
    "--attraction",
    "surface",
    "--matrix",
    "times.csv",
];

#[test]
fn the_rule_is_fitted_to_visits_and_to_totals() {
    let folder = folder_of_visits();
    let fit = |more: &[&str]| -> Value {
        let (code, stdout, stderr) =
            catchment(folder.path(), &[OF_VISITS.as_slice(), more, &["--out", "c.csv", "--format", "json"]].concat());
        assert_eq!(code, 0, "{stderr}");
        serde_json::from_str::<Value>(&stdout).expect("JSON")["fit"].clone()
    };
    let estimates = |fit: &Value| -> Vec<f64> {
        let parameters = fit["parameters"].as_array().expect("parameters");
        parameters.iter().map(|parameter| parameter["estimate"].as_f64().expect("a number")).collect()
    };
    let near = |found: &[f64], expected: &[f64], tolerance: f64| {
        let both = found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| (a - b).abs() < tolerance);
        assert!(both, "{found:?} is not {expected:?}");
    };
    let visits = ["--fit", "visits.csv", "--attributes", "bays", "--fit-out", "fit.csv"];
    let found = fit(&visits);
    near(&estimates(&found), &[1.5, 0.8, 0.3], 1e-3);
    assert_eq!(
        (found["zones"].as_u64(), found["zones_not_seen"]["r_squared"].as_f64().map(|r| r > 0.999)),
        (Some(8), Some(true))
    );
    assert!(found["rule_as_given"]["r_squared"].as_f64() < found["zones_not_seen"]["r_squared"].as_f64());
    let table = rows(&fs::read_to_string(folder.path().join("fit.csv")).expect("written"));
    let names: Vec<&str> = table.iter().map(|row| cell(row, "parameter")).collect();
    assert_eq!(names, ["minutes", "surface", "bays"]);
    assert!(cell(&table[0], "standard_error").parse::<f64>().expect("a number") > 0.0);
    near(&estimates(&fit(&[visits.as_slice(), &["--fit-method", "log-centred"]].concat())), &[1.5, 0.8, 0.3], 1e-2);
    // Two numbers from three totals, of which one follows from the others: one rule tells them exactly, and nothing is left to
    // say how far they scatter.
    let of_totals = fit(&["--fit-totals", "turnover"]);
    near(&estimates(&of_totals), &[1.5, 0.8], 1e-3);
    assert!(of_totals["zones_not_seen"].is_null() && of_totals["parameters"][0]["robust_standard_error"].is_null());
    let customers = |name: &str| -> Vec<f64> {
        let table = rows(&fs::read_to_string(folder.path().join(name)).expect("written"));
        table.iter().map(|row| cell(row, "customers").parse().expect("a number")).collect()
    };
    fit(&["--fit", "visits.csv", "--attributes", "bays"]);
    let by_fit = customers("c.csv");
    fit(&["--exponent", "0.8", "--decay", "power:1.5", "--attributes", "bays^0.3"]);
    near(&by_fit, &customers("c.csv"), 0.1);
    let text = catchment(folder.path(), &[OF_VISITS.as_slice(), &visits].concat()).2;
    assert!(
        text.contains("fitted to 8000 of 8 zones: minutes 1.500") && text.contains("zones not seen: R2 1.00"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_fitted_is_told() {
    let folder = folder_of_visits();
    let told = |more: &[&str]| catchment(folder.path(), &[OF_VISITS.as_slice(), more].concat());
    let refused = |more: &[&str]| {
        let (code, _, stderr) = told(more);
        assert_eq!(code, 2, "{stderr}");
        stderr
    };
    assert!(refused(&["--fit", "visits.csv", "--decay", "linear:30"]).contains("half-life"));
    assert!(refused(&["--fit", "visits.csv", "--attributes", "surface"]).contains("fewer fields"));
    assert!(refused(&["--fit", "visits.csv", "--fit-totals", "turnover"]).contains("--fit-totals"));
    assert!(refused(&["--fit", "zones.csv"]).contains("zones.csv"));
    assert!(refused(&["--fit-out", "f.csv"]).contains("--fit"), "nothing is fitted");
    assert!(refused(&["--fit", "visits.csv", "--attributes", "bays^"]).contains("parking^0.3"));
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    // The farther the better, whatever the floor.
    let times = fs::read_to_string(folder.path().join("times.csv")).expect("there");
    write("far.csv", &times.replace("minutes", "visits"));
    assert!(refused(&["--fit", "far.csv"]).contains("seek what is far"));
    write("none.csv", "zone,centre,visits\nz0,A,0\n");
    assert!(refused(&["--fit", "none.csv"]).contains("nothing is observed"));
    // Visits in several rows are added up: half of each twice is the whole.
    let visits = fs::read_to_string(folder.path().join("visits.csv")).expect("there");
    write(
        "twice.csv",
        &format!("{visits}{}", visits.lines().skip(1).map(|line| format!("{line}\n")).collect::<String>()),
    );
    let fitted = |name: &str| {
        told(&["--fit", name])
            .2
            .lines()
            .find(|line| line.starts_with("fitted"))
            .map(|line| line.replace("16000", "8000"))
    };
    let minutes = |line: Option<String>| line.and_then(|line| line.split("+-").next().map(str::to_owned));
    assert_eq!(minutes(fitted("twice.csv")), minutes(fitted("visits.csv")));
    // Shares by least squares are what visits are.
    let shares = visits.lines().skip(1).map(|line| line.rsplit_once(';').expect("a number"));
    let shares: String =
        shares.map(|(pair, n)| format!("{pair};{}\n", n.parse::<f64>().expect("a number") / 1000.0)).collect();
    write("shares.csv", &format!("zone;centre;share\n{shares}"));
    let by_least_squares = |name: &str| told(&["--fit", name, "--fit-method", "log-centred"]).2;
    let of = |text: String| text.split("zones: ").nth(1).and_then(|rest| rest.lines().next().map(str::to_owned));
    assert_eq!(of(by_least_squares("shares.csv")), of(by_least_squares("visits.csv")));
    // A centre without bays attracts nobody, whatever the power; all others go on.
    let centres = fs::read_to_string(folder.path().join("centres.csv")).expect("there");
    write("bare.csv", &centres.replace("A,1000,40,", "A,1000,0,"));
    let bare: Vec<&str> =
        OF_VISITS.iter().map(|argument| if *argument == "centres.csv" { "bare.csv" } else { *argument }).collect();
    let (code, stdout, stderr) = catchment(folder.path(), &[bare.as_slice(), &["--attributes", "bays^-0.3"]].concat());
    let customers: Vec<f64> =
        rows(&stdout).iter().map(|row| cell(row, "customers").parse().expect("a number")).collect();
    assert!(
        code == 0 && customers[0] == 0.0 && customers[1] > 0.0 && !stderr.contains("zone_without_centre"),
        "{stdout}{stderr}"
    );
    // What belongs to a centre that no time leads to is left out of the fit, and told.
    write("more.csv", &format!("{centres}D,500,10,77\n"));
    let more: Vec<&str> =
        OF_VISITS.iter().map(|argument| if *argument == "centres.csv" { "more.csv" } else { *argument }).collect();
    let (code, _, stderr) = catchment(folder.path(), &[more.as_slice(), &["--fit-totals", "turnover"]].concat());
    assert!(code == 0 && stderr.contains("choice_without_way") && stderr.contains("77 of "), "{code} {stderr}");
    // Visits of places that nothing is known of, and to a centre that no time leads to.
    write("odd.csv", &format!("{}z9;A;3\n", visits.replace("z1;B;", "z1;B;many")));
    write("times.csv", &times.replace("z3,C,7\n", ""));
    let (code, _, stderr) = told(&["--fit", "odd.csv", "--strict"]);
    assert_eq!(code, 1, "{stderr}");
    for notice in ["amount_invalid", "pair_unknown", "choice_without_way"] {
        assert!(stderr.contains(notice), "{notice}: {stderr}");
    }
}

/// Three squares of 0.1° side by side, with a shop centre in the first and the third.
fn folder_of_squares() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let square = |id: &str, people: u32, lon: f64| {
        let ring = [[lon, 50.0], [lon + 0.1, 50.0], [lon + 0.1, 50.1], [lon, 50.1], [lon, 50.0]];
        serde_json::json!({"type": "Feature", "properties": {"id": id, "nom": format!("{id} <b>"), "people": people},
            "geometry": {"type": "Polygon", "coordinates": [ring]}})
    };
    let features = [square("w", 1000, 5.0), square("m", 500, 5.1), square("e", 2000, 5.2)];
    let zones = serde_json::json!({"type": "FeatureCollection", "features": features});
    fs::write(folder.path().join("zones.geojson"), zones.to_string()).expect("written");
    fs::write(
        folder.path().join("shops.csv"),
        "id,name,town,lon,lat,m2\nS1,Halle,w,5.05,50.05,900\nS2,Gare,e,5.25,50.05,900\n",
    )
    .expect("written");
    folder
}

const OF_SQUARES: [&str; 10] = [
    "--zones",
    "zones.geojson",
    "--customers",
    "people",
    "--centres",
    "shops.csv",
    "--attraction",
    "m2",
    "--centre-town",
    "town",
];

#[test]
fn a_region_is_looked_at_in_straight_lines_and_says_so() {
    let folder = folder_of_squares();
    let files = ["--out", "c.csv", "--zones-out", "z.csv", "--towns-out", "t.csv", "--report", "page.html"];
    let line = ["--straight-line", "39", "--decay", "exponential:0.1", "--title", "Trois <carrés>"];
    let (code, told, stderr) = catchment(folder.path(), &[OF_SQUARES.as_slice(), &line, &files].concat());
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("straight_line_times") && told.contains("elsewhere: 0 "), "{stderr}{told}");
    let table = |name: &str| rows(&fs::read_to_string(folder.path().join(name)).expect("written"));
    let towns = table("t.csv");
    let flow = |from: &str, to: &str| -> f64 {
        let found = towns.iter().find(|row| cell(row, "from_town") == from && cell(row, "to_town") == to);
        cell(found.expect("a pair"), "customers").parse().expect("a number")
    };
    // The middle one lies as far from both; the outer ones keep most: 3.353 km of their own against 14.3 km, two minutes a km.
    assert!((flow("m", "w") - 250.0).abs() < 0.5 && (flow("m", "e") - 250.0).abs() < 0.5, "{towns:?}");
    let kept = 1.0 / (1.0 + (-0.2 * (14.295 - 3.353_f64)).exp());
    assert!((flow("w", "w") - 1000.0 * kept).abs() < 1.0, "{} of {kept}", flow("w", "w"));
    let all: f64 = towns.iter().map(|row| cell(row, "customers").parse::<f64>().expect("a number")).sum();
    assert!((all - 3500.0).abs() < 0.01);
    let zones = table("z.csv");
    assert_eq!((cell(&zones[0], "mode"), cell(&zones[0], "cutoff_min")), ("straight_line_x1.3_39_km_h", ""));
    let page = fs::read_to_string(folder.path().join("page.html")).expect("written");
    assert!(
        page.contains("Trois &lt;carrés&gt;") && page.contains("w &lt;b&gt;") && !page.contains("<b>w"),
        "names are escaped"
    );
    assert!(
        page.contains("à vol d’oiseau") && page.contains("exp(-0.1 t)") && !page.contains("catchment-"),
        "words are all there"
    );
    let english =
        [OF_SQUARES.as_slice(), &line, &["--report", "page.html", "--language", "en", "--cutoff", "15min"]].concat();
    let (code, stdout, stderr) = catchment(folder.path(), &english);
    assert_eq!(code, 0, "{stderr}");
    // Within 15 min the outer zones reach their own centre alone, the middle one with 14 min both.
    let centres = rows(&stdout);
    assert_eq!(
        [0, 1].map(|at| cell(&centres[at], "customers").parse::<f64>().expect("a number").round()),
        [1250.0, 2250.0]
    );
    let page = fs::read_to_string(folder.path().join("page.html")).expect("written");
    assert!(
        page.contains("<html lang=\"en\">") && page.contains("more than 15\u{a0}min") && !page.contains("catchment-"),
        "in English"
    );
}

#[test]
fn a_region_is_looked_at_over_its_streets() {
    let town = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/bourg");
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("bourg");
    fs::create_dir(&study).expect("made");
    for file in fs::read_dir(&town).expect("there").map(|file| file.expect("a file").path()) {
        if file.extension().is_some_and(|ending| ending == "pbf") {
            fs::copy(&file, study.join(file.file_name().expect("a name"))).expect("copied");
        }
    }
    // Two homes 140 m apart, a shop beside the first, and one in another country; then a home 3 km away from all.
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("homes.csv", "id,lon,lat\na,4.7985,50.2990\nb,4.8005,50.2990\n");
    write("shops.csv", "id,lon,lat\ns,4.7987,50.2990\nfar,9.0,48.0\n");
    let files = [
        "--zones",
        "homes.csv",
        "--centres",
        "shops.csv",
        "--network",
        "bourg",
        "--pairs-out",
        "p.csv",
        "--out",
        "c.csv",
    ];
    let (code, _, stderr) = catchment(folder.path(), &[files.as_slice(), &["--profile", "adult"]].concat());
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("point_not_linked") && !stderr.contains("straight_line_times"), "{stderr}");
    assert!(!stderr.contains("place_moved_to_street"), "{stderr}");
    let pairs = rows(&fs::read_to_string(folder.path().join("p.csv")).expect("written"));
    let minutes: Vec<f64> = pairs.iter().map(|row| cell(row, "time_min").parse().expect("a number")).collect();
    assert!(minutes.len() == 2 && minutes[0] < minutes[1] && minutes[1] < 15.0, "{minutes:?}");
    let (code, stdout, _) =
        catchment(folder.path(), &[&files[..6], &["--profile", "adult", "--cutoff", "0s"]].concat());
    assert_eq!((code, cell(&rows(&stdout)[0], "customers")), (0, "0.0"));
    for wrong in [["--straight-line", "0"], ["--straight-line", "-4"], ["--detour", "2"], ["--network", "nowhere"]] {
        let (code, _, stderr) = catchment(folder.path(), &[&files[..4], &wrong].concat());
        assert_eq!(code, 2, "{wrong:?}: {stderr}");
    }
}

/// A (1000) and B (2000) are 10 min apart: around A lies 2000 / 10 = 200, around B 1000 / 10 = 100. With the power -1 A pulls 5 and B
/// 20, at 5 and 10 min: 0.2 each. C, which no other reaches, counts as having 100 around.
#[test]
fn centres_compete_with_those_around() {
    let folder = folder_of_tables();
    let path = folder.path().join("times.csv");
    let times = fs::read_to_string(&path).expect("there");
    fs::write(&path, format!("{times}A,B,600\nB,A,600\nz1,C,36000\n")).expect("written");
    let centres = folder.path().join("centres.csv");
    let text = fs::read_to_string(&centres).expect("there");
    fs::write(&centres, format!("{text}C;Loin;1\n")).expect("written");
    let shares = |more: &[&str]| -> Vec<f64> {
        let (code, _, stderr) = catchment(folder.path(), &[FILES.as_slice(), &["--pairs-out", "p.csv"], more].concat());
        assert_eq!(code, 0, "{stderr}");
        assert_eq!(stderr.contains("centre_alone"), !more.is_empty(), "{stderr}");
        let pairs = rows(&fs::read_to_string(folder.path().join("p.csv")).expect("written"));
        let of_zone = pairs.iter().filter(|row| cell(row, "zone_id") == "z1");
        of_zone.map(|row| cell(row, "share").parse().expect("a share")).collect()
    };
    let (plain, competing) = (shares(&[]), shares(&["--competition", "-1"]));
    assert!((plain[0] - 2.0 / 3.0).abs() < 1e-4, "{plain:?}");
    assert!((competing[0] - 0.5).abs() < 1e-4 && (competing[1] - 0.5).abs() < 1e-4, "{competing:?}");
    let (code, _, stderr) = catchment(folder.path(), &[FILES.as_slice(), &["--competition", "much"]].concat());
    assert!(code == 2 && stderr.contains("is no number from -100 to 100"), "{stderr}");
}
