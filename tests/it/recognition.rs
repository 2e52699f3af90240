//! Is each file of a folder taken for what it is, and is nothing passed over in silence?

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use chaland::base::projection::LonLat;
use chaland::study::StudyError;
use chaland::study::inputs::InputKind;
use chaland::study::manifest::Manifest;
use chaland::study::manifest_text::manifest_text;
use chaland::study::recognise::{Recognised, Verdict, recognise};
use chaland::testing::geotiff::GeoTiff;
use chaland::testing::pbf::Extract;

use super::vector_formats::bytes_of;

/// A street of eleven nodes from a corner, about 700 m east and 1.1 km north.
pub fn extract_at(lon: f64, lat: f64) -> Vec<u8> {
    let mut extract = Extract::new();
    for i in 0..11_i32 {
        let step = f64::from(i) * 0.001;
        extract.node(i64::from(i) + 1, LonLat { lon: lon + step, lat: lat + step }, &[]);
    }
    extract.way(1, &(1..12).collect::<Vec<i64>>(), &[("highway", "residential")]).to_bytes()
}

struct Town {
    folder: tempfile::TempDir,
}

impl Town {
    fn new() -> Self {
        let town = Self { folder: tempfile::tempdir().expect("a folder") };
        town.with("town.osm.pbf", extract_at(5.56, 50.63))
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, bytes).expect("written");
        self
    }

    fn recognised(&self) -> Recognised {
        recognise(self.path()).expect("a study")
    }

    fn verdict(&self, name: &str) -> (Verdict, String) {
        let findings = self.recognised().findings;
        let finding = findings.into_iter().find(|f| f.file == name).expect("every file has a finding");
        (finding.verdict, finding.reason)
    }

    #[track_caller]
    fn assert_used(&self, name: &str, kind: InputKind) {
        let (verdict, reason) = self.verdict(name);
        assert_eq!(verdict, Verdict::Used(kind), "{reason}");
        assert!(self.recognised().manifest.inputs.of(kind).contains(&Path::new(name)));
    }

    #[track_caller]
    fn assert_not_used(&self, name: &str, verdict: Verdict, reason: &str, code: &str) {
        let (found, why) = self.verdict(name);
        assert_eq!(found, verdict, "{why}");
        assert!(why.contains(reason), "{why}");
        let notices = self.recognised().notices;
        assert!(notices.kept().iter().any(|n| n.code == code && n.file == name), "{:?}", notices.kept());
    }
}

fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begun");
        writer.write_all(text.as_bytes()).expect("written");
    }
    writer.finish().expect("closed").into_inner()
}

const AGENCY: &str = "agency_id,agency_name,agency_url,agency_timezone\n1,Bus,http://bus,Europe/Luxembourg\n";

fn feed(folder: &str) -> Vec<u8> {
    let names = ["agency.txt", "stops.txt", "stop_times.txt", "trips.txt"].map(|name| format!("{folder}{name}"));
    zipped(&[(&names[0], AGENCY), (&names[1], "stop_id\n"), (&names[2], "trip_id\n"), (&names[3], "trip_id\n")])
}

