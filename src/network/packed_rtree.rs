//! A packed static R-tree: flat columns, built once, only read.
//!
//! In: the boxes of items on the metric plane. Out: the numbers of the items near a point or inside a box. The items are
//! sorted along a Hilbert curve, sixteen share a box, sixteen of these the next, and so on up; children are found by
//! counting, so that there are no pointers and the columns can be written to a file as they are. Knows no street:
//! the exact distance of an item is asked of the caller.
//!
//! # References
//! Kamel, Faloutsos (1993), On packing R-trees, CIKM '93, doi:10.1145/170088.170403.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use geo::{Coord, Rect};
use rayon::prelude::*;

use super::hilbert_curve::HilbertCurve;
use crate::base::geometry::bounds_of;

/// How many boxes share the box above them.
const FAN_OUT: usize = 16;
/// Metres by which a box is wider than its item: more than the rounding of any distance on the plane.
const MARGIN_M: f64 = 1e-6;

/// A box in single precision, never smaller than what it holds: west, south, east, north in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
struct WideBox([f32; 4]);

impl WideBox {
    const EMPTY: Self = Self([f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY]);

    fn around(area: Rect<f64>) -> Self {
        let below = |value: f64| {
            let near = (value - MARGIN_M) as f32;
            if f64::from(near) > value - MARGIN_M { near.next_down() } else { near }
        };
        let above = |value: f64| -below(-value);
        let (low, high) = (area.min(), area.max());
        Self([below(low.x), below(low.y), above(high.x), above(high.y)])
    }

    fn joined(self, other: Self) -> Self {
        let ([west, south, east, north], [w, s, e, n]) = (self.0, other.0);
        Self([west.min(w), south.min(s), east.max(e), north.max(n)])
    }

    /// The square of a distance that no place inside is nearer than.
    fn distance_2(&self, point: Coord<f64>) -> f64 {
        let [west, south, east, north] = self.0.map(f64::from);
        let beside = (west - point.x).max(point.x - east).max(0.0);
        let above = (south - point.y).max(point.y - north).max(0.0);
        beside * beside + above * above
    }

    fn meets(&self, other: &Self) -> bool {
        let ([west, south, east, north], [w, s, e, n]) = (self.0, other.0);
        west <= e && w <= east && south <= n && s <= north
    }
}

/// An R-tree over items that are known by their number.
#[derive(Debug)]
pub struct PackedRTree {
    /// The number of each item, in the order of the curve.
    items: Vec<u32>,
    /// The boxes of the items in that order, then those of each level above, up to the one around all.
    boxes: Vec<WideBox>,
    /// Where each level of the boxes begins, and the end.
    levels: Vec<u32>,
}

impl PackedRTree {
    /// The tree over these boxes; an item is the place of its box in the list. Boxes must be finite.
    pub fn new(areas: &[Rect<f64>]) -> Self {
        let curve = HilbertCurve::over(bounds_of(areas.iter().map(|area| area.center())));
        let key = |(item, area): (usize, &Rect<f64>)| (u64::from(curve.position(area.center())) << 32) | item as u64;
        let mut keys: Vec<u64> = areas.par_iter().enumerate().with_min_len(4096).map(key).collect();
        keys.par_sort_unstable();
        let items: Vec<u32> = keys.into_iter().map(|key| key as u32).collect();
        let wide = |&item: &u32| WideBox::around(areas[item as usize]);
        let mut boxes: Vec<WideBox> = items.par_iter().with_min_len(4096).map(wide).collect();
        let mut levels = vec![0, boxes.len() as u32];
        let mut below = 0;
        while boxes.len() - below > 1 {
            let end = boxes.len();
            for first in (below..end).step_by(FAN_OUT) {
                let children = &boxes[first..end.min(first + FAN_OUT)];
                boxes.push(children.iter().fold(WideBox::EMPTY, |all, &child| all.joined(child)));
            }
            below = end;
            levels.push(boxes.len() as u32);
        }
        Self { items, boxes, levels }
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The items whose squared distance to a point is at most `within_2`, nearest first, equally near ones by their
    /// number. `distance_2` tells the squared distance of an item, which must lie in its box.
    pub fn nearest<F: Fn(u32) -> f64>(&self, point: Coord<f64>, within_2: f64, distance_2: F) -> Nearest<'_, F> {
        let mut nearest = Nearest { tree: self, point, within_2, distance_2, queue: BinaryHeap::new() };
        let root = (self.boxes.len() as u32).checked_sub(1);
        nearest.queue.extend(root.map(|root| Reverse(Waiting::for_box(0.0, root))));
        nearest
    }

