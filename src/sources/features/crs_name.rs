//! What coordinate system a name or a well-known text means → its EPSG code.
//!
//! In: the text of a `.prj`, a WKT of either version, a name. Out: a code, whose definition is always our own: the
//! parameters in a file serve to recognise the system and are never used to compute. A `.prj` of Lambert 72 is the
//! reason: many carry rotations with the wrong sign, which put points 65 m off.

use crate::base::projection::Crs;

/// Longest text that is looked at, bytes: the longest definitions of real systems are below 10 kB.
const LONGEST: usize = 64 * 1024;

/// Names in small letters and digits only, as ESRI and the EPSG registry write them.
const NAMES: &[(&str, u32)] = &[
    ("belge1972belgianlambert72", 31370),
    ("belgelambert1972", 31370),
    ("bd72belgianlambert72", 31370),
    ("belgianlambert72", 31370),
    ("lambert72", 31370),
    ("belgelambert2008", 3812),
    ("etrs89belgianlambert2008", 3812),
    ("beetrs89belgianlambert2008", 3812),
    ("belgianlambert2008", 3812),
    ("lambert2008", 3812),
    ("belgelambert2005", 3447),
    ("etrs89belgianlambert2005", 3447),
    ("rdnew", 28992),
    ("amersfoortrdnew", 28992),
    ("lurefluxembourgtm", 2169),
    ("luxembourg1930gauss", 2169),
    ("rgf1993lambert93", 2154),
    ("rgf93lambert93", 2154),
    ("rgf93v1lambert93", 2154),
    ("etrs1989laea", 3035),
    ("etrs89laeaeurope", 3035),
    ("etrs89extendedlaeaeurope", 3035),
    ("etrs1989tm35fin", 3067),
    ("eureffintm35fin", 3067),
    ("etrs89tm35finen", 3067),
    ("irenet95irishtransversemercator", 2157),
    ("irenet95itm", 2157),
    ("tm75irishgrid", 29903),
    ("britishnationalgrid", 27700),
    ("osgb36britishnationalgrid", 27700),
    ("osgb1936britishnationalgrid", 27700),
    ("ch1903lv95", 2056),
    ("ch1903lv03", 21781),
    ("wgs1984webmercatorauxiliarysphere", 3857),
    ("wgs84pseudomercator", 3857),
    ("gcswgs1984", 4326),
    ("wgs1984", 4326),
    ("wgs84", 4326),
    ("wgs84crs84", 4326),
    ("gcsetrs1989", 4258),
    ("etrs89", 4258),
    ("gcsbelge1972", 4313),
    ("belge1972", 4313),
    ("bd72", 4313),
    ("gcsrgf1993", 4171),
    ("rgf93", 4171),
    ("rgf93v1", 4171),
    ("gcsdhdn", 4314),
    ("gcsdeutscheshauptdreiecksnetz", 4314),
    ("dhdn", 4314),
    ("gcsamersfoort", 4289),
    ("amersfoort", 4289),
    ("gcssirgas2000", 4674),
    ("sirgas2000", 4674),
    ("gcsnorthamerican1983", 4269),
    ("nad83", 4269),
];

/// The code of the system with this name.
pub(super) fn code_of_name(name: &str) -> Option<u32> {
    let plain: String =
        name.chars().take(200).filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let listed = NAMES.iter().find(|(known, _)| *known == plain).map(|(_, code)| *code);
    listed.or_else(|| utm_by_name(&plain)).or_else(|| gauss_by_name(&plain))
}

/// `etrs1989utmzone32n`, `wgs84utmzone31n`, `sirgas2000utmzone22s`.
fn utm_by_name(plain: &str) -> Option<u32> {
    let (datum, zone) = plain.split_once("utmzone")?;
    let (zone, south) = match zone.strip_suffix('s') {
        Some(zone) => (zone, true),
        None => (zone.strip_suffix('n')?, false),
    };
    utm_code(datum, zone.parse().ok()?, south)
}

/// `dhdn3degreegausszone3`, `dhdn3degreegausskrugerzone3`.
fn gauss_by_name(plain: &str) -> Option<u32> {
    let zone = plain.strip_prefix("dhdn3degreegauss")?;
    let zone: u32 = zone.strip_prefix("kruger").unwrap_or(zone).strip_prefix("zone")?.parse().ok()?;
    (2..=5).contains(&zone).then_some(31464 + zone)
}

/// The code of a zone of UTM, where the datum (small letters and digits) is one that is known.
fn utm_code(datum: &str, zone: u32, south: bool) -> Option<u32> {
    let is = |words: [&str; 2]| words.iter().any(|word| datum.contains(word));
    match () {
        () if is(["etrs1989", "etrs89"]) || is(["europeanterrestrialreferencesystem1989"; 2]) => {
            ((28..=38).contains(&zone) && !south).then_some(25800 + zone)
        }
        () if is(["wgs1984", "wgs84"]) || is(["worldgeodeticsystem1984"; 2]) => {
            (1..=60).contains(&zone).then_some(if south { 32700 } else { 32600 } + zone)
        }
        () if is(["sirgas2000"; 2]) => ((17..=25).contains(&zone) && south).then_some(31960 + zone),
        () => None,
    }
}

