//! `chaland parking`: how many bays, for whom, how full, and what parking costs the customers of each shop.

use std::borrow::Cow;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::arguments::Format;
use super::commands::{outcome, work_with};
use super::failure::CliError;
use super::plain_file::PlainFile;
use super::progress::Bar;
use super::reach::{LAYER_ENDINGS, LAYER_FORMS, begin, write_layer};
use super::{Outcome, output, summary};
use crate::analysis::parking_choice::ParkingValues;
use crate::base::kinds::{LotAccess, LotKind};
use crate::base::units::TravelTime;
use crate::export::ExportError;
use crate::export::map_layer::{FieldKind, MapGeometry, MapLayer, MapRow};
use crate::export::plain_table::{Cell, CellKind, PlainColumn, PlainTable};
use crate::sources::parking::DayKind;
use crate::study::error::StudyError;
use crate::study::open::open;
use crate::study::parking::{
    ByHour, Concern, DAYS, DistrictParking, FIRST_HOUR, HOURS, ParkingLot, ParkingQuestion, ParkingStudy, ShopParking,
    measure_parking,
};

#[derive(Debug, Args)]
pub(super) struct Parking {
    /// Folder of the study, with or without a study.toml
    pub folder: PathBuf,
    /// Places to park, .geojson, .gpkg or .csv
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Table of the shops, .csv or .parquet: walks from bays, minutes that parking costs
    #[arg(long, value_name = "FILE")]
    pub shops_out: Option<PathBuf>,
    /// Table of the districts, .csv or .parquet: bays, kerbs, disabled bays, the way to the core by car
    #[arg(long, value_name = "FILE")]
    pub districts_out: Option<PathBuf>,
    /// Table of places and shops by kind of day and hour, .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub hours_out: Option<PathBuf>,
    /// How long customers stay
    #[arg(long, value_name = "TIME", default_value = "90min")]
    pub stay: TravelTime,
    /// What an hour is worth to them, euros
    #[arg(long, value_name = "EUR", default_value = "10", value_parser = positive)]
    pub value_of_time: f64,
    /// How many minutes by car a minute on foot weighs
    #[arg(long, value_name = "N", default_value = "2", value_parser = positive)]
    pub walk_weight: f64,
    /// Form of the result on stdout
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// End with code 1 when a notice is an error; the result is written all the same
    #[arg(long)]
    pub strict: bool,
    /// Threads to work with [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// No progress and no notices on stderr
    #[arg(long, short)]
    pub quiet: bool,
}

fn positive(text: &str) -> Result<f64, String> {
    let number = text.trim().parse().ok().filter(|number| *number > 0.0 && *number <= 1e6);
    number.ok_or_else(|| "is no number above 0".to_owned())
}

/// The hour that stands for a day where one number has to: 14 o'clock.
const SHOWN: usize = 14 - FIRST_HOUR as usize;

/// Names that no study takes for an input, should the table be written into its folder.
const SHOPS: [PlainColumn<'static>; 15] = [
    ("name", CellKind::Text),
    ("shop_lon", CellKind::Number),
    ("shop_lat", CellKind::Number),
    ("category", CellKind::Text),
    ("district", CellKind::Text),
    ("walk_m", CellKind::Number),
    ("free_walk_m", CellKind::Number),
    ("bays_near", CellKind::Number),
    ("disabled_walk_m", CellKind::Number),
    ("known_share", CellKind::Number),
    ("cost_min_weekday_14", CellKind::Number),
    ("cost_min_saturday_14", CellKind::Number),
    ("index_min_weekday_14", CellKind::Number),
    ("index_min_saturday_14", CellKind::Number),
    ("concerns", CellKind::Text),
];

