//! Catchments: zones with people, centres with attraction, the times between them.
//!
//! In: files of any tool; times from a table, over the streets of a study, or in straight lines. Out: a row per zone, per centre
//! and per pair, in the order of the files, who goes from town to town, and notices.

use std::path::Path;

use geo::Geometry;
use rustc_hash::FxHashMap;

use crate::analysis::access::Decay;
use crate::analysis::catchment::{TradeArea, huff_shares, surrounding_attraction, trade_areas};
use crate::base::notice::{Notice, Notices};
use crate::sources::listed::Listed;
use crate::sources::table::file_name;
use crate::sources::travel_times::PairTime;
use crate::study::catchment_fit::{FitQuestion, FittedRule, Known, fit_rule};
use crate::study::catchment_times::{Ends, TimesFrom, find_ways};
use crate::study::error::StudyError;
use crate::study::listed_fields::{amounts, read_some, read_some_places, words};
use crate::study::progress::Progress;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct CatchmentQuestion<'a> {
    /// Zones, and their field that tells how many customers there are; each counts as 1 where none is named.
    pub zones: (&'a Path, Option<&'a str>),
    /// Centres, and their field that tells how much they attract; all as much where none is named.
    pub centres: (&'a Path, Option<&'a str>),
    /// Times from zones to centres.
    pub times: TimesFrom<'a>,
    /// Ways that take longer, minutes, are none.
    pub cutoff: f64,
    /// Fields of zones and of centres that tell their towns; their ids where none is named. Where neither is, zones and centres
    /// of one file are of one town if they have one id, and those of two files never.
    pub towns: [Option<&'a str>; 2],
    /// The power of attraction.
    pub attraction_exponent: f64,
    /// More fields of the centres that attract, with their powers; where the rule is fitted, the powers do not count.
    pub attributes: &'a [(String, f64)],
    /// To what the rule is fitted; it is taken as given where nothing is named.
    pub fit: Option<FitQuestion<'a>>,
    /// How time puts customers off.
    pub decay: Decay,
    /// The power of the attraction around each centre, by which centres compete (below 0) or gather (above 0); 0 where it does not
    /// count.
    pub competition: f64,
    /// The utility of none of these centres; 0 makes shares conditional on them.
    pub outside: f64,
    /// Shares of the customers of a centre up to which zones are its primary, secondary and tertiary area.
    pub limits: [f64; 3],
}

/// A zone and where its customers go.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneCatchment {
    /// Its id.
    pub id: String,
    /// Its name, may be empty.
    pub name: String,
    /// How many customers it has.
    pub customers: f64,
    /// How many centres have a way from there.
    pub centres_reached: usize,
    /// The two centres with most of them, by their places, and their shares.
    pub first: [Option<(usize, f64)>; 2],
    /// The share of none of the centres; `None` where nothing attracts.
    pub outside_share: Option<f64>,
}

/// A centre and who comes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CentreCatchment {
    /// Its id.
    pub id: String,
    /// Its name, may be empty.
    pub name: String,
    /// How much it attracts.
    pub attraction: f64,
    /// Expected customers.
    pub customers: f64,
    /// People of zones of which more than half come.
    pub sole_people: f64,
    /// People of zones of which it is the nearest; of equally near ones the first.
    pub nearest_people: f64,
    /// Expected customers from its primary, secondary and tertiary area, and from elsewhere.
    pub by_area: [f64; 4],
}

/// A zone and a centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairCatchment {
    /// The place of the zone.
    pub zone: usize,
    /// The place of the centre.
    pub centre: usize,
    /// Minutes.
    pub minutes: f64,
    /// The share of the zone's customers.
    pub share: f64,
    /// Expected customers.
    pub customers: f64,
    /// What the zone is to the centre.
    pub area: TradeArea,
}

/// The catchments of all centres.
#[derive(Clone, Debug, PartialEq)]
pub struct Catchments {
    /// Per zone, in the order of the file.
    pub zones: Vec<ZoneCatchment>,
    /// Per centre, in the order of the file.
    pub centres: Vec<CentreCatchment>,
    /// Per pair with a way, by zone and centre.
    pub pairs: Vec<PairCatchment>,
    /// The rule, where it was fitted.
    pub rule: Option<FittedRule>,
    /// From town to town, by the order in which towns are first named.
    pub towns: Towns,
    /// Shapes of zones and centres, in degrees, where times come from places.
    pub shapes: [Vec<Option<Geometry<f64>>>; 2],
}

