//! Plain tables as CSV, row by row: results that have ids and numbers, and no place on a map.

use std::io::Write;

use super::feature_collection::rounded;
use super::{ExportError, cell_text};

/// A value of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Words, which no spreadsheet runs as a formula.
    Text(&'a str),
    /// A number, to a millionth.
    Number(f64),
    /// How many.
    Count(usize),
    /// Nothing is known.
    Empty,
}

impl Cell<'_> {
    /// A number that there may not be.
    pub fn of(number: Option<f64>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }
}

/// A table that is being written.
pub struct PlainTable<W: Write> {
    out: csv::Writer<W>,
}

fn failed(error: impl Into<csv::Error>) -> ExportError {
    ExportError::Csv { file: "table.csv", reason: error.into().to_string() }
}

impl<W: Write> PlainTable<W> {
    /// Begins a table with the names of its columns.
    pub fn new(out: W, columns: &[&str]) -> Result<Self, ExportError> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(columns).map_err(failed)?;
        Ok(Self { out })
    }

    /// Adds a row.
    pub fn write(&mut self, row: &[Cell<'_>]) -> Result<(), ExportError> {
        for cell in row {
            let text = match cell {
                Cell::Text(text) => cell_text(text),
                Cell::Number(number) if number.is_finite() => rounded(*number, 1e6).to_string(),
                Cell::Count(count) => count.to_string(),
                Cell::Number(_) | Cell::Empty => String::new(),
            };
            self.out.write_field(text).map_err(failed)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(failed)
    }

    /// Writes what is left.
    pub fn finish(mut self) -> Result<(), ExportError> {
        self.out.flush().map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_what_they_say() {
        let mut bytes = Vec::new();
        let mut table = PlainTable::new(&mut bytes, &["id", "share"]).expect("begun");
        let rows = [
            [Cell::Text("=1+1"), Cell::Number(2.0 / 3.0)],
            [Cell::Text("a,b"), Cell::Empty],
            [Cell::Count(7), Cell::Number(f64::NAN)],
        ];
        rows.iter().for_each(|row| table.write(row).expect("written"));
        table.finish().expect("written");
        assert_eq!(String::from_utf8(bytes).expect("text"), "id,share\n'=1+1,0.666667\n\"a,b\",\n7,\n");
    }
}
