//! Crossings, barriers, lifts and entrances: the tags of nodes that lie on streets.

use super::drafts::{Log, MarkDraft};
use super::keys::{Key, Tags};
use super::records::BarrierKind;
use super::tags::{crossing_kind, read_access};

/// Reads what a node says to a street that uses it; `None` where it says nothing.
pub(super) fn read_mark(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<MarkDraft> {
    let is_crossing = tags.is(Key::Highway, &["crossing"]) || tags.has(Key::Crossing) && !tags.has(Key::Railway);
    let barrier = tags.get(Key::Barrier).and_then(barrier_kind);
    let lift = tags.is(Key::Highway, &["elevator"]);
    let entrance = tags.get(Key::Entrance).is_some_and(|v| v != "no") || tags.is(Key::Barrier, &["entrance"]);
    if !is_crossing && barrier.is_none() && !lift && !entrance {
        return None;
    }
    let limited = barrier.is_some() || lift || entrance;
    let access = limited
        .then(|| read_access(tags, Key::Foot, "foot", log).or_else(|| read_access(tags, Key::Access, "access", log)));
    Some(MarkDraft {
        crossing: is_crossing.then(|| crossing_kind(tags)),
        refuge: tags.is(Key::CrossingIsland, &["yes"])
            || tags.is(Key::TrafficCalming, &["island"])
            || is_crossing && tags.is(Key::Crossing, &["island"]),
        barrier,
        access: access.flatten(),
        locked: tags.is(Key::Locked, &["yes"]),
        lift,
        entrance,
    })
}

fn barrier_kind(value: &str) -> Option<BarrierKind> {
    match value {
        "no" | "entrance" => None,
        "stile" | "turnstile" | "kissing_gate" | "full-height_turnstile" | "hampshire_gate" | "wicket_gate" => {
            Some(BarrierKind::Narrow)
        }
        "kerb" => Some(BarrierKind::Kerb),
        "wall" | "fence" | "hedge" | "city_wall" | "retaining_wall" | "guard_rail" | "ditch" => {
            Some(BarrierKind::Closed)
        }
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
