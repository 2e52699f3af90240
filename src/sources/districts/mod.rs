//! Districts of a study: polygons with a code, a name and perhaps a population.
//!
//! In: a file of features of any format, in any coordinate system. Out: [`DistrictRecord`]s in degrees, in the order of the file,
//! and notices of all that was odd. Codes (NIS, INSEE, …) are text and never joined to one another. This module must
//! not know what is measured in a district.

mod area;
mod overlap;

use std::path::Path;

use geo::MultiPolygon;

use crate::base::notice::{Notice, Notices};
use crate::sources::features::{Feature, FeatureOptions, FeaturesError, property_number_style, read_features};
use crate::sources::table::{Expected, NumberStyle, file_name, is_missing, normalised};
use crate::sources::unique_ids::UniqueIds;

/// Names under which a code is found.
const CODE_FIELDS: &[&str] = &[
    "code",
    "nis",
    "nis code",
    "nis5",
    "cd munty refnis",
    "ins",
    "ref:ins",
    "code ins",
    "insee",
    "code insee",
    "nsi",
    "cd sector",
    "ags",
    "id",
    "ref",
    "identifier",
    "identifiant",
    "feature id",
    "fid",
    "ogc fid",
];
/// Names under which the name itself is found.
const NAME_FIELDS: &[&str] = &[
    "name",
    "nom",
    "name fr",
    "nom fr",
    "tx sector descr fr",
    "municipality fr",
    "tx munty descr fr",
    "libelle",
    "libellé",
    "name en",
    "name nl",
    "name de",
    "naam",
    "bezeichnung",
    "label",
    "quartier",
    "district",
    "stadtteil",
    "title",
];
/// Names under which the number of residents is found; a year may follow.
const POPULATION_FIELDS: &[&str] = &[
    "population",
    "pop",
    "inhabitants",
    "habitants",
    "residents",
    "einwohner",
    "bevölkerung",
    "bevolking",
    "inwoners",
];

/// What the caller knows about a file of districts.
#[derive(Clone, Debug, Default)]
pub struct DistrictOptions {
    /// The property with the code, where the file's own is not recognised.
    pub code_field: Option<String>,
    /// The property with the name.
    pub name_field: Option<String>,
    /// The property with the number of residents.
    pub population_field: Option<String>,
    /// Coordinate system, layer and the position of the study.
    pub features: FeatureOptions,
}

/// Why districts cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum DistrictsError {
    /// The file itself.
    #[error(transparent)]
    Features(#[from] FeaturesError),
    /// A property that was asked for is on no feature.
    #[error("{file}: no feature has the property \"{field}\"; found: {}", found.join(", "))]
    FieldMissing {
        /// Name of the file.
        file: String,
        /// The property asked for.
        field: String,
        /// The properties of the first feature.
        found: Vec<String>,
    },
    /// Nothing in the file is a district.
    #[error("{file}: none of its {features} features is a polygon that can be used as a district")]
    NoPolygons {
        /// Name of the file.
        file: String,
        /// How many features could be placed.
        features: usize,
    },
}

/// A district as its file tells it.
#[derive(Clone, Debug)]
pub struct DistrictRecord {
    /// Its code: text, unique in the file.
    pub code: String,
    /// Its name, the code where it has none.
    pub name: String,
    /// Its names by language (`fr`, `nl`, `de`, `en`), in that order.
    pub names: Vec<(String, String)>,
    /// How many people live there, if the file says so; never negative.
    pub population: Option<f64>,
    /// Its area in degrees, valid rings.
    pub area: MultiPolygon<f64>,
    /// All properties of the file.
    pub attributes: Vec<(String, String)>,
}

/// Reads districts from a file of features of any format.
pub fn read_districts(
    path: &Path,
    options: &DistrictOptions,
) -> Result<(Vec<DistrictRecord>, Notices), DistrictsError> {
    let mut notices = Notices::new();
    let file = file_name(path);
    let features = read_features(path, &options.features, &mut notices)?;
    let districts = districts_of(&file, features, options, &mut notices)?;
    Ok((districts, notices))
}

