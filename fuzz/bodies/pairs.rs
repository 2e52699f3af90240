//! Tables of pairs of places: travel times, costs, visits; text or Parquet.

use chaland::base::notice::Notices;
use chaland::sources::travel_times::{TimeColumn, TimeUnit, read_pair_amounts, read_travel_times};

use super::answers::{check_error, check_notices};
use super::split;

/// Reads one table. The first byte tells what it is asked for.
pub fn tables(bytes: &[u8]) {
    let Some((&asked, bytes)) = bytes.split_first() else { return };
    let named = |ids: [&str; 3]| ids.map(str::to_owned).to_vec();
    let (origins, destinations) = (named(["A", "B", "1"]), named(["x", "y", "10"]));
    let known = [origins.as_slice(), destinations.as_slice()];
    let unit = [None, Some(TimeUnit::Seconds), Some(TimeUnit::Minutes), Some(TimeUnit::AsItStands)];
    let column = TimeColumn { name: (asked & 8 != 0).then_some("travel_time_p50"), unit: unit[usize::from(asked & 3)] };
    split::in_folder(&[("pairs", bytes)], |folder| {
        let path = folder.join("pairs");
        let mut notices = Notices::new();
        let check = |origin: usize, destination: usize, amount: f64| {
            assert!(origin < 3 && destination < 3, "a pair of nobody knows what: {origin} {destination}");
            assert!(amount.is_finite() && amount >= 0.0, "{amount} is no time and no amount");
        };
        if asked & 4 != 0 {
            match read_pair_amounts(&path, known, column.name, &mut notices) {
                Ok(pairs) => pairs.into_iter().for_each(|(origin, destination, n)| check(origin, destination, n)),
                Err(error) => check_error(&error),
            }
        } else {
            match read_travel_times(&path, known, column, &mut notices) {
                Ok(times) => {
                    times.pairs.iter().for_each(|pair| check(pair.origin, pair.destination, pair.minutes));
                    let mut ends: Vec<_> = times.pairs.iter().map(|pair| (pair.origin, pair.destination)).collect();
                    ends.sort_unstable();
                    assert!(ends.windows(2).all(|two| two[0] != two[1]), "a pair twice: {ends:?}");
                    let is_named = |pair: &(usize, usize)| times.is_named[0][pair.0] && times.is_named[1][pair.1];
                    assert!(ends.iter().all(is_named), "a pair of places that no row names");
                }
                Err(error) => check_error(&error),
            }
        }
        check_notices(&notices);
    });
}
