//! Where an OpenStreetMap extract lies.

use std::fs;
use std::path::Path;

use osmpbf::{BlobDecode, BlobReader};

use super::region::Region;

/// Compressed bytes from which only a sample of the blobs is looked at: where an extract lies needs no more.
const WHOLE_BELOW: u64 = 32 * 1024 * 1024;

/// The box that holds 98 % of the nodes on each axis. `Err` says why there is none.
pub(super) fn core_of(path: &Path) -> Result<Region, String> {
    let bytes = fs::metadata(path).map_err(|e| e.to_string())?.len();
    let every = usize::try_from(bytes / WHOLE_BELOW).unwrap_or(usize::MAX).saturating_add(1);
    let reader = BlobReader::from_path(path).map_err(|e| e.to_string())?;
    let (mut lons, mut lats) = (Vec::new(), Vec::new());
    let mut data_blobs = 0_usize;
    for blob in reader {
        let blob = blob.map_err(|e| e.to_string())?;
        if !matches!(blob.get_type(), osmpbf::BlobType::OsmData) {
            continue;
        }
        data_blobs += 1;
        if data_blobs % every != 1 % every {
            continue;
        }
        let BlobDecode::OsmData(block) = blob.decode().map_err(|e| e.to_string())? else { continue };
        for group in block.groups() {
            let dense = group.dense_nodes().map(|node| (node.lon(), node.lat()));
            let plain = group.nodes().map(|node| (node.lon(), node.lat()));
            for (lon, lat) in dense.chain(plain) {
                lons.push(lon);
                lats.push(lat);
            }
        }
    }
    Region::core(lons, lats).ok_or_else(|| "holds no node".to_owned())
}
