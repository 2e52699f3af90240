//! Car parks: the tags of `amenity=parking`.

use super::drafts::{Log, LotDraft, read_count};
use super::keys::{Key, Tags};
use super::lot_words::{LONGEST_STAY_MIN, access_of_value, kind_of_value, likely_minutes, stay_minutes};
use super::records::{LotAccess, LotKind};

/// The largest car park on earth holds about 20,000 cars; more than this is a slip of the pen.
const MOST_SPACES: u32 = 50_000;

/// Reads a car park; `None` for anything else.
pub(super) fn read_lot(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<LotDraft> {
    if !tags.is(Key::Amenity, &["parking"]) {
        return None;
    }
    Some(LotDraft {
        name: tags.text(Key::Name),
        access: access(tags, log),
        kind: kind(tags, log),
        capacity: read_count(tags, (Key::Capacity, "capacity"), 0..=MOST_SPACES, log),
        disabled: disabled(tags, log),
        fee: fee(tags),
        maxstay_min: tags.get(Key::Maxstay).and_then(|value| read_maxstay(("maxstay", value), log)),
        levels: levels(tags, log),
    })
}

fn access(tags: &Tags<'_>, log: &mut Log<'_>) -> LotAccess {
    let Some(value) = tags.get(Key::Access) else { return LotAccess::Public };
    access_of_value(value).unwrap_or_else(|| {
        log.flaw("lot_access_unknown", ("access", value), "is not a known kind of access", "taken as public");
        LotAccess::Public
    })
}

fn kind(tags: &Tags<'_>, log: &mut Log<'_>) -> LotKind {
    match tags.get(Key::Parking) {
        None if tags.has(Key::Building) && !tags.is(Key::Building, &["no", "roof", "carport"]) => LotKind::MultiStorey,
        None | Some("yes") => LotKind::Surface,
        Some(value) => kind_of_value(value).unwrap_or_else(|| {
            log.flaw("lot_kind_unknown", ("parking", value), "is not a known kind of car park", "taken as surface");
            LotKind::Surface
        }),
    }
}

fn disabled(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<u32> {
    match tags.get(Key::CapacityDisabled)? {
        "no" | "none" => Some(0),
        "unknown" => None,
        // Some are there, nobody counted them.
        "yes" => None,
        _ => read_count(tags, (Key::CapacityDisabled, "capacity:disabled"), 0..=MOST_SPACES, log),
    }
}

fn fee(tags: &Tags<'_>) -> Option<bool> {
    match tags.get(Key::Fee) {
        Some("no" | "free" | "donation") => {
            Some(tags.get(Key::FeeConditional).is_some_and(|value| value.starts_with("yes")))
        }
        Some("unknown") | None => tags.get(Key::FeeConditional).and_then(|v| v.starts_with("yes").then_some(true)),
        Some(_) => Some(true),
    }
}

fn levels(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<u32> {
    let key =
        [(Key::ParkingLevels, "parking:levels"), (Key::BuildingLevels, "building:levels"), (Key::Levels, "levels")]
            .into_iter()
            .find(|(key, _)| tags.has(*key))?;
    let value = tags.get(key.0)?;
    read_levels((key.1, value), log)
}

/// Reads a number of storeys; half storeys count as whole ones.
pub(super) fn read_levels(tag: (&str, &str), log: &mut Log<'_>) -> Option<u32> {
    match tag.1.trim().replace(',', ".").parse::<f64>() {
        Ok(levels) if (0.0..=200.0).contains(&levels) => Some(levels.ceil().max(1.0) as u32),
        _ => {
            log.flaw("levels_unparsable", tag, "is not a number of storeys up to 200", "taken as unknown");
            None
        }
    }
}

/// Reads a longest stay, such as `2 hours`, `90 min`, `1:30` or `1 day`, in minutes; `None` where there is no limit.
pub(super) fn read_maxstay(tag: (&str, &str), log: &mut Log<'_>) -> Option<u32> {
    let value = tag.1.trim();
    if matches!(value, "unlimited" | "no" | "none" | "unknown" | "yes") {
        return None;
    }
    if let Some(minutes) = likely_minutes(value) {
        log.flaw("maxstay_without_unit", tag, "has no unit", "taken as minutes");
        return Some(minutes);
    }
    let minutes = stay_minutes(value).filter(|minutes| (1.0..=LONGEST_STAY_MIN).contains(minutes));
    if minutes.is_none() {
        let problem = "is not a length of stay with its unit";
        log.flaw("maxstay_unparsable", tag, problem, "taken as unknown");
    }
    minutes.map(|minutes| minutes.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::osm::records::OsmElement;

    fn read(pairs: &[(&str, &str)]) -> (Option<LotDraft>, Vec<&'static str>) {
        let mut log = Log::new("a.pbf", OsmElement::Way(1));
        let lot = read_lot(&Tags::of(pairs), &mut log);
        (lot, log.codes())
    }

    #[test]
    fn a_full_car_park_is_read() {
        let (lot, notices) = read(&[
            ("amenity", "parking"),
            ("parking", "multi-storey"),
            ("access", "customers"),
            ("capacity", "320"),
            ("capacity:disabled", "8"),
            ("fee", "Mo-Fr 08:00-18:00"),
            ("maxstay", "90 min"),
            ("building:levels", "4.5"),
            ("name", "Cité"),
        ]);
        let lot = lot.expect("a lot");
        assert!(notices.is_empty(), "{notices:?}");
        assert_eq!((lot.kind, lot.access), (LotKind::MultiStorey, LotAccess::Customers));
        assert_eq!((lot.capacity, lot.disabled, lot.fee), (Some(320), Some(8), Some(true)));
        assert_eq!((lot.maxstay_min, lot.levels, lot.name.as_str()), (Some(90), Some(5), "Cité"));
    }

    #[test]
    fn odd_values_are_told_and_taken_as_unknown() {
        for (key, value, code) in [
            ("capacity", "20;30", "number_unparsable"),
            ("capacity", "many", "number_unparsable"),
            ("capacity", "-3", "number_unparsable"),
            ("capacity", "4000000000", "number_out_of_range"),
            ("maxstay", "2", "maxstay_unparsable"),
            ("maxstay", "NaN hours", "maxstay_unparsable"),
            ("maxstay", "99999999999999999999 h", "maxstay_unparsable"),
            ("levels", "1e9", "levels_unparsable"),
            ("parking", "balloon", "lot_kind_unknown"),
            ("access", "maybe", "lot_access_unknown"),
        ] {
            let (lot, notices) = read(&[("amenity", "parking"), (key, value)]);
            assert_eq!(notices, [code], "{key}={value}");
            let lot = lot.expect("still a lot");
            assert_eq!((lot.capacity, lot.maxstay_min, lot.levels), (None, None, None));
        }
        assert_eq!(read(&[("amenity", "bench")]), (None, vec![]));
    }

    #[test]
    fn maxstay_without_unit() {
        let (lot, notices) = read(&[("amenity", "parking"), ("maxstay", "120")]);
        assert_eq!((lot.expect("a lot").maxstay_min, notices), (Some(120), vec!["maxstay_without_unit"]));
    }
}
