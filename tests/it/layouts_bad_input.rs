//! What do the readers say of bad input in the layouts of Telraam, Eco-Counter, ParkAPI, DATEX II, grids and counts by hand?

use std::path::PathBuf;

use chaland::base::notice::Notices;
use chaland::sources::counts::{CountRecords, CountsError, read_counts};
use chaland::sources::features::FeatureOptions;
use chaland::sources::parking::{LotRecord, ParkingError, add_occupancy, read_parking};
use chaland::sources::population::{PopulationOptions, read_population};

/// Writes a file and hands its path to `read`.
fn with_file<T>(name: &str, content: &[u8], read: impl FnOnce(PathBuf) -> T) -> T {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("a file");
    read(path)
}

/// Asserts that exactly this code was told once, beside what every fixture tells, and that the tallies balance.
fn assert_told(code: &str, beside: &[&str], notices: &Notices) {
    let told: Vec<String> = notices.kept().iter().map(|notice| format!("{}: {notice}", notice.code)).collect();
    assert_eq!(notices.count(code), 1, "{code} was not told: {told:#?}");
    let others = notices.counts().keys().filter(|other| **other != code && !beside.contains(other)).count();
    assert_eq!(others, 0, "{code} is not alone: {told:#?}");
    assert!(notices.tallies().values().all(|tally| tally.balances()), "{code}: {:?}", notices.tallies());
}

fn counts(text: &str) -> Result<(CountRecords, Notices), CountsError> {
    with_file("c.csv", text.as_bytes(), |path| read_counts(&[path], "Europe/Brussels"))
}

fn lots(name: &str, text: &str) -> Result<(Vec<LotRecord>, Notices), ParkingError> {
    with_file(name, text.as_bytes(), |path| read_parking(&path, &FeatureOptions::default()))
}

const TELRAAM: &str = "segment_id,date,uptime,pedestrian\n1,2023-05-01T08:00:00Z,1,10\n";
const ECO: &str = "Rue Neuve;;\nTime;Rue Neuve IN;Rue Neuve OUT\n01/05/2023 10:00;1;2\n13/05/2023 11:00;1;2\n";
const SHORT: &str = "site,date,from,to,count\nA,2024-05-14,10:00,12:00,180\n";

#[test]
fn counts_one_defect_each() {
    let more = |start: &str, row: &str| format!("{start}{row}");
    let cases = [
        ("title_rows", ECO.to_owned()),
        ("bins_longer_than_day", "date,A\n2023-01-01,1\n2023-02-01,1\n2023-03-01,1\n".to_owned()),
        ("daily_counts_beside_hourly", "site,date,hour,count\nA,2023-05-01,10,3\n".to_owned()),
        ("column_not_pedestrians", "time,A,A Cyclists\n2023-05-01 10:00,1,9\n".to_owned()),
        ("column_not_counts", "time,A,Weather\n2023-05-01 10:00,1,rain\n".to_owned()),
        ("uptime_low", more(TELRAAM, "1,2023-05-01T09:00:00Z,0.49,10\n")),
        ("uptime_invalid", more(TELRAAM, "1,2023-05-01T09:00:00Z,1.5,10\n")),
        ("uptime_invalid", more(TELRAAM, "1,2023-05-01T09:00:00Z,,10\n")),
        ("counts_divided_by_uptime", more(TELRAAM, "1,2023-05-01T09:00:00Z,0.5,10\n")),
        ("counts_scaled_by_source", more(TELRAAM, "1,2023-05-01T09:00:00Z,0.5,10.4\n")),
        ("count_invalid", more(TELRAAM, "1,2023-05-01T09:00:00Z,1,-2\n")),
        ("site_missing", more(TELRAAM, ",2023-05-01T09:00:00Z,1,2\n")),
        ("short_count_without_length", more(SHORT, "A,2024-05-15,12:00,10:00,5\n")),
        ("short_counts_overlap", more(SHORT, "A,2024-05-14,11:00,13:00,5\n")),
        ("count_invalid", more(SHORT, "A,2024-05-15,10:00,12:00,many\n")),
        ("time_unparsable", more(SHORT, "A,2024-05-15,noon,12:00,5\n")),
        (
            "duration_unparsable",
            "site,date,from,duration,count\nA,2024-05-14,10:00,2 h,9\nA,2024-05-15,10:00,long,9\n".to_owned(),
        ),
    ];
    for (code, text) in cases {
        let texts = match code {
            "daily_counts_beside_hourly" => vec![text.as_str(), "date,A\n2023-05-01,30\n2023-05-02,30\n"],
            _ => vec![text.as_str()],
        };
        let folder = tempfile::tempdir().expect("a folder");
        let paths: Vec<PathBuf> = (0..texts.len()).map(|i| folder.path().join(format!("{i}.csv"))).collect();
        paths.iter().zip(texts).for_each(|(path, text)| std::fs::write(path, text).expect("a file"));
        let found = read_counts(&paths, "Europe/Brussels").expect("counts");
        assert_told(code, &["site_without_position"], &found.1);
    }
}

