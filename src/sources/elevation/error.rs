//! Why heights cannot be read.

use tiff::TiffError;

use crate::base::projection::ProjectionError;

/// What to do with a file that is written in another way than is read.
const SAVE_ANEW: &str = "save it with gdal_translate -co COMPRESS=DEFLATE";

/// Why heights cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ElevationError {
    /// The file cannot be opened or read.
    #[error("{file}: cannot be read: {source}; check the path and the permissions")]
    Unreadable {
        /// Name of the file.
        file: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is damaged, or no TIFF.
    #[error("{file}: is damaged or no TIFF: {reason}; fetch it again")]
    Damaged {
        /// Name of the file.
        file: String,
        /// What the TIFF reader says.
        reason: String,
    },
    /// It is compressed in a way that is not read.
    #[error("{file}: is compressed by {found}, expected none, LZW, Deflate or PackBits; {SAVE_ANEW}")]
    Compression {
        /// Name of the file.
        file: String,
        /// Name or number of the compression.
        found: String,
    },
    /// Its samples are no heights.
    #[error("{file}: holds {found}, expected one band of numbers of 8, 16, 32 or 64 bits; {SAVE_ANEW} -b 1")]
    NotHeights {
        /// Name of the file.
        file: String,
        /// What it holds.
        found: String,
    },
    /// It does not say where it lies.
    #[error("{file}: {found}; save it with gdalwarp -t_srs EPSG:4326")]
    NotPlaced {
        /// Name of the file.
        file: String,
        /// What is missing or cannot be used.
        found: String,
    },
    /// Its coordinate system is not known.
    #[error("{file}: {source}; save it with gdalwarp -t_srs EPSG:4326")]
    System {
        /// Name of the file.
        file: String,
        /// Why.
        source: ProjectionError,
    },
    /// It takes more memory than heights are given.
    #[error("{file}: {cells} cells are to be read, at most {most} can be; cut it to the study or take larger cells")]
    TooLarge {
        /// Name of the file.
        file: String,
        /// Cells that would be read.
        cells: u64,
        /// The most that are read.
        most: usize,
    },
    /// A strip, a tile or the value of a tag is larger than is read.
    #[error("{file}: one of its strips, tiles or tags takes more than 256 MB; {SAVE_ANEW} -co TILED=YES")]
    PartTooLarge {
        /// Name of the file.
        file: String,
    },
    /// No cell has a height.
    #[error("{file}: none of its {cells} cells in the study holds a height")]
    NoHeights {
        /// Name of the file.
        file: String,
        /// Cells that were read.
        cells: u64,
    },
}

impl ElevationError {
    /// Why the file cannot be used, without its name.
    pub fn reason(&self) -> String {
        let told = self.to_string();
        told.split_once(": ").map_or(told.clone(), |(_, reason)| reason.to_owned())
    }

    /// What the TIFF reader says of a file.
    pub(super) fn of_tiff(file: &str, error: TiffError) -> Self {
        let file = file.to_owned();
        match error {
            TiffError::IoError(source) if source.kind() != std::io::ErrorKind::UnexpectedEof => {
                Self::Damaged { file, reason: source.to_string() }
            }
            TiffError::IoError(_) => Self::Damaged { file, reason: "it ends too early".to_owned() },
            TiffError::LimitsExceeded | TiffError::IntSizeError => Self::PartTooLarge { file },
            TiffError::UnsupportedError(what) => Self::NotHeights { file, found: format!("something else ({what})") },
            other => Self::Damaged { file, reason: other.to_string() },
        }
    }
}
