//! A GeoTIFF file → a tile: the first image of the file, of which only the part near the study is decoded.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::georeference::{Extent, GeoTags, Grid};
use super::sieve::Sieve;
use super::tile::Tile;
use super::{ElevationError, MOST_CELLS, WITHIN_M};
use crate::base::notice::{Notice, Notices};
use crate::base::projection::{Crs, LonLat};
use crate::sources::regular::open_regular;
use crate::sources::table::file_name;

/// Largest strip or tile of a file, bytes unpacked.
const LARGEST_CHUNK: usize = 256 * 1024 * 1024;
/// Largest value of a tag, bytes: places of 131,000 strips or tiles.
const LARGEST_TAG: usize = 1024 * 1024;
/// Most cells that are unpacked for each that is kept: strips are as wide as the file.
const MOST_UNPACKED: u64 = 16;
/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_195.0;

/// Numbers of the compressions that are read (TIFF 6.0, Adobe Technote 2), and names of some that are not.
const COMPRESSIONS_READ: [u16; 5] = [1, 5, 8, 32_773, 32_946];
const COMPRESSIONS_NAMED: [(u16, &str); 7] = [
    (7, "JPEG"),
    (34_712, "JPEG 2000"),
    (34_887, "LERC"),
    (34_925, "LZMA"),
    (50_000, "Zstandard"),
    (50_001, "WebP"),
    (50_002, "JPEG XL"),
];

/// A file of heights, opened.
struct Raster {
    file: String,
    decoder: Decoder<BufReader<File>>,
    width: u32,
    height: u32,
    tags: GeoTags,
    grid: Grid,
    crs: Crs,
    /// Whether the file names no coordinate system and degrees were taken for granted.
    is_guessed: bool,
}

/// The cells of a raster that are read: columns and rows `from..to`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Window {
    columns: (u32, u32),
    rows: (u32, u32),
}

impl Window {
    fn width(&self) -> usize {
        (self.columns.1 - self.columns.0) as usize
    }

    fn cells(&self) -> u64 {
        u64::from(self.columns.1 - self.columns.0) * u64::from(self.rows.1 - self.rows.0)
    }
}

/// Where a file lies.
pub(super) fn read_extent(path: &Path) -> Result<Extent, ElevationError> {
    let raster = Raster::open(path)?;
    raster.grid.extent(&raster.crs, raster.width, raster.height).ok_or_else(|| raster.not_on_globe())
}

/// The heights of a file; `None` where no cell lies near.
pub(super) fn read_tile(
    path: &Path,
    near: Option<LonLat>,
    notices: &mut Notices,
) -> Result<Option<Tile>, ElevationError> {
    let mut raster = Raster::open(path)?;
    let file = raster.file.clone();
    if raster.is_guessed {
        let notice = Notice::warning("crs_guessed", &file, "names no coordinate system, and its numbers are degrees");
        notices.push(notice.action("read as EPSG:4326"));
    }
    let Some(window) = raster.window(near) else { return Ok(None) };
    if window.cells() > MOST_CELLS as u64 {
        return Err(ElevationError::TooLarge { file, cells: window.cells(), most: MOST_CELLS });
    }
    let without_data = raster.without_data(notices);
    let unit_m = raster.tags.height_unit_m(&file, notices);
    let mut sieve = Sieve::new(without_data, unit_m);
    let heights = raster.heights(&window, &mut sieve)?;
    sieve.tell(&file, notices);
    if sieve.used() == 0 {
        return Err(ElevationError::NoHeights { file, cells: window.cells() });
    }
    let not_on_globe = raster.not_on_globe();
    let grid = raster.grid.moved(window.columns.0.into(), window.rows.0.into());
    Tile::new(Arc::new(raster.crs), grid, window.width(), heights).map(Some).ok_or(not_on_globe)
}

impl Raster {
    fn open(path: &Path) -> Result<Self, ElevationError> {
        let file = file_name(path);
        let opened = open_regular(path);
        let opened = opened.map_err(|source| ElevationError::Unreadable { file: file.clone(), source })?;
        Self::decode(&file, opened).map_err(|error| match error {
            Refusal::Tiff(error) => ElevationError::of_tiff(&file, error),
            Refusal::Other(error) => *error,
        })
    }

