//! How unequally something is spread over people: Gini, Theil, Palma, shortfall below a line (FGT), concentration by income
//! (methods §4.4).
//!
//! In: a value per group of people, and how many they are. Out: a number, or `None` where it says nothing: nobody, nothing to
//! spread. Groups of no people count nowhere; values and people are 0 or more.
//!
//! # References
//! C. Gini 1912 · H. Theil 1967 · J. Foster, J. Greer, E. Thorbecke 1984, doi:10.2307/1913475 · A. Wagstaff, P. Paci, E. van
//! Doorslaer 1991, doi:10.1016/0277-9536(91)90212-U (concentration) · A. Cobham, A. Sumner 2013 (Palma).

/// People who have the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct People {
    /// What each of them has.
    pub value: f64,
    /// How many they are.
    pub count: f64,
}

/// Theil's index, and its parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theil {
    /// Of all: both parts together.
    pub whole: f64,
    /// Between groups: if everyone had the mean of his group.
    pub between: f64,
    /// Within groups.
    pub within: f64,
}

fn totals(people: impl Iterator<Item = People>) -> (f64, f64) {
    people.fold((0.0, 0.0), |(count, sum), some| (count + some.count, sum + some.count * some.value))
}

/// Share of the area between the line of equality and the Lorenz curve, of people in the order in which they stand:
/// `1 - Σ w_k (L_k + L_{k-1})`.
fn lorenz_gap(ordered: &[People]) -> Option<f64> {
    let (count, sum) = totals(ordered.iter().copied());
    if !(count > 0.0 && sum > 0.0) {
        return None;
    }
    let mut reached = 0.0;
    let twice_below: f64 = ordered
        .iter()
        .map(|some| {
            let before = reached;
            reached += some.count * some.value / sum;
            some.count / count * (reached + before)
        })
        .sum();
    Some(1.0 - twice_below)
}

/// Gini's index: 0 where all have the same, towards 1 where one has all. `None` where nobody has anything.
pub fn gini(people: &[People]) -> Option<f64> {
    let mut ordered = people.to_vec();
    ordered.sort_by(|a, b| a.value.total_cmp(&b.value));
    lorenz_gap(&ordered)
}

/// Concentration by rank: how far the poor (below 0: they have more) or the rich (above 0) have more, -1 to 1. Each entry is
/// people and their income; those of the same income share what they have.
pub fn concentration(people: &[(People, f64)]) -> Option<f64> {
    let mut ordered = people.to_vec();
    ordered.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mean_of = |group: &[(People, f64)]| {
        let (count, sum) = totals(group.iter().map(|(some, _)| *some));
        People { value: if count > 0.0 { sum / count } else { 0.0 }, count }
    };
    let groups: Vec<People> = ordered.chunk_by(|a, b| a.1 == b.1).map(mean_of).collect();
    lorenz_gap(&groups)
}

/// Theil's T, split between and within groups. Each entry is people and the number of their group. `None` where nobody has
/// anything.
pub fn theil(people: &[(People, usize)]) -> Option<Theil> {
    let (count, sum) = totals(people.iter().map(|(some, _)| *some));
    if !(count > 0.0 && sum > 0.0) {
        return None;
    }
    let mean = sum / count;
    let of = |some: People| {
        let ratio = some.value / mean;
        if ratio > 0.0 { some.count / count * ratio * ratio.ln() } else { 0.0 }
    };
    let whole: f64 = people.iter().map(|(some, _)| of(*some)).sum();
    let groups = people.iter().map(|(_, group)| group + 1).max().unwrap_or(0);
    let mut of_groups = vec![(0.0, 0.0); groups];
    for (some, group) in people {
        of_groups[*group].0 += some.count;
        of_groups[*group].1 += some.count * some.value;
    }
    let means = of_groups.iter().filter(|(count, _)| *count > 0.0);
    let between: f64 = means.map(|&(count, sum)| of(People { value: sum / count, count })).sum();
    Some(Theil { whole, between, within: whole - between })
}

/// Palma's ratio: what the richest tenth have in the mean over what the poorest two fifths have, by income. Each entry is
/// people and their income. `None` where either are nobody or the poorest have nothing.
pub fn palma(people: &[(People, f64)]) -> Option<f64> {
    let mut ordered: Vec<(People, f64)> = people.iter().copied().filter(|(some, _)| some.count > 0.0).collect();
    ordered.sort_by(|a, b| a.1.total_cmp(&b.1));
    let [poor, rich] = [0.4, 0.9].map(|share| income_quantile(&ordered, share));
    let (poor, rich) = (poor?, rich?);
    let mean_of = |holds: &dyn Fn(f64) -> bool| {
        let (count, sum) = totals(ordered.iter().filter(|(_, income)| holds(*income)).map(|(some, _)| *some));
        (count > 0.0).then(|| sum / count)
    };
    let poorest = mean_of(&|income| income <= poor).filter(|mean| *mean > 0.0)?;
    Some(mean_of(&|income| income > rich)? / poorest)
}

/// The income at a share of all people, sorted by it: at place `1 + (n - 1) share` of `n` people, linear between two.
fn income_quantile(ordered: &[(People, f64)], share: f64) -> Option<f64> {
    let all: f64 = ordered.iter().map(|(some, _)| some.count).sum();
    let place = 1.0 + (all - 1.0).max(0.0) * share;
    let (low, part) = (place.floor(), place.fract());
    let income_at = |place: f64| {
        let mut counted = 0.0;
        let found = ordered.iter().find(|(some, _)| {
            counted += some.count;
            counted >= place * (1.0 - 1e-12)
        });
        found.or(ordered.last()).map(|(_, income)| *income)
    };
    Some(income_at(low)? * (1.0 - part) + income_at(low + 1.0)? * part)
}

