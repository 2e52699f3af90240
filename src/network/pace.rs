//! How long a metre of street takes on foot.
//!
//! In: tags of a street and the parameters of a walk. Out: seconds per metre. Slope is not part of it.

use crate::base::units::Speed;
use crate::sources::osm::records::{Levels, StreetClass, StreetTags, Surface};

use super::access::IndoorRouting;
use super::crossings::CrossingParameters;

/// What walking costs. The defaults are those of the methods reference.
#[derive(Clone, Debug)]
pub struct WalkParameters {
    /// Speed on flat, paved ground: 4.8 km/h (TfL, PTAL).
    pub speed: Speed,
    /// Share of the speed that remains on steps: 0.6 (GraphHopper: 3 of 5 km/h).
    pub steps_factor: f64,
    /// Speed on escalators, whether one walks or stands: 0.65 m/s.
    pub escalator_m_per_s: f64,
    /// Speed of a wheelchair on flat, paved ground: 4 km/h (Valhalla, openrouteservice).
    pub wheelchair_speed: Speed,
    /// Seconds of waiting for a lift: 30.
    pub lift_wait_s: f64,
    /// Seconds that a lift takes for a level: 5.
    pub lift_level_s: f64,
    /// Whether corridors of buildings are walked through: they are not.
    pub indoor_routing: IndoorRouting,
    /// A square with more entrances than this is crossed over a mesh: 40.
    pub most_entrances: usize,
    /// Speed of a ferry without `duration`: 10 km/h (OSM routing engines).
    pub ferry_km_per_h: f64,
    /// Off the network, a straight metre is walked as this many metres: 1.3.
    pub off_network_detour: f64,
    /// A sidewalk belongs to a carriageway up to this distance: 25 m.
    pub sidepath_distance_m: f64,
    /// A component that holds less than this share of all street length is too small to matter: 0.01.
    pub small_component_share: f64,
    /// Waiting at crossings.
    pub crossings: CrossingParameters,
}

impl Default for WalkParameters {
    fn default() -> Self {
        Self {
            speed: Speed::WALK,
            steps_factor: 0.6,
            escalator_m_per_s: 0.65,
            wheelchair_speed: Speed::WHEELCHAIR,
            lift_wait_s: 30.0,
            lift_level_s: 5.0,
            indoor_routing: IndoorRouting::Off,
            most_entrances: 40,
            ferry_km_per_h: 10.0,
            off_network_detour: 1.3,
            sidepath_distance_m: 25.0,
            small_component_share: 0.01,
            crossings: CrossingParameters::default(),
        }
    }
}

/// Share of the walking speed that remains on a surface; 1 on paved ground and where nothing is said.
pub fn surface_factor(surface: Option<Surface>) -> f64 {
    match surface {
        None | Some(Surface::Paved) => 1.0,
        Some(Surface::Sett | Surface::Compacted) => 0.97,
        Some(Surface::UnhewnCobblestone) => 0.92,
        Some(Surface::Gravel | Surface::Ground) => 0.90,
        Some(Surface::Grass) => 0.85,
        Some(Surface::Sand) => 0.70,
    }
}

/// The way on which a pace is asked for.
#[derive(Clone, Copy, Debug)]
pub struct WayOnFoot {
    /// Length of the whole way, metres; ferries and lifts spread their time over it.
    pub length_m: f64,
    /// Time multiplier of its access, 1 or more.
    pub factor: f64,
    /// Waiting on the way as a whole, seconds.
    pub delay_s: f64,
}

/// Seconds per metre on a way: above zero, and finite for any way.
pub fn seconds_per_metre(tags: &StreetTags, way: WayOnFoot, parameters: &WalkParameters) -> f64 {
    // A way without length still takes its time: as if it were a decimetre long.
    let length_m = way.length_m.max(0.1);
    let moving = match tags.class {
        StreetClass::Ferry => match tags.duration_s {
            Some(duration_s) => f64::from(duration_s) / length_m + ferry_wait_s(tags) / length_m,
            None => 3.6 / parameters.ferry_km_per_h + ferry_wait_s(tags) / length_m,
        },
        StreetClass::Elevator => lift_s(tags.levels, parameters) / length_m,
        StreetClass::Escalator => 1.0 / parameters.escalator_m_per_s,
        _ if tags.conveying => 1.0 / parameters.escalator_m_per_s,
        StreetClass::Steps => {
            1.0 / (parameters.speed.metres_per_second() * parameters.steps_factor * surface_factor(tags.surface))
        }
        _ => 1.0 / (parameters.speed.metres_per_second() * surface_factor(tags.surface)),
    };
    let pace = moving * way.factor + way.delay_s / length_m;
    if pace.is_finite() && pace > 0.0 { pace } else { 1.0 / Speed::WALK.metres_per_second() }
}

/// Half of the time between two ferries, where it is told.
fn ferry_wait_s(tags: &StreetTags) -> f64 {
    tags.interval_s.map_or(0.0, |interval_s| f64::from(interval_s) / 2.0)
}

/// What a lift takes between the levels it serves, one level where nothing is said.
pub fn lift_s(levels: Option<Levels>, parameters: &WalkParameters) -> f64 {
    let span = levels.map_or(1.0, |levels| levels.span().max(1.0));
    parameters.lift_wait_s + span * parameters.lift_level_s
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::street_sketch::plain_tags;

    fn seconds(class: StreetClass, length_m: f64, edit: impl Fn(&mut StreetTags)) -> f64 {
        let mut tags = plain_tags(class);
        edit(&mut tags);
        let way = WayOnFoot { length_m, factor: 1.0, delay_s: 0.0 };
        seconds_per_metre(&tags, way, &WalkParameters::default()) * length_m
    }

    /// 400 m at 4.8 km/h are 300 s; 8 m of steps at 0.6 of it 8 / 0.8 = 10 s; 13 m at 0.65 m/s 20 s; a kilometre of
    /// ferry at 10 km/h 360 s, or its duration; 100 m of sand 75 / 0.7 = 107.142857 s.
    #[test]
    fn paces_are_those_of_the_reference() {
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-6, "{found} {expected}");
        near(seconds(StreetClass::Residential, 400.0, |_| ()), 300.0);
        near(seconds(StreetClass::Steps, 8.0, |_| ()), 10.0);
        near(seconds(StreetClass::Steps, 13.0, |t| t.conveying = true), 20.0);
        near(seconds(StreetClass::Ferry, 1000.0, |_| ()), 360.0);
        near(seconds(StreetClass::Ferry, 1000.0, |t| t.duration_s = Some(600)), 600.0);
        near(seconds(StreetClass::Ferry, 1000.0, |t| (t.duration_s, t.interval_s) = (Some(600), Some(1200))), 1200.0);
        near(seconds(StreetClass::Path, 100.0, |t| t.surface = Some(Surface::Sand)), 107.142_857_142);
        near(seconds(StreetClass::Elevator, 5.0, |_| ()), 35.0);
    }

    #[test]
    fn factor_and_delay_add_up_and_nonsense_is_walked_at_planning_speed() {
        let tags = plain_tags(StreetClass::Footway);
        let way = WayOnFoot { length_m: 12.0, factor: 2.0, delay_s: 27.0 };
        let pace = seconds_per_metre(&tags, way, &WalkParameters::default());
        assert!((pace * 12.0 - (18.0 + 27.0)).abs() < 1e-9);
        let odd = WalkParameters { steps_factor: f64::NAN, ..WalkParameters::default() };
        assert_eq!(seconds_per_metre(&plain_tags(StreetClass::Steps), way, &odd), 0.75);
    }
}
