//! Where an OpenStreetMap extract lies.

use std::path::Path;

use super::region::Region;
use crate::sources::osm::read_node_positions;

/// The box that holds 98 % of the nodes on each axis. `Err` says why there is none.
pub(super) fn core_of(path: &Path) -> Result<Region, String> {
    let nodes = read_node_positions(path).map_err(|e| {
        // The file is named by whoever tells the reason.
        let (reason, named) = (e.to_string(), format!("{}: ", path.display()));
        reason.strip_prefix(&named).unwrap_or(&reason).to_owned()
    })?;
    let (lons, lats) = nodes.iter().map(|node| (node.lon, node.lat)).unzip();
    Region::core(lons, lats).ok_or_else(|| "holds no node".to_owned())
}
