//! What the files of a folder are, told by their content, and the manifest that follows.
//!
//! In: a folder. Out: a manifest, a finding per file (what it is taken for and why, or why it is not used), and what is
//! missing. Where two files could serve, the one that serves better is taken and the finding says so. A file that
//! cannot be read is a notice, not the end.

mod choose;
mod content;
mod extract;
mod features;
mod fields;
mod geopackage;
mod layers;
mod region;
mod tables;
mod timetable;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::base::notice::{Notice, Notices};
use crate::sources::features::shapefile::belongs_to;
use crate::sources::table::file_name;
use crate::study::error::StudyError;
use crate::study::inputs::InputKind;
use crate::study::manifest::{MANIFEST, Manifest};
use content::{Content, Sight};

pub use region::Region;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Used as this.
    Used(InputKind),
    /// Recognised, and not used.
    NotUsed,
    /// Not recognised.
    NotRecognised,
    /// It cannot be read.
    Unreadable,
}

/// What a file is taken for, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its name.
    pub file: String,
    /// What became of it.
    pub verdict: Verdict,
    /// What was seen in it, and why it is not used where it is not.
    pub reason: String,
}

/// The files of a folder, recognised.
#[derive(Debug)]
pub struct Recognised {
    /// The manifest that follows.
    pub manifest: Manifest,
    /// One finding per file, by name; a Shapefile is one file with those beside it.
    pub findings: Vec<Finding>,
    /// The kinds of input that no file serves.
    pub missing: Vec<InputKind>,
    /// Where the extracts lie; `None` for a study that was read from its manifest.
    pub region: Option<Region>,
    /// What was found wrong.
    pub notices: Notices,
}

/// A file and what was seen in it.
struct Seen {
    path: PathBuf,
    name: String,
    sight: Sight,
}

/// Recognises the files of a folder. Folders inside are looked into only where they are GTFS feeds.
pub fn recognise(folder: &Path) -> Result<Recognised, StudyError> {
    let mut notices = Notices::new();
    let mut findings = Vec::new();
    let mut seen = Vec::new();
    for path in without_companions(entries(folder)?) {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        match content::look_at(&path) {
            Ok(sight) => seen.push(Seen { path, name, sight }),
            Err(reason) => {
                notices.push(Notice::error("file_unreadable", &name, reason.clone()).action("file not used"));
                findings.push(Finding { file: name, verdict: Verdict::Unreadable, reason });
            }
        }
    }
    choose::set_copies_aside(&mut seen, &mut findings, &mut notices);
    let chosen = choose::choose(folder, seen, &mut findings, &mut notices)?;
    findings.sort_by(|a, b| a.file.cmp(&b.file));
    let missing = chosen.manifest.inputs.missing();
    Ok(Recognised { manifest: chosen.manifest, findings, missing, region: Some(chosen.region), notices })
}

/// The entries without those that belong to a Shapefile among them, which is looked at as a whole.
fn without_companions(mut paths: Vec<PathBuf>) -> Vec<PathBuf> {
    let shapefiles: BTreeSet<String> =
        paths.iter().map(|path| file_name(path).to_lowercase()).filter(|name| name.ends_with(".shp")).collect();
    paths.retain(|path| belongs_to(&file_name(path)).is_none_or(|shp| !shapefiles.contains(&shp)));
    paths
}

/// The entries of a folder by name, without hidden ones, the manifest and folders of results.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, StudyError> {
    let found = match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => None,
        Ok(_) => Some("is a file"),
        Err(_) => Some("does not exist"),
    };
    if let Some(found) = found {
        return Err(StudyError::NotAFolder { path: folder.to_owned(), found });
    }
    let unreadable = |source| StudyError::FolderUnreadable { path: folder.to_owned(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let results = path.is_dir() && (name == "results" || path.join(".chaland-results").exists());
        if !name.starts_with('.') && name != MANIFEST && !results {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

impl Content {
    /// What the file would be used as, where its content alone says so.
    fn kind(&self) -> Option<InputKind> {
        match self {
            Self::Streets(_) => Some(InputKind::Streets),
            Self::Timetable { .. } => Some(InputKind::Timetable),
            Self::Stops { .. } => Some(InputKind::Stops),
            Self::Boardings => Some(InputKind::Boardings),
            Self::Parking => Some(InputKind::Parking),
            Self::Occupancy => Some(InputKind::Occupancy),
            Self::Counts { .. } => Some(InputKind::Counts),
            Self::PopulationPoints => Some(InputKind::Population),
            Self::Elevation(_) => Some(InputKind::Elevation),
            Self::CarSpeeds => Some(InputKind::CarSpeeds),
            Self::NamedPoints { .. } | Self::Polygons(_) | Self::PopulationByCode | Self::Unknown | Self::Reading => {
                None
            }
        }
    }
}
