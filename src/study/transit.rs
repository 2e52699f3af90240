//! What the timetable offers the town: service at stops, journeys to the core, the way home after closing.

use std::collections::BTreeMap;

use geo::Coord;

use crate::analysis::friction::Finding;
use crate::analysis::friction::last_departure::{LineFromCore, find_early_lines};
use crate::analysis::parameters::Parameters;
use crate::analysis::statistics::{share_where, weighted_quantile};
use crate::analysis::transit_supply::{PtalMode, PtalService, measure_ptal, station_radius_m, well_served};
use crate::base::ids::{Id, RouteId, StopId};
use crate::base::kinds::StopMode;
use crate::base::notice::{Notice, Notices};
use crate::base::projection::Plane;
use crate::base::units::{ClockTime, TravelTime};
use crate::canvas::feed::NotScored;
use crate::canvas::indicators::{Indicator, Quality};
use crate::canvas::score::Measured;
use crate::network::linkage::{LinkTo, LinkedPoint, link_points};
use crate::network::streets::WalkProfile;
use crate::network::timetable::{
    DayKind, Footpaths, Moment, NEVER, Timetable, build_timetable, find_representative_day, trips_per_day,
};
use crate::reach::door_to_door::{DepartureWindow, Origin, reach_percentiles};
use crate::reach::raptor::{Raptor, RaptorParameters};
use crate::reach::walk::{WalkSearch, walk_from_each};
use crate::sources::gtfs::Feed;
use crate::study::assess::AreaChoice;
use crate::study::error::StudyError;
use crate::study::manifest::Manifest;
use crate::study::measure::Measures;
use crate::study::town::Town;

/// Walks to and from stops, at most (methods §5.2: 960 m to rail; a little more here).
const ACCESS_LIMIT: TravelTime = TravelTime::from_minutes(15);
/// Walks between stops, at most (default).
const CHANGE_LIMIT: TravelTime = TravelTime::from_minutes(6);
/// A stop's distance from the streets, at most, metres (default).
const STOP_LINK_M: f64 = 150.0;
/// Side of the cells in which homes share one origin, metres (default).
const ORIGIN_CELL_M: f64 = 300.0;
/// Origins of door-to-door times at most; the most populous cells count (default).
const MOST_ORIGINS: usize = 400;
/// A line serves the core from stops within this walk (default).
const CORE_STOP_WALK: TravelTime = TravelTime::from_minutes(3);
/// Walking all the way home counts up to here (default).
const WALK_HOME_LIMIT: TravelTime = TravelTime::from_minutes(30);
/// A bus stop serves homes within this distance, metres (IWEPS, methods §5.3).
const BUS_RADIUS_M: f64 = 500.0;
/// The hour in which PTAL counts departures (methods §5.2).
const PTAL_WINDOW: (ClockTime, ClockTime) = (ClockTime::from_hm(8, 15), ClockTime::from_hm(9, 15));

/// The timetable of the day that stands for all.
pub struct ServiceDay {
    /// The day.
    pub date: jiff::civil::Date,
    /// Its timetable.
    pub timetable: Timetable,
}

/// The day of the manifest, else a representative working day of the feeds; `None` without feeds.
pub fn choose_service_day(
    manifest: &Manifest,
    feeds: &[Feed],
    plane: &Plane,
    notices: &mut Notices,
) -> Result<Option<ServiceDay>, StudyError> {
    let busiest = || trips_per_day(feeds).into_iter().max_by_key(|&(date, trips)| (trips, std::cmp::Reverse(date)));
    let kinds = [DayKind::Working, DayKind::Saturday, DayKind::Sunday];
    let found = kinds.into_iter().find_map(|kind| find_representative_day(feeds, kind));
    let date = manifest.study.service_date.or(found).or_else(|| busiest().map(|(date, _)| date));
    let Some(date) = date else {
        if !feeds.is_empty() {
            let notice = Notice::error("feed_without_service", &feeds[0].file, "has no day on which any trip runs");
            notices.push(notice.action("public transport is not scored"));
        }
        return Ok(None);
    };
    let (timetable, told) = build_timetable(feeds, date, plane)?;
    notices.extend(told);
    Ok((!timetable.trips().is_empty()).then_some(ServiceDay { date, timetable }))
}

/// An origin that stands for the homes around it.
#[derive(Clone, Debug, PartialEq)]
struct SampledOrigin {
    /// The home it starts from.
    home: usize,
    /// People it stands for.
    people: f64,
    /// Median time to the core in the window, minutes; infinite where it is not reached.
    minutes: f64,
    /// Whether people come from here: by public transport, or by a walk that one also takes home.
    comes: bool,
    /// Whether one gets back from the core after closing.
    returns: bool,
}

