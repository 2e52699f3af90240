//! Count sites judged: which counters can be trusted, and how many people they count a day.

use geo::Coord;
use rayon::prelude::*;

use crate::analysis::counts::{SiteHealth, SuspectReason, check_site, judge_sites as judge, measure_annual_average};
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
    /// Valid days.
    pub valid_days: usize,
    /// Whether it can be trusted.
    pub health: SiteHealth,
}

impl JudgedSite {
    /// Whether its counts may be used.
    pub fn is_usable(&self) -> bool {
        self.health == SiteHealth::Usable && self.aadp.is_some_and(|aadp| aadp > 0.0)
    }

    /// The verdict in one word.
    fn verdict(&self) -> &'static str {
        match self.health {
            SiteHealth::Usable => "usable",
            SiteHealth::Suspect(_) => "suspect",
            SiteHealth::Dead => "dead",
        }
    }

    /// Why it is not usable.
    fn reasons(&self) -> Vec<String> {
        let SiteHealth::Suspect(reasons) = &self.health else { return Vec::new() };
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
}

/// Judges every site by its own hours, and all sites beside each other.
pub fn judge_sites(counts: &CountRecords, plane: &Plane, notices: &mut Notices) -> CountSites {
    let checks: Vec<_> = counts.hours.par_iter().map(|hours| check_site(hours)).collect();
    let verdicts = judge(&checks);
    let mut sites = Vec::new();
    for ((site, check), health) in counts.sites.iter().zip(&checks).zip(verdicts) {
        let average = measure_annual_average(check);
        let judged = JudgedSite {
            name: site.name.clone(),
            point: site.position.map(|position| plane.project(position)),
            aadp: average.map(|average| average.aadp),
            valid_days: check.valid_days().count(),
            health,
        };
        if !judged.is_usable() {
            let why = judged.reasons();
            let why = if why.is_empty() { judged.verdict().to_owned() } else { why.join(", ") };
            let notice = Notice::warning("count_site_not_usable", "counts", format!("is not usable: {why}"));
            notices.push(notice.at_element(site.name.clone()).action("left out of the calibration"));
        }
        sites.push(judged);
    }
    CountSites { sites }
}
