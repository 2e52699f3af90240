//! The feed: one JSON document that says what stands between customers and the shops of a town.
//!
//! The published schema, `schema/canvas.schema.json`, is generated from these types; a test compares them.
//! Positions are degrees (WGS 84), times seconds or minutes as the field's name says, shares 0 to 1.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::analysis::friction::{Cause, Who};
use crate::canvas::indicators::{Dimension, Indicator, Quality, Unit};
use crate::canvas::profile::ScoringProfile;

/// Version of the document's shape.
pub const SCHEMA_VERSION: &str = "1.1";
/// Version of the method: formulas, defaults and goalposts. Towns compare only under the same one.
pub const METHOD_VERSION: &str = "2026.1";

/// The whole document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Canvas {
    /// Version of the document's shape.
    pub schema_version: String,
    /// Version of formulas, defaults and goalposts.
    pub method_version: String,
    /// What was studied, where and when.
    pub study: StudyHeader,
    /// The files that went in.
    pub inputs: Vec<InputFile>,
    /// Inputs that are missing, and what that costs.
    pub missing_inputs: Vec<MissingInput>,
    /// Every parameter of the method with its value and unit.
    pub parameters: BTreeMap<String, Parameter>,
    /// Goalposts and weights: those of the method, or of the region.
    #[serde(default)]
    pub scoring: ScoringProfile,
    /// Scores of the town as a whole.
    pub town: AreaScore,
    /// Scores of the town centre: the homes, shops and lots within ten minutes' walk of the core.
    pub centre: AreaScore,
    /// Scores per district, in the order of the districts' codes.
    pub districts: Vec<DistrictScore>,
    /// How much the ranks of the districts move when rules, weights and indicators are drawn anew; null with fewer than two.
    #[serde(default)]
    pub sensitivity: Option<Sensitivity>,
    /// What costs customers most, the largest avoidable person-seconds first.
    pub friction_points: Vec<FrictionPoint>,
    /// Dimensions and indicators where the town does well.
    pub strengths: Vec<Strength>,
    /// Parts of the canvas that open data cannot tell; empty cells.
    pub needs_survey: Vec<String>,
    /// How foot traffic was modelled and checked against counts.
    pub foot_traffic: FootTrafficFit,
    /// Rows read, used, repaired and dropped per file, and notices per code.
    pub data_quality: DataQuality,
}

/// What was studied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StudyHeader {
    /// Name of the town.
    pub name: String,
    /// Language of the report: `fr` or `en`.
    pub language: String,
    /// Service day of the timetable (ISO date), if there is one.
    pub service_date: Option<String>,
    /// Civil time zone (IANA name).
    pub time_zone: String,
    /// Closing time of shops, `HH:MM`.
    pub closing_time: String,
    /// The town centre.
    pub centre: CentrePlace,
    /// Residents counted, or null where no population is known.
    pub residents: Option<f64>,
    /// Occupied shop units.
    pub shops: u64,
    /// Area studied, km².
    pub area_km2: f64,
    /// Length of the walking network, km.
    pub walk_network_km: f64,
}

/// Where the core of the town is and how it was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CentrePlace {
    /// Longitude.
    pub lon: f64,
    /// Latitude.
    pub lat: f64,
    /// Where it comes from.
    pub origin: CentreOrigin,
    /// Shops of the core (for a core found from shops).
    pub core_shops: u64,
}

/// How the core was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CentreOrigin {
    /// The study says so.
    Given,
    /// From the density of shops.
    Shops,
    /// No shops are known: from the density of car parks.
    Lots,
    /// Neither shops nor car parks are known: from the density of street junctions.
    Junctions,
}

/// A file that went in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InputFile {
    /// What it was read as: `streets`, `timetable`, `stops`, `parking`, `occupancy`, `counts`, `count_sites`, `districts`, `population`.
    pub kind: String,
    /// Its name, without folders.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The day or period its data speak of, if known.
    pub data_date: Option<String>,
    /// Who is to be named when it is shown.
    pub attribution: Option<String>,
}

/// An input that is not there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MissingInput {
    /// What is missing, in the words of [`InputFile::kind`].
    pub kind: String,
    /// The dimensions it would feed.
    pub feeds: Vec<Dimension>,
}

/// A parameter of the method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Parameter {
    /// Its value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
}

/// All dimensions of an area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AreaScore {
    /// Total friction, geometric (no full compensation); null when fewer than three dimensions are scored.
    pub friction: Option<f64>,
    /// Total friction, linear, for comparison.
    pub friction_linear: Option<f64>,
    /// Within which the total lies once indicators and weights are drawn anew; null when there is no total, or for a document
    /// without draws.
    #[serde(default)]
    pub interval: Option<Interval>,
    /// Within which the total lies once the indicators alone are drawn within their errors, the weights being those of the
    /// profile.
    #[serde(default)]
    pub interval_of_data: Option<Interval>,
    /// The total if all that is not known were at its worst: what a town can hide by leaving an input out, at most; null when
    /// there is no total.
    #[serde(default)]
    pub friction_at_most: Option<f64>,
    /// Share of all that feeds the total which is known, weighted by quality, 0 to 1.
    #[serde(default)]
    pub coverage: f64,
    /// One entry per dimension, D1 to D11.
    pub dimensions: Vec<DimensionScore>,
}

