//! What does the GTFS reader make of each defect a feed can have? One defect a test, named after its notice.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

use chaland::base::ids::Id;
use chaland::base::kinds::StopMode;
use chaland::base::notice::{Location, Notices};
use chaland::base::projection::{LonLat, Plane};
use chaland::base::units::ClockTime;
use chaland::network::timetable::{DayKind, NEVER, build_timetable, find_representative_day};
use chaland::sources::gtfs::{Feed, FeedStopId, FeedTripId, GtfsError, GtfsOptions, read_gtfs};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

const AGENCY: &str = "agency_id,agency_name,agency_url,agency_timezone\nA,Ours,http://a,Europe/Brussels\n";
const STOPS: &str = "stop_id,stop_name,stop_lat,stop_lon\nX,Ex,50.60,5.50\nY,Why,50.61,5.51\nZ,Zed,50.62,5.52\n";
const ROUTES: &str = "route_id,route_short_name,route_type\nR,IC,103\n";
const TRIPS: &str = "route_id,service_id,trip_id\nR,S,T\n";
const CALENDAR: &str = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n\
                        S,1,1,1,1,1,0,0,20191007,20191213\n";
const STOP_TIMES: &str = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n\
                          T,08:00:00,08:00:00,X,1\nT,08:10:00,08:11:00,Y,2\nT,08:20:00,08:20:00,Z,3\n";

/// The sound tables, some of them replaced, added or (where empty) left out.
fn tables<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut tables = vec![
        ("agency.txt", AGENCY),
        ("stops.txt", STOPS),
        ("routes.txt", ROUTES),
        ("trips.txt", TRIPS),
        ("calendar.txt", CALENDAR),
        ("stop_times.txt", STOP_TIMES),
    ];
    for &(name, text) in changes {
        tables.retain(|(known, _)| *known != name);
        tables.push((name, text));
    }
    tables.retain(|(_, text)| !text.is_empty());
    tables
}

fn read_bytes(changes: &[(&str, &[u8])]) -> Result<(Feed, Notices), GtfsError> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in tables(&[]) {
        fs::write(folder.path().join(name), text).expect("a table can be written");
    }
    for (name, bytes) in changes {
        let path = folder.path().join(name);
        if bytes.is_empty() {
            fs::remove_file(path).expect("a sound table");
        } else {
            fs::write(path, bytes).expect("a table can be written");
        }
    }
    let read = read_gtfs(folder.path(), &GtfsOptions::default());
    if let Ok((_, notices)) = &read {
        for (file, tally) in notices.tallies() {
            assert!(tally.balances(), "{file}: {tally:?}");
        }
    }
    read
}

fn read(changes: &[(&str, &str)]) -> Result<(Feed, Notices), GtfsError> {
    let changes: Vec<(&str, &[u8])> = changes.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    read_bytes(&changes)
}

/// The feed with these changes, which must give exactly one notice of this code and none of another.
fn read_with_one(code: &str, changes: &[(&str, &str)]) -> (Feed, Notices) {
    let (feed, notices) = read(changes).expect("the feed can be read");
    let codes: Vec<_> = notices.counts().iter().map(|(code, (_, count))| (*code, *count)).collect();
    assert_eq!(codes, [(code, 1)], "{:?}", notices.kept());
    (feed, notices)
}

fn message(notices: &Notices) -> String {
    notices.kept().first().map(ToString::to_string).unwrap_or_default()
}

fn calls(feed: &Feed) -> Vec<(u32, u32)> {
    let calls = feed.stop_times.calls(FeedTripId(0));
    calls.map(|call| (feed.stop_times.stop[call].0, feed.stop_times.arrival[call].seconds() / 60)).collect()
}

fn zip_of(folder: &TempDir, entries: &[(&str, &[u8])]) -> PathBuf {
    let path = folder.path().join("feed.zip");
    let mut writer = zip::ZipWriter::new(File::create(&path).expect("a zip can be made"));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).expect("an entry");
        writer.write_all(bytes).expect("bytes");
    }
    writer.finish().expect("a finished zip");
    path
}

#[test]
fn a_sound_feed_gives_no_notice() {
    let (feed, notices) = read(&[]).expect("sound");
    assert!(notices.kept().is_empty(), "{:?}", notices.kept());
    assert_eq!(calls(&feed), [(0, 480), (1, 490), (2, 500)]);
    assert_eq!(feed.routes.values()[0].mode, StopMode::Rail);
    assert_eq!(feed.agencies[0].timezone, "Europe/Brussels");
    assert_eq!(notices.tallies()["stop_times.txt"].used, 3);
}

