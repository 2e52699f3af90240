//! Exports of Telraam: a row per segment and hour, with the share of the hour in which the sensor was counting.
//!
//! Only pedestrians are read. Rows of little uptime are dropped. Telraam publishes counts already brought to whole hours
//! (FAQ "What and how your Telraam counts": "the resulting counts are corrected for the 25-30% of sensor down-time"),
//! which shows in counts with a fraction; a file of whole counts throughout is one of persons seen, and is brought to
//! whole hours here. Either is told.

use super::clock::{Bins, LocalClock, Readings, TimeColumns};
use super::{Direction, Gathered, Observation, TIME};
use crate::base::notice::{Notice, Notices};
use crate::sources::table::{Expected, NumberStyle, Table, TableRow, is_missing};

/// Least share of an hour that a sensor must have been counting for its hour to be read (default). Telraam's guide to its
/// data and the packages that read them (telraamStats) drop hours below one half.
const LEAST_UPTIME: f64 = 0.5;
/// More persons than pass anywhere in an hour: larger numbers are something else.
const LARGEST_COUNT: f64 = 1e9;
/// A count this close to a whole number is whole.
const WHOLE: f64 = 1e-6;

const UPTIME: &[&str] = &["uptime", "uptime quality", "pct up"];
const SEGMENT: &[&str] = &["segment id", "segment name", "segment", "instance id"];
/// Telraam's answers have -1 as the segment where a single sensor was asked for.
const NO_SEGMENT: &str = "-1";

/// A column of numbers.
#[derive(Clone, Copy)]
struct NumberColumn {
    column: usize,
    style: NumberStyle,
}

/// The columns of an export.
pub(super) struct Columns {
    segment: usize,
    instance: Option<usize>,
    uptime: usize,
    total: Option<usize>,
    left: Option<usize>,
    right: Option<usize>,
}

/// The columns, if this is an export of Telraam: a segment, an uptime and pedestrians. Its column `direction` is an
/// internal value and no direction.
pub(super) fn find_columns(table: &Table) -> Option<Columns> {
    table.find_column(TIME)?;
    let total = table.find_column(&["pedestrian", "pedestrian total", "pedestrians"]);
    let left = table.find_column(&["pedestrian lft", "pedestrian left", "pedestrian a to b"]);
    let right = table.find_column(&["pedestrian rgt", "pedestrian right", "pedestrian b to a"]);
    if total.is_none() && (left.is_none() || right.is_none()) {
        return None;
    }
    let (segment, uptime) = (table.find_column(SEGMENT)?, table.find_column(UPTIME)?);
    Some(Columns { segment, instance: table.find_column(&["instance id"]), uptime, total, left, right })
}

/// What the rows of an export share while they are read.
struct Export<'a> {
    table: &'a Table,
    columns: &'a Columns,
    uptime: NumberColumn,
    numbers: [Option<NumberColumn>; 3],
    is_scaled: bool,
}

/// Gathers the pedestrians of an export.
pub(super) fn gather(
    table: &Table,
    columns: &Columns,
    clock: &LocalClock,
    gathered: &mut Gathered,
    notices: &mut Notices,
) {
    let Some(time) = TimeColumns::find(table, notices) else { return };
    let series = |row| (columns.site(row), "");
    let Some(Readings { seconds, bins }) = time.read(table, clock, series, notices) else { return };
    let mut number = |column, expected| NumberColumn { column, style: table.number_style(column, expected, notices) };
    let uptime = number(columns.uptime, Expected::Coordinate);
    // A fraction is a fraction here: counts brought to whole hours have three digits behind the mark as well.
    let numbers =
        [columns.total, columns.left, columns.right].map(|column| Some(number(column?, Expected::Coordinate)));
    let mut export = Export { table, columns, uptime, numbers, is_scaled: false };
    export.is_scaled = export.has_fractions();
    let mut partial = 0_u64;
    for (row, second) in table.rows().iter().zip(seconds) {
        match second.and_then(|second| Ok((second, export.read(row)?))) {
            Ok((second, (share, counts))) => {
                partial += u64::from(share < 1.0);
                let site = gathered.site(columns.site(row));
                for (direction, count) in [Direction::Total, Direction::In, Direction::Out].into_iter().zip(counts) {
                    let Some(count) = count else { continue };
                    gathered.counts_of(bins).push(Observation { site, direction, second, count });
                }
                let tally = notices.tally(table.file());
                if row.ragged { tally.count_repaired() } else { tally.count_used() }
            }
            Err(notice) => {
                notices.push(notice.at_row(row.number).action("row skipped"));
                notices.tally(table.file()).count_dropped();
            }
        }
    }
    export.tell(partial, bins, notices);
}

impl Columns {
    /// The segment of a row, else its sensor.
    fn site<'a>(&self, row: &'a TableRow) -> &'a str {
        let segment = row.value(self.segment);
        if segment.is_empty() || segment == NO_SEGMENT { row.value_in(self.instance) } else { segment }
    }
}

impl NumberColumn {
    fn of(self, row: &TableRow) -> Option<f64> {
        self.style.parse(row.value(self.column).trim_end_matches('%'))
    }
}

