//! Opening a GeoPackage: read only, nothing written beside it, no row of it lost, and no work without end.
//!
//! In: a path. Out: a connection on which tables can be read, within bounds. A GeoPackage is a program as much as a
//! file: views, virtual tables and generated columns compute what they show. Knows no layer and no geometry.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};

use crate::sources::regular::open_regular;

/// Largest value or row, bytes: the border of a country at full detail is below 10 MB.
const LARGEST_VALUE: i32 = 64 * 1024 * 1024;
/// Most steps of SQLite's machine for one file: a row takes a step or two per column, so that ten million rows of
/// thirty columns take a third of it.
const MOST_STEPS: u64 = 1_000_000_000;
/// How many steps pass between two looks at the bounds.
const STEPS_PER_LOOK: i32 = 10_000;
/// Longest time for one file, for what takes long in few steps.
const LONGEST: Duration = Duration::from_secs(120);
/// Largest file that is copied because another program has changes of it in a log, bytes.
const LARGEST_COPY: u64 = 1 << 30;
/// First bytes of a rollback journal that is in force (SQLite file format, section 3).
const JOURNAL_IN_FORCE: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// Why a GeoPackage cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum GeoPackageError {
    /// The system says no.
    #[error("it cannot be read ({0})")]
    Unreadable(#[from] io::Error),
    /// SQLite says no.
    #[error("{0}")]
    Database(rusqlite::Error),
    /// Another program is in the middle of a change.
    #[error("another program is writing to it ({beside} lies beside it); close that program")]
    InUse {
        /// Name of the log or journal.
        beside: String,
    },
    /// What should be a table computes what it shows.
    #[error("{name} is {found}, expected a plain table; save the layer as a new GeoPackage")]
    NotATable {
        /// Its name.
        name: String,
        /// `a view` or `a virtual table`.
        found: &'static str,
    },
    /// A column has a name that is no text.
    #[error(
        "column {number} of {table} has a name that is no UTF-8 text; rename it, or save the layer as a new GeoPackage"
    )]
    NameNotText {
        /// The table.
        table: String,
        /// Its place among the columns, from 1 on.
        number: usize,
    },
    /// To read it takes more work than any real file.
    #[error("to read it takes more than {MOST_STEPS} steps or {} s; save the layer as a new GeoPackage", LONGEST.as_secs())]
    TooMuchWork,
    /// Its values are larger than those of any real file.
    #[error("its values take more than {limit} bytes; save the layer as a new GeoPackage without large texts")]
    TooLarge {
        /// The most they may take.
        limit: u64,
    },
}

impl From<rusqlite::Error> for GeoPackageError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => Self::TooMuchWork,
            Some(ErrorCode::TooBig) => Self::TooLarge { limit: LARGEST_VALUE.unsigned_abs().into() },
            _ => Self::Database(error),
        }
    }
}

/// An open GeoPackage.
pub struct GeoPackage {
    connection: Connection,
    bytes: u64,
    /// Removed after the connection is closed.
    _copy: Option<CopyFolder>,
}

impl GeoPackage {
    /// Opens a file for reading.
    pub fn open(path: &Path) -> Result<Self, GeoPackageError> {
        // A log lies beside the file itself, not beside a link to it.
        let named = std::path::absolute(path)?;
        let path = fs::canonicalize(path)?;
        let bytes = open_regular(&path)?.metadata()?.len();
        let journal = beside(&path, "-journal");
        if is_journal_in_force(&journal)? {
            // To undo the change is not for a reader; a journal may even name other files to be removed.
            return Err(GeoPackageError::InUse { beside: name_of(&journal) });
        }
        let log = beside(&path, "-wal");
        let logged = fs::metadata(&log).ok().filter(|found| found.is_file()).map_or(0, |found| found.len());
        let (mut connection, copy) = if logged == 0 {
            (open_unchanging(&named)?, None)
        } else {
            let copy = copy_with_log(&path, &log)?;
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            (Connection::open_with_flags(copy.0.join(COPY), flags)?, Some(copy))
        };
        bound(&mut connection)?;
        Ok(Self { connection, bytes: bytes.saturating_add(logged), _copy: copy })
    }

