//! Parquet tables without geometry: travel times and lists as programs of analysis write them.
//!
//! In: bytes. Out: the columns with a value a row, as text, row by row. Lists and other nested columns are left out.

use super::super::FeaturesError;
use super::super::budget::Budget;
use super::metadata::{Metadata, read_metadata};
use super::values::{ColumnReader, Value};
use super::{MEMORY_PER_BYTE, UNPACKED, UNPACKED_PER_BYTE, text};

/// A table in columns.
pub(crate) struct PlainParquet<'a> {
    file: &'a str,
    bytes: &'a [u8],
    metadata: Metadata,
    /// Columns of the file that hold a value a row.
    places: Vec<usize>,
}

impl<'a> PlainParquet<'a> {
    /// Opens a table; `file` names it in errors.
    pub fn open(file: &'a str, bytes: &'a [u8]) -> Result<Self, FeaturesError> {
        let metadata = read_metadata(bytes).map_err(|reason| damaged(file, reason))?;
        let is_plain = |&place: &usize| metadata.columns[place].path.len() == 1 && !metadata.columns[place].repeated;
        let places = (0..metadata.columns.len()).filter(is_plain).collect();
        Ok(Self { file, bytes, metadata, places })
    }

    /// Whether it tells of geometry.
    pub fn has_geometry(&self) -> bool {
        self.metadata.geo.is_some()
    }

    /// Names of its columns.
    pub fn header(&self) -> Vec<String> {
        self.places.iter().map(|&place| self.metadata.columns[place].path[0].clone()).collect()
    }

    /// Visits the rows, counted from 1, with the values of some columns, which are places of the header; a value that is
    /// missing is empty. `kept` are the bytes that a row takes in memory beside its letters: few bytes of the file may stand
    /// for any number of rows.
    pub fn visit_rows(
        &self,
        columns: &[usize],
        kept: usize,
        mut visit: impl FnMut(u64, &[String]),
    ) -> Result<(), FeaturesError> {
        let mut budget = Budget::new(self.file, self.bytes.len() as u64, MEMORY_PER_BYTE);
        let mut unpacked = self.bytes.len().saturating_mul(UNPACKED_PER_BYTE).clamp(UNPACKED.0, UNPACKED.1);
        let mut texts = vec![String::new(); columns.len()];
        let mut number = 0;
        for group in &self.metadata.groups {
            let reader = |&column: &usize| {
                let place = self.places[column];
                ColumnReader::new(self.bytes, &self.metadata.columns[place], &group.chunks[place])
            };
            let mut readers: Vec<ColumnReader<'_>> = columns.iter().map(reader).collect();
            for row in 0..group.rows {
                budget.spend_bytes(kept)?;
                for ((&column, reader), text) in columns.iter().zip(&mut readers).zip(&mut texts) {
                    let column = &self.metadata.columns[self.places[column]];
                    let value = reader.next_row(&mut unpacked).map_err(|reason| {
                        damaged(self.file, format!("column {} at row {} of a group: {reason}", column.path[0], row + 1))
                    })?;
                    // Counted before a text is copied: many rows may share one long value.
                    budget.spend_bytes(if let Some(Value::Bytes(bytes)) = value { bytes.len() } else { 0 })?;
                    *text = value.map_or_else(String::new, |value| text::text_of(value, column.meaning).0);
                }
                number += 1;
                visit(number, &texts);
            }
        }
        Ok(())
    }
}

fn damaged(file: &str, reason: String) -> FeaturesError {
    FeaturesError::Damaged { file: file.to_owned(), format: "Parquet file", reason }
}
