//! Are the arrivals of a window, on the feeds of real towns, those of another algorithm? Connections are scanned one by
//! one in the order of their departures (J. Dibbelt, T. Pajor, B. Strasser, D. Wagner, *Connection scan algorithm*, 2018,
//! doi:10.1145/3274661): no rounds, no patterns, no labels kept from one departure to the next.

use std::path::Path;

use chaland::base::ids::{Id, StopId};
use chaland::base::projection::{LonLat, Plane};
use chaland::base::units::TravelTime;
use chaland::network::timetable::{Footpaths, Moment, NEVER, Timetable, build_timetable};
use chaland::reach::raptor::{GoOn, Raptor, RaptorParameters};
use chaland::sources::gtfs::{GtfsOptions, read_gtfs};

const BOARD_WAIT: Moment = 600;
const TRANSFER_SLACK: Moment = 300;

/// From one call of a trip to the next.
struct Connection {
    departure: Moment,
    arrival: Moment,
    from: StopId,
    to: StopId,
    trip: usize,
    can_board: bool,
    can_alight: bool,
}

/// In the order of their departures, those of a trip in the order of travel.
fn connections(timetable: &Timetable) -> Vec<Connection> {
    let mut connections = Vec::new();
    for pattern in timetable.patterns() {
        let (stops, rules) = (timetable.pattern_stops(pattern), timetable.pattern_rules(pattern));
        for order in 0..timetable.trip_count(pattern) {
            for at in 0..stops.len() - 1 {
                connections.push(Connection {
                    departure: timetable.departures_at(pattern, at)[order],
                    arrival: timetable.arrivals_at(pattern, at + 1)[order],
                    from: stops[at],
                    to: stops[at + 1],
                    trip: timetable.trip_of(pattern, order).index(),
                    can_board: rules[at].board,
                    can_alight: rules[at + 1].alight,
                });
            }
        }
    }
    connections.sort_by_key(|connection| connection.departure);
    connections
}

fn scan(
    timetable: &Timetable,
    connections: &[Connection],
    footpaths: &Footpaths,
    access: &[(StopId, TravelTime)],
    departure: Moment,
) -> Vec<Moment> {
    let mut arrival = vec![NEVER; timetable.stops().len()];
    let mut ready = arrival.clone();
    let mut is_aboard = vec![false; timetable.trips().len()];
    for &(stop, walk) in access {
        let there = departure + walk.deciseconds() as Moment;
        arrival[stop.index()] = arrival[stop.index()].min(there);
        ready[stop.index()] = ready[stop.index()].min(there);
    }
    for connection in connections {
        let in_time = ready[connection.from.index()].saturating_add(BOARD_WAIT) <= connection.departure;
        is_aboard[connection.trip] |= connection.can_board && in_time;
        if !is_aboard[connection.trip] || !connection.can_alight {
            continue;
        }
        let mut reach = |stop: StopId, at: Moment, ready_at: Moment| {
            arrival[stop.index()] = arrival[stop.index()].min(at);
            ready[stop.index()] = ready[stop.index()].min(ready_at);
        };
        let change = timetable.change_time(connection.to).deciseconds();
        let least = Moment::try_from(change).map_or(NEVER, |least| (least - BOARD_WAIT).max(TRANSFER_SLACK));
        reach(connection.to, connection.arrival, connection.arrival.saturating_add(least));
        for &(to, walk) in footpaths.from_stop(connection.to) {
            let there = connection.arrival + walk.deciseconds() as Moment;
            reach(to, there, there + TRANSFER_SLACK);
        }
    }
    arrival
}

/// Walks of 300 m in a straight line, at a metre per second.
fn footpaths(timetable: &Timetable) -> Footpaths {
    let stops = || timetable.stops().iter().filter(|(_, stop)| stop.served);
    let pairs = stops().flat_map(|(from, a)| stops().map(move |(to, b)| (from, to, a.position, b.position)));
    let metres = pairs.map(|(from, to, a, b)| (from, to, (a.x - b.x).hypot(a.y - b.y)));
    let near = metres.filter(|&(.., metres)| metres <= 300.0);
    Footpaths::build(timetable.stops().len(), near.map(|(from, to, m)| (from, to, TravelTime::from_seconds(m))))
}

/// Windows of twenty minutes from random stops: a thousand departures, each to all stops.
fn assert_as_scanned(feed: &str, date: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples").join(feed);
    let (feed, _) = read_gtfs(&path, &GtfsOptions::default()).expect("a feed");
    let middle = feed.stops.values().first().map_or(LonLat { lon: 0.0, lat: 0.0 }, |stop| stop.position);
    let (timetable, _) =
        build_timetable(&[feed], date.parse().expect("a date"), &Plane::centred_on(middle)).expect("a timetable");
    assert!(!timetable.has_draws() && !timetable.trips().is_empty());
    let footpaths = footpaths(&timetable);
    let connections = connections(&timetable);
    let parameters = RaptorParameters {
        board_wait: TravelTime::from_deciseconds(BOARD_WAIT as u32),
        transfer_slack: TravelTime::from_deciseconds(TRANSFER_SLACK as u32),
        max_rides: 16,
    };
    let raptor = Raptor::new(&timetable, &footpaths, parameters);
    let mut scratch = raptor.scratch();
    let served: Vec<StopId> = timetable.stops().ids().filter(|&stop| timetable.stops()[stop].served).collect();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut roll = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize % below
    };
    let (mut queries, mut reached) = (0, 0);
    while queries < 1_000 {
        let access: Vec<(StopId, TravelTime)> = (0..1 + roll(4))
            .map(|_| (served[roll(served.len())], TravelTime::from_deciseconds(roll(6_000) as u32)))
            .collect();
        let first = (5 * 36_000 + roll(18 * 36_000)) as Moment;
        let departures: Vec<Moment> = (0..20).rev().map(|minute| first + minute * 600).collect();
        raptor.reach_stops_over(&mut scratch, &access, departures.iter().copied(), |index, found| {
            let expected = scan(&timetable, &connections, &footpaths, &access, departures[index]);
            for stop in timetable.stops().ids() {
                let expected = expected[stop.index()];
                let expected = (expected < NEVER).then(|| (expected - departures[index]) as u32);
                let found = found.travel_time(stop).map(TravelTime::deciseconds);
                assert_eq!(found, expected, "{access:?} at {} to {stop:?}", departures[index]);
                reached += usize::from(found.is_some());
            }
            queries += 1;
            GoOn::Yes
        });
    }
    // More than the stops that one walks to.
    assert!(reached > 4 * queries, "{reached} stops reached in {queries} queries");
}

#[test]
fn liege_by_train_as_scanned() {
    assert_as_scanned("liege/sncb_gtfs_liege_2019-10-14_week.zip", "2019-10-15");
}

#[test]
fn a_drawn_town_by_bus_as_scanned() {
    assert_as_scanned("bourg/bourg_gtfs.zip", "2024-03-05");
}
