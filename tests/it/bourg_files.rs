//! Is the drawn town what its description says, and are the sample files the ones described?

use std::collections::{BTreeMap, BinaryHeap};
use std::fs;
use std::io::Cursor;
use std::path::Path;

use chaland::base::projection::{LonLat, Plane};
use chaland::testing::bourg::{draw, position_of};
use osmpbf::{Element, ElementReader};

fn samples() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data-samples"))
}

/// Draw again with `cargo run --no-default-features --example draw_bourg` after a change of the plan.
#[test]
fn the_committed_town_is_the_drawn_one() {
    for (name, bytes) in draw() {
        let committed = fs::read(samples().join("bourg").join(name)).expect("a committed file");
        assert!(committed == bytes, "{name} differs from what is drawn: run the example draw_bourg");
    }
}

#[test]
fn every_sample_is_described_with_its_size_and_checksum() {
    use sha2::{Digest, Sha256};
    let description = fs::read_to_string(samples().join("README.md")).expect("a description");
    for folder in ["dublin", "liege", "bourg"] {
        for entry in fs::read_dir(samples().join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                continue; // results of an audit, which the README's first command puts there
            }
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let bytes = fs::read(&path).expect("a sample");
            let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            let part = description.split("### ").find(|part| part.starts_with(&format!("{folder}/{name}\n")));
            let part = part.unwrap_or_else(|| panic!("{folder}/{name} is not described"));
            assert!(part.contains(&format!("- size: {} bytes", bytes.len())), "{name}: size is {}", bytes.len());
            assert!(part.contains(&digest), "{name}: sha256 is {digest}");
        }
    }
}

type Tags = BTreeMap<String, String>;

/// The drawn map, read by a reader that is not ours.
struct Map {
    plane: Plane,
    nodes: BTreeMap<i64, (LonLat, Tags)>,
    ways: Vec<(Vec<i64>, Tags)>,
}

fn map() -> Map {
    let (_, bytes) = draw().into_iter().find(|(name, _)| *name == "bourg.osm.pbf").expect("the map");
    let (mut nodes, mut ways) = (BTreeMap::new(), Vec::new());
    let owned = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    ElementReader::new(Cursor::new(bytes))
        .for_each(|element| match element {
            Element::DenseNode(n) => {
                let at = LonLat { lon: n.lon(), lat: n.lat() };
                nodes.insert(n.id(), (at, n.tags().map(|(k, v)| owned(k, v)).collect()));
            }
            Element::Way(w) => ways.push((w.refs().collect(), w.tags().map(|(k, v)| owned(k, v)).collect::<Tags>())),
            _ => {}
        })
        .expect("a valid map");
    Map { plane: Plane::centred_on(position_of("busy_with_shops").expect("known")), nodes, ways }
}

fn walkable(tags: &Tags) -> bool {
    let is = |key: &str, value: &str| tags.get(key).is_some_and(|found| found == value);
    tags.contains_key("highway") && !is("foot", "no") && !is("motorroad", "yes") && !is("access", "private")
}

impl Map {
    fn distance(&self, a: LonLat, b: LonLat) -> f64 {
        let (p, q) = (self.plane.project(a), self.plane.project(b));
        (p.x - q.x).hypot(p.y - q.y)
    }

    fn nearest(&self, to: LonLat, allowed: impl Fn(&Tags) -> bool) -> (f64, i64) {
        let nodes = self.ways.iter().filter(|(_, tags)| allowed(tags)).flat_map(|(nodes, _)| nodes);
        nodes.map(|id| (self.distance(self.nodes[id].0, to), *id)).min_by(|a, b| a.0.total_cmp(&b.0)).expect("a street")
    }

    /// Metres on foot between the street nodes nearest to two places; plain Dijkstra over decimetres.
    fn walk(&self, from: LonLat, to: LonLat, allowed: impl Fn(&Tags) -> bool) -> Option<f64> {
        let mut edges: BTreeMap<i64, Vec<(i64, u64)>> = BTreeMap::new();
        for (nodes, _) in self.ways.iter().filter(|(_, tags)| allowed(tags)) {
            for pair in nodes.windows(2) {
                let length = (self.distance(self.nodes[&pair[0]].0, self.nodes[&pair[1]].0) * 10.0).round() as u64;
                edges.entry(pair[0]).or_default().push((pair[1], length));
                edges.entry(pair[1]).or_default().push((pair[0], length));
            }
        }
        let (start, goal) = (self.nearest(from, &allowed).1, self.nearest(to, &allowed).1);
        let mut best: BTreeMap<i64, u64> = BTreeMap::from([(start, 0)]);
        let mut open = BinaryHeap::from([(std::cmp::Reverse(0u64), start)]);
        while let Some((std::cmp::Reverse(reached), node)) = open.pop() {
            if node == goal {
                return Some(reached as f64 / 10.0);
            }
            for &(next, length) in edges.get(&node).into_iter().flatten() {
                if best.get(&next).is_none_or(|&known| reached + length < known) {
                    best.insert(next, reached + length);
                    open.push((std::cmp::Reverse(reached + length), next));
                }
            }
        }
        None
    }
}

fn at(key: &str) -> LonLat {
    position_of(key).expect("a planted place")
}

#[test]
fn the_station_is_near_and_far_and_the_halt_is_direct() {
    let (map, core) = (map(), at("busy_with_shops"));
    let (station, halt) = (at("severed_station"), at("direct_halt"));
    let straight = map.distance(station, core);
    assert!((200.0..=250.0).contains(&straight), "{straight}");
    let walk = map.walk(station, core, walkable).expect("a way round");
    assert!(walk > 1200.0, "{walk}");
    let detour = map.walk(halt, core, walkable).expect("a way") / map.distance(halt, core);
    assert!(detour < 1.25, "{detour}");
}

