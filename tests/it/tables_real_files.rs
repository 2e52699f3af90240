//! Do the readers understand the real files of Liège and Dublin, and small ones in the shape of others?

use std::path::{Path, PathBuf};

use chaland::base::kinds::LotKind;
use chaland::base::projection::Crs;
use chaland::sources::districts::{DistrictOptions, read_districts};
use chaland::sources::features::FeatureOptions;
use chaland::sources::parking::read_parking;
use chaland::sources::population::{PopulationOptions, read_population};
use geo::{Area, Coord, MapCoords};

fn sample(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples").join(path)
}

#[test]
fn communes_of_liege_have_codes_names_and_people() {
    let path = sample("liege/liege_communes_2020.geojson");
    let (districts, notices) = read_districts(&path, &DistrictOptions::default()).expect("districts");
    assert_eq!(districts.len(), 24);
    let ans = districts.iter().find(|district| district.code == "62003").expect("Ans");
    assert_eq!((ans.name.as_str(), ans.population), ("Ans", Some(28_598.0)));
    assert_eq!(ans.names, [("fr".to_owned(), "Ans".to_owned())]);
    let tally = notices.tallies()["liege_communes_2020.geojson"];
    assert_eq!((tally.read, tally.dropped), (24, 0));
}

#[test]
fn cantons_overlap_by_hairlines_only() {
    let path = sample("liege/liege_judicial_cantons.geojson");
    let (districts, notices) = read_districts(&path, &DistrictOptions::default()).expect("districts");
    assert_eq!(districts.len(), 13);
    assert!(districts.iter().any(|district| district.code == "liege-1"));
    assert_eq!(notices.count("districts_overlap"), 0, "{:?}", notices.kept());
    assert_eq!(notices.count("districts_overlap_hairline"), 1);
}

#[test]
fn electoral_divisions_of_dublin_are_named() {
    let path = sample("dublin/dublin_electoral_divisions_from_osm.geojson");
    let (districts, _) = read_districts(&path, &DistrictOptions::default()).expect("districts");
    assert_eq!(districts.len(), 20);
    assert!(districts.iter().any(|district| district.name == "Arran Quay A ED"));
}

#[test]
fn car_parks_of_liege() {
    let (lots, notices) = read_parking(&sample("liege/liege_garages.csv"), &FeatureOptions::default()).expect("lots");
    assert_eq!(lots.len(), 17);
    assert_eq!(lots.iter().filter_map(|lot| lot.capacity).sum::<u32>(), 6773);
    assert_eq!(notices.count("access_from_schedule"), 2);
    assert!(lots.iter().all(|lot| (5.5..5.7).contains(&lot.position.lon)));
}

/// Commune borders in each system give the same place: the readers invert what the golden-tested projection does.
#[test]
fn districts_in_any_system_land_in_the_same_place() {
    let golden = [(31370, (235_666.836, 147_582.934)), (3812, (735_668.499, 647_593.735))];
    let utm = Crs::from_epsg(25832).expect("known");
    let in_utm = utm.from_lon_lat(chaland::base::projection::LonLat { lon: 5.5797, lat: 50.6326 }).expect("inside");
    for (epsg, (x, y)) in golden.into_iter().chain([(25832, in_utm)]) {
        for declared in [true, false] {
            let crs = format!(r#""crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::{epsg}"}}}},"#);
            let (east, north) = (x + 1000.0, y + 1000.0);
            let text = format!(
                r#"{{"type":"FeatureCollection",{}"features":[{{"type":"Feature","properties":{{"nis":"062063","nom":"Liège"}},
                "geometry":{{"type":"Polygon","coordinates":[[[{x},{y}],[{east},{y}],[{east},{north}],[{x},{y}]]]}}}}]}}"#,
                if declared { crs } else { String::new() }
            );
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("d.geojson");
            std::fs::write(&path, text).expect("a file");
            let (districts, notices) = read_districts(&path, &DistrictOptions::default()).expect("districts");
            let corner = districts[0].area.0[0].exterior().0[0];
            // 1 mm is 1.4e-8 degrees of longitude here.
            assert!((corner.x - 5.5797).abs() < 2e-8 && (corner.y - 50.6326).abs() < 2e-8, "{epsg} {corner:?}");
            assert_eq!(notices.count("crs_guessed"), u64::from(!declared), "{epsg}");
            assert_eq!(districts[0].code, "062063", "codes keep their zeros");
        }
    }
}

