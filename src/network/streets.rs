//! The street graph: columns that are built once and only read.
//!
//! In: prepared street records, the parameters of a mode. Out: [`StreetGraph`]: nodes along a Hilbert curve, arcs in
//! CSR, an impedance column per profile, geometry apart from what a search touches. Each mode has a graph of its own,
//! since what is closed to all of its profiles is not in it. Knows no measure.
//!
//! Every segment has an arc each way; an arc that is closed to a profile has no impedance there.

use geo::{Coord, Rect};

use super::attributes::Attributes;
use super::bicycle::{BicycleParameters, bicycle_slope_factor};
use super::car::CarParameters;
use super::components::Components;
use super::contract::contract;
use super::courses::{bicycle_courses, car_courses, walk_courses};
use super::enclosed::restrict_enclosed;
use super::lines::Lines;
use super::pieces::{Pieces, cut_into_pieces};
use super::prepared::STREETS;
use super::slope::{Heights, walk_slope_factor};
use super::squares::{Squares, find_squares};
use super::street_columns::{Columns, Paces};
use super::turns::apply_turns;
use super::wheelchair::Passability;
use crate::base::ids::{ArcId, Column, Id, NodeId, SegmentId};
use crate::base::notice::{Notice, Notices};
use crate::base::projection::Plane;
use crate::base::units::{Speed, TravelTime};
use crate::sources::osm::records::{CrossingKind, OsmRecords, StreetClass, TurnRestriction, TurnVia};

pub use super::pace::WalkParameters;
pub use super::prepared::{Prepared, StreetInputs};
pub use super::profiles::{Mode, Profile};

/// Which way a search looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchDirection {
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

/// The streets of a study for one mode.
#[derive(Debug)]
pub struct StreetGraph {
    pub(super) node_points: Column<NodeId, Coord<f64>>,
    pub(super) node_zones: Column<NodeId, u32>,
    /// Of each node, and the end.
    pub(super) first_arcs: Column<NodeId, u32>,
    pub(super) heads: Column<ArcId, NodeId>,
    pub(super) tails: Column<ArcId, NodeId>,
    pub(super) arc_segments: Column<ArcId, SegmentId>,
    pub(super) mode: Mode,
    /// Two columns per profile of the mode: looking from an origin, and back to a destination.
    pub(super) impedances: Vec<Column<ArcId, u32>>,
    pub(super) largest_impedances: Vec<u32>,
    pub(super) segment_ends: Column<SegmentId, [NodeId; 2]>,
    pub(super) segment_arcs: Column<SegmentId, [ArcId; 2]>,
    pub(super) segment_lengths: Column<SegmentId, f64>,
    pub(super) segment_delays: Column<SegmentId, f32>,
    pub(super) segment_ways: Column<SegmentId, i64>,
    pub(super) segment_attributes: Column<SegmentId, u32>,
    /// 1 for a gate of a zone, 0 for a street.
    pub(super) is_gate: Column<SegmentId, u8>,
    /// Segments that stand for others where turns are restricted: the original and the copy, ascending.
    pub(super) copies: Vec<(SegmentId, SegmentId)>,
    /// The same pairs, the copy first, ascending.
    pub(super) originals: Vec<(SegmentId, SegmentId)>,
    pub(super) lines: Lines,
    pub(super) attributes: Vec<Attributes>,
    pub(super) names: Vec<String>,
    pub(super) components: Components,
    pub(super) speed: Speed,
    pub(super) off_network_detour: f64,
    pub(super) bounds: Option<Rect<f64>>,
}

/// Builds the walking network of street records alone: no moment, no heights.
pub fn build_streets(records: &OsmRecords, plane: &Plane, parameters: &WalkParameters) -> (StreetGraph, Notices) {
    let (prepared, mut notices) = Prepared::new(StreetInputs::plain(records, plane));
    let (graph, told) = build_walk(&prepared, parameters);
    notices.extend(told);
    (graph, notices)
}

