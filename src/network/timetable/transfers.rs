//! The feeds' rules for changing, spread from stations over their stops.
//!
//! In: feeds, the stops of a timetable. Out: a least change time per stop, one rule per pair of stops, and notices of the
//! rules that come to nothing. Knows no walk.

use std::collections::BTreeMap;

use super::Timetable;
use crate::base::ids::{Id, StopId};
use crate::base::notice::{Notice, Notices};
use crate::base::units::TravelTime;
use crate::sources::gtfs::{Feed, FeedStopId, LocationType, TransferKind};

/// The most pairs of stops that rules for stations are spread over; beyond it a feed is taken for damaged.
const MOST_PAIRS: usize = 2_000_000;

/// A rule and how many of its two ends are stations: the fewer, the more it has to say.
type Rule = (usize, TransferKind);

/// Takes the rules of all feeds into the timetable. A rule for a station holds for all its stops; where a rule names the
/// stop itself, that one holds. Of rules that are equally near the stricter holds.
pub(super) fn take_transfers(
    timetable: &mut Timetable,
    feeds: &[Feed],
    ids: &[Vec<Option<StopId>>],
    notices: &mut Notices,
) {
    let stops_of = stops_of_stations(timetable);
    let mut rules: BTreeMap<(StopId, StopId), Rule> = BTreeMap::new();
    let mut pairs = 0_usize;
    for (feed, ids) in feeds.iter().zip(ids) {
        let (mut without_stop, mut too_many) = (0, 0);
        for transfer in &feed.transfers {
            let (Some(from), Some(to)) = (ids[transfer.from.index()], ids[transfer.to.index()]) else {
                without_stop += 1;
                continue;
            };
            let (from, stations_from) = ends(feed, transfer.from, from, &stops_of);
            let (to, stations_to) = ends(feed, transfer.to, to, &stops_of);
            let stations = stations_from + stations_to;
            let more = if stations > 0 { from.len().saturating_mul(to.len()) } else { 0 };
            if more > MOST_PAIRS - pairs {
                too_many += 1;
                continue;
            }
            pairs += more;
            for pair in from.iter().flat_map(|&from| to.iter().map(move |&to| (from, to))) {
                let rule = (stations, transfer.kind);
                rules.entry(pair).and_modify(|known| *known = nearer(*known, rule)).or_insert(rule);
            }
        }
        note_dropped(feed, without_stop, too_many, notices);
    }
    timetable.changes = vec![TravelTime::ZERO; timetable.stops.len()];
    for ((from, to), (_, kind)) in rules {
        if from != to {
            timetable.transfers.push((from, to, kind));
            continue;
        }
        timetable.changes[from.index()] = match kind {
            TransferKind::Possible => TravelTime::ZERO,
            TransferKind::MinimumTime(least) => least,
            TransferKind::Impossible => TravelTime::MAX,
        };
    }
}

/// The stops of each station; the station itself only where a vehicle calls at it.
fn stops_of_stations(timetable: &Timetable) -> BTreeMap<StopId, Vec<StopId>> {
    let mut stops_of: BTreeMap<StopId, Vec<StopId>> = BTreeMap::new();
    let below = timetable.stops.iter().filter(|(stop, record)| record.served || record.station != *stop);
    for (stop, record) in below {
        stops_of.entry(record.station).or_default().push(stop);
    }
    stops_of
}

/// The stops that one end of a rule stands for, and 1 where it is a station.
fn ends(
    feed: &Feed,
    source: FeedStopId,
    stop: StopId,
    stops_of: &BTreeMap<StopId, Vec<StopId>>,
) -> (Vec<StopId>, usize) {
    match feed.stops[source].location_type {
        LocationType::Station => (stops_of.get(&stop).cloned().unwrap_or_default(), 1),
        _ => (vec![stop], 0),
    }
}

/// The rule that holds of two for the same pair.
fn nearer(known: Rule, other: Rule) -> Rule {
    let strictness = |kind: TransferKind| match kind {
        TransferKind::Possible => (0, TravelTime::ZERO),
        TransferKind::MinimumTime(least) => (1, least),
        TransferKind::Impossible => (2, TravelTime::ZERO),
    };
    match known.0.cmp(&other.0) {
        std::cmp::Ordering::Less => known,
        std::cmp::Ordering::Greater => other,
        std::cmp::Ordering::Equal if strictness(known.1) >= strictness(other.1) => known,
        std::cmp::Ordering::Equal => other,
    }
}

