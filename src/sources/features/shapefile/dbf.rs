//! The `.dbf` table beside a `.shp` file → properties of each record, as text.
//!
//! In: bytes and the encoding that the `.cpg` file names. Out: rows on demand. Knows no geometry. Memo fields, whose text
//! lies in another file, are left empty. Layout: dBASE III and IV as the Shapefile description refers to them.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::sources::features::FeaturesError;
use crate::sources::features::budget::Budget;

/// Bytes of the header before the fields, and of each field.
const BLOCK: usize = 32;
/// Ends the list of fields.
const END_OF_FIELDS: u8 = 0x0D;
/// Marks a row as deleted.
const DELETED: u8 = b'*';

struct Field {
    name: String,
    kind: u8,
    start: usize,
    length: usize,
}

/// An open table.
pub(super) struct Dbf<'a> {
    fields: Vec<Field>,
    rows: std::slice::ChunksExact<'a, u8>,
    declared_rows: usize,
    encoding: &'static Encoding,
    /// Whether the encoding is a guess, since neither a `.cpg` file nor the bytes tell it.
    pub encoding_guessed: bool,
}

/// A row of a table.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Row {
    pub properties: Vec<(String, String)>,
    /// Which properties are numbers, by their place.
    pub typed_numbers: Vec<usize>,
    pub deleted: bool,
}

impl<'a> Dbf<'a> {
    /// Opens a table. `Err` says why it is none.
    pub fn open(bytes: &'a [u8], declared: Option<&'static Encoding>) -> Result<Self, String> {
        let too_short = || format!("ends inside its header, after {} bytes", bytes.len());
        let two = |at: usize| bytes.get(at..at + 2).map(|b| usize::from(u16::from_le_bytes([b[0], b[1]])));
        let (header, row) = two(8).zip(two(10)).ok_or_else(too_short)?;
        let declared_rows = bytes.get(4..).and_then(|b| b.first_chunk()).copied().map_or(0, u32::from_le_bytes);
        let descriptors = bytes.get(BLOCK..header).ok_or_else(too_short)?;
        let mut descriptions = Vec::new();
        let mut start = 1; // after the mark of deletion
        for block in descriptors.chunks(BLOCK).take_while(|block| block[0] != END_OF_FIELDS) {
            if block.len() < BLOCK {
                return Err("has a list of fields that does not end".to_owned());
            }
            let length = usize::from(block[16]);
            descriptions.push((block, start, length));
            start += length;
        }
        if start > row || row == 0 {
            return Err(format!("has fields of {start} bytes in rows of {row}"));
        }
        let rows = bytes[header..].chunks_exact(row);
        let mut table = Self {
            fields: Vec::new(),
            rows,
            declared_rows: usize::try_from(declared_rows).unwrap_or(usize::MAX),
            encoding: UTF_8,
            encoding_guessed: false,
        };
        let texts = descriptions.iter().filter(|(block, ..)| block[11] == b'C');
        let texts: Vec<(usize, usize)> = texts.map(|&(_, start, length)| (start, length)).collect();
        let is_utf_8 = || {
            let names = descriptions.iter().map(|(block, ..)| name_in(block));
            let values = table.raw_rows().flat_map(|row| texts.iter().map(|&(at, length)| &row[at..at + length]));
            are_utf_8(names.chain(values))
        };
        let by_mark = || bytes.get(29).and_then(|&mark| encoding_of_mark(mark));
        (table.encoding, table.encoding_guessed) = match declared {
            // A file that says UTF-8 and is not would lose its letters.
            Some(encoding) if encoding != UTF_8 || is_utf_8() => (encoding, false),
            None if is_utf_8() => (UTF_8, false),
            _ => by_mark().map_or((WINDOWS_1252, true), |encoding| (encoding, false)),
        };
        let field = |(index, &(block, start, length)): (usize, &(&[u8], usize, usize))| {
            let name = table.decode(name_in(block));
            let name = if name.is_empty() { format!("field {}", index + 1) } else { name };
            Field { name, kind: block[11], start, length }
        };
        table.fields = descriptions.iter().enumerate().map(field).collect();
        Ok(table)
    }

