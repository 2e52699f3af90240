//! GeoPackage 1.3: layers as tables of one file, WGS 84, with a spatial index each.
//!
//! # References
//! OGC 12-128r18, *GeoPackage Encoding Standard 1.3.1*; geometries of clause 2.1.3, R-tree index of annex F.3.

use std::path::Path;

use geo::CoordsIter;
use rusqlite::types::Value as Cell;
use rusqlite::{Connection, params_from_iter};
use serde_json::Value;

use super::ExportError;
use super::map_layer::{FieldKind, MapGeometry, MapLayer, MapRow};

/// `GPKG` in ASCII.
const APPLICATION_ID: i64 = 0x4750_4B47;
/// Version 1.3.
const USER_VERSION: i64 = 10_300;

const TABLES: &str = r#"
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian', -1, 'NONE', -1, 'undefined', NULL),
  ('Undefined geographic', 0, 'NONE', 0, 'undefined', NULL),
  ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]', NULL);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys(srs_id), z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), UNIQUE (table_name));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, UNIQUE (table_name, column_name, extension_name));
"#;

/// What keeps the index of `{t}` in step with its table when somebody edits it.
const TRIGGERS: &str = r#"
CREATE TRIGGER "rtree_{t}_geom_insert" AFTER INSERT ON "{t}" WHEN (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)) BEGIN
  INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;
CREATE TRIGGER "rtree_{t}_geom_update1" AFTER UPDATE OF geom ON "{t}" WHEN OLD.fid = NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)) BEGIN
  INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;
CREATE TRIGGER "rtree_{t}_geom_update2" AFTER UPDATE OF geom ON "{t}" WHEN OLD.fid = NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom)) BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id = OLD.fid; END;
CREATE TRIGGER "rtree_{t}_geom_update3" AFTER UPDATE ON "{t}" WHEN OLD.fid != NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)) BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id = OLD.fid;
  INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;
CREATE TRIGGER "rtree_{t}_geom_update4" AFTER UPDATE ON "{t}" WHEN OLD.fid != NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom)) BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER "rtree_{t}_geom_delete" AFTER DELETE ON "{t}" WHEN OLD.geom NOTNULL BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id = OLD.fid; END;
"#;

/// Time of data of which none is told: that of no run, so that the same study gives the same tables.
pub const NO_TIME: &str = "1970-01-01T00:00:00.000Z";

/// Writes layers into a new GeoPackage; a file of that name is replaced. `changed` is the time of the data, ISO 8601,
/// so that the same data give the same tables.
pub fn write_geopackage(path: &Path, layers: &[MapLayer], changed: &str) -> Result<(), ExportError> {
    let failed = |source| ExportError::GeoPackage { source };
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(ExportError::Replace { source: error });
        }
        _ => {}
    }
    let mut connection = Connection::open(path).map_err(failed)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    connection.pragma_update(None, "user_version", USER_VERSION).map_err(failed)?;
    let transaction = connection.transaction().map_err(failed)?;
    transaction.execute_batch(TABLES).map_err(failed)?;
    for layer in layers {
        write_layer(&transaction, layer, changed).map_err(failed)?;
    }
    transaction.commit().map_err(failed)
}

