//! Pedestrian counts: hourly columns per count site, in UTC with the local calendar beside it.
//!
//! In: wide tables (a column per counter and direction), long tables (a row per site and time), exports of Telraam, short
//! counts by hand, tables of sites, in any mix. Out: [`CountRecords`]. Nothing is judged here: a counter that counts
//! twice is read as it is, the measures flag it. A time stands for the interval that begins then.

mod cell;
mod clock;
mod days;
mod directions;
#[cfg(feature = "tables")]
mod grouping;
pub(crate) mod header;
mod hours;
mod long;
mod short;
mod sites;
mod telraam;
mod wide;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::base::counting::{DailyCount, HourlyCount, ShortCount};
use crate::base::notice::{Notice, Notices};
use crate::base::projection::LonLat;
use crate::sources::table::{Table, TableError, normalised, read_table_below_titles};
use clock::Bins;

/// Names of the column with the time.
const TIME: &[&str] = &[
    "date and time (local)",
    "local time",
    "time",
    "timestamp",
    "datetime",
    "date time",
    "date and time",
    "date heure",
    "date et heure",
    "horodatage",
    "zeitpunkt",
    "datum uhrzeit",
    "zeit",
    "date",
    "datum",
    "sensing date",
    "start time",
    "start",
    "from",
    "début",
    "debut",
    "von",
    "beginn",
];
/// Names of the column with the end of the interval.
const UNTIL: &[&str] = &["end time", "time to", "end", "to", "until", "heure fin", "fin", "à", "bis", "ende", "tot"];
/// Names of the column with the date where another holds only the time of day.
const DATE: &[&str] = &["date", "datum", "sensing date", "jour", "day", "tag"];
/// Names of the column with the hour where the time column holds only the date.
const HOUR: &[&str] = &[
    "hour",
    "heure",
    "stunde",
    "hourday",
    "uhrzeit",
    "hour of day",
    "time of day",
    "plage horaire",
    "tranche horaire",
    "zeitraum",
];

/// Why counts cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum CountsError {
    /// A table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The time zone.
    #[error("\"{zone}\" is not a time zone; expected an IANA name such as Europe/Brussels")]
    UnknownZone {
        /// What was given.
        zone: String,
    },
    /// No table among the files holds counts.
    #[error(
        "none of the files holds counts; expected a time column with a column per counter, or site, time and count"
    )]
    NoCounts,
    /// The columns could not be grouped.
    #[error("counts cannot be grouped by site and hour: {reason}")]
    Grouping {
        /// What the table library says.
        reason: String,
    },
}

/// A place where people are counted.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct CountSite {
    /// Its id in the source, else its name made comparable.
    pub id: String,
    /// Its name as written.
    pub name: String,
    /// Where it is, if a file says so.
    pub position: Option<LonLat>,
}

/// All counts of a study.
#[derive(Clone, Debug, Default)]
pub struct CountRecords {
    /// The sites, by id.
    pub sites: Vec<CountSite>,
    /// Their hours in ascending order, in the order of the sites; empty for a site without a single count.
    pub hours: Vec<Vec<HourlyCount>>,
    /// Their days in ascending order, for sites without a single hour whose source tells days.
    pub days: Vec<Vec<DailyCount>>,
    /// Their short counts by hand in ascending order.
    pub short: Vec<Vec<ShortCount>>,
}

/// What a count is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    Total = 0,
    In = 1,
    Out = 2,
}

/// One number of a table: a site, a direction, the second (UTC) its interval begins, and the persons.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Observation {
    pub site: u32,
    pub direction: Direction,
    pub second: i64,
    pub count: u32,
}

/// What the tables say so far.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Site number by comparable name.
    by_key: BTreeMap<String, u32>,
    sites: Vec<CountSite>,
    observations: Vec<Observation>,
    /// Counts of whole days; the second is that of the midnight at which the day begins.
    days: Vec<Observation>,
    /// Short counts by site.
    short: BTreeMap<u32, Vec<ShortCount>>,
    /// Counts beside a larger one of the same site, direction and interval, that are not among the observations.
    doubles: usize,
}

impl Gathered {
    fn site(&mut self, name: &str) -> u32 {
        let key = site_key(name);
        let next = self.sites.len() as u32;
        let index = *self.by_key.entry(key.clone()).or_insert(next);
        if index == next {
            let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
            self.sites.push(CountSite { id: key, name, position: None });
        }
        index
    }

