//! Names of the columns of parking files, in English, French and German.

pub(super) const ID: &[&str] =
    &["original uid", "uid", "id", "lot id", "gid", "identifiant", "ref", "code", "feature id", "xtrid"];
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
    "total spot number",
    "parkingnumberofspaces",
];
/// Bays as they are at the moment, where the lasting number is not told.
pub(super) const CAPACITY_NOW: &[&str] = &["realtime capacity"];
/// Free bays as they are at the moment.
pub(super) const FREE_NOW: &[&str] = &["realtime free capacity"];
pub(super) const DISABLED: &[&str] = &[
    "capacity:disabled",
    "capacity disabled",
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
    &["fee", "has fee", "payant", "paid", "gebühr", "gebuehr", "gebührenpflichtig", "bewirtscha", "erlaubnis"];
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
/// The columns among [`ACCESS`] that hold nothing else.
pub(super) const ACCESS_ONLY: &[&str] = &["access", "accès", "acces", "zugang"];
pub(super) const OCCUPANCY: &[&str] = &["occupancy", "occupation", "taux occupation", "belegung", "auslastung"];
/// Columns of an occupancy table with the share of bays taken.
pub(super) const SHARE: &[&str] = &["share", "rate", "taux", "occupancy rate", "taux d'occupation", "belegungsgrad"];
/// Columns of an occupancy table with the number of bays taken.
pub(super) const OCCUPIED: &[&str] =
    &["occupied", "occupied spaces", "occupés", "occupes", "places occupées", "belegt", "parked", "vehicles", "bezet"];
/// Columns of an occupancy table with the number of bays that are free.
pub(super) const FREE: &[&str] = &[
    "free",
    "free spaces",
    "vacant",
    "vacant spaces",
    "available",
    "available spaces",
    "libre",
    "libres",
    "places libres",
    "places disponibles",
    "disponible",
    "disponibles",
    "frei",
    "freie plätze",
    "freie stellplätze",
    "vrij",
    "vrije plaatsen",
];
