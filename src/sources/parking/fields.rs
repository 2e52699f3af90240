//! Names of the columns of parking files, in English, French and German.

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
/// The columns among [`ACCESS`] that hold nothing else.
pub(super) const ACCESS_ONLY: &[&str] = &["access", "accès", "acces", "zugang"];
pub(super) const LON: &[&str] = &["lon", "lng", "long", "longitude", "x", "coord x", "easting", "längengrad"];
pub(super) const LAT: &[&str] = &["lat", "latitude", "y", "coord y", "northing", "breitengrad"];
pub(super) const OCCUPANCY: &[&str] = &["occupancy", "occupation", "taux occupation", "belegung", "auslastung"];
