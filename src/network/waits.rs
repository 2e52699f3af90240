//! Where people wait at crossings: on ways that are crossings, and where a path passes over a carriageway without one.
//!
//! In: streets and marks as they hold now. Out: seconds per crossing way and per vertex, and whether how the crossing is
//! controlled is told or assumed. What the traffic is, and the cycle of signals, is always assumed.

use super::crossings::{CrossingParameters, assumed_veh_per_h, crossing_delay_s};
use super::prepared::{NO_VERTEX, Prepared};
use crate::sources::osm::records::{CrossingKind, Sidewalk, StreetClass, StreetTags};

/// Width of a lane of a carriageway whose width is not told, metres (default).
const LANE_M: f64 = 3.25;
/// Width of a carriageway of which nothing is told, metres (default).
const CARRIAGEWAY_M: f64 = 7.0;

/// A crossing on a way.
#[derive(Clone, Copy, Debug)]
pub(super) struct WayWait {
    pub kind: CrossingKind,
    /// How it is controlled is not told.
    pub is_assumed: bool,
    /// Over the whole way.
    pub seconds: f64,
}

/// Waits of all streets and nodes.
#[derive(Debug, Default)]
pub(super) struct Waits {
    /// Of each street that is a crossing.
    pub of_ways: Vec<Option<WayWait>>,
    /// Seconds at vertices where paths pass over a carriageway, ascending.
    pub at_vertices: Vec<(u32, f64)>,
}

/// Whether people share a class with no vehicles: what of it meets a carriageway crosses it.
pub(super) fn is_path(tags: &StreetTags) -> bool {
    use StreetClass::*;
    matches!(tags.class, Footway | Path | Pedestrian | Cycleway | Bridleway | Steps) && !tags.area
}

/// Finds all waits. `is_open` tells which streets people walk on.
pub(super) fn find_waits(prepared: &Prepared<'_>, is_open: &[bool], parameters: &CrossingParameters) -> Waits {
    let streets = &prepared.inputs.records.streets;
    let carriageways = Carriageways::of(prepared);
    let mut waits = Waits { of_ways: vec![None; streets.len()], at_vertices: Vec::new() };
    // Paths at each vertex of a carriageway: how many stretches meet it, 2 at most, and whether one is the mapped crossing.
    let mut met: Vec<(u8, bool)> = vec![(0, false); prepared.vertex_points.len()];
    for at in (0..streets.len()).filter(|&at| is_open[at]) {
        let tags = prepared.tags(at);
        let refs = prepared.refs(at);
        if let Some((kind, is_assumed)) = crossing_kind(prepared, at) {
            let crossed = prepared.vertices(at).filter_map(|vertex| carriageways.busiest(vertex)).fold(None, busier);
            let length_m = prepared.length_m(at);
            let halved = tags.refuge || refs.iter().any(|&node| prepared.mark_of(node).is_some_and(|m| m.refuge));
            let seconds = wait_s(kind, length_m, halved, crossed, parameters);
            waits.of_ways[at] = Some(WayWait { kind, is_assumed, seconds });
        }
        if !is_path(tags) {
            continue;
        }
        for (vertex, stretches) in stretches_at(prepared, at) {
            if carriageways.passes(vertex) {
                let (all, is_mapped) = met[vertex as usize];
                met[vertex as usize] = ((all + stretches).min(2), is_mapped || tags.crossing.is_some());
            }
        }
    }
    for (vertex, (stretches, is_mapped)) in met.into_iter().enumerate() {
        // A path that ends on a street and goes on along it crosses nothing.
        if is_mapped || stretches < 2 {
            continue;
        }
        let vertex = vertex as u32;
        let mark = prepared.mark_of(prepared.node(vertex));
        let said = mark.and_then(|mark| mark.crossing).filter(|&kind| kind != CrossingKind::Forbidden);
        let kind = said.unwrap_or(CrossingKind::Unknown);
        let halved = mark.is_some_and(|mark| mark.refuge);
        let seconds = wait_s(kind, carriageways.width_m(vertex), halved, carriageways.busiest(vertex), parameters);
        waits.at_vertices.push((vertex, seconds));
    }
    waits
}