    fn decode(file: &str, opened: File) -> Result<Self, Refusal> {
        let mut limits = Limits::default();
        limits.decoding_buffer_size = LARGEST_CHUNK;
        limits.intermediate_buffer_size = LARGEST_CHUNK;
        limits.ifd_value_size = LARGEST_TAG;
        let mut decoder = Decoder::new(BufReader::new(opened))?.with_limits(limits);
        let (width, height) = decoder.dimensions()?;
        check_compression(file, decoder.find_tag_unsigned(Tag::Compression)?)?;
        let bands = decoder.find_tag_unsigned::<u16>(Tag::SamplesPerPixel)?.unwrap_or(1);
        check_samples(file, bands, decoder.colortype()?)?;
        let tags = GeoTags {
            scale: doubles(&mut decoder, Tag::ModelPixelScaleTag)?,
            tie_points: doubles(&mut decoder, Tag::ModelTiepointTag)?,
            transformation: doubles(&mut decoder, Tag::ModelTransformationTag)?,
            keys: decoder.find_tag_unsigned_vec(Tag::GeoKeyDirectoryTag)?.unwrap_or_default(),
        };
        let not_placed = |found: &str| ElevationError::NotPlaced { file: file.to_owned(), found: found.to_owned() };
        let grid = tags.grid().map_err(not_placed)?;
        let is_guessed = tags.keys.is_empty() && in_degrees(&grid, width, height);
        let code = if is_guessed { Crs::WGS84_CODE } else { tags.epsg().map_err(not_placed)? };
        let crs = Crs::from_epsg(code).map_err(|source| ElevationError::System { file: file.to_owned(), source })?;
        Ok(Self { file: file.to_owned(), decoder, width, height, tags, grid, crs, is_guessed })
    }

    fn not_on_globe(&self) -> ElevationError {
        let found = format!("its cells do not lie on the globe in EPSG:{}", self.crs.code());
        ElevationError::NotPlaced { file: self.file.clone(), found }
    }

    /// The cells within reach of the study, all of them where its place is not known. `None` where there are none.
    fn window(&self, near: Option<LonLat>) -> Option<Window> {
        let whole = Window { columns: (0, self.width), rows: (0, self.height) };
        let Some(near) = near else { return Some(whole) };
        let lat = WITHIN_M / DEGREE_M;
        let lon = lat / near.lat.to_radians().cos().max(0.01);
        let steps = [-1.0, -0.5, 0.0, 0.5, 1.0];
        let around = steps.iter().flat_map(|east| steps.iter().map(move |north| (east, north)));
        let cells = around.filter_map(|(east, north)| {
            let position = LonLat::new(near.lon + east * lon, near.lat + north * lat)?;
            let (x, y) = self.crs.from_lon_lat(position)?;
            Some(self.grid.cell(x, y))
        });
        let endless = (f64::INFINITY, f64::NEG_INFINITY);
        let (columns, rows) = cells.fold((endless, endless), |(columns, rows), (column, row)| {
            let wider = |span: (f64, f64), at: f64| (span.0.min(at), span.1.max(at));
            (wider(columns, column), wider(rows, row))
        });
        let inside = |span: (f64, f64), count: u32| {
            let to = (span.1.ceil() + 1.0).clamp(0.0, count.into()) as u32;
            let from = span.0.floor().clamp(0.0, count.into()) as u32;
            (from < to).then_some((from, to))
        };
        Some(Window { columns: inside(columns, self.width)?, rows: inside(rows, self.height)? })
    }

    /// The value that stands for no data (a tag of GDAL).
    fn without_data(&mut self, notices: &mut Notices) -> Option<f64> {
        let text = self.decoder.find_tag(Tag::GdalNodata).ok()??.into_string().unwrap_or_default();
        let number = text.trim().trim_end_matches('\0').trim().parse().ok();
        if number.is_none() {
            let notice = Notice::warning("nodata_unparsable", &self.file, "is not a number");
            notices.push(notice.field("GDAL_NODATA", text).action("all values taken as heights"));
        }
        number
    }

    /// The heights of a window, row by row, NaN where there is no data.
    fn heights(&mut self, window: &Window, sieve: &mut Sieve) -> Result<Vec<f32>, ElevationError> {
        let (across, down) = self.decoder.chunk_dimensions();
        let of_tiff = |error| ElevationError::of_tiff(&self.file, error);
        let too_few = || ElevationError::Damaged {
            file: self.file.clone(),
            reason: "it has fewer strips or tiles than its size asks for".to_owned(),
        };
        if across == 0 || down == 0 {
            return Err(too_few());
        }
        let chunks = |span: (u32, u32), side: u32| span.0 / side..=(span.1 - 1) / side;
        let (columns, rows) = (chunks(window.columns, across), chunks(window.rows, down));
        let count = columns.clone().count() as u64 * rows.clone().count() as u64;
        let side = |whole: u32, chunk: u32| u64::from(chunk).min(if self.is_tiled() { u64::MAX } else { whole.into() });
        let unpacked = count.saturating_mul(side(self.width, across).saturating_mul(side(self.height, down)));
        let most = window.cells().max(MOST_CELLS as u64 / MOST_UNPACKED).saturating_mul(MOST_UNPACKED);
        if unpacked > most {
            return Err(ElevationError::TooLarge { file: self.file.clone(), cells: unpacked, most: most as usize });
        }
        let lengths = if self.is_tiled() { Tag::TileByteCounts } else { Tag::StripByteCounts };
        let lengths: Vec<u64> = self.decoder.find_tag_unsigned_vec(lengths).map_err(of_tiff)?.unwrap_or_default();
        let per_row = self.width.div_ceil(across);
        let mut heights = Vec::new();
        for row in rows {
            for column in columns.clone() {
                let chunk = u64::from(row) * u64::from(per_row) + u64::from(column);
                // A part of which nothing is written holds no data (GDAL, sparse files).
                if lengths.get(chunk as usize) == Some(&0) {
                    continue;
                }
                let chunk = u32::try_from(chunk).ok().filter(|&chunk| (chunk as usize) < lengths.len());
                let chunk = chunk.ok_or_else(too_few)?;
                let samples = self.decoder.read_chunk(chunk).map_err(|e| ElevationError::of_tiff(&self.file, e))?;
                if heights.is_empty() {
                    heights = vec![f32::NAN; window.cells() as usize];
                }
                let width = across.min(self.width - column * across);
                put(&samples, (column * across, row * down, width), window, sieve, &mut heights);
            }
        }
        Ok(heights)
    }

