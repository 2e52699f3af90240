//! Ids of the cells of European statistical grids, which hold the cell itself: `CRS3035RES1000mN3090000E3950000`,
//! `1kmN3090E3950`, `FR_CRS3035RES200mN2029800E4252400`.
//!
//! In: an id. Out: the lower left corner and the side of the cell in metres of ETRS89-LAEA (INSPIRE, D2.8.I.2 data
//! specification on geographical grid systems). Knows no people.

use geo::{Coord, LineString, MultiPolygon, Polygon};

use crate::base::projection::{Crs, LonLat};

/// ETRS89-LAEA, in which the grids lie.
const LAEA_CODE: u32 = 3035;
/// Widest cell that is read, metres; wider ones say nothing about a town.
const WIDEST_M: f64 = 100_000.0;

/// A cell of a grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct GridCell {
    /// Lower left corner, metres east.
    east: f64,
    /// Lower left corner, metres north.
    north: f64,
    /// Side, metres.
    side: f64,
}

impl GridCell {
    /// The cell of an id; `None` where the text is none, or one of another system.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let upper = text.trim().to_ascii_uppercase();
        let (side, rest) = match upper.split_once("CRS") {
            Some((_, cell)) => {
                let rest = cell.strip_prefix("3035RES")?;
                let (side, rest) = rest.split_once('M')?;
                (whole(side)?, rest)
            }
            None => {
                let side = &upper[..upper.find(['N', 'E'])?];
                let metres = match side.strip_suffix("KM") {
                    Some(kilometres) => whole(kilometres)? * 1000.0,
                    None => whole(side.strip_suffix('M')?)?,
                };
                (metres, &upper[side.len()..])
            }
        };
        let (north, east) = match rest.strip_prefix('N') {
            Some(rest) => rest.split_once('E')?,
            None => rest.strip_prefix('E')?.split_once('N').map(|(east, north)| (north, east))?,
        };
        // A short id leaves out the digits that are always zeros: cells of 1 km count kilometres, those of 200 m hundreds.
        let zeros = 10_f64.powf(side.max(1.0).log10().floor());
        let is_plain = [1.0, 2.0, 5.0].contains(&(side / zeros));
        let unit = if upper.contains("CRS") { 1.0 } else { zeros };
        let cell = Self { east: whole(east)? * unit, north: whole(north)? * unit, side };
        (is_plain && (1.0..=WIDEST_M).contains(&side)).then_some(cell)
    }
}

/// Digits alone as a number.
fn whole(digits: &str) -> Option<f64> {
    let is_number = (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

/// The system of the grids.
pub(super) struct Grid {
    crs: Crs,
}

impl Grid {
    /// `None` where the system cannot be made, which it always can.
    pub(super) fn new() -> Option<Self> {
        Crs::from_epsg(LAEA_CODE).ok().map(|crs| Self { crs })
    }

    /// The middle and the outline of a cell in degrees; `None` where it lies outside the system.
    pub(super) fn place(&self, cell: GridCell) -> Option<(LonLat, MultiPolygon<f64>)> {
        let GridCell { east, north, side } = cell;
        let middle = self.crs.to_lon_lat(east + side / 2.0, north + side / 2.0)?;
        let corners = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side), (0.0, 0.0)];
        let ring: Option<Vec<Coord<f64>>> = corners
            .iter()
            .map(|(x, y)| self.crs.to_lon_lat(east + x, north + y).map(|at| Coord { x: at.lon, y: at.lat }))
            .collect();
        Some((middle, MultiPolygon(vec![Polygon::new(LineString(ring?), Vec::new())])))
    }
}

#[cfg(test)]
mod tests {
    use geo::{Area, Contains, GeodesicArea};

    use super::*;

    #[test]
    fn ids_of_every_form_are_the_same_cell() {
        let cell = |east, north, side| Some(GridCell { east, north, side });
        for (text, expected) in [
            ("CRS3035RES1000mN3090000E3950000", cell(3_950_000.0, 3_090_000.0, 1000.0)),
            ("BE_CRS3035RES1000mN3090000E3950000", cell(3_950_000.0, 3_090_000.0, 1000.0)),
            ("1kmN3090E3950", cell(3_950_000.0, 3_090_000.0, 1000.0)),
            ("CRS3035RES200mN2029800E4252400", cell(4_252_400.0, 2_029_800.0, 200.0)),
            ("100mN30901E39502", cell(3_950_200.0, 3_090_100.0, 100.0)),
            ("1kmE3950N3090", cell(3_950_000.0, 3_090_000.0, 1000.0)),
            ("200mN20298E42524", cell(4_252_400.0, 2_029_800.0, 200.0)),
            ("250mN30902E39505", None),
            ("CRS25832RES1000mN3090000E3950000", None),
            ("1kmN3090", None),
            ("1kmN3090E", None),
            ("kmN1E2", None),
            ("CRS3035RES0mN1E2", None),
            ("62063A00-", None),
            ("é1kmN3090E3950", None),
            ("", None),
        ] {
            assert_eq!(GridCell::parse(text), expected, "{text}");
        }
    }

    /// A square kilometre of an equal-area system, in Brussels.
    #[test]
    fn a_cell_has_its_place_and_its_area() {
        let cell = GridCell::parse("1kmN3095E3924").expect("a cell");
        let (middle, outline) = Grid::new().expect("known").place(cell).expect("inside");
        assert!((middle.lon - 4.35).abs() < 0.1 && (middle.lat - 50.85).abs() < 0.1, "{middle:?}");
        assert!(outline.contains(&geo::Point::new(middle.lon, middle.lat)) && outline.unsigned_area() > 0.0);
        assert!((outline.geodesic_area_unsigned() - 1e6).abs() < 1e4, "{}", outline.geodesic_area_unsigned());
    }
}
