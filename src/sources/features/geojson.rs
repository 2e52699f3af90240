//! GeoJSON feature collections, and the answers of open-data portals (`records[].fields`, `results[]`), feature by
//! feature: one bad geometry does not cost the file.

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use serde_json::Value;

use super::{FeaturesError, RawFeature, RawLayer};
use crate::base::notice::{Notice, Notices};
use crate::base::projection::Crs;
use crate::sources::table;

/// Reads a layer from JSON bytes.
pub(super) fn parse_layer(file: &str, bytes: &[u8], notices: &mut Notices) -> Result<RawLayer, FeaturesError> {
    let not_json = |reason: String| FeaturesError::NotJson { file: file.to_owned(), reason };
    let text = table::decode(file, bytes, notices).map_err(|e| not_json(e.to_string()))?;
    let text = without_bare_nan(&text);
    let root: Value = serde_json::from_str(&text).map_err(|e| not_json(e.to_string()))?;
    let none = || FeaturesError::NoFeatures { file: file.to_owned() };
    let features = match root.get("features").or(root.get("records")).or(root.get("results")) {
        Some(Value::Array(features)) => features.as_slice(),
        Some(_) => return Err(none()),
        None if root.get("type").and_then(Value::as_str) == Some("Feature") => std::slice::from_ref(&root),
        None => root.as_array().map(Vec::as_slice).ok_or_else(none)?,
    };
    let declared_epsg = root.get("crs").and_then(|crs| declared_code(file, crs, notices));
    let features = features.iter().zip(1..).map(|(feature, number)| raw_feature(feature, number)).collect();
    Ok(RawLayer { declared_epsg, features })
}

