//! Building and linking: records → a [`Town`] on one plane.

use std::cell::Cell;

use geo::{Area, BooleanOps, BoundingRect, Coord, MapCoords, MultiPolygon, Rect};
use rayon::prelude::*;

use crate::analysis::centre::{Core, core_around, find_core};
use crate::analysis::friction::way_round::BarrierIndex;
use crate::analysis::parameters::Parameters;
use crate::analysis::severance::sample_crossings;
use crate::base::geometry::distance_m;
use crate::base::notice::{Notice, Notices};
use crate::base::projection::{LonLat, Plane};
use crate::canvas::feed::CentreOrigin;
use crate::network::areas::AreaIndex;
use crate::network::index::StreetIndex;
use crate::network::linkage::{LinkTo, LinkedPoint, link_points, nearest_of_owners};
use crate::network::pace::WalkParameters;
use crate::network::streets::{StreetGraph, StreetInputs, build_walk};
use crate::network::timetable::Timetable;
use crate::sources::districts::DistrictRecord;
use crate::sources::osm::StudyArea;
use crate::sources::osm::records::{OsmRecords, StreetClass};
use crate::study::lots::{Surroundings, closed_roads, gather_lots, link_lots};
use crate::study::manifest::Manifest;
use crate::study::moment::study_moment;
use crate::study::networks::with_prepared;
use crate::study::people::{find_dwellings, settle_people};
use crate::study::read::Records;
use crate::study::stops::gather_stops;
use crate::study::street_names::StreetNames;
use crate::study::town::{Barrier, District, Town, TownCore, TownPlace};

/// An extract's box may be this many times as long as that of its streets (default).
const MOST_BEYOND_STREETS: f64 = 2.0;
/// A station is drawn and linked from this far: its building may stand back from the street, metres (default).
const STATION_LINK_M: f64 = 150.0;

/// Builds the town; notices of the building are added to `notices`.
pub fn build_town(
    manifest: &Manifest,
    records: &Records,
    timetable: Option<&Timetable>,
    (plane, parameters): (Plane, &Parameters),
    notices: &mut Notices,
) -> Town {
    let graph = build_graph(manifest, records, timetable, (&plane, parameters), notices);
    let index = StreetIndex::new(&graph);
    let study_box = box_of(&graph);
    let extract_box = box_of_extract(records.osm.bounds, &plane, study_box);
    let (mut districts, areas) = build_districts(manifest, records, &plane, extract_box, notices);

    let dwellings = find_dwellings(&records.osm, &graph, &plane, &areas);
    let people = settle_people(&mut districts, records.population.as_ref(), &dwellings, (&plane, &areas), notices);
    let home_points: Vec<Coord<f64>> = people.homes.iter().map(|home| home.point).collect();
    let link = |points: &[Coord<f64>], limit: f64| link_points(&graph, &index, points, limit, LinkTo::MainComponents);
    let home_links = link(&home_points, parameters.link_limit_m);

    let places = gather_places(&records.osm, &plane, &areas, |points| link(points, parameters.link_limit_m));
    let barriers = gather_barriers(&records.osm, &plane);
    let mut closed: Vec<Vec<Coord<f64>>> = barriers.iter().map(|b| b.line.clone()).collect();
    closed.extend(closed_roads(&records.osm, &plane));
    let drafts = gather_lots(&records.osm, &records.lots, &plane);
    let closed = BarrierIndex::new(&closed);
    let around = Surroundings { graph: &graph, index: &index, closed: &closed, records: &records.osm, plane: &plane };
    let mut lots = link_lots(drafts, around, parameters.link_limit_m);
    lots.par_iter_mut().for_each(|lot| lot.district = areas.find_area(lot.point));
    let mut stops = gather_stops(records, timetable, &plane);
    let stop_points: Vec<Coord<f64>> = stops.iter().map(|stop| stop.point).collect();
    for (stop, link) in stops.iter_mut().zip(link(&stop_points, STATION_LINK_M)) {
        stop.link = link;
        stop.district = areas.find_area(stop.point);
    }
    note_unlinked(&home_links, &places, &stops, notices);

    let core = build_core(manifest, &plane, &places, &lots, &graph, |points| link(points, parameters.link_limit_m));
    let lines: Vec<Vec<Coord<f64>>> = barriers.iter().map(|b| b.line.clone()).collect();
    let crossings = sample_crossings(&graph, &index, &lines, parameters.walk_speed);
    let area = MultiPolygon(vec![study_box.to_polygon()]);
    let street_names = StreetNames::new(&records.osm, &plane);
    Town {
        plane,
        graph,
        index,
        districts,
        areas,
        area,
        homes: people.homes,
        home_links,
        population: people.basis,
        places,
        lots,
        stops,
        barriers,
        crossings,
        core,
        street_names,
    }
}

