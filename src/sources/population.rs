//! Where people live and work: cells or points with a number of people, or a table of codes.
//!
//! In: cells in any format of features, CSV with positions, with ids of European grid cells, or with codes of districts
//! and sectors. Out: [`PopulationRecords`], people never negative, positions in degrees. Codes are text: their zeros and
//! marks stay. This module must not spread people over buildings, nor know the districts.

mod grid;
mod table;

use std::path::Path;

use geo::{Centroid, Geometry, InteriorPoint, MultiPolygon};

use crate::base::notice::{Notice, Notices};
use crate::base::projection::LonLat;
use crate::sources::features::{
    Feature, FeatureOptions, FeaturesError, PlacementError, holds_features, property_number_style, read_features,
};
use crate::sources::table::{Expected, NumberStyle, TableError, file_name, is_missing, read_table};
use table::records_of_table;

const PEOPLE: &[&str] = &[
    "population",
    "pop",
    "people",
    "inhabitants",
    "habitants",
    "residents",
    "einwohner",
    "bevölkerung",
    "bevolking",
    "inwoners",
    "asukkaita",
    "population 2020",
    "pop total",
    "ms population",
    "tot population",
    "tot p",
    "tot p 2011",
    "tot p 2018",
    "tot p 2021",
    "insgesamt bevoelkerung",
    "bevoelkerung",
    "total",
];
const JOBS: &[&str] = &["jobs", "emplois", "arbeitsplätze", "employment", "banen", "postes"];
const CELL_ID: &[&str] = &[
    "id",
    "cell",
    "cell id",
    "code",
    "grid id",
    "grd id",
    "grd newid",
    "gitter id 1km",
    "gitter id 100m",
    "gitter id",
    "idinspire",
    "idcar 1km",
    "idcar 200m",
    "cellcode",
    "name",
    "feature id",
    "fid",
];
/// Codes of small areas come before those of the large ones that hold them.
const CODE: &[&str] = &[
    "cd sector",
    "nis9",
    "sector code",
    "code secteur",
    "code",
    "nis",
    "nis code",
    "nis5",
    "ins",
    "code ins",
    "insee",
    "code insee",
    "cd refnis",
    "cd munty refnis",
    "refnis",
    "ags",
    "district",
    "id",
];
const LON: &[&str] = &["lon", "lng", "long", "longitude", "x", "coord x", "easting"];
const LAT: &[&str] = &["lat", "latitude", "y", "coord y", "northing"];

/// What the caller knows about a population file.
#[derive(Clone, Debug, Default)]
pub struct PopulationOptions {
    /// The column or property with the people, where the file's own is not recognised.
    pub people_field: Option<String>,
    /// Coordinate system, layer and the position of the study.
    pub features: FeatureOptions,
}

/// Why a population file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum PopulationError {
    /// The file as features.
    #[error(transparent)]
    Features(#[from] FeaturesError),
    /// The file as a table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The coordinates of a table.
    #[error("{file}: {source}")]
    Placement {
        /// Name of the file.
        file: String,
        /// Why.
        source: PlacementError,
    },
    /// There is no number of people.
    #[error("{file}: has no column of people such as population, habitants, einwohner; found: {}", found.join(", "))]
    NoPeople {
        /// Name of the file.
        file: String,
        /// The columns or properties it has.
        found: Vec<String>,
    },
    /// People, but no place.
    #[error("{file}: has people but neither positions (lon, lat) nor codes; found: {}", found.join(", "))]
    NoPlace {
        /// Name of the file.
        file: String,
        /// The columns it has.
        found: Vec<String>,
    },
}

/// People in a cell or at a point.
#[derive(Clone, Debug)]
pub struct PopulationCell {
    /// Its name in the file, else its row.
    pub id: String,
    /// The point, or a point inside the cell (its centroid where that lies inside).
    pub position: LonLat,
    /// The cell in degrees; `None` for a point.
    pub area: Option<MultiPolygon<f64>>,
    /// Residents, not negative.
    pub people: f64,
    /// Jobs, not negative.
    pub jobs: Option<f64>,
}

