//! Local clock readings → UTC, with the two days a year on which that is not plain.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::{CountsError, DATE, HOUR, TIME, UNTIL};
use crate::base::counting::day_of_date;
use crate::base::notice::{Notice, Notices};
use crate::sources::table::{DateOrder, Stamp, Table, TableRow};

/// The clock of a place.
#[derive(Debug)]
pub(super) struct LocalClock {
    zone: TimeZone,
}

/// Where a table has its time.
pub(super) struct TimeColumns {
    /// The column with the date, and mostly the time of day.
    date: usize,
    /// The column with the time of day where the other holds only the date.
    hour: Option<usize>,
    /// All columns that bear the name of a time.
    named: Vec<usize>,
    order: DateOrder,
    /// Whether no row tells a time of day.
    dates_only: bool,
}

/// How long the intervals of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bins {
    /// An hour or a part of it.
    Hours,
    /// A day.
    Days,
}

/// When the interval of each row begins, and how long it is.
pub(super) struct Readings {
    /// The second (UTC) of each row; `Err` tells why there is none.
    pub(super) seconds: Vec<Result<i64, Notice>>,
    pub(super) bins: Bins,
}

/// What a local reading is in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// This second.
    Plain(i64),
    /// A reading that comes twice: the first and the second time.
    Twice(i64, i64),
    /// A reading the clock jumps over.
    Never,
}

impl LocalClock {
    pub(super) fn new(zone: &str) -> Result<Self, CountsError> {
        let zone = TimeZone::get(zone).map_err(|_| CountsError::UnknownZone { zone: zone.to_owned() })?;
        Ok(Self { zone })
    }

    fn moment(&self, civil: DateTime) -> Option<Moment> {
        let at = |offset: jiff::tz::Offset| offset.to_timestamp(civil).ok().map(Timestamp::as_second);
        Some(match self.zone.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => Moment::Plain(at(offset)?),
            AmbiguousOffset::Fold { before, after } => Moment::Twice(at(before)?, at(after)?),
            AmbiguousOffset::Gap { .. } => Moment::Never,
        })
    }

    fn moment_of(&self, stamp: Stamp) -> Option<Moment> {
        match stamp.offset {
            Some(offset) => Some(Moment::Plain(offset.to_timestamp(stamp.civil).ok()?.as_second())),
            None => self.moment(stamp.civil),
        }
    }

    /// The start of the local hour a second lies in (UTC seconds), its local day and its hour.
    pub(super) fn local_hour(&self, second: i64) -> Option<(i64, i32, u8)> {
        let civil = self.zone.to_datetime(Timestamp::from_second(second).ok()?);
        let into_hour = i64::from(civil.minute()) * 60 + i64::from(civil.second());
        let month = u32::try_from(civil.month()).ok()?;
        let day = day_of_date(i32::from(civil.year()), month, u32::try_from(civil.day()).ok()?);
        Some((second - into_hour, day, u8::try_from(civil.hour()).ok()?))
    }
}

impl TimeColumns {
    /// The time columns of a table; a date order that is not settled is told of.
    pub(super) fn find(table: &Table, notices: &mut Notices) -> Option<Self> {
        let named_like =
            |names: &[&str]| -> Vec<usize> { names.iter().filter_map(|n| table.find_column(&[n])).collect() };
        let times = named_like(TIME);
        let dated = times.iter().chain(&named_like(DATE)).copied().find(|&column| table.has_dates(column));
        let date = dated.or(times.first().copied())?;
        let hour = named_like(HOUR).into_iter().chain(times).find(|&c| c != date && !table.has_dates(c));
        let named = table.columns_where(|name| [TIME, HOUR, UNTIL].iter().any(|names| names.contains(&name)));
        let mut columns = Self { date, hour, named, order: table.date_order(date, notices), dates_only: false };
        let clock_told = || table.rows().iter().any(|row| columns.stamp(row).is_some());
        columns.dates_only = columns.hour.is_none() && dated.is_some() && !clock_told();
        Some(columns)
    }

    /// Whether a column is one of these or another that bears the name of a time.
    pub(super) fn holds(&self, column: usize) -> bool {
        self.date == column || self.named.contains(&column)
    }

    /// When the interval of each row begins; `None`, which is told, where the intervals are longer than a day, so that
    /// no row can be used. `series` names what a row counts: within a series a local reading comes twice only where
    /// summer time ends.
    pub(super) fn read<'a>(
        &self,
        table: &'a Table,
        clock: &LocalClock,
        series: impl Fn(&'a TableRow) -> (&'a str, &'a str),
        notices: &mut Notices,
    ) -> Option<Readings> {
        let seconds = self.seconds(table, clock, series, notices);
        match self.days_between(&seconds, clock) {
            Some(days) if days > 1 => {
                let problem = format!("has a count every {days} days");
                let notice = Notice::error("bins_longer_than_day", table.file(), problem);
                notices.push(notice.action("table left out; hours or days are needed"));
                table.rows().iter().for_each(|_| notices.tally(table.file()).count_dropped());
                None
            }
            Some(_) => Some(Readings { seconds, bins: Bins::Days }),
            None => Some(Readings { seconds, bins: Bins::Hours }),
        }
    }

