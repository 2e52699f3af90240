//! The arguments, from which the help is made.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::study::manifest::Language;

/// More threads than any machine has cores serve nobody.
const MOST_THREADS: i64 = 1024;

/// What stands between customers and the shops of a town: foot traffic, accessibility and friction from open data.
#[derive(Debug, Parser)]
#[command(name = "chaland", version, arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Look at the files of a folder and write the study.toml that follows
    Init(Init),
    /// Tell what the data of a folder are worth: files, streets, timetables, counters, and what an audit can say
    Check(Check),
    /// Find what costs customers time, and write the results
    Audit(Audit),
    /// Build the street networks on foot, by bicycle and by car, and tell what they are made of
    Network(Network),
    /// Print the JSON Schema of canvas.json, or of check.json
    Schema(Schema),
}

#[derive(Debug, Args)]
pub(super) struct Init {
    /// Folder of the study
    pub folder: PathBuf,
    /// Write study.toml anew where there is one
    #[arg(long)]
    pub force: bool,
    /// Language of the report
    #[arg(long, value_enum)]
    pub language: Option<LanguageName>,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Folder of the study, with or without a study.toml
    pub folder: PathBuf,
    /// Where to write the page, check.json and notices.csv [default: the folder `check` in the study's folder]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Language of the page [default: the study's]
    #[arg(long, value_enum)]
    pub language: Option<LanguageName>,
    /// Form of the result on stdout
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// End with code 1 when a notice is an error; the page is written all the same
    #[arg(long)]
    pub strict: bool,
    /// No progress and no notices on stderr
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Of which document
    #[arg(value_enum, default_value = "canvas")]
    pub of: Document,
}

/// A document with a published schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Document {
    /// canvas.json, the feed of an audit
    Canvas,
    /// check.json, what a check found
    Check,
}

#[derive(Debug, Args)]
pub(super) struct Audit {
    /// Folder of the study, with or without a study.toml
    pub folder: PathBuf,
    /// Where to write the results [default: the folder `results` in the study's folder]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Language of the report [default: the study's]
    #[arg(long, value_enum)]
    pub language: Option<LanguageName>,
    /// Form of the summary on stdout
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// End with code 1 when a notice is an error; the results are written all the same
    #[arg(long)]
    pub strict: bool,
    /// Threads to work with [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST_THREADS))]
    pub threads: Option<u16>,
    /// No progress and no notices on stderr
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct Network {
    /// Folder of the study, with or without a study.toml
    pub folder: PathBuf,
    /// Write the networks as layers into this folder, to be looked at in a GIS
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Form of the layers
    #[arg(long, value_enum, default_value = "gpkg")]
    pub layers: LayerFormat,
    /// Write also how homes, shops, stops and car parks are linked, and the timetable as text
    #[arg(long, requires = "out")]
    pub links: bool,
    /// Build anew, whatever the snapshot says
    #[arg(long)]
    pub rebuild: bool,
    /// Form of the result on stdout
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// End with code 1 when a notice is an error
    #[arg(long)]
    pub strict: bool,
    /// No progress and no notices on stderr
    #[arg(long, short)]
    pub quiet: bool,
}

/// Form of layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LayerFormat {
    /// A GeoJSON file per layer
    Geojson,
    /// One GeoPackage
    Gpkg,
}

/// A language by its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LanguageName {
    /// French
    Fr,
    /// English
    En,
}

impl From<LanguageName> for Language {
    fn from(name: LanguageName) -> Self {
        match name {
            LanguageName::Fr => Self::French,
            LanguageName::En => Self::English,
        }
    }
}

/// Form of a result on stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_hold_together() {
        Arguments::command().debug_assert();
        assert!(Arguments::try_parse_from(["chaland", "audit", "x", "--threads", "0"]).is_err());
        assert!(Arguments::try_parse_from(["chaland", "audit", "x", "--threads", "100000"]).is_err());
        assert!(Arguments::try_parse_from(["chaland", "audit"]).is_err());
    }
}
