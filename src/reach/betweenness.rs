//! Flows along fastest ways: betweenness within a time, and trips from weighted origins to weighted destinations.
//!
//! In: a graph, a profile, a cutoff, weights. Out: a number per node and per arc. Where several ways are equally fast, each
//! bears its share (Brandes). One search per origin; what is found is added up while it is found.
//!
//! # References
//! U. Brandes, *A faster algorithm for betweenness centrality*, 2001, doi:10.1080/0022250X.2001.9990249 · A. Sevtsuk,
//! R. Kalvo, *Modeling pedestrian activity in cities with urban network analysis*, 2025, doi:10.1177/23998083241261766.

use super::bucket_ring::BucketRing;
use super::trips::{Flows, Trips, TripsError, add_up_origins, share, units_for};
use super::walk::UNREACHED;
use crate::base::ids::{ArcId, Id, NodeId};
use crate::base::units::TravelTime;
use crate::network::streets::{CLOSED, NO_ZONE, Profile, SearchDirection, StreetGraph};

/// Decays are looked up for times up to here, and asked for beyond: two hours.
const LOOKED_UP: TravelTime = TravelTime::from_minutes(120);

/// Origins that a thread takes at once.
const ORIGINS_AT_ONCE: usize = 256;

/// Betweenness of nodes and arcs within a time: how many fastest ways between two other nodes lead there, each ordered pair
/// counted, equally fast ways by their shares. Where all streets are open both ways, half of it is the betweenness of
/// unordered pairs.
pub fn measure_betweenness(graph: &StreetGraph, profile: Profile, cutoff: TravelTime) -> Flows {
    let units = units_for((graph.node_count() as f64).powi(2));
    add_up(graph, profile, &Trips { cutoff, ..Trips::default() }, units)
}

/// Adds up trips along their fastest ways. Nobody travels from a node to itself.
pub fn accumulate_trips(graph: &StreetGraph, profile: Profile, trips: &Trips<'_>) -> Result<Flows, TripsError> {
    let units = trips.units(graph.node_count())?;
    Ok(add_up(graph, profile, trips, units))
}

fn add_up(graph: &StreetGraph, profile: Profile, trips: &Trips<'_>, units: f64) -> Flows {
    let arcs = OpenArcs::new(graph, profile);
    let decays = trips.decay.map(|decay| {
        let times = (0..=trips.cutoff.min(LOOKED_UP).deciseconds()).map(TravelTime::from_deciseconds);
        times.map(|time| share(decay(time))).collect::<Vec<f64>>()
    });
    add_up_origins(
        trips,
        (graph.node_count(), ORIGINS_AT_ONCE),
        || Worker::new(&arcs, trips, decays.as_deref(), units),
        Worker::add_from,
        Worker::merged_with,
    )
    .found
}

/// The arcs of a graph with their impedances for a profile, side by side.
struct OpenArcs<'g> {
    graph: &'g StreetGraph,
    arcs: Vec<(NodeId, u32)>,
    largest: u32,
}

impl<'g> OpenArcs<'g> {
    fn new(graph: &'g StreetGraph, profile: Profile) -> Self {
        let impedances = graph.impedances(profile, SearchDirection::From).values();
        let arcs = graph.heads().values().iter().copied().zip(impedances.iter().copied()).collect();
        Self { graph, arcs, largest: graph.largest_impedance(profile, SearchDirection::From) }
    }

    fn of(&self, node: NodeId) -> std::ops::Range<usize> {
        let first = self.graph.first_arcs();
        first[node.index()] as usize..first[node.index() + 1] as usize
    }

    /// The impedance of an arc to a trip that began in a zone without a way through: its gates are open outwards.
    fn out_of_zone(&self, arc: usize, zone: u32) -> u32 {
        let (impedance, id) = (self.arcs[arc].1, ArcId::from_index(arc));
        let graph = self.graph;
        let leaves = || graph.is_gate(graph.segment(id)) && graph.zone(graph.tail(id)) == zone;
        if impedance == CLOSED && leaves() { 1 } else { impedance }
    }
}

/// What is known of a node.
#[derive(Clone, Copy)]
struct State {
    time: u32,
    /// The place in [`Worker::steps`] of the last step that leads there fastest.
    last: u32,
    /// How many equally fast ways lead there.
    ways: f64,
    /// Trips that pass.
    passing: f64,
}

