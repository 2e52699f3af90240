//! The page of a check: one self-contained HTML page that says what the data of a folder are worth, to read on a screen,
//! on a phone or on A4.
//!
//! In: the check and the labels. Out: HTML with its style sheet and drawings inside, in the manner of the report. Names
//! come from files and are hostile until escaped: every text goes through the template's escaping.

use serde::Serialize;

use crate::canvas::check::{AbsentInput, Check, CheckedFile, CheckedNotices, NoticeExample};
use crate::canvas::indicators::Quality;
use crate::canvas::labels::{DASH, Labels};
use crate::report::{ReportError, render};

mod bars;
mod places;
mod words;

pub use places::{ToldShares, class_name, told_shares};
pub use words::{
    concern_sentences, counter_faults, counter_place, counter_share, input_name, parking_sentences, people_sentences,
    timetable_sentences, verdict_sentences,
};

use places::{Counters, Parking, Streets, Timetable};

/// Everything the template shows, as text ready to escape.
#[derive(Serialize)]
struct Page {
    language: &'static str,
    name: String,
    facts: Vec<(String, String)>,
    stops: bool,
    brief: Vec<String>,
    concerns: Vec<String>,
    outlook: Option<OutlookTable>,
    mends: Vec<MendRow>,
    files: Vec<FileRow>,
    missing: Vec<MissingRow>,
    streets: Option<Streets>,
    timetables: Vec<Timetable>,
    counters: Option<Counters>,
    parking: Option<Parking>,
    people: Vec<String>,
    notices: Vec<NoticeRow>,
}

#[derive(Serialize)]
struct OutlookTable {
    bar: bars::PartedBar,
    rows: Vec<OutlookRow>,
}

#[derive(Serialize)]
struct OutlookRow {
    basis: String,
    class: &'static str,
    count: String,
    indicators: String,
}

#[derive(Serialize)]
struct MendRow {
    input: String,
    indicators: String,
}

#[derive(Serialize)]
struct FileRow {
    file: String,
    used_as: String,
    is_used: bool,
    detail: String,
    read: String,
    dropped: String,
}

#[derive(Serialize)]
struct MissingRow {
    name: String,
    effect: String,
}

#[derive(Serialize)]
struct NoticeRow {
    text: String,
    code: String,
    severity: String,
    count: String,
    examples: Vec<ExampleRow>,
    more: Option<String>,
}

#[derive(Serialize)]
struct ExampleRow {
    place: String,
    detail: String,
}

/// The page as text.
pub fn write_check_page(check: &Check, labels: &Labels) -> Result<String, ReportError> {
    render("check.html", build_page(check, labels), labels)
}

fn build_page(check: &Check, labels: &Labels) -> Page {
    Page {
        language: labels.language().code(),
        name: check.name.clone(),
        facts: facts(check, labels),
        stops: check.stops_audit.is_some(),
        brief: verdict_sentences(check, labels),
        concerns: concern_sentences(check, labels),
        outlook: (!check.outlook.is_empty()).then(|| outlook_table(check, labels)),
        mends: words::mends(check)
            .into_iter()
            .map(|(input, gaining)| MendRow {
                input: input_name(input, labels),
                indicators: join(gaining.iter().map(|outlook| labels.text(&indicator_key(outlook)))),
            })
            .collect(),
        files: check.files.iter().map(|file| file_row(file, check, labels)).collect(),
        missing: check.missing.iter().map(|input| missing_row(input, labels)).collect(),
        streets: check.streets.as_ref().map(|streets| places::streets(streets, labels)),
        timetables: check
            .timetables
            .iter()
            .map(|timetable| places::timetable(timetable, check.service_date.as_deref(), labels))
            .collect(),
        counters: places::counters(&check.counters, labels),
        parking: check.parking.as_ref().map(|parking| places::parking(parking, check, labels)),
        people: people_sentences(check, labels),
        notices: notice_rows(check, labels),
    }
}

fn facts(check: &Check, labels: &Labels) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let day = check.service_date.as_deref().map(|day| labels.date(day));
    facts.push(("check-fact-day", day.unwrap_or_else(|| labels.text("check-fact-day-none"))));
    if let Some(streets) = &check.streets {
        let date = streets.data_date.as_deref().map(|date| labels.date(date));
        facts.push(("check-fact-map", date.unwrap_or_else(|| labels.text("check-fact-unknown"))));
        facts.push(("check-fact-network", labels.length(streets.walk.length_m)));
    }
    if let Some(people) = &check.people {
        facts.push(("check-fact-shops", labels.number(people.shops as f64, 0)));
    }
    facts.into_iter().map(|(key, value)| (labels.text(key), value)).collect()
}

