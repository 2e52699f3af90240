//! All travel times and flows of a town, each measured once for all areas.

use geo::Coord;
use rayon::prelude::*;

use crate::analysis::calibration::{CountedSite, LEAST_SITES, calibrate, rank_agreement};
use crate::analysis::foot_traffic::{
    FlowChoice, FlowDestination, FlowOrigin, FootTraffic, assign_foot_traffic, merge_origins,
};
use crate::analysis::parameters::Parameters;
use crate::analysis::shop_flow::{NearPoints, SegmentFlow};
use crate::base::geometry::point_along;
use crate::base::ids::{DistrictId, Id, SegmentId};
use crate::base::kinds::{PlaceCategory, StopMode};
use crate::base::units::TravelTime;
use crate::canvas::feed::{FootTrafficFit, FootTrafficScale};
use crate::network::linkage::{LinkTo, LinkedPoint, link_point};
use crate::network::streets::Profile;
use crate::reach::walk::{WalkSearch, at_once};
use crate::study::count_sites::{CountSites, JudgedSite};
use crate::study::town::Town;

/// Streets this near to a shop or a counter are beside it, metres: a sidewalk and the carriageway it belongs to.
pub(super) const BESIDE_M: f64 = 20.0;
/// Times beyond this do not matter for the walk to a bay, a stop or a pick-up point.
const NEAR_LIMIT: TravelTime = TravelTime::from_minutes(20);

/// Travel times and flows, each column in the order of what it is named after.
pub struct Measures {
    /// Walk from each home to the core.
    pub home_walk: Vec<Option<TravelTime>>,
    /// The same without steps.
    pub home_step_free: Vec<Option<TravelTime>>,
    /// Walk from each home to the nearest shop for daily needs.
    pub home_daily_shop: Vec<Option<TravelTime>>,
    /// Walk from each home to the nearest pick-up point.
    pub home_pickup: Vec<Option<TravelTime>>,
    /// Walk from each place to the core.
    pub place_walk: Vec<Option<TravelTime>>,
    /// Walk from each place to the nearest public bay.
    pub place_bay: Vec<Option<TravelTime>>,
    /// Walk from each place to the nearest lot with a disabled bay.
    pub place_disabled_bay: Vec<Option<TravelTime>>,
    /// Walk from each place to the nearest public bay or stop.
    pub place_carry: Vec<Option<TravelTime>>,
    /// Walk from each lot to the core.
    pub lot_walk: Vec<Option<TravelTime>>,
    /// Walk from each stop to the core.
    pub stop_walk: Vec<Option<TravelTime>>,
    /// Walk from the middle of each segment to the core.
    pub segment_walk: Vec<Option<TravelTime>>,
    /// District of the middle of each segment.
    pub segment_district: Vec<Option<DistrictId>>,
    /// Foot traffic, persons per day.
    pub traffic: FootTraffic,
    /// Factor of the interval around a segment's flow; `None` without calibration.
    pub interval_factor: Option<f64>,
    /// Length, flow and shop frontage of each segment.
    pub segment_flows: Vec<SegmentFlow>,
    /// Persons per day beside each place.
    pub place_flow: Vec<f64>,
    /// How flows were scaled and checked.
    pub fit: FootTrafficFit,
}

/// Measures everything that has no timetable in it.
pub fn measure_town(town: &Town, counts: Option<&CountSites>, parameters: &Parameters) -> Measures {
    let place_links: Vec<Option<LinkedPoint>> = town.places.iter().map(|p| p.link).collect();
    let lot_links: Vec<Option<LinkedPoint>> = town.lots.iter().map(|l| l.link).collect();
    let stop_links: Vec<Option<LinkedPoint>> = town.stops.iter().map(|s| s.link).collect();
    let of_category = |wanted: fn(PlaceCategory) -> bool| -> Vec<LinkedPoint> {
        town.places.iter().filter(|p| wanted(p.category)).filter_map(|p| p.link).collect()
    };
    let bays: Vec<LinkedPoint> = town.lots.iter().filter(|l| l.bays >= 1.0).filter_map(|l| l.link).collect();
    let disabled: Vec<LinkedPoint> =
        town.lots.iter().filter(|l| l.disabled.is_some_and(|d| d > 0)).filter_map(|l| l.link).collect();
    let carry: Vec<LinkedPoint> = bays.iter().copied().chain(stop_links.iter().flatten().copied()).collect();

    let mut walk = Walker { search: WalkSearch::new(&town.graph, Profile::Adult) };
    walk.start_to(&of_category(|c| c == PlaceCategory::Convenience), NEAR_LIMIT);
    let home_daily_shop = walk.times_to(&town.home_links);
    walk.start_to(&of_category(|c| c == PlaceCategory::PickupPoint), NEAR_LIMIT);
    let home_pickup = walk.times_to(&town.home_links);
    walk.start(&bays, NEAR_LIMIT);
    let place_bay = walk.times_to(&place_links);
    walk.start(&disabled, NEAR_LIMIT);
    let place_disabled_bay = walk.times_to(&place_links);
    walk.start(&carry, NEAR_LIMIT);
    let place_carry = walk.times_to(&place_links);
    walk.start_to(&town.core.links, parameters.search_limit);
    let (home_walk, place_walk) = (walk.times_to(&town.home_links), walk.times_to(&place_links));
    let (lot_walk, stop_walk) = (walk.times_to(&lot_links), walk.times_to(&stop_links));
    let middles = segment_middles(town);
    let segment_walk = walk.times_to(&middles);
    let mut step_free = Walker { search: WalkSearch::new(&town.graph, Profile::StepFree) };
    step_free.start_to(&town.core.links, parameters.search_limit);
    let home_step_free = step_free.times_to(&step_free_home_links(town, parameters));

    let mut traffic = lay_traffic(town, parameters);
    let (fit, factor, interval_factor) = fit_to_counts(town, &traffic, counts);
    traffic.on_segment.iter_mut().chain(&mut traffic.at_destination).for_each(|flow| *flow *= factor);
    traffic.unserved *= factor;
    let segment_flows = flows_with_frontage(town, &traffic, parameters);
    let place_flow =
        town.places.iter().map(|place| flow_beside(town, &traffic, place.point, place.link.as_ref())).collect();
    Measures {
        home_walk,
        home_step_free,
        home_daily_shop,
        home_pickup,
        place_walk,
        place_bay,
        place_disabled_bay,
        place_carry,
        lot_walk,
        stop_walk,
        segment_walk,
        segment_district: middles.iter().map(|m| m.and_then(|m| town.areas.find_area(m.point))).collect(),
        traffic,
        interval_factor,
        segment_flows,
        place_flow,
        fit,
    }
}

