//! What is drawn and exported beside the feed, in degrees.

use geo::{Coord, MapCoords, MultiPolygon};

use crate::base::ids::{DistrictId, Id, SegmentId};
use crate::base::kinds::LotAccess;
use crate::base::projection::{LonLat, Plane};
use crate::base::units::TravelTime;
use crate::canvas::friction_points::round_to;
use crate::canvas::layers::{IsochroneLayer, Layers, LotLayer, PlaceLayer, SegmentLayer, StopLayer};
use crate::network::streets::Profile;
use crate::reach::isochrone::isochrones as draw_isochrones;
use crate::reach::walk::{WalkSearch, at_once};
use crate::sources::osm::records::OsmRecords;
use crate::study::measure::Measures;
use crate::study::town::Town;

/// Walks drawn around the core, minutes, largest first.
const ISOCHRONES_MIN: [u32; 3] = [15, 10, 5];

/// All layers of a study.
pub fn gather_layers(town: &Town, measures: &Measures, osm: &OsmRecords) -> Layers {
    let line = |points: &[Coord<f64>]| -> Vec<LonLat> { points.iter().map(|&p| town.plane.unproject(p)).collect() };
    Layers {
        segments: segments(town, measures),
        districts: (0..town.districts.len())
            .map(|d| in_degrees(town.areas.area(DistrictId::from_index(d)), &town.plane))
            .collect(),
        land: osm.land.iter().map(|land| (land.kind, land.area.clone())).collect(),
        severing_lines: town.barriers.iter().map(|b| (b.kind, line(&b.line))).collect(),
        places: town
            .places
            .iter()
            .map(|p| PlaceLayer { position: town.plane.unproject(p.point), category: p.category, name: p.name.clone() })
            .collect(),
        lots: town
            .lots
            .iter()
            .filter(|lot| lot.bays >= 1.0 && lot.access != LotAccess::Private)
            .map(|lot| LotLayer {
                position: town.plane.unproject(lot.point),
                name: lot.name.clone(),
                kind: lot.kind,
                bays: lot.bays,
            })
            .collect(),
        stops: town
            .stops
            .iter()
            .map(|stop| StopLayer {
                position: town.plane.unproject(stop.point),
                name: stop.name.clone(),
                mode: stop.mode,
                departures: stop.departures,
            })
            .collect(),
        isochrones: isochrones(town),
    }
}

/// An area of the plane in degrees.
pub fn in_degrees(area: &MultiPolygon<f64>, plane: &Plane) -> MultiPolygon<f64> {
    area.map_coords(|point| {
        let position = plane.unproject(point);
        Coord { x: round_to(position.lon, 7), y: round_to(position.lat, 7) }
    })
}

fn segments(town: &Town, measures: &Measures) -> Vec<SegmentLayer> {
    let graph = &town.graph;
    (0..graph.segment_count())
        .map(|index| {
            let segment = SegmentId::from_index(index);
            let flow = measures.traffic.on(segment);
            SegmentLayer {
                segment: segment.0,
                way: graph.segment_way(segment),
                name: graph.segment_name(segment).to_owned(),
                class: graph.segment_class(segment),
                line: graph.segment_line(segment).iter().map(|&p| town.plane.unproject(p)).collect(),
                length_m: round_to(graph.segment_length_m(segment), 1),
                foot_traffic: round_to(flow, 1),
                interval: measures.interval_factor.map(|f| (round_to(flow / f, 1), round_to(flow * f, 1))),
                shops: measures.segment_flows[index].shops,
                walk_to_core_min: measures.segment_walk[index].map(|walk| round_to(walk.minutes(), 1)),
            }
        })
        .collect()
}

fn isochrones(town: &Town) -> Vec<IsochroneLayer> {
    let mut search = WalkSearch::new(&town.graph, Profile::Adult);
    let cutoffs = ISOCHRONES_MIN.map(TravelTime::from_minutes);
    search.from_points(&at_once(&town.core.links), cutoffs[0]);
    let drawn = draw_isochrones(&search, &cutoffs).into_iter().rev();
    drawn
        .map(|isochrone| IsochroneLayer {
            minutes: isochrone.cutoff.minutes().round() as u32,
            area: in_degrees(&isochrone.area, &town.plane),
        })
        .collect()
}
