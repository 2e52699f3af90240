//! Ways that exist only as steps: what people with a pram, a wheelchair or a walking aid must walk instead.
//!
//! Flights that meet, or that only a stretch between steps joins (the deck of a footbridge), are one passage; a flight
//! that leads to a dead end is none. The loss is the step-free walk between the passage's ends less the walk over the
//! steps, at most the loss cap; where steps are the only way to a whole quarter it is the loss cap. It falls on the share
//! of people who cannot use steps.

use std::collections::BTreeMap;

use petgraph::unionfind::UnionFind;

use super::{Cause, EvidenceSource, Fact, Finding, Remedy, Who};
use crate::analysis::parameters::Parameters;
use crate::base::geometry::{distance_m, length_m, point_along};
use crate::base::ids::{Id, NodeId, SegmentId};
use crate::base::kinds::Quality;
use crate::network::streets::{Profile, StreetGraph};
use crate::reach::walk::WalkSearch;

/// Passages that fewer people walk are left out, persons per day (default).
pub const LEAST_FLOW: f64 = 1.0;

/// What hangs together without steps and holds less than this share of all street length is a dead end or an island
/// between steps, not a quarter of its own (default; as small components of the street graph).
pub const SMALL_PART_SHARE: f64 = 0.01;

/// Finds passages of steps whose step-free way round loses more than `least_loss`; `flow` is persons per day on a segment.
pub fn find_step_passages(
    graph: &StreetGraph,
    flow: &dyn Fn(SegmentId) -> f64,
    parameters: &Parameters,
) -> Vec<Finding> {
    let steps: Vec<SegmentId> =
        (0..graph.segment_count()).map(SegmentId::from_index).filter(|&s| is_closed_to_wheels(graph, s)).collect();
    let parts = StepFreeParts::new(graph);
    let mut passages = Passages {
        graph,
        step_free: WalkSearch::new(graph, Profile::StepFree),
        adult: WalkSearch::new(graph, Profile::Adult),
        parameters,
    };
    let joined = join_flights(graph, &parts, &steps);
    let ends = joined.iter().filter_map(|passage| Some((passage, find_ends(graph, &parts, passage)?)));
    ends.filter_map(|(passage, ends)| passages.describe(passage, ends, flow)).collect()
}

fn is_closed_to_wheels(graph: &StreetGraph, segment: SegmentId) -> bool {
    let (forward, backward) = graph.arcs_of(segment);
    let closed = |arc| graph.impedance(Profile::StepFree, arc).is_none();
    graph.segment_has_steps(segment) && forward.or(backward).is_some_and(closed)
}

/// Which parts of the network hang together without steps, by node.
struct StepFreeParts {
    part: Vec<usize>,
    is_large: Vec<bool>,
}

impl StepFreeParts {
    fn new(graph: &StreetGraph) -> Self {
        let mut joined = UnionFind::<usize>::new(graph.node_count());
        let step_free = |arc| graph.impedance(Profile::StepFree, arc).is_some();
        for arc in graph.arcs().filter(|&arc| step_free(arc)) {
            joined.union(graph.tail(arc).index(), graph.head(arc).index());
        }
        let part = joined.into_labeling();
        let mut lengths = vec![0.0; part.len()];
        let mut whole = 0.0;
        for segment in graph.segments() {
            let length_m = graph.segment_length_m(segment);
            let (forward, backward) = graph.arcs_of(segment);
            whole += length_m;
            if [forward, backward].into_iter().flatten().any(step_free) {
                lengths[part[graph.segment_ends(segment).0.index()]] += length_m;
            }
        }
        let is_large = lengths.iter().map(|&length_m| length_m > 0.0 && length_m >= SMALL_PART_SHARE * whole).collect();
        Self { part, is_large }
    }

    fn of(&self, node: NodeId) -> usize {
        self.part[node.index()]
    }

    fn is_large(&self, node: NodeId) -> bool {
        self.is_large[self.of(node)]
    }
}

/// Flights that meet at a node, or at the same island between steps.
fn join_flights(graph: &StreetGraph, parts: &StepFreeParts, steps: &[SegmentId]) -> Vec<Vec<SegmentId>> {
    let mut first_at: BTreeMap<(bool, usize), usize> = BTreeMap::new();
    let mut joined = UnionFind::<usize>::new(steps.len());
    for (index, &segment) in steps.iter().enumerate() {
        let (from, to) = graph.segment_ends(segment);
        for node in [from, to] {
            let place = if parts.is_large(node) { (true, node.index()) } else { (false, parts.of(node)) };
            let first = *first_at.entry(place).or_insert(index);
            joined.union(first, index);
        }
    }
    let mut passages: BTreeMap<usize, Vec<SegmentId>> = BTreeMap::new();
    for (index, &segment) in steps.iter().enumerate() {
        passages.entry(joined.find(index)).or_default().push(segment);
    }
    let mut passages: Vec<Vec<SegmentId>> = passages.into_values().collect();
    passages.sort();
    passages
}

