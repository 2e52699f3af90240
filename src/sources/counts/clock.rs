//! Local clock readings → UTC, with the two days a year on which that is not plain.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::{CountsError, HOUR, TIME};
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
    time: usize,
    hour: Option<usize>,
    order: DateOrder,
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
        let time = table.find_column(TIME)?;
        let (order, assumed) = DateOrder::detect(table.rows().iter().map(|row| row.value(time)));
        if assumed {
            notices.push(
                Notice::warning("date_order_assumed", table.file(), "can be read day first or month first throughout")
                    .field(&table.header()[time], table.rows().first().map_or("", |row| row.value(time)))
                    .action("read day first"),
            );
        }
        let hour = table.find_column(HOUR).filter(|&hour| hour != time);
        Some(Self { time, hour, order })
    }

    /// Whether a column is one of these.
    pub(super) fn holds(&self, column: usize) -> bool {
        self.time == column || self.hour == Some(column)
    }

    /// The second (UTC) at which the interval of a row begins; `Err` tells why there is none. `seen` holds the readings
    /// that come twice and were met before, under the name of the series they belong to.
    pub(super) fn second(
        &self,
        table: &Table,
        row: &TableRow,
        clock: &LocalClock,
        seen: &mut BTreeSet<(String, DateTime)>,
        series: &str,
        notices: &mut Notices,
    ) -> Result<i64, Notice> {
        let text = row.value(self.time);
        let named = |notice: Notice| notice.at_row(row.number).field(&table.header()[self.time], text);
        let no_time = || named(Notice::error("time_unparsable", table.file(), "is not a time"));
        let stamp = Stamp::parse(text, self.order).ok_or_else(no_time)?;
        let mut civil = stamp.civil;
        if !stamp.has_time {
            let hour = row.value_in(self.hour).split(':').next().and_then(|hour| hour.trim().parse::<i8>().ok());
            let hour = hour.filter(|hour| (0..24).contains(hour)).ok_or_else(no_time)?;
            civil = civil.date().at(hour, 0, 0, 0);
        }
        if let Some(offset) = stamp.offset {
            return offset.to_timestamp(civil).map(Timestamp::as_second).map_err(|_| no_time());
        }
        match clock.moment(civil).ok_or_else(no_time)? {
            Moment::Plain(second) => Ok(second),
            Moment::Never => {
                let problem = "does not exist: the clock jumps over it when summer time begins";
                Err(named(Notice::warning("hour_does_not_exist", table.file(), problem)))
            }
            Moment::Twice(first, second) => {
                let again = !seen.insert((series.to_owned(), civil));
                let (chosen, action) = if again {
                    (second, "taken as the second of the two hours")
                } else {
                    (first, "taken as the first of the two hours; it may hold the persons of both")
                };
                let problem = "comes twice: summer time ends";
                notices.push(named(Notice::note("hour_ambiguous", table.file(), problem)).action(action));
                Ok(chosen)
            }
        }
    }
}