const DISTRICTS: [PlainColumn<'static>; 13] = [
    ("code", CellKind::Text),
    ("name", CellKind::Text),
    ("visitor_bays", CellKind::Number),
    ("told_share", CellKind::Number),
    ("kerb_told_share", CellKind::Number),
    ("shops", CellKind::Count),
    ("bays_per_shop", CellKind::Number),
    ("disabled_missing", CellKind::Count),
    ("disabled_unknown", CellKind::Count),
    ("drive_min", CellKind::Number),
    ("to_core_min_weekday_14", CellKind::Number),
    ("to_core_min_saturday_14", CellKind::Number),
    ("to_core_min_worst", CellKind::Number),
];

const BY_HOUR: [PlainColumn<'static>; 9] = [
    ("kind", CellKind::Text),
    ("number", CellKind::Count),
    ("name", CellKind::Text),
    ("day", CellKind::Text),
    ("hour", CellKind::Count),
    ("in_use", CellKind::Number),
    ("search_s", CellKind::Number),
    ("cost_min", CellKind::Number),
    ("index_min", CellKind::Number),
];

pub(super) fn run(arguments: &Parking) -> Result<Outcome, CliError> {
    work_with(arguments.threads)?;
    let opened = open(&arguments.folder)?;
    let inputs: Vec<PathBuf> =
        opened.manifest.inputs.files().into_iter().map(|(_, path)| arguments.folder.join(path)).collect();
    let inputs: Vec<&PathBuf> = inputs.iter().collect();
    let lots_file = begin(arguments.out.as_deref(), "places to park", &LAYER_FORMS, LAYER_ENDINGS)?;
    if let Some((file, _)) = &lots_file
        && inputs.iter().any(|input| file.replaces(input))
    {
        return Err(StudyError::ReplacesInput { path: file.target().to_owned() }.into());
    }
    let shops_file = PlainFile::begin(arguments.shops_out.as_deref(), "a table of shops", &inputs)?;
    let districts_file = PlainFile::begin(arguments.districts_out.as_deref(), "a table of districts", &inputs)?;
    let hours_file = PlainFile::begin(arguments.hours_out.as_deref(), "a table of hours", &inputs)?;
    let values = ParkingValues {
        walk_weight: arguments.walk_weight,
        value_of_time_per_h: arguments.value_of_time,
        ..ParkingValues::default()
    };
    let mut notices = opened.notices.clone();
    let bar = Bar::new(arguments.quiet);
    let question = ParkingQuestion { stay: arguments.stay, values };
    let measured = measure_parking((&opened.manifest, &arguments.folder), question, &bar, &mut notices);
    bar.finish();
    let found = measured?;
    if lots_file.is_some() {
        write_layer(&layer(&found), lots_file)?;
    }
    if let Some(file) = shops_file {
        file.write(&SHOPS, |table| write_shops(&found, table))?;
    }
    if let Some(file) = districts_file {
        file.write(&DISTRICTS, |table| write_districts(&found, table))?;
    }
    if let Some(file) = hours_file {
        file.write(&BY_HOUR, |table| write_hours(&found, table))?;
    }
    if !arguments.quiet {
        output::say(&output::notices_text(&notices));
    }
    let text = match arguments.format {
        Format::Text => text(&found),
        Format::Json => {
            let mut facts = facts(&found);
            facts["notices"] = summary::notices_json(&notices);
            format!("{facts:#}\n")
        }
    };
    output::result(&text).map_err(CliError::Stdout)?;
    Ok(outcome(arguments.strict, &notices))
}

fn kind_key(kind: LotKind) -> &'static str {
    match kind {
        LotKind::Street => "street",
        LotKind::Surface => "surface",
        LotKind::MultiStorey => "multi_storey",
        LotKind::Underground => "underground",
    }
}

fn access_key(access: LotAccess) -> &'static str {
    match access {
        LotAccess::Public => "public",
        LotAccess::Customers => "customers",
        LotAccess::Private => "private",
    }
}

fn day_key(day: DayKind) -> &'static str {
    match day {
        DayKind::Any => "any",
        DayKind::Weekday => "weekday",
        DayKind::Saturday => "saturday",
        DayKind::Sunday => "sunday",
    }
}

