//! An order in which the nodes of a street graph can be taken out one by one so that few streets have to stand in for
//! them: nested dissection. Wherever a few nodes cut the streets in two, both halves go before them.
//!
//! In: which nodes are neighbours, and where they lie. Out: the nodes, those that matter least first. Knows no time: one
//! order serves all profiles of a graph, and every change of their speeds.
//!
//! # References
//! A. George, *Nested dissection of a regular finite element mesh*, 1973, doi:10.1137/0710032 · A. Schild, C. Sommer,
//! *On balanced separators in road networks*, 2015, doi:10.1007/978-3-319-20086-6_22 (inertial flow).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use geo::Coord;

/// Nodes with fewer neighbours than this go first of all: no cut needs them.
const FEW_NEIGHBOURS: usize = 3;

/// The share of nodes on either side that a cut may not separate from each other.
const ANCHORED: f64 = 0.25;

/// Parts below this size are cut on the thread that found them.
const WORTH_A_THREAD: usize = 2_000;

/// Nodes with their neighbours, and where they lie.
pub(super) struct Neighbours {
    /// Of each node: its neighbours, ascending, each once, itself not among them.
    pub of_nodes: Vec<Vec<u32>>,
    pub points: Vec<Coord<f64>>,
}

/// The nodes in the order in which they are taken out.
pub(super) fn dissect(neighbours: Neighbours) -> Vec<u32> {
    let Neighbours { mut of_nodes, points } = neighbours;
    let mut order = take_out_simple(&mut of_nodes);
    let rest: Vec<u32> = (0..of_nodes.len() as u32).filter(|&node| !of_nodes[node as usize].is_empty()).collect();
    let part = Part::new(&of_nodes, &points, &rest);
    drop(of_nodes);
    order.extend(part.order());
    order
}

/// Takes out nodes with few neighbours as long as there are any; their neighbours become neighbours of each other.
/// Leaves no neighbour with those that are gone.
fn take_out_simple(of_nodes: &mut [Vec<u32>]) -> Vec<u32> {
    let mut order = Vec::new();
    let mut is_gone = vec![false; of_nodes.len()];
    let few = |of_nodes: &[Vec<u32>], node: u32| of_nodes[node as usize].len() < FEW_NEIGHBOURS;
    let simple = (0..of_nodes.len() as u32).filter(|&node| few(of_nodes, node));
    let mut queue: BinaryHeap<Reverse<(usize, u32)>> =
        simple.map(|node| Reverse((of_nodes[node as usize].len(), node))).collect();
    while let Some(Reverse((_, node))) = queue.pop() {
        if is_gone[node as usize] || !few(of_nodes, node) {
            continue;
        }
        is_gone[node as usize] = true;
        order.push(node);
        let around = std::mem::take(&mut of_nodes[node as usize]);
        for &own in &around {
            let list = &mut of_nodes[own as usize];
            list.retain(|&other| other != node);
            for &other in around.iter().filter(|&&other| other != own) {
                if let Err(at) = list.binary_search(&other) {
                    list.insert(at, other);
                }
            }
            if list.len() < FEW_NEIGHBOURS {
                queue.push(Reverse((list.len(), own)));
            }
        }
    }
    order
}

/// A part of the streets, numbered from 0.
struct Part {
    /// The node of each place.
    nodes: Vec<u32>,
    points: Vec<Coord<f64>>,
    /// First neighbour of each place, and the end.
    first: Vec<u32>,
    heads: Vec<u32>,
    /// Of each step to a neighbour: the step back.
    back: Vec<u32>,
}

/// Which side of a cut a place is on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Near,
    Far,
    Cut,
}

impl Part {
    fn new(of_nodes: &[Vec<u32>], points: &[Coord<f64>], nodes: &[u32]) -> Self {
        let mut places = vec![u32::MAX; of_nodes.len()];
        for (place, &node) in nodes.iter().enumerate() {
            places[node as usize] = place as u32;
        }
        let (mut first, mut heads) = (vec![0], Vec::new());
        for &node in nodes {
            heads.extend(of_nodes[node as usize].iter().map(|&other| places[other as usize]));
            first.push(heads.len() as u32);
        }
        let points = nodes.iter().map(|&node| points[node as usize]).collect();
        Self::with_ways_back(nodes.to_vec(), points, first, heads)
    }

