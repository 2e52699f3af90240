//! The health of each count site: what it counted, what it missed, where it got stuck, and the street it stands on.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::analysis::counts::{CountCoverage, CountRun, CountStep};
use crate::base::counting::ShortCount;
use crate::canvas::check::{CounterCheck, MonthShare, PlacedOn, Stretch};
use crate::canvas::friction_points::{round_to, rounded};
use crate::network::linkage::{LinkTo, MAX_AWAY_M, link_point};
use crate::sources::counts::CountRecords;
use crate::study::count_sites::JudgedSite;
use crate::study::town::Town;

/// Looks at every site; `sites` are those of `counts`, judged.
pub(super) fn check_counters(counts: &CountRecords, sites: &[JudgedSite], town: &Town) -> Vec<CounterCheck> {
    let months: BTreeSet<(i32, u32)> = sites
        .iter()
        .filter_map(|site| site.coverage.as_ref())
        .flat_map(|coverage| coverage.months.iter().map(|month| month.month))
        .collect();
    let months = whole_span(&months);
    sites.iter().zip(&counts.short).map(|(site, short)| check_counter(site, short, &months, town)).collect()
}

fn check_counter(site: &JudgedSite, short: &[ShortCount], months: &[(i32, u32)], town: &Town) -> CounterCheck {
    let position = site.point.map(|point| rounded(&town.plane, point));
    let coverage = site.coverage.as_ref();
    let by_hand = short.first().zip(short.last()).filter(|_| coverage.is_none());
    let span = coverage.map(|c| (*c.days.start(), *c.days.end())).or(by_hand.map(|(a, b)| (a.day, b.day)));
    let by_hand = by_hand.map_or(0, |_| short.len() as u64);
    let stretch = |of: fn(&CountCoverage) -> Option<CountRun>| coverage.and_then(of).map(stretch_of);
    CounterCheck {
        name: site.name.clone(),
        health: site.verdict().to_owned(),
        reasons: site.reasons(),
        step: match coverage.map(|coverage| coverage.step) {
            Some(CountStep::Hour) => "hour",
            Some(CountStep::Day) => "day",
            None if by_hand > 0 => "short",
            None => "hour",
        }
        .to_owned(),
        first: span.map(|(first, _)| iso_day(first)),
        last: span.map(|(_, last)| iso_day(last)),
        counted: coverage.map_or(by_hand, |coverage| coverage.counted),
        expected: coverage.map_or(by_hand, |coverage| coverage.expected),
        gaps: coverage.map_or(0, |coverage| coverage.gaps),
        longest_gap: stretch(|coverage| coverage.longest_gap),
        longest_zero: stretch(|coverage| coverage.longest_zero),
        longest_flat: stretch(|coverage| coverage.longest_flat),
        suspect_share: coverage.map_or(0.0, |coverage| round_to(coverage.suspect_share(), 4)),
        spikes: coverage.map_or(0, |coverage| coverage.spikes),
        valid_days: site.valid_days as u64,
        aadp: site.aadp.map(|aadp| round_to(aadp, 0)),
        lon: position.map(|p| p[0]),
        lat: position.map(|p| p[1]),
        street: placed_on(site, town),
        months: coverage.map_or_else(Vec::new, |coverage| month_shares(coverage, months)),
    }
}

/// The street that is nearest, whatever it leads to.
fn placed_on(site: &JudgedSite, town: &Town) -> Option<PlacedOn> {
    let link = link_point(&town.graph, &town.index, site.point?, MAX_AWAY_M, LinkTo::AnyStreet)?;
    let own = town.graph.segment_name(link.segment);
    // A sidewalk mapped apart is known by the street it runs along.
    let name = match own.is_empty() {
        true => town.street_names.beside(&[town.graph.segment_line(link.segment).to_vec()]),
        false => own.to_owned(),
    };
    Some(PlacedOn { name, away_m: round_to(link.away_m, 1) })
}

fn month_shares(coverage: &CountCoverage, months: &[(i32, u32)]) -> Vec<MonthShare> {
    let of_month: BTreeMap<_, _> = coverage.months.iter().map(|month| (month.month, month)).collect();
    let steps_of_day = match coverage.step {
        CountStep::Hour => 24.0,
        CountStep::Day => 1.0,
    };
    let share = |&month: &(i32, u32)| {
        let steps = days_of_month(month) * steps_of_day;
        let found = of_month.get(&month);
        let part = |steps_found: u64| round_to((steps_found as f64 / steps).min(1.0), 3);
        MonthShare {
            month: format!("{:04}-{:02}", month.0, month.1),
            counted: part(found.map_or(0, |month| month.counted)),
            suspect: part(found.map_or(0, |month| month.suspect)),
        }
    };
    months.iter().map(share).collect()
}

/// All months from the first to the last; too many of them (a clock that was wrong once) are told as they are.
fn whole_span(months: &BTreeSet<(i32, u32)>) -> Vec<(i32, u32)> {
    const MOST: i64 = 240;
    let (Some(&first), Some(&last)) = (months.first(), months.last()) else { return Vec::new() };
    let number = |(year, month): (i32, u32)| i64::from(year) * 12 + i64::from(month) - 1;
    if number(last) - number(first) >= MOST {
        return months.iter().copied().collect();
    }
    let month = |number: i64| {
        Some((i32::try_from(number.div_euclid(12)).ok()?, u32::try_from(number.rem_euclid(12)).ok()? + 1))
    };
    (number(first)..=number(last)).filter_map(month).collect()
}

fn days_of_month((year, month): (i32, u32)) -> f64 {
    let first = i16::try_from(year).ok().zip(i8::try_from(month).ok());
    first
        .and_then(|(year, month)| Date::new(year, month, 1).ok())
        .map_or(30.0, |first| f64::from(first.days_in_month()))
}

fn stretch_of(run: CountRun) -> Stretch {
    Stretch { first: iso_day(run.day), steps: run.steps, count: run.count }
}

/// The date of a day since 1970-01-01.
fn iso_day(day: i32) -> String {
    Date::constant(1970, 1, 1).saturating_add(jiff::SignedDuration::from_hours(i64::from(day) * 24)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_without_counts_between_others_are_told() {
        let months = BTreeSet::from([(2022, 11), (2023, 2)]);
        assert_eq!(whole_span(&months), [(2022, 11), (2022, 12), (2023, 1), (2023, 2)]);
        assert_eq!(whole_span(&BTreeSet::from([(1970, 1), (2023, 2)])).len(), 2, "a clock that was wrong once");
        assert_eq!((days_of_month((2024, 2)), days_of_month((2023, 2))), (29.0, 28.0));
        assert_eq!(iso_day(19_388), "2023-01-31");
    }
}
