//! The published JSON Schemas of the feed and of the check, generated from their types.

use schemars::schema_for;
use serde_json::Value;

use crate::canvas::check::{CHECK_VERSION, Check};
use crate::canvas::feed::{Canvas, SCHEMA_VERSION};

/// The JSON Schema (draft 2020-12) of `canvas.json`, as committed in `schema/canvas.schema.json`.
pub fn canvas_schema() -> Value {
    let mut schema = schema_for!(Canvas);
    schema.insert("title".to_owned(), Value::from("chaland canvas"));
    schema.insert("$comment".to_owned(), Value::from(format!("schema_version {SCHEMA_VERSION}")));
    schema.to_value()
}

/// The JSON Schema (draft 2020-12) of `check.json`, as committed in `schema/check.schema.json`.
pub fn check_schema() -> Value {
    let mut schema = schema_for!(Check);
    schema.insert("title".to_owned(), Value::from("chaland check"));
    schema.insert("$comment".to_owned(), Value::from(format!("check_version {CHECK_VERSION}")));
    schema.to_value()
}