/// Who goes from town to town.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Towns {
    /// Their names: those of zones in order, then others of centres.
    pub names: Vec<String>,
    /// Customers who live in each.
    pub customers: Vec<f64>,
    /// Pairs with customers, by the places of the towns.
    pub flows: Vec<TownFlow>,
    /// The town of each zone.
    pub of_zones: Vec<usize>,
    /// The town of each centre.
    pub of_centres: Vec<usize>,
}

/// Customers who live in a town and go to another, or stay.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TownFlow {
    /// Where they live.
    pub from: usize,
    /// Where they go.
    pub to: usize,
    /// How many they are.
    pub customers: f64,
    /// Customers that both towns share, wherever they live: `Σ P min(p_a, p_b)`; all of a town's own for itself, none where
    /// one of them has no centre.
    pub overlap: f64,
}

/// Reads the files and shares out the customers of each zone.
pub fn measure_catchments(
    question: &CatchmentQuestion<'_>,
    progress: &dyn Progress,
) -> Result<(Catchments, Notices), StudyError> {
    let mut notices = Notices::new();
    let read = if question.times.needs_places() { read_some_places } else { read_some };
    let mut zones = read(question.zones.0, "zones", &mut notices)?;
    let mut centres = read(question.centres.0, "centres", &mut notices)?;
    let people = amounts(&zones, question.zones, &mut notices)?;
    let attractions = amounts(&centres, question.centres, &mut notices)?;
    let ends = Ends { zones: &zones, centres: &centres };
    let ways = find_ways(question.times, ends, question.cutoff, progress, &mut notices)?;
    let around = match question.competition {
        0.0 => None,
        power => {
            let among = find_ways(
                question.times,
                Ends { zones: &centres, centres: &centres },
                f64::INFINITY,
                progress,
                &mut notices,
            )?;
            Some(competing(&attractions, &among, power, &file_name(question.centres.0), &mut notices))
        }
    };
    let [zone_field, centre_field] = question.towns;
    // Ids of two files may be alike by chance, such as numbers of rows.
    let is_joined = zone_field.or(centre_field).is_some() || question.zones.0 == question.centres.0;
    let towns = (is_joined, [towns_of(&zones, zone_field)?, towns_of(&centres, centre_field)?]);
    let shapes = [&mut zones, &mut centres].map(|list| list.iter_mut().map(|thing| thing.shape.take()).collect());
    let mut fields: Vec<(String, Vec<f64>)> =
        question.centres.1.map(|field| (field.to_owned(), attractions.clone())).into_iter().collect();
    for (field, _) in question.attributes {
        fields.push((field.clone(), amounts(&centres, (question.centres.0, Some(field)), &mut notices)?));
    }
    let powers = question.centres.1.map(|_| question.attraction_exponent).into_iter();
    let powers: Vec<f64> = powers.chain(question.attributes.iter().map(|(_, power)| *power)).collect();
    // What has nothing of a field attracts nobody, whatever its power; a power of 0 asks for none.
    let part = |value: f64, power: f64| match (value > 0.0, power == 0.0) {
        (_, true) => 1.0,
        (true, _) => value.powf(power),
        (false, _) => 0.0,
    };
    let pull = |centre: usize| -> f64 {
        fields.iter().zip(&powers).map(|((_, values), power)| part(values[centre], *power)).product()
    };
    let around = |centre: usize| around.as_ref().map_or(1.0, |factors| factors[centre]);
    let pulls: Vec<f64> = (0..centres.len()).map(|centre: usize| around(centre) * pull(centre)).collect();
    let rule = match question.fit {
        Some(fit) => {
            let known = Known {
                zones: (&zones, &people),
                centres: (&centres, question.centres.0),
                fields: &fields,
                ways: &ways,
                decay: question.decay,
                pulls: &pulls,
            };
            Some(fit_rule(fit, &known, &mut notices)?)
        }
        None => None,
    };
    let (pulls, decay) = rule.as_ref().map_or((&pulls, question.decay), |rule| (&rule.pulls, rule.decay));
    let mut found = share_out((zones, people), (centres, attractions), &ways, (pulls, decay, question));
    found.rule = rule;
    found.towns = from_town_to_town(&found, towns);
    found.shapes = shapes;
    let lost: Vec<f64> =
        found.zones.iter().filter(|zone| zone.outside_share.is_none()).map(|zone| zone.customers).collect();
    if !lost.is_empty() {
        let problem =
            format!("{} zones with {} customers reach no centre that attracts", lost.len(), lost.iter().sum::<f64>());
        notices.push(
            Notice::warning("zone_without_centre", &file_name(question.zones.0), problem)
                .action("counted for no centre"),
        );
    }
    Ok((found, notices))
}

