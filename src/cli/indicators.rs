//! `chaland indicators`: the table of indicators, as the method or a region has it.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::arguments::{Format, LanguageName};
use super::failure::CliError;
use super::{Outcome, output};
use crate::canvas::indicators::{DEFINITIONS, Definition};
use crate::canvas::labels::Labels;
use crate::canvas::numbers::Language;
use crate::canvas::profile::ScoringProfile;
use crate::study::audit::read_scoring;

#[derive(Debug, Args)]
pub(super) struct Indicators {
    /// Goalposts and weights of a region, as TOML [default: the method's]
    #[arg(long, value_name = "FILE")]
    pub scoring: Option<PathBuf>,
    /// Language of the names
    #[arg(long, value_enum, default_value = "en")]
    pub language: LanguageName,
    /// Form of the table
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

pub(super) fn run(arguments: &Indicators) -> Result<Outcome, CliError> {
    let profile = match &arguments.scoring {
        Some(path) => read_scoring(path)?,
        None => ScoringProfile::default(),
    };
    let text = match arguments.format {
        Format::Text => text(&profile, &Labels::for_language(arguments.language.into())),
        Format::Json => format!("{:#}\n", facts(&profile)),
    };
    output::result(&text).map_err(CliError::Stdout)?;
    Ok(Outcome::Done)
}

/// Less is better, or more.
fn direction(good: f64, bad: f64) -> &'static str {
    if good < bad { "less is better" } else { "more is better" }
}

fn facts(profile: &ScoringProfile) -> Value {
    let named = |definition: &Definition, part: &str| {
        let key = format!("indicator-{}{part}", definition.key);
        Language::ALL.map(|language| (language.code().to_owned(), Labels::for_language(language).text(&key).into()))
    };
    let indicators: Vec<Value> = DEFINITIONS
        .iter()
        .map(|definition| {
            let (good, bad, weight) = profile.goalposts(definition.indicator);
            let source = profile.indicators.get(definition.key).map_or("", |own| &own.source);
            json!({
                "key": definition.key, "dimension": definition.dimension.key(),
                "dimension_weight": profile.dimension_weight(definition.dimension),
                "names": serde_json::Map::from_iter(named(definition, "")),
                "texts": serde_json::Map::from_iter(named(definition, "-text")),
                "unit": definition.unit.key(), "direction": direction(good, bad), "good": good, "bad": bad, "weight": weight,
                "source": source, "formula": definition.formula, "inputs": definition.inputs,
            })
        })
        .collect();
    json!({ "name": profile.name, "version": profile.version, "indicators": indicators })
}

fn text(profile: &ScoringProfile, labels: &Labels) -> String {
    let mut text = format!("Goalposts and weights: {} {}\n", profile.name, profile.version);
    let mut last = None;
    for definition in DEFINITIONS {
        let dimension = definition.dimension;
        if last != Some(dimension) {
            last = Some(dimension);
            let name = labels.text(&format!("dimension-{}", dimension.key()));
            text.push_str(&format!("\n{} {name}, weight {}\n", dimension.key(), profile.dimension_weight(dimension)));
        }
        let (good, bad, weight) = profile.goalposts(definition.indicator);
        let source = profile.indicators.get(definition.key).map_or("", |own| &own.source);
        text.push_str(&format!(
            "  {} ({})\n    {}\n    good {good}, bad {bad} ({}; {source}), weight {weight}; {}; from {}\n",
            labels.text(&format!("indicator-{}", definition.key)),
            definition.key,
            labels.text(&format!("indicator-{}-text", definition.key)),
            definition.unit.key(),
            definition.formula,
            definition.inputs.join(", ")
        ));
    }
    text
}
