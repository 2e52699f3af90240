//! Every number of the method that is a choice: one place, with unit and source.

use crate::base::units::{ClockTime, Speed, TravelTime};

/// The parameters of all measures. "(default)" marks a value chosen here, to be calibrated locally.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// Walking speed. TfL PTAL.
    pub walk_speed: Speed,
    /// Longest straight link from a point to the street network, metres (methods §3).
    pub link_limit_m: f64,
    /// A walk that residents accept for daily shopping (methods §9).
    pub walk_cutoff: TravelTime,
    /// How far walks to the core are searched.
    pub search_limit: TravelTime,
    /// Radius of the walks that make foot traffic (methods §7.1: 800 m).
    pub flow_radius_m: f64,
    /// Decay per metre of the choice of a shop: `4 / flow_radius` (methods §4.1).
    pub flow_decay_per_m: f64,
    /// Walks to a shop per resident and day (default).
    pub trips_per_resident: f64,
    /// Passengers who walk to the shops per departure at a bus or tram stop (default).
    pub passengers_per_departure: f64,
    /// Passengers who walk to the shops per departure at a railway station without boarding figures (default).
    pub passengers_per_train: f64,
    /// Share of boarding train passengers who walk to the shops (default).
    pub boarding_shop_share: f64,
    /// Times a visitor bay is used per day (default).
    pub bay_turnover: f64,
    /// Departures per day assumed at a stop without a timetable (default).
    pub assumed_departures: f64,
    /// Persons in a parked car (default).
    pub persons_per_car: f64,
    /// Visitors per day of a school, museum, market or public service (default).
    pub asset_visitors: f64,
    /// Share of people who cannot use steps: wheelchair, pram, walking aid (default).
    pub reduced_mobility_share: f64,
    /// Network distance that is fair for a straight one: 1.3 (methods §3, off-network rule).
    pub fair_detour: f64,
    /// A way round counts as friction from this loss on: 120 s is severance (methods §2), 180 s a friction point (default).
    pub least_loss: TravelTime,
    /// The most seconds that one walk can lose at one place, where there is no way at all; a round trip loses twice as
    /// much (default).
    pub loss_cap: TravelTime,
    /// When shops close.
    pub closing_time: ClockTime,
    /// Time from closing to the stop (default).
    pub closing_margin: TravelTime,
    /// Start of the window in which people travel to the shops, on the service day (methods §4.5: 14:00 to 18:00).
    pub window_start: ClockTime,
    /// Minutes of that window.
    pub window_minutes: u32,
    /// Draws of the lines that run at a headway without fixed times, where there are any (methods §4.5: 200 or more).
    pub timetable_draws: u32,
    /// Draws in which each minute of the window is searched (methods §4.5: 5, as r5r).
    pub draws_per_minute: u32,
    /// What random draws come from.
    pub seed: u64,
    /// Longest journey by public transport that counts.
    pub journey_limit: TravelTime,
    /// Share of bays in use above which parking is full (Shoup 2006).
    pub occupancy_target: f64,
    /// Mean stay at a bay (default).
    pub parking_stay: TravelTime,
    /// Spacing of bays met when searching, metres (methods §8.2).
    pub bay_spacing_m: f64,
    /// Speed of searching (methods §8.2).
    pub search_speed: Speed,
    /// A street with fewer seconds of this without a shop is not worth a word: shortest dead stretch, metres (default).
    pub dead_stretch_m: f64,
    /// A shop counts for a street within this distance, metres (default).
    pub frontage_m: f64,
    /// Shops that make a cluster (default).
    pub cluster_shops: usize,
    /// Largest gap between shops of a cluster, metres (default).
    pub cluster_gap_m: f64,
    /// Flow at a cluster below this share of the median flow at shops is little (default).
    pub quiet_share: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            walk_speed: Speed::WALK,
            link_limit_m: 100.0,
            walk_cutoff: TravelTime::from_minutes(10),
            search_limit: TravelTime::from_minutes(60),
            flow_radius_m: 800.0,
            flow_decay_per_m: 4.0 / 800.0,
            trips_per_resident: 0.3,
            passengers_per_departure: 4.0,
            passengers_per_train: 15.0,
            boarding_shop_share: 0.25,
            bay_turnover: 3.0,
            assumed_departures: 30.0,
            persons_per_car: 1.3,
            asset_visitors: 100.0,
            reduced_mobility_share: 0.15,
            fair_detour: 1.3,
            least_loss: TravelTime::from_minutes(3),
            loss_cap: TravelTime::from_minutes(20),
            closing_time: ClockTime::from_hm(18, 30),
            closing_margin: TravelTime::from_minutes(15),
            window_start: ClockTime::from_hm(14, 0),
            window_minutes: 120,
            timetable_draws: 200,
            draws_per_minute: 5,
            seed: 1,
            journey_limit: TravelTime::from_minutes(90),
            occupancy_target: 0.85,
            parking_stay: TravelTime::from_minutes(90),
            bay_spacing_m: 6.0,
            search_speed: Speed::from_kilometres_per_hour(10.0).expect("10 km/h is a speed"),
            dead_stretch_m: 120.0,
            frontage_m: 30.0,
            cluster_shops: 3,
            cluster_gap_m: 60.0,
            quiet_share: 0.25,
        }
    }
}

