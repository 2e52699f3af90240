//! Walking: bounded searches from one place to many, from many to many, and backwards.
//!
//! In: a street graph, a profile, linked points, a cutoff. Out: travel times, ways, reached streets. One
//! [`WalkSearch`] is the scratch of one thread: it is made once and searched with again and again; inside the search
//! loop nothing is hashed, and nothing allocated but the growth of buckets that later searches find grown.
//!
//! # References
//! R. B. Dial, *Algorithm 360: shortest-path forest with topological ordering*, 1969, doi:10.1145/363269.363610.

use rayon::prelude::*;

use super::bucket_ring::BucketRing;
use super::scratches::Scratches;
use crate::base::ids::{ArcId, Column, Id, NodeId, SegmentId};
use crate::base::units::TravelTime;
use crate::network::linkage::LinkedPoint;
use crate::network::streets::{CLOSED, NO_ZONE, Profile, SearchDirection, StreetGraph};

/// Time of a node that was not reached.
pub(super) const UNREACHED: u32 = u32::MAX;

/// Where a search starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub segment: SegmentId,
    pub along_m: f64,
    /// Time at its place on the street, deciseconds.
    pub time: u32,
}

/// A node that a search starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Seed {
    time: u32,
    node: NodeId,
    /// Which origin; none for a search from a node.
    origin: Option<u32>,
}

/// How a linked point was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Entry {
    /// Along the segment that it shares with an origin.
    Along { origin: u32 },
    /// From a node of its segment.
    Over { node: NodeId },
}

/// A search on foot, and the scratch for the next one.
///
/// After one of the `from_` or `to_` calls the answers are about that search. Times include the off-network time at
/// both ends: straight metres times the detour, at walking speed.
#[derive(Debug)]
pub struct WalkSearch<'g> {
    pub(super) graph: &'g StreetGraph,
    profile: Profile,
    pub(super) direction: SearchDirection,
    pub(super) times: Column<NodeId, u32>,
    settled: Vec<NodeId>,
    ring: BucketRing,
    pub(super) origins: Vec<Origin>,
    seeds: Vec<Seed>,
    open_zones: Vec<u32>,
    cutoff: u32,
}

impl<'g> WalkSearch<'g> {
    /// A search over a graph; allocates its scratch.
    pub fn new(graph: &'g StreetGraph, profile: Profile) -> Self {
        Self {
            graph,
            profile,
            direction: SearchDirection::From,
            times: Column::new(vec![UNREACHED; graph.node_count()]),
            settled: Vec::new(),
            ring: BucketRing::new(),
            origins: Vec::new(),
            seeds: Vec::new(),
            open_zones: Vec::new(),
            cutoff: 0,
        }
    }

    /// Searches from a point to all that it reaches within the cutoff.
    pub fn from_point(&mut self, point: &LinkedPoint, cutoff: TravelTime) {
        self.search(SearchDirection::From, &[(*point, TravelTime::ZERO)], cutoff);
    }

    /// Searches from several points at once, each with the time at which it is left; the least time counts.
    pub fn from_points(&mut self, points: &[(LinkedPoint, TravelTime)], cutoff: TravelTime) {
        self.search(SearchDirection::From, points, cutoff);
    }

    /// As [`Self::from_points`], from nodes too, each with the time at which it is left.
    pub(super) fn search_from_nodes_too(
        &mut self,
        points: &[(LinkedPoint, TravelTime)],
        nodes: &[(NodeId, TravelTime)],
        cutoff: TravelTime,
    ) {
        self.reset(SearchDirection::From, cutoff);
        let in_time = nodes.iter().filter(|(_, time)| time.deciseconds() <= self.cutoff);
        self.seeds.extend(in_time.map(|&(node, time)| Seed { time: time.deciseconds(), node, origin: None }));
        self.search_on(points);
    }

    /// Searches backwards: from where the point is reached within the cutoff.
    pub fn to_point(&mut self, point: &LinkedPoint, cutoff: TravelTime) {
        self.search(SearchDirection::To, &[(*point, TravelTime::ZERO)], cutoff);
    }

    /// Searches backwards from several points, each with the time that remains from there on; the least time counts.
    pub fn to_points(&mut self, points: &[(LinkedPoint, TravelTime)], cutoff: TravelTime) {
        self.search(SearchDirection::To, points, cutoff);
    }

