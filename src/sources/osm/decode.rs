//! One unpacked block → node columns, way columns, area relations and the drafts of all that a study can use.
//!
//! Text is looked at only for tags someone asks for. Knows no geometry and no other block.

use std::collections::BTreeSet;

use osmpbf::dense::DenseRawTagIter;
use osmpbf::elements::RawTagIter;
use osmpbf::{DenseNode, Node, PrimitiveBlock, PrimitiveGroup, RelMemberType, Relation, Way};

use super::OsmScope;
use super::blobs::{Malformed, guard};
use super::boundaries::read_boundary;
use super::buildings::read_building;
use super::content::{AreaRelation, Content, Member, PackedPosition, WayRow};
use super::drafts::{Draft, Log, TurnMembers};
use super::keys::{Key, KeyClass, Tags};
use super::lines::{is_barrier_line, read_land, read_line};
use super::lots::read_lot;
use super::marks::read_mark;
use super::places::PlaceRules;
use super::records::OsmElement;
use super::stops::read_stop;
use super::tags::read_street;
use super::vehicles::read_turn;

/// Most nodes of a way (OSM API 0.6, capability `waynodes maximum`).
const MOST_WAY_NODES: usize = 2000;
/// Most members of a role of a turn restriction that are read; real ones have a handful.
const MOST_TURN_MEMBERS: usize = 16;

/// What a block is read with.
#[derive(Clone, Copy)]
pub(super) struct Reading<'r> {
    /// Name of the file, without folders.
    pub file_name: &'r str,
    /// Position of the file in the list of files.
    pub file: u16,
    /// Position of the block in all files.
    pub block: u32,
    /// The place rules.
    pub rules: &'r PlaceRules,
    /// What is read.
    pub scope: OsmScope,
    /// Whether the newest change is asked for.
    pub want_newest: bool,
}

/// Reads a block.
pub(super) fn decode_block(block: &PrimitiveBlock, reading: Reading<'_>) -> Result<Content, Malformed> {
    let mut reader = Block::new(block.raw_stringtable(), reading);
    for group in block.groups() {
        reader.read_group(&group)?;
    }
    reader.content.notices = reader.log.into_notices();
    Ok(reader.content)
}

/// What the crate tells of a node, with its tags as numbers in the table of texts.
struct RawNode<T> {
    id: i64,
    /// Nanodegrees.
    lat: i64,
    /// Nanodegrees.
    lon: i64,
    /// When it was last changed, milliseconds since 1970, if asked for.
    changed: Option<i64>,
    tags: T,
}

struct Block<'a, 'r> {
    reading: Reading<'r>,
    strings: &'a [Vec<u8>],
    /// What each string is as a key; looked up when first used as one.
    classes: Vec<Option<KeyClass>>,
    tags: Tags<'a>,
    log: Log<'r>,
    content: Content,
    /// How many elements the block has begun.
    element_number: u32,
}

impl<'a, 'r> Block<'a, 'r> {
    fn new(strings: &'a [Vec<u8>], reading: Reading<'r>) -> Self {
        Self {
            reading,
            strings,
            classes: vec![None; strings.len()],
            tags: Tags::default(),
            log: Log::new(reading.file_name, OsmElement::Node(0)),
            content: Content::default(),
            element_number: 0,
        }
    }

    fn read_group(&mut self, group: &PrimitiveGroup<'a>) -> Result<(), Malformed> {
        for node in self.plain_nodes(group)? {
            self.read_node(node)?;
        }
        for node in self.dense_nodes(group)? {
            self.read_node(node)?;
        }
        for way in group.ways() {
            self.read_way(&way)?;
        }
        for relation in group.relations() {
            self.read_relation(&relation)?;
        }
        Ok(())
    }

    fn plain_nodes(&self, group: &PrimitiveGroup<'a>) -> Result<Vec<RawNode<RawTagIter<'a>>>, Malformed> {
        let times = self.reading.want_newest;
        let raw = |node: Node<'a>| RawNode {
            id: node.id(),
            lat: node.nano_lat(),
            lon: node.nano_lon(),
            changed: times.then(|| node.info().milli_timestamp()).flatten(),
            tags: node.raw_tags(),
        };
        guard(|| group.nodes().map(raw).collect())
    }

