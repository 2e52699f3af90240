//! A `.osm.pbf` file as blobs: bytes → checked slices, and the content of one blob decompressed.
//!
//! Limits are those of the format: 64 KiB for a blob's header, 32 MiB for its content. Knows no element.

use std::io::Read;

use super::error::OsmError;
use super::wire::{Fields, Malformed};

/// Largest blob header the format allows, bytes (OSM wiki, PBF format).
const LARGEST_HEADER: u64 = 64 * 1024;
/// Largest blob the format allows, compressed or not, bytes (OSM wiki, PBF format).
const LARGEST_BLOB: u64 = 32 * 1024 * 1024;

/// What a blob holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlobKind {
    /// The header of the file.
    Header,
    /// Elements.
    Data,
}

/// A blob of a file, still compressed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blob<'a> {
    /// What it holds.
    pub kind: BlobKind,
    /// Where it starts in the file.
    pub offset: u64,
    /// Bytes of the file up to its end, from its start.
    pub length: u64,
    /// The blob message.
    pub message: &'a [u8],
}

/// The header of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    /// When the data were taken, seconds since 1970.
    pub replication_timestamp: Option<i64>,
}

/// Cuts a file into its blobs, in file order; the first is the header. `file` names it in errors.
pub(super) fn split_blobs<'a>(bytes: &'a [u8], file: &str) -> Result<Vec<Blob<'a>>, OsmError> {
    if bytes.is_empty() {
        return Err(OsmError::Empty { file: file.to_owned() });
    }
    if let Some(found) = other_format(bytes) {
        return Err(OsmError::NotPbf { file: file.to_owned(), found });
    }
    let mut blobs = Vec::new();
    let mut at = 0_usize;
    let mut first = true;
    while at < bytes.len() {
        let (blob, next) = read_blob(bytes, at, file).map_err(|error| match error {
            OsmError::Damaged { .. } | OsmError::Oversized { .. } | OsmError::Truncated { .. }
                if first && !looks_like_header(bytes) =>
            {
                OsmError::NotPbf { file: file.to_owned(), found: "does not start with an OSM header block" }
            }
            other => other,
        })?;
        if first && blob.is_none_or(|b| b.kind != BlobKind::Header) {
            let found = "does not start with an OSM header block";
            return Err(OsmError::NotPbf { file: file.to_owned(), found });
        }
        first = false;
        blobs.extend(blob);
        at = next;
    }
    Ok(blobs)
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

/// The blob that starts at byte `at` (`None` for a blob of unknown type) and where the next one starts.
fn read_blob<'a>(bytes: &'a [u8], at: usize, file: &str) -> Result<(Option<Blob<'a>>, usize), OsmError> {
    let offset = at as u64;
    let truncated = |missing: usize| OsmError::Truncated {
        file: file.to_owned(),
        length: bytes.len() as u64,
        offset,
        missing: missing as u64,
    };
    let oversized = |declared, allowed| OsmError::Oversized { file: file.to_owned(), offset, declared, allowed };
    let damaged = |Malformed(reason)| OsmError::Damaged { file: file.to_owned(), offset, reason };

    let rest = &bytes[at..];
    let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(|| truncated(4 - rest.len()))?;
    let header_length = u32::from_be_bytes(*length);
    if u64::from(header_length) > LARGEST_HEADER {
        return Err(oversized(u64::from(header_length), LARGEST_HEADER));
    }
    let header_length = header_length as usize;
    let (header, rest) = rest.split_at_checked(header_length).ok_or_else(|| truncated(header_length - rest.len()))?;

    let mut kind: &[u8] = b"";
    let mut declared = None;
    let mut fields = Fields::new(header);
    while let Some((number, value)) = fields.next().map_err(damaged)? {
        match number {
            1 => kind = value.bytes().map_err(damaged)?,
            3 => declared = Some(value.number().map_err(damaged)?),
            _ => {}
        }
    }
    let declared = declared.ok_or_else(|| damaged(Malformed("its header tells no length")))?;
    if declared > LARGEST_BLOB + LARGEST_HEADER {
        return Err(oversized(declared, LARGEST_BLOB));
    }
    let size = declared as usize;
    let message = rest.get(..size).ok_or_else(|| truncated(size - rest.len()))?;
    let next = at + 4 + header_length + size;
    let kind = match kind {
        b"OSMHeader" => BlobKind::Header,
        b"OSMData" => BlobKind::Data,
        _ => return Ok((None, next)),
    };
    Ok((Some(Blob { kind, offset, length: (next - at) as u64, message }), next))
}