    /// Searches from a node.
    pub fn from_node(&mut self, node: NodeId, cutoff: TravelTime) {
        self.start_at(SearchDirection::From, node, cutoff);
    }

    /// Searches backwards: from where the node is reached within the cutoff.
    pub fn to_node(&mut self, node: NodeId, cutoff: TravelTime) {
        self.start_at(SearchDirection::To, node, cutoff);
    }

    fn start_at(&mut self, direction: SearchDirection, node: NodeId, cutoff: TravelTime) {
        self.reset(direction, cutoff);
        self.seeds.push(Seed { time: 0, node, origin: None });
        self.open_zone_of(node);
        self.run();
    }

    fn search(&mut self, direction: SearchDirection, points: &[(LinkedPoint, TravelTime)], cutoff: TravelTime) {
        self.reset(direction, cutoff);
        self.search_on(points);
    }

    /// Searches from points, and from the seeds that there are.
    fn search_on(&mut self, points: &[(LinkedPoint, TravelTime)]) {
        for (point, offset) in points {
            let time = *offset + self.graph.off_network_time(point.away_m);
            let origin = Origin { segment: point.segment, along_m: point.along_m, time: time.deciseconds() };
            if origin.time > self.cutoff {
                continue;
            }
            let number = Some(self.origins.len() as u32);
            self.origins.push(origin);
            for variant in self.graph.variants(origin.segment) {
                let (start, end) = self.graph.segment_ends(variant);
                self.open_zone_of(start);
                let leave = |to_m| self.time_along(Origin { segment: variant, ..origin }, to_m);
                for (node, time) in [(start, leave(0.0)), (end, leave(f64::INFINITY))] {
                    if time <= self.cutoff {
                        self.seeds.push(Seed { time, node, origin: number });
                    }
                }
            }
        }
        self.seeds.sort_unstable();
        self.run();
    }

    fn reset(&mut self, direction: SearchDirection, cutoff: TravelTime) {
        for &node in &self.settled {
            self.times[node] = UNREACHED;
        }
        self.settled.clear();
        self.origins.clear();
        self.seeds.clear();
        self.open_zones.clear();
        self.direction = direction;
        self.cutoff = cutoff.deciseconds().min(UNREACHED - 1);
        // Steps longer than the cutoff never get into the ring.
        self.ring.hold_steps_of(self.graph.largest_impedance(self.profile, direction).min(self.cutoff));
    }

    /// A trip may leave the zone in which it starts.
    fn open_zone_of(&mut self, node: NodeId) {
        let zone = self.graph.zone(node);
        if zone != NO_ZONE && !self.open_zones.contains(&zone) {
            self.open_zones.push(zone);
        }
    }

    fn run(&mut self) {
        let graph = self.graph;
        let impedances = graph.impedances(self.profile, self.direction);
        let first_arcs = graph.first_arcs();
        let mut next_seed = 0;
        let mut now = 0;
        loop {
            let seed_time = self.seeds.get(next_seed).map(|seed| seed.time);
            now = match (self.ring.next_from(now), seed_time) {
                (Some(ring), Some(seed)) => ring.min(seed),
                (Some(time), None) | (None, Some(time)) => time,
                (None, None) => break,
            };
            while let Some(seed) = self.seeds.get(next_seed).filter(|seed| seed.time == now) {
                if now < self.times[seed.node] {
                    self.times[seed.node] = now;
                    self.ring.push(now, seed.node);
                }
                next_seed += 1;
            }
            let mut bucket = self.ring.take(now);
            for &node in &bucket {
                if self.times[node] != now {
                    continue;
                }
                self.settled.push(node);
                let arcs = first_arcs[node.index()] as usize..first_arcs[node.index() + 1] as usize;
                let steps = impedances.values()[arcs.clone()].iter().zip(&graph.heads().values()[arcs]);
                for (&impedance, &head) in steps {
                    let time = now.saturating_add(impedance);
                    if time <= self.cutoff && time < self.times[head] {
                        self.times[head] = time;
                        self.ring.push(time, head);
                    }
                }
                if !self.open_zones.is_empty() && self.open_zones.contains(&graph.zone(node)) {
                    self.leave_zone(node, now);
                }
            }
            bucket.clear();
            self.ring.give_back(now, bucket);
        }
    }

