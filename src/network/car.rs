//! Streets by car: who may drive, in which direction, how fast.
//!
//! In: the tags of a street that hold now. Out: access, direction and speed. Turns are forbidden in `turns`. Congestion
//! is not part of it: measured speeds take the place of the assumed ones where a table gives them.

use super::access::NodePassage;
use crate::sources::car_speeds::CarSpeed;
use crate::sources::osm::records::{
    Access, BarrierKind, StreetClass, StreetNodeMark, StreetTags, Surface, WayDirection,
};

/// What driving costs.
#[derive(Clone, Debug)]
pub struct CarParameters {
    /// Share of the speed limit that is driven: 0.9 (GraphHopper).
    pub limit_share: f64,
    /// Fastest speed on a surface that is not paved, km/h: 30 (default).
    pub unpaved_km_per_h: f64,
    /// Speed of a ferry without `duration`: 10 km/h.
    pub ferry_km_per_h: f64,
    /// A component that holds less than this share of all street length is too small to matter: 0.01.
    pub small_component_share: f64,
}

impl Default for CarParameters {
    fn default() -> Self {
        Self { limit_share: 0.9, unpaved_km_per_h: 30.0, ferry_km_per_h: 10.0, small_component_share: 0.01 }
    }
}

/// Whether a car may use a street.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CarAccess {
    /// It may.
    Open,
    /// Only trips that begin or end there may.
    FirstOrLastOnly,
    /// It may not.
    Closed,
}

/// Whether a car may use a street. `motorcar` counts before `motor_vehicle`, `vehicle` and `access`; without any the
/// class decides: paths, squares and tracks softer than grade 1 are closed.
pub fn car_access(tags: &StreetTags) -> CarAccess {
    use StreetClass::*;
    if matches!(tags.class, Construction | ViaFerrata | Other) || tags.area && tags.class != Service {
        return CarAccess::Closed;
    }
    let known = |access: Option<Access>| access.filter(|&access| access != Access::Unknown);
    match known(tags.motor_vehicle).or(known(tags.vehicle)) {
        Some(Access::Open | Access::UseSidepath | Access::Dismount) => return CarAccess::Open,
        Some(Access::DestinationOnly) => return CarAccess::FirstOrLastOnly,
        Some(Access::Closed) => return CarAccess::Closed,
        Some(Access::Unknown) | None => {}
    }
    let is_for_cars = match tags.class {
        Motorway | MotorwayLink | Trunk | TrunkLink | Primary | PrimaryLink | Secondary | SecondaryLink | Tertiary
        | TertiaryLink | Unclassified | Residential | LivingStreet | Service | Road => true,
        Track => tags.tracktype == Some(1),
        // A ferry for people on foot says so by leaving cars out.
        Ferry => false,
        _ => false,
    };
    match known(tags.access) {
        _ if !is_for_cars => CarAccess::Closed,
        Some(Access::Closed) => CarAccess::Closed,
        Some(Access::DestinationOnly) => CarAccess::FirstOrLastOnly,
        _ => CarAccess::Open,
    }
}

/// In which direction a street is driven.
pub fn car_direction(tags: &StreetTags) -> WayDirection {
    match tags.oneway {
        1 => WayDirection::Forward,
        -1 => WayDirection::Backward,
        _ => WayDirection::Both,
    }
}

/// Speed in km/h that is assumed on a street without a speed limit: an assumption (default), by class.
pub fn assumed_km_per_h(class: StreetClass) -> f64 {
    use StreetClass::*;
    match class {
        Motorway => 110.0,
        Trunk => 80.0,
        MotorwayLink | Primary => 60.0,
        TrunkLink | PrimaryLink | Secondary => 50.0,
        SecondaryLink | Tertiary => 45.0,
        TertiaryLink | Unclassified => 40.0,
        Residential | Road => 30.0,
        LivingStreet | Service => 15.0,
        _ => 10.0,
    }
}

