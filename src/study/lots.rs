//! Car parks of a town: mapped, listed and along the kerb, each once, linked to the streets on foot.

use geo::Coord;
use rstar::RTree;

use crate::analysis::friction::way_round::BarrierIndex;
use crate::analysis::parking::{KerbLayout, area_bays, kerb_bays, visitor_bays};
use crate::base::geometry::{distance_m, length_m, point_along};
use crate::base::kinds::{LotAccess, LotKind};
use crate::base::projection::{LonLat, Plane};
use crate::network::index::StreetIndex;
use crate::network::linkage::{LinkTo, LinkedPoint, link_points};
use crate::network::streets::StreetGraph;
use crate::sources::osm::records::{Access, BayOrientation, KerbSide, OsmLot, OsmRecords, Street, StreetClass};
use crate::sources::parking::{DayKind, LotRecord};
use crate::study::town::TownLot;

/// A listed car park this near to a mapped one is the same, metres (default).
const SAME_LOT_M: f64 = 60.0;
/// Kerb parking on the map this near to a listed stretch is the same, metres (default).
const SAME_KERB_M: f64 = 25.0;
/// Hours in which shops are open: occupancy is judged from 9 to 18 o'clock.
const OPEN_HOURS: std::ops::Range<u8> = 9..18;

/// All car parks of the study; links are still open.
pub fn gather_lots(records: &OsmRecords, listed: &[LotRecord], plane: &Plane) -> Vec<DraftLot> {
    let mut mapped: Vec<DraftLot> = records.lots.iter().map(|lot| DraftLot::from_map(lot, plane)).collect();
    let kerbs = records.streets.iter().filter_map(|street| DraftLot::from_kerb(records, street, plane));
    let listed: Vec<DraftLot> = listed.iter().map(|lot| DraftLot::from_list(lot, plane)).collect();
    let kerbs = leave_out_listed(kerbs.collect(), &listed);
    for lot in listed {
        match find_same(&mapped, &lot) {
            Some(same) => mapped[same].take_list(lot),
            None => mapped.push(lot),
        }
    }
    mapped.extend(kerbs);
    mapped
}

/// Kerb stretches that no listed stretch already stands for.
fn leave_out_listed(kerbs: Vec<DraftLot>, listed: &[DraftLot]) -> Vec<DraftLot> {
    let on_street: Vec<[f64; 2]> =
        listed.iter().filter(|l| l.lot.kind == LotKind::Street).map(|l| [l.lot.point.x, l.lot.point.y]).collect();
    let tree = RTree::bulk_load(on_street);
    let near = |p: Coord<f64>| tree.locate_within_distance([p.x, p.y], SAME_KERB_M * SAME_KERB_M).next().is_some();
    kerbs.into_iter().filter(|kerb| !near(kerb.lot.point)).collect()
}

/// The mapped car park that a listed one is: of the same make (street or not), nearest, and not yet taken.
fn find_same(mapped: &[DraftLot], listed: &DraftLot) -> Option<usize> {
    let street = listed.lot.kind == LotKind::Street;
    let apart = |lot: &DraftLot| {
        let corners = lot.outline.iter().chain(std::iter::once(&lot.lot.point));
        corners.map(|&corner| distance_m(corner, listed.lot.point)).fold(f64::INFINITY, f64::min)
    };
    let free = mapped.iter().enumerate().filter(|(_, lot)| !lot.listed && (lot.lot.kind == LotKind::Street) == street);
    let near = free.map(|(index, lot)| (index, apart(lot))).filter(|(_, apart)| *apart <= SAME_LOT_M);
    near.min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0))).map(|(index, _)| index)
}

/// A car park before it is linked.
pub struct DraftLot {
    lot: TownLot,
    outline: Vec<Coord<f64>>,
    listed: bool,
}

impl DraftLot {
    fn new(point: Coord<f64>, name: &str, kind: LotKind, access: LotAccess, bays: Option<u32>) -> Self {
        let lot = TownLot {
            name: name.to_owned(),
            point,
            link: None,
            kind,
            access,
            bays: visitor_bays(f64::from(bays.unwrap_or(0)), access),
            bays_given: bays.is_some(),
            disabled: None,
            maxstay_min: None,
            occupancy: Vec::new(),
            district: None,
        };
        Self { lot, outline: Vec::new(), listed: false }
    }

    fn from_map(lot: &OsmLot, plane: &Plane) -> Self {
        let mut draft = Self::new(plane.project(lot.position), &lot.name, lot.kind, lot.access, lot.capacity);
        if let (None, Some(area)) = (lot.capacity, lot.area_m2) {
            let bays = area_bays(area, lot.kind, lot.levels.unwrap_or(1));
            draft.lot.bays = visitor_bays(f64::from(bays), lot.access);
        }
        draft.outline = plane.project_all(&lot.outline);
        draft.lot.disabled = lot.disabled;
        draft.lot.maxstay_min = lot.maxstay_min;
        draft
    }

    fn from_list(lot: &LotRecord, plane: &Plane) -> Self {
        let mut draft = Self::new(plane.project(lot.position), &lot.name, lot.kind, lot.access, lot.capacity);
        draft.lot.disabled = lot.disabled;
        draft.lot.maxstay_min = lot.maxstay_min;
        draft.lot.occupancy = open_hours(lot);
        draft.listed = true;
        draft
    }

