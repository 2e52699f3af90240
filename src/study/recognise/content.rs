//! What a single file is, by its content; its name decides nothing that its bytes can tell.

use std::fs;
use std::path::Path;

use super::region::Region;
use super::{extract, features, geopackage, layers, tables, timetable};
use crate::base::notice::Notices;
use crate::base::projection::LonLat;
use crate::sources::elevation::{ElevationError, read_extent};
use crate::sources::features::geojson::estimate_memory;
use crate::sources::features::{flatgeobuf, geoparquet, shapefile};
use crate::sources::parking::datex;
use crate::sources::regular;
use crate::sources::table::file_name;

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    /// An OpenStreetMap extract.
    Streets(Region),
    /// A GTFS feed.
    Timetable { agencies: Vec<String>, zone: Option<String> },
    /// Stops or stations; or the platforms of stations.
    Stops { platforms: bool },
    /// Boardings per station.
    Boardings,
    /// Car parks, kerb parking, disabled bays.
    Parking,
    /// Taken bays by hour.
    Occupancy,
    /// Pedestrian counts, and the names of their sites.
    Counts { sites: Vec<String> },
    /// Named points, which may be where counters stand: the texts of each row, in small letters.
    NamedPoints { rows: Vec<Vec<String>> },
    /// Polygons.
    Polygons(Polygons),
    /// Residents at positions.
    PopulationPoints,
    /// Residents by code of a district or sector.
    PopulationByCode,
    /// Heights of the ground, and where they lie.
    Elevation(Region),
    /// Speeds of cars by OSM way.
    CarSpeeds,
    /// Nothing a study uses.
    Unknown,
    /// A text for people, a licence.
    Reading,
}

/// A layer of polygons.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Polygons {
    /// Layer of a GeoPackage.
    pub layer: Option<String>,
    /// Middle of the box of each feature, in degrees; empty where the file does not say how to get there.
    pub middles: Vec<LonLat>,
    /// How many features there are.
    pub features: usize,
    /// EPSG code to be named in the manifest.
    pub epsg: Option<u32>,
    /// Whether all are of one size, as cells of a grid are.
    pub alike: bool,
    /// Field of the code.
    pub code_field: Option<String>,
    /// Field of the name.
    pub name_field: Option<String>,
    /// Field of the residents.
    pub population_field: Option<String>,
}

/// What was seen in a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sight {
    /// What it holds.
    pub content: Content,
    /// Why it is taken for that: what was seen.
    pub why: String,
    /// Where its records lie, as far as that was looked at; empty where not.
    pub positions: Vec<LonLat>,
    /// Names and ids of car parks, in small letters: a table with a column for each tells how full they are.
    pub names: Vec<String>,
}

impl Sight {
    pub fn new(content: Content, why: &str) -> Self {
        Self { content, why: why.to_owned(), positions: Vec::new(), names: Vec::new() }
    }

    pub fn unknown(why: &str) -> Self {
        Self::new(Content::Unknown, why)
    }

    pub fn naming(mut self, names: Vec<String>) -> Self {
        self.names = names;
        self
    }

    pub fn at(mut self, positions: Vec<LonLat>) -> Self {
        self.positions = positions;
        self
    }
}

/// Bytes at the start of a file that are looked at to tell its format.
const HEAD: u64 = 4096;
/// Largest text file that is read whole, bytes; of a longer table only the start is looked at.
pub(super) const LARGEST_TEXT: u64 = 64 * 1024 * 1024;

/// Most memory that a JSON document may take to see what it is, bytes.
const MOST_JSON_MEMORY: u64 = 1 << 30;

