//! Travel times between points as a long table, written while they are found: a row per pair that has a way, with the
//! columns `origin_id`, `destination_id` and one or more of times such as `travel_time_s`. As CSV or as Parquet.

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
    /// Adds the row of a pair, with a time per column; empty cells for those that there are not.
    fn write(&mut self, origin: &str, destination: &str, times: &[Option<TravelTime>]) -> Result<(), ExportError>;
    /// Writes what is left.
    fn finish(self: Box<Self>) -> Result<(), ExportError>;
}

/// As CSV.
pub struct CsvMatrix<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> CsvMatrix<W> {
    /// Begins the table with its header; columns of times have these names.
    pub fn new(out: W, times: &[String]) -> Result<Self, ExportError> {
        let mut out = csv::Writer::from_writer(out);
        let columns = ["origin_id", "destination_id"].into_iter().chain(times.iter().map(String::as_str));
        out.write_record(columns).map_err(failed)?;
        Ok(Self { out })
    }
}

fn failed(error: impl Into<csv::Error>) -> ExportError {
    ExportError::Csv { file: CSV, reason: error.into().to_string() }
}

impl<W: Write> MatrixTable for CsvMatrix<W> {
    fn write(&mut self, origin: &str, destination: &str, times: &[Option<TravelTime>]) -> Result<(), ExportError> {
        self.out.write_field(&*cell_text(origin)).map_err(failed)?;
        self.out.write_field(&*cell_text(destination)).map_err(failed)?;
        for time in times {
            let time = time.map(TravelTime::deciseconds);
            let time = time.map_or_else(String::new, |time| format!("{}.{}", time / 10, time % 10));
            self.out.write_field(time).map_err(failed)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(failed)
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
        names: Vec<String>,
        /// Per column.
        times: Vec<Vec<Option<f64>>>,
    }

    fn failed(error: polars::error::PolarsError) -> ExportError {
        ExportError::Parquet { file: "matrix.parquet", reason: error.to_string() }
    }

    impl<W: Write> ParquetMatrix<W> {
        /// Begins the table; columns of times have these names.
        pub fn new(out: W, times: &[String]) -> Result<Self, ExportError> {
            let ids = ["origin_id", "destination_id"].map(|name| (name.into(), DataType::String));
            let times_of = times.iter().map(|name| (name.as_str().into(), DataType::Float64));
            let schema: Schema = ids.into_iter().chain(times_of).collect();
            let out = ParquetWriter::new(out).batched(&schema).map_err(failed)?;
            let columns = vec![Vec::new(); times.len()];
            Ok(Self { out, origins: Vec::new(), destinations: Vec::new(), names: times.to_vec(), times: columns })
        }

        fn write_group(&mut self) -> Result<(), ExportError> {
            let text = |name: &str, cells: &mut Vec<String>| -> Column {
                Series::new(name.into(), std::mem::take(cells)).into()
            };
            let rows = self.origins.len();
            let mut columns =
                vec![text("origin_id", &mut self.origins), text("destination_id", &mut self.destinations)];
            for (name, times) in self.names.iter().zip(&mut self.times) {
                columns.push(Series::new(name.as_str().into(), std::mem::take(times)).into());
            }
            let frame = DataFrame::new(rows, columns).map_err(failed)?;
            self.out.write_batch(&frame).map_err(failed)
        }
    }

    impl<W: Write> MatrixTable for ParquetMatrix<W> {
        fn write(&mut self, origin: &str, destination: &str, times: &[Option<TravelTime>]) -> Result<(), ExportError> {
            self.origins.push(origin.to_owned());
            self.destinations.push(destination.to_owned());
            for (column, time) in self.times.iter_mut().zip(times) {
                column.push(time.map(TravelTime::seconds));
            }
            if self.origins.len() >= ROWS_AT_ONCE {
                self.write_group()?;
            }
            Ok(())
        }

        fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
            if !self.origins.is_empty() {
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
        let names = ["p5", "p95"].map(str::to_owned);
        let mut table = Box::new(CsvMatrix::new(&mut bytes, &names).expect("begun"));
        let time = TravelTime::from_deciseconds(905);
        table.write("say \"x\"", "a,b", &[Some(time), None]).expect("written");
        table.write("say \"x\"", "=1+1", &[Some(TravelTime::ZERO), Some(time)]).expect("written");
        table.finish().expect("written");
        let expected = "origin_id,destination_id,p5,p95\n\"say \"\"x\"\"\",\"a,b\",90.5,\n\
                        \"say \"\"x\"\"\",'=1+1,0.0,90.5\n";
        assert_eq!(String::from_utf8(bytes).expect("UTF-8"), expected);
    }
}
