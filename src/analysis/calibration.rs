//! Foot traffic scaled to counts: one factor for the whole town, checked by leaving each site out.
//!
//! The factor is the median over sites of counted over modelled persons a day, so that a single wrong counter does not
//! move it. The error is what a site would have been missed by, had the factor been found without it.

use crate::analysis::statistics::{median, spearman};

/// Fewer sites than this give no factor: the flows stay those of assumed trip rates (default).
pub const LEAST_SITES: usize = 5;
/// Share of left-out sites that the interval of a segment covers (default).
pub const INTERVAL_SHARE: f64 = 0.8;

/// A usable count site on a street.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CountedSite {
    /// Counted persons per day (AADP), above 0.
    pub counted: f64,
    /// Modelled persons per day on the street beside it, above 0.
    pub modelled: f64,
}

/// How model and counts agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Factor from modelled to counted persons.
    pub factor: f64,
    /// Median factor, 1 upwards, by which a left-out site is missed.
    pub error_factor: f64,
    /// Factor, 1 upwards, within which [`INTERVAL_SHARE`] of the left-out sites lie.
    pub interval_factor: f64,
}

/// Finds the factor; `None` with fewer than [`LEAST_SITES`] sites.
pub fn calibrate(sites: &[CountedSite]) -> Option<Calibration> {
    if sites.len() < LEAST_SITES {
        return None;
    }
    let ratios: Vec<f64> = sites.iter().map(|s| s.counted / s.modelled).collect();
    let mut errors: Vec<f64> = (0..sites.len())
        .filter_map(|left_out| {
            let others: Vec<f64> = ratios.iter().enumerate().filter(|(i, _)| *i != left_out).map(|(_, r)| *r).collect();
            Some((ratios[left_out] / median(&others)?).ln().abs().exp())
        })
        .collect();
    errors.sort_by(f64::total_cmp);
    let at = ((INTERVAL_SHARE * errors.len() as f64).ceil() as usize).clamp(1, errors.len()) - 1;
    Some(Calibration { factor: median(&ratios)?, error_factor: median(&errors)?, interval_factor: errors[at] })
}

/// Rank correlation of model and counts over sites; `None` with fewer than four.
pub fn rank_agreement(sites: &[CountedSite]) -> Option<f64> {
    let modelled: Vec<f64> = sites.iter().map(|s| s.modelled).collect();
    let counted: Vec<f64> = sites.iter().map(|s| s.counted).collect();
    (sites.len() >= 4).then(|| spearman(&modelled, &counted)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_counter_does_not_move_the_factor() {
        let site = |counted, modelled| CountedSite { counted, modelled };
        let sites = [
            site(20.0, 10.0),
            site(40.0, 20.0),
            site(60.0, 30.0),
            site(80.0, 40.0),
            site(100.0, 50.0),
            site(9000.0, 60.0),
        ];
        let found = calibrate(&sites).expect("six sites");
        assert_eq!(found.factor, 2.0);
        assert_eq!(found.error_factor, 1.0);
        assert_eq!(rank_agreement(&sites), Some(1.0));
        assert_eq!(calibrate(&sites[..4]), None);
    }
}