/// What a file or folder is. `Err` says why it cannot be read.
pub(super) fn look_at(path: &Path) -> Result<Sight, String> {
    if path.is_dir() {
        return Ok(timetable::look_at_folder(path));
    }
    let head = read_start(path, HEAD)?;
    if head.is_empty() {
        return Err("is empty".to_owned());
    }
    if is_pbf(&head) {
        let region = extract::core_of(path).map_err(|e| format!("is a damaged OpenStreetMap extract ({e})"))?;
        return Ok(Sight::new(Content::Streets(region), "OpenStreetMap extract in PBF form"));
    }
    if head.starts_with(b"SQLite format 3\0") {
        return geopackage::look_at_geopackage(path);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return timetable::look_at_zip(path);
    }
    if [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|magic| head.starts_with(*magic)) {
        return look_at_tiff(path);
    }
    if head.trim_ascii_start().starts_with(b"<") && speaks_of_datex(&head) {
        return look_at_publication(path);
    }
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    if ["shx", "dbf", "cpg", "prj"].contains(&extension.as_str()) {
        // Those beside their `.shp` are looked at with it.
        return Ok(Sight::unknown("belongs to a Shapefile whose .shp is not there"));
    }
    if shapefile::is_shapefile(&head) {
        return layers::look_at_layer(path, &told_with_companions(path));
    }
    if flatgeobuf::is_flatgeobuf(&head) {
        return layers::look_at_layer(path, "FlatGeobuf file");
    }
    if geoparquet::is_parquet(&head) {
        return layers::look_at_layer(path, "GeoParquet file");
    }
    if let Some(sight) = other_format(&head) {
        return Ok(sight);
    }
    if is_reading(path, &extension) {
        return Ok(Sight::new(Content::Reading, "a text for people"));
    }
    look_at_text(path, &head)
}

fn is_pbf(head: &[u8]) -> bool {
    // A length of four bytes, then a message whose first field is the text "OSMHeader" (OSM wiki, PBF format).
    head.get(4..15).is_some_and(|start| start == b"\x0a\x09OSMHeader")
}

/// A TIFF with one band that says where it lies holds heights; any other is a picture.
fn look_at_tiff(path: &Path) -> Result<Sight, String> {
    match read_extent(path) {
        Ok(extent) => Ok(Sight::new(Content::Elevation(extent.into()), "GeoTIFF of one band: heights of the ground")),
        Err(error @ (ElevationError::NotHeights { .. } | ElevationError::NotPlaced { .. })) => {
            Ok(Sight::unknown(&format!("is a TIFF without heights: {}", error.reason())))
        }
        Err(error) => Err(error.reason()),
    }
}

/// Formats that are known by their first bytes and not read.
fn other_format(head: &[u8]) -> Option<Sight> {
    let begins = |magic: &[u8]| head.starts_with(magic);
    let problem = if begins(b"\x1f\x8b") {
        "is compressed with gzip; unpack it"
    } else if begins(b"BZh") || begins(b"7z\xbc\xaf") || begins(b"\xfd7zXZ") || begins(b"Rar!") {
        "is compressed; unpack it"
    } else if begins(b"%PDF") {
        "is a PDF document"
    } else if begins(b"\x89PNG") || begins(b"\xff\xd8\xff") {
        "is an image"
    } else if contains(head, b"<osm") && head.trim_ascii_start().starts_with(b"<") {
        "is OpenStreetMap data in XML form; convert it to .osm.pbf"
    } else if head.trim_ascii_start().starts_with(b"<") {
        "is XML or HTML"
    } else {
        return None;
    };
    Some(Sight::unknown(problem))
}

/// Whether the start of an XML file names DATEX II, which the parking records themselves may lie far behind.
fn speaks_of_datex(head: &[u8]) -> bool {
    contains(head, b"datex2") || contains(head, b"d2LogicalModel") || datex::is_publication(head)
}

fn look_at_publication(path: &Path) -> Result<Sight, String> {
    let bytes = read_start(path, LARGEST_TEXT + 1)?;
    if bytes.len() as u64 > LARGEST_TEXT {
        return Ok(Sight::unknown("is XML of more than 64 MB; name it in study.toml to use it all the same"));
    }
    let tree = datex::parse_publication("", &bytes, &mut Notices::new()).map_err(|e| format!("is damaged ({e})"))?;
    Ok(sight_of_publication(&tree))
}

