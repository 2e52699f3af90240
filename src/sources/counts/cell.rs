//! Cells with a number of persons, written as their column writes numbers.

use crate::base::notice::{Notice, Notices};
use crate::sources::table::{Expected, NumberStyle, Table, TableRow, is_missing};

/// More persons than pass anywhere in an hour: larger numbers are something else.
const LARGEST_COUNT: f64 = 1e9;

/// A column of counts.
#[derive(Clone, Copy)]
pub(super) struct CountColumn<'a> {
    table: &'a Table,
    column: usize,
    style: NumberStyle,
}

impl<'a> CountColumn<'a> {
    pub(super) fn new(table: &'a Table, column: usize, notices: &mut Notices) -> Self {
        Self { table, column, style: table.number_style(column, Expected::Whole, notices) }
    }

    /// The persons in a row; `None` where they are missing or no number, which a notice tells. `repaired` is set where
    /// there was one.
    pub(super) fn read(&self, row: &TableRow, repaired: &mut bool, notices: &mut Notices) -> Option<u32> {
        let text = row.value(self.column);
        if is_missing(text) {
            return None;
        }
        if let Ok(count) = text.parse::<u32>() {
            return Some(count);
        }
        let count = self.style.parse(text).filter(|count| (0.0..=LARGEST_COUNT).contains(count));
        let rounded = count.map(|count| count.round() as u32);
        if count.is_some_and(|count| count.fract() == 0.0) {
            return rounded;
        }
        let notice = match rounded {
            Some(rounded) => Notice::warning("count_fractional", self.table.file(), "is no whole number of persons")
                .action(format!("rounded to {rounded}")),
            None => Notice::warning("count_invalid", self.table.file(), "is not a number of persons")
                .action("taken as missing"),
        };
        notices.push(notice.at_row(row.number).field(&self.table.header()[self.column], text));
        *repaired = true;
        rounded
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::table::parse_table;

    fn read(text: &str) -> (Vec<Option<u32>>, Vec<&'static str>) {
        let mut notices = Notices::new();
        let table = parse_table("c.csv", text.as_bytes(), &mut notices).expect("a table");
        let column = CountColumn::new(&table, 0, &mut notices);
        let counts = table.rows().iter().map(|row| column.read(row, &mut false, &mut notices)).collect();
        (counts, notices.kept().iter().map(|notice| notice.code).collect())
    }

    #[test]
    fn counts_are_whole_numbers_in_the_style_of_their_column() {
        let guessed = vec!["number_format_guessed"];
        assert_eq!(read("a;b\n1.234;\n56;\n"), (vec![Some(1234), Some(56)], guessed.clone()));
        assert_eq!(read("a,b\n\"1,234\",\n56,\n"), (vec![Some(1234), Some(56)], guessed));
        assert_eq!(read("a;b\n12.0;\n7.0;\n"), (vec![Some(12), Some(7)], vec![]));
        assert_eq!(read("a;b\n1 234;\nn/a;\n"), (vec![Some(1234), None], vec![]));
    }

    #[test]
    fn a_count_with_a_fraction_or_none_at_all_is_told() {
        assert_eq!(read("a;b\n12,6;\n7,0;\n"), (vec![Some(13), Some(7)], vec!["count_fractional"]));
        assert_eq!(read("a;b\n-4;\nx;\n9e9;\n"), (vec![None; 3], vec!["count_invalid"; 3]));
    }
}
