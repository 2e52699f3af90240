//! How much a site counted of what it should have: hours there and missing, gaps, stuck values, month by month.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::quality::{HourFlags, SiteCheck};
use crate::base::counting::{DailyCount, HourlyCount, year_and_month};

/// What is counted: hours, or days where the source tells no hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountStep {
    /// Hours.
    Hour,
    /// Days.
    Day,
}

/// Steps in a row that are missing or stuck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountRun {
    /// Local day on which it begins, as days since 1970-01-01.
    pub day: i32,
    /// How many steps.
    pub steps: u64,
    /// The count at which it is stuck; `None` for what is missing.
    pub count: Option<u32>,
}

/// A calendar month of a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MonthCoverage {
    /// Year and month, 1 to 12.
    pub month: (i32, u32),
    /// Steps with a count.
    pub counted: u64,
    /// Of these, in a run of zeros or of one and the same count.
    pub suspect: u64,
}

/// How much a site counted.
#[derive(Clone, Debug, PartialEq)]
pub struct CountCoverage {
    /// Hours or days.
    pub step: CountStep,
    /// First and last local day with a count, as days since 1970-01-01.
    pub days: RangeInclusive<i32>,
    /// Steps from the first to the last count, both included.
    pub expected: u64,
    /// Steps with a count.
    pub counted: u64,
    /// Of these, in a run of zeros that is a fault; of days those on which nobody was counted.
    pub zero: u64,
    /// Of these, in a run of one and the same count above zero.
    pub flat: u64,
    /// Of these, far from what the site counts at this hour: a label, events do this.
    pub spikes: u64,
    /// Stretches without a count between two counts.
    pub gaps: u64,
    /// The longest of them.
    pub longest_gap: Option<CountRun>,
    /// The longest run of zeros that is a fault.
    pub longest_zero: Option<CountRun>,
    /// The longest run of one and the same count above zero.
    pub longest_flat: Option<CountRun>,
    /// Each month with a count, in order.
    pub months: Vec<MonthCoverage>,
}

impl CountCoverage {
    /// Share of what was counted that lies in a run of zeros or of one and the same count, 0 to 1.
    pub fn suspect_share(&self) -> f64 {
        (self.zero + self.flat) as f64 / self.counted.max(1) as f64
    }

    /// Share of the expected steps that were counted, 0 to 1.
    pub fn counted_share(&self) -> f64 {
        self.counted as f64 / self.expected.max(1) as f64
    }
}

/// One step of a site: its place in time, its local day, its count, and what is odd about it.
type Step = (i64, i32, u32, HourFlags);

/// How much of its hours a site counted; `check` must be that of the same hours. `None` without a count.
pub fn measure_hour_coverage(hours: &[HourlyCount], check: &SiteCheck) -> Option<CountCoverage> {
    let counted = hours.iter().zip(&check.flags);
    let steps = counted.filter_map(|(hour, &flags)| Some((hour.epoch_hour, hour.day, hour.total?, flags)));
    measure(&steps.collect::<Vec<Step>>(), CountStep::Hour)
}

/// How much of its days a site counted whose source tells no hours. `None` without a count.
pub fn measure_day_coverage(days: &[DailyCount]) -> Option<CountCoverage> {
    let step = |day: &DailyCount| {
        let count = day.total?;
        Some((i64::from(day.day), day.day, count, HourFlags { zero_run: count == 0, ..HourFlags::default() }))
    };
    measure(&days.iter().filter_map(step).collect::<Vec<Step>>(), CountStep::Day)
}

fn measure(steps: &[Step], step: CountStep) -> Option<CountCoverage> {
    let (first, last) = (steps.first()?, steps.last()?);
    let count = |holds: fn(&HourFlags) -> bool| steps.iter().filter(|step| holds(&step.3)).count() as u64;
    let gaps: Vec<CountRun> = steps.windows(2).filter_map(|pair| gap_between(pair[0], pair[1], step)).collect();
    let mut months: BTreeMap<(i32, u32), MonthCoverage> = BTreeMap::new();
    for &(_, day, _, flags) in steps {
        let month = year_and_month(day);
        let entry = months.entry(month).or_insert(MonthCoverage { month, ..MonthCoverage::default() });
        entry.counted += 1;
        entry.suspect += u64::from(flags.zero_run || flags.flat_run);
    }
    Some(CountCoverage {
        step,
        days: first.1..=last.1,
        expected: u64::try_from(last.0.saturating_sub(first.0).saturating_add(1)).unwrap_or(0),
        counted: steps.len() as u64,
        zero: count(|flags| flags.zero_run),
        flat: count(|flags| flags.flat_run),
        spikes: count(|flags| flags.spike),
        gaps: gaps.len() as u64,
        longest_gap: longest(gaps),
        longest_zero: longest(stuck_runs(steps, |flags| flags.zero_run)),
        longest_flat: longest(stuck_runs(steps, |flags| flags.flat_run)),
        months: months.into_values().collect(),
    })
}

