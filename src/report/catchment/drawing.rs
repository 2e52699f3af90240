//! Maps of zones: each painted by a class, with the names of the first centres.

use geo::{Centroid, Coord, CoordsIter, Geometry, InteriorPoint, MultiPolygon};
use serde::Serialize;

use crate::base::projection::{LonLat, Plane};
use crate::canvas::labels::Labels;
use crate::report::map::{Extent, Frame, PathText, Placing, ScaleBar, half_text_width, scale_bar};

/// Width of the paper; one unit is one CSS pixel at full size.
const WIDTH: f64 = 1000.0;
/// Least and greatest height.
const HEIGHTS: (f64, f64) = (420.0, 1000.0);
/// Size of names.
const TEXT: f64 = 15.0;

/// A zone to be painted.
pub(super) struct Painted<'a> {
    pub shape: &'a Geometry<f64>,
    pub class: String,
}

/// A map ready for the template.
#[derive(Serialize)]
pub(super) struct Drawing {
    id: &'static str,
    title: String,
    alt: String,
    width: String,
    height: String,
    /// Class and path.
    paths: Vec<[String; 2]>,
    /// Class and place.
    circles: Vec<[String; 3]>,
    /// Text and place.
    names: Vec<[String; 3]>,
    /// Class and words.
    legend: Vec<(String, String)>,
    scale_bar: ScaleBar,
}

/// Draws zones; `None` where none lies anywhere.
pub(super) fn draw(
    id: &'static str,
    (title, alt): (String, String),
    zones: &[Painted<'_>],
    named: &[(&Geometry<f64>, &str)],
    legend: Vec<(String, String)>,
    labels: &Labels,
) -> Option<Drawing> {
    let positions: Vec<LonLat> =
        zones.iter().flat_map(|zone| zone.shape.coords_iter().filter_map(|at| LonLat::new(at.x, at.y))).collect();
    let first = positions.first()?;
    let points = Plane::centred_on(*first).project_all(&positions);
    let middle = Extent::of_most(&points, 0.0)?;
    let centre = Plane::centred_on(*first)
        .unproject(Coord { x: (middle.west + middle.east) / 2.0, y: (middle.south + middle.north) / 2.0 });
    let extent = Extent::of_most(&Plane::centred_on(centre).project_all(&positions), 0.0)?.grown(0.02, 500.0);
    let frame = Frame::of(centre, extent, WIDTH, HEIGHTS);
    let one = |number: f64| format!("{number:.1}");
    let (mut paths, mut circles): (Vec<(String, PathText)>, Vec<[String; 3]>) = (Vec::new(), Vec::new());
    for zone in zones {
        let area: MultiPolygon<f64> = match zone.shape {
            Geometry::Polygon(polygon) => polygon.clone().into(),
            Geometry::MultiPolygon(area) => area.clone(),
            shape => {
                let at = shape.interior_point().and_then(|at| LonLat::new(at.x(), at.y()));
                if let Some(at) = at.and_then(|at| frame.place_inside(at)) {
                    circles.push([zone.class.clone(), one(at.x), one(at.y)]);
                }
                continue;
            }
        };
        let at = paths.iter().position(|(class, _)| *class == zone.class).unwrap_or_else(|| {
            paths.push((zone.class.clone(), PathText::default()));
            paths.len() - 1
        });
        frame.rings(&area).iter().for_each(|ring| paths[at].1.add_ring(ring));
    }
    let mut placing = Placing::default();
    let names = named.iter().filter_map(|(shape, name)| {
        let at = shape.centroid().or_else(|| shape.interior_point())?;
        let at = frame.place_inside(LonLat::new(at.x(), at.y())?)?;
        let free = placing.take(at, half_text_width(name, TEXT), TEXT / 2.0);
        free.then(|| [(*name).to_owned(), one(at.x), one(at.y)])
    });
    let names = names.collect();
    Some(Drawing {
        id,
        title,
        alt,
        width: one(frame.width),
        height: one(frame.height),
        paths: paths.into_iter().map(|(class, path)| [class, path.into_text()]).collect(),
        circles,
        names,
        legend,
        scale_bar: scale_bar(&frame, labels),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::labels::Language;

    #[test]
    fn zones_of_a_class_are_one_path_and_points_are_circles() {
        let square = |lon: f64| -> Geometry<f64> {
            geo::Rect::new(Coord { x: lon, y: 50.0 }, Coord { x: lon + 0.1, y: 50.1 }).to_polygon().into()
        };
        let (a, b, point) = (square(5.0), square(5.1), Geometry::Point(geo::Point::new(5.15, 50.05)));
        let painted = |shape, class: &str| Painted { shape, class: class.to_owned() };
        let zones = [painted(&a, "zone c0"), painted(&b, "zone c0"), painted(&point, "zone c1")];
        let labels = Labels::for_language(Language::English);
        let words = || ("T".to_owned(), "A".to_owned());
        let named = [(&a, "Ay <b>"), (&a, "same place")];
        let drawing = draw("m", words(), &zones, &named, Vec::new(), &labels).expect("a map");
        assert_eq!((drawing.paths.len(), drawing.circles.len(), drawing.names.len()), (1, 1, 1));
        assert_eq!(drawing.paths[0][1].matches('M').count(), 2);
        assert!(draw("m", words(), &[], &[], Vec::new(), &labels).is_none());
    }
}
