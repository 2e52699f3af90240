//! Trips between nodes, and how many of them lead over each node and arc.
//!
//! In: weights of nodes, a cutoff, a decay. Out: sums per node and arc. Sums are of whole numbers, in units of about 2⁻⁶² of
//! all trips there can be: the number of threads changes nothing.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::opportunities::DecayOfTime;
use crate::base::ids::{ArcId, Column, Id, NodeId};
use crate::base::units::TravelTime;
use crate::network::streets::StreetGraph;

/// All trips there can be take less than 2 to this power of units.
const BITS: i32 = 62;

/// Trips between nodes: from each origin to each destination within the cutoff
/// `origin weight · destination weight · decay(time)`.
#[derive(Clone, Copy, Default)]
pub struct Trips<'a> {
    /// The longest trip, boundary included.
    pub cutoff: TravelTime,
    /// A weight per node, 0 or more; every node weighs 1 where none are given.
    pub origins: Option<&'a [f64]>,
    /// A weight per node, 0 or more; every node weighs 1 where none are given.
    pub destinations: Option<&'a [f64]>,
    /// How trips thin out with time; not at all where none is given.
    pub decay: Option<DecayOfTime<'a>>,
}

impl Trips<'_> {
    /// How many units a trip is.
    pub(super) fn units(&self, nodes: usize) -> Result<f64, TripsError> {
        let most = total(self.origins, nodes)? * total(self.destinations, nodes)?;
        if most.is_finite() { Ok(units_for(most)) } else { Err(TripsError::TooMany) }
    }
}

/// How many units a trip is where there are so many trips at most: a power of two.
pub(super) fn units_for(most: f64) -> f64 {
    f64::from(BITS - most.log2().ceil().clamp(-900.0, 1024.0) as i32).exp2()
}

fn total(weights: Option<&[f64]>, nodes: usize) -> Result<f64, TripsError> {
    let Some(weights) = weights else { return Ok(nodes as f64) };
    if weights.len() != nodes {
        return Err(TripsError::NotPerNode { found: weights.len(), expected: nodes });
    }
    match weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0)) {
        Some(node) => Err(TripsError::Weight { node: NodeId::from_index(node), found: weights[node] }),
        None => Ok(weights.iter().sum()),
    }
}

/// Why trips cannot be added up.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TripsError {
    /// Weights that are not one per node.
    #[error("{found} weights, expected one per node, {expected}")]
    NotPerNode {
        /// How many there are.
        found: usize,
        /// How many nodes there are.
        expected: usize,
    },
    /// A weight that is none.
    #[error("node {} weighs {found}, expected a number from 0 on", node.index())]
    Weight {
        /// The node.
        node: NodeId,
        /// Its weight.
        found: f64,
    },
    /// A rule for ways with detours that is none.
    #[error("{what} is {found}, expected {expected}")]
    Detours {
        /// Which number.
        what: &'static str,
        /// What it is.
        found: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// More trips than numbers can hold.
    #[error("all weights of origins times all weights of destinations are beyond what a number holds")]
    TooMany,
}

/// Trips per node and arc.
#[derive(Clone, Debug, PartialEq)]
pub struct Flows {
    pub(super) nodes: Column<NodeId, u64>,
    pub(super) arcs: Column<ArcId, u64>,
    /// How many units a trip is.
    pub(super) units: f64,
}

impl Flows {
    pub(super) fn of_nothing(graph: &StreetGraph, units: f64) -> Self {
        let (nodes, arcs) = (vec![0; graph.node_count()], vec![0; graph.arc_count()]);
        Self { nodes: Column::new(nodes), arcs: Column::new(arcs), units }
    }

    /// Trips that pass a node; those that begin or end there are left out.
    pub fn through_node(&self, node: NodeId) -> f64 {
        self.nodes[node] as f64 / self.units
    }

    /// Trips along an arc, those that begin or end at its nodes included.
    pub fn along_arc(&self, arc: ArcId) -> f64 {
        self.arcs[arc] as f64 / self.units
    }

    pub(super) fn add(&mut self, other: &Self) {
        let add = |own: &mut [u64], more: &[u64]| {
            own.par_iter_mut().zip(more).with_min_len(1 << 14).for_each(|(own, more)| *own = own.saturating_add(*more));
        };
        add(self.nodes.values_mut(), other.nodes.values());
        add(self.arcs.values_mut(), other.arcs.values());
    }
}

/// Takes all origins that weigh something, threads in turn so many nodes at a time, each thread with a worker of its own, and adds
/// up what the workers have found.
pub(super) fn add_up_origins<W: Send>(
    trips: &Trips<'_>,
    (nodes, at_once): (usize, usize),
    worker: impl Fn() -> W + Sync,
    add_from: impl Fn(&mut W, NodeId, f64) + Sync,
    merge: impl Fn(W, W) -> W + Send + Sync,
) -> W {
    let next = AtomicUsize::new(0);
    let accumulate = |_: usize| {
        let mut worker = worker();
        loop {
            let first = next.fetch_add(at_once, Ordering::Relaxed);
            if first >= nodes {
                return worker;
            }
            for node in (first..nodes.min(first + at_once)).map(NodeId::from_index) {
                let weight = trips.origins.map_or(1.0, |origins| origins[node.index()]);
                if weight > 0.0 {
                    add_from(&mut worker, node, weight);
                }
            }
        }
    };
    let threads = rayon::current_num_threads().max(1);
    (0..threads).into_par_iter().with_max_len(1).map(accumulate).reduce_with(merge).expect("a thread at least")
}

/// A share of trips, 0 to 1; none where it is no number.
pub(super) fn share(decay: f64) -> f64 {
    if decay.is_nan() { 0.0 } else { decay.clamp(0.0, 1.0) }
}
