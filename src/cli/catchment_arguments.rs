//! The arguments of `chaland catchment`, from which its help is made.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arguments::{Format, LanguageName, ProfileName};
use super::rules::{UnitName, above_0, any_number, decay, from_0, from_1};
use crate::analysis::access::Decay;
use crate::base::units::TravelTime;
use crate::study::catchment_fit::FitMethod;

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("times").required(true), group = clap::ArgGroup::new("observed"))]
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
    /// Times from zones to centres: CSV or Parquet with a row per pair, such as those of chaland reach matrix
    #[arg(long, group = "times", value_name = "FILE")]
    pub matrix: Option<PathBuf>,
    /// Instead: over the streets of the study in this folder, from where zones and centres lie
    #[arg(long, group = "times", value_name = "FOLDER")]
    pub network: Option<PathBuf>,
    /// Who travels there
    #[arg(long, value_enum, default_value = "car", requires = "network")]
    pub profile: ProfileName,
    /// Instead: in straight lines at this speed in km/h, for a first look at a region
    #[arg(long, group = "times", value_name = "KM/H", value_parser = above_0)]
    pub straight_line: Option<f64>,
    /// How much longer ways are than straight lines
    #[arg(long, value_name = "FACTOR", default_value = "1.3", requires = "straight_line", value_parser = from_1)]
    pub detour: f64,
    /// Leave out ways that take longer, such as 60min [default: none is left out]
    #[arg(long, value_name = "TIME")]
    pub cutoff: Option<TravelTime>,
    /// Column of times of the matrix [default: the one whose name begins with travel_time, time, duration …]
    #[arg(long, value_name = "COLUMN")]
    pub time: Option<String>,
    /// Unit of the times [default: what the name of the column ends with: _s or _min]
    #[arg(long, value_enum)]
    pub unit: Option<UnitName>,
    /// Power of the attraction
    #[arg(long, allow_negative_numbers = true, value_name = "NUMBER", default_value = "1", value_parser = from_0)]
    pub exponent: f64,
    /// More fields of the centres that attract, with their powers, such as parking^0.3,shops (MCI); a power that
    /// is not told is 1
    #[arg(long, value_name = "FIELDS", value_delimiter = ',', value_parser = attribute, allow_hyphen_values = true)]
    pub attributes: Vec<(String, f64)>,
    /// Fit the powers and the rule of decay to these visits: CSV or Parquet with a row per zone and centre, and how many
    #[arg(long, value_name = "FILE", group = "observed")]
    pub fit: Option<PathBuf>,
    /// Its column of visits [default: the one named customers, visits, trips, count, share …]
    #[arg(long, value_name = "COLUMN", requires = "fit")]
    pub fit_column: Option<String>,
    /// Fit them to what each centre has in all, such as its turnover: a field of the centres
    #[arg(long, value_name = "FIELD", group = "observed")]
    pub fit_totals: Option<String>,
    /// How to fit
    #[arg(long, value_enum, default_value = "likelihood", requires = "fit")]
    pub fit_method: FitMethodName,
    /// Table of what was fitted to write, .csv or .parquet
    #[arg(long, value_name = "FILE", requires = "observed")]
    pub fit_out: Option<PathBuf>,
    /// How minutes put customers off: power:2, exponential:0.1, half-life:10, gaussian:10, linear:30, log-logistic:10:3,
    /// logistic:30:10, within:15, steps:10=1:20=0.68:30=0.22
    #[arg(long, value_name = "RULE", default_value = "power:2", value_parser = decay)]
    pub decay: Decay,
    /// Power of the attraction around each centre, by which centres compete (below 0) or gather (above 0); a table of times has to
    /// hold those between centres
    #[arg(long, allow_negative_numbers = true, value_name = "NUMBER", default_value = "0", hide_default_value = true, conflicts_with = "observed", value_parser = any_number)]
    pub competition: f64,
    /// Utility of none of these centres (other towns, online), in units of attraction x decay [default: 0, all go to one of them]
    #[arg(long, allow_negative_numbers = true, value_name = "NUMBER", default_value = "0", hide_default_value = true, value_parser = from_0)]
    pub outside: f64,
    /// Per cent of the customers of a centre up to which zones are its primary, secondary, tertiary area
    #[arg(long, value_name = "P,P,P", default_value = "60,80,90", value_parser = limits)]
    pub limits: Limits,
    /// Table of centres to write, .csv or .parquet [default: to stdout]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Table of zones to write, .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub zones_out: Option<PathBuf>,
    /// Table of all pairs with shares, customers and trade areas to write, .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub pairs_out: Option<PathBuf>,
    /// Field of the zones that tells their town [default: each zone is one, by its id; the same as a centre's if that is of the same
    /// file, or centres tell their towns]
    #[arg(long, value_name = "FIELD")]
    pub zone_town: Option<String>,
    /// Field of the centres that tells their town [default: each centre is one, by its id]
    #[arg(long, value_name = "FIELD")]
    pub centre_town: Option<String>,
    /// Table of who goes from town to town to write, .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub towns_out: Option<PathBuf>,
    /// Page to read and print, .html: map, centres, what towns keep and lose, method
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Its title [default: the name of the file of centres]
    #[arg(long, value_name = "TEXT", requires = "report")]
    pub title: Option<String>,
    /// Its language
    #[arg(long, value_enum, default_value = "fr", requires = "report")]
    pub language: LanguageName,
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

/// A way to fit a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FitMethodName {
    /// Maximum likelihood of a multinomial logit
    Likelihood,
    /// Least squares of log-centred shares, as MCI is usually fitted
    LogCentred,
}

impl From<FitMethodName> for FitMethod {
    fn from(name: FitMethodName) -> Self {
        match name {
            FitMethodName::Likelihood => Self::Likelihood,
            FitMethodName::LogCentred => Self::LogCentred,
        }
    }
}

/// `parking^0.3` is a field and its power, `parking` one of power 1.
fn attribute(text: &str) -> Result<(String, f64), String> {
    let (name, power) = text.rsplit_once('^').unwrap_or((text, "1"));
    let power = power.trim().parse().ok().filter(|power: &f64| power.is_finite());
    match (name.trim(), power) {
        ("", _) | (_, None) => Err("expected a field and its power, such as parking^0.3".to_owned()),
        (name, Some(power)) => Ok((name.to_owned(), power)),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_grow_and_fields_have_powers() {
        assert_eq!(attribute("parking^-0.3"), Ok(("parking".to_owned(), -0.3)));
        assert_eq!(attribute("shops"), Ok(("shops".to_owned(), 1.0)));
        assert!(["", "^2", "shops^", "shops^x", "shops^inf"].into_iter().all(|wrong| attribute(wrong).is_err()));
        assert_eq!(limits("50, 75,90"), Ok(Limits([0.5, 0.75, 0.9])));
        for wrong in ["60,80", "80,60,90", "0,1,2", "60,80,101", "a,b,c"] {
            assert!(limits(wrong).is_err(), "{wrong}");
        }
    }
}
