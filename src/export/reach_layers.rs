//! What is reached from points, as layers: the areas of isochrones, and the streets themselves.

use geo::{Coord, MapCoords, MultiPolygon};
use serde_json::{Map, Value};

use super::feature_collection::rounded;
use super::map_layer::{FieldKind, MapGeometry, MapLayer, MapRow, named};
use crate::analysis::access::KindAccess;
use crate::base::geometry::part_of_line;
use crate::base::projection::{LonLat, Plane};
use crate::base::units::TravelTime;
use crate::network::streets::{Profile, SearchDirection, StreetGraph};
use crate::reach::isochrone::Isochrone;
use crate::reach::reached::ReachedSegment;

/// A point whose reach is drawn.
#[derive(Clone, Copy, Debug)]
pub struct ReachOf<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name, may be empty.
    pub name: &'a str,
    /// Who travels.
    pub profile: Profile,
    /// From the point, or to it.
    pub direction: SearchDirection,
    /// Day and time at which it is left, where public transport is taken.
    pub departure: Option<&'a str>,
}

impl ReachOf<'_> {
    fn properties(&self) -> Map<String, Value> {
        let mut properties = Map::new();
        properties.insert("id".into(), self.id.into());
        properties.insert("name".into(), self.name.into());
        properties.insert("profile".into(), self.profile.key().into());
        let direction = match self.direction {
            SearchDirection::From => "from",
            SearchDirection::To => "to",
        };
        properties.insert("direction".into(), direction.into());
        if let Some(departure) = self.departure {
            properties.insert("departure".into(), departure.into());
        }
        properties
    }
}

const ABOUT: [(&str, FieldKind); 4] =
    [("id", FieldKind::Text), ("name", FieldKind::Text), ("profile", FieldKind::Text), ("direction", FieldKind::Text)];

/// The isochrones of a point, and of each kind that is counted what is reached within each of their times.
#[derive(Clone, Debug)]
pub struct IsochronesOf<'a> {
    /// The point.
    pub of: ReachOf<'a>,
    /// Its isochrones, from the shortest time to the longest.
    pub isochrones: &'a [Isochrone],
    /// What is reached of each kind within these times.
    pub counted: &'a [KindAccess],
}

/// An area per point and time: the longest time first, so that the shorter ones are drawn over it. What is counted of a kind
/// stands in a column such as `bakery_within`.
pub fn isochrone_layer<'a>(
    reached: impl Iterator<Item = IsochronesOf<'a>>,
    kinds: &[String],
    plane: &Plane,
) -> MapLayer {
    let mut fields = ABOUT.to_vec();
    fields.extend([
        ("departure", FieldKind::Text),
        ("cutoff_min", FieldKind::Real),
        ("street_m", FieldKind::Real),
        ("cut_ends", FieldKind::Integer),
        ("area_km2", FieldKind::Real),
        ("grid_m", FieldKind::Real),
    ]);
    let columns: Vec<String> = kinds.iter().map(|kind| format!("{kind}_within")).collect();
    let mut fields = named(fields);
    fields.extend(columns.iter().map(|name| (name.clone().into(), FieldKind::Real)));
    let columns = &columns;
    let rows = reached.flat_map(|IsochronesOf { of, isochrones, counted }| {
        isochrones.iter().enumerate().rev().map(move |(at, isochrone)| {
            let mut properties = of.properties();
            properties.insert("cutoff_min".into(), rounded(isochrone.cutoff.minutes(), 1000.0));
            properties.insert("street_m".into(), rounded(isochrone.length_m, 10.0));
            properties.insert("cut_ends".into(), isochrone.cut_ends.into());
            properties.insert("area_km2".into(), rounded(isochrone.area_m2 / 1e6, 1e6));
            properties.insert("grid_m".into(), rounded(isochrone.grid_m, 10.0));
            let amounts = counted.iter().map(|kind| rounded(kind.within[at], 1000.0));
            properties.extend(columns.iter().cloned().zip(amounts));
            MapRow { geometry: MapGeometry::Area(in_degrees(&isochrone.area, plane)), properties }
        })
    });
    MapLayer { name: "isochrones".to_owned(), fields, rows: rows.collect() }
}

