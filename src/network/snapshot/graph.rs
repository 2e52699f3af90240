//! Street graphs as sections: each column a section of its own, the few things that are no columns as JSON.
//!
//! Ids are checked when a graph is read, so that no later access can fall outside a column.

use std::io;

use serde::{Deserialize, Serialize};

use super::format::{Sections, Writer};
use super::{Snapshot, SnapshotError};
use crate::base::ids::{ArcId, Column, NodeId, SegmentId};
use crate::base::mapped::Plain;
use crate::base::projection::LonLat;
use crate::base::units::Speed;
use crate::network::attributes::Attributes;
use crate::network::components::Components;
use crate::network::lines::Lines;
use crate::network::profiles::Mode;
use crate::network::street_columns::originals_of;
use crate::network::streets::{CLOSED, StreetGraph};

/// What a snapshot holds besides columns.
#[derive(Serialize, Deserialize)]
struct About {
    centre: [f64; 2],
    graphs: Vec<AboutGraph>,
}

#[derive(Serialize, Deserialize)]
struct AboutGraph {
    mode: Mode,
    speed_km_per_h: f64,
    off_network_detour: f64,
    attributes: Vec<Attributes>,
    names: Vec<String>,
    components: Components,
    largest_impedances: Vec<u32>,
}

/// Section of [`About`].
const ABOUT: u32 = 0;

/// Sections of a graph, in the order of their columns; impedances follow.
const COLUMNS: u32 = 17;

/// The first section of the graph of so many.
fn first_tag(graph: usize) -> u32 {
    100 * (graph as u32 + 1)
}

pub(super) fn write(writer: &mut Writer, centre: LonLat, graphs: &[&StreetGraph]) -> io::Result<()> {
    let about_graph = |graph: &&StreetGraph| AboutGraph {
        mode: graph.mode,
        speed_km_per_h: graph.speed.metres_per_second() * 3.6,
        off_network_detour: graph.off_network_detour,
        attributes: graph.attributes.clone(),
        names: graph.names.clone(),
        components: graph.components.clone(),
        largest_impedances: graph.largest_impedances.clone(),
    };
    let about = About { centre: [centre.lon, centre.lat], graphs: graphs.iter().map(about_graph).collect() };
    writer.add(ABOUT, &serde_json::to_vec(&about).map_err(io::Error::other)?);
    for (number, graph) in graphs.iter().enumerate() {
        let mut tag = first_tag(number);
        let mut next = || {
            tag += 1;
            tag - 1
        };
        writer.add(next(), graph.node_points.values());
        writer.add(next(), graph.node_zones.values());
        writer.add(next(), graph.first_arcs.values());
        writer.add(next(), graph.heads.values());
        writer.add(next(), graph.tails.values());
        writer.add(next(), graph.arc_segments.values());
        writer.add(next(), graph.segment_ends.values());
        writer.add(next(), graph.segment_arcs.values());
        writer.add(next(), graph.segment_lengths.values());
        writer.add(next(), graph.segment_delays.values());
        writer.add(next(), graph.segment_ways.values());
        writer.add(next(), graph.segment_attributes.values());
        writer.add(next(), graph.is_gate.values());
        let (points, of_segments) = graph.lines.to_own();
        writer.add(next(), of_segments.values());
        writer.add(next(), points.values());
        writer.add(next(), graph.components.of_nodes.values());
        writer.add(next(), &graph.copies.iter().map(|&(original, copy)| [original, copy]).collect::<Vec<_>>());
        for column in &graph.impedances {
            writer.add(next(), column.values());
        }
    }
    Ok(())
}

pub(super) fn read(sections: &Sections) -> Result<Snapshot, SnapshotError> {
    let about = sections.values::<u8>(ABOUT)?;
    let about: About = serde_json::from_slice(about.values())
        .map_err(|_| SnapshotError::Damaged("what it says of itself is no JSON"))?;
    let mut graphs = Vec::new();
    for (number, about) in about.graphs.into_iter().enumerate() {
        let graph = read_graph(sections, first_tag(number), about)?;
        check(&graph).map_err(SnapshotError::Damaged)?;
        graphs.push(graph);
    }
    Ok(Snapshot { centre: LonLat { lon: about.centre[0], lat: about.centre[1] }, graphs })
}

