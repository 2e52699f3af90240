//! Records → immutable indexed columns, built once, shared read-only.
//!
//! In: records of sources, on the study's metric plane. Out: the street graph, the timetable, linkage, the spatial
//! index. This layer knows no metric and opens no file.

pub mod access;
pub mod areas;
mod attributes;
pub mod bicycle;
pub mod car;
mod components;
mod contract;
mod courses;
pub mod crossings;
mod disjoint_sets;
mod enclosed;
mod hilbert_curve;
pub mod hours;
pub mod index;
mod lines;
pub mod linkage;
pub mod pace;
pub mod packed_rtree;
pub mod petgraph_view;
mod pieces;
mod prepared;
pub mod profiles;
mod sidepaths;
pub mod sidewalk_survey;
pub mod slope;
pub mod snapshot;
mod squares;
mod street_columns;
pub mod streets;
pub mod survey;
pub mod timetable;
mod turns;
mod waits;
pub mod wheelchair;