/// The code of the system that a well-known text describes: by the code it names, by its name, by its parameters.
pub(super) fn code_of_wkt(text: &str) -> Option<u32> {
    let nodes = nodes_of(&text[..text.floor_char_boundary(LONGEST)]);
    let starts = |words: &[&str]| nodes.iter().position(|node| words.contains(&node.keyword.as_str()));
    // A compound or bound system holds the one that is meant.
    let at = starts(&["PROJCS", "PROJCRS", "PROJECTEDCRS"])
        .or_else(|| starts(&["GEOGCS", "GEOGCRS", "GEOGRAPHICCRS", "GEODCRS", "GEODETICCRS"]))?;
    let system = &nodes[at];
    let inside: Vec<&Node> = nodes[at + 1..].iter().take_while(|node| node.depth > system.depth).collect();
    let named = inside.iter().filter(|node| node.depth == system.depth + 1).find_map(|node| node.epsg_code());
    let usable = |code: &u32| Crs::from_epsg(*code).is_ok();
    let by_name = || system.values.first().and_then(|name| code_of_name(name));
    named.filter(usable).or_else(by_name).or_else(|| by_parameters(&inside)).filter(usable)
}

/// A keyword of a well-known text with its plain values; nodes inside it follow with a greater depth.
struct Node {
    depth: usize,
    keyword: String,
    values: Vec<String>,
}

impl Node {
    fn epsg_code(&self) -> Option<u32> {
        let is_code = self.keyword == "AUTHORITY" || self.keyword == "ID";
        let by_epsg = is_code && self.values.first().is_some_and(|name| name.eq_ignore_ascii_case("EPSG"));
        self.values.get(1).filter(|_| by_epsg)?.trim().parse().ok()
    }
}

/// The nodes of a well-known text in its order. What is not well formed is passed over.
fn nodes_of(text: &str) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    let end_of_word = |word: &mut String, open: &[usize], nodes: &mut Vec<Node>| {
        let value = std::mem::take(word).trim().to_owned();
        if let Some(&at) = open.last().filter(|_| !value.is_empty()) {
            nodes[at].values.push(value);
        }
    };
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => word.push(c),
            '[' | '(' => {
                let keyword = std::mem::take(&mut word).trim().to_ascii_uppercase();
                nodes.push(Node { depth: open.len(), keyword, values: Vec::new() });
                open.push(nodes.len() - 1);
            }
            ',' => end_of_word(&mut word, &open, &mut nodes),
            ']' | ')' => {
                end_of_word(&mut word, &open, &mut nodes);
                open.pop();
            }
            _ => word.push(c),
        }
    }
    nodes
}