    fn leave_zone(&mut self, node: NodeId, now: u32) {
        for arc in self.graph.arcs_from(node) {
            let time = now.saturating_add(self.impedance(arc));
            let head = self.graph.head(arc);
            if time <= self.cutoff && time < self.times[head] {
                self.times[head] = time;
                self.ring.push(time, head);
            }
        }
    }

    /// The impedance of an arc as this search meets it: gates of zones in which it started are open outwards.
    pub(super) fn impedance(&self, arc: ArcId) -> u32 {
        let graph = self.graph;
        let impedance = graph.impedances(self.profile, self.direction)[arc];
        let leaves = || graph.is_gate(graph.segment(arc)) && self.open_zones.contains(&graph.zone(graph.tail(arc)));
        if impedance == CLOSED && !self.open_zones.is_empty() && leaves() { 1 } else { impedance }
    }

    /// The time at a place on the segment of an origin, going along that segment; [`UNREACHED`] where it is closed.
    pub(super) fn time_along(&self, origin: Origin, to_m: f64) -> u32 {
        time_along(self.graph, origin, to_m, |arc| self.impedance(arc))
    }

    /// The cutoff of the last search.
    pub fn cutoff(&self) -> TravelTime {
        TravelTime::from_deciseconds(self.cutoff)
    }

    /// The graph that is searched.
    pub fn graph(&self) -> &'g StreetGraph {
        self.graph
    }

    /// The profile that is searched for.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// Which way the last search looked.
    pub fn direction(&self) -> SearchDirection {
        self.direction
    }

    /// The time to a node (from it, in a search backwards); `None` beyond the cutoff.
    pub fn time_to_node(&self, node: NodeId) -> Option<TravelTime> {
        let time = self.times[node];
        (time != UNREACHED).then_some(TravelTime::from_deciseconds(time))
    }

    /// The time to a point (from it, in a search backwards), its off-network time included; `None` beyond the cutoff.
    pub fn time_to(&self, point: &LinkedPoint) -> Option<TravelTime> {
        let (time, _) = self.entry_to(point)?;
        let time = TravelTime::from_deciseconds(time) + self.graph.off_network_time(point.away_m);
        (time.deciseconds() <= self.cutoff).then_some(time)
    }

    /// The least time at the point's place on the street and how it is reached; straight along, then the lowest node.
    fn entry_to(&self, point: &LinkedPoint) -> Option<(u32, Entry)> {
        let graph = self.graph;
        let variants = || graph.variants(point.segment);
        let own = self.origins.iter().enumerate().filter(|(_, origin)| origin.segment == point.segment);
        let along = own.flat_map(|(number, &origin)| {
            variants().map(move |segment| {
                let time = self.time_along(Origin { segment, ..origin }, point.along_m);
                (time, Entry::Along { origin: number as u32 })
            })
        });
        let length_m = graph.segment_length_m(point.segment);
        let over = ways_in(graph, point).map(|(node, arc, walk_m)| {
            let part = part_of(self.impedance(arc), walk_m, length_m);
            (self.times[node].saturating_add(part), Entry::Over { node })
        });
        along.chain(over).min().filter(|&(time, _)| time <= self.cutoff)
    }

    /// The nodes reached, nearest first.
    pub fn settled(&self) -> &[NodeId] {
        &self.settled
    }

    /// The arc over which a node is reached (in a search backwards: over which it is left), the lowest id on ties.
    /// `None` for nodes that are not reached, and for those reached straight from an origin.
    pub fn parent(&self, node: NodeId) -> Option<ArcId> {
        let time = self.times[node];
        if time == UNREACHED || self.seed_of(node).is_some() {
            return None;
        }
        let tight = self.graph.arcs_from(node).filter_map(|away| {
            let towards = self.graph.twin(away);
            let before = self.times[self.graph.head(away)];
            let is_tight = before != UNREACHED && before.saturating_add(self.impedance(towards)) == time;
            is_tight.then_some(match self.direction {
                SearchDirection::From => towards,
                SearchDirection::To => away,
            })
        });
        tight.min()
    }

    fn seed_of(&self, node: NodeId) -> Option<Seed> {
        let least = Seed { time: self.times[node], node, origin: None };
        let at = self.seeds.partition_point(|seed| *seed < least);
        self.seeds.get(at).copied().filter(|seed| seed.time == least.time && seed.node == node)
    }

    /// The segments walked between the origin and a point, in the direction of the trip, those of both ends included;
    /// empty where the point is not reached.
    pub fn path_to(&self, point: &LinkedPoint) -> Vec<SegmentId> {
        let mut segments = Vec::new();
        let Some((_, entry)) = self.entry_to(point).filter(|_| self.time_to(point).is_some()) else { return segments };
        segments.push(point.segment);
        if let Entry::Over { mut node } = entry {
            while let Some(arc) = self.parent(node) {
                segments.push(self.graph.segment(arc));
                node = match self.direction {
                    SearchDirection::From => self.graph.tail(arc),
                    SearchDirection::To => self.graph.head(arc),
                };
            }
            if let Some(origin) = self.seed_of(node).and_then(|seed| seed.origin) {
                segments.push(self.origins[origin as usize].segment);
            }
        }
        segments.retain(|&segment| !self.graph.is_gate(segment));
        for segment in &mut segments {
            *segment = self.graph.original(*segment);
        }
        segments.dedup();
        if self.direction == SearchDirection::From {
            segments.reverse();
        }
        segments
    }
}

