//! Parking of a study: how many bays there are and for whom, how full they are by the hour, what they cost shops' customers, and
//! where that is too much (methods §8).
//!
//! In: an opened study, and its streets for cars. Out: a row per place to park, per shop and per district, by kind of day and
//! hour. Where nothing tells how full a place is, others at that hour stand for it, and how much is known is told.

use std::path::Path;

use rayon::prelude::*;

use crate::analysis::parameters::Parameters;
use crate::analysis::parking::{
    effective_stays, recommended_disabled_bays, required_disabled_bays, search_s, stay_within, visitor_bays,
};
use crate::analysis::parking_choice::{
    NEAR_M, ParkingPlace, ParkingValues, bays_near, expected_cost_min, parking_index,
};
use crate::analysis::statistics::{median, weighted_quantile};
use crate::base::geometry::length_m;
use crate::base::ids::{DistrictId, Id};
use crate::base::kinds::{LotAccess, LotKind, PlaceCategory};
use crate::base::notice::Notices;
use crate::base::projection::LonLat;
use crate::base::units::TravelTime;
use crate::network::index::StreetIndex;
use crate::network::linkage::{LinkTo, LinkedPoint, MAX_AWAY_M, link_points};
use crate::network::streets::{Mode, Profile, SearchDirection};
use crate::reach::contraction::{Contraction, Elimination};
use crate::reach::matrix::{ManyToMany, WORTH_CONTRACTING};
use crate::reach::walk::{WalkSearch, at_once, walk_each};
use crate::sources::osm::records::OsmRecords;
use crate::sources::parking::DayKind;
use crate::study::audit::{check_centre, parameters_of};
use crate::study::error::StudyError;
use crate::study::kerbs::{has_kerbs, told_kerbs};
use crate::study::manifest::Manifest;
use crate::study::networks::{Networks, Reload, open_networks};
use crate::study::progress::Progress;
use crate::study::town::{Town, TownLot};
use crate::study::town_of::{OpenedTown, open_town};

mod hours;

use hours::HourlyCosts;

/// Kinds of days that are told apart.
pub const DAYS: [DayKind; 3] = [DayKind::Weekday, DayKind::Saturday, DayKind::Sunday];
/// The first hour in which people come to shop.
pub const FIRST_HOUR: u8 = 8;
/// So many hours from the first on: until 20 o'clock.
pub const HOURS: usize = 12;
/// Drivers park within this walk of a shop, metres (methods §8.3).
const SHOP_WALK_M: f64 = 500.0;
/// A disabled bay is within this walk of a shop, metres (methods §8.3).
const DISABLED_WALK_M: f64 = 150.0;
/// How full places are of which nothing tells, where too few others do (default).
const ASSUMED_OCCUPANCY: f64 = 0.7;
/// Places that must tell how full they are at an hour before they stand for others (default).
const LEAST_OBSERVED: usize = 3;
/// Price of an hour where one has to pay, and nothing tells how much, euros (default).
const ASSUMED_PRICE: f64 = 1.0;
/// Share of bays along a kerb that residents take where nothing keeps them away (default).
const RESIDENT_SHARE: f64 = 0.25;
/// The longest drive to the core that counts.
const DRIVE_LIMIT: TravelTime = TravelTime::from_minutes(60);
/// A place with fewer bays is too small for a word (default).
const LEAST_BAYS: f64 = 10.0;
/// Full for so many hours of a day (methods §8.3).
const FULL_HOURS: usize = 2;
/// A search of more than this is long, seconds (methods §8.3).
const LONG_SEARCH_S: f64 = 180.0;
/// A walk of more than this from a free bay is long, minutes (methods §8.3).
const LONG_WALK_MIN: f64 = 5.0;
/// To have to leave within this is too soon where people compare goods, minutes (methods §8.3).
const SHORT_LIMIT_MIN: u32 = 45;
/// From here on an hour is dear, euros (methods §8.3).
const DEAR_PER_H: f64 = 2.0;

