//! GeoParquet: a table in columns whose metadata say which column holds the geometry and in which system.
//!
//! In: bytes. Out: a layer; columns with a value a row become properties, nested ones (boxes, lists) are left out. Geometry
//! is read as WKB, and points as pairs of columns too. The `parquet` crate (59) is not used: it makes room for the number
//! of entries that a dictionary or a description declares, and panics where a page refers to a dictionary that is not
//! there; polars, which is in the tree for tables, does no better. What is read here is plain Parquet as every GIS writes
//! it: pages of version 1 and 2, plain and dictionary encoding, Snappy, Zstandard and gzip.

mod metadata;
mod pages;
mod plain;
mod runs;
mod text;
mod thrift;
mod values;

use geo::{CoordsIter, Geometry, Point};
use serde_json::Value as Json;

use self::metadata::{Column, Metadata, Physical, RowGroup, read_metadata};
pub(crate) use self::plain::PlainParquet;
use self::values::{ColumnReader, Value};
use super::budget::Budget;
use super::geojson::estimate_memory;
use super::{FeaturesError, RawFeature, RawLayer, crs_name, wkb};
use crate::base::notice::{Notice, Notices};
use crate::base::projection::Crs;

/// Bytes of memory that a byte of the file may stand for: columns of few values are packed to almost nothing.
const MEMORY_PER_BYTE: u64 = 256;
/// Bytes that a byte of the file may unpack to.
const UNPACKED_PER_BYTE: usize = 256;
/// Bytes that the smallest file may unpack to, and the largest.
const UNPACKED: (usize, usize) = (64 << 20, 2 << 30);
/// Most memory that the description of the geometry may take, bytes.
const LARGEST_DESCRIPTION: u64 = 64 << 20;

/// Whether the first bytes are those of a Parquet file.
pub(crate) fn is_parquet(head: &[u8]) -> bool {
    head.starts_with(b"PAR1")
}

/// What the text `geo` says of the main geometry.
struct Described {
    column: String,
    encoding: String,
    epsg: Option<u32>,
    unknown_crs: Option<String>,
}

/// The column or columns that hold the geometry, by their places.
#[derive(Clone, Copy)]
enum GeometryColumns {
    Wkb(usize),
    Points { x: usize, y: usize },
}

/// Reads a layer from the bytes of a file.
pub(super) fn parse_layer(file: &str, bytes: &[u8], notices: &mut Notices) -> Result<RawLayer, FeaturesError> {
    let damaged = |reason: String| FeaturesError::Damaged { file: file.to_owned(), format: "GeoParquet file", reason };
    let metadata = read_metadata(bytes).map_err(damaged)?;
    let geo = metadata.geo.as_deref().ok_or_else(|| FeaturesError::NoGeometry { file: file.to_owned() })?;
    let described = describe(geo).map_err(damaged)?;
    let geometry = geometry_columns(&metadata.columns, &described).map_err(damaged)?;
    if let Some(crs) = &described.unknown_crs {
        notices.push(
            Notice::warning("crs_not_understood", file, "is not a coordinate reference system known by code")
                .field("crs", crs)
                .action("recognised by the coordinates instead"),
        );
    }
    let mut budget = Budget::new(file, bytes.len() as u64, MEMORY_PER_BYTE);
    let mut unpacked = bytes.len().saturating_mul(UNPACKED_PER_BYTE).clamp(UNPACKED.0, UNPACKED.1);
    let mut features = Vec::new();
    let mut reader = RowReader { bytes, metadata: &metadata, geometry, budget: &mut budget, unpacked: &mut unpacked };
    for group in &metadata.groups {
        reader.read_group(group, &mut features)?;
    }
    Ok(RawLayer { declared_epsg: described.epsg, features })
}

fn describe(geo: &str) -> Result<Described, String> {
    if estimate_memory(geo.as_bytes()) > LARGEST_DESCRIPTION {
        return Err("its description of geometry is larger than any real one".to_owned());
    }
    let geo: Json = serde_json::from_str(geo).map_err(|e| format!("its description of geometry is not JSON: {e}"))?;
    let column = geo.get("primary_column").and_then(Json::as_str).ok_or("it does not name its column of geometry")?;
    let of = geo.get("columns").and_then(|columns| columns.get(column));
    let of = of.ok_or_else(|| format!("it does not describe its column of geometry {column}"))?;
    let encoding = of.get("encoding").and_then(Json::as_str).unwrap_or("WKB");
    // Without a system it is longitude and latitude; where it is null, it is unknown (GeoParquet 1.1).
    let (epsg, unknown_crs) = match of.get("crs") {
        None => (Some(Crs::WGS84_CODE), None),
        Some(Json::Null) => (None, None),
        Some(crs) => match code_of_crs(crs) {
            Some(code) => (Some(code), None),
            None => (None, Some(crs.get("name").and_then(Json::as_str).map_or_else(|| crs.to_string(), str::to_owned))),
        },
    };
    Ok(Described { column: column.to_owned(), encoding: encoding.to_owned(), epsg, unknown_crs })
}

/// The code in a PROJJSON object, by its id or its name; older files hold a well-known text.
fn code_of_crs(crs: &Json) -> Option<u32> {
    if let Some(text) = crs.as_str() {
        return crs_name::code_of_wkt(text).or_else(|| crs_name::code_of_name(text));
    }
    // What is bound to another system or compound tells the plain one inside.
    let inner = crs.get("source_crs").or_else(|| crs.get("components").and_then(|parts| parts.get(0)));
    if let Some(code) = inner.and_then(|inner| by_id(inner).or_else(|| by_name(inner))) {
        return Some(code);
    }
    by_id(crs).or_else(|| by_name(crs))
}