/// A line per stretch of street that a point reaches, with the shortest time within which it does and the times at both
/// ends.
pub fn reached_street_layer<'a>(
    reached: impl Iterator<Item = (ReachOf<'a>, &'a [(TravelTime, ReachedSegment)])>,
    graph: &StreetGraph,
    plane: &Plane,
) -> MapLayer {
    let mut fields = ABOUT.to_vec();
    fields.extend([
        ("departure", FieldKind::Text),
        ("cutoff_min", FieldKind::Real),
        ("way", FieldKind::Integer),
        ("length_m", FieldKind::Real),
        ("from_s", FieldKind::Real),
        ("to_s", FieldKind::Real),
    ]);
    let rows = reached.flat_map(|(of, streets)| {
        streets.iter().filter_map(move |(cutoff, stretch)| {
            let line = part_of_line(graph.segment_line(stretch.segment), stretch.from_m, stretch.to_m);
            let line: Vec<_> = line.into_iter().map(|point| plane.unproject(point)).collect();
            let mut properties = of.properties();
            properties.insert("cutoff_min".into(), rounded(cutoff.minutes(), 1000.0));
            properties.insert("way".into(), graph.segment_way(stretch.segment).into());
            properties.insert("length_m".into(), rounded(stretch.length_m(), 10.0));
            properties.insert("from_s".into(), rounded(stretch.from_time.seconds(), 10.0));
            properties.insert("to_s".into(), rounded(stretch.to_time.seconds(), 10.0));
            (line.len() > 1).then_some(MapRow { geometry: MapGeometry::Line(line), properties })
        })
    });
    MapLayer { name: "reached_streets".to_owned(), fields: named(fields), rows: rows.collect() }
}

/// What a point has within reach.
#[derive(Clone, Debug)]
pub struct AccessOf<'a> {
    /// The point.
    pub of: ReachOf<'a>,
    /// Where it is.
    pub position: LonLat,
    /// What it has of each kind.
    pub kinds: &'a [KindAccess],
}

/// A point per origin, and for each kind how much it reaches within each time, and the minutes to the nearest: columns such
/// as `bakery_10min` and `bakery_nearest_min`, the latter null where none is within the longest time. Kinds and cutoffs
/// must be distinct.
pub fn access_layer<'a>(
    points: impl Iterator<Item = AccessOf<'a>>,
    kinds: &[String],
    cutoffs: &[TravelTime],
) -> MapLayer {
    let columns: Vec<Vec<String>> = kinds.iter().map(|kind| access_columns(kind, cutoffs)).collect();
    let mut fields = named(ABOUT.to_vec());
    fields.extend(columns.iter().flatten().map(|name| (name.clone().into(), FieldKind::Real)));
    let rows = points.map(|point| {
        let mut properties = point.of.properties();
        for (names, access) in columns.iter().zip(point.kinds) {
            let nearest = access.nearest.map_or(Value::Null, |time| rounded(time.minutes(), 1000.0));
            let amounts = access.within.iter().map(|&amount| rounded(amount, 1000.0)).chain([nearest]);
            properties.extend(names.iter().cloned().zip(amounts));
        }
        MapRow { geometry: MapGeometry::Point(point.position), properties }
    });
    MapLayer { name: "access".to_owned(), fields, rows: rows.collect() }
}

/// The columns of a kind: one per cutoff under its exact time, such as `bakery_10min`, `bakery_90s` or `bakery_7.5s`, then
/// `bakery_nearest_min`.
fn access_columns(kind: &str, cutoffs: &[TravelTime]) -> Vec<String> {
    let time = |cutoff: &TravelTime| match cutoff.deciseconds() {
        whole if whole % 600 == 0 => format!("{}min", whole / 600),
        whole if whole % 10 == 0 => format!("{}s", whole / 10),
        tenths => format!("{}.{}s", tenths / 10, tenths % 10),
    };
    cutoffs.iter().map(time).chain(["nearest_min".to_owned()]).map(|column| format!("{kind}_{column}")).collect()
}

fn in_degrees(area: &MultiPolygon<f64>, plane: &Plane) -> MultiPolygon<f64> {
    area.map_coords(|point| {
        let position = plane.unproject(point);
        Coord { x: position.lon, y: position.lat }
    })
}

/// The properties of a layer as CSV, without the geometry.
pub fn layer_csv(layer: &MapLayer) -> Result<Vec<u8>, super::ExportError> {
    let failed = |reason: String| super::ExportError::Csv { file: "layer.csv", reason };
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer
        .write_record(layer.fields.iter().map(|(name, _)| super::cell_text(name)))
        .map_err(|error| failed(error.to_string()))?;
    for row in &layer.rows {
        let cells = layer.fields.iter().map(|(name, _)| match row.properties.get(name.as_ref()) {
            Some(Value::String(text)) => super::cell_text(text),
            None | Some(Value::Null) => String::new(),
            Some(value) => value.to_string(),
        });
        writer.write_record(cells).map_err(|error| failed(error.to_string()))?;
    }
    writer.into_inner().map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 10 s and 10.2 s are two columns: no time is rounded in a name.
    #[test]
    fn columns_bear_exact_times() {
        let cutoffs = [100, 102, 900, 3000, 36_000].map(TravelTime::from_deciseconds);
        let expected = ["a_10s", "a_10.2s", "a_90s", "a_5min", "a_60min", "a_nearest_min"];
        assert_eq!(access_columns("a", &cutoffs), expected);
    }
}
