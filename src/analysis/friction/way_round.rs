//! Ways round: stations, assets, car parks and homes from which the walk to the core is far longer than it need be.
//!
//! The loss of one walk is the walk less a fair walk, `1.3 × straight line / speed` (methods §3), at most the loss cap
//! where no way exists. Who walks to the core walks back: each person loses it twice a day. What lies across the straight line (railway, river, motorway) is named as the barrier.

use std::collections::BTreeMap;

use geo::{Coord, Intersects, Line};
use rstar::{AABB, RTree, RTreeObject};

use super::{Cause, EvidenceSource, Fact, Finding, Remedy, Who};
use crate::analysis::parameters::Parameters;
use crate::base::geometry::distance_m;
use crate::base::ids::DistrictId;
use crate::base::kinds::Quality;
use crate::base::units::TravelTime;

/// Stations, assets and homes farther than this from the core as the crow flies are too far to walk from, metres (default).
pub const STRAIGHT_LIMIT_M: f64 = 1000.0;
/// The same for car parks: who has a car drives on, metres (default).
pub const LOT_STRAIGHT_LIMIT_M: f64 = 600.0;

/// A place and its walk to the core.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceToCore {
    /// Name, empty where it has none.
    pub name: String,
    /// Where it is.
    pub point: Coord<f64>,
    /// The nearest member of the core, as the crow flies.
    pub core: Coord<f64>,
    /// Walk along the streets; `None` where there is none within the search limit.
    pub walk: Option<TravelTime>,
    /// Its district.
    pub district: Option<DistrictId>,
    /// Persons per day who would walk there and back.
    pub persons: f64,
    /// How their number is known.
    pub quality: Quality,
    /// The number their count rests on.
    pub basis: Fact,
}

impl PlaceToCore {
    /// Straight distance to the core, metres.
    pub fn straight_m(&self) -> f64 {
        distance_m(self.point, self.core)
    }

    /// Seconds that one walk, there or back, loses against a fair walk, 0 to the loss cap.
    pub fn loss_s(&self, parameters: &Parameters) -> f64 {
        let cap = parameters.loss_cap.seconds();
        let fair = parameters.walk_speed.time_for(parameters.fair_detour * self.straight_m()).seconds();
        self.walk.map_or(cap, |walk| (walk.seconds() - fair).clamp(0.0, cap))
    }
}

/// A person who walks to the core walks back.
const WALKS_PER_PERSON: f64 = 2.0;

/// Barriers, indexed so that a straight line finds the first it crosses.
pub struct BarrierIndex {
    pieces: RTree<BarrierPiece>,
}

struct BarrierPiece {
    line: usize,
    from: Coord<f64>,
    to: Coord<f64>,
}

impl RTreeObject for BarrierPiece {
    type Envelope = AABB<[f64; 2]>;
    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners([self.from.x, self.from.y], [self.to.x, self.to.y])
    }
}

impl BarrierIndex {
    /// An index over lines; stretches off the plane are left out.
    pub fn new(lines: &[Vec<Coord<f64>>]) -> Self {
        let pieces = lines.iter().enumerate().flat_map(|(line, course)| {
            course.windows(2).map(move |pair| BarrierPiece { line, from: pair[0], to: pair[1] })
        });
        let is_on_plane = |point: Coord<f64>| point.x.is_finite() && point.y.is_finite();
        let pieces = pieces.filter(|piece| is_on_plane(piece.from) && is_on_plane(piece.to));
        Self { pieces: RTree::bulk_load(pieces.collect()) }
    }

    /// The line that the straight way from `from` to `to` crosses, and where; the crossing nearest to `from`.
    pub fn find_crossed(&self, from: Coord<f64>, to: Coord<f64>) -> Option<(usize, Coord<f64>)> {
        let way = Line::new(from, to);
        let around = AABB::from_corners([from.x, from.y], [to.x, to.y]);
        self.pieces
            .locate_in_envelope_intersecting(&around)
            .filter(|piece| Line::new(piece.from, piece.to).intersects(&way))
            .map(|piece| {
                let at = crossing_point(from, to, piece.from, piece.to);
                (piece.line, at, distance_m(from, at))
            })
            .min_by(|a, b| a.2.total_cmp(&b.2).then(a.0.cmp(&b.0)))
            .map(|(line, at, _)| (line, at))
    }
}

fn crossing_point(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>, d: Coord<f64>) -> Coord<f64> {
    let (r, s) = (b - a, d - c);
    let denominator = r.x * s.y - r.y * s.x;
    if denominator == 0.0 {
        return c;
    }
    let share = ((c.x - a.x) * s.y - (c.y - a.y) * s.x) / denominator;
    Coord { x: a.x + share * r.x, y: a.y + share * r.y }
}

/// What kind of place is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceKind {
    /// A railway station.
    Station,
    /// A museum, school, market or public service.
    Asset,
    /// A car park.
    Lot,
}

