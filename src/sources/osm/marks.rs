//! Crossings, barriers, lifts and entrances: the tags of nodes that lie on streets.

use super::drafts::{Log, MarkDraft};
use super::ground::{kerb, levels, wheelchair, width};
use super::keys::{Key, Tags};
use super::records::BarrierKind;
use super::tags::{crossing_kind, read_access, read_conditions};
use super::vehicles::motor_vehicle;

/// Reads what a node says to a street that uses it; `None` where it says nothing.
pub(super) fn read_mark(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<MarkDraft> {
    let is_crossing = tags.is(Key::Highway, &["crossing"]) || tags.has(Key::Crossing) && !tags.has(Key::Railway);
    let barrier = tags.get(Key::Barrier).and_then(barrier_kind);
    let lift = tags.is(Key::Highway, &["elevator"]);
    let entrance = tags.get(Key::Entrance).is_some_and(|v| v != "no") || tags.is(Key::Barrier, &["entrance"]);
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
        entrance,
        conditions: limited.then(|| read_conditions(tags)).flatten(),
    })
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
        assert!(read(&[("entrance", "main")]).expect("a mark").entrance);
        assert_eq!(read(&[("highway", "street_lamp")]), None);
    }
}
