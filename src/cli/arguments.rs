//! The arguments, from which the help is made.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::access_arguments::AccessOfTables;
use super::catchment_arguments::Catchment;
use super::compare::Compare;
use super::counts::Counts;
use super::flow::Flow;
use super::indicators::Indicators;
use super::parking::Parking;
use crate::base::projection::LonLat;
use crate::base::units::{ClockTime, TravelTime};
use crate::network::streets::Profile;
use crate::reach::door_to_door::DepartureWindow;
use crate::sources::points::PointSource;
use crate::study::manifest::Language;

/// More threads than any machine has cores serve nobody.
const MOST_THREADS: i64 = 1024;

/// What stands between customers and the shops of a town: foot traffic, accessibility and friction from open data.
#[derive(Debug, Parser)]
#[command(name = "chaland", version, arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Look at the files of a folder and write the study.toml that follows
    Init(Init),
    /// Tell what the data of a folder are worth: files, streets, timetables, counters, and what an audit can say
    Check(Check),
    /// Find what costs customers time, and write the results
    Audit(Audit),
    /// Build the street networks on foot, by bicycle and by car, and tell what they are made of
    Network(Network),
    /// Ask how far one gets from points, or who gets to them: isochrones and travel times
    #[command(subcommand)]
    Reach(Reach),
    /// Measure what people reach and how it is spread over them, from tables of your own: any matrix of times or costs
    Access(Box<AccessOfTables>),
    /// Share the customers of zones out among centres, for one town or a region: Huff's rule, trade areas, who goes from town
    /// to town; times from a table, a network, or straight lines
    Catchment(Box<Catchment>),
    /// Put several towns side by side: scores, ranks and how sure these are, from their audits
    Compare(Compare),
    /// Clean pedestrian counts of any layout and bring them to the year: which counters can be trusted, persons a day, profiles,
    /// and the factors by which short counts are expanded
    Counts(Counts),
    /// Tell how many bays there are and for whom, how full they are, and what parking costs the customers of each shop, by the hour
    Parking(Parking),
    /// Tell how many people walk along each street, from counters and what stands around, and what that is worth
    Flow(Flow),
    /// Print the table of indicators: names, units, goalposts with their sources, formulas, inputs
    Indicators(Indicators),
    /// Print the JSON Schema of canvas.json, or of check.json
    Schema(Schema),
}

#[derive(Debug, Args)]
pub(super) struct Init {
    /// Folder of the study
    pub folder: PathBuf,
    /// Write study.toml anew where there is one
    #[arg(long)]
    pub force: bool,
    /// Language of the report
    #[arg(long, value_enum)]
    pub language: Option<LanguageName>,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Folder of the study, with or without a study.toml
    pub folder: PathBuf,
    /// Where to write the page, check.json and notices.csv [default: the folder `check` in the study's folder]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Language of the page [default: the study's]
    #[arg(long, value_enum)]
    pub language: Option<LanguageName>,
    /// Form of the result on stdout
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// End with code 1 when a notice is an error; the page is written all the same
    #[arg(long)]
    pub strict: bool,
    /// No progress and no notices on stderr
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Of which document
    #[arg(value_enum, default_value = "canvas")]
    pub of: Document,
}

/// A document with a published schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Document {
    /// canvas.json, the feed of an audit
    Canvas,
    /// check.json, what a check found
    Check,
}

