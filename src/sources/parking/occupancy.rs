//! How full lots are: a column, a column per hour, or a table of its own.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;

use super::{DayKind, HourlyOccupancy, LotRecord, ParkingError, fields};
use crate::base::notice::{Notice, Notices};
use crate::sources::features::Feature;
use crate::sources::table::{
    DateOrder, Expected, NumberStyle, Stamp, Table, TableRow, is_missing, normalised, read_table,
};

/// A lot may be slightly more than full (cars outside bays); above this share a value is an error.
const FULLEST_SHARE: f64 = 1.2;

/// Whether occupancies are shares of one or percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OccupancyScale {
    /// 0 to 1.
    Share,
    /// 0 to 100.
    Percent,
}

impl OccupancyScale {
    /// Percent as soon as one value lies above the fullest share.
    pub(super) fn of_features(features: &[Feature]) -> Self {
        let texts = features.iter().flat_map(|feature| &feature.properties);
        let values = texts.filter(|(key, _)| occupancy_key(key).is_some()).filter_map(|(_, text)| share_number(text));
        Self::of(values)
    }

    fn of(mut values: impl Iterator<Item = f64>) -> Self {
        if values.any(|value| value > FULLEST_SHARE) { Self::Percent } else { Self::Share }
    }

    fn share(self, value: f64) -> f64 {
        if self == Self::Percent { value / 100.0 } else { value }
    }
}

/// Day and hour of an occupancy column: `occupancy`, `occ_08`, `occ_sat_08`.
fn occupancy_key(key: &str) -> Option<(DayKind, Option<u8>)> {
    let plain = normalised(key);
    if fields::OCCUPANCY.contains(&plain.as_str()) {
        return Some((DayKind::Any, None));
    }
    let mut words = plain.split(' ');
    if !["occ", "occupancy", "occupation", "belegung"].contains(&words.next()?) {
        return None;
    }
    let mut word = words.next()?;
    let day = match word {
        "wd" | "weekday" | "mofr" => DayKind::Weekday,
        "sat" | "sa" => DayKind::Saturday,
        "sun" | "so" => DayKind::Sunday,
        _ => DayKind::Any,
    };
    if day != DayKind::Any {
        word = words.next()?;
    }
    let hour: u8 = word.trim_end_matches('h').parse().ok()?;
    (hour < 24 && words.next().is_none()).then_some((day, Some(hour)))
}

fn share_number(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches('%').trim();
    NumberStyle::detect(std::iter::once(text), Expected::Coordinate, b';').0.parse(text)
}

/// The occupancies among the properties of a feature, sorted by day and hour.
pub(super) fn hourly_occupancy(
    file: &str,
    feature: &Feature,
    scale: OccupancyScale,
    tell: &mut dyn FnMut(Notice),
) -> Vec<HourlyOccupancy> {
    let mut hours = Vec::new();
    for (key, text) in &feature.properties {
        let Some((day, hour)) = occupancy_key(key).filter(|_| !is_missing(text)) else { continue };
        match valid_share(share_number(text).map(|value| scale.share(value))) {
            Ok(share) => hours.push(HourlyOccupancy { day, hour, share }),
            Err(problem) => tell(occupancy_notice(file, problem).field(key, text)),
        }
    }
    hours.sort_by_key(|occupancy| (occupancy.day, occupancy.hour));
    hours
}

/// A share 0 to 1, slightly overfull lots as full; else what is wrong with it.
fn valid_share(share: Option<f64>) -> Result<f64, &'static str> {
    match share {
        Some(share) if (0.0..=FULLEST_SHARE).contains(&share) => Ok(share.min(1.0)),
        Some(_) => Err("is not between empty and full"),
        None => Err("is not a number"),
    }
}

fn occupancy_notice(file: &str, problem: &str) -> Notice {
    Notice::warning("occupancy_invalid", file, problem).action("left out")
}

/// The columns of an occupancy table.
struct Columns {
    lot: usize,
    hour: Option<usize>,
    stamp: Option<usize>,
    order: DateOrder,
    zone: TimeZone,
    occupied: usize,
    is_count: bool,
    style: NumberStyle,
    scale: OccupancyScale,
}

