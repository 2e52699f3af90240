//! Streets from drafts: references resolved, the study area found, ways cut where they leave it or lack nodes.
//!
//! In: street and mark drafts, shapes. Out: the street columns of [`OsmRecords`].

use std::mem;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::clip::{StudyArea, find_packed_core_box};
use super::content::PackedPosition;
use super::drafts::{Draft, MarkDraft, StreetDraft};
use super::records::{OsmElement, OsmRecords, Street, StreetClass, StreetNodeMark};
use super::settle::{Fate, Ledger, Loss};
use super::shapes::{MISSING, Shapes};
use super::walk_areas::{self, WalkAreaDraft};

/// How many ways a thread resolves at once.
const WAYS_AT_ONCE: usize = 1024;

/// Street drafts with the nodes of each way, and the areas among them.
pub(super) struct StreetLines {
    drafts: Vec<Draft<StreetDraft>>,
    /// The drafts of all ways, one each, ascending by way.
    order: Vec<u32>,
    /// The nodes of each, in that order.
    nodes: Rows,
    areas: Vec<WalkAreaDraft>,
}

/// The nodes of several ways.
#[derive(Default)]
struct Rows {
    nodes: Vec<u32>,
    /// Where those of each way end.
    ends: Vec<usize>,
}

impl Rows {
    /// Adds a way, no node twice in a row.
    fn push_way(&mut self, id: i64, shapes: &Shapes) {
        let start = self.nodes.len();
        shapes.add_way_nodes(id, &mut self.nodes);
        let mut end = start;
        for at in start..self.nodes.len() {
            if end == start || self.nodes[end - 1] != self.nodes[at] {
                self.nodes[end] = self.nodes[at];
                end += 1;
            }
        }
        self.nodes.truncate(end);
        self.ends.push(end);
    }

    fn append(&mut self, other: &Self) {
        let shift = self.nodes.len();
        self.nodes.extend_from_slice(&other.nodes);
        self.ends.extend(other.ends.iter().map(|end| end + shift));
    }

