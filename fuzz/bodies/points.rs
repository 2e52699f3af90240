//! Points that somebody asks about: a table or GeoJSON, then another file beside it.

use chaland::sources::features::FeatureOptions;
use chaland::sources::points::{PointSource, read_points};

use super::answers::{check_error, check_notices, check_position};
use super::split;

/// Reads one or two files. The first byte tells the endings of both names.
pub fn points(bytes: &[u8]) {
    let Some((&ending, bytes)) = bytes.split_first() else { return };
    let ending_of = |number: u8| ["csv", "geojson"][usize::from(number % 2)];
    let files: Vec<&[u8]> = split::files(bytes).take(2).collect();
    let names = [format!("a.{}", ending_of(ending)), format!("b.{}", ending_of(ending / 2))];
    let named: Vec<(&str, &[u8])> = names.iter().map(String::as_str).zip(files).collect();
    split::in_folder(&named, |folder| {
        let sources: Vec<PointSource> = named.iter().map(|(name, _)| PointSource::File(folder.join(name))).collect();
        match read_points(&sources, &FeatureOptions::default()) {
            Ok((points, notices)) => {
                check_notices(&notices);
                points.iter().for_each(|point| check_position(point.position));
                let mut ids: Vec<&str> = points.iter().map(|point| point.id.as_str()).collect();
                ids.sort_unstable();
                assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "an id twice: {ids:?}");
            }
            Err(error) => check_error(&error),
        }
    });
}
