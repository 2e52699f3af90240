//! Dates and clock readings as tables write them: `31/12/2023 23:00`, `2023-12-31T23:00:00+01:00`, `31.12.2023 23:00`,
//! `December 31, 2023 11:00:00 PM`.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

/// Which of the two small numbers of a date comes first when the year comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// 31/12/2023.
    DayFirst,
    /// 12/31/2023.
    MonthFirst,
}

/// A moment as written: local, or with its distance from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The reading of calendar and clock.
    pub civil: DateTime,
    /// The offset from UTC, if written.
    pub offset: Option<Offset>,
    /// Whether a time of day was written; else `civil` is midnight.
    pub has_time: bool,
}

/// How sure the order of a column of dates is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateEvidence<'a> {
    /// The values settle it, or bear the year first.
    Settled,
    /// No value settles it, such as this one; day first is assumed.
    Assumed(&'a str),
    /// Most values settle it, some such as this one contradict.
    Mixed(&'a str),
}

impl DateOrder {
    /// The order of most dates in a column, and how sure it is.
    pub fn detect<'a>(values: impl Iterator<Item = &'a str>) -> (Self, DateEvidence<'a>) {
        let (mut day_first, mut month_first) = (0_usize, 0_usize);
        let (mut day_example, mut month_example, mut undecided) = (None, None, None);
        for value in values {
            match date_numbers(value) {
                Some([first, second, _]) if first > 31 || (first > 12 && second > 12) => {}
                Some([first, _, _]) if first > 12 => {
                    day_first += 1;
                    day_example = day_example.or(Some(value));
                }
                Some([_, second, _]) if second > 12 => {
                    month_first += 1;
                    month_example = month_example.or(Some(value));
                }
                Some(_) => undecided = undecided.or(Some(value)),
                None => {}
            }
        }
        let (order, contrary) =
            if month_first > day_first { (Self::MonthFirst, day_example) } else { (Self::DayFirst, month_example) };
        let evidence = match (contrary, undecided) {
            (Some(contrary), _) => DateEvidence::Mixed(contrary),
            (None, Some(undecided)) if day_first + month_first == 0 => DateEvidence::Assumed(undecided),
            _ => DateEvidence::Settled,
        };
        (order, evidence)
    }

    /// For notices.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::DayFirst => "day first",
            Self::MonthFirst => "month first",
        }
    }
}

impl Stamp {
    /// Whether a text begins with the numbers of a date.
    pub fn has_date(text: &str) -> bool {
        date_numbers(text).is_some() || worded_date(text.trim()).is_some()
    }

    /// Reads a moment; `None` where the text is none.
    pub fn parse(text: &str, order: DateOrder) -> Option<Self> {
        let text = text.trim();
        let (numbers, clock) = match date_numbers(text) {
            Some(numbers) => (numbers, text.split_once(['T', ' ']).map_or("", |(_, clock)| clock)),
            None => worded_date(text)?,
        };
        let (year, month, day) = match (numbers, order) {
            ([a, b, c], _) if a > 31 => (a, b, c),
            ([a, b, c], DateOrder::DayFirst) => (c, b, a),
            ([a, b, c], DateOrder::MonthFirst) => (c, a, b),
        };
        let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        if !(1900..=2200).contains(&date.year()) {
            return None;
        }
        let clock = clock.trim();
        if clock.is_empty() {
            return Some(Self { civil: date.to_datetime(Time::midnight()), offset: None, has_time: false });
        }
        let (time, offset) = parse_clock(clock)?;
        Some(Self { civil: date.to_datetime(time), offset, has_time: true })
    }
}

/// The three numbers of the date at the start of a text.
fn date_numbers(text: &str) -> Option<[i32; 3]> {
    let date = text.trim().split(['T', ' ']).next()?;
    let mut parts = date.split(['-', '/', '.']).map(|part| {
        let digits = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i32>().ok().filter(|_| digits)
    });
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(numbers)
}

/// Beginnings of the names of the months in English, French, German and Dutch; a longer one stands before a shorter.
const MONTHS: [(&str, i32); 26] = [
    ("jan", 1),
    ("fév", 2),
    ("fev", 2),
    ("feb", 2),
    ("maa", 3),
    ("mrt", 3),
    ("mär", 3),
    ("mar", 3),
    ("apr", 4),
    ("avr", 4),
    ("mai", 5),
    ("may", 5),
    ("mei", 5),
    ("juin", 6),
    ("juil", 7),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("aoû", 8),
    ("aou", 8),
    ("sep", 9),
    ("oct", 10),
    ("okt", 10),
    ("nov", 11),
    ("dec", 12),
    ("dez", 12),
];

