//! The legend of a map: one line for each thing that is drawn on it, and none for what is not.

use serde::Serialize;

use crate::canvas::labels::Labels;
use crate::report::map::streets::FlowClasses;
use crate::report::map::{PathLayer, Symbol};

/// A line of the legend.
#[derive(Serialize)]
pub(crate) struct LegendItem {
    /// `line`, `area`, `dot`, `symbol`, `marker`, `core` or `heading`.
    kind: &'static str,
    class: String,
    text: String,
}

/// The legend of the paths and symbols of a map.
pub(crate) fn legend(
    paths: &[PathLayer],
    symbols: &[Symbol],
    classes: &FlowClasses,
    has_markers: bool,
    scale: &str,
    labels: &Labels,
) -> Vec<LegendItem> {
    let mut items = Vec::new();
    let mut add = |kind, class: &str, text: String| items.push(LegendItem { kind, class: class.to_owned(), text });
    if has_markers {
        add("marker", "marker", labels.text("map-friction"));
    }
    let drawn = |class: &str| paths.iter().any(|p| p.class == class);
    if drawn("friction-line") {
        add("line", "friction-line", labels.text("map-friction-line"));
    }
    add("core", "core", labels.text("map-core"));
    for (kind, key) in [("lot", "map-lots"), ("station", "map-rail-stops"), ("stop", "map-stops")] {
        if symbols.iter().any(|s| s.kind == kind) {
            add("symbol", kind, labels.text(key));
        }
    }
    for (class, key) in [("shop", "map-shops"), ("vacant", "map-vacant")] {
        if paths.iter().any(|p| p.class.starts_with(class)) {
            add("dot", &format!("{class} large"), labels.text(key));
        }
    }
    for path in paths.iter().filter(|p| p.class.starts_with("isochrone")) {
        let minutes = path.class.rsplit('-').next().unwrap_or_default().to_owned();
        add("area", &path.class, labels.text_with("map-isochrone", &[("minutes", minutes.into())]));
    }
    let lines = [
        ("district", "map-district"),
        ("railway", "map-railway"),
        ("waterway", "map-waterway"),
        ("motorway", "map-motorway"),
    ];
    for (class, key) in lines {
        if drawn(class) {
            add("line", class, labels.text(key));
        }
    }
    for (class, key) in [("water", "map-water"), ("green", "map-green")] {
        if drawn(class) {
            add("area", class, labels.text(key));
        }
    }
    if paths.iter().any(|p| p.class.starts_with("flow")) {
        add("heading", "", labels.text_with("map-foot-traffic", &[("scale", scale.into())]));
        for class in (0..=classes.bounds().len()).rev() {
            add("line", &classes.stroke(class), class_text(classes, class, labels));
        }
    }
    items
}

fn class_text(classes: &FlowClasses, class: usize, labels: &Labels) -> String {
    let number = |bound: Option<&f64>| bound.map(|&b| labels.language().number_trimmed(b, 1));
    let low = class.checked_sub(1).and_then(|below| number(classes.bounds().get(below)));
    let high = number(classes.bounds().get(class));
    match (low, high) {
        (Some(low), Some(high)) => labels.text_with("map-class-range", &[("low", low.into()), ("high", high.into())]),
        (Some(low), None) => labels.text_with("map-class-above", &[("low", low.into())]),
        (None, Some(high)) => labels.text_with("map-class-below", &[("high", high.into())]),
        (None, None) => labels.text("fact-unknown"),
    }
}
