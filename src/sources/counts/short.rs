//! Short counts by hand: a row per site and part of a day, with its beginning and its end or its length.
//!
//! The same columns serve automatic counters that write the end of each hour. A table is taken for counts by hand where
//! the days of its sites are not covered whole; else it is a long table like others.

use std::collections::BTreeMap;

use super::directions::direction_of;
use super::long::{COUNT, INWARDS, OUTWARDS, SITE};
use super::sites::Location;
use super::{DATE, Direction, Gathered, UNTIL, site_key};
use crate::base::counting::{ShortCount, day_of_date};
use crate::base::notice::{Notice, Notices};
use crate::base::projection::LonLat;
use crate::sources::table::{DateOrder, Expected, NumberStyle, Stamp, Table, TableRow};

/// Minutes of a day that make a whole day, the least that a valid day of a counter has (methods §7.5).
const WHOLE_DAY_MIN: u32 = 23 * 60;
/// Minutes of a day.
const DAY_MIN: u16 = 24 * 60;
/// More persons than pass anywhere in a day: larger numbers are something else.
const LARGEST_COUNT: f64 = 1e9;

const FROM: &[&str] = &[
    "from",
    "start",
    "start time",
    "time from",
    "begin",
    "de",
    "début",
    "debut",
    "heure début",
    "heure debut",
    "von",
    "beginn",
    "van",
];
/// Length of a count, and the minutes in its unit where it is a bare number.
const DURATION: &[(&str, f64)] = &[
    ("duration", 60.0),
    ("duration min", 1.0),
    ("duration minutes", 1.0),
    ("minutes", 1.0),
    ("duration h", 60.0),
    ("duration hours", 60.0),
    ("durée", 60.0),
    ("duree", 60.0),
    ("durée min", 1.0),
    ("duree min", 1.0),
    ("durée h", 60.0),
    ("dauer", 60.0),
    ("dauer min", 1.0),
    ("duur", 60.0),
];

/// The columns of a table of counts by hand.
pub(super) struct Columns {
    site: usize,
    date: usize,
    from: usize,
    until: Option<usize>,
    duration: Option<(usize, f64)>,
    /// The persons in all, or one way and the other.
    counts: Vec<usize>,
    direction: Option<usize>,
    position: Option<(usize, usize)>,
    order: DateOrder,
    style: NumberStyle,
}

/// The columns, if this is a table of counts by hand.
pub(super) fn find_columns(table: &Table, notices: &mut Notices) -> Option<Columns> {
    let from = table.find_column(FROM)?;
    let until = table.find_column(UNTIL);
    let duration = DURATION.iter().find_map(|(name, unit)| Some((table.find_column(&[name])?, *unit)));
    let site = table.find_column(SITE).filter(|&site| site != from)?;
    let total = table.find_column(COUNT).filter(|&count| count != site);
    let ways = || Some(vec![table.find_column(INWARDS)?, table.find_column(OUTWARDS)?]);
    let counts = total.map(|total| vec![total]).or_else(ways)?;
    let dated = |column: usize| table.has_dates(column).then_some(column);
    let date = table.find_column(DATE).and_then(dated).or_else(|| dated(from))?;
    if until.is_none() && duration.is_none() {
        return None;
    }
    let lon = table.find_column(&["lon", "lng", "longitude"]);
    let position = lon.zip(table.find_column(&["lat", "latitude"]));
    let direction = table.find_column(&["direction", "sens", "richtung"]);
    let style = NumberStyle::PointDecimal;
    let order = DateOrder::DayFirst;
    let mut columns = Columns { site, date, from, until, duration, counts, direction, position, order, style };
    columns.order = DateOrder::detect(table.rows().iter().map(|row| row.value(date))).0;
    if !columns.leaves_days_open(table) {
        return None;
    }
    columns.order = table.date_order(date, notices);
    columns.style = table.number_style(columns.counts[0], Expected::Whole, notices);
    Some(columns)
}

impl Columns {
    /// Whether the sites are mostly counted for less than whole days.
    fn leaves_days_open(&self, table: &Table) -> bool {
        let mut covered: BTreeMap<(&str, i32), BTreeMap<u16, u16>> = BTreeMap::new();
        for row in table.rows() {
            let Ok((day, from, to)) = self.interval(table, row) else { continue };
            covered.entry((row.value(self.site), day)).or_default().insert(from, to);
        }
        let whole = |parts: &BTreeMap<u16, u16>| {
            parts.iter().map(|(from, to)| u32::from(to.saturating_sub(*from))).sum::<u32>() >= WHOLE_DAY_MIN
        };
        covered.values().filter(|parts| whole(parts)).count() * 2 <= covered.len()
    }

