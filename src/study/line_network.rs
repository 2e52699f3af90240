//! Flows over a plain network of lines that somebody brings, with origins and destinations: no map, no study.
//!
//! In: files of lines and of points, in any format and coordinate system. Out: a row per line in the order of its file, with its
//! own properties, persons, betweenness, and angular choice and integration. Lines join where they share a point.

use std::collections::BTreeMap;
use std::path::Path;

use geo::{Coord, Geometry, LineString};

use crate::analysis::foot_traffic::{FlowChoice, FlowDestination, FlowOrigin, assign_foot_traffic};
use crate::base::geometry::{distance_m, length_m, nearest_on_line};
use crate::base::ids::Id;
use crate::base::kinds::StreetClass;
use crate::base::notice::{Notice, Notices};
use crate::base::projection::{LonLat, Plane};
use crate::base::units::Speed;
use crate::network::index::StreetIndex;
use crate::network::linkage::{LinkTo, LinkedPoint, link_points};
use crate::network::streets::{Profile, StreetGraph, WalkParameters, build_streets};
use crate::reach::angular::measure_angular;
use crate::reach::betweenness::measure_betweenness;
use crate::sources::features::{FeatureOptions, read_features};
use crate::sources::osm::records::{OsmRecords, Street, StreetTags};
use crate::sources::points::{PointRecord, PointSource, read_points};
use crate::sources::table::file_name;
use crate::study::error::StudyError;
use crate::study::offer::{numbers_from_0, unknown_field};

/// Points this near to each other are one, metres.
const SAME_M: f64 = 0.01;
/// How far the middle of a piece of a line may lie from the network that was made of it, metres.
const ON_LINE_M: f64 = 0.5;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct LineQuestion<'a> {
    /// Lines.
    pub network: &'a Path,
    /// Where people set out, and their field that tells how many; each counts as 1 where none is named.
    pub origins: Option<(&'a Path, Option<&'a str>)>,
    /// Where they go, and their field that tells how much each attracts.
    pub destinations: Option<(&'a Path, Option<&'a str>)>,
    /// The longest way, metres.
    pub radius_m: f64,
    /// How attraction decays, per metre.
    pub decay_per_m: f64,
    /// Points farther than this from every line are left out, metres.
    pub link_limit_m: f64,
}

/// A line and what is found on it.
#[derive(Clone, Debug, PartialEq)]
pub struct LineFlow {
    /// Its properties, in the order of the file.
    pub properties: Vec<(String, String)>,
    /// Its parts.
    pub parts: Vec<Vec<LonLat>>,
    /// Metres.
    pub length_m: f64,
    /// Persons over its length in the mean, one way; `None` where no origins and destinations are given.
    pub flow: Option<f64>,
    /// Persons where they are most.
    pub flow_most: Option<f64>,
    /// Shortest ways within the radius that lead over it, between all pairs of junctions, each pair once.
    pub betweenness: f64,
    /// Normalised angular choice.
    pub angular_choice: f64,
    /// Normalised angular integration.
    pub angular_integration: f64,
}

/// All that is found.
#[derive(Clone, Debug, PartialEq)]
pub struct LineFlows {
    /// Each line, in the order of the file.
    pub lines: Vec<LineFlow>,
    /// Persons who set out.
    pub persons: f64,
    /// Those of them for whom no destination is within the radius.
    pub unserved: f64,
}

/// A line as it was read.
struct OwnLine {
    properties: Vec<(String, String)>,
    parts: Vec<LineString<f64>>,
}

