//! Which centre customers choose: a multinomial logit, fitted to what they were seen to choose (methods §6).
//!
//! Huff's rule and MCI are this model with logarithms as attributes: `p_ij = Π x_ijh^β_h / Σ_k Π x_ikh^β_h`. In: per origin the
//! alternatives with their attributes and how often each was chosen, or how much of the whole each alternative has together.
//! Out: coefficients with standard errors, and how well origins are foretold that the fit has not seen.
//!
//! # References
//! D. McFadden 1974 (conditional logit) · M. Nakanishi, L. Cooper 1974, doi:10.1177/002224377401100309 (MCI) · H. White 1982,
//! doi:10.2307/1912526 (errors that hold where customers of an origin are alike).

use super::linear_system::{Information, roots_of_diagonal};

/// Rounds in which a fit has to come to rest.
const MOST_ROUNDS: usize = 100;
/// Parts that origins are dealt into, to be foretold one after the other.
const FOLDS: usize = 10;

/// What the customers of an origin choose among.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChoiceSet {
    /// Which alternatives there are, by their places among all.
    pub alternatives: Vec<usize>,
    /// Their attributes, alternative by alternative, as many for each.
    pub attributes: Vec<f64>,
    /// How often each was chosen, 0 or more.
    pub chosen: Vec<f64>,
    /// Customers of the origin, 0 or more: its weight where only totals of alternatives are known.
    pub customers: f64,
}

impl ChoiceSet {
    fn of(&self, alternative: usize, size: usize) -> &[f64] {
        &self.attributes[alternative * size..][..size]
    }

    /// The share of each alternative under some coefficients.
    pub fn shares(&self, coefficients: &[f64]) -> Vec<f64> {
        let size = coefficients.len();
        let utility = |at: usize| self.of(at, size).iter().zip(coefficients).map(|(x, beta)| x * beta).sum::<f64>();
        let utilities: Vec<f64> = (0..self.alternatives.len()).map(utility).collect();
        let highest = utilities.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = utilities.iter().map(|utility| (utility - highest).exp()).collect();
        let all: f64 = weights.iter().sum();
        weights.iter().map(|weight| weight / all).collect()
    }

    /// The attributes in the mean, by these shares.
    fn mean(&self, shares: &[f64], size: usize) -> Vec<f64> {
        let mut mean = vec![0.0; size];
        for (at, share) in shares.iter().enumerate() {
            mean.iter_mut().zip(self.of(at, size)).for_each(|(mean, x)| *mean += share * x);
        }
        mean
    }
}

/// Why nothing can be fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// No origin with a choice was observed.
    #[error("nothing is observed: no origin with two alternatives at least and a choice among them")]
    NothingObserved,
    /// An attribute that is the same for all, or told by the others.
    #[error("attributes do not differ, or one follows from others: their powers cannot be told apart")]
    Inseparable,
    /// The fit runs away: some attribute tells the choice without fail.
    #[error("the fit does not come to rest after {MOST_ROUNDS} rounds: some attribute tells the choice without fail")]
    RunsAway,
}

/// A fitted model.
#[derive(Clone, Debug, PartialEq)]
pub struct ChoiceFit {
    /// The power, or rate, of each attribute.
    pub coefficients: Vec<f64>,
    /// Standard errors if customers choose each by himself.
    pub errors: Vec<f64>,
    /// Standard errors that hold where those of one origin are alike (sandwich by origin). For totals, which are often no
    /// counts of customers: by how far they scatter about the fit (Pearson); `None` where there are too few to tell.
    pub robust_errors: Option<Vec<f64>>,
    /// `Σ n ln p`.
    pub log_likelihood: f64,
    /// The same where all alternatives are as likely.
    pub null_log_likelihood: f64,
    /// Rounds that it took.
    pub rounds: usize,
}

impl ChoiceFit {
    /// McFadden's R²: 0 where attributes tell nothing, 1 where they tell all.
    pub fn pseudo_r_squared(&self) -> f64 {
        1.0 - self.log_likelihood / self.null_log_likelihood
    }
}

/// What a fit climbs: the likelihood, its slope, and its curvature.
struct Slope {
    log_likelihood: f64,
    /// Per origin or alternative.
    scores: Vec<Vec<f64>>,
    /// Row by row.
    information: Vec<f64>,
}