fn concerns_text(concerns: &[Concern]) -> String {
    concerns.iter().map(|concern| concern.key()).collect::<Vec<_>>().join(" ")
}

fn most(hours: &ByHour<Option<f64>>) -> Option<f64> {
    hours.iter().flatten().flatten().copied().max_by(f64::total_cmp)
}

fn layer(found: &ParkingStudy) -> MapLayer {
    let fields = [
        ("name", FieldKind::Text),
        ("kind", FieldKind::Text),
        ("access", FieldKind::Text),
        ("bays", FieldKind::Real),
        ("bays_told", FieldKind::Text),
        ("visitor_bays", FieldKind::Real),
        ("stays_per_day", FieldKind::Real),
        ("disabled", FieldKind::Integer),
        ("disabled_required", FieldKind::Integer),
        ("disabled_recommended", FieldKind::Integer),
        ("disabled_missing", FieldKind::Integer),
        ("maxstay_min", FieldKind::Integer),
        ("price_of_stay", FieldKind::Real),
        ("highest_occupancy", FieldKind::Real),
        ("longest_search_s", FieldKind::Real),
        ("walk_to_core_s", FieldKind::Real),
        ("concerns", FieldKind::Text),
    ]
    .map(|(name, kind)| (Cow::Borrowed(name), kind));
    let number = |number: Option<f64>| number.map_or(Value::Null, |number| ((number * 1000.0).round() / 1000.0).into());
    let count = |count: Option<u32>| count.map_or(Value::Null, Value::from);
    let row = |own: &ParkingLot| {
        let lot = &found.town.lots[own.lot];
        let disabled = own.disabled;
        let values = [
            ("name", Value::from(lot.name.as_str())),
            ("kind", kind_key(lot.kind).into()),
            ("access", access_key(lot.access).into()),
            ("bays", number(Some(lot.bays))),
            ("bays_told", if lot.bays_given { "yes" } else { "no" }.into()),
            ("visitor_bays", number(Some(own.visitor_bays))),
            ("stays_per_day", number(Some(own.stays_per_day))),
            ("disabled", count(lot.disabled)),
            ("disabled_required", count(disabled.map(|bays| bays.required))),
            ("disabled_recommended", count(disabled.map(|bays| bays.recommended))),
            ("disabled_missing", count(disabled.and_then(|bays| bays.missing()))),
            ("maxstay_min", count(lot.maxstay_min)),
            ("price_of_stay", number(own.price)),
            ("highest_occupancy", number(most(&own.occupancy))),
            ("longest_search_s", number(most(&own.search_s))),
            ("walk_to_core_s", number(own.walk_to_core.map(TravelTime::seconds))),
            ("concerns", concerns_text(&own.concerns).into()),
        ];
        let properties: Map<String, Value> = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        MapRow { geometry: MapGeometry::Point(found.town.plane.unproject(lot.point)), properties }
    };
    MapLayer { name: "parking".to_owned(), fields: fields.to_vec(), rows: found.lots.iter().map(row).collect() }
}

