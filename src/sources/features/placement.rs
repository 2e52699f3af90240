//! Coordinates of a file → degrees: by the declared system, by the asked-for one, or recognised by plausibility.

use std::cell::Cell;

use geo::{Coord, CoordsIter, Geometry, MapCoords};

use super::{Feature, FeatureOptions, FeaturesError, RawFeature, RawLayer};
use crate::base::notice::{Notice, Notices};
use crate::base::projection::{Crs, LonLat, ProjectionError};

/// Longest property that is kept whole, bytes.
const LONGEST_TEXT: usize = 64 * 1024;
/// Why coordinates cannot be placed on the globe.
#[derive(Debug, thiserror::Error)]
pub enum PlacementError {
    /// The system is not known.
    #[error("{0}; name another code with the option for the EPSG code")]
    Unknown(#[from] ProjectionError),
    /// No system is declared and none fits.
    #[error(
        "coordinates such as ({x}, {y}) are not degrees, no coordinate system is declared and none of the known ones \
         fits; name the EPSG code"
    )]
    Unrecognised {
        /// First coordinate of an example.
        x: f64,
        /// Second coordinate.
        y: f64,
    },
}

/// A projected system and where its coordinates lie: west, south, east, north, in its own units.
struct Candidate {
    epsg: u32,
    box_: [f64; 4],
}

/// Systems tried, in this order, when a file in metres declares none. Boxes: areas of use in the EPSG registry,
/// widened a little; the national systems of the countries around the study's home first.
const CANDIDATES: [Candidate; 7] = [
    Candidate { epsg: 31370, box_: [0.0, 15_000.0, 310_000.0, 260_000.0] },
    Candidate { epsg: 3812, box_: [500_000.0, 515_000.0, 810_000.0, 760_000.0] },
    Candidate { epsg: 28992, box_: [10_000.0, 300_000.0, 290_000.0, 630_000.0] },
    Candidate { epsg: 25832, box_: [200_000.0, 4_900_000.0, 950_000.0, 6_120_000.0] },
    Candidate { epsg: 2154, box_: [0.0, 6_000_000.0, 1_300_000.0, 7_200_000.0] },
    Candidate { epsg: 3035, box_: [2_500_000.0, 1_300_000.0, 7_500_000.0, 5_500_000.0] },
    Candidate { epsg: 3857, box_: [-20_050_000.0, -20_050_000.0, 20_050_000.0, 20_050_000.0] },
];

/// Further systems tried only where the position of the study is known and settles the matter.
const NEAR_ONLY: [u32; 8] = [25831, 25833, 2169, 3067, 2157, 29903, 32632, 32631];

/// How far from the study's position recognised coordinates may lie.
const NEAR_M: f64 = 150_000.0;

/// A swapped pair is recognised without further knowledge inside this box (Belgium, Luxembourg, Netherlands, lower
/// Rhine): read the other way round it lies in the open sea off Somalia. West, south, east, north.
const SWAP_BOX: [f64; 4] = [2.3, 49.3, 7.3, 53.7];

/// The way from a file's coordinates to degrees.
#[derive(Debug)]
pub struct Placement {
    crs: Option<Crs>,
    near: Option<LonLat>,
}

/// A coordinate pair on the globe.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Placed {
    /// As written.
    AsWritten(LonLat),
    /// With longitude and latitude swapped back.
    Swapped(LonLat),
    /// Not a finite number.
    NotFinite,
    /// Not on the globe.
    Outside,
}

impl Placement {
    /// Coordinates that are degrees already.
    pub fn degrees(near: Option<LonLat>) -> Self {
        Self { crs: None, near }
    }

    /// The placement for a file: `declared` is what the file says, `example` its first finite coordinates.
    pub fn choose(
        file: &str,
        declared: Option<u32>,
        example: Option<(f64, f64)>,
        options: &FeatureOptions,
        notices: &mut Notices,
    ) -> Result<Self, PlacementError> {
        let near = options.near;
        let named = options.epsg.or(declared);
        let metres = example.filter(|&(x, y)| x.abs() > 180.0 || y.abs() > 180.0);
        match (named, metres) {
            (Some(code), None) if code == Crs::WGS84_CODE => Ok(Self::degrees(near)),
            (Some(code), _) if code != Crs::WGS84_CODE => Ok(Self { crs: Some(Crs::from_epsg(code)?), near }),
            (_, None) => Ok(Self::degrees(near)),
            (_, Some((x, y))) => {
                let (code, others) = recognise(x, y, near).ok_or(PlacementError::Unrecognised { x, y })?;
                let mut problem = String::from("are not degrees and no usable coordinate system is declared");
                if !others.is_empty() {
                    let others: Vec<String> = others.iter().map(|code| format!("EPSG:{code}")).collect();
                    problem.push_str(&format!(" (would also fit: {})", others.join(", ")));
                }
                notices.push(
                    Notice::warning("crs_guessed", file, problem)
                        .field("coordinates", format!("{x}, {y}"))
                        .action(format!("read as EPSG:{code}")),
                );
                Ok(Self { crs: Some(Crs::from_epsg(code)?), near })
            }
        }
    }

