//! Reading: every file of the manifest → records, with the notices of all readers.

use std::path::{Path, PathBuf};

use crate::base::notice::{Notice, Notices};
use crate::base::projection::LonLat;
use crate::sources::counts::{CountRecords, read_counts};
use crate::sources::districts::{DistrictOptions, DistrictRecord, read_districts};
use crate::sources::elevation::{Elevation, read_elevations};
use crate::sources::features::FeatureOptions;
use crate::sources::gtfs::{Feed, GtfsOptions, read_gtfs};
use crate::sources::osm::records::OsmRecords;
use crate::sources::osm::{OsmOptions, PlaceRules, StudyArea, read_osm};
use crate::sources::parking::{LotRecord, add_occupancy, read_parking};
use crate::sources::population::{PopulationOptions, PopulationRecords, read_population};
use crate::sources::stops::{StopRecord, read_boardings, read_stops};
use crate::study::error::StudyError;
use crate::study::manifest::Manifest;
use crate::study::progress::Progress;

/// All records of a study.
#[derive(Debug)]
pub struct Records {
    /// Streets, places, lots, stops, buildings, boundaries.
    pub osm: OsmRecords,
    /// Timetables.
    pub feeds: Vec<Feed>,
    /// Listed car parks, with their occupancy.
    pub lots: Vec<LotRecord>,
    /// Listed stops.
    pub stops: Vec<StopRecord>,
    /// Districts from a file.
    pub districts: Vec<DistrictRecord>,
    /// People.
    pub population: Option<PopulationRecords>,
    /// Pedestrian counts.
    pub counts: Option<CountRecords>,
    /// Heights of the ground around the middle of the streets.
    pub elevation: Option<Elevation>,
    /// What the readers found wrong.
    pub notices: Notices,
    /// Middle of the streets.
    pub middle: LonLat,
}

/// Reads every file of the manifest.
pub fn read_records(manifest: &Manifest, folder: &Path, progress: &dyn Progress) -> Result<Records, StudyError> {
    let paths = |list: &[PathBuf]| -> Vec<PathBuf> { list.iter().map(|path| folder.join(path)).collect() };
    let inputs = &manifest.inputs;
    let options = OsmOptions { study_area: study_area(manifest), ..OsmOptions::default() };
    let rules = PlaceRules::default_rules();
    let told = |done: u64, total: u64| progress.step("read_streets", done, total);
    let (osm, mut notices) = read_osm(&paths(&inputs.streets), &options, &rules, &told)?;
    if osm.streets.is_empty() {
        return Err(StudyError::EmptyStreets { file: inputs.streets[0].display().to_string() });
    }
    let middle = middle_of(&osm);
    let features = FeatureOptions { near: Some(middle), ..FeatureOptions::default() };

    let feeds = read_feeds(manifest, folder, progress, &mut notices)?;
    progress.step("read_tables", 0, 0);
    let mut lots = read_all_lots(&paths(&inputs.parking), &features, &mut notices)?;
    for path in paths(&inputs.occupancy) {
        notices.extend(add_occupancy(&path, &mut lots, &manifest.study.time_zone)?);
    }
    let stops = read_all_stops(&paths(&inputs.stops), &paths(&inputs.boardings), &mut notices)?;
    let districts = match &inputs.districts {
        Some(input) => {
            let options = DistrictOptions {
                code_field: input.code_field.clone(),
                name_field: input.name_field.clone(),
                population_field: input.population_field.clone(),
                features: FeatureOptions { epsg: input.epsg, layer: input.layer.clone(), near: Some(middle) },
            };
            let (districts, told) = read_districts(&folder.join(&input.file), &options)?;
            notices.extend(told);
            districts
        }
        None => Vec::new(),
    };
    let population = read_all_people(&paths(&inputs.population), &features, &mut notices)?;
    progress.step("read_counts", 0, 0);
    let counts = match inputs.counts.is_empty() {
        true => None,
        false => {
            let files: Vec<PathBuf> = paths(&inputs.counts).into_iter().chain(paths(&inputs.count_sites)).collect();
            let (counts, told) = read_counts(&files, &manifest.study.time_zone)?;
            notices.extend(told);
            Some(counts)
        }
    };
    let (elevation, told) = read_elevations(&paths(&inputs.elevation), Some(middle))?;
    notices.extend(told);
    let elevation = Some(elevation).filter(|elevation| !elevation.is_empty());
    Ok(Records { osm, feeds, lots, stops, districts, population, counts, elevation, notices, middle })
}

