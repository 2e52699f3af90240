//! Streets by bicycle: who may ride, how fast, and how much stress the traffic makes.
//!
//! In: the tags of a street that hold now. Out: access, direction, pace and level of traffic stress. Knows no graph.
//!
//! # References
//! M. Mekuria, P. Furth, H. Nixon, *Low-stress bicycling and network connectivity*, Mineta Transportation Institute
//! 11-19, 2012, in the form that is read from OpenStreetMap tags (Conveyal R5); J. Parkin, J. Rotheram, *Design speeds
//! and acceleration characteristics of bicycle traffic*, Transport Policy 17, 2010, doi:10.1016/j.tranpol.2010.03.001.

use super::access::NodePassage;
use super::pace::surface_factor;
use crate::base::units::Speed;
use crate::sources::osm::records::{
    Access, BarrierKind, Cycleway, StreetClass, StreetNodeMark, StreetTags, WayDirection,
};

/// What riding costs.
#[derive(Clone, Debug)]
pub struct BicycleParameters {
    /// Speed on flat, paved ground: 16 km/h (default).
    pub speed: Speed,
    /// Speed of somebody who pushes a bicycle: 4 km/h (default).
    pub pushing_speed: Speed,
    /// Share of the flat speed lost per unit of slope uphill: 6.67, that is 1.44 of 21.6 km/h per per cent (Parkin and
    /// Rotheram).
    pub uphill_loss: f64,
    /// Share of the flat speed won per unit of slope downhill: 3.99, that is 0.86 of 21.6 km/h per per cent.
    pub downhill_gain: f64,
    /// Speed of a ferry without `duration`: 10 km/h.
    pub ferry_km_per_h: f64,
    /// A component that holds less than this share of all street length is too small to matter: 0.01.
    pub small_component_share: f64,
}

impl Default for BicycleParameters {
    fn default() -> Self {
        Self {
            speed: Speed::BICYCLE,
            pushing_speed: Speed::PUSHING,
            uphill_loss: 6.67,
            downhill_gain: 3.99,
            ferry_km_per_h: 10.0,
            small_component_share: 0.01,
        }
    }
}

/// How a bicycle gets along a street.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BicycleAccess {
    /// It is ridden.
    Ridden,
    /// It is ridden, by trips that begin or end there.
    FirstOrLastOnly,
    /// It is pushed.
    Pushed,
    /// It does not get along.
    Closed,
}

/// Whether a bicycle may use a street. `bicycle` counts before `vehicle`, that before `access`; without any, the class
/// decides: footways and pedestrian streets are for pushing, steps, motorways and motorroads are closed.
pub fn bicycle_access(tags: &StreetTags) -> BicycleAccess {
    use StreetClass::*;
    if matches!(tags.class, Construction | ViaFerrata | Other | Corridor) {
        return BicycleAccess::Closed;
    }
    let known = |access: Option<Access>| access.filter(|&access| access != Access::Unknown);
    let is_for_walking = matches!(tags.class, Footway | Pedestrian | Platform | Bridleway);
    match known(tags.bicycle) {
        Some(Access::Closed) if is_for_walking && known(tags.foot).or(known(tags.access)) != Some(Access::Closed) => {
            return BicycleAccess::Pushed;
        }
        Some(Access::Closed) => return BicycleAccess::Closed,
        Some(Access::Dismount) => return BicycleAccess::Pushed,
        Some(Access::DestinationOnly) => return BicycleAccess::FirstOrLastOnly,
        Some(Access::Open | Access::UseSidepath) => return BicycleAccess::Ridden,
        Some(Access::Unknown) | None => {}
    }
    match known(tags.vehicle).or(known(tags.access)) {
        // No vehicles: it can still be pushed where people walk.
        Some(Access::Closed) if known(tags.foot) == Some(Access::Open) => return BicycleAccess::Pushed,
        Some(Access::Closed) => return BicycleAccess::Closed,
        Some(Access::DestinationOnly) => return BicycleAccess::FirstOrLastOnly,
        _ => {}
    }
    match tags.class {
        Motorway | MotorwayLink | Busway | BusGuideway | Raceway | Steps | Escalator => BicycleAccess::Closed,
        _ if tags.motorroad => BicycleAccess::Closed,
        _ if is_for_walking && known(tags.foot) == Some(Access::Closed) => BicycleAccess::Closed,
        _ if is_for_walking => BicycleAccess::Pushed,
        _ => BicycleAccess::Ridden,
    }
}