/// A GeoPackage as GDAL writes it for a population grid, plus a row without geometry, one that declares 2^31 points
/// and one with nobody's number.
#[test]
fn a_population_grid_in_a_geopackage() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("grid with blank.gpkg");
    let connection = rusqlite::Connection::open(&path).expect("a database");
    connection
        .execute_batch(
            "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
               organization_coordsys_id INTEGER, definition TEXT, description TEXT);
             INSERT INTO gpkg_spatial_ref_sys VALUES ('x', 4326, 'EPSG', 4326, '', '');
             CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT,
               srs_id INTEGER, z TINYINT, m TINYINT);
             INSERT INTO gpkg_geometry_columns VALUES ('stops', 'geom', 'POINT', 4326, 0, 0);
             INSERT INTO gpkg_geometry_columns VALUES ('grid', 'geom', 'POLYGON', 4326, 0, 0);
             CREATE TABLE stops (fid INTEGER PRIMARY KEY, geom BLOB);
             CREATE TABLE grid (fid INTEGER PRIMARY KEY, geom BLOB, id INTEGER, population INTEGER);",
        )
        .expect("tables");
    let corners = [(24.90, 60.15), (24.91, 60.15), (24.91, 60.16), (24.90, 60.16), (24.90, 60.15)];
    let blob = |points: u32| {
        let mut blob = b"GP\x00\x03\xe6\x10\x00\x00".to_vec();
        blob.extend([24.90_f64, 24.91, 60.15, 60.16].iter().flat_map(|value| value.to_le_bytes()));
        blob.extend([1, 3, 0, 0, 0, 1, 0, 0, 0]);
        blob.extend(points.to_le_bytes());
        blob.extend(corners.iter().flat_map(|(x, y): &(f64, f64)| [x.to_le_bytes(), y.to_le_bytes()].concat()));
        blob
    };
    let rows = [(Some(blob(5)), Some(389)), (None, Some(1)), (Some(blob(1 << 31)), Some(1)), (Some(blob(5)), None)];
    for (id, (geometry, people)) in rows.into_iter().enumerate() {
        let values = rusqlite::params![geometry, id as i64, people];
        connection.execute("INSERT INTO grid (geom, id, population) VALUES (?1, ?2, ?3)", values).expect("a row");
    }
    drop(connection);
    let (records, notices) = read_population(&path, &PopulationOptions::default()).expect("population");
    assert_eq!(records.cells.len(), 1);
    assert_eq!((records.cells[0].people, records.cells[0].id.as_str()), (389.0, "0"));
    assert!((records.cells[0].position.lon - 24.905).abs() < 1e-9);
    let codes = ["several_layers", "geometry_empty", "geometry_unreadable", "population_missing"];
    assert!(codes.iter().all(|code| notices.count(code) == 1), "{:?}", notices.counts());
    let tally = notices.tallies()["grid with blank.gpkg"];
    assert_eq!((tally.read, tally.used, tally.dropped), (4, 1, 3));
}

/// Heidelberg's street parking: metres of UTM 32 in a GeoJSON that does not say so.
#[test]
fn street_parking_in_utm_without_saying_so() {
    let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"Segment":"-1",
        "Parkwinkel":"Parallel","Bewirtscha":"","Erlaubnis":"Parkschild, Parkuhr, Zeitabhängig","Zeitlimit":"Parkuhr:120 min",
        "Kapazität":"3.0","Straßenna":"Gewann Schafwedel"},
        "geometry":{"type":"LineString","coordinates":[[476083.65,5471796.68],[476063.65,5471796.68]]}}]}"#;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("easypark.geojson");
    std::fs::write(&path, text).expect("a file");
    let (lots, notices) = read_parking(&path, &FeatureOptions::default()).expect("lots");
    assert_eq!(notices.count("crs_guessed"), 1);
    let lot = &lots[0];
    assert_eq!((lot.capacity, lot.kind, lot.maxstay_min, lot.fee), (Some(3), LotKind::Street, Some(120), Some(true)));
    assert_eq!((lot.name.as_str(), lot.line.len()), ("Gewann Schafwedel", 2));
    // The middle of the line is 10 m west of its start.
    let expected = Crs::from_epsg(25832).expect("known").to_lon_lat(476_073.65, 5_471_796.68).expect("inside");
    assert!((lot.position.lon - expected.lon).abs() < 1e-7 && (lot.position.lat - expected.lat).abs() < 1e-7);
}

/// A portal's answer: nested fields, latitude first in `geo_point_2d`, a data set of reserved bays.
#[test]
fn a_portal_answer_of_disabled_bays() {
    let text = r#"{"nhits":1,"records":[{"datasetid":"stationnement-pmr","recordid":"cba2","fields":{"gid":1833,
        "available_spaces":1,"geo_point_2d":[50.602958578,5.6051201],"street_name":"quai Saint-Paul de Sinçay"}}]}"#;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("answer.json");
    std::fs::write(&path, text).expect("a file");
    let (lots, _) = read_parking(&path, &FeatureOptions::default()).expect("lots");
    assert_eq!((lots[0].capacity, lots[0].disabled, lots[0].id.as_str()), (Some(0), Some(1), "1833"));
    assert_eq!((lots[0].position.lon, lots[0].position.lat), (5.6051201, 50.602958578));
}

