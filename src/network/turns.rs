//! Forbidden and compulsory turns, as part of the graph: whoever comes over an arc from which not every turn is allowed
//! arrives at a double of the junction, from which only the allowed arcs leave.
//!
//! In: restrictions, chains. Out: more chains, each open in one direction: copies of the arcs that lead to doubles and
//! leave them. A search needs to know nothing of turns.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::contract::Chain;
use super::pieces::Pieces;
use super::prepared::Prepared;
use crate::sources::osm::records::{TurnRestriction, TurnVia};

/// A chain in one direction: twice its number, plus one against its line.
type Arc = usize;

/// Adds doubles and copies for all restrictions; returns how many restrictions could not be placed.
pub(super) fn apply_turns(
    restrictions: &[&TurnRestriction],
    prepared: &Prepared<'_>,
    pieces: &mut Pieces,
    chains: &mut Vec<Chain>,
) -> usize {
    if restrictions.is_empty() {
        return 0;
    }
    let mut turns = Turns::new(restrictions, prepared, pieces.points.len(), chains);
    let unplaced = restrictions.iter().filter(|restriction| !turns.place(restriction, prepared, chains)).count();
    turns.write(pieces, chains);
    unplaced
}

/// Where somebody has come from: over one arc, or over two of which the pair is restricted.
type Past = Vec<Arc>;

struct Turns {
    /// Arcs that leave each vertex where a turn may be restricted.
    exits: FxHashMap<u32, Vec<Arc>>,
    /// Arcs that may not follow what is past.
    forbidden: BTreeMap<Past, Vec<Arc>>,
}

fn tail(chains: &[Chain], arc: Arc) -> u32 {
    if arc.is_multiple_of(2) { chains[arc / 2].from } else { chains[arc / 2].to }
}

fn head(chains: &[Chain], arc: Arc) -> u32 {
    tail(chains, arc ^ 1)
}

/// The way at the start of an arc.
fn first_way(chains: &[Chain], arc: Arc) -> i64 {
    let ends = chains[arc / 2].end_ways;
    if arc.is_multiple_of(2) { ends.0 } else { ends.1 }
}

fn last_way(chains: &[Chain], arc: Arc) -> i64 {
    first_way(chains, arc ^ 1)
}

fn is_open(chains: &[Chain], arc: Arc) -> bool {
    chains[arc / 2].open[arc % 2]
}

impl Turns {
    fn new(restrictions: &[&TurnRestriction], prepared: &Prepared<'_>, vertices: usize, chains: &[Chain]) -> Self {
        // Every junction over which a turn leads: the one that is named, or those at which a chain of a named way ends.
        let mut is_named = vec![false; vertices];
        let mut ways = FxHashSet::<i64>::default();
        for restriction in restrictions {
            match restriction.via {
                TurnVia::Node(node) => is_named[prepared.vertex(node) as usize] = true,
                TurnVia::Ways(_) => ways.extend([restriction.from_way, restriction.to_way]),
            }
        }
        if !ways.is_empty() {
            for arc in (0..chains.len() * 2).filter(|&arc| ways.contains(&first_way(chains, arc))) {
                is_named[tail(chains, arc) as usize] = true;
            }
        }
        let mut exits: FxHashMap<u32, Vec<Arc>> = FxHashMap::default();
        for arc in 0..chains.len() * 2 {
            let vertex = tail(chains, arc);
            if is_named[vertex as usize] {
                exits.entry(vertex).or_default().push(arc);
            }
        }
        Self { exits, forbidden: BTreeMap::new() }
    }

    /// Notes what a restriction forbids, which is nothing where nobody comes to it; `false` where its members meet nowhere,
    /// or in more than one way.
    fn place(&mut self, restriction: &TurnRestriction, prepared: &Prepared<'_>, chains: &[Chain]) -> bool {
        let past = match &restriction.via {
            TurnVia::Node(node) => {
                self.arc_into(prepared.vertex(*node), restriction.from_way, chains).map(|arc| vec![arc])
            }
            TurnVia::Ways(ways) => self.over_ways(restriction.from_way, ways, chains),
        };
        let Some(past) = past else { return self.is_idle(restriction, prepared, chains) };
        let Some(&last) = past.last() else { return false };
        let junction = head(chains, last);
        let named = self.arcs_out(junction, restriction.to_way, chains);
        if named.is_empty() {
            // The way that may not be entered cannot be: nothing to forbid. The only one that may be: not placed.
            return !restriction.is_only && self.exits.contains_key(&junction);
        }
        let exits = self.exits.get(&junction).cloned().unwrap_or_default();
        let is_forbidden = |arc: &Arc| named.contains(arc) != restriction.is_only;
        let forbidden: Vec<Arc> = exits.into_iter().filter(is_forbidden).collect();
        self.forbidden.entry(past).or_default().extend(forbidden);
        true
    }

    /// Whether a restriction is about a way that nobody of this mode comes over: it is closed, or leads away only.
    fn is_idle(&self, restriction: &TurnRestriction, prepared: &Prepared<'_>, chains: &[Chain]) -> bool {
        let TurnVia::Node(node) = restriction.via else { return false };
        let comes_nobody = self.arcs_into(prepared.vertex(node), restriction.from_way, chains).next().is_none();
        comes_nobody && prepared.is_on_way(node, restriction.from_way)
    }

