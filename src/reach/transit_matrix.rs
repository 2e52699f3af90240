//! Door to door by transit from many origins to many destinations, every minute of a window, as percentiles.
//!
//! In: a [`Raptor`] search per origin, walks to and from stops, walks all the way. Out: per origin, destination and
//! percentile a time. A stop keeps its times at all departures side by side: walking on from there to a destination is one
//! sum and one minimum for all departures at once, and the departures of sixteen destinations are put in order together.
//!
//! # References
//! K. E. Batcher, *Sorting networks and their applications*, 1968, doi:10.1145/1468075.1468121; for any number of
//! places: D. E. Knuth, *The Art of Computer Programming* 3, 5.2.2, algorithm M.

use std::borrow::Cow;

use rayon::prelude::*;

use super::door_to_door::DepartureWindow;
use super::draws::Draws;
use super::percentiles::place_of;
use super::raptor::{GoOn, Raptor, RaptorParameters, RaptorScratch, moment, span};
use super::scratches::Scratches;
use crate::base::ids::{Id, StopId};
use crate::base::units::TravelTime;
use crate::network::timetable::{Footpaths, Moment, Timetable};

/// Departures that are walked on from together; rows of times are as many times as long.
const BLOCK: usize = 32;
/// Destinations whose times are put in order together.
const TOGETHER: usize = 16;
/// Times of origins in one draw after another that are held in memory at once.
const TIMES_AT_ONCE: usize = 100_000_000;
/// Time of a pair that has no way.
const NO_WAY: u32 = u32::MAX;

/// What the moments of a window are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowOf {
    /// Origins are left at them.
    Departures,
    /// Origins, then the places where trips end, are reached at them at the latest: times are from the last departure with
    /// which one is there in time, from destinations, then the places where trips begin.
    Arrivals,
}

/// How a window is searched.
#[derive(Clone, Copy, Debug)]
pub struct TransitWindow {
    /// The departures, or the arrivals.
    pub departures: DepartureWindow,
    /// Which of them.
    pub window_of: WindowOf,
    /// Longer trips count as none, as do those of nineteen days.
    pub cutoff: TravelTime,
    /// How passengers board and change.
    pub parameters: RaptorParameters,
    /// How lines without fixed times are drawn.
    pub draws: Draws,
}

/// An origin: the stops that it reaches on foot, and the walks all the way. In a window of arrivals the stops from which it is
/// reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransitOrigin {
    /// Stops with the time on foot.
    pub access: Vec<(StopId, TravelTime)>,
    /// Destinations with the time on foot, by their place among all destinations.
    pub direct: Vec<(usize, TravelTime)>,
}

/// A search for times to the same destinations.
pub struct TransitMatrix<'a> {
    timetable: &'a Timetable,
    /// As they are searched.
    footpaths: Cow<'a, Footpaths>,
    window: TransitWindow,
    /// Of each destination, and the end.
    first_egress: Vec<u32>,
    egress: Vec<(StopId, TravelTime)>,
}

/// Travel times by origin, destination and percentile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowTimes {
    destinations: usize,
    percentiles: usize,
    deciseconds: Vec<u32>,
}

impl WindowTimes {
    /// The times from an origin to a destination, one per percentile; `None` where fewer departures than that reach it in
    /// time.
    pub fn between(&self, origin: usize, destination: usize) -> impl ExactSizeIterator<Item = Option<TravelTime>> {
        let first = (origin * self.destinations + destination) * self.percentiles;
        let times = &self.deciseconds[first..first + self.percentiles];
        times.iter().map(|&time| (time != NO_WAY).then(|| TravelTime::from_deciseconds(time)))
    }
}

impl<'a> TransitMatrix<'a> {
    /// A search for the times to destinations, each given by the stops from which it is reached on foot; in a window of
    /// arrivals the stops that it reaches.
    pub fn new(
        (timetable, footpaths): (&'a Timetable, &'a Footpaths),
        destinations: &[Vec<(StopId, TravelTime)>],
        window: TransitWindow,
    ) -> Self {
        let stops = timetable.stops().len();
        let (mut first_egress, mut egress) = (vec![0], Vec::new());
        for walks in destinations {
            egress.extend(walks.iter().copied().filter(|(stop, _)| stop.index() < stops));
            first_egress.push(egress.len() as u32);
        }
        let footpaths = match window.window_of {
            WindowOf::Departures => Cow::Borrowed(footpaths),
            WindowOf::Arrivals => Cow::Owned(footpaths.reversed()),
        };
        Self { timetable, footpaths, window, first_egress, egress }
    }

