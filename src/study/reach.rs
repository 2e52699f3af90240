//! Questions about single points: isochrones around them, travel times between them.
//!
//! In: the networks of a study, points in files or given in degrees. Out: points linked to the streets of a profile,
//! isochrones, rows of a matrix as they are found. What lies too far from every street is told and left out.

use crate::analysis::access::{KindAccess, access_by_kind};
use crate::base::notice::{Notice, Notices};
use crate::base::projection::{LonLat, Plane};
use crate::base::units::TravelTime;
use crate::export::ExportError;
use crate::network::index::StreetIndex;
use crate::network::linkage::{LinkTo, LinkedPoint, MAX_AWAY_M, link_points};
use crate::network::streets::{Profile, SearchDirection, StreetGraph};
use crate::reach::contour::contours;
use crate::reach::contraction::{Contraction, Elimination};
use crate::reach::isochrone::{Isochrone, isochrones};
use crate::reach::matrix::{ManyToMany, WORTH_CONTRACTING};
use crate::reach::reached::ReachedSegment;
use crate::reach::walk::{WalkSearch, walk_each};
use crate::sources::features::FeatureOptions;
use crate::sources::points::{PointRecord, PointSource, read_points};
use crate::study::error::StudyError;
use crate::study::offer::Offer;
use crate::study::progress::Progress;

/// Times of a matrix that are held in memory at once.
const TIMES_AT_ONCE: usize = 8_000_000;

/// A point on the streets of a profile.
#[derive(Clone, Debug)]
pub struct AskedPoint {
    /// What the file says of it.
    pub record: PointRecord,
    /// Its place on a street.
    pub link: LinkedPoint,
}

/// Reads points and links them to the streets that are open to a profile and lead to the rest of the town. Points at no
/// such street are told and left out; how many is the second answer.
pub fn link_asked(
    (graph, plane): (&StreetGraph, &Plane),
    index: &StreetIndex,
    profile: Profile,
    sources: &[PointSource],
    notices: &mut Notices,
) -> Result<(Vec<AskedPoint>, usize), StudyError> {
    let options = FeatureOptions { near: Some(plane.centre()), ..FeatureOptions::default() };
    let (records, told) = read_points(sources, &options)?;
    notices.extend(told);
    let links = links_on((graph, plane), index, profile, records.iter());
    let count = records.len();
    let mut linked = Vec::with_capacity(count);
    for (record, link) in records.into_iter().zip(links) {
        if let Some(link) = link {
            linked.push(AskedPoint { record, link });
            continue;
        }
        notices.tally(&record.file).drop_used();
        note_not_linked(&record, profile, notices);
    }
    let unlinked = count - linked.len();
    Ok((linked, unlinked))
}

/// The places of points on the streets that are open to a profile and lead to the rest of the town.
pub(super) fn links_on<'a>(
    (graph, plane): (&StreetGraph, &Plane),
    index: &StreetIndex,
    profile: Profile,
    records: impl Iterator<Item = &'a PointRecord>,
) -> Vec<Option<LinkedPoint>> {
    let positions: Vec<LonLat> = records.map(|record| record.position).collect();
    link_points(graph, index, &plane.project_all(&positions), MAX_AWAY_M, LinkTo::OpenTo(profile))
}

/// Tells that a point lies at no street of a profile and is left out.
pub(super) fn note_not_linked(record: &PointRecord, profile: Profile, notices: &mut Notices) {
    let problem = format!(
        "point {} is farther than {MAX_AWAY_M} m from every street that is open to {} and leads to the rest of the town",
        record.id,
        profile.key()
    );
    let at = format!("{}, {}", record.position.lon, record.position.lat);
    let notice = Notice::error("point_not_linked", &record.file, problem).field("lon, lat", at);
    notices.push(notice.action("left out"));
}

/// How isochrones are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// All that lies close to a reached street.
    Buffers,
    /// All that is reached in time, off the streets too.
    Contours,
}

impl Drawing {
    /// The isochrones of a search.
    pub(super) fn of(self, search: &WalkSearch<'_>, cutoffs: &[TravelTime]) -> Vec<Isochrone> {
        match self {
            Self::Buffers => isochrones(search, cutoffs),
            Self::Contours => contours(search, cutoffs),
        }
    }
}

/// What is counted of all that an isochrone reaches: points, and what they offer.
#[derive(Clone, Copy)]
pub struct Counted<'a> {
    /// The points.
    pub points: &'a [AskedPoint],
    /// Their kinds and amounts.
    pub offer: &'a Offer,
}

/// The isochrones of a point, from the shortest time to the longest, and of each kind that is counted how much is reached
/// within each of these times. Each counted point is asked for its own time: what lies in the area is not always reached.
#[derive(Clone, Debug)]
pub struct PointIsochrones {
    /// One per time.
    pub isochrones: Vec<Isochrone>,
    /// Per kind; nothing where nothing is counted.
    pub counted: Vec<KindAccess>,
}

impl PointIsochrones {
    /// Draws and counts what a search from a point, or to it, has reached.
    pub(super) fn of(
        search: &WalkSearch<'_>,
        point: &AskedPoint,
        cutoffs: &[TravelTime],
        (drawing, counted): (Drawing, Option<Counted<'_>>),
    ) -> Self {
        let isochrones = drawing.of(search, cutoffs);
        let cutoffs: Vec<TravelTime> = isochrones.iter().map(|isochrone| isochrone.cutoff).collect();
        let count = |Counted { points, offer }: Counted<'_>| {
            let times = points.iter().map(|other| match is_same_place(other, point) {
                true => Some(TravelTime::ZERO),
                false => search.time_to(&other.link),
            });
            access_by_kind(times, &offer.of_points, offer.kinds.len(), &cutoffs)
        };
        Self { counted: counted.map(count).unwrap_or_default(), isochrones }
    }
}

