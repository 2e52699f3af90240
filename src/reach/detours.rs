//! Trips shared among all ways that are not much longer than the fastest (methods §7.1).
//!
//! In: a graph, a profile, trips between nodes, how much longer a way may be. Out: trips per node and arc, and how many trips had
//! more ways than were followed. A way passes no node twice. Ways are found from the fastest on: what is left of a way is as fast
//! as can be, so that no way is begun that cannot be ended within the limit by time alone.
//!
//! # References
//! A. Sevtsuk, R. Kalvo, *Modeling pedestrian activity in cities with urban network analysis*, 2025,
//! doi:10.1177/23998083241261766 · M. Ben-Akiva, M. Bierlaire, *Discrete choice methods and their applications to short term
//! travel decisions*, 1999, doi:10.1007/978-1-4615-5203-1_2 · E. L. Lawler, *A procedure for computing the K best solutions*,
//! 1972, doi:10.1287/mnsc.18.7.401.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::trips::{Flows, Trips, TripsError, add_up_origins, share};
use super::walk::{UNREACHED, WalkSearch};
use crate::base::ids::{ArcId, Column, Id, NodeId};
use crate::base::mixing::Mixing;
use crate::base::units::TravelTime;
use crate::network::streets::{Profile, StreetGraph};

/// Origins that a thread takes at once.
const ORIGINS_AT_ONCE: usize = 16;

/// For each way that may be followed, so many beginnings are tried at most: some lead only back to where they have been.
const BEGINNINGS_PER_WAY: usize = 32;

/// How trips of two nodes share the ways between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RouteShare {
    /// Each way bears as much as any other.
    Equal,
    /// By `exp(-theta · time more than the fastest)`, theta per second.
    Logit {
        /// Per second, 0 or more.
        theta_per_s: f64,
    },
    /// By logit times path size: the part of a way that many ways have in common counts for each by its share of them.
    PathSize {
        /// Per second, 0 or more.
        theta_per_s: f64,
    },
}

/// Which ways are taken, and by how many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detours {
    /// The longest way over the fastest, 1 or more; published use is 1.15.
    pub ratio: f64,
    /// How trips share the ways.
    pub share: RouteShare,
    /// How many ways of two nodes are followed at most, the fastest first; those equally fast are drawn.
    pub most_ways: usize,
}

impl Default for Detours {
    /// Ways of up to 1.15 times the fastest, each by the same share, 200 at most.
    fn default() -> Self {
        Self { ratio: 1.15, share: RouteShare::Equal, most_ways: 200 }
    }
}

impl Detours {
    fn check(self) -> Result<Self, TripsError> {
        let refuse = |what, found, expected| Err(TripsError::Detours { what, found, expected });
        if !(self.ratio.is_finite() && self.ratio >= 1.0) {
            return refuse("the longest way over the fastest", self.ratio, "a number from 1 on");
        }
        if self.most_ways == 0 {
            return refuse("the most ways of two nodes", 0.0, "1 at least");
        }
        match self.share {
            RouteShare::Logit { theta_per_s } | RouteShare::PathSize { theta_per_s }
                if !(theta_per_s.is_finite() && theta_per_s >= 0.0) =>
            {
                refuse("theta per second", theta_per_s, "a number from 0 on")
            }
            _ => Ok(self),
        }
    }

    /// The longest way, deciseconds, where the fastest takes `time`.
    fn limit(self, time: u32) -> u32 {
        (f64::from(time) * self.ratio).min(f64::from(UNREACHED - 1)) as u32
    }
}

/// Trips shared among ways.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedTrips {
    /// Trips per node and arc.
    pub flows: Flows,
    units: f64,
    all: u64,
    of_more_ways: u64,
}

impl SharedTrips {
    /// All trips.
    pub fn trips(&self) -> f64 {
        self.all as f64 / self.units
    }

    /// Those with more ways than were followed.
    pub fn trips_of_more_ways(&self) -> f64 {
        self.of_more_ways as f64 / self.units
    }

    fn add(mut self, other: Self) -> Self {
        self.flows.add(&other.flows);
        self.all = self.all.saturating_add(other.all);
        self.of_more_ways = self.of_more_ways.saturating_add(other.of_more_ways);
        self
    }
}

/// Adds up trips along all ways within a detour of the fastest. Nobody travels from a node to itself. The cutoff of the trips is
/// for the fastest way.
pub fn share_trips(
    graph: &StreetGraph,
    profile: Profile,
    trips: &Trips<'_>,
    detours: Detours,
) -> Result<SharedTrips, TripsError> {
    let units = trips.units(graph.node_count())?;
    let detours = detours.check()?;
    let worker = || Worker::new(graph, profile, (trips, detours), units);
    let nodes = (graph.node_count(), ORIGINS_AT_ONCE);
    Ok(add_up_origins(trips, nodes, worker, Worker::add_from, Worker::merged_with).found)
}