    /// Day, first and last minute of a row.
    fn interval(&self, table: &Table, row: &TableRow) -> Result<(i32, u16, u16), Notice> {
        let file = table.file();
        let named = |notice: Notice, column: usize| notice.field(&table.header()[column], row.value(column));
        let no_time = |column| named(Notice::error("time_unparsable", file, "is not a time"), column);
        let date = Stamp::parse(row.value(self.date), self.order).ok_or_else(|| no_time(self.date))?.civil;
        let month = u32::try_from(date.month()).unwrap_or(0);
        let day = day_of_date(i32::from(date.year()), month, u32::try_from(date.day()).unwrap_or(0));
        let from = self.minute(row, self.from).ok_or_else(|| no_time(self.from))?;
        let until = self.until.filter(|&column| !row.value(column).is_empty());
        let (to, column) = match (until, self.duration) {
            (Some(until), _) => (self.minute(row, until).ok_or_else(|| no_time(until))?, until),
            (None, Some((column, unit))) => {
                let bad = || named(Notice::error("duration_unparsable", file, "is not a length of time"), column);
                (from.saturating_add(minutes_of(row.value(column), unit).ok_or_else(bad)?), column)
            }
            (None, None) => return Err(Notice::error("time_unparsable", file, "has no end")),
        };
        let to = if to == 0 { DAY_MIN } else { to };
        if to <= from || to > DAY_MIN {
            let problem = "does not lie behind the beginning on the same day";
            return Err(named(Notice::error("short_count_without_length", file, problem), column));
        }
        Ok((day, from, to))
    }

    /// The minute of the day in a column that holds a time of day, with or without its date.
    fn minute(&self, row: &TableRow, column: usize) -> Option<u16> {
        let text = row.value(column);
        if text == "24:00" || text == "24" {
            return Some(DAY_MIN);
        }
        let with_date = Stamp::parse(text, self.order);
        let stamp = with_date.or_else(|| Stamp::parse(&format!("2000-01-01 {text}"), self.order))?;
        let clock = stamp.has_time.then_some(stamp.civil)?;
        Some(u16::try_from(clock.hour()).ok()? * 60 + u16::try_from(clock.minute()).ok()?)
    }
}

/// Minutes in a text such as `2 h`, `90 min`, `1:30`, `1h30`, or a bare number of units.
fn minutes_of(text: &str, unit: f64) -> Option<u16> {
    let lower = text.trim().to_lowercase().replace(',', ".");
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    let named = |words: &[&str]| words.iter().find_map(|word| lower.strip_suffix(word)).and_then(number);
    let minutes = match lower.split_once([':', 'h']) {
        Some((hours, minutes)) if !minutes.is_empty() && minutes.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(number(hours)? * 60.0 + number(minutes)?)
        }
        _ => named(&["minutes", "minuten", "mins", "min", "m"])
            .or_else(|| Some(named(&["hours", "hour", "heures", "heure", "stunden", "stunde", "std", "h"])? * 60.0))
            .or_else(|| Some(number(&lower)? * unit)),
    }?;
    (minutes >= 1.0 && minutes <= f64::from(DAY_MIN)).then_some(minutes.round() as u16)
}

/// What was counted in one interval, by direction.
type Parts = BTreeMap<String, u32>;

