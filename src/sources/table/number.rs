//! Numbers as people write them: decimal comma or point, marks between thousands.

use std::cmp::Ordering;

/// What a column of numbers is expected to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Whole numbers such as people, bays or counts: `1.639` is one thousand six hundred and thirty-nine.
    Whole,
    /// Any number.
    Any,
    /// Coordinates: a single mark is always the decimal mark.
    Coordinate,
}

/// How a column writes its numbers. Blanks and apostrophes between thousands are always allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberStyle {
    /// `1234.5`, `1,234.5`.
    PointDecimal,
    /// `1234,5`, `1.234,5`.
    CommaDecimal,
}

/// Whether a text stands for no value.
pub fn is_missing(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "" | "na" | "n/a" | "null" | "none" | "-" | "\\n")
}

impl NumberStyle {
    /// The style of a column, and a value that could be read either way if the style had to be guessed.
    ///
    /// Only values that are numbers in one style and not in the other decide, by majority; words and slips of the pen
    /// do not.
    pub fn detect<'a>(
        values: impl Iterator<Item = &'a str>,
        expected: Expected,
        delimiter: u8,
    ) -> (Self, Option<String>) {
        let (mut points, mut commas) = (0_usize, 0_usize);
        let mut ambiguous = Ambiguous::default();
        for value in values.filter(|value| value.contains([',', '.'])) {
            let value = value.trim().trim_end_matches('%').trim_end();
            match (Self::PointDecimal.parse(value), Self::CommaDecimal.parse(value)) {
                (Some(_), None) => points += 1,
                (None, Some(_)) => commas += 1,
                (Some(_), Some(_)) if expected == Expected::Coordinate => {
                    *(if value.contains('.') { &mut points } else { &mut commas }) += 1;
                }
                (Some(_), Some(_)) => ambiguous.add(value),
                (None, None) => {}
            }
        }
        match points.cmp(&commas) {
            Ordering::Equal if points == 0 => ambiguous.guess(expected, delimiter),
            // As many say one thing as the other: the delimiter of the table settles it.
            Ordering::Equal if delimiter == b';' => (Self::CommaDecimal, ambiguous.into_example()),
            Ordering::Less => (Self::CommaDecimal, ambiguous.into_example().filter(|_| points > 0)),
            Ordering::Greater => (Self::PointDecimal, ambiguous.into_example().filter(|_| commas > 0)),
            Ordering::Equal => (Self::PointDecimal, ambiguous.into_example()),
        }
    }

    /// The number a text stands for; `None` unless it is finite and written in this style, marks between thousands
    /// parting groups of exactly three digits.
    pub fn parse(self, text: &str) -> Option<f64> {
        let (decimal, thousands) = match self {
            Self::PointDecimal => ('.', ','),
            Self::CommaDecimal => (',', '.'),
        };
        let text = text.trim();
        let is_negative = text.starts_with(['-', '\u{2212}']);
        let unsigned = text.strip_prefix(['-', '\u{2212}', '+']).unwrap_or(text).trim_start();
        let (mantissa, exponent) = unsigned.split_at(unsigned.find(['e', 'E']).unwrap_or(unsigned.len()));
        let (whole, fraction) = mantissa.split_once(decimal).unwrap_or((mantissa, ""));
        if !only_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let whole = without_marks(whole, thousands)?;
        let number = format!("{whole}.{fraction}{exponent}").parse::<f64>().ok().filter(|number| number.is_finite())?;
        Some(if is_negative { -number } else { number })
    }

    /// For notices.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::PointDecimal => "a decimal point",
            Self::CommaDecimal => "a decimal comma",
        }
    }
}

/// The values of a column that are a number in both styles: one mark with 1 to 3 digits before and 3 after it.
#[derive(Default)]
struct Ambiguous<'a> {
    points: usize,
    commas: usize,
    point: Option<&'a str>,
    comma: Option<&'a str>,
}

impl<'a> Ambiguous<'a> {
    fn add(&mut self, value: &'a str) {
        let (count, example) = match value.contains('.') {
            true => (&mut self.points, &mut self.point),
            false => (&mut self.commas, &mut self.comma),
        };
        *count += 1;
        example.get_or_insert(value);
    }

    fn into_example(self) -> Option<String> {
        self.point.or(self.comma).map(str::to_owned)
    }

    /// The style of a column in which nothing else has a mark.
    fn guess(self, expected: Expected, delimiter: u8) -> (NumberStyle, Option<String>) {
        let with_points = self.points >= self.commas;
        let style = match expected {
            Expected::Whole if self.points > 0 && with_points => NumberStyle::CommaDecimal,
            Expected::Any if !with_points && delimiter == b';' => NumberStyle::CommaDecimal,
            _ => NumberStyle::PointDecimal,
        };
        let example = if with_points && expected == Expected::Any { self.comma } else { self.point.or(self.comma) };
        (style, example.map(str::to_owned))
    }
}

