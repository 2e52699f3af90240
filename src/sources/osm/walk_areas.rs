//! Squares, pedestrian areas and platforms as areas: rings of street nodes.
//!
//! In: street drafts that are areas, shapes. Out: [`WalkArea`]s whose rings are whole inside the study; of the others
//! only the outline is left, as streets, which `streets` writes and tells of.

use super::areas;
use super::drafts::{Draft, StreetDraft};
use super::records::{OsmElement, WalkArea};
use super::shapes::{MISSING, Shapes};

/// An area before the street nodes are numbered.
pub(super) struct WalkAreaDraft {
    draft: Draft<StreetDraft>,
    way: i64,
    outer_rings: Vec<Vec<u32>>,
    inner_rings: Vec<Vec<u32>>,
}

/// The rings of areas that are whole in the files. Of an element that stands twice the first one stays.
pub(super) fn resolve(mut drafts: Vec<Draft<StreetDraft>>, shapes: &Shapes) -> Vec<WalkAreaDraft> {
    drafts.sort_by_key(|draft| draft.element);
    drafts.dedup_by_key(|draft| draft.element);
    let whole = |draft: Draft<StreetDraft>| {
        let way = match draft.element {
            OsmElement::Way(way) => way,
            OsmElement::Relation(id) => shapes.relation(id)?.members.first()?.way,
            OsmElement::Node(_) => return None,
        };
        let (outer_rings, inner_rings) = rings_of(draft.element, shapes)?;
        Some(WalkAreaDraft { draft, way, outer_rings, inner_rings })
    };
    drafts.into_iter().filter_map(whole).collect()
}

type Rings = Vec<Vec<u32>>;

fn rings_of(element: OsmElement, shapes: &Shapes) -> Option<(Rings, Rings)> {
    let (mut outer, mut inner) = (Vec::new(), Vec::new());
    match element {
        OsmElement::Node(_) => return None,
        OsmElement::Way(id) => {
            let mut nodes = Vec::new();
            shapes.way_nodes(id, &mut nodes);
            outer.push(nodes);
        }
        OsmElement::Relation(id) => {
            for member in &shapes.relation(id)?.members {
                let mut nodes = Vec::new();
                shapes.way_nodes(member.way, &mut nodes).then_some(())?;
                if member.inner { inner.push(nodes) } else { outer.push(nodes) }
            }
        }
    }
    let broken = |pieces: &[Vec<u32>]| pieces.iter().any(|piece| piece.contains(&MISSING));
    if broken(&outer) || broken(&inner) {
        return None;
    }
    let (mut outer, open_outer) = areas::join_rings(outer);
    let (mut inner, open_inner) = areas::join_rings(inner);
    if open_outer + open_inner > 0 || outer.is_empty() {
        return None;
    }
    for ring in outer.iter_mut().chain(&mut inner) {
        ring.pop();
        ring.dedup();
    }
    let is_ring = |ring: &Vec<u32>| ring.len() >= 3;
    (outer.iter().all(is_ring) && inner.iter().all(is_ring)).then_some((outer, inner))
}

/// The areas of which every node is a street node of the study; `column` numbers them.
pub(super) fn write(drafts: Vec<WalkAreaDraft>, column: &[u32]) -> Vec<WalkArea> {
    let numbered = |rings: &[Vec<u32>]| -> Option<Rings> {
        let number = |&node: &u32| column.get(node as usize).copied().filter(|&number| number != MISSING);
        rings.iter().map(|ring| ring.iter().map(number).collect()).collect()
    };
    let area = |WalkAreaDraft { draft, way, outer_rings, inner_rings }: WalkAreaDraft| {
        Some(WalkArea {
            element: draft.element,
            way,
            outer_rings: numbered(&outer_rings)?,
            inner_rings: numbered(&inner_rings)?,
            tags: draft.what.tags,
            name: draft.what.name,
            conditions: draft.what.conditions,
        })
    };
    drafts.into_iter().filter_map(area).collect()
}
