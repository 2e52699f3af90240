//! The page of catchments: who goes where, what each town keeps and loses, on maps and in tables, to read or to print on A4.
//!
//! In: plain numbers and shapes, and the labels. Out: one self-contained HTML page. Names come from files and are hostile until
//! escaped: every text goes through the template's escaping.

use geo::Geometry;
use serde::Serialize;

use crate::canvas::labels::{DASH, Labels};
use crate::report::{ReportError, render};

mod drawing;

use drawing::{Drawing, Painted, draw};

/// Centres that the table tells.
const TOLD_CENTRES: usize = 40;
/// Towns that the table tells.
const TOLD_TOWNS: usize = 600;
/// Centres that have a colour of their own.
const COLOURS: usize = 10;
/// Towns that keep less than this share of their customers are told to lose most.
const HALF: f64 = 0.5;

/// A zone and where its customers go.
#[derive(Clone, Copy, Debug)]
pub struct PageZone<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where it lies, in degrees.
    pub shape: Option<&'a Geometry<f64>>,
    /// The place of the centre with most of its customers, and the share.
    pub first: Option<(usize, f64)>,
    /// The place of its town.
    pub town: usize,
}

/// A centre and who comes.
#[derive(Clone, Copy, Debug)]
pub struct PageCentre<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where it lies, in degrees.
    pub shape: Option<&'a Geometry<f64>>,
    /// How much it attracts.
    pub attraction: f64,
    /// Expected customers.
    pub customers: f64,
    /// Those from its primary, secondary and tertiary area, and from beyond.
    pub by_area: [f64; 4],
    /// Those who live in its own town.
    pub own: f64,
    /// Zones where most go there.
    pub zones_mostly_here: usize,
}

/// A town, what it keeps and what it loses.
#[derive(Clone, Debug)]
pub struct PageTown<'a> {
    /// Its name.
    pub name: &'a str,
    /// Customers who live there.
    pub customers: f64,
    /// Those who stay.
    pub kept: f64,
    /// Those who come from elsewhere.
    pub drawn: f64,
    /// Where most others go: the town's name, and how many.
    pub lost_to: Vec<(&'a str, f64)>,
}

/// A number that was fitted.
#[derive(Clone, Copy, Debug)]
pub struct PageParameter<'a> {
    /// `minutes`, or a field.
    pub name: &'a str,
    /// The number.
    pub estimate: f64,
    /// Its standard error.
    pub error: f64,
}

/// How the rule was fitted, and what it is worth.
#[derive(Clone, Debug)]
pub struct PageFit<'a> {
    /// What was fitted.
    pub parameters: Vec<PageParameter<'a>>,
    /// Zones observed.
    pub zones: usize,
    /// R² and share of visits missed, of zones that the fit has not seen.
    pub held_out: Option<(f64, f64)>,
    /// The same by the rule as it was given.
    pub as_given: Option<(f64, f64)>,
}

/// By what times are known.
#[derive(Clone, Debug)]
pub enum PageTimes {
    /// A table, by the name of its file.
    Table(String),
    /// Straight lines, so much longer, at so many km/h.
    StraightLine(f64, f64),
    /// Streets, by the key of the profile.
    Streets(&'static str),
}

/// All that the page tells.
#[derive(Clone, Debug)]
pub struct CatchmentReport<'a> {
    /// The title.
    pub title: &'a str,
    /// Zones, in the order of their file.
    pub zones: Vec<PageZone<'a>>,
    /// Customers of all zones.
    pub customers: f64,
    /// Centres, in the order of their file.
    pub centres: Vec<PageCentre<'a>>,
    /// Towns with customers.
    pub towns: Vec<PageTown<'a>>,
    /// Times.
    pub times: PageTimes,
    /// The longest way in minutes, infinite where there is no limit.
    pub cutoff: f64,
    /// The rule: the power of attraction, and decay as text.
    pub rule: (f64, String),
    /// Customers who go to none of the centres.
    pub elsewhere: f64,
    /// Whether going elsewhere was allowed for.
    pub has_outside: bool,
    /// Limits of trade areas, as shares.
    pub limits: [f64; 3],
    /// How the rule was fitted.
    pub fit: Option<PageFit<'a>>,
    /// Codes of notices, and how often each.
    pub notices: Vec<(String, u64)>,
}

