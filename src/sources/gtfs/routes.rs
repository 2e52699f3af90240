//! `agency.txt` and `routes.txt`.
//!
//! In: the two tables. Out: operators, and lines with the mode their `route_type` stands for, extended types included.

use super::GtfsError;
use super::archive::FeedFiles;
use super::records::{Agency, FeedRouteId, Route};
use super::rows::{Keys, Rows};
use crate::base::ids::{Column, Id};
use crate::base::kinds::StopMode;
use crate::base::notice::{Notices, Severity};

/// Reads the operators.
pub(super) fn read_agencies(files: &mut FeedFiles, notices: &mut Notices) -> Result<Vec<Agency>, GtfsError> {
    let mut agencies = Vec::new();
    let Some(source) = files.table("agency.txt")? else { return Ok(agencies) };
    let mut rows = Rows::new("agency.txt", source)?;
    let (id, name) = (rows.optional("agency_id"), rows.optional("agency_name"));
    let timezone = rows.optional("agency_timezone");
    while let Some(row) = rows.next(notices)? {
        row.keep();
        agencies.push(Agency {
            id: row.text(id).into_owned(),
            name: row.text(name).into_owned(),
            timezone: row.text(timezone).into_owned(),
        });
    }
    rows.finish(notices);
    Ok(agencies)
}

/// Reads the lines.
pub(super) fn read_routes(
    files: &mut FeedFiles,
    notices: &mut Notices,
) -> Result<(Column<FeedRouteId, Route>, Keys<FeedRouteId>), GtfsError> {
    let mut routes: Column<FeedRouteId, Route> = Column::default();
    let mut keys = Keys::new("routes.txt");
    let Some(source) = files.table("routes.txt")? else { return Ok((routes, keys)) };
    let mut rows = Rows::new("routes.txt", source)?;
    let id = rows.required("route_id")?;
    let (short, long) = (rows.optional("route_short_name"), rows.optional("route_long_name"));
    let kind = rows.required("route_type")?;
    while let Some(mut row) = rows.next(notices)? {
        let key = match keys.add(&row, id, FeedRouteId::from_index(routes.len())) {
            Ok(key) => key,
            Err(notice) => {
                row.drop_row(notices, notice);
                continue;
            }
        };
        let route_type = row.text(kind).parse::<u16>().ok();
        let mode = route_type.and_then(mode_of).unwrap_or_else(|| {
            let notice = row.notice(Severity::Warning, "route_type_unknown", kind, "is not a known type of route");
            row.repair(notices, notice, "mode taken as other");
            StopMode::Other
        });
        let name = if row.bytes(short).is_empty() { row.text(long) } else { row.text(short) };
        let route = Route { id: key, name: name.into_owned(), mode, route_type: route_type.unwrap_or(u16::MAX) };
        row.keep();
        routes.push(route);
    }
    rows.finish(notices);
    Ok((routes, keys))
}

/// The mode of a basic or extended `route_type`.
///
/// # References
/// GTFS Schedule Reference, `routes.txt`; extended types: Hierarchical Vehicle Type codes as adopted by Google Transit.
fn mode_of(route_type: u16) -> Option<StopMode> {
    match route_type {
        0 | 5 | 900..=999 => Some(StopMode::Tram),
        1 | 2 | 12 | 100..=199 | 300..=699 => Some(StopMode::Rail),
        3 | 11 | 200..=299 | 700..=899 => Some(StopMode::Bus),
        4 | 6 | 7 | 1000..=1799 => Some(StopMode::Other),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_and_extended_types_have_a_mode() {
        // 103 is SNCB's inter-regional rail, 714 its replacement bus.
        let expected = [(103, StopMode::Rail), (714, StopMode::Bus), (0, StopMode::Tram), (1, StopMode::Rail)];
        for (code, mode) in expected {
            assert_eq!(mode_of(code), Some(mode), "{code}");
        }
        assert_eq!(mode_of(8), None);
        assert_eq!(mode_of(u16::MAX), None);
    }
}
