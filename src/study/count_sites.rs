//! Count sites judged: which counters can be trusted, and how many people they count a day.
//!
//! A site of short counts by hand is expanded to the year and marked so. Expanded with factors counted in the same town it
//! may stand in for counters where these alone are too few to scale the flows: what the factors miss shows in the error
//! of the sites left out. Expanded with factors of another town it may not: a wrong share of the hours would move all
//! sites alike, and no error would tell.

use std::collections::BTreeMap;

use geo::Coord;
use rayon::prelude::*;

use crate::analysis::counts::{
    CountCoverage, CountedDays, ExpansionFactors, FactorBasis, PermanentSite, SiteCheck, SiteHealth, SuspectReason,
    check_days, check_site, expand_short_counts, judge_sites as judge, measure_annual_average, measure_day_coverage,
    measure_hour_coverage,
};
use crate::base::counting::ShortCount;
use crate::base::notice::{Notice, Notices};
use crate::base::projection::Plane;
use crate::canvas::feed::SiteReport;
use crate::canvas::friction_points::{round_to, rounded};
use crate::sources::counts::CountRecords;
use crate::study::town::Town;

/// A count site and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedSite {
    /// Its name.
    pub name: String,
    /// Where it is, if known.
    pub point: Option<Coord<f64>>,
    /// Persons a day over the year.
    pub aadp: Option<f64>,
    /// Valid days; of a site of short counts the days with one.
    pub valid_days: usize,
    /// Whether it can be trusted.
    pub health: SiteHealth,
    /// The factors with which its short counts were expanded; `None` for a site that was measured.
    pub expanded: Option<FactorBasis>,
    /// How much it counted; `None` for a site of short counts alone, or without any.
    pub coverage: Option<CountCoverage>,
}

impl JudgedSite {
    /// Whether it was measured and its counts may be used.
    pub fn is_usable(&self) -> bool {
        self.expanded.is_none() && self.is_healthy()
    }

    /// Whether it was expanded and may stand in where measured sites are too few.
    pub fn may_stand_in(&self) -> bool {
        self.expanded == Some(FactorBasis::Counted) && self.is_healthy()
    }

    fn is_healthy(&self) -> bool {
        self.health == SiteHealth::Usable && self.aadp.is_some_and(|aadp| aadp > 0.0)
    }

    /// The verdict in one word.
    pub fn verdict(&self) -> &'static str {
        match self.health {
            SiteHealth::Usable if self.expanded.is_some() => "expanded",
            SiteHealth::Usable => "usable",
            SiteHealth::Suspect(_) => "suspect",
            SiteHealth::Dead => "dead",
        }
    }

    /// Why it is not usable.
    pub fn reasons(&self) -> Vec<String> {
        let expanded = self.expanded.map(|basis| match basis {
            FactorBasis::Counted => "factors_counted",
            FactorBasis::Assumed => "factors_assumed",
        });
        let SiteHealth::Suspect(reasons) = &self.health else {
            return expanded.map(str::to_owned).into_iter().collect();
        };
        let key = |reason: &SuspectReason| match reason {
            SuspectReason::FewValidDays { .. } => "few_valid_days",
            SuspectReason::NightShare { .. } => "night_share",
            SuspectReason::Directions { .. } => "directions",
            SuspectReason::LevelShift { .. } => "level_shift",
            SuspectReason::Level { .. } => "level",
        };
        reasons.iter().map(|reason| key(reason).to_owned()).collect()
    }

    /// The site in the feed; `modelled` is what the calibrated model says beside it.
    pub fn report(&self, town: &Town, modelled: Option<f64>) -> SiteReport {
        let position = self.point.map(|point| rounded(&town.plane, point));
        SiteReport {
            name: self.name.clone(),
            lon: position.map(|p| p[0]),
            lat: position.map(|p| p[1]),
            aadp: self.aadp.map(|aadp| round_to(aadp, 0)),
            modelled: modelled.map(|m| round_to(m, 0)),
            valid_days: self.valid_days as u64,
            health: self.verdict().to_owned(),
            reasons: self.reasons(),
        }
    }
}

