//! The table of indicators: what each measures, in what unit, what counts as good and bad, and who says so.
//!
//! Labels are not here: they stand in `locales/*.ftl` under `indicator-<key>` and `dimension-<key>`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::base::kinds::Quality;

/// What stands in a customer's way: the eleven dimensions of the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Dimension {
    /// D1 Rejoindre: reaching the centre.
    #[serde(rename = "D1")]
    Join,
    /// D2 Circuler: severance, crossings, crowding.
    #[serde(rename = "D2")]
    Move,
    /// D3 Desservir: public transport at the hours that matter.
    #[serde(rename = "D3")]
    Serve,
    /// D4 Capter: flows that pass no shop, shops that see no flow.
    #[serde(rename = "D4")]
    Capture,
    /// D5 Être vu: visibility from the main flows.
    #[serde(rename = "D5")]
    BeSeen,
    /// D6 Se garer: parking.
    #[serde(rename = "D6")]
    Park,
    /// D7 S'implanter: vacancy.
    #[serde(rename = "D7")]
    Settle,
    /// D8 Relier: stations, schools, museums, markets to shops.
    #[serde(rename = "D8")]
    Connect,
    /// D9 Connaître: what is known of the customers.
    #[serde(rename = "D9")]
    Know,
    /// D10 Retirer: pick-up points.
    #[serde(rename = "D10")]
    Collect,
    /// D11 Repartir: getting home again.
    #[serde(rename = "D11")]
    Return,
}

impl Dimension {
    /// All dimensions in order.
    pub const ALL: [Self; 11] = [
        Self::Join,
        Self::Move,
        Self::Serve,
        Self::Capture,
        Self::BeSeen,
        Self::Park,
        Self::Settle,
        Self::Connect,
        Self::Know,
        Self::Collect,
        Self::Return,
    ];

    /// The key in files: `D1` to `D11`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Join => "D1",
            Self::Move => "D2",
            Self::Serve => "D3",
            Self::Capture => "D4",
            Self::BeSeen => "D5",
            Self::Park => "D6",
            Self::Settle => "D7",
            Self::Connect => "D8",
            Self::Know => "D9",
            Self::Collect => "D10",
            Self::Return => "D11",
        }
    }
}

/// Unit of an indicator's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 0 to 1.
    Share,
    /// A ratio of two like quantities.
    Ratio,
    /// Minutes.
    Minutes,
    /// Metres.
    Metres,
    /// A PTAL index, 0 upwards.
    PtalIndex,
}

impl Unit {
    /// The key in files and locales.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Ratio => "ratio",
            Self::Minutes => "minutes",
            Self::Metres => "metres",
            Self::PtalIndex => "ptal_index",
        }
    }
}

/// A measured thing that feeds a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Indicator {
    /// People within a 10 min walk of the core over people within the 800 m circle.
    PedshedPeople,
    /// Network over straight distance from homes to the core.
    DetourFactor,
    /// Share of people with a shop for daily needs within 10 min on foot.
    DailyShopShare,
    /// People who reach the core in 10 min without steps over those who reach it with steps.
    StepFreeShare,
    /// Share of severing frontage where getting across adds more than 2 min.
    SeveranceShare,
    /// Share of people not well served by public transport (IWEPS rule).
    NotWellServedShare,
    /// PTAL accessibility index at the core.
    PtalCentre,
    /// Median door-to-door time by public transport or on foot to the core.
    TransitTimeP50,
    /// Share of the length of the busiest streets without shops.
    BusyWithoutShopsShare,
    /// One minus the rank correlation between flow and shop density.
    FlowShopMismatch,
    /// Share of shops neither on nor within 50 m of the main flows.
    UnseenShopShare,
    /// Share of shops without a public bay within 300 m on foot.
    ShopsWithoutBayShare,
    /// Share of occupied hours above the 85 % target.
    FullHoursShare,
    /// Share of shops without a disabled bay within 150 m on foot.
    NoDisabledBayShare,
    /// Empty units over all units.
    VacancyShare,
    /// Median walk from assets to the core.
    AssetWalkP50,
    /// Share of assets more than 10 min from the core.
    RemoteAssetShare,
    /// Share of the data that catchment and foot traffic need which is there.
    KnowledgeCoverage,
    /// Share of people with a pick-up point within 10 min on foot.
    PickupShare,
    /// Share of people, with a journey by public transport to the core, who can still go home after closing.
    ReturnShare,
    /// Mean walk from a shop to the nearest public car park or stop.
    CarryDistance,
}

/// Everything that is fixed about an indicator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Definition {
    /// Which indicator.
    pub indicator: Indicator,
    /// Key in files and locales.
    pub key: &'static str,
    /// The dimension it feeds.
    pub dimension: Dimension,
    /// Unit of its value.
    pub unit: Unit,
    /// Value that counts as no friction.
    pub good: f64,
    /// Value that counts as full friction.
    pub bad: f64,
    /// Who says so.
    pub source: &'static str,
    /// Where the formula stands.
    pub formula: &'static str,
    /// What it is made of, by the kinds of inputs.
    pub inputs: &'static [&'static str],
}

