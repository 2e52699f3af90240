//! OpenStreetMap extracts: `.osm.pbf` files → streets, places, lots, stops, buildings, boundaries.

pub mod records;
