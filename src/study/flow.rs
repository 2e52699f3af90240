//! Foot traffic of each street from counts and from what stands around it, with what the counts are worth.
//!
//! In: an opened study. Out: persons a day per segment with an interval and what it rests on; how well the model foretells
//! counters that it has not seen, beside what needs no model; how far short counts are off. With fewer than ten usable
//! counters only an index is told.

use std::collections::BTreeSet;

use crate::analysis::counts::{CountedDays, ExpansionError, measure_expansion_error};
use crate::analysis::direct_demand::{
    DemandFit, DemandSite, Foretelling, LeftOut, fit_demand, foretell_left_out, judge_foretelling,
};
use crate::analysis::parameters::Parameters;
use crate::base::ids::{DistrictId, Id, NodeId, SegmentId};
use crate::base::notice::{Notice, Notices};
use crate::base::units::TravelTime;
use crate::network::streets::{Profile, StreetGraph};
use crate::reach::angular::{Angular, measure_angular};
use crate::reach::betweenness::measure_betweenness;
use crate::reach::opportunities::{AccessQuestions, LinkedOpportunity, measure_access};
use crate::study::audit::{check_centre, parameters_of};
use crate::study::count_sites::{JudgedSite, check_sites, judge_checked, usable_days};
use crate::study::error::StudyError;
use crate::study::manifest::Manifest;
use crate::study::measure::{lay_traffic, segments_beside};
use crate::study::progress::Progress;
use crate::study::town::Town;
use crate::study::town_of::{OpenedTown, open_town};

/// Fewer usable counters give an index and no persons (methods §7.3).
pub const LEAST_COUNTERS: usize = 10;
/// How far around a street things count, metres.
const AROUND_M: f64 = 400.0;
/// Draws of sites for the intervals.
const DRAWS: u32 = 1000;
/// Short counts tried per counter.
const SHORT_COUNTS: usize = 50;
/// Lengths of short counts, days.
const SHORT_DAYS: [u32; 2] = [1, 7];
/// The share of left-out counters that the interval of a street holds.
const INTERVAL_SHARE: f64 = 0.8;

/// What stands around a street, in the order of the terms of the regression.
pub const TERMS: [&str; 6] =
    ["laid_flow", "betweenness", "shops_400m", "people_400m", "departures_400m", "angular_choice"];
/// The term that is a logarithm already.
const ANGULAR_CHOICE: usize = 5;
/// What stands around a street, by [`TERMS`].
type Around = [f64; TERMS.len()];

/// What foretells counters: the regression and what needs none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// All terms.
    Regression,
    /// The mean of the others.
    Constant,
    /// Betweenness alone.
    Betweenness,
    /// Shops around alone.
    Shops,
}

impl Model {
    /// All, the regression first.
    pub const ALL: [Self; 4] = [Self::Regression, Self::Constant, Self::Betweenness, Self::Shops];

    /// Its name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Regression => "regression",
            Self::Constant => "constant",
            Self::Betweenness => "betweenness_alone",
            Self::Shops => "shops_alone",
        }
    }

    fn terms(self) -> &'static [usize] {
        match self {
            Self::Regression => &[0, 1, 2, 3, 4, 5],
            Self::Constant => &[],
            Self::Betweenness => &[1],
            Self::Shops => &[2],
        }
    }
}

/// What the number of a street rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowBasis {
    /// A counter stands there.
    Measured,
    /// All that stands around lies between what stands around counters.
    Interpolated,
    /// Something lies outside that.
    Extrapolated,
}

impl FlowBasis {
    /// Its name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Interpolated => "interpolated",
            Self::Extrapolated => "extrapolated",
        }
    }
}

/// Persons a day on a street.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlowEstimate {
    /// Expected, or counted.
    pub persons: f64,
    /// Within which eight of ten counters lay that were left out; the count itself where it is measured.
    pub interval: [f64; 2],
    /// What it rests on.
    pub basis: FlowBasis,
}

/// A segment and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowSegment {
    /// The segment.
    pub segment: SegmentId,
    /// What stands around, by [`TERMS`].
    pub around: [f64; TERMS.len()],
    /// Normalised angular integration within the radius of flows.
    pub angular_integration: f64,
    /// 0 to 100: the share of the streets with less laid flow.
    pub index: f64,
    /// Persons; `None` where counters are too few.
    pub estimate: Option<FlowEstimate>,
}

