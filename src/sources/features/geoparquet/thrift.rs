//! Thrift's compact protocol, in which a Parquet file describes itself → a tree of values.
//!
//! In: bytes. Out: a tree whose size follows that of the bytes: a declared count is checked against the bytes left, and
//! the depth is bounded. Layout: the Thrift compact protocol specification.

/// Deepest nesting: the metadata of Parquet are eight deep.
const DEEPEST: u8 = 16;

/// A value.
#[derive(Debug, PartialEq)]
pub(super) enum Value<'a> {
    Bool(bool),
    Whole(i64),
    Double,
    Bytes(&'a [u8]),
    List(Vec<Value<'a>>),
    /// Fields by their number.
    Struct(Vec<(i16, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// Reads a struct, and how many bytes it took.
    pub fn read(bytes: &'a [u8]) -> Result<(Self, usize), String> {
        let mut reader = Reader { bytes };
        let value = reader.structure(0)?;
        Ok((value, bytes.len() - reader.bytes.len()))
    }

    /// A field of a struct.
    pub fn field(&self, number: i16) -> Option<&Self> {
        let Self::Struct(fields) = self else { return None };
        fields.iter().find(|(id, _)| *id == number).map(|(_, value)| value)
    }

    /// A field that is a whole number.
    pub fn whole(&self, number: i16) -> Option<i64> {
        match self.field(number) {
            Some(Self::Whole(value)) => Some(*value),
            _ => None,
        }
    }

    /// A field that is a whole number, not negative, as a size.
    pub fn size(&self, number: i16) -> Option<usize> {
        self.whole(number).and_then(|value| usize::try_from(value).ok())
    }

    /// A field that is a text.
    pub fn text(&self, number: i16) -> Option<String> {
        match self.field(number) {
            Some(Self::Bytes(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        }
    }

    /// The entries of a field that is a list; none where it is not there.
    pub fn list(&self, number: i16) -> &[Self] {
        match self.field(number) {
            Some(Self::List(entries)) => entries,
            _ => &[],
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8, String> {
        let (&first, rest) = self.bytes.split_first().ok_or("it ends inside its description")?;
        self.bytes = rest;
        Ok(first)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let (head, rest) =
            self.bytes.split_at_checked(count).ok_or("its description declares more bytes than it has")?;
        self.bytes = rest;
        Ok(head)
    }

    fn varint(&mut self) -> Result<u64, String> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err("its description has a number of more than 64 bits".to_owned())
    }

    fn whole(&mut self) -> Result<i64, String> {
        let value = self.varint()?;
        Ok((value >> 1).cast_signed() ^ -((value & 1).cast_signed()))
    }

    fn value(&mut self, kind: u8, depth: u8) -> Result<Value<'a>, String> {
        if depth > DEEPEST {
            return Err("its description is nested too deep".to_owned());
        }
        Ok(match kind {
            3 => Value::Whole(i64::from(self.byte()?.cast_signed())),
            4..=6 => Value::Whole(self.whole()?),
            7 => {
                self.take(8)?;
                Value::Double
            }
            8 => {
                let length = usize::try_from(self.varint()?).unwrap_or(usize::MAX);
                Value::Bytes(self.take(length)?)
            }
            9 | 10 => self.list(depth)?,
            12 => self.structure(depth)?,
            other => return Err(format!("its description has a value of the unknown kind {other}")),
        })
    }

    fn list(&mut self, depth: u8) -> Result<Value<'a>, String> {
        let head = self.byte()?;
        let (kind, short) = (head & 0x0f, head >> 4);
        let count = if short == 15 { self.varint()? } else { u64::from(short) };
        // Every entry takes a byte or more.
        let count = usize::try_from(count).ok().filter(|&count| count <= self.bytes.len());
        let count = count.ok_or("its description declares more entries than it has bytes")?;
        let mut entries = Vec::with_capacity(count);
        for _ in 0..count {
            entries.push(match kind {
                1 | 2 => Value::Bool(self.byte()? == 1),
                kind => self.value(kind, depth + 1)?,
            });
        }
        Ok(Value::List(entries))
    }

    fn structure(&mut self, depth: u8) -> Result<Value<'a>, String> {
        let mut fields = Vec::new();
        let mut number = 0_i16;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Ok(Value::Struct(fields));
            }
            let id = match head >> 4 {
                0 => i16::try_from(self.whole()?).ok(),
                step => number.checked_add(i16::from(step)),
            };
            number = id.ok_or("its description has a field with a number too large")?;
            let value = match head & 0x0f {
                1 => Value::Bool(true),
                2 => Value::Bool(false),
                kind => self.value(kind, depth + 1)?,
            };
            fields.push((number, value));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_struct_of_each_kind_is_read() {
        // 1: -3; 2: true; 3: "ab"; 5: [1, 2]; stop; one byte that is not of it.
        let bytes = [0x15, 5, 0x11, 0x18, 2, b'a', b'b', 0x29, 0x25, 2, 4, 0, 99];
        let (value, length) = Value::read(&bytes).expect("a struct");
        assert_eq!((value.whole(1), value.text(3).as_deref(), length), (Some(-3), Some("ab"), 12));
        assert_eq!(value.field(2), Some(&Value::Bool(true)));
        assert_eq!(value.list(5), [Value::Whole(1), Value::Whole(2)]);
        assert_eq!((value.whole(4), value.size(1), value.list(1)), (None, None, &[][..]));
    }

    #[test]
    fn declared_counts_and_depths_are_not_trusted() {
        let found = Value::read(&[0x19, 0xf5, 0xff, 0xff, 0xff, 0xff, 0x07]);
        assert_eq!(found, Err("its description declares more entries than it has bytes".to_owned()));
        assert!(Value::read(&[0x18, 0xff, 0xff, 0xff, 0xff, 0x07, b'a']).is_err());
        assert_eq!(Value::read(&[0x1c; 1000]), Err("its description is nested too deep".to_owned()));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Value::read(&bytes);
        }
    }
}
