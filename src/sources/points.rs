//! Points that somebody asks about: where trips begin, where they end.
//!
//! In: positions, tables with positions, files of features of any format. Out: [`PointRecord`]s with ids that are unique
//! among them. What is no point stands for itself by a point inside it. Sources layer: knows no street.

use std::path::{Path, PathBuf};

use geo::{Geometry, InteriorPoint};

use super::features::{Feature, FeatureOptions, FeaturesError, features_of_table, holds_features, read_features};
use super::listed::NAME;
use super::table::{TableError, field_named, file_name, read_table};
use super::unique_ids::UniqueIds;
use crate::base::notice::{Location, Notice, Notices};
use crate::base::projection::LonLat;

const ID: &[&str] = &["id", "point id", "origin id", "destination id", "code", "cd sector", "uid", "ref", "fid"];

/// Where points come from.
#[derive(Clone, Debug, PartialEq)]
pub enum PointSource {
    /// A place that was clicked or typed.
    At(LonLat),
    /// A file of points.
    File(PathBuf),
}

/// A point that somebody asks about.
#[derive(Clone, Debug, PartialEq)]
pub struct PointRecord {
    /// Its id in the file; the number of its row or feature where it has none.
    pub id: String,
    /// Its name, empty where it has none.
    pub name: String,
    /// Where it is.
    pub position: LonLat,
    /// Name of the file that it comes from, `points` for one that was typed.
    pub file: String,
    /// Its other properties as text, under their names in the file.
    pub properties: Vec<(String, String)>,
}

impl PointRecord {
    /// A property by its name, compared like column names; `None` where it is empty.
    pub fn property(&self, name: &str) -> Option<&str> {
        field_named(&self.properties, name)
    }
}

/// Why a file of points cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PointsError {
    /// The file as features, or its positions.
    #[error(transparent)]
    Features(#[from] FeaturesError),
    /// The file as a table.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// Reads points: from files of features of any format, else from tables with columns such as `lon` and `lat`. Typed places
/// are numbered from 1 on.
pub fn read_points(
    sources: &[PointSource],
    options: &FeatureOptions,
) -> Result<(Vec<PointRecord>, Notices), PointsError> {
    let (mut points, mut ids, mut notices) = (Vec::new(), UniqueIds::default(), Notices::new());
    for (source, number) in sources.iter().zip(1..) {
        match source {
            PointSource::At(position) => {
                let (id, _) = ids.take(number.to_string(), number);
                let file = "points".to_owned();
                notices.tally(&file).count_used();
                points.push(PointRecord { id, name: String::new(), position: *position, file, properties: Vec::new() });
            }
            PointSource::File(path) => read_file(path, options, &mut points, &mut ids, &mut notices)?,
        }
    }
    Ok((points, notices))
}

fn read_file(
    path: &Path,
    options: &FeatureOptions,
    points: &mut Vec<PointRecord>,
    ids: &mut UniqueIds,
    notices: &mut Notices,
) -> Result<(), PointsError> {
    let file = file_name(path);
    let (features, locate): (Vec<Feature>, fn(u64) -> Location) = if holds_features(path) {
        (read_features(path, options, notices)?, Location::Feature)
    } else {
        let table = read_table(path, notices)?;
        (features_of_table(&table, options, notices)?, Location::Row)
    };
    for feature in features {
        let at = |mut notice: Notice| {
            notice.location = locate(feature.number);
            notice
        };
        let inside = feature.geometry.interior_point().and_then(|point| LonLat::new(point.x(), point.y()));
        let Some(position) = inside else {
            notices.push(at(Notice::error("geometry_empty", &file, "has no point inside it").action("left out")));
            notices.tally(&file).count_dropped();
            continue;
        };
        let is_point = matches!(&feature.geometry, Geometry::Point(_))
            || matches!(&feature.geometry, Geometry::MultiPoint(points) if points.0.len() == 1);
        if !is_point {
            let notice = Notice::note("point_of_shape", &file, "is a shape and no point");
            notices.push(at(notice.action("a point inside it stands for it")));
        }
        let id = feature.property(ID).map_or_else(|| feature.number.to_string(), str::to_owned);
        let (unique, first) = ids.take(id.clone(), feature.number);
        if first.is_some() {
            let notice = Notice::warning("point_id_duplicate", &file, "is the id of more than one point");
            notices.push(at(notice.field("id", &id).action(format!("read as {unique}"))));
        }
        let tally = notices.tally(&file);
        if feature.repaired || first.is_some() {
            tally.count_repaired()
        } else {
            tally.count_used()
        }
        let name = feature.property(NAME).unwrap_or_default().to_owned();
        points.push(PointRecord { id: unique, name, position, file: file.clone(), properties: feature.properties });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<(Vec<PointRecord>, Notices), PointsError> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a temporary file can be written");
        read_points(&[PointSource::File(path)], &FeatureOptions::default())
    }

    #[test]
    fn rows_of_a_table_keep_their_ids() {
        let text = "id;nom;lon;lat\nA;Gare;5,5;50,6\nA;Place;5,51;50,61\n;Rue;5,52;50,62\nB;Nulle part;;50,6\n";
        let (points, notices) = read("points.csv", text).expect("points");
        let told: Vec<(&str, &str)> = points.iter().map(|point| (point.id.as_str(), point.name.as_str())).collect();
        assert_eq!(told, [("A", "Gare"), ("A#2", "Place"), ("4", "Rue")]);
        assert_eq!(points[0].position, LonLat { lon: 5.5, lat: 50.6 });
        for code in ["point_id_duplicate", "position_missing"] {
            assert_eq!(notices.count(code), 1, "{code}");
        }
        assert!(notices.tallies()["points.csv"].balances());
    }

    #[test]
    fn a_shape_is_asked_about_by_a_point_inside_it() {
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{"code":7},"geometry":{"type":"Polygon",
              "coordinates":[[[5,50],[5.2,50],[5.2,50.2],[5,50.2],[5,50]]]}},
            {"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[5.3,50.3]}},
            {"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[]]}}]}"#;
        let (points, notices) = read("shapes.geojson", text).expect("points");
        assert_eq!(points.len(), 2);
        assert_eq!((points[0].id.as_str(), points[1].id.as_str()), ("7", "2"));
        assert!((points[0].position.lon - 5.1).abs() < 0.1 && (points[0].position.lat - 50.1).abs() < 0.1);
        assert_eq!(notices.count("point_of_shape"), 1);
        assert!(notices.tallies()["shapes.geojson"].balances());
    }

    #[test]
    fn typed_places_are_numbered() {
        let at = |lon| PointSource::At(LonLat { lon, lat: 50.0 });
        let (points, notices) = read_points(&[at(5.0), at(6.0)], &FeatureOptions::default()).expect("points");
        assert_eq!((points[0].id.as_str(), points[1].id.as_str()), ("1", "2"));
        assert!(notices.counts().is_empty() && points[1].position.lon == 6.0);
    }

    #[test]
    fn a_table_without_positions_is_refused() {
        let found = read("names.csv", "id,name\na,A\n");
        assert!(matches!(found, Err(PointsError::Features(FeaturesError::NoPositions { .. }))), "{found:?}");
        assert!(read("empty.csv", "").is_err());
    }
}
