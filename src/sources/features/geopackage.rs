//! GeoPackage layers: which table holds the geometry, in which coordinate system, row by row.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::{FeatureOptions, FeaturesError, RawFeature, RawLayer, wkb};
use crate::base::notice::{Notice, Notices};
use crate::sources::geopackage::{GeoPackage, GeoPackageError};

/// Most bytes of names and values that a byte of the file may give: names of columns are written once in the file and
/// told with each feature, and generated columns compute their values from nothing.
const MOST_PER_BYTE: u64 = 32;
/// Bytes of names and values that are allowed to the smallest file.
const ALWAYS_ALLOWED: u64 = 64 * 1024 * 1024;

struct LayerTable {
    name: String,
    geometry_column: String,
    geometry_type: String,
    epsg: Option<u32>,
}

/// Reads one layer of a GeoPackage.
pub(super) fn read_layer(
    path: &Path,
    file: &str,
    options: &FeatureOptions,
    notices: &mut Notices,
) -> Result<RawLayer, FeaturesError> {
    let unusable = |source| FeaturesError::NotGeoPackage { file: file.to_owned(), source };
    let package = GeoPackage::open(path).map_err(unusable)?;
    let (layers, refused) = list_layers(&package).map_err(unusable)?;
    if let Some(refusal) = refused.into_iter().find(|(name, _)| match &options.layer {
        Some(wanted) => wanted == name,
        None => layers.is_empty(),
    }) {
        return Err(unusable(refusal.1));
    }
    let layer = choose_layer(file, &package, &layers, options, notices)?;
    let features = read_rows(&package, layer).map_err(unusable)?;
    Ok(RawLayer { declared_epsg: layer.epsg, features })
}

/// Layers that cannot be read, with the reason.
type Refused = Vec<(String, GeoPackageError)>;

/// The layers that are tables, and those that are not or cannot be named.
fn list_layers(package: &GeoPackage) -> Result<(Vec<LayerTable>, Refused), GeoPackageError> {
    for table in ["gpkg_geometry_columns", "gpkg_spatial_ref_sys"] {
        package.require_table(table)?;
    }
    let (mut layers, mut refused) = (Vec::new(), Vec::new());
    for layer in declared_layers(package.connection())? {
        match package.require_table(&layer.name) {
            Ok(()) => layers.push(layer),
            Err(error @ (GeoPackageError::NotATable { .. } | GeoPackageError::NameNotText { .. })) => {
                refused.push((layer.name, error))
            }
            Err(other) => return Err(other),
        }
    }
    Ok((layers, refused))
}

fn declared_layers(connection: &Connection) -> rusqlite::Result<Vec<LayerTable>> {
    let mut statement = connection.prepare(
        "SELECT g.table_name, g.column_name, g.geometry_type_name, g.srs_id, s.organization, s.organization_coordsys_id \
         FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id ORDER BY g.rowid",
    )?;
    let rows = statement.query_map([], |row| {
        let srs: i64 = row.get(3)?;
        let organization: Option<String> = row.get(4)?;
        let code: Option<i64> = row.get(5)?;
        let by_epsg = organization.is_some_and(|name| name.eq_ignore_ascii_case("epsg"));
        // Without a row in the table of systems, an id above the reserved ones is by habit the EPSG code.
        let code = if by_epsg { code } else { (srs > 0).then_some(srs) };
        Ok(LayerTable {
            name: row.get(0)?,
            geometry_column: row.get(1)?,
            geometry_type: row.get(2)?,
            epsg: code.and_then(|code| u32::try_from(code).ok()),
        })
    })?;
    rows.collect()
}

