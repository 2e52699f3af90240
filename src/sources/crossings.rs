//! Whether the rings of an area cross, asked within bounds.
//!
//! In: rings. Out: none, some, or so many that nobody drew them. An area of a few thousand corners can have millions of
//! crossings, and every step that cuts areas takes as long as there are crossings. Knows no feature and no file.

use geo::algorithm::line_intersection::{LineIntersection, line_intersection};
use geo::{Line, LineString};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// Most crossings of a ring that somebody drew: borders that were digitised badly have dozens.
const MOST_CROSSINGS: usize = 10_000;
/// Pairs of segments with overlapping boxes that are compared for any area, and for each of its segments beyond that. A
/// segment of a real border meets the boxes of its two neighbours and hardly any other.
const PAIRS_ALWAYS: usize = 200_000;
const PAIRS_PER_SEGMENT: usize = 100;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Crossings {
    /// No ring crosses itself.
    None,
    /// A ring crosses itself.
    Some,
    /// There are more crossings, or more segments at one place, than in anything that was drawn.
    Tangled,
}

/// Looks for proper crossings: of a ring with itself, and for [`Crossings::Tangled`] of any rings of the area.
pub(crate) fn find_crossings<'a>(rings: impl Iterator<Item = &'a LineString<f64>>) -> Crossings {
    let lines: Vec<(usize, Line<f64>)> =
        rings.enumerate().flat_map(|(number, ring)| ring.lines().map(move |line| (number, line))).collect();
    let boxes: Vec<_> = (0..).zip(&lines).map(|(index, (_, line))| GeomWithData::new(box_of(line), index)).collect();
    let tree = RTree::bulk_load(boxes);
    let mut pairs_left = PAIRS_ALWAYS + PAIRS_PER_SEGMENT * lines.len();
    let (mut crossings, mut of_one_ring) = (0, false);
    for (index, (ring, line)) in lines.iter().enumerate() {
        let envelope = AABB::from_corners(box_of(line).lower(), box_of(line).upper());
        for other in tree.locate_in_envelope_intersecting(&envelope) {
            pairs_left = pairs_left.saturating_sub(1);
            if pairs_left == 0 {
                return Crossings::Tangled;
            }
            let (other_ring, other_line) = lines[other.data];
            if other.data <= index {
                continue;
            }
            if let Some(LineIntersection::SinglePoint { is_proper: true, .. }) = line_intersection(*line, other_line) {
                crossings += 1;
                of_one_ring |= *ring == other_ring;
                if crossings > MOST_CROSSINGS {
                    return Crossings::Tangled;
                }
            }
        }
    }
    if of_one_ring { Crossings::Some } else { Crossings::None }
}

fn box_of(line: &Line<f64>) -> Rectangle<[f64; 2]> {
    Rectangle::from_corners([line.start.x, line.start.y], [line.end.x, line.end.y])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ring through `count` points of a circle, every `step`-th next.
    fn star(count: usize, step: usize) -> LineString<f64> {
        let corner = |i: usize| (i * step % count) as f64 / count as f64 * std::f64::consts::TAU;
        (0..=count).map(|i| (corner(i).cos(), corner(i).sin())).collect::<Vec<_>>().into()
    }

    #[test]
    fn crossings_are_told_from_touching_and_from_tangles() {
        let of = |rings: &[LineString<f64>]| find_crossings(rings.iter());
        assert_eq!(of(&[star(2000, 1)]), Crossings::None);
        // The chords of {n/k} cross n (k - 1) times: 5 in a pentagram, 101 * 49 = 4949, and 1001 * 499, too many.
        assert_eq!(of(&[star(5, 2)]), Crossings::Some);
        assert_eq!(of(&[star(101, 50)]), Crossings::Some);
        assert_eq!(of(&[star(1001, 500)]), Crossings::Tangled);
        let touching = vec![(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (1.0, 0.0), (0.0, 2.0), (0.0, 0.0)];
        assert_eq!(of(&[touching.into()]), Crossings::None);
        assert_eq!(of(&[]), Crossings::None);
    }

    #[test]
    fn rings_that_cross_each_other_tangle_only_in_masses() {
        let teeth = |count: usize, turned: bool| -> LineString<f64> {
            let high = count as f64;
            let corners = (0..count).map(|i| (i as f64 + 0.5, if i % 2 == 0 { 0.0 } else { high }));
            let all = corners.chain([(high, -1.0), (0.0, -1.0), (0.5, 0.0)]);
            all.map(|(x, y)| if turned { (y, x) } else { (x, y) }).collect::<Vec<_>>().into()
        };
        assert_eq!(find_crossings([teeth(20, false), teeth(20, true)].iter()), Crossings::None);
        assert_eq!(find_crossings([teeth(400, false), teeth(400, true)].iter()), Crossings::Tangled);
    }
}
