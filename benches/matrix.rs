//! How long it takes to contract a walking network, and to find the times from many places to as many. On a town,
//! from and to its places or the points of the tables that `CHALAND_ORIGINS` and `CHALAND_DESTINATIONS` name; and on grid
//! cities of growing size.

mod town;

use chaland::base::units::TravelTime;
use chaland::network::linkage::LinkedPoint;
use chaland::network::streets::{Profile, StreetGraph, WalkParameters, build_streets};
use chaland::reach::contraction::{Contraction, Elimination};
use chaland::reach::matrix::ManyToMany;
use chaland::testing::grid_city::GridCity;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use geo::Coord;
use town::{Town, linked};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn measure(criterion: &mut Criterion, name: &str, graph: &StreetGraph, ends: [&[LinkedPoint]; 2]) {
    let [origins, destinations] = ends;
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
            let matrix = ManyToMany::new(graph, Profile::Adult, Some(&contraction), destinations);
            matrix.from_origins(origins, TravelTime::MAX)
        });
    });
    group.finish();
}

fn towns(criterion: &mut Criterion) {
    for town in Town::all() {
        let places = town.destinations();
        // A thousand of each, as evenly spread as there are places.
        let every = (places.len() / 1000).clamp(1, 7);
        let of = |first: usize| places.iter().copied().skip(first).step_by(every).take(1000);
        let origins = town.points("CHALAND_ORIGINS", of(0));
        let destinations = town.points("CHALAND_DESTINATIONS", of(every / 2));
        measure(criterion, &town.name, &town.graph, [&origins, &destinations]);
    }
}

/// A thousand corners to a thousand others.
fn grid_cities(criterion: &mut Criterion) {
    for side in [32, 100, 316] {
        let city = GridCity::new(side, side);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let corners = |first: usize| -> Vec<LinkedPoint> {
            let all = (0..1000).map(|at| (first + at * 7_919) % (side * side));
            let corner = |at: usize| Coord { x: (at % side) as f64 * 100.0, y: (at / side) as f64 * 100.0 };
            linked(&graph, &all.map(corner).collect::<Vec<_>>())
        };
        measure(criterion, "grid city", &graph, [&corners(0), &corners(500)]);
    }
}

criterion_group!(benches, towns, grid_cities);
criterion_main!(benches);
