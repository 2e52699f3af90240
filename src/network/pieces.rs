//! Street records cut into pieces between neighbouring nodes, as far as people may walk there.
//!
//! In: records, their points on the plane. Out: [`Pieces`]: vertices, pieces with the attributes of their street, and
//! gates. Barriers closed on foot leave a dead end on every side; at a stile all stretches but one that leads to it are
//! closed to the step-free profile. Streets without a way through (`destination`,
//! `customers`) form zones: where a zone meets open streets its vertex is doubled and the two are joined by a gate.

use std::collections::{HashMap, HashSet};

use geo::Coord;

use super::access::{FootAccess, NodePassage, Sidepath, foot_access, node_passage};
use super::crossings::crossing_delay_s;
use super::pace::{WalkParameters, WayOnFoot, seconds_per_metre};
use super::sidepaths::find_sidepaths;
use crate::base::geometry::distance_m;
use crate::base::notice::{Notice, Notices};
use crate::sources::osm::records::{CrossingKind, FootDirection, OsmRecords, Street, StreetClass, StreetNodeMark};

/// Name of the input in notices.
pub(super) const STREETS: &str = "streets";

/// What all pieces of a segment have in common.
#[derive(Clone, Debug)]
pub(super) struct Attributes {
    pub class: StreetClass,
    pub name: u32,
    pub seconds_per_metre: f64,
    pub direction: FootDirection,
    pub is_steps: bool,
    pub is_step_free: bool,
    pub is_restricted: bool,
    pub crossing: Option<CrossingKind>,
    /// On a bridge or in a tunnel.
    pub is_off_ground: bool,
    /// Waiting that is part of the pace.
    pub delay_s_per_metre: f64,
}

type AttributesKey = (StreetClass, u32, u64, FootDirection, [bool; 4], Option<CrossingKind>);

impl Attributes {
    fn key(&self) -> AttributesKey {
        let pace = self.seconds_per_metre.to_bits();
        let Self { class, name, direction, crossing, .. } = *self;
        let claims = [self.is_steps, self.is_step_free, self.is_restricted, self.is_off_ground];
        (class, name, pace, direction, claims, crossing)
    }
}

/// A straight stretch between two vertices, in the direction of its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub from: u32,
    pub to: u32,
    pub attributes: u32,
    pub way: i64,
    pub length_m: f64,
}

/// The way into a zone: from the open vertex to its double inside.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gate {
    pub outside: u32,
    pub inside: u32,
    pub attributes: u32,
    pub way: i64,
}

/// Streets on foot, cut at every node.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// Where each vertex is: first the street nodes of the records, then the doubles.
    pub points: Vec<Coord<f64>>,
    pub pieces: Vec<Piece>,
    pub gates: Vec<Gate>,
    /// Vertices of lifts, ascending.
    pub lifts: Vec<u32>,
    pub attributes: Vec<Attributes>,
    pub names: Vec<String>,
}

/// Cuts the streets that are open on foot into pieces.
pub(super) fn cut_into_pieces(
    records: &OsmRecords,
    points: Vec<Coord<f64>>,
    parameters: &WalkParameters,
    notices: &mut Notices,
) -> Pieces {
    let sidepaths = find_sidepaths(records, &points, parameters);
    let access: Vec<FootAccess> =
        records.streets.iter().zip(&sidepaths).map(|(street, &path)| foot_access(&street.tags, path)).collect();
    report_access(records, &access, &sidepaths, notices);
    let mut cutter = Cutter::new(records, points, &access);
    let kinds: Vec<Option<CrossingKind>> =
        records.streets.iter().map(|street| crossing_kind(records, street)).collect();
    let delays = crossing_delays(records, &kinds, &cutter.pieces.points, parameters);
    for (at, street) in records.streets.iter().enumerate() {
        let length_m = way_length_m(records.refs(street), &cutter.pieces.points);
        let factor = match access[at] {
            FootAccess::Open { factor } => f64::from(factor),
            FootAccess::FirstOrLastOnly => 1.0,
            FootAccess::Closed => continue,
        };
        let way = WayOnFoot { length_m, factor, delay_s: delays[at] };
        let is_restricted = access[at] == FootAccess::FirstOrLastOnly;
        let pace = (seconds_per_metre(&street.tags, way, parameters), delays[at] / length_m.max(0.1));
        cutter.cut(records.refs(street), street, (pace, kinds[at]), is_restricted);
    }
    if cutter.off_plane > 0 {
        let problem = format!("{} stretches of street lie off the study's plane", cutter.off_plane);
        notices.push(Notice::error("street_off_plane", STREETS, problem).action("stretches left out"));
    }
    cutter.pieces
}

