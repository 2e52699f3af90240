//! Opening a study: by its manifest where it has one, else by what its files are.

use std::path::Path;

use crate::base::notice::Notices;
use crate::study::error::StudyError;
use crate::study::manifest::{MANIFEST, Manifest};
use crate::study::recognise::{Finding, Recognised, Verdict, recognise};

/// The study of a folder.
pub fn open(folder: &Path) -> Result<Recognised, StudyError> {
    // A manifest that is a folder, a pipe or a link to nowhere is an error of `Manifest::read`, not a study without one.
    if folder.join(MANIFEST).symlink_metadata().is_err() {
        return recognise(folder);
    }
    let manifest = Manifest::read(folder)?;
    let files = manifest.inputs.files();
    let finding = |(kind, path): (_, &Path)| Finding {
        file: path.to_string_lossy().into_owned(),
        verdict: Verdict::Used(kind),
        reason: format!("named in {MANIFEST}"),
    };
    let findings = files.into_iter().map(finding).collect();
    let missing = manifest.inputs.missing();
    Ok(Recognised { manifest, findings, missing, region: None, notices: Notices::new() })
}
