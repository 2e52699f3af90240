//! Travel times from many places to many, of any length.
//!
//! In: a graph, linked origins and destinations, and for many origins the graph contracted. Out: [`TravelTimes`], a row
//! per origin. Rows are asked for as many at a time as fit in memory: a matrix of 10⁵ by 10⁵ never exists as a whole.

use rayon::prelude::*;

use super::contraction::{Contraction, NO_WAY};
use super::scratches::Scratches;
use super::sweep::{LANES, LaneSeed, Sweep, WaysDown, improve};
use super::walk::{Origin, UNREACHED, WalkSearch, part_of, time_along, ways_in};
use crate::base::ids::{ArcId, NodeId, SegmentId};
use crate::base::units::TravelTime;
use crate::network::linkage::LinkedPoint;
use crate::network::streets::{CLOSED, NO_ZONE, Profile, SearchDirection, StreetGraph};

/// From so many origins on, contracting a graph takes less time than searching from each of them.
pub const WORTH_CONTRACTING: usize = 100;

/// Times that are held in memory at once where only the near ones are asked for.
const TIMES_AT_ONCE: usize = 8_000_000;

/// Travel times, a row per origin and in it a column per destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TravelTimes {
    destinations: usize,
    /// Deciseconds, row after row.
    times: Vec<u32>,
}

impl TravelTimes {
    /// The time from an origin to a destination, off-network times at both ends included; `None` where there is no way
    /// within the cutoff.
    ///
    /// # Panics
    /// Where there is no such origin or destination.
    pub fn time(&self, origin: usize, destination: usize) -> Option<TravelTime> {
        assert!(destination < self.destinations, "destinations are numbered from 0 on");
        time_of(self.times[origin * self.destinations + destination])
    }

    /// The times from an origin to all destinations, in their order.
    ///
    /// # Panics
    /// Where there is no such origin.
    pub fn from_origin(&self, origin: usize) -> impl ExactSizeIterator<Item = Option<TravelTime>> {
        self.times[origin * self.destinations..][..self.destinations].iter().copied().map(time_of)
    }
}

fn time_of(deciseconds: u32) -> Option<TravelTime> {
    (deciseconds != UNREACHED).then_some(TravelTime::from_deciseconds(deciseconds))
}

/// Destinations, to be asked about from one set of origins after the other.
#[derive(Debug)]
pub struct ManyToMany<'g> {
    graph: &'g StreetGraph,
    profile: Profile,
    destinations: Vec<Destination>,
    /// Destinations by segment, ascending.
    on_segments: Vec<(SegmentId, u32)>,
    contracted: Option<Contracted<'g>>,
}

#[derive(Debug)]
struct Destination {
    point: LinkedPoint,
    /// Off-network time.
    off: u32,
}

/// The ways to the destinations in a contracted graph.
#[derive(Debug)]
struct Contracted<'g> {
    ways: WaysDown<'g>,
    /// Nodes by which destinations are reached: where their rows are, and the time from them.
    entries: Vec<(u32, u32)>,
    /// The first entry of each destination, and the end.
    first_entries: Vec<u32>,
}

impl<'g> Contracted<'g> {
    fn new(graph: &StreetGraph, contraction: &'g Contraction, destinations: &[LinkedPoint]) -> Self {
        let impedances = graph.impedances(contraction.profile(), SearchDirection::From);
        let (mut found, mut first_entries): (Vec<(NodeId, u32)>, _) = (Vec::new(), vec![0]);
        for point in destinations {
            let length_m = graph.segment_length_m(point.segment);
            for (node, arc, walk_m) in ways_in(graph, point) {
                let time = part_of(impedances[arc], walk_m, length_m);
                if time != CLOSED {
                    found.push((node, time));
                }
            }
            first_entries.push(found.len() as u32);
        }
        let ways = WaysDown::new(contraction, found.iter().map(|&(node, _)| node));
        let entries = found.into_iter().map(|(node, time)| (ways.place(node), time)).collect();
        Self { ways, entries, first_entries }
    }
}

/// An origin and its row of the matrix.
type OriginRow<'a> = (&'a LinkedPoint, &'a mut [u32]);

