//! Grid city: a synthetic town in open ocean whose travel times can be derived by hand.
//!
//! `columns` streets run north and `rows` streets run east, `spacing_m` apart, all residential and open both ways.
//! Corner (i, j) is where column i meets row j; (0, 0) is the south-west corner and lies at the drawn point (0, 0).
//!
//! The walk from corner (i, j) to corner (k, l) takes `(|i - k| + |j - l|) * spacing / speed`: with 100 m between
//! the streets and 4.8 km/h (1.3333 m/s), 75 s per block, 300 s for four blocks.

use geo::{Coord, LineString, MultiPolygon, Polygon};

use super::street_sketch::StreetSketch;
use crate::base::projection::{LonLat, Plane};
use crate::base::units::TravelTime;
use crate::sources::osm::records::{
    LotAccess, LotKind, OsmBoundary, OsmBuilding, OsmElement, OsmLot, OsmPlace, OsmRecords, OsmStop, PlaceCategory,
    StopMode, StreetClass,
};

/// A town of crossing streets, and what was put into it.
#[derive(Clone, Debug)]
pub struct GridCity {
    /// How many streets run north.
    pub columns: usize,
    /// How many streets run east.
    pub rows: usize,
    /// Metres from street to street.
    pub spacing_m: i32,
    /// The records; the streets are in `streets`: rows first (`Row 0`, `Row 1`, …), then columns.
    pub records: OsmRecords,
}

impl GridCity {
    /// Seconds that a block of 100 m takes at the planning speed.
    pub const SECONDS_PER_BLOCK: f64 = 75.0;

    /// A town of this many streets each way (two at least), 100 m apart.
    pub fn new(columns: usize, rows: usize) -> Self {
        Self::with_spacing(columns, rows, 100)
    }

    /// A town of this many streets each way (two at least), `spacing_m` apart.
    pub fn with_spacing(columns: usize, rows: usize, spacing_m: i32) -> Self {
        let mut sketch = StreetSketch::new();
        let corner = |i: usize, j: usize| (i as i32 * spacing_m, j as i32 * spacing_m);
        for j in 0..rows {
            let line: Vec<_> = (0..columns).map(|i| corner(i, j)).collect();
            sketch.named_way(&line, StreetClass::Residential, &format!("Row {j}"));
        }
        for i in 0..columns {
            let line: Vec<_> = (0..rows).map(|j| corner(i, j)).collect();
            sketch.named_way(&line, StreetClass::Residential, &format!("Column {i}"));
        }
        Self { columns, rows, spacing_m, records: sketch.records() }
    }

    /// The study's plane: the south-west corner is its origin.
    pub fn plane(&self) -> Plane {
        StreetSketch::plane()
    }

    /// Where corner (i, j) is on the plane.
    pub fn corner(&self, i: usize, j: usize) -> Coord<f64> {
        Coord { x: i as f64 * f64::from(self.spacing_m), y: j as f64 * f64::from(self.spacing_m) }
    }

    /// Where corner (i, j) is on the globe.
    pub fn corner_position(&self, i: usize, j: usize) -> LonLat {
        self.plane().unproject(self.corner(i, j))
    }

    /// The walk between two corners at the planning speed: Manhattan distance over 1.3333 m/s.
    pub fn expected_time(&self, from: (usize, usize), to: (usize, usize)) -> TravelTime {
        let blocks = from.0.abs_diff(to.0) + from.1.abs_diff(to.1);
        TravelTime::from_seconds(blocks as f64 * f64::from(self.spacing_m) / 100.0 * Self::SECONDS_PER_BLOCK)
    }

    /// Changes the tags of the street along row `j`.
    pub fn row_street(&mut self, j: usize) -> &mut crate::sources::osm::records::StreetTags {
        &mut self.records.streets[j].tags
    }

    /// Changes the tags of the street along column `i`.
    pub fn column_street(&mut self, i: usize) -> &mut crate::sources::osm::records::StreetTags {
        let at = self.rows + i;
        &mut self.records.streets[at].tags
    }

