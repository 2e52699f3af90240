//! Results → files of the results folder.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::base::notice::Notices;
use crate::study::audit::Audit;
use crate::study::error::StudyError;
use crate::study::results_folder::ResultsFolder;

/// The feed.
pub const CANVAS: &str = "canvas.json";
/// The notices that were kept whole.
pub const NOTICES: &str = "notices.csv";

/// Where the results stand, and their files by name.
#[derive(Clone, Debug)]
pub struct Written {
    /// The folder.
    pub folder: PathBuf,
    /// Names of its files, in the order in which people want them.
    pub files: Vec<String>,
}

/// Writes the results of an audit as the folder `target`.
pub fn write_results(audit: &Audit, target: &Path) -> Result<Written, StudyError> {
    let folder = ResultsFolder::begin(target)?;
    folder.write(CANVAS, &pretty(&audit.canvas))?;
    folder.write(NOTICES, notices_table(&audit.notices).as_bytes())?;
    let files = vec![CANVAS.to_owned(), NOTICES.to_owned()];
    Ok(Written { folder: folder.commit()?, files })
}

fn pretty(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("the feed has text keys and holds no failing value");
    bytes.push(b'\n');
    bytes
}

/// The notices kept whole, a row each.
fn notices_table(notices: &Notices) -> String {
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut write = |row: [&str; 8]| table.write_record(row).expect("writing to memory cannot fail");
    write(["severity", "code", "file", "where", "field", "value", "problem", "action"]);
    for n in notices.kept() {
        let place = n.location.to_string();
        write([n.severity.key(), n.code, &n.file, &place, &n.field, &n.value, &n.problem, &n.action]);
    }
    let bytes = table.into_inner().expect("writing to memory cannot fail");
    String::from_utf8_lossy(&bytes).into_owned()
}
