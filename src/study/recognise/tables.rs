//! What a table in text form is, by its header and its rows.

use super::content::{Content, Sight};
use super::fields;
use crate::base::projection::LonLat;
use crate::sources::counts::header::header_of_counts;
use crate::sources::population::grid_cell_position;
use crate::sources::table::{MOST_COLUMNS, Stamp, find_below_titles};

/// Rows whose values are looked at to tell numbers from texts.
const SAMPLE: usize = 200;
/// Fewest columns of numbers beside a time that make a table of counts, one column a counter.
const LEAST_COUNT_COLUMNS: usize = 3;
/// Fewest columns named after hours that make a table of occupancy.
const LEAST_HOUR_COLUMNS: usize = 6;

/// The header and rows of a table.
struct Table {
    header: Vec<String>,
    keys: Vec<String>,
    rows: Vec<csv::StringRecord>,
    /// Whether the header stands below titles or in two rows, as counters export it.
    has_titles: bool,
}

/// What a table is. `cut` says that only its start is there.
pub(super) fn look_at_table(text: &str, cut: bool) -> Sight {
    let Some(table) = split(text) else { return Sight::unknown("is a text that is not a table") };
    if table.header.len() > MOST_COLUMNS {
        return Sight::unknown(&format!("is a text whose first row has {} columns", table.header.len()));
    }
    let positions = if cut { Vec::new() } else { table.positions() };
    let (content, why) = table.content();
    let names = if content == Content::Parking { table.named_rows() } else { Vec::new() };
    Sight::new(content, &why).at(positions).naming(names)
}

fn split(text: &str) -> Option<Table> {
    let titles = find_below_titles(text, header_of_counts);
    let (text, has_titles) = titles.as_ref().map_or((text, false), |below| (below.text, true));
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let delimiter = [b',', b';', b'\t', b'|'].into_iter().max_by_key(|&d| first.bytes().filter(|&b| b == d).count())?;
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let mut header: Vec<String> = reader.headers().ok()?.iter().map(str::to_owned).collect();
    if let Some(below) = titles {
        header.iter_mut().zip(below.names).for_each(|(name, whole)| *name = whole);
    }
    if header.len() < 2 {
        return None;
    }
    if header.len() > MOST_COLUMNS {
        return Some(Table { header, keys: Vec::new(), rows: Vec::new(), has_titles });
    }
    let keys = header.iter().map(|name| fields::key_of(name)).collect();
    let rows: Vec<csv::StringRecord> = reader.records().flatten().collect();
    (!rows.is_empty()).then_some(Table { header, keys, rows, has_titles })
}

fn number(text: &str) -> Option<f64> {
    text.trim().replace(',', ".").parse().ok().filter(|n: &f64| n.is_finite())
}

impl Table {
    fn column(&self, test: fn(&str) -> bool) -> Option<usize> {
        self.keys.iter().position(|key| test(key))
    }

    /// Whether nearly all values of a column that are there pass a test, and at least one is there.
    fn mostly(&self, column: usize, test: impl Fn(&str) -> bool) -> bool {
        let values: Vec<&str> = self.rows.iter().take(SAMPLE).filter_map(|row| row.get(column)).collect();
        let there = values.iter().filter(|value| !value.trim().is_empty()).count();
        let passed = values.iter().filter(|value| !value.trim().is_empty() && test(value)).count();
        there > 0 && passed * 10 >= there * 8
    }

    fn numeric(&self, test: fn(&str) -> bool) -> Option<usize> {
        (0..self.keys.len())
            .find(|&column| test(&self.keys[column]) && self.mostly(column, |value| number(value).is_some()))
    }

    /// The column in which most values are ids of cells of a European grid.
    fn cells(&self) -> Option<usize> {
        let is_cell = |value: &str| grid_cell_position(value).is_some();
        (0..self.keys.len()).find(|&column| fields::is_cell(&self.keys[column]) && self.mostly(column, is_cell))
    }

    fn positions(&self) -> Vec<LonLat> {
        if let Some(cells) = self.cells() {
            return self.rows.iter().filter_map(|row| grid_cell_position(row.get(cells)?)).collect();
        }
        let (Some(lon), Some(lat)) = (self.numeric(fields::is_lon), self.numeric(fields::is_lat)) else {
            return Vec::new();
        };
        let position = |row: &csv::StringRecord| LonLat::new(number(row.get(lon)?)?, number(row.get(lat)?)?);
        self.rows.iter().filter_map(position).collect()
    }

    fn is_located(&self) -> bool {
        let (Some(lon), Some(lat)) = (self.numeric(fields::is_lon), self.numeric(fields::is_lat)) else {
            return false;
        };
        self.mostly(lon, |v| number(v).is_some_and(|n| n.abs() <= 180.0))
            && self.mostly(lat, |v| number(v).is_some_and(|n| n.abs() <= 90.0))
    }

