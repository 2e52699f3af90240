//! A `.osm.pbf` file as blobs: bytes → the extent of every blob, and what is in one, unpacked.
//!
//! Checks what is declared before anything is unpacked: whether the file ends inside a blob, whether a blob is larger
//! than the format allows, and whether all of them unpack to more than any real extract. Knows no element.

use std::borrow::Cow;

use super::clip::StudyArea;
use super::error::OsmError;
use super::packing::{Packing, inflate};
use super::wire::{Field, Fields, signed};

/// Most bytes of the header of a blob, by the format.
const MOST_HEADER: u64 = 64 * 1024;
/// Most bytes of what is in a blob, by the format.
const MOST_CONTENT: u64 = 32 * 1024 * 1024;
/// Bytes that a packed byte of a file may unpack to. Extracts pack at 2 to 10.
const MOST_PER_PACKED_BYTE: u64 = 30;
/// Bytes that even the smallest file may unpack to.
const ALWAYS_ALLOWED: u64 = 16 * 1024 * 1024;

const NO_HEADER: &str = "does not start with an OSM header block";

/// Why the content of a block cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed(pub &'static str);

/// What a blob holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlobKind {
    /// The header of the file.
    Header,
    /// Elements.
    Data,
}

/// A blob of a file, still packed.
#[derive(Clone, Copy, Debug)]
pub(super) struct PackedBlob<'a> {
    /// What it holds.
    pub kind: BlobKind,
    /// Where it starts in the file.
    pub offset: u64,
    /// The file as it was named, for errors.
    pub file: &'a str,
    /// All its bytes: length, blob header and blob.
    pub bytes: &'a [u8],
}

/// Cuts a file into its blobs, in file order; the first is the header. `file` names it in errors.
pub(super) fn split_blobs<'a>(bytes: &'a [u8], file: &'a str) -> Result<Vec<PackedBlob<'a>>, OsmError> {
    if bytes.is_empty() {
        return Err(OsmError::Empty { file: file.to_owned() });
    }
    if let Some(found) = other_format(bytes) {
        return Err(OsmError::NotPbf { file: file.to_owned(), found });
    }
    let no_header = || OsmError::NotPbf { file: file.to_owned(), found: NO_HEADER };
    let mut blobs = Vec::new();
    let mut at = 0_usize;
    while at < bytes.len() {
        let (kind, end) = measure_blob(bytes, at, file).map_err(|error| match error {
            _ if at == 0 && !looks_like_header(bytes) => no_header(),
            other => other,
        })?;
        if at == 0 && kind != Some(BlobKind::Header) {
            return Err(no_header());
        }
        blobs.extend(kind.map(|kind| PackedBlob { kind, offset: at as u64, file, bytes: &bytes[at..end] }));
        at = end;
    }
    check_density(&blobs, file)?;
    Ok(blobs)
}

/// Refuses a file of which little unpacks to more than any extract holds; each blob is held to what it declares.
fn check_density(blobs: &[PackedBlob<'_>], file: &str) -> Result<(), OsmError> {
    let packed: u64 = blobs.iter().map(PackedBlob::length).sum();
    let mut unpacked = 0_u64;
    for blob in blobs {
        let packing = blob.packing().map_err(|reason| blob.damaged(reason))?;
        unpacked = unpacked.saturating_add(packing.unpacked());
    }
    let allowed = packed.saturating_mul(MOST_PER_PACKED_BYTE).saturating_add(ALWAYS_ALLOWED);
    if unpacked > allowed {
        return Err(OsmError::TooDense { file: file.to_owned(), packed, unpacked, allowed });
    }
    Ok(())
}

fn other_format(bytes: &[u8]) -> Option<&'static str> {
    let start = bytes.trim_ascii_start();
    match start {
        [b'<', ..] => Some("is an XML file"),
        [b'{', ..] => Some("is a JSON file"),
        [b'P', b'K', 3, 4, ..] => Some("is a zip file"),
        [0x1f, 0x8b, ..] => Some("is a gzip file"),
        [b'B', b'Z', b'h', ..] => Some("is a bzip2 file"),
        _ => None,
    }
}

