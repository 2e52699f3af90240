//! The columns of the street graph, laid out: nodes along a Hilbert curve, segments and arcs in the order of their
//! nodes.
//!
//! In: pieces and chains. Out: a [`StreetGraph`] without components.

use geo::Coord;

use super::components::Components;
use super::contract::Chain;
use super::hilbert_curve::{HilbertCurve, bounds_of};
use super::pace::WalkParameters;
use super::pieces::Pieces;
use super::streets::{CLOSED, NO_ZONE, StreetGraph, segment_impedance};
use crate::base::ids::{ArcId, Column, Id, NodeId, SegmentId};
use crate::sources::osm::records::FootDirection;
use petgraph::unionfind::UnionFind;

/// A segment before it has an id: a chain, or a gate between two vertices.
#[derive(Clone, Copy, Debug)]
enum Part {
    Chain(u32),
    Gate(u32),
}

/// The order of nodes and segments.
#[derive(Debug)]
pub(super) struct Columns {
    /// Vertex of each node.
    vertices: Vec<u32>,
    /// Ends and origin of each segment.
    segments: Vec<(NodeId, NodeId, Part)>,
}

impl Columns {
    pub(super) fn new(pieces: &Pieces, chains: &[Chain]) -> Self {
        let mut is_node = vec![false; pieces.points.len()];
        let ends = chains.iter().flat_map(|chain| [chain.from, chain.to]);
        for vertex in ends.chain(pieces.gates.iter().flat_map(|gate| [gate.outside, gate.inside])) {
            is_node[vertex as usize] = true;
        }
        let mut vertices: Vec<u32> = (0..pieces.points.len() as u32).filter(|&v| is_node[v as usize]).collect();
        let used = vertices.iter().map(|&vertex| pieces.points[vertex as usize]);
        let curve = HilbertCurve::over(bounds_of(used));
        vertices.sort_by_cached_key(|&vertex| (curve.position(pieces.points[vertex as usize]), vertex));
        let mut node_of = vec![NodeId(0); pieces.points.len()];
        for (at, &vertex) in vertices.iter().enumerate() {
            node_of[vertex as usize] = NodeId::from_index(at);
        }
        let node = |vertex: u32| node_of[vertex as usize];
        let mut segments: Vec<(NodeId, NodeId, Part)> = Vec::with_capacity(chains.len() + pieces.gates.len());
        for (at, chain) in chains.iter().enumerate() {
            segments.push((node(chain.from), node(chain.to), Part::Chain(at as u32)));
        }
        for (at, gate) in pieces.gates.iter().enumerate() {
            segments.push((node(gate.outside), node(gate.inside), Part::Gate(at as u32)));
        }
        segments.sort_by_key(|&(from, to, _)| (from.min(to), from.max(to)));
        Self { vertices, segments }
    }

    pub(super) fn into_graph(self, pieces: Pieces, chains: Vec<Chain>, parameters: &WalkParameters) -> StreetGraph {
        let mut is_lift = vec![false; pieces.points.len()];
        for &lift in &pieces.lifts {
            is_lift[lift as usize] = true;
        }
        let count = self.segments.len();
        let arcs = Arcs::new(self.vertices.len(), &self.segments);
        let mut graph = StreetGraph {
            node_points: self.vertices.iter().map(|&vertex| pieces.points[vertex as usize]).collect(),
            node_zones: self.zones(&pieces, &chains),
            first_arcs: arcs.first,
            heads: arcs.heads,
            tails: arcs.tails,
            arc_segments: arcs.segments,
            impedances: std::array::from_fn(|_| Column::new(vec![CLOSED; count * 2])),
            largest_impedances: [0; 4],
            segment_ends: self.segments.iter().map(|&(from, to, _)| (from, to)).collect(),
            segment_arcs: arcs.of_segments,
            segment_lengths: Column::new(Vec::with_capacity(count)),
            segment_ways: Column::new(Vec::with_capacity(count)),
            segment_attributes: Column::new(Vec::with_capacity(count)),
            is_gate: Column::new(Vec::with_capacity(count)),
            first_line_points: vec![0],
            line_points: Vec::new(),
            attributes: pieces.attributes,
            names: pieces.names,
            components: Components::default(),
            speed: parameters.speed,
            off_network_detour: parameters.off_network_detour,
            bounds: None,
        };
        for &(_, _, part) in &self.segments {
            match part {
                Part::Chain(at) => {
                    let chain = &chains[at as usize];
                    let lifts = [chain.from, chain.to].iter().filter(|&&vertex| is_lift[vertex as usize]).count();
                    // Whoever passes a lift uses two segments there: each carries half of it.
                    push_chain(&mut graph, chain, lifts as f64 * parameters.lift_s / 2.0);
                }
                Part::Gate(at) => {
                    let gate = pieces.gates[at as usize];
                    let point = pieces.points[gate.outside as usize];
                    push_segment(&mut graph, &[point, point], (0.0, gate.attributes, gate.way), true);
                    open_gate(&mut graph);
                }
            }
        }
        graph.largest_impedances = std::array::from_fn(|column| {
            graph.impedances[column].values().iter().copied().filter(|&value| value != CLOSED).max().unwrap_or(0)
        });
        graph.bounds = bounds_of(graph.line_points.iter().copied());
        graph
    }

