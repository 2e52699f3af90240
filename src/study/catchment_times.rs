//! How long it takes from zones to centres: from a table, over the streets of a study, or in a straight line.
//!
//! In: zones and centres, for the latter two with shapes. Out: ways in the order of zones and centres, in minutes. A shape
//! stands for itself by its centre of area, where that lies inside it. Inside a zone people live all about: nobody is nearer
//! to a centre there than two thirds of the radius of a circle as large, at the speed at which the next centre is reached.

use std::path::Path;

use geo::{Centroid, ChamberlainDuquetteArea, Contains, Coord, Distance, Geometry, Haversine, InteriorPoint, Point};

use crate::base::ids::{Id, SegmentId};
use crate::base::notice::{Notice, Notices};
use crate::base::projection::{LonLat, Plane};
use crate::base::units::TravelTime;
use crate::network::index::StreetIndex;
use crate::network::linkage::{LinkTo, LinkedPoint, MAX_AWAY_M, link_points};
use crate::network::streets::{Profile, SearchDirection, StreetGraph};
use crate::reach::walk::{WalkSearch, walk_each};
use crate::sources::listed::Listed;
use crate::sources::table::file_name;
use crate::sources::travel_times::{PairTime, TimeColumn, read_travel_times};
use crate::study::error::StudyError;
use crate::study::networks::{Reload, open_networks};
use crate::study::open::open;
use crate::study::progress::Progress;
use crate::study::reach::each_row_of_links;

/// Centres that are tried as the hub of a region.
const TRIED_HUBS: usize = 16;
/// A centre of area in woods stands for a zone by the nearest street within so many metres.
const FARTHEST_STREET_M: f64 = 10_000.0;

/// Where times come from.
#[derive(Clone, Copy, Debug)]
pub enum TimesFrom<'a> {
    /// A table of pairs.
    Table(&'a Path, TimeColumn<'a>),
    /// Straight lines, made longer by a factor, at a speed in km/h.
    StraightLine {
        /// km/h, above 0.
        speed_kmh: f64,
        /// From 1 on.
        detour: f64,
    },
    /// The streets of the study in a folder.
    Streets {
        /// The folder.
        folder: &'a Path,
        /// Who travels.
        profile: Profile,
    },
}

impl TimesFrom<'_> {
    /// Whether zones and centres have to lie somewhere.
    pub(super) fn needs_places(&self) -> bool {
        !matches!(self, Self::Table(..))
    }

    /// By what times are, in a word for tables.
    pub fn mode(&self) -> String {
        match self {
            Self::Table(path, _) => file_name(path),
            Self::StraightLine { speed_kmh, detour } => format!("straight_line_x{detour}_{speed_kmh}_km_h"),
            Self::Streets { profile, .. } => profile.key().to_owned(),
        }
    }
}

/// Zones and centres, with the files that they come from.
#[derive(Clone, Copy)]
pub(super) struct Ends<'a> {
    pub zones: &'a [Listed],
    pub centres: &'a [Listed],
}

/// The ways from zones to centres that take `cutoff` minutes at most, in their order.
pub(super) fn find_ways(
    from: TimesFrom<'_>,
    ends: Ends<'_>,
    cutoff: f64,
    progress: &dyn Progress,
    notices: &mut Notices,
) -> Result<Vec<PairTime>, StudyError> {
    let mut ways = match from {
        TimesFrom::Table(path, column) => {
            let ids =
                [ends.zones, ends.centres].map(|list| list.iter().map(|thing| thing.id.clone()).collect::<Vec<_>>());
            let mut ways = read_travel_times(path, [&ids[0], &ids[1]], column, notices)?.pairs;
            ways.sort_by_key(|way| (way.origin, way.destination));
            ways
        }
        TimesFrom::StraightLine { speed_kmh, detour } => {
            let problem = format!("times are straight lines, {detour} times as long, at {speed_kmh} km/h");
            notices.push(Notice::warning("straight_line_times", "times", problem).action("no street was asked"));
            straight_ways(&places_of(ends), detour * 60.0 / (1000.0 * speed_kmh))
        }
        TimesFrom::Streets { folder, profile } => street_ways((folder, profile), ends, cutoff, progress, notices)?,
    };
    ways.retain(|way| way.minutes <= cutoff);
    Ok(ways)
}

/// A shape, the point that stands for it, and two thirds of the radius of a circle as large.
struct Place<'a> {
    shape: &'a Geometry<f64>,
    point: Point<f64>,
    own_m: f64,
}

impl<'a> Place<'a> {
    fn of(listed: &'a Listed) -> Option<Self> {
        let shape = listed.shape.as_ref()?;
        let centre = shape.centroid().filter(|centre| matches!(shape, Geometry::Point(_)) || shape.contains(centre));
        let point = centre.or_else(|| shape.interior_point())?;
        let area = shape.chamberlain_duquette_unsigned_area();
        Some(Self { shape, point, own_m: 2.0 / 3.0 * (area / std::f64::consts::PI).sqrt() })
    }

    fn position(&self) -> LonLat {
        LonLat { lon: self.point.x(), lat: self.point.y() }
    }
}

