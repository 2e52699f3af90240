//! Trips that begin by car or bicycle and go on on foot: drive, park and walk, and the same to a stop.
//!
//! In: the networks of a study, points, places to park. Out: times over the best place to park. A vehicle is left once. How full
//! a place is, a field of its file may tell: the search for a free bay takes its time by that (methods §8.2).

use crate::analysis::parameters::Parameters;
use crate::analysis::parking::search_s;
use crate::base::notice::{Notice, Notices};
use crate::base::projection::Plane;
use crate::base::units::TravelTime;
use crate::export::ExportError;
use crate::network::index::StreetIndex;
use crate::network::linkage::LinkedPoint;
use crate::network::streets::{Profile, StreetGraph};
use crate::reach::chain::{Reached, over_places};
use crate::reach::contraction::{Contraction, Elimination};
use crate::reach::matrix::{ManyToMany, WORTH_CONTRACTING};
use crate::study::error::StudyError;
use crate::study::offer::numbers_of;
use crate::study::progress::Progress;
use crate::study::reach::{AskedPoint, links_of, links_on, note_not_linked};

/// Times of a matrix that are held in memory at once.
const TIMES_AT_ONCE: usize = 8_000_000;

/// Who rides, and on which streets.
#[derive(Clone, Copy)]
pub struct Ride<'g> {
    /// The streets.
    pub graph: &'g StreetGraph,
    /// Where they are.
    pub index: &'g StreetIndex,
    /// The plane of the study.
    pub plane: &'g Plane,
    /// By bicycle or by car.
    pub profile: Profile,
    /// The longest ride.
    pub limit: TravelTime,
    /// Leaving the vehicle at any place; the search for a bay at a full one comes on top.
    pub parking: TravelTime,
}

/// Places to park, on the streets of a vehicle and on those of people on foot.
#[derive(Clone, Debug, Default)]
pub struct ParkingPlaces {
    by_vehicle: Vec<LinkedPoint>,
    on_foot: Vec<LinkedPoint>,
    /// The search for a free bay at each.
    search: Vec<TravelTime>,
}

impl ParkingPlaces {
    /// Points on the streets of a vehicle that lie at a street for people on foot too; others are told and left out. `occupancy`
    /// is the field that tells the share of bays in use, if any does.
    pub fn of(
        points: Vec<AskedPoint>,
        occupancy: Option<&str>,
        (graph, index, profile): (&StreetGraph, &StreetIndex, Profile),
        plane: &Plane,
        notices: &mut Notices,
    ) -> Result<Self, StudyError> {
        let links = links_on((graph, plane), index, profile, points.iter().map(|point| &point.record));
        let searches = match occupancy {
            Some(field) => searches_of(&points, field, notices)?,
            None => vec![TravelTime::ZERO; points.len()],
        };
        let mut places = Self::default();
        for ((point, search), link) in points.into_iter().zip(searches).zip(links) {
            let Some(link) = link else {
                notices.tally(&point.record.file).drop_used();
                note_not_linked(&point.record, profile, notices);
                continue;
            };
            places.by_vehicle.push(point.link);
            places.on_foot.push(link);
            places.search.push(search);
        }
        Ok(places)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.on_foot.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.on_foot.is_empty()
    }

    /// Where vehicles come to them.
    pub(super) fn by_vehicle(&self) -> &[LinkedPoint] {
        &self.by_vehicle
    }

    /// Where people on foot leave them.
    pub(super) fn on_foot(&self) -> &[LinkedPoint] {
        &self.on_foot
    }

    /// Times on from each place, with the search for a bay before them.
    pub(super) fn after_search(&self, mut from_places: Vec<Reached>) -> Vec<Reached> {
        for (times, &search) in from_places.iter_mut().zip(&self.search) {
            times.iter_mut().for_each(|(_, time)| *time = *time + search);
        }
        from_places
    }
}

/// Shares of bays in use above this are percentages: no place holds twice as many vehicles as it has bays.
const LARGEST_SHARE: f64 = 2.0;

