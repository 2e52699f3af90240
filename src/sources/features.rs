//! Geographic features of any layer: GeoJSON, open-data portal answers and GeoPackage → geometry in degrees + properties.
//!
//! In: a file in any coordinate system. Out: [`Feature`]s with WGS 84 geometry, their properties as text, and notices.
//! A feature that cannot be placed is dropped and tallied here; the caller tallies all that it is given. This
//! module must not know what a feature stands for.

pub(crate) mod geojson;
mod geopackage;
mod placement;
mod wkb;

use std::path::Path;

use geo::Geometry;

use crate::base::notice::{Notice, Notices};
use crate::base::projection::LonLat;
use crate::sources::geopackage::GeoPackageError;
use crate::sources::regular::{open_regular, read_regular};
use crate::sources::table::{Expected, NumberStyle, file_name, normalised};

pub use placement::{Placed, Placement, PlacementError};

/// How to read a file of features where the file itself leaves it open.
#[derive(Clone, Debug, Default)]
pub struct FeatureOptions {
    /// The EPSG code of the coordinates, whatever the file says.
    pub epsg: Option<u32>,
    /// The layer of a GeoPackage; the first with geometry where none is named.
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
    /// The GeoPackage has no such layer.
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

/// Reads the features of a GeoJSON file, a portal's JSON answer or a GeoPackage, told apart by content.
pub fn read_features(
    path: &Path,
    options: &FeatureOptions,
    notices: &mut Notices,
) -> Result<Vec<Feature>, FeaturesError> {
    let file = file_name(path);
    let unreadable = |source| FeaturesError::Unreadable { file: file.clone(), source };
    let mut head = [0; 16];
    let length = std::io::Read::read(&mut open_regular(path).map_err(unreadable)?, &mut head)
        .map_err(|source| FeaturesError::Unreadable { file: file.clone(), source })?;
    let layer = if head[..length].starts_with(b"SQLite format 3\0") {
        geopackage::read_layer(path, &file, options, notices)?
    } else {
        let bytes = read_regular(path).map_err(|source| FeaturesError::Unreadable { file: file.clone(), source })?;
        geojson::parse_layer(&file, &bytes, notices)?
    };
    placement::place_features(&file, layer, options, notices)
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
