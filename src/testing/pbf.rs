//! Drawn OpenStreetMap extracts: elements in, the bytes of an `.osm.pbf` out, so that a test can draw its own street
//! corner and send it through the same reader as a real town.
//!
//! The same elements give the same bytes: blobs are left uncompressed, which the format allows, and so do not depend
//! on any compressor. Layer `testing`; it knows nothing of what the tags mean.
//!
//! Format: <https://wiki.openstreetmap.org/wiki/PBF_Format>.

use std::collections::HashMap;

use crate::base::projection::LonLat;

/// Most elements in one blob, the number osmium and osmosis use.
const BLOB_ELEMENTS: usize = 8000;
/// Coordinates are stored in units of this many nanodegrees, the default of the format.
const GRANULARITY_NANODEGREES: f64 = 100.0;

/// What a relation member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// A node.
    Node,
    /// A way.
    Way,
    /// Another relation.
    Relation,
}

type Tags = Vec<(String, String)>;
type Member = (MemberKind, i64, String);

/// Elements of an extract being drawn.
#[derive(Clone, Debug, Default)]
pub struct Extract {
    nodes: Vec<(i64, LonLat, Tags)>,
    ways: Vec<(i64, Vec<i64>, Tags)>,
    relations: Vec<(i64, Vec<Member>, Tags)>,
    required_features: Vec<String>,
    timestamp: Option<i64>,
    unsorted: bool,
}

fn owned(tags: &[(&str, &str)]) -> Tags {
    tags.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect()
}

impl Extract {
    /// An extract without elements.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a node. Positions are kept to 1e-7 degrees.
    pub fn node(&mut self, id: i64, position: LonLat, tags: &[(&str, &str)]) -> &mut Self {
        self.nodes.push((id, position, owned(tags)));
        self
    }

    /// Adds a way along nodes, which need not exist.
    pub fn way(&mut self, id: i64, nodes: &[i64], tags: &[(&str, &str)]) -> &mut Self {
        self.ways.push((id, nodes.to_vec(), owned(tags)));
        self
    }

    /// Adds a relation of (kind, id, role), which need not exist.
    pub fn relation(&mut self, id: i64, members: &[(MemberKind, i64, &str)], tags: &[(&str, &str)]) -> &mut Self {
        let members = members.iter().map(|&(kind, member, role)| (kind, member, role.to_owned())).collect();
        self.relations.push((id, members, owned(tags)));
        self
    }

    /// Writes this moment (seconds since 1970, UTC) into the header as the state of the data.
    pub fn replication_timestamp(&mut self, seconds: i64) -> &mut Self {
        self.timestamp = Some(seconds);
        self
    }

    /// Demands one more feature of the reader, to see it refuse.
    pub fn required_feature(&mut self, feature: &str) -> &mut Self {
        self.required_features.push(feature.to_owned());
        self
    }

    /// Keeps the elements in the order drawn and leaves `Sort.Type_then_ID` out of the header.
    pub fn unsorted(&mut self) -> &mut Self {
        self.unsorted = true;
        self
    }

    /// The file: a header blob, then nodes, ways and relations, each by ascending id.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut drawn = self.clone();
        if !self.unsorted {
            drawn.nodes.sort_by_key(|node| node.0);
            drawn.ways.sort_by_key(|way| way.0);
            drawn.relations.sort_by_key(|relation| relation.0);
        }
        let mut file = Vec::new();
        write_blob(&mut file, "OSMHeader", &self.header());
        for nodes in drawn.nodes.chunks(BLOB_ELEMENTS) {
            write_blob(&mut file, "OSMData", &block(|strings| dense_nodes(nodes, strings)));
        }
        for ways in drawn.ways.chunks(BLOB_ELEMENTS) {
            write_blob(&mut file, "OSMData", &block(|strings| way_group(ways, strings)));
        }
        for relations in drawn.relations.chunks(BLOB_ELEMENTS) {
            write_blob(&mut file, "OSMData", &block(|strings| relation_group(relations, strings)));
        }
        file
    }

    fn header(&self) -> Vec<u8> {
        let mut header = Message::default();
        let nanodegrees = |degrees: f64| (degrees * 1e9).round() as i64;
        if let Some(first) = self.nodes.first().map(|node| node.1) {
            let (low, high) = self.nodes.iter().fold((first, first), |(low, high), (_, position, _)| {
                (
                    LonLat { lon: low.lon.min(position.lon), lat: low.lat.min(position.lat) },
                    LonLat { lon: high.lon.max(position.lon), lat: high.lat.max(position.lat) },
                )
            });
            let mut bbox = Message::default();
            for (field, degrees) in [(1, low.lon), (2, high.lon), (3, high.lat), (4, low.lat)] {
                bbox.varint(field, zigzag(nanodegrees(degrees)));
            }
            header.bytes(1, &bbox.0);
        }
        header.bytes(4, b"OsmSchema-V0.6");
        header.bytes(4, b"DenseNodes");
        for feature in &self.required_features {
            header.bytes(4, feature.as_bytes());
        }
        if !self.unsorted {
            header.bytes(5, b"Sort.Type_then_ID");
        }
        header.bytes(16, b"chaland-draw");
        if let Some(seconds) = self.timestamp {
            header.varint(32, seconds as u64);
        }
        header.0
    }
}

