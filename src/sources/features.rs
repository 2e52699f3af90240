//! Geographic features of any layer → geometry in degrees + properties.
//!
//! Formats, told apart by content: GeoJSON, answers of open-data portals, GeoPackage, Shapefile (with its companions
//! beside it, or all in one zip), FlatGeobuf, GeoParquet.
//!
//! In: a file in any coordinate system. Out: [`Feature`]s with WGS 84 geometry, their properties as text, and notices.
//! A feature that cannot be placed is dropped and tallied here; the caller tallies all that it is given. This
//! module must not know what a feature stands for.

mod budget;
mod crs_name;
pub(crate) mod flatgeobuf;
pub(crate) mod geojson;
mod geopackage;
pub(crate) mod geoparquet;
mod placement;
mod rows;
pub(crate) mod shapefile;
pub(crate) mod wkb;

use std::path::Path;

use geo::Geometry;

use crate::base::notice::{Notice, Notices};
use crate::base::projection::LonLat;
use crate::sources::geopackage::GeoPackageError;
use crate::sources::regular::{read_regular, read_start};
use crate::sources::table::{Expected, NumberStyle, file_name, normalised};

pub use placement::{Placed, Placement, PlacementError};
pub use rows::features_of_table;

/// How to read a file of features where the file itself leaves it open.
#[derive(Clone, Debug, Default)]
pub struct FeatureOptions {
    /// The EPSG code of the coordinates, whatever the file says.
    pub epsg: Option<u32>,
    /// The layer of a GeoPackage or of a zip of Shapefiles; the one with the most polygons where none is named.
    pub layer: Option<String>,
    /// A position of the study: settles which coordinate system is meant, and swapped axes.
    pub near: Option<LonLat>,
}

/// Why features cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum FeaturesError {
    /// The file cannot be opened or read.
    #[error("{file}: cannot be read: {source}; check the path and the permissions")]
    Unreadable {
        /// Name of the file.
        file: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is not JSON.
    #[error("{file}: is not JSON: {reason}; expected a GeoJSON feature collection or a portal's answer with records")]
    NotJson {
        /// Name of the file.
        file: String,
        /// What the JSON reader says.
        reason: String,
    },
    /// It is JSON of another kind.
    #[error("{file}: holds no features; expected a GeoJSON feature collection or a portal's answer with records")]
    NoFeatures {
        /// Name of the file.
        file: String,
    },
    /// It is not a usable GeoPackage.
    #[error("{file}: is not a usable GeoPackage: {source}")]
    NotGeoPackage {
        /// Name of the file.
        file: String,
        /// What is wrong.
        source: GeoPackageError,
    },
    /// It cannot be read as what it is.
    #[error("{file}: is not a usable {format}: {reason}")]
    Damaged {
        /// Name of the file.
        file: String,
        /// What it is.
        format: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// It is a table without geometry.
    #[error("{file}: is a Parquet table without a description of geometry (key geo); expected GeoParquet")]
    NoGeometry {
        /// Name of the file.
        file: String,
    },
    /// It is a table without positions.
    #[error("{file}: has no pair of position columns such as lon and lat; found: {}", found.join(", "))]
    NoPositions {
        /// Name of the file.
        file: String,
        /// The columns it has.
        found: Vec<String>,
    },
    /// It would take more memory than a study has for one file.
    #[error("{file}: takes about {needed_mb} MB of memory, at most {limit_mb} MB are allowed; cut it to the study")]
    TooLarge {
        /// Name of the file.
        file: String,
        /// Estimate of what it takes.
        needed_mb: u64,
        /// The most that is allowed.
        limit_mb: u64,
    },
    /// The file has no such layer.
    #[error("{file}: has no layer \"{wanted}\" with geometry; it has: {}", found.join(", "))]
    NoLayer {
        /// Name of the file.
        file: String,
        /// The layer asked for.
        wanted: String,
        /// The layers there are.
        found: Vec<String>,
    },
    /// The coordinates cannot be turned into degrees.
    #[error("{file}: {source}")]
    Placement {
        /// Name of the file.
        file: String,
        /// Why.
        source: PlacementError,
    },
}

/// A feature in degrees.
#[derive(Clone, Debug)]
pub struct Feature {
    /// Its number in the file, counted from 1.
    pub number: u64,
    /// Its properties as text, in the order of the file; `null` is empty text.
    pub properties: Vec<(String, String)>,
    /// Which properties (by their place in the list) the file holds as numbers and not as text, ascending.
    pub typed_numbers: Vec<usize>,
    /// Its geometry in degrees, never empty.
    pub geometry: Geometry<f64>,
    /// Whether it was repaired, which a notice told of.
    pub repaired: bool,
}

impl Feature {
    /// The first property that has one of these names (compared like column names) and a value; earlier names win.
    pub fn property(&self, names: &[&str]) -> Option<&str> {
        self.named_property(names).map(|(_, value)| value)
    }

    /// Like [`Self::property`], with the name as written in the file.
    pub fn named_property(&self, names: &[&str]) -> Option<(&str, &str)> {
        let (key, value) = &self.properties[self.place_of(names)?];
        Some((key.as_str(), value.trim()))
    }

    fn place_of(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            let wanted = normalised(name);
            self.properties.iter().position(|(key, value)| normalised(key) == wanted && !value.trim().is_empty())
        })
    }

    /// How the number in a property is written: as in all texts of that property, except where the file holds a number.
    pub fn number_style(&self, names: &[&str], of_texts: NumberStyle) -> NumberStyle {
        match self.place_of(names) {
            Some(place) if self.typed_numbers.binary_search(&place).is_ok() => NumberStyle::PointDecimal,
            _ => of_texts,
        }
    }
}

