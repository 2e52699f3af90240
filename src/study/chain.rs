//! Trips that begin by car or bicycle and go on on foot: drive, park and walk, and the same to a stop.
//!
//! In: the networks of a study, points, places to park. Out: times over the best place to park. A vehicle is left once; how full
//! a car park is, it does not know.

use crate::base::notice::Notices;
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
    /// Finding a place for the vehicle, and leaving it.
    pub parking: TravelTime,
}

/// Places to park, on the streets of a vehicle and on those of people on foot.
#[derive(Clone, Debug, Default)]
pub struct ParkingPlaces {
    by_vehicle: Vec<LinkedPoint>,
    on_foot: Vec<LinkedPoint>,
}

impl ParkingPlaces {
    /// Points on the streets of a vehicle that lie at a street for people on foot too; others are told and left out.
    pub fn of(
        points: Vec<AskedPoint>,
        (graph, index, profile): (&StreetGraph, &StreetIndex, Profile),
        plane: &Plane,
        notices: &mut Notices,
    ) -> Self {
        let links = links_on((graph, plane), index, profile, points.iter().map(|point| &point.record));
        let mut places = Self::default();
        for (point, link) in points.into_iter().zip(links) {
            let Some(link) = link else {
                note_not_linked(&point.record, profile, notices);
                continue;
            };
            places.by_vehicle.push(point.link);
            places.on_foot.push(link);
        }
        places
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
    let walks = walks.near_origins(&places.on_foot, walk_limit);
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
