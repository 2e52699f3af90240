//! Street records cut into pieces between nodes where something may happen, as far as a mode may go there.
//!
//! In: prepared records, the courses of a mode, heights, squares. Out: [`Pieces`]: vertices, pieces with the attributes
//! of their street, and gates. Closed barriers leave a dead end on every side; at a stile all stretches but one that
//! leads to it are closed to the step-free profile. Streets without a way through (`destination`,
//! `customers`) form zones: where a zone meets open streets its vertex is doubled and the two are joined by a gate.
//! Ways on levels that do not meet share a node without being joined there.

use std::cell::Cell;

use geo::Coord;
use rustc_hash::{FxHashMap, FxHashSet};

use super::access::NodePassage;
use super::attributes::{Attributes, AttributesKey};
use super::courses::{Course, Courses, NodeEffect, has_levels_apart, is_steps};
use super::prepared::{NO_VERTEX, Prepared, Span};
use super::slope::Heights;
use super::squares::Squares;
use super::wheelchair::{Passability, slope_passability};
use crate::base::geometry::distance_m;
use crate::base::projection::LonLat;
use crate::sources::osm::records::{Levels, StreetTags};

/// A part of a way between two vertices, in the direction of the way. Nothing happens on it: whatever meets the way, or
/// changes on it, ends a piece.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub from: u32,
    pub to: u32,
    pub attributes: u32,
    pub way: i64,
    /// The place of its first bend ([`Prepared::bends`]), and how many it has.
    pub first_bend: u32,
    pub bends: u32,
    /// Whether its ends are the places before its first bend and after its last: it is a stretch of the way's course.
    pub is_stretch: bool,
    pub length_m: f64,
    /// Seconds along the way and against it, without waiting.
    pub moving_s: [f64; 2],
    /// Seconds of waiting in either direction.
    pub delay_s: f64,
}

/// The way into a zone: from the open vertex to its double inside.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gate {
    pub outside: u32,
    pub inside: u32,
    pub attributes: u32,
    pub way: i64,
}

/// Streets of a mode, cut where something may happen.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// Where each vertex is: first those of the streets, then places on outlines of squares, then doubles.
    pub points: Vec<Coord<f64>>,
    pub pieces: Vec<Piece>,
    pub gates: Vec<Gate>,
    /// Vertices that stay nodes whatever meets there, ascending.
    pub kept: Vec<u32>,
    pub attributes: Vec<Attributes>,
    pub names: Vec<String>,
    /// Stretches that could not be placed on the plane.
    pub off_plane: usize,
}

/// No effect has this place.
const NO_EFFECT: u32 = u32::MAX;

/// How slopes multiply the time of a mode; `None` where they do not.
pub(super) type SlopeFactor<'a> = Option<&'a dyn Fn(f64) -> f64>;

/// Cuts the streets that are open to a mode into pieces.
pub(super) fn cut_into_pieces(
    prepared: &Prepared<'_>,
    courses: &Courses,
    squares: &Squares,
    (heights, factor): (&Heights<'_>, SlopeFactor<'_>),
) -> Pieces {
    let mut cutter = Cutter::new(prepared, courses, squares, (heights, factor));
    let records = prepared.inputs.records;
    for (at, course) in courses.of_streets.iter().enumerate() {
        if let Some(course) = course {
            cutter.cut(at, course);
        }
    }
    for (at, crossing) in squares.crossings.iter().enumerate() {
        if let Some(course) = courses.of_areas.get(at).copied().flatten() {
            let area = &records.walk_areas[at];
            let about = Way {
                tags: &prepared.area_tags[at],
                name: &area.name,
                named: Named::Area(at as u32),
                way: area.way,
                is_across: true,
                usual: Cell::new(None),
            };
            for &(from, to) in crossing {
                let ends = [from, to].map(|vertex| cutter.place_of(vertex));
                let run = cutter.go(None, (&about, &course, 0.0), (ends, 0));
                cutter.close(run, &about, &course);
            }
        }
    }
    cutter.pieces.kept.sort_unstable();
    cutter.pieces.kept.dedup();
    cutter.pieces
}

