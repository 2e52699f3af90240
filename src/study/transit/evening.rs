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

/// What is known of a line while its patterns are gone through.
#[derive(Default)]
struct Line {
    departures: f64,
    last: Option<(Moment, StopId)>,
    beyond: Vec<StopId>,
}

/// Lines that leave from the core, ascending by line. Each vehicle counts once, however many stops of the core it
/// calls at.
pub fn lines_from_core(
    timetable: &Timetable,
    footpaths: &Footpaths,
    core: &[(StopId, TravelTime)],
    parameters: &Parameters,
) -> Vec<LineFromCore> {
    let core = CoreStops::new(timetable, core);
    let served = find_served_stops(timetable, footpaths, &core, moment(after_closing(parameters)));
    let mut lines: BTreeMap<RouteId, Line> = BTreeMap::new();
    for pattern in timetable.patterns() {
        let Some((first, departures)) = core.first_boarding(timetable, pattern, (0, NEVER), 0.0) else { continue };
        let line = lines.entry(timetable.route_of(pattern)).or_default();
        line.departures += departures;
        for (position, &stop) in timetable.pattern_stops(pattern).iter().enumerate().skip(first) {
            match timetable.expected_last_departure(pattern, position).filter(|_| core.holds(stop)) {
                Some(at) if line.last.is_none_or(|(last, _)| at > last) => line.last = Some((at, stop)),
                _ => {}
            }
            line.beyond.extend((!core.holds(stop)).then_some(stop));
        }
    }
    lines.into_iter().filter_map(|(route, line)| describe(timetable, route, line, &served)).collect()
}

fn describe(timetable: &Timetable, route: RouteId, mut line: Line, served: &[bool]) -> Option<LineFromCore> {
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
