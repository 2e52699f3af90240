//! Tables in text form: encoding, delimiter, header, numbers; one machinery for every table that is not GTFS.
//!
//! In: bytes of a CSV file as people export them (Windows code page, semicolons, decimal commas, a BOM, ragged
//! rows). Out: a [`Table`] whose columns are found by accepted names and whose rows know their 1-based number (the
//! header is row 1). This module must not know what a column means.

mod encoding;
mod lines;
mod number;
mod timestamp;
mod titles;

use std::collections::BTreeSet;
use std::path::Path;

use csv::{ByteRecord, StringRecord};

use crate::base::notice::{Notice, Notices};
use crate::sources::regular::read_regular;

pub use encoding::decode;
pub(crate) use lines::{LastLineEnded, LineNumbers, split_swallowed_rows};
pub use number::{Expected, NumberStyle, is_missing};
pub use timestamp::{DateEvidence, DateOrder, Stamp};
pub(crate) use titles::{HeaderRows, HeaderTest, find_below_titles};

/// Most columns of a table: wide counts have one per counter, spreadsheets at most 16,384.
pub(crate) const MOST_COLUMNS: usize = 16_384;

/// Why a table cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file cannot be opened or read.
    #[error("{file}: cannot be read: {source}; check the path and the permissions")]
    Unreadable {
        /// Name of the file.
        file: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// There is nothing in it.
    #[error("{file}: is empty; expected a header row and data rows")]
    Empty {
        /// Name of the file.
        file: String,
    },
    /// It is a binary file.
    #[error("{file}: is not a text table ({nul_bytes} of {bytes} bytes are zero); expected CSV")]
    NotText {
        /// Name of the file.
        file: String,
        /// How many zero bytes it holds.
        nul_bytes: usize,
        /// Its length.
        bytes: usize,
    },
    /// Its header has more columns than a table.
    #[error("{file}: its first row has {columns} columns, at most {MOST_COLUMNS} are read; expected a header row")]
    TooManyColumns {
        /// Name of the file.
        file: String,
        /// How many there are.
        columns: usize,
    },
    /// The rows cannot be told apart.
    #[error("{file}: cannot be split into rows: {reason}")]
    Malformed {
        /// Name of the file.
        file: String,
        /// What the CSV reader says.
        reason: String,
    },
}

/// A table: its header and its rows, all text.
#[derive(Clone, Debug)]
pub struct Table {
    file: String,
    delimiter: u8,
    header: Vec<String>,
    keys: Vec<String>,
    rows: Vec<TableRow>,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct TableRow {
    /// The line on which it begins, counted from 1.
    pub number: u64,
    /// Whether it had fewer or more fields than the header or a quotation mark left open, which a notice told of.
    pub ragged: bool,
    values: StringRecord,
}

impl TableRow {
    /// The value in a column, without blanks around it; empty where the row is too short.
    pub fn value(&self, column: usize) -> &str {
        self.values.get(column).unwrap_or("").trim()
    }

    /// The value in a column that may be absent from the table.
    pub fn value_in(&self, column: Option<usize>) -> &str {
        column.map_or("", |column| self.value(column))
    }
}

impl Table {
    /// A table of records that a file holds in another form; rows are numbered from 1 and have a value per column. Empty
    /// records are left out.
    pub(crate) fn of_records(file: &str, header: Vec<String>, records: Vec<Vec<String>>) -> Self {
        let keys = header.iter().map(|name| normalised(name)).collect();
        let row = |(values, number): (Vec<String>, u64)| TableRow { number, ragged: false, values: values.into() };
        let told = |(values, _): &(Vec<String>, u64)| values.iter().any(|value| !value.is_empty());
        let rows = records.into_iter().zip(1..).filter(told).map(row).collect();
        Self { file: file.to_owned(), delimiter: b',', header, keys, rows }
    }

    /// Name of the file, without folders.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The delimiter that was recognised.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The column names as written, without blanks around them.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The rows in the order of the file.
    pub fn rows(&self) -> &[TableRow] {
        &self.rows
    }

