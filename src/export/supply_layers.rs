//! What public transport offers, as layers: a point per station, a point per place.

use serde_json::{Map, Value};

use super::feature_collection::rounded;
use super::map_layer::{FieldKind, MapGeometry, MapLayer, MapRow, named};
use crate::analysis::stop_catchment::StopCatchment;
use crate::analysis::transit_supply::StopSupply;
use crate::base::kinds::StopMode;
use crate::base::projection::LonLat;
use crate::base::units::ClockTime;

/// A station and what it offers.
#[derive(Clone, Copy, Debug)]
pub struct StationOf<'a> {
    /// `stop_id` of its feed.
    pub id: &'a str,
    /// Name, may be empty.
    pub name: &'a str,
    /// Where it is.
    pub position: LonLat,
    /// Departures in the window, and the minutes of it.
    pub window: (&'a StopSupply, f64),
    /// Departures of the day.
    pub of_day: &'a StopSupply,
    /// The category of a stop by the rule of quality classes.
    pub category: Option<u8>,
    /// Who lives around, where that was asked.
    pub catchment: Option<StopCatchment>,
}

/// A place and what lies within a walk.
#[derive(Clone, Copy, Debug)]
pub struct PlaceOf<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name, may be empty.
    pub name: &'a str,
    /// Where it is.
    pub position: LonLat,
    /// Index and band of the public transport accessibility level.
    pub ptal: (f64, &'a str),
    /// The quality class, `A` to `F`.
    pub quality_class: Option<&'a str>,
    /// Whether it is well served where a municipality is dense, and where it is not.
    pub well_served: [bool; 2],
}

fn mode_key(mode: StopMode) -> &'static str {
    match mode {
        StopMode::Bus => "bus",
        StopMode::Tram => "tram",
        StopMode::Rail => "rail",
        StopMode::Other => "other",
    }
}

/// A point per station: departures of the window with its first, last, longest gap and mean headway of a direction, and of
/// the day.
pub fn station_layer<'a>(stations: impl Iterator<Item = StationOf<'a>>, about: &str) -> MapLayer {
    let fields = named(vec![
        ("id", FieldKind::Text),
        ("name", FieldKind::Text),
        ("modes", FieldKind::Text),
        ("window", FieldKind::Text),
        ("departures", FieldKind::Integer),
        ("lines", FieldKind::Integer),
        ("directions", FieldKind::Integer),
        ("first", FieldKind::Text),
        ("last", FieldKind::Text),
        ("span_min", FieldKind::Real),
        ("largest_gap_min", FieldKind::Real),
        ("headway_min", FieldKind::Real),
        ("departures_of_day", FieldKind::Integer),
        ("stop_category", FieldKind::Integer),
        ("people", FieldKind::Real),
        ("people_weighted", FieldKind::Real),
        ("people_in_circle", FieldKind::Real),
    ]);
    let rows = stations.map(|station| {
        let (supply, window_min) = station.window;
        let modes: Vec<&str> = station.of_day.by_mode.keys().map(|&mode| mode_key(mode)).collect();
        let clock = |clock: Option<ClockTime>| clock.map_or(Value::Null, |clock| clock.to_string().into());
        let minutes = |minutes: Option<f64>| minutes.map_or(Value::Null, |minutes| rounded(minutes, 100.0));
        let span_s = supply.first.zip(supply.last).map(|(first, last)| last.seconds() - first.seconds());
        let mut properties = Map::new();
        properties.insert("id".into(), station.id.into());
        properties.insert("name".into(), station.name.into());
        properties.insert("modes".into(), modes.join("+").into());
        properties.insert("window".into(), about.into());
        properties.insert("departures".into(), supply.departures.into());
        properties.insert("lines".into(), supply.routes.into());
        properties.insert("directions".into(), supply.directions.into());
        properties.insert("first".into(), clock(supply.first));
        properties.insert("last".into(), clock(supply.last));
        properties.insert("span_min".into(), minutes(span_s.map(|seconds| f64::from(seconds) / 60.0)));
        let gap_min = supply.largest_gap_s.map(|seconds| f64::from(seconds) / 60.0);
        properties.insert("largest_gap_min".into(), minutes(gap_min));
        properties.insert("headway_min".into(), minutes(supply.headway_min(window_min)));
        properties.insert("departures_of_day".into(), station.of_day.departures.into());
        properties.insert("stop_category".into(), station.category.map_or(Value::Null, Value::from));
        let people = |of: fn(&StopCatchment) -> f64| {
            station.catchment.as_ref().map_or(Value::Null, |around| rounded(of(around), 1000.0))
        };
        properties.insert("people".into(), people(|around| around.people));
        properties.insert("people_weighted".into(), people(|around| around.weighted));
        properties.insert("people_in_circle".into(), people(|around| around.in_circle));
        MapRow { geometry: MapGeometry::Point(station.position), properties }
    });
    MapLayer { name: "stations".to_owned(), fields, rows: rows.collect() }
}

/// A point per place: its accessibility level, quality class, and whether it is well served.
pub fn place_layer<'a>(places: impl Iterator<Item = PlaceOf<'a>>, day: &str) -> MapLayer {
    let fields = named(vec![
        ("id", FieldKind::Text),
        ("name", FieldKind::Text),
        ("day", FieldKind::Text),
        ("ptal_index", FieldKind::Real),
        ("ptal", FieldKind::Text),
        ("quality_class", FieldKind::Text),
        ("well_served_dense", FieldKind::Boolean),
        ("well_served_rural", FieldKind::Boolean),
    ]);
    let rows = places.map(|place| {
        let mut properties = Map::new();
        properties.insert("id".into(), place.id.into());
        properties.insert("name".into(), place.name.into());
        properties.insert("day".into(), day.into());
        properties.insert("ptal_index".into(), rounded(place.ptal.0, 10_000.0));
        properties.insert("ptal".into(), place.ptal.1.into());
        properties.insert("quality_class".into(), place.quality_class.map_or(Value::Null, Value::from));
        properties.insert("well_served_dense".into(), place.well_served[0].into());
        properties.insert("well_served_rural".into(), place.well_served[1].into());
        MapRow { geometry: MapGeometry::Point(place.position), properties }
    });
    MapLayer { name: "places".to_owned(), fields, rows: rows.collect() }
}
