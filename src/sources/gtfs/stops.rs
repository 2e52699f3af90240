//! `stops.txt` and `transfers.txt`.
//!
//! In: the two tables. Out: stops with sound positions and parents, and rules for changing. Swapped coordinates are
//! swapped back: by range, or because only swapped do they lie near the feed's other stops.

use super::GtfsError;
use super::archive::FeedFiles;
use super::records::{FeedStopId, LocationType, Stop, Transfer, TransferKind};
use super::rows::{Field, Keys, Row, Rows};
use crate::base::ids::{Column, Id};
use crate::base::notice::{FileTally, Notice, Notices, Severity};
use crate::base::projection::LonLat;
use crate::base::units::TravelTime;

const FILE: &str = "stops.txt";
/// A stop this far from the feed's median position, in degrees, is looked at for swapped coordinates: feeds of one
/// country stay within it.
const FAR_DEGREES: f64 = 20.0;

struct StopFields {
    id: Field,
    name: Field,
    lat: Field,
    lon: Field,
    location_type: Field,
    parent: Field,
    platform: Field,
    wheelchair: Field,
}

/// A stop on the way to being one: its position or parent may still be missing.
struct Draft {
    stop: Stop,
    position: Option<LonLat>,
    parent_key: String,
    row: u64,
    repaired: bool,
}

/// Reads the stops; the keys lead to those that were kept.
pub(super) fn read_stops(
    files: &mut FeedFiles,
    notices: &mut Notices,
) -> Result<(Column<FeedStopId, Stop>, Keys<FeedStopId>), GtfsError> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut draft_keys = Keys::new(FILE);
    let Some(source) = files.table(FILE)? else { return Ok((Column::default(), draft_keys)) };
    let mut rows = Rows::new(FILE, source)?;
    let fields = StopFields {
        id: rows.required("stop_id")?,
        name: rows.optional("stop_name"),
        lat: rows.required("stop_lat")?,
        lon: rows.required("stop_lon")?,
        location_type: rows.optional("location_type"),
        parent: rows.optional("parent_station"),
        platform: rows.optional("platform_code"),
        wheelchair: rows.optional("wheelchair_boarding"),
    };
    let mut tally = FileTally::default();
    while let Some(mut row) = rows.next(notices)? {
        match draft_keys.add(&row, fields.id, FeedStopId::from_index(drafts.len())) {
            Ok(id) => drafts.push(read_draft(&mut row, &fields, id, notices)),
            Err(notice) => row.drop_row(notices, notice),
        }
    }
    rows.finish(notices);
    swap_far_positions(&mut drafts, notices);
    let settled = settle(drafts, &draft_keys, &mut tally, notices);
    let sum = notices.tally(FILE);
    sum.read += tally.read;
    sum.used += tally.used;
    sum.repaired += tally.repaired;
    sum.dropped += tally.dropped;
    Ok(settled)
}

fn read_draft(row: &mut Row, fields: &StopFields, id: String, notices: &mut Notices) -> Draft {
    let location_type = match row.text(fields.location_type).as_ref() {
        "" | "0" => LocationType::Stop,
        "1" => LocationType::Station,
        "2" => LocationType::Entrance,
        "3" => LocationType::Node,
        "4" => LocationType::BoardingArea,
        _ => {
            let notice =
                row.notice(Severity::Warning, "location_type_unknown", fields.location_type, "is not 0, 1, 2, 3 or 4");
            row.repair(notices, notice, "taken as a stop");
            LocationType::Stop
        }
    };
    let wheelchair = match row.text(fields.wheelchair).as_ref() {
        "1" => Some(true),
        "2" => Some(false),
        _ => None,
    };
    let position = read_position(row, fields, notices);
    let stop = Stop {
        id,
        name: row.text(fields.name).into_owned(),
        position: position.unwrap_or_default(),
        location_type,
        parent: None,
        platform: row.text(fields.platform).into_owned(),
        wheelchair,
    };
    let parent_key = row.text(fields.parent).into_owned();
    Draft { stop, position, parent_key, row: row.number, repaired: row.repaired }
}

/// The position of a row: `None` where it is missing, zero or no number.
fn read_position(row: &mut Row, fields: &StopFields, notices: &mut Notices) -> Option<LonLat> {
    let number = |field: Field| row.text(field).parse::<f64>().ok().filter(|value| value.is_finite());
    let (lat, lon) = (number(fields.lat)?, number(fields.lon)?);
    if lat == 0.0 && lon == 0.0 {
        return None;
    }
    if let Some(position) = LonLat::new(lon, lat) {
        return Some(position);
    }
    let swapped = LonLat::new(lat, lon)?;
    let notice = row.notice(Severity::Warning, "coordinates_swapped", fields.lat, "is no latitude but a longitude");
    row.repair(notices, notice, "latitude and longitude swapped");
    Some(swapped)
}