/// Nobody walks to a street and back to be where he is.
fn is_same_place(a: &AskedPoint, b: &AskedPoint) -> bool {
    a.record.position == b.record.position
}

pub(super) fn links_of(points: &[AskedPoint]) -> Vec<LinkedPoint> {
    points.iter().map(|point| point.link).collect()
}

/// The isochrones of each point, and what is counted in them.
pub fn isochrones_around(
    on: (&StreetGraph, Profile),
    points: &[AskedPoint],
    (direction, cutoffs): (SearchDirection, &[TravelTime]),
    asked: (Drawing, Option<Counted<'_>>),
) -> Vec<PointIsochrones> {
    let longest = cutoffs.iter().copied().max().unwrap_or(TravelTime::ZERO);
    walk_each(on, &links_of(points), (direction, longest), |at, search| {
        PointIsochrones::of(search, &points[at], cutoffs, asked)
    })
}

/// The stretches of street that each point reaches, or from which it is reached, each with the shortest of the times within
/// which it is.
pub fn streets_around(
    on: (&StreetGraph, Profile),
    points: &[AskedPoint],
    (direction, cutoffs): (SearchDirection, &[TravelTime]),
) -> Vec<Vec<(TravelTime, ReachedSegment)>> {
    let longest = cutoffs.iter().copied().max().unwrap_or(TravelTime::ZERO);
    walk_each(on, &links_of(points), (direction, longest), |_, search| search.reached_by_cutoff(cutoffs))
}

/// What each origin has within reach: per kind the amounts within each cutoff, boundary included, and the time to the
/// nearest within the longest.
pub fn access_from(
    on: (&StreetGraph, Profile),
    [origins, destinations]: [&[AskedPoint]; 2],
    (offer, cutoffs): (&Offer, &[TravelTime]),
    progress: &dyn Progress,
) -> Result<Vec<Vec<KindAccess>>, StudyError> {
    let longest = cutoffs.iter().copied().max().unwrap_or(TravelTime::ZERO);
    let mut access = Vec::with_capacity(origins.len());
    each_row(on, [origins, destinations], longest, progress, |_, times| {
        access.push(access_by_kind(times, &offer.of_points, offer.kinds.len(), cutoffs));
        Ok(())
    })?;
    Ok(access)
}

/// Finds the times from all origins to all destinations and hands them on, an origin and a destination at a time, in
/// order. Returns how many pairs have a way within the cutoff.
pub fn stream_matrix(
    (graph, profile): (&StreetGraph, Profile),
    [origins, destinations]: [&[AskedPoint]; 2],
    cutoff: TravelTime,
    progress: &dyn Progress,
    mut write: impl FnMut(&AskedPoint, &AskedPoint, TravelTime) -> Result<(), ExportError>,
) -> Result<u64, StudyError> {
    let mut found = 0;
    each_row((graph, profile), [origins, destinations], cutoff, progress, |origin, times| {
        for (destination, time) in destinations.iter().zip(times) {
            let Some(time) = time else { continue };
            found += 1;
            write(origin, destination, time)?;
        }
        Ok(())
    })?;
    Ok(found)
}

/// The times from each origin to all destinations within a cutoff, an origin at a time, in order.
fn each_row(
    on: (&StreetGraph, Profile),
    [origins, destinations]: [&[AskedPoint]; 2],
    cutoff: TravelTime,
    progress: &dyn Progress,
    mut take: impl FnMut(&AskedPoint, &mut dyn Iterator<Item = Option<TravelTime>>) -> Result<(), ExportError>,
) -> Result<(), StudyError> {
    let links = [origins, destinations].map(links_of);
    each_row_of_links(on, [&links[0], &links[1]], cutoff, progress, |at, times| {
        let origin = &origins[at];
        let mut row = times
            .zip(destinations)
            .map(|(time, destination)| if is_same_place(destination, origin) { Some(TravelTime::ZERO) } else { time });
        take(origin, &mut row)
    })
}

/// The times from places on streets to others within a cutoff, an origin at a time, in order.
pub(super) fn each_row_of_links(
    (graph, profile): (&StreetGraph, Profile),
    [origins, destinations]: [&[LinkedPoint]; 2],
    cutoff: TravelTime,
    progress: &dyn Progress,
    mut take: impl FnMut(usize, &mut dyn Iterator<Item = Option<TravelTime>>) -> Result<(), ExportError>,
) -> Result<(), StudyError> {
    let contraction = (origins.len() > WORTH_CONTRACTING).then(|| {
        progress.step("contract_streets", 0, 0);
        Contraction::new(graph, profile, &Elimination::new(graph))
    });
    let matrix = ManyToMany::new(graph, profile, contraction.as_ref(), destinations);
    let at_once = (TIMES_AT_ONCE / destinations.len().max(1)).max(16);
    for (number, some) in origins.chunks(at_once).enumerate() {
        progress.step("travel_times", (number * at_once) as u64, origins.len() as u64);
        let times = matrix.from_origins(some, cutoff);
        for at in 0..some.len() {
            take(number * at_once + at, &mut times.from_origin(at))?;
        }
    }
    Ok(())
}
