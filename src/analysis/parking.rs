//! Parking: bays from tags and geometry, occupancy and the search for a free bay (methods §8).
//!
//! # References
//! OSM street-parking project for kerb geometry; Shoup 2006; Arnott & Williams 2016.

use crate::base::kinds::{LotAccess, LotKind};
use crate::base::units::{Speed, TravelTime};

/// Kerb length of a parallel, diagonal and perpendicular bay in metres (OSM street-parking project).
pub const BAY_LENGTH_M: [f64; 3] = [5.2, 3.1, 2.5];
/// Area of a bay in a street-side strip, a surface car park with aisles and a multi-storey level, m².
pub const BAY_AREA_M2: [f64; 3] = [12.0, 27.0, 30.0];
/// Search never counts for more than this, seconds (methods §8.2).
pub const SEARCH_CAP_S: f64 = 900.0;

/// How bays lie along the kerb, as positions in [`BAY_LENGTH_M`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KerbLayout {
    /// Along the kerb.
    Parallel,
    /// At an angle.
    Diagonal,
    /// Across.
    Perpendicular,
}

/// Bays along a kerb of this length, whole bays only.
pub fn kerb_bays(length_m: f64, layout: KerbLayout) -> u32 {
    (length_m.max(0.0) / BAY_LENGTH_M[layout as usize]).floor() as u32
}

/// What keeps a kerb free of bays, with the metres that it takes (OSM street-parking project, methods §8.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KerbBreak {
    /// A driveway, on its own side.
    Driveway,
    /// A zebra crossing or a crossing with signals, on both sides.
    ZebraOrSignals,
    /// Another marked crossing, on both sides.
    MarkedCrossing,
    /// A bus stop, on its own side.
    BusStop,
}

impl KerbBreak {
    /// Metres of kerb that it takes.
    pub const fn length_m(self) -> f64 {
        match self {
            Self::Driveway => 4.0,
            Self::ZebraOrSignals => 4.5,
            Self::MarkedCrossing => 2.0,
            Self::BusStop => 15.0,
        }
    }
}

/// Metres of a kerb that are left for bays.
pub fn free_kerb_m(length_m: f64, breaks: &[KerbBreak]) -> f64 {
    (length_m - breaks.iter().map(|of| of.length_m()).sum::<f64>()).max(0.0)
}

/// Bays of an area of this size; levels count for multi-storey and underground car parks, 1 at least.
pub fn area_bays(area_m2: f64, kind: LotKind, levels: u32) -> u32 {
    let per_bay = match kind {
        LotKind::Street => BAY_AREA_M2[0],
        LotKind::Surface => BAY_AREA_M2[1],
        LotKind::MultiStorey | LotKind::Underground => BAY_AREA_M2[2],
    };
    (area_m2.max(0.0) * f64::from(levels.max(1)) / per_bay).floor() as u32
}

/// Bays that a visitor may use: none of a private lot, half of a customers' lot (methods §8.1).
pub fn visitor_bays(bays: f64, access: LotAccess) -> f64 {
    match access {
        LotAccess::Public => bays,
        LotAccess::Customers => bays / 2.0,
        LotAccess::Private => 0.0,
    }
}

/// Stays that bays can serve in a window: `bays × (1 - resident share) × window / mean stay`.
pub fn effective_stays(bays: f64, resident_share: f64, window: TravelTime, stay: TravelTime) -> f64 {
    bays * (1.0 - resident_share) * window.seconds() / stay.seconds().max(1.0)
}

/// The mean stay where no one may stay longer than a limit.
pub fn stay_within(limit: Option<TravelTime>, stay: TravelTime) -> TravelTime {
    limit.map_or(stay, |limit| limit.min(stay))
}

/// Share of arrivals that bays can serve, where so many come in an hour and stay so long: `K / (lambda × stay)`, at most 1.
pub fn share_served(bays: f64, arrivals_per_h: f64, stay: TravelTime) -> f64 {
    let wanted = arrivals_per_h * stay.minutes() / 60.0;
    if wanted > bays { (bays / wanted).max(0.0) } else { 1.0 }
}

/// Expected tries to the first free bay of `bays` with `free` of them free: `(N+1)/(F+1)`.
pub fn expected_tries(bays: f64, free: f64) -> f64 {
    (bays + 1.0) / (free + 1.0)
}