#[test]
fn byte_order_mark_carriage_returns_quotes_and_padded_ids_are_no_defects() {
    let stops = "\u{feff}\"stop_id\", stop_name ,stop_lat,stop_lon\r\n\"X  \",\"A, \"\"B\"\"\",50.6,5.5\r\nY,,50.6, 5.5\r\n\
                 Z,,50.6,5.5\r\n";
    let times = STOP_TIMES.replace(",X,", ",X     ,");
    let (feed, notices) = read(&[("stops.txt", stops), ("stop_times.txt", &times)]).expect("sound");
    assert!(notices.kept().is_empty(), "{:?}", notices.kept());
    assert_eq!(feed.stops[FeedStopId(0)].name, "A, \"B\"");
    assert_eq!(calls(&feed).len(), 3);
}

#[test]
fn a_required_table_that_is_missing_is_named() {
    for table in ["stops.txt", "routes.txt", "trips.txt", "stop_times.txt"] {
        let found = read(&[(table, "")]);
        assert!(matches!(found, Err(GtfsError::MissingFile { missing, .. }) if missing == table), "{found:?}");
    }
    let found = read(&[("calendar.txt", "")]);
    let either = "calendar.txt or calendar_dates.txt";
    assert!(matches!(found, Err(GtfsError::MissingFile { missing, .. }) if missing == either), "{found:?}");
}

#[test]
fn a_required_column_that_is_missing_is_named() {
    let found = read(&[("trips.txt", "route_id,trip_id\nR,T\n")]);
    let text = found.map(|_| ()).expect_err("a column is missing").to_string();
    assert_eq!(text, "trips.txt: column service_id is missing; found route_id, trip_id");
    assert!(matches!(read(&[("stops.txt", "\n")]), Err(GtfsError::MissingColumn { .. })));
}

#[test]
fn calendar_dates_alone_are_enough() {
    let dates = "service_id,date,exception_type\nS,20191015,1\nS,20191016,1\nS,20191016,2\n";
    let (feed, notices) = read(&[("calendar.txt", ""), ("calendar_dates.txt", dates)]).expect("sound");
    assert!(notices.kept().is_empty());
    let day = |day| jiff_date(2019, 10, day);
    let service = &feed.services.values()[0];
    assert!(service.runs_on(day(15)) && !service.runs_on(day(16)) && !service.runs_on(day(17)));
}

fn jiff_date(year: i16, month: i8, day: i8) -> jiff::civil::Date {
    jiff::civil::date(year, month, day)
}

#[test]
fn agency_missing() {
    read_with_one("agency_missing", &[("agency.txt", "")]);
}

#[test]
fn file_not_used() {
    read_with_one("file_not_used", &[("stop_time_overrides.txt", "trip_id\nT\n")]);
}

#[test]
fn time_unparsable() {
    let (feed, notices) =
        read_with_one("time_unparsable", &[("stop_times.txt", &STOP_TIMES.replace("08:11:00", "7:99:00"))]);
    let expected = "stop_times.txt row 3: departure_time \"7:99:00\" is not a time; row skipped";
    assert_eq!(message(&notices), expected);
    assert_eq!(calls(&feed), [(0, 480), (2, 500)]);
    assert_eq!(notices.tallies()["stop_times.txt"].dropped, 1);
}

#[test]
fn number_unparsable() {
    read_with_one("number_unparsable", &[("stop_times.txt", &STOP_TIMES.replace("Y,2", "Y,two"))]);
    read_with_one("number_unparsable", &[("stop_times.txt", &STOP_TIMES.replace("Y,2", "Y,99999999999"))]);
    read_with_one("number_unparsable", &[("stop_times.txt", &STOP_TIMES.replace("Y,2", "Y,-1"))]);
}

#[test]
fn reference_unknown() {
    let (feed, notices) = read_with_one("reference_unknown", &[("stop_times.txt", &STOP_TIMES.replace(",Y,", ",Q,"))]);
    assert_eq!(message(&notices), "stop_times.txt row 3: stop_id \"Q\" is not in stops.txt; row skipped");
    assert_eq!(calls(&feed).len(), 2);
    read_with_one("reference_unknown", &[("trips.txt", &format!("{TRIPS}R,Q,U\n"))]);
}

