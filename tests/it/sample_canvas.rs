//! A sample study for the tests of report and export: a drawn town of 3 × 2 km on a river with a railway, six districts,
//! a few of everything, some inputs missing. Nothing in it is measured.

use std::collections::BTreeMap;

use chaland::base::geometry::length_m;
use chaland::base::kinds::{LandKind, LotKind, PlaceCategory, SeveringKind, StopMode, StreetClass};
use chaland::base::projection::{LonLat, Plane};
use chaland::canvas::feed::*;
use chaland::canvas::indicators::{Indicator, NEEDS_SURVEY, Quality};
use chaland::canvas::layers::*;
use chaland::canvas::profile::ScoringProfile;
use chaland::canvas::score::{Measured, score_area};
use geo::{Coord, LineString, MultiPolygon, Polygon};

const CENTRE: LonLat = LonLat { lon: 5.5711, lat: 50.6402 };

/// A number of 0 to 1 that looks arbitrary and never changes.
fn arbitrary(seed: u32) -> f64 {
    let mixed = (u64::from(seed) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 40) as f64 / f64::from(1 << 24)
}

struct Town {
    plane: Plane,
}

impl Town {
    fn at(&self, x: f64, y: f64) -> LonLat {
        self.plane.unproject(Coord { x, y })
    }

    fn area(&self, corners: &[(f64, f64)]) -> MultiPolygon<f64> {
        let ring = corners.iter().map(|&(x, y)| self.at(x, y)).map(|p| Coord { x: p.lon, y: p.lat }).collect();
        MultiPolygon::new(vec![Polygon::new(LineString::new(ring), Vec::new())])
    }

    fn circle(&self, radius: f64) -> MultiPolygon<f64> {
        let corners: Vec<(f64, f64)> = (0..48u32)
            .map(|i| {
                let angle = f64::from(i) / 48.0 * std::f64::consts::TAU;
                let wobble = radius * (0.86 + 0.14 * (angle * 5.0).sin());
                (wobble * angle.cos(), wobble * angle.sin())
            })
            .collect();
        self.area(&corners)
    }

    /// Where a corner of the street grid lies: bent and jittered, so that it looks grown.
    fn corner(&self, column: i32, row: i32) -> Coord<f64> {
        let seed = (column + 40) as u32 * 97 + (row + 40) as u32;
        let jitter = |salt: u32| (arbitrary(seed + salt * 7919) - 0.5) * 34.0;
        let (x, y) = (f64::from(column) * 98.0, f64::from(row) * 92.0);
        Coord { x: x + jitter(1) + y * 0.12, y: y + jitter(2) - 24.0 * (x / 400.0).sin() }
    }
}

const NAMES: [&str; 12] = [
    "Rue Neuve",
    "Rue de l’Église",
    "Grand-Rue",
    "Place du Marché",
    "Rue des Tanneurs",
    "Boulevard d’Avroy",
    "Rue Saint-Gilles",
    "Rue du Pont",
    "Quai de la Batte",
    "Rue Haute",
    "Rue Basse",
    "En Féronstrée",
];

fn segments(town: &Town) -> Vec<SegmentLayer> {
    let mut segments = Vec::new();
    let mut seed = 0;
    for column in -15i32..=15 {
        for row in -10i32..=10 {
            for (step, along) in [((1, 0), row), ((0, 1), column)] {
                let (from, to) = (town.corner(column, row), town.corner(column + step.0, row + step.1));
                let number = segments.len() as u32;
                // The river is crossed at two bridges only, and a tenth of the grid is missing.
                let crosses = row == -3 && step == (0, 1) && ![0, 6].contains(&column);
                seed += 1;
                if crosses || arbitrary(seed) < 0.1 {
                    continue;
                }
                let middle = Coord { x: (from.x + to.x) / 2.0, y: (from.y + to.y) / 2.0 };
                let away = middle.x.hypot(middle.y);
                let busy = if along.rem_euclid(4) == 0 { 5.0 } else { 1.0 };
                let foot_traffic = 4200.0 * (-away / 420.0).exp() * busy * (0.4 + arbitrary(number + 5000));
                segments.push(SegmentLayer {
                    segment: number,
                    way: 1000 + i64::from(number),
                    name: if along.rem_euclid(2) == 0 {
                        NAMES[(along + 20 + step.0 * 3) as usize % NAMES.len()].to_owned()
                    } else {
                        String::new()
                    },
                    class: if away < 200.0 { StreetClass::Pedestrian } else { StreetClass::Residential },
                    line: [from, middle, to].map(|p| town.plane.unproject(p)).to_vec(),
                    length_m: length_m(&[from, to]),
                    foot_traffic,
                    interval: Some((foot_traffic * 0.6, foot_traffic * 1.7)),
                    shops: if away < 400.0 { (arbitrary(number + 9000) * 6.0) as u32 } else { 0 },
                    walk_to_core_min: (away < 1200.0).then_some(away * 1.25 / 80.0),
                });
            }
        }
    }
    segments
}

