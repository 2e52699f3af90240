//! Occupancy in a table of its own: a row per lot and time, a column per hour, or a column per lot.
//!
//! In: shares, percentages, taken or free bays. Out: the mean share of taken bays by lot, kind of day and hour, added to
//! the lots. A number that could be a percentage or a count is read as a percentage, and that is told.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;

use super::layout::{HOUR, Layout, Named, STAMP, find_layout, named_by};
use super::moments::read_states;
use super::occupancy::{FULLEST_SHARE, OccupancyScale, occupancy_notice, valid_share};
use super::{DayKind, HourlyOccupancy, LotRecord, ParkingError, fields};
use crate::base::notice::{Notice, Notices};
use crate::sources::table::{
    DateOrder, Expected, NumberStyle, Stamp, Table, TableRow, is_missing, normalised, read_table,
};

const DATE: &[&str] = &["date", "datum", "jour", "tag"];
const STATUS: &[&str] = &["status", "opening status", "statut", "état"];
/// Words of a lot that nobody may use then: it is not full.
const CLOSED: &[&str] = &["closed", "fermé", "ferme", "geschlossen", "gesloten", "unavailable", "out of order"];

/// What the numbers of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    /// The share of bays taken.
    Share(OccupancyScale),
    /// The share of bays free.
    FreeShare(OccupancyScale),
    /// Bays taken.
    Occupied,
    /// Bays free.
    Free,
}

/// When a row holds.
struct Clock {
    hour: Option<usize>,
    stamp: Option<usize>,
    order: DateOrder,
    zone: TimeZone,
}

/// What the rows of a table share while they are read.
struct Series<'a> {
    table: &'a Table,
    lots: &'a [LotRecord],
    by_name: BTreeMap<String, usize>,
    clock: Clock,
    measures: BTreeMap<usize, (Measure, NumberStyle)>,
    capacity: Option<usize>,
    status: Option<usize>,
}

type LotHour = (usize, DayKind, Option<u8>);

