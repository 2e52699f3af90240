//! The tags of a street: what kind it is, who may use it, how fast one gets along.
//!
//! In: tags of a way. Out: [`StreetTags`]; methods §1.5 tells which tags matter and why.

use super::drafts::{Log, StreetDraft, read_count};
use super::keys::{Key, Tags};
use super::records::{Access, CrossingKind, FootDirection, Sidewalk, StreetClass, StreetTags, Surface};
use super::street_parking::read_street_parking;

/// Reads a street; `None` for a way that is none.
pub(super) fn read_street(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<StreetDraft> {
    let class = street_class(tags)?;
    let tags_read = StreetTags {
        class,
        foot: read_access(tags, Key::Foot, "foot", log),
        access: read_access(tags, Key::Access, "access", log),
        sidewalk: sidewalk(tags),
        foot_direction: foot_direction(tags, class),
        oneway: oneway(tags, class),
        motorroad: tags.is(Key::Motorroad, &["yes"]),
        area: tags.is(Key::Area, &["yes"]),
        bridge: tags.get(Key::Bridge).is_some_and(|v| v != "no"),
        tunnel: tags.get(Key::Tunnel).is_some_and(|v| v != "no"),
        covered: tags.get(Key::Covered).is_some_and(|v| v != "no") || tags.is(Key::Indoor, &["yes"]),
        layer: layer(tags, log),
        surface: surface(tags, log),
        step_count: read_count(tags, (Key::StepCount, "step_count"), 1..=5000, log).map(|n| n as u16),
        conveying: tags.get(Key::Conveying).is_some_and(|v| v != "no"),
        ramp: [Key::Ramp, Key::RampWheelchair, Key::RampStroller]
            .into_iter()
            .any(|key| tags.is(key, &["yes", "separate", "automatic", "manual"])),
        wheelchair: wheelchair(tags),
        crossing: crossing_way(tags),
        is_sidewalk: tags.is(Key::Footway, &["sidewalk"]) || tags.is(Key::Path, &["sidewalk"]),
        maxspeed_kmh: maxspeed(tags, log),
        width_m: width(tags, log),
        duration_s: duration(tags, class, log),
        conditional: tags.has(Key::FootConditional) || tags.has(Key::AccessConditional),
    };
    Some(StreetDraft { tags: tags_read, name: tags.text(Key::Name), parking: read_street_parking(tags, log) })
}

fn street_class(tags: &Tags<'_>) -> Option<StreetClass> {
    use StreetClass::*;
    let Some(value) = tags.get(Key::Highway) else {
        return if tags.is(Key::Route, &["ferry"]) {
            Some(Ferry)
        } else if tags.is(Key::Railway, &["platform"]) || tags.is(Key::PublicTransport, &["platform"]) {
            Some(Platform)
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

fn oneway_value(value: &str) -> Option<i8> {
    match value {
        "yes" | "true" | "1" => Some(1),
        "-1" | "reverse" => Some(-1),
        "no" | "false" | "0" | "reversible" | "alternating" => Some(0),
        _ => None,
    }
}

fn oneway(tags: &Tags<'_>, class: StreetClass) -> i8 {
    let implied = tags.is(Key::Junction, &["roundabout", "circular"])
        || matches!(class, StreetClass::Motorway | StreetClass::MotorwayLink);
    tags.get(Key::Oneway).and_then(oneway_value).unwrap_or(i8::from(implied))
}

fn foot_direction(tags: &Tags<'_>, class: StreetClass) -> FootDirection {
    let along = |direction: i8| match direction {
        1 => FootDirection::Forward,
        -1 => FootDirection::Backward,
        _ => FootDirection::Both,
    };
    if let Some(direction) = tags.get(Key::OnewayFoot).and_then(oneway_value) {
        return along(direction);
    }
    if tags.is(Key::FootBackward, &["no"]) {
        return FootDirection::Forward;
    }
    if tags.is(Key::FootForward, &["no"]) {
        return FootDirection::Backward;
    }
    match tags.get(Key::Conveying) {
        Some("forward") => return FootDirection::Forward,
        Some("backward") => return FootDirection::Backward,
        _ => {}
    }
    if matches!(class, StreetClass::Steps | StreetClass::Escalator | StreetClass::Ferry) {
        return along(tags.get(Key::Oneway).and_then(oneway_value).unwrap_or(0));
    }
    FootDirection::Both
}

fn layer(tags: &Tags<'_>, log: &mut Log<'_>) -> i8 {
    let Some(value) = tags.get(Key::Layer) else { return 0 };
    match value.trim().parse::<i8>() {
        Ok(layer) => layer,
        Err(_) => {
            log.flaw("layer_unparsable", ("layer", value), "is not a small whole number", "taken as 0");
            0
        }
    }
}

fn surface(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<Surface> {
    let value = tags.get(Key::Surface)?;
    let first = value.split([';', ':']).next().unwrap_or(value).trim();
    Some(match first {
        "asphalt" | "concrete" | "paving_stones" | "paved" | "brick" | "bricks" | "metal" | "metal_grid" | "wood"
        | "tartan" | "rubber" | "plastic" | "tile" | "tiles" | "rubbercrumb" | "chipseal" | "artificial_turf"
        | "acrylic" | "bitmac" | "tarmac" | "granite" | "marble" | "glass" | "carpet" | "interlock" | "resin"
        | "cement" => Surface::Paved,
        // `cobblestone` says setts in nearly all cases (OSM wiki).
        "sett" | "cobblestone" | "stone" => Surface::Sett,
        "unhewn_cobblestone" => Surface::UnhewnCobblestone,
        "compacted" | "fine_gravel" | "stepping_stones" | "clay" => Surface::Compacted,
        "gravel" | "ground" | "dirt" | "earth" | "pebblestone" | "unpaved" | "rock" | "woodchips" | "rocks"
        | "soil" | "shells" | "trail" | "bark" => Surface::Gravel,
        "grass" | "grass_paver" => Surface::Grass,
        "sand" | "mud" | "snow" | "ice" => Surface::Sand,
        _ => {
            log.flaw("surface_unknown", ("surface", value), "is not a known surface", "treated as absent");
            return None;
        }
    })
}

fn wheelchair(tags: &Tags<'_>) -> Option<bool> {
    match tags.get(Key::Wheelchair)? {
        "yes" | "designated" => Some(true),
        "no" => Some(false),
        _ => None,
    }
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

fn width(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<f32> {
    let value = tags.get(Key::Width)?;
    let first = value.split(';').next().unwrap_or(value).trim();
    let (number, factor) = if let Some(feet) = first.strip_suffix('\'') {
        (feet, 0.3048)
    } else if let Some(centimetres) = first.strip_suffix("cm") {
        (centimetres, 0.01)
    } else {
        (first.trim_end_matches(['m', 'M']).trim(), 1.0)
    };
    let metres = number.trim().replace(',', ".").parse::<f64>().ok().map(|width| width * factor);
    let metres = metres.filter(|width| *width > 0.0 && *width <= 200.0);
    if metres.is_none() {
        log.flaw("width_unparsable", ("width", value), "is not a width up to 200 m", "taken as unknown");
    }
    metres.map(|width| width as f32)
}

/// Duration of a ferry in seconds: `hh:mm`, `hh:mm:ss`, minutes, or `PT1H30M`.
fn duration(tags: &Tags<'_>, class: StreetClass, log: &mut Log<'_>) -> Option<u32> {
    let value = tags.get(Key::Duration).filter(|_| class == StreetClass::Ferry)?;
    let seconds = clock_duration(value.trim()).or_else(|| iso_duration(value.trim()));
    // Two weeks: longer than any ferry.
    let seconds = seconds.filter(|s| (1..=14 * 86_400).contains(s));
    if seconds.is_none() {
        let problem = "is not a length of time like 00:25";
        log.flaw("duration_unparsable", ("duration", value), problem, "taken as unknown");
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
        assert_eq!(one("oneway", "yes").foot_direction, FootDirection::Both);
        assert_eq!(one("oneway:foot", "yes").foot_direction, FootDirection::Forward);
        assert_eq!(one("foot:forward", "no").foot_direction, FootDirection::Backward);
        assert_eq!(one("surface", "concrete:plates").surface, Some(Surface::Paved));
        assert_eq!(one("surface", "unhewn_cobblestone").surface, Some(Surface::UnhewnCobblestone));
        assert_eq!(one("maxspeed", "30").maxspeed_kmh, Some(30));
        assert_eq!(one("maxspeed", "30 mph").maxspeed_kmh, Some(48));
        assert_eq!(one("maxspeed", "BE:urban").maxspeed_kmh, Some(50));
        assert_eq!(one("maxspeed", "BE-BRU:urban").maxspeed_kmh, Some(30));
        assert_eq!(one("maxspeed", "BE:zone:30").maxspeed_kmh, Some(30));
        assert_eq!(one("maxspeed", "BE-WAL:rural").maxspeed_kmh, None);
        assert_eq!(one("width", "3,5 m").width_m, Some(3.5));
        assert_eq!(one("layer", "-1").layer, -1);
        assert!(one("foot:conditional", "no @ (22:00-06:00)").conditional);
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
            (StreetClass::Escalator, FootDirection::Forward, Some(24))
        );
        assert_eq!(steps(&[("highway", "steps"), ("oneway", "yes")]).foot_direction, FootDirection::Forward);
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
