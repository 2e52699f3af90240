//! Streets by foot traffic: classes by length, so that the few busy streets stand out, and names along the busiest.

use geo::Coord;

use crate::base::geometry::{distance_m, length_m};
use crate::canvas::layers::SegmentLayer;
use crate::canvas::numbers::significant;
use crate::report::map::frame::{Frame, PathText, attribute};
use crate::report::map::placing::{Placing, half_text_width};
use crate::report::map::{MapText, PathLayer};

/// Shares of the length of streets below each bound: the busiest 2 % stand alone.
const BOUNDS_AT: [f64; 4] = [0.60, 0.80, 0.93, 0.98];
/// How many streets are named.
const NAMED_STREETS: usize = 16;
/// Size of a street's name.
const NAME_SIZE: f64 = 11.0;

/// Bounds between classes of foot traffic, rising, in persons per day.
#[derive(Debug)]
pub(crate) struct FlowClasses {
    bounds: Vec<f64>,
}

fn traffic(segment: &SegmentLayer) -> f64 {
    if segment.foot_traffic.is_finite() { segment.foot_traffic.max(0.0) } else { 0.0 }
}

impl FlowClasses {
    /// Classes from the streets of the whole study, so that both maps speak of the same.
    pub(crate) fn of(segments: &[SegmentLayer]) -> Self {
        let mut by_traffic: Vec<(f64, f64)> =
            segments.iter().filter(|s| s.length_m.is_finite()).map(|s| (traffic(s), s.length_m.max(0.0))).collect();
        by_traffic.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let total: f64 = by_traffic.iter().map(|s| s.1).sum();
        let mut bounds: Vec<f64> = Vec::new();
        let (mut below, mut next) = (0.0, 0);
        for (traffic, length) in by_traffic {
            below += length;
            while next < BOUNDS_AT.len() && below >= BOUNDS_AT[next] * total {
                // Less than one person a day is nobody.
                let bound = significant(traffic, 1).max(1.0);
                if traffic > 0.0 && bounds.last().is_none_or(|&last| bound > last) {
                    bounds.push(bound);
                }
                next += 1;
            }
        }
        Self { bounds }
    }

    /// The bounds between classes.
    pub(crate) fn bounds(&self) -> &[f64] {
        &self.bounds
    }

    /// The class of a foot traffic: 0 below the first bound. The busiest class is always the widest stroke.
    fn class(&self, traffic: f64) -> usize {
        self.bounds.iter().filter(|&&bound| traffic >= bound).count()
    }

    /// The name of a class's stroke; fewer classes use the upper strokes.
    pub(crate) fn stroke(&self, class: usize) -> String {
        format!("flow flow-{}", if class == 0 { 0 } else { class + BOUNDS_AT.len() - self.bounds.len() })
    }

    /// The streets, the quietest first so that busy ones lie on top.
    pub(crate) fn paths(&self, frame: &Frame, segments: &[SegmentLayer]) -> Vec<PathLayer> {
        let mut paths: Vec<PathText> = (0..=self.bounds.len()).map(|_| PathText::default()).collect();
        for segment in segments {
            if let Some(path) = paths.get_mut(self.class(traffic(segment))) {
                frame.line(&segment.line).iter().for_each(|part| path.add_line(part));
            }
        }
        let drawn = paths.into_iter().enumerate();
        drawn.map(|(class, path)| PathLayer { class: self.stroke(class), d: path.into_text() }).collect()
    }
}

/// Names of the busiest streets, each once, along its longest straight piece on the paper.
pub(crate) fn street_names(frame: &Frame, segments: &[SegmentLayer], placing: &mut Placing) -> Vec<MapText> {
    let mut named: Vec<&SegmentLayer> = segments.iter().filter(|s| !s.name.trim().is_empty()).collect();
    named.sort_by(|a, b| traffic(b).total_cmp(&traffic(a)).then(a.segment.cmp(&b.segment)));
    let mut texts: Vec<MapText> = Vec::new();
    for segment in named {
        if texts.len() >= NAMED_STREETS {
            break;
        }
        if texts.iter().any(|t| t.text == segment.name) {
            continue;
        }
        let half = half_text_width(&segment.name, NAME_SIZE);
        let parts = frame.line(&segment.line);
        let Some((from, to)) = parts
            .iter()
            .filter_map(|part| ends_if_straight(part))
            .max_by(|a, b| distance_m(a.0, a.1).total_cmp(&distance_m(b.0, b.1)))
        else {
            continue;
        };
        let middle = Coord { x: (from.x + to.x) / 2.0, y: (from.y + to.y) / 2.0 };
        let inside =
            middle.x > half && middle.x < frame.width - half && middle.y > half && middle.y < frame.height - half;
        if distance_m(from, to) < half * 1.1 || !inside {
            continue;
        }
        let (from, to) = if from.x <= to.x { (from, to) } else { (to, from) };
        let turn = (to.y - from.y).atan2(to.x - from.x);
        let (wide, high) = ((half * turn.cos()).abs() + 9.0, (half * turn.sin()).abs() + 9.0);
        if placing.take(middle, wide, high) {
            texts.push(MapText {
                class: "street-name",
                x: attribute(middle.x),
                y: attribute(middle.y),
                turn: turn.to_degrees().round() as i32,
                shift: "-8",
                text: segment.name.clone(),
            });
        }
    }
    texts
}

/// The ends of a line that runs nearly straight.
fn ends_if_straight(line: &[Coord<f64>]) -> Option<(Coord<f64>, Coord<f64>)> {
    let (&first, &last) = (line.first()?, line.last()?);
    (distance_m(first, last) > 0.96 * length_m(line)).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::kinds::StreetClass;

    fn segment(foot_traffic: f64) -> SegmentLayer {
        SegmentLayer {
            segment: 0,
            way: 1,
            name: String::new(),
            class: StreetClass::Residential,
            line: Vec::new(),
            length_m: 1.0,
            foot_traffic,
            interval: None,
            shops: 0,
            walk_to_core_min: None,
        }
    }

    #[test]
    fn classes_follow_the_length_of_streets() {
        // A hundred streets of one metre with 1 to 100 persons: bounds at the 60th, 80th, 93rd and 98th, one digit kept.
        let segments: Vec<SegmentLayer> = (1..=100).map(|n| segment(f64::from(n) * 10.0)).collect();
        let classes = FlowClasses::of(&segments);
        assert_eq!(classes.bounds(), [600.0, 800.0, 900.0, 1000.0]);
        assert_eq!((classes.class(0.0), classes.class(850.0), classes.class(5e9)), (0, 2, 4));
    }

    #[test]
    fn streets_without_traffic_make_one_thin_class() {
        let classes = FlowClasses::of(&[segment(0.0), segment(f64::NAN)]);
        assert!(classes.bounds().is_empty());
        assert_eq!(classes.stroke(0), "flow flow-0");
    }
}
