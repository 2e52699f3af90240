//! Bounded searches from sixteen places at once: what is near on the ground is reached alike, so that one pass over the
//! streets serves all of them.
//!
//! In: streets as arcs without zones, up to sixteen sources. Out: a row of times per node. A node is looked at again
//! where any lane gets better: the order in which that happens changes nothing in the end.

use crate::base::ids::{Id, NodeId};
use crate::base::units::TravelTime;
use crate::network::streets::{Profile, SearchDirection, StreetGraph};

/// How many sources are searched from at once.
pub(super) const LANES: usize = 16;

/// Time of a lane that does not reach a node, and of no time at all.
pub(super) const NEVER: u16 = u16::MAX;

/// The longest cutoff of a search in lanes: 109 minutes.
pub(super) const LONGEST_CUTOFF: TravelTime = TravelTime::from_deciseconds(NEVER as u32 - 1);

/// Width of a bucket, deciseconds.
const BUCKET: u16 = 8;

/// Times of all lanes, deciseconds.
pub(super) type Row = [u16; LANES];

/// The arcs of a graph that are open to a profile in a direction and short enough for a cutoff, packed.
pub(super) struct LaneArcs {
    /// Of each node, and the end.
    first: Vec<u32>,
    arcs: Vec<(NodeId, u16)>,
}

impl LaneArcs {
    /// `cutoff` is at most [`LONGEST_CUTOFF`].
    pub fn new(graph: &StreetGraph, profile: Profile, direction: SearchDirection, cutoff: TravelTime) -> Self {
        let impedances = graph.impedances(profile, direction);
        let mut first = Vec::with_capacity(graph.node_count() + 1);
        let mut arcs = Vec::with_capacity(graph.arc_count());
        for node in graph.nodes() {
            first.push(arcs.len() as u32);
            for arc in graph.arcs_from(node) {
                let step = impedances[arc];
                if step <= cutoff.deciseconds() {
                    arcs.push((graph.head(arc), step as u16));
                }
            }
        }
        first.push(arcs.len() as u32);
        Self { first, arcs }
    }

    fn from(&self, node: NodeId) -> &[(NodeId, u16)] {
        &self.arcs[self.first[node.index()] as usize..self.first[node.index() + 1] as usize]
    }

    fn node_count(&self) -> usize {
        self.first.len() - 1
    }
}

/// How a node stands.
#[derive(Clone, Copy)]
struct State {
    /// The least time that was not handed on yet.
    waiting: u16,
    is_touched: bool,
}

const AT_REST: State = State { waiting: NEVER, is_touched: false };

/// The scratch of a thread.
pub(super) struct LaneSearch<'a> {
    arcs: &'a LaneArcs,
    rows: Vec<Row>,
    states: Vec<State>,
    touched: Vec<NodeId>,
    /// Nodes that wait, by their time: each bucket is [`BUCKET`] wide. Within one the order does not matter.
    buckets: Vec<Vec<NodeId>>,
}

impl<'a> LaneSearch<'a> {
    pub fn new(arcs: &'a LaneArcs) -> Self {
        let nodes = arcs.node_count();
        let (rows, states) = (vec![[NEVER; LANES]; nodes], vec![AT_REST; nodes]);
        Self { arcs, rows, states, touched: Vec::new(), buckets: Vec::new() }
    }

    /// Searches from each source in a lane of its own, at most [`LANES`].
    pub fn search(&mut self, sources: &[NodeId], cutoff: TravelTime) {
        for &node in &self.touched {
            self.rows[node.index()] = [NEVER; LANES];
            self.states[node.index()] = AT_REST;
        }
        self.touched.clear();
        let cutoff = cutoff.min(LONGEST_CUTOFF).deciseconds() as u16;
        let buckets = usize::from(cutoff / BUCKET) + 1;
        self.buckets.resize_with(buckets.max(self.buckets.len()), Vec::new);
        for (lane, &source) in sources.iter().enumerate() {
            self.rows[source.index()][lane] = 0;
            self.wait(source, 0);
        }
        for bucket in 0..buckets {
            while let Some(node) = self.buckets[bucket].pop() {
                let waiting = &mut self.states[node.index()].waiting;
                // Whoever got better meanwhile waits, or waited, in another bucket.
                if usize::from(*waiting / BUCKET) == bucket {
                    *waiting = NEVER;
                    self.hand_on(node, cutoff);
                }
            }
        }
    }

