//! Layers for a GIS: points, lines and areas in degrees with properties, written as GeoJSON or together as a GeoPackage.

use std::borrow::Cow;

use geo::MultiPolygon;
use geojson::GeometryValue;
use serde_json::{Map, Value};

use super::ExportError;
use super::feature_collection::{collection, feature, line_positions, multi_polygon, position};
use crate::base::projection::LonLat;

/// The geometry of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum MapGeometry {
    /// A point.
    Point(LonLat),
    /// A line of two points at least.
    Line(Vec<LonLat>),
    /// Lines, each of two points at least.
    Lines(Vec<Vec<LonLat>>),
    /// An area, of no or many parts, with holes; coordinates in degrees.
    Area(MultiPolygon<f64>),
}

/// A row of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct MapRow {
    /// Where it is.
    pub geometry: MapGeometry,
    /// Its properties: text, numbers, truth values or null, under the names of [`MapLayer::fields`].
    pub properties: Map<String, Value>,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Real,
    /// Yes or no.
    Boolean,
}

/// A layer: rows of one kind of geometry with the same fields.
#[derive(Clone, Debug, PartialEq)]
pub struct MapLayer {
    /// Its name, also of its file or table.
    pub name: String,
    /// Names and kinds of its fields, in order.
    pub fields: Vec<(Cow<'static, str>, FieldKind)>,
    /// Its rows.
    pub rows: Vec<MapRow>,
}

/// Fields whose names never change.
pub(super) fn named(fields: Vec<(&'static str, FieldKind)>) -> Vec<(Cow<'static, str>, FieldKind)> {
    fields.into_iter().map(|(name, kind)| (Cow::Borrowed(name), kind)).collect()
}

fn pairs(line: &[LonLat]) -> Vec<[f64; 2]> {
    line.iter().map(|point| [point.lon, point.lat]).collect()
}

/// The layer as a GeoJSON feature collection.
pub fn geojson(layer: &MapLayer) -> Result<Vec<u8>, ExportError> {
    let features = layer.rows.iter().map(|row| {
        let geometry = match &row.geometry {
            MapGeometry::Point(point) => position(point.lon, point.lat).map(GeometryValue::new_point),
            MapGeometry::Line(line) => line_positions(&pairs(line)).map(GeometryValue::new_line_string),
            MapGeometry::Lines(lines) => {
                let lines: Option<Vec<_>> = lines.iter().map(|line| line_positions(&pairs(line))).collect();
                lines.map(GeometryValue::new_multi_line_string)
            }
            MapGeometry::Area(area) => multi_polygon(area),
        };
        feature(geometry, row.properties.clone())
    });
    collection("layer.geojson", features)
}
