//! The street networks of a study for all modes: from its snapshot where that is whole and of the same inputs, else
//! built and kept for the next time.
//!
//! In: a manifest, its folder. Out: [`Networks`]. The snapshot lies in the folder `.chaland` of the study.

use std::path::{Path, PathBuf};

use crate::analysis::parameters::Parameters;
use crate::base::notice::{Notice, Notices};
use crate::base::projection::Plane;
use crate::network::bicycle::BicycleParameters;
use crate::network::car::CarParameters;
use crate::network::slope::Ground;
use crate::network::snapshot::{SnapshotError, SnapshotKey, read_snapshot, write_snapshot};
use crate::network::streets::{
    Mode, Prepared, StreetGraph, StreetInputs, WalkParameters, build_bicycle, build_car, build_walk,
};
use crate::sources::car_speeds::{CarSpeeds, read_car_speeds};
use crate::sources::elevation::{Elevation, read_elevations};
use crate::sources::osm::{OsmOptions, OsmScope, PlaceRules, read_osm};
use crate::sources::regular::read_regular;
use crate::study::error::StudyError;
use crate::study::manifest::Manifest;
use crate::study::moment::study_moment;
use crate::study::progress::Progress;
use crate::study::read::{middle_of, study_area};

/// Where the snapshot of a study lies, from its folder.
const SNAPSHOT: &str = ".chaland/network.snapshot";

/// Street networks of a study.
#[derive(Debug)]
pub struct Networks {
    /// The plane on which they lie.
    pub plane: Plane,
    /// One graph per mode.
    pub graphs: Vec<StreetGraph>,
    /// What was told while they were built; nothing where they come from the snapshot.
    pub notices: Notices,
    /// Whether they come from the snapshot.
    pub is_reloaded: bool,
}

impl Networks {
    /// The graph of a mode.
    pub fn graph(&self, mode: Mode) -> &StreetGraph {
        self.graphs.iter().find(|graph| graph.mode() == mode).expect("all modes are built, and kept in the snapshot")
    }
}

/// Whether a snapshot may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reload {
    /// Where there is one that serves.
    Allowed,
    /// Never: all is built anew, and written.
    Never,
}

/// The networks of a study.
pub fn open_networks(
    manifest: &Manifest,
    folder: &Path,
    reload: Reload,
    progress: &dyn Progress,
) -> Result<Networks, StudyError> {
    let snapshot = folder.join(SNAPSHOT);
    let walk = walk_parameters(manifest);
    let key = key_of(manifest, folder, &walk)?;
    let mut notices = Notices::new();
    if reload == Reload::Allowed {
        match read_snapshot(&snapshot, key) {
            Ok(found) if Mode::ALL.iter().all(|mode| found.graphs.iter().any(|graph| graph.mode() == *mode)) => {
                let plane = Plane::centred_on(found.centre);
                return Ok(Networks { plane, graphs: found.graphs, notices, is_reloaded: true });
            }
            Ok(_) => notices.push(not_used("it lacks a mode")),
            Err(SnapshotError::Missing) => {}
            Err(error) => notices.push(not_used(&error.to_string())),
        }
    }
    let (plane, graphs) = build(manifest, folder, &walk, progress, &mut notices)?;
    if let Err(error) = write_snapshot(&snapshot, key, plane.centre(), &graphs.iter().collect::<Vec<_>>()) {
        let problem = format!("cannot be written: {error}");
        notices.push(Notice::warning("snapshot_unwritable", SNAPSHOT, problem).action("built anew the next time"));
    }
    Ok(Networks { plane, graphs, notices, is_reloaded: false })
}

fn not_used(problem: &str) -> Notice {
    Notice::note("snapshot_not_used", SNAPSHOT, problem.to_owned()).action("networks built anew")
}

/// What walking costs in a study.
pub fn walk_parameters(manifest: &Manifest) -> WalkParameters {
    let speed = manifest.parameters.walk_speed.unwrap_or_else(|| Parameters::default().walk_speed);
    WalkParameters { speed, ..WalkParameters::default() }
}

