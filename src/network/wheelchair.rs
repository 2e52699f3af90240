//! Where a wheelchair gets along: `ok | limited | no | unknown` for every stretch of street.
//!
//! In: the tags of a way, the marks on its nodes, slopes. Out: [`Passability`]. What nothing is said about is unknown
//! and never silently ok: the strict profile takes it as closed, the optimistic one as open, and the truth lies
//! between the two.
//!
//! # References
//! Walloon guidance on free width, kerbs and slopes (Atingo; CWATUP/GRU art. 415), RRU Brussels title IV, DIN 18040-3,
//! openrouteservice wheelchair profile: the table of the methods reference, §1.6.

use crate::sources::osm::records::{
    BarrierKind, Incline, Kerb, Smoothness, StreetClass, StreetNodeMark, StreetTags, Surface, WheelchairTag,
};

/// Whether a wheelchair gets along, from the best on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Passability {
    /// In comfort.
    #[default]
    Ok,
    /// With effort: narrow, uneven, steep, a low kerb.
    Limited,
    /// Nothing is known.
    Unknown,
    /// Not at all.
    No,
}

impl Passability {
    /// The worse of two.
    pub fn worst(self, other: Self) -> Self {
        self.max(other)
    }

    /// The key in files: `ok`, `limited`, `unknown`, `no`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Limited => "limited",
            Self::Unknown => "unknown",
            Self::No => "no",
        }
    }

    /// Whether somebody passes who takes nothing unknown.
    pub const fn is_open_strictly(self) -> bool {
        matches!(self, Self::Ok | Self::Limited)
    }

    /// Whether somebody passes who takes everything unknown.
    pub const fn is_open_optimistically(self) -> bool {
        !matches!(self, Self::No)
    }
}

/// Free width in comfort, metres (Atingo, RRU).
const COMFORTABLE_WIDTH_M: f32 = 1.5;
/// Least free width, metres.
const LEAST_WIDTH_M: f32 = 1.2;
/// Least free width at a door or gate, metres.
const LEAST_GATE_WIDTH_M: f32 = 0.9;

/// Whether a wheelchair gets along a way, by its tags; its slope as far as `incline` says it, and not the ground's.
pub fn way_passability(tags: &StreetTags, length_m: f64) -> Passability {
    match tags.wheelchair {
        Some(WheelchairTag::No) => return Passability::No,
        Some(WheelchairTag::Yes) => return Passability::Ok,
        Some(WheelchairTag::Limited) => return Passability::Limited,
        None => {}
    }
    let has_steps = matches!(tags.class, StreetClass::Steps | StreetClass::Escalator) || tags.conveying;
    if has_steps {
        return if tags.ramp_wheelchair { Passability::Limited } else { Passability::No };
    }
    if tags.class == StreetClass::Elevator {
        return Passability::Ok;
    }
    let width = match tags.width_m.filter(|_| is_path(tags.class)) {
        Some(width) if width < LEAST_WIDTH_M => Passability::No,
        Some(width) if width < COMFORTABLE_WIDTH_M => Passability::Limited,
        _ => Passability::Ok,
    };
    let slope = match tags.incline {
        Some(Incline::Slope(slope)) => slope_passability(f64::from(slope), length_m),
        Some(Incline::Up | Incline::Down) => Passability::Unknown,
        None => Passability::Ok,
    };
    let kerb = match (tags.crossing, tags.kerb) {
        (_, Some(kerb)) => kerb_passability(kerb),
        (Some(_), None) => Passability::Unknown,
        (None, None) => Passability::Ok,
    };
    ground_passability(tags).worst(width).worst(slope).worst(kerb)
}

/// Carriageways are never too narrow; a `width` on them is that of the traffic.
fn is_path(class: StreetClass) -> bool {
    use StreetClass::*;
    matches!(class, Footway | Path | Pedestrian | Cycleway | Corridor | Bridleway | Platform | Track)
}

fn ground_passability(tags: &StreetTags) -> Passability {
    let surface = match tags.surface {
        Some(Surface::Paved | Surface::Compacted) => Passability::Ok,
        Some(Surface::Sett | Surface::UnhewnCobblestone | Surface::Gravel) => Passability::Limited,
        Some(Surface::Ground | Surface::Grass | Surface::Sand) => Passability::No,
        None => Passability::Unknown,
    };
    let evenness = tags.smoothness.map(|smoothness| match smoothness {
        Smoothness::Excellent | Smoothness::Good => Passability::Ok,
        Smoothness::Intermediate => Passability::Limited,
        Smoothness::Bad | Smoothness::VeryBad | Smoothness::Horrible => Passability::No,
    });
    let is_soft_track = tags.tracktype.is_some_and(|grade| grade >= 4);
    match (surface, evenness) {
        _ if is_soft_track => Passability::No,
        (Passability::No, _) => Passability::No,
        // How even it is counts for more than what it is made of.
        (_, Some(evenness)) => evenness,
        (surface, None) => surface,
    }
}

