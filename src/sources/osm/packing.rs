//! How the content of a blob is packed: told without unpacking, unpacked to what it declares and no further.
//!
//! In: the bytes of a blob. Out: its content. Knows no element.

use flate2::{Decompress, FlushDecompress, Status};

use super::blobs::Malformed;
use super::wire::{Field, Fields};

/// How the content of a blob is packed.
#[derive(Clone, Copy)]
pub(super) enum Packing<'a> {
    /// Not at all.
    Raw(&'a [u8]),
    /// With zlib; how many bytes it declares to hold.
    Zlib(&'a [u8], u64),
    /// In a way that is not read.
    Other,
    /// There is no content.
    Empty,
}

impl<'a> Packing<'a> {
    /// Fields 1 (raw), 2 (size of the content) and 3 (zlib) of a blob; of several packings the last counts.
    pub fn of(blob: &'a [u8]) -> Result<Self, Malformed> {
        let (mut packing, mut declared) = (Packing::Empty, 0);
        for field in Fields(blob) {
            match field? {
                (1, Field::Bytes(bytes)) => packing = Packing::Raw(bytes),
                (2, Field::Number(size)) => declared = size,
                (3, Field::Bytes(bytes)) => packing = Packing::Zlib(bytes, 0),
                (4..=7, Field::Bytes(_)) => packing = Packing::Other,
                _ => {}
            }
        }
        Ok(match packing {
            Packing::Zlib(bytes, _) => Packing::Zlib(bytes, declared),
            other => other,
        })
    }

    /// Bytes of the content; where they are declared and not there, what is declared.
    pub fn unpacked(&self) -> u64 {
        match self {
            Self::Raw(bytes) => bytes.len() as u64,
            Self::Zlib(_, declared) => *declared,
            Self::Other | Self::Empty => 0,
        }
    }
}

/// Unpacks zlib data that declare how long they are.
pub(super) fn inflate(packed: &[u8], declared: usize) -> Result<Vec<u8>, Malformed> {
    let mut content = Vec::with_capacity(declared);
    let unpacked = Decompress::new(true).decompress_vec(packed, &mut content, FlushDecompress::Finish);
    match unpacked {
        Ok(Status::StreamEnd) if content.len() == declared => Ok(content),
        Ok(Status::Ok | Status::BufError) if content.len() < declared => Err(Malformed("it cannot be unpacked")),
        Ok(_) => Err(Malformed("it does not unpack to the size it declares")),
        Err(_) => Err(Malformed("it cannot be unpacked")),
    }
}
