//! Foot traffic foretold from what stands around: a regression on counts, checked on sites that it has not seen (methods §7.3).
//!
//! In: per site its count and the logarithms of what is around it. Out: `ln mu = b0 + Σ b x`, whose counts scatter as a negative
//! binomial (NB2, `Var = mu + k mu²`), and what each site is foretold by the others. Towns have few counters: the weights of
//! what attracts are held at 0 or above and drawn together (ridge), as much as foretells the seen sites best.
//!
//! # References
//! S. Hankey, G. Lindsey 2016, doi:10.3141/2586-09 (direct demand of walking) · J. Hilbe 2011, Negative Binomial Regression ·
//! A. Hoerl, R. Kennard 1970, doi:10.1080/00401706.1970.10488634 (ridge).

use rayon::prelude::*;

use super::accuracy::{Pair, r_squared, wape};
use super::linear_system::Information;
use super::statistics::spearman;
use crate::base::mixing::Mixing;

/// Below this the scatter is Poisson's.
const NO_SCATTER: f64 = 1e-4;
/// The most scatter that is looked for.
const MOST_SCATTER: f64 = 20.0;
/// Rounds in which weights and scatter have to agree.
const ROUNDS: usize = 20;
/// Strengths of the ridge that are tried, as shares of all weight of the sites.
const RIDGES: [f64; 6] = [0.003, 0.01, 0.03, 0.1, 0.3, 1.0];
/// Sites that a term needs where it is not drawn to the others (methods §7.3).
const SITES_PER_TERM: usize = 10;
/// Sites that are left out, at most, to choose terms and ridge.
const MOST_TRIED: usize = 20;
/// Fewer sites than this are not fitted.
pub const LEAST_FITTED: usize = 5;
/// Shares of the draws between which an interval lies.
const INTERVAL: [f64; 2] = [0.05, 0.95];

/// `ln P(y)` of a negative binomial with mean `mu` and scatter `k`; Poisson's where `k` is below 0.0001. `y` and `mu` from 0 on.
pub fn log_likelihood(y: f64, mu: f64, k: f64) -> f64 {
    if k < NO_SCATTER {
        let expected = if y > 0.0 { y * mu.ln() } else { 0.0 };
        return expected - mu - libm::lgamma(y + 1.0);
    }
    let shape = 1.0 / k;
    let seen = if y > 0.0 { y * (k * mu / (1.0 + k * mu)).ln() } else { 0.0 };
    libm::lgamma(y + shape) - libm::lgamma(shape) - libm::lgamma(y + 1.0) - shape * (k * mu).ln_1p() + seen
}

/// A counted site and what is around it.
#[derive(Clone, Debug, PartialEq)]
pub struct DemandSite {
    /// Persons a day, above 0.
    pub counted: f64,
    /// What is around it, logarithms; as many for each site.
    pub around: Vec<f64>,
    /// Sites of one area are left out together.
    pub area: usize,
}

/// A fitted regression.
#[derive(Clone, Debug, PartialEq)]
pub struct DemandFit {
    /// `ln` of what is expected where nothing is around.
    pub intercept: f64,
    /// Per term its weight, from 0 on.
    pub weights: Vec<f64>,
    /// The scatter `k`.
    pub scatter: f64,
    /// The strength of the ridge.
    pub ridge: f64,
}

impl DemandFit {
    /// Persons a day expected with these things around.
    pub fn expect(&self, around: &[f64]) -> f64 {
        let told: f64 = self.weights.iter().zip(around).map(|(weight, x)| weight * x).sum();
        (self.intercept + told).clamp(-30.0, 30.0).exp()
    }
}

/// Fits the regression on some terms, the others having no weight; which of them stand, and the ridge, is chosen by leaving
/// sites out. `None` with fewer
/// than [`LEAST_FITTED`] sites.
pub fn fit_demand(sites: &[DemandSite], terms: &[usize]) -> Option<DemandFit> {
    if sites.len() < LEAST_FITTED {
        return None;
    }
    let all: Vec<&DemandSite> = sites.iter().collect();
    fit_some(&all, terms)
}

/// Which terms may stand together: all, drawn together by the ridge, and of few sites one per ten, at least one.
fn candidates(sites: usize, terms: &[usize]) -> Vec<Vec<usize>> {
    let mut sets = vec![terms.to_vec()];
    if terms.len() > 1 {
        sets.extend(terms.iter().map(|&term| vec![term]));
        if sites >= 2 * SITES_PER_TERM {
            let pairs = terms.iter().enumerate().flat_map(|(at, &a)| terms[at + 1..].iter().map(move |&b| vec![a, b]));
            sets.extend(pairs);
        }
    }
    sets
}

