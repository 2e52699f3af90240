//! What goes well: indicators of the town with hardly any friction.

use crate::canvas::feed::{AreaScore, Strength};
use crate::canvas::indicators::Quality;

/// An indicator with at most this friction is a strength (default).
pub const STRENGTH_FRICTION: f64 = 0.2;

/// Indicators of scored dimensions that are known from more than a default and show little friction, best first.
pub fn find_strengths(town: &AreaScore) -> Vec<Strength> {
    let mut found: Vec<(f64, Strength)> = Vec::new();
    for dimension in town.dimensions.iter().filter(|d| d.friction.is_some()) {
        for indicator in &dimension.indicators {
            let (Some(value), Some(friction)) = (indicator.value, indicator.friction) else { continue };
            if friction <= STRENGTH_FRICTION && indicator.quality != Some(Quality::Assumed) {
                let (dimension, unit) = (dimension.dimension, indicator.unit);
                found.push((friction, Strength { dimension, indicator: indicator.indicator, value, unit }));
            }
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.indicator.cmp(&b.1.indicator)));
    found.into_iter().map(|(_, strength)| strength).collect()
}
