//! All that lies beside the streets: drafts become records at a position, inside the study area.
//!
//! In: drafts, shapes, the study area. Out: lines, places, lots, stops, buildings, boundaries and land of
//! [`OsmRecords`], ordered by element.

use rayon::prelude::*;

use super::OsmOptions;
use super::areas::Assembly;
use super::clip::StudyArea;
use super::drafts::{BoundaryDraft, BuildingDraft, Draft, Drafts, LineDraft, LotDraft, PlaceDraft, StopDraft};
use super::records::{
    BarrierLine, LandKind, OsmBoundary, OsmBuilding, OsmElement, OsmLand, OsmLot, OsmPlace, OsmRecords, OsmStop,
    SeveringLine, StopMode,
};
use super::settle::{Fate, Ledger, Loss};
use super::shapes::{Located, MISSING, Shapes};
use super::stops::{LocatedStop, find_own_stops};
use crate::base::projection::LonLat;
use crate::sources::crossings::{Crossings, find_crossings};

/// Turns all drafts but those of streets into records.
pub(super) fn write_all(
    drafts: Drafts,
    area: &StudyArea,
    options: &OsmOptions,
    shapes: &Shapes,
    records: &mut OsmRecords,
    ledger: &mut Ledger,
) {
    records.severing_lines = book(drafts.lines, "severing lines", ledger, |draft| line_fate(draft, area, shapes))
        .into_iter()
        .flatten()
        .collect();
    records.barrier_lines =
        book(drafts.barrier_lines, "walls and fences", ledger, |draft| barrier_fate(draft, area, shapes));
    records.places = book(drafts.places, "places", ledger, |draft| place(draft, locate(draft.element, area, shapes)));
    records.lots = book(drafts.lots, "car parks", ledger, |draft| lot(draft, locate(draft.element, area, shapes)));
    records.lot_entrances = book(drafts.lot_entrances, "entrances of car parks", ledger, |draft| {
        match locate(draft.element, area, shapes) {
            Ok(located) => Fate::Used(located.position),
            Err(fate) => fate,
        }
    });
    let keep = options.keep_building_outlines;
    records.buildings =
        book(drafts.buildings, "buildings", ledger, |draft| building(draft, locate(draft.element, area, shapes), keep));
    records.boundaries = book(drafts.boundaries, "boundaries", ledger, |draft| boundary(draft, area, shapes));
    records.land = book(drafts.lands, "areas of water and green", ledger, |draft| land(draft, area, shapes));
    records.stops = write_stops(drafts.stops, area, shapes, ledger);
}

/// Settles all drafts of a kind, in parallel, ordered by element. An element that stands twice in the files counts once.
fn book<D: Send + Sync, T: Send>(
    mut drafts: Vec<Draft<D>>,
    kind: &'static str,
    ledger: &mut Ledger,
    fate_of: impl Fn(&Draft<D>) -> Fate<T> + Sync,
) -> Vec<T> {
    drafts.sort_by_key(|draft| draft.element);
    let fates: Vec<Fate<T>> = drafts.par_iter().with_min_len(64).map(&fate_of).collect();
    let mut records = Vec::with_capacity(fates.len());
    let mut last: Option<(OsmElement, u64)> = None;
    for (draft, fate) in drafts.iter().zip(fates) {
        let again = last.is_some_and(|(element, place)| element == draft.element && place != draft.place);
        let fate = if again { Fate::Doubled } else { fate };
        if !again {
            last = Some((draft.element, draft.place));
        }
        records.extend(ledger.settle(draft, kind, fate));
    }
    records
}

/// Where an element lies, or why it cannot be used.
fn locate<T>(element: OsmElement, area: &StudyArea, shapes: &Shapes) -> Result<Located, Fate<T>> {
    match shapes.locate(element) {
        None => Err(Fate::Broken(Loss::no_geometry())),
        Some(located) if !area.holds(located.position) => Err(Fate::Outside),
        Some(located) => Ok(located),
    }
}

/// Used, or repaired where the geometry is not whole.
fn placed<T>(incomplete: bool, record: T) -> Fate<T> {
    if incomplete {
        let problem = "refers to nodes or ways that are not in the files, or does not close";
        Fate::Repaired(record, Loss::part_missing(problem, "position taken from what is there"))
    } else {
        Fate::Used(record)
    }
}

