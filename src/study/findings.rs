//! The frictions of a town: places, flows and timetables handed to the searches of the analysis.

use geo::Coord;

use crate::analysis::friction::dead_street::find_dead_streets;
use crate::analysis::friction::full_parking::{ObservedLot, find_full_parking};
use crate::analysis::friction::quiet_shops::{ShopSeen, find_quiet_shops};
use crate::analysis::friction::steps::find_step_passages;
use crate::analysis::friction::way_round::{BarrierIndex, PlaceKind, PlaceToCore, find_severed_homes, find_ways_round};
use crate::analysis::friction::{Cause, EvidenceSource, Fact, Finding};
use crate::analysis::homes::PopulationBasis;
use crate::analysis::statistics::median;
use crate::base::ids::{Id, SegmentId};
use crate::base::kinds::{LotAccess, LotKind, PlaceCategory, Quality, StopMode};
use crate::base::units::TravelTime;
use crate::study::assess::Assessment;
use crate::study::measure::persons_at_stop;
use crate::study::town::{Town, TownLot};

/// Shops within this walk of the core belong to it (default).
const CORE_SHOP_WALK: TravelTime = TravelTime::from_minutes(15);
/// A car park with fewer bays for visitors is too small for a word (default).
const LEAST_BAYS: f64 = 10.0;

/// Everything that costs customers time in this town, in no order.
pub fn find_frictions(assessment: &Assessment<'_>) -> Vec<Finding> {
    let (town, measures, parameters) = (assessment.town, assessment.measures, assessment.parameters);
    let lines: Vec<Vec<Coord<f64>>> = town.barriers.iter().map(|b| b.line.clone()).collect();
    let barriers = BarrierIndex::new(&lines);
    let mut findings = find_ways_round(PlaceKind::Station, &stations(assessment), &barriers, parameters);
    findings.extend(find_ways_round(PlaceKind::Asset, &assets(assessment), &barriers, parameters));
    findings.extend(find_ways_round(PlaceKind::Lot, &lots(assessment), &barriers, parameters));
    findings.extend(find_severed_homes(&homes(assessment), &barriers, parameters));
    let near_core =
        |segment: SegmentId| measures.segment_walk[segment.index()].is_some_and(|walk| walk <= parameters.walk_cutoff);
    let shops = shops(assessment);
    let shop_flow = median(&shops.iter().map(|shop| shop.flow).collect::<Vec<_>>()).unwrap_or(0.0);
    if !assessment.shops_are_sparse() {
        findings.extend(find_dead_streets(&town.graph, &measures.segment_flows, &near_core, shop_flow, parameters));
        let is_main = |segment: SegmentId| assessment.is_main_flow(segment);
        findings.extend(find_quiet_shops(&town.graph, &shops, &is_main, parameters));
    }
    findings.extend(find_step_passages(&town.graph, &|segment| measures.traffic.on(segment), parameters));
    findings.extend(find_full_parking(&observed_lots(town), parameters));
    if let Some(transit) = assessment.transit {
        findings.extend(transit.find_last_departures(parameters));
    }
    name_after_streets(town, &mut findings);
    findings
}

/// Names nameless streets and steps after the street that runs beside most of them.
fn name_after_streets(town: &Town, findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|f| f.name.is_empty()) {
        if matches!(finding.cause, Cause::FlowWithoutShops | Cause::StepsOnly | Cause::ShopsWithoutFlow) {
            finding.name = town.street_names.beside(&finding.lines);
        }
    }
}

fn place_to_core(town: &Town, name: &str, point: Coord<f64>, walk: Option<TravelTime>) -> PlaceToCore {
    PlaceToCore {
        name: name.to_owned(),
        point,
        core: town.nearest_core(point).0,
        walk,
        district: town.areas.find_area(point),
        persons: 0.0,
        quality: Quality::Assumed,
        basis: Fact::new("persons_per_day", 0.0, "persons_per_day", EvidenceSource::Parameter),
    }
}