    /// The first column that bears one of these names; earlier names win. Names are compared by [`normalised`].
    pub fn find_column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            let wanted = normalised(name);
            self.keys.iter().position(|key| *key == wanted)
        })
    }

    /// The columns whose normalised name passes a test.
    pub fn columns_where(&self, mut test: impl FnMut(&str) -> bool) -> Vec<usize> {
        (0..self.keys.len()).filter(|&column| test(&self.keys[column])).collect()
    }

    /// How numbers are written in a column; a guess between two readings is told in a notice.
    pub fn number_style(&self, column: usize, expected: Expected, notices: &mut Notices) -> NumberStyle {
        let values = self.rows.iter().map(|row| row.value(column));
        let (style, example) = NumberStyle::detect(values, expected, self.delimiter);
        if let Some(example) = example {
            notices.push(
                Notice::warning("number_format_guessed", &self.file, "can be read with two meanings")
                    .field(&self.header[column], example)
                    .action(format!("column read with {}", style.describe())),
            );
        }
        style
    }

    /// The order of day and month in a column of dates; an order that is assumed or not kept to is told in a notice.
    pub fn date_order(&self, column: usize, notices: &mut Notices) -> DateOrder {
        let (order, evidence) = DateOrder::detect(self.rows.iter().map(|row| row.value(column)));
        let (notice, example) = match evidence {
            DateEvidence::Settled => return order,
            DateEvidence::Assumed(example) => {
                let problem = "can be read day first or month first throughout";
                (Notice::warning("date_order_assumed", &self.file, problem).action("read day first"), example)
            }
            DateEvidence::Mixed(example) => {
                let problem = "has day and month in another order than most dates of the column";
                let action = format!("column read {}, as most of it is written", order.describe());
                (Notice::warning("date_order_mixed", &self.file, problem).action(action), example)
            }
        };
        notices.push(notice.field(&self.header[column], example));
        order
    }

    /// Whether a column holds a date at all.
    pub fn has_dates(&self, column: usize) -> bool {
        self.rows.iter().any(|row| Stamp::has_date(row.value(column)))
    }
}

/// A column name for comparing: lower case, `_` and `-` as blanks, single blanks, accents kept.
pub fn normalised(name: &str) -> String {
    let spaced: String = name.chars().map(|c| if c == '_' || c == '-' { ' ' } else { c }).collect();
    spaced.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A field by its name, compared like column names; `None` where it is empty.
pub(super) fn field_named<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let wanted = normalised(name);
    let found = fields.iter().find(|(key, _)| normalised(key) == wanted);
    found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}

/// The file part of a path, for notices.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| "input".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Reads a table from a file.
pub fn read_table(path: &Path, notices: &mut Notices) -> Result<Table, TableError> {
    let file = file_name(path);
    let bytes = read_regular(path).map_err(|source| TableError::Unreadable { file: file.clone(), source })?;
    parse_table(&file, &bytes, notices)
}

/// Reads a table from a file whose header may stand below titles.
pub(crate) fn read_table_below_titles(
    path: &Path,
    test: HeaderTest,
    notices: &mut Notices,
) -> Result<Table, TableError> {
    let file = file_name(path);
    let bytes = read_regular(path).map_err(|source| TableError::Unreadable { file: file.clone(), source })?;
    parse(&file, &bytes, Some(test), notices)
}

/// Reads a table from bytes; `file` names it in notices.
pub fn parse_table(file: &str, bytes: &[u8], notices: &mut Notices) -> Result<Table, TableError> {
    parse(file, bytes, None, notices)
}

/// Reads a table from bytes whose header may stand below titles.
#[cfg(test)]
pub(crate) fn parse_table_below_titles(
    file: &str,
    bytes: &[u8],
    test: HeaderTest,
    notices: &mut Notices,
) -> Result<Table, TableError> {
    parse(file, bytes, Some(test), notices)
}

