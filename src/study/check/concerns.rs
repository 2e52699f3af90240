//! What weakens the results of an audit, found in what was checked, the gravest first.

use crate::canvas::check::{Check, Concern, CounterCheck, StreetsCheck, TimetableCheck};
use crate::canvas::friction_points::round_to;
use crate::study::town::Town;
use crate::study::transit::runs_rail_only;

/// Share of the network's length apart from the main component above which it is told (default).
const MOST_APART: f64 = 0.05;
/// Share of crossings, sidewalks, streets or car parks of which nothing is told above which that is told (default).
const MOST_UNTOLD: f64 = 0.5;
/// Share of the network whose height is known below which it is told (default).
const LEAST_HEIGHTS: f64 = 0.99;
/// Share of a file's rows dropped above which it is told (default).
const MOST_DROPPED: f64 = 0.05;

/// Everything worth a sentence.
pub(super) fn find_concerns(check: &Check, town: &Town) -> Vec<Concern> {
    let mut concerns = Vec::new();
    let people = check.people.as_ref();
    concerns.extend(people.filter(|p| p.shops_are_sparse).map(|p| about_all("shops_sparse", p.shops as f64, 0.0)));
    for timetable in &check.timetables {
        of_timetable(timetable, &mut concerns);
    }
    if !check.timetables.is_empty() && runs_rail_only(town) {
        concerns.push(about_all("rail_only", 0.0, 0.0));
    }
    of_counters(&check.counters, &mut concerns);
    if let Some(streets) = &check.streets {
        of_streets(streets, &mut concerns);
    }
    if let Some(parking) = &check.parking {
        let untold = (parking.lots - parking.with_capacity) as f64;
        if untold > MOST_UNTOLD * parking.lots as f64 {
            concerns.push(about_all("capacity_untold", untold, parking.lots as f64));
        }
    }
    let heights = check.elevation.as_ref().filter(|heights| heights.covered_share < LEAST_HEIGHTS);
    concerns.extend(heights.map(|heights| about_all("elevation_partial", heights.covered_share, 0.0)));
    for (file, rows) in &check.rows {
        if rows.dropped as f64 > MOST_DROPPED * rows.read as f64 {
            concerns.push(about(file, "rows_dropped", rows.dropped as f64, rows.read as f64));
        }
    }
    concerns
}

fn about(subject: &str, code: &str, value: f64, of: f64) -> Concern {
    Concern { code: code.to_owned(), subject: subject.to_owned(), value: round_to(value, 4), of: round_to(of, 4) }
}

fn about_all(code: &str, value: f64, of: f64) -> Concern {
    about("", code, value, of)
}

fn of_timetable(timetable: &TimetableCheck, concerns: &mut Vec<Concern>) {
    let file = &timetable.file;
    if timetable.last.is_none() {
        concerns.push(about(file, "feed_without_days", 0.0, 0.0));
        return;
    }
    if timetable.trips_on_service_date == Some(0) {
        concerns.push(about(file, "feed_misses_day", 0.0, 0.0));
    }
    concerns.extend(timetable.expired_days.map(|days| about(file, "feed_expired", f64::from(days), 0.0)));
    let days: u32 = timetable.gaps.iter().map(|gap| gap.days).sum();
    if days > 0 {
        concerns.push(about(file, "feed_gap", f64::from(days), timetable.gaps.len() as f64));
    }
}

fn of_counters(counters: &[CounterCheck], concerns: &mut Vec<Concern>) {
    let all = counters.len() as f64;
    let count = |holds: fn(&CounterCheck) -> bool| counters.iter().filter(|counter| holds(counter)).count() as f64;
    let not_usable = count(|counter| counter.health == "suspect" || counter.health == "dead");
    if not_usable > 0.0 {
        concerns.push(about_all("counters_not_usable", not_usable, all));
    }
    let unplaced = count(|counter| counter.street.is_none());
    if unplaced > 0.0 {
        concerns.push(about_all("counters_unplaced", unplaced, all));
    }
}

fn of_streets(streets: &StreetsCheck, concerns: &mut Vec<Concern>) {
    let (walk, sidewalks) = (&streets.walk, &streets.sidewalks);
    let apart = 1.0 - walk.main_component_share;
    if walk.length_m > 0.0 && apart > MOST_APART {
        concerns.push(about_all("network_in_pieces", apart, 0.0));
    }
    let shares = [
        ("crossings_untold", walk.crossings_told_share.map(|told| 1.0 - told)),
        ("sidewalks_untold", share(sidewalks.untold_m, sidewalks.carriageway_m)),
        ("wheelchair_untold", share(walk.wheelchair_m.get("unknown").copied().unwrap_or(0.0), walk.length_m)),
    ];
    let untold = shares.into_iter().filter_map(|(code, share)| Some((code, share.filter(|s| *s > MOST_UNTOLD)?)));
    concerns.extend(untold.map(|(code, share)| about_all(code, share, 0.0)));
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}
