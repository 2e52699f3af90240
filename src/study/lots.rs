//! Car parks of a town: mapped, listed and along the kerb, each once, linked to the streets on foot.

use std::collections::BTreeSet;

use geo::Coord;
use rstar::primitives::GeomWithData;
use rstar::{AABB, PointDistance, RTree, RTreeObject};

use crate::analysis::friction::way_round::BarrierIndex;
use crate::analysis::parking::{KerbLayout, area_bays, free_kerb_m, kerb_bays, visitor_bays};
use crate::base::geometry::{distance_m, length_m, point_along};
use crate::base::kinds::{LotAccess, LotKind};
use crate::base::projection::Plane;
use crate::network::index::StreetIndex;
use crate::network::linkage::{LinkTo, link_points, nearest_of_owners};
use crate::network::streets::StreetGraph;
use crate::sources::osm::records::{Access, BayOrientation, KerbSide, OsmLot, OsmRecords, Street, StreetClass};
use crate::sources::parking::{DayKind, LotRecord};
use crate::study::kerbs::KerbIndex;
use crate::study::town::TownLot;

/// A listed car park this near to a mapped one is the same, metres (default).
const SAME_LOT_M: f64 = 60.0;
/// Kerb parking on the map this near to a listed stretch is the same, metres (default).
const SAME_KERB_M: f64 = 25.0;
/// A mapped entrance this near to a corner or the middle of a car park belongs to it, metres (default).
const ENTRANCE_M: f64 = 40.0;
/// Hours in which shops are open: occupancy is judged from 9 to 18 o'clock.
const OPEN_HOURS: std::ops::Range<u8> = 9..18;

/// All car parks of the study; links are still open.
pub fn gather_lots(records: &OsmRecords, listed: &[LotRecord], plane: &Plane) -> Vec<DraftLot> {
    let mut mapped: Vec<DraftLot> = records.lots.iter().map(|lot| DraftLot::from_map(lot, plane)).collect();
    let index = KerbIndex::new(records, plane);
    let kerbs = records.streets.iter().filter_map(|street| DraftLot::from_kerb(records, street, (plane, &index)));
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
    let on_street: Vec<[f64; 2]> = listed
        .iter()
        .filter(|l| l.lot.kind == LotKind::Street && !l.is_of_disabled_bays())
        .map(|l| [l.lot.point.x, l.lot.point.y])
        .collect();
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
    /// Bays, whoever may use them.
    raw_bays: f64,
}

impl DraftLot {
    fn new(point: Coord<f64>, name: &str, kind: LotKind, access: LotAccess, bays: Option<u32>) -> Self {
        let lot = TownLot {
            name: name.to_owned(),
            point,
            link: None,
            is_cut_off: false,
            kind,
            access,
            bays: visitor_bays(f64::from(bays.unwrap_or(0)), access),
            bays_given: bays.is_some(),
            disabled: None,
            maxstay_min: None,
            fee: None,
            price_per_hour: None,
            occupancy: Vec::new(),
            hours: Vec::new(),
            district: None,
        };
        Self { lot, outline: Vec::new(), listed: false, raw_bays: f64::from(bays.unwrap_or(0)) }
    }

    fn from_map(lot: &OsmLot, plane: &Plane) -> Self {
        let mut draft = Self::new(plane.project(lot.position), &lot.name, lot.kind, lot.access, lot.capacity);
        if let (None, Some(area)) = (lot.capacity, lot.area_m2) {
            let bays = area_bays(area, lot.kind, lot.levels.unwrap_or(1));
            draft.raw_bays = f64::from(bays);
            draft.lot.bays = visitor_bays(draft.raw_bays, lot.access);
        }
        draft.outline = plane.project_all(&lot.outline);
        draft.lot.disabled = lot.disabled;
        draft.lot.maxstay_min = lot.maxstay_min;
        draft.lot.fee = lot.fee;
        draft
    }

    fn from_list(lot: &LotRecord, plane: &Plane) -> Self {
        let mut draft = Self::new(plane.project(lot.position), &lot.name, lot.kind, lot.access, lot.capacity);
        draft.lot.disabled = lot.disabled;
        draft.lot.maxstay_min = lot.maxstay_min;
        draft.lot.occupancy = open_hours(lot);
        draft.lot.hours.clone_from(&lot.occupancy);
        (draft.lot.fee, draft.lot.price_per_hour) = (lot.fee, lot.price_per_hour);
        draft.listed = true;
        draft
    }