fn parse(file: &str, bytes: &[u8], test: Option<HeaderTest>, notices: &mut Notices) -> Result<Table, TableError> {
    let text = decode(file, bytes, notices)?;
    let (text, declared) = without_separator_line(&text);
    if text.trim().is_empty() {
        return Err(TableError::Empty { file: file.to_owned() });
    }
    let titles = test.and_then(|test| find_below_titles(text, test));
    let (text, cut_off) = titles.as_ref().map_or((text, 0), |below| (below.text, below.cut_off));
    let delimiter = declared.unwrap_or_else(|| sniff_delimiter(text));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(LastLineEnded::new(text.as_bytes()));
    let malformed = |e: csv::Error| TableError::Malformed { file: file.to_owned(), reason: e.to_string() };
    let mut record = ByteRecord::new();
    if !reader.read_byte_record(&mut record).map_err(malformed)? {
        return Err(TableError::Empty { file: file.to_owned() });
    }
    if record.len() > MOST_COLUMNS {
        return Err(TableError::TooManyColumns { file: file.to_owned(), columns: record.len() });
    }
    let cut_off = cut_off + u64::from(declared.is_some());
    let mut lines = LineNumbers::after_header(reader.position().line(), cut_off);
    let mut header: Vec<String> = text_of(&record).iter().map(|name| name.trim().to_owned()).collect();
    if let Some(below) = titles {
        let problem = format!("has {cut_off} lines above the names of its columns");
        notices.push(Notice::note("title_rows", file, problem).action("left out"));
        header.iter_mut().zip(below.names).for_each(|(name, whole)| *name = whole);
    }
    let keys: Vec<String> = header.iter().map(|name| normalised(name)).collect();
    tell_of_double_columns(file, &header, &keys, notices);
    let mut table = Table { file: file.to_owned(), delimiter, header, keys, rows: Vec::new() };
    while reader.read_byte_record(&mut record).map_err(malformed)? {
        let number = lines.next(reader.position().line(), &record);
        table.push_record(number, &record, notices);
    }
    if table.rows.is_empty() {
        notices.push(Notice::warning("table_without_rows", file, "has a header and no rows").action("nothing read"));
    }
    Ok(table)
}

/// A record of a text that was decoded before.
fn text_of(record: &ByteRecord) -> StringRecord {
    StringRecord::from_byte_record_lossy(record.clone())
}

impl Table {
    fn push_record(&mut self, number: u64, record: &ByteRecord, notices: &mut Notices) {
        let Some(rows) = split_swallowed_rows(record, self.header.len(), self.delimiter) else {
            return self.push_row(number, text_of(record), false, notices);
        };
        let problem = format!("a quotation mark that is not closed swallows {} rows", rows.len() - 1);
        notices.push(Notice::error("quote_unclosed", &self.file, problem).at_row(number).action("rows split again"));
        for (line, row) in (number..).zip(&rows) {
            self.push_row(line, text_of(row), line == number, notices);
        }
    }

    fn push_row(&mut self, number: u64, values: StringRecord, repaired: bool, notices: &mut Notices) {
        if values.iter().all(|value| value.trim().is_empty()) {
            return; // a row of delimiters only, as spreadsheets leave at the end: it holds nothing to lose
        }
        let missing = values.len() < self.header.len();
        let extra = values.iter().skip(self.header.len()).any(|value| !value.trim().is_empty());
        if missing || extra {
            let action = if missing { "missing values taken as empty" } else { "extra values ignored" };
            let problem = format!("has {} fields, the header has {}", values.len(), self.header.len());
            notices.push(Notice::warning("row_ragged", &self.file, problem).at_row(number).action(action));
        }
        self.rows.push(TableRow { number, ragged: repaired || missing || extra, values });
    }
}

fn tell_of_double_columns(file: &str, header: &[String], keys: &[String], notices: &mut Notices) {
    let mut seen = BTreeSet::new();
    for (index, key) in keys.iter().enumerate() {
        if !key.is_empty() && !seen.insert(key) {
            notices.push(
                Notice::warning("column_duplicate", file, "appears more than once in the header")
                    .at_row(1)
                    .field("column", &header[index])
                    .action("the first is used"),
            );
        }
    }
}

/// Spreadsheets put a first line `sep=;` that declares the delimiter.
fn without_separator_line(text: &str) -> (&str, Option<u8>) {
    let Some((first, rest)) = text.split_once('\n') else { return (text, None) };
    match first.trim_end_matches('\r').as_bytes() {
        [b's', b'e', b'p', b'=', delimiter] if delimiter.is_ascii() => (rest, Some(*delimiter)),
        _ => (text, None),
    }
}

