//! The arguments of `chaland catchment`, from which its help is made.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arguments::Format;
use crate::analysis::access::Decay;
use crate::sources::travel_times::TimeUnit;

#[derive(Debug, Args)]
pub(super) struct Catchment {
    /// Zones with customers: CSV, or any format of features
    #[arg(long, value_name = "FILE")]
    pub zones: PathBuf,
    /// Their field that tells how many customers there are, or what they spend [default: each counts as 1]
    #[arg(long, value_name = "FIELD")]
    pub customers: Option<String>,
    /// Centres that attract them: CSV, or any format of features
    #[arg(long, value_name = "FILE")]
    pub centres: PathBuf,
    /// Their field that tells how much, such as floor area or number of shops [default: all as much]
    #[arg(long, value_name = "FIELD")]
    pub attraction: Option<String>,
    /// Times from zones to centres: CSV with a row per pair, such as those of chaland reach matrix
    #[arg(long, value_name = "FILE")]
    pub matrix: PathBuf,
    /// Its column of times [default: the one whose name begins with travel_time, time, duration …]
    #[arg(long, value_name = "COLUMN")]
    pub time: Option<String>,
    /// Unit of the times [default: what the name of the column ends with: _s or _min]
    #[arg(long, value_enum)]
    pub unit: Option<UnitName>,
    /// Power of the attraction
    #[arg(long, allow_negative_numbers = true, value_name = "NUMBER", default_value = "1", value_parser = from_0)]
    pub exponent: f64,
    /// How minutes put customers off: power:2, exponential:0.1, half-life:10, gaussian:10, linear:30, log-logistic:10:3,
    /// logistic:30:10
    #[arg(long, value_name = "RULE", default_value = "power:2", value_parser = decay)]
    pub decay: Decay,
    /// Utility of none of these centres (other towns, online), in units of attraction x decay [default: 0, all go to one of them]
    #[arg(long, allow_negative_numbers = true, value_name = "NUMBER", default_value = "0", hide_default_value = true, value_parser = from_0)]
    pub outside: f64,
    /// Per cent of the customers of a centre up to which zones are its primary, secondary, tertiary area
    #[arg(long, value_name = "P,P,P", default_value = "60,80,90", value_parser = limits)]
    pub limits: Limits,
    /// Table of centres to write, .csv [default: to stdout]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Table of zones to write, .csv
    #[arg(long, value_name = "FILE")]
    pub zones_out: Option<PathBuf>,
    /// Table of all pairs with shares, customers and trade areas to write, .csv
    #[arg(long, value_name = "FILE")]
    pub pairs_out: Option<PathBuf>,
    /// Form of the summary on stdout, where the centres are written into a file
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// End with code 1 when a notice is an error; the result is written all the same
    #[arg(long)]
    pub strict: bool,
    /// No notices on stderr
    #[arg(long, short)]
    pub quiet: bool,
}

/// Limits of trade areas, as shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Limits(pub [f64; 3]);

/// A unit of times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum UnitName {
    /// Seconds
    S,
    /// Minutes
    Min,
}

impl From<UnitName> for TimeUnit {
    fn from(name: UnitName) -> Self {
        match name {
            UnitName::S => Self::Seconds,
            UnitName::Min => Self::Minutes,
        }
    }
}

fn from_0(text: &str) -> Result<f64, String> {
    let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "is no number from 0 on".to_owned())
}

/// `60,80,90` are three limits in per cent, none below the one before.
fn limits(text: &str) -> Result<Limits, String> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    match numbers.as_deref() {
        Some(&[a, b, c]) if 0.0 < a && a <= b && b <= c && c <= 100.0 => {
            Ok(Limits([a, b, c].map(|limit| limit / 100.0)))
        }
        _ => Err("expected three numbers in per cent, none below the one before, such as 60,80,90".to_owned()),
    }
}

/// `power:2` is a rule by which time puts people off, with its numbers.
fn decay(text: &str) -> Result<Decay, String> {
    let (name, numbers) = text.split_once(':').ok_or("expected a rule and its numbers, such as power:2")?;
    let numbers: Option<Vec<f64>> = numbers.split(':').map(|part| part.trim().parse().ok()).collect();
    let numbers = numbers.filter(|numbers| numbers.iter().all(|number| number.is_finite() && *number > 0.0));
    match (name.trim(), numbers.ok_or("expected numbers above 0 after the rule")?.as_slice()) {
        ("power", &[exponent]) => Ok(Decay::Power { exponent, floor: 1.0 }),
        ("exponential", &[rate]) => Ok(Decay::Exponential { rate }),
        ("half-life", &[half_life]) => Ok(Decay::HalfLife { half_life }),
        ("gaussian", &[sigma]) => Ok(Decay::Gaussian { sigma }),
        ("linear", &[cutoff]) => Ok(Decay::Linear { cutoff }),
        ("log-logistic", &[median, steepness]) => Ok(Decay::LogLogistic { median, steepness }),
        ("logistic", &[mean, deviation]) => Ok(Decay::Logistic { mean, deviation }),
        _ => Err("is no rule with its numbers: power:2, exponential:0.1, half-life:10, gaussian:10, linear:30, \
                  log-logistic:10:3, logistic:30:10"
            .to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_with_their_numbers() {
        assert_eq!(decay("power:2"), Ok(Decay::Power { exponent: 2.0, floor: 1.0 }));
        assert_eq!(decay("logistic:30:10"), Ok(Decay::Logistic { mean: 30.0, deviation: 10.0 }));
        for wrong in ["power", "power:", "power:0", "power:inf", "power:1:2", "huff:2", ""] {
            assert!(decay(wrong).is_err(), "{wrong}");
        }
        assert_eq!(limits("50, 75,90"), Ok(Limits([0.5, 0.75, 0.9])));
        for wrong in ["60,80", "80,60,90", "0,1,2", "60,80,101", "a,b,c"] {
            assert!(limits(wrong).is_err(), "{wrong}");
        }
    }
}
