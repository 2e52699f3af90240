//! Car parks and how full they are: tables, JSON of portals and of ParkAPI, publications of DATEX II.

use chaland::sources::features::FeatureOptions;
use chaland::sources::parking::{LotRecord, add_occupancy, read_parking};

use super::answers::{check_error, check_notices, check_position};
use super::split;

/// Reads lots, then a table of states that is about them. The first byte tells the endings of both names.
pub fn lots(bytes: &[u8]) {
    let Some((&ending, bytes)) = bytes.split_first() else { return };
    let ending_of = |number: u8| ["csv", "json", "xml", "geojson"][usize::from(number % 4)];
    let (lots, states) = (format!("lots.{}", ending_of(ending)), format!("states.{}", ending_of(ending / 4)));
    let mut files = split::files(bytes);
    let lots_bytes = files.next().unwrap_or_default();
    let states_bytes = files.next();
    split::in_folder(&[(&lots, lots_bytes), (&states, states_bytes.unwrap_or_default())], |folder| {
        let mut known = match read_parking(&folder.join(&lots), &FeatureOptions::default()) {
            Ok((lots, notices)) => {
                check_notices(&notices);
                lots
            }
            Err(error) => {
                check_error(&error);
                Vec::new()
            }
        };
        if states_bytes.is_some() {
            match add_occupancy(&folder.join(&states), &mut known, "Europe/Brussels") {
                Ok(notices) => check_notices(&notices),
                Err(error) => check_error(&error),
            }
        }
        known.iter().for_each(check_lot);
    });
}

fn check_lot(lot: &LotRecord) {
    check_position(lot.position);
    lot.line.iter().copied().for_each(check_position);
    assert!(lot.price_per_hour.is_none_or(|price| price.is_finite() && price >= 0.0), "{lot:?}");
    for hour in &lot.occupancy {
        assert!((0.0..=1.0).contains(&hour.share) && hour.hour.is_none_or(|hour| hour < 24), "{hour:?}");
    }
}
