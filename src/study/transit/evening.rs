//! Lines that leave from the core, and which of their stops nothing serves once the shops have closed.
//!
//! In: the timetable, the stops of the core. Out: one record per line. Where a line runs at a headway without fixed
//! times the numbers are those to expect, whatever the draw.

use std::collections::BTreeMap;

use crate::analysis::friction::last_departure::LineFromCore;
use crate::analysis::parameters::Parameters;
use crate::base::ids::{Id, PatternId, RouteId, StopId};
use crate::base::units::{ClockTime, TravelTime};
use crate::network::timetable::{Footpaths, Moment, NEVER, Timetable};
use crate::reach::raptor::moment;
use crate::study::transit::direction::{Direction, direction_of};

/// A line serves the core from stops within this walk (default).
const CORE_STOP_WALK: TravelTime = TravelTime::from_minutes(3);

/// When people who stay until the shops close are at a stop.
pub fn after_closing(parameters: &Parameters) -> ClockTime {
    parameters.closing_time.plus_seconds(parameters.closing_margin.seconds() as u32)
}

/// Which stops are in the core.
struct CoreStops(Vec<bool>);

impl CoreStops {
    fn new(timetable: &Timetable, core: &[(StopId, TravelTime)]) -> Self {
        let mut inside = vec![false; timetable.stops().len()];
        core.iter().filter(|(_, walk)| *walk <= CORE_STOP_WALK).for_each(|(stop, _)| inside[stop.index()] = true);
        Self(inside)
    }

    fn holds(&self, stop: StopId) -> bool {
        self.0[stop.index()]
    }

    /// The first call of a pattern in the core with more than `least` departures in a span, and how many.
    fn first_boarding(
        &self,
        timetable: &Timetable,
        pattern: PatternId,
        span: (Moment, Moment),
        least: f64,
    ) -> Option<(usize, f64)> {
        let calls = timetable.pattern_stops(pattern).iter().enumerate().filter(|&(_, &stop)| self.holds(stop));
        let mut boarded = calls.map(|(at, _)| (at, timetable.expected_departures(pattern, at, span)));
        boarded.find(|&(_, departures)| departures > least)
    }
}

/// The stops that a vehicle which leaves the core after closing still serves: those it calls at, and those a short walk
/// from there. Who rides a bus home does not walk the same way instead. A vehicle at a headway counts where it is more
/// likely than not.
fn find_served_stops(timetable: &Timetable, footpaths: &Footpaths, core: &CoreStops, leave: Moment) -> Vec<bool> {
    let mut served = vec![false; timetable.stops().len()];
    for pattern in timetable.patterns() {
        let Some((first, _)) = core.first_boarding(timetable, pattern, (leave, NEVER), 0.5) else { continue };
        for &stop in timetable.pattern_stops(pattern)[first + 1..].iter().filter(|&&stop| !core.holds(stop)) {
            served[stop.index()] = true;
            footpaths.from_stop(stop).iter().for_each(|&(to, _)| served[to.index()] = true);
        }
    }
    served
}

/// What is known of one direction of a line while its patterns are gone through.
#[derive(Default)]
struct Course {
    departures: f64,
    last: Option<(Moment, StopId)>,
    beyond: Vec<StopId>,
}

/// Lines that leave from the core, ascending by line. Each vehicle counts once, however many stops of the core it
/// calls at. A line is told by those of its directions whose last vehicle leaves before people can take it; where none
/// does, by all.
pub fn lines_from_core(
    timetable: &Timetable,
    footpaths: &Footpaths,
    core: &[(StopId, TravelTime)],
    parameters: &Parameters,
) -> Vec<LineFromCore> {
    let core = CoreStops::new(timetable, core);
    let leave = moment(after_closing(parameters));
    let served = find_served_stops(timetable, footpaths, &core, leave);
    let mut lines: BTreeMap<RouteId, BTreeMap<Direction, Course>> = BTreeMap::new();
    for pattern in timetable.patterns() {
        let Some((first, departures)) = core.first_boarding(timetable, pattern, (0, NEVER), 0.0) else { continue };
        let stops = timetable.pattern_stops(pattern);
        let Some(last_in_core) = (0..stops.len()).rev().find(|&position| core.holds(stops[position])) else { continue };
        let directions = lines.entry(timetable.route_of(pattern)).or_default();
        let course = directions.entry(direction_of(timetable, pattern, last_in_core)).or_default();
        course.departures += departures;
        for (position, &stop) in stops.iter().enumerate().skip(first) {
            match timetable.expected_last_departure(pattern, position).filter(|_| core.holds(stop)) {
                Some(at) if course.last.is_none_or(|(last, _)| at > last) => course.last = Some((at, stop)),
                _ => {}
            }
            course.beyond.extend((!core.holds(stop)).then_some(stop));
        }
    }
    lines
        .into_iter()
        .filter_map(|(route, directions)| {
            let courses: Vec<Course> = directions.into_values().collect();
            describe(timetable, route, join_early(courses, leave), &served)
        })
        .collect()
}

