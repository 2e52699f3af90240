//! One integration binary; each module answers one question about the product.

mod osm_extract;
