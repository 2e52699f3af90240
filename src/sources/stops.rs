//! Stops without timetable.
use crate::base::{kinds::StopMode, notice::Notices, projection::LonLat};
use std::path::Path;
/// x
#[derive(Debug)]
pub struct StopRecord {
    /// x
    pub name: String,
    /// x
    pub position: LonLat,
    /// x
    pub mode: StopMode,
    /// x
    pub boardings: Option<f64>,
}
/// x
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct StopsError;
/// x
pub fn read_stops(_: &Path) -> Result<(Vec<StopRecord>, Notices), StopsError> {
    Ok((vec![], Notices::new()))
}
/// x
pub fn read_boardings(_: &Path, _: &mut [StopRecord]) -> Result<Notices, StopsError> {
    Ok(Notices::new())
}
