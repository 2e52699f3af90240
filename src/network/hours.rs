//! What holds at an hour: conditional access values and opening hours, at the moment of a study.
//!
//! In: the texts of [`Conditions`], a local civil time. Out: the value that holds, or nothing where none does or the
//! text cannot be understood; such texts are collected, so that a notice can tell of them. Never a guess: what cannot
//! be read changes nothing.
//!
//! # References
//! OpenStreetMap wiki, *Conditional restrictions* and *Key:opening_hours/specification*.

use std::cell::Cell;
use std::collections::HashMap;

use jiff::civil::DateTime;
use opening_hours::OpeningHours;

use crate::base::silence::caught;
use crate::sources::osm::records::{Access, Conditions};

/// Longest text that is read: OSM keeps values to 255 characters.
const LONGEST_TEXT: usize = 255;

/// Evaluates texts at one moment. Equal texts are read once.
#[derive(Debug)]
pub struct Hours {
    moment: Option<DateTime>,
    known: HashMap<String, Option<bool>>,
    unread: Cell<usize>,
}

impl Hours {
    /// Hours at a moment of local civil time; without one no condition is evaluated.
    pub fn at(moment: Option<DateTime>) -> Self {
        Self { moment, known: HashMap::new(), unread: Cell::new(0) }
    }

    /// How many texts could not be understood.
    pub fn unread(&self) -> usize {
        self.unread.get()
    }

    /// Whether a text of opening hours is open now; `None` where it cannot be read, is unknown, or no moment is given.
    pub fn is_open(&mut self, text: &str) -> Option<bool> {
        let moment = self.moment?;
        if let Some(&known) = self.known.get(text) {
            return known;
        }
        let found = evaluate(text, moment);
        if found.is_none() {
            self.unread.set(self.unread.get() + 1);
        }
        self.known.insert(text.to_owned(), found);
        found
    }

    /// The access that a conditional value gives now: of several conditions that hold, the last. `None` where none holds.
    pub fn access_now(&mut self, text: &str) -> Option<Access> {
        self.moment?;
        let mut now = None;
        for part in split_outside_brackets(text) {
            let Some((value, condition)) = part.split_once('@') else {
                self.unread.set(self.unread.get() + usize::from(!part.trim().is_empty()));
                continue;
            };
            let condition = condition.trim();
            let inside = condition.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(condition);
            if self.is_open(inside.trim()) != Some(true) {
                continue;
            }
            match access_value(value.trim()) {
                Some(access) => now = Some(access),
                None => self.unread.set(self.unread.get() + 1),
            }
        }
        now
    }

    /// Whether hours in brackets, as restrictions have them, hold now.
    pub fn holds(&mut self, text: &str) -> bool {
        let text = text.trim();
        let inside = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(text);
        self.is_open(inside.trim()) == Some(true)
    }

    /// The access on foot now, where a condition says something: `foot:conditional`, else `access:conditional`.
    pub fn foot_now(&mut self, conditions: &Conditions) -> Option<Access> {
        self.of(&conditions.foot)
    }

    /// What `access:conditional` gives to everybody now.
    pub fn everybody_now(&mut self, conditions: &Conditions) -> Option<Access> {
        self.of(&conditions.access)
    }

    /// The access of motor vehicles now.
    pub fn motor_vehicle_now(&mut self, conditions: &Conditions) -> Option<Access> {
        self.of(&conditions.motor_vehicle)
    }

    fn of(&mut self, text: &str) -> Option<Access> {
        if text.is_empty() { None } else { self.access_now(text) }
    }

    /// Whether opening hours say that it is closed now.
    pub fn is_shut(&mut self, conditions: &Conditions) -> bool {
        !conditions.opening_hours.is_empty() && self.is_open(&conditions.opening_hours) == Some(false)
    }
}

fn evaluate(text: &str, moment: DateTime) -> Option<bool> {
    if text.is_empty() || text.len() > LONGEST_TEXT {
        return None;
    }
    let date = chrono::NaiveDate::from_ymd_opt(
        i32::from(moment.year()),
        u32::from(moment.month().unsigned_abs()),
        u32::from(moment.day().unsigned_abs()),
    )?;
    let time = date.and_hms_opt(
        u32::from(moment.hour().unsigned_abs()),
        u32::from(moment.minute().unsigned_abs()),
        u32::from(moment.second().unsigned_abs()),
    )?;
    // The crate is not ours to trust with every text that somebody wrote into a map.
    let read = || -> Option<bool> {
        let hours = text.parse::<OpeningHours>().ok()?;
        match (hours.is_open(time), hours.is_closed(time)) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    };
    caught(read).flatten()
}

fn split_outside_brackets(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    text.split(move |c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        c == ';' && depth <= 0
    })
}

fn access_value(value: &str) -> Option<Access> {
    match value {
        "yes" | "designated" | "permissive" | "official" => Some(Access::Open),
        "no" | "private" | "permit" | "military" | "emergency" => Some(Access::Closed),
        "destination" | "customers" | "delivery" => Some(Access::DestinationOnly),
        "use_sidepath" => Some(Access::UseSidepath),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// 2026-03-07 is a Saturday, 2026-03-10 a Tuesday.
    fn hours(day: i8, hour: i8) -> Hours {
        Hours::at(Some(date(2026, 3, day).at(hour, 30, 0, 0)))
    }

    #[test]
    fn the_last_condition_that_holds_counts() {
        let text = "no @ (22:00-06:00); yes @ (Sa,Su); destination @ (Sa 12:00-13:00)";
        assert_eq!(hours(10, 23).access_now(text), Some(Access::Closed));
        assert_eq!(hours(10, 14).access_now(text), None);
        assert_eq!(hours(7, 23).access_now(text), Some(Access::Open));
        assert_eq!(hours(7, 12).access_now(text), Some(Access::DestinationOnly));
    }

    #[test]
    fn opening_hours_open_and_shut() {
        let gate = |day, hour| hours(day, hour).is_open("Mo-Fr 07:00-19:00; Sa 08:00-12:00");
        assert_eq!((gate(10, 7), gate(10, 19), gate(7, 12)), (Some(true), Some(false), Some(false)));
    }

    #[test]
    fn what_cannot_be_read_changes_nothing_and_is_counted() {
        for text in ["no @ (weight>7.5)", "no @ wet", "sometimes", "no @ ((((", "@", "no @ (99:99-00:00)"] {
            let mut hours = hours(10, 14);
            assert_eq!(hours.access_now(text), None, "{text}");
            assert!(hours.unread() > 0, "{text}");
        }
        let mut long = hours(10, 14);
        assert_eq!(long.is_open(&"Mo 08:00-09:00; ".repeat(1000)), None);
        assert_eq!(Hours::at(None).access_now("no @ (00:00-24:00)"), None, "no moment, no condition");
    }
}
