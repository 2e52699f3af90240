//! What a JSON file is: GeoJSON features, or the answer of an open-data portal.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::content::{Content, Polygons, Sight, sight_of_publication};
use super::fields;
use crate::base::projection::{Crs, LonLat};
use crate::sources::features::geojson::without_bare_nan;
use crate::sources::parking::datex;

/// Boxes whose sides differ by less than this share are of one size.
const ALIKE: f64 = 0.1;
/// Fewest features of one size that are taken for the cells of a grid.
pub(super) const LEAST_CELLS: usize = 10;

/// What a JSON file is.
pub(super) fn look_at_json(bytes: &[u8]) -> Result<Sight, String> {
    // `NaN` is not JSON, and the reader forgives it: so does this.
    let forgiven = || serde_json::from_str(&without_bare_nan(std::str::from_utf8(bytes).ok()?)).ok();
    let read = serde_json::from_slice(bytes);
    let value: Value = read.or_else(|e| forgiven().ok_or(e)).map_err(|e| format!("is damaged JSON ({e})"))?;
    if let Some(features) = value.get("features").and_then(Value::as_array) {
        return Ok(look_at_features(&value, features));
    }
    if value.get("type").and_then(Value::as_str) == Some("Topology") {
        return Ok(Sight::unknown("is TopoJSON, which is not read; save it as GeoJSON"));
    }
    let list = ["records", "results", "data", "items"].iter().find_map(|key| value.get(key).and_then(Value::as_array));
    let Some(records) = list.or_else(|| value.as_array()) else {
        if datex::is_publication(bytes) {
            return Ok(sight_of_publication(&value));
        }
        return Ok(Sight::unknown("is JSON without features or records"));
    };
    Ok(look_at_records(&value, records))
}

/// Records of a portal: flat, or with their values under `fields`.
fn look_at_records(whole: &Value, records: &[Value]) -> Sight {
    let fields_of = |record| Value::get(record, "fields").unwrap_or(record).as_object();
    let records: Vec<&Map<String, Value>> = records.iter().filter_map(fields_of).collect();
    let dataset = whole.pointer("/parameters/dataset").and_then(Value::as_str).unwrap_or_default();
    let keys = keys_of(records.iter().copied());
    let capacity = keys.keys().find(|key| fields::is_capacity(&fields::key_of(key)));
    let named = keys.keys().find(|key| fields::speaks_of_parking(key));
    let positions: Vec<LonLat> = records.iter().copied().filter_map(position_of_record).collect();
    if positions.is_empty() {
        return Sight::unknown("is JSON whose records have no position");
    }
    let is_parkapi = ["original_uid", "purpose"].iter().all(|key| keys.contains_key(*key));
    if fields::speaks_of_parking(dataset) || named.is_some() || is_parkapi {
        let what = if dataset.is_empty() { "a portal".to_owned() } else { format!("the data set {dataset}") };
        let seen = capacity.or(named).map(|key| format!(" with {key}")).unwrap_or_default();
        return Sight::new(Content::Parking, &format!("car parks: answer of {what}{seen}"))
            .at(positions)
            .naming(names_of(&records));
    }
    Sight::unknown("is JSON whose records tell of no input")
}

/// Names and ids of records, in small letters.
fn names_of(records: &[&Map<String, Value>]) -> Vec<String> {
    let texts = records.iter().flat_map(|record| record.iter()).filter_map(|(key, value)| {
        let key = fields::key_of(key);
        value.as_str().filter(|_| fields::is_name(&key) || fields::is_code(&key) || key == "original_uid")
    });
    texts.map(|text| text.trim().to_lowercase()).collect()
}

fn position_of_record(record: &Map<String, Value>) -> Option<LonLat> {
    // A `geo_point_2d` is latitude first as a list, named as an object.
    let point = record.get("geo_point_2d").and_then(|point| match point {
        Value::Array(pair) => LonLat::new(pair.get(1)?.as_f64()?, pair.first()?.as_f64()?),
        other => LonLat::new(other.get("lon")?.as_f64()?, other.get("lat")?.as_f64()?),
    });
    let shape = || record.get("geo_shape").or_else(|| record.get("geometry")).and_then(first_position);
    let named = || {
        let value = |test: fn(&str) -> bool| {
            let value = record.iter().find(|(key, _)| test(&fields::key_of(key)))?.1;
            value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
        };
        LonLat::new(value(fields::is_lon)?, value(fields::is_lat)?)
    };
    point.or_else(|| shape().and_then(|(x, y)| LonLat::new(x, y))).or_else(named)
}

/// How often each property occurs.
fn keys_of<'a>(records: impl Iterator<Item = &'a Map<String, Value>>) -> BTreeMap<String, usize> {
    let mut keys = BTreeMap::new();
    for record in records {
        for (key, value) in record {
            if !value.is_null() {
                *keys.entry(key.clone()).or_insert(0) += 1;
            }
        }
    }
    keys
}

/// The box of a feature in the file's own units.
#[derive(Clone, Copy, Debug)]
pub(super) struct FeatureBox {
    pub low: (f64, f64),
    pub high: (f64, f64),
}