/// A search from many places at once, asked for many.
struct Walker<'t> {
    search: WalkSearch<'t>,
}

impl Walker<'_> {
    /// Walks from the nearest of the places.
    fn start(&mut self, sources: &[LinkedPoint], cutoff: TravelTime) {
        self.search.from_points(&at_once(sources), cutoff);
    }

    /// Walks to the nearest of the places: another time where a street leads one way only.
    fn start_to(&mut self, targets: &[LinkedPoint], cutoff: TravelTime) {
        self.search.to_points(&at_once(targets), cutoff);
    }

    fn times_to(&self, targets: &[Option<LinkedPoint>]) -> Vec<Option<TravelTime>> {
        targets.iter().map(|target| self.search.time_to(target.as_ref()?)).collect()
    }
}

/// The links of homes for those who climb no steps: the same, but for homes whose nearest street is one.
fn step_free_home_links(town: &Town, parameters: &Parameters) -> Vec<Option<LinkedPoint>> {
    let is_open = |link: &LinkedPoint| town.graph.is_open_to(Profile::StepFree, link.segment);
    let (limit_m, to) = (parameters.link_limit_m, LinkTo::OpenTo(Profile::StepFree));
    let homes = town.homes.par_iter().zip(&town.home_links).with_min_len(512);
    homes
        .map(|(home, link)| match link {
            Some(link) if is_open(link) => Some(*link),
            _ => link_point(&town.graph, &town.index, home.point, limit_m, to),
        })
        .collect()
}

fn segment_middles(town: &Town) -> Vec<Option<LinkedPoint>> {
    let middle = |index: usize| {
        let segment = SegmentId::from_index(index);
        let along_m = town.graph.segment_length_m(segment) / 2.0;
        let point = point_along(town.graph.segment_line(segment), along_m)?;
        Some(LinkedPoint { segment, along_m, away_m: 0.0, point })
    };
    (0..town.graph.segment_count()).map(middle).collect()
}

/// Persons per day who set out from homes, stops and car parks.
fn flow_origins(town: &Town, parameters: &Parameters) -> Vec<FlowOrigin> {
    let mut origins = Vec::new();
    for (home, link) in town.homes.iter().zip(&town.home_links) {
        let persons = home.people * parameters.trips_per_resident;
        origins.extend(link.map(|link| FlowOrigin { link, persons }));
    }
    for stop in &town.stops {
        origins.extend(stop.link.map(|link| FlowOrigin { link, persons: persons_at_stop(stop, parameters) }));
    }
    for lot in &town.lots {
        let persons = lot.bays * parameters.bay_turnover * parameters.persons_per_car;
        origins.extend(lot.link.map(|link| FlowOrigin { link, persons }));
    }
    origins
}

/// Persons per day who walk from a stop to the shops: from boardings, else from departures, else assumed.
pub fn persons_at_stop(stop: &crate::study::town::TownStop, parameters: &Parameters) -> f64 {
    if let Some(boardings) = stop.boardings {
        return boardings * parameters.boarding_shop_share;
    }
    let per_departure = match stop.mode {
        StopMode::Rail => parameters.passengers_per_train,
        StopMode::Bus | StopMode::Tram | StopMode::Other => parameters.passengers_per_departure,
    };
    stop.departures.map_or(parameters.assumed_departures, f64::from) * per_departure
}

