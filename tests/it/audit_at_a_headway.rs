//! Does a town whose buses run "every 20 minutes" get the same audit as one whose timetable writes each bus out?
//!
//! The drawn town's feed is rewritten: lines that leave at a steady headway become one trip and one row of
//! `frequencies.txt`. A passenger who leaves at any minute waits as long on average, whichever way it is written.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chaland::base::units::ClockTime;
use chaland::canvas::feed::{Canvas, Cause};
use chaland::canvas::indicators::Indicator;
use chaland::study::progress::Silent;
use chaland::study::{audit, open};

use crate::audit_bad_input::copy_of_bourg;

/// The rows of a table of the drawn feed, which quotes no comma in the tables used here.
fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines().skip(1).map(|line| line.split(',').collect()).collect()
}

fn seconds(clock: &str) -> u32 {
    clock.parse::<ClockTime>().expect("a time of the drawn feed").seconds()
}

/// The tables of the drawn feed.
fn tables_of(zip: &Path) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(fs::File::open(zip).expect("the feed is there")).expect("a zip");
    let names: Vec<String> = archive.file_names().map(|name| name.expect("a name").into_owned()).collect();
    let read = |name: String| {
        let text = std::io::read_to_string(archive.by_name(&name).expect("a table")).expect("text");
        (name, text)
    };
    names.into_iter().map(read).collect()
}

/// Trips of one line, service and direction with their first departures: `None` unless all are one headway apart.
fn steady_headway(starts: &[u32]) -> Option<u32> {
    let apart: Vec<u32> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    apart.first().copied().filter(|&first| apart.len() > 1 && apart.iter().all(|&other| other == first))
}

/// Writes the feed with its steady lines at a headway; returns how many rows of `frequencies.txt` there are.
fn write_at_a_headway(town: &Path, exact: u8) -> usize {
    let zip = town.join("bourg_gtfs.zip");
    let mut tables = tables_of(&zip);
    fs::remove_file(&zip).expect("the feed can be removed");
    let (trips, stop_times) = (tables["trips.txt"].clone(), tables["stop_times.txt"].clone());
    let mut starts: BTreeMap<&str, u32> = BTreeMap::new();
    for row in rows(&stop_times) {
        starts.entry(row[0]).or_insert_with(|| seconds(row[2]));
    }
    // Line, service and direction; first departure and trip.
    let mut groups: BTreeMap<[&str; 3], Vec<(u32, &str)>> = BTreeMap::new();
    for row in rows(&trips) {
        groups.entry([row[0], row[1], row[4]]).or_default().push((starts[row[2]], row[2]));
    }
    let mut frequencies = "trip_id,start_time,end_time,headway_secs,exact_times\n".to_owned();
    let mut dropped: Vec<&str> = Vec::new();
    let mut written = 0;
    for group in groups.values_mut() {
        group.sort_unstable();
        let times: Vec<u32> = group.iter().map(|&(start, _)| start).collect();
        let Some(headway) = steady_headway(&times) else { continue };
        let (start, end) = (times[0], times[times.len() - 1] + headway);
        let clock = |s: u32| format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
        frequencies += &format!("{},{},{},{headway},{exact}\n", group[0].1, clock(start), clock(end));
        dropped.extend(group[1..].iter().map(|&(_, trip)| trip));
        written += 1;
    }
    let without = |text: &str, column: usize| -> String {
        let kept = text.lines().filter(|line| !dropped.contains(&line.split(',').nth(column).unwrap_or("")));
        kept.map(|line| format!("{line}\n")).collect()
    };
    tables.insert("trips.txt".to_owned(), without(&trips, 2));
    tables.insert("stop_times.txt".to_owned(), without(&stop_times, 0));
    tables.insert("frequencies.txt".to_owned(), frequencies);
    fs::create_dir(town.join("feed")).expect("a folder can be made");
    for (name, text) in tables {
        fs::write(town.join("feed").join(name), text).expect("a table can be written");
    }
    written
}

fn canvas_of(town: &Path) -> Canvas {
    let opened = open::open(town).expect("a study");
    audit(&opened.manifest, town, &Silent).expect("the drawn town can be audited").canvas
}

/// The audit of the drawn town with steady lines written at a headway, with fixed times or not.
fn audit_at_a_headway(exact: u8) -> Canvas {
    let town = copy_of_bourg();
    assert!(write_at_a_headway(town.path(), exact) >= 6, "the drawn town has three steady lines in two directions");
    canvas_of(town.path())
}

fn value(canvas: &Canvas, indicator: Indicator) -> f64 {
    let mut all = canvas.town.dimensions.iter().flat_map(|dimension| &dimension.indicators);
    let found = all.find(|found| found.indicator == indicator).expect("every indicator is listed");
    found.value.unwrap_or_else(|| panic!("{indicator:?} has a value in the drawn town"))
}

