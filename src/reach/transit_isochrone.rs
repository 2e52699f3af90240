//! What is reached by public transport at one departure: on foot, by vehicles, and on foot again from every stop where
//! that is sooner.
//!
//! In: a [`Raptor`] search, its stops linked to the streets. Out: a finished [`WalkSearch`] with the times of all streets,
//! from which isochrones and times to any place follow as they do on foot. No walk is limited but by the time itself.

use super::raptor::{GoOn, Raptor, RaptorScratch, moment, span};
use super::scratches::Scratches;
use super::walk::WalkSearch;
use crate::base::ids::{NodeId, StopId};
use crate::base::units::{ClockTime, TravelTime};
use crate::network::linkage::LinkedPoint;
use crate::network::streets::{NO_ZONE, Profile, StreetGraph};
use crate::network::timetable::Moment;

use rayon::prelude::*;

/// Stops of a timetable on the streets of a profile.
pub struct TransitStreets<'a> {
    graph: &'a StreetGraph,
    profile: Profile,
    raptor: &'a Raptor<'a>,
    stops: &'a [(StopId, LinkedPoint)],
    /// Of each stop in a zone without a way through the nodes of the zone and just outside it, with the times from the stop:
    /// who rides there may leave the zone, and nobody else may cross it.
    exits: Vec<Vec<(NodeId, TravelTime)>>,
}

/// The longest way out of a zone.
const EXIT_LIMIT: TravelTime = TravelTime::from_minutes(30);

/// What a thread searches with.
struct Scratch<'a> {
    walk: WalkSearch<'a>,
    raptor: RaptorScratch,
}