fn stations(assessment: &Assessment<'_>) -> Vec<PlaceToCore> {
    let (town, parameters) = (assessment.town, assessment.parameters);
    let stops = town.stops.iter().zip(&assessment.measures.stop_walk);
    // A station, asset or home that joins no street is a gap of the data, not a walk of a person.
    let rail = stops.filter(|(stop, _)| stop.mode == StopMode::Rail && stop.link.is_some());
    rail.map(|(stop, walk)| {
        let persons = persons_at_stop(stop, parameters);
        let (quality, basis) = match (stop.boardings, stop.departures) {
            (Some(boardings), _) => {
                let fact = Fact::new("boardings_per_day", boardings, "persons_per_day", EvidenceSource::Boardings);
                (Quality::Observed, fact)
            }
            (None, Some(departures)) => {
                let fact = Fact::new("departures", f64::from(departures), "count", EvidenceSource::Timetable);
                (Quality::Inferred, fact)
            }
            (None, None) => {
                let assumed =
                    Fact::new("departures", parameters.assumed_departures, "count", EvidenceSource::Parameter);
                (Quality::Assumed, assumed)
            }
        };
        PlaceToCore { persons, quality, basis, ..place_to_core(town, &stop.name, stop.point, *walk) }
    })
    .collect()
}

fn assets(assessment: &Assessment<'_>) -> Vec<PlaceToCore> {
    let (town, parameters) = (assessment.town, assessment.parameters);
    let assets = town.places.iter().zip(&assessment.measures.place_walk);
    assets
        .filter(|(place, _)| place.category.is_asset() && place.category != PlaceCategory::Station)
        .filter(|(place, _)| !place.name.is_empty() && place.link.is_some())
        .map(|(place, walk)| {
            let visitors = parameters.asset_visitors;
            let basis = Fact::new("visitors_per_day", visitors, "persons_per_day", EvidenceSource::Parameter);
            PlaceToCore { persons: visitors, basis, ..place_to_core(town, &place.name, place.point, *walk) }
        })
        .collect()
}

fn lots(assessment: &Assessment<'_>) -> Vec<PlaceToCore> {
    let (town, parameters) = (assessment.town, assessment.parameters);
    let lots = town.lots.iter().zip(&assessment.measures.lot_walk);
    // Kerb parking belongs to its street: who parks there is counted with the residents of that street.
    let is_car_park = |lot: &TownLot| lot.kind != LotKind::Street && lot.access == LotAccess::Public;
    let is_known = |lot: &TownLot| lot.link.is_some() || lot.is_cut_off;
    lots.filter(|(lot, _)| is_car_park(lot) && is_known(lot) && lot.bays >= LEAST_BAYS)
        .map(|(lot, walk)| {
            let persons = lot.bays * parameters.bay_turnover * parameters.persons_per_car;
            let basis = Fact::new("bays", lot.bays, "bays", EvidenceSource::Parking);
            let quality = if lot.bays_given { Quality::Inferred } else { Quality::Assumed };
            PlaceToCore { persons, quality, basis, ..place_to_core(town, &lot.name, lot.point, *walk) }
        })
        .collect()
}

fn homes(assessment: &Assessment<'_>) -> Vec<PlaceToCore> {
    let (town, parameters) = (assessment.town, assessment.parameters);
    let quality = match town.population {
        PopulationBasis::Counted => Quality::Inferred,
        PopulationBasis::FloorArea => Quality::Assumed,
    };
    let homes = town.homes.iter().zip(&assessment.measures.home_walk).zip(&town.home_links);
    homes
        .filter(|(_, link)| link.is_some())
        .map(|((home, walk), _)| PlaceToCore {
            name: String::new(),
            point: home.point,
            core: town.nearest_core(home.point).0,
            walk: *walk,
            district: home.district,
            persons: home.people * parameters.trips_per_resident,
            quality,
            basis: Fact::new("residents", home.people, "persons", EvidenceSource::Population),
        })
        .collect()
}

fn shops(assessment: &Assessment<'_>) -> Vec<ShopSeen> {
    let (town, measures) = (assessment.town, assessment.measures);
    // Shops of another part of town have customers of their own: they are not to be judged by the flows of the core.
    let belongs = |index: usize| measures.place_walk[index].is_some_and(|walk| walk <= CORE_SHOP_WALK);
    let shops = town.places.iter().enumerate().filter(|&(index, p)| p.category.is_shop() && belongs(index));
    shops
        .filter_map(|(index, place)| {
            Some(ShopSeen {
                name: place.name.clone(),
                point: place.point,
                link: place.link?,
                district: place.district,
                flow: measures.place_flow[index],
                customers: measures.traffic.at_destination[index],
            })
        })
        .collect()
}

fn observed_lots(town: &Town) -> Vec<ObservedLot> {
    let lots = town.lots.iter().filter(|lot| !lot.occupancy.is_empty());
    lots.map(|lot| ObservedLot {
        name: lot.name.clone(),
        point: lot.point,
        district: lot.district,
        bays: lot.bays,
        maxstay_min: lot.maxstay_min,
        occupancy: lot.occupancy.clone(),
    })
    .collect()
}
