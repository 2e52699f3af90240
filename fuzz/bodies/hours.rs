//! Opening hours and conditional access: two bytes for the moment, then a text per line.

use chaland::network::hours::Hours;
use jiff::ToSpan;
use jiff::civil::date;

/// Reads texts at a moment between 2000 and 2044, each twice: the second time it is known.
pub fn texts(bytes: &[u8]) {
    let Some((moment, text)) = bytes.split_first_chunk::<2>() else { return };
    let after = i64::from(u16::from_le_bytes(*moment));
    let moment = date(2000, 1, 1).at(0, 0, 0, 0).checked_add((after * 353).minutes()).expect("within the calendar");
    let mut hours = Hours::at(Some(moment));
    for line in String::from_utf8_lossy(text).lines().take(16) {
        let open = hours.is_open(line);
        assert_eq!(open, hours.is_open(line), "{line}");
        assert_eq!(hours.access_now(line), hours.access_now(line), "{line}");
        hours.holds(line);
    }
    assert_eq!(Hours::at(None).access_now(&String::from_utf8_lossy(text)), None);
}
