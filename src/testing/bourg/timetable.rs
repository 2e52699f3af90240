//! The timetable of the town: three bus lines and one train line, as a GTFS zip.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::ground::{Ground, Point};

/// Stops: id, name, where, location type, parent.
const STOPS: &[(&str, &str, Point, u8, &str)] = &[
    ("HALLE", "Halle", (-3.0, 40.0), 0, ""),
    ("ESPL", "Esplanade (gare routière)", (-25.0, -296.0), 0, ""),
    ("DRAP", "Drapiers", (160.0, 84.0), 0, ""),
    ("LILAS", "Lilas", (400.0, 84.0), 0, ""),
    ("PASS", "Passage", (596.0, 150.0), 0, ""),
    ("BARR", "Barrière", (560.0, 349.0), 0, ""),
    ("TRAV", "Traverse", (60.0, 416.0), 0, ""),
    ("PNEUF", "Pont Neuf", (-440.0, -304.0), 0, ""),
    ("ROSEAUX", "Roseaux", (-280.0, -436.0), 0, ""),
    ("GARDON", "Gardon", (280.0, -436.0), 0, ""),
    ("BELV", "Belvédère", (-480.0, -6.0), 0, ""),
    ("PANO", "Panorama", (-560.0, 44.0), 0, ""),
    ("BATEL", "Bateliers", (-300.0, -151.0), 0, ""),
    ("S_GARE", "Bourg-sur-Chaland", (0.0, 304.0), 1, ""),
    ("GARE_1", "Bourg-sur-Chaland, voie 1", (0.0, 306.0), 0, "S_GARE"),
    ("GARE_E", "Bourg-sur-Chaland, entrée rue de la Gare", (0.0, 309.0), 2, "S_GARE"),
    ("S_HALTE", "Bourg-Est", (420.0, 294.0), 1, ""),
    ("HALTE_1", "Bourg-Est, voie 1", (420.0, 290.0), 0, "S_HALTE"),
    ("HALTE_E", "Bourg-Est, entrée rue de la Halte", (420.0, 278.0), 2, "S_HALTE"),
    ("VILLE", "Ville-Haute", (9000.0, 600.0), 0, ""),
];

/// A line: route, its service on weekdays and on Saturdays, its calls, first and last departure and headway in minutes.
struct Course {
    route: &'static str,
    headsign: &'static str,
    /// Stop and minutes from the start.
    calls: &'static [(&'static str, u32)],
    /// Service, first departure, last departure, headway: minutes.
    runs: &'static [(&'static str, u32, u32, u32)],
}

/// Routes: id, short name, long name, GTFS type.
const ROUTES: &[(&str, &str, &str, u8)] = &[
    ("L1", "1", "Roseaux – Esplanade – Halle – Lilas – Passage", 3),
    ("L2", "2", "Halle – Bateliers – Les Hauts", 3),
    ("L3", "3", "Esplanade – Halle – Passage – Gare nord", 3),
    ("T199", "L", "Ville-Haute – Bourg-sur-Chaland", 2),
];

const COURSES: &[Course] = &[
    Course {
        route: "L1",
        headsign: "Passage",
        calls: &[("ROSEAUX", 0), ("ESPL", 3), ("HALLE", 6), ("DRAP", 8), ("LILAS", 10), ("PASS", 12)],
        runs: &[("SEM", 354, 1194, 20), ("SAM", 414, 1194, 30)],
    },
    Course {
        route: "L1",
        headsign: "Roseaux",
        calls: &[("PASS", 0), ("LILAS", 2), ("DRAP", 4), ("HALLE", 6), ("ESPL", 9), ("ROSEAUX", 12)],
        runs: &[("SEM", 354, 1194, 20), ("SAM", 414, 1194, 30)],
    },
    // The last bus up leaves Halle at 17:30 (minute 1050); shops close at 18:30.
    Course {
        route: "L2",
        headsign: "Les Hauts",
        calls: &[("HALLE", 0), ("BATEL", 4), ("BELV", 9), ("PANO", 11)],
        runs: &[("SEM", 420, 1050, 30), ("SAM", 540, 1050, 30)],
    },
    Course {
        route: "L2",
        headsign: "Halle",
        calls: &[("PANO", 0), ("BELV", 2), ("BATEL", 7), ("HALLE", 11)],
        runs: &[("SEM", 405, 1035, 30), ("SAM", 525, 1035, 30)],
    },
    Course {
        route: "L3",
        headsign: "Gare nord",
        calls: &[("PNEUF", 0), ("ESPL", 3), ("HALLE", 6), ("PASS", 11), ("BARR", 14), ("TRAV", 18)],
        runs: &[("SEM", 384, 1224, 60), ("SAM", 444, 1224, 60)],
    },
    Course {
        route: "L3",
        headsign: "Pont Neuf",
        calls: &[("TRAV", 0), ("BARR", 4), ("PASS", 7), ("HALLE", 12), ("ESPL", 15), ("PNEUF", 18)],
        runs: &[("SEM", 408, 1248, 60), ("SAM", 468, 1248, 60)],
    },
    Course {
        route: "T199",
        headsign: "Bourg-sur-Chaland",
        calls: &[("VILLE", 0), ("HALTE_1", 12), ("GARE_1", 14)],
        runs: &[("TRAIN_SEM", 330, 1290, 60), ("TRAIN_SAM", 390, 1350, 120)],
    },
    Course {
        route: "T199",
        headsign: "Ville-Haute",
        calls: &[("GARE_1", 0), ("HALTE_1", 2), ("VILLE", 14)],
        runs: &[("TRAIN_SEM", 350, 1430, 60), ("TRAIN_SAM", 410, 1370, 120)],
    },
];

