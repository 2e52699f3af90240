//! Single bays, as ParkAPI lists them: those near each other become one lot.

use std::collections::BTreeMap;

use super::LotRecord;
use crate::base::notice::{Notice, Notices};
use crate::base::projection::LonLat;
use crate::sources::features::Feature;
use crate::sources::table::normalised;

/// Bays within this distance of the first of a group belong to it, metres: some five cars in a row (default).
const NEAR_M: f64 = 30.0;
/// Metres of a degree of latitude.
const METRES_PER_DEGREE: f64 = 111_195.0;

/// Who a bay is for, now and in earlier answers.
pub(super) const RESTRICTIONS: &[&str] = &["restrictions", "restricted to"];
/// Members that only single bays have.
const OF_SPOTS: &[&str] = &["realtime status", "parking site id", "parking site uid", "restrictions", "restricted to"];

/// Whether a feature is a single bay: it tells no number of bays, and who the bay is for or whether it is taken.
pub(super) fn is_spot(feature: &Feature) -> bool {
    let named = |names: &[&str]| feature.properties.iter().any(|(key, _)| names.contains(&normalised(key).as_str()));
    named(OF_SPOTS) && feature.property(&["capacity", "realtime capacity"]).is_none()
}

/// Groups bays of one kind near each other into lots, in the order in which the first of each comes. A group keeps the id
/// and name of its first bay and lies in the middle of all.
pub(super) fn group(file: &str, bays: Vec<LotRecord>, notices: &mut Notices) -> Vec<LotRecord> {
    let count = bays.len();
    let mut groups: Vec<(LotRecord, (f64, f64, f64))> = Vec::new();
    let mut by_cell: BTreeMap<(bool, i64, i64), Vec<usize>> = BTreeMap::new();
    for bay in bays {
        let reserved = bay.capacity == Some(0);
        let (column, row) = cell_of(bay.position);
        let around = (-1..=1).flat_map(|x| (-1..=1).map(move |y| (x, y)));
        let near = around
            .filter_map(|(x, y)| by_cell.get(&(reserved, column + x, row + y)))
            .flatten()
            .copied()
            .filter(|&group| {
                let first = &groups[group].0;
                (first.access, first.kind) == (bay.access, bay.kind)
                    && distance_m(first.position, bay.position) <= NEAR_M
            })
            .min();
        match near {
            Some(group) => {
                let (lot, (lon, lat, members)) = &mut groups[group];
                let sum = |a: Option<u32>, b: Option<u32>| a.zip(b).map(|(a, b)| a.saturating_add(b)).or(a).or(b);
                (lot.capacity, lot.disabled) = (sum(lot.capacity, bay.capacity), sum(lot.disabled, bay.disabled));
                (*lon, *lat, *members) = (*lon + bay.position.lon, *lat + bay.position.lat, *members + 1.0);
            }
            None => {
                by_cell.entry((reserved, column, row)).or_default().push(groups.len());
                let sums = (bay.position.lon, bay.position.lat, 1.0);
                groups.push((bay, sums));
            }
        }
    }
    if count > 0 {
        let problem = format!("lists {count} single bays");
        let action = format!("those within {NEAR_M} m taken together: {} lots", groups.len());
        notices.push(Notice::note("bays_grouped", file, problem).action(action));
    }
    let middle = |(mut lot, (lon, lat, members)): (LotRecord, (f64, f64, f64))| {
        if members > 1.0 {
            lot.position = LonLat { lon: lon / members, lat: lat / members };
            lot.line = Vec::new();
        }
        lot
    };
    groups.into_iter().map(middle).collect()
}

/// Cells at least as wide and high as the distance of neighbours, up to 80 degrees of latitude.
fn cell_of(position: LonLat) -> (i64, i64) {
    let side = NEAR_M / METRES_PER_DEGREE;
    let wide = side / 80.0_f64.to_radians().cos();
    ((position.lon / wide).floor() as i64, (position.lat / side).floor() as i64)
}

fn distance_m(a: LonLat, b: LonLat) -> f64 {
    let east = (a.lon - b.lon) * a.lat.to_radians().cos();
    east.hypot(a.lat - b.lat) * METRES_PER_DEGREE
}