    /// A coordinate pair in degrees.
    pub fn place(&self, x: f64, y: f64) -> Placed {
        if !(x.is_finite() && y.is_finite()) {
            return Placed::NotFinite;
        }
        if let Some(crs) = &self.crs {
            return crs.to_lon_lat(x, y).map_or(Placed::Outside, Placed::AsWritten);
        }
        match (LonLat::new(x, y), LonLat::new(y, x)) {
            (Some(written), Some(swapped)) if self.looks_swapped(written, swapped) => Placed::Swapped(swapped),
            (Some(written), _) => Placed::AsWritten(written),
            (None, Some(swapped)) => Placed::Swapped(swapped), // a latitude above 90 degrees: only the other way round
            (None, None) => Placed::Outside,
        }
    }

    fn looks_swapped(&self, written: LonLat, swapped: LonLat) -> bool {
        match self.near {
            Some(near) => rough_distance_m(near, swapped) < NEAR_M && rough_distance_m(near, written) > 2.0 * NEAR_M,
            None => {
                let [west, south, east, north] = SWAP_BOX;
                (west..=east).contains(&swapped.lon) && (south..=north).contains(&swapped.lat)
            }
        }
    }
}

/// The most plausible system for coordinates in metres, and the others that would fit.
fn recognise(x: f64, y: f64, near: Option<LonLat>) -> Option<(u32, Vec<u32>)> {
    let mut fitting: Vec<u32> = CANDIDATES
        .iter()
        .filter(|c| (c.box_[0]..=c.box_[2]).contains(&x) && (c.box_[1]..=c.box_[3]).contains(&y))
        .map(|c| c.epsg)
        .collect();
    if let Some(near) = near {
        fitting.extend(NEAR_ONLY);
        fitting.retain(|&code| {
            let position = Crs::from_epsg(code).ok().and_then(|crs| crs.to_lon_lat(x, y));
            position.is_some_and(|position| rough_distance_m(near, position) < NEAR_M)
        });
    }
    let first = *fitting.first()?;
    Some((first, fitting.split_off(1)))
}

/// Distance on a sphere's tangent plane: good enough to tell 150 km from the other end of the world.
fn rough_distance_m(a: LonLat, b: LonLat) -> f64 {
    let east = (a.lon - b.lon) * ((a.lat + b.lat) / 2.0).to_radians().cos();
    east.hypot(a.lat - b.lat) * 111_195.0
}

/// Places all features; those that cannot be placed are dropped with a notice and tallied.
pub(super) fn place_features(
    file: &str,
    layer: RawLayer,
    options: &FeatureOptions,
    notices: &mut Notices,
) -> Result<Vec<Feature>, FeaturesError> {
    let finite = |c: &Coord<f64>| c.x.is_finite() && c.y.is_finite();
    let geometries =
        layer.features.iter().filter_map(|feature| feature.geometry.as_ref().ok().and_then(Option::as_ref));
    let example = geometries.flat_map(|geometry| geometry.coords_iter()).find(finite).map(|c| (c.x, c.y));
    let placement = Placement::choose(file, layer.declared_epsg, example, options, notices)
        .map_err(|source| FeaturesError::Placement { file: file.to_owned(), source })?;
    let mut features = Vec::with_capacity(layer.features.len());
    for raw in layer.features {
        match place_feature(file, raw, &placement) {
            Ok((feature, repairs)) => {
                features.push(feature);
                repairs.into_iter().for_each(|notice| notices.push(notice));
            }
            Err(notice) => {
                notices.push(notice.action("feature dropped"));
                notices.tally(file).count_dropped();
            }
        }
    }
    Ok(features)
}

