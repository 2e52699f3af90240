//! The published JSON Schema of the feed, generated from its types.

use schemars::schema_for;
use serde_json::Value;

use crate::canvas::feed::{Canvas, SCHEMA_VERSION};

/// The JSON Schema (draft 2020-12) of `canvas.json`, as committed in `schema/canvas.schema.json`.
pub fn canvas_schema() -> Value {
    let mut schema = schema_for!(Canvas);
    schema.insert("title".to_owned(), Value::from("chaland canvas"));
    schema.insert("$comment".to_owned(), Value::from(format!("schema_version {SCHEMA_VERSION}")));
    schema.to_value()
}