/// The walking network, at the day of the timetable, over the heights of the ground.
fn build_graph(
    manifest: &Manifest,
    records: &Records,
    timetable: Option<&Timetable>,
    (plane, parameters): (&Plane, &Parameters),
    notices: &mut Notices,
) -> StreetGraph {
    let date = manifest.study.service_date.or_else(|| timetable.map(Timetable::service_date));
    let moment = study_moment(date, records.osm.data_date.as_deref(), parameters.window_start);
    let walk = WalkParameters { speed: parameters.walk_speed, ..WalkParameters::default() };
    let inputs = StreetInputs { moment, ..StreetInputs::plain(&records.osm, plane) };
    let elevation = records.elevation.as_ref();
    let (graph, told) = with_prepared(inputs, elevation, notices, |prepared| build_walk(prepared, &walk));
    notices.extend(told);
    graph
}

/// The box around all streets, metres.
fn box_of(graph: &StreetGraph) -> Rect<f64> {
    let points = graph.nodes().map(|node| graph.node_point(node));
    let mut low = Coord { x: f64::INFINITY, y: f64::INFINITY };
    let mut high = Coord { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY };
    for point in points {
        low = Coord { x: low.x.min(point.x), y: low.y.min(point.y) };
        high = Coord { x: high.x.max(point.x), y: high.y.max(point.y) };
    }
    Rect::new(low, high)
}

/// The box in which the extract has every street there is: the one it was cut to, where its header tells a sensible
/// one, else the one around its streets.
fn box_of_extract(declared: Option<StudyArea>, plane: &Plane, streets: Rect<f64>) -> Rect<f64> {
    let Some(declared) = declared else { return streets };
    let corner = |lon, lat| plane.project(LonLat { lon, lat });
    let (low, high) = (corner(declared.west, declared.south), corner(declared.east, declared.north));
    let finite = [low.x, low.y, high.x, high.y].into_iter().all(f64::is_finite);
    // Files are known that declare a quarter of the globe.
    let sensible = |length: f64, of_streets: f64| length <= MOST_BEYOND_STREETS * of_streets;
    if !finite || !sensible(high.x - low.x, streets.width()) || !sensible(high.y - low.y, streets.height()) {
        return streets;
    }
    let (inner_low, inner_high) = (streets.min(), streets.max());
    Rect::new(
        Coord { x: low.x.min(inner_low.x), y: low.y.min(inner_low.y) },
        Coord { x: high.x.max(inner_high.x), y: high.y.max(inner_high.y) },
    )
}

/// Districts from a file, else the finest administrative boundaries of the extract, else the whole study.
fn build_districts(
    manifest: &Manifest,
    records: &Records,
    plane: &Plane,
    study_box: Rect<f64>,
    notices: &mut Notices,
) -> (Vec<District>, AreaIndex) {
    let mut drafts: Vec<(District, MultiPolygon<f64>)> = match records.districts.is_empty() {
        false => records.districts.iter().map(|record| draft_district(record, plane, study_box)).collect(),
        true => boundaries_of(&records.osm, plane, study_box),
    };
    let file = manifest.inputs.districts.as_ref().map_or("streets", |_| "districts");
    let outside = drafts.iter().filter(|(d, _)| d.covered_share == 0.0).count();
    if outside > 0 {
        let problem = format!("{outside} districts lie outside the street extract");
        notices.push(Notice::warning("district_outside", file, problem).action("left out"));
        drafts.retain(|(d, _)| d.covered_share > 0.0);
    }
    if drafts.is_empty() {
        let whole = District {
            code: "study".to_owned(),
            name: manifest.study.name.clone(),
            population: None,
            covered_share: 1.0,
        };
        notices.push(Notice::note("no_districts", file, "gives no district").action("the whole study is one district"));
        drafts.push((whole, MultiPolygon(vec![study_box.to_polygon()])));
    }
    drafts.sort_by(|a, b| a.0.code.cmp(&b.0.code).then_with(|| a.0.name.cmp(&b.0.name)));
    let (districts, areas): (Vec<District>, Vec<MultiPolygon<f64>>) = drafts.into_iter().unzip();
    (districts, AreaIndex::new(areas))
}