    /// The counts of intervals of a length.
    fn counts_of(&mut self, bins: Bins) -> &mut Vec<Observation> {
        match bins {
            Bins::Hours => &mut self.observations,
            Bins::Days => &mut self.days,
        }
    }
}

/// A site's name for comparing: lower case, single blanks, without the words that say what is counted.
fn site_key(name: &str) -> String {
    let plain = normalised(name);
    let mut words: Vec<&str> = plain.split(' ').collect();
    while words.len() > 1
        && words.last().is_some_and(|word| ["pedestrian", "pedestrians", "peds", "piétons", "pietons"].contains(word))
    {
        words.pop();
    }
    words.join(" ")
}

/// Reads count tables and site tables, told apart by their columns. `zone` is the IANA zone of times without offset.
pub fn read_counts(paths: &[PathBuf], zone: &str) -> Result<(CountRecords, Notices), CountsError> {
    let mut notices = Notices::new();
    let read = |path: &PathBuf| read_table_below_titles(path, header::header_of_counts, &mut notices);
    let tables: Result<Vec<Table>, TableError> = paths.iter().map(read).collect();
    let records = records_of_tables(&tables?, zone, &mut notices)?;
    Ok((records, notices))
}

/// The same from tables already read.
pub(crate) fn records_of_tables(
    tables: &[Table],
    zone: &str,
    notices: &mut Notices,
) -> Result<CountRecords, CountsError> {
    let clock = clock::LocalClock::new(zone)?;
    let mut gathered = Gathered::default();
    let mut positions = Vec::new();
    let mut counted = false;
    for table in tables {
        if let Some(columns) = telraam::find_columns(table) {
            counted = true;
            telraam::gather(table, &columns, &clock, &mut gathered, notices);
        } else if let Some(columns) = short::find_columns(table, notices) {
            counted = true;
            short::gather(table, &columns, &mut gathered, &mut positions, notices);
        } else if let Some(columns) = long::find_columns(table) {
            counted = true;
            long::gather(table, &columns, &clock, &mut gathered, &mut positions, notices);
        } else if table.find_column(TIME).is_some() {
            counted = true;
            wide::gather(table, &clock, &mut gathered, notices);
        } else if !sites::gather(table, &mut positions, notices) {
            notices.push(
                Notice::error("table_not_recognised", table.file(), "holds neither counts nor sites with positions")
                    .field("columns", table.header().join(", "))
                    .action("left out"),
            );
            table.rows().iter().for_each(|_| notices.tally(table.file()).count_dropped());
        }
    }
    if !counted {
        return Err(CountsError::NoCounts);
    }
    sites::join(&mut gathered, &positions, notices);
    hours::group(gathered, &clock, notices)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::counting::day_of_date;
    use crate::sources::table::parse_table_below_titles;

    fn read(texts: &[&str], zone: &str) -> (CountRecords, Notices) {
        let mut notices = Notices::new();
        let name = |i: usize| format!("{i}.csv");
        let tables: Vec<Table> = texts
            .iter()
            .enumerate()
            .map(|(i, text)| {
                let test = header::header_of_counts;
                parse_table_below_titles(&name(i), text.as_bytes(), test, &mut notices).expect("a table")
            })
            .collect();
        let records = records_of_tables(&tables, zone, &mut notices).expect("counts");
        assert!(notices.tallies().values().all(|tally| tally.balances()));
        (records, notices)
    }

    /// The header styles of the Dublin table, reduced to one hour.
    #[test]
    fn columns_of_one_counter_find_each_other_whatever_their_suffix() {
        let wide = "Time,A st,A st IN,A st OUT,B st inbound,B st inbound Pedestrians IN,B st inbound Pedestrians OUT,\
                    C/D Pedestrian,C/D IN,C/D OUT,E East,E East Channel 1 IN,E East Channel 2 OUT,F ,F  Pedestrian IN,F  Pedestrian OUT\n\
                    13/01/2023 10:00,5,2,3,7,3,4,9,4,5,11,5,6,13,6,7\n";
        let sites = "Counter Locations,Latitude,Longitude\na ST,53.3,-6.2\nNowhere,53.4,-6.3\n";
        let (records, notices) = read(&[wide, sites], "Europe/Dublin");
        let names: Vec<&str> = records.sites.iter().map(|site| site.name.as_str()).collect();
        assert_eq!(names, ["A st", "B st inbound", "C/D Pedestrian", "E East", "F"]);
        for (hours, (total, inwards)) in records.hours.iter().zip([(5, 2), (7, 3), (9, 4), (11, 5), (13, 6)]) {
            let hour = hours[0];
            assert_eq!((hour.total, hour.inwards, hour.outwards), (Some(total), Some(inwards), Some(total - inwards)));
            assert_eq!((hour.day, hour.hour), (day_of_date(2023, 1, 13), 10));
            assert_eq!(hour.epoch_hour, i64::from(hour.day) * 24 + 10, "Dublin is on UTC in winter");
        }
        assert_eq!(records.sites[0].position, LonLat::new(-6.2, 53.3));
        assert_eq!(notices.count("location_without_counts"), 1);
        assert_eq!(notices.count("site_without_position"), 4);
    }

    /// Brussels, 26 March 2023: 02:00 does not exist; 29 October: 02:00 comes twice, first at UTC 00:00, then 01:00.
    #[test]
    fn the_days_of_23_and_25_hours() {
        let spring = "time,A\n26/03/2023 01:00,1\n26/03/2023 02:00,1\n26/03/2023 03:00,3\n";
        let (records, notices) = read(&[spring], "Europe/Brussels");
        let utc: Vec<i64> =
            records.hours[0].iter().map(|h| h.epoch_hour - i64::from(day_of_date(2023, 3, 26)) * 24).collect();
        assert_eq!(utc, [0, 1]);
        assert_eq!(notices.count("hour_does_not_exist"), 1);
        assert_eq!(notices.tallies()["0.csv"].dropped, 1);

        let autumn = "time,A\n29/10/2023 01:00,1\n29/10/2023 02:00,2\n29/10/2023 02:00,4\n29/10/2023 03:00,8\n";
        let (records, notices) = read(&[autumn], "Europe/Brussels");
        let found: Vec<(i64, Option<u32>)> = records.hours[0]
            .iter()
            .map(|h| (h.epoch_hour - i64::from(day_of_date(2023, 10, 29)) * 24, h.total))
            .collect();
        assert_eq!(found, [(-1, Some(1)), (0, Some(2)), (1, Some(4)), (2, Some(8))]);
        assert_eq!(notices.count("hour_ambiguous"), 2);
    }

    #[test]
    fn quarters_of_an_hour_are_summed_and_a_part_of_an_hour_is_missing() {
        let long = "site;timestamp;count\nA;2023-05-01T10:00;1\nA;2023-05-01T10:15;2\nA;2023-05-01T10:30;3\n\
                    A;2023-05-01T10:45;4\nA;2023-05-01T11:00;5\nA;2023-05-01T11:15;5\nA;2023-05-01T11:30;5\n\
                    A;2023-05-01T11:45;5\nA;2023-05-01T12:00;7\n";
        let (records, notices) = read(&[long], "Europe/Brussels");
        let totals: Vec<Option<u32>> = records.hours[0].iter().map(|hour| hour.total).collect();
        assert_eq!(totals, [Some(10), Some(20), None]);
        assert_eq!(notices.count("hour_partial"), 1);
    }

    #[test]
    fn directions_of_a_long_table_add_up_to_the_total() {
        let long = "site,time,direction,count\nA,2023-05-01 10:00,in,3\nA,2023-05-01 10:00,out,4\n";
        let (records, _) = read(&[long], "Europe/Brussels");
        let hour = records.hours[0][0];
        assert_eq!((hour.total, hour.inwards, hour.outwards), (Some(7), Some(3), Some(4)));
    }

    /// Half the traffic is lost where one of two directions is taken for a second count of the other.
    #[test]
    fn directions_of_unknown_name_add_up_to_the_total() {
        let long = "site,time,direction,count\nA,2023-05-01 10:00,North,3\nA,2023-05-01 10:00,South,4\n\
                    A,2023-05-01 11:00,North,3\nA,2023-05-01 11:00,South,\n\
                    A,2023-05-01 12:00,North,3\nA,2023-05-01 12:00,South,4\nA,2023-05-01 12:00,total,8\n\
                    B,2023-05-01 10:00,A-B,5\nB,2023-05-01 10:00,A-B,6\n";
        let (records, notices) = read(&[long], "Europe/Brussels");
        let totals = |site: usize| records.hours[site].iter().map(|hour| hour.total).collect::<Vec<_>>();
        assert_eq!(totals(0), [Some(7), Some(8)], "an hour without one of the directions is missing");
        assert_eq!(totals(1), [Some(6)], "one word alone is no part of a total");
        assert_eq!((notices.count("directions_summed"), notices.count("count_duplicate")), (1, 1));
    }

    /// `time` bears the time of day, `date` the date; the other way round the hour column has minutes.
    #[test]
    fn a_date_and_a_time_in_two_columns_are_one_moment() {
        for header in ["site,date,time,count", "site,datum,uhrzeit,count"] {
            let long = format!(
                "{header}\nA,31/12/2023,10:00,1\nA,31/12/2023,10:30,2\nA,31/12/2023,11:00-11:30,3\nA,31/12/2023,11:30-12:00,4\n"
            );
            let (records, notices) = read(&[&long], "Europe/Dublin");
            let totals: Vec<_> = records.hours[0].iter().map(|hour| (hour.hour, hour.total)).collect();
            assert_eq!(totals, [(10, Some(3)), (11, Some(7))], "{header}");
            assert_eq!(notices.tallies()["0.csv"].used, 4);
        }
        let (records, _) = read(&["date,time,A\n31/12/2023,10:00,5\n"], "Europe/Dublin");
        assert_eq!((records.sites.len(), records.hours[0][0].total), (1, Some(5)));
    }

    #[test]
    fn positions_of_a_long_table_may_have_decimal_commas() {
        let long = "site;time;count;lon;lat\nA;2023-05-01 10:00;1;5,57;50,63\n";
        let (records, _) = read(&[long], "Europe/Brussels");
        assert_eq!(records.sites[0].position, LonLat::new(5.57, 50.63));
    }

    /// A row whose position stays unused is dropped, not used.
    #[test]
    fn sites_without_counts_are_tallied_as_dropped() {
        let sites = "name,lat,lon\nA,53.3,-6.2\nA,53.9,-6.2\nC,53,-6\nD,,\n";
        let (_, notices) = read(&["time,A\n2023-05-01 10:00,1\n", sites], "Europe/Dublin");
        let tally = notices.tallies()["1.csv"];
        assert_eq!((tally.read, tally.used, tally.dropped), (4, 1, 3));
    }

    proptest! {
        /// Newest first or oldest first, site by site or hour by hour: the night of 25 hours is the same. Brussels,
        /// 29 October 2023: 02:00 comes twice.
        #[test]
        fn the_direction_of_the_file_does_not_matter_when_summer_time_ends(counts in proptest::collection::vec(0u32..50, 2 * 25), by_hour in any::<bool>()) {
            let hours = [0, 1, 2].into_iter().chain(2..24);
            let mut rows: Vec<(u32, usize, String)> = Vec::new();
            for (nth, hour) in hours.enumerate() {
                for site in 0..2 {
                    let count = counts[nth * 2 + site as usize];
                    rows.push((site, nth, format!("S{site},2023-10-29 {hour:02}:00,{count}\n")));
                }
            }
            rows.sort_by_key(|(site, nth, _)| if by_hour { (*nth, *site as usize) } else { (*site as usize, *nth) });
            let table = |rows: &[(u32, usize, String)]| {
                format!("site,time,count\n{}", rows.iter().map(|(_, _, line)| line.as_str()).collect::<String>())
            };
            let (one, _) = read(&[&table(&rows)], "Europe/Brussels");
            rows.reverse();
            let (two, _) = read(&[&table(&rows)], "Europe/Brussels");
            let written: Vec<Option<u32>> = (0..25).map(|nth| Some(counts[nth * 2])).collect();
            prop_assert_eq!(one.hours[0].iter().map(|hour| hour.total).collect::<Vec<_>>(), written);
            prop_assert_eq!(one.hours, two.hours);
        }

        /// Shuffled rows of a long table give the same result, double rows with different counts among them.
        #[test]
        fn the_order_of_the_rows_does_not_matter(rows in proptest::collection::vec((0u8..3, 0u8..30, 0u32..50), 1..40), turn in 0usize..40) {
            let line = |(site, hour, count): &(u8, u8, u32)| format!("S{site},2023-05-{:02} {:02}:00,{count}\n", 1 + hour / 24, hour % 24);
            let text = |rows: &[(u8, u8, u32)]| format!("site,time,count\n{}", rows.iter().map(line).collect::<String>());
            let mut shuffled = rows.clone();
            shuffled.rotate_left(turn % rows.len());
            shuffled.reverse();
            let (one, _) = read(&[&text(&rows)], "Europe/Brussels");
            let (two, _) = read(&[&text(&shuffled)], "Europe/Brussels");
            prop_assert_eq!(one.sites, two.sites);
            prop_assert_eq!(one.hours, two.hours);
        }
    }
}
