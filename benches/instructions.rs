//! How many instructions the hot loops take: nearly the same on every run, however busy the machine, so that a change of a
//! hundredth shows. On grid cities and drawn lines, on one thread. Needs valgrind, and `cargo install gungraun-runner` of the version in
//! `Cargo.lock`.

// The macros make modules without a word.
#![allow(missing_docs)]

use std::hint::black_box;

use chaland::base::ids::{Id, NodeId, StopId};
use chaland::base::units::{ClockTime, TravelTime};
use chaland::network::index::StreetIndex;
use chaland::network::linkage::{LinkTo, LinkedPoint, link_points};
use chaland::network::streets::{Profile, StreetGraph, WalkParameters, build_streets};
use chaland::network::timetable::Footpaths;
use chaland::reach::betweenness::measure_betweenness;
use chaland::reach::contour::contours;
use chaland::reach::contraction::{Contraction, Elimination};
use chaland::reach::matrix::ManyToMany;
use chaland::reach::opportunities::{AccessQuestions, LinkedOpportunity, NodeAccess, measure_access};
use chaland::reach::raptor::{GoOn, Raptor, RaptorParameters, RaptorScratch, moment};
use chaland::reach::trips::Flows;
use chaland::reach::walk::WalkSearch;
use chaland::testing::grid_city::GridCity;
use chaland::testing::toy_feed::ToyFeed;
use geo::Coord;
use gungraun::{library_benchmark, library_benchmark_group, main};

const CUTOFF: TravelTime = TravelTime::from_minutes(20);

/// Instructions of all threads but this one would not be counted.
fn on_one_thread() {
    // It fails where it is done already.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
}

/// A city of so many junctions a side, 100 m apart, for the rest of the program.
fn city(side: usize) -> &'static StreetGraph {
    on_one_thread();
    let city = GridCity::new(side, side);
    Box::leak(Box::new(build_streets(&city.records, &city.plane(), &WalkParameters::default()).0))
}

/// Points 40 m along streets of a city, every so many blocks.
fn points(graph: &StreetGraph, side: usize, every: usize) -> Vec<LinkedPoint> {
    let corners = (0..side * side).step_by(every).map(|at| (at % side, at / side));
    let points: Vec<_> = corners.map(|(x, y)| Coord { x: x as f64 * 100.0 + 40.0, y: y as f64 * 100.0 }).collect();
    link_points(graph, &StreetIndex::new(graph), &points, 100.0, LinkTo::AnyStreet).into_iter().flatten().collect()
}

fn a_search(side: usize) -> WalkSearch<'static> {
    let mut search = WalkSearch::new(city(side), Profile::Adult);
    // As in a batch, where what a search needs is there already.
    search.from_node(NodeId(0), CUTOFF);
    search
}

fn a_finished_search(side: usize) -> WalkSearch<'static> {
    let mut search = a_search(side);
    search.from_node(middle(side), CUTOFF);
    search
}

fn middle(side: usize) -> NodeId {
    NodeId::from_index((side * side + side) / 2)
}

#[library_benchmark]
#[bench::of_10_000(a_search(100), middle(100))]
fn one_to_many(mut search: WalkSearch<'static>, origin: NodeId) -> usize {
    search.from_node(black_box(origin), CUTOFF);
    search.settled().len()
}

#[library_benchmark]
#[bench::of_20_min(a_finished_search(100))]
fn contours_of_a_search(search: WalkSearch<'static>) -> usize {
    contours(black_box(&search), &[CUTOFF]).len()
}

fn a_matrix(side: usize) -> (ManyToMany<'static>, Vec<LinkedPoint>) {
    let graph = city(side);
    let contraction: &'static Contraction =
        Box::leak(Box::new(Contraction::new(graph, Profile::Adult, &Elimination::new(graph))));
    let points = points(graph, side, 50);
    (ManyToMany::new(graph, Profile::Adult, Some(contraction), &points), points)
}

