//! Streets drawn by hand, in metres, as the records an OSM extract would give.
//!
//! In: lines of whole-metre points; equal points are the same node. Out: [`OsmRecords`], and the metric plane on
//! which the drawn metres are the projected metres (to a nanometre).

use std::collections::BTreeMap;

use geo::Coord;

use crate::base::projection::{LonLat, Plane};
use crate::sources::osm::records::{Access, OsmRecords, Street, StreetClass, StreetNodeMark, StreetTags, WayDirection};

/// Open ocean: nothing real lies there.
pub const CENTRE: LonLat = LonLat { lon: -30.0, lat: 45.0 };

/// Tags that say nothing but the class.
pub fn plain_tags(class: StreetClass) -> StreetTags {
    StreetTags::plain(class)
}

/// Tags that say the class and what `edit` makes of them.
pub fn tags_with(class: StreetClass, edit: impl Fn(&mut StreetTags)) -> StreetTags {
    let mut tags = plain_tags(class);
    edit(&mut tags);
    tags
}

/// A mark that says nothing.
pub fn plain_mark() -> StreetNodeMark {
    StreetNodeMark {
        node: 0,
        crossing: None,
        refuge: false,
        barrier: None,
        access: None,
        bicycle: None,
        motor_vehicle: None,
        wheelchair: None,
        kerb: None,
        width_m: None,
        locked: false,
        lift: false,
        levels: None,
    }
}

/// A drawn street.
#[derive(Clone, Debug)]
struct DrawnWay {
    points: Vec<(i32, i32)>,
    tags: StreetTags,
    name: String,
}

/// A drawing of streets.
#[derive(Clone, Debug, Default)]
pub struct StreetSketch {
    ways: Vec<DrawnWay>,
    marks: BTreeMap<(i32, i32), StreetNodeMark>,
}

impl StreetSketch {
    /// An empty drawing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The plane on which drawn metres are projected metres.
    pub fn plane() -> Plane {
        Plane::centred_on(CENTRE)
    }

    /// Where a drawn point is on the globe.
    pub fn position(x_m: f64, y_m: f64) -> LonLat {
        Self::plane().unproject(Coord { x: x_m, y: y_m })
    }

    /// Draws a street; its tags are returned to be changed. Ways have ids 1, 2, 3 in the order drawn.
    pub fn way(&mut self, points: &[(i32, i32)], class: StreetClass) -> &mut StreetTags {
        self.named_way(points, class, "")
    }

    /// Draws a street with a name.
    pub fn named_way(&mut self, points: &[(i32, i32)], class: StreetClass, name: &str) -> &mut StreetTags {
        self.ways.push(DrawnWay { points: points.to_vec(), tags: plain_tags(class), name: name.to_owned() });
        &mut self.ways.last_mut().expect("one was just drawn").tags
    }

    /// Draws a street that only trips which begin or end there may use.
    pub fn way_without_through_trips(&mut self, points: &[(i32, i32)], class: StreetClass) {
        self.way(points, class).access = Some(Access::DestinationOnly);
    }

    /// Draws a street that is walked from its first point to its last, and not back.
    pub fn way_of_one_direction(&mut self, points: &[(i32, i32)], class: StreetClass) {
        self.way(points, class).foot_direction = WayDirection::Forward;
    }

    /// Streets of kinds told by numbers: 0 of one direction, 1 without a way through, all others plain.
    pub fn of_any(lines: &[(Vec<(i32, i32)>, u32)]) -> Self {
        let mut sketch = Self::new();
        for (line, kind) in lines {
            match kind {
                0 => sketch.way_of_one_direction(line, StreetClass::Residential),
                1 => sketch.way_without_through_trips(line, StreetClass::Service),
                _ => _ = sketch.way(line, StreetClass::Residential),
            }
        }
        sketch
    }

    /// Puts a mark (crossing, barrier, lift) on a point that streets use; it is returned to be changed.
    pub fn mark(&mut self, point: (i32, i32)) -> &mut StreetNodeMark {
        self.marks.entry(point).or_insert(plain_mark())
    }

    /// The drawing as records. Nodes have ids 1, 2, 3 from south to north, then from west to east.
    pub fn records(&self) -> OsmRecords {
        let mut nodes: Vec<(i32, i32)> =
            self.ways.iter().flat_map(|way| way.points.iter().map(|&(x, y)| (y, x))).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let index = |(x, y): (i32, i32)| nodes.binary_search(&(y, x)).expect("a point of a street") as u32;
        let plane = Self::plane();
        let mut records = OsmRecords {
            street_node_ids: (1..=nodes.len() as i64).collect(),
            street_node_positions: nodes
                .iter()
                .map(|&(y, x)| plane.unproject(Coord { x: f64::from(x), y: f64::from(y) }))
                .collect(),
            ..OsmRecords::default()
        };
        for (number, DrawnWay { points, tags, name }) in self.ways.iter().enumerate() {
            let start = records.street_refs.len() as u32;
            records.street_refs.extend(points.iter().map(|&point| index(point)));
            records.streets.push(Street {
                way: number as i64 + 1,
                refs: start..records.street_refs.len() as u32,
                tags: *tags,
                name: name.clone(),
                parking: None,
                conditions: None,
            });
        }
        records.street_node_marks =
            self.marks.iter().map(|(&point, &mark)| StreetNodeMark { node: index(point), ..mark }).collect();
        records.street_node_marks.sort_by_key(|mark| mark.node);
        records
    }
}
