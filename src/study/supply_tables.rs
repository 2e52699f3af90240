//! Tables of what public transport offers: at each station, and at places by what lies within a walk.
//!
//! In: the timetable of a day on the streets. Out: rows. Searches no journey; distances are those along the streets.

use crate::analysis::stop_catchment::{StopCatchment, stop_reach_m};
use crate::analysis::transit_supply::{
    DENSE_INHABITANTS_PER_KM2, QualityClass, StopSupply, measure_stop_supply, ptal_band, quality_class, stop_category,
    well_served,
};
use crate::base::geometry::distance_m;
use crate::base::ids::{Id, StopId};
use crate::base::kinds::StopMode;
use crate::base::notice::Notices;
use crate::base::projection::Plane;
use crate::base::units::{ClockTime, TravelTime};
use crate::network::timetable::{Timetable, TimetableStop};
use crate::reach::door_to_door::DepartureWindow;
use crate::study::error::StudyError;
use crate::study::offer::amounts_of;
use crate::study::reach::{AskedPoint, links_of};
use crate::study::transit::ptal_at;
use crate::study::transit_reach::TransitNetwork;

/// The hours over which quality classes take their mean interval.
const QUALITY_WINDOW: (ClockTime, ClockTime) = (ClockTime::from_hm(6, 0), ClockTime::from_hm(20, 0));
/// The service day whose departures the Walloon rule counts: the small hours belong to the day before.
const SERVICE_DAY: (ClockTime, ClockTime) = (ClockTime::from_hm(3, 0), ClockTime::from_hm(27, 0));
/// The farthest that any rule looks for a station, metres.
pub const FARTHEST_M: f64 = 2000.0;

/// What a station offers.
#[derive(Clone, Debug)]
pub struct StationSupply<'a> {
    /// The station, or the stop that belongs to none.
    pub stop: &'a TimetableStop,
    /// Departures in the window, of all its platforms.
    pub window: StopSupply,
    /// Minutes of the window.
    pub window_min: f64,
    /// Departures of the service day, by mode.
    pub of_day: StopSupply,
    /// The best category of a stop by the rule of quality classes, 1 to 7.
    pub category: Option<u8>,
}

/// What a place has within a walk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlaceSupply {
    /// Index of the public transport accessibility level, from 8:15 to 9:15.
    pub ptal_index: f64,
    /// The level: `0`, `1a` … `6b`.
    pub ptal_band: &'static str,
    /// The quality class by distances along the streets.
    pub quality_class: Option<QualityClass>,
    /// Whether it is well served by the Walloon rule: in municipalities above 150 inhabitants per km², and below.
    pub well_served: [bool; 2],
}

/// What the stations of a timetable offer, in the order of the timetable; those from which nothing departs on the day are
/// left out.
pub fn station_supply(timetable: &Timetable, window: DepartureWindow) -> Vec<(StopId, StationSupply<'_>)> {
    let measure = |(from, until)| measure_stop_supply(timetable, from, until);
    let asked = measure((window.first, window.end)).into_iter();
    let by_day = measure(SERVICE_DAY).into_iter().zip(measure(QUALITY_WINDOW));
    let window_min = f64::from(window.end.seconds().saturating_sub(window.first.seconds())) / 60.0;
    let rows = timetable.stops().iter().zip(asked).zip(by_day);
    let served = rows.filter(|(_, (of_day, _))| of_day.departures > 0);
    let row = |(((id, stop), window), (of_day, quality)): (((StopId, _), StopSupply), (StopSupply, StopSupply))| {
        let category = quality.by_mode.iter().filter_map(|(&mode, &count)| stop_category(mode, count)).min();
        (id, StationSupply { stop, window, window_min, of_day, category })
    };
    served.map(row).collect()
}