fn squares(corners: &[(f64, f64)], side: f64, properties: &str) -> String {
    let features: Vec<String> = corners
        .iter()
        .map(|&(x, y)| {
            let (east, north) = (x + side, y + side);
            let ring = format!("[[{x},{y}],[{east},{y}],[{east},{north}],[{x},{north}],[{x},{y}]]");
            let geometry = format!(r#"{{"type":"Polygon","coordinates":[{ring}]}}"#);
            format!(r#"{{"type":"Feature","properties":{properties},"geometry":{geometry}}}"#)
        })
        .collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

#[test]
fn an_extract_that_cannot_be_read_is_named_with_the_reason() {
    let whole = extract_at(5.56, 50.63);
    let found = |bytes: &[u8]| {
        let town = Town::new().with("town.osm.pbf", bytes).with("counts.csv", "");
        recognise(town.path()).expect_err("no streets").to_string()
    };
    let cut = found(&whole[..whole.len() - 20]);
    assert!(cut.contains("; town.osm.pbf is a damaged OpenStreetMap extract (ends at byte "), "{cut}");
    let empty = found(b"");
    assert!(empty.ends_with("found no file; town.osm.pbf is empty; counts.csv is empty"), "{empty}");
}

#[test]
fn a_manifest_that_is_no_file_is_an_error() {
    let town = Town::new();
    assert!(chaland::study::open::open(town.path()).is_ok());
    fs::create_dir(town.path().join("study.toml")).expect("made");
    let found = chaland::study::open::open(town.path());
    assert!(matches!(found, Err(StudyError::FileUnreadable { .. })), "{found:?}");
}

#[cfg(unix)]
#[test]
fn what_can_be_read_for_ever_is_not_read() {
    let town = Town::new();
    std::os::unix::fs::symlink("/dev/zero", town.path().join("endless.csv")).expect("linked");
    let _listener = std::os::unix::net::UnixListener::bind(town.path().join("socket.csv")).expect("bound");
    town.assert_not_used("endless.csv", Verdict::Unreadable, "it is a device", "file_unreadable");
    town.assert_not_used("socket.csv", Verdict::Unreadable, "it is a socket", "file_unreadable");
    let named =
        town.with("study.toml", "[study]\nname = \"x\"\ntime_zone = \"UTC\"\n[inputs]\nstreets = [\"endless.csv\"]\n");
    let manifest = Manifest::read(named.path()).expect("a manifest");
    let found = chaland::study::audit(&manifest, named.path(), &chaland::study::progress::Silent);
    assert!(found.is_err());
}

#[test]
fn a_json_file_of_empty_lists_is_not_unpacked() {
    let town = Town::new().with("a.geojson", format!("{{\"features\": [{}0]}}", "[],".repeat(3_100_000)));
    town.assert_not_used("a.geojson", Verdict::NotRecognised, "more than 1 GB", "file_not_recognised");
}

#[test]
fn an_extract_alone_is_a_study() {
    let town = Town::new();
    let found = town.recognised();
    assert_eq!(found.manifest.inputs.streets, [PathBuf::from("town.osm.pbf")]);
    assert_eq!(found.manifest.study.time_zone, "Europe/Brussels");
    assert_eq!(found.missing.len(), 9, "all but streets, and sites without counts: {:?}", found.missing);
    assert!(found.notices.counts().is_empty());
}

#[test]
fn the_name_of_a_file_decides_nothing() {
    let town = Town::new().with("parking.csv", extract_at(5.57, 50.64)).with("notes.txt", feed("deep/inside/"));
    town.assert_used("parking.csv", InputKind::Streets);
    town.assert_used("notes.txt", InputKind::Timetable);
    assert_eq!(town.recognised().manifest.study.time_zone, "Europe/Luxembourg", "the feed knows better than the place");
}

#[test]
fn feeds_are_zip_files_or_folders() {
    let folder = Town::new()
        .with("bus/stops.txt", "stop_id\n")
        .with("bus/stop_times.txt", "trip_id\n")
        .with("bus/trips.txt", "trip_id\n")
        .with("photos/a.txt", "x");
    folder.assert_used("bus", InputKind::Timetable);
    folder.assert_not_used("photos", Verdict::NotRecognised, "is a folder", "file_not_recognised");
    let zips = Town::new().with("a.zip", feed("")).with("b.zip", feed("b/")).with("c.zip", zipped(&[("x.shp", "")]));
    assert_eq!(zips.recognised().manifest.inputs.timetables.len(), 2);
    assert_eq!(zips.recognised().notices.count("agency_in_two_feeds"), 1);
    zips.assert_not_used("c.zip", Verdict::Unreadable, "is not a usable Shapefile", "file_unreadable");
    let half = Town::new().with("a.zip", zipped(&[("stop_times.txt", ""), ("stops.txt", "")]));
    half.assert_not_used("a.zip", Verdict::NotRecognised, "without trips.txt", "file_not_recognised");
}

/// The districts of `tests/vector` lie east of the town; an extract there meets that of the town.
fn town_of_districts() -> Town {
    Town::new().with("east.osm.pbf", extract_at(5.585, 50.632))
}

#[test]
fn a_shapefile_is_one_file_with_those_beside_it() {
    let parts = ["shp", "dbf", "shx", "cpg", "prj"];
    let town = parts.iter().fold(town_of_districts(), |town, ending| {
        let name =
            if *ending == "shp" { "quartiers.shp".to_owned() } else { format!("Quartiers.{}", ending.to_uppercase()) };
        town.with(&name, bytes_of(&format!("districts.{ending}")))
    });
    town.assert_used("quartiers.shp", InputKind::Districts);
    let (_, reason) = town.verdict("quartiers.shp");
    let beside = "Quartiers.CPG, Quartiers.DBF, Quartiers.PRJ, Quartiers.SHX";
    assert_eq!(reason, format!("Shapefile with {beside}: 2 polygons with code, nom, habitants; 2 of 2 in the extract"));
    let found = town.recognised();
    assert_eq!(found.findings.len(), 3, "two extracts and a Shapefile: {:?}", found.findings);
    let districts = found.manifest.inputs.districts.expect("districts");
    assert_eq!((districts.population_field.as_deref(), districts.epsg), (Some("habitants"), None));
    let alone = Town::new().with("quartiers.dbf", bytes_of("districts.dbf")).with("d.prj", bytes_of("districts.prj"));
    for name in ["quartiers.dbf", "d.prj"] {
        alone.assert_not_used(name, Verdict::NotRecognised, "whose .shp is not there", "file_not_recognised");
    }
}

#[test]
fn two_shapefiles_of_one_geometry_are_no_copies() {
    let dbf = bytes_of("districts.dbf");
    let other = [&dbf[..dbf.len() - 1], b"X"].concat();
    let town = town_of_districts()
        .with("a.shp", bytes_of("districts.shp"))
        .with("a.dbf", &dbf)
        .with("b.shp", bytes_of("districts.shp"))
        .with("b.dbf", other)
        .with("c.shp", bytes_of("districts.shp"))
        .with("c.dbf", &dbf);
    let copied: Vec<String> =
        town.recognised().notices.kept().iter().filter(|n| n.code == "file_copied").map(|n| n.file.clone()).collect();
    assert_eq!(copied, ["c.shp"]);
}

#[test]
fn formats_of_features_are_told_by_their_content() {
    for (sample, kind) in [
        ("districts.fgb", InputKind::Districts),
        ("districts_streamed.fgb", InputKind::Districts),
        ("districts_zstd.parquet", InputKind::Districts),
        ("districts_snappy.parquet", InputKind::Districts),
        ("points.fgb", InputKind::Parking),
        ("points.parquet", InputKind::Parking),
    ] {
        town_of_districts().with("what.ever", bytes_of(sample)).assert_used("what.ever", kind);
    }
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for ending in ["shp", "dbf", "prj", "cpg"] {
        let name = format!("export/quartiers.{ending}");
        writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("begun");
        writer.write_all(&bytes_of(&format!("districts.{ending}"))).expect("written");
    }
    let zip = writer.finish().expect("closed").into_inner();
    town_of_districts().with("what.ever", zip).assert_used("what.ever", InputKind::Districts);
}

#[test]
fn formats_of_features_that_cannot_be_used_are_told() {
    let brotli = Town::new().with("a.parquet", bytes_of("districts_brotli.parquet"));
    brotli.assert_not_used("a.parquet", Verdict::Unreadable, "it is packed with Brotli", "file_unreadable");
    let mut plain = bytes_of("districts_zstd.parquet");
    let at = plain.windows(5).rposition(|part| part == b"\x03geo\x18").expect("the key");
    plain[at + 3] = b'e';
    let plain = Town::new().with("a.parquet", plain);
    plain.assert_not_used("a.parquet", Verdict::NotRecognised, "without geometry", "file_not_recognised");
    let cut = Town::new().with("a.fgb", &bytes_of("districts.fgb")[..50]);
    cut.assert_not_used("a.fgb", Verdict::Unreadable, "is not a usable FlatGeobuf file", "file_unreadable");
    let west = Town::new().with("a.fgb", bytes_of("districts.fgb"));
    west.assert_not_used("a.fgb", Verdict::NotUsed, "0 of 2 in the extract", "input_outside_extract");
    let unplaced = town_of_districts().with("a.shp", bytes_of("districts.shp"));
    unplaced.assert_not_used("a.shp", Verdict::NotUsed, "name it in study.toml with its epsg code", "system_unknown");
}

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn tables_are_told_apart() {
    let wide = "Time,Rue A,Rue B,Rue C\n01/01/2023 00:00,1,2,\n01/01/2023 01:00,1,2,9\n";
    let town = Town::new()
        .with("lots.csv", "nom;capacité;lat;lon\nPlace;120;50,632;5,562\n")
        .with("hours.csv", "name,hour,occupied\nPlace,8,30\n")
        .with("wide.csv", wide)
        .with("sites.csv", "Counter Locations,Latitude,Longitude\nRue A ,50.632,5.562\n")
        .with("people.csv", "name,population,lon,lat\na,10,5.562,50.632\n")
        .with("stations.csv", "URI,name,longitude,latitude\nu,Ans,5.562,50.632\n")
        .with("platforms.csv", "URI,parent_stop,longitude,latitude,name\nu#1,u,5.562,50.632,Ans 1\n")
        .with("riders.csv", "URI,name,average_weekday_embarkments\nu,Ans,1.639\n")
        .with("wide_letters.csv", utf_16("nom;spaces;lat;lon\nPlace;7;50,632;5,562\n"))
        .with("latin.csv", b"nom;capacit\xe9;lat;lon\nPlace;120;50,632;5,562\n");
    for (name, kind) in [
        ("lots.csv", InputKind::Parking),
        ("latin.csv", InputKind::Parking),
        ("wide_letters.csv", InputKind::Parking),
        ("hours.csv", InputKind::Occupancy),
        ("wide.csv", InputKind::Counts),
        ("sites.csv", InputKind::CountSites),
        ("people.csv", InputKind::Population),
        ("stations.csv", InputKind::Stops),
        ("riders.csv", InputKind::Boardings),
    ] {
        town.assert_used(name, kind);
    }
    town.assert_not_used("platforms.csv", Verdict::NotUsed, "the table of stations serves", "file_not_used");
}

/// The counts name the id of a site, and its table has a name beside it.
#[test]
fn count_sites_are_known_by_any_of_their_texts() {
    let town = Town::new()
        .with("counts.csv", "site_id,datetime,pedestrians\nGR1,2024-03-01 00:00,12\nGR1,2024-03-01 01:00,3\n")
        .with("sites.csv", "site_id,name,latitude,longitude\nGR1,Grand-Rue ouest,50.632,5.562\n")
        .with("taken.csv", "id;date;heure;capacite;occupes;taux\nP1;2024-05-14;0;220;20;0,091\n");
    town.assert_used("counts.csv", InputKind::Counts);
    town.assert_used("sites.csv", InputKind::CountSites);
    town.assert_used("taken.csv", InputKind::Occupancy);
}

#[test]
fn named_points_without_counts_are_not_count_sites() {
    let town = Town::new().with("poi.csv", "id,lat,lon\nmarket,50.632,5.562\n");
    town.assert_not_used("poi.csv", Verdict::NotRecognised, "no counts name them", "file_not_recognised");
}

#[test]
fn the_finer_districts_are_taken_and_the_others_named() {
    let fine = squares(&[(5.560, 50.630), (5.565, 50.635), (5.568, 50.638)], 0.003, r#"{"code":"1","name":"a"}"#);
    let coarse = squares(&[(5.55, 50.62)], 0.04, r#"{"nis":"62063","population_2020":5}"#);
    let town = Town::new().with("coarse.geojson", coarse).with("sectors.geojson", fine);
    town.assert_used("sectors.geojson", InputKind::Districts);
    town.assert_not_used("coarse.geojson", Verdict::NotUsed, "sectors.geojson has more", "file_not_used");
    let districts = town.recognised().manifest.inputs.districts.expect("districts");
    assert_eq!((districts.code_field.as_deref(), districts.name_field.as_deref()), (Some("code"), Some("name")));
}

#[test]
fn cells_of_one_size_with_residents_are_population() {
    let corners: Vec<(f64, f64)> = (0..12).map(|i| (5.56 + f64::from(i) * 0.001, 50.63)).collect();
    let town = Town::new().with("grid.geojson", squares(&corners, 0.001, r#"{"pop":3}"#));
    town.assert_used("grid.geojson", InputKind::Population);
    assert!(town.recognised().manifest.inputs.districts.is_none());
}

#[test]
fn records_of_another_town_are_not_used() {
    let elsewhere = squares(&[(4.35, 50.85)], 0.01, r#"{"name":"Bruxelles"}"#);
    let town = Town::new()
        .with("brussels.csv", "name,spaces,lat,lon\nP,10,50.85,4.35\n")
        .with("brussels.geojson", elsewhere)
        .with("codes.csv", "NIS_code,inhabitants\n11001,14427\n");
    town.assert_not_used("brussels.csv", Verdict::NotUsed, "outside the extract", "input_outside_extract");
    town.assert_not_used("brussels.geojson", Verdict::NotUsed, "0 of 1", "input_outside_extract");
    town.assert_not_used("codes.csv", Verdict::NotUsed, "no districts to match", "file_not_used");
}

#[test]
fn damaged_and_foreign_files_are_told_and_do_not_stop_the_study() {
    let whole = extract_at(5.56, 50.63);
    let town = Town::new()
        .with("cut.osm.pbf", &whole[..whole.len() - 20])
        .with("broken.geojson", r#"{"type":"FeatureCollection","features":["#)
        .with("broken.zip", b"PK\x03\x04 no zip")
        .with("empty.csv", "")
        .with("broken.gpkg", [b"SQLite format 3\0".as_slice(), &[7; 200]].concat())
        .with("broken.parquet", "PAR1....PAR1")
        .with("heights.tif", b"II*\0\x08\0\0\0")
        .with("photo.tif", GeoTiff::new(1, &[5_u8]).to_bytes())
        .with("noise.bin", [0, 159, 146, 150, 0, 0, 0, 3, 1])
        .with("README.md", "# Data");
    for name in
        ["cut.osm.pbf", "broken.geojson", "broken.zip", "empty.csv", "broken.gpkg", "heights.tif", "broken.parquet"]
    {
        town.assert_not_used(name, Verdict::Unreadable, "", "file_unreadable");
    }
    town.assert_not_used("photo.tif", Verdict::NotRecognised, "without heights", "file_not_recognised");
    town.assert_not_used("noise.bin", Verdict::NotRecognised, "binary", "file_not_recognised");
    assert_eq!(town.verdict("README.md").0, Verdict::NotUsed);
    assert!(town.recognised().notices.has_errors());
}

/// Cells of a tenth of a degree: one file over the town, with its corners far outside, and one of another place.
#[test]
fn heights_are_elevation_where_they_reach_the_town() {
    let heights = |west: f64| GeoTiff::new(10, &[100_i16; 100]).at(west, 51.1, 0.1).in_degrees(4326).to_bytes();
    let town = Town::new().with("here.tif", heights(5.0)).with("there.tif", heights(15.0));
    town.assert_used("here.tif", InputKind::Elevation);
    town.assert_not_used("there.tif", Verdict::NotUsed, "outside the extract", "input_outside_extract");
    let text = manifest_text(&town.recognised().manifest);
    assert!(text.contains("elevation = [\"here.tif\"]"), "{text}");
    let text = manifest_text(&Town::new().recognised().manifest);
    assert!(text.contains("# elevation: none; slopes count as flat"), "{text}");
}

#[test]
fn a_copy_of_a_file_is_used_once() {
    let lots = "name,spaces,lat,lon\nP,10,50.632,5.562\n";
    let town = Town::new().with("lots (copy).csv", lots).with("lots.csv", lots);
    town.assert_used("lots (copy).csv", InputKind::Parking);
    town.assert_not_used("lots.csv", Verdict::NotUsed, "same bytes as lots (copy).csv", "file_copied");
}

#[test]
fn extracts_of_two_places_are_not_one_study() {
    let town = Town::new().with("malta.osm.pbf", extract_at(14.5, 35.9));
    let error = recognise(town.path()).expect_err("two places");
    assert!(matches!(&error, StudyError::ExtractsApart { apart_km, .. } if *apart_km > 1000.0), "{error}");
    assert!(error.help().expect("help").contains("keep one"));
    let beside = Town::new().with("beside.osm.pbf", extract_at(5.575, 50.63));
    assert_eq!(beside.recognised().manifest.inputs.streets.len(), 2);
}

#[test]
fn a_folder_without_streets_says_what_it_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("lots.csv"), "name,spaces,lat,lon\nP,10,50.632,5.562\n").expect("written");
    let error = recognise(folder.path()).expect_err("no streets");
    assert!(error.to_string().ends_with("holds no OpenStreetMap extract (.osm.pbf); found lots.csv"), "{error}");
}

#[test]
fn a_place_of_unknown_zone_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("sea.osm.pbf"), extract_at(0.1, 0.1)).expect("written");
    let found = recognise(folder.path()).expect("a study");
    assert_eq!(found.manifest.study.time_zone, "UTC");
    assert_eq!(found.notices.count("time_zone_unknown"), 1);
}

#[test]
fn the_manifest_that_is_written_reads_as_the_one_that_was_found() {
    let town = Town::new()
        .with("bus.zip", feed(""))
        .with("d.geojson", squares(&[(5.560, 50.630)], 0.003, r#"{"code":"1","pop":3}"#));
    let manifest = town.recognised().manifest;
    assert_eq!(manifest_text(&manifest).parse::<Manifest>().expect("a manifest"), manifest);
}

#[test]
fn parking_of_parkapi_and_datex_is_known() {
    let site = r#"{"original_uid":"P1","name":"Mitte","purpose":"CAR","lat":"50.632","lon":"5.562","capacity":20}"#;
    let record = "<parkingRecord id=\"P2\"><latitude>50.632</latitude><longitude>5.562</longitude></parkingRecord>";
    let state = "<parkingRecordStatus><parkingRecordReference id=\"P2\"/></parkingRecordStatus>";
    let json = r#"{"payload":{"parkingTable":{"parkingRecord":[{"id":"P3","latitude":50.632,"longitude":5.562}]}}}"#;
    let town = Town::new()
        .with("sites.json", format!(r#"{{"items":[{site}]}}"#))
        .with("table.xml", format!("<d2LogicalModel><!-- {} -->{record}</d2LogicalModel>", "x".repeat(5000)))
        .with("states.xml", format!("<d2LogicalModel>{state}</d2LogicalModel>"))
        .with("table.json", json)
        .with("empty.xml", "<d2LogicalModel></d2LogicalModel>")
        .with("cut.xml", "<d2LogicalModel><parkingTable>")
        .with("by_lot.csv", "time,Mitte,P1,Total\n2024-05-14 08:00,75,3,8\n");
    for name in ["sites.json", "table.xml", "table.json"] {
        town.assert_used(name, InputKind::Parking);
    }
    town.assert_used("states.xml", InputKind::Occupancy);
    // Two of its three columns bear the name and the id of a car park.
    town.assert_used("by_lot.csv", InputKind::Occupancy);
    town.assert_not_used("empty.xml", Verdict::NotRecognised, "without car parks", "file_not_recognised");
    town.assert_not_used("cut.xml", Verdict::Unreadable, "ends within <parkingTable>", "file_unreadable");
}
