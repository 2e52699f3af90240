//! The folder of results: written beside its place, moved there when it is whole.
//!
//! A run that is interrupted leaves the previous results as they were. Two runs at once do not clash: each writes its
//! own folder, and the last to finish stays. What dead runs left behind is cleared by the next one. A folder that
//! chaland did not write is never replaced, and what others put among its results stays.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::study::error::StudyError;
use crate::study::made_folders::MadeFolders;

/// Marks a folder as results of ours, so that nothing else is ever replaced.
const MARKER: &str = ".chaland-results";
/// Held locked by the run that writes the folder, and gone when it is whole.
const LOCK: &str = ".writing";
const UNFINISHED: &str = ".unfinished";
const PREVIOUS: &str = ".previous";
/// A folder without lock file is being made or moved this moment; older than this, its run is dead.
const ABANDONED_AFTER: Duration = Duration::from_secs(24 * 3600);
/// How often a run tries again when another run moves its results to the same place at the same moment.
const ATTEMPTS: u32 = 100;

static RUNS: AtomicU64 = AtomicU64::new(0);

/// A folder of results being written. Dropped without [`ResultsFolder::commit`], it leaves nothing.
#[derive(Debug)]
pub struct ResultsFolder {
    target: PathBuf,
    working: PathBuf,
    previous: PathBuf,
    lock: Option<File>,
    committed: bool,
    made: MadeFolders,
}

impl ResultsFolder {
    /// Begins results that will stand at `target`, after clearing what dead runs left there.
    pub fn begin(target: &Path) -> Result<Self, StudyError> {
        let unwritable = |source| StudyError::Unwritable { path: target.to_owned(), source };
        let target = std::path::absolute(target).map_err(unwritable)?;
        let target = fs::canonicalize(&target).unwrap_or(target);
        let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(StudyError::NotAResultsFolder { path: target });
        };
        let made = MadeFolders::make(parent).map_err(unwritable)?;
        let _alone = hold(parent);
        recover(parent, name, &target).map_err(unwritable)?;
        if !may_replace(&target).map_err(unwritable)? {
            return Err(StudyError::NotAResultsFolder { path: target });
        }
        let run = format!(".{}-{}", std::process::id(), RUNS.fetch_add(1, Ordering::Relaxed));
        let working = parent.join(hidden(name, &run, UNFINISHED));
        let previous = parent.join(hidden(name, &run, PREVIOUS));
        fs::create_dir(&working).map_err(unwritable)?;
        let mut folder = Self { target, working, previous, lock: None, committed: false, made };
        let lock = File::create(folder.working.join(LOCK)).map_err(unwritable)?;
        lock.lock().map_err(unwritable)?;
        folder.lock = Some(lock);
        folder.write(MARKER, env!("CARGO_PKG_VERSION").as_bytes())?;
        Ok(folder)
    }

    /// Where to write: files put here become the results.
    pub fn path(&self) -> &Path {
        &self.working
    }

    /// Writes a file of the results; `name` may name folders inside.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StudyError> {
        let path = self.working.join(name);
        let unwritable = |source| StudyError::Unwritable { path: self.target.join(name), source };
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(unwritable)?;
        }
        fs::write(&path, bytes).map_err(unwritable)
    }

    /// Moves the results to their place, and removes those that stood there. Returns the place.
    pub fn commit(mut self) -> Result<PathBuf, StudyError> {
        let unwritable = |source| StudyError::Unwritable { path: self.target.clone(), source };
        self.name_own_files().map_err(unwritable)?;
        synchronise(&self.working).map_err(unwritable)?;
        let _alone = self.target.parent().and_then(hold);
        fs::remove_file(self.working.join(LOCK)).map_err(unwritable)?;
        self.lock = None;
        self.move_into_place().map_err(unwritable)?;
        carry_over(&self.previous, &self.target).map_err(unwritable)?;
        // What cannot be removed now is cleared by the next run.
        let _ = fs::remove_dir_all(&self.previous);
        self.committed = true;
        self.made.keep();
        if let Some(parent) = self.target.parent() {
            // A folder that cannot be opened for this (as on some systems) is as safe as the system makes it.
            let _ = File::open(parent).and_then(|folder| folder.sync_all());
        }
        Ok(self.target.clone())
    }

    /// Names the files of the results in the marker, a line each after the version.
    fn name_own_files(&self) -> io::Result<()> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.working)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.retain(|name| name != MARKER && name != LOCK);
        names.sort();
        fs::write(self.working.join(MARKER), format!("{}\n{}\n", env!("CARGO_PKG_VERSION"), names.join("\n")))
    }

    fn move_into_place(&self) -> io::Result<()> {
        let mut last = io::Error::from(io::ErrorKind::ResourceBusy);
        for _ in 0..ATTEMPTS {
            match fs::rename(&self.target, &self.previous) {
                Ok(()) => {}
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(e),
            }
            match fs::rename(&self.working, &self.target) {
                Ok(()) => return Ok(()),
                Err(e) if self.target.exists() => {
                    // Another run was faster: what stood here before goes on to its results.
                    carry_over(&self.previous, &self.target)?;
                    let _ = fs::remove_dir_all(&self.previous);
                    last = e;
                }
                Err(e) => {
                    let _ = fs::rename(&self.previous, &self.target);
                    return Err(e);
                }
            }
        }
        Err(last)
    }
}

