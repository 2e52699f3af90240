//! The sections of the page on streets, timetables, counters and parking, with their drawings.

use serde::Serialize;

use super::bars::{PartedBar, Strip, parted_bar, strip};
use super::words::{counter_faults, counter_place, counter_share, parking_sentences, timetable_sentences};
use crate::base::kinds::StreetClass;
use crate::canvas::check::{Check, CounterCheck, ParkingCheck, StreetsCheck, TimetableCheck};
use crate::canvas::labels::{DASH, Labels};

/// Classes of streets that are told one by one.
const TOLD_CLASSES: usize = 12;
/// Components apart that are told one by one.
const TOLD_ISLANDS: usize = 8;

/// A row with a bar.
#[derive(Serialize)]
struct BarRow {
    name: String,
    value: String,
    /// Width of its bar, per cent of the longest.
    width: String,
}

#[derive(Serialize)]
pub(super) struct Streets {
    intro: Vec<String>,
    classes: Vec<BarRow>,
    islands: Vec<IslandRow>,
    told: Vec<PartedBar>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct IslandRow {
    name: String,
    length: String,
    place: String,
}

#[derive(Serialize)]
pub(super) struct Timetable {
    file: String,
    sentences: Vec<String>,
    weekdays: Vec<WeekdayRow>,
    weeks: Option<Weeks>,
}

#[derive(Serialize)]
struct WeekdayRow {
    name: String,
    value: String,
    height: String,
}

#[derive(Serialize)]
struct Weeks {
    title: String,
    first: String,
    last: String,
    strip: Strip,
}

#[derive(Serialize)]
pub(super) struct Counters {
    intro: String,
    first: String,
    last: String,
    rows: Vec<CounterRow>,
}

#[derive(Serialize)]
struct CounterRow {
    name: String,
    place: String,
    period: String,
    share: String,
    strip: Option<Strip>,
    faults: Vec<String>,
    health: String,
    health_class: String,
    reasons: Vec<String>,
    level: Option<String>,
    valid: String,
}

#[derive(Serialize)]
pub(super) struct Parking {
    sentences: Vec<String>,
    rows: Vec<ParkingRow>,
}

#[derive(Serialize)]
struct ParkingRow {
    name: String,
    lots: String,
    told: String,
    bays: String,
}

pub(super) fn streets(streets: &StreetsCheck, labels: &Labels) -> Streets {
    let walk = &streets.walk;
    let values =
        [("length", labels.length(walk.length_m).into()), ("share", labels.percent(walk.main_component_share).into())];
    let apart = walk.components.saturating_sub(1);
    let intro = vec![
        labels.text_with("check-streets-intro", &values),
        match apart {
            0 => labels.text("check-islands-none"),
            _ => labels.text_with("check-islands", &[("count", apart.into())]),
        },
    ];
    let longest = walk.length_by_class_m.first().map_or(1.0, |(_, length_m)| length_m.max(1.0));
    let row = |name: String, length_m: f64| BarRow {
        name,
        value: labels.length(length_m),
        width: format!("{:.1}", (100.0 * length_m / longest).min(100.0)),
    };
    let told = walk.length_by_class_m.iter().take(TOLD_CLASSES);
    let mut classes: Vec<BarRow> = told.map(|(class, length_m)| row(class_name(*class, labels), *length_m)).collect();
    let others: f64 = walk.length_by_class_m.iter().skip(TOLD_CLASSES).map(|(_, length_m)| length_m).sum();
    if others > 0.0 {
        classes.push(row(labels.text("check-class-others"), others));
    }
    Streets {
        intro,
        classes,
        islands: streets
            .islands
            .iter()
            .take(TOLD_ISLANDS)
            .map(|island| IslandRow {
                name: if island.name.is_empty() { labels.text("check-unnamed") } else { island.name.clone() },
                length: labels.length(island.length_m),
                place: format!("{:.5}, {:.5}", island.lat, island.lon),
            })
            .collect(),
        told: told_shares(streets, labels).into_iter().map(|told| parted_bar(told.title, told.parts)).collect(),
        notes: notes(streets, labels),
    }
}

/// A class of streets in words.
pub fn class_name(class: StreetClass, labels: &Labels) -> String {
    let key = serde_json::to_value(class).ok().and_then(|key| key.as_str().map(str::to_owned)).unwrap_or_default();
    labels.text_or_key("class", &key)
}

/// What the map tells of a thing, by the parts of which the same is told.
pub struct ToldShares {
    /// Of what.
    pub title: String,
    /// Each part: its words, its share as shown, its size, its colour on the page.
    pub parts: Vec<(String, String, f64, &'static str)>,
}

/// What the map tells of crossings, sidewalks and wheelchairs; what there is nothing of is left out.
pub fn told_shares(streets: &StreetsCheck, labels: &Labels) -> Vec<ToldShares> {
    let (walk, sidewalks) = (&streets.walk, &streets.sidewalks);
    let parts = |prefix: &str, whole: f64, sizes: &[(&str, f64, &'static str)]| {
        let told = sizes.iter().filter(|(_, size, _)| *size > 0.0);
        let part = |&(key, size, class): &(&str, f64, &'static str)| {
            (labels.text(&format!("{prefix}-{key}")), labels.percent(size / whole), size, class)
        };
        told.map(part).collect()
    };
    let mut told = Vec::new();
    if walk.crossings > 0 {
        let count = |key: &str| walk.crossings_by_control.get(key).copied().unwrap_or(0) as f64;
        let sizes = [
            ("signals", count("signals"), "told"),
            ("marked", count("marked"), "well"),
            ("unmarked", count("unmarked"), "half"),
            ("forbidden", count("forbidden"), "odd"),
            ("unknown", count("unknown"), "untold"),
        ];
        told.push(ToldShares {
            title: labels.text_with("check-crossings", &[("count", (walk.crossings as f64).into())]),
            parts: parts("check-crossing", walk.crossings as f64, &sizes),
        });
    }
    if sidewalks.carriageway_m > 0.0 {
        let sizes = [
            ("on_street", sidewalks.on_street_m, "told"),
            ("separate", sidewalks.separate_m, "well"),
            ("none", sidewalks.none_m, "half"),
            ("untold", sidewalks.untold_m, "untold"),
        ];
        let length = labels.length(sidewalks.carriageway_m);
        told.push(ToldShares {
            title: labels.text_with("check-sidewalks", &[("length", length.into())]),
            parts: parts("check-sidewalk", sidewalks.carriageway_m, &sizes),
        });
    }
    if walk.length_m > 0.0 {
        let length = |key: &str| walk.wheelchair_m.get(key).copied().unwrap_or(0.0);
        let sizes = [
            ("ok", length("ok"), "told"),
            ("limited", length("limited"), "well"),
            ("no", length("no"), "half"),
            ("unknown", length("unknown"), "untold"),
        ];
        told.push(ToldShares {
            title: labels.text("check-wheelchair"),
            parts: parts("check-wheelchair", walk.length_m, &sizes),
        });
    }
    told
}

fn notes(streets: &StreetsCheck, labels: &Labels) -> Vec<String> {
    let mut notes = Vec::new();
    if streets.walk.crossings == 0 {
        notes.push(labels.text("check-crossings-none"));
    }
    if streets.sidewalks.carriageway_m <= 0.0 {
        notes.push(labels.text("check-sidewalks-none"));
    }
    let mapped = labels.length(streets.sidewalks.mapped_m);
    notes.push(labels.text_with("check-sidewalks-mapped", &[("length", mapped.into())]));
    notes.push(labels.text("check-other-modes"));
    notes
}

pub(super) fn timetable(timetable: &TimetableCheck, day: Option<&str>, labels: &Labels) -> Timetable {
    let busiest_day = timetable.weekday_trips.iter().copied().fold(0.0, f64::max);
    let weekdays = timetable.weekday_trips.iter().enumerate().map(|(place, &trips)| WeekdayRow {
        name: labels.text(&format!("check-weekday-{}", place + 1)),
        value: labels.number(trips, 0),
        height: format!("{:.1}", 100.0 * trips / busiest_day.max(1.0)),
    });
    let busiest = timetable.weeks.iter().map(|week| week.trips).max().unwrap_or(0);
    let bars = timetable.weeks.iter().map(|week| {
        let values = [("monday", labels.date(&week.monday).into()), ("trips", (week.trips as f64).into())];
        (week.trips as f64 / busiest.max(1) as f64, 0.0, labels.text_with("check-feed-week", &values))
    });
    let ends = timetable.first.as_deref().zip(timetable.last.as_deref());
    Timetable {
        file: timetable.file.clone(),
        sentences: timetable_sentences(timetable, day, labels),
        weekdays: if ends.is_some() { weekdays.collect() } else { Vec::new() },
        // One week alone is told by its days.
        weeks: ends.filter(|_| timetable.weeks.len() > 1).map(|(first, last)| Weeks {
            title: labels.text_with("check-feed-weeks", &[("most", (busiest as f64).into())]),
            first: labels.date(first),
            last: labels.date(last),
            strip: strip(bars.collect()),
        }),
    }
}

/// `None` without counters.
pub(super) fn counters(counters: &[CounterCheck], labels: &Labels) -> Option<Counters> {
    if counters.is_empty() {
        return None;
    }
    let usable = counters.iter().filter(|counter| counter.health == "usable").count();
    let values = [("usable", usable.into()), ("all", counters.len().into())];
    let months = counters.iter().map(|counter| &counter.months).find(|months| !months.is_empty());
    let end = |month: Option<&crate::canvas::check::MonthShare>| {
        month.map_or_else(String::new, |m| month_name(&m.month, labels))
    };
    Some(Counters {
        intro: labels.text_with("check-counters-intro", &values),
        first: end(months.and_then(|months| months.first())),
        last: end(months.and_then(|months| months.last())),
        rows: counters.iter().map(|counter| counter_row(counter, labels)).collect(),
    })
}

/// `2023-01` as `janvier 2023`.
fn month_name(month: &str, labels: &Labels) -> String {
    let parts = month.rsplit_once('-').and_then(|(year, month)| Some((year, month.parse::<u8>().ok()?)));
    parts.map_or_else(|| month.to_owned(), |(year, month)| format!("{} {year}", labels.text(&format!("month-{month}"))))
}

fn counter_row(counter: &CounterCheck, labels: &Labels) -> CounterRow {
    let bars = counter.months.iter().map(|month| {
        let values = [
            ("month", month_name(&month.month, labels).into()),
            ("counted", labels.percent(month.counted).into()),
            ("suspect", labels.percent(month.suspect).into()),
        ];
        (month.counted, month.suspect, labels.text_with("check-counters-strip", &values))
    });
    let period = match (&counter.first, &counter.last) {
        (Some(first), Some(last)) if first == last => labels.date(first),
        (Some(first), Some(last)) => labels.date(&format!("{first}/{last}")),
        _ => DASH.to_owned(),
    };
    let level =
        counter.aadp.map(|aadp| labels.text_with("check-counter-aadp", &[("aadp", labels.number(aadp, 0).into())]));
    CounterRow {
        name: counter.name.clone(),
        place: counter_place(counter, labels),
        period,
        share: counter_share(counter, labels),
        strip: (!counter.months.is_empty()).then(|| strip(bars.collect())),
        faults: counter_faults(counter, labels),
        health: labels.text_or_key("health", &counter.health),
        health_class: counter.health.clone(),
        reasons: counter.reasons.iter().map(|reason| labels.text_or_key("notice", reason)).collect(),
        level,
        valid: labels.text_with("check-counter-valid", &[("days", (counter.valid_days as f64).into())]),
    }
}

pub(super) fn parking(parking: &ParkingCheck, check: &Check, labels: &Labels) -> Parking {
    let rows = parking.kinds.iter().map(|kind| ParkingRow {
        name: labels.text_or_key("check-lot", &kind.kind),
        lots: labels.number(kind.lots as f64, 0),
        told: labels.percent(kind.with_capacity as f64 / kind.lots.max(1) as f64),
        bays: labels.number(kind.bays, 0),
    });
    Parking { sentences: parking_sentences(check, labels), rows: rows.collect() }
}
