//! Busy streets without shops: stretches that many walk and that offer them nothing.
//!
//! A stretch is a chain of segments that belong to the busiest fifth of the streets, carry at least half of the flow
//! that a shop of the town usually sees, and have no shop nearby. Segments hang together where they share a name, or
//! where each is the other's likeliest continuation by flow. The seconds lost are those of walking past nothing: the
//! span of the stretch over the walking speed. A bridge or a tunnel may join two parts of a stretch, but no shop is missed
//! on it: its share of the length does not count.

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

/// A street is busy beside its shopping streets from this share of the median flow at shops on (default).
pub const BUSY_SHARE: f64 = 0.5;
/// Two segments continue each other where the lesser flow is at least this share of the greater (default).
const CONTINUATION_SHARE: f64 = 0.6;

/// Finds the stretches; `flows` is in the order of segments, `near_core` tells which segments are looked at, and
/// `shop_flow` is the median flow beside shops.
pub fn find_dead_streets(
    graph: &StreetGraph,
    flows: &[SegmentFlow],
    near_core: &dyn Fn(SegmentId) -> bool,
    shop_flow: f64,
    parameters: &Parameters,
) -> Vec<Finding> {
    let threshold = busy_threshold(flows, 0.2).max(BUSY_SHARE * shop_flow);
    let dead = |segment: SegmentId| {
        let flow = &flows[segment.index()];
        let could_hold_shops = holds_shops(graph.segment_class(segment)) && graph.is_street(segment);
        flow.flow >= threshold && flow.frontage_share == 0.0 && could_hold_shops && near_core(segment)
    };
    let segments: Vec<SegmentId> = (0..flows.len()).map(SegmentId::from_index).filter(|&s| dead(s)).collect();
    let stretches = chain(graph, flows, &segments);
    stretches.iter().filter_map(|stretch| describe(graph, flows, stretch, parameters)).collect()
}

/// Whether shops can stand on a street of this class: not on steps, in car parks or on platforms.
fn holds_shops(class: StreetClass) -> bool {
    !matches!(
        class,
        StreetClass::Service
            | StreetClass::Steps
            | StreetClass::Track
            | StreetClass::Corridor
            | StreetClass::Elevator
            | StreetClass::Escalator
            | StreetClass::Platform
            | StreetClass::Ferry
    )
}

/// Segments that hang together, in the order of their first segment.
fn chain(graph: &StreetGraph, flows: &[SegmentFlow], segments: &[SegmentId]) -> Vec<Vec<SegmentId>> {
    let mut at_node: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (index, &segment) in segments.iter().enumerate() {
        let (from, to) = graph.segment_ends(segment);
        at_node.entry(from.0).or_default().push(index);
        at_node.entry(to.0).or_default().push(index);
    }
    let flow = |index: usize| flows[segments[index].index()].flow;
    let likeness = |a: usize, b: usize| flow(a).min(flow(b)) / flow(a).max(flow(b));
    let mut joined = UnionFind::<usize>::new(segments.len());
    for meeting in at_node.values() {
        let likeliest = |index: usize| {
            let others = meeting.iter().copied().filter(|&other| other != index);
            others.max_by(|&a, &b| likeness(index, a).total_cmp(&likeness(index, b)).then(b.cmp(&a)))
        };
        for (position, &a) in meeting.iter().enumerate() {
            for &b in &meeting[position + 1..] {
                let name = graph.segment_name(segments[a]);
                let same_name = !name.is_empty() && name == graph.segment_name(segments[b]);
                let continues =
                    likeliest(a) == Some(b) && likeliest(b) == Some(a) && likeness(a, b) >= CONTINUATION_SHARE;
                if a != b && (same_name || continues) {
                    joined.union(a, b);
                }
            }
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
    let flow = |s: &SegmentId| flows[s.index()].flow;
    let length_of = |segments: &[SegmentId]| -> f64 { segments.iter().map(|&s| graph.segment_length_m(s)).sum() };
    let on_ground: Vec<SegmentId> = stretch.iter().copied().filter(|&s| !graph.segment_is_off_ground(s)).collect();
    let length = length_of(&on_ground);
    let span = span_m(graph, stretch) * (length / length_of(stretch).max(f64::MIN_POSITIVE));
    if span < parameters.dead_stretch_m {
        return None;
    }
    let walked: f64 = on_ground.iter().map(|s| flow(s) * graph.segment_length_m(*s)).sum();
    let busiest = on_ground.iter().max_by(|a, b| flow(a).total_cmp(&flow(b)).then(b.cmp(a)))?;
    let line = graph.segment_line(*busiest);
    let point = point_along(line, length_m(line) / 2.0)?;
    // Sidewalks and carriageway of one street lie side by side: what is walked is shared by `length / span` strands.
    let persons = walked / span;
    Some(Finding {
        cause: Cause::FlowWithoutShops,
        name: longest_name(graph, stretch),
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

/// The name that most of the stretch's length carries; empty where none does.
fn longest_name(graph: &StreetGraph, stretch: &[SegmentId]) -> String {
    let mut lengths: BTreeMap<&str, f64> = BTreeMap::new();
    for &segment in stretch.iter().filter(|&&s| !graph.segment_name(s).is_empty()) {
        *lengths.entry(graph.segment_name(segment)).or_default() += graph.segment_length_m(segment);
    }
    let longest = lengths.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(a.0)));
    longest.map(|(name, _)| name.to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::pace::WalkParameters;
    use crate::network::streets::build_streets;
    use crate::testing::street_sketch::StreetSketch;

    /// The stretches of a street of 600 m that 1,000 persons a day walk past no shop; a third on a bridge, one in a tunnel.
    fn find(bridge: &[usize], tunnel: &[usize]) -> Vec<Finding> {
        let mut sketch = StreetSketch::new();
        for (third, name) in ["Rue", "Pont", "Rue"].into_iter().enumerate() {
            let x = 200 * third as i32;
            let tags = sketch.named_way(&[(x, 0), (x + 200, 0)], StreetClass::Residential, name);
            (tags.bridge, tags.tunnel) = (bridge.contains(&third), tunnel.contains(&third));
        }
        let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        let flow = SegmentFlow { length_m: 200.0, flow: 1000.0, frontage_share: 0.0, shops: 0 };
        let flows = vec![flow; graph.segment_count()];
        find_dead_streets(&graph, &flows, &|_| true, 500.0, &Parameters::default())
    }

    /// 600 m at 1.3333 m/s are 450 s; 400 m of it on the ground 300 s, and the point is the middle of the first
    /// segment there. A bridge alone is none.
    #[test]
    fn no_shop_is_missed_on_a_bridge_or_in_a_tunnel() {
        let told = |found: Vec<Finding>| {
            found.iter().map(|f| (f.avoidable_s, f.persons.round(), f.point.x.round())).collect::<Vec<_>>()
        };
        assert_eq!(told(find(&[], &[])), [(450.0, 1000.0, 100.0)]);
        assert_eq!(told(find(&[1], &[])), [(300.0, 1000.0, 100.0)]);
        assert_eq!(told(find(&[], &[1])), [(300.0, 1000.0, 100.0)]);
        assert_eq!(told(find(&[0], &[])), [(300.0, 1000.0, 300.0)]);
        assert_eq!(told(find(&[0, 1, 2], &[])), []);
    }
}
