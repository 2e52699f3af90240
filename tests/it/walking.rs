//! How long does a walk take, and what does it reach?

use chaland::base::ids::NodeId;
use chaland::base::units::TravelTime;
use chaland::network::index::StreetIndex;
use chaland::network::linkage::{LinkTo, LinkedPoint, link_point};
use chaland::network::petgraph_view::StreetView;
use chaland::network::streets::{Profile, StreetGraph, WalkParameters, build_streets};
use chaland::reach::isochrone::{isochrones, reached_length_m};
use chaland::reach::walk::{WalkSearch, walk_from_each};
use chaland::sources::osm::records::{
    Access, BarrierKind, CrossingKind, OsmRecords, Sidewalk, StreetClass, WayDirection,
};
use chaland::testing::grid_city::GridCity;
use chaland::testing::street_sketch::StreetSketch;
use geo::Coord;
use petgraph::visit::{EdgeRef, IntoEdgeReferences};
use proptest::prelude::*;

/// A network with its index.
struct Town {
    graph: StreetGraph,
    index: StreetIndex,
}

impl Town {
    fn new(records: &OsmRecords) -> Self {
        let (graph, _) = build_streets(records, &StreetSketch::plane(), &WalkParameters::default());
        let index = StreetIndex::new(&graph);
        Self { graph, index }
    }

    fn drawn(draw: impl Fn(&mut StreetSketch)) -> Self {
        let mut sketch = StreetSketch::new();
        draw(&mut sketch);
        Self::new(&sketch.records())
    }

    fn link(&self, x: f64, y: f64) -> LinkedPoint {
        link_point(&self.graph, &self.index, Coord { x, y }, 100.0, LinkTo::AnyStreet).expect("a street is near")
    }

    /// Seconds on foot between two points, `None` beyond an hour.
    fn seconds(&self, profile: Profile, from: (f64, f64), to: (f64, f64)) -> Option<f64> {
        let mut search = WalkSearch::new(&self.graph, profile);
        search.from_point(&self.link(from.0, from.1), TravelTime::from_minutes(60));
        let there = search.time_to(&self.link(to.0, to.1));
        search.to_point(&self.link(to.0, to.1), TravelTime::from_minutes(60));
        assert_eq!(search.time_to(&self.link(from.0, from.1)), there, "a search backwards finds the same");
        there.map(TravelTime::seconds)
    }

    fn adult(&self, from: (f64, f64), to: (f64, f64)) -> Option<f64> {
        self.seconds(Profile::Adult, from, to)
    }
}

/// 400 m at 4.8 km/h (1.3333 m/s) take 300 s; 4 m beside the street at each end add 2 * 4 * 1.3 / 1.3333 = 7.8 s.
#[test]
fn four_hundred_metres_take_300_seconds() {
    let town = Town::drawn(|sketch| {
        sketch.way(&[(0, 0), (500, 0)], StreetClass::Residential);
    });
    assert_eq!(town.adult((50.0, 0.0), (450.0, 0.0)), Some(300.0));
    assert_eq!(town.adult((450.0, 4.0), (50.0, -4.0)), Some(307.8));
}

/// Four arms of 100 m, 60 m of budget (45 s): 4 * 60 = 240 m reached, four cut ends, no far node.
#[test]
fn a_star_is_reached_as_far_as_the_budget_goes() {
    let town = Town::drawn(|sketch| {
        for end in [(100, 0), (0, 100), (-100, 0), (0, -100)] {
            sketch.way(&[(0, 0), end], StreetClass::Residential);
        }
    });
    let mut search = WalkSearch::new(&town.graph, Profile::Adult);
    search.from_point(&town.link(0.0, 0.0), TravelTime::from_seconds(45.0));
    let isochrone = &isochrones(&search, &[TravelTime::from_seconds(45.0)])[0];
    assert!((isochrone.length_m - 240.0).abs() < 1e-6, "{}", isochrone.length_m);
    assert_eq!(isochrone.cut_ends, 4);
    assert_eq!(search.settled().len(), 1, "only the centre");
    // A cross of four arms of 60 m, 50 m wide with round ends: 4 * (60 - 25) * 50 + 50 * 50 + 4 * half a disc of 25 m
    // = 7000 + 2500 + 2 * pi * 625 = 13427 m2; corners of the drawn ends take at most 0.7 % of the discs.
    let expected = 9500.0 + 2.0 * std::f64::consts::PI * 625.0;
    assert!((isochrone.area_m2 - expected).abs() < 0.01 * 2.0 * std::f64::consts::PI * 625.0, "{}", isochrone.area_m2);
}

