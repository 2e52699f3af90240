//! What the calendar of one feed says: from when to when trips run, how many a week, and on which days none does.
//!
//! In: a feed. Out: its calendar. For those who check a feed, not for scores.

use jiff::civil::{Date, Weekday};

use super::service_days::{FeedDay, MOST_DAYS, trips_per_day};
use crate::base::ids::Id;
use crate::sources::gtfs::{Feed, LocationType};

/// Days in a row without a trip from which on it is a gap: longer than a weekend with a holiday beside it (default).
const LEAST_GAP_DAYS: u32 = 4;

/// Trips of a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceWeek {
    /// Its Monday.
    pub monday: Date,
    /// Trips of all its days.
    pub trips: u64,
    /// Days with a trip.
    pub days: u8,
}

/// Days in a row on which nothing runs, between days on which something does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceGap {
    /// The first of them.
    pub first: Date,
    /// The last of them.
    pub last: Date,
    /// How many.
    pub days: u32,
}

/// The calendar of a feed. A trip that runs at a headway counts once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeedCalendar {
    /// First and last day with a trip; `None` where none ever runs.
    pub span: Option<(Date, Date)>,
    /// Days with a trip.
    pub days: u32,
    /// Mean trips on a Monday to a Sunday of the span, days without any among them.
    pub weekday_trips: [f64; 7],
    /// The weeks of the span in order, those without trips among them.
    pub weeks: Vec<ServiceWeek>,
    /// Four days or more without a trip.
    pub gaps: Vec<ServiceGap>,
    /// Whether the feed goes on beyond the days looked at.
    pub is_cut: bool,
    /// Trips that call somewhere.
    pub trips: u64,
    /// Stops and platforms at which one of them calls.
    pub served_stops: u64,
    /// Stops and platforms, served or not.
    pub stops: u64,
    /// Lines.
    pub routes: u64,
}

/// Looks at every day of a feed, from the first with a trip on; those beyond some 800 are not looked at.
pub fn measure_feed_calendar(feed: &Feed) -> FeedCalendar {
    let mut days = trips_per_day(std::slice::from_ref(feed));
    let is_cut = days.len() >= MOST_DAYS;
    let runs = |day: &FeedDay| day.trips > 0;
    days.truncate(days.iter().rposition(runs).map_or(0, |last| last + 1));
    days.drain(..days.iter().position(runs).unwrap_or(0));
    let mut is_served = vec![false; feed.stops.len()];
    let mut trips = 0;
    for id in feed.trips.ids() {
        let calls = feed.stop_times.calls(id);
        trips += u64::from(!calls.is_empty());
        feed.stop_times.stop[calls].iter().for_each(|stop| is_served[stop.index()] = true);
    }
    let is_stop = |kind: LocationType| matches!(kind, LocationType::Stop | LocationType::BoardingArea);
    FeedCalendar {
        span: days.first().zip(days.last()).map(|(first, last)| (first.date, last.date)),
        days: days.iter().filter(|day| runs(day)).count() as u32,
        weekday_trips: weekday_trips(&days),
        weeks: weeks_of(&days),
        gaps: find_gaps(&days),
        is_cut,
        trips,
        served_stops: is_served.iter().filter(|served| **served).count() as u64,
        stops: feed.stops.values().iter().filter(|stop| is_stop(stop.location_type)).count() as u64,
        routes: feed.routes.len() as u64,
    }
}

/// Trips of a feed that run on a day, however far it lies from the others.
pub fn count_trips_on(feed: &Feed, day: Date) -> u64 {
    let runs = feed.services.values().iter().map(|service| service.runs_on(day)).collect::<Vec<bool>>();
    let trips =
        feed.trips.iter().filter(|(id, trip)| runs[trip.service.index()] && !feed.stop_times.calls(*id).is_empty());
    trips.count() as u64
}

fn weekday_trips(days: &[FeedDay]) -> [f64; 7] {
    let mut sums = [(0_u64, 0_u64); 7];
    for day in days {
        let sum = &mut sums[monday_offset(day.date)];
        *sum = (sum.0 + day.trips, sum.1 + 1);
    }
    sums.map(|(trips, count)| if count > 0 { trips as f64 / count as f64 } else { 0.0 })
}