impl Export<'_> {
    /// Whether some count has a fraction: persons seen are whole.
    fn has_fractions(&self) -> bool {
        let counts = |row| self.numbers.iter().flatten().filter_map(move |column| column.of(row));
        self.table.rows().iter().any(|row| counts(row).any(|count| (count - count.round()).abs() > WHOLE))
    }

    /// The uptime of a row and its persons in all: both directions, one, the other.
    fn read(&self, row: &TableRow) -> Result<(f64, [Option<u32>; 3]), Notice> {
        let file = self.table.file();
        let named = |notice: Notice, column: usize| notice.field(&self.table.header()[column], row.value(column));
        if self.columns.site(row).is_empty() {
            return Err(Notice::error("site_missing", file, "names no site"));
        }
        let text = row.value(self.columns.uptime);
        let percent = if text.ends_with('%') { 100.0 } else { 1.0 };
        let share =
            self.uptime.of(row).map(|share| share / percent).filter(|share| (0.0..=1.0 + WHOLE).contains(share));
        let Some(share) = share else {
            let notice = Notice::warning("uptime_invalid", file, "is not a share of an hour");
            return Err(named(notice, self.columns.uptime));
        };
        if share < LEAST_UPTIME {
            let problem = format!("is less than {LEAST_UPTIME} of the hour");
            return Err(named(Notice::warning("uptime_low", file, problem), self.columns.uptime));
        }
        let mut counts = [None; 3];
        for (count, column) in counts.iter_mut().zip(self.numbers.iter()) {
            let Some(column) = column.filter(|column| !is_missing(row.value(column.column))) else { continue };
            let number = column.of(row).filter(|number| (0.0..=LARGEST_COUNT).contains(number));
            let invalid = || named(Notice::warning("count_invalid", file, "is not a number of persons"), column.column);
            let number = number.ok_or_else(invalid)?;
            *count = Some(if self.is_scaled { number } else { number / share.min(1.0) });
        }
        Ok((share, whole(counts)))
    }

    /// Says how the counts of hours in part came to be those of whole hours.
    fn tell(&self, partial: u64, bins: Bins, notices: &mut Notices) {
        if partial == 0 {
            return;
        }
        let of = if bins == Bins::Days { "days" } else { "hours" };
        let problem = format!("has {partial} {of} in which the sensor was not counting all the time");
        let notice = if self.is_scaled {
            let notice = Notice::note("counts_scaled_by_source", self.table.file(), problem);
            notice.action("counts with a fraction are scaled to the whole time already; rounded to persons")
        } else {
            let notice = Notice::warning("counts_divided_by_uptime", self.table.file(), problem);
            notice.action("their counts divided by the share of time counted")
        };
        notices.push(notice);
    }
}

/// Numbers of persons as whole ones whose directions add up to the total where they did before.
fn whole([total, left, right]: [Option<f64>; 3]) -> [Option<u32>; 3] {
    let round = |number: f64| number.round() as u32;
    let (in_all, inwards) = (total.map(round), left.map(round));
    let adds_up = total.zip(left).zip(right).is_some_and(|((total, left), right)| (total - left - right).abs() < 0.5);
    let rest = in_all.zip(inwards).filter(|_| adds_up).map(|(all, inwards)| all.saturating_sub(inwards));
    [in_all, inwards, rest.or(right.map(round))]
}

#[cfg(test)]
mod tests {
    use super::super::records_of_tables;
    use super::*;
    use crate::sources::counts::CountRecords;
    use crate::sources::table::parse_table;

    fn read(text: &str) -> (CountRecords, Notices) {
        let mut notices = Notices::new();
        let table = parse_table("t.csv", text.as_bytes(), &mut notices).expect("a table");
        let records = records_of_tables(&[table], "Europe/Brussels", &mut notices).expect("counts");
        assert!(notices.tallies()["t.csv"].balances());
        (records, notices)
    }

    /// 10 persons in 0.8 of an hour are 12.5 an hour, of which 6 / 0.8 = 7.5 go one way: 13, 8 and 13 - 8 = 5.
    #[test]
    fn persons_seen_are_divided_by_the_uptime() {
        let text = "segment_id,date,uptime,heavy,car,bike,pedestrian,pedestrian_lft,pedestrian_rgt,direction\n\
                    9000001,2023-05-01T08:00:00.000Z,0.8,1,99,5,10,6,4,1\n\
                    9000001,2023-05-01T09:00:00.000Z,0.49,1,99,5,10,6,4,1\n\
                    9000001,2023-05-01T10:00:00.000Z,0.5,1,99,5,10,6,4,1\n";
        let (records, notices) = read(text);
        let hours: Vec<_> = records.hours[0].iter().map(|h| (h.hour, h.total, h.inwards, h.outwards)).collect();
        assert_eq!(hours, [(10, Some(13), Some(8), Some(5)), (12, Some(20), Some(12), Some(8))]);
        assert_eq!((notices.count("uptime_low"), notices.count("counts_divided_by_uptime")), (1, 1));
        assert_eq!(records.sites[0].id, "9000001");
    }

    #[test]
    fn counts_with_fractions_are_those_of_whole_hours_already() {
        let text = "Segment ID;Date and Time (Local);Uptime;Pedestrian Total;Pedestrian A to B;Pedestrian B to A\n\
                    1;2023-05-01 08:00;0,75;4,15;1,24;2,91\n1;2023-05-01 09:00;1;3;1;2\n";
        let (records, notices) = read(text);
        let hours: Vec<_> = records.hours[0].iter().map(|h| (h.hour, h.total, h.inwards, h.outwards)).collect();
        assert_eq!(hours, [(8, Some(4), Some(1), Some(3)), (9, Some(3), Some(1), Some(2))]);
        assert_eq!((notices.count("counts_scaled_by_source"), notices.counts().len()), (1, 2));
    }

    #[test]
    fn a_sensor_stands_in_for_its_segment() {
        let text = "instance_id,segment_id,date,uptime,pedestrian\n77,-1,2023-05-01T08:00:00Z,1,3\n";
        assert_eq!(read(text).0.sites[0].id, "77");
    }
}