/// Between corners the walk is the Manhattan distance: 75 s a block.
#[test]
fn grid_city_is_walked_in_manhattan_distance() {
    let city = GridCity::new(7, 5);
    let town = Town::new(&city.records);
    assert_eq!(town.graph.node_count(), 35);
    assert_eq!(town.graph.segment_count(), 5 * 6 + 7 * 4);
    let mut search = WalkSearch::new(&town.graph, Profile::Adult);
    for from in [(0, 0), (3, 2), (6, 1)] {
        let start = city.corner(from.0, from.1);
        search.from_point(&town.link(start.x, start.y), TravelTime::from_minutes(60));
        for (i, j) in (0..7).flat_map(|i| (0..5).map(move |j| (i, j))) {
            let corner = city.corner(i, j);
            let time = search.time_to(&town.link(corner.x, corner.y));
            assert_eq!(time, Some(city.expected_time(from, (i, j))), "{from:?} to {i} {j}");
        }
    }
    // From a corner in the middle of a large town 5 min reach all corners up to 4 blocks off: 1 + 4 + 8 + 12 + 16.
    let town = Town::new(&GridCity::new(11, 11).records);
    let mut search = WalkSearch::new(&town.graph, Profile::Adult);
    search.from_point(&town.link(500.0, 500.0), TravelTime::from_minutes(5));
    assert_eq!(search.settled().len(), 41);
}

/// The way from (0,0) to (300,0) along a row of three blocks, from the middle of the first to the middle of the last.
#[test]
fn a_path_lists_the_segments_walked_in_order() {
    let town = Town::new(&GridCity::new(4, 2).records);
    let (from, to) = (town.link(50.0, 0.0), town.link(250.0, 0.0));
    let middle = town.link(150.0, 0.0).segment;
    let mut search = WalkSearch::new(&town.graph, Profile::Adult);
    search.from_point(&from, TravelTime::from_minutes(10));
    assert_eq!(search.path_to(&to), [from.segment, middle, to.segment]);
    search.to_point(&from, TravelTime::from_minutes(10));
    assert_eq!(search.path_to(&to), [to.segment, middle, from.segment]);
    search.from_point(&from, TravelTime::from_seconds(149.0));
    assert!(search.path_to(&to).is_empty(), "150 s away");
    assert_eq!(search.time_to(&to), None);
}

/// 12 m of steps at 0.6 of 1.3333 m/s take 15 s instead of 9 s. Around them 100 m more; a ramp opens them.
#[test]
fn steps_are_slow_and_closed_to_the_step_free_profile() {
    let draw = |ramp: bool| {
        Town::drawn(move |sketch| {
            sketch.way(&[(0, 0), (0, 100)], StreetClass::Residential);
            sketch.way(&[(0, 100), (12, 100)], StreetClass::Steps).ramp = ramp;
            sketch.way(&[(12, 100), (12, 0)], StreetClass::Residential);
            sketch.way(&[(0, 0), (12, 0)], StreetClass::Residential);
        })
    };
    let (from, to) = ((0.0, 90.0), (12.0, 90.0));
    assert_eq!(draw(false).adult(from, to), Some(7.5 + 15.0 + 7.5));
    assert_eq!(draw(false).seconds(Profile::StepFree, from, to), Some(67.5 + 9.0 + 67.5));
    assert_eq!(draw(true).seconds(Profile::StepFree, from, to), Some(30.0));
}

