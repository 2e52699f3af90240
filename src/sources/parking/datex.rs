//! Parking publications of DATEX II, versions 2 and 3, in XML or JSON.
//!
//! In: the bytes of a publication. Out: its parking records as features with the names that the other parking files have,
//! and its states (`parkingRecordStatus`) as rows of lot, time, free and taken bays. Both forms become one tree of values
//! first. No document type is read and no entity but XML's own is resolved; depth and size are limited.

use geo::{Geometry, Point};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};

use super::ParkingError;
use crate::base::notice::{Notice, Notices};
use crate::base::projection::LonLat;
use crate::sources::features::Feature;
use crate::sources::table::decode;

/// Longest publication that is read, bytes: some hundred thousand records.
const MOST_BYTES: usize = 256 << 20;
/// Elements and attributes of a publication that are read.
const MOST_ELEMENTS: usize = 5_000_000;
/// How deep elements may lie in each other; the schema has less than twenty.
const DEEPEST: usize = 64;
/// The text of an element that has more than text.
const TEXT: &str = "$";

/// Whether the start of an XML file tells of a DATEX II publication of parking.
pub(crate) fn is_publication(start: &[u8]) -> bool {
    let has = |part: &[u8]| start.windows(part.len()).any(|window| window == part);
    has(b"parkingRecord") || has(b"ParkingTablePublication") || has(b"ParkingStatusPublication")
}

/// Whether a publication tells states and not the car parks themselves.
#[cfg(any(test, feature = "tables"))] // the recognition of a study asks, which needs the tables
pub(crate) fn tells_states(tree: &Value) -> bool {
    find_all(tree, "parkingRecord").is_empty() && !find_all(tree, "parkingRecordStatus").is_empty()
}

/// The tree of a publication, from XML or JSON.
pub(crate) fn parse_publication(file: &str, bytes: &[u8], notices: &mut Notices) -> Result<Value, ParkingError> {
    let not_read = |reason: String| ParkingError::NotDatex { file: file.to_owned(), reason };
    if bytes.len() > MOST_BYTES {
        return Err(not_read(format!("it has {} MB, at most {} are read", bytes.len() >> 20, MOST_BYTES >> 20)));
    }
    let text = decode(file, bytes, notices)?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') {
        return tree_of_xml(text).map_err(not_read);
    }
    if text.bytes().filter(|byte| b",{[".contains(byte)).count() > MOST_ELEMENTS {
        return Err(not_read(format!("it has more than {MOST_ELEMENTS} values")));
    }
    serde_json::from_str(text).map_err(|e| not_read(format!("it is damaged JSON ({e})")))
}

/// An element as a value: its text alone, or an object of its attributes, children and text.
#[derive(Default)]
struct Element {
    name: String,
    members: Map<String, Value>,
    text: String,
}

impl Element {
    fn add(&mut self, name: String, value: Value) {
        match self.members.get_mut(&name) {
            None => {
                self.members.insert(name, value);
            }
            Some(Value::Array(several)) => several.push(value),
            Some(one) => *one = Value::Array(vec![one.take(), value]),
        }
    }

    fn into_value(mut self) -> Value {
        let text = self.text.trim();
        if self.members.is_empty() {
            return Value::String(text.to_owned());
        }
        if !text.is_empty() {
            self.members.insert(TEXT.to_owned(), Value::String(text.to_owned()));
        }
        Value::Object(self.members)
    }
}

