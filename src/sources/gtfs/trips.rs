//! `trips.txt` and `frequencies.txt`.
//!
//! In: the two tables and the keys of lines and services. Out: trips, and headways at which trips are repeated.

use super::GtfsError;
use super::archive::FeedFiles;
use super::records::{FeedRouteId, FeedServiceId, FeedTripId, Frequency, StopTimes, Trip};
use super::rows::{Field, Keys, Row, Rows, parse_time_s};
use crate::base::ids::{Column, Id};
use crate::base::notice::{Notice, Notices, Severity};
use crate::base::units::ClockTime;

const FILE: &str = "trips.txt";

/// Trips on the way to being complete: their calls are not read yet.
pub(super) struct Trips {
    pub(super) records: Column<FeedTripId, Trip>,
    /// Whether a notice already told of a repair of the row.
    repaired: Vec<bool>,
}

/// Reads the trips.
pub(super) fn read_trips(
    files: &mut FeedFiles,
    routes: &Keys<FeedRouteId>,
    services: &Keys<FeedServiceId>,
    notices: &mut Notices,
) -> Result<(Trips, Keys<FeedTripId>), GtfsError> {
    let mut trips = Trips { records: Column::default(), repaired: Vec::new() };
    let mut keys = Keys::new(FILE);
    let Some(source) = files.table(FILE)? else { return Ok((trips, keys)) };
    let mut rows = Rows::new(FILE, source)?;
    let id = rows.required("trip_id")?;
    let (route, service) = (rows.required("route_id")?, rows.required("service_id")?);
    let (direction, wheelchair) = (rows.optional("direction_id"), rows.optional("wheelchair_accessible"));
    while let Some(row) = rows.next(notices)? {
        let read = |keys: &mut Keys<FeedTripId>| -> Result<Trip, Notice> {
            let (route, service) = (row.reference(route, routes)?, row.reference(service, services)?);
            let direction = match row.bytes(direction) {
                b"0" => Some(0),
                b"1" => Some(1),
                _ => None,
            };
            let wheelchair = match row.bytes(wheelchair) {
                b"1" => Some(true),
                b"2" => Some(false),
                _ => None,
            };
            let id = keys.add(&row, id, FeedTripId::from_index(trips.records.len()))?;
            let row = u32::try_from(row.number).unwrap_or(u32::MAX);
            Ok(Trip { id, route, service, direction, at_headways: false, wheelchair, row })
        };
        match read(&mut keys) {
            Ok(trip) => {
                row.keep();
                trips.repaired.push(row.repaired);
                trips.records.push(trip);
            }
            Err(notice) => row.drop_row(notices, notice),
        }
    }
    rows.finish(notices);
    Ok((trips, keys))
}

/// Trips without calls stay as records, so that ids hold, but count as dropped.
pub(super) fn drop_trips_without_calls(trips: &mut Trips, stop_times: &StopTimes, notices: &mut Notices) {
    for (id, trip) in trips.records.iter() {
        if !stop_times.calls(id).is_empty() {
            continue;
        }
        let notice = Notice::warning("trip_without_calls", FILE, "has fewer than two usable rows in stop_times.txt");
        notices.push(notice.at_row(u64::from(trip.row)).field("trip_id", &trip.id).action("trip not used"));
        let tally = notices.tally(FILE);
        tally.dropped += 1;
        if trips.repaired.get(id.index()).copied().unwrap_or(false) {
            tally.repaired -= 1;
        } else {
            tally.used -= 1;
        }
    }
}

/// Reads the headways, and marks the trips that have some; a feed without `frequencies.txt` has none.
pub(super) fn read_frequencies(
    files: &mut FeedFiles,
    keys: &Keys<FeedTripId>,
    trips: &mut Trips,
    notices: &mut Notices,
) -> Result<Vec<Frequency>, GtfsError> {
    let mut frequencies = Vec::new();
    let Some(source) = files.table("frequencies.txt")? else { return Ok(frequencies) };
    let mut rows = Rows::new("frequencies.txt", source)?;
    let trip = rows.required("trip_id")?;
    let (start, end) = (rows.required("start_time")?, rows.required("end_time")?);
    let (headway, exact) = (rows.required("headway_secs")?, rows.optional("exact_times"));
    while let Some(row) = rows.next(notices)? {
        let mut read = || -> Result<Frequency, Notice> {
            let trip = row.reference(trip, keys)?;
            trips.records[trip].at_headways = true;
            let (first, last) = (read_time(&row, start)?, read_time(&row, end)?);
            let headway_s = row.number::<u32>(headway)?.unwrap_or(0);
            if headway_s == 0 {
                return Err(row.notice(Severity::Error, "headway_not_positive", headway, "is not above 0 seconds"));
            }
            if last <= first {
                let problem = "is not after start_time";
                return Err(row.notice(Severity::Error, "frequency_span_empty", end, problem));
            }
            let exact = match row.bytes(exact) {
                b"1" => true,
                b"" | b"0" => false,
                _ => return Err(row.notice(Severity::Error, "exact_times_unknown", exact, "is not 0 or 1")),
            };
            Ok(Frequency { trip, start: first, end: last, headway_s, exact })
        };
        match read() {
            Ok(frequency) => {
                row.keep();
                frequencies.push(frequency);
            }
            Err(notice) => row.drop_row(notices, notice),
        }
    }
    rows.finish(notices);
    Ok(frequencies)
}

fn read_time(row: &Row, field: Field) -> Result<ClockTime, Notice> {
    parse_time_s(row.bytes(field))
        .map(ClockTime::from_seconds)
        .ok_or_else(|| row.notice(Severity::Error, "time_unparsable", field, "is not a time"))
}