/// Fits those terms, with that ridge, which foretell the sites best when each is left out.
fn fit_some(sites: &[&DemandSite], terms: &[usize]) -> Option<DemandFit> {
    if terms.is_empty() {
        return fit_with(sites, terms, RIDGES[0]);
    }
    // What is missed on sites left out, as logarithms: no busy street outweighs all others.
    let missed = |terms: &[usize], ridge: f64| -> Option<f64> {
        let of_site = |out: usize| {
            let rest: Vec<&DemandSite> =
                sites.iter().enumerate().filter(|(at, _)| *at != out).map(|(_, site)| *site).collect();
            let fit = fit_with(&rest, terms, ridge)?;
            Some((sites[out].counted / fit.expect(&sites[out].around)).ln().powi(2))
        };
        // Beyond a score of sites a part of them, evenly, tells as much in less time.
        let step = sites.len().div_ceil(MOST_TRIED);
        (0..sites.len()).step_by(step).map(of_site).sum()
    };
    let sets = candidates(sites.len(), terms);
    let tried = sets.iter().flat_map(|set| RIDGES.iter().map(move |&ridge| (set, ridge)));
    let judged = tried.filter_map(|(set, ridge)| Some((missed(set, ridge)?, set, ridge)));
    let (_, set, ridge) = judged.min_by(|a, b| a.0.total_cmp(&b.0))?;
    fit_with(sites, set, ridge)
}

/// Fits with a given ridge. Terms that come out below 0 are left out, the lowest first.
fn fit_with(sites: &[&DemandSite], terms: &[usize], ridge: f64) -> Option<DemandFit> {
    let count = sites.first()?.around.len();
    let mut terms: Vec<usize> = terms.iter().copied().filter(|&term| deviation(sites, term).1 > 1e-9).collect();
    loop {
        let (mut fit, lowest) = fit_terms(sites, &terms, ridge)?;
        match lowest {
            Some(at) => {
                terms.remove(at);
            }
            None => {
                let mut weights = vec![0.0; count];
                terms.iter().zip(&fit.weights).for_each(|(&term, weight)| weights[term] = *weight);
                fit.weights = weights;
                return Some(fit);
            }
        }
    }
}

/// Mean and standard deviation of a term.
fn deviation(sites: &[&DemandSite], term: usize) -> (f64, f64) {
    let count = sites.len() as f64;
    let mean = sites.iter().map(|site| site.around[term]).sum::<f64>() / count;
    let variance = sites.iter().map(|site| (site.around[term] - mean).powi(2)).sum::<f64>() / count;
    (mean, variance.sqrt())
}

/// Weights of these terms by reweighted least squares, scatter by likelihood, one after the other until both rest; and the place
/// of the lowest weight below 0.
fn fit_terms(sites: &[&DemandSite], terms: &[usize], ridge: f64) -> Option<(DemandFit, Option<usize>)> {
    let scales: Vec<(f64, f64)> = terms.iter().map(|&term| deviation(sites, term)).collect();
    let row = |site: &DemandSite| -> Vec<f64> {
        let scaled = terms.iter().zip(&scales).map(|(&term, (mean, deviation))| (site.around[term] - mean) / deviation);
        std::iter::once(1.0).chain(scaled).collect()
    };
    let rows: Vec<Vec<f64>> = sites.iter().map(|site| row(site)).collect();
    let counted: Vec<f64> = sites.iter().map(|site| site.counted).collect();
    let size = terms.len() + 1;
    let mean = counted.iter().sum::<f64>() / counted.len() as f64;
    let mut beta = vec![0.0; size];
    beta[0] = mean.max(f64::MIN_POSITIVE).ln();
    let mut scatter = 1.0;
    for _ in 0..ROUNDS {
        beta = reweighted(&rows, &counted, (beta, scatter), ridge)?;
        let expected: Vec<f64> = rows.iter().map(|row| expect(row, &beta)).collect();
        let next = most_likely_scatter(&counted, &expected);
        let rests = (next - scatter).abs() <= 1e-6 * (1.0 + scatter);
        scatter = next;
        if rests {
            break;
        }
    }
    let weights: Vec<f64> = beta[1..].iter().zip(&scales).map(|(beta, (_, deviation))| beta / deviation).collect();
    let intercept = beta[0] - weights.iter().zip(&scales).map(|(weight, (mean, _))| weight * mean).sum::<f64>();
    let lowest =
        (0..weights.len()).filter(|&at| weights[at] < 0.0).min_by(|&a, &b| beta[a + 1].total_cmp(&beta[b + 1]));
    Some((DemandFit { intercept, weights, scatter, ridge }, lowest))
}

fn expect(row: &[f64], beta: &[f64]) -> f64 {
    row.iter().zip(beta).map(|(x, beta)| x * beta).sum::<f64>().clamp(-30.0, 30.0).exp()
}

