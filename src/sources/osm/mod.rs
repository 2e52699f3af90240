//! OpenStreetMap extracts: `.osm.pbf` files → streets, places, lots, stops, buildings, boundaries.
//!
//! In: one or several extracts, the place rules, a study area or none. Out: [`records::OsmRecords`] in degrees, and
//! notices. One parallel pass over the files (`blobs` → `decode`, with `keys`) drafts what each element's
//! tags say (`tags`, `ground`, `vehicles`, `street_parking`, `marks`, `places`, `lots`, `stops`, `buildings`, `boundaries`, `lines`); then
//! references become positions (`shapes`, `areas`, `walk_areas`, `turns`), what lies outside is left out (`clip`), and all is booked
//! (`settle`). Layer `sources`: knows no graph and no score.
//!
//! Blobs, blocks and elements are read where they stand (`blobs`, `packing`, `block`, `wire`): nothing is copied that is
//! not asked for, and damage is an error. The `osmpbf` crate, which this replaces, unpacks every element, cuts columns of
//! unequal length in silence and panics on damaged numbers; it is the second opinion in tests. Tags are matched by their
//! numbers in a block's table of texts, so that no text nobody asks for is looked at.

mod areas;
mod blobs;
mod block;
mod boundaries;
mod buildings;
mod clip;
mod content;
mod decode;
mod drafts;
mod error;
mod extent;
mod ground;
mod keys;
mod lines;
pub(in crate::sources) mod lot_words;
mod lots;
mod marks;
mod packing;
mod places;
pub mod records;
#[cfg(test)]
mod second_opinion;
mod settle;
mod shapes;
mod spots;
mod stops;
mod street_parking;
mod streets;
mod tag_values;
mod tags;
mod turns;
mod vehicles;
mod walk_areas;
mod wire;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use self::blobs::{BlobKind, FileHeader, PackedBlob};
pub use self::clip::{StudyArea, find_core_box};
use self::content::Content;
use self::decode::Reading;
pub use self::error::OsmError;
pub use self::extent::read_node_positions;
pub use self::places::{PlaceRules, PlaceRulesError};
use self::records::OsmRecords;
use self::settle::Ledger;
use self::shapes::{Doubles, Shapes};
use self::streets::StreetLines;
use crate::base::freed_memory::give_back_freed_memory;
use crate::base::notice::{Notice, Notices};
use crate::sources::regular::read_regular;

/// What is read of an extract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OsmScope {
    /// All that a study can use.
    #[default]
    Everything,
    /// What street graphs are built from: streets, marks on their nodes, squares, walls, turn restrictions.
    Streets,
}

/// How extracts are read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OsmOptions {
    /// The box to read, degrees; without one the robust extent of the streets counts ([`find_core_box`]).
    pub study_area: Option<StudyArea>,
    /// Whether buildings keep their outlines, for drawing.
    pub keep_building_outlines: bool,
    /// What is read.
    pub scope: OsmScope,
}

/// Of extracts as large as this together, the memory that reading took is given back at once, and what is freed later soon:
/// networks that are built next take as much again.
const LARGE_BYTES: usize = 8 << 20;

/// Told how many bytes of how many are read; called from several threads.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// Reads one or several extracts; elements in more than one are taken from the first.
///
/// The tally of a file counts the things its elements stand for (streets, places, lots, stops, …), not its elements:
/// most of those say nothing a study asks for.
pub fn read_osm<P: AsRef<Path>>(
    paths: &[P],
    options: &OsmOptions,
    rules: &PlaceRules,
    progress: Progress<'_>,
) -> Result<(OsmRecords, Notices), OsmError> {
    let files = read_files(paths)?;
    let is_large = files.iter().map(|file| file.bytes.len()).sum::<usize>() >= LARGE_BYTES;
    let mut ledger = Ledger::new(files.iter().map(|file| file.name.clone()).collect());
    let (content, header) = decode_files(&files, (rules, options.scope), progress)?;
    drop(files);

    ledger.notices.extend(content.notices);
    let mut drafts = content.drafts;
    let (mut shapes, doubles) = Shapes::build(content.nodes, content.ways, content.steps, content.relations)?;
    note_doubles(doubles, &mut ledger);
    shapes.take_entrances(&std::mem::take(&mut drafts.entrances));

    let data_date = iso_date(header.newest.max(content.newest));
    let bounds = header.bounds.filter(|_| options.study_area.is_none());
    let mut records = OsmRecords { data_date, bounds, ..OsmRecords::default() };
    let lines = StreetLines::resolve(std::mem::take(&mut drafts.streets), &shapes);
    let area = options.study_area.or_else(|| lines.find_core_box(&shapes)).unwrap_or(StudyArea::GLOBE);
    let column = lines.write(&area, &shapes, &mut records, &mut ledger);
    streets::write_marks(std::mem::take(&mut drafts.marks), &column, &shapes, &mut records, &mut ledger);
    records.turn_restrictions = turns::write(std::mem::take(&mut drafts.turns), &column, &shapes, &mut ledger);
    spots::write_all(drafts, &area, options, &shapes, &mut records, &mut ledger);
    drop((shapes, column));
    if is_large {
        give_back_freed_memory();
    }
    if records.streets.is_empty() {
        let notice = Notice::error("no_streets", ledger.file_name(0), "holds no street inside the study area");
        ledger.notices.push(notice.action("nothing can be reached"));
    }
    Ok((records, ledger.close()))
}

