//! Are districts, residents and car parks the same in every format of features?

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use chaland::base::notice::Notices;
use chaland::sources::districts::{DistrictOptions, DistrictRecord, read_districts};
use chaland::sources::features::{FeatureOptions, FeaturesError, read_features};
use chaland::sources::parking::read_parking;
use chaland::sources::population::{PopulationOptions, read_population};
use geo::{Area, BoundingRect};

/// A file of `tests/vector`.
pub fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vector").join(name)
}

/// The bytes of a file of `tests/vector`.
pub fn bytes_of(name: &str) -> Vec<u8> {
    fs::read(sample(name)).expect("a sample")
}

fn districts_in(path: &Path) -> (Vec<DistrictRecord>, Notices) {
    read_districts(path, &DistrictOptions::default()).unwrap_or_else(|e| panic!("{e}"))
}

/// The golden position of Liège in Lambert 72 is the corner of the first district, 1 mm is 1.4e-8 degrees there.
/// A square of 1000 m with a hole of 200 m; a square of 500 m and one of 100 m.
fn assert_districts(districts: &[DistrictRecord], what: &str) {
    let [first, second] = districts else { panic!("{what}: {} districts", districts.len()) };
    let corner = first.area.bounding_rect().expect("an extent").min();
    let exact = |c: &geo::Coord<f64>| (c.x - 5.5797).abs() < 2e-8 && (c.y - 50.6326).abs() < 2e-8;
    assert!(first.area.0[0].exterior().0.iter().any(exact), "{what}: {corner:?}");
    assert_eq!((first.code.as_str(), first.name.as_str()), ("062063A", "Amercœur"), "{what}");
    assert_eq!((second.code.as_str(), second.name.as_str()), ("062063B", "Bressoux-lès-Liège"), "{what}");
    assert_eq!((first.population, second.population), (Some(1240.0), Some(609.0)), "{what}");
    assert_eq!((first.area.0.len(), first.area.0[0].interiors().len(), second.area.0.len()), (1, 1, 2), "{what}");
    // 960 000 m2 to 260 000 m2.
    let ratio = first.area.unsigned_area() / second.area.unsigned_area();
    assert!((ratio - 96.0 / 26.0).abs() < 1e-3, "{what}: {ratio}");
    let attribute = |name: &str| &first.attributes.iter().find(|(key, _)| key == name).expect("an attribute").1;
    // A Shapefile writes all decimals of a number.
    assert_eq!((attribute("releve").as_str(), attribute("part").parse()), ("2020-01-01", Ok(0.5)), "{what}");
    assert_eq!(attribute("zone"), "true", "{what}");
}

const WITH_AN_EMPTY_ONE: [&str; 5] = [
    "districts.shp",
    "districts_streamed.fgb",
    "districts_snappy.parquet",
    "districts_zstd.parquet",
    "districts_gzip.parquet",
];

#[test]
fn districts_are_the_same_in_every_format() {
    for name in WITH_AN_EMPTY_ONE {
        let (districts, notices) = districts_in(&sample(name));
        assert_districts(&districts, name);
        assert_eq!((notices.count("geometry_empty"), notices.counts().len()), (1, 1), "{name}: {:?}", notices.kept());
        let tally = notices.tallies()[name];
        assert_eq!((tally.read, tally.used, tally.dropped), (3, 2, 1), "{name}");
    }
    // With an index features lie along a curve: the second comes first.
    let (mut districts, notices) = districts_in(&sample("districts.fgb"));
    districts.reverse();
    assert_districts(&districts, "districts.fgb");
    assert!(notices.counts().is_empty(), "{:?}", notices.kept());
}

