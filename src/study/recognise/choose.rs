//! From what was seen in each file to the inputs of one study.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::content::{Content, Polygons};
use super::region::{Region, time_zone_at};
use super::{Finding, Seen, Verdict};
use crate::base::notice::{Notice, Notices};
use crate::study::checksum::checksum;
use crate::study::error::StudyError;
use crate::study::inputs::InputKind;
use crate::study::manifest::{
    CLOSING_TIME, DistrictsInput, Inputs, Language, Manifest, StudyDescription, StudyParameters,
};

/// Extracts with a larger gap between them are of different places.
const LARGEST_GAP_KM: f64 = 20.0;
/// Share of its size by which the extract is widened to see whether a record belongs to the study.
const MARGIN: f64 = 0.25;

/// The study that follows from a folder.
pub(super) struct Chosen {
    pub manifest: Manifest,
    pub region: Region,
}

/// Sets files aside whose bytes are those of another.
pub(super) fn set_copies_aside(seen: &mut Vec<Seen>, findings: &mut Vec<Finding>, notices: &mut Notices) {
    let mut first_by_sum: BTreeMap<String, String> = BTreeMap::new();
    seen.retain(|file| {
        if matches!(file.sight.content, Content::Unknown | Content::Reading) {
            return true;
        }
        let Ok(sum) = checksum(&file.path) else { return true };
        let first = first_by_sum.entry(sum.sha256).or_insert_with(|| file.name.clone());
        if *first == file.name {
            return true;
        }
        let reason = format!("holds the same bytes as {first}");
        notices.push(Notice::note("file_copied", &file.name, reason.clone()).action("file not used"));
        findings.push(Finding { file: file.name.clone(), verdict: Verdict::NotUsed, reason });
        false
    });
}

/// The inputs of the study, and a finding for each file.
pub(super) fn choose(
    folder: &Path,
    seen: Vec<Seen>,
    findings: &mut Vec<Finding>,
    notices: &mut Notices,
) -> Result<Chosen, StudyError> {
    let region = region_of(folder, &seen, findings)?;
    let (wide, lots) = (region.widened(MARGIN), BTreeSet::new());
    let mut choice = Choice { wide, lots, inputs: Inputs::default(), findings, notices };
    let districts = choice.districts(&seen);
    let sites = count_names(&seen);
    choice.lots = seen.iter().flat_map(|file| file.sight.names.iter().cloned()).collect();
    let stations = seen.iter().any(|f| f.sight.content == Content::Stops { platforms: false } && choice.is_inside(f));
    let zone = time_zone(&seen, &region, choice.notices);
    tell_agencies_in_two_feeds(&seen, choice.notices);
    for file in seen {
        choice.file(&file, districts.as_deref(), &sites, stations);
    }
    let manifest = Manifest {
        study: StudyDescription {
            name: name_of(folder),
            language: Language::French,
            service_date: None,
            time_zone: zone,
            closing_time: CLOSING_TIME,
            scoring: None,
        },
        centre: None,
        study_area: None,
        inputs: choice.inputs,
        parameters: StudyParameters::default(),
    };
    Ok(Chosen { manifest, region })
}

/// A folder's name as the name of a town: `porto_alegre` is Porto Alegre.
fn name_of(folder: &Path) -> String {
    let absolute = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let name = absolute.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let words = name.split(['_', ' ']).filter(|word| !word.is_empty()).map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    });
    let name = words.collect::<Vec<_>>().join(" ");
    if name.is_empty() { "Study".to_owned() } else { name }
}

/// Where the extracts lie. Extracts that do not meet are not one study.
fn region_of(folder: &Path, seen: &[Seen], findings: &[Finding]) -> Result<Region, StudyError> {
    let mut whole: Option<(Region, &str)> = None;
    for file in seen {
        let Content::Streets(region) = &file.sight.content else { continue };
        whole = match whole {
            None => Some((*region, &file.name)),
            Some((other, first)) => {
                let apart_km = other.gap_km(region);
                if apart_km > LARGEST_GAP_KM {
                    let (first, second) = (first.to_owned(), file.name.clone());
                    return Err(StudyError::ExtractsApart { first, second, apart_km });
                }
                Some((other.joined(region), first))
            }
        };
    }
    whole.map(|(region, _)| region).ok_or_else(|| {
        let unreadable = findings.iter().filter(|finding| finding.verdict == Verdict::Unreadable);
        StudyError::NoStreets {
            folder: folder.to_owned(),
            found: seen.iter().map(|file| file.name.clone()).collect(),
            unreadable: unreadable.map(|finding| (finding.file.clone(), finding.reason.clone())).collect(),
        }
    })
}

