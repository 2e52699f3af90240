//! What every node of a street graph has within reach: cumulative counts at several cutoffs, decayed sums and the times
//! to the nearest few, for several kinds of opportunity, in one pass.
//!
//! In: a graph, a profile, linked opportunities. Out: [`NodeAccess`], a column per question. Each opportunity is
//! searched from backwards, and what is found is added up while it is found, so that no table of origins and
//! destinations ever exists: the work grows with the number of streets that hold something, not with that of origins.
//! Opportunities on one street share its searches. All sums are of whole numbers: the number of threads changes nothing.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::lanes::{LANES, LONGEST_CUTOFF, LaneArcs, LaneSearch, Row};
use super::walk::{UNREACHED, WalkSearch, part_of, ways_in};
use crate::base::ids::{Id, NodeId};
use crate::base::units::TravelTime;
use crate::network::linkage::LinkedPoint;
use crate::network::streets::{NO_ZONE, Profile, SearchDirection, StreetGraph};

/// Something that people want to reach.
#[derive(Clone, Copy, Debug)]
pub struct LinkedOpportunity {
    /// Where it is.
    pub place: LinkedPoint,
    /// Which kind, from 0 on.
    pub kind: usize,
    /// How much of it there is: 1 shop, 40 jobs.
    pub amount: u32,
}

/// A weight, 0 to 1, of what is so far away.
pub type DecayOfTime<'a> = &'a (dyn Fn(TravelTime) -> f64 + Sync);

/// What is asked of every node.
#[derive(Clone, Copy, Default)]
pub struct AccessQuestions<'a> {
    /// How many kinds of opportunity there are.
    pub kinds: usize,
    /// Cutoffs at which opportunities are counted, boundary included; in any order.
    pub cutoffs: &'a [TravelTime],
    /// Decays of which sums are asked, as far as the longest cutoff.
    pub decays: &'a [DecayOfTime<'a>],
    /// Times to how many nearest opportunities of each kind are asked, as far as the longest cutoff.
    pub nearest: usize,
}

/// Decayed sums are added up in units of this part: a weight is told to within 5e-7.
const DECAY_UNITS: f64 = 1_048_576.0;

/// Why access cannot be measured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// The amounts of a kind add up to more than can be counted.
    #[error("the opportunities of kind {kind} add up to {total}, more than {most}", most = u32::MAX)]
    TooMuch {
        /// The kind.
        kind: usize,
        /// Their sum.
        total: u64,
    },
    /// An opportunity is of a kind that was not announced.
    #[error("an opportunity is of kind {kind}, where there are {kinds} kinds from 0 on")]
    UnknownKind {
        /// Its kind.
        kind: usize,
        /// How many there are.
        kinds: usize,
    },
}

/// What each node has within reach.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeAccess {
    kinds: usize,
    cutoffs: usize,
    decays: usize,
    nearest: usize,
    /// Per node, kind and cutoff, ascending by cutoff once finished.
    counts: Vec<u32>,
    /// The place of each cutoff that was asked among all, ascending.
    cutoff_places: Vec<usize>,
    /// Per node, kind and decay.
    sums: Vec<u64>,
    /// Per node, kind and place: deciseconds, ascending.
    times: Vec<u32>,
}

impl NodeAccess {
    fn new(nodes: usize, questions: &AccessQuestions<'_>, cutoff_places: &[usize]) -> Self {
        let AccessQuestions { kinds, cutoffs, decays, nearest } = *questions;
        let (cutoffs, decays) = (cutoffs.len(), decays.len());
        Self {
            kinds,
            cutoffs,
            decays,
            nearest,
            counts: vec![0; nodes * kinds * cutoffs],
            cutoff_places: cutoff_places.to_vec(),
            sums: vec![0; nodes * kinds * decays],
            times: vec![UNREACHED; nodes * kinds * nearest],
        }
    }

