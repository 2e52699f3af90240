//! What do the readers of tables and features say of bad input? One small file per notice code, one defect each.

use std::path::PathBuf;

use chaland::base::kinds::{LotAccess, LotKind};
use chaland::base::notice::Notices;
use chaland::sources::districts::{DistrictOptions, DistrictsError, read_districts};
use chaland::sources::features::{FeatureOptions, FeaturesError};
use chaland::sources::parking::{add_occupancy, read_parking};
use chaland::sources::population::{PopulationError, PopulationOptions, read_population};
use chaland::sources::table::{TableError, read_table};

/// Writes a file and hands its path to `read`.
fn with_file<T>(name: &str, content: &[u8], read: impl FnOnce(PathBuf) -> T) -> T {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("a file");
    read(path)
}

/// Asserts that exactly this code was told, as often as said, and that the tallies balance.
pub fn assert_told(code: &str, times: u64, notices: &Notices) {
    let told: Vec<String> = notices.kept().iter().map(|notice| format!("{}: {notice}", notice.code)).collect();
    assert_eq!(notices.count(code), times, "{code} was not told: {told:#?}");
    assert_eq!(notices.counts().len(), 1, "{code} is not alone: {told:#?}");
    assert!(notices.tallies().values().all(|tally| tally.balances()), "{code}: {:?}", notices.tallies());
}

/// A collection of features with these `(properties, geometry)`.
fn collection(features: &[(&str, &str)]) -> String {
    let features: Vec<String> = features
        .iter()
        .map(|(properties, geometry)| {
            format!(r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{geometry}}}"#)
        })
        .collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",\n"))
}

