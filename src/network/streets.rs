//! The street graph: columns that are built once and only read.
//!
//! In: street records, the study's plane, the parameters of a walk. Out: [`StreetGraph`]: nodes along a Hilbert curve,
//! arcs in CSR, an impedance column per profile, geometry apart from what a search touches. Knows no measure.
//!
//! Every segment has an arc each way; an arc that is closed to a profile has no impedance there.

use geo::{Coord, Rect};

use super::components::Components;
use super::contract::contract;
use super::pieces::{Attributes, STREETS, cut_into_pieces};
use super::street_columns::Columns;
use crate::base::ids::{ArcId, Column, Id, NodeId, SegmentId};
use crate::base::notice::{Notice, Notices};
use crate::base::projection::Plane;
use crate::base::units::{Speed, TravelTime};
use crate::sources::osm::records::{CrossingKind, OsmRecords, StreetClass};

pub use super::pace::WalkParameters;

/// Who walks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WalkProfile {
    /// An adult at the planning speed.
    Adult,
    /// The same speed, but no steps without a ramp, no escalators, no stiles.
    StepFree,
}

/// Which way a search looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkDirection {
    /// From one place to many.
    From,
    /// From many places to one.
    To,
}

/// Impedance of an arc that is closed.
pub(crate) const CLOSED: u32 = u32::MAX;
/// Longest impedance of an arc: a day, in deciseconds.
const LONGEST: f64 = 864_000.0;
/// Zone of a node that lies in none.
pub(crate) const NO_ZONE: u32 = u32::MAX;

/// The walking network of a study.
#[derive(Debug)]
pub struct StreetGraph {
    pub(super) node_points: Column<NodeId, Coord<f64>>,
    pub(super) node_zones: Column<NodeId, u32>,
    pub(super) first_arcs: Vec<u32>,
    pub(super) heads: Column<ArcId, NodeId>,
    pub(super) tails: Column<ArcId, NodeId>,
    pub(super) arc_segments: Column<ArcId, SegmentId>,
    pub(super) impedances: [Column<ArcId, u32>; 4],
    pub(super) largest_impedances: [u32; 4],
    pub(super) segment_ends: Column<SegmentId, (NodeId, NodeId)>,
    pub(super) segment_arcs: Column<SegmentId, (ArcId, ArcId)>,
    pub(super) segment_lengths: Column<SegmentId, f64>,
    pub(super) segment_ways: Column<SegmentId, i64>,
    pub(super) segment_attributes: Column<SegmentId, u32>,
    pub(super) is_gate: Column<SegmentId, bool>,
    pub(super) first_line_points: Vec<u32>,
    pub(super) line_points: Vec<Coord<f64>>,
    pub(super) attributes: Vec<Attributes>,
    pub(super) names: Vec<String>,
    pub(super) components: Components,
    pub(super) speed: Speed,
    pub(super) off_network_detour: f64,
    pub(super) bounds: Option<Rect<f64>>,
}

/// Builds the walking network of street records. The notices tell which streets are closed on foot, which lie off the
/// plane and which components are too small to matter.
pub fn build_streets(records: &OsmRecords, plane: &Plane, parameters: &WalkParameters) -> (StreetGraph, Notices) {
    let mut notices = Notices::new();
    let points = plane.project_all(&records.street_node_positions);
    let pieces = cut_into_pieces(records, points, parameters, &mut notices);
    let chains = contract(&pieces);
    let mut graph = Columns::new(&pieces, &chains).into_graph(pieces, chains, parameters);
    graph.components = Components::of(&graph, parameters.small_component_share);
    if graph.segment_count() == 0 {
        notices
            .push(Notice::error("no_streets", STREETS, "no street is open on foot").action("nothing can be reached"));
    }
    for component in graph.components.small() {
        let (nodes, length_m) = (graph.component_size(component), graph.component_length_m(component));
        let problem = format!("{nodes} junctions and {length_m:.0} m of street do not hang together with the rest");
        let node = graph.components.first_node(component);
        let way = graph.arcs_from(node).next().map(|arc| graph.segment_way(graph.segment(arc)));
        let notice = Notice::note("small_street_component", STREETS, problem).action("points are linked around it");
        notices.push(match way {
            Some(way) => notice.at_element(format!("way {way}")),
            None => notice,
        });
    }
    (graph, notices)
}

