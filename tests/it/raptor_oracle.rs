//! Does transit routing find the earliest arrival, and the waits that follow from headways?

use chaland::base::ids::{Id, StopId};
use chaland::base::projection::{LonLat, Plane};
use chaland::base::units::{ClockTime, TravelTime};
use chaland::network::timetable::{Footpaths, NEVER, build_timetable, keep_accessible};
use chaland::reach::door_to_door::{
    DepartureWindow, Destination, Origin, PooledTimes, last_departure, last_departures, reach_door_to_door,
};
use chaland::reach::draws::Draws;
use chaland::reach::percentiles::{mean_s, percentile};
use chaland::reach::raptor::{GoOn, Raptor, RaptorParameters, moment};
use chaland::reach::transit_matrix::{TransitMatrix, TransitOrigin, TransitWindow, WindowOf};
use chaland::sources::gtfs::{CallRules, FeedStopId, FeedTripId, TransferKind};
use chaland::testing::toy_feed::{TOY_DAY, ToyCall, ToyDay, ToyFeed, brute_force_arrivals};

const SEVEN: ClockTime = ClockTime::from_hm(7, 0);
const EIGHT: ClockTime = ClockTime::from_hm(8, 0);

/// A small generator so that every feed has a number by which it can be made again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) % u64::from(below.max(1))) as u32
    }

    fn one_in(&mut self, n: u32) -> bool {
        self.roll(n) == 0
    }
}

struct Case {
    toy: ToyFeed,
    walks: Vec<(StopId, StopId, TravelTime)>,
    footpaths: Footpaths,
    access: Vec<(StopId, TravelTime)>,
    parameters: RaptorParameters,
}

/// Lines through random stops, some called at twice; trips that overtake; trips past midnight and of the day before;
/// walks that are not closed under chaining; calls without boarding or alighting; stations, and rules for changing at
/// and between stops and stations.
fn random_case(seed: u64) -> Case {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let stops = 4 + dice.roll(9);
    let mut toy = ToyFeed::with_stops(stops);
    for _ in 0..1 + dice.roll(7) {
        let calls: Vec<u32> = (0..2 + dice.roll(5)).map(|_| dice.roll(stops)).collect();
        let rules: Vec<CallRules> =
            calls.iter().map(|_| CallRules { board: !dice.one_in(8), alight: !dice.one_in(8) }).collect();
        for _ in 0..1 + dice.roll(6) {
            let day = if dice.one_in(5) { ToyDay::DayBefore } else { ToyDay::Today };
            let mut time_s = dice.roll(7200) + if day == ToyDay::DayBefore { 86_000 } else { 0 };
            let mut trip = Vec::new();
            for (&stop, &rules) in calls.iter().zip(&rules) {
                let departure_s = time_s + if dice.one_in(3) { dice.roll(300) } else { 0 };
                trip.push(ToyCall { stop, arrival_s: time_s, departure_s, rules });
                time_s = departure_s + dice.roll(1200);
            }
            toy.trips.push((day, trip));
        }
    }
    let links = (0..if seed.is_multiple_of(4) { 60 } else { dice.roll(10) })
        .map(|_| (StopId(dice.roll(stops)), StopId(dice.roll(stops)), TravelTime::from_deciseconds(dice.roll(9000))));
    let walks: Vec<_> = links.collect();
    let access =
        (0..1 + dice.roll(3)).map(|_| (StopId(dice.roll(stops)), TravelTime::from_deciseconds(dice.roll(6000))));
    let access = access.collect();
    let parameters = RaptorParameters {
        board_wait: TravelTime::from_deciseconds(dice.roll(3) * 600),
        transfer_slack: TravelTime::from_deciseconds(dice.roll(2) * 900),
        max_rides: 1 + dice.roll(4) as usize,
    };
    add_transfers(&mut toy, &mut dice);
    let footpaths = Footpaths::build_with_transfers(&toy.timetable(), walks.iter().copied());
    Case { toy, walks, footpaths, access, parameters }
}

/// In two of three feeds: a station above some stops, and rules of every kind, also several for the same pair.
fn add_transfers(toy: &mut ToyFeed, dice: &mut Dice) {
    if dice.one_in(3) {
        return;
    }
    let station = toy.stops;
    toy.parents = (0..station).filter(|_| dice.one_in(3)).map(|stop| (stop, station)).collect();
    toy.stops += u32::from(!toy.parents.is_empty());
    for _ in 0..dice.roll(8) {
        let (from, to) = (dice.roll(toy.stops), dice.roll(toy.stops));
        let to = if dice.one_in(3) { from } else { to };
        let kind = match dice.roll(4) {
            0 => TransferKind::Possible,
            1 => TransferKind::Impossible,
            _ => TransferKind::MinimumTime(TravelTime::from_deciseconds(dice.roll(9000))),
        };
        toy.transfers.push((from, to, kind));
    }
}

