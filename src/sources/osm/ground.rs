//! What the ground of a way is like: surface, evenness, slope, kerbs, levels.
//!
//! In: tags of a way or a node. Out: values of the records; what cannot be read is noted and taken as unknown.

use super::drafts::{Log, read_count};
use super::keys::{Key, Tags};
use super::records::{Incline, Kerb, Levels, Smoothness, Surface, WheelchairTag};

/// Steepest slope that is believed: 1 is 45 degrees.
const STEEPEST: f64 = 1.0;

/// `surface`, as far as walking speed depends on it.
pub(super) fn surface(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<Surface> {
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
        "gravel" | "pebblestone" | "unpaved" | "rock" | "rocks" | "shells" => Surface::Gravel,
        "ground" | "dirt" | "earth" | "soil" | "trail" | "bark" | "woodchips" => Surface::Ground,
        "grass" | "grass_paver" => Surface::Grass,
        "sand" | "mud" | "snow" | "ice" => Surface::Sand,
        _ => {
            log.flaw("surface_unknown", ("surface", value), "is not a known surface", "treated as absent");
            return None;
        }
    })
}

/// `smoothness`.
pub(super) fn smoothness(tags: &Tags<'_>) -> Option<Smoothness> {
    Some(match tags.get(Key::Smoothness)? {
        "excellent" => Smoothness::Excellent,
        "good" => Smoothness::Good,
        "intermediate" => Smoothness::Intermediate,
        "bad" => Smoothness::Bad,
        "very_bad" => Smoothness::VeryBad,
        "horrible" | "very_horrible" | "impassable" => Smoothness::Horrible,
        _ => return None,
    })
}

/// `tracktype`: 1 to 5.
pub(super) fn tracktype(tags: &Tags<'_>) -> Option<u8> {
    match tags.get(Key::Tracktype)?.as_bytes() {
        [b'g', b'r', b'a', b'd', b'e', grade @ b'1'..=b'5'] => Some(grade - b'0'),
        _ => None,
    }
}

