//! Pieces joined into segments: every vertex where nothing happens is left out, its place kept in the geometry.
//!
//! In: [`Pieces`]. Out: [`Chain`]s between junctions, dead ends and changes of street, along the node order of their
//! first way. Splitting a way, or adding a node to it, changes no chain.

use geo::Coord;

use super::pieces::{Attributes, Pieces};
use crate::sources::osm::records::WayDirection;

/// A street segment in the making.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    pub from: u32,
    pub to: u32,
    pub line: Vec<Coord<f64>>,
    pub length_m: f64,
    /// Seconds along the line and against it, without waiting.
    pub moving_s: [f64; 2],
    /// Seconds of waiting in either direction.
    pub delay_s: f64,
    pub attributes: u32,
    /// Whether it is open along its line and against it.
    pub open: [bool; 2],
    /// The chain that it is a copy of, for restricted turns.
    pub copy_of: Option<u32>,
    /// Ways of the first and of the last piece.
    pub end_ways: (i64, i64),
    /// The way of the longest part, the lowest id on ties.
    pub way: i64,
}

/// Joins pieces into chains, in the order of the vertices they start from.
pub(super) fn contract(pieces: &Pieces) -> Vec<Chain> {
    let ends = Ends::new(pieces);
    let mut is_kept: Vec<bool> = (0..pieces.points.len() as u32).map(|vertex| ends.is_kept(pieces, vertex)).collect();
    for gate in &pieces.gates {
        is_kept[gate.outside as usize] = true;
        is_kept[gate.inside as usize] = true;
    }
    for &vertex in &pieces.kept {
        is_kept[vertex as usize] = true;
    }
    let mut is_done = vec![false; pieces.pieces.len()];
    let mut chains = Vec::new();
    for vertex in 0..pieces.points.len() as u32 {
        if is_kept[vertex as usize] {
            for &piece in ends.at(vertex) {
                if !is_done[piece as usize] {
                    chains.push(trace(pieces, &ends, &is_kept, &mut is_done, (vertex, piece)));
                }
            }
        }
    }
    // What is left are rings without any junction: they start where their first piece does.
    for piece in 0..pieces.pieces.len() as u32 {
        if !is_done[piece as usize] {
            let start = pieces.pieces[piece as usize].from;
            is_kept[start as usize] = true;
            chains.push(trace(pieces, &ends, &is_kept, &mut is_done, (start, piece)));
        }
    }
    chains
}

/// The pieces that end at each vertex.
struct Ends {
    first: Vec<u32>,
    pieces: Vec<u32>,
}

impl Ends {
    fn new(pieces: &Pieces) -> Self {
        let mut first = vec![0; pieces.points.len() + 1];
        for piece in &pieces.pieces {
            first[piece.from as usize + 1] += 1;
            first[piece.to as usize + 1] += 1;
        }
        for vertex in 1..first.len() {
            first[vertex] += first[vertex - 1];
        }
        let mut next = first.clone();
        let mut sorted = vec![0; pieces.pieces.len() * 2];
        for (at, piece) in pieces.pieces.iter().enumerate() {
            for vertex in [piece.from, piece.to] {
                sorted[next[vertex as usize] as usize] = at as u32;
                next[vertex as usize] += 1;
            }
        }
        Self { first, pieces: sorted }
    }

    fn at(&self, vertex: u32) -> &[u32] {
        &self.pieces[self.first[vertex as usize] as usize..self.first[vertex as usize + 1] as usize]
    }

    fn is_kept(&self, pieces: &Pieces, vertex: u32) -> bool {
        let &[a, b] = self.at(vertex) else { return !self.at(vertex).is_empty() };
        let (a, b) = (&pieces.pieces[a as usize], &pieces.pieces[b as usize]);
        if a.attributes != b.attributes {
            return true;
        }
        let Attributes { direction, .. } = pieces.attributes[a.attributes as usize];
        let goes_on = (a.to == vertex) != (b.to == vertex);
        direction != WayDirection::Both && !goes_on
    }
}

fn trace(pieces: &Pieces, ends: &Ends, is_kept: &[bool], is_done: &mut [bool], start: (u32, u32)) -> Chain {
    let (from, first) = start;
    let (mut vertex, mut piece_id) = start;
    let mut line = vec![pieces.points[vertex as usize]];
    let (mut length_m, mut moving_s, mut delay_s) = (0.0, [0.0, 0.0], 0.0);
    let mut last_way;
    let mut ways: Vec<(i64, f64)> = Vec::new();
    loop {
        is_done[piece_id as usize] = true;
        let piece = &pieces.pieces[piece_id as usize];
        let along = piece.from == vertex;
        vertex = if along { piece.to } else { piece.from };
        line.push(pieces.points[vertex as usize]);
        length_m += piece.length_m;
        moving_s[0] += piece.moving_s[usize::from(!along)];
        moving_s[1] += piece.moving_s[usize::from(along)];
        delay_s += piece.delay_s;
        last_way = piece.way;
        match ways.last_mut() {
            Some((way, length)) if *way == piece.way => *length += piece.length_m,
            _ => ways.push((piece.way, piece.length_m)),
        }
        let next = ends.at(vertex).iter().find(|&&next| !is_done[next as usize]);
        match next {
            Some(&next) if !is_kept[vertex as usize] => piece_id = next,
            _ => break,
        }
    }
    let longest = ways.iter().copied().reduce(|a, b| if b.1 > a.1 || (b.1 == a.1 && b.0 < a.0) { b } else { a });
    let first_piece = &pieces.pieces[first as usize];
    let attributes = first_piece.attributes;
    let way = longest.map_or(first_piece.way, |(way, _)| way);
    let end_ways = (first_piece.way, last_way);
    let open = match pieces.attributes[attributes as usize].direction {
        WayDirection::Both => [true, true],
        WayDirection::Forward => [true, false],
        WayDirection::Backward => [false, true],
    };
    let mut chain =
        Chain { from, to: vertex, line, length_m, moving_s, delay_s, attributes, open, copy_of: None, end_ways, way };
    // A ring starts and ends at the same vertex: its second point tells in which direction it was walked.
    if first_piece.from != from {
        chain.line.reverse();
        (chain.from, chain.to) = (chain.to, chain.from);
        chain.moving_s.reverse();
        chain.end_ways = (chain.end_ways.1, chain.end_ways.0);
    }
    chain
}