/// A counter and what the model says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowSite {
    /// Its name.
    pub name: String,
    /// Persons a day over the year.
    pub counted: Option<f64>,
    /// What the others foretell.
    pub foretold: Option<f64>,
    /// `usable`, `suspect`, `dead` or `expanded`.
    pub verdict: &'static str,
    /// Why it is not usable.
    pub reasons: Vec<String>,
    /// The street that it counts.
    pub segment: Option<SegmentId>,
}

/// How well a model foretells counters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// The model.
    pub model: Model,
    /// Counters left out one after the other.
    pub by_site: Foretelling,
    /// Counters left out by districts.
    pub by_area: Foretelling,
}

/// All that is found.
pub struct FlowStudy {
    /// The town.
    pub town: Town,
    /// Streets.
    pub segments: Vec<FlowSegment>,
    /// Counters, in the order of their records.
    pub sites: Vec<FlowSite>,
    /// Usable counters at streets.
    pub usable: usize,
    /// The regression, where counters are enough.
    pub fit: Option<DemandFit>,
    /// The regression and what needs none, where counters are enough.
    pub judged: Vec<Judged>,
    /// Days of a short count, and how far it is off once expanded.
    pub expansion: Vec<(u32, ExpansionError)>,
}

impl FlowStudy {
    /// Whether the regression foretells left-out counters better than each model that needs none, by rank and by R²; `None`
    /// where nothing was judged.
    pub fn beats_all(&self) -> Option<bool> {
        let of = |judged: &Judged| {
            let value =
                |drawn: Option<crate::analysis::direct_demand::Drawn>| drawn.map_or(f64::NEG_INFINITY, |d| d.value);
            (value(judged.by_site.r_squared), value(judged.by_site.spearman))
        };
        let (first, others) = self.judged.split_first()?;
        let own = of(first);
        Some(others.iter().map(of).all(|other| own.0 > other.0 && own.1 > other.1))
    }
}

/// Measures the foot traffic of a study: `folder` is where the manifest's relative paths start.
pub fn measure_flow(
    (manifest, folder): (&Manifest, &std::path::Path),
    progress: &dyn Progress,
    notices: &mut Notices,
) -> Result<FlowStudy, StudyError> {
    let parameters = parameters_of(manifest);
    let OpenedTown { records, town, .. } = open_town(manifest, folder, progress, notices)?;
    check_centre(manifest, &town)?;
    progress.step("counts", 0, 0);
    let (judged, expansion) = match &records.counts {
        Some(counts) => {
            let checks = check_sites(counts);
            let judged = judge_checked(counts, &checks, &town.plane, notices).sites;
            let counters: Vec<CountedDays> = usable_days(&judged, &checks).into_iter().map(|(_, days)| days).collect();
            (judged, expansion_errors(&counters, parameters.seed))
        }
        None => (Vec::new(), Vec::new()),
    };
    progress.step("reach", 0, 0);
    let (around, angular) = around_segments(&town, &parameters)?;
    let mut sites: Vec<FlowSite> = judged.iter().map(|site| site_of(site, &town, &around)).collect();
    let mut segments = indexed(&town.graph, (around, angular));
    // Two counters of one street know nothing of each other that the street does not tell: the first stands for both, since the
    // second would be foretold by its twin.
    let mut taken = BTreeSet::new();
    let usable: Vec<usize> = (0..sites.len())
        .filter(|&at| judged[at].is_usable() && sites[at].segment.is_some() && sites[at].counted.is_some())
        .filter(|&at| {
            let is_first = taken.insert(sites[at].segment);
            if !is_first {
                let notice =
                    Notice::warning("counters_on_one_street", "counts", "counts a street that another counts too");
                notices.push(notice.at_element(sites[at].name.clone()).action("the first is used"));
            }
            is_first
        })
        .collect();
    let demand: Vec<DemandSite> =
        usable.iter().filter_map(|&at| demand_site(&sites[at], at, &segments, &judged[at], &town)).collect();
    let mut found = FlowStudy {
        segments: Vec::new(),
        usable: demand.len(),
        fit: None,
        judged: Vec::new(),
        expansion,
        sites: Vec::new(),
        town,
    };
    if demand.len() >= LEAST_COUNTERS {
        progress.step("audit", 0, 0);
        let judged = Model::ALL.map(|model| judge(model, &demand, parameters.seed));
        let foretold = judged[0].1.clone();
        found.judged = judged.map(|(judged, _)| judged).to_vec();
        usable.iter().zip(&foretold).for_each(|(&at, foretold)| sites[at].foretold = *foretold);
        found.fit = fit_demand(&demand, Model::Regression.terms());
        if let Some(fit) = &found.fit {
            estimate(&mut segments, fit, (&demand, &foretold));
            for &at in &usable {
                let (Some(segment), Some(counted)) = (sites[at].segment, sites[at].counted) else { continue };
                if let Some(own) = segments.iter_mut().find(|own| own.segment == segment) {
                    own.estimate =
                        Some(FlowEstimate { persons: counted, interval: [counted; 2], basis: FlowBasis::Measured });
                }
            }
        }
    }
    (found.segments, found.sites) = (segments, sites);
    Ok(found)
}

