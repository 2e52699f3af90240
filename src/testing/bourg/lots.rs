//! Car parks of the town: on the map, in the town's own list, and how full they are.

use super::chance::share;
use super::ground::{Ground, Point};

/// A car park.
pub struct Lot {
    /// Key in the town's list.
    pub key: &'static str,
    /// Name.
    pub name: &'static str,
    /// Middle, town metres.
    pub middle: Point,
    /// Width and depth, metres.
    pub size: Point,
    /// Bays.
    pub capacity: u32,
    /// Bays for disabled people among them.
    pub disabled: u32,
    /// Euros per hour.
    pub price: f64,
    /// Longest stay in minutes, 0 for none.
    pub maxstay_min: u32,
    /// `access` in OpenStreetMap.
    pub access: &'static str,
    /// `parking` in OpenStreetMap.
    pub kind: &'static str,
    /// Share of bays taken in the middle of a working day.
    pub daytime: f64,
}

/// All car parks. Private and customer parking is not in the town's list.
pub const LOTS: &[Lot] = &[
    Lot { key: "P1", name: "Parking de l'Esplanade", size: (90.0, 60.0), price: 1.0, ..at(65.0, -340.0, 220, 6, 0.60) },
    Lot { key: "P2", name: "Parking du Talus", size: (80.0, 43.0), ..at(-290.0, 253.0, 120, 3, 0.12) },
    Lot {
        key: "P3",
        name: "Parking de l'Église",
        size: (55.0, 50.0),
        maxstay_min: 120,
        ..at(-140.0, -15.0, 40, 2, 0.97)
    },
    Lot { key: "P4", name: "Parking des Jardins", ..at(240.0, 40.0, 60, 2, 0.45) },
    Lot {
        key: "P5",
        name: "Parking de la Poste",
        size: (40.0, 30.0),
        price: 1.6,
        kind: "multi-storey",
        ..at(170.0, -47.0, 150, 4, 0.55)
    },
    Lot { key: "P6", name: "Parking de la Halte", size: (40.0, 26.0), ..at(460.0, 262.0, 35, 1, 0.50) },
    Lot { name: "Parking du personnel", access: "private", size: (40.0, 30.0), ..at(350.0, 40.0, 30, 0, 0.0) },
    Lot { name: "Cour de la Résidence", access: "private", size: (16.0, 24.0), ..at(200.0, -42.0, 12, 0, 0.0) },
    Lot { name: "Super Bourg", access: "customers", size: (10.0, 40.0), ..at(497.0, 35.0, 80, 2, 0.0) },
];

/// A free public car park in the open, 50 m by 35 m.
const fn at(x: f64, y: f64, capacity: u32, disabled: u32, daytime: f64) -> Lot {
    Lot {
        key: "",
        name: "",
        middle: (x, y),
        size: (50.0, 35.0),
        capacity,
        disabled,
        price: 0.0,
        maxstay_min: 0,
        access: "yes",
        kind: "surface",
        daytime,
    }
}

/// Draws the car parks, and the fence around the one that nobody can walk from.
pub fn draw(ground: &mut Ground) {
    for lot in LOTS {
        let fee = if lot.price > 0.0 { "yes" } else { "no" };
        let mut tags = format!(
            "amenity=parking;name={};parking={};capacity={};fee={fee};access={}",
            lot.name, lot.kind, lot.capacity, lot.access
        );
        if lot.disabled > 0 {
            tags.push_str(&format!(";capacity:disabled={}", lot.disabled));
        }
        if lot.maxstay_min > 0 {
            tags.push_str(&format!(";maxstay={} hours;parking:condition=disc", lot.maxstay_min / 60));
        }
        if lot.kind == "multi-storey" {
            tags.push_str(";building=parking;building:levels=4");
        }
        ground.rectangle(lot.middle, lot.size, &tags);
    }
    let fence = [(-336.0, 228.0), (-244.0, 228.0), (-244.0, 279.0), (-336.0, 279.0), (-336.0, 228.0)];
    ground.ring(&fence, "barrier=fence");
}

fn comma(number: f64, digits: usize) -> String {
    format!("{number:.digits$}").replace('.', ",")
}

/// The town's list, as French spreadsheets write it.
pub fn list(ground: &Ground) -> String {
    let mut text = "id;nom;type;capacite;places_pmr;payant;tarif_horaire;duree_max;latitude;longitude\r\n".to_owned();
    for lot in LOTS.iter().filter(|lot| !lot.key.is_empty()) {
        let at = ground.place(lot.middle);
        let kind = if lot.kind == "surface" { "surface" } else { "parking à étages" };
        let paid = if lot.price > 0.0 { "oui" } else { "non" };
        let limit = if lot.maxstay_min > 0 { lot.maxstay_min.to_string() } else { String::new() };
        text.push_str(&format!(
            "{};{};{kind};{};{};{paid};{};{limit};{};{}\r\n",
            lot.key,
            lot.name,
            lot.capacity,
            lot.disabled,
            comma(lot.price, 2),
            comma(at.lat, 7),
            comma(at.lon, 7)
        ));
    }
    text
}

/// Share of the daytime level in each hour, except where the limit of stay keeps the bays turning over from 9 to 18.
const HOURS: [f64; 24] = [
    0.15, 0.15, 0.15, 0.15, 0.15, 0.17, 0.25, 0.45, 0.75, 0.92, 1.0, 1.0, 0.97, 0.95, 1.0, 1.0, 0.98, 0.90, 0.70, 0.45,
    0.35, 0.28, 0.20, 0.16,
];

/// Taken bays by hour on a Tuesday and a Saturday.
pub fn occupancy() -> String {
    let mut text = "id;date;heure;capacite;occupes;taux\r\n".to_owned();
    for (day, date) in ["2024-05-14", "2024-05-18"].iter().enumerate() {
        for (number, lot) in LOTS.iter().enumerate().filter(|(_, lot)| !lot.key.is_empty()) {
            for (hour, level) in HOURS.iter().enumerate() {
                let noise = share((day * 1000 + hour) as u64, 100 + number as u64);
                let full = lot.maxstay_min > 0 && (9..18).contains(&hour);
                let taken = if full { 0.955 + 0.045 * noise } else { lot.daytime * level * (0.96 + 0.06 * noise) };
                let capacity = f64::from(lot.capacity);
                // At least 95 % full means 38 of 40 bays: round up.
                let occupied = if full { (capacity * taken).ceil() } else { (capacity * taken).round() };
                text.push_str(&format!(
                    "{};{date};{hour};{};{occupied};{}\r\n",
                    lot.key,
                    lot.capacity,
                    comma(occupied / capacity, 3)
                ));
            }
        }
    }
    text
}
