//! Lines of a table: the number of each row's first line, and rows that a quotation mark left open has swallowed.
//!
//! In: records as the CSV reader splits them. Out: line numbers as a text editor shows them, records split again. Knows
//! no column.

use std::io::{self, Read};

use csv::ByteRecord;

/// Bytes to read with an end of line after the last, of the kind that the file has: one may lack it, and without it
/// that line could not be counted.
pub(crate) struct LastLineEnded<R> {
    bytes: R,
    end: &'static [u8],
    begun: bool,
}

impl<R: Read> LastLineEnded<R> {
    /// These bytes with a last line that ends.
    pub(crate) fn new(bytes: R) -> Self {
        Self { bytes, end: b"\n", begun: false }
    }
}

impl<R: Read> Read for LastLineEnded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(into)?;
        if count > 0 || into.is_empty() {
            // The header tells, which is in the first bytes.
            if !self.begun && into[..count].contains(&b'\r') {
                self.end = b"\r\n";
            }
            self.begun = true;
            return Ok(count);
        }
        let count = self.end.read(into)?;
        Ok(count)
    }
}

/// Numbers rows by the line they begin on, counted from 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineNumbers {
    /// Lines that the reader is behind: one where lines end in CR LF, of which it leaves the LF to the next record.
    behind: u64,
    last: u64,
}

impl LineNumbers {
    /// After the header was read: the reader's line by then, and how many lines were cut off before the header.
    pub fn after_header(reader_line: u64, cut_off: u64) -> Self {
        Self { behind: 2_u64.saturating_sub(reader_line) + cut_off, last: 1 + cut_off }
    }

    /// The line on which the record just read begins; the reader's line by now is given.
    pub fn next(&mut self, reader_line: u64, record: &ByteRecord) -> u64 {
        let breaks = count_line_breaks(record);
        let first = (reader_line + self.behind).saturating_sub(1 + breaks);
        let first = first.max(self.last + 1);
        self.last = first + breaks;
        first
    }
}

fn count_line_breaks(record: &ByteRecord) -> u64 {
    record.as_slice().iter().filter(|&&byte| byte == b'\n').count() as u64
}

/// The rows that a record holds because a quotation mark was opened and not closed on its line; `None` for a sound
/// record, which may have a line break within a text. The first row is what stood on the record's first line.
pub(crate) fn split_swallowed_rows(record: &ByteRecord, columns: usize, delimiter: u8) -> Option<Vec<ByteRecord>> {
    if count_line_breaks(record) == 0 || columns < 2 {
        return None;
    }
    let mut rows = vec![ByteRecord::new()];
    for field in record {
        if !field.contains(&b'\n') {
            rows.last_mut()?.push_field(field);
            continue;
        }
        for (index, line) in field.split(|&byte| byte == b'\n').enumerate() {
            if index > 0 {
                rows.push(ByteRecord::new());
            }
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let row = rows.last_mut()?;
            line.split(|&byte| byte == delimiter).for_each(|part| row.push_field(part));
        }
    }
    let whole = record.len() == columns;
    let is_row = |row: &ByteRecord| row.len() == columns || !whole && row.len() > 1 && row.len() * 2 > columns;
    rows[1..].iter().any(is_row).then(|| {
        let first = rows.remove(0);
        rows.retain(|row| row.iter().any(|field| !field.is_empty()));
        rows.insert(0, first);
        rows
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str) -> Vec<(u64, ByteRecord)> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(LastLineEnded::new(text.as_bytes()));
        let mut record = ByteRecord::new();
        assert!(reader.read_byte_record(&mut record).expect("bytes in memory"));
        let mut lines = LineNumbers::after_header(reader.position().line(), 0);
        let mut found = Vec::new();
        while reader.read_byte_record(&mut record).expect("bytes in memory") {
            found.push((lines.next(reader.position().line(), &record), record.clone()));
        }
        found
    }

    #[test]
    fn rows_are_numbered_by_their_first_line() {
        for end in ["\n", "\r\n"] {
            let text = ["a,b", "1,2", "", "", "\"x", "y\",2", "3,4", "", "5,6"].join(end);
            for text in [text.clone(), text + end] {
                let numbers: Vec<u64> = records(&text).into_iter().map(|(number, _)| number).collect();
                assert_eq!(numbers, [2, 5, 7, 9], "{text:?}");
            }
        }
    }

    #[test]
    fn an_open_quote_gives_back_the_rows_it_swallowed() {
        let (number, record) = records("a,b,c\n1,\"2,3\n4,5,6\r\n7,8,9\n").remove(0);
        let rows = split_swallowed_rows(&record, 3, b',').expect("swallowed");
        assert_eq!(number, 2);
        let expected = [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"]];
        assert_eq!(rows, expected.map(|row| ByteRecord::from(row.to_vec())));
    }

    #[test]
    fn a_line_break_within_a_text_is_sound() {
        let (_, record) = records("a,b,c\n1,\"beside the church,\nsecond door\",3\n").remove(0);
        assert_eq!(split_swallowed_rows(&record, 3, b','), None);
    }
}
