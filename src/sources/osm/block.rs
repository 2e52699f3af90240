//! A block of elements as it stands in an extract: its table of texts, and its nodes, ways and relations one by one.
//!
//! In: the bytes of a block, unpacked. Out: elements whose tags are numbers in the table of texts and whose lists are
//! read where they stand. Knows no tag. The format: <https://wiki.openstreetmap.org/wiki/PBF_Format>.

use super::blobs::Malformed;
use super::content::PackedPosition;
use super::wire::{Field, Fields, Numbers, signed};

/// Most texts of a block, and most elements; the programs that write extracts put 8,000 elements into one.
const MOST: usize = 2_000_000;

const NO_ID: Malformed = Malformed("an element has no number");
const TOO_LARGE: Malformed = Malformed("a number in it is too large");

/// A block.
#[derive(Debug)]
pub(super) struct Block<'a> {
    bytes: &'a [u8],
    /// The table of texts.
    pub texts: Vec<&'a [u8]>,
    scale: Scale,
    /// Milliseconds that a unit of time stands for.
    milliseconds: i64,
}

/// How numbers become positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Scale {
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

impl Scale {
    const USUAL: Self = Self { granularity: 100, lat_offset: 0, lon_offset: 0 };

    /// A position on the globe; `None` for one off it.
    #[inline]
    fn position(&self, lat: i64, lon: i64) -> Option<PackedPosition> {
        let (lat, lon) = if *self == Self::USUAL {
            (lat, lon)
        } else {
            let nanodegrees = |offset: i64, number: i64| self.granularity.checked_mul(number)?.checked_add(offset);
            let (lat, lon) = (nanodegrees(self.lat_offset, lat)?, nanodegrees(self.lon_offset, lon)?);
            (lat.div_euclid(100), lon.div_euclid(100))
        };
        let on_globe = (-900_000_000..=900_000_000).contains(&lat) && (-1_800_000_000..=1_800_000_000).contains(&lon);
        on_globe.then_some(PackedPosition { lon: lon as i32, lat: lat as i32 })
    }
}

/// What stands in a block.
#[derive(Debug)]
pub(super) enum Element<'a> {
    Node(RawNode<'a>),
    Nodes(DenseNodes<'a>),
    Way(RawWay<'a>),
    Relation(RawRelation<'a>),
}

/// Tags as numbers in the table of texts: keys and values apart.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RawTags<'a> {
    keys: Numbers<'a>,
    values: Numbers<'a>,
}

impl RawTags<'_> {
    /// The next key and value.
    #[inline]
    pub fn read(&mut self) -> Result<Option<(u64, u64)>, Malformed> {
        match (self.keys.read()?, self.values.read()?) {
            (Some(key), Some(value)) => Ok(Some((key, value))),
            (None, None) => Ok(None),
            _ => Err(Malformed("an element has not as many keys as values")),
        }
    }
}

/// What is told of the last change of an element.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Info<'a> {
    bytes: &'a [u8],
    milliseconds: i64,
}

impl Info<'_> {
    /// When the element was last changed, milliseconds since 1970.
    pub fn changed(&self) -> Result<Option<i64>, Malformed> {
        let mut changed = None;
        for field in Fields(self.bytes) {
            if let (2, Field::Number(time)) = field? {
                changed = Some((time as i64).saturating_mul(self.milliseconds));
            }
        }
        Ok(changed)
    }
}

/// What all kinds of elements tell alike.
#[derive(Clone, Copy, Debug, Default)]
struct Head<'a> {
    id: Option<u64>,
    tags: RawTags<'a>,
    info: Info<'a>,
}