fn barrier_fate(draft: &Draft<()>, area: &StudyArea, shapes: &Shapes) -> Fate<BarrierLine> {
    let OsmElement::Way(way) = draft.element else { return Fate::Outside };
    let mut nodes = Vec::new();
    shapes.way_nodes(way, &mut nodes);
    let line: Vec<LonLat> = nodes.iter().filter(|&&node| node != MISSING).map(|&node| shapes.position(node)).collect();
    match line.len() {
        0 | 1 => Fate::Broken(Loss::no_geometry()),
        _ if !line.iter().any(|&position| area.holds(position)) => Fate::Outside,
        _ => Fate::Used(BarrierLine { way, line }),
    }
}

fn place(draft: &Draft<PlaceDraft>, located: Result<Located, Fate<OsmPlace>>) -> Fate<OsmPlace> {
    let located = match located {
        Ok(located) => located,
        Err(fate) => return fate,
    };
    let what = &draft.what;
    let record = OsmPlace {
        element: draft.element,
        position: located.position,
        entrances: located.entrances,
        category: what.category,
        tag: what.tag.clone(),
        name: what.name.clone(),
        opening_hours: what.opening_hours.clone(),
        area_m2: located.area_m2,
    };
    placed(located.incomplete, record)
}

fn lot(draft: &Draft<LotDraft>, located: Result<Located, Fate<OsmLot>>) -> Fate<OsmLot> {
    let located = match located {
        Ok(located) => located,
        Err(fate) => return fate,
    };
    let what = &draft.what;
    let record = OsmLot {
        element: draft.element,
        position: located.position,
        outline: located.outline,
        name: what.name.clone(),
        access: what.access,
        kind: what.kind,
        capacity: what.capacity,
        disabled: what.disabled,
        fee: what.fee,
        maxstay_min: what.maxstay_min,
        levels: what.levels,
        area_m2: located.area_m2,
    };
    placed(located.incomplete, record)
}

fn building(
    draft: &Draft<BuildingDraft>,
    located: Result<Located, Fate<OsmBuilding>>,
    keep_outline: bool,
) -> Fate<OsmBuilding> {
    let located = match located {
        Ok(located) => located,
        Err(fate) => return fate,
    };
    let Some(area_m2) = located.area_m2 else {
        return Fate::Broken(Loss::part_missing("has no closed outline", "building skipped"));
    };
    let record = OsmBuilding {
        element: draft.element,
        position: located.position,
        entrances: located.entrances,
        footprint_m2: area_m2 as f32,
        levels: draft.what.levels,
        residential: draft.what.residential,
        outline: if keep_outline { located.outline } else { Vec::new() },
    };
    placed(located.incomplete, record)
}

/// The area of an element, if some of it may lie inside the study area.
fn area_inside(element: OsmElement, area: &StudyArea, shapes: &Shapes) -> Option<(Assembly, bool)> {
    let assembly = shapes.area(element)?;
    let corners = assembly.area.iter().flat_map(|polygon| polygon.exterior().coords());
    let meets = area.meets(corners.map(|c| LonLat { lon: c.x, lat: c.y }));
    Some((assembly, meets))
}

fn boundary(draft: &Draft<BoundaryDraft>, area: &StudyArea, shapes: &Shapes) -> Fate<OsmBoundary> {
    let Some((assembly, meets)) = area_inside(draft.element, area, shapes) else {
        return Fate::Broken(Loss::no_geometry());
    };
    if assembly.missing_ways + assembly.missing_nodes > 0 {
        return Fate::Beyond;
    }
    if assembly.incomplete() || assembly.area.0.is_empty() {
        let code = "boundary_incomplete";
        return Fate::Broken(Loss { code, problem: assembly.lack(), action: "boundary skipped" });
    }
    if !meets {
        return Fate::Outside;
    }
    let rings = assembly.area.iter().flat_map(|area| std::iter::once(area.exterior()).chain(area.interiors()));
    if find_crossings(rings) == Crossings::Tangled {
        let problem = "crosses itself more often than any border".to_owned();
        return Fate::Broken(Loss { code: "boundary_tangled", problem, action: "boundary skipped" });
    }
    let BoundaryDraft { admin_level, name, code } = draft.what.clone();
    Fate::Used(OsmBoundary { element: draft.element, admin_level, name, code, area: assembly.area })
}

