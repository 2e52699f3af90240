//! `chaland catchment`: who goes to which centre, from tables that somebody brings.

use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

use super::arguments::Format;
use super::catchment_arguments::Catchment;
use super::commands::outcome;
use super::failure::CliError;
use super::out_file::OutFile;
use super::reach::{begin, commit, unwritable};
use super::{Outcome, output, summary};
use crate::analysis::catchment::TradeArea;
use crate::export::ExportError;
use crate::export::plain_table::{Cell, PlainTable};
use crate::sources::travel_times::TimeColumn;
use crate::study::catchment::{CatchmentQuestion, Catchments, measure_catchments};
use crate::study::error::StudyError;

/// Centres that the summary shows.
const SHOWN: usize = 10;

pub(super) fn run(arguments: &Catchment) -> Result<Outcome, CliError> {
    let inputs = [&arguments.zones, &arguments.centres, &arguments.matrix];
    let begin_table = |path: &Option<PathBuf>| -> Result<Option<OutFile>, CliError> {
        let file = begin(path.as_deref(), "a table of catchments", &["csv"], ".csv")?.map(|(file, _)| file);
        match file {
            Some(file) if inputs.iter().any(|input| file.replaces(input)) => {
                Err(StudyError::ReplacesInput { path: file.target().to_owned() }.into())
            }
            file => Ok(file),
        }
    };
    let centres_file = begin_table(&arguments.out)?;
    let zones_file = begin_table(&arguments.zones_out)?;
    let pairs_file = begin_table(&arguments.pairs_out)?;
    let question = CatchmentQuestion {
        zones: (&arguments.zones, arguments.customers.as_deref()),
        centres: (&arguments.centres, arguments.attraction.as_deref()),
        times: (
            &arguments.matrix,
            TimeColumn { name: arguments.time.as_deref(), unit: arguments.unit.map(Into::into) },
        ),
        attraction_exponent: arguments.exponent,
        decay: arguments.decay,
        outside: arguments.outside,
        limits: arguments.limits.0,
    };
    let (found, notices) = measure_catchments(&question)?;
    let is_written = centres_file.is_some();
    write_to(centres_file, |out| write_centres(&found, out))?;
    if zones_file.is_some() {
        write_to(zones_file, |out| write_zones(&found, out))?;
    }
    if pairs_file.is_some() {
        write_to(pairs_file, |out| write_pairs(&found, out))?;
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
                    "customers": customers(&found), "notices": summary::notices_json(&notices),
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

/// Writes a table into a file, or to stdout.
fn write_to(
    file: Option<OutFile>,
    write: impl FnOnce(&mut dyn Write) -> Result<(), ExportError>,
) -> Result<(), CliError> {
    match file {
        Some(file) => {
            let mut out = file.writer().map_err(unwritable(file.target()))?;
            write(&mut out).map_err(StudyError::from)?;
            drop(out);
            commit(file)
        }
        None => {
            let mut bytes = Vec::new();
            write(&mut bytes).map_err(StudyError::from)?;
            output::result(&String::from_utf8_lossy(&bytes)).map_err(CliError::Stdout)
        }
    }
}

fn customers(found: &Catchments) -> f64 {
    found.zones.iter().map(|zone| zone.customers).sum()
}

fn share_of(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

fn write_centres(found: &Catchments, out: &mut dyn Write) -> Result<(), ExportError> {
    let columns = [
        "id",
        "name",
        "attraction",
        "customers",
        "share_of_customers",
        "zone_customers_mostly_here",
        "zone_customers_nearest",
        "customers_primary",
        "customers_secondary",
        "customers_tertiary",
        "customers_beyond",
    ];
    let mut table = PlainTable::new(out, &columns)?;
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
        ])?;
    }
    table.finish()
}

fn write_zones(found: &Catchments, out: &mut dyn Write) -> Result<(), ExportError> {
    let columns = [
        "id",
        "name",
        "customers",
        "centres_reached",
        "first_centre",
        "first_share",
        "second_centre",
        "second_share",
        "share_elsewhere",
    ];
    let mut table = PlainTable::new(out, &columns)?;
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
        ])?;
    }
    table.finish()
}

fn write_pairs(found: &Catchments, out: &mut dyn Write) -> Result<(), ExportError> {
    let mut table = PlainTable::new(out, &["zone_id", "centre_id", "time_min", "share", "customers", "trade_area"])?;
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
    table.finish()
}

/// The centres with most customers, and what goes elsewhere.
fn summary_text(found: &Catchments) -> String {
    let all = customers(found);
    let percent =
        |part: f64| share_of(part, all).map_or_else(String::new, |share| format!(" ({:.1} %)", 100.0 * share));
    let mut text = format!("{} zones with {all:.0} customers, {} centres\n", found.zones.len(), found.centres.len());
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
    text.push_str(&format!("  elsewhere: {:.0}{}\n", all - here, percent(all - here)));
    text
}