/// A gate is walked through; a wall ends the street on both sides; a stile stops the step-free profile.
#[test]
fn barriers_end_streets_where_they_are_closed() {
    let draw = |barrier: BarrierKind, access: Option<Access>| {
        Town::drawn(move |sketch| {
            sketch.way(&[(0, 0), (40, 0), (80, 0)], StreetClass::Footway);
            let mark = sketch.mark((40, 0));
            (mark.barrier, mark.access) = (Some(barrier), access);
        })
    };
    let (from, to) = ((0.0, 0.0), (80.0, 0.0));
    assert_eq!(draw(BarrierKind::Passable, None).adult(from, to), Some(60.0));
    assert_eq!(draw(BarrierKind::Passable, Some(Access::Closed)).adult(from, to), None);
    assert_eq!(draw(BarrierKind::Closed, None).adult(from, to), None);
    assert_eq!(draw(BarrierKind::Closed, Some(Access::Open)).adult(from, to), Some(60.0));
    assert_eq!(draw(BarrierKind::Narrow, None).adult(from, to), Some(60.0));
    assert_eq!(draw(BarrierKind::Narrow, None).seconds(Profile::StepFree, from, to), None);
    assert_eq!(draw(BarrierKind::Closed, None).adult((9.0, 0.0), (39.0, 0.0)), Some(22.5), "30 m before the wall");
}

/// Whichever way the paths at a stile are drawn, nobody passes it step-free; each side is open up to it.
#[test]
fn a_stile_stops_the_step_free_between_all_paths_that_meet_there() {
    let ends = [(0, 0), (80, 0), (40, 30)];
    // A bit per path: whether it is drawn from the stile.
    for drawn in 0..8_u8 {
        let town = Town::drawn(move |sketch| {
            for (bit, end) in ends.into_iter().enumerate() {
                let line = if drawn >> bit & 1 == 1 { [(40, 0), end] } else { [end, (40, 0)] };
                sketch.way(&line, StreetClass::Footway);
            }
            sketch.mark((40, 0)).barrier = Some(BarrierKind::Narrow);
        });
        for (a, b) in [(0, 1), (1, 2), (0, 2)] {
            let place = |end: usize| (f64::from(ends[end].0), f64::from(ends[end].1));
            assert!(town.adult(place(a), place(b)).is_some());
            assert_eq!(town.seconds(Profile::StepFree, place(a), place(b)), None, "{drawn:03b}: {a} to {b}");
        }
    }
}

/// One-way on foot: 100 m there, 300 m back around the block.
#[test]
fn one_way_streets_are_walked_one_way() {
    let town = Town::drawn(|sketch| {
        sketch.way(&[(0, 0), (100, 0)], StreetClass::Footway).foot_direction = WayDirection::Forward;
        sketch.way(&[(100, 0), (100, 100), (0, 100), (0, 0)], StreetClass::Footway);
    });
    assert_eq!(town.adult((0.0, 0.0), (100.0, 0.0)), Some(75.0));
    assert_eq!(town.adult((100.0, 0.0), (0.0, 0.0)), Some(225.0));
    assert_eq!(town.adult((60.0, 0.0), (20.0, 0.0)), Some(30.0 + 225.0 + 15.0));
    assert_eq!(town.graph.segment_count(), 2, "a one-way street and the way around it are kept apart");
}

/// A private car park's lane (customers only) cuts a corner: 100 m instead of 300 m. Nobody walks through, but
/// everybody who starts or ends there may.
#[test]
fn streets_for_customers_are_no_way_through() {
    let town = Town::drawn(|sketch| {
        sketch.way(&[(-50, 0), (0, 0), (0, 100), (100, 100), (100, 0), (150, 0)], StreetClass::Residential);
        sketch.way(&[(0, 0), (50, 0), (100, 0)], StreetClass::Service).access = Some(Access::DestinationOnly);
        sketch.way(&[(50, 0), (50, 20)], StreetClass::Service).access = Some(Access::DestinationOnly);
    });
    let (west, east, inside, deep) = ((-40.0, 0.0), (140.0, 0.0), (60.0, 0.0), (50.0, 20.0));
    assert_eq!(town.adult(west, east), Some(285.0), "40 + 300 + 40 m");
    // Passing the gate of the zone takes a decisecond.
    assert_eq!(town.adult(west, inside), Some(75.1), "40 + 60 m");
    assert_eq!(town.adult(inside, west), Some(75.1));
    assert_eq!(town.adult(deep, east), Some(82.6), "20 + 50 + 40 m");
    assert_eq!(town.adult(deep, inside), Some(22.5), "20 + 10 m, without leaving");
    let mut search = WalkSearch::new(&town.graph, Profile::Adult);
    search.from_point(&town.link(west.0, west.1), TravelTime::from_minutes(10));
    let path = search.path_to(&town.link(deep.0, deep.1));
    assert_eq!(path.len(), 3, "{path:?}");
    assert!(path.iter().all(|&segment| !town.graph.is_gate(segment)));
}

