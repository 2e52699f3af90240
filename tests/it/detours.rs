//! Trips shared among ways that are little longer than the fastest: examples of methods §7.1, and rules that are none.

use chaland::base::ids::{Id, NodeId};
use chaland::base::kinds::StreetClass;
use chaland::base::units::TravelTime;
use chaland::network::streets::{Profile, StreetGraph, WalkParameters, build_streets};
use chaland::reach::detours::{Detours, RouteShare, SharedTrips, share_trips};
use chaland::reach::trips::{Trips, TripsError};
use chaland::testing::grid_city::GridCity;
use chaland::testing::street_sketch::StreetSketch;

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

/// Trips from one node to another, within an hour.
fn from_to(graph: &StreetGraph, (from, weight): (NodeId, f64), to: NodeId, detours: Detours) -> SharedTrips {
    let (mut origins, mut destinations) = (vec![0.0; graph.node_count()], vec![0.0; graph.node_count()]);
    origins[from.index()] = weight;
    destinations[to.index()] = 1.0;
    let (origins, destinations) = (Some(origins.as_slice()), Some(destinations.as_slice()));
    let trips = Trips { cutoff: TravelTime::from_minutes(60), origins, destinations, decay: None };
    share_trips(graph, Profile::Adult, &trips, detours).expect("weights")
}

/// Worked example of the methods: two ways of 300 and 330 m.
#[test]
fn ways_within_the_detour_share_the_trips() {
    let mut sketch = StreetSketch::new();
    sketch.way(&[(0, 0), (100, 0), (200, 0), (300, 0)], StreetClass::Residential);
    sketch.way(&[(0, 0), (0, 15), (300, 15), (300, 0)], StreetClass::Residential);
    // Two ways that meet at both ends would be a ring: dead ends make junctions of these.
    sketch.way(&[(0, 0), (-50, 0)], StreetClass::Residential);
    sketch.way(&[(300, 0), (350, 0)], StreetClass::Residential);
    let graph = graph_of(&sketch);
    let [from, to] = [(0.0, 0.0), (300.0, 0.0)].map(|(x, y)| node_at(&graph, x, y));
    let along = |detours: Detours| {
        let found = from_to(&graph, (from, 100.0), to, detours);
        let mut shares: Vec<f64> = graph.arcs_from(from).map(|arc| found.flows.along_arc(arc)).collect();
        shares.sort_by(f64::total_cmp);
        // Nobody takes the dead end.
        shares.split_off(1)
    };
    let near = |found: Vec<f64>, expected: [f64; 2]| {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?} not {expected:?}");
    };
    near(along(Detours::default()), [50.0, 50.0]);
    near(along(Detours { ratio: 1.05, ..Detours::default() }), [0.0, 100.0]);
    // 30 m are 22.5 s; the times of the two are in tenths.
    let logit = RouteShare::Logit { theta_per_s: 0.02 };
    let slower = (-0.02_f64 * 22.5).exp();
    near(
        along(Detours { share: logit, ..Detours::default() }),
        [100.0 * slower / (1.0 + slower), 100.0 / (1.0 + slower)],
    );
}

/// Three ways of which two have half of their length in common: by path size these weigh 0.75 each, the third 1.
#[test]
fn ways_with_a_part_in_common_share_it() {
    let mut sketch = StreetSketch::new();
    sketch.way(&[(0, 0), (200, 0)], StreetClass::Residential);
    sketch.way(&[(200, 0), (200, 100), (300, 100)], StreetClass::Residential);
    sketch.way(&[(200, 0), (300, 0), (300, 100)], StreetClass::Residential);
    sketch.way(&[(0, 0), (0, 100), (300, 100)], StreetClass::Residential);
    sketch.way(&[(0, 0), (-50, 0)], StreetClass::Residential);
    let graph = graph_of(&sketch);
    let [from, to, fork] = [(0.0, 0.0), (300.0, 100.0), (200.0, 0.0)].map(|(x, y)| node_at(&graph, x, y));
    let share = RouteShare::PathSize { theta_per_s: 0.0 };
    let found = from_to(&graph, (from, 100.0), to, Detours { share, ..Detours::default() });
    assert!((found.flows.through_node(fork) - 100.0 * 1.5 / 2.5).abs() < 1e-6, "{}", found.flows.through_node(fork));
}

#[test]
fn rules_that_are_none_are_refused() {
    let graph = city(2, 2);
    let ask = |detours: Detours| share_trips(&graph, Profile::Adult, &Trips::default(), detours);
    for ratio in [0.99, f64::NAN, f64::INFINITY] {
        assert!(matches!(ask(Detours { ratio, ..Detours::default() }), Err(TripsError::Detours { .. })));
    }
    for theta_per_s in [-0.1, f64::NAN] {
        for share in [RouteShare::Logit { theta_per_s }, RouteShare::PathSize { theta_per_s }] {
            assert!(matches!(ask(Detours { share, ..Detours::default() }), Err(TripsError::Detours { .. })));
        }
    }
    let none = ask(Detours { most_ways: 0, ..Detours::default() });
    assert_eq!(none.expect_err("no way").to_string(), "the most ways of two nodes is 0, expected 1 at least");
}
