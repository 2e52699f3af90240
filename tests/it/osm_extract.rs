//! Does the OpenStreetMap reader hand over what an extract holds, and say what it left out?

use std::path::{Path, PathBuf};

use chaland::base::kinds::{LotKind, PlaceCategory, SeveringKind, StopMode, StreetClass};
use chaland::base::notice::Notices;
use chaland::base::projection::LonLat;
use chaland::sources::osm::records::{BarrierKind, CrossingKind, KerbSide, OsmElement, OsmRecords};
use chaland::sources::osm::{OsmError, OsmOptions, PlaceRules, StudyArea, read_osm};
use chaland::testing::pbf::{Extract, MemberKind};

fn sample(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples").join(path)
}

fn read(paths: &[PathBuf], options: &OsmOptions) -> Result<(OsmRecords, Notices), OsmError> {
    let read = read_osm(paths, options, &PlaceRules::default_rules(), &|_, _| {});
    if let Ok((_, notices)) = &read {
        assert!(notices.tallies().values().all(|tally| tally.balances()), "{:?}", notices.tallies());
    }
    read
}

/// Reads bytes as a file named `a.osm.pbf`.
fn read_bytes(bytes: &[u8], options: &OsmOptions) -> Result<(OsmRecords, Notices), OsmError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.osm.pbf");
    std::fs::write(&path, bytes).expect("the file can be written");
    read(&[path], options)
}

fn read_drawn(extract: &Extract) -> (OsmRecords, Notices) {
    read_bytes(&extract.to_bytes(), &OsmOptions::default()).expect("a drawn extract can be read")
}

/// A position in metres east and north of a corner in Liège, to the metre.
fn at(east_m: f64, north_m: f64) -> LonLat {
    LonLat { lon: 5.57 + east_m / 70_737.0, lat: 50.64 + north_m / 111_241.0 }
}

/// A cross of two streets of 200 m: nodes 1–2–3 west to east and 4–2–5 south to north.
fn cross() -> Extract {
    let mut extract = Extract::new();
    extract.node(1, at(-100.0, 0.0), &[]).node(2, at(0.0, 0.0), &[]).node(3, at(100.0, 0.0), &[]);
    extract.node(4, at(0.0, -100.0), &[]).node(5, at(0.0, 100.0), &[]);
    extract.way(10, &[1, 2, 3], &[("highway", "residential"), ("name", "Rue de l'Est")]);
    extract.way(11, &[4, 2, 5], &[("highway", "footway")]);
    extract
}

/// Adds a closed way around a rectangle, with nodes from `first` on.
fn rectangle(extract: &mut Extract, way: i64, first: i64, from: (f64, f64), to: (f64, f64), tags: &[(&str, &str)]) {
    let corners = [(from.0, from.1), (to.0, from.1), (to.0, to.1), (from.0, to.1)];
    for (id, (x, y)) in (first..).zip(corners) {
        extract.node(id, at(x, y), &[]);
    }
    extract.way(way, &[first, first + 1, first + 2, first + 3, first], tags);
}

#[test]
fn streets_share_their_nodes() {
    let (records, notices) = read_drawn(&cross());
    assert_eq!(records.street_node_ids, [1, 2, 3, 4, 5]);
    let refs: Vec<_> = records.streets.iter().map(|street| (street.way, records.refs(street).to_vec())).collect();
    assert_eq!(refs, [(10, vec![0, 1, 2]), (11, vec![3, 1, 4])]);
    assert_eq!(records.streets[0].name, "Rue de l'Est");
    let there = records.street_node_positions[4];
    assert!((there.lon - 5.57).abs() < 1e-7 && (there.lat - at(0.0, 100.0).lat).abs() < 1e-7);
    assert_eq!(notices.kept(), [], "nothing is wrong");
    assert_eq!(notices.tallies()["a.osm.pbf"].used, 2);
}

