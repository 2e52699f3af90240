//! The place rules: which OSM tags make a place, and what the place is to a customer.
//!
//! In: a TOML rule file (ours is `assets/places.toml`), then the tags of an element. Out: places without position.

use std::path::Path;

use serde::Deserialize;

use super::drafts::PlaceDraft;
use super::keys::{Key, Tags};
use crate::base::kinds::PlaceCategory;

/// Why a rule file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlaceRulesError {
    /// The file system says no.
    #[error("{file}: cannot be read; check the path and its permissions")]
    Unreadable {
        /// The file as it was named.
        file: String,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// Not TOML, or not the tables we know.
    #[error("{file}: is not a table of place rules: {reason}")]
    Malformed {
        /// The file as it was named.
        file: String,
        /// What is wrong and where.
        reason: String,
    },
    /// The same value stands in two categories, or a key stands twice.
    #[error("{file}: {what} stands twice; keep one of them")]
    Twice {
        /// The file as it was named.
        file: String,
        /// The key, or key=value.
        what: String,
    },
    /// More keys than can be told apart.
    #[error("{file}: holds {count} keys, at most {} are possible", u8::MAX)]
    TooManyKeys {
        /// The file as it was named.
        file: String,
        /// How many there are.
        count: usize,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    key: Vec<KeyTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyTable {
    name: String,
    #[serde(default)]
    also: bool,
    default: Option<PlaceCategory>,
    #[serde(default)]
    ignore: Vec<String>,
    #[serde(default)]
    convenience: Vec<String>,
    #[serde(default)]
    comparison: Vec<String>,
    #[serde(default)]
    hospitality: Vec<String>,
    #[serde(default)]
    service: Vec<String>,
    #[serde(default)]
    vacant: Vec<String>,
    #[serde(default)]
    culture: Vec<String>,
    #[serde(default)]
    school: Vec<String>,
    #[serde(default)]
    market: Vec<String>,
    #[serde(default)]
    public_service: Vec<String>,
    #[serde(default)]
    station: Vec<String>,
    #[serde(default)]
    pickup_point: Vec<String>,
}

/// The rules of one key.
#[derive(Clone, Debug)]
struct KeyRules {
    name: String,
    also: bool,
    default: Option<PlaceCategory>,
    /// Ascending by value; `None` for values to ignore.
    values: Vec<(String, Option<PlaceCategory>)>,
}

/// Which tags make a place, in the order in which they are asked.
#[derive(Clone, Debug)]
pub struct PlaceRules {
    keys: Vec<KeyRules>,
}

impl PlaceRules {
    /// The rules that come with the program, made for towns in Belgium and around.
    pub fn default_rules() -> Self {
        Self::parse(include_str!("../../../assets/places.toml"), "places.toml").expect("our own rule file is valid")
    }

    /// The rules in a TOML file.
    pub fn read(path: &Path) -> Result<Self, PlaceRulesError> {
        let file = path.display().to_string();
        match crate::sources::regular::read_regular_text(path) {
            Ok(text) => Self::parse(&text, &file),
            Err(source) => Err(PlaceRulesError::Unreadable { file, source }),
        }
    }

    /// The rules in a TOML text; `file` names it in errors.
    pub fn parse(text: &str, file: &str) -> Result<Self, PlaceRulesError> {
        let file = file.to_owned();
        let table: RuleFile = match toml::from_str(text) {
            Ok(table) => table,
            Err(error) => return Err(PlaceRulesError::Malformed { file, reason: error.to_string() }),
        };
        if table.key.len() > usize::from(u8::MAX) {
            return Err(PlaceRulesError::TooManyKeys { file, count: table.key.len() });
        }
        let keys: Vec<KeyRules> = table.key.into_iter().map(key_rules).collect();
        for (number, key) in keys.iter().enumerate() {
            let twice = key.values.windows(2).find(|pair| pair[0].0 == pair[1].0);
            if let Some(pair) = twice {
                return Err(PlaceRulesError::Twice { file, what: format!("{}={}", key.name, pair[0].0) });
            }
            if keys[..number].iter().any(|other| other.name == key.name) {
                return Err(PlaceRulesError::Twice { file, what: key.name.clone() });
            }
        }
        Ok(Self { keys })
    }

    /// The number of a key's rules.
    pub(super) fn find_key(&self, text: &str) -> Option<u8> {
        self.keys.iter().position(|key| key.name == text).and_then(|number| u8::try_from(number).ok())
    }

    /// The places that tags make: none, one, or two where a rule gives a second.
    pub(super) fn places(&self, tags: &Tags<'_>) -> Vec<PlaceDraft> {
        let mut first: Option<(u8, PlaceCategory, &str)> = None;
        let mut second: Option<(u8, PlaceCategory, &str)> = None;
        for (number, value) in tags.for_place_rules() {
            let Some(rules) = self.keys.get(usize::from(number)) else { continue };
            let Some((category, value)) = rules.category(value) else { continue };
            let best = if rules.also { &mut second } else { &mut first };
            if best.is_none_or(|(other, _, _)| number < other) {
                *best = Some((number, category, value));
            }
        }
        let second = second.filter(|s| first.is_none_or(|f| f.1 != s.1));
        let mut places = Vec::new();
        for (number, category, value) in first.into_iter().chain(second) {
            let gone = category.is_shop() && tags.is(Key::Disused, &["yes"]);
            places.push(PlaceDraft {
                category: if gone { PlaceCategory::Vacant } else { category },
                tag: format!("{}={value}", self.keys[usize::from(number)].name),
                name: tags.text(Key::Name),
                opening_hours: tags.text(Key::OpeningHours),
            });
        }
        places
    }
}

impl KeyRules {
    /// The category of a value, or of the first known one of several, with the value that decided.
    fn category<'a>(&self, value: &'a str) -> Option<(PlaceCategory, &'a str)> {
        let known = |value: &str| {
            let found = self.values.binary_search_by(|(other, _)| other.as_str().cmp(value));
            found.ok().map(|at| self.values[at].1)
        };
        let mut parts = value.split(';').map(str::trim).filter(|part| !part.is_empty());
        match parts.clone().find_map(|part| known(part).map(|category| (category, part))) {
            Some((category, part)) => category.map(|category| (category, part)),
            None => Some((self.default?, parts.next()?)),
        }
    }
}

fn key_rules(table: KeyTable) -> KeyRules {
    use PlaceCategory::*;
    let lists = [
        (None, table.ignore),
        (Some(Convenience), table.convenience),
        (Some(Comparison), table.comparison),
        (Some(Hospitality), table.hospitality),
        (Some(Service), table.service),
        (Some(Vacant), table.vacant),
        (Some(Culture), table.culture),
        (Some(School), table.school),
        (Some(Market), table.market),
        (Some(PublicService), table.public_service),
        (Some(Station), table.station),
        (Some(PickupPoint), table.pickup_point),
    ];
    let mut values: Vec<(String, Option<PlaceCategory>)> = lists
        .into_iter()
        .flat_map(|(category, values)| values.into_iter().map(move |value| (value, category)))
        .collect();
    values.sort();
    KeyRules { name: table.name, also: table.also, default: table.default, values }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn categories(pairs: &[(&str, &str)]) -> Vec<(PlaceCategory, String)> {
        PlaceRules::default_rules().places(&Tags::of(pairs)).into_iter().map(|p| (p.category, p.tag)).collect()
    }

    #[test]
    fn tags_become_what_they_are_to_a_customer() {
        use PlaceCategory::*;
        for (key, value, category) in [
            ("shop", "bakery", Convenience),
            ("shop", "clothes", Comparison),
            ("shop", "something_new", Comparison),
            ("shop", "hairdresser", Service),
            ("shop", "vacant", Vacant),
            ("disused:shop", "books", Vacant),
            ("vacant", "yes", Vacant),
            ("amenity", "restaurant", Hospitality),
            ("amenity", "bank", Service),
            ("amenity", "pharmacy", Convenience),
            ("amenity", "library", Culture),
            ("amenity", "marketplace", Market),
            ("amenity", "school", School),
            ("amenity", "townhall", PublicService),
            ("amenity", "parcel_locker", PickupPoint),
            ("tourism", "museum", Culture),
            ("railway", "station", Station),
        ] {
            assert_eq!(categories(&[(key, value)]), [(category, format!("{key}={value}"))], "{key}={value}");
        }
        assert!(categories(&[("shop", "no")]).is_empty());
        assert!(categories(&[("amenity", "bench")]).is_empty());
        assert_eq!(categories(&[("shop", "bakery"), ("disused", "yes")])[0].0, Vacant);
    }

    #[test]
    fn the_first_key_of_the_file_decides_and_parcels_come_second() {
        use PlaceCategory::*;
        assert_eq!(categories(&[("amenity", "cafe"), ("shop", "books")]), [(Comparison, "shop=books".to_owned())]);
        assert_eq!(categories(&[("shop", "unheard;bakery")]), [(Convenience, "shop=bakery".to_owned())]);
        let both = categories(&[("shop", "newsagent"), ("post_office", "post_partner")]);
        assert_eq!(both.iter().map(|b| b.0).collect::<Vec<_>>(), [Convenience, PickupPoint]);
        let machine = categories(&[("amenity", "vending_machine"), ("vending", "parcel_pickup;parcel_mail_in")]);
        assert_eq!(machine, [(PickupPoint, "vending=parcel_pickup".to_owned())]);
    }

    #[test]
    fn a_rule_file_with_a_slip_is_refused() {
        let parse = |text| PlaceRules::parse(text, "mine.toml").expect_err("a slip").to_string();
        let twice = "[[key]]\nname = \"shop\"\nconvenience = [\"tea\"]\ncomparison = [\"tea\"]";
        assert_eq!(parse(twice), "mine.toml: shop=tea stands twice; keep one of them");
        assert!(parse("[[key]]\nname = \"shop\"\nconvenence = [\"tea\"]").contains("convenence"));
        assert!(parse("[[key]]\nname = \"shop\"\n[[key]]\nname = \"shop\"").contains("stands twice"));
    }
}