/// Fits a model to what each origin was seen to choose. All sets have `size` attributes per alternative.
pub fn fit_choices(sets: &[ChoiceSet], size: usize) -> Result<ChoiceFit, FitError> {
    let told: Vec<&ChoiceSet> =
        sets.iter().filter(|set| set.alternatives.len() > 1 && set.chosen.iter().sum::<f64>() > 0.0).collect();
    if told.is_empty() {
        return Err(FitError::NothingObserved);
    }
    climb(size, |coefficients| slope_of_choices(&told, coefficients))
}

fn slope_of_choices(sets: &[&ChoiceSet], coefficients: &[f64]) -> Slope {
    let size = coefficients.len();
    let mut slope = Slope { log_likelihood: 0.0, scores: Vec::new(), information: vec![0.0; size * size] };
    for set in sets {
        let shares = set.shares(coefficients);
        let mean = set.mean(&shares, size);
        let all: f64 = set.chosen.iter().sum();
        let mut score = vec![0.0; size];
        for (at, (share, chosen)) in shares.iter().zip(&set.chosen).enumerate() {
            if *chosen > 0.0 {
                slope.log_likelihood += chosen * share.max(f64::MIN_POSITIVE).ln();
            }
            let off: Vec<f64> = set.of(at, size).iter().zip(&mean).map(|(x, mean)| x - mean).collect();
            score.iter_mut().zip(&off).for_each(|(score, off)| *score += chosen * off);
            add_square(&mut slope.information, &off, all * share);
        }
        slope.scores.push(score);
    }
    slope
}

/// Fits a model to how much of the whole each alternative has: `totals` by their places, 0 or more. Origins count by their
/// customers.
pub fn fit_totals(sets: &[ChoiceSet], totals: &[f64], size: usize) -> Result<ChoiceFit, FitError> {
    let told: Vec<&ChoiceSet> = sets.iter().filter(|set| !set.alternatives.is_empty() && set.customers > 0.0).collect();
    if told.iter().all(|set| set.alternatives.len() < 2) || totals.iter().sum::<f64>() <= 0.0 {
        return Err(FitError::NothingObserved);
    }
    // What no origin has a way to tells nothing.
    let mut is_reached = vec![false; totals.len()];
    told.iter().flat_map(|set| &set.alternatives).for_each(|&alternative| is_reached[alternative] = true);
    let totals: Vec<f64> = totals.iter().zip(&is_reached).map(|(total, is)| if *is { *total } else { 0.0 }).collect();
    let totals = totals.as_slice();
    if totals.iter().sum::<f64>() <= 0.0 {
        return Err(FitError::NothingObserved);
    }
    let mut fit = climb(size, |coefficients| slope_of_totals(&told, totals, coefficients))?;
    let (expected, _) = expected_totals(&told, totals.len(), &fit.coefficients);
    let all: f64 = totals.iter().sum();
    let reached: Vec<(f64, f64)> = totals
        .iter()
        .zip(&expected)
        .filter(|(_, share)| **share > 0.0)
        .map(|(total, share)| (*total, all * share))
        .collect();
    let free = reached.len().saturating_sub(1 + size);
    let scatter: f64 = reached.iter().map(|(total, expected)| (total - expected).powi(2) / expected).sum();
    let scale = (free > 0).then(|| (scatter / free as f64).sqrt());
    fit.robust_errors = scale.map(|scale| fit.errors.iter().map(|error| scale * error).collect());
    Ok(fit)
}

/// The expected share of each alternative of the whole, and how it changes with each coefficient.
fn expected_totals(sets: &[&ChoiceSet], count: usize, coefficients: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let size = coefficients.len();
    let whole: f64 = sets.iter().map(|set| set.customers).sum();
    let (mut expected, mut change) = (vec![0.0; count], vec![vec![0.0; size]; count]);
    for set in sets {
        let shares = set.shares(coefficients);
        let mean = set.mean(&shares, size);
        for (at, share) in shares.iter().enumerate() {
            let part = set.customers / whole * share;
            let place = set.alternatives[at];
            expected[place] += part;
            let off = set.of(at, size).iter().zip(&mean).map(|(x, mean)| x - mean);
            change[place].iter_mut().zip(off).for_each(|(change, off)| *change += part * off);
        }
    }
    (expected, change)
}

