//! Angular choice and integration: how often a street lies on the way with the least turning, and how little turning leads from it
//! to all others (space syntax, methods §7.2).
//!
//! In: a graph, a profile, a radius in metres. Out: per segment how many others are within the radius, the turning to them in right
//! angles, and on how many ways between two others it lies. Ways go from the middle of a segment to the middle of another; a
//! bend within a segment is a turn too. Nobody turns back on a segment, and none is entered and left at the same end. Pairs count
//! once, ways of equal turning share it.
//!
//! # References
//! A. Turner 2001 (angular analysis); B. Hillier, T. Yang, A. Turner 2012 (normalised choice and integration); A. Sevtsuk and
//! others bound by metres and not by turns, as here.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use geo::Coord;
use rayon::prelude::*;

use crate::base::ids::{ArcId, Id, NodeId, SegmentId};
use crate::network::streets::{Profile, StreetGraph};

/// Units of turning in a right angle, so that ways of equal turning are told.
const UNITS: f64 = 2000.0;
/// Parts of a way that are told apart when ways share a pair.
const PARTS: f64 = (1u64 << 20) as f64;
/// Not reached.
const FAR: u32 = u32::MAX;
/// Segments that a thread takes at once.
const ORIGINS_AT_ONCE: usize = 128;
/// Workers that a thread may begin.
const WORKERS_PER_THREAD: usize = 4;

/// What is found, each by segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Angular {
    /// Segments within the radius, the own one among them (node count).
    pub reached: Vec<u32>,
    /// Turning to all of them, right angles (total depth).
    pub depth: Vec<f64>,
    /// Ways between two others that lead over it (choice).
    pub choice: Vec<f64>,
}

impl Angular {
    /// Normalised integration: `NC^1.2 / (TD + 2)`, above 0; 0 where the segment is no street.
    pub fn integration(&self, segment: SegmentId) -> f64 {
        let at = segment.index();
        f64::from(self.reached[at]).powf(1.2) / (self.depth[at] + 2.0)
    }

    /// The same without the 2, as first published; `None` where nothing has to be turned for.
    pub fn integration_as_published(&self, segment: SegmentId) -> Option<f64> {
        let at = segment.index();
        (self.depth[at] > 0.0).then(|| f64::from(self.reached[at]).powf(1.2) / self.depth[at])
    }

    /// Normalised choice: `log(CH + 1) / log(TD + 3)`, 0 upwards.
    pub fn normalised_choice(&self, segment: SegmentId) -> f64 {
        let at = segment.index();
        self.choice[at].ln_1p() / (self.depth[at] + 3.0).ln()
    }
}

/// Measures all segments within a radius along the streets.
pub fn measure_angular(graph: &StreetGraph, profile: Profile, radius_m: f64) -> Angular {
    let turns = Turns::new(graph, profile);
    let radius = millimetres(radius_m);
    let streets: Vec<SegmentId> = graph.segments().filter(|&segment| turns.is_street(segment)).collect();
    let blank = || Worker::new(&turns, radius);
    // A worker holds a number per arc: there are to be few of them.
    let chunks = streets.len().div_ceil(ORIGINS_AT_ONCE);
    let workers: Vec<Worker<'_>> = streets
        .par_chunks(ORIGINS_AT_ONCE)
        .with_min_len(chunks.div_ceil(WORKERS_PER_THREAD * rayon::current_num_threads()).max(1))
        .fold(blank, |mut worker, origins| {
            origins.iter().for_each(|&origin| worker.add_from(origin));
            worker
        })
        .collect();
    let mut found = Angular {
        reached: vec![0; graph.segment_count()],
        depth: vec![0.0; graph.segment_count()],
        choice: vec![0.0; graph.segment_count()],
    };
    let mut parts = vec![0_u64; graph.segment_count()];
    for worker in workers {
        for (segment, reached, depth) in worker.found {
            (found.reached[segment.index()], found.depth[segment.index()]) = (reached, depth);
        }
        parts.iter_mut().zip(worker.choice).for_each(|(all, own)| *all += own);
    }
    // Each pair was looked at from both ends.
    found.choice.iter_mut().zip(parts).for_each(|(choice, parts)| *choice = parts as f64 / PARTS / 2.0);
    found
}

