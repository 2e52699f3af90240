//! Things in a list: an id and fields, as a plain table or as features of any format. Where they lie is not asked.

use std::path::Path;

use geo::Geometry;

use super::features::geoparquet::{PlainParquet, is_parquet};
use super::features::{Feature, FeatureOptions, FeaturesError, features_of_table, holds_features, read_features};
use super::regular::{read_regular, read_start};
use super::table::{TableError, TableRow, field_named, file_name, read_table};
use super::unique_ids::UniqueIds;
use crate::base::notice::{Location, Notice, Notices};

const ID: &[&str] = &[
    "id",
    "zone id",
    "centre id",
    "store id",
    "origin id",
    "destination id",
    "point id",
    "code",
    "cd sector",
    "cd munty refnis",
    "nis",
    "ins",
    "uid",
    "ref",
    "fid",
];
/// Names of the field that tells a name.
pub(super) const NAME: &[&str] =
    &["name", "nom", "naam", "name fr", "label", "libelle", "libellé", "bezeichnung", "title"];

/// A thing of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Its id, unique in the list; the number of its row or feature where it has none.
    pub id: String,
    /// Its name, empty where it has none.
    pub name: String,
    /// Where it stands: its row or feature.
    pub location: Location,
    /// All its fields as text, under their names in the file.
    pub fields: Vec<(String, String)>,
    /// Where it lies, in degrees, if that was asked for.
    pub shape: Option<Geometry<f64>>,
}

impl Listed {
    /// A field by its name, compared like column names; `None` where it is empty.
    pub fn field(&self, name: &str) -> Option<&str> {
        field_named(&self.fields, name)
    }
}

