//! What the tags of a street say to bicycles and cars, and which turns vehicles may not take.
//!
//! In: tags of a way or of a restriction. Out: values of the records.

use super::drafts::Log;
use super::keys::{Key, Tags};
use super::records::{Access, Cycleway};
use super::tags::read_access;

/// `oneway` values: 1 along the nodes, -1 against them, 0 both.
pub(super) fn oneway_value(value: &str) -> Option<i8> {
    match value {
        "yes" | "true" | "1" => Some(1),
        "-1" | "reverse" => Some(-1),
        "no" | "false" | "0" | "reversible" | "alternating" => Some(0),
        _ => None,
    }
}

/// `motorcar`, else `motor_vehicle`.
pub(super) fn motor_vehicle(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<Access> {
    read_access(tags, Key::Motorcar, "motorcar", log)
        .or_else(|| read_access(tags, Key::MotorVehicle, "motor_vehicle", log))
}

/// One-way for bicycles where something is said: `oneway:bicycle`, a cycleway against the traffic.
pub(super) fn oneway_bicycle(tags: &Tags<'_>) -> Option<i8> {
    if let Some(direction) = tags.get(Key::OnewayBicycle).and_then(oneway_value) {
        return Some(direction);
    }
    let against = |key| tags.get(key).is_some_and(|value| value.starts_with("opposite"));
    let keys = [Key::Cycleway, Key::CyclewayLeft, Key::CyclewayRight, Key::CyclewayBoth];
    keys.into_iter().any(against).then_some(0)
}

/// The better of what is laid out on either side.
pub(super) fn cycleway(tags: &Tags<'_>) -> Cycleway {
    let of = |value: &str| match value {
        "lane" | "opposite_lane" | "buffered_lane" | "exclusive" => Cycleway::Lane,
        "track" | "opposite_track" => Cycleway::Track,
        "separate" => Cycleway::Separate,
        "shared_lane" | "share_busway" | "opposite_share_busway" | "opposite" | "shared" | "shoulder" => {
            Cycleway::Shared
        }
        _ => Cycleway::None,
    };
    let keys = [Key::Cycleway, Key::CyclewayBoth, Key::CyclewayLeft, Key::CyclewayRight];
    keys.into_iter().filter_map(|key| tags.get(key)).map(of).max().unwrap_or_default()
}

/// What a turn restriction says, its members aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TurnDraft {
    pub is_only: bool,
    pub excepts_cars: bool,
    pub excepts_bicycles: bool,
    pub hours: String,
}

/// Reads a `type=restriction`; `None` where it forbids no turn, or only to vehicles that are not read.
pub(super) fn read_turn(tags: &Tags<'_>) -> Option<TurnDraft> {
    let (value, hours) = match (tags.get(Key::Restriction), tags.get(Key::RestrictionConditional)) {
        (Some(value), _) => (value, ""),
        (None, Some(conditional)) => conditional.split_once('@')?,
        (None, None) => return None,
    };
    let is_only = match value.trim() {
        value if value.starts_with("only_") => true,
        "no_left_turn" | "no_right_turn" | "no_straight_on" | "no_u_turn" | "no_entry" | "no_exit" => false,
        _ => return None,
    };
    let excepts = |names: &[&str]| {
        tags.get(Key::Except).is_some_and(|value| value.split(';').any(|part| names.contains(&part.trim())))
    };
    Some(TurnDraft {
        is_only,
        excepts_cars: excepts(&["motorcar", "motor_vehicle", "vehicle"]),
        excepts_bicycles: excepts(&["bicycle", "vehicle"]),
        hours: hours.trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_side_counts_for_bicycles() {
        let of = |pairs: &[_]| cycleway(&Tags::of(pairs));
        assert_eq!(of(&[("cycleway:left", "no"), ("cycleway:right", "track")]), Cycleway::Track);
        assert_eq!(of(&[("cycleway", "shared_lane")]), Cycleway::Shared);
        assert_eq!(of(&[]), Cycleway::None);
        assert_eq!(oneway_bicycle(&Tags::of(&[("oneway", "yes"), ("cycleway", "opposite_lane")])), Some(0));
        assert_eq!(oneway_bicycle(&Tags::of(&[("oneway", "yes"), ("oneway:bicycle", "no")])), Some(0));
        assert_eq!(oneway_bicycle(&Tags::of(&[("oneway", "yes")])), None);
    }

    #[test]
    fn turns_are_forbidden_or_compulsory() {
        let turn = |pairs: &[_]| read_turn(&Tags::of(pairs));
        let left = turn(&[("restriction", "no_left_turn"), ("except", "psv;bicycle")]).expect("a turn");
        assert!(!left.is_only && left.excepts_bicycles && !left.excepts_cars);
        assert!(turn(&[("restriction", "only_straight_on")]).expect("a turn").is_only);
        let at_school = turn(&[("restriction:conditional", "no_right_turn @ (Mo-Fr 08:00-09:00)")]).expect("a turn");
        assert_eq!(at_school.hours, "(Mo-Fr 08:00-09:00)");
        assert_eq!(turn(&[("restriction", "give_way")]), None);
        assert_eq!(turn(&[]), None);
    }
}