/// Swapping every axis of the cantons and reading them gives them back.
#[test]
fn swapped_axes_are_undone() {
    let path = sample("liege/liege_communes_2020.geojson");
    let (straight, _) = read_districts(&path, &DistrictOptions::default()).expect("districts");
    let features: Vec<String> = straight
        .iter()
        .map(|district| {
            let turned = district.area.map_coords(|c| Coord { x: c.y, y: c.x });
            let rings: Vec<String> = turned
                .iter()
                .map(|polygon| {
                    let points: Vec<String> =
                        polygon.exterior().coords().map(|c| format!("[{},{}]", c.x, c.y)).collect();
                    format!("[[{}]]", points.join(","))
                })
                .collect();
            format!(
                r#"{{"properties":{{"nis":"{}"}},"geometry":{{"type":"MultiPolygon","coordinates":[{}]}}}}"#,
                district.code,
                rings.join(",")
            )
        })
        .collect();
    let folder = tempfile::tempdir().expect("a folder");
    let turned = folder.path().join("turned.geojson");
    std::fs::write(&turned, format!(r#"{{"features":[{}]}}"#, features.join(","))).expect("a file");
    let (back, notices) = read_districts(&turned, &DistrictOptions::default()).expect("districts");
    assert_eq!(notices.count("coordinates_swapped"), 24);
    for (a, b) in straight.iter().zip(&back) {
        assert!((a.area.unsigned_area() - b.area.unsigned_area()).abs() < 1e-12, "{}", a.code);
    }
}

#[test]
fn counters_of_dublin_and_their_health() {
    use chaland::analysis::counts::{
        AverageMethod, SiteCheck, SiteHealth, SuspectReason, check_site, judge_sites, measure_annual_average,
    };
    use chaland::sources::counts::read_counts;
    let paths = [sample("dublin/dublin_footfall_2023_hourly.csv"), sample("dublin/dublin_footfall_locations.csv")];
    let (records, notices) = read_counts(&paths, "Europe/Dublin").expect("counts");
    assert_eq!(records.sites.len(), 38);
    assert_eq!(records.sites.iter().filter(|site| site.position.is_some()).count(), 20);
    assert_eq!(notices.count("location_without_counts"), 0);
    assert_eq!(notices.count("site_without_counts"), 5);
    // 01:00 of 26 March does not exist (the file repeats 00:00 there); 01:00 of 29 October comes twice.
    assert_eq!((notices.count("hour_does_not_exist"), notices.count("hour_ambiguous")), (1, 1));
    let tally = notices.tallies()["dublin_footfall_2023_hourly.csv"];
    assert_eq!((tally.read, tally.used, tally.dropped), (8760, 8759, 1));

    let checks: Vec<SiteCheck> = records.hours.iter().map(|hours| check_site(hours)).collect();
    let verdicts = judge_sites(&checks);
    let verdict = |name: &str| {
        let index = records.sites.iter().position(|site| site.name == name).expect("a site");
        (&verdicts[index], &checks[index])
    };
    for over in ["Baggot st upper/Mespil rd/Bank", "Liffey st/Halfpenny Bridge"] {
        assert!(matches!(verdict(over).0, SiteHealth::Suspect(_)), "{over}: {:?}", verdict(over).0);
    }
    for dead in ["Dawson Street", "Newcomen Bridge/Charleville mall inbound"] {
        assert_eq!(*verdict(dead).0, SiteHealth::Dead, "{dead}");
    }
    for good in ["O'Connell st/Princes st North", "D'olier st/Burgh Quay", "Mary st/Jervis st"] {
        assert_eq!(*verdict(good).0, SiteHealth::Usable, "{good}");
    }
    // Its median day goes from 25,230 in April to 68,726 in May.
    let shifted = verdict("Grafton Street/CompuB").0;
    assert!(
        matches!(shifted, SiteHealth::Suspect(reasons) if matches!(reasons[..], [SuspectReason::LevelShift { .. }])),
        "{shifted:?}"
    );
    // 17,040 persons on the mean of all days of the file (365 days, one hour less).
    let princes = measure_annual_average(verdict("O'Connell st/Princes st North").1).expect("days");
    assert_eq!(princes.method, AverageMethod::MonthByWeekday);
    assert!((princes.aadp - 17_040.0).abs() < 170.0, "{}", princes.aadp);
}