    /// Its size, bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The connection, bounded in work and in the size of values.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Refuses what bears this name and computes what it shows, and a table with columns that cannot be named. A name
    /// that nothing bears passes: the query tells.
    pub fn require_table(&self, name: &str) -> Result<(), GeoPackageError> {
        let sql = "SELECT type, substr(coalesce(sql, ''), 1, 14) FROM sqlite_master \
                   WHERE name = ?1 COLLATE NOCASE AND type IN ('table', 'view')";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
        let found = match self.connection.query_row(sql, [name], read).optional()? {
            Some((kind, _)) if kind != "table" => "a view",
            Some((_, sql)) if sql.eq_ignore_ascii_case("CREATE VIRTUAL") => "a virtual table",
            _ => return self.require_names(name),
        };
        Err(GeoPackageError::NotATable { name: name.chars().take(80).collect(), found })
    }

    /// The names of columns are texts, which nobody checked when they were written.
    fn require_names(&self, table: &str) -> Result<(), GeoPackageError> {
        let mut statement = self.connection.prepare("SELECT name FROM pragma_table_xinfo(?1)")?;
        let mut rows = statement.query([table])?;
        let mut number = 0;
        while let Some(row) = rows.next()? {
            number += 1;
            if row.get_ref(0)?.as_str().is_err() {
                return Err(GeoPackageError::NameNotText { table: table.chars().take(80).collect(), number });
            }
        }
        Ok(())
    }
}

