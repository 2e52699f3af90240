//! Pieces joined into segments: every vertex where nothing happens is left out, its place kept in the geometry.
//!
//! In: [`Pieces`]. Out: [`Chain`]s between junctions, dead ends and changes of street, along the node order of their
//! first way. Splitting a way, or adding a node to it, changes no chain.

use std::ops::Range;

use geo::Coord;

use super::attributes::Attributes;
use super::lines::Lines;
use super::pieces::Pieces;
use super::prepared::Prepared;
use crate::sources::osm::records::WayDirection;

/// A street segment in the making.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    pub from: u32,
    pub to: u32,
    /// Its first part in [`Chains::parts`], and the end of them.
    pub parts: (u32, u32),
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

/// Chains and the pieces that they are.
#[derive(Debug, Default)]
pub(super) struct Chains {
    pub chains: Vec<Chain>,
    pub parts: Vec<Part>,
}

/// A piece of a chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    piece: u32,
    /// Whether the chain goes along it.
    is_along: bool,
}

impl Chains {
    fn parts_of(&self, chain: &Chain) -> &[Part] {
        &self.parts[chain.parts.0 as usize..chain.parts.1 as usize]
    }

    /// Adds the line of a chain to those before it.
    pub fn write_line(&self, chain: &Chain, (prepared, pieces): (&Prepared<'_>, &Pieces), lines: &mut Lines) {
        match self.stretch(chain, pieces) {
            Some(places) => lines.push_stretch(places),
            None => lines.push_own(self.points(chain, prepared, pieces)),
        }
    }

    /// The stretch of a street's course that a chain is, if it is one.
    fn stretch(&self, chain: &Chain, pieces: &Pieces) -> Option<Range<u32>> {
        let mut whole: Option<Range<u32>> = None;
        for part in self.parts_of(chain) {
            let piece = &pieces.pieces[part.piece as usize];
            if !(part.is_along && piece.is_stretch) {
                return None;
            }
            let (start, end) = (piece.first_bend - 1, piece.first_bend + piece.bends + 1);
            whole = match whole {
                None => Some(start..end),
                // No two streets share a place.
                Some(before) if before.end == start + 1 => Some(before.start..end),
                Some(_) => return None,
            };
        }
        whole
    }

    /// The points of a chain, piece by piece.
    fn points<'a>(
        &'a self,
        chain: &Chain,
        prepared: &'a Prepared<'_>,
        pieces: &'a Pieces,
    ) -> impl Iterator<Item = Coord<f64>> + use<'a> {
        let of_part = move |(at, &Part { piece, is_along }): (usize, &Part)| {
            let piece = &pieces.pieces[piece as usize];
            let bends = prepared.bends(piece.first_bend, piece.bends);
            let point = |vertex: u32| pieces.points[vertex as usize];
            let (mut ends, count) = ([point(piece.from), point(piece.to)], bends.len());
            if !is_along {
                ends.reverse();
            }
            let bend = move |at: usize| if is_along { bends[at] } else { bends[count - 1 - at] };
            let first = (at == 0).then_some(ends[0]);
            first.into_iter().chain((0..count).map(bend)).chain([ends[1]])
        };
        self.parts_of(chain).iter().enumerate().flat_map(of_part)
    }
}

/// Joins pieces into chains, in the order of the vertices they start from along a Hilbert curve.
pub(super) fn contract(prepared: &Prepared<'_>, pieces: &Pieces) -> Chains {
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
    let mut chains =
        Chains { chains: Vec::with_capacity(pieces.pieces.len()), parts: Vec::with_capacity(pieces.pieces.len()) };
    for vertex in prepared.along_curve(&is_kept, &pieces.points) {
        for &piece in ends.at(vertex) {
            if !is_done[piece as usize] {
                chains.trace(pieces, &ends, &is_kept, &mut is_done, (vertex, piece));
            }
        }
    }
    // What is left are rings without any junction: they start where their first piece does.
    for piece in 0..pieces.pieces.len() as u32 {
        if !is_done[piece as usize] {
            let start = pieces.pieces[piece as usize].from;
            is_kept[start as usize] = true;
            chains.trace(pieces, &ends, &is_kept, &mut is_done, (start, piece));
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

impl Chains {
    fn trace(&mut self, pieces: &Pieces, ends: &Ends, is_kept: &[bool], is_done: &mut [bool], start: (u32, u32)) {
        let (from, first) = start;
        let (mut vertex, mut piece_id) = start;
        let first_part = self.parts.len();
        let (mut length_m, mut moving_s, mut delay_s) = (0.0, [0.0, 0.0], 0.0);
        let mut last_way;
        let mut ways = LongestWay::default();
        loop {
            is_done[piece_id as usize] = true;
            let piece = &pieces.pieces[piece_id as usize];
            let is_along = piece.from == vertex;
            vertex = if is_along { piece.to } else { piece.from };
            self.parts.push(Part { piece: piece_id, is_along });
            length_m += piece.length_m;
            moving_s[0] += piece.moving_s[usize::from(!is_along)];
            moving_s[1] += piece.moving_s[usize::from(is_along)];
            delay_s += piece.delay_s;
            ways.add(piece.way, piece.length_m);
            last_way = piece.way;
            if is_kept[vertex as usize] {
                break;
            }
            match ends.at(vertex).iter().find(|&&next| !is_done[next as usize]) {
                Some(&next) => piece_id = next,
                None => break,
            }
        }
        let first_piece = &pieces.pieces[first as usize];
        let attributes = first_piece.attributes;
        let open = match pieces.attributes[attributes as usize].direction {
            WayDirection::Both => [true, true],
            WayDirection::Forward => [true, false],
            WayDirection::Backward => [false, true],
        };
        let (parts, end_ways) = ((first_part as u32, self.parts.len() as u32), (first_piece.way, last_way));
        let (way, to, copy_of) = (ways.longest(), vertex, None);
        let mut chain =
            Chain { from, to, parts, length_m, moving_s, delay_s, attributes, open, copy_of, end_ways, way };
        // A ring starts and ends at the same vertex: its second point tells in which direction it was walked.
        if first_piece.from != from {
            let parts = &mut self.parts[first_part..];
            parts.reverse();
            parts.iter_mut().for_each(|part| part.is_along = !part.is_along);
            (chain.from, chain.to) = (chain.to, chain.from);
            chain.moving_s.reverse();
            chain.end_ways = (chain.end_ways.1, chain.end_ways.0);
        }
        self.chains.push(chain);
    }
}

/// The way of the longest part of a chain, the lowest id on ties.
#[derive(Default)]
struct LongestWay {
    best: Option<(i64, f64)>,
    now: Option<(i64, f64)>,
}

impl LongestWay {
    fn add(&mut self, way: i64, length_m: f64) {
        match &mut self.now {
            Some((now, length)) if *now == way => *length += length_m,
            _ => {
                self.settle();
                self.now = Some((way, length_m));
            }
        }
    }

    fn settle(&mut self) {
        if let Some((way, length)) = self.now.take()
            && self.best.is_none_or(|best| length > best.1 || length == best.1 && way < best.0)
        {
            self.best = Some((way, length));
        }
    }

    fn longest(mut self) -> i64 {
        self.settle();
        self.best.map_or(0, |(way, _)| way)
    }
}
