//! What a Parquet file says of itself: its columns, where their pieces lie, and the texts beside them.
//!
//! In: the bytes of the file. Out: [`Metadata`], whose places all lie inside the file. Layout: `parquet.thrift` of the
//! Parquet format, version 2.

use std::ops::Range;

use super::thrift::Value;

/// First and last bytes of a file.
const MAGIC: &[u8] = b"PAR1";

/// How the values of a column are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Physical {
    Bool,
    Int32,
    Int64,
    Float,
    Double,
    Bytes,
    /// So many bytes each; clocks of old programs have twelve.
    Fixed(usize),
}

/// What the values of a column mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Plain,
    /// Without a sign, in 64 bits or in 32.
    Unsigned {
        wide: bool,
    },
    /// Days since 1970.
    Date,
    /// So many in a second since 1970, in UTC or by a local clock.
    Time {
        per_second: i64,
        utc: bool,
    },
    /// With so many digits behind the point.
    Decimal {
        digits: usize,
    },
}

/// A column that holds values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub path: Vec<String>,
    pub physical: Physical,
    pub meaning: Meaning,
    /// The level at which a value is there; 0 where it always is.
    pub present: u32,
    /// Whether a row may hold several values.
    pub repeated: bool,
}

/// A piece of a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chunk {
    pub bytes: Range<usize>,
    pub codec: i64,
}

/// A group of rows, with a piece of each column.
#[derive(Debug, PartialEq)]
pub(super) struct RowGroup {
    pub rows: u64,
    pub chunks: Vec<Chunk>,
}

/// What a file says of itself.
#[derive(Debug, PartialEq)]
pub(super) struct Metadata {
    pub columns: Vec<Column>,
    pub groups: Vec<RowGroup>,
    /// The text `geo`, which tells of geometry.
    pub geo: Option<String>,
}

/// Reads what a file says of itself. `Err` says what is wrong.
pub(super) fn read_metadata(bytes: &[u8]) -> Result<Metadata, String> {
    let body = bytes.strip_prefix(MAGIC).ok_or("it does not begin with PAR1")?;
    let body = body.strip_suffix(MAGIC).ok_or("it does not end with PAR1; it is cut off, or encrypted")?;
    let (rest, length) = body.split_last_chunk::<4>().ok_or("it is too short")?;
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let start = rest.len().checked_sub(length).ok_or("its description is longer than the file")?;
    let (value, _) = Value::read(&rest[start..])?;
    let columns = columns_of(value.list(2))?;
    let groups = value.list(4).iter().map(|group| group_of(group, &columns, bytes.len())).collect::<Result<_, _>>()?;
    let pairs = value.list(5).iter();
    let geo = pairs.filter(|pair| pair.text(1).as_deref() == Some("geo")).find_map(|pair| pair.text(2));
    Ok(Metadata { columns, groups, geo })
}