    fn dense_nodes(&self, group: &PrimitiveGroup<'a>) -> Result<Vec<RawNode<DenseRawTagIter<'a>>>, Malformed> {
        let times = self.reading.want_newest;
        let raw = |node: DenseNode<'a>| RawNode {
            id: node.id(),
            lat: node.nano_lat(),
            lon: node.nano_lon(),
            changed: node.info().filter(|_| times).map(|info| info.milli_timestamp()),
            tags: node.raw_tags(),
        };
        let nodes: Vec<_> = guard(|| group.dense_nodes().map(raw).collect())?;
        if nodes.len() < group.dense_nodes().len() {
            return Err(Malformed("it has more nodes than positions"));
        }
        Ok(nodes)
    }

    /// Adds a tag of the element at hand, if anyone asks for its key.
    fn add_tag(&mut self, key: usize, value: usize) -> Result<(), Malformed> {
        const OUTSIDE: Malformed = Malformed("a tag names a text outside the table of texts");
        let (key_bytes, class) = self.strings.get(key).zip(self.classes.get_mut(key)).ok_or(OUTSIDE)?;
        let value_bytes = self.strings.get(value).ok_or(OUTSIDE)?;
        let class = match class {
            Some(class) => *class,
            None => {
                let text = std::str::from_utf8(key_bytes).unwrap_or("");
                *class.insert(KeyClass::of(text, self.reading.rules))
            }
        };
        if class.is_unknown() {
            return Ok(());
        }
        let key_text = std::str::from_utf8(key_bytes).unwrap_or("");
        match std::str::from_utf8(value_bytes) {
            Ok(value_text) => self.tags.push(class, key_text, value_text),
            Err(_) => {
                let readable = String::from_utf8_lossy(value_bytes);
                self.log.flaw("text_not_utf8", (key_text, &readable), "is not UTF-8 text", "tag ignored");
            }
        }
        Ok(())
    }

    /// Adds the tags of the element at hand; numbers that are negative lie outside any table.
    fn add_tags<N>(&mut self, tags: impl ExactSizeIterator<Item = (N, N)>) -> Result<(), Malformed>
    where
        usize: TryFrom<N>,
    {
        let mut left = tags.len();
        for (key, value) in tags {
            left -= 1;
            let number = |n| usize::try_from(n).unwrap_or(usize::MAX);
            self.add_tag(number(key), number(value))?;
        }
        if left > 0 { Err(Malformed("an element has more keys than values")) } else { Ok(()) }
    }

    fn start_element(&mut self, element: OsmElement) -> usize {
        self.tags.clear();
        self.log.element = element;
        self.element_number = self.element_number.saturating_add(1);
        self.log.noted()
    }

    fn add_node(&mut self, id: i64, lat: i64, lon: i64) {
        let pack = |nanodegrees: i64, most: i32| {
            let packed = i32::try_from(nanodegrees.div_euclid(100)).ok()?;
            (-most..=most).contains(&packed).then_some(packed)
        };
        match (pack(lat, 900_000_000), pack(lon, 1_800_000_000)) {
            (Some(lat), Some(lon)) => {
                self.content.node_ids.push(id);
                self.content.node_positions.push(PackedPosition { lon, lat });
            }
            _ => {
                self.log.element = OsmElement::Node(id);
                self.log.warn("node_off_globe", "lies outside the globe", "node skipped");
            }
        }
    }

    fn read_node<N>(&mut self, node: RawNode<impl ExactSizeIterator<Item = (N, N)>>) -> Result<(), Malformed>
    where
        usize: TryFrom<N>,
    {
        self.note_change(node.changed);
        self.add_node(node.id, node.lat, node.lon);
        let first = self.start_element(OsmElement::Node(node.id));
        self.add_tags(node.tags)?;
        self.draft_node(first);
        Ok(())
    }

    /// Notes when an element was last changed, as read by `info`.
    fn read_info(&mut self, info: impl FnOnce() -> Option<i64>) -> Result<(), Malformed> {
        if self.reading.want_newest {
            let changed = guard(info)?;
            self.note_change(changed);
        }
        Ok(())
    }

    fn note_change(&mut self, milliseconds: Option<i64>) {
        // Zero stands for "not told" in files whose times were stripped.
        if let Some(time) = milliseconds.filter(|&time| time > 0) {
            self.content.newest = self.content.newest.max(Some(time / 1000));
        }
    }