/// When the last bus of line 2 leaves, seconds after midnight, as the audit has it.
fn last_departure(canvas: &Canvas) -> f64 {
    let point = canvas.friction_points.iter().find(|point| point.cause == Cause::LastDepartureBeforeClosing);
    let point = point.expect("line 2 ends before the shops close");
    point.evidence.iter().find(|evidence| evidence.key == "last_departure").expect("its evidence").value
}

#[test]
fn exact_headways_change_no_number() {
    let (written_out, exact) = (canvas_of(copy_of_bourg().path()), audit_at_a_headway(1));
    assert_eq!(written_out.town, exact.town);
    assert_eq!(written_out.districts, exact.districts);
    assert_eq!(last_departure(&written_out), last_departure(&exact));
}

/// The mean headway is the same, so are departures per hour and per day. Most journeys are one ride, whose wait is
/// uniform over the headway either way; the draws come within a minute.
#[test]
fn drawn_headways_give_the_same_service_and_times_within_a_minute() {
    let (written_out, drawn) = (canvas_of(copy_of_bourg().path()), audit_at_a_headway(0));
    for indicator in [Indicator::PtalCentre, Indicator::NotWellServedShare, Indicator::ReturnShare] {
        let (expected, found) = (value(&written_out, indicator), value(&drawn, indicator));
        assert!((expected - found).abs() < 1e-9, "{indicator:?}: {found} is not {expected}");
    }
    let (expected, found) = (value(&written_out, Indicator::TransitTimeP50), value(&drawn, Indicator::TransitTimeP50));
    assert!((expected - found).abs() <= 1.0, "{found} min is not {expected} min");
    // The last bus of line 2 at 17:30 becomes one between 17:30 and 18:00: 17:45 is the middle.
    assert_eq!(last_departure(&written_out), f64::from(ClockTime::from_hm(17, 30).seconds()));
    assert_eq!(last_departure(&drawn), f64::from(ClockTime::from_hm(17, 45).seconds()));
}

/// Of one departure nobody knows when a bus "every 20 minutes" comes: one draw of it is shown, and told.
#[test]
fn an_isochrone_at_a_headway_tells_that_it_was_drawn() {
    for (exact, is_told) in [(1, false), (0, true)] {
        let town = copy_of_bourg();
        assert!(write_at_a_headway(town.path(), exact) > 0);
        let mut program = assert_cmd::Command::new(env!("CARGO_BIN_EXE_chaland"));
        let arguments = ["reach", "isochrones", "--from", "4.7990,50.2998", "--departure", "09:00"];
        let output = program.args(arguments).arg(town.path()).output().expect("the program runs");
        assert!(output.status.success());
        let told = String::from_utf8_lossy(&output.stderr).contains("headways_drawn_once");
        assert_eq!(told, is_told, "exact_times {exact}");
    }
}

/// A stop that was moved to the fields is nobody's, and of a change between stops that no street joins nobody knows whether it
/// can be made in a wheelchair: both are told.
#[test]
fn stops_and_changes_that_the_streets_do_not_know_are_told() {
    let town = copy_of_bourg();
    assert!(write_at_a_headway(town.path(), 1) > 0);
    let feed = town.path().join("feed");
    let stops = fs::read_to_string(feed.join("stops.txt")).expect("stops");
    let served: Vec<String> = {
        let times = fs::read_to_string(feed.join("stop_times.txt")).expect("calls");
        let mut served: Vec<String> = rows(&times).into_iter().map(|row| row[3].to_owned()).collect();
        served.sort();
        served.dedup();
        served
    };
    let (first, last) = (&served[0], &served[served.len() - 1]);
    let header: Vec<&str> = stops.lines().next().expect("a header").split(',').collect();
    let latitude = header.iter().position(|head| *head == "stop_lat").expect("a latitude");
    let moved = stops.lines().map(|line| {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        if cells[0] == *last {
            cells[latitude] = "50.3500".to_owned();
        }
        cells.join(",") + "\n"
    });
    fs::write(feed.join("stops.txt"), moved.collect::<String>()).expect("written");
    let rule = format!("from_stop_id,to_stop_id,transfer_type,min_transfer_time\n{first},{last},2,300\n");
    fs::write(feed.join("transfers.txt"), rule).expect("written");
    let told = |profile: &str| {
        let mut program = assert_cmd::Command::new(env!("CARGO_BIN_EXE_chaland"));
        let arguments =
            ["reach", "transit", "--from", "4.7990,50.2998", "--window", "09:00-09:05", "--profile", profile];
        let output = program.args(arguments).arg(town.path()).output().expect("the program runs");
        assert!(output.status.success());
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        ["stops_off_streets", "change_without_way"].map(|code| stderr.contains(code))
    };
    assert_eq!(told("adult"), [true, false]);
    assert_eq!(told("step-free"), [true, true]);
}
