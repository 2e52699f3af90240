//! Findings of the analysis → the ranked list of friction points, with files and dates as evidence.

use std::collections::BTreeMap;

use geo::Coord;
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

use crate::analysis::friction::{EvidenceSource, Finding};
use crate::base::ids::DistrictId;
use crate::base::mixing::{Mixing, mix};
use crate::base::projection::Plane;
use crate::canvas::feed::{CandidateAction, Evidence, FrictionPoint, InputFile, Interval};
use crate::canvas::uncertainty::quality_place;

/// At most this many points of one cause are listed: the list is to be read.
pub const MOST_PER_CAUSE: usize = 5;
/// At most this many points in all.
pub const MOST: usize = 30;
/// How far the persons of a finding may be off, where they are observed, inferred or assumed: one standard deviation of the
/// logarithm (default; 0.35 is a factor of 1.4).
const PERSONS_ERROR: [f64; 3] = [0.15, 0.35, 0.70];
/// How far its seconds may be off (default).
const SECONDS_ERROR: f64 = 0.10;
/// Share of the variance of persons that is that of a rate, common to all findings of the same people (default).
const SHARED: f64 = 0.5;
/// Draws that are worked on at once.
const DRAWS_AT_ONCE: usize = 64;

/// What the list needs to know beside the findings.
pub struct PointContext<'a> {
    /// The study's metric plane.
    pub plane: &'a Plane,
    /// The files that went in.
    pub inputs: &'a [InputFile],
    /// The code of a district.
    pub district_code: &'a dyn Fn(DistrictId) -> String,
    /// The district a point lies in.
    pub district_at: &'a dyn Fn(Coord<f64>) -> Option<DistrictId>,
    /// How often persons and seconds are drawn anew, and from what seed.
    pub draws: (usize, u64),
}

/// Ranks findings by avoidable person-seconds; of each cause the worst [`MOST_PER_CAUSE`] stay.
pub fn rank_friction_points(mut findings: Vec<Finding>, context: &PointContext<'_>) -> Vec<FrictionPoint> {
    findings.retain(|f| f.person_seconds() > 0.0 && f.person_seconds().is_finite());
    findings.sort_by(|a, b| {
        let worst_first = b.person_seconds().total_cmp(&a.person_seconds());
        let by_place = a.point.x.total_cmp(&b.point.x).then(a.point.y.total_cmp(&b.point.y));
        worst_first.then(a.cause.cmp(&b.cause)).then_with(|| a.name.cmp(&b.name)).then(by_place)
    });
    let doubts = draw_findings(&findings, context.draws);
    let mut per_cause: BTreeMap<&str, usize> = BTreeMap::new();
    let mut points = Vec::new();
    for (finding, doubt) in findings.iter().zip(doubts) {
        let number = per_cause.entry(finding.cause.key()).or_insert(0);
        *number += 1;
        if *number <= MOST_PER_CAUSE && points.len() < MOST {
            points.push(describe((finding, doubt), points.len() + 1, *number, context));
        }
    }
    points
}

/// Within which the person-seconds of a finding lie, and its rank among all.
type Doubt = (Option<Interval>, Option<Interval>);

/// Draws persons and seconds of each finding within their errors: those that are known in the same way of the same people are
/// off together, by a rate that is wrong for all of them.
fn draw_findings(findings: &[Finding], (draws, seed): (usize, u64)) -> Vec<Doubt> {
    let keys: Vec<u64> = findings.iter().map(key_of).collect();
    let drawn: Vec<Vec<(f64, usize)>> = (0..draws)
        .into_par_iter()
        .with_min_len(DRAWS_AT_ONCE)
        .map(|number| {
            let draw_seed = mix(seed) ^ mix(number as u64);
            let normal = |key: u64| -> [f64; 2] {
                let mut draw = Mixing::of(draw_seed ^ mix(key));
                [StandardNormal.sample(&mut draw), StandardNormal.sample(&mut draw)]
            };
            let lost: Vec<f64> = findings
                .iter()
                .zip(&keys)
                .map(|(finding, &key)| {
                    let of_rate = normal(finding.who as u64)[0];
                    let [of_place, of_seconds] = normal(key);
                    let error = PERSONS_ERROR[quality_place(finding.quality)];
                    let persons = error * (SHARED.sqrt() * of_rate + (1.0 - SHARED).sqrt() * of_place);
                    finding.person_seconds() * (persons + SECONDS_ERROR * of_seconds).exp()
                })
                .collect();
            let mut order: Vec<usize> = (0..lost.len()).collect();
            order.sort_by(|&a, &b| lost[b].total_cmp(&lost[a]));
            let mut drawn: Vec<(f64, usize)> = lost.into_iter().map(|lost| (lost, 0)).collect();
            order.into_iter().enumerate().for_each(|(rank, at)| drawn[at].1 = rank + 1);
            drawn
        })
        .collect();
    let of = |at: usize| {
        let lost = Interval::of(drawn.iter().map(|draw| draw[at].0).collect());
        let rank = Interval::of(drawn.iter().map(|draw| draw[at].1 as f64).collect());
        let rounded = |between: Interval| Interval { p5: round_to(between.p5, 0), p95: round_to(between.p95, 0) };
        (lost.map(rounded), rank)
    };
    (0..findings.len()).map(of).collect()
}

