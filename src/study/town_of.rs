//! A study read, built and linked, and nothing measured: where an audit, a check and all other questions about a town begin.

use std::path::Path;

use crate::base::ids::Id;
use crate::base::notice::Notices;
use crate::base::projection::Plane;
use crate::export::network_layers::Linked;
use crate::network::timetable::Timetable;
use crate::study::audit::parameters_of;
use crate::study::build::build_town;
use crate::study::error::StudyError;
use crate::study::manifest::Manifest;
use crate::study::progress::Progress;
use crate::study::read::{Records, read_records};
use crate::study::service_day::{ServiceDay, choose_service_day};
use crate::study::town::Town;

/// A town, the timetable of its day, and the records behind both.
pub struct OpenedTown {
    /// The records; their notices are told.
    pub records: Records,
    /// The town.
    pub town: Town,
    /// The day that stands for all, where there is a timetable.
    pub service: Option<ServiceDay>,
}

/// Reads, builds and links a study.
pub fn open_town(
    manifest: &Manifest,
    folder: &Path,
    progress: &dyn Progress,
    notices: &mut Notices,
) -> Result<OpenedTown, StudyError> {
    let mut records = read_records(manifest, folder, progress)?;
    notices.extend(std::mem::take(&mut records.notices));
    progress.step("build", 0, 0);
    let plane = Plane::centred_on(records.middle);
    let service = choose_service_day(manifest, &records.feeds, &plane, notices)?;
    let timetable = service.as_ref().map(|day| &day.timetable);
    let parameters = parameters_of(manifest);
    let town = build_town(manifest, &records, timetable, (plane, &parameters), notices);
    Ok(OpenedTown { records, town, service })
}

impl OpenedTown {
    /// All that is linked to the streets.
    pub fn linked(&self) -> impl Iterator<Item = Linked<'_>> {
        let town = &self.town;
        let homes = town.homes.iter().zip(&town.home_links);
        let homes = homes.map(|(home, &link)| Linked { kind: "home", name: "", point: home.point, link });
        let places = town.places.iter();
        let places = places.map(|p| Linked { kind: "place", name: &p.name, point: p.point, link: p.link });
        let stops = town.stops.iter().map(|s| Linked { kind: "stop", name: &s.name, point: s.point, link: s.link });
        let lots = town.lots.iter().map(|l| Linked { kind: "lot", name: &l.name, point: l.point, link: l.link });
        homes.chain(places).chain(stops).chain(lots)
    }

    /// The timetable as text: each pattern with its line, its stops and its departures.
    pub fn timetable_text(&self) -> Option<String> {
        let ServiceDay { date, timetable } = self.service.as_ref()?;
        let mut text = format!("service day {date}: {} patterns\n", timetable.patterns().len());
        for pattern in timetable.patterns() {
            let route = &timetable.routes()[timetable.route_of(pattern)];
            text.push_str(&format!("\npattern {} of line {}\n", pattern.index(), route.name));
            for (position, &stop) in timetable.pattern_stops(pattern).iter().enumerate() {
                text.push_str(&format!(
                    "  {:40} {}\n",
                    timetable.stops()[stop].name,
                    departures(timetable, pattern, position)
                ));
            }
        }
        Some(text)
    }
}

fn departures(timetable: &Timetable, pattern: crate::base::ids::PatternId, position: usize) -> String {
    let times: Vec<String> =
        timetable.departures_at(pattern, position).iter().map(|&moment| moment.to_string()).collect();
    times.join(" ")
}
