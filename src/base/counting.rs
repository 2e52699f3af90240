//! An hour of a pedestrian counter, with its place in UTC and in the local calendar: what readers hand over and
//! measures work on.

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

/// Day of the week of a day since 1970-01-01 (a Thursday): 0 Monday to 6 Sunday.
pub fn weekday(day: i32) -> usize {
    (i64::from(day) + 3).rem_euclid(7) as usize
}

/// Days since 1970-01-01 of a date of the Gregorian calendar (Hinnant, *chrono-compatible low-level date algorithms*).
pub fn day_of_date(year: i32, month: u32, day: u32) -> i32 {
    let shifted = i64::from(year) - i64::from(month <= 2);
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    i32::try_from(era * 146_097 + day_of_era - 719_468).unwrap_or(i32::MAX)
}

/// Year and month (1 to 12) of a day since 1970-01-01.
pub fn year_and_month(day: i32) -> (i32, u32) {
    let shifted = i64::from(day) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year as i32, month as u32)
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
}