/// The impedance of a segment at a pace: whole deciseconds, one at least so that every path has an order, a day at most.
pub(super) fn segment_impedance(length_m: f64, seconds_per_metre: f64, extra_s: f64) -> u32 {
    let deciseconds = ((length_m * seconds_per_metre + extra_s) * 10.0).round();
    deciseconds.clamp(1.0, LONGEST) as u32
}

impl StreetGraph {
    /// How many nodes there are.
    pub fn node_count(&self) -> usize {
        self.node_points.len()
    }

    /// How many arcs there are: two per segment.
    pub fn arc_count(&self) -> usize {
        self.heads.len()
    }

    /// How many segments there are, gates of zones among them.
    pub fn segment_count(&self) -> usize {
        self.segment_ends.len()
    }

    /// All nodes, in the order of their ids.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = NodeId> + use<> {
        self.node_points.ids()
    }

    /// All arcs, in the order of their ids.
    pub fn arcs(&self) -> impl ExactSizeIterator<Item = ArcId> + use<> {
        self.heads.ids()
    }

    /// All segments, in the order of their ids.
    pub fn segments(&self) -> impl ExactSizeIterator<Item = SegmentId> + use<> {
        self.segment_ends.ids()
    }

    /// Where a node is.
    pub fn node_point(&self, node: NodeId) -> Coord<f64> {
        self.node_points[node]
    }

    /// The arcs that leave a node: consecutive ids, ordered by their heads. Arcs closed to a profile are among them.
    pub fn arcs_from(&self, node: NodeId) -> impl ExactSizeIterator<Item = ArcId> + use<> {
        let range = self.first_arcs[node.index()] as usize..self.first_arcs[node.index() + 1] as usize;
        range.map(ArcId::from_index)
    }

    /// Where an arc ends.
    pub fn head(&self, arc: ArcId) -> NodeId {
        self.heads[arc]
    }

    /// Where an arc starts.
    pub fn tail(&self, arc: ArcId) -> NodeId {
        self.tails[arc]
    }

    /// The segment of an arc.
    pub fn segment(&self, arc: ArcId) -> SegmentId {
        self.arc_segments[arc]
    }

    /// The arcs of a segment along its line and against it; `None` for a direction in which nobody may walk.
    pub fn arcs_of(&self, segment: SegmentId) -> (Option<ArcId>, Option<ArcId>) {
        let (forward, backward) = self.segment_arcs[segment];
        let open = |arc: ArcId| (self.impedances[0][arc] != CLOSED).then_some(arc);
        (open(forward), open(backward))
    }

    /// The arc of the same segment in the other direction; `None` where nobody may walk that way.
    pub fn opposite(&self, arc: ArcId) -> Option<ArcId> {
        let other = self.twin(arc);
        (self.impedances[0][other] != CLOSED).then_some(other)
    }

    /// The arc of the same segment in the other direction, open or not.
    pub(crate) fn twin(&self, arc: ArcId) -> ArcId {
        let (forward, backward) = self.segment_arcs[self.arc_segments[arc]];
        if arc == forward { backward } else { forward }
    }

    /// Both arcs of a segment, open or not.
    pub(crate) fn both_arcs(&self, segment: SegmentId) -> (ArcId, ArcId) {
        self.segment_arcs[segment]
    }

    /// Whether an arc goes along the line of its segment.
    pub fn is_forward(&self, arc: ArcId) -> bool {
        self.segment_arcs[self.arc_segments[arc]].0 == arc
    }

    /// The walking time of an arc for a profile; `None` where the arc is closed to it.
    pub fn impedance(&self, profile: WalkProfile, arc: ArcId) -> Option<TravelTime> {
        let impedance = self.impedances[column_number(profile, WalkDirection::From)][arc];
        (impedance != CLOSED).then_some(TravelTime::from_deciseconds(impedance))
    }

    /// Impedances in deciseconds as a search in a direction meets them: looking backwards, an arc costs what its
    /// opposite costs.
    pub(crate) fn impedances(&self, profile: WalkProfile, direction: WalkDirection) -> &Column<ArcId, u32> {
        &self.impedances[column_number(profile, direction)]
    }

    /// The largest impedance of that column, closed arcs aside.
    pub(crate) fn largest_impedance(&self, profile: WalkProfile, direction: WalkDirection) -> u32 {
        self.largest_impedances[column_number(profile, direction)]
    }

    /// Heads of all arcs.
    pub(crate) fn heads(&self) -> &Column<ArcId, NodeId> {
        &self.heads
    }

    /// First arcs of all nodes, and the end.
    pub(crate) fn first_arcs(&self) -> &[u32] {
        &self.first_arcs
    }

    /// The zone without a way through in which a node lies, or [`NO_ZONE`].
    pub(crate) fn zone(&self, node: NodeId) -> u32 {
        self.node_zones[node]
    }

    /// The nodes at the start and the end of a segment's line.
    pub fn segment_ends(&self, segment: SegmentId) -> (NodeId, NodeId) {
        self.segment_ends[segment]
    }

    /// The course of a segment, two points at least.
    pub fn segment_line(&self, segment: SegmentId) -> &[Coord<f64>] {
        let at = segment.index();
        &self.line_points[self.first_line_points[at] as usize..self.first_line_points[at + 1] as usize]
    }

    /// The length of a segment, metres.
    pub fn segment_length_m(&self, segment: SegmentId) -> f64 {
        self.segment_lengths[segment]
    }

    /// The class of a segment.
    pub fn segment_class(&self, segment: SegmentId) -> StreetClass {
        self.attributes_of(segment).class
    }

    /// The name of a segment, empty where there is none.
    pub fn segment_name(&self, segment: SegmentId) -> &str {
        &self.names[self.attributes_of(segment).name as usize]
    }

    /// The OSM way of a segment: of its longest part, where there are several.
    pub fn segment_way(&self, segment: SegmentId) -> i64 {
        self.segment_ways[segment]
    }

    /// Whether a segment is steps or an escalator.
    pub fn segment_has_steps(&self, segment: SegmentId) -> bool {
        self.attributes_of(segment).is_steps
    }

    /// The crossing that a segment is part of, if it is one.
    pub fn segment_crossing(&self, segment: SegmentId) -> Option<CrossingKind> {
        self.attributes_of(segment).crossing
    }

    /// Whether a segment is on a bridge or in a tunnel: no house stands beside it.
    pub fn segment_is_off_ground(&self, segment: SegmentId) -> bool {
        self.attributes_of(segment).is_off_ground
    }

    /// Seconds of waiting that are part of the impedance of a segment (crossings; 0 elsewhere).
    pub fn segment_delay_s(&self, segment: SegmentId) -> f64 {
        self.attributes_of(segment).delay_s_per_metre * self.segment_lengths[segment]
    }

    /// Whether a segment is open only to trips that begin or end there.
    pub fn is_first_or_last_only(&self, segment: SegmentId) -> bool {
        self.attributes_of(segment).is_restricted
    }

    /// Whether a segment is not a street but the gate of a zone without a way through: length 0.
    pub fn is_gate(&self, segment: SegmentId) -> bool {
        self.is_gate[segment]
    }

    fn attributes_of(&self, segment: SegmentId) -> &Attributes {
        &self.attributes[self.segment_attributes[segment] as usize]
    }

    /// The component of a node; 0 is the one with the longest streets.
    pub fn component(&self, node: NodeId) -> u32 {
        self.components.of_node(node)
    }

    /// How many nodes a component has.
    pub fn component_size(&self, component: u32) -> usize {
        self.components.size(component)
    }

    /// The length of the streets of a component, metres.
    pub fn component_length_m(&self, component: u32) -> f64 {
        self.components.length_m(component)
    }

    /// Whether a node belongs to a component large enough to matter.
    pub fn is_main_component(&self, node: NodeId) -> bool {
        self.components.is_main(self.components.of_node(node))
    }

    /// The rectangle around all streets; `None` without streets.
    pub fn bounds(&self) -> Option<Rect<f64>> {
        self.bounds
    }

    /// The walking speed on flat, paved ground.
    pub fn speed(&self) -> Speed {
        self.speed
    }

    /// The time between a point and its place on a street `away_m` straight metres off, with the off-network detour.
    pub fn off_network_time(&self, away_m: f64) -> TravelTime {
        self.speed.time_for(away_m * self.off_network_detour)
    }
}

/// The impedance column of a profile in a direction.
pub(super) const fn column_number(profile: WalkProfile, direction: WalkDirection) -> usize {
    match (profile, direction) {
        (WalkProfile::Adult, WalkDirection::From) => 0,
        (WalkProfile::StepFree, WalkDirection::From) => 1,
        (WalkProfile::Adult, WalkDirection::To) => 2,
        (WalkProfile::StepFree, WalkDirection::To) => 3,
    }
}
