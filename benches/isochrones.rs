//! How long it takes to find and draw what a hundred places reach in 5, 10 and 15 minutes on foot: the streets alone, areas
//! by contours, areas by buffers. On a town, from its places or the first hundred points of the table that
//! `CHALAND_ORIGINS` names.

mod town;

use chaland::base::units::TravelTime;
use chaland::network::streets::Profile;
use chaland::reach::contour::contours;
use chaland::reach::isochrone::isochrones;
use chaland::reach::walk::{WalkSearch, walk_from_each};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use town::Town;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn towns(criterion: &mut Criterion) {
    Town::all().iter().for_each(|town| measure(criterion, town));
}

fn measure(criterion: &mut Criterion, town: &Town) {
    let places = town.destinations();
    let every = (places.len() / 100).max(1);
    let mut origins = town.points("CHALAND_ORIGINS", places.into_iter().step_by(every));
    origins.truncate(100);
    let cutoffs = [5, 10, 15].map(TravelTime::from_minutes);
    let mut group = criterion.benchmark_group(format!("5, 10 and 15 min on foot, {}", town.name));
    group.sample_size(10);
    group.throughput(Throughput::Elements(origins.len() as u64));
    type Draw<'a> = &'a (dyn Fn(&WalkSearch<'_>) -> f64 + Sync);
    let draws: [(&str, Draw<'_>); 3] = [
        ("streets", &|search| search.reached_arcs().map(|stretch| stretch.length_m()).sum()),
        ("contours", &|search| contours(search, &cutoffs).iter().map(|one| one.area_m2).sum()),
        ("buffers", &|search| isochrones(search, &cutoffs).iter().map(|one| one.area_m2).sum()),
    ];
    for (name, draw) in draws {
        group.bench_function(format!("{} places, {name}", origins.len()), |bencher| {
            bencher
                .iter(|| walk_from_each(&town.graph, Profile::Adult, &origins, cutoffs[2], |_, search| draw(search)));
        });
    }
    group.finish();
}

criterion_group!(benches, towns);
criterion_main!(benches);