/// The end of a way: a node, and how the destination is reached from there.
#[derive(Clone, Copy)]
struct WayEnd {
    node: NodeId,
    /// The arc from the node towards the destination, and the end of a way that goes on after it; of no meaning at the destination.
    arc: ArcId,
    on: u32,
    /// How much longer than the fastest a way becomes that reaches the node as fast as can be.
    excess: u32,
    /// Trips of the ways with this end.
    trips: f64,
}

/// The scratch of a thread, and what it has found.
struct Worker<'a> {
    search: WalkSearch<'a>,
    trips: &'a Trips<'a>,
    detours: Detours,
    ends: Vec<WayEnd>,
    /// Ends to go on from: least excess first, then as drawn.
    open: BinaryHeap<Reverse<(u32, u32, u32)>>,
    /// Ends that begin at the origin: whole ways.
    ways: Vec<u32>,
    shares: Vec<f64>,
    /// Which way was last seen to pass a node.
    passed: Column<NodeId, u32>,
    way: u32,
    ways_of_arc: Column<ArcId, u32>,
    found: SharedTrips,
}

impl<'a> Worker<'a> {
    fn new(graph: &'a StreetGraph, profile: Profile, (trips, detours): (&'a Trips<'a>, Detours), units: f64) -> Self {
        let arcs = if matches!(detours.share, RouteShare::PathSize { .. }) { graph.arc_count() } else { 0 };
        Self {
            search: WalkSearch::new(graph, profile),
            trips,
            detours,
            ends: Vec::new(),
            open: BinaryHeap::new(),
            ways: Vec::new(),
            shares: Vec::new(),
            passed: Column::new(vec![0; graph.node_count()]),
            way: 0,
            ways_of_arc: Column::new(vec![0; arcs]),
            found: SharedTrips { flows: Flows::of_nothing(graph, units), units, all: 0, of_more_ways: 0 },
        }
    }

    fn merged_with(mut self, other: Self) -> Self {
        self.found = self.found.add(other.found);
        self
    }

    /// Adds the trips from a node.
    fn add_from(&mut self, origin: NodeId, weight: f64) {
        let cutoff = self.trips.cutoff.deciseconds();
        self.search.from_node(origin, TravelTime::from_deciseconds(self.detours.limit(cutoff)));
        for place in 1..self.search.settled().len() {
            let destination = self.search.settled()[place];
            let time = self.search.times[destination];
            if time > cutoff {
                break;
            }
            let pull = self.trips.destinations.map_or(1.0, |destinations| destinations[destination.index()]);
            let decay = self.trips.decay.map_or(1.0, |decay| share(decay(TravelTime::from_deciseconds(time))));
            let trips = weight * pull * decay;
            if trips > 0.0 {
                let more_ways = self.find_ways(origin, destination);
                self.share(origin, trips, more_ways);
            }
        }
    }

    /// Finds the ways from the origin of the search to a destination, the fastest first. Returns whether there are more, or may be
    /// for all that was tried.
    fn find_ways(&mut self, origin: NodeId, destination: NodeId) -> bool {
        let time = self.search.times[destination];
        let budget = self.detours.limit(time) - time;
        let mut draws = Mixing::of((origin.index() as u64) << 32 | destination.index() as u64);
        self.ends.clear();
        self.open.clear();
        self.ways.clear();
        self.ends.push(WayEnd { node: destination, arc: ArcId::from_index(0), on: 0, excess: 0, trips: 0.0 });
        self.open.push(Reverse((0, 0, 0)));
        let mut tried = 0;
        while let Some(Reverse((_, _, end))) = self.open.pop() {
            tried += 1;
            if tried > self.detours.most_ways.saturating_mul(BEGINNINGS_PER_WAY) {
                return true;
            }
            if let Some(way) = self.go_on(origin, end, budget, &mut draws) {
                if self.ways.len() == self.detours.most_ways {
                    return true;
                }
                self.ways.push(way);
            }
        }
        false
    }