fn arrivals(case: &Case, departure: ClockTime) -> Vec<Option<TravelTime>> {
    let timetable = case.toy.timetable();
    arrivals_of(&Raptor::new(&timetable, &case.footpaths, case.parameters), case, departure)
}

fn arrivals_of(raptor: &Raptor<'_>, case: &Case, departure: ClockTime) -> Vec<Option<TravelTime>> {
    let mut scratch = raptor.scratch();
    let found = raptor.reach_stops(&mut scratch, &case.access, departure);
    raptor.timetable().stops().ids().map(|stop| found.travel_time(stop)).collect()
}

#[test]
fn raptor_equals_trying_everything() {
    let mut reached_by_ride = 0;
    for seed in 1..=300 {
        let case = random_case(seed);
        let parameters = (case.parameters.board_wait, case.parameters.transfer_slack, case.parameters.max_rides);
        for departure in [ClockTime::from_seconds(0), ClockTime::from_seconds(1830)] {
            let timetable = case.toy.timetable();
            let by_any_means = Raptor::new(&timetable, &case.footpaths, case.parameters);
            let by_vehicle = Raptor::by_vehicle_only(&timetable, &case.footpaths, case.parameters);
            for (raptor, by_vehicle_only) in [(by_any_means, false), (by_vehicle, true)] {
                let trips = (&case.toy, case.walks.as_slice(), case.access.as_slice());
                let expected = brute_force_arrivals(trips.0, trips.1, trips.2, departure, parameters, by_vehicle_only);
                let leave = i64::from(departure.seconds()) * 10;
                let found = arrivals_of(&raptor, &case, departure).into_iter();
                let found = found.map(|time| time.map(|time| leave + i64::from(time.deciseconds())));
                let found: Vec<Option<i64>> = found.collect();
                assert_eq!(found, expected, "seed {seed}, departure {departure}, by vehicle only: {by_vehicle_only}");
                reached_by_ride += found.iter().flatten().count().saturating_sub(case.access.len());
            }
        }
    }
    assert!(reached_by_ride > 500, "the feeds are too thin to test anything: {reached_by_ride}");
}

#[test]
fn a_window_equals_one_search_per_departure() {
    for seed in 1..=100 {
        let case = random_case(seed);
        let timetable = case.toy.timetable();
        let raptor = Raptor::new(&timetable, &case.footpaths, case.parameters);
        let (mut scratch, mut second) = (raptor.scratch(), raptor.scratch());
        let departures: Vec<i32> = (0..90).rev().map(|minute| minute * 600).collect();
        raptor.reach_stops_over(&mut scratch, &case.access, departures.iter().copied(), |index, over| {
            let departure = ClockTime::from_seconds(departures[index] as u32 / 10);
            let alone = raptor.reach_stops(&mut second, &case.access, departure);
            for stop in timetable.stops().ids() {
                assert_eq!(over.travel_time(stop), alone.travel_time(stop), "seed {seed} {departure} {stop:?}");
            }
            GoOn::Yes
        });
    }
}

/// Percentiles of a matrix are those of the times from each origin to each destination, in two widths of lanes.
#[test]
fn a_matrix_is_made_of_times_from_door_to_door() {
    const PERCENTILES: [f64; 5] = [5.0, 25.0, 50.0, 75.0, 95.0];
    let mut reached = 0;
    for seed in 1..=100 {
        let mut case = random_case(seed);
        let mut dice = Dice(seed + 7_000);
        let stops = case.toy.stops;
        let mut walks = |most: u32| -> Vec<(StopId, TravelTime)> {
            (0..dice.roll(4))
                .map(|_| (StopId(dice.roll(stops)), TravelTime::from_deciseconds(dice.roll(most))))
                .collect()
        };
        let accesses: Vec<_> = (0..5).map(|_| walks(6_000)).chain([std::mem::take(&mut case.access)]).collect();
        let egresses: Vec<_> = (0..20).map(|_| walks(40_000)).collect();
        let direct = |destination: usize| {
            destination.is_multiple_of(3).then(|| TravelTime::from_minutes(destination as u32 * 9))
        };
        let timetable = case.toy.timetable();
        let first = ClockTime::from_seconds(900);
        let departures = DepartureWindow { first, end: first.plus_seconds(60 * (1 + seed as u32 % 70)) };
        let raptor = Raptor::by_vehicle_only(&timetable, &case.footpaths, case.parameters);
        for cutoff in [30, 100, 400].map(TravelTime::from_minutes) {
            let (window_of, parameters, draws) = (WindowOf::Departures, case.parameters, Draws::FIXED_TIMES);
            let window = TransitWindow { departures, window_of, cutoff, parameters, draws };
            let matrix = TransitMatrix::new((&timetable, &case.footpaths), &egresses, window);
            let origin = |access: &Vec<(StopId, TravelTime)>| TransitOrigin {
                access: access.clone(),
                direct: (0..egresses.len()).filter_map(|at| Some((at, direct(at)?))).collect(),
            };
            let origins: Vec<TransitOrigin> = accesses.iter().map(origin).collect();
            let found = matrix.percentiles_from(&origins, &PERCENTILES);
            for (origin, access) in accesses.iter().enumerate() {
                let destinations: Vec<Destination> = (egresses.iter().cloned().enumerate())
                    .map(|(at, egress)| Destination { egress, direct: direct(at) })
                    .collect();
                let times = reach_door_to_door(&raptor, &mut raptor.scratch(), access, &destinations, departures);
                for (destination, times) in times.iter().enumerate() {
                    let in_time: Vec<_> = times.iter().map(|time| time.filter(|&time| time <= cutoff)).collect();
                    let expected: Vec<_> = PERCENTILES.iter().map(|&p| percentile(&in_time, p)).collect();
                    let found: Vec<_> = found.between(origin, destination).collect();
                    assert_eq!(found, expected, "seed {seed}, {origin} to {destination} within {cutoff}");
                    reached += found.iter().flatten().count();
                }
            }
        }
    }
    assert!(reached > 10_000, "{reached}");
}