/// A street with sidewalks of its own 4 m beside it on both ends joined to the rest: it is walked there, never on
/// the carriageway; without them it stays, at twice the time.
#[test]
fn a_carriageway_with_sidewalks_mapped_apart_is_closed_only_where_they_lead_on() {
    let draw = |sidewalk: bool, driveway: bool| {
        Town::drawn(move |sketch| {
            sketch.way(&[(0, 0), (100, 0), (200, 0)], StreetClass::Secondary).sidewalk = Some(Sidewalk::Separate);
            sketch.way(&[(0, -100), (0, 0), (0, 4), (0, 100)], StreetClass::Residential);
            sketch.way(&[(200, -100), (200, 0), (200, 4), (200, 100)], StreetClass::Residential);
            sketch.way(&[(0, 100), (200, 100)], StreetClass::Residential);
            if sidewalk {
                sketch.way(&[(0, 4), (200, 4)], StreetClass::Footway).is_sidewalk = true;
            }
            if driveway {
                sketch.way(&[(100, 0), (100, -20)], StreetClass::Service);
            }
        })
    };
    let (from, to) = ((0.0, 0.0), (200.0, 0.0));
    let ways = |town: &Town| town.graph.segments().filter(|&s| town.graph.segment_way(s) == 1).count();
    let closed = draw(true, false);
    assert_eq!(ways(&closed), 0);
    assert_eq!(closed.adult(from, to), Some(156.0), "4 + 200 + 4 m");
    // Twice 150 s on the carriageway is as long as 400 m around.
    let kept = draw(false, false);
    assert_eq!(ways(&kept), 1);
    assert_eq!(kept.adult((0.0, 0.0), (40.0, 0.0)), Some(60.0), "40 m at twice the time");
    // A driveway hangs on the carriageway alone: the carriageway is kept for it.
    assert_eq!(ways(&draw(true, true)), 1 + 1);
}

/// A signalised crossing of 12 m: 9 s of walking and (90 - 20)^2 / 180 = 27.22 s of waiting, once for the whole.
#[test]
fn crossings_carry_their_wait() {
    let town = Town::drawn(|sketch| {
        sketch.way(&[(-100, 0), (0, 0), (100, 0)], StreetClass::Primary);
        sketch.way(&[(0, -6), (0, 0), (0, 6)], StreetClass::Footway).crossing = Some(CrossingKind::Signals);
        sketch.way(&[(0, 6), (0, 50)], StreetClass::Footway);
        sketch.way(&[(0, -6), (0, -50)], StreetClass::Footway);
    });
    assert_eq!(town.adult((0.0, -50.0), (0.0, 50.0)), Some(66.0 + 9.0 + 27.2));
    assert_eq!(town.adult((-50.0, 0.0), (50.0, 0.0)), Some(75.0), "along the street nobody waits");
    let crossing = town.graph.segments().filter(|&s| town.graph.segment_crossing(s).is_some());
    let delay: f64 = crossing.map(|segment| town.graph.segment_delay_s(segment)).sum();
    assert!((delay - 27.2222).abs() < 1e-3);
}

/// The signals stand on the node where a footway crosses a street, as is usual in OSM. 27.2 s (27.2222) of waiting,
/// whether the way says nothing or only `marked`; without the mark a gap in 900 vehicles an hour over 12 m is awaited:
/// tc = 12 / 1.2 + 3 = 13 s, 0.25 * 13 = 3.25, dg = (e^3.25 - 3.25 - 1) / 0.25 = 86.1614 s. A zebra that the node
/// tells of waits as one that the way tells of; a way that calls itself unmarked is not made a zebra by its node.
#[test]
fn a_crossing_way_is_controlled_as_its_nodes_say() {
    let wait = |way: CrossingKind, node: Option<CrossingKind>| {
        let town = Town::drawn(move |sketch| {
            sketch.way(&[(-100, 0), (0, 0), (100, 0)], StreetClass::Primary);
            sketch.way(&[(0, -6), (0, 0), (0, 6)], StreetClass::Footway).crossing = Some(way);
            if let Some(kind) = node {
                sketch.mark((0, 0)).crossing = Some(kind);
            }
        });
        let crossing = town.graph.segments().filter(|&s| town.graph.segment_crossing(s).is_some());
        crossing.map(|segment| town.graph.segment_delay_s(segment)).sum::<f64>()
    };
    use CrossingKind::{Marked, Signals, Unknown, Unmarked};
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-3, "{found} is not {expected}");
    near(wait(Unknown, None), 86.1614);
    near(wait(Unknown, Some(Signals)), 27.2222);
    near(wait(Marked, Some(Signals)), 27.2222);
    near(wait(Unknown, Some(Marked)), wait(Marked, None));
    assert!(wait(Marked, None) < wait(Unknown, None));
    near(wait(Unmarked, Some(Marked)), wait(Unmarked, None));
}

