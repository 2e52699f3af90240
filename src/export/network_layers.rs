//! Street networks as layers, to be looked at in a GIS: every segment with what it costs each profile, every crossing
//! with its wait, every linked thing with its link.

use serde_json::{Map, Value, json};

use super::feature_collection::rounded;
use super::map_layer::{FieldKind, MapGeometry, MapLayer, MapRow, named};
use crate::base::ids::{ArcId, Id, SegmentId};
use crate::base::projection::{LonLat, Plane};
use crate::network::linkage::LinkedPoint;
use crate::network::streets::{Mode, Profile, StreetGraph};

/// The segments of a network: class, name, length, waiting, and for each profile the seconds along the line and
/// against it, null where it is closed.
pub fn streets(graph: &StreetGraph, plane: &Plane) -> MapLayer {
    let mut fields = vec![
        ("segment", FieldKind::Integer),
        ("way", FieldKind::Integer),
        ("class", FieldKind::Text),
        ("name", FieldKind::Text),
        ("length_m", FieldKind::Real),
        ("delay_s", FieldKind::Real),
        ("component", FieldKind::Integer),
        ("no_through_trips", FieldKind::Boolean),
        ("across_square", FieldKind::Boolean),
    ];
    match graph.mode() {
        Mode::Walk => fields.push(("wheelchair", FieldKind::Text)),
        Mode::Bicycle => fields.push(("stress", FieldKind::Integer)),
        Mode::Car => {}
    }
    for &profile in graph.mode().profiles() {
        fields.extend(time_fields(profile).map(|name| (name, FieldKind::Real)));
    }
    let rows = graph.segments().filter(|&segment| !graph.is_gate(segment) && !graph.is_copy(segment));
    let rows = rows.map(|segment| MapRow {
        geometry: MapGeometry::Line(graph.segment_line(segment).iter().map(|&point| plane.unproject(point)).collect()),
        properties: street_properties(graph, segment),
    });
    MapLayer { name: format!("streets_{}", graph.mode().key()), fields: named(fields), rows: rows.collect() }
}

const fn time_fields(profile: Profile) -> [&'static str; 2] {
    match profile {
        Profile::Adult => ["adult_s", "adult_back_s"],
        Profile::StepFree => ["step_free_s", "step_free_back_s"],
        Profile::WheelchairStrict => ["wheelchair_strict_s", "wheelchair_strict_back_s"],
        Profile::WheelchairOptimistic => ["wheelchair_optimistic_s", "wheelchair_optimistic_back_s"],
        Profile::Bicycle => ["bicycle_s", "bicycle_back_s"],
        Profile::CalmBicycle => ["calm_bicycle_s", "calm_bicycle_back_s"],
        Profile::Car => ["car_s", "car_back_s"],
    }
}

fn street_properties(graph: &StreetGraph, segment: SegmentId) -> Map<String, Value> {
    let mut properties = Map::new();
    properties.insert("segment".into(), segment.index().into());
    properties.insert("way".into(), graph.segment_way(segment).into());
    properties.insert("class".into(), json!(graph.segment_class(segment)));
    properties.insert("name".into(), graph.segment_name(segment).into());
    properties.insert("length_m".into(), tenths(graph.segment_length_m(segment)));
    properties.insert("delay_s".into(), tenths(graph.segment_delay_s(segment)));
    properties.insert("component".into(), graph.component(graph.segment_ends(segment).0).into());
    properties.insert("no_through_trips".into(), graph.is_first_or_last_only(segment).into());
    properties.insert("across_square".into(), graph.segment_is_across(segment).into());
    match graph.mode() {
        Mode::Walk => {
            properties.insert("wheelchair".into(), graph.segment_wheelchair(segment).key().into());
        }
        Mode::Bicycle => {
            properties.insert("stress".into(), graph.segment_stress(segment).into());
        }
        Mode::Car => {}
    }
    for &profile in graph.mode().profiles() {
        let seconds = |arc: ArcId| graph.impedance(profile, arc).map_or(Value::Null, |time| tenths(time.seconds()));
        let (along, against) = graph.both_arcs(segment);
        let [name, back] = time_fields(profile);
        // Where turns are restricted a copy stands for a direction that is closed here.
        let of = |arc: ArcId, is_along: bool| match seconds(arc) {
            Value::Null => graph
                .variants(segment)
                .map(|variant| graph.both_arcs(variant))
                .map(|(forward, backward)| seconds(if is_along { forward } else { backward }))
                .find(|value| !value.is_null())
                .unwrap_or(Value::Null),
            value => value,
        };
        properties.insert(name.into(), of(along, true));
        properties.insert(back.into(), of(against, false));
    }
    properties
}

