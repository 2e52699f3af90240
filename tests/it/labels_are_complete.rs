//! Whether everything the feed can say has words in every language.

use std::collections::BTreeSet;
use std::path::Path;

use chaland::canvas::feed::{Cause, Who};
use chaland::canvas::indicators::{DEFINITIONS, Dimension, NEEDS_SURVEY, Quality, Unit};
use chaland::canvas::labels::{Labels, Language};

const CAUSES: [Cause; 10] = [
    Cause::StationSevered,
    Cause::LotCutOff,
    Cause::LastDepartureBeforeClosing,
    Cause::FlowWithoutShops,
    Cause::ShopsWithoutFlow,
    Cause::StepsOnly,
    Cause::ParkingFull,
    Cause::ResidentsSevered,
    Cause::ResidentsDetour,
    Cause::AssetSevered,
];

const WHO: [Who; 8] = [
    Who::TrainPassengers,
    Who::BusPassengers,
    Who::Drivers,
    Who::Walkers,
    Who::Residents,
    Who::ReducedMobility,
    Who::ShopCustomers,
    Who::AssetVisitors,
];

const EVIDENCE: &str = "walk_s straight_walk_s detour_s straight_m walk_m bays boardings_per_day last_departure \
    closing_time foot_traffic length_m shops flow_share occupancy_share full_hours search_s detour_step_free_s residents \
    trips_per_day core_foot_traffic departures_after_closing maxstay_min next_shop_m capacity departures stranded_share";
const MODIFICATIONS: &str = "add_crossing add_path steps_to_ramp extend_span open_shop sign_route open_footway \
    reduce_limit price_parking guide_parking mark_disabled_bay";
const FLAGS: &str = "population_assumed modelled_homes no_timetable few_cells few_sites straight_line vacancy_unmapped \
    occupancy_some_lots rail_only sparse_places not_reached";
const INPUTS: &str = "streets timetable stops parking occupancy counts count_sites districts population boardings elevation car_speeds places";

const CONCERNS: &str = "shops_sparse feed_without_days feed_misses_day feed_expired feed_gap rail_only \
    counters_not_usable counters_unplaced network_in_pieces crossings_untold sidewalks_untold wheelchair_untold \
    capacity_untold elevation_partial rows_dropped";
const CLASSES: &str = "motorway motorway_link trunk trunk_link primary primary_link secondary secondary_link tertiary \
    tertiary_link unclassified residential living_street service pedestrian track road bus_guideway busway raceway \
    footway bridleway steps path cycleway corridor elevator escalator platform ferry via_ferrata construction other";
const COUNTER_REASONS: &str = "few_valid_days night_share directions level_shift level factors_counted factors_assumed";

/// Every key the types and the closed lists can ask for.
fn asked_for() -> Vec<String> {
    let mut keys = Vec::new();
    for dimension in Dimension::ALL {
        keys.extend([format!("dimension-{}", dimension.key()), format!("dimension-{}-question", dimension.key())]);
    }
    for definition in DEFINITIONS {
        keys.extend([format!("indicator-{}", definition.key), format!("indicator-{}-text", definition.key)]);
    }
    for cause in CAUSES {
        keys.extend([format!("cause-{}", cause.key()), format!("cause-{}-text", cause.key())]);
    }
    keys.extend(WHO.map(|who| format!("who-{}", who.key())));
    for quality in [Quality::Observed, Quality::Inferred, Quality::Assumed] {
        keys.extend([format!("quality-{}", quality.key()), format!("quality-{}-text", quality.key())]);
    }
    for unit in [Unit::Share, Unit::Ratio, Unit::Minutes, Unit::Metres, Unit::PtalIndex] {
        keys.push(format!("unit-{}", unit.key()));
    }
    let list = |prefix: &str, words: &str| -> Vec<String> {
        words.split_whitespace().map(|word| format!("{prefix}-{word}")).collect()
    };
    keys.extend(list("evidence", EVIDENCE));
    keys.extend(list("action", MODIFICATIONS));
    keys.extend(list("flag", FLAGS));
    keys.extend(list("input", INPUTS));
    keys.extend(INPUTS.split_whitespace().map(|kind| format!("input-{kind}-missing")));
    keys.extend(NEEDS_SURVEY.iter().map(|key| format!("survey-{key}")));
    keys.extend(list("not-scored", "missing_input low_coverage nothing_here"));
    keys.extend(list("concern", CONCERNS));
    keys.extend(list("class", CLASSES));
    keys.extend(list("notice", COUNTER_REASONS));
    keys.extend(list("check-crossing", "signals marked unmarked forbidden unknown"));
    keys.extend(list("check-sidewalk", "on_street separate none untold"));
    keys.extend(list("check-wheelchair", "ok limited no unknown"));
    keys.extend(list("check-lot", "surface multi_storey underground street"));
    keys.extend(list("check-file", "not_used not_recognised unreadable"));
    keys.extend(list("check-steps", "hour day"));
    keys.extend((1..=7).map(|day| format!("check-weekday-{day}")));
    keys.extend(list("severity", "note warning error"));
    keys.extend(list("health", "usable suspect dead expanded"));
    keys
}

