//! What all pieces of a street segment have in common, and a key that tells it apart.

use super::wheelchair::Passability;
use crate::sources::osm::records::{CrossingKind, StreetClass, WayDirection};

/// What all pieces of a segment have in common.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct Attributes {
    pub class: StreetClass,
    pub name: u32,
    /// On the flat, without waiting.
    pub seconds_per_metre: f64,
    pub direction: WayDirection,
    pub is_steps: bool,
    pub is_step_free: bool,
    pub wheelchair: Passability,
    pub is_restricted: bool,
    pub crossing: Option<CrossingKind>,
    pub crossing_is_assumed: bool,
    /// On a bridge or in a tunnel.
    pub is_off_ground: bool,
    /// Across a square.
    pub is_across: bool,
    /// Level of traffic stress of bicycles, 0 for others.
    pub stress: u8,
}

/// Tells attributes apart fast, since every street asks: the bits of the pace, and all else side by side.
pub(super) type AttributesKey = (u64, u64);

impl Attributes {
    /// Different for attributes that differ in anything.
    pub fn key(&self) -> AttributesKey {
        let Self { class, name, direction, crossing, wheelchair, stress, .. } = *self;
        let claims = [
            self.is_steps,
            self.is_step_free,
            self.is_restricted,
            self.is_off_ground,
            self.is_across,
            self.crossing_is_assumed,
        ];
        let claims = claims.into_iter().fold(0, |bits, claim| bits << 1 | u8::from(claim));
        let crossing = crossing.map_or(0, |kind| kind as u8 + 1);
        let small = [class as u8, stress, claims, (direction as u8) << 6 | (wheelchair as u8) << 4 | crossing];
        (self.seconds_per_metre.to_bits(), u64::from(name) << 32 | u64::from(u32::from_le_bytes(small)))
    }
}

#[cfg(test)]
mod tests {
    use rustc_hash::FxHashSet;

    use super::*;

    #[test]
    fn attributes_that_differ_in_anything_have_keys_of_their_own() {
        use CrossingKind::*;
        let crossings = [None, Some(Signals), Some(Marked), Some(Unmarked), Some(Forbidden), Some(Unknown)];
        let passable = [Passability::Ok, Passability::Limited, Passability::Unknown, Passability::No];
        let directions = [WayDirection::Both, WayDirection::Forward, WayDirection::Backward];
        let mut keys = FxHashSet::default();
        for at in 0..6 * 4 * 3 * 64 {
            let is = |claim: usize| (at / 72) >> claim & 1 == 1;
            let attributes = Attributes {
                class: StreetClass::Footway,
                name: 7,
                seconds_per_metre: 0.75,
                crossing: crossings[at % 6],
                wheelchair: passable[at / 6 % 4],
                direction: directions[at / 24 % 3],
                is_steps: is(0),
                is_step_free: is(1),
                is_restricted: is(2),
                is_off_ground: is(3),
                is_across: is(4),
                crossing_is_assumed: is(5),
                stress: 1,
            };
            let others = [
                attributes,
                Attributes { class: StreetClass::Path, ..attributes },
                Attributes { name: 8, ..attributes },
                Attributes { seconds_per_metre: 0.5, ..attributes },
                Attributes { stress: 4, ..attributes },
            ];
            assert!(others.iter().all(|other| keys.insert(other.key())), "{attributes:?}");
        }
    }
}
