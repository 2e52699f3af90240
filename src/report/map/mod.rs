//! Maps as drawings: the town and its centre, from the study's own layers.
//!
//! In: layers in degrees. Out: paths, symbols and texts for the template, which escapes every name.

use geo::{Centroid, Coord, LineString, MultiPolygon, Polygon};
use serde::Serialize;

use crate::base::kinds::{LandKind, PlaceCategory, SeveringKind, StopMode};
use crate::base::projection::{LonLat, Plane};
use crate::canvas::feed::{Canvas, FootTrafficScale};
use crate::canvas::labels::Labels;
use crate::canvas::layers::Layers;
use crate::report::points::{TOLD_POINTS, title};

mod frame;
mod legend;
mod placing;
mod streets;

use frame::attribute;
pub(crate) use frame::{Extent, Frame, PathText};
use legend::{LegendItem, legend};
use placing::PlacedMarker;
pub(crate) use placing::{Placing, half_text_width};
use streets::{FlowClasses, street_names};

/// Width of the paper; one unit is one CSS pixel at full size.
const WIDTH: f64 = 1000.0;
/// Least and greatest height.
const HEIGHTS: (f64, f64) = (560.0, 1100.0);
/// Radius of a numbered friction point.
const MARKER_RADIUS: f64 = 11.0;

/// A map ready for the template.
#[derive(Serialize)]
pub(crate) struct MapDrawing {
    id: &'static str,
    title: String,
    alt: String,
    width: String,
    height: String,
    paths: Vec<PathLayer>,
    texts: Vec<MapText>,
    symbols: Vec<Symbol>,
    markers: Vec<Marker>,
    core: Option<[String; 2]>,
    scale_bar: ScaleBar,
    legend: Vec<LegendItem>,
}

/// All shapes drawn alike, as one path.
#[derive(Serialize)]
struct PathLayer {
    class: String,
    d: String,
}

#[derive(Serialize)]
struct MapText {
    class: &'static str,
    x: String,
    y: String,
    turn: i32,
    /// Across the direction of the text, so that it stands beside its street.
    shift: &'static str,
    text: String,
}

#[derive(Serialize)]
struct Symbol {
    kind: &'static str,
    x: String,
    y: String,
}

#[derive(Serialize)]
struct Marker {
    rank: u32,
    title: String,
    x: String,
    y: String,
    at_x: String,
    at_y: String,
    moved: bool,
}

#[derive(Serialize)]
pub(crate) struct ScaleBar {
    width: String,
    y: String,
    text: String,
}

/// Which map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sheet {
    Town,
    Centre,
}

/// The maps of a study: the town, then the centre. None where nothing has a position.
pub(crate) fn draw_maps(canvas: &Canvas, layers: &Layers, labels: &Labels) -> Vec<MapDrawing> {
    let given = LonLat::new(canvas.study.centre.lon, canvas.study.centre.lat);
    let Some(centre) = given else { return Vec::new() };
    let classes = FlowClasses::of(&layers.segments);
    let plane = Plane::centred_on(centre);
    let mut maps = Vec::new();
    for sheet in [Sheet::Town, Sheet::Centre] {
        let extent = match sheet {
            Sheet::Town => town_extent(&plane, layers),
            Sheet::Centre => centre_extent(&plane, layers),
        };
        if let Some(extent) = extent {
            let frame = Frame::of(centre, extent, WIDTH, HEIGHTS);
            maps.push(draw(sheet, &frame, canvas, layers, &classes, labels));
        }
    }
    maps
}

/// The streets without the last half per cent on each side, else the places.
fn town_extent(plane: &Plane, layers: &Layers) -> Option<Extent> {
    let mut ends: Vec<LonLat> = layers.segments.iter().filter_map(|s| s.line.first().copied()).collect();
    if ends.is_empty() {
        ends.extend(layers.places.iter().map(|p| p.position));
        ends.extend(layers.lots.iter().map(|l| l.position));
        ends.extend(layers.stops.iter().map(|s| s.position));
    }
    Extent::of_most(&plane.project_all(&ends), 0.005).map(|extent| extent.grown(0.03, 1000.0))
}

/// The area within ten minutes on foot, at most 2.6 km across, at least 1 km.
fn centre_extent(plane: &Plane, layers: &Layers) -> Option<Extent> {
    let near = layers.isochrones.iter().find(|i| i.minutes == 10).or(layers.isochrones.last());
    let corners: Vec<LonLat> = near
        .iter()
        .flat_map(|i| i.area.iter().flat_map(|p| p.exterior().coords()))
        .map(|c| LonLat { lon: c.x, lat: c.y })
        .collect();
    let half = 1300.0;
    let found = Extent::of_most(&plane.project_all(&corners), 0.0).map(|extent| extent.grown(0.04, 1000.0));
    let found = found.or((!layers.segments.is_empty()).then_some(Extent {
        west: -600.0,
        south: -600.0,
        east: 600.0,
        north: 600.0,
    }))?;
    Some(Extent {
        west: found.west.clamp(-half, half),
        south: found.south.clamp(-half, half),
        east: found.east.clamp(-half, half),
        north: found.north.clamp(-half, half),
    })
}

