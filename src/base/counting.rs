//! An hour or a day of a pedestrian counter, with its place in UTC and in the local calendar, and a short count by hand:
//! what readers hand over and measures work on.

use jiff::SignedDuration;
use jiff::civil::Date;

/// The day that days are counted from.
const EPOCH: Date = Date::constant(1970, 1, 1);

/// One hour of one count site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct HourlyCount {
    /// Hours since 1970-01-01 00:00 UTC of the start of the hour.
    pub epoch_hour: i64,
    /// Local calendar day, as days since 1970-01-01.
    pub day: i32,
    /// Local hour of the clock, 0 to 23. It comes twice on the day summer time ends and once less when it begins.
    pub hour: u8,
    /// Persons in both directions; `None` where missing.
    pub total: Option<u32>,
    /// Persons in the direction the source calls in.
    pub inwards: Option<u32>,
    /// Persons in the direction the source calls out.
    pub outwards: Option<u32>,
}

/// One day of one count site whose source tells no hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DailyCount {
    /// Local calendar day, as days since 1970-01-01.
    pub day: i32,
    /// Persons in both directions; `None` where missing.
    pub total: Option<u32>,
    /// Persons in the direction the source calls in.
    pub inwards: Option<u32>,
    /// Persons in the direction the source calls out.
    pub outwards: Option<u32>,
}

/// One count by hand: a part of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct ShortCount {
    /// Local calendar day, as days since 1970-01-01.
    pub day: i32,
    /// Minute of the day by the clock at which it begins, 0 to 1439.
    pub from_min: u16,
    /// Minute at which it ends, after its beginning, at most 1440.
    pub to_min: u16,
    /// Persons in both directions.
    pub count: u32,
}

/// Day of the week of a day since 1970-01-01: 0 Monday to 6 Sunday.
pub fn weekday(day: i32) -> usize {
    usize::try_from(date_of_day(day).weekday().to_monday_zero_offset()).unwrap_or(0)
}

/// Days since 1970-01-01 of a date of the Gregorian calendar; `i32::MAX` for what is no date.
pub fn day_of_date(year: i32, month: u32, day: u32) -> i32 {
    let date = || Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok();
    let days = |date: Date| i32::try_from(date.duration_since(EPOCH).as_hours() / 24).ok();
    date().and_then(days).unwrap_or(i32::MAX)
}

/// Year and month (1 to 12) of a day since 1970-01-01.
pub fn year_and_month(day: i32) -> (i32, u32) {
    let date = date_of_day(day);
    (date.year().into(), u32::from(date.month().unsigned_abs()))
}

/// The date of a day since 1970-01-01. Days outside the years -9999 to 9999 are taken as the first or the last day of these.
pub fn date_of_day(day: i32) -> Date {
    EPOCH.saturating_add(SignedDuration::from_hours(i64::from(day) * 24))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_weekdays_and_months_agree_with_the_calendar() {
        assert_eq!(day_of_date(1970, 1, 1), 0);
        assert_eq!(day_of_date(2000, 2, 29), 11_016);
        assert_eq!(weekday(day_of_date(2023, 1, 1)), 6, "a Sunday");
        assert_eq!(weekday(day_of_date(2024, 2, 29)), 3, "a Thursday");
        for (year, month, day) in [(2023, 1, 31), (2024, 2, 29), (1969, 12, 31), (2000, 3, 1)] {
            assert_eq!(year_and_month(day_of_date(year, month, day)), (year, month));
        }
    }

    #[test]
    fn days_beyond_the_calendar_do_not_panic() {
        assert_eq!(year_and_month(i32::MAX), (9999, 12));
        assert_eq!(year_and_month(i32::MIN), (-9999, 1));
        assert!(weekday(i32::MIN) < 7);
        assert_eq!(day_of_date(2023, 2, 29), i32::MAX);
        assert_eq!(day_of_date(i32::MIN, 1, 1), i32::MAX);
    }
}
