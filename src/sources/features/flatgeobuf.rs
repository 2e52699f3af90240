//! FlatGeobuf: a header, an index that is passed over, then one feature after the other.
//!
//! In: bytes. Out: a layer with the code of its system. The `flatgeobuf` crate (6.0) trusts where the parts of a geometry
//! end, and panics where they end outside; it makes room for the size that a feature declares, up to 4 GB: hence this
//! reader, which follows no offset that leaves the file. Layout: the FlatGeobuf schemas `header.fbs` and `feature.fbs`.

mod geometry;
mod properties;
mod table;

use geo::CoordsIter;

use self::geometry::GeometryReader;
use self::properties::{Column, Unreadable, columns_of, read_properties};
use self::table::Table;
use super::budget::Budget;
use super::{FeaturesError, RawFeature, RawLayer, crs_name};
use crate::base::notice::{Notice, Notices};

/// First bytes of a file: `fgb`, the version 3, `fgb`, and a patch that does not matter.
const MAGIC: &[u8] = b"fgb\x03fgb";
/// Bytes of an entry of the index: a box and an offset.
const INDEX_ENTRY: u64 = 40;
/// Bytes of memory that a byte of the file may stand for: a flag of three bytes is told as a name and a text.
const MEMORY_PER_BYTE: u64 = 60;

/// Fields of the tables `Header`, `Crs` and `Feature`.
mod field {
    pub const GEOMETRY_KIND: usize = 2;
    pub const COLUMNS: usize = 7;
    pub const FEATURES: usize = 8;
    pub const INDEX_NODE: usize = 9;
    pub const CRS: usize = 10;
    pub const CRS_ORGANISATION: usize = 0;
    pub const CRS_CODE: usize = 1;
    pub const CRS_NAME: usize = 2;
    pub const CRS_WKT: usize = 4;
    pub const FEATURE_GEOMETRY: usize = 0;
    pub const FEATURE_PROPERTIES: usize = 1;
    pub const FEATURE_COLUMNS: usize = 2;
}

/// Whether the first bytes are those of FlatGeobuf, of whatever version.
pub(crate) fn is_flatgeobuf(head: &[u8]) -> bool {
    head.starts_with(b"fgb")
}

/// What the header tells.
struct Header {
    kind: u8,
    columns: Vec<Column>,
    /// 0 where it is not known.
    features: u64,
    index_node: u64,
    epsg: Option<u32>,
    /// A system that is declared and not known.
    unknown_crs: Option<String>,
}

/// Reads a layer from the bytes of a file.
pub(super) fn parse_layer(file: &str, bytes: &[u8], notices: &mut Notices) -> Result<RawLayer, FeaturesError> {
    let damaged = |reason: String| FeaturesError::Damaged { file: file.to_owned(), format: "FlatGeobuf file", reason };
    if !bytes.starts_with(MAGIC) {
        return Err(damaged("it is not of version 3".to_owned()));
    }
    let mut budget = Budget::new(file, bytes.len() as u64, MEMORY_PER_BYTE);
    let (header, after_header) =
        sized(bytes, MAGIC.len() + 1).ok_or_else(|| damaged("it ends inside its header".to_owned()))?;
    let header = read_header(header, &mut budget).map_err(|error| match error {
        Unreadable::Broken(problem) => damaged(format!("in its header {problem}")),
        Unreadable::TooLarge(error) => error,
    })?;
    if let Some(name) = &header.unknown_crs {
        notices.push(
            Notice::warning("crs_not_understood", file, "is not a coordinate reference system known by code")
                .field("crs", name)
                .action("recognised by the coordinates instead"),
        );
    }
    let index = index_bytes(header.features, header.index_node);
    let start = index.and_then(|index| usize::try_from(index).ok()).and_then(|index| after_header.checked_add(index));
    let mut at = start
        .filter(|&at| at <= bytes.len())
        .ok_or_else(|| damaged(format!("its index of {} features is longer than the file", header.features)))?;
    let mut features = Vec::new();
    while at < bytes.len() && (header.features == 0 || (features.len() as u64) < header.features) {
        let Some((feature, end)) = sized(bytes, at) else { break };
        features.push(read_feature(feature, features.len() as u64 + 1, &header, &mut budget, notices)?);
        at = end;
    }
    let found = features.len() as u64;
    if found < header.features || (header.features == 0 && at < bytes.len()) {
        let problem = format!("ends inside feature {}", found + 1);
        notices.push(Notice::error("file_cut_off", file, problem).action("what is left is not read"));
    }
    Ok(RawLayer { declared_epsg: header.epsg, features })
}

