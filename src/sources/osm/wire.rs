//! The protobuf wire format, as far as OSM files use it: bytes → numbered fields and packed numbers.
//!
//! Everything is borrowed from the bytes and every length is checked, so that no input can panic or make us
//! reserve memory it does not hold. Knows nothing of OSM.

/// Why bytes are not a protobuf message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed(pub &'static str);

/// The content of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// A single number, as it stands in the file.
    Number(u64),
    /// Text, bytes, a message or packed numbers.
    Bytes(&'a [u8]),
    /// A fixed-width number, which OSM files never use.
    Fixed,
}

impl<'a> Value<'a> {
    /// The bytes of a field that must hold bytes.
    pub fn bytes(self) -> Result<&'a [u8], Malformed> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            _ => Err(Malformed("a number stands where bytes are expected")),
        }
    }

    /// The number of a field that must hold one.
    pub fn number(self) -> Result<u64, Malformed> {
        match self {
            Self::Number(number) => Ok(number),
            _ => Err(Malformed("bytes stand where a number is expected")),
        }
    }
}

/// The fields of a message in file order.
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    /// The fields of these bytes.
    pub fn new(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    /// The next field: its number and content.
    pub fn next(&mut self) -> Result<Option<(u64, Value<'a>)>, Malformed> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let tag = read_varint(&mut self.rest)?;
        let value = match tag & 7 {
            0 => Value::Number(read_varint(&mut self.rest)?),
            1 => self.skip(8)?,
            2 => {
                let length = usize::try_from(read_varint(&mut self.rest)?).unwrap_or(usize::MAX);
                let (bytes, rest) =
                    self.rest.split_at_checked(length).ok_or(Malformed("a field is longer than its message"))?;
                self.rest = rest;
                Value::Bytes(bytes)
            }
            5 => self.skip(4)?,
            _ => return Err(Malformed("a field has an unknown wire type")),
        };
        Ok(Some((tag >> 3, value)))
    }

    fn skip(&mut self, length: usize) -> Result<Value<'a>, Malformed> {
        self.rest = self.rest.get(length..).ok_or(Malformed("a field is longer than its message"))?;
        Ok(Value::Fixed)
    }
}

/// Numbers written one after the other.
#[derive(Clone, Copy, Default)]
pub(super) struct Packed<'a> {
    rest: &'a [u8],
}

impl<'a> Packed<'a> {
    /// The numbers in these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next number as it stands.
    #[inline]
    pub fn next(&mut self) -> Result<Option<u64>, Malformed> {
        if self.rest.is_empty() { Ok(None) } else { read_varint(&mut self.rest).map(Some) }
    }

    /// The next signed number in zigzag coding.
    #[inline]
    pub fn next_signed(&mut self) -> Result<Option<i64>, Malformed> {
        Ok(self.next()?.map(zigzag))
    }

    /// An upper bound of how many numbers follow.
    pub fn at_most(&self) -> usize {
        self.rest.len()
    }
}

/// Signed number from its zigzag coding.
#[inline]
pub(super) fn zigzag(coded: u64) -> i64 {
    (coded >> 1) as i64 ^ -((coded & 1) as i64)
}

#[inline]
fn read_varint(rest: &mut &[u8]) -> Result<u64, Malformed> {
    let bytes = *rest;
    let mut value = 0_u64;
    for (position, &byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * position);
        if byte < 0x80 {
            *rest = &bytes[position + 1..];
            return Ok(value);
        }
    }
    Err(Malformed("a number does not end"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_protobuf_guide_writes_them() {
        // The guide's examples: 150 is 96 01; zigzag codes 1 as 2 and -2 as 3.
        assert_eq!(read_varint(&mut [0x96, 0x01].as_slice()), Ok(150));
        assert_eq!((zigzag(2), zigzag(3), zigzag(u64::MAX)), (1, -2, i64::MIN));
        assert!(read_varint(&mut [0x80; 12].as_slice()).is_err());
        assert!(read_varint(&mut [0x80].as_slice()).is_err());
    }

    #[test]
    fn a_field_longer_than_its_message_is_refused() {
        let mut fields = Fields::new(&[0x08, 0x96, 0x01, 0x12, 0x07, b'a']);
        assert_eq!(fields.next(), Ok(Some((1, Value::Number(150)))));
        assert!(fields.next().is_err());
        assert!(Fields::new(&[0x0d, 1, 2]).next().is_err(), "a cut fixed-width number");
        let huge = [0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert!(Fields::new(&huge).next().is_err());
    }
}