    /// The open arcs of a way that lead to a vertex.
    fn arcs_into(&self, vertex: u32, way: i64, chains: &[Chain]) -> impl Iterator<Item = Arc> {
        let leaving = self.exits.get(&vertex).map_or(&[][..], Vec::as_slice);
        leaving.iter().map(|arc| arc ^ 1).filter(move |&arc| last_way(chains, arc) == way && is_open(chains, arc))
    }

    /// The one open arc of a way that leads to a vertex.
    fn arc_into(&self, vertex: u32, way: i64, chains: &[Chain]) -> Option<Arc> {
        let mut leading = self.arcs_into(vertex, way, chains);
        let found = leading.next()?;
        leading.next().is_none().then_some(found)
    }

    fn arcs_out(&self, vertex: u32, way: i64, chains: &[Chain]) -> Vec<Arc> {
        let leaving = self.exits.get(&vertex).map_or(&[][..], Vec::as_slice);
        leaving.iter().copied().filter(|&arc| first_way(chains, arc) == way && is_open(chains, arc)).collect()
    }

    /// The two arcs before the turn: the one that is left, and the one chain that the ways between are.
    fn over_ways(&self, from_way: i64, ways: &[i64], chains: &[Chain]) -> Option<Past> {
        let (first, last) = (*ways.first()?, *ways.last()?);
        let between = |arc: &Arc| {
            let fits = first_way(chains, *arc) == first && last_way(chains, *arc) == last && is_open(chains, *arc);
            fits && self.arc_into(tail(chains, *arc), from_way, chains).is_some()
        };
        let mut candidates = self.exits.values().flatten().copied().filter(between);
        let between = candidates.next()?;
        if candidates.next().is_some() {
            return None;
        }
        Some(vec![self.arc_into(tail(chains, between), from_way, chains)?, between])
    }

    /// Makes the doubles and the copies.
    fn write(mut self, pieces: &mut Pieces, chains: &mut Vec<Chain>) {
        // The first arc of a restricted pair is restricted itself: its double sends the second arc elsewhere.
        for past in self.forbidden.keys().filter(|past| past.len() == 2).cloned().collect::<Vec<_>>() {
            self.forbidden.entry(vec![past[0]]).or_default();
            // What may not follow the second arc alone may not follow the pair.
            let alone = self.forbidden.get(&past[1..]).cloned().unwrap_or_default();
            self.forbidden.entry(past).or_default().extend(alone);
        }
        let mut doubles: BTreeMap<&Past, u32> = BTreeMap::new();
        for past in self.forbidden.keys() {
            let Some(&last) = past.last() else { continue };
            let vertex = pieces.points.len() as u32;
            pieces.points.push(pieces.points[head(chains, last) as usize]);
            doubles.insert(past, vertex);
        }
        let arrival = |past: Option<Arc>, arc: Arc| {
            let pair = past.and_then(|before| doubles.get(&vec![before, arc]));
            pair.or_else(|| doubles.get(&vec![arc])).copied().unwrap_or_else(|| head(chains, arc))
        };
        let mut copies: Vec<Chain> = Vec::new();
        for past in self.forbidden.keys().filter(|past| past.len() == 1) {
            let arc = past[0];
            copies.push(copy(chains, arc, tail(chains, arc), arrival(None, arc)));
        }
        for (past, forbidden) in &self.forbidden {
            let (Some(&last), Some(&double)) = (past.last(), doubles.get(past)) else { continue };
            let mut exits = self.exits_of(head(chains, last), chains);
            exits.retain(|&arc| is_open(chains, arc));
            // Nobody turns round on the spot to get past a restriction, unless the street ends here.
            if exits.len() > 1 {
                exits.retain(|&arc| arc != last ^ 1);
            }
            for arc in exits.into_iter().filter(|arc| !forbidden.contains(arc)) {
                let before = (past.len() == 1).then_some(last);
                copies.push(copy(chains, arc, double, arrival(before, arc)));
            }
        }
        let closed: Vec<Arc> = self.forbidden.keys().filter(|past| past.len() == 1).map(|past| past[0]).collect();
        for arc in closed {
            chains[arc / 2].open[arc % 2] = false;
        }
        chains.extend(copies);
    }

    fn exits_of(&self, vertex: u32, chains: &[Chain]) -> Vec<Arc> {
        match self.exits.get(&vertex) {
            Some(exits) => exits.clone(),
            None => (0..chains.len() * 2).filter(|&arc| tail(chains, arc) == vertex).collect(),
        }
    }
}

/// A copy of an arc between other vertices, open only that way.
fn copy(chains: &[Chain], arc: Arc, from: u32, to: u32) -> Chain {
    let original = &chains[arc / 2];
    let is_along = arc.is_multiple_of(2);
    // The line and the times stay those of the original, so that places along it mean the same.
    let (from, to) = if is_along { (from, to) } else { (to, from) };
    Chain { from, to, open: [is_along, !is_along], copy_of: Some((arc / 2) as u32), ..original.clone() }
}
