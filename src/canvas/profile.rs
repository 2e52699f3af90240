//! How indicators become scores: goalposts and weights, as the method has them or as a region publishes them for all its
//! towns.
//!
//! In: a TOML file. Out: a [`ScoringProfile`]. Towns compare only under one profile, by name and version.
//!
//! ```toml
//! name = "Centres-villes"
//! version = "1"
//!
//! [dimensions]
//! D6 = 0.5                # weighs half as much as the others
//!
//! [indicators.pedshed_people]
//! good = 0.7
//! bad = 0.3
//! source = "regional plan"
//! ```

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::canvas::feed::METHOD_VERSION;
use crate::canvas::indicators::{DEFINITIONS, Dimension, Indicator};

/// Name of the method's own profile.
const OWN: &str = "chaland";
/// No weight is larger: the others would not count at all.
const MOST_WEIGHT: f64 = 1000.0;
/// Goalposts nearer to each other are one.
const LEAST_APART: f64 = 1e-9;

/// Goalposts and weight of an indicator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Goalposts {
    /// Value that counts as no friction.
    pub good: f64,
    /// Value that counts as full friction.
    pub bad: f64,
    /// How much it counts beside the others of its dimension; 1 where nobody says, 0 leaves it out.
    pub weight: f64,
    /// Who says so.
    pub source: String,
}

