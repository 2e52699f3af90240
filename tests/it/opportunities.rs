//! Is what every node of a real town has within reach what single searches find, whatever the mode?

use chaland::base::ids::{Id, NodeId};
use chaland::base::units::TravelTime;
use chaland::network::index::StreetIndex;
use chaland::network::linkage::{LinkTo, MAX_AWAY_M, link_points};
use chaland::network::streets::StreetGraph;
use chaland::reach::opportunities::{AccessQuestions, LinkedOpportunity, measure_access};
use chaland::reach::walk::WalkSearch;
use geo::Coord;

use crate::dublin;

/// All places of Dublin, in three kinds, for all profiles of all modes: one-way streets, restricted turns and streets
/// without a way through among them. Every 613th node is asked again by itself.
#[test]
fn dublin_is_counted_as_single_searches_count_it() {
    let (graphs, points) = dublin::all_modes();
    let mut counted = 0;
    for graph in &graphs {
        counted += compare(graph, &points);
    }
    assert!(counted > 100_000, "the nodes that were asked reach {counted} places");
}

/// Returns how many places were counted.
fn compare(graph: &StreetGraph, points: &[Coord<f64>]) -> u64 {
    let links = link_points(graph, &StreetIndex::new(graph), points, MAX_AWAY_M, LinkTo::AnyStreet);
    let linked = links.iter().enumerate().filter_map(|(at, link)| Some((at, (*link)?)));
    let all: Vec<LinkedOpportunity> =
        linked.map(|(at, place)| LinkedOpportunity { place, kind: at % 3, amount: 1 }).collect();
    let cutoffs = [5, 10].map(TravelTime::from_minutes);
    let questions = AccessQuestions { kinds: 3, cutoffs: &cutoffs, ..AccessQuestions::default() };
    let mut counted = 0;
    for &profile in graph.mode().profiles() {
        let access = measure_access(graph, profile, &all, &questions).expect("few enough");
        let mut search = WalkSearch::new(graph, profile);
        for node in (0..graph.node_count()).step_by(613).map(NodeId::from_index) {
            search.from_node(node, cutoffs[1]);
            let mut expected = [[0_u32; 2]; 3];
            for one in &all {
                if let Some(time) = search.time_to(&one.place) {
                    (0..2).for_each(|at| expected[one.kind][at] += u32::from(time <= cutoffs[at]));
                }
            }
            let found = [0, 1, 2].map(|kind| [0, 1].map(|cutoff| access.count(node, kind, cutoff)));
            assert_eq!(found, expected, "{profile:?} {node:?}");
            counted += expected.iter().map(|of_kind| u64::from(of_kind[1])).sum::<u64>();
        }
    }
    counted
}
