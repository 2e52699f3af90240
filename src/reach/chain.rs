//! Trips that change from one way of travelling to another at a place: drive, park and walk; cycle to a train.
//!
//! In: the times to places and on from them, each by its own means. Out: the shortest times over any of the places.

use rayon::prelude::*;

use super::scratches::Scratches;
use crate::base::units::TravelTime;

/// Ends by their places, with times.
pub type Reached = Vec<(usize, TravelTime)>;

/// Per origin the ends within a cutoff, ascending: to a place in the time of `to_places`, then `change`, then on to an end in
/// the time of `from_places`; the shortest over all places counts. There are so many `ends`. In parallel over origins; the
/// number of threads changes nothing.
pub fn over_places(
    (to_places, from_places): (&[Reached], &[Reached]),
    change: TravelTime,
    (ends, cutoff): (usize, TravelTime),
) -> Vec<Reached> {
    let scratches = Scratches::new();
    let of_origin = |places: &Reached| {
        scratches.with(
            || vec![TravelTime::MAX; ends],
            |best: &mut Vec<TravelTime>| {
                let mut reached = Vec::new();
                for &(place, to) in places {
                    for &(end, on) in from_places.get(place).into_iter().flatten() {
                        let time = to + change + on;
                        if time <= cutoff && time < best[end] {
                            if best[end] == TravelTime::MAX {
                                reached.push(end);
                            }
                            best[end] = time;
                        }
                    }
                }
                reached.sort_unstable();
                reached.into_iter().map(|end| (end, std::mem::replace(&mut best[end], TravelTime::MAX))).collect()
            },
        )
    };
    to_places.par_iter().map(of_origin).collect()
}

/// The shorter of two times to each end, both ascending.
pub fn sooner_of(one: Reached, other: Reached) -> Reached {
    let mut both: Reached = one.into_iter().chain(other).collect();
    both.sort_unstable();
    both.dedup_by_key(|&mut (end, _)| end);
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn minutes(minutes: u32) -> TravelTime {
        TravelTime::from_minutes(minutes)
    }

    /// Two car parks: 5 min to the far one, from which a shop is 8 min on foot; 7 min to the near one, from which it is 2.
    /// With 3 min to park: 12 min over the near one, 16 over the far one. A second shop is near the far one alone.
    #[test]
    fn the_sooner_place_counts() {
        let to_places = [vec![(0, minutes(5)), (1, minutes(7))], vec![(0, minutes(1))], Vec::new()];
        let from_places = [vec![(0, minutes(8)), (1, minutes(1))], vec![(0, minutes(2))]];
        let found = over_places((&to_places, &from_places), minutes(3), (2, minutes(60)));
        assert_eq!(found[0], [(0, minutes(12)), (1, minutes(9))]);
        assert_eq!(found[1], [(0, minutes(12)), (1, minutes(5))]);
        assert!(found[2].is_empty());
        let found = over_places((&to_places, &from_places), minutes(3), (2, minutes(9)));
        assert_eq!(
            (found[0].as_slice(), found[1].as_slice()),
            ([(1, minutes(9))].as_slice(), [(1, minutes(5))].as_slice())
        );
    }

    #[test]
    fn the_sooner_way_counts() {
        let (one, other) = (vec![(1, minutes(5)), (4, minutes(2))], vec![(1, minutes(3)), (2, minutes(9))]);
        assert_eq!(sooner_of(one, other), [(1, minutes(3)), (2, minutes(9)), (4, minutes(2))]);
    }
}
