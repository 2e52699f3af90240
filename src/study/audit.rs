//! The order of the work: read → build → link → reach → measure → audit.

use std::collections::BTreeMap;
use std::path::Path;

use geo::Area;

use crate::analysis::homes::{PopulationBasis, people_by_district};
use crate::analysis::parameters::Parameters;
use crate::analysis::statistics::weighted_quantile;
use crate::base::geometry::distance_m;
use crate::base::ids::{DistrictId, Id};
use crate::base::notice::Notices;
use crate::base::units::TravelTime;
use crate::canvas::feed::{
    AreaScore, Canvas, CentrePlace, DataQuality, DimensionScore, DistrictScore, METHOD_VERSION, MissingInput,
    NoticeCount, Parameter, RowTally, SCHEMA_VERSION, StudyHeader,
};
use crate::canvas::friction_points::{PointContext, rank_friction_points, round_to, rounded};
use crate::canvas::indicators::NEEDS_SURVEY;
use crate::canvas::layers::Layers;
use crate::canvas::profile::ScoringProfile;
use crate::canvas::strengths::find_strengths;
use crate::canvas::uncertainty::{AreaUncertainty, DRAWS, measure_uncertainty};
use crate::sources::regular::read_regular_text;
use crate::study::assess::{AreaChoice, Assessment};
use crate::study::count_sites::judge_sites;
use crate::study::error::StudyError;
use crate::study::findings::find_frictions;
use crate::study::input_files::describe_inputs;
use crate::study::layers::gather_layers;
use crate::study::manifest::Manifest;
use crate::study::measure::{Measures, measure_town};
use crate::study::progress::Progress;
use crate::study::service_day::ServiceDay;
use crate::study::town::Town;
use crate::study::town_of::{OpenedTown, open_town};
use crate::study::transit::measure_transit;

/// A given centre is at most this far from the nearest street, metres (default).
const CENTRE_LIMIT_M: f64 = 1000.0;

/// What the town and its centre are drawn by.
const TOWN: &str = "town";
const CENTRE: &str = "centre";

/// What an audit hands over.
#[derive(Debug)]
pub struct Audit {
    /// The feed.
    pub canvas: Canvas,
    /// What is drawn and exported.
    pub layers: Layers,
    /// What was found wrong on the way.
    pub notices: Notices,
}

/// Audits a study: `folder` is where the manifest's relative paths start.
pub fn audit(manifest: &Manifest, folder: &Path, progress: &dyn Progress) -> Result<Audit, StudyError> {
    audit_opened(manifest, folder, Notices::new(), progress)
}

/// As [`audit`], with what was told when the study was opened: the feed and the notices hold it too.
pub fn audit_opened(
    manifest: &Manifest,
    folder: &Path,
    told: Notices,
    progress: &dyn Progress,
) -> Result<Audit, StudyError> {
    let parameters = parameters_of(manifest);
    let mut notices = told;
    let OpenedTown { records, town, service } = open_town(manifest, folder, progress, &mut notices)?;
    check_centre(manifest, &town)?;
    progress.step("counts", 0, 0);
    let sites = records.counts.as_ref().map(|counts| judge_sites(counts, &town.plane, &mut notices));
    progress.step("reach", 0, 0);
    let measures = measure_town(&town, sites.as_ref(), &parameters);
    progress.step("transit", 0, 0);
    let transit = service.as_ref().map(|day| measure_transit(&town, day, &measures, &parameters));
    progress.step("audit", 0, 0);
    let profile = scoring_of(manifest, folder)?;
    let assessment = Assessment::new(&town, &measures, transit.as_ref(), (&parameters, &profile));
    let canvas = assemble(manifest, folder, (&records, service.as_ref()), &assessment, &notices)?;
    let layers = gather_layers(&town, &measures, &records.osm);
    Ok(Audit { canvas, layers, notices })
}

/// A centre that was given must lie in the town.
pub(super) fn check_centre(manifest: &Manifest, town: &Town) -> Result<(), StudyError> {
    let Some(given) = &manifest.centre else { return Ok(()) };
    let nearest = town.core.points.iter().map(|&point| distance_m(point, town.core.centre));
    let away_m = nearest.min_by(f64::total_cmp).unwrap_or(f64::INFINITY);
    match away_m <= CENTRE_LIMIT_M {
        true => Ok(()),
        false => Err(StudyError::CentreOutside { lon: given.0.lon, lat: given.0.lat, away_km: away_m / 1000.0 }),
    }
}