/// Reads an occupancy table (lot id or name, hour or timestamp, occupied bays or share) and adds the mean by day kind
/// and hour to the lots it names. Occupancy the lots already have for such an hour is replaced. `zone` is the IANA zone
/// of the study, to which times with an offset from UTC are brought.
pub fn add_occupancy(path: &Path, lots: &mut [LotRecord], zone: &str) -> Result<Notices, ParkingError> {
    let zone = TimeZone::get(zone).map_err(|_| ParkingError::UnknownZone { zone: zone.to_owned() })?;
    let mut notices = Notices::new();
    let table = read_table(path, &mut notices)?;
    let columns = find_columns(&table, zone, &mut notices)?;
    let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
    for (index, lot) in lots.iter().enumerate().filter(|(_, lot)| !lot.name.trim().is_empty()) {
        by_name.entry(normalised(&lot.name)).or_insert(index);
    }
    let with_id = lots.iter().enumerate().filter(|(_, lot)| !lot.id.trim().is_empty());
    by_name.extend(with_id.map(|(index, lot)| (normalised(&lot.id), index)));
    let mut shares: BTreeMap<(usize, DayKind, Option<u8>), Vec<f64>> = BTreeMap::new();
    for row in table.rows() {
        match read_row(&table, row, &columns, &by_name, lots) {
            Ok((key, share)) => {
                shares.entry(key).or_default().push(share);
                let tally = notices.tally(table.file());
                if row.ragged { tally.count_repaired() } else { tally.count_used() }
            }
            Err(notice) => {
                notices.push(notice.at_row(row.number).action("row skipped"));
                notices.tally(table.file()).count_dropped();
            }
        }
    }
    for ((lot, day, hour), mut values) in shares {
        values.sort_by(f64::total_cmp); // so that the sum does not depend on the order of the rows
        let share = values.iter().sum::<f64>() / values.len() as f64;
        let occupancy = &mut lots[lot].occupancy;
        occupancy.retain(|old| (old.day, old.hour) != (day, hour));
        occupancy.push(HourlyOccupancy { day, hour, share });
        occupancy.sort_by_key(|occupancy| (occupancy.day, occupancy.hour));
    }
    Ok(notices)
}

fn find_columns(table: &Table, zone: TimeZone, notices: &mut Notices) -> Result<Columns, ParkingError> {
    let missing = |missing| {
        let (file, found) = (table.file().to_owned(), table.header().to_vec());
        ParkingError::NoColumn { file, missing, found }
    };
    let lot = table
        .find_column(&["lot id", "lot", "id", "parking id", "parking", "name", "nom", "parkplatz"])
        .ok_or_else(|| missing("column with the lot"))?;
    let hour = table.find_column(&["hour", "heure", "stunde"]);
    let stamp =
        table.find_column(&["timestamp", "time", "datetime", "date time", "date", "zeit", "datum", "horodatage"]);
    if hour.is_none() && stamp.is_none() {
        return Err(missing("column with the hour or the time"));
    }
    let dates = ["date", "datum", "jour", "tag"];
    let date = || dates.iter().filter_map(|name| table.find_column(&[name])).find(|&date| table.has_dates(date));
    // A column `time` may hold the time of day alone.
    let (stamp, hour) = match stamp {
        Some(time) if !table.has_dates(time) => match date() {
            Some(date) => (Some(date), hour.or(Some(time))),
            None if hour.is_none() => (None, Some(time)),
            None => (Some(time), hour),
        },
        other => (other, hour),
    };
    let counts = ["occupied", "occupés", "occupes", "belegt", "parked", "vehicles"];
    let count = table.find_column(&counts);
    let occupied = table.find_column(fields::OCCUPANCY).or(table.find_column(&["share", "rate", "taux"])).or(count);
    let occupied = occupied.ok_or_else(|| missing("column with the occupancy"))?;
    let style = table.number_style(occupied, Expected::Coordinate, notices);
    let numbers = || table.rows().iter().filter_map(|row| style.parse(row.value(occupied).trim_end_matches('%')));
    let is_count = count == Some(occupied) && numbers().any(|number| number > 1.0);
    let order = stamp.map_or(DateOrder::DayFirst, |stamp| table.date_order(stamp, notices));
    let scale = OccupancyScale::of(numbers());
    Ok(Columns { lot, hour, stamp, order, zone, occupied, is_count, style, scale })
}

