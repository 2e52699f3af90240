//! Ways that exist only as steps: what people with a pram, a wheelchair or a walking aid must walk instead.
//!
//! Flights that meet are one passage. The loss is the step-free walk between the passage's ends less the walk over the
//! steps; it falls on the share of people who cannot use steps.

use std::collections::BTreeMap;

use petgraph::unionfind::UnionFind;

use super::{Cause, EvidenceSource, Fact, Finding, Remedy, Who};
use crate::analysis::parameters::Parameters;
use crate::base::geometry::{distance_m, length_m, point_along};
use crate::base::ids::{Id, NodeId, SegmentId};
use crate::base::kinds::Quality;
use crate::base::units::TravelTime;
use crate::network::linkage::LinkedPoint;
use crate::network::streets::{StreetGraph, WalkProfile};
use crate::reach::walk::WalkSearch;

/// Passages that fewer people walk are left out, persons per day [D].
pub const LEAST_FLOW: f64 = 1.0;

/// Finds passages of steps whose step-free way round loses more than `least_loss`; `flow` is persons per day on a segment.
pub fn find_step_passages(
    graph: &StreetGraph,
    flow: &dyn Fn(SegmentId) -> f64,
    parameters: &Parameters,
) -> Vec<Finding> {
    let steps: Vec<SegmentId> =
        (0..graph.segment_count()).map(SegmentId::from_index).filter(|&s| is_closed_to_wheels(graph, s)).collect();
    let mut search = WalkSearch::new(graph, WalkProfile::StepFree);
    let passages = join_flights(graph, &steps);
    passages.iter().filter_map(|passage| describe(graph, &mut search, passage, flow, parameters)).collect()
}

fn is_closed_to_wheels(graph: &StreetGraph, segment: SegmentId) -> bool {
    let (forward, backward) = graph.arcs_of(segment);
    let closed = |arc| graph.impedance(WalkProfile::StepFree, arc).is_none();
    graph.segment_has_steps(segment) && forward.or(backward).is_some_and(closed)
}

fn join_flights(graph: &StreetGraph, steps: &[SegmentId]) -> Vec<Vec<SegmentId>> {
    let mut first_at: BTreeMap<NodeId, usize> = BTreeMap::new();
    let mut joined = UnionFind::<usize>::new(steps.len());
    for (index, &segment) in steps.iter().enumerate() {
        let (from, to) = graph.segment_ends(segment);
        for node in [from, to] {
            let first = *first_at.entry(node).or_insert(index);
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

/// The two ends of a passage: the nodes farthest apart that also meet a way without steps.
fn find_ends(graph: &StreetGraph, passage: &[SegmentId]) -> Option<(LinkedPoint, LinkedPoint)> {
    let mut nodes: Vec<NodeId> =
        passage.iter().flat_map(|&s| [graph.segment_ends(s).0, graph.segment_ends(s).1]).collect();
    nodes.sort_unstable();
    nodes.dedup();
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

fn describe(
    graph: &StreetGraph,
    search: &mut WalkSearch<'_>,
    passage: &[SegmentId],
    flow: &dyn Fn(SegmentId) -> f64,
    parameters: &Parameters,
) -> Option<Finding> {
    let walkers = passage.iter().map(|&s| flow(s)).fold(0.0, f64::max);
    if walkers < LEAST_FLOW {
        return None;
    }
    let (top, bottom) = find_ends(graph, passage)?;
    let over_steps: TravelTime = passage
        .iter()
        .filter_map(|&s| graph.arcs_of(s).0.or(graph.arcs_of(s).1))
        .filter_map(|arc| graph.impedance(WalkProfile::Adult, arc))
        .fold(TravelTime::ZERO, |sum, t| sum + t);
    search.from_point(&top, parameters.loss_cap + over_steps);
    let round = search.time_to(&bottom);
    let loss = round.map_or(parameters.loss_cap, |round| round.saturating_sub(over_steps).min(parameters.loss_cap));
    if loss < parameters.least_loss {
        return None;
    }
    let busiest = *passage.iter().max_by(|a, b| flow(**a).total_cmp(&flow(**b)).then(b.cmp(a)))?;
    let line = graph.segment_line(busiest);
    let mut facts = vec![
        Fact::new("foot_traffic", walkers, "persons_per_day", EvidenceSource::Model),
        Fact::new("length_m", passage.iter().map(|&s| graph.segment_length_m(s)).sum(), "m", EvidenceSource::Streets),
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
