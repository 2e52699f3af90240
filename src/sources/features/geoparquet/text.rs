//! A value of a Parquet column → text, as its meaning says.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::metadata::Meaning;
use super::values::Value;

/// The text of a value, and whether it is a number. What is no text, number, flag or time becomes empty.
pub(super) fn text_of(value: Value<'_>, meaning: Meaning) -> (String, bool) {
    match (value, meaning) {
        (Value::Bool(flag), _) => (flag.to_string(), false),
        (Value::Whole(days), Meaning::Date) => (date(days).unwrap_or_default(), false),
        (Value::Whole(count), Meaning::Time { per_second, utc }) => {
            (time(count, per_second, utc).unwrap_or_default(), false)
        }
        (Value::Whole(number), Meaning::Decimal { digits }) => (decimal(number, digits), true),
        // Stored as if with a sign.
        (Value::Whole(number), Meaning::Unsigned { wide: true }) => (number.cast_unsigned().to_string(), true),
        (Value::Whole(number), Meaning::Unsigned { wide: false }) => ((number & i64::from(u32::MAX)).to_string(), true),
        (Value::Whole(number), Meaning::Plain) => (number.to_string(), true),
        (Value::Float(number), _) if number.is_finite() => (number.to_string(), true),
        (Value::Double(number), _) if number.is_finite() => (number.to_string(), true),
        (Value::Float(_) | Value::Double(_), _) => (String::new(), false),
        (Value::Bytes(_), Meaning::Decimal { .. }) => (String::new(), false),
        (Value::Bytes(bytes), _) => (std::str::from_utf8(bytes).unwrap_or_default().to_owned(), false),
    }
}

/// Days since 1970 as an ISO date.
fn date(days: i64) -> Option<String> {
    let span = jiff::Span::new().try_days(days).ok()?;
    Some(jiff::civil::date(1970, 1, 1).checked_add(span).ok()?.to_string())
}

/// A point in time as ISO text, with `Z` where it is in UTC.
fn time(count: i64, per_second: i64, utc: bool) -> Option<String> {
    let (seconds, rest) = (count.div_euclid(per_second), count.rem_euclid(per_second));
    let nanoseconds = i32::try_from(rest * (1_000_000_000 / per_second)).ok()?;
    let instant = Timestamp::new(seconds, nanoseconds).ok()?;
    Some(if utc { instant.to_string() } else { TimeZone::UTC.to_datetime(instant).to_string() })
}

/// A whole number with its point moved by so many digits.
fn decimal(number: i64, digits: usize) -> String {
    if digits == 0 {
        return number.to_string();
    }
    let plain = format!("{:0>width$}", number.unsigned_abs(), width = digits + 1);
    let (whole, rest) = plain.split_at(plain.len() - digits);
    format!("{}{whole}.{rest}", if number < 0 { "-" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_text_by_their_meaning() {
        let milliseconds = |utc| Meaning::Time { per_second: 1_000, utc };
        for (value, meaning, text) in [
            (Value::Whole(18_262), Meaning::Date, "2020-01-01"),
            (Value::Whole(i64::MAX), Meaning::Date, ""),
            (Value::Whole(1_577_836_800_500), milliseconds(true), "2020-01-01T00:00:00.5Z"),
            (Value::Whole(-500), milliseconds(false), "1969-12-31T23:59:59.5"),
            (Value::Whole(i64::MIN), milliseconds(true), ""),
            (Value::Whole(-1_205), Meaning::Decimal { digits: 2 }, "-12.05"),
            (Value::Whole(5), Meaning::Decimal { digits: 3 }, "0.005"),
            (Value::Whole(-1), Meaning::Unsigned { wide: false }, "4294967295"),
            (Value::Whole(-1), Meaning::Unsigned { wide: true }, "18446744073709551615"),
            (Value::Whole(62_063), Meaning::Plain, "62063"),
            (Value::Double(f64::NAN), Meaning::Plain, ""),
            (Value::Bytes("Liège".as_bytes()), Meaning::Plain, "Liège"),
            (Value::Bytes(b"\xff"), Meaning::Plain, ""),
            (Value::Bool(true), Meaning::Plain, "true"),
        ] {
            assert_eq!(text_of(value, meaning).0, text, "{value:?} {meaning:?}");
        }
    }
}
