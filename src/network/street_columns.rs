//! The columns of the street graph, laid out: nodes along a Hilbert curve, segments and arcs in the order of their
//! nodes.
//!
//! In: pieces and chains. Out: a [`StreetGraph`] without components.

use rayon::prelude::*;

use super::attributes::Attributes;
use super::components::Components;
use super::contract::{Chain, Chains};
use super::disjoint_sets::DisjointSets;
use super::lines::Lines;
use super::pieces::Pieces;
use super::prepared::Prepared;
use super::profiles::{Mode, Profile};
use super::streets::{CLOSED, NO_ZONE, StreetGraph, segment_impedance};
use crate::base::ids::{ArcId, Column, Id, NodeId, SegmentId};
use crate::base::units::Speed;
use crate::sources::osm::records::StreetClass;

/// A segment before it has an id: a chain, or a gate between two vertices.
#[derive(Clone, Copy, Debug)]
enum Origin {
    Chain(u32),
    Gate(u32),
}

/// The order of nodes and segments.
#[derive(Debug)]
pub(super) struct Columns {
    /// Vertex of each node.
    vertices: Vec<u32>,
    /// Ends and origin of each segment.
    segments: Vec<(NodeId, NodeId, Origin)>,
}

impl Columns {
    pub(super) fn new(prepared: &Prepared<'_>, pieces: &Pieces, chains: &Chains) -> Self {
        let mut is_node = vec![false; pieces.points.len()];
        let ends = chains.chains.iter().flat_map(|chain| [chain.from, chain.to]);
        for vertex in ends.chain(pieces.gates.iter().flat_map(|gate| [gate.outside, gate.inside])) {
            is_node[vertex as usize] = true;
        }
        let vertices = prepared.along_curve(&is_node, &pieces.points);
        let mut node_of = vec![NodeId(0); pieces.points.len()];
        for (at, &vertex) in vertices.iter().enumerate() {
            node_of[vertex as usize] = NodeId::from_index(at);
        }
        let node = |vertex: u32| node_of[vertex as usize];
        let mut parts: Vec<(NodeId, NodeId, Origin)> = Vec::with_capacity(chains.chains.len() + pieces.gates.len());
        for (at, chain) in chains.chains.iter().enumerate() {
            parts.push((node(chain.from), node(chain.to), Origin::Chain(at as u32)));
        }
        for (at, gate) in pieces.gates.iter().enumerate() {
            parts.push((node(gate.outside), node(gate.inside), Origin::Gate(at as u32)));
        }
        let key =
            |&(from, to, _): &(NodeId, NodeId, Origin)| u64::from(from.min(to).0) << 32 | u64::from(from.max(to).0);
        let mut order: Vec<(u64, u32)> = parts.iter().enumerate().map(|(at, part)| (key(part), at as u32)).collect();
        // Chains come in the order of their first nodes: those of each node are put in order, then gates and copies among
        // them, which a sort that heeds runs does in passing.
        order.chunk_by_mut(|a, b| a.0 >> 32 == b.0 >> 32).for_each(|of_node| of_node.sort_unstable());
        order.sort();
        let segments = order.into_iter().map(|(_, at)| parts[at as usize]).collect();
        Self { vertices, segments }
    }

    pub(super) fn into_graph(
        self,
        prepared: &Prepared<'_>,
        mut pieces: Pieces,
        mut chains: Chains,
        paces: &Paces,
    ) -> StreetGraph {
        let count = self.segments.len();
        let segments = &self.segments;
        let ((lines, arcs), node_zones) = rayon::join(
            || {
                rayon::join(
                    || find_lines(segments, prepared, (&pieces, &chains)),
                    || Arcs::new(self.vertices.len(), segments),
                )
            },
            || self.zones(&pieces, &chains),
        );
        // From here on their lines stand for them.
        drop((std::mem::take(&mut pieces.pieces), std::mem::take(&mut chains.parts)));
        let impedances = arc_impedances(&self.segments, &arcs, (&chains.chains, &pieces.attributes), paces);
        let mut graph = StreetGraph {
            node_points: self.vertices.iter().map(|&vertex| pieces.points[vertex as usize]).collect(),
            node_zones,
            first_arcs: Column::new(arcs.first),
            heads: arcs.heads,
            tails: arcs.tails,
            arc_segments: arcs.segments,
            mode: paces.mode,
            impedances,
            largest_impedances: Vec::new(),
            segment_ends: self.segments.iter().map(|&(from, to, _)| [from, to]).collect(),
            segment_arcs: arcs.of_segments,
            segment_lengths: Column::new(Vec::with_capacity(count)),
            segment_delays: Column::new(Vec::with_capacity(count)),
            segment_ways: Column::new(Vec::with_capacity(count)),
            segment_attributes: Column::new(Vec::with_capacity(count)),
            is_gate: Column::new(Vec::with_capacity(count)),
            copies: Vec::new(),
            originals: Vec::new(),
            bounds: lines.bounds(),
            lines,
            attributes: std::mem::take(&mut pieces.attributes),
            names: std::mem::take(&mut pieces.names),
            components: Components::default(),
            speed: paces.speed,
            off_network_detour: paces.off_network_detour,
        };
        for &(_, _, part) in &self.segments {
            match part {
                Origin::Chain(at) => {
                    let chain = &chains.chains[at as usize];
                    push_segment(&mut graph, (chain.length_m, chain.delay_s, chain.attributes, chain.way), false);
                }
                Origin::Gate(at) => {
                    let gate = pieces.gates[at as usize];
                    push_segment(&mut graph, (0.0, 0.0, gate.attributes, gate.way), true);
                    open_gate(&mut graph);
                }
            }
        }
        graph.copies = self.copies(&chains);
        graph.originals = originals_of(&graph.copies);
        let largest = |column: &Column<ArcId, u32>| {
            column.values().iter().copied().filter(|&value| value != CLOSED).max().unwrap_or(0)
        };
        graph.largest_impedances = graph.impedances.iter().map(largest).collect();
        graph
    }