impl Columns {
    /// A time on the clocks of the study, and whether the text tells the time of day.
    fn local(&self, text: &str) -> Option<(DateTime, bool)> {
        let stamp = Stamp::parse(text, self.order)?;
        let civil = match stamp.offset {
            Some(offset) => self.zone.to_datetime(offset.to_timestamp(stamp.civil).ok()?),
            None => stamp.civil,
        };
        Some((civil, stamp.has_time))
    }
}

type LotHour = (usize, DayKind, Option<u8>);

fn read_row(
    table: &Table,
    row: &TableRow,
    columns: &Columns,
    by_name: &BTreeMap<String, usize>,
    lots: &[LotRecord],
) -> Result<(LotHour, f64), Notice> {
    let file = table.file();
    let named = row.value(columns.lot);
    if normalised(named).is_empty() {
        return Err(Notice::warning("lot_missing", file, "names no lot"));
    }
    let unknown = || Notice::warning("lot_unknown", file, "is the id or name of no lot").field("lot", named);
    let lot = *by_name.get(&normalised(named)).ok_or_else(unknown)?;
    let stamp = columns.stamp.map(|stamp| (stamp, row.value(stamp))).filter(|(_, text)| !is_missing(text));
    let no_time = |column: usize, text| {
        Notice::warning("time_unparsable", file, "is not a date").field(&table.header()[column], text)
    };
    let stamp = match stamp {
        Some((column, text)) => Some(columns.local(text).ok_or_else(|| no_time(column, text))?),
        None => None,
    };
    let day = stamp.map_or(DayKind::Any, |(civil, _)| match civil.weekday() {
        Weekday::Saturday => DayKind::Saturday,
        Weekday::Sunday => DayKind::Sunday,
        _ => DayKind::Weekday,
    });
    let hour = match columns.hour {
        Some(hour) => row.value(hour).trim_end_matches(['h', 'H']).split(':').next().and_then(|h| h.parse::<u8>().ok()),
        None => stamp.filter(|(_, has_time)| *has_time).and_then(|(civil, _)| u8::try_from(civil.hour()).ok()),
    };
    let time = row.value_in(columns.hour.or(columns.stamp));
    let no_hour = || Notice::warning("hour_invalid", file, "is not an hour of the day").field("hour", time);
    let hour = hour.filter(|&hour| hour < 24).ok_or_else(no_hour)?;
    let text = row.value(columns.occupied);
    let value = columns.style.parse(text.trim_end_matches('%'));
    let share = match (columns.is_count, lots[lot].capacity) {
        (false, _) => value.map(|value| columns.scale.share(value)),
        (true, Some(bays)) if bays > 0 => value.map(|value| value / f64::from(bays)),
        (true, _) => {
            let notice = Notice::warning("occupancy_without_capacity", file, "is a count for a lot of unknown size");
            return Err(notice.field("occupied", text));
        }
    };
    let share = valid_share(share).map_err(|problem| occupancy_notice(file, problem).field("occupancy", text))?;
    Ok(((lot, day, Some(hour)), share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_occupancy_are_told_by_their_name() {
        assert_eq!(occupancy_key("occupancy"), Some((DayKind::Any, None)));
        assert_eq!(occupancy_key("occ_08"), Some((DayKind::Any, Some(8))));
        assert_eq!(occupancy_key("occ_sat_19"), Some((DayKind::Saturday, Some(19))));
        for other in ["occ", "occ_24", "occ_08_x", "occupants", "capacity"] {
            assert_eq!(occupancy_key(other), None, "{other}");
        }
    }
}