/// Eco-Counter by the day and by the quarter of an hour; Melbourne and Auckland as their cities publish them.
#[test]
fn layouts_of_counters_are_understood() {
    let days = "Rue Neuve\nPeriod;01/05/2023;03/05/2023\nDate;Rue Neuve;Rue Neuve IN;Rue Neuve OUT\n01/05/2023;30;10;20\n\
                02/05/2023;40;20;20\n13/05/2023;50;;\n";
    let (records, _) = counts(days).expect("counts");
    let found: Vec<_> = records.days[0].iter().map(|day| (day.total, day.inwards)).collect();
    assert_eq!(found, [(Some(30), Some(10)), (Some(40), Some(20)), (Some(50), None)]);
    assert!(records.hours[0].is_empty() && records.sites[0].name == "Rue Neuve");
    let quarters = ";Rue Neuve;\nTime;IN;OUT\n13/05/2023 10:00;1;2\n13/05/2023 10:15;1;2\n13/05/2023 10:30;1;2\n13/05/2023 10:45;1;2\n";
    let (records, _) = counts(quarters).expect("counts");
    assert_eq!((records.hours[0].len(), records.hours[0][0].total), (1, Some(12)));
    let melbourne = "ID,Date_Time,Year,Month,Mdate,Day,Time,Sensor_ID,Sensor_Name,Hourly_Counts\n\
                     1,\"November 01, 2019 05:00:00 PM\",2019,November,1,Friday,17,34,Flinders St,300\n";
    let (records, _) = counts(melbourne).expect("counts");
    assert_eq!(
        (records.sites[0].name.as_str(), records.hours[0][0].hour, records.hours[0][0].total),
        ("Flinders St", 17, Some(300))
    );
    let newer = "Location_ID,Sensing_Date,HourDay,Direction_1,Direction_2,Total_of_Directions,Location\n\
                 7,2024-05-14,17,100,200,300,\"-37.8, 144.9\"\n";
    let (records, _) = counts(newer).expect("counts");
    let hour = records.hours[0][0];
    assert_eq!((records.sites[0].name.as_str(), hour.hour, hour.total, hour.inwards), ("7", 17, Some(300), Some(100)));
    let wide = "Date,Time,107 Quay Street,45 Queen Street\n14/05/2024,6:00-6:59,12,\n14/05/2024,7:00-7:59,20,5\n";
    let (records, _) = counts(wide).expect("counts");
    let of_quay: Vec<_> = records.hours[0].iter().map(|hour| (hour.hour, hour.total)).collect();
    assert_eq!(of_quay, [(6, Some(12)), (7, Some(20))]);
    let long = "date,hour,camera,count\n14/05/2024,6:00-6:59,107 Quay Street,12\n";
    assert_eq!(counts(long).expect("counts").0.hours[0][0].hour, 6);
}

/// 31 March 2024 has 23 hours in Brussels: a day is a day whatever its length, and hours given in UTC are its own.
#[test]
fn days_of_23_hours_are_days() {
    let (records, notices) = counts("date,A\n2024-03-30,10\n2024-03-31,20\n2024-04-01,30\n").expect("counts");
    assert_eq!(records.days[0].iter().map(|day| day.total).collect::<Vec<_>>(), [Some(10), Some(20), Some(30)]);
    assert_eq!(notices.count("bins_longer_than_day"), 0);
    let telraam = "segment_id,date,uptime,pedestrian\n1,2024-03-31T00:00:00Z,1,1\n1,2024-03-31T01:00:00Z,1,2\n";
    let (records, _) = counts(telraam).expect("counts");
    assert_eq!(records.hours[0].iter().map(|hour| hour.hour).collect::<Vec<_>>(), [1, 3], "2 o'clock does not exist");
}

