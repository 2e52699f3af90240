//! What the timetable offers the town: service at stops, journeys to the core, the way home after closing.

mod direction;
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
pub(in crate::study) use origins::draws_of;
use origins::{ACCESS_LIMIT, Journeys, SampledOrigin};
pub(in crate::study) use stop_links::STOP_LINK_M;
use stop_links::StopLinks;
use supply::find_served_homes;
pub(in crate::study) use supply::ptal_at;

/// Departures other than of trains, as a share of those of trains, up to which a timetable has trains only (default).
const RAIL_ONLY_SHARE: f64 = 0.02;
/// A journey that takes longer, or does not arrive, is told as this many minutes and marked (default).
const LONGEST_MIN: f64 = 120.0;

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
    let from_core = stops.walks_from(&town.core.links, ACCESS_LIMIT);
    let to_core = stops.walks_to(&town.core.links, ACCESS_LIMIT);
    let footpaths = stops.footpaths(timetable);
    let footpaths = &footpaths;
    let journeys = Journeys { town, timetable, stops: &stops, footpaths, to_core: &to_core, from_core: &from_core };
    TransitMeasures {
        home_served: find_served_homes(town),
        ptal: ptal_at(timetable, &from_core),
        origins: journeys.sample_origins(measures, parameters),
        lines: lines_from_core(timetable, footpaths, &from_core, parameters),
        rail_only: runs_rail_only(town),
    }
}

/// Whether the timetable knows hardly any vehicle but trains at the stops of the town: where there are buses, it does
/// not have them. Buses that replace a train now and then change nothing.
pub(super) fn runs_rail_only(town: &Town) -> bool {
    let departures = |rail: bool| -> f64 {
        let stops = town.stops.iter().filter(|stop| stop.link.is_some() && (stop.mode == StopMode::Rail) == rail);
        stops.filter_map(|stop| stop.departures).map(f64::from).sum()
    };
    departures(true) > 0.0 && departures(false) <= RAIL_ONLY_SHARE * departures(true)
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
        // Without the buses it is not known how well people are served: an assumption, which is not scored.
        let flag = |found: Measured| match self.rail_only {
            true => Measured { quality: Quality::Assumed, ..found }.flagged("rail_only"),
            false => found,
        };
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
                let median = weighted_quantile(&minutes, 0.5);
                let found = of(median.map(|m| m.min(LONGEST_MIN)), sample);
                if median.is_some_and(|m| m >= LONGEST_MIN) && !self.rail_only {
                    return found.flagged("not_reached");
                }
                found
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
