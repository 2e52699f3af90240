//! Small drawings in the text: a bar cut into parts, and a strip of upright bars. Plain SVG, which prints.

use serde::Serialize;

/// Width of a drawing in its own units.
const WIDTH: f64 = 100.0;
/// Height of a strip in its own units.
const HEIGHT: f64 = 24.0;
/// Share of its place that an upright bar fills.
const FILL: f64 = 0.78;

/// A rectangle of a drawing.
#[derive(Serialize)]
pub(super) struct Piece {
    x: String,
    y: String,
    width: String,
    height: String,
    class: &'static str,
    title: String,
}

/// A part of a whole with its words.
#[derive(Serialize)]
pub(super) struct Part {
    label: String,
    value: String,
    class: &'static str,
}

/// A bar of 100 % cut into parts, and its legend.
#[derive(Serialize)]
pub(super) struct PartedBar {
    title: String,
    pieces: Vec<Piece>,
    parts: Vec<Part>,
}

/// Upright bars side by side.
#[derive(Serialize)]
pub(super) struct Strip {
    pieces: Vec<Piece>,
}

/// A bar of parts: label, the value as shown, its size, its class. Parts of nothing are left out.
pub(super) fn parted_bar(title: String, parts: Vec<(String, String, f64, &'static str)>) -> PartedBar {
    let whole: f64 = parts.iter().map(|part| part.2).filter(|size| *size > 0.0).sum();
    let mut bar = PartedBar { title, pieces: Vec::new(), parts: Vec::new() };
    let mut x = 0.0;
    for (label, value, size, class) in parts.into_iter().filter(|part| part.2 > 0.0) {
        let width = WIDTH * size / whole;
        bar.pieces.push(piece((x, 0.0), (width, 1.0), class, format!("{label}: {value}")));
        bar.parts.push(Part { label, value, class });
        x += width;
    }
    bar
}

/// A strip of bars: each a height of at most 1 with, on top of its foot, a second height, and a title.
pub(super) fn strip(bars: Vec<(f64, f64, String)>) -> Strip {
    let step = WIDTH / bars.len().max(1) as f64;
    let mut pieces = Vec::new();
    for (place, (all, suspect, title)) in bars.into_iter().enumerate() {
        let x = step * (place as f64 + (1.0 - FILL) / 2.0);
        let width = step * FILL;
        let height = |share: f64| HEIGHT * if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        // A place without anything keeps a foot, so that it is seen to be empty.
        pieces.push(piece((x, HEIGHT - 0.6), (width, 0.6), "foot", title.clone()));
        if all > 0.0 {
            pieces.push(piece((x, HEIGHT - height(all)), (width, height(all)), "told", title.clone()));
        }
        if suspect > 0.0 {
            pieces.push(piece((x, HEIGHT - height(suspect)), (width, height(suspect)), "odd", title));
        }
    }
    Strip { pieces }
}

fn piece((x, y): (f64, f64), (width, height): (f64, f64), class: &'static str, title: String) -> Piece {
    let [x, y, width, height] = [x, y, width, height].map(|number| format!("{number:.2}"));
    Piece { x, y, width, height, class, title }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 of 4 and 3 of 4; the part of nothing has neither piece nor legend.
    #[test]
    fn parts_fill_the_bar_one_after_the_other() {
        let part = |label: &str, size| (label.to_owned(), String::new(), size, "told");
        let bar = parted_bar(String::new(), vec![part("a", 1.0), part("none", 0.0), part("b", 3.0)]);
        let places: Vec<_> = bar.pieces.iter().map(|p| (p.x.as_str(), p.width.as_str())).collect();
        assert_eq!(places, [("0.00", "25.00"), ("25.00", "75.00")]);
        assert_eq!(bar.parts.len(), 2);
        assert!(parted_bar(String::new(), vec![part("none", 0.0)]).pieces.is_empty());
    }

    #[test]
    fn bars_stand_on_the_foot_and_what_is_no_number_has_no_height() {
        let drawn = strip(vec![
            (0.5, 0.25, String::new()),
            (0.0, 0.0, String::new()),
            (f64::INFINITY, f64::NAN, String::new()),
        ]);
        let heights: Vec<_> = drawn.pieces.iter().map(|p| (p.class, p.y.as_str(), p.height.as_str())).collect();
        let foot = ("foot", "23.40", "0.60");
        assert_eq!(heights[..4], [foot, ("told", "12.00", "12.00"), ("odd", "18.00", "6.00"), foot]);
        assert_eq!(heights[4..], [foot, ("told", "24.00", "0.00")]);
    }
}
