//! What each indicator will rest on in an audit of the whole town, told before anything is measured.
//!
//! In: a town, whether there is a timetable, the count sites. Out: a quality per indicator and the input that would mend
//! it. The rules are those by which the assessment measures; a test compares both on the sample towns.

use crate::analysis::calibration::LEAST_SITES;
use crate::analysis::homes::PopulationBasis;
use crate::base::kinds::PlaceCategory;
use crate::canvas::check::Outlook;
use crate::canvas::indicators::{DEFINITIONS, Indicator, Quality};
use crate::study::assess::{pickup_points_are_sparse, shops_are_sparse};
use crate::study::count_sites::{CountSites, JudgedSite};
use crate::study::measure::BESIDE_M;
use crate::study::town::Town;
use crate::study::transit::runs_rail_only;

/// Share of lots with their bays told from which on no inventory is asked for (default).
const ENOUGH_CAPACITIES: f64 = 0.5;

/// What there is to measure with.
struct Basis {
    has_timetable: bool,
    rail_only: bool,
    people_counted: bool,
    flows_calibrated: bool,
    shops: bool,
    shops_sparse: bool,
    daily_shops: bool,
    pickup_points: bool,
    pickup_sparse: bool,
    assets: bool,
    vacant: bool,
    barriers: bool,
    bays: bool,
    bays_told: bool,
    disabled_bays: bool,
    occupancy: bool,
    arrivals: bool,
}

/// Looks ahead: one entry per indicator, in their order.
pub(super) fn foresee(town: &Town, has_timetable: bool, sites: Option<&CountSites>) -> Vec<Outlook> {
    let any = |wanted: fn(PlaceCategory) -> bool| town.places.iter().any(|place| wanted(place.category));
    let told = town.lots.iter().filter(|lot| lot.bays_given).count() as f64;
    let basis = Basis {
        has_timetable,
        rail_only: runs_rail_only(town),
        people_counted: town.population == PopulationBasis::Counted,
        flows_calibrated: sites.is_some_and(|sites| can_calibrate(town, sites)),
        shops: any(PlaceCategory::is_shop),
        shops_sparse: shops_are_sparse(town),
        daily_shops: any(|category| category == PlaceCategory::Convenience),
        pickup_points: any(|category| category == PlaceCategory::PickupPoint),
        pickup_sparse: pickup_points_are_sparse(town),
        assets: any(PlaceCategory::is_asset),
        vacant: any(|category| category == PlaceCategory::Vacant),
        barriers: !town.crossings.is_empty() || !town.barriers.is_empty(),
        bays: town.lots.iter().any(|lot| lot.bays >= 1.0),
        bays_told: told >= ENOUGH_CAPACITIES * town.lots.len() as f64,
        disabled_bays: town.lots.iter().any(|lot| lot.disabled.is_some()),
        occupancy: town.lots.iter().any(|lot| !lot.occupancy.is_empty()),
        arrivals: !town.lots.is_empty() || !town.stops.is_empty(),
    };
    DEFINITIONS.iter().map(|definition| basis.outlook(definition.indicator)).collect()
}

/// Whether enough sites stand on a street to scale the flows.
fn can_calibrate(town: &Town, sites: &CountSites) -> bool {
    let on_street =
        |site: &&JudgedSite| site.point.is_some_and(|point| !town.index.near(&town.graph, point, BESIDE_M).is_empty());
    let usable = sites.sites.iter().filter(|site| site.is_usable()).filter(on_street).count();
    let standing_in = sites.sites.iter().filter(|site| site.may_stand_in()).filter(on_street).count();
    usable + if usable < LEAST_SITES { standing_in } else { 0 } >= LEAST_SITES
}

impl Basis {
    fn outlook(&self, indicator: Indicator) -> Outlook {
        let (quality, mended_by) = self.foresee(indicator);
        Outlook { indicator, quality, mended_by: mended_by.map(str::to_owned) }
    }

    fn foresee(&self, indicator: Indicator) -> (Option<Quality>, Option<&'static str>) {
        match indicator {
            Indicator::PedshedPeople | Indicator::DetourFactor | Indicator::StepFreeShare => self.of_people(),
            Indicator::DailyShopShare => self.of_shops(self.daily_shops, self.of_people()),
            Indicator::PickupShare if !self.pickup_points => (None, Some("places")),
            Indicator::PickupShare if self.pickup_sparse => (Some(Quality::Assumed), Some("places")),
            Indicator::PickupShare => self.of_people(),
            Indicator::SeveranceShare if self.barriers => (Some(Quality::Observed), None),
            Indicator::SeveranceShare => (None, None),
            Indicator::NotWellServedShare
            | Indicator::PtalCentre
            | Indicator::TransitTimeP50
            | Indicator::ReturnShare => match (self.has_timetable, self.rail_only) {
                (false, _) => (None, Some("timetable")),
                (true, true) => (Some(Quality::Assumed), Some("timetable")),
                (true, false) => (Some(Quality::Observed), None),
            },
            Indicator::BusyWithoutShopsShare | Indicator::FlowShopMismatch | Indicator::UnseenShopShare => {
                let flows = match self.flows_calibrated {
                    true => (Some(Quality::Observed), None),
                    false => (Some(Quality::Inferred), Some("counts")),
                };
                self.of_shops(self.shops, flows)
            }
            Indicator::ShopsWithoutBayShare if self.shops && !self.bays => (None, Some("parking")),
            Indicator::ShopsWithoutBayShare => {
                let mend = if self.bays_told { None } else { Some("parking") };
                self.of_shops(self.shops, (Some(Quality::Inferred), mend))
            }
            Indicator::NoDisabledBayShare if self.shops && !self.disabled_bays => (None, Some("parking")),
            Indicator::NoDisabledBayShare => self.of_shops(self.shops, (Some(Quality::Inferred), None)),
            Indicator::FullHoursShare if self.occupancy => (Some(Quality::Observed), None),
            Indicator::FullHoursShare => (None, Some("occupancy")),
            Indicator::VacancyShare => self.of_shops(self.vacant, (Some(Quality::Inferred), Some("places"))),
            Indicator::AssetWalkP50 | Indicator::RemoteAssetShare => {
                self.of_shops(self.assets, (Some(Quality::Inferred), None))
            }
            Indicator::KnowledgeCoverage => (Some(Quality::Observed), None),
            Indicator::CarryDistance => self.of_shops(self.shops && self.arrivals, (Some(Quality::Inferred), None)),
        }
    }

    fn of_people(&self) -> (Option<Quality>, Option<&'static str>) {
        match self.people_counted {
            true => (Some(Quality::Observed), None),
            false => (Some(Quality::Inferred), Some("population")),
        }
    }

    /// What rests on places: nothing without any, an assumption where the map has hardly any.
    fn of_shops(
        &self,
        there: bool,
        found: (Option<Quality>, Option<&'static str>),
    ) -> (Option<Quality>, Option<&'static str>) {
        match (there, self.shops_sparse) {
            (false, _) => (None, Some("places")),
            (true, true) => (Some(Quality::Assumed), Some("places")),
            (true, false) => found,
        }
    }
}
