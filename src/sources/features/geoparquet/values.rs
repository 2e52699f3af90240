//! The values of one column in one group of rows, given row by row.
//!
//! Only columns with at most one value a row. Encodings: plain, by dictionary, and runs of flags; the newer delta
//! encodings, which no program writes by itself for geometry, are refused by name.

use super::metadata::{Chunk, Column, Physical};
use super::pages::{Kind, Levels, Pages};
use super::runs::Runs;

/// A value of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Bool(bool),
    Whole(i64),
    Float(f32),
    Double(f64),
    Bytes(&'a [u8]),
}

/// Where the values of the current page come from.
enum Source {
    /// From an offset on, one after the other.
    Plain { at: usize },
    /// Flags, from a bit on.
    Flags { bit: usize },
    /// Numbers of entries of the dictionary.
    Dictionary(Runs),
    /// Flags in runs.
    FlagRuns(Runs),
}

/// Reads a column row by row.
pub(super) struct ColumnReader<'a> {
    column: &'a Column,
    pages: Pages<'a>,
    dictionary: Option<Dictionary>,
    page: Vec<u8>,
    levels: Option<Runs>,
    source: Source,
    left: usize,
}

impl<'a> ColumnReader<'a> {
    /// For a piece of a column in the bytes of a file.
    pub fn new(file: &'a [u8], column: &'a Column, chunk: &Chunk) -> Self {
        let pages = Pages::new(file.get(chunk.bytes.clone()).unwrap_or_default(), chunk.codec);
        let source = Source::Plain { at: 0 };
        Self { column, pages, dictionary: None, page: Vec::new(), levels: None, source, left: 0 }
    }

    /// The value of the next row, `None` where it is missing. `left` are the bytes that may still be unpacked.
    pub fn next_row(&mut self, left: &mut usize) -> Result<Option<Value<'_>>, String> {
        while self.left == 0 {
            self.begin_page(left)?;
        }
        self.left -= 1;
        if let Some(levels) = &mut self.levels
            && levels.next(&self.page)? != self.column.present
        {
            return Ok(None);
        }
        match &mut self.source {
            Source::Plain { at } => {
                let (value, end) = plain_at(&self.page, *at, self.column.physical)?;
                *at = end;
                Ok(Some(value))
            }
            Source::Flags { bit } => {
                let byte = self.page.get(*bit / 8).ok_or("a page ends before its last value")?;
                let flag = byte >> (*bit % 8) & 1 == 1;
                *bit += 1;
                Ok(Some(Value::Bool(flag)))
            }
            Source::FlagRuns(runs) => Ok(Some(Value::Bool(runs.next(&self.page)? != 0))),
            Source::Dictionary(runs) => {
                let index = runs.next(&self.page)? as usize;
                let dictionary = self.dictionary.as_ref().ok_or("it refers to a dictionary that is not there")?;
                dictionary.value(index, self.column.physical).map(Some)
            }
        }
    }

    fn begin_page(&mut self, left: &mut usize) -> Result<(), String> {
        let page = self.pages.next(left)?.ok_or("it ends before its last row")?;
        match page.kind {
            Kind::Dictionary { values } => {
                if self.dictionary.is_some() {
                    return Err("it has two dictionaries in a group of rows".to_owned());
                }
                self.dictionary = Some(Dictionary::new(page.bytes, values, self.column.physical)?);
            }
            Kind::Data { values, encoding, levels } => {
                self.page = page.bytes;
                let start = self.begin_levels(levels)?;
                self.source = source_of(&self.page, start, encoding, self.column.physical)?;
                self.left = values;
            }
        }
        Ok(())
    }

    /// Sets the levels of a page, and says where its values begin.
    fn begin_levels(&mut self, levels: Levels) -> Result<usize, String> {
        let width = u32::BITS - self.column.present.leading_zeros();
        let (start, end) = match levels {
            Levels::Prefixed { .. } if self.column.present == 0 => (0, 0),
            Levels::Prefixed { encoding: 3 } => prefixed(&self.page, 0)?,
            Levels::Prefixed { .. } => return Err("it has levels in an outdated encoding".to_owned()),
            Levels::Between { start, end } => (start, end),
        };
        self.levels = if self.column.present == 0 { None } else { Some(Runs::new(start, end, width)?) };
        Ok(end)
    }
}

