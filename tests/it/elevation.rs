//! Are heights read as they lie on the ground, whatever the file looks like?

use std::io::{Cursor, Write};
use std::path::PathBuf;

use chaland::base::projection::{Crs, LonLat};
use chaland::sources::elevation::{Elevation, read_elevation, read_elevations, read_extent};
use chaland::testing::geotiff::{GeoTiff, Sample};
use tiff::encoder::{Compression, Predictor, TiffEncoder, colortype};
use tiff::tags::Tag;

/// Cells of a thousandth of a degree from 5.56 E, 50.64 N, three columns and two rows.
const WEST: f64 = 5.56;
const NORTH: f64 = 50.64;
const SIDE: f64 = 0.001;

fn files(contents: &[Vec<u8>]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |(at, bytes): (usize, &Vec<u8>)| {
        let path = folder.path().join(format!("heights_{at}.tif"));
        std::fs::write(&path, bytes).expect("written");
        path
    };
    let paths = contents.iter().enumerate().map(write).collect();
    (folder, paths)
}

/// Reads one file, of which there is nothing to tell.
#[track_caller]
fn read(bytes: Vec<u8>) -> Elevation {
    let (_folder, paths) = files(&[bytes]);
    let (elevation, notices) = read_elevation(&paths[0], None).expect("heights");
    assert!(notices.kept().is_empty(), "{:?}", notices.kept());
    assert!(notices.tallies().values().all(|tally| tally.balances()));
    elevation
}

/// The height at the centre of a cell.
fn at(elevation: &Elevation, column: f64, row: f64) -> Option<f64> {
    elevation.find_height_m(LonLat { lon: WEST + (column + 0.5) * SIDE, lat: NORTH - (row + 0.5) * SIDE })
}

#[track_caller]
fn assert_near(found: Option<f64>, expected: f64) {
    assert!(found.is_some_and(|found| (found - expected).abs() < 1e-6), "{found:?} is not {expected}");
}

/// Six cells 10 20 30 / 40 50 60.
#[track_caller]
fn assert_six(elevation: &Elevation) {
    for (cell, height) in [10.0, 20.0, 30.0, 40.0, 50.0, 60.0].into_iter().enumerate() {
        assert_near(at(elevation, (cell % 3) as f64, (cell / 3) as f64), height);
    }
    // Half way between four centres: (20 + 30 + 50 + 60) / 4.
    assert_near(at(elevation, 1.5, 0.5), 40.0);
    assert_eq!(at(elevation, 3.1, 0.0), None);
}

fn six<T: Sample + From<u8>>() -> GeoTiff {
    GeoTiff::new(3, &[10, 20, 30, 40, 50, 60].map(T::from)).at(WEST, NORTH, SIDE).in_degrees(4326)
}

#[test]
fn samples_of_all_kinds_are_read() {
    let all = [six::<u8>(), six::<u16>(), six::<u32>(), six::<i16>(), six::<i32>(), six::<f32>(), six::<f64>()];
    for file in all {
        assert_six(&read(file.to_bytes()));
    }
}

/// A cell of a thousandth of a degree at 50.64 N: 111.2 m by 70.7 m (111.32 cos 50.64), a square of 88.7 m.
#[test]
fn cells_are_measured_in_metres() {
    let size = read(six::<f32>().to_bytes()).cell_size_m().expect("cells");
    assert!((size - 88.7).abs() < 0.2, "{size}");
    assert_eq!(read(six::<f32>().to_bytes()).smoothing_m(), 30.0);
}

/// The same corner as the centre of the first cell: all lies half a cell further north-west.
#[test]
fn cells_may_be_points() {
    let points = read(six::<i16>().key(1025, 2).to_bytes());
    assert_near(at(&points, -0.5, -0.5), 10.0);
    assert_near(at(&points, 1.5, 0.5), 60.0);
    let extent = |file: GeoTiff| {
        let (_folder, paths) = files(&[file.to_bytes()]);
        read_extent(&paths[0]).expect("an extent")
    };
    let (areas, points) = (extent(six::<i16>()), extent(six::<i16>().key(1025, 2)));
    assert!((areas.west - WEST).abs() < 1e-9 && (areas.south - (NORTH - 2.0 * SIDE)).abs() < 1e-9, "{areas:?}");
    assert!((points.west - (WEST - SIDE / 2.0)).abs() < 1e-9, "{points:?}");
}