/// Seconds of search where each bay is taken with probability `occupancy`, independent of the others.
pub fn independent_search_s(occupancy: f64, spacing_m: f64, speed: Speed) -> f64 {
    let tries = 1.0 / (1.0 - occupancy.clamp(0.0, 1.0));
    (tries * spacing_m / speed.metres_per_second()).min(SEARCH_CAP_S)
}

/// Seconds of search with the correction for crowded streets: `× (1 + max(0, rho - 0.85)/(1 - rho))`, at most 900 s.
pub fn search_s(occupancy: f64, spacing_m: f64, speed: Speed) -> f64 {
    let rho = occupancy.clamp(0.0, 1.0);
    if rho >= 1.0 {
        return SEARCH_CAP_S;
    }
    let crowding = 1.0 + (rho - 0.85).max(0.0) / (1.0 - rho);
    (independent_search_s(rho, spacing_m, speed) * crowding).min(SEARCH_CAP_S)
}

/// Erlang B: share of arrivals that find all `bays` taken, for `load` = arrivals × stay.
pub fn erlang_b(load: f64, bays: u32) -> f64 {
    (1..=bays).fold(1.0, |blocked, n| load * blocked / (f64::from(n) + load * blocked))
}

/// Disabled bays that the Walloon rule asks of a parking area: 1, and 1 more per full 50 bays; none without bays.
pub fn required_disabled_bays(bays: u32) -> u32 {
    if bays == 0 { 0 } else { 1 + bays / 50 }
}

/// Disabled bays that the same source recommends: one more.
pub fn recommended_disabled_bays(bays: u32) -> u32 {
    if bays == 0 { 0 } else { 2 + bays / 50 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_near(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance, "{found} is not {expected}");
    }

    #[test]
    fn supply_examples_of_methods_8_1() {
        assert_eq!(kerb_bays(208.0, KerbLayout::Parallel), 40);
        assert_eq!(area_bays(2700.0, LotKind::Surface, 1), 100);
        assert_eq!(area_bays(600.0, LotKind::MultiStorey, 3), 60);
        assert_eq!(visitor_bays(30.0, LotAccess::Customers), 15.0);
        // 40 bays, 25 % residents, stay 1.5 h, 10 h: 30 bays, 200 stays.
        assert_near(
            effective_stays(40.0, 0.25, TravelTime::from_minutes(600), TravelTime::from_minutes(90)),
            200.0,
            1e-9,
        );
        assert_eq!((required_disabled_bays(120), recommended_disabled_bays(120)), (3, 4));
        // A zebra, two driveways and a bus stop: 208 - 4.5 - 8 - 15 = 180.5 m.
        let breaks = [KerbBreak::ZebraOrSignals, KerbBreak::Driveway, KerbBreak::Driveway, KerbBreak::BusStop];
        assert_eq!((free_kerb_m(208.0, &breaks), free_kerb_m(10.0, &breaks)), (180.5, 0.0));
        assert_eq!(kerb_bays(free_kerb_m(208.0, &breaks), KerbLayout::Parallel), 34);
        let (half, stay) = (TravelTime::from_minutes(30), TravelTime::from_minutes(90));
        assert_eq!((stay_within(Some(half), stay), stay_within(None, stay)), (half, stay));
        // 40 cars an hour for 1.5 h want 60 bays.
        assert_near(share_served(30.0, 40.0, stay), 0.5, 1e-12);
        assert_eq!((share_served(80.0, 40.0, stay), share_served(0.0, 0.0, stay)), (1.0, 1.0));
        assert_eq!(required_disabled_bays(0), 0);
    }

    #[test]
    fn search_examples_of_methods_8_2() {
        let speed = Speed::from_kilometres_per_hour(10.0).expect("a speed");
        assert_near(expected_tries(100.0, 5.0), 16.8333, 1e-4);
        for (occupancy, expected) in [(0.5, 4.32), (0.85, 14.4), (0.95, 43.2), (0.99, 216.0)] {
            assert_near(independent_search_s(occupancy, 6.0, speed), expected, 1e-6);
        }
        assert_near(search_s(0.95, 6.0, speed), 43.2 * 3.0, 1e-6);
        assert_eq!(search_s(1.0, 6.0, speed), SEARCH_CAP_S);
        assert!(!search_s(f64::NAN, 6.0, speed).is_nan());
    }

    #[test]
    fn blocking_examples_of_methods_8_2() {
        assert_near(erlang_b(9.0, 10), 0.167963, 1e-6);
        assert_near(erlang_b(8.0, 10), 0.121661, 1e-6);
        assert_near(erlang_b(85.0, 100), 0.011990, 1e-6);
    }
}
