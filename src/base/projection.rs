//! Coordinate reference systems: from any EPSG code to degrees, and from degrees to the study's metric plane.
//!
//! Degrees exist only in sources, here and in export. Everything else works in metres on a [`Plane`], a
//! transverse Mercator projection centred on the study: within 50 km of the centre lengths are true to 3e-5.

use geo::Coord;
use proj4rs::Proj;
use proj4rs::transform::transform;
use rayon::prelude::*;

use super::near_centre::NearCentre;

/// A position in degrees, WGS 84.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct LonLat {
    /// Longitude, degrees east, -180 to 180.
    pub lon: f64,
    /// Latitude, degrees north, -90 to 90.
    pub lat: f64,
}

impl LonLat {
    /// A position, `None` unless both are finite and on the globe.
    pub fn new(lon: f64, lat: f64) -> Option<Self> {
        ((-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat)).then_some(Self { lon, lat })
    }
}

/// Why coordinates cannot be turned into degrees or metres.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// The code is not in the table of definitions.
    #[error("EPSG:{0} is not a known coordinate reference system")]
    UnknownCode(u32),
    /// The definition could not be used.
    #[error("EPSG:{code} cannot be used here: {reason}")]
    Unusable {
        /// The EPSG code.
        code: u32,
        /// What the projection library says.
        reason: String,
    },
}

/// A coordinate reference system named by its EPSG code.
#[derive(Debug)]
pub struct Crs {
    code: u32,
    proj: Proj,
    wgs84: Proj,
}

/// Lambert 72 of Belgium. Files on the way often carry sign-flipped rotations, which put points 65 m off.
const LAMBERT_72: &str = "+proj=lcc +lat_1=51.16666723333333 +lat_2=49.8333339 +lat_0=90 +lon_0=4.367486666666666 \
     +x_0=150000.013 +y_0=5400088.438 +ellps=intl +towgs84=-106.8686,52.2978,-103.7239,0.3366,-0.457,1.8422,-1.2747 \
     +units=m +no_defs";
const WGS84: &str = "+proj=longlat +datum=WGS84 +no_defs";

impl Crs {
    /// Plain longitude and latitude.
    pub const WGS84_CODE: u32 = 4326;

    /// The system with this EPSG code.
    pub fn from_epsg(code: u32) -> Result<Self, ProjectionError> {
        let definition = match code {
            31370 => LAMBERT_72,
            _ => {
                let short = u16::try_from(code).map_err(|_| ProjectionError::UnknownCode(code))?;
                crs_definitions::from_code(short).ok_or(ProjectionError::UnknownCode(code))?.proj4
            }
        };
        let unusable = |e: proj4rs::errors::Error| ProjectionError::Unusable { code, reason: e.to_string() };
        let proj = Proj::from_proj_string(definition).map_err(unusable)?;
        let wgs84 = Proj::from_proj_string(WGS84).map_err(unusable)?;
        Ok(Self { code, proj, wgs84 })
    }

    /// The EPSG code.
    pub fn code(&self) -> u32 {
        self.code
    }

    /// A position in this system as degrees; `None` where it lies outside the system or the globe.
    pub fn to_lon_lat(&self, x: f64, y: f64) -> Option<LonLat> {
        if self.code == Self::WGS84_CODE {
            return LonLat::new(x, y);
        }
        let mut point = if self.proj.is_latlong() { (x.to_radians(), y.to_radians(), 0.0) } else { (x, y, 0.0) };
        transform(&self.proj, &self.wgs84, &mut point).ok()?;
        LonLat::new(point.0.to_degrees(), point.1.to_degrees())
    }

    /// A position in degrees as coordinates of this system; `None` where the system cannot hold it.
    pub fn from_lon_lat(&self, position: LonLat) -> Option<(f64, f64)> {
        let mut point = (position.lon.to_radians(), position.lat.to_radians(), 0.0);
        transform(&self.wgs84, &self.proj, &mut point).ok()?;
        let point =
            if self.proj.is_latlong() { (point.0.to_degrees(), point.1.to_degrees()) } else { (point.0, point.1) };
        (point.0.is_finite() && point.1.is_finite()).then_some(point)
    }
}

/// The study's metric plane: x metres east and y metres north of the study's centre.
#[derive(Debug)]
pub struct Plane {
    centre: LonLat,
    exact: Exact,
    /// What most positions of a study are projected with.
    near: Option<NearCentre>,
}

/// The projection of a plane as the library does it.
#[derive(Debug)]
struct Exact {
    proj: Proj,
    wgs84: Proj,
}

impl Exact {
    fn project(&self, position: LonLat) -> Coord<f64> {
        let mut point = (position.lon.to_radians(), position.lat.to_radians(), 0.0);
        match transform(&self.wgs84, &self.proj, &mut point) {
            Ok(()) => Coord { x: point.0, y: point.1 },
            Err(_) => Coord { x: f64::INFINITY, y: f64::INFINITY },
        }
    }
}

impl Plane {
    /// The plane centred on a position.
    pub fn centred_on(centre: LonLat) -> Self {
        let definition =
            format!("+proj=tmerc +lat_0={} +lon_0={} +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m", centre.lat, centre.lon);
        let proj = Proj::from_proj_string(&definition).expect("a transverse Mercator exists for every centre");
        let wgs84 = Proj::from_proj_string(WGS84).expect("WGS 84 is a valid definition");
        let exact = Exact { proj, wgs84 };
        let near = NearCentre::of(centre, |position| exact.project(position));
        Self { centre, exact, near }
    }

