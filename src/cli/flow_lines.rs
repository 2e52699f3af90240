//! `chaland flow --network`: flows over a plain network of lines.

use std::borrow::Cow;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::arguments::Format;
use super::commands::outcome;
use super::failure::CliError;
use super::reach::{LAYER_ENDINGS, LAYER_FORMS, begin, write_layer};
use super::{Outcome, output, summary};
use crate::base::notice::Notices;
use crate::export::map_layer::{FieldKind, MapGeometry, MapLayer, MapRow};
use crate::study::error::StudyError;
use crate::study::line_network::{LineFlow, LineFlows, LineQuestion, measure_lines};
use crate::study::manifest::Length;

/// A network of one's own.
#[derive(Debug, Args)]
pub(super) struct OwnLines {
    /// Instead of a study: lines that join where they share a point, in any format of features
    #[arg(long, value_name = "FILE", conflicts_with_all = ["folder", "sites_out"])]
    pub network: Option<PathBuf>,
    /// Points where people set out
    #[arg(long, value_name = "FILE", requires_all = ["network", "destinations"])]
    pub origins: Option<PathBuf>,
    /// Field of the origins that tells how many people [default: each counts as 1]
    #[arg(long, value_name = "FIELD", requires = "origins")]
    pub weight: Option<String>,
    /// Points where they go
    #[arg(long, value_name = "FILE", requires_all = ["network", "origins"])]
    pub destinations: Option<PathBuf>,
    /// Field of the destinations that tells how much each attracts [default: each counts as 1]
    #[arg(long, value_name = "FIELD", requires = "destinations")]
    pub attraction: Option<String>,
    /// The longest way, such as 800m
    #[arg(long, value_name = "LENGTH", default_value = "800m", requires = "network")]
    pub radius: Length,
    /// How attraction decays per metre of the way
    #[arg(long, value_name = "PER_M", default_value = "0.002", value_parser = decay, requires = "network")]
    pub decay: f64,
    /// Points farther than this from every line are left out
    #[arg(long, value_name = "LENGTH", default_value = "100m", requires = "network")]
    pub link_limit: Length,
}

fn decay(text: &str) -> Result<f64, String> {
    let number = text.trim().parse().ok().filter(|number| (0.0..=10.0).contains(number));
    number.ok_or_else(|| "is no number from 0 to 10".to_owned())
}

/// Fields that are found.
const FOUND: [&str; 6] = ["length_m", "flow", "flow_most", "betweenness", "angular_choice", "angular_integration"];

/// Measures the lines of a file.
pub(super) fn run(
    network: &std::path::Path,
    arguments: &OwnLines,
    (out, format): (Option<&std::path::Path>, Format),
    (strict, quiet): (bool, bool),
) -> Result<Outcome, CliError> {
    let file = begin(out, "lines", &LAYER_FORMS, LAYER_ENDINGS)?;
    let inputs = [Some(network), arguments.origins.as_deref(), arguments.destinations.as_deref()];
    if let Some((file, _)) = &file
        && inputs.into_iter().flatten().any(|input| file.replaces(input))
    {
        return Err(StudyError::ReplacesInput { path: file.target().to_owned() }.into());
    }
    let question = LineQuestion {
        network,
        origins: arguments.origins.as_deref().map(|path| (path, arguments.weight.as_deref())),
        destinations: arguments.destinations.as_deref().map(|path| (path, arguments.attraction.as_deref())),
        radius_m: arguments.radius.metres(),
        decay_per_m: arguments.decay,
        link_limit_m: arguments.link_limit.metres(),
    };
    let mut notices = Notices::new();
    let found = measure_lines(&question, &mut notices)?;
    let is_written = file.is_some();
    write_layer(&layer(&found), file)?;
    if !quiet {
        output::say(&output::notices_text(&notices));
    }
    let length: f64 = found.lines.iter().map(|line| line.length_m).sum();
    let text = match format {
        Format::Text => format!(
            "{} lines of {:.1} km; {:.0} people set out, {:.0} of them find no destination within {} m\n",
            found.lines.len(),
            length / 1000.0,
            found.persons,
            found.unserved,
            question.radius_m
        ),
        Format::Json => {
            let facts = json!({
                "lines": found.lines.len(), "length_m": length, "persons": found.persons, "unserved": found.unserved,
                "notices": summary::notices_json(&notices),
            });
            format!("{facts:#}\n")
        }
    };
    if is_written {
        output::result(&text).map_err(CliError::Stdout)?;
    } else if !quiet {
        output::say(&text);
    }
    Ok(outcome(strict, &notices))
}

/// Each line with its own properties before what is found; a property that bears the name of a found field has `_1` after it.
fn layer(found: &LineFlows) -> MapLayer {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in found.lines.iter().flat_map(|line| &line.properties) {
        let own = own_name(name);
        if !names.contains(&own) {
            names.push(own);
        }
    }
    let mut fields: Vec<(Cow<'static, str>, FieldKind)> =
        names.into_iter().map(|name| (Cow::Owned(name), FieldKind::Text)).collect();
    fields.extend(FOUND.map(|name| (Cow::Borrowed(name), FieldKind::Real)));
    let has_parts = found.lines.iter().any(|line| line.parts.len() > 1);
    let row = |line: &LineFlow| {
        let mut properties: Map<String, Value> =
            line.properties.iter().map(|(name, value)| (own_name(name), Value::from(value.as_str()))).collect();
        let number = |number: f64| Value::from((number * 1e6).round() / 1e6);
        let values = [
            Some(line.length_m),
            line.flow,
            line.flow_most,
            Some(line.betweenness),
            Some(line.angular_choice),
            Some(line.angular_integration),
        ];
        for (name, value) in FOUND.iter().zip(values) {
            properties.insert((*name).to_owned(), value.map_or(Value::Null, number));
        }
        let geometry = match line.parts.as_slice() {
            [part] if !has_parts => MapGeometry::Line(part.clone()),
            parts => MapGeometry::Lines(parts.to_vec()),
        };
        MapRow { geometry, properties }
    };
    MapLayer { name: "flows".to_owned(), fields, rows: found.lines.iter().map(row).collect() }
}

fn own_name(name: &str) -> String {
    if FOUND.contains(&name) { format!("{name}_1") } else { name.to_owned() }
}
