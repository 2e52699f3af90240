//! What was found in the folder of a study, as one JSON document: for those who decide whether its data will do.
//!
//! The published schema, `schema/check.schema.json`, is generated from these types; a test compares them. Positions are
//! degrees (WGS 84), lengths metres, shares 0 to 1, days ISO dates.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::canvas::feed::RowTally;
use crate::canvas::indicators::{Dimension, Indicator, Quality};
use crate::network::sidewalk_survey::SidewalkSurvey;
use crate::network::survey::NetworkSurvey;

/// Version of the document's shape.
pub const CHECK_VERSION: &str = "1.0";

/// The whole document.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Check {
    /// Version of the document's shape.
    pub check_version: String,
    /// Name of the study.
    pub name: String,
    /// Language of the page: `fr` or `en`.
    pub language: String,
    /// IANA time zone.
    pub time_zone: String,
    /// The study's day (ISO date): given, else chosen from the timetables; null without either.
    pub service_date: Option<String>,
    /// Why an audit of this folder would stop; null where nothing stops it. Where it is there, only files and notices are
    /// told.
    pub stops_audit: Option<String>,
    /// What each indicator will rest on.
    pub outlook: Vec<Outlook>,
    /// What weakens the results, the gravest first.
    pub concerns: Vec<Concern>,
    /// The files of the folder.
    pub files: Vec<CheckedFile>,
    /// Inputs that no file serves, and what that costs.
    pub missing: Vec<AbsentInput>,
    /// The streets on foot.
    pub streets: Option<StreetsCheck>,
    /// One entry per timetable.
    pub timetables: Vec<TimetableCheck>,
    /// One entry per count site.
    pub counters: Vec<CounterCheck>,
    /// Car parks and kerbs.
    pub parking: Option<ParkingCheck>,
    /// Residents and shops.
    pub people: Option<PeopleCheck>,
    /// Heights of the ground.
    pub elevation: Option<ElevationCheck>,
    /// Rows per file.
    pub rows: BTreeMap<String, RowTally>,
    /// What was found wrong, by code.
    pub notices: BTreeMap<String, CheckedNotices>,
}

/// What an indicator will rest on in an audit of the whole town.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Outlook {
    /// Which indicator.
    pub indicator: Indicator,
    /// How well it will be known; null where it will not be scored.
    pub quality: Option<Quality>,
    /// What would mend it, as a kind of input (`timetable`, `counts`, `parking`, `occupancy`, `population`, `places`);
    /// null where nothing need be.
    pub mended_by: Option<String>,
}

/// Something that weakens the results.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Concern {
    /// Stable snake_case code with a sentence in the locales (`concern-<code>`).
    pub code: String,
    /// The file, counter or thing it is about; empty where it is about all.
    pub subject: String,
    /// A number that belongs to it: a share, days, or how many.
    pub value: f64,
    /// Of how many, where the number is one of them; else 0.
    pub of: f64,
}

/// A file and what it is taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CheckedFile {
    /// Its name.
    pub file: String,
    /// `used`, `not_used`, `not_recognised` or `unreadable`.
    pub verdict: String,
    /// What it is used as; null where it is not used.
    pub kind: Option<String>,
    /// What was seen in it.
    pub reason: String,
}

/// A kind of input that no file serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AbsentInput {
    /// Which.
    pub kind: String,
    /// What is lost without it.
    pub cost: String,
    /// The dimensions it would feed.
    pub feeds: Vec<Dimension>,
}

/// The streets on foot and what is told of them.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StreetsCheck {
    /// Day of the newest change in the extract (ISO date), if known.
    pub data_date: Option<String>,
    /// What the network on foot is made of, as `chaland network` tells it.
    pub walk: NetworkSurvey,
    /// The longest of the components that do not hang together with the main one.
    pub islands: Vec<IslandPlace>,
    /// What is told about sidewalks.
    pub sidewalks: SidewalkSurvey,
}

/// Streets from which the rest of the town cannot be reached on foot.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct IslandPlace {
    /// Length of its streets.
    pub length_m: f64,
    /// Name of a street; empty where none has one.
    pub name: String,
    /// Longitude of a place on it.
    pub lon: f64,
    /// Latitude of it.
    pub lat: f64,
}

/// The calendar of a timetable.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TimetableCheck {
    /// Its file.
    pub file: String,
    /// First day with a trip (ISO date); null where none ever runs.
    pub first: Option<String>,
    /// Last day with a trip; null where none ever runs.
    pub last: Option<String>,
    /// Whether it goes on beyond the 800 days looked at.
    pub is_cut: bool,
    /// Days with a trip.
    pub days: u32,
    /// Trips in it.
    pub trips: u64,
    /// Stops and platforms in it.
    pub stops: u64,
    /// Of these, served by a trip.
    pub served_stops: u64,
    /// Lines in it.
    pub routes: u64,
    /// Mean trips on a Monday to a Sunday.
    pub weekday_trips: [f64; 7],
    /// Trips week by week.
    pub weeks: Vec<WeekTrips>,
    /// Four days or more in a row without a trip.
    pub gaps: Vec<DayGap>,
    /// Trips on the study's day; null where there is none.
    pub trips_on_service_date: Option<u64>,
    /// Days from its last trip to the date of the street data, where it ends before; null where it does not.
    pub expired_days: Option<u32>,
}

/// Trips of a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WeekTrips {
    /// Its Monday (ISO date).
    pub monday: String,
    /// Trips of all its days.
    pub trips: u64,
    /// Days with a trip.
    pub days: u8,
}

