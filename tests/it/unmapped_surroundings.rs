//! Is a place around which no street is mapped taken for one that is cut off?

use std::collections::BTreeSet;
use std::fs;

use chaland::canvas::feed::Cause;
use chaland::study::progress::Silent;
use chaland::study::{audit, open};
use chaland::testing::pbf::Extract;
use chaland::testing::street_sketch::StreetSketch;

/// Shops along a street, a railway 100 m from it, and 300 m behind the railway a station, a museum and a car park; with
/// or without a street beside those, which leads nowhere. The causes of what is found, and the seconds lost.
fn find(street_beside: bool) -> BTreeSet<(Cause, i64)> {
    let at = |x: i64, y: i64| StreetSketch::position(x as f64, y as f64);
    let mut extract = Extract::new();
    extract.node(1, at(-500, 0), &[]).node(2, at(500, 0), &[]);
    extract.way(10, &[1, 2], &[("highway", "residential")]);
    for shop in 0..8 {
        extract.node(20 + shop, at(shop * 20 - 80, 5), &[("shop", "books")]);
    }
    extract.node(3, at(-900, 100), &[]).node(4, at(900, 100), &[]);
    extract.way(11, &[3, 4], &[("railway", "rail")]);
    extract.node(30, at(0, 400), &[("railway", "station"), ("name", "Gare")]);
    extract.node(31, at(60, 400), &[("tourism", "museum"), ("name", "Musée")]);
    extract.node(32, at(-60, 400), &[("amenity", "parking"), ("capacity", "50"), ("name", "Parking")]);
    if street_beside {
        extract.node(5, at(-300, 380), &[]).node(6, at(300, 380), &[]);
        extract.way(12, &[5, 6], &[("highway", "residential")]);
    }
    let town = tempfile::tempdir().expect("a temporary folder");
    fs::write(town.path().join("town.osm.pbf"), extract.to_bytes()).expect("the extract can be written");
    let opened = open::open(town.path()).expect("a study");
    let canvas = audit(&opened.manifest, town.path(), &Silent).expect("an audit").canvas;
    let about_places = [Cause::StationSevered, Cause::AssetSevered, Cause::LotCutOff];
    let points = canvas.friction_points.iter().filter(|point| about_places.contains(&point.cause));
    points.map(|point| (point.cause, point.avoidable_s.round() as i64)).collect()
}

/// With a street beside them that leads nowhere each loses the cap of 1,200 s there and back; without any street near
/// nothing is known of them.
#[test]
fn what_no_street_is_mapped_around_is_not_called_severed() {
    let lost = 2 * 1200;
    let cut_off = [(Cause::StationSevered, lost), (Cause::LotCutOff, lost), (Cause::AssetSevered, lost)];
    assert_eq!(find(true), BTreeSet::from(cut_off));
    assert_eq!(find(false), BTreeSet::new());
}
