//! Which row of an export heads its counts: below titles, or in two rows with the names of the counters above their
//! directions, as Eco-Counter writes them.

use super::{HOUR, TIME};
use crate::sources::table::{HeaderRows, NumberStyle, Stamp, normalised};

/// Words of the columns of a counter, below its name.
const PARTS: &[&str] = &[
    "in", "out", "total", "both", "entrée", "entrées", "entrant", "sortie", "sorties", "sortant", "ein", "aus",
    "gesamt", "summe", "sum",
];

/// Whether a row heads counts: one of its cells bears the name of a time, and none holds a date or a number.
pub(crate) fn header_of_counts(above: &[String], row: &[String], below: &[String]) -> Option<HeaderRows> {
    let filled = || row.iter().filter(|cell| !cell.is_empty());
    let is_value = |cell: &String| Stamp::has_date(cell) || NumberStyle::PointDecimal.parse(cell).is_some();
    if filled().count() < 2 || !filled().any(|cell| is_time(cell)) || filled().any(is_value) {
        return None;
    }
    if let Some(names) = in_two_rows(row, below) {
        return Some(HeaderRows { names, with_row_below: true });
    }
    let names = in_two_rows(above, row).unwrap_or_else(|| row.to_vec());
    Some(HeaderRows { names, with_row_below: false })
}

fn is_time(cell: &str) -> bool {
    let name = normalised(cell);
    TIME.contains(&name.as_str()) || HOUR.contains(&name.as_str())
}

/// The names of columns whose counters stand in one row and whose directions in the next; `None` where they do not.
fn in_two_rows(counters: &[String], parts: &[String]) -> Option<Vec<String>> {
    let is_part = |cell: &str| PARTS.contains(&normalised(cell).as_str());
    let counts = |cell: &&String| !cell.is_empty() && !is_time(cell);
    let has_parts = parts.iter().any(|cell| is_part(cell));
    if !has_parts || !parts.iter().filter(counts).all(|cell| is_part(cell)) || !counters.iter().any(|c| counts(&c)) {
        return None;
    }
    let mut counter = "";
    let names = (0..counters.len().max(parts.len())).map(|column| {
        let above = counters.get(column).map_or("", String::as_str);
        let part = parts.get(column).map_or("", String::as_str);
        if !above.is_empty() && !is_time(above) {
            counter = above; // a title above the times is the name of the only counter
        }
        if let Some(time) = [above, part].into_iter().find(|cell| is_time(cell)) {
            return time.to_owned();
        }
        match normalised(part).as_str() {
            "" => above.to_owned(),
            "total" | "both" | "gesamt" | "summe" | "sum" if !counter.is_empty() => counter.to_owned(),
            _ => format!("{counter} {part}").trim().to_owned(),
        }
    });
    Some(names.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &str) -> Vec<String> {
        line.split(';').map(str::to_owned).collect()
    }

    fn names(above: &str, row: &str, below: &str) -> Option<(String, bool)> {
        let found = header_of_counts(&cells(above), &cells(row), &cells(below))?;
        Some((found.names.join(";"), found.with_row_below))
    }

    #[test]
    fn directions_below_counters_are_one_name() {
        let two = Some(("Time;A;A IN;A OUT;B;B IN".to_owned(), false));
        assert_eq!(names(";A;;;B;", "Time;Total;IN;OUT;Total;IN", "x"), two);
        let below = Some(("Time;A;A IN;A OUT".to_owned(), true));
        assert_eq!(names("", "Time;A;;", ";Total;IN;OUT"), below);
        assert_eq!(names("Rue A;;", "Time;IN;OUT", "x"), Some(("Time;Rue A IN;Rue A OUT".to_owned(), false)));
        let one = Some(("Time;A;A IN".to_owned(), false));
        assert_eq!(names("Export of 2023;;", "Time;A;A IN", "01/01/2023;1;2"), one);
        let long = Some(("site;time;in;out".to_owned(), false));
        assert_eq!(names("", "site;time;in;out", "A;01/01/2023;1;2"), long, "a long table keeps its columns");
    }

    #[test]
    fn titles_with_values_are_no_header() {
        assert_eq!(names("", "Date;01/01/2023", ""), None);
        assert_eq!(names("", "Time;12", ""), None);
        assert_eq!(names("", "Time", ""), None);
        assert_eq!(names("", "name;lat;lon", ""), None);
    }
}