fn districts_of(
    file: &str,
    features: Vec<Feature>,
    options: &DistrictOptions,
    notices: &mut Notices,
) -> Result<Vec<DistrictRecord>, DistrictsError> {
    for field in [&options.code_field, &options.name_field, &options.population_field].into_iter().flatten() {
        let present =
            |feature: &Feature| feature.properties.iter().any(|(key, _)| normalised(key) == normalised(field));
        if !features.iter().any(present) {
            let found = features.first().map(|f| f.properties.iter().map(|(key, _)| key.clone()).collect());
            let (file, field) = (file.to_owned(), field.clone());
            return Err(DistrictsError::FieldMissing { file, field, found: found.unwrap_or_default() });
        }
    }
    let count = features.len();
    let residents = population_field(&features, options).map(|field| {
        let style = property_number_style(file, &features, &[&field], Expected::Whole, notices);
        (field, style)
    });
    let mut seen = UniqueIds::default();
    let mut districts = Vec::with_capacity(count);
    for feature in features {
        let mut repaired = feature.repaired;
        let area = match area::usable_area(file, feature.number, &feature.geometry, notices) {
            Some((area, mended)) => {
                repaired |= mended;
                area
            }
            None => {
                notices.tally(file).count_dropped();
                continue;
            }
        };
        let (code, name, named) = code_and_name(file, &feature, options, notices);
        let code = unique_code(file, code, feature.number, &mut seen, notices);
        let (population, counted) = population(file, &feature, residents.as_ref(), notices);
        repaired |= !named || !counted || code.1;
        let tally = notices.tally(file);
        if repaired {
            tally.count_repaired()
        } else {
            tally.count_used()
        }
        let names = names_by_language(&feature);
        districts.push(DistrictRecord { code: code.0, name, names, population, area, attributes: feature.properties });
    }
    if districts.is_empty() {
        return Err(DistrictsError::NoPolygons { file: file.to_owned(), features: count });
    }
    overlap::tell_of_overlaps(file, &districts, notices);
    Ok(districts)
}

/// Code and name of a district, and whether both were found.
fn code_and_name(
    file: &str,
    feature: &Feature,
    options: &DistrictOptions,
    notices: &mut Notices,
) -> (String, String, bool) {
    let code = match &options.code_field {
        Some(field) => feature.property(&[field]),
        None => feature.property(CODE_FIELDS),
    };
    let name = match &options.name_field {
        Some(field) => feature.property(&[field]),
        None => feature.property(NAME_FIELDS),
    };
    if code.is_none() && name.is_none() {
        notices.push(
            Notice::warning("district_unnamed", file, "has neither a code nor a name")
                .at_feature(feature.number)
                .action("its number in the file serves as both"),
        );
    }
    let number = feature.number.to_string();
    let code_text = code.or(name).unwrap_or(&number).to_owned();
    let name_text = name.or(code).unwrap_or(&number).to_owned();
    (code_text, name_text, code.is_some() || name.is_some())
}

/// The code, made unique; `true` if it had to be changed.
fn unique_code(file: &str, code: String, feature: u64, seen: &mut UniqueIds, notices: &mut Notices) -> (String, bool) {
    let (unique, first) = seen.take(code.clone(), feature);
    let Some(first) = first else { return (unique, false) };
    notices.push(
        Notice::warning("district_code_duplicate", file, format!("is also the code of feature {first}"))
            .at_feature(feature)
            .field("code", &code)
            .action(format!("read as {unique}")),
    );
    (unique, true)
}

/// The property that holds the residents: as asked for, by name, or by name with the latest year behind it.
fn population_field(features: &[Feature], options: &DistrictOptions) -> Option<String> {
    if options.population_field.is_some() {
        return options.population_field.clone();
    }
    let mut best: Option<(u32, String)> = None;
    for (key, _) in features.iter().flat_map(|feature| &feature.properties) {
        let plain = normalised(key);
        let (word, year) = match plain.rsplit_once(' ') {
            Some((word, year)) if year.len() == 4 => (word.to_owned(), year.parse().ok()),
            _ => (plain.clone(), Some(0)),
        };
        if let (true, Some(year)) = (POPULATION_FIELDS.contains(&word.as_str()), year)
            && best.as_ref().is_none_or(|(newest, _)| year > *newest)
        {
            best = Some((year, key.clone()));
        }
    }
    best.map(|(_, key)| key)
}

/// The residents, and whether the value (or its absence) was in order.
fn population(
    file: &str,
    feature: &Feature,
    residents: Option<&(String, NumberStyle)>,
    notices: &mut Notices,
) -> (Option<f64>, bool) {
    let Some((field, style)) = residents else { return (None, true) };
    let Some(text) = feature.property(&[field]).filter(|text| !is_missing(text)) else { return (None, true) };
    match feature.number_style(&[field], *style).parse(text) {
        Some(people) if people >= 0.0 => (Some(people), true),
        _ => {
            notices.push(
                Notice::warning("population_invalid", file, "is not a number of residents")
                    .at_feature(feature.number)
                    .field(field, text)
                    .action("taken as unknown"),
            );
            (None, false)
        }
    }
}

fn names_by_language(feature: &Feature) -> Vec<(String, String)> {
    let in_language = |language: &str| {
        let keys = ["name", "nom", "municipality", "tx sector descr", "tx munty descr", "libelle"];
        let keys = keys.map(|word| format!("{word} {language}"));
        let colon = format!("name:{language}");
        let mut keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        keys.push(&colon);
        feature.property(&keys).map(|name| (language.to_owned(), name.to_owned()))
    };
    ["fr", "nl", "de", "en"].into_iter().filter_map(in_language).collect()
}
