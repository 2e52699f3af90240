//! One unpacked block → nodes, ways with their references, area relations and the drafts of all that a study can use.
//!
//! Text is looked at only for tags someone asks for. Knows no geometry and no other block.

use std::collections::BTreeSet;

use super::OsmScope;
use super::blobs::Malformed;
use super::block::{Block, DenseNodes, Element, Info, MemberKind, Members, RawMember, RawNode, RawRelation, RawWay};
use super::boundaries::read_boundary;
use super::buildings::read_building;
use super::content::{AreaRelation, Content, Member, PackedPosition, WayRow};
use super::drafts::{Draft, Log, TurnMembers};
use super::keys::{Key, KeyClass, Tags};
use super::lines::{is_barrier_line, read_land, read_line};
use super::lots::read_lot;
use super::marks::{read_entrance, read_mark};
use super::places::PlaceRules;
use super::records::OsmElement;
use super::stops::read_stop;
use super::tags::read_street;
use super::vehicles::read_turn;

/// Most nodes of a way (OSM API 0.6, capability `waynodes maximum`).
const MOST_WAY_NODES: usize = 2000;
/// Streets for which a block of ways has room from the first on; a full one holds 8,000 ways.
const STREETS_OF_A_BLOCK: usize = 1024;
/// Most members of a role of a turn restriction that are read; real ones have a handful.
const MOST_TURN_MEMBERS: usize = 16;

/// What a block is read with.
#[derive(Clone, Copy)]
pub(super) struct Reading<'r> {
    /// Name of the file, without folders.
    pub file_name: &'r str,
    /// Position of the file in the list of files.
    pub file: u16,
    /// Position of the block among all of all files.
    pub block: u32,
    /// The place rules.
    pub rules: &'r PlaceRules,
    /// What is read.
    pub scope: OsmScope,
    /// Whether the newest change is asked for.
    pub want_newest: bool,
}

/// Reads a block.
pub(super) fn decode_block(bytes: &[u8], reading: Reading<'_>) -> Result<Content, Malformed> {
    let block = Block::read(bytes)?;
    let mut reader = Reader::new(&block.texts, reading);
    reader.length = bytes.len();
    block.for_each(|element| match element {
        Element::Node(node) => reader.read_node(node),
        Element::Nodes(nodes) => reader.read_nodes(nodes),
        Element::Way(way) => reader.read_way(way),
        Element::Relation(relation) => reader.read_relation(relation),
    })?;
    reader.content.notices = reader.log.into_notices();
    Ok(reader.content)
}

struct Reader<'a, 'r> {
    reading: Reading<'r>,
    texts: &'a [&'a [u8]],
    /// What each text is as a key, and as text; looked up when first used as one.
    classes: Vec<Option<(KeyClass, &'a str)>>,
    /// Each text as the value of a tag, once it is known to be UTF-8.
    values: Vec<Option<&'a str>>,
    tags: Tags<'a>,
    log: Log<'r>,
    content: Content,
    /// How many elements the block has begun.
    element_number: u32,
    /// Bytes of the block.
    length: usize,
}

