//! What one element says before its position is known, and the log in which readers of tags note what is wrong.

use super::keys::Tags;
use super::records::{
    Access, BarrierKind, Conditions, CrossingKind, Kerb, LandKind, Levels, LotAccess, LotKind, OsmElement,
    PlaceCategory, SeveringKind, StopMode, StreetParking, StreetTags, WheelchairTag,
};
use super::vehicles::TurnDraft;
use crate::base::notice::{Notice, Notices};

/// A record of one element that still lacks its geometry.
#[derive(Clone, Debug)]
pub(super) struct Draft<T> {
    /// The element.
    pub element: OsmElement,
    /// Position of its file in the list of files.
    pub file: u16,
    /// Where in the files it stands: two drafts of one element at one place are two things (a shop that hands out
    /// parcels), at two places one thing written twice.
    pub place: u64,
    /// A notice tells of a value that could not be used.
    pub flawed: bool,
    /// What its tags say.
    pub what: T,
}

/// A way with a `highway` tag, a ferry or a platform.
#[derive(Clone, Debug)]
pub(super) struct StreetDraft {
    pub tags: StreetTags,
    pub name: String,
    pub parking: Option<Box<StreetParking>>,
    pub conditions: Option<Box<Conditions>>,
}

/// A crossing or barrier on a node.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct MarkDraft {
    pub crossing: Option<CrossingKind>,
    pub refuge: bool,
    pub barrier: Option<BarrierKind>,
    pub access: Option<Access>,
    pub bicycle: Option<Access>,
    pub motor_vehicle: Option<Access>,
    pub wheelchair: Option<WheelchairTag>,
    pub kerb: Option<Kerb>,
    pub width_m: Option<f32>,
    pub locked: bool,
    pub lift: bool,
    pub levels: Option<Levels>,
    pub conditions: Option<Box<Conditions>>,
}

/// The members of a turn restriction: ways by id, nodes by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TurnMembers {
    pub from: Vec<i64>,
    pub to: Vec<i64>,
    pub via_ways: Vec<i64>,
    pub via_nodes: Vec<i64>,
}

/// A line that cuts a town.
#[derive(Clone, Debug)]
pub(super) struct LineDraft {
    pub kind: SeveringKind,
    pub name: String,
    pub tunnel: bool,
}

/// A place by the rule file.
#[derive(Clone, Debug)]
pub(super) struct PlaceDraft {
    pub category: PlaceCategory,
    pub tag: String,
    pub name: String,
    pub opening_hours: String,
}

/// A car park.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LotDraft {
    pub name: String,
    pub access: LotAccess,
    pub kind: LotKind,
    pub capacity: Option<u32>,
    pub disabled: Option<u32>,
    pub fee: Option<bool>,
    pub maxstay_min: Option<u32>,
    pub levels: Option<u32>,
}

/// How surely an element stands for a stop of its own; the surer one stays where several map the same stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum StopRank {
    /// bus_stop, tram_stop, station, halt, ferry_terminal.
    Stop,
    /// A platform.
    Platform,
    /// A point on the rails or the road.
    StopPosition,
}

/// A stop or station.
#[derive(Clone, Debug)]
pub(super) struct StopDraft {
    pub name: String,
    pub mode: Option<StopMode>,
    pub rank: StopRank,
}

/// How much an entrance is the one that people take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EntranceRank {
    /// `entrance=main`, of a shop or a home.
    Main,
    /// Any other that people may enter by.
    Other,
}

/// A building.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BuildingDraft {
    pub levels: Option<u8>,
    pub residential: bool,
}

/// An administrative boundary.
#[derive(Clone, Debug)]
pub(super) struct BoundaryDraft {
    pub admin_level: u8,
    pub name: String,
    pub code: String,
}

