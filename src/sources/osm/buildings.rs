//! Buildings: which there are, how high, and whether people may live in them.

use super::drafts::{BuildingDraft, Log};
use super::keys::{Key, Tags};
use super::lots::read_levels;

/// Reads a building; `None` for anything else.
pub(super) fn read_building(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<BuildingDraft> {
    let value = tags.get(Key::Building).filter(|&value| value != "no")?;
    let levels = tags.get(Key::BuildingLevels).and_then(|v| read_levels(("building:levels", v), log));
    Some(BuildingDraft { levels: levels.map(|n| n.min(255) as u8), residential: is_residential(value, tags) })
}

/// Whether people may live in it. A plain `yes` counts unless another tag says what else it is.
fn is_residential(value: &str, tags: &Tags<'_>) -> bool {
    match value {
        "house" | "apartments" | "residential" | "detached" | "semidetached_house" | "semi" | "terrace"
        | "bungalow" | "dormitory" | "farm" | "cabin" | "houseboat" | "static_caravan" | "ger" | "mixed"
        | "mixed_use" | "flats" | "townhouse" | "villa" | "maisonette" | "tower_block" | "annexe" => true,
        "yes" => {
            let public = tags.get(Key::Amenity).is_some_and(|v| {
                !matches!(v, "restaurant" | "cafe" | "bar" | "pub" | "fast_food" | "pharmacy" | "bank" | "post_office")
            });
            !public && !tags.has(Key::Leisure) && !tags.has(Key::Railway) && !tags.has(Key::PublicTransport)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::osm::records::OsmElement;

    #[test]
    fn homes_are_told_from_other_buildings() {
        let read = |pairs: &[_]| {
            let mut log = Log::new("a.pbf", OsmElement::Way(1));
            read_building(&Tags::of(pairs), &mut log)
        };
        let home = |pairs: &[_]| read(pairs).expect("a building").residential;
        assert!(home(&[("building", "apartments")]) && home(&[("building", "yes")]));
        assert!(home(&[("building", "yes"), ("amenity", "pub")]), "people live above pubs");
        assert!(!home(&[("building", "garage")]) && !home(&[("building", "yes"), ("amenity", "school")]));
        assert_eq!(read(&[("building", "no")]), None);
        let high = read(&[("building", "yes"), ("building:levels", "3.5")]).expect("a building");
        assert_eq!(high.levels, Some(4));
    }
}