/// The directions of a line that end before `leave` as one, the last of their departures told; all of them where none
/// ends so early.
fn join_early(courses: Vec<Course>, leave: Moment) -> Course {
    let is_early = |course: &Course| course.last.is_some_and(|(last, _)| last < leave) && !course.beyond.is_empty();
    let any_early = courses.iter().any(is_early);
    let mut joined = Course::default();
    for course in courses.into_iter().filter(|course| !any_early || is_early(course)) {
        joined.departures += course.departures;
        joined.last = joined.last.max(course.last);
        joined.beyond.extend(course.beyond);
    }
    joined
}

fn describe(timetable: &Timetable, route: RouteId, mut line: Course, served: &[bool]) -> Option<LineFromCore> {
    let (last, stop) = line.last?;
    line.beyond.sort_unstable();
    line.beyond.dedup();
    let stranded: Vec<StopId> = line.beyond.iter().copied().filter(|stop| !served[stop.index()]).collect();
    let position_of = |stop: StopId| timetable.stops()[stop].position;
    Some(LineFromCore {
        name: timetable.routes()[route].name.clone(),
        mode: timetable.routes()[route].mode,
        point: position_of(stop),
        departures: line.departures.round() as u32,
        last: ClockTime::from_seconds(last.max(0) as u32 / 10),
        stranded_share: stranded.len() as f64 / line.beyond.len().max(1) as f64,
        stranded: stranded.into_iter().map(position_of).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::toy_feed::ToyFeed;

    const HOUR: u32 = 3600;

    /// A line between stops 0 and 3 through the core at 1 and 2, hourly each way: towards 3 until 17:00, back until 22:00.
    fn there_and_back() -> ToyFeed {
        let mut toy = ToyFeed::with_stops(4);
        let clock = ClockTime::from_hm;
        toy.line(&[0, 1, 2, 3], clock(8, 0), clock(17, 1), 60, 5);
        toy.line(&[3, 2, 1, 0], clock(8, 0), clock(22, 1), 60, 5);
        toy
    }

    fn lines(toy: &ToyFeed) -> Vec<LineFromCore> {
        let core = [(StopId(1), TravelTime::ZERO), (StopId(2), TravelTime::from_minutes(1))];
        lines_from_core(&toy.timetable(), &Footpaths::none(toy.stops as usize), &core, &Parameters::default())
    }

    /// The direction that ends early is told: ten vehicles, the last at 17:10 from stop 2, and its only stop beyond the
    /// core, though the other direction runs until ten.
    #[test]
    fn a_direction_that_ends_early_is_told_though_the_other_runs_late() {
        let found = lines(&there_and_back());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].departures, found[0].last.seconds()), (10, 17 * HOUR + 600));
        assert_eq!((found[0].stranded_share, found[0].stranded.len()), (1.0, 1));
    }

    /// With a vehicle at 18:36 from 0, which is at stop 1 at 18:41 and at stop 2 at 18:46, after all have left the shops
    /// at 18:45: nobody is stranded. Both directions are told: 11 and 15 vehicles.
    #[test]
    fn a_vehicle_that_can_be_caught_at_any_stop_of_the_core_is_enough() {
        let mut toy = there_and_back();
        let clock = ClockTime::from_hm;
        toy.line(&[0, 1, 2, 3], clock(18, 36), clock(18, 37), 60, 5);
        let found = lines(&toy);
        assert_eq!((found[0].departures, found[0].stranded_share), (26, 0.0));
    }
}