pub(super) fn lay_traffic(town: &Town, parameters: &Parameters) -> FootTraffic {
    let destinations = flow_destinations(town);
    let origins = merge_origins(&flow_origins(town, parameters));
    let speed = parameters.walk_speed;
    let choice = FlowChoice {
        radius: speed.time_for(parameters.flow_radius_m),
        decay_per_s: parameters.flow_decay_per_m * speed.metres_per_second(),
    };
    let found: Vec<FlowDestination> = destinations.iter().map(|(_, d)| *d).collect();
    let mut traffic = assign_foot_traffic(&town.graph, &origins, &found, choice);
    // One entry per place, so that a place finds its customers by its own position.
    let mut at_place = vec![0.0; town.places.len()];
    for ((place, _), persons) in destinations.iter().zip(&traffic.at_destination) {
        at_place[*place] = *persons;
    }
    traffic.at_destination = at_place;
    traffic
}

/// Shops that join the streets, with their positions in the list of places.
fn flow_destinations(town: &Town) -> Vec<(usize, FlowDestination)> {
    let shops = town.places.iter().enumerate().filter(|(_, p)| p.category.is_shop());
    shops.filter_map(|(i, p)| Some((i, FlowDestination { link: p.link?, weight: 1.0 }))).collect()
}

/// Segments beside a point, nearest first.
pub(super) fn segments_beside(town: &Town, point: Coord<f64>) -> Vec<SegmentId> {
    town.index.near(&town.graph, point, BESIDE_M).into_iter().map(|near| near.segment).collect()
}

/// Persons per day on the busiest street beside a point, at least on the one that it is linked to: a house may stand
/// back from its street.
pub fn flow_beside(town: &Town, traffic: &FootTraffic, point: Coord<f64>, link: Option<&LinkedPoint>) -> f64 {
    segments_beside(town, point)
        .into_iter()
        .chain(link.map(|link| link.segment))
        .map(|segment| traffic.on(segment))
        .fold(0.0, f64::max)
}

fn flows_with_frontage(town: &Town, traffic: &FootTraffic, parameters: &Parameters) -> Vec<SegmentFlow> {
    let shops: Vec<Coord<f64>> = town.places.iter().filter(|p| p.category.is_shop()).map(|p| p.point).collect();
    let near = NearPoints::new(&shops);
    let mut on_segment = vec![0u32; town.graph.segment_count()];
    for link in town.places.iter().filter(|p| p.category.is_shop()).filter_map(|p| p.link) {
        on_segment[link.segment.index()] += 1;
    }
    (0..town.graph.segment_count())
        .map(SegmentId::from_index)
        .map(|segment| {
            let flow = traffic.on(segment);
            let line = town.graph.segment_line(segment);
            // Frontage is asked only where somebody walks: elsewhere no measure uses it.
            let frontage_share = if flow > 0.0 { near.share_of_line(line, parameters.frontage_m) } else { 0.0 };
            let length_m = town.graph.segment_length_m(segment);
            SegmentFlow { length_m, flow, frontage_share, shops: on_segment[segment.index()] }
        })
        .collect()
}

/// The fit of flows to counts, the factor to apply, and the interval's factor.
fn fit_to_counts(
    town: &Town,
    traffic: &FootTraffic,
    counts: Option<&CountSites>,
) -> (FootTrafficFit, f64, Option<f64>) {
    let mut fit = FootTrafficFit {
        scale: FootTrafficScale::AssumedRates,
        sites_found: 0,
        sites_usable: 0,
        sites_linked: 0,
        factor: None,
        spearman: None,
        left_out_error_factor: None,
        sites: Vec::new(),
    };
    let Some(counts) = counts else { return (fit, 1.0, None) };
    let modelled: Vec<Option<f64>> = counts
        .sites
        .iter()
        .map(|s| Some(flow_beside(town, traffic, s.point?, None)).filter(|flow| *flow > 0.0))
        .collect();
    let pairs_of = |serves: fn(&JudgedSite) -> bool| -> Vec<CountedSite> {
        let served = counts.sites.iter().zip(&modelled).filter(|(site, _)| serves(site));
        let pair = |(site, modelled): (&JudgedSite, &Option<f64>)| {
            Some(CountedSite { counted: site.aadp.filter(|a| *a > 0.0)?, modelled: (*modelled)? })
        };
        served.filter_map(pair).collect()
    };
    let mut pairs = pairs_of(JudgedSite::is_usable);
    if pairs.len() < LEAST_SITES {
        pairs.extend(pairs_of(JudgedSite::may_stand_in));
    }
    let calibration = calibrate(&pairs);
    let factor = calibration.map_or(1.0, |c| c.factor);
    fit.sites_found = counts.sites.len() as u64;
    fit.sites_usable = counts.sites.iter().filter(|s| s.is_usable()).count() as u64;
    fit.sites_linked = pairs.len() as u64;
    fit.spearman = rank_agreement(&pairs);
    fit.sites = counts.sites.iter().zip(&modelled).map(|(site, m)| site.report(town, m.map(|m| m * factor))).collect();
    if let Some(found) = calibration {
        fit.scale = FootTrafficScale::Calibrated;
        fit.factor = Some(found.factor);
        fit.left_out_error_factor = Some(found.error_factor);
    }
    (fit, factor, calibration.map(|c| c.interval_factor))
}
