//! Draws: how a window is searched where lines run at a headway without fixed times.
//!
//! In: a timetable, how many draws. Out: the timetable of each draw, and which departures of a window are searched in
//! it. A draw gives every such line an offset within its headway; the times of all draws are pooled before a percentile
//! is taken. Knows no street.

use super::door_to_door::DepartureWindow;
use crate::base::units::ClockTime;
use crate::network::timetable::Timetable;

/// How many draws there are, and how many of them each departure is searched in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    /// What the offsets come from; the same seed gives the same times.
    pub seed: u64,
    /// How many draws, at least 1.
    pub count: u32,
    /// In how many of them each departure is searched, 1 to `count`. Each draw so searches one departure in
    /// `count / per_departure`, and the draws take turns, so that every departure weighs the same.
    pub per_departure: u32,
}

impl Draws {
    /// For a timetable in which every trip has its times: one draw with every departure in it.
    pub const FIXED_TIMES: Self = Self { seed: 0, count: 1, per_departure: 1 };

    /// These draws where the timetable depends on them, else [`Self::FIXED_TIMES`].
    pub fn for_timetable(self, timetable: &Timetable) -> Self {
        if timetable.has_draws() { self } else { Self::FIXED_TIMES }
    }

    /// Calls `visit` with the timetable of each draw, and the draw's number from 0.
    pub fn visit(self, timetable: &Timetable, mut visit: impl FnMut(u32, &Timetable)) {
        if !timetable.has_draws() {
            (0..self.count.max(1)).for_each(|draw| visit(draw, timetable));
            return;
        }
        let mut drawn = timetable.clone();
        for draw in 0..self.count.max(1) {
            drawn.draw_offsets(self.seed, draw);
            visit(draw, &drawn);
        }
    }

    /// The departures of the window that are searched in a draw, from the first to the last; may be none.
    pub fn departures(self, draw: u32, window: DepartureWindow) -> impl Iterator<Item = ClockTime> {
        let count = self.count.max(1);
        let apart = (count / self.per_departure.clamp(1, count)) as usize;
        (draw as usize % apart..window.departures()).step_by(apart).map(move |index| window.departure(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 200 draws, 5 per departure: each draw searches one departure in 40, so every minute comes five times.
    #[test]
    fn every_departure_is_searched_equally_often() {
        let draws = Draws { seed: 1, count: 200, per_departure: 5 };
        for minutes in [7, 40, 120] {
            let first = ClockTime::from_hm(14, 0);
            let window = DepartureWindow { first, end: first.plus_seconds(minutes * 60) };
            let mut searched: Vec<ClockTime> = (0..200).flat_map(|draw| draws.departures(draw, window)).collect();
            searched.sort_unstable();
            let expected: Vec<ClockTime> =
                (0..minutes).flat_map(|minute| [first.plus_seconds(minute * 60); 5]).collect();
            assert_eq!(searched, expected, "{minutes} min");
        }
    }

    #[test]
    fn fixed_times_take_every_departure_once_and_odd_numbers_do_not_panic() {
        let first = ClockTime::from_hm(14, 0);
        let window = DepartureWindow { first, end: first.plus_seconds(3600) };
        assert_eq!(Draws::FIXED_TIMES.departures(0, window).count(), 60);
        assert_eq!(Draws { seed: 0, count: 0, per_departure: 0 }.departures(0, window).count(), 60);
        assert_eq!(Draws { seed: 0, count: 3, per_departure: 9 }.departures(2, window).count(), 60);
        let empty = DepartureWindow { first, end: first };
        assert_eq!(Draws { seed: 0, count: 200, per_departure: 5 }.departures(7, empty).count(), 0);
    }
}
