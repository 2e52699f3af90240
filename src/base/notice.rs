//! Notices: what a reader found wrong with a row, and what it did about it.
//!
//! Every reader returns its records together with [`Notices`]. All notices are counted; the first
//! [`Notices::KEPT_PER_CODE`] of each code are kept whole. Each file also has a [`FileTally`], for which
//! `read = used + repaired + dropped` always holds.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing is lost.
    Note,
    /// The result is weaker than the reader may think.
    Warning,
    /// Something was lost; `--strict` fails on it.
    Error,
}

impl Severity {
    /// The word in files and on the screen.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Where in a file something was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Location {
    /// The file as a whole.
    File,
    /// A row of a table, counted from 1; the header is row 1.
    Row(u64),
    /// A feature of a file of features, counted from 1.
    Feature(u64),
    /// An OSM element, as `node 12`, `way 34` or `relation 56`, or another named thing.
    Element(String),
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => Ok(()),
            Self::Row(row) => write!(f, "row {row}"),
            Self::Feature(feature) => write!(f, "feature {feature}"),
            Self::Element(element) => f.write_str(element),
        }
    }
}

/// One thing that was found and what was done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// How much it matters.
    pub severity: Severity,
    /// Stable snake_case code.
    pub code: &'static str,
    /// Name of the file, without folders.
    pub file: String,
    /// Where in the file.
    pub location: Location,
    /// Column, tag or property, empty where none applies.
    pub field: String,
    /// The value found, cut at 80 characters.
    pub value: String,
    /// What is wrong: follows `field "value"` in a sentence, such as `is not a time`.
    pub problem: String,
    /// What was done: `row skipped`, `taken as 0`.
    pub action: String,
}

impl Notice {
    /// A notice about a whole file; the other parts are added by the `at_`, `field` and `action` calls.
    pub fn new(severity: Severity, code: &'static str, file: &str, problem: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            file: file.to_owned(),
            location: Location::File,
            field: String::new(),
            value: String::new(),
            problem: problem.into(),
            action: String::new(),
        }
    }

    /// Something was lost.
    pub fn error(code: &'static str, file: &str, problem: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, file, problem)
    }

    /// The result is weaker than it looks.
    pub fn warning(code: &'static str, file: &str, problem: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, file, problem)
    }

    /// Worth knowing.
    pub fn note(code: &'static str, file: &str, problem: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, file, problem)
    }

    /// At a row of a table; the header is row 1.
    pub fn at_row(mut self, row: u64) -> Self {
        self.location = Location::Row(row);
        self
    }

    /// At a feature, counted from 1.
    pub fn at_feature(mut self, feature: u64) -> Self {
        self.location = Location::Feature(feature);
        self
    }

    /// At a named element, such as `way 34`.
    pub fn at_element(mut self, element: impl Into<String>) -> Self {
        self.location = Location::Element(element.into());
        self
    }

    /// In this field, with this value.
    pub fn field(mut self, field: impl Into<String>, value: impl AsRef<str>) -> Self {
        self.field = field.into();
        self.value = value.as_ref().chars().take(80).collect();
        self
    }

    /// What was done about it.
    pub fn action(mut self, action: impl Into<String>) -> Self {
        self.action = action.into();
        self
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.location != Location::File {
            write!(f, " {}", self.location)?;
        }
        f.write_str(": ")?;
        if !self.field.is_empty() {
            write!(f, "{} \"{}\" ", self.field, self.value.escape_debug())?;
        }
        f.write_str(&self.problem)?;
        if !self.action.is_empty() {
            write!(f, "; {}", self.action)?;
        }
        Ok(())
    }
}

/// How many rows of a file were read and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FileTally {
    /// Rows (or features, or elements) read.
    pub read: u64,
    /// Used as they are.
    pub used: u64,
    /// Used after a repair that a notice tells of.
    pub repaired: u64,
    /// Not used; a notice tells why.
    pub dropped: u64,
}

impl FileTally {
    /// Counts a row used as it is.
    pub fn count_used(&mut self) {
        self.read += 1;
        self.used += 1;
    }

    /// Counts a row used after a repair.
    pub fn count_repaired(&mut self) {
        self.read += 1;
        self.repaired += 1;
    }

    /// Counts a row not used.
    pub fn count_dropped(&mut self) {
        self.read += 1;
        self.dropped += 1;
    }

    /// A row that was counted as used is not used after all.
    pub fn drop_used(&mut self) {
        let counted = if self.used > 0 { &mut self.used } else { &mut self.repaired };
        *counted = counted.saturating_sub(1);
        self.dropped += 1;
    }

