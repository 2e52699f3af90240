//! Names that people give to columns and properties, in the languages of the inputs.

/// A name in small letters without accents, its parts joined by `_`.
pub(super) fn key_of(name: &str) -> String {
    let mut key = String::new();
    for letter in name.trim_start_matches('\u{feff}').trim().chars().flat_map(char::to_lowercase) {
        match letter {
            'à' | 'á' | 'â' | 'ä' | 'ã' => key.push('a'),
            'ç' => key.push('c'),
            'è' | 'é' | 'ê' | 'ë' => key.push('e'),
            'ì' | 'í' | 'î' | 'ï' => key.push('i'),
            'ò' | 'ó' | 'ô' | 'ö' | 'õ' => key.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => key.push('u'),
            'ß' => key.push_str("ss"),
            other if other.is_alphanumeric() => key.push(other),
            _ if key.ends_with('_') || key.is_empty() => {}
            _ => key.push('_'),
        }
    }
    key.truncate(key.trim_end_matches('_').len());
    key
}

const OSM_WAY: &[&str] = &["osm_id", "osmid", "osm_way_id", "way_id", "id_osm"];
const SPEED: &[&str] = &["max_speed", "maxspeed", "speed", "speed_kmh", "speed_km_h", "kmh", "vitesse", "v85"];
const LON: &[&str] =
    &["lon", "long", "lng", "longitude", "x", "stop_lon", "lon_wgs84", "geo_lon", "laengengrad", "langengrad"];
const LAT: &[&str] = &["lat", "latitude", "y", "stop_lat", "lat_wgs84", "geo_lat", "breitengrad"];
const CAPACITY: &[&str] = &[
    "capacity",
    "capacite",
    "spaces",
    "places",
    "total",
    "total_spaces",
    "available_spaces",
    "nb_places",
    "bays",
    "kapazitat",
    "stellplatze",
    "plaetze",
    "capaciteit",
    "plaatsen",
    "nombre_de_places",
    "number_of_spaces",
];
const PEOPLE: &[&str] = &[
    "population",
    "pop",
    "inhabitants",
    "residents",
    "habitants",
    "inwoners",
    "einwohner",
    "bevolking",
    "bevolkerung",
    "ms_population",
    "pop_total",
    "total_population",
    "vaesto",
    "asukkaita",
    "populacao",
    "tot_p",
    "insgesamt_bevoelkerung",
    "bevoelkerung",
];
/// People of a cell, where a grid has no longer name for them.
const PEOPLE_OF_CELLS: &[&str] = &["t", "obs_value_t", "ind"];
/// Ids of cells of a European grid.
const CELL: &[&str] = &[
    "grd_id",
    "grd_newid",
    "grid_id",
    "gitter_id",
    "gitter_id_1km",
    "gitter_id_100m",
    "idinspire",
    "idcar_1km",
    "idcar_200m",
    "cellcode",
    "cell",
    "cell_id",
    "id",
    "code",
];
/// Codes of Belgian sectors and communes in tables whose people are a plain total.
const SECTOR: &[&str] = &["cd_sector", "cd_refnis"];
const NAME: &[&str] = &[
    "name",
    "nom",
    "naam",
    "label",
    "title",
    "nimi",
    "nome",
    "name_fr",
    "name_en",
    "name_nl",
    "tx_sector_descr_fr",
    "tx_descr_fr",
    "namefre",
    "municipality_fr",
    "site",
    "site_name",
    "counter",
    "counter_locations",
    "location",
    "sensor",
    "sensor_name",
    "station",
    "stop_name",
    "designation",
];
const CODE: &[&str] = &[
    "code",
    "nis",
    "nis_code",
    "nis5",
    "nis9",
    "nis6",
    "cd_sector",
    "cd_munty_refnis",
    "cd_refnis",
    "refnis",
    "insee",
    "ags",
    "id",
    "district_code",
    "sector",
    "statisticalsector",
    "admukey",
    "ref",
    "gid",
    "geo_code",
    "district",
];
const TIME: &[&str] = &[
    "time",
    "date",
    "datetime",
    "date_time",
    "timestamp",
    "hour",
    "heure",
    "stunde",
    "uur",
    "zeit",
    "datum",
    "tijd",
    "start",
    "from",
    "time_from",
    "period",
    "day",
];
const TAKEN: &[&str] = &[
    "occupied",
    "occupancy",
    "occupation",
    "occupe",
    "occupes",
    "occupees",
    "taken",
    "free",
    "vacant",
    "belegt",
    "belegung",
    "auslastung",
    "frei",
    "libres",
    "bezet",
    "taux",
    "parked",
    "share",
];
const COUNT: &[&str] = &[
    "pedestrian",
    "pedestrian_total",
    "pedestriancount",
    "comptage",
    "count",
    "counts",
    "pedestrians",
    "pedestrian_count",
    "total",
    "total_of_directions",
    "hourly_counts",
    "pietons",
    "fussganger",
    "voetgangers",
    "people",
    "volume",
    "passages",
];
const SITE: &[&str] = &[
    "site",
    "site_id",
    "site_name",
    "camera",
    "camera_id",
    "camera_name",
    "sensor",
    "sensor_id",
    "sensor_name",
    "counter",
    "counter_id",
    "location",
    "location_id",
    "segment_id",
    "instance_id",
    "station",
    "name",
    "compteur",
    "telling",
];
const BOARDINGS: &[&str] = &["boardings", "embarkments", "montees", "opstappers", "einsteiger", "passengers"];
const STOP: &[&str] =
    &["stop_id", "stop_name", "mode", "modes", "route_type", "stop_type", "transport_mode", "uri", "country_code"];