fn write_layer(connection: &Connection, layer: &MapLayer, changed: &str) -> rusqlite::Result<()> {
    let table = layer.name.replace('"', "");
    let columns: Vec<String> =
        layer.fields.iter().map(|(name, kind)| format!("{} {}", quoted(name), type_name(*kind))).collect();
    let mut all = vec!["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL".to_owned(), "geom BLOB".to_owned()];
    all.extend(columns);
    connection.execute_batch(&format!("CREATE TABLE \"{table}\" ({});", all.join(", ")))?;
    connection.execute_batch(&format!(
        "CREATE VIRTUAL TABLE \"rtree_{table}_geom\" USING rtree(id, minx, maxx, miny, maxy);"
    ))?;
    let marks = vec!["?"; layer.fields.len() + 2].join(", ");
    let mut insert = connection.prepare(&format!("INSERT INTO \"{table}\" VALUES ({marks})"))?;
    let mut index = connection.prepare(&format!("INSERT INTO \"rtree_{table}_geom\" VALUES (?, ?, ?, ?, ?)"))?;
    let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for (number, row) in layer.rows.iter().enumerate() {
        let own = bounds_of(row);
        let fid = number as i64 + 1;
        let mut cells = vec![Cell::Integer(fid), own.map_or(Cell::Null, |own| Cell::Blob(blob(row, own)))];
        cells.extend(layer.fields.iter().map(|(name, _)| cell(row.properties.get(name.as_ref()))));
        insert.execute(params_from_iter(cells))?;
        if let Some(own) = own {
            index.execute(rusqlite::params![fid, own[0], own[2], own[1], own[3]])?;
            bounds = [bounds[0].min(own[0]), bounds[1].min(own[1]), bounds[2].max(own[2]), bounds[3].max(own[3])];
        }
    }
    let kind = match layer.rows.first().map(|row| &row.geometry) {
        Some(MapGeometry::Line(_)) => "LINESTRING",
        Some(MapGeometry::Lines(_)) => "MULTILINESTRING",
        Some(MapGeometry::Point(_)) => "POINT",
        Some(MapGeometry::Area(_)) => "MULTIPOLYGON",
        None => "GEOMETRY",
    };
    let bounds = bounds.map(|bound| bound.is_finite().then_some(bound));
    connection.execute(
        "INSERT INTO gpkg_contents VALUES (?1, 'features', ?1, '', ?2, ?3, ?4, ?5, ?6, 4326)",
        rusqlite::params![table, changed, bounds[0], bounds[1], bounds[2], bounds[3]],
    )?;
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, 4326, 0, 0)",
        rusqlite::params![table, kind],
    )?;
    connection.execute(
        "INSERT INTO gpkg_extensions VALUES (?1, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
        rusqlite::params![table],
    )?;
    connection.execute_batch(&TRIGGERS.replace("{t}", &table))
}

/// A name as SQL has it. What would end the statement is left out of it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\0', "").replace('"', "\"\""))
}

const fn type_name(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "TEXT",
        FieldKind::Integer => "INTEGER",
        FieldKind::Real => "REAL",
        FieldKind::Boolean => "BOOLEAN",
    }
}

fn cell(value: Option<&Value>) -> Cell {
    match value {
        Some(Value::Bool(truth)) => Cell::Integer(i64::from(*truth)),
        Some(Value::Number(number)) => match number.as_i64() {
            Some(whole) => Cell::Integer(whole),
            None => number.as_f64().map_or(Cell::Null, Cell::Real),
        },
        Some(Value::String(text)) => Cell::Text(text.clone()),
        _ => Cell::Null,
    }
}

/// West, south, east, north; `None` of what lies nowhere, such as an area of no part.
fn bounds_of(row: &MapRow) -> Option<[f64; 4]> {
    let start = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    let grow = |b: [f64; 4], lon: f64, lat: f64| [b[0].min(lon), b[1].min(lat), b[2].max(lon), b[3].max(lat)];
    let bounds = match &row.geometry {
        MapGeometry::Point(point) => grow(start, point.lon, point.lat),
        MapGeometry::Line(line) => line.iter().fold(start, |b, point| grow(b, point.lon, point.lat)),
        MapGeometry::Lines(lines) => lines.iter().flatten().fold(start, |b, point| grow(b, point.lon, point.lat)),
        MapGeometry::Area(area) => area.exterior_coords_iter().fold(start, |b, point| grow(b, point.x, point.y)),
    };
    bounds.iter().all(|bound| bound.is_finite()).then_some(bounds)
}

