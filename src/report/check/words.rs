//! Sentences about a check, for the page and for the screen: what an audit will be able to say, and what weakens it.

use std::collections::BTreeMap;

use crate::canvas::check::{Check, Concern, CounterCheck, Outlook, Stretch, TimetableCheck};
use crate::canvas::indicators::{Dimension, Quality};
use crate::canvas::labels::{LabelValue, Labels};
use crate::canvas::score::has_coverage;

/// Inputs that the verdict names.
const MENDS_IN_BRIEF: usize = 3;
/// Gaps of a timetable that are told one by one.
const TOLD_GAPS: usize = 6;

/// The verdict in sentences, without the concerns.
pub fn verdict_sentences(check: &Check, labels: &Labels) -> Vec<String> {
    if let Some(reason) = &check.stops_audit {
        return vec![labels.text_with("verdict-stops", &[("reason", reason.as_str().into())])];
    }
    let mut sentences = vec![indicators_sentence(&check.outlook, labels)];
    let silent: Vec<String> = Dimension::ALL
        .into_iter()
        .filter(|&dimension| !is_judged(&check.outlook, dimension))
        .map(|dimension| labels.text(&format!("dimension-{}", dimension.key())))
        .map(|name| labels.text_with("quoted", &[("text", name.into())]))
        .collect();
    sentences.push(match silent.is_empty() {
        true => labels.text_with("verdict-speaks", &[("count", Dimension::ALL.len().into())]),
        false => labels.text_with("verdict-silent", &[("list", silent.join(", ").into())]),
    });
    let mends: Vec<String> = mends(check)
        .into_iter()
        .take(MENDS_IN_BRIEF)
        .map(|(input, gaining)| {
            let values = [("input", input_name(input, labels).into()), ("count", gaining.len().into())];
            labels.text_with("verdict-mend-item", &values)
        })
        .collect();
    if !mends.is_empty() {
        sentences.push(labels.text_with("verdict-mend", &[("list", mends.join(", ").into())]));
    }
    sentences
}