/// A gap of hours begins on the day of the last count before it, one of days on the day after.
fn gap_between(before: Step, after: Step, step: CountStep) -> Option<CountRun> {
    let missing = u64::try_from(after.0.saturating_sub(before.0).saturating_sub(1)).unwrap_or(0);
    let day = before.1.saturating_add(i32::from(step == CountStep::Day));
    (missing > 0).then_some(CountRun { day, steps: missing, count: None })
}

/// Runs of one count without a gap, of those steps for which `holds`.
fn stuck_runs(steps: &[Step], holds: fn(&HourFlags) -> bool) -> Vec<CountRun> {
    let same = |a: &Step, b: &Step| a.2 == b.2 && b.0 == a.0.saturating_add(1) && holds(&a.3) == holds(&b.3);
    let runs = steps.chunk_by(same).filter(|run| holds(&run[0].3));
    runs.map(|run| CountRun { day: run[0].1, steps: run.len() as u64, count: Some(run[0].2) }).collect()
}

/// The longest, of equally long ones the first.
fn longest(runs: Vec<CountRun>) -> Option<CountRun> {
    runs.into_iter().reduce(|a, b| if b.steps > a.steps { b } else { a })
}

#[cfg(test)]
mod tests {
    use super::super::quality::{check_site, tests::days_of};
    use super::*;
    use crate::base::counting::day_of_date;

    /// Ten days from 25 January 2023, 240 hours, 100 persons and the hour. On the 27th it is stuck at 55 from 8 to 19 h:
    /// 12 hours. From 30 January 12 h to 1 February 9 h nothing is there: 12 + 24 + 10 = 46 hours. On 2 February it counts
    /// nobody from 6 to 17 h: 12 hours.
    #[test]
    fn gaps_and_stuck_values_are_found_where_they_were_put() {
        let first = day_of_date(2023, 1, 25);
        let hours = days_of(first..first + 10, |day, hour| match (day - first, hour) {
            (2, 8..20) => Some(55),
            (5, 12..) | (6, _) | (7, ..10) => None,
            (8, 6..18) => Some(0),
            _ => Some(100 + u32::from(hour)),
        });
        let expected = CountCoverage {
            step: CountStep::Hour,
            days: first..=first + 9,
            expected: 240,
            counted: 194,
            zero: 12,
            flat: 12,
            spikes: 0,
            gaps: 1,
            longest_gap: Some(CountRun { day: first + 5, steps: 46, count: None }),
            longest_zero: Some(CountRun { day: first + 8, steps: 12, count: Some(0) }),
            longest_flat: Some(CountRun { day: first + 2, steps: 12, count: Some(55) }),
            // Five whole days and twelve hours in January; 14 hours and two whole days in February.
            months: vec![
                MonthCoverage { month: (2023, 1), counted: 132, suspect: 12 },
                MonthCoverage { month: (2023, 2), counted: 62, suspect: 12 },
            ],
        };
        let found = measure_hour_coverage(&hours, &check_site(&hours)).expect("counts");
        assert_eq!(found, expected);
        assert!((found.suspect_share() - 24.0 / 194.0).abs() < 1e-12);
        assert!((found.counted_share() - 194.0 / 240.0).abs() < 1e-12);
        // Hours that are not in the input at all are missing like those without a count.
        let present: Vec<HourlyCount> = hours.into_iter().filter(|hour| hour.total.is_some()).collect();
        assert_eq!(measure_hour_coverage(&present, &check_site(&present)), Some(expected));
    }

    #[test]
    fn days_without_hours_have_gaps_and_days_of_nobody() {
        let count =
            |day: i32| [Some(10), Some(0), None][usize::from(day == 3) + 2 * usize::from((5..8).contains(&day))];
        let days: Vec<DailyCount> =
            (0..10).map(|day| DailyCount { day, total: count(day), inwards: None, outwards: None }).collect();
        let found = measure_day_coverage(&days).expect("counts");
        assert_eq!((found.step, found.expected, found.counted, found.zero), (CountStep::Day, 10, 7, 1));
        assert_eq!(found.longest_gap, Some(CountRun { day: 5, steps: 3, count: None }));
        assert_eq!(measure_day_coverage(&[]), None);
    }
}