/// The factor of each centre by the attraction around it. One that no other centre reaches has nothing around: it counts like the one
/// with least, and that is told.
fn competing(attractions: &[f64], among: &[PairTime], power: f64, file: &str, notices: &mut Notices) -> Vec<f64> {
    let times: FxHashMap<(usize, usize), f64> =
        among.iter().map(|way| ((way.origin, way.destination), way.minutes)).collect();
    let around = surrounding_attraction(attractions, |at, other| times.get(&(at, other)).copied());
    let least = around.iter().copied().filter(|around| *around > 0.0).min_by(f64::total_cmp);
    let alone = around.iter().filter(|around| **around <= 0.0).count();
    if alone > 0 {
        let problem = format!("{alone} centres have no time to any other centre that attracts");
        let notice = Notice::warning("centre_alone", file, problem);
        notices.push(notice.action("counted as having as much around as the centre with least"));
    }
    around.into_iter().map(|own| least.map_or(1.0, |least| own.max(least).powf(power))).collect()
}

fn share_out(
    (zones, people): (Vec<Listed>, Vec<f64>),
    (centres, attractions): (Vec<Listed>, Vec<f64>),
    ways: &[PairTime],
    (pulls, decay, question): (&[f64], Decay, &CatchmentQuestion<'_>),
) -> Catchments {
    let mut pairs: Vec<PairCatchment> = Vec::with_capacity(ways.len());
    let mut of_centres: Vec<CentreCatchment> = centres
        .into_iter()
        .zip(attractions)
        .map(|(centre, attraction)| CentreCatchment {
            id: centre.id,
            name: centre.name,
            attraction,
            ..CentreCatchment::default()
        })
        .collect();
    let mut rest = ways;
    let of_zones = zones.into_iter().zip(people).enumerate().map(|(at, (zone, customers))| {
        let (own, others) = rest.split_at(rest.partition_point(|way| way.origin <= at));
        rest = others;
        let reached: Vec<(f64, Option<f64>)> =
            own.iter().map(|way| (pulls[way.destination], Some(way.minutes))).collect();
        let shares = huff_shares(&reached, decay, question.outside);
        let of_centre = |place: usize| shares.as_ref().map_or(0.0, |shares| shares.of_centres[place]);
        let mut first = [None::<(usize, f64)>; 2];
        for (place, way) in own.iter().enumerate() {
            let share = of_centre(place);
            let expected = customers * share;
            let pair = PairCatchment {
                zone: at,
                centre: way.destination,
                minutes: way.minutes,
                share,
                customers: expected,
                area: TradeArea::Outside,
            };
            pairs.push(pair);
            of_centres[way.destination].customers += expected;
            of_centres[way.destination].sole_people += if share > 0.5 { customers } else { 0.0 };
            let candidate = Some((way.destination, share)).filter(|(_, share)| *share > 0.0);
            if share > first[0].map_or(0.0, |(_, share)| share) {
                first = [candidate, first[0]];
            } else if share > first[1].map_or(0.0, |(_, share)| share) {
                first[1] = candidate;
            }
        }
        let nearest = own.iter().min_by(|a, b| a.minutes.total_cmp(&b.minutes));
        if let Some(nearest) = nearest {
            of_centres[nearest.destination].nearest_people += customers;
        }
        ZoneCatchment {
            id: zone.id,
            name: zone.name,
            customers,
            centres_reached: own.len(),
            first,
            outside_share: shares.map(|shares| shares.outside),
        }
    });
    let zones = of_zones.collect();
    name_areas(&mut pairs, &mut of_centres, question.limits);
    Catchments {
        zones,
        centres: of_centres,
        pairs,
        rule: None,
        towns: Towns::default(),
        shapes: [Vec::new(), Vec::new()],
    }
}

/// The town of each thing in a list: what a field says, else its id.
fn towns_of(list: &[Listed], field: Option<&str>) -> Result<Vec<String>, StudyError> {
    let Some(field) = field else { return Ok(list.iter().map(|thing| thing.id.clone()).collect()) };
    Ok(words(list, field)?.into_iter().zip(list).map(|(town, thing)| town.unwrap_or(&thing.id).to_owned()).collect())
}

/// Adds up the customers of zones and centres by their towns.
fn from_town_to_town(found: &Catchments, (is_joined, [of_zones, of_centres]): (bool, [Vec<String>; 2])) -> Towns {
    let mut places: FxHashMap<(bool, String), usize> = FxHashMap::default();
    let mut names = Vec::new();
    let mut place_of = |is_apart: bool, name: String| {
        *places.entry((is_apart, name.clone())).or_insert_with(|| {
            names.push(name);
            names.len() - 1
        })
    };
    let of_zones: Vec<usize> = of_zones.into_iter().map(|name| place_of(false, name)).collect();
    let of_centres: Vec<usize> = of_centres.into_iter().map(|name| place_of(!is_joined, name)).collect();
    let mut customers = vec![0.0; names.len()];
    of_zones.iter().zip(&found.zones).for_each(|(&town, zone)| customers[town] += zone.customers);
    // Only towns with a centre are gone to: of zones there may be thousands.
    let mut goals: Vec<usize> = of_centres.clone();
    goals.sort_unstable();
    goals.dedup();
    let mut goal_of = vec![0; names.len()];
    goals.iter().enumerate().for_each(|(goal, &town)| goal_of[town] = goal);
    let count = goals.len();
    let (mut flows, mut overlaps) = (vec![0.0; names.len() * count], vec![0.0; count * count]);
    let mut own_shares = vec![0.0; count];
    let mut reached: Vec<usize> = Vec::new();
    for own in found.pairs.chunk_by(|a, b| a.zone == b.zone) {
        let (from, people) = (of_zones[own[0].zone], found.zones[own[0].zone].customers);
        for pair in own.iter().filter(|pair| pair.share > 0.0) {
            let goal = goal_of[of_centres[pair.centre]];
            if own_shares[goal] == 0.0 {
                reached.push(goal);
            }
            own_shares[goal] += pair.share;
        }
        for &goal in &reached {
            flows[from * count + goal] += people * own_shares[goal];
            for &other in &reached {
                overlaps[goal * count + other] += people * own_shares[goal].min(own_shares[other]);
            }
        }
        reached.drain(..).for_each(|goal| own_shares[goal] = 0.0);
    }
    // A town that nobody can go to shares no customers with any.
    let is_goal = |town: usize| goals.binary_search(&town).is_ok();
    let flow = |at: usize| {
        let (from, goal) = (at / count, at % count);
        let overlap = if is_goal(from) { overlaps[goal_of[from] * count + goal] } else { 0.0 };
        TownFlow { from, to: goals[goal], customers: flows[at], overlap }
    };
    let flows = (0..flows.len()).map(flow).filter(|flow| flow.customers > 0.0).collect();
    Towns { names, customers, flows, of_zones, of_centres }
}

/// What each zone is to each centre.
fn name_areas(pairs: &mut [PairCatchment], centres: &mut [CentreCatchment], limits: [f64; 3]) {
    let mut of_centres: Vec<Vec<usize>> = vec![Vec::new(); centres.len()];
    for (at, pair) in pairs.iter().enumerate() {
        of_centres[pair.centre].push(at);
    }
    for (own, centre) in of_centres.iter().zip(centres) {
        let zones: Vec<(f64, f64)> = own.iter().map(|&at| (pairs[at].customers, pairs[at].minutes)).collect();
        for (&at, area) in own.iter().zip(trade_areas(&zones, limits)) {
            pairs[at].area = area;
            centre.by_area[area as usize] += pairs[at].customers;
        }
    }
}