    /// Both kerbs of a street, where bays for everybody are mapped.
    fn from_kerb(records: &OsmRecords, street: &Street, (plane, kerbs): (&Plane, &KerbIndex<'_>)) -> Option<Self> {
        let parking = street.parking.as_deref()?;
        let line = plane.project_all(&records.course(street));
        let length = length_m(&line);
        let breaks = kerbs.breaks(street);
        let sides = [(parking.left, &breaks[0]), (parking.right, &breaks[1])];
        let sides = sides.map(|(side, breaks)| kerb_side_bays(side, free_kerb_m(length, breaks)));
        let bays: u32 = sides.iter().map(|(bays, _)| bays).sum();
        if bays == 0 {
            return None;
        }
        let point = point_along(&line, length / 2.0)?;
        let mut draft = Self::new(point, &street.name, LotKind::Street, LotAccess::Public, Some(bays));
        draft.lot.bays_given = sides.iter().any(|(_, given)| *given);
        draft.lot.maxstay_min = parking.maxstay_min;
        draft.lot.fee = parking.fee;
        draft.outline = line;
        Some(draft)
    }

    /// Whether it lists disabled bays alone, beside which others may be.
    fn is_of_disabled_bays(&self) -> bool {
        self.lot.bays_given && self.raw_bays == 0.0 && self.lot.disabled.is_some_and(|bays| bays > 0)
    }

    /// Takes over what the list says of this car park; the map keeps its outline.
    fn take_list(&mut self, listed: DraftLot) {
        let is_of_disabled_bays = listed.is_of_disabled_bays();
        let (own, list) = (&mut self.lot, listed.lot);
        if !list.name.is_empty() {
            own.name = list.name;
        }
        if is_of_disabled_bays {
            own.disabled = list.disabled;
            return;
        }
        if list.bays_given {
            (own.bays, self.raw_bays) = (list.bays, listed.raw_bays);
            own.bays_given = true;
        }
        // A list of car parks seldom says that they are for customers.
        if (own.access, list.access) != (LotAccess::Customers, LotAccess::Public) {
            own.bays = if list.bays_given { own.bays } else { visitor_bays(self.raw_bays, list.access) };
            own.access = list.access;
        } else if list.bays_given {
            own.bays = visitor_bays(self.raw_bays, own.access);
        }
        own.disabled = list.disabled.or(own.disabled);
        own.maxstay_min = list.maxstay_min.or(own.maxstay_min);
        (own.occupancy, own.hours) = (list.occupancy, list.hours);
        (own.fee, own.price_per_hour) = (list.fee.or(own.fee), list.price_per_hour);
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

/// What lies around the car parks of a study.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The walking network.
    pub graph: &'a StreetGraph,
    /// Its spatial index.
    pub index: &'a StreetIndex,
    /// Railways, rivers and roads closed to people on foot.
    pub closed: &'a BarrierIndex,
    /// All streets as mapped, those closed on foot among them.
    pub records: &'a OsmRecords,
    /// The metric plane.
    pub plane: &'a Plane,
}

/// Where people on foot leave a car park for the streets: the nearest street from its entrances where they are mapped,
/// else from its middle or a corner, unless what lies between cannot be crossed. A car park with streets near, none of which can be walked to, is cut off; one without
/// any street near is merely not linked.
pub fn link_lots(drafts: Vec<DraftLot>, around: Surroundings<'_>, limit_m: f64) -> Vec<TownLot> {
    let mut points = Vec::new();
    let mut owners = Vec::new();
    let entrances = find_entrances(&drafts, around);
    for (owner, draft) in drafts.iter().enumerate() {
        let mapped = entrances.iter().filter(|(of, _)| *of == owner).map(|(_, entrance)| *entrance);
        let mut places: Vec<Coord<f64>> = mapped.collect();
        if places.is_empty() {
            places.push(draft.lot.point);
            places.extend(&draft.outline);
        }
        owners.resize(owners.len() + places.len(), owner);
        points.extend(places);
    }
    let links = link_points(around.graph, around.index, &points, limit_m, LinkTo::MainComponents);
    let best = nearest_of_owners(&links, (&owners, drafts.len()), |at, link| {
        around.closed.find_crossed(points[at], link.point).is_none()
    });
    let unlinked = owners.iter().zip(&points).filter(|&(&owner, _)| best[owner].is_none());
    let has_street = find_beside_streets(unlinked.map(|(&owner, &point)| (owner, point)), around, limit_m);
    let linked = drafts.into_iter().zip(best).enumerate();
    linked
        .map(|(owner, (draft, link))| TownLot { link, is_cut_off: has_street.contains(&owner), ..draft.lot })
        .collect()
}

/// Which car park each mapped entrance belongs to: the one whose outline or middle is nearest, within reach.
fn find_entrances(drafts: &[DraftLot], around: Surroundings<'_>) -> Vec<(usize, Coord<f64>)> {
    let is_off_street = |draft: &DraftLot| draft.lot.kind != LotKind::Street;
    let corners: Vec<GeomWithData<[f64; 2], usize>> = drafts
        .iter()
        .enumerate()
        .filter(|(_, draft)| is_off_street(draft))
        .flat_map(|(owner, draft)| {
            let own = std::iter::once(&draft.lot.point).chain(&draft.outline);
            own.filter(|p| p.x.is_finite() && p.y.is_finite()).map(move |p| GeomWithData::new([p.x, p.y], owner))
        })
        .collect();
    let corners = RTree::bulk_load(corners);
    let owner_of = |entrance: Coord<f64>| {
        let near = corners.locate_within_distance([entrance.x, entrance.y], ENTRANCE_M * ENTRANCE_M);
        let by_distance = near.map(|corner| (corner.distance_2(&[entrance.x, entrance.y]), corner.data));
        by_distance.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))).map(|(_, owner)| (owner, entrance))
    };
    around.plane.project_all(&around.records.lot_entrances).into_iter().filter_map(owner_of).collect()
}