/// The two ends of a passage: of the nodes at which the step-free network begins, two that nothing joins without steps
/// if there are such, and of those the two farthest apart.
fn find_ends(graph: &StreetGraph, parts: &StepFreeParts, passage: &[SegmentId]) -> Option<(NodeId, NodeId)> {
    let mut nodes: Vec<NodeId> =
        passage.iter().flat_map(|&s| [graph.segment_ends(s).0, graph.segment_ends(s).1]).collect();
    nodes.sort_unstable();
    nodes.dedup();
    nodes.retain(|&node| parts.is_large(node));
    let mut best: Option<(NodeId, NodeId, (bool, f64))> = None;
    for (i, &a) in nodes.iter().enumerate() {
        for &b in &nodes[i + 1..] {
            let apart = (parts.of(a) != parts.of(b), distance_m(graph.node_point(a), graph.node_point(b)));
            if best.is_none_or(|(_, _, far)| apart > far) {
                best = Some((a, b, apart));
            }
        }
    }
    best.map(|(a, b, _)| (a, b))
}

/// The searches that compare the ways between the ends of a passage.
struct Passages<'g> {
    graph: &'g StreetGraph,
    step_free: WalkSearch<'g>,
    adult: WalkSearch<'g>,
    parameters: &'g Parameters,
}

impl Passages<'_> {
    fn describe(
        &mut self,
        passage: &[SegmentId],
        (top, bottom): (NodeId, NodeId),
        flow: &dyn Fn(SegmentId) -> f64,
    ) -> Option<Finding> {
        let (graph, parameters) = (self.graph, self.parameters);
        let walkers = passage.iter().map(|&s| flow(s)).fold(0.0, f64::max);
        if walkers < LEAST_FLOW {
            return None;
        }
        self.adult.from_node(top, parameters.loss_cap);
        let over_steps = self.adult.time_to_node(bottom)?;
        self.step_free.from_node(top, parameters.loss_cap + over_steps);
        let round = self.step_free.time_to_node(bottom);
        let loss = round.map_or(parameters.loss_cap, |round| round.saturating_sub(over_steps).min(parameters.loss_cap));
        if loss < parameters.least_loss {
            return None;
        }
        let busiest = *passage.iter().max_by(|a, b| flow(**a).total_cmp(&flow(**b)).then(b.cmp(a)))?;
        let line = graph.segment_line(busiest);
        let length = passage.iter().map(|&s| graph.segment_length_m(s)).sum();
        let mut facts = vec![
            Fact::new("foot_traffic", walkers, "persons_per_day", EvidenceSource::Model),
            Fact::new("length_m", length, "m", EvidenceSource::Streets),
        ];
        facts.extend(round.map(|t| Fact::new("detour_step_free_s", t.seconds(), "s", EvidenceSource::Streets)));
        Some(Finding {
            cause: Cause::StepsOnly,
            name: graph.segment_name(busiest).to_owned(),
            point: point_along(line, length_m(line) / 2.0)?,
            district: None,
            who: Who::ReducedMobility,
            persons: walkers * parameters.reduced_mobility_share,
            avoidable_s: loss.seconds(),
            quality: Quality::Inferred,
            facts,
            remedies: vec![Remedy {
                modification: "steps_to_ramp",
                at: [top, bottom].map(|end| graph.node_point(end)).to_vec(),
                value: None,
            }],
            lines: passage.iter().map(|&s| graph.segment_line(s).to_vec()).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::kinds::{StreetClass, WheelchairTag};
    use crate::network::pace::WalkParameters;
    use crate::network::streets::build_streets;
    use crate::testing::street_sketch::StreetSketch;

    /// The passages of a drawing, with 100 persons a day on every segment.
    fn find(draw: impl Fn(&mut StreetSketch)) -> Vec<Finding> {
        let mut sketch = StreetSketch::new();
        draw(&mut sketch);
        let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        find_step_passages(&graph, &|_| 100.0, &Parameters::default())
    }

    /// 12 m of steps at 0.6 of 1.3333 m/s are 15 s; round them 300 + 12 + 300 = 612 m are 459 s: 444 s lost. Paths that
    /// meet the top and are themselves closed to wheelchairs change nothing, whichever way they lie.
    #[test]
    fn the_way_round_is_found_past_paths_that_are_closed_to_wheelchairs() {
        for (x, y) in [(1, 1), (-1, 1), (1, -1), (-1, -1)] {
            let found = find(|sketch| {
                sketch.way(&[(0, 0), (0, 12 * y)], StreetClass::Steps);
                sketch.way(&[(0, 0), (300 * x, 0), (300 * x, 12 * y), (0, 12 * y)], StreetClass::Residential);
                for end in [(-30 * x, 12 * y), (0, 40 * y), (-30 * x, 40 * y)] {
                    sketch.way(&[(0, 12 * y), end], StreetClass::Footway).wheelchair = Some(WheelchairTag::No);
                }
            });
            assert_eq!(found.len(), 1, "{x} {y}");
            assert_eq!(found[0].avoidable_s, 444.0, "{x} {y}");
            // 15 % of 100 cannot use steps.
            assert!((found[0].persons - 15.0).abs() < 1e-9);
        }
    }

    /// Two quarters of 1,000 m that only steps join: nobody gets round, the loss is the cap of 1,200 s. A terrace of 10 m
    /// above the steps holds less than a hundredth of 2,022 m and is no quarter.
    #[test]
    fn steps_that_alone_lead_to_a_quarter_lose_the_cap() {
        let drawn = |upper: i32| {
            find(|sketch| {
                sketch.way(&[(0, 0), (1000, 0)], StreetClass::Residential);
                sketch.way(&[(0, 0), (0, 12)], StreetClass::Steps);
                sketch.way(&[(0, 12), (upper, 12)], StreetClass::Residential);
            })
        };
        let found = drawn(1000);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].avoidable_s, 1200.0);
        assert!(drawn(10).is_empty());
    }
}