/// What a publication of DATEX II holds.
pub(super) fn sight_of_publication(tree: &serde_json::Value) -> Sight {
    if datex::tells_states(tree) {
        return Sight::new(Content::Occupancy, "states of car parks: publication of DATEX II");
    }
    let features = datex::features_of("", tree, &mut Notices::new());
    let positions = features.iter().filter_map(|feature| match &feature.geometry {
        geo::Geometry::Point(point) => LonLat::new(point.x(), point.y()),
        _ => None,
    });
    let positions: Vec<LonLat> = positions.collect();
    match positions.is_empty() {
        true => Sight::unknown("is a publication of DATEX II without car parks"),
        false => Sight::new(Content::Parking, "car parks: publication of DATEX II").at(positions),
    }
}

/// A Shapefile is what lies beside its `.shp` too.
fn told_with_companions(path: &Path) -> String {
    let beside: Vec<String> = shapefile::files_beside(path).iter().map(|path| file_name(path)).collect();
    if beside.is_empty() { "Shapefile".to_owned() } else { format!("Shapefile with {}", beside.join(", ")) }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn is_reading(path: &Path, extension: &str) -> bool {
    let stem = path.file_stem().map(|s| s.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let known = ["readme", "license", "licence", "copying", "changelog", "attribution", "sources"];
    ["md", "rst", "toml", "yaml", "yml"].contains(&extension)
        || ((extension.is_empty() || extension == "txt") && known.iter().any(|name| stem.starts_with(name)))
}

fn look_at_text(path: &Path, head: &[u8]) -> Result<Sight, String> {
    let length = fs::metadata(path).map_err(|e| e.to_string())?.len();
    let zeros = head.iter().filter(|&&byte| byte == 0).count();
    let is_utf_16 = encoding_rs::Encoding::for_bom(head).is_some() || utf_16_without_mark(head).is_some();
    if zeros * 10 > head.len() && !is_utf_16 {
        return Ok(Sight::unknown("is a binary file of unknown format"));
    }
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if start.starts_with(b"{") || start.starts_with(b"[") {
        if length > LARGEST_TEXT {
            return Ok(Sight::unknown("is JSON of more than 64 MB; name it in study.toml to use it all the same"));
        }
        let bytes = read_start(path, LARGEST_TEXT)?;
        if estimate_memory(&bytes) > MOST_JSON_MEMORY {
            let problem = "is JSON that takes more than 1 GB of memory; name it in study.toml to use it all the same";
            return Ok(Sight::unknown(problem));
        }
        return features::look_at_json(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    }
    let bytes = read_start(path, LARGEST_TEXT)?;
    Ok(tables::look_at_table(&decoded(&bytes), length > LARGEST_TEXT))
}

/// Text from UTF-8, UTF-16 or the Windows code page; the readers tell of what was guessed.
fn decoded(bytes: &[u8]) -> String {
    if let Some((encoding, bom)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[bom..]).0.into_owned();
    }
    if let Some(encoding) = utf_16_without_mark(bytes) {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        // A table cut in the middle of a letter is UTF-8 all the same.
        Err(e) if e.valid_up_to() + 4 > bytes.len() => String::from_utf8_lossy(bytes).into_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// Text in Latin letters written as UTF-16 has a zero in nearly every second byte and hardly any in the others.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = bytes.get(..bytes.len().min(2000) & !1)?;
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), head.len() / 2);
    match () {
        () if pairs >= 4 && odd * 10 > pairs * 8 && even * 10 < pairs => Some(encoding_rs::UTF_16LE),
        () if pairs >= 4 && even * 10 > pairs * 8 && odd * 10 < pairs => Some(encoding_rs::UTF_16BE),
        () => None,
    }
}

fn read_start(path: &Path, bytes: u64) -> Result<Vec<u8>, String> {
    regular::read_start(path, bytes).map_err(|e| format!("cannot be read ({e})"))
}
