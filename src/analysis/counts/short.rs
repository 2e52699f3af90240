//! Short counts by hand expanded to the annual average day (methods §7.6). The result is expanded, never measured.

use std::collections::BTreeMap;

use super::annual::{AnnualAverage, week_profile};
use super::quality::SiteCheck;
use crate::analysis::statistics::median;
use crate::base::counting::{HourlyCount, ShortCount, weekday, year_and_month};

/// Least share of a day's persons that must have been counted: a lesser one is blown up more than twentyfold (default).
pub const LEAST_SHARE: f64 = 0.05;
/// Permanent sites below which a town has no factors of its own (default).
pub const LEAST_SITES_FOR_FACTORS: usize = 3;

/// Shares of the hours of a working day, a Saturday and a Sunday where the town has no permanent sites.
///
/// The median over the 14 counters of Dublin's centre in 2023 whose level stayed within a factor of two over the months,
/// scaled to 1 (Dublin City Council, CC BY 4.0). A default: a small town goes to bed earlier.
const ASSUMED_HOURS: [[f64; 24]; 3] = [
    [
        0.008, 0.004, 0.003, 0.003, 0.001, 0.003, 0.014, 0.027, 0.058, 0.050, 0.052, 0.058, 0.075, 0.084, 0.071, 0.072,
        0.081, 0.092, 0.077, 0.057, 0.037, 0.029, 0.025, 0.019,
    ],
    [
        0.018, 0.015, 0.010, 0.008, 0.003, 0.003, 0.007, 0.011, 0.019, 0.033, 0.049, 0.063, 0.071, 0.078, 0.081, 0.085,
        0.083, 0.079, 0.068, 0.061, 0.049, 0.036, 0.038, 0.032,
    ],
    [
        0.024, 0.021, 0.016, 0.015, 0.005, 0.004, 0.006, 0.009, 0.015, 0.027, 0.044, 0.065, 0.077, 0.084, 0.089, 0.086,
        0.081, 0.080, 0.077, 0.058, 0.040, 0.033, 0.027, 0.017,
    ],
];
/// Monday to Sunday over the mean day of the week, from the same counters.
const ASSUMED_WEEKDAYS: [f64; 7] = [0.94, 1.01, 1.00, 1.06, 1.07, 1.05, 0.87];
/// January to December over the mean month, from those eleven of them that have all months.
const ASSUMED_MONTHS: [f64; 12] = [0.95, 1.06, 1.05, 1.02, 1.03, 1.00, 0.93, 0.98, 0.98, 1.05, 1.05, 0.90];

/// What expansion factors rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorBasis {
    /// Permanent sites of the town.
    Counted,
    /// Defaults of another town.
    Assumed,
}

/// A permanent site that can be trusted.
#[derive(Clone, Copy, Debug)]
pub struct PermanentSite<'a> {
    /// Its hours in ascending order; empty where its source tells days only.
    pub hours: &'a [HourlyCount],
    /// The check of these.
    pub check: &'a SiteCheck,
    /// Its annual average.
    pub average: AnnualAverage,
}

/// From a part of a day to the annual average day.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpansionFactors {
    /// What they rest on.
    pub basis: FactorBasis,
    /// Share of a day's persons by weekday (Monday first) and hour; each day sums to 1.
    pub hour_share: [[f64; 24]; 7],
    /// Mean day of a weekday over the mean day of the week.
    pub weekday: [f64; 7],
    /// Mean day of a month over the mean day of the year.
    pub month: [f64; 12],
    /// Persons of a calendar day over the annual average, from permanent sites that were counting; it goes before
    /// weekday and month.
    pub day: BTreeMap<i32, f64>,
}

/// The annual average of a site of short counts.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct ExpandedAverage {
    /// Persons per day.
    pub aadp: f64,
    /// Days with a count.
    pub days: usize,
    /// Minutes counted in all.
    pub minutes: u32,
}

