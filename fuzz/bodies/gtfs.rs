//! Timetables: the tables of a feed as texts, and a zip as it is.

use chaland::base::notice::Notices;
use chaland::base::projection::{LonLat, Plane};
use chaland::network::timetable::build_timetable;
use chaland::sources::gtfs::{Feed, GtfsError, GtfsOptions, read_gtfs};
use jiff::civil::{Date, date};

use super::answers::{check_error, check_notices, check_position};
use super::split;

/// A Tuesday on which the seeds run.
const DAY: Date = date(2026, 3, 10);

const TABLES: [&str; 9] = [
    "agency.txt",
    "stops.txt",
    "routes.txt",
    "trips.txt",
    "calendar.txt",
    "calendar_dates.txt",
    "stop_times.txt",
    "frequencies.txt",
    "transfers.txt",
];

/// Reads tables in a folder, each after a byte that tells which it is, and builds the timetable of a day.
pub fn tables(bytes: &[u8]) {
    let files: Vec<(&str, &[u8])> = split::files(bytes)
        .filter_map(|file| {
            let (&number, table) = file.split_first()?;
            Some((*TABLES.get(usize::from(number).checked_sub(usize::from(b'0'))?)?, table))
        })
        .collect();
    split::in_folder(&files, |folder| check(read_gtfs(folder, &GtfsOptions::default())));
}

/// Reads a zip.
pub fn zip(bytes: &[u8]) {
    split::in_folder(&[("feed.zip", bytes)], |folder| {
        check(read_gtfs(&folder.join("feed.zip"), &GtfsOptions::default()));
    });
}

fn check(read: Result<(Feed, Notices), GtfsError>) {
    let (feed, notices) = match read {
        Ok(read) => read,
        Err(error) => return check_error(&error),
    };
    check_notices(&notices);
    feed.stops.values().iter().map(|stop| stop.position).for_each(check_position);
    let plane = Plane::centred_on(LonLat { lon: 5.57, lat: 50.64 });
    match build_timetable(&[feed], DAY, &plane) {
        Ok((mut timetable, notices)) => {
            check_notices(&notices);
            timetable.draw_offsets(7, 1);
            for pattern in timetable.patterns() {
                let stops = timetable.pattern_stops(pattern).len();
                for position in 0..stops {
                    let times = timetable.departures_at(pattern, position);
                    assert_eq!(times.len(), timetable.trip_count(pattern));
                }
            }
        }
        Err(error) => check_error(&error),
    }
}