/// The share of an area that lies in the box of the streets, 0 to 1.
fn covered_share(area: &MultiPolygon<f64>, study_box: Rect<f64>) -> f64 {
    let Some(bounds) = area.bounding_rect() else { return 0.0 };
    let (low, high) = (study_box.min(), study_box.max());
    if bounds.min().x >= low.x && bounds.min().y >= low.y && bounds.max().x <= high.x && bounds.max().y <= high.y {
        return 1.0;
    }
    let apart = bounds.max().x < low.x || bounds.min().x > high.x || bounds.max().y < low.y || bounds.min().y > high.y;
    let whole = area.unsigned_area();
    if apart || whole <= 0.0 {
        return 0.0;
    }
    (area.intersection(&study_box.to_polygon()).unsigned_area() / whole).clamp(0.0, 1.0)
}

fn on_plane(area: &MultiPolygon<f64>, plane: &Plane) -> MultiPolygon<f64> {
    let finite = Cell::new(true);
    let projected = area.map_coords(|c| {
        let point = plane.project(LonLat { lon: c.x, lat: c.y });
        finite.set(finite.get() && point.x.is_finite() && point.y.is_finite());
        point
    });
    if finite.get() { projected } else { MultiPolygon(vec![]) }
}

fn draft_district(record: &DistrictRecord, plane: &Plane, study_box: Rect<f64>) -> (District, MultiPolygon<f64>) {
    let area = on_plane(&record.area, plane);
    let covered_share = covered_share(&area, study_box);
    let (code, name) = (record.code.clone(), record.name.clone());
    (District { code, name, population: record.population, covered_share }, area)
}

/// The boundaries of the finest level that holds at least two complete ones, else of the coarsest that holds any.
fn boundaries_of(osm: &OsmRecords, plane: &Plane, study_box: Rect<f64>) -> Vec<(District, MultiPolygon<f64>)> {
    let mut levels: Vec<u8> = osm.boundaries.iter().map(|b| b.admin_level).filter(|l| (6..=10).contains(l)).collect();
    levels.sort_unstable();
    let count = |level: u8| levels.iter().filter(|&&l| l == level).count();
    let finest = (6..=10).rev().find(|&level| count(level) >= 2);
    let Some(level) = finest.or_else(|| levels.last().copied()) else { return Vec::new() };
    let chosen = osm.boundaries.iter().filter(|b| b.admin_level == level);
    chosen
        .map(|boundary| {
            let area = on_plane(&boundary.area, plane);
            let covered_share = covered_share(&area, study_box);
            let code = if boundary.code.is_empty() { boundary.element.to_string() } else { boundary.code.clone() };
            (District { code, name: boundary.name.clone(), population: None, covered_share }, area)
        })
        .collect()
}

fn gather_places(
    osm: &OsmRecords,
    plane: &Plane,
    areas: &AreaIndex,
    link: impl Fn(&[Coord<f64>]) -> Vec<Option<LinkedPoint>>,
) -> Vec<TownPlace> {
    let points: Vec<Coord<f64>> = osm.places.iter().map(|place| plane.project(place.position)).collect();
    let linked = link_by_entrances(osm, &points, plane, link);
    let places = osm.places.iter().zip(&points).zip(linked);
    places
        .map(|((place, &point), link)| TownPlace {
            name: place.name.clone(),
            category: place.category,
            point,
            link,
            district: areas.find_area(point),
        })
        .collect()
}

/// The link of each place: from its entrance that is nearest to a street where entrances are mapped, else from its
/// middle.
fn link_by_entrances(
    osm: &OsmRecords,
    middles: &[Coord<f64>],
    plane: &Plane,
    link: impl Fn(&[Coord<f64>]) -> Vec<Option<LinkedPoint>>,
) -> Vec<Option<LinkedPoint>> {
    let (mut points, mut owners) = (Vec::with_capacity(middles.len()), Vec::with_capacity(middles.len()));
    for (owner, (place, &middle)) in osm.places.iter().zip(middles).enumerate() {
        match place.entrances.as_slice() {
            [] => points.push(middle),
            entrances => points.extend(entrances.iter().map(|&entrance| plane.project(entrance))),
        }
        owners.resize(points.len(), owner);
    }
    nearest_of_owners(&link(&points), (&owners, middles.len()), |_, _| true)
}