/// The code of a system that has a name of its own, by the numbers no other system has.
fn by_parameters(inside: &[&Node]) -> Option<u32> {
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let parameter = |names: [&str; 2]| {
        let node = inside.iter().find(|n| {
            n.keyword == "PARAMETER" && n.values.first().is_some_and(|name| names.contains(&plain(name).as_str()))
        })?;
        node.values.get(1)?.trim().parse::<f64>().ok()
    };
    let first_of = |words: [&str; 2]| {
        inside.iter().find(|n| words.contains(&n.keyword.as_str())).and_then(|n| n.values.first()).map(|v| plain(v))
    };
    let east = parameter(["falseeasting", "eastingatfalseorigin"])?;
    let north = parameter(["falsenorthing", "northingatfalseorigin"])?;
    let meridian = parameter(["centralmeridian", "longitudeoffalseorigin"])
        .or_else(|| parameter(["longitudeofnaturalorigin", "longitudeofcenter"]));
    let near = |found: f64, expected: f64, by: f64| (found - expected).abs() <= by;
    let at = |x: f64, y: f64| near(east, x, 1.0) && near(north, y, 1.0);
    let method = first_of(["PROJECTION", "METHOD"])?;
    if method.contains("lambert") && method.contains("conic") {
        // Its older brother (EPSG 31300) differs by 0.01 degrees in the meridian, which is 700 m.
        let is_72 = at(150_000.013, 5_400_088.438) && meridian.is_some_and(|m| near(m, 4.367_486_7, 1e-4));
        return match () {
            () if is_72 => Some(31370),
            () if at(649_328.0, 665_262.0) => Some(3812),
            () if at(150_328.0, 166_262.0) => Some(3447),
            () if at(700_000.0, 6_600_000.0) => Some(2154),
            () => None,
        };
    }
    if method.contains("lambert") && method.contains("azimuthal") {
        return at(4_321_000.0, 3_210_000.0).then_some(3035);
    }
    let scale = parameter(["scalefactor", "scalefactoratnaturalorigin"])?;
    let is_utm = method.contains("transversemercator") && near(east, 500_000.0, 1.0) && near(scale, 0.9996, 1e-6);
    let zone = (meridian.filter(|_| is_utm)? + 183.0) / 6.0;
    let south = near(north, 10_000_000.0, 1.0);
    let is_zone = near(zone, zone.round(), 1e-6) && (south || near(north, 0.0, 1.0)) && (1.0..=60.0).contains(&zone);
    let datum = first_of(["DATUM", "ENSEMBLE"])?;
    is_zone.then(|| utm_code(&datum, zone.round() as u32, south)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As ArcGIS writes it.
    const LAMBERT_72: &str = r#"PROJCS["Belge_Lambert_1972",GEOGCS["GCS_Belge_1972",DATUM["D_Belge_1972",SPHEROID["International_1924",6378388.0,297.0]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic"],PARAMETER["False_Easting",150000.01256],PARAMETER["False_Northing",5400088.4378],PARAMETER["Central_Meridian",4.367486666666666],PARAMETER["Standard_Parallel_1",49.8333339],PARAMETER["Standard_Parallel_2",51.16666723333333],PARAMETER["Latitude_Of_Origin",90.0],UNIT["Meter",1.0]]"#;

    #[test]
    fn every_listed_code_has_a_definition() {
        for (name, code) in NAMES {
            assert!(Crs::from_epsg(*code).is_ok(), "{name}: {code}");
        }
    }

    #[test]
    fn names_of_both_registries_are_known() {
        for (name, code) in [
            ("Belge 1972 / Belgian Lambert 72", Some(31370)),
            ("ETRS89/Belgian Lambert 2008", Some(3812)),
            ("ETRS_1989_UTM_Zone_32N", Some(25832)),
            ("ETRS89 / UTM zone 31N", Some(25831)),
            ("WGS_1984_UTM_Zone_22S", Some(32722)),
            ("SIRGAS 2000 / UTM zone 22S", Some(31982)),
            ("DHDN / 3-degree Gauss-Kruger zone 3", Some(31467)),
            ("WGS 84", Some(4326)),
            ("ETRS89 / UTM zone 99N", None),
            ("Belge 1972 / Belge Lambert 72", None),
            ("unknown", None),
        ] {
            assert_eq!(code_of_name(name), code, "{name}");
        }
    }

    #[test]
    fn lambert_72_is_known_by_name_by_code_and_by_its_numbers() {
        assert_eq!(code_of_wkt(LAMBERT_72), Some(31370));
        let unnamed = LAMBERT_72.replace("Belge_Lambert_1972", "Unnamed");
        assert_eq!(code_of_wkt(&unnamed), Some(31370));
        // The same with the meridian of EPSG 31300, which is another system.
        assert_eq!(code_of_wkt(&unnamed.replace("4.367486666666666", "4.356939722222222")), None);
        let signed = r#"PROJCS["x",GEOGCS["y",DATUM["z",TOWGS84[-106.8686,52.2978,-103.7239,-0.3366,0.457,-1.8422,-1.2747]],AUTHORITY["EPSG","4313"]],AUTHORITY["EPSG","31370"]]"#;
        assert_eq!(code_of_wkt(signed), Some(31370), "not the code of what lies inside");
    }

    #[test]
    fn other_systems_are_known_by_their_numbers() {
        let utm = r#"PROJCS["mine",GEOGCS["g",DATUM["European_Terrestrial_Reference_System_1989"]],PROJECTION["Transverse_Mercator"],PARAMETER["central_meridian",9],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0]]"#;
        assert_eq!(code_of_wkt(utm), Some(25832));
        assert_eq!(code_of_wkt(&utm.replace("0.9996", "1")), None);
        let wkt2 = r#"BOUNDCRS[SOURCECRS[PROJCRS["mine",BASEGEOGCRS["ETRS89",ID["EPSG",4258]],CONVERSION["c",METHOD["Lambert Conic Conformal (2SP)"],PARAMETER["Easting at false origin",649328,LENGTHUNIT["metre",1]],PARAMETER["Northing at false origin",665262]]]]]"#;
        assert_eq!(code_of_wkt(wkt2), Some(3812));
        assert_eq!(code_of_wkt(r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]"#), Some(4326));
    }

    #[test]
    fn what_is_no_well_known_text_means_nothing() {
        for text in ["", "]]]", "PROJCS[", "PROJCS", "LOCAL_CS[\"x\"]", "\"[[[,,,", "PROJCS[[[[,\"a"] {
            assert_eq!(code_of_wkt(text), None, "{text}");
        }
        for length in 0..LAMBERT_72.len() {
            let _ = code_of_wkt(&LAMBERT_72[..length]);
        }
        assert_eq!(code_of_wkt(&"A[".repeat(1_000_000)), None);
    }
}
