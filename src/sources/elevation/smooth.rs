//! Smoothing of a grid of heights by a Gaussian, one axis after the other.

use rayon::prelude::*;

/// The Gaussian is cut at this many standard deviations.
const CUT: f64 = 3.0;
/// Below this many cells a Gaussian changes nothing that matters: the neighbours weigh less than 1 in 1,000.
const LEAST_SIGMA: f64 = 0.27;

/// Heights (NaN without data, `width` a row) smoothed with these standard deviations in cells along rows and columns.
/// Heights count in pairs that lie opposite each other, so that a plane stays as it is.
pub(super) fn smoothed(heights: &[f32], width: usize, sigmas: (f64, f64)) -> Vec<f32> {
    if width == 0 {
        return heights.to_vec();
    }
    along_columns(
        &along_rows(heights, width, &weights(sigmas.0, width)),
        width,
        &weights(sigmas.1, heights.len() / width),
    )
}

/// The weights of the neighbours 1, 2, … cells off, relative to that of the cell itself.
fn weights(sigma: f64, count: usize) -> Vec<f64> {
    if !(sigma.is_finite() && sigma >= LEAST_SIGMA) {
        return Vec::new();
    }
    let reach = ((sigma * CUT).ceil() as usize).min(count / 2);
    (1..=reach).map(|off| (-0.5 * (off as f64 / sigma).powi(2)).exp()).collect()
}

/// A height and its neighbours in pairs.
#[derive(Clone, Copy)]
struct Mean {
    sum: f64,
    weight: f64,
}

impl Mean {
    fn of(height: f32) -> Self {
        Self { sum: f64::from(height), weight: 1.0 }
    }

    fn add_pair(&mut self, before: f32, after: f32, weight: f64) {
        let pair = f64::from(before) + f64::from(after);
        if !pair.is_nan() {
            self.sum += weight * pair;
            self.weight += 2.0 * weight;
        }
    }

    /// NaN where the cell itself has no data.
    fn value(self) -> f32 {
        (self.sum / self.weight) as f32
    }
}

fn along_rows(heights: &[f32], width: usize, weights: &[f64]) -> Vec<f32> {
    let mut smooth = heights.to_vec();
    smooth.par_chunks_mut(width).zip(heights.par_chunks(width)).for_each(|(smooth, row)| {
        for (column, smooth) in smooth.iter_mut().enumerate() {
            let reach = weights.len().min(column).min(row.len() - 1 - column);
            let mut mean = Mean::of(row[column]);
            for (off, &weight) in (1..=reach).zip(weights) {
                mean.add_pair(row[column - off], row[column + off], weight);
            }
            *smooth = mean.value();
        }
    });
    smooth
}

fn along_columns(heights: &[f32], width: usize, weights: &[f64]) -> Vec<f32> {
    let rows = heights.len() / width;
    let row_at = |row: usize| &heights[row * width..(row + 1) * width];
    let mut smooth = heights.to_vec();
    smooth.par_chunks_mut(width).enumerate().for_each(|(row, smooth)| {
        let reach = weights.len().min(row).min(rows.saturating_sub(row + 1));
        let mut means: Vec<Mean> = smooth.iter().map(|&height| Mean::of(height)).collect();
        for (off, &weight) in (1..=reach).zip(weights) {
            for ((mean, &before), &after) in means.iter_mut().zip(row_at(row - off)).zip(row_at(row + off)) {
                mean.add_pair(before, after, weight);
            }
        }
        for (smooth, mean) in smooth.iter_mut().zip(means) {
            *smooth = mean.value();
        }
    });
    smooth
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plane rising by 3 m a column and falling by 2 m a row, with a hole.
    #[test]
    fn a_plane_stays_a_plane_up_to_edges_and_holes() {
        let (width, rows) = (17, 11);
        let mut plane: Vec<f32> =
            (0..width * rows).map(|at| (100 + 3 * (at % width) - 2 * (at / width)) as f32).collect();
        for hole in [5 * width + 7, 5 * width + 8, 0] {
            plane[hole] = f32::NAN;
        }
        for (smooth, height) in smoothed(&plane, width, (2.5, 1.5)).into_iter().zip(&plane) {
            assert!((smooth - height).abs() < 1e-4 || (smooth.is_nan() && height.is_nan()), "{smooth} {height}");
        }
    }

    #[test]
    fn a_constant_stays_constant_and_holes_stay_holes() {
        let flat = [42.0, 42.0, f32::NAN, 42.0, 42.0, 42.0, 42.0, f32::NAN, 42.0];
        let smooth = smoothed(&flat, 3, (4.0, 4.0));
        for (smooth, height) in smooth.iter().zip(&flat) {
            assert!(smooth == height || (smooth.is_nan() && height.is_nan()), "{smooth} {height}");
        }
    }

    /// One peak of 1 in a row of seven, sigma 1 cell: with g(1) = exp(-0.5), g(2) = exp(-2), g(3) = exp(-4.5) the
    /// middle becomes 1 / (1 + 2 (g(1) + g(2) + g(3))) = 1 / 2.50597.
    #[test]
    fn a_peak_becomes_a_bell() {
        let row = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0];
        let smooth = smoothed(&row, 7, (1.0, 1.0));
        assert!((f64::from(smooth[3]) - 1.0 / 2.505_97).abs() < 1e-5, "{smooth:?}");
        // One step off, the pairs 1 and 2 cells away are there: g(1) / (1 + 2 (g(1) + g(2))).
        let (g1, g2) = ((-0.5_f64).exp(), (-2.0_f64).exp());
        assert!((f64::from(smooth[2]) - g1 / (1.0 + 2.0 * (g1 + g2))).abs() < 1e-6, "{smooth:?}");
        // At the edge there is no pair.
        assert_eq!((smooth[0], smooth[6]), (0.0, 0.0));
        // The same down a column.
        let column = smoothed(&row, 1, (1.0, 1.0));
        assert_eq!(column, smooth);
    }

    #[test]
    fn hardly_any_smoothing_changes_nothing() {
        let row = [0.0, 5.0, 0.0];
        for sigma in [0.0, 0.1, -3.0, f64::NAN, f64::INFINITY] {
            assert_eq!(smoothed(&row, 3, (sigma, sigma)), row);
        }
        assert!(smoothed(&[], 0, (1.0, 1.0)).is_empty());
    }
}