/// A window of arrivals, searched backwards: the times are those since the last departure that is there in time, found forwards
/// by trying every departure; and percentiles of a window are those of its arrivals.
#[test]
fn a_window_of_arrivals_finds_the_last_departures() {
    let (mut found_some, mut found_none) = (0, 0);
    for seed in 1..=150 {
        let case = random_case(seed);
        let mut dice = Dice(seed + 11_000);
        let stops = case.toy.stops;
        let mut walks = || -> Vec<(StopId, TravelTime)> {
            (0..1 + dice.roll(3))
                .map(|_| (StopId(dice.roll(stops)), TravelTime::from_deciseconds(dice.roll(6_000))))
                .collect()
        };
        let accesses: Vec<_> = (0..4).map(|_| walks()).chain([case.access.clone()]).collect();
        let egresses: Vec<_> = (0..3).map(|_| walks()).collect();
        let timetable = case.toy.timetable();
        let forwards = Raptor::by_vehicle_only(&timetable, &case.footpaths, case.parameters);
        let ends = egresses.iter().map(|egress| TransitOrigin { access: egress.clone(), direct: Vec::new() });
        let ends: Vec<TransitOrigin> = ends.collect();
        let search = |first: ClockTime, minutes: u32, percentiles: &[f64]| {
            let departures = DepartureWindow { first, end: first.plus_seconds(60 * minutes) };
            let (window_of, cutoff) = (WindowOf::Arrivals, TravelTime::from_minutes(600));
            let (parameters, draws) = (case.parameters, Draws::FIXED_TIMES);
            let window = TransitWindow { departures, window_of, cutoff, parameters, draws };
            TransitMatrix::new((&timetable, &case.footpaths), &accesses, window).percentiles_from(&ends, percentiles)
        };
        let first = ClockTime::from_seconds(1_200 + 60 * dice.roll(100));
        let singles: Vec<_> = (0..20).map(|minute| search(first.plus_seconds(60 * minute), 1, &[50.0])).collect();
        let pooled = search(first, 20, &[5.0, 50.0, 95.0]);
        for (end, egress) in egresses.iter().enumerate() {
            for (start, access) in accesses.iter().enumerate() {
                let mut times = Vec::new();
                for (minute, single) in (0_u32..).zip(&singles) {
                    let arrive_by = first.plus_seconds(60 * minute);
                    let time = single.between(end, start).next().expect("one percentile");
                    times.push(time);
                    let left = time.map(|time| i64::from(arrive_by.seconds()) * 10 - i64::from(time.deciseconds()));
                    let last = last_departure(&forwards, &mut forwards.scratch(), access, egress, arrive_by);
                    // Trying every departure ends at midnight.
                    let expected = left.filter(|&left| left >= 0).map(|left| ClockTime::from_seconds(left as u32 / 10));
                    assert_eq!(last, expected, "seed {seed}, {start} to {end} by {arrive_by}");
                    found_some += usize::from(last.is_some());
                    found_none += usize::from(last.is_none());
                }
                let expected: Vec<_> = [5.0, 50.0, 95.0].iter().map(|&p| percentile(&times, p)).collect();
                assert_eq!(pooled.between(end, start).collect::<Vec<_>>(), expected, "seed {seed}, {start} to {end}");
            }
        }
    }
    assert!(found_some > 3_000 && found_none > 3_000, "{found_some}, {found_none}");
}

