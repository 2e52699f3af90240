//! Rows and features → lots.

use geo::{Geometry, InteriorPoint};

use super::occupancy::{OccupancyScale, hourly_occupancy};
use super::price::price_per_hour;
use super::spots::{self, is_spot};
use super::stay::minutes_of;
use super::words::{access_of, fee_of, is_kind_value, kind_of, says_disabled};
use super::{LotRecord, ParkingError, fields};
use crate::base::kinds::{LotAccess, LotKind};
use crate::base::notice::{Location, Notice, Notices};
use crate::base::projection::LonLat;
use crate::sources::features::{Feature, FeatureOptions, features_of_table};
use crate::sources::table::{Expected, NumberStyle, Table, is_missing};
use crate::sources::unique_ids::UniqueIds;

/// No car park in the world has as many bays; larger numbers are something else.
const LARGEST_CAPACITY: f64 = 100_000.0;

/// What all lots of a file share while they are read.
struct Reading<'a> {
    file: &'a str,
    /// How to say where: a row or a feature.
    locate: fn(u64) -> Location,
    scale: OccupancyScale,
    disabled_file: bool,
    ids: UniqueIds,
}

/// Lots of the features of a file.
pub(super) fn lots_of_features(file: &str, features: &[Feature], notices: &mut Notices) -> Vec<LotRecord> {
    read_lots(file, features, Location::Feature, notices)
}

/// Lots of the rows of a table.
pub(super) fn lots_of_table(
    table: &Table,
    options: &FeatureOptions,
    notices: &mut Notices,
) -> Result<Vec<LotRecord>, ParkingError> {
    let features = features_of_table(table, options, notices)?;
    Ok(read_lots(table.file(), &features, Location::Row, notices))
}

fn read_lots(file: &str, features: &[Feature], locate: fn(u64) -> Location, notices: &mut Notices) -> Vec<LotRecord> {
    let scale = OccupancyScale::of_features(features);
    let disabled_file = says_disabled(file);
    let mut reading = Reading { file, locate, scale, disabled_file, ids: UniqueIds::default() };
    let mut lots = Vec::with_capacity(features.len());
    let mut bays = Vec::new();
    let mut disabled_bays = 0;
    for feature in features {
        let before = notices_so_far(notices);
        match reading.lot_of(feature, notices) {
            Ok((lot, is_disabled)) => {
                if is_spot(feature) {
                    bays.push(lot)
                } else {
                    lots.push(lot)
                };
                disabled_bays += u32::from(is_disabled);
                let repaired = feature.repaired || notices_so_far(notices) > before;
                let tally = notices.tally(file);
                if repaired { tally.count_repaired() } else { tally.count_used() }
            }
            Err(notice) => {
                notices.push(notice);
                notices.tally(file).count_dropped();
            }
        }
    }
    if disabled_bays > 0 {
        let problem = format!("holds {disabled_bays} lots of bays for disabled people");
        notices.push(Notice::note("disabled_bays", file, problem).action("not counted as bays for all"));
    }
    tell_of_moments(file, features, notices);
    lots.extend(spots::group(file, bays, notices));
    lots
}

/// How full lots are at one moment is no profile of their days.
fn tell_of_moments(file: &str, features: &[Feature], notices: &mut Notices) {
    let lots = features.iter().filter(|feature| feature.property(fields::FREE_NOW).is_some()).count();
    if lots > 0 {
        let problem = format!("tells of {lots} lots how full they were at one moment");
        let action = "not used; name the answers of several hours as occupancy to use them";
        notices.push(Notice::note("occupancy_of_one_moment", file, problem).action(action));
    }
}

fn notices_so_far(notices: &Notices) -> u64 {
    notices.counts().values().map(|(_, count)| count).sum()
}

