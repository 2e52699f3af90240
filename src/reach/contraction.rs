//! A street graph made ready for trips of any length: between any two nodes there is a fastest way that only climbs, by
//! nodes that matter more and more, and then only descends.
//!
//! In: a street graph and a profile. Out: [`Contraction`], the steps up and down that such ways are made of. Two stages:
//! [`Elimination`] says which steps can be needed, whatever the times; it serves all profiles of a graph.
//! [`Contraction::new`] gives them the times of a profile and leaves out all that no fastest way needs.
//!
//! Times are whole deciseconds and sums of impedances: what is found is to the decisecond what a search over the streets
//! finds.
//!
//! # References
//! J. Dibbelt, B. Strasser, D. Wagner, *Customizable contraction hierarchies*, 2016, doi:10.1145/2886843.

use super::dissection::{Neighbours, dissect};
use crate::base::ids::NodeId;
use crate::network::streets::{Profile, SearchDirection, StreetGraph};

/// Time of no way: more than seven years. Two of them can be added.
pub(super) const NO_WAY: u32 = i32::MAX as u32;

/// Which steps can be needed between the nodes of a graph once they are taken out one by one.
///
/// Nodes have a rank: their place in the order in which they are taken out. Each step joins a node to one that is taken
/// out later.
#[derive(Debug)]
pub struct Elimination {
    /// The node of each rank.
    nodes: Vec<NodeId>,
    /// The rank of each node.
    ranks: Vec<u32>,
    /// Of each rank, its first step up; and the end.
    first: Vec<u32>,
    /// Where each step leads: ranks, ascending for each node.
    heads: Vec<u32>,
}

impl Elimination {
    /// Finds an order for the nodes of a graph, and the steps.
    pub fn new(graph: &StreetGraph) -> Self {
        let mut of_nodes: Vec<Vec<u32>> = vec![Vec::new(); graph.node_count()];
        for node in graph.nodes() {
            let heads = graph.arcs_from(node).map(|arc| graph.head(arc).0).filter(|&head| head != node.0);
            let list = &mut of_nodes[node.0 as usize];
            list.extend(heads);
            list.dedup();
        }
        let points = graph.nodes().map(|node| graph.node_point(node)).collect();
        let order = dissect(Neighbours { of_nodes: of_nodes.clone(), points });
        let mut ranks = vec![0; order.len()];
        for (rank, &node) in order.iter().enumerate() {
            ranks[node as usize] = rank as u32;
        }
        let (first, heads) = steps_up(&order, &ranks, &of_nodes);
        Self { nodes: order.into_iter().map(NodeId).collect(), ranks, first, heads }
    }

    /// How many steps there are.
    pub fn step_count(&self) -> usize {
        self.heads.len()
    }

    fn steps(&self, rank: u32) -> std::ops::Range<usize> {
        self.first[rank as usize] as usize..self.first[rank as usize + 1] as usize
    }

    fn step_between(&self, low: u32, high: u32) -> usize {
        let steps = self.steps(low);
        let at = self.heads[steps.clone()].binary_search(&high).expect("neighbours are joined by a step");
        steps.start + at
    }
}

/// Whoever is taken out joins all neighbours that are left with each other.
fn steps_up(order: &[u32], ranks: &[u32], of_nodes: &[Vec<u32>]) -> (Vec<u32>, Vec<u32>) {
    let mut up: Vec<Vec<u32>> = Vec::with_capacity(order.len());
    for (rank, &node) in order.iter().enumerate() {
        let others = of_nodes[node as usize].iter().map(|&other| ranks[other as usize]);
        let mut list: Vec<u32> = others.filter(|&other| other > rank as u32).collect();
        list.sort_unstable();
        up.push(list);
    }
    let (mut first, mut heads) = (Vec::with_capacity(order.len() + 1), Vec::new());
    first.push(0);
    for rank in 0..order.len() {
        let own = std::mem::take(&mut up[rank]);
        // It is enough to tell the next one: that one tells the others.
        if let Some((&next, others)) = own.split_first() {
            let list = &mut up[next as usize];
            list.extend_from_slice(others);
            // Two ascending runs: a sort that heeds runs merges them.
            list.sort();
            list.dedup();
        }
        heads.extend_from_slice(&own);
        first.push(u32::try_from(heads.len()).expect("fewer than 2^32 steps"));
    }
    (first, heads)
}

/// Steps in one direction that fastest ways are made of.
#[derive(Debug)]
pub(super) struct Steps {
    first: Vec<u32>,
    /// The higher rank and the time of each step.
    steps: Vec<(u32, u32)>,
}

impl Steps {
    /// The steps between a rank and higher ones.
    #[inline]
    pub fn of(&self, rank: u32) -> &[(u32, u32)] {
        &self.steps[self.first[rank as usize] as usize..self.first[rank as usize + 1] as usize]
    }
}

/// A street graph made ready for trips of a profile.
#[derive(Debug)]
pub struct Contraction {
    ranks: Vec<u32>,
    /// From each rank to higher ones.
    pub(super) up: Steps,
    /// To each rank from higher ones.
    pub(super) down: Steps,
    profile: Profile,
}

