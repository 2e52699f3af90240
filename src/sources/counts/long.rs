//! Long tables: one row per site and time, with the directions in rows or in columns (Melbourne, Telraam and others).

use std::collections::BTreeSet;

use super::clock::{LocalClock, TimeColumns};
use super::sites::Location;
use super::{Direction, Gathered, Observation, TIME, count_of};
use crate::base::notice::{Notice, Notices};
use crate::base::projection::LonLat;
use crate::sources::table::{Table, normalised};

/// The columns of a long table.
pub(super) struct Columns {
    site: usize,
    total: Option<usize>,
    inwards: Option<usize>,
    outwards: Option<usize>,
    direction: Option<usize>,
    position: Option<(usize, usize)>,
}

const SITE: &[&str] = &[
    "site",
    "site id",
    "site name",
    "sensor name",
    "sensor id",
    "counter",
    "counter id",
    "compteur",
    "segment id",
    "station",
    "location",
    "zählstelle",
    "zaehlstelle",
    "nom",
    "name",
    "id",
];
const COUNT: &[&str] = &[
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

/// The columns, if this is a long table: a time, a site and a count.
pub(super) fn find_columns(table: &Table) -> Option<Columns> {
    let time = table.find_column(TIME)?;
    let site = table.find_column(SITE).filter(|&site| site != time)?;
    let total = table.find_column(COUNT);
    let inwards = table.find_column(&["in", "direction 1", "pedestrian lft", "entrées", "entries", "entrants"]);
    let outwards = table.find_column(&["out", "direction 2", "pedestrian rgt", "sorties", "exits", "sortants"]);
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
    let mut seen = BTreeSet::new();
    let mut placed = BTreeSet::new();
    for row in table.rows() {
        let name = row.value(columns.site);
        let direction = row.value_in(columns.direction);
        let series = format!("{name}\n{direction}");
        let second = if name.is_empty() {
            Err(Notice::error("site_missing", table.file(), "names no site").at_row(row.number))
        } else {
            time.second(table, row, clock, &mut seen, &series, notices)
        };
        let second = match second {
            Ok(second) => second,
            Err(notice) => {
                notices.push(notice.action("row skipped"));
                notices.tally(table.file()).count_dropped();
                continue;
            }
        };
        let site = gathered.site(name);
        let mut repaired = row.ragged;
        let directed = [
            (columns.total, direction_of(direction)),
            (columns.inwards, Direction::In),
            (columns.outwards, Direction::Out),
        ];
        for (column, direction) in directed.into_iter().filter_map(|(column, d)| Some((column?, d))) {
            let text = row.value(column);
            match count_of(text) {
                Ok(Some(count)) => gathered.observations.push(Observation { site, direction, second, count }),
                Ok(None) => {}
                Err(()) => {
                    repaired = true;
                    notices.push(
                        Notice::warning("count_invalid", table.file(), "is not a number of persons")
                            .at_row(row.number)
                            .field(&table.header()[column], text)
                            .action("taken as missing"),
                    );
                }
            }
        }
        if let Some((lon, lat)) = columns.position
            && let (Ok(lon), Ok(lat)) = (row.value(lon).parse::<f64>(), row.value(lat).parse::<f64>())
            && let Some(position) = LonLat::new(lon, lat)
            && placed.insert(site)
        {
            positions.push(Location {
                file: table.file().to_owned(),
                row: row.number,
                name: name.to_owned(),
                id: String::new(),
                position,
            });
        }
        let tally = notices.tally(table.file());
        if repaired { tally.count_repaired() } else { tally.count_used() }
    }
}

fn direction_of(word: &str) -> Direction {
    match normalised(word).as_str() {
        "in" | "1" | "entrée" | "entrant" | "inbound" | "ein" | "lft" | "left" => Direction::In,
        "out" | "2" | "sortie" | "sortant" | "outbound" | "aus" | "rgt" | "right" => Direction::Out,
        _ => Direction::Total,
    }
}
