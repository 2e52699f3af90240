//! Areas of the study on the metric plane, indexed so that a point finds the district it lies in.

use geo::{Area, BoundingRect, Contains, Coord, MultiPolygon, Point};
use rstar::{AABB, RTree, RTreeObject};

use crate::base::ids::{DistrictId, Id};

struct AreaBox {
    district: DistrictId,
    envelope: AABB<[f64; 2]>,
}

impl RTreeObject for AreaBox {
    type Envelope = AABB<[f64; 2]>;
    fn envelope(&self) -> Self::Envelope {
        self.envelope
    }
}

/// District areas in metres, with an R-tree over their boxes.
pub struct AreaIndex {
    areas: Vec<MultiPolygon<f64>>,
    boxes: RTree<AreaBox>,
}

impl AreaIndex {
    /// An index over these areas; the first has district id 0. Empty areas are never found.
    pub fn new(areas: Vec<MultiPolygon<f64>>) -> Self {
        let boxes = areas
            .iter()
            .enumerate()
            .filter_map(|(index, area)| {
                let rect = area.bounding_rect()?;
                let envelope = AABB::from_corners([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]);
                Some(AreaBox { district: DistrictId::from_index(index), envelope })
            })
            .collect();
        Self { areas, boxes: RTree::bulk_load(boxes) }
    }

    /// How many areas there are.
    pub fn len(&self) -> usize {
        self.areas.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// The area of a district.
    pub fn area(&self, district: DistrictId) -> &MultiPolygon<f64> {
        &self.areas[district.index()]
    }

    /// Size of a district in square metres.
    pub fn size_m2(&self, district: DistrictId) -> f64 {
        self.areas[district.index()].unsigned_area()
    }

    /// The district a point lies in; where districts overlap, the one with the lowest id.
    pub fn find_area(&self, point: Coord<f64>) -> Option<DistrictId> {
        self.boxes
            .locate_in_envelope_intersecting(&AABB::from_point([point.x, point.y]))
            .map(|found| found.district)
            .filter(|district| self.areas[district.index()].contains(&Point(point)))
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Rect, coord};

    fn square(west: f64, east: f64) -> MultiPolygon<f64> {
        MultiPolygon(vec![Rect::new(coord! { x: west, y: 0.0 }, coord! { x: east, y: 10.0 }).to_polygon()])
    }

    #[test]
    fn overlapping_districts_give_the_first() {
        let index = AreaIndex::new(vec![square(0.0, 10.0), square(8.0, 20.0), MultiPolygon(vec![])]);
        assert_eq!(index.find_area(coord! { x: 9.0, y: 5.0 }), Some(DistrictId(0)));
        assert_eq!(index.find_area(coord! { x: 12.0, y: 5.0 }), Some(DistrictId(1)));
        assert_eq!(index.find_area(coord! { x: 99.0, y: 5.0 }), None);
        assert_eq!(index.size_m2(DistrictId(1)), 120.0);
    }
}