    /// The nearest item whose squared distance to a point is at most `within_2`, and that distance; of equally near ones
    /// the lowest number. `distance_2` is as for [`Self::nearest`], and `None` for an item that does not count.
    pub fn find_nearest(
        &self,
        point: Coord<f64>,
        within_2: f64,
        distance_2: impl Fn(u32) -> Option<f64>,
    ) -> Option<(u32, f64)> {
        let mut best: Option<(f64, u32)> = None;
        let mut within_2 = within_2;
        let mut queue = BinaryHeap::new();
        queue.extend((self.boxes.len() as u32).checked_sub(1).map(|root| Reverse(Waiting::for_box(0.0, root))));
        while let Some(Reverse(waiting)) = queue.pop() {
            let What::Box(at) = waiting.what else { continue };
            if waiting.distance_2 > within_2 {
                break;
            }
            let children = self.children(at).unwrap_or(at..at + 1);
            let hold_items = children.start < self.levels[1];
            for child in children {
                let least_2 = self.boxes[child as usize].distance_2(point);
                if least_2 > within_2 {
                    continue;
                }
                if !hold_items {
                    queue.push(Reverse(Waiting::for_box(least_2, child)));
                    continue;
                }
                let item = self.items[child as usize];
                let Some(found_2) = distance_2(item).filter(|&found_2| found_2 <= within_2) else { continue };
                if best.is_none_or(|best| (found_2, item) < best) {
                    best = Some((found_2, item));
                    within_2 = found_2;
                }
            }
        }
        best.map(|(found_2, item)| (item, found_2))
    }

    /// The items whose box may meet an area, in no order that means anything. None that meets it is left out; some that
    /// lie beside it by less than the precision of the boxes may be among them.
    pub fn within(&self, area: Rect<f64>) -> impl Iterator<Item = u32> {
        let area = WideBox::around(area);
        let mut waiting: Vec<u32> = (self.boxes.len() as u32).checked_sub(1).into_iter().collect();
        std::iter::from_fn(move || {
            while let Some(at) = waiting.pop() {
                if !self.boxes[at as usize].meets(&area) {
                    continue;
                }
                match self.children(at) {
                    Some(children) => waiting.extend(children.rev()),
                    None => return Some(self.items[at as usize]),
                }
            }
            None
        })
    }

    /// The boxes in a box; `None` for the box of an item.
    fn children(&self, at: u32) -> Option<std::ops::Range<u32>> {
        let level = self.levels.partition_point(|&start| start <= at) - 1;
        let below = level.checked_sub(1)?;
        let first = self.levels[below] + (at - self.levels[level]) * FAN_OUT as u32;
        Some(first..self.levels[level].min(first + FAN_OUT as u32))
    }
}

/// Items near a point, nearest first.
pub struct Nearest<'a, F> {
    tree: &'a PackedRTree,
    point: Coord<f64>,
    within_2: f64,
    distance_2: F,
    queue: BinaryHeap<Reverse<Waiting>>,
}

/// A box still to be opened, or an item still to be told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Box(u32),
    Item(u32),
}

/// What waits, and the square of a distance that it is not nearer than. Boxes come before items that are as near, so
/// that all of these are known before the first is told.
#[derive(Clone, Copy)]
struct Waiting {
    distance_2: f64,
    what: What,
}

impl Waiting {
    fn for_box(distance_2: f64, at: u32) -> Self {
        Self { distance_2, what: What::Box(at) }
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        self.distance_2.total_cmp(&other.distance_2).then(self.what.cmp(&other.what))
    }
}

impl<F: Fn(u32) -> f64> Iterator for Nearest<'_, F> {
    type Item = (u32, f64);

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(Reverse(Waiting { distance_2, what })) = self.queue.pop() {
            match what {
                What::Item(item) => return Some((item, distance_2)),
                What::Box(at) => self.open(at),
            }
        }
        None
    }
}