/// All count sites of a study.
#[derive(Clone, Debug, PartialEq)]
pub struct CountSites {
    /// The sites, in the order of the records.
    pub sites: Vec<JudgedSite>,
    /// With what short counts are expanded.
    pub factors: ExpansionFactors,
}

/// What is odd about the hours or days of each site.
pub fn check_sites(counts: &CountRecords) -> Vec<SiteCheck> {
    let sites = counts.hours.par_iter().zip(&counts.days);
    sites.map(|(hours, days)| if hours.is_empty() { check_days(days) } else { check_site(hours) }).collect()
}

/// The valid days of the sites that were measured and may be used, beside their annual averages.
pub fn usable_days(judged: &[JudgedSite], checks: &[SiteCheck]) -> Vec<(usize, CountedDays)> {
    let usable = judged.iter().zip(checks).enumerate().filter(|(_, (site, _))| site.is_usable());
    let days =
        usable.filter_map(|(at, (site, check))| Some((at, CountedDays { days: valid_days(check), aadp: site.aadp? })));
    days.collect()
}

/// Persons by valid day.
pub fn valid_days(check: &SiteCheck) -> BTreeMap<i32, f64> {
    check.valid_days().map(|day| (day.day, day.total as f64)).collect()
}

/// Judges every site by its own hours or days, all sites beside each other, and expands short counts by the sites that
/// can be trusted.
pub fn judge_sites(counts: &CountRecords, plane: &Plane, notices: &mut Notices) -> CountSites {
    judge_checked(counts, &check_sites(counts), plane, notices)
}

/// As [`judge_sites`], of sites that are checked; the checks are in the order of the sites.
pub fn judge_checked(counts: &CountRecords, checks: &[SiteCheck], plane: &Plane, notices: &mut Notices) -> CountSites {
    let verdicts = judge(checks);
    let averages: Vec<_> = checks.iter().map(measure_annual_average).collect();
    let permanent: Vec<PermanentSite<'_>> = (0..checks.len())
        .filter(|&site| verdicts[site] == SiteHealth::Usable)
        .filter_map(|site| {
            Some(PermanentSite { hours: &counts.hours[site], check: &checks[site], average: averages[site]? })
        })
        .collect();
    let factors = ExpansionFactors::of_sites(&permanent);
    let mut sites = Vec::new();
    for (index, (site, health)) in counts.sites.iter().zip(verdicts).enumerate() {
        let point = site.position.map(|position| plane.project(position));
        let mut judged = JudgedSite {
            name: site.name.clone(),
            point,
            aadp: averages[index].map(|average| average.aadp),
            valid_days: checks[index].valid_days().count(),
            health,
            expanded: None,
            coverage: measure_hour_coverage(&counts.hours[index], &checks[index])
                .or_else(|| measure_day_coverage(&counts.days[index])),
        };
        let short = &counts.short[index];
        if !short.is_empty() && judged.valid_days == 0 {
            expand(&mut judged, short, &factors, notices);
        } else if !judged.is_usable() {
            let why = judged.reasons();
            let why = if why.is_empty() { judged.verdict().to_owned() } else { why.join(", ") };
            let notice = Notice::warning("count_site_not_usable", "counts", format!("is not usable: {why}"));
            notices.push(notice.at_element(site.name.clone()).action("left out of the calibration"));
        }
        sites.push(judged);
    }
    CountSites { sites, factors }
}

