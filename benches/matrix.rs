//! How long it takes to contract a walking network, and to find the times from many places to as many. On Dublin, or on
//! the extract that `CHALAND_EXTRACT` names with the tables of points that `CHALAND_ORIGINS` and `CHALAND_DESTINATIONS`
//! name; and on grid cities of growing size.

use std::path::{Path, PathBuf};

use chaland::base::projection::{LonLat, Plane};
use chaland::base::units::TravelTime;
use chaland::network::index::StreetIndex;
use chaland::network::linkage::{LinkTo, LinkedPoint, MAX_AWAY_M, link_points};
use chaland::network::streets::{Profile, StreetGraph, WalkParameters, build_streets};
use chaland::reach::contraction::{Contraction, Elimination};
use chaland::reach::matrix::ManyToMany;
use chaland::sources::osm::{OsmOptions, PlaceRules, read_osm};
use chaland::testing::grid_city::GridCity;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use geo::Coord;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn linked(graph: &StreetGraph, points: &[Coord<f64>]) -> Vec<LinkedPoint> {
    link_points(graph, &StreetIndex::new(graph), points, MAX_AWAY_M, LinkTo::MainComponents)
        .into_iter()
        .flatten()
        .collect()
}

fn measure(criterion: &mut Criterion, name: &str, graph: &StreetGraph, ends: [&[Coord<f64>]; 2]) {
    let [origins, destinations] = ends.map(|points| linked(graph, points));
    let mut group = criterion.benchmark_group("contraction of a walking network");
    group.sample_size(10);
    group.throughput(Throughput::Elements(graph.node_count() as u64));
    let nodes = format!("{name}: {} nodes", graph.node_count());
    group.bench_function(format!("{nodes}, order"), |bencher| bencher.iter(|| Elimination::new(graph)));
    let elimination = Elimination::new(graph);
    group.bench_function(format!("{nodes}, times of a profile"), |bencher| {
        bencher.iter(|| Contraction::new(graph, Profile::Adult, &elimination));
    });
    group.finish();
    let contraction = Contraction::new(graph, Profile::Adult, &elimination);
    let mut group = criterion.benchmark_group("matrix on foot");
    group.sample_size(10);
    group.throughput(Throughput::Elements((origins.len() * destinations.len()) as u64));
    group.bench_function(format!("{nodes}, {} by {}", origins.len(), destinations.len()), |bencher| {
        bencher.iter(|| {
            let matrix = ManyToMany::new(graph, Profile::Adult, Some(&contraction), &destinations);
            matrix.from_origins(&origins, TravelTime::MAX)
        });
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
    let rows = table.records().map(|row| row.expect("a row"));
    rows.map(|row| LonLat { lon: number(&row, lon), lat: number(&row, lat) }).collect()
}

fn towns(criterion: &mut Criterion) {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/dublin/dublin_city_2025-05.osm.pbf");
    let path = std::env::var_os("CHALAND_EXTRACT").map_or(sample, PathBuf::from);
    let rules = PlaceRules::default_rules();
    let (records, _) = read_osm(&[&path], &OsmOptions::default(), &rules, &|_, _| {}).expect("an extract");
    let plane = Plane::centred_on(records.street_node_positions[records.street_node_positions.len() / 2]);
    let (graph, _) = build_streets(&records, &plane, &WalkParameters::default());
    let positions = |variable: &str, places: &mut dyn Iterator<Item = LonLat>| match std::env::var_os(variable) {
        Some(table) => points_of(Path::new(&table)),
        None => places.collect(),
    };
    let places = || records.places.iter().map(|place| place.position);
    let origins = positions("CHALAND_ORIGINS", &mut places().step_by(7).take(1000));
    let destinations = positions("CHALAND_DESTINATIONS", &mut places().skip(3).step_by(7).take(1000));
    let name = path.file_name().expect("a file").to_string_lossy().into_owned();
    measure(criterion, &name, &graph, [&plane.project_all(&origins), &plane.project_all(&destinations)]);
}

/// A thousand corners to a thousand others.
fn grid_cities(criterion: &mut Criterion) {
    for side in [32, 100, 316] {
        let city = GridCity::new(side, side);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let corners = |first: usize| -> Vec<Coord<f64>> {
            let all = (0..1000).map(|at| (first + at * 7_919) % (side * side));
            all.map(|at| Coord { x: (at % side) as f64 * 100.0, y: (at / side) as f64 * 100.0 }).collect()
        };
        measure(criterion, "grid city", &graph, [&corners(0), &corners(500)]);
    }
}

criterion_group!(benches, towns, grid_cities);
criterion_main!(benches);
