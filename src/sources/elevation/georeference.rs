//! Where the cells of a GeoTIFF lie: its tags and keys → a grid in a coordinate system.

use crate::base::notice::{Notice, Notices};
use crate::base::projection::{Crs, LonLat};

/// Keys of a GeoTIFF that are asked for (OGC GeoTIFF 1.1, 19-008r4).
mod key {
    pub(super) const MODEL_TYPE: u16 = 1024;
    pub(super) const RASTER_TYPE: u16 = 1025;
    pub(super) const GEOGRAPHIC_TYPE: u16 = 2048;
    pub(super) const PROJECTED_TYPE: u16 = 3072;
    pub(super) const VERTICAL_UNITS: u16 = 4099;
}
/// Value of a key that says: told elsewhere, by parameters.
const USER_DEFINED: u16 = 32_767;
/// Value of [`key::MODEL_TYPE`]: geographic, in degrees.
const GEOGRAPHIC: u16 = 2;
/// Value of [`key::RASTER_TYPE`]: a position of the grid is the centre of a cell, not its corner.
const PIXEL_IS_POINT: u16 = 2;

/// A box in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// Western edge.
    pub west: f64,
    /// Southern edge.
    pub south: f64,
    /// Eastern edge.
    pub east: f64,
    /// Northern edge.
    pub north: f64,
}

/// The tags that place a raster, as written.
#[derive(Clone, Debug, Default)]
pub(super) struct GeoTags {
    /// ModelPixelScale.
    pub scale: Option<Vec<f64>>,
    /// ModelTiepoint.
    pub tie_points: Option<Vec<f64>>,
    /// ModelTransformation.
    pub transformation: Option<Vec<f64>>,
    /// GeoKeyDirectory.
    pub keys: Vec<u16>,
}

impl GeoTags {
    /// The short value of a key. Entries are (key, place of the value, count, value); place 0 is the entry itself.
    fn key(&self, wanted: u16) -> Option<u16> {
        let entries = self.keys.get(4..)?.chunks_exact(4);
        entries.take_while(|entry| entry[0] <= wanted).find(|entry| entry[0] == wanted && entry[1] == 0).map(|e| e[3])
    }

    /// Metres of a unit of height.
    pub fn height_unit_m(&self, file: &str, notices: &mut Notices) -> f64 {
        let (name, metres) = match self.key(key::VERTICAL_UNITS) {
            None | Some(9001) => return 1.0,
            Some(9002) => ("feet", 0.3048),
            Some(9003) => ("feet of the US survey", 1200.0 / 3937.0),
            Some(code) => {
                let notice = Notice::warning("height_unit_unknown", file, "is no known unit of height");
                notices.push(notice.field("VerticalUnits", code.to_string()).action("taken as metres"));
                return 1.0;
            }
        };
        let problem = format!("tells heights in {name}");
        notices.push(Notice::note("elevation_in_feet", file, problem).action("turned into metres"));
        metres
    }

    /// The grid of the cells' centres.
    pub fn grid(&self) -> Result<Grid, &'static str> {
        let corners = self.grid_of_corners()?;
        let grid = match self.key(key::RASTER_TYPE) {
            Some(PIXEL_IS_POINT) => corners,
            _ => corners.moved(0.5, 0.5),
        };
        let numbers = [grid.x, grid.y].concat();
        let area = grid.x[0] * grid.y[1] - grid.x[1] * grid.y[0];
        if numbers.iter().all(|n| n.is_finite()) && area.is_finite() && area != 0.0 && area.recip().is_finite() {
            Ok(grid)
        } else {
            Err("its cells have no size")
        }
    }

    fn grid_of_corners(&self) -> Result<Grid, &'static str> {
        if let Some(&[a, b, _, d, e, f, _, h, ..]) = self.transformation.as_deref() {
            return Ok(Grid { x: [a, b, d], y: [e, f, h] });
        }
        match (self.scale.as_deref(), self.tie_points.as_deref()) {
            (Some(&[east, south, ..]), Some(&[column, row, _, x, y, _, ..])) => {
                Ok(Grid { x: [east, 0.0, x], y: [0.0, -south, y] }.moved(-column, -row))
            }
            (None, Some(points)) if points.len() > 6 => Err("it is placed by points on the ground and not by a grid"),
            _ => Err("it does not say where on the ground it lies (no GeoTIFF tags)"),
        }
    }

    /// The EPSG code of the coordinates: a number, or what stands in its place.
    pub fn epsg(&self) -> Result<u32, &'static str> {
        let geographic = self.key(key::MODEL_TYPE) == Some(GEOGRAPHIC);
        let wanted = if geographic { key::GEOGRAPHIC_TYPE } else { key::PROJECTED_TYPE };
        let code = match (self.key(wanted), self.key(key::MODEL_TYPE)) {
            (None, None) => self.key(key::GEOGRAPHIC_TYPE),
            (code, _) => code,
        };
        match code {
            None | Some(0) => Err("it names no coordinate system"),
            Some(USER_DEFINED) => Err("its coordinate system has no EPSG code"),
            Some(code) => Ok(code.into()),
        }
    }
}

