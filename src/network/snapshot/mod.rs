//! The snapshot: street graphs in one file that is mapped into memory, so that a second start takes milliseconds and
//! two processes share it.
//!
//! In: graphs and a key, the hash of all that they were built from. Out: a file; from a file the same graphs, or why it
//! cannot be used. A file is used only where its key is the one asked for and the checksum over all of its bytes holds,
//! so that a damaged or a stale one is never believed. It is written beside its name and moved there whole.

mod format;
mod graph;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use self::format::{Sections, Writer};
use super::streets::StreetGraph;
use crate::base::mapped::MappedFile;
use crate::base::projection::LonLat;

/// The version of the format. A file of another version is stale.
pub const FORMAT_VERSION: u32 = 2;

/// The hash of all that a snapshot was built from: inputs and parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotKey([u8; 32]);

impl SnapshotKey {
    /// The key of inputs and parameters, each named and given as bytes. Their order counts.
    pub fn of(parts: &[(&str, &[u8])]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&FORMAT_VERSION.to_le_bytes());
        hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
        for (name, bytes) in parts {
            for part in [name.as_bytes(), bytes] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part);
            }
        }
        Self(*hasher.finalize().as_bytes())
    }

    /// The hash of the bytes of an input.
    pub fn hash_of(bytes: &[u8]) -> [u8; 32] {
        *blake3::hash(bytes).as_bytes()
    }
}

/// Street graphs of a study, and the plane that they lie on.
#[derive(Debug)]
pub struct Snapshot {
    /// Centre of the plane.
    pub centre: LonLat,
    /// One graph per mode.
    pub graphs: Vec<StreetGraph>,
}

/// Why a snapshot cannot be used. All of these are mended by building it anew.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// There is none.
    #[error("there is no snapshot")]
    Missing,
    /// It cannot be opened or read.
    #[error("the snapshot cannot be read: {0}")]
    Unreadable(io::Error),
    /// It is of other inputs, other parameters or another version of the program.
    #[error("the snapshot is of other inputs, parameters or another version")]
    Stale,
    /// Its bytes are not those that were written.
    #[error("the snapshot is damaged: {0}")]
    Damaged(&'static str),
}

/// Reads the snapshot at a path, where it is the one asked for and whole.
pub fn read_snapshot(path: &Path, key: SnapshotKey) -> Result<Snapshot, SnapshotError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(SnapshotError::Missing),
        Err(error) => return Err(SnapshotError::Unreadable(error)),
    };
    let about = file.metadata().map_err(SnapshotError::Unreadable)?;
    if !about.is_file() {
        return Err(SnapshotError::Damaged("it is no file"));
    }
    // An empty file cannot be mapped.
    if about.len() < format::LEAST_BYTES {
        return Err(SnapshotError::Damaged("it is shorter than a header"));
    }
    let mapped = MappedFile::open(&file).map_err(SnapshotError::Unreadable)?;
    let sections = Sections::read(mapped, key)?;
    graph::read(&sections)
}

/// Writes a snapshot: beside its name first, then moved there, so that no reader sees half of one.
pub fn write_snapshot(path: &Path, key: SnapshotKey, centre: LonLat, graphs: &[&StreetGraph]) -> io::Result<()> {
    let mut writer = Writer::new(key);
    graph::write(&mut writer, centre, graphs)?;
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let unfinished = unfinished_beside(path);
    let written = File::create(&unfinished)
        .and_then(|mut file| {
            file.write_all(&writer.finish())?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        // What cannot be finished is not left lying about; the first error is the one to tell.
        let _ = fs::remove_file(&unfinished);
    }
    written
}

fn unfinished_beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().map(std::ffi::OsStr::to_os_string).unwrap_or_default();
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}