/// The search for a free bay at each point, by the field that tells how full it is. Where a point does not say, no search is
/// reckoned with; that is told.
fn searches_of(points: &[AskedPoint], field: &str, notices: &mut Notices) -> Result<Vec<TravelTime>, StudyError> {
    let shares = numbers_of(points, field)?;
    let told = |point: &AskedPoint| point.record.property(field).unwrap_or_default().to_owned();
    let says_percent = points.iter().any(|point| told(point).ends_with('%'));
    let beyond = points.iter().zip(&shares).find(|(_, share)| share.is_some_and(|share| share > LARGEST_SHARE));
    if let (false, Some((point, _))) = (says_percent, beyond) {
        let problem = "does not say whether it holds shares or percent";
        let notice = Notice::warning("occupancy_unit_assumed", &point.record.file, problem).field(field, told(point));
        notices.push(notice.action("read as percent of bays in use"));
    }
    let scale = if says_percent || beyond.is_some() { 100.0 } else { 1.0 };
    let Parameters { bay_spacing_m, search_speed, .. } = Parameters::default();
    let search_at = |(point, share): (&AskedPoint, Option<f64>)| match share {
        Some(share) => TravelTime::from_seconds(search_s(share / scale, bay_spacing_m, search_speed)),
        None => {
            let problem = format!("place to park {} does not tell how full it is", point.record.id);
            let notice = Notice::warning("occupancy_unknown", &point.record.file, problem).field(field, told(point));
            notices.push(notice.action("no search for a bay there"));
            TravelTime::ZERO
        }
    };
    Ok(points.iter().zip(shares.iter().copied()).map(search_at).collect())
}

impl Ride<'_> {
    /// The same points on the streets of the vehicle; `None` of those that lie at none.
    pub(super) fn link(self, points: &[AskedPoint]) -> Vec<Option<LinkedPoint>> {
        links_on((self.graph, self.plane), self.index, self.profile, points.iter().map(|point| &point.record))
    }

    /// The streets of the vehicle contracted.
    pub(super) fn contract(self) -> Contraction {
        Contraction::new(self.graph, self.profile, &Elimination::new(self.graph))
    }

    /// Rides from origins to places within the limit; the origins that there are not reach none.
    pub(super) fn to_places(
        self,
        contraction: Option<&Contraction>,
        origins: &[Option<LinkedPoint>],
        places: &[LinkedPoint],
    ) -> Vec<Reached> {
        let matrix = ManyToMany::new(self.graph, self.profile, contraction, places);
        let linked: Vec<LinkedPoint> = origins.iter().copied().flatten().collect();
        let mut found = matrix.near_origins(&linked, self.limit).into_iter();
        origins.iter().map(|origin| origin.and_then(|_| found.next()).unwrap_or_default()).collect()
    }
}

/// Finds the times from origins on the streets of a vehicle over places to park to destinations on foot, and hands them on, an
/// origin and a destination at a time, in order. Returns how many pairs have a way within the cutoff.
pub fn stream_over_parking(
    ride: Ride<'_>,
    (graph, profile): (&StreetGraph, Profile),
    (origins, places, destinations): (&[AskedPoint], &ParkingPlaces, &[AskedPoint]),
    (walk_limit, cutoff): (TravelTime, TravelTime),
    progress: &dyn Progress,
    mut write: impl FnMut(&AskedPoint, &AskedPoint, TravelTime) -> Result<(), ExportError>,
) -> Result<u64, StudyError> {
    let walks = ManyToMany::new(graph, profile, None, &links_of(destinations));
    let walks = places.after_search(walks.near_origins(&places.on_foot, walk_limit));
    let contraction = (origins.len() > WORTH_CONTRACTING).then(|| ride.contract());
    let rides = ManyToMany::new(ride.graph, ride.profile, contraction.as_ref(), &places.by_vehicle);
    let at_once = (TIMES_AT_ONCE / destinations.len().max(1)).max(16);
    let mut found = 0;
    for (number, origins_now) in origins.chunks(at_once).enumerate() {
        progress.step("travel_times", (number * at_once) as u64, origins.len() as u64);
        let to_places = rides.near_origins(&links_of(origins_now), ride.limit);
        let times = over_places((&to_places, &walks), ride.parking, (destinations.len(), cutoff));
        for (origin, times) in origins_now.iter().zip(times) {
            for (destination, time) in times {
                found += 1;
                write(origin, &destinations[destination], time)?;
            }
        }
    }
    Ok(found)
}
