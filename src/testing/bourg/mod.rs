//! Bourg-sur-Chaland: a drawn Walloon town with planted frictions, in the formats that real data come in.
//!
//! In: the plan in this folder. Out: file names and bytes, the same on every run. Layer `testing`.

mod chance;
mod counts;
mod districts;
mod ground;
mod houses;
mod lots;
mod places;
mod plan;
mod planted;
mod timetable;

use ground::Ground;
pub use planted::{PLANTED, Planted};

use crate::base::projection::LonLat;

/// All files of the town: name and content.
pub fn draw() -> Vec<(&'static str, Vec<u8>)> {
    let mut ground = Ground::new();
    let lines = plan::lines();
    ground.network(&lines, plan::MARKS);
    places::draw(&mut ground);
    lots::draw(&mut ground);
    houses::draw(&mut ground, &lines);
    vec![
        ("README.md", planted::readme(&ground).into_bytes()),
        ("bourg_count_sites.csv", counts::sites(&ground).into_bytes()),
        ("bourg_counts.csv", counts::hourly().into_bytes()),
        ("bourg_districts.geojson", districts::geojson(&ground).into_bytes()),
        ("bourg_gtfs.zip", timetable::zip(&ground)),
        ("bourg_parking.csv", lots::list(&ground).into_bytes()),
        ("bourg_parking_occupancy.csv", lots::occupancy().into_bytes()),
        ("bourg_population.csv", districts::population().into_bytes()),
        ("planted.csv", planted::table(&ground).into_bytes()),
        ("bourg.osm.pbf", ground.into_bytes()),
    ]
}

/// Where a planted friction or decoy is, in degrees; `None` for an unknown key.
pub fn position_of(key: &str) -> Option<LonLat> {
    let ground = Ground::new();
    PLANTED.iter().find(|planted| planted.key == key).map(|planted| ground.place(planted.at))
}
