//! Snapshots of street graphs, forged: the header, the length and the checksum are put right, so that what is behind
//! them is reached.

use chaland::base::projection::LonLat;
use chaland::base::units::TravelTime;
use chaland::network::index::StreetIndex;
use chaland::network::linkage::{LinkTo, link_point};
use chaland::network::snapshot::{FORMAT_VERSION, SnapshotKey, read_snapshot};
use chaland::network::streets::StreetGraph;
use chaland::reach::walk::WalkSearch;
use geo::Coord;

use super::answers::check_error;
use super::split;

const HASH_BYTES: usize = 32;

/// The key of every snapshot here.
pub fn key() -> SnapshotKey {
    SnapshotKey::of(&[("streets", b"fuzz")])
}

/// Reads a file without its checksum, and searches every graph in it.
pub fn forged(bytes: &[u8]) {
    let Some(file) = put_right(bytes) else { return };
    split::in_folder(&[("network.snapshot", &file)], |folder| {
        match read_snapshot(&folder.join("network.snapshot"), key()) {
            Ok(snapshot) => snapshot.graphs.iter().for_each(search),
            Err(error) => check_error(&error),
        }
    });
}

/// The bytes with the fields that a fuzzer cannot guess; `None` where there is no room for them.
fn put_right(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut file = bytes.to_vec();
    let length = (bytes.len() + HASH_BYTES) as u64;
    file.get_mut(..8)?.copy_from_slice(b"CHALAND\x1a");
    file.get_mut(8..12)?.copy_from_slice(&FORMAT_VERSION.to_ne_bytes());
    file.get_mut(12..16)?.copy_from_slice(&0x0102_0304_u32.to_ne_bytes());
    file.get_mut(24..32)?.copy_from_slice(&length.to_ne_bytes());
    file.get_mut(32..64)?.copy_from_slice(&key_bytes());
    let hash = SnapshotKey::hash_of(&file);
    file.extend(hash);
    Some(file)
}

/// The bytes of the key, taken from a file that was written with it.
fn key_bytes() -> [u8; 32] {
    static KEY: std::sync::OnceLock<[u8; 32]> = std::sync::OnceLock::new();
    *KEY.get_or_init(|| {
        split::in_folder(&[], |folder| {
            let path = folder.join("empty.snapshot");
            let nowhere = LonLat { lon: 0.0, lat: 0.0 };
            chaland::network::snapshot::write_snapshot(&path, key(), nowhere, &[]).expect("written");
            let bytes = std::fs::read(&path).expect("the file is there");
            bytes[32..64].try_into().expect("32 bytes")
        })
    })
}

fn search(graph: &StreetGraph) {
    let index = StreetIndex::new(graph);
    let places = [(10.0, 0.0), (150.0, 110.0), (100.0, 50.0)];
    let links: Vec<_> = places
        .iter()
        .filter_map(|&(x, y)| link_point(graph, &index, Coord { x, y }, 60.0, LinkTo::AnyStreet))
        .collect();
    for segment in graph.segments() {
        graph.segment_line(segment);
        graph.segment_name(segment);
        graph.original(segment);
    }
    for &profile in graph.mode().profiles() {
        let mut search = WalkSearch::new(graph, profile);
        for from in &links {
            search.from_point(from, TravelTime::from_minutes(60));
            for to in &links {
                search.time_to(to);
                search.path_to(to);
            }
        }
    }
}