    fn with_ways_back(nodes: Vec<u32>, points: Vec<Coord<f64>>, first: Vec<u32>, heads: Vec<u32>) -> Self {
        // Neighbours ascend: seen from all places in order, each place is met by its neighbours in that order too.
        let mut next = first.clone();
        let back = heads.iter().map(|&head| {
            let at = next[head as usize];
            next[head as usize] += 1;
            at
        });
        let back = back.collect();
        Self { nodes, points, first, heads, back }
    }

    fn len(&self) -> usize {
        self.nodes.len()
    }

    fn steps(&self, place: u32) -> std::ops::Range<usize> {
        self.first[place as usize] as usize..self.first[place as usize + 1] as usize
    }

    /// The nodes of this part in their order.
    fn order(self) -> Vec<u32> {
        if self.len() < 4 {
            return self.nodes;
        }
        let sides = self.best_cut();
        let [near, far] = [Side::Near, Side::Far].map(|side| self.side(&sides, side));
        let cut: Vec<u32> = (0..self.len()).filter(|&at| sides[at] == Side::Cut).map(|at| self.nodes[at]).collect();
        let is_large = self.len() >= WORTH_A_THREAD;
        drop((self, sides));
        let (mut order, others) =
            if is_large { rayon::join(|| near.order(), || far.order()) } else { (near.order(), far.order()) };
        order.extend(others);
        order.extend(cut);
        order
    }

    /// What lies on one side.
    fn side(&self, sides: &[Side], side: Side) -> Self {
        let mut places = vec![u32::MAX; self.len()];
        let own: Vec<u32> = (0..self.len() as u32).filter(|&place| sides[place as usize] == side).collect();
        for (place, &was) in own.iter().enumerate() {
            places[was as usize] = place as u32;
        }
        let (mut first, mut heads) = (Vec::with_capacity(own.len() + 1), Vec::new());
        first.push(0);
        for &was in &own {
            let others = self.heads[self.steps(was)].iter().map(|&head| places[head as usize]);
            heads.extend(others.filter(|&place| place != u32::MAX));
            first.push(heads.len() as u32);
        }
        let nodes = own.iter().map(|&was| self.nodes[was as usize]).collect();
        let points = own.iter().map(|&was| self.points[was as usize]).collect();
        Self::with_ways_back(nodes, points, first, heads)
    }

    /// The best of four cuts: across, along, and both ways aslant. The fewer nodes it takes and the more even the sides,
    /// the better.
    fn best_cut(&self) -> Vec<Side> {
        let directions = [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, -1.0)];
        let cut = |&(x, y): &(f64, f64)| {
            let along = |place: &u32| {
                let point = self.points[*place as usize];
                point.x * x + point.y * y
            };
            let mut places: Vec<u32> = (0..self.len() as u32).collect();
            places.sort_unstable_by(|a, b| along(a).total_cmp(&along(b)).then(a.cmp(b)));
            Flow::new(self).cut(&places)
        };
        let cuts: Vec<Vec<Side>> = if self.len() >= WORTH_A_THREAD {
            use rayon::prelude::*;
            directions.par_iter().with_max_len(1).map(cut).collect()
        } else {
            directions.iter().map(cut).collect()
        };
        let worth = |sides: &Vec<Side>| {
            let count = |side: Side| sides.iter().filter(|&&other| other == side).count() as u64;
            let (smaller, cut) = (count(Side::Near).min(count(Side::Far)), count(Side::Cut));
            // Nodes of the cut per node that it parts from others.
            (cut << 20) / smaller.max(1)
        };
        cuts.into_iter().min_by_key(worth).expect("four cuts")
    }
}

/// A flow of single units along steps between places: as many as can pass is as few as must be cut.
struct Flow<'p> {
    part: &'p Part,
    /// Of each step: units that pass along it, less those that pass back.
    units: Vec<i8>,
    levels: Vec<u32>,
    next: Vec<u32>,
    queue: Vec<u32>,
}

const NO_LEVEL: u32 = u32::MAX;

impl<'p> Flow<'p> {
    fn new(part: &'p Part) -> Self {
        let count = part.len();
        Self {
            part,
            units: vec![0; part.heads.len()],
            levels: vec![NO_LEVEL; count],
            next: vec![0; count],
            queue: Vec::with_capacity(count),
        }
    }

