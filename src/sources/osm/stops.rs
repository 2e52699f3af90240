//! Stops and stations: their tags, and one stop where several elements map the same one.

use super::drafts::{StopDraft, StopRank};
use super::keys::{Key, Tags};
use super::records::{OsmStop, StopMode};
use crate::base::projection::LonLat;

/// A platform or stop position this near to a surer element of the same mode maps the same stop, metres.
/// A road stop's pole and its position on the carriageway lie within a street's width of each other.
const SAME_STOP_M: f64 = 40.0;
/// The same for trains, whose platforms are long.
const SAME_STATION_M: f64 = 250.0;

/// Reads a stop; `None` for anything else.
pub(super) fn read_stop(tags: &Tags<'_>) -> Option<StopDraft> {
    let says = |key| tags.is(key, &["yes"]);
    let rank = if tags.is(Key::Highway, &["bus_stop"])
        || tags.is(Key::Railway, &["tram_stop", "station", "halt"])
        || tags.is(Key::Amenity, &["ferry_terminal", "bus_station"])
        || tags.is(Key::PublicTransport, &["station"])
    {
        StopRank::Stop
    } else if tags.is(Key::PublicTransport, &["platform"])
        || tags.is(Key::Railway, &["platform"])
        || tags.is(Key::Highway, &["platform"])
    {
        StopRank::Platform
    } else if tags.is(Key::PublicTransport, &["stop_position"]) || tags.is(Key::Railway, &["stop"]) {
        StopRank::StopPosition
    } else {
        return None;
    };
    let mode = if tags.is(Key::Railway, &["tram_stop"]) {
        Some(StopMode::Tram)
    } else if tags.is(Key::Railway, &["station", "halt", "stop"]) {
        Some(if says(Key::Tram) && !says(Key::Train) { StopMode::Tram } else { StopMode::Rail })
    } else if tags.is(Key::Highway, &["bus_stop"]) || tags.is(Key::Amenity, &["bus_station"]) {
        Some(StopMode::Bus)
    } else if tags.is(Key::Amenity, &["ferry_terminal"]) || says(Key::Ferry) {
        Some(StopMode::Other)
    } else if says(Key::Train) || says(Key::Subway) {
        Some(StopMode::Rail)
    } else if says(Key::Tram) || says(Key::LightRail) {
        Some(StopMode::Tram)
    } else if says(Key::Bus) || says(Key::Trolleybus) || says(Key::Coach) || tags.is(Key::Highway, &["platform"]) {
        Some(StopMode::Bus)
    } else if tags.is(Key::Railway, &["platform"]) {
        Some(StopMode::Rail)
    } else {
        None
    };
    Some(StopDraft { name: tags.text(Key::Name), mode, rank })
}

/// A stop with its position, before doubles are taken out.
#[derive(Clone, Debug)]
pub(super) struct LocatedStop {
    /// The stop; its mode is only a guess where `mode_known` is false.
    pub stop: OsmStop,
    /// Whether the tags tell the mode.
    pub mode_known: bool,
    /// How surely it is a stop of its own.
    pub rank: StopRank,
}

/// Whether each stop stays; the others map the same stop as a surer one nearby.
pub(super) fn find_own_stops(stops: &[LocatedStop]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..stops.len()).collect();
    order.sort_by(|&a, &b| stops[a].rank.cmp(&stops[b].rank).then(a.cmp(&b)));
    let mut by_latitude: Vec<usize> = (0..stops.len()).collect();
    by_latitude.sort_by(|&a, &b| latitude(stops, a).total_cmp(&latitude(stops, b)).then(a.cmp(&b)));
    let window = SAME_STATION_M / 110_000.0;
    let mut stays = vec![false; stops.len()];
    for &number in &order {
        let at = latitude(stops, number);
        let from = by_latitude.partition_point(|&other| latitude(stops, other) < at - window);
        let near = by_latitude[from..].iter().take_while(|&&other| latitude(stops, other) <= at + window);
        let doubled = near.copied().any(|other| stays[other] && maps_the_same(&stops[other], &stops[number]));
        stays[number] = !doubled;
    }
    stays
}

