//! On which days how much runs, and which day may stand for all days of its kind.
//!
//! In: feeds. Out: trips per day, and a representative day. Knows no pattern.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};

use crate::base::ids::Id;
use crate::sources::gtfs::Feed;

/// Days looked at from the first day with a trip on; feeds that claim decades of service are cut here.
pub(super) const MOST_DAYS: usize = 800;

/// Which days may stand for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// Tuesdays and Thursdays, the working days least disturbed by week-ends (methods §5.1).
    Working,
    /// Saturdays, the main shopping day.
    Saturday,
    /// Sundays.
    Sunday,
}

impl DayKind {
    fn holds(self, weekday: Weekday) -> bool {
        match self {
            Self::Working => matches!(weekday, Weekday::Tuesday | Weekday::Thursday),
            Self::Saturday => weekday == Weekday::Saturday,
            Self::Sunday => weekday == Weekday::Sunday,
        }
    }
}

/// A day of the feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedDay {
    /// The day.
    pub date: Date,
    /// Trips of all feeds.
    pub trips: u64,
    /// Feeds with a trip on it.
    pub feeds: usize,
}

/// The number of trips of all feeds on each day from the first with a trip on, at most 800 days; services without trips
/// have no say.
pub fn trips_per_day(feeds: &[Feed]) -> Vec<FeedDay> {
    let mut trips_of_service: Vec<Vec<u64>> = Vec::with_capacity(feeds.len());
    for feed in feeds {
        let mut trips = vec![0; feed.services.len()];
        for (id, trip) in feed.trips.iter() {
            trips[trip.service.index()] += u64::from(!feed.stop_times.calls(id).is_empty());
        }
        trips_of_service.push(trips);
    }
    let running =
        feeds.iter().zip(&trips_of_service).flat_map(|(feed, trips)| feed.services.values().iter().zip(trips));
    let spans = running.filter(|(_, trips)| **trips > 0).filter_map(|(service, _)| service.span());
    let Some((first, last)) = spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else { return Vec::new() };
    let mut days = Vec::new();
    let mut date = first;
    while date <= last && days.len() < MOST_DAYS {
        let of_feeds = feeds.iter().zip(&trips_of_service).map(|(feed, trips)| {
            let running = feed.services.values().iter().zip(trips).filter(|(service, _)| service.runs_on(date));
            running.map(|(_, trips)| trips).sum::<u64>()
        });
        let of_feeds: Vec<u64> = of_feeds.collect();
        let with_trips = of_feeds.iter().filter(|&&trips| trips > 0).count();
        days.push(FeedDay { date, trips: of_feeds.iter().sum(), feeds: with_trips });
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    days
}

/// The day that stands for all days of its kind: of those on which most of the feeds run, the first with the number of
/// trips seen most often among them, the larger number where two are seen equally often. `None` when nothing runs on
/// such a day.
pub fn find_representative_day(feeds: &[Feed], kind: DayKind) -> Option<Date> {
    let days = trips_per_day(feeds);
    let mut of_kind: Vec<_> = days.into_iter().filter(|day| day.trips > 0 && kind.holds(day.date.weekday())).collect();
    // Feeds of different years often share a few weeks only; a day on which one is silent stands for nothing.
    let most_feeds = of_kind.iter().map(|day| day.feeds).max()?;
    of_kind.retain(|day| day.feeds == most_feeds);
    let mut seen: BTreeMap<u64, u32> = BTreeMap::new();
    for day in &of_kind {
        *seen.entry(day.trips).or_default() += 1;
    }
    let (modal, _) = seen.into_iter().max_by_key(|&(trips, times)| (times, trips))?;
    of_kind.into_iter().find(|day| day.trips == modal).map(|day| day.date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::units::ClockTime;
    use crate::sources::gtfs::Service;
    use crate::testing::toy_feed::{TOY_DAY, ToyFeed};

    /// A calendar of the year 2000 that no trip uses is 19 years, some 7,000 days, before the first trip: more than are
    /// looked at.
    #[test]
    fn a_stale_calendar_without_trips_hides_nothing() {
        let mut toy = ToyFeed::with_stops(2);
        toy.line(&[0, 1], ClockTime::from_hm(7, 0), ClockTime::from_hm(8, 0), 20, 5);
        let mut feed = toy.feed();
        let stale = Date::constant(2000, 1, 4);
        feed.services.push(Service { id: "stale".to_owned(), weekly: None, added: vec![stale], removed: Vec::new() });
        let expected = FeedDay { date: TOY_DAY, trips: 3, feeds: 1 };
        assert_eq!(trips_per_day(std::slice::from_ref(&feed)), [expected]);
        assert_eq!(find_representative_day(&[feed], DayKind::Working), Some(TOY_DAY));
    }

    /// One feed runs on ten Tuesdays, another on the last of them only: that one stands for all.
    #[test]
    fn a_day_on_which_all_feeds_run_goes_before_more_days_of_one() {
        let mut toy = ToyFeed::with_stops(2);
        toy.line(&[0, 1], ClockTime::from_hm(7, 0), ClockTime::from_hm(8, 0), 20, 5);
        let short = toy.feed();
        let mut long = toy.feed();
        let weeks = (0..10_i64).map(|week| TOY_DAY.saturating_sub(jiff::Span::new().weeks(week)));
        long.services.values_mut().iter_mut().for_each(|service| service.added = weeks.clone().collect());
        assert_eq!(find_representative_day(&[long, short], DayKind::Working), Some(TOY_DAY));
    }
}
