//! Rules as people write them on the command line: how time puts people off, and measures of access.

use clap::ValueEnum;

use crate::analysis::access::{Decay, StepTable};
use crate::analysis::access_measures::AccessMeasure;
use crate::analysis::competition::Choice;
use crate::sources::travel_times::TimeUnit;

/// Rules of decay, as examples.
const DECAYS: &str = "within:15, power:2, exponential:0.1, half-life:10, gaussian:10, linear:30, log-logistic:10:3, \
                      logistic:30:10, steps:10=1:20=0.68:30=0.22";

/// A unit of times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum UnitName {
    /// Seconds
    S,
    /// Minutes
    Min,
    /// Whatever it is, such as metres or euros: rules and limits are in it too
    AsItStands,
}

impl From<UnitName> for TimeUnit {
    fn from(name: UnitName) -> Self {
        match name {
            UnitName::S => Self::Seconds,
            UnitName::Min => Self::Minutes,
            UnitName::AsItStands => Self::AsItStands,
        }
    }
}

/// A measure of access, with the words that name its column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NamedMeasure {
    pub name: String,
    pub measure: AccessMeasure,
}

/// A number of either sign, such as a power.
pub(super) fn any_number(text: &str) -> Result<f64, String> {
    let number = text.trim().parse().ok().filter(|number: &f64| number.abs() <= 100.0);
    number.ok_or_else(|| "is no number from -100 to 100".to_owned())
}

/// A number from 0 on.
pub(super) fn from_0(text: &str) -> Result<f64, String> {
    let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "is no number from 0 on".to_owned())
}

/// A number above 0.
pub(super) fn above_0(text: &str) -> Result<f64, String> {
    from_0(text).ok().filter(|number| *number > 0.0).ok_or_else(|| "is no number above 0".to_owned())
}

/// A number from 1 on.
pub(super) fn from_1(text: &str) -> Result<f64, String> {
    from_0(text).ok().filter(|number| *number >= 1.0).ok_or_else(|| "is no number from 1 on".to_owned())
}

/// `power:2` is a rule by which time puts people off, with its numbers.
pub(super) fn decay(text: &str) -> Result<Decay, String> {
    let unknown = || format!("is no rule with its numbers: {DECAYS}");
    let (name, rest) = text.trim().split_once(':').ok_or_else(unknown)?;
    if name == "steps" {
        let step = |step: &str| {
            let (limit, weight) = step.split_once('=')?;
            Some((limit.trim().parse().ok()?, weight.trim().parse().ok()?))
        };
        let steps: Option<Vec<(f64, f64)>> = rest.split(':').map(step).collect();
        let wrong =
            "expected up to eight limits that grow with weights from 1 to 0 that do not: steps:10=1:20=0.68:30=0.22";
        return steps.and_then(|steps| StepTable::new(&steps)).map(Decay::Steps).ok_or_else(|| wrong.to_owned());
    }
    let numbers: Option<Vec<f64>> = rest.split(':').map(|part| part.trim().parse().ok()).collect();
    let numbers = numbers.filter(|numbers| numbers.iter().all(|number| number.is_finite() && *number > 0.0));
    match (name.trim(), numbers.ok_or("expected numbers above 0 after the rule")?.as_slice()) {
        ("within", &[cutoff]) => Ok(Decay::Within { cutoff }),
        ("power", &[exponent]) => Ok(Decay::Power { exponent, floor: 1.0 }),
        ("exponential", &[rate]) => Ok(Decay::Exponential { rate }),
        ("half-life", &[half_life]) => Ok(Decay::HalfLife { half_life }),
        ("gaussian", &[sigma]) => Ok(Decay::Gaussian { sigma }),
        ("linear", &[cutoff]) => Ok(Decay::Linear { cutoff }),
        ("log-logistic", &[median, steepness]) => Ok(Decay::LogLogistic { median, steepness }),
        ("logistic", &[mean, deviation]) => Ok(Decay::Logistic { mean, deviation }),
        _ => Err(unknown()),
    }
}

/// `within:15`, `nearest:1`, `2sfca:within:20` are measures of access.
pub(super) fn measure(text: &str) -> Result<NamedMeasure, String> {
    let text = text.trim();
    let (name, rest) = text.split_once(':').unwrap_or((text, ""));
    let measure = match (name, rest) {
        ("nearest", "") => AccessMeasure::Nearest(1),
        ("nearest", which) => {
            let which = which.trim().parse().ok().filter(|which| *which >= 1);
            AccessMeasure::Nearest(which.ok_or("expected a whole number from 1 on: nearest:3 is the third nearest")?)
        }
        ("until", amount) => {
            let amount = from_0(amount).ok().filter(|amount| *amount > 0.0);
            AccessMeasure::Until(amount.ok_or("expected an amount above 0: until:100")?)
        }
        ("2sfca", rule) => AccessMeasure::PerHead(decay(rule)?, Choice::Everything),
        ("e2sfca", "") => AccessMeasure::PerHead(Decay::Steps(StepTable::ENHANCED), Choice::Everything),
        ("3sfca", "") => AccessMeasure::PerHead(Decay::Steps(StepTable::ENHANCED), Choice::ByShare),
        ("3sfca", rule) => AccessMeasure::PerHead(decay(rule)?, Choice::ByShare),
        ("available", rule) => AccessMeasure::Available(decay(rule)?),
        _ => AccessMeasure::Weighted(decay(text).map_err(|problem| {
            format!("{problem}; or nearest:1, until:100, 2sfca:within:20, e2sfca, 3sfca, available:exponential:0.1")
        })?),
    };
    Ok(NamedMeasure { name: text.replace([':', '=', '-', ' '], "_"), measure })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_with_their_numbers() {
        assert_eq!(decay("power:2"), Ok(Decay::Power { exponent: 2.0, floor: 1.0 }));
        assert_eq!(decay("logistic:30:10"), Ok(Decay::Logistic { mean: 30.0, deviation: 10.0 }));
        assert_eq!(decay("steps:10=1:20=0.68:30=0.22"), Ok(Decay::Steps(StepTable::ENHANCED)));
        for wrong in [
            "power",
            "power:",
            "power:0",
            "power:inf",
            "power:1:2",
            "huff:2",
            "",
            "steps:5",
            "steps:9=1:5=1",
            "steps:9=2",
        ] {
            assert!(decay(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn measures_are_read_with_their_rules() {
        let of = |text: &str| measure(text).map(|named| (named.name, named.measure)).expect(text);
        assert_eq!(of("within:15"), ("within_15".to_owned(), AccessMeasure::Weighted(Decay::Within { cutoff: 15.0 })));
        assert_eq!(of("nearest"), ("nearest".to_owned(), AccessMeasure::Nearest(1)));
        assert_eq!(of("until:150"), ("until_150".to_owned(), AccessMeasure::Until(150.0)));
        let within = Decay::Within { cutoff: 20.0 };
        assert_eq!(of("2sfca:within:20").1, AccessMeasure::PerHead(within, Choice::Everything));
        assert_eq!(of("3sfca").1, AccessMeasure::PerHead(Decay::Steps(StepTable::ENHANCED), Choice::ByShare));
        assert_eq!(of("available:within:20").1, AccessMeasure::Available(within));
        for wrong in ["", "nearest:0", "nearest:x", "until", "until:0", "2sfca", "available:", "shops:15"] {
            assert!(measure(wrong).is_err(), "{wrong}");
        }
    }
}
