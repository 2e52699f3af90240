//! Flags per hour, validity per day, level shifts of a site (methods §7.5).

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::statistics::median;
use crate::base::counting::{HourlyCount, weekday};

/// Zero hours in a row between 08 and 20 that are a fault (default).
const ZERO_HOURS_BY_DAY: usize = 6;
/// Zero hours in a row at any time that are a fault (default).
const ZERO_HOURS: usize = 24;
/// Hours in a row with the same count above zero that are a fault (default).
const FLAT_HOURS: usize = 4;
/// Robust standard deviations from the median beyond which an hour is a spike (default).
const SPIKE_DEVIATIONS: f64 = 6.0;
/// From median absolute deviation to standard deviation of a normal distribution.
const MAD_TO_DEVIATION: f64 = 1.4826;
/// Weeks that spikes need to be told (default).
const SPIKE_WEEKS: usize = 8;
/// Good hours of a valid day, one less than a day so that the day of 23 hours can be valid (default).
const GOOD_HOURS: usize = 23;
/// Hours of the clock that a valid day must hold: those that begin from 07 to 20.
const NEEDED_HOURS: std::ops::Range<u8> = 7..21;
/// In over out of a day outside this range is implausible (default).
pub(super) const DIRECTION_RATIO: std::ops::RangeInclusive<f64> = 0.1..=10.0;
/// Days before and after a level shift that are compared (default).
const SHIFT_DAYS: i32 = 30;
/// Valid days each side needs (default).
const SHIFT_LEAST_DAYS: usize = 20;
/// Ratio of the medians after and before, above which (or below whose inverse) the level has shifted (default).
const SHIFT_RATIO: f64 = 1.5;

/// What is odd about an hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct HourFlags {
    /// No count.
    pub gap: bool,
    /// Part of a run of zeros.
    pub zero_run: bool,
    /// Part of a run of one and the same count.
    pub flat_run: bool,
    /// Far from what the site counts at this hour and kind of day; a label, events do this.
    pub spike: bool,
}

impl HourFlags {
    /// Whether the hour may serve: there, and in no run of equal counts. Spikes are good hours.
    pub const fn is_good(self) -> bool {
        !(self.gap || self.zero_run || self.flat_run)
    }
}

/// What is known of a local day.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct DayCheck {
    /// Days since 1970-01-01, local.
    pub day: i32,
    /// Hours that may serve.
    pub good_hours: usize,
    /// Whether the day may serve for averages.
    pub valid: bool,
    /// Persons of all hours there are.
    pub total: u64,
    /// In over out is outside 0.1 to 10; `None` where a direction is missing all day.
    pub direction_odd: Option<bool>,
}

/// A lasting change of a site's level.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct LevelShift {
    /// First day of the new level, as well as it can be told.
    pub day: i32,
    /// Median of the 30 days from there over that of the 30 days before.
    pub ratio: f64,
}

/// All that is known about the quality of a site's counts.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct SiteCheck {
    /// Flags of the hours, in their order.
    pub flags: Vec<HourFlags>,
    /// Hours that are not in the input at all, between the first and the last.
    pub absent_hours: u64,
    /// The local days in order.
    pub days: Vec<DayCheck>,
    /// Level shifts in order.
    pub level_shifts: Vec<LevelShift>,
    /// Share of all persons who were counted from 02 to 05 in the morning; 0 without counts.
    pub night_share: f64,
}

impl SiteCheck {
    /// The days that may serve for averages.
    pub fn valid_days(&self) -> impl Iterator<Item = &DayCheck> {
        self.days.iter().filter(|day| day.valid)
    }

    /// Median of the valid days' totals; `None` without a valid day.
    pub fn median_day(&self) -> Option<f64> {
        median(&self.valid_days().map(|day| day.total as f64).collect::<Vec<_>>())
    }
}

/// Checks the hours of a site, which must be in ascending order.
pub fn check_site(hours: &[HourlyCount]) -> SiteCheck {
    let mut flags: Vec<HourFlags> =
        hours.iter().map(|hour| HourFlags { gap: hour.total.is_none(), ..HourFlags::default() }).collect();
    flag_runs(hours, &mut flags);
    flag_spikes(hours, &mut flags);
    let days = check_days(hours, &flags);
    let level_shifts = find_level_shifts(&days);
    let count = |kept: &dyn Fn(&HourlyCount) -> bool| -> u64 {
        hours.iter().filter(|hour| kept(hour)).map(|hour| u64::from(hour.total.unwrap_or(0))).sum()
    };
    let all = count(&|_| true);
    let night = count(&|hour| (2..5).contains(&hour.hour));
    let night_share = if all > 0 { night as f64 / all as f64 } else { 0.0 };
    let span = hours.first().zip(hours.last()).map_or(0, |(a, b)| b.epoch_hour.saturating_sub(a.epoch_hour) + 1);
    let absent_hours = u64::try_from(span).unwrap_or(0).saturating_sub(hours.len() as u64);
    SiteCheck { flags, absent_hours, days, level_shifts, night_share }
}

