//! Foot traffic: walks from homes, stops and car parks to shops, laid on the streets (methods §7.1).
//!
//! Each origin sends its persons to the destinations within the radius by `p_j = D_j exp(-b t_j) / sum_k D_k exp(-b t_k)`
//! and along shortest walks; where several are equally short, by the number of shortest walks through each
//! predecessor (Brandes). A segment's flow is persons per day in both directions; on a segment where a walk begins or
//! ends only the share walked counts, so that flow × length is distance walked.
//!
//! # References
//! Sevtsuk & Kalvo 2020; Sevtsuk, Basu & Chancey 2021; Brandes 2001.

use rayon::prelude::*;

use crate::base::ids::{ArcId, Id, NodeId, SegmentId};
use crate::base::units::TravelTime;
use crate::network::linkage::LinkedPoint;
use crate::network::streets::{Profile, StreetGraph};
use crate::reach::walk::WalkSearch;

/// Origins are dealt with in this many blocks, each with a sum of its own, so that results do not depend on threads.
const BLOCKS: usize = 64;

/// A point from which people walk to shops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlowOrigin {
    /// Where it joins the streets.
    pub link: LinkedPoint,
    /// Persons per day who set out from here.
    pub persons: f64,
}

/// A point that people walk to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlowDestination {
    /// Where it joins the streets.
    pub link: LinkedPoint,
    /// How attractive it is beside the others, above 0.
    pub weight: f64,
}

/// How people choose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlowChoice {
    /// The longest walk.
    pub radius: TravelTime,
    /// Decay of attraction per second of walk.
    pub decay_per_s: f64,
}

/// Foot traffic on a network.
#[derive(Clone, Debug, PartialEq)]
pub struct FootTraffic {
    /// Persons per day on each segment, both directions, there and back.
    pub on_segment: Vec<f64>,
    /// Persons per day who come to each destination, in the order given.
    pub at_destination: Vec<f64>,
    /// Persons per day who find no destination within the radius.
    pub unserved: f64,
}

impl FootTraffic {
    /// Persons per day on a segment.
    pub fn on(&self, segment: SegmentId) -> f64 {
        self.on_segment[segment.index()]
    }

    fn none(segments: usize, destinations: usize) -> Self {
        Self { on_segment: vec![0.0; segments], at_destination: vec![0.0; destinations], unserved: 0.0 }
    }

    fn add(&mut self, other: &Self) {
        self.on_segment.iter_mut().zip(&other.on_segment).for_each(|(a, b)| *a += b);
        self.at_destination.iter_mut().zip(&other.at_destination).for_each(|(a, b)| *a += b);
        self.unserved += other.unserved;
    }
}

/// Origins that share a segment become one, at their person-weighted mean position, in the order of the segments.
pub fn merge_origins(origins: &[FlowOrigin]) -> Vec<FlowOrigin> {
    let mut sorted: Vec<&FlowOrigin> = origins.iter().filter(|o| o.persons > 0.0).collect();
    sorted.sort_by_key(|o| o.link.segment);
    let same = |a: &&FlowOrigin, b: &&FlowOrigin| a.link.segment == b.link.segment;
    let merge = |group: &[&FlowOrigin]| {
        let persons: f64 = group.iter().map(|o| o.persons).sum();
        let mean = |of: fn(&LinkedPoint) -> f64| group.iter().map(|o| o.persons * of(&o.link)).sum::<f64>() / persons;
        let link = LinkedPoint { along_m: mean(|l| l.along_m), away_m: mean(|l| l.away_m), ..group[0].link };
        FlowOrigin { link, persons }
    };
    sorted.chunk_by(same).map(merge).collect()
}

/// Lays the walks of all origins to their destinations on the streets, there and back.
pub fn assign_foot_traffic(
    graph: &StreetGraph,
    origins: &[FlowOrigin],
    destinations: &[FlowDestination],
    choice: FlowChoice,
) -> FootTraffic {
    let by_segment = DestinationsBySegment::new(graph, destinations);
    let block = origins.len().div_ceil(BLOCKS).max(1);
    let parts: Vec<FootTraffic> = origins
        .par_chunks(block)
        .map_init(
            || Walks::new(graph),
            |walks, block| {
                let mut part = FootTraffic::none(graph.segment_count(), destinations.len());
                for origin in block {
                    walks.lay(origin, destinations, &by_segment, choice, &mut part);
                }
                part
            },
        )
        .collect();
    let mut whole = FootTraffic::none(graph.segment_count(), destinations.len());
    parts.iter().for_each(|part| whole.add(part));
    whole.on_segment.iter_mut().for_each(|flow| *flow *= 2.0);
    whole
}

