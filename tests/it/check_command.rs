//! `chaland check`: whether what it says of a folder is so, and stands in the page, in the document and on the screen.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use chaland::canvas::check::{Check, Concern};
use chaland::canvas::labels::{Labels, Language};
use chaland::canvas::schema::check_schema;
use chaland::network::streets::Mode;
use chaland::network::survey::survey_network;
use chaland::report::check::verdict_sentences;
use chaland::report::write_check_page;
use chaland::study::check::check_opened;
use chaland::study::networks::{Reload, open_networks};
use chaland::study::open::open;
use chaland::study::progress::Silent;
use chaland::testing::geotiff::GeoTiff;
use serde_json::Value;

use crate::audit_bourg::audit_sample;
use crate::recognition::extract_at;

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples").join(name)
}

fn check_sample(name: &str) -> Check {
    let folder = sample(name);
    let opened = open(&folder).expect("a folder of sample data is a study");
    let checked = check_opened(&opened, &folder, &Silent);
    assert!(checked.failure.is_none(), "{:?}", checked.failure);
    checked.check
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a temporary folder has a plain name")
}

fn chaland(arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_chaland")).args(arguments).output().expect("runs")
}

fn concern<'a>(check: &'a Check, code: &str) -> Option<&'a Concern> {
    check.concerns.iter().find(|concern| concern.code == code)
}

/// The calendar of the drawn town, counted with Python's csv module from the tables of its feed: 332 trips on 1 March to
/// 29 June 2024, 121 days of which 101 have a trip: 17 Sundays and 3 holidays on weekdays have none.
#[test]
fn the_calendar_of_the_drawn_town_is_that_of_its_tables() {
    let check = check_sample("bourg");
    let [feed] = &check.timetables[..] else { panic!("one feed") };
    assert_eq!((feed.first.as_deref(), feed.last.as_deref()), (Some("2024-03-01"), Some("2024-06-29")));
    assert_eq!((feed.trips, feed.routes, feed.stops, feed.served_stops, feed.days), (332, 4, 16, 15, 101));
    assert_eq!(feed.weekday_trips, [172.9, 196.0, 184.5, 191.4, 196.0, 136.0, 0.0]);
    assert!(feed.gaps.is_empty(), "{:?}", feed.gaps);
    assert_eq!(feed.trips_on_service_date, Some(196));
    // 1 March is a Friday, so that its week begins on 26 February; 18 Mondays lie between.
    assert_eq!((feed.weeks.len(), feed.weeks[0].monday.as_str(), feed.weeks[0].days), (18, "2024-02-26", 2));
    let all: u64 = feed.weeks.iter().map(|week| week.trips).sum();
    let days = [17.0, 17.0, 17.0, 17.0, 18.0, 18.0, 17.0];
    let by_weekday: f64 = feed.weekday_trips.iter().zip(days).map(|(trips, days)| trips * days).sum();
    assert!((all as f64 - by_weekday).abs() < 5.0, "weeks and weekdays hold the same trips: {all} {by_weekday}");
}

/// One week of trains, counted in the same way; the map is of years later.
#[test]
fn the_calendar_of_liege_is_one_week_and_expired() {
    let check = check_sample("liege");
    let [feed] = &check.timetables[..] else { panic!("one feed") };
    assert_eq!((feed.first.as_deref(), feed.last.as_deref()), (Some("2019-10-14"), Some("2019-10-20")));
    assert_eq!((feed.trips, feed.routes, feed.stops, feed.served_stops, feed.days), (1140, 68, 268, 268, 7));
    assert_eq!(feed.weekday_trips, [595.0, 595.0, 598.0, 595.0, 595.0, 487.0, 458.0]);
    assert!(concern(&check, "rail_only").is_some());
    assert!(check.counters.is_empty() && check.missing.iter().any(|input| input.kind == "counts"));
}