fn way_length_m(refs: &[u32], points: &[Coord<f64>]) -> f64 {
    let lengths = refs.windows(2).map(|pair| distance_m(points[pair[0] as usize], points[pair[1] as usize]));
    lengths.filter(|length| length.is_finite()).sum()
}

fn report_access(records: &OsmRecords, access: &[FootAccess], sidepaths: &[Sidepath], notices: &mut Notices) {
    let closed = access.iter().filter(|&&access| access == FootAccess::Closed).count();
    if closed > 0 {
        let problem = format!("{closed} of {} ways are closed on foot", access.len());
        notices.push(Notice::note("street_closed_on_foot", STREETS, problem).action("left out of the walking network"));
    }
    let aside = sidepaths.iter().filter(|&&path| path == Sidepath::Mapped).count();
    if aside > 0 {
        let problem = format!("{aside} ways have their sidewalks mapped apart");
        notices.push(Notice::note("sidewalk_mapped_apart", STREETS, problem).action("walked on the sidewalks only"));
    }
    for street in records.streets.iter().filter(|street| street.tags.conditional) {
        let notice = Notice::note("conditional_access", STREETS, "a conditional access tag is not evaluated");
        notices.push(notice.at_element(format!("way {}", street.way)).action("unconditional value kept"));
    }
}

fn mark_of(records: &OsmRecords, node: u32) -> Option<&StreetNodeMark> {
    let marks = &records.street_node_marks;
    marks.binary_search_by_key(&node, |mark| mark.node).ok().map(|at| &marks[at])
}

/// How a crossing way is controlled: signals on one of its nodes count before what the way says, its other nodes where
/// the way says nothing. `None` where the way is no crossing; the nodes of a street that is crossed make it none.
fn crossing_kind(records: &OsmRecords, street: &Street) -> Option<CrossingKind> {
    let said = street.tags.crossing?;
    if said == CrossingKind::Forbidden {
        return Some(said);
    }
    let marked = records.refs(street).iter().filter_map(|&node| mark_of(records, node)?.crossing);
    // Kinds are ordered from the best controlled on.
    let best = marked.filter(|&kind| kind != CrossingKind::Forbidden).min();
    match best {
        Some(CrossingKind::Signals) => best,
        Some(_) if said == CrossingKind::Unknown => best,
        _ => Some(said),
    }
}

/// Seconds of waiting on each way: zero unless it is a crossing.
fn crossing_delays(
    records: &OsmRecords,
    kinds: &[Option<CrossingKind>],
    points: &[Coord<f64>],
    parameters: &WalkParameters,
) -> Vec<f64> {
    let mut delays = vec![0.0; records.streets.len()];
    let crossings: Vec<(usize, CrossingKind)> =
        kinds.iter().enumerate().filter_map(|(at, kind)| Some((at, (*kind)?))).collect();
    if crossings.is_empty() {
        return delays;
    }
    let busier = |a: Option<StreetClass>, b: StreetClass| match a {
        Some(a) if super::crossings::assumed_veh_per_h(a) >= super::crossings::assumed_veh_per_h(b) => Some(a),
        _ => Some(b),
    };
    let mut busiest: Vec<Option<StreetClass>> = vec![None; records.street_node_ids.len()];
    for street in records.streets.iter().filter(|s| super::crossings::assumed_veh_per_h(s.tags.class) > 0.0) {
        for &node in records.refs(street) {
            busiest[node as usize] = busier(busiest[node as usize], street.tags.class);
        }
    }
    let has_refuge = |node: u32| mark_of(records, node).is_some_and(|mark| mark.refuge);
    for (at, kind) in crossings {
        let street = &records.streets[at];
        let refs = records.refs(street);
        let crossed = refs.iter().filter_map(|&node| busiest[node as usize]).fold(None, busier);
        let length_m = way_length_m(refs, points);
        let delay_of = |length_m: f64| crossing_delay_s(kind, length_m, crossed, &parameters.crossings);
        let halved = kind != CrossingKind::Signals && refs.iter().any(|&node| has_refuge(node));
        delays[at] = if halved { 2.0 * delay_of(length_m / 2.0) } else { delay_of(length_m) };
    }
    delays
}

struct Cutter<'r> {
    pieces: Pieces,
    passages: HashMap<u32, NodePassage>,
    /// Stiles with a stretch that leads to them and is open to the step-free profile.
    approached: HashSet<u32>,
    /// Per street node: whether an open street uses it, so that a zone needs a double of it.
    is_open: Vec<bool>,
    inside: HashMap<u32, u32>,
    names: HashMap<&'r str, u32>,
    keys: HashMap<AttributesKey, u32>,
    off_plane: usize,
}