/// Expands the short counts of a site, and says so.
fn expand(site: &mut JudgedSite, short: &[ShortCount], factors: &ExpansionFactors, notices: &mut Notices) {
    let Some(average) = expand_short_counts(short, factors) else {
        let problem = "was counted at hours that tell too little of a day";
        let notice = Notice::warning("short_count_too_short", "counts", problem);
        notices.push(notice.at_element(site.name.clone()).action("not expanded"));
        return;
    };
    (site.aadp, site.valid_days) = (Some(average.aadp), average.days);
    (site.health, site.expanded) = (SiteHealth::Usable, Some(factors.basis));
    let hours = f64::from(average.minutes) / 60.0;
    let days = if average.days == 1 { "day" } else { "days" };
    let problem = format!("was counted for {hours:.1} h on {} {days} and not measured for a year", average.days);
    let action = match factors.basis {
        FactorBasis::Counted => {
            "expanded by the counters of the town; stands in where these are too few to scale flows"
        }
        FactorBasis::Assumed => "expanded by assumed shares of hours, weekdays and months; left out of the calibration",
    };
    let notice = Notice::warning("short_count_expanded", "counts", problem).at_element(site.name.clone());
    notices.push(notice.action(action));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::counting::{HourlyCount, day_of_date};
    use crate::base::projection::LonLat;
    use crate::sources::counts::CountSite;

    /// `counters` sites of 60 days like any shopping street, and one of a count of 180 persons in two hours.
    fn judged(counters: usize) -> (JudgedSite, Notices) {
        judged_between(counters, 600, 720)
    }

    /// As [`judged`], counted between two minutes of the day.
    fn judged_between(counters: usize, from_min: u16, to_min: u16) -> (JudgedSite, Notices) {
        let mut counts = CountRecords::default();
        let first = day_of_date(2024, 4, 1);
        for index in 0..=counters {
            let name = format!("site {index}");
            counts.sites.push(CountSite { id: name.clone(), name, position: None });
            let hour = |at: i32| {
                let (day, hour) = (first + at / 24, (at % 24) as u8);
                let total = Some(if (8..20).contains(&hour) { 100 + u32::from(hour) + at as u32 / 24 } else { 0 });
                HourlyCount {
                    epoch_hour: i64::from(day) * 24 + i64::from(hour),
                    day,
                    hour,
                    total,
                    inwards: None,
                    outwards: None,
                }
            };
            let is_counter = index < counters;
            counts.hours.push(if is_counter { (0..24 * 60).map(hour).collect() } else { Vec::new() });
            let short = ShortCount { day: first + 1, from_min, to_min, count: 180 };
            counts.short.push(if is_counter { Vec::new() } else { vec![short] });
            counts.days.push(Vec::new());
        }
        let mut notices = Notices::new();
        let plane = Plane::centred_on(LonLat { lon: 5.5, lat: 50.6 });
        let mut sites = judge_sites(&counts, &plane, &mut notices).sites;
        (sites.pop().expect("the last"), notices)
    }

    #[test]
    fn a_short_count_is_expanded_and_never_taken_for_measured() {
        let (alone, notices) = judged(0);
        assert_eq!(
            (alone.expanded, alone.verdict(), alone.reasons()),
            (Some(FactorBasis::Assumed), "expanded", vec!["factors_assumed".to_owned()])
        );
        assert!(!alone.is_usable() && !alone.may_stand_in());
        assert_eq!((notices.count("short_count_expanded"), notices.count("count_site_not_usable")), (1, 0));
        let (beside, _) = judged(3);
        assert!(beside.may_stand_in() && !beside.is_usable());
        // 2 April: 111 + 112 of the sum of 101..=120 and 8..=19, which is 12 × 101 + 162 = 1374, on a day of 1374
        // persons; the mean day of 60 has 12 × (100 + 29.5) + 162 = 1716.
        let expected = 180.0 / (223.0 / 1374.0) / (1374.0 / 1716.0);
        let aadp = beside.aadp.expect("expanded");
        assert!((aadp / expected - 1.0).abs() < 0.02, "{aadp} {expected}");
    }

    #[test]
    fn a_count_at_night_is_not_expanded() {
        let (site, notices) = judged_between(3, 120, 130);
        assert_eq!((site.aadp, site.expanded), (None, None));
        assert_eq!(notices.count("short_count_too_short"), 1);
    }
}
