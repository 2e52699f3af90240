//! What the OpenStreetMap reader hands over: plain records, positions in degrees, tags already read.

use std::ops::Range;

use geo::MultiPolygon;

use super::clip::StudyArea;
pub use super::tag_values::*;
pub use crate::base::kinds::{LandKind, LotAccess, LotKind, PlaceCategory, SeveringKind, StopMode};
use crate::base::projection::LonLat;

/// All that one extract (or several, merged on ids) holds for a study.
#[derive(Clone, Debug, Default)]
pub struct OsmRecords {
    /// The box that the extract was cut to, as its header tells; it may be larger than what lies in it, or senseless.
    pub bounds: Option<StudyArea>,
    /// Ids of all nodes that streets use, ascending.
    pub street_node_ids: Vec<i64>,
    /// Their positions, in the same order.
    pub street_node_positions: Vec<LonLat>,
    /// Ways with a `highway` tag (or a ferry, or a platform), in ascending id order.
    pub streets: Vec<Street>,
    /// Node positions (indices into `street_node_ids`) of all streets, one after the other.
    pub street_refs: Vec<u32>,
    /// Crossings and barriers on street nodes, ascending by node.
    pub street_node_marks: Vec<StreetNodeMark>,
    /// What is said about hours on street nodes (gates, lifts), ascending by node.
    pub street_node_conditions: Vec<(u32, Conditions)>,
    /// Squares and other areas that people walk across, in ascending order of their elements.
    pub walk_areas: Vec<WalkArea>,
    /// Walls, fences and hedges mapped as lines.
    pub barrier_lines: Vec<BarrierLine>,
    /// Turns that vehicles may not take, in ascending order of their relations.
    pub turn_restrictions: Vec<TurnRestriction>,
    /// Lines that cut a town: railways, rivers, motorways.
    pub severing_lines: Vec<SeveringLine>,
    /// Shops, services, assets, pick-up points, by the rule file.
    pub places: Vec<OsmPlace>,
    /// Off-street car parks.
    pub lots: Vec<OsmLot>,
    /// Entrances of car parks (`amenity=parking_entrance`), ascending by element.
    pub lot_entrances: Vec<LonLat>,
    /// Stops and stations of public transport.
    pub stops: Vec<OsmStop>,
    /// Buildings, for spreading population.
    pub buildings: Vec<OsmBuilding>,
    /// Administrative boundaries that are complete in the extract.
    pub boundaries: Vec<OsmBoundary>,
    /// Water and green areas, for drawing only.
    pub land: Vec<OsmLand>,
    /// Day of the newest change in the extract (ISO date), from the file header or the newest element.
    pub data_date: Option<String>,
}

impl OsmRecords {
    /// The nodes of a street, as indices into `street_node_ids`.
    pub fn refs(&self, street: &Street) -> &[u32] {
        &self.street_refs[street.refs.start as usize..street.refs.end as usize]
    }

    /// The positions of a street's nodes, in their order.
    pub fn course(&self, street: &Street) -> Vec<LonLat> {
        self.refs(street).iter().map(|&node| self.street_node_positions[node as usize]).collect()
    }
}

/// A way of the street network.
#[derive(Clone, Debug)]
pub struct Street {
    /// OSM way id.
    pub way: i64,
    /// Its part of `OsmRecords::street_refs`; at least two nodes.
    pub refs: Range<u32>,
    /// What the tags say.
    pub tags: StreetTags,
    /// `name`, empty where there is none.
    pub name: String,
    /// Kerb parking, where anything is said about it in either tagging scheme.
    pub parking: Option<Box<StreetParking>>,
    /// What holds at some hours only, where anything is said about it.
    pub conditions: Option<Box<Conditions>>,
}

/// Values that hold at some hours only, as written (OSM conditional restrictions, opening hours); empty where nothing
/// is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// `foot:conditional`.
    pub foot: String,
    /// `access:conditional`.
    pub access: String,
    /// `motor_vehicle:conditional`.
    pub motor_vehicle: String,
    /// `opening_hours`.
    pub opening_hours: String,
}

impl Conditions {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        [&self.foot, &self.access, &self.motor_vehicle, &self.opening_hours].iter().all(|text| text.is_empty())
    }
}

