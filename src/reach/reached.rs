//! The streets that a search reached: exactly, cut where the cutoff ends.
//!
//! In: a finished [`WalkSearch`]. Out: stretches of segments with the times at both ends.

use std::collections::HashMap;

use super::isochrone::ascending;
use super::walk::{Origin, WalkSearch};
use crate::base::ids::{ArcId, NodeId, SegmentId};
use crate::base::units::TravelTime;

/// A stretch of a segment that is reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReachedSegment {
    /// The segment.
    pub segment: SegmentId,
    /// Metres from the start of the segment to the start of the stretch.
    pub from_m: f64,
    /// Metres from the start of the segment to the end of the stretch.
    pub to_m: f64,
    /// The time at the start of the stretch.
    pub from_time: TravelTime,
    /// The time at its end.
    pub to_time: TravelTime,
}

impl ReachedSegment {
    /// The length of the stretch, metres.
    pub fn length_m(&self) -> f64 {
        self.to_m - self.from_m
    }

    /// What is left of the stretch without others of the same segment that lie in it, in order along the segment. Where
    /// these were cut by a time, it is so late there; where they end at an origin on a street of one direction, it is as
    /// late as one gets there from the other side. Paces are seconds per metre, forward and backward.
    fn without(self, others: &[Self], cut_time: TravelTime, paces: [f64; 2]) -> impl Iterator<Item = Self> {
        let mut left = Vec::with_capacity(others.len() + 1);
        let later = |time: TravelTime, metres: f64, pace: f64| time + TravelTime::from_seconds(metres * pace);
        let mut from = (self.from_m, self.from_time);
        for other in others.iter().filter(|other| other.from_m < self.to_m && other.to_m > self.from_m) {
            let to_time = match other.from_time == cut_time {
                true => cut_time,
                false => later(from.1, other.from_m - from.0, paces[0]),
            };
            left.push(Self { from_m: from.0, from_time: from.1, to_m: other.from_m, to_time, ..self });
            let from_time = match other.to_time == cut_time {
                true => cut_time,
                false => later(self.to_time, self.to_m - other.to_m, paces[1]),
            };
            from = (other.to_m, from_time);
        }
        left.push(Self { from_m: from.0, from_time: from.1, ..self });
        left.into_iter().filter(|stretch| stretch.length_m() > SHORTEST_M)
    }
}

/// Shorter stretches are what numbers leave over, metres.
const SHORTEST_M: f64 = 1e-6;