/// What tells a finding from all others, whatever else is found.
fn key_of(finding: &Finding) -> u64 {
    let place = [finding.point.x, finding.point.y].map(|at| (at * 100.0).round() as i64 as u64);
    // Several lines may end at one stop.
    let name = finding.name.bytes().map(u64::from);
    place.into_iter().chain(name).fold(mix(finding.cause as u64 + 1000), |key, part| mix(key ^ part))
}

fn describe(
    (finding, (person_seconds_interval, rank_interval)): (&Finding, Doubt),
    rank: usize,
    number: usize,
    context: &PointContext<'_>,
) -> FrictionPoint {
    let position = context.plane.unproject(finding.point);
    let degrees = |point: &Coord<f64>| rounded(context.plane, *point);
    let district = finding.district.or_else(|| (context.district_at)(finding.point));
    FrictionPoint {
        rank: rank as u32,
        id: format!("{}-{number}", finding.cause.key()),
        cause: finding.cause,
        dimension: finding.cause.dimension(),
        name: finding.name.clone(),
        lon: round_to(position.lon, 7),
        lat: round_to(position.lat, 7),
        district: district.map(context.district_code),
        who: finding.who,
        persons_per_day: round_to(finding.persons, 1),
        avoidable_s: round_to(finding.avoidable_s, 1),
        person_seconds_per_day: round_to(finding.person_seconds(), 0),
        person_seconds_interval,
        rank_interval,
        quality: finding.quality,
        evidence: finding
            .facts
            .iter()
            .map(|fact| {
                let inputs = find_inputs(context.inputs, fact.source);
                let files: Vec<&str> = inputs.iter().map(|input| input.file.as_str()).collect();
                let data_date = inputs.first().and_then(|first| first.data_date.clone());
                Evidence {
                    key: fact.key.to_owned(),
                    value: round_to(fact.value, 3),
                    unit: fact.unit.to_owned(),
                    file: files.join(" + "),
                    data_date: data_date.filter(|_| inputs.iter().all(|i| i.data_date == inputs[0].data_date)),
                }
            })
            .collect(),
        candidate_actions: finding
            .remedies
            .iter()
            .map(|remedy| CandidateAction {
                modification: remedy.modification.to_owned(),
                at: remedy.at.iter().map(degrees).collect(),
                value: remedy.value,
            })
            .collect(),
        lines: finding.lines.iter().map(|line| line.iter().map(degrees).collect()).collect(),
    }
}

/// The files that a fact may be from: all of its kind, since a fact does not know its file.
fn find_inputs(inputs: &[InputFile], source: EvidenceSource) -> Vec<&InputFile> {
    let kinds: &[&str] = match source {
        EvidenceSource::Model | EvidenceSource::Parameter => &[],
        EvidenceSource::Streets => &["streets"],
        EvidenceSource::Timetable => &["timetable"],
        // Car parks may come from the street data alone, people from the districts.
        EvidenceSource::Parking => &["parking", "streets"],
        EvidenceSource::Occupancy => &["occupancy", "parking"],
        EvidenceSource::Boardings => &["boardings"],
        EvidenceSource::Population => &["population", "districts"],
    };
    let of_kind = |kind: &&str| -> Vec<&InputFile> { inputs.iter().filter(|input| input.kind == *kind).collect() };
    kinds.iter().map(of_kind).find(|found| !found.is_empty()).unwrap_or_default()
}

