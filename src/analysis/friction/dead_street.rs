//! Busy streets without shops: stretches that many walk and that offer them nothing.
//!
//! A stretch is a chain of segments of one name that belong to the busiest fifth of the streets and have no shop
//! nearby. The seconds lost are those of walking past nothing: the span of the stretch over the walking speed.

use std::collections::BTreeMap;

use geo::Coord;
use petgraph::unionfind::UnionFind;

use super::{Cause, EvidenceSource, Fact, Finding, Remedy, Who};
use crate::analysis::parameters::Parameters;
use crate::analysis::shop_flow::{SegmentFlow, busy_threshold};
use crate::base::geometry::{distance_m, length_m, point_along};
use crate::base::ids::{Id, SegmentId};
use crate::base::kinds::{Quality, StreetClass};
use crate::network::streets::StreetGraph;

/// Finds the stretches; `flows` is in the order of segments, `near_core` tells which segments are looked at.
pub fn find_dead_streets(
    graph: &StreetGraph,
    flows: &[SegmentFlow],
    near_core: &dyn Fn(SegmentId) -> bool,
    parameters: &Parameters,
) -> Vec<Finding> {
    let threshold = busy_threshold(flows, 0.2);
    let dead = |segment: SegmentId| {
        let flow = &flows[segment.index()];
        let walkable_street = !matches!(graph.segment_class(segment), StreetClass::Ferry | StreetClass::Platform);
        flow.flow >= threshold && flow.frontage_share == 0.0 && walkable_street && near_core(segment)
    };
    let segments: Vec<SegmentId> = (0..flows.len()).map(SegmentId::from_index).filter(|&s| dead(s)).collect();
    let stretches = chain(graph, &segments);
    stretches.iter().filter_map(|stretch| describe(graph, flows, stretch, parameters)).collect()
}

/// Segments that meet and share a name (a nameless way is named by its id), in the order of their first segment.
fn chain(graph: &StreetGraph, segments: &[SegmentId]) -> Vec<Vec<SegmentId>> {
    let mut ends: BTreeMap<(u32, String), usize> = BTreeMap::new();
    let mut joined = UnionFind::<usize>::new(segments.len());
    for (index, &segment) in segments.iter().enumerate() {
        let name = match graph.segment_name(segment) {
            "" => format!("way {}", graph.segment_way(segment)),
            name => name.to_owned(),
        };
        let (from, to) = graph.segment_ends(segment);
        for node in [from, to] {
            let first = *ends.entry((node.0, name.clone())).or_insert(index);
            joined.union(first, index);
        }
    }
    let mut stretches: BTreeMap<usize, Vec<SegmentId>> = BTreeMap::new();
    for (index, &segment) in segments.iter().enumerate() {
        stretches.entry(joined.find(index)).or_default().push(segment);
    }
    let mut stretches: Vec<Vec<SegmentId>> = stretches.into_values().collect();
    stretches.sort();
    stretches
}

/// The largest distance between any two ends of the segments.
fn span_m(graph: &StreetGraph, stretch: &[SegmentId]) -> f64 {
    let ends: Vec<Coord<f64>> = stretch
        .iter()
        .flat_map(|&s| [graph.segment_ends(s).0, graph.segment_ends(s).1])
        .map(|node| graph.node_point(node))
        .collect();
    let pairs = ends.iter().enumerate().flat_map(|(i, &a)| ends[i + 1..].iter().map(move |&b| distance_m(a, b)));
    pairs.fold(0.0, f64::max)
}

fn describe(
    graph: &StreetGraph,
    flows: &[SegmentFlow],
    stretch: &[SegmentId],
    parameters: &Parameters,
) -> Option<Finding> {
    let span = span_m(graph, stretch);
    if span < parameters.dead_stretch_m {
        return None;
    }
    let flow = |s: &SegmentId| flows[s.index()].flow;
    let length: f64 = stretch.iter().map(|&s| graph.segment_length_m(s)).sum();
    let walked: f64 = stretch.iter().map(|s| flow(s) * graph.segment_length_m(*s)).sum();
    let busiest = stretch.iter().max_by(|a, b| flow(a).total_cmp(&flow(b)).then(b.cmp(a)))?;
    let line = graph.segment_line(*busiest);
    let point = point_along(line, length_m(line) / 2.0)?;
    // Sidewalks and carriageway of one street lie side by side: what is walked is shared by `length / span` strands.
    let persons = walked / span;
    Some(Finding {
        cause: Cause::FlowWithoutShops,
        name: graph.segment_name(*busiest).to_owned(),
        point,
        district: None,
        who: Who::Walkers,
        persons,
        avoidable_s: parameters.walk_speed.time_for(span).seconds(),
        quality: Quality::Inferred,
        facts: vec![
            Fact::new("foot_traffic", persons, "persons_per_day", EvidenceSource::Model),
            Fact::new("length_m", length.min(span), "m", EvidenceSource::Streets),
        ],
        remedies: vec![
            Remedy { modification: "open_shop", at: vec![point], value: None },
            Remedy { modification: "sign_route", at: vec![point], value: None },
        ],
        lines: stretch.iter().map(|&s| graph.segment_line(s).to_vec()).collect(),
    })
}