#[derive(Debug, Args)]
pub(super) struct Audit {
    /// Folder of the study, with or without a study.toml
    pub folder: PathBuf,
    /// Where to write the results [default: the folder `results` in the study's folder]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Goalposts and weights that a region publishes, as TOML [default: the study's, else the method's]
    #[arg(long, value_name = "FILE")]
    pub scoring: Option<PathBuf>,
    /// Language of the report [default: the study's]
    #[arg(long, value_enum)]
    pub language: Option<LanguageName>,
    /// Form of the summary on stdout
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// End with code 1 when a notice is an error; the results are written all the same
    #[arg(long)]
    pub strict: bool,
    /// Threads to work with [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST_THREADS))]
    pub threads: Option<u16>,
    /// No progress and no notices on stderr
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct Network {
    /// Folder of the study, with or without a study.toml
    pub folder: PathBuf,
    /// Write the networks as layers into this folder, to be looked at in a GIS
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Form of the layers
    #[arg(long, value_enum, default_value = "gpkg")]
    pub layers: LayerFormat,
    /// Write also how homes, shops, stops and car parks are linked, and the timetable as text
    #[arg(long, requires = "out")]
    pub links: bool,
    /// Build anew, whatever the snapshot says
    #[arg(long)]
    pub rebuild: bool,
    /// Form of the result on stdout
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// End with code 1 when a notice is an error
    #[arg(long)]
    pub strict: bool,
    /// No progress and no notices on stderr
    #[arg(long, short)]
    pub quiet: bool,
}

/// What to ask of points.
#[derive(Debug, Subcommand)]
pub(super) enum Reach {
    /// What is reached from points within given times: areas, or the streets themselves
    Isochrones(Isochrones),
    /// How long it takes from many points to many
    Matrix(Matrix),
    /// How long it takes by public transport, door to door, over a window of departures
    Transit(Transit),
    /// How much of what other points offer is within reach of points, and how far the nearest is
    Access(Access),
    /// What public transport offers: departures and headways at its stations, or how well places are served
    Supply(Supply),
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("points").required(true))]
pub(super) struct Isochrones {
    /// Folder of the study, with or without a study.toml
    pub folder: PathBuf,
    /// Points that are left: LON,LAT in degrees, or a file (CSV with lon and lat, GeoJSON, GeoPackage …); may be repeated
    #[arg(long, group = "points", value_name = "LON,LAT|FILE", allow_hyphen_values = true, value_parser = points)]
    pub from: Vec<PointSource>,
    /// Points that are to be reached, instead: who gets there within these times
    #[arg(long, group = "points", value_name = "LON,LAT|FILE", allow_hyphen_values = true, value_parser = points)]
    pub to: Vec<PointSource>,
    /// Times, such as 5min,10min,15min
    #[arg(long, value_name = "TIMES", value_delimiter = ',', default_value = "5min,10min,15min")]
    pub cutoff: Vec<TravelTime>,
    /// What to show of what is reached
    #[arg(long, value_enum, default_value = "areas")]
    pub show: Show,
    /// Points to count in each area: shops, homes, cells of people; each by its own travel time, wherever the area is drawn
    #[arg(long, value_name = "LON,LAT|FILE", allow_hyphen_values = true, value_parser = points)]
    pub count: Vec<PointSource>,
    /// Field of these points that tells their kind; each kind is counted apart
    #[arg(long, value_name = "FIELD", requires = "count")]
    pub kind: Option<String>,
    /// Field of these points that tells how much each is, such as people or jobs [default: each counts as 1]
    #[arg(long, value_name = "FIELD", requires = "count")]
    pub amount: Option<String>,
    /// By public transport too, leaving the points at this time, such as 17:30; walks take as long as the times allow,
    /// between stops 15 min
    #[arg(long, value_name = "HH:MM", conflicts_with = "to")]
    pub departure: Option<ClockTime>,
    /// Day of the timetable, such as 2026-11-24 [default: the study's, else a usual working day of the timetable]
    #[arg(long, value_name = "DATE", requires = "departure")]
    pub date: Option<jiff::civil::Date>,
    #[command(flatten)]
    pub common: ReachCommon,
}

#[derive(Debug, Args)]
pub(super) struct Matrix {
    /// Folder of the study, with or without a study.toml
    pub folder: PathBuf,
    /// Where trips begin: LON,LAT in degrees, or a file (CSV with lon and lat, GeoJSON, GeoPackage …); may be repeated
    #[arg(long, required = true, value_name = "LON,LAT|FILE", allow_hyphen_values = true, value_parser = points)]
    pub from: Vec<PointSource>,
    /// Where they end [default: where they begin]
    #[arg(long, value_name = "LON,LAT|FILE", allow_hyphen_values = true, value_parser = points)]
    pub to: Vec<PointSource>,
    /// Leave out what takes longer, such as 60min [default: nothing is left out]
    #[arg(long, value_name = "TIME")]
    pub cutoff: Option<TravelTime>,
    /// By car or bicycle: places to park; the vehicle is left at the one over which one is there first, and the rest is walked
    #[arg(long, value_name = "LON,LAT|FILE", allow_hyphen_values = true, value_parser = points, requires = "to")]
    pub park: Vec<PointSource>,
    /// Leaving the vehicle there
    #[arg(long, value_name = "TIME", default_value = "2min", requires = "park")]
    pub parking_time: TravelTime,
    /// Field of the places that tells the share of bays in use, 0 to 1 or in percent: the search for a free one comes on top
    #[arg(long, value_name = "FIELD", requires = "park")]
    pub occupancy: Option<String>,
    /// The walk from there, at most
    #[arg(long, value_name = "TIME", default_value = "15min", requires = "park")]
    pub walk: TravelTime,
    #[command(flatten)]
    pub common: ReachCommon,
}

