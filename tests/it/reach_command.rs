//! `chaland reach`: what it answers, in which forms, and what it says of points that cannot be asked about.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use chaland::base::notice::Notices;
use chaland::sources::features::{FeatureOptions, read_features};
use serde_json::Value;

use crate::audit_bad_input::copy_of_bourg;

/// Code, stdout and stderr.
fn reach(what: &str, folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_chaland")).args(["reach", what]).arg(folder).args(arguments).output();
    let output = output.expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (output.status.code().expect("a code"), text(&output.stdout), text(&output.stderr))
}

/// Two places of the drawn town: 200 m of its main street lie between them.
const WEST: &str = "4.8000,50.3000";
const EAST: &str = "4.8030,50.3000";

#[test]
fn isochrones_on_stdout_are_geojson_that_can_be_read() {
    let town = copy_of_bourg();
    let (code, stdout, _) = reach("isochrones", town.path(), &["--from", WEST, "--cutoff", "2min,5min"]);
    assert_eq!(code, 0);
    let found: Value = serde_json::from_str(&stdout).expect("JSON");
    let features = found["features"].as_array().expect("features");
    let cutoffs: Vec<f64> = features.iter().filter_map(|one| one["properties"]["cutoff_min"].as_f64()).collect();
    assert_eq!(cutoffs, [5.0, 2.0], "the longer time first, so that the shorter is drawn over it");
    let street_m = |at: usize| features[at]["properties"]["street_m"].as_f64().expect("metres");
    assert!(street_m(0) > street_m(1) && street_m(1) > 100.0, "{stdout}");
    assert_eq!(features[0]["geometry"]["type"], "MultiPolygon");
}

#[test]
fn areas_and_streets_are_layers_of_a_geopackage() {
    let town = copy_of_bourg();
    for (show, name) in [("areas", "isochrones"), ("contours", "isochrones"), ("streets", "reached_streets")] {
        let out = town.path().join(format!("{show}.gpkg"));
        let out = out.to_str().expect("UTF-8");
        let (code, stdout, _) =
            reach("isochrones", town.path(), &["--to", WEST, "--show", show, "--out", out, "--format", "json"]);
        assert_eq!(code, 0);
        let told: Value = serde_json::from_str(&stdout).expect("JSON");
        let mut notices = Notices::new();
        let read = read_features(Path::new(out), &FeatureOptions::default(), &mut notices).expect("a GeoPackage");
        assert_eq!(told[name], read.len(), "{told}");
        assert!(!read.is_empty() && notices.counts().is_empty());
        assert_eq!(read[0].property(&["direction"]), Some("to"));
    }
}

/// A matrix as CSV on stdout, as a CSV file and as Parquet holds the same; by many origins (which contracts the streets)
/// and by one at a time (which does not) it is the same too.
#[test]
fn a_matrix_is_the_same_in_every_form_and_by_every_way() {
    let town = copy_of_bourg();
    let mut table = "id,lon,lat\n".to_owned();
    for at in 0..120 {
        let (lon, lat) = (4.7985 + f64::from(at % 12) * 4e-4, 50.2990 + f64::from(at / 12) * 2e-4);
        table.push_str(&format!("p{at},{lon:.6},{lat:.6}\n"));
    }
    let points = town.path().join("points.csv");
    fs::write(&points, table).expect("written");
    let points = points.to_str().expect("UTF-8");
    let (code, stdout, stderr) = reach("matrix", town.path(), &["--from", points]);
    assert_eq!(code, 0, "{stderr}");
    let csv = town.path().join("m.csv");
    let parquet = town.path().join("m.parquet");
    for out in [&csv, &parquet] {
        let out = out.to_str().expect("UTF-8");
        let (code, told, _) = reach("matrix", town.path(), &["--from", points, "--to", points, "--out", out]);
        assert!(code == 0 && told.contains("is written"), "{told}");
    }
    assert_eq!(fs::read_to_string(&csv).expect("there"), stdout);
    let rows = stdout.lines().count() - 1;
    assert!(rows > 1_000, "{rows} pairs have a way");
    use polars::prelude::{ParquetReader, SerReader};
    let frame = ParquetReader::new(fs::File::open(&parquet).expect("there")).finish().expect("Parquet");
    assert_eq!((frame.height(), frame.width()), (rows, 3));
    let column = |name: &str| frame.column(name).expect("a column");
    let ids = ["origin_id", "destination_id"].map(|name| column(name).str().expect("text"));
    let times = column("travel_time_s").f64().expect("numbers");
    for (row, line) in stdout.lines().skip(1).enumerate() {
        let [from, to] = ids.map(|ids| ids.get(row).expect("an id"));
        assert_eq!(format!("{from},{to},{:.1}", times.get(row).expect("a time")), line);
    }
    let own = |id: &str| -> Vec<String> {
        stdout.lines().filter(|line| line.starts_with(&format!("{id},"))).map(str::to_owned).collect()
    };
    let (id, lon, lat) = ("p13", 4.7985 + 4e-4, 50.2990 + 2e-4);
    let one = town.path().join("one.csv");
    fs::write(&one, format!("id,lon,lat\n{id},{lon:.6},{lat:.6}\n")).expect("written");
    let one = one.to_str().expect("UTF-8");
    let (_, alone, _) = reach("matrix", town.path(), &["--from", one, "--to", points]);
    assert_eq!(alone.lines().skip(1).map(str::to_owned).collect::<Vec<_>>(), own(id));
    assert!(own(id).contains(&format!("{id},{id},0.0")), "from a place to itself: {:?}", own(id));
}