/// Some programs write `NaN` and `Infinity`, which JSON does not have: they become `null`, told per feature.
fn without_bare_nan(text: &str) -> String {
    if !text.contains("NaN") && !text.contains("Infinity") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let (mut quoted, mut escaped) = (false, false);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if !quoted && let Some(word) = ["-Infinity", "Infinity", "-NaN", "NaN"].iter().find(|w| rest.starts_with(**w)) {
            out.push_str("null");
            rest = &rest[word.len()..];
            continue;
        }
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// The EPSG code in a `crs` member; `None` with a notice where it cannot be understood.
fn declared_code(file: &str, crs: &Value, notices: &mut Notices) -> Option<u32> {
    if crs.is_null() {
        return None;
    }
    let properties = crs.get("properties");
    let name = properties.and_then(|p| p.get("name").or(p.get("code")).or(p.get("href")));
    let name = match name {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => crs.to_string(),
    };
    let code = code_in_name(&name);
    if code.is_none() {
        notices.push(
            Notice::warning("crs_not_understood", file, "is not a coordinate reference system known by code")
                .field("crs", &name)
                .action("recognised by the coordinates instead"),
        );
    }
    code
}

/// The code in `urn:ogc:def:crs:EPSG::31370`, `EPSG:31370`, `http://…/EPSG/0/31370`, `31370` or `…CRS84`.
fn code_in_name(name: &str) -> Option<u32> {
    let upper = name.trim().to_ascii_uppercase();
    if upper.contains("CRS84") || upper == "WGS84" || upper == "WGS 84" {
        return Some(Crs::WGS84_CODE);
    }
    let last = upper.rsplit([':', '/', '#']).next()?;
    if upper.contains("EPSG") || last == upper { last.parse().ok() } else { None }
}

fn raw_feature(feature: &Value, number: u64) -> RawFeature {
    // A portal nests the properties in `fields` (old) or `record.fields`, or has them at the top (new).
    let portal = feature.get("fields").or(feature.get("record").and_then(|r| r.get("fields")));
    let own = feature.get("properties").or(portal).unwrap_or(feature);
    let mut properties: Vec<(String, String)> = Vec::new();
    for (key, value) in own.as_object().into_iter().flatten() {
        if !["geo_shape", "geometry", "type"].contains(&key.as_str()) || value.is_string() {
            properties.push((key.clone(), plain_text(value)));
        }
    }
    if let Some(id) = feature.get("id").or(feature.get("recordid")) {
        properties.push(("feature_id".to_owned(), plain_text(id)));
    }
    if let Some(dataset) = feature.get("datasetid") {
        properties.push(("dataset_id".to_owned(), plain_text(dataset)));
    }
    let geometry = feature.get("geometry").filter(|g| !g.is_null());
    let shape = own.get("geo_shape").filter(|g| !g.is_null());
    let shape = shape.map(|shape| shape.get("geometry").unwrap_or(shape));
    let geometry = geometry.or(shape);
    let open_ring = geometry.is_some_and(has_open_ring);
    let geometry = match (geometry, own.get("geo_point_2d")) {
        (Some(geometry), _) => parse_geometry(geometry, 0).map(Some),
        (None, Some(point)) => parse_portal_point(point).map(Some),
        (None, None) => Ok(None),
    };
    RawFeature { number, properties, geometry, open_ring }
}

/// Whether a ring of a polygon does not end where it starts; geometry types close such rings without a word.
fn has_open_ring(geometry: &Value) -> bool {
    fn rings(polygon: &Value) -> &[Value] {
        polygon.as_array().map_or(&[], Vec::as_slice)
    }
    let open = |ring: &Value| ring.as_array().is_some_and(|ring| ring.first() != ring.last());
    let coordinates = geometry.get("coordinates").unwrap_or(&Value::Null);
    match geometry.get("type").and_then(Value::as_str) {
        Some("Polygon") => rings(coordinates).iter().any(open),
        Some("MultiPolygon") => rings(coordinates).iter().any(|polygon| rings(polygon).iter().any(open)),
        _ => false,
    }
}

fn plain_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// `geo_point_2d`: `[lat, lon]`, `{"lat": .., "lon": ..}` or `"lat, lon"`: latitude first.
fn parse_portal_point(point: &Value) -> Result<Geometry<f64>, String> {
    let (lat, lon) = match point {
        Value::Array(pair) => (pair.first().and_then(Value::as_f64), pair.get(1).and_then(Value::as_f64)),
        Value::Object(map) => (map.get("lat").and_then(Value::as_f64), map.get("lon").and_then(Value::as_f64)),
        Value::String(text) => {
            let mut parts = text.split(',').map(|part| part.trim().parse::<f64>().ok());
            (parts.next().flatten(), parts.next().flatten())
        }
        _ => (None, None),
    };
    match (lat, lon) {
        (Some(y), Some(x)) => Ok(Geometry::Point(Point::new(x, y))),
        _ => Err("geo_point_2d is not a latitude and a longitude".to_owned()),
    }
}

fn parse_geometry(geometry: &Value, depth: u8) -> Result<Geometry<f64>, String> {
    let kind = geometry.get("type").and_then(Value::as_str).ok_or("geometry has no type")?;
    if kind == "GeometryCollection" {
        let parts = geometry.get("geometries").and_then(Value::as_array).ok_or("collection has no geometries")?;
        if depth > 8 {
            return Err("geometry collections are nested more than 8 deep".to_owned());
        }
        let parts: Result<Vec<_>, _> = parts.iter().map(|part| parse_geometry(part, depth + 1)).collect();
        return Ok(Geometry::GeometryCollection(parts?.into()));
    }
    let coordinates = geometry.get("coordinates").ok_or("geometry has no coordinates")?;
    Ok(match kind {
        "Point" if coordinates.as_array().is_some_and(Vec::is_empty) => MultiPoint::<f64>(Vec::new()).into(),
        "Point" => Geometry::Point(Point(position(coordinates)?)),
        "MultiPoint" => MultiPoint(line(coordinates)?.0.into_iter().map(Point).collect()).into(),
        "LineString" => Geometry::LineString(line(coordinates)?),
        "MultiLineString" => MultiLineString(each(coordinates, line)?).into(),
        "Polygon" => Geometry::Polygon(polygon(coordinates)?),
        "MultiPolygon" => MultiPolygon(each(coordinates, polygon)?).into(),
        other => return Err(format!("geometry type {other} is not known")),
    })
}

fn each<T>(value: &Value, part: impl Fn(&Value) -> Result<T, String>) -> Result<Vec<T>, String> {
    value.as_array().ok_or("coordinates are not a list")?.iter().map(part).collect()
}

/// A `null` number becomes NaN, which the placement tells of.
fn position(value: &Value) -> Result<Coord<f64>, String> {
    let pair = value.as_array().filter(|pair| pair.len() >= 2).ok_or("a position is not a pair of numbers")?;
    let number = |value: &Value| match value {
        Value::Null => Ok(f64::NAN),
        other => other.as_f64().ok_or("a coordinate is not a number"),
    };
    Ok(Coord { x: number(&pair[0])?, y: number(&pair[1])? })
}

fn line(value: &Value) -> Result<LineString<f64>, String> {
    Ok(LineString(each(value, position)?))
}

fn polygon(value: &Value) -> Result<Polygon<f64>, String> {
    let mut rings = each(value, line)?.into_iter();
    let exterior = rings.next().unwrap_or(LineString(Vec::new()));
    Ok(Polygon::new(exterior, rings.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_in_every_way_of_writing_them() {
        for (name, code) in [
            ("urn:ogc:def:crs:EPSG::31370", Some(31370)),
            ("urn:ogc:def:crs:EPSG:6.9:3812", Some(3812)),
            ("EPSG:25832", Some(25832)),
            ("http://www.opengis.net/def/crs/EPSG/0/31370", Some(31370)),
            ("31370", Some(31370)),
            ("urn:ogc:def:crs:OGC:1.3:CRS84", Some(4326)),
            ("ESRI:102491", None),
            ("Belge 1972 / Belgian Lambert 72", None),
        ] {
            assert_eq!(code_in_name(name), code, "{name}");
        }
    }

    #[test]
    fn bare_nan_is_taken_as_null_outside_text_only() {
        assert_eq!(
            without_bare_nan(r#"{"a": NaN, "b": "NaN \" NaN", "c": -Infinity}"#),
            r#"{"a": null, "b": "NaN \" NaN", "c": null}"#
        );
    }

    #[test]
    fn a_portal_point_has_its_latitude_first() {
        for text in ["[50.63, 5.58]", "{\"lon\": 5.58, \"lat\": 50.63}", "\"50.63, 5.58\""] {
            let value: Value = serde_json::from_str(text).expect("json");
            assert_eq!(parse_portal_point(&value), Ok(Geometry::Point(Point::new(5.58, 50.63))), "{text}");
        }
    }
}
