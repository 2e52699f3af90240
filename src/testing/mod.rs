//! Grid city, toy feeds, drawn extracts and oracles, for tests and benches only.

pub mod bourg;
pub mod geotiff;
pub mod grid_city;
pub mod pbf;
pub mod street_sketch;
pub mod toy_feed;