/// `incline`: per cent, degrees, `up`, `down`. A slope that says only that there is one is no claim.
pub(super) fn incline(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<Incline> {
    let value = tags.get(Key::Incline)?.trim();
    match value {
        "up" => return Some(Incline::Up),
        "down" => return Some(Incline::Down),
        "yes" | "steep" => return None,
        "no" | "flat" | "none" => return Some(Incline::Slope(0.0)),
        _ => {}
    }
    let (number, in_degrees) = match value.strip_suffix('°') {
        Some(degrees) => (degrees, true),
        None => (value.strip_suffix('%').unwrap_or(value), false),
    };
    let number = number.trim().replace(',', ".").parse::<f64>().ok();
    let slope = number.map(|n| if in_degrees { n.to_radians().tan() } else { n / 100.0 });
    let slope = slope.filter(|slope| slope.abs() <= STEEPEST);
    if slope.is_none() {
        let problem = "is not a slope in per cent between -100 and 100";
        log.flaw("incline_unparsable", ("incline", value), problem, "taken as unknown");
    }
    slope.map(|slope| Incline::Slope(slope as f32))
}

/// `wheelchair`.
pub(super) fn wheelchair(tags: &Tags<'_>) -> Option<WheelchairTag> {
    match tags.get(Key::Wheelchair)? {
        "yes" | "designated" => Some(WheelchairTag::Yes),
        "limited" => Some(WheelchairTag::Limited),
        "no" => Some(WheelchairTag::No),
        _ => None,
    }
}

/// `kerb:height`, else `kerb`, else the kind of a `barrier=kerb`, which the caller asks for.
pub(super) fn kerb(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<Kerb> {
    if let Some(value) = tags.get(Key::KerbHeight) {
        match metres(value).filter(|height| (0.0..=1.0).contains(height)) {
            Some(height) if height <= 0.02 => return Some(Kerb::Flush),
            Some(height) if height <= 0.03 => return Some(Kerb::Lowered),
            Some(height) if height <= 0.06 => return Some(Kerb::Rolled),
            Some(_) => return Some(Kerb::Raised),
            None => {
                let problem = "is not a height up to 1 m";
                log.flaw("kerb_height_unparsable", ("kerb:height", value), problem, "taken as unknown");
            }
        }
    }
    match tags.get(Key::Kerb)? {
        "flush" | "no" => Some(Kerb::Flush),
        "lowered" => Some(Kerb::Lowered),
        "rolled" => Some(Kerb::Rolled),
        "raised" | "regular" => Some(Kerb::Raised),
        _ => None,
    }
}

/// A length in metres: `1.5`, `1,5 m`, `120 cm`, `6'`. The first of several values counts.
pub(super) fn metres(value: &str) -> Option<f64> {
    let first = value.split(';').next().unwrap_or(value).trim();
    let (number, factor) = if let Some(feet) = first.strip_suffix('\'') {
        (feet, 0.3048)
    } else if let Some(centimetres) = first.strip_suffix("cm") {
        (centimetres, 0.01)
    } else {
        (first.trim_end_matches(['m', 'M']).trim(), 1.0)
    };
    number.trim().replace(',', ".").parse::<f64>().ok().map(|length| length * factor).filter(|l| l.is_finite())
}

/// `width`, or with it the free width at a barrier.
pub(super) fn width(tags: &Tags<'_>, (key, name): (Key, &str), log: &mut Log<'_>) -> Option<f32> {
    let value = tags.get(key)?;
    let metres = metres(value).filter(|width| *width > 0.0 && *width <= 200.0);
    if metres.is_none() {
        log.flaw("width_unparsable", (name, value), "is not a width up to 200 m", "taken as unknown");
    }
    metres.map(|width| width as f32)
}

/// `layer`, 0 where nothing is said.
pub(super) fn layer(tags: &Tags<'_>, log: &mut Log<'_>) -> i8 {
    let Some(value) = tags.get(Key::Layer) else { return 0 };
    match value.trim().parse::<i8>() {
        Ok(layer) => layer,
        Err(_) => {
            log.flaw("layer_unparsable", ("layer", value), "is not a small whole number", "taken as 0");
            0
        }
    }
}

/// `level`: one, several (`0;1`) or a range (`-1-2`), halves allowed.
pub(super) fn levels(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<Levels> {
    let value = tags.get(Key::Level)?;
    let found = value.split(';').map(|part| level_range(part.trim())).try_fold(None, |all: Option<Levels>, part| {
        let part = part?;
        Some(Some(all.map_or(part, |all| Levels { low: all.low.min(part.low), high: all.high.max(part.high) })))
    });
    match found {
        Some(levels) => levels,
        None => {
            log.flaw("level_unparsable", ("level", value), "is not a level like 0, 0;1 or -1-2", "taken as unknown");
            None
        }
    }
}

fn level_range(text: &str) -> Option<Levels> {
    let half_levels = |text: &str| {
        let level = text.trim().parse::<f64>().ok().filter(|level| level.abs() <= 1000.0)?;
        Some((level * 2.0).round() as i16)
    };
    if let Some(level) = half_levels(text) {
        return Some(Levels { low: level, high: level });
    }
    // The dash of a range is not the sign of its first number.
    let dash = text.char_indices().skip(1).find(|&(_, c)| c == '-')?.0;
    let (low, high) = (half_levels(&text[..dash])?, half_levels(&text[dash + 1..])?);
    (low <= high).then_some(Levels { low, high })
}

/// `step_count`.
pub(super) fn step_count(tags: &Tags<'_>, log: &mut Log<'_>) -> Option<u16> {
    read_count(tags, (Key::StepCount, "step_count"), 1..=5000, log).map(|count| count as u16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::osm::records::OsmElement;

    fn read<T>(
        pairs: &[(&str, &str)],
        of: impl FnOnce(&Tags<'_>, &mut Log<'_>) -> Option<T>,
    ) -> (Option<T>, Vec<&'static str>) {
        let mut log = Log::new("a.pbf", OsmElement::Way(1));
        let value = of(&Tags::of(pairs), &mut log);
        (value, log.codes())
    }

    /// 3 degrees are tan 3° = 0.0524.
    #[test]
    fn slopes_are_read_in_per_cent_and_degrees() {
        let slope = |value| match read(&[("incline", value)], incline) {
            (Some(Incline::Slope(slope)), codes) if codes.is_empty() => Some((f64::from(slope) * 1e4).round() / 1e4),
            _ => None,
        };
        assert_eq!(slope("5%"), Some(0.05));
        assert_eq!(slope("-7,5 %"), Some(-0.075));
        assert_eq!(slope("3°"), Some(0.0524));
        assert_eq!(slope("0"), Some(0.0));
        assert_eq!(read(&[("incline", "up")], incline), (Some(Incline::Up), vec![]));
        assert_eq!(read(&[("incline", "yes")], incline), (None, vec![]));
        for odd in ["1:12", "NaN", "400%", "inf"] {
            assert_eq!(read(&[("incline", odd)], incline), (None, vec!["incline_unparsable"]), "{odd}");
        }
    }

    #[test]
    fn levels_are_read_as_ranges_of_halves() {
        let of = |value| read(&[("level", value)], levels).0.map(|l| (l.low, l.high));
        assert_eq!(of("0"), Some((0, 0)));
        assert_eq!(of("-1;0"), Some((-2, 0)));
        assert_eq!(of("-1-2"), Some((-2, 4)));
        assert_eq!(of("0.5"), Some((1, 1)));
        assert_eq!(read(&[("level", "ground")], levels), (None, vec!["level_unparsable"]));
        assert_eq!(read(&[("level", "1e9")], levels), (None, vec!["level_unparsable"]));
        let (low, high) = (Levels { low: 0, high: 2 }, Levels { low: 3, high: 4 });
        assert!(!low.meet(high) && low.meet(Levels { low: 2, high: 9 }) && high.meet(high));
        assert_eq!(low.span(), 1.0);
    }

    #[test]
    fn kerbs_are_read_by_height_before_kind() {
        let of = |pairs: &[_]| read(pairs, kerb).0;
        assert_eq!(of(&[("kerb", "lowered"), ("kerb:height", "0.12")]), Some(Kerb::Raised));
        assert_eq!(of(&[("kerb:height", "3 cm")]), Some(Kerb::Lowered));
        assert_eq!(of(&[("kerb", "rolled")]), Some(Kerb::Rolled));
        assert_eq!(of(&[("kerb", "yes")]), None);
        assert_eq!(read(&[("kerb:height", "high")], kerb), (None, vec!["kerb_height_unparsable"]));
    }

    #[test]
    fn evenness_and_tracks() {
        assert_eq!(smoothness(&Tags::of(&[("smoothness", "very_bad")])), Some(Smoothness::VeryBad));
        assert_eq!(smoothness(&Tags::of(&[("smoothness", "so-so")])), None);
        assert_eq!(tracktype(&Tags::of(&[("tracktype", "grade4")])), Some(4));
        assert_eq!(tracktype(&Tags::of(&[("tracktype", "grade9")])), None);
    }
}
