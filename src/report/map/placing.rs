//! Where numbers and names go on a map so that they stay readable: each takes a box that no other may touch.

use std::f64::consts::TAU;

use geo::Coord;

/// A number at a friction point, moved aside where it would cover another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PlacedMarker {
    /// The true place.
    pub(crate) at: Coord<f64>,
    /// Where the number stands.
    pub(crate) shown: Coord<f64>,
}

/// Boxes taken so far.
#[derive(Debug, Default)]
pub(crate) struct Placing {
    taken: Vec<(Coord<f64>, f64, f64)>,
}

impl Placing {
    fn is_free(&self, centre: Coord<f64>, half_width: f64, half_height: f64) -> bool {
        self.taken.iter().all(|&(other, wide, high)| {
            (other.x - centre.x).abs() >= wide + half_width || (other.y - centre.y).abs() >= high + half_height
        })
    }

    /// Takes a box if it is free.
    pub(crate) fn take(&mut self, centre: Coord<f64>, half_width: f64, half_height: f64) -> bool {
        let free = self.is_free(centre, half_width, half_height);
        if free {
            self.taken.push((centre, half_width, half_height));
        }
        free
    }

    /// Takes a round box at a place, or at the nearest free spot of rings around it; the place itself when all are taken.
    pub(crate) fn marker(&mut self, at: Coord<f64>, radius: f64, paper: (f64, f64)) -> PlacedMarker {
        let spots = (0..=6u32).flat_map(|ring| {
            let spots_on_ring = if ring == 0 { 1 } else { 12 };
            (0..spots_on_ring).map(move |spot| {
                let (angle, away) = (TAU * f64::from(spot) / 12.0, f64::from(ring) * radius * 1.1);
                Coord { x: at.x + away * angle.sin(), y: at.y - away * angle.cos() }
            })
        });
        let on_paper =
            |p: &Coord<f64>| (radius..=paper.0 - radius).contains(&p.x) && (radius..=paper.1 - radius).contains(&p.y);
        let free = spots.filter(on_paper).find(|&spot| self.is_free(spot, radius, radius));
        let shown = free.unwrap_or(at);
        self.taken.push((shown, radius, radius));
        PlacedMarker { at, shown }
    }
}

/// Half the width of a text of this size, by the mean advance of a sans-serif letter.
pub(crate) fn half_text_width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * 0.29
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_on_the_same_spot_are_moved_apart() {
        let mut placing = Placing::default();
        let at = Coord { x: 50.0, y: 50.0 };
        let placed: Vec<PlacedMarker> = (0..5).map(|_| placing.marker(at, 10.0, (100.0, 100.0))).collect();
        assert_eq!(placed[0].shown, at);
        for (i, a) in placed.iter().enumerate() {
            for b in &placed[i + 1..] {
                let apart = (a.shown.x - b.shown.x).abs().max((a.shown.y - b.shown.y).abs());
                assert!(apart >= 20.0 - 1e-9, "{placed:?}");
            }
        }
    }

    #[test]
    fn a_taken_box_is_not_given_twice() {
        let mut placing = Placing::default();
        assert!(placing.take(Coord { x: 0.0, y: 0.0 }, 5.0, 5.0));
        assert!(!placing.take(Coord { x: 6.0, y: 0.0 }, 5.0, 5.0));
        assert!(placing.take(Coord { x: 10.0, y: 0.0 }, 5.0, 5.0));
    }
}
