//! Which streets are gone along, and how: one hand-drawn extract per behaviour in `streets/`, each with what it asks
//! for in its comment. The folder reads as the specification of the access rules.
//!
//! A line of the comment that begins with a word of this list is a claim; all others say why:
//!
//! ```text
//! at 2026-03-10 14:00        the moment of the study; without it no condition is evaluated
//! indoor                     corridors are walked through
//! height A 100               metres above the sea at a named node; slopes are read between named nodes
//! adult A B 75.0             seconds from A to B for a profile, 0.2 either way; `-` where there is no way
//! adult A B 75.0..78.0       seconds between two bounds
//! wheelchair A B limited     the worst passability on the way of an adult
//! notice CODE                a notice with this code is told
//! quiet CODE                 none is
//! ```
//!
//! Nodes are named by their tag `name`; each is linked to the nearest street of the mode, 60 m off at most.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use chaland::base::notice::Notices;
use chaland::base::projection::{LonLat, Plane};
use chaland::base::units::TravelTime;
use chaland::network::access::IndoorRouting;
use chaland::network::bicycle::BicycleParameters;
use chaland::network::car::CarParameters;
use chaland::network::index::StreetIndex;
use chaland::network::linkage::{LinkTo, LinkedPoint, link_point};
use chaland::network::slope::Ground;
use chaland::network::streets::{
    Mode, Prepared, Profile, StreetGraph, StreetInputs, WalkParameters, build_bicycle, build_car, build_walk,
};
use chaland::reach::walk::WalkSearch;
use chaland::sources::osm::{OsmOptions, PlaceRules, StudyArea, read_osm};
use chaland::testing::pbf::{Extract, MemberKind};
use geo::Coord;

const PROFILES: [Profile; 7] = [
    Profile::Adult,
    Profile::StepFree,
    Profile::WheelchairStrict,
    Profile::WheelchairOptimistic,
    Profile::Bicycle,
    Profile::CalmBicycle,
    Profile::Car,
];

/// A drawn extract and its claims.
struct Drawing {
    extract: Extract,
    named: HashMap<String, LonLat>,
    claims: Vec<Vec<String>>,
}

fn read_drawing(path: &Path) -> Drawing {
    let text = fs::read_to_string(path).expect("the file is there");
    let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut drawing = Drawing { extract: Extract::new(), named: HashMap::new(), claims: Vec::new() };
    for comment in document.descendants().filter(roxmltree::Node::is_comment) {
        for line in comment.text().unwrap_or("").lines() {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            let is_profile = |word: &str| PROFILES.iter().any(|profile| profile.key() == word);
            let is_claim = |word: &str| {
                is_profile(word) || ["at", "indoor", "height", "wheelchair", "notice", "quiet"].contains(&word)
            };
            if words.first().is_some_and(|word| is_claim(word)) {
                drawing.claims.push(words);
            }
        }
    }
    for element in document.root_element().children().filter(roxmltree::Node::is_element) {
        let number = |name: &str| element.attribute(name).and_then(|text| text.parse::<i64>().ok());
        let degrees = |name: &str| element.attribute(name).and_then(|text| text.parse::<f64>().ok());
        let id = number("id").expect("every element has an id");
        let children = |name: &'static str| element.children().filter(move |child| child.has_tag_name(name));
        let tags: Vec<(&str, &str)> = children("tag")
            .map(|tag| (tag.attribute("k").expect("a key"), tag.attribute("v").expect("a value")))
            .collect();
        let reference = |child: roxmltree::Node| child.attribute("ref").and_then(|r| r.parse::<i64>().ok());
        match element.tag_name().name() {
            "node" => {
                let position = LonLat { lon: degrees("lon").expect("lon"), lat: degrees("lat").expect("lat") };
                drawing.extract.node(id, position, &tags);
                if let Some((_, name)) = tags.iter().find(|tag| tag.0 == "name") {
                    drawing.named.insert((*name).to_owned(), position);
                }
            }
            "way" => {
                let nodes: Vec<i64> = children("nd").filter_map(reference).collect();
                drawing.extract.way(id, &nodes, &tags);
            }
            "relation" => {
                let kind = |child: &roxmltree::Node| match child.attribute("type") {
                    Some("node") => MemberKind::Node,
                    Some("way") => MemberKind::Way,
                    _ => MemberKind::Relation,
                };
                let members: Vec<(MemberKind, i64, &str)> = children("member")
                    .map(|m| (kind(&m), reference(m).expect("a member"), m.attribute("role").unwrap_or("")))
                    .collect();
                drawing.extract.relation(id, &members, &tags);
            }
            other => panic!("{}: {other} is no element of a drawing", path.display()),
        }
    }
    drawing
}

/// The networks of a drawing.
struct Networks {
    graphs: Vec<(StreetGraph, StreetIndex)>,
    plane: Plane,
    named: HashMap<String, LonLat>,
    notices: Notices,
}