/// How many indicators rest on what; what there is none of is left out.
fn indicators_sentence(outlook: &[Outlook], labels: &Labels) -> String {
    let counts = [
        ("verdict-count-observed", Some(Quality::Observed)),
        ("verdict-count-inferred", Some(Quality::Inferred)),
        ("verdict-count-assumed", Some(Quality::Assumed)),
        ("verdict-count-absent", None),
    ];
    let list: Vec<String> = counts
        .into_iter()
        .map(|(key, quality)| (key, outlook.iter().filter(|outlook| outlook.quality == quality).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(key, count)| labels.text_with(key, &[("count", count.into())]))
        .collect();
    let values = [("total", outlook.len().into()), ("list", list.join(", ").into())];
    labels.text_with("verdict-indicators", &values)
}

fn is_judged(outlook: &[Outlook], dimension: Dimension) -> bool {
    let own = outlook.iter().filter(|outlook| outlook.indicator.definition().dimension == dimension);
    has_coverage(&own.map(|outlook| outlook.quality).collect::<Vec<_>>())
}

/// The inputs that would mend indicators, those that mend most first, each with what it would mend.
pub(super) fn mends(check: &Check) -> Vec<(&str, Vec<&Outlook>)> {
    let mut by_input: BTreeMap<&str, Vec<&Outlook>> = BTreeMap::new();
    for outlook in &check.outlook {
        if let Some(input) = &outlook.mended_by {
            by_input.entry(input).or_default().push(outlook);
        }
    }
    let mut mends: Vec<_> = by_input.into_iter().collect();
    mends.sort_by_key(|(_, gaining)| std::cmp::Reverse(gaining.len()));
    mends
}

/// The name of a kind of input.
pub fn input_name(key: &str, labels: &Labels) -> String {
    labels.text_or_key("input", key)
}

/// What weakens the results, a sentence each.
pub fn concern_sentences(check: &Check, labels: &Labels) -> Vec<String> {
    check.concerns.iter().map(|concern| concern_sentence(concern, labels)).collect()
}

fn concern_sentence(concern: &Concern, labels: &Labels) -> String {
    let is_share = matches!(
        concern.code.as_str(),
        "network_in_pieces" | "crossings_untold" | "sidewalks_untold" | "wheelchair_untold" | "elevation_partial"
    );
    let value: LabelValue<'_> = if is_share { labels.percent(concern.value).into() } else { concern.value.into() };
    let values = [("subject", concern.subject.as_str().into()), ("value", value), ("of", concern.of.into())];
    labels.text_with(&format!("concern-{}", concern.code), &values)
}

/// What the calendar of a timetable says: its span and counts, then the study's day, its expiry, its gaps.
pub fn timetable_sentences(timetable: &TimetableCheck, day: Option<&str>, labels: &Labels) -> Vec<String> {
    let (Some(first), Some(last)) = (&timetable.first, &timetable.last) else {
        return vec![labels.text("check-feed-never")];
    };
    let span = [("from", labels.date(first).into()), ("to", labels.date(last).into())];
    let mut span = labels.text_with("check-feed-span", &span);
    if timetable.is_cut {
        span = format!("{span} {}", labels.text("check-feed-cut"));
    }
    let counts = [
        ("trips", timetable.trips as f64),
        ("routes", timetable.routes as f64),
        ("served", timetable.served_stops as f64),
        ("stops", timetable.stops as f64),
        ("days", f64::from(timetable.days)),
    ];
    let mut sentences =
        vec![span, labels.text_with("check-feed-counts", &counts.map(|(name, count)| (name, count.into())))];
    if let (Some(trips), Some(day)) = (timetable.trips_on_service_date, day) {
        let values = [("trips", (trips as f64).into()), ("date", labels.date(day).into())];
        sentences.push(labels.text_with("check-feed-day", &values));
    }
    if let Some(days) = timetable.expired_days {
        sentences.push(labels.text_with("check-feed-expired", &[("days", days.into())]));
    }
    if timetable.gaps.is_empty() {
        sentences.push(labels.text("check-feed-gaps-none"));
    }
    for gap in timetable.gaps.iter().take(TOLD_GAPS) {
        let values = [
            ("from", labels.date(&gap.first).into()),
            ("to", labels.date(&gap.last).into()),
            ("days", gap.days.into()),
        ];
        sentences.push(labels.text_with("check-feed-gap", &values));
    }
    let more = timetable.gaps.len().saturating_sub(TOLD_GAPS);
    if more > 0 {
        sentences.push(labels.text_with("check-feed-gaps-more", &[("count", more.into())]));
    }
    sentences
}

/// Where a counter stands.
pub fn counter_place(counter: &CounterCheck, labels: &Labels) -> String {
    match (&counter.street, counter.lon) {
        (Some(street), _) => {
            let name = match street.name.is_empty() {
                true => labels.text("check-counter-street-unnamed"),
                false => street.name.clone(),
            };
            let values = [("street", name.into()), ("away", labels.length(street.away_m).into())];
            labels.text_with("check-counter-on", &values)
        }
        (None, Some(_)) => labels.text("check-counter-far"),
        (None, None) => labels.text("check-counter-nowhere"),
    }
}

/// How much a counter counted.
pub fn counter_share(counter: &CounterCheck, labels: &Labels) -> String {
    let (counted, expected) = (counter.counted as f64, counter.expected as f64);
    if counter.counted == 0 {
        return labels.text("check-counter-nothing");
    }
    let values = [
        ("counted", counted.into()),
        ("expected", expected.into()),
        ("share", labels.percent(counted / expected.max(1.0)).into()),
    ];
    labels.text_with(
        match counter.step.as_str() {
            "day" => "check-counter-days",
            "short" => "check-counter-short",
            _ => "check-counter-hours",
        },
        &values,
    )
}

/// Hours in a row at one and the same count that are told whatever their share: half a day.
const TOLD_STUCK_HOURS: u64 = 12;
/// Share of stuck values from which on shorter runs are told too: a quiet night has a few by chance.
const TOLD_STUCK_SHARE: f64 = 0.01;

/// Gaps and stuck values of a counter; that there are none where there are none.
pub fn counter_faults(counter: &CounterCheck, labels: &Labels) -> Vec<String> {
    let length = |stretch: &Stretch| {
        labels.text_with(&format!("check-steps-{}", counter.step), &[("steps", (stretch.steps as f64).into())])
    };
    let told = |key: &str, stretch: Option<&Stretch>| {
        let stretch = stretch?;
        let values = [
            ("gaps", (counter.gaps as f64).into()),
            ("count", stretch.count.unwrap_or(0).into()),
            ("length", length(stretch).into()),
            ("date", labels.date(&stretch.first).into()),
        ];
        Some(labels.text_with(key, &values))
    };
    // The night on which summer time ends has an hour that most tables leave out: one hour is no gap to look at.
    let is_gap = |gap: &&Stretch| gap.steps > 1 || counter.step != "hour";
    let is_stuck = |run: &&Stretch| {
        run.steps >= TOLD_STUCK_HOURS || counter.suspect_share >= TOLD_STUCK_SHARE || counter.step != "hour"
    };
    let mut faults: Vec<String> = [
        told("check-counter-gap", counter.longest_gap.as_ref().filter(is_gap)),
        told("check-counter-zero", counter.longest_zero.as_ref().filter(is_stuck)),
        told("check-counter-flat", counter.longest_flat.as_ref().filter(is_stuck)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if counter.suspect_share >= TOLD_STUCK_SHARE {
        let share = labels.percent(counter.suspect_share);
        faults.push(labels.text_with("check-counter-suspect", &[("share", share.into())]));
    }
    if faults.is_empty() && counter.counted > 0 {
        faults.push(labels.text("check-counter-clean"));
    }
    faults
}

/// What is known of parking; one sentence where there is none.
pub fn parking_sentences(check: &Check, labels: &Labels) -> Vec<String> {
    let Some(parking) = check.parking.as_ref().filter(|parking| parking.lots > 0) else {
        return vec![labels.text("check-parking-none")];
    };
    let values = [
        ("lots", parking.lots as f64),
        ("told", parking.with_capacity as f64),
        ("bays", parking.bays_told),
        ("estimated", parking.bays_estimated),
        ("disabled", parking.with_disabled as f64),
        ("occupancy", parking.with_occupancy as f64),
        ("count", parking.cut_off as f64),
    ]
    .map(|(name, value)| (name, value.into()));
    let mut keys = vec!["check-parking-intro", "check-parking-more"];
    if parking.cut_off > 0 {
        keys.push("check-parking-cut_off");
    }
    keys.into_iter().map(|key| labels.text_with(key, &values)).collect()
}

/// What is known of residents, shops and heights.
pub fn people_sentences(check: &Check, labels: &Labels) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(people) = &check.people {
        let values = [
            ("cells", people.cells as f64),
            ("codes", people.codes as f64),
            ("people", people.people_in_files),
            ("residents", people.residents.unwrap_or(0.0)),
            ("dwellings", people.dwellings as f64),
            ("districts", people.districts as f64),
            ("known", people.districts_with_people as f64),
            ("shops", people.shops as f64),
            ("vacant", people.vacant as f64),
        ]
        .map(|(name, value)| (name, value.into()));
        let mut keys = Vec::new();
        match (people.cells, people.codes) {
            (0, 0) => {}
            // Where there are cells, they serve.
            (0, _) => keys.push("check-people-codes"),
            _ => keys.push("check-people-cells"),
        }
        keys.push(match (people.residents.is_some(), people.dwellings > 0) {
            (true, true) => "check-people-counted",
            (true, false) => "check-people-counted-streets",
            (false, true) => "check-people-assumed",
            (false, false) => "check-people-assumed-streets",
        });
        keys.extend(["check-people-districts", "check-people-shops"]);
        sentences.extend(keys.into_iter().map(|key| labels.text_with(key, &values)));
        sentences.push(match &check.elevation {
            None => labels.text("check-elevation-none"),
            Some(heights) => {
                let values = [
                    ("share", labels.percent(heights.covered_share).into()),
                    ("cell", heights.cell_m.map_or_else(String::new, |cell_m| labels.length(cell_m)).into()),
                ];
                let key = match heights.cell_m {
                    Some(_) => "check-elevation-covered",
                    None => "check-elevation-covered-plain",
                };
                labels.text_with(key, &values)
            }
        });
    }
    sentences
}