/// What is drawn of the sample town.
pub fn sample_layers() -> Layers {
    let town = Town { plane: Plane::centred_on(CENTRE) };
    let river: Vec<LonLat> = (-40..=40)
        .map(|i| f64::from(i) * 50.0)
        .map(|x| town.at(x, -230.0 + 0.12 * -230.0 - 24.0 * (x / 400.0).sin()))
        .collect();
    let bank = |offset: f64| (-40..=40).map(move |i| (f64::from(i) * 50.0, offset));
    let bend = |(x, y): (f64, f64)| (x, -258.0 - 24.0 * (x / 400.0).sin() + y);
    let water: Vec<(f64, f64)> = bank(28.0).chain(bank(-28.0).rev()).map(bend).collect();
    let segments = segments(&town);
    let mut places = Vec::new();
    for segment in segments.iter().filter(|s| s.shops > 0) {
        for shop in 0..segment.shops {
            let share = (f64::from(shop) + 0.5) / f64::from(segment.shops);
            let (from, to) = (segment.line[0], segment.line[2]);
            let category = match segment.segment % 9 {
                0 => PlaceCategory::Vacant,
                1..4 => PlaceCategory::Hospitality,
                _ => PlaceCategory::Comparison,
            };
            places.push(PlaceLayer {
                position: LonLat {
                    lon: from.lon + (to.lon - from.lon) * share,
                    lat: from.lat + (to.lat - from.lat) * share + 0.00008,
                },
                category,
                name: format!("Magasin {}", places.len()),
            });
        }
    }
    let lot = |x, y, name: &str, bays| LotLayer {
        position: town.at(x, y),
        name: name.to_owned(),
        kind: LotKind::Underground,
        bays,
    };
    let stop = |x, y, name: &str, mode, departures| StopLayer {
        position: town.at(x, y),
        name: name.to_owned(),
        mode,
        departures,
    };
    Layers {
        districts: DISTRICTS.iter().map(|d| town.area(d.2)).collect(),
        land: vec![
            (LandKind::Water, town.area(&water)),
            (LandKind::Green, town.area(&[(-900.0, 250.0), (-620.0, 300.0), (-650.0, 620.0), (-950.0, 540.0)])),
        ],
        severing_lines: vec![
            (SeveringKind::Waterway, river),
            (
                SeveringKind::Railway,
                (-20..=20).map(|i| town.at(f64::from(i) * 100.0, 610.0 + f64::from(i) * 9.0)).collect(),
            ),
        ],
        places,
        lots: vec![
            lot(-260.0, 180.0, "Parking Cathédrale", 420.0),
            lot(310.0, -90.0, "Parking de la Batte", 160.0),
            lot(90.0, 420.0, "Parking de la Gare", 610.0),
            lot(-520.0, -420.0, "", 45.0),
        ],
        stops: vec![
            stop(120.0, 655.0, "Gare centrale", StopMode::Rail, Some(184)),
            stop(-40.0, 60.0, "Place du Marché", StopMode::Bus, Some(240)),
            stop(420.0, 160.0, "Pont-des-Arches", StopMode::Bus, Some(96)),
            stop(-460.0, -60.0, "Saint-Gilles", StopMode::Tram, None),
        ],
        isochrones: [(15, 1150.0), (10, 770.0), (5, 390.0)]
            .map(|(minutes, radius)| IsochroneLayer { minutes, area: town.circle(radius) })
            .to_vec(),
        segments,
    }
}