#[test]
fn id_duplicate() {
    read_with_one("id_duplicate", &[("stops.txt", &format!("{STOPS}X,Again,50.0,5.0\n"))]);
}

#[test]
fn id_missing() {
    read_with_one("id_missing", &[("stops.txt", &format!("{STOPS},Nameless,50.6,5.5\n"))]);
}

#[test]
fn date_unparsable() {
    let dates = "service_id,date,exception_type\nS,2019-10-15,1\n";
    read_with_one("date_unparsable", &[("calendar_dates.txt", dates)]);
}

#[test]
fn exception_type_unknown() {
    let dates = "service_id,date,exception_type\nS,20191015,3\n";
    read_with_one("exception_type_unknown", &[("calendar_dates.txt", dates)]);
}

#[test]
fn service_span_reversed_and_weekday_unknown() {
    let reversed = format!("{CALENDAR}U,1,1,1,1,1,0,0,20191213,20191007\n");
    read_with_one("service_span_reversed", &[("calendar.txt", &reversed)]);
    let odd = format!("{CALENDAR}U,yes,1,1,1,1,0,0,20191007,20191213\n");
    read_with_one("weekday_unknown", &[("calendar.txt", &odd)]);
}

#[test]
fn route_type_unknown() {
    let (feed, _) = read_with_one("route_type_unknown", &[("routes.txt", &ROUTES.replace("103", "hovercraft"))]);
    assert_eq!(feed.routes.values()[0].mode, StopMode::Other);
}

#[test]
fn location_type_unknown() {
    let stops = "stop_id,stop_lat,stop_lon,location_type\nX,50.6,5.5,9\nY,50.6,5.5,\nZ,50.6,5.5,0\n";
    read_with_one("location_type_unknown", &[("stops.txt", stops)]);
}

#[test]
fn coordinates_missing() {
    let stops = "stop_id,stop_lat,stop_lon,parent_station\nX,50.6,5.5,P\nY,,,P\nZ,50.6,5.5,\nP,50.7,5.7,\n";
    let (feed, notices) = read_with_one("coordinates_missing", &[("stops.txt", stops)]);
    assert_eq!(feed.stops[FeedStopId(1)].position, LonLat { lon: 5.7, lat: 50.7 });
    assert_eq!(notices.tallies()["stops.txt"].repaired, 1);
    let (feed, _) = read_with_one("coordinates_missing", &[("stops.txt", &format!("{STOPS}W,Nowhere,0,0\n"))]);
    assert_eq!(feed.stops.len(), 3);
}

/// Brazil's 30 south, 51 west by range alone cannot be told from 51 south, 30 west, but its neighbours tell.
#[test]
fn coordinates_swapped() {
    let (feed, _) = read_with_one("coordinates_swapped", &[("stops.txt", &STOPS.replace("50.62,5.52", "5.52,50.62"))]);
    assert_eq!(feed.stops[FeedStopId(2)].position, LonLat { lon: 5.52, lat: 50.62 });
    let stops = "stop_id,stop_lat,stop_lon\nX,-37.8,144.9\nY,144.9,-37.8\nZ,-37.8,144.9\n";
    let (feed, _) = read_with_one("coordinates_swapped", &[("stops.txt", stops)]);
    assert_eq!(feed.stops[FeedStopId(1)].position, LonLat { lon: 144.9, lat: -37.8 });
}

#[test]
fn parent_unknown() {
    let stops = "stop_id,stop_lat,stop_lon,parent_station\nX,50.6,5.5,P\nY,50.6,5.5,\nZ,50.6,5.5,\n";
    read_with_one("parent_unknown", &[("stops.txt", stops)]);
}

#[test]
fn text_not_utf8() {
    let stops = b"stop_id,stop_name,stop_lat,stop_lon\nX,Li\xe8ge,50.60,5.50\nY,Why,50.61,5.51\nZ,Zed,50.62,5.52\n";
    let (feed, notices) = read_bytes(&[("stops.txt", stops)]).expect("readable");
    assert_eq!(feed.stops[FeedStopId(0)].name, "Liège");
    assert_eq!(notices.count("text_not_utf8"), 1);
}

#[test]
fn row_too_long() {
    let stops = "stop_id,stop_name,stop_lat,stop_lon\nX,Ex,50.6,5.5,oh\nY,,50.6,5.5\nZ,,50.6,5.5\n";
    read_with_one("row_too_long", &[("stops.txt", stops)]);
}

