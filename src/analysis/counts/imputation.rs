//! Missing hours filled in: for totals, never for averages or calibration (methods §7.5).

use std::collections::BTreeMap;

use super::quality::SiteCheck;
use crate::analysis::statistics::median;
use crate::base::counting::HourlyCount;

/// More missing hours in a row than this are not filled in.
const MOST_HOURS: i64 = 3;
/// Weeks before and after whose same weekday and hour tell what is usual.
const WEEKS: i32 = 4;
/// Hours of a day that must tell how busy it was (default).
const LEAST_HOURS: usize = 12;

/// An hour that was not counted, and what would have been.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImputedHour {
    /// Hours since 1970-01-01 00:00 UTC.
    pub epoch_hour: i64,
    /// Local day, as days since 1970-01-01.
    pub day: i32,
    /// Local hour of the clock.
    pub hour: u8,
    /// Persons.
    pub persons: f64,
}

/// What the site usually counts at an hour of the clock: the median of the same weekday and hour in the four weeks before and
/// after, without the day itself.
struct Usual(BTreeMap<(i32, u8), f64>);

impl Usual {
    fn at(&self, day: i32, hour: u8) -> Option<f64> {
        let weeks = (-WEEKS..=WEEKS).filter(|&week| week != 0);
        let counts: Vec<f64> =
            weeks.filter_map(|week| self.0.get(&(day.checked_add(7 * week)?, hour)).copied()).collect();
        median(&counts)
    }

    /// How busy a day was beside what is usual; `None` where too few of its hours tell.
    fn scale(&self, day: i32) -> Option<f64> {
        let both =
            self.0.range((day, 0)..=(day, 23)).filter_map(|(&(day, hour), &count)| Some((count, self.at(day, hour)?)));
        let (count, usual, hours) =
            both.fold((0.0, 0.0, 0), |(count, usual, hours), (c, u)| (count + c, usual + u, hours + 1));
        (hours >= LEAST_HOURS && usual > 0.0).then(|| count / usual)
    }
}

/// Fills in at most three hours in a row that are missing or cannot serve: what is usual then, times how busy the rest of the
/// day was. `hours` are in ascending order and `check` is theirs. Hours of the night on which the clock changes stay missing.
pub fn impute_hours(hours: &[HourlyCount], check: &SiteCheck) -> Vec<ImputedHour> {
    let good: Vec<(&HourlyCount, f64)> = hours
        .iter()
        .zip(&check.flags)
        .filter(|(_, flags)| flags.is_good())
        .filter_map(|(hour, _)| Some((hour, f64::from(hour.total?))))
        .collect();
    let usual = Usual(good.iter().map(|(hour, count)| ((hour.day, hour.hour), *count)).collect());
    let local = |hour: &HourlyCount| i64::from(hour.day) * 24 + i64::from(hour.hour);
    let mut imputed = Vec::new();
    for pair in good.windows(2) {
        let (before, after) = (pair[0].0, pair[1].0);
        let missing = after.epoch_hour.saturating_sub(before.epoch_hour) - 1;
        if !(1..=MOST_HOURS).contains(&missing) || local(after) - local(before) != missing + 1 {
            continue;
        }
        for later in 1..=missing {
            let at = local(before) + later;
            let (Ok(day), Ok(hour)) = (i32::try_from(at.div_euclid(24)), u8::try_from(at.rem_euclid(24))) else {
                continue;
            };
            if let Some((usual, scale)) = usual.at(day, hour).zip(usual.scale(day)) {
                let epoch_hour = before.epoch_hour + later;
                imputed.push(ImputedHour { epoch_hour, day, hour, persons: usual * scale });
            }
        }
    }
    imputed
}

#[cfg(test)]
mod tests {
    use super::super::quality::{check_site, tests::days_of};
    use super::*;

    /// 100 persons and the hour; on day 30 half as many again, and hours missing.
    fn imputed(missing: std::ops::Range<u8>, absent: bool) -> Vec<ImputedHour> {
        let mut hours = days_of(0..60, |day, hour| {
            let count = 100 + u32::from(hour);
            let busy = if day == 30 { count * 3 / 2 } else { count };
            (day != 30 || !missing.contains(&hour)).then_some(busy)
        });
        if absent {
            hours.retain(|hour| hour.total.is_some());
        }
        impute_hours(&hours, &check_site(&hours))
    }

    #[test]
    fn three_hours_are_what_is_usual_on_a_day_that_busy() {
        for absent in [false, true] {
            let found = imputed(10..13, absent);
            let places: Vec<_> = found.iter().map(|hour| (hour.epoch_hour, hour.day, hour.hour)).collect();
            assert_eq!(places, [(730, 30, 10), (731, 30, 11), (732, 30, 12)]);
            // Half as many again, but for the halves that are cut off: 150, 151, 153 … for 100, 101, 102.
            assert!(found.iter().all(|h| (h.persons / f64::from(100 + u32::from(h.hour)) - 1.5).abs() < 0.005));
        }
    }

    #[test]
    fn four_hours_and_a_night_of_another_clock_stay_missing() {
        assert_eq!(imputed(10..14, false), []);
        let mut hours = days_of(0..60, |_, hour| Some(100 + u32::from(hour)));
        // The clock goes forward on day 30: the hour 2 of the clock is not there, and the day has 23 hours.
        hours.retain(|hour| (hour.day, hour.hour) != (30, 2) && (hour.day, hour.hour) != (30, 4));
        for hour in hours.iter_mut().filter(|hour| (hour.day, hour.hour) > (30, 2)) {
            hour.epoch_hour -= 1;
        }
        let found = impute_hours(&hours, &check_site(&hours));
        assert_eq!(found.iter().map(|hour| (hour.day, hour.hour)).collect::<Vec<_>>(), [(30, 4)]);
        assert_eq!(impute_hours(&[], &SiteCheck::default()), []);
    }
}