#[derive(Debug, Args)]
pub(super) struct Transit {
    /// Folder of the study, with or without a study.toml; a GTFS feed in it
    pub folder: PathBuf,
    /// Where trips begin: LON,LAT in degrees, or a file (CSV with lon and lat, GeoJSON, GeoPackage …); may be repeated
    #[arg(long, required = true, value_name = "LON,LAT|FILE", allow_hyphen_values = true, value_parser = points)]
    pub from: Vec<PointSource>,
    /// Where they end [default: where they begin]
    #[arg(long, value_name = "LON,LAT|FILE", allow_hyphen_values = true, value_parser = points)]
    pub to: Vec<PointSource>,
    /// Departures, every minute from the first time to before the second [default: 14:00-16:00]
    #[arg(long, value_name = "HH:MM-HH:MM", value_parser = window)]
    pub window: Option<DepartureWindow>,
    /// Arrivals, every minute from the first time to before the second, instead of departures: times are from the last
    /// departure with which one is there
    #[arg(long, value_name = "HH:MM-HH:MM", value_parser = window, conflicts_with = "window")]
    pub arrive_by: Option<DepartureWindow>,
    /// The last departure with which one is there at this time, instead of times: the way home from town; past midnight,
    /// write 25:30
    #[arg(long, value_name = "HH:MM", conflicts_with_all = ["window", "arrive_by", "percentiles", "cutoff"])]
    pub last_by: Option<ClockTime>,
    /// Day of the timetable, such as 2026-11-24 [default: the study's, else a usual working day of the timetable]
    #[arg(long, value_name = "DATE")]
    pub date: Option<jiff::civil::Date>,
    /// Percentiles of the times over all departures: with 50, half of the departures take no longer
    #[arg(long, value_name = "P", value_delimiter = ',', default_value = "50", value_parser = percentile)]
    pub percentiles: Vec<f64>,
    /// Leave out what takes longer
    #[arg(long, value_name = "TIME", default_value = "90min")]
    pub cutoff: TravelTime,
    /// Walks to a stop, between stops, from a stop, and all the way, at most
    #[arg(long, value_name = "TIME", default_value = "15min")]
    pub walk: TravelTime,
    /// The most vehicles on one trip
    #[arg(long, value_name = "N", default_value = "5", value_parser = clap::value_parser!(u16).range(1..=20))]
    pub max_rides: u16,
    /// How one gets to the first stop; who rides may walk too, where that is sooner
    #[arg(long, value_enum, default_value = "walk")]
    pub access: AccessBy,
    /// The ride to the first stop, or to the place to park, at most
    #[arg(long, value_name = "TIME", default_value = "15min", requires = "access")]
    pub access_limit: TravelTime,
    /// Where the vehicle is left, to walk to a stop from there; needed by car [default for a bicycle: at the stop]
    #[arg(long, value_name = "LON,LAT|FILE", allow_hyphen_values = true, value_parser = points, requires = "access")]
    pub park: Vec<PointSource>,
    /// Leaving the vehicle, locking the bicycle
    #[arg(long, value_name = "TIME", default_value = "2min", requires = "access")]
    pub parking_time: TravelTime,
    /// Field of the places that tells the share of bays in use, 0 to 1 or in percent: the search for a free one comes on top
    #[arg(long, value_name = "FIELD", requires = "park")]
    pub occupancy: Option<String>,
    #[command(flatten)]
    pub common: ReachCommon,
}

