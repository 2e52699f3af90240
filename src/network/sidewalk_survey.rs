//! What is told about sidewalks: the length of carriageways by what their tags say of them.
//!
//! In: street records. Out: lengths. It looks at the tags alone; where a sidewalk runs is found in `sidepaths`. For those
//! who check an extract, not for scores.

use crate::base::geometry::length_m;
use crate::base::kinds::StreetClass;
use crate::base::projection::Plane;
use crate::sources::osm::records::{OsmRecords, Sidewalk};

/// Lengths by what is told about sidewalks, metres.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct SidewalkSurvey {
    /// Carriageways that may have a sidewalk: primary to residential roads and their links.
    pub carriageway_m: f64,
    /// Of these: a sidewalk on at least one side is told on the carriageway itself.
    pub on_street_m: f64,
    /// Of these: the sidewalks are said to be mapped as ways of their own.
    pub separate_m: f64,
    /// Of these: there is said to be none.
    pub none_m: f64,
    /// Of these: nothing is said.
    pub untold_m: f64,
    /// Sidewalks mapped as ways of their own; each side for itself.
    pub mapped_m: f64,
}

/// Looks at every street once.
pub fn survey_sidewalks(records: &OsmRecords, plane: &Plane) -> SidewalkSurvey {
    let mut survey = SidewalkSurvey::default();
    for street in &records.streets {
        let along_m = length_m(&plane.project_all(&records.course(street)));
        if !along_m.is_finite() {
            continue;
        }
        if street.tags.is_sidewalk {
            survey.mapped_m += along_m;
        }
        if !may_have_sidewalks(street.tags.class) || street.tags.area {
            continue;
        }
        survey.carriageway_m += along_m;
        *match street.tags.sidewalk {
            Some(Sidewalk::Yes) => &mut survey.on_street_m,
            Some(Sidewalk::Separate) => &mut survey.separate_m,
            Some(Sidewalk::No) => &mut survey.none_m,
            None => &mut survey.untold_m,
        } += along_m;
    }
    survey
}

/// Roads of towns with a carriageway of their own. Motorways and trunk roads have none beside them as a rule; living
/// streets, pedestrian streets, drives and tracks are walked on as a whole.
const fn may_have_sidewalks(class: StreetClass) -> bool {
    matches!(
        class,
        StreetClass::Primary
            | StreetClass::PrimaryLink
            | StreetClass::Secondary
            | StreetClass::SecondaryLink
            | StreetClass::Tertiary
            | StreetClass::TertiaryLink
            | StreetClass::Unclassified
            | StreetClass::Residential
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::street_sketch::StreetSketch;

    /// 100 m with a sidewalk, 50 m with one mapped apart of 45 m, 30 m without any, 20 m of which nothing is said; the
    /// living street and the drive do not count.
    #[test]
    fn each_carriageway_counts_under_what_it_says() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (60, 0), (100, 0)], StreetClass::Residential).sidewalk = Some(Sidewalk::Yes);
        sketch.way(&[(0, 50), (50, 50)], StreetClass::Primary).sidewalk = Some(Sidewalk::Separate);
        sketch.way(&[(0, 54), (45, 54)], StreetClass::Footway).is_sidewalk = true;
        sketch.way(&[(0, 100), (30, 100)], StreetClass::TertiaryLink).sidewalk = Some(Sidewalk::No);
        sketch.way(&[(0, 150), (20, 150)], StreetClass::Unclassified);
        sketch.way(&[(0, 200), (70, 200)], StreetClass::LivingStreet);
        sketch.way(&[(0, 250), (70, 250)], StreetClass::Service);
        let found = survey_sidewalks(&sketch.records(), &StreetSketch::plane());
        let rounded =
            [found.carriageway_m, found.on_street_m, found.separate_m, found.none_m, found.untold_m, found.mapped_m]
                .map(|m| (m * 100.0).round() / 100.0);
        assert_eq!(rounded, [200.0, 100.0, 50.0, 30.0, 20.0, 45.0]);
    }
}
