//! The order of the work: read → build → link → reach → measure → audit.

use std::path::Path;

use crate::base::notice::Notices;
use crate::canvas::feed::Canvas;
use crate::canvas::layers::Layers;
use crate::study::error::StudyError;
use crate::study::manifest::Manifest;
use crate::study::progress::Progress;

/// What an audit hands over.
#[derive(Debug)]
pub struct Audit {
    /// The feed.
    pub canvas: Canvas,
    /// What is drawn and exported.
    pub layers: Layers,
    /// What was found wrong on the way.
    pub notices: Notices,
}

/// Audits a study: `folder` is where the manifest's relative paths start.
pub fn audit(_manifest: &Manifest, _folder: &Path, _progress: &dyn Progress) -> Result<Audit, StudyError> {
    Err(StudyError::AuditUnavailable)
}