/// The first street of a name, or an area.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Named {
    Street(u32),
    Area(u32),
}

/// What is cut.
struct Way<'a> {
    tags: &'a StreetTags,
    name: &'a str,
    /// What has that name.
    named: Named,
    way: i64,
    is_across: bool,
    /// The attributes of its pieces where nothing changes them on the way, once they are known.
    usual: Cell<Option<u32>>,
}

/// A place on the way.
#[derive(Clone, Copy)]
struct Place {
    /// [`NO_VERTEX`] where the way only bends.
    vertex: u32,
    /// Its street node, if it is one.
    node: Option<u32>,
    point: Coord<f64>,
    /// Whether it is a node of the way, and no place that was put between two.
    is_on_course: bool,
}

/// A piece on its way.
struct Run {
    piece: Piece,
    /// Where it has come to.
    reached: Place,
}

struct Cutter<'a> {
    prepared: &'a Prepared<'a>,
    courses: &'a Courses,
    squares: &'a Squares,
    heights: &'a Heights<'a>,
    factor: SlopeFactor<'a>,
    pieces: Pieces,
    /// Of each vertex the place of its effect, [`NO_EFFECT`] where it has none.
    effects: Vec<u32>,
    /// Marks that all stretches but the first to lead there stand for: stiles, kerbs.
    approached: FxHashSet<u32>,
    /// Per vertex: whether an open street uses it, so that a zone needs a double of it.
    is_open: Vec<bool>,
    inside: FxHashMap<u32, u32>,
    levels: FxHashMap<u32, Vec<(Levels, u32)>>,
    /// The doubles of vertices for the groups of levels above the lowest.
    above: FxHashMap<(u32, u32), u32>,
    /// The bend that was last made a vertex, by its node.
    last_bend: Option<(u32, u32)>,
    names: FxHashMap<Named, u32>,
    keys: FxHashMap<AttributesKey, u32>,
}

