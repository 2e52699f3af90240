//! What does the reader of heights say of bad input? One file of a few cells per defect; none of them makes it panic,
//! hang or take more memory than heights are given.

use std::path::Path;

use chaland::base::notice::Notices;
use chaland::base::projection::LonLat;
use chaland::sources::elevation::{ElevationError, read_elevation, read_elevations, read_extent};
use chaland::testing::geotiff::GeoTiff;

fn good() -> GeoTiff {
    GeoTiff::new(3, &[10.0_f32, 20.0, 30.0, 40.0, 50.0, 60.0]).at(5.56, 50.64, 0.001).in_degrees(4326)
}

fn read(bytes: &[u8], near: Option<LonLat>) -> Result<(usize, Notices), ElevationError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("heights.tif");
    std::fs::write(&path, bytes).expect("written");
    let seen = read_extent(&path);
    let found = read_elevation(&path, near).map(|(elevation, notices)| (elevation.cell_count(), notices));
    // What is refused at a glance is refused by the reader.
    assert!(seen.is_ok() || found.is_err() || near.is_some(), "{:?}", seen.err());
    found
}

/// Asserts that exactly this code was told once, and that the tallies balance.
#[track_caller]
fn assert_told(code: &str, file: GeoTiff, near: Option<LonLat>) {
    let (_, notices) = read(&file.to_bytes(), near).expect("heights");
    assert_eq!((notices.count(code), notices.counts().len()), (1, 1), "{code}: {:?}", notices.kept());
    assert!(notices.tallies().values().all(|tally| tally.balances()), "{:?}", notices.tallies());
}

#[track_caller]
fn assert_refused(file: GeoTiff, expected: &str) {
    let error = read(&file.to_bytes(), None).expect_err(expected).to_string();
    assert!(error.starts_with("heights.tif: ") && error.contains(expected), "{error}");
}

#[test]
fn each_defect_is_told() {
    let with = |heights: [f32; 6]| GeoTiff::new(3, &heights).at(5.56, 50.64, 0.001).in_degrees(4326);
    assert_told("height_out_of_range", with([10.0, 20.0, -9999.0, 40.0, 32_767.0, f32::INFINITY]), None);
    assert_told("height_not_a_number", with([10.0, 20.0, f32::NAN, 40.0, 50.0, 60.0]), None);
    assert_told("nodata_unparsable", good().without_data("none"), None);
    assert_told("height_unit_unknown", good().key(4099, 9999), None);
    assert_told("elevation_in_feet", good().key(4099, 9003), None);
    assert_told("elevation_coarse", good().at(5.56, 50.64, 0.01), None);
    assert_told("elevation_outside", good(), LonLat::new(4.35, 50.85));
    let without_system = GeoTiff::new(2, &[1_i16, 2, 3, 4]).at(5.56, 50.64, 0.001);
    assert_told("crs_guessed", without_system, None);
}

/// What a file declares to be without data is nothing to tell of.
#[test]
fn declared_values_are_not_told() {
    for (none, text) in
        [(-9999.0, "-9999"), (f32::NAN, "nan"), (f32::MIN, "-3.4028234663852886e+38"), (f32::MIN, "-3.40282e+38")]
    {
        let file = GeoTiff::new(3, &[none, 20.0, 30.0, none, 50.0, 60.0]).at(5.56, 50.64, 0.001).in_degrees(4326);
        let (_, notices) = read(&file.without_data(text).to_bytes(), None).expect("heights");
        assert!(notices.kept().is_empty(), "{text}: {:?}", notices.kept());
        assert_eq!(notices.tallies()["heights.tif"].used, 4, "{text}");
    }
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    assert_refused(GeoTiff::new(1, &[5_u8]).in_degrees(4326), "does not say where on the ground it lies");
    assert_refused(good().key(2048, 32_767), "no EPSG code; save it with gdalwarp -t_srs EPSG:4326");
    assert_refused(good().key(2048, 1), "EPSG:1 is not a known coordinate reference system");
    assert_refused(good().shorts(34_735, &[]).key(1024, 1), "names no coordinate system");
    assert_refused(good().at(5.56, 50.64, 0.0), "its cells have no size");
    assert_refused(good().at(5.56, 150.64, 0.001), "do not lie on the globe in EPSG:4326");
    assert_refused(good().shorts(259, &[34_887]), "is compressed by LERC, expected none, LZW, Deflate or PackBits");
    assert_refused(good().shorts(259, &[50_000]), "is compressed by Zstandard");
    assert_refused(good().shorts(259, &[999]), "is compressed by method 999");
    assert_refused(good().shorts(258, &[8, 8, 8]).shorts(277, &[3]).shorts(262, &[2]), "3 bands, as a picture does");
    let none = GeoTiff::new(2, &[-9999_i16; 4]).at(5.56, 50.64, 0.001).in_degrees(4326).without_data("-9999");
    assert_refused(none, "none of its 4 cells in the study holds a height");
    let absent = read_elevation(Path::new("no such folder/a.tif"), None);
    assert!(matches!(absent, Err(ElevationError::Unreadable { .. })));
    for bytes in [b"".as_slice(), b"II", b"II*\0\x08\0\0\0", b"P6 1 1 255 abc"] {
        assert!(matches!(read(bytes, None), Err(ElevationError::Damaged { .. })));
    }
}

