//! Hourly pedestrian counts of eight counters, March to May 2024, in local time.

use super::chance::share;
use super::ground::{Ground, Point};

/// A counter: key, name, where, people on a working day.
pub const SITES: &[(&str, &str, Point, f64)] = &[
    ("GR1", "Grand-Rue ouest", (-70.0, 80.0), 5600.0),
    ("GR2", "Grand-Rue est", (75.0, 80.0), 5000.0),
    ("HAL", "Rue de la Halle", (0.0, 45.0), 4700.0),
    ("PON", "Rue du Pont", (0.0, -120.0), 4300.0),
    ("GAR", "Rue de la Gare", (300.0, 345.0), 620.0),
    ("EST", "Avenue de l'Est", (400.0, 88.0), 980.0),
    ("TAN", "Rue des Tanneurs", (580.0, -93.3), 90.0),
    ("NEU", "Rue Neuve", (-60.0, 130.0), 760.0),
];

/// The first dead hour of the counter in Rue Neuve: 8 April 2024, after which it sends zeros.
const DEAD_FROM: (u32, u32) = (4, 8);
/// Shares of a day in each hour of a shopping street; they sum to 1.
const HOURS: [f64; 24] = [
    0.002, 0.001, 0.001, 0.001, 0.002, 0.005, 0.014, 0.034, 0.055, 0.062, 0.072, 0.079, 0.085, 0.078, 0.078, 0.086,
    0.095, 0.092, 0.068, 0.036, 0.022, 0.015, 0.011, 0.006,
];
/// Monday to Sunday, relative to a working day.
const WEEKDAYS: [f64; 7] = [0.88, 0.98, 1.04, 1.00, 1.10, 1.32, 0.42];
/// Public holidays with few people: Easter Monday, Labour Day, Ascension, Whit Monday.
const HOLIDAYS: &[(u32, u32)] = &[(4, 1), (5, 1), (5, 9), (5, 20)];

/// Where the counters stand.
pub fn sites(ground: &Ground) -> String {
    let mut text = "site_id,name,latitude,longitude\n".to_owned();
    for (key, name, point, _) in SITES {
        let at = ground.place(*point);
        text.push_str(&format!("{key},{name},{:.7},{:.7}\n", at.lat, at.lon));
    }
    text
}

/// One row per counter and local hour; 31 March has 23 of them.
pub fn hourly() -> String {
    let mut text = "site_id,datetime,pedestrians\n".to_owned();
    let days = [(3, 31), (4, 30), (5, 31)].into_iter().flat_map(|(month, days)| (1..=days).map(move |d| (month, d)));
    // 1 March 2024 was a Friday.
    for (number, (month, day)) in days.enumerate() {
        let weekday = (number + 4) % 7;
        let weather = 0.88 + 0.24 * share(number as u64, 51);
        let level = if HOLIDAYS.contains(&(month, day)) { 0.45 } else { WEEKDAYS[weekday] };
        for hour in (0..24).filter(|hour| (month, day, *hour) != (3, 31, 2)) {
            for (site, (key, _, _, daily)) in SITES.iter().enumerate() {
                let noise = 0.90 + 0.20 * share((number * 24 + hour) as u64, site as u64);
                let dead = *key == "NEU" && (month, day) >= DEAD_FROM;
                let people = if dead { 0.0 } else { (daily * HOURS[hour] * level * weather * noise).round() };
                text.push_str(&format!("{key},2024-{month:02}-{day:02} {hour:02}:00,{people}\n"));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 92 days of 24 hours less the hour that the clock skips, for eight counters.
    #[test]
    fn every_local_hour_is_there_once() {
        let text = hourly();
        assert_eq!(text.lines().count() - 1, (92 * 24 - 1) * 8);
        assert!(!text.contains("2024-03-31 02:00") && text.contains("2024-03-31 03:00"));
        assert!((HOURS.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
}