impl<'a> TransitStreets<'a> {
    /// The stops of a search on streets.
    pub fn new(
        (graph, profile): (&'a StreetGraph, Profile),
        raptor: &'a Raptor<'a>,
        stops: &'a [(StopId, LinkedPoint)],
    ) -> Self {
        let mut search = WalkSearch::new(graph, profile);
        let exits = stops.iter().map(|(_, link)| exits_of(&mut search, link)).collect();
        Self { graph, profile, raptor, stops, exits }
    }

    /// Searches from each point at a departure, as far as a cutoff, and measures what is reached, in the order of the
    /// points. In parallel; the number of threads changes nothing.
    pub fn from_each<T: Send>(
        &self,
        points: &[LinkedPoint],
        (departure, cutoff): (ClockTime, TravelTime),
        measure: impl Fn(usize, &WalkSearch<'a>) -> T + Sync,
    ) -> Vec<T> {
        let scratches = Scratches::new();
        let new = || Scratch { walk: WalkSearch::new(self.graph, self.profile), raptor: self.raptor.scratch() };
        let search = |(at, point): (usize, &LinkedPoint)| {
            scratches.with(new, |scratch| {
                self.search_from(scratch, point, moment(departure), cutoff);
                measure(at, &scratch.walk)
            })
        };
        points.par_iter().enumerate().with_max_len(1).map(search).collect()
    }

    fn search_from(&self, scratch: &mut Scratch<'a>, point: &LinkedPoint, departure: Moment, cutoff: TravelTime) {
        let Scratch { walk, raptor } = scratch;
        walk.from_point(point, cutoff);
        let on_foot: Vec<(usize, TravelTime)> =
            (self.stops.iter().enumerate()).filter_map(|(at, (_, link))| Some((at, walk.time_to(link)?))).collect();
        let access: Vec<(StopId, TravelTime)> = on_foot.iter().map(|&(at, time)| (self.stops[at].0, time)).collect();
        let (mut starts, mut nodes) = (vec![(*point, TravelTime::ZERO)], Vec::new());
        let too_late = departure.saturating_add(span(cutoff)).saturating_add(1);
        let bound = |_: Moment, _: super::raptor::Arrivals<'_>| too_late;
        self.raptor.reach_in_time_over(raptor, &access, [departure], bound, |_, arrivals| {
            let mut on_foot = on_foot.iter().peekable();
            for (at, (stop, link)) in self.stops.iter().enumerate() {
                let walked = on_foot.next_if(|(walked, _)| *walked == at).map(|&(_, time)| time);
                let ridden = arrivals.travel_time(*stop);
                // Where one is as soon on foot, the walk goes on by itself.
                if let Some(time) = ridden.filter(|&time| walked.is_none_or(|walked| time < walked)) {
                    match self.exits[at].as_slice() {
                        [] => starts.push((*link, time)),
                        exits => nodes.extend(exits.iter().map(|&(node, walk)| (node, time + walk))),
                    }
                }
            }
            GoOn::Yes
        });
        if starts.len() > 1 || !nodes.is_empty() {
            walk.search_from_nodes_too(&starts, &nodes, cutoff);
        }
    }
}

/// How one leaves the zone of a stop; nothing where it lies in none.
fn exits_of(search: &mut WalkSearch<'_>, link: &LinkedPoint) -> Vec<(NodeId, TravelTime)> {
    let graph = search.graph();
    let (start, end) = graph.segment_ends(link.segment);
    let zone = graph.zone(start);
    if zone == NO_ZONE && graph.zone(end) == NO_ZONE {
        return Vec::new();
    }
    let zone = if zone == NO_ZONE { graph.zone(end) } else { zone };
    search.from_point(link, EXIT_LIMIT);
    let is_of_it = |node: NodeId| graph.zone(node) == zone;
    let touches = |&node: &NodeId| is_of_it(node) || graph.arcs_from(node).any(|arc| is_of_it(graph.head(arc)));
    let reached = search.settled().iter().copied().filter(touches);
    reached.filter_map(|node| Some((node, search.time_to_node(node)?))).collect()
}

#[cfg(test)]
mod tests {
    use geo::Coord;

    use super::*;
    use crate::base::kinds::StreetClass;
    use crate::network::index::StreetIndex;
    use crate::network::linkage::{LinkTo, link_point};
    use crate::network::pace::WalkParameters;
    use crate::network::streets::build_streets;
    use crate::network::timetable::Footpaths;
    use crate::reach::raptor::RaptorParameters;
    use crate::testing::street_sketch::StreetSketch;
    use crate::testing::toy_feed::ToyFeed;

    /// Two villages, 10 km apart, and a bus from one to the other in 10 min, at 7:05. Who leaves the one at 7:00, 80 m (1 min)
    /// from its stop, is at the stop of the other at 7:15 and 120 m on, 90 s later.
    #[test]
    fn one_walks_on_from_where_one_rides_to() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (400, 0), (10_000, 0), (10_400, 0)], StreetClass::Residential);
        let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        let index = StreetIndex::new(&graph);
        let link = |x: f64| link_point(&graph, &index, Coord { x, y: 0.0 }, 1.0, LinkTo::AnyStreet).expect("a street");
        let mut toy = ToyFeed::with_stops(2);
        toy.line(&[0, 1], ClockTime::from_hm(7, 5), ClockTime::from_hm(7, 6), 60, 10);
        let (timetable, footpaths) = (toy.timetable(), Footpaths::none(2));
        let raptor = Raptor::new(&timetable, &footpaths, RaptorParameters::default());
        let stops = [(StopId(0), link(100.0)), (StopId(1), link(10_100.0))];
        let streets = TransitStreets::new((&graph, Profile::Adult), &raptor, &stops);
        let seven = ClockTime::from_hm(7, 0);
        let times = |departure: ClockTime, minutes: u32| {
            let cutoff = TravelTime::from_minutes(minutes);
            let places = [20.0, 100.0, 10_100.0, 10_220.0, 9_980.0].map(link);
            let found = streets.from_each(&[link(20.0)], (departure, cutoff), |_, search| {
                places.map(|place| search.time_to(&place).map(TravelTime::seconds))
            });
            found[0]
        };
        assert_eq!(times(seven, 17), [Some(0.0), Some(60.0), Some(900.0), Some(990.0), Some(990.0)]);
        assert_eq!(times(seven, 15), [Some(0.0), Some(60.0), Some(900.0), None, None]);
        assert_eq!(times(seven.plus_seconds(300), 17), [Some(0.0), Some(60.0), None, None, None], "it has left");
    }

    /// A path for customers of a station joins two streets, whose way round is 3 km; the bus stops on it. Who rides there leaves
    /// it to both sides; who walks to it from the west does not come through.
    #[test]
    fn who_rides_into_a_zone_leaves_it_and_nobody_crosses_it() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(-200, 0), (0, 0), (0, 1_450), (100, 1_450), (100, 0), (300, 0)], StreetClass::Residential);
        sketch.way_without_through_trips(&[(0, 0), (100, 0)], StreetClass::Footway);
        sketch.way(&[(9_000, 0), (9_400, 0)], StreetClass::Residential);
        let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        let index = StreetIndex::new(&graph);
        let link = |x: f64| link_point(&graph, &index, Coord { x, y: 0.0 }, 1.0, LinkTo::AnyStreet).expect("a street");
        let mut toy = ToyFeed::with_stops(3);
        toy.line(&[0, 1], ClockTime::from_hm(7, 5), ClockTime::from_hm(7, 6), 60, 5);
        toy.line(&[2, 1], ClockTime::from_hm(7, 5), ClockTime::from_hm(7, 6), 60, 5);
        let (timetable, footpaths) = (toy.timetable(), Footpaths::none(3));
        let raptor = Raptor::new(&timetable, &footpaths, RaptorParameters::default());
        // One bus comes from the farther street, 9 km off, another from the west.
        let stops = [(StopId(0), link(9_020.0)), (StopId(1), link(50.0)), (StopId(2), link(-100.0))];
        let streets = TransitStreets::new((&graph, Profile::Adult), &raptor, &stops);
        let seconds = |from: f64, to: f64| {
            let when = (ClockTime::from_hm(7, 0), TravelTime::from_minutes(20));
            let found = streets.from_each(&[link(from)], when, |_, search| search.time_to(&link(to)));
            found[0].map(|time| time.seconds().round())
        };
        // At 7:10 the bus is there; 50 m and 80 m on it is 97.5 s later, to both sides.
        assert_eq!(seconds(9_020.0, -80.0), seconds(9_020.0, 180.0));
        assert!(
            seconds(9_020.0, 180.0).is_some_and(|seconds| (seconds - 697.5).abs() < 2.0),
            "{:?}",
            seconds(9_020.0, 180.0)
        );
        assert_eq!(seconds(-80.0, 180.0), None, "on foot one is at the stop before the bus, and not through");
    }
}
