//! From hours to the annual average day and the profile of the week (methods §7.6).

use std::collections::BTreeMap;

use super::quality::SiteCheck;
use crate::base::counting::{HourlyCount, weekday, year_and_month};

/// How an annual average was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AverageMethod {
    /// Mean over weekdays of the mean over months of the mean day: every month has every weekday (AASHTO).
    MonthByWeekday,
    /// Mean of the valid days: some month lacks some weekday, so seasons and weekdays may weigh wrongly.
    MeanOfValidDays,
}

/// Annual average daily pedestrians of a site.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct AnnualAverage {
    /// Persons per day.
    pub aadp: f64,
    /// How it was found.
    pub method: AverageMethod,
    /// Valid days it rests on.
    pub days: usize,
}

/// The annual average of a checked site; `None` without a valid day.
pub fn measure_annual_average(check: &SiteCheck) -> Option<AnnualAverage> {
    let mut cells: BTreeMap<(usize, u32), (f64, f64)> = BTreeMap::new();
    let mut sum = 0.0;
    let mut days = 0_u32;
    for day in check.valid_days() {
        let cell = cells.entry((weekday(day.day), year_and_month(day.day).1)).or_default();
        cell.0 += day.total as f64;
        cell.1 += 1.0;
        sum += day.total as f64;
        days += 1;
    }
    if days == 0 {
        return None;
    }
    if cells.len() < 7 * 12 {
        return Some(AnnualAverage {
            aadp: sum / f64::from(days),
            method: AverageMethod::MeanOfValidDays,
            days: days as usize,
        });
    }
    // All 84 cells are there, so the mean of weekday means of month means is the plain mean of the cells.
    let aadp = cells.values().map(|(total, count)| total / count).sum::<f64>() / cells.len() as f64;
    Some(AnnualAverage { aadp, method: AverageMethod::MonthByWeekday, days: days as usize })
}

/// Mean persons by weekday (Monday first) and hour of the clock.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct WeekProfile {
    /// Persons per hour; `None` where no good hour was counted.
    pub persons: [[Option<f64>; 24]; 7],
}

impl WeekProfile {
    /// Share of the day's persons in an hour; `None` where an hour of that day is unknown or nobody comes.
    pub fn hour_share(&self, weekday: usize, hour: usize) -> Option<f64> {
        let day = self.persons.get(weekday)?;
        let total = day.iter().copied().sum::<Option<f64>>()?;
        day.get(hour).copied().flatten().filter(|_| total > 0.0).map(|persons| persons / total)
    }
}

/// The profile of the week from the good hours of a site; `check` must be that of the same hours.
pub fn week_profile(hours: &[HourlyCount], check: &SiteCheck) -> WeekProfile {
    let mut sums = [[(0.0, 0.0); 24]; 7];
    for (hour, flags) in hours.iter().zip(&check.flags) {
        if let (Some(total), true) = (hour.total, flags.is_good()) {
            let cell = &mut sums[weekday(hour.day)][usize::from(hour.hour.min(23))];
            cell.0 += f64::from(total);
            cell.1 += 1.0;
        }
    }
    WeekProfile { persons: sums.map(|day| day.map(|(sum, count)| (count > 0.0).then(|| sum / count))) }
}

#[cfg(test)]
mod tests {
    use super::super::quality::{check_site, tests::days_of};
    use super::*;
    use crate::base::counting::day_of_date;

    /// A level of 100 per hour on weekdays and 240 on Sundays, plus 0..23: the mean of the seven weekday means.
    #[test]
    fn weekdays_weigh_alike_in_a_full_year() {
        let year = day_of_date(2023, 1, 1)..day_of_date(2024, 1, 1);
        let count = |day: i32, hour: u8| Some(if weekday(day) == 6 { 240 } else { 100 } + u32::from(hour));
        let hours = days_of(year.clone(), count);
        let average = measure_annual_average(&check_site(&hours)).expect("days");
        assert_eq!((average.method, average.days), (AverageMethod::MonthByWeekday, 365));
        let expected = (6.0 * (2400.0 + 276.0) + (24.0 * 240.0 + 276.0)) / 7.0;
        assert!((average.aadp - expected).abs() < 1e-9, "{}", average.aadp);
        let half = measure_annual_average(&check_site(&days_of(year.start..year.start + 180, count))).expect("days");
        assert_eq!(half.method, AverageMethod::MeanOfValidDays);
    }

    #[test]
    fn the_hours_of_a_weekday_share_its_day() {
        let hours = days_of(0..28, |_, hour| Some(if hour < 6 { 0 } else { 100 + u32::from(hour) }));
        let profile = week_profile(&hours, &check_site(&hours));
        assert_eq!(profile.persons[2][12], Some(112.0));
        let shares: f64 = (0..24).filter_map(|hour| profile.hour_share(2, hour)).sum();
        assert!((shares - 1.0).abs() < 1e-12);
        assert_eq!(WeekProfile { persons: [[None; 24]; 7] }.hour_share(0, 0), None);
    }
}