/// Of a time that ends before the street is reached there is no area; the others are drawn.
#[test]
fn a_time_in_which_nothing_is_reached_is_a_row_without_area() {
    let town = copy_of_bourg();
    for ending in ["gpkg", "geojson", "csv"] {
        let out = town.path().join(format!("i.{ending}"));
        let out = out.to_str().expect("UTF-8");
        let off_street = "4.8015,50.3003";
        let (code, stdout, stderr) =
            reach("isochrones", town.path(), &["--from", off_street, "--cutoff", "0min,5min", "--out", out]);
        assert!(code == 0 && stdout.contains("2 isochrones"), "{stdout}{stderr}");
    }
}

#[test]
fn a_reached_street_bears_the_shortest_time_that_reaches_it() {
    let town = copy_of_bourg();
    let metres = |cutoffs: &str| {
        let (code, stdout, _) =
            reach("isochrones", town.path(), &["--from", WEST, "--show", "streets", "--cutoff", cutoffs]);
        assert_eq!(code, 0);
        let found: Value = serde_json::from_str(&stdout).expect("JSON");
        let mut by_cutoff = std::collections::BTreeMap::new();
        for feature in found["features"].as_array().expect("features") {
            let number = |name: &str| feature["properties"][name].as_f64().expect("a number");
            *by_cutoff.entry(number("cutoff_min").to_string()).or_insert(0.0) += number("length_m");
        }
        by_cutoff
    };
    let (alone, both) = (metres("3min"), metres("3min,1min"));
    assert_eq!((alone.len(), both.len()), (1, 2));
    let rounding_m = 0.1 * 200.0;
    assert!((both["1"] + both["3"] - alone["3"]).abs() < rounding_m && both["1"] > 50.0, "{both:?} {alone:?}");
}

/// What a command reads it does not write over, under whatever name.
#[test]
fn a_result_never_replaces_what_it_is_made_of() {
    let town = copy_of_bourg();
    let homes = town.path().join("homes.csv");
    let text = "id,lon,lat\n1,4.8000,50.3000\n";
    fs::write(&homes, text).expect("written");
    let by_another_name = town.path().join("..").join(town.path().file_name().expect("a name")).join("homes.csv");
    for out in [&homes, &by_another_name] {
        let paths = [&homes, out].map(|path| path.to_str().expect("UTF-8"));
        let (code, _, stderr) = reach("matrix", town.path(), &["--from", paths[0], "--out", paths[1]]);
        assert!(code == 2 && stderr.contains("would be replaced"), "{stderr}");
    }
    let own = town.path().join("bourg_parking.csv");
    let before = fs::read(&own).expect("a table of the study");
    let (code, _, stderr) = reach("matrix", town.path(), &["--from", WEST, "--out", own.to_str().expect("UTF-8")]);
    assert!(code == 2 && stderr.contains("would be replaced"), "{stderr}");
    assert_eq!(fs::read_to_string(&homes).expect("there"), text);
    assert_eq!(fs::read(&own).expect("there"), before);
}

/// Two million rows to a reader that takes one and goes: it ends at once, and well.
#[cfg(unix)]
#[test]
fn a_matrix_ends_when_its_reader_goes() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let town = copy_of_bourg();
    let points = town.path().join("points.csv");
    let mut table = "id,lon,lat\n".to_owned();
    (0..1_500).for_each(|id| table.push_str(&format!("{id},{:.6},50.3000\n", 4.8 + f64::from(id) * 2e-6)));
    fs::write(&points, table).expect("written");
    let mut child = Command::new(env!("CARGO_BIN_EXE_chaland"))
        .args(["reach", "matrix"])
        .args([town.path(), Path::new("--from"), points.as_path()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut first = String::new();
    BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut first).expect("a line");
    assert_eq!(first, "origin_id,destination_id,travel_time_s\n");
    let ended = child.wait_with_output().expect("it ends");
    let stderr = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success() && !stderr.contains("origins"), "it did not write to its end: {stderr}");
}

