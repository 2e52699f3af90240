//! Results → files of the results folder.

use std::path::PathBuf;

use crate::canvas::labels::Labels;
use crate::export::write_files;
use crate::report::write_report;
use crate::study::audit::Audit;
use crate::study::error::StudyError;
use crate::study::manifest::Language;
use crate::study::results_folder::ResultsFolder;

/// The page that people read.
pub const REPORT: &str = "report.html";

/// Where the results stand, and their files by name.
#[derive(Clone, Debug)]
pub struct Written {
    /// The folder.
    pub folder: PathBuf,
    /// Names of its files, in the order in which people want them.
    pub files: Vec<String>,
}

/// Writes the results of an audit into a folder of results, the report in `language`, and moves it to its place.
pub fn write_results(audit: &Audit, language: Language, folder: ResultsFolder) -> Result<Written, StudyError> {
    let report = write_report(&audit.canvas, &audit.layers, &Labels::for_language(language))?;
    folder.write(REPORT, report.as_bytes())?;
    let mut files = vec![REPORT.to_owned()];
    let written = write_files(folder.path(), &audit.canvas, &audit.layers, &audit.notices)?;
    files.extend(written.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())));
    Ok(Written { folder: folder.commit()?, files })
}
