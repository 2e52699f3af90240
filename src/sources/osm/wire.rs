//! Protobuf messages field by field, nothing unpacked: how much a blob will take, asked before it is taken.
//!
//! In: bytes of a message. Out: its fields, and how many messages a block of elements holds. Damage ends the fields;
//! the crate that unpacks the message tells of it.

/// The fields of a message, each with its number.
pub(super) struct Fields<'a>(pub &'a [u8]);

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field<'a> {
    /// A number.
    Number(u64),
    /// A text, a message or packed numbers.
    Bytes(&'a [u8]),
    /// Four or eight bytes, which no message of the format uses.
    Fixed,
}

impl<'a> Iterator for Fields<'a> {
    type Item = (u64, Field<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let key = self.varint()?;
        let field = match key & 7 {
            0 => Field::Number(self.varint()?),
            1 => self.take(8).map(|_| Field::Fixed)?,
            2 => {
                let length = self.varint()?;
                Field::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Field::Fixed)?,
            _ => return None,
        };
        Some((key >> 3, field))
    }
}

impl<'a> Fields<'a> {
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(taken)
    }
}

/// How many texts, groups and elements a block holds: the smallest of them takes two bytes here and hundreds unpacked.
pub(super) fn count_messages(block: &[u8]) -> usize {
    let inside = Fields(block).map(|(number, field)| match (number, field) {
        // The table of texts, and the groups of elements.
        (1 | 2, Field::Bytes(message)) => Fields(message).count(),
        _ => 0,
    });
    inside.map(|count| count + 1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_up_to_the_damage() {
        // Field 1 = 300, field 2 = "ab", field 3 of eight bytes, then a length beyond the end.
        let bytes = [0x08, 0xac, 0x02, 0x12, 2, b'a', b'b', 0x19, 0, 0, 0, 0, 0, 0, 0, 0, 0x22, 9, 0];
        let found: Vec<_> = Fields(&bytes).collect();
        assert_eq!(found, [(1, Field::Number(300)), (2, Field::Bytes(b"ab")), (3, Field::Fixed)]);
        assert_eq!(Fields(&[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).count(), 0);
    }

    #[test]
    fn messages_of_a_block_are_counted_without_unpacking() {
        // A table of two texts, a group of one way, an empty group, a granularity: 1 + 2, 1 + 1, 1 and 1.
        let block = [0x0a, 5, 0x0a, 1, b'x', 0x0a, 0, 0x12, 2, 0x1a, 0, 0x12, 0, 0x88, 0x01, 100];
        assert_eq!(count_messages(&block), 7);
    }
}
