//! Opening inputs: regular files only.
//!
//! In: a path, links followed. Out: the open file or its bytes. A named pipe, a device or a folder under the name of an
//! input would be read for ever or not at all; it is refused before it is opened. Knows no format.

use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::Path;

/// Opens a regular file for reading.
pub fn open_regular(path: &Path) -> io::Result<File> {
    // Before opening: to open a named pipe is to wait for its writer.
    refuse_other(fs::metadata(path)?.file_type())?;
    let file = File::open(path)?;
    // And after: another program may have put something else there in between.
    refuse_other(file.metadata()?.file_type())?;
    Ok(file)
}

/// The bytes of a regular file.
pub fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_regular(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The first bytes of a regular file, at most so many.
pub fn read_start(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_regular(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of a regular file in UTF-8.
pub fn read_regular_text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    open_regular(path)?.read_to_string(&mut text)?;
    Ok(text)
}

fn refuse_other(kind: FileType) -> io::Result<()> {
    if kind.is_file() {
        return Ok(());
    }
    let found = if kind.is_dir() { "a folder" } else { special_kind(kind) };
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("it is {found}, expected a regular file")))
}

#[cfg(unix)]
fn special_kind(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match () {
        () if kind.is_fifo() => "a named pipe",
        () if kind.is_socket() => "a socket",
        () if kind.is_char_device() || kind.is_block_device() => "a device",
        () => "no file",
    }
}

#[cfg(not(unix))]
fn special_kind(_: FileType) -> &'static str {
    "no file"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_and_a_folder_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.csv");
        fs::write(&path, "a;b\n").expect("written");
        assert_eq!(read_regular(&path).expect("read"), b"a;b\n");
        assert_eq!(read_regular_text(&path).expect("read"), "a;b\n");
        let refused = open_regular(folder.path()).expect_err("a folder");
        assert_eq!(refused.to_string(), "it is a folder, expected a regular file");
        assert_eq!(open_regular(&folder.path().join("b.csv")).expect_err("none").kind(), io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_a_device_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link, endless) = ("a.csv", "link.csv", "endless.csv");
        fs::write(folder.path().join(file), "x").expect("written");
        std::os::unix::fs::symlink(file, folder.path().join(link)).expect("linked");
        std::os::unix::fs::symlink("/dev/zero", folder.path().join(endless)).expect("linked");
        assert_eq!(read_regular(&folder.path().join(link)).expect("read"), b"x");
        let refused = read_regular(&folder.path().join(endless)).expect_err("a device");
        assert_eq!(refused.to_string(), "it is a device, expected a regular file");
    }
}
