//! Travel times between places, as any tool writes them: a long table, a row per origin and destination.
//!
//! In: a CSV or Parquet table with ids and a column of times; the ids that are known. Out: minutes by the places of both among the known ones.
//! Pairs without a time have no way. Sources layer: knows no network.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::features::FeaturesError;
use super::features::geoparquet::PlainParquet;
use super::listed::read_parquet;
use super::table::{Expected, NumberStyle, TableError, file_name, is_missing, normalised, read_table};
use crate::base::notice::{Notice, Notices};

const ORIGIN: &[&str] = &["origin id", "from id", "origin", "from", "zone id", "zone", "customer id", "id orig", "o"];
const DESTINATION: &[&str] =
    &["destination id", "to id", "destination", "to", "centre id", "centre", "store id", "store", "id dest", "d"];
/// First words of the names of columns that hold times.
const TIMES: [&str; 6] = ["travel time", "time", "duration", "minutes", "seconds", "temps"];

/// The unit of a column of times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Whatever the numbers are, such as metres or euros: taken as they stand.
    AsItStands,
}

impl TimeUnit {
    /// The unit that the last word of a name tells: `travel_time_s`, `minutes`.
    fn of_name(name: &str) -> Option<Self> {
        match normalised(name).rsplit(' ').next()? {
            "s" | "sec" | "secs" | "second" | "seconds" | "secondes" => Some(Self::Seconds),
            "min" | "mins" | "minute" | "minutes" => Some(Self::Minutes),
            _ => None,
        }
    }
}

/// Names of columns that hold amounts of pairs, such as visits.
const AMOUNTS: &[&str] =
    &["customers", "visits", "visitors", "trips", "count", "flow", "spending", "share", "amount", "n"];

/// What a column of pairs holds, for messages.
#[derive(Clone, Copy, Debug)]
struct Meaning {
    /// Code of the notice of a value that is none.
    code: &'static str,
    problem: &'static str,
    action: &'static str,
    missing: &'static str,
}

const TIME: Meaning = Meaning {
    code: "travel_time_invalid",
    problem: "is no time of 0 or more",
    action: "pair taken to have no way",
    missing: "times, such as travel_time_s",
};
const AMOUNT: Meaning = Meaning {
    code: "amount_invalid",
    problem: "is no amount from 0 on",
    action: "counted as 0",
    missing: "amounts, such as customers",
};

/// Which column holds the times, and in which unit; what is not told is recognised by the names of columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeColumn<'a> {
    /// Its name.
    pub name: Option<&'a str>,
    /// Its unit.
    pub unit: Option<TimeUnit>,
}

/// A way between two places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairTime {
    /// The place of the origin among the known ones.
    pub origin: usize,
    /// The place of the destination among the known ones.
    pub destination: usize,
    /// Minutes, 0 or more.
    pub minutes: f64,
}

/// The times between known places.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TravelTimes {
    /// Pairs with a way, in the order of the file.
    pub pairs: Vec<PairTime>,
    /// Per known origin, and per known destination, whether some row names it, be it of a pair without a way.
    pub is_named: [Vec<bool>; 2],
}

/// Why travel times cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TravelTimesError {
    /// The file as a table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The file as a table in columns.
    #[error(transparent)]
    Parquet(#[from] FeaturesError),
    /// A column is missing.
    #[error("{file}: has no column of {what}; found {}", found.join(", "))]
    NoColumn {
        /// Name of the file.
        file: String,
        /// What it should hold.
        what: String,
        /// The columns that there are.
        found: Vec<String>,
    },
    /// Several columns may hold the times.
    #[error("{file}: several columns hold times: {}", found.join(", "))]
    ManyColumns {
        /// Name of the file.
        file: String,
        /// The columns.
        found: Vec<String>,
    },
    /// Nothing tells the unit.
    #[error("{file}: column {column} does not tell whether it holds seconds or minutes")]
    NoUnit {
        /// Name of the file.
        file: String,
        /// The column.
        column: String,
    },
}

/// How much goes from known origins to known destinations, such as visits: a row per pair, what is not named counts as 0.
/// Read as [`read_travel_times`] reads times, but that a pair may stand in several rows, which count together; the column is
/// recognised by its name where none is told.
pub fn read_pair_amounts(
    path: &Path,
    known: [&[String]; 2],
    column: Option<&str>,
    notices: &mut Notices,
) -> Result<Vec<(usize, usize, f64)>, TravelTimesError> {
    let column = TimeColumn { name: column, unit: Some(TimeUnit::AsItStands) };
    let found = read_pairs(path, known, (column, AMOUNT), notices)?;
    Ok(found.pairs.into_iter().map(|pair| (pair.origin, pair.destination, pair.minutes)).collect())
}

