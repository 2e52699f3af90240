//! Pedestrian counts in every layout: tables of counts and of sites, told apart by their columns.

use chaland::sources::counts::read_counts;

use super::answers::{check_error, check_notices, check_position};
use super::split;

const NAMES: [&str; 3] = ["a.csv", "b.csv", "c.csv"];

/// Reads up to three tables together.
pub fn tables(bytes: &[u8]) {
    let files: Vec<(&str, &[u8])> = NAMES.into_iter().zip(split::files(bytes)).collect();
    split::in_folder(&files, |folder| {
        let paths: Vec<_> = files.iter().map(|(name, _)| folder.join(name)).collect();
        let (records, notices) = match read_counts(&paths, "Europe/Brussels") {
            Ok(read) => read,
            Err(error) => return check_error(&error),
        };
        check_notices(&notices);
        let sites = records.sites.len();
        assert_eq!([records.hours.len(), records.days.len(), records.short.len()], [sites; 3]);
        records.sites.iter().filter_map(|site| site.position).for_each(check_position);
        for hours in &records.hours {
            assert!(hours.is_sorted_by(|a, b| a.epoch_hour < b.epoch_hour), "hours are not in order");
            assert!(hours.iter().all(|hour| hour.hour < 24));
        }
        for days in &records.days {
            assert!(days.is_sorted_by(|a, b| a.day < b.day), "days are not in order");
        }
        for short in records.short.iter().flatten() {
            assert!(short.from_min < short.to_min && short.to_min <= 1440, "{short:?}");
        }
    });
}
