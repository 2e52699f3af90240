//! Rows of one table: the columns by name, texts trimmed and decoded, a tally of what became of each row.
//!
//! In: the bytes of a table. Out: rows whose fields are asked for by column. Knows no table's meaning.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{HashMap, VecDeque};
use std::io::Read;

use csv::ByteRecord;
use jiff::civil::Date;

use super::GtfsError;
use crate::base::ids::Id;
use crate::base::notice::{FileTally, Notice, Notices, Severity};
use crate::sources::table::{LastLineEnded, LineNumbers, split_swallowed_rows};

/// A column of a table; a column the table does not have reads as empty.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    name: &'static str,
    at: Option<usize>,
}

/// The rows of a table, read one after another.
pub(super) struct Rows<'a> {
    file: &'static str,
    header: Vec<String>,
    reader: csv::Reader<Box<dyn Read + 'a>>,
    record: ByteRecord,
    /// Rows that a quotation mark left open had swallowed, still to be given out.
    waiting: VecDeque<ByteRecord>,
    lines: LineNumbers,
    number: u64,
    tally: Cell<FileTally>,
}

impl<'a> Rows<'a> {
    /// Reads the header; a byte order mark is ignored.
    pub(super) fn new(file: &'static str, source: Box<dyn Read + 'a>) -> Result<Self, GtfsError> {
        let source: Box<dyn Read + 'a> = Box::new(LastLineEnded::new(source));
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(1 << 16).from_reader(source);
        let mut record = ByteRecord::new();
        reader.read_byte_record(&mut record).map_err(|error| unreadable(file, 1, &error))?;
        let name = |field: &[u8]| {
            String::from_utf8_lossy(field).trim_start_matches('\u{feff}').trim().trim_matches('"').to_lowercase()
        };
        let header = record.iter().map(name).collect();
        let lines = LineNumbers::after_header(reader.position().line(), 0);
        Ok(Self { file, header, reader, record, waiting: VecDeque::new(), lines, number: 1, tally: Cell::default() })
    }

    /// A column that the table may lack.
    pub(super) fn optional(&self, name: &'static str) -> Field {
        Field { name, at: self.header.iter().position(|column| column == name) }
    }

    /// A column that the table must have.
    pub(super) fn required(&self, name: &'static str) -> Result<Field, GtfsError> {
        let field = self.optional(name);
        if field.at.is_some() {
            return Ok(field);
        }
        let found = self.header.join(", ").chars().take(400).collect::<String>();
        let found = if found.is_empty() { "an empty table".to_owned() } else { found };
        Err(GtfsError::MissingColumn { file: self.file, column: name, found })
    }

