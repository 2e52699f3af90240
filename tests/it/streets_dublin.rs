//! Is the walking network of a real town whole, and are its walking times right?

use chaland::base::ids::NodeId;
use chaland::base::units::TravelTime;
use chaland::network::petgraph_view::StreetView;
use chaland::network::streets::{Profile, StreetGraph, WalkParameters, build_streets};
use chaland::reach::walk::WalkSearch;

use crate::dublin;

fn dublin() -> StreetGraph {
    let (records, plane) = dublin::records();
    build_streets(&records, &plane, &WalkParameters::default()).0
}

/// 100 origins spread over all nodes by a linear congruential generator (Knuth's MMIX), each against petgraph's
/// Dijkstra, to the last decisecond; the bounded search must find exactly what lies within its cutoff.
#[test]
fn walking_times_equal_petgraph_from_a_hundred_origins() {
    let graph = dublin();
    let cutoff = TravelTime::from_minutes(20);
    for profile in [Profile::Adult, Profile::StepFree] {
        let view = StreetView::new(&graph, profile);
        let mut search = WalkSearch::new(&graph, profile);
        let mut state: u64 = 2025;
        let mut tried = 0;
        while tried < 50 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let origin = NodeId(((state >> 33) % graph.node_count() as u64) as u32);
            // Who starts in a street without a way through may leave it, which petgraph's view does not know.
            if graph.arcs_from(origin).any(|arc| graph.is_first_or_last_only(graph.segment(arc))) {
                continue;
            }
            tried += 1;
            let expected = petgraph::algo::dijkstra(view, origin, None, |arc| *petgraph::visit::EdgeRef::weight(&arc));
            search.from_node(origin, cutoff);
            for node in graph.nodes() {
                let within = expected.get(&node).copied().filter(|&time| time <= cutoff.deciseconds());
                assert_eq!(search.time_to_node(node).map(TravelTime::deciseconds), within, "{origin:?} to {node:?}");
            }
        }
    }
}

/// Nearly all walkable street length of a town centre hangs together, and every segment is what its line says.
#[test]
fn the_network_hangs_together() {
    let graph = dublin();
    let total_m: f64 = graph.segments().map(|segment| graph.segment_length_m(segment)).sum();
    assert!(graph.component_length_m(0) > 0.95 * total_m, "{} of {total_m} m", graph.component_length_m(0));
    for segment in graph.segments() {
        let line = graph.segment_line(segment);
        let (start, end) = graph.segment_ends(segment);
        assert_eq!((line[0], line[line.len() - 1]), (graph.node_point(start), graph.node_point(end)));
        let length_m: f64 = line.windows(2).map(|pair| (pair[1].x - pair[0].x).hypot(pair[1].y - pair[0].y)).sum();
        assert!((length_m - graph.segment_length_m(segment)).abs() < 1e-6);
    }
    for arc in graph.arcs() {
        assert!(graph.arcs_from(graph.tail(arc)).any(|other| other == arc));
        assert!(graph.opposite(arc).is_none_or(|back| graph.head(back) == graph.tail(arc)));
    }
}
