//! Where an extract lies, before anything else of it is read.
//!
//! In: a `.osm.pbf`. Out: positions of its nodes, all of them or a sample. Knows no tag.

use std::path::Path;

use rayon::prelude::*;

use super::blobs::{self, BlobKind};
use super::error::OsmError;
use super::wire::{Fields, Malformed, Packed, Value, zigzag};
use crate::base::projection::LonLat;

/// Bytes of a file from which on only a sample of its blobs is looked at, evenly spread.
const WHOLE_BELOW: usize = 32 * 1024 * 1024;

/// Positions of the nodes of an extract in file order; of a large one those of a sample of its blobs.
pub fn read_node_positions(path: &Path) -> Result<Vec<LonLat>, OsmError> {
    let file = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|source| OsmError::Unreadable { file: file.clone(), source })?;
    let every = 1 + bytes.len() / WHOLE_BELOW;
    let blobs = blobs::split_blobs(&bytes, &file)?;
    let sample: Vec<_> = blobs.into_iter().filter(|blob| blob.kind == BlobKind::Data).step_by(every).collect();
    let read: Vec<Result<Vec<LonLat>, OsmError>> = sample
        .par_iter()
        .map(|blob| {
            let mut block = Vec::new();
            blobs::inflate_blob(blob, &file, &mut block)?;
            let damaged = |Malformed(reason)| OsmError::Damaged { file: file.clone(), offset: blob.offset, reason };
            positions_of_block(&block).map_err(damaged)
        })
        .collect();
    let mut positions = Vec::new();
    for block in read {
        positions.extend(block?);
    }
    Ok(positions)
}

/// How a block writes its coordinates: in steps of nanodegrees from an offset.
struct Scale {
    granularity: i64,
    lon_offset: i64,
    lat_offset: i64,
}

impl Scale {
    fn position(&self, lon: i64, lat: i64) -> Option<LonLat> {
        let degrees = |offset: i64, steps: i64| (offset as f64 + self.granularity as f64 * steps as f64) * 1e-9;
        LonLat::new(degrees(self.lon_offset, lon), degrees(self.lat_offset, lat))
    }
}

fn positions_of_block(block: &[u8]) -> Result<Vec<LonLat>, Malformed> {
    let mut scale = Scale { granularity: 100, lon_offset: 0, lat_offset: 0 };
    let mut groups = Vec::new();
    let mut fields = Fields::new(block);
    while let Some((number, value)) = fields.next()? {
        match number {
            2 => groups.push(value.bytes()?),
            17 => scale.granularity = value.number()? as i64,
            19 => scale.lat_offset = value.number()? as i64,
            20 => scale.lon_offset = value.number()? as i64,
            _ => {}
        }
    }
    let mut positions = Vec::new();
    for group in groups {
        let mut fields = Fields::new(group);
        while let Some((number, value)) = fields.next()? {
            match number {
                1 => positions.extend(plain_node(value, &scale)?),
                2 => dense_nodes(value.bytes()?, &scale, &mut positions)?,
                _ => {}
            }
        }
    }
    Ok(positions)
}

fn plain_node(node: Value<'_>, scale: &Scale) -> Result<Option<LonLat>, Malformed> {
    let (mut lon, mut lat) = (0, 0);
    let mut fields = Fields::new(node.bytes()?);
    while let Some((number, value)) = fields.next()? {
        match number {
            8 => lat = zigzag(value.number()?),
            9 => lon = zigzag(value.number()?),
            _ => {}
        }
    }
    Ok(scale.position(lon, lat))
}

fn dense_nodes(dense: &[u8], scale: &Scale, positions: &mut Vec<LonLat>) -> Result<(), Malformed> {
    let (mut lons, mut lats) = (Packed::default(), Packed::default());
    let mut fields = Fields::new(dense);
    while let Some((number, value)) = fields.next()? {
        match number {
            8 => lats = Packed::new(value.bytes()?),
            9 => lons = Packed::new(value.bytes()?),
            _ => {}
        }
    }
    let (mut lon, mut lat) = (0_i64, 0_i64);
    while let (Some(by_lon), Some(by_lat)) = (lons.next_signed()?, lats.next_signed()?) {
        lon = lon.wrapping_add(by_lon);
        lat = lat.wrapping_add(by_lat);
        positions.extend(scale.position(lon, lat));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::pbf::Extract;

    #[test]
    fn the_nodes_of_a_drawn_extract_are_where_they_were_drawn() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("drawn.osm.pbf");
        let mut extract = Extract::new();
        let drawn = [LonLat { lon: 5.5, lat: 50.6 }, LonLat { lon: -5.25, lat: 50.7 }, LonLat { lon: 5.5, lat: -1.0 }];
        for (id, position) in (1..).zip(drawn) {
            extract.node(id, position, &[("shop", "bakery")]);
        }
        let bytes = extract.way(1, &[1, 2], &[("highway", "footway")]).to_bytes();
        std::fs::write(&path, &bytes).expect("written");
        let found = read_node_positions(&path).expect("an extract");
        assert_eq!(found.len(), 3);
        for (found, drawn) in found.iter().zip(drawn) {
            assert!((found.lon - drawn.lon).abs() < 1e-9 && (found.lat - drawn.lat).abs() < 1e-9, "{found:?}");
        }
        for length in 0..bytes.len() {
            std::fs::write(&path, &bytes[..length]).expect("written");
            // A file cut anywhere gives an error or fewer nodes, never a panic.
            assert!(read_node_positions(&path).map_or(0, |nodes| nodes.len()) <= 3);
        }
    }
}