    /// Copies of segments: the original and the copy, ascending.
    fn copies(&self, chains: &Chains) -> Vec<(SegmentId, SegmentId)> {
        if chains.chains.iter().all(|chain| chain.copy_of.is_none()) {
            return Vec::new();
        }
        let mut of_chains = vec![SegmentId(0); chains.chains.len()];
        for (at, &(_, _, part)) in self.segments.iter().enumerate() {
            if let Origin::Chain(chain) = part {
                of_chains[chain as usize] = SegmentId::from_index(at);
            }
        }
        let pairs = chains.chains.iter().enumerate();
        let mut copies: Vec<(SegmentId, SegmentId)> =
            pairs.filter_map(|(at, chain)| Some((of_chains[chain.copy_of? as usize], of_chains[at]))).collect();
        copies.sort_unstable();
        copies
    }

    /// The zone of each node: nodes that restricted streets connect.
    fn zones(&self, pieces: &Pieces, chains: &Chains) -> Column<NodeId, u32> {
        let mut sets = DisjointSets::new(self.vertices.len());
        let mut zones = vec![NO_ZONE; self.vertices.len()];
        let is_restricted = |chain: &Chain| pieces.attributes[chain.attributes as usize].is_restricted;
        let restricted = self.segments.iter().filter_map(|&(from, to, part)| match part {
            Origin::Chain(at) => is_restricted(&chains.chains[at as usize]).then_some((from, to)),
            Origin::Gate(_) => None,
        });
        let restricted: Vec<(NodeId, NodeId)> = restricted.collect();
        for &(from, to) in &restricted {
            sets.join(from.0, to.0);
        }
        for &(from, to) in &restricted {
            for node in [from, to] {
                zones[node.index()] = sets.least(node.0);
            }
        }
        Column::new(zones)
    }
}

/// The line of each segment.
fn find_lines(
    segments: &[(NodeId, NodeId, Origin)],
    prepared: &Prepared<'_>,
    (pieces, chains): (&Pieces, &Chains),
) -> Lines {
    let mut lines = Lines::over(&prepared.course_points, segments.len());
    for &(_, _, origin) in segments {
        match origin {
            Origin::Chain(at) => chains.write_line(&chains.chains[at as usize], (prepared, pieces), &mut lines),
            Origin::Gate(at) => lines.push_own([pieces.points[pieces.gates[at as usize].outside as usize]; 2]),
        }
    }
    lines
}

fn push_segment(graph: &mut StreetGraph, about: (f64, f64, u32, i64), is_gate: bool) {
    let (length_m, delay_s, attributes, way) = about;
    graph.segment_lengths.push(length_m);
    graph.segment_delays.push(delay_s as f32);
    graph.segment_ways.push(way);
    graph.segment_attributes.push(attributes);
    graph.is_gate.push(u8::from(is_gate));
}

/// The same pairs with the copy first, ascending.
pub(super) fn originals_of(copies: &[(SegmentId, SegmentId)]) -> Vec<(SegmentId, SegmentId)> {
    let mut originals: Vec<_> = copies.iter().map(|&(original, copy)| (copy, original)).collect();
    originals.sort_unstable();
    originals
}

/// What the profiles of a mode make of the time that its first profile takes.
pub(super) struct Paces {
    pub mode: Mode,
    /// On flat, paved ground.
    pub speed: Speed,
    pub off_network_detour: f64,
    /// Of a wheelchair, or of a pushed bicycle.
    pub slow_speed: Speed,
}