impl<'g> ManyToMany<'g> {
    /// Prepares destinations. Without a contraction each origin is searched from by itself: less work for a few of them,
    /// and the same times.
    ///
    /// # Panics
    /// Where the contraction is of another profile.
    pub fn new(
        graph: &'g StreetGraph,
        profile: Profile,
        contraction: Option<&'g Contraction>,
        destinations: &[LinkedPoint],
    ) -> Self {
        assert!(
            contraction.is_none_or(|contraction| contraction.profile() == profile),
            "a contraction has one profile"
        );
        let contracted = contraction.map(|contraction| Contracted::new(graph, contraction, destinations));
        let mut on_segments: Vec<(SegmentId, u32)> =
            destinations.iter().enumerate().map(|(at, point)| (point.segment, at as u32)).collect();
        on_segments.sort_unstable();
        let destination = |&point: &LinkedPoint| {
            let off = graph.off_network_time(point.away_m).deciseconds();
            Destination { point, off }
        };
        let destinations = destinations.iter().map(destination).collect();
        Self { graph, profile, destinations, on_segments, contracted }
    }

    /// How many destinations there are.
    pub fn destination_count(&self) -> usize {
        self.destinations.len()
    }

    /// The times from each of these origins to all destinations, as far as a cutoff ([`TravelTime::MAX`] for any time).
    /// The same whatever the number of threads.
    pub fn from_origins(&self, origins: &[LinkedPoint], cutoff: TravelTime) -> TravelTimes {
        let destinations = self.destinations.len();
        let mut times = vec![UNREACHED; origins.len() * destinations];
        if times.is_empty() {
            return TravelTimes { destinations, times };
        }
        let cutoff = cutoff.deciseconds().min(NO_WAY - 1);
        // Origins next to each other climb by the same nodes.
        let mut rows: Vec<OriginRow<'_>> = origins.iter().zip(times.chunks_mut(destinations)).collect();
        rows.sort_by_key(|(origin, _)| origin.segment);
        let (mut swept, alone): (Vec<OriginRow<'_>>, Vec<OriginRow<'_>>) =
            rows.into_iter().partition(|(origin, _)| self.contracted.is_some() && self.is_plain(origin));
        if let Some(contracted) = &self.contracted {
            let sweeps = Scratches::new();
            swept.par_chunks_mut(LANES).for_each(|batch| {
                sweeps.with(
                    || Sweep::new(&contracted.ways),
                    |sweep| {
                        sweep.search(&self.seeds(batch));
                        self.write_times(batch, (contracted, sweep), cutoff);
                    },
                );
            });
        }
        let searches = Scratches::new();
        alone.into_par_iter().for_each(|(origin, row)| {
            searches.with(
                || WalkSearch::new(self.graph, self.profile),
                |search| self.search_alone(origin, row, search, cutoff),
            );
        });
        TravelTimes { destinations, times }
    }

    /// Per origin the destinations within a cutoff, by their places, with the times. Where hardly any pair is as near as that
    /// the answer is small, whatever the number of pairs.
    pub fn near_origins(&self, origins: &[LinkedPoint], cutoff: TravelTime) -> Vec<Vec<(usize, TravelTime)>> {
        let at_once = (TIMES_AT_ONCE / self.destination_count().max(1)).max(LANES);
        let mut near = Vec::with_capacity(origins.len());
        for origins in origins.chunks(at_once) {
            let times = self.from_origins(origins, cutoff);
            let of_origin = |at: usize| times.from_origin(at).enumerate().filter_map(|(to, time)| Some((to, time?)));
            near.extend((0..origins.len()).map(|at| of_origin(at).collect::<Vec<_>>()));
        }
        near
    }

    /// Whether a trip from an origin meets every street as all trips do: whoever starts in a zone without a way through
    /// may leave it.
    fn is_plain(&self, origin: &LinkedPoint) -> bool {
        let mut starts = self.graph.variants(origin.segment).map(|segment| self.graph.segment_ends(segment).0);
        starts.all(|start| self.graph.zone(start) == NO_ZONE)
    }

    fn impedance(&self, arc: ArcId) -> u32 {
        self.graph.impedances(self.profile, SearchDirection::From)[arc]
    }

    fn origin(&self, point: &LinkedPoint) -> Origin {
        let time = self.graph.off_network_time(point.away_m).deciseconds();
        Origin { segment: point.segment, along_m: point.along_m, time }
    }