    /// Cuts the first places from the last ones.
    fn cut(mut self, places: &[u32]) -> Vec<Side> {
        let count = places.len();
        let anchored = ((count as f64 * ANCHORED) as usize).max(1);
        let (sources, targets) = (&places[..anchored], &places[count - anchored..]);
        let mut is_target = vec![false; count];
        for &place in targets {
            is_target[place as usize] = true;
        }
        while self.find_levels(sources, &is_target) {
            self.next.copy_from_slice(&self.part.first[..count]);
            for &source in sources {
                while self.push_unit(source, &is_target) {}
            }
        }
        self.sides(targets)
    }

    /// How many steps with room each place is from the sources; whether any target is reached.
    fn find_levels(&mut self, sources: &[u32], is_target: &[bool]) -> bool {
        self.levels.fill(NO_LEVEL);
        self.queue.clear();
        self.queue.extend(sources);
        for &place in sources {
            self.levels[place as usize] = 0;
        }
        let (mut at, mut last_level) = (0, NO_LEVEL);
        while let Some(&place) = self.queue.get(at) {
            at += 1;
            let level = self.levels[place as usize] + 1;
            if level > last_level {
                break;
            }
            for step in self.part.steps(place) {
                let head = self.part.heads[step];
                if self.units[step] < 1 && self.levels[head as usize] == NO_LEVEL {
                    self.levels[head as usize] = level;
                    self.queue.push(head);
                    if is_target[head as usize] {
                        last_level = level;
                    }
                }
            }
        }
        last_level != NO_LEVEL
    }

    /// Pushes one unit from a source to a target, a level up with each step.
    fn push_unit(&mut self, source: u32, is_target: &[bool]) -> bool {
        let mut path: Vec<u32> = Vec::new();
        let mut place = source;
        loop {
            if is_target[place as usize] {
                for &step in &path {
                    self.units[step as usize] += 1;
                    self.units[self.part.back[step as usize] as usize] -= 1;
                }
                return true;
            }
            let end = self.part.first[place as usize + 1];
            let level = self.levels[place as usize] + 1;
            let mut step = self.next[place as usize];
            let leads_on = |step: u32| {
                self.units[step as usize] < 1 && self.levels[self.part.heads[step as usize] as usize] == level
            };
            while step < end && !leads_on(step) {
                step += 1;
            }
            self.next[place as usize] = step;
            if step < end {
                path.push(step);
                place = self.part.heads[step as usize];
            } else {
                let Some(last) = path.pop() else { return false };
                place = self.part.heads[self.part.back[last as usize] as usize];
                self.next[place as usize] += 1;
            }
        }
    }