/// Reads the timetables of the manifest.
pub fn read_feeds(
    manifest: &Manifest,
    folder: &Path,
    progress: &dyn Progress,
    notices: &mut Notices,
) -> Result<Vec<Feed>, StudyError> {
    let mut feeds = Vec::new();
    let timetables = &manifest.inputs.timetables;
    for (done, path) in timetables.iter().enumerate() {
        progress.step("read_timetables", done as u64, timetables.len() as u64);
        let (feed, told) = read_gtfs(&folder.join(path), &GtfsOptions::default())?;
        // A notice about the feed as a whole names it already.
        notices.extend(told.within(&feed.file));
        feeds.push(feed);
    }
    Ok(feeds)
}

fn read_all_lots(
    parking: &[PathBuf],
    features: &FeatureOptions,
    notices: &mut Notices,
) -> Result<Vec<LotRecord>, StudyError> {
    let mut lots: Vec<LotRecord> = Vec::new();
    for path in parking {
        let (read, told) = read_parking(path, features)?;
        notices.extend(told);
        let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let before = lots.len();
        for lot in read {
            // The same car park in two answers of one portal: the same name at the same place.
            let same = |known: &LotRecord| {
                !lot.name.is_empty() && known.name == lot.name && near_m(known.position, lot.position) < 30.0
            };
            if lots[..before].iter().any(same) {
                let notice = Notice::note("lot_in_two_files", &file, "is in another parking file already");
                notices.push(notice.at_row(lot.source_row).field("name", &lot.name).action("taken from the first"));
            } else {
                lots.push(lot);
            }
        }
    }
    Ok(lots)
}

/// Metres between two positions a short way apart.
fn near_m(a: LonLat, b: LonLat) -> f64 {
    let metres_per_degree = 111_195.0;
    let east = (a.lon - b.lon) * a.lat.to_radians().cos();
    east.hypot(a.lat - b.lat) * metres_per_degree
}

fn read_all_stops(
    stops: &[PathBuf],
    boardings: &[PathBuf],
    notices: &mut Notices,
) -> Result<Vec<StopRecord>, StudyError> {
    let mut all = Vec::new();
    for path in stops {
        let (read, told) = read_stops(path)?;
        notices.extend(told);
        all.extend(read);
    }
    for path in boardings {
        notices.extend(read_boardings(path, &mut all)?);
    }
    Ok(all)
}

fn read_all_people(
    files: &[PathBuf],
    features: &FeatureOptions,
    notices: &mut Notices,
) -> Result<Option<PopulationRecords>, StudyError> {
    let mut all: Option<PopulationRecords> = None;
    for path in files {
        let options = PopulationOptions { people_field: None, features: features.clone() };
        let (read, told) = read_population(path, &options)?;
        notices.extend(told);
        let known = all.get_or_insert_with(PopulationRecords::default);
        known.cells.extend(read.cells);
        known.by_code.extend(read.by_code);
    }
    Ok(all)
}

/// The box that the manifest asks for.
pub(super) fn study_area(manifest: &Manifest) -> Option<StudyArea> {
    manifest.study_area.map(|area| StudyArea {
        west: area.south_west.lon,
        south: area.south_west.lat,
        east: area.north_east.lon,
        north: area.north_east.lat,
    })
}

/// The median position of the street nodes: a stray one does not move it.
pub(super) fn middle_of(osm: &OsmRecords) -> LonLat {
    let median = |of: fn(&LonLat) -> f64| {
        let mut values: Vec<f64> = osm.street_node_positions.iter().map(of).collect();
        let middle = values.len() / 2;
        *values.select_nth_unstable_by(middle, f64::total_cmp).1
    };
    LonLat { lon: median(|p| p.lon), lat: median(|p| p.lat) }
}