#[derive(Serialize)]
struct Page {
    language: &'static str,
    title: String,
    facts: Vec<(String, String)>,
    brief: Vec<String>,
    warning: Option<String>,
    maps: Vec<Drawing>,
    centres: Vec<CentreRow>,
    centres_more: Option<String>,
    towns: Vec<TownRow>,
    fit: Option<FitTable>,
    method: Vec<String>,
    notices: Vec<(String, String)>,
}

#[derive(Serialize)]
struct CentreRow {
    class: String,
    name: String,
    attraction: String,
    customers: String,
    share: String,
    own: String,
    areas: [String; 3],
    zones: String,
}

#[derive(Serialize)]
struct TownRow {
    name: String,
    customers: String,
    kept: String,
    /// Width of its bar in per cent.
    width: String,
    lost_to: String,
    drawn: String,
    balance: String,
}

#[derive(Serialize)]
struct FitTable {
    rows: Vec<[String; 3]>,
    worth: String,
}

/// The page as text.
pub fn write_catchment_report(report: &CatchmentReport<'_>, labels: &Labels) -> Result<String, ReportError> {
    render("catchment.html", build_page(report, labels), labels)
}

fn build_page(report: &CatchmentReport<'_>, labels: &Labels) -> Page {
    let order = by_customers(report);
    let mut towns: Vec<&PageTown<'_>> = report.towns.iter().collect();
    towns.sort_by(|a, b| b.customers.total_cmp(&a.customers));
    // Where zones and centres have no town in common, or zones are too fine to be towns, the table says nothing.
    if towns.iter().all(|town| town.kept <= 0.0) {
        towns.clear();
    }
    towns.truncate(TOLD_TOWNS);
    let told = order.iter().take(TOLD_CENTRES).enumerate();
    let more = order.len().saturating_sub(TOLD_CENTRES);
    Page {
        language: labels.language().code(),
        title: report.title.to_owned(),
        facts: facts(report, labels),
        brief: brief(report, &order, labels),
        warning: matches!(report.times, PageTimes::StraightLine(..)).then(|| labels.text("catchment-straight-line")),
        maps: maps(report, &order, labels),
        centres: told.map(|(rank, &at)| centre_row(&report.centres[at], rank, report, labels)).collect(),
        centres_more: (more > 0).then(|| labels.text_with("catchment-centres-more", &[("count", more.into())])),
        towns: towns.into_iter().map(|town| town_row(town, labels)).collect(),
        fit: report.fit.as_ref().map(|fit| fit_table(fit, labels)),
        method: method(report, labels),
        notices: report
            .notices
            .iter()
            .map(|(code, count)| (labels.text_or_key("notice", code), labels.number(*count as f64, 0)))
            .collect(),
    }
}

/// The key of the words for a profile.
fn times_key(profile: &str) -> String {
    format!("catchment-times-{}", profile.replace('_', "-"))
}

/// Centres from most customers to fewest.
fn by_customers(report: &CatchmentReport<'_>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..report.centres.len()).collect();
    order.sort_by(|&a, &b| report.centres[b].customers.total_cmp(&report.centres[a].customers));
    order
}

fn share(part: f64, whole: f64, labels: &Labels) -> String {
    if whole > 0.0 { labels.percent(part / whole) } else { DASH.to_owned() }
}

fn facts(report: &CatchmentReport<'_>, labels: &Labels) -> Vec<(String, String)> {
    let times = match &report.times {
        PageTimes::Table(file) => file.clone(),
        PageTimes::StraightLine(..) => labels.text("catchment-times-straight"),
        PageTimes::Streets(profile) => labels.text(&times_key(profile)),
    };
    let count = |count: usize| labels.number(count as f64, 0);
    let fact = |key: &str, value: String| (labels.text(key), value);
    vec![
        fact("catchment-fact-zones", count(report.zones.len())),
        fact("catchment-fact-customers", labels.number(report.customers, 0)),
        fact("catchment-fact-centres", count(report.centres.len())),
        fact("catchment-fact-times", times),
    ]
}