impl Reading<'_> {
    fn at(&self, number: u64, mut notice: Notice) -> Notice {
        notice.location = (self.locate)(number);
        notice
    }

    /// The lot of a feature and whether its bays are for disabled people; `Err` tells why it is none.
    fn lot_of(&mut self, feature: &Feature, notices: &mut Notices) -> Result<(LotRecord, bool), Notice> {
        let number = feature.number;
        if feature.property(&["type"]).is_some_and(|kind| kind.eq_ignore_ascii_case("city")) {
            let notice = Notice::note("not_a_lot", self.file, "is a city and not a car park").action("left out");
            return Err(self.at(number, notice));
        }
        let (position, line) = course(&feature.geometry).ok_or_else(|| {
            let notice = Notice::error("geometry_empty", self.file, "is neither a point, a line nor an area");
            self.at(number, notice.action("left out"))
        })?;
        let purpose = feature.property(&["purpose"]).unwrap_or("");
        if ["bike", "item"].iter().any(|other| purpose.eq_ignore_ascii_case(other)) {
            let notice = Notice::note("not_for_cars", self.file, "is no parking for cars").field("purpose", purpose);
            return Err(self.at(number, notice.action("left out")));
        }
        let capacity = self.bays(feature, fields::CAPACITY, notices);
        let capacity = capacity.or_else(|| self.bays(feature, fields::CAPACITY_NOW, notices));
        let capacity = if is_spot(feature) { Some(1) } else { capacity };
        if capacity == Some(0) && !line.is_empty() {
            let notice = Notice::note("no_parking", self.file, "is a stretch of street where nobody may park");
            return Err(self.at(number, notice.action("left out")));
        }
        let (name_field, name) = name_of(feature).unwrap_or_default();
        let kind_words: Vec<&str> = fields::KIND
            .iter()
            .filter_map(|name| feature.named_property(&[name]))
            .filter(|(field, _)| *field != name_field)
            .map(|(_, word)| word)
            .collect();
        let dataset = feature.property(&["dataset id"]).unwrap_or("");
        let reserved = feature.property(spots::RESTRICTIONS).unwrap_or("");
        let is_disabled = self.disabled_file
            || says_disabled(dataset)
            || kind_words.iter().any(|word| says_disabled(word))
            || (is_spot(feature) && says_disabled(reserved));
        let disabled = self.bays(feature, fields::DISABLED, notices);
        let (capacity, disabled) =
            if is_disabled { (Some(0), disabled.or(capacity).or(Some(1))) } else { (capacity, disabled) };
        let default_kind = if is_disabled || !line.is_empty() { LotKind::Street } else { LotKind::Surface };
        let kind = kind_words.iter().find_map(|word| kind_of(word)).unwrap_or(default_kind);
        let occupancy =
            hourly_occupancy(self.file, feature, self.scale, &mut |notice| notices.push(self.at(number, notice)));
        Ok((
            LotRecord {
                id: self.unique_id(feature, notices),
                name: name.to_owned(),
                position,
                line,
                kind,
                access: self.access(feature, notices),
                capacity,
                disabled,
                fee: fields::FEE.iter().find_map(|name| feature.property(&[name]).and_then(fee_of)),
                price_per_hour: self.price(feature, notices),
                maxstay_min: self.maxstay(feature, notices),
                occupancy,
                source_row: number,
            },
            is_disabled,
        ))
    }

    fn unique_id(&mut self, feature: &Feature, notices: &mut Notices) -> String {
        let id = feature.property(fields::ID).map_or_else(|| feature.number.to_string(), str::to_owned);
        let (unique, first) = self.ids.take(id.clone(), feature.number);
        if first.is_some() {
            let notice = Notice::warning("lot_id_duplicate", self.file, "is the id of more than one lot");
            notices.push(self.at(feature.number, notice.field("id", &id).action(format!("read as {unique}"))));
        }
        unique
    }

    fn bays(&self, feature: &Feature, names: &[&str], notices: &mut Notices) -> Option<u32> {
        let (field, text) = feature.named_property(names).filter(|(_, text)| !is_missing(text))?;
        let (style, _) = NumberStyle::detect(std::iter::once(text), Expected::Whole, b',');
        match style.parse(text) {
            Some(bays) if (0.0..=LARGEST_CAPACITY).contains(&bays) => Some(bays.floor() as u32),
            _ => {
                let notice = Notice::warning("capacity_invalid", self.file, "is not a number of bays");
                notices.push(self.at(feature.number, notice.field(field, text).action("taken as unknown")));
                None
            }
        }
    }

    fn price(&self, feature: &Feature, notices: &mut Notices) -> Option<f64> {
        let (field, text) = feature.named_property(fields::PRICE).filter(|(_, text)| !is_missing(text))?;
        let price = price_per_hour(text).filter(|price| (0.0..=1000.0).contains(price));
        if price.is_none() {
            let notice = Notice::warning("price_invalid", self.file, "is not a price per hour");
            notices.push(self.at(feature.number, notice.field(field, text).action("taken as unknown")));
        }
        price
    }

    fn maxstay(&self, feature: &Feature, notices: &mut Notices) -> Option<u32> {
        let (field, text) = feature.named_property(fields::MAXSTAY).filter(|(_, text)| !is_missing(text))?;
        let minutes = minutes_of(text);
        if minutes.is_none() {
            let notice = Notice::warning("maxstay_invalid", self.file, "is not a length of stay");
            notices.push(self.at(feature.number, notice.field(field, text).action("taken as unknown")));
        }
        minutes
    }

    fn access(&self, feature: &Feature, notices: &mut Notices) -> LotAccess {
        let said = fields::ACCESS.iter().find_map(|name| feature.property(&[name]).and_then(access_of));
        let schedule = feature.property(&["schedule", "horaire", "öffnungszeiten"]).unwrap_or("");
        if said.is_none() && access_of(schedule) == Some(LotAccess::Private) {
            let notice = Notice::warning("access_from_schedule", self.file, "says that a subscription is needed");
            let notice = notice.field("schedule", schedule).action("read as private");
            notices.push(self.at(feature.number, notice));
            return LotAccess::Private;
        }
        let unknown = feature.named_property(fields::ACCESS_ONLY).filter(|(_, text)| !is_missing(text));
        if let (None, Some((field, text))) = (said, unknown) {
            let notice = Notice::warning("lot_access_unknown", self.file, "is not a known kind of access");
            notices.push(self.at(feature.number, notice.field(field, text).action("taken as public")));
        }
        said.unwrap_or(LotAccess::Public)
    }
}

