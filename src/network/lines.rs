//! The lines of segments: stretches of the courses of streets, which the graphs of all modes share, and points of their
//! own where a segment is no such stretch.
//!
//! In: the course of all streets, one segment after the other. Out: [`Lines`]. Knows no street and no mode.

use std::ops::Range;
use std::sync::Arc;

use geo::{Coord, Rect};

use crate::base::geometry::bounds_of;
use crate::base::ids::{Column, LinePointId, SegmentId};

/// The line of each segment.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    courses: Arc<Vec<Coord<f64>>>,
    own: Column<LinePointId, Coord<f64>>,
    /// Of each segment the first point and how many there are. Points are numbered through `courses` and on through
    /// `own`; no line lies in both.
    of_segments: Column<SegmentId, [u32; 2]>,
}

impl Lines {
    /// Bytes that tell which points are whose.
    pub fn column_bytes(&self) -> usize {
        self.of_segments.len() * size_of::<[u32; 2]>()
    }

    /// Room for the lines of so many segments over the courses of streets.
    pub fn over(courses: &Arc<Vec<Coord<f64>>>, segments: usize) -> Self {
        let of_segments = Column::new(Vec::with_capacity(segments));
        Self { courses: Arc::clone(courses), own: Column::new(Vec::new()), of_segments }
    }

    /// Lines of points of their own alone, as a snapshot holds them; `None` unless they lie one after the other, each with
    /// two points at least, and nothing beside them.
    pub fn of_own(own: Column<LinePointId, Coord<f64>>, of_segments: Column<SegmentId, [u32; 2]>) -> Option<Self> {
        let mut next = 0_u64;
        let follows = |&[first, count]: &[u32; 2]| {
            let follows = count >= 2 && u64::from(first) == next;
            next += u64::from(count);
            follows
        };
        let all_follow = of_segments.values().iter().all(follows) && next == own.len() as u64;
        all_follow.then(|| Self { courses: Arc::default(), own, of_segments })
    }

    /// The next segment goes along a stretch of the courses.
    pub fn push_stretch(&mut self, places: Range<u32>) {
        self.of_segments.push([places.start, places.end - places.start]);
    }

    /// The next segment has points of its own.
    pub fn push_own(&mut self, points: impl IntoIterator<Item = Coord<f64>>) {
        let first = self.own.len();
        points.into_iter().for_each(|point| {
            self.own.push(point);
        });
        let number = |count: usize| u32::try_from(count).expect("fewer line points than 2^32");
        self.of_segments.push([number(self.courses.len() + first), number(self.own.len() - first)]);
    }

    /// How many segments have a line.
    pub fn count(&self) -> usize {
        self.of_segments.len()
    }

    /// The points of a segment's line.
    pub fn line(&self, segment: SegmentId) -> &[Coord<f64>] {
        let [first, count] = self.of_segments[segment];
        let (points, first) = self.points_from(first);
        &points[first..first + count as usize]
    }

    /// The number of the first point of a segment's line; those of the others follow.
    pub fn first_point(&self, segment: SegmentId) -> u32 {
        self.of_segments[segment][0]
    }

    /// A point of a line by its number, and the next one of that line.
    pub fn pair(&self, number: u32) -> (Coord<f64>, Coord<f64>) {
        let (points, first) = self.points_from(number);
        (points[first], points[first + 1])
    }

    /// Where a point lies.
    fn points_from(&self, number: u32) -> (&[Coord<f64>], usize) {
        match (number as usize).checked_sub(self.courses.len()) {
            Some(first) => (self.own.values(), first),
            None => (&self.courses, number as usize),
        }
    }

    /// The rectangle around all lines; `None` without any.
    pub fn bounds(&self) -> Option<Rect<f64>> {
        bounds_of(self.of_segments.ids().flat_map(|segment| self.line(segment)).copied())
    }

    /// The same lines with nothing but points of their own: the columns of [`Self::of_own`].
    pub fn to_own(&self) -> (Column<LinePointId, Coord<f64>>, Column<SegmentId, [u32; 2]>) {
        let mut all = Self::over(&Arc::default(), self.count());
        for segment in self.of_segments.ids() {
            all.push_own(self.line(segment).iter().copied());
        }
        (all.own, all.of_segments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::Id;

    fn points(places: Range<i32>) -> Vec<Coord<f64>> {
        places.map(|x| Coord { x: f64::from(x), y: 0.5 }).collect()
    }

    #[test]
    fn lines_of_both_kinds_are_told_alike() {
        let mut lines = Lines::over(&Arc::new(points(0..10)), 3);
        lines.push_stretch(2..5);
        lines.push_own(points(20..22));
        lines.push_stretch(8..10);
        let (own, of_segments) = lines.to_own();
        let copied = Lines::of_own(own, of_segments).expect("whole");
        for lines in [&lines, &copied] {
            assert_eq!(lines.count(), 3);
            for (segment, expected) in [points(2..5), points(20..22), points(8..10)].iter().enumerate() {
                let segment = SegmentId::from_index(segment);
                assert_eq!(lines.line(segment), expected);
                assert_eq!(lines.pair(lines.first_point(segment)), (expected[0], expected[1]));
            }
            let bounds = lines.bounds().expect("there are points");
            assert_eq!((bounds.min().x, bounds.max().x), (2.0, 21.0));
        }
    }

    #[test]
    fn lines_that_do_not_follow_each_other_are_none() {
        let lines = |rows: &[[u32; 2]]| Lines::of_own(Column::new(points(0..4)), Column::new(rows.to_vec()));
        assert!(lines(&[[0, 4]]).is_some() && lines(&[[0, 2], [2, 2]]).is_some());
        let long = u32::MAX - 1;
        for broken in [
            &[][..],
            &[[0, 5]],
            &[[0, 3]],
            &[[0, 1], [1, 3]],
            &[[0, 4], [0, 4]],
            &[[2, 2], [0, 2]],
            &[[0, 0], [0, 4]],
            &[[0, long], [long, 6]],
        ] {
            assert!(lines(broken).is_none(), "{broken:?}");
        }
    }
}
