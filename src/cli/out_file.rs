//! A file that is written beside its place and moved there when it is whole: whoever reads it finds the old one or the
//! new one, never a part.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file being written. Dropped without [`OutFile::commit`] it leaves nothing.
pub(super) struct OutFile {
    target: PathBuf,
    working: PathBuf,
    is_committed: bool,
}

impl OutFile {
    /// Begins a file; its folder must exist. Of a link it is the file behind it that is written.
    pub fn begin(target: &Path) -> io::Result<Self> {
        let target = &fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        if target.is_symlink() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a link to nothing"));
        }
        let name = target.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it names no file"))?;
        if target.is_dir() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a folder, expected a file"));
        }
        let working = target.with_file_name(format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id()));
        File::create(&working)?;
        Ok(Self { target: target.to_owned(), working, is_committed: false })
    }

    /// Where it will stand.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Whether it will stand where another file is.
    pub fn replaces(&self, other: &Path) -> bool {
        matches!((fs::canonicalize(&self.target), fs::canonicalize(other)), (Ok(own), Ok(other)) if own == other)
    }

    /// Where to write meanwhile.
    pub fn path(&self) -> &Path {
        &self.working
    }

    /// What is written there.
    pub fn writer(&self) -> io::Result<BufWriter<File>> {
        Ok(BufWriter::with_capacity(1 << 20, File::create(&self.working)?))
    }

    /// Writes all of the file.
    pub fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut writer = self.writer()?;
        writer.write_all(bytes)?;
        writer.flush()
    }

    /// Moves it to its place.
    pub fn commit(mut self) -> io::Result<()> {
        fs::rename(&self.working, &self.target)?;
        self.is_committed = true;
        Ok(())
    }
}

impl Drop for OutFile {
    fn drop(&mut self) {
        if !self.is_committed {
            let _ = fs::remove_file(&self.working);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_whole_leaves_the_old_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.csv");
        fs::write(&path, "old").expect("written");
        let file = OutFile::begin(&path).expect("begun");
        file.write(b"half").expect("written");
        drop(file);
        assert_eq!(fs::read_to_string(&path).expect("there"), "old");
        let file = OutFile::begin(&path).expect("begun");
        file.write(b"new").expect("written");
        file.commit().expect("moved");
        assert_eq!(fs::read_to_string(&path).expect("there"), "new");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left beside it");
        #[cfg(unix)]
        {
            let link = folder.path().join("link.csv");
            std::os::unix::fs::symlink(&path, &link).expect("a link");
            let file = OutFile::begin(&link).expect("begun");
            assert!(file.replaces(&path) && !file.replaces(&folder.path().join("other.csv")));
            file.write(b"newer").expect("written");
            file.commit().expect("moved");
            assert!(link.is_symlink() && fs::read_to_string(&path).expect("there") == "newer");
        }
        assert!(OutFile::begin(folder.path()).is_err() && OutFile::begin(&folder.path().join("no/a.csv")).is_err());
    }
}
