//! Pedestrian counts: which hours and sites can be trusted, and what they say of a year (methods §7.5, §7.6).
//!
//! In: the hours of a site in ascending order. Out: flags, valid days, a verdict per site, the annual average and the
//! profile of the week. Nothing is removed from the counts: a flag is a label, and events are not errors.

mod annual;
mod health;
mod quality;

pub use annual::{AnnualAverage, AverageMethod, WeekProfile, expand_short_count, measure_annual_average, week_profile};
pub use health::{LEAST_SITES_FOR_LEVEL, LEAST_VALID_DAYS, SiteHealth, SuspectReason, judge_sites};
pub use quality::{DayCheck, HourFlags, LevelShift, SiteCheck, check_site};
