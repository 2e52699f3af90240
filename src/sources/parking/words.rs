//! What the words of parking files say, in English, French and German; words are matched whole.

use crate::base::kinds::{LotAccess, LotKind};
use crate::sources::osm::lot_words::{access_of_value, kind_of_value};

/// The words of a text in lower case.
fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// What ParkAPI calls a building; a car park in other words may be any.
const PARKAPI_BUILDING: &str = "CAR_PARK";

/// Whether a text is a value of OSM's `parking` tag, and so no name.
pub(super) fn is_kind_value(text: &str) -> bool {
    kind_of_value(text.trim()).is_some()
}

/// How a lot is built, from a text; `None` where it says nothing about it.
pub(super) fn kind_of(text: &str) -> Option<LotKind> {
    if let Some(kind) = kind_of_value(text.trim().to_lowercase().as_str()) {
        return Some(kind);
    }
    if text.trim() == PARKAPI_BUILDING {
        return Some(LotKind::MultiStorey);
    }
    let words = words(text);
    let phrase = words.join(" ");
    if ["hors voirie", "off street"].iter().any(|off| phrase.contains(off)) {
        return None;
    }
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    if has(&["tiefgarage", "tiefgaragen", "underground", "souterrain", "souterraine", "souterrains"]) {
        Some(LotKind::Underground)
    } else if has(&["parkhaus", "parkhäuser", "parkgarage", "hochgarage", "garage", "garages", "silo"])
        || has(&["multi", "multistorey", "multistory", "étage", "étages", "etage", "etages"])
    {
        Some(LotKind::MultiStorey)
    } else if has(&["street", "onstreet", "voirie", "straße", "strasse", "straßenrand", "strassenrand"])
        || has(&["kerb", "kerbside", "curb", "curbside", "roadside", "parallel", "senkrecht"])
    {
        Some(LotKind::Street)
    } else if has(&["surface", "parkplatz", "parkplätze", "open", "ground"]) || phrase.contains("plein air") {
        Some(LotKind::Surface)
    } else {
        None
    }
}

/// Whether a text says that the bays are for disabled people.
pub(super) fn says_disabled(text: &str) -> bool {
    words(text).iter().any(|word| {
        ["disabled", "wheelchair"].contains(&word.as_str())
            || word.starts_with("handicap")
            || word.contains("behindert")
            || word.starts_with("pmr")
            || word.ends_with("pmr")
    })
}

/// Beginnings of words for people that have a right others do not have, and for the right.
const RESERVED: [&str; 17] = [
    "privat",
    "privé",
    "prive",
    "resident",
    "résident",
    "riverain",
    "bewohner",
    "anwohner",
    "abonn",
    "réservé",
    "reserve",
    "reserviert",
    "employ",
    "personnel",
    "mitarbeiter",
    "milit",
    "subscri",
];

/// Who may park, from a text; `None` where it does not say.
pub(super) fn access_of(text: &str) -> Option<LotAccess> {
    if let Some(access) = access_of_value(text.trim().to_lowercase().as_str()) {
        return Some(access);
    }
    let words = words(text);
    let is = |word: &str, known: &[&str]| known.contains(&word);
    let is_public = |word: &str| {
        is(word, &["public", "publique", "publics", "publiques", "tous", "all", "alle"])
            || word.starts_with("öffentlich")
            || word.starts_with("oeffentlich")
    };
    let is_negation = |word: &str| is(word, &["non", "not", "no", "pas", "nicht", "kein", "keine"]);
    if words.iter().any(|word| ["customer", "client", "kunde"].iter().any(|part| word.contains(part))) {
        Some(LotAccess::Customers)
    } else if words.iter().any(|word| word == "außer") {
        None // "except for": says who is free of a rule, not who may park
    } else if words.iter().any(|word| RESERVED.iter().any(|start| word.starts_with(start)))
        || words.iter().any(|word| is(word, &["permit", "permits", "staff", "members"]))
        || words.windows(2).any(|pair| is_negation(&pair[0]) && is_public(&pair[1]))
        || words.iter().any(|word| word.starts_with("nichtöffentlich"))
        || matches!(words.as_slice(), [only] if is(only, &["non", "nein"]))
    {
        Some(LotAccess::Private)
    } else if words.iter().any(|word| is_public(word))
        || matches!(words.as_slice(), [only] if is(only, &["yes", "oui", "ja"]))
    {
        Some(LotAccess::Public)
    } else {
        None
    }
}

/// Whether a fee is due, from a word; `None` where the word is neither yes nor no.
pub(super) fn fee_of(word: &str) -> Option<bool> {
    match word.trim().to_lowercase().as_str() {
        "yes" | "oui" | "ja" | "true" | "1" | "payant" | "paid" | "gebührenpflichtig" | "vrai" => Some(true),
        "no" | "non" | "nein" | "false" | "0" | "gratuit" | "free" | "kostenlos" | "kostenfrei" | "faux" => Some(false),
        word if word.contains("parkuhr") || word.contains("parkschein") => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_three_languages_mean_the_same() {
        for (text, kind) in [
            ("Tiefgarage", Some(LotKind::Underground)),
            ("Parkhaus", Some(LotKind::MultiStorey)),
            ("parking à étages", Some(LotKind::MultiStorey)),
            ("Multi-storey", Some(LotKind::MultiStorey)),
            ("street_side", Some(LotKind::Street)),
            ("parkings-voitures-hors-voirie", None),
            ("CAR_PARK", Some(LotKind::MultiStorey)),
            ("ON_STREET", Some(LotKind::Street)),
            ("OFF_STREET_PARKING_GROUND", None),
            ("car park", None),
            ("Siloé", None),
            ("Streetwise", None),
            ("Opéra", None),
        ] {
            assert_eq!(kind_of(text), kind, "{text}");
        }
        assert_eq!(fee_of("Gratuit"), Some(false));
        assert_eq!(fee_of("Mo-Fr"), None);
    }

    #[test]
    fn who_may_park_is_not_guessed_from_parts_of_words() {
        use LotAccess::{Customers, Private, Public};
        for (text, access) in [
            ("yes", Some(Public)),
            ("permissive", Some(Public)),
            ("Public", Some(Public)),
            ("accès public", Some(Public)),
            ("öffentlich", Some(Public)),
            ("no", Some(Private)),
            ("non", Some(Private)),
            ("staff", Some(Private)),
            ("employees", Some(Private)),
            ("military", Some(Private)),
            ("non public", Some(Private)),
            ("nicht öffentlich", Some(Private)),
            ("réservé au personnel", Some(Private)),
            ("riverains", Some(Private)),
            ("Résidents", Some(Private)),
            ("customers", Some(Customers)),
            ("réservé aux clients", Some(Customers)),
            ("Republica", None),
            ("sur réservation", None),
            ("parking permitted", None),
            ("Anlieger außer Bewohner", None),
        ] {
            assert_eq!(access_of(text), access, "{text}");
        }
    }

    #[test]
    fn bays_for_disabled_people_are_told_by_whole_words() {
        for text in
            ["PMR", "places_pmr.geojson", "stationnement-pmr", "Behindertenparkplätze", "handicapés", "disabled"]
        {
            assert!(says_disabled(text), "{text}");
        }
        for text in ["surface", "Enabled", "parking.csv"] {
            assert!(!says_disabled(text), "{text}");
        }
    }
}