/// Whether the name of the header block stands where every PBF file has it.
fn looks_like_header(bytes: &[u8]) -> bool {
    bytes.get(..32).unwrap_or(bytes).windows(9).any(|part| part == b"OSMHeader")
}

/// What the blob that starts at byte `at` holds (`None` for a type we do not know) and where it ends.
fn measure_blob(bytes: &[u8], at: usize, file: &str) -> Result<(Option<BlobKind>, usize), OsmError> {
    let offset = at as u64;
    let truncated = |missing: usize| OsmError::Truncated {
        file: file.to_owned(),
        length: bytes.len() as u64,
        offset,
        missing: missing as u64,
    };
    let oversized = |declared, allowed| OsmError::Oversized { file: file.to_owned(), offset, declared, allowed };
    let damaged = |reason: &str| OsmError::Damaged { file: file.to_owned(), offset, reason: reason.to_owned() };

    let rest = &bytes[at..];
    let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(|| truncated(4 - rest.len()))?;
    let header_length = u32::from_be_bytes(*length) as usize;
    if header_length as u64 >= MOST_HEADER {
        return Err(oversized(header_length as u64, MOST_HEADER));
    }
    let header = rest.get(..header_length).ok_or_else(|| truncated(header_length - rest.len()))?;
    let (mut kind, mut declared) = (None, None);
    for field in Fields(header) {
        match field.map_err(|Malformed(reason)| damaged(reason))? {
            (1, Field::Bytes(name)) => kind = Some(name),
            (3, Field::Number(size)) => declared = Some(size as i64),
            _ => {}
        }
    }
    let (Some(kind), Some(declared)) = (kind, declared) else {
        return Err(damaged("it tells no kind or no size"));
    };
    let declared = u64::try_from(declared).map_err(|_| damaged("it declares a negative size"))?;
    if declared > MOST_CONTENT + MOST_HEADER {
        return Err(oversized(declared, MOST_CONTENT));
    }
    let (size, body) = (declared as usize, rest.len() - header_length);
    if size > body {
        return Err(truncated(size - body));
    }
    let kind = match kind {
        b"OSMHeader" => Some(BlobKind::Header),
        b"OSMData" => Some(BlobKind::Data),
        _ => None,
    };
    Ok((kind, at + 4 + header_length + size))
}

/// What the header of a file tells.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct FileHeader {
    /// When the data were taken, seconds since 1970.
    pub newest: Option<i64>,
    /// The box that the extract was cut to.
    pub bounds: Option<StudyArea>,
}

impl<'a> PackedBlob<'a> {
    /// An error of this blob.
    pub fn damaged(&self, Malformed(reason): Malformed) -> OsmError {
        OsmError::Damaged { file: self.file.to_owned(), offset: self.offset, reason: reason.to_owned() }
    }

