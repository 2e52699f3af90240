//! chaland: foot traffic, accessibility and friction of town centres, from open data.
//!
//! ```text
//!  OSM pbf   GTFS   stops   parking   counts   districts   population   elevation
//!     └────────┴──────┴────────┴────────┴──────────┴───────────┴───────────┘
//!                              │
//!                          [sources]    records + notices, nothing dropped in silence
//!                              │
//!                          [network]    street graphs · timetable · linkage · spatial index · snapshot
//!                              │
//!                           [reach]     walking, RAPTOR over a window, isochrones
//!                              │
//!                         [analysis]    accessibility · foot traffic · parking · friction
//!                              │
//!                          [canvas]     dimensions → indicators → friction points → evidence → actions
//!                              │
//!                     [export] [report]  files and pages
//!                              │
//!                           [study]     the order of the work
//!                              │
//!                            [cli]
//! ```
//!
//! Data flows down this drawing: a layer may use those above it and never one below; `tests/layers.rs` fails on a
//! violation. [`base`] holds the words everyone may use, [`testing`] the synthetic town of the tests.
//!
//! Units inside: metres, deciseconds of travel time, local civil time. Degrees exist only in sources, projection and
//! export.

pub mod analysis;
pub mod base;
pub mod canvas;
#[cfg(feature = "tables")]
pub mod cli;
pub mod export;
pub mod network;
pub mod reach;
pub mod report;
pub mod sources;
#[cfg(feature = "tables")]
pub mod study;
pub mod testing;
