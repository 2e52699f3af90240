//! Values of cells → heights in metres, or none.

use crate::base::notice::{Notice, Notices};

/// Heights on the ground, in metres: below the Dead Sea and above Mount Everest there is none.
const LOWEST_M: f64 = -500.0;
const HIGHEST_M: f64 = 9000.0;
/// A number that is no height in any unit.
const UNLIKE_A_HEIGHT: f64 = 1e6;

/// Tells heights from values that are none, and counts them.
pub(super) struct Sieve {
    without_data: Option<f64>,
    unit_m: f64,
    used: u64,
    outside: u64,
    first_outside: f64,
    not_numbers: u64,
}

impl Sieve {
    /// Nothing seen yet. `unit_m` is how many metres a value of 1 is.
    pub fn new(without_data: Option<f64>, unit_m: f64) -> Self {
        Self { without_data, unit_m, used: 0, outside: 0, first_outside: 0.0, not_numbers: 0 }
    }

    /// How many values were heights.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// The height in metres, NaN where the value is none.
    pub fn height(&mut self, value: f64) -> f32 {
        // The text of a number such as -3.40282e38 does not tell the last digits of the one that stands in the cells.
        let is_none = |none: f64| {
            let is_near = none.abs() > UNLIKE_A_HEIGHT && (none - value).abs() <= 1e-5 * none.abs();
            none == value || (none.is_nan() && value.is_nan()) || is_near
        };
        if self.without_data.is_some_and(is_none) {
            return f32::NAN;
        }
        if value.is_nan() {
            self.not_numbers += 1;
            return f32::NAN;
        }
        let height_m = value * self.unit_m;
        if !(LOWEST_M..=HIGHEST_M).contains(&height_m) {
            if self.outside == 0 {
                self.first_outside = value;
            }
            self.outside += 1;
            return f32::NAN;
        }
        self.used += 1;
        height_m as f32
    }

    /// Tells what was seen, and tallies the cells that hold a value.
    pub fn tell(&self, file: &str, notices: &mut Notices) {
        if self.outside > 0 {
            let problem = format!(
                "is no height on the ground ({LOWEST_M} m to {HIGHEST_M} m), and {} cells are such",
                self.outside
            );
            let notice = Notice::warning("height_out_of_range", file, problem);
            notices.push(notice.field("height", self.first_outside.to_string()).action("taken as without data"));
        }
        if self.not_numbers > 0 {
            let problem = format!("holds {} cells that are no number, which it does not declare", self.not_numbers);
            notices.push(Notice::warning("height_not_a_number", file, problem).action("taken as without data"));
        }
        let tally = notices.tally(file);
        tally.read += self.used + self.outside + self.not_numbers;
        tally.used += self.used;
        tally.dropped += self.outside + self.not_numbers;
    }
}
