//! Closed sets of the domain that readers, network and measures all name.

/// Class of a street: the `highway` value.
#[allow(missing_docs)]
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum StreetClass {
    Motorway,
    MotorwayLink,
    Trunk,
    TrunkLink,
    Primary,
    PrimaryLink,
    Secondary,
    SecondaryLink,
    Tertiary,
    TertiaryLink,
    Unclassified,
    Residential,
    LivingStreet,
    Service,
    Pedestrian,
    Track,
    Road,
    BusGuideway,
    Busway,
    Raceway,
    Footway,
    Bridleway,
    Steps,
    Path,
    Cycleway,
    Corridor,
    Elevator,
    Escalator,
    Platform,
    Ferry,
    ViaFerrata,
    Construction,
    Other,
}

/// What `wheelchair` says.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WheelchairTag {
    Yes,
    Limited,
    No,
}

/// What cuts a town.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SeveringKind {
    /// Railway at ground level (rail, light_rail outside the street).
    Railway,
    /// River or canal.
    Waterway,
    /// Motorway, trunk road without sidewalk.
    Motorway,
}

/// What a place is to a customer. The rule file maps OSM tags to these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceCategory {
    /// Daily shopping: food, bakery, pharmacy, newsagent.
    Convenience,
    /// Shopping that people compare: clothes, books, furniture.
    Comparison,
    /// Cafés, restaurants, bars.
    Hospitality,
    /// Hairdressers, banks, post offices and other services at the counter.
    Service,
    /// An empty shop unit.
    Vacant,
    /// Museum, theatre, library, monument, tourist sight.
    Culture,
    /// School, college, university.
    School,
    /// Market place.
    Market,
    /// Town hall, hospital, sports centre and other public services.
    PublicService,
    /// Railway station (as an asset that brings customers).
    Station,
    /// Parcel locker or collection point.
    PickupPoint,
}

impl PlaceCategory {
    /// Whether it is an occupied shop unit: a destination of customers.
    pub const fn is_shop(self) -> bool {
        matches!(self, Self::Convenience | Self::Comparison | Self::Hospitality | Self::Service)
    }

    /// Whether it is an asset whose visitors could become customers.
    pub const fn is_asset(self) -> bool {
        matches!(self, Self::Culture | Self::School | Self::Market | Self::PublicService | Self::Station)
    }
}

/// Who may park.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LotAccess {
    /// Anybody.
    Public,
    /// Customers of a shop: counts half (methods §8.1).
    Customers,
    /// Nobody who comes to shop.
    Private,
}

/// How a car park is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LotKind {
    /// Open air.
    Surface,
    /// Several levels above ground.
    MultiStorey,
    /// Below ground.
    Underground,
    /// Bays along a street.
    Street,
}

/// What stops at a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StopMode {
    /// Bus or coach.
    Bus,
    /// Tram.
    Tram,
    /// Train or metro.
    Rail,
    /// Ferry or other.
    Other,
}

/// What a drawn area is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LandKind {
    /// Water.
    Water,
    /// Park, wood, grass.
    Green,
}

/// How an indicator's value is known; the number is its weight in coverage (methods §9.6).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// From an assumed default: 0.25.
    Assumed,
    /// Inferred from tags or a stand-in: 0.5.
    Inferred,
    /// Observed: 1.
    Observed,
}

impl Quality {
    /// Weight in coverage, 0 to 1.
    pub const fn weight(self) -> f64 {
        match self {
            Self::Assumed => 0.25,
            Self::Inferred => 0.5,
            Self::Observed => 1.0,
        }
    }

    /// The key in files and locales.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Assumed => "assumed",
            Self::Inferred => "inferred",
            Self::Observed => "observed",
        }
    }
}