impl<'a, 'r> Reader<'a, 'r> {
    fn new(texts: &'a [&'a [u8]], reading: Reading<'r>) -> Self {
        Self {
            reading,
            texts,
            classes: vec![None; texts.len()],
            values: vec![None; texts.len()],
            tags: Tags::default(),
            log: Log::new(reading.file_name, OsmElement::Node(0)),
            content: Content::default(),
            element_number: 0,
            length: 0,
        }
    }

    /// Adds a tag of the element at hand, if anyone asks for its key.
    fn add_tag(&mut self, (key, value): (u64, u64)) -> Result<(), Malformed> {
        const OUTSIDE: Malformed = Malformed("a tag names a text outside the table of texts");
        let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let (key, value) = (number(key), number(value));
        let (&value_bytes, value) = self.texts.get(value).zip(self.values.get_mut(value)).ok_or(OUTSIDE)?;
        let (&key_bytes, class) = self.texts.get(key).zip(self.classes.get_mut(key)).ok_or(OUTSIDE)?;
        let (class, key_text) = match class {
            Some(known) => *known,
            None => {
                let text = std::str::from_utf8(key_bytes).unwrap_or("");
                *class.insert((KeyClass::of(text, self.reading.rules), text))
            }
        };
        if class.is_unknown() {
            return Ok(());
        }
        if value.is_none() {
            *value = std::str::from_utf8(value_bytes).ok();
        }
        match *value {
            Some(value_text) => self.tags.push(class, key_text, value_text),
            None => {
                let readable = String::from_utf8_lossy(value_bytes);
                self.log.flaw("text_not_utf8", (key_text, &readable), "is not UTF-8 text", "tag ignored");
            }
        }
        Ok(())
    }

    fn start_element(&mut self, element: OsmElement) -> usize {
        self.tags.clear();
        self.log.element = element;
        self.element_number = self.element_number.saturating_add(1);
        self.log.noted()
    }

    fn add_node(&mut self, id: i64, position: Option<PackedPosition>) {
        match position {
            Some(position) => self.content.nodes.push(id, position),
            None => {
                self.log.element = OsmElement::Node(id);
                self.log.warn("node_off_globe", "lies outside the globe", "node skipped");
            }
        }
    }

    fn read_node(&mut self, mut node: RawNode<'a>) -> Result<(), Malformed> {
        self.read_info(&node.info)?;
        self.add_node(node.id, node.position);
        let first = self.start_element(OsmElement::Node(node.id));
        while let Some(tag) = node.tags.read()? {
            self.add_tag(tag)?;
        }
        self.draft_node(first);
        Ok(())
    }

    fn read_nodes(&mut self, mut nodes: DenseNodes<'a>) -> Result<(), Malformed> {
        if self.reading.want_newest {
            let newest = nodes.newest()?;
            self.note_change(newest);
        }
        self.content.nodes.reserve(nodes.len());
        while let Some((id, position)) = nodes.read_node()? {
            self.add_node(id, position);
            let Some(tag) = nodes.read_tag()? else { continue };
            let first = self.start_element(OsmElement::Node(id));
            self.add_tag(tag)?;
            while let Some(tag) = nodes.read_tag()? {
                self.add_tag(tag)?;
            }
            self.draft_node(first);
        }
        Ok(())
    }

    /// Notes when an element was last changed, if that is asked for.
    fn read_info(&mut self, info: &Info<'_>) -> Result<(), Malformed> {
        if self.reading.want_newest {
            self.note_change(info.changed()?);
        }
        Ok(())
    }

    fn note_change(&mut self, milliseconds: Option<i64>) {
        // Zero stands for "not told" in files whose times were stripped.
        if let Some(time) = milliseconds.filter(|&time| time > 0) {
            self.content.newest = self.content.newest.max(Some(time / 1000));
        }
    }

    fn read_way(&mut self, mut way: RawWay<'a>) -> Result<(), Malformed> {
        if self.content.steps.is_empty() {
            // Most of a block of ways is references.
            self.content.steps.reserve(self.length / 2);
        }
        let (steps, count) = (way.steps.0, way.steps.count_all());
        let (mut node, mut first) = (0_i64, None);
        for _ in 0..MOST_WAY_NODES {
            let Some(step) = way.steps.read_signed()? else { break };
            node = node.checked_add(step).ok_or(Malformed("a way names a node beyond all numbers"))?;
            first = first.or(Some(node));
        }
        let (start, length) = (self.content.steps.len(), steps.len() - way.steps.0.len());
        self.content.steps.extend_from_slice(&steps[..length]);
        self.content.ways.push(WayRow { id: way.id, start, length: length as u32 });
        self.read_info(&way.info)?;
        let noted = self.start_element(OsmElement::Way(way.id));
        if count > MOST_WAY_NODES {
            let problem = format!("has {count} nodes, OpenStreetMap allows {MOST_WAY_NODES}");
            self.log.warn("way_too_long", problem, format!("cut after {MOST_WAY_NODES}"));
        }
        while let Some(tag) = way.tags.read()? {
            self.add_tag(tag)?;
        }
        if self.tags.is_empty() {
            return Ok(());
        }
        let street = read_street(&self.tags, &mut self.log);
        let everything = self.reading.scope == OsmScope::Everything;
        if everything && let Some(line) = read_line(&self.tags, street.as_ref().map(|street| &street.tags)) {
            let draft = self.draft(noted, line);
            self.content.drafts.lines.push(draft);
        }
        if let Some(street) = street {
            if self.content.drafts.streets.is_empty() {
                self.content.drafts.streets.reserve(STREETS_OF_A_BLOCK);
            }
            let draft = self.draft(noted, street);
            self.content.drafts.streets.push(draft);
        }
        if is_barrier_line(&self.tags) {
            let draft = self.draft(noted, ());
            self.content.drafts.barrier_lines.push(draft);
        }
        if everything {
            self.draft_area(noted, first == Some(node));
        }
        Ok(())
    }

    fn read_relation(&mut self, mut relation: RawRelation<'a>) -> Result<(), Malformed> {
        let id = relation.id;
        self.read_info(&relation.info)?;
        let first = self.start_element(OsmElement::Relation(id));
        while let Some(tag) = relation.tags.read()? {
            self.add_tag(tag)?;
        }
        if self.tags.is(Key::Type, &["restriction"]) {
            return self.read_restriction(relation.members, first);
        }
        if !self.tags.is(Key::Type, &["multipolygon", "boundary"]) {
            return Ok(());
        }
        let mut members = self.read_members(relation.members)?;
        let (named, mut seen) = (members.len(), BTreeSet::new());
        members.retain(|member| seen.insert(member.way));
        if members.len() < named {
            let problem = format!("names {} of its member ways again", named - members.len());
            self.log.warn("member_twice", problem, "each used once");
        }
        self.content.relations.push(AreaRelation { id, members });
        if let Some(mut street) = read_street(&self.tags, &mut self.log) {
            street.tags.area = true;
            let draft = self.draft(first, street);
            self.content.drafts.streets.push(draft);
        }
        if self.reading.scope == OsmScope::Everything {
            self.draft_area(first, true);
        }
        Ok(())
    }

    fn read_restriction(&mut self, mut members: Members<'a>, first: usize) -> Result<(), Malformed> {
        let Some(turn) = read_turn(&self.tags) else { return Ok(()) };
        let mut found = TurnMembers::default();
        while let Some(member) = members.read()? {
            let list = match (self.role(member)?, member.kind) {
                (b"from", MemberKind::Way) => &mut found.from,
                (b"to", MemberKind::Way) => &mut found.to,
                (b"via", MemberKind::Way) => &mut found.via_ways,
                (b"via", MemberKind::Node) => &mut found.via_nodes,
                _ => continue,
            };
            if list.len() < MOST_TURN_MEMBERS {
                list.push(member.id);
            }
        }
        let draft = self.draft(first, (turn, found));
        self.content.drafts.turns.push(draft);
        Ok(())
    }

    fn read_members(&self, mut members: Members<'a>) -> Result<Vec<Member>, Malformed> {
        let mut found = Vec::new();
        while let Some(member) = members.read()? {
            let role = self.role(member)?;
            // Labels, centres and sub-areas are no part of the outline.
            let outline = matches!(role, b"" | b"outer" | b"inner" | b"exclave" | b"enclave");
            if outline && member.kind == MemberKind::Way {
                found.push(Member { way: member.id, inner: matches!(role, b"inner" | b"enclave") });
            }
        }
        Ok(found)
    }

    fn role(&self, member: RawMember) -> Result<&'a [u8], Malformed> {
        let role = usize::try_from(member.role).ok().and_then(|role| self.texts.get(role));
        role.copied().ok_or(Malformed("a role names a text outside the table of texts"))
    }

    fn draft<T>(&self, first: usize, what: T) -> Draft<T> {
        let flawed = self.log.noted() > first;
        let place = u64::from(self.reading.block) << 32 | u64::from(self.element_number);
        Draft { element: self.log.element, file: self.reading.file, place, flawed, what }
    }

    fn draft_node(&mut self, first: usize) {
        if self.tags.is_empty() {
            return;
        }
        if let Some(mark) = read_mark(&self.tags, &mut self.log) {
            let draft = self.draft(first, mark);
            self.content.drafts.marks.push(draft);
        }
        if self.reading.scope == OsmScope::Everything {
            if let Some(rank) = read_entrance(&self.tags) {
                let draft = self.draft(first, rank);
                self.content.drafts.entrances.push(draft);
            }
            self.draft_spot(first);
        }
    }

    /// Drafts what ways and relations can be, and nodes cannot. A way that is not `closed` is a piece of a boundary or
    /// the side of a field, not an area.
    fn draft_area(&mut self, first: usize, closed: bool) {
        if let Some(building) = read_building(&self.tags, &mut self.log) {
            let draft = self.draft(first, building);
            self.content.drafts.buildings.push(draft);
        }
        if closed && let Some(boundary) = read_boundary(&self.tags, &mut self.log) {
            let draft = self.draft(first, boundary);
            self.content.drafts.boundaries.push(draft);
        }
        if closed && let Some(land) = read_land(&self.tags) {
            let draft = self.draft(first, land);
            self.content.drafts.lands.push(draft);
        }
        self.draft_spot(first);
    }

    /// Drafts what any element can be.
    fn draft_spot(&mut self, first: usize) {
        for place in self.reading.rules.places(&self.tags) {
            let draft = self.draft(first, place);
            self.content.drafts.places.push(draft);
        }
        if let Some(lot) = read_lot(&self.tags, &mut self.log) {
            let draft = self.draft(first, lot);
            self.content.drafts.lots.push(draft);
        }
        if self.tags.is(Key::Amenity, &["parking_entrance"]) {
            let draft = self.draft(first, ());
            self.content.drafts.lot_entrances.push(draft);
        }
        if let Some(stop) = read_stop(&self.tags) {
            let draft = self.draft(first, stop);
            self.content.drafts.stops.push(draft);
        }
    }
}
