//! What a street graph is made of: length by class, components, how much is known about crossings, wheelchairs,
//! bicycles and heights. For those who check a network, not for scores.

use std::collections::BTreeMap;

use geo::Coord;

use super::streets::{Mode, StreetGraph};
use crate::base::geometry::{distance_m, point_along};
use crate::base::ids::SegmentId;
use crate::base::kinds::StreetClass;
use crate::sources::osm::records::CrossingKind;

/// What a graph is made of. Lengths are metres of street, each counted once.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct NetworkSurvey {
    /// `walk`, `bicycle` or `car`.
    pub mode: &'static str,
    /// Junctions, dead ends and changes of street.
    pub nodes: usize,
    /// Directed arcs.
    pub arcs: usize,
    /// All of it.
    pub length_m: f64,
    /// By class, the longest first.
    pub length_by_class_m: Vec<(StreetClass, f64)>,
    /// Components, and the share of all length that the longest one holds.
    pub components: usize,
    /// 0 to 1; 0 without streets.
    pub main_component_share: f64,
    /// Open only to trips that begin or end there.
    pub no_through_trips_m: f64,
    /// Ways that are crossings of a carriageway, each once, in however many parts.
    pub crossings: usize,
    /// Share of them of which it is told how they are controlled, 0 to 1; `None` without crossings.
    pub crossings_told_share: Option<f64>,
    /// Them by how they are controlled: `signals`, `marked`, `unmarked`, or `unknown`, where that is assumed.
    pub crossings_by_control: BTreeMap<&'static str, usize>,
    /// On foot: length that is `ok`, `limited`, `unknown`, `no` to a wheelchair.
    pub wheelchair_m: BTreeMap<&'static str, f64>,
    /// By bicycle: length by level of traffic stress.
    pub stress_m: BTreeMap<u8, f64>,
}

/// Streets from which the longest component cannot be reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Island {
    /// Length of its streets, metres.
    pub length_m: f64,
    /// The middle of its longest segment.
    pub point: Coord<f64>,
    /// Name of its longest segment with one; empty where none has.
    pub name: String,
}

/// Looks at every segment of a graph once; copies for turns, gates, and lines across squares are left out of lengths.
pub fn survey_network(graph: &StreetGraph) -> NetworkSurvey {
    let mut survey = NetworkSurvey {
        mode: graph.mode().key(),
        nodes: graph.node_count(),
        arcs: graph.arc_count(),
        ..NetworkSurvey::default()
    };
    let mut by_class: BTreeMap<StreetClass, f64> = BTreeMap::new();
    let mut by_component: BTreeMap<u32, f64> = BTreeMap::new();
    let mut crossings: BTreeMap<i64, (CrossingKind, bool)> = BTreeMap::new();
    for segment in graph.segments() {
        if !graph.is_street(segment) {
            continue;
        }
        let length_m = graph.segment_length_m(segment);
        survey.length_m += length_m;
        *by_class.entry(graph.segment_class(segment)).or_default() += length_m;
        *by_component.entry(graph.component(graph.segment_ends(segment).0)).or_default() += length_m;
        if graph.is_first_or_last_only(segment) {
            survey.no_through_trips_m += length_m;
        }
        if let Some(control) = graph.segment_crossing(segment) {
            crossings.insert(graph.segment_way(segment), (control, graph.segment_crossing_is_assumed(segment)));
        }
        match graph.mode() {
            Mode::Walk => *survey.wheelchair_m.entry(graph.segment_wheelchair(segment).key()).or_default() += length_m,
            Mode::Bicycle => *survey.stress_m.entry(graph.segment_stress(segment)).or_default() += length_m,
            Mode::Car => {}
        }
    }
    survey.length_by_class_m = by_class.into_iter().collect();
    survey.length_by_class_m.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    survey.components = by_component.len();
    let longest = by_component.values().copied().fold(0.0, f64::max);
    survey.main_component_share = if survey.length_m > 0.0 { longest / survey.length_m } else { 0.0 };
    for (control, _) in crossings.values() {
        *survey.crossings_by_control.entry(control_key(*control)).or_default() += 1;
    }
    survey.crossings = crossings.len();
    let told = crossings.values().filter(|(_, is_assumed)| !is_assumed).count();
    survey.crossings_told_share = (survey.crossings > 0).then(|| told as f64 / survey.crossings as f64);
    survey
}

const fn control_key(control: CrossingKind) -> &'static str {
    match control {
        CrossingKind::Signals => "signals",
        CrossingKind::Marked => "marked",
        CrossingKind::Unmarked => "unmarked",
        CrossingKind::Forbidden => "forbidden",
        CrossingKind::Unknown => "unknown",
    }
}

