//! The layer rules of the crate as a test: every `use crate::` (and inline `crate::`) path is read, and a layer may
//! name only the layers above it in the list. The compiler cannot check this within one crate.

use std::fs;
use std::path::{Path, PathBuf};

/// Each layer with all the layers it may use, in the order in which data flows.
const LAYERS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("sources", &["base"]),
    ("network", &["base", "sources"]),
    ("reach", &["base", "network"]),
    ("analysis", &["base", "network", "reach"]),
    ("scenario", &["base", "sources", "network", "reach", "analysis"]),
    ("canvas", &["base", "sources", "network", "reach", "analysis", "scenario"]),
    ("export", &["base", "sources", "network", "reach", "analysis", "scenario", "canvas"]),
    ("report", &["base", "sources", "network", "reach", "analysis", "scenario", "canvas"]),
    ("study", &["base", "sources", "network", "reach", "analysis", "scenario", "canvas", "export", "report"]),
    ("cli", &["base", "sources", "network", "reach", "analysis", "scenario", "canvas", "export", "report", "study"]),
    ("testing", &["base", "sources", "network"]),
];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the source folder can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The layers a text names as `crate::layer`, with their line numbers. Comments are left out; the unit tests at the end
/// of a file may use `testing`.
fn named_layers(text: &str) -> Vec<(usize, String)> {
    let mut named = Vec::new();
    let mut in_tests = false;
    for (number, line) in text.lines().enumerate() {
        in_tests |= line.trim_start().starts_with("mod tests");
        let code = line.split("//").next().unwrap_or("");
        for part in code.split("crate::").skip(1) {
            let layer: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let allowed_here = in_tests && layer == "testing";
            if !layer.is_empty() && !allowed_here {
                named.push((number + 1, layer));
            } else if part.starts_with('{') {
                let inside = part.trim_start_matches('{').split(',').map(|p| p.trim());
                named.extend(inside.map(|p| (number + 1, p.split("::").next().unwrap_or("").to_owned())));
            }
        }
    }
    named
}

fn violations(layer: &str, allowed: &[&str], text: &str) -> Vec<String> {
    named_layers(text)
        .into_iter()
        .filter(|(_, used)| used != layer && !allowed.contains(&used.as_str()))
        .map(|(line, used)| format!("line {line}: {layer} may not use {used}"))
        .collect()
}

#[test]
fn no_layer_uses_one_below_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for entry in fs::read_dir(&source).expect("src can be read") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if ["lib", "main"].contains(&name.as_str()) {
            continue;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == name) else {
            found.push(format!("{name} is not in the list of layers"));
            continue;
        };
        let files = if path.is_dir() { rust_files(&path) } else { vec![path] };
        for file in files {
            let text = fs::read_to_string(&file).expect("a source file can be read");
            found.extend(violations(&name, allowed, &text).into_iter().map(|v| format!("{}: {v}", file.display())));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_forbidden_use_is_seen() {
    let text = "use crate::base::ids::NodeId;\nuse crate::study::Study; // no\nlet x = crate::cli::run();\n";
    let found = violations("reach", &["base", "network"], text);
    assert_eq!(found, ["line 2: reach may not use study", "line 3: reach may not use cli"]);
    assert_eq!(violations("reach", &["base"], "use crate::{base::ids, canvas};").len(), 1);
    assert!(violations("reach", &["base"], "mod tests {\n use crate::testing::grid_city;\n").is_empty());
}

#[test]
fn files_stay_readable() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let long: Vec<String> = rust_files(&source)
        .into_iter()
        .filter_map(|file| {
            let lines = fs::read_to_string(&file).expect("a source file can be read").lines().count();
            (lines > 600).then(|| format!("{} has {lines} lines", file.display()))
        })
        .collect();
    assert!(long.is_empty(), "600 lines is a defect:\n{}", long.join("\n"));
}
