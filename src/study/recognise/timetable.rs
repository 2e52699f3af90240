//! Whether a zip file or a folder is a GTFS feed, and what its agencies say; a zip may hold a Shapefile instead.

use std::io::Read;
use std::path::Path;

use super::content::{Content, Sight};
use super::layers::look_at_layer;
use crate::sources::regular::open_regular;

/// Files without which a feed cannot be read.
const NEEDED: [&str; 3] = ["stops.txt", "stop_times.txt", "trips.txt"];
/// Largest agency table looked at, bytes.
const LARGEST_AGENCIES: u64 = 1 << 20;

/// What a zip file is.
pub(super) fn look_at_zip(path: &Path) -> Result<Sight, String> {
    let file = open_regular(path).map_err(|e| format!("cannot be opened ({e})"))?;
    let mut archive = zip::ZipArchive::new(file).map_err(|e| format!("is a damaged zip file ({e})"))?;
    let names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    let Some(inside) = names.iter().find_map(|name| name.strip_suffix("stop_times.txt").filter(|p| is_folder(p)))
    else {
        if names.iter().any(|name| name.to_ascii_lowercase().ends_with(".shp")) {
            return look_at_layer(path, "zipped Shapefile");
        }
        return Ok(Sight::unknown("is a zip file without stops.txt and stop_times.txt, and without a Shapefile"));
    };
    let inside = inside.to_owned();
    let missing: Vec<&str> =
        NEEDED.into_iter().filter(|needed| !names.iter().any(|n| *n == format!("{inside}{needed}"))).collect();
    if !missing.is_empty() {
        return Ok(Sight::unknown(&format!("is a GTFS feed without {}", missing.join(", "))));
    }
    let mut text = Vec::new();
    if let Ok(agencies) = archive.by_name(&format!("{inside}agency.txt")) {
        // A table that cannot be unpacked leaves the zone unknown; the reader of the feed tells of it.
        let _ = agencies.take(LARGEST_AGENCIES).read_to_end(&mut text);
    }
    let place = if inside.is_empty() { String::new() } else { format!(" in {inside}") };
    Ok(feed(&text, &format!("GTFS feed: stops.txt, stop_times.txt and trips.txt{place}")))
}

fn is_folder(prefix: &str) -> bool {
    (prefix.is_empty() || prefix.ends_with('/')) && !prefix.contains("__MACOSX")
}

/// What a folder is: a feed, or nothing that is looked into.
pub(super) fn look_at_folder(path: &Path) -> Sight {
    if NEEDED.iter().all(|needed| path.join(needed).is_file()) {
        let mut text = Vec::new();
        if let Ok(agencies) = open_regular(&path.join("agency.txt")) {
            // As above: what cannot be read leaves the zone unknown.
            let _ = agencies.take(LARGEST_AGENCIES).read_to_end(&mut text);
        }
        return feed(&text, "GTFS feed as a folder: stops.txt, stop_times.txt and trips.txt");
    }
    Sight::unknown("is a folder; only folders of GTFS feeds are looked into")
}

fn feed(agencies: &[u8], why: &str) -> Sight {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(agencies);
    let header: Vec<String> = match reader.byte_headers() {
        Ok(header) => {
            header.iter().map(|h| String::from_utf8_lossy(h).trim_start_matches('\u{feff}').to_owned()).collect()
        }
        Err(_) => Vec::new(),
    };
    let column = |name: &str| header.iter().position(|h| h == name);
    let (name, zone) = (column("agency_name"), column("agency_timezone"));
    let mut names = Vec::new();
    let mut zones = Vec::new();
    for record in reader.byte_records().flatten() {
        let value = |column: Option<usize>| {
            let bytes = column.and_then(|c| record.get(c)).unwrap_or_default();
            Some(String::from_utf8_lossy(bytes).into_owned()).filter(|text| !text.is_empty())
        };
        names.extend(value(name));
        zones.extend(value(zone).filter(|zone| jiff::tz::TimeZone::get(zone).is_ok()));
    }
    names.sort();
    names.dedup();
    Sight::new(Content::Timetable { agencies: names, zone: zones.into_iter().next() }, why)
}