/// A protobuf message being encoded.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, field: u32, value: u64) {
        push_varint(&mut self.0, u64::from(field) << 3);
        push_varint(&mut self.0, value);
    }

    fn bytes(&mut self, field: u32, bytes: &[u8]) {
        push_varint(&mut self.0, u64::from(field) << 3 | 2);
        push_varint(&mut self.0, bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    fn packed(&mut self, field: u32, values: impl IntoIterator<Item = u64>) {
        let mut packed = Vec::new();
        values.into_iter().for_each(|value| push_varint(&mut packed, value));
        if !packed.is_empty() {
            self.bytes(field, &packed);
        }
    }
}

fn push_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// Each value as its difference to the one before, signs folded in.
fn deltas(values: impl Iterator<Item = i64>) -> impl Iterator<Item = u64> {
    values.scan(0i64, |last, value| {
        let delta = value.wrapping_sub(*last);
        *last = value;
        Some(zigzag(delta))
    })
}

/// The strings of a block; number 0 stays empty, it is the delimiter of dense nodes.
#[derive(Default)]
struct StringTable {
    numbers: HashMap<String, u64>,
    strings: Vec<String>,
}

impl StringTable {
    fn number(&mut self, text: &str) -> u64 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        self.strings.push(text.to_owned());
        let number = self.strings.len() as u64;
        self.numbers.insert(text.to_owned(), number);
        number
    }
}

fn write_blob(file: &mut Vec<u8>, kind: &str, content: &[u8]) {
    let mut blob = Message::default();
    blob.bytes(1, content);
    blob.varint(2, content.len() as u64);
    let mut header = Message::default();
    header.bytes(1, kind.as_bytes());
    header.varint(3, blob.0.len() as u64);
    file.extend_from_slice(&(header.0.len() as u32).to_be_bytes());
    file.extend_from_slice(&header.0);
    file.extend_from_slice(&blob.0);
}

fn block(group: impl FnOnce(&mut StringTable) -> Message) -> Vec<u8> {
    let mut strings = StringTable::default();
    let group = group(&mut strings);
    let mut table = Message::default();
    table.bytes(1, b"");
    strings.strings.iter().for_each(|text| table.bytes(1, text.as_bytes()));
    let mut block = Message::default();
    block.bytes(1, &table.0);
    block.bytes(2, &group.0);
    block.0
}

fn dense_nodes(nodes: &[(i64, LonLat, Tags)], strings: &mut StringTable) -> Message {
    let units = |degrees: f64| (degrees * (1e9 / GRANULARITY_NANODEGREES)).round() as i64;
    let mut dense = Message::default();
    dense.packed(1, deltas(nodes.iter().map(|node| node.0)));
    dense.packed(8, deltas(nodes.iter().map(|node| units(node.1.lat))));
    dense.packed(9, deltas(nodes.iter().map(|node| units(node.1.lon))));
    if nodes.iter().any(|node| !node.2.is_empty()) {
        let mut keys_values = Vec::new();
        for (_, _, tags) in nodes {
            for (key, value) in tags {
                keys_values.extend([strings.number(key), strings.number(value)]);
            }
            keys_values.push(0);
        }
        dense.packed(10, keys_values);
    }
    let mut group = Message::default();
    group.bytes(2, &dense.0);
    group
}

fn write_tags(element: &mut Message, tags: &Tags, strings: &mut StringTable) {
    let keys: Vec<u64> = tags.iter().map(|(key, _)| strings.number(key)).collect();
    let values: Vec<u64> = tags.iter().map(|(_, value)| strings.number(value)).collect();
    element.packed(2, keys);
    element.packed(3, values);
}

fn way_group(ways: &[(i64, Vec<i64>, Tags)], strings: &mut StringTable) -> Message {
    let mut group = Message::default();
    for (id, nodes, tags) in ways {
        let mut way = Message::default();
        way.varint(1, *id as u64);
        write_tags(&mut way, tags, strings);
        way.packed(8, deltas(nodes.iter().copied()));
        group.bytes(3, &way.0);
    }
    group
}