/// Saturdays of the trains, which run by dates only.
const SATURDAYS: &[&str] = &[
    "20240302", "20240309", "20240316", "20240323", "20240330", "20240406", "20240413", "20240420", "20240427",
    "20240504", "20240511", "20240518", "20240525", "20240601", "20240608", "20240615", "20240622", "20240629",
];
/// Holidays on weekdays: no weekday service.
const HOLIDAYS: &[&str] = &["20240401", "20240501", "20240509", "20240520"];

/// The feed, entries uncompressed and dated 1 June 2024 so that the bytes never change.
pub fn zip(ground: &Ground) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let date = DateTime::from_date_and_time(2024, 6, 1, 0, 0, 0).expect("a valid date");
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(date)
        .unix_permissions(0o644);
    for (name, text) in tables(ground) {
        zip.start_file(name, options).expect("a new entry");
        zip.write_all(text.as_bytes()).expect("memory takes every write");
    }
    zip.finish().expect("memory takes every write").into_inner()
}

fn tables(ground: &Ground) -> Vec<(&'static str, String)> {
    let (trips, stop_times) = trips();
    vec![
        (
            "agency.txt",
            "agency_id,agency_name,agency_url,agency_timezone,agency_lang\n\
             TC,Transports du Chaland,https://transports-chaland.example,Europe/Brussels,fr\n"
                .to_owned(),
        ),
        ("calendar.txt", calendar()),
        ("calendar_dates.txt", calendar_dates()),
        (
            "feed_info.txt",
            "feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,feed_end_date,feed_version\n\
             Transports du Chaland,https://transports-chaland.example,fr,20240301,20240630,2024-1\n"
                .to_owned(),
        ),
        ("routes.txt", routes()),
        ("stop_times.txt", stop_times),
        ("stops.txt", stops(ground)),
        ("trips.txt", trips),
    ]
}

fn stops(ground: &Ground) -> String {
    let mut text = "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n".to_owned();
    for (id, name, point, kind, parent) in STOPS {
        let at = ground.place(*point);
        text.push_str(&format!("{id},\"{name}\",{:.7},{:.7},{kind},{parent}\n", at.lat, at.lon));
    }
    text
}

fn routes() -> String {
    let mut text = "route_id,agency_id,route_short_name,route_long_name,route_type\n".to_owned();
    for (id, short, long, kind) in ROUTES {
        text.push_str(&format!("{id},TC,{short},{long},{kind}\n"));
    }
    text
}

fn calendar() -> String {
    "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n\
     SEM,1,1,1,1,1,0,0,20240301,20240630\n\
     SAM,0,0,0,0,0,1,0,20240301,20240630\n\
     TRAIN_SEM,1,1,1,1,1,0,0,20240301,20240630\n"
        .to_owned()
}

fn calendar_dates() -> String {
    let mut text = "service_id,date,exception_type\n".to_owned();
    for date in HOLIDAYS {
        text.push_str(&format!("SEM,{date},2\nTRAIN_SEM,{date},2\n"));
    }
    // Ascension Day runs as a Saturday.
    text.push_str("SAM,20240509,1\n");
    for date in SATURDAYS {
        text.push_str(&format!("TRAIN_SAM,{date},1\n"));
    }
    text
}

fn trips() -> (String, String) {
    let mut trips = "route_id,service_id,trip_id,trip_headsign,direction_id\n".to_owned();
    let mut stop_times =
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n".to_owned();
    for (number, course) in COURSES.iter().enumerate() {
        for &(service, first, last, headway) in course.runs {
            for start in (first..=last).step_by(headway as usize) {
                let trip = format!("{}_{number}_{service}_{}", course.route, clock(start).replace(':', ""));
                let (route, headsign) = (course.route, course.headsign);
                trips.push_str(&format!("{route},{service},{trip},{headsign},{}\n", number % 2));
                for (sequence, (stop, minutes)) in course.calls.iter().enumerate() {
                    let time = clock(start + minutes);
                    let last = u8::from(sequence + 1 == course.calls.len());
                    let first = u8::from(sequence == 0);
                    stop_times.push_str(&format!("{trip},{time},{time},{stop},{},{last},{first}\n", sequence + 1));
                }
            }
        }
    }
    (trips, stop_times)
}

/// GTFS time of a minute of the service day; past midnight it goes on counting.
fn clock(minute: u32) -> String {
    format!("{:02}:{:02}:00", minute / 60, minute % 60)
}