    fn destinations(&self) -> usize {
        self.first_egress.len() - 1
    }

    /// A timetable as it is searched.
    fn searched<'t>(&self, timetable: &'t Timetable) -> Cow<'t, Timetable> {
        match self.window.window_of {
            WindowOf::Departures => Cow::Borrowed(timetable),
            WindowOf::Arrivals => Cow::Owned(timetable.reversed(span(self.window.parameters.board_wait))),
        }
    }

    /// The search of a draw; walks all the way are known apart.
    fn raptor<'t>(&self, searched: &'t Timetable) -> Raptor<'t> {
        match self.window.window_of {
            WindowOf::Departures => Raptor::by_vehicle_only(searched, &self.footpaths, self.window.parameters),
            WindowOf::Arrivals => Raptor::backwards(searched, &self.footpaths, self.window.parameters),
        }
    }

    /// The times from origins to all destinations at percentiles of the departures, see
    /// [`super::percentiles::percentile`]. In parallel over origins; the number of threads changes nothing.
    pub fn percentiles_from(&self, origins: &[TransitOrigin], percentiles: &[f64]) -> WindowTimes {
        let draws = self.window.draws.for_timetable(self.timetable);
        let walks = self.egress.iter().map(|(_, walk)| walk.deciseconds());
        let lanes = Lanes::of(draws, self.window.departures, self.window.window_of);
        let waits = lanes.departures.windows(2).map(|pair| pair[1].saturating_sub(pair[0]).max(0) as u32);
        let longest = walks.chain(waits).max().unwrap_or(0);
        // Sixteen bits hold 109 minutes in deciseconds, and a walk or a wait for the next departure of half of that.
        if self.window.cutoff.deciseconds() < i16::NEVER_DECISECONDS && longest <= i16::MAX as u32 {
            self.find::<i16>(origins, percentiles, (draws, &lanes))
        } else {
            self.find::<f32>(origins, percentiles, (draws, &lanes))
        }
    }

    fn find<L: Lane>(
        &self,
        origins: &[TransitOrigin],
        percentiles: &[f64],
        (draws, lanes): (Draws, &Lanes),
    ) -> WindowTimes {
        let (destinations, row) = (self.destinations(), self.destinations() * percentiles.len());
        let mut times = WindowTimes { destinations, percentiles: percentiles.len(), deciseconds: Vec::new() };
        times.deciseconds.resize(origins.len() * row, NO_WAY);
        if row == 0 || origins.is_empty() || lanes.count == 0 {
            return times;
        }
        let order = Order::new(lanes.count, percentiles);
        let scratches = Scratches::new();
        if draws == Draws::FIXED_TIMES {
            let timetable = self.searched(self.timetable);
            let raptor = self.raptor(&timetable);
            let found = times.deciseconds.par_chunks_mut(row).zip(origins);
            let find_from = |(found, origin): (&mut [u32], &TransitOrigin)| {
                let new = || (Scratch::new(&raptor), vec![L::NEVER; destinations * lanes.padded]);
                scratches.with(new, |(scratch, pooled)| {
                    self.begin(origin, pooled, lanes);
                    self.add_draw(&raptor, scratch, origin, (lanes, 0), pooled);
                    order.percentiles(pooled, lanes, self.window.cutoff, found);
                });
            };
            found.with_max_len(1).for_each(find_from);
            return times;
        }
        // A draw costs more than an origin: all origins that fit into memory take part in each.
        let at_once = (TIMES_AT_ONCE / (destinations * lanes.padded)).max(1);
        for (origins, found) in origins.chunks(at_once).zip(times.deciseconds.chunks_mut(at_once * row)) {
            let mut pooled = vec![L::NEVER; origins.len() * destinations * lanes.padded];
            let size = destinations * lanes.padded;
            pooled.par_chunks_mut(size).zip(origins).for_each(|(pooled, origin)| self.begin(origin, pooled, lanes));
            draws.visit(self.timetable, |draw, timetable| {
                let timetable = self.searched(timetable);
                let raptor = self.raptor(&timetable);
                pooled.par_chunks_mut(size).zip(origins).with_max_len(1).for_each(|(pooled, origin)| {
                    let new = || (Scratch::<L>::new(&raptor), Vec::new());
                    scratches.with(new, |(scratch, _)| {
                        self.add_draw(&raptor, scratch, origin, (lanes, draw), pooled);
                    });
                });
            });
            pooled.par_chunks(size).zip(found.par_chunks_mut(row)).for_each(|(pooled, found)| {
                order.percentiles(pooled, lanes, self.window.cutoff, found);
            });
        }
        times
    }

    /// The walks all the way, at every departure.
    fn begin<L: Lane>(&self, origin: &TransitOrigin, pooled: &mut [L], lanes: &Lanes) {
        pooled.fill(L::NEVER);
        for &(destination, walk) in &origin.direct {
            let own = &mut pooled[destination * lanes.padded..][..lanes.count];
            own.fill(own[0].lesser(L::of(walk.deciseconds())));
        }
    }

    /// The times by transit at the departures of a draw.
    fn add_draw<L: Lane>(
        &self,
        raptor: &Raptor<'_>,
        scratch: &mut Scratch<L>,
        origin: &TransitOrigin,
        (lanes, draw): (&Lanes, u32),
        pooled: &mut [L],
    ) {
        let own = lanes.of_draw(draw);
        let departures = &lanes.departures[own.clone()];
        scratch.search(raptor, &origin.access, departures, self.window.cutoff);
        for (destination, range) in self.first_egress.windows(2).enumerate() {
            let egress = &self.egress[range[0] as usize..range[1] as usize];
            let pooled = &mut pooled[destination * lanes.padded..][..lanes.padded][own.clone()];
            scratch.walk_on(egress, pooled);
        }
    }
}