/// The method's parameters with those that the study sets.
pub(super) fn parameters_of(manifest: &Manifest) -> Parameters {
    let mut parameters = Parameters { closing_time: manifest.study.closing_time, ..Parameters::default() };
    let own = &manifest.parameters;
    if let Some(speed) = own.walk_speed {
        parameters.walk_speed = speed;
    }
    if let Some(radius) = own.search_radius {
        parameters.flow_radius_m = radius.metres();
        parameters.flow_decay_per_m = 4.0 / radius.metres();
    }
    if let Some(cutoff) = own.near_cutoff {
        parameters.walk_cutoff = cutoff;
    }
    if let Some(cutoff) = own.transit_cutoff {
        parameters.journey_limit = cutoff;
    }
    parameters
}

fn assemble(
    manifest: &Manifest,
    folder: &Path,
    (records, service): (&crate::study::read::Records, Option<&ServiceDay>),
    assessment: &Assessment<'_>,
    notices: &Notices,
) -> Result<Canvas, StudyError> {
    let town = assessment.town;
    let inputs = describe_inputs(manifest, folder, records)?;
    let district_code = |district: DistrictId| town.districts[district.index()].code.clone();
    let district_at = |point| town.areas.find_area(point);
    let context = PointContext {
        plane: &town.plane,
        inputs: &inputs,
        district_code: &district_code,
        district_at: &district_at,
        draws: (DRAWS, assessment.parameters.seed),
    };
    let friction_points = rank_friction_points(find_frictions(assessment), &context);
    let town_score = assessment.score(AreaChoice::Town);
    let missing = manifest.inputs.missing().into_iter();
    let missing = missing.map(|kind| MissingInput { kind: kind.key().to_owned(), feeds: kind.feeds().to_vec() });
    let sparse = assessment.shops_are_sparse().then(|| missing_shops(&town_score));
    let mut canvas = Canvas {
        schema_version: SCHEMA_VERSION.to_owned(),
        method_version: METHOD_VERSION.to_owned(),
        study: header(manifest, service, town),
        inputs,
        missing_inputs: missing.chain(sparse).collect(),
        parameters: listed_parameters(assessment.parameters),
        strengths: find_strengths(&town_score),
        town: town_score,
        centre: assessment.score(AreaChoice::Centre),
        districts: districts(assessment),
        friction_points,
        needs_survey: NEEDS_SURVEY.iter().map(|&key| key.to_owned()).collect(),
        foot_traffic: assessment.measures.fit.clone(),
        data_quality: data_quality(notices),
        scoring: assessment.profile.clone(),
        sensitivity: None,
    };
    tell_doubts(&mut canvas, assessment.parameters.seed);
    Ok(canvas)
}

/// Adds the intervals of scores and ranks.
fn tell_doubts(canvas: &mut Canvas, seed: u64) {
    let tell = |score: &mut AreaScore, doubt: &AreaUncertainty| {
        (score.interval, score.interval_of_data) = (doubt.friction, doubt.of_data);
        for (dimension, interval) in score.dimensions.iter_mut().zip(doubt.dimensions) {
            dimension.interval = interval;
        }
    };
    let whole = [(TOWN, &canvas.town), (CENTRE, &canvas.centre)];
    let doubts = measure_uncertainty(&whole, &canvas.scoring, (DRAWS, seed)).areas;
    tell(&mut canvas.town, &doubts[0]);
    tell(&mut canvas.centre, &doubts[1]);
    let districts: Vec<(&str, &AreaScore)> =
        canvas.districts.iter().map(|own| (own.code.as_str(), &own.score)).collect();
    let found = measure_uncertainty(&districts, &canvas.scoring, (DRAWS, seed));
    for (district, doubt) in canvas.districts.iter_mut().zip(&found.areas) {
        tell(&mut district.score, doubt);
        district.rank = doubt.rank;
    }
    canvas.sensitivity = found.sensitivity;
}

/// Goalposts and weights of a study: those of the region's file that its manifest names, else the method's.
fn scoring_of(manifest: &Manifest, folder: &Path) -> Result<ScoringProfile, StudyError> {
    let Some(file) = &manifest.study.scoring else { return Ok(ScoringProfile::default()) };
    read_scoring(&folder.join(file))
}

