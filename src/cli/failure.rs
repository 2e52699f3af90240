//! A failure for people: what happened, by what cause, where in the manifest, and what to do.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use crate::cli::output;
use crate::study::StudyError;

/// Why a command could not finish.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// The study cannot go on.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// The result cannot be written to stdout.
    #[error("the result cannot be written to stdout")]
    Stdout(#[source] std::io::Error),
    /// The ending of a file tells no form that can be written.
    #[error("{}: its ending tells no form of {what}", path.display())]
    UnknownForm {
        /// The file.
        path: std::path::PathBuf,
        /// What was to be written.
        what: &'static str,
        /// Endings that would do.
        expected: &'static str,
    },
    /// Of the points that were named none lies at a street.
    #[error("none of the points {which} lies at a street open to {profile}")]
    NoPoints {
        /// `to start from` or `to reach`.
        which: &'static str,
        /// Key of the profile.
        profile: &'static str,
    },
    /// A profile that does not walk to a stop.
    #[error("profile {profile} takes no public transport")]
    NotToTheStop {
        /// Key of the profile.
        profile: &'static str,
    },
    /// A profile that leaves no vehicle anywhere.
    #[error("profile {profile} has nothing to park")]
    NothingToPark {
        /// Key of the profile.
        profile: &'static str,
    },
    /// A car is left nowhere.
    #[error("by car to a stop there has to be a place to park")]
    NowhereToPark,
    /// Points are to be counted in streets.
    #[error("points are counted in areas, and only streets are to be shown")]
    CountedInStreets,
    /// Where people compete, they have to be counted.
    #[error("measure {measure} shares out what is offered among people, and {missing}")]
    NobodyCompetes {
        /// The measure.
        measure: String,
        /// What is wrong.
        missing: &'static str,
    },
    /// The threads cannot be started.
    #[error("{threads} threads cannot be started")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the pool says.
        source: rayon::ThreadPoolBuildError,
    },
}

/// An error with its place in the manifest.
struct Shown<'a> {
    error: &'a CliError,
    source: Option<NamedSource<String>>,
}

/// Shows an error on stderr.
pub(super) fn show(error: &CliError) {
    let source = match error {
        CliError::Study(StudyError::ManifestInvalid { file, text, .. }) => Some(NamedSource::new(file, text.clone())),
        _ => None,
    };
    let shown = Shown { error, source };
    let mut text = String::new();
    let handler = miette::GraphicalReportHandler::new_themed(theme()).with_width(100);
    if handler.render_report(&mut text, &shown).is_err() {
        text = format!("error: {error}\n");
    }
    output::say(&text);
}

/// Colours only on a terminal that wants them.
fn theme() -> miette::GraphicalTheme {
    use std::io::IsTerminal;
    if std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        miette::GraphicalTheme::unicode()
    } else {
        miette::GraphicalTheme::unicode_nocolor()
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.error, f)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.error, f)
    }
}

impl std::error::Error for Shown<'_> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self.error)
    }
}

impl Diagnostic for Shown<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        match self.error {
            CliError::Study(error) => error.help().map(|help| Box::new(help) as Box<dyn fmt::Display>),
            CliError::UnknownForm { expected, .. } => Some(Box::new(format!("name a file that ends in {expected}"))),
            CliError::NoPoints { .. } => {
                Some(Box::new("check the order (longitude, then latitude) and that they lie in the extract"))
            }
            CliError::NotToTheStop { .. } => Some(Box::new(
                "name one on foot or in a wheelchair: adult, step-free, wheelchair-strict or -optimistic",
            )),
            CliError::NothingToPark { .. } => Some(Box::new("name one that rides: bicycle, calm-bicycle or car")),
            CliError::NowhereToPark => Some(Box::new("name places with --park: LON,LAT in degrees, or a file")),
            CliError::CountedInStreets => {
                Some(Box::new("show areas or contours; or ask chaland reach access, which counts without drawing"))
            }
            CliError::NobodyCompetes { .. } => {
                Some(Box::new("name the field of people with --people, without --passive"))
            }
            CliError::Stdout(_) | CliError::Threads { .. } => None,
        }
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let CliError::Study(StudyError::ManifestInvalid { span, problem, .. }) = self.error else { return None };
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(Some(problem.clone()), span.clone()))))
    }
}
