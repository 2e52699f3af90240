//! Numbers as people of a language write them: `12 345,6` and `18 h 30` in French, `12,345.6` and `18:30` in English.
//!
//! In: finite numbers in SI units. Out: text. A number that is not finite is shown as a dash, never as `NaN`.

/// What stands where there is no number.
pub const DASH: &str = "–";

/// A language of labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Language {
    /// French, as written in Belgium.
    #[default]
    #[serde(rename = "fr")]
    French,
    /// English, British spelling.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::French, Self::English];

    /// The language of a code such as `fr` or `fr-BE`; `None` for one we have no labels in.
    pub fn from_code(code: &str) -> Option<Self> {
        match code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "fr" => Some(Self::French),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The code in files and in the `lang` attribute of a page.
    pub const fn code(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }

    /// Between groups of three digits: a narrow no-break space in French, a comma in English.
    const fn group_mark(self) -> &'static str {
        match self {
            Self::French => "\u{202f}",
            Self::English => ",",
        }
    }

    const fn decimal_mark(self) -> &'static str {
        match self {
            Self::French => ",",
            Self::English => ".",
        }
    }

    /// A number with this many decimals, digits grouped by three; a dash for one that is not finite.
    pub fn number(self, value: f64, decimals: usize) -> String {
        if !value.is_finite() {
            return DASH.to_owned();
        }
        let plain = format!("{:.*}", decimals.min(9), value.abs());
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        // A value that rounds to zero has no sign.
        let negative = value < 0.0 && plain.bytes().any(|b| (b'1'..=b'9').contains(&b));
        let mut text = String::from(if negative { "−" } else { "" });
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                text.push_str(self.group_mark());
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push_str(self.decimal_mark());
            text.push_str(fraction);
        }
        text
    }

    /// A number with as many decimals as it needs, at most `most`.
    pub fn number_trimmed(self, value: f64, most: usize) -> String {
        let scale = |decimals: usize| 10f64.powi(i32::try_from(decimals.min(9)).unwrap_or(9));
        let needed = (0..most)
            .find(|&d| {
                let shown = value * scale(d);
                (shown - shown.round()).abs() < 0.5 / scale(most - d)
            })
            .unwrap_or(most);
        self.number(value, needed)
    }
}

/// Persons a day as people are told them: cut to two digits from a hundred on, since they are modelled.
pub fn modelled_persons(persons: f64) -> f64 {
    let persons = if persons.is_finite() { persons.max(0.0) } else { 0.0 };
    if persons < 100.0 { persons.round() } else { significant(persons, 2) }
}

/// A number cut to so many significant digits, so that a modelled value does not look exact.
pub fn significant(value: f64, digits: i32) -> f64 {
    if !value.is_finite() || value == 0.0 {
        return value;
    }
    let places = digits - 1 - value.abs().log10().floor() as i32;
    if places >= 0 {
        let scale = 10f64.powi(places.min(300));
        (value * scale).round() / scale
    } else {
        let scale = 10f64.powi((-places).min(300));
        (value / scale).round() * scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_as_the_language_does() {
        assert_eq!(Language::French.number(1_234_567.89, 1), "1\u{202f}234\u{202f}567,9");
        assert_eq!(Language::English.number(1_234_567.89, 1), "1,234,567.9");
        assert_eq!(Language::French.number(999.0, 0), "999");
        assert_eq!(Language::French.number(-1000.0, 0), "−1\u{202f}000");
        assert_eq!(Language::French.number(-0.04, 1), "0,0");
        assert_eq!(Language::French.number(f64::NAN, 0), DASH);
    }

    #[test]
    fn needless_decimals_are_left_out() {
        assert_eq!(Language::French.number_trimmed(4.0, 2), "4");
        assert_eq!(Language::French.number_trimmed(4.5, 2), "4,5");
        assert_eq!(Language::French.number_trimmed(4.504, 2), "4,5");
        assert_eq!(Language::English.number_trimmed(0.125, 2), "0.12");
    }

    #[test]
    fn modelled_values_do_not_look_exact() {
        assert_eq!(significant(4_218.0, 2), 4_200.0);
        assert_eq!(significant(0.012_34, 2), 0.012);
        assert_eq!(significant(0.0, 2), 0.0);
        assert!(significant(f64::INFINITY, 2).is_infinite());
        assert!(significant(1e-320, 2).is_finite());
    }

    #[test]
    fn codes_with_a_country_are_understood() {
        assert_eq!(Language::from_code("fr-BE"), Some(Language::French));
        assert_eq!(Language::from_code("EN"), Some(Language::English));
        assert_eq!(Language::from_code("nl"), None);
    }
}
