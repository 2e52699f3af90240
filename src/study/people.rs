//! Where people live: populations of districts, cells or codes, spread to the town's dwellings.

use geo::Coord;
use rayon::prelude::*;

use crate::analysis::homes::{AreaPeople, Dwelling, Home, PopulationBasis, assume_people, spread_people};
use crate::base::geometry::{length_m, point_along};
use crate::base::ids::{DistrictId, Id, SegmentId};
use crate::base::kinds::StreetClass;
use crate::base::notice::{Notice, Notices};
use crate::base::projection::Plane;
use crate::network::areas::AreaIndex;
use crate::network::streets::StreetGraph;
use crate::sources::osm::records::{OsmBuilding, OsmRecords};
use crate::sources::population::{PopulationCell, PopulationRecords};
use crate::study::town::District;

/// Levels of a house whose number of levels is not mapped (default).
const ASSUMED_LEVELS: u8 = 2;
/// Below this many residential buildings the extract is taken to hold none: streets stand in for them.
const LEAST_BUILDINGS: usize = 50;
/// Smaller outbuildings are not lived in, m² (default).
const LEAST_FOOTPRINT_M2: f32 = 25.0;

/// Homes and what they rest on.
pub struct People {
    /// Where people live.
    pub homes: Vec<Home>,
    /// What their numbers rest on.
    pub basis: PopulationBasis,
}

/// The buildings over which residents are spread; `None` where the extract holds so few that streets stand in for them.
pub fn find_residential_buildings(records: &OsmRecords) -> Option<Vec<&OsmBuilding>> {
    let lived_in = records.buildings.iter().filter(|b| b.residential && b.footprint_m2 >= LEAST_FOOTPRINT_M2);
    Some(lived_in.collect::<Vec<_>>()).filter(|buildings| buildings.len() >= LEAST_BUILDINGS)
}

/// Dwellings of the study: residential buildings by floor area, else streets by length.
pub fn find_dwellings(records: &OsmRecords, graph: &StreetGraph, plane: &Plane, areas: &AreaIndex) -> Vec<Dwelling> {
    // People leave a house by its door where one is mapped.
    let weighed = |b: &OsmBuilding| {
        (
            plane.project(b.entrances.first().copied().unwrap_or(b.position)),
            f64::from(b.footprint_m2) * f64::from(b.levels.unwrap_or(ASSUMED_LEVELS)),
        )
    };
    let dwellings = match find_residential_buildings(records) {
        Some(buildings) => buildings.into_iter().map(weighed).collect(),
        None => street_dwellings(graph),
    };
    dwellings
        .into_par_iter()
        .with_min_len(512)
        .map(|(point, weight)| Dwelling { point, weight, district: areas.find_area(point) })
        .collect()
}

/// The middle of each street along which people may live, with its length.
fn street_dwellings(graph: &StreetGraph) -> Vec<(Coord<f64>, f64)> {
    let lived_on = |class: StreetClass| {
        matches!(
            class,
            StreetClass::Secondary
                | StreetClass::Tertiary
                | StreetClass::Unclassified
                | StreetClass::Residential
                | StreetClass::LivingStreet
                | StreetClass::Pedestrian
        )
    };
    let segments = (0..graph.segment_count()).map(SegmentId::from_index);
    segments
        .filter(|&segment| lived_on(graph.segment_class(segment)))
        .filter_map(|segment| {
            let line = graph.segment_line(segment);
            Some((point_along(line, length_m(line) / 2.0)?, length_m(line)))
        })
        .collect()
}

/// Spreads what is known of the population over the dwellings. Cells go before codes, codes before the attributes of
/// districts; where nothing is known, floor area stands in.
pub fn settle_people(
    districts: &mut [District],
    population: Option<&PopulationRecords>,
    dwellings: &[Dwelling],
    (plane, areas): (&Plane, &AreaIndex),
    notices: &mut Notices,
) -> People {
    let areas_of_people = match population {
        Some(records) if !records.cells.is_empty() => people_of_cells(&records.cells, dwellings, plane, areas, notices),
        Some(records) => {
            take_codes(districts, &records.by_code, notices);
            people_of_districts(districts, dwellings, notices)
        }
        None => people_of_districts(districts, dwellings, notices),
    };
    if areas_of_people.iter().all(|area| area.people <= 0.0) {
        return People { homes: assume_people(dwellings), basis: PopulationBasis::FloorArea };
    }
    let spread = spread_people(&areas_of_people, dwellings);
    if spread.unplaced >= 0.5 {
        let problem = format!("{:.0} people live in districts without a dwelling in the street data", spread.unplaced);
        notices.push(
            Notice::warning("people_unplaced", "population", problem).action("left out of every share of people"),
        );
    }
    People { homes: spread.homes, basis: PopulationBasis::Counted }
}

