//! How long it takes to find what every node of a network has within reach: three kinds of opportunity within 5, 10 and
//! 15 minutes, in one pass. On Dublin, on an extract and a table of points that the environment names, and on grid
//! cities of growing size with as many opportunities per street.

use std::path::{Path, PathBuf};

use chaland::base::projection::{LonLat, Plane};
use chaland::base::units::TravelTime;
use chaland::network::index::StreetIndex;
use chaland::network::linkage::{LinkTo, MAX_AWAY_M, link_points};
use chaland::network::streets::{Profile, StreetGraph, WalkParameters, build_streets};
use chaland::reach::opportunities::{AccessQuestions, LinkedOpportunity, measure_access};
use chaland::sources::osm::{OsmOptions, PlaceRules, read_osm};
use chaland::testing::grid_city::GridCity;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use geo::Coord;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const KINDS: usize = 3;

fn linked(graph: &StreetGraph, points: &[Coord<f64>]) -> Vec<LinkedOpportunity> {
    let links = link_points(graph, &StreetIndex::new(graph), points, MAX_AWAY_M, LinkTo::MainComponents);
    let linked = links.iter().enumerate().filter_map(|(at, link)| Some((at, (*link)?)));
    linked.map(|(at, place)| LinkedOpportunity { place, kind: at % KINDS, amount: 1 }).collect()
}

fn measure(criterion: &mut Criterion, name: &str, graph: &StreetGraph, points: &[Coord<f64>]) {
    let opportunities = linked(graph, points);
    let cutoffs = [5, 10, 15].map(TravelTime::from_minutes);
    let questions = AccessQuestions { kinds: KINDS, cutoffs: &cutoffs, ..AccessQuestions::default() };
    let mut group = criterion.benchmark_group("within 5, 10 and 15 min on foot of every node");
    group.sample_size(10);
    group.throughput(Throughput::Elements(graph.node_count() as u64));
    let name = format!("{name}: {} nodes, {} opportunities", graph.node_count(), opportunities.len());
    group.bench_function(name, |bencher| {
        bencher.iter(|| measure_access(graph, Profile::Adult, &opportunities, &questions).expect("few enough"));
    });
    group.finish();
}

/// Longitudes and latitudes of a CSV table with columns `lon` and `lat`.
fn points_of(path: &Path) -> Vec<LonLat> {
    let mut table = csv::Reader::from_path(path).expect("a table of points");
    let heads = table.headers().expect("a first line").clone();
    let column = |name: &str| heads.iter().position(|head| head == name).expect("columns lon and lat");
    let (lon, lat) = (column("lon"), column("lat"));
    let number = |row: &csv::StringRecord, at: usize| row[at].parse().expect("a number");
    table
        .records()
        .map(|row| row.expect("a row"))
        .map(|row| LonLat { lon: number(&row, lon), lat: number(&row, lat) })
        .collect()
}

/// `CHALAND_EXTRACT` names an extract and `CHALAND_OPPORTUNITIES` a table of points in it; without them Dublin and its
/// own places are taken.
fn towns(criterion: &mut Criterion) {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/dublin/dublin_city_2025-05.osm.pbf");
    let path = std::env::var_os("CHALAND_EXTRACT").map_or(sample, PathBuf::from);
    let rules = PlaceRules::default_rules();
    let (records, _) = read_osm(&[&path], &OsmOptions::default(), &rules, &|_, _| {}).expect("an extract");
    let plane = Plane::centred_on(records.street_node_positions[records.street_node_positions.len() / 2]);
    let (graph, _) = build_streets(&records, &plane, &WalkParameters::default());
    let positions = match std::env::var_os("CHALAND_OPPORTUNITIES") {
        Some(table) => points_of(Path::new(&table)),
        None => records.places.iter().map(|place| place.position).collect(),
    };
    let name = path.file_name().expect("a file").to_string_lossy().into_owned();
    measure(criterion, &name, &graph, &plane.project_all(&positions));
}

/// A shop every second block.
fn grid_cities(criterion: &mut Criterion) {
    for side in [32, 100, 316, 1000] {
        let city = GridCity::new(side, side);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let corners = (0..side * side).filter(|at| at % 2 == 0).map(|at| (at % side, at / side));
        let points: Vec<Coord<f64>> =
            corners.map(|(i, j)| Coord { x: i as f64 * 100.0 + 40.0, y: j as f64 * 100.0 }).collect();
        measure(criterion, "grid city", &graph, &points);
    }
}

criterion_group!(benches, towns, grid_cities);
criterion_main!(benches);
