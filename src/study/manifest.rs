//! The manifest of a study, `study.toml`: its name, time, place, inputs and parameters.
//!
//! In: the text of the file. Out: a [`Manifest`] whose values are typed, or an error that shows the line and says what
//! to write instead. Quantities carry their unit; a number without one is refused.

use std::fmt;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};

use crate::base::projection::LonLat;
use crate::base::units::{ClockTime, Speed, TravelTime};
pub use crate::canvas::labels::Language;
use crate::sources::osm;
use crate::sources::regular::read_regular_text;
use crate::study::error::StudyError;
use crate::study::inputs::InputKind;

/// Name of the manifest in the folder of a study.
pub const MANIFEST: &str = "study.toml";
/// When shops close where the study does not say.
pub const CLOSING_TIME: ClockTime = ClockTime::from_hm(18, 30);

/// A study as its manifest tells it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What is studied.
    pub study: StudyDescription,
    /// The town centre; else it is found from the density of shops.
    #[serde(default)]
    pub centre: Option<Centre>,
    /// What to look at; else the whole extract.
    #[serde(default)]
    pub study_area: Option<StudyArea>,
    /// The files.
    #[serde(default)]
    pub inputs: Inputs,
    /// Parameters that differ from the method's.
    #[serde(default)]
    pub parameters: StudyParameters,
}

/// What is studied, and when.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyDescription {
    /// Name of the town.
    pub name: String,
    /// Language of the report.
    #[serde(default)]
    pub language: Language,
    /// Service day of the timetable; else a representative day of the feed is chosen.
    #[serde(default, deserialize_with = "optional_text")]
    pub service_date: Option<Date>,
    /// Civil time zone, an IANA name.
    #[serde(deserialize_with = "time_zone")]
    pub time_zone: String,
    /// When the shops close.
    #[serde(default = "closing_time", deserialize_with = "from_text")]
    pub closing_time: ClockTime,
    /// Goalposts and weights that a region publishes for its towns; else the method's own.
    #[serde(default)]
    pub scoring: Option<PathBuf>,
}

/// The town centre.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(try_from = "WrittenCentre")]
pub struct Centre(pub LonLat);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCentre {
    lon: f64,
    lat: f64,
}

impl TryFrom<WrittenCentre> for Centre {
    type Error = String;
    fn try_from(written: WrittenCentre) -> Result<Self, String> {
        LonLat::new(written.lon, written.lat).map(Self).ok_or_else(|| {
            format!(
                "lon {} lat {} is not a position in degrees (lon -180 to 180, lat -90 to 90)",
                written.lon, written.lat
            )
        })
    }
}