    fn name_of(&self, column: usize) -> &str {
        self.header.get(column).map_or("", |name| name.trim())
    }

    fn texts_of(&self, column: usize) -> Vec<String> {
        let mut texts: Vec<String> = self
            .rows
            .iter()
            .filter_map(|row| Some(row.get(column)?.trim().to_owned()))
            .filter(|t| !t.is_empty())
            .collect();
        texts.sort();
        texts.dedup();
        texts
    }

    /// Names and ids of the rows, in small letters.
    fn named_rows(&self) -> Vec<String> {
        let named = (0..self.keys.len()).filter(|&c| fields::is_name(&self.keys[c]) || fields::is_code(&self.keys[c]));
        named.flat_map(|column| self.texts_of(column)).map(|text| text.to_lowercase()).collect()
    }

    /// The texts of each row, in small letters: ids and names, whatever their columns are called.
    fn texts_by_row(&self) -> Vec<Vec<String>> {
        let texts = |row: &csv::StringRecord| {
            row.iter().map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty()).collect()
        };
        self.rows.iter().map(texts).collect()
    }

    fn content(&self) -> (Content, String) {
        self.boardings()
            .or_else(|| self.occupancy())
            .or_else(|| self.long_counts())
            .or_else(|| self.wide_counts())
            .or_else(|| self.parking())
            .or_else(|| self.population())
            .or_else(|| self.stops())
            .or_else(|| self.car_speeds())
            .or_else(|| self.named_points())
            .unwrap_or_else(|| {
                let columns: Vec<&str> = self.header.iter().take(6).map(|name| name.trim()).collect();
                let more = if self.header.len() > 6 { ", ..." } else { "" };
                (Content::Unknown, format!("is a table whose columns ({}{more}) tell of no input", columns.join(", ")))
            })
    }

    fn car_speeds(&self) -> Option<(Content, String)> {
        let is_whole = |value: &str| value.trim().parse::<i64>().is_ok();
        let way = self.column(fields::is_osm_way).filter(|&column| self.mostly(column, is_whole))?;
        let speed = self.numeric(fields::is_speed)?;
        let why = format!("table of car speeds: {} by {}", self.name_of(speed), self.name_of(way));
        Some((Content::CarSpeeds, why))
    }

    fn boardings(&self) -> Option<(Content, String)> {
        let name = self.column(fields::is_name)?;
        let boardings = self.numeric(fields::is_boardings)?;
        let why = format!("table of boardings: {} by {}", self.name_of(boardings), self.name_of(name));
        Some((Content::Boardings, why))
    }

    fn occupancy(&self) -> Option<(Content, String)> {
        let time = self.time();
        let hours = self.header.iter().filter(|name| is_hour_of_day(name)).count();
        if time.is_none() && hours >= LEAST_HOUR_COLUMNS {
            let lot = self.column(fields::is_name).or_else(|| self.column(fields::is_code))?;
            return Some((Content::Occupancy, format!("parking by hour: {hours} hours by {}", self.name_of(lot))));
        }
        let (time, taken) = (time?, self.numeric(fields::is_taken)?);
        Some((Content::Occupancy, format!("parking by hour: {} and {}", self.name_of(time), self.name_of(taken))))
    }

    fn time(&self) -> Option<usize> {
        (0..self.keys.len())
            .find(|&column| fields::is_time(&self.keys[column]) && self.mostly(column, is_clock_or_date))
    }

    fn long_counts(&self) -> Option<(Content, String)> {
        let time = self.time()?;
        let site = self.column(fields::is_site).filter(|&column| column != time)?;
        let counts = |test: fn(&str) -> bool| {
            let is_number = |column: usize| self.mostly(column, |v| number(v).is_some());
            (0..self.keys.len()).find(|&column| column != site && test(&self.keys[column]) && is_number(column))
        };
        let one_way = || counts(fields::is_way_in).filter(|_| counts(fields::is_way_out).is_some());
        let count = counts(fields::is_count).or_else(one_way)?;
        let why = format!("counts: {} by {} and {}", self.name_of(count), self.name_of(site), self.name_of(time));
        Some((Content::Counts { sites: self.texts_of(site) }, why))
    }

    fn wide_counts(&self) -> Option<(Content, String)> {
        if !self.mostly(0, is_clock_or_date) || self.mostly(0, |v| number(v).is_some()) {
            return None;
        }
        let counters: Vec<usize> = (1..self.keys.len())
            .filter(|&column| self.mostly(column, |v| number(v).is_some_and(|n| n >= 0.0)))
            .collect();
        if counters.len() < if self.has_titles { 1 } else { LEAST_COUNT_COLUMNS } {
            return None;
        }
        let sites = counters.iter().map(|&column| self.name_of(column).to_owned()).collect();
        let why = format!("counts: {} and {} columns of numbers", self.name_of(0), counters.len());
        Some((Content::Counts { sites }, why))
    }

    fn parking(&self) -> Option<(Content, String)> {
        let capacity = self.numeric(fields::is_capacity).filter(|_| self.is_located())?;
        let why = format!("car parks: {} with positions", self.name_of(capacity));
        Some((Content::Parking, why))
    }

    fn population(&self) -> Option<(Content, String)> {
        if let Some(cells) = self.cells() {
            let people = self.numeric(fields::is_people).or_else(|| self.numeric(fields::is_people_of_cells))?;
            let why = format!("residents: {} by cells of a grid in {}", self.name_of(people), self.name_of(cells));
            return Some((Content::PopulationPoints, why));
        }
        let sector = self.column(fields::is_sector);
        let total = || self.numeric(|key| key == "total").filter(|_| sector.is_some());
        let people = self.numeric(fields::is_people).or_else(total)?;
        let name = self.name_of(people);
        if self.is_located() {
            return Some((Content::PopulationPoints, format!("residents: {name} with positions")));
        }
        let code = sector.or_else(|| self.column(fields::is_code))?;
        Some((Content::PopulationByCode, format!("residents: {name} by {}", self.name_of(code))))
    }

    fn stops(&self) -> Option<(Content, String)> {
        let name = self.column(fields::is_name).filter(|_| self.is_located())?;
        let stop = self.column(fields::is_stop)?;
        let platforms = self.keys.iter().any(|key| key == "parent_stop" || key == "platform");
        let what = if platforms { "platforms" } else { "stops" };
        let why = format!("{what}: {}, {} and positions", self.name_of(name), self.name_of(stop));
        Some((Content::Stops { platforms }, why))
    }

    fn named_points(&self) -> Option<(Content, String)> {
        let name = self.column(fields::is_name).or_else(|| self.column(fields::is_code));
        let name = name.filter(|_| self.is_located())?;
        let why = format!("points: {} with positions", self.name_of(name));
        Some((Content::NamedPoints { rows: self.texts_by_row() }, why))
    }
}

