//! Stops of the timetable on the walking network: walks to them, and between them.
//!
//! In: a town and a timetable. Out: times on foot per stop. Knows no vehicle.

use geo::Coord;

use crate::base::ids::{Id, StopId};
use crate::base::units::TravelTime;
use crate::network::linkage::{LinkTo, LinkedPoint, link_points};
use crate::network::streets::Profile;
use crate::network::timetable::{Footpaths, Timetable};
use crate::reach::walk::{WalkSearch, at_once, walk_from_each};
use crate::study::town::Town;

/// Walks between stops, at most (default).
const CHANGE_LIMIT: TravelTime = TravelTime::from_minutes(6);
/// A stop's distance from the streets, at most, metres (default).
pub(in crate::study) const STOP_LINK_M: f64 = 150.0;

/// Stops of the timetable linked to the streets.
pub struct StopLinks<'t> {
    town: &'t Town,
    links: Vec<Option<LinkedPoint>>,
}

impl<'t> StopLinks<'t> {
    /// Links the stops of a timetable.
    pub fn new(town: &'t Town, timetable: &Timetable) -> Self {
        let points: Vec<Coord<f64>> = timetable.stops().values().iter().map(|stop| stop.position).collect();
        Self { town, links: link_points(&town.graph, &town.index, &points, STOP_LINK_M, LinkTo::MainComponents) }
    }

    /// The stops within a search that has run, with their times.
    pub fn times(&self, search: &WalkSearch<'_>) -> Vec<(StopId, TravelTime)> {
        let linked = self.links.iter().enumerate();
        linked.filter_map(|(i, link)| Some((StopId::from_index(i), search.time_to(link.as_ref()?)?))).collect()
    }

    /// The stops within a walk from the nearest of these points.
    pub fn walks_from(&self, points: &[LinkedPoint], limit: TravelTime) -> Vec<(StopId, TravelTime)> {
        let mut search = WalkSearch::new(&self.town.graph, Profile::Adult);
        search.from_points(&at_once(points), limit);
        self.times(&search)
    }

    /// The stops within a walk to the nearest of these points.
    pub fn walks_to(&self, points: &[LinkedPoint], limit: TravelTime) -> Vec<(StopId, TravelTime)> {
        let mut search = WalkSearch::new(&self.town.graph, Profile::Adult);
        search.to_points(&at_once(points), limit);
        self.times(&search)
    }

    /// Walks between served stops.
    pub fn footpaths(&self, timetable: &Timetable) -> Footpaths {
        let served: Vec<usize> = (0..self.links.len())
            .filter(|&i| timetable.stops()[StopId::from_index(i)].served && self.links[i].is_some())
            .collect();
        let origins: Vec<LinkedPoint> = served.iter().filter_map(|&i| self.links[i]).collect();
        let walks = walk_from_each(&self.town.graph, Profile::Adult, &origins, CHANGE_LIMIT, |_, search| {
            let near = served
                .iter()
                .filter_map(|&to| Some((StopId::from_index(to), search.time_to(self.links[to].as_ref()?)?)));
            near.collect::<Vec<_>>()
        });
        let links = served.iter().zip(walks).flat_map(|(&from, walks)| {
            let from = StopId::from_index(from);
            walks.into_iter().filter(move |(to, _)| *to != from).map(move |(to, time)| (from, to, time))
        });
        Footpaths::build_with_transfers(timetable, links)
    }
}