/// Places from which the walk to the core loses more than `least_loss`; stations and assets only where a barrier lies
/// across the straight line.
pub fn find_ways_round(
    kind: PlaceKind,
    places: &[PlaceToCore],
    barriers: &BarrierIndex,
    parameters: &Parameters,
) -> Vec<Finding> {
    let limit = if kind == PlaceKind::Lot { LOT_STRAIGHT_LIMIT_M } else { STRAIGHT_LIMIT_M };
    let mut findings = Vec::new();
    for place in places {
        let loss_s = place.loss_s(parameters);
        if place.persons <= 0.0 || place.straight_m() > limit || loss_s < parameters.least_loss.seconds() {
            continue;
        }
        let crossed = barriers.find_crossed(place.point, place.core).map(|(_, at)| at);
        let (cause, who) = match (kind, crossed) {
            (PlaceKind::Station, Some(_)) => (Cause::StationSevered, Who::TrainPassengers),
            (PlaceKind::Asset, Some(_)) => (Cause::AssetSevered, Who::AssetVisitors),
            (PlaceKind::Lot, _) => (Cause::LotCutOff, Who::Drivers),
            (PlaceKind::Station | PlaceKind::Asset, None) => continue,
        };
        findings.push(describe(place, cause, who, crossed, loss_s));
    }
    findings
}

fn describe(place: &PlaceToCore, cause: Cause, who: Who, crossed: Option<Coord<f64>>, loss_s: f64) -> Finding {
    let mut facts = vec![place.basis, Fact::new("straight_m", place.straight_m(), "m", EvidenceSource::Streets)];
    facts.extend(place.walk.map(|walk| Fact::new("walk_s", walk.seconds(), "s", EvidenceSource::Streets)));
    let modification = if crossed.is_some() { "add_crossing" } else { "open_footway" };
    let at = crossed.map_or_else(|| vec![place.point, place.core], |at| vec![at]);
    Finding {
        cause,
        name: place.name.clone(),
        point: place.point,
        district: place.district,
        who,
        persons: place.persons,
        avoidable_s: WALKS_PER_PERSON * loss_s,
        quality: place.quality,
        facts,
        remedies: vec![
            Remedy { modification, at, value: None },
            Remedy { modification: "sign_route", at: vec![place.point], value: None },
        ],
        lines: vec![vec![place.point, place.core]],
    }
}

/// Side of the cells in which homes are gathered, metres.
const HOME_CELL_M: f64 = 200.0;

/// A home that loses time, and where a barrier lies across its straight line.
struct LosingHome<'a> {
    home: &'a PlaceToCore,
    loss_s: f64,
    crossed: Option<Coord<f64>>,
}

/// Homes from which the walk to the core loses more than `least_loss`, gathered in cells of 200 m and then in one
/// finding per district and barrier.
pub fn find_severed_homes(homes: &[PlaceToCore], barriers: &BarrierIndex, parameters: &Parameters) -> Vec<Finding> {
    let mut groups: BTreeMap<(Option<DistrictId>, Option<usize>), Vec<LosingHome<'_>>> = BTreeMap::new();
    for (home, loss_s) in gather_cells(homes, parameters) {
        let crossed = barriers.find_crossed(home.point, home.core);
        let losing = LosingHome { home, loss_s, crossed: crossed.map(|c| c.1) };
        groups.entry((home.district, crossed.map(|c| c.0))).or_default().push(losing);
    }
    groups.into_iter().map(|((_, line), members)| describe_homes(line.is_some(), &members)).collect()
}

/// Homes with a loss, with their seconds: only those in cells where most people lose.
fn gather_cells<'a>(homes: &'a [PlaceToCore], parameters: &Parameters) -> Vec<(&'a PlaceToCore, f64)> {
    let cell = |p: Coord<f64>| ((p.x / HOME_CELL_M).floor() as i64, (p.y / HOME_CELL_M).floor() as i64);
    let mut cells: BTreeMap<(i64, i64), Vec<(&PlaceToCore, f64)>> = BTreeMap::new();
    for home in homes.iter().filter(|h| h.persons > 0.0 && h.straight_m() <= STRAIGHT_LIMIT_M) {
        cells.entry(cell(home.point)).or_default().push((home, home.loss_s(parameters)));
    }
    let least = parameters.least_loss.seconds();
    let loses = |members: &[(&PlaceToCore, f64)]| {
        let whole: f64 = members.iter().map(|(h, _)| h.persons).sum();
        let losing: f64 = members.iter().filter(|(_, s)| *s >= least).map(|(h, _)| h.persons).sum();
        losing > 0.5 * whole
    };
    let losing = cells.into_values().filter(|members| loses(members)).flatten();
    losing.filter(|(_, loss_s)| *loss_s >= least).collect()
}

