//! Who goes where: shares of customers by Huff's rule, trade areas, overlap of towns, flows between two margins (methods §6).
//!
//! In: attractions of centres, minutes, customers. Out: shares, classes of zones, flows. Every share can leave room for what
//! is not modelled (other towns, online); without it shares are conditional on the centres given.
//!
//! # References
//! D. L. Huff 1963, doi:10.2307/3144521 · A. S. Fotheringham 1983, doi:10.1068/a150015 (competing destinations) · W. J. Reilly
//! 1931 · W. Applebaum 1966, doi:10.2307/3150201 (trade areas) · K. P. Furness 1965 (balancing).

use super::access::Decay;

/// The share of customers that each centre has, and that of all else.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomerShares {
    /// Per centre, 0 to 1.
    pub of_centres: Vec<f64>,
    /// What goes to none of them, 0 to 1.
    pub outside: f64,
}

/// Shares of the customers of a place by Huff's rule, `pull · f(minutes)` of each centre over the sum of all. `centres` are
/// pulls, 0 or more, with the minutes there, `None` where a centre is not reached. `outside` is the utility of going nowhere of
/// these, on the same scale: 0 makes the shares conditional. `None` where nothing attracts at all.
pub fn huff_shares(centres: &[(f64, Option<f64>)], decay: Decay, outside: f64) -> Option<CustomerShares> {
    let utility = |(pull, minutes): &(f64, Option<f64>)| minutes.map_or(0.0, |minutes| pull * decay.weight(minutes));
    let utilities: Vec<f64> = centres.iter().map(utility).collect();
    let all = utilities.iter().sum::<f64>() + outside;
    (all > 0.0 && all.is_finite()).then(|| CustomerShares {
        of_centres: utilities.iter().map(|utility| utility / all).collect(),
        outside: outside / all,
    })
}

/// How much other attraction lies around each centre: `Σ_{k≠j} A_k / t_jk`, minutes of 1 at least. Its power multiplies the pull
/// of a centre where destinations compete (below 0) or gather (above 0).
pub fn surrounding_attraction(attractions: &[f64], minutes: impl Fn(usize, usize) -> Option<f64>) -> Vec<f64> {
    let around = |at: usize| {
        let others = attractions.iter().enumerate().filter(|&(other, _)| other != at);
        others.filter_map(|(other, attraction)| Some(attraction / minutes(at, other)?.max(1.0))).sum()
    };
    (0..attractions.len()).map(around).collect()
}

/// Where two towns pull equally by Reilly's law: how far from the first, in the unit of the distance between them. Populations
/// above 0.
pub fn breaking_point(distance: f64, [first, second]: [f64; 2]) -> f64 {
    distance / (1.0 + (second / first).sqrt())
}

/// How much of its custom a centre has from a zone, by the customers who come from zones that count before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TradeArea {
    /// The zones with most customers, up to the first limit.
    Primary,
    /// Up to the second.
    Secondary,
    /// Up to the third.
    Tertiary,
    /// All other.
    Outside,
}

/// The usual limits of trade areas: shares of all customers.
pub const TRADE_AREA_LIMITS: [f64; 3] = [0.6, 0.8, 0.9];

/// The trade area of each zone. Zones are the customers of a centre, 0 or more, and the minutes from there; they count from
/// most customers to fewest, of equal ones the nearer first, then the one that stands first. The class of a zone is set by the
/// share of customers before it is added.
pub fn trade_areas(zones: &[(f64, f64)], limits: [f64; 3]) -> Vec<TradeArea> {
    let mut order: Vec<usize> = (0..zones.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (zones[a], zones[b]);
        b.0.total_cmp(&a.0).then(a.1.total_cmp(&b.1))
    });
    let all: f64 = zones.iter().map(|(customers, _)| customers).sum();
    let mut areas = vec![TradeArea::Outside; zones.len()];
    let mut before = 0.0;
    for at in order {
        // Sums of shares are rounded: what is a limit but for that is one.
        let reaches = |limit: f64| before >= limit * all * (1.0 - 1e-12);
        areas[at] = match limits.map(reaches) {
            _ if zones[at].0 <= 0.0 => TradeArea::Outside,
            [false, ..] => TradeArea::Primary,
            [_, false, _] => TradeArea::Secondary,
            [_, _, false] => TradeArea::Tertiary,
            _ => TradeArea::Outside,
        };
        before += zones[at].0;
    }
    areas
}

/// Customers that two towns share: `Σ P min(p_a, p_b)`. Each entry is the customers of a place and the shares of both towns.
pub fn overlap(places: &[(f64, [f64; 2])]) -> f64 {
    places.iter().map(|(customers, [a, b])| customers * a.min(*b)).sum()
}

