//! Where an occupancy table has its numbers: in one column, in a column per hour, or in a column per lot.
//!
//! In: the names of columns and of lots. Out: a [`Layout`], and what the names say of the numbers.

use std::collections::BTreeMap;

use super::occupancy::occupancy_key;
use super::{DayKind, ParkingError, fields};
use crate::sources::table::{Table, is_missing, normalised};

const LOT: &[&str] = &["lot id", "lot", "id", "parking id", "parking", "name", "nom", "parkplatz"];
pub(super) const HOUR: &[&str] = &["hour", "heure", "stunde"];
pub(super) const STAMP: &[&str] =
    &["timestamp", "time", "datetime", "date time", "date", "zeit", "datum", "horodatage"];

/// What the name of a column says of its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Share,
    Occupied,
    Free,
    Nothing,
}

/// Where a table has its numbers.
pub(super) enum Layout {
    /// One column, the lot in another.
    Long { lot: usize, value: usize },
    /// A column per hour, the lot in another.
    ByHour { lot: usize, hours: Vec<(usize, DayKind, u8)> },
    /// A column per lot, the index of which is beside it.
    ByLot { lots: Vec<(usize, usize)> },
}

/// Where the numbers are, and what the name of their column says of them.
pub(super) fn find_layout(table: &Table, by_name: &BTreeMap<String, usize>) -> Result<(Layout, Named), ParkingError> {
    let missing = |missing| {
        let (file, found) = (table.file().to_owned(), table.header().to_vec());
        ParkingError::NoColumn { file, missing, found }
    };
    let timed = table.find_column(HOUR).is_some() || table.find_column(STAMP).is_some();
    let lot = table.find_column(LOT);
    let value = value_column(table).filter(|(value, _)| Some(*value) != lot);
    if let (Some(lot), Some((value, named)), true) = (lot, value, timed) {
        return Ok((Layout::Long { lot, value }, named));
    }
    let hours: Vec<(usize, DayKind, u8)> = table
        .header()
        .iter()
        .enumerate()
        .filter_map(|(column, name)| hour_of_column(name).map(|(day, hour)| (column, day, hour)))
        .collect();
    if let (Some(lot), true) = (lot, hours.len() >= 2) {
        return Ok((Layout::ByHour { lot, hours }, Named::Nothing));
    }
    let lot_of = |name: &str| by_name.get(&normalised(name)).or_else(|| by_name.get(&without_measure(name))).copied();
    let columns = table.header().iter().enumerate();
    let lots: Vec<(usize, usize)> = columns.filter_map(|(column, name)| Some((column, lot_of(name)?))).collect();
    match (lot, timed) {
        (_, true) if value.is_none() && !lots.is_empty() => Ok((Layout::ByLot { lots }, Named::Nothing)),
        (None, _) => Err(missing("column with the lot")),
        (_, false) => Err(missing("column with the hour or the time")),
        _ => Err(missing("column with the occupancy")),
    }
}

/// The column with the numbers of a long table: shares before taken bays, these before free ones, if it holds a number.
fn value_column(table: &Table) -> Option<(usize, Named)> {
    let kinds = [
        (fields::OCCUPANCY, Named::Share),
        (fields::SHARE, Named::Share),
        (fields::OCCUPIED, Named::Occupied),
        (fields::FREE, Named::Free),
    ];
    let found: Vec<(usize, Named)> =
        kinds.into_iter().filter_map(|(names, kind)| Some((table.find_column(names)?, kind))).collect();
    let told = |column: usize| table.rows().iter().filter(|row| !is_missing(row.value(column))).count();
    // The one that most rows have; of equals the first.
    found.iter().copied().max_by_key(|(column, kind)| (told(*column), std::cmp::Reverse(*kind as u8)))
}

/// Day and hour of a column such as `occ_08`, `08:00`, `8h`, `08-09`.
fn hour_of_column(name: &str) -> Option<(DayKind, u8)> {
    if let Some((day, Some(hour))) = occupancy_key(name) {
        return Some((day, hour));
    }
    let first = name.trim().split(['-', '–']).next()?.trim().to_lowercase();
    let clock = first.strip_suffix('h').or_else(|| first.split_once([':', 'h']).map(|(hour, _)| hour));
    let hour = clock.or_else(|| (first.len() == 2).then_some(first.as_str()))?;
    let digits = !hour.is_empty() && hour.bytes().all(|byte| byte.is_ascii_digit());
    hour.parse::<u8>().ok().filter(|hour| digits && *hour < 24).map(|hour| (DayKind::Any, hour))
}

/// What the last word of a column's name says of its numbers.
pub(super) fn named_by(name: &str) -> Named {
    let plain = normalised(name);
    let ends = |names: &[&str]| names.iter().any(|word| plain == *word || plain.ends_with(&format!(" {word}")));
    match () {
        () if ends(fields::FREE) => Named::Free,
        () if ends(fields::OCCUPIED) => Named::Occupied,
        () if ends(fields::OCCUPANCY) || ends(fields::SHARE) => Named::Share,
        () => Named::Nothing,
    }
}

/// A column's name without the words that say what its numbers are.
fn without_measure(name: &str) -> String {
    let plain = normalised(name);
    let words = [fields::FREE, fields::OCCUPIED, fields::OCCUPANCY, fields::SHARE].concat();
    let lot = words.iter().filter_map(|word| plain.strip_suffix(word)?.strip_suffix(' ')).min_by_key(|rest| rest.len());
    lot.map_or_else(|| plain.clone(), |lot| lot.trim_end_matches([' ', ':', '(']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_told_by_the_names_of_columns() {
        for (name, hour) in [("08:00", 8), ("8h", 8), ("08-09", 8), ("8h00", 8), ("23", 23), ("occ_07", 7)] {
            assert_eq!(hour_of_column(name), Some((DayKind::Any, hour)), "{name}");
        }
        for name in ["24:00", "8", "name", "2024", "h", "-"] {
            assert_eq!(hour_of_column(name), None, "{name}");
        }
    }
}