    /// Counts all rows of another tally.
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.used += other.used;
        self.repaired += other.repaired;
        self.dropped += other.dropped;
    }

    /// Whether nothing got lost: `read = used + repaired + dropped`.
    pub fn balances(&self) -> bool {
        self.read == self.used + self.repaired + self.dropped
    }
}

/// All notices of a run, and a tally per file.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    kept: Vec<Notice>,
    counts: BTreeMap<&'static str, (Severity, u64)>,
    tallies: BTreeMap<String, FileTally>,
}

impl Notices {
    /// How many notices of one code are kept whole; the rest are only counted.
    pub const KEPT_PER_CODE: u64 = 1000;

    /// No notices yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a notice.
    pub fn push(&mut self, notice: Notice) {
        let entry = self.counts.entry(notice.code).or_insert((notice.severity, 0));
        entry.0 = entry.0.max(notice.severity);
        entry.1 += 1;
        if entry.1 <= Self::KEPT_PER_CODE {
            self.kept.push(notice);
        }
    }

    /// Adds all notices and tallies of `other`, after our own.
    pub fn extend(&mut self, other: Self) {
        let mut extra = other.counts;
        for notice in other.kept {
            if let Some(count) = extra.get_mut(notice.code) {
                count.1 -= 1;
            }
            self.push(notice);
        }
        for (code, (severity, count)) in extra {
            let entry = self.counts.entry(code).or_insert((severity, 0));
            entry.0 = entry.0.max(severity);
            entry.1 += count;
        }
        for (file, tally) in other.tallies {
            self.tallies.entry(file).or_default().add(&tally);
        }
    }

    /// The same with `container/` before every file: the tables of one feed among those of several.
    pub fn within(mut self, container: &str) -> Self {
        self.kept.iter_mut().for_each(|notice| notice.file = format!("{container}/{}", notice.file));
        let inside = |(file, tally)| (format!("{container}/{file}"), tally);
        self.tallies = std::mem::take(&mut self.tallies).into_iter().map(inside).collect();
        self
    }

    /// The tally of a file, made on first use.
    pub fn tally(&mut self, file: &str) -> &mut FileTally {
        self.tallies.entry(file.to_owned()).or_default()
    }

    /// The tallies of all files, by name.
    pub fn tallies(&self) -> &BTreeMap<String, FileTally> {
        &self.tallies
    }

    /// The notices kept, in the order they came.
    pub fn kept(&self) -> &[Notice] {
        &self.kept
    }

    /// How many notices of each code there were, with the highest severity seen.
    pub fn counts(&self) -> &BTreeMap<&'static str, (Severity, u64)> {
        &self.counts
    }

    /// How many notices of a code there were.
    pub fn count(&self, code: &str) -> u64 {
        self.counts.get(code).map_or(0, |entry| entry.1)
    }

    /// Whether something was lost.
    pub fn has_errors(&self) -> bool {
        self.counts.values().any(|(severity, _)| *severity == Severity::Error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_reads_as_one_sentence() {
        let notice = Notice::error("time_unparsable", "stop_times.txt", "is not a time")
            .at_row(812)
            .field("departure_time", "7:99:00")
            .action("row skipped");
        assert_eq!(notice.to_string(), "stop_times.txt row 812: departure_time \"7:99:00\" is not a time; row skipped");
    }

    #[test]
    fn tables_of_two_feeds_are_told_apart() {
        let of_feed = |name: &str| {
            let mut notices = Notices::new();
            notices.push(Notice::warning("dull", "stops.txt", "is dull"));
            notices.tally("stops.txt").count_used();
            notices.within(name)
        };
        let mut both = of_feed("a.zip");
        both.extend(of_feed("b.zip"));
        assert_eq!(both.tallies().keys().collect::<Vec<_>>(), ["a.zip/stops.txt", "b.zip/stops.txt"]);
        assert_eq!(both.kept()[1].file, "b.zip/stops.txt");
    }

    #[test]
    fn all_are_counted_and_the_first_thousand_kept() {
        let mut first = Notices::new();
        let mut second = Notices::new();
        for row in 0..700 {
            first.push(Notice::warning("dull", "a.csv", "is dull").at_row(row));
            second.push(Notice::warning("dull", "a.csv", "is dull").at_row(row));
            second.tally("a.csv").count_dropped();
        }
        first.extend(second);
        assert_eq!(first.count("dull"), 1400);
        assert_eq!(first.kept().len(), 1000);
        assert!(first.tallies()["a.csv"].balances());
    }
}