    /// Bytes of the file that it takes.
    pub fn length(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// What the header of the file tells. Refuses a file that demands what this reader cannot do.
    pub fn read_header(&self) -> Result<FileHeader, OsmError> {
        let content = self.unpack()?;
        let mut header = FileHeader::default();
        for field in Fields(&content) {
            match field.map_err(|reason| self.damaged(reason))? {
                (1, Field::Bytes(sides)) => header.bounds = read_box(sides).map_err(|reason| self.damaged(reason))?,
                (4, Field::Bytes(feature)) => self.check_feature(&String::from_utf8_lossy(feature))?,
                (32, Field::Number(seconds)) => header.newest = Some(seconds as i64),
                _ => {}
            }
        }
        Ok(header)
    }

    fn check_feature(&self, feature: &str) -> Result<(), OsmError> {
        let advice = match feature {
            "OsmSchema-V0.6" | "DenseNodes" => return Ok(()),
            "HistoricalInformation" => "cut one day out of the history with `osmium time-filter`",
            _ => "rewrite it with `osmium cat`",
        };
        Err(OsmError::Unsupported { file: self.file.to_owned(), feature: feature.to_owned(), advice })
    }

    /// What is in it, unpacked: a header, or a block of elements.
    pub fn unpack(&self) -> Result<Cow<'a, [u8]>, OsmError> {
        let (file, offset) = (self.file.to_owned(), self.offset);
        let packing = self.packing().map_err(|reason| self.damaged(reason))?;
        if packing.unpacked() > MOST_CONTENT {
            return Err(OsmError::Oversized { file, offset, declared: packing.unpacked(), allowed: MOST_CONTENT });
        }
        match packing {
            Packing::Raw(content) => Ok(Cow::Borrowed(content)),
            Packing::Zlib(packed, declared) => {
                inflate(packed, declared as usize).map(Cow::Owned).map_err(|reason| self.damaged(reason))
            }
            Packing::Empty => Err(self.damaged(Malformed("it holds no data"))),
            Packing::Other => Err(OsmError::Unsupported {
                file,
                feature: "another compression than zlib".to_owned(),
                advice: "rewrite it with `osmium cat -f pbf,pbf_compression=zlib`",
            }),
        }
    }

    /// The blob without its length and its header.
    fn body(&self) -> &'a [u8] {
        let length = self.bytes.first_chunk::<4>().map_or(0, |length| u32::from_be_bytes(*length) as usize);
        self.bytes.get(length.saturating_add(4)..).unwrap_or_default()
    }

    fn packing(&self) -> Result<Packing<'a>, Malformed> {
        Packing::of(self.body())
    }
}