#[test]
fn what_takes_longer_than_the_cutoff_is_left_out() {
    let town = copy_of_bourg();
    let ask = |cutoff: &str| reach("matrix", town.path(), &["--from", WEST, "--to", EAST, "--cutoff", cutoff]).1;
    assert_eq!(ask("30min").lines().count(), 2);
    assert_eq!(ask("30s").lines().count(), 1, "the header alone");
}

/// The drawn town has a bus line; its stops lie some minutes apart on foot. Percentiles do not fall, a wheelchair is no
/// faster, and a walk all the way is as long at every departure.
#[test]
fn public_transport_takes_percentiles_of_a_window() {
    let town = copy_of_bourg();
    let table = "id,lon,lat\nhere,4.8000,50.3000\n50 m on,4.8007,50.3000\ngare,4.7905,50.2985\nnorth,4.8040,50.3060\n";
    let points = town.path().join("points.csv");
    fs::write(&points, table).expect("written");
    let points = points.to_str().expect("UTF-8");
    let ask = |more: &[&str]| {
        let arguments = [&["--from", points, "--percentiles", "95,5,50", "--window", "08:00-10:00"], more].concat();
        let (code, stdout, stderr) = reach("transit", town.path(), &arguments);
        assert_eq!(code, 0, "{stderr}");
        let mut reader = csv::Reader::from_reader(stdout.as_bytes());
        let heads: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        let expected = ["origin_id", "destination_id", "travel_time_p5_s", "travel_time_p50_s", "travel_time_p95_s"];
        assert_eq!(heads, expected);
        let mut times = std::collections::BTreeMap::new();
        for row in reader.records() {
            let row = row.expect("cells");
            let seconds: Vec<f64> = (2..5).map(|at| row[at].parse().unwrap_or(f64::INFINITY)).collect();
            assert!(seconds.is_sorted(), "{row:?}");
            times.insert((row[0].to_owned(), row[1].to_owned()), seconds);
        }
        times
    };
    let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    let adult = ask(&[]);
    assert_eq!(adult[&pair("here", "here")], [0.0; 3]);
    let near = &adult[&pair("here", "50 m on")];
    assert!(near[0] == near[2] && (30.0..120.0).contains(&near[0]), "{near:?}");
    let wheelchair = ask(&["--profile", "wheelchair-optimistic"]);
    assert!(wheelchair.iter().all(|(pair, times)| times[1] >= adult[pair][1]));
    let short = ask(&["--walk", "1min", "--cutoff", "2min"]);
    assert!(short.len() < adult.len() && short.values().flatten().all(|&time| time <= 120.0 || time.is_infinite()));
    let area_km2 = |more: &[&str]| -> f64 {
        let arguments = [&["--from", "4.7990,50.2998", "--cutoff", "20min"], more].concat();
        let (code, stdout, stderr) = reach("isochrones", town.path(), &arguments);
        assert_eq!(code, 0, "{stderr}");
        let found: Value = serde_json::from_str(&stdout).expect("JSON");
        assert_eq!(found["features"][0]["properties"]["departure"].is_string(), !more.is_empty());
        found["features"][0]["properties"]["area_km2"].as_f64().expect("an area")
    };
    let (on_foot, at_night) = (area_km2(&[]), area_km2(&["--departure", "03:00"]));
    let by_day = (480..540).step_by(10).map(|minute| {
        area_km2(&["--departure", &format!("{:02}:{:02}", minute / 60, minute % 60), "--date", "2024-03-05"])
    });
    let (_, stdout, _) =
        reach("isochrones", town.path(), &["--from", WEST, "--departure", "08:00", "--show", "streets"]);
    let found: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(found["features"][0]["properties"]["departure"], "2024-03-05 08:00");
    assert_eq!(on_foot, at_night, "nothing runs at night");
    assert!(by_day.fold(0.0, f64::max) > on_foot);
    let (code, _, stderr) = reach("isochrones", town.path(), &["--to", WEST, "--departure", "08:00"]);
    assert!(code == 2 && stderr.contains("--departure"), "{stderr}");
    let (code, _, stderr) = reach("transit", town.path(), &["--from", WEST, "--profile", "car"]);
    assert!(code == 2 && stderr.contains("takes no public transport"), "{stderr}");
    let (code, _, stderr) = reach("transit", town.path(), &["--from", WEST, "--date", "1999-01-01"]);
    assert!(code == 2 && stderr.contains("no trip runs on 1999-01-01"), "{stderr}");
    for window in ["10:00-08:00", "8-9", "00:00-99:00"] {
        let (code, _, stderr) = reach("transit", town.path(), &["--from", WEST, "--window", window]);
        assert!(code == 2 && stderr.contains("--window"), "{stderr}");
    }
    fs::remove_file(town.path().join("bourg_gtfs.zip")).expect("removed");
    let (code, _, stderr) = reach("transit", town.path(), &["--from", WEST]);
    assert!(code == 2 && stderr.contains("holds no timetable"), "{stderr}");
}