/// What the timetable offers.
pub struct TransitMeasures {
    /// Whether each home is well served (IWEPS).
    home_served: Vec<bool>,
    /// PTAL index at the core.
    ptal: f64,
    origins: Vec<SampledOrigin>,
    lines: Vec<LineFromCore>,
    rail_only: bool,
}

/// Measures what the timetable of the day offers the town.
pub fn measure_transit(town: &Town, day: &ServiceDay, measures: &Measures, parameters: &Parameters) -> TransitMeasures {
    let timetable = &day.timetable;
    let points: Vec<Coord<f64>> = timetable.stops().values().iter().map(|stop| stop.position).collect();
    let links = link_points(&town.graph, &town.index, &points, STOP_LINK_M, LinkTo::MainComponents);
    let stops = StopLinks { town, links };
    let core = stops.walks_around(&town.core.links, ACCESS_LIMIT);
    let footpaths = stops.footpaths(timetable);
    let raptor = Raptor::new(timetable, &footpaths, RaptorParameters::default());
    let after_closing = arrivals_after_closing(&raptor, &core, parameters);
    TransitMeasures {
        home_served: find_served_homes(town),
        ptal: ptal_at(timetable, &core),
        origins: sample_origins(&stops, &raptor, &core, (measures, &after_closing), parameters),
        lines: lines_from_core(timetable, &footpaths, &core, parameters),
        rail_only: timetable.routes().values().iter().all(|route| route.mode == StopMode::Rail),
    }
}

/// Stops of the timetable linked to the streets.
struct StopLinks<'t> {
    town: &'t Town,
    links: Vec<Option<LinkedPoint>>,
}

