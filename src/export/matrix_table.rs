//! Travel times between points as a long table, written while they are found: a row per pair that has a way, with the
//! columns `origin_id`, `destination_id`, `travel_time_s`. As CSV or as Parquet.

use std::io::Write;

use super::{ExportError, cell_text};
use crate::base::units::TravelTime;

/// Name of the table in messages.
const CSV: &str = "matrix.csv";
/// Rows of a row group.
#[cfg(feature = "tables")]
const ROWS_AT_ONCE: usize = 1 << 20;

/// A table of travel times that is being written.
pub trait MatrixTable {
    /// Adds the rows of an origin.
    fn write(&mut self, origin: &str, rows: &mut dyn Iterator<Item = (&str, TravelTime)>) -> Result<(), ExportError>;
    /// Writes what is left.
    fn finish(self: Box<Self>) -> Result<(), ExportError>;
}

/// As CSV.
pub struct CsvMatrix<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> CsvMatrix<W> {
    /// Begins the table with its header.
    pub fn new(out: W) -> Result<Self, ExportError> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(["origin_id", "destination_id", "travel_time_s"]).map_err(failed)?;
        Ok(Self { out })
    }
}

fn failed(error: impl Into<csv::Error>) -> ExportError {
    ExportError::Csv { file: CSV, reason: error.into().to_string() }
}

impl<W: Write> MatrixTable for CsvMatrix<W> {
    fn write(&mut self, origin: &str, rows: &mut dyn Iterator<Item = (&str, TravelTime)>) -> Result<(), ExportError> {
        let origin = cell_text(origin);
        for (destination, time) in rows {
            let (seconds, tenths) = (time.deciseconds() / 10, time.deciseconds() % 10);
            let time = format!("{seconds}.{tenths}");
            self.out.write_record([&origin, &cell_text(destination), &time]).map_err(failed)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        self.out.flush().map_err(failed)
    }
}

#[cfg(feature = "tables")]
pub use parquet::ParquetMatrix;

#[cfg(feature = "tables")]
mod parquet {
    use std::io::Write;

    // CSV has a writer of that name too, and the prelude holds both.
    use polars::io::parquet::write::BatchedWriter;
    use polars::prelude::{Column, DataFrame, DataType, NamedFrom, ParquetWriter, Schema, Series};

    use super::{ExportError, MatrixTable, ROWS_AT_ONCE};
    use crate::base::units::TravelTime;

    /// As Parquet, a row group per million rows.
    pub struct ParquetMatrix<W: Write> {
        out: BatchedWriter<W>,
        origins: Vec<String>,
        destinations: Vec<String>,
        times: Vec<f64>,
    }

    fn failed(error: polars::error::PolarsError) -> ExportError {
        ExportError::Parquet { file: "matrix.parquet", reason: error.to_string() }
    }

    impl<W: Write> ParquetMatrix<W> {
        /// Begins the table.
        pub fn new(out: W) -> Result<Self, ExportError> {
            let schema: Schema = [
                ("origin_id".into(), DataType::String),
                ("destination_id".into(), DataType::String),
                ("travel_time_s".into(), DataType::Float64),
            ]
            .into_iter()
            .collect();
            let out = ParquetWriter::new(out).batched(&schema).map_err(failed)?;
            Ok(Self { out, origins: Vec::new(), destinations: Vec::new(), times: Vec::new() })
        }

        fn write_group(&mut self) -> Result<(), ExportError> {
            let text = |name: &str, cells: &mut Vec<String>| -> Column {
                Series::new(name.into(), std::mem::take(cells)).into()
            };
            let rows = self.times.len();
            let columns = vec![
                text("origin_id", &mut self.origins),
                text("destination_id", &mut self.destinations),
                Series::new("travel_time_s".into(), std::mem::take(&mut self.times)).into(),
            ];
            let frame = DataFrame::new(rows, columns).map_err(failed)?;
            self.out.write_batch(&frame).map_err(failed)
        }
    }

    impl<W: Write> MatrixTable for ParquetMatrix<W> {
        fn write(
            &mut self,
            origin: &str,
            rows: &mut dyn Iterator<Item = (&str, TravelTime)>,
        ) -> Result<(), ExportError> {
            for (destination, time) in rows {
                self.origins.push(origin.to_owned());
                self.destinations.push(destination.to_owned());
                self.times.push(time.seconds());
                if self.times.len() >= ROWS_AT_ONCE {
                    self.write_group()?;
                }
            }
            Ok(())
        }

        fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
            if !self.times.is_empty() {
                self.write_group()?;
            }
            self.out.finish().map(|_| ()).map_err(failed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_need_quotes_get_them_and_formulas_do_not_run() {
        let mut bytes = Vec::new();
        let mut table = Box::new(CsvMatrix::new(&mut bytes).expect("begun"));
        let rows = [("a,b", TravelTime::from_deciseconds(905)), ("=1+1", TravelTime::ZERO)];
        table.write("say \"x\"", &mut rows.into_iter()).expect("written");
        table.finish().expect("written");
        let expected = "origin_id,destination_id,travel_time_s\n\"say \"\"x\"\"\",\"a,b\",90.5\n\
                        \"say \"\"x\"\"\",'=1+1,0.0\n";
        assert_eq!(String::from_utf8(bytes).expect("UTF-8"), expected);
    }
}
