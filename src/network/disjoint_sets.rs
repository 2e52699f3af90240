//! Which numbers hang together, when they are joined two by two.
//!
//! # References
//! - R. E. Tarjan, J. van Leeuwen, *Worst-case analysis of set union algorithms*, 1984, doi:10.1145/62.2160.
//! - M. M. A. Patwary, J. Blair, F. Manne, *Experiments on union-find algorithms for the disjoint-set data structure*, 2010,
//!   doi:10.1007/978-3-642-13193-6_35: Rem's way of joining, which stops where two paths meet, is the fastest.

/// Sets of numbers that are joined two by two; each goes by its least number.
#[derive(Clone, Debug)]
pub(super) struct DisjointSets {
    /// Of each number one of its set that is no higher; of the least, itself.
    lower: Vec<u32>,
}

impl DisjointSets {
    /// Each number by itself.
    pub(super) fn new(count: usize) -> Self {
        Self { lower: (0..count as u32).collect() }
    }

    /// The least number of a set. On the way there every second one is led past the next (path halving).
    pub(super) fn least(&mut self, mut number: u32) -> u32 {
        loop {
            let lower = self.lower[number as usize];
            if lower == number {
                return number;
            }
            let beyond = self.lower[lower as usize];
            self.lower[number as usize] = beyond;
            number = beyond;
        }
    }

    /// The least number of a set, with nothing moved on the way.
    pub(super) fn least_of(&self, mut number: u32) -> u32 {
        while self.lower[number as usize] != number {
            number = self.lower[number as usize];
        }
        number
    }

    /// Joins the sets of two numbers: goes down from both, from the one that has come less low, and leads all that is passed
    /// on to where the other has come (splicing).
    pub(super) fn join(&mut self, a: u32, b: u32) {
        let (mut high, mut low) = (a, b);
        loop {
            let (mut below_high, mut below_low) = (self.lower[high as usize], self.lower[low as usize]);
            if below_high == below_low {
                return;
            }
            if below_high < below_low {
                (high, low, below_high, below_low) = (low, high, below_low, below_high);
            }
            self.lower[high as usize] = below_low;
            if high == below_high {
                return;
            }
            high = below_high;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Against labels that are all written anew at each join.
        #[test]
        fn sets_go_by_their_least_number(pairs in proptest::collection::vec((0..40_u32, 0..40_u32), 0..60)) {
            let mut sets = DisjointSets::new(40);
            let mut labels: Vec<u32> = (0..40).collect();
            for (a, b) in pairs {
                sets.join(a, b);
                let (a, b) = (labels[a as usize], labels[b as usize]);
                labels.iter_mut().filter(|label| **label == a.max(b)).for_each(|label| *label = a.min(b));
            }
            for (number, &label) in (0..40).zip(&labels) {
                prop_assert_eq!((sets.least_of(number), sets.least(number)), (label, label));
            }
        }
    }
}