/// The name of a lot and the field that bears it: `parking` does where it holds none of OSM's kinds.
fn name_of(feature: &Feature) -> Option<(&str, &str)> {
    let named = fields::NAME.iter().filter_map(|name| Some((*name, feature.named_property(&[name])?)));
    let is_name = |(name, (_, text)): &(&str, (&str, &str))| *name != "parking" || !is_kind_value(text);
    named.into_iter().find(is_name).map(|(_, named)| named)
}

/// The position of a geometry, and its course where it is a line.
fn course(geometry: &Geometry<f64>) -> Option<(LonLat, Vec<LonLat>)> {
    let line = match geometry {
        Geometry::LineString(line) => &line.0,
        Geometry::MultiLineString(lines) => &lines.0.iter().max_by_key(|line| line.0.len())?.0,
        _ => {
            let point = geometry.interior_point()?;
            return Some((LonLat::new(point.x(), point.y())?, Vec::new()));
        }
    };
    let line: Vec<LonLat> = line.iter().filter_map(|c| LonLat::new(c.x, c.y)).collect();
    let length = |pair: &[LonLat]| {
        let narrowing = pair[0].lat.to_radians().cos();
        ((pair[1].lon - pair[0].lon) * narrowing).hypot(pair[1].lat - pair[0].lat)
    };
    let mut left = line.windows(2).map(length).sum::<f64>() / 2.0;
    for pair in line.windows(2) {
        let step = length(pair);
        if step >= left && step > 0.0 {
            let share = left / step;
            let between = |from: f64, to: f64| from + share * (to - from);
            let middle = LonLat { lon: between(pair[0].lon, pair[1].lon), lat: between(pair[0].lat, pair[1].lat) };
            return Some((middle, line));
        }
        left -= step;
    }
    let first = *line.first()?;
    Some((first, line))
}