fn polygon(rings: &str) -> String {
    format!(r#"{{"type":"Polygon","coordinates":[{rings}]}}"#)
}

/// A square of 0.01 degrees whose south-west corner is given.
fn square(lon: f64, lat: f64) -> String {
    let (east, north) = (lon + 0.01, lat + 0.01);
    polygon(&format!("[[{lon},{lat}],[{east},{lat}],[{east},{north}],[{lon},{north}],[{lon},{lat}]]"))
}

const A: &str = r#""code":"A","name":"Alpha""#;
const B: &str = r#""code":"B","name":"Beta""#;

fn districts(text: &str) -> (usize, Notices) {
    with_file("d.geojson", text.as_bytes(), |path| {
        let (districts, notices) = read_districts(&path, &DistrictOptions::default()).expect("districts");
        (districts.len(), notices)
    })
}

#[test]
fn tables() {
    let cases: [(&str, &[u8]); 7] = [
        ("encoding_guessed", b"name;n\nLi\xe8ge;1\n"),
        ("nul_bytes", b"name;number;note\nLi\0ge;1;a long enough line of text\n"),
        ("row_ragged", b"a,b\n1\n"),
        ("row_ragged", b"a,b\n1,2,3\n"),
        ("column_duplicate", b"a,b,A\n1,2,3\n"),
        ("table_without_rows", b"a,b\n"),
        ("quote_unclosed", b"a,b\n\"1,2\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\",2\n"),
    ];
    for (code, content) in cases {
        let mut notices = Notices::new();
        with_file("t.csv", content, |path| read_table(&path, &mut notices)).expect("a table");
        assert_told(code, 1, &notices);
    }
    let empty = with_file("t.csv", b"", |path| read_table(&path, &mut Notices::new()));
    assert!(matches!(empty, Err(TableError::Empty { .. })));
    let absent = read_table(std::path::Path::new("no such folder/t.csv"), &mut Notices::new());
    assert!(matches!(absent, Err(TableError::Unreadable { .. })));
}

#[test]
fn districts_one_defect_each() {
    let good = square(5.5, 50.6);
    let next = square(5.52, 50.6);
    let apart = |other: &str| collection(&[(A, &good), (B, other)]);
    let lambert = polygon("[[151000,170000],[152000,170000],[152000,171000],[151000,170000]]");
    let bow_tie = polygon("[[5.52,50.6],[5.53,50.61],[5.53,50.6],[5.52,50.61],[5.52,50.6]]");
    let open = polygon("[[5.52,50.6],[5.53,50.6],[5.53,50.61]]");
    let swapped = polygon("[[50.6,5.52],[50.6,5.53],[50.61,5.53],[50.6,5.52]]");
    let flat_hole =
        polygon("[[5.52,50.6],[5.53,50.6],[5.53,50.61],[5.52,50.6]],[[5.525,50.602],[5.526,50.602],[5.525,50.602]]");
    let half_over = square(5.505, 50.6);
    // A hundred thousandth of a degree of a hundredth: 0.05 % of the square.
    let hairline = square(5.509_995, 50.6);
    let cases: Vec<(&str, usize, String)> = vec![
        ("geometry_empty", 1, apart("null")),
        ("geometry_empty", 1, apart(r#"{"type":"Polygon","coordinates":[]}"#)),
        ("geometry_unreadable", 1, apart(r#"{"type":"Polygon","coordinates":[[["5.5",50.6]]]}"#)),
        ("geometry_unreadable", 1, apart(r#"{"type":"Circle","coordinates":[1,2]}"#)),
        ("coordinate_not_finite", 1, apart(&polygon("[[5.5,NaN],[5.6,50.6],[5.6,50.7],[5.5,NaN]]"))),
        ("coordinate_outside", 1, apart(&polygon("[[5.5,50.6],[500.0,500.0],[5.6,50.7],[5.5,50.6]]"))),
        ("coordinates_swapped", 2, apart(&swapped)),
        ("ring_unclosed", 2, apart(&open)),
        ("ring_self_intersecting", 2, apart(&bow_tie)),
        ("ring_degenerate", 2, apart(&flat_hole)),
        ("area_zero", 1, apart(&polygon("[[5.52,50.6],[5.53,50.6],[5.52,50.6],[5.52,50.6]]"))),
        ("not_a_polygon", 1, apart(r#"{"type":"Point","coordinates":[5.52,50.6]}"#)),
        (
            "not_only_polygons",
            2,
            apart(&format!(
                r#"{{"type":"GeometryCollection","geometries":[{next},{{"type":"Point","coordinates":[5.5,50.6]}}]}}"#
            )),
        ),
        ("district_code_duplicate", 2, collection(&[(A, &good), (A, &next)])),
        ("district_unnamed", 2, collection(&[(A, &good), (r#""colour":"red""#, &next)])),
        ("population_invalid", 1, collection(&[(r#""code":"A","population":"-5""#, &good)])),
        ("number_format_guessed", 1, collection(&[(r#""code":"A","population":"1.240""#, &good)])),
        ("districts_overlap", 2, apart(&half_over)),
        ("districts_overlap_hairline", 2, apart(&hairline)),
        ("crs_guessed", 1, collection(&[(A, &lambert)])),
        (
            "crs_not_understood",
            1,
            format!(
                r#"{{"crs":{{"properties":{{"name":"Lambert"}}}},"features":[{{"properties":{{{A}}},"geometry":{good}}}]}}"#
            ),
        ),
    ];
    for (code, left, text) in cases {
        let (found, notices) = districts(&text);
        assert_told(code, 1, &notices);
        assert_eq!(found, left, "{code}");
    }
}

#[test]
fn residents_written_as_text_with_a_mark_between_thousands_are_whole() {
    let text = collection(&[(r#""code":"A","population":"1.240""#, &square(5.5, 50.6))]);
    let read = with_file("d.geojson", text.as_bytes(), |path| read_districts(&path, &DistrictOptions::default()));
    assert_eq!(read.expect("a district").0[0].population, Some(1240.0));
}

#[test]
fn files_that_are_no_districts_are_errors() {
    let read = |text: &str| {
        with_file("d.geojson", text.as_bytes(), |path| read_districts(&path, &DistrictOptions::default()).map(|_| ()))
    };
    assert!(matches!(read("{"), Err(DistrictsError::Features(FeaturesError::NotJson { .. }))));
    assert!(matches!(read("{\"a\": 1}"), Err(DistrictsError::Features(FeaturesError::NoFeatures { .. }))));
    let far = polygon("[[1e9,1e9],[2e9,1e9],[2e9,2e9],[1e9,1e9]]");
    let unplaced = read(&collection(&[(A, &far)]));
    assert!(matches!(unplaced, Err(DistrictsError::Features(FeaturesError::Placement { .. }))));
    let points = read(&collection(&[(A, r#"{"type":"Point","coordinates":[5.5,50.6]}"#)]));
    assert!(matches!(points, Err(DistrictsError::NoPolygons { features: 1, .. })));
    let asked = DistrictOptions { code_field: Some("NIS".to_owned()), ..DistrictOptions::default() };
    let text = collection(&[(A, &square(5.5, 50.6))]);
    let missing = with_file("d.geojson", text.as_bytes(), |path| read_districts(&path, &asked).map(|_| ()));
    assert!(matches!(missing, Err(DistrictsError::FieldMissing { .. })));
    let not_sqlite = with_file("d.gpkg", b"SQLite format 3\0 and then nothing", |path| {
        read_districts(&path, &DistrictOptions::default()).map(|_| ())
    });
    assert!(matches!(not_sqlite, Err(DistrictsError::Features(FeaturesError::NotGeoPackage { .. }))));
}

#[test]
fn population_one_defect_each() {
    let cases = [
        ("population_negative", "id,lon,lat,population\na,5.5,50.6,10\nb,5.5,50.6,-3\n"),
        ("population_unparsable", "id,lon,lat,population\na,5.5,50.6,10\nb,5.5,50.6,NaN\n"),
        ("population_missing", "id,lon,lat,population\na,5.5,50.6,10\nb,5.5,50.6,\n"),
        ("position_missing", "id,lon,lat,population\na,5.5,50.6,10\nb,,50.6,3\n"),
        ("coordinate_outside", "id,lon,lat,population\na,5.5,50.6,10\nb,555,555,3\n"),
        ("coordinates_swapped", "id,lon,lat,population\na,5.5,50.6,10\nb,50.6,5.5,3\n"),
        ("population_code_duplicate", "code,population\n1,10\n1,11\n"),
        ("population_code_missing", "code,population\n1,10\n,11\n"),
        ("number_format_guessed", "code;population\n1;1.639\n2;609\n"),
    ];
    for (code, text) in cases {
        let found = with_file("p.csv", text.as_bytes(), |path| read_population(&path, &PopulationOptions::default()));
        assert_told(code, 1, &found.expect("population").1);
    }
    let line = r#"{"type":"LineString","coordinates":[[5.5,50.6],[5.6,50.6]]}"#;
    let text = collection(&[(r#""population":3"#, line)]);
    let found = with_file("p.geojson", text.as_bytes(), |path| read_population(&path, &PopulationOptions::default()));
    assert_told("cell_without_area", 1, &found.expect("population").1);
    let nobody = with_file("p.csv", b"a,b\n1,2\n", |path| read_population(&path, &PopulationOptions::default()));
    assert!(matches!(nobody, Err(PopulationError::NoPeople { .. })));
    let nowhere =
        with_file("p.csv", b"population,b\n1,2\n", |path| read_population(&path, &PopulationOptions::default()));
    assert!(matches!(nowhere, Err(PopulationError::NoPlace { .. })));
}

#[test]
fn parking_one_defect_each() {
    let cases = [
        ("capacity_invalid", "name,spaces,lat,lon\nP,-3,50.6,5.5\n"),
        ("capacity_invalid", "name,spaces,lat,lon\nP,99999999999,50.6,5.5\n"),
        ("price_invalid", "name,spaces,price,lat,lon\nP,3,-2,50.6,5.5\n"),
        ("price_invalid", "name,spaces,price,lat,lon\nP,3,2€ / jour,50.6,5.5\n"),
        ("maxstay_invalid", "name,spaces,maxstay,lat,lon\nP,3,unbegrenzt,50.6,5.5\n"),
        ("maxstay_invalid", "name,spaces,maxstay,lat,lon\nP,3,Mo-Fr 08:00-18:00 max 2h,50.6,5.5\n"),
        ("maxstay_invalid", "name,spaces,maxstay,lat,lon\nP,3,2,50.6,5.5\n"),
        ("lot_access_unknown", "name,spaces,access,lat,lon\nP,3,peut-être,50.6,5.5\n"),
        ("lot_id_duplicate", "id,spaces,lat,lon\nP,3,50.6,5.5\nP,4,50.7,5.5\n"),
        ("position_missing", "name,spaces,lat,lon\nP,3,,\n"),
        ("coordinates_swapped", "name,spaces,lat,lon\nP,3,5.5,50.6\n"),
        ("occupancy_invalid", "name,spaces,occupancy,lat,lon\nP,3,-0.5,50.6,5.5\n"),
        ("access_from_schedule", "name,spaces,schedule,lat,lon\nP,3,sur abonnement,50.6,5.5\n"),
        ("disabled_bays", "name,spaces,type,lat,lon\nP,1,PMR,50.6,5.5\n"),
        ("crs_guessed", "name,spaces,x,y\nP,3,235666.836,147582.934\n"),
    ];
    for (code, text) in cases {
        let found = with_file("p.csv", text.as_bytes(), |path| read_parking(&path, &FeatureOptions::default()));
        assert_told(code, 1, &found.expect("lots").1);
    }
    let city = collection(&[(r#""name":"X","type":"city""#, r#"{"type":"Point","coordinates":[8.7,49.4]}"#)]);
    let line = r#"{"type":"LineString","coordinates":[[8.7,49.4],[8.71,49.4]]}"#;
    let closed = collection(&[(r#""Kapazität":"0.0","Parkwinkel":"Parkverbot""#, line)]);
    for (code, text) in [("not_a_lot", city), ("no_parking", closed)] {
        let found = with_file("p.geojson", text.as_bytes(), |path| read_parking(&path, &FeatureOptions::default()));
        assert_told(code, 1, &found.expect("lots").1);
    }
}

/// The words of other columns and of names are not taken for access, kind or price.
#[test]
fn parking_words_mean_what_they_say() {
    let one = |header: &str, row: &str| {
        let text = format!("{header},spaces,lat,lon\n{row},3,50.6,5.5\n");
        let read = with_file("p.csv", text.as_bytes(), |path| read_parking(&path, &FeatureOptions::default()));
        let (mut lots, notices) = read.expect("lots");
        (lots.remove(0), notices)
    };
    for word in ["no", "staff", "employees", "military", "non public", "réservé au personnel"] {
        let (lot, notices) = one("name,access", &format!("P,{word}"));
        assert_eq!((lot.access, notices.kept().len()), (LotAccess::Private, 0), "{word}");
    }
    // A column `parking` bears names here, and one of them speaks of people with reduced mobility and of a garage.
    let (lot, notices) = one("parking", "Garage des PMR anciens");
    assert_eq!((lot.name.as_str(), lot.kind, lot.capacity), ("Garage des PMR anciens", LotKind::Surface, Some(3)));
    assert!(notices.kept().is_empty());
    let (lot, _) = one("parking,nom", "multi-storey,");
    assert_eq!((lot.name.as_str(), lot.kind), ("", LotKind::MultiStorey));
    let (lot, _) = one("nom,parking", "Opéra,Tiefgarage");
    assert_eq!((lot.name.as_str(), lot.kind), ("Opéra", LotKind::Underground));
    assert_eq!(one("name,price", "P,2€ / 1h").0.price_per_hour, Some(2.0));
    assert_eq!(one("name,maxstay", "P,02:00").0.maxstay_min, Some(120));
}

#[test]
fn occupancy_tables() {
    let lots = "id,name,spaces,lat,lon\n7,Kennedy,100,50.6,5.5\n8,Opéra,,50.6,5.5\n9,,50,50.6,5.5\n";
    let (mut lots, _) =
        with_file("p.csv", lots.as_bytes(), |path| read_parking(&path, &FeatureOptions::default())).expect("lots");
    let mut add = |text: &str| {
        with_file("occupancy.csv", text.as_bytes(), |path| add_occupancy(&path, &mut lots, "Europe/Brussels"))
    };
    let cases = [
        ("lot_unknown", "lot,hour,occupied\n99,8,50\n"),
        ("lot_missing", "lot,hour,occupied\n,8,50\n"),
        ("time_unparsable", "lot,date,hour,occupied\n7,lundi,8,50\n"),
        ("hour_invalid", "lot,hour,occupied\n7,24,50\n"),
        ("occupancy_invalid", "lot,hour,occupied\n7,8,500\n"),
        ("occupancy_without_capacity", "lot,hour,occupied\nOpéra,8,50\n"),
        ("date_order_assumed", "lot,time,occupied\n7,01/02/2023 08:00,50\n"),
    ];
    for (code, text) in cases {
        assert_told(code, 1, &add(text).expect("a table"));
    }
    // Two Mondays at eight with 80 and 90 of 100 bays taken: 0.85.
    let notices = add("lot;time;occupied\nkennedy;15.05.2023 08:10;80\n7;22.05.2023 08:00;90\n").expect("a table");
    assert!(notices.kept().is_empty());
    let monday = lots[0].occupancy.iter().find(|o| o.hour == Some(8) && (o.share - 0.85).abs() < 1e-12);
    assert!(monday.is_some(), "{:?}", lots[0].occupancy);
}

/// 23:30 of Friday in UTC is 01:30 of Saturday in Brussels in summer; a time of day may have a column of its own.
#[test]
fn occupancy_is_told_by_the_clocks_of_the_town() {
    use chaland::sources::parking::{DayKind, ParkingError};
    let lots = "id,spaces,lat,lon\n7,100,50.6,5.5\n";
    let (lots, _) =
        with_file("p.csv", lots.as_bytes(), |path| read_parking(&path, &FeatureOptions::default())).expect("lots");
    for (text, day, hour) in [
        ("lot,time,occupied\n7,2023-05-19T23:30:00Z,50\n", DayKind::Saturday, 1),
        ("lot,time,occupied\n7,2023-05-20T01:30:00+02:00,50\n", DayKind::Saturday, 1),
        ("lot,time,occupied\n7,2023-05-20T01:30:00,50\n", DayKind::Saturday, 1),
        ("lot,date,time,occupied\n7,2023-05-20,01:30,50\n", DayKind::Saturday, 1),
        ("lot,time,occupied\n7,01:30,50\n", DayKind::Any, 1),
    ] {
        let mut lots = lots.clone();
        let add = |path: PathBuf| add_occupancy(&path, &mut lots, "Europe/Brussels");
        let notices = with_file("o.csv", text.as_bytes(), add).expect("a table");
        assert!(notices.kept().is_empty(), "{text}: {:?}", notices.kept());
        let found: Vec<_> = lots[0].occupancy.iter().map(|o| (o.day, o.hour, o.share)).collect();
        assert_eq!(found, [(day, Some(hour), 0.5)], "{text}");
    }
    let nowhere = with_file("o.csv", b"lot,hour,occupied\n7,8,50\n", |path| add_occupancy(&path, &mut [], "Mars"));
    assert!(matches!(nowhere, Err(ParkingError::UnknownZone { .. })));
}

#[test]
fn counts_one_defect_each() {
    use chaland::sources::counts::{CountsError, read_counts};
    let read = |texts: &[&str], zone: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        let paths: Vec<PathBuf> = texts
            .iter()
            .enumerate()
            .map(|(i, text)| {
                let path = folder.path().join(format!("{i}.csv"));
                std::fs::write(&path, text).expect("a file");
                path
            })
            .collect();
        read_counts(&paths, zone)
    };
    let sites = "name,lat,lon\nA,53.3,-6.2\n";
    let cases: [(&str, &[&str]); 17] = [
        ("time_unparsable", &["site,time,count\nA,2023-05-01 10:00,1\nA,noon,1\n", sites]),
        ("site_missing", &["site,time,count\nA,2023-05-01 10:00,1\n,2023-05-01 10:00,1\n", sites]),
        ("count_invalid", &["time,A\n2023-05-01 10:00,1\n2023-05-01 11:00,-4\n", sites]),
        ("count_fractional", &["time,A\n2023-05-01 10:00,1.5\n", sites]),
        ("number_format_guessed", &["time;A\n2023-05-01 10:00;1.234\n", sites]),
        ("directions_summed", &["site,time,direction,count\nA,2023-05-01 10:00,N,1\nA,2023-05-01 10:00,S,2\n", sites]),
        ("count_duplicate", &["site,time,count\nA,2023-05-01 10:00,1\nA,2023-05-01 10:00,2\n", sites]),
        ("count_column_duplicate", &["time,A,A Pedestrians\n2023-05-01 10:00,1,1\n", sites]),
        ("date_order_assumed", &["time,A\n01/02/2023 10:00,1\n", sites]),
        ("hour_does_not_exist", &["time,A\n2023-03-26 00:00,1\n2023-03-26 01:00,1\n", sites]),
        ("hour_ambiguous", &["time,A\n2023-10-29 01:00,1\n", sites]),
        ("direction_sum_mismatch", &["time,A,A IN,A OUT\n2023-05-01 10:00,9,1,2\n", sites]),
        ("site_without_counts", &["time,A\n2023-05-01 10:00,\n", sites]),
        ("site_without_position", &["time,A,B\n2023-05-01 10:00,1,1\n", sites]),
        ("location_without_counts", &["time,A\n2023-05-01 10:00,1\n", "name,lat,lon\nA,53.3,-6.2\nC,53,-6\n"]),
        ("location_duplicate", &["time,A\n2023-05-01 10:00,1\n", "name,lat,lon\nA,53.3,-6.2\nA,53,-6\n"]),
        ("table_not_recognised", &["time,A\n2023-05-01 10:00,1\n", sites, "x,y,z\n1,2,3\n"]),
    ];
    for (code, texts) in cases {
        assert_told(code, 1, &read(texts, "Europe/Dublin").expect("counts").1);
    }
    // A date in the other order is no date in the order of the column.
    let mixed = "time,A\n13/05/2023 10:00,1\n14/05/2023 10:00,1\n05/15/2023 10:00,1\n";
    let (_, notices) = read(&[mixed, sites], "Europe/Dublin").expect("counts");
    assert_eq!(
        (notices.count("date_order_mixed"), notices.count("time_unparsable"), notices.counts().len()),
        (1, 1, 2)
    );
    assert!(matches!(read(&["time,A\n2023-05-01 10:00,1\n"], "Mars/Olympus"), Err(CountsError::UnknownZone { .. })));
    assert!(matches!(read(&[sites], "Europe/Dublin"), Err(CountsError::NoCounts)));
}

#[test]
fn a_layer_that_is_a_view_is_refused_and_another_layer_read() {
    let endless = "WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n) SELECT a AS geom FROM n";
    let schema = format!(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER);
         CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER);
         INSERT INTO gpkg_geometry_columns VALUES ('Endless', 'geom', 'POLYGON', 4326);
         CREATE VIEW endless AS {endless};"
    );
    let read = |more: &str, layer: Option<&str>| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("d.gpkg");
        let database = rusqlite::Connection::open(&path).expect("made");
        database.execute_batch(&format!("{schema}{more}")).expect("run");
        let options = FeatureOptions { layer: layer.map(str::to_owned), ..FeatureOptions::default() };
        let options = DistrictOptions { features: options, ..DistrictOptions::default() };
        read_districts(&path, &options).expect_err("no districts").to_string()
    };
    let refused = "d.gpkg: is not a usable GeoPackage: Endless is a view, expected a plain table; \
                   save the layer as a new GeoPackage";
    assert_eq!(read("", None), refused);
    let table = "INSERT INTO gpkg_geometry_columns VALUES ('t', 'geom', 'POLYGON', 4326); CREATE TABLE t (geom BLOB);";
    assert_eq!(read(table, Some("Endless")), refused);
    assert!(read(table, None).contains("none of its 0 features"), "the table is read");
}