/// The delimiter that parts the first lines most evenly; a comma where none is seen.
fn sniff_delimiter(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(12).collect();
    let mut best = (0, b',');
    for delimiter in *b",;\t|" {
        let counts: Vec<usize> = lines.iter().map(|line| count_outside_quotes(line, delimiter)).collect();
        let in_header = counts.first().copied().unwrap_or(0);
        let agreeing = counts.iter().filter(|&&count| count == in_header).count();
        let score = if in_header == 0 { 0 } else { agreeing * 10_000 + in_header.min(9_999) };
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

fn count_outside_quotes(line: &str, delimiter: u8) -> usize {
    let mut quoted = false;
    let mut count = 0;
    for byte in line.bytes() {
        quoted ^= byte == b'"';
        count += usize::from(byte == delimiter && !quoted);
    }
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> (Table, Notices) {
        let mut notices = Notices::new();
        let table = parse_table("t.csv", text.as_bytes(), &mut notices).expect("a table");
        (table, notices)
    }

    #[test]
    fn rows_keep_their_number_and_columns_are_found_by_name() {
        let (table, notices) = parse("Nom_du parking;PLACES \nSauvenière;364\n\nKennedy;66\n");
        assert_eq!(table.find_column(&["name", "nom du parking"]), Some(0));
        assert_eq!(table.find_column(&["places"]), Some(1));
        assert_eq!(table.find_column(&["lat"]), None);
        assert_eq!(table.rows()[0].number, 2);
        assert_eq!(table.rows()[1].value(0), "Kennedy");
        assert_eq!(table.rows()[1].number, 4, "a blank line counts");
        assert!(notices.kept().is_empty());
    }

    #[test]
    fn each_delimiter_is_recognised() {
        for (text, delimiter) in
            [("a,b\n1,2\n", b','), ("a;b\n1,5;2,5\n", b';'), ("a\tb\n1\t2\n", b'\t'), ("a|b\n1|2\n", b'|')]
        {
            assert_eq!(parse(text).0.delimiter(), delimiter, "{text}");
        }
        // A quoted schedule full of commas does not outvote the semicolon.
        assert_eq!(parse("a;b\n\"x,y,z,w\";1\n\"x,y,z,w\";1\n").0.delimiter(), b';');
        let (table, _) = parse("sep=;\r\na;b\r\n1;2\r\n");
        assert_eq!((table.rows()[0].value(1), table.rows()[0].number), ("2", 3));
    }

    #[test]
    fn double_columns_are_told_and_endless_headers_refused() {
        let (_, notices) = parse("a,b,A,c,a\n1,2,3,4,5\n");
        assert_eq!(notices.count("column_duplicate"), 2);
        let header = "a,".repeat(MOST_COLUMNS);
        let found = parse_table("t.csv", header.as_bytes(), &mut Notices::new());
        assert!(matches!(found, Err(TableError::TooManyColumns { columns, .. }) if columns == MOST_COLUMNS + 1));
    }

    #[test]
    fn a_quote_left_open_loses_no_row() {
        let (table, notices) = parse("a,b\n\"1,2\n3,4\n5,6\n");
        let rows: Vec<_> = table.rows().iter().map(|row| (row.number, row.value(0), row.value(1))).collect();
        assert_eq!(rows, [(2, "1", "2"), (3, "3", "4"), (4, "5", "6")]);
        assert_eq!(notices.count("quote_unclosed"), 1);
    }

    #[test]
    fn a_file_without_content_is_an_error() {
        for text in ["", "\u{feff}", "\n\n  \n"] {
            let found = parse_table("t.csv", text.as_bytes(), &mut Notices::new());
            assert!(matches!(found, Err(TableError::Empty { .. })), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_table_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut notices = Notices::new();
            if let Ok(table) = parse_table("t.csv", &bytes, &mut notices) {
                for row in table.rows() {
                    prop_assert!(row.number >= 2);
                    row.value(table.header().len());
                }
            }
        }
    }
}
