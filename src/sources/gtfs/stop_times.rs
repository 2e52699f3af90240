//! `stop_times.txt`: the largest table, read in one pass and settled trip by trip.
//!
//! In: the table and the keys of stops and trips. Out: columns of calls, grouped by trip, in the order of travel, with
//! times that never fall. Missing times between two known ones are interpolated evenly.

use super::GtfsError;
use super::archive::FeedFiles;
use super::records::{CallRules, FeedStopId, FeedTripId, StopTimes};
use super::rows::{Field, Keys, Row, Rows, parse_time_s};
use crate::base::notice::{FileTally, Notice, Notices, Severity};
use crate::base::units::ClockTime;

const FILE: &str = "stop_times.txt";
/// A call whose time is not given.
const NO_TIME: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Call {
    trip: u32,
    sequence: u32,
    row: u32,
    stop: FeedStopId,
    arrival_s: u32,
    departure_s: u32,
    rules: CallRules,
    repaired: bool,
}

struct CallFields {
    trip: Field,
    stop: Field,
    sequence: Field,
    arrival: Field,
    departure: Field,
    pickup: Field,
    drop_off: Field,
}

/// Reads all calls.
pub(super) fn read_stop_times(
    files: &mut FeedFiles,
    stops: &Keys<FeedStopId>,
    trips: &Keys<FeedTripId>,
    notices: &mut Notices,
) -> Result<StopTimes, GtfsError> {
    let mut calls = read_calls(files, stops, trips, notices)?;
    let order = |call: &Call| (call.trip, call.sequence, call.row);
    if !calls.is_sorted_by_key(order) {
        calls.sort_unstable_by_key(order);
    }
    let mut columns = StopTimes { first: vec![0], ..StopTimes::default() };
    let mut tally = FileTally::default();
    let mut settled: Vec<Call> = Vec::new();
    for group in calls.chunk_by(|a, b| a.trip == b.trip) {
        let Some(trip) = group.first().map(|call| call.trip as usize) else { continue };
        while columns.first.len() <= trip {
            columns.first.push(columns.stop.len() as u32);
        }
        settle_trip(group, &mut settled, &mut tally, notices);
        for call in &settled {
            columns.stop.push(call.stop);
            columns.arrival.push(ClockTime::from_seconds(call.arrival_s));
            columns.departure.push(ClockTime::from_seconds(call.departure_s));
            columns.rules.push(call.rules);
            if call.repaired {
                tally.count_repaired();
            } else {
                tally.count_used();
            }
        }
    }
    while columns.first.len() <= trips.len() {
        columns.first.push(columns.stop.len() as u32);
    }
    let sum = notices.tally(FILE);
    sum.read += tally.read;
    sum.used += tally.used;
    sum.repaired += tally.repaired;
    sum.dropped += tally.dropped;
    Ok(columns)
}

/// All rows that name a trip, a stop and sound times; only dropped rows are counted here.
fn read_calls(
    files: &mut FeedFiles,
    stops: &Keys<FeedStopId>,
    trips: &Keys<FeedTripId>,
    notices: &mut Notices,
) -> Result<Vec<Call>, GtfsError> {
    let mut calls = Vec::new();
    let Some(source) = files.table(FILE)? else { return Ok(calls) };
    let mut rows = Rows::new(FILE, source)?;
    let fields = CallFields {
        trip: rows.required("trip_id")?,
        stop: rows.required("stop_id")?,
        sequence: rows.required("stop_sequence")?,
        arrival: rows.required("arrival_time")?,
        departure: rows.required("departure_time")?,
        pickup: rows.optional("pickup_type"),
        drop_off: rows.optional("drop_off_type"),
    };
    let mut last_trip: (Vec<u8>, Option<FeedTripId>) = (Vec::new(), None);
    while let Some(mut row) = rows.next(notices)? {
        // Rows of a trip nearly always follow each other: its id is looked up once.
        let key = row.bytes(fields.trip);
        if last_trip.1.is_none() || last_trip.0 != key {
            last_trip.0.clear();
            last_trip.0.extend_from_slice(key);
            last_trip.1 = trips.find(&row.text(fields.trip));
        }
        let Some(trip) = last_trip.1 else {
            let notice = row.notice(Severity::Error, "reference_unknown", fields.trip, "is not in trips.txt");
            row.drop_row(notices, notice);
            continue;
        };
        match read_call(&mut row, &fields, trip, stops, notices) {
            Ok(call) => calls.push(call),
            Err(notice) => row.drop_row(notices, notice),
        }
    }
    rows.finish(notices);
    Ok(calls)
}