/// A line every 20 min without fixed times, 10 min long, a board wait of 1 min: whoever wants to be there at some minute has left
/// 11 to 31 min before, as likely as any time between (methods of travel times over a window, backwards).
#[test]
fn arrivals_of_a_headway_are_spread_over_it() {
    let mut toy = ToyFeed::with_stops(2);
    toy.line(&[0, 1], SEVEN, SEVEN.plus_seconds(60), 60, 10);
    toy.frequencies = vec![(0, SEVEN.seconds(), ClockTime::from_hm(11, 0).seconds(), 1_200, false)];
    let (timetable, footpaths) = (toy.timetable(), Footpaths::none(2));
    let first = ClockTime::from_hm(9, 0);
    let departures = DepartureWindow { first, end: first.plus_seconds(3_600) };
    let (window_of, cutoff) = (WindowOf::Arrivals, TravelTime::from_minutes(60));
    let (parameters, draws) = (RaptorParameters::default(), Draws { seed: 3, count: 400, per_departure: 10 });
    let window = TransitWindow { departures, window_of, cutoff, parameters, draws };
    let at_stop = |stop| vec![(StopId(stop), TravelTime::ZERO)];
    let matrix = TransitMatrix::new((&timetable, &footpaths), &[at_stop(0)], window);
    let end = TransitOrigin { access: at_stop(1), direct: Vec::new() };
    let found = matrix.percentiles_from(&[end], &[0.0, 5.0, 50.0, 95.0, 100.0]);
    let minutes: Vec<f64> = found.between(0, 0).map(|time| time.expect("it runs").minutes()).collect();
    let expected = [11.0, 12.0, 21.0, 30.0, 31.0];
    let close = minutes.iter().zip(&expected).all(|(found, expected)| (found - expected).abs() < 1.0);
    assert!(close, "{minutes:?}");
}

/// A search for known destinations drops what comes too late for them; the times are those of a search that does not.
#[test]
fn a_search_that_drops_late_arrivals_finds_the_same_times() {
    let (mut by_ride, mut on_foot) = (0, 0);
    for seed in 1..=200 {
        let case = random_case(seed);
        let mut dice = Dice(seed | 1);
        let stops = case.toy.stops;
        let destinations: Vec<Destination> = (0..1 + dice.roll(3))
            .map(|_| {
                let egress = (0..1 + dice.roll(3))
                    .map(|_| (StopId(dice.roll(stops)), TravelTime::from_deciseconds(dice.roll(6000))))
                    .collect();
                let direct = (!dice.one_in(3)).then(|| TravelTime::from_deciseconds(dice.roll(60_000)));
                Destination { egress, direct }
            })
            .collect();
        let timetable = case.toy.timetable();
        let raptor = Raptor::new(&timetable, &case.footpaths, case.parameters);
        let (mut scratch, mut second) = (raptor.scratch(), raptor.scratch());
        let window = DepartureWindow { first: ClockTime::from_seconds(0), end: ClockTime::from_hm(1, 30) };
        let found = reach_door_to_door(&raptor, &mut scratch, &case.access, &destinations, window);
        for (index, departure) in (0..window.departures()).map(|index| (index, window.departure(index))) {
            let alone = raptor.reach_stops(&mut second, &case.access, departure);
            for (destination, found) in destinations.iter().zip(&found) {
                let by_transit = alone.travel_time_via(&destination.egress);
                let expected = [by_transit, destination.direct].into_iter().flatten().min();
                assert_eq!(found[index], expected, "seed {seed} {departure}");
                by_ride += u32::from(expected.is_some() && expected != destination.direct);
                on_foot += u32::from(expected.is_some() && expected == destination.direct);
            }
        }
    }
    assert!(by_ride > 1000 && on_foot > 1000, "{by_ride} by transit, {on_foot} on foot");
}

#[test]
fn more_rides_never_arrive_later() {
    for seed in 1..=100 {
        let mut case = random_case(seed);
        let mut before: Option<Vec<Option<TravelTime>>> = None;
        for rides in 1..=5 {
            case.parameters.max_rides = rides;
            let now = arrivals(&case, ClockTime::from_seconds(600));
            for (before, now) in before.iter().flatten().zip(&now) {
                assert!(before.is_none() || now.is_some_and(|now| Some(now) <= *before), "seed {seed} rides {rides}");
            }
            before = Some(now);
        }
    }
}