/// Whether a wheelchair gets over a stretch of so much slope (either sign) and so many metres.
///
/// Up to 3 % at any length and 5 % up to 10 m in comfort; up to 6 % at any length with effort, then 7 % up to 5 m, 8 %
/// up to 2 m, 12 % up to half a metre.
pub fn slope_passability(slope: f64, length_m: f64) -> Passability {
    // A slope written as 0.07 is no whole number of hundredths in binary.
    let slope = slope.abs() - 1e-6;
    let within = |most: f64, most_m: f64| slope <= most && length_m <= most_m;
    if slope <= 0.03 || within(0.05, 10.0) {
        Passability::Ok
    } else if slope <= 0.06 || within(0.07, 5.0) || within(0.08, 2.0) || within(0.12, 0.5) {
        Passability::Limited
    } else {
        Passability::No
    }
}

/// Whether a wheelchair gets over a kerb.
pub fn kerb_passability(kerb: Kerb) -> Passability {
    match kerb {
        Kerb::Flush => Passability::Ok,
        Kerb::Lowered | Kerb::Rolled => Passability::Limited,
        Kerb::Raised => Passability::No,
    }
}

/// What a mark on a street node means to a wheelchair; whether anybody passes there is asked elsewhere.
pub fn mark_passability(mark: &StreetNodeMark) -> Passability {
    match mark.wheelchair {
        Some(WheelchairTag::No) => return Passability::No,
        Some(WheelchairTag::Yes) => return Passability::Ok,
        Some(WheelchairTag::Limited) => return Passability::Limited,
        None => {}
    }
    let kerb = mark.kerb.map_or(Passability::Ok, kerb_passability);
    let barrier = match (mark.barrier, mark.width_m) {
        (None | Some(BarrierKind::Closed), _) => Passability::Ok,
        (Some(BarrierKind::Narrow), _) => Passability::No,
        (Some(BarrierKind::Kerb), _) if mark.kerb.is_some() => Passability::Ok,
        (Some(BarrierKind::Kerb), _) => Passability::Unknown,
        (Some(_), Some(width)) if width < LEAST_GATE_WIDTH_M => Passability::No,
        (Some(BarrierKind::CycleBarrier), Some(width)) if width < LEAST_WIDTH_M => Passability::Limited,
        (Some(_), Some(_)) => Passability::Ok,
        (Some(BarrierKind::Passable | BarrierKind::Bollard | BarrierKind::CycleBarrier), None) => Passability::Unknown,
    };
    kerb.worst(barrier)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::projection::LonLat;
    use crate::network::slope::Ground;
    use crate::network::streets::{Prepared, StreetInputs, WalkParameters, build_walk};
    use crate::testing::street_sketch::{StreetSketch, plain_mark, plain_tags};

    fn way(class: StreetClass, edit: impl Fn(&mut StreetTags)) -> Passability {
        let mut tags = plain_tags(class);
        edit(&mut tags);
        way_passability(&tags, 50.0)
    }

    /// The example of the methods: 12 m at 7 % are longer than 5 m and over 6 %: no. 4 m at 7 %: limited.
    #[test]
    fn slopes_are_judged_by_their_length() {
        assert_eq!(slope_passability(0.07, 12.0), Passability::No);
        assert_eq!(slope_passability(0.07, 4.0), Passability::Limited);
        assert_eq!(slope_passability(-0.03, 500.0), Passability::Ok);
        assert_eq!(slope_passability(0.05, 10.0), Passability::Ok);
        assert_eq!(slope_passability(0.05, 11.0), Passability::Limited);
        assert_eq!(slope_passability(0.08, 2.0), Passability::Limited);
        assert_eq!(slope_passability(0.12, 0.5), Passability::Limited);
        assert_eq!(slope_passability(0.12, 0.6), Passability::No);
    }

    #[test]
    fn what_nothing_is_said_about_is_unknown() {
        use StreetClass::*;
        assert_eq!(way(Footway, |_| ()), Passability::Unknown);
        assert_eq!(way(Residential, |_| ()), Passability::Unknown);
        assert_eq!(way(Footway, |t| t.surface = Some(Surface::Paved)), Passability::Ok);
        assert_eq!(way(Footway, |t| t.wheelchair = Some(WheelchairTag::Yes)), Passability::Ok);
        let crossing = |t: &mut StreetTags| {
            t.surface = Some(Surface::Paved);
            t.crossing = Some(crate::sources::osm::records::CrossingKind::Marked);
        };
        assert_eq!(way(Footway, crossing), Passability::Unknown, "nobody says how high the kerb is");
    }

    #[test]
    fn ground_width_and_steps_decide() {
        use StreetClass::*;
        let paved = |t: &mut StreetTags| t.surface = Some(Surface::Paved);
        let with = |edit: fn(&mut StreetTags)| way(Footway, |t| (paved(t), edit(t)).0);
        assert_eq!(with(|t| t.width_m = Some(1.0)), Passability::No);
        assert_eq!(with(|t| t.width_m = Some(1.2)), Passability::Limited);
        assert_eq!(with(|t| t.width_m = Some(1.5)), Passability::Ok);
        assert_eq!(with(|t| t.smoothness = Some(Smoothness::Intermediate)), Passability::Limited);
        assert_eq!(with(|t| t.smoothness = Some(Smoothness::Bad)), Passability::No);
        assert_eq!(with(|t| t.incline = Some(Incline::Slope(-0.08))), Passability::No);
        assert_eq!(with(|t| t.incline = Some(Incline::Up)), Passability::Unknown);
        assert_eq!(way(Path, |t| t.surface = Some(Surface::Sand)), Passability::No);
        assert_eq!(way(Pedestrian, |t| t.surface = Some(Surface::Sett)), Passability::Limited);
        assert_eq!(way(Track, |t| t.tracktype = Some(5)), Passability::No);
        assert_eq!(way(Steps, |_| ()), Passability::No);
        assert_eq!(way(Steps, |t| t.ramp = true), Passability::No, "a ramp for prams");
        assert_eq!(way(Steps, |t| t.ramp_wheelchair = true), Passability::Limited);
    }

    #[test]
    fn barriers_and_kerbs_are_judged_by_what_is_measured() {
        let mark = |edit: fn(&mut StreetNodeMark)| {
            let mut mark = plain_mark();
            edit(&mut mark);
            mark_passability(&mark)
        };
        assert_eq!(mark(|_| ()), Passability::Ok);
        assert_eq!(mark(|m| m.barrier = Some(BarrierKind::Narrow)), Passability::No);
        assert_eq!(mark(|m| m.barrier = Some(BarrierKind::Passable)), Passability::Unknown);
        assert_eq!(mark(|m| (m.barrier, m.width_m) = (Some(BarrierKind::Passable), Some(0.9))), Passability::Ok);
        assert_eq!(mark(|m| (m.barrier, m.width_m) = (Some(BarrierKind::Bollard), Some(0.8))), Passability::No);
        assert_eq!(
            mark(|m| (m.barrier, m.width_m) = (Some(BarrierKind::CycleBarrier), Some(1.0))),
            Passability::Limited
        );
        assert_eq!(mark(|m| m.kerb = Some(Kerb::Raised)), Passability::No);
        assert_eq!(mark(|m| (m.barrier, m.kerb) = (Some(BarrierKind::Kerb), Some(Kerb::Flush))), Passability::Ok);
        assert_eq!(mark(|m| m.barrier = Some(BarrierKind::Kerb)), Passability::Unknown);
    }

    /// A footway of asphalt at 8 %: closed by heights of a metre's grain, not judged by those of thirty metres.
    #[test]
    fn coarse_heights_close_no_street() {
        let mut sketch = StreetSketch::new();
        sketch.way(&[(0, 0), (100, 0)], StreetClass::Footway).surface = Some(Surface::Paved);
        let (records, plane) = (sketch.records(), StreetSketch::plane());
        let height_m = |position: LonLat| Some(0.08 * plane.project(position).x);
        for (cell_size_m, expected) in [(1.0, Passability::No), (30.0, Passability::Unknown)] {
            let ground = Some(Ground { height_m: &height_m, cell_size_m });
            let (prepared, _) = Prepared::new(StreetInputs { ground, ..StreetInputs::plain(&records, &plane) });
            let (graph, _) = build_walk(&prepared, &WalkParameters::default());
            let found: Vec<Passability> = graph.segments().map(|segment| graph.segment_wheelchair(segment)).collect();
            assert_eq!(found, [expected], "{cell_size_m} m");
        }
    }
}