impl<'a> Head<'a> {
    /// Takes one of the fields 1 to 4; whether it was one.
    #[inline]
    fn take(&mut self, number: u64, field: Field<'a>) -> Result<bool, Malformed> {
        match (number, field) {
            (1, Field::Number(id)) => self.id = Some(id),
            (2, _) => self.tags.keys.set(field)?,
            (3, _) => self.tags.values.set(field)?,
            (4, Field::Bytes(info)) => self.info.bytes = info,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// A node that stands alone.
#[derive(Debug)]
pub(super) struct RawNode<'a> {
    pub id: i64,
    /// `None` off the globe.
    pub position: Option<PackedPosition>,
    pub tags: RawTags<'a>,
    pub info: Info<'a>,
}

/// A way.
#[derive(Debug)]
pub(super) struct RawWay<'a> {
    pub id: i64,
    pub tags: RawTags<'a>,
    pub info: Info<'a>,
    /// Its nodes, each as the step from the one before.
    pub steps: Numbers<'a>,
}

/// A relation.
#[derive(Debug)]
pub(super) struct RawRelation<'a> {
    pub id: i64,
    pub tags: RawTags<'a>,
    pub info: Info<'a>,
    pub members: Members<'a>,
}

/// What a member of a relation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MemberKind {
    Node,
    Way,
    Relation,
}

/// A member of a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RawMember {
    pub kind: MemberKind,
    pub id: i64,
    /// Number of its role in the table of texts.
    pub role: u64,
}

/// The members of a relation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Members<'a> {
    roles: Numbers<'a>,
    steps: Numbers<'a>,
    kinds: Numbers<'a>,
    last: i64,
}

impl Members<'_> {
    /// The next member.
    pub fn read(&mut self) -> Result<Option<RawMember>, Malformed> {
        match (self.roles.read()?, self.steps.read_signed()?, self.kinds.read()?) {
            (Some(role), Some(step), Some(kind)) => {
                self.last = self.last.checked_add(step).ok_or(TOO_LARGE)?;
                let kind = match kind {
                    0 => MemberKind::Node,
                    1 => MemberKind::Way,
                    2 => MemberKind::Relation,
                    _ => return Err(Malformed("a relation has a member of unknown kind")),
                };
                Ok(Some(RawMember { kind, id: self.last, role }))
            }
            (None, None, None) => Ok(None),
            _ => Err(Malformed("a relation has not as many roles as members")),
        }
    }
}

/// Many nodes in columns.
#[derive(Debug)]
pub(super) struct DenseNodes<'a> {
    ids: Numbers<'a>,
    lats: Numbers<'a>,
    lons: Numbers<'a>,
    tags: Numbers<'a>,
    times: Numbers<'a>,
    scale: Scale,
    milliseconds: i64,
    last: (i64, i64, i64),
    last_time: i64,
}

impl<'a> DenseNodes<'a> {
    fn read(message: &'a [u8], block: &Block<'a>) -> Result<Self, Malformed> {
        let none = Numbers::default();
        let (scale, milliseconds) = (block.scale, block.milliseconds);
        let mut nodes = Self {
            ids: none,
            lats: none,
            lons: none,
            tags: none,
            times: none,
            scale,
            milliseconds,
            last: (0, 0, 0),
            last_time: 0,
        };
        for field in Fields(message) {
            match field? {
                (1, field) => nodes.ids.set(field)?,
                (5, Field::Bytes(info)) => {
                    for field in Fields(info) {
                        if let (2, times) = field? {
                            nodes.times.set(times)?;
                        }
                    }
                }
                (8, field) => nodes.lats.set(field)?,
                (9, field) => nodes.lons.set(field)?,
                (10, field) => nodes.tags.set(field)?,
                _ => {}
            }
        }
        let count = nodes.len();
        if nodes.lats.count_all() != count || nodes.lons.count_all() != count {
            return Err(Malformed("it has not as many nodes as positions"));
        }
        if !nodes.times.0.is_empty() && nodes.times.count_all() != count {
            return Err(Malformed("it has not as many nodes as times of change"));
        }
        Ok(nodes)
    }

    /// How many nodes are left.
    pub fn len(&self) -> usize {
        self.ids.count_all()
    }