/// Names of the sites of all counts, for comparison.
fn count_names(seen: &[Seen]) -> Vec<String> {
    let sites = seen.iter().filter_map(|file| match &file.sight.content {
        Content::Counts { sites } => Some(sites),
        _ => None,
    });
    sites.flatten().map(|name| name.trim().to_lowercase()).collect()
}

/// The zone of the first feed that tells one, else of the place.
fn time_zone(seen: &[Seen], region: &Region, notices: &mut Notices) -> String {
    let of_feed = seen.iter().find_map(|file| match &file.sight.content {
        Content::Timetable { zone, .. } => zone.clone(),
        _ => None,
    });
    let of_place = || time_zone_at(region.middle()).map(str::to_owned);
    of_feed.or_else(of_place).unwrap_or_else(|| {
        let file = seen.iter().find(|f| matches!(f.sight.content, Content::Streets(_))).map_or("", |f| &f.name);
        let problem = "lies where the time zone is not known";
        notices.push(Notice::warning("time_zone_unknown", file, problem).action("clock times are taken as UTC"));
        "UTC".to_owned()
    })
}

/// Two feeds of one agency may tell the same trips.
fn tell_agencies_in_two_feeds(seen: &[Seen], notices: &mut Notices) {
    let mut first_by_agency: BTreeMap<&str, &str> = BTreeMap::new();
    for file in seen {
        let Content::Timetable { agencies, .. } = &file.sight.content else { continue };
        for agency in agencies {
            let first = *first_by_agency.entry(agency).or_insert(&file.name);
            if first != file.name {
                let problem = format!("is an agency of {first} as well: trips told by both count twice");
                notices.push(
                    Notice::warning("agency_in_two_feeds", &file.name, problem)
                        .field("agency_name", agency)
                        .action("both feeds used"),
                );
            }
        }
    }
}

struct Choice<'a> {
    /// The extract with a margin.
    wide: Region,
    /// Names and ids of car parks, in small letters.
    lots: BTreeSet<String>,
    inputs: Inputs,
    findings: &'a mut Vec<Finding>,
    notices: &'a mut Notices,
}