    /// The zone of each node: nodes that restricted streets connect.
    fn zones(&self, pieces: &Pieces, chains: &[Chain]) -> Column<NodeId, u32> {
        let mut sets = UnionFind::<u32>::new(self.vertices.len());
        let mut zones = vec![NO_ZONE; self.vertices.len()];
        let is_restricted = |chain: &Chain| pieces.attributes[chain.attributes as usize].is_restricted;
        let restricted = self.segments.iter().filter_map(|&(from, to, part)| match part {
            Part::Chain(at) => is_restricted(&chains[at as usize]).then_some((from, to)),
            Part::Gate(_) => None,
        });
        let restricted: Vec<(NodeId, NodeId)> = restricted.collect();
        for &(from, to) in &restricted {
            sets.union(from.0, to.0);
        }
        for &(from, to) in &restricted {
            for node in [from, to] {
                zones[node.index()] = sets.find(node.0);
            }
        }
        Column::new(zones)
    }
}

fn push_segment(graph: &mut StreetGraph, line: &[Coord<f64>], about: (f64, u32, i64), is_gate: bool) -> SegmentId {
    let (length_m, attributes, way) = about;
    graph.line_points.extend_from_slice(line);
    graph.first_line_points.push(u32::try_from(graph.line_points.len()).expect("fewer line points than 2^32"));
    graph.segment_lengths.push(length_m);
    graph.segment_ways.push(way);
    graph.segment_attributes.push(attributes);
    graph.is_gate.push(is_gate)
}

fn push_chain(graph: &mut StreetGraph, chain: &Chain, extra_s: f64) {
    let segment = push_segment(graph, &chain.line, (chain.length_m, chain.attributes, chain.way), false);
    let attributes = &graph.attributes[chain.attributes as usize];
    let impedance = segment_impedance(chain.length_m, attributes.seconds_per_metre, extra_s);
    let open = match attributes.direction {
        FootDirection::Both => [true, true],
        FootDirection::Forward => [true, false],
        FootDirection::Backward => [false, true],
    };
    let is_step_free = attributes.is_step_free;
    let (forward, backward) = graph.segment_arcs[segment];
    for (arc, twin, is_open) in [(forward, backward, open[0]), (backward, forward, open[1])] {
        if !is_open {
            continue;
        }
        graph.impedances[0][arc] = impedance;
        graph.impedances[2][twin] = impedance;
        if is_step_free {
            graph.impedances[1][arc] = impedance;
            graph.impedances[3][twin] = impedance;
        }
    }
}

/// Searches in both directions may enter a zone, in a decisecond; leaving it is a matter of where they started.
fn open_gate(graph: &mut StreetGraph) {
    let (inwards, _) = graph.segment_arcs[SegmentId::from_index(graph.is_gate.len() - 1)];
    for column in &mut graph.impedances {
        column[inwards] = 1;
    }
}

/// Arcs in CSR.
struct Arcs {
    first: Vec<u32>,
    heads: Column<ArcId, NodeId>,
    tails: Column<ArcId, NodeId>,
    segments: Column<ArcId, SegmentId>,
    of_segments: Column<SegmentId, (ArcId, ArcId)>,
}

impl Arcs {
    fn new(nodes: usize, segments: &[(NodeId, NodeId, Part)]) -> Self {
        let mut arcs: Vec<(NodeId, NodeId, SegmentId, bool)> = Vec::with_capacity(segments.len() * 2);
        for (at, &(from, to, _)) in segments.iter().enumerate() {
            arcs.push((from, to, SegmentId::from_index(at), false));
            arcs.push((to, from, SegmentId::from_index(at), true));
        }
        arcs.sort_unstable();
        let mut first = vec![0; nodes + 1];
        let mut of_segments = vec![(ArcId(0), ArcId(0)); segments.len()];
        for (at, &(tail, _, segment, is_backward)) in arcs.iter().enumerate() {
            first[tail.index() + 1] += 1;
            let pair = &mut of_segments[segment.index()];
            *(if is_backward { &mut pair.1 } else { &mut pair.0 }) = ArcId::from_index(at);
        }
        for node in 1..first.len() {
            first[node] += first[node - 1];
        }
        Self {
            first,
            heads: arcs.iter().map(|arc| arc.1).collect(),
            tails: arcs.iter().map(|arc| arc.0).collect(),
            segments: arcs.iter().map(|arc| arc.2).collect(),
            of_segments: Column::new(of_segments),
        }
    }
}