fn millimetres(metres: f64) -> u32 {
    (metres * 1000.0).round().clamp(0.0, 1e9) as u32
}

/// Headings and lengths, by arc and segment.
struct Turns<'g> {
    graph: &'g StreetGraph,
    open: Vec<bool>,
    /// Where an arc leads when it begins and when it ends, radians.
    headings: Vec<[f64; 2]>,
    /// Bends within each segment, units.
    bends: Vec<u32>,
    lengths: Vec<u32>,
}

impl<'g> Turns<'g> {
    fn new(graph: &'g StreetGraph, profile: Profile) -> Self {
        let heading = |from: Coord<f64>, to: Coord<f64>| (to.y - from.y).atan2(to.x - from.x);
        let of_line = |segment: SegmentId| -> Option<(f64, f64, f64)> {
            let line = graph.segment_line(segment);
            let headings: Vec<f64> = line.windows(2).filter(|p| p[0] != p[1]).map(|p| heading(p[0], p[1])).collect();
            let bends = headings.windows(2).map(|pair| turn(pair[0], pair[1])).sum();
            Some((*headings.first()?, *headings.last()?, bends))
        };
        let lines: Vec<Option<(f64, f64, f64)>> = graph.segments().map(of_line).collect();
        let of_arc = |arc: ArcId| {
            let (first, last, _) = lines[graph.segment(arc).index()].unwrap_or_default();
            let back = |heading: f64| heading + std::f64::consts::PI;
            if graph.is_forward(arc) { [first, last] } else { [back(last), back(first)] }
        };
        let units = |line: &Option<(f64, f64, f64)>| line.map_or(0, |(_, _, bends)| as_units(bends) / 2 * 2);
        Self {
            graph,
            open: graph.arcs().map(|arc| graph.impedance(profile, arc).is_some()).collect(),
            headings: graph.arcs().map(of_arc).collect(),
            bends: lines.iter().map(units).collect(),
            lengths: graph.segments().map(|segment| millimetres(graph.segment_length_m(segment))).collect(),
        }
    }

    fn is_street(&self, segment: SegmentId) -> bool {
        let (along, against) = self.graph.arcs_of(segment);
        self.graph.is_street(segment) && [along, against].into_iter().flatten().any(|arc| self.open[arc.index()])
    }

    /// The open arcs of a segment.
    fn arcs_of(&self, segment: SegmentId) -> impl Iterator<Item = ArcId> {
        let (along, against) = self.graph.arcs_of(segment);
        [along, against].into_iter().flatten().filter(|arc| self.open[arc.index()])
    }

    /// From the middle of one arc to the middle of the next.
    fn between(&self, arc: ArcId, next: ArcId) -> u32 {
        let bend = |arc: ArcId| self.bends[self.graph.segment(arc).index()] / 2;
        as_units(turn(self.headings[arc.index()][1], self.headings[next.index()][0])) + bend(arc) + bend(next)
    }
}

/// The turn between two headings, right angles: 0 straight on to 2 back.
fn turn(from: f64, to: f64) -> f64 {
    let turned = (to - from).rem_euclid(std::f64::consts::TAU);
    turned.min(std::f64::consts::TAU - turned) / std::f64::consts::FRAC_PI_2
}

fn as_units(right_angles: f64) -> u32 {
    (right_angles * UNITS).round() as u32
}

