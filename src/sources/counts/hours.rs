//! Observations of any interval → one row per site and hour.

use std::collections::BTreeMap;

use super::clock::LocalClock;
use super::{CountRecords, CountsError, Direction, Gathered, Observation, days};
use crate::base::counting::HourlyCount;
use crate::base::notice::{Notice, Notices};

/// A count with the second (UTC) at which its local hour begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interval {
    pub(super) site: u32,
    pub(super) hour_start: i64,
    pub(super) direction: u32,
    pub(super) second: i64,
    pub(super) count: i64,
}

/// One hour of one site and direction after grouping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grouped {
    pub(super) site: u32,
    pub(super) hour_start: i64,
    pub(super) direction: u32,
    pub(super) count: i64,
    pub(super) intervals: u32,
}

/// Groups what was gathered into hours.
pub(super) fn group(
    gathered: Gathered,
    clock: &LocalClock,
    notices: &mut Notices,
) -> Result<CountRecords, CountsError> {
    let hours: BTreeMap<i64, (i64, i32, u8)> = gathered
        .observations
        .iter()
        .map(|observation| observation.second)
        .collect::<std::collections::BTreeSet<i64>>()
        .into_iter()
        .filter_map(|second| Some((second, clock.local_hour(second)?)))
        .collect();
    let (grouped, doubles) =
        group_by_hour(&gathered.observations, &hours).map_err(|e| CountsError::Grouping { reason: e.to_string() })?;
    let doubles = doubles + gathered.doubles;
    if doubles > 0 {
        let problem = format!("have {doubles} counts for a site and time that has one already");
        notices.push(Notice::warning("count_duplicate", "counts", problem).action("the larger of them kept"));
    }
    let local: BTreeMap<i64, (i32, u8)> = hours.values().map(|&(start, day, hour)| (start, (day, hour))).collect();
    let mut per_site: Vec<BTreeMap<i64, [Option<u32>; 3]>> = vec![BTreeMap::new(); gathered.sites.len()];
    for (site, rows) in rows_by_site(&grouped, gathered.sites.len()).into_iter().enumerate() {
        let usual = usual_intervals(&rows);
        let mut partial = 0_u32;
        for row in rows {
            let slot = per_site[site].entry(row.hour_start).or_default();
            if row.intervals == usual {
                slot[row.direction.min(2) as usize] = u32::try_from(row.count).ok();
            } else {
                partial += 1;
            }
        }
        if partial > 0 {
            let problem = format!("has {partial} hours without {usual} intervals, as its hours usually have");
            notices.push(
                Notice::warning("hour_partial", "counts", problem)
                    .at_element(format!("site {}", gathered.sites[site].id))
                    .action("these hours taken as missing"),
            );
        }
    }
    let mut days = days::group(&gathered, clock);
    let mut records = CountRecords::default();
    // By id, so that the order of rows and files does not show.
    for &index in gathered.by_key.values() {
        let site = &gathered.sites[index as usize];
        let hours = hourly_counts(&per_site[index as usize], &local, &site.id, notices);
        let short = gathered.short.get(&index).cloned().unwrap_or_default();
        let has_hours = hours.iter().any(|hour| hour.total.is_some());
        let mut days = days.remove(&index).unwrap_or_default();
        if has_hours && !days.is_empty() {
            notices.push(
                Notice::note("daily_counts_beside_hourly", "counts", "has counts by the day beside those by the hour")
                    .at_element(format!("site {}", site.id))
                    .action("those by the hour serve"),
            );
            days.clear();
        }
        let has_days = days.iter().any(|day| day.total.is_some());
        if !has_hours && !has_days && short.is_empty() {
            notices.push(
                Notice::warning("site_without_counts", "counts", "has not a single count")
                    .at_element(format!("site {}", site.id))
                    .action("kept without hours"),
            );
        }
        records.sites.push(site.clone());
        records.hours.push(hours);
        records.days.push(days);
        records.short.push(short);
    }
    Ok(records)
}

/// The hours of the observations: sorted by site, hour and direction; and how many observations were double.
fn group_by_hour(
    observations: &[Observation],
    hours: &BTreeMap<i64, (i64, i32, u8)>,
) -> Result<(Vec<Grouped>, usize), CountsError> {
    let known: Vec<Interval> = observations
        .iter()
        .filter_map(|observation| {
            let hour_start = hours.get(&observation.second)?.0;
            let Observation { site, direction, second, count } = *observation;
            Some(Interval { site, hour_start, direction: direction as u32, second, count: i64::from(count) })
        })
        .collect();
    #[cfg(feature = "tables")]
    return super::grouping::group(&known).map_err(|e| CountsError::Grouping { reason: e.to_string() });
    #[cfg(not(feature = "tables"))]
    Ok(group_by_sorting(known))
}

/// The grouping without a table library: sorts, then walks once.
#[cfg(any(test, not(feature = "tables")))]
pub(super) fn group_by_sorting(mut intervals: Vec<Interval>) -> (Vec<Grouped>, usize) {
    // The larger of two counts for one interval comes first and stays.
    intervals.sort_by_key(|i| (i.site, i.hour_start, i.direction, i.second, std::cmp::Reverse(i.count)));
    let all = intervals.len();
    intervals.dedup_by_key(|i| (i.site, i.direction, i.second));
    let doubles = all - intervals.len();
    let mut grouped: Vec<Grouped> = Vec::new();
    for interval in intervals {
        let Interval { site, hour_start, direction, count, .. } = interval;
        match grouped.last_mut() {
            Some(last) if (last.site, last.hour_start, last.direction) == (site, hour_start, direction) => {
                last.count += count;
                last.intervals += 1;
            }
            _ => grouped.push(Grouped { site, hour_start, direction, count, intervals: 1 }),
        }
    }
    (grouped, doubles)
}

fn rows_by_site(grouped: &[Grouped], sites: usize) -> Vec<Vec<&Grouped>> {
    let mut rows = vec![Vec::new(); sites];
    for row in grouped {
        rows[row.site as usize].push(row);
    }
    rows
}

/// How many intervals the hours of a site mostly have; the larger of two that are equally frequent.
fn usual_intervals(rows: &[&Grouped]) -> u32 {
    let mut frequency: BTreeMap<u32, u32> = BTreeMap::new();
    for row in rows {
        *frequency.entry(row.intervals).or_insert(0) += 1;
    }
    frequency.into_iter().max_by_key(|&(intervals, count)| (count, intervals)).map_or(1, |(intervals, _)| intervals)
}

fn hourly_counts(
    slots: &BTreeMap<i64, [Option<u32>; 3]>,
    local: &BTreeMap<i64, (i32, u8)>,
    id: &str,
    notices: &mut Notices,
) -> Vec<HourlyCount> {
    let mut mismatches = 0_u32;
    let mut hours = Vec::with_capacity(slots.len());
    for (&start, slot) in slots {
        let Some(&(day, hour)) = local.get(&start) else { continue };
        let inwards = slot[Direction::In as usize];
        let outwards = slot[Direction::Out as usize];
        let sum = inwards.zip(outwards).and_then(|(i, o)| i.checked_add(o));
        let total = slot[Direction::Total as usize].or(sum);
        mismatches += u32::from(sum.is_some() && sum != total);
        hours.push(HourlyCount { epoch_hour: start.div_euclid(3600), day, hour, total, inwards, outwards });
    }
    if mismatches > 0 {
        let problem = format!("has {mismatches} hours whose directions do not add up to the total");
        notices.push(
            Notice::warning("direction_sum_mismatch", "counts", problem)
                .at_element(format!("site {id}"))
                .action("the total is kept"),
        );
    }
    hours
}