#[test]
fn the_day_of_the_data_comes_from_the_header() {
    let mut extract = cross();
    // 1 May 2025, 20:21:30 UTC.
    extract.replication_timestamp(1_746_130_890);
    assert_eq!(read_drawn(&extract).0.data_date.as_deref(), Some("2025-05-01"));
    assert_eq!(read_drawn(&cross()).0.data_date, None);
}

#[test]
fn both_parking_schemes_are_read_from_a_file() {
    let mut extract = cross();
    extract.way(12, &[1, 4], &[("highway", "residential"), ("parking:both", "lane"), ("parking:left:capacity", "9")]);
    extract.way(13, &[3, 5], &[("highway", "residential"), ("parking:lane:left", "diagonal")]);
    let (records, _) = read_drawn(&extract);
    let parking: Vec<_> = records.streets.iter().map(|street| street.parking.as_deref().copied()).collect();
    assert_eq!(parking[0], None);
    let new = parking[2].expect("the new scheme");
    assert_eq!(new.left, KerbSide::Bays { orientation: None, capacity: Some(9), residents_only: false });
    assert_eq!(parking[3].expect("the old scheme").right, KerbSide::Unknown);
}

#[test]
fn marks_lie_on_street_nodes() {
    let mut extract = cross();
    extract.node(6, at(50.0, 0.0), &[("highway", "crossing"), ("crossing", "traffic_signals")]);
    extract.node(7, at(70.0, 0.0), &[("barrier", "stile")]);
    extract.node(8, at(70.0, 30.0), &[("barrier", "gate")]);
    extract.way(14, &[2, 6, 7], &[("highway", "footway")]);
    let (records, notices) = read_drawn(&extract);
    let marks: Vec<_> = records
        .street_node_marks
        .iter()
        .map(|mark| (records.street_node_ids[mark.node as usize], mark.crossing, mark.barrier))
        .collect();
    assert_eq!(marks, [(6, Some(CrossingKind::Signals), None), (7, None, Some(BarrierKind::Narrow))]);
    assert_eq!(notices.count("mark_on_no_street"), 1);
}

#[test]
fn a_square_with_a_fountain_is_walked_along_both_outlines() {
    let mut extract = cross();
    rectangle(&mut extract, 20, 100, (10.0, 10.0), (60.0, 50.0), &[]);
    rectangle(&mut extract, 21, 110, (30.0, 20.0), (40.0, 30.0), &[]);
    let members = [(MemberKind::Way, 20, "outer"), (MemberKind::Way, 21, "inner")];
    let tags = [("type", "multipolygon"), ("highway", "pedestrian"), ("leisure", "park"), ("name", "Place")];
    extract.relation(30, &members, &tags);
    let (records, _) = read_drawn(&extract);
    let ways: Vec<_> = records.streets.iter().map(|street| (street.way, street.tags.area)).collect();
    assert_eq!(ways, [(10, false), (11, false), (20, true), (21, true)]);
    let park = &records.land[0].area.0[0];
    assert_eq!(park.interiors().len(), 1);
}

/// One of its nodes lies far off: a line of 5 km is no side of a square, which is told, and the square is not crossed.
#[test]
fn square_too_large() {
    use chaland::network::streets::{WalkParameters, build_streets};
    let told_of = |east_m: f64| {
        let mut extract = cross();
        rectangle(&mut extract, 30, 300, (-50.0, -50.0), (east_m, 50.0), &[]);
        let tags = [("type", "multipolygon"), ("highway", "pedestrian"), ("area", "yes")];
        extract.relation(40, &[(MemberKind::Way, 30, "outer")], &tags);
        let options = OsmOptions { study_area: StudyArea::new(5.4, 50.5, 5.8, 50.8), ..OsmOptions::default() };
        let (records, _) = read_bytes(&extract.to_bytes(), &options).expect("a drawn extract can be read");
        assert_eq!(records.walk_areas.len(), 1);
        let plane = chaland::base::projection::Plane::centred_on(at(0.0, 0.0));
        build_streets(&records, &plane, &WalkParameters::default()).1.count("square_too_large")
    };
    assert_eq!((told_of(50.0), told_of(5000.0)), (0, 1));
}