    /// Days from one count to the next as it mostly is, where all are at midnight; `None` where there are hours.
    fn days_between(&self, seconds: &[Result<i64, Notice>], clock: &LocalClock) -> Option<i32> {
        let distinct: BTreeSet<i64> = seconds.iter().filter_map(|second| second.as_ref().ok().copied()).collect();
        let midnight = |second: i64| clock.local_hour(second).filter(|&(start, _, hour)| start == second && hour == 0);
        let days: Vec<i32> =
            distinct.iter().map(|&second| Some(midnight(second)?.1)).collect::<Option<_>>().unwrap_or_default();
        if days.len() < 2 {
            return self.dates_only.then_some(1);
        }
        let mut gaps: BTreeMap<i32, usize> = BTreeMap::new();
        days.windows(2).for_each(|pair| *gaps.entry(pair[1] - pair[0]).or_insert(0) += 1);
        gaps.into_iter().max_by_key(|&(gap, times)| (times, std::cmp::Reverse(gap))).map(|(gap, _)| gap)
    }

    /// The second (UTC) at which the interval of each row begins; `Err` tells why there is none.
    fn seconds<'a>(
        &self,
        table: &'a Table,
        clock: &LocalClock,
        series: impl Fn(&'a TableRow) -> (&'a str, &'a str),
        notices: &mut Notices,
    ) -> Vec<Result<i64, Notice>> {
        let readings: Vec<Option<(Stamp, Moment)>> = table
            .rows()
            .iter()
            .map(|row| {
                let stamp = self.stamp(row)?;
                Some((stamp, clock.moment_of(stamp)?))
            })
            .collect();
        let mut times: BTreeMap<((&str, &str), DateTime), u32> = BTreeMap::new();
        let mut last: BTreeMap<(&str, &str), DateTime> = BTreeMap::new();
        let mut later_minus_earlier = 0_i64;
        for (row, (stamp, moment)) in table.rows().iter().zip(&readings).filter_map(|(r, s)| Some((r, s.as_ref()?))) {
            if matches!(moment, Moment::Twice(..)) {
                *times.entry((series(row), stamp.civil)).or_insert(0) += 1;
            }
            if let Some(before) = last.insert(series(row), stamp.civil) {
                later_minus_earlier += stamp.civil.cmp(&before) as i64;
            }
        }
        let newest_first = later_minus_earlier < 0;
        let mut met: BTreeMap<((&str, &str), DateTime), u32> = BTreeMap::new();
        let mut seconds = Vec::with_capacity(readings.len());
        for (row, reading) in table.rows().iter().zip(readings) {
            let text = row.value(self.date);
            let named = |notice: Notice| notice.at_row(row.number).field(&table.header()[self.date], text);
            seconds.push(match reading {
                None => Err(named(Notice::error("time_unparsable", table.file(), "is not a time"))),
                Some((_, Moment::Plain(second))) => Ok(second),
                Some((_, Moment::Never)) => {
                    let problem = "does not exist: the clock jumps over it when summer time begins";
                    Err(named(Notice::warning("hour_does_not_exist", table.file(), problem)))
                }
                Some((stamp, Moment::Twice(first, second))) => {
                    let key = (series(row), stamp.civil);
                    let met = met.entry(key).and_modify(|met| *met += 1).or_insert(1);
                    let of = times.get(&key).copied().unwrap_or(1);
                    let (chosen, action) = match of {
                        1 => (first, "taken as the first of the two hours; it may hold the persons of both"),
                        _ if *met == if newest_first { of } else { 1 } => {
                            (first, "taken as the first of the two hours")
                        }
                        _ => (second, "taken as the second of the two hours"),
                    };
                    let problem = "comes twice: summer time ends";
                    notices.push(named(Notice::note("hour_ambiguous", table.file(), problem)).action(action));
                    Ok(chosen)
                }
            });
        }
        seconds
    }

    /// Date and time of day of a row.
    fn stamp(&self, row: &TableRow) -> Option<Stamp> {
        let text = row.value(self.date);
        let stamp = Stamp::parse(text, self.order)?;
        if stamp.has_time || self.dates_only {
            return Some(stamp);
        }
        // `08:00-09:00` begins at eight.
        let hour = row.value_in(self.hour).split(['-', '–']).next()?.trim();
        Stamp::parse(&format!("{text} {hour}"), self.order).filter(|stamp| stamp.has_time)
    }
}