impl Choice<'_> {
    /// Whether some record of a file lies in the study, or where its records lie is not known.
    fn is_inside(&self, file: &Seen) -> bool {
        let positions = &file.sight.positions;
        match &file.sight.content {
            Content::Elevation(region) => self.wide.gap_km(region) == 0.0,
            _ => positions.is_empty() || positions.iter().any(|&position| self.wide.contains(position)),
        }
    }

    /// Whether most of the names of a table of numbers are those of car parks. A bare number may be the id of anything.
    fn are_lots(&self, names: &[String]) -> bool {
        let worded = names.iter().filter(|name| name.chars().any(char::is_alphabetic));
        let known = worded.filter(|name| self.lots.contains(&name.trim().to_lowercase())).count();
        known * 2 > names.len()
    }

    /// The name of the file whose polygons are the districts: of those with a feature in the extract, the one with the
    /// most of them there; of equals, one that knows its residents.
    fn districts(&self, seen: &[Seen]) -> Option<String> {
        let inside = |layer: &Polygons| layer.middles.iter().filter(|&&m| self.wide.contains(m)).count();
        let candidates = seen.iter().filter_map(|file| match &file.sight.content {
            Content::Polygons(layer) if !is_population_grid(layer) && inside(layer) > 0 => Some((file, layer)),
            _ => None,
        });
        let rank = |layer: &Polygons| (inside(layer), layer.population_field.is_some());
        let mut best: Option<(&Seen, &Polygons)> = None;
        for (file, layer) in candidates {
            if best.is_none_or(|(_, best)| rank(layer) > rank(best)) {
                best = Some((file, layer));
            }
        }
        best.map(|(file, _)| file.name.clone())
    }

    fn file(&mut self, file: &Seen, districts: Option<&str>, sites: &[String], stations: bool) {
        let path = file.path.file_name().map(PathBuf::from).unwrap_or_default();
        if !self.is_inside(file) {
            let reason = format!("{}, all outside the extract", file.sight.why);
            let problem = "has no record within the street extract";
            self.notices.push(Notice::warning("input_outside_extract", &file.name, problem).action("file not used"));
            self.finding(file, Verdict::NotUsed, reason);
            return;
        }
        match &file.sight.content {
            Content::Polygons(layer) => self.polygons(file, path, layer, districts),
            Content::Stops { platforms: true } if stations => {
                self.not_used(file, "the table of stations serves".to_owned());
            }
            Content::NamedPoints { rows } => {
                let known = rows.iter().filter(|row| row.iter().any(|text| sites.contains(text))).count();
                if known > 0 {
                    self.inputs.count_sites.push(path);
                    let reason = format!("{}; {known} of {} are named in the counts", file.sight.why, rows.len());
                    self.finding(file, Verdict::Used(InputKind::CountSites), reason);
                } else {
                    self.not_recognised(file, &format!("{}, and no counts name them", file.sight.why));
                }
            }
            Content::Counts { sites } if self.are_lots(sites) => {
                self.inputs.occupancy.push(path);
                let reason = format!("{}; the columns bear the names of car parks", file.sight.why);
                self.finding(file, Verdict::Used(InputKind::Occupancy), reason);
            }
            Content::PopulationByCode if districts.is_some() => {
                self.inputs.population.push(path);
                self.finding(file, Verdict::Used(InputKind::Population), file.sight.why.clone());
            }
            Content::PopulationByCode => self.not_used(file, "there are no districts to match the codes".to_owned()),
            Content::Unknown => self.not_recognised(file, &file.sight.why),
            Content::Reading => self.finding(file, Verdict::NotUsed, file.sight.why.clone()),
            other => {
                if let Some(kind) = other.kind() {
                    self.use_as(kind, path);
                    self.finding(file, Verdict::Used(kind), file.sight.why.clone());
                }
            }
        }
    }

    fn use_as(&mut self, kind: InputKind, path: PathBuf) {
        let inputs = &mut self.inputs;
        match kind {
            InputKind::Streets => inputs.streets.push(path),
            InputKind::Timetable => inputs.timetables.push(path),
            InputKind::Stops => inputs.stops.push(path),
            InputKind::Boardings => inputs.boardings.push(path),
            InputKind::Parking => inputs.parking.push(path),
            InputKind::Occupancy => inputs.occupancy.push(path),
            InputKind::Counts => inputs.counts.push(path),
            InputKind::CountSites => inputs.count_sites.push(path),
            InputKind::Population => inputs.population.push(path),
            InputKind::Elevation => inputs.elevation.push(path),
            InputKind::CarSpeeds => inputs.car_speeds.push(path),
            InputKind::Districts => inputs.districts = Some(DistrictsInput { file: path, ..Default::default() }),
        }
    }

    fn polygons(&mut self, file: &Seen, path: PathBuf, layer: &Polygons, districts: Option<&str>) {
        let inside = layer.middles.iter().filter(|&&middle| self.wide.contains(middle)).count();
        let why = format!("{}; {inside} of {} in the extract", file.sight.why, layer.features);
        if layer.middles.is_empty() {
            let problem = "does not say in which system its coordinates are";
            self.notices.push(Notice::warning("system_unknown", &file.name, problem).action("file not used"));
            let reason = format!("{}; name it in study.toml with its epsg code", file.sight.why);
            self.finding(file, Verdict::NotUsed, reason);
        } else if inside == 0 {
            let problem = "has no polygon within the street extract";
            self.notices.push(Notice::warning("input_outside_extract", &file.name, problem).action("file not used"));
            self.finding(file, Verdict::NotUsed, why);
        } else if is_population_grid(layer) {
            self.inputs.population.push(path);
            self.finding(
                file,
                Verdict::Used(InputKind::Population),
                format!("{why}; all of one size: cells of a grid"),
            );
        } else if districts == Some(file.name.as_str()) {
            self.inputs.districts = Some(DistrictsInput {
                file: path,
                layer: layer.layer.clone(),
                code_field: layer.code_field.clone(),
                name_field: layer.name_field.clone(),
                population_field: layer.population_field.clone(),
                epsg: layer.epsg,
            });
            self.finding(file, Verdict::Used(InputKind::Districts), why);
        } else {
            let chosen = districts.unwrap_or("another file");
            self.not_used(file, format!("{inside} in the extract, and {chosen} has more, or knows its residents"));
        }
    }

    fn finding(&mut self, file: &Seen, verdict: Verdict, reason: String) {
        self.findings.push(Finding { file: file.name.clone(), verdict, reason });
    }

    fn not_used(&mut self, file: &Seen, because: String) {
        self.notices.push(Notice::note("file_not_used", &file.name, because.clone()).action("file not used"));
        self.finding(file, Verdict::NotUsed, format!("{}; {because}", file.sight.why));
    }

    fn not_recognised(&mut self, file: &Seen, why: &str) {
        self.notices.push(Notice::note("file_not_recognised", &file.name, why).action("file not used"));
        self.finding(file, Verdict::NotRecognised, why.to_owned());
    }
}

/// Cells all of one size that know their residents.
fn is_population_grid(layer: &Polygons) -> bool {
    layer.alike && layer.population_field.is_some()
}
