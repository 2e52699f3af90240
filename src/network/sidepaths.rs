//! Which carriageways have their sidewalk mapped as a way of its own.
//!
//! In: street records on the plane. Out: one [`Sidepath`] per street. A sidewalk counts where it runs parallel within
//! reach along most of the street, and where closing the carriageway cuts nothing off.

use geo::Coord;
use petgraph::unionfind::UnionFind;
use rstar::RTree;

use super::access::{FootAccess, Sidepath, foot_access};
use super::index::LinePiece;
use super::pace::WalkParameters;
use crate::base::geometry::distance_m;
use crate::sources::osm::records::{OsmRecords, Street, StreetClass};

/// Share of a street's length that a sidewalk must run along.
const COVERED_SHARE: f64 = 0.75;
/// What hangs together with less than this share of the open street length (and is not the largest part) is a loose
/// end: a driveway, a court, sidewalks that nothing joins to the rest.
const LOOSE_END_SHARE: f64 = 0.1;
/// Metres between the places of a street where a sidewalk is looked for.
const SAMPLE_M: f64 = 10.0;
/// Cosine of the largest angle, 30 degrees, between a street and what counts as parallel.
const PARALLEL_COSINE: f64 = 0.866;

/// For each street whether a sidewalk of its own runs beside it; only asked where the access depends on it.
pub(super) fn find_sidepaths(
    records: &OsmRecords,
    points: &[Coord<f64>],
    parameters: &WalkParameters,
) -> Vec<Sidepath> {
    let mut sidepaths = vec![Sidepath::Missing; records.streets.len()];
    let depends =
        |street: &Street| foot_access(&street.tags, Sidepath::Mapped) != foot_access(&street.tags, Sidepath::Missing);
    let (asked, settled): (Vec<usize>, Vec<usize>) =
        (0..records.streets.len()).partition(|&at| depends(&records.streets[at]));
    if asked.is_empty() {
        return sidepaths;
    }
    let open: Vec<&Street> = settled
        .into_iter()
        .map(|at| &records.streets[at])
        .filter(|street| matches!(foot_access(&street.tags, Sidepath::Missing), FootAccess::Open { .. }))
        .collect();
    let mut reached = Connected::by_streets(records, &open, points);
    let sidewalks = sidewalk_index(records, &open, points, &reached);
    let beside: Vec<bool> = asked
        .iter()
        .map(|&at| is_covered(records.refs(&records.streets[at]), points, &sidewalks, parameters.sidepath_distance_m))
        .collect();
    let mut closed: Vec<usize> = Vec::new();
    for (&at, _) in asked.iter().zip(&beside).filter(|(_, beside)| **beside) {
        closed.push(at);
    }
    for (&at, _) in asked.iter().zip(&beside).filter(|(_, beside)| !**beside) {
        reached.add(records.refs(&records.streets[at]));
    }
    // Keep whatever alone ties a stretch of open street to the rest, and look again, since that may tie up others.
    loop {
        let before = closed.len();
        closed.retain(|&at| {
            let refs = records.refs(&records.streets[at]);
            let needed = reached.touches_loose_end(refs);
            if needed {
                reached.add(refs);
            }
            !needed
        });
        if closed.len() == before {
            break;
        }
    }
    for at in closed {
        sidepaths[at] = Sidepath::Mapped;
    }
    sidepaths
}

/// Which street nodes hang together, and which belong to a component that matters.
struct Connected {
    sets: UnionFind<u32>,
    is_used: Vec<bool>,
    is_main: Vec<bool>,
}

impl Connected {
    fn by_streets(records: &OsmRecords, streets: &[&Street], points: &[Coord<f64>]) -> Self {
        let mut sets = UnionFind::new(points.len());
        let mut is_used = vec![false; points.len()];
        for street in streets {
            for pair in records.refs(street).windows(2) {
                sets.union(pair[0], pair[1]);
                is_used[pair[0] as usize] = true;
                is_used[pair[1] as usize] = true;
            }
        }
        let mut lengths = vec![0.0; points.len()];
        for street in streets {
            for pair in records.refs(street).windows(2) {
                let length = distance_m(points[pair[0] as usize], points[pair[1] as usize]);
                if length.is_finite() {
                    lengths[sets.find(pair[0]) as usize] += length;
                }
            }
        }
        let total: f64 = lengths.iter().sum();
        let longest = lengths.iter().copied().fold(0.0, f64::max);
        let least = longest.min(total * LOOSE_END_SHARE);
        let is_main = lengths.iter().map(|&length| length > 0.0 && length >= least).collect();
        Self { sets, is_used, is_main }
    }

    fn is_main(&self, node: u32) -> bool {
        self.is_main[self.sets.find(node) as usize]
    }

    fn add(&mut self, refs: &[u32]) {
        for pair in refs.windows(2) {
            let main = self.is_main(pair[0]) || self.is_main(pair[1]);
            self.sets.union(pair[0], pair[1]);
            let root = self.sets.find(pair[0]) as usize;
            self.is_main[root] = main;
            self.is_used[pair[0] as usize] = true;
            self.is_used[pair[1] as usize] = true;
        }
    }

    fn touches_loose_end(&self, refs: &[u32]) -> bool {
        refs.iter().any(|&node| self.is_used[node as usize] && !self.is_main(node))
    }
}

fn sidewalk_index(
    records: &OsmRecords,
    open: &[&Street],
    points: &[Coord<f64>],
    reached: &Connected,
) -> RTree<LinePiece> {
    let is_path = |street: &&&Street| {
        let tags = &street.tags;
        let class = matches!(tags.class, StreetClass::Footway | StreetClass::Path | StreetClass::Pedestrian);
        (class || tags.is_sidewalk) && tags.crossing.is_none() && !tags.area
    };
    let mut pieces = Vec::new();
    for street in open.iter().filter(is_path) {
        for pair in records.refs(street).windows(2).filter(|pair| reached.is_main(pair[0])) {
            pieces.extend(LinePiece::new(points[pair[0] as usize], points[pair[1] as usize]));
        }
    }
    RTree::bulk_load(pieces)
}

/// Whether parallel sidewalks run along most of a street.
fn is_covered(refs: &[u32], points: &[Coord<f64>], sidewalks: &RTree<LinePiece>, within_m: f64) -> bool {
    let (mut covered_m, mut total_m) = (0.0, 0.0);
    for pair in refs.windows(2) {
        let (from, to) = (points[pair[0] as usize], points[pair[1] as usize]);
        let length = distance_m(from, to);
        if !length.is_finite() || length == 0.0 {
            continue;
        }
        // A piece longer than a kilometre is looked at in a hundred places.
        let samples = ((length / SAMPLE_M).ceil() as usize).clamp(1, 100);
        for sample in 0..samples {
            let share = (sample as f64 + 0.5) / samples as f64;
            let place = [from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)];
            let beside = sidewalks
                .locate_within_distance(place, within_m * within_m)
                .any(|piece| piece.cosine_to(to - from).abs() >= PARALLEL_COSINE);
            if beside {
                covered_m += length / samples as f64;
            }
        }
        total_m += length;
    }
    total_m > 0.0 && covered_m >= COVERED_SHARE * total_m
}