#[test]
fn areas_are_measured_without_their_holes() {
    let mut extract = cross();
    rectangle(&mut extract, 20, 100, (10.0, 10.0), (60.0, 50.0), &[]);
    rectangle(&mut extract, 21, 110, (20.0, 20.0), (40.0, 30.0), &[]);
    rectangle(&mut extract, 22, 120, (-40.0, 10.0), (-10.0, 30.0), &[("building", "house"), ("building:levels", "2")]);
    let members = [(MemberKind::Way, 20, "outer"), (MemberKind::Way, 21, "inner")];
    let tags = [("type", "multipolygon"), ("building", "retail"), ("shop", "mall"), ("name", "Galerie")];
    extract.relation(30, &members, &tags);
    let options = OsmOptions { keep_building_outlines: true, ..OsmOptions::default() };
    let (records, _) = read_bytes(&extract.to_bytes(), &options).expect("read");
    // 50 × 40 − 20 × 10 = 1800 m², and 30 × 20 = 600 m².
    let sizes: Vec<_> = records.buildings.iter().map(|b| (b.element, b.footprint_m2.round(), b.residential)).collect();
    assert_eq!(sizes, [(OsmElement::Way(22), 600.0, true), (OsmElement::Relation(30), 1800.0, false)]);
    assert_eq!(records.buildings[0].outline.len(), 4);
    assert_eq!((records.places[0].tag.as_str(), records.places[0].category), ("shop=mall", PlaceCategory::Comparison));
    assert_eq!(records.places[0].area_m2.map(f64::round), Some(1800.0));
    let centre = records.buildings[0].position;
    let expected = at(-25.0, 20.0);
    assert!((centre.lon - expected.lon).abs() < 1e-6 && (centre.lat - expected.lat).abs() < 1e-6);
}

#[test]
fn lots_stops_and_lines_are_read() {
    let mut extract = cross();
    rectangle(&mut extract, 20, 100, (10.0, 10.0), (60.0, 50.0), &[("amenity", "parking"), ("capacity", "20;30")]);
    extract.node(6, at(5.0, 5.0), &[("highway", "bus_stop"), ("name", "Est")]);
    extract.node(7, at(8.0, 1.0), &[("public_transport", "stop_position"), ("bus", "yes"), ("name", "Est")]);
    extract.way(24, &[4, 3], &[("railway", "rail")]);
    let (records, notices) = read_drawn(&extract);
    let lot = &records.lots[0];
    assert_eq!((lot.kind, lot.capacity, lot.area_m2.map(f64::round)), (LotKind::Surface, None, Some(2000.0)));
    assert_eq!(notices.count("number_unparsable"), 1);
    let stops: Vec<_> = records.stops.iter().map(|stop| (stop.element, stop.mode)).collect();
    assert_eq!(stops, [(OsmElement::Node(6), StopMode::Bus)]);
    assert_eq!(notices.count("mapped_twice"), 1);
    assert_eq!(records.severing_lines.len(), 1);
    assert_eq!(records.severing_lines[0].kind, SeveringKind::Railway);
    let tally = notices.tallies()["a.osm.pbf"];
    // Two streets and a railway used, the stop used; the lot repaired; the second stop dropped.
    assert_eq!((tally.used, tally.repaired, tally.dropped), (4, 1, 1));
}

#[test]
fn a_boundary_counts_only_when_it_is_whole() {
    let mut extract = cross();
    rectangle(&mut extract, 20, 100, (-90.0, -90.0), (90.0, 90.0), &[]);
    let tags = |name| [("type", "boundary"), ("boundary", "administrative"), ("admin_level", "8"), ("name", name)];
    extract.relation(30, &[(MemberKind::Way, 20, "outer")], &tags("Liège"));
    extract.relation(31, &[(MemberKind::Way, 20, "outer"), (MemberKind::Way, 99, "outer")], &tags("Herstal"));
    let (records, notices) = read_drawn(&extract);
    let names: Vec<_> = records.boundaries.iter().map(|b| (b.name.as_str(), b.admin_level)).collect();
    assert_eq!(names, [("Liège", 8)]);
    assert_eq!(notices.count("reaches_beyond_files"), 1);
}