/// Reads the times between known origins and destinations. Rows of others are counted and left out; of a pair that stands
/// twice the first row counts. A Parquet table is read row by row, without a copy of its text.
pub fn read_travel_times(
    path: &Path,
    known: [&[String]; 2],
    column: TimeColumn<'_>,
    notices: &mut Notices,
) -> Result<TravelTimes, TravelTimesError> {
    read_pairs(path, known, (column, TIME), notices)
}

fn read_pairs(
    path: &Path,
    known: [&[String]; 2],
    (column, meaning): (TimeColumn<'_>, Meaning),
    notices: &mut Notices,
) -> Result<TravelTimes, TravelTimesError> {
    let file = file_name(path);
    if let Some(bytes) = read_parquet(path)? {
        let table = PlainParquet::open(&file, &bytes)?;
        let header = table.header();
        let columns = Columns::find(&file, &header, (column, meaning))?;
        let mut pairs =
            Pairs::new((&file, &header[columns.time]), known, (columns.unit, meaning), NumberStyle::PointDecimal);
        let places = [columns.origin, columns.destination, columns.time];
        table.visit_rows(&places, PAIR, |number, row| {
            if let [origin, destination, time] = row {
                pairs.push(number, [origin, destination], time, notices);
            }
        })?;
        return Ok(pairs.finish(notices));
    }
    let table = read_table(path, notices)?;
    let columns = Columns::find(&file, table.header(), (column, meaning))?;
    let style = table.number_style(columns.time, Expected::Any, notices);
    let mut pairs = Pairs::new((&file, &table.header()[columns.time]), known, (columns.unit, meaning), style);
    for row in table.rows() {
        let ends = [row.value(columns.origin), row.value(columns.destination)];
        pairs.push(row.number, ends, row.value(columns.time), notices);
    }
    Ok(pairs.finish(notices))
}

/// Memory that a pair takes, bytes.
const PAIR: usize = 64;

/// The columns of a table of travel times.
struct Columns {
    origin: usize,
    destination: usize,
    time: usize,
    unit: TimeUnit,
}

impl Columns {
    fn find(
        file: &str,
        header: &[String],
        (column, meaning): (TimeColumn<'_>, Meaning),
    ) -> Result<Self, TravelTimesError> {
        let no_column =
            |what: String| TravelTimesError::NoColumn { file: file.to_owned(), what, found: header.to_vec() };
        let origin = find_column(header, ORIGIN).ok_or_else(|| no_column("origins, such as origin_id".to_owned()))?;
        let destination = find_column(header, DESTINATION)
            .ok_or_else(|| no_column("destinations, such as destination_id".to_owned()))?;
        let time = match column.name {
            Some(name) => {
                find_column(header, &[&normalised(name)]).ok_or_else(|| no_column(format!("the name {name}")))
            }
            None => meaning.find(file, header)?.ok_or_else(|| no_column(meaning.missing.to_owned())),
        }?;
        let name = &header[time];
        let no_unit = || TravelTimesError::NoUnit { file: file.to_owned(), column: name.clone() };
        let unit = column.unit.or_else(|| TimeUnit::of_name(name)).ok_or_else(no_unit)?;
        Ok(Self { origin, destination, time, unit })
    }
}

/// The pairs that have been read so far.
struct Pairs<'a> {
    file: &'a str,
    /// Name of the column of times.
    column: &'a str,
    origins: FxHashMap<&'a str, usize>,
    destinations: FxHashMap<&'a str, usize>,
    unit: TimeUnit,
    meaning: Meaning,
    style: NumberStyle,
    times: TravelTimes,
    seen: SeenPairs,
    /// The origin of the row before: rows of one stand together in most tables.
    last_origin: (String, Option<usize>),
    used: u64,
    dropped: u64,
    unknown: u64,
    an_unknown: String,
}

impl<'a> Pairs<'a> {
    fn new(
        (file, column): (&'a str, &'a str),
        [origins, destinations]: [&'a [String]; 2],
        (unit, meaning): (TimeUnit, Meaning),
        style: NumberStyle,
    ) -> Self {
        Self {
            file,
            column,
            origins: places_of(origins),
            destinations: places_of(destinations),
            unit,
            meaning,
            style,
            times: TravelTimes {
                pairs: Vec::new(),
                is_named: [origins, destinations].map(|ids| vec![false; ids.len()]),
            },
            seen: SeenPairs::among(origins.len(), destinations.len()),
            last_origin: (String::new(), origins.iter().position(String::is_empty)),
            used: 0,
            dropped: 0,
            unknown: 0,
            an_unknown: String::new(),
        }
    }

    fn push(&mut self, number: u64, [origin, destination]: [&str; 2], text: &str, notices: &mut Notices) {
        let file = self.file;
        if origin != self.last_origin.0 {
            self.last_origin = (origin.to_owned(), self.origins.get(origin).copied());
        }
        let known_destination = self.destinations.get(destination).copied();
        // A place of which some way is told is known, wherever that leads.
        self.last_origin.1.into_iter().for_each(|place| self.times.is_named[0][place] = true);
        known_destination.into_iter().for_each(|place| self.times.is_named[1][place] = true);
        let known = self.last_origin.1.zip(known_destination);
        let Some((origin_place, destination_place)) = known else {
            let stranger = if self.last_origin.1.is_some() { destination } else { origin };
            if self.unknown == 0 {
                self.an_unknown = stranger.to_owned();
            }
            self.unknown += 1;
            self.dropped += 1;
            return;
        };
        if is_missing(text) {
            self.used += 1;
            return;
        }
        let Some(cost) = self.style.parse(text).filter(|number| number.is_finite() && *number >= 0.0) else {
            let notice = Notice::error(self.meaning.code, file, self.meaning.problem).at_row(number);
            notices.push(notice.field(self.column, text).action(self.meaning.action));
            self.dropped += 1;
            return;
        };
        let is_new = self.seen.insert(origin_place, destination_place);
        // Amounts of several rows are added up by whoever asks; of times the first counts.
        if !is_new && self.meaning.code != AMOUNT.code {
            let problem = format!("{origin} to {destination} stands more than once");
            notices.push(Notice::warning("pair_twice", file, problem).at_row(number).action("the first row is used"));
            self.dropped += 1;
            return;
        }
        self.used += 1;
        let minutes = if self.unit == TimeUnit::Seconds { cost / 60.0 } else { cost };
        self.times.pairs.push(PairTime { origin: origin_place, destination: destination_place, minutes });
    }

    fn finish(self, notices: &mut Notices) -> TravelTimes {
        let tally = notices.tally(self.file);
        (0..self.used).for_each(|_| tally.count_used());
        (0..self.dropped).for_each(|_| tally.count_dropped());
        if self.unknown > 0 {
            let problem =
                format!("{} rows name places that are in neither list, such as {:?}", self.unknown, self.an_unknown);
            notices.push(Notice::warning("pair_unknown", self.file, problem).action("left out"));
        }
        self.times
    }
}

fn places_of(ids: &[String]) -> FxHashMap<&str, usize> {
    ids.iter().map(String::as_str).zip(0..).collect()
}

/// Bits of memory for pairs that were seen, where each of all pairs has one.
const MOST_BITS: usize = 1 << 31;

/// Pairs that stand in the table so far.
enum SeenPairs {
    /// A bit per pair of all, and how many destinations there are.
    Bits(Vec<u64>, usize),
    /// Those alone.
    Set(FxHashSet<(usize, usize)>),
}

impl SeenPairs {
    fn among(origins: usize, destinations: usize) -> Self {
        match origins.checked_mul(destinations).filter(|pairs| *pairs <= MOST_BITS) {
            Some(pairs) => Self::Bits(vec![0; pairs.div_ceil(64)], destinations),
            None => Self::Set(FxHashSet::default()),
        }
    }

    /// Notes a pair; whether it is new.
    fn insert(&mut self, origin: usize, destination: usize) -> bool {
        match self {
            Self::Bits(bits, destinations) => {
                let pair = origin * *destinations + destination;
                let (word, bit) = (&mut bits[pair / 64], 1 << (pair % 64));
                let is_new = *word & bit == 0;
                *word |= bit;
                is_new
            }
            Self::Set(pairs) => pairs.insert((origin, destination)),
        }
    }
}

/// The first column that bears one of these names; earlier names win.
fn find_column(header: &[String], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|wanted| header.iter().position(|name| normalised(name) == *wanted))
}

impl Meaning {
    /// The one column whose name begins as those of times do, or the first that is named as amounts are.
    fn find(self, file: &str, header: &[String]) -> Result<Option<usize>, TravelTimesError> {
        if self.code == AMOUNT.code {
            return Ok(find_column(header, AMOUNTS));
        }
        let holds = |name: &str| {
            let name = normalised(name);
            TIMES.iter().any(|time| name == *time || name.starts_with(&format!("{time} ")))
        };
        let found: Vec<usize> = (0..header.len()).filter(|&column| holds(&header[column])).collect();
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            several => Err(TravelTimesError::ManyColumns {
                file: file.to_owned(),
                found: several.iter().map(|&column| header[column].clone()).collect(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, column: TimeColumn<'_>) -> (Result<TravelTimes, TravelTimesError>, Notices) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("times.csv");
        std::fs::write(&path, text).expect("a temporary file can be written");
        let ids = |ids: [&str; 2]| ids.map(str::to_owned);
        let (homes, shops) = (ids(["a", "b"]), ids(["X", "Y"]));
        let mut notices = Notices::new();
        let found = read_travel_times(&path, [&homes, &shops], column, &mut notices);
        (found, notices)
    }

    fn told(found: Result<TravelTimes, TravelTimesError>) -> Vec<(usize, usize, f64)> {
        found.expect("times").pairs.iter().map(|pair| (pair.origin, pair.destination, pair.minutes)).collect()
    }

    #[test]
    fn units_are_told_by_names() {
        let none = TimeColumn::default();
        for (name, number, minutes) in [
            ("travel_time_s", "90", 1.5),
            ("Minutes", "1,5", 1.5),
            ("time-min", "0", 0.0),
            ("duration_secs", "6e1", 1.0),
        ] {
            let (found, notices) =
                read(&format!("origin_id;destination_id;{name}\na;Y;{number}\nb;X;\na;X;NA\n"), none);
            assert_eq!(told(found), [(0, 1, minutes)], "{name}");
            assert!(notices.counts().is_empty() && notices.tallies()["times.csv"].balances());
        }
        let text = "from,to,travel_time_p5_s,travel_time_p50_s\nb,X,60,120\n";
        assert!(matches!(read(text, none).0, Err(TravelTimesError::ManyColumns { .. })));
        let second = TimeColumn { name: Some("travel_time_p50_s"), unit: None };
        assert_eq!(told(read(text, second).0), [(1, 0, 2.0)]);
        let text = "from,to,travel_time_p50\nb,X,30\n";
        assert!(matches!(read(text, none).0, Err(TravelTimesError::NoUnit { .. })));
        assert_eq!(told(read(text, TimeColumn { unit: Some(TimeUnit::Minutes), ..none }).0), [(1, 0, 30.0)]);
    }

    #[test]
    fn what_is_no_time_of_a_known_pair_is_told() {
        let text = "origin_id,destination_id,time_s\na,X,60\na,X,70\nq,X,60\na,Q,60\nb,X,-5\nb,Y,soon\nb,Y,inf\n";
        let (found, notices) = read(text, TimeColumn::default());
        assert_eq!(found.as_ref().expect("times").is_named, [[true, true]; 2]);
        assert_eq!(told(found), [(0, 0, 1.0)]);
        for (code, count) in [("pair_twice", 1), ("pair_unknown", 1), ("travel_time_invalid", 3)] {
            assert_eq!(notices.count(code), count, "{code}");
        }
        assert!(notices.tallies()["times.csv"].balances());
    }

    #[test]
    fn pairs_are_seen_once_by_bits_or_in_a_set() {
        assert!(matches!(SeenPairs::among(1 << 20, 1 << 20), SeenPairs::Set(_)));
        for mut seen in [SeenPairs::among(9, 9), SeenPairs::Set(FxHashSet::default())] {
            let told = [(8, 8), (0, 0), (8, 8), (7, 1), (1, 7), (0, 0)]
                .map(|(origin, destination)| seen.insert(origin, destination));
            assert_eq!(told, [true, true, false, true, true, false]);
        }
    }

    #[test]
    fn tables_without_ids_or_times_are_refused() {
        for text in ["", "id,time_s\na,5\n", "origin_id,destination_id\na,X\n", "origin_id,time_s\na,5\n"] {
            assert!(read(text, TimeColumn::default()).0.is_err(), "{text}");
        }
        let text = "origin_id,destination_id,time_s\na,X,60\n";
        assert!(read(text, TimeColumn { name: Some("walk"), unit: None }).0.is_err());
    }
}