/// Cells of the table that hold a number, counted with Python's csv module. The table has the hour of 26 March that does
/// not exist in Dublin, and lacks the second of the two of 29 October: full counters have 8,759 hours of 8,760.
#[test]
fn the_counters_of_dublin_have_the_hours_of_their_table() {
    let check = check_sample("dublin");
    let counter = |name: &str| check.counters.iter().find(|counter| counter.name == name).expect(name);
    let full = counter("Aston Quay/Fitzgeralds");
    assert_eq!((full.counted, full.expected, full.gaps), (8759, 8760, 1));
    assert_eq!(full.longest_gap.as_ref().map(|gap| (gap.first.as_str(), gap.steps)), Some(("2023-10-29", 1)));
    let early = counter("Dawson Street/Molesworth Pedestrian");
    assert_eq!((early.first.as_deref(), early.last.as_deref()), (Some("2023-01-01"), Some("2023-01-12")));
    assert_eq!((early.counted, early.expected, early.valid_days <= 12), (288, 288, true));
    assert_eq!(early.months.len(), 12, "the months of all sites");
    assert_eq!((early.months[0].month.as_str(), early.months[0].counted), ("2023-01", 0.387), "12 days of 31");
    assert_eq!(early.months[1].counted, 0.0);
    let gone = counter("Dawson Street old");
    assert_eq!((gone.health.as_str(), gone.counted, gone.first.as_deref()), ("dead", 0, None));
    let placed = check.counters.iter().filter(|counter| counter.street.is_some()).count();
    // 20 names of the list of places are in the counts; four of them lie outside the extract.
    let positioned = check.counters.iter().filter(|counter| counter.lon.is_some()).count();
    assert_eq!((check.counters.len(), positioned, placed), (38, 20, 16));
    assert!(check.counters.iter().filter_map(|c| c.street.as_ref()).all(|street| street.away_m <= 100.0));
    let not_usable = check.counters.iter().filter(|c| c.health == "suspect" || c.health == "dead").count();
    let told = concern(&check, "counters_not_usable").map(|concern| (concern.value, concern.of));
    assert_eq!(told, Some((not_usable as f64, check.counters.len() as f64)));
}

/// A copy of the drawn town, to put something beside it.
fn copy_of_bourg() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(sample("bourg")).expect("the sample") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            fs::copy(&path, folder.path().join(path.file_name().expect("a name"))).expect("copied");
        }
    }
    folder
}

/// Heights from 4.70 to 4.80 degrees east: the town lies on both sides of that, and all of it between 4.70 and 4.90.
#[test]
fn heights_of_a_part_of_the_town_are_told_as_such() {
    let checked = |columns: usize| {
        let folder = copy_of_bourg();
        let heights = GeoTiff::new(columns, &vec![100_i16; columns * 100]).at(4.7, 50.35, 0.001).in_degrees(4326);
        fs::write(folder.path().join("heights.tif"), heights.to_bytes()).expect("written");
        let opened = open(folder.path()).expect("a study");
        check_opened(&opened, folder.path(), &Silent).check
    };
    let check = checked(100);
    let share = check.elevation.as_ref().expect("heights").covered_share;
    assert!((0.1..0.9).contains(&share), "{share}");
    assert_eq!(concern(&check, "elevation_partial").map(|concern| concern.value), Some(share));
    let check = checked(200);
    assert_eq!(check.elevation.as_ref().map(|heights| heights.covered_share), Some(1.0));
    assert!(concern(&check, "elevation_partial").is_none());
}

/// What `chaland network` says and what the check says is the same survey.
#[test]
fn the_streets_are_those_of_the_network_command() {
    let folder = copy_of_bourg();
    let opened = open(folder.path()).expect("a study");
    let networks = open_networks(&opened.manifest, folder.path(), Reload::Never, &Silent).expect("networks");
    let streets = check_opened(&opened, folder.path(), &Silent).check.streets.expect("streets");
    assert_eq!(streets.walk, survey_network(networks.graph(Mode::Walk)));
    let walk = &streets.walk;
    let by_class: f64 = walk.length_by_class_m.iter().map(|(_, length_m)| length_m).sum();
    assert!((by_class - walk.length_m).abs() < 1e-6 * walk.length_m);
    assert_eq!(walk.crossings_by_control.values().sum::<usize>(), walk.crossings);
    let apart: f64 = streets.islands.iter().map(|island| island.length_m).sum();
    assert!((walk.length_m * (1.0 - walk.main_component_share) - apart).abs() < 1.0, "{apart}");
    let sidewalks = &streets.sidewalks;
    let told = sidewalks.on_street_m + sidewalks.separate_m + sidewalks.none_m + sidewalks.untold_m;
    assert!((told - sidewalks.carriageway_m).abs() < 1e-6 * told && told > 1000.0);
}