/// An area that people walk across: a square, a pedestrian area, a platform.
#[derive(Clone, Debug)]
pub struct WalkArea {
    /// The way or the multipolygon.
    pub element: OsmElement,
    /// The way, or the first way of the outline.
    pub way: i64,
    /// What the tags say.
    pub tags: StreetTags,
    /// `name`, empty where there is none.
    pub name: String,
    /// What holds at some hours only.
    pub conditions: Option<Box<Conditions>>,
    /// Outer rings: indices into `street_node_ids`, the first node not repeated, three nodes at least.
    pub outer_rings: Vec<Vec<u32>>,
    /// Holes, likewise.
    pub inner_rings: Vec<Vec<u32>>,
}

/// A wall, fence or hedge.
#[derive(Clone, Debug)]
pub struct BarrierLine {
    /// OSM way id.
    pub way: i64,
    /// Its course.
    pub line: Vec<LonLat>,
}

/// Where a forbidden or compulsory turn happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TurnVia {
    /// At a street node: an index into `OsmRecords::street_node_ids`.
    Node(u32),
    /// Over ways, in this order.
    Ways(Vec<i64>),
}

/// A turn that vehicles may not take, or the only one they may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnRestriction {
    /// OSM relation id.
    pub relation: i64,
    /// The way that is left.
    pub from_way: i64,
    /// Where.
    pub via: TurnVia,
    /// The way that is entered.
    pub to_way: i64,
    /// `only_…`: every other turn from there is forbidden.
    pub is_only: bool,
    /// Does not hold for cars (`except=motorcar`).
    pub excepts_cars: bool,
    /// Does not hold for bicycles (`except=bicycle`).
    pub excepts_bicycles: bool,
    /// `restriction:conditional`, where that alone forbids: the hours as written, else empty.
    pub hours: String,
}

/// A crossing or a barrier on a street node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StreetNodeMark {
    /// Index into `OsmRecords::street_node_ids`.
    pub node: u32,
    /// The crossing here.
    pub crossing: Option<CrossingKind>,
    /// A refuge island halves the crossing.
    pub refuge: bool,
    /// The barrier here.
    pub barrier: Option<BarrierKind>,
    /// `foot` or `access` on the barrier.
    pub access: Option<Access>,
    /// `bicycle` on the barrier, else `vehicle`, else `access`.
    pub bicycle: Option<Access>,
    /// `motor_vehicle` or `motorcar` on the barrier, else `vehicle`, else `access`.
    pub motor_vehicle: Option<Access>,
    /// `wheelchair`.
    pub wheelchair: Option<WheelchairTag>,
    /// `kerb` or `kerb:height`.
    pub kerb: Option<Kerb>,
    /// Free width at the barrier, metres: `maxwidth:physical` or `width`.
    pub width_m: Option<f32>,
    /// `locked=yes`.
    pub locked: bool,
    /// `highway=elevator`.
    pub lift: bool,
    /// Levels that the lift serves.
    pub levels: Option<Levels>,
}

/// A line that people cannot walk across except where a street crosses it.
#[derive(Clone, Debug)]
pub struct SeveringLine {
    /// OSM way id.
    pub way: i64,
    /// What it is.
    pub kind: SeveringKind,
    /// `name`, empty where there is none.
    pub name: String,
    /// In a tunnel (then it cuts nothing) or on a bridge.
    pub tunnel: bool,
    /// Its course.
    pub line: Vec<LonLat>,
}

/// Which OSM element a record comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "id")]
pub enum OsmElement {
    /// A node.
    Node(i64),
    /// A way.
    Way(i64),
    /// A relation.
    Relation(i64),
}

impl std::fmt::Display for OsmElement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Node(id) => write!(f, "node {id}"),
            Self::Way(id) => write!(f, "way {id}"),
            Self::Relation(id) => write!(f, "relation {id}"),
        }
    }
}