    /// How much of a kind a node has within the cutoff of that number in the question.
    pub fn count(&self, node: NodeId, kind: usize, cutoff: usize) -> u32 {
        self.counts[(node.index() * self.kinds + kind) * self.cutoffs + self.cutoff_places[cutoff]]
    }

    /// How much of a kind a node has, weighted by the decay of that number in the question.
    pub fn decayed_sum(&self, node: NodeId, kind: usize, decay: usize) -> f64 {
        self.sums[(node.index() * self.kinds + kind) * self.decays + decay] as f64 / DECAY_UNITS
    }

    /// The times to the nearest opportunities of a kind, nearest first; fewer where fewer are within the longest cutoff.
    pub fn nearest(&self, node: NodeId, kind: usize) -> impl Iterator<Item = TravelTime> {
        let first = (node.index() * self.kinds + kind) * self.nearest;
        let times = self.times[first..first + self.nearest].iter().copied();
        times.take_while(|&time| time != UNREACHED).map(TravelTime::from_deciseconds)
    }

    /// Adds what another thread found.
    fn add(&mut self, other: &Self) {
        self.counts.par_iter_mut().zip(&other.counts).with_min_len(1 << 14).for_each(|(own, more)| *own += more);
        self.sums.par_iter_mut().zip(&other.sums).with_min_len(1 << 14).for_each(|(own, more)| *own += more);
        for (own, more) in self.times.chunks_mut(self.nearest.max(1)).zip(other.times.chunks(self.nearest.max(1))) {
            more.iter().for_each(|&time| keep_nearest(own, time));
        }
    }

    /// From what lies between two cutoffs to what lies within each.
    fn accumulate(&mut self) {
        if self.cutoffs > 1 {
            self.counts.par_chunks_mut(self.cutoffs).with_min_len(1 << 12).for_each(|of_kind| {
                for at in 1..of_kind.len() {
                    of_kind[at] += of_kind[at - 1];
                }
            });
        }
    }
}

/// Puts a time among the nearest ones, ascending, if it is one.
fn keep_nearest(nearest: &mut [u32], time: u32) {
    if nearest.last().is_none_or(|&last| time >= last) {
        return;
    }
    let at = nearest.partition_point(|&known| known <= time);
    nearest[at..].rotate_right(1);
    nearest[at] = time;
}

/// Opportunities of one street, by the nodes from which it is entered.
struct Group<'o> {
    opportunities: &'o [LinkedOpportunity],
    /// The nodes, each once.
    nodes: Vec<NodeId>,
    /// Per opportunity and node: deciseconds from the node to the opportunity, [`NO_WAY`] at most.
    rests: Vec<u32>,
    /// The least and the most of them per node.
    spans: Vec<(u32, u32)>,
    /// How much of each kind there is.
    amounts: Vec<(usize, u32)>,
}

/// More than any cutoff, and small enough to be added to.
const NO_WAY: u32 = u32::MAX / 4;

impl<'o> Group<'o> {
    fn new(graph: &StreetGraph, profile: Profile, opportunities: &'o [LinkedOpportunity]) -> Self {
        let impedances = graph.impedances(profile, SearchDirection::From);
        let first = &opportunities[0].place;
        let length_m = graph.segment_length_m(first.segment);
        let mut nodes: Vec<NodeId> = ways_in(graph, first).map(|(node, ..)| node).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let mut rests = Vec::with_capacity(opportunities.len() * nodes.len());
        let mut spans = vec![(u32::MAX, 0); nodes.len()];
        let mut amounts: Vec<(usize, u32)> = Vec::new();
        for opportunity in opportunities {
            let off = graph.off_network_time(opportunity.place.away_m).deciseconds();
            for (&node, (least, most)) in nodes.iter().zip(&mut spans) {
                let from_node = ways_in(graph, &opportunity.place).filter(|(other, ..)| *other == node);
                let times = from_node.map(|(_, arc, walk_m)| part_of(impedances[arc], walk_m, length_m));
                let rest = times.min().unwrap_or(UNREACHED).saturating_add(off).min(NO_WAY);
                rests.push(rest);
                (*least, *most) = ((*least).min(rest), (*most).max(rest));
            }
            match amounts.iter_mut().find(|(kind, _)| *kind == opportunity.kind) {
                Some((_, amount)) => *amount += opportunity.amount,
                None => amounts.push((opportunity.kind, opportunity.amount)),
            }
        }
        Self { opportunities, nodes, rests, spans, amounts }
    }