/// What is foreseen is what an audit then rests on.
#[test]
fn an_audit_rests_on_what_the_check_foresees() {
    for town in ["bourg", "liege", "dublin"] {
        let canvas = audit_sample(town).canvas;
        let measured = canvas.town.dimensions.iter().flat_map(|dimension| &dimension.indicators);
        let measured: Vec<_> = measured.map(|found| (found.indicator, found.quality)).collect();
        let check = check_sample(town);
        let outlook = &check.outlook;
        let foreseen: Vec<_> = outlook.iter().map(|outlook| (outlook.indicator, outlook.quality)).collect();
        assert_eq!(foreseen, measured, "{town}");
        assert!(outlook.iter().all(|outlook| outlook.quality.is_some() || outlook.mended_by.is_some()), "{town}");
        // The dimensions that the verdict calls silent are those that are not scored.
        let labels = Labels::for_language(Language::French);
        let verdict = verdict_sentences(&check, &labels).join(" ");
        for dimension in &canvas.town.dimensions {
            let name = format!("«\u{a0}{}\u{a0}»", labels.text(&format!("dimension-{}", dimension.dimension.key())));
            assert_eq!(verdict.contains(&name), dimension.friction.is_none(), "{town} {name}: {verdict}");
        }
    }
}

/// `BLESS=1` rewrites the file; the difference is reviewed.
#[test]
fn the_published_schema_is_that_of_the_types_and_samples_keep_to_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/check.schema.json");
    let mut schema = serde_json::to_string_pretty(&check_schema()).expect("JSON");
    schema.push('\n');
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &schema).expect("the schema is written");
    }
    let published = fs::read_to_string(&path).expect("the schema is there");
    assert!(published == schema, "schema/check.schema.json is not that of the types; BLESS=1 rewrites it");
    let printed = chaland(&["schema", "check"]).stdout;
    assert_eq!(serde_json::from_slice::<Value>(&printed).expect("JSON"), check_schema());
    let validator = jsonschema::validator_for(&check_schema()).expect("a valid schema");
    for town in ["bourg", "liege", "dublin"] {
        let mut document = serde_json::to_value(check_sample(town)).expect("JSON");
        let errors: Vec<String> = validator.iter_errors(&document).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{town}: {errors:?}");
        document["outlook"][0]["quality"] = "guessed".into();
        assert!(!validator.is_valid(&document), "an unknown quality is refused");
    }
}

/// A label without words is shown by its key.
#[test]
fn the_page_is_whole_in_both_languages_and_asks_the_network_for_nothing() {
    for town in ["bourg", "dublin"] {
        let check = check_sample(town);
        for language in Language::ALL {
            let page = write_check_page(&check, &Labels::for_language(language)).expect("a page");
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
            fs::write(folder.join(format!("check-{town}-{}.html", language.code())), &page).expect("written");
            assert!(page.starts_with(&format!("<!DOCTYPE html>\n<html lang=\"{}\">", language.code())));
            for id in ["verdict", "files", "streets", "timetables", "counters", "parking", "people", "notices"] {
                assert!(page.contains(&format!("<section id=\"{id}\"")) && page.contains(&format!("href=\"#{id}\"")));
            }
            let words = page.split_once("<body>").expect("a body").1;
            for key in
                ["check-", "verdict-", "concern-", "class-", "indicator-", "input-", "month-", "health-", "value-"]
            {
                for before in [">", " ", "("] {
                    assert!(!words.contains(&format!("{before}{key}")), "{town} {}: {key}", language.code());
                }
            }
            assert!(!words.contains("{ $") && !words.contains("{$"), "a value is missing");
            for request in ["src=", "http://", "https://", "@import", "url(", "<script", "<link"] {
                assert!(!page.contains(request), "{request}");
            }
            assert!(!page.contains("NaN") && !page.contains(">inf"));
        }
    }
}

