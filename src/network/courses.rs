//! What each mode makes of every street: whether it is open, which way, how fast; and of every mark on a node.
//!
//! In: [`Prepared`] records and the parameters of a mode. Out: [`Courses`], and notices of what is closed.

use rustc_hash::FxHashMap;

use super::access::{FootAccess, NodePassage, Sidepath, foot_access, node_passage};
use super::bicycle::{
    BicycleAccess, BicycleParameters, bicycle_access, bicycle_direction, bicycle_pace, bicycle_passage, traffic_stress,
};
use super::car::{CarAccess, CarParameters, car_access, car_direction, car_pace, car_passage};
use super::pace::{WalkParameters, WayOnFoot, lift_s, seconds_per_metre};
use super::prepared::{Prepared, STREETS};
use super::sidepaths::find_sidepaths;
use super::waits::{Waits, find_waits, is_path};
use super::wheelchair::{Passability, mark_passability, way_passability};
use crate::base::notice::{Notice, Notices};
use crate::sources::osm::records::{
    Access, CrossingKind, Levels, StreetClass, StreetNodeMark, StreetTags, WayDirection, WheelchairTag,
};

/// How a street is gone along.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    /// Seconds per metre on the flat, without waiting.
    pub seconds_per_metre: f64,
    /// Waiting on the way as a whole.
    pub delay_s: f64,
    pub direction: WayDirection,
    /// Only for trips that begin or end there.
    pub is_restricted: bool,
    /// Only paths wait at crossings of carriageways.
    pub waits_at_nodes: bool,
    pub is_step_free: bool,
    pub wheelchair: Passability,
    pub stress: u8,
    pub crossing: Option<CrossingKind>,
    pub crossing_is_assumed: bool,
}

/// What a mark on a street node does.
#[derive(Clone, Copy, Debug)]
pub(super) struct NodeEffect {
    pub passage: NodePassage,
    pub wheelchair: Passability,
    /// Seconds that each stretch at a lift carries: half of what passing it takes.
    pub lift_s: f64,
    /// Seconds that each stretch of a path carries where it passes over a carriageway.
    pub wait_s: f64,
}

impl Default for NodeEffect {
    fn default() -> Self {
        Self { passage: NodePassage::Free, wheelchair: Passability::Ok, lift_s: 0.0, wait_s: 0.0 }
    }
}

/// All streets, areas and marks for one mode.
#[derive(Debug, Default)]
pub(super) struct Courses {
    /// `None` where a street is closed.
    pub of_streets: Vec<Option<Course>>,
    /// `None` where an area is closed, or where the mode does not cross areas.
    pub of_areas: Vec<Option<Course>>,
    /// By vertex.
    pub at_vertices: Vec<(u32, NodeEffect)>,
}

/// Courses on foot.
pub(super) fn walk_courses(prepared: &Prepared<'_>, parameters: &WalkParameters, notices: &mut Notices) -> Courses {
    let sidepaths = find_sidepaths(prepared, parameters);
    let access: Vec<FootAccess> = sidepaths
        .iter()
        .enumerate()
        .map(|(at, &path)| foot_access(prepared.tags(at), path, parameters.indoor_routing))
        .collect();
    report_access(&access, &sidepaths, notices);
    let is_open: Vec<bool> = access.iter().map(|access| access.is_walkable()).collect();
    let waits = find_waits(prepared, &is_open, &parameters.crossings);
    let course = |(at, access): (usize, &FootAccess)| {
        let wait = waits.of_ways[at];
        let course = walk_course(prepared.tags(at), *access, prepared.length_m(at), parameters)?;
        Some(Course {
            delay_s: wait.map_or(0.0, |wait| wait.seconds),
            crossing: wait.map(|wait| wait.kind),
            crossing_is_assumed: wait.is_some_and(|wait| wait.is_assumed),
            ..course
        })
    };
    let area = |tags: &StreetTags| {
        walk_course(tags, foot_access(tags, Sidepath::Missing, parameters.indoor_routing), 100.0, parameters)
    };
    Courses {
        of_streets: access.iter().enumerate().map(course).collect(),
        of_areas: prepared.area_tags.iter().map(area).collect(),
        at_vertices: walk_effects(prepared, &waits, parameters),
    }
}

