//! The bytes of a snapshot: header, table of sections, sections, checksum.
//!
//! ```text
//!  0  magic, 8 bytes            16  number of sections, u32    32  key, 32 bytes
//!  8  version, u32              20  zero, u32                  64  table: tag, place and length of each section
//! 12  order of bytes, u32       24  length of the file, u64    then the sections, each at a multiple of 64
//! ```
//! The last 32 bytes are the BLAKE3 hash of all before. Knows no graph.

use std::ops::Range;

use super::{FORMAT_VERSION, SnapshotError, SnapshotKey};
use crate::base::mapped::{MappedFile, MappedValues, Plain, bytes_of};

const MAGIC: [u8; 8] = *b"CHALAND\x1a";
/// Reads otherwise where numbers are stored the other way round.
const BYTE_ORDER: u32 = 0x0102_0304;
const HEADER_BYTES: usize = 64;
const ENTRY_BYTES: usize = 24;
const HASH_BYTES: usize = 32;
const ALIGNMENT: usize = 64;
/// Most sections that a file may declare.
const MOST_SECTIONS: usize = 4096;

/// The shortest file there can be.
pub(super) const LEAST_BYTES: u64 = (HEADER_BYTES + HASH_BYTES) as u64;

/// Sections being put together.
pub(super) struct Writer {
    key: SnapshotKey,
    sections: Vec<(u32, Vec<u8>)>,
}

impl Writer {
    pub fn new(key: SnapshotKey) -> Self {
        Self { key, sections: Vec::new() }
    }

    /// Adds a section of plain values.
    pub fn add<T: Plain>(&mut self, tag: u32, values: &[T]) {
        self.sections.push((tag, bytes_of(values).to_vec()));
    }

    /// The bytes of the file.
    pub fn finish(self) -> Vec<u8> {
        let aligned = |place: usize| place.next_multiple_of(ALIGNMENT);
        let mut place = aligned(HEADER_BYTES + ENTRY_BYTES * self.sections.len());
        let mut table = Vec::new();
        for (tag, bytes) in &self.sections {
            table.extend(u64::from(*tag).to_ne_bytes());
            table.extend((place as u64).to_ne_bytes());
            table.extend((bytes.len() as u64).to_ne_bytes());
            place = aligned(place + bytes.len());
        }
        let length = place + HASH_BYTES;
        let mut file = Vec::with_capacity(length);
        file.extend(MAGIC);
        file.extend(FORMAT_VERSION.to_ne_bytes());
        file.extend(BYTE_ORDER.to_ne_bytes());
        file.extend((self.sections.len() as u32).to_ne_bytes());
        file.extend(0_u32.to_ne_bytes());
        file.extend((length as u64).to_ne_bytes());
        file.extend(self.key.0);
        file.extend(table);
        for (_, bytes) in &self.sections {
            file.resize(aligned(file.len()), 0);
            file.extend(bytes);
        }
        file.resize(place, 0);
        let hash = blake3::hash(&file);
        file.extend(hash.as_bytes());
        file
    }
}

/// The sections of a file that was found whole.
pub(super) struct Sections {
    file: MappedFile,
    table: Vec<(u64, Range<usize>)>,
}

impl Sections {
    /// Reads header and table, and checks the key before the checksum: a stale file is no damaged one.
    pub fn read(file: MappedFile, key: SnapshotKey) -> Result<Self, SnapshotError> {
        let bytes = file.bytes();
        let damaged = SnapshotError::Damaged;
        if bytes.len() < HEADER_BYTES + HASH_BYTES {
            return Err(damaged("it is shorter than a header"));
        }
        if bytes[..8] != MAGIC {
            return Err(damaged("it is no snapshot"));
        }
        if u32_at(bytes, 8) != FORMAT_VERSION || u32_at(bytes, 12) != BYTE_ORDER || bytes[32..64] != key.0 {
            return Err(SnapshotError::Stale);
        }
        if u64_at(bytes, 24) != bytes.len() as u64 {
            return Err(damaged("it is not as long as it says"));
        }
        let (content, hash) = bytes.split_at(bytes.len() - HASH_BYTES);
        if blake3::hash(content).as_bytes() != hash {
            return Err(damaged("its checksum does not hold"));
        }
        let count = u32_at(bytes, 16) as usize;
        if count > MOST_SECTIONS || HEADER_BYTES + count * ENTRY_BYTES > content.len() {
            return Err(damaged("its table of sections is longer than it is"));
        }
        let mut table = Vec::with_capacity(count);
        for number in 0..count {
            let at = HEADER_BYTES + number * ENTRY_BYTES;
            let (start, length) = (u64_at(bytes, at + 8), u64_at(bytes, at + 16));
            let end = start.checked_add(length).filter(|&end| end <= content.len() as u64);
            let end = end.ok_or(damaged("a section lies beyond its end"))?;
            table.push((u64_at(bytes, at), start as usize..end as usize));
        }
        Ok(Self { file, table })
    }

    /// The values of a section, where they lie in the file.
    pub fn values<T: Plain>(&self, tag: u32) -> Result<MappedValues<T>, SnapshotError> {
        let place = self.table.iter().find(|(known, _)| *known == u64::from(tag)).map(|(_, place)| place.clone());
        let place = place.ok_or(SnapshotError::Damaged("a section is missing"))?;
        self.file.values(place).ok_or(SnapshotError::Damaged("a section does not hold whole values"))
    }
}

/// The four bytes at a place that was checked before.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_ne_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|eight| eight.try_into().ok()).map_or(0, u64::from_ne_bytes)
}
