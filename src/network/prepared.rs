//! What all modes need before streets are cut: points on the plane, and tags and marks as they hold at the moment of
//! the study.
//!
//! In: [`StreetInputs`]. Out: [`Prepared`], and notices of conditions that could not be read.

use geo::Coord;
use jiff::civil::DateTime;
use rayon::prelude::*;

use super::access::{mark_now, tags_now};
use super::hilbert_curve::CurveOrder;
use super::hours::Hours;
use super::slope::{Ground, node_heights};
use crate::base::geometry::distance_m;
use crate::base::notice::{Notice, Notices};
use crate::base::projection::Plane;
use crate::sources::car_speeds::CarSpeeds;
use crate::sources::osm::records::{OsmRecords, Street, StreetNodeMark, StreetTags, TurnRestriction, TurnVia};

/// Name of the input in notices.
pub(super) const STREETS: &str = "streets";

/// What street graphs are built from.
#[derive(Clone, Copy)]
pub struct StreetInputs<'a> {
    /// Records of the extracts.
    pub records: &'a OsmRecords,
    /// The plane of the study.
    pub plane: &'a Plane,
    /// Local civil time at which conditional access and opening hours are asked; without one they are not evaluated.
    pub moment: Option<DateTime>,
    /// Heights of the ground; without them all is flat but what `incline` says.
    pub ground: Option<Ground<'a>>,
    /// Measured speeds of cars.
    pub car_speeds: Option<&'a CarSpeeds>,
}

impl<'a> StreetInputs<'a> {
    /// Records on a plane, without moment, heights and measured speeds.
    pub fn plain(records: &'a OsmRecords, plane: &'a Plane) -> Self {
        Self { records, plane, moment: None, ground: None, car_speeds: None }
    }
}

/// Points, tags and marks as they hold at the moment of the study; made once for all modes.
pub struct Prepared<'a> {
    pub(super) inputs: StreetInputs<'a>,
    /// Where each street node is.
    pub(super) points: Vec<Coord<f64>>,
    /// Where each reference of a street is, and whether something may happen there: in the order in which streets are
    /// gone along, which is not that of their nodes.
    course_points: Vec<Coord<f64>>,
    meets_on_course: Vec<bool>,
    /// The nodes at which something may happen, along a Hilbert curve.
    order: CurveOrder,
    /// The length from each reference of a street to the next one, metres, not finite off the plane.
    stretch_lengths_m: Vec<f64>,
    /// The length of each street, metres; stretches off the plane count nothing.
    lengths_m: Vec<f64>,
    /// The height of each street node, NaN where it is not known; empty without heights of the ground.
    pub(super) node_heights: Vec<f64>,
    /// The tags of each street.
    pub(super) tags: Vec<StreetTags>,
    /// The tags of each walk area.
    pub(super) area_tags: Vec<StreetTags>,
    /// The marks on street nodes, ascending by node.
    pub(super) marks: Vec<StreetNodeMark>,
    /// Whether each turn restriction holds.
    turns_hold: Vec<bool>,
}

impl<'a> Prepared<'a> {
    /// Projects all street nodes and evaluates all conditions.
    pub fn new(inputs: StreetInputs<'a>) -> (Self, Notices) {
        let mut notices = Notices::new();
        let records = inputs.records;
        let points = inputs.plane.project_all(&records.street_node_positions);
        let mut hours = Hours::at(inputs.moment);
        let mut tell = |hours: &Hours, before: usize, element: String| {
            if hours.unread() > before || inputs.moment.is_none() {
                let notice = Notice::note("conditional_access", STREETS, "a condition on hours cannot be evaluated");
                notices.push(notice.at_element(element).action("unconditional value kept"));
            }
        };
        let mut tags: Vec<StreetTags> = records.streets.iter().map(|street| street.tags).collect();
        for (tags, street) in tags.iter_mut().zip(&records.streets) {
            if let Some(conditions) = &street.conditions {
                let before = hours.unread();
                *tags = tags_now(tags, conditions, &mut hours);
                tell(&hours, before, format!("way {}", street.way));
            }
        }
        let mut area_tags: Vec<StreetTags> = records.walk_areas.iter().map(|area| area.tags).collect();
        for (tags, area) in area_tags.iter_mut().zip(&records.walk_areas) {
            if let Some(conditions) = &area.conditions {
                *tags = tags_now(tags, conditions, &mut hours);
            }
        }
        let mut marks = records.street_node_marks.clone();
        for (node, conditions) in &records.street_node_conditions {
            if let Ok(at) = marks.binary_search_by_key(node, |mark| mark.node) {
                let before = hours.unread();
                marks[at] = mark_now(&marks[at], conditions, &mut hours);
                tell(&hours, before, format!("node {}", records.street_node_ids[*node as usize]));
            }
        }
        let holds = |turn: &TurnRestriction| turn.hours.is_empty() || hours.holds(&turn.hours);
        let turns_hold = records.turn_restrictions.iter().map(holds).collect();
        let refs = records.street_refs.par_iter().with_min_len(4096);
        let course_points: Vec<Coord<f64>> = refs.clone().map(|&node| points[node as usize]).collect();
        let is_meeting = find_meetings(records);
        let meets_on_course: Vec<bool> = refs.map(|&node| is_meeting[node as usize]).collect();
        let order = CurveOrder::of(is_meeting, &points);
        let stretches = course_points.par_windows(2).with_min_len(4096);
        let stretch_lengths_m: Vec<f64> = stretches.map(|pair| distance_m(pair[0], pair[1])).chain([0.0]).collect();
        let length_m = |street: &Street| {
            let stretches = street.refs.start as usize..(street.refs.end as usize).saturating_sub(1);
            stretch_lengths_m[stretches].iter().filter(|length| length.is_finite()).sum()
        };
        let lengths_m = records.streets.iter().map(length_m).collect();
        let node_heights = inputs.ground.map_or_else(Vec::new, |ground| node_heights(records, &tags, ground.height_m));
        let prepared = Self {
            inputs,
            points,
            course_points,
            meets_on_course,
            order,
            stretch_lengths_m,
            lengths_m,
            node_heights,
            tags,
            area_tags,
            marks,
            turns_hold,
        };
        (prepared, notices)
    }