impl Networks {
    fn build(drawing: &Drawing) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("drawn.osm.pbf");
        fs::write(&file, drawing.extract.to_bytes()).expect("written");
        let options = OsmOptions { study_area: Some(StudyArea::GLOBE), ..OsmOptions::default() };
        let rules = PlaceRules::default_rules();
        let (records, mut notices) = read_osm(&[&file], &options, &rules, &|_, _| {}).expect("a readable drawing");
        let plane = Plane::centred_on(LonLat { lon: -30.0, lat: 45.0 });
        let claim = |word: &str| drawing.claims.iter().find(|claim| claim[0] == word);
        let moment = claim("at").map(|words| {
            format!("{}T{}", words[1], words[2]).parse::<jiff::civil::DateTime>().expect("a date and a time")
        });
        let heights: Vec<(Coord<f64>, f64)> = drawing
            .claims
            .iter()
            .filter(|claim| claim[0] == "height")
            .map(|claim| (plane.project(drawing.named[&claim[1]]), claim[2].parse().expect("a height")))
            .collect();
        let ground = |position: LonLat| height_at(&heights, plane.project(position));
        let inputs = StreetInputs {
            moment,
            ground: if heights.is_empty() { None } else { Some(Ground { height_m: &ground, cell_size_m: 1.0 }) },
            ..StreetInputs::plain(&records, &plane)
        };
        let (prepared, told) = Prepared::new(inputs);
        notices.extend(told);
        let indoor_routing = if claim("indoor").is_some() { IndoorRouting::On } else { IndoorRouting::Off };
        let walk = WalkParameters { indoor_routing, ..WalkParameters::default() };
        let built = [
            build_walk(&prepared, &walk),
            build_bicycle(&prepared, &BicycleParameters::default()),
            build_car(&prepared, &CarParameters::default()),
        ];
        let mut graphs = Vec::new();
        for (graph, told) in built {
            notices.extend(told);
            let index = StreetIndex::new(&graph);
            graphs.push((graph, index));
        }
        Self { graphs, plane, named: drawing.named.clone(), notices }
    }

    fn network(&self, mode: Mode) -> &(StreetGraph, StreetIndex) {
        self.graphs.iter().find(|(graph, _)| graph.mode() == mode).expect("all modes are built")
    }

    fn link(&self, mode: Mode, name: &str) -> Option<LinkedPoint> {
        let position = self.named.get(name).unwrap_or_else(|| panic!("no node is named {name}"));
        let (graph, index) = self.network(mode);
        link_point(graph, index, self.plane.project(*position), 60.0, LinkTo::AnyStreet)
    }

    /// Seconds, the same looking forwards and backwards.
    fn seconds(&self, profile: Profile, from: &str, to: &str) -> Option<f64> {
        let (graph, _) = self.network(profile.mode());
        let (from, to) = (self.link(profile.mode(), from)?, self.link(profile.mode(), to)?);
        let mut search = WalkSearch::new(graph, profile);
        search.from_point(&from, TravelTime::from_minutes(240));
        let there = search.time_to(&to);
        search.to_point(&to, TravelTime::from_minutes(240));
        assert_eq!(search.time_to(&from), there, "a search backwards finds the same");
        there.map(TravelTime::seconds)
    }

    fn worst_passability(&self, from: &str, to: &str) -> String {
        let (graph, _) = self.network(Mode::Walk);
        let link = |name| self.link(Mode::Walk, name).expect("a street is near");
        let mut search = WalkSearch::new(graph, Profile::Adult);
        search.from_point(&link(from), TravelTime::from_minutes(240));
        let worst = search.path_to(&link(to)).into_iter().map(|segment| graph.segment_wheelchair(segment)).max();
        worst.map_or("-".to_owned(), |worst| worst.key().to_owned())
    }
}

/// Linear between the two named nodes nearest to a place, which is exact on a straight way between them.
fn height_at(heights: &[(Coord<f64>, f64)], place: Coord<f64>) -> Option<f64> {
    let away = |other: Coord<f64>| (other.x - place.x).hypot(other.y - place.y);
    let mut sorted: Vec<(f64, f64)> = heights.iter().map(|(point, height)| (away(*point), *height)).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let [first, second] = *sorted.first_chunk::<2>()?;
    let share = first.0 / (first.0 + second.0);
    Some(first.1 + share * (second.1 - first.1))
}

/// What of a drawing's claims does not hold.
fn broken_claims(path: &Path) -> Vec<String> {
    let drawing = read_drawing(path);
    let networks = Networks::build(&drawing);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut broken = Vec::new();
    let mut made = 0;
    for claim in &drawing.claims {
        let words: Vec<&str> = claim.iter().map(String::as_str).collect();
        let found = match words[..] {
            ["at", ..] | ["indoor", ..] | ["height", ..] => continue,
            ["notice", code] => (networks.notices.count(code) == 0).then(|| "not told".to_owned()),
            ["quiet", code] => (networks.notices.count(code) > 0).then(|| "told".to_owned()),
            ["wheelchair", from, to, expected] => {
                let found = networks.worst_passability(from, to);
                (found != expected).then_some(found)
            }
            [profile, from, to, expected] => {
                let profile = PROFILES.into_iter().find(|known| known.key() == profile).expect("a profile");
                let found = networks.seconds(profile, from, to);
                let range = expected.split_once("..").map(|(low, high)| (low.parse::<f64>(), high.parse::<f64>()));
                let holds = match (range, expected.parse::<f64>(), found) {
                    (Some((Ok(low), Ok(high))), _, Some(found)) => (low..=high).contains(&found),
                    (None, Ok(expected), Some(found)) => (expected - found).abs() <= 0.2,
                    (None, Err(_), None) => expected == "-",
                    _ => false,
                };
                (!holds).then(|| found.map_or("-".to_owned(), |found| format!("{found:.1}")))
            }
            _ => Some("cannot be read".to_owned()),
        };
        made += 1;
        if let Some(found) = found {
            broken.push(format!("{name}: {} — found {found}", words.join(" ")));
        }
    }
    if made == 0 {
        broken.push(format!("{name}: claims nothing"));
    }
    broken
}

#[test]
fn every_drawing_is_walked_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/streets");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("the drawings").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "osm"));
    paths.sort();
    assert!(paths.len() >= 60, "{} drawings", paths.len());
    let broken: Vec<String> = paths.iter().flat_map(|path| broken_claims(path)).collect();
    assert!(broken.is_empty(), "{} claims do not hold:\n{}", broken.len(), broken.join("\n"));
}
