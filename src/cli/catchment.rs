//! `chaland catchment`: who goes to which centre, in one town or all over a region.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::arguments::Format;
use super::catchment_arguments::Catchment;
use super::commands::outcome;
use super::failure::CliError;
use super::plain_file::{PlainFile, to_stdout};
use super::progress::Bar;
use super::reach::{begin, commit, unwritable};
use super::{Outcome, output, summary};
use crate::analysis::catchment::TradeArea;
use crate::export::ExportError;
use crate::export::plain_table::{Cell, CellKind, PlainColumn, PlainTable};
use crate::sources::table::file_name;
use crate::sources::travel_times::TimeColumn;
use crate::study::catchment::{CatchmentQuestion, Catchments, measure_catchments};
use crate::study::catchment_fit::{FitQuestion, FittedRule, Foretold, Observed, Parameter};
use crate::study::catchment_page::write_catchment_page;
use crate::study::catchment_times::TimesFrom;

/// Columns of the table of centres.
const CENTRES: [PlainColumn<'static>; 13] = [
    ("id", CellKind::Text),
    ("name", CellKind::Text),
    ("attraction", CellKind::Number),
    ("customers", CellKind::Number),
    ("share_of_customers", CellKind::Number),
    ("zone_customers_mostly_here", CellKind::Number),
    ("zone_customers_nearest", CellKind::Number),
    ("customers_primary", CellKind::Number),
    ("customers_secondary", CellKind::Number),
    ("customers_tertiary", CellKind::Number),
    ("customers_beyond", CellKind::Number),
    ("mode", CellKind::Text),
    ("cutoff_min", CellKind::Number),
];
/// Columns of the table of zones.
const ZONES: [PlainColumn<'static>; 11] = [
    ("id", CellKind::Text),
    ("name", CellKind::Text),
    ("customers", CellKind::Number),
    ("centres_reached", CellKind::Count),
    ("first_centre", CellKind::Text),
    ("first_share", CellKind::Number),
    ("second_centre", CellKind::Text),
    ("second_share", CellKind::Number),
    ("share_elsewhere", CellKind::Number),
    ("mode", CellKind::Text),
    ("cutoff_min", CellKind::Number),
];
/// Columns of the table of pairs.
const PAIRS: [PlainColumn<'static>; 6] = [
    ("zone_id", CellKind::Text),
    ("centre_id", CellKind::Text),
    ("time_min", CellKind::Number),
    ("share", CellKind::Number),
    ("customers", CellKind::Number),
    ("trade_area", CellKind::Text),
];

/// Columns of the table of who goes from town to town.
const TOWNS: [PlainColumn<'static>; 5] = [
    ("from_town", CellKind::Text),
    ("to_town", CellKind::Text),
    ("customers", CellKind::Number),
    ("share_of_from", CellKind::Number),
    ("customers_both_share", CellKind::Number),
];
/// Columns of the table of what was fitted.
const PARAMETERS: [PlainColumn<'static>; 4] = [
    ("parameter", CellKind::Text),
    ("estimate", CellKind::Number),
    ("standard_error", CellKind::Number),
    ("robust_standard_error", CellKind::Number),
];

/// By what times are, and the longest in minutes, which may be infinite.
type Mode = (String, f64);

/// Centres that the summary shows.
const SHOWN: usize = 10;

