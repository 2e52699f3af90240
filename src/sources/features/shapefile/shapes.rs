//! The `.shp` file and its index → a geometry per record.
//!
//! In: bytes. Out: where the records lie, and the geometry of each, without heights and measures. No declared size is
//! trusted: all are checked against the bytes there are. The `shapefile` crate (0.9) reserves memory for the declared
//! number of points before it looks, panics where that number is negative, and ends at the first bad record: hence this
//! reader. Layout: ESRI Shapefile Technical Description, July 1998.

use std::ops::Range;

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point};

use super::rings::{SortedBy, polygons_of};

/// Bytes of the header of a `.shp` or `.shx` file.
const HEADER: usize = 100;
/// First bytes of both.
pub(super) const MAGIC: [u8; 4] = 9994_i32.to_be_bytes();
/// Kinds of shape without, with height, with measure.
const POLYGONS: [i32; 3] = [5, 15, 25];

/// Where the contents of the records lie in a `.shp` file, in the order of its table.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Records {
    pub contents: Vec<Range<usize>>,
    /// Why the last records are missing, if they are.
    pub cut_off: Option<String>,
}

/// What a record holds.
#[derive(Debug, PartialEq)]
pub(super) struct Shape {
    pub geometry: Option<Geometry<f64>>,
    /// A ring did not end where it starts and was closed.
    pub open_ring: bool,
    /// The rings run in directions that make no sense and were sorted by what lies inside what.
    pub odd_directions: bool,
}

/// Whether the header of a `.shp` file says that it holds polygons.
pub(super) fn holds_polygons(shp: &[u8]) -> bool {
    whole_at(shp, 32).is_some_and(|kind| POLYGONS.contains(&kind))
}

/// Refuses what is no `.shp` file.
pub(super) fn check_header(shp: &[u8]) -> Result<(), String> {
    if !shp.starts_with(&MAGIC) {
        return Err("it does not begin with the file code 9994".to_owned());
    }
    if shp.len() < HEADER {
        return Err(format!("it ends inside its header, after {} of {HEADER} bytes", shp.len()));
    }
    Ok(())
}

/// The records one after the other. They are numbered, and nothing else tells where the next begins.
pub(super) fn records_in_order(shp: &[u8]) -> Records {
    let mut found = Records::default();
    let mut at = HEADER;
    while at < shp.len() {
        let number = found.contents.len() + 1;
        let Some(words) = big_at(shp, at + 4) else {
            found.cut_off = Some(format!("ends inside the header of record {number}"));
            break;
        };
        let content = usize::try_from(words).ok().and_then(|words| content_at(shp, at, words));
        match content {
            Some(content) => {
                at = content.end;
                found.contents.push(content);
            }
            None => {
                let left = shp.len() - at - 8;
                found.cut_off = Some(format!("has {left} bytes left for record {number}, which says {words} words"));
                break;
            }
        }
    }
    found
}

/// The records as the index lists them, which programs leave behind that write a changed shape at the end of the
/// file. `Err` says why the index cannot be used.
pub(super) fn records_by_index(shp: &[u8], shx: &[u8]) -> Result<Records, String> {
    if !shx.starts_with(&MAGIC) || shx.len() < HEADER {
        return Err("is not an index of a Shapefile".to_owned());
    }
    let entries = shx[HEADER..].chunks_exact(8);
    if !entries.remainder().is_empty() {
        return Err("ends inside an entry".to_owned());
    }
    let mut left = shp.len();
    let mut contents = Vec::with_capacity(entries.len());
    for (entry, number) in entries.zip(1_usize..) {
        let outside = || format!("points outside the file with entry {number}");
        let at = big_at(entry, 0).and_then(|words| usize::try_from(words).ok()?.checked_mul(2)).ok_or_else(outside)?;
        let words = big_at(shp, at.saturating_add(4)).and_then(|words| usize::try_from(words).ok());
        let content =
            words.filter(|_| at >= HEADER).and_then(|words| content_at(shp, at, words)).ok_or_else(outside)?;
        // Entries that share bytes would unpack a small file without end.
        left = left.checked_sub(content.len() + 8).ok_or("lists more bytes than the file has")?;
        contents.push(content);
    }
    Ok(Records { contents, cut_off: None })
}

