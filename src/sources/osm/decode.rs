//! One decompressed block → node columns, way columns, area relations and the drafts of all that a study can use.
//!
//! Text is looked at only for tags someone asks for. Knows no geometry and no other block.

use super::boundaries::read_boundary;
use super::buildings::read_building;
use super::content::{AreaRelation, Content, Member, PackedPosition, WayRow};
use super::drafts::{Draft, Log};
use super::keys::{Key, KeyClass, Tags};
use super::lines::{read_land, read_line};
use super::lots::read_lot;
use super::marks::read_mark;
use super::places::PlaceRules;
use super::records::OsmElement;
use super::stops::read_stop;
use super::tags::read_street;
use super::wire::{Fields, Malformed, Packed, Value, zigzag};
use crate::base::notice::Notice;

/// What a block is read with.
#[derive(Clone, Copy)]
pub(super) struct Reading<'r> {
    /// Name of the file, without folders.
    pub file_name: &'r str,
    /// Position of the file in the list of files.
    pub file: u16,
    /// The place rules.
    pub rules: &'r PlaceRules,
    /// Whether the newest change is asked for.
    pub want_newest: bool,
}

/// Reads a block.
pub(super) fn decode_block(bytes: &[u8], reading: Reading<'_>) -> Result<Content, Malformed> {
    let mut block = Block::new(reading);
    let mut groups = Vec::new();
    let mut fields = Fields::new(bytes);
    while let Some((number, value)) = fields.next()? {
        match number {
            1 => block.read_strings(value.bytes()?)?,
            2 => groups.push(value.bytes()?),
            17 => block.granularity = value.number()? as i64,
            18 => block.date_granularity = value.number()? as i64,
            19 => block.lat_offset = value.number()? as i64,
            20 => block.lon_offset = value.number()? as i64,
            _ => {}
        }
    }
    for group in groups {
        block.read_group(group)?;
    }
    block.content.notices = block.log.notices;
    Ok(block.content)
}

struct Block<'a, 'r> {
    reading: Reading<'r>,
    strings: Vec<&'a [u8]>,
    /// What each string is as a key; looked up when first used as one.
    classes: Vec<Option<KeyClass>>,
    granularity: i64,
    date_granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
    tags: Tags<'a>,
    log: Log<'r>,
    content: Content,
}

impl<'a, 'r> Block<'a, 'r> {
    fn new(reading: Reading<'r>) -> Self {
        Self {
            reading,
            strings: Vec::new(),
            classes: Vec::new(),
            granularity: 100,
            date_granularity: 1000,
            lat_offset: 0,
            lon_offset: 0,
            tags: Tags::default(),
            log: Log { file: reading.file_name, element: OsmElement::Node(0), notices: Vec::new() },
            content: Content::default(),
        }
    }

    fn read_strings(&mut self, table: &'a [u8]) -> Result<(), Malformed> {
        let mut fields = Fields::new(table);
        while let Some((number, value)) = fields.next()? {
            if number == 1 {
                self.strings.push(value.bytes()?);
            }
        }
        self.classes = vec![None; self.strings.len()];
        Ok(())
    }