    /// Whether it can share a search in lanes: a trip that ends in a zone without a way through opens its gates.
    fn is_plain(&self, graph: &StreetGraph) -> bool {
        self.nodes.len() <= LANES && self.nodes.iter().all(|&node| graph.zone(node) == NO_ZONE)
    }

    /// The rests of an opportunity, one per node.
    fn rests_of(&self, opportunity: usize) -> &[u32] {
        &self.rests[opportunity * self.nodes.len()..][..self.nodes.len()]
    }
}

/// Groups that are searched from together.
struct Batch {
    groups: Range<usize>,
    /// The nodes of all of them, each once.
    nodes: Vec<NodeId>,
    /// The lane of each node of each group, one group after the other.
    lanes: Vec<u8>,
}

/// Puts neighbouring groups together as long as their nodes fit into lanes; those that do not fit stand alone, without
/// nodes.
fn batches_of(graph: &StreetGraph, groups: &[Group<'_>], fits_lanes: bool) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let is_plain = fits_lanes && group.is_plain(graph);
        let last = batches.last_mut().filter(|last| is_plain && !last.nodes.is_empty());
        let room = last.filter(|last| {
            let more = group.nodes.iter().filter(|node| !last.nodes.contains(node)).count();
            last.nodes.len() + more <= LANES
        });
        let batch = match room {
            Some(batch) => batch,
            None => {
                batches.push(Batch { groups: at..at, nodes: Vec::new(), lanes: Vec::new() });
                let last = batches.len() - 1;
                &mut batches[last]
            }
        };
        batch.groups.end = at + 1;
        for &node in group.nodes.iter().filter(|_| is_plain) {
            let known = batch.nodes.iter().position(|&other| other == node);
            let lane = known.unwrap_or_else(|| {
                batch.nodes.push(node);
                batch.nodes.len() - 1
            });
            batch.lanes.push(lane as u8);
        }
    }
    batches
}

/// The scratch of a thread, and what it has found.
struct Worker<'q, 'g> {
    questions: &'q Prepared<'q>,
    lanes: LaneSearch<'q>,
    search: WalkSearch<'g>,
    found: NodeAccess,
}

/// Questions as tables.
struct Prepared<'q> {
    questions: &'q AccessQuestions<'q>,
    longest: TravelTime,
    /// Of each decisecond up to the longest cutoff: the first cutoff that it lies within.
    first_cutoffs: Vec<u16>,
    /// Of each decisecond and decay: the weight, in [`DECAY_UNITS`].
    weights: Vec<u32>,
    cutoff_places: Vec<usize>,
}

impl<'q> Prepared<'q> {
    fn new(questions: &'q AccessQuestions<'q>) -> Self {
        let mut sorted: Vec<(TravelTime, usize)> =
            questions.cutoffs.iter().enumerate().map(|(number, &cutoff)| (cutoff, number)).collect();
        sorted.sort_unstable();
        let mut cutoff_places = vec![0; sorted.len()];
        for (place, &(_, number)) in sorted.iter().enumerate() {
            cutoff_places[number] = place;
        }
        let longest = sorted.last().map_or(TravelTime::ZERO, |&(cutoff, _)| cutoff);
        let times = || (0..=longest.deciseconds()).map(TravelTime::from_deciseconds);
        let first = |time| sorted.partition_point(|&(cutoff, _)| cutoff < time) as u16;
        let weights = times().flat_map(|time| {
            questions.decays.iter().map(move |decay| (decay(time).clamp(0.0, 1.0) * DECAY_UNITS).round() as u32)
        });
        Self {
            questions,
            longest,
            first_cutoffs: times().map(first).collect(),
            weights: weights.collect(),
            cutoff_places,
        }
    }
}

