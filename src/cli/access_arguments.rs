//! The arguments of `chaland access`, from which its help is made.

use std::path::PathBuf;

use clap::Args;

use super::arguments::Format;
use super::rules::{NamedMeasure, UnitName, from_0, measure};

#[derive(Debug, Args)]
pub(super) struct AccessOfTables {
    /// Places with people, and what they offer: CSV, Parquet, or any format of features
    #[arg(long, value_name = "FILE")]
    pub land_use: PathBuf,
    /// Their field that tells how many people there are [default: each counts as 1]
    #[arg(long, value_name = "FIELD")]
    pub people: Option<String>,
    /// Places that offer something, where they are others than those of the people
    #[arg(long, value_name = "FILE")]
    pub destinations: Option<PathBuf>,
    /// Fields that tell what is offered, such as jobs,shops [default: each place counts as 1]
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    pub offer: Vec<String>,
    /// Times from the people to what is offered: CSV or Parquet with a row per pair, such as those of chaland reach matrix
    #[arg(long, value_name = "FILE")]
    pub matrix: PathBuf,
    /// Its columns of times; several, such as percentiles of a window, are measured apart [default: the one whose name begins
    /// with travel_time, time, duration …]
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub time: Vec<String>,
    /// Unit of the times [default: what the name of the column ends with: _s or _min]
    #[arg(long, value_enum)]
    pub unit: Option<UnitName>,
    /// What to measure, with minutes; may be repeated. How much is offered within:15 (or weighted by exponential:0.1, half-life:10,
    /// gaussian:10, linear:30, power:2, log-logistic:10:3, logistic:30:10, steps:10=1:20=0.68:30=0.22); minutes to the nearest:1,
    /// nearest:3 …, or until:100 are in reach; what falls to each head where people compete, 2sfca:within:20, e2sfca, 3sfca, or
    /// to each place, available:exponential:0.1
    #[arg(long, value_name = "MEASURES", value_delimiter = ',', value_parser = measure, required = true)]
    pub measure: Vec<NamedMeasure>,
    /// Seen from what is offered: a row per destination, with the people who reach it
    #[arg(long, conflicts_with = "offer")]
    pub passive: bool,
    /// Field of the rows that tells their group, such as a district: how access is spread is told for each
    #[arg(long, value_name = "FIELD", requires = "spread_out")]
    pub group: Option<String>,
    /// Field of the rows that tells the income of their people, by which Palma and concentration go
    #[arg(long, value_name = "FIELD", requires = "spread_out")]
    pub income: Option<String>,
    /// Line below which access is poor [default: 60 % of the median over people]
    #[arg(long, value_name = "NUMBER", value_parser = from_0, requires = "spread_out")]
    pub line: Option<f64>,
    /// Table to write, .csv or .parquet: a row per place, in the order of its file [default: CSV to stdout]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Table of how each measure is spread over people, to write, .csv or .parquet: mean, quantiles, share below the line,
    /// Gini, Theil, Palma, concentration
    #[arg(long, value_name = "FILE")]
    pub spread_out: Option<PathBuf>,
    /// Form of the summary on stdout, where the table is written into a file
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// End with code 1 when a notice is an error; the result is written all the same
    #[arg(long)]
    pub strict: bool,
    /// No notices on stderr
    #[arg(long, short)]
    pub quiet: bool,
}
