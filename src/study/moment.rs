//! The moment of a study: the local civil time at which conditional access and opening hours are asked.

use jiff::civil::{Date, DateTime, Weekday};

use crate::base::units::ClockTime;

/// The day at the hour at which the window of the study begins. Without a day of service the first Tuesday from the day
/// of the data on stands for it; `None` where neither is known.
pub fn study_moment(service_date: Option<Date>, data_date: Option<&str>, window_start: ClockTime) -> Option<DateTime> {
    let date = service_date.or_else(|| first_tuesday(data_date?.parse().ok()?))?;
    let minutes = window_start.seconds() / 60;
    let (hour, minute) = (i8::try_from(minutes / 60 % 24).ok()?, i8::try_from(minutes % 60).ok()?);
    Some(date.at(hour, minute, 0, 0))
}

fn first_tuesday(from: Date) -> Option<Date> {
    match from.weekday() {
        Weekday::Tuesday => Some(from),
        _ => from.nth_weekday(1, Weekday::Tuesday).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// 2025-05-01 is a Thursday, the next Tuesday is the 6th.
    #[test]
    fn a_study_without_a_day_has_the_tuesday_after_its_data() {
        let start = ClockTime::from_hm(14, 0);
        assert_eq!(study_moment(None, Some("2025-05-01"), start), Some(date(2025, 5, 6).at(14, 0, 0, 0)));
        assert_eq!(study_moment(None, Some("2025-05-06"), start), Some(date(2025, 5, 6).at(14, 0, 0, 0)));
        let saturday = date(2026, 3, 7);
        assert_eq!(study_moment(Some(saturday), Some("2025-05-01"), start), Some(saturday.at(14, 0, 0, 0)));
        assert_eq!(study_moment(None, None, start), None);
        assert_eq!(study_moment(None, Some("long ago"), start), None);
    }
}