/// What each place has within a walk of [`FARTHEST_M`] at most; the network must allow walks of that length.
pub fn place_supply(network: &TransitNetwork<'_>, places: &[AskedPoint]) -> Vec<PlaceSupply> {
    let timetable = network.timetable();
    let whole_day = DepartureWindow { first: SERVICE_DAY.0, end: SERVICE_DAY.1 };
    let mut of_station: Vec<Option<StationSupply<'_>>> = vec![None; timetable.stops().len()];
    for (id, supply) in station_supply(timetable, whole_day) {
        of_station[id.index()] = Some(supply);
    }
    let speed = network.speed();
    let at_place = |walks: Vec<(StopId, TravelTime)>| {
        let ptal_index = ptal_at(timetable, &walks);
        let (mut best, mut is_served) = (None, [false; 2]);
        for &(stop, walk) in &walks {
            let Some(supply) = &of_station[timetable.stops()[stop].station.index()] else { continue };
            let away_m = speed.length_in(walk);
            let class = supply.category.and_then(|category| quality_class(category, away_m));
            best = [best, class].into_iter().flatten().min();
            for (served, density) in is_served.iter_mut().zip([f64::INFINITY, DENSE_INHABITANTS_PER_KM2]) {
                let of_mode = |(&mode, &count): (&StopMode, &usize)| {
                    well_served(mode, away_m, u32::try_from(count).unwrap_or(u32::MAX), density)
                };
                *served |= supply.of_day.by_mode.iter().any(of_mode);
            }
        }
        PlaceSupply { ptal_index, ptal_band: ptal_band(ptal_index), quality_class: best, well_served: is_served }
    };
    network.walks_to_stops(&links_of(places)).into_iter().map(at_place).collect()
}

/// People around each station of a table, in its order, and how many live within reach of any, each once. A station is reached
/// at the nearest of its platforms; the reach is that of its farthest-reaching mode.
pub fn station_catchments(
    network: &TransitNetwork<'_>,
    stations: &[(StopId, StationSupply<'_>)],
    (homes, amount): (&[AskedPoint], Option<&str>),
    (plane, notices): (&Plane, &mut Notices),
) -> Result<(Vec<StopCatchment>, f64), StudyError> {
    let amounts = amounts_of(homes, amount, notices)?;
    let timetable = network.timetable();
    let mut places: Vec<Option<usize>> = vec![None; timetable.stops().len()];
    stations.iter().enumerate().for_each(|(place, (id, _))| places[id.index()] = Some(place));
    let reach_of = |supply: &StationSupply<'_>| {
        let reaches = supply.of_day.by_mode.keys().map(|&mode| stop_reach_m(mode));
        reaches.fold(stop_reach_m(StopMode::Bus), f64::max)
    };
    let reaches: Vec<f64> = stations.iter().map(|(_, supply)| reach_of(supply)).collect();
    let mut found = vec![StopCatchment::default(); stations.len()];
    let mut within_any = 0.0;
    let speed = network.speed();
    let walks = network.walks_to_stops(&links_of(homes));
    let mut nearest = vec![f64::INFINITY; stations.len()];
    for ((home, people), walks) in homes.iter().zip(amounts).zip(walks) {
        nearest.fill(f64::INFINITY);
        for (stop, walk) in walks {
            let station = timetable.stops()[stop].station;
            if let Some(place) = places[station.index()] {
                nearest[place] = nearest[place].min(speed.length_in(walk));
            }
        }
        let point = plane.project(home.record.position);
        for (place, (_, supply)) in stations.iter().enumerate() {
            let straight_m = distance_m(point, supply.stop.position);
            found[place].add(people, (nearest[place], straight_m), reaches[place]);
        }
        if nearest.iter().zip(&reaches).any(|(walk, reach)| walk <= reach) {
            within_any += people;
        }
    }
    Ok((found, within_any))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::toy_feed::ToyFeed;

    /// A bus every 15 min each way from 6:00 to before 20:00: 56 departures each way from the middle stop in 14 h, which is a
    /// mean interval of 15 min, a bus stop of category 4 (methods of quality classes); 12 in the hours from 8:00 to 9:30,
    /// a headway of 15 min in each of two directions. From the ends one direction departs.
    #[test]
    fn a_stop_between_two_ends_counts_both_ways() {
        let clock = ClockTime::from_hm;
        let mut toy = ToyFeed::with_stops(3);
        toy.line(&[0, 1, 2], clock(6, 0), clock(20, 0), 15, 0).line(&[2, 1, 0], clock(6, 0), clock(20, 0), 15, 0);
        let timetable = toy.timetable();
        let window = DepartureWindow { first: clock(8, 0), end: clock(9, 30) };
        let found = station_supply(&timetable, window);
        let told = |at: usize| {
            let StationSupply { window, window_min, of_day, category, .. } = &found[at].1;
            (window.departures, window.headway_min(*window_min), of_day.departures, *category)
        };
        assert_eq!(told(1), (12, Some(15.0), 112, Some(4)));
        assert_eq!(told(0), (6, Some(15.0), 56, Some(5)), "an interval of 30 min, both directions taken together");
    }
}
