//! Counts that somebody brings, cleaned, judged and brought to the year; needs no streets.
//!
//! In: files of any layout of counts, or a study that has some. Out: per site what can be trusted, its annual average and
//! its rhythm; per hour and day what was counted and what is filled in; the factors by which short counts are expanded, and
//! how far these are off.

use std::path::{Path, PathBuf};

use crate::analysis::counts::{
    AverageMethod, CountedDays, ExpansionError, ExpansionFactors, FactorBasis, ImputedHour, Pattern, PermanentSite,
    Rhythm, SiteCheck, WeekProfile, expand_by_days, impute_hours, measure_annual_average, measure_rhythm, week_profile,
};
use crate::analysis::parameters::Parameters;
use crate::base::notice::Notices;
use crate::base::projection::{LonLat, Plane};
use crate::sources::counts::{CountRecords, read_counts};
use crate::study::count_sites::{JudgedSite, check_sites, judge_checked, usable_days, valid_days};
use crate::study::error::StudyError;
use crate::study::flow::expansion_errors;
use crate::study::manifest::Manifest;

/// On what the annual average of a site rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AverageBasis {
    /// Each weekday of each month was counted (AASHTO).
    MonthByWeekday,
    /// Its days, each beside what the other counters had that day.
    DayOfYear,
    /// The mean of its days: no other counter tells how usual these are.
    MeanOfValidDays,
    /// Short counts, expanded by the counters.
    ExpandedByCounters,
    /// Short counts, expanded by factors of another town.
    ExpandedByDefaults,
}

impl AverageBasis {
    /// Its name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::MonthByWeekday => "month_by_weekday",
            Self::DayOfYear => "day_of_year",
            Self::MeanOfValidDays => "mean_of_valid_days",
            Self::ExpandedByCounters => "expanded_by_counters",
            Self::ExpandedByDefaults => "expanded_by_defaults",
        }
    }
}

/// All that is known of a site.
#[derive(Clone, Debug, PartialEq)]
pub struct CountedSite {
    /// Its id in the source, else its name made comparable.
    pub id: String,
    /// Where it is, if a file says so.
    pub position: Option<LonLat>,
    /// Whether it can be trusted.
    pub judged: JudgedSite,
    /// What is odd about its hours or days.
    pub check: SiteCheck,
    /// Persons a day over the year, and on what that rests; `None` where nothing tells.
    pub average: Option<(f64, AverageBasis)>,
    /// Hours that were not counted, filled in: for totals only.
    pub imputed: Vec<ImputedHour>,
    /// Persons by weekday and hour of the good hours; `None` without hours.
    pub profile: Option<WeekProfile>,
    /// When its people come; `None` where an hour of the week is unknown.
    pub rhythm: Option<Rhythm>,
}

/// Counts of a town.
#[derive(Clone, Debug)]
pub struct CountStudy {
    /// What was read.
    pub records: CountRecords,
    /// Each site, in the order of the records.
    pub sites: Vec<CountedSite>,
    /// How parts of days become annual averages: of all usable counters, then of those of each pattern that are enough.
    pub factors: Vec<(Option<Pattern>, ExpansionFactors)>,
    /// Days of a short count, and how far it is off once expanded.
    pub expansion: Vec<(u32, ExpansionError)>,
}

/// Reads files of counts and of sites, whose clocks show the time of a zone (IANA) where they tell no offset.
pub fn measure_counts(files: &[PathBuf], zone: &str) -> Result<(CountStudy, Notices), StudyError> {
    let (records, mut notices) = read_counts(files, zone)?;
    let middle = records.sites.iter().find_map(|site| site.position);
    let plane = Plane::centred_on(middle.unwrap_or(LonLat { lon: 0.0, lat: 0.0 }));
    let checks = check_sites(&records);
    let judged = judge_checked(&records, &checks, &plane, &mut notices);
    let days = usable_days(&judged.sites, &checks);
    let sites: Vec<CountedSite> = judged
        .sites
        .into_iter()
        .zip(checks)
        .enumerate()
        .map(|(at, (judged, check))| site_of(&records, at, (judged, check), &days))
        .collect();
    let counters: Vec<CountedDays> = days.into_iter().map(|(_, days)| days).collect();
    let expansion = expansion_errors(&counters, Parameters::default().seed);
    let factors = std::iter::once((None, judged.factors)).chain(factors_by_pattern(&records, &sites)).collect();
    Ok((CountStudy { records, sites, factors, expansion }, notices))
}

/// The files of counts and of sites of a study, with the zone of their clocks.
pub fn count_files(manifest: &Manifest, folder: &Path) -> (Vec<PathBuf>, String) {
    let inputs = &manifest.inputs;
    let files = inputs.counts.iter().chain(&inputs.count_sites).map(|file| folder.join(file)).collect();
    (files, manifest.study.time_zone.clone())
}

fn site_of(
    records: &CountRecords,
    at: usize,
    (judged, check): (JudgedSite, SiteCheck),
    days: &[(usize, CountedDays)],
) -> CountedSite {
    let hours = &records.hours[at];
    let profile = (!hours.is_empty()).then(|| week_profile(hours, &check));
    CountedSite {
        id: records.sites[at].id.clone(),
        position: records.sites[at].position,
        average: average_of(&judged, &check, at, days),
        imputed: impute_hours(hours, &check),
        rhythm: profile.as_ref().and_then(measure_rhythm),
        profile,
        judged,
        check,
    }
}