/// A dimension of an area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DimensionScore {
    /// Which dimension.
    pub dimension: Dimension,
    /// 0 good to 1 bad; null when not scored.
    pub friction: Option<f64>,
    /// Within which it lies once its indicators are drawn within their errors; null when not scored.
    #[serde(default)]
    pub interval: Option<Interval>,
    /// Share of its indicators that are known, weighted by quality, 0 to 1.
    pub coverage: f64,
    /// Why it is not scored.
    pub not_scored: Option<NotScored>,
    /// Its indicators, known or not.
    pub indicators: Vec<IndicatorValue>,
}

/// Why there is no score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotScored {
    /// An input is missing.
    MissingInput,
    /// Inputs are there but cover too little (coverage below 0.5).
    LowCoverage,
    /// Nothing to measure here: no people, no shops.
    NothingHere,
}

/// An indicator of an area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IndicatorValue {
    /// Which indicator.
    pub indicator: Indicator,
    /// Its unit.
    pub unit: Unit,
    /// Its value, null when not known.
    pub value: Option<f64>,
    /// 0 good to 1 bad by its goalposts, null when not known.
    pub friction: Option<f64>,
    /// How it is known; null when it is not.
    pub quality: Option<Quality>,
    /// How many things (people, shops, hours, samples) it rests on.
    pub sample: f64,
    /// A doubt to show beside it, as a snake_case code with a label in the locales (`flag-<code>`).
    pub flag: Option<String>,
    /// Why it has no value.
    #[serde(default)]
    pub absent: Option<NotScored>,
}

/// A district and its scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DistrictScore {
    /// Official code, as text.
    pub code: String,
    /// Name.
    pub name: String,
    /// Residents, null where unknown.
    pub residents: Option<f64>,
    /// Occupied shop units.
    pub shops: u64,
    /// Area, km².
    pub area_km2: f64,
    /// Share of the district's area that the street extract covers, 0 to 1.
    pub covered_share: f64,
    /// Median walk of its residents to the core, minutes; null when none reaches it within the search radius.
    pub walk_to_core_min: Option<f64>,
    /// Its rank among the districts that have a total, 1 the least friction; null without a total, or alone.
    #[serde(default)]
    pub rank: Option<RankInterval>,
    /// Its scores.
    pub score: AreaScore,
}

/// Nine of ten draws lie within.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Interval {
    /// One draw of twenty lies below.
    pub p5: f64,
    /// One draw of twenty lies above.
    pub p95: f64,
}

impl Interval {
    /// Of drawn values, by nearest rank; `None` without any.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values.get(((share * values.len() as f64).ceil() as usize).max(1) - 1).copied();
        Some(Self { p5: at(0.05)?, p95: at(0.95)? })
    }
}

/// A rank, and where it lies once rules, weights and indicators are drawn anew.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RankInterval {
    /// By the method, 1 the least friction; equal ones share the mean of theirs.
    pub rank: f64,
    /// One draw of twenty lies below.
    pub p5: f64,
    /// One draw of twenty lies above.
    pub p95: f64,
}

/// How much ranks move when rules, weights and indicators are drawn anew, and why (methods §9.5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sensitivity {
    /// How often they were drawn.
    pub draws: u64,
    /// How many areas are ranked.
    pub areas: u64,
    /// Places by which an area moves in the mean.
    pub mean_rank_shift: f64,
    /// What explains how much ranks move: `normalisation`, `aggregation`, `indicator_left_out`, and the rest.
    pub causes: Vec<RankShiftCause>,
    /// What becomes of ranks without an indicator.
    pub without: Vec<IndicatorWithout>,
}

/// A choice of the method, and how much of the movement of ranks it explains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RankShiftCause {
    /// Which choice.
    pub cause: String,
    /// Share of the variance that it explains alone, 0 to 1 (first-order Sobol index).
    pub share: f64,
}

/// An indicator, and how much ranks move without it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IndicatorWithout {
    /// Which indicator.
    pub indicator: Indicator,
    /// Places by which an area moves in the mean.
    pub mean_rank_shift: f64,
}

impl Cause {
    /// The dimension it belongs to.
    pub const fn dimension(self) -> Dimension {
        match self {
            Self::StationSevered | Self::AssetSevered => Dimension::Connect,
            Self::LotCutOff | Self::ParkingFull => Dimension::Park,
            Self::LastDepartureBeforeClosing => Dimension::Return,
            Self::FlowWithoutShops | Self::ShopsWithoutFlow => Dimension::Capture,
            Self::StepsOnly | Self::ResidentsDetour => Dimension::Join,
            Self::ResidentsSevered => Dimension::Move,
        }
    }
}