const UNKNOWN: State = State { time: UNREACHED, last: NO_STEP, ways: 0.0, passing: 0.0 };

/// A step of a fastest way, along an arc to a node. Noted while searching, so that nothing is looked for on the way back.
#[derive(Clone, Copy)]
struct Step {
    arc: u32,
    from: NodeId,
    /// Another step that leads to the same node as fast.
    other: u32,
}

const NO_STEP: u32 = u32::MAX;

/// The scratch of a thread, and what it has found.
struct Worker<'a> {
    arcs: &'a OpenArcs<'a>,
    trips: &'a Trips<'a>,
    decays: Option<&'a [f64]>,
    states: Vec<State>,
    steps: Vec<Step>,
    settled: Vec<NodeId>,
    ring: BucketRing,
    found: Flows,
}

impl<'a> Worker<'a> {
    fn new(arcs: &'a OpenArcs<'a>, trips: &'a Trips<'a>, decays: Option<&'a [f64]>, units: f64) -> Self {
        let mut ring = BucketRing::new();
        ring.hold_steps_of(arcs.largest.min(trips.cutoff.deciseconds()));
        let found = Flows::of_nothing(arcs.graph, units);
        let states = vec![UNKNOWN; arcs.graph.node_count()];
        Self { arcs, trips, decays, states, steps: Vec::new(), settled: Vec::new(), ring, found }
    }

    fn merged_with(mut self, other: Self) -> Self {
        self.found.add(&other.found);
        self
    }

    /// Adds the trips from a node.
    fn add_from(&mut self, origin: NodeId, weight: f64) {
        let arcs = self.arcs;
        match arcs.graph.zone(origin) {
            NO_ZONE => self.search(origin, |arc| arcs.arcs[arc].1),
            zone => self.search(origin, |arc| arcs.out_of_zone(arc, zone)),
        }
        self.accumulate(weight);
        self.steps.clear();
        for node in self.settled.drain(..) {
            self.states[node.index()] = UNKNOWN;
        }
    }

    /// Times and numbers of ways from an origin.
    #[inline]
    fn search(&mut self, origin: NodeId, impedance: impl Fn(usize) -> u32) {
        let Self { arcs, states, steps, settled, ring, .. } = self;
        let cutoff = self.trips.cutoff.deciseconds().min(UNREACHED - 1);
        states[origin.index()] = State { time: 0, ways: 1.0, ..UNKNOWN };
        ring.push(0, origin);
        let mut now = 0;
        while let Some(next) = ring.next_from(now) {
            now = next;
            let mut bucket = ring.take(now);
            for &node in &bucket {
                let State { time, ways, .. } = states[node.index()];
                if time != now {
                    continue;
                }
                settled.push(node);
                for arc in arcs.of(node) {
                    let time = now.saturating_add(impedance(arc));
                    if time > cutoff {
                        continue;
                    }
                    let head = arcs.arcs[arc].0;
                    let known = &mut states[head.index()];
                    if time > known.time {
                        continue;
                    }
                    let mut step = Step { arc: arc as u32, from: node, other: NO_STEP };
                    if time < known.time {
                        (known.time, known.ways) = (time, ways);
                        ring.push(time, head);
                    } else {
                        known.ways += ways;
                        step.other = known.last;
                    }
                    known.last = steps.len() as u32;
                    steps.push(step);
                }
            }
            bucket.clear();
            ring.give_back(now, bucket);
        }
    }

