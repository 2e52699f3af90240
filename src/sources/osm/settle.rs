//! What became of each draft: used, repaired or dropped, with a notice for each loss and one count per kind for all
//! that lies outside the study area or reaches beyond the files.

use std::collections::BTreeMap;

use super::drafts::Draft;
use crate::base::notice::{FileTally, Notice, Notices};

/// What became of a draft.
#[derive(Debug)]
pub(super) enum Fate<T> {
    /// Used as it is.
    Used(T),
    /// Used, but something was lost: why and what.
    Repaired(T, Loss),
    /// Outside the study area.
    Outside,
    /// Reaches beyond the files, so that it cannot be whole.
    Beyond,
    /// Cannot be used: why.
    Broken(Loss),
    /// The same thing is mapped by another element, which is used.
    Doubled,
}

/// What was lost and why.
#[derive(Clone, Debug)]
pub(super) struct Loss {
    /// Notice code.
    pub code: &'static str,
    /// What is wrong.
    pub problem: String,
    /// What was done.
    pub action: &'static str,
}

impl Loss {
    /// Nothing of the element's geometry is in the files.
    pub fn no_geometry() -> Self {
        let problem = "has no usable geometry in the files".to_owned();
        Self { code: "geometry_missing", problem, action: "element skipped" }
    }

    /// Part of the geometry is missing.
    pub fn part_missing(problem: impl Into<String>, action: &'static str) -> Self {
        Self { code: "geometry_incomplete", problem: problem.into(), action }
    }
}

/// Keeps count per file, and writes the notices.
#[derive(Debug)]
pub(super) struct Ledger {
    files: Vec<String>,
    /// What became of the drafts of each file.
    tallies: Vec<FileTally>,
    outside: BTreeMap<(u16, &'static str), u64>,
    beyond: BTreeMap<(u16, &'static str), u64>,
    doubled: BTreeMap<(u16, &'static str), u64>,
    /// All notices so far.
    pub notices: Notices,
}

impl Ledger {
    /// An empty ledger for these files (names without folders).
    pub fn new(files: Vec<String>) -> Self {
        let tallies = vec![FileTally::default(); files.len()];
        let (outside, beyond, doubled) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { files, tallies, outside, beyond, doubled, notices: Notices::new() }
    }

    /// The names of all files, for what concerns them together.
    pub fn all_files(&self) -> String {
        self.files.join(" + ")
    }

    /// The name of a file.
    pub fn file_name(&self, file: u16) -> &str {
        self.files.get(usize::from(file)).map_or("", String::as_str)
    }

    /// Books a draft and returns its record, if there is one. `kind` names the records, as `shops and places`.
    pub fn settle<D, T>(&mut self, draft: &Draft<D>, kind: &'static str, fate: Fate<T>) -> Option<T> {
        let tally = &mut self.tallies[usize::from(draft.file)];
        match fate {
            Fate::Used(record) => {
                if draft.flawed {
                    tally.count_repaired()
                } else {
                    tally.count_used()
                }
                Some(record)
            }
            Fate::Repaired(record, loss) => {
                tally.count_repaired();
                self.tell(draft, loss);
                Some(record)
            }
            Fate::Outside => {
                tally.count_dropped();
                *self.outside.entry((draft.file, kind)).or_default() += 1;
                None
            }
            Fate::Beyond => {
                tally.count_dropped();
                *self.beyond.entry((draft.file, kind)).or_default() += 1;
                None
            }
            Fate::Broken(loss) => {
                tally.count_dropped();
                self.tell(draft, loss);
                None
            }
            Fate::Doubled => {
                tally.count_dropped();
                *self.doubled.entry((draft.file, kind)).or_default() += 1;
                None
            }
        }
    }

    /// Counts a draft that is told of with others.
    pub fn drop_unseen<D>(&mut self, draft: &Draft<D>) {
        self.tallies[usize::from(draft.file)].count_dropped();
    }

    fn tell<D>(&mut self, draft: &Draft<D>, loss: Loss) {
        let file = self.file_name(draft.file);
        let notice = Notice::warning(loss.code, file, loss.problem).at_element(draft.element.to_string());
        self.notices.push(notice.action(loss.action));
    }

    /// Writes the counts of what was left out, and returns all notices.
    pub fn close(mut self) -> Notices {
        for (file, counted) in self.files.iter().zip(&self.tallies) {
            self.notices.tally(file).add(counted);
        }
        for ((file, kind), count) in std::mem::take(&mut self.outside) {
            let problem = format!("{count} {kind} lie outside the study area");
            let notice = Notice::note("outside_study_area", self.file_name(file), problem);
            self.notices.push(notice.action("left out"));
        }
        for ((file, kind), count) in std::mem::take(&mut self.beyond) {
            let problem = format!("{count} {kind} reach beyond the files");
            let notice = Notice::note("reaches_beyond_files", self.file_name(file), problem);
            self.notices.push(notice.action("left out"));
        }
        for ((file, kind), count) in std::mem::take(&mut self.doubled) {
            let problem = format!("{count} {kind} are mapped a second time by another element");
            let notice = Notice::note("mapped_twice", self.file_name(file), problem);
            self.notices.push(notice.action("counted once"));
        }
        self.notices
    }
}
