//! Crossings, barriers and lifts: the tags of nodes that lie on streets; and entrances, on streets and buildings.

use super::drafts::{EntranceRank, Log, MarkDraft};
use super::ground::{kerb, levels, wheelchair, width};
use super::keys::{Key, Tags};
use super::records::BarrierKind;
use super::tags::{crossing_kind, read_access, read_conditions};
use super::vehicles::motor_vehicle;

/// What makes a door on a street one that not everybody passes.
const TOLD_OF_DOORS: [Key; 13] = [
    Key::Foot,
    Key::Access,
    Key::Bicycle,
    Key::Vehicle,
    Key::MotorVehicle,
    Key::Wheelchair,
    Key::Locked,
    Key::Width,
    Key::MaxwidthPhysical,
    Key::OpeningHours,
    Key::FootConditional,
    Key::AccessConditional,
    Key::MotorVehicleConditional,
];

/// Reads what a node says to a street that uses it; `None` where it says nothing.
pub(super) fn read_mark(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<MarkDraft> {
    let is_crossing = tags.is(Key::Highway, &["crossing"]) || tags.has(Key::Crossing) && !tags.has(Key::Railway);
    let barrier = tags.get(Key::Barrier).and_then(barrier_kind);
    let lift = tags.is(Key::Highway, &["elevator"]);
    // A door that anybody may pass at any hour says nothing to a street.
    let entrance = (tags.get(Key::Entrance).is_some_and(|v| v != "no") || tags.is(Key::Barrier, &["entrance"]))
        && TOLD_OF_DOORS.iter().any(|&key| tags.has(key));
    let has_kerb = tags.has(Key::Kerb) || tags.has(Key::KerbHeight);
    if !is_crossing && barrier.is_none() && !lift && !entrance && !has_kerb {
        return None;
    }
    let limited = barrier.is_some() || lift || entrance;
    let mut of = |key, name| limited.then(|| read_access(tags, key, name, log)).flatten();
    let (foot, bicycle, vehicle) = (of(Key::Foot, "foot"), of(Key::Bicycle, "bicycle"), of(Key::Vehicle, "vehicle"));
    let access = of(Key::Access, "access");
    let motor_vehicle = limited.then(|| motor_vehicle(tags, log)).flatten();
    let free_width = width(tags, (Key::MaxwidthPhysical, "maxwidth:physical"), log);
    Some(MarkDraft {
        crossing: is_crossing.then(|| crossing_kind(tags)),
        refuge: tags.is(Key::CrossingIsland, &["yes"])
            || tags.is(Key::TrafficCalming, &["island"])
            || is_crossing && tags.is(Key::Crossing, &["island"]),
        barrier,
        access: foot.or(access),
        bicycle: bicycle.or(vehicle).or(access),
        motor_vehicle: motor_vehicle.or(vehicle).or(access),
        wheelchair: wheelchair(tags),
        kerb: kerb(tags, log),
        width_m: free_width.or_else(|| limited.then(|| width(tags, (Key::Width, "width"), log)).flatten()),
        locked: tags.is(Key::Locked, &["yes"]),
        lift,
        levels: lift.then(|| levels(tags, log)).flatten(),
        conditions: limited.then(|| read_conditions(tags)).flatten(),
    })
}

/// Whether a node is an entrance by which people come into a building, and which: not one for cars, for leaving or for
/// emergencies, and none that is closed to them.
pub(super) fn read_entrance(tags: &Tags<'_>) -> Option<EntranceRank> {
    let closed = |key| tags.is(key, &["no", "private"]);
    let is_closed = closed(Key::Access) && !tags.has(Key::Foot) || closed(Key::Foot);
    match tags.get(Key::Entrance)? {
        "no" | "exit" | "emergency" | "fire_exit" | "service" | "garage" | "parking" | "unloading" => None,
        _ if is_closed => None,
        "main" | "shop" | "home" | "staircase" => Some(EntranceRank::Main),
        _ => Some(EntranceRank::Other),
    }
}

/// What a `barrier` value means on foot; `None` where it is none.
pub(super) fn barrier_kind(value: &str) -> Option<BarrierKind> {
    match value {
        "no" | "entrance" => None,
        "stile" | "turnstile" | "kissing_gate" | "full-height_turnstile" | "hampshire_gate" | "wicket_gate" => {
            Some(BarrierKind::Narrow)
        }
        "kerb" => Some(BarrierKind::Kerb),
        "wall" | "fence" | "hedge" | "handrail" | "city_wall" | "retaining_wall" | "guard_rail" | "ditch" => {
            Some(BarrierKind::Closed)
        }
        "bollard" | "block" | "chain" | "planter" | "jersey_barrier" | "log" | "rope" | "bus_trap" | "sump_buster"
        | "debris" | "height_restrictor" => Some(BarrierKind::Bollard),
        "cycle_barrier" | "motorcycle_barrier" | "bar" => Some(BarrierKind::CycleBarrier),
        _ => Some(BarrierKind::Passable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::osm::records::{Access, CrossingKind, OsmElement};

    fn read(pairs: &[(&str, &str)]) -> Option<MarkDraft> {
        let mut log = Log::new("a.pbf", OsmElement::Node(1));
        read_mark(&Tags::of(pairs), &mut log)
    }

    #[test]
    fn crossings_and_barriers_are_told_apart() {
        let zebra =
            read(&[("highway", "crossing"), ("crossing", "zebra"), ("crossing:island", "yes")]).expect("a mark");
        assert_eq!((zebra.crossing, zebra.refuge, zebra.barrier), (Some(CrossingKind::Marked), true, None));
        let gate = read(&[("barrier", "gate"), ("access", "private"), ("locked", "yes")]).expect("a mark");
        assert_eq!((gate.barrier, gate.access, gate.locked), (Some(BarrierKind::Passable), Some(Access::Closed), true));
        assert_eq!(read(&[("barrier", "stile")]).expect("a mark").barrier, Some(BarrierKind::Narrow));
        assert!(read(&[("highway", "elevator")]).expect("a mark").lift);
        assert_eq!(read(&[("entrance", "main")]), None, "says nothing to a street");
        let private = read(&[("entrance", "yes"), ("access", "private")]).expect("a mark");
        assert_eq!((private.barrier, private.access), (None, Some(Access::Closed)));
        assert_eq!(read(&[("highway", "street_lamp")]), None);
    }

    #[test]
    fn people_come_in_by_entrances_that_are_open_to_them() {
        let rank = |pairs: &[(&str, &str)]| read_entrance(&Tags::of(pairs));
        assert_eq!(rank(&[("entrance", "main")]), Some(EntranceRank::Main));
        assert_eq!(rank(&[("entrance", "yes"), ("wheelchair", "yes")]), Some(EntranceRank::Other));
        for closed in [("entrance", "emergency"), ("entrance", "exit"), ("door", "yes")] {
            assert_eq!(rank(&[closed]), None, "{closed:?}");
        }
        assert_eq!(rank(&[("entrance", "yes"), ("access", "private")]), None);
        assert_eq!(rank(&[("entrance", "yes"), ("access", "no"), ("foot", "yes")]), Some(EntranceRank::Other));
    }
}