/// What there is to know first.
fn brief(report: &CatchmentReport<'_>, order: &[usize], labels: &Labels) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(first) = order.first().map(|&at| &report.centres[at]).filter(|first| first.customers > 0.0) {
        let away = first.customers - first.own;
        let values = [
            ("name", first.name.into()),
            ("customers", labels.number(first.customers, 0).into()),
            ("share", share(first.customers, report.customers, labels).into()),
            ("away", share(away, first.customers, labels).into()),
        ];
        let is_town = report.towns.iter().any(|town| town.kept > 0.0);
        sentences
            .push(labels.text_with(if is_town { "catchment-brief-first" } else { "catchment-brief-most" }, &values));
    }
    let lived: Vec<&PageTown<'_>> = report.towns.iter().filter(|town| town.customers > 0.0).collect();
    let losing = lived.iter().filter(|town| town.kept < HALF * town.customers).count();
    if report.towns.iter().any(|town| town.kept > 0.0) {
        let values = [("count", losing.into()), ("all", lived.len().into())];
        sentences.push(labels.text_with("catchment-brief-losing", &values));
    }
    let most = lived.iter().filter_map(|town| Some((*town, town.lost_to.first()?)));
    if let Some((town, (to, customers))) = most.max_by(|a, b| a.1.1.total_cmp(&b.1.1)) {
        let values = [
            ("from", town.name.into()),
            ("to", (*to).into()),
            ("customers", labels.number(*customers, 0).into()),
            ("share", share(*customers, town.customers, labels).into()),
        ];
        sentences.push(labels.text_with("catchment-brief-leak", &values));
    }
    if report.has_outside {
        let values = [("share", share(report.elsewhere, report.customers, labels).into())];
        sentences.push(labels.text_with("catchment-brief-elsewhere", &values));
    }
    sentences
}

/// Who has most of each zone, and what each town keeps.
fn maps(report: &CatchmentReport<'_>, order: &[usize], labels: &Labels) -> Vec<Drawing> {
    let mut rank_of = vec![COLOURS; report.centres.len()];
    order.iter().take(COLOURS).enumerate().for_each(|(rank, &at)| rank_of[at] = rank);
    let strength = |share: f64| if share >= HALF { "strong" } else { "weak" };
    let zones = |class: &dyn Fn(&PageZone<'_>) -> String| -> Vec<Painted<'_>> {
        let painted = report.zones.iter().filter_map(|zone| Some(Painted { shape: zone.shape?, class: class(zone) }));
        painted.collect()
    };
    let firsts = zones(&|zone| match zone.first {
        Some((centre, share)) => format!("zone c{} {}", rank_of[centre], strength(share)),
        None => "zone none".to_owned(),
    });
    let mut legend: Vec<(String, String)> = order
        .iter()
        .take(COLOURS)
        .enumerate()
        .map(|(rank, &at)| (format!("c{rank} strong"), report.centres[at].name.to_owned()))
        .collect();
    if order.len() > COLOURS {
        legend.push((format!("c{COLOURS} strong"), labels.text("catchment-legend-others")));
    }
    legend.push(("c0 weak".to_owned(), labels.text("catchment-legend-weak")));
    let named: Vec<(&Geometry<f64>, &str)> = order
        .iter()
        .take(COLOURS)
        .filter_map(|&at| Some((report.centres[at].shape?, report.centres[at].name)))
        .collect();
    let words =
        |key: &str| (labels.text(&format!("catchment-map-{key}")), labels.text(&format!("catchment-map-{key}-alt")));
    let mut drawings: Vec<Drawing> =
        draw("firsts", words("firsts"), &firsts, &named, legend, labels).into_iter().collect();
    if report.towns.iter().any(|town| town.kept > 0.0) {
        let kept_of: Vec<Option<f64>> =
            report.towns.iter().map(|town| (town.customers > 0.0).then(|| town.kept / town.customers)).collect();
        let class = |share: f64| ((share * 5.0) as usize).min(4);
        let kept = zones(&|zone| match kept_of.get(zone.town).copied().flatten() {
            Some(share) => format!("zone k{}", class(share)),
            None => "zone none".to_owned(),
        });
        let legend = (0..5_u32)
            .map(|at| {
                let bound = |at: u32| labels.percent(f64::from(at) / 5.0);
                let values = [("low", bound(at).into()), ("high", bound(at + 1).into())];
                (format!("k{at}"), labels.text_with("catchment-legend-kept", &values))
            })
            .collect();
        drawings.extend(draw("kept", words("kept"), &kept, &named, legend, labels));
    }
    drawings
}

fn centre_row(centre: &PageCentre<'_>, rank: usize, report: &CatchmentReport<'_>, labels: &Labels) -> CentreRow {
    let mut reached = 0.0;
    let areas = [0, 1, 2].map(|area| {
        reached += centre.by_area[area];
        share(reached, centre.customers, labels)
    });
    CentreRow {
        class: format!("c{}", rank.min(COLOURS)),
        name: centre.name.to_owned(),
        attraction: labels.number(centre.attraction, 0),
        customers: labels.number(centre.customers, 0),
        share: share(centre.customers, report.customers, labels),
        own: share(centre.own, centre.customers, labels),
        areas,
        zones: labels.number(centre.zones_mostly_here as f64, 0),
    }
}

fn town_row(town: &PageTown<'_>, labels: &Labels) -> TownRow {
    let lost: Vec<String> = town
        .lost_to
        .iter()
        .map(|(to, customers)| {
            let values = [("name", (*to).into()), ("share", share(*customers, town.customers, labels).into())];
            labels.text_with("catchment-lost-to", &values)
        })
        .collect();
    let balance = town.drawn - (town.customers - town.kept);
    let sign = if balance > 0.5 { "+" } else { "" };
    TownRow {
        name: town.name.to_owned(),
        customers: labels.number(town.customers, 0),
        kept: share(town.kept, town.customers, labels),
        width: format!("{:.1}", (100.0 * town.kept / town.customers.max(f64::MIN_POSITIVE)).clamp(0.0, 100.0)),
        lost_to: if lost.is_empty() { DASH.to_owned() } else { lost.join(", ") },
        drawn: labels.number(town.drawn, 0),
        balance: format!("{sign}{}", labels.number(balance, 0)),
    }
}

fn fit_table(fit: &PageFit<'_>, labels: &Labels) -> FitTable {
    let row = |parameter: &PageParameter<'_>| {
        let name = if parameter.name == "minutes" {
            labels.text("catchment-parameter-minutes")
        } else {
            parameter.name.to_owned()
        };
        [name, labels.number(parameter.estimate, 3), labels.number(parameter.error, 3)]
    };
    let worth = match (fit.held_out, fit.as_given) {
        (Some((r_squared, missed)), Some((given, given_missed))) => {
            let values = [
                ("zones", fit.zones.into()),
                ("r2", labels.number(r_squared, 2).into()),
                ("missed", labels.percent(missed).into()),
                ("givenr2", labels.number(given, 2).into()),
                ("givenmissed", labels.percent(given_missed).into()),
            ];
            labels.text_with("catchment-fit-worth", &values)
        }
        _ => labels.text("catchment-fit-unchecked"),
    };
    FitTable { rows: fit.parameters.iter().map(row).collect(), worth }
}

