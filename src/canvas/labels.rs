//! The words of the product in each language, from `locales/*.ftl`.
//!
//! In: a key and the values to fill in. Out: text. A key without a label is shown as it is, so that a newer feed can
//! still be read by an older page. Text is plain: escaping is for whoever writes a page.

use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::canvas::indicators::Unit;
pub use crate::canvas::numbers::{DASH, Language};

const FRENCH: &str = include_str!("../../locales/fr.ftl");
const ENGLISH: &str = include_str!("../../locales/en.ftl");

/// A value to fill into a label; made with `.into()` from numbers and texts.
pub type LabelValue<'a> = FluentValue<'a>;

/// All labels of one language. Cheap to copy.
#[derive(Clone)]
pub struct Labels {
    language: Language,
    bundle: Arc<FluentBundle<FluentResource>>,
}

impl std::fmt::Debug for Labels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Labels").field("language", &self.language).finish_non_exhaustive()
    }
}

impl Labels {
    /// The labels of a language.
    pub fn for_language(language: Language) -> Self {
        let (tag, text) = match language {
            Language::French => ("fr-BE", FRENCH),
            Language::English => ("en-GB", ENGLISH),
        };
        let identifier: LanguageIdentifier = tag.parse().expect("both tags are well formed");
        let resource = FluentResource::try_new(text.to_owned()).expect("a test parses every locale");
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match language {
            Language::French => |value, _| grouped(value, Language::French),
            Language::English => |value, _| grouped(value, Language::English),
        }));
        bundle.add_resource(resource).expect("a test finds keys that stand twice");
        Self { language, bundle: Arc::new(bundle) }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The label of a key; the key itself where there is none.
    pub fn text(&self, key: &str) -> String {
        self.text_with(key, &[])
    }

    /// The label of a key with values filled in; the key itself where there is none.
    pub fn text_with(&self, key: &str, values: &[(&str, LabelValue<'_>)]) -> String {
        self.format(key, values).map_or_else(|| key.to_owned(), |(text, _)| text)
    }

    /// The label of a key; `None` where there is none.
    pub fn find(&self, key: &str) -> Option<String> {
        self.find_with(key, &[])
    }

    /// The label of a key with values filled in; `None` where there is none or a value it needs is missing.
    pub fn find_with(&self, key: &str, values: &[(&str, LabelValue<'_>)]) -> Option<String> {
        self.format(key, values).filter(|(_, whole)| *whole).map(|(text, _)| text)
    }

    /// The label under `prefix-key`; the key with spaces where there is none.
    pub fn text_or_key(&self, prefix: &str, key: &str) -> String {
        self.find(&format!("{prefix}-{key}")).unwrap_or_else(|| key.replace('_', " "))
    }

    /// The text of a label and whether all its values were there.
    fn format(&self, key: &str, values: &[(&str, LabelValue<'_>)]) -> Option<(String, bool)> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let args: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        Some((text, errors.is_empty()))
    }

    /// A number with this many decimals.
    pub fn number(&self, value: f64, decimals: usize) -> String {
        self.language.number(value, decimals)
    }

    /// A number in a unit's label, `value-<unit>`.
    fn in_unit(&self, key: &str, number: String) -> String {
        if number == DASH { number } else { self.text_with(key, &[("number", number.into())]) }
    }

    /// A share, 0 to 1, in per cent.
    pub fn percent(&self, share: f64) -> String {
        let percent = share * 100.0;
        let decimals = usize::from(percent.abs() < 9.95 && percent.round() != percent);
        self.in_unit("value-percent", self.number(percent, decimals))
    }

    /// A length in metres: `350 m`, `1,2 km`.
    pub fn length(&self, length_m: f64) -> String {
        if length_m.abs() < 999.5 {
            self.in_unit("value-metres", self.number(length_m, 0))
        } else {
            self.in_unit("value-kilometres", self.number(length_m / 1000.0, usize::from(length_m.abs() < 99_950.0)))
        }
    }

    /// An area in km².
    pub fn area(&self, area_km2: f64) -> String {
        self.in_unit("value-square_kilometres", self.number(area_km2, usize::from(area_km2 < 99.95)))
    }

    /// Whole minutes, with one decimal below ten.
    pub fn minutes(&self, minutes: f64) -> String {
        let most = usize::from(minutes.abs() < 9.95);
        self.in_unit("value-minutes", self.language.number_trimmed(minutes, most))
    }

    /// A length of time in seconds: `95 s`, `6 min 40 s`, `1 h 05`.
    pub fn duration(&self, seconds: f64) -> String {
        if !seconds.is_finite() || seconds.abs() > 1e9 {
            return DASH.to_owned();
        }
        let whole = seconds.round() as i64;
        if whole.abs() < 120 {
            return self.in_unit("value-seconds", self.number(seconds, 0));
        }
        let (minutes, rest) = (whole / 60, whole % 60);
        if minutes.abs() >= 60 {
            let minutes = (seconds / 60.0).round() as i64;
            if minutes % 60 == 0 {
                return self.in_unit("value-hours", self.number((minutes / 60) as f64, 0));
            }
            let values = [("hours", (minutes / 60).into()), ("minutes", format!("{:02}", minutes % 60).into())];
            self.text_with("value-hours_minutes", &values)
        } else if rest == 0 {
            self.in_unit("value-minutes", self.number(minutes as f64, 0))
        } else {
            let values = [("minutes", minutes.into()), ("seconds", format!("{rest:02}").into())];
            self.text_with("value-minutes_seconds", &values)
        }
    }

    /// A clock reading in seconds after midnight: `18 h 30`, `18:30`; past midnight it says so.
    pub fn clock(&self, seconds: f64) -> String {
        if !(0.0..360_000.0).contains(&seconds) {
            return DASH.to_owned();
        }
        let minutes = (seconds / 60.0).floor() as u32;
        let (hours, key) = match minutes / 60 {
            hours @ 0..24 => (hours, "value-clock"),
            hours => (hours % 24, "value-clock-next-day"),
        };
        let shown = if self.language == Language::English { format!("{hours:02}") } else { hours.to_string() };
        self.text_with(key, &[("hours", shown.into()), ("minutes", format!("{:02}", minutes % 60).into())])
    }

    /// An ISO date in words: `12 décembre 2019`; two of them with a slash between as a period; any other text as it is.
    pub fn date(&self, date: &str) -> String {
        if let Some((from, to)) = date.split_once('/') {
            return self.text_with("date-period", &[("from", self.date(from).into()), ("to", self.date(to).into())]);
        }
        let Ok(day) = date.parse::<jiff::civil::Date>() else { return date.to_owned() };
        let values = [
            ("first", if day.day() == 1 { "yes" } else { "no" }.into()),
            ("day", day.day().to_string().into()),
            ("month", self.text(&format!("month-{}", day.month())).into()),
            ("year", day.year().to_string().into()),
        ];
        self.text_with("date", &values)
    }

    /// An indicator's value in its unit.
    pub fn value(&self, value: f64, unit: Unit) -> String {
        match unit {
            Unit::Share => self.percent(value),
            Unit::Ratio => self.number(value, 2),
            Unit::Minutes => self.minutes(value),
            Unit::Metres => self.length(value),
            Unit::PtalIndex => self.number(value, 1),
        }
    }

    /// The value of a piece of evidence in its unit; an unknown unit is written behind the number.
    pub fn evidence_value(&self, value: f64, unit: &str) -> String {
        match unit {
            "s" => self.duration(value),
            "min" | "minutes" if value.abs() >= 120.0 => self.duration(value * 60.0),
            "min" | "minutes" => self.minutes(value),
            "m" => self.length(value),
            "share" => self.percent(value),
            "clock" => self.clock(value),
            "count" | "bays" | "persons" | "persons_per_day" => self.number(value, 0),
            "ratio" => self.number(value, 2),
            other => {
                let number = self.language.number_trimmed(value, 2);
                if number == DASH { number } else { format!("{number}\u{a0}{}", self.text_or_key("unit", other)) }
            }
        }
    }
}

fn grouped(value: &FluentValue<'_>, language: Language) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(language.number_trimmed(number.value, 2)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn french() -> Labels {
        Labels::for_language(Language::French)
    }

    #[test]
    fn quantities_are_written_as_in_french() {
        let labels = french();
        assert_eq!(labels.duration(95.0), "95\u{a0}s");
        assert_eq!(labels.duration(400.0), "6\u{a0}min\u{a0}40\u{a0}s");
        assert_eq!(labels.duration(300.0), "5\u{a0}min");
        assert_eq!(labels.duration(3_900.0), "1\u{a0}h\u{a0}05");
        assert_eq!(labels.duration(7_190.0), "2\u{a0}h");
        assert_eq!(labels.duration(f64::INFINITY), DASH);
        assert_eq!(labels.clock(66_600.0), "18\u{a0}h\u{a0}30");
        assert_eq!(labels.clock(25.0 * 3600.0), "1\u{a0}h\u{a0}00 (le lendemain)");
        assert_eq!(labels.clock(-1.0), DASH);
        assert_eq!(labels.percent(0.125), "12\u{a0}%");
        assert_eq!(labels.percent(0.041), "4,1\u{a0}%");
        assert_eq!(labels.length(1_240.0), "1,2\u{a0}km");
        assert_eq!(labels.date("2019-12-01"), "1er décembre 2019");
        assert_eq!(labels.date("2019-10 – 2019-12"), "2019-10 – 2019-12");
        assert_eq!(Labels::for_language(Language::English).clock(66_600.0), "18:30");
    }

    #[test]
    fn a_label_agrees_with_its_number() {
        let one = french().text_with("value-bays", &[("number", 1.into())]);
        let many = french().text_with("value-bays", &[("number", 1200.into())]);
        assert_eq!((one.as_str(), many.as_str()), ("1 place", "1\u{202f}200 places"));
    }

    #[test]
    fn an_unknown_key_is_shown_as_it_is() {
        assert_eq!(french().text("no-such-key"), "no-such-key");
        assert_eq!(french().find("no-such-key"), None);
        assert_eq!(french().text_or_key("evidence", "tree_shade"), "tree shade");
        assert_eq!(french().evidence_value(3.5, "furlongs"), "3,5\u{a0}furlongs");
    }

    #[test]
    fn a_detail_without_its_values_is_left_out() {
        let values = [("walk_s", LabelValue::from("6 min"))];
        assert_eq!(french().find_with("cause-station_severed-detail", &values), None);
    }
}