/// Whether a value reads as a date, a clock time or both, or as a whole hour.
fn is_clock_or_date(value: &str) -> bool {
    let value = value.trim();
    if Stamp::has_date(value) {
        return true;
    }
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let marks = value.bytes().filter(|b| b"-/:.T".contains(b)).count();
    let strange = value.chars().filter(|c| !(c.is_ascii_digit() || "-/:.TZ+ APMapm".contains(*c))).count();
    if value.parse::<u32>().is_ok_and(|hour| hour <= 24) {
        return true;
    }
    digits >= 3 && marks >= 1 && strange <= 3 && (value.contains(':') || marks >= 2)
}

/// Whether a name of a column is an hour of the day: `08:00`, `8h`, `08-09`, `occ_08`.
fn is_hour_of_day(name: &str) -> bool {
    let plain = name.trim().to_lowercase();
    let plain = plain.strip_prefix("occ_").unwrap_or(&plain);
    let hour = plain.split([':', 'h', '-']).next().unwrap_or("");
    let marked = plain.len() > hour.len() || hour.len() == 2;
    marked && hour.len() <= 2 && hour.parse::<u8>().is_ok_and(|hour| hour < 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content_of(text: &str) -> Content {
        look_at_table(text, false).content
    }

    #[test]
    fn each_kind_of_table_is_known_by_its_columns() {
        assert_eq!(content_of("name;Kapazität;lat;lon\nP1;120;49,41;8,69\n"), Content::Parking);
        assert_eq!(content_of("name,hour,occupied\nP1,8,30\nP1,9,60\n"), Content::Occupancy);
        assert_eq!(content_of("time,parking,occupancy\n2024-05-01 08:00,P1,0.5\n"), Content::Occupancy);
        let long = "site,timestamp,count\nRue A,2024-05-01T08:00,12\nRue B,2024-05-01T08:00,7\n";
        assert_eq!(content_of(long), Content::Counts { sites: vec!["Rue A".to_owned(), "Rue B".to_owned()] });
        let wide = "Time,A,B,C\n01/01/2023 00:00,1,2,\n01/01/2023 01:00,1,2,9\n";
        assert!(matches!(content_of(wide), Content::Counts { sites } if sites == ["A", "B", "C"]));
        assert_eq!(content_of("name,population,lon,lat\na,10,5.5,50.6\n"), Content::PopulationPoints);
        assert_eq!(content_of("NIS_code,inhabitants\n11001,14427\n"), Content::PopulationByCode);
        assert_eq!(content_of("URI,name,longitude,latitude\nu,Ans,5.5,50.6\n"), Content::Stops { platforms: false });
        let platforms = "URI,parent_stop,longitude,latitude,name\nu#1,u,5.5,50.6,Ans 1\n";
        assert_eq!(content_of(platforms), Content::Stops { platforms: true });
        assert_eq!(content_of("URI,name,average_weekday_embarkments\nu,Ans,1.639\n"), Content::Boardings);
        assert_eq!(content_of("osm_id,max_speed,speed_type\n27184648,0.5,scale\n"), Content::CarSpeeds);
        assert!(matches!(content_of("id,lat,lon\nmarket,-30.0,-51.2\n"), Content::NamedPoints { .. }));
    }

    #[test]
    fn exports_of_counters_are_counts() {
        let sites_of = |text: &str| match content_of(text) {
            Content::Counts { sites } => sites,
            other => panic!("{text}: {other:?}"),
        };
        let telraam = "segment_id,date,uptime,car,pedestrian\n9000,2023-05-01T08:00:00Z,0.8,1,10\n";
        assert_eq!(sites_of(telraam), ["9000"]);
        let eco =
            "Rue Neuve\n01/01/2023 - 31/01/2023\nTime;Rue Neuve;Rue Neuve IN;Rue Neuve OUT\n01/01/2023 00:00;3;1;2\n";
        assert_eq!(sites_of(eco), ["Rue Neuve", "Rue Neuve IN", "Rue Neuve OUT"]);
        let two_rows = ";Rue Neuve;;\nTime;Total;IN;OUT\n01/01/2023 00:00;3;1;2\n";
        assert_eq!(sites_of(two_rows), ["Rue Neuve", "Rue Neuve IN", "Rue Neuve OUT"]);
        let melbourne = "ID,Date_Time,Year,Month,Mdate,Day,Time,Sensor_ID,Sensor_Name,Hourly_Counts\n\
                         1,\"November 01, 2019 05:00:00 PM\",2019,November,1,Friday,17,34,Flinders St,300\n";
        assert_eq!(sites_of(melbourne), ["34"]);
        let auckland = "Date,Time,1 Quay St,2 Queen St,3 High St\n1/01/2019,6:00-6:59,12,5,7\n";
        assert_eq!(sites_of(auckland).len(), 3);
        assert_eq!(sites_of("site,date,from,to,count\nA,14/05/2024,10:00,12:00,180\n"), ["A"]);
        assert_eq!(sites_of("site,date,from,to,in,out\nA,14/05/2024,10:00,12:00,100,80\n"), ["A"]);
    }

    #[test]
    fn residents_by_cells_and_sectors_are_population() {
        let sight = look_at_table("GRD_ID,CNTR,T\nCRS3035RES1000mN3095000E3924000,BE,812\n", false);
        assert_eq!((sight.content, sight.positions.len()), (Content::PopulationPoints, 1));
        let sectors = "CD_REFNIS;CD_SECTOR;TOTAL;OPPERVLAKKTE_HM²\n62063;62063A00-;1639;40,5\n";
        assert_eq!(content_of(sectors), Content::PopulationByCode);
        assert_eq!(content_of("name,total\nx,5\n"), Content::Unknown);
    }

    #[test]
    fn hours_in_columns_are_occupancy() {
        let header: Vec<String> = (8..16).map(|hour| format!("{hour:02}:00")).collect();
        assert_eq!(content_of(&format!("name,{}\nP1{}\n", header.join(","), ",0.5".repeat(8))), Content::Occupancy);
        assert_eq!(content_of("time,Kennedy libres\n2024-05-01 08:00,12\n"), Content::Occupancy);
    }

    #[test]
    fn what_tells_of_no_input_stays_unknown() {
        assert_eq!(content_of("osm_id,lts\n1,2\n"), Content::Unknown);
        assert_eq!(content_of("name,capacity\nP1,10\n"), Content::Unknown, "car parks without positions");
        let words = content_of("name,spaces,lat,lon\nP1,many,50.6,5.5\n");
        assert!(matches!(words, Content::NamedPoints { .. }), "bays that are no numbers: {words:?}");
        assert_eq!(content_of("just a line of text\n"), Content::Unknown);
        assert_eq!(content_of("a,b\n"), Content::Unknown, "a header without rows");
        assert_eq!(content_of(""), Content::Unknown);
    }

    #[test]
    fn positions_are_kept_to_see_whether_they_lie_in_the_study() {
        let sight = look_at_table("name,spaces,lat,lon\nP1,1,50.6,5.5\nP2,2,95,5.5\n", false);
        assert_eq!(sight.positions, [LonLat { lon: 5.5, lat: 50.6 }]);
    }
}