#[test]
fn nobody_walks_from_the_talus_but_from_the_gardens() {
    let map = map();
    assert!(map.nearest(at("unwalkable_car_park"), walkable).0 > 100.0);
    assert!(map.distance(at("unwalkable_car_park"), at("busy_with_shops")) < 400.0);
    assert!(map.nearest(at("unwalkable_car_park"), |tags| tags.contains_key("highway")).0 < 10.0);
    assert!(map.nearest(at("lot_by_footway"), walkable).0 < 45.0);
}

#[test]
fn steps_bar_the_upper_town_but_not_the_market() {
    let map = map();
    let step_free = |tags: &Tags| walkable(tags) && tags.get("highway").is_some_and(|class| class != "steps");
    let named = |name: &str| {
        let way = map.ways.iter().find(|(_, tags)| tags.get("name").is_some_and(|found| found == name));
        let nodes = &way.expect("a named way").0;
        (map.nodes[&nodes[0]].0, map.nodes[nodes.last().expect("a node")].0)
    };
    let (top, bottom) = named("Escalier Saint-Roch");
    let detour = map.walk(top, bottom, step_free).expect("a road") - map.walk(top, bottom, walkable).expect("steps");
    assert!(detour > 600.0, "{detour}");
    let (high, low) = named("Escalier du Marché");
    let detour = map.walk(high, low, step_free).expect("a ramp") - map.walk(high, low, walkable).expect("steps");
    assert!((5.0..25.0).contains(&detour), "{detour}");
}

/// All streets but the way out of Parking du Talus and the ring road hang together on foot.
#[test]
fn the_town_hangs_together() {
    let map = map();
    let core = at("busy_with_shops");
    for (nodes, tags) in map.ways.iter().filter(|(_, tags)| walkable(tags)) {
        assert!(map.walk(map.nodes[&nodes[0]].0, core, walkable).is_some(), "{tags:?}");
    }
}

#[test]
fn shops_stand_where_the_story_says() {
    let map = map();
    let shop = |tags: &Tags| tags.get("shop").is_some_and(|kind| kind != "vacant");
    let near = |key: &str, radius: f64| {
        map.nodes.values().filter(|(place, tags)| shop(tags) && map.distance(*place, at(key)) < radius).count()
    };
    assert_eq!(near("shops_without_flow", 75.0), 6);
    assert_eq!(near("flow_without_shops", 100.0), 0);
    assert!(near("busy_with_shops", 100.0) > 10);
    let houses = map.ways.iter().filter(|(_, tags)| tags.contains_key("building")).count();
    assert!((1000..2500).contains(&houses), "{houses}");
    let streets = map.ways.iter().filter(|(_, tags)| tags.contains_key("highway")).count();
    assert!((100..260).contains(&streets), "{streets}");
}

/// The readers of real data take every file of the town without an error, a repair or a loss.
#[test]
fn all_readers_take_the_town_whole() {
    use chaland::base::notice::{Notices, Severity};
    use chaland::sources::osm::{OsmOptions, PlaceRules, read_osm};
    use chaland::sources::{districts, gtfs, parking, population};

    let path = |name: &str| samples().join("bourg").join(name);
    let whole = |notices: &Notices| {
        let lossless = |tally: &chaland::base::notice::FileTally| tally.dropped == 0 && tally.repaired == 0;
        assert!(notices.counts().values().all(|(severity, _)| *severity == Severity::Note), "{:?}", notices.counts());
        assert!(notices.tallies().values().all(lossless), "{:?}", notices.tallies());
    };
    let rules = PlaceRules::default_rules();
    let (map, notices) = read_osm(&[path("bourg.osm.pbf")], &OsmOptions::default(), &rules, &|_, _| {}).expect("a map");
    whole(&notices);
    assert_eq!((map.lots.len(), map.boundaries.len(), map.data_date.as_deref()), (9, 1, Some("2024-06-01")));
    let (feed, notices) = gtfs::read_gtfs(&path("bourg_gtfs.zip"), &Default::default()).expect("a feed");
    whole(&notices);
    assert_eq!((feed.routes.len(), feed.stops.len()), (4, 20));
    let (sectors, notices) =
        districts::read_districts(&path("bourg_districts.geojson"), &Default::default()).expect("sectors");
    whole(&notices);
    assert!(sectors.iter().any(|sector| sector.code == "99999A20-" && sector.name == "LES HAUTS"));
    let (people, notices) =
        population::read_population(&path("bourg_population.csv"), &Default::default()).expect("people");
    whole(&notices);
    assert_eq!(people.by_code.iter().map(|(_, people)| people).sum::<f64>(), 5400.0);
    let (mut lots, notices) = parking::read_parking(&path("bourg_parking.csv"), &Default::default()).expect("lots");
    whole(&notices);
    whole(&parking::add_occupancy(&path("bourg_parking_occupancy.csv"), &mut lots, "Europe/Paris").expect("occupancy"));
    let church = lots.iter().find(|lot| lot.id == "P3").expect("the blue zone");
    let full = church.occupancy.iter().filter(|hour| hour.hour.is_some_and(|hour| (9..18).contains(&hour)));
    assert!(full.clone().count() == 18 && full.clone().all(|hour| hour.share >= 0.95), "{:?}", church.occupancy);
}
