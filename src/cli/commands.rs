//! What each command does.

use std::path::Path;

use crate::canvas::schema::{canvas_schema, check_schema};
use crate::cli::arguments::{Audit, Command, Document, Format, Init};
use crate::cli::failure::CliError;
use crate::cli::out_file::OutFile;
use crate::cli::progress::Bar;
use crate::cli::{Outcome, output, summary};
use crate::study::manifest::MANIFEST;
use crate::study::manifest_text::manifest_text;
use crate::study::open::open;
use crate::study::recognise::{Recognised, Verdict, recognise};
use crate::study::results_folder::ResultsFolder;
use crate::study::write::write_results;
use crate::study::{self, StudyError};

/// Does what the arguments say.
pub(super) fn run(command: &Command) -> Result<Outcome, CliError> {
    match command {
        Command::Init(init) => run_init(init),
        Command::Check(check) => super::check::run(check),
        Command::Audit(audit) => run_audit(audit),
        Command::Network(arguments) => super::network::run(arguments),
        Command::Reach(arguments) => super::reach::run(arguments),
        Command::Access(arguments) => super::access::run(arguments),
        Command::Catchment(arguments) => super::catchment::run(arguments),
        Command::Compare(arguments) => super::compare::run(arguments),
        Command::Counts(arguments) => super::counts::run(arguments),
        Command::Parking(arguments) => super::parking::run(arguments),
        Command::Flow(arguments) => super::flow::run(arguments),
        Command::Indicators(arguments) => super::indicators::run(arguments),
        Command::Schema(schema) => {
            let schema = match schema.of {
                Document::Canvas => canvas_schema(),
                Document::Check => check_schema(),
            };
            print(&format!("{schema:#}\n"))?;
            Ok(Outcome::Done)
        }
    }
}

fn print(text: &str) -> Result<(), CliError> {
    output::result(text).map_err(CliError::Stdout)
}

fn run_init(init: &Init) -> Result<Outcome, CliError> {
    let path = init.folder.join(MANIFEST);
    if path.exists() && !init.force {
        return Err(StudyError::ManifestExists { path }.into());
    }
    let mut recognised = recognise(&init.folder)?;
    if let Some(language) = init.language {
        recognised.manifest.study.language = language.into();
    }
    let unwritable = |source| StudyError::Unwritable { path: path.clone(), source };
    let file = OutFile::begin(&path).map_err(unwritable)?;
    file.write(manifest_text(&recognised.manifest).as_bytes()).map_err(unwritable)?;
    file.commit().map_err(unwritable)?;
    output::say(&output::notices_text(&recognised.notices));
    print(&findings_text(&recognised, &format!("{} is written", path.display())))?;
    Ok(Outcome::Done)
}

/// Whether a run that finished ends with code 1.
pub(super) fn outcome(strict: bool, notices: &crate::base::notice::Notices) -> Outcome {
    if strict && notices.has_errors() { Outcome::Strict } else { Outcome::Done }
}

/// Starts so many threads; one per core where nobody says.
pub(super) fn work_with(threads: Option<u16>) -> Result<(), CliError> {
    let Some(threads) = threads.map(usize::from) else { return Ok(()) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build_global().map_err(|source| CliError::Threads { threads, source })
}

fn run_audit(audit: &Audit) -> Result<Outcome, CliError> {
    work_with(audit.threads)?;
    let mut opened = open(&audit.folder)?;
    if let Some(language) = audit.language {
        opened.manifest.study.language = language.into();
    }
    if let Some(scoring) = &audit.scoring {
        opened.manifest.study.scoring = Some(std::path::absolute(scoring).unwrap_or_else(|_| scoring.clone()));
    }
    let target = audit.out.clone().unwrap_or_else(|| audit.folder.join("results"));
    // Begun before the work: a place where results cannot stand is told at once.
    let folder = ResultsFolder::begin(&target)?;
    let bar = Bar::new(audit.quiet);
    let result = study::audit_opened(&opened.manifest, &audit.folder, opened.notices, &bar);
    bar.finish();
    let result = result?;
    let written = write_results(&result, opened.manifest.study.language, folder)?;
    if !audit.quiet {
        output::say(&output::notices_text(&result.notices));
    }
    let shown = shown_path(&target);
    match audit.format {
        Format::Text => print(&summary::text(&result, &shown, &written.files))?,
        Format::Json => {
            let json = summary::json(&result, &shown, &written.files);
            print(&format!("{json:#}\n"))?;
        }
    }
    if audit.strict && !audit.quiet && result.notices.has_errors() {
        output::say(&format!("--strict: {} error notices\n", output::errors(&result.notices)));
    }
    Ok(outcome(audit.strict, &result.notices))
}

fn shown_path(path: &Path) -> String {
    path.display().to_string()
}

fn findings_text(recognised: &Recognised, end: &str) -> String {
    let study = &recognised.manifest.study;
    let date = study.service_date.map_or_else(|| "chosen from the timetable".to_owned(), |date| date.to_string());
    let mut text = format!("{}: time zone {}, service day {date}\n\n", study.name, study.time_zone);
    let width = recognised.findings.iter().map(|f| f.file.chars().count()).max().unwrap_or(0);
    for finding in &recognised.findings {
        let verdict = match finding.verdict {
            Verdict::Used(kind) => kind.key(),
            Verdict::NotUsed => "not used",
            Verdict::NotRecognised => "not recognised",
            Verdict::Unreadable => "unreadable",
        };
        text.push_str(&format!("  {:width$}  {verdict:14}  {}\n", finding.file, finding.reason));
    }
    if !recognised.missing.is_empty() {
        text.push_str("\nmissing\n");
        for kind in &recognised.missing {
            text.push_str(&format!("  {:12} {}\n", kind.key(), kind.cost()));
        }
    }
    text.push_str(&format!("\n{end}\n"));
    text
}