/// The owners of points with any mapped street within the limit, whoever may use it.
fn find_beside_streets(
    points: impl Iterator<Item = (usize, Coord<f64>)>,
    around: Surroundings<'_>,
    limit_m: f64,
) -> BTreeSet<usize> {
    let on_plane = points.filter(|(_, point)| point.x.is_finite() && point.y.is_finite());
    let points: Vec<_> = on_plane.map(|(owner, p)| GeomWithData::new([p.x, p.y], owner)).collect();
    let mut beside = BTreeSet::new();
    if points.is_empty() {
        return beside;
    }
    let points = RTree::bulk_load(points);
    for street in &around.records.streets {
        let course = around.plane.project_all(&around.records.course(street));
        for pair in course.windows(2).filter(|pair| pair.iter().all(|p| p.x.is_finite() && p.y.is_finite())) {
            let stretch = rstar::primitives::Line::new([pair[0].x, pair[0].y], [pair[1].x, pair[1].y]);
            let (low, high) = (stretch.envelope().lower(), stretch.envelope().upper());
            let box_around = AABB::from_corners(low.map(|at| at - limit_m), high.map(|at| at + limit_m));
            let near = points.locate_in_envelope(&box_around);
            beside.extend(near.filter(|p| stretch.distance_2(p.geom()) <= limit_m * limit_m).map(|p| p.data));
        }
    }
    beside
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
    records.streets.iter().filter(closed).map(|street| plane.project_all(&records.course(street))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::pace::WalkParameters;
    use crate::network::streets::build_streets;
    use crate::testing::street_sketch::StreetSketch;

    /// A street along y = 0 and a road closed on foot along y = 500. A car park 30 m above the street is linked; behind a
    /// motorway at y = 20 m it is cut off, and so it is beside the closed road; midway nothing is mapped near it and
    /// nothing is said, motorway or not.
    #[test]
    fn a_car_park_without_a_street_near_is_not_cut_off() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (500, 0)], StreetClass::Residential);
        sketch.way(&[(0, 500), (500, 500)], StreetClass::Service).foot = Some(Access::Closed);
        let (records, plane) = (sketch.records(), StreetSketch::plane());
        let (graph, _) = build_streets(&records, &plane, &WalkParameters::default());
        let index = StreetIndex::new(&graph);
        let motorway = vec![Coord { x: 0.0, y: 20.0 }, Coord { x: 500.0, y: 20.0 }];
        let link = |y: f64, closed: &[Vec<Coord<f64>>]| {
            let draft = DraftLot::new(Coord { x: 250.0, y }, "", LotKind::Surface, LotAccess::Public, Some(50));
            let closed = BarrierIndex::new(closed);
            let around =
                Surroundings { graph: &graph, index: &index, closed: &closed, records: &records, plane: &plane };
            let lot = link_lots(vec![draft], around, 100.0).remove(0);
            (lot.link.is_some(), lot.is_cut_off)
        };
        assert_eq!(link(30.0, &[]), (true, false));
        assert_eq!(link(30.0, std::slice::from_ref(&motorway)), (false, true));
        assert_eq!(link(470.0, &[]), (false, true));
        assert_eq!(link(250.0, &[]), (false, false));
        assert_eq!(link(250.0, &[motorway]), (false, false));
    }

    /// Bays along 200 m on both sides: a zebra in the middle, a driveway and a bus stop on the left. Left 200 - 4.5 - 4 - 15 =
    /// 176.5 m, 33 parallel bays; right 195.5 m, 37.
    #[test]
    fn a_kerb_is_kept_free_where_it_must_be() {
        use crate::sources::osm::records::{CrossingKind, OsmElement, OsmStop, StreetParking};
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (50, 0), (100, 0), (200, 0)], StreetClass::Residential);
        sketch.way(&[(50, 0), (50, 20)], StreetClass::Service);
        sketch.mark((100, 0)).crossing = Some(CrossingKind::Marked);
        let (mut records, plane) = (sketch.records(), StreetSketch::plane());
        let side = KerbSide::Bays { orientation: None, capacity: None, residents_only: false };
        let parking = StreetParking { left: side, right: side, fee: None, maxstay_min: None };
        records.streets[0].parking = Some(Box::new(parking));
        let stop = plane.unproject(Coord { x: 150.0, y: 6.0 });
        records.stops.push(OsmStop {
            element: OsmElement::Node(9),
            position: stop,
            name: String::new(),
            mode: crate::base::kinds::StopMode::Bus,
        });
        let kerbs = |records: &OsmRecords| gather_lots(records, &[], &plane)[0].lot.bays;
        assert_eq!(kerbs(&records), f64::from(33 + 37));
        let listed = LotRecord {
            id: "1".to_owned(),
            name: String::new(),
            position: plane.unproject(Coord { x: 100.0, y: 5.0 }),
            line: Vec::new(),
            kind: LotKind::Street,
            access: LotAccess::Public,
            capacity: Some(0),
            disabled: Some(1),
            fee: None,
            price_per_hour: None,
            maxstay_min: None,
            occupancy: Vec::new(),
            source_row: 1,
        };
        let lots = gather_lots(&records, &[listed], &plane);
        assert!(
            lots.iter().any(|lot| lot.lot.bays == 70.0),
            "a disabled bay in a list is beside the others, not all there is"
        );
        records.stops.clear();
        assert_eq!(kerbs(&records), f64::from(36 + 37), "191.5 m on the left");
    }

    /// A garage 60 m off the street, its entrance 30 m off and 40 m further along: people leave by the entrance. An
    /// entrance farther than 40 m is somebody else's.
    #[test]
    fn a_car_park_is_left_by_its_entrance() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (500, 0)], StreetClass::Residential);
        let plane = StreetSketch::plane();
        let link = |entrance: (f64, f64)| {
            let mut records = sketch.records();
            records.lot_entrances = vec![plane.unproject(Coord { x: entrance.0, y: entrance.1 })];
            let (graph, _) = build_streets(&records, &plane, &WalkParameters::default());
            let index = StreetIndex::new(&graph);
            let garage = Coord { x: 250.0, y: 55.0 };
            let draft = DraftLot::new(garage, "", LotKind::Underground, LotAccess::Public, Some(50));
            let closed = BarrierIndex::new(&[]);
            let around =
                Surroundings { graph: &graph, index: &index, closed: &closed, records: &records, plane: &plane };
            let link = link_lots(vec![draft], around, 100.0).remove(0).link.expect("a street is near");
            (link.point.x.round(), link.away_m.round())
        };
        assert_eq!(link((275.0, 30.0)), (275.0, 30.0));
        assert_eq!(link((295.0, 30.0)), (250.0, 55.0));
    }
}