/// All components but the longest, the longest of them first. Lengths are counted as [`survey_network`] does.
pub fn find_islands(graph: &StreetGraph) -> Vec<Island> {
    let mut members: BTreeMap<u32, Vec<SegmentId>> = BTreeMap::new();
    for segment in graph.segments().filter(|&segment| graph.is_street(segment)) {
        members.entry(graph.component(graph.segment_ends(segment).0)).or_default().push(segment);
    }
    let longest = |of: &mut dyn Iterator<Item = SegmentId>| {
        of.max_by(|&a, &b| graph.segment_length_m(a).total_cmp(&graph.segment_length_m(b)).then(b.cmp(&a)))
    };
    let island = |segments: &Vec<SegmentId>| {
        let middle = longest(&mut segments.iter().copied())?;
        let named = longest(&mut segments.iter().copied().filter(|&s| !graph.segment_name(s).is_empty()));
        Some(Island {
            length_m: segments.iter().map(|&segment| graph.segment_length_m(segment)).sum(),
            point: point_along(graph.segment_line(middle), graph.segment_length_m(middle) / 2.0)?,
            name: named.map_or_else(String::new, |segment| graph.segment_name(segment).to_owned()),
        })
    };
    let mut islands: Vec<Island> = members.values().filter_map(island).collect();
    islands.sort_by(|a, b| b.length_m.total_cmp(&a.length_m));
    islands.drain(..islands.len().min(1));
    islands
}

/// Share of the length of all streets, 0 to 1, whose height is known: each straight piece by its middle. 0 without
/// streets.
pub fn measure_height_share(graph: &StreetGraph, is_known: impl Fn(Coord<f64>) -> bool) -> f64 {
    let (mut known_m, mut all_m) = (0.0, 0.0);
    for segment in graph.segments().filter(|&segment| graph.is_street(segment)) {
        for piece in graph.segment_line(segment).windows(2) {
            let length_m = distance_m(piece[0], piece[1]);
            all_m += length_m;
            let middle = Coord { x: piece[0].x.midpoint(piece[1].x), y: piece[0].y.midpoint(piece[1].y) };
            known_m += if is_known(middle) { length_m } else { 0.0 };
        }
    }
    if all_m > 0.0 { known_m / all_m } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::pace::WalkParameters;
    use crate::network::streets::build_streets;
    use crate::sources::osm::records::{CrossingKind, Surface};
    use crate::testing::street_sketch::StreetSketch;

    /// 200 m of residential street, 100 m of paved footway of which 10 m are a zebra, and 50 m on their own.
    #[test]
    fn lengths_are_counted_once_and_by_kind() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (100, 0), (200, 0)], StreetClass::Residential);
        sketch.way(&[(100, -90), (100, -5)], StreetClass::Footway).surface = Some(Surface::Paved);
        sketch.way(&[(100, -5), (100, 0), (100, 5)], StreetClass::Footway).crossing = Some(CrossingKind::Marked);
        sketch.way(&[(100, 5), (100, 10)], StreetClass::Footway).surface = Some(Surface::Paved);
        sketch.way(&[(1000, 0), (1050, 0)], StreetClass::Residential);
        let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        let survey = survey_network(&graph);
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 0.01, "{found} {expected}");
        near(survey.length_m, 350.0);
        assert_eq!(survey.length_by_class_m[0].0, StreetClass::Residential);
        near(survey.length_by_class_m[0].1, 250.0);
        assert_eq!(survey.components, 2);
        near(survey.main_component_share, 300.0 / 350.0);
        near(survey.wheelchair_m["ok"], 90.0);
        near(survey.wheelchair_m["unknown"], 260.0);
        assert_eq!((survey.crossings, survey.crossings_told_share), (1, Some(1.0)), "both halves are one zebra");
        assert_eq!(survey.crossings_by_control, BTreeMap::from([("marked", 1)]));
    }

    /// A street of 200 m, one of 60 m and a path of 40 m on its end far away, one of 30 m farther still.
    #[test]
    fn islands_are_all_but_the_longest_with_their_place_and_name() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (200, 0)], StreetClass::Residential);
        sketch.way(&[(1000, 0), (1060, 0)], StreetClass::Residential);
        sketch.named_way(&[(1060, 0), (1060, 40)], StreetClass::Path, "Sentier du Lac");
        sketch.way(&[(3000, 0), (3030, 0)], StreetClass::Residential);
        let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        let islands = find_islands(&graph);
        let lengths: Vec<f64> = islands.iter().map(|island| island.length_m.round()).collect();
        assert_eq!(lengths, [100.0, 30.0]);
        assert_eq!((islands[0].name.as_str(), islands[1].name.as_str()), ("Sentier du Lac", ""));
        let middle = islands[0].point;
        assert!((middle.x - 1030.0).abs() < 0.01 && middle.y.abs() < 0.01, "of the longest segment: {middle:?}");
        assert_eq!(survey_network(&graph).components, 3);
        assert!(
            find_islands(
                &build_streets(&StreetSketch::new().records(), &StreetSketch::plane(), &WalkParameters::default()).0
            )
            .is_empty()
        );
    }

    /// A line of 100 m and of 300 m, heights known up to x = 150: the first piece, and of the second nothing, since its
    /// middle lies at 250.
    #[test]
    fn heights_are_asked_at_the_middle_of_each_piece() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (100, 0), (400, 0)], StreetClass::Residential);
        let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        assert!((measure_height_share(&graph, |point| point.x < 150.0) - 0.25).abs() < 1e-6);
        assert_eq!(measure_height_share(&graph, |_| false), 0.0);
    }
}
