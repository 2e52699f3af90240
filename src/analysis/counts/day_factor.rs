//! Counts of some days → persons a day over the year, by counters that counted the same days (methods §7.6).
//!
//! In: days of a site, and of others with their annual averages. Out: its annual average, and how far this is off where it is
//! known: each counter is taken for one that counted a week only.
//!
//! # References
//! S. Hankey, G. Lindsey, J. Marshall 2014, doi:10.3141/2468-13 (day-of-year factors).

use std::collections::BTreeMap;

use crate::base::mixing::Mixing;

/// The valid days of a counter, and its annual average.
#[derive(Clone, Debug, PartialEq)]
pub struct CountedDays {
    /// Persons by day.
    pub days: BTreeMap<i32, f64>,
    /// Persons a day over the year, above 0.
    pub aadp: f64,
}

/// The annual average of a site that counted some days: each is divided by what the others had that day beside their own
/// averages. Days that no other counted are left out; `None` where none is left.
pub fn expand_by_days(counted: &[(i32, f64)], others: &[&CountedDays]) -> Option<f64> {
    let expanded: Vec<f64> = counted
        .iter()
        .filter_map(|(day, persons)| {
            let beside: Vec<f64> = others.iter().filter_map(|other| Some(other.days.get(day)? / other.aadp)).collect();
            let factor = beside.iter().sum::<f64>() / beside.len() as f64;
            (factor > 0.0).then_some(persons / factor)
        })
        .collect();
    (!expanded.is_empty()).then(|| expanded.iter().sum::<f64>() / expanded.len() as f64)
}

/// How far short counts are off once they are expanded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExpansionError {
    /// Mean of |expanded − known| / known.
    pub mean_absolute: f64,
    /// Short counts that were tried.
    pub tried: usize,
}

/// Takes days in a row of each counter, drawn by chance, as all that it counted, and expands them by the others. `None` where no
/// counter has so many days in a row.
pub fn measure_expansion_error(
    counters: &[CountedDays],
    days_in_a_row: u32,
    draws: usize,
    seed: u64,
) -> Option<ExpansionError> {
    let span = i32::try_from(days_in_a_row).ok().filter(|span| *span > 0)?;
    let (mut sum, mut tried) = (0.0, 0);
    for (at, counter) in counters.iter().enumerate() {
        let others: Vec<&CountedDays> =
            counters.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, other)| other).collect();
        let whole = |first: &i32| (*first..*first + span).all(|day| counter.days.contains_key(&day));
        let starts: Vec<i32> = counter.days.keys().copied().filter(whole).collect();
        let mut mixing = Mixing::of(seed ^ ((at as u64) << 32));
        for _ in 0..if starts.is_empty() { 0 } else { draws } {
            let first = starts[(mixing.draw() % starts.len() as u64) as usize];
            let counted: Vec<(i32, f64)> = (first..first + span).map(|day| (day, counter.days[&day])).collect();
            let Some(expanded) = expand_by_days(&counted, &others) else { continue };
            sum += (expanded - counter.aadp).abs() / counter.aadp;
            tried += 1;
        }
    }
    (tried > 0).then(|| ExpansionError { mean_absolute: sum / tried as f64, tried })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counter(aadp: f64, by_day: impl Fn(i32) -> f64) -> CountedDays {
        CountedDays { days: (0..70).map(|day| (day, aadp * by_day(day))).collect(), aadp }
    }

    /// A Saturday has twice as many everywhere; the third counter has a season of its own.
    #[test]
    fn days_are_measured_against_the_same_days_elsewhere() {
        let week = |day: i32| if day % 7 == 5 { 2.0 } else { 1.0 };
        let (a, b) = (counter(1000.0, week), counter(300.0, week));
        assert_eq!(expand_by_days(&[(5, 180.0), (6, 90.0)], &[&a, &b]), Some(90.0));
        assert_eq!(expand_by_days(&[(500, 180.0)], &[&a, &b]), None);
        assert_eq!(expand_by_days(&[(5, 180.0), (500, 1.0)], &[&a]), Some(90.0), "a day that nobody else counted");
        let alike = measure_expansion_error(&[a.clone(), b.clone()], 7, 5, 1).expect("weeks");
        assert!(alike.mean_absolute < 1e-12 && alike.tried == 10);
        let odd = counter(500.0, |day| week(day) * if day < 35 { 1.5 } else { 0.5 });
        let found = measure_expansion_error(&[a, b, odd], 7, 40, 1).expect("weeks");
        assert!(found.mean_absolute > 0.1 && found.mean_absolute < 0.5, "{found:?}");
        assert_eq!(measure_expansion_error(&[counter(1.0, week)], 7, 5, 1), None, "no other");
        assert_eq!(measure_expansion_error(&[counter(1.0, week), counter(1.0, week)], 71, 5, 1), None, "no such row");
    }
}
