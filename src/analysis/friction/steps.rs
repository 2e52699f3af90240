//! Ways that exist only as steps: what people with a pram, a wheelchair or a walking aid must walk instead.
//!
//! Flights that meet, or that only a stretch between steps joins (the deck of a footbridge), are one passage; a flight
//! that leads to a dead end is none. The loss is the step-free walk between the passage's ends less the walk over the
//! steps; it falls on the share of people who cannot use steps.

use std::collections::BTreeMap;

use petgraph::unionfind::UnionFind;

use super::{Cause, EvidenceSource, Fact, Finding, Remedy, Who};
use crate::analysis::parameters::Parameters;
use crate::base::geometry::{distance_m, length_m, point_along};
use crate::base::ids::{Id, NodeId, SegmentId};
use crate::base::kinds::Quality;
use crate::network::linkage::LinkedPoint;
use crate::network::streets::{StreetGraph, WalkProfile};
use crate::reach::walk::WalkSearch;

/// Passages that fewer people walk are left out, persons per day (default).
pub const LEAST_FLOW: f64 = 1.0;

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
        step_free: WalkSearch::new(graph, WalkProfile::StepFree),
        adult: WalkSearch::new(graph, WalkProfile::Adult),
        parameters,
    };
    let joined = join_flights(graph, &parts, &steps);
    let ends = joined.iter().filter_map(|passage| Some((passage, find_ends(graph, &parts, passage)?)));
    ends.filter_map(|(passage, ends)| passages.describe(passage, ends, flow)).collect()
}

fn is_closed_to_wheels(graph: &StreetGraph, segment: SegmentId) -> bool {
    let (forward, backward) = graph.arcs_of(segment);
    let closed = |arc| graph.impedance(WalkProfile::StepFree, arc).is_none();
    graph.segment_has_steps(segment) && forward.or(backward).is_some_and(closed)
}

/// Which parts of the network hang together without steps, by node.
struct StepFreeParts {
    part: Vec<usize>,
    main: usize,
}

impl StepFreeParts {
    fn new(graph: &StreetGraph) -> Self {
        let mut joined = UnionFind::<usize>::new(graph.node_count());
        for arc in graph.arcs().filter(|&arc| graph.impedance(WalkProfile::StepFree, arc).is_some()) {
            joined.union(graph.tail(arc).index(), graph.head(arc).index());
        }
        let part = joined.into_labeling();
        let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
        part.iter().for_each(|&label| *sizes.entry(label).or_default() += 1);
        let main = sizes.into_iter().max_by_key(|&(label, size)| (size, std::cmp::Reverse(label)));
        Self { part, main: main.map_or(0, |(label, _)| label) }
    }

    fn is_main(&self, node: NodeId) -> bool {
        self.part[node.index()] == self.main
    }
}

/// Flights that meet at a node, or at the same island between steps.
fn join_flights(graph: &StreetGraph, parts: &StepFreeParts, steps: &[SegmentId]) -> Vec<Vec<SegmentId>> {
    let mut first_at: BTreeMap<(bool, usize), usize> = BTreeMap::new();
    let mut joined = UnionFind::<usize>::new(steps.len());
    for (index, &segment) in steps.iter().enumerate() {
        let (from, to) = graph.segment_ends(segment);
        for node in [from, to] {
            let place = if parts.is_main(node) { (true, node.index()) } else { (false, parts.part[node.index()]) };
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

/// The two ends of a passage: the nodes farthest apart at which the step-free network begins.
fn find_ends(graph: &StreetGraph, parts: &StepFreeParts, passage: &[SegmentId]) -> Option<(LinkedPoint, LinkedPoint)> {
    let mut nodes: Vec<NodeId> =
        passage.iter().flat_map(|&s| [graph.segment_ends(s).0, graph.segment_ends(s).1]).collect();
    nodes.sort_unstable();
    nodes.dedup();
    nodes.retain(|&node| parts.is_main(node));
    let open: Vec<LinkedPoint> = nodes.iter().filter_map(|&node| stand_at(graph, node)).collect();
    let mut best: Option<(LinkedPoint, LinkedPoint, f64)> = None;
    for (i, a) in open.iter().enumerate() {
        for b in &open[i + 1..] {
            let apart = distance_m(a.point, b.point);
            if best.as_ref().is_none_or(|(_, _, far)| apart > *far) {
                best = Some((*a, *b, apart));
            }
        }
    }
    best.map(|(a, b, _)| (a, b))
}

/// A node as a place on a segment that can be walked without steps.
fn stand_at(graph: &StreetGraph, node: NodeId) -> Option<LinkedPoint> {
    let segment = graph.arcs_from(node).map(|arc| graph.segment(arc)).find(|&s| !is_closed_to_wheels(graph, s))?;
    let along_m = if graph.segment_ends(segment).0 == node { 0.0 } else { graph.segment_length_m(segment) };
    Some(LinkedPoint { segment, along_m, away_m: 0.0, point: graph.node_point(node) })
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
        (top, bottom): (LinkedPoint, LinkedPoint),
        flow: &dyn Fn(SegmentId) -> f64,
    ) -> Option<Finding> {
        let (graph, parameters) = (self.graph, self.parameters);
        let walkers = passage.iter().map(|&s| flow(s)).fold(0.0, f64::max);
        if walkers < LEAST_FLOW {
            return None;
        }
        self.adult.from_point(&top, parameters.loss_cap);
        let over_steps = self.adult.time_to(&bottom)?;
        self.step_free.from_point(&top, parameters.loss_cap + over_steps);
        let round = self.step_free.time_to(&bottom);
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
            remedies: vec![Remedy { modification: "steps_to_ramp", at: vec![top.point, bottom.point], value: None }],
            lines: passage.iter().map(|&s| graph.segment_line(s).to_vec()).collect(),
        })
    }
}
