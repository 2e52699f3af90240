//! What is drawn on the map and exported beside the feed: segments, districts, places. Positions are degrees.

use geo::MultiPolygon;

use crate::base::kinds::{LandKind, LotKind, PlaceCategory, SeveringKind, StopMode, StreetClass};
use crate::base::projection::LonLat;

/// All layers of a study.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// Street segments with their foot traffic.
    pub segments: Vec<SegmentLayer>,
    /// District outlines, in the order of `Canvas::districts`.
    pub districts: Vec<MultiPolygon<f64>>,
    /// Water and green.
    pub land: Vec<(LandKind, MultiPolygon<f64>)>,
    /// Railways, rivers, motorways.
    pub severing_lines: Vec<(SeveringKind, Vec<LonLat>)>,
    /// Shops, services, assets, pick-up points.
    pub places: Vec<PlaceLayer>,
    /// Car parks and kerb parking.
    pub lots: Vec<LotLayer>,
    /// Stops and stations.
    pub stops: Vec<StopLayer>,
    /// Area within 5, 10 and 15 min walk of the core, largest first.
    pub isochrones: Vec<IsochroneLayer>,
}

/// A street segment.
#[derive(Clone, Debug)]
pub struct SegmentLayer {
    /// Number of the segment in the network, stable for the same input.
    pub segment: u32,
    /// OSM way.
    pub way: i64,
    /// Name, empty where there is none.
    pub name: String,
    /// Class.
    pub class: StreetClass,
    /// Its course.
    pub line: Vec<LonLat>,
    /// Length in metres.
    pub length_m: f64,
    /// Foot traffic, persons per day.
    pub foot_traffic: f64,
    /// Lower and upper bound of foot traffic; `None` where the model is not calibrated.
    pub interval: Option<(f64, f64)>,
    /// Occupied shops on it.
    pub shops: u32,
    /// Walk to the core in minutes, from its middle; `None` beyond the search radius.
    pub walk_to_core_min: Option<f64>,
}

/// A place.
#[derive(Clone, Debug)]
pub struct PlaceLayer {
    /// Where.
    pub position: LonLat,
    /// What it is to a customer.
    pub category: PlaceCategory,
    /// Name, empty where there is none.
    pub name: String,
}

/// A car park or stretch of kerb parking.
#[derive(Clone, Debug)]
pub struct LotLayer {
    /// Where.
    pub position: LonLat,
    /// Name, empty where there is none.
    pub name: String,
    /// How it is built.
    pub kind: LotKind,
    /// Bays for visitors.
    pub bays: f64,
}

/// A stop.
#[derive(Clone, Debug)]
pub struct StopLayer {
    /// Where.
    pub position: LonLat,
    /// Name.
    pub name: String,
    /// What stops there.
    pub mode: StopMode,
    /// Departures on the service day; `None` without a timetable.
    pub departures: Option<u32>,
}

/// The area within some minutes' walk of the core.
#[derive(Clone, Debug)]
pub struct IsochroneLayer {
    /// Minutes.
    pub minutes: u32,
    /// A drawing of the reached streets, buffered.
    pub area: MultiPolygon<f64>,
}