fn place_feature(file: &str, raw: RawFeature, placement: &Placement) -> Result<(Feature, Vec<Notice>), Notice> {
    let number = raw.number;
    let geometry =
        raw.geometry.map_err(|problem| Notice::error("geometry_unreadable", file, problem).at_feature(number))?;
    let geometry = geometry
        .filter(|geometry| geometry.coords_iter().next().is_some())
        .ok_or_else(|| Notice::error("geometry_empty", file, "has no geometry").at_feature(number))?;
    let swapped = Cell::new(None); // the mapping closure must be `Copy`
    let swapped_seen = &swapped;
    let degrees: Result<Geometry<f64>, Notice> = geometry.try_map_coords(|c| match placement.place(c.x, c.y) {
        Placed::AsWritten(p) => Ok(Coord { x: p.lon, y: p.lat }),
        Placed::Swapped(p) => {
            swapped_seen.set(swapped_seen.get().or(Some(c)));
            Ok(Coord { x: p.lon, y: p.lat })
        }
        Placed::NotFinite => Err(Notice::error("coordinate_not_finite", file, "is not a position")
            .at_feature(number)
            .field("coordinates", format!("{}, {}", c.x, c.y))),
        Placed::Outside => Err(Notice::error("coordinate_outside", file, "is not on the globe")
            .at_feature(number)
            .field("coordinates", format!("{}, {}", c.x, c.y))),
    });
    let mut repairs = Vec::new();
    repairs.extend(swapped.get().map(|c| {
        Notice::warning("coordinates_swapped", file, "has longitude and latitude in the wrong order")
            .at_feature(number)
            .field("coordinates", format!("{}, {}", c.x, c.y))
            .action("swapped back")
    }));
    if raw.open_ring {
        let problem = "has a ring that does not end where it starts";
        repairs.push(Notice::warning("ring_unclosed", file, problem).at_feature(number).action("ring closed"));
    }
    let RawFeature { mut properties, typed_numbers, .. } = raw;
    repairs.extend(properties.iter_mut().filter_map(|(key, value)| cut_long_text(file, number, key, value)));
    let feature = Feature { number, properties, typed_numbers, geometry: degrees?, repaired: !repairs.is_empty() };
    Ok((feature, repairs))
}

/// Cuts a text that no table or map can show, and tells of it.
fn cut_long_text(file: &str, number: u64, key: &str, value: &mut String) -> Option<Notice> {
    if value.len() <= LONGEST_TEXT {
        return None;
    }
    let problem = format!("is a text of {} bytes", value.len());
    value.truncate(value.floor_char_boundary(LONGEST_TEXT));
    value.shrink_to_fit();
    let notice = Notice::warning("property_too_long", file, problem).at_feature(number).field(key, &value);
    Some(notice.action(format!("cut after {LONGEST_TEXT} bytes")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_letters() {
        let mut text = format!("a{}", "é".repeat(LONGEST_TEXT / 2));
        let notice = cut_long_text("d.geojson", 3, "name", &mut text).expect("a notice");
        assert_eq!((notice.code, text.len()), ("property_too_long", LONGEST_TEXT - 1));
        assert!(cut_long_text("d.geojson", 3, "name", &mut text).is_none());
    }

    #[test]
    fn national_systems_are_recognised_by_their_coordinates() {
        // Golden values of Brussels (Lambert 72, Lambert 2008) and a street of Heidelberg (UTM 32).
        assert_eq!(recognise(151_066.886, 170_265.841, None).map(|f| f.0), Some(31370));
        assert_eq!(recognise(651_066.533, 670_266.378, None).map(|f| f.0), Some(3812));
        assert_eq!(recognise(476_083.65, 5_471_796.68, None).map(|f| f.0), Some(25832));
        assert_eq!(recognise(4e7, 1.0, None), None);
    }

    #[test]
    fn the_position_of_the_study_settles_which_system_is_meant() {
        let helsinki = LonLat { lon: 24.94, lat: 60.17 };
        let tm35 = Crs::from_epsg(3067).expect("known").from_lon_lat(helsinki).expect("inside");
        assert_eq!(recognise(tm35.0, tm35.1, Some(helsinki)).map(|f| f.0), Some(3067));
    }

    #[test]
    fn swapped_pairs_are_turned_back_only_where_that_is_beyond_doubt() {
        let anywhere = Placement::degrees(None);
        let liege = LonLat { lon: 5.57, lat: 50.64 };
        assert_eq!(anywhere.place(5.57, 50.64), Placed::AsWritten(liege));
        assert_eq!(anywhere.place(50.64, 5.57), Placed::Swapped(liege));
        assert_eq!(anywhere.place(30.0, 120.0), Placed::Swapped(LonLat { lon: 120.0, lat: 30.0 }));
        // Helsinki the wrong way round is a place in Arabia: kept, unless the study is known to be in Helsinki.
        assert_eq!(anywhere.place(60.17, 24.94), Placed::AsWritten(LonLat { lon: 60.17, lat: 24.94 }));
        let helsinki = LonLat { lon: 24.94, lat: 60.17 };
        assert_eq!(Placement::degrees(Some(helsinki)).place(60.17, 24.94), Placed::Swapped(helsinki));
        assert_eq!(anywhere.place(f64::NAN, 1.0), Placed::NotFinite);
        assert_eq!(anywhere.place(500.0, 500.0), Placed::Outside);
    }
}