/// The file as it is, taken as unchanging: no lock, no log, no shared memory is made beside it.
fn open_unchanging(path: &Path) -> rusqlite::Result<Connection> {
    let mut uri = String::from("file:");
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' => uri.push(byte as char),
            byte if byte.is_ascii_alphanumeric() => uri.push(byte as char),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri.push_str("?mode=ro&immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(uri, flags)
}

fn bound(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LARGEST_VALUE)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    let started = Instant::now();
    let mut looks_left = MOST_STEPS / u64::from(STEPS_PER_LOOK.unsigned_abs());
    let is_over = move || {
        looks_left = looks_left.saturating_sub(1);
        looks_left == 0 || started.elapsed() > LONGEST
    };
    connection.progress_handler(STEPS_PER_LOOK, Some(is_over))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(ending);
    PathBuf::from(name)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A journal that was left in place after a change was finished begins with zeros.
fn is_journal_in_force(journal: &Path) -> io::Result<bool> {
    if !journal.is_file() {
        return Ok(false);
    }
    let mut start = Vec::new();
    open_regular(journal)?.take(JOURNAL_IN_FORCE.len() as u64).read_to_end(&mut start)?;
    Ok(start == JOURNAL_IN_FORCE)
}

/// Name of the database in the folder of a copy.
const COPY: &str = "copy.gpkg";

/// A folder of our own that goes when it is dropped.
struct CopyFolder(PathBuf);

impl Drop for CopyFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Copies a database and its log, so that rows which only the log holds are read and nothing is written beside them.
fn copy_with_log(path: &Path, log: &Path) -> Result<CopyFolder, GeoPackageError> {
    let in_use = || GeoPackageError::InUse { beside: name_of(log) };
    let state = || -> io::Result<[(u64, SystemTime); 2]> {
        let of = |path: &Path| fs::metadata(path).and_then(|found| Ok((found.len(), found.modified()?)));
        Ok([of(path)?, of(log)?])
    };
    let before = state()?;
    if before.iter().map(|(bytes, _)| bytes).sum::<u64>() > LARGEST_COPY {
        return Err(in_use());
    }
    let folder = make_folder()?;
    for (from, to) in [(path, COPY.to_owned()), (log, format!("{COPY}-wal"))] {
        io::copy(&mut open_regular(from)?, &mut fs::File::create(folder.0.join(to))?)?;
    }
    // A change between the two copies would mix two states.
    if state()? == before { Ok(folder) } else { Err(in_use()) }
}

fn make_folder() -> io::Result<CopyFolder> {
    static COPIES: AtomicU64 = AtomicU64::new(0);
    let number = COPIES.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("chaland-{}-{number}", std::process::id()));
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder)?;
    Ok(CopyFolder(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).expect("a folder").map(|e| name_of(&e.expect("an entry").path())).collect();
        names.sort();
        names
    }

    fn count(path: &Path) -> Result<i64, GeoPackageError> {
        let package = GeoPackage::open(path)?;
        package.require_table("t")?;
        Ok(package.connection().query_row("SELECT count(*) FROM t", [], |row| row.get(0))?)
    }

    #[test]
    fn rows_that_only_the_log_holds_are_read_and_nothing_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, taken) = (folder.path().join("d.gpkg"), folder.path().join("taken"));
        let writer = Connection::open(&path).expect("made");
        writer.pragma_update(None, "journal_mode", "wal").expect("a log");
        writer.execute_batch("CREATE TABLE t (a); PRAGMA wal_checkpoint; INSERT INTO t VALUES (1), (2)").expect("run");
        // As a program that was ended leaves it: the two rows are in the log, the shared memory is gone.
        fs::create_dir(&taken).expect("made");
        for name in ["d.gpkg", "d.gpkg-wal"] {
            fs::copy(folder.path().join(name), taken.join(name)).expect("copied");
        }
        assert_eq!(count(&taken.join("d.gpkg")).expect("read"), 2);
        assert_eq!(names(&taken), ["d.gpkg", "d.gpkg-wal"]);
        // Without the log the file holds the table and no row.
        fs::write(taken.join("d.gpkg-wal"), "").expect("emptied");
        assert_eq!(count(&taken.join("d.gpkg")).expect("read"), 0);
        assert_eq!(names(&taken), ["d.gpkg", "d.gpkg-wal"]);
    }

    #[test]
    fn a_change_half_done_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("d.gpkg");
        Connection::open(&path).expect("made").execute_batch("CREATE TABLE t (a)").expect("run");
        fs::write(folder.path().join("d.gpkg-journal"), JOURNAL_IN_FORCE).expect("written");
        assert!(matches!(count(&path), Err(GeoPackageError::InUse { beside }) if beside == "d.gpkg-journal"));
        fs::write(folder.path().join("d.gpkg-journal"), [0; 512]).expect("written");
        assert_eq!(count(&path).expect("read"), 0, "a journal that is no longer in force");
    }

    #[test]
    fn a_column_whose_name_is_no_text_is_told_by_its_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("d.gpkg");
        Connection::open(&path).expect("made").execute_batch("CREATE TABLE t (a, populace)").expect("run");
        let mut bytes = fs::read(&path).expect("read");
        let at = bytes.windows(8).position(|part| part == b"populace").expect("its name");
        bytes[at + 3] = 0xff;
        fs::write(&path, bytes).expect("written");
        let found = count(&path);
        assert!(matches!(&found, Err(GeoPackageError::NameNotText { table, number: 2 }) if table == "t"), "{found:?}");
    }

    #[test]
    fn what_computes_its_rows_is_refused_and_work_is_bounded() {
        let folder = tempfile::tempdir().expect("a folder");
        let of = |name: &str, sql: &str| {
            let path = folder.path().join(name);
            Connection::open(&path).expect("made").execute_batch(sql).expect("run");
            count(&path)
        };
        let endless = "WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n) SELECT a FROM n";
        let found = of("view.gpkg", &format!("CREATE VIEW T AS {endless}"));
        assert!(matches!(found, Err(GeoPackageError::NotATable { found: "a view", .. })), "{found:?}");
        let found = of("virtual.gpkg", "CREATE VIRTUAL TABLE t USING rtree(id, a, b)");
        assert!(matches!(found, Err(GeoPackageError::NotATable { found: "a virtual table", .. })), "{found:?}");
        let path = folder.path().join("large.gpkg");
        let sql = "CREATE TABLE t (a, b GENERATED ALWAYS AS (hex(zeroblob(300000000)))); INSERT INTO t (a) VALUES (1)";
        Connection::open(&path).expect("made").execute_batch(sql).expect("run");
        let package = GeoPackage::open(&path).expect("open");
        let value = package.connection().query_row("SELECT b FROM t", [], |row| row.get::<_, String>(0));
        assert!(matches!(value.map_err(GeoPackageError::from), Err(GeoPackageError::TooLarge { .. })));
    }
}