fn walk_course(tags: &StreetTags, access: FootAccess, length_m: f64, parameters: &WalkParameters) -> Option<Course> {
    let (factor, is_restricted) = match access {
        FootAccess::Open { factor } => (f64::from(factor), false),
        FootAccess::FirstOrLastOnly => (1.0, true),
        FootAccess::Closed => return None,
    };
    let is_steps = is_steps(tags);
    Some(Course {
        seconds_per_metre: seconds_per_metre(tags, WayOnFoot { length_m, factor, delay_s: 0.0 }, parameters),
        delay_s: 0.0,
        direction: tags.foot_direction,
        is_restricted,
        waits_at_nodes: is_path(tags) && tags.crossing.is_none(),
        is_step_free: match tags.wheelchair {
            Some(WheelchairTag::Yes) => true,
            Some(WheelchairTag::No) => false,
            _ => !is_steps || tags.ramp,
        },
        wheelchair: way_passability(tags, length_m),
        stress: 0,
        crossing: None,
        crossing_is_assumed: false,
    })
}

/// Whether a way is steps or an escalator.
pub(super) fn is_steps(tags: &StreetTags) -> bool {
    matches!(tags.class, StreetClass::Steps | StreetClass::Escalator) || tags.conveying
}

fn walk_effects(prepared: &Prepared<'_>, waits: &Waits, parameters: &WalkParameters) -> Vec<(u32, NodeEffect)> {
    let mut effects: Vec<(u32, NodeEffect)> = Vec::new();
    for mark in &prepared.marks {
        let wheelchair = mark_passability(mark);
        let closed_lift = mark.lift && mark.access == Some(Access::Closed);
        let passage = if closed_lift { NodePassage::Closed } else { node_passage(mark) };
        let lift_s = if mark.lift { lift_s(mark.levels, parameters) / 2.0 } else { 0.0 };
        if passage != NodePassage::Free || wheelchair != Passability::Ok || lift_s > 0.0 {
            effects.push((prepared.vertex(mark.node), NodeEffect { passage, wheelchair, lift_s, wait_s: 0.0 }));
        }
    }
    effects.sort_unstable_by_key(|(vertex, _)| *vertex);
    let marked = effects.len();
    for &(vertex, seconds) in &waits.at_vertices {
        let wait_s = seconds / 2.0;
        match effects[..marked].binary_search_by_key(&vertex, |(vertex, _)| *vertex) {
            Ok(at) => effects[at].1.wait_s = wait_s,
            Err(_) => effects.push((vertex, NodeEffect { wait_s, ..NodeEffect::default() })),
        }
    }
    effects
}

fn report_access(access: &[FootAccess], sidepaths: &[Sidepath], notices: &mut Notices) {
    let closed = access.iter().filter(|&&access| access == FootAccess::Closed).count();
    if closed > 0 {
        let problem = format!("{closed} of {} ways are closed on foot", access.len());
        notices.push(Notice::note("street_closed_on_foot", STREETS, problem).action("left out of the walking network"));
    }
    let aside = sidepaths.iter().filter(|&&path| path == Sidepath::Mapped).count();
    if aside > 0 {
        let problem = format!("{aside} ways have their sidewalks mapped apart");
        notices.push(Notice::note("sidewalk_mapped_apart", STREETS, problem).action("walked on the sidewalks only"));
    }
}

/// Courses of bicycles.
pub(super) fn bicycle_courses(prepared: &Prepared<'_>, parameters: &BicycleParameters) -> Courses {
    let course = |at: usize| {
        let tags = prepared.tags(at);
        let access = bicycle_access(tags);
        let is_pushed = access == BicycleAccess::Pushed;
        (access != BicycleAccess::Closed).then(|| Course {
            seconds_per_metre: bicycle_pace(tags, prepared.length_m(at), is_pushed, parameters),
            direction: if is_pushed { tags.foot_direction } else { bicycle_direction(tags) },
            is_restricted: access == BicycleAccess::FirstOrLastOnly,
            stress: if is_pushed { 1 } else { traffic_stress(tags) },
            ..vehicle_course(tags)
        })
    };
    let effect = |mark: &StreetNodeMark| vehicle_effect(prepared.vertex(mark.node), bicycle_passage(mark));
    Courses {
        of_streets: (0..prepared.street_count()).map(course).collect(),
        of_areas: Vec::new(),
        at_vertices: prepared.marks.iter().filter_map(effect).collect(),
    }
}