/// The content of a blob, decompressed into `buffer`.
pub(super) fn inflate_blob(blob: &Blob<'_>, file: &str, buffer: &mut Vec<u8>) -> Result<(), OsmError> {
    let damaged = |Malformed(reason)| OsmError::Damaged { file: file.to_owned(), offset: blob.offset, reason };
    let oversized =
        |declared| OsmError::Oversized { file: file.to_owned(), offset: blob.offset, declared, allowed: LARGEST_BLOB };
    buffer.clear();
    let mut declared = None;
    let mut content = None;
    let mut fields = Fields::new(blob.message);
    while let Some((number, value)) = fields.next().map_err(damaged)? {
        match number {
            2 => declared = Some(value.number().map_err(damaged)?),
            1 | 3..=7 => content = Some((number, value.bytes().map_err(damaged)?)),
            _ => {}
        }
    }
    if let Some(declared) = declared.filter(|&d| d > LARGEST_BLOB) {
        return Err(oversized(declared));
    }
    match content {
        Some((1, raw)) => buffer.extend_from_slice(raw),
        Some((3, compressed)) => {
            // Deflate cannot pack more than about 1032:1, so a small blob cannot make us reserve much.
            let likely = declared.unwrap_or(0).min(compressed.len() as u64 * 1032);
            buffer.reserve(likely as usize + 1);
            let mut decoder = flate2::bufread::ZlibDecoder::new(compressed).take(LARGEST_BLOB + 1);
            decoder.read_to_end(buffer).map_err(|_| damaged(Malformed("its zlib data cannot be unpacked")))?;
            if buffer.len() as u64 > LARGEST_BLOB {
                return Err(oversized(buffer.len() as u64));
            }
        }
        Some((number, _)) => {
            let feature = match number {
                4 => "lzma compression",
                5 => "bzip2 compression",
                6 => "lz4 compression",
                _ => "zstd compression",
            };
            return Err(OsmError::Unsupported {
                file: file.to_owned(),
                feature: feature.to_owned(),
                advice: "rewrite it with `osmium cat -f pbf,pbf_compression=zlib`",
            });
        }
        None => return Err(damaged(Malformed("it holds no data"))),
    }
    if declared.is_some_and(|d| d != buffer.len() as u64) && matches!(content, Some((3, _))) {
        return Err(damaged(Malformed("its size is not the declared one")));
    }
    Ok(())
}

/// Reads the header of a file and refuses what it says this reader cannot do.
pub(super) fn read_header(blob: &Blob<'_>, file: &str) -> Result<Header, OsmError> {
    let damaged = |Malformed(reason)| OsmError::Damaged { file: file.to_owned(), offset: blob.offset, reason };
    let mut buffer = Vec::new();
    inflate_blob(blob, file, &mut buffer)?;
    let mut header = Header::default();
    let mut fields = Fields::new(&buffer);
    while let Some((number, value)) = fields.next().map_err(damaged)? {
        match number {
            4 => {
                let feature = String::from_utf8_lossy(value.bytes().map_err(damaged)?).into_owned();
                let advice = match feature.as_str() {
                    "OsmSchema-V0.6" | "DenseNodes" => continue,
                    "HistoricalInformation" => "cut one day out of the history with `osmium time-filter`",
                    _ => "rewrite it with `osmium cat`",
                };
                return Err(OsmError::Unsupported { file: file.to_owned(), feature, advice });
            }
            32 => header.replication_timestamp = Some(value.number().map_err(damaged)? as i64),
            _ => {}
        }
    }
    Ok(header)
}