/// Iteratively reweighted least squares with a ridge on all but the intercept.
fn reweighted(
    rows: &[Vec<f64>],
    counted: &[f64],
    (mut beta, scatter): (Vec<f64>, f64),
    ridge: f64,
) -> Option<Vec<f64>> {
    let size = beta.len();
    for _ in 0..100 {
        let (mut squares, mut right, mut all) = (vec![0.0; size * size], vec![0.0; size], 0.0);
        for (row, y) in rows.iter().zip(counted) {
            let mu = expect(row, &beta);
            let weight = mu / (1.0 + scatter * mu);
            let target = mu.ln() + (y - mu) / mu;
            all += weight;
            for (at, x) in row.iter().enumerate() {
                right[at] += weight * x * target;
                squares[at * size..][..size].iter_mut().zip(row).for_each(|(cell, other)| *cell += weight * x * other);
            }
        }
        (1..size).for_each(|at| squares[at * size + at] += ridge * all);
        let next = Information::of(&squares, size)?.solve(&right);
        if next.iter().any(|beta| !beta.is_finite()) {
            return None;
        }
        let moved = next.iter().zip(&beta).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        beta = next;
        if moved < 1e-9 {
            break;
        }
    }
    Some(beta)
}

/// The scatter under which counts are most likely, to a hundredth of its size (golden section on its logarithm).
fn most_likely_scatter(counted: &[f64], expected: &[f64]) -> f64 {
    let likelihood =
        |log: f64| -> f64 { counted.iter().zip(expected).map(|(&y, &mu)| log_likelihood(y, mu, log.exp())).sum() };
    let (mut low, mut high) = (NO_SCATTER.ln(), MOST_SCATTER.ln());
    let part = (5_f64.sqrt() - 1.0) / 2.0;
    let (mut a, mut b) = (high - part * (high - low), low + part * (high - low));
    let (mut at_a, mut at_b) = (likelihood(a), likelihood(b));
    while high - low > 1e-2 {
        if at_a >= at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - part * (high - low);
            at_a = likelihood(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + part * (high - low);
            at_b = likelihood(b);
        }
    }
    ((low + high) / 2.0).exp()
}

/// Who is left out together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// One site after the other.
    Site,
    /// All sites of an area.
    Area,
}

/// What each site is foretold by a regression on the others: all that is chosen is chosen without it. `None` where the others
/// are too few.
pub fn foretell_left_out(sites: &[DemandSite], terms: &[usize], left_out: LeftOut) -> Vec<Option<f64>> {
    let foretell = |out: usize| {
        let stays = |at: usize| match left_out {
            LeftOut::Site => at != out,
            LeftOut::Area => sites[at].area != sites[out].area,
        };
        let rest: Vec<&DemandSite> = (0..sites.len()).filter(|&at| stays(at)).map(|at| &sites[at]).collect();
        let fit = if rest.len() >= LEAST_FITTED { fit_some(&rest, terms) } else { None };
        fit.map(|fit| fit.expect(&sites[out].around))
    };
    (0..sites.len()).into_par_iter().map(foretell).collect()
}

/// A number with the interval that drawing the sites anew leaves it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawn {
    /// Over all sites.
    pub value: f64,
    /// Between a twentieth and nineteen twentieths of the draws.
    pub interval: [f64; 2],
}

/// How well left-out sites are foretold.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Foretelling {
    /// Sites that were foretold.
    pub sites: usize,
    /// R² against the mean, on persons a day.
    pub r_squared: Option<Drawn>,
    /// Rank correlation; `None` where all are foretold alike.
    pub spearman: Option<Drawn>,
    /// Sum of what is missed over all that is counted.
    pub wape: Option<Drawn>,
}

