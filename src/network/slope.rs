//! Heights of street nodes, and what slopes make of travel times.
//!
//! In: street records, ground heights at positions. Out: heights: slopes along every stretch, piece by piece of ten
//! metres at most. Bridges, tunnels and covered ways are not on the ground: their nodes are interpolated between the
//! portals, where they meet streets that are. Knows no graph.
//!
//! # References
//! W. Tobler, *Three presentations on geographical analysis and modeling*, NCGIA technical report 93-1, 1993.

use crate::base::projection::LonLat;
use crate::sources::osm::records::{Incline, OsmRecords, StreetClass, StreetTags};

/// The height of the ground at a position, metres; `None` where it is not known.
pub type GroundHeight<'a> = &'a (dyn Fn(LonLat) -> Option<f64> + Sync);

/// Heights of the ground.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// At each position.
    pub height_m: GroundHeight<'a>,
    /// The side of the cells that they come from, metres.
    pub cell_size_m: f64,
}

impl Ground<'_> {
    /// Whether slopes over a few metres are seen in them. Wider cells show the hill, not the street on it: its ramps and
    /// terraces are lost, and the noise of a cell is a slope of several per cent.
    pub fn is_fine(&self) -> bool {
        self.cell_size_m <= FINE_CELL_M
    }
}

/// Cells up to this side show the slope of a street, metres (default).
const FINE_CELL_M: f64 = 10.0;

/// Longest stretch with one slope, metres: slopes are not averaged over more (default).
const STEP_M: f64 = 10.0;
/// Largest multiplier of a walking time (OpenTripPlanner: 3.0 to 3.2).
const LARGEST_MULTIPLIER: f64 = 3.0;
/// Most rounds in which heights of a network of bridges and tunnels settle; a single chain is exact in one.
const MOST_ROUNDS: usize = 400;
/// Metres by which such heights may still change from round to round.
const SETTLED_M: f64 = 0.001;

/// Tobler's speed relative to that on flat ground: `exp(-3.5 (|s + 0.05| - 0.05))`, `s` rise over run, signed in the
/// direction of travel. 1 at 0, 1.19125 at -0.05, 0.83946 at 0.05.
pub fn tobler_factor(slope: f64) -> f64 {
    (-3.5 * ((slope + 0.05).abs() - 0.05)).exp()
}

/// The multiplier of a walking time on a slope: one over [`tobler_factor`], 3 at most.
pub fn walk_slope_factor(slope: f64) -> f64 {
    (1.0 / tobler_factor(slope)).min(LARGEST_MULTIPLIER)
}

/// Whether slopes change the time on a way: on steps, escalators, lifts and ferries they do not.
pub(super) fn has_slope(tags: &StreetTags) -> bool {
    !matches!(tags.class, StreetClass::Steps | StreetClass::Escalator | StreetClass::Elevator | StreetClass::Ferry)
        && !tags.conveying
}

/// Whether the ground below or above says nothing about the height of a way.
fn is_off_ground(tags: &StreetTags) -> bool {
    tags.bridge || tags.tunnel || tags.covered || tags.indoor || tags.layer != 0
}

/// Heights of street nodes.
pub(super) struct Heights<'a> {
    ground: Option<GroundHeight<'a>>,
    /// NaN where not known.
    of_nodes: &'a [f64],
    /// Metres without a height.
    unknown: std::cell::Cell<usize>,
}

/// Slopes of a stretch from its first to its second point.
#[derive(Clone, Debug, Default)]
pub(super) struct Slopes {
    /// Slope and metres of each part; empty where nothing is known.
    pub parts: Vec<(f64, f64)>,
}

impl Slopes {
    /// The mean multipliers of a time along the stretch and against it.
    pub fn multipliers(&self, factor: impl Fn(f64) -> f64) -> [f64; 2] {
        let total: f64 = self.parts.iter().map(|part| part.1).sum();
        if total <= 0.0 {
            return [1.0, 1.0];
        }
        let mean =
            |sign: f64| self.parts.iter().map(|&(slope, metres)| factor(sign * slope) * metres).sum::<f64>() / total;
        [mean(1.0), mean(-1.0)]
    }