fn describe_homes(severed: bool, members: &[LosingHome<'_>]) -> Finding {
    let lost = |member: &LosingHome<'_>| member.home.persons * member.loss_s;
    let persons: f64 = members.iter().map(|m| m.home.persons).sum();
    let seconds: f64 = members.iter().map(lost).sum();
    let worst = members.iter().max_by(|a, b| lost(a).total_cmp(&lost(b))).expect("a group has at least one home");
    let (home, crossed) = (worst.home, worst.crossed);
    let cause = if severed { Cause::ResidentsSevered } else { Cause::ResidentsDetour };
    let modification = if severed { "add_crossing" } else { "add_path" };
    let at = crossed.map_or_else(|| vec![home.point, home.core], |at| vec![at]);
    let people: f64 = members.iter().map(|m| m.home.basis.value).sum();
    Finding {
        cause,
        name: String::new(),
        point: home.point,
        district: home.district,
        who: Who::Residents,
        persons,
        avoidable_s: WALKS_PER_PERSON * seconds / persons,
        quality: home.quality,
        facts: vec![
            Fact::new("residents", people, "persons", EvidenceSource::Population),
            Fact::new("straight_m", home.straight_m(), "m", EvidenceSource::Streets),
            Fact::new("detour_s", seconds / persons, "s", EvidenceSource::Streets),
        ],
        remedies: vec![Remedy { modification, at, value: None }],
        lines: vec![vec![home.point, home.core]],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(walk_s: Option<f64>, y: f64) -> PlaceToCore {
        PlaceToCore {
            name: "Gare".to_owned(),
            point: Coord { x: 0.0, y },
            core: Coord { x: 0.0, y: 0.0 },
            walk: walk_s.map(TravelTime::from_seconds),
            district: None,
            persons: 100.0,
            quality: Quality::Observed,
            basis: Fact::new("boardings_per_day", 400.0, "persons_per_day", EvidenceSource::Boardings),
        }
    }

    fn railway() -> BarrierIndex {
        BarrierIndex::new(&[vec![Coord { x: -500.0, y: 100.0 }, Coord { x: 500.0, y: 100.0 }]])
    }

    #[test]
    fn a_station_behind_a_railway_loses_the_walk_round_it() {
        // Straight 200 m: fair walk 1.3 * 200 / 1.3333 = 195 s. A walk of 900 s loses 705 s, there and back 1,410 s.
        let found =
            find_ways_round(PlaceKind::Station, &[place(Some(900.0), 200.0)], &railway(), &Parameters::default());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].cause, Cause::StationSevered);
        assert!((found[0].avoidable_s - 1410.0).abs() < 0.1);
        assert_eq!(found[0].remedies[0].at, [Coord { x: 0.0, y: 100.0 }]);
    }

    #[test]
    fn a_fair_walk_a_free_line_and_a_far_place_are_no_friction() {
        let parameters = Parameters::default();
        let near_side = place(Some(900.0), 80.0);
        let found = |p: PlaceToCore| find_ways_round(PlaceKind::Station, &[p], &railway(), &parameters).len();
        assert_eq!(found(place(Some(200.0), 200.0)), 0);
        assert_eq!(found(near_side), 0);
        assert_eq!(found(place(Some(9000.0), 1200.0)), 0);
    }

    #[test]
    fn where_no_way_exists_the_loss_is_capped() {
        let found = find_ways_round(PlaceKind::Lot, &[place(None, 150.0)], &railway(), &Parameters::default());
        assert_eq!(found[0].cause, Cause::LotCutOff);
        assert_eq!(found[0].avoidable_s, 2.0 * 1200.0);
    }

    /// Two persons of one home lose 300 s a walk and one of another 600 s: 2 * (2 * 300 + 600) / 3 = 800 s a person and
    /// day; the detour told of is that of one walk, 400 s.
    #[test]
    fn residents_lose_the_way_round_there_and_back() {
        // Straight 200 m: the fair walk takes 195 s.
        let home = |persons, walk_s: f64| PlaceToCore { persons, ..place(Some(walk_s), 200.0) };
        let found = find_severed_homes(&[home(2.0, 495.0), home(1.0, 795.0)], &railway(), &Parameters::default());
        assert_eq!(found.len(), 1);
        assert!((found[0].avoidable_s - 800.0).abs() < 1e-6);
        let detour = found[0].facts.iter().find(|fact| fact.key == "detour_s").expect("it is told");
        assert!((detour.value - 400.0).abs() < 1e-6);
    }

    #[test]
    fn barriers_off_the_plane_are_left_out() {
        let nan = Coord { x: f64::NAN, y: f64::NAN };
        let at = |x: f64| Coord { x, y: 100.0 };
        let barriers =
            BarrierIndex::new(&[vec![at(-500.0), nan, at(400.0)], vec![at(-500.0), at(500.0)], vec![nan; 9]]);
        let crossed = barriers.find_crossed(Coord { x: 0.0, y: 0.0 }, Coord { x: 0.0, y: 200.0 });
        assert_eq!(crossed, Some((1, at(0.0))));
    }
}