/// How well a model foretells, and what it foretells for counters left out one after the other.
fn judge(model: Model, demand: &[DemandSite], seed: u64) -> (Judged, Vec<Option<f64>>) {
    let judged = |foretold: &[Option<f64>]| {
        let judged = judge_foretelling(demand, foretold, DRAWS, seed);
        // The mean of the others falls as the own count rises: their ranks are opposite, and say nothing.
        Foretelling { spearman: judged.spearman.filter(|_| model != Model::Constant), ..judged }
    };
    let by_site = foretell_left_out(demand, model.terms(), LeftOut::Site);
    let by_area = foretell_left_out(demand, model.terms(), LeftOut::Area);
    (Judged { model, by_site: judged(&by_site), by_area: judged(&by_area) }, by_site)
}

/// Per segment what stands around it.
fn around_segments(town: &Town, parameters: &Parameters) -> Result<(Vec<Around>, Angular), StudyError> {
    let graph = &town.graph;
    let traffic = lay_traffic(town, parameters);
    let radius = parameters.walk_speed.time_for(parameters.flow_radius_m);
    let betweenness = measure_betweenness(graph, Profile::Adult, radius);
    let mut through = vec![0.0; graph.segment_count()];
    graph.arcs().for_each(|arc| through[graph.segment(arc).index()] += betweenness.along_arc(arc));
    let angular = measure_angular(graph, Profile::Adult, parameters.flow_radius_m);
    let near = near_nodes(town, parameters.walk_speed.time_for(AROUND_M))?;
    let of = |segment: SegmentId| {
        let (from, to) = graph.segment_ends(segment);
        let most = |kind: usize| near(from, kind).max(near(to, kind));
        let choice = angular.normalised_choice(segment);
        [traffic.on(segment), through[segment.index()], most(0), most(1), most(2), choice]
    };
    let around = graph.segments().map(of).collect();
    Ok((around, angular))
}

/// Shops, people and departures within a walk of each node.
fn near_nodes(town: &Town, walk: TravelTime) -> Result<impl Fn(NodeId, usize) -> f64, StudyError> {
    let mut things: Vec<LinkedOpportunity> = Vec::new();
    let mut add = |place: Option<crate::network::linkage::LinkedPoint>, kind: usize, amount: f64| {
        let amount = amount.round().clamp(0.0, f64::from(u32::MAX)) as u32;
        things.extend(place.map(|place| LinkedOpportunity { place, kind, amount }));
    };
    town.places.iter().filter(|place| place.category.is_shop()).for_each(|place| add(place.link, 0, 1.0));
    // Tenths of people: a house may hold less than one in the mean.
    town.homes.iter().zip(&town.home_links).for_each(|(home, link)| add(*link, 1, 10.0 * home.people));
    town.stops.iter().for_each(|stop| add(stop.link, 2, stop.departures.map_or(0.0, f64::from)));
    let questions = AccessQuestions { kinds: 3, cutoffs: &[walk], ..AccessQuestions::default() };
    let access = measure_access(&town.graph, Profile::Adult, &things, &questions).map_err(StudyError::TooMuchAround)?;
    Ok(move |node: NodeId, kind: usize| f64::from(access.count(node, kind, 0)) / if kind == 1 { 10.0 } else { 1.0 })
}