/// A point in degrees, rounded to a centimetre.
pub fn rounded(plane: &Plane, point: Coord<f64>) -> [f64; 2] {
    let position = plane.unproject(point);
    [round_to(position.lon, 7), round_to(position.lat, 7)]
}

/// Rounds to so many decimals, so that the feed holds no digits that mean nothing.
pub fn round_to(value: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::friction::{Cause, Who};
    use crate::base::kinds::Quality;
    use crate::base::projection::LonLat;

    fn finding(cause: Cause, persons: f64) -> Finding {
        Finding {
            cause,
            name: String::new(),
            point: Coord { x: persons, y: 0.0 },
            district: None,
            who: Who::Walkers,
            persons,
            avoidable_s: 100.0,
            quality: Quality::Inferred,
            facts: vec![],
            remedies: vec![],
            lines: vec![],
        }
    }

    #[test]
    fn evidence_names_all_files_that_it_may_be_from() {
        let input = |kind: &str, file: &str| InputFile {
            kind: kind.to_owned(),
            file: file.to_owned(),
            sha256: String::new(),
            bytes: 0,
            data_date: None,
            attribution: None,
        };
        let inputs = [input("streets", "a.pbf"), input("timetable", "bus.zip"), input("timetable", "train.zip")];
        let files = |source| find_inputs(&inputs, source).iter().map(|i| i.file.clone()).collect::<Vec<_>>();
        assert_eq!(files(EvidenceSource::Timetable), ["bus.zip", "train.zip"]);
        assert_eq!(files(EvidenceSource::Parking), ["a.pbf"]);
        assert_eq!(files(EvidenceSource::Model), Vec::<String>::new());
    }

    #[test]
    fn what_is_observed_is_surer_than_what_is_assumed() {
        let width = |quality| {
            let finding = Finding { quality, ..finding(Cause::StepsOnly, 10.0) };
            let interval = draw_findings(&[finding], (1000, 1))[0].0.expect("drawn");
            interval.p95 / interval.p5
        };
        let widths = [Quality::Observed, Quality::Inferred, Quality::Assumed].map(width);
        // exp(2 × 1.645 × sqrt(error² + 0.1²)): 1.8, 3.3, 10.
        assert!(widths[0] < 2.1 && (2.8..4.0).contains(&widths[1]) && widths[2] > 7.0, "{widths:?}");
    }

    #[test]
    fn the_list_is_ranked_and_no_cause_fills_it() {
        let plane = Plane::centred_on(LonLat { lon: 4.8, lat: 50.3 });
        let context = PointContext {
            plane: &plane,
            inputs: &[],
            district_code: &|_| String::new(),
            district_at: &|_| None,
            draws: (200, 1),
        };
        let mut findings: Vec<Finding> = (1..=9).map(|n| finding(Cause::StepsOnly, f64::from(n))).collect();
        findings.push(finding(Cause::ParkingFull, 4.5));
        findings.push(finding(Cause::LotCutOff, f64::NAN));
        let points = rank_friction_points(findings, &context);
        let persons: Vec<f64> = points.iter().map(|p| p.persons_per_day).collect();
        assert_eq!(persons, [9.0, 8.0, 7.0, 6.0, 5.0, 4.5]);
        assert_eq!(points[5].id, "parking_full-1");
        assert!(points.iter().enumerate().all(|(i, p)| p.rank as usize == i + 1));
        for point in &points {
            let interval = point.person_seconds_interval.expect("drawn");
            // Inferred persons and seconds: 1.645 standard deviations of the logarithm are 0.6, a factor of 1.8 either way.
            let factors = [point.person_seconds_per_day / interval.p5, interval.p95 / point.person_seconds_per_day];
            assert!(factors.iter().all(|factor| (1.5..2.4).contains(factor)), "{factors:?}");
            let rank = point.rank_interval.expect("drawn");
            assert!(rank.p5 <= f64::from(point.rank) && f64::from(point.rank) <= rank.p95 && rank.p95 <= 10.0);
        }
    }
}
