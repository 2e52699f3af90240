//! The day whose timetable stands for all.
//!
//! In: the manifest, the feeds. Out: the day and its timetable. Measures nothing.

use crate::base::notice::{Notice, Notices};
use crate::base::projection::Plane;
use crate::network::timetable::{DayKind, Timetable, build_timetable, find_representative_day, trips_per_day};
use crate::sources::gtfs::Feed;
use crate::study::error::StudyError;
use crate::study::manifest::Manifest;

/// The timetable of the day that stands for all.
pub struct ServiceDay {
    /// The day.
    pub date: jiff::civil::Date,
    /// Its timetable.
    pub timetable: Timetable,
}

/// The day of the manifest, else a representative working day of the feeds; `None` without feeds.
pub fn choose_service_day(
    manifest: &Manifest,
    feeds: &[Feed],
    plane: &Plane,
    notices: &mut Notices,
) -> Result<Option<ServiceDay>, StudyError> {
    let busiest =
        || trips_per_day(feeds).into_iter().max_by_key(|day| (day.feeds, day.trips, std::cmp::Reverse(day.date)));
    let kinds = [DayKind::Working, DayKind::Saturday, DayKind::Sunday];
    let found = kinds.into_iter().find_map(|kind| find_representative_day(feeds, kind));
    let date = manifest.study.service_date.or(found).or_else(|| busiest().map(|day| day.date));
    let Some(date) = date else {
        if !feeds.is_empty() {
            let notice = Notice::error("feed_without_service", &feeds[0].file, "has no day on which any trip runs");
            notices.push(notice.action("public transport is not scored"));
        }
        return Ok(None);
    };
    let (timetable, told) = build_timetable(feeds, date, plane)?;
    notices.extend(told);
    Ok((!timetable.trips().is_empty()).then_some(ServiceDay { date, timetable }))
}
