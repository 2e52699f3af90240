//! Questions about public transport: how long it takes from points to points, door to door, over a window of departures.
//!
//! In: the walking network of a study, its timetables, linked points. Out: percentiles of times, streamed by origin;
//! isochrones at one departure. A wheelchair rides what is accessible. Public transport knows no fare and no crowd.

use std::path::Path;
use std::sync::OnceLock;

use jiff::civil::Date;

use crate::analysis::access::{KindAccess, access_by_kind};
use crate::base::ids::{Id, StopId};
use crate::base::notice::{Notice, Notices};
use crate::base::projection::Plane;
use crate::base::units::{ClockTime, Speed, TravelTime};
use crate::export::ExportError;
use crate::network::index::StreetIndex;
use crate::network::linkage::{LinkTo, LinkedPoint, link_points};
use crate::network::streets::{Profile, StreetGraph};
use crate::network::timetable::{Footpaths, Timetable, keep_accessible};
use crate::reach::chain::{Reached, over_places, sooner_of};
use crate::reach::contraction::{Contraction, Elimination};
use crate::reach::door_to_door::DepartureWindow;
use crate::reach::matrix::{ManyToMany, WORTH_CONTRACTING};
use crate::reach::raptor::{Raptor, RaptorParameters};
use crate::reach::reached::ReachedSegment;
use crate::reach::transit_isochrone::TransitStreets;
use crate::reach::transit_matrix::{TransitMatrix, TransitOrigin, TransitWindow, WindowOf, WindowTimes};
use crate::reach::walk::WalkSearch;
use crate::study::audit::parameters_of;
use crate::study::chain::{ParkingPlaces, Ride};
use crate::study::error::StudyError;
use crate::study::manifest::Manifest;
use crate::study::offer::Offer;
use crate::study::progress::Progress;
use crate::study::reach::{AskedPoint, Counted, Drawing, PointIsochrones, links_of};
use crate::study::read::read_feeds;
use crate::study::service_day::{ServiceDay, choose_service_day};
use crate::study::transit::{STOP_LINK_M, draws_of};

/// Times of a matrix that are held in memory at once.
const TIMES_AT_ONCE: usize = 8_000_000;

/// What is asked of public transport.
#[derive(Clone, Debug)]
pub struct TransitQuestion {
    /// Who travels; a profile on foot or in a wheelchair.
    pub profile: Profile,
    /// The day; that of the study where none is named.
    pub date: Option<Date>,
    /// The departures, or the arrivals; the departures of the method where none are named.
    pub window: Option<DepartureWindow>,
    /// Which of them.
    pub window_of: WindowOf,
    /// Longer trips count as none.
    pub cutoff: TravelTime,
    /// Walks to a stop, from a stop and between stops, at most.
    pub walk_limit: TravelTime,
    /// The most vehicles on one trip.
    pub max_rides: usize,
    /// Percentiles of the times over all departures, 0 to 100.
    pub percentiles: Vec<f64>,
}

impl TransitQuestion {
    /// What is usual: the median over the window of the method, walks of 15 min, five rides, an hour and a half.
    pub fn of(profile: Profile) -> Self {
        Self {
            profile,
            date: None,
            window: None,
            window_of: WindowOf::Departures,
            cutoff: TravelTime::from_minutes(90),
            walk_limit: TravelTime::from_minutes(15),
            max_rides: 5,
            percentiles: vec![50.0],
        }
    }
}

/// The timetable of a day on the streets of a profile.
pub struct TransitNetwork<'g> {
    graph: &'g StreetGraph,
    question: TransitQuestion,
    day: ServiceDay,
    window: TransitWindow,
    /// Made when there are so many points to walk from that it is worth it.
    contraction: OnceLock<Contraction>,
    /// Stops at which something runs, and their places on the streets.
    stops: Vec<StopId>,
    links: Vec<LinkedPoint>,
    footpaths: Footpaths,
    first_leg: Option<FirstLeg<'g>>,
}