/// Days in a row without a trip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DayGap {
    /// The first (ISO date).
    pub first: String,
    /// The last.
    pub last: String,
    /// How many.
    pub days: u32,
}

/// The health of a count site.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CounterCheck {
    /// Its name.
    pub name: String,
    /// `usable`, `suspect`, `dead`, or `expanded` from short counts by hand.
    pub health: String,
    /// Why it is not usable, or by what it was expanded, as snake_case codes.
    pub reasons: Vec<String>,
    /// What is counted: `hour`, `day`, or `short` for counts by hand of a part of a day.
    pub step: String,
    /// First day with a count (ISO date); null without a count.
    pub first: Option<String>,
    /// Last day with a count.
    pub last: Option<String>,
    /// Hours (or days) counted; of short counts how many there are.
    pub counted: u64,
    /// Hours (or days) from the first to the last count; of short counts as many as there are.
    pub expected: u64,
    /// Stretches without a count.
    pub gaps: u64,
    /// The longest of them.
    pub longest_gap: Option<Stretch>,
    /// The longest run of zeros that is a fault.
    pub longest_zero: Option<Stretch>,
    /// The longest run of one and the same count.
    pub longest_flat: Option<Stretch>,
    /// Share of what was counted that lies in such a run.
    pub suspect_share: f64,
    /// Hours far above or below what the site counts at that time: labels, events do this.
    pub spikes: u64,
    /// Whole days that may serve for averages.
    pub valid_days: u64,
    /// Persons a day over the year; null where it cannot be told.
    pub aadp: Option<f64>,
    /// Longitude, if known.
    pub lon: Option<f64>,
    /// Latitude, if known.
    pub lat: Option<f64>,
    /// The street it is placed on; null where none is near, or its position is not known.
    pub street: Option<PlacedOn>,
    /// Month by month over the months of all sites.
    pub months: Vec<MonthShare>,
}

/// Hours or days in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stretch {
    /// Day on which it begins (ISO date).
    pub first: String,
    /// How many hours, or days.
    pub steps: u64,
    /// The count at which it is stuck; null for what is missing.
    pub count: Option<u32>,
}

/// The street that a thing is placed on.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PlacedOn {
    /// Its name; empty where it has none.
    pub name: String,
    /// Metres to it.
    pub away_m: f64,
}

/// How much of a month was counted.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MonthShare {
    /// Year and month, as `2023-01`.
    pub month: String,
    /// Share of its hours (or days) counted.
    pub counted: f64,
    /// Of all its hours (or days) the share that was counted and is stuck.
    pub suspect: f64,
}

/// Car parks and kerbs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct ParkingCheck {
    /// Of each make (`surface`, `multi_storey`, `underground`, `street` …).
    pub kinds: Vec<LotsOfKind>,
    /// How many there are.
    pub lots: u64,
    /// Of these, with their number of bays told.
    pub with_capacity: u64,
    /// Bays told.
    pub bays_told: f64,
    /// Bays estimated from areas and kerbs.
    pub bays_estimated: f64,
    /// Lots of which disabled bays are told.
    pub with_disabled: u64,
    /// Lots whose occupancy is known.
    pub with_occupancy: u64,
    /// Lots that no street on foot leads to.
    pub cut_off: u64,
}

/// Lots of one make.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LotsOfKind {
    /// The make.
    pub kind: String,
    /// How many.
    pub lots: u64,
    /// Of these, with their number of bays told.
    pub with_capacity: u64,
    /// Bays, told or estimated.
    pub bays: f64,
}

/// Residents and shops.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct PeopleCheck {
    /// Cells and points of the population files.
    pub cells: u64,
    /// Codes of districts or sectors in them.
    pub codes: u64,
    /// People in the cells and codes.
    pub people_in_files: f64,
    /// Residents of the study; null where they are assumed from the floor area of homes.
    pub residents: Option<f64>,
    /// Districts.
    pub districts: u64,
    /// Of these, with a population of their own.
    pub districts_with_people: u64,
    /// Buildings over which residents are spread; 0 where the map has too few, and streets stand in for them.
    pub dwellings: u64,
    /// Occupied shops and services on the map.
    pub shops: u64,
    /// Whether the map holds so few shops that what is said of them would be wrong.
    pub shops_are_sparse: bool,
    /// Empty units on the map.
    pub vacant: u64,
}

/// Heights of the ground.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ElevationCheck {
    /// Length of a cell's side; null where it is not known.
    pub cell_m: Option<f64>,
    /// Share of the length of all streets on foot whose height is known.
    pub covered_share: f64,
}

/// Notices of one code.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CheckedNotices {
    /// `note`, `warning` or `error`.
    pub severity: String,
    /// How many.
    pub count: u64,
    /// The first of them.
    pub examples: Vec<NoticeExample>,
}

/// One notice.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct NoticeExample {
    /// The file.
    pub file: String,
    /// Row of a table, counted from 1 with the header; null elsewhere.
    pub row: Option<u64>,
    /// Feature, counted from 1; null elsewhere.
    pub feature: Option<u64>,
    /// OSM element or another named thing; null elsewhere.
    pub element: Option<String>,
    /// Column, tag or property; empty where none applies.
    pub field: String,
    /// The value found.
    pub value: String,
    /// What is wrong.
    pub problem: String,
    /// What was done.
    pub action: String,
}
