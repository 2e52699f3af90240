//! Friction: avoidable seconds on a customer's trip, by cause and place.
//!
//! Each file finds one kind of cause. A finding says who is hit, how many persons a day, how many seconds each could be
//! spared, and what numbers it rests on. Person-seconds are those of a day, both ways of a round trip: persons who walk
//! to the core count once and lose the seconds there and back; of those who pass on a street (busy streets, steps) each
//! passage counts as a person, as a counter beside the street would count it, and loses the seconds once. Where no way exists at all the loss is capped
//! ([`Parameters::loss_cap`](crate::analysis::parameters::Parameters)).

use geo::Coord;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::ids::DistrictId;
use crate::base::kinds::Quality;

pub mod dead_street;
pub mod full_parking;
pub mod last_departure;
pub mod quiet_shops;
pub mod steps;
pub mod way_round;

/// Why customers lose time at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A station whose users must walk round a barrier to reach the core.
    StationSevered,
    /// A public car park from which nobody can walk to the core, or only by a long way round.
    LotCutOff,
    /// The last departure from the centre leaves before the shops close.
    LastDepartureBeforeClosing,
    /// A street that many walk and that has no shop.
    FlowWithoutShops,
    /// Shops on a street that few walk.
    ShopsWithoutFlow,
    /// A way that exists only as steps.
    StepsOnly,
    /// Parking that is full for hours.
    ParkingFull,
    /// Residents who must walk round a railway, river or motorway.
    ResidentsSevered,
    /// Residents with a long way round for no visible barrier.
    ResidentsDetour,
    /// An asset (school, museum, market) whose visitors must walk round to reach the core.
    AssetSevered,
}

impl Cause {
    /// The key in files and locales.
    pub const fn key(self) -> &'static str {
        match self {
            Self::StationSevered => "station_severed",
            Self::LotCutOff => "lot_cut_off",
            Self::LastDepartureBeforeClosing => "last_departure_before_closing",
            Self::FlowWithoutShops => "flow_without_shops",
            Self::ShopsWithoutFlow => "shops_without_flow",
            Self::StepsOnly => "steps_only",
            Self::ParkingFull => "parking_full",
            Self::ResidentsSevered => "residents_severed",
            Self::ResidentsDetour => "residents_detour",
            Self::AssetSevered => "asset_severed",
        }
    }
}

/// Who loses the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Train passengers.
    TrainPassengers,
    /// Bus passengers.
    BusPassengers,
    /// People who come by car.
    Drivers,
    /// People on foot.
    Walkers,
    /// Residents.
    Residents,
    /// People who cannot use steps.
    ReducedMobility,
    /// Customers of the shops named.
    ShopCustomers,
    /// Visitors of the asset named.
    AssetVisitors,
}

impl Who {
    /// The key in files and locales.
    pub const fn key(self) -> &'static str {
        match self {
            Self::TrainPassengers => "train_passengers",
            Self::BusPassengers => "bus_passengers",
            Self::Drivers => "drivers",
            Self::Walkers => "walkers",
            Self::Residents => "residents",
            Self::ReducedMobility => "reduced_mobility",
            Self::ShopCustomers => "shop_customers",
            Self::AssetVisitors => "asset_visitors",
        }
    }
}

/// Where a number of a finding comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceSource {
    /// The foot-traffic model.
    Model,
    /// Street and place data.
    Streets,
    /// The timetable.
    Timetable,
    /// Parking data.
    Parking,
    /// Occupancy of parking.
    Occupancy,
    /// Boarding figures.
    Boardings,
    /// Population.
    Population,
    /// A parameter of the method.
    Parameter,
}

/// A number that a finding rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fact {
    /// What it says: a key with a label in the locales.
    pub key: &'static str,
    /// Its value.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// Where it comes from.
    pub source: EvidenceSource,
}

impl Fact {
    /// A number with its unit and source.
    pub const fn new(key: &'static str, value: f64, unit: &'static str, source: EvidenceSource) -> Self {
        Self { key, value, unit, source }
    }
}

/// A change that could be tried against a friction.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// Kind of modification.
    pub modification: &'static str,
    /// A point, or the two ends of a link.
    pub at: Vec<Coord<f64>>,
    /// A number that belongs to it.
    pub value: Option<f64>,
}

/// A friction that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Why time is lost.
    pub cause: Cause,
    /// Name of the place, empty where it has none.
    pub name: String,
    /// Where, on the metric plane.
    pub point: Coord<f64>,
    /// District it lies in.
    pub district: Option<DistrictId>,
    /// Who is hit.
    pub who: Who,
    /// Persons per day; on busy streets and steps, passages per day.
    pub persons: f64,
    /// Avoidable seconds of the day for each of them: there and back, or of one passage.
    pub avoidable_s: f64,
    /// How persons and seconds are known.
    pub quality: Quality,
    /// The numbers it rests on.
    pub facts: Vec<Fact>,
    /// What could be done.
    pub remedies: Vec<Remedy>,
    /// Lines that show it.
    pub lines: Vec<Vec<Coord<f64>>>,
}

impl Finding {
    /// Avoidable person-seconds per day: what findings are ranked by.
    pub fn person_seconds(&self) -> f64 {
        self.persons * self.avoidable_s
    }
}