    /// The turn restrictions that hold now and are not excepted.
    pub(super) fn turns_now(&self, is_excepted: impl Fn(&TurnRestriction) -> bool) -> Vec<&'a TurnRestriction> {
        let all = self.inputs.records.turn_restrictions.iter().zip(&self.turns_hold);
        all.filter(|(turn, holds)| **holds && !is_excepted(turn)).map(|(turn, _)| turn).collect()
    }

    /// The mark on a street node.
    pub(super) fn mark_of(&self, node: u32) -> Option<&StreetNodeMark> {
        self.marks.binary_search_by_key(&node, |mark| mark.node).ok().map(|at| &self.marks[at])
    }

    /// Those vertices of `points` that are wanted, along a Hilbert curve: what is near on the ground is near in memory.
    pub(super) fn along_curve(&self, is_wanted: &[bool], points: &[Coord<f64>]) -> Vec<u32> {
        self.order.wanted(is_wanted, points)
    }

    /// Where the nodes of a street are.
    pub(super) fn course(&self, street: usize) -> &[Coord<f64>] {
        let refs = &self.inputs.records.streets[street].refs;
        &self.course_points[refs.start as usize..refs.end as usize]
    }

    /// Of each node of a street whether something may happen there, whatever the mode: streets meet or end there, it has a
    /// mark, an outline of a square passes it. At all others the street only bends.
    pub(super) fn meetings(&self, street: usize) -> &[bool] {
        let refs = &self.inputs.records.streets[street].refs;
        &self.meets_on_course[refs.start as usize..refs.end as usize]
    }

    /// The nodes of a street at which something may happen.
    pub(super) fn meeting_nodes(&self, street: usize) -> impl Iterator<Item = u32> {
        let nodes = self.refs(street).iter().zip(self.meetings(street));
        nodes.filter(|(_, meets)| **meets).map(|(&node, _)| node)
    }

    /// The nodes of a street.
    pub(super) fn refs(&self, street: usize) -> &'a [u32] {
        self.inputs.records.refs(&self.inputs.records.streets[street])
    }

    /// The lengths of the stretches of a street, metres, not finite off the plane.
    pub(super) fn stretches_m(&self, street: usize) -> &[f64] {
        let refs = &self.inputs.records.streets[street].refs;
        &self.stretch_lengths_m[refs.start as usize..(refs.end as usize).saturating_sub(1)]
    }

    /// The length of a street, metres; stretches off the plane count nothing.
    pub(super) fn length_m(&self, street: usize) -> f64 {
        self.lengths_m[street]
    }
}

fn find_meetings(records: &OsmRecords) -> Vec<bool> {
    let nodes = records.street_node_positions.len();
    let (mut is_passed, mut is_meeting) = (vec![false; nodes], vec![false; nodes]);
    for street in &records.streets {
        let refs = records.refs(street);
        for &node in refs {
            is_meeting[node as usize] |= is_passed[node as usize];
            is_passed[node as usize] = true;
        }
        for &end in [refs.first(), refs.last()].into_iter().flatten() {
            is_meeting[end as usize] = true;
        }
    }
    let marked = records.street_node_marks.iter().map(|mark| mark.node);
    let outlines =
        records.walk_areas.iter().flat_map(|area| area.outer_rings.iter().chain(&area.inner_rings)).flatten();
    let turns = records.turn_restrictions.iter().filter_map(|turn| match turn.via {
        TurnVia::Node(node) => Some(node),
        TurnVia::Ways(_) => None,
    });
    for node in marked.chain(outlines.copied()).chain(turns) {
        is_meeting[node as usize] = true;
    }
    is_meeting
}
