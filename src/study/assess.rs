//! The indicators of an area: the town, its centre, or one district.

use rayon::prelude::*;

use crate::analysis::homes::PopulationBasis;
use crate::analysis::network_shape::{HomeToCore, measure_detour, measure_pedshed_people};
use crate::analysis::parameters::Parameters;
use crate::analysis::severance::measure_severance;
use crate::analysis::shop_flow::{
    SegmentFlow, main_flow_threshold, measure_busy_without_shops, measure_flow_shop_mismatch,
};
use crate::analysis::statistics::{share_where, weighted_mean, weighted_quantile};
use crate::base::ids::{DistrictId, Id, SegmentId};
use crate::base::kinds::PlaceCategory;
use crate::base::units::TravelTime;
use crate::canvas::feed::{AreaScore, FootTrafficScale, NotScored};
use crate::canvas::indicators::{Indicator, Quality};
use crate::canvas::profile::ScoringProfile;
use crate::canvas::score::{Measured, score_area};
use crate::study::measure::Measures;
use crate::study::town::Town;
use crate::study::transit::TransitMeasures;

/// Which part of the town an area score speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AreaChoice {
    /// All that was studied.
    Town,
    /// Within ten minutes' walk of the core.
    Centre,
    /// One district.
    District(DistrictId),
}

/// A walk of this length to a bay: 300 m (methods §8.3).
const BAY_WALK_M: f64 = 300.0;
/// A walk of this length to a disabled bay: 150 m (methods §8.3).
const DISABLED_WALK_M: f64 = 150.0;
/// Detours are judged for homes this near to the core: farther ones do not walk, metres (default).
const DETOUR_LIMIT_M: f64 = 2000.0;
/// Assets farther than this from the core belong to another place, metres (default).
const ASSET_LIMIT_M: f64 = 1500.0;
/// Fewer mapped pick-up points per shop than this: the map is taken to lack most of them (default).
const LEAST_PICKUP_SHARE: f64 = 0.01;
/// Fewer mapped shops per kilometre of walking network than this: the extract holds hardly any of them (default).
const LEAST_SHOPS_PER_KM: f64 = 0.1;
/// Fewer units than this say nothing about vacancy.
const LEAST_UNITS: usize = 10;
/// A shop within this distance of a main flow is seen from it, metres (methods §9).
const SIGHT_M: f64 = 50.0;

/// All that an area's indicators are computed from.
pub struct Assessment<'a> {
    /// The town.
    pub town: &'a Town,
    /// Its travel times and flows.
    pub measures: &'a Measures,
    /// What its timetable offers, if there is one.
    pub transit: Option<&'a TransitMeasures>,
    /// The parameters.
    pub parameters: &'a Parameters,
    /// Goalposts and weights.
    pub profile: &'a ScoringProfile,
    /// Flow from which on a street belongs to those that carry half of all distance walked.
    main_flow: f64,
    shops_are_sparse: bool,
    /// Straight metres from each home to the core: asked by several indicators of every area.
    home_straight_m: Vec<f64>,
}

/// Whether the extract holds so few shops that what is said of them would be wrong.
pub(super) fn shops_are_sparse(town: &Town) -> bool {
    let network_m: f64 = town.graph.segments().map(|segment| town.graph.segment_length_m(segment)).sum();
    (count_places(town, PlaceCategory::is_shop) as f64) < LEAST_SHOPS_PER_KM * network_m / 1000.0
}

/// Whether the extract holds so few pick-up points that it is taken to lack most of them.
pub(super) fn pickup_points_are_sparse(town: &Town) -> bool {
    let mapped = count_places(town, |category| category == PlaceCategory::PickupPoint) as f64;
    mapped < LEAST_PICKUP_SHARE * count_places(town, PlaceCategory::is_shop) as f64
}

fn count_places(town: &Town, wanted: fn(PlaceCategory) -> bool) -> usize {
    town.places.iter().filter(|place| wanted(place.category)).count()
}

impl<'a> Assessment<'a> {
    /// Prepares the assessment of any area.
    pub fn new(
        town: &'a Town,
        measures: &'a Measures,
        transit: Option<&'a TransitMeasures>,
        (parameters, profile): (&'a Parameters, &'a ScoringProfile),
    ) -> Self {
        let main_flow = main_flow_threshold(&measures.segment_flows, 0.5);
        let shops_are_sparse = shops_are_sparse(town);
        let home_straight_m = town.homes.par_iter().map(|home| town.nearest_core(home.point).1).collect();
        Self { town, measures, transit, parameters, profile, main_flow, shops_are_sparse, home_straight_m }
    }

