//! `chaland compare`: several towns side by side, with ranks and how sure these are.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::arguments::{Format, LanguageName};
use super::commands::{outcome, work_with};
use super::failure::CliError;
use super::plain_file::PlainFile;
use super::progress::Bar;
use super::reach::{begin, commit, unwritable};
use super::{Outcome, output, summary};
use crate::base::notice::Notices;
use crate::canvas::feed::{Interval, RankInterval};
use crate::canvas::labels::Labels;
use crate::canvas::numbers::Language;
use crate::canvas::score::score_of_100;
use crate::export::ExportError;
use crate::export::plain_table::{Cell, CellKind, PlainColumn, PlainTable};
use crate::study::compare::{Comparison, Part, compare, read_canvas, write_comparison};
use crate::study::error::StudyError;

#[derive(Debug, Args)]
pub(super) struct Compare {
    /// Towns: folders of studies or of their results, or files canvas.json; a study without results is audited
    #[arg(required = true, num_args = 2.., value_name = "TOWN")]
    pub towns: Vec<PathBuf>,
    /// Compare the centres, within ten minutes' walk of the core, instead of all that was studied
    #[arg(long)]
    pub centres: bool,
    /// Table of the towns to write, .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Page to write, .html
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Language of the page [default: that of the first town]
    #[arg(long, value_enum)]
    pub language: Option<LanguageName>,
    /// Form of the result on stdout
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// End with code 1 when a notice is an error; the result is written all the same
    #[arg(long)]
    pub strict: bool,
    /// Threads to work with [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// No progress and no notices on stderr
    #[arg(long, short)]
    pub quiet: bool,
}

/// Columns before those of the dimensions.
const TOWNS: [PlainColumn<'static>; 14] = [
    ("town", CellKind::Text),
    ("residents", CellKind::Number),
    ("shops", CellKind::Number),
    ("friction", CellKind::Number),
    ("friction_p5", CellKind::Number),
    ("friction_p95", CellKind::Number),
    ("friction_at_most", CellKind::Number),
    ("coverage", CellKind::Number),
    ("friction_common", CellKind::Number),
    ("friction_common_p5", CellKind::Number),
    ("friction_common_p95", CellKind::Number),
    ("rank", CellKind::Number),
    ("rank_p5", CellKind::Number),
    ("rank_p95", CellKind::Number),
];

pub(super) fn run(arguments: &Compare) -> Result<Outcome, CliError> {
    work_with(arguments.threads)?;
    let inputs: Vec<&PathBuf> = arguments.towns.iter().collect();
    let table = PlainFile::begin(arguments.out.as_deref(), "a table of towns", &inputs)?;
    let page = begin(arguments.report.as_deref(), "a page", &["html"], ".html")?;
    if let Some((page, _)) = &page
        && inputs.iter().any(|input| page.replaces(input))
    {
        return Err(StudyError::ReplacesInput { path: page.target().to_owned() }.into());
    }
    let mut notices = Notices::new();
    let bar = Bar::new(arguments.quiet);
    let canvases: Result<Vec<_>, StudyError> =
        arguments.towns.iter().map(|path| Ok((path.clone(), read_canvas(path, &bar, &mut notices)?))).collect();
    bar.finish();
    let part = if arguments.centres { Part::Centre } else { Part::Town };
    let found = compare(canvases?, part)?;
    if let Some(table) = table {
        let dimensions = crate::canvas::indicators::Dimension::ALL.map(|dimension| (dimension.key(), CellKind::Number));
        let columns: Vec<PlainColumn<'_>> = TOWNS.into_iter().chain(dimensions).collect();
        table.write(&columns, |table| write_towns(&found, table))?;
    }
    if let Some((page, _)) = page {
        let language = match arguments.language {
            Some(language) => language.into(),
            None => found
                .towns
                .first()
                .and_then(|town| Language::from_code(&town.canvas.study.language))
                .unwrap_or_default(),
        };
        let html = write_comparison(&found, &Labels::for_language(language))?;
        page.write(html.as_bytes()).map_err(unwritable(page.target()))?;
        commit(page)?;
    }
    if !arguments.quiet {
        output::say(&output::notices_text(&notices));
    }
    let text = match arguments.format {
        Format::Text => text(&found),
        Format::Json => {
            let mut facts = facts(&found);
            facts["notices"] = summary::notices_json(&notices);
            format!("{facts:#}\n")
        }
    };
    output::result(&text).map_err(CliError::Stdout)?;
    Ok(outcome(arguments.strict, &notices))
}