/// Header with envelope, then the geometry as little-endian WKB.
fn blob(row: &MapRow, bounds: [f64; 4]) -> Vec<u8> {
    let mut blob = vec![b'G', b'P', 0, 0b0000_0011];
    blob.extend(4326_i32.to_le_bytes());
    for bound in [bounds[0], bounds[2], bounds[1], bounds[3]] {
        blob.extend(bound.to_le_bytes());
    }
    blob.push(1);
    let push = |blob: &mut Vec<u8>, lon: f64, lat: f64| {
        blob.extend(lon.to_le_bytes());
        blob.extend(lat.to_le_bytes());
    };
    match &row.geometry {
        MapGeometry::Point(point) => {
            blob.extend(1_u32.to_le_bytes());
            push(&mut blob, point.lon, point.lat);
        }
        MapGeometry::Lines(lines) => {
            blob.extend(5_u32.to_le_bytes());
            blob.extend((lines.len() as u32).to_le_bytes());
            for line in lines {
                // Each line says its byte order and kind again.
                blob.push(1);
                blob.extend(2_u32.to_le_bytes());
                blob.extend((line.len() as u32).to_le_bytes());
                line.iter().for_each(|point| push(&mut blob, point.lon, point.lat));
            }
        }
        MapGeometry::Line(line) => {
            blob.extend(2_u32.to_le_bytes());
            blob.extend((line.len() as u32).to_le_bytes());
            line.iter().for_each(|point| push(&mut blob, point.lon, point.lat));
        }
        MapGeometry::Area(area) => {
            blob.extend(6_u32.to_le_bytes());
            blob.extend((area.0.len() as u32).to_le_bytes());
            for polygon in area {
                // Each polygon says its byte order and kind again.
                blob.push(1);
                blob.extend(3_u32.to_le_bytes());
                blob.extend((1 + polygon.interiors().len() as u32).to_le_bytes());
                for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                    blob.extend((ring.0.len() as u32).to_le_bytes());
                    ring.0.iter().for_each(|point| push(&mut blob, point.x, point.y));
                }
            }
        }
    }
    blob
}

#[cfg(test)]
mod tests {
    use geo::{MultiPolygon, polygon};
    use serde_json::Map;

    use super::*;

    fn read(path: &Path, question: &str) -> Vec<Vec<Cell>> {
        let connection = Connection::open(path).expect("a file");
        let mut statement = connection.prepare(question).expect("a statement");
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|at| row.get(at)).collect()).expect("rows");
        rows.map(|row| row.expect("a row")).collect()
    }

    /// An area of no part has no geometry and no place in the index, and the layer's bounds are those of the rest.
    #[test]
    fn what_lies_nowhere_is_a_row_without_geometry() {
        let square = polygon![(x: 5.0, y: 50.0), (x: 5.1, y: 50.0), (x: 5.1, y: 50.1), (x: 5.0, y: 50.0)];
        let areas = [MultiPolygon(Vec::new()), MultiPolygon(vec![square])];
        let rows = areas.map(|area| MapRow { geometry: MapGeometry::Area(area), properties: Map::new() }).to_vec();
        let layer = MapLayer { name: "isochrones".to_owned(), fields: Vec::new(), rows };
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.gpkg");
        write_geopackage(&path, &[layer], NO_TIME).expect("written");
        let found = read(&path, "SELECT fid, geom IS NULL FROM isochrones");
        assert_eq!(found, [[1, 1], [2, 0]].map(|row| row.map(Cell::Integer).to_vec()));
        assert_eq!(read(&path, "SELECT id FROM rtree_isochrones_geom"), [[Cell::Integer(2)]]);
        let bounds = read(&path, "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents");
        assert_eq!(bounds, [[5.0, 50.0, 5.1, 50.1].map(Cell::Real)]);
    }

    /// Names of fields come from files: what they hold is a name, and no statement.
    #[test]
    fn a_name_with_a_quotation_mark_is_a_name() {
        let name = "a\" TEXT); DROP TABLE gpkg_contents; --\0 x";
        let mut properties = Map::new();
        properties.insert(name.into(), 7.into());
        let geometry = MapGeometry::Point(crate::base::projection::LonLat { lon: 5.0, lat: 50.0 });
        let rows = vec![MapRow { geometry, properties }];
        let layer = MapLayer { name: "access".to_owned(), fields: vec![(name.into(), FieldKind::Integer)], rows };
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.gpkg");
        write_geopackage(&path, &[layer], NO_TIME).expect("written");
        let names = read(&path, "SELECT name FROM pragma_table_info('access') WHERE cid = 2");
        assert_eq!(names, [[Cell::Text(name.replace('\0', ""))]]);
        assert_eq!(read(&path, "SELECT table_name FROM gpkg_contents"), [[Cell::Text("access".to_owned())]]);
    }
}
