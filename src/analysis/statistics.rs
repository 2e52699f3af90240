//! Weighted means, quantiles and rank correlation, as all measures use them (methods §4.3, §7.4).
//!
//! Every function sorts or sums in the order of its input, so results do not depend on threads.

/// Weighted mean; `None` without weight. Values and weights pair up; weights are not negative.
pub fn weighted_mean(pairs: &[(f64, f64)]) -> Option<f64> {
    let weight: f64 = pairs.iter().map(|(_, w)| w).sum();
    (weight > 0.0).then(|| pairs.iter().map(|(v, w)| v * w).sum::<f64>() / weight)
}

/// Weighted quantile: the smallest value at which the cumulative weight reaches `share` of the whole.
/// `None` without weight. Infinite values stay in the sort.
pub fn weighted_quantile(pairs: &[(f64, f64)], share: f64) -> Option<f64> {
    let mut sorted: Vec<(f64, f64)> = pairs.iter().copied().filter(|(_, w)| *w > 0.0).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let whole: f64 = sorted.iter().map(|(_, w)| w).sum();
    let mut cumulative = 0.0;
    for (value, weight) in &sorted {
        cumulative += weight;
        if cumulative >= share * whole * (1.0 - 1e-12) {
            return Some(*value);
        }
    }
    sorted.last().map(|(value, _)| *value)
}

/// Share of the weight whose value satisfies a condition; `None` without weight.
pub fn share_where(pairs: &[(f64, f64)], holds: impl Fn(f64) -> bool) -> Option<f64> {
    let whole: f64 = pairs.iter().map(|(_, w)| w).sum();
    (whole > 0.0).then(|| pairs.iter().filter(|(v, _)| holds(*v)).map(|(_, w)| w).sum::<f64>() / whole)
}

/// Ranks from 1, equal values sharing the mean of their ranks.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let mut end = start + 1;
        while end < order.len() && values[order[end]] == values[order[start]] {
            end += 1;
        }
        let mean_rank = (start + 1 + end) as f64 / 2.0;
        for &index in &order[start..end] {
            ranks[index] = mean_rank;
        }
        start = end;
    }
    ranks
}

/// Spearman rank correlation, -1 to 1; `None` with fewer than three pairs or where one side is constant.
pub fn spearman(a: &[f64], b: &[f64]) -> Option<f64> {
    if a.len() != b.len() || a.len() < 3 {
        return None;
    }
    let (ranks_a, ranks_b) = (ranks(a), ranks(b));
    let mean = (a.len() + 1) as f64 / 2.0;
    let (mut covariance, mut variance_a, mut variance_b) = (0.0, 0.0, 0.0);
    for (x, y) in ranks_a.iter().zip(&ranks_b) {
        covariance += (x - mean) * (y - mean);
        variance_a += (x - mean) * (x - mean);
        variance_b += (y - mean) * (y - mean);
    }
    (variance_a > 0.0 && variance_b > 0.0).then(|| covariance / (variance_a * variance_b).sqrt())
}

/// Median of the values; `None` for none. The mean of the two middle values for an even number.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some((sorted[middle - 1] + sorted[middle]) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_a_value_that_occurs() {
        let pairs = [(3.0, 1.0), (1.0, 1.0), (2.0, 2.0)];
        assert_eq!(weighted_quantile(&pairs, 0.5), Some(2.0));
        assert_eq!(weighted_quantile(&pairs, 0.76), Some(3.0));
        assert_eq!(weighted_quantile(&[(1.0, 0.0)], 0.5), None);
        assert_eq!(weighted_mean(&pairs), Some(2.0));
        assert_eq!(share_where(&pairs, |v| v >= 2.0), Some(0.75));
    }

    #[test]
    fn spearman_shares_ranks_of_ties() {
        // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: covariance 4.5, variances 4.5 and 5.
        let found = spearman(&[1.0, 2.0, 2.0, 9.0], &[1.0, 2.0, 3.0, 4.0]).expect("four pairs");
        assert!((found - 4.5 / (4.5f64 * 5.0).sqrt()).abs() < 1e-12, "{found}");
        assert_eq!(spearman(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0]), None);
    }
}
