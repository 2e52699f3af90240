//! `chaland check`: what the data of a folder are worth, as a page, as JSON, and on the screen.

use std::path::Path;

use super::arguments::{Check as Arguments, Format};
use super::failure::CliError;
use super::progress::Bar;
use super::{Outcome, output};
use crate::canvas::check::{Check, CheckedFile, TimetableCheck};
use crate::canvas::labels::Labels;
use crate::export::check_document;
use crate::report::check::{
    class_name, concern_sentences, counter_faults, counter_place, counter_share, input_name, parking_sentences,
    people_sentences, timetable_sentences, told_shares, verdict_sentences,
};
use crate::study::StudyError;
use crate::study::check::{check_opened, write_check};
use crate::study::open::open;
use crate::study::results_folder::ResultsFolder;

/// Folder of the page, in the study's folder.
const FOLDER: &str = "check";
/// Upright bars of a letter's height, the lowest first.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Bars of a line; more than this many weeks or months are drawn together.
const MOST_BARS: usize = 60;
/// Letters after which a sentence goes on in the next line.
const WIDTH: usize = 100;
/// Classes of streets that are told.
const TOLD_CLASSES: usize = 8;

pub(super) fn run(arguments: &Arguments) -> Result<Outcome, CliError> {
    let mut opened = open(&arguments.folder)?;
    if let Some(language) = arguments.language {
        opened.manifest.study.language = language.into();
    }
    let target = arguments.out.clone().unwrap_or_else(|| arguments.folder.join(FOLDER));
    // Begun before the work: a place where the page cannot stand is told at once.
    let folder = ResultsFolder::begin(&target)?;
    let bar = Bar::new(arguments.quiet);
    let checked = check_opened(&opened, &arguments.folder, &bar);
    bar.finish();
    let language = opened.manifest.study.language;
    let written = write_check(&checked, language, folder)?;
    if !arguments.quiet {
        output::say(&output::notices_text(&checked.notices));
    }
    let text = match arguments.format {
        Format::Text => text_of(&checked.check, (&target, &written.files), &Labels::for_language(language)),
        Format::Json => {
            String::from_utf8_lossy(&check_document(&checked.check).map_err(StudyError::from)?).into_owned()
        }
    };
    output::result(&text).map_err(CliError::Stdout)?;
    match checked.failure {
        Some(failure) => Err(failure.into()),
        None if arguments.strict && checked.notices.has_errors() => Ok(Outcome::Strict),
        None => Ok(Outcome::Done),
    }
}

/// For people: the verdict first, then what there is.
fn text_of(check: &Check, (folder, written): (&Path, &[String]), labels: &Labels) -> String {
    let mut lines = vec![heading(check, labels), String::new()];
    lines.extend(verdict_sentences(check, labels).iter().flat_map(|sentence| wrapped("", sentence)));
    let concerns = concern_sentences(check, labels);
    if !concerns.is_empty() {
        section(&mut lines, "verdict-concerns", labels);
        lines.extend(concerns.iter().flat_map(|sentence| wrapped("! ", sentence)));
    } else if check.stops_audit.is_none() {
        lines.push(labels.text("verdict-sound"));
    }
    files(check, &mut lines, labels);
    streets(check, &mut lines, labels);
    if !check.timetables.is_empty() {
        section(&mut lines, "check-timetables-title", labels);
        for timetable in &check.timetables {
            lines.extend(timetable_lines(timetable, check.service_date.as_deref(), labels));
        }
    }
    counters(check, &mut lines, labels);
    if check.parking.is_some() {
        section(&mut lines, "check-parking-title", labels);
        lines.extend(parking_sentences(check, labels).iter().flat_map(|sentence| wrapped("  ", sentence)));
    }
    if check.people.is_some() {
        section(&mut lines, "check-people-title", labels);
        lines.extend(people_sentences(check, labels).iter().flat_map(|sentence| wrapped("  ", sentence)));
    }
    let values = [
        ("folder", folder.display().to_string().into()),
        ("files", written.join(", ").into()),
        ("count", (check.notices.values().map(|of_code| of_code.count).sum::<u64>() as f64).into()),
    ];
    lines.extend([
        String::new(),
        labels.text_with("summary-notices", &values),
        labels.text_with("check-written", &values),
        String::new(),
    ]);
    lines.join("\n")
}

fn heading(check: &Check, labels: &Labels) -> String {
    let day = check.service_date.as_deref().map(|day| labels.date(day));
    let day = day.unwrap_or_else(|| labels.text("check-fact-day-none"));
    format!("{} – {}", check.name, labels.text_with("check-day", &[("day", day.into())]))
}

fn section(lines: &mut Vec<String>, title: &str, labels: &Labels) {
    lines.extend([String::new(), labels.text(title)]);
}

fn files(check: &Check, lines: &mut Vec<String>, labels: &Labels) {
    section(lines, "check-files-title", labels);
    let used_as = |file: &CheckedFile| match &file.kind {
        Some(kind) => input_name(kind, labels),
        None => labels.text_or_key("check-file", &file.verdict),
    };
    let width = |of: &dyn Fn(&CheckedFile) -> usize| check.files.iter().map(of).max().unwrap_or(0);
    let names = width(&|file| file.file.chars().count());
    let uses = width(&|file| used_as(file).chars().count());
    for file in &check.files {
        lines.push(format!("  {:names$}  {:uses$}  {}", file.file, used_as(file), file.reason));
    }
    if !check.missing.is_empty() {
        section(lines, "check-missing-title", labels);
    }
    for input in &check.missing {
        let effect = labels.find(&format!("input-{}-missing", input.kind)).unwrap_or_default();
        let text = format!("{} – {effect}", input_name(&input.kind, labels));
        lines.extend(wrapped("  ", &text));
    }
}