impl Paces {
    /// Seconds of a profile on a chain, along it and against it; `None` where it is closed to the profile.
    fn seconds(&self, profile: Profile, chain: &Chain, attributes: &Attributes) -> Option<[f64; 2]> {
        let moving = chain.moving_s;
        let ratio = self.speed.metres_per_second() / self.slow_speed.metres_per_second();
        let is_carried = matches!(attributes.class, StreetClass::Ferry | StreetClass::Elevator);
        let slower = || if is_carried { moving } else { moving.map(|seconds| seconds * ratio) };
        let moving = match profile {
            Profile::Adult | Profile::Bicycle | Profile::Car => Some(moving),
            Profile::StepFree => attributes.is_step_free.then_some(moving),
            Profile::WheelchairStrict => attributes.wheelchair.is_open_strictly().then(slower),
            Profile::WheelchairOptimistic => attributes.wheelchair.is_open_optimistically().then(slower),
            // On foot beside the traffic.
            Profile::CalmBicycle if attributes.stress > CALM_STRESS => Some(slower()),
            Profile::CalmBicycle => Some(moving),
        };
        moving.map(|moving| moving.map(|seconds| seconds + chain.delay_s))
    }
}

/// Highest level of traffic stress of a calm street.
const CALM_STRESS: u8 = 2;

/// The impedances of all segments for a profile, along each and against it; gates are closed.
fn segment_impedances(
    segments: &[(NodeId, NodeId, Origin)],
    chains: &[Chain],
    attributes: &[Attributes],
    (profile, paces): (Profile, &Paces),
) -> Vec<[u32; 2]> {
    let of_chain = |chain: &Chain| {
        let seconds = paces.seconds(profile, chain, &attributes[chain.attributes as usize])?;
        let of = |way: usize| if chain.open[way] { segment_impedance(seconds[way]) } else { CLOSED };
        Some([of(0), of(1)])
    };
    let of_segment = |&(_, _, origin): &(NodeId, NodeId, Origin)| match origin {
        Origin::Chain(at) => of_chain(&chains[at as usize]).unwrap_or([CLOSED; 2]),
        Origin::Gate(_) => [CLOSED; 2],
    };
    segments.iter().map(of_segment).collect()
}

/// The impedances of all arcs for all profiles of a mode, as searches in both directions meet them.
fn arc_impedances(
    segments: &[(NodeId, NodeId, Origin)],
    arcs: &Arcs,
    (chains, attributes): (&[Chain], &[Attributes]),
    paces: &Paces,
) -> Vec<Column<ArcId, u32>> {
    let of_profile = |&profile: &Profile| {
        let of_segments = segment_impedances(segments, chains, attributes, (profile, paces));
        let count = arcs.are_backward.len();
        let mut found = [Vec::with_capacity(count), Vec::with_capacity(count)];
        for (segment, &is_backward) in arcs.segments.values().iter().zip(&arcs.are_backward) {
            let both = of_segments[segment.index()];
            found[0].push(both[usize::from(is_backward)]);
            found[1].push(both[usize::from(!is_backward)]);
        }
        found.map(Column::new)
    };
    paces.mode.profiles().par_iter().map(of_profile).collect::<Vec<_>>().into_iter().flatten().collect()
}

/// Searches in both directions may enter a zone, in a decisecond; leaving it is a matter of where they started.
fn open_gate(graph: &mut StreetGraph) {
    let [inwards, _] = graph.segment_arcs[SegmentId::from_index(graph.is_gate.len() - 1)];
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
    of_segments: Column<SegmentId, [ArcId; 2]>,
    /// Whether each arc goes against the line of its segment.
    are_backward: Vec<bool>,
}

impl Arcs {
    fn new(nodes: usize, segments: &[(NodeId, NodeId, Origin)]) -> Self {
        let mut first = vec![0; nodes + 1];
        for &(from, to, _) in segments {
            first[from.index() + 1] += 1;
            first[to.index() + 1] += 1;
        }
        for node in 1..first.len() {
            first[node] += first[node - 1];
        }
        // Those of each node first, then in order: by their head, then by their segment.
        let mut next = first.clone();
        let mut arcs = vec![(NodeId(0), SegmentId(0), false); segments.len() * 2];
        for (at, &(from, to, _)) in segments.iter().enumerate() {
            for (tail, head, is_backward) in [(from, to, false), (to, from, true)] {
                arcs[next[tail.index()] as usize] = (head, SegmentId::from_index(at), is_backward);
                next[tail.index()] += 1;
            }
        }
        let mut tails = Vec::with_capacity(arcs.len());
        let mut of_segments = vec![[ArcId(0); 2]; segments.len()];
        for node in 0..nodes {
            let range = first[node] as usize..first[node + 1] as usize;
            arcs[range.clone()].sort_unstable();
            for at in range {
                let (_, segment, is_backward) = arcs[at];
                of_segments[segment.index()][usize::from(is_backward)] = ArcId::from_index(at);
                tails.push(NodeId::from_index(node));
            }
        }
        Self {
            first,
            heads: arcs.iter().map(|arc| arc.0).collect(),
            tails: Column::new(tails),
            segments: arcs.iter().map(|arc| arc.1).collect(),
            of_segments: Column::new(of_segments),
            are_backward: arcs.iter().map(|arc| arc.2).collect(),
        }
    }
}