fn write_towns(found: &Comparison, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    for town in &found.towns {
        let score = town.score(found.part);
        let ends = |interval: Option<Interval>| [interval.map(|own| own.p5), interval.map(|own| own.p95)].map(Cell::of);
        let [p5, p95] = ends(score.interval_of_data);
        let [common_p5, common_p95] = ends(town.interval_common);
        let rank = |of: fn(RankInterval) -> f64| Cell::of(town.rank.map(of));
        let head = [
            Cell::Text(&town.name),
            Cell::of(town.canvas.study.residents),
            Cell::Number(town.canvas.study.shops as f64),
            Cell::of(score.friction),
            p5,
            p95,
            Cell::of(score.friction_at_most),
            Cell::Number(score.coverage),
            Cell::of(town.friction_common),
            common_p5,
            common_p95,
            rank(|own| own.rank),
            rank(|own| own.p5),
            rank(|own| own.p95),
        ];
        let dimensions = score.dimensions.iter().map(|dimension| Cell::of(dimension.friction));
        table.write(&head.into_iter().chain(dimensions).collect::<Vec<_>>())?;
    }
    Ok(())
}

fn facts(found: &Comparison) -> Value {
    let towns: Vec<Value> = found
        .towns
        .iter()
        .map(|town| {
            let score = town.score(found.part);
            json!({
                "town": town.name, "residents": town.canvas.study.residents, "shops": town.canvas.study.shops,
                "friction": score.friction, "friction_interval": score.interval, "friction_interval_of_data": score.interval_of_data,
                "friction_at_most": score.friction_at_most, "coverage": score.coverage,
                "friction_common": town.friction_common, "friction_common_interval": town.interval_common,
                "rank": town.rank,
                "dimensions": score.dimensions.iter().map(|own| (own.dimension.key().to_owned(), json!({
                    "friction": own.friction, "interval": own.interval, "coverage": own.coverage,
                }))).collect::<serde_json::Map<_, _>>(),
            })
        })
        .collect();
    json!({
        "method_version": found.towns.first().map(|town| &town.canvas.method_version),
        "scoring": found.towns.first().map(|town| json!({
            "name": town.canvas.scoring.name, "version": town.canvas.scoring.version,
        })),
        "part": if found.part == Part::Town { "town" } else { "centre" },
        "common_dimensions": found.common.iter().map(|dimension| dimension.key()).collect::<Vec<_>>(),
        "towns": towns, "sensitivity": found.sensitivity,
    })
}

/// Scores as people are told them.
fn of_100(friction: Option<f64>) -> String {
    friction.map_or_else(|| "-".to_owned(), |friction| score_of_100(friction).to_string())
}

/// Towns from the least friction to the most.
fn text(found: &Comparison) -> String {
    let common: Vec<&str> = found.common.iter().map(|dimension| dimension.key()).collect();
    let mut text = format!(
        "{} towns, ranked on the {} dimensions that all have ({}); friction from 0 to 100, in brackets where 9 of 10 draws of the data lie\n",
        found.towns.len(),
        common.len(),
        if common.is_empty() { "none".to_owned() } else { common.join(" ") }
    );
    let mut towns: Vec<_> = found.towns.iter().collect();
    towns.sort_by(|a, b| {
        let rank = |rank: Option<RankInterval>| rank.map_or(f64::INFINITY, |rank| rank.rank);
        rank(a.rank).total_cmp(&rank(b.rank))
    });
    let between = |interval: Option<Interval>| {
        interval.map_or_else(String::new, |own| format!(" ({} to {})", score_of_100(own.p5), score_of_100(own.p95)))
    };
    for town in towns {
        let score = town.score(found.part);
        let rank =
            town.rank.map_or_else(|| "  -".to_owned(), |own| format!("{:>3} ({} to {})", own.rank, own.p5, own.p95));
        let scored = score.dimensions.iter().filter(|own| own.friction.is_some()).count();
        text.push_str(&format!(
            "  {rank}  {}: {}{}; of its own, on {scored} dimensions, {}{}, at most {}\n",
            town.name,
            of_100(town.friction_common),
            between(town.interval_common),
            of_100(score.friction),
            between(score.interval_of_data),
            of_100(score.friction_at_most)
        ));
    }
    if let Some(sensitivity) = &found.sensitivity {
        let causes: Vec<String> = sensitivity
            .causes
            .iter()
            .map(|cause| format!("{} {:.0} %", cause.cause.replace('_', " "), 100.0 * cause.share))
            .collect();
        text.push_str(&format!(
            "Drawn anew {} times, a town moves by {:.2} places in the mean; what explains that: {}\n",
            sensitivity.draws,
            sensitivity.mean_rank_shift,
            causes.join(", ")
        ));
    } else {
        text.push_str("No ranks: the towns have too few dimensions in common\n");
    }
    text
}