/// The vertices on a street, and at each how many stretches of it meet: two, one at its ends.
fn stretches_at(prepared: &Prepared<'_>, street: usize) -> impl Iterator<Item = (u32, u8)> {
    let course = prepared.course_vertices(street);
    let stretches = |place: usize| u8::from(place > 0) + u8::from(place + 1 < course.len());
    let places = course.iter().enumerate().filter(|(_, vertex)| **vertex != NO_VERTEX);
    places.map(move |(place, &vertex)| (vertex, stretches(place)))
}

fn wait_s(
    kind: CrossingKind,
    length_m: f64,
    halved: bool,
    crossed: Option<StreetClass>,
    parameters: &CrossingParameters,
) -> f64 {
    let of = |length_m: f64| crossing_delay_s(kind, length_m, crossed, parameters);
    if halved && kind != CrossingKind::Signals { 2.0 * of(length_m / 2.0) } else { of(length_m) }
}

/// How a crossing way is controlled: signals on one of its nodes count before what the way says, its other nodes where
/// the way says nothing. `None` where the way is no crossing; the nodes of a street that is crossed make it none.
/// Also whether that is assumed.
fn crossing_kind(prepared: &Prepared<'_>, street: usize) -> Option<(CrossingKind, bool)> {
    let said = prepared.tags(street).crossing?;
    if said == CrossingKind::Forbidden {
        return Some((said, false));
    }
    let marked = prepared.refs(street).iter().filter_map(|&node| prepared.mark_of(node)?.crossing);
    // Kinds are ordered from the best controlled on.
    let best = marked.filter(|&kind| kind != CrossingKind::Forbidden).min();
    let kind = match best {
        Some(CrossingKind::Signals) => CrossingKind::Signals,
        Some(best) if said == CrossingKind::Unknown => best,
        _ => said,
    };
    Some((kind, kind == CrossingKind::Unknown))
}

fn busier(a: Option<StreetClass>, b: StreetClass) -> Option<StreetClass> {
    match a {
        Some(a) if assumed_veh_per_h(a) >= assumed_veh_per_h(b) => Some(a),
        _ => Some(b),
    }
}

/// The carriageways at each vertex.
struct Carriageways {
    busiest: Vec<Option<StreetClass>>,
    /// Width in decimetres of the busiest one; how many stretches of carriageway meet, 3 at most.
    about: Vec<(u16, u8)>,
}

impl Carriageways {
    fn of(prepared: &Prepared<'_>) -> Self {
        let count = prepared.vertex_points.len();
        let mut all = Self { busiest: vec![None; count], about: vec![(0, 0); count] };
        for street in 0..prepared.street_count() {
            let tags = prepared.tags(street);
            if assumed_veh_per_h(tags.class) <= 0.0 || tags.area {
                continue;
            }
            let lanes = tags.lanes.map(|lanes| f64::from(lanes) * LANE_M);
            // A width includes sidewalks that are part of the street only where nobody says otherwise.
            let told = tags.width_m.map(f64::from).filter(|_| tags.sidewalk != Some(Sidewalk::Yes));
            let width = (told.or(lanes).unwrap_or(CARRIAGEWAY_M).clamp(2.0, 60.0) * 10.0) as u16;
            for (vertex, stretches) in stretches_at(prepared, street) {
                let vertex = vertex as usize;
                let next = busier(all.busiest[vertex], tags.class);
                if next != all.busiest[vertex] {
                    all.about[vertex].0 = width;
                }
                all.busiest[vertex] = next;
                all.about[vertex].1 = (all.about[vertex].1 + stretches).min(3);
            }
        }
        all
    }

    fn busiest(&self, vertex: u32) -> Option<StreetClass> {
        self.busiest[vertex as usize]
    }

    /// Whether a carriageway goes on at both sides of a vertex.
    fn passes(&self, vertex: u32) -> bool {
        self.about[vertex as usize].1 >= 2
    }

    fn width_m(&self, vertex: u32) -> f64 {
        f64::from(self.about[vertex as usize].0) / 10.0
    }
}
