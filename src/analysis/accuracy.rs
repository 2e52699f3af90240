//! How well modelled flows agree with counted ones (methods §7.4).
//!
//! In: pairs of modelled and counted persons per hour or day. Out: plain numbers; `None` where a measure is not
//! defined. Pairs with a value that is not finite must be left out by the caller.

use crate::analysis::statistics::spearman;

/// A modelled and a counted volume of the same site.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Modelled persons.
    pub modelled: f64,
    /// Counted persons.
    pub counted: f64,
}

/// Counts below this are left out of MAPE, which they would dominate (methods §7.4).
pub const LEAST_COUNT_FOR_MAPE: f64 = 10.0;

/// All measures at once.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Accuracy {
    /// How many pairs.
    pub pairs: usize,
    /// Root mean square error, persons.
    pub rmse: Option<f64>,
    /// Mean absolute percentage error of counts from 10 upwards, as a share.
    pub mape: Option<f64>,
    /// Sum of absolute errors over sum of counts.
    pub wape: Option<f64>,
    /// Coefficient of determination against the mean, natural scale; may be negative.
    pub r_squared: Option<f64>,
    /// Sum of errors over sum of counts; negative where the model is too low.
    pub bias: Option<f64>,
    /// Rank correlation.
    pub spearman: Option<f64>,
    /// Share of pairs with GEH below 5.
    pub geh_below_5: Option<f64>,
    /// Share of pairs with GEH below 10.
    pub geh_below_10: Option<f64>,
}

/// All measures of a set of pairs.
pub fn measure_accuracy(pairs: &[Pair]) -> Accuracy {
    let below = |limit: f64| share(pairs, |pair| geh(*pair) < limit);
    let modelled: Vec<f64> = pairs.iter().map(|pair| pair.modelled).collect();
    let counted: Vec<f64> = pairs.iter().map(|pair| pair.counted).collect();
    Accuracy {
        pairs: pairs.len(),
        rmse: rmse(pairs),
        mape: mape(pairs),
        wape: wape(pairs),
        r_squared: r_squared(pairs),
        bias: bias(pairs),
        spearman: spearman(&modelled, &counted),
        geh_below_5: below(5.0),
        geh_below_10: below(10.0),
    }
}

/// `GEH = sqrt(2 (m - c)^2 / (m + c))` of hourly volumes; 0 if both are 0.
pub fn geh(pair: Pair) -> f64 {
    let sum = pair.modelled + pair.counted;
    if sum > 0.0 { (2.0 * (pair.modelled - pair.counted).powi(2) / sum).sqrt() } else { 0.0 }
}

/// Root mean square error; `None` without pairs.
pub fn rmse(pairs: &[Pair]) -> Option<f64> {
    let squares: f64 = pairs.iter().map(|pair| (pair.modelled - pair.counted).powi(2)).sum();
    (!pairs.is_empty()).then(|| (squares / pairs.len() as f64).sqrt())
}

/// Mean of |error| / count over counts of at least [`LEAST_COUNT_FOR_MAPE`]; `None` where there is none.
pub fn mape(pairs: &[Pair]) -> Option<f64> {
    let errors: Vec<f64> = pairs
        .iter()
        .filter(|pair| pair.counted >= LEAST_COUNT_FOR_MAPE)
        .map(|pair| (pair.modelled - pair.counted).abs() / pair.counted)
        .collect();
    (!errors.is_empty()).then(|| errors.iter().sum::<f64>() / errors.len() as f64)
}

/// Sum of |error| over sum of counts; `None` where nothing was counted.
pub fn wape(pairs: &[Pair]) -> Option<f64> {
    over_counted(pairs, |pair| (pair.modelled - pair.counted).abs())
}

/// Sum of errors over sum of counts; `None` where nothing was counted.
pub fn bias(pairs: &[Pair]) -> Option<f64> {
    over_counted(pairs, |pair| pair.modelled - pair.counted)
}

/// `1 - SSE / SST` against the mean of the counts; `None` where all counts are equal.
pub fn r_squared(pairs: &[Pair]) -> Option<f64> {
    let mean = pairs.iter().map(|pair| pair.counted).sum::<f64>() / pairs.len().max(1) as f64;
    let total: f64 = pairs.iter().map(|pair| (pair.counted - mean).powi(2)).sum();
    let error: f64 = pairs.iter().map(|pair| (pair.modelled - pair.counted).powi(2)).sum();
    (total > 0.0).then(|| 1.0 - error / total)
}

fn over_counted(pairs: &[Pair], value: impl Fn(&Pair) -> f64) -> Option<f64> {
    let counted: f64 = pairs.iter().map(|pair| pair.counted).sum();
    (counted > 0.0).then(|| pairs.iter().map(value).sum::<f64>() / counted)
}

fn share(pairs: &[Pair], holds: impl Fn(&Pair) -> bool) -> Option<f64> {
    (!pairs.is_empty()).then(|| pairs.iter().filter(|pair| holds(pair)).count() as f64 / pairs.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-4 * expected.abs(), "{found} is not {expected}");
    }

    /// The worked example of methods §7.4.
    #[test]
    fn four_sites_by_hand() {
        let pairs: Vec<Pair> = [(110.0, 100.0), (190.0, 200.0), (330.0, 300.0), (360.0, 400.0)]
            .map(|(modelled, counted)| Pair { modelled, counted })
            .into();
        let found = measure_accuracy(&pairs);
        near(found.rmse.expect("pairs"), 25.9808);
        near(found.mape.expect("pairs"), 0.0875);
        near(found.wape.expect("pairs"), 0.09);
        near(found.r_squared.expect("pairs"), 0.946);
        near(found.bias.expect("pairs"), -0.01);
        near(found.spearman.expect("pairs"), 1.0);
        for (pair, expected) in pairs.iter().zip([0.976, 0.716, 1.690, 2.052]) {
            assert!((geh(*pair) - expected).abs() < 5e-4, "{pair:?}");
        }
        assert_eq!(found.geh_below_5, Some(1.0));
        near(geh(Pair { modelled: 550.0, counted: 500.0 }), 2.18218);
    }

    #[test]
    fn what_is_not_defined_is_none() {
        let none = measure_accuracy(&[]);
        assert_eq!((none.rmse, none.mape, none.wape, none.r_squared, none.bias), (None, None, None, None, None));
        let zeros = [Pair { modelled: 0.0, counted: 0.0 }; 3];
        assert_eq!(geh(zeros[0]), 0.0);
        assert_eq!((wape(&zeros), r_squared(&zeros), mape(&zeros)), (None, None, None));
        assert_eq!(rmse(&zeros), Some(0.0));
    }
}
