//! Properties of FlatGeobuf: pairs of a column's number and a value whose form the column tells.

use super::table::{Broken, Table};
use crate::sources::features::FeaturesError;
use crate::sources::features::budget::Budget;

/// Fields of the table `Column`.
const NAME: usize = 0;
const KIND: usize = 1;

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub name: String,
    pub kind: u8,
}

/// The columns that a list of a table tells.
pub(super) fn columns_of(table: &Table<'_>, field: usize, budget: &mut Budget<'_>) -> Result<Vec<Column>, Unreadable> {
    let mut columns = Vec::new();
    for column in table.tables(field)? {
        let column = column?;
        let name = column.text(NAME)?.unwrap_or_default();
        budget.spend_property(name.len())?;
        columns.push(Column { name, kind: column.byte(KIND)? });
    }
    Ok(columns)
}

/// Why something cannot be read: because it is damaged, or because it is too much.
pub(super) enum Unreadable {
    Broken(String),
    TooLarge(FeaturesError),
}

impl From<Broken> for Unreadable {
    fn from(problem: Broken) -> Self {
        Self::Broken(problem.to_owned())
    }
}

impl From<FeaturesError> for Unreadable {
    fn from(error: FeaturesError) -> Self {
        Self::TooLarge(error)
    }
}

/// The properties of a feature, read up to the first that is damaged.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Properties {
    pub pairs: Vec<(String, String)>,
    pub typed_numbers: Vec<usize>,
    /// What is wrong with the next one.
    pub problem: Option<String>,
}

/// Reads the properties of a feature.
pub(super) fn read_properties(
    mut bytes: &[u8],
    columns: &[Column],
    budget: &mut Budget<'_>,
) -> Result<Properties, FeaturesError> {
    let mut found = Properties::default();
    while !bytes.is_empty() {
        match next_pair(&mut bytes, columns) {
            Ok((column, value, is_number)) => {
                budget.spend_property(column.name.len() + value.len())?;
                if is_number {
                    found.typed_numbers.push(found.pairs.len());
                }
                found.pairs.push((column.name.clone(), value));
            }
            Err(problem) => {
                found.problem = Some(problem);
                break;
            }
        }
    }
    Ok(found)
}

/// The next column, its value as text, and whether that is a number.
fn next_pair<'c>(bytes: &mut &[u8], columns: &'c [Column]) -> Result<(&'c Column, String, bool), String> {
    let index = usize::from(u16::from_le_bytes(take(bytes)?));
    let column = columns.get(index).ok_or_else(|| format!("column {index} of {} is not known", columns.len()))?;
    let value = match column.kind {
        0 => i8::from_le_bytes(take(bytes)?).to_string(),
        1 => u8::from_le_bytes(take(bytes)?).to_string(),
        2 => return Ok((column, (take::<1>(bytes)? != [0]).to_string(), false)),
        3 => i16::from_le_bytes(take(bytes)?).to_string(),
        4 => u16::from_le_bytes(take(bytes)?).to_string(),
        5 => i32::from_le_bytes(take(bytes)?).to_string(),
        6 => u32::from_le_bytes(take(bytes)?).to_string(),
        7 => i64::from_le_bytes(take(bytes)?).to_string(),
        8 => u64::from_le_bytes(take(bytes)?).to_string(),
        9 => f32::from_le_bytes(take(bytes)?).to_string(),
        10 => f64::from_le_bytes(take(bytes)?).to_string(),
        11..=14 => {
            let length = usize::try_from(u32::from_le_bytes(take(bytes)?)).unwrap_or(usize::MAX);
            let text =
                bytes.get(..length).ok_or_else(|| format!("a value of {length} bytes has {} left", bytes.len()))?;
            *bytes = &bytes[length..];
            // Of bytes that are no text nothing can be told.
            let text = if column.kind == 14 { String::new() } else { String::from_utf8_lossy(text).into_owned() };
            return Ok((column, text, false));
        }
        kind => return Err(format!("column {} is of the unknown kind {kind}", column.name)),
    };
    Ok((column, value, true))
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], String> {
    let (head, rest) = bytes.split_first_chunk().ok_or("they end inside a value")?;
    *bytes = rest;
    Ok(*head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Properties {
        let columns = [("n", 5), ("t", 11), ("b", 2), ("x", 10), ("odd", 99)];
        let columns = columns.map(|(name, kind)| Column { name: name.to_owned(), kind });
        read_properties(bytes, &columns, &mut Budget::new("d.fgb", 0, 1)).expect("within the budget")
    }

    #[test]
    fn values_are_read_by_the_kind_of_their_column() {
        let mut bytes = vec![0, 0, 0xfe, 0xff, 0xff, 0xff, 1, 0, 2, 0, 0, 0, b'A', b'n', 2, 0, 1, 3, 0];
        bytes.extend(1.5_f64.to_le_bytes());
        let found = read(&bytes);
        let pairs: Vec<(&str, &str)> = found.pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(pairs, [("n", "-2"), ("t", "An"), ("b", "true"), ("x", "1.5")]);
        assert_eq!((found.typed_numbers, found.problem), (vec![0, 3], None));
    }

    #[test]
    fn damaged_values_end_the_list_and_are_told() {
        for (bytes, problem) in [
            (&[0, 0, 1, 0][..], "they end inside a value"),
            (&[1][..], "they end inside a value"),
            (&[9, 0, 1][..], "column 9 of 5 is not known"),
            (&[4, 0, 1][..], "column odd is of the unknown kind 99"),
            (&[1, 0, 0xff, 0xff, 0xff, 0xff, b'A'][..], "a value of 4294967295 bytes has 1 left"),
        ] {
            assert_eq!(read(bytes).problem.as_deref(), Some(problem));
        }
    }
}
