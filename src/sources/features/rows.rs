//! Rows of a table with a position each → features.
//!
//! In: a table with two columns of coordinates in any system. Out: points with the columns as properties.

use geo::{Geometry, Point};

use super::{Feature, FeatureOptions, FeaturesError, Placed, Placement};
use crate::base::notice::{Notice, Notices};
use crate::sources::table::{Expected, Table, TableRow};

const LON: &[&str] = &["lon", "lng", "long", "longitude", "x", "coord x", "easting", "längengrad"];
const LAT: &[&str] = &["lat", "latitude", "y", "coord y", "northing", "breitengrad"];

/// Rows as features: placed points, the columns as properties. Rows without a position are dropped and tallied.
pub fn features_of_table(
    table: &Table,
    options: &FeatureOptions,
    notices: &mut Notices,
) -> Result<Vec<Feature>, FeaturesError> {
    let file = table.file();
    let (Some(x), Some(y)) = (table.find_column(LON), table.find_column(LAT)) else {
        return Err(FeaturesError::NoPositions { file: file.to_owned(), found: table.header().to_vec() });
    };
    let style_x = table.number_style(x, Expected::Coordinate, notices);
    let style_y = table.number_style(y, Expected::Coordinate, notices);
    let pair = |row: &TableRow| style_x.parse(row.value(x)).zip(style_y.parse(row.value(y)));
    let example = table.rows().iter().find_map(pair);
    let placement = Placement::choose(file, None, example, options, notices)
        .map_err(|source| FeaturesError::Placement { file: file.to_owned(), source })?;
    let mut features = Vec::with_capacity(table.rows().len());
    for row in table.rows() {
        let text = format!("{}, {}", row.value(x), row.value(y));
        let (position, swapped) = match pair(row).map_or(Placed::NotFinite, |(x, y)| placement.place(x, y)) {
            Placed::AsWritten(position) => (position, false),
            Placed::Swapped(position) => (position, true),
            Placed::NotFinite | Placed::Outside => {
                let notice = Notice::error("position_missing", file, "is not a position on the globe");
                notices.push(notice.at_row(row.number).field("lon, lat", text).action("row skipped"));
                notices.tally(file).count_dropped();
                continue;
            }
        };
        if swapped {
            let notice = Notice::warning("coordinates_swapped", file, "has longitude and latitude in the wrong order");
            notices.push(notice.at_row(row.number).field("lon, lat", text).action("swapped back"));
        }
        let columns = table.header().iter().enumerate();
        let properties = columns.map(|(index, name)| (name.clone(), row.value(index).to_owned())).collect();
        let geometry = Geometry::Point(Point::new(position.lon, position.lat));
        let repaired = swapped || row.ragged;
        features.push(Feature { number: row.number, properties, typed_numbers: Vec::new(), geometry, repaired });
    }
    Ok(features)
}
