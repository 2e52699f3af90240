//! How the content of a blob is packed: told without unpacking, unpacked to what it declares and no further.
//!
//! In: the bytes of a blob. Out: its content, and the same blob with its content not packed, which the `osmpbf` crate
//! reads without unpacking anything itself. Knows no element.

use std::io::Read;

use super::blobs::{BlobKind, Malformed};
use super::wire::{Field, Fields};

/// How the content of a blob is packed.
#[derive(Clone, Copy)]
pub(super) enum Packing<'a> {
    /// Not at all.
    Raw(&'a [u8]),
    /// With zlib; how many bytes it declares to hold.
    Zlib(&'a [u8], u64),
    /// In a way that is not read, or not at all.
    Other,
}

impl<'a> Packing<'a> {
    /// Fields 1 (raw), 2 (size of the content) and 3 (zlib) of a blob; of several packings the last counts.
    pub fn of(blob: &'a [u8]) -> Self {
        let (mut packing, mut declared) = (Packing::Other, 0);
        for (number, field) in Fields(blob) {
            match (number, field) {
                (1, Field::Bytes(bytes)) => packing = Packing::Raw(bytes),
                (2, Field::Number(size)) => declared = size,
                (3, Field::Bytes(bytes)) => packing = Packing::Zlib(bytes, 0),
                (4..=7, Field::Bytes(_)) => packing = Packing::Other,
                _ => {}
            }
        }
        match packing {
            Packing::Zlib(bytes, _) => Packing::Zlib(bytes, declared),
            other => other,
        }
    }

    /// Bytes of the content; where they are declared and not there, what is declared.
    pub fn unpacked(&self) -> u64 {
        match self {
            Self::Raw(bytes) => bytes.len() as u64,
            Self::Zlib(_, declared) => *declared,
            Self::Other => 0,
        }
    }
}

/// Unpacks zlib data that declare how long they are.
pub(super) fn inflate(packed: &[u8], declared: u64) -> Result<Vec<u8>, Malformed> {
    let mut content = Vec::new();
    let read = flate2::read::ZlibDecoder::new(packed).take(declared.saturating_add(1)).read_to_end(&mut content);
    match read {
        Ok(length) if length as u64 == declared => Ok(content),
        Ok(_) => Err(Malformed("it does not unpack to the size it declares")),
        Err(_) => Err(Malformed("it cannot be unpacked")),
    }
}

/// A blob whose content is not packed.
pub(super) fn raw_blob(kind: BlobKind, content: &[u8]) -> Vec<u8> {
    let kind: &[u8] = match kind {
        BlobKind::Header => b"OSMHeader",
        BlobKind::Data => b"OSMData",
    };
    let mut blob = vec![0x0a];
    push_varint(&mut blob, content.len());
    let mut header = [&[0x0a, kind.len() as u8], kind, &[0x18]].concat();
    push_varint(&mut header, blob.len() + content.len());
    [&(header.len() as u32).to_be_bytes(), header.as_slice(), &blob, content].concat()
}

pub(super) fn push_varint(bytes: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}