/// The layer asked for, else the one with the most polygons, else the first.
fn choose_layer<'a>(
    file: &str,
    package: &GeoPackage,
    layers: &'a [LayerTable],
    options: &FeatureOptions,
    notices: &mut Notices,
) -> Result<&'a LayerTable, FeaturesError> {
    let names = || layers.iter().map(|layer| layer.name.clone()).collect::<Vec<_>>();
    let missing =
        |wanted: &str| FeaturesError::NoLayer { file: file.to_owned(), wanted: wanted.to_owned(), found: names() };
    if let Some(wanted) = &options.layer {
        return layers.iter().find(|layer| layer.name == *wanted).ok_or_else(|| missing(wanted));
    }
    let first = layers.first().ok_or_else(|| missing("(any)"))?;
    let mut chosen = first;
    if layers.len() > 1 {
        let unusable = |source| FeaturesError::NotGeoPackage { file: file.to_owned(), source };
        let mut most = None;
        for layer in layers.iter().filter(|layer| layer.may_hold_polygons()) {
            let rows = count_rows(package, layer).map_err(unusable)?;
            if most.is_none_or(|most| rows > most) {
                (chosen, most) = (layer, Some(rows));
            }
        }
        notices.push(
            Notice::note("several_layers", file, format!("has {} layers: {}", layers.len(), names().join(", ")))
                .action(format!("layer {} is read", chosen.name)),
        );
    }
    Ok(chosen)
}

impl LayerTable {
    /// Whether it is declared to hold polygons, or anything.
    fn may_hold_polygons(&self) -> bool {
        let kind = self.geometry_type.to_ascii_uppercase();
        kind.contains("POLYGON") || kind == "GEOMETRY"
    }
}

fn count_rows(package: &GeoPackage, layer: &LayerTable) -> Result<i64, GeoPackageError> {
    let [table, column] = [&layer.name, &layer.geometry_column].map(|name| name.replace('"', "\"\""));
    let sql = format!("SELECT count(\"{column}\") FROM \"{table}\"");
    Ok(package.connection().query_row(&sql, [], |row| row.get(0))?)
}

fn read_rows(package: &GeoPackage, layer: &LayerTable) -> Result<Vec<RawFeature>, GeoPackageError> {
    let connection = package.connection();
    let limit = package.bytes().saturating_mul(MOST_PER_BYTE).saturating_add(ALWAYS_ALLOWED);
    let mut left = limit;
    let table = layer.name.replace('"', "\"\"");
    let mut statement = match connection.prepare(&format!("SELECT * FROM \"{table}\" ORDER BY rowid")) {
        Ok(statement) => statement,
        Err(_) => connection.prepare(&format!("SELECT * FROM \"{table}\""))?, // a table may be without rowid
    };
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query([])?;
    let mut features = Vec::new();
    while let Some(row) = rows.next()? {
        let mut properties = Vec::new();
        let mut typed_numbers = Vec::new();
        let mut geometry = Ok((None, false));
        for (index, column) in columns.iter().enumerate() {
            let value = row.get_ref(index)?;
            let size = column.len() as u64 + value.as_bytes_or_null().ok().flatten().map_or(0, <[u8]>::len) as u64;
            left = left.checked_sub(size).ok_or(GeoPackageError::TooLarge { limit })?;
            if column.eq_ignore_ascii_case(&layer.geometry_column) {
                geometry = match value {
                    ValueRef::Null => Ok((None, false)),
                    ValueRef::Blob(blob) => wkb::parse_blob(blob),
                    _ => Err("geometry is not a blob".to_owned()),
                };
            } else {
                if matches!(value, ValueRef::Integer(_) | ValueRef::Real(_)) {
                    typed_numbers.push(properties.len());
                }
                properties.push((column.clone(), text_of(value)));
            }
        }
        let open_ring = geometry.as_ref().is_ok_and(|(_, open_ring)| *open_ring);
        let geometry = geometry.map(|(geometry, _)| geometry);
        let number = features.len() as u64 + 1;
        features.push(RawFeature { number, properties, typed_numbers, geometry, open_ring });
    }
    Ok(features)
}

fn text_of(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
    }
}