    fn raw_rows(&self) -> impl Iterator<Item = &'a [u8]> {
        self.rows.clone().take(self.declared_rows)
    }

    /// How many rows there are in full, at most as many as declared.
    pub fn len(&self) -> usize {
        self.rows.len().min(self.declared_rows)
    }

    /// How the texts are read.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// A row by its place, `None` where there is none.
    pub fn row(&self, index: usize, budget: &mut Budget<'_>) -> Result<Option<Row>, FeaturesError> {
        let Some(bytes) = self.rows.clone().nth(index).filter(|_| index < self.declared_rows) else { return Ok(None) };
        let mut row = Row { deleted: bytes[0] == DELETED, ..Row::default() };
        for field in &self.fields {
            let raw = &bytes[field.start..field.start + field.length];
            let (value, is_number) = self.value(field.kind, raw);
            budget.spend_property(field.name.len() + value.len())?;
            if is_number {
                row.typed_numbers.push(row.properties.len());
            }
            row.properties.push((field.name.clone(), value));
        }
        Ok(Some(row))
    }

    /// A value as text, and whether it is a number.
    fn value(&self, kind: u8, raw: &[u8]) -> (String, bool) {
        match kind {
            b'N' | b'F' => {
                let text = self.decode(raw).trim().to_owned();
                // A number that does not fit its field is written as stars.
                let text = if text.starts_with('*') { String::new() } else { text };
                let is_number = text.parse::<f64>().is_ok_and(f64::is_finite);
                (text, is_number)
            }
            b'D' => {
                let text = self.decode(raw);
                let is_date = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
                (if is_date { format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]) } else { text }, false)
            }
            b'L' => match raw.first() {
                Some(b'T' | b't' | b'Y' | b'y') => ("true".to_owned(), false),
                Some(b'F' | b'f' | b'N' | b'n') => ("false".to_owned(), false),
                _ => (String::new(), false),
            },
            b'I' | b'+' => number(raw.first_chunk().copied().map(i32::from_le_bytes)),
            b'B' | b'O' if raw.len() == 8 => number(raw.first_chunk().copied().map(f64::from_le_bytes)),
            b'M' | b'G' | b'P' | b'B' => (String::new(), false),
            _ => (self.decode(raw), false),
        }
    }

    /// A text without what fills its field. The last letter may be cut in the middle, and is left out then.
    fn decode(&self, raw: &[u8]) -> String {
        let end = raw.iter().rposition(|&byte| byte != b' ' && byte != 0).map_or(0, |at| at + 1);
        let raw = match std::str::from_utf8(&raw[..end]) {
            Err(error) if self.encoding == UTF_8 && error.error_len().is_none() => &raw[..error.valid_up_to()],
            _ => &raw[..end],
        };
        self.encoding.decode_without_bom_handling(raw).0.replace('\0', "")
    }
}

fn number(value: Option<impl ToString>) -> (String, bool) {
    value.map_or((String::new(), false), |value| (value.to_string(), true))
}

fn name_in(block: &[u8]) -> &[u8] {
    let name = &block[..11];
    name.split(|&byte| byte == 0).next().unwrap_or(name)
}

/// Whether all texts are UTF-8. A last letter that was cut to fit its field is one, if there are whole letters too.
fn are_utf_8<'a>(texts: impl Iterator<Item = &'a [u8]>) -> bool {
    let (mut whole, mut cut) = (false, false);
    for text in texts {
        match std::str::from_utf8(text) {
            Ok(text) => whole |= !text.is_ascii(),
            Err(error) if error.error_len().is_none() => {
                cut = true;
                whole |= !text[..error.valid_up_to()].is_ascii();
            }
            Err(_) => return false,
        }
    }
    whole || !cut
}

/// The encoding that the language mark of the header means, where it is one of Windows.
fn encoding_of_mark(mark: u8) -> Option<&'static Encoding> {
    match mark {
        0x03 | 0x57 => Some(WINDOWS_1252),
        0xC8 => Some(encoding_rs::WINDOWS_1250),
        0xC9 => Some(encoding_rs::WINDOWS_1251),
        0xCB => Some(encoding_rs::WINDOWS_1253),
        0xCA => Some(encoding_rs::WINDOWS_1254),
        _ => None,
    }
}

