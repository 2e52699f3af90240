//! One integration binary; each module answers one question about the product.

mod cli;
mod osm_extract;
mod recognition;
