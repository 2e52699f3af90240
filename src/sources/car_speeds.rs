//! Measured speeds of cars: a table with a speed per OSM way.
//!
//! In: CSV with the id of a way and its speed; a third column may say the unit, or that the number is a share of the
//! usual speed (the layout that R5 reads). Out: [`CarSpeeds`]. Knows no street.

use std::collections::BTreeMap;
use std::path::Path;

use crate::base::notice::{Notice, Notices};
use crate::sources::table::{Expected, Table, TableError, TableRow, read_table};

const WAY: &[&str] = &["osm id", "osmid", "osm way id", "way id", "way", "id osm", "id"];
const SPEED: &[&str] = &["max speed", "maxspeed", "speed", "speed kmh", "speed km h", "kmh", "km h", "vitesse", "v85"];
const UNIT: &[&str] = &["speed type", "type", "unit", "unité", "unite"];

/// Fastest speed that is believed, km/h.
const FASTEST_KM_PER_H: f64 = 250.0;
/// Largest share of the usual speed that is believed.
const LARGEST_SHARE: f64 = 3.0;
const KM_PER_MILE: f64 = 1.609_344;

/// How fast cars are on a way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CarSpeed {
    /// So many km/h, above 0.
    KmPerHour(f64),
    /// A share of the speed that is usual on such a street, above 0: 0.5 is half as fast.
    ShareOfUsual(f64),
}

/// Speeds by OSM way.
pub type CarSpeeds = BTreeMap<i64, CarSpeed>;

/// Why a table of speeds cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum CarSpeedsError {
    /// The file as a table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A column is not there.
    #[error("{file}: has no column {what}; found: {}", found.join(", "))]
    NoColumn {
        /// Name of the file.
        file: String,
        /// What the column would hold.
        what: &'static str,
        /// The columns it has.
        found: Vec<String>,
    },
}

/// Reads a table of speeds. Rows that cannot be used are told and left out; of rows for the same way the first counts.
pub fn read_car_speeds(path: &Path) -> Result<(CarSpeeds, Notices), CarSpeedsError> {
    let mut notices = Notices::new();
    let table = read_table(path, &mut notices)?;
    let missing =
        |what| CarSpeedsError::NoColumn { file: table.file().to_owned(), what, found: table.header().to_vec() };
    let way = table.find_column(WAY).ok_or_else(|| missing("of OSM ways such as osm_id"))?;
    let speed = table.find_column(SPEED).ok_or_else(|| missing("of speeds such as max_speed"))?;
    let unit = table.find_column(UNIT);
    let style = table.number_style(speed, Expected::Any, &mut notices);
    let mut speeds = CarSpeeds::new();
    for row in table.rows() {
        let read = read_way(&table, row, way).and_then(|way| {
            let number = style.parse(row.value(speed));
            Ok((way, read_speed(&table, row, (speed, number), unit)?))
        });
        let read = read.and_then(|(number, found)| match speeds.get(&number) {
            Some(_) => {
                Err(Notice::warning("car_speed_twice", table.file(), "has a speed for this way in an earlier row")
                    .field(&table.header()[way], row.value(way)))
            }
            None => Ok((number, found)),
        });
        match read {
            Ok((number, found)) => {
                notices.tally(table.file()).count_used();
                speeds.insert(number, found);
            }
            Err(notice) => {
                notices.tally(table.file()).count_dropped();
                notices.push(notice.at_row(row.number).action("row left out"));
            }
        }
    }
    Ok((speeds, notices))
}

fn read_way(table: &Table, row: &TableRow, column: usize) -> Result<i64, Notice> {
    let text = row.value(column);
    text.parse().map_err(|_| {
        Notice::warning("car_speed_way_unreadable", table.file(), "is no number of an OSM way")
            .field(&table.header()[column], text)
    })
}

