//! Streets from drafts: references resolved, the study area found, ways cut where they leave it or lack nodes.
//!
//! In: street and mark drafts, shapes. Out: the street columns of [`OsmRecords`].

use std::mem;

use rayon::prelude::*;

use super::clip::{StudyArea, find_packed_core_box};
use super::content::PackedPosition;
use super::drafts::{Draft, MarkDraft, StreetDraft};
use super::records::{OsmElement, OsmRecords, Street, StreetClass, StreetNodeMark};
use super::settle::{Fate, Ledger, Loss};
use super::shapes::{MISSING, Shapes};
use super::walk_areas::{self, WalkAreaDraft};

/// Street drafts by way id with the nodes of each way, and the areas among them.
pub(super) struct StreetLines {
    drafts: Vec<Draft<StreetDraft>>,
    nodes: Vec<Vec<u32>>,
    areas: Vec<WalkAreaDraft>,
}

impl StreetLines {
    /// Resolves the nodes of all street drafts. A pedestrian area mapped as a relation becomes one street per member
    /// way, along the outline; a member that is a street itself stays what it is.
    pub fn resolve(mut ways: Vec<Draft<StreetDraft>>, shapes: &Shapes) -> Self {
        let mut members = Vec::new();
        let mut areas = Vec::new();
        for draft in &ways {
            if draft.what.tags.area {
                areas.push(draft.clone());
            }
            if let OsmElement::Relation(id) = draft.element {
                for member in shapes.relation(id).map_or(&[][..], |relation| &relation.members) {
                    members.push(Draft { element: OsmElement::Way(member.way), ..draft.clone() });
                }
            }
        }
        ways.retain(|draft| matches!(draft.element, OsmElement::Way(_)));
        ways.append(&mut members);
        // Stable: a way's own tags come before those of a relation, the first file before the second.
        ways.sort_by_key(|draft| draft.element);
        ways.dedup_by_key(|draft| draft.element);
        let nodes = ways
            .par_iter()
            .with_min_len(256)
            .map(|draft| {
                let mut nodes = Vec::new();
                if let OsmElement::Way(id) = draft.element {
                    shapes.way_nodes(id, &mut nodes);
                }
                nodes.dedup();
                nodes
            })
            .collect();
        let areas = walk_areas::resolve(areas, shapes);
        Self { drafts: ways, nodes, areas }
    }

    /// The robust extent of the streets, ferries left out; `None` without streets.
    pub fn find_core_box(&self, shapes: &Shapes) -> Option<StudyArea> {
        let mut seen = vec![false; shapes.node_count()];
        let mut positions: Vec<PackedPosition> = Vec::new();
        for (draft, nodes) in self.drafts.iter().zip(&self.nodes) {
            if matches!(draft.what.tags.class, StreetClass::Ferry | StreetClass::Construction | StreetClass::Other) {
                continue;
            }
            for &node in nodes.iter().filter(|&&node| node != MISSING) {
                if !mem::replace(&mut seen[node as usize], true) {
                    positions.push(shapes.packed_position(node));
                }
            }
        }
        find_packed_core_box(&positions)
    }

    /// Writes the street columns. Returns the node of each node of the files in the columns, [`MISSING`] for others.
    pub fn write(self, area: &StudyArea, shapes: &Shapes, records: &mut OsmRecords, ledger: &mut Ledger) -> Vec<u32> {
        let mut kept = vec![false; shapes.node_count()];
        let mut parts: Vec<(usize, std::ops::Range<u32>)> = Vec::new();
        for (number, (draft, nodes)) in self.drafts.iter().zip(&self.nodes).enumerate() {
            let runs = runs_inside(nodes, area, shapes);
            let fate = fate_of(nodes, &runs, area, shapes);
            if ledger.settle(draft, "streets", fate).is_none() {
                continue;
            }
            for run in runs {
                let start = records.street_refs.len() as u32;
                for &node in &nodes[run] {
                    kept[node as usize] = true;
                    records.street_refs.push(node);
                }
                parts.push((number, start..records.street_refs.len() as u32));
            }
        }
        let column = number_nodes(&kept, shapes, records);
        for reference in &mut records.street_refs {
            *reference = column[*reference as usize];
        }
        records.walk_areas = walk_areas::write(self.areas, &column);
        records.streets = build_streets(self.drafts, parts);
        column
    }
}

/// The runs of at least two nodes that are known and inside.
fn runs_inside(nodes: &[u32], area: &StudyArea, shapes: &Shapes) -> Vec<std::ops::Range<usize>> {
    let mut runs = Vec::new();
    let mut start = 0;
    for at in 0..=nodes.len() {
        let inside = nodes.get(at).is_some_and(|&node| node != MISSING && area.holds(shapes.position(node)));
        if !inside {
            if at - start >= 2 {
                runs.push(start..at);
            }
            start = at + 1;
        }
    }
    runs
}

