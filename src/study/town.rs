//! The town: all records of a study on one metric plane, linked to the streets.

use geo::{Coord, MultiPolygon};

use crate::analysis::homes::{Home, PopulationBasis};
use crate::analysis::severance::CrossingSample;
use crate::base::geometry::distance_m;
use crate::base::ids::DistrictId;
use crate::base::kinds::{LotAccess, LotKind, PlaceCategory, SeveringKind, StopMode};
use crate::base::projection::Plane;
use crate::canvas::feed::CentreOrigin;
use crate::network::areas::AreaIndex;
use crate::network::index::StreetIndex;
use crate::network::linkage::LinkedPoint;
use crate::network::streets::StreetGraph;
use crate::sources::parking::HourlyOccupancy;
use crate::study::street_names::StreetNames;

/// A district of the study.
#[derive(Clone, Debug, PartialEq)]
pub struct District {
    /// Official code.
    pub code: String,
    /// Name.
    pub name: String,
    /// People counted, if known.
    pub population: Option<f64>,
    /// Share of its area that the street extract covers, 0 to 1.
    pub covered_share: f64,
}

/// A shop, asset, pick-up point or empty unit.
#[derive(Clone, Debug, PartialEq)]
pub struct TownPlace {
    /// Name, empty where it has none.
    pub name: String,
    /// What it is to a customer.
    pub category: PlaceCategory,
    /// Where it is.
    pub point: Coord<f64>,
    /// Where it joins the streets.
    pub link: Option<LinkedPoint>,
    /// Its district.
    pub district: Option<DistrictId>,
}

/// A car park or a stretch of kerb.
#[derive(Clone, Debug, PartialEq)]
pub struct TownLot {
    /// Name, empty where it has none.
    pub name: String,
    /// Where it is.
    pub point: Coord<f64>,
    /// Where people join the streets on foot.
    pub link: Option<LinkedPoint>,
    /// Whether streets are near, but none that can be walked to; there is then no link.
    pub is_cut_off: bool,
    /// How it is built.
    pub kind: LotKind,
    /// Who may park.
    pub access: LotAccess,
    /// Bays for visitors.
    pub bays: f64,
    /// Whether the number of bays was given, not estimated from its area or kerb.
    pub bays_given: bool,
    /// Disabled bays, if known.
    pub disabled: Option<u32>,
    /// Longest stay in minutes.
    pub maxstay_min: Option<u32>,
    /// Whether parking costs money, if known.
    pub fee: Option<bool>,
    /// Price of an hour, if known.
    pub price_per_hour: Option<f64>,
    /// Share of bays taken per hour from 09:00 to 18:00 on working days, where observed.
    pub occupancy: Vec<f64>,
    /// Share of bays taken by kind of day and hour, as far as observed.
    pub hours: Vec<HourlyOccupancy>,
    /// Its district.
    pub district: Option<DistrictId>,
}

/// A stop or station.
#[derive(Clone, Debug, PartialEq)]
pub struct TownStop {
    /// Name.
    pub name: String,
    /// What stops there.
    pub mode: StopMode,
    /// Where it is.
    pub point: Coord<f64>,
    /// Where it joins the streets.
    pub link: Option<LinkedPoint>,
    /// Departures on the service day, if there is a timetable.
    pub departures: Option<u32>,
    /// Boarding passengers on a weekday, if known.
    pub boardings: Option<f64>,
    /// Its district.
    pub district: Option<DistrictId>,
}

/// A railway, river or motorway.
#[derive(Clone, Debug, PartialEq)]
pub struct Barrier {
    /// What it is.
    pub kind: SeveringKind,
    /// Name, empty where it has none.
    pub name: String,
    /// Its course.
    pub line: Vec<Coord<f64>>,
}

/// The core of the town.
#[derive(Clone, Debug, PartialEq)]
pub struct TownCore {
    /// Its centre.
    pub centre: Coord<f64>,
    /// How it was found.
    pub origin: CentreOrigin,
    /// Its points: shops of the core, or its centre alone.
    pub points: Vec<Coord<f64>>,
    /// Where its points join the streets.
    pub links: Vec<LinkedPoint>,
    /// Occupied shops among its points.
    pub shops: usize,
}

/// All of a study on one plane, linked and indexed.
pub struct Town {
    /// The metric plane.
    pub plane: Plane,
    /// The walking network.
    pub graph: StreetGraph,
    /// Its spatial index.
    pub index: StreetIndex,
    /// Districts, in the order of their codes.
    pub districts: Vec<District>,
    /// Their areas.
    pub areas: AreaIndex,
    /// The area studied.
    pub area: MultiPolygon<f64>,
    /// Where people live.
    pub homes: Vec<Home>,
    /// Where homes join the streets.
    pub home_links: Vec<Option<LinkedPoint>>,
    /// What the people rest on.
    pub population: PopulationBasis,
    /// Shops, assets, pick-up points, empty units.
    pub places: Vec<TownPlace>,
    /// Car parks and kerbs.
    pub lots: Vec<TownLot>,
    /// Stops and stations.
    pub stops: Vec<TownStop>,
    /// Railways, rivers, motorways.
    pub barriers: Vec<Barrier>,
    /// Samples of what crossing them costs.
    pub crossings: Vec<CrossingSample>,
    /// The core.
    pub core: TownCore,
    /// Names of streets by place.
    pub street_names: StreetNames,
}

impl Town {
    /// The place of the core that is nearest to a point as the crow flies, and the metres between them; the first of
    /// equally near ones.
    pub fn nearest_core(&self, point: Coord<f64>) -> (Coord<f64>, f64) {
        let apart = self.core.points.iter().map(|&core| (core, distance_m(core, point)));
        let nearest = apart.min_by(|a, b| a.1.total_cmp(&b.1));
        nearest.unwrap_or_else(|| (self.core.centre, distance_m(self.core.centre, point)))
    }
}