/// How the numbers come about, with their parameters.
fn method(report: &CatchmentReport<'_>, labels: &Labels) -> Vec<String> {
    let (power, decay) = &report.rule;
    let rule = [("power", labels.number(*power, 2).into()), ("decay", decay.as_str().into())];
    let mut sentences = vec![labels.text_with("catchment-method-rule", &rule)];
    sentences.push(match &report.times {
        PageTimes::Table(file) => labels.text_with("catchment-method-table", &[("file", file.as_str().into())]),
        PageTimes::StraightLine(detour, speed) => {
            let values = [("detour", labels.number(*detour, 2).into()), ("speed", labels.number(*speed, 0).into())];
            labels.text_with("catchment-method-straight", &values)
        }
        PageTimes::Streets(profile) => {
            let mode = labels.text(&times_key(profile));
            labels.text_with("catchment-method-streets", &[("mode", mode.into())])
        }
    });
    if !matches!(report.times, PageTimes::Table(_)) {
        sentences.push(labels.text("catchment-method-own"));
    }
    if report.cutoff.is_finite() {
        let values = [("minutes", labels.minutes(report.cutoff).into())];
        sentences.push(labels.text_with("catchment-method-cutoff", &values));
    }
    sentences.push(labels.text(if report.has_outside {
        "catchment-method-outside"
    } else {
        "catchment-method-conditional"
    }));
    let [first, second, third] = report.limits.map(|limit| labels.percent(limit).into());
    let values = [("first", first), ("second", second), ("third", third)];
    sentences.push(labels.text_with("catchment-method-areas", &values));
    sentences.push(labels.text("catchment-method-kept"));
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::labels::Language;
    use crate::network::streets::Profile;

    #[test]
    fn every_profile_has_words() {
        for language in [Language::French, Language::English] {
            let labels = Labels::for_language(language);
            let profiles = [
                Profile::Adult,
                Profile::StepFree,
                Profile::WheelchairStrict,
                Profile::WheelchairOptimistic,
                Profile::Bicycle,
                Profile::CalmBicycle,
                Profile::Car,
            ];
            for profile in profiles {
                assert!(labels.find(&times_key(profile.key())).is_some(), "{}", profile.key());
            }
        }
    }
}
