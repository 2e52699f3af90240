//! Records → immutable indexed columns, built once, shared read-only.
//!
//! In: records of sources, on the study's metric plane. Out: the street graph, the timetable, linkage, the spatial
//! index. This layer knows no metric and opens no file.

pub mod access;
pub mod areas;
mod components;
mod contract;
pub mod crossings;
mod hilbert_curve;
pub mod index;
pub mod linkage;
pub mod pace;
pub mod packed_rtree;
pub mod petgraph_view;
mod pieces;
mod sidepaths;
mod street_columns;
pub mod streets;
pub mod timetable;
