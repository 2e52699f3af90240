//! Stops without a timetable, and boardings per station, from tables.
//!
//! In: a CSV of stops with positions; a CSV of boardings whose rows name a stop by id or name. Out: stops, with the
//! boardings of a working day where known. Sources layer: knows no timetable and no street.

use std::collections::HashMap;
use std::path::Path;

use super::table::{Expected, NumberStyle, Table, TableError, TableRow, is_missing, normalised, read_table};
use crate::base::kinds::StopMode;
use crate::base::notice::{Notice, Notices};
use crate::base::projection::LonLat;

const ID: &[&str] = &["uri", "stop id", "id", "code", "stop code", "parent stop"];
const NAME: &[&str] = &["name", "stop name", "nom", "naam", "halte", "arret", "arrêt", "haltestelle", "libelle"];
const LON: &[&str] = &["longitude", "lon", "lng", "long", "stop lon", "x", "coord x"];
const LAT: &[&str] = &["latitude", "lat", "stop lat", "y", "coord y"];
const MODE: &[&str] = &["mode", "type", "kind", "transport", "vehicle", "route type"];
/// Working-day figures first: they are what a town plans with.
const BOARDINGS: &[&str] = &[
    "average weekday embarkments",
    "boardings",
    "boardings per day",
    "weekday boardings",
    "embarkments",
    "montees",
    "montées",
    "opstappers",
    "einsteiger",
    "passengers",
];

/// A stop of which no timetable is known.
#[derive(Clone, Debug, PartialEq)]
pub struct StopRecord {
    /// Id in the file, empty where it gives none.
    pub id: String,
    /// Name, may be empty.
    pub name: String,
    /// What stops there.
    pub mode: StopMode,
    /// Where it is.
    pub position: LonLat,
    /// Persons who board per working day, where known; at least 0.
    pub boardings: Option<f64>,
}

/// Why a table of stops or boardings cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum StopsError {
    /// It is no table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A column without which it cannot be used is missing.
    #[error("{file}: no column for the {what}; found {found}; expected one named like {expected}")]
    MissingColumn {
        /// Name of the file.
        file: String,
        /// What the column should hold.
        what: &'static str,
        /// The columns found.
        found: String,
        /// Names that would be recognised.
        expected: String,
    },
}

/// Reads stops from a CSV with columns for longitude and latitude, and where given name, id, mode and boardings.
///
/// Stops without a column for the mode are railway stations where the ids or the file name say so, else bus stops, and
/// a notice tells.
pub fn read_stops(path: &Path) -> Result<(Vec<StopRecord>, Notices), StopsError> {
    let mut notices = Notices::new();
    let table = read_table(path, &mut notices)?;
    let lon = require(&table, LON, "longitude")?;
    let lat = require(&table, LAT, "latitude")?;
    let styles = (coordinate_style(&table, lon, &mut notices), coordinate_style(&table, lat, &mut notices));
    let (id, name) = (table.find_column(ID), table.find_column(NAME));
    let mode = table.find_column(MODE);
    let assumed = assumed_mode(&table, id);
    if mode.is_none() && !table.rows().is_empty() {
        let problem = "has no column for the mode";
        let notice = Notice::note("stop_mode_assumed", table.file(), problem);
        notices.push(notice.action(format!("all stops taken as {assumed:?}").to_lowercase()));
    }
    let boardings = BoardingsColumn::find(&table, &mut notices);
    let mut stops: Vec<StopRecord> = Vec::new();
    let mut seen: HashMap<String, ()> = HashMap::new();
    for row in table.rows() {
        let mut repaired = row.ragged;
        let (x, y) = (styles.0.parse(row.value(lon)), styles.1.parse(row.value(lat)));
        let Some(position) = position(x, y, row, &table, &mut repaired, &mut notices) else {
            let notice = Notice::error("coordinates_missing", table.file(), "is no position on the globe");
            let found = format!("{} {}", row.value(lon), row.value(lat));
            notices.push(notice.at_row(row.number).field("longitude, latitude", found).action("row skipped"));
            notices.tally(table.file()).count_dropped();
            continue;
        };
        let key = row.value_in(id).to_owned();
        if !key.is_empty() && seen.insert(key.clone(), ()).is_some() {
            let notice = Notice::error("id_duplicate", table.file(), "was already given by a row above");
            notices.push(notice.at_row(row.number).field("id", key).action("row skipped"));
            notices.tally(table.file()).count_dropped();
            continue;
        }
        let mode = read_mode(row, mode, assumed, &table, &mut repaired, &mut notices);
        let name = row.value_in(name).to_owned();
        let boardings = boardings.as_ref().and_then(|column| column.read(row, &table, &mut repaired, &mut notices));
        stops.push(StopRecord { id: key, name, mode, position, boardings });
        count_kept(&table, repaired, &mut notices);
    }
    Ok((stops, notices))
}