/// A shop and a house are entered by the doors on their outlines: by the main ones where there are such, by no emergency
/// exit. A door on no outline says nothing.
#[test]
fn entrances_belong_to_the_building_they_are_on() {
    let mut extract = cross();
    extract.node(50, at(30.0, 10.0), &[("entrance", "yes")]).node(51, at(40.0, 10.0), &[("entrance", "main")]);
    extract.node(52, at(50.0, 20.0), &[("entrance", "emergency")]).node(53, at(30.0, 20.0), &[]);
    extract.node(54, at(60.0, 10.0), &[("entrance", "yes")]).node(55, at(70.0, 10.0), &[("entrance", "staircase")]);
    extract.node(56, at(60.0, 25.0), &[]).node(57, at(90.0, 25.0), &[("entrance", "main")]);
    extract.way(20, &[50, 51, 52, 53, 50], &[("building", "retail"), ("shop", "bakery")]);
    extract.way(21, &[54, 55, 56, 54], &[("building", "house")]);
    let (records, notices) = read_drawn(&extract);
    let near = |found: &[LonLat], expected: &[LonLat]| {
        found.len() == expected.len()
            && found.iter().zip(expected).all(|(a, b)| (a.lon - b.lon).abs() < 2e-7 && (a.lat - b.lat).abs() < 2e-7)
    };
    assert!(near(&records.places[0].entrances, &[at(40.0, 10.0)]), "{:?}", records.places[0]);
    assert!(near(&records.buildings[0].entrances, &[at(40.0, 10.0)]));
    assert!(near(&records.buildings[1].entrances, &[at(70.0, 10.0)]));
    assert_eq!(notices.count("mark_on_no_street"), 0, "a door of a house is no mark of a street");
}

/// A border that crosses itself thousands of times, as no border does.
#[test]
fn a_tangled_boundary_is_told() {
    let mut extract = cross();
    let mut nodes = Vec::new();
    for step in 0..400 {
        let side = if step % 2 == 0 { -1.0 } else { 1.0 };
        let place = at(side * 80.0 + f64::from(step % 7), f64::from(step * 37 % 160) - 80.0);
        extract.node(1000 + i64::from(step), place, &[]);
        nodes.push(1000 + i64::from(step));
    }
    nodes.push(1000);
    extract.way(20, &nodes, &[]);
    let tags = [("type", "boundary"), ("boundary", "administrative"), ("admin_level", "8"), ("name", "Liège")];
    extract.relation(30, &[(MemberKind::Way, 20, "outer")], &tags);
    let (records, notices) = read_drawn(&extract);
    assert!(records.boundaries.is_empty());
    assert_eq!(notices.count("boundary_tangled"), 1, "{:?}", notices.counts());
}

#[test]
fn a_stray_node_does_not_stretch_the_study() {
    let mut extract = cross();
    extract.node(6, LonLat { lon: 6.9, lat: 51.9 }, &[]);
    extract.node(7, LonLat { lon: 6.9, lat: 51.8 }, &[("shop", "bakery")]);
    extract.way(12, &[1, 3, 6], &[("highway", "residential")]);
    let (records, notices) = read_drawn(&extract);
    assert_eq!(records.street_node_ids, [1, 2, 3, 4, 5]);
    assert_eq!(records.streets.len(), 3);
    assert!(records.places.is_empty());
    assert_eq!((notices.count("street_leaves_study_area"), notices.count("outside_study_area")), (1, 1));
}

