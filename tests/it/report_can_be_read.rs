//! Whether the report is complete, safe against hostile names, and the same each time.

use chaland::base::projection::LonLat;
use chaland::canvas::feed::{AreaScore, Canvas};
use chaland::canvas::labels::{Labels, Language};
use chaland::canvas::layers::{Layers, SegmentLayer};
use chaland::report::write_report;

use crate::sample_canvas::{sample_canvas, sample_layers};

fn report(canvas: &Canvas, layers: &Layers, language: Language) -> String {
    write_report(canvas, layers, &Labels::for_language(language)).expect("a report is written")
}

#[test]
fn every_section_is_there_in_both_languages() {
    for language in Language::ALL {
        let page = report(&sample_canvas(), &sample_layers(), language);
        // A copy to look at, beside the build.
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(folder.join(format!("report-{}.html", language.code())), &page).expect("the folder is there");
        assert!(page.starts_with(&format!("<!DOCTYPE html>\n<html lang=\"{}\">", language.code())));
        for id in
            ["brief", "scores", "maps", "points", "districts", "strengths", "survey", "doubts", "sources", "method"]
        {
            assert!(page.contains(&format!("<section id=\"{id}\"")), "{id}");
            assert!(page.contains(&format!("href=\"#{id}\"")), "{id}");
        }
        assert!(page.contains(&Labels::for_language(language).text("map-copyright")));
        assert_eq!(page.matches("<svg viewBox=\"0 0 1000").count(), 2, "a map of the town and one of the centre");
    }
}

#[test]
fn the_page_asks_the_network_for_nothing() {
    let page = report(&sample_canvas(), &sample_layers(), Language::French);
    for request in ["src=", "http://", "https://", "@import", "url(//", "<script", "<link"] {
        assert!(!page.contains(request), "{request}");
    }
}

#[test]
fn names_cannot_leave_the_text() {
    let evil = "<script>alert('x')</script>\"><img onerror=y>&amp;";
    let mut canvas = sample_canvas();
    let mut layers = sample_layers();
    canvas.study.name = evil.to_owned();
    canvas.study.closing_time = evil.to_owned();
    canvas.study.service_date = Some(evil.to_owned());
    canvas.method_version = evil.to_owned();
    canvas.friction_points.iter_mut().for_each(|p| {
        p.name = evil.to_owned();
        p.candidate_actions.iter_mut().for_each(|a| a.modification = evil.to_owned());
        p.evidence.iter_mut().for_each(|e| {
            e.file = evil.to_owned();
            e.unit = evil.to_owned();
            e.key = evil.to_owned();
        });
    });
    canvas.districts.iter_mut().for_each(|d| d.name = evil.to_owned());
    canvas.inputs.iter_mut().for_each(|i| i.file = evil.to_owned());
    canvas.foot_traffic.sites.iter_mut().for_each(|s| s.name = evil.to_owned());
    layers.segments.iter_mut().for_each(|s| s.name = evil.to_owned());
    let page = report(&canvas, &layers, Language::French);
    assert!(
        !page.contains("<script") && !page.contains("<img") && !page.contains("onerror=y>"),
        "a name became markup"
    );
    assert!(page.contains("&lt;script&gt;alert("));
}

#[test]
fn what_is_not_scored_is_empty_and_says_why() {
    let mut canvas = sample_canvas();
    let nothing = AreaScore {
        friction: None,
        friction_linear: None,
        interval: None,
        interval_of_data: None,
        friction_at_most: None,
        coverage: 0.0,
        dimensions: Vec::new(),
    };
    canvas.centre = nothing.clone();
    canvas.town = nothing;
    canvas.districts.clear();
    canvas.friction_points.clear();
    canvas.strengths.clear();
    canvas.missing_inputs.clear();
    canvas.inputs.clear();
    canvas.foot_traffic.sites.clear();
    let page = report(&canvas, &Layers::default(), Language::English);
    assert!(page.contains("No friction point was found"));
    assert!(page.contains("Nothing to draw."));
    assert!(!page.contains("class=\"bar\""), "nothing is scored, so no bar may be shown");
    assert!(page.contains("not scored"));
}

#[test]
fn numbers_that_are_none_break_nothing() {
    let mut canvas = sample_canvas();
    let mut layers = sample_layers();
    for (place, point) in canvas.friction_points.iter_mut().enumerate() {
        let broken = [f64::NAN, f64::INFINITY, -1e300, 1e300, 0.0][place % 5];
        (point.lon, point.avoidable_s, point.persons_per_day) = (broken, broken, broken);
        point.person_seconds_per_day = broken;
        point.evidence.iter_mut().for_each(|e| e.value = broken);
        point.candidate_actions.iter_mut().for_each(|a| a.value = Some(broken));
        point.lines = vec![vec![[broken, broken], [5.57, 50.64]], vec![], vec![[5.57, 50.64]]];
    }
    canvas.study.area_km2 = f64::NAN;
    canvas.centre.friction = Some(f64::NAN);
    for segment in &mut layers.segments {
        segment.foot_traffic = f64::NAN;
        segment.line[1] = LonLat { lon: f64::NAN, lat: 1e300 };
    }
    layers.segments.push(SegmentLayer { line: Vec::new(), length_m: f64::INFINITY, ..layers.segments[0].clone() });
    let page = report(&canvas, &layers, Language::French);
    assert!(!page.contains("NaN") && !page.contains(">inf"), "a number that is none was shown");
    canvas.study.centre.lat = f64::NAN;
    assert!(report(&canvas, &layers, Language::French).contains("Rien à dessiner."));
}

#[test]
fn the_same_study_gives_the_same_bytes() {
    let once = report(&sample_canvas(), &sample_layers(), Language::French);
    assert_eq!(once, report(&sample_canvas(), &sample_layers(), Language::French));
}

#[test]
fn a_city_of_twenty_thousand_streets_stays_small() {
    let mut layers = sample_layers();
    let own = layers.segments.clone();
    while layers.segments.len() < 20_000 {
        layers.segments.extend_from_slice(&own);
    }
    let page = report(&sample_canvas(), &layers, Language::French);
    assert!(page.len() < 6_000_000, "{} bytes", page.len());
}