/// Why flows cannot be balanced.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum BalanceError {
    /// What leaves is not what arrives.
    #[error("{leaving} leave and {arriving} arrive, expected as many")]
    Totals {
        /// All that leaves.
        leaving: f64,
        /// All that arrives.
        arriving: f64,
    },
    /// A matrix of another size.
    #[error("{found} weights, expected {expected}: one per origin and destination")]
    Size {
        /// How many weights there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// Some origin or destination has no way, or the weights leave it none.
    #[error("margins still differ by {off} of all after {rounds} rounds")]
    NotBalanced {
        /// The largest difference, as a share of all flows.
        off: f64,
        /// How many rounds were made.
        rounds: usize,
    },
}

/// How near margins must come, as a share of all flows.
const BALANCED: f64 = 1e-9;
/// Most rounds of balancing.
const MOST_ROUNDS: usize = 10_000;

/// Flows `T_ij = a_i O_i b_j D_j f_ij` whose rows add up to the origins and whose columns to the destinations (doubly
/// constrained, Furness). Weights row by row, all 0 or more.
pub fn balance_flows(origins: &[f64], destinations: &[f64], weights: &[f64]) -> Result<Vec<f64>, BalanceError> {
    let columns = destinations.len();
    if weights.len() != origins.len() * columns {
        return Err(BalanceError::Size { found: weights.len(), expected: origins.len() * columns });
    }
    let (leaving, arriving): (f64, f64) = (origins.iter().sum(), destinations.iter().sum());
    let off = (leaving - arriving).abs();
    if off.is_nan() || off > 1e-6 * leaving.max(arriving) {
        return Err(BalanceError::Totals { leaving, arriving });
    }
    let mut flows = weights.to_vec();
    if columns == 0 || leaving == 0.0 {
        flows.fill(0.0);
        return Ok(flows);
    }
    let scale = |wanted: f64, found: f64| if found > 0.0 { wanted / found } else { 0.0 };
    let mut off = f64::INFINITY;
    for _ in 0..MOST_ROUNDS {
        for (row, &wanted) in flows.chunks_mut(columns).zip(origins) {
            let factor = scale(wanted, row.iter().sum());
            row.iter_mut().for_each(|flow| *flow *= factor);
        }
        let mut sums = vec![0.0; columns];
        for row in flows.chunks(columns) {
            row.iter().zip(&mut sums).for_each(|(flow, sum)| *sum += flow);
        }
        let factors: Vec<f64> = destinations.iter().zip(&sums).map(|(&wanted, &sum)| scale(wanted, sum)).collect();
        for row in flows.chunks_mut(columns) {
            row.iter_mut().zip(&factors).for_each(|(flow, factor)| *flow *= factor);
        }
        let rows = flows.chunks(columns).zip(origins).map(|(row, wanted)| (row.iter().sum::<f64>() - wanted).abs());
        let missed = destinations.iter().zip(&sums).filter(|(_, sum)| **sum == 0.0).map(|(wanted, _)| *wanted);
        off = rows.chain(missed).fold(0.0, f64::max) / leaving;
        if off <= BALANCED {
            return Ok(flows);
        }
    }
    Err(BalanceError::NotBalanced { off, rounds: MOST_ROUNDS })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HUFF: Decay = Decay::Power { exponent: 2.0, floor: 1.0 };

    /// Methods §6: A = 1000, 2000 m² at 5, 10 min.
    #[test]
    fn worked_example_of_huff() {
        let centres = [(1000.0, Some(5.0)), (2000.0, Some(10.0))];
        let found = huff_shares(&centres, HUFF, 0.0).expect("centres");
        let spent = found.of_centres.iter().map(|share| share * 3e6);
        for (found, expected) in spent.zip([2e6, 1e6]) {
            assert!((found - expected).abs() < 1e-6, "{found}");
        }
        // Utilities 40 and 20; another 60 go elsewhere.
        let found = huff_shares(&centres, HUFF, 60.0).expect("centres");
        assert!((found.of_centres[0] - 40.0 / 120.0).abs() < 1e-12 && (found.outside - 0.5).abs() < 1e-12);
        assert_eq!(huff_shares(&[(1000.0, None), (0.0, Some(1.0))], HUFF, 0.0), None);
    }

    /// As distance weighs more and more, everyone goes to the nearest.
    #[test]
    fn the_limit_of_huff_is_the_nearest() {
        let centres = [(1000.0, Some(9.0)), (9e6, Some(10.0)), (1.0, None)];
        let found = huff_shares(&centres, Decay::Power { exponent: 200.0, floor: 1.0 }, 0.0).expect("centres");
        assert!(found.of_centres[0] > 0.999 && found.of_centres[2] == 0.0, "{found:?}");
    }

    /// Three centres in a row, 10 min apart: the middle one has the others nearer.
    #[test]
    fn what_lies_around_a_centre_counts_by_distance() {
        let minutes = |a: usize, b: usize| (a + b != 3 || a == b).then(|| a.abs_diff(b) as f64 * 10.0);
        assert_eq!(
            surrounding_attraction(&[100.0, 50.0, 200.0], |a, b| Some(a.abs_diff(b) as f64 * 10.0)),
            [15.0, 30.0, 10.0]
        );
        assert_eq!(
            surrounding_attraction(&[100.0, 50.0, 200.0], minutes),
            [15.0, 10.0, 5.0],
            "no way between the last two"
        );
    }

    #[test]
    fn worked_example_of_reilly() {
        assert!((breaking_point(20.0, [100e3, 25e3]) - 13.3333).abs() < 1e-4);
        assert!((breaking_point(20.0, [25e3, 100e3]) - 6.6667).abs() < 1e-4);
    }

    /// Methods §6: customers 50, 25, 15, 10.
    #[test]
    fn worked_example_of_trade_areas() {
        use TradeArea::{Outside, Primary, Secondary, Tertiary};
        let zones = [(15.0, 9.0), (50.0, 5.0), (10.0, 1.0), (25.0, 7.0)];
        assert_eq!(trade_areas(&zones, TRADE_AREA_LIMITS), [Secondary, Primary, Outside, Primary]);
        // Of equal zones the nearer counts first: 40, 20 near, 20 far, 20 farthest.
        let equal = [(20.0, 30.0), (40.0, 50.0), (20.0, 10.0), (20.0, 20.0)];
        assert_eq!(trade_areas(&equal, [0.5, 0.8, 0.9]), [Tertiary, Primary, Primary, Secondary]);
        assert_eq!(trade_areas(&[(0.0, 1.0), (3.0, 2.0)], TRADE_AREA_LIMITS), [Outside, Primary]);
        assert_eq!(trade_areas(&[(0.0, 1.0)], TRADE_AREA_LIMITS), [Outside]);
    }

    #[test]
    fn what_two_towns_share_is_counted_once() {
        assert_eq!(overlap(&[(100.0, [0.5, 0.25]), (50.0, [0.0, 1.0]), (10.0, [0.4, 0.6])]), 29.0);
    }

    /// Methods §6.
    #[test]
    fn worked_example_of_balanced_flows() {
        let weights = [5.0_f64, 10.0, 10.0, 5.0].map(|minutes| (-0.1 * minutes).exp());
        let found = balance_flows(&[100.0, 200.0], &[150.0, 150.0], &weights).expect("balanced");
        for (found, expected) in found.iter().zip([66.2138, 33.7862, 83.7862, 116.2138]) {
            assert!((found - expected).abs() < 1e-4, "{found} is not {expected}");
        }
    }

    #[test]
    fn flows_that_cannot_balance_are_refused() {
        let refused = |origins: &[f64], destinations: &[f64], weights: &[f64]| {
            balance_flows(origins, destinations, weights).expect_err("refused")
        };
        assert_eq!(refused(&[1.0], &[2.0], &[1.0]), BalanceError::Totals { leaving: 1.0, arriving: 2.0 });
        assert!(matches!(refused(&[f64::NAN], &[2.0], &[1.0]), BalanceError::Totals { .. }));
        assert_eq!(refused(&[1.0], &[1.0], &[1.0; 3]), BalanceError::Size { found: 3, expected: 1 });
        // The second origin has no way, and a destination that only the first reaches wants more than it has.
        assert!(matches!(refused(&[1.0, 1.0], &[2.0, 0.0], &[1.0, 1.0, 0.0, 0.0]), BalanceError::NotBalanced { .. }));
        assert!(matches!(refused(&[2.0], &[1.0, 1.0], &[1.0, 0.0]), BalanceError::NotBalanced { .. }));
        assert_eq!(balance_flows(&[], &[], &[]), Ok(vec![]));
    }

    proptest! {
        #[test]
        fn shares_add_up_to_one(
            centres in proptest::collection::vec((0.0..5000.0f64, proptest::option::of(0.0..90.0f64)), 0..12),
            outside in 0.0..50.0f64,
        ) {
            if let Some(found) = huff_shares(&centres, HUFF, outside) {
                prop_assert!((found.of_centres.iter().sum::<f64>() + found.outside - 1.0).abs() < 1e-9);
                prop_assert!(found.of_centres.iter().all(|share| (0.0..=1.0).contains(share)));
            }
        }

        #[test]
        fn flows_meet_both_margins(
            origins in proptest::collection::vec(1.0..90.0f64, 1..6),
            destinations in proptest::collection::vec(1.0..90.0f64, 1..6),
            weights in proptest::collection::vec(0.05..1.0f64, 36),
        ) {
            let factor = origins.iter().sum::<f64>() / destinations.iter().sum::<f64>();
            let destinations: Vec<f64> = destinations.iter().map(|all| all * factor).collect();
            let columns = destinations.len();
            let flows = balance_flows(&origins, &destinations, &weights[..origins.len() * columns]).expect("ways for all");
            for (row, wanted) in flows.chunks(columns).zip(&origins) {
                prop_assert!((row.iter().sum::<f64>() / wanted - 1.0).abs() < 1e-6);
            }
            for (at, wanted) in destinations.iter().enumerate() {
                let arriving: f64 = flows.chunks(columns).map(|row| row[at]).sum();
                prop_assert!((arriving / wanted - 1.0).abs() < 1e-6);
            }
        }
    }
}