/// Times of the steps of an elimination, up and down.
struct Times<'e> {
    elimination: &'e Elimination,
    up: Vec<u32>,
    down: Vec<u32>,
}

impl Contraction {
    /// Gives the steps of a graph the times of a profile.
    pub fn new(graph: &StreetGraph, profile: Profile, elimination: &Elimination) -> Self {
        let mut times = Times::of_streets(graph, profile, elimination);
        times.add_ways_below();
        let (up, down) = times.needed();
        Self { ranks: elimination.ranks.clone(), up, down, profile }
    }

    /// How many steps up and down there are.
    pub fn step_count(&self) -> usize {
        self.up.steps.len() + self.down.steps.len()
    }

    /// The profile whose times they are.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    pub(super) fn rank(&self, node: NodeId) -> u32 {
        self.ranks[node.0 as usize]
    }

    pub(super) fn node_count(&self) -> usize {
        self.ranks.len()
    }
}

impl<'e> Times<'e> {
    /// The times of streets; what stands in for several has none yet.
    fn of_streets(graph: &StreetGraph, profile: Profile, elimination: &'e Elimination) -> Self {
        let impedances = graph.impedances(profile, SearchDirection::From);
        let count = elimination.heads.len();
        let mut times = Self { elimination, up: vec![NO_WAY; count], down: vec![NO_WAY; count] };
        for (rank, &node) in elimination.nodes.iter().enumerate() {
            let rank = rank as u32;
            for arc in graph.arcs_from(node) {
                let (head, impedance) = (elimination.ranks[graph.head(arc).0 as usize], impedances[arc]);
                if head != rank && impedance < NO_WAY {
                    let (column, low, high) = match head > rank {
                        true => (&mut times.up, rank, head),
                        false => (&mut times.down, head, rank),
                    };
                    let time = &mut column[elimination.step_between(low, high)];
                    *time = (*time).min(impedance);
                }
            }
        }
        times
    }

    /// Where it is faster by a lower node, that is the time of a step. From the lowest node up.
    fn add_ways_below(&mut self) {
        for rank in 0..self.elimination.nodes.len() as u32 {
            self.for_each_triangle(rank, |times, [near, far, across]| {
                let up = times.down[near].saturating_add(times.up[far]);
                let down = times.down[far].saturating_add(times.up[near]);
                times.up[across] = times.up[across].min(up);
                times.down[across] = times.down[across].min(down);
            });
        }
    }

    /// Calls with the steps of all triangles in which a node is the lowest: to the nearer and the farther of two higher
    /// ones, and between these.
    #[inline]
    fn for_each_triangle(&mut self, rank: u32, mut act: impl FnMut(&mut Self, [usize; 3])) {
        let (heads, own) = (&self.elimination.heads, self.elimination.steps(rank));
        for near in own.clone() {
            let mut across = self.elimination.first[heads[near] as usize] as usize;
            for far in near + 1..own.end {
                // All higher neighbours of a node are joined with each other.
                while heads[across] != heads[far] {
                    across += 1;
                }
                act(self, [near, far, across]);
                across += 1;
            }
        }
    }

    /// The steps that fastest ways need, up and down. From the highest node down: the times of its steps become those of
    /// the fastest ways; what is as fast by another, higher node is left out. No step takes no time, so that of several
    /// steps one always stays.
    fn needed(mut self) -> (Steps, Steps) {
        let elimination = self.elimination;
        let mut is_needless = vec![[false; 2]; elimination.heads.len()];
        for rank in (0..elimination.nodes.len() as u32).rev() {
            self.for_each_triangle(rank, |times, [near, far, across]| {
                let (there, back) = (times.up[across], times.down[across]);
                times.up[near] = times.up[near].min(times.up[far].saturating_add(back));
                times.up[far] = times.up[far].min(times.up[near].saturating_add(there));
                times.down[near] = times.down[near].min(there.saturating_add(times.down[far]));
                times.down[far] = times.down[far].min(back.saturating_add(times.down[near]));
            });
            self.for_each_triangle(rank, |times, [near, far, across]| {
                let (there, back) = (times.up[across], times.down[across]);
                is_needless[near][0] |= times.up[far].saturating_add(back) <= times.up[near];
                is_needless[far][0] |= times.up[near].saturating_add(there) <= times.up[far];
                is_needless[near][1] |= there.saturating_add(times.down[far]) <= times.down[near];
                is_needless[far][1] |= back.saturating_add(times.down[near]) <= times.down[far];
            });
        }
        let steps = |column: &[u32], way: usize| {
            let (mut first, mut steps) = (Vec::with_capacity(elimination.first.len()), Vec::new());
            first.push(0);
            for rank in 0..elimination.nodes.len() as u32 {
                let own = elimination.steps(rank).filter(|&step| column[step] < NO_WAY && !is_needless[step][way]);
                steps.extend(own.map(|step| (elimination.heads[step], column[step])));
                first.push(steps.len() as u32);
            }
            Steps { first, steps }
        };
        rayon::join(|| steps(&self.up, 0), || steps(&self.down, 1))
    }
}
