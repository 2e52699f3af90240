//! Is each loss that a study tells of shown by an input that has it? Readers have theirs beside them; these need a town.

use std::fs;
use std::path::Path;

use chaland::base::notice::Notices;
use chaland::study::progress::Silent;
use chaland::study::{audit_opened, open};

use crate::audit_bad_input::copy_of_bourg;

fn audit(folder: &Path) -> Notices {
    let opened = open::open(folder).expect("a study");
    audit_opened(&opened.manifest, folder, opened.notices, &Silent).expect("the audit goes on").notices
}

/// The notices of the drawn town with one of its files written anew.
fn told_with(name: &str, text: &str) -> Notices {
    let town = copy_of_bourg();
    fs::write(town.path().join(name), text).expect("a file can be written");
    audit(town.path())
}

/// Districts as rectangles in degrees: code, west, south, east, north.
fn districts(rectangles: &[(&str, f64, f64, f64, f64)]) -> String {
    let feature = |&(code, west, south, east, north): &(&str, f64, f64, f64, f64)| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"cd_sector\":\"{code}\",\"tx_sector_descr_fr\":\"{code}\"}},\
             \"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[[{west},{south}],[{east},{south}],[{east},{north}],\
             [{west},{north}],[{west},{south}]]]}}}}"
        )
    };
    let features: Vec<String> = rectangles.iter().map(feature).collect();
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","))
}

#[test]
fn codes_of_the_population_table_that_are_of_no_district() {
    let table = "CD_SECTOR,TX_SECTOR_DESCR_FR,POPULATION\n99999A00-,CENTRE,760\n12345B00-,AILLEURS,240\n";
    let notices = told_with("bourg_population.csv", table);
    assert_eq!(notices.count("population_code_unknown"), 1);
    assert_eq!(notices.count("district_without_population"), 1, "the second sector of the town has no row");
}

#[test]
fn people_of_a_district_that_reaches_beyond_the_streets() {
    let wide = districts(&[("99999A00-", 4.7, 50.25, 4.9, 50.35)]);
    let notices = told_with("bourg_districts.geojson", &wide);
    assert_eq!(notices.count("people_outside_extract"), 1, "{:?}", notices.counts());
}

#[test]
fn people_of_a_district_without_a_dwelling() {
    // A street corner of a few metres.
    let corner =
        districts(&[("99999A00-", 4.80000, 50.30090, 4.80002, 50.30092), ("99999A01-", 4.75, 50.27, 4.85, 50.33)]);
    let notices = told_with("bourg_districts.geojson", &corner);
    assert_eq!(notices.count("people_unplaced"), 1, "{:?}", notices.counts());
}

#[test]
fn people_in_cells_outside_the_area_studied() {
    let town = copy_of_bourg();
    fs::remove_file(town.path().join("bourg_population.csv")).expect("the file is there");
    let cells = "latitude,longitude,population\n50.3005,4.8000,500\n50.4500,4.9500,120\n";
    fs::write(town.path().join("bourg_population.csv"), cells).expect("a file can be written");
    let notices = audit(town.path());
    assert_eq!(notices.count("cells_outside"), 1, "{:?}", notices.counts());
}

#[test]
fn a_feed_on_whose_days_nothing_runs() {
    let town = copy_of_bourg();
    fs::remove_file(town.path().join("bourg_gtfs.zip")).expect("the file is there");
    let tables = [
        ("agency.txt", "agency_id,agency_name,agency_url,agency_timezone\n1,A,https://a.example,Europe/Brussels\n"),
        ("stops.txt", "stop_id,stop_name,stop_lat,stop_lon\na,A,50.3007,4.7990\nb,B,50.3008,4.8011\n"),
        ("routes.txt", "route_id,agency_id,route_short_name,route_long_name,route_type\nr,1,1,Ligne,3\n"),
        ("trips.txt", "route_id,service_id,trip_id\nr,never,t\n"),
        (
            "stop_times.txt",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt,08:00:00,08:00:00,a,1\nt,08:10:00,08:10:00,b,2\n",
        ),
        (
            "calendar.txt",
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n\
             never,0,0,0,0,0,0,0,20240101,20241231\n",
        ),
    ];
    let feed = town.path().join("bourg_gtfs");
    fs::create_dir(&feed).expect("a folder");
    chaland::testing::toy_feed::write_tables(&feed, &tables).expect("a feed can be written");
    let notices = audit(town.path());
    assert_eq!(notices.count("feed_without_service"), 1, "{:?}", notices.counts());
}

#[test]
fn a_car_park_in_two_files() {
    let town = copy_of_bourg();
    let lots = fs::read_to_string(town.path().join("bourg_parking.csv")).expect("the file is there");
    // A copy would be told as one; this is an answer of another day.
    let other_day = lots.replace(";220;", ";218;");
    fs::write(town.path().join("parking_2.csv"), other_day).expect("a file can be written");
    let notices = audit(town.path());
    assert!(notices.count("lot_in_two_files") > 1, "{:?}", notices.counts());
}

/// The snapshot cannot be written where a folder has its name; the networks are there all the same.
#[test]
fn a_snapshot_that_cannot_be_written() {
    use chaland::study::networks::{Reload, open_networks};
    let town = copy_of_bourg();
    fs::create_dir_all(town.path().join(".chaland/network.snapshot/in_the_way")).expect("a folder");
    let opened = open::open(town.path()).expect("a study");
    let networks = open_networks(&opened.manifest, town.path(), Reload::Allowed, &Silent).expect("networks");
    assert_eq!(networks.notices.count("snapshot_unwritable"), 1, "{:?}", networks.notices.counts());
    assert!(networks.graphs.iter().all(|graph| graph.segment_count() > 0) && !networks.is_reloaded);
}