/// A file in memory.
struct LoadedFile {
    /// As it was named, for errors.
    path: String,
    /// Without folders, for notices.
    name: String,
    bytes: Vec<u8>,
}

fn read_files<P: AsRef<Path>>(paths: &[P]) -> Result<Vec<LoadedFile>, OsmError> {
    if paths.is_empty() {
        return Err(OsmError::NoFiles);
    }
    if paths.len() > usize::from(u16::MAX) {
        return Err(OsmError::TooMany { what: "files", count: paths.len() });
    }
    let mut files = Vec::new();
    for path in paths {
        let path = path.as_ref();
        let shown = path.display().to_string();
        let name = path.file_name().map_or_else(|| shown.clone(), |name| name.to_string_lossy().into_owned());
        match read_regular(path) {
            Ok(bytes) => files.push(LoadedFile { path: shown, name, bytes }),
            Err(source) => return Err(OsmError::Unreadable { file: shown, source }),
        }
    }
    Ok(files)
}

/// Decodes all blobs of all files in parallel; the result is in file order. Also returns what the headers tell: the
/// newest time, and the box around all extracts where each tells its own.
fn decode_files(
    files: &[LoadedFile],
    (rules, scope): (&PlaceRules, OsmScope),
    progress: Progress<'_>,
) -> Result<(Content, FileHeader), OsmError> {
    let total: u64 = files.iter().map(|file| file.bytes.len() as u64).sum();
    let mut work: Vec<(Reading<'_>, PackedBlob<'_>)> = Vec::new();
    let (mut newest, mut bounds) = (None, None);
    for (number, file) in files.iter().enumerate() {
        let blobs = blobs::split_blobs(&file.bytes, &file.path)?;
        let mut want_newest = true;
        for blob in blobs {
            if blob.kind == BlobKind::Header {
                let header = blob.read_header()?;
                let taken = header.newest;
                bounds = match (number, bounds, header.bounds) {
                    (0, _, first) => first,
                    (_, Some(known), Some(more)) => Some(known.around(more)),
                    _ => None,
                };
                want_newest = taken.is_none();
                newest = newest.max(taken);
                continue;
            }
            let block = u32::try_from(work.len()).unwrap_or(u32::MAX);
            let reading = Reading { file_name: &file.name, file: number as u16, block, rules, scope, want_newest };
            work.push((reading, blob));
        }
    }
    progress(0, total);
    let content = read_blocks(&work, total, progress)?;
    progress(total, total);
    Ok((content, FileHeader { newest, bounds }))
}

/// Reads all blocks in parallel and adds them up in their order as they come, so that only a few ever stand beside their
/// sum. Of several damaged blocks the first is told, whichever thread came upon one first.
fn read_blocks(
    work: &[(Reading<'_>, PackedBlob<'_>)],
    total: u64,
    progress: Progress<'_>,
) -> Result<Content, OsmError> {
    let mut content = Content::default();
    content.reserve(usize::try_from(total).unwrap_or(0));
    let sum = Mutex::new(Sum { content, added: 0, ahead: BTreeMap::new(), damage: None });
    let (next, done) = (AtomicUsize::new(0), AtomicU64::new(0));
    let read_on = || {
        while let Some((reading, blob)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
            let read = blob
                .unpack()
                .and_then(|content| decode::decode_block(&content, *reading).map_err(|reason| blob.damaged(reason)));
            if read.is_err() {
                next.store(work.len(), Ordering::Relaxed);
            }
            let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
            sum.ahead.insert(reading.block, read);
            sum.add_up();
            drop(sum);
            let so_far = done.fetch_add(blob.length(), Ordering::Relaxed) + blob.length();
            progress(so_far.min(total), total);
        }
    };
    rayon::scope(|scope| {
        for _ in 0..rayon::current_num_threads() {
            scope.spawn(|_| read_on());
        }
    });
    let sum = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
    sum.damage.map_or(Ok(sum.content), Err)
}

/// Blocks added up in their order.
struct Sum {
    content: Content,
    /// How many blocks are in it.
    added: u32,
    /// Blocks that were read before one that comes before them.
    ahead: BTreeMap<u32, Result<Content, OsmError>>,
    /// What the first damaged block suffers from.
    damage: Option<OsmError>,
}

impl Sum {
    fn add_up(&mut self) {
        while self.damage.is_none()
            && let Some(read) = self.ahead.remove(&self.added)
        {
            match read {
                Ok(block) => self.content.append(block),
                Err(error) => self.damage = Some(error),
            }
            self.added += 1;
        }
    }
}

fn note_doubles(doubles: Doubles, ledger: &mut Ledger) {
    for (count, what) in [(doubles.nodes, "nodes"), (doubles.ways, "ways"), (doubles.relations, "area relations")] {
        if count > 0 {
            let problem = format!("{count} {what} stand more than once in the files");
            let notice = Notice::note("element_twice", &ledger.all_files(), problem);
            ledger.notices.push(notice.action("the first one is used"));
        }
    }
}

/// The day of a time in seconds since 1970, in UTC.
fn iso_date(seconds: Option<i64>) -> Option<String> {
    let time = jiff::Timestamp::from_second(seconds?).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(time).date().to_string())
}
