//! FlatBuffers as FlatGeobuf uses them: tables whose fields are found by offsets, every one of them checked.
//!
//! In: bytes. Out: fields, or `Err` where an offset points outside. Nothing is verified beforehand and nothing needs to
//! be: no offset is followed that leaves the bytes. Who follows offsets to tables in tables bounds the depth.

use std::ops::Range;

/// What is wrong with the bytes.
pub(super) type Broken = &'static str;

const OUTSIDE: Broken = "an offset points outside";

/// A table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    at: usize,
    fields: &'a [u8],
}

impl<'a> Table<'a> {
    /// The root of a buffer.
    pub fn root(bytes: &'a [u8]) -> Result<Self, Broken> {
        Self::new(bytes, follow(bytes, 0)?)
    }

    fn new(bytes: &'a [u8], at: usize) -> Result<Self, Broken> {
        let back = i64::from(i32::from_le_bytes(array(bytes, at)?));
        let list = i64::try_from(at).ok().and_then(|at| usize::try_from(at - back).ok()).ok_or(OUTSIDE)?;
        let length = usize::from(u16::from_le_bytes(array(bytes, list)?));
        // The list begins with its own length and that of the table.
        let fields = bytes.get(list + 4..list + length).ok_or(OUTSIDE)?;
        Ok(Self { bytes, at, fields })
    }

    /// Where a field lies, `None` where the table leaves it out.
    fn place(&self, field: usize) -> Result<Option<usize>, Broken> {
        let offset = self.fields.get(2 * field..2 * field + 2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        match offset {
            None | Some(0) => Ok(None),
            Some(offset) => self.at.checked_add(usize::from(offset)).map(Some).ok_or(OUTSIDE),
        }
    }

    /// The bytes of a number.
    pub fn number<const N: usize>(&self, field: usize) -> Result<Option<[u8; N]>, Broken> {
        self.place(field)?.map(|at| array(self.bytes, at)).transpose()
    }

    /// A number of one byte, 0 where it is left out.
    pub fn byte(&self, field: usize) -> Result<u8, Broken> {
        Ok(self.number::<1>(field)?.map_or(0, |[byte]| byte))
    }

    /// The bytes of a list whose entries have `size` bytes each.
    pub fn list(&self, field: usize, size: usize) -> Result<Option<&'a [u8]>, Broken> {
        Ok(self.span(field, size)?.map(|span| &self.bytes[span]))
    }

    /// Where the entries of a list lie, all of it inside.
    fn span(&self, field: usize, size: usize) -> Result<Option<Range<usize>>, Broken> {
        let Some(place) = self.place(field)? else { return Ok(None) };
        let at = follow(self.bytes, place)?;
        let count = usize::try_from(u32::from_le_bytes(array(self.bytes, at)?)).map_err(|_| OUTSIDE)?;
        let length = count.checked_mul(size).ok_or(OUTSIDE)?;
        let start = at + 4;
        let end = start.checked_add(length).ok_or(OUTSIDE)?;
        let inside = end <= self.bytes.len();
        inside.then_some(Some(start..end)).ok_or("a list says that it is longer than the bytes that are left")
    }

    /// A text; bytes that are no letters are replaced.
    pub fn text(&self, field: usize) -> Result<Option<String>, Broken> {
        Ok(self.list(field, 1)?.map(|bytes| String::from_utf8_lossy(bytes).into_owned()))
    }

    /// A table in this one.
    pub fn table(&self, field: usize) -> Result<Option<Self>, Broken> {
        let Some(place) = self.place(field)? else { return Ok(None) };
        Self::new(self.bytes, follow(self.bytes, place)?).map(Some)
    }

    /// The tables of a list.
    pub fn tables(&self, field: usize) -> Result<impl Iterator<Item = Result<Self, Broken>> + use<'a>, Broken> {
        let (bytes, span) = (self.bytes, self.span(field, 4)?.unwrap_or_default());
        Ok(span.step_by(4).map(move |place| Self::new(bytes, follow(bytes, place)?)))
    }
}

/// Where an offset leads.
fn follow(bytes: &[u8], at: usize) -> Result<usize, Broken> {
    let offset = usize::try_from(u32::from_le_bytes(array(bytes, at)?)).map_err(|_| OUTSIDE)?;
    at.checked_add(offset).filter(|&place| place < bytes.len()).ok_or(OUTSIDE)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], Broken> {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).copied().ok_or(OUTSIDE)
}