/// The scratch of a thread, and what it has found.
struct Worker<'a> {
    turns: &'a Turns<'a>,
    radius: u32,
    /// Along the streets from the middle of the origin, by node, millimetres.
    distances: Vec<u32>,
    near: Vec<NodeId>,
    nearest: BinaryHeap<Reverse<(u32, NodeId)>>,
    /// Least turning to the middle of an arc, in its direction.
    costs: Vec<u32>,
    ways: Vec<f64>,
    passing: Vec<f64>,
    /// Arcs from the least turning on, each with its steps on.
    settled: Vec<(ArcId, std::ops::Range<u32>)>,
    /// Arcs that are stepped to, and the turning over that step.
    steps: Vec<(ArcId, u32)>,
    /// By arc its place among the settled ones.
    places: Vec<u32>,
    /// Steps of least turning that are not yet counted, by settled arc.
    waiting: Vec<u32>,
    order: Vec<u32>,
    straightest: BinaryHeap<Reverse<(u32, ArcId)>>,
    found: Vec<(SegmentId, u32, f64)>,
    choice: Vec<u64>,
}

impl<'a> Worker<'a> {
    fn new(turns: &'a Turns<'a>, radius: u32) -> Self {
        let (nodes, arcs) = (turns.graph.node_count(), turns.graph.arc_count());
        Self {
            turns,
            radius,
            distances: vec![FAR; nodes],
            near: Vec::new(),
            nearest: BinaryHeap::new(),
            costs: vec![FAR; arcs],
            ways: vec![0.0; arcs],
            passing: vec![0.0; arcs],
            settled: Vec::new(),
            steps: Vec::new(),
            places: vec![0; arcs],
            waiting: Vec::new(),
            order: Vec::new(),
            straightest: BinaryHeap::new(),
            found: Vec::new(),
            choice: vec![0; turns.graph.segment_count()],
        }
    }

    fn add_from(&mut self, origin: SegmentId) {
        self.find_near(origin);
        self.find_straightest(origin);
        self.count(origin);
        self.near.drain(..).for_each(|node| self.distances[node.index()] = FAR);
        for (arc, _) in self.settled.drain(..) {
            let at = arc.index();
            (self.costs[at], self.ways[at], self.passing[at]) = (FAR, 0.0, 0.0);
        }
    }

    /// All nodes within the radius.
    fn find_near(&mut self, origin: SegmentId) {
        let graph = self.turns.graph;
        let half = self.turns.lengths[origin.index()] / 2;
        for arc in self.turns.arcs_of(origin) {
            self.reach(graph.head(arc), half);
        }
        while let Some(Reverse((distance, node))) = self.nearest.pop() {
            if distance > self.distances[node.index()] {
                continue;
            }
            for arc in graph.arcs_from(node).filter(|arc| self.turns.open[arc.index()]) {
                self.reach(graph.head(arc), distance.saturating_add(self.turns.lengths[graph.segment(arc).index()]));
            }
        }
    }

    fn reach(&mut self, node: NodeId, distance: u32) {
        let known = &mut self.distances[node.index()];
        if distance < *known && distance <= self.radius {
            if *known == FAR {
                self.near.push(node);
            }
            *known = distance;
            self.nearest.push(Reverse((distance, node)));
        }
    }

    /// Whether the middle of the segment of an arc lies within the radius.
    fn is_near(&self, arc: ArcId) -> bool {
        let graph = self.turns.graph;
        let end = self.distances[graph.tail(arc).index()].min(self.distances[graph.head(arc).index()]);
        end != FAR && end.saturating_add(self.turns.lengths[graph.segment(arc).index()] / 2) <= self.radius
    }

