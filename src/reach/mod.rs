//! Who gets where in how long.
//!
//! In: the network's columns. Out: travel times. This layer does no I/O, knows no district and no score, and
//! neither allocates nor hashes inside a search loop.

pub mod angular;
pub mod betweenness;
mod bucket_ring;
pub mod chain;
pub mod contour;
pub mod contraction;
pub mod detours;
mod dissection;
pub mod door_to_door;
pub mod draws;
mod field;
pub mod isochrone;
mod lanes;
pub mod matrix;
mod onward_walks;
pub mod opportunities;
pub mod percentiles;
pub mod raptor;
pub mod reached;
mod scratches;
mod sweep;
pub mod transit_isochrone;
pub mod transit_matrix;
pub mod trips;
pub mod walk;
