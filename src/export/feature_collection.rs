//! GeoJSON (RFC 7946): degrees on WGS 84 with seven decimals (1 cm), outer rings counter-clockwise, one feature a line.
//!
//! A geometry with a coordinate that is not finite is written as `null`; its feature stays.

use geo::orient::{Direction, Orient};
use geo::{LineString, MultiPolygon};
use geojson::{Feature, GeometryValue};
use serde_json::{Map, Value, json};

use crate::base::projection::LonLat;
use crate::canvas::feed::FrictionPoint;
use crate::canvas::layers::SegmentLayer;
use crate::export::ExportError;
use crate::export::district_table::DistrictTable;

/// Seven decimals of a degree: 11 mm at the equator.
const SCALE: f64 = 1e7;

/// The districts with all numbers of their table; `outlines` are in the order of its rows.
pub fn districts(table: &DistrictTable, outlines: &[MultiPolygon<f64>]) -> Result<Vec<u8>, ExportError> {
    let features = (0..table.rows()).map(|row| {
        let geometry = outlines.get(row).and_then(multi_polygon);
        feature(geometry, table.properties(row))
    });
    collection("districts.geojson", features)
}

/// The street segments with their foot traffic.
pub fn segments(segments: &[SegmentLayer]) -> Result<Vec<u8>, ExportError> {
    let features = segments.iter().map(|segment| {
        let mut properties = Map::new();
        properties.insert("segment".into(), segment.segment.into());
        properties.insert("way".into(), segment.way.into());
        properties.insert("name".into(), segment.name.as_str().into());
        properties.insert("class".into(), json!(segment.class));
        properties.insert("length_m".into(), rounded(segment.length_m, 10.0));
        properties.insert("foot_traffic".into(), rounded(segment.foot_traffic, 100.0));
        let (low, high) = segment.interval.unzip();
        properties.insert("foot_traffic_low".into(), low.map_or(Value::Null, |v| rounded(v, 100.0)));
        properties.insert("foot_traffic_high".into(), high.map_or(Value::Null, |v| rounded(v, 100.0)));
        properties.insert("shops".into(), segment.shops.into());
        let walk = segment.walk_to_core_min.map_or(Value::Null, |v| rounded(v, 100.0));
        properties.insert("walk_to_core_min".into(), walk);
        let line: Vec<[f64; 2]> = segment.line.iter().map(|&LonLat { lon, lat }| [lon, lat]).collect();
        feature(line_positions(&line).map(GeometryValue::new_line_string), properties)
    });
    collection("segments.geojson", features)
}

/// The friction points: a point each (`part` is `place`), and its lines where it has any (`part` is `lines`).
pub fn friction_points(points: &[FrictionPoint]) -> Result<Vec<u8>, ExportError> {
    let features = points.iter().flat_map(|point| {
        let properties = point_properties(point);
        let place = position(point.lon, point.lat).map(GeometryValue::new_point);
        let mut own = vec![feature(place, properties.clone())];
        let lines: Vec<_> = point.lines.iter().filter_map(|line| line_positions(line)).collect();
        if !lines.is_empty() {
            let mut properties = properties;
            properties.insert("part".into(), "lines".into());
            own.push(feature(Some(GeometryValue::new_multi_line_string(lines)), properties));
        }
        own
    });
    collection("friction_points.geojson", features)
}

fn point_properties(point: &FrictionPoint) -> Map<String, Value> {
    let mut properties = Map::new();
    properties.insert("id".into(), point.id.as_str().into());
    properties.insert("part".into(), "place".into());
    properties.insert("rank".into(), point.rank.into());
    properties.insert("cause".into(), point.cause.key().into());
    properties.insert("dimension".into(), point.dimension.key().into());
    properties.insert("name".into(), point.name.as_str().into());
    properties.insert("district".into(), point.district.as_deref().into());
    properties.insert("who".into(), point.who.key().into());
    properties.insert("persons_per_day".into(), rounded(point.persons_per_day, 100.0));
    properties.insert("avoidable_s".into(), rounded(point.avoidable_s, 10.0));
    properties.insert("person_seconds_per_day".into(), rounded(point.person_seconds_per_day, 10.0));
    properties.insert("quality".into(), point.quality.key().into());
    properties.insert("evidence".into(), json!(point.evidence));
    properties.insert("candidate_actions".into(), json!(point.candidate_actions));
    properties
}

pub(super) fn feature(geometry: Option<GeometryValue>, properties: Map<String, Value>) -> Feature {
    Feature { geometry: geometry.map(Into::into), properties: Some(properties), ..Feature::default() }
}

/// One feature at a time: a whole `geojson::FeatureCollection` would hold the town twice, in one line.
pub(super) fn collection(file: &'static str, features: impl Iterator<Item = Feature>) -> Result<Vec<u8>, ExportError> {
    let mut bytes = b"{\"type\":\"FeatureCollection\",\"features\":[".to_vec();
    for (place, feature) in features.enumerate() {
        bytes.extend_from_slice(if place == 0 { b"\n" } else { b",\n" });
        serde_json::to_writer(&mut bytes, &feature).map_err(|source| ExportError::Json { file, source })?;
    }
    bytes.extend_from_slice(b"\n]}\n");
    Ok(bytes)
}

