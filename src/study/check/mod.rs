//! What the folder of a study holds, looked at as an audit would read it, and nothing measured: streets, calendars,
//! counters, car parks, residents, heights, and what an audit will be able to say.
//!
//! In: an opened study. Out: a [`Check`] with its notices. What stops an audit stops no check: files and notices are told
//! all the same, and why it stops.

mod concerns;
mod counters;
mod outlook;
mod stock;
mod streets;
mod timetables;

use std::collections::BTreeMap;
use std::path::Path;

use crate::base::notice::{FileTally, Location, Notice, Notices};
use crate::canvas::check::{AbsentInput, CHECK_VERSION, Check, CheckedFile, CheckedNotices, NoticeExample};
use crate::canvas::feed::RowTally;
use crate::canvas::labels::Labels;
use crate::export::{check_document, notices_document};
use crate::report::write_check_page;
use crate::study::audit::check_centre;
use crate::study::count_sites::judge_sites;
use crate::study::error::StudyError;
use crate::study::manifest::{Language, Manifest};
use crate::study::progress::Progress;
use crate::study::recognise::{Finding, Recognised, Verdict};
use crate::study::results_folder::ResultsFolder;
use crate::study::town_of::{OpenedTown, open_town};
use crate::study::write::Written;

/// The page that people read.
pub const CHECK_PAGE: &str = "check.html";
/// Notices of one code that are told whole; `notices.csv` holds more.
const EXAMPLES: usize = 5;

/// What a check hands over.
#[derive(Debug)]
pub struct Checked {
    /// What was found.
    pub check: Check,
    /// What was found wrong on the way.
    pub notices: Notices,
    /// Why an audit would stop.
    pub failure: Option<StudyError>,
}

/// Checks an opened study: `folder` is where the manifest's relative paths start.
pub fn check_opened(opened: &Recognised, folder: &Path, progress: &dyn Progress) -> Checked {
    let manifest = &opened.manifest;
    let mut notices = opened.notices.clone();
    let mut check = begin(opened);
    let failure = look_closer(manifest, folder, progress, (&mut check, &mut notices)).err();
    check.stops_audit = failure.as_ref().map(|error| match error.help() {
        Some(help) => format!("{error}; {help}"),
        None => error.to_string(),
    });
    check.rows = notices.tallies().iter().map(|(file, tally)| (file.clone(), row_tally(tally))).collect();
    check.notices = told_notices(&notices);
    Checked { check, notices, failure }
}

/// Writes the page in `language`, the document and the notices into a folder of results, and moves it to its place.
pub fn write_check(checked: &Checked, language: Language, folder: ResultsFolder) -> Result<Written, StudyError> {
    let page = write_check_page(&checked.check, &Labels::for_language(language))?;
    folder.write(CHECK_PAGE, page.as_bytes())?;
    folder.write("check.json", &check_document(&checked.check)?)?;
    folder.write("notices.csv", &notices_document(&checked.notices)?)?;
    let files = [CHECK_PAGE, "check.json", "notices.csv"].map(str::to_owned).to_vec();
    Ok(Written { folder: folder.commit()?, files })
}

/// What is known before a file is read as a whole.
fn begin(opened: &Recognised) -> Check {
    let study = &opened.manifest.study;
    Check {
        check_version: CHECK_VERSION.to_owned(),
        name: study.name.clone(),
        language: study.language.code().to_owned(),
        time_zone: study.time_zone.clone(),
        service_date: study.service_date.map(|date| date.to_string()),
        stops_audit: None,
        outlook: Vec::new(),
        concerns: Vec::new(),
        files: opened.findings.iter().map(checked_file).collect(),
        missing: opened
            .missing
            .iter()
            .map(|kind| AbsentInput {
                kind: kind.key().to_owned(),
                cost: kind.cost().to_owned(),
                feeds: kind.feeds().to_vec(),
            })
            .collect(),
        streets: None,
        timetables: Vec::new(),
        counters: Vec::new(),
        parking: None,
        people: None,
        elevation: None,
        rows: BTreeMap::new(),
        notices: BTreeMap::new(),
    }
}

/// Reads, builds and links as an audit does, and looks at what is there.
fn look_closer(
    manifest: &Manifest,
    folder: &Path,
    progress: &dyn Progress,
    (check, notices): (&mut Check, &mut Notices),
) -> Result<(), StudyError> {
    let OpenedTown { records, town, service } = open_town(manifest, folder, progress, notices)?;
    check.service_date = manifest.study.service_date.or(service.as_ref().map(|day| day.date)).map(|d| d.to_string());
    check.timetables = timetables::check_timetables(&records, service.as_ref().map(|day| day.date), manifest);
    check_centre(manifest, &town)?;
    progress.step("counts", 0, 0);
    let sites = records.counts.as_ref().map(|counts| judge_sites(counts, &town.plane, notices));
    progress.step("check", 0, 0);
    check.streets = Some(streets::check_streets(&records.osm, &town));
    if let (Some(counts), Some(sites)) = (&records.counts, &sites) {
        check.counters = counters::check_counters(counts, &sites.sites, &town);
    }
    check.parking = Some(stock::check_parking(&town.lots));
    check.people = Some(stock::check_people(&records, &town));
    check.elevation = records.elevation.as_ref().map(|heights| stock::check_elevation(heights, &town));
    check.outlook = outlook::foresee(&town, service.is_some(), sites.as_ref());
    check.concerns = concerns::find_concerns(check, &town);
    Ok(())
}

fn checked_file(finding: &Finding) -> CheckedFile {
    let (verdict, kind) = match finding.verdict {
        Verdict::Used(kind) => ("used", Some(kind.key().to_owned())),
        Verdict::NotUsed => ("not_used", None),
        Verdict::NotRecognised => ("not_recognised", None),
        Verdict::Unreadable => ("unreadable", None),
    };
    CheckedFile { file: finding.file.clone(), verdict: verdict.to_owned(), kind, reason: finding.reason.clone() }
}

fn row_tally(tally: &FileTally) -> RowTally {
    RowTally { read: tally.read, used: tally.used, repaired: tally.repaired, dropped: tally.dropped }
}

fn told_notices(notices: &Notices) -> BTreeMap<String, CheckedNotices> {
    let mut told: BTreeMap<String, CheckedNotices> = notices
        .counts()
        .iter()
        .map(|(code, (severity, count))| {
            let severity = severity.key().to_owned();
            ((*code).to_owned(), CheckedNotices { severity, count: *count, examples: Vec::new() })
        })
        .collect();
    for notice in notices.kept() {
        if let Some(of_code) = told.get_mut(notice.code).filter(|of_code| of_code.examples.len() < EXAMPLES) {
            of_code.examples.push(example(notice));
        }
    }
    told
}

fn example(notice: &Notice) -> NoticeExample {
    let (row, feature, element) = match &notice.location {
        Location::File => (None, None, None),
        Location::Row(row) => (Some(*row), None, None),
        Location::Feature(feature) => (None, Some(*feature), None),
        Location::Element(element) => (None, None, Some(element.clone())),
    };
    NoticeExample {
        file: notice.file.clone(),
        row,
        feature,
        element,
        field: notice.field.clone(),
        value: notice.value.clone(),
        problem: notice.problem.clone(),
        action: notice.action.clone(),
    }
}