fn slope_of_totals(sets: &[&ChoiceSet], totals: &[f64], coefficients: &[f64]) -> Slope {
    let size = coefficients.len();
    let (expected, change) = expected_totals(sets, totals.len(), coefficients);
    let all: f64 = totals.iter().sum();
    let mut slope = Slope { log_likelihood: 0.0, scores: Vec::new(), information: vec![0.0; size * size] };
    for ((total, expected), change) in totals.iter().zip(&expected).zip(&change) {
        if *expected <= 0.0 {
            continue; // Nobody has a way there.
        }
        slope.log_likelihood += if *total > 0.0 { total * expected.ln() } else { 0.0 };
        slope.scores.push(change.iter().map(|change| total / expected * change).collect());
        add_square(&mut slope.information, change, all / expected);
    }
    slope
}

/// Adds `weight · v vᵀ`.
fn add_square(matrix: &mut [f64], v: &[f64], weight: f64) {
    for (row, left) in matrix.chunks_exact_mut(v.len()).zip(v) {
        row.iter_mut().zip(v).for_each(|(cell, right)| *cell += weight * left * right);
    }
}

/// Newton's way up from coefficients of 0, each step halved until it leads up.
fn climb(size: usize, slope_at: impl Fn(&[f64]) -> Slope) -> Result<ChoiceFit, FitError> {
    let mut coefficients = vec![0.0; size];
    let mut here = slope_at(&coefficients);
    let null_log_likelihood = here.log_likelihood;
    let at_first = here.information.clone();
    for rounds in 1..=MOST_ROUNDS {
        let information = Information::of(&here.information, size);
        // At the start all alternatives are as likely: what cannot be told apart there never can. Later it runs away.
        let information = information.ok_or(if rounds == 1 { FitError::Inseparable } else { FitError::RunsAway })?;
        let mut gradient = vec![0.0; size];
        for score in &here.scores {
            gradient.iter_mut().zip(score).for_each(|(sum, part)| *sum += part);
        }
        let step = information.solve(&gradient);
        // What is still to be won, as a share of the likelihood.
        let gain: f64 = step.iter().zip(&gradient).map(|(step, slope)| step * slope).sum();
        // On a likelihood that levels off for ever there is nothing to win, and yet far to go.
        let is_still = step.iter().zip(&coefficients).all(|(step, beta)| step.abs() <= 1e-6 * (1.0 + beta.abs()));
        // Where nothing is left to chance nothing tells how far: all steps are as good.
        let is_flat = (0..size).any(|at| here.information[at * size + at] < 1e-8 * at_first[at * size + at]);
        if is_flat {
            return Err(FitError::RunsAway);
        }
        if is_still && gain <= 1e-13 * (1.0 + here.log_likelihood.abs()) {
            return Ok(ChoiceFit {
                errors: roots_of_diagonal(&information.inverse(), size),
                robust_errors: Some(roots_of_diagonal(&information.sandwich(&here.scores), size)),
                coefficients,
                log_likelihood: here.log_likelihood,
                null_log_likelihood,
                rounds,
            });
        }
        let mut scale = 1.0;
        (coefficients, here) = loop {
            let next: Vec<f64> = coefficients.iter().zip(&step).map(|(beta, step)| beta + scale * step).collect();
            let there = slope_at(&next);
            if there.log_likelihood >= here.log_likelihood || scale < 1e-6 {
                break (next, there);
            }
            scale /= 2.0;
        };
    }
    Err(FitError::RunsAway)
}