/// The departures of all draws side by side.
struct Lanes {
    /// Ascending within a draw.
    departures: Vec<Moment>,
    /// Where each draw begins, and the end.
    first: Vec<usize>,
    count: usize,
    /// At least as many, in whole blocks.
    padded: usize,
}

impl Lanes {
    fn of(draws: Draws, window: DepartureWindow, window_of: WindowOf) -> Self {
        let (mut departures, mut first) = (Vec::new(), vec![0]);
        for draw in 0..draws.count.max(1) {
            let own = departures.len();
            departures.extend(draws.departures(draw, window).map(moment));
            if window_of == WindowOf::Arrivals {
                departures[own..].iter_mut().for_each(|moment| *moment = moment.saturating_neg());
                departures[own..].reverse();
            }
            first.push(departures.len());
        }
        let count = departures.len();
        Self { departures, first, count, padded: count.next_multiple_of(BLOCK).max(BLOCK) }
    }

    fn of_draw(&self, draw: u32) -> std::ops::Range<usize> {
        self.first[draw as usize]..self.first[draw as usize + 1]
    }
}

/// A travel time in a form of which processors find the lesser of many at once.
trait Lane: Copy + PartialOrd + Send + Sync + 'static {
    /// What is as long as this cannot be held.
    const NEVER_DECISECONDS: u32;
    const NEVER: Self;
    fn of(deciseconds: u32) -> Self;
    fn deciseconds(self) -> u32;
    /// With a walk as [`Self::walk`] has it.
    fn plus(self, walk: Self) -> Self;
    /// A time to be added.
    fn walk(time: TravelTime) -> Self;

    fn lesser(self, other: Self) -> Self {
        if self < other { self } else { other }
    }

    fn greater(self, other: Self) -> Self {
        if self < other { other } else { self }
    }
}

/// Less a bias, as the lesser of signed numbers is found faster.
impl Lane for i16 {
    const NEVER_DECISECONDS: u32 = u16::MAX as u32;
    const NEVER: Self = Self::MAX;
    fn of(deciseconds: u32) -> Self {
        (deciseconds.min(Self::NEVER_DECISECONDS) as u16 ^ 0x8000) as Self
    }
    fn deciseconds(self) -> u32 {
        u32::from(self as u16 ^ 0x8000)
    }
    fn plus(self, walk: Self) -> Self {
        self.saturating_add(walk)
    }
    fn walk(time: TravelTime) -> Self {
        Self::try_from(time.deciseconds()).unwrap_or(Self::MAX)
    }
}