fn note_dropped(feed: &Feed, without_stop: usize, too_many: usize, notices: &mut Notices) {
    let file = format!("{}/transfers.txt", feed.file);
    if without_stop > 0 {
        let problem = format!("holds {without_stop} rules for entrances or other places where nobody boards");
        notices.push(Notice::note("transfer_without_stop", &file, problem).action("rules left out"));
    }
    if too_many > 0 {
        let problem = format!("has rules for stations of more than {MOST_PAIRS} pairs of stops");
        let notice = Notice::error("transfers_too_many", &file, problem);
        notices.push(notice.action(format!("{too_many} rules left out")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::units::ClockTime;
    use crate::testing::toy_feed::ToyFeed;

    fn minutes(n: u32) -> TransferKind {
        TransferKind::MinimumTime(TravelTime::from_minutes(n))
    }

    /// Stops 0 and 1 are platforms of station 3; stop 2 stands alone.
    fn timetable(transfers: &[(u32, u32, TransferKind)]) -> Timetable {
        let mut toy = ToyFeed::with_stops(4);
        toy.line(&[0, 1, 2], ClockTime::from_hm(7, 0), ClockTime::from_hm(8, 0), 20, 5);
        toy.parents = vec![(0, 3), (1, 3)];
        toy.transfers = transfers.to_vec();
        toy.timetable()
    }

    fn changes(timetable: &Timetable) -> Vec<u32> {
        let changes = (0..4).map(|stop| timetable.change_time(StopId(stop)));
        changes.map(|time| time.deciseconds() / 600).collect()
    }

    #[test]
    fn a_rule_for_a_station_holds_between_and_within_its_platforms() {
        let timetable = timetable(&[(3, 3, minutes(4)), (2, 3, TransferKind::Impossible)]);
        assert_eq!(changes(&timetable), [4, 4, 0, 0]);
        let (a, b, alone) = (StopId(0), StopId(1), StopId(2));
        let forbidden = TransferKind::Impossible;
        let expected = [(a, b, minutes(4)), (b, a, minutes(4)), (alone, a, forbidden), (alone, b, forbidden)];
        assert_eq!(timetable.transfers(), expected);
    }

    /// An entrance is no place where anybody boards; and rules for stations are spread over so many pairs at most.
    #[test]
    fn rules_that_come_to_nothing_are_told() {
        let told = |without_stop, too_many| {
            let mut notices = Notices::new();
            note_dropped(&ToyFeed::with_stops(1).feed(), without_stop, too_many, &mut notices);
            [notices.count("transfer_without_stop"), notices.count("transfers_too_many")]
        };
        assert_eq!((told(0, 0), told(3, 0), told(0, 2)), ([0, 0], [1, 0], [0, 1]));
        let mut toy = ToyFeed::with_stops(1002);
        toy.line(&(0..1001).collect::<Vec<u32>>(), ClockTime::from_hm(7, 0), ClockTime::from_hm(7, 30), 30, 1);
        toy.parents = (0..1001).map(|stop| (stop, 1001)).collect();
        // More than a million pairs each: the second rule is one too many.
        toy.transfers = vec![(1001, 1001, minutes(4)), (1001, 1001, minutes(5))];
        let timetable = toy.timetable();
        assert_eq!(timetable.change_time(StopId(0)), TravelTime::from_minutes(4));
    }

    /// The order of the rows does not matter: first the nearer rule, then the stricter.
    #[test]
    fn a_rule_of_the_stop_itself_holds_before_that_of_its_station() {
        let mut rows = [(0, 0, minutes(1)), (3, 3, minutes(4)), (0, 1, TransferKind::Possible), (1, 3, minutes(2))];
        for _ in 0..2 {
            let timetable = timetable(&rows);
            assert_eq!(changes(&timetable), [1, 2, 0, 0]);
            let expected = [(StopId(0), StopId(1), TransferKind::Possible), (StopId(1), StopId(0), minutes(2))];
            assert_eq!(timetable.transfers(), expected);
            rows.reverse();
        }
        let same = timetable(&[(0, 0, minutes(1)), (0, 0, TransferKind::Impossible), (0, 0, minutes(3))]);
        assert_eq!(same.change_time(StopId(0)), TravelTime::MAX);
    }
}
