//! Plain tables, row by row, as CSV or Parquet: results that have ids and numbers, and no place on a map.

use std::io::Write;

use super::feature_collection::rounded;
use super::{ExportError, cell_text};

/// Name of the table in messages.
const TABLE: &str = "table";
/// From here on numbers have no digits behind the point, 2^53.
const WHOLE: f64 = 9_007_199_254_740_992.0;
/// Rows of a row group of Parquet.
#[cfg(feature = "tables")]
const ROWS_AT_ONCE: usize = 1 << 20;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// Words.
    Text,
    /// Numbers.
    Number,
    /// How many: whole numbers.
    Count,
}

/// A column by its name and what it holds.
pub type PlainColumn<'a> = (&'a str, CellKind);

/// A value of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Words, which no spreadsheet runs as a formula.
    Text(&'a str),
    /// A number; in CSV to a millionth.
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

/// The form of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableForm {
    /// Text, for anything.
    Csv,
    /// Columns, for programs of analysis.
    #[cfg(feature = "tables")]
    Parquet,
}

impl TableForm {
    /// The form that an ending tells.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending {
            "csv" => Some(Self::Csv),
            #[cfg(feature = "tables")]
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// A table that is being written.
pub struct PlainTable<'a> {
    rows: Rows<'a>,
}