type Drawn = (&'static str, &'static str, &'static [(f64, f64)]);

const DISTRICTS: [Drawn; 6] = [
    ("62063A00", "Centre", &[(-420.0, -240.0), (450.0, -240.0), (460.0, 430.0), (-400.0, 430.0)]),
    ("62063A10", "Outremeuse", &[(-500.0, -1000.0), (1000.0, -1000.0), (1000.0, -240.0), (-500.0, -240.0)]),
    ("62063A20", "Quartier de la Gare", &[(-700.0, 430.0), (1100.0, 430.0), (1100.0, 1000.0), (-700.0, 1000.0)]),
    (
        "62063A30",
        "Saint-Gilles",
        &[(-1550.0, -1000.0), (-500.0, -1000.0), (-420.0, -240.0), (-400.0, 430.0), (-1550.0, 430.0)],
    ),
    ("62063A40", "Longdoz", &[(450.0, -240.0), (1600.0, -240.0), (1600.0, 430.0), (460.0, 430.0)]),
    ("62063A50", "Bois-l’Évêque", &[(1100.0, 430.0), (2600.0, 430.0), (2600.0, 2000.0), (1100.0, 2000.0)]),
];

fn measured(indicator: Indicator, seed: u32) -> Measured {
    use Indicator as I;
    let definition = indicator.definition();
    let value =
        definition.good + (definition.bad - definition.good) * (arbitrary(seed * 31 + indicator as u32) * 1.5 - 0.3);
    let value = value.max(0.0);
    match indicator {
        I::FullHoursShare | I::NoDisabledBayShare => Measured::absent(NotScored::MissingInput),
        I::PickupShare => Measured::absent(NotScored::NothingHere),
        I::VacancyShare => Measured::new(value, Quality::Assumed, 12.0).flagged("vacancy_unmapped"),
        I::NotWellServedShare => Measured::new(value, Quality::Observed, 3000.0).flagged("rail_only"),
        I::PedshedPeople => Measured::new(value, Quality::Inferred, 3000.0).flagged("modelled_homes"),
        _ => Measured::new(value, Quality::Observed, 3000.0),
    }
}

fn evidence(key: &str, value: f64, unit: &str, file: &str, date: Option<&str>) -> Evidence {
    Evidence {
        key: key.to_owned(),
        value,
        unit: unit.to_owned(),
        file: file.to_owned(),
        data_date: date.map(str::to_owned),
    }
}

/// Everything that differs between the sample's friction points.
struct Found(Cause, &'static str, (f64, f64), Who, f64, f64, Quality, Vec<Evidence>, Vec<(&'static str, Option<f64>)>);

fn findings() -> Vec<Found> {
    let osm = ("liege.osm.pbf", Some("2026-10-04"));
    let gtfs = ("sncb.zip", Some("2026-09-14"));
    vec![
        Found(
            Cause::StationSevered,
            "Gare centrale",
            (120.0, 655.0),
            Who::TrainPassengers,
            6_240.0,
            312.0,
            Quality::Observed,
            vec![
                evidence("walk_s", 872.0, "s", "", None),
                evidence("straight_m", 640.0, "m", osm.0, osm.1),
                evidence("boardings_per_day", 6_240.0, "persons_per_day", "montees.csv", Some("2023-10")),
            ],
            vec![("add_crossing", None), ("sign_route", None)],
        ),
        Found(
            Cause::LastDepartureBeforeClosing,
            "Ligne 24",
            (-40.0, 60.0),
            Who::BusPassengers,
            415.0,
            2_700.0,
            Quality::Inferred,
            vec![
                evidence("last_departure", 64_500.0, "clock", gtfs.0, gtfs.1),
                evidence("closing_time", 66_600.0, "clock", "study.toml", None),
                evidence("departures_after_closing", 0.0, "count", gtfs.0, gtfs.1),
            ],
            vec![("extend_span", Some(68_400.0))],
        ),
        Found(
            Cause::ParkingFull,
            "Parking Cathédrale",
            (-260.0, 180.0),
            Who::Drivers,
            980.0,
            265.0,
            Quality::Observed,
            vec![
                evidence("occupancy_share", 0.94, "share", "parkings.csv", Some("2026-06-01 – 2026-06-30")),
                evidence("bays", 420.0, "bays", "parkings.csv", Some("2026-06-01")),
                evidence("full_hours", 6.0, "count", "parkings.csv", Some("2026-06-01")),
                evidence("maxstay_min", 240.0, "min", "parkings.csv", Some("2026-06-01")),
            ],
            vec![("guide_parking", None), ("price_parking", None), ("reduce_limit", Some(120.0))],
        ),
        Found(
            Cause::ResidentsSevered,
            "Outremeuse",
            (240.0, -300.0),
            Who::Residents,
            1_530.0,
            148.0,
            Quality::Inferred,
            vec![evidence("residents", 4_820.0, "count", "secteurs.gpkg", Some("2026-01-01"))],
            vec![("add_crossing", None)],
        ),
        Found(
            Cause::FlowWithoutShops,
            "Boulevard d’Avroy",
            (-60.0, 120.0),
            Who::Walkers,
            2_210.0,
            54.0,
            Quality::Inferred,
            vec![
                evidence("foot_traffic", 2_210.0, "persons_per_day", "", None),
                evidence("length_m", 340.0, "m", osm.0, osm.1),
                evidence("departures", 72.0, "count", gtfs.0, gtfs.1),
                evidence("tree_shade", 0.4, "index", "", None),
            ],
            vec![("open_shop", None)],
        ),
        Found(
            Cause::StepsOnly,
            "",
            (-60.0, 130.0),
            Who::ReducedMobility,
            1.2,
            420.0,
            Quality::Assumed,
            vec![evidence("detour_step_free_s", 420.0, "s", osm.0, osm.1)],
            vec![("steps_to_ramp", None)],
        ),
        Found(
            Cause::ShopsWithoutFlow,
            "Rue Basse",
            (300.0, 330.0),
            Who::ShopCustomers,
            140.0,
            96.0,
            Quality::Inferred,
            vec![
                evidence("shops", 9.0, "count", osm.0, osm.1),
                evidence("foot_traffic", 310.0, "persons_per_day", "", None),
                evidence("core_foot_traffic", 4_200.0, "persons_per_day", "", None),
            ],
            vec![],
        ),
    ]
}

