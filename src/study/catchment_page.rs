//! The page of catchments, from what was found.

use crate::analysis::access::Decay;
use crate::base::notice::Notices;
use crate::canvas::labels::Labels;
use crate::report::catchment::{
    CatchmentReport, PageCentre, PageFit, PageParameter, PageTimes, PageTown, PageZone, write_catchment_report,
};
use crate::study::catchment::{CatchmentQuestion, Catchments};
use crate::study::catchment_fit::{FittedRule, Foretold};
use crate::study::catchment_times::TimesFrom;
use crate::study::error::StudyError;
use crate::study::manifest::Language;

/// Towns that a town is told to lose to.
const LOST_TO: usize = 2;

/// The page in a language.
pub fn write_catchment_page(
    found: &Catchments,
    question: &CatchmentQuestion<'_>,
    title: &str,
    (language, notices): (Language, &Notices),
) -> Result<String, StudyError> {
    let customers: f64 = found.zones.iter().map(|zone| zone.customers).sum();
    let here: f64 = found.centres.iter().map(|centre| centre.customers).sum();
    let zones = found.zones.iter().zip(&found.shapes[0]).zip(&found.towns.of_zones).map(|((zone, shape), &town)| {
        PageZone { name: or_id(&zone.name, &zone.id), shape: shape.as_ref(), first: zone.first[0], town }
    });
    let mut mostly_here = vec![0; found.centres.len()];
    let firsts = found.zones.iter().filter_map(|zone| zone.first[0]).filter(|(_, share)| *share > 0.5);
    firsts.for_each(|(centre, _)| mostly_here[centre] += 1);
    let mut own = vec![0.0; found.centres.len()];
    for pair in &found.pairs {
        if found.towns.of_zones[pair.zone] == found.towns.of_centres[pair.centre] {
            own[pair.centre] += pair.customers;
        }
    }
    let centres = found.centres.iter().zip(&found.shapes[1]).enumerate().map(|(at, (centre, shape))| PageCentre {
        name: or_id(&centre.name, &centre.id),
        shape: shape.as_ref(),
        attraction: centre.attraction,
        customers: centre.customers,
        by_area: centre.by_area,
        own: own[at],
        zones_mostly_here: mostly_here[at],
    });
    let report = CatchmentReport {
        title,
        zones: zones.collect(),
        customers,
        centres: centres.collect(),
        towns: towns_of(found),
        times: match question.times {
            TimesFrom::Table(..) => PageTimes::Table(question.times.mode()),
            TimesFrom::StraightLine { speed_kmh, detour } => PageTimes::StraightLine(detour, speed_kmh),
            TimesFrom::Streets { profile, .. } => PageTimes::Streets(profile.key()),
        },
        cutoff: question.cutoff,
        rule: rule_of(found, question),
        elsewhere: customers - here,
        has_outside: question.outside > 0.0,
        limits: question.limits,
        fit: found.rule.as_ref().map(fit_of),
        notices: notices.counts().iter().map(|(code, (_, count))| ((*code).to_owned(), *count)).collect(),
    };
    Ok(write_catchment_report(&report, &Labels::for_language(language))?)
}

fn or_id<'a>(name: &'a str, id: &'a str) -> &'a str {
    if name.is_empty() { id } else { name }
}

/// What each town keeps, draws and loses; named as its first zone or centre is, where towns are told by ids.
fn towns_of(found: &Catchments) -> Vec<PageTown<'_>> {
    let towns = &found.towns;
    let mut names: Vec<&str> = towns.names.iter().map(String::as_str).collect();
    let listed = found.zones.iter().zip(&towns.of_zones).map(|(zone, &town)| (&zone.id, &zone.name, town));
    let listed = listed
        .chain(found.centres.iter().zip(&towns.of_centres).map(|(centre, &town)| (&centre.id, &centre.name, town)));
    for (id, name, town) in listed {
        if *id == towns.names[town] && !name.is_empty() {
            names[town] = name;
        }
    }
    let mut pages: Vec<PageTown<'_>> = names
        .iter()
        .zip(&towns.customers)
        .map(|(&name, &customers)| PageTown { name, customers, kept: 0.0, drawn: 0.0, lost_to: Vec::new() })
        .collect();
    for flow in &towns.flows {
        if flow.from == flow.to {
            pages[flow.from].kept = flow.customers;
        } else {
            pages[flow.to].drawn += flow.customers;
            pages[flow.from].lost_to.push((names[flow.to], flow.customers));
        }
    }
    for page in &mut pages {
        page.lost_to.sort_by(|a, b| b.1.total_cmp(&a.1));
        page.lost_to.truncate(LOST_TO);
    }
    pages
}

/// The power of attraction, and decay as it is written in formulas.
fn rule_of(found: &Catchments, question: &CatchmentQuestion<'_>) -> (f64, String) {
    let (power, decay) = match &found.rule {
        Some(rule) => {
            let power = rule.parameters.iter().find(|parameter| Some(parameter.name.as_str()) == question.centres.1);
            (power.map_or(question.attraction_exponent, |power| power.estimate), rule.decay)
        }
        None => (question.attraction_exponent, question.decay),
    };
    let two = |number: f64| format!("{:.3}", number).trim_end_matches('0').trim_end_matches('.').to_owned();
    let text = match decay {
        Decay::Power { exponent, floor } => format!("max(t, {})^-{}", two(floor), two(exponent)),
        Decay::Exponential { rate } => format!("exp(-{} t)", two(rate)),
        Decay::Gaussian { sigma } => format!("exp(-t²/(2 × {}²))", two(sigma)),
        Decay::Linear { cutoff } => format!("max(0, 1 - t/{})", two(cutoff)),
        Decay::LogLogistic { median, steepness } => format!("1/(1 + (t/{})^{})", two(median), two(steepness)),
        Decay::Logistic { mean, deviation } => {
            format!("g(0)/g(t), g(t) = 1 + exp((t - {}) π/({} √3))", two(mean), two(deviation))
        }
        Decay::HalfLife { half_life } => format!("2^(-t/{})", two(half_life)),
        Decay::Within { cutoff } => format!("[t ≤ {}]", two(cutoff)),
        Decay::Steps(_) => "w(t)".to_owned(),
    };
    (power, text)
}

fn fit_of(rule: &FittedRule) -> PageFit<'_> {
    let told = |told: &Option<Foretold>| told.as_ref().and_then(|told| Some((told.r_squared?, told.wape?)));
    let parameters = rule.parameters.iter().map(|parameter| PageParameter {
        name: &parameter.name,
        estimate: parameter.estimate,
        error: parameter.robust_error.unwrap_or(parameter.error),
    });
    PageFit {
        parameters: parameters.collect(),
        zones: rule.zones,
        held_out: told(&rule.held_out),
        as_given: told(&rule.as_given),
    }
}
