//! One integration binary; each module answers one question about the product.

mod osm_extract;
mod tables_bad_input;
mod tables_real_files;
