//! Heights of the ground.

use chaland::base::projection::LonLat;
use chaland::sources::elevation::{read_elevation, read_extent};

use super::answers::{check_error, check_notices};
use super::split;

const NEAR: LonLat = LonLat { lon: 5.57, lat: 50.64 };

/// Reads a GeoTIFF whole, around a place, and where it lies.
pub fn geotiff(bytes: &[u8]) {
    split::in_folder(&[("a.tif", bytes)], |folder| {
        let path = folder.join("a.tif");
        let at = match read_extent(&path) {
            Ok(extent) => {
                let inside = extent.west.is_finite() && extent.north.is_finite();
                assert!(inside && extent.west <= extent.east && extent.south <= extent.north, "{extent:?}");
                LonLat { lon: (extent.west + extent.east) / 2.0, lat: (extent.south + extent.north) / 2.0 }
            }
            Err(error) => {
                check_error(&error);
                NEAR
            }
        };
        for near in [None, Some(at)] {
            match read_elevation(&path, near) {
                Ok((elevation, notices)) => {
                    check_notices(&notices);
                    let smooth = elevation.smoothed(elevation.smoothing_m());
                    for height in [elevation.find_height_m(at), smooth.find_height_m(at)].into_iter().flatten() {
                        assert!(height.is_finite(), "a height of {height}");
                    }
                }
                Err(error) => check_error(&error),
            }
        }
    });
}