fn draw(
    sheet: Sheet,
    frame: &Frame,
    canvas: &Canvas,
    layers: &Layers,
    classes: &FlowClasses,
    labels: &Labels,
) -> MapDrawing {
    let (id, name, alt) = match sheet {
        Sheet::Town => ("map-town", "map-town", "map-town-alt"),
        Sheet::Centre => ("map-centre", "map-centre", "map-centre-alt"),
    };
    let mut placing = Placing::default();
    let core = LonLat::new(canvas.study.centre.lon, canvas.study.centre.lat).and_then(|c| frame.place_inside(c));
    // What a number must not cover.
    let stations = layers.stops.iter().filter(|s| s.mode == StopMode::Rail).map(|s| s.position);
    for point in stations.filter_map(|position| frame.place_inside(position)).chain(core) {
        placing.take(point, 8.0, 8.0);
    }
    let markers = markers(frame, canvas, labels, &mut placing);
    let mut texts = district_names(sheet, frame, canvas, layers, &mut placing);
    if sheet == Sheet::Centre {
        texts.extend(street_names(frame, &layers.segments, &mut placing));
    }
    let mut paths = ground(frame, layers);
    paths.extend(classes.paths(frame, &layers.segments));
    paths.extend(dots(sheet, frame, layers));
    paths.extend(friction_lines(frame, canvas));
    paths.retain(|layer| !layer.d.is_empty());
    let symbols = symbols(sheet, frame, layers);
    let scale = match canvas.foot_traffic.scale {
        FootTrafficScale::AssumedRates => "scale-assumed_rates-short",
        FootTrafficScale::Calibrated => "scale-calibrated-short",
    };
    MapDrawing {
        id,
        title: labels.text(name),
        alt: labels.text(alt),
        width: attribute(frame.width),
        height: attribute(frame.height),
        legend: legend(&paths, &symbols, classes, !markers.is_empty(), &labels.text(scale), labels),
        paths,
        texts,
        symbols,
        markers,
        core: core.map(|p| [attribute(p.x), attribute(p.y)]),
        scale_bar: scale_bar(frame, labels),
    }
}

/// Land, isochrones, district outlines and barriers.
fn ground(frame: &Frame, layers: &Layers) -> Vec<PathLayer> {
    let areas = |class: &str, areas: &mut dyn Iterator<Item = &MultiPolygon<f64>>| {
        let mut path = PathText::default();
        for area in areas {
            frame.rings(area).iter().for_each(|ring| path.add_ring(ring));
        }
        PathLayer { class: class.to_owned(), d: path.into_text() }
    };
    let land = |kind| layers.land.iter().filter(move |l| l.0 == kind).map(|l| &l.1);
    let mut drawn = vec![areas("green", &mut land(LandKind::Green)), areas("water", &mut land(LandKind::Water))];
    for isochrone in &layers.isochrones {
        drawn.push(areas(&format!("isochrone isochrone-{}", isochrone.minutes), &mut std::iter::once(&isochrone.area)));
    }
    let lines = |class: &str, kind: SeveringKind| {
        let mut path = PathText::default();
        for (_, line) in layers.severing_lines.iter().filter(|l| l.0 == kind) {
            frame.line(line).iter().for_each(|part| path.add_line(part));
        }
        PathLayer { class: class.to_owned(), d: path.into_text() }
    };
    drawn.push(lines("waterway", SeveringKind::Waterway));
    drawn.push(lines("motorway", SeveringKind::Motorway));
    drawn.push(areas("district", &mut layers.districts.iter()));
    let rail = lines("railway", SeveringKind::Railway);
    drawn.push(PathLayer { class: "railway-ties".to_owned(), d: rail.d.clone() });
    drawn.push(rail);
    drawn
}

/// Shops and empty units as dots: lines without length and with round ends.
fn dots(sheet: Sheet, frame: &Frame, layers: &Layers) -> Vec<PathLayer> {
    let dots = |class: &str, wanted: fn(PlaceCategory) -> bool| {
        let mut path = PathText::default();
        let places = layers.places.iter().filter(|p| wanted(p.category));
        places.filter_map(|p| frame.place_inside(p.position)).for_each(|point| path.add_line(&[point]));
        let size = if sheet == Sheet::Town { "small" } else { "large" };
        PathLayer { class: format!("{class} {size}"), d: path.into_text() }
    };
    vec![dots("shop", PlaceCategory::is_shop), dots("vacant", |c| c == PlaceCategory::Vacant)]
}