/// A vehicle arrives at 7:10, others leave every minute. A board wait of 1 min, no slack. A least change time of 2 min is
/// from vehicle to vehicle, at one stop as between two: the 7:12 is caught, which takes 10 min more: 22 min. Without a
/// rule it is the 7:11, and where the feed forbids the change there is no arrival.
#[test]
fn a_least_change_time_holds_the_board_wait() {
    let arrival = |to: u32, kind: Option<TransferKind>| {
        let mut toy = ToyFeed::with_stops(4);
        toy.line(&[0, 1], SEVEN, ClockTime::from_hm(7, 1), 20, 10);
        toy.line(&[to, 3], ClockTime::from_hm(7, 5), EIGHT, 1, 10);
        toy.transfers.extend(kind.map(|kind| (1, to, kind)));
        let timetable = toy.timetable();
        let footpaths = Footpaths::build_with_transfers(&timetable, []);
        let raptor = Raptor::new(&timetable, &footpaths, RaptorParameters::default());
        let access = [(StopId(0), TravelTime::from_deciseconds(0))];
        let early = ClockTime::from_hm(6, 59);
        raptor.reach_stops(&mut raptor.scratch(), &access, early).travel_time(StopId(3)).map(|t| t.minutes() - 1.0)
    };
    let least = |minutes| Some(TransferKind::MinimumTime(TravelTime::from_minutes(minutes)));
    assert_eq!([arrival(1, least(2)), arrival(2, least(2))], [Some(22.0); 2]);
    assert_eq!([arrival(1, least(0)), arrival(2, least(0))], [Some(21.0); 2], "the board wait stays");
    assert_eq!([arrival(1, None), arrival(2, None)], [Some(21.0), None]);
    assert_eq!([arrival(1, Some(TransferKind::Impossible)), arrival(2, Some(TransferKind::Impossible))], [None; 2]);
}

/// The last departure is the last second from which one still arrives: a second later one does not.
#[test]
fn the_last_departure_is_the_last() {
    let arrive_by = ClockTime::from_hm(2, 30);
    let mut found_any = 0;
    for seed in 1..=100 {
        let case = random_case(seed);
        let timetable = case.toy.timetable();
        let raptor = Raptor::new(&timetable, &case.footpaths, case.parameters);
        let mut scratch = raptor.scratch();
        let in_time = |departure: ClockTime, stop: StopId| {
            let time = arrivals(&case, departure)[stop.index()];
            time.is_some_and(|time| time <= arrive_by - departure)
        };
        let all = last_departures(&raptor, &mut scratch, &case.access, arrive_by);
        for stop in timetable.stops().ids() {
            let egress = [(stop, TravelTime::ZERO)];
            let last = last_departure(&raptor, &mut scratch, &case.access, &egress, arrive_by);
            assert_eq!(last, all[stop.index()], "seed {seed} {stop:?}");
            if let Some(last) = last {
                assert!(in_time(last, stop), "seed {seed} {stop:?} {last}");
                assert!(!in_time(last.plus_seconds(1), stop), "seed {seed} {stop:?} {last}");
                found_any += 1;
            }
        }
    }
    assert!(found_any > 100, "{found_any}");
}

fn one_ride(toy: &ToyFeed, from: u32, to: u32, window: DepartureWindow) -> Vec<Option<TravelTime>> {
    let timetable = toy.timetable();
    let footpaths = Footpaths::none(timetable.stops().len());
    let raptor = Raptor::new(&timetable, &footpaths, RaptorParameters::default());
    let destination = Destination { egress: vec![(StopId(to), TravelTime::ZERO)], direct: None };
    let access = [(StopId(from), TravelTime::ZERO)];
    reach_door_to_door(&raptor, &mut raptor.scratch(), &access, &[destination], window).remove(0)
}

/// One line every 20 min at :00, ride 10 min, board wait 1 min, 60 departures: leaving at minute 19 catches :20 and
/// takes 11 min, leaving at :00 just misses and takes 30; all waits from 1 to 20 min come up three times.
#[test]
fn a_line_every_twenty_minutes() {
    let mut toy = ToyFeed::with_stops(2);
    toy.line(&[0, 1], SEVEN, ClockTime::from_hm(10, 0), 20, 10);
    let times = one_ride(&toy, 0, 1, DepartureWindow { first: SEVEN, end: EIGHT });
    assert_eq!(times.len(), 60);
    for (p, minutes) in [(0.0, 11), (5.0, 11), (25.0, 15), (50.0, 20), (75.0, 25), (95.0, 29), (100.0, 30)] {
        assert_eq!(percentile(&times, p), Some(TravelTime::from_minutes(minutes)), "p{p}");
    }
    assert_eq!(mean_s(&times), Some(20.5 * 60.0));
}

