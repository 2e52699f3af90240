//! One integration binary; each module answers one question about the product.

mod audit_at_a_headway;
mod audit_bad_input;
mod audit_bourg;
mod audit_is_deterministic;
mod bourg_files;
mod cli;
mod feed_has_a_schema;
mod files_can_be_used;
mod gtfs_bad_input;
mod labels_are_complete;
mod osm_extract;
mod raptor_oracle;
mod recognition;
mod report_can_be_read;
mod sample_canvas;
mod streets_dublin;
mod tables_bad_input;
mod tables_real_files;
mod unmapped_surroundings;
mod vector_bad_input;
mod vector_formats;
mod walking;