/// A box in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(try_from = "WrittenArea")]
pub struct StudyArea {
    /// Its south-west corner.
    pub south_west: LonLat,
    /// Its north-east corner.
    pub north_east: LonLat,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenArea {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl TryFrom<WrittenArea> for StudyArea {
    type Error = String;
    fn try_from(written: WrittenArea) -> Result<Self, String> {
        let corners = (LonLat::new(written.west, written.south), LonLat::new(written.east, written.north));
        let (Some(south_west), Some(north_east)) = corners else {
            return Err("west, south, east and north must be degrees (lon -180 to 180, lat -90 to 90)".to_owned());
        };
        if written.west >= written.east || written.south >= written.north {
            return Err("west must be less than east, and south less than north".to_owned());
        }
        Ok(Self { south_west, north_east })
    }
}

impl From<StudyArea> for osm::StudyArea {
    fn from(area: StudyArea) -> Self {
        let (low, high) = (area.south_west, area.north_east);
        Self { west: low.lon, south: low.lat, east: high.lon, north: high.lat }
    }
}

/// The files of a study; paths start at its folder, or are absolute.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Inputs {
    /// OpenStreetMap extracts.
    pub streets: Vec<PathBuf>,
    /// GTFS feeds, zipped or as folders.
    pub timetables: Vec<PathBuf>,
    /// Tables of stops.
    pub stops: Vec<PathBuf>,
    /// Boardings per station.
    pub boardings: Vec<PathBuf>,
    /// Car parks, kerb parking, disabled bays.
    pub parking: Vec<PathBuf>,
    /// Taken bays by hour.
    pub occupancy: Vec<PathBuf>,
    /// Pedestrian counts.
    pub counts: Vec<PathBuf>,
    /// Where the counters stand.
    pub count_sites: Vec<PathBuf>,
    /// District outlines.
    pub districts: Option<DistrictsInput>,
    /// Residents per cell, sector or district, beside those of the districts file.
    pub population: Vec<PathBuf>,
    /// Heights of the ground; where files overlap the first counts.
    pub elevation: Vec<PathBuf>,
    /// Measured speeds of cars by OSM way; of two for a way the first counts.
    pub car_speeds: Vec<PathBuf>,
}

/// The file of the districts and how to read it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DistrictsInput {
    /// The file.
    pub file: PathBuf,
    /// Layer of a GeoPackage or of a zip of Shapefiles.
    #[serde(default)]
    pub layer: Option<String>,
    /// Field of the official code.
    #[serde(default)]
    pub code_field: Option<String>,
    /// Field of the name.
    #[serde(default)]
    pub name_field: Option<String>,
    /// Field of the residents.
    #[serde(default)]
    pub population_field: Option<String>,
    /// EPSG code of the coordinates where the file does not say.
    #[serde(default)]
    pub epsg: Option<u32>,
}

impl Inputs {
    /// All files with what they are, in the order of [`InputKind::ALL`].
    pub fn files(&self) -> Vec<(InputKind, &Path)> {
        InputKind::ALL.into_iter().flat_map(|kind| self.of(kind).into_iter().map(move |path| (kind, path))).collect()
    }

    /// The files of a kind.
    pub fn of(&self, kind: InputKind) -> Vec<&Path> {
        let list = match kind {
            InputKind::Streets => &self.streets,
            InputKind::Timetable => &self.timetables,
            InputKind::Stops => &self.stops,
            InputKind::Boardings => &self.boardings,
            InputKind::Parking => &self.parking,
            InputKind::Occupancy => &self.occupancy,
            InputKind::Counts => &self.counts,
            InputKind::CountSites => &self.count_sites,
            InputKind::Population => &self.population,
            InputKind::Elevation => &self.elevation,
            InputKind::CarSpeeds => &self.car_speeds,
            InputKind::Districts => return self.districts.iter().map(|d| d.file.as_path()).collect(),
        };
        list.iter().map(PathBuf::as_path).collect()
    }

    /// The kinds that no file serves. A population field of the districts counts as population, and a table of stops
    /// is not missed beside a timetable.
    pub fn missing(&self) -> Vec<InputKind> {
        let served = |kind: InputKind| match kind {
            InputKind::Population => {
                !self.population.is_empty() || self.districts.as_ref().is_some_and(|d| d.population_field.is_some())
            }
            InputKind::Stops => !self.stops.is_empty() || !self.timetables.is_empty(),
            InputKind::CountSites => !self.count_sites.is_empty() || self.counts.is_empty(),
            // Nothing that an audit tells rests on them.
            InputKind::CarSpeeds => true,
            other => !self.of(other).is_empty(),
        };
        InputKind::ALL.into_iter().filter(|&kind| !served(kind)).collect()
    }
}

/// Parameters that differ from the method's defaults; each is written with its unit.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StudyParameters {
    /// Walking speed of an adult on the flat, as `"4.8km/h"` or `"1.33m/s"`.
    #[serde(deserialize_with = "optional_text")]
    pub walk_speed: Option<Speed>,
    /// How far foot traffic and parking look for shops, as `"800m"` or `"1.2km"`.
    #[serde(deserialize_with = "optional_text")]
    pub search_radius: Option<Length>,
    /// Walk to the core within which a home counts as near, as `"10min"`.
    #[serde(deserialize_with = "optional_text")]
    pub near_cutoff: Option<TravelTime>,
    /// Longest trip by public transport that is looked at, as `"90min"`.
    #[serde(deserialize_with = "optional_text")]
    pub transit_cutoff: Option<TravelTime>,
}