fn look_at_features(whole: &Value, features: &[Value]) -> Sight {
    let geometry_of = |feature| Value::get(feature, "geometry").filter(|g| !g.is_null());
    let kind = |g: &Value| g.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let geometries: Vec<&Value> = features.iter().filter_map(geometry_of).collect();
    if geometries.is_empty() {
        return Sight::unknown("is GeoJSON without geometry");
    }
    let polygons = geometries.iter().filter(|g| kind(g).ends_with("Polygon")).count();
    let empty = Map::new();
    let properties: Vec<&Map<String, Value>> =
        features.iter().map(|f| f.get("properties").and_then(Value::as_object).unwrap_or(&empty)).collect();
    let keys = keys_of(properties.iter().copied());
    let epsg = declared_epsg(whole);
    if polygons * 2 > geometries.len() && !tells_parking(&keys, &properties) {
        let boxes: Vec<FeatureBox> = geometries.iter().copied().filter_map(box_of).collect();
        let layer = polygons_of(&boxes, &keys, epsg, None);
        let why = format!("{} polygons{}", layer.features, told_fields(&layer));
        return Sight::new(Content::Polygons(layer), &why);
    }
    let positions = in_degrees(geometries.iter().copied().filter_map(first_position), epsg);
    if tells_parking(&keys, &properties) {
        let capacity = keys.keys().find(|key| fields::is_capacity(&fields::key_of(key)));
        let seen =
            capacity.map_or_else(|| "its properties speak of parking".to_owned(), |key| format!("property {key}"));
        let names = names_of(&properties);
        return Sight::new(Content::Parking, &format!("car parks: {seen}")).at(positions).naming(names);
    }
    Sight::unknown("is GeoJSON of points or lines that tell of no input")
}

/// A number of bays, or properties that speak of parking by name or by value in most features.
pub(super) fn tells_parking(keys: &BTreeMap<String, usize>, properties: &[&Map<String, Value>]) -> bool {
    let counted = |key: &String| fields::is_capacity(&fields::key_of(key));
    let numbers = |key: &String| {
        properties.iter().filter(|p| p.get(key).is_some_and(|v| v.is_number() || number_text(v))).count() * 2
            > properties.len()
    };
    let speaks = |properties: &&Map<String, Value>| {
        properties.iter().any(|(key, value)| {
            fields::speaks_of_parking(key)
                || value.as_str().is_some_and(|v| v.len() < 60 && fields::speaks_of_parking(v))
        })
    };
    keys.keys().any(|key| counted(key) && numbers(key) && fields::key_of(key) != "total")
        || properties.iter().filter(|p| speaks(p)).count() * 2 > properties.len()
        || keys.keys().any(|key| fields::key_of(key) == "total" && numbers(key) && properties.iter().any(speaks))
}

fn number_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().parse::<f64>().is_ok())
}

fn declared_epsg(whole: &Value) -> Option<u32> {
    let name = whole.pointer("/crs/properties/name")?.as_str()?;
    name.to_ascii_uppercase().contains("EPSG").then(|| name.rsplit(':').next()?.parse().ok()).flatten()
}

fn first_position(geometry: &Value) -> Option<(f64, f64)> {
    let mut at = geometry.get("coordinates")?;
    while let Some(Value::Array(_)) = at.as_array().and_then(|list| list.first()) {
        at = at.get(0)?;
    }
    Some((at.get(0)?.as_f64()?, at.get(1)?.as_f64()?))
}

fn box_of(geometry: &Value) -> Option<FeatureBox> {
    let mut found: Option<FeatureBox> = None;
    let mut left = vec![geometry.get("coordinates")?];
    while let Some(value) = left.pop() {
        let Some(list) = value.as_array() else { continue };
        if let (Some(x), Some(y)) = (list.first().and_then(Value::as_f64), list.get(1).and_then(Value::as_f64)) {
            let own = found.unwrap_or(FeatureBox { low: (x, y), high: (x, y) });
            let low = (own.low.0.min(x), own.low.1.min(y));
            found = Some(FeatureBox { low, high: (own.high.0.max(x), own.high.1.max(y)) });
        } else {
            left.extend(list.iter());
        }
    }
    found
}

/// Positions as degrees: as they are, or from the system that the file declares. Empty where that cannot be told.
pub(super) fn in_degrees(points: impl Iterator<Item = (f64, f64)>, epsg: Option<u32>) -> Vec<LonLat> {
    let crs = epsg.filter(|&code| code != Crs::WGS84_CODE).and_then(|code| Crs::from_epsg(code).ok());
    points.filter_map(|(x, y)| crs.as_ref().map_or_else(|| LonLat::new(x, y), |crs| crs.to_lon_lat(x, y))).collect()
}

