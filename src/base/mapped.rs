//! Columns that lie in a file: read where they are, shared by every process that maps the same file.
//!
//! In: a file and places in it. Out: slices of plain values. But for a setting of the allocator this is the one module of
//! the crate with `unsafe` code: mapping a file cannot be done without, nor reading its bytes as numbers. Three rules keep
//! it sound:
//!
//! 1. only types of which every pattern of bits is a value are read ([`Plain`]);
//! 2. places are checked against the file, and for alignment, before they are read;
//! 3. files are mapped that nobody changes in place: they are written beside their name and moved there, so that a
//!    mapped file keeps its bytes until the last process lets go of it.

#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::marker::PhantomData;
use std::mem::{align_of, offset_of, size_of};
use std::ops::Range;
use std::sync::Arc;

use geo::Coord;
use memmap2::Mmap;

use super::ids::{ArcId, NodeId, SegmentId};

/// Types of which every pattern of bits is a value, and which have no gaps.
///
/// # Safety
/// Implemented only for types of which that is true.
pub unsafe trait Plain: Copy + Send + Sync + 'static {}

unsafe impl Plain for u8 {}
unsafe impl Plain for u32 {}
unsafe impl Plain for u64 {}
unsafe impl Plain for i64 {}
unsafe impl Plain for f32 {}
unsafe impl Plain for f64 {}
// Transparent over u32.
unsafe impl Plain for NodeId {}
unsafe impl Plain for ArcId {}
unsafe impl Plain for SegmentId {}
unsafe impl<T: Plain> Plain for [T; 2] {}
// Two f64 without a gap, x first: the layout is looked at below, since the crate does not promise it.
unsafe impl Plain for Coord<f64> {}
const _: () = assert!(
    size_of::<Coord<f64>>() == 16
        && align_of::<Coord<f64>>() == 8
        && offset_of!(Coord<f64>, x) == 0
        && offset_of!(Coord<f64>, y) == 8
);

/// A file in memory, as it is on disk.
#[derive(Clone, Debug)]
pub struct MappedFile {
    map: Arc<Mmap>,
}

impl MappedFile {
    /// Maps a file that nobody changes in place.
    pub fn open(file: &File) -> io::Result<Self> {
        // SAFETY: rule 3.
        let map = unsafe { Mmap::map(file)? };
        Ok(Self { map: Arc::new(map) })
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// The values at a place; `None` where it does not lie in the file, does not hold whole values, or is not aligned.
    pub fn values<T: Plain>(&self, place: Range<usize>) -> Option<MappedValues<T>> {
        let bytes = self.map.get(place)?;
        let is_whole = bytes.len().is_multiple_of(size_of::<T>());
        let is_aligned = bytes.as_ptr().align_offset(align_of::<T>()) == 0;
        (is_whole && is_aligned).then(|| MappedValues {
            start: bytes.as_ptr().cast(),
            length: bytes.len() / size_of::<T>(),
            _file: self.map.clone(),
            _values: PhantomData,
        })
    }
}

/// Plain values in a mapped file.
#[derive(Clone)]
pub struct MappedValues<T> {
    start: *const T,
    length: usize,
    _file: Arc<Mmap>,
    _values: PhantomData<T>,
}

// SAFETY: the values are only read, and the map that they lie in may be read from every thread.
unsafe impl<T: Send + Sync> Send for MappedValues<T> {}
unsafe impl<T: Send + Sync> Sync for MappedValues<T> {}

impl<T> MappedValues<T> {
    /// The values.
    pub fn values(&self) -> &[T] {
        // SAFETY: made by `MappedFile::values` alone, which checked the place; the map lives as long as we do.
        unsafe { std::slice::from_raw_parts(self.start, self.length) }
    }
}

impl<T: std::fmt::Debug> std::fmt::Debug for MappedValues<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.values()).finish()
    }
}

/// The bytes of plain values, as they are in memory.
pub fn bytes_of<T: Plain>(values: &[T]) -> &[u8] {
    // SAFETY: plain types have no gaps; bytes need no alignment.
    unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), std::mem::size_of_val(values)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn values_are_read_where_they_lie_and_nowhere_else() {
        let mut file = tempfile::tempfile().expect("a file");
        let points = [Coord { x: 1.5, y: -2.0 }, Coord { x: 0.0, y: 7.0 }];
        file.write_all(bytes_of(&points)).expect("written");
        let mapped = MappedFile::open(&file).expect("mapped");
        assert_eq!(mapped.values::<Coord<f64>>(0..32).expect("two points").values(), points);
        assert_eq!(mapped.values::<f64>(8..16).expect("a number").values(), [-2.0]);
        assert!(mapped.values::<f64>(0..40).is_none(), "beyond the end");
        assert!(mapped.values::<f64>(0..12).is_none(), "one and a half");
        assert!(mapped.values::<u32>(2..6).is_none(), "not aligned");
        let backwards = Range { start: 9, end: 3 };
        assert!(mapped.values::<u8>(backwards).is_none());
    }
}
