//! How long it takes to find what every node of a network has within reach: three kinds of opportunity within 5, 10 and
//! 15 minutes, in one pass. On a town, whose opportunities are its places or those of the table that
//! `CHALAND_OPPORTUNITIES` names, and on grid cities of growing size with as many opportunities per street.

mod town;

use chaland::base::units::TravelTime;
use chaland::network::linkage::LinkedPoint;
use chaland::network::streets::{Profile, StreetGraph, WalkParameters, build_streets};
use chaland::reach::opportunities::{AccessQuestions, LinkedOpportunity, measure_access};
use chaland::testing::grid_city::GridCity;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use geo::Coord;
use town::{Town, linked};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const KINDS: usize = 3;

fn measure(criterion: &mut Criterion, name: &str, graph: &StreetGraph, places: &[LinkedPoint]) {
    let opportunities: Vec<LinkedOpportunity> = places
        .iter()
        .enumerate()
        .map(|(at, &place)| LinkedOpportunity { place, kind: at % KINDS, amount: 1 })
        .collect();
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

fn towns(criterion: &mut Criterion) {
    for town in Town::all() {
        let places = town.points("CHALAND_OPPORTUNITIES", town.destinations().into_iter());
        measure(criterion, &town.name, &town.graph, &places);
    }
}

/// A shop every second block.
fn grid_cities(criterion: &mut Criterion) {
    for side in [32, 100, 316, 1000] {
        let city = GridCity::new(side, side);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let corners = (0..side * side).filter(|at| at % 2 == 0).map(|at| (at % side, at / side));
        let points: Vec<Coord<f64>> =
            corners.map(|(x, y)| Coord { x: x as f64 * 100.0 + 40.0, y: y as f64 * 100.0 }).collect();
        measure(criterion, "grid city", &graph, &linked(&graph, &points));
    }
}

criterion_group!(benches, towns, grid_cities);
criterion_main!(benches);
