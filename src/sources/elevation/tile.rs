//! Heights on one grid.

use std::sync::Arc;

use super::georeference::Grid;
use super::smooth;
use crate::base::geometry::distance_m;
use crate::base::projection::{Crs, Plane};

/// Least share of the weight around a position that must have data for it to have a height.
const LEAST_WEIGHT: f64 = 0.5;
/// Grids are the same where their cells differ by less than this share of a cell.
const SAME_GRID: f64 = 0.05;

/// Heights on a grid, row by row.
#[derive(Clone, Debug)]
pub(super) struct Tile {
    crs: Arc<Crs>,
    grid: Grid,
    width: usize,
    height: usize,
    /// Sides of the cell in the middle along columns and rows, metres.
    sides_m: (f64, f64),
    /// Metres; NaN without data.
    heights: Vec<f32>,
}

impl Tile {
    /// A tile of `width` columns; `None` where its middle is not on the globe.
    pub fn new(crs: Arc<Crs>, grid: Grid, width: usize, heights: Vec<f32>) -> Option<Self> {
        let height = heights.len().checked_div(width)?;
        let sides_m = sides_m(&crs, &grid, width as f64 / 2.0, height as f64 / 2.0)?;
        Some(Self { crs, grid, width, height, sides_m, heights })
    }

    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    pub fn cell_count(&self) -> usize {
        self.heights.len()
    }

    /// Side of a square as large as the cell in the middle, metres.
    pub fn cell_size_m(&self) -> f64 {
        (self.sides_m.0 * self.sides_m.1).sqrt()
    }

    /// The height at coordinates of the tile's system. In the outer half of the cells at the edge their own height
    /// counts.
    pub fn height_at(&self, x: f64, y: f64) -> Option<f64> {
        let (column, row) = self.grid.cell(x, y);
        let (columns, rows) = (on_axis(column, self.width)?, on_axis(row, self.height)?);
        let (mut sum, mut weight) = (0.0, 0.0);
        for (row, down) in rows {
            for (column, right) in columns {
                let height = f64::from(self.heights[row * self.width + column]);
                if !height.is_nan() {
                    sum += right * down * height;
                    weight += right * down;
                }
            }
        }
        (weight >= LEAST_WEIGHT).then(|| sum / weight)
    }

    /// The same tile smoothed by a Gaussian.
    pub fn smoothed(&self, sigma_m: f64) -> Self {
        let sigmas = (sigma_m / self.sides_m.0, sigma_m / self.sides_m.1);
        Self { heights: smooth::smoothed(&self.heights, self.width, sigmas), ..self.clone_without_heights() }
    }

    fn clone_without_heights(&self) -> Self {
        let (crs, heights) = (Arc::clone(&self.crs), Vec::new());
        Self { crs, heights, grid: self.grid, width: self.width, height: self.height, sides_m: self.sides_m }
    }

    /// Takes in the heights of another tile of the same grid where this one has none. `false`, and nothing is done,
    /// where it is another grid, or where the box of both would hold more than `most_cells` or be half empty.
    pub fn take_in(&mut self, other: &Self, most_cells: usize) -> bool {
        let Some((right, down)) = self.offset_of(other) else { return false };
        let (left, top) = (right.min(0), down.min(0));
        let span =
            |least: i64, own: usize, offset: i64, others: usize| (own as i64).max(offset + others as i64) - least;
        let (width, height) = (span(left, self.width, right, other.width), span(top, self.height, down, other.height));
        let cells = width.saturating_mul(height);
        if cells > most_cells as i64 || cells > 2 * (self.cell_count() + other.cell_count()) as i64 {
            return false;
        }
        let (width, height) = (width as usize, height as usize);
        let mut heights = vec![f32::NAN; width * height];
        let mut put = |tile: &Self, right: usize, down: usize| {
            for (row, own) in tile.heights.chunks_exact(tile.width).enumerate() {
                let start = (row + down) * width + right;
                for (known, &height) in heights[start..start + tile.width].iter_mut().zip(own) {
                    if known.is_nan() {
                        *known = height;
                    }
                }
            }
        };
        put(self, (-left) as usize, (-top) as usize);
        put(other, (right - left) as usize, (down - top) as usize);
        self.grid = self.grid.moved(left as f64, top as f64);
        (self.width, self.height, self.heights) = (width, height, heights);
        true
    }

    /// The column and row of this tile at which another begins, where both are cut from one grid.
    fn offset_of(&self, other: &Self) -> Option<(i64, i64)> {
        if self.crs.code() != other.crs.code() {
            return None;
        }
        let first = self.grid.cell(other.grid.x[2], other.grid.y[2]);
        let (x, y) = other.grid.ground(other.width as f64, other.height as f64);
        let last = self.grid.cell(x, y);
        let (right, down) = (first.0.round(), first.1.round());
        let differences =
            [first.0 - right, first.1 - down, last.0 - right - other.width as f64, last.1 - down - other.height as f64];
        // No tile is farther off than this, and such numbers are whole in every type they pass through.
        let near = right.abs() < 1e9 && down.abs() < 1e9;
        (near && differences.iter().all(|d| d.abs() < SAME_GRID)).then_some((right as i64, down as i64))
    }
}

/// The two cells of an axis around a place on it, each with its weight. `None` outside.
fn on_axis(place: f64, count: usize) -> Option<[(usize, f64); 2]> {
    let last = count.checked_sub(1)? as f64;
    if !(-0.5..=last + 0.5).contains(&place) {
        return None;
    }
    let place = place.clamp(0.0, last);
    let before = place.floor();
    let after = (before + 1.0).min(last);
    Some([(before as usize, 1.0 - (place - before)), (after as usize, place - before)])
}