impl WalkSearch<'_> {
    /// The stretches reached within the cutoff, each segment's once: first those of the origins, then nearest first.
    /// Lines across squares are ways and no streets: a square is reached by its outline.
    pub fn reached_arcs(&self) -> impl Iterator<Item = ReachedSegment> {
        self.reached_within(self.cutoff())
    }

    /// The stretches reached within a time up to the cutoff of the search.
    pub fn reached_within(&self, cutoff: TravelTime) -> impl Iterator<Item = ReachedSegment> {
        let cutoff = cutoff.min(self.cutoff());
        let mut own: Vec<SegmentId> = self.origins.iter().map(|origin| origin.segment).collect();
        own.sort_unstable();
        own.dedup();
        let mut stretches = Vec::new();
        for &segment in &own {
            stretches.extend(self.stretches_with_origins(segment, cutoff));
        }
        let nodes = self.settled().iter().take_while(move |&&node| self.is_within(node, cutoff));
        let others = nodes.flat_map(move |&node| self.graph.arcs_from(node).map(move |arc| (node, arc)));
        let others = others.filter(move |&(node, arc)| {
            let segment = self.graph.segment(arc);
            let is_new = self.comes_first(node, arc, cutoff) && own.binary_search(&segment).is_err();
            is_new && self.graph.is_street(segment)
        });
        stretches.into_iter().chain(others.flat_map(move |(_, arc)| {
            let segment = self.graph.segment(arc);
            merge(self.stretches_from_ends(segment, cutoff)).into_iter().flatten()
        }))
    }

    /// The stretches reached within each of some times and not within a shorter one, the shortest time's first.
    pub fn reached_by_cutoff(&self, cutoffs: &[TravelTime]) -> Vec<(TravelTime, ReachedSegment)> {
        let mut found = Vec::new();
        let mut before: HashMap<SegmentId, Vec<ReachedSegment>> = HashMap::new();
        let mut before_time = TravelTime::ZERO;
        for cutoff in ascending(cutoffs) {
            let mut now: HashMap<SegmentId, Vec<ReachedSegment>> = HashMap::new();
            for stretch in self.reached_within(cutoff) {
                let nearer = before.get(&stretch.segment).map_or(&[][..], Vec::as_slice);
                let (forward, backward) = self.graph.both_arcs(stretch.segment);
                let length_m = self.graph.segment_length_m(stretch.segment).max(0.1);
                let pace = |arc: ArcId| f64::from(self.impedance(arc)) / 10.0 / length_m;
                let paces = [pace(forward), pace(backward)];
                found.extend(stretch.without(nearer, before_time, paces).map(|rest| (cutoff, rest)));
                now.entry(stretch.segment).or_default().push(stretch);
            }
            (before, before_time) = (now, cutoff);
        }
        found
    }

    fn is_within(&self, node: NodeId, cutoff: TravelTime) -> bool {
        self.time_to_node(node).is_some_and(|time| time <= cutoff)
    }

    /// Whether a segment, seen at one of its nodes, was not seen at the other before.
    fn comes_first(&self, node: NodeId, arc: ArcId, cutoff: TravelTime) -> bool {
        let other = self.graph.head(arc);
        if other == node {
            return self.graph.is_forward(arc);
        }
        !self.is_within(other, cutoff) || (self.time_to_node(node), node) < (self.time_to_node(other), other)
    }

    /// What is reached from the start and from the end of a segment.
    fn stretches_from_ends(&self, segment: SegmentId, cutoff: TravelTime) -> [Option<ReachedSegment>; 2] {
        let (start, end) = self.graph.segment_ends(segment);
        let (forward, backward) = self.graph.both_arcs(segment);
        let length_m = self.graph.segment_length_m(segment);
        let from_start = self.reach_into(start, forward, cutoff).map(|(reach_m, time)| ReachedSegment {
            segment,
            from_m: 0.0,
            to_m: reach_m,
            from_time: self.time_to_node(start).unwrap_or(cutoff),
            to_time: if reach_m == length_m { self.time_to_node(end).unwrap_or(time) } else { time },
        });
        let from_end = self.reach_into(end, backward, cutoff).map(|(reach_m, time)| ReachedSegment {
            segment,
            from_m: length_m - reach_m,
            to_m: length_m,
            from_time: if reach_m == length_m { self.time_to_node(start).unwrap_or(time) } else { time },
            to_time: self.time_to_node(end).unwrap_or(cutoff),
        });
        [from_start, from_end]
    }

    /// How many metres into an arc one gets from a node, and the time there; `None` for no way at all.
    fn reach_into(&self, node: NodeId, arc: ArcId, cutoff: TravelTime) -> Option<(f64, TravelTime)> {
        let time = self.time_to_node(node).filter(|&time| time < cutoff)?;
        let impedance = TravelTime::from_deciseconds(self.impedance(arc));
        if impedance == TravelTime::MAX {
            return None;
        }
        let length_m = self.graph.segment_length_m(self.graph.segment(arc));
        if time + impedance <= cutoff {
            return Some((length_m, time + impedance));
        }
        Some((length_m * cutoff.saturating_sub(time).seconds() / impedance.seconds(), cutoff))
    }

    fn stretches_with_origins(&self, segment: SegmentId, cutoff: TravelTime) -> Vec<ReachedSegment> {
        let own = self.origins.iter().filter(|origin| origin.segment == segment);
        let around = own.filter_map(|&origin| self.stretch_around(origin, cutoff));
        let mut stretches: Vec<ReachedSegment> =
            around.chain(self.stretches_from_ends(segment, cutoff).into_iter().flatten()).collect();
        stretches.sort_by(|a, b| a.from_m.total_cmp(&b.from_m).then(b.to_m.total_cmp(&a.to_m)));
        let mut merged: Vec<ReachedSegment> = Vec::new();
        for stretch in stretches {
            match merged.last_mut() {
                Some(last) if stretch.from_m <= last.to_m => {
                    if stretch.to_m > last.to_m {
                        (last.to_m, last.to_time) = (stretch.to_m, stretch.to_time);
                    }
                }
                _ => merged.push(stretch),
            }
        }
        merged
    }

    /// What is reached along the segment of an origin, without passing a node.
    fn stretch_around(&self, origin: Origin, cutoff: TravelTime) -> Option<ReachedSegment> {
        let (segment, length_m) = (origin.segment, self.graph.segment_length_m(origin.segment));
        let time = TravelTime::from_deciseconds(origin.time);
        let (forward, backward) = self.graph.both_arcs(segment);
        let (start, end) = self.graph.segment_ends(segment);
        let reach = |arc: ArcId, left_m: f64, node: NodeId| {
            let at_node = self.time_along(origin, if arc == forward { f64::INFINITY } else { 0.0 });
            if self.impedance(arc) == u32::MAX || time >= cutoff {
                (0.0, time)
            } else if TravelTime::from_deciseconds(at_node) <= cutoff {
                (left_m, self.time_to_node(node).unwrap_or(cutoff))
            } else {
                let impedance = TravelTime::from_deciseconds(self.impedance(arc));
                ((length_m * cutoff.saturating_sub(time).seconds() / impedance.seconds()).min(left_m), cutoff)
            }
        };
        let (ahead_m, to_time) = reach(forward, length_m - origin.along_m, end);
        let (behind_m, from_time) = reach(backward, origin.along_m, start);
        let stretch = ReachedSegment {
            segment,
            from_m: origin.along_m - behind_m,
            to_m: origin.along_m + ahead_m,
            from_time,
            to_time,
        };
        (stretch.from_m < stretch.to_m).then_some(stretch)
    }
}

