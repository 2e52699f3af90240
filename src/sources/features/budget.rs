//! How much memory the features of one file may take.
//!
//! Few bytes can stand for many: names of fields are written once and told with each feature, and packed columns unpack
//! to a thousand times their size. What is read is counted as it grows, so that a small file cannot fill the memory.

use super::FeaturesError;

/// Most memory that the features of one file may take, bytes: that of half a million detailed polygons.
pub(super) const MOST_MEMORY: u64 = 4 << 30;
/// Memory that is allowed to the smallest file, bytes: to fill more takes longer than anybody waits for a few kilobytes.
const ALWAYS_ALLOWED: u64 = 32 << 20;
/// About what a feature takes beside its properties and positions, bytes.
const FEATURE: u64 = 150;
/// About what a property takes beside its letters: two texts, each in an allocation of its own, bytes.
const PROPERTY: u64 = 100;
/// What a position takes, bytes.
const POSITION: u64 = 16;

/// What is left of the memory for the features of a file.
pub(super) struct Budget<'a> {
    file: &'a str,
    limit: u64,
    left: u64,
}

impl<'a> Budget<'a> {
    /// For a file of so many bytes, each of which may stand for `per_byte` bytes of memory.
    pub fn new(file: &'a str, bytes: u64, per_byte: u64) -> Self {
        let limit = bytes.saturating_mul(per_byte).saturating_add(ALWAYS_ALLOWED).min(MOST_MEMORY);
        Self { file, limit, left: limit }
    }

    /// Name of the file.
    pub fn file(&self) -> &'a str {
        self.file
    }

    /// A feature with so many positions.
    pub fn spend_feature(&mut self, positions: usize) -> Result<(), FeaturesError> {
        self.spend((positions as u64).saturating_mul(POSITION).saturating_add(FEATURE))
    }

    /// A property with so many bytes in its name and its value.
    pub fn spend_property(&mut self, letters: usize) -> Result<(), FeaturesError> {
        self.spend((letters as u64).saturating_add(PROPERTY))
    }

    /// So many bytes of any kind.
    pub fn spend_bytes(&mut self, bytes: usize) -> Result<(), FeaturesError> {
        self.spend(bytes as u64)
    }

    fn spend(&mut self, bytes: u64) -> Result<(), FeaturesError> {
        match self.left.checked_sub(bytes) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(FeaturesError::TooLarge {
                file: self.file.to_owned(),
                needed_mb: (self.limit - self.left).saturating_add(bytes) >> 20,
                limit_mb: self.limit >> 20,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_file_has_thirty_two_megabytes_and_no_more() {
        let mut budget = Budget::new("d.fgb", 10, 32);
        let kilobyte = 1024 - usize::try_from(PROPERTY).expect("small");
        for _ in 0..32 * 1024 {
            budget.spend_property(kilobyte).expect("within 32 MB");
        }
        let found = budget.spend_property(kilobyte).expect_err("320 bytes are left");
        assert!(matches!(found, FeaturesError::TooLarge { needed_mb: 32, limit_mb: 32, .. }), "{found}");
        assert!(Budget::new("d.fgb", u64::MAX, 32).spend_feature(usize::MAX).is_err(), "no sum runs over");
    }
}
