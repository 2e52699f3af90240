//! Streets that can be reached only over streets without a way through: a square behind a barrier for residents, a
//! platform behind a corridor for customers. Trips begin and end there as they do on those streets: what is enclosed
//! belongs to their zone, so that whoever starts there gets out.
//!
//! In: the courses of a mode. Out: the same, with what is enclosed restricted too.

use super::courses::{Course, Courses};
use super::disjoint_sets::DisjointSets;
use super::prepared::Prepared;
use super::squares::Squares;

/// How many times as large the rest must be, in vertices. What is nearly as large has other ways, which the extract cuts.
const MUCH_LARGER: u32 = 4;

/// Restricts open streets and areas that no open way joins to the rest. Of what hangs together over restricted streets, the
/// part with the most vertices is the rest.
pub(super) fn restrict_enclosed(prepared: &Prepared<'_>, courses: &mut Courses, squares: &Squares) {
    let is_restricted = |course: &Option<Course>| course.is_some_and(|course| course.is_restricted);
    if !courses.of_streets.iter().any(is_restricted) {
        return;
    }
    let count = prepared.vertex_points.len() + squares.points.len();
    let mut open = DisjointSets::new(count);
    let mut is_used = vec![false; count];
    each_join(prepared, (courses, squares), false, |from, to| {
        open.join(from, to);
        (is_used[from as usize], is_used[to as usize]) = (true, true);
    });
    let mut all = open.clone();
    each_join(prepared, (courses, squares), true, |from, to| all.join(from, to));
    let mut sizes = vec![0_u32; count];
    for vertex in (0..count as u32).filter(|&vertex| is_used[vertex as usize]) {
        sizes[open.least(vertex) as usize] += 1;
    }
    // The largest open part of all that hangs together; of equal ones the first.
    let mut largest = vec![(0, 0); count];
    for part in (0..count as u32).filter(|&part| sizes[part as usize] > 0) {
        let known = &mut largest[all.least(part) as usize];
        if sizes[part as usize] > known.0 {
            *known = (sizes[part as usize], part);
        }
    }
    let mut is_enclosed = |vertex: u32| {
        let (own, (largest, part)) = (open.least(vertex), largest[all.least(vertex) as usize]);
        own != part && sizes[own as usize].saturating_mul(MUCH_LARGER) <= largest
    };
    for (at, course) in courses.of_streets.iter_mut().enumerate() {
        if let (Some(course), Some(first)) = (course, prepared.vertices(at).next()) {
            course.is_restricted = course.is_restricted || is_enclosed(first);
        }
    }
    for (crossing, course) in squares.crossings.iter().zip(&mut courses.of_areas) {
        if let (Some(course), Some(&(first, _))) = (course, crossing.first()) {
            course.is_restricted = course.is_restricted || is_enclosed(first);
        }
    }
}

/// Calls with any two vertices that a course joins, of those that are restricted, or of all others.
fn each_join(
    prepared: &Prepared<'_>,
    (courses, squares): (&Courses, &Squares),
    restricted: bool,
    mut call: impl FnMut(u32, u32),
) {
    let is_asked = |course: &Option<Course>| course.is_some_and(|course| course.is_restricted == restricted);
    for (at, _) in courses.of_streets.iter().enumerate().filter(|(_, course)| is_asked(course)) {
        let mut vertices = prepared.vertices(at);
        let Some(first) = vertices.next() else { continue };
        vertices.for_each(|vertex| call(first, vertex));
        squares.inserted_into(at).iter().for_each(|&(_, _, vertex)| call(first, vertex));
    }
    for (crossing, _) in squares.crossings.iter().zip(&courses.of_areas).filter(|(_, course)| is_asked(course)) {
        crossing.iter().for_each(|&(from, to)| call(from, to));
    }
}
