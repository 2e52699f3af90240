//! Protobuf, the encoding of extracts: messages field by field and packed numbers, read where they stand.
//!
//! In: bytes of a message. Out: its fields, and the numbers of a packed one. Nothing is copied or unpacked; whatever
//! cannot be so in a whole message is an error.

use super::blobs::Malformed;

const CUT: Malformed = Malformed("a message ends inside a field");
const TOO_LONG: Malformed = Malformed("a number is longer than ten bytes");

/// The fields of a message, each with its number; the last one is the error, if there is one.
#[derive(Clone, Copy, Debug, Default)]
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
    type Item = Result<(u64, Field<'a>), Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.read();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    #[inline]
    fn read(&mut self) -> Result<(u64, Field<'a>), Malformed> {
        let key = take_varint(&mut self.0)?;
        let field = match key & 7 {
            0 => Field::Number(take_varint(&mut self.0)?),
            1 => self.take(8).map(|_| Field::Fixed)?,
            2 => {
                let length = take_varint(&mut self.0)?;
                Field::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Field::Fixed)?,
            _ => return Err(Malformed("a field is of unknown kind")),
        };
        Ok((key >> 3, field))
    }

    #[inline]
    fn take(&mut self, length: u64) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(length).map_err(|_| CUT)?;
        let (taken, rest) = self.0.split_at_checked(length).ok_or(CUT)?;
        self.0 = rest;
        Ok(taken)
    }
}

#[inline]
fn take_varint(bytes: &mut &[u8]) -> Result<u64, Malformed> {
    match bytes.split_first() {
        Some((&byte, rest)) if byte < 0x80 => {
            *bytes = rest;
            Ok(u64::from(byte))
        }
        _ => take_long_varint(bytes),
    }
}

fn take_long_varint(bytes: &mut &[u8]) -> Result<u64, Malformed> {
    if let Some(word) = bytes.first_chunk::<8>() {
        // The last byte of a number is the first without its highest bit; each holds seven bits, the lowest first.
        let word = u64::from_le_bytes(*word);
        let ends = !word & 0x8080_8080_8080_8080;
        if ends != 0 {
            let length = ends.trailing_zeros() / 8 + 1;
            let word = word & (u64::MAX >> (64 - 8 * length)) & 0x7f7f_7f7f_7f7f_7f7f;
            let word = word & 0x007f_007f_007f_007f | (word & 0x7f00_7f00_7f00_7f00) >> 1;
            let word = word & 0x0000_3fff_0000_3fff | (word & 0x3fff_0000_3fff_0000) >> 2;
            let word = word & 0x0000_0000_0fff_ffff | (word & 0x0fff_ffff_0000_0000) >> 4;
            *bytes = &bytes[length as usize..];
            return Ok(word);
        }
    }
    let mut value = 0_u64;
    for shift in (0..70).step_by(7) {
        let (&byte, rest) = bytes.split_first().ok_or(CUT)?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(TOO_LONG)
}

/// Packed numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Numbers<'a>(pub &'a [u8]);

impl<'a> Numbers<'a> {
    /// Takes them from a field.
    #[inline]
    pub fn set(&mut self, field: Field<'a>) -> Result<(), Malformed> {
        match field {
            Field::Bytes(bytes) if self.0.is_empty() => self.0 = bytes,
            _ => return Err(Malformed("a list of numbers is none, or stands twice")),
        }
        Ok(())
    }

    /// How many there are.
    pub fn count_all(&self) -> usize {
        self.0.iter().filter(|&&byte| byte < 0x80).count()
    }

    /// The next number; `None` at the end.
    #[inline]
    pub fn read(&mut self) -> Result<Option<u64>, Malformed> {
        if self.0.is_empty() { Ok(None) } else { take_varint(&mut self.0).map(Some) }
    }

    /// The next signed number (zigzag); `None` at the end.
    #[inline]
    pub fn read_signed(&mut self) -> Result<Option<i64>, Malformed> {
        self.read().map(|number| number.map(signed))
    }
}

/// The signed number that a number stands for: 0, -1, 1, -2, 2 …
#[inline]
pub(super) fn signed(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_up_to_the_damage_and_it_is_told() {
        // Field 1 = 300, field 2 = "ab", field 3 of eight bytes, then a length beyond the end.
        let bytes = [0x08, 0xac, 0x02, 0x12, 2, b'a', b'b', 0x19, 0, 0, 0, 0, 0, 0, 0, 0, 0x22, 9, 0];
        let found: Vec<_> = Fields(&bytes).collect();
        let whole = [(1, Field::Number(300)), (2, Field::Bytes(b"ab")), (3, Field::Fixed)];
        assert_eq!(found, whole.into_iter().map(Ok).chain([Err(CUT)]).collect::<Vec<_>>());
        let endless = [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(Fields(&endless).collect::<Vec<_>>(), [Err(TOO_LONG)]);
        // A length that no memory holds.
        let huge = [0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(Fields(&huge).collect::<Vec<_>>(), [Err(CUT)]);
    }

    /// The worked examples of the encoding: 150 is 0x96 0x01; 0, -1, 1, -2, 2 are 0, 1, 2, 3, 4 in zigzag.
    #[test]
    fn packed_numbers_are_those_of_the_encoding() {
        let mut numbers = Numbers(&[0x96, 0x01, 3, 0x7f, 0x80]);
        assert_eq!(numbers.count_all(), 3);
        assert_eq!((numbers.read(), numbers.read_signed()), (Ok(Some(150)), Ok(Some(-2))));
        assert_eq!((numbers.read(), numbers.read()), (Ok(Some(127)), Err(CUT)));
        assert_eq!([0, 1, 2, 3, 4].map(signed), [0, -1, 1, -2, 2]);
        assert_eq!((signed(u64::MAX - 1), signed(u64::MAX)), (i64::MAX, i64::MIN));
        for number in (0..64).flat_map(|bit| [1 << bit, (1 << bit) - 1, u64::MAX >> bit, 0x0123_4567_89ab_cdef >> bit])
        {
            let mut packed = Vec::new();
            let mut rest = number;
            while rest >= 0x80 {
                packed.push(rest as u8 | 0x80);
                rest >>= 7;
            }
            packed.push(rest as u8);
            let length = packed.len();
            // Alone, and before others.
            assert_eq!(Numbers(&packed).read(), Ok(Some(number)));
            packed.extend([0xff; 9]);
            let mut numbers = Numbers(&packed);
            assert_eq!((numbers.read(), numbers.0.len()), (Ok(Some(number)), packed.len() - length));
        }
        let mut largest = Numbers(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
        assert_eq!((largest.read(), largest.read()), (Ok(Some(u64::MAX)), Ok(None)));
    }
}