/// The crossings on foot: how they are controlled, whether that is assumed, and the wait.
pub fn crossings(graph: &StreetGraph, plane: &Plane) -> MapLayer {
    let fields = vec![
        ("segment", FieldKind::Integer),
        ("way", FieldKind::Integer),
        ("control", FieldKind::Text),
        ("control_assumed", FieldKind::Boolean),
        ("delay_s", FieldKind::Real),
        ("length_m", FieldKind::Real),
    ];
    let waits =
        |segment: &SegmentId| graph.segment_delay_s(*segment) > 0.0 || graph.segment_crossing(*segment).is_some();
    let rows = graph.segments().filter(|&segment| !graph.is_gate(segment)).filter(waits).map(|segment| {
        let line = graph.segment_line(segment);
        let control = graph.segment_crossing(segment).map_or(Value::Null, |kind| json!(kind));
        let mut properties = Map::new();
        properties.insert("segment".into(), segment.index().into());
        properties.insert("way".into(), graph.segment_way(segment).into());
        properties.insert("control".into(), control);
        properties.insert("control_assumed".into(), graph.segment_crossing_is_assumed(segment).into());
        properties.insert("delay_s".into(), tenths(graph.segment_delay_s(segment)));
        properties.insert("length_m".into(), tenths(graph.segment_length_m(segment)));
        MapRow { geometry: MapGeometry::Line(line.iter().map(|&point| plane.unproject(point)).collect()), properties }
    });
    MapLayer { name: "crossings".to_owned(), fields: named(fields), rows: rows.collect() }
}

/// A thing that is linked to the streets, or should be.
#[derive(Clone, Debug)]
pub struct Linked<'a> {
    /// What it is: `home`, `place`, `stop`, `lot`.
    pub kind: &'static str,
    /// Its name, empty where it has none.
    pub name: &'a str,
    /// Where it is, on the plane.
    pub point: geo::Coord<f64>,
    /// Where it joins the streets; `None` where it does not.
    pub link: Option<LinkedPoint>,
}

/// A line from each thing to its place on the street; things without a link are not drawn, and counted by the caller.
pub fn links<'a>(linked: impl Iterator<Item = Linked<'a>>, plane: &Plane) -> MapLayer {
    let fields = vec![
        ("kind", FieldKind::Text),
        ("name", FieldKind::Text),
        ("segment", FieldKind::Integer),
        ("link_m", FieldKind::Real),
    ];
    let rows = linked.filter_map(|thing| {
        let link = thing.link?;
        let mut properties = Map::new();
        properties.insert("kind".into(), thing.kind.into());
        properties.insert("name".into(), thing.name.into());
        properties.insert("segment".into(), link.segment.index().into());
        properties.insert("link_m".into(), tenths(link.away_m));
        let line: Vec<LonLat> = [thing.point, link.point].map(|point| plane.unproject(point)).to_vec();
        Some(MapRow { geometry: MapGeometry::Line(line), properties })
    });
    MapLayer { name: "links".to_owned(), fields: named(fields), rows: rows.collect() }
}

fn tenths(value: f64) -> Value {
    rounded(value, 10.0)
}