/// A place by the rule file.
#[derive(Clone, Debug)]
pub struct OsmPlace {
    /// Where it comes from.
    pub element: OsmElement,
    /// Where it is: the node, or a point inside the area.
    pub position: LonLat,
    /// Its entrances, where they are mapped on its outline: the main ones, else all.
    pub entrances: Vec<LonLat>,
    /// What it is to a customer.
    pub category: PlaceCategory,
    /// The deciding tag, as `shop=bakery`.
    pub tag: String,
    /// `name`, empty where there is none.
    pub name: String,
    /// `opening_hours`, empty where there is none.
    pub opening_hours: String,
    /// Floor or site area in square metres, for areas.
    pub area_m2: Option<f64>,
}

/// An off-street car park, or a mapped strip of street-side bays.
#[derive(Clone, Debug)]
pub struct OsmLot {
    /// Where it comes from.
    pub element: OsmElement,
    /// A point inside.
    pub position: LonLat,
    /// Corners of the outline in order, empty for a node.
    pub outline: Vec<LonLat>,
    /// `name`, empty where there is none.
    pub name: String,
    /// Who may park.
    pub access: LotAccess,
    /// How it is built.
    pub kind: LotKind,
    /// `capacity`.
    pub capacity: Option<u32>,
    /// `capacity:disabled`.
    pub disabled: Option<u32>,
    /// `fee`: yes = true, no = false, hours or conditions = true.
    pub fee: Option<bool>,
    /// `maxstay` in minutes.
    pub maxstay_min: Option<u32>,
    /// `building:levels` or `parking:levels`.
    pub levels: Option<u32>,
    /// Area of the outline, square metres.
    pub area_m2: Option<f64>,
}

/// How bays lie along the kerb.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BayOrientation {
    Parallel,
    Diagonal,
    Perpendicular,
}

/// What is said about one kerb.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum KerbSide {
    /// Nothing is said: no claim.
    Unknown,
    /// Parking or stopping is not allowed.
    None,
    /// Mapped as an area of its own: counted there.
    Separate,
    /// Bays.
    Bays {
        /// How they lie, if said.
        orientation: Option<BayOrientation>,
        /// `capacity`, if said.
        capacity: Option<u32>,
        /// Reserved for residents or permit holders.
        residents_only: bool,
    },
}

/// Kerb parking of a street, both sides, from either tagging scheme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StreetParking {
    /// Left side, seen along the node order.
    pub left: KerbSide,
    /// Right side.
    pub right: KerbSide,
    /// A fee is due: `parking:<side>:fee` and the conditions of the old scheme.
    pub fee: Option<bool>,
    /// Longest stay in minutes.
    pub maxstay_min: Option<u32>,
}

/// A stop or station in OSM.
#[derive(Clone, Debug)]
pub struct OsmStop {
    /// Where it comes from.
    pub element: OsmElement,
    /// Where it is.
    pub position: LonLat,
    /// `name`, empty where there is none.
    pub name: String,
    /// What stops there.
    pub mode: StopMode,
}

/// A building.
#[derive(Clone, Debug)]
pub struct OsmBuilding {
    /// Where it comes from.
    pub element: OsmElement,
    /// A point inside.
    pub position: LonLat,
    /// Its entrances, where they are mapped on its outline: the main ones, else all.
    pub entrances: Vec<LonLat>,
    /// Footprint, square metres.
    pub footprint_m2: f32,
    /// `building:levels`, 1 at least.
    pub levels: Option<u8>,
    /// Whether people may live in it: `house`, `apartments`, `residential`, `yes` …, not `garage`, `school` ….
    pub residential: bool,
    /// The outline, for drawing; empty when the reader was asked to leave it out.
    pub outline: Vec<LonLat>,
}

/// An administrative boundary.
#[derive(Clone, Debug)]
pub struct OsmBoundary {
    /// OSM relation (or way) id.
    pub element: OsmElement,
    /// `admin_level`.
    pub admin_level: u8,
    /// `name`.
    pub name: String,
    /// Official code: `ref:INS`, `ref`, else empty.
    pub code: String,
    /// The area, degrees.
    pub area: MultiPolygon<f64>,
}

/// An area for drawing.
#[derive(Clone, Debug)]
pub struct OsmLand {
    /// What it is.
    pub kind: LandKind,
    /// The area, degrees.
    pub area: MultiPolygon<f64>,
}
