//! Pedestrian counts: which hours and sites can be trusted, and what they say of a year (methods §7.5, §7.6).
//!
//! In: the hours of a site in ascending order, its days where its source tells no hours, or its short counts. Out: flags,
//! valid days, a verdict per site, the annual average and the profile of the week. Nothing is removed from the counts: a
//! flag is a label, and events are not errors.

mod annual;
mod coverage;
mod daily;
mod day_factor;
mod health;
mod imputation;
mod quality;
mod rhythm;
mod short;

pub use annual::{AnnualAverage, AverageMethod, WeekProfile, measure_annual_average, week_profile};
pub use coverage::{CountCoverage, CountRun, CountStep, MonthCoverage, measure_day_coverage, measure_hour_coverage};
pub use daily::check_days;
pub use day_factor::{CountedDays, ExpansionError, expand_by_days, measure_expansion_error};
pub use health::{LEAST_SITES_FOR_LEVEL, LEAST_VALID_DAYS, SiteHealth, SuspectReason, judge_sites};
pub use imputation::{ImputedHour, impute_hours};
pub use quality::{DayCheck, HourFlags, LevelShift, SiteCheck, check_site};
pub use rhythm::{Pattern, Rhythm, measure_rhythm};
pub use short::{
    ExpandedAverage, ExpansionFactors, FactorBasis, LEAST_SHARE, LEAST_SITES_FOR_FACTORS, PermanentSite,
    expand_short_count, expand_short_counts,
};
