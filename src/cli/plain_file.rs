//! Plain tables into files, whose endings tell their form, or to stdout as CSV.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::failure::CliError;
use super::out_file::OutFile;
use super::output;
use super::reach::{begin, commit, unwritable};
use crate::export::ExportError;
use crate::export::plain_table::{PlainColumn, PlainTable, TableForm};
use crate::study::error::StudyError;

/// A file that a table is going to be written into.
pub(super) struct PlainFile {
    file: OutFile,
    form: TableForm,
}

impl PlainFile {
    /// Begins a file before the work; none of the inputs may stand there.
    pub fn begin(path: Option<&Path>, what: &'static str, inputs: &[&PathBuf]) -> Result<Option<Self>, CliError> {
        let Some((file, ending)) = begin(path, what, &["csv", "parquet"], ".csv or .parquet")? else { return Ok(None) };
        if inputs.iter().any(|input| file.replaces(input)) {
            return Err(StudyError::ReplacesInput { path: file.target().to_owned() }.into());
        }
        let form = TableForm::of_ending(&ending).unwrap_or(TableForm::Csv);
        Ok(Some(Self { file, form }))
    }

    /// Writes the table and moves it to its place.
    pub fn write(
        self,
        columns: &[PlainColumn<'_>],
        fill: impl FnOnce(&mut PlainTable<'_>) -> Result<(), ExportError>,
    ) -> Result<(), CliError> {
        let mut out = self.file.writer().map_err(unwritable(self.file.target()))?;
        write_table(&mut out, self.form, columns, fill)?;
        drop(out);
        commit(self.file)
    }
}

/// Writes a table as CSV to stdout.
pub(super) fn to_stdout(
    columns: &[PlainColumn<'_>],
    fill: impl FnOnce(&mut PlainTable<'_>) -> Result<(), ExportError>,
) -> Result<(), CliError> {
    let mut bytes = Vec::new();
    write_table(&mut bytes, TableForm::Csv, columns, fill)?;
    output::result(&String::from_utf8_lossy(&bytes)).map_err(CliError::Stdout)
}

fn write_table(
    out: &mut dyn Write,
    form: TableForm,
    columns: &[PlainColumn<'_>],
    fill: impl FnOnce(&mut PlainTable<'_>) -> Result<(), ExportError>,
) -> Result<(), CliError> {
    let mut table = PlainTable::new(Box::new(&mut *out), form, columns).map_err(StudyError::from)?;
    fill(&mut table).map_err(StudyError::from)?;
    table.finish().map_err(StudyError::from)?;
    out.flush().map_err(unwritable(Path::new("table")))
}