    /// The next row, `None` after the last.
    pub(super) fn next(&mut self, notices: &mut Notices) -> Result<Option<Row<'_>>, GtfsError> {
        let mut repaired = false;
        if let Some(waiting) = self.waiting.pop_front() {
            self.record = waiting;
            self.number += 1;
        } else {
            let more = self.reader.read_byte_record(&mut self.record);
            if !more.map_err(|error| unreadable(self.file, self.number, &error))? {
                return Ok(None);
            }
            self.number = self.lines.next(self.reader.position().line(), &self.record);
            repaired = self.split_swallowed_rows(notices);
        }
        if std::str::from_utf8(self.record.as_slice()).is_err() {
            let decode = |field: &[u8]| encoding_rs::WINDOWS_1252.decode_without_bom_handling(field).0.into_owned();
            let decoded: Vec<String> = self.record.iter().map(decode).collect();
            self.record = ByteRecord::from(decoded);
            let notice = Notice::warning("text_not_utf8", self.file, "is not UTF-8 text").at_row(self.number);
            notices.push(notice.action("read as Windows-1252"));
            repaired = true;
        }
        if self.record.len() > self.header.len() {
            let problem = format!("has {} fields where the header has {}", self.record.len(), self.header.len());
            let notice = Notice::warning("row_too_long", self.file, problem).at_row(self.number);
            notices.push(notice.action("fields beyond the header ignored"));
            repaired = true;
        }
        if self.record.len() < self.header.len() && !(self.record.len() == 1 && self.record[0].trim_ascii().is_empty())
        {
            let problem = format!("has {} fields where the header has {}", self.record.len(), self.header.len());
            let notice = Notice::warning("row_too_short", self.file, problem).at_row(self.number);
            notices.push(notice.action("missing fields taken as empty"));
            repaired = true;
        }
        Ok(Some(Row { file: self.file, number: self.number, record: &self.record, tally: &self.tally, repaired }))
    }

    /// Splits the record just read where a quotation mark left open has swallowed rows; whether it did.
    fn split_swallowed_rows(&mut self, notices: &mut Notices) -> bool {
        let Some(mut rows) = split_swallowed_rows(&self.record, self.header.len(), b',') else { return false };
        let problem = format!("a quotation mark that is not closed swallows {} rows", rows.len() - 1);
        let notice = Notice::error("quote_unclosed", self.file, problem).at_row(self.number);
        notices.push(notice.action("rows split again"));
        self.record = rows.remove(0);
        self.waiting = rows.into();
        true
    }

    /// Hands the tally of all rows to the notices.
    pub(super) fn finish(self, notices: &mut Notices) {
        *notices.tally(self.file) = self.tally.get();
    }
}

fn unreadable(file: &'static str, row: u64, error: &csv::Error) -> GtfsError {
    GtfsError::Unreadable { file, row, reason: error.to_string() }
}

fn count(tally: &Cell<FileTally>, outcome: impl Fn(&mut FileTally)) {
    let mut counted = tally.get();
    outcome(&mut counted);
    tally.set(counted);
}

/// One row of a table.
pub(super) struct Row<'a> {
    file: &'static str,
    /// The header is row 1.
    pub(super) number: u64,
    record: &'a ByteRecord,
    tally: &'a Cell<FileTally>,
    /// Whether a notice told of a repair.
    pub(super) repaired: bool,
}

impl<'a> Row<'a> {
    /// The bytes of a field without blanks around them.
    pub(super) fn bytes(&self, field: Field) -> &'a [u8] {
        field.at.and_then(|at| self.record.get(at)).unwrap_or(&[]).trim_ascii()
    }

    /// The text of a field without blanks around it.
    pub(super) fn text(&self, field: Field) -> Cow<'a, str> {
        match String::from_utf8_lossy(self.bytes(field)) {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        }
    }

    /// A whole number, `None` where the field is empty.
    pub(super) fn number<T: std::str::FromStr>(&self, field: Field) -> Result<Option<T>, Notice> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        let problem = "is not a number in range";
        text.parse().map(Some).map_err(|_| self.notice(Severity::Error, "number_unparsable", field, problem))
    }

    /// A day written as `YYYYMMDD`.
    pub(super) fn date(&self, field: Field) -> Result<Date, Notice> {
        parse_date(self.bytes(field))
            .ok_or_else(|| self.notice(Severity::Error, "date_unparsable", field, "is not a day like 20191014"))
    }

    /// What `keys` holds for the id in a field.
    pub(super) fn reference<I: Id>(&self, field: Field, keys: &Keys<I>) -> Result<I, Notice> {
        let text = self.text(field);
        keys.find(&text)
            .ok_or_else(|| self.notice(Severity::Error, "reference_unknown", field, format!("is not in {}", keys.file)))
    }

    /// A notice about a field of this row.
    pub(super) fn notice(
        &self,
        severity: Severity,
        code: &'static str,
        field: Field,
        problem: impl Into<String>,
    ) -> Notice {
        Notice::new(severity, code, self.file, problem).at_row(self.number).field(field.name, self.text(field))
    }

    /// Counts the row as not used, for the reason the notice gives.
    pub(super) fn drop_row(&self, notices: &mut Notices, notice: Notice) {
        notices.push(notice.action("row skipped"));
        count(self.tally, FileTally::count_dropped);
    }

    /// Remembers a repair; the row is still to be counted.
    pub(super) fn repair(&mut self, notices: &mut Notices, notice: Notice, action: &str) {
        notices.push(notice.action(action));
        self.repaired = true;
    }

    /// Counts the row as used, after a repair or without.
    pub(super) fn keep(&self) {
        count(self.tally, if self.repaired { FileTally::count_repaired } else { FileTally::count_used });
    }
}

