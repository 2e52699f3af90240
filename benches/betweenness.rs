//! How long the betweenness of all nodes and arcs takes, within 10 minutes on foot (800 m on flat, paved streets). On a
//! town and on grid cities of growing size.

mod town;

use chaland::base::ids::Id;
use chaland::base::projection::LonLat;
use chaland::base::units::TravelTime;
use chaland::network::streets::{Profile, StreetGraph, WalkParameters, build_streets};
use chaland::reach::betweenness::measure_betweenness;
use chaland::reach::detours::{Detours, share_trips};
use chaland::reach::trips::Trips;
use chaland::testing::grid_city::GridCity;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use town::{Town, linked};

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

/// Trips from 200 places to 200 others within 10 min, shared among all ways that take up to 1.15 times the fastest, 200 at most.
fn measure_detours(criterion: &mut Criterion, town: &Town) {
    let places = town.destinations();
    let weights = |first: usize| {
        let mut weights = vec![0.0; town.graph.node_count()];
        let every = (places.len() / 200).max(1);
        let some: Vec<LonLat> = places.iter().copied().skip(first).step_by(every).take(200).collect();
        for link in linked(&town.graph, &town.plane.project_all(&some)) {
            weights[town.graph.segment_ends(link.segment).0.index()] += 1.0;
        }
        weights
    };
    let (origins, destinations) = (weights(0), weights(1));
    let (origins, destinations) = (Some(origins.as_slice()), Some(destinations.as_slice()));
    let trips = Trips { cutoff: TravelTime::from_minutes(10), origins, destinations, decay: None };
    let share = || share_trips(&town.graph, Profile::Adult, &trips, Detours::default()).expect("weights");
    let shared = share();
    let mut group = criterion.benchmark_group("trips of 200 by 200 places shared among detours");
    group.sample_size(10);
    group.throughput(Throughput::Elements(shared.trips() as u64));
    let cut = 100.0 * shared.trips_of_more_ways() / shared.trips().max(1.0);
    let name = format!("{}: {} trips, {cut:.0} % with more ways", town.name, shared.trips());
    group.bench_function(name, |bencher| bencher.iter(share));
    group.finish();
}

fn towns(criterion: &mut Criterion) {
    for town in Town::all() {
        measure(criterion, &town.name, &town.graph);
        measure_detours(criterion, &town);
    }
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
