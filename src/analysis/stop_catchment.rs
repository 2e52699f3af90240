//! Who lives around a stop, and how ridership answers to headways (methods §5.5, §5.6).
//!
//! In: people with their walks to stops in metres. Out: people within the stop's reach, and weighted by distance. For tables of
//! stops each person counts at every stop; for a town once.
//!
//! # References
//! NCHRP Report 616 and TCRP Report 95, chapter 9 (headway elasticities).

use crate::base::kinds::StopMode;

/// Factors of ridership beside one vehicle an hour, by vehicles an hour.
const HEADWAY_FACTORS: [(f64, f64); 11] = [
    (1.0, 1.00),
    (60.0 / 45.0, 1.33),
    (1.5, 1.50),
    (2.0, 2.00),
    (3.0, 2.44),
    (4.0, 2.80),
    (5.0, 2.99),
    (6.0, 3.16),
    (8.0, 3.37),
    (10.0, 3.58),
    (12.0, 3.79),
];
/// How ridership answers beyond the last of them.
const LAST_ELASTICITY: f64 = 0.2;

/// How far people walk to a stop, metres (methods §5.5).
pub const fn stop_reach_m(mode: StopMode) -> f64 {
    match mode {
        StopMode::Rail => 1000.0,
        StopMode::Bus | StopMode::Tram | StopMode::Other => 500.0,
    }
}

/// People around a stop.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StopCatchment {
    /// Within the reach along the streets.
    pub people: f64,
    /// All, each weighing `exp(-4 d / reach)`.
    pub weighted: f64,
    /// Within a circle of the reach.
    pub in_circle: f64,
}

impl StopCatchment {
    /// Adds people at a walk, and as the crow flies, in metres; `walk_m` is infinite where there is no way.
    pub fn add(&mut self, people: f64, (walk_m, straight_m): (f64, f64), reach_m: f64) {
        if walk_m <= reach_m {
            self.people += people;
        }
        if straight_m <= reach_m {
            self.in_circle += people;
        }
        self.weighted += people * (-4.0 * walk_m / reach_m).exp();
    }

    /// People within the reach along the streets over those within the circle; `None` where nobody is in the circle.
    pub fn pedshed(&self) -> Option<f64> {
        (self.in_circle > 0.0).then(|| self.people / self.in_circle)
    }
}

/// Ridership beside that of one vehicle an hour, where vehicles run every so many minutes: in proportion below one an hour,
/// interpolated on the frequency up to twelve. `None` where none run.
pub fn headway_factor(headway_min: f64) -> Option<f64> {
    let per_hour = 60.0 / headway_min;
    if !(per_hour > 0.0 && per_hour.is_finite()) {
        return None;
    }
    let (last, most) = HEADWAY_FACTORS[HEADWAY_FACTORS.len() - 1];
    let between = HEADWAY_FACTORS.windows(2).find(|pair| per_hour <= pair[1].0);
    Some(match between {
        _ if per_hour <= 1.0 => per_hour,
        Some(&[(low, less), (high, more)]) => less + (more - less) * (per_hour - low) / (high - low),
        _ => most * (per_hour / last).powf(LAST_ELASTICITY),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// methods §5.5: 100 residents at 300 m, 200 at 600 m, a bus stop.
    #[test]
    fn people_within_reach_and_weighted() {
        let reach = stop_reach_m(StopMode::Bus);
        let mut found = StopCatchment::default();
        found.add(100.0, (300.0, 250.0), reach);
        found.add(200.0, (600.0, 400.0), reach);
        found.add(50.0, (f64::INFINITY, 450.0), reach);
        assert_eq!((found.people, found.in_circle, found.pedshed()), (100.0, 350.0, Some(100.0 / 350.0)));
        assert!((found.weighted - 10.717744).abs() < 1e-6, "{}", found.weighted);
        assert_eq!(StopCatchment::default().pedshed(), None);
        assert_eq!(stop_reach_m(StopMode::Rail), 1000.0);
    }

    /// methods §5.6.
    #[test]
    fn factors_by_headway() {
        let table = [
            (60.0, 1.00),
            (45.0, 1.33),
            (40.0, 1.50),
            (30.0, 2.00),
            (20.0, 2.44),
            (15.0, 2.80),
            (12.0, 2.99),
            (10.0, 3.16),
            (7.5, 3.37),
            (6.0, 3.58),
            (5.0, 3.79),
        ];
        for (headway, factor) in table {
            assert!((headway_factor(headway).expect("runs") - factor).abs() < 1e-9, "every {headway} min");
        }
        let between = headway_factor(24.0).expect("runs");
        assert!((between - 2.22).abs() < 1e-12, "2.5 an hour: midway between 2.00 and 2.44");
        assert_eq!((headway_factor(120.0), headway_factor(0.0), headway_factor(f64::NAN)), (Some(0.5), None, None));
        let often = headway_factor(2.5).expect("runs");
        assert!((often - 3.79 * 2f64.powf(0.2)).abs() < 1e-9);
    }
}