/// Who leaves in the minute of the last departure is there in time, who leaves a minute later is not; and who wants to be there
/// in a window waits for the bus beforehand as long as who leaves in one.
#[test]
fn the_last_departure_is_the_last() {
    let town = copy_of_bourg();
    let gare = "4.7905,50.2985";
    let ask = |more: &[&str]| -> Option<f64> {
        let arguments = [&["--from", WEST, "--to", gare, "--walk", "5min"], more].concat();
        let (code, stdout, stderr) = reach("transit", town.path(), &arguments);
        assert_eq!(code, 0, "{stderr}");
        Some(stdout.lines().nth(1)?.rsplit(',').next()?.parse().expect("a number"))
    };
    let last = ask(&["--last-by", "22:00"]).expect("there is a bus");
    assert_eq!(ask(&["--last-by", "24:00"]), Some(last), "no bus runs so late");
    let minute = (last / 60.0) as u32;
    let leaving_at = |minute: u32| {
        let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
        ask(&["--window", &format!("{}-{}", clock(minute), clock(minute + 1))])
    };
    let takes = leaving_at(minute).expect("the last bus");
    assert!(f64::from(minute * 60) + takes <= 22.0 * 3600.0 && takes < 1_800.0, "{takes}");
    assert_eq!(leaving_at(minute + 1), None);
    let waits = |kind: &str| ask(&[kind, "08:00-10:00"]).expect("there is a bus");
    assert!((waits("--window") - waits("--arrive-by")).abs() < 61.0, "a bus every twenty minutes both ways round");
}

/// The times of a table by origin and destination.
fn times_of(stdout: &str) -> std::collections::BTreeMap<(String, String), f64> {
    let mut reader = csv::Reader::from_reader(stdout.as_bytes());
    let rows = reader.records().map(|row| row.expect("cells"));
    rows.map(|row| ((row[0].to_owned(), row[1].to_owned()), row[2].parse().expect("a time"))).collect()
}