/// Runs `build` over street records prepared for all modes, over the heights of the ground. These are smoothed first,
/// since noise of a few metres gives false slopes.
pub(super) fn with_prepared<T>(
    inputs: StreetInputs<'_>,
    elevation: Option<&Elevation>,
    notices: &mut Notices,
    build: impl FnOnce(&Prepared<'_>) -> T,
) -> T {
    let elevation = elevation.map(|elevation| elevation.smoothed(elevation.smoothing_m()));
    let height_m = |position| elevation.as_ref().and_then(|elevation| elevation.find_height_m(position));
    let cell_size_m = elevation.as_ref().and_then(Elevation::cell_size_m);
    let ground = cell_size_m.map(|cell_size_m| Ground { height_m: &height_m, cell_size_m });
    let (prepared, told) = Prepared::new(StreetInputs { ground, ..inputs });
    notices.extend(told);
    build(&prepared)
}

/// The hash of all that the networks are built from.
fn key_of(manifest: &Manifest, folder: &Path, walk: &WalkParameters) -> Result<SnapshotKey, StudyError> {
    let hash = |path: &PathBuf| -> Result<[u8; 32], StudyError> {
        let path = folder.join(path);
        match read_regular(&path) {
            Ok(bytes) => Ok(SnapshotKey::hash_of(&bytes)),
            Err(source) => Err(StudyError::FileUnreadable { path, source }),
        }
    };
    let hashes = |paths: &[PathBuf]| -> Result<Vec<u8>, StudyError> {
        let all = paths.iter().map(hash).collect::<Result<Vec<_>, _>>()?;
        Ok(all.concat())
    };
    let parameters = format!(
        "{walk:?} {:?} {:?} {:?} {:?} {:?}",
        BicycleParameters::default(),
        CarParameters::default(),
        manifest.study.service_date,
        Parameters::default().window_start,
        manifest.study_area,
    );
    Ok(SnapshotKey::of(&[
        ("streets", &hashes(&manifest.inputs.streets)?),
        ("elevation", &hashes(&manifest.inputs.elevation)?),
        ("car_speeds", &hashes(&manifest.inputs.car_speeds)?),
        ("parameters", parameters.as_bytes()),
    ]))
}

/// Speeds of all files; of two for a way the first counts.
fn read_speeds(paths: &[PathBuf], notices: &mut Notices) -> Result<CarSpeeds, StudyError> {
    let mut all = CarSpeeds::new();
    for path in paths {
        let (speeds, told) = read_car_speeds(path)?;
        notices.extend(told);
        for (way, speed) in speeds {
            all.entry(way).or_insert(speed);
        }
    }
    Ok(all)
}

fn build(
    manifest: &Manifest,
    folder: &Path,
    walk: &WalkParameters,
    progress: &dyn Progress,
    notices: &mut Notices,
) -> Result<(Plane, Vec<StreetGraph>), StudyError> {
    let paths = |list: &[PathBuf]| -> Vec<PathBuf> { list.iter().map(|path| folder.join(path)).collect() };
    let options =
        OsmOptions { study_area: study_area(manifest), keep_building_outlines: false, scope: OsmScope::Streets };
    let told = |done: u64, total: u64| progress.step("read_streets", done, total);
    let streets = paths(&manifest.inputs.streets);
    let (records, read) = read_osm(&streets, &options, &PlaceRules::default_rules(), &told)?;
    notices.extend(read);
    if records.streets.is_empty() {
        return Err(StudyError::EmptyStreets { file: manifest.inputs.streets[0].display().to_string() });
    }
    let middle = middle_of(&records);
    let (elevation, read) = read_elevations(&paths(&manifest.inputs.elevation), Some(middle))?;
    notices.extend(read);
    progress.step("build", 0, 0);
    let plane = Plane::centred_on(middle);
    let window_start = Parameters::default().window_start;
    let moment = study_moment(manifest.study.service_date, records.data_date.as_deref(), window_start);
    let elevation = Some(&elevation).filter(|elevation| !elevation.is_empty());
    let car_speeds = read_speeds(&paths(&manifest.inputs.car_speeds), notices)?;
    let inputs = StreetInputs { moment, car_speeds: Some(&car_speeds), ..StreetInputs::plain(&records, &plane) };
    let (on_foot, on_wheels) = with_prepared(inputs, elevation, notices, |prepared| {
        let on_wheels = || {
            let bicycle = build_bicycle(prepared, &BicycleParameters::default());
            (bicycle, build_car(prepared, &CarParameters::default()))
        };
        rayon::join(|| build_walk(prepared, walk), on_wheels)
    });
    let mut graphs = Vec::new();
    for (graph, told) in [on_foot, on_wheels.0, on_wheels.1] {
        notices.extend(told);
        graphs.push(graph);
    }
    Ok((plane, graphs))
}
