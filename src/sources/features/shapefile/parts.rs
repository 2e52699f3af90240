//! The files that make up a Shapefile: side by side in a folder, or in one zip.
//!
//! In: the path of the `.shp` or of the zip. Out: the bytes of each part. Parts are found by the stem of the name,
//! whatever the case of its letters. Nothing of a zip is written to disk, and it unpacks to no more than is allowed.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use super::shapes;
use crate::base::notice::{Notice, Notices};
use crate::sources::features::{FeatureOptions, FeaturesError};
use crate::sources::regular::{open_regular, read_regular};
use crate::sources::table::file_name;

/// Endings of files that belong to a `.shp` file; the first four are read.
const BESIDE: [&str; 14] =
    ["shx", "dbf", "cpg", "prj", "qpj", "qix", "sbn", "sbx", "idx", "fix", "fbn", "fbx", "ain", "aih"];
/// Most bytes that the parts in a zip may unpack to.
const MOST_UNPACKED: u64 = 2 << 30;
/// Most bytes that a byte of the zip may unpack to: rows of blanks come close to it.
const MOST_RATIO: u64 = 1_000;
/// Bytes that every part may unpack to.
const SMALL_PART: u64 = 1 << 20;

/// The bytes of each part.
pub(super) struct Parts {
    pub shp: Vec<u8>,
    pub shx: Option<Vec<u8>>,
    pub dbf: Option<Vec<u8>>,
    pub cpg: Option<Vec<u8>>,
    pub prj: Option<Vec<u8>>,
}

/// The files in the same folder that belong to a `.shp` file, by name.
pub(crate) fn files_beside(shp: &Path) -> Vec<PathBuf> {
    let folder = shp.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let own = Some(file_name(shp).to_lowercase());
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| belongs_to(&file_name(path)) == own && path.is_file())
        .collect();
    found.sort();
    found
}

/// The name in small letters of the `.shp` file that a file belongs to by its name: `communes.shp` for `Communes.DBF`,
/// `a.shp` for `a.shp.xml`.
pub(crate) fn belongs_to(name: &str) -> Option<String> {
    let name = name.to_lowercase();
    if let Some(shp) = name.strip_suffix(".xml").filter(|shp| shp.ends_with(".shp")) {
        return Some(shp.to_owned());
    }
    let (stem, ending) = name.rsplit_once('.')?;
    BESIDE.contains(&ending).then(|| format!("{stem}.shp"))
}

/// The parts of a Shapefile in a folder.
pub(super) fn read_from_folder(path: &Path, file: &str) -> Result<Parts, FeaturesError> {
    let read =
        |path: &Path| read_regular(path).map_err(|source| FeaturesError::Unreadable { file: file_name(path), source });
    let beside = files_beside(path);
    let part = |ending: &str| {
        let has_ending = |path: &&PathBuf| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending));
        let same_case = |path: &&PathBuf| path.file_stem() == Path::new(file).file_stem();
        let candidates = || beside.iter().filter(has_ending);
        candidates().find(same_case).or_else(|| candidates().next()).map(|path| read(path)).transpose()
    };
    Ok(Parts { shp: read(path)?, shx: part("shx")?, dbf: part("dbf")?, cpg: part("cpg")?, prj: part("prj")? })
}