    /// The nodes by which origins are left, each in a lane of its own.
    fn seeds(&self, batch: &[OriginRow<'_>]) -> Vec<LaneSeed> {
        let graph = self.graph;
        let mut seeds = Vec::with_capacity(LANES * 2);
        for (lane, (point, _)) in batch.iter().enumerate() {
            let origin = self.origin(point);
            for segment in graph.variants(origin.segment) {
                let (start, end) = graph.segment_ends(segment);
                for (node, to_m) in [(start, 0.0), (end, f64::INFINITY)] {
                    let time = time_along(graph, Origin { segment, ..origin }, to_m, |arc| self.impedance(arc));
                    if time < NO_WAY {
                        seeds.push(LaneSeed { node, lane, time });
                    }
                }
            }
        }
        seeds
    }

    /// The times of all lanes at all destinations.
    fn write_times(&self, batch: &mut [OriginRow<'_>], from: (&Contracted<'_>, &Sweep<'_>), cutoff: u32) {
        let (contracted, sweep) = from;
        for (at, destination) in self.destinations.iter().enumerate() {
            let mut times = [NO_WAY; LANES];
            let [first, end] = [at, at + 1].map(|at| contracted.first_entries[at] as usize);
            for &(place, time) in &contracted.entries[first..end] {
                improve(&mut times, sweep.row(place), time);
            }
            for ((_, row), time) in batch.iter_mut().zip(times) {
                let time = time.saturating_add(destination.off);
                row[at] = if time <= cutoff { time } else { UNREACHED };
            }
        }
        batch.iter_mut().for_each(|(point, row)| self.add_along(point, row, cutoff));
    }

    /// Where an origin and a destination are on one segment, the way along it.
    fn add_along(&self, point: &LinkedPoint, row: &mut [u32], cutoff: u32) {
        let first = self.on_segments.partition_point(|&(segment, _)| segment < point.segment);
        let own = self.on_segments[first..].iter().take_while(|&&(segment, _)| segment == point.segment);
        for &(_, at) in own {
            let (origin, destination) = (self.origin(point), &self.destinations[at as usize]);
            for segment in self.graph.variants(point.segment) {
                let origin = Origin { segment, ..origin };
                let time = time_along(self.graph, origin, destination.point.along_m, |arc| self.impedance(arc));
                let time = time.saturating_add(destination.off);
                if time <= cutoff {
                    row[at as usize] = row[at as usize].min(time);
                }
            }
        }
    }

    fn search_alone(&self, origin: &LinkedPoint, row: &mut [u32], search: &mut WalkSearch<'_>, cutoff: u32) {
        search.from_point(origin, TravelTime::from_deciseconds(cutoff));
        for (destination, time) in self.destinations.iter().zip(row) {
            *time = search.time_to(&destination.point).map_or(UNREACHED, TravelTime::deciseconds);
        }
    }
}

#[cfg(test)]
mod tests {
    use geo::Coord;
    use proptest::prelude::*;

    use super::super::contraction::Elimination;
    use super::*;
    use crate::base::kinds::StreetClass;
    use crate::network::index::StreetIndex;
    use crate::network::linkage::{LinkTo, link_points};
    use crate::network::pace::WalkParameters;
    use crate::network::streets::build_streets;
    use crate::testing::grid_city::GridCity;
    use crate::testing::street_sketch::StreetSketch;

    fn linked(graph: &StreetGraph, points: &[(f64, f64)]) -> Vec<LinkedPoint> {
        let points: Vec<Coord<f64>> = points.iter().map(|&(x, y)| Coord { x, y }).collect();
        link_points(graph, &StreetIndex::new(graph), &points, 100.0, LinkTo::AnyStreet).into_iter().flatten().collect()
    }

    /// Every time again, by a search from each origin.
    fn assert_as_searched(graph: &StreetGraph, origins: &[LinkedPoint], destinations: &[LinkedPoint]) {
        let elimination = Elimination::new(graph);
        for &profile in graph.mode().profiles() {
            let contraction = Contraction::new(graph, profile, &elimination);
            for cutoff in [TravelTime::MAX, TravelTime::from_minutes(5)] {
                let times = |contraction: Option<&Contraction>| {
                    ManyToMany::new(graph, profile, contraction, destinations).from_origins(origins, cutoff)
                };
                let found = times(Some(&contraction));
                let mut search = WalkSearch::new(graph, profile);
                for (from, origin) in origins.iter().enumerate() {
                    search.from_point(origin, cutoff);
                    for (to, destination) in destinations.iter().enumerate() {
                        let expected = search.time_to(destination);
                        assert_eq!(found.time(from, to), expected, "{profile:?} {origin:?} {destination:?}");
                    }
                }
                assert_eq!(found, times(None), "{profile:?}, one by one");
            }
        }
    }

    /// Blocks of 100 m take 75 s; by four and three of them it is 525 s from corner to corner, whatever way one takes.
    #[test]
    fn from_corner_to_corner_of_a_grid_city() {
        let city = GridCity::new(5, 4);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let corners = linked(&graph, &[(0.0, 0.0), (400.0, 300.0), (400.0, 0.0)]);
        let contraction = Contraction::new(&graph, Profile::Adult, &Elimination::new(&graph));
        let matrix = ManyToMany::new(&graph, Profile::Adult, Some(&contraction), &corners);
        let times = matrix.from_origins(&corners, TravelTime::MAX);
        let seconds =
            |from: usize| -> Vec<f64> { times.from_origin(from).map(|time| time.expect("a way").seconds()).collect() };
        assert_eq!(matrix.destination_count(), 3);
        assert_eq!(seconds(0), [0.0, 525.0, 300.0]);
        assert_eq!(seconds(1), [525.0, 0.0, 225.0]);
        assert_eq!(seconds(2), [300.0, 225.0, 0.0]);
        assert!(matrix.from_origins(&[], TravelTime::MAX).times.is_empty());
    }

    /// More origins than lanes, all over a grid.
    #[test]
    fn a_grid_city_is_as_searched() {
        let city = GridCity::new(9, 8);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let points: Vec<(f64, f64)> = (0..50).map(|at| (f64::from(at * 37 % 800), f64::from(at * 91 % 730))).collect();
        let all = linked(&graph, &points);
        assert_as_searched(&graph, &all, &all[20..]);
    }

    /// Whoever starts or ends in a zone without a way through may pass its gates, others may not.
    #[test]
    fn zones_without_a_way_through_are_left_and_entered() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (100, 0), (200, 0), (300, 0)], StreetClass::Residential);
        sketch.way_without_through_trips(&[(100, 0), (150, 10), (200, 0)], StreetClass::Service);
        let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        let all = linked(&graph, &[(50.0, 0.0), (140.0, 9.0), (160.0, 9.0), (150.0, -5.0), (250.0, 1.0)]);
        assert!(all.iter().any(|point| graph.is_first_or_last_only(point.segment)));
        assert_as_searched(&graph, &all, &all);
    }

    /// What does not hang together has no times.
    #[test]
    fn islands_are_not_reached() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)], StreetClass::Residential);
        sketch.way(&[(500, 0), (600, 0)], StreetClass::Residential);
        let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        let all = linked(&graph, &[(50.0, 0.0), (90.0, 100.0), (540.0, 0.0), (560.0, 0.0)]);
        let contraction = Contraction::new(&graph, Profile::Adult, &Elimination::new(&graph));
        let matrix = ManyToMany::new(&graph, Profile::Adult, Some(&contraction), &all);
        let times = matrix.from_origins(&all, TravelTime::MAX);
        assert!(times.time(0, 1).is_some() && times.time(2, 3).is_some());
        assert!(times.time(0, 2).is_none() && times.time(3, 1).is_none());
        assert_as_searched(&graph, &all, &all);
    }

    #[test]
    fn threads_change_nothing() {
        let city = GridCity::new(12, 12);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let points: Vec<(f64, f64)> =
            (0..80).map(|at| (f64::from(at * 41 % 1100), f64::from(at * 67 % 1090))).collect();
        let all = linked(&graph, &points);
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| {
                let elimination = Elimination::new(&graph);
                let contraction = Contraction::new(&graph, Profile::Adult, &elimination);
                let matrix = ManyToMany::new(&graph, Profile::Adult, Some(&contraction), &all);
                (contraction.step_count(), matrix.from_origins(&all, TravelTime::from_minutes(10)))
            })
        };
        assert_eq!(with(1), with(5));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Any streets, one-way ones and such without a way through among them.
        #[test]
        fn any_streets_are_as_searched(
            lines in proptest::collection::vec(
                (proptest::collection::vec((-400..400, -400..400), 2..6), 0_u32..4), 1..16
            ),
            points in proptest::collection::vec((-400.0..400.0, -400.0..400.0), 0..40),
        ) {
            let sketch = StreetSketch::of_any(&lines);
            let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
            let all = linked(&graph, &points);
            assert_as_searched(&graph, &all, &all[all.len() / 3..]);
        }
    }
}
