//! The calendars of the timetables beside the study's day and the date of the street data.

use jiff::civil::Date;

use crate::canvas::check::{DayGap, TimetableCheck, WeekTrips};
use crate::canvas::friction_points::round_to;
use crate::network::timetable::{count_trips_on, measure_feed_calendar};
use crate::sources::gtfs::Feed;
use crate::study::manifest::Manifest;
use crate::study::read::Records;

/// Looks at every feed. Whether one has expired is asked at the date of the street data: an answer that stays the same
/// from day to day.
pub(super) fn check_timetables(records: &Records, chosen: Option<Date>, manifest: &Manifest) -> Vec<TimetableCheck> {
    let day = manifest.study.service_date.or(chosen);
    let map_date = records.osm.data_date.as_deref().and_then(|date| date.parse().ok());
    records.feeds.iter().map(|feed| check_timetable(feed, day, map_date)).collect()
}

fn check_timetable(feed: &Feed, day: Option<Date>, map_date: Option<Date>) -> TimetableCheck {
    let calendar = measure_feed_calendar(feed);
    let last = calendar.span.map(|(_, last)| last);
    let expired =
        last.filter(|_| !calendar.is_cut).zip(map_date).and_then(|(last, map_date)| days_after(last, map_date));
    TimetableCheck {
        file: feed.file.clone(),
        first: calendar.span.map(|(first, _)| first.to_string()),
        last: last.map(|last| last.to_string()),
        is_cut: calendar.is_cut,
        days: calendar.days,
        trips: calendar.trips,
        stops: calendar.stops,
        served_stops: calendar.served_stops,
        routes: calendar.routes,
        weekday_trips: calendar.weekday_trips.map(|trips| round_to(trips, 1)),
        weeks: calendar
            .weeks
            .iter()
            .map(|week| WeekTrips { monday: week.monday.to_string(), trips: week.trips, days: week.days })
            .collect(),
        gaps: calendar
            .gaps
            .iter()
            .map(|gap| DayGap { first: gap.first.to_string(), last: gap.last.to_string(), days: gap.days })
            .collect(),
        trips_on_service_date: day.map(|day| count_trips_on(feed, day)),
        expired_days: expired,
    }
}

/// Days from one to a later one; `None` where it is none later.
fn days_after(first: Date, second: Date) -> Option<u32> {
    let days = second.duration_since(first).as_hours() / 24;
    u32::try_from(days).ok().filter(|days| *days > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::units::ClockTime;
    use crate::testing::toy_feed::{TOY_DAY, ToyFeed};

    /// Runs on 15 October 2019 only.
    #[test]
    fn a_feed_is_judged_at_the_study_day_and_at_the_date_of_the_map() {
        let mut toy = ToyFeed::with_stops(2);
        toy.line(&[0, 1], ClockTime::from_hm(7, 0), ClockTime::from_hm(8, 0), 20, 5);
        let feed = toy.feed();
        let next = TOY_DAY.tomorrow().expect("a day");
        let found = check_timetable(&feed, Some(TOY_DAY), Some(Date::constant(2020, 10, 15)));
        assert_eq!((found.trips_on_service_date, found.expired_days), (Some(3), Some(366)), "2020 is a leap year");
        let found = check_timetable(&feed, Some(next), Some(TOY_DAY));
        assert_eq!((found.trips_on_service_date, found.expired_days), (Some(0), None));
        assert_eq!(check_timetable(&feed, None, None).trips_on_service_date, None);
    }
}
