//! Checksums of inputs: which bytes a result rests on.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::sources::features::shapefile::files_beside;
use crate::sources::regular::open_regular;
use crate::study::error::StudyError;

/// The fingerprint of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// The checksum of a file, read once in pieces. Of a folder (an unpacked GTFS feed): over the names and the bytes of
/// the files in it, in the order of their names. Of a Shapefile: over the endings and the bytes of the files it is made of.
pub fn checksum(path: &Path) -> Result<Checksum, StudyError> {
    let mut hasher = Sha256::new();
    let bytes = match files_beside(path) {
        _ if path.is_dir() => add_folder(path, &mut hasher),
        beside if beside.is_empty() => add_file(path, &mut hasher),
        beside => add_parts(path, &beside, &mut hasher),
    };
    let bytes = bytes.map_err(|source| StudyError::FileUnreadable { path: path.to_owned(), source })?;
    let sha256 = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Checksum { sha256, bytes })
}

fn add_folder(folder: &Path, hasher: &mut Sha256) -> io::Result<u64> {
    let mut files: Vec<_> = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    files.retain(|entry| entry.path().is_file());
    files.sort_by_key(|entry| entry.file_name());
    let mut bytes = 0;
    for entry in files {
        hasher.update(entry.file_name().as_encoded_bytes());
        hasher.update([0]);
        bytes += add_file(&entry.path(), hasher)?;
    }
    Ok(bytes)
}

fn add_parts(shp: &Path, beside: &[PathBuf], hasher: &mut Sha256) -> io::Result<u64> {
    let mut bytes = add_file(shp, hasher)?;
    for part in beside {
        hasher.update(part.extension().unwrap_or_default().to_ascii_lowercase().as_encoded_bytes());
        hasher.update([0]);
        bytes += add_file(part, hasher)?;
    }
    Ok(bytes)
}

fn add_file(path: &Path, hasher: &mut Sha256) -> io::Result<u64> {
    let mut file = open_regular(path)?;
    let mut piece = vec![0; 128 * 1024];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok(bytes);
        }
        hasher.update(&piece[..read]);
        bytes += read as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-2, appendix B.1: SHA-256 of "abc".
    #[test]
    fn the_checksum_of_abc_is_that_of_the_standard() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("abc");
        fs::write(&path, "abc").expect("written");
        let found = checksum(&path).expect("read");
        assert_eq!(found.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(found.bytes, 3);
    }

    #[test]
    fn a_folder_changes_with_the_name_and_the_bytes_of_its_files() {
        let sum = |name: &str, bytes: &str| {
            let folder = tempfile::tempdir().expect("a folder");
            fs::write(folder.path().join(name), bytes).expect("written");
            checksum(folder.path()).expect("read")
        };
        assert_eq!(sum("stops.txt", "a"), sum("stops.txt", "a"));
        assert_ne!(sum("stops.txt", "a").sha256, sum("trips.txt", "a").sha256);
        assert_ne!(sum("stops.txt", "a").sha256, sum("stops.txt", "b").sha256);
        assert!(checksum(Path::new("no such file")).is_err());
    }

    #[test]
    fn a_shapefile_changes_with_its_table_and_not_with_its_name() {
        let sum = |stem: &str, table: &str| {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join(format!("{stem}.shp"));
            fs::write(&path, "shapes").expect("written");
            fs::write(folder.path().join(format!("{stem}.DBF")), table).expect("written");
            checksum(&path).expect("read")
        };
        assert_eq!(sum("a", "x"), sum("b", "x"));
        assert_ne!(sum("a", "x").sha256, sum("a", "y").sha256);
        assert_eq!(sum("a", "xyz").bytes, 9);
    }
}