enum Rows<'a> {
    Csv(Box<csv::Writer<Box<dyn Write + 'a>>>),
    #[cfg(feature = "tables")]
    Parquet(Box<parquet::Groups<'a>>),
}

fn failed(error: impl Into<csv::Error>) -> ExportError {
    ExportError::Csv { file: TABLE, reason: error.into().to_string() }
}

impl<'a> PlainTable<'a> {
    /// Begins a table with its columns.
    pub fn new(out: Box<dyn Write + 'a>, form: TableForm, columns: &[PlainColumn<'_>]) -> Result<Self, ExportError> {
        let rows = match form {
            TableForm::Csv => {
                let mut out = csv::Writer::from_writer(out);
                let names = columns.iter().map(|(name, _)| cell_text(name));
                out.write_record(names).map_err(failed)?;
                Rows::Csv(Box::new(out))
            }
            #[cfg(feature = "tables")]
            TableForm::Parquet => Rows::Parquet(Box::new(parquet::Groups::new(out, columns)?)),
        };
        Ok(Self { rows })
    }

    /// Adds a row, a cell per column.
    pub fn write(&mut self, row: &[Cell<'_>]) -> Result<(), ExportError> {
        let out = match &mut self.rows {
            Rows::Csv(out) => out,
            #[cfg(feature = "tables")]
            Rows::Parquet(groups) => return groups.write(row),
        };
        for cell in row {
            match cell {
                Cell::Text(text) => out.write_field(&*cell_text(text)),
                Cell::Number(number) if number.is_finite() && number.abs() < WHOLE => {
                    out.write_field(rounded(*number, 1e6).to_string())
                }
                Cell::Number(number) if number.is_finite() => out.write_field(format!("{number:e}")),
                Cell::Count(count) => out.write_field(count.to_string()),
                Cell::Number(_) | Cell::Empty => out.write_field(""),
            }
            .map_err(failed)?;
        }
        out.write_record(None::<&[u8]>).map_err(failed)
    }

    /// Writes what is left.
    pub fn finish(self) -> Result<(), ExportError> {
        match self.rows {
            Rows::Csv(mut out) => out.flush().map_err(failed),
            #[cfg(feature = "tables")]
            Rows::Parquet(groups) => groups.finish(),
        }
    }
}

#[cfg(feature = "tables")]
mod parquet {
    use std::io::Write;

    // CSV has a writer of that name too, and the prelude holds both.
    use polars::io::parquet::write::BatchedWriter;
    use polars::prelude::{Column, DataFrame, DataType, NamedFrom, ParquetWriter, Schema, Series};

    use super::{Cell, CellKind, ExportError, PlainColumn, ROWS_AT_ONCE, TABLE};

    /// The cells of a column that are not yet written.
    enum Cells {
        Text(Vec<Option<String>>),
        Number(Vec<Option<f64>>),
        Count(Vec<Option<u64>>),
    }

    impl Cells {
        /// A cell of another kind than its column is empty.
        fn push(&mut self, cell: Cell<'_>) {
            match (self, cell) {
                (Self::Text(cells), Cell::Text(text)) => cells.push(Some(text.to_owned())),
                (Self::Number(cells), Cell::Number(number)) => {
                    cells.push(Some(number).filter(|number| number.is_finite()))
                }
                (Self::Count(cells), Cell::Count(count)) => cells.push(Some(count as u64)),
                (Self::Text(cells), _) => cells.push(None),
                (Self::Number(cells), _) => cells.push(None),
                (Self::Count(cells), _) => cells.push(None),
            }
        }

        fn take(&mut self, name: &str) -> Column {
            let name = name.into();
            match self {
                Self::Text(cells) => Series::new(name, std::mem::take(cells)),
                Self::Number(cells) => Series::new(name, std::mem::take(cells)),
                Self::Count(cells) => Series::new(name, std::mem::take(cells)),
            }
            .into()
        }
    }

    /// Rows by groups of a million.
    pub(super) struct Groups<'a> {
        out: BatchedWriter<Box<dyn Write + 'a>>,
        columns: Vec<(String, Cells)>,
        waiting: usize,
    }

    fn failed(error: polars::error::PolarsError) -> ExportError {
        ExportError::Parquet { file: TABLE, reason: error.to_string() }
    }

    impl<'a> Groups<'a> {
        pub fn new(out: Box<dyn Write + 'a>, columns: &[PlainColumn<'_>]) -> Result<Self, ExportError> {
            let type_of = |kind: CellKind| match kind {
                CellKind::Text => (DataType::String, Cells::Text(Vec::new())),
                CellKind::Number => (DataType::Float64, Cells::Number(Vec::new())),
                CellKind::Count => (DataType::UInt64, Cells::Count(Vec::new())),
            };
            let schema: Schema = columns.iter().map(|(name, kind)| ((*name).into(), type_of(*kind).0)).collect();
            let columns = columns.iter().map(|(name, kind)| ((*name).to_owned(), type_of(*kind).1)).collect();
            Ok(Self { out: ParquetWriter::new(out).batched(&schema).map_err(failed)?, columns, waiting: 0 })
        }

        pub fn write(&mut self, row: &[Cell<'_>]) -> Result<(), ExportError> {
            let cells = row.iter().copied().chain(std::iter::repeat(Cell::Empty));
            self.columns.iter_mut().zip(cells).for_each(|((_, column), cell)| column.push(cell));
            self.waiting += 1;
            if self.waiting >= ROWS_AT_ONCE { self.write_group() } else { Ok(()) }
        }

        fn write_group(&mut self) -> Result<(), ExportError> {
            let rows = std::mem::take(&mut self.waiting);
            let columns = self.columns.iter_mut().map(|(name, cells)| cells.take(name)).collect();
            let frame = DataFrame::new(rows, columns).map_err(failed)?;
            self.out.write_batch(&frame).map_err(failed)
        }

        pub fn finish(mut self) -> Result<(), ExportError> {
            if self.waiting > 0 {
                self.write_group()?;
            }
            self.out.finish().map(|_| ()).map_err(failed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [PlainColumn<'static>; 3] =
        [("id", CellKind::Text), ("share", CellKind::Number), ("zones", CellKind::Count)];
    const ROWS: [[Cell<'static>; 3]; 3] = [
        [Cell::Text("=1+1"), Cell::Number(2.0 / 3.0), Cell::Count(7)],
        [Cell::Text("a,b"), Cell::Empty, Cell::Empty],
        [Cell::Empty, Cell::Number(f64::NAN), Cell::Count(0)],
    ];

    fn written(form: TableForm) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut table = PlainTable::new(Box::new(&mut bytes), form, &COLUMNS).expect("begun");
        ROWS.iter().for_each(|row| table.write(row).expect("written"));
        table.write(&[Cell::Text("far"), Cell::Number(1e300), Cell::Empty]).expect("written");
        table.finish().expect("written");
        bytes
    }

    #[test]
    fn cells_are_what_they_say() {
        let text = String::from_utf8(written(TableForm::Csv)).expect("text");
        assert_eq!(text, "id,share,zones\n'=1+1,0.666667,7\n\"a,b\",,\n,,0\nfar,1e300,\n");
    }

    #[cfg(feature = "tables")]
    #[test]
    fn parquet_holds_the_same() {
        use crate::sources::features::geoparquet::PlainParquet;

        let bytes = written(TableForm::Parquet);
        let table = PlainParquet::open("table.parquet", &bytes).expect("a table");
        assert_eq!(
            (table.header(), table.has_geometry()),
            (vec!["id".to_owned(), "share".to_owned(), "zones".to_owned()], false)
        );
        let mut rows = Vec::new();
        table.visit_rows(&[0, 1, 2, 0], 0, |number, row| rows.push((number, row.join("|")))).expect("rows");
        let expected = ["=1+1|0.6666666666666666|7|=1+1", "a,b|||a,b", "||0|"];
        let found: Vec<&str> = rows.iter().map(|(_, row)| row.as_str()).collect();
        assert_eq!((&found[..3], rows[3].0), (&expected[..], 4));
    }
}
