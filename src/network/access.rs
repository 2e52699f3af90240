//! Who may walk on a street: the rows of the access table, in their order.
//!
//! In: the tags of one street, and whether a sidewalk of its own runs beside it. Out: [`FootAccess`]. Knows no
//! graph: where a sidewalk runs is decided in `sidepaths`.

use super::hours::Hours;
use crate::sources::osm::records::{
    Access, BarrierKind, Conditions, CrossingKind, Sidewalk, StreetClass, StreetNodeMark, StreetTags,
};

/// Whether people may walk on a street.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FootAccess {
    /// Open to all. Walking time is multiplied by `factor` (1 or more): unattractive, not slower.
    Open {
        /// Multiplier of the walking time.
        factor: f32,
    },
    /// Open only to trips that begin or end there: no way through.
    FirstOrLastOnly,
    /// Not open on foot.
    Closed,
}

impl FootAccess {
    const OPEN: Self = Self::Open { factor: 1.0 };

    /// Whether somebody may walk there.
    pub fn is_walkable(self) -> bool {
        self != Self::Closed
    }
}

/// Whether a sidewalk mapped as a way of its own runs beside a street and leads where the street leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sidepath {
    /// It does: whoever walks takes it.
    Mapped,
    /// There is none, or it leads nowhere.
    Missing,
}

/// Whether corridors of buildings are walked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum IndoorRouting {
    /// They are, where they are mapped.
    On,
    /// They are not.
    #[default]
    Off,
}

/// Time multiplier of a street with `use_sidepath` where no such path is mapped.
pub const USE_SIDEPATH_FACTOR: f32 = 1.3;
/// Time multiplier of a carriageway kept although its sidewalks are mapped apart.
pub const FALLBACK_FACTOR: f32 = 2.0;
/// Time multiplier of a cycleway that people on foot may use.
pub const CYCLEWAY_FACTOR: f32 = 1.2;

/// Whether people may walk on a street with these tags. The first row that applies decides:
///
/// 1. under construction, a via ferrata, an area that is not for people on foot: closed;
/// 2. `foot`, else `access`: open, closed, first or last street only, or `use_sidepath`;
///    then a crossing that is tagged impossible: closed;
/// 3. a sidewalk on the street: open, even on a trunk road;
/// 4. classes nobody walks on (motorway, raceway, bus guideway, indoor corridor ...): closed;
/// 5. `motorroad=yes`: closed;
/// 6. `sidewalk=separate`: closed where that sidewalk is mapped and leads on, else kept at twice the time;
/// 7. cycleways: closed where a sidewalk runs beside, else open at 1.2 times the time.
///
/// Rows 1 to 5 follow GraphHopper's foot access. Conditional values are not evaluated here: [`tags_now`] puts those that
/// hold in the place of the others before.
pub fn foot_access(tags: &StreetTags, sidepath: Sidepath, indoor: IndoorRouting) -> FootAccess {
    if matches!(tags.class, StreetClass::Construction | StreetClass::ViaFerrata)
        || tags.area && !may_be_area(tags.class)
    {
        return FootAccess::Closed;
    }
    let said = tags.foot.filter(|&a| a != Access::Unknown).or(tags.access.filter(|&a| a != Access::Unknown));
    match (said, sidepath) {
        (Some(Access::Closed), _) | (Some(Access::UseSidepath), Sidepath::Mapped) => return FootAccess::Closed,
        (Some(Access::DestinationOnly), _) => return FootAccess::FirstOrLastOnly,
        (Some(Access::UseSidepath), Sidepath::Missing) => return FootAccess::Open { factor: USE_SIDEPATH_FACTOR },
        (Some(Access::Open | Access::Dismount), _) if tags.class == StreetClass::Cycleway => {
            return FootAccess::Open { factor: CYCLEWAY_FACTOR };
        }
        (Some(Access::Open | Access::Dismount), _) => return FootAccess::OPEN,
        (Some(Access::Unknown) | None, _) => {}
    }
    if tags.crossing == Some(CrossingKind::Forbidden) {
        return FootAccess::Closed;
    }
    if tags.sidewalk == Some(Sidewalk::Yes) {
        return FootAccess::OPEN;
    }
    let is_open_corridor = tags.class == StreetClass::Corridor && indoor == IndoorRouting::On;
    if !is_foot_class(tags.class) && !is_open_corridor || tags.motorroad {
        return FootAccess::Closed;
    }
    match (tags.sidewalk == Some(Sidewalk::Separate), tags.class == StreetClass::Cycleway, sidepath) {
        (true, _, Sidepath::Mapped) | (false, true, Sidepath::Mapped) => FootAccess::Closed,
        (true, _, Sidepath::Missing) => FootAccess::Open { factor: FALLBACK_FACTOR },
        (false, true, Sidepath::Missing) => FootAccess::Open { factor: CYCLEWAY_FACTOR },
        (false, false, _) => FootAccess::OPEN,
    }
}