/// Why a list cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The file as features.
    #[error(transparent)]
    Features(#[from] FeaturesError),
    /// The file as a table.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// Reads a list, in the order of the file.
pub fn read_list(path: &Path, notices: &mut Notices) -> Result<Vec<Listed>, ListError> {
    let things = match parquet_rows(path)? {
        Some(rows) => rows,
        None if holds_features(path) => {
            let features = read_features(path, &FeatureOptions::default(), notices)?;
            let thing = |feature: Feature| (Location::Feature(feature.number), feature.properties, None);
            features.into_iter().map(thing).collect()
        }
        None => {
            let table = read_table(path, notices)?;
            let names = table.header();
            let fields = |row: &TableRow| {
                names.iter().enumerate().map(|(at, name)| (name.clone(), row.value(at).to_owned())).collect()
            };
            table.rows().iter().map(|row| (Location::Row(row.number), fields(row), None)).collect()
        }
    };
    Ok(list_of(path, things, notices))
}

/// Reads a list of things that lie somewhere: features of any format, or a table with columns such as `lon` and `lat`. What
/// has no position is told and left out.
pub fn read_places(path: &Path, notices: &mut Notices) -> Result<Vec<Listed>, ListError> {
    let options = FeatureOptions::default();
    let (features, locate): (Vec<Feature>, fn(u64) -> Location) = if holds_features(path) {
        (read_features(path, &options, notices)?, Location::Feature)
    } else {
        let table = read_table(path, notices)?;
        (features_of_table(&table, &options, notices)?, Location::Row)
    };
    let thing = |feature: Feature| (locate(feature.number), feature.properties, Some(feature.geometry));
    Ok(list_of(path, features.into_iter().map(thing).collect(), notices))
}

fn list_of(path: &Path, things: Vec<Thing>, notices: &mut Notices) -> Vec<Listed> {
    let file = file_name(path);
    let mut ids = UniqueIds::default();
    let mut listed = Vec::with_capacity(things.len());
    for (location, fields, shape) in things {
        let number = match location {
            Location::Row(number) | Location::Feature(number) => number,
            _ => 0,
        };
        let mut thing = Listed { id: String::new(), name: String::new(), location, fields, shape };
        let first_of = |names: &[&str]| names.iter().find_map(|name| thing.field(name)).map(str::to_owned);
        let id = first_of(ID).unwrap_or_else(|| number.to_string());
        let name = first_of(NAME).unwrap_or_default();
        let (unique, first) = ids.take(id.clone(), number);
        if first.is_some() {
            let mut notice = Notice::warning("point_id_duplicate", &file, "is the id of more than one point");
            notice.location = thing.location.clone();
            notices.push(notice.field("id", &id).action(format!("read as {unique}")));
            notices.tally(&file).count_repaired();
        } else {
            notices.tally(&file).count_used();
        }
        (thing.id, thing.name) = (unique, name);
        listed.push(thing);
    }
    listed
}

/// A row or feature of a list, its fields, and where it lies.
type Thing = (Location, Vec<(String, String)>, Option<Geometry<f64>>);

/// Memory that a row takes beside its fields, bytes.
const ROW: usize = 150;
/// Memory that a field of a row takes beside its letters, bytes.
const FIELD: usize = 100;

/// The rows of a Parquet table without geometry; `None` for any other file.
fn parquet_rows(path: &Path) -> Result<Option<Vec<Thing>>, FeaturesError> {
    let file = file_name(path);
    let Some(bytes) = read_parquet(path)? else { return Ok(None) };
    let table = PlainParquet::open(&file, &bytes)?;
    if table.has_geometry() {
        return Ok(None);
    }
    let names = table.header();
    let columns: Vec<usize> = (0..names.len()).collect();
    if columns.is_empty() {
        let reason = "has no column with a value a row".to_owned();
        return Err(FeaturesError::Damaged { file, format: "Parquet table", reason });
    }
    let kept = ROW + columns.len() * FIELD + names.iter().map(String::len).sum::<usize>();
    let mut rows = Vec::new();
    table.visit_rows(&columns, kept, |number, values| {
        rows.push((Location::Row(number), names.iter().cloned().zip(values.iter().cloned()).collect(), None));
    })?;
    Ok(Some(rows))
}

/// The bytes of a Parquet file; `None` for any other.
pub(super) fn read_parquet(path: &Path) -> Result<Option<Vec<u8>>, FeaturesError> {
    let unreadable = |source| FeaturesError::Unreadable { file: file_name(path), source };
    if !is_parquet(&read_start(path, 4).map_err(unreadable)?) {
        return Ok(None);
    }
    read_regular(path).map(Some).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> (Result<Vec<Listed>, ListError>, Notices) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a temporary file can be written");
        let mut notices = Notices::new();
        (read_list(&path, &mut notices), notices)
    }

    #[test]
    fn tables_need_no_positions_and_features_keep_their_fields() {
        let (found, notices) = read("zones.csv", "code;nom;habitants\nA;Centre;1 200\nA;Gare;300\n;Rue;\n");
        let found = found.expect("a list");
        let told: Vec<(&str, &str)> = found.iter().map(|thing| (thing.id.as_str(), thing.name.as_str())).collect();
        assert_eq!(told, [("A", "Centre"), ("A#2", "Gare"), ("4", "Rue")]);
        assert_eq!((found[0].field("Habitants"), found[2].field("habitants")), (Some("1 200"), None));
        assert_eq!(notices.count("point_id_duplicate"), 1);
        assert!(notices.tallies()["zones.csv"].balances());
        let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":7,"people":12},
            "geometry":{"type":"Point","coordinates":[5.3,50.3]}}]}"#;
        let found = read("zones.geojson", text).0.expect("a list");
        assert_eq!((found[0].id.as_str(), found[0].field("people")), ("7", Some("12")));
        assert!(read("empty.csv", "").0.is_err());
    }

    #[test]
    fn places_have_a_shape_and_those_without_are_told() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("centres.csv");
        std::fs::write(&path, "id,lon,lat,shops\nA,5.5,50.6,9\nB,,50.6,3\nA,5.6,50.6,1\n").expect("written");
        let mut notices = Notices::new();
        let found = read_places(&path, &mut notices).expect("a list");
        let told: Vec<(&str, Option<&str>)> =
            found.iter().map(|place| (place.id.as_str(), place.field("shops"))).collect();
        assert_eq!(told, [("A", Some("9")), ("A#2", Some("1"))]);
        assert!(found.iter().all(|place| place.shape.is_some()) && notices.count("position_missing") == 1);
        assert!(notices.tallies()["centres.csv"].balances());
        std::fs::write(&path, "id,shops\nA,9\n").expect("written");
        assert!(read_places(&path, &mut notices).is_err(), "no positions");
    }
}