/// The parts of a Shapefile in a zip, and the name of the one that was chosen.
pub(super) fn read_from_zip(
    path: &Path,
    file: &str,
    options: &FeatureOptions,
    notices: &mut Notices,
) -> Result<Parts, FeaturesError> {
    let damaged = |reason: String| FeaturesError::Damaged { file: file.to_owned(), format: "zip file", reason };
    let source = open_regular(path).map_err(|source| FeaturesError::Unreadable { file: file.to_owned(), source })?;
    let archive = ZipArchive::new(source).map_err(|e| damaged(e.to_string()))?;
    let mut archive = Archive { file, left: MOST_UNPACKED, archive };
    let names = archive.names();
    let layers: Vec<(usize, String)> = names
        .iter()
        .enumerate()
        .filter_map(|(index, name)| Some((index, name.to_lowercase().strip_suffix(".shp")?.to_owned())))
        .collect();
    let named = |stem: &str| stem.rsplit('/').next().unwrap_or_default().to_owned();
    let found = || layers.iter().map(|(_, stem)| named(stem)).collect::<Vec<_>>();
    let missing =
        |wanted: &str| FeaturesError::NoLayer { file: file.to_owned(), wanted: wanted.to_owned(), found: found() };
    let (index, stem) = match &options.layer {
        Some(wanted) => layers.iter().find(|(_, stem)| named(stem) == wanted.to_lowercase()),
        None => archive.best_of(&layers)?,
    }
    .ok_or_else(|| missing(options.layer.as_deref().unwrap_or("(any)")))?;
    if layers.len() > 1 && options.layer.is_none() {
        notices.push(
            Notice::note("several_layers", file, format!("has {} layers: {}", layers.len(), found().join(", ")))
                .action(format!("layer {} is read", named(stem))),
        );
    }
    let shp = archive.unpack(*index)?;
    let mut part = |ending: &str| {
        let wanted = format!("{stem}.{ending}");
        names.iter().position(|name| name.to_lowercase() == wanted).map(|index| archive.unpack(index)).transpose()
    };
    Ok(Parts { shp, shx: part("shx")?, dbf: part("dbf")?, cpg: part("cpg")?, prj: part("prj")? })
}

/// A zip that unpacks to no more than is allowed.
struct Archive<'a> {
    file: &'a str,
    left: u64,
    archive: ZipArchive<File>,
}

impl Archive<'_> {
    fn damaged(&self, reason: String) -> FeaturesError {
        FeaturesError::Damaged { file: self.file.to_owned(), format: "zip file", reason }
    }

    /// Names of the entries by their number; folders of the Macintosh are no layers.
    fn names(&self) -> Vec<String> {
        let names = self.archive.file_names_raw().map(|raw| String::from_utf8_lossy(raw).replace('\\', "/"));
        names.map(|name| if name.starts_with("__MACOSX/") { String::new() } else { name }).collect()
    }

    /// The layer of polygons with the most bytes, else the first.
    fn best_of<'l>(&mut self, layers: &'l [(usize, String)]) -> Result<Option<&'l (usize, String)>, FeaturesError> {
        let mut best: Option<(&(usize, String), u64)> = None;
        for layer in layers.iter().filter(|_| layers.len() > 1) {
            let entry = self.archive.by_index(layer.0);
            let entry = entry.map_err(|e| e.to_string());
            let read = entry.and_then(|entry| {
                let (size, mut head) = (entry.size(), Vec::new());
                entry.take(100).read_to_end(&mut head).map_err(|e| e.to_string())?;
                Ok((size, head))
            });
            let (size, head) = read.map_err(|reason| self.damaged(reason))?;
            if shapes::holds_polygons(&head) && best.is_none_or(|(_, most)| size > most) {
                best = Some((layer, size));
            }
        }
        Ok(best.map(|(layer, _)| layer).or(layers.first()))
    }

    fn unpack(&mut self, index: usize) -> Result<Vec<u8>, FeaturesError> {
        let left = self.left;
        let read = self.archive.by_index(index).map_err(|e| e.to_string()).and_then(|entry| {
            let limit = entry.compressed_size().saturating_mul(MOST_RATIO).max(SMALL_PART).min(left);
            // The declared size may lie: what is read stops one byte after the limit.
            let mut bytes = Vec::new();
            entry.take(limit + 1).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
            Ok((bytes, limit))
        });
        let (bytes, limit) = read.map_err(|reason| self.damaged(reason))?;
        if bytes.len() as u64 > limit {
            return Err(self.damaged(format!("a part of it unpacks to more than {limit} bytes")));
        }
        self.left -= bytes.len() as u64;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companions_are_known_by_stem_and_ending() {
        for name in ["a.dbf", "A.DBF", "a.shp.xml", "a.Prj", "a.sbn"] {
            assert_eq!(belongs_to(name).as_deref(), Some("a.shp"), "{name}");
        }
        for name in ["a.shp", "ab.dbf", "a.b.dbf", "a.csv", "adbf", "a", "a.xml"] {
            assert_ne!(belongs_to(name).as_deref(), Some("a.shp"), "{name}");
        }
    }
}