/// A length in metres, above zero.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Length(f64);

impl Length {
    /// In metres.
    pub const fn metres(self) -> f64 {
        self.0
    }
}

impl FromStr for Length {
    type Err = String;
    /// Reads `800m` or `1.2km`; a length without unit is refused.
    fn from_str(text: &str) -> Result<Self, String> {
        let trimmed = text.trim();
        let (number, metres) = match (trimmed.strip_suffix("km"), trimmed.strip_suffix('m')) {
            (Some(number), _) => (number, 1000.0),
            (_, Some(number)) => (number, 1.0),
            _ => ("", 0.0),
        };
        let value = number.trim().parse::<f64>().map(|n| n * metres).ok().filter(|n| *n > 0.0 && *n <= 1e6);
        value.map(Self).ok_or_else(|| format!("\"{text}\" is not a length like 800m"))
    }
}

fn closing_time() -> ClockTime {
    CLOSING_TIME
}

/// Reads a value written as text with its unit; a bare number gets the error of the text it would be.
struct TextOf<T>(PhantomData<T>);

impl<'de, T: FromStr<Err: fmt::Display>> Visitor<'de> for TextOf<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text in quotation marks")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    /// A date or a time without quotation marks comes as a map of one entry.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        match map.next_entry::<String, String>()? {
            Some((_, text)) => self.visit_str(&text),
            None => Err(A::Error::custom("expected a text in quotation marks")),
        }
    }
}

fn from_text<'de, D: Deserializer<'de>, T: FromStr<Err: fmt::Display>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(TextOf(PhantomData))
}

fn optional_text<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    from_text(deserializer).map(Some)
}

fn time_zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    match jiff::tz::TimeZone::get(&name) {
        Ok(_) => Ok(name),
        Err(_) => Err(D::Error::custom(format!("\"{name}\" is not a time zone like Europe/Brussels"))),
    }
}

impl FromStr for Manifest {
    type Err = StudyError;
    fn from_str(text: &str) -> Result<Self, StudyError> {
        toml::from_str(text).map_err(|error| invalid(text, &error))
    }
}

fn invalid(text: &str, error: &toml::de::Error) -> StudyError {
    let span = error.span().unwrap_or(0..0);
    let before = text.get(..span.start).unwrap_or(text);
    let problem = error.message().lines().collect::<Vec<_>>().join(", ");
    let help = if problem.contains("missing field `time_zone`") {
        Some("add time_zone = \"Europe/Brussels\" (or where the town lies) under [study]".to_owned())
    } else if problem.contains("missing field `name`") {
        Some("add name = \"...\" under [study]".to_owned())
    } else if problem.contains("missing field `study`") {
        Some("begin with [study], name = \"...\" and time_zone = \"...\"".to_owned())
    } else if problem.contains("expected a sequence") {
        Some("write a list: [\"file\"]".to_owned())
    } else if problem.contains("struct DistrictsInput") {
        Some("write districts = { file = \"...\" }".to_owned())
    } else {
        None
    };
    StudyError::ManifestInvalid {
        file: MANIFEST.to_owned(),
        line: before.matches('\n').count() + 1,
        text: text.to_owned(),
        span,
        problem,
        help,
    }
}

impl Manifest {
    /// Reads the manifest of a study's folder and checks that its files are there.
    pub fn read(folder: &Path) -> Result<Self, StudyError> {
        let path = folder.join(MANIFEST);
        let text = read_regular_text(&path).map_err(|source| StudyError::FileUnreadable { path, source })?;
        let manifest: Self = text.parse()?;
        manifest.check_files(folder)?;
        Ok(manifest)
    }

