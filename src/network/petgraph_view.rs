//! The street graph as petgraph sees it, so that its algorithms serve for components and as a second opinion.
//!
//! In: a graph and a profile. Out: petgraph's visit traits over the arcs that are open to the profile.

use petgraph::Directed;
use petgraph::visit::{
    Data, EdgeCount, EdgeRef, GraphBase, GraphProp, GraphRef, IntoEdgeReferences, IntoEdges, IntoNeighbors,
    IntoNodeIdentifiers, IntoNodeReferences, NodeCompactIndexable, NodeCount, NodeIndexable, VisitMap, Visitable,
};

use super::streets::{CLOSED, Profile, SearchDirection, StreetGraph};
use crate::base::ids::{ArcId, Id, NodeId};

/// The arcs of a graph that are open to a profile; weights are deciseconds.
#[derive(Clone, Copy, Debug)]
pub struct StreetView<'g> {
    graph: &'g StreetGraph,
    impedances: &'g [u32],
}

impl<'g> StreetView<'g> {
    /// The view of a profile.
    pub fn new(graph: &'g StreetGraph, profile: Profile) -> Self {
        Self { graph, impedances: graph.impedances(profile, SearchDirection::From).values() }
    }

    fn arc(self, arc: ArcId) -> Option<ArcReference<'g>> {
        let weight = &self.impedances[arc.index()];
        (*weight != CLOSED).then(|| ArcReference {
            id: arc,
            source: self.graph.tail(arc),
            target: self.graph.head(arc),
            weight,
        })
    }
}

/// An open arc.
#[derive(Clone, Copy, Debug)]
pub struct ArcReference<'g> {
    id: ArcId,
    source: NodeId,
    target: NodeId,
    weight: &'g u32,
}

impl EdgeRef for ArcReference<'_> {
    type NodeId = NodeId;
    type EdgeId = ArcId;
    type Weight = u32;

    fn source(&self) -> NodeId {
        self.source
    }

    fn target(&self) -> NodeId {
        self.target
    }

    fn weight(&self) -> &u32 {
        self.weight
    }

    fn id(&self) -> ArcId {
        self.id
    }
}

/// Which nodes were visited.
#[derive(Clone, Debug, Default)]
pub struct VisitedNodes(Vec<bool>);

impl VisitMap<NodeId> for VisitedNodes {
    fn visit(&mut self, node: NodeId) -> bool {
        !std::mem::replace(&mut self.0[node.index()], true)
    }

    fn is_visited(&self, node: &NodeId) -> bool {
        self.0[node.index()]
    }

    fn unvisit(&mut self, node: NodeId) -> bool {
        std::mem::replace(&mut self.0[node.index()], false)
    }
}

impl GraphBase for StreetView<'_> {
    type NodeId = NodeId;
    type EdgeId = ArcId;
}

impl GraphRef for StreetView<'_> {}

impl GraphProp for StreetView<'_> {
    type EdgeType = Directed;
}

impl Data for StreetView<'_> {
    type NodeWeight = ();
    type EdgeWeight = u32;
}

impl NodeIndexable for StreetView<'_> {
    fn node_bound(&self) -> usize {
        self.graph.node_count()
    }

    fn to_index(&self, node: NodeId) -> usize {
        node.index()
    }

    fn from_index(&self, index: usize) -> NodeId {
        NodeId::from_index(index)
    }
}

impl NodeCount for StreetView<'_> {
    fn node_count(&self) -> usize {
        self.graph.node_count()
    }
}

impl NodeCompactIndexable for StreetView<'_> {}

impl EdgeCount for StreetView<'_> {
    fn edge_count(&self) -> usize {
        self.impedances.iter().filter(|&&impedance| impedance != CLOSED).count()
    }
}

impl Visitable for StreetView<'_> {
    type Map = VisitedNodes;

    fn visit_map(&self) -> VisitedNodes {
        VisitedNodes(vec![false; self.graph.node_count()])
    }

    fn reset_map(&self, map: &mut VisitedNodes) {
        map.0.clear();
        map.0.resize(self.graph.node_count(), false);
    }
}

type BoxedArcs<'g> = Box<dyn Iterator<Item = ArcReference<'g>> + 'g>;

impl<'g> IntoEdgeReferences for StreetView<'g> {
    type EdgeRef = ArcReference<'g>;
    type EdgeReferences = BoxedArcs<'g>;

    fn edge_references(self) -> Self::EdgeReferences {
        Box::new(self.graph.arcs().filter_map(move |arc| self.arc(arc)))
    }
}

impl<'g> IntoEdges for StreetView<'g> {
    type Edges = BoxedArcs<'g>;

    fn edges(self, node: NodeId) -> Self::Edges {
        Box::new(self.graph.arcs_from(node).filter_map(move |arc| self.arc(arc)))
    }
}

impl<'g> IntoNeighbors for StreetView<'g> {
    type Neighbors = Box<dyn Iterator<Item = NodeId> + 'g>;

    fn neighbors(self, node: NodeId) -> Self::Neighbors {
        Box::new(self.edges(node).map(|arc| arc.target))
    }
}

impl<'g> IntoNodeIdentifiers for StreetView<'g> {
    type NodeIdentifiers = Box<dyn Iterator<Item = NodeId> + 'g>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        Box::new(self.graph.nodes())
    }
}

impl<'g> IntoNodeReferences for StreetView<'g> {
    type NodeRef = (NodeId, &'g ());
    type NodeReferences = Box<dyn Iterator<Item = (NodeId, &'g ())> + 'g>;

    fn node_references(self) -> Self::NodeReferences {
        Box::new(self.graph.nodes().map(|node| (node, &())))
    }
}
