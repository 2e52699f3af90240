//! What the layers of a GeoPackage are.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;

use super::content::{Content, Sight};
use super::features::{FeatureBox, polygons_of};
use crate::sources::features::wkb::bounds_of_blob;
use crate::sources::geopackage::{GeoPackage, GeoPackageError};

/// What a GeoPackage is: its layer of polygons with the most features.
pub(super) fn look_at_geopackage(path: &Path) -> Result<Sight, String> {
    let damaged = |e: GeoPackageError| format!("is a damaged GeoPackage ({e})");
    let package = GeoPackage::open(path).map_err(damaged)?;
    let database = package.connection();
    let known = "SELECT count(*) FROM sqlite_master WHERE name IN ('gpkg_contents', 'gpkg_geometry_columns')";
    let tables: u32 = database.query_row(known, [], |row| row.get(0)).map_err(|e| damaged(e.into()))?;
    if tables < 2 {
        return Ok(Sight::unknown("is an SQLite database, not a GeoPackage"));
    }
    for table in ["gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"] {
        package.require_table(table).map_err(damaged)?;
    }
    let mut layers = layers_of(database).map_err(|e| damaged(e.into()))?;
    layers.retain(|layer| layer.geometry.to_ascii_uppercase().contains("POLYGON") || layer.geometry == "GEOMETRY");
    let mut refused = None;
    layers.retain(|layer| match package.require_table(&layer.table) {
        Ok(()) => true,
        Err(error) => {
            refused.get_or_insert(error);
            false
        }
    });
    if let Some(error) = refused.filter(|_| layers.is_empty()) {
        return Ok(Sight::unknown(&format!("is a GeoPackage that is not read: {error}")));
    }
    let mut best: Option<super::content::Polygons> = None;
    let count = layers.len();
    for layer in layers {
        let (boxes, keys) = features_of(database, &layer).map_err(|e| damaged(e.into()))?;
        let found = polygons_of(&boxes, &keys, Some(layer.epsg), Some(layer.table));
        if best.as_ref().is_none_or(|best| found.features > best.features) {
            best = Some(found);
        }
    }
    let Some(mut best) = best.filter(|best| best.features > 0) else {
        return Ok(Sight::unknown("is a GeoPackage without polygons"));
    };
    // The file says its system itself; the manifest need not.
    best.epsg = None;
    let others = if count > 1 { format!(" (the largest of {count} layers of polygons)") } else { String::new() };
    let name = best.layer.clone().unwrap_or_default();
    let why = format!("GeoPackage: layer {name} with {} polygons{others}", best.features);
    Ok(Sight::new(Content::Polygons(best), &why))
}

struct Layer {
    table: String,
    column: String,
    geometry: String,
    epsg: u32,
}

fn layers_of(database: &Connection) -> rusqlite::Result<Vec<Layer>> {
    let sql = "SELECT g.table_name, g.column_name, g.geometry_type_name, coalesce(s.organization_coordsys_id, g.srs_id) \
               FROM gpkg_geometry_columns g JOIN gpkg_contents c ON c.table_name = g.table_name \
               LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id ORDER BY g.table_name";
    let mut statement = database.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        let epsg: i64 = row.get(3)?;
        Ok(Layer {
            table: row.get(0)?,
            column: row.get(1)?,
            geometry: row.get(2)?,
            epsg: u32::try_from(epsg).unwrap_or_default(),
        })
    })?;
    rows.collect()
}

fn features_of(database: &Connection, layer: &Layer) -> rusqlite::Result<(Vec<FeatureBox>, BTreeMap<String, usize>)> {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let mut statement = database.prepare(&format!("SELECT * FROM {}", quoted(&layer.table)))?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut keys = BTreeMap::new();
    let mut boxes = Vec::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        for (i, column) in columns.iter().enumerate() {
            let value = row.get_ref(i)?;
            if *column == layer.column {
                boxes.extend(value.as_blob().ok().and_then(envelope));
            } else if !matches!(value, rusqlite::types::ValueRef::Null) {
                *keys.entry(column.clone()).or_insert(0) += 1;
            }
        }
    }
    Ok((boxes, keys))
}

/// The box of a geometry: from its header where it has one (OGC 12-128, GeoPackage binary), else from its points.
fn envelope(blob: &[u8]) -> Option<FeatureBox> {
    if blob.get(..2)? != b"GP" {
        return None;
    }
    let flags = *blob.get(3)?;
    let doubles = match flags >> 1 & 7 {
        0 => {
            let [west, south, east, north] = bounds_of_blob(blob)?;
            return Some(FeatureBox { low: (west, south), high: (east, north) });
        }
        1 => 4,
        2 | 3 => 6,
        4 => 8,
        _ => return None,
    };
    let _ = blob.get(8..8 + doubles * 8)?;
    let number = |i: usize| {
        let bytes: [u8; 8] = blob.get(8 + i * 8..16 + i * 8)?.try_into().ok()?;
        Some(if flags & 1 == 1 { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
            .filter(|n| n.is_finite())
    };
    Some(FeatureBox { low: (number(0)?, number(2)?), high: (number(1)?, number(3)?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A unit square at (2, 3) as plain WKB, little-endian.
    fn square() -> Vec<u8> {
        let mut wkb = vec![1, 3, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0];
        for number in [2.0_f64, 3.0, 3.0, 3.0, 3.0, 4.0, 2.0, 4.0, 2.0, 3.0] {
            wkb.extend(number.to_le_bytes());
        }
        wkb
    }

    #[test]
    fn boxes_come_from_the_header_or_the_points() {
        let plain = [b"GP\0\x01\xe6\x10\0\0".as_slice(), &square()].concat();
        let found = envelope(&plain).expect("a box");
        assert_eq!((found.low, found.high), ((2.0, 3.0), (3.0, 4.0)));
        let mut with_header = b"GP\0\x03\xe6\x10\0\0".to_vec();
        for number in [2.0_f64, 3.0, 3.0, 4.0] {
            with_header.extend(number.to_le_bytes());
        }
        let found = envelope(&with_header).expect("a box");
        assert_eq!((found.low, found.high), ((2.0, 3.0), (3.0, 4.0)));
        for length in 0..plain.len().min(30) {
            let _ = envelope(&plain[..length]);
        }
        assert!(envelope(b"GP\0\x0f\0\0\0\0").is_none() && envelope(b"WK").is_none());
    }
}