    /// Whether the extract holds so few shops that what is said of them would be wrong: some extracts leave shops out.
    pub fn shops_are_sparse(&self) -> bool {
        self.shops_are_sparse
    }

    /// A measure that rests on shops: from a sparse map it is no more than an assumption.
    fn of_shops(&self, found: Measured) -> Measured {
        match found.value {
            Some(_) if self.shops_are_sparse => {
                Measured { quality: Quality::Assumed, ..found }.flagged("sparse_places")
            }
            _ => found,
        }
    }

    /// Scores an area.
    pub fn score(&self, area: AreaChoice) -> AreaScore {
        let partly = matches!(area, AreaChoice::District(d) if self.town.districts[d.index()].covered_share < 0.5);
        score_area(self.profile, |indicator| {
            if partly { Measured::absent(NotScored::LowCoverage) } else { self.measure(indicator, area) }
        })
    }

    /// Whether a street belongs to the main flows.
    pub fn is_main_flow(&self, segment: SegmentId) -> bool {
        self.measures.traffic.on(segment) >= self.main_flow
    }

    fn measure(&self, indicator: Indicator, area: AreaChoice) -> Measured {
        let found = self.measure_plainly(indicator, area);
        let of_shops = matches!(
            indicator,
            Indicator::DailyShopShare
                | Indicator::BusyWithoutShopsShare
                | Indicator::FlowShopMismatch
                | Indicator::UnseenShopShare
                | Indicator::ShopsWithoutBayShare
                | Indicator::NoDisabledBayShare
                | Indicator::VacancyShare
                | Indicator::AssetWalkP50
                | Indicator::RemoteAssetShare
                | Indicator::CarryDistance
        );
        if of_shops { self.of_shops(found) } else { found }
    }

    fn measure_plainly(&self, indicator: Indicator, area: AreaChoice) -> Measured {
        match indicator {
            Indicator::PedshedPeople => self.pedshed(area),
            Indicator::DetourFactor => self.detour(area),
            Indicator::DailyShopShare => {
                self.share_of_people_near(area, &self.measures.home_daily_shop, |c| c == PlaceCategory::Convenience)
            }
            Indicator::StepFreeShare => self.step_free(area),
            Indicator::SeveranceShare => self.severance(area),
            Indicator::NotWellServedShare
            | Indicator::PtalCentre
            | Indicator::TransitTimeP50
            | Indicator::ReturnShare => match self.transit {
                Some(transit) => transit.measure(indicator, self.town, |home| self.holds_home(area, home), area),
                None => Measured::absent(NotScored::MissingInput).flagged("no_timetable"),
            },
            Indicator::BusyWithoutShopsShare | Indicator::FlowShopMismatch => self.flow_and_shops(indicator, area),
            Indicator::UnseenShopShare => self.unseen_shops(area),
            Indicator::ShopsWithoutBayShare => self.shops_beyond(area, &self.measures.place_bay, BAY_WALK_M, |town| {
                town.lots.iter().any(|lot| lot.bays >= 1.0)
            }),
            Indicator::NoDisabledBayShare => {
                self.shops_beyond(area, &self.measures.place_disabled_bay, DISABLED_WALK_M, |town| {
                    town.lots.iter().any(|lot| lot.disabled.is_some())
                })
            }
            Indicator::FullHoursShare => self.full_hours(area),
            Indicator::VacancyShare => self.vacancy(area),
            Indicator::AssetWalkP50 | Indicator::RemoteAssetShare => self.assets(indicator, area),
            Indicator::KnowledgeCoverage => self.knowledge(area),
            Indicator::PickupShare => self.pickup(area),
            Indicator::CarryDistance => self.carry(area),
        }
    }

    /// Whether a walk of this length lies within the centre, or the thing within the district.
    fn holds(&self, area: AreaChoice, district: Option<DistrictId>, walk: Option<TravelTime>) -> bool {
        match area {
            AreaChoice::Town => true,
            AreaChoice::Centre => walk.is_some_and(|walk| walk <= self.parameters.walk_cutoff),
            AreaChoice::District(wanted) => district == Some(wanted),
        }
    }

