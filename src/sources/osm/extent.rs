//! Where an extract lies, before anything else of it is read.
//!
//! In: a `.osm.pbf`. Out: positions of its nodes, all of them or a sample. Knows no tag.

use std::path::Path;

use rayon::prelude::*;

use super::blobs::{self, BlobKind, Malformed};
use super::block::{Block, Element};
use super::error::OsmError;
use crate::base::projection::LonLat;
use crate::sources::regular::read_regular;

/// Bytes of a file from which on only a sample of its blobs is looked at, evenly spread.
const WHOLE_BELOW: usize = 32 * 1024 * 1024;

/// Positions of the nodes of an extract in file order; of a large one those of a sample of its blobs.
pub fn read_node_positions(path: &Path) -> Result<Vec<LonLat>, OsmError> {
    let file = path.display().to_string();
    let bytes = read_regular(path).map_err(|source| OsmError::Unreadable { file: file.clone(), source })?;
    let every = 1 + bytes.len() / WHOLE_BELOW;
    let blobs = blobs::split_blobs(&bytes, &file)?;
    let sample: Vec<_> = blobs.into_iter().filter(|blob| blob.kind == BlobKind::Data).step_by(every).collect();
    let read: Vec<Result<Vec<LonLat>, OsmError>> = sample
        .par_iter()
        .map(|blob| positions_of_block(&blob.unpack()?).map_err(|reason| blob.damaged(reason)))
        .collect();
    let mut positions = Vec::new();
    for block in read {
        positions.extend(block?);
    }
    Ok(positions)
}

fn positions_of_block(bytes: &[u8]) -> Result<Vec<LonLat>, Malformed> {
    let mut positions = Vec::new();
    Block::read(bytes)?.for_each(|element| {
        match element {
            Element::Node(node) => positions.extend(node.position.map(LonLat::from)),
            Element::Nodes(mut nodes) => {
                while let Some((_, position)) = nodes.read_node()? {
                    positions.extend(position.map(LonLat::from));
                    while nodes.read_tag()?.is_some() {}
                }
            }
            Element::Way(_) | Element::Relation(_) => {}
        }
        Ok(())
    })?;
    Ok(positions)
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
