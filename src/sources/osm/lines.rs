//! Lines that cut a town (railways, rivers, motorways), and areas of water and green for drawing: their tags.

use super::drafts::LineDraft;
use super::keys::{Key, Tags};
use super::marks::barrier_kind;
use super::records::{BarrierKind, LandKind, SeveringKind, Sidewalk, StreetClass, StreetTags};

/// Reads a severing line; `street` holds the street tags of the same way, if it is a street.
pub(super) fn read_line(tags: &Tags<'_>, street: Option<&StreetTags>) -> Option<LineDraft> {
    let kind = if tags.is(Key::Railway, &["rail", "light_rail", "narrow_gauge"]) {
        SeveringKind::Railway
    } else if tags.is(Key::Waterway, &["river", "canal"]) {
        SeveringKind::Waterway
    } else if street.is_some_and(|street| match street.class {
        StreetClass::Motorway | StreetClass::MotorwayLink => true,
        StreetClass::Trunk | StreetClass::TrunkLink => street.sidewalk != Some(Sidewalk::Yes),
        _ => false,
    }) {
        SeveringKind::Motorway
    } else {
        return None;
    };
    if tags.is(Key::Disused, &["yes"]) {
        return None;
    }
    let tunnel = tags.get(Key::Tunnel).is_some_and(|v| v != "no") || tags.get(Key::Bridge).is_some_and(|v| v != "no");
    Some(LineDraft { kind, name: tags.text(Key::Name), tunnel })
}

/// Whether a way is a wall, fence or hedge that nobody walks through.
pub(super) fn is_barrier_line(tags: &Tags<'_>) -> bool {
    tags.get(Key::Barrier).and_then(barrier_kind) == Some(BarrierKind::Closed)
}

/// Reads an area of water or green.
pub(super) fn read_land(tags: &Tags<'_>) -> Option<LandKind> {
    if tags.is(Key::Natural, &["water", "bay"])
        || tags.is(Key::Waterway, &["riverbank", "dock"])
        || tags.is(Key::Landuse, &["reservoir", "basin"])
    {
        return Some(LandKind::Water);
    }
    let green = tags.is(Key::Leisure, &["park", "garden", "common", "nature_reserve", "golf_course"])
        || tags.is(Key::Natural, &["wood", "scrub", "grassland", "heath"])
        || tags.is(
            Key::Landuse,
            &["forest", "grass", "meadow", "cemetery", "recreation_ground", "village_green", "allotments", "orchard"],
        );
    green.then_some(LandKind::Green)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cuts_is_a_severing_line() {
        let kind = |pairs: &[_]| read_line(&Tags::of(pairs), None).map(|line| (line.kind, line.tunnel));
        assert_eq!(kind(&[("railway", "rail")]), Some((SeveringKind::Railway, false)));
        assert_eq!(kind(&[("railway", "rail"), ("tunnel", "yes")]), Some((SeveringKind::Railway, true)));
        assert_eq!(kind(&[("waterway", "river")]), Some((SeveringKind::Waterway, false)));
        assert_eq!(kind(&[("waterway", "stream")]), None);
        assert_eq!(kind(&[("railway", "abandoned")]), None);
        assert_eq!(read_land(&Tags::of(&[("natural", "water")])), Some(LandKind::Water));
        assert_eq!(read_land(&Tags::of(&[("leisure", "park")])), Some(LandKind::Green));
    }
}