#[library_benchmark]
#[bench::of_200_by_200(a_matrix(100))]
fn many_to_many((matrix, origins): (ManyToMany<'static>, Vec<LinkedPoint>)) -> usize {
    let times = matrix.from_origins(black_box(&origins), TravelTime::MAX);
    times.from_origin(0).flatten().count()
}

fn a_town_with_shops(side: usize) -> (&'static StreetGraph, Vec<LinkedOpportunity>) {
    let graph = city(side);
    let shop = |(at, place): (usize, LinkedPoint)| LinkedOpportunity { place, kind: at % 3, amount: 1 };
    (graph, points(graph, side, 2).into_iter().enumerate().map(shop).collect())
}

#[library_benchmark]
#[bench::of_1_024(a_town_with_shops(32))]
fn access_of_all_nodes((graph, shops): (&'static StreetGraph, Vec<LinkedOpportunity>)) -> NodeAccess {
    let cutoffs = [5, 10, 15].map(TravelTime::from_minutes);
    let questions = AccessQuestions { kinds: 3, cutoffs: &cutoffs, ..AccessQuestions::default() };
    measure_access(graph, Profile::Adult, black_box(&shops), &questions).expect("few enough")
}

#[library_benchmark]
#[bench::of_1_024(city(32))]
fn betweenness_of_all_nodes(graph: &'static StreetGraph) -> Flows {
    measure_betweenness(black_box(graph), Profile::Adult, TravelTime::from_minutes(10))
}

/// Twenty lines west to east and twenty south to north over a square of 400 stops, every ten minutes each way; stops beside
/// each other are 5 min apart on foot.
fn a_window() -> (Raptor<'static>, RaptorScratch) {
    on_one_thread();
    let mut toy = ToyFeed::with_stops(400);
    let (first, end) = (ClockTime::from_hm(7, 0), ClockTime::from_hm(11, 0));
    for line in 0..20 {
        let along: [Vec<u32>; 2] =
            [(0..20).map(|at| line * 20 + at).collect(), (0..20).map(|at| at * 20 + line).collect()];
        for stops in along {
            let back: Vec<u32> = stops.iter().rev().copied().collect();
            toy.line(&stops, first.plus_seconds(line * 30), end, 10, 2).line(&back, first, end, 10, 2);
        }
    }
    let beside = (0..400_u32).flat_map(|at| {
        let east = (at % 20 < 19).then_some(at + 1);
        let north = (at < 380).then_some(at + 20);
        [east, north].into_iter().flatten().flat_map(move |to| [(at, to), (to, at)])
    });
    let walks = beside.map(|(from, to)| (StopId(from), StopId(to), TravelTime::from_minutes(5)));
    let footpaths = Footpaths::build(400, walks);
    let timetable = Box::leak(Box::new(toy.timetable()));
    let raptor = Raptor::by_vehicle_only(timetable, &footpaths, RaptorParameters::default());
    let scratch = raptor.scratch();
    (raptor, scratch)
}

#[library_benchmark]
#[bench::of_an_hour(a_window())]
fn public_transport_over_a_window((raptor, mut scratch): (Raptor<'static>, RaptorScratch)) -> usize {
    let access = [(StopId(black_box(210)), TravelTime::from_minutes(3)), (StopId(211), TravelTime::from_minutes(4))];
    let minutes = (0..60).rev().map(|minute| moment(ClockTime::from_hm(8, 0).plus_seconds(minute * 60)));
    let mut improved = 0;
    raptor.reach_stops_over(&mut scratch, &access, minutes, |_, arrivals| {
        improved += arrivals.improved().len();
        GoOn::Yes
    });
    improved
}

library_benchmark_group!(
    name = reach,
    benchmarks = [
        one_to_many,
        contours_of_a_search,
        many_to_many,
        access_of_all_nodes,
        betweenness_of_all_nodes,
        public_transport_over_a_window
    ]
);
main!(library_benchmark_groups = reach);
