//! A `.osm.pbf` file as blobs: bytes → the extent of every blob, and the content of one blob as the `osmpbf` crate
//! unpacks it.
//!
//! The crate reads lengths, messages and compressed data; this module asks beforehand what the crate does not: whether
//! the file ends inside a blob, and whether a blob declares more than the format allows. Knows no element.

use std::io::{Cursor, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};

use osmpbf::blob::{MAX_BLOB_HEADER_SIZE, MAX_BLOB_MESSAGE_SIZE};
use osmpbf::{BlobError, BlobReader, BlobType, ErrorKind, HeaderBlock, PrimitiveBlock};

use super::clip::StudyArea;
use super::error::OsmError;
use super::packing::{Packing, inflate, raw_blob};
use super::wire::count_messages;
use crate::base::silence::silenced;

/// Bytes that a packed byte of a file may unpack to. Extracts pack at 2 to 10.
const MOST_PER_PACKED_BYTE: u64 = 30;
/// Bytes that even the smallest file may unpack to.
const ALWAYS_ALLOWED: u64 = 16 * 1024 * 1024;
/// Most texts, groups and elements of one blob; the programs that write extracts put 8,000 elements into one.
const MOST_MESSAGES: usize = 2_000_000;

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
    let mut reader = BlobReader::new(Cursor::new(bytes));
    let mut blobs = Vec::new();
    let mut at = 0_usize;
    while at < bytes.len() {
        let (kind, end) = measure_blob(&mut reader, bytes, at, file).map_err(|error| match error {
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
    let unpacked = blobs.iter().map(|blob| blob.packing().unpacked()).fold(0, u64::saturating_add);
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
fn measure_blob(
    reader: &mut BlobReader<Cursor<&[u8]>>,
    bytes: &[u8],
    at: usize,
    file: &str,
) -> Result<(Option<BlobKind>, usize), OsmError> {
    let offset = at as u64;
    let truncated = |missing: usize| OsmError::Truncated {
        file: file.to_owned(),
        length: bytes.len() as u64,
        offset,
        missing: missing as u64,
    };
    let refused = |error| refusal(error, file, offset);

    // The crate takes a file that ends inside a length or a blob for a whole one, or for a damaged one.
    let rest = &bytes[at..];
    let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(|| truncated(4 - rest.len()))?;
    let header_length = u64::from(u32::from_be_bytes(*length));
    if header_length < MAX_BLOB_HEADER_SIZE && header_length as usize > rest.len() {
        return Err(truncated(header_length as usize - rest.len()));
    }

    reader.seek_raw(SeekFrom::Start(offset)).map_err(refused)?;
    let (header, _) = match reader.next_header_skip_blob() {
        Some(header) => header.map_err(refused)?,
        None => return Err(truncated(1)),
    };
    let Ok(declared) = u64::try_from(header.get_blob_size()) else {
        let reason = "it declares a negative size".to_owned();
        return Err(OsmError::Damaged { file: file.to_owned(), offset, reason });
    };
    if declared > MAX_BLOB_MESSAGE_SIZE + MAX_BLOB_HEADER_SIZE {
        return Err(OsmError::Oversized { file: file.to_owned(), offset, declared, allowed: MAX_BLOB_MESSAGE_SIZE });
    }
    let size = declared as usize;
    let body = rest.len() - header_length as usize;
    if size > body {
        return Err(truncated(size - body));
    }
    let kind = match header.blob_type() {
        BlobType::OsmHeader => Some(BlobKind::Header),
        BlobType::OsmData => Some(BlobKind::Data),
        BlobType::Unknown(_) => None,
    };
    Ok((kind, at + 4 + header_length as usize + size))
}

/// What the crate says, in our words.
fn refusal(error: osmpbf::Error, file: &str, offset: u64) -> OsmError {
    let file = file.to_owned();
    match error.kind() {
        ErrorKind::Blob(BlobError::HeaderTooBig { size }) => {
            OsmError::Oversized { file, offset, declared: *size, allowed: MAX_BLOB_HEADER_SIZE }
        }
        ErrorKind::Blob(BlobError::MessageTooBig { size }) => {
            OsmError::Oversized { file, offset, declared: *size, allowed: MAX_BLOB_MESSAGE_SIZE }
        }
        ErrorKind::Blob(BlobError::Empty) => OsmError::Unsupported {
            file,
            feature: "another compression than zlib".to_owned(),
            advice: "rewrite it with `osmium cat -f pbf,pbf_compression=zlib`",
        },
        _ => OsmError::Damaged { file, offset, reason: error.to_string() },
    }
}

/// Runs a step of the crate, whose sums and enumerations panic on damaged files; nothing of ours runs inside.
pub(super) fn guard<T>(step: impl FnOnce() -> T) -> Result<T, Malformed> {
    silenced(|| catch_unwind(AssertUnwindSafe(step)))
        .map_err(|_| Malformed("a number in it is too large, or a relation has a member of unknown kind"))
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

    /// The block of elements in it.
    pub fn unpack(&self) -> Result<PrimitiveBlock, OsmError> {
        self.unpack_as(osmpbf::Blob::to_primitiveblock)
    }

    /// What the header of the file tells. Refuses a file that demands what this reader cannot do.
    pub fn read_header(&self) -> Result<FileHeader, OsmError> {
        let header: HeaderBlock = self.unpack_as(osmpbf::Blob::to_headerblock)?;
        for feature in header.required_features() {
            let advice = match feature.as_str() {
                "OsmSchema-V0.6" | "DenseNodes" => continue,
                "HistoricalInformation" => "cut one day out of the history with `osmium time-filter`",
                _ => "rewrite it with `osmium cat`",
            };
            return Err(OsmError::Unsupported { file: self.file.to_owned(), feature: feature.clone(), advice });
        }
        let bounds = header.bbox().and_then(|b| StudyArea::new(b.left, b.bottom, b.right, b.top));
        Ok(FileHeader { newest: header.osmosis_replication_timestamp(), bounds })
    }

    /// The blob without its length and its header.
    fn body(&self) -> &'a [u8] {
        let length = self.bytes.first_chunk::<4>().map_or(0, |length| u32::from_be_bytes(*length) as usize);
        self.bytes.get(length.saturating_add(4)..).unwrap_or_default()
    }

    fn packing(&self) -> Packing<'a> {
        Packing::of(self.body())
    }

    /// The whole blob with its content not packed; `None` where it was not to begin with.
    fn unpacked(&self) -> Result<Option<Vec<u8>>, OsmError> {
        let Packing::Zlib(packed, declared) = self.packing() else { return Ok(None) };
        if declared > MAX_BLOB_MESSAGE_SIZE {
            let (file, offset) = (self.file.to_owned(), self.offset);
            return Err(OsmError::Oversized { file, offset, declared, allowed: MAX_BLOB_MESSAGE_SIZE });
        }
        let content = inflate(packed, declared).map_err(|reason| self.damaged(reason))?;
        Ok(Some(raw_blob(self.kind, &content)))
    }

    fn unpack_as<T>(&self, content: fn(&osmpbf::Blob) -> osmpbf::Result<T>) -> Result<T, OsmError> {
        let unpacked = self.unpacked()?;
        let whole = PackedBlob { bytes: unpacked.as_deref().unwrap_or(self.bytes), ..*self };
        if let Packing::Raw(block) = whole.packing()
            && count_messages(block) > MOST_MESSAGES
        {
            return Err(self.damaged(Malformed("it holds more than two million elements and texts")));
        }
        let unpacked = guard(|| BlobReader::new(whole.bytes).next().map(|blob| content(&blob?)));
        match unpacked.map_err(|reason| self.damaged(reason))? {
            Some(content) => content.map_err(|error| refusal(error, self.file, self.offset)),
            None => Err(self.damaged(Malformed("it holds no data"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::super::packing::push_varint;
    use super::*;

    #[test]
    fn a_panic_of_the_crate_becomes_an_error() {
        assert_eq!(guard(|| 7), Ok(7));
        assert!(guard(|| std::iter::empty::<u8>().next().expect("a panic")).is_err());
    }

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
        for bytes in [zlib_blob("OSMHeader", feature, 16), raw_blob(BlobKind::Header, feature)] {
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

    #[test]
    fn a_block_of_millions_of_empty_groups_is_refused() {
        let bytes = [blob("OSMHeader", &[0], b""), raw_blob(BlobKind::Data, &b"\x12\x00".repeat(MOST_MESSAGES + 1))];
        let bytes = bytes.concat();
        let blobs = split_blobs(&bytes, "a.osm.pbf").expect("two blobs");
        assert!(matches!(blobs[1].unpack(), Err(OsmError::Damaged { .. })));
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
