//! Statistical sectors of the town in Lambert 72 and the people in them.

use super::ground::{Ground, Point};
use crate::base::projection::Crs;

/// A sector: code, name, residents, corners in town metres.
type Sector = (&'static str, &'static str, u32, &'static [Point]);

const SECTORS: &[Sector] = &[
    ("99999A00-", "CENTRE", 760, &[(-205.0, -100.0), (205.0, -100.0), (205.0, 110.0), (-205.0, 110.0)]),
    (
        "99999A01-",
        "REMPART",
        240,
        &[(-820.0, 110.0), (205.0, 110.0), (205.0, -100.0), (310.0, -100.0), (310.0, 300.0), (-820.0, 300.0)],
    ),
    ("99999A10-", "GARE", 1240, &[(-820.0, 300.0), (820.0, 300.0), (820.0, 620.0), (-820.0, 620.0)]),
    ("99999A20-", "LES HAUTS", 820, &[(-820.0, -120.0), (-205.0, -120.0), (-205.0, 110.0), (-820.0, 110.0)]),
    ("99999A30-", "EST", 560, &[(310.0, -60.0), (820.0, -60.0), (820.0, 300.0), (310.0, 300.0)]),
    (
        "99999A4MJ",
        "QUAIS ET TANNERIES",
        130,
        &[
            (-820.0, -200.0),
            (820.0, -200.0),
            (820.0, -60.0),
            (310.0, -60.0),
            (310.0, -100.0),
            (-205.0, -100.0),
            (-205.0, -120.0),
            (-820.0, -120.0),
        ],
    ),
    ("99999B00-", "OUTRE-CHALAND OUEST", 1010, &[(-820.0, -620.0), (0.0, -620.0), (0.0, -200.0), (-820.0, -200.0)]),
    ("99999B01-", "OUTRE-CHALAND EST", 640, &[(0.0, -620.0), (820.0, -620.0), (820.0, -200.0), (0.0, -200.0)]),
];

/// Residents per sector code.
pub fn population() -> String {
    let mut text = "CD_SECTOR,TX_SECTOR_DESCR_FR,POPULATION\n".to_owned();
    for (code, name, residents, _) in SECTORS {
        text.push_str(&format!("{code},{name},{residents}\n"));
    }
    text
}

/// The sectors as GeoJSON in EPSG:31370.
pub fn geojson(ground: &Ground) -> String {
    let lambert = Crs::from_epsg(31370).expect("a known code");
    let features: Vec<String> = SECTORS.iter().map(|sector| feature(ground, &lambert, sector)).collect();
    format!(
        "{{\n\"type\": \"FeatureCollection\",\n\"name\": \"bourg_districts\",\n\"crs\": {{ \"type\": \"name\", \
         \"properties\": {{ \"name\": \"urn:ogc:def:crs:EPSG::31370\" }} }},\n\"features\": [\n{}\n]\n}}\n",
        features.join(",\n")
    )
}

fn feature(ground: &Ground, lambert: &Crs, (code, name, _, corners): &Sector) -> String {
    let mut ring = with_sides(corners);
    ring.push(corners[0]);
    let positions: Vec<String> = ring
        .iter()
        .map(|&point| {
            let (x, y) = lambert.from_lon_lat(ground.place(point)).expect("the town lies in Belgium");
            format!("[{x:.2}, {y:.2}]")
        })
        .collect();
    format!(
        "{{ \"type\": \"Feature\", \"properties\": {{ \"cd_sector\": \"{code}\", \"tx_sector_descr_fr\": \"{name}\", \
         \"cd_refnis\": \"99999\" }}, \"geometry\": {{ \"type\": \"Polygon\", \"coordinates\": [[{}]] }} }}",
        positions.join(", ")
    )
}

/// The ring with a point at every multiple of 40 m along its sides, so that neighbours follow the same bend.
fn with_sides(corners: &[Point]) -> Vec<Point> {
    let mut points = Vec::new();
    for (index, &from) in corners.iter().enumerate() {
        let to = corners[(index + 1) % corners.len()];
        points.push(from);
        let mut between: Vec<Point> = (-25..=25)
            .map(|step| f64::from(step) * 40.0)
            .filter_map(|mark| match from.1 == to.1 {
                true if mark > from.0.min(to.0) && mark < from.0.max(to.0) => Some((mark, from.1)),
                false if mark > from.1.min(to.1) && mark < from.1.max(to.1) => Some((from.0, mark)),
                _ => None,
            })
            .collect();
        if to.0 < from.0 || to.1 < from.1 {
            between.reverse();
        }
        points.extend(between);
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shoelace sum of the sectors is the town: 1640 m by 1240 m, nothing left out and nothing twice.
    #[test]
    fn sectors_tile_the_town() {
        let area = |ring: &[Point]| -> f64 {
            (0..ring.len())
                .map(|i| {
                    let (p, q) = (ring[i], ring[(i + 1) % ring.len()]);
                    (p.0 * q.1 - q.0 * p.1) / 2.0
                })
                .sum()
        };
        let total: f64 = SECTORS.iter().map(|sector| area(sector.3)).sum();
        assert!((total - 1640.0 * 1240.0).abs() < 1e-6, "{total}");
        assert_eq!(SECTORS.iter().map(|sector| sector.2).sum::<u32>(), 5400);
    }
}
