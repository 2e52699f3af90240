//! What a Shapefile, a FlatGeobuf or a GeoParquet file is: by its geometry and its properties, as for GeoJSON.

use std::collections::BTreeMap;
use std::path::Path;

use geo::{BoundingRect, CoordsIter, Geometry};
use serde_json::{Map, Value};

use super::content::{Content, Sight};
use super::features::{FeatureBox, in_degrees, polygons_of, tells_parking, told_fields};
use super::fields;
use crate::base::notice::Notices;
use crate::sources::features::{FeatureOptions, FeaturesError, RawFeature, read_layer};
use crate::sources::table::file_name;

/// Largest file that is looked into, bytes.
const LARGEST: u64 = 256 * 1024 * 1024;

/// What a file of features is; `what` names it. `Err` says why it cannot be read.
pub(super) fn look_at_layer(path: &Path, what: &str) -> Result<Sight, String> {
    if std::fs::metadata(path).map_err(|e| e.to_string())?.len() > LARGEST {
        let problem = format!("is a {what} of more than 256 MB; name it in study.toml to use it all the same");
        return Ok(Sight::unknown(&problem));
    }
    // What is wrong with single features is told by whoever reads the file.
    let layer = match read_layer(path, &FeatureOptions::default(), &mut Notices::new()) {
        Ok(layer) => layer,
        Err(FeaturesError::NoGeometry { .. }) => {
            return Ok(Sight::unknown("is a Parquet table without geometry; save it as CSV, or with geometry"));
        }
        Err(error) => {
            // The file is named by whoever tells the reason.
            let (reason, named) = (error.to_string(), format!("{}: ", file_name(path)));
            return Err(reason.strip_prefix(&named).unwrap_or(&reason).to_owned());
        }
    };
    let geometries: Vec<&Geometry<f64>> =
        layer.features.iter().filter_map(|feature| feature.geometry.as_ref().ok()?.as_ref()).collect();
    if geometries.is_empty() {
        return Ok(Sight::unknown(&format!("is a {what} without geometry")));
    }
    let mut keys = BTreeMap::new();
    for (key, _) in layer.features.iter().flat_map(|feature| &feature.properties).filter(|(_, value)| !value.is_empty())
    {
        *keys.entry(key.clone()).or_insert(0) += 1;
    }
    let properties: Vec<Map<String, Value>> = layer.features.iter().map(properties_of).collect();
    let properties: Vec<&Map<String, Value>> = properties.iter().collect();
    if tells_parking(&keys, &properties) {
        let first = |geometry: &&Geometry<f64>| geometry.coords_iter().next().map(|c| (c.x, c.y));
        let capacity = keys.keys().find(|key| fields::is_capacity(&fields::key_of(key)));
        let seen = capacity.map_or("properties that speak of parking".to_owned(), |key| format!("property {key}"));
        let positions = in_degrees(geometries.iter().filter_map(first), layer.declared_epsg);
        return Ok(Sight::new(Content::Parking, &format!("{what} of car parks: {seen}")).at(positions));
    }
    let is_polygon = |g: &&&Geometry<f64>| matches!(g, Geometry::Polygon(_) | Geometry::MultiPolygon(_));
    if geometries.iter().filter(is_polygon).count() * 2 <= geometries.len() {
        return Ok(Sight::unknown(&format!("is a {what} of points or lines that tell of no input")));
    }
    let boxes: Vec<FeatureBox> = geometries.iter().filter_map(|geometry| box_of(geometry)).collect();
    let mut found = polygons_of(&boxes, &keys, layer.declared_epsg, None);
    // The file says its system itself; the manifest need not.
    found.epsg = None;
    let why = format!("{what}: {} polygons{}", found.features, told_fields(&found));
    Ok(Sight::new(Content::Polygons(found), &why))
}

fn properties_of(feature: &RawFeature) -> Map<String, Value> {
    let value = |(place, (key, text)): (usize, &(String, String))| {
        let number = feature.typed_numbers.binary_search(&place).ok().and_then(|_| serde_json::from_str(text).ok());
        (key.clone(), number.unwrap_or_else(|| Value::String(text.clone())))
    };
    feature.properties.iter().enumerate().map(value).collect()
}

fn box_of(geometry: &Geometry<f64>) -> Option<FeatureBox> {
    let bounds = geometry.bounding_rect()?;
    let found = FeatureBox { low: bounds.min().x_y(), high: bounds.max().x_y() };
    [found.low.0, found.low.1, found.high.0, found.high.1].iter().all(|n| n.is_finite()).then_some(found)
}
