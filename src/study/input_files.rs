//! The files that went in: checksums, dates, and who is to be named.

use std::path::Path;

use crate::canvas::feed::InputFile;
use crate::sources::counts::CountRecords;
use crate::study::checksum::checksum;
use crate::study::error::StudyError;
use crate::study::inputs::InputKind;
use crate::study::manifest::Manifest;
use crate::study::read::Records;

/// Who is to be named wherever OpenStreetMap data are shown.
const OSM_ATTRIBUTION: &str = "© OpenStreetMap contributors (ODbL 1.0)";

/// Describes every file of the manifest.
pub fn describe_inputs(manifest: &Manifest, folder: &Path, records: &Records) -> Result<Vec<InputFile>, StudyError> {
    let mut described = Vec::new();
    let mut feeds = records.feeds.iter();
    for (kind, path) in manifest.inputs.files() {
        let found = checksum(&folder.join(path))?;
        let (data_date, attribution) = match kind {
            InputKind::Streets => (records.osm.data_date.clone(), Some(OSM_ATTRIBUTION.to_owned())),
            InputKind::Timetable => feeds.next().map_or((None, None), |feed| {
                let span = feed.service_span().map(|(first, last)| format!("{first}/{last}"));
                let agencies: Vec<&str> = feed.agencies.iter().map(|agency| agency.name.as_str()).collect();
                (span, Some(agencies.join(", ")).filter(|names| !names.is_empty()))
            }),
            InputKind::Counts => (records.counts.as_ref().and_then(counted_period), None),
            _ => (None, None),
        };
        described.push(InputFile {
            kind: kind.key().to_owned(),
            file: path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned()),
            sha256: found.sha256,
            bytes: found.bytes,
            data_date,
            attribution,
        });
    }
    Ok(described)
}

/// First and last day of the counts, as ISO dates.
fn counted_period(counts: &CountRecords) -> Option<String> {
    let days = || counts.hours.iter().flatten().map(|hour| hour.day);
    let date = |day: i32| jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(i64::from(day))).ok();
    Some(format!("{}/{}", date(days().min()?)?, date(days().max()?)?))
}