fn read_graph(sections: &Sections, first: u32, about: AboutGraph) -> Result<StreetGraph, SnapshotError> {
    fn column<I: crate::base::ids::Id, T: Plain>(sections: &Sections, tag: u32) -> Result<Column<I, T>, SnapshotError> {
        Ok(Column::mapped(sections.values(tag)?))
    }
    let copies = sections.values::<[SegmentId; 2]>(first + 16)?;
    let copies: Vec<(SegmentId, SegmentId)> =
        copies.values().iter().map(|&[original, copy]| (original, copy)).collect();
    let speed = Speed::from_kilometres_per_hour(about.speed_km_per_h);
    let lines = Lines::of_own(column(sections, first + 14)?, column(sections, first + 13)?);
    let lines = lines.ok_or(SnapshotError::Damaged("a line in it has no points"))?;
    let impedances = (0..about.mode.profiles().len() as u32 * 2).map(|at| column(sections, first + COLUMNS + at));
    Ok(StreetGraph {
        node_points: column(sections, first)?,
        node_zones: column(sections, first + 1)?,
        first_arcs: column(sections, first + 2)?,
        heads: column(sections, first + 3)?,
        tails: column(sections, first + 4)?,
        arc_segments: column(sections, first + 5)?,
        mode: about.mode,
        impedances: impedances.collect::<Result<_, _>>()?,
        largest_impedances: about.largest_impedances,
        segment_ends: column(sections, first + 6)?,
        segment_arcs: column(sections, first + 7)?,
        segment_lengths: column(sections, first + 8)?,
        segment_delays: column(sections, first + 9)?,
        segment_ways: column(sections, first + 10)?,
        segment_attributes: column(sections, first + 11)?,
        is_gate: column(sections, first + 12)?,
        originals: originals_of(&copies),
        copies,
        bounds: lines.bounds(),
        lines,
        attributes: about.attributes,
        names: about.names,
        components: about.components.with_nodes(column(sections, first + 15)?),
        speed: speed.ok_or(SnapshotError::Damaged("its speed is none"))?,
        off_network_detour: about.off_network_detour,
    })
}

/// Whether all columns fit together and no id lies outside the column it names.
fn check(graph: &StreetGraph) -> Result<(), &'static str> {
    let (nodes, arcs, segments) = (graph.node_points.len(), graph.heads.len(), graph.segment_ends.len());
    let lengths_fit = graph.node_zones.len() == nodes
        && graph.first_arcs.len() == nodes + 1
        && graph.components.of_nodes.len() == nodes
        && graph.tails.len() == arcs
        && graph.arc_segments.len() == arcs
        && graph.impedances.iter().all(|column| column.len() == arcs)
        && graph.largest_impedances.len() == graph.impedances.len()
        && graph.segment_arcs.len() == segments
        && graph.segment_lengths.len() == segments
        && graph.segment_delays.len() == segments
        && graph.segment_ways.len() == segments
        && graph.segment_attributes.len() == segments
        && graph.is_gate.len() == segments
        && graph.lines.count() == segments;
    if !lengths_fit {
        return Err("its columns are not equally long");
    }
    let rows = graph.first_arcs.values();
    if rows.first() != Some(&0) || rows.last() != Some(&(arcs as u32)) || !rows.is_sorted() {
        return Err("its rows are not in order");
    }
    let node = |node: &NodeId| (node.0 as usize) < nodes;
    let arc = |arc: &ArcId| (arc.0 as usize) < arcs;
    let segment = |segment: &SegmentId| (segment.0 as usize) < segments;
    let ids_fit = graph.heads.values().iter().all(node)
        && graph.tails.values().iter().all(node)
        && graph.arc_segments.values().iter().all(segment)
        && graph.segment_ends.values().iter().flatten().all(node)
        && graph.segment_arcs.values().iter().flatten().all(arc)
        && graph.segment_attributes.values().iter().all(|&at| (at as usize) < graph.attributes.len())
        && graph.attributes.iter().all(|attributes| (attributes.name as usize) < graph.names.len())
        && graph.copies.iter().all(|(a, b)| segment(a) && segment(b))
        && graph.components.fit(nodes);
    let is_measure = |metres: f64| metres.is_finite() && metres >= 0.0;
    if !graph.segment_lengths.values().iter().all(|&length_m| is_measure(length_m))
        || !graph.segment_delays.values().iter().all(|&delay_s| is_measure(f64::from(delay_s)))
    {
        return Err("a length in it is none");
    }
    let steps_fit = graph.impedances.iter().zip(&graph.largest_impedances).all(|(column, &largest)| {
        largest < CLOSED && column.values().iter().all(|&step| step == CLOSED || (1..=largest).contains(&step))
    });
    if !ids_fit || !steps_fit {
        return Err("an id in it names nothing");
    }
    if twins_fit(graph) { Ok(()) } else { Err("its arcs do not lie between their ends") }
}

/// Whether every arc leaves the node it is listed at and has one twin that goes back: a path is told by walking back
/// over the arcs it came by, which would never end where an arc leads elsewhere.
fn twins_fit(graph: &StreetGraph) -> bool {
    let leaves = |node: NodeId| graph.arcs_from(node).all(|arc| graph.tails[arc] == node);
    let goes_back = |segment: SegmentId| {
        let (there, back) = graph.both_arcs(segment);
        there != back
            && [there, back].iter().all(|&arc| graph.arc_segments[arc] == segment)
            && (graph.tails[there], graph.heads[there]) == (graph.heads[back], graph.tails[back])
    };
    graph.arc_count() == 2 * graph.segment_count() && graph.nodes().all(leaves) && graph.segments().all(goes_back)
}