/// Whole numbers, exact up to nineteen days: unless a program is built for newer processors than all of x86-64, the lesser of
/// two floating-point numbers takes one instruction, that of two 32-bit integers four.
impl Lane for f32 {
    const NEVER_DECISECONDS: u32 = 1 << 24;
    const NEVER: Self = Self::INFINITY;
    fn of(deciseconds: u32) -> Self {
        if deciseconds < Self::NEVER_DECISECONDS { deciseconds as Self } else { Self::NEVER }
    }
    fn deciseconds(self) -> u32 {
        self as u32
    }
    fn plus(self, walk: Self) -> Self {
        self + walk
    }
    fn walk(time: TravelTime) -> Self {
        Self::of(time.deciseconds())
    }
}

/// What a thread searches with.
struct Scratch<L> {
    raptor: RaptorScratch,
    /// Per stop a row of times at all departures of the draw; rows of stops that are not reached hold anything.
    rows: Vec<L>,
    row: usize,
    is_reached: Vec<bool>,
    reached: Vec<StopId>,
}

impl<L: Lane> Scratch<L> {
    fn new(raptor: &Raptor<'_>) -> Self {
        let stops = raptor.timetable().stops().len();
        Self { raptor: raptor.scratch(), rows: Vec::new(), row: 0, is_reached: vec![false; stops], reached: Vec::new() }
    }

    /// Finds the times to all stops at departures that ascend.
    fn search(
        &mut self,
        raptor: &Raptor<'_>,
        access: &[(StopId, TravelTime)],
        departures: &[Moment],
        cutoff: TravelTime,
    ) {
        let Self { raptor: scratch, rows, row, is_reached, reached } = self;
        reached.drain(..).for_each(|stop| is_reached[stop.index()] = false);
        *row = departures.len().next_multiple_of(BLOCK);
        rows.resize(is_reached.len() * *row, L::NEVER);
        let backwards = departures.iter().rev().copied();
        let too_late = |departure: Moment, _: super::raptor::Arrivals<'_>| {
            departure.saturating_add(span(cutoff)).saturating_add(1)
        };
        raptor.reach_in_time_over(scratch, access, backwards, too_late, |index, arrivals| {
            for &stop in arrivals.improved() {
                let times = &mut rows[stop.index() * *row..][..*row];
                if !std::mem::replace(&mut is_reached[stop.index()], true) {
                    times.fill(L::NEVER);
                    reached.push(stop);
                }
                let time = arrivals.travel_time(stop).map_or(L::NEVER, |time| L::of(time.deciseconds()));
                times[departures.len() - 1 - index] = time;
            }
            GoOn::Yes
        });
        // Who arrives no earlier than those who leave later has waited.
        for &stop in reached.iter() {
            let times = &mut rows[stop.index() * *row..][..departures.len()];
            let mut next = L::NEVER;
            for (at, time) in times.iter_mut().enumerate().rev() {
                let waited = departures.get(at + 1).map_or(0, |later| (later - departures[at]).max(0) as u32);
                next = time.lesser(next.plus(L::walk(TravelTime::from_deciseconds(waited))));
                *time = next;
            }
        }
    }

    /// Shortens times by those of walking on from stops.
    fn walk_on(&self, egress: &[(StopId, TravelTime)], times: &mut [L]) {
        for (block, times) in times.chunks_mut(BLOCK).enumerate() {
            let mut best = [L::NEVER; BLOCK];
            for &(stop, walk) in egress.iter().filter(|(stop, _)| self.is_reached[stop.index()]) {
                let row = &self.rows[stop.index() * self.row + block * BLOCK..][..BLOCK];
                let walk = L::walk(walk);
                for (best, &time) in best.iter_mut().zip(row) {
                    *best = time.plus(walk).lesser(*best);
                }
            }
            times.iter_mut().zip(best).for_each(|(time, best)| *time = best.lesser(*time));
        }
    }
}

/// Puts as many times in order as there are departures, of several destinations together.
struct Order {
    /// Places to be compared, one after the other: the lesser comes to the first.
    exchanges: Vec<(u32, u32)>,
    /// Where the percentiles stand then; `None` of one that there is not.
    places: Vec<Option<usize>>,
}

impl Order {
    fn new(count: usize, percentiles: &[f64]) -> Self {
        let mut exchanges = Vec::new();
        let top = count.next_power_of_two() / 2;
        let mut step = top;
        while step > 0 {
            let (mut low, mut bits, mut apart) = (top, 0, step);
            loop {
                let pairs = (0..count.saturating_sub(apart)).filter(|at| at & step == bits);
                exchanges.extend(pairs.map(|at| (at as u32, (at + apart) as u32)));
                if low == step {
                    break;
                }
                (apart, low, bits) = (low - step, low / 2, step);
            }
            step /= 2;
        }
        Self { exchanges, places: percentiles.iter().map(|&p| place_of(p, count)).collect() }
    }

