//! GeoTIFF files of a few cells for tests, written byte by byte, so that each can have its own defect.

use std::collections::BTreeMap;

/// A GeoTIFF of one band without compression, little endian.
#[derive(Clone, Debug)]
pub struct GeoTiff {
    width: usize,
    sample_bytes: usize,
    samples: Vec<u8>,
    tile_side: Option<usize>,
    /// Type, count and bytes of each tag.
    tags: BTreeMap<u16, (u16, u32, Vec<u8>)>,
    keys: BTreeMap<u16, u16>,
}

/// A number that can be the sample of a cell.
pub trait Sample: Copy {
    /// Value of the tag SampleFormat: 1 unsigned, 2 signed, 3 floating point.
    const FORMAT: u16;
    /// Its bytes, little endian.
    fn bytes(self) -> Vec<u8>;
}

macro_rules! samples {
    ($($kind:ty: $format:literal),*) => { $(
        impl Sample for $kind {
            const FORMAT: u16 = $format;
            fn bytes(self) -> Vec<u8> {
                self.to_le_bytes().to_vec()
            }
        }
    )* };
}
samples!(u8: 1, u16: 1, u32: 1, i16: 2, i32: 2, f32: 3, f64: 3);

impl GeoTiff {
    /// Rows of `width` cells from north to south, without a place on the ground.
    pub fn new<T: Sample>(width: usize, heights: &[T]) -> Self {
        let samples: Vec<u8> = heights.iter().flat_map(|height| height.bytes()).collect();
        let sample_bytes = samples.len() / heights.len();
        let new = Self { width, sample_bytes, samples, tile_side: None, tags: BTreeMap::new(), keys: BTreeMap::new() };
        new.longs(256, &[width as u32])
            .longs(257, &[(heights.len() / width) as u32])
            .shorts(258, &[sample_bytes as u16 * 8])
            .shorts(259, &[1])
            .shorts(262, &[1])
            .shorts(277, &[1])
            .shorts(339, &[T::FORMAT])
    }

    /// Square cells of `side` whose north-western corner lies at `west` and `north`.
    pub fn at(self, west: f64, north: f64, side: f64) -> Self {
        self.doubles(33_550, &[side, side, 0.0]).doubles(33_922, &[0.0, 0.0, 0.0, west, north, 0.0])
    }

    /// Coordinates in degrees of this EPSG code.
    pub fn in_degrees(self, epsg: u16) -> Self {
        self.key(1024, 2).key(1025, 1).key(2048, epsg)
    }

    /// Coordinates in metres of this EPSG code.
    pub fn in_metres(self, epsg: u16) -> Self {
        self.key(1024, 1).key(1025, 1).key(3072, epsg)
    }

    /// Sets a GeoKey.
    pub fn key(mut self, key: u16, value: u16) -> Self {
        self.keys.insert(key, value);
        self
    }

    /// The value that stands for no data.
    pub fn without_data(self, text: &str) -> Self {
        let bytes = [text.as_bytes(), b"\0"].concat();
        self.tag(42_113, 2, bytes.len() as u32, bytes)
    }

    /// Written in square tiles instead of rows. TIFF wants a multiple of 16.
    pub fn in_tiles_of(mut self, side: usize) -> Self {
        self.tile_side = Some(side);
        self.longs(322, &[side as u32]).longs(323, &[side as u32])
    }

    /// Sets a tag of 16-bit numbers.
    pub fn shorts(self, tag: u16, values: &[u16]) -> Self {
        self.tag(tag, 3, values.len() as u32, values.iter().flat_map(|v| v.to_le_bytes()).collect())
    }

    /// Sets a tag of 32-bit numbers.
    pub fn longs(self, tag: u16, values: &[u32]) -> Self {
        self.tag(tag, 4, values.len() as u32, values.iter().flat_map(|v| v.to_le_bytes()).collect())
    }

    /// Sets a tag of 64-bit floating point numbers.
    pub fn doubles(self, tag: u16, values: &[f64]) -> Self {
        self.tag(tag, 12, values.len() as u32, values.iter().flat_map(|v| v.to_le_bytes()).collect())
    }

    fn tag(mut self, tag: u16, kind: u16, count: u32, bytes: Vec<u8>) -> Self {
        self.tags.insert(tag, (kind, count, bytes));
        self
    }

    /// The file: header, cells, values of tags, directory.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut file = b"II*\0\0\0\0\0".to_vec();
        let mut whole = self.clone();
        let (mut places, mut lengths) = (Vec::new(), Vec::new());
        for chunk in self.chunks() {
            places.push(file.len() as u32);
            lengths.push(chunk.len() as u32);
            file.extend(chunk);
        }
        let (at, of) = if self.tile_side.is_some() { (324, 325) } else { (273, 279) };
        for (tag, values) in [(at, &places), (of, &lengths)] {
            if !self.tags.contains_key(&tag) {
                whole = whole.longs(tag, values);
            }
        }
        if self.tile_side.is_none() && !self.tags.contains_key(&278) {
            whole = whole.longs(278, &[1]);
        }
        if !self.keys.is_empty() {
            let entries = self.keys.iter().flat_map(|(&key, &value)| [key, 0, 1, value]);
            let directory: Vec<u16> = [1, 1, 0, self.keys.len() as u16].into_iter().chain(entries).collect();
            whole = whole.shorts(34_735, &directory);
        }
        let mut directory = (whole.tags.len() as u16).to_le_bytes().to_vec();
        for (tag, (kind, count, bytes)) in &whole.tags {
            directory.extend(tag.to_le_bytes());
            directory.extend(kind.to_le_bytes());
            directory.extend(count.to_le_bytes());
            if bytes.len() <= 4 {
                directory.extend(bytes.iter().copied().chain([0; 4]).take(4));
            } else {
                directory.extend((file.len() as u32).to_le_bytes());
                file.extend(bytes);
            }
        }
        directory.extend([0; 4]);
        let start = (file.len() as u32).to_le_bytes();
        file[4..8].copy_from_slice(&start);
        file.extend(directory);
        file
    }

    /// A strip of each row, or tiles padded with zeros.
    fn chunks(&self) -> Vec<Vec<u8>> {
        let row_bytes = self.width * self.sample_bytes;
        let Some(side) = self.tile_side else {
            return self.samples.chunks(row_bytes).map(<[u8]>::to_vec).collect();
        };
        let rows: Vec<&[u8]> = self.samples.chunks(row_bytes).collect();
        let mut tiles = Vec::new();
        for rows in rows.chunks(side) {
            for column in 0..self.width.div_ceil(side) {
                let mut tile = vec![0; side * side * self.sample_bytes];
                for (row, line) in rows.iter().zip(tile.chunks_mut(side * self.sample_bytes)) {
                    let from = column * side * self.sample_bytes;
                    let part = &row[from..row_bytes.min(from + side * self.sample_bytes)];
                    line[..part.len()].copy_from_slice(part);
                }
                tiles.push(tile);
            }
        }
        tiles
    }
}