/// The sides of the cell at a place on the grid, metres.
fn sides_m(crs: &Crs, grid: &Grid, column: f64, row: f64) -> Option<(f64, f64)> {
    let position = |column, row| {
        let (x, y) = grid.ground(column, row);
        crs.to_lon_lat(x, y)
    };
    let middle = position(column, row)?;
    let plane = Plane::centred_on(middle);
    // Half a cell to both sides: the cell in the middle of a map of the world reaches no edge of it.
    let across = |ahead: (f64, f64)| {
        let before = plane.project(position(column - ahead.0, row - ahead.1)?);
        let after = plane.project(position(column + ahead.0, row + ahead.1)?);
        Some(distance_m(before, after)).filter(|side| side.is_finite() && *side > 0.0)
    };
    Some((across((0.5, 0.0))?, across((0.0, 0.5))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells of 10 m whose first centre is (x, y) in Lambert 72.
    fn tile(x: f64, y: f64, width: usize, heights: &[f32]) -> Tile {
        let crs = Arc::new(Crs::from_epsg(31370).expect("known"));
        let grid = Grid { x: [10.0, 0.0, x], y: [0.0, -10.0, y] };
        Tile::new(crs, grid, width, heights.to_vec()).expect("on the globe")
    }

    const X: f64 = 235_000.0;
    const Y: f64 = 147_000.0;

    /// Lambert 72 keeps lengths to 1 in 10,000 in Belgium.
    #[test]
    fn cells_are_measured_on_the_ground() {
        let size = tile(X, Y, 2, &[0.0; 4]).cell_size_m();
        assert!((size - 10.0).abs() < 0.001, "{size}");
    }

    /// Four cells 0 10 / 20 50: in their middle (0 + 10 + 20 + 50) / 4 = 20; a quarter of the way east on the upper
    /// row 0.75 * 0 + 0.25 * 10 = 2.5.
    #[test]
    fn heights_lie_between_the_centres() {
        let tile = tile(X, Y, 2, &[0.0, 10.0, 20.0, 50.0]);
        assert_eq!(tile.height_at(X + 5.0, Y - 5.0), Some(20.0));
        assert_eq!(tile.height_at(X + 2.5, Y), Some(2.5));
        assert_eq!(tile.height_at(X, Y), Some(0.0));
        assert_eq!(tile.height_at(X + 10.0, Y - 10.0), Some(50.0));
        // The outer half of the cells at the edge, and beyond.
        assert_eq!(tile.height_at(X - 4.9, Y + 4.9), Some(0.0));
        assert_eq!(tile.height_at(X + 14.9, Y - 14.9), Some(50.0));
        assert_eq!(tile.height_at(X - 5.1, Y), None);
        assert_eq!(tile.height_at(X, Y - 15.1), None);
        assert_eq!(tile.height_at(f64::NAN, Y), None);
        assert_eq!(tile.height_at(f64::INFINITY, Y), None);
    }

    /// Without the cell of 50, in the middle (0 + 10 + 20) / 3 = 10. Where that cell carries 0.8 * 0.8 = 0.64 of the
    /// weight there is no height; where it carries 0.7 * 0.7 = 0.49 the others serve: weights 0.09, 0.21, 0.21 of
    /// heights 0, 10, 20 give 6.3 / 0.51.
    #[test]
    fn cells_without_data_are_left_out_up_to_half() {
        let tile = tile(X, Y, 2, &[0.0, 10.0, 20.0, f32::NAN]);
        assert_eq!(tile.height_at(X + 5.0, Y - 5.0), Some(10.0));
        assert_eq!(tile.height_at(X + 8.0, Y - 8.0), None);
        let most = tile.height_at(X + 7.0, Y - 7.0).expect("half of the weight has data");
        assert!((most - 6.3 / 0.51).abs() < 1e-9, "{most}");
        assert_eq!(tile.height_at(X + 10.0, Y - 10.0), None);
    }

    /// Two tiles side by side: in the middle between the last column of one and the first of the other, (10 + 30) / 2.
    #[test]
    fn tiles_of_one_grid_join_without_a_seam() {
        let mut west = tile(X, Y, 2, &[0.0, 10.0, 0.0, 10.0]);
        let east = tile(X + 20.0, Y, 2, &[30.0, 40.0, f32::NAN, 40.0]);
        assert!(west.take_in(&east, 100));
        assert_eq!((west.width, west.height), (4, 2));
        assert_eq!(west.height_at(X + 15.0, Y), Some(20.0));
        // To the north-west, one column over: the box of both has 4 + 1 columns and 2 + 2 rows.
        let north = tile(X - 10.0, Y + 20.0, 2, &[1.0, 2.0, 3.0, 4.0]);
        assert!(west.take_in(&north, 100));
        assert_eq!((west.width, west.height), (5, 4));
        assert_eq!(west.height_at(X - 10.0, Y + 10.0), Some(3.0));
        assert_eq!(west.height_at(X + 20.0, Y), Some(30.0));
        assert_eq!(west.height_at(X + 30.0, Y + 20.0), None);
        // Known heights stay.
        assert!(west.take_in(&tile(X, Y, 1, &[77.0]), 100));
        assert_eq!(west.height_at(X, Y), Some(0.0));
    }

    #[test]
    fn other_grids_and_far_tiles_do_not_join() {
        let own = tile(X, Y, 2, &[0.0; 4]);
        for other in [tile(X + 23.0, Y, 2, &[0.0; 4]), tile(X + 2000.0, Y + 2000.0, 2, &[0.0; 4])] {
            assert!(!own.clone().take_in(&other, 1000));
        }
        let beside = tile(X + 20.0, Y, 2, &[0.0; 4]);
        assert!(!own.clone().take_in(&beside, 7), "8 cells are more than 7");
        assert!(own.clone().take_in(&beside, 8));
    }
}