    /// The steepest part, and the metres over which the stretch is at least that steep.
    pub fn steepest(&self) -> Option<(f64, f64)> {
        let steepest = self.parts.iter().map(|part| part.0.abs()).fold(0.0, f64::max);
        let metres = self.parts.iter().filter(|part| part.0.abs() >= steepest).map(|part| part.1).sum();
        (!self.parts.is_empty()).then_some((steepest, metres))
    }
}

impl<'a> Heights<'a> {
    /// Heights of the ground and of the street nodes ([`node_heights`]).
    pub fn new(ground: Option<GroundHeight<'a>>, of_nodes: &'a [f64]) -> Self {
        Self { ground, of_nodes, unknown: std::cell::Cell::new(0) }
    }

    /// Whether nothing is known about heights.
    pub fn are_flat(&self) -> bool {
        self.ground.is_none()
    }

    /// How many stretches had no height.
    pub fn unknown(&self) -> usize {
        self.unknown.get()
    }

    /// The height of a street node.
    #[cfg(test)]
    pub fn of_node(&self, node: u32) -> Option<f64> {
        self.of_nodes.get(node as usize).copied().filter(|height| height.is_finite())
    }

    /// The slopes of a stretch of a way between two street nodes (`None` for other points), at their positions, so many
    /// metres apart. What `incline` says counts before the ground.
    pub fn slopes(&self, tags: &StreetTags, ends: [(Option<u32>, LonLat); 2], length_m: f64) -> Slopes {
        if length_m <= 0.0 || !has_slope(tags) {
            return Slopes::default();
        }
        if let Some(Incline::Slope(slope)) = tags.incline {
            return Slopes { parts: vec![(f64::from(slope), length_m)] };
        }
        let Some(ground) = self.ground else { return Slopes::default() };
        let at = |(node, position): (Option<u32>, LonLat)| match node {
            Some(node) => self.of_nodes.get(node as usize).copied().filter(|height| height.is_finite()),
            None => ground(position),
        };
        let (Some(from), Some(to)) = (at(ends[0]), at(ends[1])) else {
            self.unknown.set(self.unknown.get() + 1);
            return Slopes::default();
        };
        let steps = if is_off_ground(tags) { 1 } else { (length_m / STEP_M).ceil().clamp(1.0, 1000.0) as usize };
        let step_m = length_m / steps as f64;
        let mut parts = Vec::with_capacity(steps);
        let mut before = from;
        for step in 1..=steps {
            let share = step as f64 / steps as f64;
            let (a, b) = (ends[0].1, ends[1].1);
            let position = LonLat { lon: a.lon + share * (b.lon - a.lon), lat: a.lat + share * (b.lat - a.lat) };
            let here = if step == steps { to } else { ground(position).unwrap_or(before) };
            parts.push(((here - before) / step_m, step_m));
            before = here;
        }
        Slopes { parts }
    }
}

/// The heights of all street nodes, NaN where they are not known.
pub(super) fn node_heights(records: &OsmRecords, ground: GroundHeight<'_>) -> Vec<f64> {
    let mut of_nodes: Vec<f64> =
        records.street_node_positions.iter().map(|&position| ground(position).unwrap_or(f64::NAN)).collect();
    lift_off_ground(records, &mut of_nodes);
    of_nodes
}

