//! Feeds → the timetable of one service day.
//!
//! In: feeds, a day, the study's plane. Out: a [`Timetable`], and notices of all that the day leaves out. Trips of the
//! day before that are still on the way after midnight are taken along, 24 hours earlier.

use std::collections::HashMap;

use jiff::civil::Date;

use super::transfers::take_transfers;
use super::{FrequencyPattern, Moment, NEVER, PatternSpan, Timetable, TimetableRoute, TimetableStop, TimetableTrip};
use crate::base::ids::{Column, Id, PatternId, RouteId, StopId, TripId};
use crate::base::mixing::mix;
use crate::base::notice::{Notice, Notices};
use crate::base::projection::Plane;
use crate::sources::gtfs::{CallRules, Feed, FeedTripId, Frequency, LocationType};

/// One day in deciseconds.
const DAY: Moment = 864_000;
/// The most calls that headways may unfold to on one day; beyond it a feed is taken for damaged. The stop times of a
/// whole country are about as many.
const MOST_FREQUENCY_CALLS: u64 = 20_000_000;
/// The most calls that headways may make of a row of stop times on one day and the day before: a vehicle every minute
/// and a half. With [`ALWAYS_ALLOWED_CALLS`] it keeps a few rows from standing for millions.
const MOST_CALLS_PER_ROW: u64 = 2_000;
/// Calls that the headways of the smallest feed may unfold to.
const ALWAYS_ALLOWED_CALLS: u64 = 500_000;