fn friction_points(town: &Town) -> Vec<FrictionPoint> {
    let mut points: Vec<FrictionPoint> = findings()
        .into_iter()
        .map(|Found(cause, name, (x, y), who, persons, seconds, quality, evidence, actions)| {
            let at = town.at(x, y);
            let end = town.at(x - 90.0, y - 150.0);
            FrictionPoint {
                rank: 0,
                id: format!("{}-1", cause.key()),
                cause,
                dimension: cause.dimension(),
                name: name.to_owned(),
                lon: at.lon,
                lat: at.lat,
                district: Some("62063A00".to_owned()),
                who,
                persons_per_day: persons,
                avoidable_s: seconds,
                person_seconds_per_day: persons * seconds,
                person_seconds_interval: Some(Interval { p5: persons * seconds / 2.0, p95: persons * seconds * 2.0 }),
                rank_interval: Some(Interval { p5: 1.0, p95: 4.0 }),
                quality,
                evidence,
                candidate_actions: actions
                    .into_iter()
                    .map(|(key, value)| CandidateAction {
                        modification: key.to_owned(),
                        at: vec![[at.lon, at.lat], [end.lon, end.lat]],
                        value,
                    })
                    .collect(),
                lines: vec![vec![[at.lon, at.lat], [end.lon, end.lat]]],
            }
        })
        .collect();
    points.sort_by(|a, b| b.person_seconds_per_day.total_cmp(&a.person_seconds_per_day));
    points.iter_mut().zip(1..).for_each(|(point, rank)| point.rank = rank);
    points
}

fn inputs() -> Vec<InputFile> {
    let input = |kind: &str, file: &str, bytes, date: &str, attribution: &str| InputFile {
        kind: kind.to_owned(),
        file: file.to_owned(),
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        bytes,
        data_date: Some(date.to_owned()),
        attribution: Some(attribution.to_owned()),
    };
    vec![
        input("streets", "liege.osm.pbf", 7_430_112, "2026-10-04", "© les contributeurs d’OpenStreetMap, ODbL 1.0"),
        input("timetable", "sncb.zip", 812_334, "2026-09-14", "SNCB, CC0 1.0"),
        input("parking", "parkings.csv", 9_120, "2026-06-01", "Ville, CC BY 4.0"),
        input("population", "secteurs.gpkg", 2_310_000, "2026-01-01", "Statbel, CC BY 4.0"),
        input("counts", "comptages.csv", 120_400, "2026-03-01 – 2026-08-31", "Ville, CC BY 4.0"),
    ]
}

fn foot_traffic(town: &Town) -> FootTrafficFit {
    let site = |name: &str, x, y, aadp: Option<f64>, modelled, days, health: &str, reasons: &[&str]| SiteReport {
        name: name.to_owned(),
        lon: Some(town.at(x, y).lon),
        lat: Some(town.at(x, y).lat),
        aadp,
        modelled,
        valid_days: days,
        health: health.to_owned(),
        reasons: reasons.iter().map(|&r| r.to_owned()).collect(),
    };
    FootTrafficFit {
        scale: FootTrafficScale::Calibrated,
        sites_found: 4,
        sites_usable: 3,
        sites_linked: 3,
        factor: Some(1.84),
        spearman: None,
        left_out_error_factor: Some(1.42),
        sites: vec![
            site("Place du Marché", 10.0, 10.0, Some(11_420.0), Some(9_870.0), 178, "usable", &[]),
            site("Pont-des-Arches", 40.0, -250.0, Some(4_310.0), Some(5_540.0), 181, "usable", &[]),
            site("Gare", 110.0, 600.0, Some(6_020.0), Some(4_400.0), 96, "suspect", &["level_shift"]),
            site("Rue Haute", -400.0, 300.0, None, None, 0, "dead", &["few_valid_days"]),
        ],
    }
}