    /// The next node: its id, and where it lies, `None` off the globe. Its tags are to be read before the next one.
    #[inline]
    pub fn read_node(&mut self) -> Result<Option<(i64, Option<PackedPosition>)>, Malformed> {
        let (Some(id), Some(lat), Some(lon)) =
            (self.ids.read_signed()?, self.lats.read_signed()?, self.lons.read_signed()?)
        else {
            return if self.tags.0.is_empty() { Ok(None) } else { Err(Malformed("it has tags of no node")) };
        };
        let step = |last: i64, step: i64| last.checked_add(step).ok_or(TOO_LARGE);
        self.last = (step(self.last.0, id)?, step(self.last.1, lat)?, step(self.last.2, lon)?);
        Ok(Some((self.last.0, self.scale.position(self.last.1, self.last.2))))
    }

    /// The next tag of the node that was read last.
    #[inline]
    pub fn read_tag(&mut self) -> Result<Option<(u64, u64)>, Malformed> {
        match self.tags.read()? {
            // Where no node has tags there are no ends of tags either.
            None | Some(0) => Ok(None),
            Some(key) => match self.tags.read()? {
                Some(value) => Ok(Some((key, value))),
                None => Err(Malformed("an element has not as many keys as values")),
            },
        }
    }

    /// When the latest of all nodes was changed, milliseconds since 1970; asked before any is read.
    pub fn newest(&self) -> Result<Option<i64>, Malformed> {
        let (mut times, mut last, mut newest) = (self.times, self.last_time, None);
        while let Some(step) = times.read_signed()? {
            last = last.checked_add(step).ok_or(TOO_LARGE)?;
            newest = newest.max(Some(last.saturating_mul(self.milliseconds)));
        }
        Ok(newest)
    }
}