/// Where a year is not counted whole, the days are taken beside those of the other counters: seasons and events fall out.
fn average_of(
    judged: &JudgedSite,
    check: &SiteCheck,
    at: usize,
    days: &[(usize, CountedDays)],
) -> Option<(f64, AverageBasis)> {
    if let Some(basis) = judged.expanded {
        let basis = match basis {
            FactorBasis::Counted => AverageBasis::ExpandedByCounters,
            FactorBasis::Assumed => AverageBasis::ExpandedByDefaults,
        };
        return Some((judged.aadp?, basis));
    }
    let own = measure_annual_average(check)?;
    if own.method == AverageMethod::MonthByWeekday {
        return Some((own.aadp, AverageBasis::MonthByWeekday));
    }
    // Only counters of a whole year tell how usual a day is.
    let others: Vec<&CountedDays> =
        days.iter().filter(|(other, days)| *other != at && is_whole_year(days)).map(|(_, days)| days).collect();
    let counted: Vec<(i32, f64)> = valid_days(check).into_iter().collect();
    let expanded = expand_by_days(&counted, &others).map(|aadp| (aadp, AverageBasis::DayOfYear));
    Some(expanded.unwrap_or((own.aadp, AverageBasis::MeanOfValidDays)))
}

/// Whether days are spread over a year so that their mean is that of the year, near enough: three of four days, or more.
fn is_whole_year(days: &CountedDays) -> bool {
    let span = days.days.first_key_value().zip(days.days.last_key_value()).map_or(0, |((a, _), (b, _))| b - a + 1);
    // Two summers are no year.
    span >= 350 && 4 * days.days.len() >= 3 * usize::try_from(span).unwrap_or(usize::MAX)
}

/// The factors of the usable sites of each pattern, where these are enough.
fn factors_by_pattern(records: &CountRecords, sites: &[CountedSite]) -> Vec<(Option<Pattern>, ExpansionFactors)> {
    let patterns = [Pattern::Shopping, Pattern::Commuting, Pattern::Evening, Pattern::Leisure];
    let of = |pattern: Pattern| {
        let alike = sites.iter().enumerate().filter(|(_, site)| site.judged.is_usable());
        let alike = alike.filter(|(_, site)| site.rhythm.is_some_and(|rhythm| rhythm.pattern() == pattern));
        let permanent: Vec<PermanentSite<'_>> = alike
            .filter_map(|(at, site)| {
                let average = measure_annual_average(&site.check)?;
                Some(PermanentSite { hours: &records.hours[at], check: &site.check, average })
            })
            .collect();
        let factors = ExpansionFactors::of_sites(&permanent);
        (factors.basis == FactorBasis::Counted).then_some((Some(pattern), factors))
    };
    patterns.into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::counting::{date_of_day, day_of_date};
    use std::fmt::Write;

    /// A wide table of four counters: shops open from 8 to 20, twice as many in December. The last counts in December alone, and
    /// its hour 12 of the 10th is missing.
    fn december() -> CountStudy {
        let mut text = "time,A,B,C,D\n".to_owned();
        let first = day_of_date(2023, 1, 1);
        for day in first..first + 365 {
            let busy = if day >= day_of_date(2023, 12, 1) { 2 } else { 1 };
            for hour in 0..24 {
                let count = if (8..20).contains(&hour) { (100 + hour) * busy } else { hour % 2 };
                let is_counted = busy == 2 && (day, hour) != (day_of_date(2023, 12, 10), 12);
                let last = if is_counted { (count * 2).to_string() } else { String::new() };
                let _ = writeln!(text, "{} {hour:02}:00,{count},{},{},{last}", date_of_day(day), 2 * count, 3 * count);
            }
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("counts.csv");
        std::fs::write(&path, text).expect("written");
        measure_counts(&[path], "UTC").expect("counts").0
    }

    #[test]
    fn two_summers_are_no_year() {
        let days =
            |days: &mut dyn Iterator<Item = i32>| CountedDays { days: days.map(|day| (day, 1.0)).collect(), aadp: 1.0 };
        assert!(is_whole_year(&days(&mut (0..365))) && !is_whole_year(&days(&mut (0..300))));
        assert!(!is_whole_year(&days(&mut (0..153).chain(365..518))), "306 days of 518");
    }

    #[test]
    fn a_december_is_brought_to_the_year_and_its_hour_is_filled_in() {
        let found = december();
        let [a, b, _, d] = found.sites.as_slice() else { panic!("four sites") };
        let (year, basis) = a.average.expect("a year");
        assert_eq!(basis, AverageBasis::MonthByWeekday);
        assert_eq!(b.average.expect("a year").0, 2.0 * year);
        let (expanded, basis) = d.average.expect("a month");
        assert_eq!(basis, AverageBasis::DayOfYear);
        // Twice the first counter on each of its days, so twice its year; the mean of its own days is that of December. The day
        // with the gap is none of them.
        let means = a.check.valid_days().map(|day| day.total as f64).sum::<f64>() / 365.0;
        assert!((expanded - 2.0 * year).abs() < 0.02 * year, "{expanded} {year} {means}");
        assert!(d.judged.aadp.expect("days") > 1.7 * expanded, "a December is no year");
        let [hour] = d.imputed.as_slice() else { panic!("one hour is filled in: {:?}", d.imputed) };
        assert!(hour.hour == 12 && (hour.persons - 448.0).abs() < 1.0, "2 × 2 × 112: {hour:?}");
        assert_eq!(a.rhythm.expect("all hours").pattern(), Pattern::Shopping);
        assert_eq!(found.factors.iter().map(|(of, _)| *of).collect::<Vec<_>>(), [None, Some(Pattern::Shopping)]);
    }
}