#[test]
fn quote_unclosed() {
    let stops = STOPS.replace("Y,Why", "Y,\"Why");
    let (feed, notices) = read(&[("stops.txt", &stops)]).expect("sound but for a quote");
    assert_eq!((feed.stops.len(), notices.count("quote_unclosed")), (3, 1));
    assert_eq!(notices.kept()[0].location, Location::Row(3));
    let tally = notices.tallies()["stops.txt"];
    assert_eq!((tally.read, tally.used, tally.repaired, tally.dropped), (3, 2, 1, 0));
}

#[test]
fn row_too_short() {
    let stops = "stop_id,stop_name,stop_lat,stop_lon,zone\nX,Ex,50.6,5.5\nY,Why,50.61,5.51,1\nZ,,50.6,5.5,1\n";
    read_with_one("row_too_short", &[("stops.txt", stops)]);
}

/// A rule for one line only would hold for all if it were used.
#[test]
fn transfer_between_routes() {
    let transfers = "from_stop_id,to_stop_id,transfer_type,from_route_id,to_route_id\nX,Y,3,R,R\n";
    read_with_one("transfer_between_routes", &[("transfers.txt", transfers)]);
}

/// A trip whose headway cannot be read does not run once instead of all day.
#[test]
fn a_trip_with_an_unreadable_headway_does_not_run() {
    let frequencies = "trip_id,start_time,end_time,headway_secs\nT,06:00:00,09:00:00,\n";
    let (feed, notices) = read(&[("frequencies.txt", frequencies)]).expect("sound but for a headway");
    assert_eq!(notices.count("headway_not_positive"), 1);
    let plane = Plane::centred_on(LonLat { lon: 5.5, lat: 50.6 });
    let (timetable, _) = build_timetable(&[feed], jiff_date(2019, 10, 15), &plane).expect("a timetable");
    assert_eq!(timetable.trips().len(), 0);
}

#[test]
fn time_interpolated() {
    let times = STOP_TIMES.replace("08:10:00,08:11:00", ",");
    let (feed, notices) = read_with_one("time_interpolated", &[("stop_times.txt", &times)]);
    assert_eq!(calls(&feed), [(0, 480), (1, 490), (2, 500)]);
    assert_eq!(notices.tallies()["stop_times.txt"].repaired, 1);
}

#[test]
fn time_missing() {
    read_with_one("time_missing", &[("stop_times.txt", &STOP_TIMES.replace("08:10:00,08:11:00", ",08:11:00"))]);
}

#[test]
fn time_missing_at_end() {
    let times = STOP_TIMES.replace("08:20:00,08:20:00", ",");
    let (feed, _) = read_with_one("time_missing_at_end", &[("stop_times.txt", &times)]);
    assert_eq!(calls(&feed).len(), 2);
}

#[test]
fn times_decreasing() {
    let trips = format!("{TRIPS}R,S,U\n");
    let times = format!("{STOP_TIMES}U,09:00:00,09:00:00,X,1\nU,08:59:59,09:10:00,Y,2\n");
    let (feed, notices) = read(&[("trips.txt", &trips), ("stop_times.txt", &times)]).expect("readable");
    assert_eq!((notices.count("times_decreasing"), notices.count("trip_without_calls")), (1, 1));
    assert!(feed.stop_times.calls(FeedTripId(1)).is_empty());
    assert_eq!(calls(&feed).len(), 3);
    assert_eq!(notices.tallies()["stop_times.txt"].dropped, 2);
    assert_eq!(notices.tallies()["trips.txt"].dropped, 1);
}

#[test]
fn stop_sequence_duplicate() {
    read_with_one("stop_sequence_duplicate", &[("stop_times.txt", &format!("{STOP_TIMES}T,08:15:00,08:15:00,X,2\n"))]);
}

#[test]
fn trip_with_one_call() {
    let trips = format!("{TRIPS}R,S,U\n");
    let times = format!("{STOP_TIMES}U,09:00:00,09:00:00,X,1\n");
    let (_, notices) = read(&[("trips.txt", &trips), ("stop_times.txt", &times)]).expect("readable");
    assert_eq!((notices.count("trip_with_one_call"), notices.count("trip_without_calls")), (1, 1));
}

#[test]
fn trip_without_calls() {
    read_with_one("trip_without_calls", &[("trips.txt", &format!("{TRIPS}R,S,U\n"))]);
}