fn relation_group(relations: &[(i64, Vec<Member>, Tags)], strings: &mut StringTable) -> Message {
    let mut group = Message::default();
    for (id, members, tags) in relations {
        let mut relation = Message::default();
        relation.varint(1, *id as u64);
        write_tags(&mut relation, tags, strings);
        let roles: Vec<u64> = members.iter().map(|(_, _, role)| strings.number(role)).collect();
        relation.packed(8, roles);
        relation.packed(9, deltas(members.iter().map(|member| member.1)));
        relation.packed(
            10,
            members.iter().map(|(kind, _, _)| match kind {
                MemberKind::Node => 0,
                MemberKind::Way => 1,
                MemberKind::Relation => 2,
            }),
        );
        group.bytes(4, &relation.0);
    }
    group
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use osmpbf::{BlobDecode, BlobReader, Element, ElementReader, RelMemberType};

    use super::*;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat { lon, lat }
    }

    /// Everything a file holds, one line per element.
    fn read(bytes: Vec<u8>) -> Vec<String> {
        let mut lines = Vec::new();
        let pairs = |tags: Vec<(&str, &str)>| format!("{tags:?}");
        ElementReader::new(Cursor::new(bytes))
            .for_each(|element| {
                lines.push(match element {
                    Element::DenseNode(n) => {
                        format!("n{} {:.7} {:.7} {}", n.id(), n.lon(), n.lat(), pairs(n.tags().collect()))
                    }
                    Element::Node(n) => format!("plain n{}", n.id()),
                    Element::Way(w) => {
                        let nodes: Vec<i64> = w.refs().collect();
                        format!("w{} {nodes:?} {}", w.id(), pairs(w.tags().collect()))
                    }
                    Element::Relation(r) => {
                        let members: Vec<String> = r
                            .members()
                            .map(|m| {
                                let kind = match m.member_type {
                                    RelMemberType::Node => 'n',
                                    RelMemberType::Way => 'w',
                                    RelMemberType::Relation => 'r',
                                };
                                format!("{kind}{}:{}", m.member_id, m.role().expect("a role"))
                            })
                            .collect();
                        format!("r{} {} {}", r.id(), members.join(","), pairs(r.tags().collect()))
                    }
                })
            })
            .expect("a valid file");
        lines
    }

    fn corner() -> Extract {
        let mut extract = Extract::new();
        extract
            .node(7, at(4.8000001, 50.3), &[("shop", "bakery"), ("name", "Au Pain d'Épi")])
            .node(-3, at(-0.5, -0.25), &[])
            .node(5_000_000_000, at(4.81, 50.31), &[("highway", "crossing")])
            .way(9, &[7, 5_000_000_000, 7], &[("highway", "residential"), ("name", "")])
            .way(2, &[], &[])
            .relation(
                4,
                &[(MemberKind::Way, 9, "outer"), (MemberKind::Node, 7, ""), (MemberKind::Relation, 4, "x")],
                &[("type", "multipolygon")],
            );
        extract
    }

    #[test]
    fn another_reader_finds_what_was_drawn_sorted_by_id() {
        assert_eq!(
            read(corner().to_bytes()),
            [
                "n-3 -0.5000000 -0.2500000 []",
                r#"n7 4.8000001 50.3000000 [("shop", "bakery"), ("name", "Au Pain d'Épi")]"#,
                r#"n5000000000 4.8100000 50.3100000 [("highway", "crossing")]"#,
                "w2 [] []",
                r#"w9 [7, 5000000000, 7] [("highway", "residential"), ("name", "")]"#,
                r#"r4 w9:outer,n7:,r4:x [("type", "multipolygon")]"#,
            ]
        );
        let drawn = read(corner().unsorted().to_bytes());
        assert!(drawn[0].starts_with("n7 ") && drawn[1].starts_with("n-3 "), "{drawn:?}");
    }

    #[test]
    fn the_header_tells_features_box_and_date() {
        let bytes = corner().replication_timestamp(1_717_200_000).required_feature("LocationsOnWays").to_bytes();
        let first = BlobReader::new(Cursor::new(bytes)).next().expect("a blob").expect("a valid blob");
        let BlobDecode::OsmHeader(header) = first.decode().expect("a header") else { panic!("not a header") };
        assert_eq!(header.required_features(), ["OsmSchema-V0.6", "DenseNodes", "LocationsOnWays"]);
        assert_eq!(header.optional_features(), ["Sort.Type_then_ID"]);
        let bbox = header.bbox().expect("a box");
        let found = [bbox.left, bbox.right, bbox.bottom, bbox.top].map(|degrees| (degrees * 1e9).round());
        assert_eq!(found, [-0.5e9, 4.81e9, -0.25e9, 50.31e9]);
        assert_eq!(header.osmosis_replication_timestamp(), Some(1_717_200_000));
    }

    /// 20,001 nodes need three blobs of at most 8000, and the header makes four.
    #[test]
    fn large_extracts_are_cut_into_blobs() {
        let mut extract = Extract::new();
        (0..20_001).for_each(|id| {
            extract.node(id, at(id as f64 * 1e-4, 0.0), &[]);
        });
        let bytes = extract.to_bytes();
        assert_eq!(BlobReader::new(Cursor::new(bytes.clone())).count(), 4);
        let lines = read(bytes);
        assert_eq!(lines.len(), 20_001);
        assert_eq!(lines[20_000], "n20000 2.0000000 0.0000000 []");
    }

    #[test]
    fn an_empty_extract_is_a_valid_file_and_drawing_twice_gives_the_same_bytes() {
        assert!(read(Extract::new().to_bytes()).is_empty());
        assert_eq!(corner().to_bytes(), corner().to_bytes());
    }
}
