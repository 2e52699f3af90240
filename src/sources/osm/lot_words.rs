//! Words of car parks that OSM and the files of towns share: who may park, how a lot is built, how long a stay is.

use super::records::{LotAccess, LotKind};

/// A stay limit above a year is a slip of the pen, minutes.
pub(in crate::sources) const LONGEST_STAY_MIN: f64 = 366.0 * 24.0 * 60.0;

/// A stay limit without unit in this range can only be minutes: nobody limits to 15 hours or more by a bare number.
const LIKELY_MINUTES: std::ops::RangeInclusive<u32> = 15..=1440;

/// Who may park, from a value of `access`; `None` where it is none that is known.
pub(in crate::sources) fn access_of_value(value: &str) -> Option<LotAccess> {
    match value {
        "yes" | "public" | "permissive" | "destination" | "designated" | "unknown" | "visitors" => {
            Some(LotAccess::Public)
        }
        "customers" | "customer" => Some(LotAccess::Customers),
        "private" | "no" | "permit" | "residents" | "employees" | "staff" | "delivery" | "military" | "students"
        | "restricted" | "members" | "emergency" => Some(LotAccess::Private),
        _ => None,
    }
}

/// How a car park is built, from a value of `parking`; `None` where it is none that is known.
pub(in crate::sources) fn kind_of_value(value: &str) -> Option<LotKind> {
    match value {
        "multi-storey" | "rooftop" => Some(LotKind::MultiStorey),
        "underground" => Some(LotKind::Underground),
        "street_side" | "lane" | "on_kerb" | "half_on_kerb" | "shoulder" | "layby" | "on_street" => {
            Some(LotKind::Street)
        }
        "surface" | "carports" | "garage_boxes" | "sheds" | "depot" | "park_and_ride" => Some(LotKind::Surface),
        _ => None,
    }
}

/// A number without unit that can only be minutes.
pub(in crate::sources) fn likely_minutes(value: &str) -> Option<u32> {
    value.parse().ok().filter(|minutes| LIKELY_MINUTES.contains(minutes))
}

/// A length of stay with its units, such as `2 hours`, `90 min`, `2h30`, `1:30`, `PT2H` or `1 day`, in minutes; `None`
/// where anything else is in the text.
pub(in crate::sources) fn stay_minutes(value: &str) -> Option<f64> {
    if let Some((hours, minutes)) = value.split_once(':') {
        let minutes = minutes.strip_suffix(":00").unwrap_or(minutes);
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        return (minutes < 60).then(|| f64::from(hours) * 60.0 + f64::from(minutes));
    }
    let lower = value.to_lowercase();
    let mut rest = lower.strip_prefix("pt").unwrap_or(&lower);
    let mut total = 0.0;
    let mut larger_unit = f64::INFINITY;
    while !rest.is_empty() {
        let number_ends = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(rest.len());
        let (number, behind) = rest.split_at(number_ends);
        let number: f64 = number.replace(',', ".").parse().ok()?;
        let behind = behind.trim_start();
        let (unit, behind) = behind.split_at(behind.find(|c: char| !c.is_alphabetic()).unwrap_or(behind.len()));
        let unit = match unit {
            "" if larger_unit == 60.0 && number < 60.0 => 1.0, // the minutes of `2h30`
            "m" | "min" | "mins" | "minute" | "minutes" | "minuten" | "mn" => 1.0,
            "h" | "hr" | "hrs" | "hour" | "hours" | "std" | "stunde" | "stunden" | "u" | "uur" | "heure" | "heures" => {
                60.0
            }
            "d" | "day" | "days" | "jour" | "jours" | "tag" | "tage" => 1440.0,
            "week" | "weeks" => 7.0 * 1440.0,
            "month" | "months" => 30.0 * 1440.0,
            _ => return None,
        };
        if unit >= larger_unit {
            return None;
        }
        total += number * unit;
        larger_unit = unit;
        rest = behind.strip_prefix('.').unwrap_or(behind).trim_start();
    }
    larger_unit.is_finite().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_are_read_as_mappers_write_them() {
        for (text, minutes) in [
            ("2 hours", Some(120.0)),
            ("2h", Some(120.0)),
            ("30 minutes", Some(30.0)),
            ("1:30", Some(90.0)),
            ("02:00", Some(120.0)),
            ("02:00:00", Some(120.0)),
            ("1 day", Some(1440.0)),
            ("1.5 h", Some(90.0)),
            ("2 h 30", Some(150.0)),
            ("2h30min", Some(150.0)),
            ("1 Std. 30 Min.", Some(90.0)),
            ("PT2H30M", Some(150.0)),
            ("2", None),
            ("", None),
            ("2h 90", None),
            ("30 min 2h", None),
            ("2 hours per day", None),
            ("24h/24", None),
            ("08:00-18:00", None),
            ("h", None),
        ] {
            assert_eq!(stay_minutes(text), minutes, "{text}");
        }
    }
}
