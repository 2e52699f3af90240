//! Does the audit of the drawn town name what was planted, where it was planted, and nothing that is not there?

use std::path::Path;

use chaland::canvas::feed::{Canvas, Cause, FootTrafficScale, FrictionPoint};
use chaland::study::progress::Silent;
use chaland::study::{Audit, audit, open};
use chaland::testing::bourg::{PLANTED, position_of};

pub fn audit_sample(name: &str) -> Audit {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples").join(name);
    let opened = open::open(&folder).expect("a folder of sample data is a study");
    audit(&opened.manifest, &folder, &Silent).expect("a sample town can be audited")
}

/// Metres between two positions a short way apart.
fn apart_m(a: (f64, f64), b: (f64, f64)) -> f64 {
    let east = (a.0 - b.0) * a.1.to_radians().cos();
    east.hypot(a.1 - b.1) * 111_195.0
}

/// What each planted friction must be called, and how near to its place.
const EXPECTED: &[(&str, Cause, f64)] = &[
    ("severed_station", Cause::StationSevered, 100.0),
    ("unwalkable_car_park", Cause::LotCutOff, 100.0),
    ("early_last_bus", Cause::LastDepartureBeforeClosing, 150.0),
    ("flow_without_shops", Cause::FlowWithoutShops, 200.0),
    ("shops_without_flow", Cause::ShopsWithoutFlow, 120.0),
    ("steps_only", Cause::StepsOnly, 100.0),
    ("full_blue_zone", Cause::ParkingFull, 100.0),
];

fn find<'a>(canvas: &'a Canvas, key: &str, cause: Cause, within_m: f64) -> Option<&'a FrictionPoint> {
    let place = position_of(key).expect("it is planted");
    let near = |p: &&FrictionPoint| apart_m((p.lon, p.lat), (place.lon, place.lat)) <= within_m;
    canvas.friction_points.iter().filter(|p| p.cause == cause).find(near)
}

#[test]
fn every_planted_friction_is_named_with_its_cause_and_place() {
    let canvas = audit_sample("bourg").canvas;
    let frictions: Vec<&str> = PLANTED.iter().filter(|p| p.is_friction).map(|p| p.key).collect();
    assert_eq!(frictions.len(), EXPECTED.len(), "each planted friction has an expectation");
    for (key, cause, within_m) in EXPECTED {
        assert!(frictions.contains(key));
        let found = find(&canvas, key, *cause, *within_m);
        let list: Vec<String> = canvas.friction_points.iter().map(|p| format!("{} {}", p.id, p.name)).collect();
        let found = found.unwrap_or_else(|| panic!("{key} is not named in {list:?}"));
        assert!(found.rank <= 12, "{key} has rank {}", found.rank);
        assert!(found.person_seconds_per_day > 0.0 && !found.evidence.is_empty(), "{key}");
        assert!(!found.candidate_actions.is_empty(), "{key}");
    }
}

#[test]
fn no_decoy_is_named() {
    let canvas = audit_sample("bourg").canvas;
    // The cause that each decoy could be mistaken for, and how near a point must be to be about it.
    let mistaken: &[(&str, Cause, f64)] = &[
        ("direct_halt", Cause::StationSevered, 100.0),
        ("direct_bus_hub", Cause::StationSevered, 100.0),
        ("lot_by_footway", Cause::LotCutOff, 60.0),
        ("busy_with_shops", Cause::FlowWithoutShops, 60.0),
        ("quiet_street", Cause::FlowWithoutShops, 40.0),
        ("quiet_street", Cause::ShopsWithoutFlow, 60.0),
        ("steps_with_bypass", Cause::StepsOnly, 30.0),
        ("steps_with_ramp", Cause::StepsOnly, 30.0),
        ("half_full_lot", Cause::ParkingFull, 60.0),
        ("half_full_lot", Cause::LotCutOff, 60.0),
        ("private_lots", Cause::LotCutOff, 60.0),
        ("private_lots", Cause::ParkingFull, 60.0),
    ];
    for (key, cause, within_m) in mistaken {
        let found = find(&canvas, key, *cause, *within_m);
        assert!(found.is_none(), "{key} is named as {cause:?}: {:?}", found.map(|f| &f.name));
    }
    let late: Vec<&str> = canvas
        .friction_points
        .iter()
        .filter(|p| p.cause == Cause::LastDepartureBeforeClosing)
        .map(|p| p.name.as_str())
        .collect();
    assert_eq!(late, ["2"], "line 2 alone ends before the shops close");
}

/// Seven of the eight counters of the drawn town can be used; the one that died in April cannot.
#[test]
fn foot_traffic_is_calibrated_on_the_live_counters() {
    let fit = audit_sample("bourg").canvas.foot_traffic;
    assert_eq!((fit.sites_found, fit.sites_usable), (8, 7));
    assert_eq!(fit.scale, FootTrafficScale::Calibrated);
    let dead = fit.sites.iter().find(|site| site.health != "usable").expect("one is not usable");
    assert_eq!(dead.name, "Rue Neuve");
    assert!(fit.factor.is_some_and(|factor| factor > 0.0));
}

/// Every dimension that the inputs of the drawn town allow is scored, and each score lies between 0 and 1.
#[test]
fn all_dimensions_of_the_drawn_town_are_scored() {
    let canvas = audit_sample("bourg").canvas;
    assert_eq!(canvas.town.dimensions.len(), 11);
    for dimension in &canvas.town.dimensions {
        let friction = dimension.friction.unwrap_or_else(|| panic!("{:?} is not scored", dimension.dimension));
        assert!((0.0..=1.0).contains(&friction));
        assert!(dimension.coverage >= 0.5);
    }
    assert_eq!(canvas.districts.len(), 8);
    let people: f64 = canvas.districts.iter().filter_map(|d| d.residents).sum();
    assert!((people - canvas.study.residents.expect("counted")).abs() <= 8.0, "rounded per district: {people}");
}
