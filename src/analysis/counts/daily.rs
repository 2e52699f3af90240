//! Sites whose source tells days and no hours: what can be checked without hours.

use super::quality::{DIRECTION_RATIO, DayCheck, SiteCheck, find_level_shifts};
use crate::base::counting::DailyCount;

/// Hours of a day that was counted whole.
const HOURS: usize = 24;

/// Checks the days of a site, which must be in ascending order.
///
/// A day is valid where somebody was counted: a day of nobody is a run of 24 zero hours, which is a fault (methods §7.5).
/// Gaps, flat runs and people at night cannot be seen without hours; the share of the night is 0.
pub fn check_days(days: &[DailyCount]) -> SiteCheck {
    let checks: Vec<DayCheck> = days
        .iter()
        .filter_map(|day| {
            let total = day.total?;
            let ways = day.inwards.zip(day.outwards).filter(|(i, o)| i + o > 0);
            Some(DayCheck {
                day: day.day,
                good_hours: if total > 0 { HOURS } else { 0 },
                valid: total > 0,
                total: u64::from(total),
                direction_odd: ways.map(|(i, o)| !DIRECTION_RATIO.contains(&(f64::from(i) / f64::from(o)))),
            })
        })
        .collect();
    SiteCheck { level_shifts: find_level_shifts(&checks), days: checks, ..SiteCheck::default() }
}

#[cfg(test)]
mod tests {
    use super::super::annual::measure_annual_average;
    use super::super::health::{SiteHealth, judge_sites};
    use super::*;

    fn days(count: i32, total: fn(i32) -> Option<u32>) -> Vec<DailyCount> {
        (0..count).map(|day| DailyCount { day, total: total(day), inwards: None, outwards: None }).collect()
    }

    /// 40 days of 100 and one of nobody: the mean of the valid ones is 100.
    #[test]
    fn days_of_nobody_and_missing_ones_do_not_count() {
        let check =
            check_days(&days(42, |day| [Some(100), Some(0), None][usize::from(day == 3) + 2 * usize::from(day == 9)]));
        assert_eq!((check.days.len(), check.valid_days().count()), (41, 40));
        assert_eq!(measure_annual_average(&check).map(|average| average.aadp), Some(100.0));
        assert_eq!(judge_sites(&[check]), [SiteHealth::Usable]);
        assert_eq!(judge_sites(&[check_days(&[])]), [SiteHealth::Dead]);
    }

    #[test]
    fn one_way_only_is_odd() {
        let day = |inwards, outwards| DailyCount {
            day: 0,
            total: Some(10),
            inwards: Some(inwards),
            outwards: Some(outwards),
        };
        assert_eq!(check_days(&[day(10, 0)]).days[0].direction_odd, Some(true));
        assert_eq!(check_days(&[day(5, 5)]).days[0].direction_odd, Some(false));
        assert_eq!(check_days(&[day(0, 0)]).days[0].direction_odd, None);
    }
}
