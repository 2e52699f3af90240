//! How long it takes from many places to many by public transport, every minute of an hour, door to door: first the walks,
//! then the window; and isochrones at its first departure. Liège by train, or the extract, the feeds (with commas
//! between), the day and the first hour that `CHALAND_EXTRACT`, `CHALAND_FEEDS`, `CHALAND_DATE` and `CHALAND_HOUR` name.

mod town;

use std::path::{Path, PathBuf};

use chaland::base::ids::{Id, StopId};
use chaland::base::units::{ClockTime, TravelTime};
use chaland::network::linkage::LinkedPoint;
use chaland::network::streets::Profile;
use chaland::network::timetable::{Footpaths, Timetable, build_timetable};
use chaland::reach::contour::contours;
use chaland::reach::contraction::{Contraction, Elimination};
use chaland::reach::door_to_door::DepartureWindow;
use chaland::reach::draws::Draws;
use chaland::reach::matrix::ManyToMany;
use chaland::reach::raptor::{Raptor, RaptorParameters};
use chaland::reach::transit_isochrone::TransitStreets;
use chaland::reach::transit_matrix::{TransitMatrix, TransitOrigin, TransitWindow, WindowOf};
use chaland::sources::gtfs::{GtfsOptions, read_gtfs};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use town::{Town, linked_or_not};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const WALK_LIMIT: TravelTime = TravelTime::from_minutes(20);

fn variable(name: &str, otherwise: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| otherwise.to_owned())
}

fn read_timetable(town: &Town) -> Timetable {
    let sample = "data-samples/liege/sncb_gtfs_liege_2019-10-14_week.zip";
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join(sample).to_string_lossy().into_owned();
    let feeds = variable("CHALAND_FEEDS", &sample);
    let read = |path: &str| read_gtfs(Path::new(path), &GtfsOptions::default()).expect("a feed").0;
    let feeds: Vec<_> = feeds.split(',').map(read).collect();
    let date = variable("CHALAND_DATE", "2019-10-15").parse().expect("a date");
    build_timetable(&feeds, date, &town.plane).expect("a timetable").0
}

/// All walks: between stops, from origins to stops and all the way, from stops to destinations.
struct Walks {
    footpaths: Footpaths,
    origins: Vec<TransitOrigin>,
    egress: Vec<Vec<(StopId, TravelTime)>>,
    stops: Vec<(StopId, LinkedPoint)>,
}

fn find_walks(town: &Town, timetable: &Timetable, [origins, destinations]: [&[LinkedPoint]; 2]) -> Walks {
    let positions: Vec<_> = timetable.stops().values().iter().map(|stop| stop.position).collect();
    let links = linked_or_not(&town.graph, &positions);
    let linked = links.into_iter().enumerate().filter_map(|(stop, link)| Some((StopId::from_index(stop), link?)));
    let (stops, links): (Vec<StopId>, Vec<LinkedPoint>) =
        linked.filter(|&(stop, _)| timetable.stops()[stop].served).unzip();
    let contraction = Contraction::new(&town.graph, Profile::Adult, &Elimination::new(&town.graph));
    let to = |points: &[LinkedPoint]| ManyToMany::new(&town.graph, Profile::Adult, Some(&contraction), points);
    let (to_stops, to_destinations) = (to(&links), to(destinations));
    let between = to_stops.near_origins(&links, WALK_LIMIT);
    let between = between.into_iter().zip(&stops).flat_map(|(walks, &from)| {
        let stops = &stops;
        walks.into_iter().map(move |(to, time)| (from, stops[to], time))
    });
    let footpaths = Footpaths::build_with_transfers(timetable, between);
    let access = to_stops.near_origins(origins, WALK_LIMIT).into_iter();
    let direct = to_destinations.near_origins(origins, WALK_LIMIT);
    let access = access.map(|walks| walks.into_iter().map(|(stop, time)| (stops[stop], time)).collect());
    let origins = access.zip(direct).map(|(access, direct)| TransitOrigin { access, direct }).collect();
    let mut egress = vec![Vec::new(); destinations.len()];
    for (&stop, walks) in stops.iter().zip(to_destinations.near_origins(&links, WALK_LIMIT)) {
        walks.into_iter().for_each(|(to, time)| egress[to].push((stop, time)));
    }
    Walks { footpaths, origins, egress, stops: stops.into_iter().zip(links).collect() }
}

