//! One integration binary; each module answers one question about the product.

mod bourg_files;
mod cli;
mod osm_extract;
mod recognition;
