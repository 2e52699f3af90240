//! Isochrones: the streets reached within a time, and the area around them.
//!
//! In: a finished search. Out: the reached length (exact), the area of all that lies within 25 m of a reached street
//! (the network buffer), and polygons to draw. Whether a place is reached is asked of its own time, never of a polygon.
//!
//! The area is drawn on a grid of distances to the reached streets, 5 m wide. Along straight streets the line between
//! its corners is exact; around ends and corners of streets it is a tenth of a metre off, where two streets lie 50 m
//! apart up to a metre. What is longer than some kilometres is drawn on a wider grid; [`Isochrone::grid_m`] tells.

use geo::{Area, Coord, MultiPolygon};

use super::field::Field;
use super::reached::ReachedSegment;
use super::walk::WalkSearch;
use crate::base::geometry::{bounds_of, part_of_line};
use crate::base::units::TravelTime;

/// What lies this close to a reached street belongs to the area, in metres.
pub const BUFFER_M: f64 = 25.0;

/// Widths of the grid, metres: the first one of which a rectangle takes no more than [`MOST_CORNERS`].
const GRIDS_M: [f64; 4] = [5.0, 8.0, 12.5, 20.0];
const MOST_CORNERS: f64 = 4e6;

/// What is reached within a time.
#[derive(Clone, Debug)]
pub struct Isochrone {
    /// The time.
    pub cutoff: TravelTime,
    /// Metres of street reached.
    pub length_m: f64,
    /// Places where the cutoff ends within a street.
    pub cut_ends: usize,
    /// Size of the area, square metres.
    pub area_m2: f64,
    /// What lies within [`BUFFER_M`] of the reached streets; of contours what is reached off the streets too.
    pub area: MultiPolygon<f64>,
    /// Width of the grid on which it is drawn, metres.
    pub grid_m: f64,
}

/// Metres of street reached within a time up to the cutoff of the search.
pub fn reached_length_m(search: &WalkSearch, cutoff: TravelTime) -> f64 {
    search.reached_within(cutoff).map(|stretch| stretch.length_m()).sum()
}

/// The isochrones of one search, for times up to its cutoff, in ascending order of time. Each lies in the next.
pub fn isochrones(search: &WalkSearch, cutoffs: &[TravelTime]) -> Vec<Isochrone> {
    let cutoffs = ascending(cutoffs);
    let reached: Vec<Reached> = cutoffs.iter().map(|&cutoff| Reached::within(search, cutoff)).collect();
    // The longest holds all others: one grid serves them.
    let points = reached.last().into_iter().flat_map(|reached| reached.lines.iter().flatten().copied());
    let mut grid = bounds_of(points).map(|bounds| {
        let fits =
            |cell_m: &&f64| (bounds.width() / **cell_m + 12.0) * (bounds.height() / **cell_m + 12.0) <= MOST_CORNERS;
        let cell_m = *GRIDS_M.iter().find(fits).unwrap_or(&GRIDS_M[GRIDS_M.len() - 1]);
        (cell_m, Field::around(bounds, cell_m, BUFFER_M, 1.0))
    });
    let draw = |(cutoff, reached): (TravelTime, Reached)| {
        let (grid_m, area) = match &mut grid {
            Some((cell_m, field)) => {
                for pair in reached.lines.iter().flat_map(|line| line.windows(2)) {
                    // To the next corner beyond, between which and the last one the line is drawn.
                    field.grow_along(pair[0], pair[1], BUFFER_M + *cell_m);
                }
                (*cell_m, field.area_within(BUFFER_M))
            }
            None => (GRIDS_M[0], MultiPolygon(Vec::new())),
        };
        let Reached { length_m, cut_ends, .. } = reached;
        Isochrone { cutoff, length_m, cut_ends, area_m2: area.unsigned_area(), area, grid_m }
    };
    cutoffs.iter().copied().zip(reached).map(draw).collect()
}

/// Times in ascending order, each once.
pub(super) fn ascending(cutoffs: &[TravelTime]) -> Vec<TravelTime> {
    let mut cutoffs = cutoffs.to_vec();
    cutoffs.sort_unstable();
    cutoffs.dedup();
    cutoffs
}

/// The streets reached within a time.
struct Reached {
    length_m: f64,
    cut_ends: usize,
    lines: Vec<Vec<Coord<f64>>>,
}

impl Reached {
    fn within(search: &WalkSearch, cutoff: TravelTime) -> Self {
        let mut lines = Vec::new();
        let (length_m, cut_ends) = visit_reached(search, cutoff, |stretch| {
            let line = search.graph().segment_line(stretch.segment);
            let line = part_of_line(line, stretch.from_m, stretch.to_m);
            if line.len() > 1 {
                lines.push(line);
            }
        });
        Self { length_m, cut_ends, lines }
    }
}

/// Shows all stretches reached within a time. Returns their metres, and how many places there are where the time ends
/// within a street.
pub(super) fn visit_reached(
    search: &WalkSearch,
    cutoff: TravelTime,
    mut visit: impl FnMut(&ReachedSegment),
) -> (f64, usize) {
    let (mut length_m, mut cut_ends) = (0.0, 0);
    for stretch in search.reached_within(cutoff) {
        let whole_m = search.graph().segment_length_m(stretch.segment);
        length_m += stretch.length_m();
        cut_ends += usize::from(stretch.from_m > 0.0 && stretch.from_time == cutoff);
        cut_ends += usize::from(stretch.to_m < whole_m && stretch.to_time == cutoff);
        visit(&stretch);
    }
    (length_m, cut_ends)
}
