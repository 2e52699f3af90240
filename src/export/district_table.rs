//! One row per district, one column per number: the same table as CSV, as properties of GeoJSON and as Parquet.

use serde_json::{Map, Value};

use crate::canvas::feed::DistrictScore;
use crate::canvas::indicators::{DEFINITIONS, Dimension};
use crate::export::{ExportError, cell_text};

/// The districts as named columns of equal length.
#[derive(Clone, Debug, PartialEq)]
pub struct DistrictTable {
    rows: usize,
    columns: Vec<(String, Cells)>,
}

/// The cells of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// Texts, such as codes; never numbers.
    Text(Vec<String>),
    /// Counts.
    Count(Vec<u64>),
    /// Numbers; `None` where not known.
    Number(Vec<Option<f64>>),
}

impl DistrictTable {
    /// The table of these districts, in their order: `code`, `name`, facts, `friction`, then `D1_friction`,
    /// `D1_coverage` … per dimension and one column per indicator under its key.
    pub fn of(districts: &[DistrictScore]) -> Self {
        let text = |f: fn(&DistrictScore) -> &str| Cells::Text(districts.iter().map(|d| f(d).to_owned()).collect());
        let number = |f: &dyn Fn(&DistrictScore) -> Option<f64>| {
            Cells::Number(districts.iter().map(|d| f(d).filter(|v| v.is_finite())).collect())
        };
        let mut columns = vec![
            ("code".to_owned(), text(|d| &d.code)),
            ("name".to_owned(), text(|d| &d.name)),
            ("residents".to_owned(), number(&|d| d.residents)),
            ("shops".to_owned(), Cells::Count(districts.iter().map(|d| d.shops).collect())),
            ("area_km2".to_owned(), number(&|d| Some(d.area_km2))),
            ("covered_share".to_owned(), number(&|d| Some(d.covered_share))),
            ("walk_to_core_min".to_owned(), number(&|d| d.walk_to_core_min)),
            ("friction".to_owned(), number(&|d| d.score.friction)),
            ("friction_linear".to_owned(), number(&|d| d.score.friction_linear)),
        ];
        for dimension in Dimension::ALL {
            let find = |d: &DistrictScore| d.score.dimensions.iter().find(|s| s.dimension == dimension).cloned();
            columns.push((format!("{}_friction", dimension.key()), number(&|d| find(d).and_then(|s| s.friction))));
            columns.push((format!("{}_coverage", dimension.key()), number(&|d| find(d).map(|s| s.coverage))));
        }
        for definition in DEFINITIONS {
            let value = |d: &DistrictScore| {
                let mut indicators = d.score.dimensions.iter().flat_map(|s| &s.indicators);
                indicators.find(|i| i.indicator == definition.indicator).and_then(|i| i.value)
            };
            columns.push((definition.key.to_owned(), number(&value)));
        }
        Self { rows: districts.len(), columns }
    }

    /// How many districts.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The columns with their names, in order.
    pub fn columns(&self) -> &[(String, Cells)] {
        &self.columns
    }

    /// A row as properties of a feature.
    pub fn properties(&self, row: usize) -> Map<String, Value> {
        let mut properties = Map::new();
        for (name, cells) in &self.columns {
            let value = match cells {
                Cells::Text(cells) => cells.get(row).map(|text| Value::from(text.as_str())),
                Cells::Count(cells) => cells.get(row).map(|&count| Value::from(count)),
                Cells::Number(cells) => cells.get(row).copied().flatten().map(Value::from),
            };
            properties.insert(name.clone(), value.unwrap_or(Value::Null));
        }
        properties
    }

    /// The table as CSV: UTF-8, comma, decimal point, an empty cell where a value is not known.
    pub fn to_csv(&self) -> Result<Vec<u8>, ExportError> {
        let fail = |reason: String| ExportError::Csv { file: "districts.csv", reason };
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|(name, _)| name)).map_err(|e| fail(e.to_string()))?;
        for row in 0..self.rows {
            let record = self.columns.iter().map(|(_, cells)| match cells {
                Cells::Text(cells) => cells.get(row).map(|text| cell_text(text)).unwrap_or_default(),
                Cells::Count(cells) => cells.get(row).map(u64::to_string).unwrap_or_default(),
                Cells::Number(cells) => cells.get(row).copied().flatten().map(|v| v.to_string()).unwrap_or_default(),
            });
            writer.write_record(record).map_err(|e| fail(e.to_string()))?;
        }
        writer.into_inner().map_err(|e| fail(e.to_string()))
    }

    /// The table as Parquet: codes as text, counts and numbers as 64-bit columns with nulls.
    #[cfg(feature = "tables")]
    pub fn to_parquet(&self) -> Result<Vec<u8>, ExportError> {
        use polars::prelude::{Column, DataFrame, NamedFrom, ParquetWriter, Series};

        let fail = |reason: String| ExportError::Parquet { file: "districts.parquet", reason };
        let columns: Vec<Column> = self
            .columns
            .iter()
            .map(|(name, cells)| match cells {
                Cells::Text(cells) => Series::new(name.as_str().into(), cells.as_slice()).into(),
                Cells::Count(cells) => Series::new(name.as_str().into(), cells.as_slice()).into(),
                Cells::Number(cells) => Series::new(name.as_str().into(), cells.as_slice()).into(),
            })
            .collect();
        let mut frame = DataFrame::new(self.rows, columns).map_err(|e| fail(e.to_string()))?;
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).set_parallel(false).finish(&mut frame).map_err(|e| fail(e.to_string()))?;
        Ok(bytes)
    }
}