impl Parameters {
    /// Every parameter as name, value and unit, in a fixed order: what the feed lists.
    pub fn listed(&self) -> Vec<(&'static str, f64, &'static str)> {
        vec![
            ("walk_speed", self.walk_speed.metres_per_second(), "m/s"),
            ("link_limit", self.link_limit_m, "m"),
            ("walk_cutoff", self.walk_cutoff.seconds(), "s"),
            ("search_limit", self.search_limit.seconds(), "s"),
            ("flow_radius", self.flow_radius_m, "m"),
            ("flow_decay", self.flow_decay_per_m, "1/m"),
            ("trips_per_resident", self.trips_per_resident, "1/day"),
            ("passengers_per_departure", self.passengers_per_departure, "persons"),
            ("passengers_per_train", self.passengers_per_train, "persons"),
            ("boarding_shop_share", self.boarding_shop_share, "share"),
            ("bay_turnover", self.bay_turnover, "1/day"),
            ("assumed_departures", self.assumed_departures, "1/day"),
            ("persons_per_car", self.persons_per_car, "persons"),
            ("asset_visitors", self.asset_visitors, "persons/day"),
            ("reduced_mobility_share", self.reduced_mobility_share, "share"),
            ("fair_detour", self.fair_detour, "ratio"),
            ("least_loss", self.least_loss.seconds(), "s"),
            ("loss_cap", self.loss_cap.seconds(), "s"),
            ("closing_time", f64::from(self.closing_time.seconds()), "s after midnight"),
            ("closing_margin", self.closing_margin.seconds(), "s"),
            ("window_start", f64::from(self.window_start.seconds()), "s after midnight"),
            ("window_minutes", f64::from(self.window_minutes), "min"),
            ("timetable_draws", f64::from(self.timetable_draws), "count"),
            ("draws_per_minute", f64::from(self.draws_per_minute), "count"),
            ("seed", self.seed as f64, "count"),
            ("journey_limit", self.journey_limit.seconds(), "s"),
            ("occupancy_target", self.occupancy_target, "share"),
            ("parking_stay", self.parking_stay.seconds(), "s"),
            ("bay_spacing", self.bay_spacing_m, "m"),
            ("search_speed", self.search_speed.metres_per_second(), "m/s"),
            ("dead_stretch", self.dead_stretch_m, "m"),
            ("frontage", self.frontage_m, "m"),
            ("cluster_shops", self.cluster_shops as f64, "count"),
            ("cluster_gap", self.cluster_gap_m, "m"),
            ("quiet_share", self.quiet_share, "share"),
        ]
    }
}