#[test]
fn boarding_rule_unknown() {
    let times = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type\n\
                 T,08:00:00,08:00:00,X,1,7\nT,08:10:00,08:11:00,Y,2,1\n";
    let (feed, _) = read_with_one("boarding_rule_unknown", &[("stop_times.txt", times)]);
    assert_eq!(feed.stop_times.rules.iter().map(|rules| rules.board).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn headway_not_positive_and_the_other_defects_of_frequencies() {
    let header = "trip_id,start_time,end_time,headway_secs,exact_times\n";
    for (code, row) in [
        ("headway_not_positive", "T,06:00:00,09:00:00,0,0"),
        ("frequency_span_empty", "T,09:00:00,09:00:00,600,0"),
        ("exact_times_unknown", "T,06:00:00,09:00:00,600,maybe"),
        ("time_unparsable", "T,6h,09:00:00,600,0"),
    ] {
        read_with_one(code, &[("frequencies.txt", &format!("{header}{row}\n"))]);
    }
}

#[test]
fn transfer_type_unknown() {
    read_with_one("transfer_type_unknown", &[("transfers.txt", "from_stop_id,to_stop_id,transfer_type\nX,Y,8\n")]);
}

#[test]
fn transfer_between_trips() {
    let transfers = "from_stop_id,to_stop_id,transfer_type,from_trip_id,to_trip_id\nX,Y,0,T,T\n";
    read_with_one("transfer_between_trips", &[("transfers.txt", transfers)]);
}

/// Rows of two trips mixed and out of order give the same calls as sorted rows.
#[test]
fn rows_need_not_be_grouped_or_sorted() {
    let trips = format!("{TRIPS}R,S,U\n");
    let rows = [
        "T,08:20:00,08:20:00,Z,30",
        "U,09:00:00,09:00:00,X,0",
        "T,08:00:00,08:00:00,X,1",
        "U,09:05:00,09:05:00,Y,4",
        "T,08:10:00,08:11:00,Y,2",
    ];
    let header = "trip_id,arrival_time,departure_time,stop_id,stop_sequence";
    let times = format!("{header}\n{}\n", rows.join("\n"));
    let (feed, notices) = read(&[("trips.txt", &trips), ("stop_times.txt", &times)]).expect("sound");
    assert!(notices.kept().is_empty());
    assert_eq!(calls(&feed), [(0, 480), (1, 490), (2, 500)]);
    assert_eq!(feed.stop_times.calls(FeedTripId(1)).len(), 2);
}

#[test]
fn a_zip_with_a_folder_inside_reads_as_the_folder() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let named: Vec<(String, &str)> =
        tables(&[]).into_iter().map(|(name, text)| (format!("export/gtfs/{name}"), text)).collect();
    let entries: Vec<(&str, &[u8])> = named.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let (feed, notices) = read_gtfs(&zip_of(&folder, &entries), &GtfsOptions::default()).expect("sound");
    assert!(notices.kept().is_empty(), "{:?}", notices.kept());
    assert_eq!(calls(&feed).len(), 3);
}

#[test]
fn feed_folder_ambiguous() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut named: Vec<(String, &str)> = Vec::new();
    for part in ["bus", "tram"] {
        named.extend(tables(&[]).into_iter().map(|(name, text)| (format!("{part}/{name}"), text)));
    }
    let entries: Vec<(&str, &[u8])> = named.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let (_, notices) = read_gtfs(&zip_of(&folder, &entries), &GtfsOptions::default()).expect("sound");
    assert_eq!(notices.count("feed_folder_ambiguous"), 1);
}

#[test]
fn an_entry_outside_the_zip_refuses_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for name in ["../stops.txt", "a/../../stops.txt", "/stops.txt", "..\\stops.txt"] {
        let found = read_gtfs(&zip_of(&folder, &[(name, STOPS.as_bytes())]), &GtfsOptions::default());
        assert!(matches!(found, Err(GtfsError::UnsafeEntry { .. })), "{name}: {found:?}");
    }
}