    fn next_element(&self) -> OsmElement {
        let records = &self.records;
        let added = records.places.len() + records.stops.len() + records.lots.len() + records.buildings.len();
        OsmElement::Node(1_000_000 + added as i64)
    }

    /// Puts a shop (or another place) at a corner.
    pub fn add_place(&mut self, corner: (usize, usize), category: PlaceCategory) {
        let place = OsmPlace {
            element: self.next_element(),
            position: self.corner_position(corner.0, corner.1),
            entrances: Vec::new(),
            category,
            tag: "shop=yes".to_owned(),
            name: format!("Place {}", self.records.places.len()),
            opening_hours: String::new(),
            area_m2: None,
        };
        self.records.places.push(place);
    }

    /// Puts a stop at a corner.
    pub fn add_stop(&mut self, corner: (usize, usize), mode: StopMode) {
        let stop = OsmStop {
            element: self.next_element(),
            position: self.corner_position(corner.0, corner.1),
            name: format!("Stop {}-{}", corner.0, corner.1),
            mode,
        };
        self.records.stops.push(stop);
    }

    /// Puts a public open-air car park at a corner.
    pub fn add_lot(&mut self, corner: (usize, usize), capacity: u32) {
        let lot = OsmLot {
            element: self.next_element(),
            position: self.corner_position(corner.0, corner.1),
            outline: Vec::new(),
            name: format!("Lot {}-{}", corner.0, corner.1),
            access: LotAccess::Public,
            kind: LotKind::Surface,
            capacity: Some(capacity),
            disabled: None,
            fee: None,
            maxstay_min: None,
            levels: None,
            area_m2: None,
        };
        self.records.lots.push(lot);
    }

    /// Puts a dwelling of 100 m² on the ground at a corner.
    pub fn add_building(&mut self, corner: (usize, usize), levels: u8) {
        let building = OsmBuilding {
            element: self.next_element(),
            position: self.corner_position(corner.0, corner.1),
            entrances: Vec::new(),
            footprint_m2: 100.0,
            levels: Some(levels),
            residential: true,
            outline: Vec::new(),
        };
        self.records.buildings.push(building);
    }

    /// Adds a district: the rectangle between two corners and half a block more on every side, so that no corner
    /// lies on a border.
    pub fn add_district(&mut self, name: &str, south_west: (usize, usize), north_east: (usize, usize)) {
        let half = f64::from(self.spacing_m) / 2.0;
        let (low, high) = (self.corner(south_west.0, south_west.1), self.corner(north_east.0, north_east.1));
        let (west, south, east, north) = (low.x - half, low.y - half, high.x + half, high.y + half);
        let plane = self.plane();
        let ring: Vec<Coord<f64>> = [(west, south), (east, south), (east, north), (west, north), (west, south)]
            .iter()
            .map(|&(x, y)| plane.unproject(Coord { x, y }))
            .map(|position| Coord { x: position.lon, y: position.lat })
            .collect();
        let number = self.records.boundaries.len() as i64 + 1;
        self.records.boundaries.push(OsmBoundary {
            element: OsmElement::Relation(number),
            admin_level: 9,
            name: name.to_owned(),
            code: number.to_string(),
            area: MultiPolygon(vec![Polygon::new(LineString(ring), Vec::new())]),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 4 + 3 streets over 3 x 4 corners; column 2, row 3 lies 200 m east and 300 m north of the origin.
    #[test]
    fn corners_lie_where_they_are_drawn() {
        let city = GridCity::new(3, 4);
        assert_eq!(city.records.streets.len(), 7);
        assert_eq!(city.records.street_node_ids.len(), 12);
        let point = city.plane().project(city.records.street_node_positions[11]);
        assert!((point.x - 200.0).abs() < 1e-6 && (point.y - 300.0).abs() < 1e-6, "{point:?}");
        assert_eq!(city.expected_time((0, 0), (2, 2)), TravelTime::from_seconds(300.0));
    }
}
