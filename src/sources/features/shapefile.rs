//! Shapefiles: `.shp` with `.dbf`, and where they are there `.shx`, `.cpg`, `.prj`; beside it, or all in one zip.
//!
//! The coordinate system is recognised from the `.prj` and never computed by its parameters. Texts are read in the
//! encoding of the `.cpg`, else as UTF-8 where they are, else as Windows 1252, which is told.

mod dbf;
mod parts;
mod rings;
mod shapes;

use std::path::Path;

use geo::CoordsIter;

use self::dbf::Dbf;
use self::parts::Parts;
use self::shapes::{Records, Shape};
use super::budget::Budget;
use super::{FeatureOptions, FeaturesError, RawFeature, RawLayer, crs_name};
use crate::base::notice::{Notice, Notices};

#[cfg(feature = "tables")] // the recognition of a study asks, which needs the tables
pub(crate) use self::parts::{belongs_to, files_beside};

/// Bytes of memory that a byte of the file may stand for: a field of one letter takes a hundred.
const MEMORY_PER_BYTE: u64 = 120;

/// Whether the first bytes are those of a `.shp` file (or of its index).
pub(crate) fn is_shapefile(head: &[u8]) -> bool {
    head.starts_with(&shapes::MAGIC)
}

/// Reads a Shapefile whose parts lie side by side.
pub(super) fn read_layer(path: &Path, file: &str, notices: &mut Notices) -> Result<RawLayer, FeaturesError> {
    layer_of_parts(file, &parts::read_from_folder(path, file)?, notices)
}

/// Reads a Shapefile in a zip.
pub(super) fn read_zipped_layer(
    path: &Path,
    file: &str,
    options: &FeatureOptions,
    notices: &mut Notices,
) -> Result<RawLayer, FeaturesError> {
    layer_of_parts(file, &parts::read_from_zip(path, file, options, notices)?, notices)
}

fn layer_of_parts(file: &str, parts: &Parts, notices: &mut Notices) -> Result<RawLayer, FeaturesError> {
    let damaged = |reason| FeaturesError::Damaged { file: file.to_owned(), format: "Shapefile", reason };
    shapes::check_header(&parts.shp).map_err(damaged)?;
    let records = records_of(file, parts, notices);
    let table = table_of(file, parts, notices);
    let rows = table.as_ref().map_or(0, Dbf::len);
    if table.is_some() && rows != records.contents.len() {
        let problem = format!("has {} shapes, and its table {rows} rows", records.contents.len());
        let action = if rows < records.contents.len() {
            "shapes without a row have no properties"
        } else {
            "rows without a shape ignored"
        };
        notices.push(Notice::warning("shapefile_rows_differ", file, problem).action(action));
    }
    let bytes = [Some(&parts.shp), parts.dbf.as_ref()].into_iter().flatten().map(|part| part.len() as u64).sum();
    let mut budget = Budget::new(file, bytes, MEMORY_PER_BYTE);
    let mut features = Vec::new();
    for (index, content) in records.contents.into_iter().enumerate() {
        let number = index as u64 + 1;
        let row = table.as_ref().map_or(Ok(None), |table| table.row(index, &mut budget))?.unwrap_or_default();
        if row.deleted {
            let problem = "is marked as deleted in the table";
            notices.push(Notice::note("feature_deleted", file, problem).at_feature(number).action("feature dropped"));
            notices.tally(file).count_dropped();
            continue;
        }
        let (geometry, open_ring) = match shapes::parse_shape(&parts.shp[content]) {
            Ok(Shape { geometry, open_ring, odd_directions }) => {
                if odd_directions {
                    let problem = "has rings that run in the wrong direction";
                    notices.push(
                        Notice::note("ring_direction", file, problem)
                            .at_feature(number)
                            .action("holes told by what lies inside what"),
                    );
                }
                (Ok(geometry), open_ring)
            }
            Err(problem) => (Err(problem), false),
        };
        let positions = geometry.as_ref().ok().and_then(Option::as_ref).map_or(0, CoordsIter::coords_count);
        budget.spend_feature(positions)?;
        let dbf::Row { properties, typed_numbers, .. } = row;
        features.push(RawFeature { number, properties, typed_numbers, geometry, open_ring });
    }
    Ok(RawLayer { declared_epsg: declared_code(file, parts, notices), features })
}

/// Where the records lie: by the index if it can be used, else one after the other.
fn records_of(file: &str, parts: &Parts, notices: &mut Notices) -> Records {
    if let Some(shx) = &parts.shx {
        match shapes::records_by_index(&parts.shp, shx) {
            Ok(records) => return records,
            Err(problem) => notices.push(
                Notice::warning("shapefile_index_unusable", file, format!("has an index (.shx) that {problem}"))
                    .action("shapes read in the order of the file"),
            ),
        }
    }
    let records = shapes::records_in_order(&parts.shp);
    if let Some(problem) = &records.cut_off {
        notices.push(Notice::error("file_cut_off", file, problem.as_str()).action("what is left is not read"));
    }
    records
}

fn table_of<'a>(file: &str, parts: &'a Parts, notices: &mut Notices) -> Option<Dbf<'a>> {
    let without =
        |problem: String| Notice::warning("shapefile_without_table", file, problem).action("shapes have no properties");
    let Some(bytes) = &parts.dbf else {
        notices.push(without("has no table (.dbf) beside it".to_owned()));
        return None;
    };
    let declared = parts.cpg.as_deref().and_then(dbf::encoding_of_cpg);
    match Dbf::open(bytes, declared) {
        Ok(table) => {
            if table.encoding_guessed {
                notices.push(
                    Notice::warning("encoding_guessed", file, "is not UTF-8 and does not declare its encoding")
                        .action(format!("read as {}", table.encoding())),
                );
            }
            Some(table)
        }
        Err(problem) => {
            notices.push(without(format!("has a table (.dbf) that {problem}")));
            None
        }
    }
}

fn declared_code(file: &str, parts: &Parts, notices: &mut Notices) -> Option<u32> {
    let text = String::from_utf8_lossy(parts.prj.as_deref()?);
    let code = crs_name::code_of_wkt(&text);
    if code.is_none() {
        notices.push(
            Notice::warning("crs_not_understood", file, "is not a coordinate reference system known by code")
                .field("prj", text.trim())
                .action("recognised by the coordinates instead"),
        );
    }
    code
}