fn category_key(found: &ParkingStudy, shop: &ShopParking) -> String {
    let category = serde_json::to_value(found.town.places[shop.place].category);
    category.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn write_shops(found: &ParkingStudy, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    for shop in &found.shops {
        let place = &found.town.places[shop.place];
        let at = found.town.plane.unproject(place.point);
        let district = place.district.map_or("", |id| &found.town.districts[crate::base::ids::Id::index(id)].code);
        table.write(&[
            Cell::Text(&place.name),
            Cell::Number(at.lon),
            Cell::Number(at.lat),
            Cell::Text(&category_key(found, shop)),
            Cell::Text(district),
            Cell::of(shop.walk_m),
            Cell::of(shop.free_walk_m),
            Cell::Number(shop.bays_near),
            Cell::of(shop.disabled_walk_m),
            Cell::Number(shop.known_share),
            Cell::of(shop.cost_min[0][SHOWN]),
            Cell::of(shop.cost_min[1][SHOWN]),
            Cell::of(shop.index_min[0][SHOWN]),
            Cell::of(shop.index_min[1][SHOWN]),
            Cell::Text(&concerns_text(&shop.concerns)),
        ])?;
    }
    Ok(())
}

/// The districts with their codes and names, and all of the town as the last.
fn named_districts(found: &ParkingStudy) -> impl Iterator<Item = (&str, &str, &DistrictParking)> {
    let names = found.town.districts.iter().map(|district| (district.code.as_str(), district.name.as_str()));
    names.chain([("all", "")]).zip(&found.districts).map(|((code, name), own)| (code, name, own))
}

fn write_districts(found: &ParkingStudy, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    for (code, name, own) in named_districts(found) {
        let per_shop = (own.shops > 0).then(|| own.visitor_bays / own.shops as f64);
        table.write(&[
            Cell::Text(code),
            Cell::Text(name),
            Cell::Number(own.visitor_bays),
            Cell::of(own.told_share),
            Cell::of(own.kerb_told_share),
            Cell::Count(own.shops),
            Cell::of(per_shop),
            Cell::Count(own.disabled_missing as usize),
            Cell::Count(own.disabled_unknown),
            Cell::of(own.drive_min),
            Cell::of(own.to_core_min[0][SHOWN]),
            Cell::of(own.to_core_min[1][SHOWN]),
            Cell::of(most(&own.to_core_min)),
        ])?;
    }
    Ok(())
}

fn write_hours(found: &ParkingStudy, table: &mut PlainTable<'_>) -> Result<(), ExportError> {
    let places = found.lots.iter().map(|own| {
        let name = found.town.lots[own.lot].name.as_str();
        ("lot", own.lot, name, [&own.occupancy, &own.search_s, &NOTHING, &NOTHING])
    });
    let shops = found.shops.iter().map(|own| {
        let name = found.town.places[own.place].name.as_str();
        ("shop", own.place, name, [&NOTHING, &NOTHING, &own.cost_min, &own.index_min])
    });
    let districts = named_districts(found)
        .enumerate()
        .map(|(at, (_, name, own))| ("district", at, name, [&NOTHING, &NOTHING, &own.to_core_min, &NOTHING]));
    for (kind, number, name, columns) in places.chain(shops).chain(districts) {
        for (day, key) in DAYS.iter().enumerate() {
            for hour in 0..HOURS {
                let values = columns.map(|column| Cell::of(column[day][hour]));
                // Of places of which nothing is known there is nothing to tell.
                if values.iter().all(|value| *value == Cell::Empty) {
                    continue;
                }
                let head = [
                    Cell::Text(kind),
                    Cell::Count(number),
                    Cell::Text(name),
                    Cell::Text(day_key(*key)),
                    Cell::Count(usize::from(FIRST_HOUR) + hour),
                ];
                table.write(&[&head[..], &values[..]].concat())?;
            }
        }
    }
    Ok(())
}

static NOTHING: ByHour<Option<f64>> = [[None; HOURS]; 3];

/// How many places or shops each concern is of, the most frequent first.
fn counted(concerns: impl Iterator<Item = Concern>) -> Vec<(Concern, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    concerns.for_each(|concern| *counts.entry(concern).or_insert(0) += 1);
    let mut counts: Vec<(Concern, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

fn facts(found: &ParkingStudy) -> Value {
    let lots = &found.town.lots;
    let by_kind: Map<String, Value> = [LotKind::Street, LotKind::Surface, LotKind::MultiStorey, LotKind::Underground]
        .into_iter()
        .map(|kind| {
            let bays: f64 = lots.iter().filter(|lot| lot.kind == kind).map(|lot| lot.bays).sum();
            (kind_key(kind).to_owned(), bays.into())
        })
        .collect();
    let whole = found.districts.last();
    let concerns: Map<String, Value> = counted(found.lots.iter().flat_map(|lot| lot.concerns.iter().copied()))
        .into_iter()
        .chain(counted(found.shops.iter().flat_map(|shop| shop.concerns.iter().copied())))
        .map(|(concern, count)| (concern.key().to_owned(), count.into()))
        .collect();
    let told: Vec<Value> = DAYS
        .iter()
        .enumerate()
        .flat_map(|(day, kind)| {
            found.observed[day].iter().enumerate().filter(|(_, (_, count))| *count > 0).map(move |(hour, (share, count))| {
                json!({ "day": day_key(*kind), "hour": usize::from(FIRST_HOUR) + hour, "median": share, "places": count })
            })
        })
        .collect();
    json!({
        "places": lots.len(), "bays": by_kind, "visitor_bays": whole.map(|own| own.visitor_bays),
        "told_share": whole.and_then(|own| own.told_share), "kerb_told_share": whole.and_then(|own| own.kerb_told_share),
        "disabled_missing": whole.map(|own| own.disabled_missing), "disabled_unknown": whole.map(|own| own.disabled_unknown),
        "shops": found.shops.len(), "concerns": concerns, "occupancy": told,
        "to_core_min_weekday_14": whole.and_then(|own| own.to_core_min[0][SHOWN]),
        "drive_min": whole.and_then(|own| own.drive_min),
    })
}

fn text(found: &ParkingStudy) -> String {
    let Some(whole) = found.districts.last() else { return String::new() };
    let percent = |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |share| format!("{:.0} %", 100.0 * share));
    let mut text = format!(
        "{} places to park with {:.0} bays for visitors; {} of all bays were told, the others follow from areas and kerbs\n",
        found.lots.len(),
        whole.visitor_bays,
        percent(whole.told_share)
    );
    text.push_str(&format!(
        "Something is said about {} of the length of kerbs; of the rest nothing is assumed\n",
        percent(whole.kerb_told_share)
    ));
    text.push_str(&format!(
        "Disabled bays: {} missing by the Walloon rule; of {} places nothing is said\n",
        whole.disabled_missing, whole.disabled_unknown
    ));
    let unknown = found.town.lots.iter().filter(|lot| lot.bays <= 0.0 && lot.access != LotAccess::Private).count();
    let unpriced = found.lots.iter().filter(|lot| lot.visitor_bays > 0.0 && lot.price.is_none()).count();
    text.push_str(&format!(
        "Of {unknown} places nothing tells the number of bays, and they count for none; of {unpriced} nothing tells a price, and they \
         count as free\n"
    ));
    let told = found.lots.iter().filter(|lot| most(&lot.occupancy).is_some()).count();
    match told {
        0 => text.push_str("Nothing tells how full places are: 70 % is assumed\n"),
        _ => text.push_str(&format!(
            "{told} places tell how full they are; of each hour their median stands for the others\n"
        )),
    }
    if let (Some(drive), Some(weekday)) = (whole.drive_min, whole.to_core_min[0][SHOWN]) {
        let saturday = whole.to_core_min[1][SHOWN].map_or_else(|| "-".to_owned(), |minutes| format!("{minutes:.0}"));
        text.push_str(&format!(
            "To the core by car, half of the residents: {drive:.0} min of driving; {weekday:.0} min with search, payment and walk \
             on a working day at 14 h, {saturday} on a Saturday\n"
        ));
    }
    let lots = counted(found.lots.iter().flat_map(|lot| lot.concerns.iter().copied()));
    let shops = counted(found.shops.iter().flat_map(|shop| shop.concerns.iter().copied()));
    for (what, all, concerns) in [("places", found.lots.len(), lots), ("shops", found.shops.len(), shops)] {
        for (concern, count) in concerns {
            text.push_str(&format!("  {}: {count} of {all} {what}\n", concern.key()));
        }
    }
    text
}
