//! Times from sixteen sources at once to a set of nodes, of any length: up to the nodes that matter, a few hundred, and
//! from these down to the set, over the steps that lead there and no others.
//!
//! In: a contracted graph, a set of nodes, sources. Out: a row of times per node of the set.
//!
//! # References
//! D. Delling, A. Goldberg, R. Werneck, *Faster batched shortest paths in road networks*, 2011,
//! doi:10.4230/OASIcs.ATMOS.2011.52.

use super::contraction::{Contraction, NO_WAY};
use crate::base::ids::NodeId;

/// How many sources are searched from at once.
pub(super) const LANES: usize = 16;

/// Times of all lanes, deciseconds, [`NO_WAY`] at most.
pub(super) type Row = [u32; LANES];

/// No place among those that were met.
const NOWHERE: u32 = u32::MAX;

/// The ways down to a set of nodes.
#[derive(Debug)]
pub(super) struct WaysDown<'g> {
    contraction: &'g Contraction,
    /// The place of each rank among those that lead to the set, or [`NOWHERE`].
    places: Vec<u32>,
    /// Of each place, its first step from a higher one; and the end. Higher ranks come first.
    first: Vec<u32>,
    /// The higher place and the time of each step.
    steps: Vec<(u32, u32)>,
}

/// A node, a lane and the time at which the lane starts there.
#[derive(Clone, Copy, Debug)]
pub(super) struct LaneSeed {
    pub node: NodeId,
    pub lane: usize,
    pub time: u32,
}

/// The scratch of a thread, and the times of its last search.
#[derive(Debug)]
pub(super) struct Sweep<'w> {
    ways: &'w WaysDown<'w>,
    /// The place of each rank among those that the climb reaches.
    climb_places: Vec<u32>,
    climbed: Vec<u32>,
    climb_rows: Vec<Row>,
    rows: Vec<Row>,
}

impl<'g> WaysDown<'g> {
    pub fn new(contraction: &'g Contraction, nodes: impl Iterator<Item = NodeId>) -> Self {
        let (mut places, mut met) = (vec![NOWHERE; contraction.node_count()], Vec::new());
        nodes.for_each(|node| note(contraction.rank(node), &mut places, &mut met));
        let mut next = 0;
        while let Some(&rank) = met.get(next) {
            next += 1;
            contraction.down.of(rank).iter().for_each(|&(higher, _)| note(higher, &mut places, &mut met));
        }
        met.sort_unstable_by(|a, b| b.cmp(a));
        for (place, &rank) in met.iter().enumerate() {
            places[rank as usize] = place as u32;
        }
        let (mut first, mut steps) = (Vec::with_capacity(met.len() + 1), Vec::new());
        first.push(0);
        for &rank in &met {
            steps.extend(contraction.down.of(rank).iter().map(|&(higher, time)| (places[higher as usize], time)));
            first.push(steps.len() as u32);
        }
        Self { contraction, places, first, steps }
    }

    /// Where the row of a node of the set is found.
    pub fn place(&self, node: NodeId) -> u32 {
        self.places[self.contraction.rank(node) as usize]
    }
}

impl<'w> Sweep<'w> {
    pub fn new(ways: &'w WaysDown<'w>) -> Self {
        Self {
            ways,
            climb_places: vec![NOWHERE; ways.contraction.node_count()],
            climbed: Vec::new(),
            climb_rows: Vec::new(),
            rows: vec![[NO_WAY; LANES]; ways.first.len() - 1],
        }
    }

    /// Searches from all seeds; those of a lane belong to one source.
    pub fn search(&mut self, seeds: &[LaneSeed]) {
        self.climb(seeds);
        self.descend();
    }

    /// The times at a place.
    pub fn row(&self, place: u32) -> &Row {
        &self.rows[place as usize]
    }

    /// The times from the seeds to all nodes that they climb to.
    fn climb(&mut self, seeds: &[LaneSeed]) {
        let contraction = self.ways.contraction;
        let Self { climb_places, climbed, climb_rows, .. } = self;
        for &rank in climbed.iter() {
            climb_places[rank as usize] = NOWHERE;
        }
        climbed.clear();
        seeds.iter().for_each(|seed| note(contraction.rank(seed.node), climb_places, climbed));
        let mut next = 0;
        while let Some(&rank) = climbed.get(next) {
            next += 1;
            contraction.up.of(rank).iter().for_each(|&(higher, _)| note(higher, climb_places, climbed));
        }
        climbed.sort_unstable();
        for (place, &rank) in climbed.iter().enumerate() {
            climb_places[rank as usize] = place as u32;
        }
        climb_rows.clear();
        climb_rows.resize(climbed.len(), [NO_WAY; LANES]);
        for seed in seeds.iter().filter(|seed| seed.time < NO_WAY) {
            let place = climb_places[contraction.rank(seed.node) as usize];
            let known = &mut climb_rows[place as usize][seed.lane];
            *known = (*known).min(seed.time);
        }
        for (place, &rank) in climbed.iter().enumerate() {
            let row = climb_rows[place];
            for &(higher, time) in contraction.up.of(rank) {
                improve(&mut climb_rows[climb_places[higher as usize] as usize], &row, time);
            }
        }
    }

    /// The times to all nodes that lead to the set, from the highest down.
    fn descend(&mut self) {
        let Self { ways, climbed, climb_rows, rows, .. } = self;
        rows.fill([NO_WAY; LANES]);
        for (&rank, row) in climbed.iter().zip(climb_rows.iter()) {
            if let Some(own) = rows.get_mut(ways.places[rank as usize] as usize) {
                *own = *row;
            }
        }
        for place in 0..rows.len() {
            let (higher, rest) = rows.split_at_mut(place);
            let own = &mut rest[0];
            for &(from, time) in &ways.steps[ways.first[place] as usize..ways.first[place + 1] as usize] {
                improve(own, &higher[from as usize], time);
            }
        }
    }
}

/// Notes a rank that was not met yet.
fn note(rank: u32, places: &mut [u32], met: &mut Vec<u32>) {
    let place = &mut places[rank as usize];
    if *place == NOWHERE {
        *place = met.len() as u32;
        met.push(rank);
    }
}

/// Takes over what is better by way of a step, [`NO_WAY`] at most.
#[inline]
pub(super) fn improve(known: &mut Row, from: &Row, step: u32) {
    for lane in 0..LANES {
        known[lane] = known[lane].min(from[lane] + step);
    }
}