/// How indicators become scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScoringProfile {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// How much each dimension counts, by key; 0 leaves it out of the total.
    pub dimensions: BTreeMap<String, f64>,
    /// Goalposts and weights, by key of the indicator.
    pub indicators: BTreeMap<String, Goalposts>,
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The file as TOML.
    #[error("{file}: {reason}")]
    Form {
        /// Name of the file.
        file: String,
        /// What is wrong, and where.
        reason: String,
    },
    /// A key that names nothing.
    #[error("{file}: {table}.{key} is not known; expected one of {expected}")]
    UnknownKey {
        /// Name of the file.
        file: String,
        /// The table it stands in.
        table: &'static str,
        /// The key.
        key: String,
        /// All that there are.
        expected: String,
    },
    /// A number that cannot be one.
    #[error("{file}: {place} is {found}; expected {expected}")]
    Value {
        /// Name of the file.
        file: String,
        /// Where it stands.
        place: String,
        /// What stands there.
        found: String,
        /// What should.
        expected: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    version: String,
    #[serde(default)]
    dimensions: BTreeMap<String, f64>,
    #[serde(default)]
    indicators: BTreeMap<String, WrittenGoalposts>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenGoalposts {
    good: Option<f64>,
    bad: Option<f64>,
    weight: Option<f64>,
    source: Option<String>,
}

impl Default for ScoringProfile {
    fn default() -> Self {
        let own = |definition: &crate::canvas::indicators::Definition| {
            let source = definition.source.to_owned();
            let goalposts = Goalposts { good: definition.good, bad: definition.bad, weight: 1.0, source };
            (definition.key.to_owned(), goalposts)
        };
        Self {
            name: OWN.to_owned(),
            version: METHOD_VERSION.to_owned(),
            dimensions: Dimension::ALL.map(|dimension| (dimension.key().to_owned(), 1.0)).into(),
            indicators: DEFINITIONS.iter().map(own).collect(),
        }
    }
}

impl ScoringProfile {
    /// Reads a profile: what it leaves out is as in the method's own.
    pub fn parse(file: &str, text: &str) -> Result<Self, ProfileError> {
        let form = |error: toml::de::Error| ProfileError::Form { file: file.to_owned(), reason: error.to_string() };
        let written: Written = toml::from_str(text).map_err(form)?;
        let mut profile = Self { name: written.name, version: written.version, ..Self::default() };
        let unknown = |table, key: &str, known: Vec<&String>| ProfileError::UnknownKey {
            file: file.to_owned(),
            table,
            key: key.to_owned(),
            expected: known.into_iter().cloned().collect::<Vec<_>>().join(", "),
        };
        let wrong = |place: String, found: f64, expected| ProfileError::Value {
            file: file.to_owned(),
            place,
            found: found.to_string(),
            expected,
        };
        let weight = |place: String, weight: f64| match (0.0..=MOST_WEIGHT).contains(&weight) {
            true => Ok(weight),
            false => Err(wrong(place, weight, "a weight from 0 to 1000")),
        };
        for (key, found) in &written.dimensions {
            match profile.dimensions.get_mut(key) {
                Some(own) => *own = weight(format!("dimensions.{key}"), *found)?,
                None => return Err(unknown("dimensions", key, profile.dimensions.keys().collect())),
            }
        }
        for (key, found) in written.indicators {
            let Some(own) = profile.indicators.get_mut(&key) else {
                return Err(unknown("indicators", &key, profile.indicators.keys().collect()));
            };
            own.good = found.good.unwrap_or(own.good);
            own.bad = found.bad.unwrap_or(own.bad);
            own.weight = weight(format!("indicators.{key}.weight"), found.weight.unwrap_or(1.0))?;
            own.source = found.source.unwrap_or_else(|| profile.name.clone());
            let apart = own.bad - own.good;
            if !apart.is_finite() || apart.abs() < LEAST_APART {
                let place = format!("indicators.{key}.bad");
                return Err(wrong(place, own.bad, "another number than good, neither infinite"));
            }
        }
        if profile.dimensions.values().all(|weight| *weight == 0.0) {
            return Err(wrong("dimensions".to_owned(), 0.0, "a weight above 0 for some dimension"));
        }
        Ok(profile)
    }

    /// Whether scores can be made by it: weights from 0 to 1000, some above 0, goalposts apart. What is wrong otherwise.
    pub fn check(&self) -> Result<(), String> {
        let all = self.dimensions.values().chain(self.indicators.values().map(|own| &own.weight));
        if let Some(weight) = all.clone().find(|weight| !(0.0..=MOST_WEIGHT).contains(*weight)) {
            return Err(format!("a weight of {weight}, expected 0 to {MOST_WEIGHT}"));
        }
        if Dimension::ALL.iter().all(|dimension| self.dimension_weight(*dimension) == 0.0) {
            return Err("no dimension has a weight above 0".to_owned());
        }
        let is_apart = |own: &Goalposts| (own.bad - own.good).abs() >= LEAST_APART && (own.bad - own.good).is_finite();
        match self.indicators.iter().find(|(_, own)| !is_apart(own)) {
            Some((key, own)) => Err(format!("goalposts {} and {} of {key}, which are not apart", own.good, own.bad)),
            None => Ok(()),
        }
    }

    /// How much a dimension counts.
    pub fn dimension_weight(&self, dimension: Dimension) -> f64 {
        self.dimensions.get(dimension.key()).copied().unwrap_or(1.0)
    }

    /// Good, bad, and how much it counts.
    pub fn goalposts(&self, indicator: Indicator) -> (f64, f64, f64) {
        let definition = indicator.definition();
        let own = self.indicators.get(definition.key);
        own.map_or((definition.good, definition.bad, 1.0), |own| (own.good, own.bad, own.weight))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_region_says_and_the_rest_of_the_method() {
        let text = "name = \"R\"\nversion = \"2\"\n[dimensions]\nD6 = 0.5\n[indicators.pedshed_people]\ngood = 0.7\n";
        let profile = ScoringProfile::parse("r.toml", text).expect("a profile");
        assert_eq!((profile.dimension_weight(Dimension::Park), profile.dimension_weight(Dimension::Join)), (0.5, 1.0));
        assert_eq!(profile.goalposts(Indicator::PedshedPeople), (0.7, 0.30, 1.0));
        assert_eq!(profile.goalposts(Indicator::VacancyShare), (0.05, 0.20, 1.0));
        assert_eq!(profile.indicators["pedshed_people"].source, "R");
        assert_eq!(ScoringProfile::default().indicators.len(), DEFINITIONS.len());
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let told = |rest: &str| {
            let text = format!("name = \"R\"\nversion = \"2\"\n{rest}");
            ScoringProfile::parse("r.toml", &text).expect_err("no profile").to_string()
        };
        assert!(
            told("[dimensions]\nD12 = 1\n").starts_with("r.toml: dimensions.D12 is not known; expected one of D1, ")
        );
        assert!(told("[indicators.speed]\ngood = 1\n").contains("indicators.speed is not known"));
        assert!(told("[dimensions]\nD1 = -1\n").contains("dimensions.D1 is -1; expected a weight from 0 to 1000"));
        assert!(told("[indicators.vacancy_share]\nbad = 0.05\n").contains("expected another number than good"));
        assert!(told("[indicators.vacancy_share]\nweight = nan\n").contains("is NaN"));
        assert!(told("[indicators.vacancy_share]\ngoood = 1\n").contains("unknown field `goood`"));
        let none: String = Dimension::ALL.map(|dimension| format!("{} = 0\n", dimension.key())).concat();
        assert!(told(&format!("[dimensions]\n{none}")).contains("a weight above 0 for some dimension"));
        assert!(ScoringProfile::parse("r.toml", "name = 3").is_err() && ScoringProfile::parse("r.toml", "").is_err());
    }
}