    /// Hands all times of a node on to its neighbours.
    fn hand_on(&mut self, node: NodeId, cutoff: u16) {
        let (row, arcs) = (self.rows[node.index()], self.arcs);
        for &(head, step) in arcs.from(node) {
            let least = improve(&mut self.rows[head.index()], &row, step);
            if least <= cutoff {
                self.wait(head, least);
            }
        }
    }

    /// A node has times to hand on, this the least of them.
    fn wait(&mut self, node: NodeId, least: u16) {
        let state = &mut self.states[node.index()];
        if !state.is_touched {
            state.is_touched = true;
            self.touched.push(node);
        }
        if least < state.waiting {
            state.waiting = least;
            self.buckets[usize::from(least / BUCKET)].push(node);
        }
    }

    /// The nodes that a lane reaches at least, in no order that means anything.
    pub fn touched(&self) -> &[NodeId] {
        &self.touched
    }

    /// The times of all lanes at a node. What is beyond the cutoff is no time of any use.
    pub fn row(&self, node: NodeId) -> &Row {
        &self.rows[node.index()]
    }
}

/// Takes over what is better by way of a step; returns the least of it, [`NEVER`] where nothing is.
#[inline]
fn improve(known: &mut Row, from: &Row, step: u16) -> u16 {
    let mut better = [NEVER; LANES];
    for lane in 0..LANES {
        let time = from[lane].saturating_add(step);
        better[lane] = if time < known[lane] { time } else { NEVER };
        known[lane] = known[lane].min(time);
    }
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            better[lane] = better[lane].min(better[lane + width]);
        }
        width /= 2;
    }
    better[0]
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

    fn assert_same(graph: &StreetGraph, sources: &[NodeId], cutoff: TravelTime) {
        for direction in [SearchDirection::From, SearchDirection::To] {
            let arcs = LaneArcs::new(graph, Profile::Adult, direction, cutoff);
            let mut lanes = LaneSearch::new(&arcs);
            let mut alone = WalkSearch::new(graph, Profile::Adult);
            // Twice: the scratch of the first search must leave nothing behind.
            for sources in [&sources[..sources.len() / 2], sources] {
                lanes.search(sources, cutoff);
                for (lane, &source) in sources.iter().enumerate() {
                    match direction {
                        SearchDirection::From => alone.from_node(source, cutoff),
                        SearchDirection::To => alone.to_node(source, cutoff),
                    }
                    for node in graph.nodes() {
                        let time = u32::from(lanes.row(node)[lane]);
                        let found = (time <= cutoff.deciseconds()).then_some(TravelTime::from_deciseconds(time));
                        assert_eq!(found, alone.time_to_node(node), "{direction:?} {source:?} {node:?}");
                        assert!(found.is_none() || lanes.touched().contains(&node));
                    }
                }
            }
        }
    }

    #[test]
    fn every_lane_is_a_search_of_its_own() {
        let city = GridCity::new(9, 7);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let sources: Vec<NodeId> = (0..LANES as u32).map(|at| NodeId(at * 7 % graph.node_count() as u32)).collect();
        for seconds in [0, 75, 300, 6_000] {
            assert_same(&graph, &sources, TravelTime::from_seconds(f64::from(seconds)));
        }
        // Two lanes from one node.
        assert_same(&graph, &[NodeId(3), NodeId(3), NodeId(40)], TravelTime::from_minutes(5));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn lanes_agree_with_single_searches(
            lines in proptest::collection::vec(proptest::collection::vec((-400..400, -400..400), 2..7), 1..20),
            picks in proptest::collection::vec(0_u32..1000, 1..=LANES),
            seconds in 0_u32..900,
        ) {
            let mut sketch = StreetSketch::new();
            for line in &lines {
                sketch.way(line, StreetClass::Residential);
            }
            let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
            prop_assume!(graph.node_count() > 0);
            let sources: Vec<NodeId> = picks.iter().map(|pick| NodeId(pick % graph.node_count() as u32)).collect();
            assert_same(&graph, &sources, TravelTime::from_seconds(f64::from(seconds)));
        }
    }
}