/// Reads boardings and adds them to the stops they name, by id, else by name.
///
/// A point between thousands is understood: `1.639` in a column of whole numbers is 1639.
pub fn read_boardings(path: &Path, stops: &mut [StopRecord]) -> Result<Notices, StopsError> {
    let mut notices = Notices::new();
    let table = read_table(path, &mut notices)?;
    let (id, name) = (table.find_column(ID), table.find_column(NAME));
    if id.is_none() && name.is_none() {
        return Err(missing(&table, NAME, "id or name of the stop"));
    }
    let Some(column) = BoardingsColumn::find(&table, &mut notices) else {
        return Err(missing(&table, BOARDINGS, "boardings"));
    };
    let mut by_id: HashMap<String, usize> = HashMap::new();
    let mut by_name: HashMap<String, usize> = HashMap::new();
    for (index, stop) in stops.iter().enumerate() {
        if !stop.id.is_empty() {
            by_id.entry(stop.id.clone()).or_insert(index);
        }
        by_name.entry(normalised(&stop.name)).or_insert(index);
    }
    for row in table.rows() {
        let named = (row.value_in(id), normalised(row.value_in(name)));
        let found = by_id.get(named.0).or_else(|| by_name.get(&named.1).filter(|_| !named.1.is_empty()));
        let Some(&index) = found else {
            let notice = Notice::note("stop_unknown", table.file(), "is not among the stops of the study");
            notices.push(notice.at_row(row.number).field("stop", row.value_in(name)).action("row skipped"));
            notices.tally(table.file()).count_dropped();
            continue;
        };
        let mut repaired = row.ragged;
        stops[index].boardings = column.read(row, &table, &mut repaired, &mut notices).or(stops[index].boardings);
        count_kept(&table, repaired, &mut notices);
    }
    Ok(notices)
}

fn count_kept(table: &Table, repaired: bool, notices: &mut Notices) {
    let tally = notices.tally(table.file());
    if repaired {
        tally.count_repaired();
    } else {
        tally.count_used();
    }
}

fn require(table: &Table, names: &[&str], what: &'static str) -> Result<usize, StopsError> {
    table.find_column(names).ok_or_else(|| missing(table, names, what))
}

fn missing(table: &Table, names: &[&str], what: &'static str) -> StopsError {
    let found = table.header().join(", ").chars().take(400).collect();
    StopsError::MissingColumn { file: table.file().to_owned(), what, found, expected: names.join(", ") }
}

fn coordinate_style(table: &Table, column: usize, notices: &mut Notices) -> NumberStyle {
    table.number_style(column, Expected::Coordinate, notices)
}

/// A position; longitude and latitude that can only be the other way round are swapped.
fn position(
    x: Option<f64>,
    y: Option<f64>,
    row: &TableRow,
    table: &Table,
    repaired: &mut bool,
    notices: &mut Notices,
) -> Option<LonLat> {
    let (x, y) = (x?, y?);
    if x == 0.0 && y == 0.0 {
        return None;
    }
    LonLat::new(x, y).or_else(|| {
        let swapped = LonLat::new(y, x)?;
        let notice = Notice::warning("coordinates_swapped", table.file(), "is no latitude but a longitude");
        let notice = notice.at_row(row.number).field("latitude", y.to_string());
        notices.push(notice.action("latitude and longitude swapped"));
        *repaired = true;
        Some(swapped)
    })
}

/// The mode of a table that has no column for it: rail where ids or the name of the file speak of stations.
fn assumed_mode(table: &Table, id: Option<usize>) -> StopMode {
    let speaks_of_rail = |text: &str| {
        let text = text.to_lowercase();
        ["station", "rail", "train", "gare", "nmbs", "sncb"].iter().any(|word| text.contains(word))
    };
    let first_id = table.rows().first().map_or("", |row| row.value_in(id));
    if speaks_of_rail(first_id) || speaks_of_rail(table.file()) { StopMode::Rail } else { StopMode::Bus }
}

