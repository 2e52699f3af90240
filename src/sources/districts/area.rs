//! The area of a district: only polygons, only rings that enclose something, no ring across itself.

use geo::{Area, BoundingRect, Coord, CoordsIter, Geometry, LineString, MapCoords, MultiPolygon, Polygon};

use crate::base::notice::{Notice, Notices};
use crate::base::overlay::union;
use crate::sources::crossings::{Crossings, find_crossings};

/// The usable area of a feature and whether it was repaired; `None` with a notice where there is none.
pub(super) fn usable_area(
    file: &str,
    number: u64,
    geometry: &Geometry<f64>,
    notices: &mut Notices,
) -> Option<(MultiPolygon<f64>, bool)> {
    let mut polygons = Vec::new();
    let mut others = 0;
    collect_polygons(geometry, &mut polygons, &mut others);
    if polygons.is_empty() {
        let problem = "is not a polygon";
        notices.push(Notice::error("not_a_polygon", file, problem).at_feature(number).action("feature dropped"));
        return None;
    }
    let mut repaired = false;
    if others > 0 {
        let problem = format!("has {others} points or lines beside its polygons");
        notices.push(Notice::warning("not_only_polygons", file, problem).at_feature(number).action("polygons kept"));
        repaired = true;
    }
    let rings: usize = polygons.iter().map(|polygon| 1 + polygon.interiors().len()).sum();
    let kept: Vec<Polygon<f64>> = polygons.into_iter().filter_map(without_flat_rings).collect();
    let left: usize = kept.iter().map(|polygon| 1 + polygon.interiors().len()).sum();
    if kept.is_empty() {
        let problem = "encloses no area";
        notices.push(Notice::error("area_zero", file, problem).at_feature(number).action("feature dropped"));
        return None;
    }
    if left < rings {
        let problem = format!("has {} rings that enclose nothing", rings - left);
        notices.push(Notice::warning("ring_degenerate", file, problem).at_feature(number).action("rings left out"));
        repaired = true;
    }
    let area = MultiPolygon(kept);
    match find_crossings(area.iter().flat_map(rings_of)) {
        Crossings::None => return Some((area, repaired)),
        Crossings::Some => {}
        Crossings::Tangled => {
            let problem = "has rings that cross more often than any border";
            notices.push(Notice::error("ring_tangled", file, problem).at_feature(number).action("feature dropped"));
            return None;
        }
    }
    let mended = union(&area, &MultiPolygon(Vec::new())).map(|cut| within_box_of(&area, cut));
    // Corners closer than the grid that it is cut on may leave rings that still cross.
    let mended = mended.filter(|mended| {
        mended.unsigned_area() > 0.0
            && find_crossings(mended.iter().flat_map(rings_of)) == Crossings::None
            && mended.coords_iter().all(|at| at.x.is_finite() && at.y.is_finite())
    });
    let action = if mended.is_some() { "cut into rings that do not cross" } else { "kept as it is" };
    notices.push(
        Notice::warning("ring_self_intersecting", file, "has a ring that crosses itself")
            .at_feature(number)
            .action(action),
    );
    Some((mended.unwrap_or(area), true))
}

/// The corners of what was cut from an area, where rounding carried them out of its box, back on its edge: an area that
/// touches a pole does not lie beyond it.
fn within_box_of(area: &MultiPolygon<f64>, cut: MultiPolygon<f64>) -> MultiPolygon<f64> {
    let Some(bounds) = area.bounding_rect() else { return cut };
    let (low, high) = (bounds.min(), bounds.max());
    cut.map_coords(|at| Coord { x: at.x.clamp(low.x, high.x), y: at.y.clamp(low.y, high.y) })
}

fn collect_polygons(geometry: &Geometry<f64>, polygons: &mut Vec<Polygon<f64>>, others: &mut usize) {
    match geometry {
        Geometry::Polygon(polygon) => polygons.push(polygon.clone()),
        Geometry::MultiPolygon(several) => polygons.extend(several.0.iter().cloned()),
        Geometry::GeometryCollection(parts) => parts.iter().for_each(|part| collect_polygons(part, polygons, others)),
        _ => *others += 1,
    }
}

fn rings_of(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

/// The polygon without rings of fewer than three corners or without extent; `None` if the outer one is such a ring.
fn without_flat_rings(polygon: Polygon<f64>) -> Option<Polygon<f64>> {
    let encloses = |ring: &LineString<f64>| {
        let extent = ring.bounding_rect().is_some_and(|r| r.width() > 0.0 && r.height() > 0.0);
        ring.0.len() >= 4
            && extent
            && (ring_area(ring) > 0.0 || find_crossings(std::iter::once(ring)) != Crossings::None)
    };
    let (exterior, interiors) = polygon.into_inner();
    if !encloses(&exterior) {
        return None;
    }
    Some(Polygon::new(exterior, interiors.into_iter().filter(encloses).collect()))
}

fn ring_area(ring: &LineString<f64>) -> f64 {
    Polygon::new(ring.clone(), Vec::new()).unsigned_area()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(corners: &[(f64, f64)]) -> LineString<f64> {
        corners.to_vec().into()
    }

    #[test]
    fn a_bow_tie_is_cut_into_its_two_triangles() {
        // Square corners taken crosswise: two triangles of area 1/4 each meet in the middle.
        let tie = Polygon::new(ring(&[(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]), Vec::new());
        let mut notices = Notices::new();
        let (area, repaired) = usable_area("d", 1, &tie.into(), &mut notices).expect("usable");
        assert!(repaired);
        assert_eq!(notices.count("ring_self_intersecting"), 1);
        assert!((area.unsigned_area() - 0.5).abs() < 1e-9, "{}", area.unsigned_area());
        assert_eq!(area.0.len(), 2);
    }

    #[test]
    fn a_tangle_is_dropped_and_told() {
        // The star polygon {1001/500} has 1001 * 499 crossings; to cut it there would take minutes.
        let corner = |i: u32| f64::from(i * 500 % 1001) / 1001.0 * std::f64::consts::TAU;
        let star: Vec<(f64, f64)> = (0..=1001).map(|i| (corner(i).cos(), corner(i).sin())).collect();
        let mut notices = Notices::new();
        assert!(usable_area("d", 1, &Polygon::new(star.into(), Vec::new()).into(), &mut notices).is_none());
        assert_eq!(notices.count("ring_tangled"), 1);
    }
}
