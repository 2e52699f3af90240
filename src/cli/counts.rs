//! `chaland counts`: pedestrian counts cleaned, judged and brought to the year, from files of any layout.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::arguments::Format;
use super::commands::outcome;
use super::failure::CliError;
use super::plain_file::{PlainFile, to_stdout};
use super::{Outcome, output, summary};
use crate::analysis::counts::{CountStep, ExpansionFactors, FactorBasis, HourFlags, LevelShift};
use crate::base::counting::{date_of_day, weekday};
use crate::export::ExportError;
use crate::export::plain_table::{Cell, CellKind, PlainColumn, PlainTable};
use crate::study::counts::{CountStudy, CountedSite, count_files, measure_counts};
use crate::study::open::open;

#[derive(Debug, Args)]
pub(super) struct Counts {
    /// Tables of counts and of sites, told apart by their columns; or the folder of a study
    #[arg(required = true, value_name = "FILE|FOLDER")]
    pub files: Vec<PathBuf>,
    /// Zone of times without an offset, such as Europe/Brussels [default: the study's, else Europe/Brussels]
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
    /// Sites: verdict, persons a day over the year, what is missing, rhythm; .csv or .parquet [default: CSV on stdout]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Hours with what is odd about them, and what is filled in
    #[arg(long, value_name = "FILE")]
    pub hours_out: Option<PathBuf>,
    /// Days: which are whole, and how many persons with the hours that are filled in
    #[arg(long, value_name = "FILE")]
    pub days_out: Option<PathBuf>,
    /// Persons by weekday and hour of each site
    #[arg(long, value_name = "FILE")]
    pub profile_out: Option<PathBuf>,
    /// Factors from parts of a day to the year: shares of hours, weekdays, months; of all counters and by pattern
    #[arg(long, value_name = "FILE")]
    pub factors_out: Option<PathBuf>,
    /// Form of the summary on stdout, where the sites are written to a file
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// End with code 1 when a notice is an error; the result is written all the same
    #[arg(long)]
    pub strict: bool,
    /// No summary and no notices on stderr
    #[arg(long, short)]
    pub quiet: bool,
}

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Names that no study takes for an input, should the table be written into its folder.
const SITES: [PlainColumn<'static>; 27] = [
    ("site_id", CellKind::Text),
    ("name", CellKind::Text),
    ("site_lon", CellKind::Number),
    ("site_lat", CellKind::Number),
    ("verdict", CellKind::Text),
    ("reasons", CellKind::Text),
    ("aadp", CellKind::Number),
    ("aadp_basis", CellKind::Text),
    ("valid_days", CellKind::Count),
    ("first_day", CellKind::Text),
    ("last_day", CellKind::Text),
    ("step", CellKind::Text),
    ("expected", CellKind::Count),
    ("counted", CellKind::Count),
    ("zero_run", CellKind::Count),
    ("flat_run", CellKind::Count),
    ("spikes", CellKind::Count),
    ("imputed_hours", CellKind::Count),
    ("imputed_share", CellKind::Number),
    ("level_shifts", CellKind::Count),
    ("largest_shift_day", CellKind::Text),
    ("largest_shift_ratio", CellKind::Number),
    ("night_share", CellKind::Number),
    ("pattern", CellKind::Text),
    ("weekend_ratio", CellKind::Number),
    ("morning_ratio", CellKind::Number),
    ("evening_share", CellKind::Number),
];

const HOURS: [PlainColumn<'static>; 12] = [
    ("site_id", CellKind::Text),
    ("utc", CellKind::Text),
    ("date", CellKind::Text),
    ("hour", CellKind::Count),
    ("persons", CellKind::Number),
    ("inwards", CellKind::Number),
    ("outwards", CellKind::Number),
    ("gap", CellKind::Count),
    ("zero_run", CellKind::Count),
    ("flat_run", CellKind::Count),
    ("spike", CellKind::Count),
    ("imputed", CellKind::Number),
];

const DAYS: [PlainColumn<'static>; 9] = [
    ("site_id", CellKind::Text),
    ("date", CellKind::Text),
    ("weekday", CellKind::Text),
    ("good_hours", CellKind::Count),
    ("valid", CellKind::Count),
    ("persons", CellKind::Number),
    ("imputed_hours", CellKind::Count),
    ("imputed_persons", CellKind::Number),
    ("directions_odd", CellKind::Text),
];