#[test]
fn car_parks_are_points_in_every_format() {
    for name in ["points.fgb", "points.parquet"] {
        let (lots, notices) = read_parking(&sample(name), &FeatureOptions::default()).expect("lots");
        let found: Vec<_> = lots.iter().map(|lot| (lot.name.as_str(), lot.capacity)).collect();
        assert_eq!(found, [("Saint-Lambert", Some(120)), ("Guillemins", Some(300))], "{name}");
        assert!((lots[0].position.lon - 5.57).abs() < 1e-9 && (lots[0].position.lat - 50.645).abs() < 1e-9, "{name}");
        assert_eq!(notices.count("geometry_empty"), 1, "{name}");
    }
}

#[test]
fn residents_are_read_from_cells_in_every_format() {
    for name in WITH_AN_EMPTY_ONE {
        let (records, _) = read_population(&sample(name), &PopulationOptions::default()).expect("residents");
        let people: Vec<f64> = records.cells.iter().map(|cell| cell.people).collect();
        assert_eq!(people, [1240.0, 609.0], "{name}");
    }
}

/// The files of a Shapefile under names of our own.
pub fn shapefile_as(names: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (ending, name) in names {
        fs::write(folder.path().join(name), bytes_of(&format!("districts.{ending}"))).expect("written");
    }
    folder
}

#[test]
fn companions_are_found_whatever_the_case_of_their_names() {
    let names =
        [("shp", "QUARTIERS.SHP"), ("dbf", "Quartiers.DBF"), ("cpg", "quartiers.cpg"), ("prj", "quartiers.Prj")];
    let folder = shapefile_as(&names);
    let (districts, notices) = districts_in(&folder.path().join("QUARTIERS.SHP"));
    assert_districts(&districts, "capital letters");
    assert_eq!(notices.counts().len(), 1, "{:?}", notices.kept());
}

#[test]
fn texts_are_read_in_the_declared_encoding_or_a_guess_is_told() {
    let utf_8 = bytes_of("districts.dbf");
    // "lès" in UTF-8 has a byte more than in Latin letters; a blank keeps the length of the field.
    let (e_grave, oe) = ("è".as_bytes(), "œ".as_bytes());
    let mut latin = utf_8.clone();
    for (letter, single) in [(e_grave, 0xe8), (oe, 0x9c)] {
        while let Some(at) = latin.windows(2).position(|pair| pair == letter) {
            let end = at + latin[at..].iter().position(|&b| b == b' ').expect("a blank at the end");
            latin[at] = single;
            latin.copy_within(at + 2..end, at + 1);
            latin[end - 1] = b' ';
        }
    }
    latin[29] = 0; // without a mark of the language
    for (dbf, cpg, guessed) in [
        (&utf_8, None, 0),
        (&latin, None, 1),
        (&latin, Some("1252"), 0),
        (&latin, Some("ANSI 1252\r\n"), 0),
        (&latin, Some("UTF-8"), 1),
        (&latin, Some("Klingon"), 1),
    ] {
        let folder = shapefile_as(&[("shp", "d.shp"), ("shx", "d.shx"), ("prj", "d.prj")]);
        fs::write(folder.path().join("d.dbf"), dbf).expect("written");
        if let Some(cpg) = cpg {
            fs::write(folder.path().join("d.cpg"), cpg).expect("written");
        }
        let (districts, notices) = districts_in(&folder.path().join("d.shp"));
        assert_districts(&districts, &format!("{cpg:?}"));
        assert_eq!(notices.count("encoding_guessed"), guessed, "{cpg:?}");
    }
}

/// A zip of the parts of one or two Shapefiles.
fn zipped(names: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut writer = zip::ZipWriter::new(fs::File::create(folder.path().join("d.zip")).expect("made"));
    for (name, from) in names {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begun");
        writer.write_all(&bytes_of(from)).expect("written");
    }
    writer.finish().expect("closed");
    folder
}

