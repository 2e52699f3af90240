//! The rhythm of a site: when its people come, and for what that is typical (methods §7.6: factors come from sites of the
//! same pattern).
//!
//! # References
//! L. Miranda-Moreno, T. Nosal, R. Schneider, F. Proulx 2013, doi:10.3141/2339-10: classes by weekend over weekday and by
//! morning over midday. Their limits are for bicycles; those here are defaults.

use super::annual::WeekProfile;

/// More people in the morning than at midday, and fewer at the weekend: people on their way to work or school.
const MORNING_OF_COMMUTERS: f64 = 1.0;
/// With fewer than this share of a working day at the weekend.
const WEEKEND_OF_COMMUTERS: f64 = 0.8;
/// From this share of the people after 20 o'clock on: bars, theatres.
const EVENING_SHARE: f64 = 0.3;
/// From this ratio of a day of the weekend to a working day on: walks, excursions.
const WEEKEND_OF_LEISURE: f64 = 1.5;

/// For what a rhythm is typical.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// Fullest about midday and in the afternoon.
    Shopping,
    /// Fullest in the morning, and empty at the weekend.
    Commuting,
    /// Much of it at night.
    Evening,
    /// Fullest at the weekend.
    Leisure,
}

impl Pattern {
    /// Its name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Shopping => "shopping",
            Self::Commuting => "commuting",
            Self::Evening => "evening",
            Self::Leisure => "leisure",
        }
    }
}

/// When the people of a site come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rhythm {
    /// Persons of a mean day of the weekend over those of a mean working day.
    pub weekend_ratio: f64,
    /// Persons from 7 to 9 over those from 11 to 13, on working days.
    pub morning_ratio: f64,
    /// Share of the week's persons from 20 to 4.
    pub evening_share: f64,
}

impl Rhythm {
    /// For what it is typical.
    pub fn pattern(&self) -> Pattern {
        if self.evening_share >= EVENING_SHARE {
            Pattern::Evening
        } else if self.morning_ratio > MORNING_OF_COMMUTERS && self.weekend_ratio < WEEKEND_OF_COMMUTERS {
            Pattern::Commuting
        } else if self.weekend_ratio >= WEEKEND_OF_LEISURE {
            Pattern::Leisure
        } else {
            Pattern::Shopping
        }
    }
}

/// The rhythm of a profile; `None` where an hour of the week is unknown, or nobody comes on working days at midday.
pub fn measure_rhythm(profile: &WeekProfile) -> Option<Rhythm> {
    let sum = |days: std::ops::Range<usize>, hours: &[usize]| -> Option<f64> {
        days.flat_map(|day| hours.iter().map(move |&hour| profile.persons[day][hour])).sum()
    };
    let all: Vec<usize> = (0..24).collect();
    let (week, weekend) = (sum(0..5, &all)?, sum(5..7, &all)?);
    let (morning, midday) = (sum(0..5, &[7, 8])?, sum(0..5, &[11, 12])?);
    let evening = sum(0..7, &[20, 21, 22, 23, 0, 1, 2, 3])?;
    (week > 0.0 && midday > 0.0).then(|| Rhythm {
        weekend_ratio: (weekend / 2.0) / (week / 5.0),
        morning_ratio: morning / midday,
        evening_share: evening / (week + weekend),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rhythm(persons: impl Fn(usize, usize) -> f64) -> Rhythm {
        let mut profile = WeekProfile { persons: [[None; 24]; 7] };
        for (day, hours) in profile.persons.iter_mut().enumerate() {
            hours.iter_mut().enumerate().for_each(|(hour, own)| *own = Some(persons(day, hour)));
        }
        measure_rhythm(&profile).expect("all hours are known")
    }

    #[test]
    fn each_pattern_by_its_rhythm() {
        let shops = rhythm(|_, hour| if (10..18).contains(&hour) { 100.0 } else { 10.0 });
        assert_eq!((shops.pattern(), shops.weekend_ratio), (Pattern::Shopping, 1.0));
        assert!((shops.morning_ratio - 0.1).abs() < 1e-12, "20 of 200");
        let work = rhythm(|day, hour| if day < 5 && [7, 8, 17].contains(&hour) { 300.0 } else { 10.0 });
        assert_eq!(work.pattern(), Pattern::Commuting);
        let bars = rhythm(|_, hour| if hour >= 20 { 100.0 } else { 10.0 });
        // 4 × 100 and 4 × 10 of 4 × 100 and 20 × 10.
        assert!(bars.pattern() == Pattern::Evening && (bars.evening_share - 440.0 / 600.0).abs() < 1e-12);
        let walks = rhythm(|day, hour| if (8..20).contains(&hour) { if day > 4 { 30.0 } else { 10.0 } } else { 1.0 });
        assert_eq!(walks.pattern(), Pattern::Leisure);
        assert_eq!(measure_rhythm(&WeekProfile { persons: [[None; 24]; 7] }), None);
        assert_eq!(measure_rhythm(&WeekProfile { persons: [[Some(0.0); 24]; 7] }), None, "nobody");
    }
}
