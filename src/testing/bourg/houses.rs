//! Houses along the streets: a row on each side, left out where another street, the river or a car park is.

use super::chance::share;
use super::ground::{Ground, Line, Point, distance};

/// Classes with houses: tag, spacing along the street in metres.
const LINED: &[&str] = &["highway=residential", "highway=tertiary", "highway=pedestrian;surface=sett"];
/// Width of a plot, metres.
const PLOT_M: f64 = 13.5;
/// From the middle of the street to the middle of the house, metres.
const SETBACK_M: f64 = 12.5;
/// Nothing is built nearer than this to the middle of any line, metres.
const CLEARANCE_M: f64 = 8.5;
/// West, south, east, north of places without houses: river, Esplanade, market, car parks, convent garden, works.
const KEPT_FREE: &[[f64; 4]] = &[
    [-900.0, -237.0, 900.0, -160.0],
    [-75.0, -385.0, 125.0, -292.0],
    [5.0, 0.0, 105.0, 66.0],
    [-172.0, -45.0, -108.0, 65.0],
    [205.0, 15.0, 290.0, 66.0],
    [320.0, 15.0, 375.0, 60.0],
    [470.0, 0.0, 570.0, 66.0],
    [140.0, -70.0, 215.0, -25.0],
    [430.0, 235.0, 490.0, 280.0],
    [400.0, -150.0, 700.0, -60.0],
    [-40.0, -300.0, 40.0, -5.0],
    [-40.0, 290.0, 40.0, 340.0],
];

/// Draws the houses; returns how many.
pub fn draw(ground: &mut Ground, lines: &[Line]) -> usize {
    let mut built: Vec<Point> = Vec::new();
    for line in lines.iter().filter(|line| is_lined(line)) {
        for segment in line.points.windows(2) {
            row(segment, lines, &mut built);
        }
    }
    for (number, &middle) in built.iter().enumerate() {
        let tags = house_tags(number, middle);
        let depth = 8.0 + 3.0 * share(number as u64, 11);
        ground.rectangle(middle, (depth, 9.0), &tags);
    }
    built.len()
}

fn is_lined(line: &Line) -> bool {
    LINED.iter().any(|class| line.tags.contains(class)) && !line.tags.contains("bridge=yes")
}

fn row(segment: &[Point], lines: &[Line], built: &mut Vec<Point>) {
    let (from, to) = (segment[0], segment[1]);
    let length = (to.0 - from.0).hypot(to.1 - from.1);
    let (ux, uy) = ((to.0 - from.0) / length, (to.1 - from.1) / length);
    let plots = (length / PLOT_M) as u32;
    for plot in 0..plots {
        let along = (f64::from(plot) + 0.5) * PLOT_M;
        for side in [-1.0, 1.0] {
            let middle = (from.0 + ux * along - uy * side * SETBACK_M, from.1 + uy * along + ux * side * SETBACK_M);
            if is_free(middle, lines, built) {
                built.push(middle);
            }
        }
    }
}

fn is_free(point: Point, lines: &[Line], built: &[Point]) -> bool {
    let kept_free = KEPT_FREE
        .iter()
        .any(|&[west, south, east, north]| (west..=east).contains(&point.0) && (south..=north).contains(&point.1));
    let on_a_line =
        || lines.iter().any(|line| line.points.windows(2).any(|segment| distance(point, segment) < CLEARANCE_M));
    let on_a_house = || built.iter().any(|house| (house.0 - point.0).hypot(house.1 - point.1) < 12.6);
    !kept_free && !on_a_line() && !on_a_house()
}

fn house_tags(number: usize, (x, y): Point) -> String {
    let in_centre = (-200.0..=200.0).contains(&x) && (-90.0..=110.0).contains(&y);
    let chance = share(number as u64, 7);
    let kind = match chance {
        _ if in_centre && chance < 0.5 => "apartments",
        c if c < 0.45 => "house",
        c if c < 0.60 => "terrace",
        c if c < 0.75 => "detached",
        c if c < 0.80 => "residential",
        c if c < 0.84 => "garage",
        _ => "yes",
    };
    let levels = match (kind, in_centre) {
        ("garage", _) => 1,
        ("apartments", _) => 3 + number % 2,
        (_, true) => 3,
        _ => 2,
    };
    match kind {
        // As in real data, some houses say nothing of their height.
        "yes" => "building=yes".to_owned(),
        _ => format!("building={kind};building:levels={levels}"),
    }
}