/// What a population file holds.
#[derive(Clone, Debug, Default)]
pub struct PopulationRecords {
    /// Cells and points, in the order of the file.
    pub cells: Vec<PopulationCell>,
    /// People by district code, each code once, in the order of the file.
    pub by_code: Vec<(String, f64)>,
}

/// The middle of the cell of a European grid with this id; `None` for other texts.
pub fn grid_cell_position(id: &str) -> Option<LonLat> {
    let cell = grid::GridCell::parse(id)?;
    grid::Grid::new()?.place(cell).map(|(middle, _)| middle)
}

/// Reads population from a file of features of any format, else from a table.
pub fn read_population(
    path: &Path,
    options: &PopulationOptions,
) -> Result<(PopulationRecords, Notices), PopulationError> {
    let mut notices = Notices::new();
    let records = if holds_features(path) {
        let features = read_features(path, &options.features, &mut notices)?;
        cells_of_features(&file_name(path), features, options, &mut notices)?
    } else {
        let table = read_table(path, &mut notices)?;
        records_of_table(&table, options, &mut notices)?
    };
    Ok((records, notices))
}

/// A number that cannot be negative: `Ok(None)` where it is missing, `Err` with a notice where it is wrong.
fn counted(file: &str, field: &str, text: &str, style: NumberStyle) -> Result<Option<f64>, Notice> {
    if is_missing(text) {
        return Ok(None);
    }
    match style.parse(text) {
        Some(number) if number >= 0.0 => Ok(Some(number)),
        Some(_) => Err(Notice::error("population_negative", file, "is negative").field(field, text)),
        None => Err(Notice::error("population_unparsable", file, "is not a number of people").field(field, text)),
    }
}

fn cells_of_features(
    file: &str,
    features: Vec<Feature>,
    options: &PopulationOptions,
    notices: &mut Notices,
) -> Result<PopulationRecords, PopulationError> {
    let asked = options.people_field.as_deref();
    let names = asked.as_ref().map_or(PEOPLE, std::slice::from_ref);
    let has_people = |feature: &Feature| feature.property(names).is_some();
    if !features.iter().any(has_people) {
        let found = features.first().map(|f| f.properties.iter().map(|(key, _)| key.clone()).collect());
        return Err(PopulationError::NoPeople { file: file.to_owned(), found: found.unwrap_or_default() });
    }
    let mut records = PopulationRecords::default();
    let people = property_number_style(file, &features, names, Expected::Whole, notices);
    let jobs = property_number_style(file, &features, JOBS, Expected::Whole, notices);
    for feature in features {
        match cell_of_feature(file, &feature, (names, people), (JOBS, jobs)) {
            Ok(cell) => {
                records.cells.push(cell);
                let tally = notices.tally(file);
                if feature.repaired { tally.count_repaired() } else { tally.count_used() }
            }
            Err(notice) => {
                notices.push(notice.at_feature(feature.number).action("cell dropped"));
                notices.tally(file).count_dropped();
            }
        }
    }
    Ok(records)
}

/// The cell of a feature whose `people` and `jobs` have these names and write their numbers in these styles.
fn cell_of_feature(
    file: &str,
    feature: &Feature,
    people: (&[&str], NumberStyle),
    jobs: (&[&str], NumberStyle),
) -> Result<PopulationCell, Notice> {
    let one = |(names, style): (&[&str], NumberStyle)| {
        let (field, text) = feature.named_property(names).unwrap_or(("", ""));
        counted(file, field, text, feature.number_style(names, style))
    };
    let missing = || Notice::error("population_missing", file, "has no number of people");
    let people = one(people)?.ok_or_else(missing)?;
    let jobs = one(jobs)?;
    let (position, area) = position_and_area(&feature.geometry)
        .ok_or_else(|| Notice::error("cell_without_area", file, "is neither a point nor a polygon with an area"))?;
    let id = feature.property(CELL_ID).map_or_else(|| feature.number.to_string(), str::to_owned);
    Ok(PopulationCell { id, position, area, people, jobs })
}