/// In which direction a street is ridden: `oneway:bicycle` and cycleways against the traffic count before `oneway`.
pub fn bicycle_direction(tags: &StreetTags) -> WayDirection {
    match tags.oneway_bicycle.unwrap_or(tags.oneway) {
        1 => WayDirection::Forward,
        -1 => WayDirection::Backward,
        _ => WayDirection::Both,
    }
}

/// Level of traffic stress, 1 (for children) to 4 (for few): by what separates bicycles from cars, else by class and
/// speed limit.
pub fn traffic_stress(tags: &StreetTags) -> u8 {
    use StreetClass::{
        Bridleway, Elevator, Ferry, Footway, LivingStreet, Path, Pedestrian, Platform, Residential, Road, Service,
        Tertiary, TertiaryLink, Track, Trunk, TrunkLink, Unclassified,
    };
    let apart = matches!(tags.cycleway, Cycleway::Track | Cycleway::Separate);
    let has_lane = tags.cycleway == Cycleway::Lane;
    let kmh = tags.maxspeed_kmh.unwrap_or(50);
    match tags.class {
        StreetClass::Cycleway
        | Path
        | Footway
        | Pedestrian
        | LivingStreet
        | Track
        | Bridleway
        | Platform
        | Elevator
        | Ferry => 1,
        Trunk | TrunkLink if !apart => 4,
        _ if apart => 1,
        Service => 1,
        Residential | Unclassified | Road if kmh <= 30 => 1,
        Residential | Unclassified | Road if kmh <= 50 => 2,
        _ if kmh > 50 => 4,
        Tertiary | TertiaryLink if kmh <= 30 || has_lane => 2,
        Tertiary | TertiaryLink => 3,
        _ if has_lane && tags.lanes.unwrap_or(2) <= 2 => 2,
        _ if has_lane => 3,
        _ if kmh <= 30 => 3,
        _ => 4,
    }
}

/// Seconds per metre on flat ground; above zero and finite.
pub fn bicycle_pace(tags: &StreetTags, length_m: f64, is_pushed: bool, parameters: &BicycleParameters) -> f64 {
    let length_m = length_m.max(0.1);
    let pace = match tags.class {
        StreetClass::Ferry => tags.duration_s.map_or(3.6 / parameters.ferry_km_per_h, |s| f64::from(s) / length_m),
        StreetClass::Elevator => 40.0 / length_m,
        _ if is_pushed => 1.0 / parameters.pushing_speed.metres_per_second(),
        _ => {
            // Wheels feel the ground twice as much as feet.
            let ground = surface_factor(tags.surface).powi(2);
            1.0 / (parameters.speed.metres_per_second() * ground)
        }
    };
    if pace.is_finite() && pace > 0.0 { pace } else { 1.0 / Speed::WALK.metres_per_second() }
}

/// Multiplier of the time on a slope, signed in the direction of travel: the flat speed falls linearly uphill, to a
/// quarter at most, and rises linearly downhill, by three tenths at most.
pub fn bicycle_slope_factor(slope: f64, parameters: &BicycleParameters) -> f64 {
    let share = if slope > 0.0 { 1.0 - parameters.uphill_loss * slope } else { 1.0 - parameters.downhill_gain * slope };
    1.0 / share.clamp(0.25, 1.3)
}

