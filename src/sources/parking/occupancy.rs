//! How full lots are by their own columns: one, or one per hour.

use super::{DayKind, HourlyOccupancy, fields};
use crate::base::notice::Notice;
use crate::sources::features::Feature;
use crate::sources::table::{Expected, NumberStyle, is_missing, normalised};

/// A lot may be slightly more than full (cars outside bays); above this share a value is an error.
pub(super) const FULLEST_SHARE: f64 = 1.2;

/// Whether occupancies are shares of one or percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OccupancyScale {
    /// 0 to 1.
    Share,
    /// 0 to 100.
    Percent,
}

impl OccupancyScale {
    /// Percent as soon as one value lies above the fullest share.
    pub(super) fn of_features(features: &[Feature]) -> Self {
        let texts = features.iter().flat_map(|feature| &feature.properties);
        let values = texts.filter(|(key, _)| occupancy_key(key).is_some()).filter_map(|(_, text)| share_number(text));
        Self::of(values)
    }

    pub(super) fn of(mut values: impl Iterator<Item = f64>) -> Self {
        if values.any(|value| value > FULLEST_SHARE) { Self::Percent } else { Self::Share }
    }

    pub(super) fn share(self, value: f64) -> f64 {
        if self == Self::Percent { value / 100.0 } else { value }
    }
}

/// Day and hour of an occupancy column: `occupancy`, `occ_08`, `occ_sat_08`.
pub(super) fn occupancy_key(key: &str) -> Option<(DayKind, Option<u8>)> {
    let plain = normalised(key);
    if fields::OCCUPANCY.contains(&plain.as_str()) {
        return Some((DayKind::Any, None));
    }
    let mut words = plain.split(' ');
    if !["occ", "occupancy", "occupation", "belegung"].contains(&words.next()?) {
        return None;
    }
    let mut word = words.next()?;
    let day = match word {
        "wd" | "weekday" | "mofr" => DayKind::Weekday,
        "sat" | "sa" => DayKind::Saturday,
        "sun" | "so" => DayKind::Sunday,
        _ => DayKind::Any,
    };
    if day != DayKind::Any {
        word = words.next()?;
    }
    let hour: u8 = word.trim_end_matches('h').parse().ok()?;
    (hour < 24 && words.next().is_none()).then_some((day, Some(hour)))
}

fn share_number(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches('%').trim();
    NumberStyle::detect(std::iter::once(text), Expected::Coordinate, b';').0.parse(text)
}

/// The occupancies among the properties of a feature, sorted by day and hour.
pub(super) fn hourly_occupancy(
    file: &str,
    feature: &Feature,
    scale: OccupancyScale,
    tell: &mut dyn FnMut(Notice),
) -> Vec<HourlyOccupancy> {
    let mut hours = Vec::new();
    for (key, text) in &feature.properties {
        let Some((day, hour)) = occupancy_key(key).filter(|_| !is_missing(text)) else { continue };
        match valid_share(share_number(text).map(|value| scale.share(value))) {
            Ok(share) => hours.push(HourlyOccupancy { day, hour, share }),
            Err(problem) => tell(occupancy_notice(file, problem).field(key, text)),
        }
    }
    hours.sort_by_key(|occupancy| (occupancy.day, occupancy.hour));
    hours
}

/// A share 0 to 1, slightly overfull lots as full; else what is wrong with it.
pub(super) fn valid_share(share: Option<f64>) -> Result<f64, &'static str> {
    match share {
        Some(share) if (0.0..=FULLEST_SHARE).contains(&share) => Ok(share.min(1.0)),
        Some(_) => Err("is not between empty and full"),
        None => Err("is not a number"),
    }
}

pub(super) fn occupancy_notice(file: &str, problem: &str) -> Notice {
    Notice::warning("occupancy_invalid", file, problem).action("left out")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_occupancy_are_told_by_their_name() {
        assert_eq!(occupancy_key("occupancy"), Some((DayKind::Any, None)));
        assert_eq!(occupancy_key("occ_08"), Some((DayKind::Any, Some(8))));
        assert_eq!(occupancy_key("occ_sat_19"), Some((DayKind::Saturday, Some(19))));
        for other in ["occ", "occ_24", "occ_08_x", "occupants", "capacity"] {
            assert_eq!(occupancy_key(other), None, "{other}");
        }
    }
}