impl<'q, 'g> Worker<'q, 'g> {
    fn new(graph: &'g StreetGraph, profile: Profile, (questions, arcs): (&'q Prepared<'q>, &'q LaneArcs)) -> Self {
        let found = NodeAccess::new(graph.node_count(), questions.questions, &questions.cutoff_places);
        Self { questions, lanes: LaneSearch::new(arcs), search: WalkSearch::new(graph, profile), found }
    }

    /// Adds what opportunities are to all nodes that reach them.
    fn add(&mut self, batch: &Batch, groups: &[Group<'_>]) {
        let groups = &groups[batch.groups.clone()];
        if batch.nodes.is_empty() {
            groups.iter().flat_map(|group| group.opportunities).for_each(|opportunity| self.add_one(opportunity));
            return;
        }
        self.lanes.search(&batch.nodes, self.questions.longest);
        for &node in self.lanes.touched() {
            let row = self.lanes.row(node);
            let mut lanes = batch.lanes.as_slice();
            for group in groups {
                let (own, others) = lanes.split_at(group.nodes.len());
                lanes = others;
                self.found.count_group(self.questions, node, group, (row, own));
            }
        }
    }

    fn add_one(&mut self, opportunity: &LinkedOpportunity) {
        self.search.to_point(&opportunity.place, self.questions.longest);
        for &node in self.search.settled() {
            self.found.count_one(self.questions, node, opportunity, self.search.times[node]);
        }
    }
}

impl NodeAccess {
    /// The opportunities of a street that a node reaches; `lanes` tells the times to the nodes of the street.
    #[inline]
    fn count_group(&mut self, questions: &Prepared<'_>, node: NodeId, group: &Group<'_>, lanes: (&Row, &[u8])) {
        let (row, lanes) = lanes;
        let times = || lanes.iter().map(|&lane| u32::from(row[usize::from(lane)]));
        let (mut least, mut most) = (u32::MAX, u32::MAX);
        for (time, &(least_rest, most_rest)) in times().zip(&group.spans) {
            least = least.min(time + least_rest);
            most = most.min(time + most_rest);
        }
        let longest = questions.longest.deciseconds();
        if least > longest {
            return;
        }
        let counts_alone = self.cutoffs > 0 && self.decays == 0 && self.nearest == 0;
        let within = questions.first_cutoffs[least as usize];
        if counts_alone && most <= longest && questions.first_cutoffs[most as usize] == within {
            // All of it lies between the same two cutoffs, as nearly always.
            for &(kind, amount) in &group.amounts {
                self.counts[(node.index() * self.kinds + kind) * self.cutoffs + usize::from(within)] += amount;
            }
            return;
        }
        for (at, opportunity) in group.opportunities.iter().enumerate() {
            let time = times().zip(group.rests_of(at)).map(|(time, rest)| time + rest).min().unwrap_or(u32::MAX);
            if time <= longest {
                self.count_one(questions, node, opportunity, time);
            }
        }
    }

    /// An opportunity that a node reaches in so many deciseconds, at most the longest cutoff.
    #[inline]
    fn count_one(&mut self, questions: &Prepared<'_>, node: NodeId, opportunity: &LinkedOpportunity, time: u32) {
        let row = node.index() * self.kinds + opportunity.kind;
        if self.cutoffs > 0 {
            let within = usize::from(questions.first_cutoffs[time as usize]);
            self.counts[row * self.cutoffs + within] += opportunity.amount;
        }
        for decay in 0..self.decays {
            let weight = questions.weights[time as usize * self.decays + decay];
            self.sums[row * self.decays + decay] += u64::from(weight) * u64::from(opportunity.amount);
        }
        if self.nearest > 0 {
            keep_nearest(&mut self.times[row * self.nearest..][..self.nearest], time);
        }
    }
}

