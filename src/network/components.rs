//! Parts of the street graph that hang together, and which of them are too small to matter.
//!
//! In: a graph and the share of street length below which a part does not matter. Out: a component per node, the
//! longest first. One-way streets connect both ways here.

use super::disjoint_sets::DisjointSets;
use super::streets::{CLOSED, StreetGraph};
use crate::base::ids::{Column, Id, NodeId};

/// Components, numbered from the longest.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Components {
    /// Kept apart in a snapshot.
    #[serde(skip)]
    pub of_nodes: Column<NodeId, u32>,
    sizes: Vec<usize>,
    lengths_m: Vec<f64>,
    first_nodes: Vec<NodeId>,
    main_count: u32,
}

impl Components {
    /// The components of a graph; those with less than `small_share` of all street length are small, except the first.
    pub(super) fn of(graph: &StreetGraph, small_share: f64) -> Self {
        let mut sets = DisjointSets::new(graph.node_count());
        let impedances = &graph.impedances[0];
        for segment in graph.segments() {
            if graph.segment_arcs[segment].iter().any(|&arc| impedances[arc] != CLOSED) {
                let [from, to] = graph.segment_ends[segment];
                sets.join(from.0, to.0);
            }
        }
        // A component goes by its first node.
        let labels: Vec<u32> = (0..graph.node_count() as u32).map(|node| sets.least(node)).collect();
        let mut lengths = vec![0.0; labels.len()];
        for segment in graph.segments() {
            lengths[labels[graph.segment_ends(segment).0.index()] as usize] += graph.segment_length_m(segment);
        }
        let mut sizes = vec![0; labels.len()];
        for &label in &labels {
            sizes[label as usize] += 1;
        }
        let mut order: Vec<u32> = (0..labels.len() as u32).filter(|&label| sizes[label as usize] > 0).collect();
        order.sort_by(|&a, &b| {
            let (a, b) = (a as usize, b as usize);
            lengths[b].total_cmp(&lengths[a]).then(a.cmp(&b))
        });
        let mut numbers = vec![0; labels.len()];
        for (number, &label) in order.iter().enumerate() {
            numbers[label as usize] = number as u32;
        }
        let lengths_m: Vec<f64> = order.iter().map(|&label| lengths[label as usize]).collect();
        let least = lengths_m.iter().sum::<f64>() * small_share;
        let main_count = lengths_m.iter().take_while(|&&length| length >= least).count().max(1) as u32;
        Self {
            of_nodes: labels.iter().map(|&label| numbers[label as usize]).collect(),
            sizes: order.iter().map(|&label| sizes[label as usize]).collect(),
            first_nodes: order.iter().map(|&label| NodeId(label)).collect(),
            lengths_m,
            main_count,
        }
    }

    /// The same components, with the one of each node.
    pub(super) fn with_nodes(self, of_nodes: Column<NodeId, u32>) -> Self {
        Self { of_nodes, ..self }
    }

    /// Whether all that is said fits a graph of so many nodes.
    pub(super) fn fit(&self, nodes: usize) -> bool {
        let count = self.sizes.len();
        self.lengths_m.len() == count
            && self.first_nodes.len() == count
            && self.of_nodes.values().iter().all(|&component| (component as usize) < count)
            && self.first_nodes.iter().all(|node| node.index() < nodes)
    }

    pub(super) fn of_node(&self, node: NodeId) -> u32 {
        self.of_nodes[node]
    }

    pub(super) fn size(&self, component: u32) -> usize {
        self.sizes.get(component as usize).copied().unwrap_or(0)
    }

    pub(super) fn length_m(&self, component: u32) -> f64 {
        self.lengths_m.get(component as usize).copied().unwrap_or(0.0)
    }

    pub(super) fn first_node(&self, component: u32) -> NodeId {
        self.first_nodes[component as usize]
    }

    pub(super) fn is_main(&self, component: u32) -> bool {
        component < self.main_count
    }

    /// The components too small to matter, the longest first.
    pub(super) fn small(&self) -> impl Iterator<Item = u32> + use<> {
        self.main_count..self.sizes.len() as u32
    }
}