/// A place where customers lose time, and what to do about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FrictionPoint {
    /// 1 is the worst.
    pub rank: u32,
    /// Stable id: cause and place, as `station_severed-1`.
    pub id: String,
    /// Why.
    pub cause: Cause,
    /// The dimension it belongs to.
    pub dimension: Dimension,
    /// Name of the place (station, street, car park, line), empty where it has none.
    pub name: String,
    /// Longitude.
    pub lon: f64,
    /// Latitude.
    pub lat: f64,
    /// District it lies in, by code; null outside all.
    pub district: Option<String>,
    /// Who is hit.
    pub who: Who,
    /// How many of them a day. On busy streets and steps each passage counts as one, as a counter would count it.
    pub persons_per_day: f64,
    /// Avoidable seconds of the day for each: both ways of a round trip, or of one passage.
    pub avoidable_s: f64,
    /// Their product, both ways of a round trip: what the list is ranked by.
    pub person_seconds_per_day: f64,
    /// Within which it lies once persons and seconds are drawn within their errors.
    #[serde(default)]
    pub person_seconds_interval: Option<Interval>,
    /// Where it ranks among all that was found, in these draws; 1 is the worst.
    #[serde(default)]
    pub rank_interval: Option<Interval>,
    /// How the number of persons and the seconds are known.
    pub quality: Quality,
    /// What the finding rests on.
    pub evidence: Vec<Evidence>,
    /// What could be done; each can be written as a modification of a scenario.
    pub candidate_actions: Vec<CandidateAction>,
    /// The lines that show it on a map: each a list of lon, lat pairs.
    pub lines: Vec<Vec<[f64; 2]>>,
}

/// A number a finding rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// What it says, as a snake_case key with a label in the locales (`evidence-<key>`).
    pub key: String,
    /// Its value.
    pub value: f64,
    /// Its unit: `s`, `m`, `persons_per_day`, `share`, `bays`, `clock` (seconds after midnight), `count`.
    pub unit: String,
    /// Name of the file it comes from, of several of its kind all joined by ` + `; empty for a result of the model.
    pub file: String,
    /// Date of those data, if known.
    pub data_date: Option<String>,
}

/// A change that could be tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateAction {
    /// Kind of modification, with a label in the locales (`action-<key>`): `add_crossing`, `add_path`, `steps_to_ramp`,
    /// `extend_span`, `open_shop`, `sign_route`, `open_footway`, `reduce_limit`, `price_parking`, `guide_parking`.
    pub modification: String,
    /// Where: a point or the two ends of a link, lon and lat.
    pub at: Vec<[f64; 2]>,
    /// A number that belongs to it (a clock reading in seconds, a limit in minutes), null where none does.
    pub value: Option<f64>,
}

/// What goes well.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Strength {
    /// The dimension.
    pub dimension: Dimension,
    /// The indicator.
    pub indicator: Indicator,
    /// Its value for the town.
    pub value: f64,
    /// Its unit.
    pub unit: Unit,
}

/// How foot traffic was modelled and checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FootTrafficFit {
    /// What the numbers on the segments are.
    pub scale: FootTrafficScale,
    /// Count sites found, usable, and linked to a street.
    pub sites_found: u64,
    /// Sites whose counts passed the checks.
    pub sites_usable: u64,
    /// Usable sites linked to a street.
    pub sites_linked: u64,
    /// Factor from modelled to counted pedestrians a day; null without calibration.
    pub factor: Option<f64>,
    /// Spearman rank correlation of model and counts over sites, each site left out in turn does not change ranks; null with fewer than 4 sites.
    pub spearman: Option<f64>,
    /// Median factor by which a left-out site is missed (1 is exact); null without calibration.
    pub left_out_error_factor: Option<f64>,
    /// Per site, what was found.
    pub sites: Vec<SiteReport>,
}

/// What the foot-traffic numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FootTrafficScale {
    /// Persons a day by assumed trip rates: good for ranking, not for absolute numbers.
    AssumedRates,
    /// Scaled to counts.
    Calibrated,
}

/// A count site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SiteReport {
    /// Its name.
    pub name: String,
    /// Longitude, null where the position is unknown.
    pub lon: Option<f64>,
    /// Latitude.
    pub lat: Option<f64>,
    /// Annual average daily pedestrians (or the mean of valid days), null for a dead site. Expanded and never measured
    /// where the health says so.
    pub aadp: Option<f64>,
    /// Modelled pedestrians a day at the site after calibration, null where not linked.
    pub modelled: Option<f64>,
    /// Valid days; of short counts the days with one.
    pub valid_days: u64,
    /// `usable`, `suspect`, `dead`, or `expanded` from short counts by hand.
    pub health: String,
    /// Why it is not usable, or by what it was expanded, as snake_case codes.
    pub reasons: Vec<String>,
}

/// What was read and what was wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DataQuality {
    /// Rows per file.
    pub files: BTreeMap<String, RowTally>,
    /// Notices per code.
    pub notices: BTreeMap<String, NoticeCount>,
}

/// Rows of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RowTally {
    /// Read.
    pub read: u64,
    /// Used as they are.
    pub used: u64,
    /// Used after a repair.
    pub repaired: u64,
    /// Not used.
    pub dropped: u64,
}

/// Notices of one code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeCount {
    /// `note`, `warning` or `error`.
    pub severity: String,
    /// How many.
    pub count: u64,
}
