//! Folders that are made on the way to the results, and go again where there will be none.
//!
//! In: the folder that is to be there. Out: it is, until a run that fails lets go of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Folders made for the results; dropped without [`MadeFolders::keep`], those that are empty go again.
#[derive(Debug, Default)]
pub(super) struct MadeFolders(Vec<PathBuf>);

impl MadeFolders {
    /// Makes a folder and those around it that are missing.
    pub fn make(folder: &Path) -> io::Result<Self> {
        let missing = folder.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned);
        let made = Self(missing.collect());
        fs::create_dir_all(folder)?;
        Ok(made)
    }

    /// Keeps them.
    pub fn keep(&mut self) {
        self.0.clear();
    }
}

impl Drop for MadeFolders {
    fn drop(&mut self) {
        for folder in &self.0 {
            // One in which something was put meanwhile stays, and so do those around it.
            let _ = fs::remove_dir(folder);
        }
    }
}