/// Measures what was foretold, with intervals from drawing sites with replacement (bootstrap).
pub fn judge_foretelling(sites: &[DemandSite], foretold: &[Option<f64>], draws: u32, seed: u64) -> Foretelling {
    let pairs: Vec<Pair> = sites
        .iter()
        .zip(foretold)
        .filter_map(|(site, foretold)| Some(Pair { modelled: (*foretold)?, counted: site.counted }))
        .collect();
    let rank = |pairs: &[Pair]| {
        let side = |of: fn(&Pair) -> f64| pairs.iter().map(of).collect::<Vec<f64>>();
        spearman(&side(|pair| pair.modelled), &side(|pair| pair.counted))
    };
    let samples: Vec<Vec<Pair>> = (0..draws)
        .into_par_iter()
        .map(|draw| {
            let mut mixing = Mixing::of(seed ^ (u64::from(draw) << 32));
            (0..pairs.len()).map(|_| pairs[(mixing.draw() % pairs.len() as u64) as usize]).collect()
        })
        .collect();
    let drawn = |measure: &(dyn Fn(&[Pair]) -> Option<f64> + Sync)| -> Option<Drawn> {
        let value = measure(&pairs)?;
        let mut all: Vec<f64> = samples.par_iter().filter_map(|sample| measure(sample)).collect();
        all.sort_by(f64::total_cmp);
        let at = |share: f64| all.get(((share * all.len() as f64).ceil() as usize).clamp(1, all.len().max(1)) - 1);
        let interval = INTERVAL.map(|share| at(share).copied().unwrap_or(value));
        Some(Drawn { value, interval })
    };
    Foretelling {
        sites: pairs.len(),
        r_squared: drawn(&|pairs| r_squared(pairs)),
        spearman: drawn(&rank),
        wape: drawn(&|pairs| wape(pairs)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Methods §7.3: y = 7, mu = 10, k = 0.5.
    #[test]
    fn worked_example_of_the_negative_binomial() {
        assert!((log_likelihood(7.0, 10.0, 0.5) + 2.780328).abs() < 1e-6);
        assert!((log_likelihood(7.0, 10.0, 0.0) + 2.407066).abs() < 1e-6);
        // With less and less scatter the one becomes the other.
        assert!((log_likelihood(7.0, 10.0, 1.1e-4) - log_likelihood(7.0, 10.0, 0.0)).abs() < 1e-3);
        assert!((log_likelihood(0.0, 3.0, 0.0) + 3.0).abs() < 1e-12);
        let all: f64 = (0..2000).map(|y| log_likelihood(f64::from(y), 10.0, 0.5).exp()).sum();
        assert!((all - 1.0).abs() < 1e-9, "{all}");
    }

    fn site(counted: f64, around: &[f64]) -> DemandSite {
        DemandSite { counted, around: around.to_vec(), area: 0 }
    }

    /// Twenty sites by `exp(1 + 0.8 x)`, each a tenth too many or too few, and a term that says nothing.
    fn drawn() -> Vec<DemandSite> {
        let off = [1.1, 0.9];
        (0..20_u32)
            .map(|at| {
                let x = 3.0 + f64::from(at) * 0.2;
                let noise = f64::from((at * 7) % 5);
                DemandSite {
                    area: at as usize / 5,
                    ..site((1.0 + 0.8 * x).exp() * off[at as usize % 2], &[x, noise, 4.0])
                }
            })
            .collect()
    }

    #[test]
    fn what_attracts_is_found_and_foretells_sites_left_out() {
        let sites = drawn();
        let fit = fit_demand(&sites, &[0, 1, 2]).expect("a fit");
        assert!((fit.weights[0] - 0.8).abs() < 0.03 && fit.weights[1].abs() < 0.05 && fit.weights[2] == 0.0, "{fit:?}");
        assert!(fit.scatter < 0.03, "{fit:?}");
        let model = judge_foretelling(&sites, &foretell_left_out(&sites, &[0, 1, 2], LeftOut::Site), 200, 7);
        let r_squared = model.r_squared.expect("a number");
        assert!(
            r_squared.value > 0.95
                && r_squared.interval[0] <= r_squared.value
                && r_squared.value <= r_squared.interval[1]
        );
        // A constant is below 0 on sites that it has not seen, and so is what says nothing.
        for terms in [&[][..], &[1]] {
            let other = judge_foretelling(&sites, &foretell_left_out(&sites, terms, LeftOut::Site), 200, 7);
            assert!(other.r_squared.expect("a number").value < 0.05, "{other:?}");
        }
        // Whole areas are harder: the ends of the line have to be guessed from its middle.
        let areas = judge_foretelling(&sites, &foretell_left_out(&sites, &[0], LeftOut::Area), 200, 7);
        assert!(areas.sites == 20 && areas.r_squared.expect("a number").value > 0.8);
        assert_eq!(
            model,
            judge_foretelling(&sites, &foretell_left_out(&sites, &[0, 1, 2], LeftOut::Site), 200, 7),
            "seeded"
        );
    }

    #[test]
    fn what_puts_people_off_has_no_weight_and_few_sites_no_fit() {
        let sites: Vec<DemandSite> = (0..8).map(|at| site(1000.0 - 100.0 * f64::from(at), &[f64::from(at)])).collect();
        let fit = fit_demand(&sites, &[0]).expect("a fit");
        assert_eq!(fit.weights, [0.0]);
        assert!((fit.expect(&[3.0]) - 650.0).abs() < 1.0, "the mean: {}", fit.expect(&[3.0]));
        assert_eq!(fit_demand(&sites[..4], &[0]), None);
        assert_eq!(foretell_left_out(&sites[..5], &[0], LeftOut::Site), [None; 5]);
        assert_eq!(judge_foretelling(&[], &[], 10, 1), Foretelling::default());
    }
}
