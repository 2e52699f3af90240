//! One integration binary; each module answers one question about the product.

mod feed_has_a_schema;
mod files_can_be_used;
mod labels_are_complete;
mod report_can_be_read;
mod sample_canvas;
