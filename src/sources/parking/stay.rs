//! Lengths of stay as towns write them.

use crate::sources::osm::lot_words::{LONGEST_STAY_MIN, likely_minutes, stay_minutes};

/// Words that stand beside a length of stay and say no more than that it is one.
const BESIDE: &[&str] = &[
    "max",
    "maxi",
    "maximal",
    "maximum",
    "bis",
    "zu",
    "up",
    "to",
    "limit",
    "limited",
    "limite",
    "limité",
    "jusqu",
    "à",
    "durée",
    "pour",
    "parkuhr",
    "parkschein",
    "parkscheibe",
    "parkverbot",
    "parkdauer",
    "höchstparkdauer",
    "disque",
    "disc",
];

/// A length of stay in minutes: `120`, `2h`, `2 h 30`, `02:00`, `max. 8h`, `Parkuhr:120 min`. `None` where the text says
/// more than that, or two different lengths.
pub(super) fn minutes_of(text: &str) -> Option<u32> {
    let lower = text.to_lowercase();
    let mut found = None;
    let clauses = lower.split([';', '\n']).flat_map(|part| part.split(", ")).map(bare);
    for clause in clauses.filter(|clause| !clause.is_empty()) {
        let minutes = likely_minutes(clause).map(f64::from).or_else(|| stay_minutes(clause))?;
        if !(1.0..=LONGEST_STAY_MIN).contains(&minutes) || found.is_some_and(|found| found != minutes) {
            return None;
        }
        found = Some(minutes);
    }
    found.map(|minutes| minutes.round() as u32)
}

/// A clause without the words of [`BESIDE`] around it.
fn bare(clause: &str) -> &str {
    let is_edge = |c: char| !c.is_alphanumeric();
    let is_idle = |c: char| is_edge(c) && c != '-';
    let mut rest = clause.trim_matches(is_idle);
    loop {
        let first = rest.find(is_edge).unwrap_or(rest.len());
        let last = rest.rfind(is_edge).map_or(0, |at| at + rest[at..].chars().next().map_or(0, char::len_utf8));
        rest = if !rest.is_empty() && BESIDE.contains(&&rest[..first]) {
            &rest[first..]
        } else if !rest.is_empty() && BESIDE.contains(&&rest[last..]) {
            &rest[..last]
        } else {
            return rest;
        };
        rest = rest.trim_matches(is_idle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_limits_are_read_as_people_write_them() {
        for (text, minutes) in [
            ("120", Some(120)),
            ("2h", Some(120)),
            ("2 h 30", Some(150)),
            ("1,5 h", Some(90)),
            ("02:00", Some(120)),
            ("1:30", Some(90)),
            ("max. 8h", Some(480)),
            ("2h max.", Some(120)),
            ("jusqu’à 2 heures", Some(120)),
            ("Parkuhr:120 min", Some(120)),
            ("Parkuhr:120 min, Parkverbot:120 min", Some(120)),
            ("Parkuhr:120 min, Parkverbot:60 min", None),
            ("Mo-Fr 08:00-18:00 max 2h", None),
            ("2h en semaine", None),
            ("2", None),
            ("unbegrenzt", None),
            ("max", None),
            ("0", None),
            ("-120", None),
            ("999999999999h", None),
        ] {
            assert_eq!(minutes_of(text), minutes, "{text}");
        }
    }
}