    fn of_way(&self, way: usize) -> &[u32] {
        let start = way.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.nodes[start..self.ends[way]]
    }
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
        let element = |at: &u32| ways[*at as usize].element;
        let mut order: Vec<u32> = (0..ways.len() as u32).collect();
        if !ways.is_sorted_by(|a, b| a.element < b.element) {
            // Stable: a way's own tags come before those of a relation, the first file before the second.
            order.sort_by_key(element);
            order.dedup_by_key(|at| element(at));
        }
        let resolve = |order: &[u32]| {
            let mut rows = Rows::default();
            for at in order {
                match element(at) {
                    OsmElement::Way(id) => rows.push_way(id, shapes),
                    _ => rows.ends.push(rows.nodes.len()),
                }
            }
            rows
        };
        let (chunks, areas): (Vec<Rows>, _) = rayon::join(
            || order.par_chunks(WAYS_AT_ONCE).map(resolve).collect(),
            || walk_areas::resolve(areas, shapes),
        );
        let mut nodes = Rows::default();
        nodes.nodes.reserve_exact(chunks.iter().map(|rows| rows.nodes.len()).sum());
        nodes.ends.reserve_exact(order.len());
        chunks.iter().for_each(|rows| nodes.append(rows));
        Self { drafts: ways, order, nodes, areas }
    }

    /// The draft of a way, by its number in ascending order.
    fn draft(&self, way: usize) -> &Draft<StreetDraft> {
        &self.drafts[self.order[way] as usize]
    }

    /// What threads find for so many ways at once, in the order of the ways.
    fn in_chunks<T: Send>(&self, find: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
        let ways = self.order.len();
        let chunks = (0..ways.div_ceil(WAYS_AT_ONCE)).into_par_iter();
        chunks.map(|chunk| find(chunk * WAYS_AT_ONCE..((chunk + 1) * WAYS_AT_ONCE).min(ways))).collect()
    }

    /// The robust extent of the streets, ferries left out; `None` without streets.
    pub fn find_core_box(&self, shapes: &Shapes) -> Option<StudyArea> {
        let seen: Vec<AtomicBool> = (0..shapes.node_count()).map(|_| AtomicBool::new(false)).collect();
        let is_new = |&&node: &&u32| {
            let seen = seen.get(node as usize);
            seen.is_some_and(|seen| !seen.load(Ordering::Relaxed) && !seen.swap(true, Ordering::Relaxed))
        };
        let is_left_out = |class| matches!(class, StreetClass::Ferry | StreetClass::Construction | StreetClass::Other);
        let of_ways = |ways: Range<usize>| {
            let counted = ways.filter(|&way| !is_left_out(self.draft(way).what.tags.class));
            let nodes = counted.flat_map(|way| self.nodes.of_way(way)).filter(is_new);
            nodes.map(|&node| shapes.packed_position(node)).collect::<Vec<PackedPosition>>()
        };
        // Whichever thread sees a node first: they are sorted for the box.
        find_packed_core_box(&self.in_chunks(of_ways).concat())
    }

    /// Writes the street columns. Returns the node of each node of the files in the columns, [`MISSING`] for others.
    pub fn write(self, area: &StudyArea, shapes: &Shapes, records: &mut OsmRecords, ledger: &mut Ledger) -> Vec<u32> {
        let mut kept = vec![false; shapes.node_count()];
        let mut parts: Vec<(usize, Range<u32>)> = Vec::with_capacity(self.order.len());
        let is_inside = |&node: &u32| node != MISSING && area.holds(shapes.position(node));
        let are_inside =
            |ways: Range<usize>| ways.map(|way| self.nodes.of_way(way).iter().all(is_inside)).collect::<Vec<bool>>();
        let are_inside = self.in_chunks(are_inside).concat();
        let mut runs = Vec::new();
        records.street_refs.reserve_exact(self.nodes.nodes.len());
        for (way, is_inside) in are_inside.into_iter().enumerate() {
            let (draft, nodes) = (self.draft(way), self.nodes.of_way(way));
            if is_inside && nodes.len() >= 2 {
                runs.push(0..nodes.len());
            } else {
                find_runs_inside(nodes, area, shapes, &mut runs);
            }
            let fate = fate_of(nodes, &runs, area, shapes);
            if ledger.settle(draft, "streets", fate).is_none() {
                continue;
            }
            for run in runs.drain(..) {
                let start = records.street_refs.len() as u32;
                for &node in &nodes[run] {
                    kept[node as usize] = true;
                    records.street_refs.push(node);
                }
                parts.push((self.order[way] as usize, start..records.street_refs.len() as u32));
            }
        }
        let (column, streets) = rayon::join(
            || {
                let column = number_nodes(&kept, shapes, records);
                for reference in &mut records.street_refs {
                    *reference = column[*reference as usize];
                }
                column
            },
            || build_streets(self.drafts, parts),
        );
        records.streets = streets;
        records.walk_areas = walk_areas::write(self.areas, &column);
        column
    }
}

/// Finds the runs of at least two nodes that are known and inside.
fn find_runs_inside(nodes: &[u32], area: &StudyArea, shapes: &Shapes, runs: &mut Vec<Range<usize>>) {
    runs.clear();
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
}

fn fate_of(nodes: &[u32], runs: &[Range<usize>], area: &StudyArea, shapes: &Shapes) -> Fate<()> {
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
    let count = kept.iter().filter(|kept| **kept).count();
    records.street_node_ids.reserve_exact(count);
    records.street_node_positions.reserve_exact(count);
    for (node, _) in kept.iter().enumerate().filter(|(_, kept)| **kept) {
        column[node] = records.street_node_ids.len() as u32;
        records.street_node_ids.push(shapes.node_id(node as u32));
        records.street_node_positions.push(shapes.position(node as u32));
    }
    column
}

fn build_streets(mut drafts: Vec<Draft<StreetDraft>>, parts: Vec<(usize, Range<u32>)>) -> Vec<Street> {
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
            ledger.drop_unseen(draft);
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
        };
        records.street_node_marks.extend(ledger.settle(draft, "crossings and barriers", Fate::Used(mark)));
    }
    if apart > 0 {
        let problem = format!("{apart} crossings and barriers lie on no street inside the study area");
        let file = ledger.file_name(marks.first().map_or(0, |draft| draft.file)).to_owned();
        let notice = crate::base::notice::Notice::note("mark_on_no_street", &file, problem);
        ledger.notices.push(notice.action("left out"));
    }
}
