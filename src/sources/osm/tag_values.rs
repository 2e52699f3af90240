//! What the tags of streets and of marks on their nodes say, read: the words of the records.

pub use crate::base::kinds::{StreetClass, WheelchairTag};

/// Value of an access tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// yes, designated, official, permissive, public.
    Open,
    /// no, private, restricted, military, emergency, permit, agricultural, forestry.
    Closed,
    /// destination, customers, delivery: only as first or last street of a trip.
    DestinationOnly,
    /// use_sidepath.
    UseSidepath,
    /// dismount: bicycles are pushed.
    Dismount,
    /// Any other value: kept apart so that a notice can tell of it, treated as absent.
    Unknown,
}

/// What the `sidewalk` tags say (`sidewalk`, `sidewalk:left|right|both`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sidewalk {
    /// On at least one side.
    Yes,
    /// None.
    No,
    /// Mapped as a way of its own on at least one side, and part of this way on none.
    Separate,
}

/// Direction in which a way is open, relative to its node order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WayDirection {
    /// Both ways.
    #[default]
    Both,
    /// Only along the node order (on foot: `oneway:foot=yes`, conveying escalators, one-way steps and ferries).
    Forward,
    /// Only against it.
    Backward,
}

/// Surface, as far as walking speed depends on it.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Surface {
    Paved,
    Sett,
    UnhewnCobblestone,
    Compacted,
    Gravel,
    Ground,
    Grass,
    Sand,
}

/// The tags of a street that decide who may use it and how fast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StreetTags {
    /// The `highway` value.
    pub class: StreetClass,
    /// `foot`.
    pub foot: Option<Access>,
    /// `bicycle`.
    pub bicycle: Option<Access>,
    /// `vehicle`: bicycles and motor vehicles.
    pub vehicle: Option<Access>,
    /// `motorcar`, else `motor_vehicle`.
    pub motor_vehicle: Option<Access>,
    /// `access`.
    pub access: Option<Access>,
    /// `sidewalk` and its sides.
    pub sidewalk: Option<Sidewalk>,
    /// One-way for people on foot.
    pub foot_direction: WayDirection,
    /// One-way for vehicles: 0 both, 1 forward, -1 backward.
    pub oneway: i8,
    /// One-way for bicycles, where it differs (`oneway:bicycle`, `cycleway=opposite`): 0 both, 1 forward, -1 backward.
    pub oneway_bicycle: Option<i8>,
    /// What is laid out for bicycles along the street, the better side.
    pub cycleway: Cycleway,
    /// `motorroad=yes`.
    pub motorroad: bool,
    /// `area=yes`.
    pub area: bool,
    /// `indoor=yes` and the like.
    pub indoor: bool,
    /// On a bridge.
    pub bridge: bool,
    /// In a tunnel.
    pub tunnel: bool,
    /// `covered=yes` or `indoor=yes`.
    pub covered: bool,
    /// `layer`, 0 where absent.
    pub layer: i8,
    /// `level`, where it is said.
    pub levels: Option<Levels>,
    /// `surface`.
    pub surface: Option<Surface>,
    /// `smoothness`.
    pub smoothness: Option<Smoothness>,
    /// `tracktype`: 1 solid … 5 soft.
    pub tracktype: Option<u8>,
    /// `incline`.
    pub incline: Option<Incline>,
    /// `step_count`.
    pub step_count: Option<u16>,
    /// `conveying` is set: an escalator.
    pub conveying: bool,
    /// A ramp beside the steps: `ramp=yes`, `ramp:wheelchair=yes`, `ramp:stroller=yes`.
    pub ramp: bool,
    /// A ramp for wheelchairs beside the steps: `ramp:wheelchair=yes`, or `ramp=yes` together with `wheelchair=yes`.
    pub ramp_wheelchair: bool,
    /// `wheelchair`.
    pub wheelchair: Option<WheelchairTag>,
    /// `kerb` or `kerb:height`, where a way is a crossing.
    pub kerb: Option<Kerb>,
    /// `footway=crossing` (or `path`/`cycleway=crossing`).
    pub crossing: Option<CrossingKind>,
    /// A refuge island halves that crossing.
    pub refuge: bool,
    /// `footway=sidewalk`.
    pub is_sidewalk: bool,
    /// `maxspeed` in km/h.
    pub maxspeed_kmh: Option<u8>,
    /// `width` in metres.
    pub width_m: Option<f32>,
    /// `lanes`.
    pub lanes: Option<u8>,
    /// `duration` of a ferry, seconds.
    pub duration_s: Option<u32>,
    /// `interval` of a ferry, seconds.
    pub interval_s: Option<u32>,
}

