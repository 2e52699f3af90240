//! Kerbs of streets: what is said about parking along them, and what keeps them free of bays.

use std::collections::BTreeMap;

use geo::Coord;
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use crate::analysis::parking::KerbBreak;
use crate::base::kinds::StopMode;
use crate::base::projection::Plane;
use crate::sources::osm::records::{CrossingKind, KerbSide, OsmRecords, Street, StreetClass, StreetParking};

/// A bus stop this near to a street stands at its kerb, metres (default).
const STOP_BESIDE_M: f64 = 12.0;

/// What keeps the left and the right kerb of a street free.
pub type Breaks = [Vec<KerbBreak>; 2];

/// Crossings, driveways and bus stops, for any street.
pub struct KerbIndex<'a> {
    records: &'a OsmRecords,
    plane: &'a Plane,
    /// Ends of driveways, by the node where they join, with the next node of the driveway.
    driveways: BTreeMap<u32, Vec<u32>>,
    stops: RTree<GeomWithData<[f64; 2], ()>>,
}

impl<'a> KerbIndex<'a> {
    /// Looks at all streets once.
    pub fn new(records: &'a OsmRecords, plane: &'a Plane) -> Self {
        let mut driveways: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for street in records.streets.iter().filter(|street| street.tags.class == StreetClass::Service) {
            if let [first, second, ..] = *records.refs(street) {
                driveways.entry(first).or_default().push(second);
            }
            if let [.., before, last] = *records.refs(street) {
                driveways.entry(last).or_default().push(before);
            }
        }
        let buses = records.stops.iter().filter(|stop| stop.mode == StopMode::Bus);
        let points = buses.map(|stop| plane.project(stop.position)).filter(|p| p.x.is_finite() && p.y.is_finite());
        let stops = RTree::bulk_load(points.map(|p| GeomWithData::new([p.x, p.y], ())).collect());
        Self { records, plane, driveways, stops }
    }

    /// What keeps both kerbs of a street free, seen along its nodes. A crossing at the end of a street is of the next one too, and
    /// takes half of its kerb on each.
    pub fn breaks(&self, street: &Street) -> Breaks {
        let refs = self.records.refs(street);
        let at = |node: u32| self.plane.project(self.records.street_node_positions[node as usize]);
        let mut breaks = Breaks::default();
        for (place, &node) in refs.iter().enumerate() {
            if let Some(crossing) = self.crossing(node).filter(|_| place > 0 && place + 1 < refs.len()) {
                breaks.iter_mut().for_each(|kerb| kerb.push(crossing));
            }
            let (before, after) = (refs[place.saturating_sub(1)], refs[(place + 1).min(refs.len() - 1)]);
            for &into in self.driveways.get(&node).into_iter().flatten().filter(|into| !refs.contains(into)) {
                breaks[side_of(at(before), at(after), at(into))].push(KerbBreak::Driveway);
            }
        }
        for pair in refs.windows(2) {
            let (from, to) = (at(pair[0]), at(pair[1]));
            if ![from, to].iter().all(|p| p.x.is_finite() && p.y.is_finite()) {
                continue;
            }
            let low = [from.x.min(to.x) - STOP_BESIDE_M, from.y.min(to.y) - STOP_BESIDE_M];
            let high = [from.x.max(to.x) + STOP_BESIDE_M, from.y.max(to.y) + STOP_BESIDE_M];
            for stop in self.stops.locate_in_envelope(&AABB::from_corners(low, high)) {
                let stop = Coord { x: stop.geom()[0], y: stop.geom()[1] };
                if stands_beside(from, to, stop) {
                    breaks[side_of(from, to, stop)].push(KerbBreak::BusStop);
                }
            }
        }
        breaks
    }

    fn crossing(&self, node: u32) -> Option<KerbBreak> {
        let marks = &self.records.street_node_marks;
        let mark = marks.binary_search_by_key(&node, |mark| mark.node).ok().map(|at| &marks[at])?;
        match mark.crossing? {
            CrossingKind::Signals | CrossingKind::Marked => Some(KerbBreak::ZebraOrSignals),
            CrossingKind::Unknown => Some(KerbBreak::MarkedCrossing),
            CrossingKind::Unmarked | CrossingKind::Forbidden => None,
        }
    }
}

/// 0 left, 1 right of the way from one place to another.
fn side_of(from: Coord<f64>, to: Coord<f64>, point: Coord<f64>) -> usize {
    let cross = (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x);
    usize::from(cross < 0.0)
}

/// Whether a point is level with a stretch, and near it: a stop is counted at one stretch of a street.
fn stands_beside(from: Coord<f64>, to: Coord<f64>, point: Coord<f64>) -> bool {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.hypot(dy);
    let along = ((point.x - from.x) * dx + (point.y - from.y) * dy) / length;
    let away = ((point.y - from.y) * dx - (point.x - from.x) * dy).abs() / length;
    length > 0.0 && along >= 0.0 && along < length && away <= STOP_BESIDE_M
}

/// Whether cars could stand along a street, if it were allowed.
pub fn has_kerbs(street: &Street) -> bool {
    let class = street.tags.class;
    let is_road = class >= StreetClass::Primary && class <= StreetClass::LivingStreet;
    is_road && !street.tags.tunnel && !street.tags.bridge
}

/// How many of the two kerbs of a street anything is said about.
pub fn told_kerbs(parking: Option<&StreetParking>) -> usize {
    parking.map_or(0, |told| [told.left, told.right].iter().filter(|side| **side != KerbSide::Unknown).count())
}
