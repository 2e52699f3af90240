//! GTFS feeds: a zip or a folder of tables → one [`Feed`] of plain records, and notices.
//!
//! In: `agency`, `stops`, `routes`, `trips`, `calendar`, `calendar_dates`, `stop_times`, `frequencies`, `transfers`.
//! Out: records in the feed's own terms, references resolved to ids of the feed, positions in degrees. Each table is
//! streamed once, column by column. Sources layer: knows no service date, no pattern and no street.
//!
//! # References
//! GTFS Schedule Reference, <https://gtfs.org/documentation/schedule/reference/>.

mod archive;
mod calendar;
mod records;
mod routes;
mod rows;
mod stop_times;
mod stops;
mod trips;

use std::io;
use std::path::Path;

pub use records::{
    Agency, CallRules, Feed, FeedRouteId, FeedServiceId, FeedStopId, FeedTripId, Frequency, LocationType, Route,
    Service, Stop, StopTimes, Transfer, TransferKind, Trip, WeeklyService,
};

use crate::base::notice::{Notice, Notices};
use archive::FeedFiles;

/// How much a feed may unpack to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GtfsOptions {
    /// The most bytes the tables may hold once uncompressed, all together.
    pub max_bytes: u64,
    /// The most bytes a table may hold per compressed byte. Timetables pack at 5 to 30; 1032 is the most deflate can do.
    pub max_ratio: u64,
}

impl Default for GtfsOptions {
    /// 4 GB, as large as the feeds of whole countries, and 200 bytes per compressed byte.
    fn default() -> Self {
        Self { max_bytes: 4_000_000_000, max_ratio: 200 }
    }
}

/// Why a feed cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum GtfsError {
    /// The path cannot be opened.
    #[error("{file}: cannot be opened ({source}); expected a GTFS zip or a folder of GTFS tables")]
    Open {
        /// Name of the zip or folder.
        file: String,
        /// What the system says.
        source: io::Error,
    },
    /// The file is no zip, or a damaged one.
    #[error("{file}: is not a readable zip ({reason}); expected a GTFS zip or a folder of GTFS tables")]
    BadZip {
        /// Name of the zip.
        file: String,
        /// What the zip reader says.
        reason: String,
    },
    /// An entry of the zip points outside the zip.
    #[error("{file}: entry \"{entry}\" points outside the archive; the feed is refused")]
    UnsafeEntry {
        /// Name of the zip.
        file: String,
        /// Name of the entry.
        entry: String,
    },
    /// The feed unpacks to more than is allowed.
    #[error("{file}: {table} unpacks to more than {limit} bytes; raise the limit if the feed is to be trusted")]
    TooLarge {
        /// Name of the zip or folder.
        file: String,
        /// The table, or `all tables`.
        table: String,
        /// The limit that was hit, in bytes.
        limit: u64,
    },
    /// A table without which there is no timetable is missing.
    #[error("{file}: {missing} is missing; found {found}")]
    MissingFile {
        /// Name of the zip or folder.
        file: String,
        /// The missing table, or tables.
        missing: &'static str,
        /// The tables that were found.
        found: String,
    },
    /// A column without which a table cannot be used is missing.
    #[error("{file}: column {column} is missing; found {found}")]
    MissingColumn {
        /// Name of the table.
        file: &'static str,
        /// The missing column.
        column: &'static str,
        /// The columns that were found.
        found: String,
    },
    /// Reading broke off.
    #[error("{file} row {row}: reading broke off: {reason}")]
    Unreadable {
        /// Name of the table.
        file: &'static str,
        /// The row after which reading broke off.
        row: u64,
        /// What the system or the unpacker says.
        reason: String,
    },
}

/// Reads a GTFS feed from a zip or a folder.
///
/// Rows that cannot be used are skipped with a notice; a missing table or column without which there is no timetable
/// is an error. For every table, `read = used + repaired + dropped` holds in the notices.
pub fn read_gtfs(path: &Path, options: &GtfsOptions) -> Result<(Feed, Notices), GtfsError> {
    let mut notices = Notices::new();
    let mut files = FeedFiles::open(path, *options, &mut notices)?;
    for required in ["stops.txt", "routes.txt", "trips.txt", "stop_times.txt"] {
        files.require(required)?;
    }
    if !files.has("calendar.txt") {
        files.require_either("calendar_dates.txt", "calendar.txt or calendar_dates.txt")?;
    }
    let mut feed = Feed { file: files.file().to_owned(), ..Feed::default() };
    if files.has("agency.txt") {
        feed.agencies = routes::read_agencies(&mut files, &mut notices)?;
    } else {
        let notice = Notice::warning("agency_missing", "agency.txt", "is missing: operators and time zone are unknown");
        notices.push(notice.action("read on without it"));
    }
    let (stops, stop_keys) = stops::read_stops(&mut files, &mut notices)?;
    let (routes, route_keys) = routes::read_routes(&mut files, &mut notices)?;
    let (services, service_keys) = calendar::read_services(&mut files, &mut notices)?;
    let (mut trips, trip_keys) = trips::read_trips(&mut files, &route_keys, &service_keys, &mut notices)?;
    feed.frequencies = trips::read_frequencies(&mut files, &trip_keys, &mut trips, &mut notices)?;
    feed.stop_times = stop_times::read_stop_times(&mut files, &stop_keys, &trip_keys, &mut notices)?;
    trips::drop_trips_without_calls(&mut trips, &feed.stop_times, &mut notices);
    feed.transfers = stops::read_transfers(&mut files, &stop_keys, &mut notices)?;
    feed.stops = stops;
    feed.routes = routes;
    feed.services = services;
    feed.trips = trips.records;
    Ok((feed, notices))
}
