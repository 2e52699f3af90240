//! `chaland access`: what people reach and how it is spread over them, from tables that somebody brings.

use serde_json::json;

use super::access_arguments::AccessOfTables;
use super::arguments::Format;
use super::commands::outcome;
use super::failure::CliError;
use super::plain_file::{PlainFile, to_stdout};
use super::{Outcome, output, summary};
use crate::analysis::access_measures::AccessMeasure;
use crate::export::ExportError;
use crate::export::plain_table::{Cell, CellKind, PlainColumn, PlainTable};
use crate::sources::travel_times::TimeColumn;
use crate::study::access::{AccessQuestion, AccessTable, Spread, SpreadQuestion, measure_access_table};

/// Columns of the table of spreads.
const SPREADS: [PlainColumn<'static>; 19] = [
    ("column", CellKind::Text),
    ("group", CellKind::Text),
    ("people", CellKind::Number),
    ("people_without", CellKind::Number),
    ("mean", CellKind::Number),
    ("p10", CellKind::Number),
    ("median", CellKind::Number),
    ("p90", CellKind::Number),
    ("line", CellKind::Number),
    ("share_below", CellKind::Number),
    ("shortfall", CellKind::Number),
    ("shortfall_squared", CellKind::Number),
    ("gini", CellKind::Number),
    ("theil", CellKind::Number),
    ("theil_between", CellKind::Number),
    ("theil_within", CellKind::Number),
    ("palma", CellKind::Number),
    ("concentration", CellKind::Number),
    ("rows", CellKind::Count),
];

pub(super) fn run(arguments: &AccessOfTables) -> Result<Outcome, CliError> {
    for named in &arguments.measure {
        let missing = match (named.measure.needs_people(), arguments.passive, &arguments.people) {
            (true, true, _) => "seen from what is offered nobody competes",
            (true, false, None) => "no field tells how many there are",
            _ => continue,
        };
        return Err(CliError::NobodyCompetes { measure: named.name.clone(), missing });
    }
    let mut inputs = vec![&arguments.land_use, &arguments.matrix];
    inputs.extend(&arguments.destinations);
    let file = PlainFile::begin(arguments.out.as_deref(), "a table of access", &inputs)?;
    let spread_file = PlainFile::begin(arguments.spread_out.as_deref(), "a table of spreads", &inputs)?;
    let unit = arguments.unit.map(Into::into);
    let columns: Vec<TimeColumn<'_>> = match arguments.time.as_slice() {
        [] => vec![TimeColumn { name: None, unit }],
        names => names.iter().map(|name| TimeColumn { name: Some(name), unit }).collect(),
    };
    let measures: Vec<(String, AccessMeasure)> =
        arguments.measure.iter().map(|named| (named.name.clone(), named.measure)).collect();
    let question = AccessQuestion {
        land_use: (&arguments.land_use, arguments.people.as_deref()),
        destinations: arguments.destinations.as_deref(),
        offers: &arguments.offer,
        times: &arguments.matrix,
        columns: &columns,
        measures: &measures,
        passive: arguments.passive,
        spread: SpreadQuestion {
            group: arguments.group.as_deref(),
            income: arguments.income.as_deref(),
            line: arguments.line,
        },
    };
    let (found, notices) = measure_access_table(&question)?;
    let mut columns: Vec<PlainColumn<'_>> =
        vec![("id", CellKind::Text), ("name", CellKind::Text), ("people", CellKind::Number)];
    columns.extend(found.columns.iter().map(|column| (column.name.as_str(), CellKind::Number)));
    let is_written = file.is_some();
    match file {
        Some(file) => file.write(&columns, |table| write_rows(&found, table))?,
        None => to_stdout(&columns, |table| write_rows(&found, table))?,
    }
    if let Some(file) = spread_file {
        file.write(&SPREADS, |table| write_spreads(&found, table))?;
    }
    if !arguments.quiet {
        output::say(&output::notices_text(&notices));
    }
    if is_written {
        let text =
            match arguments.format {
                Format::Text => summary_text(&found),
                Format::Json => {
                    let measures: Vec<_> = over_all(&found).map(|spread| json!({
                    "column": spread.column, "people": spread.people, "people_without": spread.people_without,
                    "mean": spread.mean, "median": spread.quantiles[1], "gini": spread.gini,
                })).collect();
                    let facts = json!({
                        "places": found.rows.len(), "measures": measures, "notices": summary::notices_json(&notices),
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

fn over_all(found: &AccessTable) -> impl Iterator<Item = &Spread> {
    found.spreads.iter().filter(|spread| spread.group.is_none())
}

fn write_rows(found: &AccessTable, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    for (at, (id, name)) in found.rows.iter().enumerate() {
        let values = found.columns.iter().map(|column| Cell::of(column.values[at]));
        let head = [Cell::Text(id), Cell::Text(name), Cell::Number(found.people[at])];
        table.write(&head.into_iter().chain(values).collect::<Vec<_>>())?;
    }
    Ok(())
}

fn write_spreads(found: &AccessTable, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    for spread in &found.spreads {
        let [p10, median, p90] = spread.quantiles.map(Cell::of);
        let [below, shortfall, squared] = spread.shortfalls.map(Cell::of);
        table.write(&[
            Cell::Text(&spread.column),
            spread.group.as_deref().map_or(Cell::Text("all"), Cell::Text),
            Cell::Number(spread.people),
            Cell::Number(spread.people_without),
            Cell::of(spread.mean),
            p10,
            median,
            p90,
            Cell::of(spread.line),
            below,
            shortfall,
            squared,
            Cell::of(spread.gini),
            Cell::of(spread.theil.map(|theil| theil.whole)),
            Cell::of(spread.theil.map(|theil| theil.between)),
            Cell::of(spread.theil.map(|theil| theil.within)),
            Cell::of(spread.palma),
            Cell::of(spread.concentration),
            Cell::Count(spread.rows),
        ])?;
    }
    Ok(())
}

/// Each measure over all people.
fn summary_text(found: &AccessTable) -> String {
    let people: f64 = found.people.iter().sum();
    let mut text = format!("{} places with {people:.0} people\n", found.rows.len());
    let number = |number: Option<f64>| number.map_or_else(|| "-".to_owned(), |number| format!("{number:.2}"));
    for spread in over_all(found) {
        let [p10, median, p90] = spread.quantiles.map(number);
        let mean = number(spread.mean);
        text.push_str(&format!("  {}: mean {mean}, median {median}, from {p10} (p10) to {p90} (p90)", spread.column));
        if spread.people_without > 0.0 {
            text.push_str(&format!("; nothing is known of {:.0}", spread.people_without));
        }
        text.push('\n');
    }
    text
}
