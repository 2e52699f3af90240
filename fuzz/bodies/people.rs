//! Population and stops: tables of where people live, work and board.

use chaland::sources::population::{PopulationOptions, read_population};
use chaland::sources::stops::{read_boardings, read_stops};

use super::answers::{check_error, check_notices, check_position};
use super::split;

/// Reads one table as people, and as stops; a second one as boardings of these stops.
pub fn tables(bytes: &[u8]) {
    let mut files = split::files(bytes);
    let (first, second) = (files.next().unwrap_or_default(), files.next().unwrap_or_default());
    split::in_folder(&[("a.csv", first), ("b.csv", second)], |folder| {
        match read_population(&folder.join("a.csv"), &PopulationOptions::default()) {
            Ok((records, notices)) => {
                check_notices(&notices);
                for cell in &records.cells {
                    check_position(cell.position);
                    assert!(cell.people.is_finite() && cell.people >= 0.0, "{cell:?}");
                    assert!(cell.jobs.is_none_or(|jobs| jobs.is_finite() && jobs >= 0.0), "{cell:?}");
                }
                for (code, people) in &records.by_code {
                    assert!(people.is_finite() && *people >= 0.0, "{code}: {people}");
                }
            }
            Err(error) => check_error(&error),
        }
        let mut stops = match read_stops(&folder.join("a.csv")) {
            Ok((stops, notices)) => {
                check_notices(&notices);
                stops
            }
            Err(error) => return check_error(&error),
        };
        match read_boardings(&folder.join("b.csv"), &mut stops) {
            Ok(notices) => check_notices(&notices),
            Err(error) => check_error(&error),
        }
        for stop in &stops {
            check_position(stop.position);
            assert!(stop.boardings.is_none_or(|number| number.is_finite() && number >= 0.0), "{stop:?}");
        }
    });
}