    fn read_way(&mut self, way: &Way<'a>) -> Result<(), Malformed> {
        let start = self.content.refs.len();
        let mut node = 0_i64;
        let steps = way.raw_refs();
        for &step in steps.iter().take(MOST_WAY_NODES) {
            node = node.checked_add(step).ok_or(Malformed("a way names a node beyond all numbers"))?;
            self.content.refs.push(node);
        }
        let length =
            u32::try_from(self.content.refs.len() - start).map_err(|_| Malformed("a way is longer than its block"))?;
        self.content.ways.push(WayRow { id: way.id(), start, length });
        self.read_info(|| way.info().milli_timestamp())?;
        let first = self.start_element(OsmElement::Way(way.id()));
        if steps.len() > MOST_WAY_NODES {
            let problem = format!("has {} nodes, OpenStreetMap allows {MOST_WAY_NODES}", steps.len());
            self.log.warn("way_too_long", problem, format!("cut after {MOST_WAY_NODES}"));
        }
        self.add_tags(way.raw_tags())?;
        if self.tags.is_empty() {
            return Ok(());
        }
        let street = read_street(&self.tags, &mut self.log);
        let everything = self.reading.scope == OsmScope::Everything;
        if everything && let Some(line) = read_line(&self.tags, street.as_ref().map(|street| &street.tags)) {
            let draft = self.draft(first, line);
            self.content.drafts.lines.push(draft);
        }
        if let Some(street) = street {
            let draft = self.draft(first, street);
            self.content.drafts.streets.push(draft);
        }
        if is_barrier_line(&self.tags) {
            let draft = self.draft(first, ());
            self.content.drafts.barrier_lines.push(draft);
        }
        if everything {
            let refs = &self.content.refs[start..];
            let closed = !refs.is_empty() && refs.first() == refs.last();
            self.draft_area(first, closed);
        }
        Ok(())
    }

    fn read_relation(&mut self, relation: &Relation<'a>) -> Result<(), Malformed> {
        let id = relation.id();
        self.read_info(|| relation.info().milli_timestamp())?;
        let first = self.start_element(OsmElement::Relation(id));
        self.add_tags(relation.raw_tags())?;
        if self.tags.is(Key::Type, &["restriction"]) {
            return self.read_restriction(relation, first);
        }
        if !self.tags.is(Key::Type, &["multipolygon", "boundary"]) {
            return Ok(());
        }
        let mut members = self.read_members(relation)?;
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

    fn read_restriction(&mut self, relation: &Relation<'a>, first: usize) -> Result<(), Malformed> {
        let Some(turn) = read_turn(&self.tags) else { return Ok(()) };
        let members: Vec<_> = guard(|| relation.members().collect())?;
        let mut found = TurnMembers::default();
        for member in members {
            let role = usize::try_from(member.role_sid).ok().and_then(|role| self.strings.get(role));
            let list = match (role.map(Vec::as_slice), member.member_type) {
                (Some(b"from"), RelMemberType::Way) => &mut found.from,
                (Some(b"to"), RelMemberType::Way) => &mut found.to,
                (Some(b"via"), RelMemberType::Way) => &mut found.via_ways,
                (Some(b"via"), RelMemberType::Node) => &mut found.via_nodes,
                _ => continue,
            };
            if list.len() < MOST_TURN_MEMBERS {
                list.push(member.member_id);
            }
        }
        let draft = self.draft(first, (turn, found));
        self.content.drafts.turns.push(draft);
        Ok(())
    }

    fn read_members(&self, relation: &Relation<'a>) -> Result<Vec<Member>, Malformed> {
        let members: Vec<_> = guard(|| relation.members().collect())?;
        if members.len() < relation.members().len() {
            return Err(Malformed("a relation has more roles than members"));
        }
        let mut found = Vec::new();
        for member in members {
            let role = usize::try_from(member.role_sid).ok().and_then(|role| self.strings.get(role));
            let role = role.ok_or(Malformed("a role names a text outside the table of texts"))?.as_slice();
            // Labels, centres and sub-areas are no part of the outline.
            let outline = matches!(role, b"" | b"outer" | b"inner" | b"exclave" | b"enclave");
            if outline && member.member_type == RelMemberType::Way {
                found.push(Member { way: member.member_id, inner: matches!(role, b"inner" | b"enclave") });
            }
        }
        Ok(found)
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