/// Reads an occupancy table (lot id or name, hour or timestamp, taken or free bays or a share; or a column per hour or lot)
/// or the states of lots in JSON or XML, and adds the mean by day kind and hour to the lots it names. Occupancy the lots
/// already have for such an hour is replaced. `zone` is the IANA zone of the study, to which times with an offset from UTC
/// are brought.
pub fn add_occupancy(path: &Path, lots: &mut [LotRecord], zone: &str) -> Result<Notices, ParkingError> {
    let zone = TimeZone::get(zone).map_err(|_| ParkingError::UnknownZone { zone: zone.to_owned() })?;
    let mut notices = Notices::new();
    let table = match read_states(path, &mut notices)? {
        Some(states) => states,
        None => read_table(path, &mut notices)?,
    };
    let shares = shares_of(&table, lots, zone, &mut notices)?;
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

/// The shares that a table tells, by lot, kind of day and hour.
fn shares_of(
    table: &Table,
    lots: &[LotRecord],
    zone: TimeZone,
    notices: &mut Notices,
) -> Result<BTreeMap<LotHour, Vec<f64>>, ParkingError> {
    let by_name = names_of(lots);
    let (layout, named) = find_layout(table, &by_name)?;
    let columns: Vec<usize> = match &layout {
        Layout::Long { value, .. } => vec![*value],
        Layout::ByHour { hours, .. } => hours.iter().map(|(column, ..)| *column).collect(),
        Layout::ByLot { lots } => lots.iter().map(|(column, _)| *column).collect(),
    };
    let mut series = Series {
        table,
        lots,
        by_name,
        clock: find_clock(table, zone, notices),
        measures: BTreeMap::new(),
        capacity: table.find_column(fields::CAPACITY).filter(|column| !columns.contains(column)),
        status: table.find_column(STATUS),
    };
    // The hours of a lot are written alike; lots beside each other need not be.
    let groups: Vec<Vec<usize>> = match layout {
        Layout::ByLot { .. } => columns.into_iter().map(|column| vec![column]).collect(),
        _ => vec![columns],
    };
    for group in groups {
        let named = if named == Named::Nothing { named_by(&table.header()[group[0]]) } else { named };
        let found = measure_of(table, &group, named, notices);
        series.measures.extend(group.into_iter().map(|column| (column, found)));
    }
    let mut shares: BTreeMap<LotHour, Vec<f64>> = BTreeMap::new();
    for row in table.rows() {
        let (mut read, mut bad) = (0, Vec::new());
        for cell in series.cells(row, &layout) {
            match cell {
                Ok((key, share)) => {
                    shares.entry(key).or_default().push(share);
                    read += 1;
                }
                Err(notice) => bad.push(notice),
            }
        }
        let action = if read > 0 { "value left out" } else { "row skipped" };
        let tally = notices.tally(table.file());
        match (read, bad.is_empty()) {
            (0, _) => tally.count_dropped(),
            (_, true) if !row.ragged => tally.count_used(),
            _ => tally.count_repaired(),
        }
        bad.into_iter().for_each(|notice| notices.push(notice.at_row(row.number).action(action)));
    }
    Ok(shares)
}

/// Lots by id, else by name.
fn names_of(lots: &[LotRecord]) -> BTreeMap<String, usize> {
    let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
    for (index, lot) in lots.iter().enumerate().filter(|(_, lot)| !lot.name.trim().is_empty()) {
        by_name.entry(normalised(&lot.name)).or_insert(index);
    }
    let with_id = lots.iter().enumerate().filter(|(_, lot)| !lot.id.trim().is_empty());
    by_name.extend(with_id.map(|(index, lot)| (normalised(&lot.id), index)));
    by_name
}

/// How the numbers of columns are to be read.
fn measure_of(table: &Table, columns: &[usize], named: Named, notices: &mut Notices) -> (Measure, NumberStyle) {
    let texts = || table.rows().iter().flat_map(|row| columns.iter().map(|&column| row.value(column)));
    let (style, example) = NumberStyle::detect(texts(), Expected::Coordinate, table.delimiter());
    if let Some(example) = example {
        let notice = Notice::warning("number_format_guessed", table.file(), "can be read with two meanings");
        let notice = notice.field(&table.header()[columns[0]], example);
        notices.push(notice.action(format!("column read with {}", style.describe())));
    }
    let numbers = || texts().filter_map(|text| style.parse(text.trim_end_matches('%')));
    let (largest, has_fraction) =
        numbers().fold((0.0_f64, false), |(largest, part), n| (largest.max(n), part || n.fract() != 0.0));
    let percent = texts().any(|text| text.ends_with('%'));
    let scale = if percent { OccupancyScale::Percent } else { OccupancyScale::of(numbers()) };
    let fullest_percent = FULLEST_SHARE * 100.0;
    let measure = match named {
        Named::Free if percent || (largest <= 1.0 && has_fraction) => Measure::FreeShare(scale),
        Named::Free => Measure::Free,
        Named::Occupied if percent || largest <= 1.0 => Measure::Share(scale),
        Named::Occupied => Measure::Occupied,
        Named::Share | Named::Nothing if percent || largest <= fullest_percent => Measure::Share(scale),
        Named::Share | Named::Nothing => Measure::Occupied,
    };
    let is_guess = match (named, measure) {
        (Named::Share, Measure::Occupied) => true,
        (Named::Nothing, _) => !percent && largest > FULLEST_SHARE,
        _ => false,
    };
    if is_guess {
        let problem = "does not say whether it holds percent or bays";
        let action = if measure == Measure::Occupied { "read as taken bays" } else { "read as percent of bays taken" };
        let notice = Notice::warning("occupancy_unit_assumed", table.file(), problem).at_row(1);
        notices.push(notice.field("column", &table.header()[columns[0]]).action(action));
    }
    (measure, style)
}

fn find_clock(table: &Table, zone: TimeZone, notices: &mut Notices) -> Clock {
    let hour = table.find_column(HOUR);
    let date = || DATE.iter().filter_map(|name| table.find_column(&[name])).find(|&date| table.has_dates(date));
    // A column `time` may hold the time of day alone.
    let (stamp, hour) = match table.find_column(STAMP) {
        Some(time) if !table.has_dates(time) => match date() {
            Some(date) => (Some(date), hour.or(Some(time))),
            None if hour.is_none() => (None, Some(time)),
            None => (Some(time), hour),
        },
        other => (other, hour),
    };
    let order = stamp.map_or(DateOrder::DayFirst, |stamp| table.date_order(stamp, notices));
    Clock { hour, stamp, order, zone }
}

impl Clock {
    /// A time on the clocks of the study, and whether the text tells the time of day.
    fn local(&self, text: &str) -> Option<(DateTime, bool)> {
        let stamp = Stamp::parse(text, self.order)?;
        let civil = match stamp.offset {
            Some(offset) => self.zone.to_datetime(offset.to_timestamp(stamp.civil).ok()?),
            None => stamp.civil,
        };
        Some((civil, stamp.has_time))
    }

    /// The kind of day of a row, and its hour where it tells one.
    fn read(&self, table: &Table, row: &TableRow) -> Result<(DayKind, Option<u8>), Notice> {
        let stamp = self.stamp.map(|stamp| (stamp, row.value(stamp))).filter(|(_, text)| !is_missing(text));
        let no_time = |column: usize, text| {
            Notice::warning("time_unparsable", table.file(), "is not a date").field(&table.header()[column], text)
        };
        let stamp = match stamp {
            Some((column, text)) => Some(self.local(text).ok_or_else(|| no_time(column, text))?),
            None => None,
        };
        let day = stamp.map_or(DayKind::Any, |(civil, _)| match civil.weekday() {
            Weekday::Saturday => DayKind::Saturday,
            Weekday::Sunday => DayKind::Sunday,
            _ => DayKind::Weekday,
        });
        let whole_hour = |text: &str| text.trim_end_matches(['h', 'H']).split(':').next()?.trim().parse::<u8>().ok();
        let hour = match self.hour {
            Some(hour) => whole_hour(row.value(hour)),
            None => stamp.filter(|(_, has_time)| *has_time).and_then(|(civil, _)| u8::try_from(civil.hour()).ok()),
        };
        Ok((day, hour.filter(|&hour| hour < 24)))
    }
}

impl Series<'_> {
    /// What the cells of a row say; missing values of wide tables say nothing.
    fn cells(&self, row: &TableRow, layout: &Layout) -> Vec<Result<(LotHour, f64), Notice>> {
        let file = self.table.file();
        let status = row.value_in(self.status);
        if CLOSED.contains(&normalised(status).as_str()) {
            let notice = Notice::note("lot_closed", file, "says that the lot was closed").field("status", status);
            return vec![Err(notice)];
        }
        let time = match self.clock.read(self.table, row) {
            Ok(time) => time,
            Err(notice) => return vec![Err(notice)],
        };
        let clock_text = row.value_in(self.clock.hour.or(self.clock.stamp));
        let no_hour = || Notice::warning("hour_invalid", file, "is not an hour of the day").field("hour", clock_text);
        let told = |column: usize| !is_missing(row.value(column));
        match layout {
            Layout::Long { lot, value } => {
                let one = || {
                    let lot = self.lot_of(row.value(*lot))?;
                    let hour = time.1.ok_or_else(no_hour)?;
                    Ok(((lot, time.0, Some(hour)), self.share(row, *value, lot)?))
                };
                vec![one()]
            }
            Layout::ByHour { lot, hours } => match self.lot_of(row.value(*lot)) {
                Err(notice) => vec![Err(notice)],
                Ok(lot) => {
                    let told = hours.iter().filter(|(column, ..)| told(*column));
                    let of = |&(column, day, hour): &(usize, DayKind, u8)| {
                        let day = if time.0 == DayKind::Any { day } else { time.0 };
                        Ok(((lot, day, Some(hour)), self.share(row, column, lot)?))
                    };
                    told.map(of).collect()
                }
            },
            Layout::ByLot { lots } => match time.1 {
                None => vec![Err(no_hour())],
                Some(hour) => {
                    let told = lots.iter().filter(|(column, _)| told(*column));
                    told.map(|&(column, lot)| Ok(((lot, time.0, Some(hour)), self.share(row, column, lot)?))).collect()
                }
            },
        }
    }

    fn lot_of(&self, named: &str) -> Result<usize, Notice> {
        if normalised(named).is_empty() {
            return Err(Notice::warning("lot_missing", self.table.file(), "names no lot"));
        }
        let unknown = || Notice::warning("lot_unknown", self.table.file(), "is the id or name of no lot");
        self.by_name.get(&normalised(named)).copied().ok_or_else(|| unknown().field("lot", named))
    }

    /// The share of a lot's bays that a cell says are taken.
    fn share(&self, row: &TableRow, column: usize, lot: usize) -> Result<f64, Notice> {
        let file = self.table.file();
        let text = row.value(column);
        let invalid = |problem| occupancy_notice(file, problem).field("occupancy", text);
        let Some(&(measure, style)) = self.measures.get(&column) else { return Err(invalid("is not a number")) };
        let value = style.parse(text.trim_end_matches('%').trim_end()).ok_or_else(|| invalid("is not a number"))?;
        let bays = || {
            let own = NumberStyle::PointDecimal.parse(row.value_in(self.capacity)).filter(|bays| *bays >= 1.0);
            let bays = own.or(self.lots[lot].capacity.filter(|&bays| bays > 0).map(f64::from));
            bays.ok_or_else(|| {
                let problem = "is a count for a lot of unknown size";
                Notice::warning("occupancy_without_capacity", file, problem).field("occupied", text)
            })
        };
        let share = match measure {
            Measure::Share(scale) => scale.share(value),
            Measure::FreeShare(scale) => 1.0 - scale.share(value),
            Measure::Occupied => value / bays()?,
            Measure::Free if value < 0.0 => return Err(invalid("is not between empty and full")),
            Measure::Free => 1.0 - value / bays()?,
        };
        valid_share(Some(share)).map_err(invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::kinds::{LotAccess, LotKind};
    use crate::base::projection::LonLat;
    use crate::sources::table::parse_table;

    fn lot(id: &str, name: &str, capacity: u32) -> LotRecord {
        LotRecord {
            id: id.to_owned(),
            name: name.to_owned(),
            position: LonLat::default(),
            line: Vec::new(),
            kind: LotKind::Surface,
            access: LotAccess::Public,
            capacity: Some(capacity),
            disabled: None,
            fee: None,
            price_per_hour: None,
            maxstay_min: None,
            occupancy: Vec::new(),
            source_row: 1,
        }
    }

    /// Lot, hour and share in percent.
    fn read(text: &str) -> (Vec<(usize, u8, f64)>, Notices) {
        let mut notices = Notices::new();
        let table = parse_table("o.csv", text.as_bytes(), &mut notices).expect("a table");
        let lots = [lot("7", "Kennedy", 200), lot("8", "Opéra", 50)];
        let shares = shares_of(&table, &lots, TimeZone::UTC, &mut notices).expect("occupancy");
        assert!(notices.tallies()["o.csv"].balances());
        let of = |((lot, _, hour), shares): (LotHour, Vec<f64>)| {
            (lot, hour.expect("an hour"), (shares[0] * 1000.0).round() / 10.0)
        };
        (shares.into_iter().map(of).collect(), notices)
    }

    #[test]
    fn taken_free_and_shares_say_the_same() {
        for text in [
            "lot,hour,occupied\n7,8,150\n",
            "lot,hour,free\n7,8,50\n",
            "lot;hour;places libres\nKennedy;8;50\n",
            "lot,hour,free,capacity\n7,8,25,100\n",
            "lot,hour,available,occupied\n7,8,50,\n",
            "lot,hour,occupancy\n7,8,75\n",
            "lot,hour,occupancy\n7,8,0.75\n",
            "lot,hour,occupancy\n7,8,75%\n",
            "lot,hour,free\n7,8,25%\n",
            "lot,hour,free\n7,8,0.25\n",
            "lot,08:00,09:00\n7,75%,\n",
            "lot,occ_08,occ_09\n7,0.75,\n",
            "hour,Kennedy\n8,75%\n",
            "time,Kennedy libres,Other\n2024-05-01 08:10,50,3\n",
        ] {
            let (found, notices) = read(text);
            assert_eq!(found, [(0, 8, 75.0)], "{text}");
            assert!(notices.kept().is_empty(), "{text}: {:?}", notices.kept());
        }
    }

    #[test]
    fn columns_of_lots_need_not_be_written_alike_and_a_guess_is_told() {
        let (found, notices) = read("time,Kennedy,Opéra occupied\n2024-05-01 08:00,150,25\n2024-05-01 09:00,80,5\n");
        assert_eq!(found, [(0, 8, 75.0), (0, 9, 40.0), (1, 8, 50.0), (1, 9, 10.0)]);
        assert_eq!((notices.count("occupancy_unit_assumed"), notices.counts().len()), (1, 1));
        let (found, notices) = read("time,Kennedy\n2024-05-01 08:00,75\n");
        assert_eq!((found, notices.count("occupancy_unit_assumed")), (vec![(0, 8, 75.0)], 1));
    }

    #[test]
    fn closed_lots_are_not_full() {
        let (found, notices) = read("lot,hour,free,status\n7,8,0,closed\n7,9,100,open\n");
        assert_eq!((found, notices.count("lot_closed")), (vec![(0, 9, 50.0)], 1));
    }
}