/// Zones, then centres; `None` for what has no shape.
fn places_of(ends: Ends<'_>) -> [Vec<Option<Place<'_>>>; 2] {
    [ends.zones, ends.centres].map(|list| list.iter().map(Place::of).collect())
}

/// All ways in straight lines, at so many minutes a metre.
fn straight_ways([zones, centres]: &[Vec<Option<Place<'_>>>; 2], minutes_per_m: f64) -> Vec<PairTime> {
    let mut ways = Vec::new();
    for (origin, zone) in zones.iter().enumerate() {
        let Some(zone) = zone else { continue };
        for (destination, centre) in centres.iter().enumerate() {
            let Some(centre) = centre else { continue };
            let straight = Haversine.distance(zone.point, centre.point);
            let own = if zone.shape.contains(&centre.point) { zone.own_m } else { 0.0 };
            ways.push(PairTime { origin, destination, minutes: minutes_per_m * straight.max(own) });
        }
    }
    ways
}

/// The ways over the streets of a study.
fn street_ways(
    (folder, profile): (&Path, Profile),
    ends: Ends<'_>,
    cutoff: f64,
    progress: &dyn Progress,
    notices: &mut Notices,
) -> Result<Vec<PairTime>, StudyError> {
    let opened = open(folder)?;
    let networks = open_networks(&opened.manifest, folder, Reload::Allowed, progress)?;
    notices.extend(opened.notices);
    notices.extend(networks.notices.clone());
    let graph = networks.graph(profile.mode());
    let index = StreetIndex::new(graph);
    let places = places_of(ends);
    let mainland = Mainland::around((graph, profile), &index, &networks.plane, &places);
    let mut moved = (0, 0.0_f64);
    let mut link = |places: &[Option<Place<'_>>]| -> (Vec<usize>, Vec<LinkedPoint>) {
        let at: Vec<usize> = (0..places.len()).filter(|&at| places[at].is_some()).collect();
        let positions: Vec<LonLat> = at.iter().filter_map(|&at| places[at].as_ref().map(Place::position)).collect();
        let points = networks.plane.project_all(&positions);
        at.into_iter()
            .zip(points)
            .filter_map(|(at, point)| {
                let link = mainland.link(graph, &index, point)?;
                let is_far = link.away_m > MAX_AWAY_M;
                moved = if is_far { (moved.0 + 1, moved.1.max(link.away_m)) } else { moved };
                Some((at, if is_far { LinkedPoint { away_m: 0.0, ..link } } else { link }))
            })
            .unzip()
    };
    let ((zones, zone_links), (centres, centre_links)) = (link(&places[0]), link(&places[1]));
    let file = "times";
    if moved.0 > 0 {
        let problem = format!("{} places lie up to {:.0} m from every street", moved.0, moved.1);
        notices.push(Notice::note("place_moved_to_street", file, problem).action("the nearest street stands for them"));
    }
    let unlinked = ends.zones.len() - zones.len() + ends.centres.len() - centres.len();
    if unlinked > 0 {
        let problem = format!(
            "{unlinked} places lie farther than {:.0} km from every street that is open to {}",
            FARTHEST_STREET_M / 1000.0,
            profile.key()
        );
        notices.push(Notice::error("point_not_linked", file, problem).action("no way from or to them"));
    }
    let limit = TravelTime::from_minutes(cutoff.clamp(0.0, 1e4).ceil() as u32);
    let mut ways = Vec::new();
    each_row_of_links((graph, profile), [&zone_links, &centre_links], limit, progress, |at, times| {
        let origin = zones[at];
        let found =
            centres.iter().zip(times).filter_map(|(&destination, time)| Some((destination, time?.seconds() / 60.0)));
        ways.extend(found.map(|(destination, minutes)| PairTime { origin, destination, minutes }));
        Ok(())
    })?;
    within_zones(&mut ways, &places);
    Ok(ways)
}

/// The streets between which a profile gets there and back: what lies at others would be cut off from all centres but its own.
struct Mainland {
    profile: Profile,
    /// Per node.
    holds: Vec<bool>,
}

impl Mainland {
    /// The streets around the centre that reaches most others, of some that are tried.
    fn around(
        on: (&StreetGraph, Profile),
        index: &StreetIndex,
        plane: &Plane,
        [_, centres]: &[Vec<Option<Place<'_>>>; 2],
    ) -> Self {
        let (graph, profile) = on;
        let step = centres.len().div_ceil(TRIED_HUBS).max(1);
        let tried = centres.iter().step_by(step).flatten();
        let positions: Vec<LonLat> = tried.map(Place::position).collect();
        let points = plane.project_all(&positions);
        let links = link_points(graph, index, &points, FARTHEST_STREET_M, LinkTo::OpenTo(profile));
        let hubs: Vec<LinkedPoint> = links.into_iter().flatten().collect();
        let nodes = || graph.nodes();
        let reached = |search: &WalkSearch<'_>| -> Vec<bool> {
            nodes().map(|node| search.time_to_node(node).is_some()).collect()
        };
        let counts = walk_each(on, &hubs, (SearchDirection::From, TravelTime::MAX), |_, search| {
            reached(search).into_iter().filter(|reached| *reached).count()
        });
        // Of equal ones the first.
        let hub = (0..hubs.len()).rev().max_by_key(|&at| counts[at]);
        let Some(hub) = hub.map(|at| hubs[at]) else { return Self { profile, holds: vec![false; nodes().len()] } };
        let mut both = [SearchDirection::From, SearchDirection::To].map(|direction| {
            walk_each(on, &[hub], (direction, TravelTime::MAX), |_, search| reached(search)).remove(0)
        });
        let [there, back] = &mut both;
        there.iter_mut().zip(back).for_each(|(there, back)| *there &= *back);
        let [holds, _] = both;
        Self { profile, holds }
    }

    /// The nearest of these streets.
    fn link(&self, graph: &StreetGraph, index: &StreetIndex, point: Coord<f64>) -> Option<LinkedPoint> {
        let accepts = |segment: SegmentId| {
            let (from, to) = graph.segment_ends(segment);
            self.holds[from.index()] && self.holds[to.index()] && graph.is_open_to(self.profile, segment)
        };
        let near = index.nearest(graph, point, FARTHEST_STREET_M, accepts)?;
        let along_m = near.along_m.clamp(0.0, graph.segment_length_m(near.segment));
        Some(LinkedPoint { segment: near.segment, along_m, away_m: near.away_m, point: near.point })
    }
}

/// Nobody is nearer to a centre in his zone than people are in the mean, at the speed at which the next centre is reached.
fn within_zones(ways: &mut [PairTime], [zones, centres]: &[Vec<Option<Place<'_>>>; 2]) {
    for own in ways.chunk_by_mut(|a, b| a.origin == b.origin) {
        let Some(zone) = own.first().and_then(|way| zones[way.origin].as_ref()) else { continue };
        let straight = |way: &PairTime| {
            let centre = centres[way.destination].as_ref()?;
            (!zone.shape.contains(&centre.point)).then(|| Haversine.distance(zone.point, centre.point))
        };
        let next = own.iter().filter_map(|way| Some((way.minutes, straight(way)?))).filter(|(_, metres)| *metres > 0.0);
        let Some((minutes, metres)) = next.min_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
        for way in own.iter_mut().filter(|way| straight(way).is_none()) {
            way.minutes = way.minutes.max(zone.own_m * minutes / metres);
        }
    }
}

#[cfg(test)]
mod tests {
    use geo::Rect;

    use super::*;
    use crate::base::notice::Location;

    fn square(lon: f64, side: f64) -> Geometry<f64> {
        let corner = |sign: f64| Coord { x: lon + sign * side / 2.0, y: 50.0 + sign * side / 2.0 };
        Rect::new(corner(-1.0), corner(1.0)).to_polygon().into()
    }

    fn listed(id: &str, shape: Geometry<f64>) -> Listed {
        Listed {
            id: id.to_owned(),
            name: String::new(),
            location: Location::File,
            fields: Vec::new(),
            shape: Some(shape),
        }
    }

    /// A square of 0.1° at 50° north is 7.147 km by 11.119 km: as a circle its radius is 5.030 km, two thirds are 3.353 km. The
    /// next one is 14.295 km away. 1.3 times as far at 39 km/h are two minutes a kilometre.
    #[test]
    fn straight_lines_are_as_long_as_people_live_apart() {
        let zones = [listed("a", square(5.0, 0.1)), listed("b", square(5.2, 0.1))];
        let centres = [listed("a", square(5.0, 0.1)), listed("p", Point::new(5.2, 50.0).into())];
        let ways = straight_ways(&places_of(Ends { zones: &zones, centres: &centres }), 1.3 * 60.0 / 39_000.0);
        let told: Vec<(usize, usize, f64)> =
            ways.iter().map(|way| (way.origin, way.destination, way.minutes.round())).collect();
        assert_eq!(told, [(0, 0, 7.0), (0, 1, 29.0), (1, 0, 29.0), (1, 1, 7.0)]);
        assert!(
            (ways[0].minutes - 2.0 * 3.353).abs() < 0.02 && (ways[1].minutes - 2.0 * 14.295).abs() < 0.05,
            "{ways:?}"
        );
    }

    #[test]
    fn own_centres_are_reached_as_fast_as_the_next() {
        let zones = [listed("a", square(5.0, 0.1))];
        let centres =
            [listed("own", square(5.0, 0.1)), listed("next", square(5.2, 0.1)), listed("far", square(6.0, 0.1))];
        let places = places_of(Ends { zones: &zones, centres: &centres });
        let way = |destination, minutes| PairTime { origin: 0, destination, minutes };
        let mut ways = [way(0, 0.0), way(1, 14.295), way(2, 15.0)];
        within_zones(&mut ways, &places);
        assert!((ways[0].minutes - 3.353).abs() < 0.02, "{}", ways[0].minutes);
        assert_eq!([ways[1].minutes, ways[2].minutes], [14.295, 15.0]);
        let mut alone = [way(0, 0.0)];
        within_zones(&mut alone, &places);
        assert_eq!(alone[0].minutes, 0.0, "no other centre tells a speed");
    }
}