/// Swaps latitude and longitude of stops that lie far from the others and near them once swapped.
fn swap_far_positions(drafts: &mut [Draft], notices: &mut Notices) {
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(0.0)
    };
    let middle_lon = median(drafts.iter().filter_map(|d| d.position).map(|p| p.lon).collect());
    let middle_lat = median(drafts.iter().filter_map(|d| d.position).map(|p| p.lat).collect());
    let far = |position: LonLat| (position.lon - middle_lon).abs().max((position.lat - middle_lat).abs());
    for draft in drafts.iter_mut() {
        let Some(position) = draft.position.filter(|&position| far(position) > FAR_DEGREES) else { continue };
        let Some(swapped) = LonLat::new(position.lat, position.lon) else { continue };
        if far(swapped) < far(position) / 4.0 {
            let problem = "lies far from all other stops, and near them with latitude and longitude swapped";
            let notice = Notice::warning("coordinates_swapped", FILE, problem).at_row(draft.row);
            let notice = notice.field("stop_lat", position.lat.to_string());
            notices.push(notice.action("latitude and longitude swapped"));
            draft.position = Some(swapped);
            draft.repaired = true;
        }
    }
}

/// Gives each draft its parent and position, drops those without position.
fn settle(
    mut drafts: Vec<Draft>,
    draft_keys: &Keys<FeedStopId>,
    tally: &mut FileTally,
    notices: &mut Notices,
) -> (Column<FeedStopId, Stop>, Keys<FeedStopId>) {
    let positions: Vec<Option<LonLat>> = drafts.iter().map(|draft| draft.position).collect();
    let parents: Vec<Option<FeedStopId>> = drafts.iter().map(|draft| draft_keys.find(&draft.parent_key)).collect();
    for (draft, &parent) in drafts.iter_mut().zip(&parents) {
        if draft.position.is_some() {
            continue;
        }
        let lost =
            Notice::warning("coordinates_missing", FILE, "has no usable stop_lat and stop_lon").at_row(draft.row);
        let lost = lost.field("stop_id", &draft.stop.id);
        draft.position = parent.and_then(|parent| positions.get(parent.index()).copied().flatten());
        if draft.position.is_some() {
            notices.push(lost.action("position of its parent station taken"));
            draft.repaired = true;
        } else {
            notices.push(Notice { severity: Severity::Error, ..lost }.action("row skipped"));
        }
    }
    let mut kept: Vec<Option<FeedStopId>> = Vec::with_capacity(drafts.len());
    let mut next = 0;
    for draft in &drafts {
        kept.push(draft.position.map(|_| FeedStopId::from_index(next)));
        next += usize::from(draft.position.is_some());
    }
    let mut stops = Column::default();
    let mut keys = Keys::new(FILE);
    for (mut draft, parent) in drafts.into_iter().zip(parents) {
        let Some(position) = draft.position else {
            tally.count_dropped();
            continue;
        };
        draft.stop.position = position;
        draft.stop.parent = parent.and_then(|parent| kept.get(parent.index()).copied().flatten());
        if draft.stop.parent.is_none() && !draft.parent_key.is_empty() {
            let notice = Notice::warning("parent_unknown", FILE, "is not a stop of this feed").at_row(draft.row);
            notices.push(notice.field("parent_station", &draft.parent_key).action("stop kept without parent"));
            draft.repaired = true;
        }
        if draft.repaired {
            tally.count_repaired();
        } else {
            tally.count_used();
        }
        keys.insert(&draft.stop.id.clone(), stops.push(draft.stop));
    }
    (stops, keys)
}

/// Reads the rules for changing; a feed without `transfers.txt` has none.
pub(super) fn read_transfers(
    files: &mut FeedFiles,
    stops: &Keys<FeedStopId>,
    notices: &mut Notices,
) -> Result<Vec<Transfer>, GtfsError> {
    let mut transfers = Vec::new();
    let Some(source) = files.table("transfers.txt")? else { return Ok(transfers) };
    let mut rows = Rows::new("transfers.txt", source)?;
    let from = rows.required("from_stop_id")?;
    let to = rows.required("to_stop_id")?;
    let (kind, time) = (rows.optional("transfer_type"), rows.optional("min_transfer_time"));
    let (from_trip, to_trip) = (rows.optional("from_trip_id"), rows.optional("to_trip_id"));
    let (from_route, to_route) = (rows.optional("from_route_id"), rows.optional("to_route_id"));
    while let Some(row) = rows.next(notices)? {
        if !row.bytes(from_trip).is_empty() || !row.bytes(to_trip).is_empty() {
            let problem = "makes the rule hold between two trips only, which is not supported";
            row.drop_row(notices, row.notice(Severity::Note, "transfer_between_trips", from_trip, problem));
            continue;
        }
        if !row.bytes(from_route).is_empty() || !row.bytes(to_route).is_empty() {
            let problem = "makes the rule hold between two lines only, which is not supported";
            row.drop_row(notices, row.notice(Severity::Note, "transfer_between_routes", from_route, problem));
            continue;
        }
        let read = || -> Result<Transfer, Notice> {
            let (from, to) = (row.reference(from, stops)?, row.reference(to, stops)?);
            let kind = match row.text(kind).as_ref() {
                "" | "0" | "1" => TransferKind::Possible,
                "2" => {
                    let seconds = row.number::<u32>(time)?.unwrap_or(0).min(86_400);
                    TransferKind::MinimumTime(TravelTime::from_deciseconds(seconds * 10))
                }
                "3" => TransferKind::Impossible,
                _ => return Err(row.notice(Severity::Warning, "transfer_type_unknown", kind, "is not 0, 1, 2 or 3")),
            };
            Ok(Transfer { from, to, kind })
        };
        match read() {
            Ok(transfer) => {
                row.keep();
                transfers.push(transfer);
            }
            Err(notice) => row.drop_row(notices, notice),
        }
    }
    rows.finish(notices);
    Ok(transfers)
}