    /// The percentiles of each destination.
    fn percentiles<L: Lane>(&self, pooled: &[L], lanes: &Lanes, cutoff: TravelTime, found: &mut [u32]) {
        let longest = cutoff.deciseconds().min(L::NEVER_DECISECONDS - 1);
        let mut together = vec![[L::NEVER; TOGETHER]; lanes.count];
        let percentiles = self.places.len();
        let some = pooled.chunks(TOGETHER * lanes.padded).zip(found.chunks_mut(TOGETHER * percentiles));
        for (pooled, found) in some {
            for (own, times) in pooled.chunks(lanes.padded).enumerate() {
                together.iter_mut().zip(times).for_each(|(all, &time)| all[own] = time);
            }
            for &(a, b) in &self.exchanges {
                let (first, second) = (together[a as usize], together[b as usize]);
                for own in 0..TOGETHER {
                    together[a as usize][own] = first[own].lesser(second[own]);
                    together[b as usize][own] = first[own].greater(second[own]);
                }
            }
            for (own, found) in found.chunks_mut(percentiles).enumerate() {
                for (found, place) in found.iter_mut().zip(&self.places) {
                    let time = place.map(|place| together[place][own]).filter(|&time| time < L::NEVER);
                    let time = time.map(L::deciseconds).filter(|&time| time <= longest);
                    *found = time.unwrap_or(NO_WAY);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::units::ClockTime;
    use crate::reach::percentiles::percentile;

    #[test]
    fn lanes_hold_what_they_are_given() {
        for deciseconds in [0, 1, 32_767, 32_768, 65_534] {
            assert_eq!(i16::of(deciseconds).deciseconds(), deciseconds);
            assert_eq!(f32::of(deciseconds).deciseconds(), deciseconds);
        }
        let walk = <i16 as Lane>::walk(TravelTime::from_deciseconds(600));
        assert_eq!(i16::of(40_000).plus(walk).deciseconds(), 40_600);
        assert_eq!(i16::of(65_400).plus(walk), <i16 as Lane>::NEVER);
        assert!(i16::of(70_000) == <i16 as Lane>::NEVER && i16::of(5) < i16::of(40_000));
        let longest = f32::NEVER_DECISECONDS - 1;
        assert_eq!(f32::of(longest).deciseconds(), longest);
        assert!(
            f32::of(longest).plus(f32::of(2)).deciseconds() > longest && f32::of(longest + 1) == <f32 as Lane>::NEVER
        );
    }

    proptest! {
        /// The network puts any times in order, and the places are those of percentiles.
        #[test]
        fn ordered_together_they_are_percentiles(
            times in proptest::collection::vec(proptest::collection::vec(0_u32..70_000, 37), 1..40),
            count in 1_usize..37,
        ) {
            let first = ClockTime::from_hm(8, 0);
            let window = DepartureWindow { first, end: first.plus_seconds(60 * count as u32) };
            let lanes = Lanes::of(Draws::FIXED_TIMES, window, WindowOf::Departures);
            let percentiles = [0.0, 5.0, 25.0, 50.0, 75.0, 95.0, 100.0, f64::NAN];
            let mut pooled = vec![i16::NEVER; times.len() * lanes.padded];
            for (own, times) in pooled.chunks_mut(lanes.padded).zip(&times) {
                own.iter_mut().zip(&times[..count]).for_each(|(own, &time)| *own = i16::of(time));
            }
            let mut found = vec![0; times.len() * percentiles.len()];
            let cutoff = TravelTime::from_deciseconds(60_000);
            Order::new(count, &percentiles).percentiles(&pooled, &lanes, cutoff, &mut found);
            for (found, times) in found.chunks(percentiles.len()).zip(&times) {
                let in_time = |&time: &u32| (time <= 60_000).then(|| TravelTime::from_deciseconds(time));
                let times: Vec<_> = times[..count].iter().map(in_time).collect();
                for (&found, &p) in found.iter().zip(&percentiles) {
                    let expected = percentile(&times, p).map_or(NO_WAY, TravelTime::deciseconds);
                    prop_assert_eq!(found, expected);
                }
            }
        }
    }
}
