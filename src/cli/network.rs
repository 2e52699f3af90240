//! `chaland network`: the street networks of a study, to be looked at.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::arguments::{Format, LayerFormat, Network};
use super::commands::outcome;
use super::failure::CliError;
use super::progress::Bar;
use super::{Outcome, output, summary};
use crate::base::notice::Notices;
use crate::export::ExportError;
use crate::export::geopackage::{NO_TIME, write_geopackage};
use crate::export::map_layer::{MapLayer, geojson};
use crate::export::network_layers::{crossings, links, streets};
use crate::network::streets::{Mode, StreetGraph};
use crate::network::survey::{NetworkSurvey, survey_network};
use crate::study::error::StudyError;
use crate::study::networks::{Networks, Reload, open_networks};
use crate::study::open::open;
use crate::study::town_of::open_town;

pub(super) fn run(arguments: &Network) -> Result<Outcome, CliError> {
    let opened = open(&arguments.folder)?;
    let reload = if arguments.rebuild { Reload::Never } else { Reload::Allowed };
    let bar = Bar::new(arguments.quiet);
    let networks = open_networks(&opened.manifest, &arguments.folder, reload, &bar);
    bar.finish();
    let networks = networks?;
    let mut notices = opened.notices;
    notices.extend(networks.notices.clone());
    let surveys: Vec<NetworkSurvey> = Mode::ALL.iter().map(|&mode| survey_network(networks.graph(mode))).collect();
    let mut written = Vec::new();
    if let Some(out) = &arguments.out {
        let mut layers: Vec<MapLayer> =
            Mode::ALL.iter().map(|&mode| streets(networks.graph(mode), &networks.plane)).collect();
        layers.push(crossings(networks.graph(Mode::Walk), &networks.plane));
        let mut timetable = None;
        if arguments.links {
            let bar = Bar::new(arguments.quiet);
            let town = open_town(&opened.manifest, &arguments.folder, &bar, &mut Notices::new());
            bar.finish();
            let town = town?;
            layers.push(links(town.linked(), &town.town.plane));
            timetable = town.timetable_text();
        }
        written = write_layers(out, &layers, arguments.layers)?;
        if let Some(text) = timetable {
            written.push(write_file(out, "timetable.txt", text.as_bytes())?);
        }
    }
    if !arguments.quiet {
        output::say(&output::notices_text(&notices));
    }
    let text = match arguments.format {
        Format::Text => text_of(&networks, &surveys, &written),
        Format::Json => {
            let files: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
            let json = json!({
                "reloaded": networks.is_reloaded,
                "networks": surveys,
                "bytes_per_arc": bytes_per_arc(&networks),
                "files": files,
                "notices": summary::notices_json(&notices),
            });
            format!("{json:#}\n")
        }
    };
    output::result(&text).map_err(CliError::Stdout)?;
    Ok(outcome(arguments.strict, &notices))
}

/// Of each network, in their order.
fn bytes_per_arc(networks: &Networks) -> Vec<f64> {
    let of = |graph: &StreetGraph| graph.column_bytes() as f64 / graph.arc_count().max(1) as f64;
    networks.graphs.iter().map(|graph| (of(graph) * 10.0).round() / 10.0).collect()
}

fn write_layers(out: &Path, layers: &[MapLayer], format: LayerFormat) -> Result<Vec<PathBuf>, CliError> {
    match format {
        LayerFormat::Geojson => layers
            .iter()
            .map(|layer| {
                let bytes = geojson(layer).map_err(StudyError::from)?;
                write_file(out, &format!("{}.geojson", layer.name), &bytes)
            })
            .collect(),
        LayerFormat::Gpkg => {
            make_folder(out)?;
            let path = out.join("network.gpkg");
            write_geopackage(&path, layers, NO_TIME).map_err(StudyError::from)?;
            Ok(vec![path])
        }
    }
}

fn make_folder(out: &Path) -> Result<(), CliError> {
    let failed = |source| StudyError::from(ExportError::Write { path: out.to_owned(), source });
    Ok(fs::create_dir_all(out).map_err(failed)?)
}

fn write_file(out: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, CliError> {
    make_folder(out)?;
    let path = out.join(name);
    match fs::write(&path, bytes) {
        Ok(()) => Ok(path),
        Err(source) => Err(StudyError::from(ExportError::Write { path, source }).into()),
    }
}

fn text_of(networks: &Networks, surveys: &[NetworkSurvey], written: &[PathBuf]) -> String {
    let mut text = String::new();
    text.push_str(if networks.is_reloaded { "networks from the snapshot\n" } else { "networks built\n" });
    for (survey, bytes) in surveys.iter().zip(bytes_per_arc(networks)) {
        text.push_str(&format!(
            "\n{}: {:.1} km, {} nodes, {} arcs of {bytes} bytes; {} components, the largest holds {:.1} %\n",
            survey.mode,
            survey.length_m / 1000.0,
            survey.nodes,
            survey.arcs,
            survey.components,
            100.0 * survey.main_component_share,
        ));
        for (class, length_m) in survey.length_by_class_m.iter().take(12) {
            let class = json!(class);
            text.push_str(&format!("  {:16} {:9.1} km\n", class.as_str().unwrap_or(""), length_m / 1000.0));
        }
        if let Some(share) = survey.crossings_told_share {
            let share = 100.0 * share;
            text.push_str(&format!(
                "  {} crossings, of {share:.0} % it is told how they are controlled\n",
                survey.crossings
            ));
        }
        let share = |length_m: f64| 100.0 * length_m / survey.length_m.max(1.0);
        if !survey.wheelchair_m.is_empty() {
            let parts: Vec<String> =
                survey.wheelchair_m.iter().map(|(key, length_m)| format!("{key} {:.1} %", share(*length_m))).collect();
            text.push_str(&format!("  wheelchair: {}\n", parts.join(", ")));
        }
        if !survey.stress_m.is_empty() {
            let parts: Vec<String> =
                survey.stress_m.iter().map(|(level, length_m)| format!("{level} {:.1} %", share(*length_m))).collect();
            text.push_str(&format!("  level of traffic stress: {}\n", parts.join(", ")));
        }
    }
    for path in written {
        text.push_str(&format!("\n{} is written", path.display()));
    }
    if !written.is_empty() {
        text.push('\n');
    }
    text
}