/// Builds the walking network. The notices tell which streets are closed on foot, which lie off the plane and which
/// components are too small to matter.
pub fn build_walk(prepared: &Prepared<'_>, parameters: &WalkParameters) -> (StreetGraph, Notices) {
    let mut notices = Notices::new();
    let heights = Heights::new(prepared.inputs.ground.map(|ground| ground.height_m), &prepared.node_heights);
    let pieces = {
        let mut courses = walk_courses(prepared, parameters, &mut notices);
        let squares = find_squares(prepared, &courses, parameters.most_entrances, &mut notices);
        restrict_enclosed(prepared, &mut courses, &squares);
        cut_into_pieces(prepared, &courses, &squares, (&heights, Some(&walk_slope_factor)))
    };
    if heights.unknown() > 0 {
        let problem = format!("{} stretches of street lie where no height is known", heights.unknown());
        notices.push(Notice::note("height_unknown", STREETS, problem).action("taken as flat"));
    }
    let paces = Paces {
        mode: Mode::Walk,
        speed: parameters.speed,
        off_network_detour: parameters.off_network_detour,
        slow_speed: parameters.wheelchair_speed,
    };
    let graph = finish(prepared, pieces, &[], &paces, parameters.small_component_share, &mut notices);
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

/// Builds the bicycle network.
pub fn build_bicycle(prepared: &Prepared<'_>, parameters: &BicycleParameters) -> (StreetGraph, Notices) {
    let mut notices = Notices::new();
    let heights = Heights::new(prepared.inputs.ground.map(|ground| ground.height_m), &prepared.node_heights);
    let factor = |slope: f64| bicycle_slope_factor(slope, parameters);
    let mut courses = bicycle_courses(prepared, parameters);
    restrict_enclosed(prepared, &mut courses, &Squares::default());
    let pieces = cut_into_pieces(prepared, &courses, &Squares::default(), (&heights, Some(&factor)));
    drop(courses);
    let paces = Paces {
        mode: Mode::Bicycle,
        speed: parameters.speed,
        off_network_detour: 1.3,
        slow_speed: parameters.pushing_speed,
    };
    let turns = prepared.turns_now(|turn| turn.excepts_bicycles);
    (finish(prepared, pieces, &turns, &paces, parameters.small_component_share, &mut notices), notices)
}

/// Builds the car network.
pub fn build_car(prepared: &Prepared<'_>, parameters: &CarParameters) -> (StreetGraph, Notices) {
    let mut notices = Notices::new();
    let heights = Heights::new(None, &[]);
    let mut courses = car_courses(prepared, parameters);
    restrict_enclosed(prepared, &mut courses, &Squares::default());
    let pieces = cut_into_pieces(prepared, &courses, &Squares::default(), (&heights, None));
    drop(courses);
    let paces = Paces { mode: Mode::Car, speed: Speed::WALK, off_network_detour: 1.3, slow_speed: Speed::WALK };
    let turns = prepared.turns_now(|turn| turn.excepts_cars);
    (finish(prepared, pieces, &turns, &paces, parameters.small_component_share, &mut notices), notices)
}

fn finish(
    prepared: &Prepared<'_>,
    mut pieces: Pieces,
    turns: &[&TurnRestriction],
    paces: &Paces,
    small_share: f64,
    notices: &mut Notices,
) -> StreetGraph {
    if pieces.off_plane > 0 {
        let problem = format!("{} stretches of street lie off the study's plane", pieces.off_plane);
        notices.push(Notice::error("street_off_plane", STREETS, problem).action("stretches left out"));
    }
    for turn in turns {
        // Where a turn is restricted there is a junction, whatever meets there.
        if let TurnVia::Node(node) = turn.via {
            pieces.kept.push(prepared.vertex(node));
        }
    }
    let mut chains = contract(prepared, &pieces);
    let unplaced = apply_turns(turns, prepared, &mut pieces, &mut chains.chains);
    if unplaced > 0 {
        let problem = format!("{unplaced} of {} turn restrictions name ways that do not meet as they say", turns.len());
        let notice = Notice::note("turn_not_applied", STREETS, problem).action("these turns are allowed");
        notices.push(notice.field("mode", paces.mode.key()));
    }
    let mut graph = Columns::new(prepared, &pieces, &chains).into_graph(prepared, pieces, chains, paces);
    graph.components = Components::of(&graph, small_share);
    graph
}

/// Impedance of so many seconds: whole deciseconds, one at least so that every path has an order, a day at most.
pub(super) fn segment_impedance(seconds: f64) -> u32 {
    // Cut off after half a decisecond is added: rounded without a call.
    (seconds * 10.0 + 0.5).clamp(1.0, LONGEST) as u32
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

    /// Bytes that the columns of nodes, arcs and segments take, in memory or mapped from a snapshot; without the points of
    /// lines, and without names and attributes, of which there are few.
    pub fn column_bytes(&self) -> usize {
        fn of<I: Id, T>(column: &Column<I, T>) -> usize {
            column.len() * size_of::<T>()
        }
        let nodes = [of(&self.node_points), of(&self.node_zones), of(&self.first_arcs), of(&self.components.of_nodes)];
        let arcs = [of(&self.heads), of(&self.tails), of(&self.arc_segments)];
        let segments = [
            of(&self.segment_ends),
            of(&self.segment_arcs),
            of(&self.segment_lengths),
            of(&self.segment_delays),
            of(&self.segment_ways),
            of(&self.segment_attributes),
            of(&self.is_gate),
            self.lines.column_bytes(),
        ];
        let impedances = self.impedances.iter().map(of);
        nodes.into_iter().chain(arcs).chain(segments).chain(impedances).sum()
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
        let first = self.first_arcs.values();
        let range = first[node.index()] as usize..first[node.index() + 1] as usize;
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
        let [forward, backward] = self.segment_arcs[segment];
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
        let [forward, backward] = self.segment_arcs[self.arc_segments[arc]];
        if arc == forward { backward } else { forward }
    }

    /// Both arcs of a segment, open or not.
    pub(crate) fn both_arcs(&self, segment: SegmentId) -> (ArcId, ArcId) {
        self.segment_arcs[segment].into()
    }

    /// Whether an arc goes along the line of its segment.
    pub fn is_forward(&self, arc: ArcId) -> bool {
        self.segment_arcs[self.arc_segments[arc]][0] == arc
    }

    /// The walking time of an arc for a profile; `None` where the arc is closed to it.
    pub fn impedance(&self, profile: Profile, arc: ArcId) -> Option<TravelTime> {
        let impedance = self.impedances[column_number(profile, SearchDirection::From)][arc];
        (impedance != CLOSED).then_some(TravelTime::from_deciseconds(impedance))
    }

    /// Whether a profile can go along a segment, in one direction at least.
    pub fn is_open_to(&self, profile: Profile, segment: SegmentId) -> bool {
        self.segment_arcs[segment].into_iter().any(|arc| self.impedance(profile, arc).is_some())
    }

    /// Impedances in deciseconds as a search in a direction meets them: looking backwards, an arc costs what its
    /// opposite costs.
    pub(crate) fn impedances(&self, profile: Profile, direction: SearchDirection) -> &Column<ArcId, u32> {
        &self.impedances[column_number(profile, direction)]
    }

    /// The largest impedance of that column, closed arcs aside.
    pub(crate) fn largest_impedance(&self, profile: Profile, direction: SearchDirection) -> u32 {
        self.largest_impedances[column_number(profile, direction)]
    }

    /// Heads of all arcs.
    pub(crate) fn heads(&self) -> &Column<ArcId, NodeId> {
        &self.heads
    }

    /// First arcs of all nodes, and the end.
    pub(crate) fn first_arcs(&self) -> &[u32] {
        self.first_arcs.values()
    }

    /// The zone without a way through in which a node lies, or [`NO_ZONE`].
    pub(crate) fn zone(&self, node: NodeId) -> u32 {
        self.node_zones[node]
    }

    /// The nodes at the start and the end of a segment's line.
    pub fn segment_ends(&self, segment: SegmentId) -> (NodeId, NodeId) {
        self.segment_ends[segment].into()
    }

    /// The course of a segment, two points at least.
    pub fn segment_line(&self, segment: SegmentId) -> &[Coord<f64>] {
        self.lines.line(segment)
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

    /// Whether nothing tells how that crossing is controlled, so that its wait is an assumption. Traffic and the cycle of
    /// signals are always assumed.
    pub fn segment_crossing_is_assumed(&self, segment: SegmentId) -> bool {
        self.attributes_of(segment).crossing_is_assumed
    }

    /// Whether a wheelchair gets along a segment.
    pub fn segment_wheelchair(&self, segment: SegmentId) -> Passability {
        self.attributes_of(segment).wheelchair
    }

    /// Level of traffic stress of a segment for bicycles, 1 to 4; 0 in the graphs of other modes.
    pub fn segment_stress(&self, segment: SegmentId) -> u8 {
        self.attributes_of(segment).stress
    }

    /// Whether a segment leads across a square, from one of its entrances to another.
    pub fn segment_is_across(&self, segment: SegmentId) -> bool {
        self.attributes_of(segment).is_across
    }

    /// Whether a segment is a street of its own: no gate of a zone, no copy for a restricted turn, no line across a
    /// square.
    pub fn is_street(&self, segment: SegmentId) -> bool {
        !self.is_gate(segment) && !self.is_copy(segment) && !self.segment_is_across(segment)
    }

    /// The mode whose streets these are.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether a segment is on a bridge or in a tunnel: no house stands beside it.
    pub fn segment_is_off_ground(&self, segment: SegmentId) -> bool {
        self.attributes_of(segment).is_off_ground
    }

    /// Seconds of waiting that are part of the impedance of a segment (crossings; 0 elsewhere).
    pub fn segment_delay_s(&self, segment: SegmentId) -> f64 {
        f64::from(self.segment_delays[segment])
    }

    /// The original of a segment that stands for another where turns are restricted; the segment itself for all others.
    pub fn original(&self, segment: SegmentId) -> SegmentId {
        let found = self.originals.binary_search_by_key(&segment, |&(copy, _)| copy);
        found.map_or(segment, |at| self.originals[at].1)
    }

    /// Whether a segment stands for another where turns are restricted.
    pub fn is_copy(&self, segment: SegmentId) -> bool {
        !self.copies.is_empty() && self.original(segment) != segment
    }

    /// A segment and all that stand for it.
    pub(crate) fn variants(&self, segment: SegmentId) -> impl Iterator<Item = SegmentId> {
        let first = self.copies.partition_point(|&(original, _)| original < segment);
        let own = self.copies[first..].iter().take_while(move |&&(original, _)| original == segment);
        std::iter::once(segment).chain(own.map(|&(_, copy)| copy))
    }

    /// Whether a segment is open only to trips that begin or end there.
    pub fn is_first_or_last_only(&self, segment: SegmentId) -> bool {
        self.attributes_of(segment).is_restricted
    }

    /// Whether a segment is not a street but the gate of a zone without a way through: length 0.
    pub fn is_gate(&self, segment: SegmentId) -> bool {
        self.is_gate[segment] != 0
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
pub(super) const fn column_number(profile: Profile, direction: SearchDirection) -> usize {
    profile.column() * 2
        + match direction {
            SearchDirection::From => 0,
            SearchDirection::To => 1,
        }
}