/// Joins what is reached from both ends where it meets.
fn merge(stretches: [Option<ReachedSegment>; 2]) -> [Option<ReachedSegment>; 2] {
    match stretches {
        [Some(a), Some(b)] if a.to_m >= b.from_m => {
            [Some(ReachedSegment { to_m: b.to_m, to_time: b.to_time, ..a }), None]
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use geo::Coord;

    use super::*;
    use crate::base::kinds::StreetClass;
    use crate::network::index::StreetIndex;
    use crate::network::linkage::{LinkTo, link_point};
    use crate::network::pace::WalkParameters;
    use crate::network::streets::{Profile, build_streets};
    use crate::testing::grid_city::GridCity;
    use crate::testing::street_sketch::StreetSketch;

    const PACE_M_S: f64 = 4.8 / 3.6;

    /// A ring of 400 m from one of its corners: within 60 s 80 m each way, within 120 s 80 m more, and the last 80 m, that
    /// are met from both ends, within three minutes.
    #[test]
    fn each_stretch_is_of_the_shortest_time_that_reaches_it() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)], StreetClass::Residential);
        sketch.way(&[(0, 0), (0, -50)], StreetClass::Residential);
        let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        let corner = link_point(&graph, &StreetIndex::new(&graph), Coord { x: 0.0, y: -50.0 }, 9.0, LinkTo::AnyStreet);
        let mut search = WalkSearch::new(&graph, Profile::Adult);
        let after = |seconds: f64| TravelTime::from_seconds(50.0 / PACE_M_S + seconds);
        search.from_point(&corner.expect("a street"), after(900.0));
        let found = search.reached_by_cutoff(&[180.0, 60.0, 120.0, 180.0].map(after));
        let told = |(cutoff, stretch): &(TravelTime, ReachedSegment)| {
            let place = |metres: f64| metres.round() as i64;
            let after_s = (cutoff.seconds() - after(0.0).seconds()).round() as i64;
            (after_s, place(stretch.from_m), place(stretch.to_m), stretch.from_time, stretch.to_time)
        };
        let ring: Vec<_> =
            found.iter().map(told).filter(|&(after_s, from, to, ..)| (after_s, from, to) != (60, 0, 50)).collect();
        let [start, one, two] = [0.0, 60.0, 120.0].map(after);
        let expected = [
            (60, 0, 80, start, one),
            (60, 320, 400, one, start),
            (120, 80, 160, one, two),
            (120, 240, 320, two, one),
            (180, 160, 240, two, two),
        ];
        assert_eq!(ring, expected);
    }

    #[test]
    fn stretches_of_all_times_make_up_what_the_longest_reaches() {
        let city = GridCity::new(12, 9);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let link = link_point(&graph, &StreetIndex::new(&graph), Coord { x: 410.0, y: 300.0 }, 50.0, LinkTo::AnyStreet);
        let mut search = WalkSearch::new(&graph, Profile::Adult);
        let cutoffs = [2, 5, 7].map(TravelTime::from_minutes);
        search.from_point(&link.expect("a street"), cutoffs[2]);
        let found = search.reached_by_cutoff(&cutoffs);
        for longest in cutoffs {
            let parts: f64 =
                found.iter().filter(|(cutoff, _)| *cutoff <= longest).map(|(_, part)| part.length_m()).sum();
            let whole: f64 = search.reached_within(longest).map(|stretch| stretch.length_m()).sum();
            assert!((parts - whole).abs() < 1e-6 * whole, "{parts} of {whole}");
        }
    }
}
