//! The kinds of input of a study, and what is lost where one is missing.

use serde::Serialize;

use crate::canvas::indicators::Dimension;

/// What a file is to a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// An OpenStreetMap extract.
    Streets,
    /// A GTFS feed.
    Timetable,
    /// A table of stops and stations.
    Stops,
    /// Boardings per station.
    Boardings,
    /// Car parks, kerb parking, disabled bays.
    Parking,
    /// Taken bays by hour.
    Occupancy,
    /// Pedestrian counts.
    Counts,
    /// Where the counters stand.
    CountSites,
    /// District outlines.
    Districts,
    /// Residents per cell, sector or district.
    Population,
    /// Heights of the ground.
    Elevation,
    /// Measured speeds of cars.
    CarSpeeds,
}

impl InputKind {
    /// All kinds, in the order in which they are told.
    pub const ALL: [Self; 12] = [
        Self::Streets,
        Self::Timetable,
        Self::Stops,
        Self::Boardings,
        Self::Parking,
        Self::Occupancy,
        Self::Counts,
        Self::CountSites,
        Self::Districts,
        Self::Population,
        Self::Elevation,
        Self::CarSpeeds,
    ];

    /// The word in the feed.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Streets => "streets",
            Self::Timetable => "timetable",
            Self::Stops => "stops",
            Self::Boardings => "boardings",
            Self::Parking => "parking",
            Self::Occupancy => "occupancy",
            Self::Counts => "counts",
            Self::CountSites => "count_sites",
            Self::Districts => "districts",
            Self::Population => "population",
            Self::Elevation => "elevation",
            Self::CarSpeeds => "car_speeds",
        }
    }

    /// The key under `[inputs]` of a manifest.
    pub const fn manifest_key(self) -> &'static str {
        match self {
            Self::Timetable => "timetables",
            other => other.key(),
        }
    }

    /// The dimensions it feeds.
    pub const fn feeds(self) -> &'static [Dimension] {
        match self {
            Self::Streets => &Dimension::ALL,
            Self::Timetable => &[Dimension::Serve, Dimension::Connect, Dimension::Return],
            Self::Stops => &[Dimension::Serve, Dimension::Connect],
            Self::Boardings => &[Dimension::Connect, Dimension::Capture],
            Self::Parking | Self::Occupancy => &[Dimension::Park],
            Self::Counts | Self::CountSites => &[Dimension::Capture, Dimension::BeSeen, Dimension::Settle],
            Self::Districts => &[Dimension::Know],
            Self::Population => &[Dimension::Join, Dimension::Move, Dimension::Serve, Dimension::Know],
            Self::Elevation => &[Dimension::Join],
            Self::CarSpeeds => &[],
        }
    }

    /// Key of the sentence that says what is lost without it (`missing-<key>` in the locales).
    pub const fn cost_key(self) -> &'static str {
        match self {
            Self::Streets => "missing-streets",
            Self::Timetable => "missing-timetable",
            Self::Stops => "missing-stops",
            Self::Boardings => "missing-boardings",
            Self::Parking => "missing-parking",
            Self::Occupancy => "missing-occupancy",
            Self::Counts => "missing-counts",
            Self::CountSites => "missing-count_sites",
            Self::Districts => "missing-districts",
            Self::Population => "missing-population",
            Self::Elevation => "missing-elevation",
            Self::CarSpeeds => "missing-car_speeds",
        }
    }

    /// What is lost without it, as a sentence without full stop.
    pub const fn cost(self) -> &'static str {
        match self {
            Self::Streets => "without streets there is no study",
            Self::Timetable => "times to the centre and the last way home by public transport are not scored",
            Self::Stops => "stops are taken from the OpenStreetMap extract",
            Self::Boardings => "passengers per station are assumed",
            Self::Parking => "car parks are taken from OpenStreetMap, where most have no number of bays",
            Self::Occupancy => "hours at which parking is full are not scored",
            Self::Counts => "foot traffic stays a relative index: good for ranking streets, not for absolute numbers",
            Self::CountSites => "counts cannot be put on the map unless their table holds positions",
            Self::Districts => "administrative boundaries of the extract serve, else the whole study is one district",
            Self::Population => "residents are assumed from the floor area of homes, and every share of them says so",
            Self::Elevation => "slopes count as flat",
            Self::CarSpeeds => "cars drive by the speed limit, or what is usual on such a street",
        }
    }
}