const PROFILE: [PlainColumn<'static>; 5] = [
    ("site_id", CellKind::Text),
    ("weekday", CellKind::Text),
    ("hour", CellKind::Count),
    ("persons", CellKind::Number),
    ("part_of_day", CellKind::Number),
];

const FACTORS: [PlainColumn<'static>; 7] = [
    ("pattern", CellKind::Text),
    ("basis", CellKind::Text),
    ("factor", CellKind::Text),
    ("weekday", CellKind::Text),
    ("hour", CellKind::Text),
    ("month", CellKind::Text),
    ("value", CellKind::Number),
];

pub(super) fn run(arguments: &Counts) -> Result<Outcome, CliError> {
    let (files, zone, told) = match arguments.files.as_slice() {
        [folder] if folder.is_dir() => {
            let opened = open(folder)?;
            let (files, zone) = count_files(&opened.manifest, folder);
            (files, zone, opened.notices)
        }
        files => (files.to_vec(), "Europe/Brussels".to_owned(), crate::base::notice::Notices::new()),
    };
    let zone = arguments.time_zone.clone().unwrap_or(zone);
    let inputs: Vec<&PathBuf> = files.iter().collect();
    let begin = |path: &Option<PathBuf>, what| PlainFile::begin(path.as_deref(), what, &inputs);
    let sites_file = begin(&arguments.out, "a table of sites")?;
    let others = [
        begin(&arguments.hours_out, "a table of hours")?,
        begin(&arguments.days_out, "a table of days")?,
        begin(&arguments.profile_out, "a table of profiles")?,
        begin(&arguments.factors_out, "a table of factors")?,
    ];
    let (found, counted) = measure_counts(&files, &zone)?;
    let mut notices = told;
    notices.extend(counted);
    let is_written = sites_file.is_some();
    match sites_file {
        Some(file) => file.write(&SITES, |table| write_sites(&found, table))?,
        None => to_stdout(&SITES, |table| write_sites(&found, table))?,
    }
    let [hours_file, days_file, profile_file, factors_file] = others;
    if let Some(file) = hours_file {
        file.write(&HOURS, |table| write_hours(&found, table))?;
    }
    if let Some(file) = days_file {
        file.write(&DAYS, |table| write_days(&found, table))?;
    }
    if let Some(file) = profile_file {
        file.write(&PROFILE, |table| write_profiles(&found, table))?;
    }
    if let Some(file) = factors_file {
        file.write(&FACTORS, |table| write_factors(&found, table))?;
    }
    if !arguments.quiet {
        output::say(&output::notices_text(&notices));
    }
    if is_written {
        let text = match arguments.format {
            Format::Text => text(&found),
            Format::Json => {
                let mut facts = facts(&found);
                facts["notices"] = summary::notices_json(&notices);
                format!("{facts:#}\n")
            }
        };
        output::result(&text).map_err(CliError::Stdout)?;
    } else if !arguments.quiet {
        output::say(&text(&found));
    }
    Ok(outcome(arguments.strict, &notices))
}

fn write_sites(found: &CountStudy, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    for site in &found.sites {
        let coverage = site.judged.coverage.as_ref();
        let date = |day: Option<i32>| day.map(|day| date_of_day(day).to_string()).unwrap_or_default();
        let first_day = date(coverage.map(|own| *own.days.start()));
        let last_day = date(coverage.map(|own| *own.days.end()));
        let step = coverage.map_or("", |own| if own.step == CountStep::Hour { "hour" } else { "day" });
        let count = |number: Option<u64>| number.map_or(Cell::Empty, |number| Cell::Count(number as usize));
        let shift = largest_shift(site);
        let shift_day = date(shift.map(|shift| shift.day));
        let rhythm = site.rhythm;
        table.write(&[
            Cell::Text(&site.id),
            Cell::Text(&site.judged.name),
            Cell::of(site.position.map(|at| at.lon)),
            Cell::of(site.position.map(|at| at.lat)),
            Cell::Text(site.judged.verdict()),
            Cell::Text(&site.judged.reasons().join(" ")),
            Cell::of(site.average.map(|(aadp, _)| aadp)),
            Cell::Text(site.average.map_or("", |(_, basis)| basis.key())),
            Cell::Count(site.judged.valid_days),
            Cell::Text(&first_day),
            Cell::Text(&last_day),
            Cell::Text(step),
            count(coverage.map(|own| own.expected)),
            count(coverage.map(|own| own.counted)),
            count(coverage.map(|own| own.zero)),
            count(coverage.map(|own| own.flat)),
            count(coverage.map(|own| own.spikes)),
            Cell::Count(site.imputed.len()),
            Cell::of(imputed_share(site)),
            Cell::Count(site.check.level_shifts.len()),
            Cell::Text(&shift_day),
            Cell::of(shift.map(|shift| shift.ratio)),
            Cell::Number(site.check.night_share),
            Cell::Text(rhythm.map_or("", |rhythm| rhythm.pattern().key())),
            Cell::of(rhythm.map(|rhythm| rhythm.weekend_ratio)),
            Cell::of(rhythm.map(|rhythm| rhythm.morning_ratio)),
            Cell::of(rhythm.map(|rhythm| rhythm.evening_share)),
        ])?;
    }
    Ok(())
}

