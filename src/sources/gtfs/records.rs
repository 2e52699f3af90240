//! Records of a GTFS feed, references resolved to positions in the feed's own columns.
//!
//! In: nothing. Out: the types other modules read. Knows no file and no service date.

use jiff::civil::{Date, Weekday};

use crate::base::ids::{Column, Id};
use crate::base::kinds::StopMode;
use crate::base::projection::LonLat;
use crate::base::units::{ClockTime, TravelTime};

macro_rules! feed_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl Id for $name {
            fn from_index(index: usize) -> Self {
                Self(u32::try_from(index).expect("a table holds fewer than 2^32 rows"))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

feed_ids! {
    /// A row of `stops` within one feed.
    FeedStopId;
    /// A row of `routes` within one feed.
    FeedRouteId;
    /// A service of `calendar` and `calendar_dates` within one feed.
    FeedServiceId;
    /// A row of `trips` within one feed.
    FeedTripId;
}

/// One GTFS feed.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    /// Name of the zip or folder, without folders above it.
    pub file: String,
    /// Operators.
    pub agencies: Vec<Agency>,
    /// Stops, stations, entrances.
    pub stops: Column<FeedStopId, Stop>,
    /// Lines.
    pub routes: Column<FeedRouteId, Route>,
    /// Sets of days.
    pub services: Column<FeedServiceId, Service>,
    /// Trips; one that lost all its calls stays, with an empty range of calls.
    pub trips: Column<FeedTripId, Trip>,
    /// Calls of all trips.
    pub stop_times: StopTimes,
    /// Trips repeated at a headway.
    pub frequencies: Vec<Frequency>,
    /// Rules for changing.
    pub transfers: Vec<Transfer>,
}

impl Feed {
    /// The first and last day on which any service runs; `None` when none ever does.
    pub fn service_span(&self) -> Option<(Date, Date)> {
        let spans = self.services.values().iter().filter_map(Service::span);
        spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }
}

/// An operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// `agency_id`, empty where the feed has one operator without id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Name of the time zone, such as `Europe/Brussels`.
    pub timezone: String,
}

/// What a row of `stops` stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LocationType {
    /// A place where passengers board: stop or platform.
    #[default]
    Stop,
    /// A structure that holds stops.
    Station,
    /// Where passengers enter a station.
    Entrance,
    /// A node of the paths inside a station.
    Node,
    /// A place on a platform.
    BoardingArea,
}

/// A row of `stops`.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// `stop_id`, trimmed.
    pub id: String,
    /// Name, may be empty.
    pub name: String,
    /// Where it is.
    pub position: LonLat,
    /// What it stands for.
    pub location_type: LocationType,
    /// The station it belongs to.
    pub parent: Option<FeedStopId>,
    /// `platform_code`, may be empty.
    pub platform: String,
    /// `wheelchair_boarding`: `Some(true)` possible, `Some(false)` not, `None` unknown.
    pub wheelchair: Option<bool>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// `route_id`, trimmed.
    pub id: String,
    /// `route_short_name`, else `route_long_name`.
    pub name: String,
    /// What runs on it.
    pub mode: StopMode,
    /// `route_type` as written.
    pub route_type: u16,
}

/// Days of the week on which a service runs, within a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeeklyService {
    /// Monday to Sunday.
    pub days: [bool; 7],
    /// First day of the span.
    pub first: Date,
    /// Last day of the span, included.
    pub last: Date,
}

impl WeeklyService {
    /// Whether the weekly rule runs on a day, exceptions aside.
    pub fn runs_on(&self, date: Date) -> bool {
        (self.first..=self.last).contains(&date) && self.days[weekday_index(date.weekday())]
    }
}

/// Monday is 0, Sunday 6.
fn weekday_index(weekday: Weekday) -> usize {
    weekday.to_monday_zero_offset().clamp(0, 6) as usize
}

/// A set of days on which trips run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// `service_id`, trimmed.
    pub id: String,
    /// The weekly rule of `calendar`.
    pub weekly: Option<WeeklyService>,
    /// Days added by `calendar_dates`, ascending, each once.
    pub added: Vec<Date>,
    /// Days removed by `calendar_dates`, ascending, each once.
    pub removed: Vec<Date>,
}

impl Service {
    /// Whether the service runs on a day, exceptions applied.
    pub fn runs_on(&self, date: Date) -> bool {
        if self.removed.binary_search(&date).is_ok() {
            return false;
        }
        self.added.binary_search(&date).is_ok() || self.weekly.is_some_and(|weekly| weekly.runs_on(date))
    }

    /// The first and last day on which the service may run; `None` when it never does.
    pub fn span(&self) -> Option<(Date, Date)> {
        let weekly = self.weekly.filter(|weekly| weekly.days.contains(&true) && weekly.first <= weekly.last);
        let weekly = weekly.map(|weekly| (weekly.first, weekly.last));
        let added = self.added.first().zip(self.added.last()).map(|(&first, &last)| (first, last));
        [weekly, added].into_iter().flatten().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }
}

/// A trip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trip {
    /// `trip_id`, trimmed.
    pub id: String,
    /// Its line.
    pub route: FeedRouteId,
    /// The days it runs.
    pub service: FeedServiceId,
    /// `direction_id`, where given.
    pub direction: Option<u8>,
    /// Named in `frequencies.txt`: it runs at the headways there and not by itself, even where none of them can be used.
    pub at_headways: bool,
    /// `wheelchair_accessible`: `Some(true)` there is room, `Some(false)` there is not, `None` unknown.
    pub wheelchair: Option<bool>,
    /// Row in `trips.txt`; the header is row 1.
    pub row: u32,
}

/// Whether passengers may board and alight at a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallRules {
    /// Boarding is possible (`pickup_type` is not 1).
    pub board: bool,
    /// Alighting is possible (`drop_off_type` is not 1).
    pub alight: bool,
}

/// The calls of all trips as columns: those of a trip are contiguous, in the order of travel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StopTimes {
    /// Where the calls of each trip begin; one entry more than there are trips.
    pub first: Vec<u32>,
    /// The stop of each call.
    pub stop: Vec<FeedStopId>,
    /// Arrival at each call; never before the departure from the call before it.
    pub arrival: Vec<ClockTime>,
    /// Departure from each call; never before the arrival.
    pub departure: Vec<ClockTime>,
    /// Boarding and alighting at each call.
    pub rules: Vec<CallRules>,
}

impl StopTimes {
    /// The positions of a trip's calls in the columns; empty for a trip without calls.
    pub fn calls(&self, trip: FeedTripId) -> std::ops::Range<usize> {
        match (self.first.get(trip.index()), self.first.get(trip.index() + 1)) {
            (Some(&first), Some(&end)) => first as usize..end as usize,
            _ => 0..0,
        }
    }
}

/// A trip repeated at a headway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frequency {
    /// The trip whose running times are repeated.
    pub trip: FeedTripId,
    /// First departure from the first stop.
    pub start: ClockTime,
    /// No departure from the first stop at or after this.
    pub end: ClockTime,
    /// Seconds between departures, above zero.
    pub headway_s: u32,
    /// Whether departures are exactly at `start + k * headway`, or only that often.
    pub exact: bool,
}

/// What `transfers` says of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferKind {
    /// Recommended, or timed so that the vehicle waits.
    Possible,
    /// Needs at least this time.
    MinimumTime(TravelTime),
    /// Not possible.
    Impossible,
}

/// A rule for changing between two stops; the same stop twice is a change within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Where one alights.
    pub from: FeedStopId,
    /// Where one boards.
    pub to: FeedStopId,
    /// The rule.
    pub kind: TransferKind,
}
