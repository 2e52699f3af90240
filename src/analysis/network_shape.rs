//! How directly streets lead: detour factor and the pedshed of people (methods §2, §9).
//!
//! Lengths along the streets are walking times at the planning speed: waits at crossings, steps and slow surfaces count as
//! metres. The detour factor is therefore one of time, and above that of pure lengths.

/// A home as the core sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HomeToCore {
    /// People, 0 upwards.
    pub people: f64,
    /// Straight distance in metres.
    pub straight_m: f64,
    /// Walk along the streets in seconds; `None` beyond the search.
    pub walk_s: Option<f64>,
}

/// Pairs nearer than this tell nothing about detours, metres (methods §2).
pub const LEAST_STRAIGHT_M: f64 = 50.0;

/// Detour factor of time: sum of walking times, waits at crossings included, over the sum of the times of the straight
/// lines at the planning speed, weighted by people; a ratio of sums, 1 upwards. Pairs under 50 m and unreached pairs are left out. `None` without pairs.
pub fn measure_detour(homes: &[HomeToCore], speed_m_s: f64) -> Option<f64> {
    let (mut network, mut straight) = (0.0, 0.0);
    for home in homes.iter().filter(|h| h.straight_m >= LEAST_STRAIGHT_M) {
        if let Some(walk_s) = home.walk_s {
            network += home.people * walk_s * speed_m_s;
            straight += home.people * home.straight_m;
        }
    }
    (straight > 0.0).then(|| network / straight)
}

/// Pedshed of people: people within a walk of `cutoff_s` over people within the circle that the walk spans, 0 to 1.
/// `None` where nobody lives in the circle.
pub fn measure_pedshed_people(homes: &[HomeToCore], cutoff_s: f64, speed_m_s: f64) -> Option<f64> {
    let radius = cutoff_s * speed_m_s;
    let in_circle: f64 = homes.iter().filter(|h| h.straight_m <= radius).map(|h| h.people).sum();
    let in_reach: f64 = homes.iter().filter(|h| h.walk_s.is_some_and(|s| s <= cutoff_s)).map(|h| h.people).sum();
    (in_circle > 0.0).then(|| (in_reach / in_circle).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detour_is_a_ratio_of_sums() {
        let home = |people, straight_m, walk_s| HomeToCore { people, straight_m, walk_s };
        // At 1 m/s, whatever of the seconds is waiting: (2*130 + 1*200) / (2*100 + 1*100) = 460/300; the near and the unreached home do not count.
        let homes = [
            home(2.0, 100.0, Some(130.0)),
            home(1.0, 100.0, Some(200.0)),
            home(9.0, 49.0, Some(999.0)),
            home(9.0, 80.0, None),
        ];
        assert_eq!(measure_detour(&homes, 1.0), Some(460.0 / 300.0));
        assert_eq!(measure_detour(&homes[3..], 1.0), None);
    }

    #[test]
    fn pedshed_compares_people_in_reach_with_people_in_the_circle() {
        let home = |people, straight_m, walk_s| HomeToCore { people, straight_m, walk_s };
        let homes = [
            home(60.0, 500.0, Some(590.0)),
            home(30.0, 700.0, Some(700.0)),
            home(10.0, 800.0, None),
            home(5.0, 801.0, None),
        ];
        assert_eq!(measure_pedshed_people(&homes, 600.0, 4.8 / 3.6), Some(0.6));
    }
}
