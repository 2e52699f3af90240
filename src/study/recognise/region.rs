//! Where a study lies: a box in degrees, and the time zone that goes with it.

use crate::base::projection::LonLat;
use crate::sources::elevation::Extent;

/// A box in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// Western edge.
    pub west: f64,
    /// Southern edge.
    pub south: f64,
    /// Eastern edge.
    pub east: f64,
    /// Northern edge.
    pub north: f64,
}

/// Metres of a degree of latitude, near enough for a gap between boxes.
const DEGREE_KM: f64 = 111.2;

impl From<Extent> for Region {
    fn from(extent: Extent) -> Self {
        Self { west: extent.west, south: extent.south, east: extent.east, north: extent.north }
    }
}

impl Region {
    /// The box of 98 % of some coordinates on each axis: a stray far node does not stretch it.
    pub(super) fn core(mut lons: Vec<f64>, mut lats: Vec<f64>) -> Option<Self> {
        let edges = |values: &mut Vec<f64>| -> Option<(f64, f64)> {
            values.sort_unstable_by(f64::total_cmp);
            let last = values.len().checked_sub(1)?;
            Some((*values.get(last / 100)?, *values.get(last - last / 100)?))
        };
        let (west, east) = edges(&mut lons)?;
        let (south, north) = edges(&mut lats)?;
        Some(Self { west, south, east, north })
    }

    /// Whether a position lies inside.
    pub fn contains(&self, position: LonLat) -> bool {
        (self.west..=self.east).contains(&position.lon) && (self.south..=self.north).contains(&position.lat)
    }

    /// The box wider by a share of its size on each side, and by at least about a kilometre.
    pub(super) fn widened(&self, share: f64) -> Self {
        let (by_lon, by_lat) = ((self.east - self.west) * share + 0.014, (self.north - self.south) * share + 0.009);
        Self {
            west: self.west - by_lon,
            south: self.south - by_lat,
            east: self.east + by_lon,
            north: self.north + by_lat,
        }
    }

    /// The box of both.
    pub(super) fn joined(&self, other: &Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    /// The gap between two boxes, km; 0 where they meet.
    pub(super) fn gap_km(&self, other: &Self) -> f64 {
        let lat = (self.south - other.north).max(other.south - self.north).max(0.0);
        let lon = (self.west - other.east).max(other.west - self.east).max(0.0);
        let shrink = ((self.south + self.north) / 2.0).to_radians().cos();
        DEGREE_KM * lat.hypot(lon * shrink)
    }

    /// Its middle.
    pub fn middle(&self) -> LonLat {
        LonLat { lon: (self.west + self.east) / 2.0, lat: (self.south + self.north) / 2.0 }
    }
}

/// Rough boxes of the countries this is used in, and their zone; the first that holds a position wins.
const ZONES: &[(Region, &str)] = &[
    (zone_box(2.5, 49.45, 6.42, 51.55), "Europe/Brussels"),
    (zone_box(-10.7, 51.3, -5.4, 55.5), "Europe/Dublin"),
    (zone_box(20.5, 59.6, 31.6, 70.1), "Europe/Helsinki"),
    (zone_box(6.42, 47.2, 15.05, 55.1), "Europe/Berlin"),
    (zone_box(14.1, 35.7, 14.7, 36.2), "Europe/Malta"),
    (zone_box(-58.0, -34.0, -40.0, -14.0), "America/Sao_Paulo"),
];

const fn zone_box(west: f64, south: f64, east: f64, north: f64) -> Region {
    Region { west, south, east, north }
}

/// The time zone of a position, where it is known.
pub(super) fn time_zone_at(position: LonLat) -> Option<&'static str> {
    ZONES.iter().find(|(region, _)| region.contains(position)).map(|(_, zone)| *zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stray_node_does_not_stretch_the_core() {
        let mut lons: Vec<f64> = (0..1000).map(|i| f64::from(i) / 1000.0).collect();
        lons.push(170.0);
        let core = Region::core(lons.clone(), lons).expect("some");
        // Ranks 10 and 990 of 1001 sorted values.
        assert_eq!((core.west, core.east), (0.010, 0.990));
        assert_eq!(Region::core(Vec::new(), Vec::new()), None);
    }

    /// One degree of latitude is 111.2 km; of longitude at the equator as well.
    #[test]
    fn gaps_are_told_in_kilometres() {
        let near = zone_box(0.0, -0.5, 1.0, 0.5);
        assert_eq!(near.gap_km(&zone_box(0.5, 0.0, 3.0, 2.0)), 0.0);
        assert!((near.gap_km(&zone_box(2.0, 0.0, 3.0, 0.5)) - 111.2).abs() < 1e-9);
    }

    #[test]
    fn towns_find_their_zone() {
        let zone = |lon, lat| time_zone_at(LonLat { lon, lat });
        assert_eq!(zone(5.57, 50.64), Some("Europe/Brussels"));
        assert_eq!(zone(-6.26, 53.35), Some("Europe/Dublin"));
        assert_eq!(zone(8.69, 49.41), Some("Europe/Berlin"));
        assert_eq!(zone(24.94, 60.17), Some("Europe/Helsinki"));
        assert_eq!(zone(-51.2, -30.05), Some("America/Sao_Paulo"));
        assert_eq!(zone(0.0, 0.0), None);
    }
}
