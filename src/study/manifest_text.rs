//! A manifest as text for people: every value that was found, and what each missing input costs.

use std::fmt::Write;
use std::path::Path;

use crate::study::inputs::InputKind;
use crate::study::manifest::{DistrictsInput, Manifest};

/// The text of `study.toml`. Reading it gives the same manifest.
pub fn manifest_text(manifest: &Manifest) -> String {
    let mut text = String::from("# A study of chaland. Paths start at this folder; quantities carry their unit.\n\n");
    let study = &manifest.study;
    line(&mut text, "[study]");
    line(&mut text, &format!("name = {}", quoted(&study.name)));
    line(&mut text, &format!("language = {}", quoted(study.language.code())));
    match study.service_date {
        Some(date) => line(&mut text, &format!("service_date = \"{date}\"")),
        None => line(&mut text, "# service_date = \"2026-10-15\"   # else a representative day of the timetable"),
    }
    line(&mut text, &format!("time_zone = {}", quoted(&study.time_zone)));
    line(&mut text, &format!("closing_time = \"{}\"", study.closing_time));
    match &study.scoring {
        Some(file) => line(&mut text, &format!("scoring = {}", path_text(file))),
        None => line(
            &mut text,
            "# scoring = \"region.toml\"   # goalposts and weights that a region publishes; else the method's",
        ),
    }
    text.push('\n');
    match manifest.centre {
        Some(centre) => line(&mut text, &format!("[centre]\nlon = {:?}\nlat = {:?}", centre.0.lon, centre.0.lat)),
        None => line(&mut text, "# [centre]   # else found from the density of shops\n# lon = 5.5714\n# lat = 50.6413"),
    }
    text.push('\n');
    if let Some(area) = manifest.study_area {
        let (low, high) = (area.south_west, area.north_east);
        line(&mut text, &format!("[study_area]\nwest = {:?}\nsouth = {:?}", low.lon, low.lat));
        line(&mut text, &format!("east = {:?}\nnorth = {:?}\n", high.lon, high.lat));
    }
    inputs(&mut text, manifest);
    parameters(&mut text, manifest);
    text
}

fn inputs(text: &mut String, manifest: &Manifest) {
    line(text, "[inputs]");
    let missing = manifest.inputs.missing();
    for kind in InputKind::ALL {
        let key = kind.manifest_key();
        if let (InputKind::Districts, Some(districts)) = (kind, &manifest.inputs.districts) {
            line(text, &format!("districts = {}", districts_text(districts)));
            continue;
        }
        let files: Vec<String> = manifest.inputs.of(kind).into_iter().map(path_text).collect();
        match files.as_slice() {
            [] if missing.contains(&kind) => line(text, &format!("# {key}: none; {}", kind.cost())),
            [] => {}
            [file] => line(text, &format!("{key} = [{file}]")),
            files => line(text, &format!("{key} = [\n  {},\n]", files.join(",\n  "))),
        }
    }
    text.push('\n');
}

fn districts_text(districts: &DistrictsInput) -> String {
    let mut parts = vec![format!("file = {}", path_text(&districts.file))];
    let fields = [
        ("layer", &districts.layer),
        ("code_field", &districts.code_field),
        ("name_field", &districts.name_field),
        ("population_field", &districts.population_field),
    ];
    parts.extend(fields.iter().filter_map(|(key, value)| Some(format!("{key} = {}", quoted(value.as_ref()?)))));
    parts.extend(districts.epsg.map(|code| format!("epsg = {code}")));
    format!("{{ {} }}", parts.join(", "))
}

fn parameters(text: &mut String, manifest: &Manifest) {
    let given = &manifest.parameters;
    line(text, "[parameters]   # what is not written here is as the method says");
    let speed = given.walk_speed.map(|speed| format!("{:?}m/s", speed.metres_per_second()));
    let radius = given.search_radius.map(|length| format!("{:?}m", length.metres()));
    let near = given.near_cutoff.map(|time| format!("{:?}s", time.seconds()));
    let transit = given.transit_cutoff.map(|time| format!("{:?}s", time.seconds()));
    let all = [
        ("walk_speed", speed, "4.8km/h"),
        ("search_radius", radius, "800m"),
        ("near_cutoff", near, "10min"),
        ("transit_cutoff", transit, "90min"),
    ];
    for (key, value, example) in all {
        match value {
            Some(value) => line(text, &format!("{key} = \"{value}\"")),
            None => line(text, &format!("# {key} = \"{example}\"")),
        }
    }
}

fn line(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("writing to a string cannot fail");
}

fn path_text(path: &Path) -> String {
    quoted(&path.to_string_lossy())
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = r#"
        [study]
        name = "Liège \"cœur\""
        language = "en"
        service_date = 2019-10-17
        time_zone = "Europe/Brussels"
        closing_time = "19:00"
        scoring = "region.toml"
        [centre]
        lon = 5.5714
        lat = 50.6413
        [study_area]
        west = 5.5
        south = 50.6
        east = 5.6
        north = 50.7
        [inputs]
        streets = ["a.osm.pbf", "b.osm.pbf"]
        counts = ["c\\d.csv"]
        districts = { file = "d.gpkg", layer = "sectors", epsg = 31370, population_field = "pop" }
        [parameters]
        walk_speed = "1.2m/s"
        search_radius = "1.2km"
        near_cutoff = "10min"
    "#;

    #[test]
    fn a_manifest_written_and_read_again_is_the_same() {
        let manifest: Manifest = FULL.parse().expect("a manifest");
        let text = manifest_text(&manifest);
        assert_eq!(text.parse::<Manifest>().expect("a manifest"), manifest, "{text}");
        assert!(text.contains("# timetables: none; "), "{text}");
        assert!(!text.contains("# population: none"), "the districts hold it: {text}");
    }

    #[test]
    fn the_smallest_manifest_takes_the_defaults() {
        let small = "[study]\nname = \"x\"\ntime_zone = \"UTC\"\n[inputs]\nstreets = [\"x.osm.pbf\"]";
        let manifest: Manifest = small.parse().expect("a manifest");
        assert_eq!(manifest.study.closing_time.to_string(), "18:30");
        assert_eq!(manifest.study.language.code(), "fr");
        assert_eq!(manifest_text(&manifest).parse::<Manifest>().expect("a manifest"), manifest);
    }
}