pub(super) fn run(arguments: &Catchment) -> Result<Outcome, CliError> {
    let mut inputs = vec![&arguments.zones, &arguments.centres];
    inputs.extend(arguments.matrix.iter().chain(&arguments.fit));
    let begin_table = |path: &Option<PathBuf>| PlainFile::begin(path.as_deref(), "a table of catchments", &inputs);
    let centres_file = begin_table(&arguments.out)?;
    let zones_file = begin_table(&arguments.zones_out)?;
    let pairs_file = begin_table(&arguments.pairs_out)?;
    let fit_file = begin_table(&arguments.fit_out)?;
    let towns_file = begin_table(&arguments.towns_out)?;
    let page_file = begin(arguments.report.as_deref(), "a page", &["html"], ".html")?;
    let unit = arguments.unit.map(Into::into);
    let times = match (&arguments.matrix, &arguments.network, arguments.straight_line) {
        (Some(path), ..) => TimesFrom::Table(path, TimeColumn { name: arguments.time.as_deref(), unit }),
        (None, Some(folder), _) => TimesFrom::Streets { folder, profile: arguments.profile.into() },
        (None, None, speed) => TimesFrom::StraightLine { speed_kmh: speed.unwrap_or(1.0), detour: arguments.detour },
    };
    let observed = match (&arguments.fit, &arguments.fit_totals) {
        (Some(path), _) => Some(Observed::Choices(path, arguments.fit_column.as_deref())),
        (None, Some(field)) => Some(Observed::Totals(field)),
        (None, None) => None,
    };
    let question = CatchmentQuestion {
        zones: (&arguments.zones, arguments.customers.as_deref()),
        centres: (&arguments.centres, arguments.attraction.as_deref()),
        times,
        cutoff: arguments.cutoff.map_or(f64::INFINITY, |cutoff| cutoff.seconds() / 60.0),
        towns: [arguments.zone_town.as_deref(), arguments.centre_town.as_deref()],
        attraction_exponent: arguments.exponent,
        attributes: &arguments.attributes,
        fit: observed.map(|observed| FitQuestion { observed, method: arguments.fit_method.into() }),
        decay: arguments.decay,
        competition: arguments.competition,
        outside: arguments.outside,
        limits: arguments.limits.0,
    };
    let bar = Bar::new(arguments.quiet);
    let measured = measure_catchments(&question, &bar);
    bar.finish();
    let (found, notices) = measured?;
    let mode = (times.mode(), question.cutoff);
    let is_written = centres_file.is_some();
    match centres_file {
        Some(file) => file.write(&CENTRES, |table| write_centres(&found, &mode, table))?,
        None => to_stdout(&CENTRES, |table| write_centres(&found, &mode, table))?,
    }
    if let Some(file) = zones_file {
        file.write(&ZONES, |table| write_zones(&found, &mode, table))?;
    }
    if let Some(file) = pairs_file {
        file.write(&PAIRS, |table| write_pairs(&found, table))?;
    }
    if let (Some(file), Some(rule)) = (fit_file, &found.rule) {
        file.write(&PARAMETERS, |table| write_parameters(rule, table))?;
    }
    if let Some(file) = towns_file {
        file.write(&TOWNS, |table| write_towns(&found, table))?;
    }
    if let Some((file, _)) = page_file {
        let title = arguments.title.clone().unwrap_or_else(|| file_name(&arguments.centres));
        let page = write_catchment_page(&found, &question, &title, (arguments.language.into(), &notices))?;
        file.write(page.as_bytes()).map_err(unwritable(file.target()))?;
        commit(file)?;
    }
    if !arguments.quiet {
        output::say(&output::notices_text(&notices));
    }
    if is_written {
        let text = match arguments.format {
            Format::Text => summary_text(&found),
            Format::Json => {
                let facts = json!({
                    "zones": found.zones.len(), "centres": found.centres.len(), "pairs": found.pairs.len(),
                    "customers": customers(&found), "fit": found.rule.as_ref().map(rule_json), "notices": summary::notices_json(&notices),
                });
                format!("{facts:#}\n")
            }
        };
        output::result(&text).map_err(CliError::Stdout)?;
    } else if !arguments.quiet {
        output::say(&summary_text(&found));
    }
    Ok(outcome(arguments.strict, &notices))
}

fn customers(found: &Catchments) -> f64 {
    found.zones.iter().map(|zone| zone.customers).sum()
}

