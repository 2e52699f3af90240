//! How long the betweenness of all nodes and arcs takes, within 10 minutes on foot (800 m on flat, paved streets). On a
//! town and on grid cities of growing size.

mod town;

use chaland::base::units::TravelTime;
use chaland::network::streets::{Profile, StreetGraph, WalkParameters, build_streets};
use chaland::reach::betweenness::measure_betweenness;
use chaland::testing::grid_city::GridCity;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use town::Town;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn measure(criterion: &mut Criterion, name: &str, graph: &StreetGraph) {
    let mut group = criterion.benchmark_group("betweenness within 10 min on foot");
    group.sample_size(10);
    group.throughput(Throughput::Elements(graph.node_count() as u64));
    let name = format!("{name}: {} nodes, {} arcs", graph.node_count(), graph.arc_count());
    group.bench_function(name, |bencher| {
        bencher.iter(|| measure_betweenness(graph, Profile::Adult, TravelTime::from_minutes(10)));
    });
    group.finish();
}

fn towns(criterion: &mut Criterion) {
    let town = Town::read();
    measure(criterion, &town.name, &town.graph);
}

fn grid_cities(criterion: &mut Criterion) {
    for side in [32, 100, 316] {
        let city = GridCity::new(side, side);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        measure(criterion, "grid city", &graph);
    }
}

criterion_group!(benches, towns, grid_cities);
criterion_main!(benches);