#[test]
fn a_study_area_cuts_streets_in_parts() {
    let mut extract = cross();
    extract.node(6, at(100.0, 50.0), &[]);
    extract.way(15, &[1, 2, 3, 6, 5, 4], &[("highway", "path")]);
    let (west, east) = (at(-150.0, 0.0).lon, at(50.0, 0.0).lon);
    let study_area = StudyArea::new(west, 50.0, east, 51.0);
    let options = OsmOptions { study_area, ..OsmOptions::default() };
    let (records, _) = read_bytes(&extract.to_bytes(), &options).expect("read");
    let refs: Vec<_> = records
        .streets
        .iter()
        .map(|street| (street.way, records.refs(street).iter().map(|&n| records.street_node_ids[n as usize]).collect()))
        .collect();
    let expected: Vec<(i64, Vec<i64>)> =
        vec![(10, vec![1, 2]), (11, vec![4, 2, 5]), (15, vec![1, 2]), (15, vec![5, 4])];
    assert_eq!(refs, expected);
}

#[test]
fn geometry_incomplete() {
    let mut extract = cross();
    extract.way(12, &[1, 4, 999, 5, 3], &[("highway", "path")]);
    extract.way(13, &[997, 998], &[("highway", "path")]);
    extract.way(14, &[5, 5], &[("highway", "path")]);
    let (records, notices) = read_drawn(&extract);
    assert_eq!(records.streets.iter().map(|s| s.way).collect::<Vec<_>>(), [10, 11, 12, 12]);
    assert_eq!((notices.count("geometry_incomplete"), notices.count("geometry_missing")), (2, 1));
    let tally = notices.tallies()["a.osm.pbf"];
    assert_eq!((tally.used, tally.repaired, tally.dropped), (2, 1, 2));
}

#[test]
fn element_twice() {
    let mut extract = cross();
    extract.node(2, at(30.0, 0.0), &[]);
    extract.way(10, &[1, 5], &[("highway", "motorway")]);
    // A shop that hands out parcels is two places, but not four.
    let shop = [("shop", "convenience"), ("amenity", "post_office")];
    extract.node(60, at(30.0, 5.0), &shop).node(60, at(30.0, 5.0), &shop);
    let (records, notices) = read_drawn(&extract);
    assert_eq!(notices.count("element_twice"), 2);
    let mut tags: Vec<&str> = records.places.iter().map(|place| place.tag.as_str()).collect();
    tags.dedup();
    assert_eq!(records.places.len(), tags.len(), "{tags:?}");
    assert_eq!(records.refs(&records.streets[0]), [0, 1, 2]);
    assert!((records.street_node_positions[1].lon - 5.57).abs() < 1e-9);
}

#[test]
fn way_too_long() {
    let mut extract = cross();
    let refs: Vec<i64> = (0..2001).map(|i| if i % 2 == 0 { 1 } else { 2 }).collect();
    extract.way(12, &refs, &[("highway", "footway")]);
    let (records, notices) = read_drawn(&extract);
    assert_eq!(notices.count("way_too_long"), 1);
    let long = records.streets.iter().find(|street| street.way == 12).expect("the way");
    assert_eq!(long.refs.len(), 2000);
}

#[test]
fn member_twice() {
    let mut extract = cross();
    rectangle(&mut extract, 20, 100, (10.0, 10.0), (30.0, 20.0), &[]);
    let outer = (MemberKind::Way, 20, "outer");
    extract.relation(30, &[outer; 50], &[("type", "multipolygon"), ("building", "yes")]);
    let (records, notices) = read_drawn(&extract);
    assert_eq!(notices.count("member_twice"), 1);
    // One outline of 20 m by 10 m, however often it is named.
    assert!((records.buildings[0].footprint_m2 - 200.0).abs() < 2.0, "{:?}", records.buildings);
}