    fn find_straightest(&mut self, origin: SegmentId) {
        let graph = self.turns.graph;
        for arc in self.turns.arcs_of(origin) {
            (self.costs[arc.index()], self.ways[arc.index()]) = (0, 1.0);
            self.straightest.push(Reverse((0, arc)));
        }
        while let Some(Reverse((cost, arc))) = self.straightest.pop() {
            if cost > self.costs[arc.index()] {
                continue;
            }
            let first = self.steps.len() as u32;
            let segment = graph.segment(arc);
            for next in graph.arcs_from(graph.head(arc)) {
                let into = graph.segment(next);
                if into == segment || into == origin || !self.turns.open[next.index()] || !self.is_near(next) {
                    continue;
                }
                let (cost, known) = (cost + self.turns.between(arc, next), &mut self.costs[next.index()]);
                if cost > *known {
                    continue;
                }
                self.steps.push((next, cost));
                if cost < *known {
                    *known = cost;
                    self.straightest.push(Reverse((cost, next)));
                }
            }
            self.settled.push((arc, first..self.steps.len() as u32));
        }
    }

    /// Counts ways, and on how many each segment lies. A straight step takes no turning: the order is that of the steps, and not
    /// that of the costs.
    fn count(&mut self, origin: SegmentId) {
        let graph = self.turns.graph;
        let is_least = |&(next, cost): &(ArcId, u32), costs: &[u32]| cost == costs[next.index()];
        for (at, (arc, _)) in self.settled.iter().enumerate() {
            self.places[arc.index()] = at as u32;
        }
        self.waiting.clear();
        self.waiting.resize(self.settled.len(), 0);
        for step in self.steps.iter().filter(|step| is_least(step, &self.costs)) {
            self.waiting[self.places[step.0.index()] as usize] += 1;
        }
        self.order.clear();
        self.order.extend((0..self.settled.len() as u32).filter(|&at| self.waiting[at as usize] == 0));
        let mut done = 0;
        while done < self.order.len() {
            let (arc, steps) = &self.settled[self.order[done] as usize];
            done += 1;
            let ways = self.ways[arc.index()];
            for step in &self.steps[steps.start as usize..steps.end as usize] {
                if !is_least(step, &self.costs) {
                    continue;
                }
                let place = self.places[step.0.index()];
                self.ways[step.0.index()] += ways;
                self.waiting[place as usize] -= 1;
                if self.waiting[place as usize] == 0 {
                    self.order.push(place);
                }
            }
        }
        let (mut reached, mut depth) = (0_u32, 0_u64);
        for (arc, _) in &self.settled {
            let segment = graph.segment(*arc);
            let (cost, _) = self.to_segment(segment);
            // Of two arcs of a segment the one that is settled in its own direction first speaks for both.
            let is_first = self.turns.arcs_of(segment).find(|own| self.costs[own.index()] != FAR) == Some(*arc);
            if is_first && self.turns.is_street(segment) {
                reached += 1;
                depth += u64::from(cost);
            }
        }
        for &place in self.order.iter().rev() {
            let (arc, steps) = self.settled[place as usize].clone();
            let mut passing = 0.0;
            for step in &self.steps[steps.start as usize..steps.end as usize] {
                if is_least(step, &self.costs) {
                    let next = step.0;
                    let segment = graph.segment(next);
                    let (least, ways) = self.to_segment(segment);
                    let ends = self.costs[next.index()] == least && self.turns.is_street(segment);
                    let ending = if ends { self.ways[next.index()] / ways } else { 0.0 };
                    passing += self.ways[arc.index()] / self.ways[next.index()] * (ending + self.passing[next.index()]);
                }
            }
            self.passing[arc.index()] = passing;
            if graph.segment(arc) != origin {
                self.choice[graph.segment(arc).index()] += (passing * PARTS).round() as u64;
            }
        }
        self.found.push((origin, reached, depth as f64 / UNITS));
        self.steps.clear();
    }