fn friction_lines(frame: &Frame, canvas: &Canvas) -> Option<PathLayer> {
    let mut path = PathText::default();
    for line in canvas.friction_points.iter().take(TOLD_POINTS).flat_map(|p| &p.lines) {
        let positions: Vec<LonLat> = line.iter().filter_map(|&[lon, lat]| LonLat::new(lon, lat)).collect();
        frame.line(&positions).iter().for_each(|part| path.add_line(part));
    }
    let d = path.into_text();
    (!d.is_empty()).then(|| PathLayer { class: "friction-line".to_owned(), d })
}

fn symbols(sheet: Sheet, frame: &Frame, layers: &Layers) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    let mut add = |kind: &'static str, position: LonLat| {
        if let Some(point) = frame.place_inside(position) {
            symbols.push(Symbol { kind, x: attribute(point.x), y: attribute(point.y) });
        }
    };
    if sheet == Sheet::Centre {
        let stops = layers.stops.iter().filter(|s| s.mode != StopMode::Rail);
        stops.for_each(|s| add("stop", s.position));
    }
    let lots = layers.lots.iter().filter(|l| sheet == Sheet::Centre || l.bays >= 100.0);
    lots.for_each(|l| add("lot", l.position));
    layers.stops.iter().filter(|s| s.mode == StopMode::Rail).for_each(|s| add("station", s.position));
    symbols
}

fn markers(frame: &Frame, canvas: &Canvas, labels: &Labels, placing: &mut Placing) -> Vec<Marker> {
    let paper = (frame.width, frame.height);
    let told = canvas.friction_points.iter().take(TOLD_POINTS);
    let mut markers: Vec<Marker> = told
        .filter_map(|point| {
            let at = frame.place_inside(LonLat::new(point.lon, point.lat)?)?;
            let PlacedMarker { at, shown } = placing.marker(at, MARKER_RADIUS, paper);
            Some(Marker {
                rank: point.rank,
                title: title(point, labels),
                x: attribute(shown.x),
                y: attribute(shown.y),
                at_x: attribute(at.x),
                at_y: attribute(at.y),
                moved: shown != at,
            })
        })
        .collect();
    // The worst is drawn last, on top.
    markers.reverse();
    markers
}

/// Names of districts in the middle of what is seen of them, the largest first.
fn district_names(
    sheet: Sheet,
    frame: &Frame,
    canvas: &Canvas,
    layers: &Layers,
    placing: &mut Placing,
) -> Vec<MapText> {
    let size = if sheet == Sheet::Town { 12.0 } else { 13.0 };
    let mut seen: Vec<(f64, usize, Coord<f64>)> = Vec::new();
    for (place, area) in layers.districts.iter().enumerate() {
        let largest = frame
            .rings(area)
            .into_iter()
            .map(|ring| Polygon::new(LineString::new(ring), Vec::new()))
            .map(|ring| (geo::Area::unsigned_area(&ring), ring))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((size, ring)) = largest
            && let Some(middle) = ring.centroid()
        {
            seen.push((size, place, middle.0));
        }
    }
    seen.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut texts = Vec::new();
    for (_, place, middle) in seen {
        let Some(district) = canvas.districts.get(place) else { continue };
        let half = half_text_width(&district.name, size);
        let inside = middle.x - half >= 4.0 && middle.x + half <= frame.width - 4.0;
        if inside && middle.y > 14.0 && middle.y < frame.height - 14.0 && placing.take(middle, half, size * 0.7) {
            texts.push(MapText {
                class: "district-name",
                x: attribute(middle.x),
                y: attribute(middle.y + size * 0.35),
                turn: 0,
                shift: "0",
                text: district.name.clone(),
            });
        }
    }
    texts
}

/// A bar of a round length, about a fifth of the paper.
pub(crate) fn scale_bar(frame: &Frame, labels: &Labels) -> ScaleBar {
    let target_m = frame.width / 5.0 / frame.per_metre();
    let power = 10f64.powf(target_m.log10().floor());
    let length_m = [5.0, 2.0, 1.0].into_iter().map(|n| n * power).find(|&m| m <= target_m).unwrap_or(power);
    ScaleBar {
        width: attribute(length_m * frame.per_metre()),
        y: attribute(frame.height - 18.0),
        text: if length_m >= 1000.0 {
            labels.text_with("value-kilometres", &[("number", labels.number(length_m / 1000.0, 0).into())])
        } else {
            labels.length(length_m)
        },
    }
}