macro_rules! table {
    ($($indicator:ident, $key:literal, $dimension:ident, $unit:ident, $good:literal, $bad:literal, $source:literal, $formula:literal, [$($input:literal),*];)*) => {
        /// The table of indicators, in the order of the dimensions.
        pub const DEFINITIONS: &[Definition] = &[$(Definition {
            indicator: Indicator::$indicator, key: $key, dimension: Dimension::$dimension, unit: Unit::$unit,
            good: $good, bad: $bad, source: $source, formula: $formula, inputs: &[$($input),*],
        }),*];
    };
}

table! {
    PedshedPeople, "pedshed_people", Join, Ratio, 0.60, 0.30, "pedshed practice", "methods §2, §9", ["streets", "population"];
    DetourFactor, "detour_factor", Join, Ratio, 1.25, 1.80, "default; 4/pi is a fine grid", "methods §2", ["streets", "population"];
    DailyShopShare, "daily_shop_share", Join, Share, 0.90, 0.30, "default", "methods §4.1, §4.3", ["streets", "population"];
    StepFreeShare, "step_free_share", Join, Ratio, 0.90, 0.40, "default", "methods §9", ["streets", "population"];
    SeveranceShare, "severance_share", Move, Share, 0.0, 0.30, "default", "methods §2", ["streets"];
    NotWellServedShare, "not_well_served_share", Serve, Share, 0.20, 0.70, "IWEPS 2021", "methods §5.3", ["timetable", "population"];
    PtalCentre, "ptal_centre", Serve, PtalIndex, 10.0, 2.5, "TfL", "methods §5.2", ["timetable", "streets"];
    TransitTimeP50, "transit_time_p50", Serve, Minutes, 20.0, 45.0, "default", "methods §4.5", ["timetable", "streets", "population"];
    BusyWithoutShopsShare, "busy_without_shops_share", Capture, Share, 0.20, 0.60, "default", "methods §9", ["streets", "counts"];
    FlowShopMismatch, "flow_shop_mismatch", Capture, Ratio, 0.20, 0.60, "default", "methods §9", ["streets", "counts"];
    UnseenShopShare, "unseen_shop_share", BeSeen, Share, 0.20, 0.60, "default", "methods §9", ["streets", "counts"];
    ShopsWithoutBayShare, "shops_without_bay_share", Park, Share, 0.05, 0.50, "default", "methods §8.3", ["parking", "streets"];
    FullHoursShare, "full_hours_share", Park, Share, 0.10, 0.60, "default; target occupancy 0.85, Shoup 2006", "methods §8.2", ["occupancy"];
    NoDisabledBayShare, "no_disabled_bay_share", Park, Share, 0.10, 0.70, "default", "methods §8.3", ["parking", "streets"];
    VacancyShare, "vacancy_share", Settle, Share, 0.05, 0.20, "AMCV annual reports", "methods §9", ["streets"];
    AssetWalkP50, "asset_walk_p50", Connect, Minutes, 5.0, 12.0, "default", "methods §9", ["streets"];
    RemoteAssetShare, "remote_asset_share", Connect, Share, 0.10, 0.60, "default", "methods §9", ["streets"];
    KnowledgeCoverage, "knowledge_coverage", Know, Share, 0.80, 0.30, "default", "methods §9", ["population", "counts", "timetable", "parking"];
    PickupShare, "pickup_share", Collect, Share, 0.80, 0.20, "default", "methods §4.1", ["streets", "population"];
    ReturnShare, "return_share", Return, Share, 0.90, 0.40, "default", "methods §4.5", ["timetable", "population"];
    CarryDistance, "carry_distance", Return, Metres, 150.0, 400.0, "default", "methods §8.3", ["parking", "timetable", "streets"];
}

impl Indicator {
    /// Everything that is fixed about this indicator.
    pub fn definition(self) -> &'static Definition {
        &DEFINITIONS[self as usize]
    }
}

/// The dimensions' parts that open data cannot tell: shown as empty cells that need a survey (methods §9).
pub const NEEDS_SURVEY: &[&str] =
    &["online_visibility", "customer_expectations", "rents", "shop_quality", "digital_tools", "car_congestion"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_indicators() {
        for (place, definition) in DEFINITIONS.iter().enumerate() {
            assert_eq!(definition.indicator as usize, place, "{}", definition.key);
            let key = serde_json::to_value(definition.indicator).expect("an indicator has a key");
            assert_eq!(key, definition.key);
            assert_ne!(definition.good, definition.bad);
        }
    }

    #[test]
    fn every_dimension_has_an_indicator() {
        for dimension in Dimension::ALL {
            assert!(DEFINITIONS.iter().any(|d| d.dimension == dimension), "{}", dimension.key());
        }
    }
}