/// Why there is no timetable.
#[derive(Debug, thiserror::Error)]
pub enum TimetableError {
    /// The day has no day before it.
    #[error("{0} is no day a timetable can be made for")]
    ImpossibleDate(Date),
    /// More stops, trips or times than ids can tell apart.
    #[error("the feeds hold {found} {what}; at most {most} can be told apart")]
    TooLarge {
        /// Stops, trips or calls.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
}

/// A run still to be put into a pattern: a trip of a feed, moved in time.
#[derive(Clone, Copy)]
struct Run {
    feed: usize,
    trip: FeedTripId,
    shift: Moment,
    /// Whether it belongs to the service day before.
    yesterday: bool,
    /// Set for a run of a headway without fixed times; such runs have patterns of their own.
    headway: Option<Frequency>,
}

/// What stays the same while runs are put in.
struct Ids {
    first_route: Vec<usize>,
    stop: Vec<Vec<Option<StopId>>>,
}

/// Builds the timetable of one service day from feeds.
///
/// A feed that does not cover the day, or covers it with no trip, is a notice: the day is then without its trips.
/// Positions are projected on `plane`; the offsets of trips at a headway are those of draw 0 of seed 0.
pub fn build_timetable(feeds: &[Feed], date: Date, plane: &Plane) -> Result<(Timetable, Notices), TimetableError> {
    let mut notices = Notices::new();
    let (stops, stop_ids) = take_stops(feeds, plane)?;
    let (routes, first_route) = take_routes(feeds);
    let mut timetable = Timetable {
        service_date: date,
        stops,
        routes,
        trips: Column::default(),
        patterns: Column::default(),
        call_stops: Vec::new(),
        call_rules: Vec::new(),
        arrivals: Vec::new(),
        departures: Vec::new(),
        first_at_stop: Vec::new(),
        at_stop: Vec::new(),
        places_at_stop: Vec::new(),
        changes: Vec::new(),
        transfers: Vec::new(),
        frequencies: Vec::new(),
    };
    let ids = Ids { first_route, stop: stop_ids };
    let runs = find_runs(feeds, date, &mut notices)?;
    let mut collapsed = 0;
    for group in group_runs(feeds, &ids, &runs) {
        collapsed += add_group(&mut timetable, feeds, &ids, &group);
    }
    if timetable.trips.len() > u32::MAX as usize - 1 || timetable.call_stops.len() > u32::MAX as usize - 1 {
        return Err(TimetableError::TooLarge { what: "trips", found: timetable.trips.len(), most: u32::MAX as usize });
    }
    if collapsed > 0 {
        let problem = format!("holds {collapsed} trips of the day with the same line, calls and times as another");
        notices.push(Notice::note("trips_collapsed", "trips.txt", problem).action("each counted once"));
    }
    index_stops(&mut timetable);
    take_transfers(&mut timetable, feeds, &ids.stop, &mut notices);
    timetable.draw_offsets(0, 0);
    Ok((timetable, notices))
}

/// Stops where passengers board, and the stations above them.
#[allow(clippy::type_complexity)]
fn take_stops(
    feeds: &[Feed],
    plane: &Plane,
) -> Result<(Column<StopId, TimetableStop>, Vec<Vec<Option<StopId>>>), TimetableError> {
    let found = feeds.iter().map(|feed| feed.stops.len()).sum::<usize>();
    if found >= u32::MAX as usize {
        return Err(TimetableError::TooLarge { what: "stops", found, most: u32::MAX as usize - 1 });
    }
    let mut stops: Column<StopId, TimetableStop> = Column::default();
    let mut ids = Vec::with_capacity(feeds.len());
    for (feed_index, feed) in feeds.iter().enumerate() {
        let mut taken: Vec<bool> = (feed.stops.values().iter())
            .map(|stop| matches!(stop.location_type, LocationType::Stop | LocationType::Station))
            .collect();
        for &stop in &feed.stop_times.stop {
            taken[stop.index()] = true;
        }
        let mut of_feed = vec![None; feed.stops.len()];
        for (source, stop) in feed.stops.iter().filter(|(source, _)| taken[source.index()]) {
            let id = StopId::from_index(stops.len());
            of_feed[source.index()] = Some(id);
            stops.push(TimetableStop {
                feed: feed_index,
                source,
                id: stop.id.clone(),
                name: stop.name.clone(),
                position: plane.project(stop.position),
                station: id,
                served: false,
            });
        }
        for (source, _) in feed.stops.iter() {
            let Some(id) = of_feed[source.index()] else { continue };
            let mut top = source;
            // Boarding area, platform, station: three levels; a circle of parents ends here too.
            for _ in 0..3 {
                top = feed.stops[top].parent.filter(|&parent| of_feed[parent.index()].is_some()).unwrap_or(top);
            }
            stops[id].station = of_feed[top.index()].unwrap_or(id);
        }
        ids.push(of_feed);
    }
    Ok((stops, ids))
}

fn take_routes(feeds: &[Feed]) -> (Column<RouteId, TimetableRoute>, Vec<usize>) {
    let mut routes: Column<RouteId, TimetableRoute> = Column::default();
    let mut first = Vec::with_capacity(feeds.len());
    for (feed, records) in feeds.iter().enumerate() {
        first.push(routes.len());
        for route in records.routes.values() {
            routes.push(TimetableRoute { feed, id: route.id.clone(), name: route.name.clone(), mode: route.mode });
        }
    }
    (routes, first)
}

/// All runs of the day, and those of the day before that end after midnight.
fn find_runs(feeds: &[Feed], date: Date, notices: &mut Notices) -> Result<Vec<Run>, TimetableError> {
    let before = date.yesterday().map_err(|_| TimetableError::ImpossibleDate(date))?;
    let mut runs = Vec::new();
    let (mut unfolded, mut left_out) = (0_u64, 0_u64);
    let rows: u64 = feeds.iter().map(|feed| feed.stop_times.stop.len() as u64).sum();
    let most = (rows * MOST_CALLS_PER_ROW + ALWAYS_ALLOWED_CALLS).min(MOST_FREQUENCY_CALLS);
    for (feed_index, feed) in feeds.iter().enumerate() {
        let runs_on = |date| feed.services.values().iter().map(|service| service.runs_on(date)).collect::<Vec<bool>>();
        let today = runs_on(date);
        note_uncovered_day(feed, date, &today, notices);
        for (runs_today, shift) in [(today, 0), (runs_on(before), -DAY)] {
            for (trip, record) in feed.trips.iter() {
                if runs_today[record.service.index()] && !record.at_headways {
                    let run = Run { feed: feed_index, trip, shift, yesterday: shift < 0, headway: None };
                    runs.extend(ends_after_midnight(feed, &run).then_some(run));
                }
            }
            for &frequency in &feed.frequencies {
                if !runs_today[feed.trips[frequency.trip].service.index()] {
                    continue;
                }
                let calls = feed.stop_times.calls(frequency.trip).len() as u64;
                let more = unfolded_runs(&frequency).saturating_mul(calls);
                if unfolded.saturating_add(more) > most {
                    left_out += 1;
                } else {
                    unfolded += more;
                    unfold_frequency(feed, feed_index, frequency, shift, &mut runs);
                }
            }
        }
    }
    if left_out > 0 {
        let problem = format!("unfolds to more than {most} calls on one day");
        let notice = Notice::error("frequencies_too_many", "frequencies.txt", problem);
        notices.push(notice.action(format!("{left_out} headways left out")));
    }
    Ok(runs)
}

fn note_uncovered_day(feed: &Feed, date: Date, today: &[bool], notices: &mut Notices) {
    let any = feed.trips.iter().any(|(id, trip)| today[trip.service.index()] && !feed.stop_times.calls(id).is_empty());
    if any {
        return;
    }
    let problem = match feed.service_span() {
        Some((first, last)) if !(first..=last).contains(&date) => {
            format!("does not cover {date}: its service runs from {first} to {last}")
        }
        Some((first, last)) => format!("has no trip on {date}, within its service from {first} to {last}"),
        None => "has no day of service at all".to_owned(),
    };
    let notice = Notice::error("feed_misses_service_date", &feed.file, problem);
    notices.push(notice.action("read as a day without its trips; choose a service date within the span"));
}

fn unfolded_runs(frequency: &Frequency) -> u64 {
    let span = frequency.end.seconds().saturating_sub(frequency.start.seconds());
    u64::from(span.div_ceil(frequency.headway_s.max(1)))
}

fn unfold_frequency(feed: &Feed, feed_index: usize, frequency: Frequency, day_shift: Moment, runs: &mut Vec<Run>) {
    let calls = feed.stop_times.calls(frequency.trip);
    let Some(&template) = feed.stop_times.departure.get(calls.start).filter(|_| !calls.is_empty()) else { return };
    let first = frequency.start.seconds() as Moment - template.seconds() as Moment;
    let headway = if frequency.exact { None } else { Some(frequency) };
    let last_shift = (frequency.end.seconds() as Moment - template.seconds() as Moment) * 10 + day_shift;
    for step in 0..unfolded_runs(&frequency) {
        // Runs are fewer than the cap and clock readings below 100 h, so this stays far below 2^31.
        let shift = (first + (step as Moment) * frequency.headway_s as Moment) * 10 + day_shift;
        let run = Run { feed: feed_index, trip: frequency.trip, shift, yesterday: day_shift < 0, headway };
        // A draw may move a run without fixed times to the end of its headway.
        let latest = Run { shift: if headway.is_some() { last_shift } else { shift }, ..run };
        if ends_after_midnight(feed, &latest) {
            runs.push(run);
        }
    }
}

/// Whether a run is of any use on the day: it has calls, and the last is not before midnight.
fn ends_after_midnight(feed: &Feed, run: &Run) -> bool {
    let calls = feed.stop_times.calls(run.trip);
    let last = feed.stop_times.arrival.get(calls.end.wrapping_sub(1)).filter(|_| !calls.is_empty());
    last.is_some_and(|last| last.seconds() as Moment * 10 + run.shift >= 0)
}

/// Runs of one line with the same calls, in the order in which their calls were first seen.
fn group_runs(feeds: &[Feed], ids: &Ids, runs: &[Run]) -> Vec<Vec<Run>> {
    type Calls = (RouteId, Vec<(Option<StopId>, CallRules)>, Option<(FeedTripId, u32, u32, u32, bool)>);
    let mut groups: Vec<Vec<Run>> = Vec::new();
    let mut by_calls: HashMap<Calls, usize> = HashMap::new();
    for &run in runs {
        let feed = &feeds[run.feed];
        let calls = feed.stop_times.calls(run.trip);
        let stops =
            calls.map(|call| (ids.stop[run.feed][feed.stop_times.stop[call].index()], feed.stop_times.rules[call]));
        // Runs of one headway move together: they share a pattern, and no other run does.
        let alone = run.headway.map(|headway| {
            (run.trip, headway.start.seconds(), headway.end.seconds(), headway.headway_s, run.yesterday)
        });
        let group = *by_calls.entry((route_of(feeds, ids, run), stops.collect(), alone)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(run);
    }
    groups
}

/// A run with its times: arrival and departure at each position.
struct TimedRun {
    run: Run,
    route: RouteId,
    times: Vec<(Moment, Moment)>,
}

/// Puts the runs of one group into patterns without overtaking; returns how many were copies of another.
fn add_group(timetable: &mut Timetable, feeds: &[Feed], ids: &Ids, group: &[Run]) -> usize {
    let mut timed: Vec<TimedRun> = group.iter().map(|&run| time_run(feeds, ids, run)).collect();
    if let Some(Run { headway: Some(frequency), .. }) = group.first().copied() {
        add_frequency_pattern(timetable, feeds, ids, &timed, frequency);
        return 0;
    }
    let first = |run: &TimedRun| run.times.first().map(|times| times.1);
    let named = |run: &TimedRun| (run.run.feed, run.run.trip, run.run.shift);
    timed.sort_by(|a, b| first(a).cmp(&first(b)).then_with(|| a.times.cmp(&b.times)).then(named(a).cmp(&named(b))));
    let mut chains: Vec<Vec<TimedRun>> = Vec::new();
    let mut collapsed = 0;
    'runs: for run in timed {
        for chain in &mut chains {
            let Some(last) = chain.last() else { continue };
            let never_earlier = last.times.iter().zip(&run.times).all(|(a, b)| a.0 <= b.0 && a.1 <= b.1);
            if never_earlier {
                if last.times == run.times {
                    collapsed += 1;
                } else {
                    chain.push(run);
                }
                continue 'runs;
            }
        }
        chains.push(vec![run]);
    }
    for chain in &chains {
        add_pattern(timetable, feeds, ids, chain);
    }
    collapsed
}

fn route_of(feeds: &[Feed], ids: &Ids, run: Run) -> RouteId {
    RouteId::from_index(ids.first_route[run.feed] + feeds[run.feed].trips[run.trip].route.index())
}

fn time_run(feeds: &[Feed], ids: &Ids, run: Run) -> TimedRun {
    let feed = &feeds[run.feed];
    let times = feed.stop_times.calls(run.trip).map(|call| {
        let moment = |seconds: u32| (seconds as Moment).saturating_mul(10).saturating_add(run.shift);
        (moment(feed.stop_times.arrival[call].seconds()), moment(feed.stop_times.departure[call].seconds()))
    });
    TimedRun { run, route: route_of(feeds, ids, run), times: times.collect() }
}

/// Adds the runs as one pattern, in their order.
fn add_pattern(timetable: &mut Timetable, feeds: &[Feed], ids: &Ids, chain: &[TimedRun]) -> Option<PatternId> {
    let first = chain.first()?;
    let feed = &feeds[first.run.feed];
    let calls = feed.stop_times.calls(first.run.trip);
    let span = PatternSpan {
        first_call: timetable.call_stops.len(),
        calls: calls.len(),
        first_trip: timetable.trips.len(),
        trips: chain.len(),
        first_time: timetable.arrivals.len(),
    };
    for call in calls {
        let stop = ids.stop[first.run.feed][feed.stop_times.stop[call].index()];
        let stop = stop.expect("every stop with a call was taken into the timetable");
        timetable.stops[stop].served = true;
        timetable.call_stops.push(stop);
        timetable.call_rules.push(feed.stop_times.rules[call]);
    }
    for position in 0..span.calls {
        timetable.arrivals.extend(chain.iter().map(|run| run.times[position].0));
        timetable.departures.extend(chain.iter().map(|run| run.times[position].1));
    }
    for run in chain {
        let direction = feeds[run.run.feed].trips[run.run.trip].direction;
        let (feed, source, route) = (run.run.feed, run.run.trip, run.route);
        let trip = TimetableTrip { feed, source, route, direction, of_day_before: run.run.yesterday };
        let _: TripId = timetable.trips.push(trip);
    }
    Some(timetable.patterns.push(span))
}

fn add_frequency_pattern(
    timetable: &mut Timetable,
    feeds: &[Feed],
    ids: &Ids,
    timed: &[TimedRun],
    frequency: Frequency,
) {
    let Some(first) = timed.first() else { return };
    let Some(start) = first.times.first().map(|times| times.1) else { return };
    let running_times = first.times.iter().map(|times| (times.0 - start, times.1 - start)).collect();
    let length = (frequency.end.seconds() - frequency.start.seconds()) as Moment * 10;
    let source = (first.run.feed as u64) << 32 | u64::from(first.run.trip.0);
    let Some(pattern) = add_pattern(timetable, feeds, ids, timed) else { return };
    timetable.frequencies.push(FrequencyPattern {
        pattern,
        start,
        end: start.saturating_add(length).min(NEVER - 1),
        headway: Moment::try_from(frequency.headway_s).unwrap_or(NEVER).saturating_mul(10),
        key: mix(mix(source) ^ start as u64),
        running_times,
    });
}

/// For each stop, the patterns that call there.
pub(super) fn index_stops(timetable: &mut Timetable) {
    let mut first = vec![0_u32; timetable.stops.len() + 1];
    for stop in &timetable.call_stops {
        first[stop.index() + 1] += 1;
    }
    for stop in 0..timetable.stops.len() {
        first[stop + 1] += first[stop];
    }
    let mut next = first.clone();
    let mut at_stop = vec![(PatternId(0), 0_u32); timetable.call_stops.len()];
    let mut places = Vec::with_capacity(timetable.call_stops.len());
    for pattern in timetable.patterns.ids() {
        for (position, stop) in (0_u32..).zip(timetable.pattern_stops(pattern)) {
            let place = &mut next[stop.index()];
            at_stop[*place as usize] = (pattern, position);
            places.push(*place);
            *place += 1;
        }
    }
    timetable.places_at_stop = places;
    timetable.first_at_stop = first;
    timetable.at_stop = at_stop;
}
