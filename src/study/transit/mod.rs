//! What the timetable offers the town: service at stops, journeys to the core, the way home after closing.

mod evening;
mod origins;
mod stop_links;
mod supply;

use crate::analysis::friction::Finding;
use crate::analysis::friction::last_departure::{LineFromCore, find_early_lines};
use crate::analysis::parameters::Parameters;
use crate::analysis::statistics::{share_where, weighted_mean, weighted_quantile};
use crate::base::kinds::StopMode;
use crate::canvas::feed::NotScored;
use crate::canvas::indicators::{Indicator, Quality};
use crate::canvas::score::Measured;
use crate::study::assess::AreaChoice;
use crate::study::measure::Measures;
use crate::study::service_day::ServiceDay;
use crate::study::town::Town;
use evening::lines_from_core;
use origins::{ACCESS_LIMIT, Journeys, SampledOrigin};
use stop_links::StopLinks;
use supply::{find_served_homes, ptal_at};

/// What the timetable offers.
pub struct TransitMeasures {
    /// Whether each home is well served (IWEPS).
    home_served: Vec<bool>,
    /// PTAL index at the core.
    ptal: f64,
    origins: Vec<SampledOrigin>,
    lines: Vec<LineFromCore>,
    rail_only: bool,
}

/// Measures what the timetable of the day offers the town.
pub fn measure_transit(town: &Town, day: &ServiceDay, measures: &Measures, parameters: &Parameters) -> TransitMeasures {
    let timetable = &day.timetable;
    let stops = StopLinks::new(town, timetable);
    let core = stops.walks_around(&town.core.links, ACCESS_LIMIT);
    let footpaths = stops.footpaths(timetable);
    let journeys = Journeys { town, timetable, stops: &stops, footpaths: &footpaths, core: &core };
    TransitMeasures {
        home_served: find_served_homes(town),
        ptal: ptal_at(timetable, &core),
        origins: journeys.sample_origins(measures, parameters),
        lines: lines_from_core(timetable, &footpaths, &core, parameters),
        rail_only: timetable.routes().values().iter().all(|route| route.mode == StopMode::Rail),
    }
}

impl TransitMeasures {
    /// An indicator of an area; `holds` tells which homes are in it.
    pub fn measure(
        &self,
        indicator: Indicator,
        town: &Town,
        holds: impl Fn(usize) -> bool,
        area: AreaChoice,
    ) -> Measured {
        let flag = |found: Measured| if self.rail_only { found.flagged("rail_only") } else { found };
        let origins: Vec<&SampledOrigin> = self.origins.iter().filter(|origin| holds(origin.home)).collect();
        let sample = origins.len() as f64;
        let of = |value: Option<f64>, sample: f64| match value {
            Some(value) => flag(Measured::new(value, Quality::Observed, sample)),
            None => Measured::absent(NotScored::NothingHere),
        };
        match indicator {
            Indicator::PtalCentre => match area {
                AreaChoice::Town | AreaChoice::Centre => of(Some(self.ptal), 1.0),
                AreaChoice::District(_) => Measured::absent(NotScored::NothingHere),
            },
            Indicator::TransitTimeP50 => {
                let minutes: Vec<(f64, f64)> = origins.iter().map(|o| (o.minutes, o.people)).collect();
                of(weighted_quantile(&minutes, 0.5).map(|m| m.min(120.0)), sample)
            }
            Indicator::ReturnShare => {
                // Only who gets to the core in the first place can be without a way home.
                let came: Vec<(f64, f64)> = origins.iter().filter(|o| o.comes).map(|o| (o.returns, o.people)).collect();
                of(weighted_mean(&came), came.len() as f64)
            }
            _ => {
                let people: Vec<(f64, f64)> = (0..town.homes.len())
                    .filter(|&home| holds(home))
                    .map(|home| (f64::from(u8::from(self.home_served[home])), town.homes[home].people))
                    .collect();
                of(share_where(&people, |served| served < 0.5), people.len() as f64)
            }
        }
    }

    /// Lines that leave people at the core after closing.
    pub fn find_last_departures(&self, parameters: &Parameters) -> Vec<Finding> {
        find_early_lines(&self.lines, parameters)
    }
}
