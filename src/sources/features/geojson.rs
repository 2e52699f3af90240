//! GeoJSON feature collections, and the answers of open-data portals (`records[].fields`, `results[]`, `items[]`, `data[]`).
//!
//! The document is read as JSON once and its geometries one by one with the `geojson` crate, which would refuse the
//! whole document for one bad geometry, and the portals' frames at all.

use geo::{Coord, Geometry, MapCoords, Point};
use geojson::{GeometryValue, Position};
use serde_json::Value;

use super::budget::MOST_MEMORY;
use super::{FeaturesError, RawFeature, RawLayer};
use crate::base::notice::{Notice, Notices};
use crate::base::projection::Crs;
use crate::sources::table;

/// Members of a document that hold its features or records.
const LISTS: [&str; 5] = ["features", "records", "results", "items", "data"];

/// About how many bytes a JSON document takes once it is read: each value its slot in a list that grows by doubling,
/// each list the room for its first four values, each object that of its first entries. Short values weigh most: a
/// document of empty lists takes sixty times its length.
pub(crate) fn estimate_memory(json: &[u8]) -> u64 {
    const SLOT: u64 = 150;
    const LIST: u64 = 250;
    const OBJECT: u64 = 450;
    let (mut quoted, mut escaped) = (false, false);
    let mut bytes = json.len() as u64;
    for &byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b',' => bytes += SLOT,
            b'[' => bytes += LIST,
            b'{' => bytes += OBJECT,
            _ => {}
        }
    }
    bytes
}

/// Reads a layer from JSON bytes.
pub(super) fn parse_layer(file: &str, bytes: &[u8], notices: &mut Notices) -> Result<RawLayer, FeaturesError> {
    let not_json = |reason: String| FeaturesError::NotJson { file: file.to_owned(), reason };
    let text = table::decode(file, bytes, notices).map_err(|e| not_json(e.to_string()))?;
    let text = without_bare_nan(&text);
    let needed = estimate_memory(text.as_bytes());
    if needed > MOST_MEMORY {
        let [needed_mb, limit_mb] = [needed, MOST_MEMORY].map(|bytes| bytes >> 20);
        return Err(FeaturesError::TooLarge { file: file.to_owned(), needed_mb, limit_mb });
    }
    let mut root: Value = serde_json::from_str(&text).map_err(|e| not_json(e.to_string()))?;
    let declared_epsg = root.get("crs").and_then(|crs| declared_code(file, crs, notices));
    let features = take_features(&mut root).ok_or_else(|| FeaturesError::NoFeatures { file: file.to_owned() })?;
    let features = features.into_iter().zip(1..).map(|(feature, number)| raw_feature(feature, number)).collect();
    Ok(RawLayer { declared_epsg, features })
}

/// The features of a collection or of a portal's answer, or the only one.
fn take_features(root: &mut Value) -> Option<Vec<Value>> {
    let list = LISTS.into_iter().find(|key| root.get(key).is_some());
    let features = match list {
        Some(key) => root.get_mut(key)?.take(),
        None if root.get("type").and_then(Value::as_str) == Some("Feature") => return Some(vec![root.take()]),
        None => root.take(),
    };
    if let Value::Array(features) = features { Some(features) } else { None }
}