/// What a mark on a street node means to a bicycle.
pub fn bicycle_passage(mark: &StreetNodeMark) -> NodePassage {
    let Some(barrier) = mark.barrier else { return NodePassage::Free };
    match (mark.bicycle, barrier) {
        _ if mark.locked => NodePassage::Closed,
        (Some(Access::Closed), _) => NodePassage::Closed,
        (Some(Access::Open | Access::DestinationOnly | Access::Dismount), _) => NodePassage::Free,
        (_, BarrierKind::Closed | BarrierKind::Narrow) => NodePassage::Closed,
        (_, BarrierKind::Passable | BarrierKind::Bollard | BarrierKind::CycleBarrier | BarrierKind::Kerb) => {
            NodePassage::Free
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::street_sketch::tags_with as tags;

    #[test]
    fn the_most_specific_key_decides_who_rides() {
        use StreetClass::*;
        let access = |class, edit: fn(&mut StreetTags)| bicycle_access(&tags(class, edit));
        assert_eq!(access(Residential, |_| ()), BicycleAccess::Ridden);
        assert_eq!(access(Footway, |_| ()), BicycleAccess::Pushed);
        assert_eq!(access(Footway, |t| t.bicycle = Some(Access::Open)), BicycleAccess::Ridden);
        assert_eq!(access(Steps, |_| ()), BicycleAccess::Closed);
        assert_eq!(access(Motorway, |_| ()), BicycleAccess::Closed);
        assert_eq!(access(Primary, |t| t.motorroad = true), BicycleAccess::Closed);
        assert_eq!(access(Residential, |t| t.vehicle = Some(Access::Closed)), BicycleAccess::Closed);
        let open = |t: &mut StreetTags| (t.vehicle, t.bicycle) = (Some(Access::Closed), Some(Access::Open));
        assert_eq!(access(Residential, open), BicycleAccess::Ridden);
        assert_eq!(access(Path, |t| t.bicycle = Some(Access::Dismount)), BicycleAccess::Pushed);
    }

    #[test]
    fn one_way_streets_may_be_open_against_the_traffic() {
        assert_eq!(bicycle_direction(&tags(StreetClass::Residential, |t| t.oneway = 1)), WayDirection::Forward);
        let contraflow = |t: &mut StreetTags| (t.oneway, t.oneway_bicycle) = (1, Some(0));
        assert_eq!(bicycle_direction(&tags(StreetClass::Residential, contraflow)), WayDirection::Both);
    }

    #[test]
    fn stress_grows_with_traffic_and_falls_with_separation() {
        use StreetClass::*;
        let stress = |class, edit: fn(&mut StreetTags)| traffic_stress(&tags(class, edit));
        assert_eq!(stress(Cycleway, |_| ()), 1);
        assert_eq!(stress(Residential, |t| t.maxspeed_kmh = Some(30)), 1);
        assert_eq!(stress(Residential, |_| ()), 2);
        assert_eq!(stress(Tertiary, |_| ()), 3);
        assert_eq!(stress(Primary, |_| ()), 4);
        assert_eq!(stress(Primary, |t| t.cycleway = super::Cycleway::Lane), 2);
        assert_eq!(stress(Primary, |t| t.cycleway = super::Cycleway::Track), 1);
        assert_eq!(stress(Secondary, |t| t.maxspeed_kmh = Some(70)), 4);
    }

    /// 16 km/h are 4.4444 m/s: a kilometre in 225 s. At 5 % up the speed is 1 - 0.3335 of it, at 5 % down 1.1995.
    #[test]
    fn riding_takes_what_the_ground_asks() {
        let parameters = BicycleParameters::default();
        let pace = bicycle_pace(&tags(StreetClass::Residential, |_| ()), 1000.0, false, &parameters);
        assert!((pace * 1000.0 - 225.0).abs() < 1e-9);
        assert!((bicycle_slope_factor(0.05, &parameters) - 1.0 / 0.6665).abs() < 1e-9);
        assert!((bicycle_slope_factor(-0.05, &parameters) - 1.0 / 1.1995).abs() < 1e-9);
        assert_eq!(bicycle_slope_factor(0.5, &parameters), 4.0);
    }
}