impl<'r> Cutter<'r> {
    fn new(records: &OsmRecords, points: Vec<Coord<f64>>, access: &[FootAccess]) -> Self {
        let mut is_open = vec![false; points.len()];
        for (street, access) in records.streets.iter().zip(access) {
            if matches!(access, FootAccess::Open { .. }) {
                for &node in records.refs(street) {
                    is_open[node as usize] = true;
                }
            }
        }
        let marks = &records.street_node_marks;
        let passages = marks.iter().map(|mark| (mark.node, node_passage(mark))).collect();
        let lifts = marks.iter().filter(|mark| mark.lift).map(|mark| mark.node).collect();
        let pieces = Pieces { points, lifts, ..Pieces::default() };
        let (inside, names, keys) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { pieces, passages, approached: HashSet::new(), is_open, inside, names, keys, off_plane: 0 }
    }

    fn cut(
        &mut self,
        refs: &[u32],
        street: &'r Street,
        (pace, crossing): ((f64, f64), Option<CrossingKind>),
        is_restricted: bool,
    ) {
        let tags = &street.tags;
        let is_steps = matches!(tags.class, StreetClass::Steps | StreetClass::Escalator) || tags.conveying;
        let is_step_free = match tags.wheelchair {
            Some(said) => said,
            None => !is_steps || tags.ramp,
        };
        let name = self.name(&street.name);
        let attributes = Attributes {
            class: tags.class,
            name,
            seconds_per_metre: pace.0,
            direction: tags.foot_direction,
            is_steps,
            is_step_free,
            is_restricted,
            crossing,
            is_off_ground: tags.bridge || tags.tunnel,
            delay_s_per_metre: pace.1,
        };
        let usual = self.attributes(attributes.clone());
        for pair in refs.windows(2).filter(|pair| pair[0] != pair[1]) {
            let length_m = distance_m(self.pieces.points[pair[0] as usize], self.pieces.points[pair[1] as usize]);
            if !length_m.is_finite() {
                self.off_plane += 1;
                continue;
            }
            let id = if self.stands_for_stile(pair[0], pair[1]) {
                self.attributes(Attributes { is_step_free: false, ..attributes.clone() })
            } else {
                usual
            };
            let from = self.vertex(pair[0], street.way, id, is_restricted);
            let to = self.vertex(pair[1], street.way, id, is_restricted);
            self.pieces.pieces.push(Piece { from, to, attributes: id, way: street.way, length_m });
        }
    }

    /// Whether the stretch stands for a stile at one of its ends: all that leave it do, and of those that lead to it all
    /// but the first, so that no two are joined without it.
    fn stands_for_stile(&mut self, from: u32, to: u32) -> bool {
        let leaves = self.passage(from) == NodePassage::NotStepFree;
        let leads = self.passage(to) == NodePassage::NotStepFree;
        if leads && !leaves {
            return !self.approached.insert(to);
        }
        leaves
    }

    fn passage(&self, node: u32) -> NodePassage {
        self.passages.get(&node).copied().unwrap_or(NodePassage::Free)
    }

    /// The vertex of a node for one end of a piece.
    fn vertex(&mut self, node: u32, way: i64, attributes: u32, is_restricted: bool) -> u32 {
        if self.passage(node) == NodePassage::Closed {
            return self.double(node);
        }
        if !is_restricted || !self.is_open[node as usize] {
            return node;
        }
        if let Some(&inside) = self.inside.get(&node) {
            return inside;
        }
        let inside = self.double(node);
        self.inside.insert(node, inside);
        self.pieces.gates.push(Gate { outside: node, inside, attributes, way });
        inside
    }

    fn double(&mut self, node: u32) -> u32 {
        self.pieces.points.push(self.pieces.points[node as usize]);
        u32::try_from(self.pieces.points.len() - 1).expect("fewer street nodes than 2^32")
    }

    fn name(&mut self, name: &'r str) -> u32 {
        let next = self.pieces.names.len() as u32;
        *self.names.entry(name).or_insert_with(|| {
            self.pieces.names.push(name.to_owned());
            next
        })
    }

    fn attributes(&mut self, attributes: Attributes) -> u32 {
        let next = self.pieces.attributes.len() as u32;
        *self.keys.entry(attributes.key()).or_insert_with(|| {
            self.pieces.attributes.push(attributes);
            next
        })
    }
}
