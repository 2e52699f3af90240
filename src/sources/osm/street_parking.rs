//! Kerb parking of a street, from the tags of both schemes: `parking:left|right|both=*` with its details, and the
//! older `parking:lane:left|right|both=*` with `parking:condition:*`.
//!
//! In: tags of a way. Out: what is said about each side; a side of which nothing is said stays unknown. Where both
//! schemes speak of a side, the newer one counts.

use super::drafts::{Log, parse_count};
use super::keys::Tags;
use super::lots::read_maxstay;
use super::records::{BayOrientation, KerbSide, StreetParking};

/// More bays than this on one side of one way is a slip of the pen.
const MOST_BAYS: u32 = 2000;

/// What the tags say of one side.
#[derive(Clone, Copy, Debug, Default)]
struct Side {
    claim: Option<Claim>,
    old_claim: Option<Claim>,
    old_orientation: Option<BayOrientation>,
    orientation: Option<BayOrientation>,
    capacity: Option<u32>,
    forbidden: bool,
    old_forbidden: bool,
    reserved: bool,
    open_to_all: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claim {
    Bays,
    No,
    Separate,
}

#[derive(Default)]
struct Reading {
    left: Side,
    right: Side,
    fee: Option<bool>,
    maxstay_min: Option<u32>,
}

/// Reads the kerb parking of a way; `None` where nothing is said of either side.
pub(super) fn read_street_parking(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<Box<StreetParking>> {
    let mut reading = Reading::default();
    for (key, value) in tags.kerb_parking() {
        let mut parts = key.split(':').skip(1);
        match parts.next() {
            // Longer keys hold values by hour or season, in no common form.
            Some("lane" | "condition") if key.split(':').count() > 4 => {}
            Some("lane") => reading.read_lane(parts.next(), parts.next(), (key, value), log),
            Some("condition") => reading.read_condition(parts.next(), parts.next(), (key, value), log),
            side => reading.read_new(side, parts.next(), parts.next(), (key, value), log),
        }
    }
    let (left, right) = (reading.left.kerb(), reading.right.kerb());
    if left == KerbSide::Unknown && right == KerbSide::Unknown {
        return None;
    }
    Some(Box::new(StreetParking { left, right, fee: reading.fee, maxstay_min: reading.maxstay_min }))
}

impl Reading {
    /// Does `change` to the side or sides that a key names; `false` where it names none.
    fn change_sides(&mut self, side: Option<&str>, change: impl Fn(&mut Side)) -> bool {
        match side {
            Some("left") => change(&mut self.left),
            Some("right") => change(&mut self.right),
            Some("both") => {
                change(&mut self.left);
                change(&mut self.right);
            }
            _ => return false,
        }
        true
    }

    /// `parking:<side>[:detail[:conditional]]`.
    fn read_new(
        &mut self,
        side: Option<&str>,
        detail: Option<&str>,
        more: Option<&str>,
        tag: (&str, &str),
        log: &mut Log<'_>,
    ) {
        if !matches!(side, Some("left" | "right" | "both")) {
            return;
        }
        match (detail, more) {
            (None, _) => {
                let claim = match tag.1 {
                    "no" | "none" => Claim::No,
                    "separate" | "drawn_separately" => Claim::Separate,
                    "inline" | "yes" | "lane" | "street_side" | "on_kerb" | "half_on_kerb" | "shoulder" | "marked" => {
                        Claim::Bays
                    }
                    _ => return unknown_value(tag, log),
                };
                self.change_sides(side, |s| s.claim = Some(claim));
            }
            (Some("orientation"), None) => match orientation(tag.1) {
                Some(orientation) => _ = self.change_sides(side, |s| s.orientation = Some(orientation)),
                None => unknown_value(tag, log),
            },
            (Some("capacity"), None) => self.read_capacity(side, tag, log),
            (Some("restriction"), None) => {
                let forbidden = matches!(
                    tag.1,
                    "no_parking"
                        | "no_stopping"
                        | "no_standing"
                        | "loading_only"
                        | "charging_only"
                        | "passenger_loading"
                );
                self.change_sides(side, |s| s.forbidden |= forbidden);
            }
            (Some("fee"), _) => self.read_fee(tag.1, more.is_some()),
            (Some("maxstay"), None) => self.read_stay(tag, log),
            (Some("access" | "private" | "reservation"), None) => self.read_holder(side, tag.1),
            _ => {}
        }
    }

    /// `parking:lane:<side>[:detail]`.
    fn read_lane(&mut self, side: Option<&str>, detail: Option<&str>, tag: (&str, &str), log: &mut Log<'_>) {
        match detail {
            None => {
                let claim = match tag.1 {
                    "no" | "none" | "no_parking" | "no_stopping" | "fire_lane" => Claim::No,
                    "separate" | "drawn_separately" => Claim::Separate,
                    "yes" | "marked" | "on_street" | "on_kerb" | "half_on_kerb" | "shoulder" | "painted_area_only" => {
                        Claim::Bays
                    }
                    other if orientation(other).is_some() => Claim::Bays,
                    _ => return unknown_value(tag, log),
                };
                let lie = orientation(tag.1);
                self.change_sides(side, |s| {
                    s.old_claim = Some(claim);
                    s.old_orientation = s.old_orientation.or(lie);
                });
            }
            Some("capacity") => self.read_capacity(side, tag, log),
            _ => {}
        }
    }

    /// `parking:condition:<side>[:detail]`.
    fn read_condition(&mut self, side: Option<&str>, detail: Option<&str>, tag: (&str, &str), log: &mut Log<'_>) {
        match detail {
            None | Some("default") => match tag.1 {
                "ticket" => self.fee = Some(true),
                "free" => {
                    self.fee = self.fee.or(Some(false));
                    self.change_sides(side, |s| s.open_to_all |= detail.is_none());
                }
                "disc" => _ = self.change_sides(side, |s| s.open_to_all = true),
                "no_parking" | "no_stopping" | "no_standing" | "loading" => {
                    self.change_sides(side, |s| s.old_forbidden |= detail.is_none());
                }
                other => self.read_holder(side, other),
            },
            Some("maxstay") => self.read_stay(tag, log),
            _ => {}
        }
    }

    fn read_capacity(&mut self, side: Option<&str>, tag: (&str, &str), log: &mut Log<'_>) {
        let Some(bays) = parse_count(tag, 0..=MOST_BAYS, log) else { return };
        if side == Some("both") {
            // The tag counts both sides together: the left gets the odd one.
            self.left.capacity = self.left.capacity.or(Some(bays.div_ceil(2)));
            self.right.capacity = self.right.capacity.or(Some(bays / 2));
        } else {
            self.change_sides(side, |s| s.capacity = Some(bays));
        }
    }

    fn read_fee(&mut self, value: &str, conditional: bool) {
        match value {
            "no" | "free" => self.fee = self.fee.or(Some(false)),
            "unknown" => {}
            // `no @ (...)` frees from a fee at some hours only.
            _ if conditional && value.starts_with("no") => {}
            _ => self.fee = Some(true),
        }
    }

    fn read_stay(&mut self, tag: (&str, &str), log: &mut Log<'_>) {
        if let Some(minutes) = read_maxstay(tag, log) {
            self.maxstay_min = Some(self.maxstay_min.map_or(minutes, |other| other.min(minutes)));
        }
    }

    fn read_holder(&mut self, side: Option<&str>, value: &str) {
        let (reserved, open) = match value {
            "residents" | "private" | "permit" | "no" | "permit_holders" => (true, false),
            "yes" | "public" | "permissive" => (false, true),
            _ => (false, false),
        };
        self.change_sides(side, |s| {
            s.reserved |= reserved;
            s.open_to_all |= open;
        });
    }
}

impl Side {
    fn kerb(&self) -> KerbSide {
        let said = match (self.claim, self.old_claim) {
            (Some(claim), _) | (None, Some(claim)) => claim,
            (None, None) if self.forbidden || self.old_forbidden => Claim::No,
            (None, None) if self.orientation.is_some() || self.capacity.is_some() => Claim::Bays,
            (None, None) => return KerbSide::Unknown,
        };
        match said {
            // What the older scheme forbids does not take away bays of the newer one.
            Claim::Bays if self.forbidden || self.old_forbidden && self.claim.is_none() => KerbSide::None,
            Claim::Bays => KerbSide::Bays {
                orientation: self.orientation.or(self.old_orientation),
                capacity: self.capacity,
                residents_only: self.reserved && !self.open_to_all,
            },
            Claim::No => KerbSide::None,
            Claim::Separate => KerbSide::Separate,
        }
    }
}

fn orientation(value: &str) -> Option<BayOrientation> {
    match value {
        // `inline` is an early word for the same.
        "parallel" | "inline" => Some(BayOrientation::Parallel),
        "diagonal" => Some(BayOrientation::Diagonal),
        "perpendicular" => Some(BayOrientation::Perpendicular),
        _ => None,
    }
}

fn unknown_value(tag: (&str, &str), log: &mut Log<'_>) {
    log.flaw("street_parking_unknown", tag, "is not a known kind of kerb parking", "side taken as unknown");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::osm::records::OsmElement;

    fn read(pairs: &[(&str, &str)]) -> (Option<StreetParking>, usize) {
        let mut log = Log::new("a.pbf", OsmElement::Way(1));
        let parking = read_street_parking(&Tags::of(pairs), &mut log).map(|p| *p);
        (parking, log.noted())
    }

    #[test]
    fn a_value_nobody_knows_is_told() {
        let mut log = Log::new("a.pbf", OsmElement::Way(1));
        read_street_parking(&Tags::of(&[("parking:left", "sometimes")]), &mut log);
        assert_eq!(log.codes(), ["street_parking_unknown"]);
    }

    #[test]
    fn both_schemes_say_the_same() {
        let orientation = Some(BayOrientation::Parallel);
        let parallel = KerbSide::Bays { orientation, capacity: Some(12), residents_only: false };
        let expected = StreetParking { left: KerbSide::None, right: parallel, fee: Some(true), maxstay_min: Some(120) };
        let new = [
            ("parking:left", "no"),
            ("parking:right", "lane"),
            ("parking:right:orientation", "parallel"),
            ("parking:right:capacity", "12"),
            ("parking:right:fee", "Mo-Sa 09:00-18:00"),
            ("parking:right:maxstay", "2 hours"),
        ];
        let old = [
            ("parking:lane:left", "no_stopping"),
            ("parking:lane:right", "parallel"),
            ("parking:lane:right:capacity", "12"),
            ("parking:condition:right", "ticket"),
            ("parking:condition:right:maxstay", "2 h"),
        ];
        assert_eq!(read(&new), (Some(expected), 0));
        assert_eq!(read(&old), (Some(expected), 0));
        let both: Vec<_> = old.iter().chain(&new).copied().collect();
        assert_eq!(read(&both), (Some(expected), 0));
    }

    #[test]
    fn what_is_not_said_stays_unknown() {
        assert_eq!(read(&[("highway", "residential")]), (None, 0));
        let (parking, _) = read(&[("parking:left", "separate")]);
        let parking = parking.expect("one side is told");
        assert_eq!((parking.left, parking.right), (KerbSide::Separate, KerbSide::Unknown));
        assert_eq!(read(&[("parking:left", "sometimes")]), (None, 1));
        let hourly = ("parking:lane:left:capacity:free:hourly:fall", "Thu 10: 0;Fr 10: 0");
        assert_eq!(read(&[hourly]), (None, 0));
    }

    #[test]
    fn a_capacity_of_both_sides_is_shared_out() {
        let (parking, _) = read(&[("parking:both", "lane"), ("parking:both:capacity", "7")]);
        let parking = parking.expect("both sides are told");
        assert_eq!(parking.left, KerbSide::Bays { orientation: None, capacity: Some(4), residents_only: false });
        assert_eq!(parking.right, KerbSide::Bays { orientation: None, capacity: Some(3), residents_only: false });
        let (parking, notices) = read(&[("parking:both", "lane"), ("parking:both:capacity", "99999999999")]);
        assert_eq!(
            parking.expect("told").left,
            KerbSide::Bays { orientation: None, capacity: None, residents_only: false }
        );
        assert_eq!(notices, 1);
    }

    #[test]
    fn residents_and_no_parking() {
        let reserved = |pairs: &[_]| {
            let parking = read(pairs).0.expect("told");
            [parking.left, parking.right].map(|side| matches!(side, KerbSide::Bays { residents_only: true, .. }))
        };
        let old = [("parking:lane:both", "parallel"), ("parking:condition:both", "residents")];
        assert_eq!(reserved(&old), [true, true]);
        let one_side = [("parking:both", "lane"), ("parking:left:access", "residents")];
        assert_eq!(reserved(&one_side), [true, false]);
        let (parking, _) = read(&[("parking:both", "lane"), ("parking:both:restriction", "no_parking")]);
        assert_eq!(parking.expect("told").left, KerbSide::None);
        let newer = [("parking:both", "lane"), ("parking:condition:both", "no_parking")];
        assert_eq!(reserved(&newer), [false, false]);
        assert!(matches!(read(&newer).0.expect("told").left, KerbSide::Bays { .. }), "the newer scheme counts");
    }
}