/// Ids as written in a table → ids of the feed. Only ever asked, never iterated, so that its order cannot show.
pub(super) struct Keys<I> {
    file: &'static str,
    ids: HashMap<Box<str>, I>,
}

impl<I: Id> Keys<I> {
    /// The keys of a table, none yet.
    pub(super) fn new(file: &'static str) -> Self {
        Self { file, ids: HashMap::new() }
    }

    /// The id of a key.
    pub(super) fn find(&self, key: &str) -> Option<I> {
        self.ids.get(key).copied()
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Adds the key in a field of a row; an empty or known key is a notice.
    pub(super) fn add(&mut self, row: &Row, field: Field, id: I) -> Result<String, Notice> {
        let text = row.text(field);
        if text.is_empty() {
            return Err(row.notice(Severity::Error, "id_missing", field, "is empty where an id is needed"));
        }
        if self.ids.contains_key(text.as_ref()) {
            return Err(row.notice(Severity::Error, "id_duplicate", field, "was already given by a row above"));
        }
        self.ids.insert(text.as_ref().into(), id);
        Ok(text.into_owned())
    }

    /// Adds a key that is known to be new.
    pub(super) fn insert(&mut self, key: &str, id: I) {
        self.ids.insert(key.into(), id);
    }
}

/// A day written as `YYYYMMDD`.
fn parse_date(bytes: &[u8]) -> Option<Date> {
    if bytes.len() != 8 || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| bytes[range].iter().fold(0_i16, |n, &b| n * 10 + i16::from(b - b'0'));
    Date::new(number(0..4), number(4..6) as i8, number(6..8) as i8).ok()
}

/// A time written as `H:MM:SS` or `HH:MM:SS`, in seconds after midnight of the service day; up to 99:59:59.
pub(super) fn parse_time_s(bytes: &[u8]) -> Option<u32> {
    let (hours, rest) = match bytes {
        [h, b':', rest @ ..] => (digit(*h)?, rest),
        [t, h, b':', rest @ ..] => (digit(*t)? * 10 + digit(*h)?, rest),
        _ => return None,
    };
    let (minutes, seconds) = match rest {
        [a, b, b':', c, d] => (digit(*a)? * 10 + digit(*b)?, digit(*c)? * 10 + digit(*d)?),
        [a, b] => (digit(*a)? * 10 + digit(*b)?, 0),
        _ => return None,
    };
    (minutes < 60 && seconds < 60).then_some(hours * 3600 + minutes * 60 + seconds)
}

fn digit(byte: u8) -> Option<u32> {
    byte.is_ascii_digit().then(|| u32::from(byte - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_days_are_read_or_refused() {
        assert_eq!(parse_time_s(b"25:10:05"), Some(25 * 3600 + 605));
        assert_eq!(parse_time_s(b"7:05:00"), Some(7 * 3600 + 300));
        assert_eq!(parse_time_s(b"07:05"), Some(7 * 3600 + 300));
        for bad in ["7:99:00", "", "12", "-1:00:00", "12:00:", "12:00:00:00", "100:00:00", "aa:bb:cc"] {
            assert_eq!(parse_time_s(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(parse_date(b"20200229"), Date::new(2020, 2, 29).ok());
        for bad in ["20190229", "2019-10-1", "", "201910141", "99999999"] {
            assert_eq!(parse_date(bad.as_bytes()), None, "{bad}");
        }
    }
}
