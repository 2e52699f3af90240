//! A piece of a column → its pages, unpacked within bounds.
//!
//! In: the bytes of the piece. Out: one page after the other. No page unpacks to more than it declares, and all pages of a
//! file together to no more than is allowed.

use std::io::Read;

use super::thrift::Value;

/// Most bytes of one page: a page holds a megabyte by habit, or a single large geometry.
const LARGEST_PAGE: usize = 256 << 20;
/// Most bytes that a byte may unpack to in Snappy: three bytes copy at most 64.
const MOST_SNAPPY: usize = 64;

/// What a page holds.
pub(super) enum Kind {
    /// Values that others refer to, and how many.
    Dictionary { values: usize },
    /// Values in an encoding, and how many with those that are missing.
    Data { values: usize, encoding: i64, levels: Levels },
}

/// Where the levels of a page of data lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Levels {
    /// At the start, after their own length; the encoding must be that of runs.
    Prefixed { encoding: i64 },
    /// At the start, from one offset to another.
    Between { start: usize, end: usize },
}

/// An unpacked page.
pub(super) struct Page {
    pub kind: Kind,
    pub bytes: Vec<u8>,
}

/// The pages of a piece of a column.
pub(super) struct Pages<'a> {
    bytes: &'a [u8],
    codec: i64,
}

impl<'a> Pages<'a> {
    pub fn new(bytes: &'a [u8], codec: i64) -> Self {
        Self { bytes, codec }
    }

    /// The next page that holds values. `left` are the bytes that may still be unpacked from this file.
    pub fn next(&mut self, left: &mut usize) -> Result<Option<Page>, String> {
        while !self.bytes.is_empty() {
            let (header, length) = Value::read(self.bytes)?;
            let (unpacked, packed) = header.size(2).zip(header.size(3)).ok_or("a page does not say how long it is")?;
            let body = self.bytes.get(length..).and_then(|rest| rest.split_at_checked(packed));
            let (body, rest) = body.ok_or("a page is longer than its column")?;
            self.bytes = rest;
            let kind = header.whole(1);
            if kind == Some(1) {
                continue; // an index of pages, which a reader of all of them does not need
            }
            if unpacked > LARGEST_PAGE {
                return Err(format!("a page of {} MB is larger than any real one", unpacked >> 20));
            }
            *left = left.checked_sub(unpacked).ok_or("its pages unpack to far more bytes than any real file")?;
            return self.page(&header, kind, body, unpacked).map(Some);
        }
        Ok(None)
    }

    fn page(&self, header: &Value<'_>, kind: Option<i64>, body: &[u8], unpacked: usize) -> Result<Page, String> {
        let values = |of: &Value<'_>| of.size(1).ok_or("a page does not say how many values it has");
        match (kind, header.field(5), header.field(7), header.field(8)) {
            (Some(0), Some(of), ..) => {
                let levels = Levels::Prefixed { encoding: of.whole(3).unwrap_or(3) };
                let kind = Kind::Data { values: values(of)?, encoding: of.whole(2).unwrap_or(-1), levels };
                Ok(Page { kind, bytes: unpack(self.codec, body, unpacked)? })
            }
            (Some(2), _, Some(of), _) => {
                Ok(Page { kind: Kind::Dictionary { values: values(of)? }, bytes: unpack(self.codec, body, unpacked)? })
            }
            (Some(3), .., Some(of)) => {
                let (start, length) = (of.size(6).unwrap_or(0), of.size(5).unwrap_or(0));
                let end = start.checked_add(length).filter(|&end| end <= body.len() && end <= unpacked);
                let end = end.ok_or("a page has levels that are longer than itself")?;
                let (levels, packed) = body.split_at(end);
                // The levels are never packed; the values are, unless the page says otherwise.
                let codec = if of.field(7) == Some(&Value::Bool(false)) { 0 } else { self.codec };
                let mut bytes = levels.to_vec();
                bytes.extend(unpack(codec, packed, unpacked - end)?);
                let levels = Levels::Between { start, end };
                let kind = Kind::Data { values: values(of)?, encoding: of.whole(4).unwrap_or(-1), levels };
                Ok(Page { kind, bytes })
            }
            _ => Err("it has a page of an unknown kind".to_owned()),
        }
    }
}

