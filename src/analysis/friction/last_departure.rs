//! Lines whose last departure from the core leaves before the shops close.
//!
//! A line is a friction where people who stay until closing can no longer reach its stops by any means. The seconds
//! lost are those by which the last departure is too early: who
//! must leave early loses that much of the evening at the shops, at most three times the cap. The persons are the riders of the
//! line who are served by those stops, in a share that is the same for every line ([`EVENING_SHARE`]), however many hours
//! are missing.

use geo::Coord;

use super::{Cause, EvidenceSource, Fact, Finding, Remedy, Who};
use crate::analysis::parameters::Parameters;
use crate::base::kinds::{Quality, StopMode};
use crate::base::units::ClockTime;

/// Share of a line's riders who would travel after closing, had there been a vehicle (default).
pub const EVENING_SHARE: f64 = 0.15;

/// A line as the core sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct LineFromCore {
    /// Its name.
    pub name: String,
    /// What runs on it.
    pub mode: StopMode,
    /// The stop of the core that it leaves from.
    pub point: Coord<f64>,
    /// Departures from the core in the day.
    pub departures: u32,
    /// The last of them.
    pub last: ClockTime,
    /// Share of the line's other stops that nothing reaches after closing, 0 to 1.
    pub stranded_share: f64,
    /// Those stops, for the map.
    pub stranded: Vec<Coord<f64>>,
}

/// Lines that strand people after closing.
pub fn find_early_lines(lines: &[LineFromCore], parameters: &Parameters) -> Vec<Finding> {
    lines.iter().filter_map(|line| describe(line, parameters)).collect()
}

fn describe(line: &LineFromCore, parameters: &Parameters) -> Option<Finding> {
    let needed = parameters.closing_time.plus_seconds(parameters.closing_margin.seconds() as u32);
    if line.last >= needed || line.stranded_share <= 0.0 || line.departures == 0 {
        return None;
    }
    let loss_s = (needed - line.last).seconds().min(3.0 * parameters.loss_cap.seconds());
    let per_departure = match line.mode {
        StopMode::Rail => parameters.passengers_per_train,
        StopMode::Bus | StopMode::Tram | StopMode::Other => parameters.passengers_per_departure,
    };
    let persons = f64::from(line.departures) * per_departure * line.stranded_share * EVENING_SHARE;
    let clock = |time: ClockTime| f64::from(time.seconds());
    let who = if line.mode == StopMode::Rail { Who::TrainPassengers } else { Who::BusPassengers };
    Some(Finding {
        cause: Cause::LastDepartureBeforeClosing,
        name: line.name.clone(),
        point: line.point,
        district: None,
        who,
        persons,
        avoidable_s: loss_s,
        quality: Quality::Inferred,
        facts: vec![
            Fact::new("last_departure", clock(line.last), "clock", EvidenceSource::Timetable),
            Fact::new("closing_time", clock(parameters.closing_time), "clock", EvidenceSource::Parameter),
            Fact::new("departures", f64::from(line.departures), "count", EvidenceSource::Timetable),
            Fact::new("stranded_share", line.stranded_share, "share", EvidenceSource::Timetable),
        ],
        remedies: vec![Remedy { modification: "extend_span", at: vec![line.point], value: Some(clock(needed)) }],
        lines: line.stranded.iter().map(|&stop| vec![line.point, stop]).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(last: ClockTime, stranded_share: f64) -> LineFromCore {
        let point = Coord { x: 0.0, y: 0.0 };
        let name = "12".to_owned();
        LineFromCore { name, mode: StopMode::Bus, point, departures: 20, last, stranded_share, stranded: vec![] }
    }

    #[test]
    fn a_line_that_ends_before_closing_strands_its_riders() {
        // Shops close at 18:30, a quarter of an hour to the stop: 18:45. The last bus at 17:45 is 3,600 s too early.
        // 20 departures of 4 passengers, half of the stops stranded, 15 % in the evening: 6 persons.
        let found = find_early_lines(&[line(ClockTime::from_hm(17, 45), 0.5)], &Parameters::default());
        assert_eq!(found[0].avoidable_s, 3600.0);
        assert!((found[0].persons - 6.0).abs() < 1e-9);
    }

    #[test]
    fn a_late_line_or_one_that_others_replace_is_no_friction() {
        let lines = [line(ClockTime::from_hm(18, 45), 1.0), line(ClockTime::from_hm(12, 0), 0.0)];
        assert!(find_early_lines(&lines, &Parameters::default()).is_empty());
    }
}