/// Who drives, parks and walks takes as long as the drive, the parking and the walk over the best place; and does not walk
/// farther than he wants.
#[test]
fn driving_and_parking_and_walking_is_the_sum_over_the_best_place() {
    let town = copy_of_bourg();
    let file = |name: &str, rows: &str| {
        let path = town.path().join(name);
        fs::write(&path, format!("id,lon,lat\n{rows}")).expect("written");
        path.to_str().expect("UTF-8").to_owned()
    };
    let homes = file("homes.csv", "gare,4.7905,50.2985\nwest,4.7900,50.3000\n");
    let parks = file("parks.csv", "p1,4.7990,50.3000\np2,4.8020,50.3000\n");
    let shops = file("shops.csv", "a,4.8000,50.3000\nb,4.8030,50.3000\n");
    let ask = |from: &str, to: &str, more: &[&str]| {
        let (code, stdout, stderr) = reach("matrix", town.path(), &[&["--from", from, "--to", to], more].concat());
        assert_eq!(code, 0, "{stderr}");
        times_of(&stdout)
    };
    let (drives, walks) = (ask(&homes, &parks, &["--profile", "car"]), ask(&parks, &shops, &[]));
    let over_parking = ["--profile", "car", "--park", &parks, "--parking-time", "90s"];
    let found = ask(&homes, &shops, &[&over_parking, ["--walk", "10min"].as_slice()].concat());
    assert_eq!(found.len(), 4);
    for ((home, shop), time) in &found {
        let over = ["p1", "p2"]
            .map(|park| drives[&(home.clone(), park.to_owned())] + 90.0 + walks[&(park.to_owned(), shop.clone())]);
        assert!((time - over[0].min(over[1])).abs() < 0.05, "{home} to {shop}: {time}, {over:?}");
    }
    let shortest = walks.values().copied().fold(f64::INFINITY, f64::min);
    let limit = format!("{}s", shortest.ceil());
    let near = ask(&homes, &shops, &[&over_parking, ["--walk", limit.as_str()].as_slice()].concat());
    assert!(near.len() < found.len() && !near.is_empty(), "{near:?}");
    // How full the places are: half of the bays of p1 are in use, 4.32 s of search; of p2 99 of 100, 216 s and, as crowded as
    // that, 15 times as long: more than the 900 s after which nobody searches on.
    let full = |rows: &str| {
        let parks = file("full.csv", rows);
        let text = fs::read_to_string(&parks).expect("written").replace("id,lon,lat", "id,lon,lat,full");
        fs::write(&parks, text).expect("written");
        parks
    };
    let by_fullness = |parks: &str| {
        let places = ["--profile", "car", "--park", parks, "--parking-time", "90s", "--occupancy", "Full"];
        let from_to = ["--from", &homes, "--to", &shops];
        let (code, stdout, stderr) = reach("matrix", town.path(), &[&from_to, places.as_slice()].concat());
        assert_eq!(code, 0, "{stderr}");
        (times_of(&stdout), stderr)
    };
    let parks_by_share = full("p1,4.7990,50.3000,0.5\np2,4.8020,50.3000,0.99\n");
    let (by_share, told) = by_fullness(&parks_by_share);
    assert!(!told.contains("occupancy"), "{told}");
    for ((home, shop), time) in &by_share {
        let over = [("p1", 4.32), ("p2", 900.0)].map(|(park, search)| {
            drives[&(home.clone(), park.to_owned())] + 90.0 + search + walks[&(park.to_owned(), shop.clone())]
        });
        assert!((time - over[0].min(over[1])).abs() < 0.1, "{home} to {shop}: {time}, {over:?}");
    }
    let (by_percent, told) = by_fullness(&full("p1,4.7990,50.3000,50 %\np2,4.8020,50.3000,99 %\n"));
    assert!(by_percent == by_share && !told.contains("occupancy"), "{told}");
    let (by_percent, told) = by_fullness(&full("p1,4.7990,50.3000,50\np2,4.8020,50.3000,99\n"));
    assert!(by_percent == by_share && told.contains("occupancy_unit_assumed"), "{told}");
    let (unknown, told) = by_fullness(&full("p1,4.7990,50.3000,0\np2,4.8020,50.3000,much\n"));
    assert!(unknown.len() == 4 && told.contains("occupancy_unknown") && told.contains("much"), "{told}");
    let refused = |more: &[&str], says: &str| {
        let (code, _, stderr) = reach("matrix", town.path(), &[&["--from", &homes, "--to", &shops], more].concat());
        assert!(code == 2 && stderr.contains(says), "{stderr}");
    };
    refused(&["--profile", "car", "--park", &parks_by_share, "--occupancy", "fill"], "full");
    refused(&["--park", &parks], "nothing to park");
    refused(&["--profile", "car", "--park", "2,2"], "none of the points to park at");
    refused(&["--walk", "5min"], "--park");
}

/// The stops of the drawn line to the west, by its feed: a bus every 20 min from 5:54 on; a place beside a stop of it is well served.
#[test]
fn stations_and_places_say_what_departs() {
    let town = copy_of_bourg();
    let table = |more: &[&str]| -> Vec<std::collections::BTreeMap<String, String>> {
        let out = town.path().join("supply.csv");
        let (code, _, stderr) =
            reach("supply", town.path(), &[&["--out", out.to_str().expect("UTF-8")], more].concat());
        assert_eq!(code, 0, "{stderr}");
        let mut reader = csv::Reader::from_path(&out).expect("a table");
        reader.deserialize().map(|row| row.expect("cells")).collect()
    };
    let stations = table(&["--window", "07:00-09:00"]);
    let at = |id: &str| stations.iter().find(|station| station["id"] == id).expect("the station").clone();
    let first = at("ROSEAUX");
    let told = ["departures", "lines", "directions", "first", "last", "span_min", "largest_gap_min", "headway_min"];
    let told = told.map(|name| first[name].as_str());
    assert_eq!(told, ["6", "1", "1", "07:14", "08:54", "100.0", "20.0", "20.0"], "7:14 to 8:54 every 20 min");
    assert_eq!((first["modes"].as_str(), at("S_GARE")["modes"].as_str()), ("bus", "rail"));
    let by_day = |departures: &str| departures.parse::<u32>().expect("a number");
    assert!(stations.iter().all(|station| by_day(&station["departures_of_day"]) >= by_day(&station["departures"])));
    let places = table(&["--at", WEST]);
    assert_eq!((places[0]["ptal"].as_str(), places[0]["well_served_dense"].as_str()), ("1b", "true"), "{places:?}");
    let saturday = table(&["--date", "2024-03-09", "--window", "07:00-09:00"]);
    let departures = |rows: &[std::collections::BTreeMap<String, String>]| -> u32 {
        rows.iter().map(|station| by_day(&station["departures"])).sum()
    };
    assert!(departures(&saturday) < departures(&stations), "less runs on Saturdays");
    let (code, _, stderr) = reach("supply", town.path(), &["--date", "2024-03-10"]);
    assert!(code == 2 && stderr.contains("no trip runs on 2024-03-10"), "{stderr}");
    let (code, _, stderr) = reach("supply", town.path(), &["--at", WEST, "--window", "07:00-09:00"]);
    assert!(code == 2 && stderr.contains("--window"), "{stderr}");
    let (code, _, stderr) = reach("supply", town.path(), &["--at", "2,2"]);
    assert!(code == 2 && stderr.contains("none of the points to look at"), "{stderr}");
}

