//! The core of a town: the densest cluster of shops and its shops.
//!
//! The peak is the point with most others within [`PEAK_RADIUS_M`]. The core is what hangs together with it: points
//! joined by gaps of at most [`GAP_M`], no farther than [`CORE_RADIUS_M`] from the peak. Its centre is the member with
//! the least sum of distances to the others, so it always lies on a real place.

use geo::Coord;
use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::base::geometry::distance_m;

/// Shops within this radius make the density of a point, metres (default).
pub const PEAK_RADIUS_M: f64 = 150.0;
/// Largest gap between neighbours of one core, metres (default).
pub const GAP_M: f64 = 60.0;
/// The core ends at this distance from its peak, metres (default).
pub const CORE_RADIUS_M: f64 = 400.0;

/// The core of a town.
#[derive(Clone, Debug, PartialEq)]
pub struct Core {
    /// Its centre, on the metric plane.
    pub centre: Coord<f64>,
    /// Its members, as positions in the list given, ascending.
    pub members: Vec<usize>,
}

/// Finds the core among points that each count `weight`; `None` for no points. The first of equal peaks wins.
pub fn find_core(points: &[(Coord<f64>, f64)]) -> Option<Core> {
    let tree = RTree::bulk_load(
        points.iter().enumerate().map(|(index, (p, _))| GeomWithData::new([p.x, p.y], index)).collect(),
    );
    let near = |point: Coord<f64>, radius: f64| {
        let mut found: Vec<usize> =
            tree.locate_within_distance([point.x, point.y], radius * radius).map(|g| g.data).collect();
        found.sort_unstable();
        found
    };
    let density = |index: usize| near(points[index].0, PEAK_RADIUS_M).iter().map(|&i| points[i].1).sum::<f64>();
    let mut peak = (0, 0.0);
    for index in 0..points.len() {
        let here = density(index);
        if here > peak.1 {
            peak = (index, here);
        }
    }
    let (peak, _) = (peak.1 > 0.0).then_some(peak)?;
    let mut joined = vec![false; points.len()];
    let mut open = vec![peak];
    joined[peak] = true;
    while let Some(index) = open.pop() {
        for neighbour in near(points[index].0, GAP_M) {
            let inside = distance_m(points[neighbour].0, points[peak].0) <= CORE_RADIUS_M;
            if inside && !joined[neighbour] {
                joined[neighbour] = true;
                open.push(neighbour);
            }
        }
    }
    let members: Vec<usize> = (0..points.len()).filter(|&i| joined[i]).collect();
    Some(Core { centre: medoid(points, &members), members })
}

/// The core around a point that the study gives: all points within [`CORE_RADIUS_M`] of it.
pub fn core_around(centre: Coord<f64>, points: &[(Coord<f64>, f64)]) -> Core {
    let members = (0..points.len()).filter(|&i| distance_m(points[i].0, centre) <= CORE_RADIUS_M).collect();
    Core { centre, members }
}

/// The member with the least weighted sum of distances to all members.
fn medoid(points: &[(Coord<f64>, f64)], members: &[usize]) -> Coord<f64> {
    let cost =
        |at: usize| -> f64 { members.iter().map(|&i| points[i].1 * distance_m(points[i].0, points[at].0)).sum() };
    let mut best = (points[members[0]].0, f64::INFINITY);
    for &member in members {
        let here = cost(member);
        if here < best.1 {
            best = (points[member].0, here);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_is_the_cluster_not_the_mean() {
        // Nine shops 20 m apart around (0, 0), three far away: the mean is dragged off, the core is not.
        let mut points: Vec<(Coord<f64>, f64)> =
            (-4..=4).map(|i| (Coord { x: f64::from(i) * 20.0, y: 0.0 }, 1.0)).collect();
        points.extend((0..3).map(|i| (Coord { x: 5000.0 + f64::from(i) * 10.0, y: 0.0 }, 1.0)));
        let core = find_core(&points).expect("a core");
        assert_eq!(core.centre, Coord { x: 0.0, y: 0.0 });
        assert_eq!(core.members, (0..9).collect::<Vec<_>>());
        assert_eq!(find_core(&[]), None);
    }
}
