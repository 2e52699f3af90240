//! What must hold of every answer, whatever the bytes were.

use std::error::Error;

use chaland::base::notice::Notices;
use chaland::base::projection::LonLat;

/// An error says something.
pub fn check_error(error: &dyn Error) {
    assert!(!error.to_string().is_empty(), "an error without a word: {error:?}");
}

/// Nothing got lost, and no notice repeats more of the file than it may.
pub fn check_notices(notices: &Notices) {
    for (file, tally) in notices.tallies() {
        assert!(tally.balances(), "{file}: {tally:?}");
    }
    for notice in notices.kept() {
        assert!(!notice.code.is_empty() && !notice.problem.is_empty(), "{notice:?}");
        assert!(notice.value.chars().count() <= 80, "{notice:?}");
    }
}

/// A position lies on the globe.
pub fn check_position(position: LonLat) {
    assert!(LonLat::new(position.lon, position.lat).is_some(), "{position:?} is not on the globe");
}