impl<'a> Cutter<'a> {
    fn new(
        prepared: &'a Prepared<'a>,
        courses: &'a Courses,
        squares: &'a Squares,
        (heights, factor): (&'a Heights<'a>, SlopeFactor<'a>),
    ) -> Self {
        let mut points = Vec::with_capacity(prepared.vertex_points.len() + squares.points.len());
        points.extend_from_slice(&prepared.vertex_points);
        points.extend_from_slice(&squares.points);
        let mut is_open = vec![false; points.len()];
        let mut count = 0;
        for (at, course) in courses.of_streets.iter().enumerate() {
            if let Some(course) = course {
                for vertex in prepared.vertices(at) {
                    is_open[vertex as usize] |= !course.is_restricted;
                    count += 1;
                }
            }
        }
        for (crossing, course) in squares.crossings.iter().zip(&courses.of_areas) {
            if course.is_some_and(|course| !course.is_restricted) {
                crossing.iter().flat_map(|&(from, to)| [from, to]).for_each(|vertex| is_open[vertex as usize] = true);
            }
        }
        let mut effects = vec![NO_EFFECT; points.len()];
        for (place, (vertex, _)) in courses.at_vertices.iter().enumerate() {
            effects[*vertex as usize] = place as u32;
        }
        let levels = has_levels_apart(prepared, courses);
        let crossings: usize = squares.crossings.iter().map(Vec::len).sum();
        let pieces = Vec::with_capacity(count + crossings + squares.points.len());
        let pieces = Pieces { points, pieces, ..Pieces::default() };
        Self {
            prepared,
            courses,
            squares,
            heights,
            factor,
            pieces,
            effects,
            approached: FxHashSet::default(),
            is_open,
            inside: FxHashMap::default(),
            levels,
            above: FxHashMap::default(),
            last_bend: None,
            names: FxHashMap::default(),
            keys: FxHashMap::default(),
        }
    }

    fn cut(&mut self, at: usize, course: &Course) {
        let street = &self.prepared.inputs.records.streets[at];
        let tags = self.prepared.tags(at);
        let named = Named::Street(self.prepared.namesake(at));
        let about = Way { tags, name: &street.name, named, way: street.way, is_across: false, usual: Cell::new(None) };
        let delay_per_m = if course.delay_s > 0.0 { course.delay_s / self.prepared.length_m(at).max(0.1) } else { 0.0 };
        let inserted = self.squares.inserted_into(at);
        let mut next = 0;
        let (refs, points) = (self.prepared.refs(at), self.prepared.course(at));
        let vertices = self.prepared.course_vertices(at);
        let first_place = self.prepared.places(at).start;
        let place_at =
            |at: usize| Place { vertex: vertices[at], node: Some(refs[at]), point: points[at], is_on_course: true };
        let is_plain = inserted.is_empty() && !tags.area && !self.is_sloped(tags);
        for span in self.prepared.spans(at) {
            if is_plain && self.go_plainly(span, (&about, course, delay_per_m)) {
                continue;
            }
            let mut run = None;
            let start = span.first_bend as usize - 1 - first_place;
            for place in start..=start + span.bends as usize {
                let (mut from, to) = (place_at(place), place_at(place + 1));
                if self.squares.is_walled(at, place) {
                    next += inserted[next..].iter().take_while(|(segment, _, _)| *segment as usize == place).count();
                    self.close(run.take(), &about, course);
                    continue;
                }
                let about = (&about, course, delay_per_m);
                let next_place = (first_place + place + 1) as u32;
                while let Some(&(_, _, vertex)) = inserted.get(next).filter(|(segment, ..)| *segment as usize == place)
                {
                    let between = self.place_of(vertex);
                    run = self.go(run, about, ([from, between], next_place));
                    from = between;
                    next += 1;
                }
                run = self.go(run, about, ([from, to], next_place));
            }
            self.close(run, &about, course);
        }
    }

    /// Whether slopes change how long a way takes.
    fn is_sloped(&self, tags: &StreetTags) -> bool {
        self.factor.is_some() && (!self.heights.are_flat() || tags.incline.is_some())
    }

    /// Adds the piece that a span is; `false` where anything is to be heeded but its bends. Most spans are such.
    fn go_plainly(&mut self, span: &Span, (about, course, delay_per_m): (&Way<'a>, &Course, f64)) -> bool {
        let Span { from, to, first_bend, bends, length_m } = *span;
        let has_effect = [from, to].iter().any(|&vertex| self.effects[vertex as usize] != NO_EFFECT);
        if has_effect || from == to && bends == 0 || !length_m.is_finite() {
            return false;
        }
        let attributes = self.usual(about, course);
        let [from, to] = [from, to].map(|vertex| self.open_vertex(vertex, about, attributes, course.is_restricted));
        self.pieces.pieces.push(Piece {
            from,
            to,
            attributes,
            way: about.way,
            first_bend,
            bends,
            is_stretch: true,
            length_m,
            moving_s: [length_m * course.seconds_per_metre; 2],
            delay_s: length_m * delay_per_m,
        });
        true
    }

    /// The attributes of the pieces of a way where nothing changes them.
    fn usual(&mut self, about: &Way<'a>, course: &Course) -> u32 {
        about.usual.get().unwrap_or_else(|| {
            let found = self.attributes_of(about, course, (course.is_step_free, course.wheelchair));
            about.usual.set(Some(found));
            found
        })
    }

    /// The place of a vertex on a square or its outline.
    fn place_of(&self, vertex: u32) -> Place {
        let is_added = vertex as usize >= self.prepared.vertex_points.len();
        let node = (!is_added).then(|| self.prepared.node(vertex));
        Place { vertex, node, point: self.pieces.points[vertex as usize], is_on_course: false }
    }

    /// Goes on to the next place of a way; returns the piece that is not at its end there. `next_place` names the first
    /// place of the way that is beyond the start.
    fn go(
        &mut self,
        run: Option<Run>,
        (about, course, delay_per_m): (&Way<'a>, &Course, f64),
        ([from, to], next_place): ([Place; 2], u32),
    ) -> Option<Run> {
        if (from.vertex, from.node) == (to.vertex, to.node) {
            return run;
        }
        let length_m = distance_m(from.point, to.point);
        if !length_m.is_finite() {
            self.pieces.off_plane += 1;
            self.close(run, about, course);
            return None;
        }
        // Only vertices have effects, and a piece goes on at none.
        let effects =
            [if run.is_none() { self.effect(from.vertex) } else { NodeEffect::default() }, self.effect(to.vertex)];
        let flat_s = length_m * course.seconds_per_metre;
        let (mut moving_s, mut wheelchair) = ([flat_s, flat_s], course.wheelchair);
        if let Some(factor) = self.factor.filter(|_| self.is_sloped(about.tags)) {
            let slopes = self.heights.slopes(about.tags, [self.height_place(from), self.height_place(to)], length_m);
            let multipliers = slopes.multipliers(factor);
            moving_s = [flat_s * multipliers[0], flat_s * multipliers[1]];
            if let Some((slope, metres)) = slopes.steepest().filter(|_| about.tags.incline.is_none()) {
                let is_fine = self.prepared.inputs.ground.is_some_and(|ground| ground.is_fine());
                wheelchair = wheelchair.worst(match slope_passability(slope, metres) {
                    Passability::Ok => Passability::Ok,
                    found if is_fine => found,
                    _ => Passability::Unknown,
                });
            }
        }
        let stands_for = self.stands_for(to.vertex, &effects);
        let is_usual = stands_for == (false, Passability::Ok) && wheelchair == course.wheelchair;
        let attributes = if is_usual {
            self.usual(about, course)
        } else {
            let is_step_free = course.is_step_free && !stands_for.0;
            self.attributes_of(about, course, (is_step_free, wheelchair.worst(stands_for.1)))
        };
        let lifts: f64 = effects.iter().map(|effect| effect.lift_s).sum();
        let waits: f64 = effects.iter().map(|effect| effect.wait_s).sum();
        let delay_s = length_m * delay_per_m + lifts + if course.waits_at_nodes { waits } else { 0.0 };
        let mut run = match run {
            Some(mut run) if run.piece.attributes == attributes => {
                run.piece.bends += 1;
                run
            }
            other => {
                self.close(other, about, course);
                let start = self.vertex(from, about, attributes, course.is_restricted);
                Run {
                    piece: Piece {
                        from: start,
                        to: start,
                        attributes,
                        way: about.way,
                        first_bend: next_place,
                        bends: 0,
                        is_stretch: from.is_on_course,
                        length_m: 0.0,
                        moving_s: [0.0, 0.0],
                        delay_s: 0.0,
                    },
                    reached: from,
                }
            }
        };
        run.reached = to;
        let piece = &mut run.piece;
        piece.is_stretch &= to.is_on_course;
        piece.length_m += length_m;
        piece.moving_s = [piece.moving_s[0] + moving_s[0], piece.moving_s[1] + moving_s[1]];
        piece.delay_s += delay_s;
        if to.vertex == NO_VERTEX {
            return Some(run);
        }
        self.close(Some(run), about, course);
        None
    }

    /// Ends a piece at the place that it has come to.
    fn close(&mut self, run: Option<Run>, about: &Way<'a>, course: &Course) {
        let Some(Run { mut piece, reached }) = run else { return };
        piece.to = self.vertex(reached, about, piece.attributes, course.is_restricted);
        if about.is_across {
            self.pieces.kept.extend([piece.from, piece.to]);
        }
        self.pieces.pieces.push(piece);
    }

    /// The attributes of a piece of a way.
    fn attributes_of(
        &mut self,
        about: &Way<'a>,
        course: &Course,
        (is_step_free, wheelchair): (bool, Passability),
    ) -> u32 {
        let name = self.name(about);
        self.attributes(Attributes {
            class: about.tags.class,
            name,
            seconds_per_metre: course.seconds_per_metre,
            direction: course.direction,
            is_steps: is_steps(about.tags),
            is_step_free,
            wheelchair,
            is_restricted: course.is_restricted,
            crossing: course.crossing,
            crossing_is_assumed: course.crossing_is_assumed,
            is_off_ground: about.tags.bridge || about.tags.tunnel,
            is_across: about.is_across,
            stress: course.stress,
        })
    }

    /// A place as heights know it.
    fn height_place(&self, place: Place) -> (Option<u32>, LonLat) {
        match place.node {
            Some(node) => (Some(node), self.prepared.inputs.records.street_node_positions[node as usize]),
            None => (None, self.prepared.inputs.plane.unproject(place.point)),
        }
    }

    fn effect(&self, vertex: u32) -> NodeEffect {
        let place = self.effects.get(vertex as usize).copied().unwrap_or(NO_EFFECT);
        self.courses.at_vertices.get(place as usize).map_or_else(NodeEffect::default, |(_, effect)| *effect)
    }

    /// Whether the stretch stands for a mark at one of its ends that not everybody passes, and what it means to a
    /// wheelchair: all stretches that leave the mark do, and of those that lead to it all but the first, so that no two
    /// are joined without it.
    fn stands_for(&mut self, to: u32, effects: &[NodeEffect; 2]) -> (bool, Passability) {
        let is_hard =
            |effect: &NodeEffect| effect.passage == NodePassage::NotStepFree || effect.wheelchair != Passability::Ok;
        let of = |effect: &NodeEffect| (effect.passage == NodePassage::NotStepFree, effect.wheelchair);
        let (leaves, leads) = (is_hard(&effects[0]), is_hard(&effects[1]));
        let mut found = if leaves { of(&effects[0]) } else { (false, Passability::Ok) };
        // A stretch that stands for one end may still be the first to lead to the other.
        if leads && !self.approached.insert(to) {
            let other = of(&effects[1]);
            found = (found.0 || other.0, found.1.worst(other.1));
        }
        found
    }

    /// The vertex of a place for one end of a piece.
    fn vertex(&mut self, place: Place, about: &Way<'a>, attributes: u32, is_restricted: bool) -> u32 {
        let vertex = place.vertex;
        if vertex == NO_VERTEX {
            return self.bend(place);
        }
        if self.effect(vertex).passage == NodePassage::Closed {
            return self.double(vertex);
        }
        self.open_vertex(vertex, about, attributes, is_restricted)
    }

    /// A vertex that is not closed, for one end of a piece.
    fn open_vertex(&mut self, vertex: u32, about: &Way<'a>, attributes: u32, is_restricted: bool) -> u32 {
        if let Some(levels) = about.tags.levels
            && let Some(apart) = self.levels.get(&vertex)
            && let Some(&(_, group)) = apart.iter().find(|(known, _)| known.meet(levels))
            && group > 0
        {
            // The lowest group keeps the vertex itself; each other one has a double.
            if let Some(&above) = self.above.get(&(vertex, group)) {
                return above;
            }
            let above = self.double(vertex);
            self.above.insert((vertex, group), above);
            return above;
        }
        if !is_restricted || !self.is_open[vertex as usize] {
            return vertex;
        }
        if let Some(&inside) = self.inside.get(&vertex) {
            return inside;
        }
        let inside = self.double(vertex);
        self.inside.insert(vertex, inside);
        self.pieces.gates.push(Gate { outside: vertex, inside, attributes, way: about.way });
        inside
    }

    /// The vertex of a bend at which a piece ends: the next one begins there.
    fn bend(&mut self, place: Place) -> u32 {
        match self.last_bend {
            Some((node, vertex)) if Some(node) == place.node => vertex,
            _ => {
                let vertex = self.add_point(place.point);
                self.last_bend = place.node.map(|node| (node, vertex));
                vertex
            }
        }
    }

    fn double(&mut self, vertex: u32) -> u32 {
        self.add_point(self.pieces.points[vertex as usize])
    }

    fn add_point(&mut self, point: Coord<f64>) -> u32 {
        self.pieces.points.push(point);
        u32::try_from(self.pieces.points.len() - 1).expect("fewer street nodes than 2^32")
    }

    fn name(&mut self, about: &Way<'a>) -> u32 {
        let next = self.pieces.names.len() as u32;
        *self.names.entry(about.named).or_insert_with(|| {
            self.pieces.names.push(about.name.to_owned());
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
