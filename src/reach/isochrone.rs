//! Isochrones: the streets reached within a time, and the area around them.
//!
//! In: a finished search. Out: the reached length (exact), the area of all that lies within 25 m of a reached street
//! (the network buffer), and polygons to draw. Whether a place is reached is asked of its own time, never of a polygon.

use geo::{Area, Buffer, LineString, MultiLineString, MultiPolygon};

use super::walk::WalkSearch;
use crate::base::geometry::part_of_line;
use crate::base::overlay::union;
use crate::base::units::TravelTime;

/// What lies this close to a reached street belongs to the area, in metres.
pub const BUFFER_M: f64 = 25.0;

/// What is reached within a time.
#[derive(Clone, Debug)]
pub struct Isochrone {
    /// The time.
    pub cutoff: TravelTime,
    /// Metres of street reached.
    pub length_m: f64,
    /// Places where the cutoff ends within a street.
    pub cut_ends: usize,
    /// Area within [`BUFFER_M`] of the reached streets, square metres. Round ends are drawn with corners: up to 0.7 %
    /// too small where an end stands alone, less elsewhere.
    pub area_m2: f64,
    /// That area, to draw.
    pub area: MultiPolygon<f64>,
}

/// Metres of street reached within a time up to the cutoff of the search.
pub fn reached_length_m(search: &WalkSearch, cutoff: TravelTime) -> f64 {
    search.reached_within(cutoff).map(|stretch| stretch.length_m()).sum()
}

/// The isochrones of one search, for times up to its cutoff, in ascending order of time. Each lies in the next.
pub fn isochrones(search: &WalkSearch, cutoffs: &[TravelTime]) -> Vec<Isochrone> {
    let mut cutoffs = cutoffs.to_vec();
    cutoffs.sort_unstable();
    cutoffs.dedup();
    let mut found: Vec<Isochrone> = Vec::with_capacity(cutoffs.len());
    for cutoff in cutoffs {
        let next = isochrone(search, cutoff, found.last());
        found.push(next);
    }
    found
}

/// The area of everything that a search reached, to draw: within [`BUFFER_M`] of the reached streets.
pub fn draw_isochrone(search: &WalkSearch) -> MultiPolygon<f64> {
    isochrone(search, search.cutoff(), None).area
}

fn isochrone(search: &WalkSearch, cutoff: TravelTime, smaller: Option<&Isochrone>) -> Isochrone {
    let graph = search.graph();
    let (mut length_m, mut cut_ends, mut lines) = (0.0, 0, Vec::new());
    for stretch in search.reached_within(cutoff) {
        length_m += stretch.length_m();
        let whole_m = graph.segment_length_m(stretch.segment);
        cut_ends += usize::from(stretch.from_m > 0.0 && stretch.from_time == cutoff);
        cut_ends += usize::from(stretch.to_m < whole_m && stretch.to_time == cutoff);
        let line = part_of_line(graph.segment_line(stretch.segment), stretch.from_m, stretch.to_m);
        if line.len() > 1 {
            lines.push(LineString(line));
        }
    }
    let mut area = MultiLineString(lines).buffer(BUFFER_M);
    if let Some(smaller) = smaller {
        // Corners of round ends may stick out of the next larger area by centimetres.
        area = union(&area, &smaller.area).unwrap_or(area);
    }
    Isochrone { cutoff, length_m, cut_ends, area_m2: area.unsigned_area(), area }
}
