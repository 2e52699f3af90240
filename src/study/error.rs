//! Why a study cannot go on.

use std::ops::Range;
use std::path::PathBuf;

use crate::sources::travel_times::TravelTimesError;

/// Why a study cannot go on. Each error says where, what was found and what was expected; [`StudyError::help`] says
/// what to do.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// The folder cannot be read.
    #[error("{}: the folder cannot be read", path.display())]
    FolderUnreadable {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// There is no such folder, or it is a file.
    #[error("{}: {found}, expected the folder of a study", path.display())]
    NotAFolder {
        /// What was asked for.
        path: PathBuf,
        /// `is a file` or `does not exist`.
        found: &'static str,
    },
    /// A file cannot be read.
    #[error("{}: cannot be read", path.display())]
    FileUnreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The manifest does not say what a manifest must.
    #[error("{file} line {line}: {problem}")]
    ManifestInvalid {
        /// Name of the manifest.
        file: String,
        /// Line of the problem, from 1.
        line: usize,
        /// The whole text, to show the line.
        text: String,
        /// Bytes of the text that are at fault.
        span: Range<usize>,
        /// What is wrong.
        problem: String,
        /// What to write instead.
        help: Option<String>,
    },
    /// The centre that the manifest gives is not in the town.
    #[error("study.toml: centre: lon {lon}, lat {lat} lies {away_km:.1} km from the nearest street of the extract")]
    CentreOutside {
        /// Longitude as written, degrees.
        lon: f64,
        /// Latitude as written, degrees.
        lat: f64,
        /// Kilometres to the nearest street.
        away_km: f64,
    },
    /// The manifest names a file that is not there.
    #[error("study.toml: inputs.{key} names {}, which does not exist", path.display())]
    InputNotFound {
        /// Key under `[inputs]`.
        key: &'static str,
        /// The path as written.
        path: PathBuf,
        /// The files that are there.
        existing: Vec<String>,
    },
    /// No street extract.
    #[error(
        "{}: holds no OpenStreetMap extract (.osm.pbf); found {}{}",
        folder.display(),
        listed(found),
        told_unreadable(unreadable)
    )]
    NoStreets {
        /// The folder.
        folder: PathBuf,
        /// The files that are there.
        found: Vec<String>,
        /// Those that cannot be read, each with the reason.
        unreadable: Vec<(String, String)>,
    },
    /// Street extracts of different places.
    #[error("{first} and {second} lie {apart_km:.0} km apart; the extracts of a study must meet")]
    ExtractsApart {
        /// Name of an extract.
        first: String,
        /// Name of another.
        second: String,
        /// Gap between them, km.
        apart_km: f64,
    },
    /// `init` would replace a manifest.
    #[error("{}: exists already", path.display())]
    ManifestExists {
        /// The manifest.
        path: PathBuf,
    },
    /// The results would replace something else.
    #[error("{}: exists and does not hold results of chaland", path.display())]
    NotAResultsFolder {
        /// The folder asked for.
        path: PathBuf,
    },
    /// A result cannot be written.
    #[error("{}: cannot be written", path.display())]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The extract holds no street.
    #[error("{file}: holds no street inside the study area")]
    EmptyStreets {
        /// The extract.
        file: String,
    },
    /// An extract cannot be read.
    #[error(transparent)]
    Streets(#[from] crate::sources::osm::OsmError),
    /// A timetable cannot be read.
    #[error(transparent)]
    Gtfs(#[from] crate::sources::gtfs::GtfsError),
    /// No timetable can be made for the day.
    #[error(transparent)]
    Timetable(#[from] crate::network::timetable::TimetableError),
    /// Districts cannot be read.
    #[error(transparent)]
    Districts(#[from] crate::sources::districts::DistrictsError),
    /// Parking cannot be read.
    #[error(transparent)]
    Parking(#[from] crate::sources::parking::ParkingError),
    /// Population cannot be read.
    #[error(transparent)]
    Population(#[from] crate::sources::population::PopulationError),
    /// Heights cannot be read.
    #[error(transparent)]
    Elevation(#[from] crate::sources::elevation::ElevationError),
    /// Speeds of cars cannot be read.
    #[error(transparent)]
    CarSpeeds(#[from] crate::sources::car_speeds::CarSpeedsError),
    /// Counts cannot be read.
    #[error(transparent)]
    Counts(#[from] crate::sources::counts::CountsError),
    /// Goalposts and weights.
    #[error(transparent)]
    Scoring(#[from] crate::canvas::profile::ProfileError),
    /// Stops cannot be read.
    #[error(transparent)]
    Stops(#[from] crate::sources::stops::StopsError),
    /// Points that were asked about cannot be read.
    #[error(transparent)]
    Points(#[from] crate::sources::points::PointsError),
    /// A list of zones or centres cannot be read.
    #[error(transparent)]
    List(#[from] crate::sources::listed::ListError),
    /// Travel times that somebody brings cannot be read.
    #[error(transparent)]
    TravelTimes(#[from] TravelTimesError),
    /// A list holds nothing.
    #[error("{file}: holds no {what}")]
    NothingListed {
        /// Name of the file.
        file: String,
        /// `zones` or `centres`.
        what: &'static str,
    },
    /// More around a street than can be counted.
    #[error("what stands around the streets cannot be counted: {0}")]
    TooMuchAround(crate::reach::opportunities::AccessError),
    /// What is no feed of an audit.
    #[error("{}: is no canvas.json of an audit: {reason}", path.display())]
    NotAFeed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Towns that were not audited alike.
    #[error(
        "{} and {} were audited with another {what}: {} and {}",
        paths[0].display(),
        paths[1].display(),
        values[0],
        values[1]
    )]
    NotComparable {
        /// What differs.
        what: &'static str,
        /// Where the feeds are.
        paths: [PathBuf; 2],
        /// What each has.
        values: [String; 2],
    },
    /// A rule of decay whose numbers are not fitted.
    #[error("this rule of decay cannot be fitted")]
    DecayNotFitted,
    /// A rule that cannot be fitted.
    #[error("the rule cannot be fitted: {problem}")]
    NotFitted {
        /// Why.
        problem: crate::analysis::choice_model::FitError,
    },
    /// A fit by which customers seek what is far.
    #[error("by this fit customers seek what is far (coefficient {coefficient:.4}), which no rule of decay can say")]
    TimeAttracts {
        /// The coefficient.
        coefficient: f64,
    },
    /// No point has the field that was named.
    #[error("no point has anything in a field \"{field}\"; found fields: {}", listed_fields(found))]
    FieldNotFound {
        /// The field as named.
        field: String,
        /// The fields that points have.
        found: Vec<String>,
    },
    /// A field tells more kinds than a table has columns for.
    #[error("field \"{field}\" tells {found} kinds ({} …), expected at most {most}", some.join(", "))]
    KindsTooMany {
        /// The field as named.
        field: String,
        /// How many kinds it tells.
        found: usize,
        /// How many there may be.
        most: usize,
        /// Some of them.
        some: Vec<String>,
    },
    /// Public transport is asked about, and there is no timetable.
    #[error("{}: holds no timetable", folder.display())]
    NoTimetable {
        /// The folder of the study.
        folder: PathBuf,
    },
    /// Nothing runs on the day.
    #[error("no trip runs {}", date.map_or_else(|| "on any day".to_owned(), |date| format!("on {date}")))]
    NoService {
        /// The day that was asked for.
        date: Option<jiff::civil::Date>,
    },
    /// A result would replace what it is made of.
    #[error("{}: is read by this command, and would be replaced by its result", path.display())]
    ReplacesInput {
        /// The file.
        path: PathBuf,
    },
    /// Results cannot be written.
    #[error(transparent)]
    Export(#[from] crate::export::ExportError),
    /// The report cannot be made.
    #[error(transparent)]
    Report(#[from] crate::report::ReportError),
}

fn listed(files: &[String]) -> String {
    match files {
        [] => "no file".to_owned(),
        [first @ .., _] if first.len() >= 12 => format!("{} and {} more", files[..12].join(", "), files.len() - 12),
        _ => files.join(", "),
    }
}

fn listed_fields(fields: &[String]) -> String {
    if fields.is_empty() { "none".to_owned() } else { listed(fields) }
}

fn is_extract(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".pbf")
}

/// Files that cannot be read, extracts first: `; town.osm.pbf is empty`.
fn told_unreadable(files: &[(String, String)]) -> String {
    const MOST: usize = 5;
    let mut files: Vec<&(String, String)> = files.iter().collect();
    files.sort_by_key(|(name, _)| !is_extract(name));
    let mut told: String = files.iter().take(MOST).map(|(name, reason)| format!("; {name} {reason}")).collect();
    if files.len() > MOST {
        told.push_str(&format!("; {} more cannot be read", files.len() - MOST));
    }
    told
}

impl StudyError {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NotAFolder { .. } => Some("name the folder that holds the files of the study".to_owned()),
            Self::ManifestInvalid { help, .. } => help.clone(),
            Self::CentreOutside { .. } => Some(
                "write the longitude and latitude of the town's centre in degrees, or leave [centre] out".to_owned(),
            ),
            Self::InputNotFound { existing, .. } => {
                Some(format!("paths start at the study's folder, which holds {}", listed(existing)))
            }
            Self::NoStreets { unreadable, .. } if unreadable.iter().any(|(name, _)| is_extract(name)) => {
                Some("fetch the extract again, or put another one of the town into the folder".to_owned())
            }
            Self::NoStreets { .. } => Some(
                "put an extract of the town into the folder; the streets are the one input a study cannot do without"
                    .to_owned(),
            ),
            Self::ExtractsApart { .. } => {
                Some("keep one of them in the folder, or write a study.toml that names the one to use".to_owned())
            }
            Self::ManifestExists { .. } => Some("use --force to write it anew".to_owned()),
            Self::NotAResultsFolder { .. } => {
                Some("name a new folder with --out; nothing was changed in this one".to_owned())
            }
            Self::FolderUnreadable { .. } | Self::FileUnreadable { .. } | Self::Unwritable { .. } => {
                Some("check the path, the permissions and the space on the disk".to_owned())
            }
            Self::EmptyStreets { .. } => {
                Some("check study_area in study.toml, or take an extract of the town".to_owned())
            }
            Self::Streets(_)
            | Self::Gtfs(_)
            | Self::Timetable(_)
            | Self::Districts(_)
            | Self::Parking(_)
            | Self::Population(_)
            | Self::Elevation(_)
            | Self::CarSpeeds(_)
            | Self::Counts(_)
            | Self::Stops(_) => Some(
                "mend the file, or leave it out of the folder (or of study.toml) and run again without it".to_owned(),
            ),
            Self::Points(_) => {
                Some("name a table with columns lon and lat, or a file of features (GeoJSON, GeoPackage)".to_owned())
            }
            Self::List(_) => Some("name a table (CSV), or a file of features (GeoJSON, GeoPackage)".to_owned()),
            Self::TravelTimes(TravelTimesError::ManyColumns { .. }) => Some("name one of them with --time".to_owned()),
            Self::TravelTimes(TravelTimesError::NoUnit { .. }) => Some("say it with --unit s, or min".to_owned()),
            Self::TravelTimes(_) => Some(
                "name a CSV with the columns origin_id, destination_id and travel_time_s, such as chaland reach matrix \
                 writes"
                    .to_owned(),
            ),
            Self::TooMuchAround(_) => Some("check the residents: a number may be far too large".to_owned()),
            Self::Scoring(_) => Some("mend the file; its keys are those under \"scoring\" in any canvas.json".to_owned()),
            Self::NotAFeed { .. } => Some("name the folder of a study, or the canvas.json of its results".to_owned()),
            Self::NotComparable { .. } => Some("audit them again with one version, and one scoring file".to_owned()),
            Self::DecayNotFitted => Some("name power, exponential, half-life or gaussian with --decay".to_owned()),
            Self::NotFitted { .. } => Some("bring more zones, or fewer fields".to_owned()),
            Self::TimeAttracts { .. } => Some("check the times, and that visits and times name the same places".to_owned()),
            Self::NothingListed { .. } => Some("name a file with a row for each".to_owned()),
            Self::FieldNotFound { .. } => Some("name a field that the points have, as their file writes it".to_owned()),
            Self::KindsTooMany { .. } => {
                Some("name a field of kinds, such as that of the trade, not of names or ids".to_owned())
            }
            Self::NoTimetable { .. } => Some("put a GTFS feed into the folder, as a zip".to_owned()),
            Self::NoService { .. } => {
                Some("name a day of the timetable with --date; `chaland check` tells its first and last".to_owned())
            }
            Self::ReplacesInput { .. } => Some("name another file with --out".to_owned()),
            Self::Export(_) | Self::Report(_) => None,
        }
    }
}
