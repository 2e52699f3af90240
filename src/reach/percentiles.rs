//! Percentiles of travel times over a window, without interpolation.
//!
//! In: one time per departure, `None` where nothing is reached. Out: the time at a percentile. Knows no network.

use crate::base::units::TravelTime;

/// The time at percentile `p` (0 to 100): the sorted value at index `ceil(p / 100 * N) - 1`, the first for `p = 0`.
///
/// Departures that reach nothing count as infinitely long and stay in the sort, so that the result is `None` where
/// they fill the place asked for; it is also `None` for no departure at all, and for `p` outside 0 to 100.
///
/// # References
/// Conway, Byrd, van der Linden (2017), Evidence-based transit and land use sketch planning, TRR 2653 (R5).
pub fn percentile(times: &[Option<TravelTime>], p: f64) -> Option<TravelTime> {
    let mut sorted = times.to_vec();
    sort_times(&mut sorted);
    percentile_of_sorted(&sorted, p)
}

/// Sorts times ascending, those that reach nothing last.
pub fn sort_times(times: &mut [Option<TravelTime>]) {
    times.sort_unstable_by_key(|time| (time.is_none(), *time));
}

/// As [`percentile`], for times already in the order of [`sort_times`].
pub fn percentile_of_sorted(sorted: &[Option<TravelTime>], p: f64) -> Option<TravelTime> {
    place_of(p, sorted.len()).and_then(|place| sorted[place])
}

/// Where a percentile stands among so many times in order; `None` where there are none, and for `p` outside 0 to 100.
pub(super) fn place_of(p: f64, count: usize) -> Option<usize> {
    if !(0.0..=100.0).contains(&p) || count == 0 {
        return None;
    }
    // A product such as 0.35 * 20 may come out a hair above its true value: it must not reach the next place.
    let place = (p * count as f64 / 100.0 - 1e-9).ceil() as usize;
    Some(place.saturating_sub(1))
}

/// The mean of the times that reach something, in seconds; `None` where none does.
pub fn mean_s(times: &[Option<TravelTime>]) -> Option<f64> {
    let reached: Vec<u64> = times.iter().flatten().map(|time| u64::from(time.deciseconds())).collect();
    (!reached.is_empty()).then(|| reached.iter().sum::<u64>() as f64 / reached.len() as f64 / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(values: &[u32]) -> Vec<Option<TravelTime>> {
        values.iter().map(|&value| Some(TravelTime::from_minutes(value))).collect()
    }

    /// Sixty values 11..=30, each three times: index ceil(0.05 * 60) - 1 = 2 is 11, index 14 is 15, 29 is 20,
    /// 44 is 25, 56 is 29.
    #[test]
    fn the_worked_example_of_a_line_every_twenty_minutes() {
        let values: Vec<u32> = (0..60).map(|i| 11 + i % 20).collect();
        let times = minutes(&values);
        let expected = [(0.0, 11), (5.0, 11), (25.0, 15), (50.0, 20), (75.0, 25), (95.0, 29), (100.0, 30)];
        for (p, expected) in expected {
            assert_eq!(percentile(&times, p), Some(TravelTime::from_minutes(expected)), "p{p}");
        }
        assert_eq!(mean_s(&times), Some(20.5 * 60.0));
    }

    #[test]
    fn unreached_departures_stay_in_the_sort() {
        let mut times = minutes(&[10, 20]);
        times.extend([None, None]);
        assert_eq!(percentile(&times, 50.0), Some(TravelTime::from_minutes(20)));
        assert_eq!(percentile(&times, 51.0), None);
        assert_eq!(percentile(&[], 50.0), None);
        assert_eq!(percentile(&times, f64::NAN), None);
    }
}
