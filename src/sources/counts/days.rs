//! Counts of whole days, from sources that tell no hours.

use std::collections::BTreeMap;

use super::clock::LocalClock;
use super::{Direction, Gathered};
use crate::base::counting::DailyCount;

/// The days of each site that has some, in ascending order; of two counts of one day the larger stays.
pub(super) fn group(gathered: &Gathered, clock: &LocalClock) -> BTreeMap<u32, Vec<DailyCount>> {
    let mut sites: BTreeMap<u32, BTreeMap<i32, [Option<u32>; 3]>> = BTreeMap::new();
    for observation in &gathered.days {
        let Some((_, day, _)) = clock.local_hour(observation.second) else { continue };
        let slot = sites.entry(observation.site).or_default().entry(day).or_default();
        let known = &mut slot[observation.direction as usize];
        *known = (*known).max(Some(observation.count));
    }
    let days_of = |days: BTreeMap<i32, [Option<u32>; 3]>| {
        let days = days.into_iter().map(|(day, slot)| {
            let [inwards, outwards] = [slot[Direction::In as usize], slot[Direction::Out as usize]];
            let sum = inwards.zip(outwards).and_then(|(i, o)| i.checked_add(o));
            DailyCount { day, total: slot[Direction::Total as usize].or(sum), inwards, outwards }
        });
        days.collect()
    };
    sites.into_iter().map(|(site, days)| (site, days_of(days))).collect()
}