#[test]
fn of_many_notices_in_one_block_a_thousand_are_kept_and_all_counted() {
    let mut extract = cross();
    (0..3000).for_each(|id| {
        extract.node(1000 + id, LonLat { lon: 5.57, lat: 91.0 }, &[]);
    });
    let (_, notices) = read_drawn(&extract);
    assert_eq!(notices.count("node_off_globe"), 3000);
    assert_eq!(notices.kept().iter().filter(|notice| notice.code == "node_off_globe").count(), 1000);
}

#[test]
fn two_extracts_are_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut west = cross();
    west.node(50, at(9.0, 9.0), &[("shop", "bakery")]);
    let mut east = west.clone();
    east.node(6, at(200.0, 0.0), &[]).way(12, &[3, 6], &[("highway", "residential")]);
    let mut paths = Vec::new();
    for (name, extract) in [("west.osm.pbf", west), ("east.osm.pbf", east)] {
        paths.push(folder.path().join(name));
        std::fs::write(folder.path().join(name), extract.to_bytes()).expect("written");
    }
    let (records, notices) = read(&paths, &OsmOptions::default()).expect("both are read");
    assert_eq!(records.streets.iter().map(|s| s.way).collect::<Vec<_>>(), [10, 11, 12]);
    assert_eq!(records.places.len(), 1);
    assert_eq!(notices.count("element_twice"), 2);
}

#[test]
fn elements_out_of_order_give_the_same_records() {
    let drawn = |unsorted: bool| {
        let mut extract = Extract::new();
        let ids = if unsorted { [5, 3, 1, 2, 4] } else { [1, 2, 3, 4, 5] };
        for id in ids {
            extract.node(id, at(10.0 * id as f64, 0.0), &[("shop", "books")]);
        }
        for way in if unsorted { [9, 8] } else { [8, 9] } {
            extract.way(way, &[way - 7, way - 6, way - 4], &[("highway", "path")]);
        }
        if unsorted {
            extract.unsorted();
        }
        format!("{:?}", read_drawn(&extract).0)
    };
    assert_eq!(drawn(false), drawn(true));
}

#[test]
fn files_that_are_no_extract_are_refused_by_name() {
    let error = |bytes: &[u8]| read_bytes(bytes, &OsmOptions::default()).expect_err("not an extract");
    assert!(matches!(error(b""), OsmError::Empty { .. }));
    for other in [&b"<?xml version='1.0'?><osm/>"[..], b"PK\x03\x04rest", b"garbage, nothing but garbage", &[0xff; 300]]
    {
        let error = error(other);
        assert!(matches!(error, OsmError::NotPbf { .. }), "{error}");
        assert!(error.to_string().contains("a.osm.pbf"));
    }
    let mut huge = cross().to_bytes();
    huge.extend([0, 0xff, 0xff, 0xff]);
    assert!(matches!(error(&huge), OsmError::Oversized { declared: 0x00ff_ffff, .. }));
    let missing = read(&[PathBuf::from("no/such/file.osm.pbf")], &OsmOptions::default());
    assert!(matches!(missing, Err(OsmError::Unreadable { .. })));
    let none: [PathBuf; 0] = [];
    assert!(matches!(read(&none, &OsmOptions::default()), Err(OsmError::NoFiles)));
    let mut history = cross();
    history.required_feature("HistoricalInformation");
    assert!(matches!(error(&history.to_bytes()), OsmError::Unsupported { .. }));
}

/// A file of 28 bytes that declares a blob of 2 GB: refused for what it declares, before anything is made room for.
#[test]
fn a_blob_of_2_gb_is_refused() {
    let header = [&b"\x0a\x09OSMHeader\x18"[..], &[0xff, 0xff, 0xff, 0xff, 0x07]].concat();
    let bytes = [&(header.len() as u32).to_be_bytes()[..], &header].concat();
    let refused = read_bytes(&bytes, &OsmOptions::default()).expect_err("too large").to_string();
    assert!(refused.contains("2147483647") && refused.contains("a.osm.pbf"), "{refused}");
}

