//! A study: its manifest, what its files are, and the order of the work.
//!
//! In: a folder. Out: an audit and the folder of its results. This layer knows no command line and no terminal; what
//! it has to say while it works goes through [`progress::Progress`], what it found wrong through notices.

pub mod access;
pub mod assess;
pub mod audit;
pub mod build;
pub mod catchment;
pub mod catchment_fit;
pub mod catchment_page;
pub mod catchment_times;
pub mod chain;
pub mod check;
pub mod checksum;
pub mod compare;
pub mod count_sites;
pub mod counts;
pub mod error;
pub mod findings;
pub mod flow;
pub mod input_files;
pub mod inputs;
pub mod kerbs;
pub mod layers;
pub mod line_network;
mod listed_fields;
pub mod lots;
mod made_folders;
pub mod manifest;
pub mod manifest_text;
pub mod measure;
pub mod moment;
pub mod networks;
pub mod offer;
pub mod open;
pub mod parking;
pub mod people;
pub mod progress;
pub mod reach;
pub mod read;
pub mod recognise;
pub mod results_folder;
pub mod service_day;
pub mod stops;
pub mod street_names;
pub mod supply_tables;
pub mod town;
pub mod town_of;
pub mod transit;
pub mod transit_reach;
pub mod write;

pub use audit::{Audit, audit, audit_opened};
pub use error::StudyError;
