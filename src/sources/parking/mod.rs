//! Car parks and stretches of street parking from files other than OSM.
//!
//! In: CSV, features of any format and coordinate system, answers of open-data portals and of ParkAPI (sites and single
//! bays), parking publications of DATEX II in XML or JSON; an occupancy table beside them. Out:
//! [`LotRecord`]s with positions in degrees, fields read in English, French and German. This module must not know
//! streets or search times.

pub(crate) mod datex;
mod fields;
mod layout;
mod moments;
mod occupancy;
mod price;
mod reading;
mod series;
mod spots;
mod stay;
mod words;

use std::path::Path;

use crate::base::kinds::{LotAccess, LotKind};
use crate::base::notice::Notices;
use crate::base::projection::LonLat;
use crate::sources::features::{FeatureOptions, FeaturesError, holds_features, read_features};
use crate::sources::regular::read_regular;
use crate::sources::table::{TableError, file_name, read_table};

pub use series::add_occupancy;

/// Why a parking file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ParkingError {
    /// The file as features.
    #[error(transparent)]
    Features(#[from] FeaturesError),
    /// The file as a table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A publication of DATEX II.
    #[error("{file}: cannot be read as a publication of DATEX II: {reason}")]
    NotDatex {
        /// Name of the file.
        file: String,
        /// Why.
        reason: String,
    },
    /// The time zone of the study.
    #[error("\"{zone}\" is not a time zone; expected an IANA name such as Europe/Brussels")]
    UnknownZone {
        /// What was given.
        zone: String,
    },
    /// Columns without which nothing can be read.
    #[error("{file}: has no {missing}; found: {}", found.join(", "))]
    NoColumn {
        /// Name of the file.
        file: String,
        /// What is missing.
        missing: &'static str,
        /// The columns it has.
        found: Vec<String>,
    },
}

/// The kind of day an occupancy holds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// The source does not say.
    Any,
    /// Monday to Friday.
    Weekday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

/// How full a lot is in an hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HourlyOccupancy {
    /// On which days.
    pub day: DayKind,
    /// The hour of the clock that begins then, 0 to 23; `None` where one value stands for the whole day.
    pub hour: Option<u8>,
    /// Occupied share of the bays, 0 to 1.
    pub share: f64,
}

/// A car park or a stretch of street parking.
#[derive(Clone, Debug)]
pub struct LotRecord {
    /// Its id, unique in the file.
    pub id: String,
    /// Its name, empty where there is none.
    pub name: String,
    /// Where it is: the point, the middle of the line, a point inside the area.
    pub position: LonLat,
    /// Its course along the street, empty for points and areas.
    pub line: Vec<LonLat>,
    /// How it is built.
    pub kind: LotKind,
    /// Who may park.
    pub access: LotAccess,
    /// Bays.
    pub capacity: Option<u32>,
    /// Bays reserved for disabled people.
    pub disabled: Option<u32>,
    /// Whether parking costs money.
    pub fee: Option<bool>,
    /// Price of an hour, in the currency of the source.
    pub price_per_hour: Option<f64>,
    /// Longest stay, minutes.
    pub maxstay_min: Option<u32>,
    /// How full it is, by day kind and hour; empty where unknown.
    pub occupancy: Vec<HourlyOccupancy>,
    /// Row or feature number in the source, counted from 1.
    pub source_row: u64,
}

/// Reads lots from a publication of DATEX II (`.xml`, `.json`), from a file of features of any format, a portal's answer
/// among them, else from a table.
pub fn read_parking(path: &Path, options: &FeatureOptions) -> Result<(Vec<LotRecord>, Notices), ParkingError> {
    let mut notices = Notices::new();
    let file = file_name(path);
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let lots = if let Some(tree) = read_publication(path, &file, &extension, &mut notices)? {
        let features = datex::features_of(&file, &tree, &mut notices);
        reading::lots_of_features(&file, &features, &mut notices)
    } else if holds_features(path) {
        let features = read_features(path, options, &mut notices)?;
        reading::lots_of_features(&file, &features, &mut notices)
    } else {
        let table = read_table(path, &mut notices)?;
        reading::lots_of_table(&table, options, &mut notices)?
    };
    Ok((lots, notices))
}

/// The publication in a file of XML, or of JSON that speaks of parking records; `None` for other files.
fn read_publication(
    path: &Path,
    file: &str,
    extension: &str,
    notices: &mut Notices,
) -> Result<Option<serde_json::Value>, ParkingError> {
    if !["xml", "json"].contains(&extension) {
        return Ok(None);
    }
    let unreadable = |source| FeaturesError::Unreadable { file: file.to_owned(), source };
    let bytes = read_regular(path).map_err(unreadable)?;
    match extension == "xml" || datex::is_publication(&bytes) {
        true => datex::parse_publication(file, &bytes, notices).map(Some),
        false => Ok(None),
    }
}