/// The encoding that a `.cpg` file names; `None` where it is not known.
pub(super) fn encoding_of_cpg(cpg: &[u8]) -> Option<&'static Encoding> {
    let text = String::from_utf8_lossy(cpg.get(..100).unwrap_or(cpg));
    let name = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0').to_ascii_lowercase();
    if let Some(encoding) = Encoding::for_label(name.as_bytes()) {
        return Some(encoding);
    }
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    let label = match digits.as_str() {
        "65001" => "utf-8".to_owned(),
        // Windows code pages by number: `1252`, `ANSI 1252`, `cp1250`.
        page if page.len() == 4 && page.starts_with("125") => format!("windows-{page}"),
        // Parts of ISO 8859 in every way of writing them: `88591`, `ISO 8859-15`.
        part if part.starts_with("8859") => format!("iso-8859-{}", part.trim_start_matches("8859")),
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of fields (name, kind, length) and rows of that many bytes.
    fn table(fields: &[(&str, u8, u8)], rows: &[&[u8]]) -> Vec<u8> {
        let header = u16::try_from(BLOCK * (1 + fields.len()) + 1).expect("small");
        let row = 1 + fields.iter().map(|&(_, _, length)| u16::from(length)).sum::<u16>();
        let mut dbf = vec![3, 120, 1, 1];
        dbf.extend(u32::try_from(rows.len()).expect("few").to_le_bytes());
        dbf.extend([header.to_le_bytes(), row.to_le_bytes()].concat());
        dbf.resize(BLOCK, 0);
        for &(name, kind, length) in fields {
            let mut block = [0; BLOCK];
            block[..name.len()].copy_from_slice(name.as_bytes());
            (block[11], block[16]) = (kind, length);
            dbf.extend(block);
        }
        dbf.push(END_OF_FIELDS);
        rows.iter().for_each(|row| dbf.extend(*row));
        dbf
    }

    fn first_row(dbf: &[u8], declared: Option<&'static Encoding>) -> (Row, bool) {
        let table = Dbf::open(dbf, declared).expect("a table");
        let row = table.row(0, &mut Budget::new("d.dbf", 0, 1)).expect("within the budget").expect("a row");
        (row, table.encoding_guessed)
    }

    #[test]
    fn values_are_read_by_the_kind_of_their_field() {
        let fields = [("n", b'N', 5), ("s", b'N', 3), ("c", b'C', 4), ("d", b'D', 8), ("l", b'L', 1), ("i", b'I', 4)];
        let row = [b"* 12.5***ab\0 20200131?".as_slice(), &(-7_i32).to_le_bytes()].concat();
        let (row, guessed) = first_row(&table(&fields, &[&row]), None);
        let values: Vec<&str> = row.properties.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["12.5", "", "ab", "2020-01-31", "", "-7"]);
        assert_eq!((row.typed_numbers, row.deleted, guessed), (vec![0, 5], true, false));
    }

    #[test]
    fn a_letter_cut_to_fit_its_field_does_not_make_the_table_latin() {
        let fields = [("a", b'C', 6), ("b", b'C', 6)];
        let (row, guessed) = first_row(&table(&fields, &[b" Li\xc3\xa8geUcc\x6ce\xc3"]), None);
        let values: Vec<&str> = row.properties.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!((values, guessed), (vec!["Liège", "Uccle"], false));
        // Without a whole letter beside it, it is a letter of Windows 1252.
        let (row, guessed) = first_row(&table(&fields, &[b" abcde\xc3      "]), None);
        assert_eq!((row.properties[0].1.as_str(), guessed), ("abcdeÃ", true));
    }

    #[test]
    fn encodings_are_known_in_every_way_of_writing_them() {
        for (cpg, name) in [
            ("UTF-8", Some("UTF-8")),
            ("65001", Some("UTF-8")),
            ("1252", Some("windows-1252")),
            ("ANSI 1250\n", Some("windows-1250")),
            ("ISO 88591", Some("windows-1252")), // the same for the letters of both
            ("8859-15", Some("ISO-8859-15")),
            ("latin1", Some("windows-1252")),
            ("850", None),
            ("", None),
        ] {
            assert_eq!(encoding_of_cpg(cpg.as_bytes()).map(Encoding::name), name, "{cpg}");
        }
    }

    #[test]
    fn headers_that_make_no_sense_are_refused() {
        let whole = table(&[("a", b'C', 3)], &[b" abc"]);
        for length in 0..BLOCK * 2 {
            assert!(Dbf::open(&whole[..length], None).is_err(), "{length}");
        }
        let mut wide = whole.clone();
        wide[BLOCK + 16] = 200;
        let found = Dbf::open(&wide, None).map(|_| ()).expect_err("wider than a row");
        assert_eq!(found, "has fields of 201 bytes in rows of 4");
        let mut none = whole;
        (none[10], none[11]) = (0, 0);
        assert!(Dbf::open(&none, None).is_err());
    }
}