#[derive(Debug, Args)]
pub(super) struct Access {
    /// Folder of the study, with or without a study.toml
    pub folder: PathBuf,
    /// Where people start: LON,LAT in degrees, or a file (CSV with lon and lat, GeoJSON, GeoPackage …); may be repeated
    #[arg(long, required = true, value_name = "LON,LAT|FILE", allow_hyphen_values = true, value_parser = points)]
    pub from: Vec<PointSource>,
    /// What they want to reach: shops, stops, jobs
    #[arg(long, required = true, value_name = "LON,LAT|FILE", allow_hyphen_values = true, value_parser = points)]
    pub to: Vec<PointSource>,
    /// Times, such as 5min,10min,15min
    #[arg(long, value_name = "TIMES", value_delimiter = ',', default_value = "5min,10min,15min")]
    pub cutoff: Vec<TravelTime>,
    /// Field of what is reached that tells its kind; each kind is counted apart
    #[arg(long, value_name = "FIELD")]
    pub kind: Option<String>,
    /// Field of what is reached that tells how much it is, such as jobs or square metres [default: each counts as 1]
    #[arg(long, value_name = "FIELD")]
    pub amount: Option<String>,
    /// By public transport too, leaving every minute from the first time to before the second
    #[arg(long, value_name = "HH:MM-HH:MM", value_parser = window)]
    pub window: Option<DepartureWindow>,
    /// Day of the timetable, such as 2026-11-24 [default: the study's, else a usual working day of the timetable]
    #[arg(long, value_name = "DATE", requires = "window")]
    pub date: Option<jiff::civil::Date>,
    /// What counts is the percentile of the times over all departures: with 50, within reach for half of them
    #[arg(long, value_name = "P", default_value = "50", value_parser = percentile, requires = "window")]
    pub percentile: f64,
    /// Walks to a stop, between stops, from a stop, and all the way, at most
    #[arg(long, value_name = "TIME", default_value = "15min", requires = "window")]
    pub walk: TravelTime,
    #[command(flatten)]
    pub common: ReachCommon,
}

#[derive(Debug, Args)]
pub(super) struct Supply {
    /// Folder of the study, with or without a study.toml; a GTFS feed in it
    pub folder: PathBuf,
    /// Places, instead of stations: accessibility level (PTAL), quality class, well-served places by the Walloon rule
    #[arg(long, value_name = "LON,LAT|FILE", allow_hyphen_values = true, value_parser = points, conflicts_with = "window")]
    pub at: Vec<PointSource>,
    /// Homes: who lives within a walk of 500 m of each station, 1000 m where trains stop, and weighted by distance
    #[arg(long, value_name = "LON,LAT|FILE", allow_hyphen_values = true, value_parser = points, conflicts_with = "at")]
    pub count: Vec<PointSource>,
    /// Field of the homes that tells how many people live there [default: each counts as 1]
    #[arg(long, value_name = "FIELD", requires = "count")]
    pub amount: Option<String>,
    /// Departures of stations that count
    #[arg(long, value_name = "HH:MM-HH:MM", default_value = "06:00-20:00", value_parser = window)]
    pub window: DepartureWindow,
    /// Day of the timetable, such as 2026-11-24 [default: the study's, else a usual working day of the timetable]
    #[arg(long, value_name = "DATE")]
    pub date: Option<jiff::civil::Date>,
    #[command(flatten)]
    pub common: ReachCommon,
}

/// What all questions about points have in common.
#[derive(Debug, Args)]
pub(super) struct ReachCommon {
    /// Who travels
    #[arg(long, value_enum, default_value = "adult")]
    pub profile: ProfileName,
    /// File to write; its ending tells the form: isochrones, access and supply .geojson, .gpkg, .csv; matrix and transit .csv,
    /// .parquet [default: GeoJSON or CSV on stdout]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Form of the summary on stdout, where a file is written
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// End with code 1 when a notice is an error; the result is written all the same
    #[arg(long)]
    pub strict: bool,
    /// Threads to work with [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST_THREADS))]
    pub threads: Option<u16>,
    /// No progress and no notices on stderr
    #[arg(long, short)]
    pub quiet: bool,
}

/// What is shown of what is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Show {
    /// All that lies within 25 m of a reached street
    Areas,
    /// All that is reached in time, up to 100 m off the streets; drawn faster, and not as sharp
    Contours,
    /// The reached streets, cut where each time ends, with the shortest time that reaches them
    Streets,
}

/// How one gets to a first stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum AccessBy {
    /// On foot, or as the profile has it
    Walk,
    /// By bicycle, which is left there
    Bicycle,
    /// By car, to a place to park
    Car,
}

/// A profile by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ProfileName {
    /// On foot
    Adult,
    /// On foot without steps
    StepFree,
    /// In a wheelchair, where nothing unknown is passable
    WheelchairStrict,
    /// In a wheelchair, where all that is unknown is passable
    WheelchairOptimistic,
    /// By bicycle
    Bicycle,
    /// By bicycle on calm streets, pushed elsewhere
    CalmBicycle,
    /// By car
    Car,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Adult => Self::Adult,
            ProfileName::StepFree => Self::StepFree,
            ProfileName::WheelchairStrict => Self::WheelchairStrict,
            ProfileName::WheelchairOptimistic => Self::WheelchairOptimistic,
            ProfileName::Bicycle => Self::Bicycle,
            ProfileName::CalmBicycle => Self::CalmBicycle,
            ProfileName::Car => Self::Car,
        }
    }
}