#[test]
fn a_zip_that_unpacks_to_too_much_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut bomb = STOPS.as_bytes().to_vec();
    bomb.resize(8_000_000, b'\n');
    let mut entries: Vec<(&str, &[u8])> =
        tables(&[("stops.txt", "")]).into_iter().map(|(name, text)| (name, text.as_bytes())).collect();
    entries.push(("stops.txt", &bomb));
    let path = zip_of(&folder, &entries);
    let found = read_gtfs(&path, &GtfsOptions::default());
    assert!(matches!(found, Err(GtfsError::TooLarge { .. })), "{found:?}");
    let trusting = GtfsOptions { max_ratio: 2000, ..GtfsOptions::default() };
    assert!(read_gtfs(&path, &trusting).is_ok());
    let found = read_gtfs(&path, &GtfsOptions { max_bytes: 1000, ..trusting });
    assert!(matches!(found, Err(GtfsError::TooLarge { .. } | GtfsError::Unreadable { .. })), "{found:?}");
}

#[test]
fn what_is_no_zip_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("feed.zip");
    assert!(matches!(read_gtfs(&path, &GtfsOptions::default()), Err(GtfsError::Open { .. })));
    fs::write(&path, b"<html>404</html>").expect("a file");
    assert!(matches!(read_gtfs(&path, &GtfsOptions::default()), Err(GtfsError::BadZip { .. })));
}

/// A zip cut or changed at any place is an error or a feed with notices, never a panic.
#[test]
fn a_damaged_zip_never_panics() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sound = tables(&[]);
    let entries: Vec<(&str, &[u8])> = sound.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let bytes = fs::read(zip_of(&folder, &entries)).expect("the zip");
    let path = folder.path().join("damaged.zip");
    let mut errors = 0;
    for place in (0..bytes.len()).step_by(7) {
        let mut changed = bytes.clone();
        changed[place] ^= 0x55;
        fs::write(&path, &changed).expect("a file");
        errors += usize::from(read_gtfs(&path, &GtfsOptions::default()).is_err());
        fs::write(&path, &bytes[..place]).expect("a file");
        errors += usize::from(read_gtfs(&path, &GtfsOptions::default()).is_err());
    }
    assert!(errors > bytes.len() / 7, "{errors}");
}

#[test]
fn feed_misses_service_date() {
    let (feed, _) = read(&[]).expect("sound");
    let plane = Plane::centred_on(LonLat { lon: 5.5, lat: 50.6 });
    let feeds = [feed];
    let (timetable, notices) = build_timetable(&feeds, jiff_date(2026, 1, 6), &plane).expect("a timetable");
    assert_eq!(timetable.trips().len(), 0);
    assert_eq!(notices.count("feed_misses_service_date"), 1);
    assert!(message(&notices).contains("its service runs from 2019-10-07 to 2019-12-13"), "{}", message(&notices));
    let (timetable, notices) = build_timetable(&feeds, jiff_date(2019, 10, 15), &plane).expect("a timetable");
    assert_eq!((timetable.trips().len(), notices.kept().len()), (1, 0));
    // A Saturday within the span without any trip is told too.
    let (_, notices) = build_timetable(&feeds, jiff_date(2019, 10, 19), &plane).expect("a timetable");
    assert_eq!(notices.count("feed_misses_service_date"), 1);
    assert_eq!(find_representative_day(&feeds, DayKind::Working), Some(jiff_date(2019, 10, 8)));
    assert_eq!(find_representative_day(&feeds, DayKind::Saturday), None);
}

/// A vehicle every second for 99 hours makes 356,400 runs, of 60 calls each: more than a day can hold. The headway after
/// it is kept: 3 runs.
#[test]
fn frequencies_too_many() {
    let mut times = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n".to_owned();
    for call in 0..60 {
        times += &format!("T,08:{call:02}:00,08:{call:02}:00,{},{call}\n", ["X", "Y", "Z"][call % 3]);
    }
    let header = "trip_id,start_time,end_time,headway_secs,exact_times\n";
    let frequencies = format!("{header}T,00:00:00,99:00:00,1,0\nT,08:00:00,09:00:00,1200,0\n");
    let (feed, _) = read(&[("stop_times.txt", &times), ("frequencies.txt", &frequencies)]).expect("sound");
    let plane = Plane::centred_on(LonLat { lon: 5.5, lat: 50.6 });
    let (timetable, notices) = build_timetable(&[feed], jiff_date(2019, 10, 15), &plane).expect("a timetable");
    assert_eq!((notices.count("frequencies_too_many"), timetable.trips().len()), (1, 3));
}

