//! Numbers as people write them: decimal comma or point, marks between thousands.

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
    pub fn detect<'a>(
        values: impl Iterator<Item = &'a str>,
        expected: Expected,
        delimiter: u8,
    ) -> (Self, Option<String>) {
        let mut ambiguous: Option<(&str, char)> = None;
        for value in values.map(str::trim) {
            let commas = value.matches(',').count();
            let points = value.matches('.').count();
            match (commas, points) {
                (0, 0) => {}
                (0, 1) if expected == Expected::Coordinate => return (Self::PointDecimal, None),
                (1, 0) if expected == Expected::Coordinate => return (Self::CommaDecimal, None),
                (0, 1) if !grouped(value, '.') => return (Self::PointDecimal, None),
                (1, 0) if !grouped(value, ',') => return (Self::CommaDecimal, None),
                (0, 1) => ambiguous = ambiguous.or(Some((value, '.'))),
                (1, 0) => ambiguous = ambiguous.or(Some((value, ','))),
                (0, _) => return (Self::CommaDecimal, None),
                (_, 0) => return (Self::PointDecimal, None),
                _ if value.rfind(',') > value.rfind('.') => return (Self::CommaDecimal, None),
                _ => return (Self::PointDecimal, None),
            }
        }
        match (ambiguous, expected) {
            (None, _) | (Some((_, '.')), Expected::Any | Expected::Coordinate) => (Self::PointDecimal, None),
            (Some((value, '.')), Expected::Whole) => (Self::CommaDecimal, Some(value.to_owned())),
            (Some((value, _)), Expected::Whole) => (Self::PointDecimal, Some(value.to_owned())),
            (Some((value, _)), Expected::Any) if delimiter == b';' => (Self::CommaDecimal, Some(value.to_owned())),
            (Some((value, _)), _) => (Self::PointDecimal, Some(value.to_owned())),
        }
    }

    /// The number a text stands for; `None` unless it is finite and written in this style.
    pub fn parse(self, text: &str) -> Option<f64> {
        let (decimal, thousands) = match self {
            Self::PointDecimal => ('.', ','),
            Self::CommaDecimal => (',', '.'),
        };
        let mut plain = String::with_capacity(text.len());
        for c in text.trim().chars() {
            match c {
                '\u{a0}' | '\u{202f}' | ' ' | '\'' | '’' => {}
                c if c == thousands => {}
                c if c == decimal => plain.push('.'),
                c => plain.push(c),
            }
        }
        if !plain.bytes().any(|byte| byte.is_ascii_digit()) {
            return None; // "inf" and "nan" parse as floats
        }
        plain.parse::<f64>().ok().filter(|number| number.is_finite())
    }

    /// For notices.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::PointDecimal => "a decimal point",
            Self::CommaDecimal => "a decimal comma",
        }
    }
}

/// Whether the one mark in a number could part thousands: 1 to 3 digits before, exactly 3 after, no leading zero.
fn grouped(value: &str, mark: char) -> bool {
    let Some((before, after)) = value.trim_start_matches(['-', '+']).split_once(mark) else { return false };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    (1..=3).contains(&before.len()) && after.len() == 3 && digits(before) && digits(after) && !before.starts_with('0')
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn what_is_not_a_finite_number_is_none() {
        for text in ["", "abc", "NaN", "inf", "-inf", "1e999", "12 Plätze", "--3", "1.2.3,4,5"] {
            assert_eq!(NumberStyle::PointDecimal.parse(text), None, "{text}");
        }
        assert_eq!(NumberStyle::PointDecimal.parse("-3e2"), Some(-300.0));
    }
}