fn fate_of(nodes: &[u32], runs: &[std::ops::Range<usize>], area: &StudyArea, shapes: &Shapes) -> Fate<()> {
    if runs.len() == 1 && runs[0] == (0..nodes.len()) {
        return Fate::Used(());
    }
    let missing = nodes.iter().filter(|&&node| node == MISSING).count();
    let outside = nodes.iter().any(|&node| node != MISSING && !area.holds(shapes.position(node)));
    match (runs.is_empty(), missing, outside) {
        // A member way of a square that is not in the files.
        _ if nodes.is_empty() => Fate::Beyond,
        (true, _, true) => Fate::Outside,
        (true, 0, false) => Fate::Broken(Loss::part_missing("has fewer than two different nodes", "street skipped")),
        (true, _, false) => Fate::Broken(Loss::no_geometry()),
        (false, 0, false) => Fate::Used(()),
        (false, 0, true) => {
            let problem = "leaves the study area".to_owned();
            Fate::Repaired(
                (),
                Loss { code: "street_leaves_study_area", problem, action: "cut at its last node inside" },
            )
        }
        (false, count, _) => {
            let problem = format!("has {count} references to nodes that are not in the files");
            Fate::Repaired((), Loss::part_missing(problem, "street cut there"))
        }
    }
}

fn number_nodes(kept: &[bool], shapes: &Shapes, records: &mut OsmRecords) -> Vec<u32> {
    let mut column = vec![MISSING; kept.len()];
    for (node, _) in kept.iter().enumerate().filter(|(_, kept)| **kept) {
        column[node] = records.street_node_ids.len() as u32;
        records.street_node_ids.push(shapes.node_id(node as u32));
        records.street_node_positions.push(shapes.position(node as u32));
    }
    column
}

fn build_streets(mut drafts: Vec<Draft<StreetDraft>>, parts: Vec<(usize, std::ops::Range<u32>)>) -> Vec<Street> {
    let mut streets = Vec::with_capacity(parts.len());
    let mut parts = parts.into_iter().peekable();
    while let Some((number, refs)) = parts.next() {
        let Draft { element, what, .. } = &mut drafts[number];
        let OsmElement::Way(way) = *element else { continue };
        let is_last = parts.peek().is_none_or(|(next, _)| *next != number);
        let (name, parking, conditions) = if is_last {
            (mem::take(&mut what.name), what.parking.take(), what.conditions.take())
        } else {
            (what.name.clone(), what.parking.clone(), what.conditions.clone())
        };
        streets.push(Street { way, refs, tags: what.tags, name, parking, conditions });
    }
    streets
}

/// Crossings and barriers of the nodes that streets use. Those on other nodes (a gate in a fence, a house's door) are
/// no part of the street network: they are counted in one note.
pub(super) fn write_marks(
    mut marks: Vec<Draft<MarkDraft>>,
    column: &[u32],
    shapes: &Shapes,
    records: &mut OsmRecords,
    ledger: &mut Ledger,
) {
    marks.sort_by_key(|draft| draft.element);
    marks.dedup_by_key(|draft| draft.element);
    let mut apart = 0_u64;
    for draft in &marks {
        let OsmElement::Node(id) = draft.element else { continue };
        let node = shapes.find_node(id).and_then(|node| column.get(node as usize)).copied().unwrap_or(MISSING);
        if node == MISSING {
            apart += 1;
            let file = ledger.file_name(draft.file).to_owned();
            ledger.notices.tally(&file).count_dropped();
            continue;
        }
        let mark = &draft.what;
        if let Some(conditions) = &mark.conditions {
            records.street_node_conditions.push((node, (**conditions).clone()));
        }
        let mark = StreetNodeMark {
            node,
            crossing: mark.crossing,
            refuge: mark.refuge,
            barrier: mark.barrier,
            access: mark.access,
            bicycle: mark.bicycle,
            motor_vehicle: mark.motor_vehicle,
            wheelchair: mark.wheelchair,
            kerb: mark.kerb,
            width_m: mark.width_m,
            locked: mark.locked,
            lift: mark.lift,
            levels: mark.levels,
            entrance: mark.entrance,
        };
        records.street_node_marks.extend(ledger.settle(draft, "crossings and barriers", Fate::Used(mark)));
    }
    if apart > 0 {
        let problem = format!("{apart} crossings, barriers and entrances lie on no street inside the study area");
        let file = ledger.file_name(marks.first().map_or(0, |draft| draft.file)).to_owned();
        let notice = crate::base::notice::Notice::note("mark_on_no_street", &file, problem);
        ledger.notices.push(notice.action("left out"));
    }
}