    /// Both kerbs of a street, where bays for everybody are mapped.
    fn from_kerb(records: &OsmRecords, street: &Street, plane: &Plane) -> Option<Self> {
        let parking = street.parking.as_deref()?;
        let refs = records.refs(street);
        let course: Vec<LonLat> = refs.iter().map(|&node| records.street_node_positions[node as usize]).collect();
        let line = plane.project_all(&course);
        let length = length_m(&line);
        let sides = [parking.left, parking.right].map(|side| kerb_side_bays(side, length));
        let bays: u32 = sides.iter().map(|(bays, _)| bays).sum();
        if bays == 0 {
            return None;
        }
        let point = point_along(&line, length / 2.0)?;
        let mut draft = Self::new(point, &street.name, LotKind::Street, LotAccess::Public, Some(bays));
        draft.lot.bays_given = sides.iter().any(|(_, given)| *given);
        draft.lot.maxstay_min = parking.maxstay_min;
        draft.outline = line;
        Some(draft)
    }

    /// Takes over what the list says of this car park; the map keeps its outline.
    fn take_list(&mut self, listed: DraftLot) {
        let (own, list) = (&mut self.lot, listed.lot);
        if !list.name.is_empty() {
            own.name = list.name;
        }
        if list.bays_given {
            own.bays = list.bays;
            own.bays_given = true;
        }
        own.access = list.access;
        own.disabled = list.disabled.or(own.disabled);
        own.maxstay_min = list.maxstay_min.or(own.maxstay_min);
        own.occupancy = list.occupancy;
        self.listed = true;
    }
}

/// Bays of one kerb that visitors may use, and whether their number was given.
fn kerb_side_bays(side: KerbSide, length_m: f64) -> (u32, bool) {
    match side {
        KerbSide::Unknown | KerbSide::None | KerbSide::Separate | KerbSide::Bays { residents_only: true, .. } => {
            (0, false)
        }
        KerbSide::Bays { capacity: Some(capacity), .. } => (capacity, true),
        KerbSide::Bays { orientation, capacity: None, .. } => {
            let layout = match orientation {
                Some(BayOrientation::Diagonal) => KerbLayout::Diagonal,
                Some(BayOrientation::Perpendicular) => KerbLayout::Perpendicular,
                Some(BayOrientation::Parallel) | None => KerbLayout::Parallel,
            };
            (kerb_bays(length_m, layout), false)
        }
    }
}

/// Occupancy of working days in the hours when shops are open.
fn open_hours(lot: &LotRecord) -> Vec<f64> {
    let counts = |o: &&crate::sources::parking::HourlyOccupancy| {
        matches!(o.day, DayKind::Any | DayKind::Weekday) && o.hour.is_none_or(|hour| OPEN_HOURS.contains(&hour))
    };
    lot.occupancy.iter().filter(counts).map(|o| o.share).collect()
}

/// Where people on foot leave a car park for the streets: the nearest street from its middle or a corner, unless what
/// lies between cannot be crossed. `closed` holds railways, rivers and roads closed to people on foot.
pub fn link_lots(
    drafts: Vec<DraftLot>,
    graph: &StreetGraph,
    index: &StreetIndex,
    closed: &BarrierIndex,
    limit_m: f64,
) -> Vec<TownLot> {
    let mut points = Vec::new();
    let mut owners = Vec::new();
    for (owner, draft) in drafts.iter().enumerate() {
        for &corner in std::iter::once(&draft.lot.point).chain(&draft.outline) {
            points.push(corner);
            owners.push(owner);
        }
    }
    let links = link_points(graph, index, &points, limit_m, LinkTo::MainComponents);
    let mut best: Vec<Option<LinkedPoint>> = vec![None; drafts.len()];
    for ((link, owner), from) in links.into_iter().zip(owners).zip(points) {
        let Some(link) = link else { continue };
        let nearer = best[owner].is_none_or(|b| link.away_m < b.away_m);
        if nearer && closed.find_crossed(from, link.point).is_none() {
            best[owner] = Some(link);
        }
    }
    let linked = drafts.into_iter().zip(best);
    linked.map(|(draft, link)| TownLot { link, ..draft.lot }).collect()
}

/// Roads at ground level that are closed to people on foot by sign or by law: nobody crosses them.
pub fn closed_roads(records: &OsmRecords, plane: &Plane) -> Vec<Vec<Coord<f64>>> {
    let closed = |street: &&Street| {
        let tags = &street.tags;
        let fast = tags.motorroad || matches!(tags.class, StreetClass::Motorway | StreetClass::MotorwayLink);
        (fast || tags.foot == Some(Access::Closed) && tags.class <= StreetClass::TertiaryLink)
            && !tags.tunnel
            && !tags.bridge
    };
    let course = |street: &Street| -> Vec<LonLat> {
        records.refs(street).iter().map(|&node| records.street_node_positions[node as usize]).collect()
    };
    records.streets.iter().filter(closed).map(|street| plane.project_all(&course(street))).collect()
}