/// A crossing node on a street makes nobody wait who walks along it: 100 m take 75 s. A footway over it waits, drawn as a
/// crossing or not: 40 m take 30 s, and the signals (90 - 20)^2 / 180 = 27.2 s.
#[test]
fn a_crossing_node_costs_nothing_along_the_street() {
    let town = Town::drawn(|sketch| {
        sketch.way(&[(-50, 0), (0, 0), (50, 0)], StreetClass::Primary);
        sketch.way(&[(0, -20), (0, 0), (0, 20)], StreetClass::Footway);
        sketch.mark((0, 0)).crossing = Some(CrossingKind::Signals);
    });
    assert_eq!(town.adult((-50.0, 0.0), (50.0, 0.0)), Some(75.0));
    assert_eq!(town.adult((0.0, -20.0), (0.0, 20.0)), Some(57.2));
}

/// A ferry of 1 km takes what its duration says, a lift 35 s, and neither is a street to link a house to.
#[test]
fn ferries_and_lifts_take_their_time() {
    let town = Town::drawn(|sketch| {
        sketch.way(&[(-100, 0), (0, 0)], StreetClass::Residential);
        sketch.way(&[(0, 0), (1000, 0)], StreetClass::Ferry).duration_s = Some(600);
        sketch.way(&[(1000, 0), (1040, 0), (1080, 0)], StreetClass::Footway);
        sketch.mark((1040, 0)).lift = true;
    });
    assert_eq!(town.adult((0.0, 0.0), (1000.0, 0.0)), Some(600.0));
    assert_eq!(town.adult((1000.0, 0.0), (1080.0, 0.0)), Some(60.0 + 35.0));
    assert!(link_point(&town.graph, &town.index, Coord { x: 500.0, y: 0.0 }, 100.0, LinkTo::AnyStreet).is_none());
}

/// The same streets, each cut into ways at every point, and with a point more in the middle of each block.
#[test]
fn splitting_streets_changes_nothing() {
    let whole = Town::drawn(|sketch| {
        sketch.named_way(&[(0, 0), (133, 0), (133, 57), (300, 57)], StreetClass::Residential, "Rue");
        sketch.named_way(&[(133, 57), (133, 200)], StreetClass::Footway, "");
    });
    let split = Town::drawn(|sketch| {
        sketch.named_way(&[(0, 0), (60, 0), (133, 0)], StreetClass::Residential, "Rue");
        sketch.named_way(&[(133, 57), (133, 20), (133, 0)], StreetClass::Residential, "Rue");
        sketch.named_way(&[(133, 57), (300, 57)], StreetClass::Residential, "Rue");
        sketch.named_way(&[(133, 57), (133, 90)], StreetClass::Footway, "");
        sketch.named_way(&[(133, 90), (133, 200)], StreetClass::Footway, "");
    });
    assert_eq!(whole.graph.segment_count(), split.graph.segment_count());
    let points = [(10.0, 0.0), (133.0, 30.0), (133.0, 150.0), (280.0, 57.0), (133.0, 57.0)];
    for from in points {
        for to in points {
            assert_eq!(whole.adult(from, to), split.adult(from, to), "{from:?} to {to:?}");
        }
        let reached = |town: &Town| {
            let mut search = WalkSearch::new(&town.graph, Profile::Adult);
            search.from_point(&town.link(from.0, from.1), TravelTime::from_seconds(100.0));
            reached_length_m(&search, TravelTime::from_seconds(100.0))
        };
        assert!((reached(&whole) - reached(&split)).abs() < 0.2);
    }
}