/// Isochrones of half an hour at one departure, three rides: as streets, which are the exact result, and as contours.
fn isochrones_at_a_departure(
    group: &mut BenchmarkGroup<'_, WallTime>,
    (town, timetable): (&Town, &Timetable),
    Walks { footpaths, stops, .. }: &Walks,
    origins: &[LinkedPoint],
    departure: ClockTime,
) {
    let origins = &origins[..origins.len().min(100)];
    let cutoff = TravelTime::from_minutes(30);
    let raptor = || {
        let parameters = RaptorParameters { max_rides: 3, ..RaptorParameters::default() };
        Raptor::by_vehicle_only(timetable, footpaths, parameters)
    };
    let name = format!("{}, isochrones of {} places", town.name, origins.len());
    group.throughput(Throughput::Elements(origins.len() as u64));
    group.bench_function(format!("{name}, streets"), |bencher| {
        bencher.iter(|| {
            let raptor = raptor();
            let streets = TransitStreets::new((&town.graph, Profile::Adult), &raptor, stops);
            streets.from_each(origins, (departure, cutoff), |_, search| search.reached_arcs().count())
        });
    });
    group.bench_function(format!("{name}, contours"), |bencher| {
        bencher.iter(|| {
            let raptor = raptor();
            let streets = TransitStreets::new((&town.graph, Profile::Adult), &raptor, stops);
            streets.from_each(origins, (departure, cutoff), |_, search| contours(search, &[cutoff]))
        });
    });
}

fn a_window(criterion: &mut Criterion) {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/liege/liege_streets.osm.pbf");
    let town = Town::read_from(std::env::var_os("CHALAND_EXTRACT").map_or(sample, PathBuf::from));
    let timetable = read_timetable(&town);
    let nodes = |first: usize| town.node_positions().skip(first).step_by(17).take(1000);
    let origins = town.points("CHALAND_ORIGINS", nodes(0));
    let destinations = town.points("CHALAND_DESTINATIONS", nodes(8));
    let hour: u32 = variable("CHALAND_HOUR", "8").parse().expect("an hour");
    let departures = DepartureWindow { first: ClockTime::from_hm(hour, 0), end: ClockTime::from_hm(hour + 1, 0) };
    let name = format!("{}, {} by {}", town.name, origins.len(), destinations.len());

    let mut group = criterion.benchmark_group("public transport, every minute of an hour");
    group.sample_size(10);
    group.throughput(Throughput::Elements((origins.len() * destinations.len()) as u64));
    let ends = [origins.as_slice(), destinations.as_slice()];
    group.bench_function(format!("{name}, walks"), |bencher| bencher.iter(|| find_walks(&town, &timetable, ends)));
    let walks = find_walks(&town, &timetable, ends);
    isochrones_at_a_departure(&mut group, (&town, &timetable), &walks, &origins, departures.first);
    let Walks { footpaths, origins, egress, .. } = walks;
    group.throughput(Throughput::Elements((origins.len() * egress.len()) as u64));
    // Within a day is within any time.
    for minutes in [100, 120, 1_440] {
        let window = TransitWindow {
            departures,
            window_of: WindowOf::Departures,
            cutoff: TravelTime::from_minutes(minutes),
            parameters: RaptorParameters { max_rides: 4, ..RaptorParameters::default() },
            draws: Draws::FIXED_TIMES.for_timetable(&timetable),
        };
        group.bench_function(format!("{name}, five percentiles within {minutes} min"), |bencher| {
            bencher.iter(|| {
                let matrix = TransitMatrix::new((&timetable, &footpaths), &egress, window);
                matrix.percentiles_from(&origins, &[5.0, 25.0, 50.0, 75.0, 95.0])
            });
        });
    }
    group.finish();
}

criterion_group!(benches, a_window);
criterion_main!(benches);