/// To the first stop by bicycle or by car nobody takes longer than on foot, and some are sooner; by bicycle all over a place to
/// park is no sooner than to any stop.
#[test]
fn a_train_can_be_ridden_to() {
    let town = copy_of_bourg();
    // At the far end of a street without a stop.
    let from = "4.8045,50.3000";
    let ask = |more: &[&str]| {
        let window = ["--from", from, "--to", "4.7905,50.2985", "--window", "08:00-09:00", "--walk", "6min"];
        let (code, stdout, stderr) = reach("transit", town.path(), &[window.as_slice(), more].concat());
        assert_eq!(code, 0, "{stderr}");
        times_of(&stdout).into_values().next().unwrap_or(f64::INFINITY)
    };
    let on_foot = ask(&[]);
    let by_bicycle = ask(&["--access", "bicycle", "--parking-time", "30s"]);
    let late = ask(&["--access", "bicycle", "--parking-time", "1h"]);
    let over_place = ask(&["--access", "bicycle", "--park", "4.8000,50.3000", "--parking-time", "30s"]);
    let by_car = ask(&["--access", "car", "--park", "4.8000,50.3000", "--parking-time", "30s"]);
    assert!(by_bicycle < on_foot, "{by_bicycle} {on_foot}");
    assert_eq!(late, on_foot, "who would take an hour to lock the bicycle walks");
    assert!(by_bicycle <= over_place && over_place <= on_foot && by_car <= on_foot, "{over_place} {by_car}");
    let (code, _, stderr) = reach("transit", town.path(), &["--from", from, "--access", "car"]);
    assert!(code == 2 && stderr.contains("--park"), "{stderr}");
}

#[test]
fn points_that_cannot_be_asked_about_are_told() {
    let town = copy_of_bourg();
    let (code, stdout, stderr) = reach("matrix", town.path(), &["--from", WEST, "--from", "2,2", "--strict"]);
    assert_eq!((code, stdout.lines().count()), (1, 2), "{stdout}");
    assert!(stderr.contains("point_not_linked") && stderr.contains("point 2"), "{stderr}");
    assert!(stderr.contains("leads to the rest of the town") && stderr.contains("1 points left out"), "{stderr}");
    let out = town.path().join("m.csv");
    let out = out.to_str().expect("UTF-8");
    let arguments = ["--from", WEST, "--from", "2,2", "-q", "--format", "json", "--out", out];
    let (_, stdout, stderr) = reach("matrix", town.path(), &arguments);
    let told: Value = serde_json::from_str(&stdout).expect("JSON");
    assert!(stderr.is_empty() && told["points_left_out"] == 1, "{told}");
    let (code, _, stderr) = reach("isochrones", town.path(), &["--from", "2,2", "-q"]);
    assert!(code == 2 && !stderr.contains("point_not_linked"), "{stderr}");
    let (code, _, stderr) = reach("isochrones", town.path(), &["--from", "2,2"]);
    assert!(code == 2 && stderr.contains("none of the points to start from"), "{stderr}");
    let (code, _, stderr) = reach("matrix", town.path(), &["--from", WEST, "--out", "m.xlsx"]);
    assert!(code == 2 && stderr.contains(".csv or .parquet"), "{stderr}");
    let (code, _, stderr) = reach("matrix", town.path(), &["--from", "nowhere.csv"]);
    assert!(code == 2 && stderr.contains("nowhere.csv: cannot be read"), "{stderr}");
    let empty = town.path().join("empty.csv");
    fs::write(&empty, "").expect("written");
    let (code, _, stderr) = reach("matrix", town.path(), &["--from", empty.to_str().expect("UTF-8")]);
    assert!(code == 2 && stderr.contains("empty.csv"), "{stderr}");
}