/// Streets given in another order, and results for any number of threads, are the same.
#[test]
fn results_do_not_depend_on_order_or_threads() {
    let city = GridCity::new(12, 9);
    let town = Town::new(&city.records);
    let origins: Vec<LinkedPoint> = (0..60).map(|n| town.link(f64::from(n) * 17.0, f64::from(n % 9) * 93.0)).collect();
    let measure = |town: &Town| {
        walk_from_each(&town.graph, Profile::Adult, &origins, TravelTime::from_minutes(10), |number, search| {
            (number, search.settled().to_vec(), reached_length_m(search, search.cutoff()).to_bits())
        })
    };
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    let alone = pool(1).install(|| measure(&town));
    assert_eq!(alone, pool(4).install(|| measure(&town)));
    let mut reversed = city.records.clone();
    reversed.streets.reverse();
    assert_eq!(alone, measure(&Town::new(&reversed)));
    assert!(alone.iter().enumerate().all(|(at, result)| result.0 == at));
}

/// Random streets between points of a small lattice: one-way, steps, paths, closed barriers.
fn random_streets() -> impl Strategy<Value = OsmRecords> {
    let street = ((0..6, 0..6), (0..6, 0..6), 0..5_u8);
    proptest::collection::vec(street, 1..40).prop_map(|streets| {
        let mut sketch = StreetSketch::new();
        let place = |(i, j): (i32, i32)| (i * 37 + j, j * 53 - i);
        let mut drawn = false;
        for (from, to, kind) in streets {
            if from == to {
                continue;
            }
            drawn = true;
            let class = if kind == 1 { StreetClass::Steps } else { StreetClass::Footway };
            let tags = sketch.way(&[place(from), place(to)], class);
            match kind {
                2 => tags.foot_direction = WayDirection::Forward,
                3 => tags.foot_direction = WayDirection::Backward,
                _ => {}
            }
        }
        if !drawn {
            sketch.way(&[(0, 0), (10, 0)], StreetClass::Footway);
        }
        sketch.records()
    })
}

/// Times from one node to all by petgraph's Dijkstra.
fn oracle(graph: &StreetGraph, profile: Profile, from: NodeId) -> Vec<Option<u32>> {
    let view = StreetView::new(graph, profile);
    let found = petgraph::algo::dijkstra(view, from, None, |arc| *arc.weight());
    graph.nodes().map(|node| found.get(&node).copied()).collect()
}

fn searched(search: &mut WalkSearch, from: NodeId, cutoff: TravelTime) -> Vec<Option<u32>> {
    search.from_node(from, cutoff);
    search.graph().nodes().map(|node| search.time_to_node(node).map(TravelTime::deciseconds)).collect()
}

