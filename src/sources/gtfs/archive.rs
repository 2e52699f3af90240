//! The files of a feed: a folder, or a zip that may be damaged or hostile → a stream per table.
//!
//! In: a path and limits. Out: readers that stop with an error once a limit is passed. Knows no table's columns.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use super::{GtfsError, GtfsOptions};
use crate::base::notice::{Notice, Notices};
use crate::sources::regular::open_regular;

/// The tables this reader uses.
const TABLES: &[&str] = &[
    "agency.txt",
    "stops.txt",
    "routes.txt",
    "trips.txt",
    "calendar.txt",
    "calendar_dates.txt",
    "stop_times.txt",
    "frequencies.txt",
    "transfers.txt",
];
/// A table below this size is never called too densely packed, in bytes.
const SMALL_TABLE: u64 = 1 << 20;

enum Place {
    Folder(BTreeMap<String, PathBuf>),
    Zip(Box<ZipArchive<File>>, BTreeMap<String, usize>),
}

/// The files of one feed.
pub(super) struct FeedFiles {
    file: String,
    place: Place,
    options: GtfsOptions,
    bytes_left: u64,
}

impl FeedFiles {
    /// Finds the tables in a folder or zip, and notes the files that are not used.
    pub(super) fn open(path: &Path, options: GtfsOptions, notices: &mut Notices) -> Result<Self, GtfsError> {
        let file = path.file_name().map_or_else(|| "feed".to_owned(), |name| name.to_string_lossy().into_owned());
        let open_error = |source| GtfsError::Open { file: file.clone(), source };
        let place = if path.is_dir() {
            Place::Folder(folder_files(path).map_err(open_error)?)
        } else {
            let archive = ZipArchive::new(open_regular(path).map_err(open_error)?)
                .map_err(|error| GtfsError::BadZip { file: file.clone(), reason: error.to_string() })?;
            let names = zip_files(&archive, &file)?;
            Place::Zip(Box::new(archive), names)
        };
        let mut files = Self { file, place, options, bytes_left: options.max_bytes };
        files.choose_folder(notices);
        files.note_unused(notices);
        Ok(files)
    }

    /// Name of the zip or folder.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// Whether a table is there.
    pub(super) fn has(&self, table: &str) -> bool {
        match &self.place {
            Place::Folder(names) => names.contains_key(table),
            Place::Zip(_, names) => names.contains_key(table),
        }
    }

    /// An error where a table is not there.
    pub(super) fn require(&self, table: &'static str) -> Result<(), GtfsError> {
        self.require_either(table, table)
    }

    /// An error that names `missing` where a table is not there.
    pub(super) fn require_either(&self, table: &str, missing: &'static str) -> Result<(), GtfsError> {
        if self.has(table) {
            return Ok(());
        }
        let names = self.names();
        let found = if names.is_empty() { "no file".to_owned() } else { names.join(", ") };
        Err(GtfsError::MissingFile { file: self.file.clone(), missing, found: found.chars().take(400).collect() })
    }

    /// The bytes of a table, as a stream that fails once the limits are passed; `None` where it is not there.
    pub(super) fn table(&mut self, table: &str) -> Result<Option<Box<dyn Read + '_>>, GtfsError> {
        let too_large = |limit| GtfsError::TooLarge { file: self.file.clone(), table: table.to_owned(), limit };
        let left = &mut self.bytes_left;
        match &mut self.place {
            Place::Folder(names) => {
                let Some(path) = names.get(table) else { return Ok(None) };
                let open_error = |source| GtfsError::Open { file: table.to_owned(), source };
                let source = open_regular(path).map_err(open_error)?;
                let size = source.metadata().map_err(open_error)?.len();
                if size > *left {
                    return Err(too_large(self.options.max_bytes));
                }
                Ok(Some(Box::new(Capped { source, table_left: size, left })))
            }
            Place::Zip(archive, names) => {
                let Some(&index) = names.get(table) else { return Ok(None) };
                let source = archive
                    .by_index(index)
                    .map_err(|error| GtfsError::BadZip { file: self.file.clone(), reason: error.to_string() })?;
                let packed = source.compressed_size().saturating_mul(self.options.max_ratio).max(SMALL_TABLE);
                let limit = packed.min(*left);
                // The declared size may lie; the stream below stops at the limit whatever it says.
                if source.size() > limit {
                    return Err(too_large(limit));
                }
                Ok(Some(Box::new(Capped { source, table_left: limit, left })))
            }
        }
    }

    fn names(&self) -> Vec<String> {
        match &self.place {
            Place::Folder(names) => names.keys().cloned().collect(),
            Place::Zip(_, names) => names.keys().cloned().collect(),
        }
    }

    /// Where the tables lie in a folder inside the zip, that folder's name is cut off.
    fn choose_folder(&mut self, notices: &mut Notices) {
        let Place::Zip(_, names) = &mut self.place else { return };
        let mut folders: Vec<String> =
            names.keys().filter_map(|name| name.strip_suffix("stops.txt")).map(str::to_owned).collect();
        folders.retain(|folder| folder.is_empty() || folder.ends_with('/'));
        folders.sort_by_key(|folder| (folder.matches('/').count(), folder.clone()));
        let Some(folder) = folders.first().filter(|folder| !folder.is_empty()) else { return };
        if folders.len() > 1 {
            let notice = Notice::warning("feed_folder_ambiguous", &self.file, "holds a stops.txt in several folders");
            notices.push(notice.field("folder", folder).action("first folder read, the others ignored"));
        }
        let inside =
            names.iter().map(|(name, &index)| (name.strip_prefix(folder.as_str()).unwrap_or(name).to_owned(), index));
        *names = inside.collect();
    }

    fn note_unused(&self, notices: &mut Notices) {
        for name in self.names().iter().filter(|name| !TABLES.contains(&name.as_str())) {
            let short = name.rsplit('/').next().unwrap_or(name);
            notices
                .push(Notice::note("file_not_used", short, "is not a table this reader uses").action("file ignored"));
        }
    }
}

/// The plain files of a folder, by lower-case name.
fn folder_files(path: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    let mut names = BTreeMap::new();
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        if let (true, Some(name)) = (path.is_file(), path.file_name()) {
            names.insert(name.to_string_lossy().to_lowercase(), path);
        }
    }
    Ok(names)
}

/// The entries of a zip by lower-case path; an entry that points outside the zip refuses the whole zip.
fn zip_files(archive: &ZipArchive<File>, file: &str) -> Result<BTreeMap<String, usize>, GtfsError> {
    let mut names = BTreeMap::new();
    for (index, raw) in archive.file_names_raw().enumerate() {
        let name = String::from_utf8_lossy(raw).replace('\\', "/");
        let outside = name.starts_with('/')
            || name.contains(':')
            || name.contains('\0')
            || name.split('/').any(|part| part == "..");
        if outside {
            return Err(GtfsError::UnsafeEntry { file: file.to_owned(), entry: name.chars().take(80).collect() });
        }
        if !name.ends_with('/') && !name.starts_with("__MACOSX/") {
            names.insert(name.to_lowercase(), index);
        }
    }
    Ok(names)
}

/// A stream that fails once it has given more than the limits allow.
struct Capped<'a, R> {
    source: R,
    table_left: u64,
    left: &'a mut u64,
}

impl<R: Read> Read for Capped<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        let given = count as u64;
        if given > self.table_left || given > *self.left {
            return Err(io::Error::other("the table unpacks to more bytes than allowed"));
        }
        self.table_left -= given;
        *self.left -= given;
        Ok(count)
    }
}