    /// The least turning to the middle of a segment, and on how many ways.
    fn to_segment(&self, segment: SegmentId) -> (u32, f64) {
        let arcs = || self.turns.arcs_of(segment).map(|arc| (self.costs[arc.index()], self.ways[arc.index()]));
        let least = arcs().map(|(cost, _)| cost).min().unwrap_or(FAR);
        (least, arcs().filter(|(cost, _)| *cost == least).map(|(_, ways)| ways).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::kinds::StreetClass;
    use crate::network::pace::WalkParameters;
    use crate::network::streets::build_streets;
    use crate::testing::street_sketch::StreetSketch;
    use proptest::prelude::*;

    fn graph_of(ways: &[&[(i32, i32)]]) -> StreetGraph {
        let mut sketch = StreetSketch::new();
        ways.iter().for_each(|way| {
            sketch.way(way, StreetClass::Residential);
        });
        build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default()).0
    }

    /// The segment whose middle is nearest to a place.
    fn at(graph: &StreetGraph, place: (f64, f64)) -> SegmentId {
        let away = |segment: &SegmentId| {
            let line = graph.segment_line(*segment);
            let (a, b) = (line[0], line[line.len() - 1]);
            ((a.x + b.x) / 2.0 - place.0).hypot((a.y + b.y) / 2.0 - place.1)
        };
        graph.segments().min_by(|a, b| away(a).total_cmp(&away(b))).expect("streets")
    }

    /// A high street of three parts, with a lane at right angles at each of the two junctions.
    #[test]
    fn straight_on_costs_nothing_and_a_corner_a_right_angle() {
        let graph =
            graph_of(&[&[(0, 0), (100, 0), (200, 0), (300, 0)], &[(100, 0), (100, 80)], &[(200, 0), (200, 80)]]);
        let found = measure_angular(&graph, Profile::Adult, 2000.0);
        let (west, middle, east) = (at(&graph, (50.0, 0.0)), at(&graph, (150.0, 0.0)), at(&graph, (250.0, 0.0)));
        let lane = at(&graph, (100.0, 40.0));
        let of = |segment: SegmentId| (found.reached[segment.index()], found.depth[segment.index()].round());
        assert_eq!([of(west), of(middle), of(east)], [(5, 2.0); 3], "two straight on, two round a corner");
        assert_eq!(of(lane), (5, 5.0), "three round one corner, the other lane round two");
        // Over the middle: west with east and the far lane, the near lane with east and the far lane.
        assert!((found.choice[middle.index()] - 4.0).abs() < 1e-5, "{}", found.choice[middle.index()]);
        assert_eq!(found.choice[lane.index()], 0.0);
        assert!((found.integration(west) - 5f64.powf(1.2) / 4.0).abs() < 1e-3);
        assert!((found.integration_as_published(west).expect("turns") - 5f64.powf(1.2) / 2.0).abs() < 1e-2);
        assert!((found.normalised_choice(middle) - 5f64.ln() / 5f64.ln()).abs() < 1e-3, "log(4 + 1) / log(2 + 3)");
        // Within 110 m of the middle of the west part: the middle (100 m) and the near lane (90 m).
        let near = measure_angular(&graph, Profile::Adult, 110.0);
        assert_eq!((near.reached[west.index()], near.depth[west.index()].round()), (3, 1.0));
    }

    /// Round a square there are two ways of two corners from one side to the other: each bears half of the pair.
    #[test]
    fn equal_ways_share_a_pair_and_a_bend_counts() {
        let graph = graph_of(&[
            &[(0, 0), (100, 0)],
            &[(100, 0), (100, 100)],
            &[(100, 100), (0, 100)],
            &[(0, 100), (0, 0)],
            &[(0, 0), (-50, -50)],
            &[(100, 0), (150, -50)],
            &[(100, 100), (150, 150)],
            &[(0, 100), (-50, 150)],
        ]);
        let found = measure_angular(&graph, Profile::Adult, 2000.0);
        let sides = [(50.0, 0.0), (100.0, 50.0), (50.0, 100.0), (0.0, 50.0)]
            .map(|place| found.choice[at(&graph, place).index()]);
        assert!(sides.iter().all(|choice| (choice - sides[0]).abs() < 1e-5), "{sides:?}");
        // Bent by 90 degrees on its way: 1, half of it at each end.
        let bent = graph_of(&[&[(0, 0), (100, 0)], &[(100, 0), (200, 0), (200, 100)], &[(100, 0), (100, -50)]]);
        let found = measure_angular(&bent, Profile::Adult, 2000.0);
        let west = at(&bent, (50.0, 0.0));
        assert!(
            (found.depth[west.index()] - 1.5).abs() < 1e-3,
            "half a bend, and a corner: {}",
            found.depth[west.index()]
        );
    }

    /// All ways that pass no segment twice, each with its turning, by trying all of them.
    fn by_trying_all(graph: &StreetGraph) -> Angular {
        let turns = Turns::new(graph, Profile::Adult);
        let count = graph.segment_count();
        let mut found = Angular { reached: vec![0; count], depth: vec![0.0; count], choice: vec![0.0; count] };
        fn go(turns: &Turns<'_>, path: &mut Vec<ArcId>, cost: u32, ways: &mut Vec<Vec<(u32, Vec<SegmentId>)>>) {
            let graph = turns.graph;
            let arc = *path.last().expect("an arc");
            let segments: Vec<SegmentId> = path.iter().map(|arc| graph.segment(*arc)).collect();
            ways[graph.segment(arc).index()].push((cost, segments.clone()));
            for next in graph.arcs_from(graph.head(arc)) {
                if !segments.contains(&graph.segment(next)) {
                    path.push(next);
                    go(turns, path, cost + turns.between(arc, next), ways);
                    path.pop();
                }
            }
        }
        for origin in graph.segments() {
            let mut ways = vec![Vec::new(); count];
            for arc in turns.arcs_of(origin) {
                go(&turns, &mut vec![arc], 0, &mut ways);
            }
            for (end, ways) in ways.iter().enumerate() {
                let Some(least) = ways.iter().map(|(cost, _)| *cost).min() else { continue };
                found.reached[origin.index()] += 1;
                found.depth[origin.index()] += f64::from(least) / UNITS;
                let ways: Vec<_> = ways.iter().filter(|(cost, _)| *cost == least).collect();
                for (_, passed) in ways.iter().filter(|_| end != origin.index()) {
                    for segment in &passed[1..passed.len() - 1] {
                        found.choice[segment.index()] += 0.5 / ways.len() as f64;
                    }
                }
            }
        }
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        /// A grid of three by three with some links missing and corners moved, so that ways tie and do not.
        #[test]
        fn the_same_as_trying_all_ways(missing in proptest::collection::vec(any::<bool>(), 12), moved in proptest::collection::vec(-2i32..3, 18)) {
            let place = |x: usize, y: usize| {
                let at = 2 * (3 * y + x);
                (x as i32 * 100 + 10 * moved[at], y as i32 * 100 + 10 * moved[at + 1])
            };
            let mut ways: Vec<Vec<(i32, i32)>> = Vec::new();
            for line in 0..3 {
                for along in 0..2 {
                    ways.push(vec![place(along, line), place(along + 1, line)]);
                    ways.push(vec![place(line, along), place(line, along + 1)]);
                }
            }
            let kept: Vec<&[(i32, i32)]> = ways.iter().zip(&missing).filter(|(_, missing)| !**missing).map(|(way, _)| way.as_slice()).collect();
            prop_assume!(kept.len() > 2);
            let graph = graph_of(&kept);
            let (found, tried) = (measure_angular(&graph, Profile::Adult, 1e5), by_trying_all(&graph));
            for segment in graph.segments() {
                let at = segment.index();
                prop_assert_eq!(found.reached[at], tried.reached[at]);
                prop_assert!((found.depth[at] - tried.depth[at]).abs() < 1e-9);
                prop_assert!((found.choice[at] - tried.choice[at]).abs() < 1e-4, "{} {}", found.choice[at], tried.choice[at]);
            }
        }
    }
}