/// Classes whose areas people walk on.
fn may_be_area(class: StreetClass) -> bool {
    use StreetClass::*;
    matches!(class, Pedestrian | Footway | Path | Platform | LivingStreet | Steps)
}

/// Classes that are open on foot unless something says otherwise.
fn is_foot_class(class: StreetClass) -> bool {
    use StreetClass::*;
    match class {
        Trunk | TrunkLink | Primary | PrimaryLink | Secondary | SecondaryLink | Tertiary | TertiaryLink
        | Unclassified | Residential | LivingStreet | Service | Pedestrian | Track | Road | Footway | Bridleway
        | Steps | Path | Cycleway | Elevator | Escalator | Platform | Ferry => true,
        Motorway | MotorwayLink | BusGuideway | Busway | Raceway | Corridor | ViaFerrata | Construction | Other => {
            false
        }
    }
}

/// What a mark on a street node means to somebody on foot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodePassage {
    /// Nothing stands in the way.
    Free,
    /// Passable, but not step-free: stile, turnstile, kissing gate, a raised kerb.
    NotStepFree,
    /// Not passable: the street ends on both sides of it.
    Closed,
}

/// Whether people can pass a mark on a street node: gates, bollards and stiles are open unless tagged closed,
/// `locked=yes` closes, walls, fences and hedges are closed unless tagged open.
pub fn node_passage(mark: &StreetNodeMark) -> NodePassage {
    let Some(barrier) = mark.barrier else { return NodePassage::Free };
    if mark.locked || mark.access == Some(Access::Closed) {
        return NodePassage::Closed;
    }
    match barrier {
        BarrierKind::Passable | BarrierKind::Bollard | BarrierKind::CycleBarrier | BarrierKind::Kerb => {
            NodePassage::Free
        }
        BarrierKind::Narrow => NodePassage::NotStepFree,
        BarrierKind::Closed if matches!(mark.access, Some(Access::Open | Access::DestinationOnly)) => NodePassage::Free,
        BarrierKind::Closed => NodePassage::Closed,
    }
}

/// The tags of a street with the conditional values that hold now in the place of the others: `foot:conditional` before
/// `foot`, `access:conditional` before `access`. A way that is shut by its opening hours is closed to all.
pub fn tags_now(tags: &StreetTags, conditions: &Conditions, hours: &mut Hours) -> StreetTags {
    let mut now = *tags;
    now.foot = hours.foot_now(conditions).or(tags.foot);
    now.access = hours.everybody_now(conditions).or(tags.access);
    now.motor_vehicle = hours.motor_vehicle_now(conditions).or(tags.motor_vehicle);
    if hours.is_shut(conditions) {
        let closed = Some(Access::Closed);
        (now.foot, now.bicycle, now.motor_vehicle, now.access) = (closed, closed, closed, closed);
    }
    now
}