fn by_id(crs: &Json) -> Option<u32> {
    let id = crs.get("id")?;
    let code = id.get("code")?;
    match id.get("authority")?.as_str()?.to_ascii_uppercase().as_str() {
        "EPSG" => code.as_u64().or_else(|| code.as_str()?.parse().ok()).and_then(|code| u32::try_from(code).ok()),
        "OGC" if code.as_str() == Some("CRS84") => Some(Crs::WGS84_CODE),
        _ => None,
    }
}

fn by_name(crs: &Json) -> Option<u32> {
    crs_name::code_of_name(crs.get("name")?.as_str()?)
}

fn geometry_columns(columns: &[Column], described: &Described) -> Result<GeometryColumns, String> {
    let name = &described.column;
    let place = |path: &[&str], physical: Physical| {
        columns.iter().position(|c| c.path == path && c.physical == physical && !c.repeated)
    };
    let missing = || format!("its column of geometry {name} is not there, or not of the kind that it says");
    match described.encoding.to_ascii_lowercase().as_str() {
        "wkb" => place(&[name], Physical::Bytes).map(GeometryColumns::Wkb).ok_or_else(missing),
        "point" => {
            let pair = place(&[name, "x"], Physical::Double).zip(place(&[name, "y"], Physical::Double));
            pair.map(|(x, y)| GeometryColumns::Points { x, y }).ok_or_else(missing)
        }
        _ => Err(format!("its geometry is encoded as {}, which is not read; save it as WKB", described.encoding)),
    }
}

/// Reads rows into features.
struct RowReader<'a, 'b> {
    bytes: &'a [u8],
    metadata: &'a Metadata,
    geometry: GeometryColumns,
    budget: &'b mut Budget<'a>,
    unpacked: &'b mut usize,
}

impl RowReader<'_, '_> {
    fn read_group(&mut self, group: &RowGroup, features: &mut Vec<RawFeature>) -> Result<(), FeaturesError> {
        let columns = &self.metadata.columns;
        let mut readers: Vec<ColumnReader<'_>> = columns
            .iter()
            .zip(&group.chunks)
            .map(|(column, chunk)| ColumnReader::new(self.bytes, column, chunk))
            .collect();
        let properties: Vec<usize> = (0..columns.len())
            .filter(|&index| columns[index].path.len() == 1 && !columns[index].repeated)
            .filter(|&index| !matches!(self.geometry, GeometryColumns::Wkb(place) if place == index))
            .collect();
        for row in 0..group.rows {
            let file = self.budget.file();
            let damaged = |index: usize, reason: String| FeaturesError::Damaged {
                file: file.to_owned(),
                format: "GeoParquet file",
                reason: format!("column {} at row {} of a group: {reason}", columns[index].path.join("."), row + 1),
            };
            let (geometry, open_ring) =
                self.geometry_of(&mut readers).map_err(|(index, reason)| damaged(index, reason))?;
            let positions = geometry.as_ref().ok().and_then(Option::as_ref).map_or(0, CoordsIter::coords_count);
            self.budget.spend_feature(positions)?;
            let number = features.len() as u64 + 1;
            let mut feature =
                RawFeature { number, properties: Vec::new(), typed_numbers: Vec::new(), geometry, open_ring };
            for &index in &properties {
                let value = readers[index].next_row(self.unpacked).map_err(|reason| damaged(index, reason))?;
                let name = &columns[index].path[0];
                // Counted before a text is copied: many rows may share one long value.
                let length = if let Some(Value::Bytes(bytes)) = value { bytes.len() } else { 0 };
                self.budget.spend_property(name.len() + length)?;
                let (value, is_number) =
                    value.map_or_else(Default::default, |v| text::text_of(v, columns[index].meaning));
                if is_number {
                    feature.typed_numbers.push(feature.properties.len());
                }
                feature.properties.push((name.clone(), value));
            }
            features.push(feature);
        }
        Ok(())
    }

    /// The geometry of the next row; an error of the file comes with the place of its column.
    #[expect(clippy::type_complexity, reason = "an error of the row within an error of the file")]
    fn geometry_of(
        &mut self,
        readers: &mut [ColumnReader<'_>],
    ) -> Result<(Result<Option<Geometry<f64>>, String>, bool), (usize, String)> {
        match self.geometry {
            GeometryColumns::Wkb(index) => {
                match readers[index].next_row(self.unpacked).map_err(|reason| (index, reason))? {
                    Some(Value::Bytes(bytes)) => match wkb::parse_wkb(bytes) {
                        Ok((geometry, open_ring)) => Ok((Ok(Some(geometry)), open_ring)),
                        Err(problem) => Ok((Err(problem), false)),
                    },
                    _ => Ok((Ok(None), false)),
                }
            }
            GeometryColumns::Points { x, y } => {
                let mut number = |index: usize| match readers[index].next_row(self.unpacked) {
                    Ok(Some(Value::Double(number))) => Ok(Some(number)),
                    Ok(_) => Ok(None),
                    Err(reason) => Err((index, reason)),
                };
                let (x, y) = (number(x)?, number(y)?);
                // An empty point is written as NaN, NaN.
                let point = x.zip(y).filter(|(x, y)| !(x.is_nan() && y.is_nan()));
                Ok((Ok(point.map(|(x, y)| Point::new(x, y).into())), false))
            }
        }
    }
}