/// A number at this many parts of one; null where it is not finite.
pub(super) fn rounded(value: f64, scale: f64) -> Value {
    let value = (value * scale).round() / scale;
    // Adding zero turns -0 into 0. `from` gives null for what is not finite.
    Value::from(value + 0.0)
}

/// Where on the globe, rounded; `None` where that is nowhere.
pub(super) fn position(lon: f64, lat: f64) -> Option<[f64; 2]> {
    let position = LonLat::new(lon, lat)?;
    let round = |degrees: f64| (degrees * SCALE).round() / SCALE + 0.0;
    Some([round(position.lon), round(position.lat)])
}

pub(super) fn line_positions(line: &[[f64; 2]]) -> Option<Vec<[f64; 2]>> {
    let positions: Option<Vec<[f64; 2]>> = line.iter().map(|&[lon, lat]| position(lon, lat)).collect();
    positions.filter(|p| p.len() >= 2)
}

pub(super) fn multi_polygon(area: &MultiPolygon<f64>) -> Option<GeometryValue> {
    let ring = |line: &LineString<f64>| -> Option<Vec<[f64; 2]>> {
        let positions: Option<Vec<[f64; 2]>> = line.coords().map(|c| position(c.x, c.y)).collect();
        positions.filter(|p| p.len() >= 4)
    };
    let mut polygons = Vec::new();
    for polygon in area.orient(Direction::Default) {
        let Some(outer) = ring(polygon.exterior()) else { continue };
        let mut rings = vec![outer];
        rings.extend(polygon.interiors().iter().filter_map(ring));
        polygons.push(rings);
    }
    (!polygons.is_empty()).then(|| GeometryValue::new_multi_polygon(polygons))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    #[test]
    fn outer_rings_run_counter_clockwise_and_holes_clockwise() {
        let clockwise = polygon!(
            exterior: [(x: 5.0, y: 50.0), (x: 5.0, y: 51.0), (x: 6.0, y: 51.0), (x: 6.0, y: 50.0)],
            interiors: [[(x: 5.2, y: 50.2), (x: 5.4, y: 50.2), (x: 5.4, y: 50.4), (x: 5.2, y: 50.4)]],
        );
        let found = Value::from(&multi_polygon(&MultiPolygon::new(vec![clockwise])).expect("a polygon"));
        let expected = json!({ "type": "MultiPolygon", "coordinates": [[
            [[5.0, 50.0], [6.0, 50.0], [6.0, 51.0], [5.0, 51.0], [5.0, 50.0]],
            [[5.2, 50.2], [5.2, 50.4], [5.4, 50.4], [5.4, 50.2], [5.2, 50.2]]
        ]] });
        let area = |ring: &Value| -> f64 {
            let at = |i: usize, k: usize| ring[i][k].as_f64().expect("a number");
            (0..4).map(|i| at(i, 0) * at(i + 1, 1) - at(i + 1, 0) * at(i, 1)).sum()
        };
        assert!(area(&found["coordinates"][0][0]) > 0.0 && area(&found["coordinates"][0][1]) < 0.0, "{found}");
        assert_eq!(found["coordinates"][0][0].as_array().map(Vec::len), Some(5), "{expected}");
    }

    #[test]
    fn coordinates_have_seven_decimals() {
        assert_eq!(position(5.579_712_345_678, -0.000_000_001), Some([5.579_712_3, 0.0]));
        assert_eq!(position(f64::NAN, 50.0), None);
        assert_eq!(position(5.0, 90.5), None);
    }

    #[test]
    fn a_broken_geometry_leaves_its_feature() {
        let bytes = friction_points(&[]).expect("written");
        assert_eq!(bytes, b"{\"type\":\"FeatureCollection\",\"features\":[\n]}\n");
        assert_eq!(line_positions(&[[5.0, 50.0], [f64::INFINITY, 50.0]]), None);
        assert_eq!(multi_polygon(&MultiPolygon::new(Vec::new())), None);
    }

    /// The members in the order of RFC 7946's examples and numbers without a needless digit.
    #[test]
    fn a_feature_is_written_as_the_standard_shows_it() {
        let mut properties = Map::new();
        properties.insert("b".into(), 1.into());
        properties.insert("a".into(), Value::Null);
        let place = position(5.579_712_345, 50.0).map(GeometryValue::new_point);
        let features = [feature(place, properties), feature(None, Map::new())];
        let bytes = collection("x.geojson", features.into_iter()).expect("written");
        let expected = [
            r#"{"type":"FeatureCollection","features":["#,
            r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[5.5797123,50.0]},"properties":{"b":1,"a":null}},"#,
            r#"{"type":"Feature","geometry":null,"properties":{}}"#,
            "]}\n",
        ];
        assert_eq!(String::from_utf8(bytes).expect("UTF-8"), expected.join("\n"));
    }
}