impl StreetTags {
    /// Tags that say nothing but the class.
    pub const fn plain(class: StreetClass) -> Self {
        Self {
            class,
            foot: None,
            bicycle: None,
            vehicle: None,
            motor_vehicle: None,
            access: None,
            sidewalk: None,
            foot_direction: WayDirection::Both,
            oneway: 0,
            oneway_bicycle: None,
            cycleway: Cycleway::None,
            motorroad: false,
            area: false,
            indoor: false,
            bridge: false,
            tunnel: false,
            covered: false,
            layer: 0,
            levels: None,
            surface: None,
            smoothness: None,
            tracktype: None,
            incline: None,
            step_count: None,
            conveying: false,
            ramp: false,
            ramp_wheelchair: false,
            wheelchair: None,
            kerb: None,
            crossing: None,
            refuge: false,
            is_sidewalk: false,
            maxspeed_kmh: None,
            width_m: None,
            lanes: None,
            duration_s: None,
            interval_s: None,
        }
    }
}

/// What is laid out for bicycles along a street.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Cycleway {
    /// Nothing, or nothing is said.
    #[default]
    None,
    /// Marks on a shared lane, a bus lane open to bicycles.
    Shared,
    /// A lane of its own.
    Lane,
    /// A track apart from the traffic.
    Track,
    /// A track mapped as a way of its own.
    Separate,
}

/// Levels of a building on which a way lies, in steps of half a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Levels {
    /// Twice the lowest level.
    pub low: i16,
    /// Twice the highest level.
    pub high: i16,
}

impl Levels {
    /// Whether the two have a level in common.
    pub const fn meet(self, other: Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    /// How many levels lie between the lowest and the highest.
    pub fn span(self) -> f64 {
        f64::from(self.high - self.low) / 2.0
    }
}

/// Evenness of a surface, from the best on.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Smoothness {
    Excellent,
    Good,
    Intermediate,
    Bad,
    VeryBad,
    Horrible,
}

/// Slope of a way, along its nodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Incline {
    /// Rise over run, signed: 0.05 is five metres up on a hundred.
    Slope(f32),
    /// Up, nobody says how much.
    Up,
    /// Down.
    Down,
}

/// A kerb, from the lowest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kerb {
    /// None, or level with the street: up to 2 cm.
    Flush,
    /// Lowered: up to 3 cm.
    Lowered,
    /// Rolled, or 3 to 6 cm.
    Rolled,
    /// Raised: above 6 cm.
    Raised,
}

/// How a crossing is controlled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CrossingKind {
    /// Traffic signals.
    Signals,
    /// Zebra, `marked`, `uncontrolled`.
    Marked,
    /// `unmarked`, `informal`.
    Unmarked,
    /// `crossing=no`: crossing is not possible.
    Forbidden,
    /// Nothing said.
    Unknown,
}

/// A barrier on a street node, as met on foot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BarrierKind {
    /// gate, lift_gate, swing_gate …: open on foot unless tagged closed.
    Passable,
    /// bollard, block, planter, chain …: stops cars, lets people and bicycles through.
    Bollard,
    /// cycle_barrier: stops cars, slows bicycles, may be too narrow for wheelchairs.
    CycleBarrier,
    /// stile, turnstile, kissing_gate: open on foot, closed to wheelchairs.
    Narrow,
    /// kerb.
    Kerb,
    /// wall, fence, hedge.
    Closed,
}
