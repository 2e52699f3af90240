//! Isochrones drawn by contours: a grid of times, and the lines along which a time is met. A tenth of the work of drawing
//! by buffers, for maps of many points; areas are better taken from buffers ([`super::isochrone`]).
//!
//! In: a finished search. Out: an area per time, each in the next, with holes where blocks are too deep. A place off the
//! streets is reached from a street at most [`OFF_NETWORK_M`] away, at walking speed over the off-network detour. Between
//! corners of the grid, [`CELL_M`] apart, times are interpolated: the line is drawn within that of where it is. Areas of more
//! than 50 km are drawn on a wider grid, and where its cells are wider than [`OFF_NETWORK_M`], they reach a cell off the
//! streets; [`Isochrone::grid_m`] tells.

use geo::{Area, Coord, MultiPolygon};

use super::field::Field;
use super::isochrone::{Isochrone, ascending, grid_width_m, visit_reached};
use super::walk::{UNREACHED, WalkSearch};
use crate::base::geometry::{bounds_of, distance_m};
use crate::base::ids::SegmentId;
use crate::base::units::TravelTime;
use crate::network::linkage::LinkedPoint;
use crate::network::streets::CLOSED;

/// Distance between the corners of the grid, metres (methods: at most 25 m).
pub const CELL_M: f64 = 25.0;

/// How far from a street a place may be to be reached, metres.
pub const OFF_NETWORK_M: f64 = 100.0;

/// Distance between the places of a street from which times spread, metres. Halfway between them a street is at most
/// 0.3 · 12.5 m of walking too late: what the off-network detour takes more than the street.
const STEP_M: f64 = 25.0;

/// The isochrones of one search, for times up to its cutoff, in ascending order of time, drawn by contours. Each lies in
/// the next.
pub fn contours(search: &WalkSearch, cutoffs: &[TravelTime]) -> Vec<Isochrone> {
    let cutoffs: Vec<TravelTime> = ascending(cutoffs).into_iter().map(|cutoff| cutoff.min(search.cutoff())).collect();
    let field = cutoffs.last().and_then(|&longest| field_of_times(search, longest));
    let grid_m = field.as_ref().map_or(CELL_M, |(cell_m, _)| *cell_m);
    let contour = |cutoff: TravelTime| {
        let area = field.as_ref().map_or(MultiPolygon(Vec::new()), |(_, field)| field.area_within(cutoff.seconds()));
        let (length_m, cut_ends) = visit_reached(search, cutoff, |_| {});
        Isochrone { cutoff, length_m, cut_ends, area_m2: area.unsigned_area(), area, grid_m }
    };
    cutoffs.iter().map(|&cutoff| contour(cutoff)).collect()
}

/// The times around the reached streets, and the width of their grid; `None` where nothing is reached.
fn field_of_times(search: &WalkSearch, longest: TravelTime) -> Option<(f64, Field)> {
    let places = reached_places(search, longest);
    let bounds = bounds_of(places.iter().map(|place| place.point))?;
    let pace = search.graph().off_network_time(OFF_NETWORK_M).seconds() / OFF_NETWORK_M;
    let cell_m = grid_width_m(bounds, &[CELL_M]);
    let off_network_m = OFF_NETWORK_M.max(cell_m);
    let mut field = Field::around(bounds, cell_m, off_network_m, pace);
    for place in &places {
        // As far as the time lasts, and to the next corner beyond, between which and this side the line is drawn.
        let reach_m = (longest.seconds() - place.time_s) / pace + cell_m;
        field.grow_from(place.point, place.time_s, reach_m.clamp(0.0, off_network_m));
    }
    Some((cell_m, field))
}

/// A place on a street and the seconds to it.
struct ReachedPlace {
    point: Coord<f64>,
    time_s: f64,
}

/// Reached places, close enough to each other, with their times: the junctions, the cut ends of streets, and places every
/// [`STEP_M`] between them.
fn reached_places(search: &WalkSearch, longest: TravelTime) -> Vec<ReachedPlace> {
    let graph = search.graph();
    let own: Vec<SegmentId> = search.origins.iter().map(|origin| origin.segment).collect();
    let times = search.settled().iter().map(|&node| (node, search.times[node]));
    let junctions = times.take_while(|&(_, time)| time <= longest.deciseconds());
    let place = |(node, time)| ReachedPlace { point: graph.node_point(node), time_s: f64::from(time) / 10.0 };
    let mut places: Vec<ReachedPlace> = junctions.map(place).collect();
    for stretch in search.reached_within(longest) {
        let times = StretchTimes::new(search, stretch.segment, &own);
        let whole_m = graph.segment_length_m(stretch.segment);
        let step_m = if times.is_own { STEP_M / 4.0 } else { STEP_M };
        let mut next_m = if stretch.from_m > 0.0 || times.is_own { stretch.from_m } else { step_m };
        let last_m = if stretch.to_m < whole_m || times.is_own { stretch.to_m } else { stretch.to_m - STEP_M / 2.0 };
        let mut at_m = 0.0;
        for pair in graph.segment_line(stretch.segment).windows(2) {
            let end_m = at_m + distance_m(pair[0], pair[1]);
            while next_m <= end_m && next_m <= last_m && at_m < end_m {
                let point = pair[0] + (pair[1] - pair[0]) * ((next_m - at_m) / (end_m - at_m));
                places.extend(times.at(next_m).map(|time_s| ReachedPlace { point, time_s }));
                let is_last = next_m >= last_m;
                next_m = if is_last { f64::INFINITY } else { (next_m + step_m).min(last_m) };
            }
            at_m = end_m;
        }
    }
    places
}

