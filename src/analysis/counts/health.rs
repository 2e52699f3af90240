//! Whether a count site can be used: a verdict with reasons.
//!
//! All rules are defaults chosen here, set so that the counters which their owner took down for counting too much
//! stand out. A suspect site is not deleted: it is left out of calibration and shown with its reason.

use super::quality::SiteCheck;
use crate::analysis::statistics::median;

/// Valid days below which a site says too little about a year (default).
pub const LEAST_VALID_DAYS: usize = 30;
/// Live sites a town needs before their levels are compared (default).
pub const LEAST_SITES_FOR_LEVEL: usize = 8;
/// A site whose median day is below this many persons is dead (default).
const DEAD_BELOW_PER_DAY: f64 = 10.0;
/// Streets are near empty from 02 to 05; a larger share of the day's persons is no people (default).
const NIGHT_SHARE: f64 = 0.1;
/// Share of days with implausible directions from which a site is suspect (default).
const ODD_DIRECTION_SHARE: f64 = 0.1;
/// A level shift by more than this factor, either way, is a changed counter and no changed street (default).
const SHIFT_FACTOR: f64 = 3.0;
/// A site above this many times the median live site of the town …
const LEVEL_FACTOR: f64 = 5.0;
/// … and above this many persons on its median day counts too much, or is a different kind of place (default).
const LEVEL_PER_DAY: f64 = 50_000.0;

/// Why a site is suspect.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum SuspectReason {
    /// Fewer than 30 valid days.
    FewValidDays {
        /// How many there are.
        days: usize,
    },
    /// Too many people at night.
    NightShare {
        /// Share of the day's persons from 02 to 05.
        share: f64,
    },
    /// In and out differ by more than a factor of ten on many days.
    Directions {
        /// Share of the days.
        share: f64,
    },
    /// The level changed by more than a factor of three.
    LevelShift {
        /// New level over old.
        ratio: f64,
    },
    /// Far above the other sites of the town.
    Level {
        /// Median day over the median of the live sites.
        times_median: f64,
    },
}

/// Whether a site can be used.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "verdict", content = "reasons")]
pub enum SiteHealth {
    /// Nothing speaks against it.
    Usable,
    /// To be looked at before it is used.
    Suspect(Vec<SuspectReason>),
    /// It counts nothing, or next to nothing.
    Dead,
}

/// A verdict on each site of a town, in order.
pub fn judge_sites(checks: &[SiteCheck]) -> Vec<SiteHealth> {
    let levels: Vec<Option<f64>> = checks.iter().map(live_level).collect();
    let live: Vec<f64> = levels.iter().flatten().copied().collect();
    let typical = median(&live).filter(|_| live.len() >= LEAST_SITES_FOR_LEVEL);
    checks
        .iter()
        .zip(levels)
        .map(|(check, level)| match level {
            None => SiteHealth::Dead,
            Some(level) => {
                let reasons = reasons_of(check, level, typical);
                if reasons.is_empty() { SiteHealth::Usable } else { SiteHealth::Suspect(reasons) }
            }
        })
        .collect()
}

/// Persons on the median day, of all days where none is valid; `None` for a dead site.
fn live_level(check: &SiteCheck) -> Option<f64> {
    let all: Vec<f64> = check.days.iter().map(|day| day.total as f64).collect();
    let mean = all.iter().sum::<f64>() / all.len().max(1) as f64;
    let level = check.median_day().unwrap_or(mean);
    (level >= DEAD_BELOW_PER_DAY).then_some(level)
}

fn reasons_of(check: &SiteCheck, level: f64, typical: Option<f64>) -> Vec<SuspectReason> {
    let mut reasons = Vec::new();
    let days = check.valid_days().count();
    if days < LEAST_VALID_DAYS {
        reasons.push(SuspectReason::FewValidDays { days });
    }
    if check.night_share > NIGHT_SHARE {
        reasons.push(SuspectReason::NightShare { share: check.night_share });
    }
    let directed: Vec<bool> = check.days.iter().filter_map(|day| day.direction_odd).collect();
    let odd = directed.iter().filter(|odd| **odd).count() as f64 / directed.len().max(1) as f64;
    if odd > ODD_DIRECTION_SHARE {
        reasons.push(SuspectReason::Directions { share: odd });
    }
    let largest = check.level_shifts.iter().max_by(|a, b| a.ratio.ln().abs().total_cmp(&b.ratio.ln().abs()));
    if let Some(shift) = largest.filter(|shift| shift.ratio.ln().abs() > SHIFT_FACTOR.ln()) {
        reasons.push(SuspectReason::LevelShift { ratio: shift.ratio });
    }
    if let Some(times_median) = typical.map(|typical| level / typical)
        && times_median > LEVEL_FACTOR
        && level > LEVEL_PER_DAY
    {
        reasons.push(SuspectReason::Level { times_median });
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::super::quality::{check_site, tests::days_of};
    use super::*;

    fn site(level: u32) -> SiteCheck {
        // Empty from 0 to 6, else `level` and the hour: 18 hours of level + hour.
        check_site(&days_of(0..60, |_, hour| Some(if hour < 6 { 0 } else { level + u32::from(hour) })))
    }

    #[test]
    fn a_site_far_above_the_others_is_suspect_and_needs_others_to_be_so() {
        let mut checks: Vec<SiteCheck> = (0..8).map(|i| site(500 + i)).collect();
        checks.push(site(4000));
        let verdicts = judge_sites(&checks);
        assert!(verdicts[..8].iter().all(|verdict| *verdict == SiteHealth::Usable));
        assert!(
            matches!(&verdicts[8], SiteHealth::Suspect(reasons) if matches!(reasons[..], [SuspectReason::Level { .. }]))
        );
        assert_eq!(judge_sites(&[site(500), site(4000)]), [SiteHealth::Usable, SiteHealth::Usable]);
    }

    #[test]
    fn people_all_night_are_no_people() {
        // The same level day and night: 3 of 24 hours fall from 02 to 05, a share of 0.125 minus the hour's trend.
        let check = check_site(&days_of(0..60, |_, hour| Some(1000 + u32::from(hour))));
        let verdict = &judge_sites(&[check])[0];
        assert!(
            matches!(verdict, SiteHealth::Suspect(reasons) if matches!(reasons[..], [SuspectReason::NightShare { .. }]))
        );
    }

    #[test]
    fn silence_is_dead_and_ten_days_are_few() {
        let silent = check_site(&days_of(0..60, |_, _| Some(0)));
        let short = check_site(&days_of(0..10, |_, hour| Some(if hour < 6 { 0 } else { 100 + u32::from(hour) })));
        let verdicts = judge_sites(&[silent, check_site(&[]), short]);
        assert_eq!(verdicts[0], SiteHealth::Dead);
        assert_eq!(verdicts[1], SiteHealth::Dead);
        assert_eq!(verdicts[2], SiteHealth::Suspect(vec![SuspectReason::FewValidDays { days: 10 }]));
    }
}