/// The bytes after a length of four bytes.
fn prefixed(page: &[u8], at: usize) -> Result<(usize, usize), String> {
    let length = page.get(at..).and_then(|rest| rest.first_chunk()).copied().map(u32::from_le_bytes);
    let length = length.and_then(|length| usize::try_from(length).ok());
    let end = length.and_then(|length| (at + 4).checked_add(length)).filter(|&end| end <= page.len());
    Ok((at + 4, end.ok_or("a page ends inside its levels")?))
}

fn source_of(page: &[u8], start: usize, encoding: i64, physical: Physical) -> Result<Source, String> {
    match encoding {
        0 if physical == Physical::Bool => Ok(Source::Flags { bit: start.saturating_mul(8) }),
        0 => Ok(Source::Plain { at: start }),
        2 | 8 => {
            // A page without values may be without the width of its numbers.
            let width = page.get(start).copied().unwrap_or(0);
            Ok(Source::Dictionary(Runs::new(start + 1, page.len(), width.into())?))
        }
        3 if physical == Physical::Bool => {
            let (start, end) = prefixed(page, start)?;
            Ok(Source::FlagRuns(Runs::new(start, end, 1)?))
        }
        other => {
            let names = [
                (5, "DELTA_BINARY_PACKED"),
                (6, "DELTA_LENGTH_BYTE_ARRAY"),
                (7, "DELTA_BYTE_ARRAY"),
                (9, "BYTE_STREAM_SPLIT"),
            ];
            let name = names.iter().find(|(code, _)| *code == other).map_or("an unknown encoding", |(_, name)| name);
            Err(format!("it is written in {name}, which is not read; save it in plain or dictionary encoding"))
        }
    }
}

/// The value at an offset, and where the next begins.
fn plain_at(page: &[u8], at: usize, physical: Physical) -> Result<(Value<'_>, usize), String> {
    const ENDS: &str = "a page ends before its last value";
    let rest = page.get(at..).ok_or(ENDS)?;
    let four = || rest.first_chunk::<4>().copied().ok_or(ENDS);
    let eight = || rest.first_chunk::<8>().copied().ok_or(ENDS);
    Ok(match physical {
        Physical::Bool => (Value::Bool(rest.first().ok_or(ENDS)? & 1 == 1), at + 1),
        Physical::Int32 => (Value::Whole(i32::from_le_bytes(four()?).into()), at + 4),
        Physical::Int64 => (Value::Whole(i64::from_le_bytes(eight()?)), at + 8),
        Physical::Float => (Value::Float(f32::from_le_bytes(four()?)), at + 4),
        Physical::Double => (Value::Double(f64::from_le_bytes(eight()?)), at + 8),
        Physical::Fixed(size) => (Value::Bytes(rest.get(..size).ok_or(ENDS)?), at + size),
        Physical::Bytes => {
            let (start, end) = prefixed(page, at).map_err(|_| ENDS)?;
            (Value::Bytes(&page[start..end]), end)
        }
    })
}

/// Values that others refer to, and where each begins.
struct Dictionary {
    bytes: Vec<u8>,
    starts: Vec<u32>,
}

impl Dictionary {
    /// The declared number of values is read one by one, so that it cannot be more than the bytes hold.
    fn new(bytes: Vec<u8>, values: usize, physical: Physical) -> Result<Self, String> {
        let (mut starts, mut at) = (Vec::new(), 0);
        for _ in 0..values {
            let (_, end) = plain_at(&bytes, at, physical).map_err(|_| "its dictionary is shorter than it says")?;
            starts.push(u32::try_from(at).map_err(|_| "its dictionary is too large")?);
            at = end;
        }
        Ok(Self { bytes, starts })
    }

    fn value(&self, index: usize, physical: Physical) -> Result<Value<'_>, String> {
        let count = self.starts.len();
        let start =
            self.starts.get(index).ok_or_else(|| format!("it refers to entry {index} of {count} of its dictionary"))?;
        Ok(plain_at(&self.bytes, *start as usize, physical)?.0)
    }
}