fn read_call(
    row: &mut Row,
    fields: &CallFields,
    trip: FeedTripId,
    stops: &Keys<FeedStopId>,
    notices: &mut Notices,
) -> Result<Call, Notice> {
    let stop = row.reference(fields.stop, stops)?;
    let Some(sequence) = row.number(fields.sequence)? else {
        return Err(row.notice(Severity::Error, "number_unparsable", fields.sequence, "is empty, not a number"));
    };
    let (mut arrival_s, mut departure_s) = (read_time(row, fields.arrival)?, read_time(row, fields.departure)?);
    if (arrival_s == NO_TIME) != (departure_s == NO_TIME) {
        let (empty, action) = match arrival_s {
            NO_TIME => (fields.arrival, "taken as departure_time"),
            _ => (fields.departure, "taken as arrival_time"),
        };
        let notice = row.notice(Severity::Note, "time_missing", empty, "is empty beside the other time");
        row.repair(notices, notice, action);
        (arrival_s, departure_s) = (arrival_s.min(departure_s), arrival_s.min(departure_s));
    }
    let mut allowed = |field: Field| match row.bytes(field) {
        b"" | b"0" | b"2" | b"3" => true,
        b"1" => false,
        _ => {
            let notice = row.notice(Severity::Warning, "boarding_rule_unknown", field, "is not 0, 1, 2 or 3");
            row.repair(notices, notice, "taken as 0");
            true
        }
    };
    let rules = CallRules { board: allowed(fields.pickup), alight: allowed(fields.drop_off) };
    let number = u32::try_from(row.number).unwrap_or(u32::MAX);
    Ok(Call { trip: trip.0, sequence, row: number, stop, arrival_s, departure_s, rules, repaired: row.repaired })
}

/// A time, or [`NO_TIME`] where the field is empty.
fn read_time(row: &Row, field: Field) -> Result<u32, Notice> {
    let bytes = row.bytes(field);
    if bytes.is_empty() {
        return Ok(NO_TIME);
    }
    parse_time_s(bytes).ok_or_else(|| row.notice(Severity::Error, "time_unparsable", field, "is not a time"))
}

/// Puts the usable calls of one trip into `settled`; none when fewer than two are left or times fall.
fn settle_trip(group: &[Call], settled: &mut Vec<Call>, tally: &mut FileTally, notices: &mut Notices) {
    settled.clear();
    for &call in group {
        if settled.last().is_some_and(|last| last.sequence == call.sequence) {
            let problem = "was already given to this trip by a row above";
            let notice = Notice::error("stop_sequence_duplicate", FILE, problem).at_row(u64::from(call.row));
            notices.push(notice.field("stop_sequence", call.sequence.to_string()).action("row skipped"));
            tally.count_dropped();
        } else {
            settled.push(call);
        }
    }
    cut_untimed_ends(settled, tally, notices);
    interpolate_times(settled, notices);
    let falls = settled.iter().find(|call| call.departure_s < call.arrival_s).or_else(|| {
        settled.windows(2).find(|pair| pair[1].arrival_s < pair[0].departure_s).and_then(|pair| pair.last())
    });
    if let Some(call) = falls {
        let notice = Notice::error("times_decreasing", FILE, "makes the times of the trip go back");
        let time = ClockTime::from_seconds(call.arrival_s).to_string();
        let notice = notice.at_row(u64::from(call.row)).field("arrival_time", time);
        notices.push(notice.action(format!("trip dropped, with its {} calls", settled.len())));
        drop_all(settled, tally);
    } else if settled.len() == 1 {
        let row = settled.first().map_or(0, |call| u64::from(call.row));
        let notice = Notice::warning("trip_with_one_call", FILE, "is the only usable call of its trip").at_row(row);
        notices.push(notice.action("row skipped"));
        drop_all(settled, tally);
    }
}

fn drop_all(settled: &mut Vec<Call>, tally: &mut FileTally) {
    settled.drain(..).for_each(|_| tally.count_dropped());
}

/// Calls before the first and after the last given time cannot be placed in time.
fn cut_untimed_ends(settled: &mut Vec<Call>, tally: &mut FileTally, notices: &mut Notices) {
    let first = settled.iter().position(|call| call.arrival_s != NO_TIME).unwrap_or(settled.len());
    let end = settled.iter().rposition(|call| call.arrival_s != NO_TIME).map_or(first, |last| last + 1);
    for call in settled[..first].iter().chain(&settled[end..]) {
        let problem = "has no time, and no call of its trip before or after it has one";
        notices.push(
            Notice::error("time_missing_at_end", FILE, problem).at_row(u64::from(call.row)).action("row skipped"),
        );
        tally.count_dropped();
    }
    settled.truncate(end);
    settled.drain(..first);
}

/// Spreads missing times evenly between the known ones around them.
fn interpolate_times(settled: &mut [Call], notices: &mut Notices) {
    let mut known = 0;
    for next in 1..settled.len() {
        if settled[next].arrival_s == NO_TIME {
            continue;
        }
        let (start_s, end_s) = (u64::from(settled[known].departure_s), u64::from(settled[next].arrival_s));
        let steps = (next - known) as u64;
        for (step, call) in (1_u64..).zip(&mut settled[known + 1..next]) {
            // Two clock readings fit in 32 bits each, and so does anything between them.
            let time_s = ((start_s * (steps - step) + end_s * step) / steps) as u32;
            (call.arrival_s, call.departure_s, call.repaired) = (time_s, time_s, true);
            let notice = Notice::note("time_interpolated", FILE, "has no time").at_row(u64::from(call.row));
            notices.push(notice.action(format!("{} taken, between its neighbours", ClockTime::from_seconds(time_s))));
        }
        known = next;
    }
}