    /// The centre of the plane.
    pub fn centre(&self) -> LonLat {
        self.centre
    }

    /// Degrees to metres. A position the plane cannot hold (the far side of the globe) gives infinite metres.
    pub fn project(&self, position: LonLat) -> Coord<f64> {
        let near = self.near.as_ref().and_then(|near| near.project(position));
        near.unwrap_or_else(|| self.exact.project(position))
    }

    /// Degrees to metres for many positions at once, in parallel, in the same order.
    pub fn project_all(&self, positions: &[LonLat]) -> Vec<Coord<f64>> {
        positions.par_iter().with_min_len(4096).map(|&position| self.project(position)).collect()
    }

    /// Metres to degrees.
    pub fn unproject(&self, point: Coord<f64>) -> LonLat {
        let mut position = (point.x, point.y, 0.0);
        match transform(&self.exact.proj, &self.exact.wgs84, &mut position) {
            Ok(()) => LonLat { lon: position.0.to_degrees(), lat: position.1.to_degrees() },
            Err(_) => self.centre,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_near(found: (f64, f64), expected: (f64, f64), tolerance: f64) {
        assert!(
            (found.0 - expected.0).abs() <= tolerance && (found.1 - expected.1).abs() <= tolerance,
            "{found:?} is not {expected:?}"
        );
    }

    /// Within the polynomials' reach and beyond it, from the equator to the far north and across 180 degrees.
    #[test]
    fn positions_near_the_centre_are_where_the_library_puts_them() {
        for (lon, lat) in [(4.35, 50.85), (0.0, 0.0), (-51.2, -30.0), (25.7, 71.0), (179.9, -45.0), (20.0, 89.9)] {
            let plane = Plane::centred_on(LonLat { lon, lat });
            assert_eq!(plane.near.is_some(), lat < 89.0, "{lat}");
            for step in 0..41 * 41 {
                let (u, v) = (f64::from(step % 41) / 20.0 - 1.0, f64::from(step / 41) / 20.0 - 1.0);
                let position = LonLat { lon: lon + 1.2 * u, lat: (lat + 0.8 * v).min(90.0) };
                let (found, expected) = (plane.project(position), plane.exact.project(position));
                assert_near((found.x, found.y), (expected.x, expected.y), 1e-6);
            }
        }
    }

    /// Golden values of PROJ for Brussels, Liège and Ostend, good to a millimetre.
    #[test]
    fn belgian_systems_equal_proj_to_a_millimetre() {
        let golden = [
            ((4.3839, 50.8428), (151066.886, 170265.841), (651066.533, 670266.378)),
            ((5.5797, 50.6326), (235666.836, 147582.934), (735668.499, 647593.735)),
            ((2.9187, 51.2293), (48716.117, 214250.909), (548711.338, 714238.900)),
        ];
        let lambert_72 = Crs::from_epsg(31370).expect("known");
        let lambert_2008 = Crs::from_epsg(3812).expect("known");
        for ((lon, lat), in_72, in_2008) in golden {
            let position = LonLat::new(lon, lat).expect("on the globe");
            assert_near(lambert_72.from_lon_lat(position).expect("inside"), in_72, 1e-3);
            assert_near(lambert_2008.from_lon_lat(position).expect("inside"), in_2008, 1e-3);
            let back = lambert_72.to_lon_lat(in_72.0, in_72.1).expect("inside");
            assert_near((back.lon, back.lat), (lon, lat), 2e-8);
        }
    }

    /// Heidelberg's parking file: EPSG:25832, checked against the position of its street in OSM.
    #[test]
    fn utm_32_is_read() {
        let utm = Crs::from_epsg(25832).expect("known");
        let position = utm.to_lon_lat(476083.65, 5471796.68).expect("inside");
        assert_near((position.lon, position.lat), (8.6706, 49.3979), 2e-3);
        let back = utm.from_lon_lat(position).expect("inside");
        assert_near(back, (476083.65, 5471796.68), 1e-3);
    }

    #[test]
    fn unknown_codes_are_refused() {
        assert!(matches!(Crs::from_epsg(1), Err(ProjectionError::UnknownCode(1))));
        assert!(matches!(Crs::from_epsg(900_913_000), Err(ProjectionError::UnknownCode(_))));
    }

    #[test]
    fn the_plane_keeps_lengths_and_returns() {
        let plane = Plane::centred_on(LonLat { lon: 5.57, lat: 50.64 });
        // One second of arc of latitude at 50.64 degrees north is 30.898 m on the WGS 84 ellipsoid.
        let north = plane.project(LonLat { lon: 5.57, lat: 50.64 + 1.0 / 3600.0 });
        assert!((north.y - 30.898).abs() < 0.01 && north.x.abs() < 1e-6, "{north:?}");
        let there = LonLat { lon: 5.9, lat: 50.4 };
        let back = plane.unproject(plane.project(there));
        assert_near((back.lon, back.lat), (there.lon, there.lat), 1e-9);
    }
}
