//! Whether the published schema is that of the types, and a feed keeps to it.

use std::fs;
use std::path::Path;

use chaland::canvas::schema::canvas_schema;

use crate::sample_canvas::sample_canvas;

/// `BLESS=1` rewrites the file; the difference is reviewed.
#[test]
fn the_published_schema_is_that_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/canvas.schema.json");
    let mut text = serde_json::to_string_pretty(&canvas_schema()).expect("JSON");
    text.push('\n');
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &text).expect("the schema is written");
    }
    let published = fs::read_to_string(&path).expect("the schema is there");
    assert!(published == text, "schema/canvas.schema.json is not that of the types; BLESS=1 rewrites it");
}

#[test]
fn a_feed_keeps_to_the_schema() {
    let validator = jsonschema::validator_for(&canvas_schema()).expect("a valid schema");
    let mut feed = serde_json::to_value(sample_canvas()).expect("JSON");
    let errors: Vec<String> = validator.iter_errors(&feed).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    feed["friction_points"][0]["cause"] = "bad_luck".into();
    assert!(!validator.is_valid(&feed), "an unknown cause is refused");
}
