//! OpenStreetMap extracts: a file as it is, blobs whose content is packed here, and tags on drawn streets.

use std::io::Read;

use chaland::base::notice::Notices;
use chaland::base::projection::{LonLat, Plane};
use chaland::network::bicycle::BicycleParameters;
use chaland::network::car::CarParameters;
use chaland::network::streets::{Prepared, StreetInputs, WalkParameters, build_bicycle, build_car, build_walk};
use chaland::sources::osm::records::OsmRecords;
use chaland::sources::osm::{OsmError, OsmOptions, OsmScope, PlaceRules, read_osm};
use chaland::testing::pbf::{Extract, MemberKind};
use jiff::civil::date;

use super::answers::{check_error, check_notices};
use super::split;

/// Most elements of which street graphs are built here: what is asked is whether it works, not how fast.
const MOST_STREETS: usize = 500;

/// Reads a file.
pub fn pbf(bytes: &[u8]) {
    read(bytes, OsmScope::Everything);
}

/// Packs blobs and reads them: of each a byte that says how to pack it, two for its length, and its content.
///
/// Bit 0 packs with zlib, bits 1 and 2 declare a byte less or many more than there are, bit 3 makes it a header. What
/// is packed carries a checksum, so that a fuzzer that changes packed bytes seldom gets beyond it.
pub fn blocks(bytes: &[u8]) {
    let Some((&scope, mut rest)) = bytes.split_first() else { return };
    let mut file = Vec::new();
    while let Some((&[how, low, high], after)) = rest.split_first_chunk::<3>() {
        let (content, after) = after.split_at(usize::from(u16::from_le_bytes([low, high])).min(after.len()));
        file.extend(blob(how, content));
        rest = after;
    }
    read(&file, if scope & 1 == 0 { OsmScope::Everything } else { OsmScope::Streets });
}

/// Draws a street corner whose elements bear the tags of the text, `key=value` a line, and reads it. An empty line ends
/// the tags of an element: a street, its middle node, a closed way, a relation, a way that crosses the street.
pub fn tags(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut elements = text.split("\n\n").map(|element| {
        let tags = element.lines().take(30).map(|line| line.split_once('=').unwrap_or((line, "yes")));
        tags.collect::<Vec<(&str, &str)>>()
    });
    let mut next = || elements.next().unwrap_or_default();
    let at = |east_m: f64, north_m: f64| LonLat { lon: 5.57 + east_m / 70_737.0, lat: 50.64 + north_m / 111_241.0 };
    let mut extract = Extract::new();
    extract.way(10, &[1, 2, 3], &next());
    extract.node(1, at(-100.0, 0.0), &[]).node(2, at(0.0, 0.0), &next()).node(3, at(100.0, 0.0), &[]);
    for (id, (east_m, north_m)) in (6..).zip([(10.0, 10.0), (60.0, 10.0), (60.0, 60.0), (10.0, 60.0)]) {
        extract.node(id, at(east_m, north_m), &[]);
    }
    extract.way(11, &[6, 7, 8, 9, 6], &next());
    let members = [
        (MemberKind::Way, 10, "from"),
        (MemberKind::Node, 2, "via"),
        (MemberKind::Way, 12, "to"),
        (MemberKind::Way, 11, "outer"),
    ];
    extract.relation(20, &members, &next());
    extract.node(4, at(0.0, -100.0), &[]).node(5, at(0.0, 100.0), &[]);
    let crossing = next();
    extract.way(12, &[4, 2, 5], if crossing.is_empty() { &[("highway", "residential")] } else { &crossing });
    read(&extract.to_bytes(), OsmScope::Everything);
}

fn read(bytes: &[u8], scope: OsmScope) {
    let options = OsmOptions { scope, keep_building_outlines: true, ..OsmOptions::default() };
    let found: Result<(OsmRecords, Notices), OsmError> = split::in_folder(&[("a.osm.pbf", bytes)], |folder| {
        read_osm(&[folder.join("a.osm.pbf")], &options, &PlaceRules::default_rules(), &|_, _| {})
    });
    match found {
        Ok((records, notices)) => {
            check_notices(&notices);
            build_graphs(&records);
        }
        Err(error) => check_error(&error),
    }
}

fn build_graphs(records: &OsmRecords) {
    if records.streets.len() > MOST_STREETS {
        return;
    }
    let plane = Plane::centred_on(LonLat { lon: 5.57, lat: 50.64 });
    let moment = Some(date(2026, 3, 10).at(14, 30, 0, 0));
    let (prepared, notices) = Prepared::new(StreetInputs { moment, ..StreetInputs::plain(records, &plane) });
    check_notices(&notices);
    for (graph, notices) in [
        build_walk(&prepared, &WalkParameters::default()),
        build_bicycle(&prepared, &BicycleParameters::default()),
        build_car(&prepared, &CarParameters::default()),
    ] {
        check_notices(&notices);
        for segment in graph.segments() {
            let length_m = graph.segment_length_m(segment);
            assert!(length_m.is_finite() && length_m >= 0.0, "a segment of {length_m} m");
        }
    }
}

/// A blob with its length and its header.
fn blob(how: u8, content: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    if how & 1 == 0 {
        push_field(&mut body, 1, content);
    } else {
        let mut packed = Vec::new();
        flate2::read::ZlibEncoder::new(content, flate2::Compression::fast()).read_to_end(&mut packed).expect("packed");
        let declared = match how & 6 {
            0 => content.len(),
            2 => content.len().saturating_sub(1),
            4 => content.len() << 20,
            _ => usize::MAX,
        };
        body.push(0x10);
        push_varint(&mut body, declared);
        push_field(&mut body, 3, &packed);
    }
    let kind: &[u8] = if how & 8 == 0 { b"OSMData" } else { b"OSMHeader" };
    let mut header = Vec::new();
    push_field(&mut header, 1, kind);
    header.push(0x18);
    push_varint(&mut header, body.len());
    [&(header.len() as u32).to_be_bytes()[..], &header, &body].concat()
}

fn push_field(message: &mut Vec<u8>, number: u8, bytes: &[u8]) {
    message.push(number << 3 | 2);
    push_varint(message, bytes.len());
    message.extend(bytes);
}

fn push_varint(bytes: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}