impl Drop for ResultsFolder {
    fn drop(&mut self) {
        if !self.committed {
            self.lock = None;
            let _ = fs::remove_dir_all(&self.working);
        }
    }
}

/// Keeps other runs from clearing or moving results beside these until it is dropped. Where a system cannot lock a
/// folder, the order of the moves alone must do.
fn hold(parent: &Path) -> Option<File> {
    let folder = File::open(parent).ok()?;
    folder.lock().ok()?;
    Some(folder)
}

/// Takes over what others put among earlier results: entries that the run which wrote those did not name as its own and
/// that the new results do not have.
fn carry_over(previous: &Path, target: &Path) -> io::Result<()> {
    let own = match fs::read_to_string(previous.join(MARKER)) {
        Ok(marker) => marker,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(e),
    };
    let own: Vec<&str> = own.lines().skip(1).collect();
    for entry in fs::read_dir(previous)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_own = name == MARKER || name == LOCK || own.iter().any(|own| *own == name);
        if !is_own && !target.join(&name).exists() {
            fs::rename(entry.path(), target.join(&name))?;
        }
    }
    Ok(())
}

/// `.results.123-0.unfinished`: hidden, beside the place of the results.
fn hidden(name: &std::ffi::OsStr, run: &str, ending: &str) -> OsString {
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(run);
    hidden.push(ending);
    hidden
}

/// Whether results may stand here: nothing does, or an empty folder, or earlier results.
fn may_replace(target: &Path) -> io::Result<bool> {
    // Another run may be replacing the folder while it is listed: what looks foreign is looked at again.
    for wait_ms in [0, 5, 50] {
        std::thread::sleep(Duration::from_millis(wait_ms));
        match fs::read_dir(target) {
            Ok(entries) => {
                let names: Vec<OsString> = entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
                if names.is_empty() || names.iter().any(|name| name == MARKER) {
                    return Ok(true);
                }
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(true),
            Err(e) if e.kind() == io::ErrorKind::NotADirectory => return Ok(false),
            Err(e) => return Err(e),
        }
    }
    Ok(false)
}

/// Clears what dead runs left. Results that a dead run had moved aside without putting new ones return to their place.
fn recover(parent: &Path, name: &std::ffi::OsStr, target: &Path) -> io::Result<()> {
    let start = format!(".{}.", name.to_string_lossy());
    for entry in fs::read_dir(parent)? {
        let path = entry?.path();
        let found = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(run) = found.strip_prefix(&start) else { continue };
        if is_run(run, PREVIOUS) {
            if !target.exists() {
                let _ = fs::rename(&path, target);
            } else if carry_over(&path, target).is_ok() {
                let _ = fs::remove_dir_all(&path);
            }
        } else if is_run(run, UNFINISHED) && is_abandoned(&path) {
            let _ = fs::remove_dir_all(&path);
        }
    }
    Ok(())
}

/// Whether a name is `<process>-<number>` with this ending.
fn is_run(name: &str, ending: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let parts = name.strip_suffix(ending).and_then(|run| run.split_once('-'));
    parts.is_some_and(|(process, number)| digits(process) && digits(number))
}

fn is_abandoned(unfinished: &Path) -> bool {
    match File::open(unfinished.join(LOCK)) {
        Ok(lock) => !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)),
        Err(_) => {
            let age = fs::metadata(unfinished).and_then(|m| m.modified()).ok().and_then(|time| time.elapsed().ok());
            age.is_some_and(|age| age > ABANDONED_AFTER)
        }
    }
}