/// Streets with what stands around them, and their index by laid flow.
fn indexed(graph: &StreetGraph, (around, angular): (Vec<Around>, Angular)) -> Vec<FlowSegment> {
    let streets: Vec<SegmentId> = graph.segments().filter(|&segment| graph.is_street(segment)).collect();
    let mut flows: Vec<f64> = streets.iter().map(|segment| around[segment.index()][0]).collect();
    flows.sort_by(f64::total_cmp);
    let index = |flow: f64| 100.0 * flows.partition_point(|other| *other < flow) as f64 / flows.len().max(1) as f64;
    let of = |segment: SegmentId| {
        let around = around[segment.index()];
        let angular_integration = angular.integration(segment);
        FlowSegment { segment, around, angular_integration, index: index(around[0]), estimate: None }
    };
    streets.into_iter().map(of).collect()
}

fn logarithms(around: &Around) -> Vec<f64> {
    let logarithm = |(term, amount): (usize, &f64)| if term == ANGULAR_CHOICE { *amount } else { amount.ln_1p() };
    around.iter().enumerate().map(logarithm).collect()
}

/// A counter, and of the streets beside it the one with most laid flow.
fn site_of(site: &JudgedSite, town: &Town, around: &[Around]) -> FlowSite {
    let beside = site.point.map(|point| segments_beside(town, point)).unwrap_or_default();
    let streets = beside.into_iter().filter(|&segment| town.graph.is_street(segment));
    FlowSite {
        name: site.name.clone(),
        counted: site.aadp.filter(|aadp| *aadp > 0.0),
        foretold: None,
        verdict: site.verdict(),
        reasons: site.reasons(),
        // Of equal ones the first.
        segment: streets.rev().max_by(|a, b| around[a.index()][0].total_cmp(&around[b.index()][0])),
    }
}

/// What the regression knows of a counter. One outside all districts is an area of its own.
fn demand_site(
    site: &FlowSite,
    at: usize,
    segments: &[FlowSegment],
    judged: &JudgedSite,
    town: &Town,
) -> Option<DemandSite> {
    let segment = site.segment?;
    let own = segments.iter().find(|own| own.segment == segment)?;
    let district: Option<DistrictId> = judged.point.and_then(|point| town.areas.find_area(point));
    let area = district.map_or(town.districts.len() + at, DistrictId::index);
    Some(DemandSite { counted: site.counted?, around: logarithms(&own.around), area })
}

/// Persons on each street, within what most left-out counters lay.
fn estimate(segments: &mut [FlowSegment], fit: &DemandFit, (demand, foretold): (&[DemandSite], &[Option<f64>])) {
    let missed =
        demand.iter().zip(foretold).filter_map(|(site, foretold)| Some((site.counted / (*foretold)?).ln().abs()));
    let mut missed: Vec<f64> = missed.collect();
    missed.sort_by(f64::total_cmp);
    let place = ((INTERVAL_SHARE * missed.len() as f64).ceil() as usize).clamp(1, missed.len().max(1)) - 1;
    let factor = missed.get(place).map_or(1.0, |missed| missed.exp());
    let used: Vec<usize> = (0..TERMS.len()).filter(|&term| fit.weights[term] > 0.0).collect();
    let bounds = |term: usize| {
        let values = demand.iter().map(|site| site.around[term]);
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
    };
    let known: Vec<(usize, (f64, f64))> = used.into_iter().map(|term| (term, bounds(term))).collect();
    for segment in segments {
        let around = logarithms(&segment.around);
        let persons = fit.expect(&around);
        let inside = known.iter().all(|(term, (low, high))| (*low..=*high).contains(&around[*term]));
        let basis = if inside { FlowBasis::Interpolated } else { FlowBasis::Extrapolated };
        segment.estimate = Some(FlowEstimate { persons, interval: [persons / factor, persons * factor], basis });
    }
}

/// How far counts of a day and of a week are off once they are expanded by the other counters: days, and their error.
pub(super) fn expansion_errors(counters: &[CountedDays], seed: u64) -> Vec<(u32, ExpansionError)> {
    let error = |&days: &u32| Some((days, measure_expansion_error(counters, days, SHORT_COUNTS, seed)?));
    SHORT_DAYS.iter().filter_map(error).collect()
}