fn share_of(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

fn write_centres(found: &Catchments, mode: &Mode, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    let all = customers(found);
    for centre in &found.centres {
        let [primary, secondary, tertiary, beyond] = centre.by_area.map(Cell::Number);
        table.write(&[
            Cell::Text(&centre.id),
            Cell::Text(&centre.name),
            Cell::Number(centre.attraction),
            Cell::Number(centre.customers),
            Cell::of(share_of(centre.customers, all)),
            Cell::Number(centre.sole_people),
            Cell::Number(centre.nearest_people),
            primary,
            secondary,
            tertiary,
            beyond,
            Cell::Text(&mode.0),
            Cell::Number(mode.1),
        ])?;
    }
    Ok(())
}

fn write_zones(found: &Catchments, mode: &Mode, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    for zone in &found.zones {
        let centre = |place: Option<(usize, f64)>| match place {
            Some((centre, share)) => [Cell::Text(&found.centres[centre].id), Cell::Number(share)],
            None => [Cell::Empty; 2],
        };
        let [first, second] = zone.first.map(centre);
        table.write(&[
            Cell::Text(&zone.id),
            Cell::Text(&zone.name),
            Cell::Number(zone.customers),
            Cell::Count(zone.centres_reached),
            first[0],
            first[1],
            second[0],
            second[1],
            Cell::of(zone.outside_share),
            Cell::Text(&mode.0),
            Cell::Number(mode.1),
        ])?;
    }
    Ok(())
}

fn write_pairs(found: &Catchments, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    for pair in &found.pairs {
        let area = match pair.area {
            TradeArea::Primary => "primary",
            TradeArea::Secondary => "secondary",
            TradeArea::Tertiary => "tertiary",
            TradeArea::Outside => "beyond",
        };
        table.write(&[
            Cell::Text(&found.zones[pair.zone].id),
            Cell::Text(&found.centres[pair.centre].id),
            Cell::Number(pair.minutes),
            Cell::Number(pair.share),
            Cell::Number(pair.customers),
            Cell::Text(area),
        ])?;
    }
    Ok(())
}

fn write_towns(found: &Catchments, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    let towns = &found.towns;
    for flow in &towns.flows {
        table.write(&[
            Cell::Text(&towns.names[flow.from]),
            Cell::Text(&towns.names[flow.to]),
            Cell::Number(flow.customers),
            Cell::of(share_of(flow.customers, towns.customers[flow.from])),
            Cell::Number(flow.overlap),
        ])?;
    }
    Ok(())
}

fn write_parameters(rule: &FittedRule, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    for parameter in &rule.parameters {
        table.write(&[
            Cell::Text(&parameter.name),
            Cell::Number(parameter.estimate),
            Cell::Number(parameter.error),
            Cell::of(parameter.robust_error),
        ])?;
    }
    Ok(())
}

fn rule_json(rule: &FittedRule) -> Value {
    let parameters: Vec<Value> = rule
        .parameters
        .iter()
        .map(|parameter| {
            json!({
                "name": parameter.name, "estimate": parameter.estimate, "standard_error": parameter.error,
                "robust_standard_error": parameter.robust_error,
            })
        })
        .collect();
    let told = |told: &Foretold| json!({ "r_squared": told.r_squared, "wape": told.wape });
    json!({
        "parameters": parameters, "zones": rule.zones, "observed": rule.observed,
        "pseudo_r_squared": rule.pseudo_r_squared, "zones_not_seen": rule.held_out.as_ref().map(told),
        "rule_as_given": rule.as_given.as_ref().map(told),
    })
}

/// What was fitted, and what it is worth on zones that the fit had not seen.
fn rule_text(rule: &FittedRule) -> String {
    let parameter = |parameter: &Parameter| {
        let error = parameter.robust_error.unwrap_or(parameter.error);
        format!("{} {:.3} +- {error:.3}", parameter.name, parameter.estimate)
    };
    let parameters: Vec<String> = rule.parameters.iter().map(parameter).collect();
    let mut text = format!("fitted to {:.0} of {} zones: {}\n", rule.observed, rule.zones, parameters.join(", "));
    let told = |told: &Foretold| match (told.r_squared, told.wape) {
        (Some(r_squared), Some(wape)) => format!("R2 {r_squared:.2}, missed {:.0} % of visits", 100.0 * wape),
        _ => "cannot be told".to_owned(),
    };
    match (&rule.held_out, &rule.as_given) {
        (Some(held_out), Some(as_given)) => {
            text.push_str(&format!("  zones not seen: {}; by the rule as given: {}\n", told(held_out), told(as_given)));
        }
        _ => text.push_str("  not checked on zones that the fit has not seen: totals know no zones\n"),
    }
    text
}

/// The centres with most customers, and what goes elsewhere.
fn summary_text(found: &Catchments) -> String {
    let all = customers(found);
    let percent =
        |part: f64| share_of(part, all).map_or_else(String::new, |share| format!(" ({:.1} %)", 100.0 * share));
    let mut text = format!("{} zones with {all:.0} customers, {} centres\n", found.zones.len(), found.centres.len());
    text.push_str(&found.rule.as_ref().map_or_else(String::new, rule_text));
    let mut order: Vec<usize> = (0..found.centres.len()).collect();
    order.sort_by(|&a, &b| found.centres[b].customers.total_cmp(&found.centres[a].customers));
    for centre in order.iter().take(SHOWN).map(|&at| &found.centres[at]) {
        let name = if centre.name.is_empty() { &centre.id } else { &centre.name };
        text.push_str(&format!("  {name}: {:.0}{}\n", centre.customers, percent(centre.customers)));
    }
    if order.len() > SHOWN {
        text.push_str(&format!("  ... and {} more centres\n", order.len() - SHOWN));
    }
    let here: f64 = found.centres.iter().map(|centre| centre.customers).sum();
    text.push_str(&format!("  elsewhere: {:.0}{}\n", (all - here).max(0.0), percent((all - here).max(0.0))));
    text
}