    fn is_tiled(&self) -> bool {
        self.decoder.get_chunk_type() == tiff::decoder::ChunkType::Tile
    }
}

/// Why a file is refused: by the TIFF reader, or by us.
enum Refusal {
    Tiff(TiffError),
    Other(Box<ElevationError>),
}

impl From<TiffError> for Refusal {
    fn from(error: TiffError) -> Self {
        Self::Tiff(error)
    }
}

impl From<ElevationError> for Refusal {
    fn from(error: ElevationError) -> Self {
        Self::Other(Box::new(error))
    }
}

fn check_compression(file: &str, number: Option<u16>) -> Result<(), ElevationError> {
    let number = number.unwrap_or(1);
    if COMPRESSIONS_READ.contains(&number) {
        return Ok(());
    }
    let name = COMPRESSIONS_NAMED.iter().find(|(known, _)| *known == number).map(|(_, name)| (*name).to_owned());
    let found = name.unwrap_or_else(|| format!("method {number}"));
    Err(ElevationError::Compression { file: file.to_owned(), found })
}

fn check_samples(file: &str, bands: u16, kind: ColorType) -> Result<(), ElevationError> {
    let found = match (bands, kind) {
        (1, ColorType::Gray(8 | 16 | 32 | 64)) => return Ok(()),
        (1, ColorType::Gray(bits)) => format!("numbers of {bits} bits"),
        (1, ColorType::Palette(_)) => "a picture in colours of a palette".to_owned(),
        (1, other) => format!("something else ({other:?})"),
        (bands, _) => format!("{bands} bands, as a picture does"),
    };
    Err(ElevationError::NotHeights { file: file.to_owned(), found })
}

fn doubles(decoder: &mut Decoder<BufReader<File>>, tag: Tag) -> Result<Option<Vec<f64>>, TiffError> {
    decoder.find_tag(tag)?.map(|value| value.into_f64_vec()).transpose()
}

/// Whether all corners are positions in degrees.
fn in_degrees(grid: &Grid, width: u32, height: u32) -> bool {
    let (right, down) = (f64::from(width), f64::from(height));
    let corners = [(0.0, 0.0), (right, 0.0), (0.0, down), (right, down)];
    corners.iter().map(|&(column, row)| grid.ground(column, row)).all(|(x, y)| LonLat::new(x, y).is_some())
}

/// Puts the samples of a strip or tile that begins at a column and row, `width` cells wide, into the window.
fn put(samples: &DecodingResult, at: (u32, u32, u32), window: &Window, sieve: &mut Sieve, heights: &mut [f32]) {
    match samples {
        DecodingResult::U8(values) => place(values, at, window, heights, |v| sieve.height(v.into())),
        DecodingResult::U16(values) => place(values, at, window, heights, |v| sieve.height(v.into())),
        DecodingResult::U32(values) => place(values, at, window, heights, |v| sieve.height(v.into())),
        DecodingResult::U64(values) => place(values, at, window, heights, |v| sieve.height(v as f64)),
        DecodingResult::I8(values) => place(values, at, window, heights, |v| sieve.height(v.into())),
        DecodingResult::I16(values) => place(values, at, window, heights, |v| sieve.height(v.into())),
        DecodingResult::I32(values) => place(values, at, window, heights, |v| sieve.height(v.into())),
        DecodingResult::I64(values) => place(values, at, window, heights, |v| sieve.height(v as f64)),
        DecodingResult::F16(values) => place(values, at, window, heights, |v| sieve.height(v.to_f64())),
        DecodingResult::F32(values) => place(values, at, window, heights, |v| sieve.height(v.into())),
        DecodingResult::F64(values) => place(values, at, window, heights, |v| sieve.height(v)),
    }
}

fn place<T: Copy>(
    values: &[T],
    (column, row, width): (u32, u32, u32),
    window: &Window,
    heights: &mut [f32],
    mut height: impl FnMut(T) -> f32,
) {
    let from = window.columns.0.max(column);
    let to = window.columns.1.min(column + width);
    for (values, row) in values.chunks_exact(width as usize).zip(row..window.rows.1) {
        let Some(down) = row.checked_sub(window.rows.0).filter(|_| from < to) else { continue };
        let start = down as usize * window.width() + (from - window.columns.0) as usize;
        let part = &values[(from - column) as usize..(to - column) as usize];
        for (known, &value) in heights[start..].iter_mut().zip(part) {
            *known = height(value);
        }
    }
}