/// The columns that hold values, from a list of the schema's nodes in depth-first order.
fn columns_of(nodes: &[Value<'_>]) -> Result<Vec<Column>, String> {
    /// A node whose children are still to come.
    struct Open {
        name: String,
        left: usize,
        present: u32,
        repeated: bool,
    }
    let (root, nodes) = nodes.split_first().ok_or("it has no schema")?;
    let left = root.size(5).unwrap_or(0);
    let mut open = vec![Open { name: String::new(), left, present: 0, repeated: false }];
    let mut columns = Vec::new();
    for node in nodes {
        while open.last().is_some_and(|parent| parent.left == 0) {
            open.pop();
        }
        let parent = open.last_mut().ok_or("its schema has more columns than it says")?;
        parent.left -= 1;
        let repetition = node.whole(3).unwrap_or(0);
        let present = parent.present + u32::from(repetition != 0);
        let repeated = parent.repeated || repetition == 2;
        let name = node.text(4).unwrap_or_default();
        match node.size(5).filter(|&children| children > 0) {
            Some(left) => {
                if open.len() > 16 {
                    return Err("its schema is nested too deep".to_owned());
                }
                open.push(Open { name, left, present, repeated });
            }
            None => {
                let path = open.iter().skip(1).map(|parent| parent.name.clone()).chain([name]).collect();
                let physical = physical_of(node)?;
                columns.push(Column { path, physical, meaning: meaning_of(node), present, repeated });
            }
        }
    }
    if open.iter().any(|parent| parent.left > 0) {
        return Err("its schema has fewer columns than it says".to_owned());
    }
    Ok(columns)
}

fn physical_of(node: &Value<'_>) -> Result<Physical, String> {
    Ok(match node.whole(1) {
        Some(0) => Physical::Bool,
        Some(1) => Physical::Int32,
        Some(2) => Physical::Int64,
        Some(3) => Physical::Fixed(12),
        Some(4) => Physical::Float,
        Some(5) => Physical::Double,
        Some(6) => Physical::Bytes,
        Some(7) => Physical::Fixed(node.size(2).filter(|&size| size > 0).ok_or("a column has values of no bytes")?),
        _ => return Err(format!("its column {} has values of an unknown kind", node.text(4).unwrap_or_default())),
    })
}

/// The meaning by the newer field, else by the older one.
fn meaning_of(node: &Value<'_>) -> Meaning {
    let logical = |number: i16| node.field(10).and_then(|logical| logical.field(number));
    let digits = |value: Option<i64>| usize::try_from(value.unwrap_or(0)).unwrap_or(0).min(38);
    let wide = node.whole(1) == Some(2);
    if let Some(decimal) = logical(5) {
        return Meaning::Decimal { digits: digits(decimal.whole(1)) };
    }
    if let Some(time) = logical(8) {
        let unit = |number: i16| time.field(2).and_then(|unit| unit.field(number)).is_some();
        let per_second = match () {
            () if unit(1) => 1_000,
            () if unit(2) => 1_000_000,
            () => 1_000_000_000,
        };
        return Meaning::Time { per_second, utc: time.field(1) == Some(&Value::Bool(true)) };
    }
    if logical(10).is_some_and(|whole| whole.field(2) == Some(&Value::Bool(false))) {
        return Meaning::Unsigned { wide };
    }
    match node.whole(6) {
        _ if logical(6).is_some() => Meaning::Date,
        Some(5) => Meaning::Decimal { digits: digits(node.whole(7)) },
        Some(6) => Meaning::Date,
        Some(9) => Meaning::Time { per_second: 1_000, utc: true },
        Some(10) => Meaning::Time { per_second: 1_000_000, utc: true },
        Some(11..=14) => Meaning::Unsigned { wide },
        _ => Meaning::Plain,
    }
}

fn group_of(group: &Value<'_>, columns: &[Column], length: usize) -> Result<RowGroup, String> {
    let chunks = group.list(1);
    if chunks.len() != columns.len() {
        return Err(format!("a group of rows has {} of {} columns", chunks.len(), columns.len()));
    }
    let chunks = chunks.iter().map(|chunk| chunk_of(chunk, length)).collect::<Result<_, _>>()?;
    let rows =
        group.whole(3).and_then(|rows| u64::try_from(rows).ok()).ok_or("a group of rows does not say how many")?;
    Ok(RowGroup { rows, chunks })
}

fn chunk_of(chunk: &Value<'_>, length: usize) -> Result<Chunk, String> {
    if chunk.field(1).is_some() {
        return Err("a column lies in another file".to_owned());
    }
    let of = chunk.field(3).ok_or("a column does not say where it lies; it may be encrypted")?;
    // A dictionary lies before the data; some programs write 0 where there is none.
    let data = of.size(9);
    let start = of.size(11).filter(|&start| start > 0 && data.is_none_or(|data| start < data)).or(data);
    let end = start.zip(of.size(7)).and_then(|(start, size)| start.checked_add(size));
    match start.zip(end).filter(|&(_, end)| end <= length) {
        Some((start, end)) => Ok(Chunk { bytes: start..end, codec: of.whole(4).unwrap_or(0) }),
        None => Err("a column lies outside the file".to_owned()),
    }
}