/// A layer of polygons from the boxes of its features and its fields.
pub(super) fn polygons_of(
    boxes: &[FeatureBox],
    keys: &BTreeMap<String, usize>,
    epsg: Option<u32>,
    layer: Option<String>,
) -> Polygons {
    let field = |test: fn(&str) -> bool| {
        // The field that most features have; of equals, the one whose name says it best comes first by length.
        let fitting = keys.iter().filter(|(key, _)| test(&fields::key_of(key)));
        fitting.max_by_key(|(key, count)| (**count, std::cmp::Reverse(key.len()))).map(|(key, _)| key.clone())
    };
    let middles = boxes.iter().map(|b| ((b.low.0 + b.high.0) / 2.0, (b.low.1 + b.high.1) / 2.0));
    let own_epsg = epsg.filter(|&code| code != Crs::WGS84_CODE);
    Polygons {
        layer,
        middles: in_degrees(middles, epsg),
        features: boxes.len(),
        epsg: own_epsg,
        alike: are_alike(boxes),
        code_field: field(fields::is_code),
        name_field: field(fields::is_name),
        population_field: field(fields::is_people),
    }
}

pub(super) fn told_fields(layer: &Polygons) -> String {
    let named = [&layer.code_field, &layer.name_field, &layer.population_field];
    let named: Vec<&str> = named.into_iter().flatten().map(String::as_str).collect();
    if named.is_empty() { String::new() } else { format!(" with {}", named.join(", ")) }
}

fn are_alike(boxes: &[FeatureBox]) -> bool {
    let within = |sides: Vec<f64>| {
        let low = sides.iter().copied().fold(f64::INFINITY, f64::min);
        let high = sides.iter().copied().fold(0.0, f64::max);
        low > 0.0 && high <= low * (1.0 + ALIKE)
    };
    boxes.len() >= LEAST_CELLS
        && within(boxes.iter().map(|b| b.high.0 - b.low.0).collect())
        && within(boxes.iter().map(|b| b.high.1 - b.low.1).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sight_of(text: &str) -> Sight {
        look_at_json(text.as_bytes()).expect("JSON")
    }

    fn square(x: f64, side: f64, properties: &str) -> String {
        let ring = format!("[[{x},50],[{0},50],[{0},{1}],[{x},{1}],[{x},50]]", x + side, 50.0 + side);
        format!(
            r#"{{"type":"Feature","properties":{properties},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}"#
        )
    }

    fn collection(features: &[String]) -> String {
        format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
    }

    #[test]
    fn districts_tell_their_fields() {
        let one = square(5.0, 0.1, r#"{"nis":"62003","name_fr":"Ans","population_2020":28598}"#);
        let two = square(5.2, 0.3, r#"{"nis":"62063","name_fr":"Liège","population_2020":197217}"#);
        let Content::Polygons(layer) = sight_of(&collection(&[one, two])).content else { panic!("polygons") };
        assert_eq!(layer.code_field.as_deref(), Some("nis"));
        assert_eq!(layer.name_field.as_deref(), Some("name_fr"));
        assert_eq!(layer.population_field.as_deref(), Some("population_2020"));
        assert!((layer.middles[0].lon - 5.05).abs() < 1e-9 && !layer.alike);
    }

    #[test]
    fn cells_of_a_grid_are_alike() {
        let cells: Vec<String> = (0..12).map(|i| square(f64::from(i), 0.1, r#"{"pop":3}"#)).collect();
        let Content::Polygons(layer) = sight_of(&collection(&cells)).content else { panic!("polygons") };
        assert!(layer.alike);
    }

    #[test]
    fn car_parks_are_known_by_fields_or_words() {
        let point = |properties: &str| {
            let geometry = r#"{"type":"Point","coordinates":[8.69,49.41]}"#;
            collection(&[format!(r#"{{"type":"Feature","properties":{properties},"geometry":{geometry}}}"#)])
        };
        assert_eq!(sight_of(&point(r#"{"Kapazität":"12"}"#)).content, Content::Parking);
        assert_eq!(sight_of(&point(r#"{"PARKPLATZ_":"Behinderte"}"#)).content, Content::Parking);
        assert_eq!(sight_of(&point(r#"{"total":52,"type":"Parkhaus"}"#)).content, Content::Parking);
        assert_eq!(sight_of(&point(r#"{"total":52,"type":"trees"}"#)).content, Content::Unknown);
    }

    #[test]
    fn answers_of_a_portal_are_car_parks_or_unknown() {
        let answer = |dataset: &str| {
            let record = r#"{"fields":{"available_spaces":1,"geo_point_2d":[50.6,5.6]}}"#;
            format!(r#"{{"parameters":{{"dataset":"{dataset}"}},"records":[{record}]}}"#)
        };
        let parking = sight_of(&answer("stationnement-pmr"));
        assert_eq!(parking.content, Content::Parking);
        assert_eq!(parking.positions, [LonLat { lon: 5.6, lat: 50.6 }]);
        assert_eq!(sight_of(&answer("arbres")).content, Content::Unknown);
        assert_eq!(sight_of(r#"{"type":"Topology","objects":{}}"#).content, Content::Unknown);
        assert!(look_at_json(b"{\"features\": [").is_err());
        assert!(look_at_json(b"{\"features\": [NaN").is_err());
        assert!(look_at_json(b"{\"features\": [NaN]}").is_ok());
    }
}