/// How the texts of a property write numbers, over all features; a guess between two readings is told in a notice.
pub fn property_number_style(
    file: &str,
    features: &[Feature],
    names: &[&str],
    expected: Expected,
    notices: &mut Notices,
) -> NumberStyle {
    let texts = features.iter().filter_map(|feature| {
        let place = feature.place_of(names)?;
        let is_text = feature.typed_numbers.binary_search(&place).is_err();
        is_text.then_some((feature.properties[place].0.as_str(), feature.properties[place].1.as_str()))
    });
    let (style, example) = NumberStyle::detect(texts.clone().map(|(_, text)| text), expected, b',');
    if let Some(example) = example {
        let field = texts.into_iter().find(|(_, text)| text.contains(&example)).map_or("", |(key, _)| key);
        notices.push(
            Notice::warning("number_format_guessed", file, "can be read with two meanings")
                .field(field, example)
                .action(format!("property read with {}", style.describe())),
        );
    }
    style
}

/// A feature in the coordinates of its file.
#[derive(Clone, Debug)]
pub(crate) struct RawFeature {
    pub number: u64,
    pub properties: Vec<(String, String)>,
    pub typed_numbers: Vec<usize>,
    /// `Err` holds what is wrong with the geometry.
    pub geometry: Result<Option<Geometry<f64>>, String>,
    /// A ring of a polygon does not end where it starts; it was closed while reading.
    pub open_ring: bool,
}

/// The features of a file in its own coordinates, with the code of the system if it is declared.
pub(crate) struct RawLayer {
    pub declared_epsg: Option<u32>,
    pub features: Vec<RawFeature>,
}

/// Reads the features of a file, whose format is told by its content.
pub fn read_features(
    path: &Path,
    options: &FeatureOptions,
    notices: &mut Notices,
) -> Result<Vec<Feature>, FeaturesError> {
    let file = file_name(path);
    let layer = read_layer(path, options, notices)?;
    placement::place_features(&file, layer, options, notices)
}

/// Reads the features of a file in its own coordinates.
pub(crate) fn read_layer(
    path: &Path,
    options: &FeatureOptions,
    notices: &mut Notices,
) -> Result<RawLayer, FeaturesError> {
    let file = file_name(path);
    let unreadable = |source| FeaturesError::Unreadable { file: file.clone(), source };
    let head = read_start(path, HEAD).map_err(unreadable)?;
    let bytes = || read_regular(path).map_err(unreadable);
    match Format::of(&head) {
        Format::GeoPackage => geopackage::read_layer(path, &file, options, notices),
        Format::Shapefile => shapefile::read_layer(path, &file, notices),
        Format::Zip => shapefile::read_zipped_layer(path, &file, options, notices),
        Format::FlatGeobuf => flatgeobuf::parse_layer(&file, &bytes()?, notices),
        Format::Parquet => geoparquet::parse_layer(&file, &bytes()?, notices),
        Format::Text => geojson::parse_layer(&file, &bytes()?, notices),
    }
}

/// How many bytes tell the format.
const HEAD: u64 = 16;

/// The formats of features, by their first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    GeoPackage,
    Shapefile,
    /// Of which only a Shapefile is read.
    Zip,
    FlatGeobuf,
    Parquet,
    /// JSON, or no features at all.
    Text,
}

impl Format {
    fn of(head: &[u8]) -> Self {
        match head {
            _ if head.starts_with(b"SQLite format 3\0") => Self::GeoPackage,
            _ if shapefile::is_shapefile(head) => Self::Shapefile,
            _ if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") => Self::Zip,
            _ if flatgeobuf::is_flatgeobuf(head) => Self::FlatGeobuf,
            _ if geoparquet::is_parquet(head) => Self::Parquet,
            _ => Self::Text,
        }
    }
}

/// Whether a file is to be read as features and not as a table: by its content, and JSON by its ending.
pub(crate) fn holds_features(path: &Path) -> bool {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    if ["gpkg", "geojson", "json", "shp", "fgb", "parquet", "geoparquet"].contains(&extension.as_str()) {
        return true;
    }
    // What cannot be read is told by whoever reads it.
    read_start(path, HEAD).is_ok_and(|head| Format::of(&head) != Format::Text)
}

/// Reads features from the bytes of a JSON file; `file` names it in notices.
pub fn parse_json_features(
    file: &str,
    bytes: &[u8],
    options: &FeatureOptions,
    notices: &mut Notices,
) -> Result<Vec<Feature>, FeaturesError> {
    let layer = geojson::parse_layer(file, bytes, notices)?;
    placement::place_features(file, layer, options, notices)
}