/// How long it takes to any place of a segment.
struct StretchTimes<'s> {
    search: &'s WalkSearch<'s>,
    segment: SegmentId,
    length_m: f64,
    /// Seconds at each end, and for a metre from there.
    ends: [Option<(f64, f64)>; 2],
    is_own: bool,
}

impl<'s> StretchTimes<'s> {
    fn new(search: &'s WalkSearch<'s>, segment: SegmentId, own: &[SegmentId]) -> Self {
        let graph = search.graph();
        let length_m = graph.segment_length_m(segment);
        let ((start, end), (forward, backward)) = (graph.segment_ends(segment), graph.both_arcs(segment));
        let ends = [(start, forward), (end, backward)].map(|(node, arc)| {
            let (time, impedance) = (search.times[node], search.impedance(arc));
            let is_open = time != UNREACHED && impedance != CLOSED;
            is_open.then(|| (f64::from(time) / 10.0, f64::from(impedance) / 10.0 / length_m.max(0.1)))
        });
        Self { search, segment, length_m, ends, is_own: own.contains(&segment) }
    }

    fn at(&self, along_m: f64) -> Option<f64> {
        let from = |end: usize, metres: f64| self.ends[end].map(|(time_s, pace)| time_s + pace * metres);
        let ways =
            [from(0, along_m), from(1, self.length_m - along_m), self.is_own.then(|| self.directly(along_m)).flatten()];
        ways.into_iter().flatten().min_by(f64::total_cmp)
    }

    /// From an origin on the same segment.
    fn directly(&self, along_m: f64) -> Option<f64> {
        let point = LinkedPoint { segment: self.segment, along_m, away_m: 0.0, point: Coord { x: 0.0, y: 0.0 } };
        self.search.time_to(&point).map(TravelTime::seconds)
    }
}

#[cfg(test)]
mod tests {
    use geo::{Contains, Validation};

    use super::*;
    use crate::base::kinds::StreetClass;
    use crate::network::index::StreetIndex;
    use crate::network::linkage::{LinkTo, link_point};
    use crate::network::pace::WalkParameters;
    use crate::network::streets::{Profile, StreetGraph, build_streets};
    use crate::testing::grid_city::GridCity;
    use crate::testing::street_sketch::StreetSketch;

    fn search_from(graph: &StreetGraph, at: (f64, f64), cutoff: TravelTime) -> WalkSearch<'_> {
        let point = Coord { x: at.0, y: at.1 };
        let link = link_point(graph, &StreetIndex::new(graph), point, 100.0, LinkTo::AnyStreet).expect("a street");
        let mut search = WalkSearch::new(graph, Profile::Adult);
        search.from_point(&link, cutoff);
        search
    }

    /// In a grid one gets as far as 480 m in 6 minutes along the streets: to all corners of a square on its point, 2 · 480² m²
    /// large. Across the blocks one cuts corners: a metre aslant takes 1.3, along the streets √2; so it is a little more.
    #[test]
    fn a_grid_city_is_reached_in_squares_on_their_points() {
        let city = GridCity::new(13, 13);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let cutoffs = [6, 4, 2].map(TravelTime::from_minutes);
        let search = search_from(&graph, (600.0, 600.0), cutoffs[0]);
        let drawn = contours(&search, &cutoffs);
        let minutes: Vec<f64> = drawn.iter().map(|one| one.cutoff.minutes()).collect();
        assert_eq!(minutes, [2.0, 4.0, 6.0]);
        for isochrone in &drawn {
            let side = isochrone.cutoff.seconds() * 4.8 / 3.6;
            assert!((1.0..1.1).contains(&(isochrone.area_m2 / (2.0 * side * side))), "{} of {side}", isochrone.area_m2);
            assert!(isochrone.area.is_valid() && isochrone.area.0.len() == 1);
        }
        // From (600, 600) to (800, 700) it is 300 m: 225 s.
        let corner = geo::Point::new(800.0, 700.0);
        assert!(!drawn[0].area.contains(&corner) && drawn[1].area.contains(&corner));
    }

    /// Off a street one walks 1/1.3 as far: after 90 s from a street of 200 m one is at most 92 m beside its middle; a street
    /// that nobody can enter from there is passed over.
    #[test]
    fn off_the_streets_it_takes_the_detour() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (400, 0)], StreetClass::Residential);
        let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        let search = search_from(&graph, (200.0, 0.0), TravelTime::from_seconds(90.0));
        let area = &contours(&search, &[TravelTime::from_seconds(90.0)])[0].area;
        let reaches = |x: f64, y: f64| area.contains(&geo::Point::new(x, y));
        assert!(reaches(200.0, 80.0) && !reaches(200.0, 105.0), "120 m of walking are 92 m");
        assert!(reaches(310.0, 0.0) && !reaches(345.0, 0.0));
        assert!(reaches(260.0, 30.0) && !reaches(300.0, 60.0));
    }

    /// A ring of street around a field of 600 m: its middle is reached by nobody.
    #[test]
    fn what_lies_too_far_from_every_street_is_a_hole() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (600, 0), (600, 600), (0, 600), (0, 0)], StreetClass::Residential);
        let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        let search = search_from(&graph, (0.0, 0.0), TravelTime::from_minutes(40));
        let area = &contours(&search, &[TravelTime::from_minutes(40)])[0].area;
        assert_eq!((area.0.len(), area.0[0].interiors().len()), (1, 1));
        assert!(!area.contains(&geo::Point::new(300.0, 300.0)) && area.contains(&geo::Point::new(300.0, 80.0)));
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        let (graph, _) =
            build_streets(&StreetSketch::new().records(), &StreetSketch::plane(), &WalkParameters::default());
        let search = WalkSearch::new(&graph, Profile::Adult);
        let drawn = contours(&search, &[TravelTime::ZERO]);
        assert!(drawn[0].area.0.is_empty() && drawn[0].area_m2 == 0.0);
    }
}