/// Two rides at a headway of 20 min, 10 min each, each wait uniform in 1..21 min: the sum is triangular on 22..62
/// with p5 28.325, p25 36.142, p50 42, p75 47.858, p95 55.675 min. 400 draws of 60 departures come within 1 min.
#[test]
fn two_rides_at_a_headway_are_triangular() {
    let mut toy = ToyFeed::with_stops(3);
    toy.trip(vec![ToyCall::at(0, 0), ToyCall::at(1, 600)]).trip(vec![ToyCall::at(1, 0), ToyCall::at(2, 600)]);
    let (start, end) = (ClockTime::from_hm(5, 0).seconds(), ClockTime::from_hm(12, 0).seconds());
    toy.frequencies = vec![(0, start, end, 1200, false), (1, start, end, 1200, false)];
    let mut timetable = toy.timetable();
    assert!(timetable.has_draws());
    let footpaths = Footpaths::none(3);
    let destination = [Destination { egress: vec![(StopId(2), TravelTime::ZERO)], direct: None }];
    let mut times = Vec::new();
    for draw in 0..400 {
        timetable.draw_offsets(7, draw);
        let raptor = Raptor::new(&timetable, &footpaths, RaptorParameters::default());
        let window = DepartureWindow { first: SEVEN, end: EIGHT };
        let access = [(StopId(0), TravelTime::ZERO)];
        times.extend(reach_door_to_door(&raptor, &mut raptor.scratch(), &access, &destination, window).remove(0));
    }
    for (p, minutes) in [(5.0, 28.325), (25.0, 36.142), (50.0, 42.0), (75.0, 47.858), (95.0, 55.675)] {
        let found = percentile(&times, p).expect("reached in every draw").minutes();
        assert!((found - minutes).abs() <= 1.0, "p{p}: {found} is not {minutes}");
    }
    assert!(times.iter().flatten().all(|time| (22.0..=62.0).contains(&time.minutes())));
}

/// As above, with 200 draws of which each departure is searched in five: 300 times instead of 24,000. The standard
/// error of a percentile of 300 times is largest at p95: sqrt(0.05 * 0.95 / 300) over a density of about 0.008 per
/// minute there gives 1.6 min, at p50 sqrt(0.25 / 300) / 0.05 gives 0.6 min; two of each are allowed.
#[test]
fn pooled_draws_find_the_same_percentiles() {
    let mut toy = ToyFeed::with_stops(3);
    toy.trip(vec![ToyCall::at(0, 0), ToyCall::at(1, 600)]).trip(vec![ToyCall::at(1, 0), ToyCall::at(2, 600)]);
    let (start, end) = (ClockTime::from_hm(5, 0).seconds(), ClockTime::from_hm(12, 0).seconds());
    toy.frequencies = vec![(0, start, end, 1200, false), (1, start, end, 1200, false)];
    let timetable = toy.timetable();
    let footpaths = Footpaths::none(3);
    let destinations = vec![Destination { egress: vec![(StopId(2), TravelTime::ZERO)], direct: None }];
    let origins = [Origin { access: vec![(StopId(0), TravelTime::ZERO)], destinations }];
    let window = DepartureWindow { first: SEVEN, end: EIGHT };
    let draws = Draws { seed: 7, count: 200, per_departure: 5 }.for_timetable(&timetable);
    let mut pooled = PooledTimes::default();
    draws.visit(&timetable, |draw, timetable| {
        let raptor = Raptor::new(timetable, &footpaths, RaptorParameters::default());
        pooled.add(&raptor, &origins, &draws.departures(draw, window).collect::<Vec<_>>());
    });
    let expected =
        [(5.0, 28.325, 3.2), (25.0, 36.142, 1.2), (50.0, 42.0, 1.2), (75.0, 47.858, 1.2), (95.0, 55.675, 3.2)];
    let found = pooled.percentiles(&expected.map(|(p, _, _)| p));
    for ((p, minutes, allowed), found) in expected.into_iter().zip(&found[0][0]) {
        let found = found.expect("reached in every draw").minutes();
        assert!((found - minutes).abs() <= allowed, "p{p}: {found} is not {minutes}");
    }
}

/// Departures to expect are the mean over draws: a line from 06:10 to 09:50 every 25 min, seen from 07:00 to 08:00 at
/// its second stop 10 min later, makes 60 / 25 = 2.4; from 06:00 to 07:00 it runs there for 40 min: 1.6. Its last
/// departure from there falls between 09:35 and 10:00; 09:47:30 is the middle.
#[test]
fn expected_departures_are_the_mean_of_the_draws() {
    let mut toy = ToyFeed::with_stops(3);
    toy.trip(vec![ToyCall::at(0, 0), ToyCall::at(1, 600), ToyCall::at(2, 900)]);
    let clock = ClockTime::from_hm;
    toy.frequencies = vec![(0, clock(6, 10).seconds(), clock(9, 50).seconds(), 1500, false)];
    let timetable = toy.timetable();
    let pattern = timetable.patterns().next().expect("one line");
    let hours = [(clock(7, 0), clock(8, 0), 2.4), (clock(6, 0), clock(7, 0), 1.6), (clock(10, 0), clock(11, 0), 0.0)];
    let (mut lasts, mut counts) = (Vec::new(), [0; 3]);
    Draws { seed: 3, count: 2000, per_departure: 1 }.visit(&timetable, |_, drawn| {
        let departures: Vec<ClockTime> = drawn.departures_from(StopId(1)).into_iter().map(|(at, _)| at).collect();
        for (count, (from, until, _)) in counts.iter_mut().zip(hours) {
            *count += departures.iter().filter(|&&at| from <= at && at < until).count();
        }
        lasts.extend(departures.last().map(|at| f64::from(at.seconds())));
    });
    for ((from, until, expected), count) in hours.into_iter().zip(counts) {
        let span = (moment(from), moment(until));
        assert!((timetable.expected_departures(pattern, 1, span) - expected).abs() < 1e-9);
        // 2000 draws of a count that varies by one: the standard error is 0.011.
        assert!((count as f64 / 2000.0 - expected).abs() < 0.04, "{count} in 2000 draws is not {expected}");
    }
    let middle = f64::from(clock(9, 47).seconds() + 30);
    assert_eq!(timetable.expected_last_departure(pattern, 1), Some(middle as i32 * 10));
    let mean = lasts.iter().sum::<f64>() / lasts.len() as f64;
    // Uniform over 1,500 s: the standard error of the mean of 2,000 is 9.7 s.
    assert!((mean - middle).abs() < 40.0, "{mean} is not {middle}");
    assert_eq!(timetable.expected_departures(pattern, 2, (0, NEVER)), 0.0, "nobody boards at the last call");
}