    fn holds_home(&self, area: AreaChoice, home: usize) -> bool {
        self.holds(area, self.town.homes[home].district, self.measures.home_walk[home])
    }

    fn homes(&self, area: AreaChoice) -> impl Iterator<Item = usize> + '_ {
        (0..self.town.homes.len()).filter(move |&home| self.holds_home(area, home))
    }

    fn shops(&self, area: AreaChoice) -> impl Iterator<Item = usize> + '_ {
        self.places(area).filter(|&place| self.town.places[place].category.is_shop())
    }

    fn places(&self, area: AreaChoice) -> impl Iterator<Item = usize> + '_ {
        (0..self.town.places.len())
            .filter(move |&place| self.holds(area, self.town.places[place].district, self.measures.place_walk[place]))
    }

    /// How well people are known: counted, or stood in for by floor area.
    fn people_quality(&self) -> (Quality, Option<&'static str>) {
        match self.town.population {
            PopulationBasis::Counted => (Quality::Observed, None),
            PopulationBasis::FloorArea => (Quality::Inferred, Some("population_assumed")),
        }
    }

    fn of_people(&self, value: Option<f64>, people: f64) -> Measured {
        let (quality, flag) = self.people_quality();
        match value {
            Some(value) => Measured { flag, ..Measured::new(value, quality, people) },
            None => Measured::absent(NotScored::NothingHere),
        }
    }

    fn homes_to_core(&self, area: AreaChoice) -> Vec<HomeToCore> {
        self.homes(area)
            .map(|home| HomeToCore {
                people: self.town.homes[home].people,
                straight_m: self.home_straight_m[home],
                walk_s: self.measures.home_walk[home].map(TravelTime::seconds),
            })
            .collect()
    }

    fn pedshed(&self, area: AreaChoice) -> Measured {
        // The centre is defined by the walk: its own pedshed would always be 1.
        let area = if area == AreaChoice::Centre { AreaChoice::Town } else { area };
        let homes = self.homes_to_core(area);
        let speed = self.parameters.walk_speed.metres_per_second();
        let cutoff = self.parameters.walk_cutoff.seconds();
        let inside = homes.iter().filter(|h| h.straight_m <= cutoff * speed).map(|h| h.people).sum();
        self.of_people(measure_pedshed_people(&homes, cutoff, speed), inside)
    }

    fn detour(&self, area: AreaChoice) -> Measured {
        let mut homes = self.homes_to_core(area);
        homes.retain(|h| h.straight_m <= DETOUR_LIMIT_M);
        let people = homes.iter().map(|h| h.people).sum();
        self.of_people(measure_detour(&homes, self.parameters.walk_speed.metres_per_second()), people)
    }

    fn share_of_people_near(
        &self,
        area: AreaChoice,
        times: &[Option<TravelTime>],
        wanted: fn(PlaceCategory) -> bool,
    ) -> Measured {
        if !self.town.places.iter().any(|p| wanted(p.category)) {
            return Measured::absent(NotScored::MissingInput);
        }
        let cutoff = self.parameters.walk_cutoff.seconds();
        let pairs: Vec<(f64, f64)> = self
            .homes(area)
            .map(|home| (times[home].map_or(f64::INFINITY, TravelTime::seconds), self.town.homes[home].people))
            .collect();
        self.of_people(share_where(&pairs, |s| s <= cutoff), pairs.iter().map(|(_, people)| people).sum())
    }

    /// Pick-up points are mapped in few towns: a handful of them says little about those that are not.
    fn pickup(&self, area: AreaChoice) -> Measured {
        let is_pickup = |c: PlaceCategory| c == PlaceCategory::PickupPoint;
        let found = self.share_of_people_near(area, &self.measures.home_pickup, is_pickup);
        if found.value.is_some() && pickup_points_are_sparse(self.town) {
            return Measured { quality: Quality::Assumed, ..found }.flagged("sparse_places");
        }
        found
    }

    fn step_free(&self, area: AreaChoice) -> Measured {
        let cutoff = self.parameters.walk_cutoff;
        let reached = |times: &[Option<TravelTime>]| -> f64 {
            let near = self.homes(area).filter(|&home| times[home].is_some_and(|t| t <= cutoff));
            near.map(|home| self.town.homes[home].people).sum()
        };
        let (all, step_free) = (reached(&self.measures.home_walk), reached(&self.measures.home_step_free));
        self.of_people((all > 0.0).then(|| step_free / all), all)
    }

    fn severance(&self, area: AreaChoice) -> Measured {
        let near_core = 1.3 * self.parameters.walk_speed.length_in(self.parameters.walk_cutoff);
        let samples: Vec<_> = self
            .town
            .crossings
            .iter()
            .filter(|sample| match area {
                AreaChoice::Town => true,
                AreaChoice::Centre => self.town.nearest_core(sample.point).1 <= near_core,
                AreaChoice::District(district) => self.town.areas.find_area(sample.point) == Some(district),
            })
            .collect();
        let count = samples.len() as f64;
        match measure_severance(samples) {
            Some(share) => Measured::new(share, Quality::Observed, count),
            // Nothing cuts this area: that is known, and it is good.
            None if !self.town.barriers.is_empty() => Measured::new(0.0, Quality::Inferred, 0.0),
            None => Measured::absent(NotScored::NothingHere),
        }
    }

    fn flow_quality(&self) -> Quality {
        match self.measures.fit.scale {
            FootTrafficScale::Calibrated => Quality::Observed,
            FootTrafficScale::AssumedRates => Quality::Inferred,
        }
    }

    fn has_shops(&self) -> bool {
        self.town.places.iter().any(|p| p.category.is_shop())
    }

    fn flow_and_shops(&self, indicator: Indicator, area: AreaChoice) -> Measured {
        if !self.has_shops() {
            return Measured::absent(NotScored::MissingInput);
        }
        let held = |segment: usize| {
            self.holds(area, self.measures.segment_district[segment], self.measures.segment_walk[segment])
        };
        let flows: Vec<SegmentFlow> = (0..self.measures.segment_flows.len())
            .filter(|&s| held(s))
            .map(|s| self.measures.segment_flows[s])
            .collect();
        let value = match indicator {
            Indicator::BusyWithoutShopsShare => measure_busy_without_shops(&flows),
            _ => measure_flow_shop_mismatch(&flows),
        };
        let sample = flows.iter().filter(|f| f.flow > 0.0).count() as f64;
        value
            .map_or_else(|| Measured::absent(NotScored::NothingHere), |v| Measured::new(v, self.flow_quality(), sample))
    }

    fn unseen_shops(&self, area: AreaChoice) -> Measured {
        if !self.has_shops() {
            return Measured::absent(NotScored::MissingInput);
        }
        let seen = |shop: usize| {
            let point = self.town.places[shop].point;
            self.town
                .index
                .near(&self.town.graph, point, SIGHT_M)
                .into_iter()
                .any(|near| self.is_main_flow(near.segment))
        };
        let pairs: Vec<(f64, f64)> = self.shops(area).map(|shop| (f64::from(u8::from(!seen(shop))), 1.0)).collect();
        let sample = pairs.len() as f64;
        weighted_mean(&pairs)
            .map_or_else(|| Measured::absent(NotScored::NothingHere), |v| Measured::new(v, self.flow_quality(), sample))
    }

    fn shops_beyond(
        &self,
        area: AreaChoice,
        times: &[Option<TravelTime>],
        walk_m: f64,
        known: fn(&Town) -> bool,
    ) -> Measured {
        if !self.has_shops() || !known(self.town) {
            return Measured::absent(NotScored::MissingInput);
        }
        let limit = self.parameters.walk_speed.time_for(walk_m);
        let pairs: Vec<(f64, f64)> =
            self.shops(area).map(|shop| (times[shop].map_or(f64::INFINITY, TravelTime::seconds), 1.0)).collect();
        let share = share_where(&pairs, |s| s > limit.seconds());
        let sample = pairs.len() as f64;
        share.map_or_else(|| Measured::absent(NotScored::NothingHere), |v| Measured::new(v, Quality::Inferred, sample))
    }

    fn full_hours(&self, area: AreaChoice) -> Measured {
        if self.town.lots.iter().all(|lot| lot.occupancy.is_empty()) {
            return Measured::absent(NotScored::MissingInput);
        }
        let held = |lot: usize| self.holds(area, self.town.lots[lot].district, self.measures.lot_walk[lot]);
        let hours: Vec<(f64, f64)> = (0..self.town.lots.len())
            .filter(|&lot| held(lot))
            .flat_map(|lot| self.town.lots[lot].occupancy.iter().map(move |&rho| (rho, self.town.lots[lot].bays)))
            .collect();
        let share = share_where(&hours, |rho| rho > self.parameters.occupancy_target);
        let found =
            share.map(|v| Measured::new(v, Quality::Observed, hours.len() as f64).flagged("occupancy_some_lots"));
        found.unwrap_or_else(|| Measured::absent(NotScored::NothingHere))
    }

    fn vacancy(&self, area: AreaChoice) -> Measured {
        if !self.town.places.iter().any(|p| p.category == PlaceCategory::Vacant) {
            return Measured::absent(NotScored::MissingInput).flagged("vacancy_unmapped");
        }
        let vacant = self.places(area).filter(|&p| self.town.places[p].category == PlaceCategory::Vacant).count();
        let units = vacant + self.shops(area).count();
        if units < LEAST_UNITS {
            return Measured::absent(NotScored::NothingHere);
        }
        Measured::new(vacant as f64 / units as f64, Quality::Inferred, units as f64)
    }

    fn assets(&self, indicator: Indicator, area: AreaChoice) -> Measured {
        if !self.town.places.iter().any(|p| p.category.is_asset()) {
            return Measured::absent(NotScored::MissingInput);
        }
        let near = |place: &usize| {
            let place = &self.town.places[*place];
            place.category.is_asset() && self.town.nearest_core(place.point).1 <= ASSET_LIMIT_M
        };
        // A place from which the core is not found counts with the search's length: to drop it would hide the worst.
        let far = self.parameters.search_limit;
        let minutes: Vec<(f64, f64)> = self
            .places(area)
            .filter(near)
            .map(|place| (self.measures.place_walk[place].unwrap_or(far).minutes(), 1.0))
            .collect();
        let value = match indicator {
            Indicator::AssetWalkP50 => weighted_quantile(&minutes, 0.5),
            _ => share_where(&minutes, |m| m > 10.0),
        };
        let sample = minutes.len() as f64;
        value.map_or_else(|| Measured::absent(NotScored::NothingHere), |v| Measured::new(v, Quality::Inferred, sample))
    }

    fn carry(&self, area: AreaChoice) -> Measured {
        if !self.has_shops() || (self.town.lots.is_empty() && self.town.stops.is_empty()) {
            return Measured::absent(NotScored::MissingInput);
        }
        let speed = self.parameters.walk_speed;
        // A shop from which nothing is found within the search counts with the search's length: it is not dropped.
        let far = TravelTime::from_minutes(20);
        let pairs: Vec<(f64, f64)> = self
            .shops(area)
            .map(|shop| (speed.length_in(self.measures.place_carry[shop].unwrap_or(far)), 1.0))
            .collect();
        let sample = pairs.len() as f64;
        weighted_mean(&pairs)
            .map_or_else(|| Measured::absent(NotScored::NothingHere), |v| Measured::new(v, Quality::Inferred, sample))
    }

    /// Share of what catchment and foot traffic need that is known here: people, shops, counts, a timetable, bays.
    fn knowledge(&self, area: AreaChoice) -> Measured {
        let people = f64::from(u8::from(self.town.population == PopulationBasis::Counted));
        let shops = f64::from(u8::from(self.shops(area).next().is_some()));
        let counts = match self.measures.fit.sites_linked {
            0 => 0.0,
            sites => (sites as f64 / 10.0).min(1.0),
        };
        let timetable = f64::from(u8::from(self.transit.is_some()));
        let held = |lot: usize| self.holds(area, self.town.lots[lot].district, self.measures.lot_walk[lot]);
        let lots: Vec<(f64, f64)> = (0..self.town.lots.len())
            .filter(|&lot| held(lot))
            .map(|lot| (f64::from(u8::from(self.town.lots[lot].bays_given)), 1.0))
            .collect();
        let bays = weighted_mean(&lots).unwrap_or(0.0);
        Measured::new((people + shops + counts + timetable + bays) / 5.0, Quality::Observed, 5.0)
    }
}