/// Gathers the counts of a table.
pub(super) fn gather(
    table: &Table,
    columns: &Columns,
    gathered: &mut Gathered,
    positions: &mut Vec<Location>,
    notices: &mut Notices,
) {
    let mut coordinate = |column| (column, table.number_style(column, Expected::Coordinate, notices));
    let position = columns.position.map(|(lon, lat)| (coordinate(lon), coordinate(lat)));
    let mut intervals: BTreeMap<(String, i32, u16, u16), (Parts, u64)> = BTreeMap::new();
    for row in table.rows() {
        match read_row(table, row, columns) {
            Ok((interval, count)) => {
                let site = gathered.site(row.value(columns.site));
                let key = (gathered.sites[site as usize].id.clone(), interval.0, interval.1, interval.2);
                let (parts, _) = intervals.entry(key).or_insert_with(|| (Parts::new(), row.number));
                let word = row.value_in(columns.direction).trim().to_lowercase();
                let known = parts.insert(word.clone(), count);
                if let Some(known) = known {
                    parts.insert(word, known.max(count));
                    gathered.doubles += 1;
                }
                if let Some(((lon, lon_style), (lat, lat_style))) = position
                    && let Some((lon, lat)) = lon_style.parse(row.value(lon)).zip(lat_style.parse(row.value(lat)))
                    && let Some(position) = LonLat::new(lon, lat)
                {
                    let name = row.value(columns.site).to_owned();
                    let (file, id) = (table.file().to_owned(), String::new());
                    positions.push(Location { file, row: row.number, name, id, position, own_row: None });
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
    let mut last: Option<(String, i32, u16)> = None;
    for ((site, day, from, to), (parts, row)) in intervals {
        if last.as_ref().is_some_and(|(known, on, until)| *known == site && *on == day && *until > from) {
            let notice = Notice::warning("short_counts_overlap", table.file(), "overlaps another count of the site");
            notices.push(notice.at_row(row).field("site", &site).action("left out"));
            continue;
        }
        let index = gathered.site(&site);
        let count = ShortCount { day, from_min: from, to_min: to, count: total_of(&parts) };
        gathered.short.entry(index).or_default().push(count);
        last = Some((site, day, to));
    }
    gathered.short.values_mut().for_each(|counts| counts.sort_unstable());
}

/// The persons in all: the total where one is told, else the sum of the directions.
fn total_of(parts: &Parts) -> u32 {
    let totals = parts.iter().filter(|(word, _)| direction_of(word) == Some(Direction::Total));
    let total = totals.map(|(_, count)| *count).max();
    total.unwrap_or_else(|| parts.values().fold(0, |sum, count| sum.saturating_add(*count)))
}

fn read_row(table: &Table, row: &TableRow, columns: &Columns) -> Result<((i32, u16, u16), u32), Notice> {
    let file = table.file();
    if site_key(row.value(columns.site)).is_empty() {
        return Err(Notice::error("site_missing", file, "names no site"));
    }
    let interval = columns.interval(table, row)?;
    let mut persons = 0_u32;
    for &column in &columns.counts {
        let text = row.value(column);
        let count =
            columns.style.parse(text).filter(|count| (0.0..=LARGEST_COUNT).contains(count) && count.fract() == 0.0);
        let invalid = || {
            let notice = Notice::warning("count_invalid", file, "is not a number of persons");
            notice.field(&table.header()[column], text)
        };
        persons = persons.saturating_add(count.ok_or_else(invalid)? as u32);
    }
    Ok((interval, persons))
}

#[cfg(test)]
mod tests {
    use super::super::records_of_tables;
    use super::*;
    use crate::sources::counts::CountRecords;
    use crate::sources::table::parse_table;

    fn read(text: &str) -> (CountRecords, Notices) {
        let mut notices = Notices::new();
        let table = parse_table("s.csv", text.as_bytes(), &mut notices).expect("a table");
        let records = records_of_tables(&[table], "Europe/Brussels", &mut notices).expect("counts");
        assert!(notices.tallies()["s.csv"].balances());
        (records, notices)
    }

    fn short(day: i32, from_min: u16, to_min: u16, count: u32) -> ShortCount {
        ShortCount { day, from_min, to_min, count }
    }

    #[test]
    fn parts_of_days_are_read_with_an_end_or_a_length() {
        let day = day_of_date(2024, 5, 14);
        for text in [
            "site,date,from,to,count\nA,14/05/2024,10:00,12:00,180\n",
            "site,date,from,duration,count\nA,2024-05-14,10:00,2,180\n",
            "nom;date;de;à;comptage\nA;14/05/2024;10h;12h00;180\n",
            "site,start,end,count\nA,2024-05-14 10:00,2024-05-14 12:00,180\n",
            "site,date,from,to,in,out\nA,14/05/2024,10:00,12:00,100,80\n",
            "site,date,from,to,direction,count\nA,14/05/2024,10:00,12:00,N,100\nA,14/05/2024,10:00,12:00,S,80\n",
        ] {
            let (records, _) = read(text);
            assert_eq!(records.short, [vec![short(day, 600, 720, 180)]], "{text}");
            assert!(records.hours[0].is_empty());
        }
        let (records, _) = read("site,date,from,to,count,lat,lon\nA,14/05/2024,22:00,24:00,5,50.6,5.5\n");
        assert_eq!(records.short[0], [short(day, 1320, 1440, 5)]);
        assert_eq!(records.sites[0].position, LonLat::new(5.5, 50.6));
    }

    #[test]
    fn lengths_are_read_as_people_write_them() {
        for (text, unit, minutes) in [
            ("2 h", 1.0, Some(120)),
            ("90 min", 60.0, Some(90)),
            ("1:30", 1.0, Some(90)),
            ("1h30", 1.0, Some(90)),
            ("1,5", 60.0, Some(90)),
            ("45", 1.0, Some(45)),
            ("0", 1.0, None),
            ("-2", 60.0, None),
            ("25", 60.0, None),
            ("long", 1.0, None),
        ] {
            assert_eq!(minutes_of(text, unit), minutes, "{text}");
        }
    }

    /// 24 rows of an hour make a whole day: a counter, whose hours are kept.
    #[test]
    fn hours_with_an_end_are_those_of_a_counter() {
        let hour =
            |h: u32| format!("A,2024-05-14 {h:02}:00,2024-05-{:02} {:02}:00,{h}\n", 14 + (h + 1) / 24, (h + 1) % 24);
        let text = format!("site,start,end,count\n{}", (0..24).map(hour).collect::<String>());
        let (records, _) = read(&text);
        assert_eq!((records.hours[0].len(), records.short[0].len()), (24, 0));
    }
}