/// The nodes from which a point is reached along its segment or a copy of it: each with the arc and the metres of it.
pub(super) fn ways_in(graph: &StreetGraph, point: &LinkedPoint) -> impl Iterator<Item = (NodeId, ArcId, f64)> {
    let (along_m, length_m) = (point.along_m, graph.segment_length_m(point.segment));
    graph.variants(point.segment).flat_map(move |segment| {
        let (start, end) = graph.segment_ends(segment);
        let (forward, backward) = graph.both_arcs(segment);
        [(start, forward, along_m), (end, backward, length_m - along_m)]
    })
}

/// The time at a place on the segment of an origin, going along that segment, where arcs have these impedances;
/// [`UNREACHED`] where it is closed.
pub(super) fn time_along(graph: &StreetGraph, origin: Origin, to_m: f64, impedance: impl Fn(ArcId) -> u32) -> u32 {
    let length_m = graph.segment_length_m(origin.segment);
    let to_m = to_m.clamp(0.0, length_m);
    let (forward, backward) = graph.both_arcs(origin.segment);
    let impedance = match to_m.total_cmp(&origin.along_m) {
        std::cmp::Ordering::Less => impedance(backward),
        std::cmp::Ordering::Greater => impedance(forward),
        std::cmp::Ordering::Equal => impedance(forward).min(impedance(backward)),
    };
    part_of(impedance, (to_m - origin.along_m).abs(), length_m).saturating_add(origin.time)
}

/// The part of an impedance that falls on `part_m` of `length_m` metres; [`CLOSED`] stays closed.
pub(super) fn part_of(impedance: u32, part_m: f64, length_m: f64) -> u32 {
    if impedance == CLOSED {
        return CLOSED;
    }
    let share = if length_m > 0.0 { (part_m / length_m).clamp(0.0, 1.0) } else { 0.0 };
    (f64::from(impedance) * share).round() as u32
}

/// Points that are all left, or to be reached, at the same time: for [`WalkSearch::from_points`] and
/// [`WalkSearch::to_points`].
pub fn at_once(points: &[LinkedPoint]) -> Vec<(LinkedPoint, TravelTime)> {
    points.iter().map(|&point| (point, TravelTime::ZERO)).collect()
}

/// Searches from each origin and hands each search to `measure`; the results are in the order of the origins, whatever
/// the number of threads. Each thread has one scratch.
pub fn walk_from_each<T: Send>(
    graph: &StreetGraph,
    profile: Profile,
    origins: &[LinkedPoint],
    cutoff: TravelTime,
    measure: impl Fn(usize, &WalkSearch) -> T + Sync,
) -> Vec<T> {
    walk_each((graph, profile), origins, (SearchDirection::From, cutoff), measure)
}

/// [`walk_from_each`] in either direction.
pub fn walk_each<T: Send>(
    (graph, profile): (&StreetGraph, Profile),
    points: &[LinkedPoint],
    (direction, cutoff): (SearchDirection, TravelTime),
    measure: impl Fn(usize, &WalkSearch) -> T + Sync,
) -> Vec<T> {
    let scratches = Scratches::new();
    let measure_one = |(number, point): (usize, &LinkedPoint)| {
        scratches.with(
            || WalkSearch::new(graph, profile),
            |search| {
                search.search(direction, &[(*point, TravelTime::ZERO)], cutoff);
                measure(number, search)
            },
        )
    };
    points.par_iter().enumerate().map(measure_one).collect()
}