fn streets(check: &Check, lines: &mut Vec<String>, labels: &Labels) {
    let Some(streets) = &check.streets else { return };
    let walk = &streets.walk;
    section(lines, "check-streets-title", labels);
    let values =
        [("length", labels.length(walk.length_m).into()), ("share", labels.percent(walk.main_component_share).into())];
    lines.extend(wrapped("  ", &labels.text_with("check-streets-intro", &values)));
    let apart = walk.components.saturating_sub(1);
    lines.extend(wrapped(
        "  ",
        &match apart {
            0 => labels.text("check-islands-none"),
            _ => labels.text_with("check-islands", &[("count", apart.into())]),
        },
    ));
    let longest = walk.length_by_class_m.first().map_or(1.0, |(_, length_m)| length_m.max(1.0));
    for (class, length_m) in walk.length_by_class_m.iter().take(TOLD_CLASSES) {
        let bar = "#".repeat((20.0 * length_m / longest).round() as usize);
        lines.push(format!("  {:32} {:>10}  {bar}", class_name(*class, labels), labels.length(*length_m)));
    }
    for told in told_shares(streets, labels) {
        let parts: Vec<String> = told.parts.iter().map(|(label, share, ..)| format!("{label} {share}")).collect();
        lines.extend(wrapped("  ", &format!("{} – {}", told.title, parts.join(", "))));
    }
}

fn timetable_lines(timetable: &TimetableCheck, day: Option<&str>, labels: &Labels) -> Vec<String> {
    let mut lines = vec![format!("  {}", timetable.file)];
    for sentence in timetable_sentences(timetable, day, labels) {
        lines.extend(wrapped("    ", &sentence));
    }
    if timetable.first.is_some() {
        let days = timetable.weekday_trips.iter().enumerate();
        let days = days.map(|(place, trips)| {
            format!("{}\u{a0}{}", labels.text(&format!("check-weekday-{}", place + 1)), labels.number(*trips, 0))
        });
        let title = labels.text("check-feed-weekdays");
        lines.extend(wrapped("    ", &format!("{title} – {}", days.collect::<Vec<_>>().join(", "))));
    }
    if timetable.weeks.len() > 1 {
        let weeks: Vec<f64> = timetable.weeks.iter().map(|week| week.trips as f64).collect();
        let most = weeks.iter().copied().fold(0.0, f64::max);
        lines.extend(wrapped("    ", &labels.text_with("check-feed-weeks", &[("most", most.into())])));
        lines.push(format!("    {}", blocks(&weeks, most)));
    }
    lines
}

fn counters(check: &Check, lines: &mut Vec<String>, labels: &Labels) {
    if check.counters.is_empty() {
        return;
    }
    section(lines, "check-counters-title", labels);
    for counter in &check.counters {
        let health = labels.text_or_key("health", &counter.health);
        lines.extend(wrapped("  ", &format!("{} – {health} – {}", counter.name, counter_place(counter, labels))));
        let period = match (&counter.first, &counter.last) {
            (Some(first), Some(last)) => format!(", {}", labels.date(&format!("{first}/{last}"))),
            _ => String::new(),
        };
        lines.extend(wrapped("    ", &format!("{}{period}", counter_share(counter, labels))));
        lines.extend(wrapped("    ", &counter_faults(counter, labels).join(", ")));
        if !counter.months.is_empty() {
            let months: Vec<f64> = counter.months.iter().map(|month| month.counted).collect();
            lines.push(format!("    {}", blocks(&months, 1.0)));
        }
    }
}

/// A line of bars; a place of nothing is a blank.
fn blocks(values: &[f64], most: f64) -> String {
    let together = values.len().div_ceil(MOST_BARS).max(1);
    let bar = |part: &[f64]| {
        let mean = part.iter().sum::<f64>() / part.len() as f64;
        let height = mean / most.max(f64::MIN_POSITIVE) * (BLOCKS.len() - 1) as f64;
        if mean > 0.0 { BLOCKS[(height.round() as usize).min(BLOCKS.len() - 1)] } else { '·' }
    };
    values.chunks(together).map(bar).collect()
}

/// A text in lines of at most so many letters, each after `before`; a word that is longer stands whole.
fn wrapped(before: &str, text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) => lines.push(format!("{}{word}", " ".repeat(before.chars().count()))),
            None => lines.push(format!("{before}{word}")),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_high_as_their_share_and_nothing_is_a_dot() {
        assert_eq!(blocks(&[0.0, 1.0, 7.0], 7.0), "·▂█");
        assert_eq!(blocks(&[5.0; 130], 5.0).chars().count(), 44, "three together");
        assert_eq!(blocks(&[], 0.0), "");
    }

    #[test]
    fn lines_are_cut_between_words() {
        let text = wrapped("! ", &"mot ".repeat(40));
        assert_eq!(text.len(), 2);
        assert!(text[0].starts_with("! mot") && text[1].starts_with("  mot"), "{text:?}");
        assert!(text.iter().all(|line| line.chars().count() <= WIDTH));
        assert_eq!(wrapped("", ""), Vec::<String>::new());
    }
}