/// How one gets to the first stop by other means than on foot.
struct FirstLeg<'g> {
    ride: Ride<'g>,
    /// Made when there are so many origins that it is worth it.
    contraction: OnceLock<Contraction>,
    places: Vec<LinkedPoint>,
    /// From each of them the stops, by their places.
    to_stops: Vec<Reached>,
}

impl<'g> TransitNetwork<'g> {
    /// Reads the timetables of a study, links their stops to the streets and finds the walks between them.
    pub fn open(
        study: (&Manifest, &Path),
        streets: (&'g StreetGraph, &Plane, &StreetIndex),
        question: TransitQuestion,
        progress: &dyn Progress,
        notices: &mut Notices,
    ) -> Result<Self, StudyError> {
        let mut network = Self::open_stops(study, streets, question, progress, notices)?;
        if network.links.len() > WORTH_CONTRACTING {
            progress.step("contract_streets", 0, 0);
        }
        network.walk_between_stops(notices);
        Ok(network)
    }

    /// Reads the timetables of a study and links their stops to the streets, for questions about stops; nobody changes
    /// between two of them.
    pub fn open_stops(
        (manifest, folder): (&Manifest, &Path),
        (graph, plane, index): (&'g StreetGraph, &Plane, &StreetIndex),
        question: TransitQuestion,
        progress: &dyn Progress,
        notices: &mut Notices,
    ) -> Result<Self, StudyError> {
        let mut feeds = read_feeds(manifest, folder, progress, notices)?;
        if feeds.is_empty() {
            return Err(StudyError::NoTimetable { folder: folder.to_owned() });
        }
        match question.profile {
            Profile::WheelchairStrict => feeds.iter_mut().for_each(|feed| keep_accessible(feed, false)),
            Profile::WheelchairOptimistic => feeds.iter_mut().for_each(|feed| keep_accessible(feed, true)),
            _ => {}
        }
        let mut manifest = manifest.clone();
        manifest.study.service_date = question.date.or(manifest.study.service_date);
        progress.step("build_timetable", 0, 0);
        let day = choose_service_day(&manifest, &feeds, plane, notices)?;
        let day = day.ok_or(StudyError::NoService { date: manifest.study.service_date })?;
        let parameters = parameters_of(&manifest);
        let first = parameters.window_start;
        let usual = DepartureWindow { first, end: first.plus_seconds(parameters.window_minutes * 60) };
        let window = TransitWindow {
            departures: question.window.unwrap_or(usual),
            window_of: question.window_of,
            cutoff: question.cutoff,
            parameters: RaptorParameters { max_rides: question.max_rides, ..RaptorParameters::default() },
            draws: draws_of(&parameters).for_timetable(&day.timetable),
        };
        let (stops, links) = linked_stops(&day.timetable, (graph, index), question.profile);
        let served = day.timetable.stops().values().iter().filter(|stop| stop.served).count();
        if stops.len() < served {
            let away = served - stops.len();
            let problem = format!(
                "{away} of {served} stops of the day are farther than {STOP_LINK_M} m from every street open to {}",
                question.profile.key()
            );
            let notice = match stops.is_empty() {
                true => Notice::error("stops_off_streets", "timetable", problem),
                false => Notice::warning("stops_off_streets", "timetable", problem),
            };
            notices.push(notice.action("nobody boards or leaves there"));
        }
        let footpaths = Footpaths::none(day.timetable.stops().len());
        let contraction = OnceLock::new();
        Ok(Self { graph, question, day, window, contraction, stops, links, footpaths, first_leg: None })
    }

    fn walk_between_stops(&mut self, notices: &mut Notices) {
        let walks = self.walks(&self.links, &self.links);
        let between = walks.into_iter().zip(&self.stops).flat_map(|(walks, &from)| {
            let stops = &self.stops;
            walks.into_iter().map(move |(to, time)| (from, stops[to], time))
        });
        self.footpaths = Footpaths::build_with_transfers(&self.day.timetable, between);
        if self.question.profile != Profile::Adult {
            let (footpaths, left_out) = self.footpaths.without_unknown_walks();
            self.footpaths = footpaths;
            if left_out > 0 {
                let problem = format!("has {left_out} changes between stops of which the streets show no way");
                let notice = Notice::note("change_without_way", "transfers.txt", problem);
                notices.push(notice.action("left out: there may be steps"));
            }
        }
    }

    /// The same network for those who may ride to the first stop and leave the vehicle there.
    pub fn ride_to_stops(mut self, ride: Ride<'g>) -> Self {
        let positions: Vec<_> = self.stops.iter().map(|&stop| self.day.timetable.stops()[stop].position).collect();
        let to = LinkTo::OpenTo(ride.profile);
        let links = link_points(ride.graph, ride.index, &positions, STOP_LINK_M, to).into_iter().enumerate();
        let linked = links.filter_map(|(stop, link)| Some((link?, vec![(stop, TravelTime::ZERO)])));
        let (places, to_stops) = linked.unzip();
        self.first_leg = Some(FirstLeg { ride, contraction: OnceLock::new(), places, to_stops });
        self
    }

    /// The same network for those who may ride to a place to park, and walk from there to the first stop.
    pub fn ride_to_parking(mut self, ride: Ride<'g>, places: &ParkingPlaces) -> Self {
        let to_stops = places.after_search(self.walks(places.on_foot(), &self.links));
        let places = places.by_vehicle().to_vec();
        self.first_leg = Some(FirstLeg { ride, contraction: OnceLock::new(), places, to_stops });
        self
    }

    /// The stops that origins reach, on foot or by a ride before.
    fn to_first_stops(&self, origins: &[AskedPoint]) -> Vec<Reached> {
        let on_foot = self.walks(&links_of(origins), &self.links);
        let Some(FirstLeg { ride, contraction, places, to_stops }) = &self.first_leg else { return on_foot };
        let contraction = (origins.len() > WORTH_CONTRACTING).then(|| contraction.get_or_init(|| ride.contract()));
        let to_places = ride.to_places(contraction, &ride.link(origins), places);
        let all = (self.stops.len(), self.window.cutoff);
        let over_places = over_places((&to_places, to_stops), ride.parking, all);
        on_foot.into_iter().zip(over_places).map(|(on_foot, ridden)| sooner_of(on_foot, ridden)).collect()
    }

    /// The day of the timetable.
    pub fn date(&self) -> Date {
        self.day.date
    }

    /// The timetable of the day.
    pub fn timetable(&self) -> &Timetable {
        &self.day.timetable
    }

    /// How fast people walk.
    pub fn speed(&self) -> Speed {
        self.graph.speed()
    }

    /// The stops that points reach on foot, at most as far as the limit of walks.
    pub fn walks_to_stops(&self, points: &[LinkedPoint]) -> Vec<Vec<(StopId, TravelTime)>> {
        let walks = self.walks(points, &self.links).into_iter();
        walks.map(|walks| walks.into_iter().map(|(stop, walk)| (self.stops[stop], walk)).collect()).collect()
    }

    /// Tells where one departure depends on a draw.
    pub fn note_one_draw(&self, notices: &mut Notices) {
        if self.day.timetable.has_draws() {
            let problem = format!("{} has lines that run at headways without fixed times", self.day.date);
            let notice = Notice::warning("headways_drawn_once", "timetable", problem);
            notices.push(notice.action("one departure: shown as one draw of them has it"));
        }
    }

    /// The departures, or the arrivals.
    pub fn window(&self) -> DepartureWindow {
        self.window.departures
    }

    /// How many stops of the day lie at a street.
    pub fn linked_stop_count(&self) -> usize {
        self.stops.len()
    }

    /// The isochrones of each point at one departure, and what is counted in them.
    pub fn isochrones_from(
        &self,
        points: &[AskedPoint],
        departure: ClockTime,
        cutoffs: &[TravelTime],
        asked: (Drawing, Option<Counted<'_>>),
    ) -> Vec<PointIsochrones> {
        self.search_each(points, departure, cutoffs, |at, search| {
            PointIsochrones::of(search, &points[at], cutoffs, asked)
        })
    }

    /// The stretches of street that each point reaches at one departure, each with the shortest of the times within which
    /// it is.
    pub fn streets_from(
        &self,
        points: &[AskedPoint],
        departure: ClockTime,
        cutoffs: &[TravelTime],
    ) -> Vec<Vec<(TravelTime, ReachedSegment)>> {
        self.search_each(points, departure, cutoffs, |_, search| search.reached_by_cutoff(cutoffs))
    }

    fn search_each<T: Send>(
        &self,
        points: &[AskedPoint],
        departure: ClockTime,
        cutoffs: &[TravelTime],
        measure: impl Fn(usize, &WalkSearch<'_>) -> T + Sync,
    ) -> Vec<T> {
        let raptor = Raptor::by_vehicle_only(&self.day.timetable, &self.footpaths, self.window.parameters);
        let stops: Vec<(StopId, LinkedPoint)> = self.stops.iter().copied().zip(self.links.iter().copied()).collect();
        let streets = TransitStreets::new((self.graph, self.question.profile), &raptor, &stops);
        let longest = cutoffs.iter().copied().max().unwrap_or(TravelTime::ZERO);
        streets.from_each(&links_of(points), (departure, longest), measure)
    }

    /// Walks up to the limit, by origin: the places of destinations and the times.
    fn walks(&self, from: &[LinkedPoint], to: &[LinkedPoint]) -> Vec<Reached> {
        let contract = || Contraction::new(self.graph, self.question.profile, &Elimination::new(self.graph));
        let contraction = (from.len() > WORTH_CONTRACTING).then(|| self.contraction.get_or_init(contract));
        let matrix = ManyToMany::new(self.graph, self.question.profile, contraction, to);
        matrix.near_origins(from, self.question.walk_limit)
    }

    /// Finds the times between points and hands them on, an origin and a destination at a time: a time per percentile. In order of
    /// origins, in a window of arrivals of destinations. Pairs that no percentile joins are left out. Returns how
    /// many are joined by some.
    pub fn stream(
        &self,
        [origins, destinations]: [&[AskedPoint]; 2],
        progress: &dyn Progress,
        mut write: impl FnMut(&AskedPoint, &AskedPoint, &[Option<TravelTime>]) -> Result<(), ExportError>,
    ) -> Result<u64, StudyError> {
        let leaves = self.window.window_of == WindowOf::Departures;
        let (starts, ends) = if leaves { (origins, destinations) } else { (destinations, origins) };
        let mut found = 0;
        let mut times = Vec::with_capacity(self.question.percentiles.len());
        self.each_row([starts, ends], progress, |start, window, row| {
            for (to, end) in ends.iter().enumerate() {
                times.clear();
                times.extend(window.between(row, to));
                if times.iter().any(Option::is_some) {
                    found += 1;
                    let (origin, destination) = if leaves { (start, end) } else { (end, start) };
                    write(origin, destination, &times)?;
                }
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// What each origin has within reach at the first percentile: per kind the amounts within each cutoff, boundary included,
    /// and the time to the nearest within the longest. For a window of departures.
    pub fn access_from(
        &self,
        [origins, destinations]: [&[AskedPoint]; 2],
        (offer, cutoffs): (&Offer, &[TravelTime]),
        progress: &dyn Progress,
    ) -> Result<Vec<Vec<KindAccess>>, StudyError> {
        let mut access = Vec::with_capacity(origins.len());
        self.each_row([origins, destinations], progress, |_, window, row| {
            let times = (0..destinations.len()).map(|to| window.between(row, to).next().flatten());
            access.push(access_by_kind(times, &offer.of_points, offer.kinds.len(), cutoffs));
            Ok(())
        })?;
        Ok(access)
    }

    /// Searches from the points where searches begin to those where they end, and hands on each of the former in order, with
    /// times of many of them and its place among these.
    fn each_row(
        &self,
        [starts, ends]: [&[AskedPoint]; 2],
        progress: &dyn Progress,
        mut take: impl FnMut(&AskedPoint, &WindowTimes, usize) -> Result<(), ExportError>,
    ) -> Result<(), StudyError> {
        let leaves = self.window.window_of == WindowOf::Departures;
        let of_ends = links_of(ends);
        let from_stops = match leaves {
            true => transposed(self.walks(&self.links, &of_ends), ends.len()),
            false => self.to_first_stops(ends),
        };
        let at_stops = |walks: Reached| -> Vec<(StopId, TravelTime)> {
            walks.into_iter().map(|(stop, walk)| (self.stops[stop], walk)).collect()
        };
        let from_stops: Vec<_> = from_stops.into_iter().map(at_stops).collect();
        let matrix = TransitMatrix::new((&self.day.timetable, &self.footpaths), &from_stops, self.window);
        let percentiles = &self.question.percentiles;
        let at_once = (TIMES_AT_ONCE / (ends.len() * percentiles.len()).max(1)).clamp(16, 4096);
        let mut done = 0;
        let total = starts.len() as u64;
        for starts in starts.chunks(at_once) {
            progress.step("travel_times", done, total);
            done += starts.len() as u64;
            let of_starts = links_of(starts);
            let (to_stops, direct) = match leaves {
                true => (self.to_first_stops(starts), self.walks(&of_starts, &of_ends)),
                false => {
                    let from_stops = self.walks(&self.links, &of_starts);
                    let on_foot = self.walks(&of_ends, &of_starts);
                    (transposed(from_stops, starts.len()), transposed(on_foot, starts.len()))
                }
            };
            let searched = to_stops.into_iter().zip(direct).zip(starts).map(|((to_stops, mut direct), start)| {
                // Nobody walks to a street and back to be where he is.
                let same = |at: &usize| ends[*at].record.position == start.record.position;
                direct.extend((0..ends.len()).filter(same).map(|at| (at, TravelTime::ZERO)));
                TransitOrigin { access: at_stops(to_stops), direct }
            });
            let searched: Vec<TransitOrigin> = searched.collect();
            let window = matrix.percentiles_from(&searched, percentiles);
            starts.iter().enumerate().try_for_each(|(row, start)| take(start, &window, row))?;
        }
        Ok(())
    }
}

/// Walks by their ends, of which there are so many: the places of starts and the times.
fn transposed(walks: Vec<Reached>, ends: usize) -> Vec<Reached> {
    let mut by_end = vec![Vec::new(); ends];
    for (start, walks) in walks.into_iter().enumerate() {
        walks.into_iter().for_each(|(end, walk)| by_end[end].push((start, walk)));
    }
    by_end
}

/// The stops at which something runs on the day, as far as they lie at a street that a profile may use.
fn linked_stops(
    timetable: &Timetable,
    (graph, index): (&StreetGraph, &StreetIndex),
    profile: Profile,
) -> (Vec<StopId>, Vec<LinkedPoint>) {
    let points: Vec<_> = timetable.stops().values().iter().map(|stop| stop.position).collect();
    let links = link_points(graph, index, &points, STOP_LINK_M, LinkTo::OpenTo(profile));
    let served = |stop: usize| timetable.stops()[StopId::from_index(stop)].served;
    let linked = links.into_iter().enumerate().filter(|&(stop, _)| served(stop));
    linked.filter_map(|(stop, link)| Some((StopId::from_index(stop), link?))).unzip()
}