/// All drafts of a block, or of all files.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    pub streets: Vec<Draft<StreetDraft>>,
    pub marks: Vec<Draft<MarkDraft>>,
    pub lines: Vec<Draft<LineDraft>>,
    pub places: Vec<Draft<PlaceDraft>>,
    pub lots: Vec<Draft<LotDraft>>,
    /// Entrances of car parks.
    pub lot_entrances: Vec<Draft<()>>,
    /// Entrances of buildings.
    pub entrances: Vec<Draft<EntranceRank>>,
    pub stops: Vec<Draft<StopDraft>>,
    pub buildings: Vec<Draft<BuildingDraft>>,
    pub boundaries: Vec<Draft<BoundaryDraft>>,
    pub lands: Vec<Draft<LandKind>>,
    /// Walls, fences and hedges mapped as lines.
    pub barrier_lines: Vec<Draft<()>>,
    pub turns: Vec<Draft<(TurnDraft, TurnMembers)>>,
}

impl Drafts {
    /// Adds all drafts of another block after ours.
    pub fn append(&mut self, other: &mut Self) {
        self.streets.append(&mut other.streets);
        self.marks.append(&mut other.marks);
        self.lines.append(&mut other.lines);
        self.places.append(&mut other.places);
        self.lots.append(&mut other.lots);
        self.lot_entrances.append(&mut other.lot_entrances);
        self.entrances.append(&mut other.entrances);
        self.stops.append(&mut other.stops);
        self.buildings.append(&mut other.buildings);
        self.boundaries.append(&mut other.boundaries);
        self.lands.append(&mut other.lands);
        self.barrier_lines.append(&mut other.barrier_lines);
        self.turns.append(&mut other.turns);
    }
}

/// Where a reader of tags notes what is wrong with the element at hand.
pub(super) struct Log<'a> {
    /// Name of the file, without folders.
    pub file: &'a str,
    /// The element at hand.
    pub element: OsmElement,
    /// All notices so far; of each code the first are kept and the rest counted.
    notices: Notices,
    /// How many there were.
    noted: usize,
}

impl<'a> Log<'a> {
    /// An empty log.
    pub fn new(file: &'a str, element: OsmElement) -> Self {
        Self { file, element, notices: Notices::new(), noted: 0 }
    }

    /// How many notices there were.
    pub fn noted(&self) -> usize {
        self.noted
    }

    /// The notices.
    pub fn into_notices(self) -> Notices {
        self.notices
    }

    /// A value that cannot be used as it is: a warning.
    pub fn flaw(&mut self, code: &'static str, tag: (&str, &str), problem: &str, action: &str) {
        let notice = Notice::warning(code, self.file, problem).at_element(self.element.to_string());
        self.push(notice.field(tag.0, tag.1).action(action));
    }

    /// A warning about the element as a whole.
    pub fn warn(&mut self, code: &'static str, problem: impl Into<String>, action: impl Into<String>) {
        let notice = Notice::warning(code, self.file, problem).at_element(self.element.to_string());
        self.push(notice.action(action));
    }

    fn push(&mut self, notice: Notice) {
        self.noted += 1;
        self.notices.push(notice);
    }

    /// The codes of the notices kept.
    #[cfg(test)]
    pub fn codes(&self) -> Vec<&'static str> {
        self.notices.kept().iter().map(|notice| notice.code).collect()
    }
}

/// A number that a tag should hold, between `least` and `most`; anything else is noted and taken as unknown.
pub(super) fn read_count(
    tags: &Tags<'_>,
    key: (super::keys::Key, &str),
    range: std::ops::RangeInclusive<u32>,
    log: &mut Log<'_>,
) -> Option<u32> {
    let value = tags.get(key.0)?;
    parse_count((key.1, value), range, log)
}

/// As [`read_count`], for a value at hand.
pub(super) fn parse_count(tag: (&str, &str), range: std::ops::RangeInclusive<u32>, log: &mut Log<'_>) -> Option<u32> {
    match tag.1.trim().parse::<u32>() {
        Ok(number) if range.contains(&number) => Some(number),
        Ok(_) => {
            let problem = format!("is not between {} and {}", range.start(), range.end());
            log.flaw("number_out_of_range", tag, &problem, "taken as unknown");
            None
        }
        Err(_) => {
            log.flaw("number_unparsable", tag, "is not a whole number", "taken as unknown");
            None
        }
    }
}
