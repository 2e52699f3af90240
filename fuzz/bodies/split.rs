//! One run of bytes as several files, and bytes as files on disk, since most readers want a path.

use std::path::Path;

use tempfile::TempDir;

/// What stands between two files: a control character that no table holds.
pub const BETWEEN_FILES: u8 = 0x1e;

/// The files in the bytes.
pub fn files(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|&byte| byte == BETWEEN_FILES)
}

/// A folder in memory where the system has one.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("a folder")
}

/// Writes files into a folder, runs something there, and removes the folder.
pub fn in_folder<T>(files: &[(&str, &[u8])], run: impl FnOnce(&Path) -> T) -> T {
    let folder = folder();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("a file");
    }
    run(folder.path())
}
