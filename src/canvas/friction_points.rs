//! Findings of the analysis → the ranked list of friction points, with files and dates as evidence.

use std::collections::BTreeMap;

use geo::Coord;

use crate::analysis::friction::{EvidenceSource, Finding};
use crate::base::ids::DistrictId;
use crate::base::projection::Plane;
use crate::canvas::feed::{CandidateAction, Evidence, FrictionPoint, InputFile};

/// At most this many points of one cause are listed: the list is to be read.
pub const MOST_PER_CAUSE: usize = 5;
/// At most this many points in all.
pub const MOST: usize = 30;

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
}

/// Ranks findings by avoidable person-seconds; of each cause the worst [`MOST_PER_CAUSE`] stay.
pub fn rank_friction_points(mut findings: Vec<Finding>, context: &PointContext<'_>) -> Vec<FrictionPoint> {
    findings.retain(|f| f.person_seconds() > 0.0 && f.person_seconds().is_finite());
    findings.sort_by(|a, b| {
        let worst_first = b.person_seconds().total_cmp(&a.person_seconds());
        let by_place = a.point.x.total_cmp(&b.point.x).then(a.point.y.total_cmp(&b.point.y));
        worst_first.then(a.cause.cmp(&b.cause)).then_with(|| a.name.cmp(&b.name)).then(by_place)
    });
    let mut per_cause: BTreeMap<&str, usize> = BTreeMap::new();
    let mut points = Vec::new();
    for finding in &findings {
        let number = per_cause.entry(finding.cause.key()).or_insert(0);
        *number += 1;
        if *number <= MOST_PER_CAUSE && points.len() < MOST {
            points.push(describe(finding, points.len() + 1, *number, context));
        }
    }
    points
}

fn describe(finding: &Finding, rank: usize, number: usize, context: &PointContext<'_>) -> FrictionPoint {
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
    fn the_list_is_ranked_and_no_cause_fills_it() {
        let plane = Plane::centred_on(LonLat { lon: 4.8, lat: 50.3 });
        let context =
            PointContext { plane: &plane, inputs: &[], district_code: &|_| String::new(), district_at: &|_| None };
        let mut findings: Vec<Finding> = (1..=9).map(|n| finding(Cause::StepsOnly, f64::from(n))).collect();
        findings.push(finding(Cause::ParkingFull, 4.5));
        findings.push(finding(Cause::LotCutOff, f64::NAN));
        let points = rank_friction_points(findings, &context);
        let persons: Vec<f64> = points.iter().map(|p| p.persons_per_day).collect();
        assert_eq!(persons, [9.0, 8.0, 7.0, 6.0, 5.0, 4.5]);
        assert_eq!(points[5].id, "parking_full-1");
        assert!(points.iter().enumerate().all(|(i, p)| p.rank as usize == i + 1));
    }
}