    /// Goes on from the end of a way back towards the origin while it grows no longer, and notes where else it could go on.
    fn go_on(&mut self, origin: NodeId, end: u32, budget: u32, draws: &mut Mixing) -> Option<u32> {
        self.mark_passed(end);
        let mut at = end;
        loop {
            let WayEnd { node, excess, .. } = self.ends[at as usize];
            if node == origin {
                return Some(at);
            }
            let graph = self.search.graph;
            let mut next = None;
            for away in graph.arcs_from(node) {
                let (before, arc) = (graph.head(away), graph.twin(away));
                if self.passed[before] == self.way || self.search.times[before] == UNREACHED {
                    continue;
                }
                // A closed arc takes longer than any budget.
                let arrival = u64::from(self.search.times[before]) + u64::from(self.search.impedance(arc));
                let excess_before = u64::from(excess) + arrival - u64::from(self.search.times[node]);
                if excess_before > u64::from(budget) {
                    continue;
                }
                let mut found = (self.ends.len() as u32, excess_before as u32);
                self.ends.push(WayEnd { node: before, arc, on: at, excess: found.1, trips: 0.0 });
                let draw = (draws.draw() >> 32) as u32;
                if found.1 == excess {
                    match &mut next {
                        None => {
                            next = Some(found);
                            continue;
                        }
                        Some(next) if draw.is_multiple_of(2) => std::mem::swap(next, &mut found),
                        Some(_) => {}
                    }
                }
                self.open.push(Reverse((found.1, draw, found.0)));
            }
            (at, _) = next?;
            self.passed[self.ends[at as usize].node] = self.way;
        }
    }

    fn mark_passed(&mut self, end: u32) {
        self.way = self.way.checked_add(1).unwrap_or_else(|| {
            self.passed.values_mut().fill(0);
            1
        });
        let mut at = end;
        loop {
            let WayEnd { node, on, .. } = self.ends[at as usize];
            self.passed[node] = self.way;
            if at == 0 {
                return;
            }
            at = on;
        }
    }

    /// Shares trips among the ways found, and adds them up.
    fn share(&mut self, origin: NodeId, trips: f64, more_ways: bool) {
        self.weigh_ways();
        let sum: f64 = self.shares.iter().sum();
        for (&way, share) in self.ways.iter().zip(&self.shares) {
            self.ends[way as usize].trips += trips * share / sum;
        }
        let found = &mut self.found;
        let to_units = |trips: f64| (trips * found.units + 0.5) as u64;
        found.all += to_units(trips);
        if more_ways {
            found.of_more_ways += to_units(trips);
        }
        // An end lies behind the one that goes on after it.
        for at in (1..self.ends.len()).rev() {
            let WayEnd { node, arc, on, trips, .. } = self.ends[at];
            if trips > 0.0 {
                found.flows.arcs[arc] += to_units(trips);
                if node != origin {
                    found.flows.nodes[node] += to_units(trips);
                }
                self.ends[on as usize].trips += trips;
            }
        }
    }

    /// What each way weighs beside the others; the fastest weighs most.
    fn weigh_ways(&mut self) {
        let by_time = |theta_per_s: f64, excess: u32| (-theta_per_s * f64::from(excess) / 10.0).exp();
        let excess = |way: u32| self.ends[way as usize].excess;
        self.shares.clear();
        match self.detours.share {
            RouteShare::Equal => self.shares.extend(self.ways.iter().map(|_| 1.0)),
            RouteShare::Logit { theta_per_s } => {
                self.shares.extend(self.ways.iter().map(|&way| by_time(theta_per_s, excess(way))));
            }
            RouteShare::PathSize { theta_per_s } => {
                let Self { ways, ends, ways_of_arc, search, .. } = self;
                for &way in ways.iter() {
                    for_each_arc(ends, way, |arc| ways_of_arc[arc] += 1);
                }
                for &way in ways.iter() {
                    let (mut size, mut time) = (0.0, 0.0);
                    for_each_arc(ends, way, |arc| {
                        let impedance = f64::from(search.impedance(arc));
                        size += impedance / f64::from(ways_of_arc[arc]);
                        time += impedance;
                    });
                    self.shares.push(by_time(theta_per_s, ends[way as usize].excess) * size / time);
                }
                for &way in ways.iter() {
                    for_each_arc(ends, way, |arc| ways_of_arc[arc] = 0);
                }
            }
        }
    }
}