const SITE: &str = r#"{"original_uid":"P1","name":"Mitte","purpose":"CAR","type":"CAR_PARK","lat":"49.41","lon":"8.69",
    "capacity":200,"has_fee":true,"max_stay":120,"capacity_disabled":4}"#;

fn answer(items: &[&str]) -> String {
    format!(r#"{{"items":[{}],"total_count":1}}"#, items.join(","))
}

fn spot(uid: &str, lat: f64, restrictions: &str) -> String {
    format!(
        r#"{{"original_uid":"{uid}","purpose":"CAR","type":"ON_STREET","lat":{lat},"lon":8.69,"restrictions":{restrictions}}}"#
    )
}

const DISABLED: &str = r#"[{"type":"DISABLED"}]"#;

#[test]
fn an_answer_of_parkapi_is_car_parks() {
    use chaland::base::kinds::LotKind;
    let (found, notices) = lots("p.json", &answer(&[SITE])).expect("lots");
    let lot = &found[0];
    assert_eq!(
        (lot.id.as_str(), lot.kind, lot.capacity, lot.disabled),
        ("P1", LotKind::MultiStorey, Some(200), Some(4))
    );
    assert_eq!((lot.fee, lot.maxstay_min, lot.position.lat), (Some(true), Some(120), 49.41));
    assert!(notices.kept().is_empty(), "{:?}", notices.kept());
    // Three bays for disabled people, two of them 11 m apart; a plain one beside the first.
    let [a, b, c] = [("a", 49.41), ("b", 49.4101), ("c", 49.42)].map(|(uid, lat)| spot(uid, lat, DISABLED));
    let (found, _) = lots("p.json", &answer(&[&a, &b, &c, &spot("d", 49.41, "[]")])).expect("lots");
    let bays: Vec<_> = found.iter().map(|lot| (lot.id.as_str(), lot.capacity, lot.disabled)).collect();
    assert_eq!(bays, [("a", Some(0), Some(2)), ("c", Some(0), Some(1)), ("d", Some(1), None)]);
    assert!((found[0].position.lat - 49.41005).abs() < 1e-9);
}

const RECORD: &str = r#"<parkingTable><parkingRecord id="P1"><parkingName><value>Mitte</value></parkingName>
<parkingNumberOfSpaces>200</parkingNumberOfSpaces><latitude>49.41</latitude><longitude>8.69</longitude></parkingRecord>"#;
const STATE: &str = r#"<s><parkingRecordStatus><parkingRecordReference id="P1"/>
<parkingStatusOriginTime>2024-05-14T08:00:00Z</parkingStatusOriginTime><parkingOccupancy>
<parkingNumberOfVacantSpaces>50</parkingNumberOfVacantSpaces></parkingOccupancy></parkingRecordStatus></s>"#;

#[test]
fn parking_one_defect_each() {
    let bike = SITE.replace("\"CAR\"", "\"BIKE\"");
    let moment = SITE.replace("\"has_fee\"", "\"realtime_free_capacity\":7,\"has_fee\"");
    let two_bays = answer(&[&spot("a", 49.41, "[]"), &spot("b", 49.42, "[]")]);
    let cases = [
        ("not_for_cars", "p.json", answer(&[&bike])),
        ("occupancy_of_one_moment", "p.json", answer(&[&moment])),
        ("bays_grouped", "p.json", two_bays),
        ("position_missing", "p.xml", format!("{RECORD}<parkingRecord id=\"P2\"/></parkingTable>")),
        ("no_parking_records", "p.xml", STATE.to_owned()),
        ("capacity_invalid", "p.xml", format!("{}</parkingTable>", RECORD.replace(">200<", ">-200<"))),
    ];
    for (code, name, text) in cases {
        assert_told(code, &[], &lots(name, &text).expect("lots").1);
    }
    let cut = lots("p.xml", RECORD);
    assert!(matches!(&cut, Err(ParkingError::NotDatex { reason, .. }) if reason.contains("ends within")), "{cut:?}");
    assert!(matches!(lots("p.xml", "no xml"), Err(ParkingError::NotDatex { .. })));
}

#[test]
fn states_of_car_parks_are_occupancy() {
    let (whole, _) = lots("p.xml", &format!("{RECORD}</parkingTable>")).expect("lots");
    let add = |name: &str, text: &str| {
        let mut lots = whole.clone();
        let read = |path: PathBuf| add_occupancy(&path, &mut lots, "Europe/Berlin");
        let notices = with_file(name, text.as_bytes(), read).expect("states");
        (lots[0].occupancy.iter().map(|o| (o.hour, o.share)).collect::<Vec<_>>(), notices)
    };
    let json = answer(&[&SITE.replace(
        "\"has_fee\"",
        "\"realtime_free_capacity\":50,\"realtime_data_updated_at\":\"2024-05-14T08:10:00Z\",\"has_fee\"",
    )]);
    for (name, text) in [("s.xml", STATE), ("s.json", &json)] {
        let (found, notices) = add(name, text);
        // 08:00 in UTC is 10:00 in Berlin; 150 of 200 bays are taken.
        assert_eq!(found, [(Some(10), 0.75)], "{name}");
        assert!(notices.kept().is_empty(), "{:?}", notices.kept());
    }
    let cases = [
        ("occupancy_unit_assumed", "o.csv", "time,P1\n2024-05-14 08:00,75\n"),
        ("lot_closed", "o.csv", "lot,hour,free,status\nP1,8,0,closed\n"),
        ("occupancy_invalid", "o.csv", "lot,hour,free\nP1,8,-1\n"),
        ("occupancy_invalid", "o.csv", "lot,hour,free\nP1,8,900\n"),
    ];
    for (code, name, text) in cases {
        assert_told(code, &[], &add(name, text).1);
    }
}

#[test]
fn population_one_defect_each() {
    let grid = "GRD_ID,TOT_P\n1kmN3095E3924,812\n1kmN3095E3925,7\n";
    let cases = [
        ("population_kept_secret", format!("{grid}1kmN3096E3925,-1\n")),
        ("grid_cell_unknown", format!("{grid}1kmN3096,4\n")),
        ("population_in_parts", "code,sex,population\n1,M,5\n1,F,7\n".to_owned()),
        ("population_code_duplicate", "CD_SECTOR,TOTAL\n62063A00-,5\n62063A00-,7\n".to_owned()),
    ];
    for (code, text) in cases {
        let found = with_file("p.csv", text.as_bytes(), |path| read_population(&path, &PopulationOptions::default()));
        assert_told(code, &[], &found.expect("population").1);
    }
}

/// A file may end anywhere, hold nothing or nonsense: every reader answers, and no tally loses a row.
#[test]
fn files_cut_at_any_byte_are_answered() {
    let json = answer(&[SITE, &spot("a", 49.41, DISABLED)]);
    let table = format!("{RECORD}</parkingTable>");
    let samples = [
        ("c.csv", TELRAAM),
        ("c.csv", ECO),
        ("c.csv", SHORT),
        ("p.json", &json),
        ("p.xml", &table),
        ("p.xml", STATE),
        ("p.csv", "GRD_ID,TOT_P\n1kmN3095E3924,812\n"),
        ("c.csv", "\u{feff}Time;;;;\n;IN;OUT\n;;\n\"\n"),
        ("c.csv", "site,date,from,to,count\n\u{0},-,99:99,à,9e999\n"),
    ];
    for (name, text) in samples {
        for end in 0..=text.len() {
            let bytes = &text.as_bytes()[..end];
            let balanced = |notices: &Notices| notices.tallies().values().all(|tally| tally.balances());
            let counted = with_file(name, bytes, |path| read_counts(&[path], "Europe/Brussels"));
            assert!(counted.is_err() || counted.is_ok_and(|(_, notices)| balanced(&notices)), "{name} {end}");
            let parked = with_file(name, bytes, |path| read_parking(&path, &FeatureOptions::default()));
            assert!(parked.is_err() || parked.is_ok_and(|(_, notices)| balanced(&notices)), "{name} {end}");
            let taken = with_file(name, bytes, |path| add_occupancy(&path, &mut [], "Europe/Brussels"));
            assert!(taken.is_err() || taken.is_ok_and(|notices| balanced(&notices)), "{name} {end}");
            let people = with_file(name, bytes, |path| read_population(&path, &PopulationOptions::default()));
            assert!(people.is_err() || people.is_ok_and(|(_, notices)| balanced(&notices)), "{name} {end}");
        }
    }
}