impl<'a> Block<'a> {
    /// Reads what stands above the elements.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut block = Self { bytes, texts: Vec::new(), scale: Scale::USUAL, milliseconds: 1000 };
        for field in Fields(bytes) {
            match field? {
                (1, Field::Bytes(table)) => block.read_texts(table)?,
                (17, Field::Number(number)) => block.scale.granularity = number as i64,
                (18, Field::Number(number)) => block.milliseconds = number as i64,
                (19, Field::Number(number)) => block.scale.lat_offset = number as i64,
                (20, Field::Number(number)) => block.scale.lon_offset = number as i64,
                _ => {}
            }
        }
        Ok(block)
    }

    fn read_texts(&mut self, table: &'a [u8]) -> Result<(), Malformed> {
        for field in Fields(table) {
            if let (1, Field::Bytes(text)) = field? {
                self.texts.push(text);
                if self.texts.len() > MOST {
                    return Err(Malformed("it holds more than two million texts"));
                }
            }
        }
        Ok(())
    }

    /// Hands over all elements in the order in which they stand.
    pub fn for_each(&self, mut take: impl FnMut(Element<'a>) -> Result<(), Malformed>) -> Result<(), Malformed> {
        let mut count = 0;
        for field in Fields(self.bytes) {
            let (2, Field::Bytes(group)) = field? else { continue };
            for field in Fields(group) {
                let (kind, Field::Bytes(message)) = field? else { continue };
                let element = match kind {
                    1 => Element::Node(self.read_node(message)?),
                    2 => Element::Nodes(DenseNodes::read(message, self)?),
                    3 => Element::Way(self.read_way(message)?),
                    4 => Element::Relation(self.read_relation(message)?),
                    _ => continue,
                };
                count += if let Element::Nodes(nodes) = &element { nodes.len() } else { 1 };
                if count > MOST {
                    return Err(Malformed("it holds more than two million elements"));
                }
                take(element)?;
            }
        }
        Ok(())
    }

    fn head(&self) -> Head<'a> {
        Head { info: Info { bytes: &[], milliseconds: self.milliseconds }, ..Head::default() }
    }

    fn read_node(&self, message: &'a [u8]) -> Result<RawNode<'a>, Malformed> {
        let (mut head, mut lat, mut lon) = (self.head(), None, None);
        for field in Fields(message) {
            match field? {
                (8, Field::Number(number)) => lat = Some(signed(number)),
                (9, Field::Number(number)) => lon = Some(signed(number)),
                (number, field) => _ = head.take(number, field)?,
            }
        }
        let (Some(id), Some(lat), Some(lon)) = (head.id, lat, lon) else {
            return Err(Malformed("a node has no number or no position"));
        };
        let position = self.scale.position(lat, lon);
        Ok(RawNode { id: signed(id), position, tags: head.tags, info: head.info })
    }

    fn read_way(&self, message: &'a [u8]) -> Result<RawWay<'a>, Malformed> {
        let (mut head, mut steps) = (self.head(), Numbers::default());
        for field in Fields(message) {
            let (number, field) = field?;
            if !head.take(number, field)? && number == 8 {
                steps.set(field)?;
            }
        }
        let id = head.id.ok_or(NO_ID)? as i64;
        Ok(RawWay { id, tags: head.tags, info: head.info, steps })
    }

    fn read_relation(&self, message: &'a [u8]) -> Result<RawRelation<'a>, Malformed> {
        let (mut head, mut members) = (self.head(), Members::default());
        for field in Fields(message) {
            match field? {
                (8, field) => members.roles.set(field)?,
                (9, field) => members.steps.set(field)?,
                (10, field) => members.kinds.set(field)?,
                (number, field) => _ = head.take(number, field)?,
            }
        }
        let id = head.id.ok_or(NO_ID)? as i64;
        Ok(RawRelation { id, tags: head.tags, info: head.info, members })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn varint(mut value: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        while value >= 0x80 {
            bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        bytes.push(value as u8);
        bytes
    }

    fn message(number: u64, content: &[u8]) -> Vec<u8> {
        [varint(number << 3 | 2), varint(content.len() as u64), content.to_vec()].concat()
    }

    fn number(field: u64, value: u64) -> Vec<u8> {
        [varint(field << 3), varint(value)].concat()
    }

    fn packed(field: u64, values: &[u64]) -> Vec<u8> {
        message(field, &values.iter().flat_map(|&value| varint(value)).collect::<Vec<u8>>())
    }

    /// Signed values as the encoding writes them.
    fn zigzag(field: u64, values: &[i64]) -> Vec<u8> {
        packed(field, &values.iter().map(|&value| (value << 1 ^ value >> 63) as u64).collect::<Vec<u64>>())
    }

    /// All elements of a block with one group, each as text; or what is wrong with it.
    fn read(head: &[Vec<u8>], group: &[Vec<u8>]) -> Result<Vec<String>, Malformed> {
        let bytes = [head.concat(), message(2, &group.concat())].concat();
        let mut found = Vec::new();
        Block::read(&bytes)?.for_each(|element| {
            match element {
                Element::Nodes(mut nodes) => {
                    while let Some((id, position)) = nodes.read_node()? {
                        let mut text = format!("n{id} {:?}", position.map(|at| (at.lon, at.lat)));
                        while let Some(tag) = nodes.read_tag()? {
                            text += &format!(" {tag:?}");
                        }
                        found.push(text);
                    }
                }
                Element::Node(node) => {
                    found.push(format!("n{} {:?}", node.id, node.position.map(|at| (at.lon, at.lat))))
                }
                Element::Way(mut way) => {
                    let mut text = format!("w{} changed {:?}", way.id, way.info.changed()?);
                    while let Some(tag) = way.tags.read()? {
                        text += &format!(" {tag:?}");
                    }
                    found.push(text);
                }
                Element::Relation(relation) => {
                    let (mut text, mut members) = (format!("r{}", relation.id), relation.members);
                    while let Some(member) = members.read()? {
                        text += &format!(" {:?} {} {}", member.kind, member.id, member.role);
                    }
                    found.push(text);
                }
            }
            Ok(())
        })?;
        Ok(found)
    }

    fn dense(ids: &[i64], lats: &[i64], lons: &[i64], tags: &[u64]) -> Vec<u8> {
        message(2, &[zigzag(1, ids), zigzag(8, lats), zigzag(9, lons), packed(10, tags)].concat())
    }

    /// Steps of 1000 nanodegrees from offsets of 7 and -3 nanodegrees: 5 steps are 5007 and 4997 nanodegrees, which lie
    /// in the 50th and in the 49th unit of 100.
    #[test]
    fn positions_follow_granularity_and_offsets() {
        let head = [number(17, 1000), number(19, 7), number(20, -3_i64 as u64)];
        let group = [dense(&[9, -4], &[5, 1], &[5, -6], &[])];
        assert_eq!(read(&head, &group), Ok(vec!["n9 Some((49, 50))".to_owned(), "n5 Some((-11, 60))".to_owned()]));
        let off = [dense(&[1], &[900_000_001], &[0], &[])];
        assert_eq!(read(&[], &off), Ok(vec!["n1 None".to_owned()]));
        let single = [message(1, &[number(1, 14), number(8, 4), number(9, 5)].concat())];
        assert_eq!(read(&[], &single), Ok(vec!["n7 Some((-3, 2))".to_owned()]));
    }

    #[test]
    fn tags_belong_to_their_node() {
        let group = [dense(&[1, 1, 1], &[0, 0, 0], &[0, 0, 0], &[0, 4, 5, 6, 7, 0, 0])];
        let found = read(&[], &group).expect("whole");
        assert_eq!(found, ["n1 Some((0, 0))", "n2 Some((0, 0)) (4, 5) (6, 7)", "n3 Some((0, 0))"]);
        for tags in [&[4][..], &[0, 0, 0, 0], &[0, 0, 0, 8, 9, 0]] {
            assert!(read(&[], &[dense(&[1, 1, 1], &[0, 0, 0], &[0, 0, 0], tags)]).is_err(), "{tags:?}");
        }
    }

    #[test]
    fn lists_of_unequal_length_and_sums_beyond_all_numbers_are_damage() {
        assert!(read(&[], &[dense(&[1, 1], &[0], &[0, 0], &[])]).is_err());
        assert!(read(&[], &[dense(&[1], &[0], &[0, 0], &[])]).is_err());
        assert!(read(&[], &[dense(&[i64::MAX, 1], &[0, 0], &[0, 0], &[])]).is_err());
        let times = message(5, &zigzag(2, &[1, 1]));
        let nodes = [zigzag(1, &[1]), zigzag(8, &[0]), zigzag(9, &[0]), times].concat();
        assert!(read(&[], &[message(2, &nodes)]).is_err());
        let way = |fields: &[Vec<u8>]| read(&[], &[message(3, &fields.concat())]);
        assert!(way(&[number(1, 3), packed(2, &[1]), packed(3, &[1, 2])]).is_err());
        assert!(way(&[number(1, 3), packed(2, &[1]), packed(2, &[1]), packed(3, &[1])]).is_err());
        assert!(way(&[packed(2, &[1]), packed(3, &[1])]).is_err(), "no number");
        assert!(way(&[number(1, 3), number(2, 1)]).is_err(), "a number for a list");
        let relation = |roles: &[u64], steps: &[i64], kinds: &[u64]| {
            let fields = [number(1, 3), packed(8, roles), zigzag(9, steps), packed(10, kinds)];
            read(&[], &[message(4, &fields.concat())])
        };
        let found = relation(&[5, 6, 7], &[10, -3, 0], &[0, 1, 2]).expect("whole");
        assert_eq!(found, ["r3 Node 10 5 Way 7 6 Relation 7 7"]);
        assert!(relation(&[5], &[10], &[3]).is_err());
        assert!(relation(&[5], &[10, 1], &[1, 1]).is_err());
    }

    #[test]
    fn times_count_in_the_units_of_the_block() {
        let way = [message(3, &[number(1, 3), message(4, &number(2, 70)), packed(2, &[1]), packed(3, &[2])].concat())];
        assert_eq!(read(&[], &way), Ok(vec!["w3 changed Some(70000) (1, 2)".to_owned()]));
        assert_eq!(read(&[number(18, 10)], &way), Ok(vec!["w3 changed Some(700) (1, 2)".to_owned()]));
    }
}