/// Where each blob of a file ends.
fn blob_ends(bytes: &[u8]) -> Vec<usize> {
    let mut ends = Vec::new();
    let reader = osmpbf::BlobReader::new_seekable(std::io::Cursor::new(bytes)).expect("a reader");
    for blob in reader {
        ends.push(blob.expect("a blob").offset().expect("an offset").0 as usize);
    }
    ends.push(bytes.len());
    ends
}

/// At the end of a blob a shorter file is a whole file; anywhere else it is cut, and that is said.
#[test]
fn a_file_cut_anywhere_is_told_and_never_fatal() {
    let bytes = cross().to_bytes();
    let ends = blob_ends(&bytes);
    for cut in 1..bytes.len() {
        let read = read_bytes(&bytes[..cut], &OsmOptions::default());
        match read {
            Ok(_) => assert!(ends.contains(&cut), "cut at {cut} went unseen"),
            Err(OsmError::Truncated { offset, missing, .. }) => {
                assert!(!ends.contains(&cut));
                assert!(ends.contains(&(offset as usize)) && missing > 0, "cut at {cut}");
            }
            Err(OsmError::NotPbf { .. }) => assert!(cut < ends[1]),
            Err(other) => panic!("cut at {cut}: {other}"),
        }
    }
    let whole = std::fs::read(sample("dublin/dublin_city_2025-05.osm.pbf")).expect("the sample is there");
    for cut in [100_003, 1_500_000, whole.len() - 1] {
        let error = read_bytes(&whole[..cut], &OsmOptions::default()).expect_err("cut");
        assert!(matches!(error, OsmError::Truncated { .. }), "{error}");
    }
}

#[test]
fn a_damaged_byte_anywhere_never_panics() {
    let mut extract = cross();
    rectangle(&mut extract, 20, 100, (10.0, 10.0), (60.0, 50.0), &[("building", "yes"), ("shop", "books")]);
    extract.relation(30, &[(MemberKind::Way, 20, "outer")], &[("type", "multipolygon"), ("landuse", "grass")]);
    let bytes = extract.to_bytes();
    for place in 0..bytes.len() {
        for value in [0x00, 0x7f, 0x80, 0xff, bytes[place] ^ 1] {
            let mut damaged = bytes.clone();
            damaged[place] = value;
            let _ = read_bytes(&damaged, &OsmOptions::default());
        }
    }
}

/// Elements of a file by a second reader, with the tags a count needs.
struct SecondOpinion {
    nodes: usize,
    /// Ways with at least two different nodes.
    highways: Vec<i64>,
    shops: Vec<OsmElement>,
    parking: usize,
    buildings: usize,
}

fn count_with_osmpbf(path: &Path) -> SecondOpinion {
    let mut counts = SecondOpinion { nodes: 0, highways: Vec::new(), shops: Vec::new(), parking: 0, buildings: 0 };
    let reader = osmpbf::ElementReader::from_path(path).expect("the sample is there");
    reader
        .for_each(|element| {
            let (kind, tags): (u8, Vec<(&str, &str)>) = match &element {
                osmpbf::Element::Node(node) => (0, node.tags().collect()),
                osmpbf::Element::DenseNode(node) => (0, node.tags().collect()),
                osmpbf::Element::Way(way) => (1, way.tags().collect()),
                osmpbf::Element::Relation(relation) => (2, relation.tags().collect()),
            };
            let get = |key: &str| tags.iter().find(|tag| tag.0 == key).map(|tag| tag.1);
            let is_area = kind != 2 || matches!(get("type"), Some("multipolygon" | "boundary"));
            counts.nodes += usize::from(kind == 0);
            if let osmpbf::Element::Way(way) = &element
                && get("highway").is_some_and(|v| v != "no")
                && way.refs().any(|node| Some(node) != way.refs().next())
            {
                counts.highways.push(way.id());
            }
            if is_area && get("shop").is_some_and(|v| v != "no") {
                counts.shops.push(match &element {
                    osmpbf::Element::Node(node) => OsmElement::Node(node.id()),
                    osmpbf::Element::DenseNode(node) => OsmElement::Node(node.id()),
                    osmpbf::Element::Way(way) => OsmElement::Way(way.id()),
                    osmpbf::Element::Relation(relation) => OsmElement::Relation(relation.id()),
                });
            }
            counts.parking += usize::from(is_area && get("amenity") == Some("parking"));
            counts.buildings += usize::from(kind != 0 && is_area && get("building").is_some_and(|v| v != "no"));
        })
        .expect("the sample can be read");
    counts
}

