//! Small systems of equations, as fitting a model leaves behind: symmetric, positive definite, a row per coefficient.

use nalgebra::linalg::Cholesky;
use nalgebra::{DMatrix, DVector};

/// A symmetric matrix that was found positive definite, ready to be solved.
pub struct Information {
    cholesky: Cholesky<f64, nalgebra::Dyn>,
}

impl Information {
    /// Of a matrix row by row; `None` where it is not positive definite: some coefficient is told by others or by nothing.
    pub fn of(rows: &[f64], size: usize) -> Option<Self> {
        let matrix = DMatrix::from_row_slice(size, size, rows);
        // A matrix that is singular but for rounding says nothing either.
        let diagonal = matrix.diagonal();
        let cholesky = Cholesky::new(matrix)?;
        let pivots = cholesky.l_dirty().diagonal();
        let holds = pivots.iter().zip(diagonal.iter()).all(|(pivot, whole)| pivot * pivot > 1e-11 * whole.abs());
        holds.then_some(Self { cholesky })
    }

    /// The solution for a right side.
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        self.cholesky.solve(&DVector::from_column_slice(right)).iter().copied().collect()
    }

    /// The inverse, row by row: the covariance where the matrix is an information.
    pub fn inverse(&self) -> Vec<f64> {
        self.cholesky.inverse().iter().copied().collect()
    }

    /// The covariance where scores come in groups: `A⁻¹ (Σ g gᵀ) A⁻¹` (sandwich), row by row.
    pub fn sandwich(&self, scores: &[Vec<f64>]) -> Vec<f64> {
        let inverse = self.cholesky.inverse();
        let mut meat = DMatrix::zeros(inverse.nrows(), inverse.nrows());
        for score in scores {
            let score = DVector::from_column_slice(score);
            meat += &score * score.transpose();
        }
        (&inverse * meat * &inverse).iter().copied().collect()
    }
}

/// Square roots of the diagonal of a matrix, row by row: standard errors of a covariance.
pub fn roots_of_diagonal(rows: &[f64], size: usize) -> Vec<f64> {
    (0..size).map(|at| rows[at * size + at].max(0.0).sqrt()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_solved_and_those_that_say_nothing_refused() {
        let information = Information::of(&[4.0, 2.0, 2.0, 3.0], 2).expect("positive definite");
        let solved = information.solve(&[8.0, 7.0]);
        assert!((solved[0] - 1.25).abs() < 1e-12 && (solved[1] - 1.5).abs() < 1e-12, "{solved:?}");
        assert!((information.inverse()[0] - 0.375).abs() < 1e-12);
        assert!(Information::of(&[1.0, 1.0, 1.0, 1.0], 2).is_none(), "twice the same");
        assert!(Information::of(&[1.0, 0.0, 0.0, 0.0], 2).is_none(), "one that nothing tells");
        assert!(Information::of(&[f64::NAN], 1).is_none());
    }
}