/// Reads a network of lines, and lays trips on it.
pub fn measure_lines(question: &LineQuestion<'_>, notices: &mut Notices) -> Result<LineFlows, StudyError> {
    let file = file_name(question.network);
    let features = read_features(question.network, &FeatureOptions::default(), notices)
        .map_err(|error| StudyError::Points(error.into()))?;
    let mut lines: Vec<OwnLine> = Vec::new();
    for feature in features {
        let parts = match feature.geometry {
            Geometry::Line(line) => vec![LineString::from(line)],
            Geometry::LineString(line) => vec![line],
            Geometry::MultiLineString(lines) => lines.0,
            _ => Vec::new(),
        };
        let parts: Vec<LineString<f64>> = parts.into_iter().filter(|line| line.0.len() > 1).collect();
        if parts.is_empty() {
            let problem = format!("feature {} is no line", feature.number);
            notices.push(Notice::error("feature_not_a_line", &file, problem).action("left out"));
            notices.tally(&file).drop_used();
            continue;
        }
        lines.push(OwnLine { properties: feature.properties, parts });
    }
    let middle = lines.iter().flat_map(|line| &line.parts[0].0).next().copied();
    let Some(middle) = middle else { return Err(StudyError::NothingListed { file, what: "lines" }) };
    let plane = Plane::centred_on(LonLat { lon: middle.x, lat: middle.y });
    let records = records_of(&lines, &plane);
    // A metre a second, so that times are metres.
    let speed = Speed::from_kilometres_per_hour(3.6).unwrap_or(Speed::WALK);
    let (graph, told) = build_streets(&records, &plane, &WalkParameters { speed, ..WalkParameters::default() });
    notices.extend(told);
    let index = StreetIndex::new(&graph);
    let radius = graph.speed().time_for(question.radius_m);
    let traffic = match (question.origins, question.destinations) {
        (Some(origins), Some(destinations)) => {
            let link =
                |asked, notices: &mut Notices| linked((&graph, &index, &plane), asked, question.link_limit_m, notices);
            let origins = link(origins, notices)?.into_iter().map(|(link, persons)| FlowOrigin { link, persons });
            let origins: Vec<FlowOrigin> = origins.filter(|origin| origin.persons > 0.0).collect();
            let ends = link(destinations, notices)?.into_iter().filter(|(_, weight)| *weight > 0.0);
            let ends: Vec<FlowDestination> = ends.map(|(link, weight)| FlowDestination { link, weight }).collect();
            let decay_per_s = question.decay_per_m * graph.speed().metres_per_second();
            let persons: f64 = origins.iter().map(|origin| origin.persons).sum();
            Some((assign_foot_traffic(&graph, &origins, &ends, FlowChoice { radius, decay_per_s }), persons))
        }
        _ => None,
    };
    let betweenness = measure_betweenness(&graph, Profile::Adult, radius);
    let mut through = vec![0.0; graph.segment_count()];
    // Each pair was counted from both ends.
    graph.arcs().for_each(|arc| through[graph.segment(arc).index()] += betweenness.along_arc(arc) / 2.0);
    let angular = measure_angular(&graph, Profile::Adult, question.radius_m);
    let of_line = |OwnLine { properties, parts }: OwnLine| {
        let projected: Vec<Vec<Coord<f64>>> = parts.iter().map(|part| plane.project_all(&positions(part))).collect();
        let pieces = projected.iter().flat_map(|part| part.windows(2)).filter_map(|pair| {
            let middle = Coord { x: (pair[0].x + pair[1].x) / 2.0, y: (pair[0].y + pair[1].y) / 2.0 };
            // Another line may cross there: its ends lie elsewhere.
            let is_own = |segment| {
                let line = graph.segment_line(segment);
                let near = |end: Coord<f64>| nearest_on_line(line, end).is_some_and(|near| near.away_m <= ON_LINE_M);
                near(pair[0]) && near(pair[1])
            };
            Some((index.nearest(&graph, middle, ON_LINE_M, is_own)?.segment, distance_m(pair[0], pair[1])))
        });
        let pieces: Vec<_> = pieces.collect();
        let length: f64 = pieces.iter().map(|(_, length)| length).sum();
        let mean = |of: &dyn Fn(crate::base::ids::SegmentId) -> f64| {
            let sum: f64 = pieces.iter().map(|(segment, length)| of(*segment) * length).sum();
            if length > 0.0 { sum / length } else { 0.0 }
        };
        // Laid there and back: people who set out are told, as in the methods' formula.
        let flow = traffic.as_ref().map(|(traffic, _)| move |segment| traffic.on(segment) / 2.0);
        LineFlow {
            properties,
            parts: parts.iter().map(positions).collect(),
            length_m: projected.iter().map(|part| length_m(part)).sum(),
            flow: flow.as_ref().map(|flow| mean(&|segment| flow(segment))),
            flow_most: flow.as_ref().map(|flow| pieces.iter().map(|(segment, _)| flow(*segment)).fold(0.0, f64::max)),
            betweenness: mean(&|segment| through[segment.index()]),
            angular_choice: mean(&|segment| angular.normalised_choice(segment)),
            angular_integration: mean(&|segment| angular.integration(segment)),
        }
    };
    Ok(LineFlows {
        lines: lines.into_iter().map(of_line).collect(),
        persons: traffic.as_ref().map_or(0.0, |(_, persons)| *persons),
        unserved: traffic.as_ref().map_or(0.0, |(traffic, _)| traffic.unserved),
    })
}