/// Joins a table of codes to the districts.
fn take_codes(districts: &mut [District], by_code: &[(String, f64)], notices: &mut Notices) {
    let mut unknown = 0u32;
    for (code, people) in by_code {
        match districts.iter_mut().find(|d| d.code == *code) {
            Some(district) => district.population = Some(*people),
            None => unknown += 1,
        }
    }
    if unknown > 0 {
        let problem = format!("{unknown} codes of the population table are of no district");
        notices.push(Notice::warning("population_code_unknown", "population", problem).action("their people left out"));
    }
    let without: Vec<&str> = districts.iter().filter(|d| d.population.is_none()).map(|d| d.code.as_str()).collect();
    if !without.is_empty() && !by_code.is_empty() {
        let problem = format!("{} districts have no population, among them {}", without.len(), without[0]);
        notices
            .push(Notice::warning("district_without_population", "population", problem).action("counted as unknown"));
    }
}

/// People of each district, scaled to the share of it that the extract covers; how many that leaves out is told.
fn people_of_districts(districts: &[District], dwellings: &[Dwelling], notices: &mut Notices) -> Vec<AreaPeople> {
    let cut: Vec<&District> =
        districts.iter().filter(|d| d.covered_share < 1.0 && d.population.is_some_and(|people| people > 0.0)).collect();
    let outside: f64 = cut.iter().map(|d| d.population.unwrap_or(0.0) * (1.0 - d.covered_share)).sum();
    if outside >= 0.5 {
        let problem = format!(
            "about {outside:.0} people of {} districts live outside the street extract, by the share of their area",
            cut.len()
        );
        notices.push(Notice::warning("people_outside_extract", "population", problem).action("left out"));
    }
    let mut areas: Vec<AreaPeople> = districts
        .iter()
        .map(|d| AreaPeople {
            people: d.population.unwrap_or(0.0) * d.covered_share,
            dwellings: Vec::new(),
            fallback: None,
            district: None,
        })
        .collect();
    for (index, dwelling) in dwellings.iter().enumerate() {
        if let Some(district) = dwelling.district {
            areas[district.index()].dwellings.push(index);
        }
    }
    areas
}

/// People of each cell: to the dwellings inside it, else to its middle.
fn people_of_cells(
    cells: &[PopulationCell],
    dwellings: &[Dwelling],
    plane: &Plane,
    areas: &AreaIndex,
    notices: &mut Notices,
) -> Vec<AreaPeople> {
    use geo::MapCoords;
    let project = |c: Coord<f64>| plane.project(crate::base::projection::LonLat { lon: c.x, lat: c.y });
    let polygons: Vec<geo::MultiPolygon<f64>> = cells
        .iter()
        .map(|cell| cell.area.as_ref().map_or_else(|| geo::MultiPolygon(vec![]), |a| a.map_coords(project)))
        .collect();
    let index = AreaIndex::new(polygons);
    let mut people: Vec<AreaPeople> = cells
        .iter()
        .map(|cell| {
            let point = plane.project(cell.position);
            let district: Option<DistrictId> = areas.find_area(point);
            AreaPeople { people: cell.people, dwellings: Vec::new(), fallback: Some(point), district }
        })
        .collect();
    for (dwelling, place) in dwellings.iter().enumerate() {
        if let Some(cell) = index.find_area(place.point) {
            people[cell.index()].dwellings.push(dwelling);
        }
    }
    let outside = people.iter_mut().filter(|p| p.dwellings.is_empty() && p.district.is_none() && !areas.is_empty());
    let mut left_out = 0.0;
    for cell in outside {
        left_out += cell.people;
        cell.people = 0.0;
    }
    if left_out >= 0.5 {
        let problem = format!("{left_out:.0} people live in cells outside the area studied");
        notices.push(Notice::note("cells_outside", "population", problem).action("left out"));
    }
    people
}
