//! Waiting at crossings.
//!
//! In: how a crossing is controlled and what it crosses. Out: mean seconds of waiting of somebody who arrives at
//! random.
//!
//! # References
//! Highway Capacity Manual, pedestrian delay at signalised and two-way stop-controlled crossings; NCHRP guide to
//! pedestrian analysis (2022).

use crate::sources::osm::records::{CrossingKind, StreetClass};

/// Assumptions about crossings.
#[derive(Clone, Debug)]
pub struct CrossingParameters {
    /// Signal cycle, seconds: 90.
    pub cycle_s: f64,
    /// Green for people on foot, with the flashing phase, seconds: 20.
    pub green_s: f64,
    /// Walking speed while crossing, m/s: 1.2 (MUTCD, HCM).
    pub crossing_m_per_s: f64,
    /// Seconds between deciding and stepping out: 3 (HCM).
    pub start_up_s: f64,
    /// Share of drivers who yield at a marked crossing: 0.7, where it gives priority.
    pub yield_share: f64,
    /// Longest mean wait, seconds: 120, since the gap formula overflows on busy roads.
    pub longest_s: f64,
    /// Below this many vehicles an hour nobody waits: 50.
    pub quiet_veh_per_h: f64,
}

impl Default for CrossingParameters {
    fn default() -> Self {
        Self {
            cycle_s: 90.0,
            green_s: 20.0,
            crossing_m_per_s: 1.2,
            start_up_s: 3.0,
            yield_share: 0.7,
            longest_s: 120.0,
            quiet_veh_per_h: 50.0,
        }
    }
}

/// Mean wait at signals, seconds: `(C - g)^2 / (2 C)`.
pub fn signal_delay_s(cycle_s: f64, green_s: f64) -> f64 {
    let red_s = (cycle_s - green_s).max(0.0);
    if cycle_s > 0.0 { red_s * red_s / (2.0 * cycle_s) } else { 0.0 }
}

/// Mean wait, in seconds, for a gap or for a driver who yields. `length_m` is the way across; `veh_per_h` counts both
/// directions; `yield_share` is 0 to 1. Capped at `longest_s`.
pub fn gap_delay_s(length_m: f64, veh_per_h: f64, yield_share: f64, parameters: &CrossingParameters) -> f64 {
    if veh_per_h < parameters.quiet_veh_per_h || veh_per_h <= 0.0 {
        return 0.0;
    }
    let rate = veh_per_h / 3600.0;
    let critical_s = length_m / parameters.crossing_m_per_s + parameters.start_up_s;
    let load = rate * critical_s;
    let delayed_share = 1.0 - (-load).exp();
    let gap_s = ((load.exp() - load - 1.0) / rate).min(parameters.longest_s);
    let delayed_s = (gap_s / delayed_share).min(parameters.longest_s);
    if yield_share <= 0.0 {
        return gap_s;
    }
    let headway_s = 1.0 / rate;
    let (mut wait_s, mut left_share, mut yields) = (0.0, delayed_share, delayed_share * yield_share.min(1.0));
    for event in 1..=(delayed_s / headway_s).floor() as u32 {
        wait_s += headway_s * (f64::from(event) - 0.5) * yields;
        left_share -= yields;
        yields *= 1.0 - yield_share.min(1.0);
    }
    (wait_s + left_share * delayed_s).min(parameters.longest_s)
}

/// Vehicles per hour that a street is assumed to carry at the peak, both directions: an assumption, never a count.
pub fn assumed_veh_per_h(class: StreetClass) -> f64 {
    use StreetClass::*;
    match class {
        Residential | LivingStreet | Road => 60.0,
        Unclassified => 100.0,
        Tertiary | TertiaryLink => 300.0,
        Secondary | SecondaryLink => 600.0,
        Primary | PrimaryLink | Trunk | TrunkLink => 900.0,
        _ => 0.0,
    }
}

/// Mean wait of a crossing, seconds. `crossed` is the busiest street that it crosses, if any is known.
pub fn crossing_delay_s(
    kind: CrossingKind,
    length_m: f64,
    crossed: Option<StreetClass>,
    parameters: &CrossingParameters,
) -> f64 {
    let veh_per_h = crossed.map_or(0.0, assumed_veh_per_h);
    match kind {
        CrossingKind::Signals => signal_delay_s(parameters.cycle_s, parameters.green_s),
        CrossingKind::Marked => gap_delay_s(length_m, veh_per_h, parameters.yield_share, parameters),
        CrossingKind::Unmarked | CrossingKind::Unknown => gap_delay_s(length_m, veh_per_h, 0.0, parameters),
        CrossingKind::Forbidden => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-4 * expected, "{found} is not {expected}");
    }

    /// C = 90, g = 20: 70^2 / 180 = 27.2222 s. C = 60, g = 15: 45^2 / 120 = 16.875 s.
    #[test]
    fn waiting_at_signals() {
        near(signal_delay_s(90.0, 20.0), 27.2222);
        near(signal_delay_s(60.0, 15.0), 16.875);
        assert_eq!(signal_delay_s(0.0, 15.0), 0.0);
    }

    /// 7 m, 600 veh/h: tc = 8.83333 s, dg = 11.32013 s; with half of the drivers yielding 5.71973 s.
    #[test]
    fn waiting_for_a_gap() {
        let parameters = CrossingParameters::default();
        near(gap_delay_s(7.0, 600.0, 0.0, &parameters), 11.32013);
        near(gap_delay_s(7.0, 600.0, 0.5, &parameters), 5.71973);
        assert_eq!(gap_delay_s(7.0, 49.0, 0.0, &parameters), 0.0);
        assert_eq!(gap_delay_s(1e6, 900.0, 0.0, &parameters), 120.0);
    }
}