/// As [`tags_now`], for a gate or a lift.
pub fn mark_now(mark: &StreetNodeMark, conditions: &Conditions, hours: &mut Hours) -> StreetNodeMark {
    let mut now = *mark;
    let everybody = hours.everybody_now(conditions);
    now.access = hours.foot_now(conditions).or(everybody).or(mark.access);
    now.bicycle = everybody.or(mark.bicycle);
    now.motor_vehicle = hours.motor_vehicle_now(conditions).or(everybody).or(mark.motor_vehicle);
    if hours.is_shut(conditions) {
        let closed = Some(Access::Closed);
        (now.access, now.bicycle, now.motor_vehicle) = (closed, closed, closed);
    }
    now
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::street_sketch::{plain_mark, plain_tags};

    fn access(class: StreetClass, edit: impl Fn(&mut StreetTags)) -> FootAccess {
        let mut tags = plain_tags(class);
        edit(&mut tags);
        foot_access(&tags, Sidepath::Missing, IndoorRouting::Off)
    }

    #[test]
    fn row_1_construction_and_areas_not_for_walking_are_closed_whatever_foot_says() {
        for class in [StreetClass::Construction, StreetClass::ViaFerrata] {
            assert_eq!(access(class, |t| t.foot = Some(Access::Open)), FootAccess::Closed);
        }
        assert_eq!(access(StreetClass::Service, |t| t.area = true), FootAccess::Closed);
        assert_eq!(access(StreetClass::Pedestrian, |t| t.area = true), FootAccess::OPEN);
        assert_eq!(access(StreetClass::Platform, |t| t.area = true), FootAccess::OPEN);
    }

    #[test]
    fn row_2_the_most_specific_key_wins() {
        let open_to_foot = |t: &mut StreetTags| (t.foot, t.access) = (Some(Access::Open), Some(Access::Closed));
        assert_eq!(access(StreetClass::Service, open_to_foot), FootAccess::OPEN);
        assert_eq!(access(StreetClass::Motorway, open_to_foot), FootAccess::OPEN);
        let closed_to_foot = |t: &mut StreetTags| (t.foot, t.access) = (Some(Access::Closed), Some(Access::Open));
        assert_eq!(access(StreetClass::Footway, closed_to_foot), FootAccess::Closed);
        assert_eq!(access(StreetClass::Service, |t| t.access = Some(Access::Closed)), FootAccess::Closed);
        assert_eq!(
            access(StreetClass::Service, |t| t.access = Some(Access::DestinationOnly)),
            FootAccess::FirstOrLastOnly
        );
        let unknown = |t: &mut StreetTags| (t.foot, t.access) = (Some(Access::Unknown), Some(Access::Closed));
        assert_eq!(access(StreetClass::Service, unknown), FootAccess::Closed, "an unknown value is as good as none");
    }

    #[test]
    fn row_2_use_sidepath_depends_on_the_path() {
        let mut tags = plain_tags(StreetClass::Primary);
        tags.foot = Some(Access::UseSidepath);
        assert_eq!(foot_access(&tags, Sidepath::Mapped, IndoorRouting::Off), FootAccess::Closed);
        assert_eq!(foot_access(&tags, Sidepath::Missing, IndoorRouting::Off), FootAccess::Open { factor: 1.3 });
    }

    #[test]
    fn row_3_a_sidewalk_opens_even_a_trunk_road_with_motorroad() {
        let with_sidewalk = |t: &mut StreetTags| (t.sidewalk, t.motorroad) = (Some(Sidewalk::Yes), true);
        assert_eq!(access(StreetClass::Trunk, with_sidewalk), FootAccess::OPEN);
        assert_eq!(access(StreetClass::Trunk, |t| t.motorroad = true), FootAccess::Closed, "row 5");
        assert_eq!(access(StreetClass::Primary, |t| t.sidewalk = Some(Sidewalk::No)), FootAccess::OPEN);
    }

    #[test]
    fn row_4_classes_nobody_walks_on_are_closed() {
        use StreetClass::*;
        for class in [Motorway, MotorwayLink, Raceway, BusGuideway, Corridor, Other] {
            assert_eq!(access(class, |_| ()), FootAccess::Closed, "{class:?}");
        }
        for class in [Trunk, Residential, Footway, Steps, Path, Track, Service, Ferry, Elevator, Platform] {
            assert_eq!(access(class, |_| ()), FootAccess::OPEN, "{class:?}");
        }
    }

    #[test]
    fn corridors_are_walked_through_where_asked_for() {
        let tags = plain_tags(StreetClass::Corridor);
        assert_eq!(foot_access(&tags, Sidepath::Missing, IndoorRouting::On), FootAccess::OPEN);
    }

    #[test]
    fn row_6_a_carriageway_with_its_sidewalk_mapped_apart_is_never_counted_twice() {
        let mut tags = plain_tags(StreetClass::Secondary);
        tags.sidewalk = Some(Sidewalk::Separate);
        assert_eq!(foot_access(&tags, Sidepath::Mapped, IndoorRouting::Off), FootAccess::Closed);
        assert_eq!(foot_access(&tags, Sidepath::Missing, IndoorRouting::Off), FootAccess::Open { factor: 2.0 });
    }

    #[test]
    fn row_7_cycleways_are_for_people_without_a_sidewalk() {
        let mut tags = plain_tags(StreetClass::Cycleway);
        assert_eq!(foot_access(&tags, Sidepath::Mapped, IndoorRouting::Off), FootAccess::Closed);
        assert_eq!(foot_access(&tags, Sidepath::Missing, IndoorRouting::Off), FootAccess::Open { factor: 1.2 });
        tags.foot = Some(Access::Open);
        assert_eq!(foot_access(&tags, Sidepath::Mapped, IndoorRouting::Off), FootAccess::Open { factor: 1.2 });
    }

    #[test]
    fn a_forbidden_crossing_is_closed() {
        assert_eq!(access(StreetClass::Footway, |t| t.crossing = Some(CrossingKind::Forbidden)), FootAccess::Closed);
    }

    #[test]
    fn barriers_close_only_where_they_say_so() {
        let mark = |barrier, access, locked| StreetNodeMark { barrier: Some(barrier), access, locked, ..plain_mark() };
        let table = [
            (BarrierKind::Passable, None, false, NodePassage::Free),
            (BarrierKind::Passable, Some(Access::Closed), false, NodePassage::Closed),
            (BarrierKind::Passable, Some(Access::Open), true, NodePassage::Closed),
            (BarrierKind::Narrow, None, false, NodePassage::NotStepFree),
            (BarrierKind::Kerb, None, false, NodePassage::Free),
            (BarrierKind::Closed, None, false, NodePassage::Closed),
            (BarrierKind::Closed, Some(Access::Open), false, NodePassage::Free),
        ];
        for (barrier, access, locked, expected) in table {
            assert_eq!(node_passage(&mark(barrier, access, locked)), expected, "{barrier:?} {access:?} {locked}");
        }
    }
}
