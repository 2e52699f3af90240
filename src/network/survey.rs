//! What a street graph is made of: length by class, components, how much is known about crossings, wheelchairs and
//! bicycles. For those who check a network, not for scores.

use std::collections::BTreeMap;

use super::streets::{Mode, StreetGraph};
use crate::base::kinds::StreetClass;

/// What a graph is made of. Lengths are metres of street, each counted once.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
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
    /// Crossings that make people wait.
    pub crossings: usize,
    /// Share of them of which it is told how they are controlled, 0 to 1; `None` without crossings.
    pub crossings_told_share: Option<f64>,
    /// On foot: length that is `ok`, `limited`, `unknown`, `no` to a wheelchair.
    pub wheelchair_m: BTreeMap<&'static str, f64>,
    /// By bicycle: length by level of traffic stress.
    pub stress_m: BTreeMap<u8, f64>,
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
    let mut told = 0_usize;
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
        if graph.segment_crossing(segment).is_some() {
            survey.crossings += 1;
            told += usize::from(!graph.segment_crossing_is_assumed(segment));
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
    survey.crossings_told_share = (survey.crossings > 0).then(|| told as f64 / survey.crossings as f64);
    survey
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
        assert_eq!((survey.crossings, survey.crossings_told_share), (2, Some(1.0)), "two halves of a zebra");
    }
}