/// Calls with each arc of a way.
fn for_each_arc(ends: &[WayEnd], way: u32, mut call: impl FnMut(ArcId)) {
    let mut at = way;
    while at != 0 {
        let WayEnd { arc, on, .. } = ends[at as usize];
        call(arc);
        at = on;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::betweenness::accumulate_trips;
    use super::*;
    use crate::network::pace::WalkParameters;
    use crate::network::streets::{CLOSED, build_streets};
    use crate::testing::grid_city::GridCity;
    use crate::testing::street_sketch::StreetSketch;

    const ALL: usize = 1_000_000;

    fn graph_of(sketch: &StreetSketch) -> StreetGraph {
        build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default()).0
    }

    fn city(columns: usize, rows: usize) -> StreetGraph {
        let city = GridCity::new(columns, rows);
        build_streets(&city.records, &city.plane(), &WalkParameters::default()).0
    }

    fn node_at(graph: &StreetGraph, x: f64, y: f64) -> NodeId {
        let off = |node: &NodeId| {
            let point = graph.node_point(*node);
            (point.x - x).hypot(point.y - y)
        };
        graph.nodes().min_by(|a, b| off(a).total_cmp(&off(b))).expect("a node")
    }

    fn weights(graph: &StreetGraph, of: &[(NodeId, f64)]) -> Vec<f64> {
        let mut weights = vec![0.0; graph.node_count()];
        of.iter().for_each(|&(node, weight)| weights[node.index()] = weight);
        weights
    }

    /// Trips from one node to another, within an hour.
    fn from_to(graph: &StreetGraph, from: (NodeId, f64), to: NodeId, detours: Detours) -> SharedTrips {
        let (origins, destinations) = (weights(graph, &[from]), weights(graph, &[(to, 1.0)]));
        let (origins, destinations) = (Some(origins.as_slice()), Some(destinations.as_slice()));
        let trips = Trips { cutoff: TravelTime::from_minutes(60), origins, destinations, decay: None };
        share_trips(graph, Profile::Adult, &trips, detours).expect("weights")
    }

    /// All ways from one node to another that pass no node twice, with their times: by trying everything.
    fn simple_ways(search: &WalkSearch<'_>, way: &mut Vec<ArcId>, at: NodeId, to: NodeId, found: &mut Vec<Vec<ArcId>>) {
        if at == to {
            found.push(way.clone());
            return;
        }
        let graph = search.graph();
        for arc in graph.arcs_from(at) {
            let head = graph.head(arc);
            let again = way.iter().any(|&passed| graph.tail(passed) == head) || head == at;
            if !again && search.impedance(arc) != CLOSED {
                way.push(arc);
                simple_ways(search, way, head, to, found);
                way.pop();
            }
        }
    }

    /// Trips along all ways within a detour, found by trying all ways there are.
    fn assert_as_enumerated(graph: &StreetGraph, trips: &Trips<'_>, detours: Detours) {
        let found = share_trips(graph, Profile::Adult, trips, detours).expect("weights");
        assert_eq!(found.trips_of_more_ways(), 0.0);
        let (mut nodes, mut arcs) = (vec![0.0; graph.node_count()], vec![0.0; graph.arc_count()]);
        let mut all = 0.0;
        let mut search = WalkSearch::new(graph, Profile::Adult);
        for origin in graph.nodes() {
            search.from_node(origin, trips.cutoff);
            for destination in graph.nodes().filter(|&node| node != origin) {
                let Some(fastest) = search.time_to_node(destination) else { continue };
                let mut ways = Vec::new();
                simple_ways(&search, &mut Vec::new(), origin, destination, &mut ways);
                let seconds =
                    |way: &[ArcId]| -> f64 { way.iter().map(|&arc| f64::from(search.impedance(arc)) / 10.0).sum() };
                ways.retain(|way| seconds(way) <= fastest.seconds() * detours.ratio + 1e-6);
                let by_time = |way: &[ArcId], theta: f64| (-theta * (seconds(way) - fastest.seconds())).exp();
                let shares: Vec<f64> = ways
                    .iter()
                    .map(|way| match detours.share {
                        RouteShare::Equal => 1.0,
                        RouteShare::Logit { theta_per_s } => by_time(way, theta_per_s),
                        RouteShare::PathSize { theta_per_s } => {
                            let size: f64 = way
                                .iter()
                                .map(|arc| {
                                    let common = ways.iter().filter(|other| other.contains(arc)).count();
                                    f64::from(search.impedance(*arc)) / 10.0 / common as f64
                                })
                                .sum();
                            by_time(way, theta_per_s) * size / seconds(way)
                        }
                    })
                    .collect();
                let sum: f64 = shares.iter().sum();
                all += 1.0;
                for (way, share) in ways.iter().zip(&shares) {
                    for &arc in way {
                        arcs[arc.index()] += share / sum;
                        if graph.head(arc) != destination {
                            nodes[graph.head(arc).index()] += share / sum;
                        }
                    }
                }
            }
        }
        assert!((found.trips() - all).abs() < 1e-6, "{} trips, not {all}", found.trips());
        for node in graph.nodes() {
            let (found, expected) = (found.flows.through_node(node), nodes[node.index()]);
            assert!((found - expected).abs() < 1e-6, "{node:?}: {found} not {expected}");
        }
        for arc in graph.arcs() {
            let (found, expected) = (found.flows.along_arc(arc), arcs[arc.index()]);
            assert!((found - expected).abs() < 1e-6, "{arc:?}: {found} not {expected}");
        }
    }

    /// Without a detour the ways are the fastest, each by the same share: what Brandes' sums give without following any.
    #[test]
    fn without_detour_trips_are_those_along_fastest_ways() {
        let graph = city(6, 5);
        let trips = Trips { cutoff: TravelTime::from_minutes(60), ..Trips::default() };
        let detours = Detours { ratio: 1.0, most_ways: ALL, ..Detours::default() };
        let found = share_trips(&graph, Profile::Adult, &trips, detours).expect("weights").flows;
        let expected = accumulate_trips(&graph, Profile::Adult, &trips).expect("weights");
        for arc in graph.arcs() {
            assert!((found.along_arc(arc) - expected.along_arc(arc)).abs() < 1e-6);
        }
        for node in graph.nodes() {
            assert!((found.through_node(node) - expected.through_node(node)).abs() < 1e-6);
        }
    }

    /// From corner to corner of 8 by 8 blocks lead 12,870 equally fast ways. Of 200 drawn some begin along each street, and
    /// all trips arrive.
    #[test]
    fn ways_beyond_the_most_are_told_and_no_trip_is_lost() {
        let graph = city(9, 9);
        let corner = |sign: f64| node_at(&graph, sign * 1e6, sign * 1e6);
        let (from, to) = (corner(-1.0), corner(1.0));
        let found = from_to(&graph, (from, 100.0), to, Detours { ratio: 1.0, ..Detours::default() });
        assert!((found.trips() - 100.0).abs() < 1e-6 && (found.trips_of_more_ways() - 100.0).abs() < 1e-6);
        let along = |from: NodeId| graph.arcs_from(from).map(|arc| found.flows.along_arc(arc)).collect::<Vec<f64>>();
        let begin = along(from);
        assert!((begin.iter().sum::<f64>() - 100.0).abs() < 1e-6);
        assert!(begin.iter().all(|&trips| trips > 10.0), "{begin:?}");
        let arrive: f64 =
            graph.arcs_from(to).filter_map(|arc| graph.opposite(arc)).map(|arc| found.flows.along_arc(arc)).sum();
        assert!((arrive - 100.0).abs() < 1e-6);
        let all = Detours { ratio: 1.0, most_ways: 12_870, ..Detours::default() };
        let found = from_to(&graph, (from, 100.0), to, all);
        assert_eq!(found.trips_of_more_ways(), 0.0, "there are no more ways than these");
    }

    #[test]
    fn the_fastest_ways_are_followed_first() {
        let graph = city(4, 4);
        let corner = |sign: f64| node_at(&graph, sign * 1e6, sign * 1e6);
        // 20 ways of six blocks; the next take eight.
        let fastest = from_to(&graph, (corner(-1.0), 1.0), corner(1.0), Detours { ratio: 1.0, ..Detours::default() });
        let few = Detours { ratio: 2.0, most_ways: 20, ..Detours::default() };
        let few = from_to(&graph, (corner(-1.0), 1.0), corner(1.0), few);
        assert_eq!(few.flows, fastest.flows);
        assert!(few.trips_of_more_ways() > 0.0 && fastest.trips_of_more_ways() == 0.0);
    }

    #[test]
    fn threads_change_nothing() {
        let graph = city(8, 8);
        let trips = Trips { cutoff: TravelTime::from_minutes(8), ..Trips::default() };
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            let detours = Detours { most_ways: 20, ..Detours::default() };
            pool.install(|| share_trips(&graph, Profile::Adult, &trips, detours).expect("weights"))
        };
        assert_eq!(with(1), with(5));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn any_streets_are_as_enumerated(
            lines in proptest::collection::vec(
                (proptest::collection::vec((-300..300, -300..300), 2..4), 0_u32..4), 1..6
            ),
            ratio in 1.0..2.0_f64,
            share in prop_oneof![
                Just(RouteShare::Equal),
                (0.0..0.1_f64).prop_map(|theta_per_s| RouteShare::Logit { theta_per_s }),
                (0.0..0.1_f64).prop_map(|theta_per_s| RouteShare::PathSize { theta_per_s }),
            ],
        ) {
            let trips = Trips { cutoff: TravelTime::from_minutes(15), ..Trips::default() };
            let detours = Detours { ratio, share, most_ways: ALL };
            assert_as_enumerated(&graph_of(&StreetSketch::of_any(&lines)), &trips, detours);
        }
    }
}