#[test]
fn a_transformation_places_as_well_as_scale_and_tie_point() {
    let matrix = [SIDE, 0.0, 0.0, WEST, 0.0, -SIDE, 0.0, NORTH, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0];
    let file = GeoTiff::new(3, &[10_i16, 20, 30, 40, 50, 60]).doubles(34_264, &matrix).in_degrees(4326);
    assert_six(&read(file.to_bytes()));
}

#[test]
fn heights_in_metres_of_a_national_system_are_found() {
    let lambert = Crs::from_epsg(31370).expect("known");
    let file = GeoTiff::new(2, &[100.0_f32, 110.0, 120.0, 130.0]).at(235_000.0, 147_000.0, 10.0).in_metres(31370);
    let elevation = read(file.to_bytes());
    let find = |x, y| elevation.find_height_m(lambert.to_lon_lat(x, y).expect("inside"));
    let middle = find(235_010.0, 146_990.0).expect("a height");
    assert!((middle - 115.0).abs() < 1e-3, "{middle}");
    assert_eq!(find(235_025.0, 146_990.0), None);
    assert!((elevation.cell_size_m().expect("cells") - 10.0).abs() < 0.01);
}

/// 40 by 20 cells in tiles of 16: three across, two down, those at the edges in part beside the grid.
#[test]
fn tiles_are_put_together() {
    let heights: Vec<i16> = (0..800).collect();
    let file = GeoTiff::new(40, &heights).at(WEST, NORTH, SIDE).in_degrees(4326).in_tiles_of(16);
    let elevation = read(file.to_bytes());
    for (column, row) in [(0, 0), (15, 15), (16, 0), (39, 0), (31, 16), (39, 19)] {
        assert_near(at(&elevation, f64::from(column), f64::from(row)), f64::from(row * 40 + column));
    }
}

/// Written by the encoder of the TIFF library, with three rows a strip.
fn encoded(compression: Compression, predictor: Predictor) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let encoder = TiffEncoder::new(&mut file).expect("begun").with_compression(compression).with_predictor(predictor);
    let mut encoder = encoder;
    let mut image = encoder.new_image::<colortype::GrayI16>(40, 20).expect("an image");
    image.rows_per_strip(3).expect("strips");
    let directory = image.encoder();
    directory.write_tag(Tag::ModelPixelScaleTag, &[SIDE, SIDE, 0.0][..]).expect("a tag");
    directory.write_tag(Tag::ModelTiepointTag, &[0.0, 0.0, 0.0, WEST, NORTH, 0.0][..]).expect("a tag");
    let keys: [u16; 16] = [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326];
    directory.write_tag(Tag::GeoKeyDirectoryTag, &keys[..]).expect("a tag");
    image.write_data(&(0..800).collect::<Vec<i16>>()).expect("written");
    file.into_inner()
}

#[test]
fn compressed_files_are_read() {
    let compressions =
        [Compression::Uncompressed, Compression::Lzw, Compression::Deflate(Default::default()), Compression::Packbits];
    for compression in compressions {
        for predictor in [Predictor::None, Predictor::Horizontal] {
            let elevation = read(encoded(compression, predictor));
            for (column, row) in [(0, 0), (39, 2), (0, 3), (17, 19)] {
                assert_near(at(&elevation, f64::from(column), f64::from(row)), f64::from(row * 40 + column));
            }
        }
    }
}

/// 20 km around the middle of a file of 4 degrees by 2 degrees in cells of 0.05: 20 km are 0.18 degrees of latitude,
/// 3.6 cells, and 0.284 of longitude, 5.7 cells. Kept are at most the cells whose centres lie up to one further.
#[test]
fn only_cells_near_the_study_are_kept() {
    let heights: Vec<i16> = (0..80 * 40).collect();
    let file = GeoTiff::new(80, &heights).at(4.0, 51.0, 0.05).in_degrees(4326);
    let (_folder, paths) = files(&[file.to_bytes()]);
    let middle = LonLat { lon: 6.0, lat: 50.0 };
    let (near, notices) = read_elevation(&paths[0], Some(middle)).expect("heights");
    assert_eq!(notices.count("elevation_coarse"), 1);
    assert!((7 * 11..=11 * 15).contains(&near.cell_count()), "{}", near.cell_count());
    let (whole, _) = read_elevation(&paths[0], None).expect("heights");
    assert_eq!(whole.cell_count(), 3200);
    for position in [middle, LonLat { lon: 6.27, lat: 50.17 }, LonLat { lon: 5.73, lat: 49.83 }] {
        assert_near(near.find_height_m(position), whole.find_height_m(position).expect("a height"));
    }
    assert_eq!(near.find_height_m(LonLat { lon: 4.5, lat: 50.0 }), None);
}

