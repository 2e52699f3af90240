//! All notices kept, one row each, for whoever repairs the data.

use crate::base::notice::{Location, Notices};
use crate::export::{ExportError, cell_text};

const COLUMNS: [&str; 8] = ["severity", "code", "file", "location", "field", "value", "problem", "action"];

/// The notices as CSV in the order they came; `location` reads `row 812`, `feature 3` or `way 34`. Where more came than
/// are kept, a last row per code says how many are left out.
pub fn to_csv(notices: &Notices) -> Result<Vec<u8>, ExportError> {
    let fail = |reason: String| ExportError::Csv { file: "notices.csv", reason };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(|e| fail(e.to_string()))?;
    for notice in notices.kept() {
        let location = match &notice.location {
            Location::Element(element) => cell_text(element),
            other => other.to_string(),
        };
        let record = [
            notice.severity.key().to_owned(),
            notice.code.to_owned(),
            cell_text(&notice.file),
            location,
            cell_text(&notice.field),
            cell_text(&notice.value),
            cell_text(&notice.problem),
            cell_text(&notice.action),
        ];
        writer.write_record(record).map_err(|e| fail(e.to_string()))?;
    }
    for (code, (severity, count)) in notices.counts() {
        let kept = notices.kept().iter().filter(|n| n.code == *code).count() as u64;
        if *count > kept {
            let problem = format!("{} more of this code are counted but not listed", count - kept);
            let record = [severity.key(), code, "", "", "", "", &problem, ""];
            writer.write_record(record).map_err(|e| fail(e.to_string()))?;
        }
    }
    writer.into_inner().map_err(|e| fail(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::notice::Notice;

    #[test]
    fn values_are_quoted_and_not_run() {
        let mut notices = Notices::new();
        notices.push(
            Notice::warning("tag_odd", "town.osm.pbf", "is not a width")
                .at_element("way 34")
                .field("width", "=1+1,\"x\"\n")
                .action("taken as unknown"),
        );
        let text = String::from_utf8(to_csv(&notices).expect("written")).expect("UTF-8");
        let expected = "severity,code,file,location,field,value,problem,action\n\
            warning,tag_odd,town.osm.pbf,way 34,width,\"'=1+1,\"\"x\"\"\n\",is not a width,taken as unknown\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn notices_beyond_the_kept_ones_are_told_of() {
        let mut notices = Notices::new();
        for row in 0..1200 {
            notices.push(Notice::note("dull", "a.csv", "is dull").at_row(row));
        }
        let text = String::from_utf8(to_csv(&notices).expect("written")).expect("UTF-8");
        assert!(text.ends_with("note,dull,,,,,200 more of this code are counted but not listed,\n"));
        assert_eq!(text.lines().count(), 1002);
    }
}