/// Two bakeries of 20 and 30 m² in the house where one starts, and a butcher of which the size is not told, 200 m off.
#[test]
fn access_counts_kinds_and_amounts_within_each_time() {
    let town = copy_of_bourg();
    let shops = town.path().join("shops.csv");
    let table = "id,lon,lat,kind,size\na,4.8000,50.3000,bakery,20\nb,4.8000,50.3000,bakery,30\n\
                 c,4.8030,50.3000,butcher,many\n";
    fs::write(&shops, table).expect("written");
    let shops = shops.to_str().expect("UTF-8");
    let ask = |more: &[&str]| {
        let out = town.path().join("access.csv");
        let arguments = [&["--from", WEST, "--to", shops, "--out", out.to_str().expect("UTF-8")], more].concat();
        let (code, _, stderr) = reach("access", town.path(), &arguments);
        let text = fs::read_to_string(&out).expect("a table");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let heads = reader.headers().expect("a header").clone();
        let row = reader.records().next().expect("a row").expect("cells");
        let cells: Vec<(String, String)> =
            heads.iter().zip(row.iter()).map(|(head, cell)| (head.to_owned(), cell.to_owned())).collect();
        let number = move |name: &str| -> Option<f64> {
            cells.iter().find(|(head, _)| head == name).and_then(|(_, cell)| cell.parse().ok())
        };
        (code, stderr, number)
    };
    let (code, _, number) = ask(&["--cutoff", "1min,15min"]);
    assert_eq!((code, number("all_1min"), number("all_15min")), (0, Some(2.0), Some(3.0)));
    assert_eq!(number("all_nearest_min"), Some(0.0), "it stands at one of them");
    let (code, stderr, number) = ask(&["--cutoff", "1min,15min", "--kind", "kind", "--amount", "size"]);
    assert!(code == 0 && stderr.contains("amount_invalid") && stderr.contains("many"), "{stderr}");
    assert_eq!((number("bakery_1min"), number("bakery_15min")), (Some(50.0), Some(50.0)));
    assert_eq!((number("butcher_1min"), number("butcher_15min")), (Some(0.0), Some(0.0)));
    assert!(number("butcher_nearest_min").is_some_and(|minutes| minutes > 1.0));
    let (_, _, number) = ask(&["--cutoff", "1min", "--kind", "kind"]);
    assert_eq!((number("butcher_1min"), number("butcher_nearest_min")), (Some(0.0), None), "null, and not 0");
}

/// Isochrones count what `access` counts, by kind and amount, from a point and to it, and by public transport; a shop just
/// beside the area is counted by its own time.
#[test]
fn isochrones_count_points_by_their_own_times() {
    let town = copy_of_bourg();
    let shops = town.path().join("shops.csv");
    let table = "id,lon,lat,kind,size\na,4.8000,50.3000,bakery,20\nb,4.8030,50.3000,bakery,30\n\
                 c,4.7905,50.2985,butcher,7.5\n";
    fs::write(&shops, table).expect("written");
    let shops = shops.to_str().expect("UTF-8");
    let fields = ["--kind", "kind", "--amount", "size"];
    let properties = |question: &str, more: &[&str]| -> Vec<Value> {
        let (code, stdout, stderr) = reach(question, town.path(), &[more, fields.as_slice()].concat());
        assert_eq!(code, 0, "{stderr}");
        let found: Value = serde_json::from_str(&stdout).expect("JSON");
        found["features"].as_array().expect("features").iter().map(|one| one["properties"].clone()).collect()
    };
    // Times in no order, one of them twice.
    let cutoffs = ["--cutoff", "30min,1min,5min,1min"];
    let access = &properties("access", &[&["--from", WEST, "--to", shops], cutoffs.as_slice()].concat())[0];
    for (asked, show) in [("--from", "areas"), ("--to", "areas"), ("--from", "contours")] {
        let counted =
            properties("isochrones", &[&[asked, WEST, "--count", shops, "--show", show], cutoffs.as_slice()].concat());
        let minutes: Vec<f64> = counted.iter().filter_map(|one| one["cutoff_min"].as_f64()).collect();
        assert_eq!(minutes, [30.0, 5.0, 1.0]);
        for (one, minutes) in counted.iter().zip(minutes) {
            for kind in ["bakery", "butcher"] {
                let (found, expected) = (&one[format!("{kind}_within")], &access[format!("{kind}_{minutes}min")]);
                assert!(found.is_f64() && found == expected, "{kind}: {found} not {expected} in {minutes} min");
            }
        }
    }
    assert_eq!((access["bakery_1min"].as_f64(), access["bakery_5min"].as_f64()), (Some(20.0), Some(50.0)));
    let ride = ["--departure", "08:00", "--cutoff", "30min", "--from", WEST, "--count", shops];
    let by_bus = &properties("isochrones", &ride)[0];
    assert_eq!(by_bus["bakery_within"].as_f64(), Some(50.0), "{by_bus}");
    for (wrong, words) in [
        (vec!["--from", WEST, "--count", shops, "--show", "streets"], "access"),
        (vec!["--from", WEST, "--kind", "kind"], "--count"),
    ] {
        let (code, _, stderr) = reach("isochrones", town.path(), &wrong);
        assert!(code == 2 && stderr.contains(words), "{stderr}");
    }
}

