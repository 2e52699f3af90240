//! Words every layer may use: units, ids, notices, projection, metric geometry.
//!
//! In: nothing of ours. Out: small types. This layer knows no file format, no graph and no score.

pub mod counting;
pub mod freed_memory;
pub mod geometry;
pub mod ids;
pub mod kinds;
pub mod mapped;
pub mod mixing;
mod near_centre;
pub mod notice;
pub mod overlay;
pub mod projection;
pub mod silence;
pub mod units;
