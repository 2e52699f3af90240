//! The towns that benches of searches run on, on foot: Dublin and Liège, and those of the extracts that `CHALAND_EXTRACTS`
//! names, separated by colons; or the one that `CHALAND_EXTRACT` names alone.

// Not every bench asks for all of it.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

use chaland::base::projection::{LonLat, Plane};
use chaland::network::index::StreetIndex;
use chaland::network::linkage::{LinkTo, LinkedPoint, MAX_AWAY_M, link_points};
use chaland::network::streets::{StreetGraph, WalkParameters, build_streets};
use chaland::sources::osm::{OsmOptions, PlaceRules, read_osm};
use geo::Coord;

/// A town on foot.
pub struct Town {
    /// Name of its extract.
    pub name: String,
    pub graph: StreetGraph,
    pub plane: Plane,
    /// Its shops and other places.
    pub places: Vec<LonLat>,
}

impl Town {
    pub fn all() -> Vec<Self> {
        if let Some(one) = std::env::var_os("CHALAND_EXTRACT") {
            return vec![Self::read_from(PathBuf::from(one))];
        }
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples");
        let mut paths =
            vec![samples.join("dublin/dublin_city_2025-05.osm.pbf"), samples.join("liege/liege_streets.osm.pbf")];
        if let Some(more) = std::env::var_os("CHALAND_EXTRACTS") {
            paths.extend(std::env::split_paths(&more));
        }
        paths.into_iter().map(Self::read_from).collect()
    }

    pub fn read_from(path: PathBuf) -> Self {
        let rules = PlaceRules::default_rules();
        let (records, _) = read_osm(&[&path], &OsmOptions::default(), &rules, &|_, _| {}).expect("an extract");
        let plane = Plane::centred_on(records.street_node_positions[records.street_node_positions.len() / 2]);
        let (graph, _) = build_streets(&records, &plane, &WalkParameters::default());
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        Self { name, graph, plane, places: records.places.iter().map(|place| place.position).collect() }
    }

    /// Where its shops and other places are; of an extract of streets alone every tenth junction.
    pub fn destinations(&self) -> Vec<LonLat> {
        if self.places.is_empty() { self.node_positions().step_by(10).collect() } else { self.places.clone() }
    }

    /// Where its junctions are.
    pub fn node_positions(&self) -> impl Iterator<Item = LonLat> {
        self.graph.nodes().map(|node| self.plane.unproject(self.graph.node_point(node)))
    }

    /// The points of the table that a variable names, else those given; linked.
    pub fn points(&self, variable: &str, others: impl Iterator<Item = LonLat>) -> Vec<LinkedPoint> {
        let positions = match std::env::var_os(variable) {
            Some(table) => points_of(Path::new(&table)),
            None => others.collect(),
        };
        linked(&self.graph, &self.plane.project_all(&positions))
    }
}

pub fn linked(graph: &StreetGraph, points: &[Coord<f64>]) -> Vec<LinkedPoint> {
    linked_or_not(graph, points).into_iter().flatten().collect()
}

pub fn linked_or_not(graph: &StreetGraph, points: &[Coord<f64>]) -> Vec<Option<LinkedPoint>> {
    link_points(graph, &StreetIndex::new(graph), points, MAX_AWAY_M, LinkTo::MainComponents)
}

/// Longitudes and latitudes of a CSV table with columns `lon` and `lat`.
fn points_of(path: &Path) -> Vec<LonLat> {
    let mut table = csv::Reader::from_path(path).expect("a table of points");
    let heads = table.headers().expect("a first line").clone();
    let column = |name: &str| heads.iter().position(|head| head == name).expect("columns lon and lat");
    let (lon, lat) = (column("lon"), column("lat"));
    let number = |row: &csv::StringRecord, at: usize| row[at].parse().expect("a number");
    let rows = table.records().map(|row| row.expect("a row"));
    rows.map(|row| LonLat { lon: number(&row, lon), lat: number(&row, lat) }).collect()
}
