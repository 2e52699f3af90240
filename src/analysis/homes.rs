//! Where people live: populations of districts or cells, spread to residential buildings.
//!
//! People of an area go to its residential buildings in proportion to floor area (footprint × levels); an area
//! without buildings spreads them over its streets in proportion to length. Either way the result is *modelled* and
//! the total of each area is kept. Where no population is known, floor area stands in for people.

use geo::Coord;

use crate::base::ids::{DistrictId, Id};

/// A point where people live.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Home {
    /// Where, on the metric plane.
    pub point: Coord<f64>,
    /// People living there, above 0.
    pub people: f64,
    /// The district it lies in.
    pub district: Option<DistrictId>,
}

/// A place that can hold people: a residential building, or a piece of street where no building is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dwelling {
    /// Where, on the metric plane.
    pub point: Coord<f64>,
    /// How much it holds relative to others: floor area, or street length.
    pub weight: f64,
    /// The district it lies in.
    pub district: Option<DistrictId>,
}

/// People whose home area is known: an area (district or cell) by number, and how many.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaPeople {
    /// People in the area, 0 upwards.
    pub people: f64,
    /// Dwellings that lie in the area, as positions in the list of dwellings.
    pub dwellings: Vec<usize>,
    /// Where the people are put when the area has no dwelling.
    pub fallback: Option<Coord<f64>>,
    /// The district of the fallback point.
    pub district: Option<DistrictId>,
}

/// What the people rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PopulationBasis {
    /// Counted people, spread to buildings or streets.
    Counted,
    /// Nothing is known: floor area at [`FLOOR_AREA_PER_PERSON_M2`] stands in.
    FloorArea,
}

/// Gross floor area per person in square metres where population is unknown (default).
pub const FLOOR_AREA_PER_PERSON_M2: f64 = 50.0;

/// Homes, and how many people could not be placed.
#[derive(Clone, Debug, PartialEq)]
pub struct SpreadPeople {
    /// Homes in the order of the dwellings.
    pub homes: Vec<Home>,
    /// People of areas with neither a dwelling nor a fallback point.
    pub unplaced: f64,
}

/// Spreads the people of each area over its dwellings in proportion to their weight.
pub fn spread_people(areas: &[AreaPeople], dwellings: &[Dwelling]) -> SpreadPeople {
    let mut people = vec![0.0; dwellings.len()];
    let mut homes = Vec::new();
    let mut unplaced = 0.0;
    for area in areas {
        let weight: f64 = area.dwellings.iter().map(|&d| dwellings[d].weight).sum();
        if weight > 0.0 {
            for &dwelling in &area.dwellings {
                people[dwelling] += area.people * dwellings[dwelling].weight / weight;
            }
        } else if let Some(point) = area.fallback {
            homes.push(Home { point, people: area.people, district: area.district });
        } else {
            unplaced += area.people;
        }
    }
    let placed = dwellings.iter().zip(&people);
    homes.extend(placed.map(|(d, &people)| Home { point: d.point, people, district: d.district }));
    homes.retain(|home| home.people > 0.0);
    SpreadPeople { homes, unplaced }
}

/// Homes where no population is known: one person per [`FLOOR_AREA_PER_PERSON_M2`] of floor.
pub fn assume_people(dwellings: &[Dwelling]) -> Vec<Home> {
    let person =
        |d: &Dwelling| Home { point: d.point, people: d.weight / FLOOR_AREA_PER_PERSON_M2, district: d.district };
    dwellings.iter().filter(|d| d.weight > 0.0).map(person).collect()
}

/// People per district, in the order of district ids.
pub fn people_by_district(homes: &[Home], districts: usize) -> Vec<f64> {
    let mut people = vec![0.0; districts];
    for home in homes {
        if let Some(district) = home.district {
            people[district.index()] += home.people;
        }
    }
    people
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dwelling(x: f64, weight: f64) -> Dwelling {
        Dwelling { point: Coord { x, y: 0.0 }, weight, district: Some(DistrictId(0)) }
    }

    #[test]
    fn people_follow_floor_area_and_none_are_lost() {
        let dwellings = [dwelling(0.0, 100.0), dwelling(1.0, 300.0), dwelling(2.0, 50.0)];
        let full = AreaPeople { people: 80.0, dwellings: vec![0, 1], fallback: None, district: None };
        let bare =
            AreaPeople { people: 5.0, dwellings: vec![], fallback: Some(Coord { x: 9.0, y: 9.0 }), district: None };
        let lost = AreaPeople { people: 2.0, dwellings: vec![], fallback: None, district: None };
        let spread = spread_people(&[full, bare, lost], &dwellings);
        let people: Vec<f64> = spread.homes.iter().map(|h| h.people).collect();
        assert_eq!(people, [5.0, 20.0, 60.0]);
        assert_eq!(spread.unplaced, 2.0);
        assert_eq!(people_by_district(&spread.homes, 1), [80.0]);
    }

    #[test]
    fn floor_area_stands_in_for_people() {
        let homes = assume_people(&[dwelling(0.0, 200.0), dwelling(1.0, 0.0)]);
        assert_eq!(homes.len(), 1);
        assert_eq!(homes[0].people, 4.0);
    }
}