/// Unpacks to exactly as many bytes as declared.
fn unpack(codec: i64, packed: &[u8], size: usize) -> Result<Vec<u8>, String> {
    let wrong = |reason: String| format!("a page cannot be unpacked ({reason})");
    if size == 0 {
        return Ok(Vec::new());
    }
    let bytes = match codec {
        0 => packed.to_vec(),
        1 => {
            if size > packed.len().saturating_mul(MOST_SNAPPY) || snap::raw::decompress_len(packed) != Ok(size) {
                return Err(wrong(format!("{} bytes are not {size} in Snappy", packed.len())));
            }
            snap::raw::Decoder::new().decompress_vec(packed).map_err(|e| wrong(e.to_string()))?
        }
        2 => read_all(flate2::read::MultiGzDecoder::new(packed), size).map_err(wrong)?,
        6 => {
            let reader = zstd::stream::read::Decoder::with_buffer(packed).map_err(|e| wrong(e.to_string()))?;
            read_all(reader, size).map_err(wrong)?
        }
        other => {
            let names = ["LZO", "Brotli", "LZ4", "Zstandard", "LZ4"];
            let name = usize::try_from(other - 3).ok().and_then(|i| names.get(i)).unwrap_or(&"an unknown way");
            return Err(format!("it is packed with {name}; save it with Snappy, Zstandard or gzip"));
        }
    };
    if bytes.len() == size {
        Ok(bytes)
    } else {
        Err(wrong(format!("it has {} bytes and declares {size}", bytes.len())))
    }
}

/// What a reader gives, at most one byte more than declared.
fn read_all(reader: impl Read, size: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    reader.take(size as u64 + 1).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_of_packing_is_undone_to_the_declared_size() {
        let plain = b"Liege Liege Liege Liege Liege Liege ".repeat(40);
        let snappy = snap::raw::Encoder::new().compress_vec(&plain).expect("packed");
        let zstd = zstd::stream::encode_all(plain.as_slice(), 3).expect("packed");
        for (codec, packed) in [(0, plain.clone()), (1, snappy), (6, zstd)] {
            assert_eq!(unpack(codec, &packed, plain.len()).as_deref(), Ok(plain.as_slice()), "{codec}");
            assert!(unpack(codec, &packed, plain.len() - 1).is_err(), "{codec}: more than declared");
            assert!(unpack(codec, &packed, plain.len() + 1).is_err(), "{codec}: less than declared");
            assert_eq!(unpack(codec, &packed, 0), Ok(Vec::new()), "{codec}: a page of nothing");
        }
        assert!(unpack(4, &plain, 9).expect_err("Brotli").contains("packed with Brotli"));
        assert!(unpack(99, &plain, 9).expect_err("unknown").contains("packed with an unknown way"));
    }

    /// 16 MB of zeros in Zstandard declare ten bytes, and ten bytes of Snappy declare 200 MB.
    #[test]
    fn no_more_is_unpacked_than_declared_and_no_room_made_for_what_cannot_be() {
        let zstd = zstd::stream::encode_all([0; 1 << 24].as_slice(), 1).expect("packed");
        assert_eq!(unpack(6, &zstd, 10), Err("a page cannot be unpacked (it has 11 bytes and declares 10)".to_owned()));
        let found = unpack(1, &[0x80, 0x84, 0xaf, 0x5f, 0, 0, 0, 0, 0, 0], 200_000_000).expect_err("too much");
        assert_eq!(found, "a page cannot be unpacked (10 bytes are not 200000000 in Snappy)");
    }

    #[test]
    fn pages_that_declare_too_much_are_refused() {
        // Kind 0, unpacked 2^31 - 1, packed 0, no more.
        let huge = [0x15, 0, 0x15, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0x15, 0, 0];
        let next = |bytes: &[u8], mut left: usize| Pages::new(bytes, 0).next(&mut left).map(|page| page.is_some());
        assert_eq!(next(&huge, usize::MAX), Err("a page of 2047 MB is larger than any real one".to_owned()));
        let small = [0x15, 0, 0x15, 8, 0x15, 0, 0];
        assert_eq!(next(&small, 3), Err("its pages unpack to far more bytes than any real file".to_owned()));
        assert_eq!(next(&small, 4), Err("it has a page of an unknown kind".to_owned()));
        let long = [0x15, 0, 0x15, 8, 0x15, 8, 0];
        assert_eq!(next(&long, 9), Err("a page is longer than its column".to_owned()));
        assert_eq!(next(&[], 9), Ok(false));
    }
}