impl<F: Fn(u32) -> f64> Nearest<'_, F> {
    fn open(&mut self, at: u32) {
        let Some(children) = self.tree.children(at) else { return self.weigh(at) };
        let hold_items = children.start < self.tree.levels[1];
        for child in children {
            let distance_2 = self.tree.boxes[child as usize].distance_2(self.point);
            if distance_2 > self.within_2 {
                continue;
            }
            if hold_items {
                self.weigh(child);
            } else {
                self.queue.push(Reverse(Waiting::for_box(distance_2, child)));
            }
        }
    }

    fn weigh(&mut self, at: u32) {
        let item = self.tree.items[at as usize];
        let distance_2 = (self.distance_2)(item);
        if distance_2 <= self.within_2 {
            self.queue.push(Reverse(Waiting { distance_2, what: What::Item(item) }));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstar::primitives::{GeomWithData, Rectangle};
    use rstar::{AABB, RTree};

    use super::*;

    fn area(x: f64, y: f64, width: f64, height: f64) -> Rect<f64> {
        Rect::new(Coord { x, y }, Coord { x: x + width, y: y + height })
    }

    fn distance_2(area: &Rect<f64>, point: Coord<f64>) -> f64 {
        let beside = (area.min().x - point.x).max(point.x - area.max().x).max(0.0);
        let above = (area.min().y - point.y).max(point.y - area.max().y).max(0.0);
        beside * beside + above * above
    }

    fn nearest(areas: &[Rect<f64>], point: Coord<f64>, within_m: f64) -> Vec<(u32, f64)> {
        let of = |item: u32| distance_2(&areas[item as usize], point);
        PackedRTree::new(areas).nearest(point, within_m * within_m, of).collect()
    }

    /// A row of unit squares at 0, 10, 20, …: from (12, 0) they lie 1, 2, 8, 11 … m off; two more at the same place.
    #[test]
    fn items_come_by_distance_and_ties_by_number() {
        let mut areas: Vec<Rect<f64>> = (0..100).map(|i| area(f64::from(i) * 10.0, 0.0, 1.0, 1.0)).collect();
        areas.extend([area(10.0, 0.0, 1.0, 1.0); 2]);
        let found = nearest(&areas, Coord { x: 12.0, y: 0.0 }, 11.0);
        assert_eq!(found, [(1, 1.0), (100, 1.0), (101, 1.0), (2, 64.0), (0, 121.0)]);
    }

    #[test]
    fn small_trees_have_all_their_items() {
        assert!(nearest(&[], Coord { x: 0.0, y: 0.0 }, f64::INFINITY).is_empty());
        for count in [1, 2, 15, 16, 17, 255, 256, 257, 4097] {
            let areas: Vec<Rect<f64>> =
                (0..count).map(|i| area(f64::from(i % 7), f64::from(i % 11), 0.0, 0.0)).collect();
            let tree = PackedRTree::new(&areas);
            assert_eq!(tree.len(), count as usize);
            let mut all: Vec<u32> = tree.within(area(-1.0, -1.0, 20.0, 20.0)).collect();
            all.sort_unstable();
            assert_eq!(all, (0..count as u32).collect::<Vec<u32>>());
            assert_eq!(nearest(&areas, Coord { x: 3.0, y: 3.0 }, f64::INFINITY).len(), count as usize);
        }
    }

    #[test]
    fn boxes_are_never_smaller_than_what_they_hold() {
        for value in [0.0, 1.0, -1.0, 0.1, 1e7, -1e7 / 3.0, 16_777_217.0, 1e39, -1e39] {
            let [west, south, east, north] = WideBox::around(area(value, value, 0.0, 0.0)).0.map(f64::from);
            assert!(west < value && south < value && value < east && value < north, "{value}");
        }
    }

    proptest! {
        /// Against rstar: the same items in a box, give or take the precision of the boxes, and the same distances.
        #[test]
        fn an_rstar_tree_finds_the_same(
            corners in proptest::collection::vec((-500.0..500.0, -500.0..500.0, 0.0..40.0, 0.0..40.0), 0..300),
            point in (-600.0..600.0, -600.0..600.0),
            reach in 0.0..400.0,
        ) {
            let areas: Vec<Rect<f64>> = corners.iter().map(|&(x, y, w, h): &(f64, f64, f64, f64)| area(x, y, w, h)).collect();
            let boxes = |(item, area): (usize, &Rect<f64>)| {
                let (low, high): ((f64, f64), (f64, f64)) = (area.min().x_y(), area.max().x_y());
                GeomWithData::new(Rectangle::from_corners([low.0, low.1], [high.0, high.1]), item as u32)
            };
            let other = RTree::bulk_load(areas.iter().enumerate().map(boxes).collect());
            let point = Coord { x: point.0, y: point.1 };

            let found = nearest(&areas, point, reach);
            let mut expected: Vec<(u32, f64)> = other
                .nearest_neighbor_iter_with_distance_2(&[point.x, point.y])
                .map(|(found, squared)| (found.data, squared))
                .take_while(|(_, squared)| *squared <= reach * reach)
                .collect();
            expected.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
            prop_assert_eq!(&found, &expected);
            for accepts in [|_: u32| true, |item: u32| item.is_multiple_of(3)] {
                let of = |item: u32| accepts(item).then(|| distance_2(&areas[item as usize], point));
                let first = expected.iter().find(|(item, _)| accepts(*item)).copied();
                prop_assert_eq!(PackedRTree::new(&areas).find_nearest(point, reach * reach, of), first);
            }

            let asked = area(point.x, point.y, reach, reach / 2.0);
            let (low, high) = (asked.min(), asked.max());
            let tree = PackedRTree::new(&areas);
            let mut inside: Vec<u32> = tree.within(asked).collect();
            inside.sort_unstable();
            let meeting = AABB::from_corners([low.x, low.y], [high.x, high.y]);
            for item in other.locate_in_envelope_intersecting(&meeting) {
                prop_assert!(inside.binary_search(&item.data).is_ok());
            }
            let wider = AABB::from_corners([low.x - 0.001, low.y - 0.001], [high.x + 0.001, high.y + 0.001]);
            prop_assert!(inside.len() <= other.locate_in_envelope_intersecting(&wider).count());
        }
    }
}