/// A number per kind of day and hour.
pub type ByHour<T> = [[T; HOURS]; 3];

/// What is too much at a place to park or at a shop (methods §8.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concern {
    /// Above the target for two hours of a day or more.
    FullForHours,
    /// The search takes more than 3 min in some hour.
    LongSearch,
    /// An hour costs 2 euros or more.
    Dear,
    /// Fewer disabled bays than the rule asks for.
    DisabledBaysMissing,
    /// The walk from a place that is not full takes more than 5 min in some hour.
    FarFromFreeBay,
    /// At all places near a shop where people compare goods they have to leave within 45 min.
    LimitTooShort,
    /// No disabled bay within 150 m, in a town where most places to park tell how many they have.
    NoDisabledBayNear,
}

impl Concern {
    /// Its name in tables.
    pub const fn key(self) -> &'static str {
        match self {
            Self::FullForHours => "full_for_hours",
            Self::LongSearch => "long_search",
            Self::Dear => "dear",
            Self::DisabledBaysMissing => "disabled_bays_missing",
            Self::FarFromFreeBay => "far_from_free_bay",
            Self::LimitTooShort => "limit_too_short",
            Self::NoDisabledBayNear => "no_disabled_bay_near",
        }
    }
}

/// Disabled bays beside the Walloon rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisabledBays {
    /// Mapped or listed; `None` where nothing is said, which is not none.
    pub told: Option<u32>,
    /// What the rule asks for.
    pub required: u32,
    /// What is recommended.
    pub recommended: u32,
}

impl DisabledBays {
    /// How many are missing; `None` where nothing is said.
    pub fn missing(&self) -> Option<u32> {
        self.told.map(|told| self.required.saturating_sub(told))
    }
}

/// A place to park.
#[derive(Clone, Debug, PartialEq)]
pub struct ParkingLot {
    /// Its place among the lots of the town.
    pub lot: usize,
    /// Bays for visitors who need no disabled bay, residents away.
    pub visitor_bays: f64,
    /// Stays that these can serve from 8 to 20 o'clock.
    pub stays_per_day: f64,
    /// Disabled bays; `None` along kerbs, to which the rule does not speak.
    pub disabled: Option<DisabledBays>,
    /// Share of bays in use, as observed.
    pub occupancy: ByHour<Option<f64>>,
    /// The search for a bay where that is observed, seconds.
    pub search_s: ByHour<Option<f64>>,
    /// What the stay costs, euros; `None` where nothing is said.
    pub price: Option<f64>,
    /// The walk to the core.
    pub walk_to_core: Option<TravelTime>,
    /// What is too much.
    pub concerns: Vec<Concern>,
}

/// A shop and where its customers park.
#[derive(Clone, Debug, PartialEq)]
pub struct ShopParking {
    /// Its place among the places of the town.
    pub place: usize,
    /// The walk from the nearest bay, metres; `None` where none is within 500 m.
    pub walk_m: Option<f64>,
    /// The longest walk from a place that is not full, over the hours, metres; `None` where in some hour there is none within
    /// 500 m.
    pub free_walk_m: Option<f64>,
    /// Bays within 300 m, nearer ones weighing more.
    pub bays_near: f64,
    /// The walk from the nearest disabled bay, metres; `None` where none is within 500 m.
    pub disabled_walk_m: Option<f64>,
    /// Share of the bays within 500 m of which is known how full they are.
    pub known_share: f64,
    /// Minutes that parking costs in the mean, without the drive; `None` where there is no bay within 500 m.
    pub cost_min: ByHour<Option<f64>>,
    /// The same with more choice counting as less cost: the logsum of methods §8.3.
    pub index_min: ByHour<Option<f64>>,
    /// What is too much.
    pub concerns: Vec<Concern>,
}

