//! Heights of the ground: GeoTIFF files → grids of cells that can be asked for the height of a position.
//!
//! In: one or several files, each one band of heights in any coordinate system with an EPSG code. Out: an [`Elevation`]
//! and notices. Positions are degrees, heights metres above the datum of the file. This module knows no street and no
//! slope; bridges and tunnels are for those who do.

mod error;
mod georeference;
mod raster;
mod sieve;
mod smooth;
mod tile;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::base::notice::{Notice, Notices};
use crate::base::projection::LonLat;
use crate::sources::table::file_name;

pub use error::ElevationError;
pub use georeference::Extent;
use tile::Tile;

/// How far from the study cells are kept, in metres: a town and what lies around it, and the files of a country fit
/// in memory.
pub const WITHIN_M: f64 = 20_000.0;
/// Most cells that are kept of all files, 256 MB: 40 km by 40 km in cells of 5 m.
pub const MOST_CELLS: usize = 1 << 26;
/// Cells larger than this do not tell the slope of a street, in metres. `[D]`: the models of the whole world have 30 m
/// and 90 m.
const COARSE_M: f64 = 100.0;

/// Heights of the ground.
#[derive(Clone, Debug, Default)]
pub struct Elevation {
    tiles: Vec<Tile>,
}

/// Reads heights from a GeoTIFF file. With `near`, the middle of the study, only cells within [`WITHIN_M`] are kept; a
/// file that lies elsewhere gives no heights and a notice.
pub fn read_elevation(path: &Path, near: Option<LonLat>) -> Result<(Elevation, Notices), ElevationError> {
    let mut notices = Notices::new();
    let file = file_name(path);
    let Some(tile) = raster::read_tile(path, near, &mut notices)? else {
        let problem = format!("holds no cell within {} km of the middle of the study", WITHIN_M / 1000.0);
        notices.push(Notice::warning("elevation_outside", &file, problem).action("file not used"));
        return Ok((Elevation::default(), notices));
    };
    let size_m = tile.cell_size_m();
    if size_m > COARSE_M {
        let problem = format!("has cells of {size_m:.0} m, too coarse for the slope of a street");
        notices.push(Notice::warning("elevation_coarse", &file, problem).action("used all the same"));
    }
    Ok((Elevation { tiles: vec![tile] }, notices))
}

/// Reads heights from several files. Where they overlap the first that has a height counts.
pub fn read_elevations(paths: &[PathBuf], near: Option<LonLat>) -> Result<(Elevation, Notices), ElevationError> {
    let (mut all, mut notices) = (Elevation::default(), Notices::new());
    for path in paths {
        let (read, told) = read_elevation(path, near)?;
        notices.extend(told);
        let cells = all.cell_count() + read.cell_count();
        if cells > MOST_CELLS {
            return Err(ElevationError::TooLarge { file: file_name(path), cells: cells as u64, most: MOST_CELLS });
        }
        all.add(read);
    }
    Ok((all, notices))
}

/// Where a GeoTIFF of heights lies, from its first bytes. An error says why it is not one that can be read.
pub fn read_extent(path: &Path) -> Result<Extent, ElevationError> {
    raster::read_extent(path)
}

impl Elevation {
    /// Whether there is no cell at all.
    pub fn is_empty(&self) -> bool {
        self.tiles.is_empty()
    }

    /// How many cells there are, those without data among them.
    pub fn cell_count(&self) -> usize {
        self.tiles.iter().map(Tile::cell_count).sum()
    }

    /// The height of the ground at a position, metres: between the centres of the four cells around it, by distance
    /// along the two axes. Cells without data are left out and the others count for more, as long as these carry at
    /// least half of the weight. `None` outside, and where too much is missing.
    pub fn find_height_m(&self, position: LonLat) -> Option<f64> {
        let mut placed: Option<(u32, Option<(f64, f64)>)> = None;
        self.tiles.iter().find_map(|tile| {
            let (_, at) = match placed {
                Some(known) if known.0 == tile.crs().code() => known,
                _ => *placed.insert((tile.crs().code(), tile.crs().from_lon_lat(position))),
            };
            let (x, y) = at?;
            tile.height_at(x, y)
        })
    }

    /// The side of the largest cells, metres, in the middle of their file. `None` without cells.
    pub fn cell_size_m(&self) -> Option<f64> {
        self.tiles.iter().map(Tile::cell_size_m).reduce(f64::max)
    }

    /// How much to smooth these heights before slopes are taken, metres: one cell, at least 5 m and at most 30 m `[D]`.
    /// The noise of a model is about as wide as its cells; a street's own slope is longer than 30 m.
    pub fn smoothing_m(&self) -> f64 {
        self.cell_size_m().unwrap_or(0.0).clamp(5.0, 30.0)
    }

    /// The same heights smoothed by a Gaussian of this standard deviation in metres, cut at three of them.
    ///
    /// Heights are taken in pairs that lie opposite each other: where one of a pair lies outside or has no data the
    /// other is left out as well. So a plane stays the plane it is, up to the edge and around holes, at the price
    /// of less smoothing there. A cell without data stays without.
    pub fn smoothed(&self, sigma_m: f64) -> Self {
        Self { tiles: self.tiles.par_iter().map(|tile| tile.smoothed(sigma_m)).collect() }
    }

    /// Adds the heights of others, which count where these have none. Files cut from one grid become one grid again,
    /// without seams.
    pub fn add(&mut self, others: Self) {
        for other in others.tiles {
            if !self.tiles.iter_mut().any(|tile| tile.take_in(&other, MOST_CELLS)) {
                self.tiles.push(other);
            }
        }
    }
}