/// Asks all questions of all nodes. Opportunities that are reached in exactly the time of a cutoff count.
pub fn measure_access(
    graph: &StreetGraph,
    profile: Profile,
    opportunities: &[LinkedOpportunity],
    questions: &AccessQuestions<'_>,
) -> Result<NodeAccess, AccessError> {
    let kinds = questions.kinds;
    let mut totals = vec![0_u64; kinds];
    for &LinkedOpportunity { kind, amount, .. } in opportunities {
        *totals.get_mut(kind).ok_or(AccessError::UnknownKind { kind, kinds })? += u64::from(amount);
    }
    if let Some((kind, &total)) = totals.iter().enumerate().find(|(_, total)| **total > u64::from(u32::MAX)) {
        return Err(AccessError::TooMuch { kind, total });
    }
    let questions = Prepared::new(questions);
    // Streets lie along a curve: what follows each other in this order lies together.
    let mut sorted = opportunities.to_vec();
    sorted.sort_by_key(|opportunity| opportunity.place.segment);
    let streets: Vec<&[LinkedOpportunity]> = sorted.chunk_by(|a, b| a.place.segment == b.place.segment).collect();
    let groups: Vec<Group<'_>> =
        streets.into_par_iter().with_min_len(64).map(|street| Group::new(graph, profile, street)).collect();
    let batches = batches_of(graph, &groups, questions.longest <= LONGEST_CUTOFF);
    let arcs = LaneArcs::new(graph, profile, SearchDirection::To, questions.longest.min(LONGEST_CUTOFF));
    let next = AtomicUsize::new(0);
    let find = |_: usize| {
        let mut worker = Worker::new(graph, profile, (&questions, &arcs));
        while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
            worker.add(batch, &groups);
        }
        worker.found
    };
    let workers = (0..rayon::current_num_threads()).into_par_iter().with_max_len(1).map(find);
    let found = workers.reduce_with(|mut sum, more| {
        sum.add(&more);
        sum
    });
    let mut found =
        found.unwrap_or_else(|| NodeAccess::new(graph.node_count(), questions.questions, &questions.cutoff_places));
    found.accumulate();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use geo::Coord;
    use proptest::prelude::*;

    use super::*;
    use crate::base::kinds::StreetClass;
    use crate::network::index::StreetIndex;
    use crate::network::linkage::{LinkTo, link_points};
    use crate::network::pace::WalkParameters;
    use crate::network::streets::build_streets;
    use crate::testing::grid_city::GridCity;
    use crate::testing::street_sketch::StreetSketch;

    const KINDS: usize = 3;

    fn minutes(minutes: &[u32]) -> Vec<TravelTime> {
        minutes.iter().map(|&minutes| TravelTime::from_minutes(minutes)).collect()
    }

    fn opportunities(graph: &StreetGraph, points: &[Coord<f64>]) -> Vec<LinkedOpportunity> {
        let links = link_points(graph, &StreetIndex::new(graph), points, 100.0, LinkTo::AnyStreet);
        let linked = links.iter().enumerate().filter_map(|(at, link)| Some((at, (*link)?)));
        linked.map(|(at, place)| LinkedOpportunity { place, kind: at % KINDS, amount: 1 + at as u32 % 5 }).collect()
    }

    /// Every answer again, by a search from each node that asks for each opportunity.
    fn assert_as_from_each_node(graph: &StreetGraph, all: &[LinkedOpportunity], cutoffs: &[TravelTime]) {
        let halving = |time: TravelTime| 0.5_f64.powf(time.minutes() / 5.0);
        let near = |time: TravelTime| if time <= TravelTime::from_minutes(3) { 1.0 } else { 0.0 };
        let counts = AccessQuestions { kinds: KINDS, cutoffs, ..AccessQuestions::default() };
        let questions = AccessQuestions { decays: &[&halving, &near], nearest: 2, ..counts };
        let found = measure_access(graph, Profile::Adult, all, &questions).expect("few");
        let counted = measure_access(graph, Profile::Adult, all, &counts).expect("few");
        let longest = cutoffs.iter().copied().max().unwrap_or(TravelTime::ZERO);
        let mut search = WalkSearch::new(graph, Profile::Adult);
        for node in graph.nodes() {
            search.from_node(node, longest);
            for kind in 0..KINDS {
                let of_kind = all.iter().filter(|opportunity| opportunity.kind == kind);
                let mut times: Vec<(TravelTime, u32)> = of_kind
                    .filter_map(|opportunity| Some((search.time_to(&opportunity.place)?, opportunity.amount)))
                    .collect();
                times.sort_unstable();
                for (number, &cutoff) in cutoffs.iter().enumerate() {
                    let expected: u32 =
                        times.iter().filter(|(time, _)| *time <= cutoff).map(|(_, amount)| amount).sum();
                    assert_eq!(found.count(node, kind, number), expected, "{node:?} {kind} {cutoff:?}");
                    assert_eq!(counted.count(node, kind, number), expected, "{node:?} {kind} {cutoff:?}, counts alone");
                }
                for (number, decay) in [&halving as DecayOfTime<'_>, &near].into_iter().enumerate() {
                    let expected: f64 = times.iter().map(|&(time, amount)| decay(time) * f64::from(amount)).sum();
                    let off = (found.decayed_sum(node, kind, number) - expected).abs();
                    assert!(off <= 5e-7 * 5.0 * times.len() as f64, "{node:?} {kind}: off by {off}");
                }
                let nearest: Vec<TravelTime> = times.iter().take(2).map(|(time, _)| *time).collect();
                assert_eq!(found.nearest(node, kind).collect::<Vec<_>>(), nearest, "{node:?} {kind}");
            }
        }
    }

    /// Blocks of 100 m take 75 s. A shop in the middle of the second of four blocks is 37.5 s from its ends, and 75 s more
    /// for each block.
    #[test]
    fn a_shop_is_counted_from_where_it_is_near_enough() {
        let city = GridCity::new(5, 3);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let shop = opportunities(&graph, &[Coord { x: 150.0, y: 100.0 }]);
        let cutoffs = [187.5, 37.4, 112.5].map(TravelTime::from_seconds);
        let questions = AccessQuestions { kinds: 1, cutoffs: &cutoffs, nearest: 1, ..AccessQuestions::default() };
        let access = measure_access(&graph, Profile::Adult, &shop, &questions).expect("one");
        let at = |x: f64| {
            let there = |node: &NodeId| {
                let point = graph.node_point(*node);
                (point.x - x).abs() < 1.0 && (point.y - 100.0).abs() < 1.0
            };
            let node = graph.nodes().find(there).expect("a junction");
            let nearest: Vec<f64> = access.nearest(node, 0).map(TravelTime::seconds).collect();
            ([0, 1, 2].map(|cutoff| access.count(node, 0, cutoff)), nearest)
        };
        assert_eq!(at(0.0), ([1, 0, 1], vec![112.5]));
        assert_eq!(at(100.0), ([1, 0, 1], vec![37.5]));
        assert_eq!(at(200.0), ([1, 0, 1], vec![37.5]));
        assert_eq!(at(300.0), ([1, 0, 1], vec![112.5]));
        assert_eq!(at(400.0), ([1, 0, 0], vec![187.5]));
    }

    #[test]
    fn many_opportunities_in_a_grid_city_are_those_of_single_searches() {
        let city = GridCity::new(9, 8);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let points: Vec<Coord<f64>> =
            (0..120).map(|at| Coord { x: f64::from(at * 37 % 800), y: f64::from(at * 91 % 730) }).collect();
        let all = opportunities(&graph, &points);
        assert_as_from_each_node(&graph, &all, &minutes(&[5, 1, 3]));
        assert_as_from_each_node(&graph, &all, &[]);
        // Longer than lanes can tell.
        assert_as_from_each_node(&graph, &all, &minutes(&[2, 200]));
    }

    /// Whoever ends a trip in a zone without a way through may enter it, and leave it where the trip began there.
    #[test]
    fn zones_without_a_way_through_are_entered() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (100, 0), (200, 0), (300, 0)], StreetClass::Residential);
        sketch.way_without_through_trips(&[(100, 0), (150, 80), (200, 0)], StreetClass::Service);
        let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
        let points = [(150.0, 79.0), (120.0, 33.0), (180.0, 33.0), (250.0, 1.0)].map(|(x, y)| Coord { x, y });
        let all = opportunities(&graph, &points);
        assert!(all.iter().any(|one| graph.is_first_or_last_only(one.place.segment)));
        assert_as_from_each_node(&graph, &all, &minutes(&[1, 2, 5]));
    }

    #[test]
    fn what_cannot_be_counted_is_refused() {
        let city = GridCity::new(2, 2);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let mut all = opportunities(&graph, &[Coord { x: 1.0, y: 0.0 }, Coord { x: 2.0, y: 0.0 }]);
        let questions = AccessQuestions { kinds: 1, ..AccessQuestions::default() };
        let measure = |all: &[LinkedOpportunity]| measure_access(&graph, Profile::Adult, all, &questions);
        assert_eq!(measure(&all), Err(AccessError::UnknownKind { kind: 1, kinds: 1 }));
        all.iter_mut().for_each(|one| (one.kind, one.amount) = (0, u32::MAX));
        assert_eq!(measure(&all), Err(AccessError::TooMuch { kind: 0, total: 2 * u64::from(u32::MAX) }));
        assert!(measure(&all[..1]).is_ok() && measure(&[]).is_ok());
    }

    #[test]
    fn threads_change_nothing() {
        let city = GridCity::new(12, 12);
        let (graph, _) = build_streets(&city.records, &city.plane(), &WalkParameters::default());
        let points: Vec<Coord<f64>> =
            (0..300).map(|at| Coord { x: f64::from(at * 41 % 1100), y: f64::from(at * 67 % 1090) }).collect();
        let all = opportunities(&graph, &points);
        let halving = |time: TravelTime| 0.5_f64.powf(time.minutes());
        let cutoffs = minutes(&[2, 6]);
        let questions = AccessQuestions { kinds: KINDS, cutoffs: &cutoffs, decays: &[&halving], nearest: 3 };
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| measure_access(&graph, Profile::Adult, &all, &questions).expect("few"))
        };
        assert_eq!(with(1), with(5));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn any_streets_are_searched_as_one_by_one(
            lines in proptest::collection::vec(proptest::collection::vec((-400..400, -400..400), 2..6), 1..14),
            points in proptest::collection::vec((-400.0..400.0, -400.0..400.0), 0..60),
            cutoffs in proptest::collection::vec(0_u32..20, 1..4),
        ) {
            let mut sketch = StreetSketch::new();
            for line in &lines {
                sketch.way(line, StreetClass::Residential);
            }
            let (graph, _) = build_streets(&sketch.records(), &StreetSketch::plane(), &WalkParameters::default());
            let points: Vec<Coord<f64>> = points.into_iter().map(|(x, y): (f64, f64)| Coord { x, y }).collect();
            assert_as_from_each_node(&graph, &opportunities(&graph, &points), &minutes(&cutoffs));
        }
    }
}
