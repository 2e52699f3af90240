//! Journeys between homes and the core: how long people take, and whether they get back after closing.
//!
//! In: the town, its timetable. Out: one record per sampled origin. Times are pooled over a window, and over draws
//! where lines run at a headway without fixed times.

use std::collections::BTreeMap;

use crate::analysis::parameters::Parameters;
use crate::base::ids::{Id, StopId};
use crate::base::units::{ClockTime, TravelTime};
use crate::network::linkage::LinkedPoint;
use crate::network::streets::Profile;
use crate::network::timetable::{Footpaths, Timetable};
use crate::reach::door_to_door::{DepartureWindow, Destination, Origin, PooledTimes};
use crate::reach::draws::Draws;
use crate::reach::raptor::{Raptor, RaptorParameters};
use crate::reach::walk::walk_from_each;
use crate::study::measure::Measures;
use crate::study::town::Town;
use crate::study::transit::evening::after_closing;
use crate::study::transit::stop_links::StopLinks;

/// Walks to and from stops, at most (methods §5.2: 960 m to rail; a little more here).
pub const ACCESS_LIMIT: TravelTime = TravelTime::from_minutes(15);
/// Side of the cells in which homes share one origin, metres (default).
const ORIGIN_CELL_M: f64 = 300.0;
/// Origins of door-to-door times at most; the most populous cells count (default).
const MOST_ORIGINS: usize = 400;
/// Walking all the way home counts up to here (default).
const WALK_HOME_LIMIT: TravelTime = TravelTime::from_minutes(30);

/// An origin that stands for the homes around it.
#[derive(Clone, Debug, PartialEq)]
pub struct SampledOrigin {
    /// The home it starts from.
    pub home: usize,
    /// People it stands for.
    pub people: f64,
    /// Median time to the core in the window, minutes; infinite where it is not reached.
    pub minutes: f64,
    /// Whether people come from here: by public transport, or by a walk that one also takes home.
    pub comes: bool,
    /// Share of draws in which one gets back from the core after closing: 0 or 1 where all trips have fixed times.
    pub returns: f64,
}

/// Where the journeys of a town go through.
pub struct Journeys<'t> {
    /// The town.
    pub town: &'t Town,
    /// The timetable.
    pub timetable: &'t Timetable,
    /// Its stops on the streets.
    pub stops: &'t StopLinks<'t>,
    /// Walks between its stops.
    pub footpaths: &'t Footpaths,
    /// Walks from its stops to the core.
    pub to_core: &'t [(StopId, TravelTime)],
    /// Walks from the core to its stops.
    pub from_core: &'t [(StopId, TravelTime)],
}

impl Journeys<'_> {
    /// Journeys from the most populous places of the town to its core, and back after closing.
    pub fn sample_origins(&self, measures: &Measures, parameters: &Parameters) -> Vec<SampledOrigin> {
        let chosen = choose_origins(self.town);
        let origins = self.origins_at(&chosen, measures);
        let window = {
            let first = parameters.window_start;
            DepartureWindow { first, end: first.plus_seconds(parameters.window_minutes * 60) }
        };
        let draws = draws_of(parameters).for_timetable(self.timetable);
        let mut pooled = PooledTimes::default();
        let mut returned = vec![0_u32; origins.len()];
        draws.visit(self.timetable, |draw, timetable| {
            let raptor = Raptor::by_vehicle_only(timetable, self.footpaths, RaptorParameters::default());
            let departures: Vec<ClockTime> = draws.departures(draw, window).collect();
            pooled.add(&raptor, &origins, &departures);
            let home = self.arrivals_after_closing(&raptor, parameters);
            for (origin, returned) in origins.iter().zip(&mut returned) {
                *returned += u32::from(gets_home(origin, &home, parameters));
            }
        });
        let of_draws = |count: u32| f64::from(count) / f64::from(draws.count.max(1));
        let found = chosen.into_iter().zip(pooled.percentiles(&[50.0])).zip(returned);
        found
            .map(|(((home, people), times), returned)| {
                let median = times.first().and_then(|of_core| of_core.first().copied().flatten());
                let walk = measures.home_walk[home];
                let on_foot = walk.is_some_and(|walk| walk <= WALK_HOME_LIMIT);
                let rides = median.is_some_and(|median| walk.is_none_or(|walk| median < walk));
                let minutes = median.map_or(f64::INFINITY, TravelTime::minutes);
                let returns = if on_foot { 1.0 } else { of_draws(returned) };
                SampledOrigin { home, people, minutes, comes: rides || on_foot, returns }
            })
            .collect()
    }

    fn origins_at(&self, chosen: &[(usize, f64)], measures: &Measures) -> Vec<Origin> {
        let links: Vec<LinkedPoint> = chosen.iter().filter_map(|&(home, _)| self.town.home_links[home]).collect();
        let graph = &self.town.graph;
        let access = walk_from_each(graph, Profile::Adult, &links, ACCESS_LIMIT, |_, search| self.stops.times(search));
        let to_core = |home: usize| Destination { egress: self.to_core.to_vec(), direct: measures.home_walk[home] };
        let origins = chosen.iter().zip(access);
        origins.map(|(&(home, _), access)| Origin { access, destinations: vec![to_core(home)] }).collect()
    }

    /// Times to every stop when leaving the core once the shops have closed.
    fn arrivals_after_closing(&self, raptor: &Raptor<'_>, parameters: &Parameters) -> Vec<Option<TravelTime>> {
        let mut scratch = raptor.scratch();
        let arrivals = raptor.reach_stops(&mut scratch, self.from_core, after_closing(parameters));
        raptor.timetable().stops().ids().map(|stop| arrivals.travel_time(stop)).collect()
    }
}

/// The draws of an audit, for timetables that need them.
pub(in crate::study) fn draws_of(parameters: &Parameters) -> Draws {
    let (seed, count) = (parameters.seed, parameters.timetable_draws);
    Draws { seed, count, per_departure: parameters.draws_per_minute }
}

fn gets_home(origin: &Origin, home: &[Option<TravelTime>], parameters: &Parameters) -> bool {
    let within = |&(stop, walk): &(StopId, TravelTime)| {
        home[stop.index()].is_some_and(|ride| ride + walk <= parameters.journey_limit)
    };
    origin.access.iter().any(within)
}

/// Homes in cells, each with the home that has most people; the most populous cells first.
fn choose_origins(town: &Town) -> Vec<(usize, f64)> {
    let mut cells: BTreeMap<(i64, i64), (usize, f64, f64)> = BTreeMap::new();
    for (index, (home, link)) in town.homes.iter().zip(&town.home_links).enumerate() {
        if link.is_none() {
            continue;
        }
        let cell = ((home.point.x / ORIGIN_CELL_M).floor() as i64, (home.point.y / ORIGIN_CELL_M).floor() as i64);
        let entry = cells.entry(cell).or_insert((index, home.people, 0.0));
        entry.2 += home.people;
        if home.people > entry.1 {
            (entry.0, entry.1) = (index, home.people);
        }
    }
    let mut origins: Vec<(usize, f64)> = cells.into_values().map(|(home, _, people)| (home, people)).collect();
    origins.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    origins.truncate(MOST_ORIGINS);
    origins
}