/// Destinations in the order of their segments, and where each segment's begin.
struct DestinationsBySegment {
    first: Vec<u32>,
    destinations: Vec<u32>,
}

impl DestinationsBySegment {
    fn new(graph: &StreetGraph, destinations: &[FlowDestination]) -> Self {
        let mut first = vec![0u32; graph.segment_count() + 1];
        for destination in destinations {
            first[destination.link.segment.index() + 1] += 1;
        }
        for segment in 1..first.len() {
            first[segment] += first[segment - 1];
        }
        let mut order: Vec<u32> = (0..destinations.len() as u32).collect();
        order.sort_by_key(|&d| (destinations[d as usize].link.segment, d));
        Self { first, destinations: order }
    }

    fn on(&self, segment: SegmentId) -> &[u32] {
        let at = segment.index();
        &self.destinations[self.first[at] as usize..self.first[at + 1] as usize]
    }
}

/// A destination that an origin reaches: which, and how attractive after decay.
struct Choice {
    destination: u32,
    attraction: f64,
}

/// The search of one thread with its columns; every column is reset over the settled nodes only.
struct Walks<'g> {
    graph: &'g StreetGraph,
    search: WalkSearch<'g>,
    walks_through: Vec<f64>,
    persons_at: Vec<f64>,
    seen: Vec<u32>,
    turn: u32,
    choices: Vec<Choice>,
    given: Vec<(NodeId, SegmentId, f64)>,
}

impl<'g> Walks<'g> {
    fn new(graph: &'g StreetGraph) -> Self {
        Self {
            graph,
            search: WalkSearch::new(graph, Profile::Adult),
            walks_through: vec![0.0; graph.node_count()],
            persons_at: vec![0.0; graph.node_count()],
            seen: vec![0; graph.segment_count()],
            turn: 0,
            choices: Vec::new(),
            given: Vec::new(),
        }
    }

    fn lay(
        &mut self,
        origin: &FlowOrigin,
        destinations: &[FlowDestination],
        by_segment: &DestinationsBySegment,
        choice: FlowChoice,
        part: &mut FootTraffic,
    ) {
        self.search.from_point(&origin.link, choice.radius);
        self.find_choices(origin, destinations, by_segment, choice);
        let sum: f64 = self.choices.iter().map(|c| c.attraction).sum();
        if sum <= 0.0 {
            part.unserved += origin.persons;
            return;
        }
        self.count_walks();
        for index in 0..self.choices.len() {
            let destination = self.choices[index].destination as usize;
            let persons = origin.persons * self.choices[index].attraction / sum;
            part.at_destination[destination] += persons;
            self.arrive(&origin.link, &destinations[destination].link, persons, part);
        }
        self.walk_back(&origin.link, part);
    }

    /// The destinations within the radius, each once.
    fn find_choices(
        &mut self,
        origin: &FlowOrigin,
        destinations: &[FlowDestination],
        by_segment: &DestinationsBySegment,
        choice: FlowChoice,
    ) {
        self.choices.clear();
        self.turn += 1;
        let graph = self.graph;
        let settled = self.search.settled();
        let around = settled.iter().flat_map(|&node| graph.arcs_from(node)).map(|arc| graph.segment(arc));
        for segment in std::iter::once(origin.link.segment).chain(around) {
            let on_it = by_segment.on(segment);
            if on_it.is_empty() || self.seen[segment.index()] == self.turn {
                continue;
            }
            self.seen[segment.index()] = self.turn;
            for &destination in on_it {
                let to = &destinations[destination as usize];
                if let Some(time) = self.search.time_to(&to.link).filter(|&t| t <= choice.radius) {
                    let attraction = to.weight * (-choice.decay_per_s * time.seconds()).exp();
                    self.choices.push(Choice { destination, attraction });
                }
            }
        }
    }

    /// How many shortest walks lead to each settled node.
    fn count_walks(&mut self) {
        for index in 0..self.search.settled().len() {
            let node = self.search.settled()[index];
            let mut walks = 0.0;
            self.for_each_before(node, |this, before, _| walks += this.walks_through[before.index()]);
            self.walks_through[node.index()] = if walks > 0.0 { walks } else { 1.0 };
            self.persons_at[node.index()] = 0.0;
        }
    }

    /// Calls with each node before `node` on a shortest walk, and the segment between them; with none at a node that the
    /// origin's own segment reaches first.
    fn for_each_before(&self, node: NodeId, mut call: impl FnMut(&Self, NodeId, SegmentId)) {
        let Some(parent) = self.search.parent(node) else { return };
        let time = self.search.time_to_node(node);
        let mut found = false;
        for out in self.graph.arcs_from(node) {
            let before = self.graph.head(out);
            let Some(arc) = self.graph.opposite(out) else { continue };
            let (Some(start), Some(impedance)) =
                (self.search.time_to_node(before), self.graph.impedance(Profile::Adult, arc))
            else {
                continue;
            };
            if impedance > TravelTime::ZERO && Some(start + impedance) == time {
                found = true;
                call(self, before, self.graph.segment(arc));
            }
        }
        if !found {
            call(self, self.graph.tail(parent), self.graph.segment(parent));
        }
    }