    /// Fails on the first input that does not exist, and on a study without streets.
    pub fn check_files(&self, folder: &Path) -> Result<(), StudyError> {
        for (kind, path) in self.inputs.files() {
            if !folder.join(path).exists() {
                let existing = files_in(folder);
                return Err(StudyError::InputNotFound { key: kind.manifest_key(), path: path.to_owned(), existing });
            }
        }
        if self.inputs.streets.is_empty() {
            let (folder, found) = (folder.to_owned(), files_in(folder));
            return Err(StudyError::NoStreets { folder, found, unreadable: Vec::new() });
        }
        Ok(())
    }
}

/// Names in a folder, sorted, without hidden ones and the manifest.
fn files_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.') && name != MANIFEST).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(body: &str) -> (usize, String, String) {
        match format!("[study]\nname = \"x\"\ntime_zone = \"UTC\"\n{body}").parse::<Manifest>() {
            Err(StudyError::ManifestInvalid { line, problem, help, .. }) => (line, problem, help.unwrap_or_default()),
            other => panic!("{body} gave {other:?}"),
        }
    }

    #[test]
    fn errors_show_the_line_and_what_to_write() {
        let (line, problem, _) = error_of("[parameters]\nwalk_speed = 4.8\n");
        assert_eq!((line, problem.as_str()), (5, "\"4.8\" is not a speed like 4.8km/h"));
        let (line, problem, _) = error_of("[parameters]\n\nsearch_radius = \"800\"\n");
        assert_eq!((line, problem.as_str()), (6, "\"800\" is not a length like 800m"));
        let (line, problem, _) = error_of("closing_time = \"6pm\"\n");
        assert_eq!((line, problem.as_str()), (4, "\"6pm\" is not a time like 18:30"));
        let (line, problem, _) = error_of("[inputs]\nstreet = []\n");
        assert_eq!(line, 5);
        assert!(problem.contains("unknown field `street`, expected one of `streets`"), "{problem}");
        let (_, _, help) = error_of("[inputs]\nstreets = \"a.osm.pbf\"\n");
        assert_eq!(help, "write a list: [\"file\"]");
        let (_, problem, _) = error_of("[centre]\nlon = 50.6\nlat = 500.5\n");
        assert!(problem.contains("lat 500.5 is not a position"), "{problem}");
        let (_, problem, _) = error_of("[study_area]\nwest = 2\neast = 1\nsouth = 1\nnorth = 2\n");
        assert!(problem.contains("west must be less than east"), "{problem}");
        let (line, _, _) = error_of("service_date = \"2019-02-30\"\n");
        assert_eq!(line, 4);
    }

    #[test]
    fn zones_and_names_are_asked_for() {
        let without = "[study]\nname = \"x\"\n".parse::<Manifest>().expect_err("no zone");
        assert!(without.help().expect("help").contains("time_zone = \"Europe/Brussels\""));
        let wrong = "[study]\nname = \"x\"\ntime_zone = \"Europe/Liège\"\n".parse::<Manifest>().expect_err("no zone");
        assert_eq!(wrong.to_string(), "study.toml line 3: \"Europe/Liège\" is not a time zone like Europe/Brussels");
        assert!("\u{feff}[study".parse::<Manifest>().is_err());
    }

    #[test]
    fn a_file_that_is_not_there_is_named_with_those_that_are() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("town.osm.pbf"), "").expect("written");
        let text = "[study]\nname = \"x\"\ntime_zone = \"UTC\"\n[inputs]\nstreets = [\"twon.osm.pbf\"]\n";
        std::fs::write(folder.path().join(MANIFEST), text).expect("written");
        let error = Manifest::read(folder.path()).expect_err("a wrong name");
        assert_eq!(error.to_string(), "study.toml: inputs.streets names twon.osm.pbf, which does not exist");
        assert!(error.help().expect("help").ends_with("holds town.osm.pbf"));
    }
}