#[test]
fn a_zip_may_hold_the_parts() {
    let parts = |stem: &str| -> Vec<(String, String)> {
        let part = |ending: &str| (format!("{stem}.{ending}"), format!("districts.{}", ending.to_lowercase()));
        ["SHP", "dbf", "cpg", "prj"].map(part).to_vec()
    };
    let with = |stems: &[&str]| {
        let names: Vec<(String, String)> = stems.iter().flat_map(|stem| parts(stem)).collect();
        zipped(&names.iter().map(|(name, from)| (name.as_str(), from.as_str())).collect::<Vec<_>>())
    };
    let one = with(&["export/quartiers", "__MACOSX/export/._quartiers"]);
    let (districts, notices) = districts_in(&one.path().join("d.zip"));
    assert_districts(&districts, "zip");
    assert_eq!(notices.count("several_layers"), 0);
    let two = with(&["a", "b"]);
    assert_eq!(districts_in(&two.path().join("d.zip")).1.count("several_layers"), 1);
    let asked = |layer: &str| {
        let options = FeatureOptions { layer: Some(layer.to_owned()), ..FeatureOptions::default() };
        read_features(&two.path().join("d.zip"), &options, &mut Notices::new()).map(|features| features.len())
    };
    assert_eq!(asked("B").expect("a layer"), 2);
    let missing = asked("c").expect_err("no layer");
    assert_eq!(missing.to_string(), r#"d.zip: has no layer "c" with geometry; it has: a, b"#);
    let other = zipped(&[("readme.txt", "README.md")]);
    let none = read_features(&other.path().join("d.zip"), &FeatureOptions::default(), &mut Notices::new());
    assert!(matches!(none, Err(FeaturesError::NoLayer { .. })), "{none:?}");
}

/// The rotations of this `.prj` have the wrong sign, which would put the district 65 m away.
#[test]
fn the_prj_of_lambert_72_is_recognised_and_its_numbers_are_not_used() {
    let folder = shapefile_as(&[("shp", "d.shp"), ("dbf", "d.dbf"), ("cpg", "d.cpg")]);
    let signed = "TOWGS84[-106.8686,52.2978,-103.7239,-0.3366,0.457,-1.8422,-1.2747]";
    let prj = String::from_utf8(bytes_of("districts.prj")).expect("text");
    let prj = prj.replace("]],PRIMEM", &format!("],{signed}],PRIMEM"));
    assert!(prj.contains(signed));
    fs::write(folder.path().join("d.prj"), prj).expect("written");
    let (districts, notices) = districts_in(&folder.path().join("d.shp"));
    assert_districts(&districts, "a bad prj");
    assert_eq!(notices.counts().len(), 1, "{:?}", notices.kept());
    // Without a `.prj` the coordinates tell the system, and that is told.
    fs::remove_file(folder.path().join("d.prj")).expect("removed");
    let (districts, notices) = districts_in(&folder.path().join("d.shp"));
    assert_districts(&districts, "no prj");
    assert_eq!(notices.count("crs_guessed"), 1);
}

/// QGIS writes a shape that has grown at the end of the file, and only the index tells.
#[test]
fn a_shape_that_was_moved_is_found_by_the_index() {
    let folder = shapefile_as(&[("dbf", "d.dbf"), ("cpg", "d.cpg"), ("prj", "d.prj")]);
    let (mut shp, mut shx) = (bytes_of("districts.shp"), bytes_of("districts.shx"));
    let offset = |shx: &[u8], entry: usize| u32::from_be_bytes(shx[100 + 8 * entry..][..4].try_into().expect("four"));
    let start = 2 * offset(&shx, 0) as usize;
    let end = 2 * offset(&shx, 1) as usize;
    let moved = shp[start..end].to_vec();
    let at = u32::try_from(shp.len() / 2).expect("small");
    shx[100..104].copy_from_slice(&at.to_be_bytes());
    shp[start + 8 + 44..end].fill(0);
    shp.extend(moved);
    fs::write(folder.path().join("d.shp"), shp).expect("written");
    fs::write(folder.path().join("d.shx"), shx).expect("written");
    assert_districts(&districts_in(&folder.path().join("d.shp")).0, "moved");
}