/// Courses of cars.
pub(super) fn car_courses(prepared: &Prepared<'_>, parameters: &CarParameters) -> Courses {
    let streets = &prepared.inputs.records.streets;
    let measured = |at: usize| prepared.inputs.car_speeds.and_then(|speeds| speeds.get(&streets[at].way)).copied();
    let course = |at: usize| {
        let tags = prepared.tags(at);
        let access = car_access(tags);
        (access != CarAccess::Closed).then(|| Course {
            seconds_per_metre: car_pace(tags, prepared.length_m(at), measured(at), parameters),
            direction: car_direction(tags),
            is_restricted: access == CarAccess::FirstOrLastOnly,
            ..vehicle_course(tags)
        })
    };
    let effect = |mark: &StreetNodeMark| vehicle_effect(prepared.vertex(mark.node), car_passage(mark));
    Courses {
        of_streets: (0..prepared.street_count()).map(course).collect(),
        of_areas: Vec::new(),
        at_vertices: prepared.marks.iter().filter_map(effect).collect(),
    }
}

fn vehicle_course(tags: &StreetTags) -> Course {
    Course {
        seconds_per_metre: 1.0,
        delay_s: 0.0,
        direction: WayDirection::Both,
        is_restricted: false,
        waits_at_nodes: false,
        is_step_free: !is_steps(tags),
        wheelchair: Passability::Ok,
        stress: 0,
        crossing: None,
        crossing_is_assumed: false,
    }
}

fn vehicle_effect(vertex: u32, passage: NodePassage) -> Option<(u32, NodeEffect)> {
    (passage != NodePassage::Free).then_some((vertex, NodeEffect { passage, ..NodeEffect::default() }))
}

/// Vertices that ways share on levels that do not meet, with the groups of levels that do: the lowest is group 0. Where
/// something joins the levels (steps, a lift, a way over several levels, a way of which no level is told) the vertex is
/// not among them.
pub(super) fn has_levels_apart(prepared: &Prepared<'_>, courses: &Courses) -> FxHashMap<u32, Vec<(Levels, u32)>> {
    let mut at_vertices: FxHashMap<u32, Vec<Levels>> = FxHashMap::default();
    let is_open = |at: &usize| courses.of_streets[*at].is_some();
    for at in (0..prepared.street_count()).filter(is_open) {
        if let Some(levels) = prepared.tags(at).levels {
            for vertex in prepared.vertices(at) {
                at_vertices.entry(vertex).or_default().push(levels);
            }
        }
    }
    at_vertices.retain(|_, levels| levels.iter().any(|a| levels.iter().any(|b| !a.meet(*b))));
    if at_vertices.is_empty() {
        return FxHashMap::default();
    }
    for at in (0..prepared.street_count()).filter(is_open) {
        let tags = prepared.tags(at);
        let joins = is_steps(tags) || tags.class == StreetClass::Elevator || tags.incline.is_some();
        if joins || tags.levels.is_none_or(|levels| levels.low != levels.high) {
            for vertex in prepared.vertices(at) {
                at_vertices.remove(&vertex);
            }
        }
    }
    for mark in prepared.marks.iter().filter(|mark| mark.lift) {
        at_vertices.remove(&prepared.vertex(mark.node));
    }
    let groups = |mut levels: Vec<Levels>| {
        levels.sort_unstable();
        levels.dedup();
        levels.into_iter().enumerate().map(|(group, levels)| (levels, group as u32)).collect()
    };
    at_vertices.into_iter().map(|(vertex, levels)| (vertex, groups(levels))).collect()
}
