//! Geographic features in every format, read as districts, which reads them whole.

use std::cell::RefCell;
use std::path::Path;

use chaland::base::notice::Notices;
use chaland::sources::districts::{DistrictOptions, DistrictRecord, DistrictsError, read_districts};
use geo::CoordsIter;
use rusqlite::Connection;
use tempfile::TempDir;

use super::answers::{check_error, check_notices, check_position};
use super::split;

/// Reads GeoJSON, or the answer of a portal.
pub fn geojson(bytes: &[u8]) {
    read("a.geojson", &[("a.geojson", bytes)]);
}

/// Reads FlatGeobuf.
pub fn flatgeobuf(bytes: &[u8]) {
    read("a.fgb", &[("a.fgb", bytes)]);
}

/// Reads GeoParquet.
pub fn geoparquet(bytes: &[u8]) {
    read("a.parquet", &[("a.parquet", bytes)]);
}

/// Reads a Shapefile: a byte for the length of its index in units of four bytes, two for the length of its table, then
/// index, table and shapes. What starts as a zip is read as one.
pub fn shapefile(bytes: &[u8]) {
    if bytes.starts_with(b"PK") {
        return read("a.zip", &[("a.zip", bytes)]);
    }
    let Some((&[index, low, high], rest)) = bytes.split_first_chunk::<3>() else { return };
    let (shx, rest) = rest.split_at((usize::from(index) * 4).min(rest.len()));
    let (dbf, shp) = rest.split_at(usize::from(u16::from_le_bytes([low, high])).min(rest.len()));
    let mut files = vec![("a.shp", shp)];
    files.extend([("a.shx", shx), ("a.dbf", dbf)].into_iter().filter(|(_, bytes)| !bytes.is_empty()));
    read("a.shp", &files);
}

/// Reads a GeoPackage: a file as it is, else geometries, one a row of a file that is otherwise in order.
pub fn geopackage(bytes: &[u8]) {
    if bytes.starts_with(b"SQLite format 3\0") {
        return read("a.gpkg", &[("a.gpkg", bytes)]);
    }
    let file = with_geometries(&split::files(bytes).take(8).collect::<Vec<_>>()).expect("a GeoPackage can be drawn");
    read("a.gpkg", &[("a.gpkg", &file)]);
}

thread_local! {
    /// A file whose rows are replaced, which is quicker than to make a file each time.
    static DRAWN: RefCell<Option<(TempDir, Connection)>> = const { RefCell::new(None) };
}

/// A GeoPackage with these geometries.
pub fn with_geometries(blobs: &[&[u8]]) -> rusqlite::Result<Vec<u8>> {
    DRAWN.with_borrow_mut(|drawn| {
        let (folder, connection) = match drawn {
            Some(drawn) => drawn,
            None => {
                let folder = split::folder();
                let connection = empty_package(&folder.path().join(DRAWN_FILE))?;
                drawn.insert((folder, connection))
            }
        };
        let change = connection.transaction()?;
        change.execute("DELETE FROM d", [])?;
        for blob in blobs {
            change.execute("INSERT INTO d (geom, code) VALUES (?1, 'A')", [blob])?;
        }
        change.commit()?;
        Ok(std::fs::read(folder.path().join(DRAWN_FILE)).expect("the file is there"))
    })
}

const DRAWN_FILE: &str = "drawn.gpkg";

fn empty_package(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA page_size = 1024; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;
         CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT,
            organization_coordsys_id INTEGER, definition TEXT);
         CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER,
            z INTEGER, m INTEGER);
         INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, '');
         INSERT INTO gpkg_geometry_columns VALUES ('d', 'geom', 'GEOMETRY', 4326, 0, 0);
         CREATE TABLE d (fid INTEGER PRIMARY KEY, geom BLOB, code TEXT);",
    )?;
    Ok(connection)
}

fn read(name: &str, files: &[(&str, &[u8])]) {
    split::in_folder(files, |folder| check(read_districts(&folder.join(name), &DistrictOptions::default())));
}

fn check(read: Result<(Vec<DistrictRecord>, Notices), DistrictsError>) {
    let (districts, notices) = match read {
        Ok(read) => read,
        Err(error) => return check_error(&error),
    };
    check_notices(&notices);
    for district in &districts {
        for point in district.area.coords_iter() {
            check_position(chaland::base::projection::LonLat { lon: point.x, lat: point.y });
        }
        assert!(district.population.is_none_or(|people| people.is_finite() && people >= 0.0), "{district:?}");
    }
    let mut codes: Vec<&str> = districts.iter().map(|district| district.code.as_str()).collect();
    codes.sort_unstable();
    assert!(codes.windows(2).all(|pair| pair[0] != pair[1]), "a code twice: {codes:?}");
}
