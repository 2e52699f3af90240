//! Names of streets by place: a sidewalk mapped apart is known by the street it runs along, closed on foot or not.

use std::collections::BTreeMap;

use geo::Coord;
use rstar::{AABB, PointDistance, RTree, RTreeObject};

use crate::base::geometry::{distance_m, length_m, nearest_on_segment, point_along};
use crate::base::projection::Plane;
use crate::sources::osm::records::OsmRecords;

/// A street runs beside a place within this distance, metres: a sidewalk and its carriageway.
const BESIDE_M: f64 = 30.0;
/// Distance between the places at which a line asks for the street beside it, metres.
const ASK_EVERY_M: f64 = 10.0;

/// All streets with a name, indexed by place.
pub struct StreetNames {
    names: Vec<String>,
    pieces: RTree<NamedPiece>,
}

struct NamedPiece {
    from: Coord<f64>,
    to: Coord<f64>,
    name: u32,
}

impl RTreeObject for NamedPiece {
    type Envelope = AABB<[f64; 2]>;
    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners([self.from.x, self.from.y], [self.to.x, self.to.y])
    }
}

impl PointDistance for NamedPiece {
    fn distance_2(&self, point: &[f64; 2]) -> f64 {
        let point = Coord { x: point[0], y: point[1] };
        distance_m(nearest_on_segment(self.from, self.to, point).0, point).powi(2)
    }
}

impl StreetNames {
    /// The names of all streets of an extract.
    pub fn new(osm: &OsmRecords, plane: &Plane) -> Self {
        let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
        let mut names = Vec::new();
        let mut pieces = Vec::new();
        for street in osm.streets.iter().filter(|street| !street.name.is_empty()) {
            let name = *numbers.entry(&street.name).or_insert_with(|| {
                names.push(street.name.clone());
                names.len() as u32 - 1
            });
            let line = plane.project_all(&osm.course(street));
            let finite = |pair: &&[Coord<f64>]| pair.iter().all(|p| p.x.is_finite() && p.y.is_finite());
            pieces.extend(line.windows(2).filter(finite).map(|pair| NamedPiece { from: pair[0], to: pair[1], name }));
        }
        Self { names, pieces: RTree::bulk_load(pieces) }
    }

    /// The name that is nearest at most places along the lines; empty where no street with a name runs beside them.
    pub fn beside(&self, lines: &[Vec<Coord<f64>>]) -> String {
        let mut votes: BTreeMap<u32, usize> = BTreeMap::new();
        for line in lines {
            let length = length_m(line);
            let samples = (length / ASK_EVERY_M).ceil().max(1.0) as usize;
            for place in (0..samples).filter_map(|i| point_along(line, (i as f64 + 0.5) * length / samples as f64)) {
                let near = self.pieces.nearest_neighbor_iter_with_distance_2(&[place.x, place.y]).next();
                if let Some((piece, _)) = near.filter(|(_, squared)| *squared <= BESIDE_M * BESIDE_M) {
                    *votes.entry(piece.name).or_default() += 1;
                }
            }
        }
        let most = votes.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
        most.map(|(name, _)| self.names[name as usize].clone()).unwrap_or_default()
    }
}
