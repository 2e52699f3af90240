//! Ids that occur more than once in a file, made unique: the second `A` becomes `A#2`.

use std::collections::BTreeMap;

/// The ids of a file met so far.
#[derive(Debug, Default)]
pub(in crate::sources) struct UniqueIds {
    /// Where each id was met first.
    met: BTreeMap<String, u64>,
    /// The next suffix of the ids that were met more than once.
    next_copy: BTreeMap<String, u64>,
}

impl UniqueIds {
    /// The id made unique, and the row or feature that bears the same id already where it had to be changed.
    pub(in crate::sources) fn take(&mut self, id: String, number: u64) -> (String, Option<u64>) {
        let Some(&first) = self.met.get(&id) else {
            self.met.insert(id.clone(), number);
            return (id, None);
        };
        let copy = self.next_copy.entry(id.clone()).or_insert(2);
        let mut unique = format!("{id}#{copy}");
        while self.met.contains_key(&unique) {
            *copy += 1;
            unique = format!("{id}#{copy}");
        }
        *copy += 1;
        self.met.insert(unique.clone(), number);
        (unique, Some(first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_numbered_past_what_the_file_itself_numbers() {
        let mut ids = UniqueIds::default();
        let taken: Vec<(String, Option<u64>)> =
            ["A", "A#2", "A", "A", "A#2"].into_iter().zip(1..).map(|(id, n)| ids.take(id.to_owned(), n)).collect();
        let expected = [("A", None), ("A#2", None), ("A#3", Some(1)), ("A#4", Some(1)), ("A#2#2", Some(2))];
        assert_eq!(taken, expected.map(|(id, first)| (id.to_owned(), first)));
    }

    /// A column that bears one value in all rows: each row costs one look, not one per row before it (which would be
    /// twenty thousand million looks here).
    #[test]
    fn a_constant_column_of_ids_is_read_in_one_go() {
        let mut ids = UniqueIds::default();
        let last = (1..=200_000).map(|number| ids.take("P".to_owned(), number)).last();
        assert_eq!(last, Some(("P#200000".to_owned(), Some(1))));
    }
}
