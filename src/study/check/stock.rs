//! What there is: car parks, residents and shops, heights.

use std::collections::BTreeMap;

use crate::analysis::homes::PopulationBasis;
use crate::base::kinds::{LotKind, PlaceCategory};
use crate::canvas::check::{ElevationCheck, LotsOfKind, ParkingCheck, PeopleCheck};
use crate::canvas::friction_points::round_to;
use crate::network::survey::measure_height_share;
use crate::sources::elevation::Elevation;
use crate::study::assess::shops_are_sparse;
use crate::study::people::find_residential_buildings;
use crate::study::read::Records;
use crate::study::town::{Town, TownLot};

/// Counts the car parks and kerbs of a town.
pub(super) fn check_parking(lots: &[TownLot]) -> ParkingCheck {
    let mut kinds: BTreeMap<LotKind, LotsOfKind> = BTreeMap::new();
    let mut check = ParkingCheck { lots: lots.len() as u64, ..ParkingCheck::default() };
    for lot in lots {
        let of_kind = kinds.entry(lot.kind).or_insert_with(|| LotsOfKind {
            kind: kind_key(lot.kind),
            lots: 0,
            with_capacity: 0,
            bays: 0.0,
        });
        of_kind.lots += 1;
        of_kind.with_capacity += u64::from(lot.bays_given);
        of_kind.bays += lot.bays;
        check.with_capacity += u64::from(lot.bays_given);
        *if lot.bays_given { &mut check.bays_told } else { &mut check.bays_estimated } += lot.bays;
        check.with_disabled += u64::from(lot.disabled.is_some());
        check.with_occupancy += u64::from(!lot.occupancy.is_empty());
        check.cut_off += u64::from(lot.is_cut_off);
    }
    (check.bays_told, check.bays_estimated) = (round_to(check.bays_told, 0), round_to(check.bays_estimated, 0));
    check.kinds = kinds.into_values().map(|of| LotsOfKind { bays: round_to(of.bays, 0), ..of }).collect();
    check
}

fn kind_key(kind: LotKind) -> String {
    serde_json::to_value(kind).ok().and_then(|key| key.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Counts residents, districts and shops.
pub(super) fn check_people(records: &Records, town: &Town) -> PeopleCheck {
    let files = records.population.as_ref();
    let in_cells: f64 = files.map_or(0.0, |files| files.cells.iter().map(|cell| cell.people).sum());
    let in_codes: f64 = files.map_or(0.0, |files| files.by_code.iter().map(|(_, people)| people).sum());
    let residents: f64 = town.homes.iter().map(|home| home.people).sum();
    let places = |holds: fn(PlaceCategory) -> bool| town.places.iter().filter(|p| holds(p.category)).count() as u64;
    PeopleCheck {
        cells: files.map_or(0, |files| files.cells.len() as u64),
        codes: files.map_or(0, |files| files.by_code.len() as u64),
        people_in_files: round_to(in_cells + in_codes, 0),
        residents: (town.population == PopulationBasis::Counted).then(|| round_to(residents, 0)),
        districts: town.districts.len() as u64,
        districts_with_people: town.districts.iter().filter(|district| district.population.is_some()).count() as u64,
        dwellings: find_residential_buildings(&records.osm).map_or(0, |buildings| buildings.len() as u64),
        shops: places(PlaceCategory::is_shop),
        shops_are_sparse: shops_are_sparse(town),
        vacant: places(|category| category == PlaceCategory::Vacant),
    }
}

/// How far the heights reach.
pub(super) fn check_elevation(heights: &Elevation, town: &Town) -> ElevationCheck {
    let is_known = |point| heights.find_height_m(town.plane.unproject(point)).is_some();
    ElevationCheck {
        cell_m: heights.cell_size_m().map(|cell_m| round_to(cell_m, 2)),
        covered_share: round_to(measure_height_share(&town.graph, is_known), 4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::kinds::LotAccess;
    use geo::Coord;

    fn lot(kind: LotKind, bays: f64, bays_given: bool) -> TownLot {
        TownLot {
            name: String::new(),
            point: Coord { x: 0.0, y: 0.0 },
            link: None,
            is_cut_off: false,
            kind,
            access: LotAccess::Public,
            bays,
            bays_given,
            disabled: bays_given.then_some(2),
            maxstay_min: None,
            fee: None,
            price_per_hour: None,
            occupancy: Vec::new(),
            hours: Vec::new(),
            district: None,
        }
    }

    #[test]
    fn bays_told_and_estimated_are_kept_apart() {
        let lots =
            [lot(LotKind::Surface, 40.0, true), lot(LotKind::Surface, 12.5, false), lot(LotKind::Street, 7.0, false)];
        let found = check_parking(&lots);
        assert_eq!((found.lots, found.with_capacity, found.with_disabled), (3, 1, 1));
        assert_eq!((found.bays_told, found.bays_estimated), (40.0, 20.0), "12.5 and 7 are 19.5");
        let kinds: Vec<_> = found.kinds.iter().map(|of| (of.kind.as_str(), of.lots, of.with_capacity)).collect();
        assert_eq!(kinds, [("surface", 2, 1), ("street", 1, 0)]);
    }
}