/// k independent lines of headway H on one trunk: the mean wait for the first is H / (k + 1), here 20 / 4 = 5 min,
/// beyond the board wait of 1 min and the ride of 10.
#[test]
fn three_independent_lines_share_the_wait() {
    let mut toy = ToyFeed::with_stops(2);
    let (start, end) = (ClockTime::from_hm(5, 0).seconds(), ClockTime::from_hm(12, 0).seconds());
    for line in 0..3 {
        toy.trip(vec![ToyCall::at(0, 0), ToyCall::at(1, 600)]);
        toy.frequencies.push((line, start, end, 1200, false));
    }
    let mut timetable = toy.timetable();
    let footpaths = Footpaths::none(2);
    let destination = [Destination { egress: vec![(StopId(1), TravelTime::ZERO)], direct: None }];
    let mut times = Vec::new();
    for draw in 0..600 {
        timetable.draw_offsets(1, draw);
        let raptor = Raptor::new(&timetable, &footpaths, RaptorParameters::default());
        let window = DepartureWindow { first: SEVEN, end: ClockTime::from_hm(7, 20) };
        let access = [(StopId(0), TravelTime::ZERO)];
        times.extend(reach_door_to_door(&raptor, &mut raptor.scratch(), &access, &destination, window).remove(0));
    }
    let wait_min = mean_s(&times).expect("reached") / 60.0 - 11.0;
    assert!((wait_min - 5.0).abs() < 0.3, "{wait_min}");
}

/// Exact headways are plain trips: the same times as the line written out.
#[test]
fn exact_headways_equal_the_trips_written_out() {
    let mut written = ToyFeed::with_stops(2);
    written.line(&[0, 1], SEVEN, ClockTime::from_hm(9, 0), 12, 7);
    let mut repeated = ToyFeed::with_stops(2);
    repeated.trip(vec![ToyCall::at(0, 60), ToyCall::at(1, 480)]);
    repeated.frequencies = vec![(0, SEVEN.seconds(), ClockTime::from_hm(9, 0).seconds(), 720, true)];
    let window = DepartureWindow { first: SEVEN, end: EIGHT };
    assert_eq!(one_ride(&written, 0, 1, window), one_ride(&repeated, 0, 1, window));
    assert!(repeated.timetable().patterns().all(|p| !repeated.timetable().departures_at(p, 0).contains(&NEVER)));
}

/// A walk of 15 min all the way beats the line except where the wait is below 5 min.
#[test]
fn the_walk_all_the_way_is_taken_where_it_is_shorter() {
    let mut toy = ToyFeed::with_stops(2);
    toy.line(&[0, 1], SEVEN, ClockTime::from_hm(10, 0), 20, 10);
    let timetable = toy.timetable();
    let footpaths = Footpaths::none(2);
    let raptor = Raptor::new(&timetable, &footpaths, RaptorParameters::default());
    let destination =
        Destination { egress: vec![(StopId(1), TravelTime::ZERO)], direct: Some(TravelTime::from_minutes(15)) };
    let window = DepartureWindow { first: SEVEN, end: EIGHT };
    let access = [(StopId(0), TravelTime::ZERO)];
    let times = reach_door_to_door(&raptor, &mut raptor.scratch(), &access, &[destination], window).remove(0);
    assert_eq!(percentile(&times, 100.0), Some(TravelTime::from_minutes(15)));
    // Waits of 1, 2, 3 and 4 min make 11 to 14 min, three times each.
    let shorter = times.iter().flatten().filter(|&&time| time < TravelTime::from_minutes(15)).count();
    assert_eq!(shorter, 12);
}

