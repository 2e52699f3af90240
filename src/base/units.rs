//! Quantities that cross a function boundary, each its own type so that they cannot be mixed up.
//!
//! Lengths and speeds are floating-point SI; travel times are whole deciseconds, so that ties are exact,
//! sums do not depend on the order of the terms, and a search compares integers.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A length of time on a trip, in whole deciseconds (0.1 s). Range: 0 to 13.6 years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TravelTime(u32);

impl TravelTime {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// The longest time that can be held.
    pub const MAX: Self = Self(u32::MAX);

    /// From whole deciseconds.
    pub const fn from_deciseconds(deciseconds: u32) -> Self {
        Self(deciseconds)
    }

    /// From seconds, rounded to the nearest decisecond; negative and NaN become zero, too large becomes [`Self::MAX`].
    pub fn from_seconds(seconds: f64) -> Self {
        Self((seconds * 10.0).round() as u32)
    }

    /// From whole minutes.
    pub const fn from_minutes(minutes: u32) -> Self {
        Self(minutes * 600)
    }

    /// In whole deciseconds.
    pub const fn deciseconds(self) -> u32 {
        self.0
    }

    /// In seconds.
    pub fn seconds(self) -> f64 {
        f64::from(self.0) / 10.0
    }

    /// In minutes.
    pub fn minutes(self) -> f64 {
        f64::from(self.0) / 600.0
    }

    /// The difference, or zero where `other` is longer.
    pub fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Add for TravelTime {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for TravelTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 600 { write!(f, "{:.0}s", self.seconds()) } else { write!(f, "{:.1}min", self.minutes()) }
    }
}

/// A reading of the clock, in seconds after midnight of the service day. May exceed 24 h for trips past midnight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClockTime(u32);

impl ClockTime {
    /// From seconds after midnight of the service day.
    pub const fn from_seconds(seconds: u32) -> Self {
        Self(seconds)
    }

    /// From hours and minutes.
    pub const fn from_hm(hours: u32, minutes: u32) -> Self {
        Self(hours * 3600 + minutes * 60)
    }

    /// In seconds after midnight of the service day.
    pub const fn seconds(self) -> u32 {
        self.0
    }

    /// Later by a number of seconds.
    pub const fn plus_seconds(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}

impl Sub for ClockTime {
    type Output = TravelTime;
    /// The time from `other` to `self`, zero where `other` is later.
    fn sub(self, other: Self) -> TravelTime {
        TravelTime(self.0.saturating_sub(other.0).saturating_mul(10))
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 3600, self.0 / 60 % 60)?;
        match self.0 % 60 {
            0 => Ok(()),
            s => write!(f, ":{s:02}"),
        }
    }
}

/// Why a text is not a clock reading or a quantity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{found}\" is not {expected}")]
pub struct ParseUnitError {
    found: String,
    expected: &'static str,
}

impl FromStr for ClockTime {
    type Err = ParseUnitError;
    /// Reads `H:MM`, `HH:MM` or `HH:MM:SS`; hours up to 99 so that trips past midnight can be told.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fail = || ParseUnitError { found: text.to_owned(), expected: "a time like 18:30" };
        let mut parts = text.trim().split(':');
        let mut next = |least: usize, below: u32| -> Option<u32> {
            let part = parts.next()?;
            let fits = part.len() >= least && part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit());
            part.parse().ok().filter(|&n: &u32| fits && n < below)
        };
        let hours = next(1, 100).ok_or_else(fail)?;
        let minutes = next(2, 60).ok_or_else(fail)?;
        let seconds = if text.trim().matches(':').count() == 2 { next(2, 60).ok_or_else(fail)? } else { 0 };
        if parts.next().is_some() {
            return Err(fail());
        }
        Ok(Self(hours * 3600 + minutes * 60 + seconds))
    }
}

/// A speed in metres per second.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Speed(f64);