    fn read_group(&mut self, group: &'a [u8]) -> Result<(), Malformed> {
        let mut fields = Fields::new(group);
        while let Some((number, value)) = fields.next()? {
            match number {
                1 => self.read_node(value.bytes()?)?,
                2 => self.read_dense_nodes(value.bytes()?)?,
                3 => self.read_way(value.bytes()?)?,
                4 => self.read_relation(value.bytes()?)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Adds a tag of the element at hand, if anyone asks for its key.
    fn add_tag(&mut self, key: u64, value: u64) -> Result<(), Malformed> {
        const OUTSIDE: Malformed = Malformed("a tag names a text outside the table of texts");
        let key = usize::try_from(key).map_err(|_| OUTSIDE)?;
        let key_bytes: &'a [u8] = self.strings.get(key).copied().ok_or(OUTSIDE)?;
        let class = match self.classes[key] {
            Some(class) => class,
            None => {
                let text = std::str::from_utf8(key_bytes).unwrap_or("");
                *self.classes[key].insert(KeyClass::of(text, self.reading.rules))
            }
        };
        let value_bytes: &'a [u8] =
            usize::try_from(value).ok().and_then(|v| self.strings.get(v)).copied().ok_or(OUTSIDE)?;
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

    fn add_packed_tags(&mut self, mut keys: Packed<'a>, mut values: Packed<'a>) -> Result<(), Malformed> {
        loop {
            match (keys.next()?, values.next()?) {
                (Some(key), Some(value)) => self.add_tag(key, value)?,
                (None, None) => return Ok(()),
                _ => return Err(Malformed("an element has more keys than values, or fewer")),
            }
        }
    }

    fn start_element(&mut self, element: OsmElement) -> usize {
        self.tags.clear();
        self.log.element = element;
        self.log.notices.len()
    }

    fn add_node(&mut self, id: i64, lat: i64, lon: i64) {
        let degrees = |offset: i64, value: i64, most: i64| {
            let nano = i128::from(offset) + i128::from(self.granularity) * i128::from(value);
            let packed = nano.div_euclid(100);
            (packed.abs() <= i128::from(most)).then_some(packed as i32)
        };
        let lat = degrees(self.lat_offset, lat, 900_000_000);
        let lon = degrees(self.lon_offset, lon, 1_800_000_000);
        match (lat, lon) {
            (Some(lat), Some(lon)) => {
                self.content.node_ids.push(id);
                self.content.node_positions.push(PackedPosition { lon, lat });
            }
            _ => {
                let problem = "lies outside the globe";
                let notice = Notice::warning("node_off_globe", self.reading.file_name, problem);
                self.log.notices.push(notice.at_element(OsmElement::Node(id).to_string()).action("node skipped"));
            }
        }
    }

    fn read_dense_nodes(&mut self, dense: &'a [u8]) -> Result<(), Malformed> {
        let (mut ids, mut lats, mut lons, mut texts) =
            (Packed::default(), Packed::default(), Packed::default(), Packed::default());
        let mut fields = Fields::new(dense);
        while let Some((number, value)) = fields.next()? {
            match number {
                1 => ids = Packed::new(value.bytes()?),
                5 if self.reading.want_newest => self.read_dense_info(value.bytes()?)?,
                8 => lats = Packed::new(value.bytes()?),
                9 => lons = Packed::new(value.bytes()?),
                10 => texts = Packed::new(value.bytes()?),
                _ => {}
            }
        }
        self.content.node_ids.reserve(ids.at_most().min(16_384));
        self.content.node_positions.reserve(ids.at_most().min(16_384));
        let (mut id, mut lat, mut lon) = (0_i64, 0_i64, 0_i64);
        loop {
            match (ids.next_signed()?, lats.next_signed()?, lons.next_signed()?) {
                (Some(more_id), Some(more_lat), Some(more_lon)) => {
                    id = id.wrapping_add(more_id);
                    lat = lat.wrapping_add(more_lat);
                    lon = lon.wrapping_add(more_lon);
                }
                (None, None, None) => return Ok(()),
                _ => return Err(Malformed("nodes have more numbers than positions, or fewer")),
            }
            self.add_node(id, lat, lon);
            let first = self.start_element(OsmElement::Node(id));
            while let Some(key) = texts.next()?.filter(|&key| key != 0) {
                let value = texts.next()?.ok_or(Malformed("a node has a key without value"))?;
                self.add_tag(key, value)?;
            }
            self.draft_node(first);
        }
    }

    fn read_dense_info(&mut self, info: &'a [u8]) -> Result<(), Malformed> {
        let mut fields = Fields::new(info);
        while let Some((number, value)) = fields.next()? {
            if number == 2 {
                let mut times = Packed::new(value.bytes()?);
                let mut time = 0_i64;
                while let Some(more) = times.next_signed()? {
                    time = time.wrapping_add(more);
                    self.note_time(time);
                }
            }
        }
        Ok(())
    }

    fn read_info(&mut self, info: &'a [u8]) -> Result<(), Malformed> {
        let mut fields = Fields::new(info);
        while let Some((number, value)) = fields.next()? {
            if number == 2 {
                self.note_time(value.number()? as i64);
            }
        }
        Ok(())
    }

    fn note_time(&mut self, time: i64) {
        // Zero stands for "not told" in files whose times were stripped.
        if time > 0 {
            let seconds = time.saturating_mul(self.date_granularity) / 1000;
            self.content.newest = self.content.newest.max(Some(seconds));
        }
    }

    fn read_node(&mut self, node: &'a [u8]) -> Result<(), Malformed> {
        let (mut id, mut lat, mut lon) = (0, 0, 0);
        let (mut keys, mut values) = (Packed::default(), Packed::default());
        let mut fields = Fields::new(node);
        while let Some((number, value)) = fields.next()? {
            match number {
                1 => id = zigzag(value.number()?),
                2 => keys = Packed::new(value.bytes()?),
                3 => values = Packed::new(value.bytes()?),
                4 if self.reading.want_newest => self.read_info(value.bytes()?)?,
                8 => lat = zigzag(value.number()?),
                9 => lon = zigzag(value.number()?),
                _ => {}
            }
        }
        self.add_node(id, lat, lon);
        let first = self.start_element(OsmElement::Node(id));
        self.add_packed_tags(keys, values)?;
        self.draft_node(first);
        Ok(())
    }

    fn read_way(&mut self, way: &'a [u8]) -> Result<(), Malformed> {
        let mut id = 0;
        let (mut keys, mut values) = (Packed::default(), Packed::default());
        let mut refs: &[u8] = &[];
        let mut fields = Fields::new(way);
        while let Some((number, value)) = fields.next()? {
            match number {
                1 => id = value.number()? as i64,
                2 => keys = Packed::new(value.bytes()?),
                3 => values = Packed::new(value.bytes()?),
                4 if self.reading.want_newest => self.read_info(value.bytes()?)?,
                8 => refs = value.bytes()?,
                _ => {}
            }
        }
        let length = u32::try_from(refs.len()).map_err(|_| Malformed("a way is longer than its block"))?;
        self.content.ways.push(WayRow { id, start: self.content.refs.len(), length });
        self.content.refs.extend_from_slice(refs);
        let first = self.start_element(OsmElement::Way(id));
        self.add_packed_tags(keys, values)?;
        if self.tags.is_empty() {
            return Ok(());
        }
        let street = read_street(&self.tags, &mut self.log);
        if let Some(line) = read_line(&self.tags, street.as_ref().map(|street| &street.tags)) {
            let draft = self.draft(first, line);
            self.content.drafts.lines.push(draft);
        }
        if let Some(street) = street {
            let draft = self.draft(first, street);
            self.content.drafts.streets.push(draft);
        }
        let mut steps = Packed::new(refs);
        let (mut first_ref, mut last_ref) = (None, 0_i64);
        while let Some(more) = steps.next_signed()? {
            last_ref = last_ref.wrapping_add(more);
            first_ref = first_ref.or(Some(last_ref));
        }
        self.draft_area(first, first_ref == Some(last_ref));
        Ok(())
    }

    fn read_relation(&mut self, relation: &'a [u8]) -> Result<(), Malformed> {
        let mut id = 0;
        let (mut keys, mut values) = (Packed::default(), Packed::default());
        let (mut roles, mut members, mut kinds) = (Packed::default(), Packed::default(), Packed::default());
        let mut fields = Fields::new(relation);
        while let Some((number, value)) = fields.next()? {
            match (number, value) {
                (1, _) => id = value.number()? as i64,
                (2, Value::Bytes(bytes)) => keys = Packed::new(bytes),
                (3, Value::Bytes(bytes)) => values = Packed::new(bytes),
                (4, Value::Bytes(bytes)) if self.reading.want_newest => self.read_info(bytes)?,
                (8, Value::Bytes(bytes)) => roles = Packed::new(bytes),
                (9, Value::Bytes(bytes)) => members = Packed::new(bytes),
                (10, Value::Bytes(bytes)) => kinds = Packed::new(bytes),
                _ => {}
            }
        }
        let first = self.start_element(OsmElement::Relation(id));
        self.add_packed_tags(keys, values)?;
        if !self.tags.is(Key::Type, &["multipolygon", "boundary"]) {
            return Ok(());
        }
        let members = self.read_members(roles, members, kinds)?;
        self.content.relations.push(AreaRelation { id, members });
        if let Some(mut street) = read_street(&self.tags, &mut self.log) {
            street.tags.area = true;
            let draft = self.draft(first, street);
            self.content.drafts.streets.push(draft);
        }
        self.draft_area(first, true);
        Ok(())
    }

    fn read_members(
        &mut self,
        mut roles: Packed<'a>,
        mut members: Packed<'a>,
        mut kinds: Packed<'a>,
    ) -> Result<Vec<Member>, Malformed> {
        let mut found = Vec::new();
        let mut id = 0_i64;
        loop {
            let (role, kind) = match (roles.next()?, members.next_signed()?, kinds.next()?) {
                (Some(role), Some(more), Some(kind)) => {
                    id = id.wrapping_add(more);
                    (role, kind)
                }
                (None, None, None) => return Ok(found),
                _ => return Err(Malformed("a relation has more members than roles, or fewer")),
            };
            let role = usize::try_from(role).ok().and_then(|role| self.strings.get(role)).copied();
            let role = role.ok_or(Malformed("a role names a text outside the table of texts"))?;
            // Kind 1 is a way. Labels, centres and sub-areas are no part of the outline.
            if kind == 1 && matches!(role, b"" | b"outer" | b"inner" | b"exclave" | b"enclave") {
                found.push(Member { way: id, inner: matches!(role, b"inner" | b"enclave") });
            }
        }
    }

    fn draft<T>(&self, first: usize, what: T) -> Draft<T> {
        let flawed = self.log.notices.len() > first;
        Draft { element: self.log.element, file: self.reading.file, flawed, what }
    }

    fn draft_node(&mut self, first: usize) {
        if self.tags.is_empty() {
            return;
        }
        if let Some(mark) = read_mark(&self.tags, &mut self.log) {
            let draft = self.draft(first, mark);
            self.content.drafts.marks.push(draft);
        }
        self.draft_spot(first);
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
        if let Some(stop) = read_stop(&self.tags) {
            let draft = self.draft(first, stop);
            self.content.drafts.stops.push(draft);
        }
    }
}