/// The feed of the sample town.
pub fn sample_canvas() -> Canvas {
    let town = Town { plane: Plane::centred_on(CENTRE) };
    let notice = |severity: &str, count| NoticeCount { severity: severity.to_owned(), count };
    let tally = |read, repaired, dropped| RowTally { read, used: read - repaired - dropped, repaired, dropped };
    let parameter = |value, unit: &str| Parameter { value, unit: unit.to_owned() };
    let town_score = score_area(&ScoringProfile::default(), |i| measured(i, 3));
    let mut strengths: Vec<Strength> = Vec::new();
    for dimension in &town_score.dimensions {
        for indicator in dimension.indicators.iter().filter(|i| i.friction.is_some_and(|f| f < 0.1)) {
            strengths.push(Strength {
                dimension: dimension.dimension,
                indicator: indicator.indicator,
                value: indicator.value.expect("a friction has a value"),
                unit: indicator.unit,
            });
        }
    }
    Canvas {
        schema_version: SCHEMA_VERSION.to_owned(),
        method_version: METHOD_VERSION.to_owned(),
        study: StudyHeader {
            name: "Bourg-sur-Meuse".to_owned(),
            language: "fr".to_owned(),
            service_date: Some("2026-10-17".to_owned()),
            time_zone: "Europe/Brussels".to_owned(),
            closing_time: "18:30".to_owned(),
            centre: CentrePlace { lon: CENTRE.lon, lat: CENTRE.lat, origin: CentreOrigin::Shops, core_shops: 212 },
            residents: Some(24_815.0),
            shops: 431,
            area_km2: 8.4,
            walk_network_km: 96.2,
        },
        inputs: inputs(),
        missing_inputs: vec![MissingInput {
            kind: "occupancy".to_owned(),
            feeds: vec![chaland::canvas::indicators::Dimension::Park],
        }],
        parameters: BTreeMap::from([
            ("walk_speed".to_owned(), parameter(4.8, "km/h")),
            ("closing_time".to_owned(), parameter(66_600.0, "s after midnight")),
            ("occupancy_target".to_owned(), parameter(0.85, "share")),
        ]),
        scoring: ScoringProfile::default(),
        sensitivity: Some(Sensitivity {
            draws: 1000,
            areas: 3,
            mean_rank_shift: 0.4,
            causes: vec![RankShiftCause { cause: "aggregation".to_owned(), share: 0.3 }],
            without: vec![IndicatorWithout { indicator: Indicator::VacancyShare, mean_rank_shift: 0.2 }],
        }),
        town: AreaScore {
            interval: Some(Interval { p5: 0.21, p95: 0.62 }),
            interval_of_data: Some(Interval { p5: 0.31, p95: 0.52 }),
            ..town_score
        },
        centre: score_area(&ScoringProfile::default(), |i| measured(i, 8)),
        districts: DISTRICTS
            .iter()
            .zip(0..)
            .map(|(&(code, name, _), place)| DistrictScore {
                rank: Some(RankInterval { rank: 1.0 + f64::from(place), p5: 1.0, p95: 3.0 }),
                code: code.to_owned(),
                name: name.to_owned(),
                residents: (place != 4).then_some(1_200.0 + f64::from(place) * 1_430.0),
                shops: [302, 41, 55, 18, 15, 0][place as usize],
                area_km2: 0.6 + f64::from(place) * 0.7,
                covered_share: if place == 5 { 0.21 } else { 1.0 },
                walk_to_core_min: (place != 5).then_some(4.0 + f64::from(place) * 5.3),
                score: score_area(&ScoringProfile::default(), |i| measured(i, 20 + place)),
            })
            .collect(),
        friction_points: friction_points(&town),
        strengths,
        needs_survey: NEEDS_SURVEY.iter().map(|&key| key.to_owned()).collect(),
        foot_traffic: foot_traffic(&town),
        data_quality: DataQuality {
            files: BTreeMap::from([
                ("liege.osm.pbf".to_owned(), tally(812_455, 1_204, 37)),
                ("stop_times.txt".to_owned(), tally(54_120, 12, 1)),
                ("parkings.csv".to_owned(), tally(17, 0, 0)),
            ]),
            notices: BTreeMap::from([
                ("time_unparsable".to_owned(), notice("error", 1)),
                ("way_node_missing".to_owned(), notice("warning", 37)),
                ("encoding_guessed".to_owned(), notice("note", 1)),
            ]),
        },
    }
}
