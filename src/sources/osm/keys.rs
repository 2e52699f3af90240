//! The tag keys this reader knows, and the tags of one element by key.
//!
//! Each string of a block is looked up once; elements are then read by small numbers instead of by text.

use super::places::PlaceRules;

macro_rules! keys {
    ($($name:ident = $text:literal,)*) => {
        /// A tag key that some reader of this module asks for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Key { $($name,)* }

        impl Key {
            fn of(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$name),)*
                    _ if text.starts_with("parking:") => Some(Self::KerbParking),
                    _ => None,
                }
            }
        }
    };
}

keys! {
    Access = "access",
    AccessConditional = "access:conditional",
    AdminLevel = "admin_level",
    Amenity = "amenity",
    Area = "area",
    Barrier = "barrier",
    Bicycle = "bicycle",
    Boundary = "boundary",
    Bridge = "bridge",
    Building = "building",
    BuildingLevels = "building:levels",
    Bus = "bus",
    Capacity = "capacity",
    CapacityDisabled = "capacity:disabled",
    Coach = "coach",
    Conveying = "conveying",
    Covered = "covered",
    Crossing = "crossing",
    CrossingIsland = "crossing:island",
    CrossingMarkings = "crossing:markings",
    CrossingRef = "crossing_ref",
    CrossingSignals = "crossing:signals",
    Cycleway = "cycleway",
    CyclewayBoth = "cycleway:both",
    CyclewayLeft = "cycleway:left",
    CyclewayRight = "cycleway:right",
    Disused = "disused",
    Duration = "duration",
    Entrance = "entrance",
    Except = "except",
    Fee = "fee",
    FeeConditional = "fee:conditional",
    Ferry = "ferry",
    Foot = "foot",
    FootBackward = "foot:backward",
    FootConditional = "foot:conditional",
    FootForward = "foot:forward",
    Footway = "footway",
    Highway = "highway",
    Incline = "incline",
    Indoor = "indoor",
    Interval = "interval",
    Junction = "junction",
    Kerb = "kerb",
    KerbHeight = "kerb:height",
    KerbParking = "parking:",
    Landuse = "landuse",
    Lanes = "lanes",
    Layer = "layer",
    Leisure = "leisure",
    Level = "level",
    Levels = "levels",
    LightRail = "light_rail",
    Locked = "locked",
    Maxspeed = "maxspeed",
    Maxstay = "maxstay",
    MaxwidthPhysical = "maxwidth:physical",
    MotorVehicle = "motor_vehicle",
    MotorVehicleConditional = "motor_vehicle:conditional",
    Motorcar = "motorcar",
    Motorroad = "motorroad",
    Name = "name",
    Natural = "natural",
    Oneway = "oneway",
    OnewayBicycle = "oneway:bicycle",
    OnewayFoot = "oneway:foot",
    OpeningHours = "opening_hours",
    Parking = "parking",
    ParkingLevels = "parking:levels",
    Path = "path",
    Place = "place",
    PublicTransport = "public_transport",
    Railway = "railway",
    Ramp = "ramp",
    RampStroller = "ramp:stroller",
    RampWheelchair = "ramp:wheelchair",
    Ref = "ref",
    RefIns = "ref:INS",
    Restriction = "restriction",
    RestrictionConditional = "restriction:conditional",
    Route = "route",
    Sidewalk = "sidewalk",
    SidewalkBoth = "sidewalk:both",
    SidewalkLeft = "sidewalk:left",
    SidewalkRight = "sidewalk:right",
    Smoothness = "smoothness",
    StepCount = "step_count",
    Subway = "subway",
    Surface = "surface",
    Tracktype = "tracktype",
    TrafficCalming = "traffic_calming",
    Train = "train",
    Tram = "tram",
    Trolleybus = "trolleybus",
    Tunnel = "tunnel",
    Type = "type",
    Vehicle = "vehicle",
    Waterway = "waterway",
    Wheelchair = "wheelchair",
    Width = "width",
}

/// What a key text is to us.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct KeyClass {
    key: Option<Key>,
    rule: Option<u8>,
}

impl KeyClass {
    /// Looks a key text up.
    pub fn of(text: &str, rules: &PlaceRules) -> Self {
        Self { key: Key::of(text), rule: rules.find_key(text) }
    }

    /// Whether nobody asks for this key.
    pub fn is_unknown(self) -> bool {
        self.key.is_none() && self.rule.is_none()
    }
}

/// The known tags of one element, in file order.
#[derive(Debug, Default)]
pub(super) struct Tags<'a> {
    tags: Vec<(KeyClass, &'a str, &'a str)>,
    present: u128,
}

impl<'a> Tags<'a> {
    /// Forgets the tags of the last element.
    pub fn clear(&mut self) {
        self.tags.clear();
        self.present = 0;
    }

    /// Adds a tag.
    pub fn push(&mut self, class: KeyClass, key: &'a str, value: &'a str) {
        if let Some(known) = class.key {
            self.present |= 1 << known as u8;
        }
        self.tags.push((class, key, value));
    }

    /// Whether the element has no tag we know.
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// Whether a key is there.
    pub fn has(&self, key: Key) -> bool {
        self.present & (1 << key as u8) != 0
    }

    /// The value of a key; the first one, should a damaged file hold two.
    pub fn get(&self, key: Key) -> Option<&'a str> {
        if !self.has(key) {
            return None;
        }
        self.tags.iter().find(|(class, _, _)| class.key == Some(key)).map(|&(_, _, value)| value)
    }

    /// Whether a key has one of these values.
    pub fn is(&self, key: Key, values: &[&str]) -> bool {
        self.get(key).is_some_and(|value| values.contains(&value))
    }

    /// The value as text of its own, empty where there is none.
    pub fn text(&self, key: Key) -> String {
        self.get(key).unwrap_or("").to_owned()
    }

    /// All tags whose key starts with `parking:`.
    pub fn kerb_parking(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let none = !self.has(Key::KerbParking);
        self.tags
            .iter()
            .take_while(move |_| !none)
            .filter(|(class, _, _)| class.key == Some(Key::KerbParking))
            .map(|&(_, key, value)| (key, value))
    }

    /// All tags that the place rules ask for: the number of the rule and the value.
    pub fn for_place_rules(&self) -> impl Iterator<Item = (u8, &'a str)> {
        self.tags.iter().filter_map(|&(class, _, value)| class.rule.map(|rule| (rule, value)))
    }

    #[cfg(test)]
    pub fn of(pairs: &[(&'a str, &'a str)]) -> Self {
        let rules = PlaceRules::default_rules();
        let mut tags = Self::default();
        for &(key, value) in pairs {
            let class = KeyClass::of(key, &rules);
            if !class.is_unknown() {
                tags.push(class, key, value);
            }
        }
        tags
    }
}
