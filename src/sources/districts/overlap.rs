//! Districts that claim the same ground.

use geo::{Area, BoundingRect};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::DistrictRecord;
use crate::base::notice::{Notice, Notices};
use crate::base::overlay::intersection;

/// Overlaps below this share of the smaller district come from simplified borders: counted, not listed.
const HAIRLINE_SHARE: f64 = 0.001;

/// One notice per pair of districts that overlap, and one for all hairline overlaps together.
pub(super) fn tell_of_overlaps(file: &str, districts: &[DistrictRecord], notices: &mut Notices) {
    let boxes = districts.iter().enumerate().filter_map(|(index, district)| {
        let rect = district.area.bounding_rect()?;
        let corners = AABB::from_corners([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]);
        Some(GeomWithData::new(Rectangle::from_aabb(corners), index))
    });
    let boxes: Vec<_> = boxes.collect();
    let tree = RTree::bulk_load(boxes.clone());
    let (mut hairlines, mut largest) = (0_u32, 0.0_f64);
    for one in &boxes {
        let envelope = AABB::from_corners(one.geom().lower(), one.geom().upper());
        let mut others: Vec<usize> = tree.locate_in_envelope_intersecting(&envelope).map(|other| other.data).collect();
        others.retain(|&other| other > one.data);
        others.sort_unstable();
        for other in others {
            let (a, b) = (&districts[one.data], &districts[other]);
            match overlap_share(a, b) {
                Some(share) if share >= HAIRLINE_SHARE => {
                    let extent = format!("by {:.1} % of the smaller of the two", share * 100.0);
                    notices.push(overlap_notice(file, a, b, &extent));
                }
                Some(share) if share > 0.0 => {
                    hairlines += 1;
                    largest = largest.max(share);
                }
                Some(_) => {}
                None => notices.push(overlap_notice(file, a, b, "perhaps: their outlines cannot be cut")),
            }
        }
    }
    if hairlines > 0 {
        let problem = format!(
            "has {hairlines} pairs of districts that overlap by less than 0.1 % (at most {:.4} %)",
            largest * 100.0
        );
        notices.push(Notice::note("districts_overlap_hairline", file, problem).action("kept as they are"));
    }
}

fn overlap_notice(file: &str, a: &DistrictRecord, b: &DistrictRecord, extent: &str) -> Notice {
    let problem = format!("overlaps {} ({}) {extent}", b.name, b.code);
    Notice::warning("districts_overlap", file, problem)
        .at_element(format!("district {}", a.code))
        .field("name", &a.name)
        .action("kept; what lies in both counts in the one that comes first by code")
}

/// The overlap as a share of the smaller district; `None` where it cannot be found. A ratio of areas in degrees equals
/// that in metres closely enough.
fn overlap_share(a: &DistrictRecord, b: &DistrictRecord) -> Option<f64> {
    let smaller = a.area.unsigned_area().min(b.area.unsigned_area());
    let common = intersection(&a.area, &b.area)?.unsigned_area();
    Some(if smaller > 0.0 { common / smaller } else { 0.0 })
}