fn keys_of(language: Language) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("locales/{}.ftl", language.code()));
    let text = std::fs::read_to_string(path).expect("a locale");
    let start = |line: &str| line.split_once(" =").map(|(key, _)| key.to_owned());
    text.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase())).filter_map(start).collect()
}

#[test]
fn all_that_can_be_said_has_words() {
    for language in Language::ALL {
        let known: BTreeSet<String> = keys_of(language).into_iter().collect();
        let missing: Vec<String> = asked_for().into_iter().filter(|key| !known.contains(key)).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", language.code());
    }
}

#[test]
fn the_languages_have_the_same_keys_in_the_same_order() {
    assert_eq!(keys_of(Language::French), keys_of(Language::English));
}

/// `t("key")` in the templates of the pages.
#[test]
fn the_templates_ask_for_words_that_are_there() {
    let known: BTreeSet<String> = keys_of(Language::French).into_iter().collect();
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/templates");
    let mut asked = BTreeSet::new();
    for entry in std::fs::read_dir(templates).expect("the templates") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("text");
        asked.extend(text.split("t(\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
    }
    let silent: Vec<&String> = asked.iter().filter(|key| !known.contains(*key)).collect();
    assert!(asked.len() > 50 && silent.is_empty(), "no words for {silent:?}");
}

#[test]
fn every_cause_makes_a_sentence_for_one_and_for_many() {
    for language in Language::ALL {
        let labels = Labels::for_language(language);
        for cause in CAUSES {
            for persons in [1.0, 1_200.0] {
                let values = [("persons", persons.into()), ("time", "95 s".into())];
                let sentence = labels.find_with(&format!("cause-{}-text", cause.key()), &values);
                let sentence = sentence.expect("persons and time are all it needs");
                assert!(sentence.ends_with('.') && sentence.contains("95 s"), "{sentence}");
            }
            for named in ["yes", "no"] {
                let title = labels
                    .find_with(&format!("cause-{}", cause.key()), &[("named", named.into()), ("name", "Là".into())]);
                assert_eq!(title.expect("a title").contains("Là"), named == "yes");
            }
        }
    }
}

/// No-break spaces before double marks and inside quotation marks, typographic apostrophes.
#[test]
fn french_keeps_to_its_typography() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/fr.ftl");
    let text = std::fs::read_to_string(path).expect("a locale");
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let line = line.split_once(" = ").map_or(line, |(_, text)| text);
        for wrong in [" :", " ;", " !", " ?", "« ", " »", "'", " %"] {
            assert!(!line.contains(wrong), "{wrong:?} in {line}");
        }
    }
}

/// What stands before the code of a notice in the source.
const BEFORE_A_CODE: [&str; 9] = [
    "Notice::note(",
    "Notice::warning(",
    "Notice::error(",
    ".flaw(",
    ".warn(",
    "Severity::Note,",
    "Severity::Warning,",
    "Severity::Error,",
    "Loss { code:",
];

/// The codes of all notices that the source can give, its tests left out.
fn codes_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("the source is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("testing") {
            codes_in(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("source is text");
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            for before in BEFORE_A_CODE {
                for after in text.split(before).skip(1) {
                    let Some(literal) = after.trim_start().strip_prefix('"') else { continue };
                    let code = literal.split('"').next().unwrap_or_default();
                    if code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
                        found.insert(code.to_owned());
                    }
                }
            }
        }
    }
}

#[test]
fn every_notice_has_words() {
    let mut codes = BTreeSet::new();
    codes_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut codes);
    assert!(codes.len() > 130, "{} codes found", codes.len());
    // Where there are none the English key stands in, so that French shows what is missing.
    let labels = Labels::for_language(Language::French);
    let silent: Vec<&String> =
        codes.iter().filter(|code| labels.text_or_key("notice", code) == code.replace('_', " ")).collect();
    assert!(silent.is_empty(), "no words for {silent:?}");
}

/// All that tests say: their files, drawn streets among them, and the ends of source files.
fn said_by_tests(folder: &Path, is_source: bool, said: &mut String) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            said_by_tests(&path, is_source, said);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "osm") {
            let text = std::fs::read_to_string(&path).expect("tests are text");
            said.push_str(match text.split_once("#[cfg(test)]\nmod tests") {
                Some((_, tests)) => tests,
                None if is_source => "",
                None => &text,
            });
        }
    }
}

/// A loss of which no test knows the code is one that nobody has seen told.
#[test]
fn every_notice_is_shown_by_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut codes, mut said) = (BTreeSet::new(), String::new());
    codes_in(&root.join("src"), &mut codes);
    said_by_tests(&root.join("src"), true, &mut said);
    said_by_tests(&root.join("tests"), false, &mut said);
    let is_part = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_named = |code: &&String| {
        said.match_indices(code.as_str()).any(|(at, _)| {
            let before = at.checked_sub(1).map(|before| said.as_bytes()[before]);
            !is_part(before) && !is_part(said.as_bytes().get(at + code.len()).copied())
        })
    };
    let unseen: Vec<&String> = codes.iter().filter(|code| !is_named(code)).collect();
    assert!(unseen.is_empty(), "no test knows {unseen:?}");
}