fn flag_runs(hours: &[HourlyCount], flags: &mut [HourFlags]) {
    let mut start = 0;
    while start < hours.len() {
        let mut end = start + 1;
        while end < hours.len()
            && hours[end].total == hours[start].total
            && hours[end].epoch_hour == hours[end - 1].epoch_hour.saturating_add(1)
        {
            end += 1;
        }
        let by_day = hours[start..end].iter().filter(|hour| (8..20).contains(&hour.hour)).count();
        match hours[start].total {
            Some(0) if by_day >= ZERO_HOURS_BY_DAY || end - start >= ZERO_HOURS => {
                flags[start..end].iter_mut().for_each(|flag| flag.zero_run = true);
            }
            Some(count) if count > 0 && end - start >= FLAT_HOURS => {
                flags[start..end].iter_mut().for_each(|flag| flag.flat_run = true);
            }
            _ => {}
        }
        start = end;
    }
}

/// Weekdays, Saturdays and Sundays each for themselves.
fn day_kind(day: i32) -> usize {
    weekday(day).saturating_sub(4)
}

fn flag_spikes(hours: &[HourlyCount], flags: &mut [HourFlags]) {
    let mut groups: BTreeMap<(usize, u8), Vec<usize>> = BTreeMap::new();
    for (index, hour) in hours.iter().enumerate().filter(|(_, hour)| hour.total.is_some()) {
        groups.entry((day_kind(hour.day), hour.hour)).or_default().push(index);
    }
    for members in groups.values() {
        let weeks: BTreeSet<i32> = members.iter().map(|&i| hours[i].day.saturating_add(3).div_euclid(7)).collect();
        if weeks.len() < SPIKE_WEEKS {
            continue;
        }
        let count = |i: &usize| f64::from(hours[*i].total.unwrap_or(0));
        let Some(middle) = median(&members.iter().map(count).collect::<Vec<_>>()) else { continue };
        let distances: Vec<f64> = members.iter().map(|i| (count(i) - middle).abs()).collect();
        let mad = median(&distances).unwrap_or(0.0).max(1.0);
        for (index, distance) in members.iter().zip(distances) {
            flags[*index].spike = distance > SPIKE_DEVIATIONS * MAD_TO_DEVIATION * mad;
        }
    }
}

fn check_days(hours: &[HourlyCount], flags: &[HourFlags]) -> Vec<DayCheck> {
    let mut of_day: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
    for (index, hour) in hours.iter().enumerate() {
        of_day.entry(hour.day).or_default().push(index);
    }
    of_day
        .into_iter()
        .map(|(day, members)| {
            let good: Vec<u8> = members.iter().filter(|&&i| flags[i].is_good()).map(|&i| hours[i].hour).collect();
            let sum = |of: &dyn Fn(&HourlyCount) -> Option<u32>| -> Option<u64> {
                members.iter().filter_map(|&i| of(&hours[i])).map(u64::from).reduce(|a, b| a + b)
            };
            let directions = sum(&|hour| hour.inwards).zip(sum(&|hour| hour.outwards));
            DayCheck {
                day,
                good_hours: good.len(),
                valid: good.len() >= GOOD_HOURS && NEEDED_HOURS.into_iter().all(|hour| good.contains(&hour)),
                total: sum(&|hour| hour.total).unwrap_or(0),
                direction_odd: directions.map(|(i, o)| i + o > 0 && !DIRECTION_RATIO.contains(&(i as f64 / o as f64))),
            }
        })
        .collect()
}