/// What is within reach by public transport is what its times say, at the percentile asked for.
#[test]
fn access_by_public_transport_counts_what_its_times_say() {
    let town = copy_of_bourg();
    let gare = "4.7905,50.2985";
    let window = ["--from", WEST, "--to", gare, "--window", "08:00-10:00", "--walk", "5min"];
    let (_, times, _) = reach("transit", town.path(), &[window.as_slice(), &["--percentiles", "5,95"]].concat());
    let times: Vec<f64> =
        times.lines().nth(1).expect("a way").split(',').skip(2).map(|t| t.parse().expect("s")).collect();
    let cutoff = ((times[0] + times[1]) / 2.0).round();
    let within = |more: &[&str]| {
        let cutoff = format!("{cutoff}s");
        let (code, stdout, stderr) =
            reach("access", town.path(), &[&["--cutoff", cutoff.as_str()], window.as_slice(), more].concat());
        assert_eq!(code, 0, "{stderr}");
        let found: Value = serde_json::from_str(&stdout).expect("JSON");
        let of = found["features"][0]["properties"].clone();
        let departure = of["departure"].as_str().expect("departures").to_owned();
        (of[format!("all_{cutoff}")].as_f64(), of["all_nearest_min"].as_f64(), departure)
    };
    let (at_best, nearest, departure) = within(&["--percentile", "5"]);
    assert_eq!((at_best, departure.as_str()), (Some(1.0), "2024-03-05 08:00-10:00, p5"));
    assert!((nearest.expect("it is near") - times[0] / 60.0).abs() < 1e-3);
    let (at_worst, nearest, _) = within(&["--percentile", "95"]);
    assert_eq!((at_worst, nearest), (Some(0.0), None));
    let (code, _, stderr) = reach("access", town.path(), &["--from", WEST, "--to", gare, "--percentile", "5"]);
    assert!(code == 2 && stderr.contains("--window"), "{stderr}");
}

/// Fields that nobody has, kinds without number, and kinds that databases do not tell apart.
#[test]
fn kinds_that_make_no_table_are_told() {
    let town = copy_of_bourg();
    let shops = town.path().join("shops.csv");
    let ask = |table: &str, ending: &str, more: &[&str]| {
        fs::write(&shops, table).expect("written");
        let out = town.path().join(format!("access.{ending}"));
        let paths = [&shops, &out].map(|path| path.to_str().expect("UTF-8"));
        let arguments = [&["--from", WEST, "--to", paths[0], "--out", paths[1]], more].concat();
        let (code, _, stderr) = reach("access", town.path(), &arguments);
        (code, stderr, fs::read_to_string(&out).unwrap_or_default())
    };
    let table = "lon,lat,kind,size\n4.8,50.3,Bakery,20\n4.8,50.3,bakery,30\n4.8,50.3,a\"b,1\n4.8,50.3,,2\n";
    for wrong in [["--kind", "knid"], ["--amount", "sise"]] {
        let (code, stderr, _) = ask(table, "csv", &wrong);
        assert!(code == 2 && stderr.contains(wrong[1]) && stderr.contains("kind, "), "{stderr}");
    }
    let (code, stderr, text) = ask(table, "csv", &["--kind", "kind", "--cutoff", "300s,5min,10.2s,10s"]);
    assert!(code == 0 && stderr.contains("kind_by_capitals") && stderr.contains("kind_missing"), "{stderr}");
    let columns = ["10s", "10.2s", "5min", "nearest_min"];
    let mut heads = vec!["id".to_owned(), "name".to_owned(), "profile".to_owned(), "direction".to_owned()];
    for kind in ["Bakery", "a\"b", "bakery#2", "other"] {
        heads.extend(columns.map(|column| format!("{kind}_{column}")));
    }
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().expect("a header"), &csv::StringRecord::from(heads));
    let (code, stderr, _) = ask(table, "gpkg", &["--kind", "kind"]);
    assert_eq!(code, 0, "{stderr}");
    let mut many = "lon,lat,kind\n".to_owned();
    (0..700).for_each(|kind| many.push_str(&format!("4.8,50.3,shop {kind}\n")));
    let (code, stderr, _) = ask(&many, "gpkg", &["--kind", "kind"]);
    assert!(code == 2 && stderr.contains("700 kinds") && stderr.contains("475"), "{stderr}");
    let (code, stderr, _) = ask(&many, "gpkg", &["--kind", "kind", "--cutoff", "5min"]);
    assert_eq!(code, 0, "1400 columns: {stderr}");
}