impl StopLinks<'_> {
    /// The stops within a search that has run, with their times.
    fn times(&self, search: &WalkSearch<'_>) -> Vec<(StopId, TravelTime)> {
        let linked = self.links.iter().enumerate();
        linked.filter_map(|(i, link)| Some((StopId::from_index(i), search.time_to(link.as_ref()?)?))).collect()
    }

    fn walks_around(&self, points: &[LinkedPoint], limit: TravelTime) -> Vec<(StopId, TravelTime)> {
        let mut search = WalkSearch::new(&self.town.graph, WalkProfile::Adult);
        let sources: Vec<_> = points.iter().map(|&point| (point, TravelTime::ZERO)).collect();
        search.from_points(&sources, limit);
        self.times(&search)
    }

    /// Walks between served stops.
    fn footpaths(&self, timetable: &Timetable) -> Footpaths {
        let served: Vec<usize> = (0..self.links.len())
            .filter(|&i| timetable.stops()[StopId::from_index(i)].served && self.links[i].is_some())
            .collect();
        let origins: Vec<LinkedPoint> = served.iter().filter_map(|&i| self.links[i]).collect();
        let walks = walk_from_each(&self.town.graph, WalkProfile::Adult, &origins, CHANGE_LIMIT, |_, search| {
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

/// The walk of homes around well-served stops, by the Walloon rule (methods §5.3); distances along the streets.
fn find_served_homes(town: &Town) -> Vec<bool> {
    let people: f64 = town.homes.iter().map(|home| home.people).sum();
    let area_km2 = geo::Area::unsigned_area(&town.area) / 1e6;
    let density = people / area_km2.max(1e-6);
    let speed = town.graph.speed();
    let mut by_radius: BTreeMap<u32, Vec<(LinkedPoint, TravelTime)>> = BTreeMap::new();
    for stop in &town.stops {
        let (Some(link), Some(departures)) = (stop.link, stop.departures) else { continue };
        let radius_m = if stop.mode == StopMode::Rail { station_radius_m(departures) } else { BUS_RADIUS_M };
        if !well_served(stop.mode, radius_m, departures, density) {
            continue;
        }
        by_radius.entry(radius_m as u32).or_default().push((link, TravelTime::ZERO));
    }
    let mut served = vec![false; town.homes.len()];
    let mut search = WalkSearch::new(&town.graph, WalkProfile::Adult);
    for (radius_m, sources) in by_radius {
        search.from_points(&sources, speed.time_for(f64::from(radius_m)));
        for (home, link) in town.home_links.iter().enumerate() {
            served[home] |= link.as_ref().is_some_and(|link| search.time_to(link).is_some());
        }
    }
    served
}

/// PTAL at the core: of each line its nearest stop and its better direction (methods §5.2).
fn ptal_at(timetable: &Timetable, core: &[(StopId, TravelTime)]) -> f64 {
    let mut best: BTreeMap<RouteId, (TravelTime, [u32; 2])> = BTreeMap::new();
    for &(stop, walk) in core {
        let mut per_route: BTreeMap<RouteId, [u32; 2]> = BTreeMap::new();
        for (clock, trip) in timetable.departures_from(stop) {
            if (PTAL_WINDOW.0..PTAL_WINDOW.1).contains(&clock) {
                let trip = &timetable.trips()[trip];
                per_route.entry(trip.route).or_default()[usize::from(trip.direction.unwrap_or(0).min(1))] += 1;
            }
        }
        for (route, counts) in per_route {
            let known = best.entry(route).or_insert((walk, counts));
            // Both directions of a line often stop on two sides of a street: the nearest stop counts, with the better of them.
            known.0 = known.0.min(walk);
            known.1 = [known.1[0].max(counts[0]), known.1[1].max(counts[1])];
        }
    }
    let services: Vec<PtalService> = best
        .iter()
        .map(|(&route, &(walk, counts))| PtalService {
            mode: match timetable.routes()[route].mode {
                StopMode::Rail => PtalMode::Rail,
                StopMode::Bus | StopMode::Tram | StopMode::Other => PtalMode::Bus,
            },
            walk_m: walk.seconds() * 80.0 / 60.0,
            departures_per_hour: f64::from(counts[0].max(counts[1])),
        })
        .collect();
    measure_ptal(&services)
}

/// Times to every stop when leaving the core a quarter of an hour after closing, the best of a whole hour.
fn arrivals_after_closing(
    raptor: &Raptor<'_>,
    core: &[(StopId, TravelTime)],
    parameters: &Parameters,
) -> Vec<Option<TravelTime>> {
    let mut scratch = raptor.scratch();
    let leave = parameters.closing_time.plus_seconds(parameters.closing_margin.seconds() as u32);
    let arrivals = raptor.reach_stops(&mut scratch, core, leave);
    let stops = raptor.timetable().stops().ids();
    stops.map(|stop| arrivals.travel_time(stop).filter(|&time| time <= parameters.journey_limit)).collect()
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

fn sample_origins(
    stops: &StopLinks<'_>,
    raptor: &Raptor<'_>,
    core: &[(StopId, TravelTime)],
    (measures, after_closing): (&Measures, &[Option<TravelTime>]),
    parameters: &Parameters,
) -> Vec<SampledOrigin> {
    let town = stops.town;
    let chosen = choose_origins(town);
    let links: Vec<LinkedPoint> = chosen.iter().filter_map(|&(home, _)| town.home_links[home]).collect();
    let access = walk_from_each(&town.graph, WalkProfile::Adult, &links, ACCESS_LIMIT, |_, search| stops.times(search));
    let origins: Vec<Origin> = chosen
        .iter()
        .zip(&access)
        .map(|(&(home, _), access)| Origin { access: access.clone(), direct: vec![measures.home_walk[home]] })
        .collect();
    let first = parameters.window_start;
    let window = DepartureWindow { first, end: first.plus_seconds(parameters.window_minutes * 60) };
    let times = reach_percentiles(raptor, &origins, &[core.to_vec()], window, &[50.0]);
    let sampled = chosen.into_iter().zip(access).zip(times);
    sampled
        .map(|(((home, people), access), times)| {
            let median = times.first().and_then(|of_core| of_core.first().copied().flatten());
            let by_transit = access.iter().any(|&(stop, walk)| {
                after_closing[stop.index()].is_some_and(|ride| ride + walk <= parameters.journey_limit)
            });
            let walk = measures.home_walk[home];
            let on_foot = walk.is_some_and(|walk| walk <= WALK_HOME_LIMIT);
            let rides = median.is_some_and(|median| walk.is_none_or(|walk| median < walk));
            let minutes = median.map_or(f64::INFINITY, TravelTime::minutes);
            SampledOrigin { home, people, minutes, comes: rides || on_foot, returns: by_transit || on_foot }
        })
        .collect()
}

/// Stops of the core, and the stops that a vehicle which leaves them after closing still serves: those it calls at, and
/// those a short walk from there. Who rides a bus home does not walk the same way instead.
struct AfterClosing {
    near: Vec<StopId>,
    served: Vec<bool>,
}

impl AfterClosing {
    fn new(
        timetable: &Timetable,
        footpaths: &Footpaths,
        core: &[(StopId, TravelTime)],
        parameters: &Parameters,
    ) -> Self {
        let near: Vec<StopId> =
            core.iter().filter(|(_, walk)| *walk <= CORE_STOP_WALK).map(|(stop, _)| *stop).collect();
        let leave = parameters.closing_time.plus_seconds(parameters.closing_margin.seconds() as u32);
        let leave = Moment::try_from(leave.seconds()).map_or(Moment::MAX, |s| s.saturating_mul(10));
        let mut served = vec![false; timetable.stops().len()];
        for pattern in timetable.patterns() {
            let stops = timetable.pattern_stops(pattern);
            let Some(first) = stops.iter().position(|stop| near.contains(stop)) else { continue };
            if !timetable.departures_at(pattern, first).iter().any(|&at| at >= leave && at < NEVER) {
                continue;
            }
            for &stop in stops[first + 1..].iter().filter(|stop| !near.contains(stop)) {
                served[stop.index()] = true;
                footpaths.from_stop(stop).iter().for_each(|&(to, _)| served[to.index()] = true);
            }
        }
        Self { near, served }
    }
}

/// Lines that leave from the core, and which of their stops nothing serves after closing.
fn lines_from_core(
    timetable: &Timetable,
    footpaths: &Footpaths,
    core: &[(StopId, TravelTime)],
    parameters: &Parameters,
) -> Vec<LineFromCore> {
    let AfterClosing { near, served } = AfterClosing::new(timetable, footpaths, core, parameters);
    let mut last: BTreeMap<RouteId, (ClockTime, StopId, u32)> = BTreeMap::new();
    for &stop in &near {
        for (clock, trip) in timetable.departures_from(stop) {
            let entry = last.entry(timetable.trips()[trip].route).or_insert((clock, stop, 0));
            entry.2 += 1;
            if clock > entry.0 {
                (entry.0, entry.1) = (clock, stop);
            }
        }
    }
    let mut downstream: BTreeMap<RouteId, Vec<StopId>> = BTreeMap::new();
    for pattern in timetable.patterns() {
        let stops = timetable.pattern_stops(pattern);
        let Some(first) = stops.iter().position(|stop| near.contains(stop)) else { continue };
        downstream.entry(timetable.route_of(pattern)).or_default().extend(&stops[first + 1..]);
    }
    last.into_iter()
        .map(|(route, (clock, stop, departures))| {
            let mut after: Vec<StopId> = downstream.remove(&route).unwrap_or_default();
            after.sort_unstable();
            after.dedup();
            after.retain(|stop| !near.contains(stop));
            let stranded: Vec<StopId> = after.iter().copied().filter(|s| !served[s.index()]).collect();
            LineFromCore {
                name: timetable.routes()[route].name.clone(),
                mode: timetable.routes()[route].mode,
                point: timetable.stops()[stop].position,
                departures,
                last: clock,
                stranded_share: stranded.len() as f64 / after.len().max(1) as f64,
                stranded: stranded.iter().map(|&s| timetable.stops()[s].position).collect(),
            }
        })
        .collect()
}

impl TransitMeasures {
    /// An indicator of an area; `holds` tells which homes are in it.
    pub fn measure(
        &self,
        indicator: Indicator,
        town: &Town,
        holds: impl Fn(usize) -> bool,
        area: AreaChoice,
    ) -> Measured {
        let flag = |found: Measured| if self.rail_only { found.flagged("rail_only") } else { found };
        let origins: Vec<&SampledOrigin> = self.origins.iter().filter(|origin| holds(origin.home)).collect();
        let sample = origins.len() as f64;
        let of = |value: Option<f64>, sample: f64| match value {
            Some(value) => flag(Measured::new(value, Quality::Observed, sample)),
            None => Measured::absent(NotScored::NothingHere),
        };
        match indicator {
            Indicator::PtalCentre => match area {
                AreaChoice::Town | AreaChoice::Centre => of(Some(self.ptal), 1.0),
                AreaChoice::District(_) => Measured::absent(NotScored::NothingHere),
            },
            Indicator::TransitTimeP50 => {
                let minutes: Vec<(f64, f64)> = origins.iter().map(|o| (o.minutes, o.people)).collect();
                of(weighted_quantile(&minutes, 0.5).map(|m| m.min(120.0)), sample)
            }
            Indicator::ReturnShare => {
                // Only who gets to the core in the first place can be without a way home.
                let came: Vec<(f64, f64)> =
                    origins.iter().filter(|o| o.comes).map(|o| (f64::from(u8::from(o.returns)), o.people)).collect();
                of(share_where(&came, |returns| returns > 0.5), came.len() as f64)
            }
            _ => {
                let people: Vec<(f64, f64)> = (0..town.homes.len())
                    .filter(|&home| holds(home))
                    .map(|home| (f64::from(u8::from(self.home_served[home])), town.homes[home].people))
                    .collect();
                of(share_where(&people, |served| served < 0.5), people.len() as f64)
            }
        }
    }

    /// Lines that leave people at the core after closing.
    pub fn find_last_departures(&self, parameters: &Parameters) -> Vec<Finding> {
        find_early_lines(&self.lines, parameters)
    }
}