fn largest_shift(site: &CountedSite) -> Option<&LevelShift> {
    site.check.level_shifts.iter().max_by(|a, b| a.ratio.ln().abs().total_cmp(&b.ratio.ln().abs()))
}

/// Share of all persons that is filled in; `None` without persons.
fn imputed_share(site: &CountedSite) -> Option<f64> {
    let imputed: f64 = site.imputed.iter().map(|hour| hour.persons).sum();
    let counted: u64 = site.check.days.iter().map(|day| day.total).sum();
    let all = imputed + counted as f64;
    (all > 0.0).then(|| imputed / all)
}

/// Each hour of the files in order, and in its place each that is filled in.
fn write_hours(found: &CountStudy, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    for (site, hours) in found.sites.iter().zip(&found.records.hours) {
        let mut imputed = site.imputed.iter().peekable();
        let mut write =
            |epoch_hour: i64, (day, hour): (i32, u8), counts: [Option<u32>; 3], flags: HourFlags, filled| {
                let utc = Timestamp::from_second(epoch_hour.saturating_mul(3600))
                    .map(|at| at.to_string())
                    .unwrap_or_default();
                let [total, inwards, outwards] = counts.map(|count| Cell::of(count.map(f64::from)));
                let [gap, zero, flat, spike] =
                    [flags.gap, flags.zero_run, flags.flat_run, flags.spike].map(|flag| Cell::Count(usize::from(flag)));
                let date = date_of_day(day).to_string();
                let head = [Cell::Text(&site.id), Cell::Text(&utc), Cell::Text(&date), Cell::Count(usize::from(hour))];
                table
                    .write(&[&head[..], &[total, inwards, outwards, gap, zero, flat, spike, Cell::of(filled)]].concat())
            };
        for (hour, flags) in hours.iter().zip(&site.check.flags) {
            while let Some(absent) = imputed.next_if(|own| own.epoch_hour < hour.epoch_hour) {
                let flags = HourFlags { gap: true, ..HourFlags::default() };
                write(absent.epoch_hour, (absent.day, absent.hour), [None; 3], flags, Some(absent.persons))?;
            }
            let filled = imputed.next_if(|own| own.epoch_hour == hour.epoch_hour).map(|own| own.persons);
            let counts = [hour.total, hour.inwards, hour.outwards];
            write(hour.epoch_hour, (hour.day, hour.hour), counts, *flags, filled)?;
        }
    }
    Ok(())
}

fn write_days(found: &CountStudy, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    for site in &found.sites {
        for day in &site.check.days {
            let filled = site.imputed.iter().filter(|hour| hour.day == day.day);
            let (hours, persons) = filled.fold((0, 0.0), |(hours, persons), hour| (hours + 1, persons + hour.persons));
            table.write(&[
                Cell::Text(&site.id),
                Cell::Text(&date_of_day(day.day).to_string()),
                Cell::Text(WEEKDAYS[weekday(day.day).min(6)]),
                Cell::Count(day.good_hours),
                Cell::Count(usize::from(day.valid)),
                Cell::Number(day.total as f64),
                Cell::Count(hours),
                Cell::Number(persons),
                Cell::Text(day.direction_odd.map_or("", |odd| if odd { "yes" } else { "no" })),
            ])?;
        }
    }
    Ok(())
}