fn positions(line: &LineString<f64>) -> Vec<LonLat> {
    line.0.iter().map(|at| LonLat { lon: at.x, lat: at.y }).collect()
}

/// Lines as streets on foot.
fn records_of(lines: &[OwnLine], plane: &Plane) -> OsmRecords {
    let key = |point: Coord<f64>| ((point.y / SAME_M).round() as i64, (point.x / SAME_M).round() as i64);
    let parts = || lines.iter().flat_map(|line| &line.parts);
    let mut nodes: BTreeMap<(i64, i64), (u32, LonLat)> = BTreeMap::new();
    for part in parts() {
        for position in positions(part) {
            nodes.entry(key(plane.project(position))).or_insert((0, position));
        }
    }
    nodes.values_mut().zip(0..).for_each(|((number, _), at)| *number = at);
    let mut records = OsmRecords {
        street_node_ids: (1..=nodes.len() as i64).collect(),
        street_node_positions: nodes.values().map(|(_, position)| *position).collect(),
        ..OsmRecords::default()
    };
    for (way, part) in (1..).zip(parts()) {
        let start = records.street_refs.len() as u32;
        let mut refs: Vec<u32> = positions(part).into_iter().map(|at| nodes[&key(plane.project(at))].0).collect();
        refs.dedup();
        if refs.len() < 2 {
            continue;
        }
        records.street_refs.extend(refs);
        records.streets.push(Street {
            way,
            refs: start..records.street_refs.len() as u32,
            tags: StreetTags::plain(StreetClass::Residential),
            name: String::new(),
            parking: None,
            conditions: None,
        });
    }
    records
}

/// Points on the lines with their amounts; those too far from every line are told and left out.
fn linked(
    (graph, index, plane): (&StreetGraph, &StreetIndex, &Plane),
    (path, field): (&Path, Option<&str>),
    limit_m: f64,
    notices: &mut Notices,
) -> Result<Vec<(LinkedPoint, f64)>, StudyError> {
    let options = FeatureOptions { near: Some(plane.centre()), ..FeatureOptions::default() };
    let (points, told) = read_points(&[PointSource::File(path.to_owned())], &options)?;
    notices.extend(told);
    let amounts = amounts_of(&points, field, notices)?;
    let places = plane.project_all(&points.iter().map(|point| point.position).collect::<Vec<_>>());
    let links = link_points(graph, index, &places, limit_m, LinkTo::AnyStreet);
    let mut found = Vec::new();
    for ((point, amount), link) in points.iter().zip(amounts).zip(links) {
        match link {
            Some(link) => found.push((link, amount)),
            None => {
                let problem = format!("point {} lies farther than {limit_m} m from every line", point.id);
                notices.push(Notice::error("point_not_linked", &point.file, problem).action("left out"));
                notices.tally(&point.file).drop_used();
            }
        }
    }
    Ok(found)
}

fn amounts_of(points: &[PointRecord], field: Option<&str>, notices: &mut Notices) -> Result<Vec<f64>, StudyError> {
    let Some(field) = field else { return Ok(vec![1.0; points.len()]) };
    if points.iter().all(|point| point.property(field).is_none()) {
        return Err(unknown_field(field, points.iter().flat_map(|point| &point.properties)));
    }
    let texts: Vec<Option<String>> = points.iter().map(|point| point.property(field).map(str::to_owned)).collect();
    let amount = |(point, number): (&PointRecord, Option<f64>)| {
        number.unwrap_or_else(|| {
            let problem = format!("point {} holds no amount from 0 on", point.id);
            let text = point.property(field).unwrap_or_default().to_owned();
            let notice = Notice::error("amount_invalid", &point.file, problem).field(field, text);
            notices.push(notice.action("counted as 0"));
            0.0
        })
    };
    Ok(points.iter().zip(numbers_from_0(&texts)).map(amount).collect())
}
