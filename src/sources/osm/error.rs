//! Why an OpenStreetMap extract cannot be read at all.

/// The reader could not go on.
#[derive(Debug, thiserror::Error)]
pub enum OsmError {
    /// No file was named.
    #[error("no OpenStreetMap extract is named; expected at least one .osm.pbf file")]
    NoFiles,
    /// The file system says no.
    #[error("{file}: cannot be read; check the path and its permissions")]
    Unreadable {
        /// The file as it was named.
        file: String,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// Nothing in the file.
    #[error("{file}: is empty, expected an OpenStreetMap extract (.osm.pbf); download it again")]
    Empty {
        /// The file as it was named.
        file: String,
    },
    /// The file starts with something else than an OSM header.
    #[error(
        "{file}: {found}, expected an OpenStreetMap extract in PBF format; convert with `osmium cat -o out.osm.pbf`"
    )]
    NotPbf {
        /// The file as it was named.
        file: String,
        /// What was found instead.
        found: &'static str,
    },
    /// The file ends inside a block.
    #[error(
        "{file}: ends at byte {length} inside the block that starts at byte {offset}, {missing} bytes are missing; the download was cut short, fetch it again"
    )]
    Truncated {
        /// The file as it was named.
        file: String,
        /// Bytes in the file.
        length: u64,
        /// Where the last block starts.
        offset: u64,
        /// How many bytes are missing.
        missing: u64,
    },
    /// A block claims more than the format allows.
    #[error(
        "{file}: the block at byte {offset} declares {declared} bytes, the format allows {allowed}; the file is damaged, fetch it again"
    )]
    Oversized {
        /// The file as it was named.
        file: String,
        /// Where the block starts.
        offset: u64,
        /// Bytes it declares.
        declared: u64,
        /// Bytes the format allows.
        allowed: u64,
    },
    /// The file unpacks to more than any real one of its size.
    #[error(
        "{file}: its {packed} bytes unpack to {unpacked}, an extract of this size to {allowed} at most; the file is damaged or made to do harm, fetch it again"
    )]
    TooDense {
        /// The file as it was named.
        file: String,
        /// Bytes of its blobs.
        packed: u64,
        /// Bytes they declare to unpack to.
        unpacked: u64,
        /// The most that is allowed.
        allowed: u64,
    },
    /// A block cannot be decoded.
    #[error("{file}: the block at byte {offset} is damaged ({reason}); fetch the file again")]
    Damaged {
        /// The file as it was named.
        file: String,
        /// Where the block starts.
        offset: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// The file needs something this reader does not do.
    #[error("{file}: needs \"{feature}\", which is not supported; {advice}")]
    Unsupported {
        /// The file as it was named.
        file: String,
        /// The feature or compression.
        feature: String,
        /// What to do.
        advice: &'static str,
    },
    /// More than 4 billion nodes or the like.
    #[error("{count} {what} are more than can be indexed; cut a smaller extract with `osmium extract`")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many.
        count: usize,
    },
}
