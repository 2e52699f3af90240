//! A snapshot gives the graphs that were written, or says why it cannot be used; never anything else.

use std::fs;
use std::path::Path;

use chaland::base::projection::LonLat;
use chaland::base::units::TravelTime;
use chaland::network::bicycle::BicycleParameters;
use chaland::network::car::CarParameters;
use chaland::network::index::StreetIndex;
use chaland::network::linkage::{LinkTo, link_point};
use chaland::network::snapshot::{SnapshotError, SnapshotKey, read_snapshot, write_snapshot};
use chaland::network::streets::{
    Prepared, StreetGraph, StreetInputs, WalkParameters, build_bicycle, build_car, build_walk,
};
use chaland::reach::walk::WalkSearch;
use chaland::sources::osm::records::StreetClass;
use chaland::testing::street_sketch::StreetSketch;
use geo::Coord;
use proptest::test_runner::{Config, TestRunner};

const CENTRE: LonLat = LonLat { lon: -30.0, lat: 45.0 };

/// A small town with all that a graph can hold: steps, a zone, a name.
fn graphs() -> Vec<StreetGraph> {
    let mut sketch = StreetSketch::new();
    for row in 0..4 {
        sketch.named_way(&[(0, 100 * row), (100, 100 * row), (200, 100 * row)], StreetClass::Residential, "Rue");
    }
    sketch.way(&[(0, 0), (0, 100), (0, 200), (0, 300)], StreetClass::Steps);
    sketch.way(&[(200, 0), (200, 100), (200, 200), (200, 300)], StreetClass::Primary).oneway = 1;
    sketch.way(&[(100, 0), (100, 100)], StreetClass::Service).access =
        Some(chaland::sources::osm::records::Access::DestinationOnly);
    let (records, plane) = (sketch.records(), StreetSketch::plane());
    let (prepared, _) = Prepared::new(StreetInputs::plain(&records, &plane));
    vec![
        build_walk(&prepared, &WalkParameters::default()).0,
        build_bicycle(&prepared, &BicycleParameters::default()).0,
        build_car(&prepared, &CarParameters::default()).0,
    ]
}

fn key(text: &str) -> SnapshotKey {
    SnapshotKey::of(&[("streets", text.as_bytes())])
}

/// All times between a few places, for every profile: two graphs that answer the same here are the same.
fn answers(graphs: &[StreetGraph]) -> Vec<Option<TravelTime>> {
    let mut times = Vec::new();
    for graph in graphs {
        let index = StreetIndex::new(graph);
        let places = [(10.0, 0.0), (150.0, 310.0), (100.0, 50.0), (205.0, 120.0)];
        let links: Vec<_> = places
            .iter()
            .filter_map(|&(x, y)| link_point(graph, &index, Coord { x, y }, 60.0, LinkTo::AnyStreet))
            .collect();
        for &profile in graph.mode().profiles() {
            let mut search = WalkSearch::new(graph, profile);
            for from in &links {
                search.from_point(from, TravelTime::from_minutes(60));
                times.extend(links.iter().map(|to| search.time_to(to)));
            }
        }
    }
    times
}

fn written(path: &Path) -> Vec<u8> {
    let graphs = graphs();
    write_snapshot(path, key("a"), CENTRE, &graphs.iter().collect::<Vec<_>>()).expect("written");
    fs::read(path).expect("the file is there")
}

#[test]
fn what_was_written_is_read_and_answers_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("deep/network.snapshot");
    let bytes = written(&path);
    let read = read_snapshot(&path, key("a")).expect("whole");
    assert_eq!(read.centre, CENTRE);
    let fresh = graphs();
    assert_eq!(answers(&read.graphs), answers(&fresh));
    assert!(answers(&fresh).iter().flatten().count() > 50, "the places are reached");
    for (read, fresh) in read.graphs.iter().zip(&fresh) {
        assert_eq!(read.bounds(), fresh.bounds());
        for segment in fresh.segments() {
            assert_eq!(read.segment_line(segment), fresh.segment_line(segment));
            assert_eq!(read.segment_name(segment), fresh.segment_name(segment));
            assert_eq!(read.segment_wheelchair(segment), fresh.segment_wheelchair(segment));
        }
    }
    // The same graphs give the same bytes, and nothing is left beside the file.
    assert_eq!(written(&path), bytes);
    assert_eq!(fs::read_dir(path.parent().expect("a folder")).expect("listed").count(), 1);
}

#[test]
fn a_snapshot_of_something_else_is_stale() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("network.snapshot");
    assert!(matches!(read_snapshot(&path, key("a")), Err(SnapshotError::Missing)));
    written(&path);
    assert!(matches!(read_snapshot(&path, key("b")), Err(SnapshotError::Stale)));
    assert_ne!(SnapshotKey::of(&[("a", b"bc")]), SnapshotKey::of(&[("ab", b"c")]), "names and values are told apart");
}

/// Every byte of the file flipped in one bit or all, and the file cut at every length: never believed.
#[test]
fn no_damage_is_believed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("network.snapshot");
    let bytes = written(&path);
    let refused = |damaged: &[u8], what: &str| {
        fs::write(&path, damaged).expect("written");
        assert!(read_snapshot(&path, key("a")).is_err(), "{what}");
    };
    let step = (bytes.len() / 2000).max(1);
    for at in (0..bytes.len()).step_by(step) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        refused(&damaged, &format!("byte {at} flipped"));
        refused(&bytes[..at], &format!("cut after {at} bytes"));
    }
    refused(&[bytes.clone(), vec![0]].concat(), "a byte too many");
    let mut runner = TestRunner::new(Config { cases: 1000, failure_persistence: None, ..Config::default() });
    let places = proptest::collection::vec((0..bytes.len(), 1..=255_u8), 1..20);
    runner
        .run(&places, |flips| {
            let mut damaged = bytes.clone();
            for (at, mask) in flips {
                damaged[at] ^= mask;
            }
            fs::write(&path, &damaged).expect("written");
            // Flips of one byte may undo each other.
            proptest::prop_assert!(damaged == bytes || read_snapshot(&path, key("a")).is_err());
            Ok(())
        })
        .expect("no damage is believed");
}

/// A file whose checksum was made to fit again, with an id in it that names nothing, is refused before it is used.
#[test]
fn a_forged_snapshot_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("network.snapshot");
    let bytes = written(&path);
    let content = bytes.len() - 32;
    let mut refused = 0;
    for at in (64..content).step_by(61) {
        let mut forged = bytes.clone();
        forged[at] = 0xff;
        let hash = SnapshotKey::hash_of(&forged[..content]);
        forged[content..].copy_from_slice(&hash);
        fs::write(&path, &forged).expect("written");
        match read_snapshot(&path, key("a")) {
            Err(_) => refused += 1,
            // A length or a position may be anything; searching over it must not panic.
            Ok(snapshot) => drop(answers(&snapshot.graphs)),
        }
    }
    assert!(refused > 20, "{refused}");
}