/// Some programs write `NaN` and `Infinity`, which JSON does not have: they become `null`, told per feature.
pub(crate) fn without_bare_nan(text: &str) -> String {
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

fn raw_feature(mut feature: Value, number: u64) -> RawFeature {
    // A portal nests the properties in `fields` (old) or `record.fields`, or has them at the top (new).
    let portal = feature.get("fields").or(feature.get("record").and_then(|r| r.get("fields")));
    let own = feature.get("properties").or(portal).unwrap_or(&feature);
    let mut properties: Vec<(String, String)> = Vec::new();
    let mut typed_numbers = Vec::new();
    for (key, value) in own.as_object().into_iter().flatten() {
        if !["geo_shape", "geometry", "geojson", "type"].contains(&key.as_str()) || value.is_string() {
            if value.is_number() {
                typed_numbers.push(properties.len());
            }
            properties.push((key.clone(), plain_text(value)));
        }
    }
    if let Some(id) = feature.get("id").or(feature.get("recordid")) {
        properties.push(("feature_id".to_owned(), plain_text(id)));
    }
    if let Some(dataset) = feature.get("datasetid") {
        properties.push(("dataset_id".to_owned(), plain_text(dataset)));
    }
    let shape = own.get("geo_shape").map(|shape| shape.get("geometry").unwrap_or(shape)).cloned();
    let point = own.get("geo_point_2d").map(parse_portal_point).or_else(|| own_position(own).map(Ok));
    let drawn = own.get("geojson").filter(|drawn| drawn.is_object()).cloned();
    let geometry = feature.get_mut("geometry").map(Value::take);
    let geometry = geometry.filter(|g| !g.is_null()).or(shape.filter(|g| !g.is_null())).or(drawn);
    let (geometry, open_ring) = match (geometry.map(parse_geometry), point) {
        (Some(Ok((geometry, open_ring))), _) => (Ok(Some(geometry)), open_ring),
        (Some(Err(problem)), _) => (Err(problem), false),
        (None, Some(point)) => (point.map(Some), false),
        (None, None) => (Ok(None), false),
    };
    RawFeature { number, properties, typed_numbers, geometry, open_ring }
}

fn plain_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The position of a record that tells its longitude and latitude apart, as numbers or as text.
fn own_position(own: &Value) -> Option<Geometry<f64>> {
    let number = |names: [&str; 3]| {
        let value = names.iter().find_map(|name| own.get(name).filter(|value| !value.is_null()))?;
        value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
    };
    let (x, y) = number(["lon", "lng", "longitude"]).zip(number(["lat", "latitude", "breitengrad"]))?;
    Some(Geometry::Point(Point::new(x, y)))
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

/// Stands for a `null` coordinate, which the `geojson` crate does not take, while it reads a geometry.
const GAP: f64 = f64::MAX;

/// The geometry and whether a ring was open. A `null` number becomes NaN, which the placement tells of.
fn parse_geometry(mut geometry: Value) -> Result<(Geometry<f64>, bool), String> {
    let gaps = prepare(&mut geometry, 0)?;
    let read: geojson::Geometry =
        serde_json::from_value(geometry).map_err(|e| format!("geometry is not GeoJSON: {e}"))?;
    // The conversion takes the first two numbers of every position without looking.
    if let Some(short) = positions(&read.value).find(|position| position.len() < 2) {
        return Err(format!("a position has {} numbers instead of two", short.len()));
    }
    let open_ring = has_open_ring(&read.value);
    let geometry = Geometry::try_from(read.value).map_err(|e| e.to_string())?;
    let or_nan = |number: f64| if gaps && number == GAP { f64::NAN } else { number };
    Ok((geometry.map_coords(|Coord { x, y }| Coord { x: or_nan(x), y: or_nan(y) }), open_ring))
}

/// Makes what the `geojson` crate refuses and a reader need not into what it takes: gaps in coordinates, empty points,
/// odd bounding boxes. Says whether there were gaps; `Err` for collections nested without end.
fn prepare(geometry: &mut Value, depth: u8) -> Result<bool, String> {
    let Some(members) = geometry.as_object_mut() else { return Ok(false) };
    members.remove("bbox");
    let mut gaps = false;
    if members.get("type").and_then(Value::as_str) == Some("GeometryCollection") {
        if depth > 8 {
            return Err("geometry collections are nested more than 8 deep".to_owned());
        }
        members.remove("coordinates");
        for part in members.get_mut("geometries").and_then(Value::as_array_mut).into_iter().flatten() {
            gaps |= prepare(part, depth + 1)?;
        }
        return Ok(gaps);
    }
    members.remove("geometries");
    if let Some(coordinates) = members.get_mut("coordinates") {
        let empty = coordinates.as_array().is_some_and(Vec::is_empty);
        gaps = fill_gaps(coordinates);
        if empty && members.get("type").and_then(Value::as_str) == Some("Point") {
            members.insert("type".to_owned(), "MultiPoint".into());
        }
    }
    Ok(gaps)
}

/// Whether there was a `null`. The depth is bounded: no document nested more than 128 deep is read as JSON.
fn fill_gaps(coordinates: &mut Value) -> bool {
    match coordinates {
        Value::Array(parts) => parts.iter_mut().fold(false, |gaps, part| {
            let filled = part.is_null();
            if filled {
                *part = GAP.into();
            }
            gaps | filled | fill_gaps(part)
        }),
        _ => false,
    }
}

fn positions(value: &GeometryValue) -> Box<dyn Iterator<Item = &Position> + '_> {
    match value {
        GeometryValue::Point { coordinates } => Box::new(std::iter::once(coordinates)),
        GeometryValue::MultiPoint { coordinates } | GeometryValue::LineString { coordinates } => {
            Box::new(coordinates.iter())
        }
        GeometryValue::MultiLineString { coordinates } | GeometryValue::Polygon { coordinates } => {
            Box::new(coordinates.iter().flatten())
        }
        GeometryValue::MultiPolygon { coordinates } => Box::new(coordinates.iter().flatten().flatten()),
        GeometryValue::GeometryCollection { geometries } => {
            Box::new(geometries.iter().flat_map(|part| positions(&part.value)))
        }
    }
}

/// Whether a ring of a polygon does not end where it starts; geometry types close such rings without a word.
fn has_open_ring(value: &GeometryValue) -> bool {
    let open = |ring: &Vec<Position>| ring.first() != ring.last();
    match value {
        GeometryValue::Polygon { coordinates } => coordinates.iter().any(open),
        GeometryValue::MultiPolygon { coordinates } => coordinates.iter().flatten().any(open),
        _ => false,
    }
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
    fn memory_is_estimated_from_the_values_outside_texts() {
        // The bytes, an object, two commas, a list; the rest is text.
        assert_eq!(estimate_memory(br#"{"a": [1,2], "b\": [{,,": "c[,\\"}"#), 34 + 450 + 250 + 2 * 150);
        assert_eq!(estimate_memory(b"[]"), 252);
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

    #[test]
    fn a_record_may_tell_its_position_in_two_members() {
        let found = |record: &str| own_position(&serde_json::from_str(record).expect("json"));
        let point = Some(Geometry::Point(Point::new(8.69, 49.41)));
        assert_eq!(found(r#"{"lat": 49.41, "lon": 8.69}"#), point);
        assert_eq!(found(r#"{"latitude": "49.41", "longitude": "8.69"}"#), point);
        assert_eq!(found(r#"{"lat": 49.41}"#), None);
        assert_eq!(found(r#"{"lat": 49.41, "lon": "east"}"#), None);
    }

    fn read(geometry: &str) -> Result<(Geometry<f64>, bool), String> {
        parse_geometry(serde_json::from_str(geometry).expect("json"))
    }

    #[test]
    fn what_a_reader_can_forgive_is_forgiven() {
        let (found, open) = read(r#"{"type":"LineString","coordinates":[[5,null,null],[6,50.5,7]],"bbox":"?"}"#)
            .expect("a gap is left to the placement");
        let Geometry::LineString(line) = found else { panic!("not a line") };
        assert!(line.0[0].x == 5.0 && line.0[0].y.is_nan() && !open);
        assert_eq!(line.0[1], Coord { x: 6.0, y: 50.5 });
        let (empty, _) = read(r#"{"type":"Point","coordinates":[]}"#).expect("an empty point is empty");
        assert_eq!(empty, Geometry::MultiPoint(geo::MultiPoint(Vec::new())));
        // The largest number is a number where nothing is missing.
        let (large, _) = read(r#"{"type":"Point","coordinates":[1.7976931348623157e308, 1]}"#).expect("a number");
        assert_eq!(large, Geometry::Point(Point::new(f64::MAX, 1.0)));
    }

    #[test]
    fn open_rings_are_seen_before_they_are_closed() {
        let ring = |last: &str| format!(r#"{{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,1],{last}]]}}"#);
        assert!(!read(&ring("[0.0,0.0]")).expect("closed").1);
        assert!(read(&ring("[1,1]")).expect("open").1);
    }

    #[test]
    fn bad_geometries_are_refused_without_a_panic() {
        let nest = |depth: usize| {
            let open = r#"{"type":"GeometryCollection","geometries":["#.repeat(depth);
            format!(r#"{open}{{"type":"Point","coordinates":[5,50]}}{}"#, "]}".repeat(depth))
        };
        assert!(read(&nest(9)).is_ok());
        assert_eq!(read(&nest(10)), Err("geometry collections are nested more than 8 deep".to_owned()));
        assert!(
            read(&format!(r#"{{"type":"Polygon","coordinates":{}{}}}"#, "[".repeat(120), "]".repeat(120))).is_err()
        );
        for (geometry, problem) in [
            (r#"{"type":"LineString","coordinates":[[5,50],[5]]}"#, "a position has 1 numbers instead of two"),
            (r#"{"type":"MultiPolygon","coordinates":[[[[5,50],[]]]]}"#, "a position has 0 numbers instead of two"),
            (r#"{"type":"Polygon","coordinates":[[["5.5",50.6]]]}"#, "geometry is not GeoJSON: invalid type: string"),
            (r#"{"type":"Circle","coordinates":[1,2]}"#, "geometry is not GeoJSON: unknown variant `Circle`"),
            (r#"{"type":"Polygon"}"#, "geometry is not GeoJSON: "),
            (r#""POINT (5 50)""#, "geometry is not GeoJSON: "),
        ] {
            let found = read(geometry).expect_err(geometry);
            assert!(found.starts_with(problem), "{geometry}: {found}");
        }
    }
}
