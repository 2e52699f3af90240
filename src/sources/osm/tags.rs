//! The tags of a street: what kind it is, who may use it, how fast one gets along.
//!
//! In: tags of a way. Out: [`StreetTags`]; methods §1.5 tells which tags matter and why.

use super::drafts::{Log, StreetDraft, read_count};
use super::ground::{incline, kerb, layer, levels, smoothness, step_count, surface, tracktype, wheelchair, width};
use super::keys::{Key, Tags};
use super::records::{
    Access, Conditions, CrossingKind, Sidewalk, StreetClass, StreetTags, WayDirection, WheelchairTag,
};
use super::street_parking::read_street_parking;
use super::vehicles::{cycleway, motor_vehicle, oneway_bicycle, oneway_value};

/// Values of `ramp` keys that say there is one.
const RAMPS: &[&str] = &["yes", "separate", "automatic", "manual"];

/// Reads a street; `None` for a way that is none.
pub(super) fn read_street(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<StreetDraft> {
    let class = street_class(tags)?;
    let crossing = crossing_way(tags);
    let wheelchair = wheelchair(tags);
    let tags_read = StreetTags {
        class,
        foot: read_access(tags, Key::Foot, "foot", log),
        bicycle: read_access(tags, Key::Bicycle, "bicycle", log),
        vehicle: read_access(tags, Key::Vehicle, "vehicle", log),
        motor_vehicle: motor_vehicle(tags, log),
        access: read_access(tags, Key::Access, "access", log),
        sidewalk: sidewalk(tags),
        foot_direction: foot_direction(tags, class),
        oneway: oneway(tags, class),
        oneway_bicycle: oneway_bicycle(tags),
        cycleway: cycleway(tags),
        motorroad: tags.is(Key::Motorroad, &["yes"]),
        area: tags.is(Key::Area, &["yes"]) || !tags.has(Key::Highway) && is_paved_square(tags),
        indoor: tags.get(Key::Indoor).is_some_and(|v| v != "no"),
        bridge: tags.get(Key::Bridge).is_some_and(|v| v != "no"),
        tunnel: tags.get(Key::Tunnel).is_some_and(|v| v != "no"),
        covered: tags.get(Key::Covered).is_some_and(|v| v != "no") || tags.is(Key::Indoor, &["yes"]),
        layer: layer(tags, log),
        levels: levels(tags, log),
        surface: surface(tags, log),
        smoothness: smoothness(tags),
        tracktype: tracktype(tags),
        incline: incline(tags, log),
        step_count: step_count(tags, log),
        conveying: tags.get(Key::Conveying).is_some_and(|v| v != "no"),
        ramp: [Key::Ramp, Key::RampWheelchair, Key::RampStroller].into_iter().any(|key| tags.is(key, RAMPS)),
        ramp_wheelchair: tags.is(Key::RampWheelchair, RAMPS)
            || tags.is(Key::Ramp, RAMPS) && wheelchair == Some(WheelchairTag::Yes),
        wheelchair,
        kerb: crossing.and_then(|_| kerb(tags, log)),
        crossing,
        refuge: crossing.is_some() && tags.is(Key::CrossingIsland, &["yes"]),
        is_sidewalk: tags.is(Key::Footway, &["sidewalk"]) || tags.is(Key::Path, &["sidewalk"]),
        maxspeed_kmh: maxspeed(tags, log),
        width_m: width(tags, (Key::Width, "width"), log),
        lanes: read_count(tags, (Key::Lanes, "lanes"), 1..=20, log).map(|n| n as u8),
        duration_s: time_tag(tags, (Key::Duration, "duration"), class, log),
        interval_s: time_tag(tags, (Key::Interval, "interval"), class, log),
    };
    let conditions = read_conditions(tags);
    let parking = read_street_parking(tags, log);
    Some(StreetDraft { tags: tags_read, name: tags.text(Key::Name), parking, conditions })
}

/// What the tags say about hours.
pub(super) fn read_conditions(tags: &Tags<'_>) -> Option<Box<Conditions>> {
    let conditions = Conditions {
        foot: tags.text(Key::FootConditional),
        access: tags.text(Key::AccessConditional),
        motor_vehicle: tags.text(Key::MotorVehicleConditional),
        opening_hours: tags.text(Key::OpeningHours),
    };
    (!conditions.is_empty()).then(|| Box::new(conditions))
}

/// A square mapped by its outline alone, without a street tag: one that people walk across where its surface is told.
fn is_paved_square(tags: &Tags<'_>) -> bool {
    tags.is(Key::Place, &["square"]) && tags.has(Key::Surface)
}

fn street_class(tags: &Tags<'_>) -> Option<StreetClass> {
    use StreetClass::*;
    let Some(value) = tags.get(Key::Highway) else {
        return if tags.is(Key::Route, &["ferry"]) {
            Some(Ferry)
        } else if tags.is(Key::Railway, &["platform"]) || tags.is(Key::PublicTransport, &["platform"]) {
            Some(Platform)
        } else if is_paved_square(tags) {
            Some(Pedestrian)
        } else {
            None
        };
    };
    Some(match value {
        "motorway" => Motorway,
        "motorway_link" => MotorwayLink,
        "trunk" => Trunk,
        "trunk_link" => TrunkLink,
        "primary" => Primary,
        "primary_link" => PrimaryLink,
        "secondary" => Secondary,
        "secondary_link" => SecondaryLink,
        "tertiary" => Tertiary,
        "tertiary_link" => TertiaryLink,
        "unclassified" | "minor" => Unclassified,
        "residential" => Residential,
        "living_street" => LivingStreet,
        "service" => Service,
        "pedestrian" => Pedestrian,
        "track" => Track,
        "road" => Road,
        "bus_guideway" => BusGuideway,
        "busway" => Busway,
        "raceway" => Raceway,
        "footway" => Footway,
        "bridleway" => Bridleway,
        "steps" if tags.get(Key::Conveying).is_some_and(|v| v != "no") => Escalator,
        "steps" => Steps,
        "path" => Path,
        "cycleway" => Cycleway,
        "corridor" => Corridor,
        "elevator" => Elevator,
        "escalator" => Escalator,
        "platform" => Platform,
        "via_ferrata" => ViaFerrata,
        "construction" | "proposed" | "planned" | "razed" | "abandoned" | "disused" => Construction,
        // Areas beside a motorway, mapped with the key of its lanes.
        "services" | "rest_area" | "no" => return None,
        _ => Other,
    })
}

/// Reads an access value; unknown ones are noted.
pub(super) fn read_access(tags: &Tags<'_>, key: Key, name: &str, log: &mut Log<'_>) -> Option<Access> {
    let value = tags.get(key)?;
    if value == "unknown" {
        return None;
    }
    // Of several values the first known one counts.
    let known = value.split(';').find_map(|part| match part.trim() {
        "yes" | "designated" | "official" | "permissive" | "public" | "allowed" | "discouraged" => Some(Access::Open),
        "no" | "private" | "restricted" | "military" | "emergency" | "permit" | "agricultural" | "forestry"
        | "residents" | "employees" | "staff" | "members" | "psv" | "bus" => Some(Access::Closed),
        "destination" | "customers" | "customer" | "delivery" | "visitors" => Some(Access::DestinationOnly),
        "use_sidepath" => Some(Access::UseSidepath),
        "dismount" => Some(Access::Dismount),
        _ => None,
    });
    if known.is_none() {
        log.flaw("access_unknown", (name, value), "is not a known access value", "treated as absent");
    }
    Some(known.unwrap_or(Access::Unknown))
}

fn sidewalk(tags: &Tags<'_>) -> Option<Sidewalk> {
    let of = |value: &str| match value {
        "both" | "left" | "right" | "yes" => Some(Sidewalk::Yes),
        "no" | "none" => Some(Sidewalk::No),
        "separate" => Some(Sidewalk::Separate),
        _ => None,
    };
    let keys = [Key::Sidewalk, Key::SidewalkBoth, Key::SidewalkLeft, Key::SidewalkRight];
    let said = keys.into_iter().filter_map(|key| tags.get(key).and_then(of));
    // A sidewalk of its own on one side is worth more than none on the other.
    said.min_by_key(|side| match side {
        Sidewalk::Yes => 0,
        Sidewalk::Separate => 1,
        Sidewalk::No => 2,
    })
}

fn oneway(tags: &Tags<'_>, class: StreetClass) -> i8 {
    let implied = tags.is(Key::Junction, &["roundabout", "circular"])
        || matches!(class, StreetClass::Motorway | StreetClass::MotorwayLink);
    tags.get(Key::Oneway).and_then(oneway_value).unwrap_or(i8::from(implied))
}

fn foot_direction(tags: &Tags<'_>, class: StreetClass) -> WayDirection {
    let along = |direction: i8| match direction {
        1 => WayDirection::Forward,
        -1 => WayDirection::Backward,
        _ => WayDirection::Both,
    };
    if let Some(direction) = tags.get(Key::OnewayFoot).and_then(oneway_value) {
        return along(direction);
    }
    if tags.is(Key::FootBackward, &["no"]) {
        return WayDirection::Forward;
    }
    if tags.is(Key::FootForward, &["no"]) {
        return WayDirection::Backward;
    }
    match tags.get(Key::Conveying) {
        Some("forward") => return WayDirection::Forward,
        Some("backward") => return WayDirection::Backward,
        _ => {}
    }
    if matches!(class, StreetClass::Steps | StreetClass::Escalator | StreetClass::Ferry) {
        return along(tags.get(Key::Oneway).and_then(oneway_value).unwrap_or(0));
    }
    WayDirection::Both
}

fn crossing_way(tags: &Tags<'_>) -> Option<CrossingKind> {
    let is_crossing = [Key::Footway, Key::Path, Key::Cycleway].into_iter().any(|key| tags.is(key, &["crossing"]));
    is_crossing.then(|| crossing_kind(tags))
}

/// How the crossing that these tags describe is controlled.
pub(super) fn crossing_kind(tags: &Tags<'_>) -> CrossingKind {
    let value = tags.get(Key::Crossing).unwrap_or("");
    let has = |word: &str| value.split(';').any(|part| part.trim() == word);
    // British and Irish names of crossings with signals, as either key has them.
    let signals = ["pelican", "toucan", "puffin", "pegasus"];
    let named_signals = signals.into_iter().any(|name| has(name) || tags.is(Key::CrossingRef, &[name]));
    if has("traffic_signals") || named_signals || tags.get(Key::CrossingSignals).is_some_and(|v| v != "no") {
        CrossingKind::Signals
    } else if value == "no" {
        CrossingKind::Forbidden
    } else if has("zebra") || has("marked") || has("uncontrolled") || has("island;uncontrolled") {
        CrossingKind::Marked
    } else if has("unmarked") || has("informal") {
        CrossingKind::Unmarked
    } else {
        match (tags.get(Key::CrossingMarkings), tags.get(Key::CrossingRef)) {
            (Some("no"), _) => CrossingKind::Unmarked,
            (Some(_), _) | (None, Some(_)) => CrossingKind::Marked,
            (None, None) => CrossingKind::Unknown,
        }
    }
}

fn maxspeed(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<u8> {
    let value = tags.get(Key::Maxspeed)?.trim();
    let named = match value {
        "none" | "signals" | "variable" | "unknown" => return None,
        "walk" => Some(6),
        "BE-BRU:urban" => Some(30),
        _ => match value.rsplit(':').next() {
            Some("living_street" | "zone20") => Some(20),
            Some("zone30") => Some(30),
            Some("urban") => Some(50),
            // What it means differs from country to country, and no walk depends on it.
            Some("rural" | "motorway" | "trunk") if value.contains(':') => return None,
            Some("20") if value.contains("zone") => Some(20),
            Some("30") if value.contains("zone") => Some(30),
            _ => None,
        },
    };
    let kmh = named.map(f64::from).or_else(|| {
        let first = value.split([';', ',']).next().unwrap_or(value).trim();
        let (number, factor) = match first.strip_suffix("mph") {
            Some(miles) => (miles.trim(), 1.609_344),
            None => (first.strip_suffix("km/h").unwrap_or(first).trim(), 1.0),
        };
        number.parse::<f64>().ok().map(|speed| speed * factor).filter(|speed| (1.0..=250.0).contains(speed))
    });
    if kmh.is_none() {
        let problem = "is not a speed between 1 and 250 km/h";
        log.flaw("maxspeed_unparsable", ("maxspeed", value), problem, "taken as unknown");
    }
    kmh.map(|speed| speed.round() as u8)
}

/// Duration or interval of a ferry in seconds: `hh:mm`, `hh:mm:ss`, minutes, or `PT1H30M`.
fn time_tag(tags: &Tags<'_>, (key, name): (Key, &str), class: StreetClass, log: &mut Log<'_>) -> Option<u32> {
    let value = tags.get(key).filter(|_| class == StreetClass::Ferry)?;
    let seconds = clock_duration(value.trim()).or_else(|| iso_duration(value.trim()));
    // Two weeks: longer than any ferry.
    let seconds = seconds.filter(|s| (1..=14 * 86_400).contains(s));
    if seconds.is_none() {
        let problem = "is not a length of time like 00:25";
        log.flaw("duration_unparsable", (name, value), problem, "taken as unknown");
    }
    seconds
}

fn clock_duration(value: &str) -> Option<u32> {
    let mut parts = Vec::new();
    for part in value.split(':') {
        parts.push(u32::from(part.parse::<u16>().ok()?));
    }
    match parts[..] {
        [minutes] => Some(minutes * 60),
        [hours, minutes] => Some(hours * 3600 + minutes * 60),
        [hours, minutes, seconds] => Some(hours * 3600 + minutes * 60 + seconds),
        _ => None,
    }
}

fn iso_duration(value: &str) -> Option<u32> {
    let mut seconds = 0_u32;
    let mut number = String::new();
    for c in value.strip_prefix("PT")?.chars() {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        let unit = match c {
            'H' => 3600,
            'M' => 60,
            'S' => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(u32::from(number.parse::<u16>().ok()?) * unit)?;
        number.clear();
    }
    number.is_empty().then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::osm::records::OsmElement;

    fn read(pairs: &[(&str, &str)]) -> (Option<StreetTags>, Vec<&'static str>) {
        let mut log = Log::new("a.pbf", OsmElement::Way(1));
        let street = read_street(&Tags::of(pairs), &mut log);
        (street.map(|s| s.tags), log.codes())
    }

    fn one(key: &str, value: &str) -> StreetTags {
        let (tags, notices) = read(&[("highway", "residential"), (key, value)]);
        assert!(notices.is_empty(), "{key}={value}: {notices:?}");
        tags.expect("a street")
    }

    #[test]
    fn each_tag_says_what_methods_read_from_it() {
        assert_eq!(one("foot", "designated").foot, Some(Access::Open));
        assert_eq!(one("access", "customers").access, Some(Access::DestinationOnly));
        assert_eq!(one("access", "private; yes").access, Some(Access::Closed));
        assert_eq!(one("foot", "use_sidepath").foot, Some(Access::UseSidepath));
        assert_eq!(one("sidewalk", "left").sidewalk, Some(Sidewalk::Yes));
        assert_eq!(one("sidewalk:both", "separate").sidewalk, Some(Sidewalk::Separate));
        assert_eq!(one("oneway", "-1").oneway, -1);
        assert_eq!(one("junction", "roundabout").oneway, 1);
        assert_eq!(one("oneway", "yes").foot_direction, WayDirection::Both);
        assert_eq!(one("oneway:foot", "yes").foot_direction, WayDirection::Forward);
        assert_eq!(one("foot:forward", "no").foot_direction, WayDirection::Backward);
        assert_eq!(one("surface", "concrete:plates").surface, Some(super::super::records::Surface::Paved));
        assert_eq!(
            one("surface", "unhewn_cobblestone").surface,
            Some(super::super::records::Surface::UnhewnCobblestone)
        );
        assert_eq!(one("maxspeed", "30").maxspeed_kmh, Some(30));
        assert_eq!(one("maxspeed", "30 mph").maxspeed_kmh, Some(48));
        assert_eq!(one("maxspeed", "BE:urban").maxspeed_kmh, Some(50));
        assert_eq!(one("maxspeed", "BE-BRU:urban").maxspeed_kmh, Some(30));
        assert_eq!(one("maxspeed", "BE:zone:30").maxspeed_kmh, Some(30));
        assert_eq!(one("maxspeed", "BE-WAL:rural").maxspeed_kmh, None);
        assert_eq!(one("width", "3,5 m").width_m, Some(3.5));
        assert_eq!(one("layer", "-1").layer, -1);
        assert_eq!(one("bicycle", "dismount").bicycle, Some(Access::Dismount));
        assert_eq!(one("motorcar", "destination").motor_vehicle, Some(Access::DestinationOnly));
        assert!(one("tunnel", "yes").tunnel && !one("tunnel", "no").tunnel);
    }

    #[test]
    fn sides_of_a_street_are_taken_together() {
        let sides = |left, right| {
            read(&[("highway", "primary"), ("sidewalk:left", left), ("sidewalk:right", right)])
                .0
                .expect("a street")
                .sidewalk
        };
        assert_eq!(sides("no", "yes"), Some(Sidewalk::Yes));
        assert_eq!(sides("no", "separate"), Some(Sidewalk::Separate));
        assert_eq!(sides("no", "no"), Some(Sidewalk::No));
    }

    #[test]
    fn steps_ferries_and_crossings() {
        let steps = |pairs: &[_]| read(pairs).0.expect("a street");
        let up = steps(&[("highway", "steps"), ("conveying", "forward"), ("step_count", "24")]);
        assert_eq!(
            (up.class, up.foot_direction, up.step_count),
            (StreetClass::Escalator, WayDirection::Forward, Some(24))
        );
        assert_eq!(steps(&[("highway", "steps"), ("oneway", "yes")]).foot_direction, WayDirection::Forward);
        let ferry = |duration| steps(&[("route", "ferry"), ("duration", duration)]).duration_s;
        assert_eq!((ferry("00:25"), ferry("PT1H30M"), ferry("12")), (Some(1500), Some(5400), Some(720)));
        let crossing = |pairs: &[(&str, &str)]| {
            let mut all = vec![("highway", "footway"), ("footway", "crossing")];
            all.extend(pairs);
            read(&all).0.expect("a street").crossing
        };
        assert_eq!(crossing(&[("crossing", "traffic_signals")]), Some(CrossingKind::Signals));
        assert_eq!(crossing(&[("crossing:markings", "zebra")]), Some(CrossingKind::Marked));
        assert_eq!(crossing(&[("crossing", "unmarked")]), Some(CrossingKind::Unmarked));
        assert_eq!(crossing(&[("crossing", "toucan")]), Some(CrossingKind::Signals));
        assert_eq!(crossing(&[("crossing_ref", "pelican")]), Some(CrossingKind::Signals));
        assert!(read(&[("highway", "services")]).0.is_none(), "an area beside a motorway");
        assert_eq!(crossing(&[]), Some(CrossingKind::Unknown));
        assert_eq!(steps(&[("highway", "footway")]).crossing, None);
    }

    #[test]
    fn odd_values_are_told_and_not_guessed() {
        for (key, value, code) in [
            ("foot", "perhaps", "access_unknown"),
            ("surface", "jelly", "surface_unknown"),
            ("maxspeed", "fast", "maxspeed_unparsable"),
            ("maxspeed", "inf", "maxspeed_unparsable"),
            ("width", "NaN", "width_unparsable"),
            ("layer", "1;2", "layer_unparsable"),
            ("step_count", "-4", "number_unparsable"),
        ] {
            let (tags, notices) = read(&[("highway", "footway"), (key, value)]);
            assert_eq!(notices, [code], "{key}={value}");
            assert!(tags.is_some());
        }
        let (ferry, notices) = read(&[("route", "ferry"), ("duration", "PT99999999999H")]);
        assert_eq!((ferry.expect("a ferry").duration_s, notices), (None, vec!["duration_unparsable"]));
        assert!(read(&[("building", "yes")]).0.is_none());
    }
}