/// Railways, rivers and motorways at ground level.
fn gather_barriers(osm: &OsmRecords, plane: &Plane) -> Vec<Barrier> {
    let lines = osm.severing_lines.iter().filter(|line| !line.tunnel && line.line.len() >= 2);
    lines
        .map(|line| Barrier { kind: line.kind, name: line.name.clone(), line: plane.project_all(&line.line) })
        .filter(|barrier: &Barrier| barrier.line.iter().all(|p| p.x.is_finite() && p.y.is_finite()))
        .collect()
}

fn note_unlinked(
    homes: &[Option<LinkedPoint>],
    places: &[TownPlace],
    stops: &[crate::study::town::TownStop],
    notices: &mut Notices,
) {
    let shops = places.iter().filter(|p| p.category.is_shop() && p.link.is_none()).count();
    let of = |what: &str, count: usize, code: &'static str, notices: &mut Notices| {
        if count > 0 {
            let problem = format!("{count} {what} lie too far from any street people walk on");
            notices.push(Notice::warning(code, "streets", problem).action("not reached by any walk"));
        }
    };
    of("homes", homes.iter().filter(|link| link.is_none()).count(), "home_unlinked", notices);
    of("shops", shops, "shop_unlinked", notices);
    of("stops", stops.iter().filter(|stop| stop.link.is_none()).count(), "stop_unlinked", notices);
}

/// The core: given, or the densest cluster of shops, else of car parks, else of street junctions.
fn build_core(
    manifest: &Manifest,
    plane: &Plane,
    places: &[TownPlace],
    lots: &[crate::study::town::TownLot],
    graph: &StreetGraph,
    link: impl Fn(&[Coord<f64>]) -> Vec<Option<LinkedPoint>>,
) -> TownCore {
    let shops: Vec<(Coord<f64>, f64)> =
        places.iter().filter(|p| p.category.is_shop() && p.link.is_some()).map(|p| (p.point, 1.0)).collect();
    let bays: Vec<(Coord<f64>, f64)> =
        lots.iter().filter(|l| l.bays >= 1.0 && l.link.is_some()).map(|l| (l.point, l.bays)).collect();
    let (core, origin, of_shops) = if let Some(centre) = &manifest.centre {
        (core_around(plane.project(centre.0), &shops), CentreOrigin::Given, true)
    } else if let (Some(core), true) = (find_core(&shops), shops.len() >= 5) {
        (core, CentreOrigin::Shops, true)
    } else if let (Some(core), true) = (find_core(&bays), bays.len() >= 3) {
        (core, CentreOrigin::Lots, false)
    } else {
        (junction_core(graph), CentreOrigin::Junctions, false)
    };
    let member_shops = if of_shops { core.members.len() } else { 0 };
    let mut points: Vec<Coord<f64>> = match member_shops {
        0 => vec![core.centre],
        _ => core.members.iter().map(|&member| shops[member].0).collect(),
    };
    let mut links: Vec<LinkedPoint> = link(&points).into_iter().flatten().collect();
    if links.is_empty() {
        // A centre given off the streets: the junction nearest to it stands in.
        let nearest = graph
            .nodes()
            .map(|n| graph.node_point(n))
            .min_by(|a, b| distance_m(*a, core.centre).total_cmp(&distance_m(*b, core.centre)));
        points = nearest.into_iter().collect();
        links = link(&points).into_iter().flatten().collect();
    }
    TownCore { centre: core.centre, origin, points, links, shops: member_shops }
}

/// The densest cluster of junctions of everyday streets, as a point.
fn junction_core(graph: &StreetGraph) -> Core {
    let everyday =
        |class: StreetClass| !matches!(class, StreetClass::Motorway | StreetClass::Trunk | StreetClass::Ferry);
    let junctions: Vec<(Coord<f64>, f64)> = graph
        .nodes()
        .filter(|&node| {
            graph.arcs_from(node).filter(|&arc| everyday(graph.segment_class(graph.segment(arc)))).count() >= 3
        })
        .map(|node| (graph.node_point(node), 1.0))
        .collect();
    let core = find_core(&junctions);
    let first = graph.nodes().next().map(|node| graph.node_point(node)).unwrap_or(Coord { x: 0.0, y: 0.0 });
    core.map_or(Core { centre: first, members: vec![] }, |core| Core { members: vec![], ..core })
}