const PARKING_WORDS: &[&str] = &["park", "stationn", "stellpl", "garage", "bewirtscha", "parcheggi", "pmr"];

fn one_of(key: &str, names: &[&str]) -> bool {
    names.contains(&key)
}

/// Whether a key names a longitude.
pub(super) fn is_lon(key: &str) -> bool {
    one_of(key, LON)
}

/// Whether a key names a latitude.
pub(super) fn is_lat(key: &str) -> bool {
    one_of(key, LAT)
}

/// Whether a key names a number of bays.
pub(super) fn is_capacity(key: &str) -> bool {
    one_of(key, CAPACITY)
}

/// Whether a key names residents; a year behind it is allowed.
pub(super) fn is_people(key: &str) -> bool {
    let bare = key.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
    one_of(bare, PEOPLE)
}

/// Whether a key names a name.
pub(super) fn is_name(key: &str) -> bool {
    one_of(key, NAME)
}

/// Whether a key names an official code or an id.
pub(super) fn is_code(key: &str) -> bool {
    one_of(key, CODE)
}

/// Whether a key names a time.
pub(super) fn is_time(key: &str) -> bool {
    one_of(key, TIME)
        || ["time", "date", "timestamp", "hour", "heure"].iter().any(|word| {
            key.strip_suffix(word).is_some_and(|rest| rest.ends_with('_'))
                || key.strip_prefix(word).is_some_and(|rest| rest.starts_with('_'))
        })
}

/// Whether a key names taken or free bays.
pub(super) fn is_taken(key: &str) -> bool {
    one_of(key, TAKEN) || TAKEN.iter().any(|word| key.split('_').any(|part| part == *word))
}

/// Whether a key names a count of people.
pub(super) fn is_count(key: &str) -> bool {
    one_of(key, COUNT)
}

/// Whether a key names people going one way.
pub(super) fn is_way_in(key: &str) -> bool {
    one_of(key, &["in", "direction_1", "entrees", "entries", "entrants"])
}

/// Whether a key names people going the other way.
pub(super) fn is_way_out(key: &str) -> bool {
    one_of(key, &["out", "direction_2", "sorties", "exits", "sortants"])
}

/// Whether a key names residents of the cells of a grid.
pub(super) fn is_people_of_cells(key: &str) -> bool {
    one_of(key, PEOPLE_OF_CELLS)
}

/// Whether a key names the cells of a grid.
pub(super) fn is_cell(key: &str) -> bool {
    one_of(key, CELL)
}

/// Whether a key names the code of a sector or commune.
pub(super) fn is_sector(key: &str) -> bool {
    one_of(key, SECTOR)
}

/// Whether a key names a count site.
pub(super) fn is_site(key: &str) -> bool {
    one_of(key, SITE)
}

/// Whether a key names boardings.
pub(super) fn is_boardings(key: &str) -> bool {
    key.split('_').any(|part| one_of(part, BOARDINGS))
}

/// Whether a key names the id of an OSM way.
pub(super) fn is_osm_way(key: &str) -> bool {
    OSM_WAY.contains(&key)
}

/// Whether a key names a speed.
pub(super) fn is_speed(key: &str) -> bool {
    SPEED.contains(&key)
}

/// Whether a key is one that tables of stops have.
pub(super) fn is_stop(key: &str) -> bool {
    one_of(key, STOP)
}

/// Whether a text speaks of parking.
pub(super) fn speaks_of_parking(text: &str) -> bool {
    let key = key_of(text);
    PARKING_WORDS.iter().any(|word| key.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_accents_case_or_marks() {
        assert_eq!(key_of("\u{feff} Kapazität "), "kapazitat");
        assert_eq!(key_of("Counter Locations"), "counter_locations");
        assert_eq!(key_of("avg. (stop)-times!"), "avg_stop_times");
        assert!(is_people(&key_of("population_2020")) && is_people("POP".to_lowercase().as_str()));
        assert!(!is_people("popularity"));
        assert!(is_time("start_time") && !is_time("official_transfertime"));
    }
}
