//! Where the counters are: a table of names and positions, matched to the counts by name.

use super::{Gathered, site_key};
use crate::base::notice::{Notice, Notices};
use crate::base::projection::LonLat;
use crate::sources::features::{Placed, Placement};
use crate::sources::table::{Expected, Table};

/// A named position and where it was read.
#[derive(Clone, Debug)]
pub(super) struct Location {
    pub(super) file: String,
    pub(super) row: u64,
    /// Its name as people know it.
    pub(super) name: String,
    /// The id by which the counts may know it, empty where there is none.
    pub(super) id: String,
    pub(super) position: LonLat,
    /// What its row is if it is used; `None` where the row is tallied for its counts.
    pub(super) own_row: Option<RowState>,
}

/// What became of a row of a table of sites while it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowState {
    AsWritten,
    Repaired,
}

const NAME: &[&str] = &[
    "counter locations",
    "counter",
    "site",
    "site name",
    "name",
    "sensor name",
    "location name",
    "camera",
    "camera name",
    "location",
    "station",
    "compteur",
    "nom",
    "zählstelle",
    "sensor description",
    "site id",
    "id",
];
/// Names of the column with the id by which the counts may know a site.
const ID: &[&str] =
    &["site id", "id", "sensor id", "location id", "segment id", "camera id", "counter id", "code", "identifiant"];

/// Gathers the positions of a site table; `false` if it is none.
pub(super) fn gather(table: &Table, positions: &mut Vec<Location>, notices: &mut Notices) -> bool {
    let lon = table.find_column(&["lon", "lng", "long", "longitude", "x"]);
    let lat = table.find_column(&["lat", "latitude", "y"]);
    let (Some(name), Some(lon), Some(lat)) = (table.find_column(NAME), lon, lat) else { return false };
    let id = table.find_column(ID);
    let style_lon = table.number_style(lon, Expected::Coordinate, notices);
    let style_lat = table.number_style(lat, Expected::Coordinate, notices);
    let placement = Placement::degrees(None);
    for row in table.rows() {
        let pair = style_lon.parse(row.value(lon)).zip(style_lat.parse(row.value(lat)));
        let text = format!("{}, {}", row.value(lon), row.value(lat));
        let mut own_row = if row.ragged { RowState::Repaired } else { RowState::AsWritten };
        let position = match pair.map_or(Placed::NotFinite, |(x, y)| placement.place(x, y)) {
            Placed::AsWritten(position) => position,
            Placed::Swapped(position) => {
                own_row = RowState::Repaired;
                let problem = "has longitude and latitude in the wrong order";
                let notice = Notice::warning("coordinates_swapped", table.file(), problem).at_row(row.number);
                notices.push(notice.field("lon, lat", text).action("swapped back"));
                position
            }
            Placed::NotFinite | Placed::Outside => {
                let problem = "is not a position on the globe";
                let notice = Notice::error("position_missing", table.file(), problem).at_row(row.number);
                notices.push(notice.field("lon, lat", text).action("row skipped"));
                notices.tally(table.file()).count_dropped();
                continue;
            }
        };
        let (name, id) = (row.value(name).to_owned(), row.value_in(id).to_owned());
        let (file, own_row) = (table.file().to_owned(), Some(own_row));
        positions.push(Location { file, row: row.number, name, id, position, own_row });
    }
    true
}

/// Gives the sites their positions; what does not match, either way, is told. Tallies the rows of the tables of sites.
pub(super) fn join(gathered: &mut Gathered, positions: &[Location], notices: &mut Notices) {
    for location in positions {
        let named = |code, problem: &str| {
            Notice::warning(code, &location.file, problem).at_row(location.row).field("name", &location.name)
        };
        let by_name = gathered.by_key.get(&site_key(&location.name));
        let known_by_id = by_name.is_none() && !location.id.is_empty();
        let matched = by_name.or_else(|| gathered.by_key.get(&site_key(&location.id)).filter(|_| known_by_id));
        let is_used = match matched {
            None => {
                notices.push(named("location_without_counts", "is the name of no counter").action("left out"));
                false
            }
            Some(&index) => {
                let site = &mut gathered.sites[index as usize];
                if site.position.is_some_and(|position| position != location.position) {
                    let problem = "has a second, different position";
                    notices.push(named("location_duplicate", problem).action("the first is kept"));
                    false
                } else {
                    site.position = Some(location.position);
                    if known_by_id {
                        site.name.clone_from(&location.name);
                    }
                    true
                }
            }
        };
        let tally = notices.tally(&location.file);
        match location.own_row {
            None => {}
            Some(_) if !is_used => tally.count_dropped(),
            Some(RowState::AsWritten) => tally.count_used(),
            Some(RowState::Repaired) => tally.count_repaired(),
        }
    }
    for site in gathered.sites.iter().filter(|site| site.position.is_none()) {
        notices.push(
            Notice::warning("site_without_position", "counts", "is in no table of sites")
                .at_element(format!("site {}", site.id))
                .field("name", &site.name)
                .action("kept; cannot be placed on a street"),
        );
    }
}