fn read_speed(
    table: &Table,
    row: &TableRow,
    (column, number): (usize, Option<f64>),
    unit: Option<usize>,
) -> Result<CarSpeed, Notice> {
    let impossible = || {
        let problem = format!(
            "is no speed: expected above 0, at most {FASTEST_KM_PER_H} km/h or {LARGEST_SHARE} times the usual"
        );
        Notice::warning("car_speed_impossible", table.file(), problem).field(&table.header()[column], row.value(column))
    };
    let number = number.filter(|number| *number > 0.0).ok_or_else(impossible)?;
    let km_per_h =
        |value: f64| (value <= FASTEST_KM_PER_H).then_some(CarSpeed::KmPerHour(value)).ok_or_else(impossible);
    match row.value_in(unit).to_lowercase().as_str() {
        "" | "km/h" | "kmh" | "kph" | "max" | "maxspeed" => km_per_h(number),
        "mph" => km_per_h(number * KM_PER_MILE),
        "m/s" | "ms" => km_per_h(number * 3.6),
        "scale" | "share" | "factor" => {
            (number <= LARGEST_SHARE).then_some(CarSpeed::ShareOfUsual(number)).ok_or_else(impossible)
        }
        other => {
            Err(Notice::warning("car_speed_unit_unknown", table.file(), "is no unit of speed: km/h, mph, m/s, scale")
                .field(unit.map_or("", |unit| &table.header()[unit]), other))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::notice::Location;

    fn read(text: &str) -> Result<(CarSpeeds, Notices), CarSpeedsError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("speeds.csv");
        std::fs::write(&path, text).expect("written");
        read_car_speeds(&path)
    }

    #[test]
    fn speeds_have_a_unit_or_are_shares() {
        let text = "osm_id,max_speed,speed_type\n7,0.5,scale\n8,36,km/h\n9,10,m/s\n10,20,mph\n11,42,\n";
        let (speeds, notices) = read(text).expect("a table");
        let expected = [
            (7, CarSpeed::ShareOfUsual(0.5)),
            (8, CarSpeed::KmPerHour(36.0)),
            (9, CarSpeed::KmPerHour(36.0)),
            (10, CarSpeed::KmPerHour(20.0 * 1.609_344)),
            (11, CarSpeed::KmPerHour(42.0)),
        ];
        assert_eq!(speeds.into_iter().collect::<Vec<_>>(), expected);
        assert!(notices.kept().is_empty());
        let (speeds, _) = read("way;vitesse\n7;31,5\n").expect("a table");
        assert_eq!(speeds.get(&7), Some(&CarSpeed::KmPerHour(31.5)));
    }

    #[test]
    fn rows_that_cannot_be_used_are_told_with_row_and_field() {
        let text = "osm_id,max_speed,speed_type\nway,30,\n1,0,\n2,-3,\n3,300,km/h\n4,7,scale\n5,fast,\n6,30,knots\n7,30,\n7,40,\n";
        let (speeds, notices) = read(text).expect("a table");
        assert_eq!(speeds.into_iter().collect::<Vec<_>>(), [(7, CarSpeed::KmPerHour(30.0))]);
        let told: Vec<(&str, Location)> =
            notices.kept().iter().map(|notice| (notice.code, notice.location.clone())).collect();
        let impossible = |row| ("car_speed_impossible", Location::Row(row));
        let expected = [
            ("car_speed_way_unreadable", Location::Row(2)),
            impossible(3),
            impossible(4),
            impossible(5),
            impossible(6),
            impossible(7),
            ("car_speed_unit_unknown", Location::Row(8)),
            ("car_speed_twice", Location::Row(10)),
        ];
        assert_eq!(told, expected);
        assert!(notices.tallies().values().all(|tally| tally.balances()));
    }

    #[test]
    fn a_table_without_ways_or_speeds_is_none() {
        for text in ["street,max_speed\nA,30\n", "osm_id,colour\n1,red\n"] {
            assert!(matches!(read(text), Err(CarSpeedsError::NoColumn { .. })), "{text}");
        }
        assert!(matches!(read(""), Err(CarSpeedsError::Table(_))));
    }
}