fn only_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits before the decimal mark; `None` unless a mark parts groups of exactly three, always the same mark.
fn without_marks(whole: &str, thousands: char) -> Option<String> {
    let Some(mark) = whole.chars().find(|c| !c.is_ascii_digit()) else { return Some(whole.to_owned()) };
    if mark != thousands && !['\u{a0}', '\u{202f}', '\u{2009}', ' ', '\'', '’'].contains(&mark) {
        return None;
    }
    let mut groups = whole.split(mark);
    let first = groups.next().filter(|first| (1..=3).contains(&first.len()) && !first.starts_with('0'))?;
    let well_formed = only_digits(first) && groups.all(|group| group.len() == 3 && only_digits(group));
    well_formed.then(|| whole.split(mark).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(values: &[&str], expected: Expected, delimiter: u8) -> (Vec<Option<f64>>, bool) {
        let (style, guessed) = NumberStyle::detect(values.iter().copied(), expected, delimiter);
        (values.iter().map(|value| style.parse(value)).collect(), guessed.is_some())
    }

    #[test]
    fn decimal_commas_and_thousands() {
        assert_eq!(read(&["1,5", "2"], Expected::Any, b';'), (vec![Some(1.5), Some(2.0)], false));
        assert_eq!(read(&["1.234,5"], Expected::Any, b';'), (vec![Some(1234.5)], false));
        assert_eq!(read(&["1,234.5"], Expected::Any, b','), (vec![Some(1234.5)], false));
        assert_eq!(read(&["1.234.567"], Expected::Any, b','), (vec![Some(1_234_567.0)], false));
        assert_eq!(read(&["12 345"], Expected::Any, b','), (vec![Some(12345.0)], false));
        assert_eq!(read(&["50,642"], Expected::Coordinate, b','), (vec![Some(50.642)], false));
        assert_eq!(read(&["0,125"], Expected::Any, b';'), (vec![Some(0.125)], false));
    }

    /// The Belgian rail boardings write 1639 as `1.639` and 609 as `609`.
    #[test]
    fn whole_numbers_take_a_point_before_three_digits_as_thousands() {
        assert_eq!(read(&["1.639", "609"], Expected::Whole, b','), (vec![Some(1639.0), Some(609.0)], true));
        assert_eq!(read(&["1.639"], Expected::Any, b','), (vec![Some(1.639)], false));
        assert_eq!(read(&["12.0", "1.639"], Expected::Whole, b',').0, vec![Some(12.0), Some(1.639)]);
    }

    /// An `n.d.` among decimal commas must not turn `1,5` into 15.
    #[test]
    fn words_with_marks_do_not_decide_how_numbers_are_written() {
        for odd in ["n.d.", "n.a.", "12.05.2023", "s.o", "rue X, 3"] {
            let values = [odd, "1,5", "2,25"];
            assert_eq!(read(&values, Expected::Any, b';').0, [None, Some(1.5), Some(2.25)], "{odd}");
            assert_eq!(read(&values, Expected::Coordinate, b';').0, [None, Some(1.5), Some(2.25)], "{odd}");
        }
        assert_eq!(read(&["n.d.", "50,5%"], Expected::Any, b';').0[0], None);
        let (style, _) = NumberStyle::detect(["n.d.", "50,5 %"].into_iter(), Expected::Any, b';');
        assert_eq!(style, NumberStyle::CommaDecimal);
    }

    /// One slip among many: it is no number, and the others keep their value.
    #[test]
    fn most_of_the_column_decides_and_the_rest_is_no_number() {
        assert_eq!(read(&["1.5", "1,5", "2,5"], Expected::Any, b';').0, [None, Some(1.5), Some(2.5)]);
        assert_eq!(read(&["1,5", "1.5", "2.5"], Expected::Any, b',').0, [None, Some(1.5), Some(2.5)]);
        assert_eq!(read(&["5,5", "50.642", "5,6"], Expected::Coordinate, b';').0[0], Some(5.5));
        assert_eq!(read(&["1,5", "2.5"], Expected::Any, b';').0, [Some(1.5), None]);
        assert_eq!(read(&["1,5", "2.5"], Expected::Any, b',').0, [None, Some(2.5)]);
    }

    #[test]
    fn thousands_come_in_groups_of_three() {
        for (text, number) in [
            ("1,234,567.5", Some(1_234_567.5)),
            ("12 345.5", Some(12_345.5)),
            ("1'234", Some(1234.0)),
            ("- 1,234", Some(-1234.0)),
            ("\u{2212}3", Some(-3.0)),
            (".5", Some(0.5)),
            ("1,23", None),
            ("1,2345", None),
            ("1234,567", None),
            ("0,125", None),
            ("1,234 567", None),
            ("06 12 34", None),
            ("1.234,5", None),
            ("1,5", None),
        ] {
            assert_eq!(NumberStyle::PointDecimal.parse(text), number, "{text}");
        }
    }

    proptest! {
        /// What decides a column is no number in the other style: nothing is ever read as ten times what it is.
        #[test]
        fn a_number_has_two_readings_only_with_three_digits_after_its_mark(whole in 0u32..2_000_000, fraction in "[0-9]{1,5}") {
            let text = format!("{whole},{fraction}");
            prop_assert_eq!(NumberStyle::CommaDecimal.parse(&text), format!("{whole}.{fraction}").parse::<f64>().ok());
            let has_two = fraction.len() == 3 && (1..=999).contains(&whole);
            let other = has_two.then(|| format!("{whole}{fraction}").parse::<f64>().expect("digits"));
            prop_assert_eq!(NumberStyle::PointDecimal.parse(&text), other);
        }
    }

    #[test]
    fn what_is_not_a_finite_number_is_none() {
        for text in ["", "abc", "NaN", "inf", "-inf", "1e999", "12 Plätze", "--3", "1.2.3,4,5"] {
            assert_eq!(NumberStyle::PointDecimal.parse(text), None, "{text}");
        }
        assert_eq!(NumberStyle::PointDecimal.parse("-3e2"), Some(-300.0));
    }
}