impl ExpansionFactors {
    /// The defaults.
    pub fn assumed() -> Self {
        let hour_share = [0, 0, 0, 0, 0, 1, 2].map(|kind| ASSUMED_HOURS[kind]);
        let (weekday, month) = (ASSUMED_WEEKDAYS, ASSUMED_MONTHS);
        Self { basis: FactorBasis::Assumed, hour_share, weekday, month, day: BTreeMap::new() }
    }

    /// The factors of a town's permanent sites, the median of them; the defaults with fewer than
    /// [`LEAST_SITES_FOR_FACTORS`] that tell every hour of the week. Months that none has stay at the defaults, scaled to
    /// those that some have.
    pub fn of_sites(sites: &[PermanentSite<'_>]) -> Self {
        let assumed = Self::assumed();
        let shares: Vec<[[f64; 24]; 7]> = sites.iter().filter_map(|site| shares_of(site)).collect();
        if shares.len() < LEAST_SITES_FOR_FACTORS {
            return assumed;
        }
        let mut hour_share = assumed.hour_share;
        for (day, hours) in hour_share.iter_mut().enumerate() {
            for (hour, share) in hours.iter_mut().enumerate() {
                *share = median(&shares.iter().map(|of| of[day][hour]).collect::<Vec<_>>()).unwrap_or(0.0);
            }
            let sum: f64 = hours.iter().sum();
            hours.iter_mut().for_each(|share| *share /= sum);
        }
        let weekday = factors_of(sites, assumed.weekday, weekday);
        let month = factors_of(sites, assumed.month, |day| year_and_month(day).1 as usize - 1);
        Self { basis: FactorBasis::Counted, hour_share, weekday, month, day: day_factors(sites) }
    }

    /// Share of a weekday's persons from one minute of the day to another, those of an hour spread evenly over it.
    pub fn share_between(&self, weekday: usize, from_min: u16, to_min: u16) -> f64 {
        let overlap = |hour: usize| {
            let start = hour as u16 * 60;
            f64::from(to_min.min(start + 60).saturating_sub(from_min.max(start))) / 60.0
        };
        (0..24).map(|hour| overlap(hour) * self.hour_share[weekday.min(6)][hour]).sum()
    }
}

/// The shares of a site whose every hour of the week is known.
fn shares_of(site: &PermanentSite<'_>) -> Option<[[f64; 24]; 7]> {
    if site.hours.len() != site.check.flags.len() || site.hours.is_empty() {
        return None;
    }
    let profile = week_profile(site.hours, site.check);
    let mut shares = [[0.0; 24]; 7];
    for (day, hours) in shares.iter_mut().enumerate() {
        for (hour, share) in hours.iter_mut().enumerate() {
            *share = profile.hour_share(day, hour)?;
        }
    }
    Some(shares)
}

/// The median over sites of the mean day of each group over the mean of the group means; `assumed`, scaled to these,
/// where no site has the group.
fn factors_of<const N: usize>(
    sites: &[PermanentSite<'_>],
    assumed: [f64; N],
    group_of: impl Fn(i32) -> usize,
) -> [f64; N] {
    let mut found: Vec<Vec<f64>> = vec![Vec::new(); N];
    for site in sites {
        let mut sums = [(0.0, 0.0); N];
        for day in site.check.valid_days() {
            let sum = &mut sums[group_of(day.day)];
            *sum = (sum.0 + day.total as f64, sum.1 + 1.0);
        }
        let means = sums.map(|(sum, count)| (count > 0.0).then(|| sum / count));
        let known = means.iter().zip(assumed).filter_map(|(mean, assumed)| Some((mean.as_ref()?, assumed)));
        let (total, weight) =
            known.fold((0.0, 0.0), |(total, weight), (mean, assumed)| (total + mean, weight + assumed));
        for (group, mean) in means.iter().enumerate() {
            if let Some(mean) = mean.filter(|_| total > 0.0) {
                // With all groups the assumed ones sum to N, and this is the mean of the group over that of the groups.
                found[group].push(mean * weight / total);
            }
        }
    }
    let mut factors = assumed;
    for (factor, found) in factors.iter_mut().zip(&found) {
        *factor = median(found).filter(|factor| *factor > 0.0).unwrap_or(*factor);
    }
    factors
}

/// The mean over sites of a day's persons over the annual average, for days on which enough sites were counting.
fn day_factors(sites: &[PermanentSite<'_>]) -> BTreeMap<i32, f64> {
    let mut days: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
    for site in sites.iter().filter(|site| site.average.aadp > 0.0) {
        for day in site.check.valid_days() {
            days.entry(day.day).or_default().push(day.total as f64 / site.average.aadp);
        }
    }
    let known = days.into_iter().filter(|(_, ratios)| ratios.len() >= LEAST_SITES_FOR_FACTORS);
    known.map(|(day, ratios)| (day, ratios.iter().sum::<f64>() / ratios.len() as f64)).collect()
}

/// `AADP = count / share / F_weekday / F_month` of a short count; `None` unless all factors are above zero.
///
/// `count` is in persons, `share` is the share of the day's persons in the counted hours, 0 to 1; a factor is that
/// weekday's or month's mean day over the annual mean, from permanent sites of the same pattern. The result is in persons
/// per day, not negative.
///
/// # References
/// FHWA, Traffic Monitoring Guide (2016), chapter 4; Hankey, Lindsey and Marshall (2014), Day-of-year scaling factors and
/// design considerations for nonmotorized traffic monitoring programs, Transportation Research Record 2468.
pub fn expand_short_count(count: f64, share: f64, weekday_factor: f64, month_factor: f64) -> Option<f64> {
    let usable = [share, weekday_factor, month_factor].iter().all(|factor| factor.is_finite() && *factor > 0.0);
    (usable && count >= 0.0).then(|| count / share / weekday_factor / month_factor)
}

/// The annual average of a site from its short counts: the mean over the counted days, each expanded as a whole.
///
/// The counts of a day must not overlap. Days of which less than [`LEAST_SHARE`] was counted are left out; `None` where
/// no other is left. Where permanent sites were counting on that day, their day factor stands for weekday and month.
pub fn expand_short_counts(counts: &[ShortCount], factors: &ExpansionFactors) -> Option<ExpandedAverage> {
    let mut days: BTreeMap<i32, (f64, f64, u32)> = BTreeMap::new();
    for count in counts {
        let day = days.entry(count.day).or_default();
        day.0 += f64::from(count.count);
        day.1 += factors.share_between(weekday(count.day), count.from_min, count.to_min);
        day.2 += u32::from(count.to_min.saturating_sub(count.from_min));
    }
    let expanded = days.into_iter().filter(|(_, (_, share, _))| *share >= LEAST_SHARE).filter_map(|(day, counted)| {
        let (persons, share, minutes) = counted;
        let aadp = match factors.day.get(&day) {
            Some(factor) => expand_short_count(persons, share, *factor, 1.0)?,
            None => {
                let month = factors.month[year_and_month(day).1 as usize - 1];
                expand_short_count(persons, share, factors.weekday[weekday(day)], month)?
            }
        };
        Some((aadp, minutes))
    });
    let (sum, days, minutes) =
        expanded.fold((0.0, 0, 0), |(sum, days, minutes), (aadp, more)| (sum + aadp, days + 1, minutes + more));
    (days > 0).then(|| ExpandedAverage { aadp: sum / days as f64, days, minutes })
}

#[cfg(test)]
mod tests {
    use super::super::annual::measure_annual_average;
    use super::super::quality::{check_site, tests::days_of};
    use super::*;
    use crate::base::counting::day_of_date;

    fn short(day: i32, from_min: u16, to_min: u16, count: u32) -> ShortCount {
        ShortCount { day, from_min, to_min, count }
    }

    /// methods §7.6: 180 persons in 2 h, share 0.20, factors 1.1 and 0.9.
    #[test]
    fn a_short_count_by_hand() {
        let found = expand_short_count(180.0, 0.20, 1.1, 0.9).expect("factors");
        assert!((found - 909.0909).abs() < 1e-3, "{found}");
        assert_eq!(expand_short_count(180.0, 0.0, 1.1, 0.9), None);
        assert_eq!(expand_short_count(180.0, f64::NAN, 1.1, 0.9), None);
    }

    #[test]
    fn the_defaults_sum_to_whole_days_weeks_and_years() {
        let factors = ExpansionFactors::assumed();
        for day in 0..7 {
            assert!((factors.share_between(day, 0, 1440) - 1.0).abs() < 1e-9, "{day}");
        }
        assert!((factors.weekday.iter().sum::<f64>() - 7.0).abs() < 1e-9);
        assert!((factors.month.iter().sum::<f64>() - 12.0).abs() < 1e-9);
    }

    /// The worked example through dates: Friday 2 June 2023, 14:00-15:00 and 15:00-16:00 in two rows; share 0.1 an hour,
    /// Fridays 1.1, June 0.9.
    #[test]
    fn the_counts_of_a_day_are_expanded_as_one() {
        let mut factors = ExpansionFactors::assumed();
        factors.hour_share[4][14] = 0.1;
        factors.hour_share[4][15] = 0.1;
        factors.weekday[4] = 1.1;
        factors.month[5] = 0.9;
        let day = day_of_date(2023, 6, 2);
        let counts = [short(day, 840, 900, 80), short(day, 900, 960, 100)];
        let found = expand_short_counts(&counts, &factors).expect("a share of 0.2");
        assert!((found.aadp - 909.0909).abs() < 1e-3, "{found:?}");
        assert_eq!((found.days, found.minutes), (1, 120));
        // Half of each hour holds half of its share, so the same persons stand for twice as many.
        let half = expand_short_counts(&[short(day, 870, 930, 180)], &factors).expect("a share of 0.1");
        assert!((half.aadp - 2.0 * found.aadp).abs() < 1e-6, "{half:?}");
        // Permanent sites had 1.25 times their average that day: 180 / 0.2 / 1.25 = 720.
        factors.day.insert(day, 1.25);
        assert!((expand_short_counts(&counts, &factors).expect("a day").aadp - 720.0).abs() < 1e-9);
    }

    #[test]
    fn a_night_is_too_little_to_tell_a_day() {
        let factors = ExpansionFactors::assumed();
        assert_eq!(expand_short_counts(&[short(0, 120, 240, 7)], &factors), None);
        assert_eq!(expand_short_counts(&[], &factors), None);
    }

    /// Three sites of one pattern: 12 people an hour from 8 to 20 and a bit of the hour, nobody else; twice as many on
    /// Sundays. A count of two hours of a fourth such site gives its average back.
    #[test]
    fn the_factors_of_a_town_give_back_the_average_of_a_like_site() {
        let year = day_of_date(2023, 1, 1)..day_of_date(2024, 1, 1);
        let count = |day: i32, hour: u8| match hour {
            8..20 => Some((100 + u32::from(hour)) * if weekday(day) == 6 { 2 } else { 1 }),
            _ => Some(0),
        };
        let hours = days_of(year, count);
        let check = check_site(&hours);
        let average = measure_annual_average(&check).expect("a year");
        let site = PermanentSite { hours: &hours, check: &check, average };
        let factors = ExpansionFactors::of_sites(&[site; 3]);
        assert_eq!(factors.basis, FactorBasis::Counted);
        assert_eq!(ExpansionFactors::of_sites(&[site; 2]).basis, FactorBasis::Assumed);
        for date in [day_of_date(2023, 5, 16), day_of_date(2023, 5, 21), day_of_date(2022, 5, 17)] {
            let two_hours = (10..12).map(|hour| count(date, hour).expect("persons")).sum();
            let found = expand_short_counts(&[short(date, 600, 720, two_hours)], &factors).expect("a share");
            // Month means differ by their number of Sundays; exact with the factor of the day itself.
            let off = (found.aadp / average.aadp - 1.0).abs();
            assert!(off < if factors.day.contains_key(&date) { 1e-9 } else { 0.05 }, "{date}: {found:?} {average:?}");
        }
    }
}