fn land(draft: &Draft<LandKind>, area: &StudyArea, shapes: &Shapes) -> Fate<OsmLand> {
    if let OsmElement::Node(_) = draft.element {
        return Fate::Broken(Loss::no_geometry());
    }
    let Some((assembly, meets)) = area_inside(draft.element, area, shapes) else {
        return Fate::Broken(Loss::no_geometry());
    };
    if assembly.area.0.is_empty() {
        let problem = format!("cannot be drawn: {}", assembly.lack());
        return Fate::Broken(Loss::part_missing(problem, "area skipped"));
    }
    if !meets {
        return Fate::Outside;
    }
    let lack = assembly.incomplete().then(|| assembly.lack());
    let record = OsmLand { kind: draft.what, area: assembly.area };
    match lack {
        Some(lack) => Fate::Repaired(record, Loss::part_missing(lack, "the rest is drawn")),
        None => Fate::Used(record),
    }
}

/// The parts of a severing line inside the study area.
fn line_fate(draft: &Draft<LineDraft>, area: &StudyArea, shapes: &Shapes) -> Fate<Vec<SeveringLine>> {
    let OsmElement::Way(way) = draft.element else { return Fate::Broken(Loss::no_geometry()) };
    let mut nodes = Vec::new();
    shapes.way_nodes(way, &mut nodes);
    let mut lines: Vec<Vec<LonLat>> = vec![Vec::new()];
    let (mut missing, mut outside) = (0_usize, 0_usize);
    for &node in &nodes {
        let position = (node != MISSING).then(|| shapes.position(node));
        match position {
            Some(position) if area.holds(position) => lines.last_mut().into_iter().for_each(|line| line.push(position)),
            _ => {
                if position.is_none() {
                    missing += 1
                } else {
                    outside += 1
                }
                lines.push(Vec::new());
            }
        }
    }
    lines.retain(|line| line.len() >= 2);
    let LineDraft { kind, name, tunnel } = &draft.what;
    let records: Vec<SeveringLine> = lines
        .into_iter()
        .map(|line| SeveringLine { way, kind: *kind, name: name.clone(), tunnel: *tunnel, line })
        .collect();
    match (records.is_empty(), missing, outside) {
        (true, _, 1..) => Fate::Outside,
        (true, _, 0) => Fate::Broken(Loss::no_geometry()),
        (false, 0, _) => Fate::Used(records),
        (false, _, _) => Fate::Repaired(records, Loss::part_missing("lacks nodes", "line cut there")),
    }
}

fn write_stops(
    mut drafts: Vec<Draft<StopDraft>>,
    area: &StudyArea,
    shapes: &Shapes,
    ledger: &mut Ledger,
) -> Vec<OsmStop> {
    drafts.sort_by_key(|draft| draft.element);
    drafts.dedup_by_key(|draft| draft.element);
    let mut located = Vec::new();
    let mut sources = Vec::new();
    for draft in &drafts {
        let fate = match locate::<LocatedStop>(draft.element, area, shapes) {
            Err(fate) => fate,
            Ok(place) => {
                let what = &draft.what;
                let mode = what.mode.unwrap_or(StopMode::Other);
                let stop = OsmStop { element: draft.element, position: place.position, name: what.name.clone(), mode };
                located.push(LocatedStop { stop, mode_known: what.mode.is_some(), rank: what.rank });
                sources.push((draft, place.incomplete));
                continue;
            }
        };
        ledger.settle(draft, "stops", fate);
    }
    let own = find_own_stops(&located);
    let mut stops = Vec::new();
    for ((stop, own), (draft, incomplete)) in located.into_iter().zip(own).zip(sources) {
        let fate = if own { placed(incomplete, stop.stop) } else { Fate::Doubled };
        stops.extend(ledger.settle(draft, "stops", fate));
    }
    stops
}