    /// From the farthest node back, each hands the trips that end there or pass on to those before it.
    #[inline]
    fn accumulate(&mut self, weight: f64) {
        let Self { trips, states, steps, settled, found, .. } = self;
        let units = found.units;
        // All trips are fewer than 2⁶² units: a cast to a signed number is one instruction.
        let to_units = |trips: f64| (trips * units + 0.5) as i64 as u64;
        let decay_of = |time: u32| match (trips.decay, self.decays) {
            (Some(decay), Some(known)) => match known.get(time as usize) {
                Some(&known) => known,
                None => share(decay(TravelTime::from_deciseconds(time))),
            },
            _ => 1.0,
        };
        let (nodes, along) = (found.nodes.values_mut(), found.arcs.values_mut());
        // The origin comes first: trips begin there, and none passes.
        for &node in settled.iter().skip(1).rev() {
            let State { time, last, ways, passing } = states[node.index()];
            nodes[node.index()] += to_units(passing);
            let decay = decay_of(time);
            let pull = trips.destinations.map_or(1.0, |destinations| destinations[node.index()]);
            let trips_per_way = (weight * pull * decay + passing) / ways;
            let mut next = last;
            while let Some(step) = steps.get(next as usize) {
                let before = &mut states[step.from.index()];
                let trips = before.ways * trips_per_way;
                before.passing += trips;
                along[step.arc as usize] += to_units(trips);
                next = step.other;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::walk::WalkSearch;
    use super::*;
    use crate::base::kinds::StreetClass;
    use crate::network::pace::WalkParameters;
    use crate::network::streets::build_streets;
    use crate::testing::grid_city::GridCity;
    use crate::testing::street_sketch::StreetSketch;

    fn graph_of(sketch: &StreetSketch) -> StreetGraph {
        build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default()).0
    }

    fn node_at(graph: &StreetGraph, x: f64, y: f64) -> NodeId {
        let off = |node: &NodeId| {
            let point = graph.node_point(*node);
            (point.x - x).hypot(point.y - y)
        };
        graph.nodes().min_by(|a, b| off(a).total_cmp(&off(b))).expect("a node")
    }

    /// Along every fastest way between two nodes, found by trying all of them.
    fn assert_as_enumerated(graph: &StreetGraph, trips: &Trips<'_>) {
        let found = accumulate_trips(graph, Profile::Adult, trips).expect("weights");
        let mut nodes = vec![0.0; graph.node_count()];
        let mut arcs = vec![0.0; graph.arc_count()];
        let mut search = WalkSearch::new(graph, Profile::Adult);
        for origin in graph.nodes() {
            search.from_node(origin, trips.cutoff);
            for destination in graph.nodes().filter(|&node| node != origin) {
                let Some(time) = search.time_to_node(destination) else { continue };
                let weight = |weights: Option<&[f64]>, node: NodeId| weights.map_or(1.0, |all| all[node.index()]);
                let trips = weight(trips.origins, origin)
                    * weight(trips.destinations, destination)
                    * trips.decay.map_or(1.0, |decay| decay(time));
                let ways = ways_to(&search, origin, destination);
                for way in &ways {
                    for &arc in way {
                        arcs[arc.index()] += trips / ways.len() as f64;
                        if graph.head(arc) != destination {
                            nodes[graph.head(arc).index()] += trips / ways.len() as f64;
                        }
                    }
                }
            }
        }
        // A unit is 2⁻⁶² of all trips at least; each origin is rounded to one.
        let all = nodes.iter().chain(&arcs).fold(f64::MIN_POSITIVE, |most, &trips| most.max(trips));
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (b + all);
        for node in graph.nodes() {
            let expected = nodes[node.index()];
            assert!(near(found.through_node(node), expected), "{node:?}: {} not {expected}", found.through_node(node));
        }
        for arc in graph.arcs() {
            let expected = arcs[arc.index()];
            assert!(near(found.along_arc(arc), expected), "{arc:?}: {} not {expected}", found.along_arc(arc));
        }
    }

    /// All fastest ways of the last search to a node, each from its end.
    fn ways_to(search: &WalkSearch<'_>, origin: NodeId, node: NodeId) -> Vec<Vec<ArcId>> {
        if node == origin {
            return vec![Vec::new()];
        }
        let graph = search.graph();
        let mut ways = Vec::new();
        for away in graph.arcs_from(node) {
            let (before, arc) = (graph.head(away), graph.twin(away));
            let tight = search.times[before] != UNREACHED
                && search.impedance(arc) != CLOSED
                && search.times[before] + search.impedance(arc) == search.times[node];
            if tight {
                ways.extend(ways_to(search, origin, before).into_iter().map(|mut way| {
                    way.push(arc);
                    way
                }));
            }
        }
        ways
    }

    /// Three streets end to end would be one: two dead ends at each of their ends A, B, C, D make junctions of them.
    #[test]
    fn a_street_with_side_streets() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (100, 0), (200, 0), (300, 0)], StreetClass::Residential);
        for x in [0, 100, 200, 300] {
            sketch.way(&[(x, 0), (x, 50)], StreetClass::Residential);
            sketch.way(&[(x, 0), (x, -50)], StreetClass::Residential);
        }
        let graph = graph_of(&sketch);
        let found = measure_betweenness(&graph, Profile::Adult, TravelTime::from_minutes(60));
        // A with its two dead ends is a star of three: nodes A, a, a'. Through B pass trips between its three other sides:
        // the 3 of A, the 6 of C and D, and its own dead ends: 2 · (3·6 + 3·2 + 6·2 + 1) = 74.
        assert_eq!(found.through_node(node_at(&graph, 100.0, 0.0)), 74.0);
        // Through A: among a and a' and all nine others: 2 · (2·9 + 1) = 38.
        assert_eq!(found.through_node(node_at(&graph, 0.0, 0.0)), 38.0);
        assert_eq!(found.through_node(node_at(&graph, 0.0, 50.0)), 0.0);
        // From B to C go all trips from the 6 nodes of A and B to the 6 of C and D.
        let (b, c) = (node_at(&graph, 100.0, 0.0), node_at(&graph, 200.0, 0.0));
        let arc = graph.arcs_from(b).find(|&arc| graph.head(arc) == c).expect("a street");
        assert_eq!(found.along_arc(arc), 36.0);
        // Within 75 s only neighbours meet: a dead end is 37.5 s away.
        let near = measure_betweenness(&graph, Profile::Adult, TravelTime::from_seconds(75.0));
        assert_eq!(near.through_node(b), 2.0, "between its two dead ends");
    }

    /// Around a block both ways are equally long: each bears half of the trips from corner to corner.
    #[test]
    fn equally_fast_ways_share_the_trips() {
        let city = GridCity::new(2, 2);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let found = measure_betweenness(&graph, Profile::Adult, TravelTime::from_minutes(10));
        for node in graph.nodes() {
            assert_eq!(found.through_node(node), 1.0, "half of two trips");
        }
        for arc in graph.arcs() {
            assert_eq!(found.along_arc(arc), 2.0, "one of its own, and half of two longer ones");
        }
    }

    #[test]
    fn a_grid_city_is_as_enumerated() {
        let city = GridCity::new(5, 4);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let trips = Trips { cutoff: TravelTime::from_minutes(60), ..Trips::default() };
        assert_as_enumerated(&graph, &trips);
        let weights = |factor: usize| (0..graph.node_count()).map(|at| (at * factor % 5) as f64).collect::<Vec<f64>>();
        let halving = |time: TravelTime| 0.5_f64.powf(time.minutes());
        let (origins, destinations) = (weights(3), weights(7));
        let cutoff = TravelTime::from_seconds(300.0);
        let weighted =
            Trips { cutoff, origins: Some(&origins), destinations: Some(&destinations), decay: Some(&halving) };
        assert_as_enumerated(&graph, &weighted);
        // Shares as small as ten in a thousand million, and as many trips as no town has: nothing is lost or runs over.
        for scale in [1e-8, 1e9] {
            let [origins, destinations] = [&origins, &destinations]
                .map(|weights| weights.iter().map(|weight| weight * scale).collect::<Vec<f64>>());
            let weights = (Some(origins.as_slice()), Some(destinations.as_slice()));
            assert_as_enumerated(&graph, &Trips { origins: weights.0, destinations: weights.1, ..weighted });
        }
    }

    #[test]
    fn weights_that_are_none_are_refused() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (100, 0)], StreetClass::Residential);
        let graph = graph_of(&sketch);
        let ask = |weights: &[f64]| {
            accumulate_trips(&graph, Profile::Adult, &Trips { origins: Some(weights), ..Trips::default() })
        };
        assert_eq!(ask(&[1.0]), Err(TripsError::NotPerNode { found: 1, expected: 2 }));
        for bad in [-1.0, f64::INFINITY, f64::NAN] {
            assert!(matches!(ask(&[1.0, bad]), Err(TripsError::Weight { node, .. }) if node.index() == 1));
        }
        assert_eq!(ask(&[f64::MAX, f64::MAX]), Err(TripsError::TooMany));
        let nothing = ask(&[0.0, 0.0]).expect("weights");
        assert!(graph.arcs().all(|arc| nothing.along_arc(arc) == 0.0));
    }

    /// With no cutoff at all the times are those that there are: no table of a decay is as long as all times.
    #[test]
    fn a_decay_needs_no_cutoff() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (12_000, 0)], StreetClass::Residential);
        let graph = graph_of(&sketch);
        let decay = |time: TravelTime| 1.0 / time.minutes();
        let trips = Trips { cutoff: TravelTime::MAX, decay: Some(&decay), ..Trips::default() };
        let found = accumulate_trips(&graph, Profile::Adult, &trips).expect("weights");
        // 12 km take 150 min.
        assert!(graph.arcs().all(|arc| (found.along_arc(arc) * 150.0 - 1.0).abs() < 1e-9));
    }

    /// Worked example of the methods: from O (100) by A at 100 m to D1 200 m and D2 300 m further on, decay 0.002 per metre
    /// of 0.75 s: with decay and equal pulls 0.549834 and 0.450166 of 100 go each way, thinned out by the decay again.
    #[test]
    fn trips_thin_out_with_their_length() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (100, 0), (300, 0)], StreetClass::Residential);
        sketch.way(&[(100, 0), (100, 300)], StreetClass::Residential);
        let graph = graph_of(&sketch);
        let [o, a, d1, d2] =
            [(0.0, 0.0), (100.0, 0.0), (300.0, 0.0), (100.0, 300.0)].map(|(x, y)| node_at(&graph, x, y));
        let mut origins = vec![0.0; graph.node_count()];
        origins[o.index()] = 100.0;
        let mut destinations = vec![0.0; graph.node_count()];
        let decay = |time: TravelTime| (-0.002 * time.seconds() / 0.75).exp();
        let [e1, e2] = [300.0_f64, 400.0].map(|metres| (-0.002 * metres).exp());
        destinations[d1.index()] = e1 / (e1 + e2) / e1;
        destinations[d2.index()] = e2 / (e1 + e2) / e2;
        let cutoff = TravelTime::from_minutes(10);
        let trips = |destinations: &[f64]| {
            let (origins, destinations) = (Some(origins.as_slice()), Some(destinations));
            let trips = Trips { cutoff, origins, destinations, decay: Some(&decay) };
            accumulate_trips(&graph, Profile::Adult, &trips).expect("weights")
        };
        let plain = trips(&destinations);
        destinations[d1.index()] *= e1;
        destinations[d2.index()] *= e2;
        let decayed = trips(&destinations);
        let along = |flows: &Flows, from: NodeId, to: NodeId| {
            flows.along_arc(graph.arcs_from(from).find(|&arc| graph.head(arc) == to).expect("a street"))
        };
        for (to, share, thinned) in [(d1, 54.9834, 30.1755), (d2, 45.0166, 20.2273)] {
            assert!((along(&plain, a, to) / share - 1.0).abs() < 1e-4);
            assert!((along(&decayed, a, to) / thinned - 1.0).abs() < 1e-4, "{}", along(&decayed, a, to));
        }
        assert!((along(&plain, o, a) - 100.0).abs() < 1e-3);
        assert!((along(&decayed, o, a) / 50.4028 - 1.0).abs() < 1e-4);
        assert!((decayed.through_node(a) / 50.4028 - 1.0).abs() < 1e-4 && decayed.through_node(o) == 0.0);
    }

    #[test]
    fn threads_change_nothing() {
        let city = GridCity::new(20, 20);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| measure_betweenness(&graph, Profile::Adult, TravelTime::from_minutes(10)))
        };
        assert_eq!(with(1), with(5));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn any_streets_are_as_enumerated(
            lines in proptest::collection::vec(
                (proptest::collection::vec((-300..300, -300..300), 2..5), 0_u32..4), 1..9
            ),
            seconds in 0_u32..900,
        ) {
            let sketch = StreetSketch::of_any(&lines);
            let trips = Trips { cutoff: TravelTime::from_seconds(f64::from(seconds)), ..Trips::default() };
            assert_as_enumerated(&graph_of(&sketch), &trips);
        }
    }
}