/// Each stretch of days on which the medians before and after differ gives one shift, at the middle of the stretch.
pub(super) fn find_level_shifts(days: &[DayCheck]) -> Vec<LevelShift> {
    let valid: Vec<(i32, f64)> = days.iter().filter(|day| day.valid).map(|day| (day.day, day.total as f64)).collect();
    let middle = |from: i32, to: i32| {
        let start = valid.partition_point(|(day, _)| *day < from);
        let end = valid.partition_point(|(day, _)| *day < to);
        let totals: Vec<f64> = valid[start..end].iter().map(|(_, total)| *total).collect();
        (totals.len() >= SHIFT_LEAST_DAYS).then(|| median(&totals)).flatten()
    };
    let mut stretches: Vec<(i32, i32, f64)> = Vec::new();
    for &(day, _) in &valid {
        let before = middle(day.saturating_sub(SHIFT_DAYS), day);
        let Some((before, after)) = before.zip(middle(day, day.saturating_add(SHIFT_DAYS))) else { continue };
        let rise = if after > 0.0 { f64::INFINITY } else { 1.0 };
        let ratio = if before > 0.0 { after / before } else { rise };
        if (1.0 / SHIFT_RATIO..=SHIFT_RATIO).contains(&ratio) {
            continue;
        }
        match stretches.last_mut() {
            Some((_, last, extreme))
                if day.saturating_sub(*last) <= SHIFT_DAYS && (ratio > 1.0) == (*extreme > 1.0) =>
            {
                *last = day;
                if ratio.ln().abs() > extreme.ln().abs() {
                    *extreme = ratio;
                }
            }
            _ => stretches.push((day, day, ratio)),
        }
    }
    stretches
        .into_iter()
        .map(|(first, last, ratio)| LevelShift { day: first + (last - first + 1) / 2, ratio })
        .collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Hours of whole days: `count(day, hour)`.
    pub(in crate::analysis::counts) fn days_of(
        days: std::ops::Range<i32>,
        count: impl Fn(i32, u8) -> Option<u32>,
    ) -> Vec<HourlyCount> {
        days.flat_map(|day| (0..24).map(move |hour| (day, hour)))
            .map(|(day, hour)| {
                let total = count(day, hour);
                let epoch_hour = i64::from(day) * 24 + i64::from(hour);
                HourlyCount {
                    epoch_hour,
                    day,
                    hour,
                    total,
                    inwards: total.map(|t| t / 2),
                    outwards: total.map(|t| t - t / 2),
                }
            })
            .collect()
    }

    /// 100 persons and the hour itself, so that no two hours of a day are alike.
    fn usual(_: i32, hour: u8) -> Option<u32> {
        Some(100 + u32::from(hour))
    }

    #[test]
    fn six_zero_hours_by_day_spoil_it_and_six_by_night_do_not() {
        let by_day = days_of(0..1, |d, h| if (9..15).contains(&h) { Some(0) } else { usual(d, h) });
        let check = check_site(&by_day);
        assert_eq!(check.flags.iter().filter(|flag| flag.zero_run).count(), 6);
        assert_eq!((check.days[0].good_hours, check.days[0].valid), (18, false));
        let by_night = days_of(0..1, |d, h| if h < 6 { Some(0) } else { usual(d, h) });
        assert!(check_site(&by_night).days[0].valid);
    }

    #[test]
    fn one_missing_hour_is_allowed_by_night_only() {
        for (missing, valid) in [(3, true), (12, false), (6, true), (20, false)] {
            let hours = days_of(0..1, |d, h| if h == missing { None } else { usual(d, h) });
            assert_eq!(check_site(&hours).days[0].valid, valid, "hour {missing}");
        }
    }

    #[test]
    fn four_equal_hours_are_flat_and_three_are_not() {
        let hours = days_of(0..1, |d, h| if (10..14).contains(&h) { Some(7) } else { usual(d, h) });
        assert_eq!(check_site(&hours).flags.iter().filter(|flag| flag.flat_run).count(), 4);
        let hours = days_of(0..1, |d, h| if (10..13).contains(&h) { Some(7) } else { usual(d, h) });
        assert!(check_site(&hours).flags.iter().all(|flag| !flag.flat_run));
    }

    /// 12 weeks of 112 persons at 12 h: MAD 0, taken as 1, so 112 + 6 * 1.4826 = 120.9 is the limit.
    #[test]
    fn a_spike_is_six_robust_deviations_away() {
        for (count, spike) in [(120, false), (121, true)] {
            let hours = days_of(0..84, |d, h| if (d, h) == (40, 12) { Some(count) } else { usual(d, h) });
            let check = check_site(&hours);
            assert_eq!(check.flags[40 * 24 + 12].spike, spike, "{count}");
            assert!(check.days[40].valid, "an event is no error");
        }
        let short = days_of(0..40, |d, h| if (d, h) == (20, 12) { Some(9999) } else { usual(d, h) });
        assert!(check_site(&short).flags.iter().all(|flag| !flag.spike), "fewer than eight weeks");
    }

    /// The level doubles on day 100: the medians of 30 days differ by 2 exactly there.
    #[test]
    fn a_doubled_level_is_one_shift() {
        let hours = days_of(0..200, |d, h| Some(if d < 100 { 100 } else { 200 } + u32::from(h)));
        let shifts = check_site(&hours).level_shifts;
        assert_eq!(shifts.len(), 1);
        assert_eq!(shifts[0].day, 100);
        assert!((shifts[0].ratio - (24.0 * 200.0 + 276.0) / (24.0 * 100.0 + 276.0)).abs() < 1e-12);
    }

    #[test]
    fn all_in_and_none_out_is_odd() {
        let mut hours = days_of(0..1, usual);
        assert_eq!(check_site(&hours).days[0].direction_odd, Some(false));
        hours.iter_mut().for_each(|hour| hour.outwards = Some(0));
        assert_eq!(check_site(&hours).days[0].direction_odd, Some(true));
        hours.iter_mut().for_each(|hour| hour.outwards = None);
        assert_eq!(check_site(&hours).days[0].direction_odd, None);
    }
}