/// Columns and rows of cell centres → coordinates: `x = x[0] * column + x[1] * row + x[2]`, and so for y.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Grid {
    pub x: [f64; 3],
    pub y: [f64; 3],
}

impl Grid {
    /// The same grid counted from another column and row.
    pub fn moved(self, columns: f64, rows: f64) -> Self {
        let (x, y) = self.ground(columns, rows);
        Self { x: [self.x[0], self.x[1], x], y: [self.y[0], self.y[1], y] }
    }

    /// The coordinates of a place on the grid.
    pub fn ground(&self, column: f64, row: f64) -> (f64, f64) {
        let at = |axis: &[f64; 3]| axis[0] * column + axis[1] * row + axis[2];
        (at(&self.x), at(&self.y))
    }

    /// The place on the grid of coordinates: column and row, whole at the centres of cells.
    pub fn cell(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = (x - self.x[2], y - self.y[2]);
        let area = self.x[0] * self.y[1] - self.x[1] * self.y[0];
        ((x * self.y[1] - y * self.x[1]) / area, (y * self.x[0] - x * self.y[0]) / area)
    }

    /// The box of all corners and the middles of the edges that lie on the globe.
    pub fn extent(&self, crs: &Crs, width: u32, height: u32) -> Option<Extent> {
        let (width, height) = (f64::from(width), f64::from(height));
        let shares = [0.0, 0.5, 1.0];
        let places = shares.iter().flat_map(|right| shares.iter().map(move |down| (right, down)));
        let positions = places.filter_map(|(right, down)| {
            let (x, y) = self.ground(right * width - 0.5, down * height - 0.5);
            crs.to_lon_lat(x, y)
        });
        positions.fold(None, |found: Option<Extent>, LonLat { lon, lat }| {
            let known = found.unwrap_or(Extent { west: lon, south: lat, east: lon, north: lat });
            Some(Extent {
                west: known.west.min(lon),
                south: known.south.min(lat),
                east: known.east.max(lon),
                north: known.north.max(lat),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(raster_type: u16) -> GeoTags {
        GeoTags {
            scale: Some(vec![10.0, 20.0, 0.0]),
            tie_points: Some(vec![2.0, 1.0, 0.0, 1000.0, 5000.0, 0.0]),
            transformation: None,
            keys: vec![1, 1, 0, 2, 1024, 0, 1, 1, 1025, 0, 1, raster_type],
        }
    }

    /// The tie point says: column 2, row 1 is (1000, 5000). With cells as areas that is the corner of a cell, whose
    /// centre lies half a cell east and south: (1005, 4990). With cells as points it is the centre.
    #[test]
    fn cells_as_areas_lie_half_a_cell_further() {
        let area = tags(1).grid().expect("a grid");
        assert_eq!(area.ground(2.0, 1.0), (1005.0, 4990.0));
        assert_eq!(area.ground(0.0, 0.0), (985.0, 5010.0));
        let point = tags(2).grid().expect("a grid");
        assert_eq!(point.ground(2.0, 1.0), (1000.0, 5000.0));
        assert_eq!(point.cell(1010.0, 4980.0), (3.0, 2.0));
    }

    /// Turned by a right angle: columns run south, rows run east.
    #[test]
    fn a_transformation_may_turn_the_grid() {
        let transformation = vec![0.0, 5.0, 0.0, 100.0, -5.0, 0.0, 0.0, 200.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0];
        let keys = vec![1, 1, 0, 1, 1025, 0, 1, 2];
        let grid = GeoTags { transformation: Some(transformation), keys, ..GeoTags::default() }.grid().expect("a grid");
        assert_eq!(grid.ground(1.0, 2.0), (110.0, 195.0));
        assert_eq!(grid.cell(110.0, 195.0), (1.0, 2.0));
    }

    #[test]
    fn what_places_nothing_is_refused() {
        assert!(GeoTags::default().grid().is_err());
        let flat = GeoTags { scale: Some(vec![0.0, 1.0, 0.0]), ..tags(1) };
        assert!(flat.grid().is_err());
        let endless = GeoTags { scale: Some(vec![f64::NAN, 1.0, 0.0]), ..tags(1) };
        assert!(endless.grid().is_err());
        let points = GeoTags { scale: None, tie_points: Some(vec![0.0; 24]), ..tags(1) };
        assert!(points.grid().expect_err("points").contains("points on the ground"));
        assert!(tags(1).epsg().is_err());
    }

    #[test]
    fn the_system_is_that_of_the_model() {
        let both = |model| GeoTags {
            keys: vec![1, 1, 0, 3, 1024, 0, 1, model, 2048, 0, 1, 4313, 3072, 0, 1, 31370],
            ..tags(1)
        };
        assert_eq!(both(1).epsg(), Ok(31370));
        assert_eq!(both(2).epsg(), Ok(4313));
        let own = GeoTags { keys: vec![1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32767], ..tags(1) };
        assert!(own.epsg().expect_err("own").contains("no EPSG code"));
    }
}