/// Stops 0, 1, 2 in a row, every 10 minutes from 7:00, 5 minutes apart. The first trip is for nobody in a wheelchair, of
/// the second it is not told, the third is for all; stop 2 is a platform of a station that is accessible.
#[test]
fn who_cannot_board_waits_for_the_next() {
    let mut toy = ToyFeed::with_stops(4);
    toy.line(&[0, 1, 2], SEVEN, ClockTime::from_hm(7, 30), 10, 5);
    toy.parents = vec![(2, 3)];
    let minutes = |stop: Option<bool>, unknown_passes: Option<bool>| {
        let mut feed = toy.feed();
        let trips: Vec<FeedTripId> = feed.trips.ids().collect();
        for (&trip, told) in trips.iter().zip([Some(false), None, Some(true)]) {
            feed.trips[trip].wheelchair = told;
        }
        for (place, told) in [(0, Some(true)), (1, stop), (3, Some(true))] {
            feed.stops[FeedStopId(place)].wheelchair = told;
        }
        if let Some(unknown_passes) = unknown_passes {
            keep_accessible(&mut feed, unknown_passes);
        }
        let plane = Plane::centred_on(LonLat { lon: 5.57, lat: 50.64 });
        let (timetable, _) = build_timetable(&[feed], TOY_DAY, &plane).expect("a timetable");
        let raptor = Raptor::new(&timetable, &Footpaths::none(4), RaptorParameters::default());
        let mut scratch = raptor.scratch();
        let access = [(StopId(0), TravelTime::ZERO)];
        let arrivals = raptor.reach_stops(&mut scratch, &access, ClockTime::from_hm(6, 59));
        [1, 2].map(|stop| arrivals.travel_time(StopId(stop)).map(TravelTime::minutes))
    };
    assert_eq!(minutes(None, None), [Some(6.0), Some(11.0)]);
    assert_eq!(minutes(None, Some(true)), [Some(16.0), Some(21.0)]);
    assert_eq!(minutes(None, Some(false)), [None, Some(31.0)], "nobody tells of stop 1");
    assert_eq!(minutes(Some(false), Some(true)), [None, Some(21.0)]);
    assert_eq!(minutes(Some(true), Some(false)), [Some(26.0), Some(31.0)]);
}

/// Lines at headways: the times of all draws are pooled, by a matrix as by single searches.
#[test]
fn a_matrix_pools_the_draws() {
    let mut toy = ToyFeed::with_stops(4);
    toy.line(&[0, 1], SEVEN, SEVEN.plus_seconds(60), 60, 11);
    toy.line(&[1, 2, 3], SEVEN, SEVEN.plus_seconds(60), 60, 7);
    let (start, end) = (SEVEN.seconds(), ClockTime::from_hm(11, 0).seconds());
    toy.frequencies = vec![(0, start, end, 900, false), (1, start, end, 1_320, false)];
    let timetable = toy.timetable();
    let footpaths = Footpaths::none(4);
    let access = vec![(StopId(0), TravelTime::from_minutes(3))];
    let egresses: Vec<Vec<(StopId, TravelTime)>> =
        [2, 3].map(|stop| vec![(StopId(stop), TravelTime::from_minutes(5))]).to_vec();
    let window = DepartureWindow { first: SEVEN, end: EIGHT };
    for draws in [Draws { seed: 7, count: 40, per_departure: 5 }, Draws { seed: 7, count: 60, per_departure: 1 }] {
        let mut pooled = PooledTimes::default();
        let destinations = egresses.iter().map(|egress| Destination { egress: egress.clone(), direct: None }).collect();
        let origin = Origin { access: access.clone(), destinations };
        draws.visit(&timetable, |draw, timetable| {
            let raptor = Raptor::by_vehicle_only(timetable, &footpaths, RaptorParameters::default());
            let departures: Vec<ClockTime> = draws.departures(draw, window).collect();
            pooled.add(&raptor, std::slice::from_ref(&origin), &departures);
        });
        let percentiles = [5.0, 50.0, 95.0];
        let expected = pooled.percentiles(&percentiles);
        for cutoff in [108, 300].map(TravelTime::from_minutes) {
            let parameters = RaptorParameters::default();
            let (departures, window_of) = (window, WindowOf::Departures);
            let window = TransitWindow { departures, window_of, cutoff, parameters, draws };
            let matrix = TransitMatrix::new((&timetable, &footpaths), &egresses, window);
            let origins = vec![TransitOrigin { access: access.clone(), direct: Vec::new() }; 3];
            let found = matrix.percentiles_from(&origins, &percentiles);
            for (origin, destination) in [(0, 0), (0, 1), (2, 0), (2, 1)] {
                let found: Vec<_> = found.between(origin, destination).collect();
                assert_eq!(found, expected[0][destination], "{draws:?} within {cutoff}");
                assert!(found[0] < found[2], "headways make times vary: {found:?}");
            }
        }
    }
}