/// All pairs by Floyd and Warshall.
fn all_pairs(graph: &StreetGraph, profile: Profile) -> Vec<Vec<u64>> {
    const FAR: u64 = u64::MAX / 4;
    let count = graph.node_count();
    let mut times = vec![vec![FAR; count]; count];
    for arc in StreetView::new(graph, profile).edge_references() {
        let (from, to) = (arc.source().0 as usize, arc.target().0 as usize);
        times[from][to] = times[from][to].min(u64::from(*arc.weight()));
    }
    for (node, row) in times.iter_mut().enumerate() {
        row[node] = 0;
    }
    for over in 0..count {
        for from in 0..count {
            for to in 0..count {
                times[from][to] = times[from][to].min(times[from][over] + times[over][to]);
            }
        }
    }
    times.iter_mut().flatten().filter(|time| **time >= FAR).for_each(|time| *time = u64::MAX);
    times
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Two oracles, to the last decisecond, and parents that lead back along tight arcs.
    #[test]
    fn searches_equal_dijkstra_and_floyd_warshall(records in random_streets()) {
        let town = Town::new(&records);
        for profile in [Profile::Adult, Profile::StepFree] {
            let mut search = WalkSearch::new(&town.graph, profile);
            let pairs = all_pairs(&town.graph, profile);
            for from in town.graph.nodes() {
                let times = searched(&mut search, from, TravelTime::MAX);
                prop_assert_eq!(&times, &oracle(&town.graph, profile, from));
                let by_pairs: Vec<u64> = times.iter().map(|time| time.map_or(u64::MAX, u64::from)).collect();
                prop_assert_eq!(&by_pairs, &pairs[from.0 as usize]);
                for &node in search.settled() {
                    prop_assert_eq!(search.parent(node).is_none(), node == from);
                    if let Some(arc) = search.parent(node) {
                        let before = search.time_to_node(town.graph.tail(arc)).expect("its parent is reached");
                        let step = town.graph.impedance(profile, arc).expect("its parent's arc is open");
                        prop_assert_eq!(Some(before + step), search.time_to_node(node));
                    }
                }
            }
        }
    }

    /// A larger cutoff reaches all that a smaller one does, at the same times.
    #[test]
    fn nested_cutoffs_give_nested_sets(records in random_streets(), x in 0.0..200.0_f64, y in 0.0..300.0_f64) {
        let town = Town::new(&records);
        let Some(origin) = link_point(&town.graph, &town.index, Coord { x, y }, 1e4, LinkTo::AnyStreet) else {
            return Ok(());
        };
        let origin = LinkedPoint { away_m: 0.0, ..origin };
        let cutoffs = [20.0, 60.0, 110.0, 240.0].map(TravelTime::from_seconds);
        let mut large = WalkSearch::new(&town.graph, Profile::Adult);
        let mut small = WalkSearch::new(&town.graph, Profile::Adult);
        large.from_point(&origin, cutoffs[3]);
        let found = isochrones(&large, &cutoffs);
        for (cutoff, isochrone) in cutoffs.iter().zip(&found) {
            small.from_point(&origin, *cutoff);
            for &node in small.settled() {
                prop_assert_eq!(large.time_to_node(node), small.time_to_node(node));
            }
            prop_assert!((reached_length_m(&small, *cutoff) - isochrone.length_m).abs() < 1e-6);
            for stretch in small.reached_arcs() {
                let middle = (stretch.from_m + stretch.to_m) / 2.0;
                let covers = |other: &chaland::reach::reached::ReachedSegment| {
                    other.segment == stretch.segment && other.from_m <= middle && middle <= other.to_m
                };
                prop_assert!(large.reached_arcs().any(|other| covers(&other)), "{:?}", stretch);
            }
        }
        for pair in found.windows(2) {
            prop_assert!(pair[0].length_m <= pair[1].length_m + 1e-6);
            prop_assert!(pair[0].area_m2 <= pair[1].area_m2 + 1e-3);
        }
    }

    /// Where every street is open both ways, the way back takes as long as the way there.
    #[test]
    fn walks_are_symmetric_where_streets_are(n in 0..35_usize, m in 0..35_usize) {
        let town = Town::new(&GridCity::new(7, 5).records);
        let mut search = WalkSearch::new(&town.graph, Profile::Adult);
        let there = searched(&mut search, NodeId(n as u32), TravelTime::MAX)[m];
        let back = searched(&mut search, NodeId(m as u32), TravelTime::MAX)[n];
        prop_assert!(there.is_some());
        prop_assert_eq!(there, back);
    }

    /// Nonsense records build some network and never panic.
    #[test]
    fn no_records_are_too_odd(lon in -180.0..180.0_f64, lat in -90.0..90.0_f64, class in 0..4_u8) {
        let mut records = GridCity::new(3, 3).records;
        records.street_node_positions[4] = chaland::base::projection::LonLat { lon, lat };
        records.street_node_positions[5].lat = f64::NAN;
        if class == 0 {
            records.streets[1].tags.class = StreetClass::Ferry;
            records.streets[1].tags.duration_s = Some(u32::MAX);
        }
        let town = Town::new(&records);
        for node in town.graph.nodes().take(3) {
            let mut search = WalkSearch::new(&town.graph, Profile::Adult);
            prop_assert_eq!(
                searched(&mut search, node, TravelTime::MAX),
                oracle(&town.graph, Profile::Adult, node)
            );
        }
    }
}

#[test]
fn an_empty_extract_builds_an_empty_network_and_says_so() {
    let (graph, notices) = build_streets(&OsmRecords::default(), &StreetSketch::plane(), &WalkParameters::default());
    assert_eq!((graph.node_count(), graph.segment_count(), graph.bounds()), (0, 0, None));
    assert_eq!(notices.count("no_streets"), 1);
}