fn write_profiles(found: &CountStudy, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    for site in &found.sites {
        let Some(profile) = &site.profile else { continue };
        for (day, name) in WEEKDAYS.iter().enumerate() {
            for hour in 0..24 {
                table.write(&[
                    Cell::Text(&site.id),
                    Cell::Text(name),
                    Cell::Count(hour),
                    Cell::of(profile.persons[day][hour]),
                    Cell::of(profile.hour_share(day, hour)),
                ])?;
            }
        }
    }
    Ok(())
}

fn write_factors(found: &CountStudy, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    for (pattern, factors) in &found.factors {
        let pattern = pattern.map_or("all", |pattern| pattern.key());
        let mut write = |factor: &str, [weekday, hour, month]: [&str; 3], value: f64| {
            let words = [pattern, basis_key(factors), factor, weekday, hour, month].map(Cell::Text);
            table.write(&[&words[..], &[Cell::Number(value)]].concat())
        };
        for (day, name) in WEEKDAYS.iter().enumerate() {
            for hour in 0..24 {
                write("hour_share", [name, &hour.to_string(), ""], factors.hour_share[day][hour])?;
            }
        }
        for (day, name) in WEEKDAYS.iter().enumerate() {
            write("weekday", [name, "", ""], factors.weekday[day])?;
        }
        for (month, value) in factors.month.iter().enumerate() {
            write("month", ["", "", &(month + 1).to_string()], *value)?;
        }
    }
    Ok(())
}

fn basis_key(factors: &ExpansionFactors) -> &'static str {
    match factors.basis {
        FactorBasis::Counted => "counted",
        FactorBasis::Assumed => "assumed",
    }
}

fn facts(found: &CountStudy) -> Value {
    let of = |verdict: &str| found.sites.iter().filter(|site| site.judged.verdict() == verdict).count();
    let sites: Vec<Value> = found
        .sites
        .iter()
        .map(|site| {
            json!({
                "site_id": site.id, "name": site.judged.name, "verdict": site.judged.verdict(),
                "reasons": site.judged.reasons(), "aadp": site.average.map(|(aadp, _)| aadp),
                "aadp_basis": site.average.map(|(_, basis)| basis.key()), "valid_days": site.judged.valid_days,
                "imputed_share": imputed_share(site), "pattern": site.rhythm.map(|rhythm| rhythm.pattern().key()),
            })
        })
        .collect();
    let short: Vec<Value> = found
        .expansion
        .iter()
        .map(|(days, error)| json!({ "days": days, "mean_absolute_error": error.mean_absolute, "tried": error.tried }))
        .collect();
    json!({
        "sites": sites, "usable": of("usable"), "suspect": of("suspect"), "dead": of("dead"), "expanded": of("expanded"),
        "factors": found.factors.first().map(|(_, factors)| basis_key(factors)), "short_counts": short,
    })
}

/// The sites, the busiest first, and what short counts are worth beside them.
fn text(found: &CountStudy) -> String {
    let of = |verdict: &str| found.sites.iter().filter(|site| site.judged.verdict() == verdict).count();
    let mut text = format!("{} sites: {} usable", found.sites.len(), of("usable"));
    for verdict in ["suspect", "dead", "expanded"] {
        match of(verdict) {
            0 => {}
            sites => text.push_str(&format!(", {sites} {verdict}")),
        }
    }
    text.push('\n');
    let mut sites: Vec<&CountedSite> = found.sites.iter().collect();
    let aadp = |site: &CountedSite| site.average.map_or(-1.0, |(aadp, _)| aadp);
    sites.sort_by(|a, b| aadp(b).total_cmp(&aadp(a)));
    for site in sites {
        let persons =
            site.average.map_or_else(|| "-".to_owned(), |(aadp, basis)| format!("{aadp:.0} a day ({})", basis.key()));
        let reasons = site.judged.reasons();
        let reasons = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join(", ")) };
        let pattern = site.rhythm.map_or(String::new(), |rhythm| format!(", {}", rhythm.pattern().key()));
        text.push_str(&format!(
            "  {}: {persons}, {} valid days{pattern}, {}{reasons}\n",
            site.judged.name,
            site.judged.valid_days,
            site.judged.verdict()
        ));
    }
    for (days, error) in &found.expansion {
        text.push_str(&format!(
            "A count of {days} day(s), expanded by the other counters, is off by {:.0} % in the mean ({} tried)\n",
            100.0 * error.mean_absolute,
            error.tried
        ));
    }
    text
}