fn weeks_of(days: &[FeedDay]) -> Vec<ServiceWeek> {
    let mut weeks: Vec<ServiceWeek> = Vec::new();
    for day in days {
        if weeks.is_empty() || day.date.weekday() == Weekday::Monday {
            let since = i64::try_from(monday_offset(day.date)).unwrap_or(0);
            let monday = day.date.saturating_sub(jiff::Span::new().days(since));
            weeks.push(ServiceWeek { monday, trips: 0, days: 0 });
        }
        if let Some(week) = weeks.last_mut() {
            week.trips += day.trips;
            week.days += u8::from(day.trips > 0);
        }
    }
    weeks
}

fn find_gaps(days: &[FeedDay]) -> Vec<ServiceGap> {
    let stretches = days.chunk_by(|a, b| (a.trips > 0) == (b.trips > 0));
    stretches
        .filter(|stretch| stretch[0].trips == 0)
        .map(|stretch| ServiceGap {
            first: stretch[0].date,
            last: stretch[stretch.len() - 1].date,
            days: stretch.len() as u32,
        })
        .filter(|gap| gap.days >= LEAST_GAP_DAYS)
        .collect()
}

fn monday_offset(date: Date) -> usize {
    usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::units::ClockTime;
    use crate::sources::gtfs::WeeklyService;
    use crate::testing::toy_feed::ToyFeed;

    /// Three trips a day from Monday 7 to Sunday 27 October 2019, Saturdays and Sundays none, and none either from
    /// Wednesday 16 to Monday 21: with the weekend between, six days.
    fn feed_with_a_gap() -> Feed {
        let mut toy = ToyFeed::with_stops(3);
        toy.line(&[0, 1], ClockTime::from_hm(7, 0), ClockTime::from_hm(8, 0), 20, 5);
        let mut feed = toy.feed();
        let day = |day| Date::constant(2019, 10, day);
        let service = &mut feed.services.values_mut()[0];
        let days = [true, true, true, true, true, false, false];
        service.weekly = Some(WeeklyService { days, first: day(7), last: day(27) });
        service.added.clear();
        service.removed = [16, 17, 18, 21].map(day).to_vec();
        feed
    }

    #[test]
    fn weeks_weekdays_and_gaps_are_those_of_the_calendar() {
        let calendar = measure_feed_calendar(&feed_with_a_gap());
        let day = |day| Date::constant(2019, 10, day);
        assert_eq!(calendar.span, Some((day(7), day(25))), "the last Friday is the last day with a trip");
        // Five days, two, and four.
        assert_eq!(calendar.days, 11);
        let weeks: Vec<_> = calendar.weeks.iter().map(|week| (week.monday, week.trips, week.days)).collect();
        assert_eq!(weeks, [(day(7), 15, 5), (day(14), 6, 2), (day(21), 12, 4)]);
        // Of three Mondays two have three trips each; Tuesdays all; Wednesdays to Fridays two of three; weekends none.
        assert_eq!(calendar.weekday_trips, [2.0, 3.0, 2.0, 2.0, 2.0, 0.0, 0.0]);
        assert_eq!(calendar.gaps, [ServiceGap { first: day(16), last: day(21), days: 6 }], "a weekend is no gap");
        assert_eq!((calendar.trips, calendar.stops, calendar.served_stops, calendar.routes), (3, 3, 2, 1));
        assert!(!calendar.is_cut);
    }

    #[test]
    fn a_feed_of_which_nothing_runs_has_no_days() {
        let mut feed = feed_with_a_gap();
        feed.services.values_mut().iter_mut().for_each(|service| (service.weekly, service.added) = (None, Vec::new()));
        let calendar = measure_feed_calendar(&feed);
        assert_eq!((calendar.span, calendar.days, calendar.weeks.len(), calendar.gaps.len()), (None, 0, 0, 0));
        assert_eq!(calendar.trips, 3, "they are there, on no day");
    }

    #[test]
    fn a_feed_of_many_years_is_cut_and_says_so() {
        let mut feed = feed_with_a_gap();
        let service = &mut feed.services.values_mut()[0];
        service.weekly = service.weekly.map(|weekly| WeeklyService { last: Date::constant(2030, 1, 1), ..weekly });
        assert!(measure_feed_calendar(&feed).is_cut);
        // A Tuesday and a Saturday, years beyond the days looked at.
        let trips = [Date::constant(2029, 10, 16), Date::constant(2029, 10, 20)].map(|day| count_trips_on(&feed, day));
        assert_eq!(trips, [3, 0]);
    }
}