/// Gives nodes that lie only on bridges, tunnels and covered ways the height between the portals: on a chain the
/// linear one by distance, on a network of them the one at which every node is the mean of its neighbours by distance.
fn lift_off_ground(records: &OsmRecords, of_nodes: &mut [f64]) {
    let mut is_grounded = vec![false; of_nodes.len()];
    let mut is_lifted = vec![false; of_nodes.len()];
    for street in &records.streets {
        let mark = if is_off_ground(&street.tags) { &mut is_lifted } else { &mut is_grounded };
        for &node in records.refs(street) {
            mark[node as usize] = true;
        }
    }
    let is_free = |node: u32| is_lifted[node as usize] && !is_grounded[node as usize];
    // Links of free nodes, with one over their length.
    let mut links: Vec<Link> = Vec::new();
    for street in records.streets.iter().filter(|street| is_off_ground(&street.tags)) {
        for pair in records.refs(street).windows(2) {
            let (a, b) =
                (records.street_node_positions[pair[0] as usize], records.street_node_positions[pair[1] as usize]);
            let east = (a.lon - b.lon) * a.lat.to_radians().cos();
            let conductance = 1.0 / east.hypot(a.lat - b.lat).max(1e-9);
            for (from, to) in [(pair[0], pair[1]), (pair[1], pair[0])] {
                if is_free(from) {
                    links.push((from, to, conductance));
                }
            }
        }
    }
    links.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
    settle(&links, of_nodes);
}

/// A node off the ground, a neighbour, and one over the distance between them.
type Link = (u32, u32, f64);

/// Relaxation, first along and then against the order of nodes; chains are solved exactly beforehand.
fn settle(links: &[Link], heights: &mut [f64]) {
    let groups: Vec<&[Link]> = links.chunk_by(|a, b| a.0 == b.0).collect();
    for group in &groups {
        heights[group[0].0 as usize] = f64::NAN;
    }
    solve_chains(&groups, heights);
    let mean = |group: &[Link], heights: &[f64]| {
        let known = group.iter().filter(|link| heights[link.1 as usize].is_finite());
        let (sum, weight) =
            known.fold((0.0, 0.0), |(sum, weight), link| (sum + link.2 * heights[link.1 as usize], weight + link.2));
        if weight > 0.0 { sum / weight } else { f64::NAN }
    };
    let free: Vec<&[Link]> = groups.into_iter().filter(|group| !heights[group[0].0 as usize].is_finite()).collect();
    for round in 0..MOST_ROUNDS {
        let mut change = 0.0_f64;
        let mut relax = |group: &[Link]| {
            let node = group[0].0 as usize;
            let next = mean(group, heights);
            let moved = (next - heights[node]).abs();
            change = change.max(if moved.is_nan() { f64::INFINITY } else { moved });
            heights[node] = next;
        };
        match round % 2 {
            0 => free.iter().for_each(|group| relax(group)),
            _ => free.iter().rev().for_each(|group| relax(group)),
        }
        if change < SETTLED_M {
            break;
        }
    }
}