/// `5.5718,50.6450` is a place; all else is a file.
fn points(text: &str) -> Result<PointSource, String> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    match numbers.as_deref() {
        Some(&[lon, lat]) => LonLat::new(lon, lat).map(PointSource::At).ok_or_else(|| {
            "is not on the globe; expected the longitude (-180 to 180), then the latitude (-90 to 90)".to_owned()
        }),
        Some(_) => Err("expected the longitude and the latitude, such as 5.5718,50.6450".to_owned()),
        None => Ok(PointSource::File(PathBuf::from(text))),
    }
}

/// `08:00-09:00` is a window of departures.
fn window(text: &str) -> Result<DepartureWindow, String> {
    let (first, end) = text.split_once('-').ok_or("expected two times, such as 08:00-09:00")?;
    let time = |text: &str| text.trim().parse::<ClockTime>().map_err(|error| error.to_string());
    let window = DepartureWindow { first: time(first)?, end: time(end)? };
    match window.departures() {
        0 => Err("ends before it begins; past midnight, write 23:00-25:00".to_owned()),
        1..=1440 => Ok(window),
        _ => Err("is longer than a day".to_owned()),
    }
}

fn percentile(text: &str) -> Result<f64, String> {
    let number = text.trim().parse().ok().filter(|number| (0.0..=100.0).contains(number));
    number.ok_or_else(|| "is no number from 0 to 100".to_owned())
}

/// Form of layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LayerFormat {
    /// A GeoJSON file per layer
    Geojson,
    /// One GeoPackage
    Gpkg,
}

/// A language by its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LanguageName {
    /// French
    Fr,
    /// English
    En,
}

impl From<LanguageName> for Language {
    fn from(name: LanguageName) -> Self {
        match name {
            LanguageName::Fr => Self::French,
            LanguageName::En => Self::English,
        }
    }
}

/// Form of a result on stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_hold_together() {
        Arguments::command().debug_assert();
        assert!(Arguments::try_parse_from(["chaland", "audit", "x", "--threads", "0"]).is_err());
        assert!(Arguments::try_parse_from(["chaland", "audit", "x", "--threads", "100000"]).is_err());
        assert!(Arguments::try_parse_from(["chaland", "audit"]).is_err());
        let reach = |more: &[&str]| {
            Arguments::try_parse_from(["chaland", "reach", "isochrones", "x"].iter().chain(more)).is_ok()
        };
        assert!(reach(&["--from", "-6.26,53.35"]) && reach(&["--to", "shops.csv", "--cutoff", "8min"]));
        assert!(!reach(&[]) && !reach(&["--from", "1,1", "--to", "2,2"]), "either from or to");
        assert!(!reach(&["--from", "200,50"]) && !reach(&["--from", "1,2,3"]) && !reach(&["--from", "1"]));
        assert!(!reach(&["--from", "1,1", "--cutoff", "15"]), "a time has a unit");
    }

    #[test]
    fn a_window_is_one_of_three() {
        let reach = |more: &[&str]| {
            let transit = ["chaland", "reach", "transit", "x", "--from", "1,1"];
            Arguments::try_parse_from(transit.iter().chain(more)).is_ok()
        };
        assert!(
            reach(&["--window", "8:00-9:00"]) && reach(&["--arrive-by", "8:00-9:00"]) && reach(&["--last-by", "25:30"])
        );
        assert!(!reach(&["--window", "8:00-9:00", "--arrive-by", "8:00-9:00"]));
        assert!(
            !reach(&["--last-by", "25:30", "--cutoff", "1h"]) && !reach(&["--last-by", "25:30", "--percentiles", "5"])
        );
    }

    #[test]
    fn a_place_is_told_from_a_file() {
        assert_eq!(points("-6.26, 53.35"), Ok(PointSource::At(LonLat { lon: -6.26, lat: 53.35 })));
        assert_eq!(points("homes.csv"), Ok(PointSource::File(PathBuf::from("homes.csv"))));
        assert!(points("53.35").is_err());
    }
}
