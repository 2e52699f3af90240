//! A study: its manifest, what its files are, and the order of the work.
//!
//! In: a folder. Out: an audit and the folder of its results. This layer knows no command line and no terminal; what
//! it has to say while it works goes through [`progress::Progress`], what it found wrong through notices.

pub mod audit;
pub mod checksum;
pub mod error;
pub mod inputs;
pub mod manifest;
pub mod manifest_text;
pub mod open;
pub mod progress;
pub mod recognise;
pub mod results_folder;
pub mod write;

pub use audit::{Audit, audit};
pub use error::StudyError;
