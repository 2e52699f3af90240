//! Which carriageways have their sidewalk mapped as a way of its own.
//!
//! In: street records on the plane. Out: one [`Sidepath`] per street. A sidewalk counts where it runs parallel within
//! reach along most of the street, and where closing the carriageway cuts nothing off.

use geo::{Coord, Rect};
use rayon::prelude::*;

use super::access::{FootAccess, Sidepath, foot_access};
use super::disjoint_sets::DisjointSets;
use super::index::LinePiece;
use super::pace::WalkParameters;
use super::packed_rtree::PackedRTree;
use super::prepared::Prepared;
use crate::base::geometry::distance_m;
use crate::sources::osm::records::StreetClass;

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
pub(super) fn find_sidepaths(prepared: &Prepared<'_>, parameters: &WalkParameters) -> Vec<Sidepath> {
    let records = prepared.inputs.records;
    let mut sidepaths = vec![Sidepath::Missing; records.streets.len()];
    let access = |at: usize, path| foot_access(prepared.tags(at), path, parameters.indoor_routing);
    let (asked, settled): (Vec<usize>, Vec<usize>) =
        (0..records.streets.len()).partition(|&at| access(at, Sidepath::Mapped) != access(at, Sidepath::Missing));
    if asked.is_empty() {
        return sidepaths;
    }
    let is_open = |&at: &usize| matches!(access(at, Sidepath::Missing), FootAccess::Open { .. });
    let open: Vec<usize> = settled.into_iter().filter(is_open).collect();
    let mut reached = Connected::by_streets(prepared, &open);
    let sidewalks = sidewalk_index(prepared, &open, &reached);
    let is_beside = |&at: &usize| is_covered(prepared.course(at), &sidewalks, parameters.sidepath_distance_m);
    let beside: Vec<bool> = asked.par_iter().with_min_len(64).map(is_beside).collect();
    let mut closed: Vec<usize> = Vec::new();
    for (&at, _) in asked.iter().zip(&beside).filter(|(_, beside)| **beside) {
        closed.push(at);
    }
    for (&at, _) in asked.iter().zip(&beside).filter(|(_, beside)| !**beside) {
        reached.add(prepared, at);
    }
    // Keep whatever alone ties a stretch of open street to the rest, and look again, since that may tie up others.
    loop {
        let before = closed.len();
        closed.retain(|&at| {
            let needed = reached.touches_loose_end(prepared, at);
            if needed {
                reached.add(prepared, at);
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

/// Which vertices hang together, and which belong to a component that matters.
struct Connected {
    sets: DisjointSets,
    is_used: Vec<bool>,
    is_main: Vec<bool>,
}

impl Connected {
    fn by_streets(prepared: &Prepared<'_>, streets: &[usize]) -> Self {
        let count = prepared.vertex_points.len();
        let mut all = Self { sets: DisjointSets::new(count), is_used: vec![false; count], is_main: vec![false; count] };
        for &street in streets {
            all.join(prepared, street);
        }
        let mut lengths = vec![0.0; count];
        for &street in streets {
            if let Some(vertex) = prepared.vertices(street).next() {
                lengths[all.sets.least_of(vertex) as usize] += prepared.length_m(street);
            }
        }
        let total: f64 = lengths.iter().sum();
        let longest = lengths.iter().copied().fold(0.0, f64::max);
        let least = longest.min(total * LOOSE_END_SHARE);
        all.is_main = lengths.iter().map(|&length| length > 0.0 && length >= least).collect();
        all
    }

    fn join(&mut self, prepared: &Prepared<'_>, street: usize) {
        let mut last = None;
        for vertex in prepared.vertices(street) {
            if let Some(last) = last {
                self.sets.join(last, vertex);
            }
            self.is_used[vertex as usize] = true;
            last = Some(vertex);
        }
    }

    fn is_main(&self, vertex: u32) -> bool {
        self.is_main[self.sets.least_of(vertex) as usize]
    }

    fn add(&mut self, prepared: &Prepared<'_>, street: usize) {
        let main = prepared.vertices(street).any(|vertex| self.is_main(vertex));
        self.join(prepared, street);
        if let Some(vertex) = prepared.vertices(street).next() {
            let root = self.sets.least_of(vertex) as usize;
            self.is_main[root] = main;
        }
    }

    fn touches_loose_end(&self, prepared: &Prepared<'_>, street: usize) -> bool {
        prepared.vertices(street).any(|vertex| self.is_used[vertex as usize] && !self.is_main(vertex))
    }
}

fn sidewalk_index(prepared: &Prepared<'_>, open: &[usize], reached: &Connected) -> Sidewalks {
    let is_path = |street: &&usize| {
        let tags = &prepared.inputs.records.streets[**street].tags;
        let class = matches!(tags.class, StreetClass::Footway | StreetClass::Path | StreetClass::Pedestrian);
        (class || tags.is_sidewalk) && tags.crossing.is_none() && !tags.area
    };
    let is_main = |street: &&usize| prepared.vertices(**street).next().is_some_and(|vertex| reached.is_main(vertex));
    let mut pieces = Vec::new();
    for &street in open.iter().filter(is_path).filter(is_main) {
        pieces.extend(prepared.course(street).windows(2).filter_map(|pair| LinePiece::new(pair[0], pair[1])));
    }
    let boxes: Vec<Rect<f64>> = pieces.iter().map(LinePiece::bounds).collect();
    Sidewalks { tree: PackedRTree::new(&boxes), pieces }
}

/// Straight pieces of sidewalks, found by their place.
struct Sidewalks {
    pieces: Vec<LinePiece>,
    tree: PackedRTree,
}

impl Sidewalks {
    /// The pieces within reach of a place.
    fn near(&self, place: Coord<f64>, within_m: f64) -> impl Iterator<Item = &LinePiece> {
        let reach = Coord { x: within_m, y: within_m };
        let found = self.tree.within(Rect::new(place - reach, place + reach));
        let pieces = found.map(|item| &self.pieces[item as usize]);
        pieces.filter(move |piece| piece.distance_2(place) <= within_m * within_m)
    }
}

/// Whether parallel sidewalks run along most of a street.
fn is_covered(course: &[Coord<f64>], sidewalks: &Sidewalks, within_m: f64) -> bool {
    let (mut covered_m, mut total_m) = (0.0, 0.0);
    for pair in course.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let length = distance_m(from, to);
        if !length.is_finite() || length == 0.0 {
            continue;
        }
        // A piece longer than a kilometre is looked at in a hundred places.
        let samples = ((length / SAMPLE_M).ceil() as usize).clamp(1, 100);
        for sample in 0..samples {
            let share = (sample as f64 + 0.5) / samples as f64;
            let place = from + (to - from) * share;
            let beside =
                sidewalks.near(place, within_m).any(|piece| piece.cosine_to(to - from).abs() >= PARALLEL_COSINE);
            if beside {
                covered_m += length / samples as f64;
            }
        }
        total_m += length;
    }
    total_m > 0.0 && covered_m >= COVERED_SHARE * total_m
}
