//! Squares and pedestrian areas, crossed in a straight line between their entrances.
//!
//! In: prepared records, the courses of those on foot. Out: [`Squares`]: places where streets meet an outline without
//! sharing a node with it, and the pairs of vertices of each area that see each other over it. An area whose entrances
//! are too many for all pairs is crossed over a mesh. Holes and walls inside are walked around.

mod joins;
mod mesh;
mod visibility;

use geo::Coord;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use self::joins::{Joins, LONGEST_M};
use self::visibility::Ground;
use super::courses::{Course, Courses};
use super::prepared::{Prepared, STREETS};
use crate::base::geometry::distance_m;
use crate::base::notice::{Notice, Notices};
use crate::sources::osm::records::WalkArea;

/// Corners of rings and ends of walls above which an area is crossed over a mesh, whatever its entrances.
const MOST_CORNERS: usize = 160;

/// What squares add to the streets.
#[derive(Debug, Default)]
pub(super) struct Squares {
    /// Places on outlines and of meshes: vertices that follow those of the streets.
    pub points: Vec<Coord<f64>>,
    /// Of each area the pairs of vertices between which it is crossed.
    pub crossings: Vec<Vec<(u32, u32)>>,
    /// Places put into streets: the stretch, the share of it, the vertex, in ascending order.
    inserted: FxHashMap<u32, Vec<(u32, f64, u32)>>,
    walled: FxHashSet<(u32, u32)>,
}

impl Squares {
    /// The places put into a street.
    pub fn inserted_into(&self, street: usize) -> &[(u32, f64, u32)] {
        if self.inserted.is_empty() {
            return &[];
        }
        self.inserted.get(&(street as u32)).map_or(&[], Vec::as_slice)
    }

    /// Whether a wall crosses a stretch of a street that is the outline of a square.
    pub fn is_walled(&self, street: usize, stretch: usize) -> bool {
        !self.walled.is_empty() && self.walled.contains(&(street as u32, stretch as u32))
    }
}

/// Finds how each open area is crossed.
pub(super) fn find_squares(
    prepared: &Prepared<'_>,
    courses: &Courses,
    most_entrances: usize,
    notices: &mut Notices,
) -> Squares {
    let records = prepared.inputs.records;
    if records.walk_areas.is_empty() {
        return Squares::default();
    }
    let rings_of = |area: &WalkArea| -> Option<Vec<Vec<Coord<f64>>>> {
        let ring = |nodes: &Vec<u32>| {
            let points: Vec<Coord<f64>> = nodes.iter().map(|&node| prepared.meeting_point(node)).collect();
            points.iter().all(|point| point.x.is_finite() && point.y.is_finite()).then_some(points)
        };
        area.outer_rings.iter().chain(&area.inner_rings).map(ring).collect()
    };
    let open = |(area, course): (&WalkArea, &Option<Course>)| course.and_then(|_| rings_of(area));
    let mut rings: Vec<Option<Vec<Vec<Coord<f64>>>>> =
        records.walk_areas.iter().zip(&courses.of_areas).map(open).collect();
    for (area, rings) in records.walk_areas.iter().zip(&mut rings) {
        if rings.as_ref().is_some_and(|rings| rings.iter().any(|ring| longest_edge_m(ring) > LONGEST_M)) {
            *rings = None;
            let notice = Notice::warning("square_too_large", STREETS, format!("has an edge longer than {LONGEST_M} m"));
            notices.push(notice.at_element(area.element.to_string()).action("not crossed"));
        }
    }
    let mut joins = Joins::find(prepared, courses, &rings);
    if joins.joined > 0 {
        let problem = format!("{} streets meet the outline of a square without a node in common", joins.joined);
        notices.push(Notice::note("square_joined", STREETS, problem).action("joined there"));
    }
    let walls = visibility::walls_near(records, prepared.inputs.plane, &rings);
    joins.wall_off(prepared, &walls);
    let base = records.street_node_ids.len();
    let cross = |at: usize| -> Crossed {
        let Some(rings) = &rings[at] else { return Default::default() };
        let entrances = joins.entrances(at);
        if entrances.len() < 2 {
            return Default::default();
        }
        let ground = Ground::new(rings, &walls[at]);
        let area = &records.walk_areas[at];
        let nodes: Vec<u32> = area.outer_rings.iter().chain(&area.inner_rings).flatten().copied().collect();
        let corners = ground.corners(&nodes);
        if entrances.len() > most_entrances || entrances.len() + corners.len() > MOST_CORNERS {
            mesh::cross(rings, &ground, &nodes, entrances)
        } else {
            ground.cross(entrances, &corners)
        }
    };
    let crossed: Vec<Crossed> = (0..rings.len()).into_par_iter().map(cross).collect();
    let (mut points, mut inserted) = (joins.points, joins.inserted);
    // What went by its node, or by a number after all nodes, is a vertex from here on.
    let vertex = |number: u32| match (number as usize).checked_sub(base) {
        None => prepared.vertex(number),
        Some(added) => (prepared.vertex_points.len() + added) as u32,
    };
    for (_, _, number) in inserted.values_mut().flatten() {
        *number = vertex(*number);
    }
    let mut crossings = Vec::with_capacity(crossed.len());
    for (pairs, own) in crossed {
        // Places that an area adds are numbered from the top until all areas are known.
        let first = (base + points.len()) as u32;
        let number = |place: u32| if place >= NEW_VERTEX { place - NEW_VERTEX + first } else { place };
        crossings.push(pairs.into_iter().map(|(a, b)| (vertex(number(a)), vertex(number(b)))).collect());
        points.extend(own);
    }
    Squares { points, crossings, inserted, walled: joins.walled }
}

fn longest_edge_m(ring: &[Coord<f64>]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(&a, &b)| distance_m(a, b)).fold(0.0, f64::max)
}

/// The pairs of vertices between which an area is crossed, and the points of new ones among them.
type Crossed = (Vec<(u32, u32)>, Vec<Coord<f64>>);

/// Vertices from this number on are new ones of an area: the first, the second …
const NEW_VERTEX: u32 = 1 << 31;