/// MCI as Nakanishi and Cooper fit it: least squares of log-centred shares, `ln(p/p̃_i) = Σ β_h (x_h - x̄_h)`, attributes being
/// logarithms. A share of nothing counts as half the least of its origin. No
/// likelihood is told.
pub fn fit_log_centred(sets: &[ChoiceSet], size: usize) -> Result<(Vec<f64>, Vec<f64>), FitError> {
    let (mut squares, mut right) = (vec![0.0; size * size], vec![0.0; size]);
    let mut rows: Vec<(Vec<f64>, f64)> = Vec::new();
    let mut free = 0;
    for set in sets {
        let count = set.alternatives.len();
        let all: f64 = set.chosen.iter().sum();
        if count < 2 || all <= 0.0 {
            continue;
        }
        free += count - 1;
        let least = set.chosen.iter().copied().filter(|chosen| *chosen > 0.0).fold(f64::INFINITY, f64::min);
        let log = |chosen: &f64| (if *chosen > 0.0 { *chosen } else { least / 2.0 } / all).ln();
        let logs: Vec<f64> = set.chosen.iter().map(log).collect();
        let even = vec![1.0 / count as f64; count];
        let (mean, mean_log) = (set.mean(&even, size), logs.iter().sum::<f64>() / count as f64);
        for (at, log) in logs.iter().enumerate() {
            let off: Vec<f64> = set.of(at, size).iter().zip(&mean).map(|(x, mean)| x - mean).collect();
            add_square(&mut squares, &off, 1.0);
            right.iter_mut().zip(&off).for_each(|(sum, off)| *sum += off * (log - mean_log));
            rows.push((off, log - mean_log));
        }
    }
    if rows.is_empty() {
        return Err(FitError::NothingObserved);
    }
    let information = Information::of(&squares, size).ok_or(FitError::Inseparable)?;
    let coefficients = information.solve(&right);
    let miss =
        |(off, log): &(Vec<f64>, f64)| log - off.iter().zip(&coefficients).map(|(x, beta)| x * beta).sum::<f64>();
    let squared: f64 = rows.iter().map(|row| miss(row).powi(2)).sum();
    // Shares of an origin add up: each has one row less than alternatives.
    let variance = squared / free.saturating_sub(size).max(1) as f64;
    let errors = roots_of_diagonal(&information.inverse(), size).iter().map(|root| root * variance.sqrt()).collect();
    Ok((coefficients, errors))
}

