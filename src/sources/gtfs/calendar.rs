//! `calendar.txt` and `calendar_dates.txt`.
//!
//! In: either table or both. Out: services as a weekly rule with days added and removed.

use super::GtfsError;
use super::archive::FeedFiles;
use super::records::{FeedServiceId, Service, WeeklyService};
use super::rows::{Keys, Rows};
use crate::base::ids::{Column, Id};
use crate::base::notice::{Notice, Notices, Severity};

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Reads the services of both tables.
pub(super) fn read_services(
    files: &mut FeedFiles,
    notices: &mut Notices,
) -> Result<(Column<FeedServiceId, Service>, Keys<FeedServiceId>), GtfsError> {
    let mut services: Column<FeedServiceId, Service> = Column::default();
    let mut keys = Keys::new("calendar.txt or calendar_dates.txt");
    read_calendar(files, &mut services, &mut keys, notices)?;
    read_exceptions(files, &mut services, &mut keys, notices)?;
    for service in services.values_mut() {
        for days in [&mut service.added, &mut service.removed] {
            days.sort_unstable();
            days.dedup();
        }
    }
    Ok((services, keys))
}

fn read_calendar(
    files: &mut FeedFiles,
    services: &mut Column<FeedServiceId, Service>,
    keys: &mut Keys<FeedServiceId>,
    notices: &mut Notices,
) -> Result<(), GtfsError> {
    let Some(source) = files.table("calendar.txt")? else { return Ok(()) };
    let mut rows = Rows::new("calendar.txt", source)?;
    let id = rows.required("service_id")?;
    let (start, end) = (rows.required("start_date")?, rows.required("end_date")?);
    let mut day_fields = Vec::with_capacity(7);
    for day in DAYS {
        day_fields.push(rows.required(day)?);
    }
    while let Some(row) = rows.next(notices)? {
        let weekly = || -> Result<WeeklyService, Notice> {
            let (first, last) = (row.date(start)?, row.date(end)?);
            let mut days = [false; 7];
            for (day, &field) in days.iter_mut().zip(&day_fields) {
                *day = match row.bytes(field) {
                    b"1" => true,
                    b"0" => false,
                    _ => return Err(row.notice(Severity::Error, "weekday_unknown", field, "is not 0 or 1")),
                };
            }
            if first > last {
                let problem = "is before start_date";
                return Err(row.notice(Severity::Error, "service_span_reversed", end, problem));
            }
            Ok(WeeklyService { days, first, last })
        };
        let read = weekly().and_then(|weekly| {
            let key = keys.add(&row, id, FeedServiceId::from_index(services.len()))?;
            Ok(Service { id: key, weekly: Some(weekly), added: Vec::new(), removed: Vec::new() })
        });
        match read {
            Ok(service) => {
                row.keep();
                services.push(service);
            }
            Err(notice) => row.drop_row(notices, notice),
        }
    }
    rows.finish(notices);
    Ok(())
}

fn read_exceptions(
    files: &mut FeedFiles,
    services: &mut Column<FeedServiceId, Service>,
    keys: &mut Keys<FeedServiceId>,
    notices: &mut Notices,
) -> Result<(), GtfsError> {
    let Some(source) = files.table("calendar_dates.txt")? else { return Ok(()) };
    let mut rows = Rows::new("calendar_dates.txt", source)?;
    let (id, date) = (rows.required("service_id")?, rows.required("date")?);
    let kind = rows.required("exception_type")?;
    while let Some(row) = rows.next(notices)? {
        let day = match row.date(date) {
            Ok(day) => day,
            Err(notice) => {
                row.drop_row(notices, notice);
                continue;
            }
        };
        let adds = match row.bytes(kind) {
            b"1" => true,
            b"2" => false,
            _ => {
                row.drop_row(notices, row.notice(Severity::Error, "exception_type_unknown", kind, "is not 1 or 2"));
                continue;
            }
        };
        let key = row.text(id);
        let service = match keys.find(&key) {
            Some(service) => service,
            None => {
                let empty = Service { id: String::new(), weekly: None, added: Vec::new(), removed: Vec::new() };
                match keys.add(&row, id, FeedServiceId::from_index(services.len())) {
                    Ok(id) => services.push(Service { id, ..empty }),
                    Err(notice) => {
                        row.drop_row(notices, notice);
                        continue;
                    }
                }
            }
        };
        let days = if adds { &mut services[service].added } else { &mut services[service].removed };
        days.push(day);
        row.keep();
    }
    rows.finish(notices);
    Ok(())
}