fn indicator_key(outlook: &crate::canvas::check::Outlook) -> String {
    format!("indicator-{}", outlook.indicator.definition().key)
}

fn join(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(" · ")
}

fn outlook_table(check: &Check, labels: &Labels) -> OutlookTable {
    let bases = [
        ("verdict-observed", Some(Quality::Observed), "told"),
        ("verdict-inferred", Some(Quality::Inferred), "half"),
        ("verdict-assumed", Some(Quality::Assumed), "odd"),
        ("verdict-absent", None, "untold"),
    ];
    let of = |quality| check.outlook.iter().filter(move |outlook| outlook.quality == quality);
    let parts = bases.map(|(key, quality, class)| {
        let count = of(quality).count() as f64;
        (labels.text(key), labels.number(count, 0), count, class)
    });
    let rows = bases.iter().filter(|(_, quality, _)| of(*quality).next().is_some());
    OutlookTable {
        bar: bars::parted_bar(labels.text("verdict-outlook-caption"), parts.into()),
        rows: rows
            .map(|&(key, quality, class)| OutlookRow {
                basis: labels.text(key),
                class,
                count: labels.number(of(quality).count() as f64, 0),
                indicators: join(of(quality).map(|outlook| labels.text(&indicator_key(outlook)))),
            })
            .collect(),
    }
}

fn file_row(file: &CheckedFile, check: &Check, labels: &Labels) -> FileRow {
    // The tables of a timetable are files inside it.
    let inside = format!("{}/", file.file);
    let own = check.rows.iter().filter(|(name, _)| **name == file.file || name.starts_with(&inside));
    let (read, dropped) = own.fold((0, 0), |sum, (_, rows)| (sum.0 + rows.read, sum.1 + rows.dropped));
    let count = |rows: u64| if read > 0 { labels.number(rows as f64, 0) } else { DASH.to_owned() };
    FileRow {
        file: file.file.clone(),
        used_as: match &file.kind {
            Some(kind) => input_name(kind, labels),
            None => labels.text_or_key("check-file", &file.verdict),
        },
        is_used: file.kind.is_some(),
        detail: file.reason.clone(),
        read: count(read),
        dropped: count(dropped),
    }
}

fn missing_row(input: &AbsentInput, labels: &Labels) -> MissingRow {
    MissingRow {
        name: input_name(&input.kind, labels),
        effect: labels.find(&format!("input-{}-missing", input.kind)).unwrap_or_default(),
    }
}

/// Notices by code, the gravest first, then the most frequent.
fn notice_rows(check: &Check, labels: &Labels) -> Vec<NoticeRow> {
    let gravity = |severity: &str| match severity {
        "error" => 0,
        "warning" => 1,
        _ => 2,
    };
    let mut all: Vec<(&String, &CheckedNotices)> = check.notices.iter().collect();
    all.sort_by_key(|(code, n)| (gravity(&n.severity), std::cmp::Reverse(n.count), code.as_str()));
    all.into_iter()
        .map(|(code, notices)| {
            let more = notices.count.saturating_sub(notices.examples.len() as u64);
            NoticeRow {
                text: labels.text_or_key("notice", code),
                code: code.clone(),
                severity: labels.text_or_key("severity", &notices.severity),
                count: labels.number(notices.count as f64, 0),
                examples: notices.examples.iter().map(|example| example_row(example, labels)).collect(),
                more: (more > 0).then(|| labels.text_with("check-notice-more", &[("count", (more as f64).into())])),
            }
        })
        .collect()
}

fn example_row(example: &NoticeExample, labels: &Labels) -> ExampleRow {
    let numbered = |key: &str, name: &str, number: Option<u64>| {
        number.map(|number| labels.text_with(key, &[(name, labels.number(number as f64, 0).into())]))
    };
    let field = (!example.field.is_empty()).then(|| {
        let name = labels.text_with("check-notice-field", &[("field", example.field.as_str().into())]);
        let value = labels.text_with("quoted", &[("text", example.value.as_str().into())]);
        if example.value.is_empty() { name } else { format!("{name} {value}") }
    });
    let place: Vec<String> = [
        Some(example.file.clone()),
        numbered("check-notice-row", "row", example.row),
        numbered("check-notice-feature", "feature", example.feature),
        example.element.clone(),
        field,
    ]
    .into_iter()
    .flatten()
    .collect();
    let detail = match example.action.is_empty() {
        true => example.problem.clone(),
        false => format!("{}; {}", example.problem, example.action),
    };
    ExampleRow { place: place.join(", "), detail }
}