fn read_mode(
    row: &TableRow,
    column: Option<usize>,
    assumed: StopMode,
    table: &Table,
    repaired: &mut bool,
    notices: &mut Notices,
) -> StopMode {
    let text = row.value_in(column).to_lowercase();
    match text.as_str() {
        "" => assumed,
        "bus" | "coach" | "3" | "autobus" => StopMode::Bus,
        "tram" | "light_rail" | "0" | "strassenbahn" | "straßenbahn" => StopMode::Tram,
        "rail" | "train" | "station" | "metro" | "subway" | "1" | "2" | "gare" | "trein" | "bahn" | "zug" => {
            StopMode::Rail
        }
        "ferry" | "other" | "4" => StopMode::Other,
        _ => {
            let notice = Notice::warning("stop_mode_unknown", table.file(), "is not a known mode").at_row(row.number);
            notices.push(notice.field("mode", text).action("taken as other"));
            *repaired = true;
            StopMode::Other
        }
    }
}

/// The column of boardings and how it writes numbers.
struct BoardingsColumn {
    column: usize,
    style: NumberStyle,
}

impl BoardingsColumn {
    fn find(table: &Table, notices: &mut Notices) -> Option<Self> {
        let column = table.find_column(BOARDINGS)?;
        Some(Self { column, style: table.number_style(column, Expected::Whole, notices) })
    }

    /// The boardings of a row; `None` where the field is empty or no number, which a notice tells.
    fn read(&self, row: &TableRow, table: &Table, repaired: &mut bool, notices: &mut Notices) -> Option<f64> {
        let text = row.value(self.column);
        if is_missing(text) {
            return None;
        }
        let number = self.style.parse(text).filter(|&number| number >= 0.0);
        if number.is_none() {
            let notice = Notice::error("number_unparsable", table.file(), "is not a number of persons");
            let field = table.header().get(self.column).map_or("boardings", String::as_str);
            notices.push(notice.at_row(row.number).field(field, text).action("taken as unknown"));
            *repaired = true;
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &tempfile::TempDir, name: &str, text: &str) -> std::path::PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a temporary file can be written");
        path
    }

    #[test]
    fn stations_get_their_boardings_with_points_between_thousands() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let stations = "URI,name,longitude,latitude\nurn:NMBS/1,Huy,5.23,50.52\nurn:NMBS/2,Ans,5.50,50.66\n";
        let (mut stops, notices) = read_stops(&write(&folder, "a.csv", stations)).expect("stops");
        assert_eq!(stops.len(), 2);
        assert_eq!(stops[0].mode, StopMode::Rail);
        assert_eq!(notices.count("stop_mode_assumed"), 1);
        let boardings = "URI,name,average_weekday_embarkments,average_saturday_embarkments\n\
                         urn:NMBS/1,Huy,1.639,700\n,ANS,609,\nurn:NMBS/9,Paris,20,\n";
        let notices = read_boardings(&write(&folder, "b.csv", boardings), &mut stops).expect("boardings");
        assert_eq!(stops[0].boardings, Some(1639.0));
        assert_eq!(stops[1].boardings, Some(609.0));
        assert_eq!(notices.count("stop_unknown"), 1);
        assert!(notices.tallies()["b.csv"].balances());
    }

    #[test]
    fn bad_rows_are_told_of() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let text = "id;nom;lat;lon;mode\na;A;50,6;5,5;bus\na;A;50,6;5,5;bus\nb;B;;5,5;bus\nc;C;5,5;120,6;hyperloop\n\
                    d;D;145,5;50,6;tram\n";
        let (stops, notices) = read_stops(&write(&folder, "c.csv", text)).expect("stops");
        assert_eq!(stops.iter().map(|stop| stop.id.as_str()).collect::<Vec<_>>(), ["a", "c", "d"]);
        assert_eq!(stops[0].position, LonLat { lon: 5.5, lat: 50.6 });
        assert_eq!(stops[2].position, LonLat { lon: 145.5, lat: 50.6 });
        for code in ["id_duplicate", "coordinates_missing", "stop_mode_unknown", "coordinates_swapped"] {
            assert_eq!(notices.count(code), 1, "{code}");
        }
        let tally = notices.tallies()["c.csv"];
        assert!(tally.balances());
        assert_eq!((tally.read, tally.dropped), (5, 2));
    }

    #[test]
    fn a_table_without_positions_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let found = read_stops(&write(&folder, "d.csv", "id,name\na,A\n"));
        assert!(matches!(found, Err(StopsError::MissingColumn { what: "longitude", .. })), "{found:?}");
    }
}
