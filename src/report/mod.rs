//! The report, the pages of a check, of catchments and of a comparison: each one self-contained HTML page in the language of the study, to read on a
//! screen or print on A4.
//!
//! In: the canvas with the layers to draw, or the check, and the labels. Out: HTML with its style sheet and drawings inside; it asks the
//! network for nothing. Names come from open data and are hostile until escaped: every text goes through the template's
//! escaping. The same input gives the same bytes.

use minijinja::{Environment, UndefinedBehavior};

use crate::canvas::feed::Canvas;
use crate::canvas::labels::Labels;
use crate::canvas::layers::Layers;

pub mod catchment;
pub mod check;
pub mod compare;
mod doubts;
mod map;
mod page;
mod points;
mod scores;

pub use check::write_check_page;

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The template and the numbers do not fit.
    #[error("the report's page cannot be filled in: {0}")]
    Page(#[from] minijinja::Error),
}

const TEMPLATES: [(&str, &str); 12] = [
    ("report.html", include_str!("templates/report.html")),
    ("scores.html", include_str!("templates/scores.html")),
    ("points.html", include_str!("templates/points.html")),
    ("doubts.html", include_str!("templates/doubts.html")),
    ("map.html", include_str!("templates/map.html")),
    ("report.css", include_str!("templates/report.css")),
    ("check.html", include_str!("templates/check.html")),
    ("check.css", include_str!("templates/check.css")),
    ("catchment.html", include_str!("templates/catchment.html")),
    ("catchment.css", include_str!("templates/catchment.css")),
    ("compare.html", include_str!("templates/compare.html")),
    ("compare.css", include_str!("templates/compare.css")),
];

/// The page as text.
pub fn write_report(canvas: &Canvas, layers: &Layers, labels: &Labels) -> Result<String, ReportError> {
    render("report.html", page::build_page(canvas, layers, labels), labels)
}

/// A template filled in.
fn render(template: &str, page: impl serde::Serialize, labels: &Labels) -> Result<String, ReportError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    let words = labels.clone();
    environment.add_function("t", move |key: &str| words.text(key));
    Ok(environment.get_template(template)?.render(minijinja::value::Serde(page))?)
}
