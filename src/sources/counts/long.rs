//! Long tables: one row per site and time, with the directions in rows or in columns (Melbourne and others).

use std::collections::BTreeSet;

use super::cell::CountColumn;
use super::clock::{LocalClock, Readings, TimeColumns};
use super::directions::{NamedDirections, direction_of};
use super::sites::Location;
use super::{Direction, Gathered, Observation, TIME};
use crate::base::notice::{Notice, Notices};
use crate::base::projection::LonLat;
use crate::sources::table::{Expected, Table, TableRow};

/// The columns of a long table.
pub(super) struct Columns {
    site: usize,
    total: Option<usize>,
    inwards: Option<usize>,
    outwards: Option<usize>,
    direction: Option<usize>,
    position: Option<(usize, usize)>,
}

pub(super) const SITE: &[&str] = &[
    "site",
    "site id",
    "site name",
    "sensor name",
    "sensor id",
    "sensor",
    "camera",
    "camera name",
    "camera id",
    "counter",
    "counter id",
    "compteur",
    "segment id",
    "station",
    "location name",
    "location id",
    "location",
    "zählstelle",
    "zaehlstelle",
    "nom",
    "name",
    "id",
];
pub(super) const COUNT: &[&str] = &[
    "count",
    "counts",
    "pedestriancount",
    "hourly counts",
    "pedestrians",
    "pedestrian",
    "total",
    "total of directions",
    "piétons",
    "pietons",
    "comptage",
    "passages",
    "anzahl",
    "fußgänger",
    "value",
];

pub(super) const INWARDS: &[&str] = &["in", "direction 1", "entrées", "entries", "entrants"];
pub(super) const OUTWARDS: &[&str] = &["out", "direction 2", "sorties", "exits", "sortants"];

/// The columns, if this is a long table: a time, a site and a count.
pub(super) fn find_columns(table: &Table) -> Option<Columns> {
    let time = table.find_column(TIME)?;
    let site = table.find_column(SITE).filter(|&site| site != time)?;
    let total = table.find_column(COUNT).filter(|&total| total != site);
    let inwards = table.find_column(INWARDS);
    let outwards = table.find_column(OUTWARDS);
    if total.is_none() && (inwards.is_none() || outwards.is_none()) {
        return None;
    }
    let direction = table.find_column(&["direction", "sens", "richtung"]);
    let lon = table.find_column(&["lon", "lng", "longitude"]);
    let position = lon.zip(table.find_column(&["lat", "latitude"]));
    Some(Columns { site, total, inwards, outwards, direction, position })
}

/// Gathers the counts of a long table.
pub(super) fn gather(
    table: &Table,
    columns: &Columns,
    clock: &LocalClock,
    gathered: &mut Gathered,
    positions: &mut Vec<Location>,
    notices: &mut Notices,
) {
    let Some(time) = TimeColumns::find(table, notices) else { return };
    let mut counts = |column: Option<usize>| column.map(|column| CountColumn::new(table, column, notices));
    let (total, inwards, outwards) = (counts(columns.total), counts(columns.inwards), counts(columns.outwards));
    let mut coordinate = |column| (column, table.number_style(column, Expected::Coordinate, notices));
    let position = columns.position.map(|(lon, lat)| (coordinate(lon), coordinate(lat)));
    let mut parts = NamedDirections::find(table, columns.site, columns.direction);
    let mut placed = BTreeSet::new();
    let series = |row| series_of(row, columns);
    let Some(Readings { seconds, bins }) = time.read(table, clock, series, notices) else { return };
    let earlier = gathered.counts_of(bins).len();
    for (row, second) in table.rows().iter().zip(seconds) {
        let name = row.value(columns.site);
        let no_site = || Notice::error("site_missing", table.file(), "names no site").at_row(row.number);
        let second = match if name.is_empty() { Err(no_site()) } else { second } {
            Ok(second) => second,
            Err(notice) => {
                notices.push(notice.action("row skipped"));
                notices.tally(table.file()).count_dropped();
                continue;
            }
        };
        let site = gathered.site(name);
        let mut repaired = row.ragged;
        let word = row.value_in(columns.direction);
        let is_part = parts.holds(row, columns.site, columns.direction);
        let direction = direction_of(word).unwrap_or(Direction::Total);
        for (column, direction) in [(total, direction), (inwards, Direction::In), (outwards, Direction::Out)] {
            let Some(column) = column else { continue };
            let count = column.read(row, &mut repaired, notices);
            if is_part && direction == Direction::Total {
                parts.add(site, second, word, count);
            } else if let Some(count) = count {
                gathered.counts_of(bins).push(Observation { site, direction, second, count });
            }
        }
        if let Some(((lon, lon_style), (lat, lat_style))) = position
            && let (Some(lon), Some(lat)) = (lon_style.parse(row.value(lon)), lat_style.parse(row.value(lat)))
            && let Some(position) = LonLat::new(lon, lat)
            && placed.insert(site)
        {
            positions.push(Location {
                file: table.file().to_owned(),
                row: row.number,
                name: name.to_owned(),
                id: String::new(),
                position,
                own_row: None,
            });
        }
        let tally = notices.tally(table.file());
        if repaired { tally.count_repaired() } else { tally.count_used() }
    }
    parts.sum(table, (earlier, bins), gathered, notices);
}

/// What a row counts, as written.
fn series_of<'a>(row: &'a TableRow, columns: &Columns) -> (&'a str, &'a str) {
    (row.value(columns.site), row.value_in(columns.direction))
}