/// Chains of free nodes with two neighbours each, between two nodes of known height: linear by distance.
fn solve_chains(groups: &[&[Link]], heights: &mut [f64]) {
    let find = |node: u32| groups.binary_search_by_key(&node, |group| group[0].0).ok().map(|at| groups[at]);
    let starts: Vec<(u32, &[Link])> =
        groups.iter().flat_map(|group| group.iter().map(|link| (link.1, *group))).collect();
    for (portal, first) in starts {
        if !heights[portal as usize].is_finite() || heights[first[0].0 as usize].is_finite() || first.len() != 2 {
            continue;
        }
        let mut chain: Vec<(u32, f64)> = Vec::new();
        let (mut before, mut group) = (portal, first);
        let end = loop {
            let node = group[0].0;
            let length = group.iter().find(|link| link.1 == before).map_or(0.0, |link| 1.0 / link.2);
            chain.push((node, length));
            let Some(next) = group.iter().find(|link| link.1 != before) else { break None };
            if heights[next.1 as usize].is_finite() {
                break Some((next.1, 1.0 / next.2));
            }
            match find(next.1) {
                Some(following) if following.len() == 2 && chain.len() <= groups.len() => {
                    (before, group) = (node, following);
                }
                _ => break None,
            }
        };
        let Some((end, last)) = end else { continue };
        let total: f64 = chain.iter().map(|part| part.1).sum::<f64>() + last;
        let (low, high) = (heights[portal as usize], heights[end as usize]);
        let mut along = 0.0;
        for (node, length) in chain {
            along += length;
            heights[node as usize] = low + (high - low) * along / total;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::street_sketch::{StreetSketch, plain_tags};

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-4 * expected.abs(), "{found} is not {expected}");
    }

    /// The values of the methods, §1.2.
    #[test]
    fn tobler_is_normalised_to_the_flat() {
        let table = [(-0.10, 1.0), (-0.05, 1.19125), (0.0, 1.0), (0.05, 0.83946), (0.10, 0.70469), (0.20, 0.49659)];
        for (slope, factor) in table {
            near(tobler_factor(slope), factor);
        }
        assert_eq!(walk_slope_factor(1.0), 3.0, "capped");
    }

    /// 500 m at 1.33333 m/s: 375 s flat, 446.717 s at 5 % up, 314.796 s at 5 % down.
    #[test]
    fn half_a_kilometre_up_and_down() {
        let slopes = Slopes { parts: vec![(0.05, 300.0), (0.05, 200.0)] };
        let [up, down] = slopes.multipliers(walk_slope_factor);
        near(375.0 * up, 446.717);
        near(375.0 * down, 314.796);
        assert_eq!(Slopes::default().multipliers(walk_slope_factor), [1.0, 1.0]);
    }

    /// Up and down again costs more than the flat way between the same heights: 100 m at 10 % up and 100 m down are
    /// 75 / 0.70469 + 75 / 1.0 = 181.43 s, not 150.
    #[test]
    fn a_hump_is_not_its_mean_slope() {
        let slopes = Slopes { parts: vec![(0.1, 100.0), (-0.1, 100.0)] };
        near(150.0 * slopes.multipliers(walk_slope_factor)[0], 75.0 / 0.70469 + 75.0);
    }

    /// A valley 20 m deep between two banks at 100 m, and a bridge over it of three stretches of 30, 40 and 30 m, the
    /// banks 2 m apart in height: the bridge climbs evenly.
    #[test]
    fn a_bridge_is_interpolated_between_its_portals() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(-50, 0), (0, 0)], StreetClass::Residential);
        sketch.way(&[(0, 0), (30, 0)], StreetClass::Residential).bridge = true;
        sketch.way(&[(30, 0), (70, 0), (100, 0)], StreetClass::Residential).bridge = true;
        sketch.way(&[(100, 0), (150, 0)], StreetClass::Residential);
        let records = sketch.records();
        let plane = StreetSketch::plane();
        let ground = |position: LonLat| {
            let x = plane.project(position).x;
            Some(if x < 1.0 {
                100.0
            } else if x > 99.0 {
                102.0
            } else {
                80.0
            })
        };
        let of_nodes = node_heights(&records, &ground);
        let heights = Heights::new(Some(&ground), &of_nodes);
        let expected = [100.0, 100.0, 100.6, 101.4, 102.0, 102.0];
        for (node, expected) in expected.into_iter().enumerate() {
            near(heights.of_node(node as u32).expect("a height"), expected);
        }
        let position = |node: u32| (Some(node), records.street_node_positions[node as usize]);
        let slopes = heights.slopes(&records.streets[1].tags, [position(1), position(2)], 30.0);
        assert_eq!(slopes.parts.len(), 1);
        near(slopes.parts[0].0, 0.02);
    }

    #[test]
    fn a_tagged_slope_counts_before_the_ground_and_steps_have_none() {
        let ground = |_: LonLat| Some(0.0);
        let heights = Heights::new(Some(&ground), &[]);
        let mut tags = plain_tags(StreetClass::Footway);
        tags.incline = Some(Incline::Slope(-0.08));
        let here = (None, LonLat { lon: 0.0, lat: 0.0 });
        assert_eq!(heights.slopes(&tags, [here, here], 20.0).parts.len(), 1);
        tags.class = StreetClass::Steps;
        assert!(heights.slopes(&tags, [here, here], 20.0).parts.is_empty());
    }
}