fn content_at(shp: &[u8], at: usize, words: usize) -> Option<Range<usize>> {
    let start = at.checked_add(8)?;
    let end = start.checked_add(words.checked_mul(2)?)?;
    (end <= shp.len()).then_some(start..end)
}

/// The geometry of a record's content. `Err` says what is wrong with it.
pub(super) fn parse_shape(content: &[u8]) -> Result<Shape, String> {
    let plain = |geometry| Shape { geometry, open_ring: false, odd_directions: false };
    let kind = whole_at(content, 0).ok_or("shape ends before its kind")?;
    match kind {
        0 => Ok(plain(None)),
        1 | 11 | 21 => {
            let point = point_at(content, 4).ok_or("shape ends too early")?;
            Ok(plain(Some(Point(point).into())))
        }
        8 | 18 | 28 => {
            let count = count_at(content, 36, 40, 16)?;
            let points = points_in(content, 40, 0..count);
            Ok(plain(Some(MultiPoint(points.into_iter().map(Point).collect()).into())))
        }
        3 | 13 | 23 => {
            let lines: Vec<LineString<f64>> = parts_of(content)?;
            Ok(plain(Some(MultiLineString(lines).into())))
        }
        5 | 15 | 25 => polygon_of(content),
        31 => Err("shape is a MultiPatch, a surface in space".to_owned()),
        other => Err(format!("shape is of the unknown kind {other}")),
    }
}

fn polygon_of(content: &[u8]) -> Result<Shape, String> {
    let mut rings = parts_of(content)?;
    rings.retain(|ring| !ring.0.is_empty());
    let open_ring = rings.iter().any(|ring| ring.0.first() != ring.0.last());
    rings.iter_mut().for_each(LineString::close);
    if rings.is_empty() {
        return Ok(Shape { geometry: None, open_ring: false, odd_directions: false });
    }
    let (mut polygons, sorted_by) = polygons_of(rings)?;
    let geometry = match polygons.len() {
        1 => polygons.remove(0).into(),
        _ => MultiPolygon(polygons).into(),
    };
    Ok(Shape { geometry: Some(geometry), open_ring, odd_directions: sorted_by == SortedBy::Nesting })
}

/// The parts of a line or polygon: counts, where each part begins, then all points.
fn parts_of(content: &[u8]) -> Result<Vec<LineString<f64>>, String> {
    let parts = count_at(content, 36, 44, 4)?;
    let first_point = 44 + 4 * parts;
    let points = count_at(content, 40, first_point, 16)?;
    let starts = (0..parts).map(|i| whole_at(content, 44 + 4 * i).and_then(|start| usize::try_from(start).ok()));
    let starts: Vec<usize> = starts.collect::<Option<_>>().ok_or("shape has a part that starts before its points")?;
    let ends = starts.iter().skip(1).copied().chain([points]);
    let spans = starts.iter().zip(ends).map(|(&start, end)| start..end);
    spans
        .map(|span| {
            if span.start > span.end || span.end > points {
                let Range { start, end } = span;
                return Err(format!("shape has a part from point {start} to {end} of {points}"));
            }
            Ok(LineString(points_in(content, first_point, span)))
        })
        .collect()
}

/// A declared count at an offset, refused if the bytes from `first` on cannot hold as many.
fn count_at(content: &[u8], at: usize, first: usize, bytes_each: usize) -> Result<usize, String> {
    let declared = whole_at(content, at).ok_or("shape ends too early")?;
    let left = content.len().saturating_sub(first);
    match usize::try_from(declared) {
        Ok(count) if count <= left / bytes_each => Ok(count),
        _ => Err(format!("shape declares {declared} parts or points and has {left} bytes left")),
    }
}

fn points_in(content: &[u8], first: usize, span: Range<usize>) -> Vec<Coord<f64>> {
    span.map_while(|i| point_at(content, first + 16 * i)).collect()
}

fn point_at(content: &[u8], at: usize) -> Option<Coord<f64>> {
    Some(Coord { x: f64::from_le_bytes(bytes_at(content, at)?), y: f64::from_le_bytes(bytes_at(content, at + 8)?) })
}

fn whole_at(content: &[u8], at: usize) -> Option<i32> {
    bytes_at(content, at).map(i32::from_le_bytes)
}

fn big_at(bytes: &[u8], at: usize) -> Option<i32> {
    bytes_at(bytes, at).map(i32::from_be_bytes)
}

fn bytes_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}