fn latitude(stops: &[LocatedStop], number: usize) -> f64 {
    stops[number].stop.position.lat
}

/// Whether `other` maps the stop that `sure`, which comes first, maps too. Of equally sure elements only those of one
/// station do, as its node and its area: two poles of a street are two stops.
fn maps_the_same(sure: &LocatedStop, other: &LocatedStop) -> bool {
    let station = |stop: &LocatedStop| stop.rank == StopRank::Stop && stop.stop.mode == StopMode::Rail;
    (sure.rank < other.rank || station(sure) && station(other)) && same(sure, other)
}

fn same(sure: &LocatedStop, other: &LocatedStop) -> bool {
    if sure.mode_known && other.mode_known && sure.stop.mode != other.stop.mode {
        return false;
    }
    let names_agree = sure.stop.name.is_empty() || other.stop.name.is_empty() || sure.stop.name == other.stop.name;
    let away_m = distance_m(sure.stop.position, other.stop.position);
    let rail = sure.stop.mode == StopMode::Rail && (other.stop.mode == StopMode::Rail || !other.mode_known);
    names_agree && away_m <= SAME_STOP_M || rail && away_m <= SAME_STATION_M
}

fn distance_m(a: LonLat, b: LonLat) -> f64 {
    let (east, north) = super::areas::metres_per_degree(a.lat);
    ((a.lon - b.lon) * east).hypot((a.lat - b.lat) * north)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::osm::records::OsmElement;

    fn stop(pairs: &[(&str, &str)], metres_north: f64) -> LocatedStop {
        let draft = read_stop(&Tags::of(pairs)).expect("a stop");
        let position = LonLat { lon: 5.0, lat: 50.0 + metres_north / 111_229.0 };
        let mode = draft.mode.unwrap_or(StopMode::Other);
        LocatedStop {
            stop: OsmStop { element: OsmElement::Node(1), position, name: draft.name, mode },
            mode_known: draft.mode.is_some(),
            rank: draft.rank,
        }
    }

    #[test]
    fn one_stop_is_counted_once_and_two_sides_of_a_street_twice() {
        let pole = [("highway", "bus_stop"), ("name", "Gare")];
        let position = [("public_transport", "stop_position"), ("bus", "yes"), ("name", "Gare")];
        let tram = [("public_transport", "platform"), ("tram", "yes"), ("name", "Gare")];
        let stops =
            [stop(&pole, 0.0), stop(&pole, 25.0), stop(&position, 10.0), stop(&tram, 5.0), stop(&position, 90.0)];
        assert_eq!(find_own_stops(&stops), [true, true, false, true, true]);
    }

    #[test]
    fn the_node_and_the_area_of_a_station_are_one() {
        let node = [("railway", "station"), ("name", "Gare")];
        let area = [("public_transport", "station"), ("train", "yes"), ("name", "Gare")];
        let halt = [("railway", "halt"), ("name", "Halte")];
        assert_eq!(find_own_stops(&[stop(&node, 0.0), stop(&area, 60.0), stop(&halt, 400.0)]), [true, false, true]);
    }

    #[test]
    fn modes_are_read() {
        let mode = |pairs: &[_]| read_stop(&Tags::of(pairs)).expect("a stop").mode;
        assert_eq!(mode(&[("railway", "station")]), Some(StopMode::Rail));
        assert_eq!(mode(&[("railway", "tram_stop")]), Some(StopMode::Tram));
        assert_eq!(mode(&[("public_transport", "platform")]), None);
        assert_eq!(mode(&[("amenity", "ferry_terminal")]), Some(StopMode::Other));
        assert!(read_stop(&Tags::of(&[("highway", "residential")])).is_none());
    }
}