/// Shortfall below a line of Foster, Greer and Thorbecke: `Σ_{value < line} w ((line - value) / line)^a`. With `a` 0 the share
/// of people below it, with 1 how far they fall short in the mean of all, with 2 the far ones count more. `None` without people
/// or where the line is 0.
pub fn shortfall(people: &[People], line: f64, a: i32) -> Option<f64> {
    let (count, _) = totals(people.iter().copied());
    if !(count > 0.0 && line > 0.0) {
        return None;
    }
    let below = people.iter().filter(|some| some.value < line);
    Some(below.map(|some| some.count / count * ((line - some.value) / line).powi(a)).sum())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn four() -> Vec<People> {
        [10.0, 20.0, 30.0, 40.0].map(|value| People { value, count: 25.0 }).to_vec()
    }

    fn grouped(people: &[People], groups: &[usize]) -> Vec<(People, usize)> {
        people.iter().copied().zip(groups.iter().copied()).collect()
    }

    /// Methods §4.4: A = 10, 20, 30, 40, equal people.
    #[test]
    fn worked_examples_of_inequality() {
        assert_eq!(gini(&four()), Some(0.25));
        let theil = theil(&grouped(&four(), &[0, 0, 1, 1])).expect("something");
        for (found, expected) in [(theil.whole, 0.106440), (theil.between, 0.082283), (theil.within, 0.024157)] {
            assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
        }
        for (a, expected) in [(0, 0.5), (1, 0.2), (2, 0.1)] {
            assert!((shortfall(&four(), 25.0, a).expect("a line") - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn nothing_to_spread_has_no_inequality() {
        let nothing = [0.0, 0.0].map(|value| People { value, count: 3.0 });
        assert_eq!((gini(&nothing), theil(&grouped(&nothing, &[0, 1]))), (None, None));
        assert_eq!((gini(&[]), palma(&[]), shortfall(&[], 9.0, 1)), (None, None, None));
        assert_eq!(shortfall(&four(), 0.0, 1), None);
    }

    /// Ten people with incomes 1 to 10: q40 = 4.6 and q90 = 9.1, so that four are poor and one is rich.
    #[test]
    fn palma_goes_by_income_and_not_by_what_is_measured() {
        let people: Vec<(People, f64)> =
            (1..=10).map(|at| (People { value: f64::from(11 - at), count: 1.0 }, f64::from(at))).collect();
        // The richest has 1, the poorest four have 10, 9, 8, 7.
        assert_eq!(palma(&people), Some(1.0 / 8.5));
        let many: Vec<(People, f64)> = people.iter().map(|(some, i)| (People { count: 1000.0, ..*some }, *i)).collect();
        assert_eq!(palma(&many), Some(1.0 / 8.5));
        // All of one income: nobody is richer than nine tenths.
        assert_eq!(palma(&[(People { value: 3.0, count: 9.0 }, 5.0)]), None);
    }

    /// By income in the order of the values it is Gini's index, in the reverse order its negative; where all earn the same, 0.
    #[test]
    fn concentration_goes_by_income() {
        let with = |incomes: [f64; 4]| four().into_iter().zip(incomes).collect::<Vec<_>>();
        let near = |found: Option<f64>, expected: f64| assert!((found.expect("something") - expected).abs() < 1e-12);
        near(concentration(&with([1.0, 2.0, 3.0, 4.0])), 0.25);
        near(concentration(&with([4.0, 3.0, 2.0, 1.0])), -0.25);
        near(concentration(&with([7.0; 4])), 0.0);
    }

    proptest! {
        #[test]
        fn inequality_knows_no_unit_and_theil_splits(
            people in proptest::collection::vec((0.0..100.0f64, 0.1..50.0f64, 0..3_usize), 1..20),
            scale in 0.01..100.0f64,
        ) {
            let of = |scale: f64| people.iter().map(|&(value, count, _)| People { value: value * scale, count }).collect::<Vec<_>>();
            let groups: Vec<usize> = people.iter().map(|&(.., group)| group).collect();
            if let Some(index) = gini(&of(1.0)) {
                prop_assert!((0.0..1.0).contains(&(index + 1e-12)), "{index}");
                prop_assert!((gini(&of(scale)).expect("as much") - index).abs() < 1e-9);
                // Twice as many of each change nothing.
                let doubled: Vec<People> = of(1.0).iter().flat_map(|some| [*some, *some]).collect();
                prop_assert!((gini(&doubled).expect("as much") - index).abs() < 1e-9);
                let parts = theil(&grouped(&of(1.0), &groups)).expect("as much");
                prop_assert!(parts.between >= -1e-12 && parts.within >= -1e-12, "{parts:?}");
                let within: f64 = (0..3).filter_map(|group| {
                    let own: Vec<(People, usize)> = grouped(&of(1.0), &groups).into_iter().filter(|(_, g)| *g == group).collect();
                    let share = totals(own.iter().map(|(some, _)| *some)).1 / totals(of(1.0).into_iter()).1;
                    Some(share * theil(&own.iter().map(|(some, _)| (*some, 0)).collect::<Vec<_>>())?.whole)
                }).sum();
                prop_assert!((parts.within - within).abs() < 1e-9, "{} is not {within}", parts.within);
            }
        }
    }
}