/// Brings every file of a folder to the disk.
fn synchronise(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            synchronise(&path)?;
        } else {
            File::open(&path)?.sync_all()?;
        }
    }
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn results_of(target: &Path, text: &str) {
        let folder = ResultsFolder::begin(target).expect("begun");
        folder.write("canvas.json", text.as_bytes()).expect("written");
        folder.commit().expect("committed");
    }

    #[test]
    fn an_interrupted_run_leaves_the_previous_results_whole() {
        let study = tempfile::tempdir().expect("a folder");
        let target = study.path().join("results");
        results_of(&target, "first");
        let folder = ResultsFolder::begin(&target).expect("begun");
        folder.write("canvas.json", b"half").expect("written");
        drop(folder);
        assert_eq!(fs::read_to_string(target.join("canvas.json")).expect("there"), "first");
        assert_eq!(names(study.path()), ["results"]);
        results_of(&target, "second");
        assert_eq!(fs::read_to_string(target.join("canvas.json")).expect("there"), "second");
        assert_eq!(names(&target), [MARKER, "canvas.json"]);
        assert_eq!(names(study.path()), ["results"]);
    }

    #[test]
    fn what_a_dead_run_left_is_cleared_and_what_a_live_one_writes_is_not() {
        let study = tempfile::tempdir().expect("a folder");
        let target = study.path().join("results");
        let dead = study.path().join(".results.1-0.unfinished");
        fs::create_dir(&dead).expect("made");
        fs::write(dead.join(LOCK), "").expect("written");
        fs::create_dir(study.path().join(".results.notes.unfinished")).expect("made");
        let live = ResultsFolder::begin(&target).expect("begun");
        assert!(!dead.exists());
        let other = ResultsFolder::begin(&target).expect("begun");
        assert!(live.path().exists(), "a live run is not cleared");
        live.commit().expect("committed");
        other.commit().expect("committed");
        assert_eq!(names(study.path()), [".results.notes.unfinished", "results"]);
    }

    /// Killed between the two moves: the old results stand aside and nothing is in their place.
    #[test]
    fn results_moved_aside_by_a_dead_run_come_back() {
        let study = tempfile::tempdir().expect("a folder");
        let target = study.path().join("results");
        results_of(&target, "first");
        fs::rename(&target, study.path().join(".results.1-0.previous")).expect("moved");
        drop(ResultsFolder::begin(&target).expect("begun"));
        assert_eq!(fs::read_to_string(target.join("canvas.json")).expect("there"), "first");
    }

    #[test]
    fn a_folder_of_somebody_else_is_never_replaced() {
        let study = tempfile::tempdir().expect("a folder");
        fs::write(study.path().join("letter.txt"), "dear").expect("written");
        for target in [study.path().to_owned(), study.path().join("letter.txt"), PathBuf::from("/")] {
            let refused = ResultsFolder::begin(&target);
            assert!(matches!(refused, Err(StudyError::NotAResultsFolder { .. })), "{refused:?}");
        }
        assert_eq!(fs::read_to_string(study.path().join("letter.txt")).expect("there"), "dear");
        fs::create_dir(study.path().join("empty")).expect("made");
        results_of(&study.path().join("empty"), "welcome");
    }

    #[test]
    fn what_others_put_among_the_results_stays_and_old_results_go() {
        let study = tempfile::tempdir().expect("a folder");
        let target = study.path().join("results");
        let folder = ResultsFolder::begin(&target).expect("begun");
        folder.write("canvas.json", b"first").expect("written");
        folder.write("old.csv", b"first").expect("written");
        folder.commit().expect("committed");
        fs::write(target.join("map.qgz"), "mine").expect("written");
        fs::create_dir(target.join("photos")).expect("made");
        results_of(&target, "second");
        assert_eq!(names(&target), [MARKER, "canvas.json", "map.qgz", "photos"]);
        assert_eq!(fs::read_to_string(target.join("canvas.json")).expect("there"), "second");
        assert_eq!(names(study.path()), ["results"]);
    }

    #[test]
    fn a_run_that_fails_leaves_no_folder_that_it_made() {
        let study = tempfile::tempdir().expect("a folder");
        let target = study.path().join("a/b/results");
        drop(ResultsFolder::begin(&target).expect("begun"));
        assert_eq!(names(study.path()), Vec::<String>::new());
        let folder = ResultsFolder::begin(&target).expect("begun");
        fs::write(study.path().join("a/letter.txt"), "dear").expect("written");
        drop(folder);
        assert_eq!(names(&study.path().join("a")), ["letter.txt"]);
        results_of(&target, "whole");
        assert_eq!(names(&study.path().join("a/b")), ["results"]);
    }

    #[test]
    fn eight_runs_at_once_leave_one_whole_result() {
        let study = tempfile::tempdir().expect("a folder");
        let target = study.path().join("results");
        std::thread::scope(|scope| {
            for run in 0..8 {
                let target = &target;
                scope.spawn(move || results_of(target, &format!("run {run}")));
            }
        });
        assert!(fs::read_to_string(target.join("canvas.json")).expect("there").starts_with("run "));
        assert_eq!(names(study.path()), ["results"]);
    }
}