/// What each origin is foretold to choose by a fit that has not seen it: shares per set, `None` where nothing was observed or
/// the rest could not be fitted. Origins are dealt into ten parts by their order, each alone where there are fewer. `fit` gives
/// the coefficients of some sets.
pub fn hold_out(sets: &[ChoiceSet], fit: impl Fn(&[ChoiceSet]) -> Option<Vec<f64>>) -> Vec<Option<Vec<f64>>> {
    let is_told = |set: &ChoiceSet| set.alternatives.len() > 1 && set.chosen.iter().sum::<f64>() > 0.0;
    let told: Vec<usize> = (0..sets.len()).filter(|&at| is_told(&sets[at])).collect();
    let folds = FOLDS.min(told.len());
    let mut foretold = vec![None; sets.len()];
    for fold in 0..folds {
        let others = told.iter().enumerate().filter(|(order, _)| order % folds != fold);
        let rest: Vec<ChoiceSet> = others.map(|(_, &at)| sets[at].clone()).collect();
        let Some(coefficients) = fit(&rest) else { continue };
        for &at in told.iter().skip(fold).step_by(folds) {
            foretold[at] = Some(sets[at].shares(&coefficients));
        }
    }
    foretold
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FLOOR: [f64; 3] = [1000.0, 2000.0, 500.0];
    const MINUTES: [[f64; 3]; 5] =
        [[5.0, 10.0, 20.0], [12.0, 6.0, 9.0], [30.0, 25.0, 8.0], [7.0, 7.0, 15.0], [18.0, 4.0, 11.0]];
    const CHOSEN: [[f64; 3]; 5] =
        [[60.0, 30.0, 4.0], [20.0, 75.0, 12.0], [8.0, 20.0, 18.0], [35.0, 66.0, 5.0], [9.0, 88.0, 7.0]];

    fn set(minutes: [f64; 3], chosen: [f64; 3], customers: f64) -> ChoiceSet {
        let attributes = FLOOR.iter().zip(minutes).flat_map(|(floor, minutes)| [floor.ln(), minutes.ln()]);
        ChoiceSet { alternatives: vec![0, 1, 2], attributes: attributes.collect(), chosen: chosen.to_vec(), customers }
    }

    fn drawn() -> Vec<ChoiceSet> {
        MINUTES.into_iter().zip(CHOSEN).map(|(minutes, chosen)| set(minutes, chosen, 1.0)).collect()
    }

    fn assert_near(found: &[f64], expected: [f64; 2]) {
        let near = |(found, expected): (&f64, &f64)| (found - expected).abs() < 1e-6;
        assert!(found.len() == 2 && found.iter().zip(&expected).all(near), "{found:?} is not {expected:?}");
    }

    /// Expected figures: SciPy 1.17, BFGS on the likelihood, the information and the sandwich from its definition; least squares
    /// of the log-centred shares by NumPy.
    #[test]
    fn fits_are_those_of_another_program() {
        let fit = fit_choices(&drawn(), 2).expect("a fit");
        assert_near(&fit.coefficients, [0.890400, -1.281256]);
        assert_near(&fit.errors, [0.104670, 0.126224]);
        assert_near(&fit.robust_errors.clone().expect("by origin"), [0.095465, 0.149589]);
        assert_near(&[fit.log_likelihood, fit.null_log_likelihood], [-352.162829, -502.065816]);
        assert!((fit.pseudo_r_squared() - 0.298572).abs() < 1e-6);
        let (coefficients, errors) = fit_log_centred(&drawn(), 2).expect("a fit");
        assert_near(&coefficients, [1.000740, -1.227922]);
        assert_near(&errors, [0.087728, 0.098736]);
    }

    #[test]
    fn what_cannot_be_fitted_is_told() {
        assert_eq!(fit_choices(&[], 2), Err(FitError::NothingObserved));
        let nobody = [set(MINUTES[0], [0.0; 3], 1.0)];
        assert_eq!(
            (fit_choices(&nobody, 2), fit_log_centred(&nobody, 2)),
            (Err(FitError::NothingObserved), Err(FitError::NothingObserved))
        );
        // Floor and minutes rise together: which of them puts people off?
        let alike = [set([1000.0, 2000.0, 500.0], [5.0, 3.0, 9.0], 1.0)];
        assert_eq!(fit_choices(&alike, 2), Err(FitError::Inseparable));
        // Everyone goes to the nearest: no power is high enough.
        let nearest = MINUTES.map(|minutes| {
            let least = minutes.into_iter().fold(f64::INFINITY, f64::min);
            set(minutes, minutes.map(|minutes| if minutes == least { 9.0 } else { 0.0 }), 1.0)
        });
        assert_eq!(fit_choices(&nearest, 2), Err(FitError::RunsAway));
    }

    #[test]
    fn origins_are_foretold_by_the_others() {
        let sets = drawn();
        let fit = |rest: &[ChoiceSet]| fit_choices(rest, 2).ok().map(|fit| fit.coefficients);
        let foretold = hold_out(&sets, fit);
        for (at, shares) in foretold.iter().enumerate() {
            let others: Vec<ChoiceSet> =
                sets.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, set)| set.clone()).collect();
            let fit = fit_choices(&others, 2).expect("a fit");
            let expected = sets[at].shares(&fit.coefficients);
            let near = shares.as_ref().expect("foretold").iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-9);
            assert!(near, "{shares:?} is not {expected:?}");
        }
        assert_eq!(hold_out(&sets[..1], fit), [None], "nothing is left to fit");
    }

    proptest! {
        /// What follows a rule without scatter gives the rule back: from choices, from log-centred shares, and from totals.
        #[test]
        fn rules_are_found_again(
            gamma in 0.2..2.0f64,
            lambda in -3.0..-0.3f64,
            minutes in proptest::collection::vec(proptest::array::uniform3(1.0..60.0f64), 6..12),
        ) {
            let rule = [gamma, lambda];
            let mut sets: Vec<ChoiceSet> = minutes.iter().enumerate().map(|(at, &minutes)| set(minutes, [0.0; 3], 50.0 + 10.0 * at as f64)).collect();
            let mut totals = [0.0; 3];
            for set in &mut sets {
                let shares = set.shares(&rule);
                prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                set.chosen = shares.iter().map(|share| 1e9 * share).collect();
                totals.iter_mut().zip(&shares).for_each(|(total, share)| *total += set.customers * share);
            }
            let near = |found: &[f64], tolerance: f64| found.iter().zip(&rule).all(|(found, rule)| (found - rule).abs() < tolerance);
            let fit = fit_choices(&sets, 2).expect("a fit");
            prop_assert!(near(&fit.coefficients, 1e-5), "{:?} is not {rule:?}", fit.coefficients);
            prop_assert!(near(&fit_log_centred(&sets, 2).expect("a fit").0, 1e-6));
            if let Ok(fit) = fit_totals(&sets, &totals, 2) {
                let (expected, _) = expected_totals(&sets.iter().collect::<Vec<_>>(), 3, &fit.coefficients);
                let all: f64 = totals.iter().sum();
                prop_assert!(expected.iter().zip(&totals).all(|(share, total)| (share * all - total).abs() < 1e-4 * all), "{expected:?} {totals:?}");
            }
        }
    }
}