/// Files of a kilobyte that declare more than any memory holds, or more work than any file is worth.
#[test]
fn bombs_are_refused() {
    let sized = |side: u32| good().longs(256, &[side]).longs(257, &[side]);
    let one_strip = |file: GeoTiff, rows: u32| file.longs(278, &[rows]).longs(273, &[8]).longs(279, &[24]);
    assert_refused(sized(0x8000_0000), "");
    assert_refused(one_strip(sized(0x8000_0000), 0x8000_0000), "");
    assert_refused(sized(60_000), "");
    assert_refused(one_strip(sized(60_000), 60_000), "3600000000 cells are to be read, at most 67108864 can be");
    let wide = GeoTiff::new(3, &[10.0_f64; 6]).at(5.56, 50.64, 0.001).in_degrees(4326);
    let wide = wide.longs(256, &[8_000]).longs(257, &[8_000]);
    assert_refused(one_strip(wide, 8_000), "takes more than 256 MB");
    assert_refused(one_strip(sized(8_000), 8_000), "ends too early");
    assert_refused(good().longs(278, &[u32::MAX]), "");
    assert_refused(good().longs(278, &[0]), "");
    let tiled = |side: u32| good().in_tiles_of(16).longs(322, &[side]).longs(323, &[side]);
    for side in [0, 1 << 14, 1 << 16, 1 << 31, u32::MAX] {
        assert_refused(tiled(side), "");
    }
    // Cells so small that millions of them lie within reach of the study.
    let fine = one_strip(sized(100_000), 100_000).at(5.56, 50.64, 1e-9);
    assert!(read(&fine.to_bytes(), LonLat::new(5.56, 50.64)).is_err());
}

/// The place of the next directory, at the end of the file, shows back to the first.
#[test]
fn a_directory_that_follows_itself_is_no_endless_loop() {
    let mut bytes = good().to_bytes();
    let end = bytes.len();
    let start: [u8; 4] = bytes[4..8].try_into().expect("four bytes");
    bytes[end - 4..].copy_from_slice(&start);
    let _ = read(&bytes, None);
}

#[test]
fn a_file_cut_anywhere_is_refused_or_read() {
    for whole in [good().to_bytes(), good().in_tiles_of(16).to_bytes()] {
        assert_eq!(read(&whole, None).expect("heights").0, 6);
        for length in 0..whole.len() {
            let cut = read(&whole[..length], None);
            // The directory stands at the end; only its last four bytes, which show to the next, can be missed.
            assert!(cut.is_err() || length + 4 >= whole.len(), "{length} of {}", whole.len());
        }
    }
}

/// Every byte in turn becomes 0, 1, 127 and 255, and neighbours change together.
#[test]
fn a_file_changed_anywhere_does_no_harm() {
    for whole in [good().without_data("-9999").to_bytes(), good().in_tiles_of(16).to_bytes()] {
        for place in 0..whole.len() {
            for value in [0, 1, 127, 255] {
                for count in [1, 4] {
                    let mut changed = whole.clone();
                    let end = changed.len().min(place + count);
                    changed[place..end].fill(value);
                    let _ = read(&changed, LonLat::new(5.56, 50.64));
                }
            }
        }
    }
}

/// Each of the files alone fits, all of them together do not.
#[test]
fn files_are_bounded_together() {
    let folder = tempfile::tempdir().expect("a folder");
    let row: Vec<u8> = vec![100; 6000];
    let paths: Vec<_> = (0..2)
        .map(|at| {
            // 36 million cells of one strip's bytes, written once and shown to by all rows.
            let places = vec![8_u32; 6000];
            let lengths = vec![6000_u32; 6000];
            let file = GeoTiff::new(6000, &row).at(5.0 + f64::from(at), 50.64, 0.0001).in_degrees(4326);
            let path = folder.path().join(format!("{at}.tif"));
            let bytes = file.longs(257, &[6000]).longs(273, &places).longs(279, &lengths).to_bytes();
            std::fs::write(&path, bytes).expect("written");
            path
        })
        .collect();
    assert!(read_elevation(&paths[0], None).is_ok());
    let error = read_elevations(&paths, None).expect_err("72 million cells");
    assert!(matches!(error, ElevationError::TooLarge { cells: 72_000_000, .. }), "{error}");
}