    /// The sides of a full flow: what the sources still reach, or what does not reach the targets, whichever is more even;
    /// and of the places at the cut those of one side, whichever are fewer.
    fn sides(&mut self, targets: &[u32]) -> Vec<Side> {
        let count = self.part.len();
        // The last look for levels found all that the sources still reach.
        let from_sources: Vec<bool> = self.levels.iter().map(|&level| level != NO_LEVEL).collect();
        let mut is_far = vec![false; count];
        self.queue.clear();
        self.queue.extend(targets);
        for &place in targets {
            is_far[place as usize] = true;
        }
        let mut at = 0;
        while let Some(&place) = self.queue.get(at) {
            at += 1;
            for step in self.part.steps(place) {
                let head = self.part.heads[step];
                if self.units[self.part.back[step] as usize] < 1 && !is_far[head as usize] {
                    is_far[head as usize] = true;
                    self.queue.push(head);
                }
            }
        }
        let off_half = |near: usize| near.abs_diff(count / 2);
        let near_counts = [
            from_sources.iter().filter(|&&is_near| is_near).count(),
            count - is_far.iter().filter(|&&is_far| is_far).count(),
        ];
        let is_near: Vec<bool> = if off_half(near_counts[0]) <= off_half(near_counts[1]) {
            from_sources
        } else {
            is_far.iter().map(|&is_far| !is_far).collect()
        };
        let touches_other = |place: usize| {
            let own = is_near[place];
            self.part.heads[self.part.steps(place as u32)].iter().any(|&head| is_near[head as usize] != own)
        };
        let at_cut: Vec<bool> = (0..count).map(touches_other).collect();
        let cut_of = |near: bool| (0..count).filter(|&place| at_cut[place] && is_near[place] == near).count();
        let near_is_cut = cut_of(true) <= cut_of(false);
        let side = |place: usize| match is_near[place] {
            near if at_cut[place] && near == near_is_cut => Side::Cut,
            true => Side::Near,
            false => Side::Far,
        };
        (0..count).map(side).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn neighbours(points: &[(i32, i32)], pairs: &[(usize, usize)]) -> Neighbours {
        let mut of_nodes = vec![Vec::new(); points.len()];
        for &(a, b) in pairs.iter().filter(|(a, b)| a != b) {
            of_nodes[a].push(b as u32);
            of_nodes[b].push(a as u32);
        }
        for list in &mut of_nodes {
            list.sort_unstable();
            list.dedup();
        }
        let points = points.iter().map(|&(x, y)| Coord { x: f64::from(x), y: f64::from(y) }).collect();
        Neighbours { of_nodes, points }
    }

    /// How many steps are needed when nodes are taken out in an order.
    fn step_count(neighbours: &Neighbours, order: &[u32]) -> usize {
        let mut of_nodes: Vec<std::collections::BTreeSet<u32>> =
            neighbours.of_nodes.iter().map(|list| list.iter().copied().collect()).collect();
        let mut steps = 0;
        for &node in order {
            let around = std::mem::take(&mut of_nodes[node as usize]);
            steps += around.len();
            for &own in &around {
                of_nodes[own as usize].remove(&node);
                of_nodes[own as usize].extend(around.iter().copied().filter(|&other| other != own));
            }
        }
        steps
    }

    /// A grid of 32 by 32 in the order of its rows needs nearly 32 steps per node. Cut into halves, each of which goes
    /// before the cut, it needs many for the 32 nodes of the first cut and few for the most: half of all are in squares of
    /// four, which need 2 to 5.
    #[test]
    fn a_grid_is_cut_into_halves() {
        let side = 32;
        let points: Vec<(i32, i32)> = (0..side * side).map(|at| (at % side, at / side)).collect();
        let along = (0..side * side).filter(|at| at % side + 1 < side).map(|at| (at as usize, at as usize + 1));
        let across = (0..side * (side - 1)).map(|at| (at as usize, (at + side) as usize));
        let pairs: Vec<(usize, usize)> = along.chain(across).collect();
        let order = dissect(neighbours(&points, &pairs));
        let row_by_row: Vec<u32> = (0..(side * side) as u32).collect();
        let (cut, rows) =
            (step_count(&neighbours(&points, &pairs), &order), step_count(&neighbours(&points, &pairs), &row_by_row));
        assert!(rows > 28_000, "{rows} steps in the order of rows");
        assert!(cut < 17 * 1024, "{cut} steps for 1024 nodes");
    }

    /// Two towns that one bridge joins: one node of the bridge goes last.
    #[test]
    fn the_bridge_goes_last() {
        let mut points: Vec<(i32, i32)> = (0..25).map(|at| (at % 5, at / 5)).collect();
        points.extend((0..25).map(|at| (20 + at % 5, at / 5)));
        let mut pairs = Vec::new();
        for town in [0, 25] {
            pairs.extend((0..25).filter(|at| at % 5 < 4).map(|at| (town + at, town + at + 1)));
            pairs.extend((0..20).map(|at| (town + at, town + at + 5)));
        }
        pairs.push((14, 35));
        let order = dissect(neighbours(&points, &pairs));
        assert!([14, 35].contains(order.last().expect("nodes")), "{order:?}");
    }

    proptest! {
        #[test]
        fn every_node_is_taken_out_once(
            points in proptest::collection::vec((-20..20, -20..20), 1..200),
            pairs in proptest::collection::vec((0_usize..1000, 0_usize..1000), 0..400),
        ) {
            let count = points.len();
            let pairs: Vec<(usize, usize)> = pairs.into_iter().map(|(a, b)| (a % count, b % count)).collect();
            let mut order = dissect(neighbours(&points, &pairs));
            order.sort_unstable();
            prop_assert_eq!(order, (0..count as u32).collect::<Vec<_>>());
        }
    }
}