/// What follows its own length at an offset, and where it ends.
fn sized(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let length = u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
    let start = at + 4;
    let end = start.checked_add(usize::try_from(length).ok()?)?;
    Some((bytes.get(start..end)?, end))
}

fn read_header(bytes: &[u8], budget: &mut Budget<'_>) -> Result<Header, Unreadable> {
    let table = Table::root(bytes)?;
    let columns = columns_of(&table, field::COLUMNS, budget)?;
    let (mut epsg, mut unknown_crs) = (None, None);
    if let Some(crs) = table.table(field::CRS)? {
        let code = crs.number(field::CRS_CODE)?.map_or(0, i32::from_le_bytes);
        let organisation = crs.text(field::CRS_ORGANISATION)?;
        let by_epsg = organisation.is_none_or(|name| name.is_empty() || name.eq_ignore_ascii_case("epsg"));
        let (name, wkt) = (crs.text(field::CRS_NAME)?, crs.text(field::CRS_WKT)?);
        epsg = u32::try_from(code).ok().filter(|&code| by_epsg && code > 0);
        epsg = epsg.or_else(|| crs_name::code_of_wkt(wkt.as_deref()?));
        epsg = epsg.or_else(|| crs_name::code_of_name(name.as_deref()?));
        let told = name.or(wkt).filter(|text| !text.is_empty());
        unknown_crs = told.or((code != 0).then(|| code.to_string())).filter(|_| epsg.is_none());
    }
    Ok(Header {
        kind: table.byte(field::GEOMETRY_KIND)?,
        columns,
        features: table.number(field::FEATURES)?.map_or(0, u64::from_le_bytes),
        index_node: table.number(field::INDEX_NODE)?.map_or(16, |node| u16::from_le_bytes(node).into()),
        epsg,
        unknown_crs,
    })
}

/// How long the index is: a packed tree whose nodes hold `node` entries each. `None` where it makes no sense.
fn index_bytes(features: u64, node: u64) -> Option<u64> {
    if features == 0 || node == 0 {
        return Some(0);
    }
    if node < 2 {
        return None;
    }
    let (mut level, mut entries) = (features, features);
    while level > 1 {
        level = level.div_ceil(node);
        entries = entries.checked_add(level)?;
    }
    entries.checked_mul(INDEX_ENTRY)
}

/// A feature; what is wrong with it is told or kept for whoever places it.
fn read_feature(
    bytes: &[u8],
    number: u64,
    header: &Header,
    budget: &mut Budget<'_>,
    notices: &mut Notices,
) -> Result<RawFeature, FeaturesError> {
    let mut feature =
        RawFeature { number, properties: Vec::new(), typed_numbers: Vec::new(), geometry: Ok(None), open_ring: false };
    let read = |feature: &mut RawFeature, budget: &mut Budget<'_>| -> Result<Option<String>, Unreadable> {
        let table = Table::root(bytes)?;
        let own = columns_of(&table, field::FEATURE_COLUMNS, budget)?;
        let columns = if own.is_empty() { &header.columns } else { &own };
        let properties = table.list(field::FEATURE_PROPERTIES, 1)?.unwrap_or_default();
        let properties = read_properties(properties, columns, budget)?;
        (feature.properties, feature.typed_numbers) = (properties.pairs, properties.typed_numbers);
        if let Some(geometry) = table.table(field::FEATURE_GEOMETRY)? {
            let mut reader = GeometryReader::new(bytes.len());
            feature.geometry = reader.geometry(&geometry, header.kind, 0).map(Some);
            feature.open_ring = reader.open_ring;
        }
        Ok(properties.problem)
    };
    match read(&mut feature, budget) {
        Ok(None) => {}
        Ok(Some(problem)) => notices.push(
            Notice::error("properties_unreadable", budget.file(), format!("has damaged properties: {problem}"))
                .at_feature(number)
                .action("properties after it left out"),
        ),
        Err(Unreadable::Broken(problem)) => feature.geometry = Err(format!("feature is damaged: {problem}")),
        Err(Unreadable::TooLarge(error)) => return Err(error),
    }
    let positions = feature.geometry.as_ref().ok().and_then(Option::as_ref).map_or(0, CoordsIter::coords_count);
    budget.spend_feature(positions)?;
    Ok(feature)
}