/// Three files: the second continues the grid of the first, the third lies over both on another grid.
#[test]
fn where_files_overlap_the_first_counts() {
    let first = GeoTiff::new(2, &[1_i16, 2, 3, -9999]).at(WEST, NORTH, SIDE).in_degrees(4326).without_data("-9999");
    let second = GeoTiff::new(2, &[5_i16, 6, 7, 8]).at(WEST + 2.0 * SIDE, NORTH, SIDE).in_degrees(4326);
    let third = GeoTiff::new(4, &[90_i16; 16]).at(WEST - SIDE / 3.0, NORTH, SIDE).in_degrees(4326);
    let (_folder, paths) = files(&[first.to_bytes(), second.to_bytes(), third.to_bytes()]);
    let (elevation, notices) = read_elevations(&paths, None).expect("heights");
    assert!(notices.kept().is_empty(), "{:?}", notices.kept());
    assert_eq!(elevation.cell_count(), 8 + 16);
    assert_near(at(&elevation, 0.0, 0.0), 1.0);
    assert_near(at(&elevation, 1.5, 0.0), 3.5);
    assert_near(at(&elevation, 3.0, 1.0), 8.0);
    assert_near(at(&elevation, 1.0, 1.0), 90.0);
    assert_near(at(&elevation, 1.0, 3.0), 90.0);
}

/// Noise of a metre up and down on a slope of 10 m a cell: smoothing takes the noise and leaves the slope.
#[test]
fn smoothing_takes_noise_and_leaves_slopes() {
    let slope = |column: usize| 10.0 * column as f32;
    let heights: Vec<f32> = (0..900).map(|c| slope(c % 30) + if (c + c / 30) % 2 == 0 { 1.0 } else { -1.0 }).collect();
    let rough = read(GeoTiff::new(30, &heights).at(WEST, NORTH, SIDE).in_degrees(4326).to_bytes());
    let smooth = rough.smoothed(150.0);
    let off = |elevation: &Elevation| (at(elevation, 15.0, 15.0).expect("a height") - 150.0).abs();
    assert!(off(&rough) > 0.99 && off(&smooth) < 0.1, "{} {}", off(&rough), off(&smooth));
    assert_eq!(smooth.cell_count(), rough.cell_count());
}

#[test]
fn feet_become_metres() {
    let (_folder, paths) = files(&[six::<f32>().key(4099, 9002).to_bytes()]);
    let (elevation, notices) = read_elevation(&paths[0], None).expect("heights");
    assert_eq!(notices.count("elevation_in_feet"), 1);
    assert!((at(&elevation, 0.0, 0.0).expect("a height") - 3.048).abs() < 1e-6);
}

/// A tile of which nothing is written (length 0) holds no data.
#[test]
fn sparse_files_have_holes() {
    let heights: Vec<i16> = (0..32 * 16).collect();
    let file = GeoTiff::new(32, &heights).at(WEST, NORTH, SIDE).in_degrees(4326).in_tiles_of(16);
    let elevation = read(file.longs(324, &[8, 0]).longs(325, &[512, 0]).to_bytes());
    assert_near(at(&elevation, 3.0, 2.0), 67.0);
    assert_eq!(at(&elevation, 20.0, 2.0), None);
}

/// The other order of bytes, and 64-bit offsets.
#[test]
fn big_files_are_read() {
    let mut file = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new_big(&mut file).expect("begun");
    let mut image = encoder.new_image::<colortype::Gray32Float>(3, 2).expect("an image");
    image.encoder().write_tag(Tag::ModelPixelScaleTag, &[SIDE, SIDE, 0.0][..]).expect("a tag");
    image.encoder().write_tag(Tag::ModelTiepointTag, &[0.0, 0.0, 0.0, WEST, NORTH, 0.0][..]).expect("a tag");
    let keys: [u16; 12] = [1, 1, 0, 2, 1024, 0, 1, 2, 2048, 0, 1, 4326];
    image.encoder().write_tag(Tag::GeoKeyDirectoryTag, &keys[..]).expect("a tag");
    image.write_data(&[10.0, 20.0, 30.0, 40.0, 50.0, 60.0]).expect("written");
    file.flush().expect("flushed");
    assert_six(&read(file.into_inner()));
}
