//! Isochrones: the streets reached within a time, and the area around them.
//!
//! In: a finished search. Out: the reached length (exact), the area of all that lies within 25 m of a reached street
//! (the network buffer), and polygons to draw. Whether a place is reached is asked of its own time, never of a polygon.
//!
//! The area is drawn on a grid of distances to the reached streets, 5 m wide. Along straight streets the line between
//! its corners is exact; around ends and corners of streets it is a tenth of a metre off, where two streets lie 50 m
//! apart up to a metre. What is longer than some kilometres is drawn on a wider grid; [`Isochrone::grid_m`] tells. From 80 km
//! on, where cells are wider than the buffer, the buffer is as wide as a cell.

use geo::{Area, Coord, MultiPolygon, Rect};

use super::field::Field;
use super::reached::ReachedSegment;
use super::walk::WalkSearch;
use crate::base::geometry::{bounds_of, part_of_line};
use crate::base::units::TravelTime;

/// What lies this close to a reached street belongs to the area, in metres.
pub const BUFFER_M: f64 = 25.0;

/// Widths of the grid, metres: the first one of which a rectangle takes no more than [`FINE_CORNERS`].
const GRIDS_M: [f64; 4] = [5.0, 8.0, 12.5, 20.0];
const FINE_CORNERS: f64 = 4e6;

/// Corners of a grid at most; they take 12 bytes each.
const MOST_CORNERS: f64 = 1.6e7;

/// The width of a grid around a rectangle: one of those given, the first that takes no more than [`FINE_CORNERS`], else the
/// last, doubled until it takes no more than [`MOST_CORNERS`].
pub(super) fn grid_width_m(bounds: Rect<f64>, widths_m: &[f64]) -> f64 {
    let corners = |cell_m: f64| (bounds.width() / cell_m + 12.0) * (bounds.height() / cell_m + 12.0);
    let fine = widths_m.iter().copied().find(|&cell_m| corners(cell_m) <= FINE_CORNERS);
    fine.unwrap_or_else(|| {
        let mut cell_m = widths_m.last().copied().unwrap_or(BUFFER_M);
        while corners(cell_m) > MOST_CORNERS {
            cell_m *= 2.0;
        }
        cell_m
    })
}

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
        let cell_m = grid_width_m(bounds, &GRIDS_M);
        let buffer_m = BUFFER_M.max(cell_m);
        (cell_m, buffer_m, Field::around(bounds, cell_m, buffer_m, 1.0))
    });
    let draw = |(cutoff, reached): (TravelTime, Reached)| {
        let (grid_m, area) = match &mut grid {
            Some((cell_m, buffer_m, field)) => {
                for pair in reached.lines.iter().flat_map(|line| line.windows(2)) {
                    // To the next corner beyond, between which and the last one the line is drawn.
                    field.grow_along(pair[0], pair[1], *buffer_m + *cell_m);
                }
                (*cell_m, field.area_within(*buffer_m))
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

#[cfg(test)]
mod tests {
    use geo::Validation;

    use super::*;
    use crate::base::ids::{Id, NodeId};
    use crate::base::kinds::StreetClass;
    use crate::network::pace::WalkParameters;
    use crate::network::streets::{Profile, build_streets};
    use crate::testing::street_sketch::StreetSketch;

    #[test]
    fn wide_areas_are_drawn_on_wide_grids() {
        let width_m = |extent_m: f64| {
            let bounds = Rect::new(Coord { x: 0.0, y: 0.0 }, Coord { x: extent_m, y: extent_m });
            grid_width_m(bounds, &GRIDS_M)
        };
        assert_eq!([5e3, 12e3, 24e3, 60e3, 150e3, 600e3].map(width_m), [5.0, 8.0, 12.5, 20.0, 40.0, 160.0]);
    }

    /// A straight road of 141 km aslant: a grid of 5 m would take some gigabytes.
    #[test]
    fn a_road_across_a_country_is_drawn() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (100_000, 100_000)], StreetClass::Residential);
        let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        let mut search = WalkSearch::new(&graph, Profile::Adult);
        search.from_node(NodeId::from_index(0), TravelTime::from_minutes(3_000));
        let drawn = &isochrones(&search, &[TravelTime::from_minutes(3_000)])[0];
        let expected = drawn.length_m * 2.0 * drawn.grid_m;
        assert!(drawn.grid_m == 40.0 && (drawn.area_m2 / expected - 1.0).abs() < 0.01, "{} m²", drawn.area_m2);
        assert!(drawn.area.0.len() == 1 && drawn.area.is_valid());
    }
}