fn position_and_area(geometry: &Geometry<f64>) -> Option<(LonLat, Option<MultiPolygon<f64>>)> {
    use geo::Contains;
    let area = match geometry {
        Geometry::Point(point) => return Some((LonLat::new(point.x(), point.y())?, None)),
        Geometry::Polygon(polygon) => MultiPolygon(vec![polygon.clone()]),
        Geometry::MultiPolygon(several) => several.clone(),
        _ => return None,
    };
    let inside = area.centroid().filter(|point| area.contains(point)).or_else(|| area.interior_point())?;
    Some((LonLat::new(inside.x(), inside.y())?, Some(area)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::features::parse_json_features;
    use crate::sources::table::parse_table;

    fn read(text: &str) -> (PopulationRecords, Notices) {
        let mut notices = Notices::new();
        let table = parse_table("p.csv", text.as_bytes(), &mut notices).expect("a table");
        let records = records_of_table(&table, &PopulationOptions::default(), &mut notices).expect("population");
        (records, notices)
    }

    #[test]
    fn points_with_people_and_jobs() {
        let (records, notices) = read("id,lon,lat,population,jobs\n89a9,-51.16,-30.05,159,1214\n89aa,-51.2,-30.1,0,\n");
        assert_eq!(records.cells[0].people, 159.0);
        assert_eq!(records.cells[0].jobs, Some(1214.0));
        assert_eq!(records.cells[1].jobs, None);
        assert_eq!(records.cells[0].position, LonLat { lon: -51.16, lat: -30.05 });
        assert_eq!(notices.tallies()["p.csv"].used, 2);
    }

    /// `x` has no mark at all, `y` has commas; people have commas as thousands, jobs as decimals.
    #[test]
    fn each_column_has_its_own_way_of_writing_numbers() {
        let (records, _) = read("lon;lat;population;jobs\n5;50,64;1.639.000;12.5\n6;50,65;2.000.000;7.5\n");
        assert_eq!(records.cells[0].position, LonLat { lon: 5.0, lat: 50.64 });
        assert_eq!((records.cells[0].people, records.cells[0].jobs), (1_639_000.0, Some(12.5)));
    }

    fn cells(properties: &[&str]) -> (Vec<f64>, u64) {
        let point = r#""geometry":{"type":"Point","coordinates":[5.5,50.6]}"#;
        let features: Vec<String> =
            properties.iter().map(|p| format!(r#"{{"type":"Feature","properties":{{{p}}},{point}}}"#)).collect();
        let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
        let mut notices = Notices::new();
        let options = PopulationOptions::default();
        let features = parse_json_features("p.geojson", text.as_bytes(), &options.features, &mut notices);
        let features = features.expect("features");
        let records = cells_of_features("p.geojson", features, &options, &mut notices).expect("population");
        (records.cells.iter().map(|cell| cell.people).collect(), notices.count("number_format_guessed"))
    }

    /// A text may part thousands, a number of the file cannot.
    #[test]
    fn people_written_as_text_are_whole_and_a_guess_is_told() {
        assert_eq!(cells(&[r#""population":"1.240""#, r#""population":"609""#]), (vec![1240.0, 609.0], 1));
        assert_eq!(cells(&[r#""population":"1.240""#, r#""population":"2.345.678""#]), (vec![1240.0, 2_345_678.0], 0));
        assert_eq!(cells(&[r#""population":1.245"#, r#""population":2.345"#]), (vec![1.245, 2.345], 0));
        assert_eq!(cells(&[r#""population":1.245"#, r#""population":"2.345.678""#]), (vec![1.245, 2_345_678.0], 0));
    }

    #[test]
    fn codes_stay_text_and_come_once() {
        let (records, notices) = read("NIS_code;inhabitants\n04021;1.639\n62063;609\n62063;5\n");
        assert_eq!(records.by_code, [("04021".to_owned(), 1639.0), ("62063".to_owned(), 609.0)]);
        assert_eq!(notices.count("population_code_duplicate"), 1);
        assert!(notices.tallies()["p.csv"].balances());
    }
}