fn tree_of_xml(text: &str) -> Result<Value, String> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    let mut elements = 0;
    loop {
        let event =
            reader.read_event().map_err(|e| format!("it is damaged XML at byte {} ({e})", reader.error_position()))?;
        let Some(inside) = open.last_mut() else { return Err("it closes what it never opened".to_owned()) };
        match event {
            Event::Start(start) => {
                elements += 1;
                let element = element_of(&start, &mut elements)?;
                open.push(element);
            }
            Event::Empty(start) => {
                elements += 1;
                let element = element_of(&start, &mut elements)?;
                inside.add(element.name.clone(), element.into_value());
            }
            Event::End(_) => {
                let element = open.pop().unwrap_or_default();
                let Some(parent) = open.last_mut() else { return Err("it closes what it never opened".to_owned()) };
                parent.add(element.name.clone(), element.into_value());
            }
            Event::Text(text) => inside.text.push_str(&text.decode().map_err(|e| e.to_string())?),
            Event::CData(text) => inside.text.push_str(&text.decode().map_err(|e| e.to_string())?),
            Event::GeneralRef(reference) => {
                let known = match &*reference {
                    b"amp" => Some('&'),
                    b"lt" => Some('<'),
                    b"gt" => Some('>'),
                    b"quot" => Some('"'),
                    b"apos" => Some('\''),
                    _ => reference.resolve_char_ref().map_err(|e| e.to_string())?,
                };
                // Another entity is one of a document type, which is not read: it stands for nothing.
                inside.text.extend(known);
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof => break,
        }
        if open.len() > DEEPEST {
            return Err(format!("its elements lie more than {DEEPEST} deep"));
        }
        if elements > MOST_ELEMENTS {
            return Err(format!("it has more than {MOST_ELEMENTS} elements and attributes"));
        }
    }
    let Some(root) = open.pop() else { return Err("it closes what it never opened".to_owned()) };
    match open.is_empty() {
        true => Ok(root.into_value()),
        false => Err(format!("it ends within <{}>", root.name)),
    }
}

fn element_of(start: &BytesStart<'_>, elements: &mut usize) -> Result<Element, String> {
    let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
    let mut element = Element { name, ..Element::default() };
    for attribute in start.attributes().with_checks(false) {
        *elements += 1;
        let attribute = attribute.map_err(|e| format!("it has a damaged attribute in <{}> ({e})", element.name))?;
        let key = String::from_utf8_lossy(attribute.key.local_name().as_ref()).into_owned();
        element.members.insert(format!("@{key}"), String::from_utf8_lossy(&attribute.value).into_owned().into());
    }
    Ok(element)
}

/// All values of a name, wherever they are.
fn find_all<'a>(tree: &'a Value, name: &str) -> Vec<&'a Value> {
    let mut found = Vec::new();
    gather(tree, name, &mut found);
    found
}

/// The depth is bounded: by [`DEEPEST`] in XML, by the reader in JSON.
fn gather<'a>(tree: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    match tree {
        Value::Array(several) => several.iter().for_each(|one| gather(one, name, found)),
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::Array(several) if local(key) == name => found.extend(several),
                    one if local(key) == name => found.push(one),
                    other => gather(other, name, found),
                }
            }
        }
        _ => {}
    }
}

/// A name without the prefix of its name space.
fn local(key: &str) -> &str {
    key.rsplit(':').next().unwrap_or(key)
}

/// The member of a name, itself or within what a list holds first.
fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Array(several) => member(several.first()?, name),
        Value::Object(members) => members.iter().find(|(key, _)| local(key) == name).map(|(_, value)| value),
        _ => None,
    }
}

/// The first text or number within a value, whatever it is wrapped in.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Array(several) => several.iter().find_map(text_of),
        Value::Object(members) => {
            let plain = members.iter().filter(|(key, _)| !key.starts_with('@') && local(key) != "lang");
            plain.map(|(_, value)| value).find_map(text_of)
        }
        Value::Null => None,
    }
}

fn text_at(value: &Value, name: &str) -> Option<String> {
    member(value, name).and_then(text_of)
}

/// The id of an element: an attribute in XML, a member in JSON.
fn id_of(value: &Value) -> Option<String> {
    ["@id", "id", "idG", "@idG"].iter().find_map(|name| text_of(member(value, name)?))
}