#[test]
fn names_cannot_leave_the_text_of_the_page() {
    let evil = "<script>alert('x')</script>\"><img onerror=y>";
    let mut check = check_sample("bourg");
    check.name = evil.to_owned();
    check.stops_audit = Some(evil.to_owned());
    check.files.iter_mut().for_each(|file| (file.file, file.reason) = (evil.to_owned(), evil.to_owned()));
    check.timetables.iter_mut().for_each(|feed| feed.file = evil.to_owned());
    check.counters.iter_mut().for_each(|counter| {
        counter.name = evil.to_owned();
        counter.street.iter_mut().for_each(|street| street.name = evil.to_owned());
        counter.months.iter_mut().for_each(|month| month.month = evil.to_owned());
    });
    check.concerns.push(Concern { code: evil.to_owned(), subject: evil.to_owned(), value: f64::NAN, of: 0.0 });
    check.notices.values_mut().flat_map(|of_code| &mut of_code.examples).for_each(|example| {
        example.value = evil.to_owned();
        example.problem = evil.to_owned();
    });
    for language in Language::ALL {
        let page = write_check_page(&check, &Labels::for_language(language)).expect("a page");
        assert!(!page.contains("<script") && !page.contains("<img"), "a name became markup");
        assert!(page.contains("&lt;script&gt;alert("));
    }
}

#[test]
fn the_command_writes_page_and_document_and_prints_either() {
    let out = tempfile::tempdir().expect("a folder");
    let target = out.path().join("of bourg");
    let told = chaland(&["check", text(&sample("bourg")), "--out", text(&target), "--format", "json", "--quiet"]);
    assert_eq!(told.status.code(), Some(0));
    assert!(told.stderr.is_empty());
    let written = fs::read(target.join("check.json")).expect("the document");
    assert_eq!(told.stdout, written, "on the screen as in the file");
    let json: Value = serde_json::from_slice(&written).expect("JSON");
    assert_eq!((&json["language"], &json["stops_audit"]), (&"fr".into(), &Value::Null));
    assert!(fs::read_to_string(target.join("check.html")).expect("the page").contains("En bref"));
    assert!(fs::read_to_string(target.join("notices.csv")).expect("the notices").starts_with("severity,code,file"));
    fs::write(target.join("letter.txt"), "dear").expect("written");
    let told = chaland(&["check", text(&sample("bourg")), "--out", text(&target), "--language", "en"]);
    let said = String::from_utf8(told.stdout).expect("UTF-8");
    assert!(
        said.contains("Of the 21 indicators") && said.contains("bourg_gtfs.zip") && said.contains("332 trips"),
        "{said}"
    );
    assert!(fs::read_to_string(target.join("check.html")).expect("the page").contains("In brief"));
    assert_eq!(fs::read_to_string(target.join("letter.txt")).expect("there"), "dear", "what others put there stays");
}

#[test]
fn a_folder_of_somebody_else_is_never_written_into() {
    let town = tempfile::tempdir().expect("a folder");
    fs::write(town.path().join("town.osm.pbf"), extract_at(5.56, 50.63)).expect("written");
    fs::create_dir(town.path().join("check")).expect("made");
    fs::write(town.path().join("check/letter.txt"), "dear").expect("written");
    let told = chaland(&["check", text(town.path())]);
    assert_eq!(told.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&told.stderr).contains("--out"));
    assert_eq!(fs::read_dir(town.path().join("check")).expect("there").count(), 1);
}

/// A feed that is cut off is recognised by its beginning and cannot be read: the rest is told all the same.
#[test]
fn what_stops_an_audit_is_told_with_what_there_is() {
    let town = tempfile::tempdir().expect("a folder");
    fs::write(town.path().join("town.osm.pbf"), extract_at(5.56, 50.63)).expect("written");
    fs::write(
        town.path().join("study.toml"),
        "[study]\nname = \"Ici\"\ntime_zone = \"Europe/Brussels\"\n[inputs]\nstreets = [\"town.osm.pbf\"]\ntimetables = [\"feed.zip\"]\n",
    )
    .expect("written");
    fs::write(town.path().join("feed.zip"), "this is no archive").expect("written");
    let told = chaland(&["check", text(town.path())]);
    assert_eq!(told.status.code(), Some(2));
    let (said, wrong) = (String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
    assert!(said.contains("Un audit de ce dossier s’arrêterait") && said.contains("town.osm.pbf"), "{said}");
    assert!(wrong.contains("feed.zip"), "{wrong}");
    let page = fs::read_to_string(town.path().join("check/check.html")).expect("the page is written all the same");
    assert!(page.contains("class=\"stop\"") && page.contains("feed.zip") && !page.contains("<section id=\"streets\""));
    let json: Value =
        serde_json::from_slice(&fs::read(town.path().join("check/check.json")).expect("there")).expect("JSON");
    assert!(jsonschema::is_valid(&check_schema(), &json));
    assert!(json["stops_audit"].as_str().is_some_and(|reason| reason.contains("feed.zip")), "{json}");
}