    /// Brings persons to a destination: along its own segment from the nearer end, or straight from the origin.
    fn arrive(&mut self, origin: &LinkedPoint, to: &LinkedPoint, persons: f64, part: &mut FootTraffic) {
        let segment = to.segment;
        let length = self.graph.segment_length_m(segment).max(f64::MIN_POSITIVE);
        let share = (to.along_m / length).clamp(0.0, 1.0);
        let (from, end) = self.graph.segment_ends(segment);
        let (forward, backward) = self.graph.arcs_of(segment);
        let time_by = |node: NodeId, arc: Option<ArcId>, share: f64| -> Option<f64> {
            let impedance = self.graph.impedance(Profile::Adult, arc?)?;
            Some(self.search.time_to_node(node)?.seconds() + impedance.seconds() * share)
        };
        let by_from = time_by(from, forward, share).unwrap_or(f64::INFINITY);
        let by_end = time_by(end, backward, 1.0 - share).unwrap_or(f64::INFINITY);
        if origin.segment == segment {
            let apart = (origin.along_m - to.along_m).abs() / length;
            let direct = forward.or(backward).and_then(|arc| self.graph.impedance(Profile::Adult, arc));
            if direct.is_some_and(|time| time.seconds() * apart <= by_from.min(by_end)) {
                part.on_segment[segment.index()] += persons * apart;
                return;
            }
        }
        if by_from <= by_end {
            part.on_segment[segment.index()] += persons * share;
            self.persons_at[from.index()] += persons;
        } else {
            part.on_segment[segment.index()] += persons * (1.0 - share);
            self.persons_at[end.index()] += persons;
        }
    }

    /// From the farthest settled node back to the origin, shares persons among the nodes before.
    fn walk_back(&mut self, origin: &LinkedPoint, part: &mut FootTraffic) {
        let length = self.graph.segment_length_m(origin.segment).max(f64::MIN_POSITIVE);
        let share = (origin.along_m / length).clamp(0.0, 1.0);
        let (from, _) = self.graph.segment_ends(origin.segment);
        for index in (0..self.search.settled().len()).rev() {
            let node = self.search.settled()[index];
            let persons = std::mem::take(&mut self.persons_at[node.index()]);
            if persons == 0.0 {
                continue;
            }
            if self.search.parent(node).is_none() {
                let walked = if node == from { share } else { 1.0 - share };
                part.on_segment[origin.segment.index()] += persons * walked;
                continue;
            }
            let mut walks = 0.0;
            self.for_each_before(node, |this, before, _| walks += this.walks_through[before.index()]);
            let mut given = std::mem::take(&mut self.given);
            given.clear();
            self.for_each_before(node, |this, before, segment| {
                given.push((before, segment, persons * this.walks_through[before.index()] / walks));
            });
            for &(before, segment, share) in &given {
                self.persons_at[before.index()] += share;
                part.on_segment[segment.index()] += share;
            }
            self.given = given;
        }
    }
}

#[cfg(test)]
mod tests {
    use geo::Coord;
    use proptest::prelude::*;

    use super::*;
    use crate::base::kinds::StreetClass;
    use crate::base::units::Speed;
    use crate::network::index::StreetIndex;
    use crate::network::linkage::{LinkTo, link_points};
    use crate::network::pace::WalkParameters;
    use crate::network::streets::build_streets;
    use crate::testing::street_sketch::StreetSketch;

    /// A drawn network and places on it, in drawn metres.
    struct Drawing {
        graph: StreetGraph,
        index: StreetIndex,
    }

    impl Drawing {
        fn new(ways: &[&[(i32, i32)]]) -> Self {
            let mut sketch = StreetSketch::new();
            for way in ways {
                sketch.way(way, StreetClass::Residential);
            }
            let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
            let index = StreetIndex::new(&graph);
            Self { graph, index }
        }

        fn at(&self, x: f64, y: f64) -> LinkedPoint {
            let found = link_points(&self.graph, &self.index, &[Coord { x, y }], 50.0, LinkTo::AnyStreet);
            LinkedPoint { away_m: 0.0, ..found[0].expect("a street is near") }
        }

        fn flow_at(&self, traffic: &FootTraffic, x: f64, y: f64) -> f64 {
            traffic.on(self.at(x, y).segment)
        }
    }