/// `multiStorey` as `multi storey`.
fn spaced(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

/// The parking records of a publication as features; one without a position is dropped and tallied.
pub(crate) fn features_of(file: &str, tree: &Value, notices: &mut Notices) -> Vec<Feature> {
    let records = find_all(tree, "parkingRecord");
    if records.is_empty() {
        let notice = Notice::error("no_parking_records", file, "holds no parking record with the places of a car park");
        notices.push(notice.action("nothing read; states of car parks belong under occupancy"));
    }
    let mut features = Vec::new();
    for (record, number) in records.into_iter().zip(1..) {
        let coordinate = |name| find_all(record, name).first().and_then(|value| text_of(value)?.parse::<f64>().ok());
        let at = coordinate("longitude").zip(coordinate("latitude"));
        let Some(at) = at.and_then(|(lon, lat)| LonLat::new(lon, lat)).filter(|at| (at.lon, at.lat) != (0.0, 0.0))
        else {
            let notice = Notice::error("position_missing", file, "is not a position on the globe").at_feature(number);
            notices.push(notice.field("id", id_of(record).unwrap_or_default()).action("left out"));
            notices.tally(file).count_dropped();
            continue;
        };
        let properties = properties_of(record);
        let geometry = Geometry::Point(Point::new(at.lon, at.lat));
        features.push(Feature { number, properties, typed_numbers: Vec::new(), geometry, repaired: false });
    }
    features
}

fn properties_of(record: &Value) -> Vec<(String, String)> {
    let disabled: Vec<u32> = find_all(record, "groupOfParkingSpaces")
        .into_iter()
        .filter(|group| {
            find_all(group, "applicableForUser").iter().any(|user| text_of(user).as_deref() == Some("disabled"))
        })
        .filter_map(|group| text_of(find_all(group, "parkingNumberOfSpaces").first()?)?.parse().ok())
        .collect();
    let free = find_all(record, "freeOfCharge").first().and_then(|free| text_of(free));
    let kinds = ["parkingLayout", "urbanParkingSiteType"].iter().filter_map(|name| text_at(record, name));
    let kind = kinds.map(|kind| spaced(&kind)).collect::<Vec<_>>().join(", ");
    let properties = [
        ("id", id_of(record)),
        ("name", text_at(record, "parkingName")),
        ("capacity", text_at(record, "parkingNumberOfSpaces")),
        ("capacity_disabled", (!disabled.is_empty()).then(|| disabled.iter().sum::<u32>().to_string())),
        ("fee", free.map(|free| if free == "true" { "no" } else { "yes" }.to_owned())),
        ("kind", Some(kind)),
    ];
    let told = properties.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    told.filter(|(_, value)| !value.is_empty()).collect()
}

/// The names of the columns of [`states_of`].
pub(super) const STATE_COLUMNS: [&str; 7] = ["lot id", "time", "free", "occupied", "occupancy", "capacity", "status"];

/// The states of car parks in a publication, as rows of [`STATE_COLUMNS`].
pub(super) fn states_of(tree: &Value) -> Vec<[String; 7]> {
    let published = find_all(tree, "publicationTime").first().and_then(|time| text_of(time));
    let states = find_all(tree, "parkingRecordStatus").into_iter().map(|state| {
        let lot = member(state, "parkingRecordReference").and_then(|of| id_of(of).or_else(|| text_of(of)));
        let of = |name| member(state, "parkingOccupancy").and_then(|occupancy| text_at(occupancy, name));
        let percent = of("parkingOccupancy").map(|percent| format!("{percent}%"));
        let status = ["parkingSiteOpeningStatus", "parkingSiteStatus"].iter().find_map(|name| text_at(state, name));
        [
            lot,
            text_at(state, "parkingStatusOriginTime").or_else(|| published.clone()),
            of("parkingNumberOfVacantSpaces"),
            of("parkingNumberOfOccupiedSpaces"),
            percent,
            of("parkingNumberOfSpacesOverride"),
            status,
        ]
        .map(Option::unwrap_or_default)
    });
    states.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Result<Value, String> {
        let found = parse_publication("p.xml", text.as_bytes(), &mut Notices::new());
        found.map_err(|e| e.to_string())
    }

    const TABLE: &str = r#"<d2:payload xmlns:d2="a" xmlns:p="b"><p:parkingTable id="T">
        <p:parkingRecord id="P1"><p:parkingName><values><value lang="de">Park &amp; Haus</value></values></p:parkingName>
        <p:parkingNumberOfSpaces>500</p:parkingNumberOfSpaces><p:pointCoordinates><latitude>49.0</latitude>
        <longitude>8.4</longitude></p:pointCoordinates><p:groupOfParkingSpaces groupIndex="7"><x><applicableForUser>disabled
        </applicableForUser><p:parkingNumberOfSpaces>12</p:parkingNumberOfSpaces></x></p:groupOfParkingSpaces>
        <p:parkingLayout>multiStorey</p:parkingLayout></p:parkingRecord><p:parkingRecord id="P2"/></p:parkingTable></d2:payload>"#;

    #[test]
    fn records_of_xml_and_json_are_the_same_features() {
        let json = r#"{"payload":[{"parkingTable":[{"parkingRecord":[{"id":"P1","parkingName":{"values":[{"lang":"de",
            "value":"Park & Haus"}]},"parkingNumberOfSpaces":500,"parkingLayout":"multiStorey","location":{"latitude":49.0,
            "longitude":8.4},"groupOfParkingSpaces":[{"x":{"applicableForUser":["disabled"],"parkingNumberOfSpaces":12}}]},
            {"id":"P2"}]}]}]}"#;
        let mut of = Vec::new();
        for text in [TABLE, json] {
            let mut notices = Notices::new();
            let features = features_of("p.xml", &tree(text).expect("a publication"), &mut notices);
            assert_eq!((features.len(), notices.count("position_missing")), (1, 1), "{text}");
            let Geometry::Point(point) = features[0].geometry else { panic!("a point") };
            assert_eq!((point.x(), point.y()), (8.4, 49.0));
            of.push(features[0].properties.clone());
        }
        let own = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        let capacity = [("capacity", "500"), ("capacity_disabled", "12"), ("kind", "multi storey")];
        let expected = own(&[&[("id", "P1"), ("name", "Park & Haus")], &capacity[..]].concat());
        assert_eq!(of[0], expected);
        assert_eq!(of[1], expected);
    }

    #[test]
    fn states_tell_free_and_taken_bays() {
        let text = r#"<d2LogicalModel><publicationTime>2024-05-01T10:00:00Z</publicationTime><parkingRecordStatus>
            <parkingRecordReference id="P1"/><parkingOccupancy><parkingNumberOfVacantSpaces>40</parkingNumberOfVacantSpaces>
            <parkingOccupancy>60</parkingOccupancy></parkingOccupancy>
            <parkingSiteOpeningStatus>open</parkingSiteOpeningStatus></parkingRecordStatus></d2LogicalModel>"#;
        let tree = tree(text).expect("a publication");
        assert!(tells_states(&tree));
        assert_eq!(states_of(&tree), [["P1", "2024-05-01T10:00:00Z", "40", "", "60%", "", "open"].map(str::to_owned)]);
    }

    /// Nothing is resolved, opened or built without end.
    #[test]
    fn hostile_documents_are_refused_or_harmless() {
        let bomb = r#"<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x><parkingRecord id="1">&b;&#65;</parkingRecord></x>"#;
        let found = tree(bomb).expect("harmless");
        assert_eq!(text_of(find_all(&found, "parkingRecord")[0]).as_deref(), Some("A"));
        let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
        assert!(tree(&deep).expect_err("too deep").contains("more than 64 deep"));
        for (text, reason) in [
            ("<a><b>", "ends within <b>"),
            ("<a></b>", "damaged XML"),
            ("</a>", "damaged XML"),
            ("<a x=></a>", "damaged attribute"),
            ("<a>&", "damaged XML"),
            ("{\"a\": [", "damaged JSON"),
        ] {
            let found = tree(text).expect_err("refused");
            assert!(found.contains(reason), "{text}: {found}");
        }
        assert!(tree("").is_err());
    }
}
