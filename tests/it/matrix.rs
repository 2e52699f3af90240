//! Are the times of a matrix over a real town what single searches find, whatever the mode?

use chaland::base::units::TravelTime;
use chaland::network::linkage::LinkedPoint;
use chaland::network::streets::StreetGraph;
use chaland::reach::contraction::{Contraction, Elimination};
use chaland::reach::matrix::ManyToMany;
use chaland::reach::walk::WalkSearch;
use geo::Coord;

use crate::dublin;

/// From every 101st place of Dublin to every 11th, for all profiles of all modes: one-way streets, restricted turns and
/// streets without a way through among them.
#[test]
fn dublin_is_crossed_as_single_searches_cross_it() {
    let (graphs, points) = dublin::all_modes();
    for graph in &graphs {
        compare(graph, &points);
    }
}

fn compare(graph: &StreetGraph, points: &[Coord<f64>]) {
    let links = dublin::linked(graph, points);
    let every = |step: usize| -> Vec<LinkedPoint> { links.iter().copied().step_by(step).collect() };
    let (origins, destinations) = (every(101), every(11));
    let elimination = Elimination::new(graph);
    for &profile in graph.mode().profiles() {
        let contraction = Contraction::new(graph, profile, &elimination);
        let matrix = ManyToMany::new(graph, profile, Some(&contraction), &destinations);
        let times = matrix.from_origins(&origins, TravelTime::MAX);
        let mut search = WalkSearch::new(graph, profile);
        let mut reached = 0;
        for (from, origin) in origins.iter().enumerate() {
            search.from_point(origin, TravelTime::MAX);
            for (to, destination) in destinations.iter().enumerate() {
                let expected = search.time_to(destination);
                assert_eq!(times.time(from, to), expected, "{profile:?} {origin:?} {destination:?}");
                reached += usize::from(expected.is_some());
            }
        }
        assert!(reached > 5_000, "{profile:?}: {reached} pairs have a way");
    }
}
