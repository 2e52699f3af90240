//! What the columns and words of parking files mean, in English, French and German.

use crate::base::kinds::{LotAccess, LotKind};

pub(super) const ID: &[&str] = &["id", "lot id", "gid", "identifiant", "ref", "code", "feature id", "xtrid"];
pub(super) const NAME: &[&str] = &[
    "name",
    "title",
    "nom",
    "libelle",
    "bezeichnung",
    "bezeichnun",
    "straßenna",
    "strasse",
    "straße",
    "street name",
    "rue nom",
    "parking",
];
pub(super) const CAPACITY: &[&str] = &[
    "capacity",
    "spaces",
    "total",
    "available spaces",
    "bays",
    "places",
    "nombre de places",
    "nb places",
    "capacité",
    "capacite",
    "stellplätze",
    "stellplaetze",
    "kapazität",
    "kapazitaet",
    "anzahl",
    "nb emplacements",
];
pub(super) const DISABLED: &[&str] = &[
    "capacity:disabled",
    "disabled",
    "disabled spaces",
    "pmr",
    "places pmr",
    "nb pmr",
    "handicap",
    "behinderte",
    "behindertenparkplätze",
];
pub(super) const FEE: &[&str] =
    &["fee", "payant", "paid", "gebühr", "gebuehr", "gebührenpflichtig", "bewirtscha", "erlaubnis"];
pub(super) const PRICE: &[&str] = &[
    "price per hour",
    "price",
    "tarif",
    "tarif horaire",
    "prix",
    "prix heure",
    "preis",
    "preis pro stunde",
    "hourly rate",
];
pub(super) const MAXSTAY: &[&str] =
    &["maxstay", "max stay", "time limit", "durée max", "duree max", "durée maximale", "höchstparkdauer", "zeitlimit"];
pub(super) const KIND: &[&str] =
    &["kind", "type", "parking type", "type parking", "parking", "art", "typ", "parkplatz"];
pub(super) const ACCESS: &[&str] = &["access", "accès", "acces", "zugang", "typ", "status", "erlaubnis"];
pub(super) const LON: &[&str] = &["lon", "lng", "long", "longitude", "x", "coord x", "easting", "längengrad"];
pub(super) const LAT: &[&str] = &["lat", "latitude", "y", "coord y", "northing", "breitengrad"];
pub(super) const OCCUPANCY: &[&str] = &["occupancy", "occupation", "taux occupation", "belegung", "auslastung"];

/// How a lot is built, from a word; `None` where the word says nothing about it.
pub(super) fn kind_of(word: &str) -> Option<LotKind> {
    let word = word.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    if has(&["hors voirie", "hors-voirie", "off-street", "off street"]) {
        None
    } else if has(&["tiefgarage", "underground", "souterrain"]) {
        Some(LotKind::Underground)
    } else if has(&["parkhaus", "multi", "silo", "étage", "garage"]) {
        Some(LotKind::MultiStorey)
    } else if has(&["street", "voirie", "straße", "strasse", "kerb", "on-street", "parallel", "senkrecht"]) {
        Some(LotKind::Street)
    } else if has(&["surface", "parkplatz", "open", "plein air", "ground"]) {
        Some(LotKind::Surface)
    } else {
        None
    }
}

/// Whether a word says that the bays are for disabled people.
pub(super) fn says_disabled(word: &str) -> bool {
    let word = word.to_lowercase();
    ["pmr", "behindert", "disabled", "handicap", "wheelchair"].iter().any(|part| word.contains(part))
}

/// Who may park, from a word.
pub(super) fn access_of(word: &str) -> Option<LotAccess> {
    let word = word.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    if has(&["customer", "client", "kunde"]) {
        Some(LotAccess::Customers)
    } else if has(&["außer"]) {
        None // "except for": says who is free of a rule, not who may park
    } else if has(&["privat", "privé", "prive", "permit", "resident", "riverain", "bewohner", "abonn"]) {
        Some(LotAccess::Private)
    } else if has(&["public", "öffentlich", "yes", "tous"]) {
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

/// A length of stay in minutes: `120`, `2h`, `2 h 30`, `90 min`, `max. 8h`, `Parkuhr:120 min`.
pub(super) fn minutes_of(text: &str) -> Option<u32> {
    let lower = text.to_lowercase();
    let mut numbers: Vec<(f64, String)> = Vec::new();
    let mut rest = lower.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        rest = &rest[start..];
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len());
        let number: f64 = rest[..end].trim_end_matches(['.', ',']).replace(',', ".").parse().ok()?;
        rest = &rest[end..];
        let unit: String = rest.trim_start().chars().take_while(|c| c.is_alphabetic()).collect();
        numbers.push((number, unit));
    }
    let (first, unit) = numbers.first()?;
    let minutes = match unit.as_str() {
        "" | "m" | "min" | "mins" | "minutes" | "minuten" | "mn" => *first,
        "h" | "std" | "hour" | "hours" | "heure" | "heures" | "stunde" | "stunden" | "u" => {
            let extra = numbers.get(1).filter(|(n, unit)| *n < 60.0 && ["", "min", "m"].contains(&unit.as_str()));
            first * 60.0 + extra.map_or(0.0, |(n, _)| *n)
        }
        _ => return None,
    };
    (minutes.is_finite() && (1.0..=1e6).contains(&minutes)).then_some(minutes.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_limits_are_read_as_people_write_them() {
        for (text, minutes) in [
            ("120", Some(120)),
            ("2h", Some(120)),
            ("2 h 30", Some(150)),
            ("1,5 h", Some(90)),
            ("max. 8h", Some(480)),
            ("Parkuhr:120 min", Some(120)),
            ("Parkuhr:120 min, Parkverbot:120 min", Some(120)),
            ("unbegrenzt", None),
            ("0", None),
            ("999999999999h", None),
        ] {
            assert_eq!(minutes_of(text), minutes, "{text}");
        }
    }

    #[test]
    fn words_of_three_languages_mean_the_same() {
        assert_eq!(kind_of("Tiefgarage"), Some(LotKind::Underground));
        assert_eq!(kind_of("Parkhaus"), Some(LotKind::MultiStorey));
        assert_eq!(kind_of("parkings-voitures-hors-voirie"), None);
        assert_eq!(access_of("öffentlich"), Some(LotAccess::Public));
        assert_eq!(access_of("riverains"), Some(LotAccess::Private));
        assert_eq!(fee_of("Gratuit"), Some(false));
        assert_eq!(fee_of("Mo-Fr"), None);
    }
}