impl Speed {
    /// The planning speed of an adult on foot, 4.8 km/h (TfL, PTAL).
    pub const WALK: Self = Self(4.8 / 3.6);
    /// The planning speed of a wheelchair, 4 km/h (Valhalla, openrouteservice).
    pub const WHEELCHAIR: Self = Self(4.0 / 3.6);
    /// The planning speed of a bicycle on flat, paved ground, 16 km/h (default).
    pub const BICYCLE: Self = Self(16.0 / 3.6);
    /// The speed of somebody who pushes a bicycle, 4 km/h (default).
    pub const PUSHING: Self = Self(4.0 / 3.6);

    /// From kilometres per hour; `None` unless finite and above zero.
    pub fn from_kilometres_per_hour(speed: f64) -> Option<Self> {
        (speed.is_finite() && speed > 0.0).then_some(Self(speed / 3.6))
    }

    /// In metres per second, above zero.
    pub const fn metres_per_second(self) -> f64 {
        self.0
    }

    /// The time a length takes at this speed.
    pub fn time_for(self, length_m: f64) -> TravelTime {
        TravelTime::from_seconds(length_m / self.0)
    }

    /// The length that a time covers at this speed, in metres.
    pub fn length_in(self, time: TravelTime) -> f64 {
        time.seconds() * self.0
    }
}

impl FromStr for Speed {
    type Err = ParseUnitError;
    /// Reads `4.8km/h` or `1.33m/s`; a speed without unit is refused.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fail = || ParseUnitError { found: text.to_owned(), expected: "a speed like 4.8km/h" };
        let text_trimmed = text.trim();
        let (number, per_kmh) = match (text_trimmed.strip_suffix("km/h"), text_trimmed.strip_suffix("m/s")) {
            (Some(number), _) => (number, 1.0),
            (_, Some(number)) => (number, 3.6),
            _ => return Err(fail()),
        };
        let value: f64 = number.trim().parse().map_err(|_| fail())?;
        Self::from_kilometres_per_hour(value * per_kmh).ok_or_else(fail)
    }
}

impl FromStr for TravelTime {
    type Err = ParseUnitError;
    /// Reads `15min`, `90s` or `1h`; a time without unit is refused.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fail = || ParseUnitError { found: text.to_owned(), expected: "a length of time like 15min" };
        let trimmed = text.trim();
        let (number, seconds) = if let Some(number) = trimmed.strip_suffix("min") {
            (number, 60.0)
        } else if let Some(number) = trimmed.strip_suffix('h') {
            (number, 3600.0)
        } else if let Some(number) = trimmed.strip_suffix('s') {
            (number, 1.0)
        } else {
            return Err(fail());
        };
        let value: f64 = number.trim().parse().map_err(|_| fail())?;
        if !(0.0..=1e8).contains(&(value * seconds)) {
            return Err(fail());
        }
        Ok(Self::from_seconds(value * seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_hundred_metres_at_planning_speed_take_300_seconds() {
        assert_eq!(Speed::WALK.time_for(400.0), TravelTime::from_seconds(300.0));
    }

    #[test]
    fn clock_readings_past_midnight_are_kept() {
        assert_eq!("25:10:05".parse(), Ok(ClockTime::from_seconds(25 * 3600 + 605)));
        assert_eq!("7:05".parse(), Ok(ClockTime::from_hm(7, 5)));
        for bad in ["7:99:00", "", "12", "12:00:00:00", "-1:00", "07:5", "a:bb", "100:00", "12:00:"] {
            assert!(bad.parse::<ClockTime>().is_err(), "{bad}");
        }
    }

    #[test]
    fn quantities_need_their_unit() {
        assert_eq!("15min".parse(), Ok(TravelTime::from_minutes(15)));
        assert_eq!("4.8km/h".parse(), Ok(Speed::WALK));
        assert!("15".parse::<TravelTime>().is_err());
        assert!("-3min".parse::<TravelTime>().is_err());
        assert!("NaNmin".parse::<TravelTime>().is_err());
        assert!("0km/h".parse::<Speed>().is_err());
        assert!("4.8".parse::<Speed>().is_err());
    }
}