/// The numbers of a date with the name of its month, year first, and what follows it: `November 01, 2019 05:00:00 PM`,
/// `1 novembre 2019`, `1-Nov-2019 17:00`.
fn worded_date(text: &str) -> Option<([i32; 3], &str)> {
    let is_mark = |c: char| " ,.-/".contains(c);
    let mut rest = text;
    let mut next = || {
        let word = rest.trim_start_matches(is_mark);
        let end = word.find(is_mark).unwrap_or(word.len());
        rest = &word[end..];
        &word[..end]
    };
    let words = [next(), next(), next()];
    let number = |word: &str| word.parse::<i32>().ok().filter(|_| word.bytes().all(|byte| byte.is_ascii_digit()));
    let month = |word: &str| {
        let lower = word.to_lowercase();
        let lower = lower.replace("déc", "dec");
        let whole = word.chars().count() <= 10 && word.chars().all(char::is_alphabetic);
        MONTHS.iter().find(|(start, _)| whole && lower.starts_with(start)).map(|(_, month)| *month)
    };
    let (day, month) = match (number(words[0]), number(words[1])) {
        (Some(day), None) => (day, month(words[1])?),
        (None, Some(day)) => (day, month(words[0])?),
        _ => return None,
    };
    let year = number(words[2]).filter(|year| (1000..=9999).contains(year))?;
    Some(([year, month, day], rest.trim_start_matches(is_mark)))
}

fn parse_clock(clock: &str) -> Option<(Time, Option<Offset>)> {
    let upper = clock.to_ascii_uppercase();
    let (reading, afternoon) = match (upper.strip_suffix("PM"), upper.strip_suffix("AM")) {
        (Some(reading), _) => (reading, Some(true)),
        (_, Some(reading)) => (reading, Some(false)),
        _ => (upper.as_str(), None),
    };
    let zone_at = reading.find(['Z', '+', '-']).unwrap_or(reading.len());
    let (reading, zone) = reading.split_at(zone_at);
    let offset = if zone.is_empty() { None } else { Some(parse_offset(zone)?) };
    let mut parts = reading.trim().split([':', 'H']);
    let mut next = |absent: i8| match parts.next().map(str::trim) {
        None | Some("") => Some(absent),
        Some(part) => part.split('.').next()?.parse::<i8>().ok(),
    };
    let (mut hour, minute, second) = (next(-1)?, next(0)?, next(0)?);
    match afternoon {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    Some((Time::new(hour, minute, second, 0).ok()?, offset))
}

fn parse_offset(zone: &str) -> Option<Offset> {
    if zone == "Z" {
        return Some(Offset::UTC);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let digits: String = zone[1..].chars().filter(|c| *c != ':').collect();
    if ![2, 4].contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hours: i32 = digits[..2].parse().ok()?;
    let minutes: i32 = digits.get(2..).filter(|m| !m.is_empty()).map_or(Ok(0), str::parse).ok()?;
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn one_moment_in_many_ways() {
        let expected = date(2023, 12, 31).at(23, 5, 0, 0);
        for text in [
            "31/12/2023 23:05",
            "31.12.2023 23:05:00",
            "2023-12-31 23:05",
            "2023-12-31T23:05:00.000",
            "31-12-2023 11:05 PM",
            "2023/12/31 23h05",
            "December 31, 2023 11:05:00 PM",
            "31 décembre 2023 23:05",
            "31-Dez-2023 23:05",
        ] {
            let found = Stamp::parse(text, DateOrder::DayFirst);
            assert_eq!(found.map(|stamp| stamp.civil), Some(expected), "{text}");
        }
        let with_offset = Stamp::parse("2023-12-31T23:05:00+01:00", DateOrder::DayFirst).expect("a moment");
        assert_eq!(with_offset.offset.map(|offset| offset.seconds()), Some(3600));
        assert_eq!(Stamp::parse("12/31/2023 23:05", DateOrder::MonthFirst).map(|s| s.civil), Some(expected));
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in [
            "",
            "yesterday",
            "32/01/2023 00:00",
            "01/13/2023 10:00",
            "01/01/2023 24:00",
            "01/01/2023 10:61",
            "1/2",
            "é/1/2023",
            "01/01/99999 10:00",
            "2023-01-01T10:00+é",
            "2023-01-01 10:00+1",
            "Smarch 1, 2023 10:00",
            "1 2 March 2023",
            "March 1, 23",
            "March",
        ] {
            assert_eq!(Stamp::parse(text, DateOrder::DayFirst), None, "{text}");
        }
    }

    #[test]
    fn the_order_is_settled_by_most_numbers_above_twelve() {
        use DateEvidence::{Assumed, Mixed, Settled};
        let (day, month) = (DateOrder::DayFirst, DateOrder::MonthFirst);
        for (values, expected) in [
            (["01/02/2023", "13/02/2023", ""], (day, Settled)),
            (["01/02/2023", "02/13/2023", ""], (month, Settled)),
            (["01/02/2023", "", ""], (day, Assumed("01/02/2023"))),
            (["2023-01-02", "", ""], (day, Settled)),
            (["02/13/2023", "13/02/2023", "14/02/2023"], (day, Mixed("02/13/2023"))),
            (["13/02/2023", "02/13/2023", "02/14/2023"], (month, Mixed("13/02/2023"))),
            (["13/14/2023", "02/13/2023", "02/14/2023"], (month, Settled)),
        ] {
            assert_eq!(DateOrder::detect(values.into_iter()), expected, "{values:?}");
        }
    }
}
