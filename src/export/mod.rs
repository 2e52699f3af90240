//! Results as files: the feed as JSON, districts as CSV, GeoJSON and Parquet, segments and friction points as GeoJSON,
//! notices as CSV.
//!
//! In: the canvas, its layers and the notices. Out: files in a folder, the same bytes for the same input. This layer
//! formats; it computes nothing.

use std::fs;
use std::path::{Path, PathBuf};

use crate::base::notice::Notices;
use crate::canvas::check::Check;
use crate::canvas::feed::Canvas;
use crate::canvas::layers::Layers;

pub mod district_table;
pub mod feature_collection;
pub mod geopackage;
pub mod map_layer;
pub mod matrix_table;
pub mod network_layers;
pub mod notice_table;
pub mod plain_table;
pub mod reach_layers;
pub mod supply_layers;

use district_table::DistrictTable;

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A GeoPackage cannot be written.
    #[error("the GeoPackage cannot be written")]
    GeoPackage {
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// A file cannot be replaced.
    #[error("the file that is there cannot be replaced")]
    Replace {
        /// What the system says.
        source: std::io::Error,
    },
    /// The disk said no.
    #[error("{path}: cannot be written: {source}")]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A document could not be put into JSON.
    #[error("{file}: cannot be written as JSON: {source}")]
    Json {
        /// The file.
        file: &'static str,
        /// What the writer says.
        source: serde_json::Error,
    },
    /// A table could not be put into CSV.
    #[error("{file}: cannot be written as CSV: {reason}")]
    Csv {
        /// The file.
        file: &'static str,
        /// What the writer says.
        reason: String,
    },
    /// A table could not be put into Parquet.
    #[error("{file}: cannot be written as Parquet: {reason}")]
    Parquet {
        /// The file.
        file: &'static str,
        /// What the writer says.
        reason: String,
    },
}

/// Writes all files of a study into `folder`, which is made where it is missing, and returns their paths in the order
/// they were written. Files of the same name are replaced.
pub fn write_files(
    folder: &Path,
    canvas: &Canvas,
    layers: &Layers,
    notices: &Notices,
) -> Result<Vec<PathBuf>, ExportError> {
    fs::create_dir_all(folder).map_err(|source| ExportError::Write { path: folder.to_owned(), source })?;
    let table = DistrictTable::of(&canvas.districts);
    let mut files = vec![
        ("canvas.json", canvas_document(canvas)?),
        ("districts.csv", table.to_csv()?),
        ("districts.geojson", feature_collection::districts(&table, &layers.districts)?),
    ];
    #[cfg(feature = "tables")]
    files.push(("districts.parquet", table.to_parquet()?));
    files.extend([
        ("segments.geojson", feature_collection::segments(&layers.segments)?),
        ("friction_points.geojson", feature_collection::friction_points(&canvas.friction_points)?),
        ("notices.csv", notice_table::to_csv(notices)?),
    ]);
    let mut written = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(|source| ExportError::Write { path: path.clone(), source })?;
        written.push(path);
    }
    Ok(written)
}

/// The feed as it stands in `canvas.json`: indented, in the order of the schema, with a line end.
pub fn canvas_document(canvas: &Canvas) -> Result<Vec<u8>, ExportError> {
    let mut bytes =
        serde_json::to_vec_pretty(canvas).map_err(|source| ExportError::Json { file: "canvas.json", source })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// What was found in a folder as it stands in `check.json`: indented, in the order of the schema, with a line end.
pub fn check_document(check: &Check) -> Result<Vec<u8>, ExportError> {
    let mut bytes =
        serde_json::to_vec_pretty(check).map_err(|source| ExportError::Json { file: "check.json", source })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The notices as they stand in `notices.csv`.
pub fn notices_document(notices: &Notices) -> Result<Vec<u8>, ExportError> {
    notice_table::to_csv(notices)
}

/// A text for a cell of a CSV file: one that a spreadsheet would run as a formula gets an apostrophe in front.
fn cell_text(text: &str) -> String {
    let runs = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if runs { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_does_not_run_a_name() {
        assert_eq!(cell_text("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(cell_text("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(cell_text("-12.5"), "-12.5");
        assert_eq!(cell_text("Outremeuse"), "Outremeuse");
    }
}
