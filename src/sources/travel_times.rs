//! Travel times between places, as any tool writes them: a long table, a row per origin and destination.
//!
//! In: a CSV with ids and a column of times; the ids that are known. Out: minutes by the places of both among the known ones.
//! Pairs without a time have no way. Sources layer: knows no network.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::table::{Expected, Table, TableError, normalised, read_table};
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

/// Why travel times cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TravelTimesError {
    /// The file as a table.
    #[error(transparent)]
    Table(#[from] TableError),
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

/// Reads the times between known origins and destinations. Rows of others are counted and left out; of a pair that stands
/// twice the first row counts.
pub fn read_travel_times(
    path: &Path,
    [origins, destinations]: [&[String]; 2],
    column: TimeColumn<'_>,
    notices: &mut Notices,
) -> Result<Vec<PairTime>, TravelTimesError> {
    let table = read_table(path, notices)?;
    let file = table.file().to_owned();
    let no_column =
        |what: String| TravelTimesError::NoColumn { file: file.clone(), what, found: table.header().to_vec() };
    let from = table.find_column(ORIGIN).ok_or_else(|| no_column("origins, such as origin_id".to_owned()))?;
    let to =
        table.find_column(DESTINATION).ok_or_else(|| no_column("destinations, such as destination_id".to_owned()))?;
    let time = match column.name {
        Some(name) => {
            table.find_column(&[normalised(name).as_str()]).ok_or_else(|| no_column(format!("times named {name}")))?
        }
        None => find_times(&table)?.ok_or_else(|| no_column("times, such as travel_time_s".to_owned()))?,
    };
    let name = table.header()[time].clone();
    let unit = column.unit.or_else(|| TimeUnit::of_name(&name));
    let unit = unit.ok_or_else(|| TravelTimesError::NoUnit { file: file.clone(), column: name.clone() })?;
    let style = table.number_style(time, Expected::Any, notices);
    let [origins, destinations] = [origins, destinations].map(places_of);
    let (mut pairs, mut seen) = (Vec::with_capacity(table.rows().len()), FxHashSet::default());
    let (mut unknown, mut an_unknown) = (0_u64, String::new());
    for row in table.rows() {
        let (origin, destination, text) = (row.value(from), row.value(to), row.value(time));
        let known = origins.get(origin).zip(destinations.get(destination));
        let Some((&origin_place, &destination_place)) = known else {
            let stranger = if origins.contains_key(origin) { destination } else { origin };
            if unknown == 0 {
                an_unknown = stranger.to_owned();
            }
            unknown += 1;
            notices.tally(&file).count_dropped();
            continue;
        };
        if text.is_empty() {
            notices.tally(&file).count_used();
            continue;
        }
        let Some(number) = style.parse(text).filter(|number| number.is_finite() && *number >= 0.0) else {
            let notice = Notice::error("travel_time_invalid", &file, "is no time of 0 or more").at_row(row.number);
            notices.push(notice.field(&name, text).action("pair taken to have no way"));
            notices.tally(&file).count_dropped();
            continue;
        };
        if !seen.insert((origin_place, destination_place)) {
            let notice =
                Notice::warning("pair_twice", &file, format!("{origin} to {destination} stands more than once"));
            notices.push(notice.at_row(row.number).action("the first row is used"));
            notices.tally(&file).count_dropped();
            continue;
        }
        notices.tally(&file).count_used();
        let minutes = if unit == TimeUnit::Seconds { number / 60.0 } else { number };
        pairs.push(PairTime { origin: origin_place, destination: destination_place, minutes });
    }
    if unknown > 0 {
        let problem = format!("{unknown} rows name places that are in neither list, such as {an_unknown:?}");
        notices.push(Notice::warning("pair_unknown", &file, problem).action("left out"));
    }
    Ok(pairs)
}

fn places_of(ids: &[String]) -> FxHashMap<&str, usize> {
    ids.iter().map(String::as_str).zip(0..).collect()
}

/// The one column whose name begins as those of times do.
fn find_times(table: &Table) -> Result<Option<usize>, TravelTimesError> {
    let holds = |name: &str| {
        let name = normalised(name);
        TIMES.iter().any(|time| name == *time || name.starts_with(&format!("{time} ")))
    };
    match table.columns_where(holds).as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        several => Err(TravelTimesError::ManyColumns {
            file: table.file().to_owned(),
            found: several.iter().map(|&column| table.header()[column].clone()).collect(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, column: TimeColumn<'_>) -> (Result<Vec<PairTime>, TravelTimesError>, Notices) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("times.csv");
        std::fs::write(&path, text).expect("a temporary file can be written");
        let ids = |ids: [&str; 2]| ids.map(str::to_owned);
        let (homes, shops) = (ids(["a", "b"]), ids(["X", "Y"]));
        let mut notices = Notices::new();
        let found = read_travel_times(&path, [&homes, &shops], column, &mut notices);
        (found, notices)
    }

    fn told(found: Result<Vec<PairTime>, TravelTimesError>) -> Vec<(usize, usize, f64)> {
        found.expect("times").iter().map(|pair| (pair.origin, pair.destination, pair.minutes)).collect()
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
            let (found, notices) = read(&format!("origin_id;destination_id;{name}\na;Y;{number}\nb;X;\n"), none);
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
        assert_eq!(told(found), [(0, 0, 1.0)]);
        for (code, count) in [("pair_twice", 1), ("pair_unknown", 1), ("travel_time_invalid", 3)] {
            assert_eq!(notices.count(code), count, "{code}");
        }
        assert!(notices.tallies()["times.csv"].balances());
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