/// A district, its bays, and its residents' way to the core by car.
#[derive(Clone, Debug, PartialEq)]
pub struct DistrictParking {
    /// Bays for visitors.
    pub visitor_bays: f64,
    /// Bays of which the number was told, over all.
    pub told_share: Option<f64>,
    /// Share of the length of kerbs of which anything is said.
    pub kerb_told_share: Option<f64>,
    /// Occupied shops.
    pub shops: usize,
    /// Disabled bays that are missing by the rule, as far as something is said.
    pub disabled_missing: u32,
    /// Places of which nothing is said about disabled bays.
    pub disabled_unknown: usize,
    /// Median over residents of the generalised minutes of drive, search, payment and walk to the core.
    pub to_core_min: ByHour<Option<f64>>,
    /// Median over residents of the drive alone, minutes.
    pub drive_min: Option<f64>,
}

/// All that is found.
pub struct ParkingStudy {
    /// The town.
    pub town: Town,
    /// Places to park, in the order of the town's.
    pub lots: Vec<ParkingLot>,
    /// Shops, in the order of the town's places.
    pub shops: Vec<ShopParking>,
    /// Districts, in their order; then the whole.
    pub districts: Vec<DistrictParking>,
    /// Per kind of day and hour: how full places are that tell it, and how many these are.
    pub observed: ByHour<(Option<f64>, usize)>,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParkingQuestion {
    /// How long customers stay.
    pub stay: TravelTime,
    /// What the parts of a stay weigh.
    pub values: ParkingValues,
}

/// Measures the parking of a study: `folder` is where the manifest's relative paths start.
pub fn measure_parking(
    (manifest, folder): (&Manifest, &Path),
    question: ParkingQuestion,
    progress: &dyn Progress,
    notices: &mut Notices,
) -> Result<ParkingStudy, StudyError> {
    let parameters = parameters_of(manifest);
    let OpenedTown { records, town, .. } = open_town(manifest, folder, progress, notices)?;
    check_centre(manifest, &town)?;
    let networks = open_networks(manifest, folder, Reload::Allowed, progress)?;
    progress.step("reach", 0, 0);
    let lots: Vec<ParkingLot> = lots_of(&town, question, &parameters);
    let observed = observed_by_hour(&lots);
    let hours = HourlyCosts::new(&town, &lots, &observed, question, &parameters);
    let shops = shops_of(&town, &lots, &hours, &parameters);
    progress.step("travel_times", 0, 0);
    let ways = ways_to_core(&town, &lots, &hours, &networks, &parameters);
    let kerbs = kerbs_by_district(&town, &records.osm);
    let areas = (0..town.districts.len()).map(|at| Some(DistrictId::from_index(at))).chain([None]);
    let districts = areas.map(|area| district_of((&town, area), &lots, &ways, &kerbs)).collect();
    Ok(ParkingStudy { lots, shops, districts, observed, town })
}

fn lots_of(town: &Town, question: ParkingQuestion, parameters: &Parameters) -> Vec<ParkingLot> {
    let mut search = WalkSearch::new(&town.graph, Profile::Adult);
    search.to_points(&at_once(&town.core.links), parameters.search_limit);
    let lots = town.lots.iter().enumerate();
    lots.map(|(at, lot)| {
        let walk = lot.link.as_ref().and_then(|link| search.time_to(link));
        lot_of((at, lot), walk, question, parameters)
    })
    .collect()
}

fn lot_of(
    (at, lot): (usize, &TownLot),
    walk_to_core: Option<TravelTime>,
    question: ParkingQuestion,
    parameters: &Parameters,
) -> ParkingLot {
    let whole = lot.bays.round().clamp(0.0, f64::from(u32::MAX)) as u32;
    let is_rule_for = lot.kind != LotKind::Street && lot.access == LotAccess::Public && whole > 0;
    let disabled = is_rule_for.then(|| DisabledBays {
        told: lot.disabled,
        required: required_disabled_bays(whole),
        recommended: recommended_disabled_bays(whole),
    });
    let is_free_for_residents = lot.kind == LotKind::Street && lot.maxstay_min.is_none() && lot.fee != Some(true);
    let resident_share = if is_free_for_residents { RESIDENT_SHARE } else { 0.0 };
    // Disabled bays are some of all; of those of customers as few are for visitors.
    let for_all = (lot.bays - visitor_bays(f64::from(lot.disabled.unwrap_or(0)), lot.access)).max(0.0);
    let limit = lot.maxstay_min.map(TravelTime::from_minutes);
    let window = TravelTime::from_minutes(60 * HOURS as u32);
    let occupancy = occupancy_of(lot);
    let search_s = occupancy
        .map(|day| day.map(|rho| rho.map(|rho| search_s(rho, parameters.bay_spacing_m, parameters.search_speed))));
    let price_per_hour = price_per_hour(lot);
    let mut concerns = Vec::new();
    if lot.bays >= LEAST_BAYS {
        let full = |day: &[Option<f64>; HOURS]| {
            day.iter().flatten().filter(|rho| **rho > parameters.occupancy_target).count() >= FULL_HOURS
        };
        let long = |day: &[Option<f64>; HOURS]| day.iter().flatten().any(|search| *search > LONG_SEARCH_S);
        let found = [
            (occupancy.iter().any(full), Concern::FullForHours),
            (search_s.iter().any(long), Concern::LongSearch),
            (lot.price_per_hour.is_some_and(|price| price >= DEAR_PER_H), Concern::Dear),
            (disabled.and_then(|bays| bays.missing()).is_some_and(|missing| missing > 0), Concern::DisabledBaysMissing),
        ];
        concerns.extend(found.into_iter().filter(|(is, _)| *is).map(|(_, concern)| concern));
    }
    ParkingLot {
        lot: at,
        visitor_bays: for_all * (1.0 - resident_share),
        stays_per_day: effective_stays(for_all, resident_share, window, stay_within(limit, question.stay)),
        disabled,
        occupancy,
        search_s,
        price: price_per_hour.map(|price| price * question.stay.minutes() / 60.0),
        walk_to_core,
        concerns,
    }
}

/// Whether a visitor finds a disabled bay there.
fn has_disabled_bay(lot: &TownLot) -> bool {
    lot.access != LotAccess::Private && lot.disabled.is_some_and(|bays| bays > 0)
}

/// Price of an hour; `None` where nothing is said.
fn price_per_hour(lot: &TownLot) -> Option<f64> {
    match (lot.price_per_hour, lot.fee) {
        (Some(price), _) => Some(price),
        (None, Some(true)) => Some(ASSUMED_PRICE),
        (None, Some(false)) => Some(0.0),
        (None, None) => None,
    }
}

/// Share of bays in use: what is said of the kind of day goes before what is said of any, and of the hour before that of the day.
fn occupancy_of(lot: &TownLot) -> ByHour<Option<f64>> {
    let mut found = [[None; HOURS]; 3];
    for (day, hours) in DAYS.iter().zip(&mut found) {
        for (place, share) in hours.iter_mut().enumerate() {
            let hour = FIRST_HOUR + place as u8;
            let of = |kind: DayKind, hour: Option<u8>| {
                let own: Vec<f64> =
                    lot.hours.iter().filter(|o| o.day == kind && o.hour == hour).map(|o| o.share).collect();
                (!own.is_empty()).then(|| own.iter().sum::<f64>() / own.len() as f64)
            };
            *share = of(*day, Some(hour))
                .or_else(|| of(DayKind::Any, Some(hour)))
                .or_else(|| of(*day, None))
                .or_else(|| of(DayKind::Any, None));
        }
    }
    found
}

/// The median of the places that tell how full they are, and how many they are.
fn observed_by_hour(lots: &[ParkingLot]) -> ByHour<(Option<f64>, usize)> {
    let of = |day: usize, hour: usize| {
        let told: Vec<f64> = lots.iter().filter_map(|lot| lot.occupancy[day][hour]).collect();
        (median(&told), told.len())
    };
    std::array::from_fn(|day| std::array::from_fn(|hour| of(day, hour)))
}

fn shops_of(town: &Town, lots: &[ParkingLot], hours: &HourlyCosts, parameters: &Parameters) -> Vec<ShopParking> {
    let shops: Vec<(usize, LinkedPoint)> = town
        .places
        .iter()
        .enumerate()
        .filter(|(_, place)| place.category.is_shop())
        .filter_map(|(at, place)| Some((at, place.link?)))
        .collect();
    let links: Vec<LinkedPoint> = shops.iter().map(|(_, link)| *link).collect();
    let open: Vec<(usize, LinkedPoint)> = lots
        .iter()
        .filter_map(|lot| Some((lot.lot, town.lots[lot.lot].link?)))
        .filter(|(lot, _)| lots[*lot].visitor_bays >= 1.0 || has_disabled_bay(&town.lots[*lot]))
        .collect();
    // Where little is said about disabled bays, those that are not mapped are not missing.
    let ruled = lots.iter().filter_map(|lot| lot.disabled);
    let told = ruled.clone().filter(|bays| bays.told.is_some()).count();
    let is_told = told > 0 && 2 * told >= ruled.count();
    let walk = parameters.walk_speed.time_for(SHOP_WALK_M);
    walk_each((&town.graph, Profile::Adult), &links, (SearchDirection::To, walk), |at, search| {
        let near: Vec<(usize, f64)> =
            open.iter().filter_map(|(lot, link)| Some((*lot, search.time_to(link)?.minutes()))).collect();
        shop_of((town, shops[at].0), lots, (&near, is_told), hours, parameters)
    })
}

fn shop_of(
    (town, place): (&Town, usize),
    lots: &[ParkingLot],
    (near, is_told): (&[(usize, f64)], bool),
    hours: &HourlyCosts,
    parameters: &Parameters,
) -> ShopParking {
    let metres = |minutes: f64| minutes * 60.0 * parameters.walk_speed.metres_per_second();
    let nearest = |of: &dyn Fn(usize) -> bool| {
        near.iter().filter(|(lot, _)| of(*lot)).map(|(_, walk)| *walk).min_by(f64::total_cmp)
    };
    let has_bays = |lot: usize| lots[lot].visitor_bays >= 1.0;
    let with_bays: Vec<(usize, f64)> = near.iter().copied().filter(|(lot, _)| has_bays(*lot)).collect();
    let mut cost_min = [[None; HOURS]; 3];
    let mut index_min = [[None; HOURS]; 3];
    let mut free_walks = Vec::new();
    for day in 0..DAYS.len() {
        for hour in 0..HOURS {
            let when = (day, hour);
            let places: Vec<ParkingPlace> = with_bays
                .iter()
                .map(|&(lot, walk_min)| ParkingPlace {
                    cost_min: hours.cost_min(lot, when, (0.0, walk_min)),
                    bays: lots[lot].visitor_bays,
                    blocked: hours.blocked(lot, when),
                    turned_away_min: hours.turned_away_min[lot],
                })
                .collect();
            let choices: Vec<(f64, f64)> = places.iter().map(|place| (place.cost_min, place.bays)).collect();
            cost_min[day][hour] = expected_cost_min(&places, hours.values.scale_per_min);
            index_min[day][hour] = parking_index(&choices, hours.values.scale_per_min);
            // Sundays most shops are closed: a walk then keeps nobody away.
            if DAYS[day] != DayKind::Sunday {
                free_walks.push(nearest(&|lot| has_bays(lot) && hours.occupancy(lot, when) <= hours.target));
            }
        }
    }
    let free_walk = free_walks.iter().copied().collect::<Option<Vec<f64>>>();
    let free_walk = free_walk.and_then(|walks| walks.into_iter().max_by(f64::total_cmp));
    let disabled_walk = nearest(&|lot| has_disabled_bay(&town.lots[lot])).map(metres);
    let near_bays: f64 = with_bays.iter().map(|(lot, _)| lots[*lot].visitor_bays).sum();
    let known = |lot: usize| lots[lot].occupancy.iter().flatten().any(Option::is_some);
    let known_bays: f64 = with_bays.iter().filter(|(lot, _)| known(*lot)).map(|(lot, _)| lots[*lot].visitor_bays).sum();
    let is_short = |lot: usize| town.lots[lot].maxstay_min.is_some_and(|limit| limit < SHORT_LIMIT_MIN);
    let within: Vec<usize> =
        with_bays.iter().filter(|(_, walk)| metres(*walk) <= NEAR_M).map(|(lot, _)| *lot).collect();
    let compares = town.places[place].category == PlaceCategory::Comparison;
    let found = [
        (free_walk.is_none_or(|walk| walk > LONG_WALK_MIN), Concern::FarFromFreeBay),
        (compares && !within.is_empty() && within.iter().all(|&lot| is_short(lot)), Concern::LimitTooShort),
        (is_told && disabled_walk.is_none_or(|walk| walk > DISABLED_WALK_M), Concern::NoDisabledBayNear),
    ];
    ShopParking {
        place,
        walk_m: nearest(&has_bays).map(metres),
        free_walk_m: free_walk.map(metres),
        bays_near: bays_near(with_bays.iter().map(|&(lot, walk)| (metres(walk), lots[lot].visitor_bays))),
        disabled_walk_m: disabled_walk,
        known_share: if near_bays > 0.0 { known_bays / near_bays } else { 0.0 },
        cost_min,
        index_min,
        concerns: found.into_iter().filter(|(is, _)| *is).map(|(_, concern)| concern).collect(),
    }
}

/// The way of residents to the core by car.
struct Way {
    people: f64,
    district: Option<DistrictId>,
    drive_min: Option<f64>,
    to_core_min: ByHour<Option<f64>>,
}

/// Homes, those of a street together, over the places to park near the core.
fn ways_to_core(
    town: &Town,
    lots: &[ParkingLot],
    hours: &HourlyCosts,
    networks: &Networks,
    parameters: &Parameters,
) -> Vec<Way> {
    let graph = networks.graph(Mode::Car);
    let index = StreetIndex::new(graph);
    let link = |points: Vec<LonLat>| {
        link_points(graph, &index, &networks.plane.project_all(&points), MAX_AWAY_M, LinkTo::OpenTo(Profile::Car))
    };
    let near: Vec<(usize, f64)> = lots
        .iter()
        .filter(|lot| lot.visitor_bays >= 1.0)
        .filter_map(|lot| Some((lot.lot, lot.walk_to_core.filter(|walk| *walk <= parameters.walk_cutoff)?.minutes())))
        .collect();
    let lot_links = link(near.iter().map(|(lot, _)| town.plane.unproject(town.lots[*lot].point)).collect());
    let (near, lot_links): (Vec<(usize, f64)>, Vec<LinkedPoint>) =
        near.into_iter().zip(lot_links).filter_map(|(lot, link)| Some((lot, link?))).unzip();
    let home_links = link(town.homes.iter().map(|home| town.plane.unproject(home.point)).collect());
    let mut origins: std::collections::BTreeMap<_, (LinkedPoint, f64)> = std::collections::BTreeMap::new();
    for (home, link) in town.homes.iter().zip(home_links) {
        let Some(link) = link else { continue };
        let key = (home.district.map(DistrictId::index), link.segment.index());
        origins.entry(key).or_insert((link, 0.0)).1 += home.people;
    }
    let links: Vec<LinkedPoint> = origins.values().map(|(link, _)| *link).collect();
    let contraction =
        (links.len() > WORTH_CONTRACTING).then(|| Contraction::new(graph, Profile::Car, &Elimination::new(graph)));
    let drives =
        ManyToMany::new(graph, Profile::Car, contraction.as_ref(), &lot_links).near_origins(&links, DRIVE_LIMIT);
    let origins: Vec<(Option<usize>, f64)> =
        origins.iter().map(|((district, _), (_, people))| (*district, *people)).collect();
    origins
        .par_iter()
        .zip(&drives)
        .map(|((district, people), drives)| {
            let least = |cost: &dyn Fn(usize, f64, f64) -> f64| {
                let all = drives.iter().map(|&(at, drive)| cost(near[at].0, drive.minutes(), near[at].1));
                all.min_by(f64::total_cmp)
            };
            let at = |day: usize, hour: usize| {
                least(&|lot, drive_min, walk_min| hours.cost_min(lot, (day, hour), (drive_min, walk_min)))
            };
            Way {
                people: *people,
                district: district.map(DistrictId::from_index),
                drive_min: least(&|_, drive_min, _| drive_min),
                to_core_min: std::array::from_fn(|day| std::array::from_fn(|hour| at(day, hour))),
            }
        })
        .collect()
}

/// Metres of kerb, and of these the ones of which anything is said, with the district of the middle of the street.
fn kerbs_by_district(town: &Town, records: &OsmRecords) -> Vec<(Option<DistrictId>, f64, f64)> {
    let streets = records.streets.par_iter().filter(|street| has_kerbs(street));
    streets
        .map(|street| {
            let line = town.plane.project_all(&records.course(street));
            let length = length_m(&line);
            let district = line.get(line.len() / 2).and_then(|&middle| town.areas.find_area(middle));
            (district, 2.0 * length, told_kerbs(street.parking.as_deref()) as f64 * length)
        })
        .collect()
}

/// The sum of a district, or of all.
fn district_of(
    (town, area): (&Town, Option<DistrictId>),
    lots: &[ParkingLot],
    ways: &[Way],
    kerbs: &[(Option<DistrictId>, f64, f64)],
) -> DistrictParking {
    let holds = |district: Option<DistrictId>| area.is_none() || district == area;
    let own: Vec<&ParkingLot> = lots.iter().filter(|lot| holds(town.lots[lot.lot].district)).collect();
    let bays = |of: &dyn Fn(&TownLot) -> bool| -> f64 {
        own.iter().map(|lot| &town.lots[lot.lot]).filter(|lot| of(lot)).map(|lot| lot.bays).sum()
    };
    let (all, told) = (bays(&|_| true), bays(&|lot| lot.bays_given));
    let kerbs = kerbs.iter().filter(|(district, ..)| holds(*district));
    let (kerb_m, kerb_told_m) = kerbs.fold((0.0, 0.0), |(all, told), (_, m, told_m)| (all + m, told + told_m));
    let missing = own.iter().filter_map(|lot| lot.disabled.map(|bays| bays.missing()));
    let ways: Vec<&Way> = ways.iter().filter(|way| holds(way.district)).collect();
    let middle = |of: &dyn Fn(&Way) -> Option<f64>| {
        let pairs: Vec<(f64, f64)> = ways.iter().map(|way| (of(way).unwrap_or(f64::INFINITY), way.people)).collect();
        weighted_quantile(&pairs, 0.5).filter(|minutes| minutes.is_finite())
    };
    DistrictParking {
        visitor_bays: own.iter().map(|lot| lot.visitor_bays).sum(),
        told_share: (all > 0.0).then(|| told / all),
        kerb_told_share: (kerb_m > 0.0).then(|| kerb_told_m / kerb_m),
        shops: town.places.iter().filter(|place| place.category.is_shop() && holds(place.district)).count(),
        disabled_missing: missing.clone().flatten().sum(),
        disabled_unknown: missing.filter(Option::is_none).count(),
        to_core_min: std::array::from_fn(|day| std::array::from_fn(|hour| middle(&|way| way.to_core_min[day][hour]))),
        drive_min: middle(&|way| way.drive_min),
    }
}