/// Seconds per metre; above zero and finite. What was measured counts before everything else.
pub fn car_pace(tags: &StreetTags, length_m: f64, measured: Option<CarSpeed>, parameters: &CarParameters) -> f64 {
    let usual = || {
        let limit = tags.maxspeed_kmh.map(|limit| f64::from(limit) * parameters.limit_share);
        // On slow streets nobody reaches the limit.
        let slow = matches!(tags.class, StreetClass::Service | StreetClass::LivingStreet | StreetClass::Track);
        let assumed = assumed_km_per_h(tags.class);
        let speed = if slow { limit.map_or(assumed, |limit| limit.min(assumed)) } else { limit.unwrap_or(assumed) };
        let unpaved = matches!(tags.surface, Some(Surface::Gravel | Surface::Ground | Surface::Grass | Surface::Sand));
        if unpaved { speed.min(parameters.unpaved_km_per_h) } else { speed }
    };
    let pace = match tags.class {
        StreetClass::Ferry => match tags.duration_s {
            Some(duration_s) => f64::from(duration_s) / length_m.max(0.1),
            None => 3.6 / parameters.ferry_km_per_h,
        },
        _ => {
            3.6 / match measured {
                Some(CarSpeed::KmPerHour(speed)) => speed,
                Some(CarSpeed::ShareOfUsual(share)) => share * usual(),
                None => usual(),
            }
        }
    };
    if pace.is_finite() && pace > 0.0 { pace } else { 3.6 / 10.0 }
}

/// What a mark on a street node means to a car: bollards, blocks and stiles stop it, gates do unless they are open.
pub fn car_passage(mark: &StreetNodeMark) -> NodePassage {
    let Some(barrier) = mark.barrier else { return NodePassage::Free };
    match (mark.motor_vehicle, barrier) {
        _ if mark.locked => NodePassage::Closed,
        (Some(Access::Closed), _) => NodePassage::Closed,
        (Some(Access::Open | Access::DestinationOnly), _) => NodePassage::Free,
        (_, BarrierKind::Passable | BarrierKind::Kerb) => NodePassage::Free,
        (_, BarrierKind::Bollard | BarrierKind::CycleBarrier | BarrierKind::Narrow | BarrierKind::Closed) => {
            NodePassage::Closed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::street_sketch::tags_with as tags;

    #[test]
    fn the_most_specific_key_decides_who_drives() {
        use StreetClass::*;
        let access = |class, edit: fn(&mut StreetTags)| car_access(&tags(class, edit));
        assert_eq!(access(Residential, |_| ()), CarAccess::Open);
        for class in [Footway, Cycleway, Path, Steps, Pedestrian, Track, Ferry, Busway] {
            assert_eq!(access(class, |_| ()), CarAccess::Closed, "{class:?}");
        }
        assert_eq!(access(Track, |t| t.tracktype = Some(1)), CarAccess::Open);
        assert_eq!(access(Pedestrian, |t| t.motor_vehicle = Some(Access::DestinationOnly)), CarAccess::FirstOrLastOnly);
        assert_eq!(access(Service, |t| t.access = Some(Access::DestinationOnly)), CarAccess::FirstOrLastOnly);
        assert_eq!(access(Residential, |t| t.vehicle = Some(Access::Closed)), CarAccess::Closed);
        assert_eq!(access(Ferry, |t| t.motor_vehicle = Some(Access::Open)), CarAccess::Open);
    }

    /// 50 km/h driven at nine tenths are 12.5 m/s: 8 s for 100 m. Without a limit a residential street takes 12 s at
    /// 30 km/h, measured at 20 km/h 18 s.
    #[test]
    fn speeds_come_from_the_measure_the_limit_the_class() {
        let seconds = |edit: fn(&mut StreetTags), measured| {
            let street = tags(StreetClass::Residential, edit);
            car_pace(&street, 100.0, measured, &CarParameters::default()) * 100.0
        };
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        near(seconds(|t| t.maxspeed_kmh = Some(50), None), 8.0);
        near(seconds(|_| (), None), 12.0);
        near(seconds(|t| t.maxspeed_kmh = Some(50), Some(CarSpeed::KmPerHour(20.0))), 18.0);
        near(seconds(|_| (), Some(CarSpeed::ShareOfUsual(0.5))), 24.0);
        near(seconds(|t| (t.maxspeed_kmh, t.surface) = (Some(70), Some(Surface::Gravel)), None), 12.0);
    }
}