/// Reads goalposts and weights from a file.
pub fn read_scoring(path: &Path) -> Result<ScoringProfile, StudyError> {
    let text =
        read_regular_text(path).map_err(|source| StudyError::FileUnreadable { path: path.to_owned(), source })?;
    let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(ScoringProfile::parse(&file, &text)?)
}

/// Shops that the map hardly has are missing like a file: the dimensions whose indicators rest on them say so.
fn missing_shops(town: &AreaScore) -> MissingInput {
    let rests =
        |dimension: &&DimensionScore| dimension.indicators.iter().any(|i| i.flag.as_deref() == Some("sparse_places"));
    let feeds = town.dimensions.iter().filter(rests).map(|dimension| dimension.dimension).collect();
    MissingInput { kind: "places".to_owned(), feeds }
}

fn listed_parameters(parameters: &Parameters) -> BTreeMap<String, Parameter> {
    let listed = parameters.listed().into_iter();
    listed.map(|(key, value, unit)| (key.to_owned(), Parameter { value, unit: unit.to_owned() })).collect()
}

fn header(manifest: &Manifest, service: Option<&ServiceDay>, town: &Town) -> StudyHeader {
    let [lon, lat] = rounded(&town.plane, town.core.centre);
    let people: f64 = town.homes.iter().map(|home| home.people).sum();
    let graph = &town.graph;
    let streets = graph.segments().filter(|&segment| graph.is_street(segment));
    let network_m: f64 = streets.map(|segment| graph.segment_length_m(segment)).sum();
    StudyHeader {
        name: manifest.study.name.clone(),
        language: manifest.study.language.code().to_owned(),
        service_date: service.map(|day| day.date.to_string()),
        time_zone: manifest.study.time_zone.clone(),
        closing_time: manifest.study.closing_time.to_string(),
        centre: CentrePlace { lon, lat, origin: town.core.origin, core_shops: town.core.shops as u64 },
        residents: (town.population == PopulationBasis::Counted).then(|| round_to(people, 0)),
        shops: town.places.iter().filter(|place| place.category.is_shop()).count() as u64,
        area_km2: round_to(town.area.unsigned_area() / 1e6, 3),
        walk_network_km: round_to(network_m / 1000.0, 1),
    }
}

fn districts(assessment: &Assessment<'_>) -> Vec<DistrictScore> {
    let (town, measures) = (assessment.town, assessment.measures);
    let people = people_by_district(&town.homes, town.districts.len());
    let ids = (0..town.districts.len()).map(DistrictId::from_index);
    ids.map(|id| {
        let district = &town.districts[id.index()];
        let shops = town.places.iter().filter(|p| p.category.is_shop() && p.district == Some(id)).count();
        let counted = town.population == PopulationBasis::Counted;
        DistrictScore {
            code: district.code.clone(),
            name: district.name.clone(),
            residents: counted.then(|| round_to(people[id.index()], 0)),
            shops: shops as u64,
            area_km2: round_to(town.areas.size_m2(id) / 1e6, 3),
            covered_share: round_to(district.covered_share, 3),
            walk_to_core_min: median_walk(town, measures, id),
            rank: None,
            score: assessment.score(AreaChoice::District(id)),
        }
    })
    .collect()
}

/// Median walk of a district's residents to the core, minutes; `None` where half of them do not reach it.
fn median_walk(town: &Town, measures: &Measures, district: DistrictId) -> Option<f64> {
    let walks = town.homes.iter().zip(&measures.home_walk).filter(|(home, _)| home.district == Some(district));
    let minutes = |walk: &Option<TravelTime>| walk.map_or(f64::INFINITY, TravelTime::minutes);
    let pairs: Vec<(f64, f64)> = walks.map(|(home, walk)| (minutes(walk), home.people)).collect();
    weighted_quantile(&pairs, 0.5).filter(|m| m.is_finite()).map(|m| round_to(m, 1))
}

fn data_quality(notices: &Notices) -> DataQuality {
    let tally = |t: &crate::base::notice::FileTally| RowTally {
        read: t.read,
        used: t.used,
        repaired: t.repaired,
        dropped: t.dropped,
    };
    let count = |severity: crate::base::notice::Severity, count: u64| NoticeCount {
        severity: severity.key().to_owned(),
        count,
    };
    DataQuality {
        files: notices.tallies().iter().map(|(file, t)| (file.clone(), tally(t))).collect(),
        notices: notices.counts().iter().map(|(code, (s, n))| ((*code).to_owned(), count(*s, *n))).collect(),
    }
}
