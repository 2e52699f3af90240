//! What is wrong with the town by design, and what only looks wrong: the answers an audit is held to.

use super::ground::{Ground, Point};

/// One planted friction or decoy.
pub struct Planted {
    /// Short name.
    pub key: &'static str,
    /// Whether an audit must name it (a friction) or must not (a decoy).
    pub is_friction: bool,
    /// Where, town metres.
    pub at: Point,
    /// What it is and why.
    pub story: &'static str,
}

const fn friction(key: &'static str, at: Point, story: &'static str) -> Planted {
    Planted { key, is_friction: true, at, story }
}

const fn decoy(key: &'static str, at: Point, story: &'static str) -> Planted {
    Planted { key, is_friction: false, at, story }
}

/// All of them, frictions first.
pub const PLANTED: &[Planted] = &[
    friction(
        "severed_station",
        (0.0, 309.0),
        "The station Bourg-sur-Chaland opens only to the north of the railway. The Grand-Rue is about 230 m away as \
         the crow flies; on foot it is more than 1.2 km by the only level crossing, in Rue du Passage. Rue des \
         Voyageurs ends blind 24 m from the platform, on the other side of the track.",
    ),
    friction(
        "unwalkable_car_park",
        (-290.0, 253.0),
        "Parking du Talus, 120 free bays about 330 m from the Grand-Rue, lies between railway and ring road. Its one \
         way out is a service road with foot=no to the Rocade (motorroad=yes, foot=no); a fence goes all round; the \
         next walkable street is more than 100 m off.",
    ),
    friction(
        "early_last_bus",
        (-3.0, 40.0),
        "Line 2 (Halle to Les Hauts) leaves the centre for the last time at 17:30 on working days and Saturdays; shops \
         close at 18:30.",
    ),
    friction(
        "flow_without_shops",
        (0.0, -120.0),
        "Rue du Pont and the Vieux Pont, 300 m from the Esplanade (main car park, bus hub) to Rue de la Halle, carry \
         about 4,300 people a day (counter PON) and hold no shop: convent walls on both sides.",
    ),
    friction(
        "shops_without_flow",
        (570.0, -93.0),
        "Six shops (and one empty unit) in Rue des Tanneurs, a dead end that 90 people a day walk (counter TAN).",
    ),
    friction(
        "steps_only",
        (-262.0, 40.0),
        "Escalier Saint-Roch, 96 steps without a ramp, joins Les Hauts (820 residents) to Rue du Fossé in 110 m. \
         Without steps the way leads round by Rue de la Montée and the quay: more than 1 km.",
    ),
    friction(
        "full_blue_zone",
        (-140.0, -15.0),
        "Parking de l'Église, 40 bays, free for two hours with a disc: 95 % full or more in every hour from 9 to 18 on \
         the counted Tuesday and Saturday.",
    ),
    decoy(
        "direct_halt",
        (420.0, 278.0),
        "The halt Bourg-Est opens to the south; Rue de la Halte leads straight to the Grand-Rue.",
    ),
    decoy(
        "direct_bus_hub",
        (-35.0, -322.0),
        "The bus hub on the Esplanade leads straight to the centre by Rue du Pont.",
    ),
    decoy(
        "lot_by_footway",
        (240.0, 40.0),
        "Parking des Jardins touches no mapped street, but Sentier des Jardins passes 10 m from it.",
    ),
    decoy("late_bus", (0.0, -296.0), "Line 1 serves Halle until 20:00 on working days and Saturdays."),
    decoy("busy_with_shops", (0.0, 80.0), "The Grand-Rue is busy and lined with shops on both sides."),
    decoy(
        "quiet_street",
        (380.0, 140.0),
        "Rue des Lilas has no shops and hardly anybody walks there: nothing is lost.",
    ),
    decoy("steps_with_bypass", (82.0, 35.0), "Escalier du Marché has a ramp beside it, Rampe du Marché, 12 m longer."),
    decoy("steps_with_ramp", (40.0, -5.0), "Degrés de la Halle carry ramp=yes and ramp:wheelchair=yes."),
    decoy("half_full_lot", (65.0, -340.0), "Parking de l'Esplanade, 220 bays, is about 60 % full at its busiest."),
    decoy("private_lots", (350.0, 40.0), "Parking du personnel and Cour de la Résidence are private."),
];

/// The table as CSV with degrees, for whoever checks an audit.
pub fn table(ground: &Ground) -> String {
    let mut text = "key,kind,latitude,longitude,story\n".to_owned();
    for planted in PLANTED {
        let at = ground.place(planted.at);
        let kind = if planted.is_friction { "friction" } else { "decoy" };
        text.push_str(&format!("{},{kind},{:.5},{:.5},\"{}\"\n", planted.key, at.lat, at.lon, planted.story));
    }
    text
}

/// The description of the town.
pub fn readme(ground: &Ground) -> String {
    let rows = |frictions: bool| {
        let chosen = PLANTED.iter().filter(|planted| planted.is_friction == frictions);
        let lines: Vec<String> = chosen
            .map(|planted| {
                let at = ground.place(planted.at);
                format!("| `{}` | {:.5}, {:.5} | {} |", planted.key, at.lat, at.lon, planted.story)
            })
            .collect();
        lines.join("\n")
    };
    include_str!("readme.md").replace("{frictions}", &rows(true)).replace("{decoys}", &rows(false))
}