    fn choice(radius_m: f64, decay_per_m: f64) -> FlowChoice {
        let radius = Speed::WALK.time_for(radius_m);
        FlowChoice { radius, decay_per_s: decay_per_m * Speed::WALK.metres_per_second() }
    }

    fn assert_near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-3 * expected.abs().max(1.0), "{found} is not {expected}");
    }

    /// Methods §7.1: O-A 100 m, A-D1 200 m, A-D2 300 m, b = 0.002/m: shares 0.549834 and 0.450166 of 100 persons,
    /// all 100 on O-A; each walks there and back, so every flow counts twice.
    #[test]
    fn the_worked_example_of_destination_choice() {
        let drawing = Drawing::new(&[&[(0, 0), (100, 0)], &[(100, 0), (100, 200)], &[(100, 0), (400, 0)]]);
        let origins = [FlowOrigin { link: drawing.at(0.0, 0.0), persons: 100.0 }];
        let shop = |x, y| FlowDestination { link: drawing.at(x, y), weight: 1.0 };
        let traffic = assign_foot_traffic(
            &drawing.graph,
            &origins,
            &[shop(100.0, 200.0), shop(400.0, 0.0)],
            choice(800.0, 0.002),
        );
        assert_near(traffic.at_destination[0], 54.9834);
        assert_near(traffic.at_destination[1], 45.0166);
        assert_near(drawing.flow_at(&traffic, 50.0, 0.0), 200.0);
        assert_near(drawing.flow_at(&traffic, 100.0, 100.0), 2.0 * 54.9834);
        assert_near(drawing.flow_at(&traffic, 250.0, 0.0), 2.0 * 45.0166);
    }

    /// Two equally long ways round a block of 100 m carry half each; the stub to the shop carries all.
    #[test]
    fn equally_short_walks_share_the_persons() {
        let drawing = Drawing::new(&[
            &[(-50, 0), (0, 0)],
            &[(0, 0), (100, 0), (100, 100)],
            &[(0, 0), (0, 100), (100, 100)],
            &[(100, 100), (150, 100)],
        ]);
        let origins = [FlowOrigin { link: drawing.at(-50.0, 0.0), persons: 10.0 }];
        let shop = [FlowDestination { link: drawing.at(150.0, 100.0), weight: 1.0 }];
        let traffic = assign_foot_traffic(&drawing.graph, &origins, &shop, choice(800.0, 0.005));
        assert_near(drawing.flow_at(&traffic, 50.0, 0.0), 10.0);
        assert_near(drawing.flow_at(&traffic, 0.0, 50.0), 10.0);
        assert_near(drawing.flow_at(&traffic, 125.0, 100.0), 20.0);
    }

    /// On one street of 200 m from 50 m to 150 m: half of the segment is walked, so it carries half of the persons.
    #[test]
    fn a_walk_within_a_segment_counts_for_the_share_walked() {
        let drawing = Drawing::new(&[&[(0, 0), (200, 0)]]);
        let origins = [FlowOrigin { link: drawing.at(50.0, 0.0), persons: 8.0 }];
        let shop = [FlowDestination { link: drawing.at(150.0, 0.0), weight: 1.0 }];
        let traffic = assign_foot_traffic(&drawing.graph, &origins, &shop, choice(800.0, 0.005));
        assert_near(drawing.flow_at(&traffic, 100.0, 0.0), 8.0);
        let none = assign_foot_traffic(&drawing.graph, &origins, &[], choice(800.0, 0.005));
        assert_eq!(none.unserved, 8.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn nobody_is_lost_or_made(persons in proptest::collection::vec(0.0..500.0f64, 1..12), shops in 0usize..6) {
            let drawing = Drawing::new(&[&[(0, 0), (300, 0)], &[(0, 100), (300, 100)], &[(0, 0), (0, 100)],
                &[(150, 0), (150, 100)], &[(300, 0), (300, 100)]]);
            let origins: Vec<FlowOrigin> = persons.iter().enumerate()
                .map(|(i, &persons)| FlowOrigin { link: drawing.at(25.0 * i as f64, 0.0), persons }).collect();
            let destinations: Vec<FlowDestination> = (0..shops)
                .map(|i| FlowDestination { link: drawing.at(60.0 * i as f64, 100.0), weight: 1.0 + i as f64 }).collect();
            let traffic = assign_foot_traffic(&drawing.graph, &merge_origins(&origins), &destinations, choice(250.0, 0.01));
            let came: f64 = traffic.at_destination.iter().sum();
            let sent: f64 = persons.iter().sum();
            prop_assert!((came + traffic.unserved - sent).abs() < 1e-6);
            prop_assert!(traffic.on_segment.iter().all(|&flow| flow >= 0.0));
        }
    }
}