/// A row of thirty bytes that stands for 360,000 runs of 3 calls, in a feed of 3 calls: it may unfold to half a million
/// calls and 2,000 of each of its rows. A vehicle every minute, 1,440 runs a day, is believed.
#[test]
fn a_few_rows_do_not_stand_for_millions() {
    let trips_at = |row: &str| {
        let frequencies = format!("trip_id,start_time,end_time,headway_secs,exact_times\n{row}\n");
        let (feed, _) = read(&[("frequencies.txt", &frequencies)]).expect("sound");
        let plane = Plane::centred_on(LonLat { lon: 5.5, lat: 50.6 });
        let (timetable, notices) = build_timetable(&[feed], jiff_date(2019, 10, 15), &plane).expect("a timetable");
        (timetable.trips().len(), notices.count("frequencies_too_many"))
    };
    assert_eq!(trips_at("T,00:00:00,99:59:59,1,1"), (0, 1));
    let (trips, told) = trips_at("T,00:00:00,24:00:00,60,1");
    assert!(trips >= 1_440 && told == 0, "{trips} trips, told {told} times");
}

/// Two feeds with the same ids stay apart: twice the stops, twice the trips.
#[test]
fn two_feeds_with_the_same_ids_stay_apart() {
    let (feed, _) = read(&[]).expect("sound");
    let plane = Plane::centred_on(LonLat { lon: 5.5, lat: 50.6 });
    let (timetable, _) = build_timetable(&[feed.clone(), feed], jiff_date(2019, 10, 15), &plane).expect("a timetable");
    assert_eq!((timetable.stops().len(), timetable.trips().len(), timetable.patterns().len()), (6, 2, 2));
}

/// A trip of Monday night that calls at 25:10 departs at 01:10 of Tuesday; Tuesday's own departs at 25:10 too.
#[test]
fn trips_past_midnight_belong_to_both_days() {
    let times = STOP_TIMES.replace("08:", "25:");
    let (feed, _) = read(&[("stop_times.txt", &times)]).expect("sound");
    let plane = Plane::centred_on(LonLat { lon: 5.5, lat: 50.6 });
    let (timetable, _) = build_timetable(&[feed], jiff_date(2019, 10, 15), &plane).expect("a timetable");
    let stop = timetable.stops().ids().next().expect("a stop");
    let departures: Vec<ClockTime> = timetable.departures_from(stop).into_iter().map(|(clock, _)| clock).collect();
    assert_eq!(departures, [ClockTime::from_hm(1, 0), ClockTime::from_hm(25, 0)]);
    // A search may ride both; of the day's supply only Tuesday's own is part.
    let patterns = timetable.patterns_at(stop);
    let supply = |&(pattern, at): &(_, u32)| timetable.expected_departures(pattern, at as usize, (0, NEVER));
    assert_eq!(patterns.iter().map(supply).sum::<f64>(), 1.0);
    assert_eq!(stop.index(), 0);
}

#[test]
fn trips_collapsed() {
    let trips = format!("{TRIPS}R,S,U\n");
    let times = format!("{STOP_TIMES}{}", STOP_TIMES.replace("T,", "U,").split_once('\n').expect("a header").1);
    let (feed, _) = read(&[("trips.txt", &trips), ("stop_times.txt", &times)]).expect("sound");
    let plane = Plane::centred_on(LonLat { lon: 5.5, lat: 50.6 });
    let (timetable, notices) = build_timetable(&[feed], jiff_date(2019, 10, 15), &plane).expect("a timetable");
    assert_eq!((timetable.trips().len(), notices.count("trips_collapsed")), (1, 1));
}

/// The rail feed of Liège, all 23,073 rows of it: every one is used.
#[test]
fn the_liege_feed_is_read_whole() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/liege/sncb_gtfs_liege_2019-10-14_week.zip");
    let (feed, notices) = read_gtfs(&path, &GtfsOptions::default()).expect("a sound feed");
    assert_eq!((feed.stops.len(), feed.routes.len(), feed.trips.len()), (529, 68, 1140));
    assert_eq!(feed.stop_times.stop.len(), 23_073);
    assert!(!notices.has_errors(), "{:?}", notices.kept().first());
    let plane = Plane::centred_on(LonLat { lon: 5.57, lat: 50.63 });
    let (timetable, notices) = build_timetable(&[feed], jiff_date(2019, 10, 15), &plane).expect("a timetable");
    assert!(!notices.has_errors());
    assert!(timetable.trips().len() > 150, "{}", timetable.trips().len());
}