/// The box of a header: left, right, top and bottom in nanodegrees; `None` where it is none.
fn read_box(message: &[u8]) -> Result<Option<StudyArea>, Malformed> {
    let mut sides = [None; 4];
    for field in Fields(message) {
        if let (number @ 1..=4, Field::Number(nanodegrees)) = field? {
            sides[number as usize - 1] = Some(signed(nanodegrees) as f64 * 1e-9);
        }
    }
    let [Some(left), Some(right), Some(top), Some(bottom)] = sides else { return Ok(None) };
    Ok(StudyArea::new(left, bottom, right, top))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::super::block::Block;
    use super::*;

    /// A blob by hand: its header's length, its type (field 1) and size (field 3), then the blob itself.
    fn blob(kind: &str, size: &[u8], body: &[u8]) -> Vec<u8> {
        let header = [&[0x0a, kind.len() as u8], kind.as_bytes(), &[0x18], size].concat();
        [&(header.len() as u32).to_be_bytes(), header.as_slice(), body].concat()
    }

    #[test]
    fn a_blob_that_declares_more_than_the_format_allows_is_refused_unread() {
        // 0x7fffffff bytes, the most that the field can hold.
        match split_blobs(&blob("OSMHeader", &[0xff, 0xff, 0xff, 0xff, 0x07], b""), "a.osm.pbf") {
            Err(OsmError::Oversized { declared, offset: 0, .. }) => assert_eq!(declared, i32::MAX as u64),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_blob_of_negative_size_does_not_send_the_reader_back() {
        // -1, and -26: back from the end of the header (4 + 2 + 9 + 1 + 10 bytes) to where it starts, for ever.
        for low in [0xff, 0xe6] {
            let size = [low, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
            let bytes = blob("OSMHeader", &size, b"");
            let split = split_blobs(&bytes, "a.osm.pbf");
            assert!(matches!(split, Err(OsmError::Damaged { offset: 0, .. })), "{split:?}");
        }
    }

    fn push_varint(bytes: &mut Vec<u8>, mut value: usize) {
        while value >= 0x80 {
            bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        bytes.push(value as u8);
    }

    /// Content that is not packed.
    fn raw_blob(kind: &str, content: &[u8]) -> Vec<u8> {
        let mut body = vec![0x0a];
        push_varint(&mut body, content.len());
        body.extend(content);
        let mut size = Vec::new();
        push_varint(&mut size, body.len());
        blob(kind, &size, &body)
    }

    /// Content packed with zlib, which declares to be so many bytes.
    fn zlib_blob(kind: &str, content: &[u8], declared: usize) -> Vec<u8> {
        let mut packed = Vec::new();
        flate2::read::ZlibEncoder::new(content, flate2::Compression::best()).read_to_end(&mut packed).expect("packed");
        let mut body = vec![0x10];
        push_varint(&mut body, declared);
        body.push(0x1a);
        push_varint(&mut body, packed.len());
        body.extend(packed);
        let mut size = Vec::new();
        push_varint(&mut size, body.len());
        blob(kind, &size, &body)
    }

    #[test]
    fn packed_and_plain_content_read_the_same() {
        let feature = b"\x22\x0eOsmSchema-V0.6";
        for bytes in [zlib_blob("OSMHeader", feature, 16), raw_blob("OSMHeader", feature)] {
            let blobs = split_blobs(&bytes, "a.osm.pbf").expect("a blob");
            assert_eq!(blobs[0].read_header().expect("a header"), FileHeader::default());
        }
        for declared in [15, 17, 0] {
            let bytes = zlib_blob("OSMHeader", feature, declared);
            let found = split_blobs(&bytes, "a.osm.pbf").expect("a blob")[0].read_header();
            assert!(matches!(found, Err(OsmError::Damaged { .. })), "{found:?}");
        }
    }

    #[test]
    fn a_small_file_that_unpacks_to_much_is_refused_before_it_is_unpacked() {
        let zeros = vec![0; 4 << 20];
        let one = zlib_blob("OSMData", &zeros, zeros.len());
        let header = blob("OSMHeader", &[0], b"");
        let file = |count: usize| [header.clone(), one.repeat(count)].concat();
        assert!(split_blobs(&file(4), "a.osm.pbf").is_ok(), "16 MB are allowed to any file");
        match split_blobs(&file(5), "a.osm.pbf") {
            Err(OsmError::TooDense { unpacked, packed, .. }) => {
                assert_eq!((unpacked, packed), (5 << 22, file(5).len() as u64))
            }
            other => panic!("{other:?}"),
        }
    }

    /// Each takes two bytes here and many more read.
    #[test]
    fn a_block_of_millions_of_empty_texts_or_elements_is_refused() {
        let many = b"\x0a\x00".repeat(2_000_001);
        for field in [0x0a, 0x12] {
            let mut block = vec![field];
            push_varint(&mut block, many.len());
            block.extend(&many);
            let bytes = [blob("OSMHeader", &[0], b""), raw_blob("OSMData", &block)].concat();
            let blobs = split_blobs(&bytes, "a.osm.pbf").expect("two blobs");
            let content = blobs[1].unpack().expect("whole");
            let ways = Block::read(&content).and_then(|block| block.for_each(|_| Ok(())));
            assert!(ways.is_err(), "{field}");
        }
    }

    #[test]
    fn other_compressions_are_named_as_such() {
        // Field 7 of a blob is zstd data.
        let bytes = blob("OSMHeader", &[3], &[0x3a, 1, 0]);
        let blobs = split_blobs(&bytes, "a.osm.pbf").expect("one blob");
        assert!(matches!(blobs[0].read_header(), Err(OsmError::Unsupported { .. })));
    }

    #[test]
    fn unknown_blobs_are_passed_over() {
        let bytes = [blob("OSMHeader", &[0], b""), blob("Index", &[2], b"??"), blob("OSMData", &[0], b"")].concat();
        let blobs = split_blobs(&bytes, "a.osm.pbf").expect("three blobs");
        let found: Vec<_> = blobs.iter().map(|blob| (blob.kind, blob.offset, blob.length())).collect();
        // 4 bytes of length, a header of 2 + name + 2, and the blob.
        assert_eq!(found, [(BlobKind::Header, 0, 17), (BlobKind::Data, 17 + 15, 15)]);
    }
}