#[test]
fn all_of_dublin_is_found_that_a_second_reader_finds() {
    let path = sample("dublin/dublin_city_2025-05.osm.pbf");
    let everywhere = OsmOptions { study_area: Some(StudyArea::GLOBE), ..OsmOptions::default() };
    let (records, notices) = read(std::slice::from_ref(&path), &everywhere).expect("Dublin can be read");
    let expected = count_with_osmpbf(&path);
    assert_eq!(expected.nodes, 210_192, "as the sample's description says");
    let is_highway = |way: i64| expected.highways.binary_search(&way).is_ok();
    let found: Vec<i64> = records.streets.iter().map(|street| street.way).filter(|&way| is_highway(way)).collect();
    assert_eq!(found, expected.highways, "each way once");
    assert_eq!(expected.highways.len(), 10_725, "as the sample's description says");
    let beside = records.streets.iter().filter(|street| !is_highway(street.way));
    assert!(beside.clone().all(|s| s.tags.area || matches!(s.tags.class, StreetClass::Ferry | StreetClass::Platform)));
    let shops = records.places.iter().filter(|place| place.tag.starts_with("shop="));
    assert_eq!(shops.map(|place| place.element).collect::<Vec<_>>(), expected.shops);
    assert_eq!(records.lots.len(), expected.parking);
    assert!(expected.buildings - records.buildings.len() < 20, "{}", records.buildings.len());
    assert_eq!(records.data_date.as_deref(), Some("2025-05-01"));
    assert_eq!(notices.count("outside_study_area"), 0);
}

#[test]
fn dublin_is_clipped_to_the_town() {
    let path = sample("dublin/dublin_city_2025-05.osm.pbf");
    let (records, notices) = read(&[path], &OsmOptions::default()).expect("Dublin can be read");
    // The ferry to Wales leaves the study; the core box of the sample's description stays whole.
    let core = StudyArea::new(-6.2835, 53.3382, -6.2235, 53.374).expect("a box");
    let (west, east) = records
        .street_node_positions
        .iter()
        .fold((f64::MAX, f64::MIN), |(low, high), position| (low.min(position.lon), high.max(position.lon)));
    assert!(west < core.west && east > core.east && east - west < 0.2, "{west} {east}");
    assert!(notices.count("street_leaves_study_area") + notices.count("outside_study_area") > 0);
    assert!(records.stops.len() > 100 && records.boundaries.len() > 10 && records.land.len() > 100);
    assert!(records.severing_lines.iter().any(|line| line.name == "Liffey"));
    assert!(records.street_node_marks.iter().filter(|mark| mark.crossing.is_some()).count() > 1000);
    assert!(records.streets.iter().filter(|street| street.parking.is_some()).count() > 10);
}

#[test]
fn liege_of_two_node_ways_is_read_whole() {
    let (records, _) = read(&[sample("liege/liege_streets.osm.pbf")], &OsmOptions::default()).expect("Liège");
    assert_eq!(records.streets.len(), 79_907);
    assert_eq!(records.street_node_ids.len(), 75_550);
    assert!(records.street_node_ids.is_sorted() && records.streets.is_sorted_by_key(|street| street.way));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let path = sample("dublin/dublin_city_2025-05.osm.pbf");
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let (records, notices) =
            pool.install(|| read(std::slice::from_ref(&path), &OsmOptions::default())).expect("Dublin");
        format!("{records:?}{notices:?}")
    };
    assert!(with(1) == with(3));
}
