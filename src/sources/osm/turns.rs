//! Turn restrictions: members resolved to ways and street nodes.
//!
//! In: drafts of restrictions, the numbers of street nodes. Out: [`TurnRestriction`]s, one per pair of ways that is
//! left and entered (`no_entry` and `no_exit` name several); what names no usable place is told.

use super::drafts::{Draft, TurnMembers};
use super::records::{OsmElement, TurnRestriction, TurnVia};
use super::settle::{Fate, Ledger, Loss};
use super::shapes::{MISSING, Shapes};
use super::vehicles::TurnDraft;

/// All restrictions whose place is among the streets of the study, in ascending order of their relations.
pub(super) fn write(
    mut drafts: Vec<Draft<(TurnDraft, TurnMembers)>>,
    column: &[u32],
    shapes: &Shapes,
    ledger: &mut Ledger,
) -> Vec<TurnRestriction> {
    drafts.sort_by_key(|draft| draft.element);
    drafts.dedup_by_key(|draft| draft.element);
    let mut all = Vec::new();
    for draft in &drafts {
        let OsmElement::Relation(relation) = draft.element else { continue };
        let fate = resolve(relation, draft, column, shapes);
        all.extend(ledger.settle(draft, "turn restrictions", fate).into_iter().flatten());
    }
    all
}

fn resolve(
    relation: i64,
    draft: &Draft<(TurnDraft, TurnMembers)>,
    column: &[u32],
    shapes: &Shapes,
) -> Fate<Vec<TurnRestriction>> {
    let (turn, members) = &draft.what;
    let via = match (&members.via_nodes[..], &members.via_ways[..]) {
        ([node], []) => {
            let node = shapes.find_node(*node).and_then(|node| column.get(node as usize)).copied();
            match node.filter(|&node| node != MISSING) {
                Some(node) => TurnVia::Node(node),
                None => return Fate::Outside,
            }
        }
        ([], ways) if !ways.is_empty() => TurnVia::Ways(ways.to_vec()),
        _ => return Fate::Broken(incomplete("names no place where the turn happens")),
    };
    if members.from.is_empty() || members.to.is_empty() {
        return Fate::Broken(incomplete("names no way that is left, or none that is entered"));
    }
    let one = |from_way: i64, to_way: i64| TurnRestriction {
        relation,
        from_way,
        via: via.clone(),
        to_way,
        is_only: turn.is_only,
        excepts_cars: turn.excepts_cars,
        excepts_bicycles: turn.excepts_bicycles,
        hours: turn.hours.clone(),
    };
    Fate::Used(
        members
            .from
            .iter()
            .flat_map(|&from| members.to.iter().map(move |&to| (from, to)))
            .map(|(f, t)| one(f, t))
            .collect(),
    )
}

fn incomplete(problem: &str) -> Loss {
    Loss { code: "turn_incomplete", problem: problem.to_owned(), action: "restriction skipped" }
}
